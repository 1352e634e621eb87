/* The accounts of solved years. Oracles: the identities of the table, row by row and column by column, from the matrices as they
 * are shown; the projection of the same scenario, bit for bit; the table of the base year as the dataset has it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/solved_accounts.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* The solver's steps end when a balance is within 3e-11 of the product's output or of a millionth of the mean output; sums of
 * n + categories terms add some rounding. */
static const double balance_tolerance = 1e-10;

typedef struct {
  const tanlu_projection *projection;
  size_t seen;
} watcher;

static const double *recorded(const watcher *w, tanlu_field_id id, size_t t) {
  return w->projection->value[id] + t * w->projection->size[id];
}

/* Rows: x = A_d x + y_d + err, and m = (A - A_d) x + y - y_d; together they are x + m = A x + y + err. */
static void rows_balance(const tanlu_solved_accounts *a) {
  const size_t n = a->n;
  double mean = 0.0;
  for (size_t i = 0; i < n; i++) mean += a->output[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    double domestic = a->discrepancy[i], foreign = 0.0;
    for (size_t j = 0; j < n; j++) {
      domestic += a->domestic_inputs[j * n + i] * a->output[j];
      foreign += (a->inputs[j * n + i] - a->domestic_inputs[j * n + i]) * a->output[j];
      assert_true(a->inputs[j * n + i] >= a->domestic_inputs[j * n + i] && a->domestic_inputs[j * n + i] >= 0.0);
    }
    for (size_t k = 0; k < a->categories; k++) {
      domestic += a->final_domestic[k * n + i];
      foreign += a->final_use[k * n + i] - a->final_domestic[k * n + i];
    }
    assert_near_of(domestic, a->output[i], balance_tolerance, 1e-6 * mean);
    assert_near_of(foreign, a->imports[i], 1e-12, a->output[i] + 1e-6 * mean);
  }
}

/* Columns: v = 1 - sum A, w = v x, sum w = GDP. */
static void columns_balance(const tanlu_solved_accounts *a) {
  const size_t n = a->n;
  double gdp = 0.0;
  for (size_t j = 0; j < n; j++) {
    double share = 1.0;
    for (size_t i = 0; i < n; i++) share -= a->inputs[j * n + i];
    assert_near_of(a->value_share[j], share, 1e-12, 1.0);
    assert_near_of(a->value_added[j], share * a->output[j], 1e-12, a->output[j]);
    gdp += a->value_added[j];
  }
  assert_near(gdp, a->gdp, 1e-12);
  assert_near(1e-4 * gdp, a->indicator[TANLU_INDICATOR_GDP], 1e-12);
}

static void co2_adds_up(const tanlu_solved_accounts *a) {
  double sum = a->household_co2[TANLU_URBAN] + a->household_co2[TANLU_RURAL];
  for (size_t j = 0; j < a->n; j++) {
    assert_near_of(a->co2[j], a->co2_combustion[j] + a->co2_process[j] - a->co2_captured[j], 1e-14, 1.0);
    sum += a->co2[j];
  }
  assert_near_of(1e-6 * sum, a->indicator[TANLU_INDICATOR_CO2_TOTAL], 1e-10, 1.0);
}

static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  watcher *w = user;
  (void)context;
  assert_int_equal(a->t, w->seen);
  assert_int_equal(a->year, w->projection->from + (int)w->seen);
  w->seen++;
  rows_balance(a);
  columns_balance(a);
  co2_adds_up(a);
  const struct {
    tanlu_field_id id;
    const double *value;
  } same[] = {{TANLU_FIELD_OUTPUT, a->output},
              {TANLU_FIELD_VALUE_ADDED, a->value_added},
              {TANLU_FIELD_IMPORTS, a->imports},
              {TANLU_FIELD_FINAL_DEMAND, a->final_use},
              {TANLU_FIELD_CO2, a->co2},
              {TANLU_FIELD_CO2_COMBUSTION, a->co2_combustion},
              {TANLU_FIELD_CO2_PROCESS, a->co2_process},
              {TANLU_FIELD_CO2_CAPTURED, a->co2_captured},
              {TANLU_FIELD_HOUSEHOLD_CO2, a->household_co2},
              {TANLU_FIELD_FINAL_ENERGY, a->final_energy},
              {TANLU_FIELD_NON_ENERGY, a->non_energy},
              {TANLU_FIELD_HOUSEHOLD_ENERGY, a->household_energy},
              {TANLU_FIELD_INDICATOR, a->indicator}};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    const size_t size = w->projection->size[same[i].id] * sizeof(double);
    assert_memory_equal(same[i].value, recorded(w, same[i].id, a->t), size);
  }
  double jobs = 0.0;
  for (size_t j = 0; a->employment != NULL && j < a->n; j++) jobs += 1e-6 * a->employment[j];
  assert_near(jobs, a->indicator[TANLU_INDICATOR_EMPLOYMENT], 1e-12);
  return TANLU_OK;
}

static void every_year_of_the_shipped_scenarios_balances(void **state) {
  const shipped_scenarios *all = *state;
  for (size_t s = 0; s < SCENARIOS; s++) {
    const shipped_scenario *run = &all->run[s];
    watcher w = {.projection = run->projection};
    assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, NULL, look, &w, all->context),
                     TANLU_OK);
    assert_int_equal(w.seen, run->drivers->years);
  }
}

