/* Gradients by the adjoint against central differences of whole projections.
 *
 * A projection is solved to 3e-11, so a difference over 1e-5 of a number knows elasticities to about 3e-6; where a product path
 * pulls hard, curvature adds a relative 1e-6. Everything is compared to 1e-5 relative and 5e-6 in elasticity. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/indirect_drivers.h"
#include "tests/adjoint_support.h"

enum { YEARS = 5, OUTPUTS = 6 };
static const double relative = 1e-5, elasticity = 5e-6, move = 1e-5, smallest = 0.05;

typedef struct {
  tanlu_test_model m;
  tanlu_drivers *drivers;
  double *weight; /* OUTPUTS x YEARS x indicators */
} stirred;

static void weigh(stirred *s, size_t output, size_t t, tanlu_indicator_id id, double weight) {
  s->weight[(output * YEARS + t) * TANLU_INDICATOR_COUNT + id] = weight;
}

/* A share that binds in years 2 and 3 and is held after, a product path in year 2, a mix that is given as a path. */
static void set_goals(stirred *s) {
  tanlu_drivers *d = s->drivers;
  const tanlu_test_model *m = &s->m;
  tanlu_test_target(m, d, 0, "farming");
  d->value[TANLU_DRIVER_STRUCTURE_SHARE][2] = 0.08;
  d->value[TANLU_DRIVER_STRUCTURE_SHARE][3] = 0.07;
  const size_t steel = tanlu_test_find(&m->dataset->products.product, "crude_steel");
  d->value[TANLU_DRIVER_PRODUCT_PATH][2 * d->size[TANLU_DRIVER_PRODUCT_PATH] + steel] = 11.0;
  const size_t buildings = tanlu_axis_find(m->dataset, TANLU_AXIS_MIX_GROUP, "buildings");
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
    const double base = tanlu_driver_base(m->dataset, TANLU_DRIVER_MIX_SHARE, buildings, k);
    const double share = 0.95 * base + (k == TANLU_CLASS_ELECTRICITY ? 0.05 : 0.0);
    tanlu_test_set(d, TANLU_DRIVER_MIX_SHARE, 3, buildings, k, share);
  }
}

static int open_stirred(void **state) {
  stirred *s = calloc(1, sizeof *s);
  *state = s;
  /* goods make steel, which has indicators of its own */
  static const tanlu_test_change steel[] = {{"products.csv", "widgets,Widgets", "crude_steel,Steel"},
                                            {"emissions.csv", "widgets", "crude_steel"},
                                            {"history.yaml", "widgets", "crude_steel"}};
  tanlu_test_open_four(&s->m, steel, sizeof steel / sizeof *steel);
  tanlu_test_write_file(s->m.directory, "employment.csv", "sector,value\ncoal,2\nfarm,4\ngoods,5\npower,3\n");
  tanlu_test_reopen(&s->m);
  s->drivers = tanlu_test_drivers(&s->m, s->m.dataset->base_year + YEARS - 1, 1);
  s->weight = calloc(OUTPUTS * YEARS * TANLU_INDICATOR_COUNT, sizeof *s->weight);
  tanlu_test_stir(&s->m, s->drivers);
  set_goals(s);
  for (size_t t = 1; t < YEARS; t++) weigh(s, 0, t, TANLU_INDICATOR_CO2_TOTAL, 1e-3);
  weigh(s, 1, YEARS - 1, TANLU_INDICATOR_CO2_NET, 1.0);
  weigh(s, 2, 3, TANLU_INDICATOR_NET_EXPORTS_SHARE, 1.0);
  weigh(s, 3, 4, TANLU_INDICATOR_CO2_PER_GDP_2005, 1.0);
  weigh(s, 3, 2, TANLU_INDICATOR_NONFOSSIL, 0.5);
  weigh(s, 4, 3, TANLU_INDICATOR_EMPLOYMENT, 1e5);
  weigh(s, 4, 4, TANLU_INDICATOR_SHARE_TERTIARY, 1.0);
  weigh(s, 4, 1, TANLU_INDICATOR_CO2_CONVERSION, 10.0);
  weigh(s, 4, 4, TANLU_INDICATOR_CAPACITY, 10.0);
  weigh(s, 4, 4, TANLU_INDICATOR_GDP_PER_HEAD, 1e-5);
  /* steel without capture in year 2 and with it in year 3: its factors are followed in two ways */
  const size_t goods = tanlu_axis_find(s->m.dataset, TANLU_AXIS_POLICY_GROUP, "goods");
  s->drivers->value[TANLU_DRIVER_CAPTURE][2 * s->drivers->size[TANLU_DRIVER_CAPTURE] + goods] = 0.0;
  weigh(s, 5, 2, TANLU_INDICATOR_STEEL_CO2, 1.0);
  weigh(s, 5, 3, TANLU_INDICATOR_STEEL_CO2, 0.5);
  weigh(s, 5, 4, TANLU_INDICATOR_STEEL_ENERGY, 1e-5);
  weigh(s, 5, 3, TANLU_INDICATOR_INDUSTRY_ENERGY, 1e-2);
  weigh(s, 5, 4, TANLU_INDICATOR_COAL_FOR_POWER, 0.1);
  weigh(s, 5, 1, TANLU_INDICATOR_RENEWABLE, 0.1);
  return 0;
}

