/* Projections: no change, scaling, units, determinism, identities of every year. */
#include <math.h>
#include <omp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { DATASETS = 4 };

/* The energy balance of tiny has a statistical difference of 5 TJ of electricity, which projections leave out; here it is
 * exported instead, so that the base year can come back in every field. */
static const tanlu_test_change no_difference[] = {{"supply.csv", "exports,-10,-10,,,,,-10", "exports,-10,-10,,,,,-15"},
                                                  {"statistical_difference.csv", "electricity,5\n", ""}};

static void open_dataset(tanlu_test_model *m, size_t i) {
  if (i == 0) {
    tanlu_test_open_tiny(m, no_difference, 2);
  } else if (i == 1) {
    tanlu_test_open_four(m, no_difference, 2);
  } else {
    tanlu_test_open(m, i == 2 ? "china-2020" : "china-2020-42");
  }
}

/* ---- no change --------------------------------------------------------------------------------------------------------- */

/* Every field of every year is the base year's: money against the table, energy and CO2 against the statistics, the rest
 * against year 0. The tables close to 2e-10 of output (SOURCES.md), a little of which output has to take: 1e-9. */
static void no_change_returns_the_base_year(void **state) {
  (void)state;
  for (size_t i = 0; i < DATASETS; i++) {
    tanlu_test_model m;
    open_dataset(&m, i);
    const tanlu_accounts *a = &m.dataset->accounts;
    const tanlu_energy_statistics *e = &m.dataset->energy;
    const size_t n = a->n, carriers = e->carrier.label.count;
    tanlu_drivers *d = tanlu_test_drivers(&m, 2023, 0);
    tanlu_projection *p = tanlu_test_project(&m, d);
    const tanlu_model_facts facts = tanlu_model_facts_of(m.model);
    for (size_t t = 0; t < p->years; t++) {
      assert_same(tanlu_test_field(p, TANLU_FIELD_OUTPUT, t), a->output, n, 1e-9);
      assert_same(tanlu_test_field(p, TANLU_FIELD_FINAL_DEMAND, t), a->final_use, n * a->category.count, 1e-9);
      assert_same(tanlu_test_field(p, TANLU_FIELD_IMPORTS, t), a->imports, n, 1e-9);
      assert_same(tanlu_test_field(p, TANLU_FIELD_GENERATION, t), m.model->system->power->generation,
                  p->size[TANLU_FIELD_GENERATION], 1e-9);
      for (size_t j = 0; j < n; j++) {
        double w = 0.0;
        for (size_t k = 0; k < a->component.count; k++) w += a->value_added[j * a->component.count + k];
        assert_near_of(tanlu_test_field(p, TANLU_FIELD_VALUE_ADDED, t)[j], w, 1e-9, a->output[j]);
        assert_near(tanlu_test_field(p, TANLU_FIELD_FINAL_FACTOR, t)[j], 1, 0);
        assert_near(tanlu_test_field(p, TANLU_FIELD_INPUT_FACTOR, t)[j], 1, 0);
      }
      for (size_t c = 0; c < carriers; c++) {
        const double *household = tanlu_test_field(p, TANLU_FIELD_HOUSEHOLD_ENERGY, t);
        double used = household[c] + household[carriers + c], branches = 0.0;
        for (size_t j = 0; j < n; j++) used += tanlu_test_field(p, TANLU_FIELD_FINAL_ENERGY, t)[c * n + j];
        for (size_t b = 0; b < e->branch.count; b++) branches += e->final[b * carriers + c];
        assert_near(used, branches, 1e-9);
      }
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_ENERGY, t) * 1e6, facts.co2_combustion, 1e-9);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_PROCESS, t) * 1e6, facts.co2_process, 1e-9);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_GDP, t) * 1e4, facts.gdp, 1e-9);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_ENERGY, t) * 29307.6, facts.primary_coal_equivalent, 1e-9);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_NONFOSSIL, t), facts.nonfossil_share, 1e-9);
      assert_near_of(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_PER_GDP_2020, t), 0, 1e-9, 1);
      assert_near_of(tanlu_test_indicator(p, TANLU_INDICATOR_ENERGY_PER_GDP_2020, t), 0, 1e-9, 1);
      for (int f = 0; f < TANLU_FIELD_COUNT; f++) {
        const tanlu_field_id id = (tanlu_field_id)f;
        if (id == TANLU_FIELD_CAPACITY_ADDED || id == TANLU_FIELD_INVESTMENT)
          continue; /* not known of the first year */
        double *then = p->value[id] + t * p->size[id];
        if (id == TANLU_FIELD_INDICATOR) {
          then[TANLU_INDICATOR_INVESTMENT] = then[TANLU_INDICATOR_INVESTMENT_SHARE] = 0.0;
          p->value[id][TANLU_INDICATOR_INVESTMENT] = p->value[id][TANLU_INDICATOR_INVESTMENT_SHARE] = 0.0;
        }
        assert_same(then, tanlu_test_field(p, id, 0), p->size[id], 1e-9);
      }
    }
    assert_true(p->worst_residual <= 3e-11 && p->worst_balance <= 1e-10); /* the tolerance of the equilibrium */
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
    tanlu_test_close(&m);
  }
}

