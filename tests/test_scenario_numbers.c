/* Gradients by the numbers of a shipped scenario, with imports split, structure targets, product paths and capture, against central
 * differences of whole projections. Tolerances as in test_adjoint.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/dataset_file.h"
#include "inputs/named_output.h"
#include "inputs/scenario_numbers.h"
#include "inputs/scenario_tree.h"
#include "model/model_private.h"
#include "solvers/blas.h"
#include "tests/adjoint_support.h"

enum { OUTPUTS = 3, EVERY = TANLU_TEST_SANITIZED ? 16 : 4, LARGEST = 12 };
static const double relative = 1e-5, elasticity = 5e-6, move = 1e-5;
static const char *const name[OUTPUTS] = {"cumulative_co2", "co2_total.2060", "nonfossil_share.2045"};

typedef struct {
  tanlu_context *context;
  tanlu_scenario *scenario;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_scenario_numbers numbers;
  tanlu_moves *moves;
  tanlu_number_directions directions;
  double *value;  /* numbers */
  double *weight; /* OUTPUTS x years x indicators */
  size_t stride;  /* years x indicators */
  tanlu_gradients gradients;
} fixture;

static void compute(fixture *f) {
  tanlu_adjoint *adjoint = NULL;
  assert_int_equal(tanlu_adjoint_create(&adjoint, f->model, f->scenario->drivers, "test", f->context), TANLU_OK);
  f->stride = f->scenario->drivers->years * TANLU_INDICATOR_COUNT;
  f->weight = calloc(OUTPUTS * f->stride, sizeof *f->weight);
  for (size_t o = 0; o < OUTPUTS; o++) {
    tanlu_goal output;
    assert_int_equal(tanlu_output_named(&output, name[o], 2020, 2060, "test", f->context), TANLU_OK);
    assert_int_equal(
        tanlu_output_weights(&output, tanlu_adjoint_projection(adjoint), f->weight + o * f->stride, f->context),
        TANLU_OK);
  }
  const tanlu_adjoint_request request = {.outputs = OUTPUTS,
                                         .weight = f->weight,
                                         .directions = f->directions.directions,
                                         .direction = f->directions.direction,
                                         .emission_factors = true,
                                         .coefficients = true};
  assert_int_equal(tanlu_adjoint_gradients(adjoint, &request, &f->gradients, f->context), TANLU_OK);
  tanlu_adjoint_free(&adjoint);
}

static int open_scenario(void **state, const char *scenario) {
  fixture *f = calloc(1, sizeof *f);
  *state = f;
  (void)tanlu_blas_serial();
  f->context = tanlu_context_create();
  /* one of every form: knots, a rate, a number for all years, geometric knots */
  static const char *const setting[] = {"technology.substitution.chemicals={trend: -0.2}", "capture_electricity=0.35",
                                        "imports.chemicals={interpolation: geometric, 2030: 0.9, 2060: 0.7}"};
  assert_int_equal(tanlu_scenario_read(&f->scenario, scenario, setting, 3, f->context), TANLU_OK);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->scenario->dataset_path, f->context), TANLU_OK);
  const tanlu_status status = tanlu_scenario_resolve(f->scenario, f->dataset, f->context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  assert_int_equal(tanlu_model_create(&f->model, f->dataset, f->context), TANLU_OK);
  assert_int_equal(tanlu_scenario_numbers_find(&f->numbers, f->scenario, f->dataset, f->context), TANLU_OK);
  const tanlu_yaml **node = calloc(f->numbers.count, sizeof *node);
  f->value = calloc(f->numbers.count, sizeof *f->value);
  for (size_t k = 0; k < f->numbers.count; k++) {
    node[k] = f->numbers.number[k].node;
    f->value[k] = f->numbers.number[k].value;
  }
  assert_int_equal(tanlu_moves_create(&f->moves, f->scenario->tree->root, f->scenario->tree->history, f->dataset,
                                      f->numbers.count, node, f->scenario->drivers, f->context),
                   TANLU_OK);
  free(node);
  assert_non_null(f->moves);
  assert_int_equal(tanlu_number_directions_find(&f->directions, &f->numbers, f->value, f->moves, f->scenario->drivers,
                                                true, f->context),
                   TANLU_OK);
  compute(f);
  return 0;
}