static int close_stirred(void **state) {
  stirred *s = *state;
  tanlu_drivers_free(&s->drivers);
  tanlu_test_close(&s->m);
  free(s->weight);
  free(s);
  return 0;
}

/* Every output of a projection of the drivers as they stand; false where there is none. */
static bool project(const stirred *s, double *output) {
  tanlu_projection *p = NULL;
  const tanlu_drivers *d = s->drivers;
  assert_int_equal(tanlu_projection_create(&p, s->m.dataset, d->from, d->years, s->m.context), TANLU_OK);
  const bool good = tanlu_project(s->m.model, d, "test", p, NULL, NULL, NULL) == TANLU_OK;
  for (size_t o = 0; o < OUTPUTS; o++) {
    output[o] = tanlu_test_output(p, s->weight + o * YEARS * TANLU_INDICATOR_COUNT);
  }
  tanlu_projection_free(&p);
  return good;
}

static tanlu_gradients gradients_of(const stirred *s, const tanlu_adjoint_request *request) {
  tanlu_adjoint *adjoint = NULL;
  tanlu_gradients g;
  assert_int_equal(tanlu_adjoint_create(&adjoint, s->m.model, s->drivers, "test", s->m.context), TANLU_OK);
  assert_int_equal(tanlu_adjoint_gradients(adjoint, request, &g, s->m.context), TANLU_OK);
  tanlu_adjoint_free(&adjoint);
  return g;
}

/* A number's gradients against the outputs below and above it; false and a line for each that is wrong. */
static bool agrees(const char *what, double size, double gap, const double *value, const double *low,
                   const double *high, const double *gradient, size_t stride) {
  bool good = true;
  for (size_t o = 0; o < OUTPUTS; o++) {
    const double expected = (high[o] - low[o]) / gap, actual = gradient[o * stride];
    const double allowed = relative * fabs(expected) + elasticity * fabs(value[o]) / size;
    if (fabs(actual - expected) <= allowed) continue;
    good = false;
    fprintf(stderr, "%s, output %zu: %.10g, by differences %.10g, allowed gap %.3g\n", what, o, actual, expected,
            allowed);
  }
  return good;
}

/* ---- drivers ----------------------------------------------------------------------------------------------------------------- */

/* All members of all drivers in all years after the first, in order of years. */
static size_t list_members(const stirred *s, tanlu_direction *direction, tanlu_direction_part *part) {
  size_t count = 0;
  for (size_t t = 1; t < YEARS; t++) {
    for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
      for (size_t i = 0; i < s->drivers->size[id]; i++) {
        if (direction != NULL) {
          part[count] = (tanlu_direction_part){(tanlu_driver_id)id, i, 1.0};
          direction[count] = (tanlu_direction){t, 1, &part[count]};
        }
        count++;
      }
    }
  }
  return count;
}

/* Outputs below and above the number, within its bounds; the gap between them, NaN where one side has no solution. */
static double differ(const stirred *s, tanlu_driver_id id, double *number, double size, const double *value,
                     double *low, double *high) {
  const double before = *number, down = fmax(before - move * size, tanlu_driver_table[id].lowest);
  const double up = fmin(before + move * size, tanlu_driver_table[id].highest);
  bool good = true;
  memcpy(low, value, OUTPUTS * sizeof *low);
  memcpy(high, value, OUTPUTS * sizeof *high);
  *number = down;
  if (down < before) good = project(s, low);
  *number = up;
  if (up > before) good = project(s, high) && good;
  *number = before;
  return good ? up - down : (double)NAN;
}