/* Import shares that change, under a split and without one. */
static void years_with_other_imports_balance(void **state) {
  const shipped_scenarios *all = *state;
  static const char *const names[DATASETS] = {"dual-carbon", "dual-carbon-42"};
  const char *const setting[] = {"imports.all={2030: 0.9, 2060: 0.7}"};
  for (size_t k = 0; k < DATASETS; k++) {
    tanlu_scenario *scenario = NULL;
    assert_int_equal(tanlu_scenario_read(&scenario, names[k], setting, 1, all->context), TANLU_OK);
    assert_int_equal(tanlu_scenario_resolve(scenario, all->dataset[k], all->context), TANLU_OK);
    tanlu_projection *projection = NULL;
    const tanlu_drivers *d = scenario->drivers;
    assert_int_equal(tanlu_projection_create(&projection, all->dataset[k], d->from, d->years, all->context), TANLU_OK);
    assert_int_equal(tanlu_project(all->model[k], d, "imports", projection, NULL, NULL, all->context), TANLU_OK);
    watcher w = {.projection = projection};
    assert_int_equal(tanlu_solved_accounts_visit(all->model[k], d, "imports", NULL, look, &w, all->context), TANLU_OK);
    assert_int_equal(w.seen, d->years);
    tanlu_projection_free(&projection);
    tanlu_scenario_free(&scenario);
  }
}

/* ---- the base year, copies, selections ------------------------------------------------------------------------------------ */

typedef struct {
  tanlu_solved_accounts *kept[2];
  size_t count, stop_after;
} keeper;

static tanlu_status keep(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  keeper *k = user;
  assert_true(k->count < 2);
  assert_int_equal(tanlu_solved_accounts_copy(&k->kept[k->count++], a, context), TANLU_OK);
  return k->count == k->stop_after ? TANLU_DIFFERENT : TANLU_OK;
}

static void the_first_year_is_the_table(void **state) {
  const shipped_scenarios *all = *state;
  static const size_t of_dataset[DATASETS] = {DUAL_CARBON, DUAL_CARBON_42};
  for (size_t k = 0; k < DATASETS; k++) {
    const shipped_scenario *run = &all->run[of_dataset[k]];
    const tanlu_accounts *table = &run->dataset->accounts;
    keeper kept = {.stop_after = 1};
    assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, NULL, keep, &kept, all->context),
                     TANLU_DIFFERENT); /* what `seen` returns ends the visit */
    assert_int_equal(kept.count, 1);
    const tanlu_solved_accounts *a = kept.kept[0];
    const size_t n = a->n;
    assert_int_equal(a->power_sector,
                     run->dataset->energy.process_sector[0]); /* thermal power; heat is the same sector's */
    assert_int_equal(a->heat_sector, a->power_sector);
    for (size_t i = 0; i < n; i++) {
      assert_near_of(a->output[i], table->output[i], 1e-9, 1e4);
      for (size_t j = 0; j < n; j++) {
        const double x = table->output[j], flow = table->flows[j * n + i];
        if (x > 0.0) assert_near_of(a->inputs[j * n + i], flow / x, 1e-9, 1e-9);
        if (x > 0.0 && table->flows_domestic != NULL) {
          assert_near_of(a->domestic_inputs[j * n + i], table->flows_domestic[j * n + i] / x, 1e-9, 1e-9);
        }
      }
    }
    for (size_t i = 0; i < n * a->categories; i++) {
      assert_near_of(a->final_use[i], table->final_use[i], 1e-9, 1e4);
      if (table->final_domestic != NULL) assert_near_of(a->final_domestic[i], table->final_domestic[i], 1e-9, 1e4);
    }
    assert_near(a->population, run->dataset->population, 1e-12);
    assert_near(a->urban_population, run->dataset->population * run->dataset->urbanisation, 1e-12);
    tanlu_solved_accounts_free(&kept.kept[0]);
    assert_null(kept.kept[0]);
    tanlu_solved_accounts_free(&kept.kept[0]);
  }
}

/* Wanted years alone are shown, and what is copied stays as it was while later years are shown. */
static void years_are_picked_and_kept(void **state) {
  const shipped_scenarios *all = *state;
  const shipped_scenario *run = &all->run[DUAL_CARBON];
  bool *wanted = calloc(run->drivers->years, sizeof *wanted);
  wanted[10] = wanted[40] = true;
  keeper kept = {0};
  assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, keep, &kept, all->context),
                   TANLU_OK);
  assert_int_equal(kept.count, 2);
  for (size_t k = 0; k < 2; k++) {
    tanlu_solved_accounts *a = kept.kept[k];
    assert_int_equal(a->year, k == 0 ? 2030 : 2060);
    assert_memory_equal(a->output, tanlu_test_field(run->projection, TANLU_FIELD_OUTPUT, a->t), a->n * sizeof(double));
    rows_balance(a);
    columns_balance(a);
    tanlu_solved_accounts_free(&kept.kept[k]);
  }
  free(wanted);
}

/* A dataset without employment has none in any year, and its copies neither. */
static void without_employment(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  if (m.dataset->employment != NULL) fail_msg("the tiny dataset has employment now; take one without");
  tanlu_drivers *d = tanlu_test_drivers(&m, 2022, 0);
  keeper kept = {.stop_after = 1};
  assert_int_equal(tanlu_solved_accounts_visit(m.model, d, "tiny", NULL, keep, &kept, m.context), TANLU_DIFFERENT);
  assert_null(kept.kept[0]->employment);
  assert_int_equal(kept.kept[0]->n, 3);
  tanlu_solved_accounts_free(&kept.kept[0]);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_year_of_the_shipped_scenarios_balances),
      cmocka_unit_test(years_with_other_imports_balance),
      cmocka_unit_test(the_first_year_is_the_table),
      cmocka_unit_test(years_are_picked_and_kept),
      cmocka_unit_test(without_employment),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
