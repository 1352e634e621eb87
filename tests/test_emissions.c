/* CO2 of combustion, processes and capture: tiny by hand, China against a computation apart from this program. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { COAL, GOODS, POWER, N };
enum { RAW_COAL, COKE, NATURAL_GAS, GASOLINE, BF_GAS, OTHER_ENERGY, ELECTRICITY, HEAT, HYDROGEN, CARRIERS };
enum { GROUP_COAL, GROUP_GOODS, GROUP_POWER };
static const double rounding = 1e-13; /* sums of a few products */

/* tCO2 per TJ = tC/TJ x oxidation x 44/12. Power and households oxidise coal differently; the rest is of all. */
static const double coal_industry = 26 * 0.94 * 44 / 12, coal_power = 26 * 0.98 * 44 / 12,
                    coal_households = 26 * 0.80 * 44 / 12, coke = 29 * 0.97 * 44 / 12, gas = 15 * 0.99 * 44 / 12,
                    gasoline = 19 * 0.98 * 44 / 12;

typedef struct {
  tanlu_test_model m;
  tanlu_drivers *drivers;
  tanlu_test_energy energy;
} co2_case;

static int open_case(void **state) {
  static co2_case c;
  tanlu_test_open_tiny(&c.m, NULL, 0);
  c.drivers = tanlu_test_drivers(&c.m, 2021, 0);
  tanlu_test_energy_open(&c.energy, &c.m, c.drivers);
  *state = &c;
  return 0;
}

static int close_case(void **state) {
  co2_case *c = *state;
  tanlu_test_energy_close(&c->energy);
  tanlu_drivers_free(&c->drivers);
  tanlu_test_close(&c->m);
  return 0;
}

static void solve(co2_case *c) {
  tanlu_test_energy_account(&c->energy, &c->m, c->drivers, 1, c->m.dataset->accounts.output);
}

/* Half of the carbon of the 10 TJ of gas used as feedstock stays in the product. Recovered gas and biomass carry none. */
static void users_by_hand(void **state) {
  co2_case *c = *state;
  solve(c);
  const double *co2 = c->energy.year->combustion;
  assert_near(co2[COAL], 20 * coal_industry + 2 * gasoline, rounding);
  assert_near(co2[GOODS], 200 * coal_industry + 100 * coke + (50 + 0.5 * 10) * gas + 50 * gasoline, rounding);
  assert_near(co2[POWER], gasoline, rounding);
  assert_near(co2[N + TANLU_URBAN_BUILDINGS], 10 * coal_households + 30 * gas, rounding);
  assert_near(co2[N + TANLU_URBAN_VEHICLES], 40 * gasoline, rounding);
  assert_near(co2[N + TANLU_RURAL_BUILDINGS], 30 * coal_households, rounding);
  assert_near(co2[N + TANLU_RURAL_VEHICLES], 10 * gasoline, rounding);
  assert_near(co2[N + TANLU_HOUSEHOLD_USES], 130 * coal_power, rounding); /* heat supply, run by power */
  assert_near(c->energy.year->process[GOODS], 20000 * 0.5 * 0.8, rounding);
  assert_near_of(c->energy.year->process[COAL] + c->energy.year->captured[GOODS], 0, 0, 0);
}

/* Facts of the model come from the statistics: plants burn 900 of coal and 50 of gas. */
static void national_totals_by_hand(void **state) {
  const co2_case *c = *state;
  const double by_class[TANLU_CLASS_COUNT] = {[TANLU_CLASS_COAL] = 220 * coal_industry + 1030 * coal_power,
                                              [TANLU_CLASS_COKE] = 100 * coke,
                                              [TANLU_CLASS_OIL] = 53 * gasoline,
                                              [TANLU_CLASS_GAS] = (55 + 50) * gas};
  const double households[TANLU_CLASS_COUNT] = {
      [TANLU_CLASS_COAL] = 40 * coal_households, [TANLU_CLASS_OIL] = 50 * gasoline, [TANLU_CLASS_GAS] = 30 * gas};
  double total = 0.0, base[4 * TANLU_CLASS_COUNT];
  assert_int_equal(tanlu_model_base_co2(c->m.model, base), TANLU_OK);
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
    const double sectors = base[k] + base[TANLU_CLASS_COUNT + k] + base[2 * TANLU_CLASS_COUNT + k];
    assert_near_of(sectors, by_class[k], rounding, 1);
    assert_near_of(base[3 * TANLU_CLASS_COUNT + k], households[k], rounding, 1);
    total += by_class[k] + households[k];
  }
  const tanlu_model_facts facts = tanlu_model_facts_of(c->m.model);
  assert_near(facts.co2_combustion, total, rounding);
  assert_near(facts.co2_process, 8000, rounding);
  assert_near(facts.co2_if_never_stored, total + 5 * gas, rounding);
}

