/* Multipliers and linkages. Oracles: the hypothetical example of Miller and Blair; the full inverses of both models, column by
 * column, on a shipped dataset; income identities. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/linkages.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* Miller and Blair (2nd ed., section 2.3.1, p. 21; multipliers section 6.2.1, Ghosh section 12.1): Z = [150 500; 200 100],
 * x = (1000, 2000), value added (650, 1400). L = [1.254 0.330; 0.264 1.122], output multipliers 1.518 and 1.452;
 * G = [1.254 0.660; 0.132 1.122], forward linkages 1.914 and 1.254. Nothing is imported: value added multipliers are 1. */
static void textbook_example(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const double inputs[] = {0.15, 0.20, 0.25, 0.05};
  tanlu_solved_accounts a = {.n = 2,
                             .inputs = inputs,
                             .domestic_inputs = inputs,
                             .output = (const double[]){1000.0, 2000.0},
                             .value_added = (const double[]){650.0, 1400.0},
                             .co2 = (const double[]){500.0, 200.0},
                             .employment = (const double[]){40.0, 60.0}};
  tanlu_linkages *k = NULL;
  assert_int_equal(tanlu_linkages_create(&k, 2, context), TANLU_OK);
  assert_int_equal(tanlu_linkages_year(k, &a, context), TANLU_OK);
  const double d = 0.7575, backward[] = {1.15 / d, 1.10 / d}, forward[] = {(0.95 + 0.50) / d, (0.10 + 0.85) / d};
  assert_same(k->backward, backward, 2, 1e-14);
  assert_near(k->backward[0], 1.518, 4e-4); /* as printed, three decimals */
  assert_near(k->backward[1], 1.452, 4e-4);
  assert_same(k->forward, forward, 2, 1e-14);
  assert_same(k->multiplier + 2 * TANLU_MULTIPLIER_VALUE_ADDED, ((const double[]){1.0, 1.0}), 2, 1e-14);
  assert_same(k->multiplier + 2 * TANLU_MULTIPLIER_EMPLOYMENT,
              ((const double[]){(0.04 * 0.95 + 0.03 * 0.20) / d, (0.04 * 0.25 + 0.03 * 0.85) / d}), 2, 1e-14);
  assert_same(k->power_dispersion, ((const double[]){1.15 / 1.125, 1.10 / 1.125}), 2, 1e-14);
  assert_same(k->forward_relative, ((const double[]){1.45 / 1.2, 0.95 / 1.2}), 2, 1e-14);
  assert_same(k->sensitivity, ((const double[]){1.20 / 1.125, 1.05 / 1.125}), 2, 1e-14);
  assert_true(k->key[0] && !k->key[1]);
  a.employment = NULL;
  assert_int_equal(tanlu_linkages_year(k, &a, context), TANLU_OK);
  assert_true(isnan(k->multiplier[2 * TANLU_MULTIPLIER_EMPLOYMENT]) && !k->employment);
  assert_same(k->backward, backward, 2, 1e-14);
  tanlu_linkages_free(&k);
  assert_null(k);
  tanlu_linkages_free(&k);
  tanlu_context_free(&context);
}

/* A third sector that makes nothing: the others are as before, and means leave it out. */
static void without_output(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const double inputs[] = {0.15, 0.20, 0.0, 0.25, 0.05, 0.0, 0.0, 0.0, 0.0};
  const tanlu_solved_accounts a = {.n = 3,
                                   .inputs = inputs,
                                   .domestic_inputs = inputs,
                                   .output = (const double[]){1000.0, 2000.0, 0.0},
                                   .value_added = (const double[]){650.0, 1400.0, 0.0},
                                   .co2 = (const double[]){500.0, 200.0, 0.0}};
  tanlu_linkages *k = NULL;
  assert_int_equal(tanlu_linkages_create(&k, 3, context), TANLU_OK);
  assert_int_equal(tanlu_linkages_year(k, &a, context), TANLU_OK);
  assert_same(k->power_dispersion, ((const double[]){1.15 / 1.125, 1.10 / 1.125}), 2, 1e-14);
  assert_same(k->sensitivity, ((const double[]){1.20 / 1.125, 1.05 / 1.125}), 2, 1e-14);
  assert_true(isnan(k->backward[2]) && isnan(k->forward[2]) && isnan(k->power_dispersion[2]) && !k->key[2]);
  tanlu_linkages_free(&k);
  tanlu_context_free(&context);
}