static int open_all(void **state) {
  return open_scenario(state, "dual-carbon-42");
}

/* Numbers that act through others, and others that these pass on. */
static int open_routes(void **state) {
  return open_scenario(state, "dual-carbon-routes");
}

static int close_all(void **state) {
  fixture *f = *state;
  tanlu_gradients_clear(&f->gradients);
  tanlu_number_directions_clear(&f->directions);
  tanlu_moves_free(&f->moves);
  tanlu_scenario_numbers_clear(&f->numbers);
  tanlu_model_free(&f->model);
  tanlu_scenario_free(&f->scenario);
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  free(f->value);
  free(f->weight);
  free(f);
  return 0;
}

static void project(const fixture *f, const tanlu_drivers *drivers, double *output) {
  tanlu_projection *p = NULL;
  assert_int_equal(tanlu_projection_create_some(&p, f->dataset, drivers->from, drivers->years,
                                                1UL << TANLU_FIELD_INDICATOR, f->context),
                   TANLU_OK);
  assert_int_equal(tanlu_project(f->model, drivers, "test", p, NULL, NULL, f->context), TANLU_OK);
  for (size_t o = 0; o < OUTPUTS; o++) output[o] = tanlu_test_output(p, f->weight + o * f->stride);
  tanlu_projection_free(&p);
}

/* Outputs by a number; false and a line for each gradient that is wrong. */
static bool agrees(const fixture *f, const char *what, double size, double gap, const double *low, const double *high,
                   const double *gradient) {
  bool good = true;
  for (size_t o = 0; o < OUTPUTS; o++) {
    const double expected = (high[o] - low[o]) / gap;
    const double allowed = relative * fabs(expected) + elasticity * fabs(f->gradients.value[o]) / size;
    if (fabs(gradient[o] - expected) <= allowed) continue;
    good = false;
    fprintf(stderr, "%s of %s: %.10g, by differences %.10g, allowed gap %.3g\n", name[o], what, gradient[o], expected,
            allowed);
  }
  return good;
}

static void numbers_have_paths(void **state) {
  const fixture *f = *state;
  bool trend = false, scalar = false, knot = false;
  for (size_t k = 0; k < f->numbers.count; k++) {
    const char *path = f->numbers.number[k].path;
    trend = trend || strcmp(path, "technology.substitution.chemicals.trend") == 0;
    scalar = scalar || strcmp(path, "capture_electricity") == 0;
    knot = knot || (strcmp(path, "sinks.2060") == 0 && strcmp(f->numbers.number[k].unit, "Mt") == 0);
  }
  assert_true(trend && scalar && knot);
}

static void numbers_of_a_scenario(void **state) {
  const fixture *f = *state;
  size_t wrong = 0, matter = 0;
  for (size_t k = 0; k < f->numbers.count; k++) {
    const double before = f->value[k], size = fmax(fabs(before), 0.05);
    const char *path = f->numbers.number[k].path;
    double low[OUTPUTS], high[OUTPUTS], gradient[OUTPUTS], *const side[] = {low, high};
    if (k % EVERY != 0 && strstr(path, "trend") == NULL && strchr(path, '.') != NULL) continue;
    double gap = 0.0;
    for (int h = 0; h < 2; h++) { /* at a bound one side is the scenario itself */
      f->value[k] = before + (h == 0 ? -move : move) * size;
      const bool within = f->value[k] >= f->numbers.number[k].lowest && f->value[k] <= f->numbers.number[k].highest;
      tanlu_drivers *drivers = within ? tanlu_moves_drivers(f->moves, f->value) : NULL;
      if (drivers != NULL) gap += move * size;
      project(f, drivers != NULL ? drivers : f->scenario->drivers, side[h]);
      tanlu_drivers_free(&drivers);
    }
    f->value[k] = before;
    assert_true(gap > 0.0);
    for (size_t o = 0; o < OUTPUTS; o++) {
      gradient[o] = tanlu_number_gradient(&f->directions, k, f->gradients.direction + o * f->directions.directions);
    }
    wrong += !agrees(f, path, size, gap, low, high, gradient);
    matter += fabs(gradient[0]) * size > 1e-3 * fabs(f->gradients.value[0]);
  }
  assert_true(matter > 10);
  assert_int_equal(wrong, 0);
}