/* A statistical difference of electricity is left out: generation is final use and net exports of 10, over 1 - 0.05. So less
 * coal is burned than in the statistics, and the sectors that sell it produce less. */
static void the_statistical_difference_stays_out(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2020, 0);
  tanlu_projection *p = tanlu_test_project(&m, d);
  const double final = 3600 * tanlu_test_indicator(p, TANLU_INDICATOR_FINAL_ELECTRICITY, 0);
  assert_near(tanlu_test_sum(p, TANLU_FIELD_GENERATION, 0), (final + 10) / 0.95, 1e-12);
  assert_near(final, 365, 2e-3); /* the statistics, but for the smaller output */
  assert_true(tanlu_test_field(p, TANLU_FIELD_OUTPUT, 0)[0] < 120);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

/* ---- scaling ----------------------------------------------------------------------------------------------------------- */

/* GDP, household energy and traded electricity all 1 + g times as large: so is everything in money, energy, CO2 and mass. g
 * is negative because added biomass power would have an efficiency of its own. The base year's own gap (see above): 1e-9. */
static void everything_scales_together(void **state) {
  (void)state;
  const double factor = 0.9;
  for (size_t i = 0; i < DATASETS; i++) {
    tanlu_test_model m;
    open_dataset(&m, i);
    tanlu_drivers *d = tanlu_test_drivers(&m, 2021, 0);
    tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, 100 * (factor - 1));
    for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) tanlu_test_set(d, TANLU_DRIVER_HOUSEHOLD_USE, 1, u, 0, factor);
    const double trade = tanlu_driver(d, TANLU_DRIVER_POWER_IMPORTS, 0, 0, 0);
    tanlu_test_set(d, TANLU_DRIVER_POWER_IMPORTS, 1, 0, 0, factor * trade);
    tanlu_projection *p = tanlu_test_project(&m, d);
    for (int f = TANLU_FIELD_OUTPUT; f <= TANLU_FIELD_PRODUCT_OUTPUT; f++) {
      const tanlu_field_id id = (tanlu_field_id)f;
      double *scaled = malloc(p->size[id] * sizeof *scaled);
      for (size_t k = 0; k < p->size[id]; k++) scaled[k] = factor * tanlu_test_field(p, id, 0)[k];
      assert_same(tanlu_test_field(p, id, 1), scaled, p->size[id], 1e-9);
      free(scaled);
    }
    assert_near_of(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_PER_GDP_2020, 1), 0, 1e-9, 1);
    assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_ENERGY, 1),
                factor * tanlu_test_indicator(p, TANLU_INDICATOR_CO2_ENERGY, 0), 1e-9);
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
    tanlu_test_close(&m);
  }
}

