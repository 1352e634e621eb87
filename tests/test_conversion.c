/* Conversion beyond power and heat: processes follow the demand for their main carriers; every carrier balances. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { RAW_COAL, COKE, NATURAL_GAS, GASOLINE, BF_GAS, OTHER_ENERGY, ELECTRICITY, HEAT, HYDROGEN, CARRIERS };
enum { THERMAL_POWER, HEAT_SUPPLY };
static const double rounding = 1e-14;

/* Scales and flows of one lane for a use by carrier. */
static void convert(const tanlu_conversion *v, const double *use, double coke_ratio, double *scale, double *inputs,
                    double *net) {
  double main_use[8] = {0.0};
  assert_true(v->processes <= 8);
  for (size_t p = 0; p < v->processes; p++) {
    for (size_t c = 0; c < CARRIERS; c++) {
      if (v->dataset->energy.process_main[p * CARRIERS + c]) main_use[p] += use[c];
    }
  }
  tanlu_conversion_scale(v, 1, main_use, &coke_ratio, scale);
  tanlu_conversion_flows(v, 1, scale, inputs, net);
}

/* Coking makes 110 of coke from 140 of raw coal, for a use of 100 at home. A use of 50 halves it; recovery follows the ratio
 * of coke use that it is given. */
static void processes_follow_their_main_carrier(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  const tanlu_conversion *v = m.model->system->conversion;
  double use[CARRIERS] = {0}, scale[4], inputs[CARRIERS], net[CARRIERS];
  use[COKE] = 50;
  convert(v, use, 0.25, scale, inputs, net);
  assert_near(scale[2], 0.5, rounding);
  assert_near(scale[3], 0.25, rounding);
  assert_near(inputs[RAW_COAL], 70, rounding);
  assert_near(net[RAW_COAL], -70, rounding);
  assert_near(net[COKE], 55, rounding);
  assert_near(net[BF_GAS], 5, rounding);
  assert_near_of(inputs[BF_GAS] + net[ELECTRICITY], 0, 0, 0); /* thermal power is another chapter */
  /* losses per use at home: gas 2 of 90 + 50, heat 5 of 100; electricity has its own rate */
  assert_near(v->loss_rate[NATURAL_GAS], 2.0 / 140, rounding);
  assert_near(v->loss_rate[HEAT], 0.05, rounding);
  assert_near_of(v->loss_rate[ELECTRICITY] + v->loss_rate[RAW_COAL], 0, 0, 0);
  tanlu_test_close(&m);
}

/* Washing stands before coking in the file and feeds it: coking takes 10 of what washing makes, final users 30. When half of
 * the coke is used, washing has to make (30 + 5) / 40 of before. */
static void chains_settle_in_any_order(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {
      {"processes.csv", "coking,Coking", "washing,Washing,洗选,conversion,coal,other_energy\ncoking,Coking"},
      {"conversion.csv", "coking,-140,110,,,,,,,\n", "washing,-60,,,,,50,,,\ncoking,-140,110,,,,-10,,,\n"},
      {"supply.csv", "primary_production,1400,,100,,,30,60", "primary_production,1460,,100,,,-10,60"},
  };
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 3);
  double use[CARRIERS] = {0}, scale[5], inputs[CARRIERS], net[CARRIERS];
  use[COKE] = 50;
  use[OTHER_ENERGY] = 30;
  convert(m.model->system->conversion, use, 1.0, scale, inputs, net);
  assert_near(scale[2], 35.0 / 40, rounding);
  assert_near(scale[3], 0.5, rounding);
  assert_near(inputs[OTHER_ENERGY], 5, rounding);
  assert_near(inputs[RAW_COAL], 60 * 0.875 + 70, rounding);
  assert_near(net[OTHER_ENERGY], 50 * 0.875 - 5, rounding);
  tanlu_test_close(&m);
}

static void a_process_without_demand_is_refused(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny_dataset(&m, NULL, 0);
  const double none[CARRIERS] = {0};
  tanlu_conversion *v = NULL;
  assert_int_equal(tanlu_conversion_create(&v, m.dataset, none, NULL, m.context), TANLU_ERR_INPUT);
  assert_null(v);
  assert_true(tanlu_test_has_message(m.context, "process coking"));
  tanlu_test_close(&m);
}