/* Indices of the largest |gradient x value| of the first output. */
static void find_largest(const double *gradient, const double *value, size_t count, size_t largest[LARGEST]) {
  for (size_t i = 0; i < LARGEST; i++) {
    size_t best = count;
    for (size_t k = 0; k < count; k++) {
      bool taken = false;
      for (size_t j = 0; j < i; j++) taken = taken || largest[j] == k;
      if (!taken && (best == count || fabs(gradient[k] * value[k]) > fabs(gradient[best] * value[best]))) best = k;
    }
    largest[i] = best;
  }
}

static void the_most_important_coefficients(void **state) {
  const fixture *f = *state;
  tanlu_technology *technology = f->model->technology;
  const size_t n = technology->n;
  size_t largest[LARGEST], wrong = 0;
  find_largest(f->gradients.coefficient, technology->a, n * n, largest);
  for (size_t i = 0; i < LARGEST; i++) {
    const size_t k = largest[i], j = k / n;
    const bool energy = technology->row_of[k % n] != TANLU_NONE;
    const double before = technology->a[k], sum = technology->non_energy_sum[j], step = move * before;
    double low[OUTPUTS], high[OUTPUTS], gradient[OUTPUTS], *const side[] = {low, high};
    for (int h = 0; h < 2; h++) {
      technology->a[k] = before + (h == 0 ? -step : step);
      if (!energy) technology->non_energy_sum[j] = sum + (h == 0 ? -step : step);
      project(f, f->scenario->drivers, side[h]);
    }
    technology->a[k] = before;
    technology->non_energy_sum[j] = sum;
    for (size_t o = 0; o < OUTPUTS; o++) gradient[o] = f->gradients.coefficient[o * n * n + k];
    char what[80];
    snprintf(what, sizeof what, "coefficient of row %zu, column %zu", k % n, j);
    wrong += !agrees(f, what, before, 2.0 * step, low, high, gradient);
  }
  assert_int_equal(wrong, 0);
}

/* The model is made anew with the factor in the dataset. */
static void the_most_important_factors(void **state) {
  fixture *f = *state;
  const tanlu_energy_statistics *e = &f->dataset->energy;
  const size_t count = e->user_group.count * e->carrier.label.count;
  size_t largest[LARGEST], wrong = 0;
  find_largest(f->gradients.emission_factor, e->emission_factor, count, largest);
  for (size_t i = 0; i < LARGEST; i++) {
    const size_t k = largest[i];
    const double before = e->emission_factor[k], step = move * before;
    double low[OUTPUTS], high[OUTPUTS], gradient[OUTPUTS], *const side[] = {low, high};
    for (int h = 0; h < 2; h++) {
      e->emission_factor[k] = before + (h == 0 ? -step : step);
      tanlu_model_free(&f->model);
      assert_int_equal(tanlu_model_create(&f->model, f->dataset, f->context), TANLU_OK);
      project(f, f->scenario->drivers, side[h]);
    }
    e->emission_factor[k] = before;
    for (size_t o = 0; o < OUTPUTS; o++) gradient[o] = f->gradients.emission_factor[o * count + k];
    char what[80];
    snprintf(what, sizeof what, "factor of group %zu, carrier %zu", k / e->carrier.label.count,
             k % e->carrier.label.count);
    wrong += !agrees(f, what, before, 2.0 * step, low, high, gradient);
  }
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_have_paths),
      cmocka_unit_test(numbers_of_a_scenario),
      cmocka_unit_test(the_most_important_coefficients),
      cmocka_unit_test(the_most_important_factors),
  };
  const struct CMUnitTest routes[] = {cmocka_unit_test(numbers_of_a_scenario)};
  const int failed = cmocka_run_group_tests_name("scenario_numbers", tests, open_all, close_all);
  return failed + cmocka_run_group_tests_name("scenario_numbers_of_routes", routes, open_routes, close_all);
}