static bool check_member(const stirred *s, tanlu_driver_id id, size_t t, size_t member, const double *value,
                         const double *gradient, size_t stride) {
  double *number = &s->drivers->value[id][t * s->drivers->size[id] + member], low[OUTPUTS], high[OUTPUTS];
  const double size = fmax(fabs(*number), smallest);
  if (isnan(*number)) return isnan(gradient[0]);
  char what[100];
  snprintf(what, sizeof what, "%s, member %zu, year %zu", tanlu_driver_table[id].path, member, t);
  const double gap = differ(s, id, number, size, value, low, high);
  return isnan(gap) ? isnan(gradient[0]) : agrees(what, size, gap, value, low, high, gradient, stride);
}

static void drivers_of_every_kind(void **state) {
  const stirred *s = *state;
  const size_t count = list_members(s, NULL, NULL);
  tanlu_direction *direction = calloc(count, sizeof *direction);
  tanlu_direction_part *part = calloc(count, sizeof *part);
  double value[OUTPUTS], largest[TANLU_DRIVER_COUNT] = {0.0};
  (void)list_members(s, direction, part);
  const tanlu_adjoint_request request = {
      .outputs = OUTPUTS, .weight = s->weight, .directions = count, .direction = direction};
  tanlu_gradients g = gradients_of(s, &request);
  size_t wrong = 0;
  assert_true(project(s, value));
  for (size_t o = 0; o < OUTPUTS; o++) assert_near(g.value[o], value[o], 1e-9);
  for (size_t i = 0; i < count; i++) {
    const tanlu_driver_id id = part[i].id;
    wrong += !check_member(s, id, direction[i].t, part[i].member, value, g.direction + i, count);
    const double number = s->drivers->value[id][direction[i].t * s->drivers->size[id] + part[i].member];
    for (size_t o = 0; o < OUTPUTS && !isnan(number); o++) {
      const double own = fabs(g.direction[o * count + i] * fmax(fabs(number), smallest) / value[o]);
      largest[id] = fmax(largest[id], own);
    }
  }
  for (size_t id = 0; id < TANLU_DRIVER_COUNT;
       id++) { /* something of every kind has to matter, else nothing was seen */
    if (largest[id] > 100.0 * elasticity || !tanlu_test_driver_matters((tanlu_driver_id)id)) continue;
    fprintf(stderr, "%s: the largest elasticity is %.2e\n", tanlu_driver_table[id].path, largest[id]);
    wrong++;
  }
  tanlu_gradients_clear(&g);
  free(direction);
  free(part);
  assert_int_equal(wrong, 0);
}

/* Years that reach an output by growth alone are passed over: the same numbers as when other outputs ask for every year. */
static void one_output_alone(void **state) {
  const stirred *s = *state;
  const size_t count = list_members(s, NULL, NULL);
  tanlu_direction *direction = calloc(count, sizeof *direction);
  tanlu_direction_part *part = calloc(count, sizeof *part);
  (void)list_members(s, direction, part);
  tanlu_adjoint_request request = {.outputs = OUTPUTS,
                                   .weight = s->weight,
                                   .directions = count,
                                   .direction = direction,
                                   .emission_factors = true,
                                   .coefficients = true};
  const size_t n = s->m.model->technology->n, output = 1;
  const size_t factors = s->m.dataset->energy.user_group.count * s->m.dataset->energy.carrier.label.count;
  tanlu_gradients all = gradients_of(s, &request);
  request.outputs = 1;
  request.weight = s->weight + output * YEARS * TANLU_INDICATOR_COUNT;
  tanlu_gradients one = gradients_of(s, &request);
  assert_true(one.value[0] == all.value[output]);
  for (size_t i = 0; i < count; i++) { /* a year that is passed over does not find out what cannot move */
    if (isnan(all.direction[output * count + i]) && one.direction[i] == 0.0) one.direction[i] = (double)NAN;
  }
  assert_same(one.direction, all.direction + output * count, count, 1e-12);
  assert_same(one.emission_factor, all.emission_factor + output * factors, factors, 1e-12);
  assert_same(one.coefficient, all.coefficient + output * n * n, n * n, 1e-12);
  tanlu_gradients_clear(&all);
  tanlu_gradients_clear(&one);
  free(direction);
  free(part);
}