/* Row and column sums of an inverse, one unit vector at a time. */
static void inverse_sums(size_t n, const double *matrix, double *rows, double *columns, tanlu_context *context) {
  tanlu_leontief *solver = NULL;
  assert_int_equal(tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_factor(solver, matrix, n, NULL, context), TANLU_OK);
  double *x = calloc(n, sizeof *x);
  memset(rows, 0, n * sizeof *rows);
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) x[i] = i == j ? 1.0 : 0.0;
    assert_int_equal(tanlu_leontief_solve(solver, x, n, 1, context), TANLU_OK);
    columns[j] = 0.0;
    for (size_t i = 0; i < n; i++) {
      columns[j] += x[i];
      rows[i] += x[i];
    }
  }
  free(x);
  tanlu_leontief_free(&solver);
}

/* B = diag(x)^-1 A diag(x) written out, and what it inverts to; incomes: what is not value added at home is imported. */
static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  tanlu_linkages *k = user;
  const size_t n = a->n;
  assert_int_equal(tanlu_linkages_year(k, a, context), TANLU_OK);
  double *b = calloc(n * n, sizeof *b), *sums = calloc(3 * n, sizeof *sums), *rows = sums, *columns = sums + n;
  double *imported = sums + 2 * n;
  inverse_sums(n, a->domestic_inputs, rows, columns, context);
  assert_same(k->backward, columns, n, 1e-12);
  double mean = 0.0, forward = 0.0, power = 0.0, sensitivity = 0.0, jobs = 0.0;
  for (size_t i = 0; i < n; i++) mean += rows[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    assert_near(k->sensitivity[i], rows[i] / mean, 1e-11);
    power += k->power_dispersion[i] / (double)n;
    sensitivity += k->sensitivity[i] / (double)n;
    forward += k->forward_relative[i] / (double)n;
  }
  assert_near(power, 1.0, 1e-13); /* normalised: their means are 1 */
  assert_near(sensitivity, 1.0, 1e-13);
  assert_near(forward, 1.0, 1e-13);
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) b[j * n + i] = a->domestic_inputs[j * n + i] * a->output[j] / a->output[i];
  }
  inverse_sums(n, b, rows, columns, context);
  assert_same(k->forward, rows, n, 1e-11);
  /* (v + imported inputs)' L = 1, since v + column sums of A = 1 */
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) imported[j] += a->inputs[j * n + i] - a->domestic_inputs[j * n + i];
  }
  tanlu_leontief *solver = NULL;
  assert_int_equal(tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_factor(solver, a->domestic_inputs, n, NULL, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_solve_transposed(solver, imported, n, 1, context), TANLU_OK);
  for (size_t j = 0; j < n; j++) {
    assert_near(k->multiplier[TANLU_MULTIPLIER_VALUE_ADDED * n + j] + imported[j], 1.0, 1e-12);
    double demand = a->discrepancy[j];
    for (size_t c = 0; c < a->categories; c++) demand += a->final_domestic[c * n + j];
    if (k->employment) jobs += 1e-6 * k->multiplier[TANLU_MULTIPLIER_EMPLOYMENT * n + j] * demand;
  }
  assert_true(k->employment);
  assert_near(jobs, a->indicator[TANLU_INDICATOR_EMPLOYMENT], 1e-9); /* all jobs serve final demand */
  tanlu_leontief_free(&solver);
  free(b);
  free(sums);
  return TANLU_OK;
}

static void shipped_scenarios_against_inverses(void **state) {
  const shipped_scenarios *all = *state;
  static const size_t which[] = {DUAL_CARBON, DUAL_CARBON_42};
  for (size_t c = 0; c < 2; c++) {
    const shipped_scenario *run = &all->run[which[c]];
    bool *wanted = calloc(run->drivers->years, sizeof *wanted);
    wanted[0] = wanted[run->drivers->years - 1] = true;
    tanlu_linkages *k = NULL;
    assert_int_equal(tanlu_linkages_create(&k, run->dataset->accounts.n, all->context), TANLU_OK);
    assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, look, k, all->context),
                     TANLU_OK);
    tanlu_linkages_free(&k);
    free(wanted);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(textbook_example),
      cmocka_unit_test(without_output),
      cmocka_unit_test(shipped_scenarios_against_inverses),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