/* goods moves a quarter of its coal, 30 TJ of useful energy, to hydrogen burned at 0.8 and made from coal at 0.55 and gas at
 * 0.7, half each: the carbon is that of the coal and gas that made it. */
static void hydrogen_brings_the_carbon_that_made_it(void **state) {
  co2_case *c = *state;
  tanlu_test_set(c->drivers, TANLU_DRIVER_RETAIN, 1, GROUP_GOODS, TANLU_CLASS_COAL, 0.75);
  tanlu_test_set(c->drivers, TANLU_DRIVER_GAIN, 1, GROUP_GOODS, TANLU_CLASS_ELECTRICITY, 0);
  tanlu_test_set(c->drivers, TANLU_DRIVER_GAIN, 1, GROUP_GOODS, TANLU_CLASS_HYDROGEN, 1);
  tanlu_test_set(c->drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_COAL, 0, 0.5);
  tanlu_test_set(c->drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_GAS, 0, 0.5);
  solve(c);
  const double hydrogen = 30 / 0.8, made = hydrogen * (0.5 / 0.55 * coal_industry + 0.5 / 0.7 * gas);
  assert_near(c->energy.year->hydrogen_co2[0], made, rounding);
  assert_near(c->energy.year->combustion[GOODS], 150 * coal_industry + 100 * coke + 55 * gas + 50 * gasoline + made,
              rounding);
  assert_near(c->energy.year->hydrogen_input[TANLU_HYDROGEN_COAL], hydrogen * 0.5 / 0.55, rounding);
  /* by electrolysis it brings none, and the power sector generates for it */
  tanlu_test_set(c->drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_COAL, 0, 0);
  tanlu_test_set(c->drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_GAS, 0, 0);
  tanlu_test_set(c->drivers, TANLU_DRIVER_HYDROGEN_MIX, 1, TANLU_HYDROGEN_ELECTROLYSIS, 0, 1);
  solve(c);
  assert_near_of(c->energy.year->hydrogen_co2[0], 0, 0, 0);
  assert_near(c->energy.rows->power.total[0], (365 + hydrogen / 0.7 + 10) / 0.95, rounding);
}

/* Half of what goods emits is captured, process CO2 included, at 2 MWh a tonne: electricity that goods uses. */
static void capture_takes_its_share_and_its_electricity(void **state) {
  co2_case *c = *state;
  tanlu_test_set(c->drivers, TANLU_DRIVER_CAPTURE, 1, GROUP_GOODS, 0, 0.5);
  tanlu_test_set(c->drivers, TANLU_DRIVER_CAPTURE_ELECTRICITY, 1, 0, 0, 2);
  solve(c);
  const double combustion = 200 * coal_industry + 100 * coke + 55 * gas + 50 * gasoline;
  const double captured = 0.5 * (combustion + 8000);
  assert_near(c->energy.year->captured[GOODS], captured, rounding);
  assert_near(c->energy.year->captured_process[GOODS], 4000, rounding);
  assert_near(c->energy.year->capture_use[GOODS], captured * 2 * 0.0036, rounding);
  assert_near(c->energy.year->final[ELECTRICITY], 365 + captured * 0.0072, rounding);
  assert_near(c->energy.rows->power.total[0], (375 + captured * 0.0072) / 0.95, rounding);
}

/* Heat supply is captured with the group of the sector that runs it. */
static void capture_at_heat_supply(void **state) {
  co2_case *c = *state;
  tanlu_test_set(c->drivers, TANLU_DRIVER_CAPTURE, 1, GROUP_POWER, 0, 0.25);
  solve(c);
  assert_near(c->energy.year->captured[POWER], 0.25 * (130 * coal_power + gasoline), rounding);
}

/* A tenth of generation by coal plants with capture, efficiency 0.33, rate 0.9; and biomass plants that capture: 100 t of
 * biogenic CO2 per TJ count as captured and nothing as emitted. */
