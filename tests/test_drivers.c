/* Drivers: the table, the axes, and the scenario in which nothing changes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/model_support.h"

/* A path names each axis beyond ONE with a star, is unique, and its default lies within its bounds. */
static void the_table_is_consistent(void **state) {
  (void)state;
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const tanlu_driver_info *info = &tanlu_driver_table[id];
    int stars = 0, axes = 0;
    for (const char *c = info->path; *c; c++) stars += *c == '*';
    for (int k = 0; k < 2; k++) axes += info->axis[k] != TANLU_AXIS_ONE;
    assert_int_equal(stars, axes);
    assert_true(info->axis[0] != TANLU_AXIS_ONE || info->axis[1] == TANLU_AXIS_ONE);
    assert_true(info->lowest < info->highest);
    assert_true(isnan(info->fallback) || (info->lowest <= info->fallback && info->fallback <= info->highest));
    if (info->form == TANLU_FORM_INDEX) assert_true(info->fallback == 1.0); /* nothing said: as in the base year */
    if (info->form == TANLU_FORM_PATH) assert_true(isnan(info->fallback));
    for (int other = 0; other < id; other++) assert_string_not_equal(info->path, tanlu_driver_table[other].path);
  }
}

/* Every code of an axis is found where it stands; codes that do not exist are not. */
static void axes_name_their_members(void **state) {
  const tanlu_test_model *m = *state;
  static const struct {
    tanlu_axis axis;
    size_t count;
    const char *last;
  } expected[] = {
      {TANLU_AXIS_ONE, 1, ""},
      {TANLU_AXIS_CATEGORY, 6, "exports"},
      {TANLU_AXIS_POLICY_GROUP, 3, "power_heat"},
      {TANLU_AXIS_MIX_GROUP, 6, "heat_supply"},
      {TANLU_AXIS_CLASS, 9, "hydrogen"},
      {TANLU_AXIS_USE, 3, NULL},
      {TANLU_AXIS_TECHNOLOGY, 9, "pv"},
      {TANLU_AXIS_PRODUCT, 3, "coal_output"},
      {TANLU_AXIS_EMISSION, 1, "calcination"},
      {TANLU_AXIS_HYDROGEN, 3, "gas"},
      {TANLU_AXIS_HOUSEHOLD, 4, "rural_vehicles"},
  };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const tanlu_axis axis = expected[i].axis;
    assert_int_equal(tanlu_axis_count(m->dataset, axis), expected[i].count);
    for (size_t k = 0; k < expected[i].count; k++) {
      assert_int_equal(tanlu_axis_find(m->dataset, axis, tanlu_axis_code(m->dataset, axis, k)), k);
    }
    if (expected[i].last) {
      assert_string_equal(tanlu_axis_code(m->dataset, axis, expected[i].count - 1), expected[i].last);
    }
    assert_true(tanlu_axis_find(m->dataset, axis, "no_such_member") == TANLU_NONE);
    assert_null(tanlu_axis_code(m->dataset, axis, expected[i].count));
  }
}

/* Base values by hand. Final use without inventories: rural 124, urban 301, government 120, capital 200, exports 65, in all
 * 810. Generation 400 TJ: thermal 340 (coal 0.92, gas 0.06, recovered 0.02), hydro 30, nuclear 10, wind 15, solar 5. Net
 * imports of electricity: available 50 less primary electricity 60 = -10 TJ; 1 TWh = 3600 TJ. */