/* Supply and use of every carrier in every year of a changed scenario, put together again from the recorded fields:
 * primary + transformation = final (sectors and households) + losses, with losses from the statistics' rates; transformation
 * = power, heat, hydrogen and processes. Rounding of sums of some hundred terms: 1e-12 of all energy. */
static void every_carrier_balances(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  const tanlu_dataset *d = m.dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t n = d->accounts.n, carriers = e->carrier.label.count;
  tanlu_drivers *drivers = tanlu_test_drivers(&m, 2023, 0);
  const size_t metals = tanlu_test_find(tanlu_dataset_policy_groups(d), "metals");
  tanlu_test_set(drivers, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, 5);
  tanlu_test_set(drivers, TANLU_DRIVER_RETAIN, 1, metals, TANLU_CLASS_COKE, 0.7);
  tanlu_test_set(drivers, TANLU_DRIVER_GAIN, 2, metals, TANLU_CLASS_ELECTRICITY, 0.5);
  tanlu_test_set(drivers, TANLU_DRIVER_GAIN, 2, metals, TANLU_CLASS_HYDROGEN, 0.5);
  tanlu_test_set(drivers, TANLU_DRIVER_HYDROGEN_MIX, 3, TANLU_HYDROGEN_COAL, 0, 0.5);
  tanlu_test_set(drivers, TANLU_DRIVER_HYDROGEN_MIX, 3, TANLU_HYDROGEN_ELECTROLYSIS, 0, 0.3);
  tanlu_test_set(drivers, TANLU_DRIVER_HYDROGEN_MIX, 3, TANLU_HYDROGEN_GAS, 0, 0.2);
  tanlu_projection *p = tanlu_test_project(&m, drivers);
  for (size_t t = 0; t < p->years; t++) {
    const double *final = tanlu_test_field(p, TANLU_FIELD_FINAL_ENERGY, t);
    const double *household = tanlu_test_field(p, TANLU_FIELD_HOUSEHOLD_ENERGY, t);
    const double *primary = tanlu_test_field(p, TANLU_FIELD_PRIMARY_ENERGY, t);
    const double *transformation = tanlu_test_field(p, TANLU_FIELD_TRANSFORMATION, t);
    double all = 0.0;
    for (size_t c = 0; c < carriers; c++) all += fabs(primary[c]);
    for (size_t c = 0; c < carriers; c++) {
      double used = household[c] + household[carriers + c];
      for (size_t j = 0; j < n; j++) used += final[c * n + j];
      const double losses = primary[c] + transformation[c] - used;
      if (t == 0) { /* the statistics' losses; heat's follow 620.97 x 1e4 tce of waste heat into power too */
        assert_near_of(losses, e->losses[c], 1e-12, all);
        double available = 0.0;
        for (size_t s = 0; s < e->supply_item.count; s++) available += e->supply[s * carriers + c];
        assert_near_of(primary[c], available - e->statistical_difference[c], 1e-9, all * 1e-3); /* print: 8 digits */
      } else {
        assert_true(losses >= -1e-12 * all);
        if (e->losses[c] == 0.0) assert_near_of(losses, 0, 1e-12, all);
      }
    }
    /* no carrier made only by conversion is left over: heat, and hydrogen */
    assert_near_of(primary[e->heat], t == 0 ? primary[e->heat] : 0, 0.01, 0.01 * all);
    assert_near_of(primary[e->hydrogen], 0, 1e-12, all);
    assert_true(tanlu_test_indicator(p, TANLU_INDICATOR_HYDROGEN, t) > 0.0 || t < 2);
  }
  assert_true(p->worst_balance <= 1e-10); /* products balance to 3e-11 of their output */
  tanlu_projection_free(&p);
  tanlu_drivers_free(&drivers);
  tanlu_test_close(&m);
}

/* Tiny, electrified heating in half: heat demand changes, plants supply it with their losses and no more. Heat by hand:
 * goods retains half of its heat, 57 / 2 of useful energy; the heat row puts out (100 - 30) x 1.05 = 73.5. */