/* ---- emission factors and coefficients ----------------------------------------------------------------------------------------- */

/* Every factor changed in the dataset, the model made anew. */
static void emission_factors_of_every_group(void **state) {
  stirred *s = *state;
  const tanlu_energy_statistics *e = &s->m.dataset->energy;
  const size_t count = e->user_group.count * e->carrier.label.count;
  const tanlu_adjoint_request request = {.outputs = OUTPUTS, .weight = s->weight, .emission_factors = true};
  tanlu_gradients g = gradients_of(s, &request);
  double value[OUTPUTS], side[2][OUTPUTS];
  size_t wrong = 0, matter = 0;
  assert_true(project(s, value));
  for (size_t i = 0; i < count; i++) {
    double *number = &e->emission_factor[i];
    const double before = *number, size = fmax(before, 20.0); /* t CO2 per TJ */
    for (int k = 0; k < 2; k++) {
      *number = before + (k == 0 ? -move : move) * size;
      tanlu_model_free(&s->m.model);
      assert_int_equal(tanlu_model_create(&s->m.model, s->m.dataset, s->m.context), TANLU_OK);
      assert_true(project(s, side[k]));
    }
    *number = before;
    char what[100];
    snprintf(what, sizeof what, "factor of group %zu, carrier %zu", i / e->carrier.label.count,
             i % e->carrier.label.count);
    wrong += !agrees(what, size, 2.0 * move * size, value, side[0], side[1], g.emission_factor + i, count);
    matter += fabs(g.emission_factor[count + i]) * size > 1e-3 * fabs(value[1]);
  }
  tanlu_gradients_clear(&g);
  assert_true(matter >= 6);
  assert_int_equal(wrong, 0);
}

/* Every coefficient changed in the technology, value added taking the difference. */
static void coefficients_of_every_cell(void **state) {
  stirred *s = *state;
  tanlu_technology *technology = s->m.model->technology;
  const size_t n = technology->n;
  const tanlu_adjoint_request request = {.outputs = OUTPUTS, .weight = s->weight, .coefficients = true};
  tanlu_gradients g = gradients_of(s, &request);
  double value[OUTPUTS], low[OUTPUTS], high[OUTPUTS];
  size_t wrong = 0, matter = 0;
  assert_true(project(s, value));
  for (size_t k = 0; k < n * n; k++) {
    const size_t i = k % n, j = k / n;
    const bool energy = technology->row_of[i] != TANLU_NONE;
    double *number = &technology->a[k], *sum = &technology->non_energy_sum[j];
    const double before = *number, sum_before = *sum, size = fmax(before, smallest);
    if (energy && before == 0.0) continue;
    const double down = before > 0.0 ? move * size : 0.0, up = move * size;
    memcpy(low, value, sizeof low);
    *number = before - down;
    if (!energy) *sum = sum_before - down;
    if (down > 0.0) assert_true(project(s, low));
    *number = before + up;
    if (!energy) *sum = sum_before + up;
    assert_true(project(s, high));
    *number = before;
    *sum = sum_before;
    char what[100];
    snprintf(what, sizeof what, "coefficient of row %zu, column %zu", i, j);
    wrong += !agrees(what, size, up + down, value, low, high, g.coefficient + k, n * n);
    matter += fabs(g.coefficient[n * n + k]) * size > 1e-3 * fabs(value[1]);
  }
  tanlu_gradients_clear(&g);
  assert_true(matter >= 8);
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(drivers_of_every_kind, open_stirred, close_stirred),
      cmocka_unit_test_setup_teardown(one_output_alone, open_stirred, close_stirred),
      cmocka_unit_test_setup_teardown(emission_factors_of_every_group, open_stirred, close_stirred),
      cmocka_unit_test_setup_teardown(coefficients_of_every_cell, open_stirred, close_stirred),
  };
  return cmocka_run_group_tests_name("adjoint", tests, NULL, NULL);
}