static void base_values_come_from_the_statistics(void **state) {
  const tanlu_test_model *m = *state;
  const double share[] = {124.0 / 810, 301.0 / 810, 120.0 / 810, 200.0 / 810, 0.0, 65.0 / 810};
  for (size_t k = 0; k < 6; k++) {
    if (k == 4) continue; /* inventories stand outside the shares */
    assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_CATEGORY_SHARE, k, 0), share[k], 1e-14);
  }
  const double generation[] = {312.8, 20.4, 0, 6.8, 0, 30, 10, 15, 5};
  for (size_t i = 0; i < 9; i++) {
    assert_near_of(tanlu_driver_base(m->dataset, TANLU_DRIVER_POWER_MIX, i, 0), generation[i] / 400, 1e-14, 1e-3);
  }
  assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_POWER_IMPORTS, 0, 0), -10.0 / 3600, 1e-14);
  assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_POPULATION, 0, 0), 10, 1e-14);
  assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_URBANISATION, 0, 0), 0.6, 1e-14);
  assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_COAL_RATE, 0, 0), 305.5, 1e-14);
  assert_near_of(tanlu_driver_base(m->dataset, TANLU_DRIVER_GDP_GROWTH, 0, 0), 0, 0, 0);
  assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_INTENSITY, 1, 0), 1, 0);
  assert_near(tanlu_driver_base(m->dataset, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 0, 0), 0.5, 0);
}

/* Shares along the last axis add to one in every year; paths are unset; everything is constant. */
static void drivers_start_as_no_change(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2060, 2);
  assert_int_equal(d->years, 41);
  assert_int_equal(d->size[TANLU_DRIVER_STRUCTURE_SHARE], 2);
  assert_int_equal(d->size[TANLU_DRIVER_RETAIN], 6 * 9);
  assert_int_equal(d->inner[TANLU_DRIVER_RETAIN], 9);
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const tanlu_driver_form form = tanlu_driver_table[id].form;
    const double *first = d->value[id], *last = d->value[id] + 40 * d->size[id];
    for (size_t k = 0; k < d->size[id]; k++) {
      const bool unset = form == TANLU_FORM_PATH || form == TANLU_FORM_SHARE_PATH;
      assert_true(unset ? isnan(first[k]) && isnan(last[k]) : first[k] == last[k]);
      if (form == TANLU_FORM_INDEX) assert_true(first[k] == 1.0);
    }
  }
  const tanlu_driver_id lists[] = {TANLU_DRIVER_POWER_MIX, TANLU_DRIVER_HYDROGEN_MIX};
  for (size_t i = 0; i < 2; i++) {
    double sum = 0.0;
    for (size_t a = 0; a < d->size[lists[i]]; a++) sum += tanlu_driver(d, lists[i], 20, a, 0);
    assert_near(sum, 1, 1e-14);
  }
  for (size_t g = 0; g < 6; g++) {
    double gain = 0.0;
    for (size_t k = 0; k < 9; k++) gain += tanlu_driver(d, TANLU_DRIVER_GAIN, 20, g, k);
    assert_near(gain, 1, 1e-14);
  }
  double share = 0.0;
  for (size_t k = 0; k < 6; k++) {
    if (m->dataset->accounts.role[k] != TANLU_ROLE_INVENTORIES) {
      share += tanlu_driver(d, TANLU_DRIVER_CATEGORY_SHARE, 20, k, 0);
    }
  }
  assert_near(share, 1, 1e-14);
  tanlu_drivers_free(&d);
  tanlu_drivers_free(&d);
}

/* Member (a, b) of year t stands at t x size + a x inner + b. */
static void members_have_their_place(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2022, 0);
  d->value[TANLU_DRIVER_RETAIN][1 * 54 + 2 * 9 + 3] = 0.25;
  assert_near(tanlu_driver(d, TANLU_DRIVER_RETAIN, 1, 2, 3), 0.25, 0);
  assert_near(tanlu_driver(d, TANLU_DRIVER_RETAIN, 0, 2, 3), 1, 0);
  tanlu_drivers_free(&d);
}

static void years_in_the_wrong_order_are_refused(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_drivers_create(&d, m->dataset, 2030, 2029, 0, m->context), TANLU_ERR_INPUT);
  assert_null(d);
  assert_true(tanlu_test_has_message(m->context, "2030"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_table_is_consistent),
      cmocka_unit_test(axes_name_their_members),
      cmocka_unit_test(base_values_come_from_the_statistics),
      cmocka_unit_test(drivers_start_as_no_change),
      cmocka_unit_test(members_have_their_place),
      cmocka_unit_test(years_in_the_wrong_order_are_refused),
  };
  return cmocka_run_group_tests(tests, tanlu_test_tiny_set_up, tanlu_test_model_tear_down);
}