static void plants_with_capture(void **state) {
  co2_case *c = *state;
  tanlu_power_statistics *p = &c->m.dataset->power;
  const size_t ccs = tanlu_test_find(&p->technology, "coal_ccs"), biomass = tanlu_test_find(&p->technology, "biomass");
  const size_t plain = tanlu_test_find(&p->technology, "coal");
  p->capture_rate[biomass] = 0.8;
  tanlu_test_set(c->drivers, TANLU_DRIVER_POWER_MIX, 1, ccs, 0, 0.10);
  tanlu_test_set(c->drivers, TANLU_DRIVER_POWER_MIX, 1, biomass, 0, 0.05);
  tanlu_test_set(c->drivers, TANLU_DRIVER_POWER_MIX, 1, plain, 0, 312.8 / 400 - 0.15);
  solve(c);
  const double others = 375 / 0.95 - 6.8; /* what the mix shares, of 393.2 / 400 in the mix */
  const double with_capture = others * 40 / 393.2 / 0.33, burned_biomass = others * 20 / 393.2 / 0.3;
  assert_near(c->energy.year->plant_combustion[ccs], with_capture * coal_power, rounding);
  assert_near_of(c->energy.year->plant_combustion[biomass], 0, 0, 0);
  assert_near(c->energy.year->captured[POWER], 0.9 * with_capture * coal_power + 0.8 * burned_biomass * 100, rounding);
}

/* Process CO2 follows the product (12.5 Mt of widgets instead of 10) and its factor index. */
static void process_co2_follows_tonnes(void **state) {
  co2_case *c = *state;
  const size_t widgets = tanlu_test_find(&c->m.dataset->products.product, "widgets");
  tanlu_test_set(c->drivers, TANLU_DRIVER_PRODUCT_PATH, 1, widgets, 0, 12.5);
  tanlu_test_set(c->drivers, TANLU_DRIVER_PROCESS_FACTOR, 1, 0, 0, 0.9);
  solve(c);
  assert_near(c->energy.year->process[GOODS], 8000 * 1.25 * 0.9, rounding);
  const size_t parts = tanlu_test_find(&c->m.dataset->products.product, "parts");
  assert_near(c->energy.rows->product_ratio[parts], 1.25, rounding); /* follows the same sector */
}

/* Coking: 140 of coal in, 110 of coke out, at the factors of industry; recovered gas carries no carbon. */
static void conversion_carbon_is_stated_apart(void **state) {
  co2_case *c = *state;
  solve(c);
  double co2 = 0.0;
  tanlu_emissions_of_conversion(c->energy.rows, &co2);
  assert_near(co2, 140 * coal_industry - 110 * coke, rounding);
}

/* China 2020: final energy by branch, thermal power and heat supply of the statistics multiplied by the guideline's factors
 * in a computation of its own (10^4 tce x 293.076 TJ x content x oxidation x 44/12). Mt, given to 0.001. */
static void china_by_carrier_class(void **state) {
  (void)state;
  static const struct {
    tanlu_carrier_class cls;
    double co2;
  } expected[] = {{TANLU_CLASS_COAL, 5598.167},
                  {TANLU_CLASS_COKE, 1371.806},
                  {TANLU_CLASS_OIL, 1373.038},
                  {TANLU_CLASS_GAS, 654.966},
                  {TANLU_CLASS_BYPRODUCT_GAS, 74.028}};
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020");
  const size_t groups = tanlu_dataset_policy_groups(m.dataset)->count;
  double co2[64 * TANLU_CLASS_COUNT];
  assert_true(groups < 64);
  assert_int_equal(tanlu_model_base_co2(m.model, co2), TANLU_OK);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    double sum = 0.0;
    for (size_t g = 0; g <= groups; g++) sum += co2[g * TANLU_CLASS_COUNT + (size_t)expected[i].cls];
    assert_true(fabs(sum * 1e-6 - expected[i].co2) <= 0.01);
  }
  const tanlu_model_facts facts = tanlu_model_facts_of(m.model);
  assert_true(fabs(facts.co2_combustion * 1e-6 - 9072.004) <= 0.01);
  assert_true(fabs(facts.co2_process * 1e-6 - 1102.854) <= 0.01);
  tanlu_test_close(&m);
  tanlu_test_open(&m, "china-2020-42");
  assert_true(fabs(tanlu_model_facts_of(m.model).co2_combustion * 1e-6 - 9070.762) <= 0.01);
  tanlu_test_close(&m);
}

int main(void) {
#define CO2_TEST(f) cmocka_unit_test_setup_teardown(f, open_case, close_case)
  const struct CMUnitTest tests[] = {
      CO2_TEST(users_by_hand),
      CO2_TEST(national_totals_by_hand),
      CO2_TEST(hydrogen_brings_the_carbon_that_made_it),
      CO2_TEST(capture_takes_its_share_and_its_electricity),
      CO2_TEST(capture_at_heat_supply),
      CO2_TEST(plants_with_capture),
      CO2_TEST(process_co2_follows_tonnes),
      CO2_TEST(conversion_carbon_is_stated_apart),
      cmocka_unit_test(china_by_carrier_class),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
