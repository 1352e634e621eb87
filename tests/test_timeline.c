/* Timelines against hand arithmetic: the formulas of model/timeline.h worked out for a few knots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "model/timeline.h"

/* 10 in 2030, 20 in 2040: 2033 is 13. Constant outside. */
static void linear_between_knots(void **state) {
  (void)state;
  tanlu_timeline line = {0};
  assert_null(tanlu_timeline_add(&line, 2030, 10.0, TANLU_LINEAR));
  assert_null(tanlu_timeline_add(&line, 2040, 20.0, TANLU_LINEAR));
  assert_true(tanlu_timeline_value(&line, 2020) == 10.0);
  assert_true(tanlu_timeline_value(&line, 2030) == 10.0);
  assert_true(fabs(tanlu_timeline_value(&line, 2033) - 13.0) < 1e-14);
  assert_true(tanlu_timeline_value(&line, 2040) == 20.0);
  assert_true(tanlu_timeline_value(&line, 2100) == 20.0);
  tanlu_timeline_clear(&line);
}

/* A step holds the value until the year of the next knot. */
static void steps_hold(void **state) {
  (void)state;
  tanlu_timeline line = {0};
  assert_null(tanlu_timeline_add(&line, 2030, 1.0, TANLU_STEP));
  assert_null(tanlu_timeline_add(&line, 2040, 2.0, TANLU_STEP));
  assert_true(tanlu_timeline_value(&line, 2039) == 1.0);
  assert_true(tanlu_timeline_value(&line, 2040) == 2.0);
  tanlu_timeline_clear(&line);
}

/* 1 to 16 over four years doubles every year. */
static void geometric_growth(void **state) {
  (void)state;
  tanlu_timeline line = {0};
  assert_null(tanlu_timeline_add(&line, 2020, 1.0, TANLU_GEOMETRIC));
  assert_null(tanlu_timeline_add(&line, 2024, 16.0, TANLU_GEOMETRIC));
  const double expected[] = {1.0, 2.0, 4.0, 8.0, 16.0};
  double value[10];
  tanlu_timeline_fill(&line, 2020, 5, value, 2);
  for (size_t k = 0; k < 5; k++) assert_true(fabs(value[2 * k] - expected[k]) < 1e-14 * expected[k]);
  tanlu_timeline_clear(&line);
}

/* A linear record up to 2024, then a step: each segment keeps its own interpolation. */
static void segments_of_two_kinds(void **state) {
  (void)state;
  tanlu_timeline line = {0};
  assert_null(tanlu_timeline_add(&line, 2020, 1.0, TANLU_LINEAR));
  assert_null(tanlu_timeline_add(&line, 2024, 3.0, TANLU_LINEAR));
  assert_null(tanlu_timeline_add(&line, 2030, 9.0, TANLU_STEP));
  assert_true(tanlu_timeline_value(&line, 2022) == 2.0);
  assert_true(tanlu_timeline_value(&line, 2029) == 3.0);
  assert_true(tanlu_timeline_value(&line, 2030) == 9.0);
  tanlu_timeline_clear(&line);
}

static void wrong_knots(void **state) {
  (void)state;
  tanlu_timeline line = {0};
  assert_true(isnan(tanlu_timeline_value(&line, 2030)));
  assert_null(tanlu_timeline_add(&line, 2030, 0.0, TANLU_GEOMETRIC));
  assert_string_equal(tanlu_timeline_add(&line, 2030, 1.0, TANLU_LINEAR), "two knots for the same year");
  assert_string_equal(tanlu_timeline_add(&line, 2029, 1.0, TANLU_LINEAR),
                      "the knots are not in the order of their years");
  assert_string_equal(tanlu_timeline_add(&line, 2040, 1.0, TANLU_GEOMETRIC),
                      "geometric interpolation needs positive values at both ends");
  assert_string_equal(tanlu_timeline_add(&line, 2040, (double)NAN, TANLU_LINEAR), "the value is not finite");
  assert_int_equal(line.count, 1);
  tanlu_timeline_clear(&line);
  assert_int_equal(line.count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(linear_between_knots),  cmocka_unit_test(steps_hold),  cmocka_unit_test(geometric_growth),
      cmocka_unit_test(segments_of_two_kinds), cmocka_unit_test(wrong_knots),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
