/* Many scenarios around a common centre, and one by itself: two ways to one solution.
 *
 * Oracles: the derivative at the centre by central differences of the residual; projections by themselves; the accounts put
 * together again from the solved state (rows of the table, energy rows by the formula of model/technology.h). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/scenario_file.h"
#include "model/equilibrium.h"
#include "tests/model_support.h"

enum { LANES = 8 };

/* Drivers of a shipped scenario with a setting. */
typedef struct {
  tanlu_scenario *scenario;
  tanlu_drivers *drivers;
} resolved;

static resolved resolve(tanlu_test_model *m, const char *name, const char *setting) {
  resolved r = {NULL, NULL};
  const char *const settings[] = {setting};
  assert_int_equal(tanlu_scenario_read(&r.scenario, name, settings, setting != NULL, m->context), TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(r.scenario, m->dataset, m->context), TANLU_OK);
  r.drivers = r.scenario->drivers;
  return r;
}

static void begin(tanlu_equilibrium *q, const tanlu_drivers *drivers, size_t t, const double *unknown) {
  const tanlu_drivers *all[LANES];
  double gdp[LANES], index = 1.0;
  double *held = calloc(q->unknowns * LANES, sizeof *held);
  for (size_t y = 1; y <= t; y++) index *= 1.0 + tanlu_driver(drivers, TANLU_DRIVER_GDP_GROWTH, y, 0, 0) / 100.0;
  for (size_t l = 0; l < LANES; l++) {
    all[l] = drivers;
    gdp[l] = index;
  }
  tanlu_equilibrium_year(q, all, t, gdp, held);
  for (size_t k = 0; k < q->size; k++) {
    const double start = k < q->n ? index : k == q->n ? log(index) : 0.0;
    for (size_t l = 0; l < LANES; l++) q->state[k * LANES + l] = unknown == NULL ? start : unknown[k];
  }
  free(held);
}

/* M^-1 M = 1, M by central differences with steps of 1e-5 (their error is of the order of 1e-9), M^-1 in single precision:
 * 153 terms of 6e-8 times entries of some units. The year 2040 of dual-carbon, all its targets and products binding. */
static void the_centre_inverts_the_derivative(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020");
  const resolved r = resolve(&m, "dual-carbon", NULL);
  tanlu_equilibrium *q = NULL;
  tanlu_centre centre = {0};
  assert_int_equal(tanlu_equilibrium_create(&q, m.model->system, m.model->technology, m.model->measures, r.drivers,
                                            LANES, m.context),
                   TANLU_OK);
  begin(q, r.drivers, 20, NULL);
  const tanlu_status status = tanlu_equilibrium_alone(q, &centre, m.context);
  if (status != TANLU_OK) tanlu_test_print_messages(m.context);
  assert_int_equal(status, TANLU_OK);
  assert_int_equal(tanlu_equilibrium_centre(q, &centre, m.context), TANLU_OK);
  const size_t size = q->size;
  double *column = calloc(size, sizeof *column), worst = 0.0;
  for (size_t k = 0; k < size; k += 3) { /* every third column, the last ones among them */
    const double h = 1e-5;
    for (size_t i = 0; i < size; i++) {
      for (size_t l = 0; l < LANES; l++) q->state[i * LANES + l] = centre.state[i];
    }
    q->state[k * LANES] += h;
    q->state[k * LANES + 1] -= h;
    tanlu_equilibrium_evaluate(q);
    for (size_t i = 0; i < size; i++) column[i] = (q->residual[i * LANES] - q->residual[i * LANES + 1]) / (2.0 * h);
    for (size_t i = 0; i < size; i++) {
      double sum = 0.0;
      for (size_t j = 0; j < size; j++) sum += (double)centre.inverse[i * size + j] * column[j];
      worst = fmax(worst, fabs(sum - (i == k ? 1.0 : 0.0)));
    }
  }
  assert_true(worst < 1e-4);
  free(column);
  tanlu_centre_clear(&centre);
  tanlu_equilibrium_free(&q);
  tanlu_scenario_free((tanlu_scenario **)&r.scenario);
  tanlu_test_close(&m);
}

/* The solved year as a table: x = A_d x + y_d with the coefficients written out, energy rows among them. */
static void the_solved_year_is_a_table(void **state) {
  (void)state;
  static const char *const names[][2] = {{"china-2020", "dual-carbon"}, {"china-2020-42", "dual-carbon-42"}};
  for (size_t c = 0; c < 2; c++) {
    tanlu_test_model m;
    tanlu_test_open(&m, names[c][0]);
    const resolved r = resolve(&m, names[c][1], "imports.all={2030: 0.9}");
    tanlu_equilibrium *q = NULL;
    tanlu_centre centre = {0};
    assert_int_equal(tanlu_equilibrium_create(&q, m.model->system, m.model->technology, m.model->measures, r.drivers,
                                              LANES, m.context),
                     TANLU_OK);
    begin(q, r.drivers, 15, NULL);
    assert_int_equal(tanlu_equilibrium_alone(q, &centre, m.context), TANLU_OK);
    assert_true(q->economy->imports_change);
    double *a = calloc(q->n * q->n, sizeof *a);
    tanlu_economy_matrix(q->economy, q->levers, q->rows, 0, a, NULL);
    for (size_t i = 0; i < q->n; i++) {
      double used = q->economy->final_demand[i * LANES];
      for (size_t j = 0; j < q->n; j++) used += a[j * q->n + i] * q->output[j * LANES];
      assert_near_of(q->output[i * LANES], used, 1e-10, q->scale[i] * 1e-3);
    }
    free(a);
    tanlu_centre_clear(&centre);
    tanlu_equilibrium_free(&q);
    tanlu_scenario_free((tanlu_scenario **)&r.scenario);
    tanlu_test_close(&m);
  }
}