static void heat_supply_follows_demand(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *drivers = tanlu_test_drivers(&m, 2021, 0);
  const size_t goods = tanlu_test_find(tanlu_dataset_policy_groups(m.dataset), "goods");
  tanlu_test_set(drivers, TANLU_DRIVER_RETAIN, 1, goods, TANLU_CLASS_HEAT, 0.5);
  tanlu_test_energy e;
  tanlu_test_energy_open(&e, &m, drivers);
  tanlu_test_energy_account(&e, &m, drivers, 1, m.dataset->accounts.output);
  assert_near(e.year->final[HEAT], 70, 1e-13);
  assert_near(e.rows->heat_output[0], 73.5, 1e-13);
  assert_near(e.year->losses[HEAT], 3.5, 1e-13);
  assert_near_of(e.year->primary[HEAT], 0, 1e-12, 100);
  assert_near(e.year->heat_fuel[RAW_COAL], 130 * 0.7, 1e-13);
  tanlu_test_energy_close(&e);
  tanlu_drivers_free(&drivers);
  tanlu_test_close(&m);
}

/* Everything of the base year of tiny by hand; generation is without the statistical difference of 5 TJ: 375 / 0.95 against
 * 400, of which 6.8 follow coke. */
static void the_base_year_of_tiny_by_hand(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *drivers = tanlu_test_drivers(&m, 2021, 0);
  tanlu_test_energy e;
  tanlu_test_energy_open(&e, &m, drivers);
  tanlu_test_energy_account(&e, &m, drivers, 0, m.dataset->accounts.output);
  const double total = 375 / 0.95, others = (total - 6.8) / 393.2; /* of coal, gas, hydro, ... against the base year */
  const double final[] = {260, 100, 90, 103, 0, 30, 365, 100, 0};
  assert_same(e.year->final, final, CARRIERS, rounding);
  assert_near(e.rows->coke_ratio[0], 1, rounding);
  assert_near(e.rows->power.total[0], total, rounding);
  assert_near(e.year->transformation[RAW_COAL], -900 * others - 130 - 140, 1e-13);
  assert_near(e.year->transformation[COKE], 110, 1e-13);
  assert_near_of(e.year->transformation[BF_GAS], 0, 1e-13, 20); /* recovered 20, burned 20 */
  assert_near(e.year->transformation[ELECTRICITY], total - 60 * others, 1e-13);
  assert_near(e.year->primary[RAW_COAL], 260 + 900 * others + 270, 1e-13);
  assert_near(e.year->primary[COKE], -10, 1e-12); /* net exports */
  assert_near(e.year->primary[NATURAL_GAS], 90 + 50 * others + 2.0 / 140 * (90 + 50 * others), 1e-13);
  assert_near(e.year->primary[ELECTRICITY], 60 * others - 10, 1e-12);
  /* what the sectors take, as energy rows: goods runs coking, power the plants and heat supply */
  const tanlu_technology *g = m.model->technology;
  const double *x = m.dataset->accounts.output;
  const double coal_to_power = 900 * others + 130;
  assert_near(e.rows->coefficient[1 * 3 + 0], tanlu_test_coefficient(g, 0, 1, 340, x[1]), rounding);
  assert_near(e.rows->coefficient[2 * 3 + 0], tanlu_test_coefficient(g, 0, 2, coal_to_power, x[2]), 1e-13);
  assert_near(e.rows->coefficient[2 * 3 + 2], tanlu_test_coefficient(g, 2, 2, 10.6, x[2]), rounding);
  tanlu_test_energy_close(&e);
  tanlu_drivers_free(&drivers);
  tanlu_test_close(&m);
}

/* Households: 12 million people instead of 10, 70 % of them in towns instead of 60: towns 8.4 / 6, villages 3.6 / 4; urban
 * buildings use 1.5 times as much a head. */
static void households_follow_heads(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *drivers = tanlu_test_drivers(&m, 2021, 0);
  tanlu_test_set(drivers, TANLU_DRIVER_POPULATION, 1, 0, 0, 12);
  tanlu_test_set(drivers, TANLU_DRIVER_URBANISATION, 1, 0, 0, 0.7);
  tanlu_test_set(drivers, TANLU_DRIVER_HOUSEHOLD_USE, 1, TANLU_URBAN_BUILDINGS, 0, 1.5);
  tanlu_test_energy e;
  tanlu_test_energy_open(&e, &m, drivers);
  tanlu_test_energy_account(&e, &m, drivers, 1, m.dataset->accounts.output);
  const double *activity = e.rows->activity + tanlu_user_household(m.model->system->energy, 0);
  assert_near(activity[TANLU_URBAN_BUILDINGS], 1.4 * 1.5, 1e-13);
  assert_near(activity[TANLU_URBAN_VEHICLES], 1.4, 1e-13);
  assert_near(activity[TANLU_RURAL_BUILDINGS], 0.9, 1e-13);
  assert_near(activity[TANLU_RURAL_VEHICLES], 0.9, 1e-13);
  assert_near(e.year->final[ELECTRICITY], 365 + 60 * (1.4 * 1.5 - 1) + 30 * (0.9 - 1), 1e-13);
  assert_near(e.year->final[GASOLINE], 103 + 40 * (1.4 - 1) + 10 * (0.9 - 1), 1e-13);
  tanlu_test_energy_close(&e);
  tanlu_drivers_free(&drivers);
  tanlu_test_close(&m);
}