/* Rewrite a file of the tiny dataset with every number divided. */
static void divide_numbers(const char *directory, const char *name, double by) {
  char *text = tanlu_test_read_file(directory, name), out[4096];
  assert_non_null(text);
  size_t used = 0;
  for (const char *cell = text; *cell;) {
    const size_t length = strcspn(cell, ",\n");
    char *end = NULL;
    const double value = strtod(cell, &end);
    const bool number = length > 0 && end == cell + length;
    used += (size_t)(number ? snprintf(out + used, sizeof out - used, "%.17g", value / by)
                            : snprintf(out + used, sizeof out - used, "%.*s", (int)length, cell));
    assert_true(used + 2 < sizeof out);
    cell += length;
    if (*cell) out[used++] = *cell++;
    out[used] = '\0';
  }
  assert_int_equal(tanlu_test_write_file(directory, name, out), 0);
  free(text);
}

/* The same statistics written in 10^8 CNY and PJ give the same results. Decimal fractions round: 1e-12. */
static void units_do_not_matter(void **state) {
  (void)state;
  static const char *const money[] = {"flows.csv", "final_demand.csv", "value_added.csv"};
  static const char *const energy[] = {
      "branch_energy.csv",          "non_energy.csv", "conversion.csv",         "supply.csv",
      "statistical_difference.csv", "losses.csv",     "primary_electricity.csv"};
  tanlu_test_model m, other;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_test_open_tiny_dataset(&other, NULL, 0);
  tanlu_dataset_free(&other.dataset);
  for (size_t i = 0; i < sizeof money / sizeof *money; i++) divide_numbers(other.directory, money[i], 1e4);
  for (size_t i = 0; i < sizeof energy / sizeof *energy; i++) divide_numbers(other.directory, energy[i], 1e3);
  static const char before[] = "{money: 1e4 CNY, energy: TJ}", after[] = "{money: 1e8 CNY, energy: PJ}";
  assert_int_equal(tanlu_test_edit(other.directory, "dataset.yaml", before, after), 0);
  tanlu_test_reopen(&other);
  tanlu_projection *result[2];
  for (int k = 0; k < 2; k++) {
    const tanlu_test_model *one = k == 0 ? &m : &other;
    tanlu_drivers *d = tanlu_test_drivers(one, 2022, 0);
    tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, 6);
    tanlu_test_set(d, TANLU_DRIVER_RETAIN, 2, 1, TANLU_CLASS_COAL, 0.8);
    result[k] = tanlu_test_project(one, d);
    tanlu_drivers_free(&d);
  }
  for (int f = 0; f < TANLU_FIELD_COUNT; f++) {
    const tanlu_field_id id = (tanlu_field_id)f;
    for (size_t t = 0; t < 3; t++) {
      for (size_t k = 0; k < result[0]->size[id]; k++) {
        const double one = tanlu_test_field(result[0], id, t)[k], two = tanlu_test_field(result[1], id, t)[k];
        if (!isnan(one) || !isnan(two)) assert_near_of(two, one, 1e-12, id == TANLU_FIELD_INDICATOR ? 1e-3 : 1);
      }
    }
  }
  for (int k = 0; k < 2; k++) tanlu_projection_free(&result[k]);
  tanlu_test_close(&m);
  tanlu_test_close(&other);
}

/* ---- a busy scenario over the Chinese tables ---------------------------------------------------------------------------- */