static void same_fields(const tanlu_projection *a, const tanlu_projection *b, double tolerance) {
  for (int id = 0; id < TANLU_FIELD_COUNT; id++) {
    for (size_t t = 0; t < a->years; t++) {
      const double *one = tanlu_test_field(a, (tanlu_field_id)id, t),
                   *other = tanlu_test_field(b, (tanlu_field_id)id, t);
      double largest = 0.0;
      for (size_t i = 0; i < a->size[id]; i++) largest = fmax(largest, fabs(one[i]));
      for (size_t i = 0; i < a->size[id]; i++) {
        assert_true((isnan(one[i]) && isnan(other[i])) || fabs(one[i] - other[i]) <= tolerance * largest);
      }
    }
  }
}

/* Lanes near the centre, far from it, and without a solution: every one ends as it does by itself, in any company. */
static void near_far_and_impossible(void **state) {
  (void)state;
  static const char *const setting[] = {NULL,
                                        "gdp.growth={2025: 4, 2060: 1.0}",
                                        "gdp.growth={2025: 7, 2040: 6, 2060: 5}",
                                        "structure.substitution=1.5",
                                        "products.cement={2030: 300, 2060: 60}",
                                        "structure.share.agriculture={2060: 0.5}",
                                        "power.coal_rate={2060: 250}"};
  enum { COUNT = sizeof setting / sizeof *setting, IMPOSSIBLE = 2 };
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  resolved r[COUNT];
  const tanlu_drivers *drivers[COUNT];
  tanlu_projection *together[COUNT], *again[COUNT];
  tanlu_context *context[COUNT];
  tanlu_status status[COUNT];
  tanlu_centres *centres = NULL;
  tanlu_projector *projector = NULL;
  size_t alone = 0;
  for (size_t k = 0; k < COUNT; k++) {
    r[k] = resolve(&m, "dual-carbon-42", setting[k]);
    drivers[k] = r[k].drivers;
    context[k] = tanlu_context_create();
    assert_int_equal(tanlu_projection_create(&together[k], m.dataset, 2020, drivers[k]->years, m.context), TANLU_OK);
    assert_int_equal(tanlu_projection_create(&again[k], m.dataset, 2020, drivers[k]->years, m.context), TANLU_OK);
  }
  assert_int_equal(tanlu_centres_create(&centres, m.model, drivers[0], "centre", m.context), TANLU_OK);
  assert_int_equal(tanlu_projector_create(&projector, m.model, drivers[0], 16, m.context), TANLU_OK);
  tanlu_projector_many(projector, centres, COUNT, drivers, "lane", together, status, context);
  for (size_t k = 0; k < COUNT; k++) {
    alone += together[k]->alone;
    const tanlu_status own =
        tanlu_project(m.model, drivers[k], "alone", again[k], NULL, NULL, k == IMPOSSIBLE ? NULL : m.context);
    if (own != status[k]) tanlu_test_print_messages(context[k]);
    assert_int_equal(own, status[k]);
    if (own == TANLU_OK) same_fields(together[k], again[k], 1e-9);
  }
  assert_int_equal(status[0], TANLU_OK);
  assert_false(together[0]->alone);
  assert_int_equal(status[IMPOSSIBLE], TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context[IMPOSSIBLE], "scenario lane: year"));
  assert_true(alone > 0 && alone < COUNT);
  /* the same in another company, without a centre too */
  for (size_t k = 0; k < COUNT; k++) tanlu_projection_reset(again[k]);
  tanlu_projector_many(projector, centres, 2, drivers, "lane", again, status, context);
  for (int id = 0; id < TANLU_FIELD_COUNT; id++) {
    const size_t bytes = again[1]->years * again[1]->size[id] * sizeof(double);
    assert_memory_equal(together[1]->value[id], again[1]->value[id], bytes);
  }
  tanlu_projector_many(projector, NULL, 2, drivers, "lane", again + 2, status, context);
  assert_int_equal(status[1], TANLU_OK);
  same_fields(together[1], again[3], 1e-9);
  for (size_t k = 0; k < COUNT; k++) {
    tanlu_projection_free(&together[k]);
    tanlu_projection_free(&again[k]);
    tanlu_context_free(&context[k]);
    tanlu_scenario_free(&r[k].scenario);
  }
  tanlu_projector_free(&projector);
  tanlu_centres_free(&centres);
  tanlu_test_close(&m);
}

static void widths_have_bounds(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2021, 0);
  tanlu_projector *projector = NULL;
  assert_int_equal(tanlu_projector_create(&projector, m.model, d, 0, m.context), TANLU_ERR_INTERNAL);
  assert_int_equal(tanlu_projector_create(&projector, m.model, d, TANLU_LANES_MAX + 1, m.context), TANLU_ERR_INTERNAL);
  assert_null(projector);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_centre_inverts_the_derivative),
      cmocka_unit_test(the_solved_year_is_a_table),
      cmocka_unit_test(near_far_and_impossible),
      cmocka_unit_test(widths_have_bounds),
  };
  return cmocka_run_group_tests_name("equilibrium", tests, NULL, NULL);
}