/* A city: nobody lives in villages, now or later. */
static void a_dataset_may_have_no_villages(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {{"dataset.yaml", "urbanisation: 0.6", "urbanisation: 1.0"},
                                             {"branch_energy.csv",
                                              "urban,10,0,30,40,0,0,60,30,0\nrural,30,0,0,10,0,20,30,6,0",
                                              "urban,40,0,30,50,0,20,90,36,0\nrural,0,0,0,0,0,0,0,0,0"},
                                             {"history.yaml", "urbanisation: {2022: 0.62}\n", ""}};
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 3);
  tanlu_drivers *drivers = tanlu_test_drivers(&m, 2021, 0);
  tanlu_test_set(drivers, TANLU_DRIVER_POPULATION, 1, 0, 0, 11);
  tanlu_projection *p = tanlu_test_project(&m, drivers);
  const double *household = tanlu_test_field(p, TANLU_FIELD_HOUSEHOLD_ENERGY, 1);
  assert_near(household[ELECTRICITY], 90 * 1.1, 1e-13);
  for (size_t c = 0; c < CARRIERS; c++) assert_near_of(household[CARRIERS + c], 0, 0, 0);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&drivers);
  tanlu_test_close(&m);
}

/* Half of the useful heat that heat supply makes comes from hydrogen, made by electrolysis at 0.7: the sector that runs heat
 * supply takes that electricity, and generation covers it. Heat demand 105 TJ; hydrogen burns at 0.8 in industry_heat, the
 * use of heat supply where the dataset names none of its own. */
static void hydrogen_for_heat_is_booked_as_its_inputs(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *drivers = tanlu_test_drivers(&m, 2021, 0);
  const size_t heat = tanlu_axis_find(m.dataset, TANLU_AXIS_MIX_GROUP, "heat_supply");
  tanlu_test_set(drivers, TANLU_DRIVER_RETAIN, 1, heat, TANLU_CLASS_COAL, 0.5);
  tanlu_test_set(drivers, TANLU_DRIVER_GAIN, 1, heat, TANLU_CLASS_ELECTRICITY, 0.0);
  tanlu_test_set(drivers, TANLU_DRIVER_GAIN, 1, heat, TANLU_CLASS_HYDROGEN, 1.0);
  tanlu_test_set(drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_COAL, 0, 0.0);
  tanlu_test_set(drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_ELECTROLYSIS, 0, 1.0);
  tanlu_test_energy e;
  tanlu_test_energy_open(&e, &m, drivers);
  tanlu_test_energy_account(&e, &m, drivers, 1, m.dataset->accounts.output);
  const double hydrogen = 52.5 / 0.8, electricity = hydrogen / 0.7;
  assert_near(e.year->hydrogen[0], hydrogen, 1e-13);
  assert_near(e.rows->power.total[0], (365 + electricity + 10) / 0.95, 1e-13);
  const double use = 10.6 + electricity; /* of the row that sells electricity and, at a weight of 0.3, heat */
  const double output = m.dataset->accounts.output[2];
  assert_near(e.rows->coefficient[2 * 3 + 2], tanlu_test_coefficient(m.model->technology, 2, 2, use, output), 1e-13);
  assert_near_of(e.year->primary[HYDROGEN], 0, 1e-12, 100);
  tanlu_test_energy_close(&e);
  tanlu_drivers_free(&drivers);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(processes_follow_their_main_carrier),
      cmocka_unit_test(chains_settle_in_any_order),
      cmocka_unit_test(a_process_without_demand_is_refused),
      cmocka_unit_test(every_carrier_balances),
      cmocka_unit_test(heat_supply_follows_demand),
      cmocka_unit_test(the_base_year_of_tiny_by_hand),
      cmocka_unit_test(households_follow_heads),
      cmocka_unit_test(a_dataset_may_have_no_villages),
      cmocka_unit_test(hydrogen_for_heat_is_booked_as_its_inputs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