/* Growth, structure, products, mixes, power and capture at once, different for every `variant`. */
static tanlu_drivers *busy_drivers(const tanlu_test_model *m, int to, double variant) {
  tanlu_drivers *d = tanlu_test_drivers(m, to, 1);
  const tanlu_labels *groups = tanlu_dataset_policy_groups(m->dataset);
  const tanlu_labels *technology = &m->dataset->power.technology;
  const size_t coal = tanlu_test_find(technology, "coal"), pv = tanlu_test_find(technology, "pv");
  const size_t cement = tanlu_test_find(&m->dataset->products.product, "cement");
  const size_t chemicals = tanlu_test_find(groups, "chemicals");
  tanlu_test_target(m, d, 0, "agriculture");
  for (size_t t = 1; t < d->years; t++) {
    const double part = (double)t / 40;
    tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, t, 0, 0, 5 - 3 * part);
    tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, t, 0, 0, 0.080 - 0.03 * part);
    tanlu_test_set(d, TANLU_DRIVER_PRODUCT_PATH, t, cement, 0, 2394.7083 * (1 - 0.5 * part * variant));
    for (size_t g = 0; g < groups->count; g++) {
      tanlu_test_set(d, TANLU_DRIVER_INTENSITY, t, g, 0, pow(0.98, (double)t));
      tanlu_test_set(d, TANLU_DRIVER_RETAIN, t, g, TANLU_CLASS_COAL, 1 - 0.8 * part * variant);
      tanlu_test_set(d, TANLU_DRIVER_RETAIN, t, g, TANLU_CLASS_COKE, 1 - 0.6 * part);
    }
    const double shift = 0.5 * part * variant;
    tanlu_test_set(d, TANLU_DRIVER_POWER_MIX, t, coal, 0, tanlu_driver(d, TANLU_DRIVER_POWER_MIX, 0, coal, 0) - shift);
    tanlu_test_set(d, TANLU_DRIVER_POWER_MIX, t, pv, 0, tanlu_driver(d, TANLU_DRIVER_POWER_MIX, 0, pv, 0) + shift);
    tanlu_test_set(d, TANLU_DRIVER_CAPTURE, t, chemicals, 0, 0.4 * part);
    tanlu_test_set(d, TANLU_DRIVER_CAPTURE_ELECTRICITY, t, 0, 0, 0.3);
  }
  return d;
}

/* Identities from the recorded fields alone, by sums of their own: income = spending - imports; CO2 by sector = combustion +
 * process - capture and with households the indicators; generation and capacity; none negative. Relative 1e-10: products
 * balance to 3e-11 of their output, which is 2.7 times GDP. */
static void identities_hold_in_every_year(void **state) {
  (void)state;
  for (size_t i = 2; i < DATASETS; i++) {
    tanlu_test_model m;
    open_dataset(&m, i);
    const tanlu_accounts *a = &m.dataset->accounts;
    tanlu_drivers *d = busy_drivers(&m, 2060, 1.0);
    tanlu_projection *p = tanlu_test_project(&m, d);
    double index = 1.0;
    for (size_t t = 0; t < p->years; t++) {
      if (t > 0) index *= 1 + tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100;
      double error = 0.0;
      for (size_t j = 0; j < a->n; j++) error += a->discrepancy[j] * index;
      const double income = tanlu_test_sum(p, TANLU_FIELD_VALUE_ADDED, t);
      const double spending =
          tanlu_test_sum(p, TANLU_FIELD_FINAL_DEMAND, t) - tanlu_test_sum(p, TANLU_FIELD_IMPORTS, t);
      assert_near(income, spending + error, 1e-10);
      assert_near(income, tanlu_model_facts_of(m.model).gdp * index, 1e-9);
      for (size_t j = 0; j < a->n; j++) {
        const double co2 = tanlu_test_field(p, TANLU_FIELD_CO2_COMBUSTION, t)[j] +
                           tanlu_test_field(p, TANLU_FIELD_CO2_PROCESS, t)[j] -
                           tanlu_test_field(p, TANLU_FIELD_CO2_CAPTURED, t)[j];
        assert_near_of(tanlu_test_field(p, TANLU_FIELD_CO2, t)[j], co2, 1e-12, 1);
        assert_true(tanlu_test_field(p, TANLU_FIELD_OUTPUT, t)[j] >= 0.0);
        assert_true(tanlu_test_field(p, TANLU_FIELD_VALUE_ADDED, t)[j] >= 0.0);
      }
      const double all = tanlu_test_sum(p, TANLU_FIELD_CO2, t) + tanlu_test_sum(p, TANLU_FIELD_HOUSEHOLD_CO2, t);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_TOTAL, t) * 1e6, all, 1e-12);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_CAPTURED, t) * 1e6,
                  tanlu_test_sum(p, TANLU_FIELD_CO2_CAPTURED, t), 1e-12);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_GENERATION, t) * 3600,
                  tanlu_test_sum(p, TANLU_FIELD_GENERATION, t), 1e-12);
      assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CAPACITY, t) * 1e3,
                  tanlu_test_sum(p, TANLU_FIELD_CAPACITY, t), 1e-12);
    }
    assert_true(p->worst_residual <= 1e-10);
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
    tanlu_test_close(&m);
  }
}

/* ---- the same bits ------------------------------------------------------------------------------------------------------ */

static bool same_bits(const tanlu_projection *a, const tanlu_projection *b) {
  for (int f = 0; f < TANLU_FIELD_COUNT; f++) {
    if (memcmp(a->value[f], b->value[f], a->years * a->size[f] * sizeof *a->value[f]) != 0) return false;
  }
  return a->iterations == b->iterations;
}

/* One after the other, again, and four at a time on one and two threads: bit by bit the same. */
static void the_same_bits_on_any_number_of_threads(void **state) {
  (void)state;
  enum { SCENARIOS = 4 };
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  tanlu_drivers *d[SCENARIOS];
  tanlu_projection *serial[SCENARIOS], *parallel[SCENARIOS];
  for (size_t k = 0; k < SCENARIOS; k++) {
    d[k] = busy_drivers(&m, 2035, 0.2 * (double)(k + 1));
    serial[k] = tanlu_test_project(&m, d[k]);
  }
  tanlu_projection *again = tanlu_test_project(&m, d[0]);
  assert_true(same_bits(serial[0], again));
  assert_false(same_bits(serial[0], serial[1]));
  tanlu_projection_free(&again);
  for (int threads = 1; threads <= 2; threads++) {
    tanlu_status status[SCENARIOS];
    for (size_t k = 0; k < SCENARIOS; k++) {
      assert_int_equal(tanlu_projection_create(&parallel[k], m.dataset, d[k]->from, d[k]->years, m.context), TANLU_OK);
    }
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (size_t k = 0; k < SCENARIOS; k++) {
      status[k] = tanlu_project(m.model, d[k], "parallel", parallel[k], NULL, NULL, NULL);
    }
    for (size_t k = 0; k < SCENARIOS; k++) {
      assert_int_equal(status[k], TANLU_OK);
      assert_true(same_bits(serial[k], parallel[k]));
      tanlu_projection_free(&parallel[k]);
    }
  }
  for (size_t k = 0; k < SCENARIOS; k++) {
    tanlu_projection_free(&serial[k]);
    tanlu_drivers_free(&d[k]);
  }
  tanlu_test_close(&m);
}

/* The first years do not know how long the scenario is. */
static void a_longer_scenario_begins_the_same(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  tanlu_drivers *shorter = busy_drivers(&m, 2024, 1.0), *longer = busy_drivers(&m, 2027, 1.0);
  tanlu_projection *a = tanlu_test_project(&m, shorter), *b = tanlu_test_project(&m, longer);
  for (int f = 0; f < TANLU_FIELD_COUNT; f++) {
    assert_memory_equal(a->value[f], b->value[f], a->years * a->size[f] * sizeof(double));
  }
  tanlu_projection_free(&a);
  tanlu_projection_free(&b);
  tanlu_drivers_free(&shorter);
  tanlu_drivers_free(&longer);
  tanlu_test_close(&m);
}

/* ---- progress ------------------------------------------------------------------------------------------------------------ */

static int stop_after_two(void *user, size_t years_done) {
  *(size_t *)user = years_done;
  return years_done == 2;
}

static void progress_can_stop_a_projection(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2030, 0);
  tanlu_projection *p = NULL;
  size_t seen = 0;
  assert_int_equal(tanlu_projection_create(&p, m.dataset, 2020, d->years, m.context), TANLU_OK);
  assert_int_equal(tanlu_project(m.model, d, "stopped", p, stop_after_two, &seen, m.context), TANLU_INTERRUPTED);
  assert_int_equal(seen, 2);
  assert_int_equal(tanlu_context_errors(m.context), 0);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_change_returns_the_base_year),   cmocka_unit_test(the_statistical_difference_stays_out),
      cmocka_unit_test(everything_scales_together),        cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(identities_hold_in_every_year),     cmocka_unit_test(the_same_bits_on_any_number_of_threads),
      cmocka_unit_test(a_longer_scenario_begins_the_same), cmocka_unit_test(progress_can_stop_a_projection),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
