/* Anderson acceleration in lanes against fixed points with known solutions. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "solvers/lane_anderson.h"

enum { LANES = 8 };

/* s = M s + b with M = [0.9 0.2 0; 0.1 0.5 0.3; 0 0.3 0.6], b = (1, 2, 3) f. By hand for f = 1, (I - M) s = b:
 *   0.1 s1 - 0.2 s2           = 1
 *  -0.1 s1 + 0.5 s2 - 0.3 s3  = 2
 *          - 0.3 s2 + 0.4 s3  = 3
 * The first two add to 0.3 s2 - 0.3 s3 = 3; with the third 0.1 s3 = 6, so s3 = 60, s2 = 70, s1 = 150. */
static void linear_step(size_t width, const double *s, double *step) {
  for (size_t l = 0; l < width; l++) {
    const double s1 = s[l], s2 = s[width + l], s3 = s[2 * width + l], f = 1.0 + (double)l;
    step[l] = 0.9 * s1 + 0.2 * s2 + 1.0 * f - s1;
    step[width + l] = 0.1 * s1 + 0.5 * s2 + 0.3 * s3 + 2.0 * f - s2;
    step[2 * width + l] = 0.3 * s2 + 0.6 * s3 + 3.0 * f - s3;
  }
}

static void add(size_t count, const double *step, double *s) {
  for (size_t i = 0; i < count; i++) s[i] += step[i];
}

/* On a linear problem full-depth Anderson spans the Krylov space of GMRES: with exact arithmetic it ends after as many
 * steps as there are unknowns, plus the one that starts the history and the one that applies the last. Plain iteration
 * with this matrix (spectral radius above 0.98) would need more than a thousand. */
static void ends_on_linear_problems(void **unused) {
  (void)unused;
  tanlu_lane_anderson *a = NULL;
  assert_int_equal(tanlu_lane_anderson_create(&a, 3, 3, LANES, NULL), TANLU_OK);
  double s[3 * LANES] = {0.0}, step[3 * LANES];
  for (int k = 0; k < 5; k++) {
    linear_step(LANES, s, step);
    tanlu_lane_anderson_step(a, s, step);
    add(3 * LANES, step, s);
  }
  for (size_t l = 0; l < LANES; l++) { /* condition of I - M is about 1e2: rounding leaves some 1e-13 relative */
    const double f = 1.0 + (double)l;
    assert_true(fabs(s[l] - 150.0 * f) < 1e-10 * 150.0 * f);
    assert_true(fabs(s[LANES + l] - 70.0 * f) < 1e-10 * 70.0 * f);
    assert_true(fabs(s[2 * LANES + l] - 60.0 * f) < 1e-10 * 60.0 * f);
  }
  tanlu_lane_anderson_free(&a);
  assert_null(a);
}

/* s = cos s: 0.739085133215160641655 (Dottie's number), from a different start in every lane. Plain iteration gains a
 * factor 0.67 a step: 80 steps to 1e-14. A lane gives the bits it would give alone. */
static void lanes_do_not_touch(void **unused) {
  (void)unused;
  double together[LANES], step[LANES];
  tanlu_lane_anderson *a = NULL;
  assert_int_equal(tanlu_lane_anderson_create(&a, 1, 2, LANES, NULL), TANLU_OK);
  for (size_t l = 0; l < LANES; l++) together[l] = 0.25 * (double)l;
  for (int k = 0; k < 10; k++) {
    for (size_t l = 0; l < LANES; l++) step[l] = cos(together[l]) - together[l];
    if (k == 4) tanlu_lane_anderson_reset(a);
    tanlu_lane_anderson_step(a, together, step);
    add(LANES, step, together);
  }
  tanlu_lane_anderson_free(&a);
  for (size_t l = 0; l < LANES; l++) {
    double alone = 0.25 * (double)l;
    assert_true(fabs(together[l] - 0.739085133215160641655) < 8.0 * DBL_EPSILON);
    assert_int_equal(tanlu_lane_anderson_create(&a, 1, 2, 1, NULL), TANLU_OK);
    for (int k = 0; k < 10; k++) {
      double move = cos(alone) - alone;
      if (k == 4) tanlu_lane_anderson_reset(a);
      tanlu_lane_anderson_step(a, &alone, &move);
      alone += move;
    }
    tanlu_lane_anderson_free(&a);
    assert_memory_equal(&alone, &together[l], sizeof alone);
  }
}

/* A state that does not move leaves nothing to divide by; without depth steps stay what they are. */
static void still_states_and_no_depth(void **unused) {
  (void)unused;
  tanlu_lane_anderson *a = NULL;
  assert_int_equal(tanlu_lane_anderson_create(&a, 2, 4, 1, NULL), TANLU_OK);
  const double s[2] = {3.0, 0.0};
  double step[2] = {0.0, 0.0};
  for (int k = 0; k < 6; k++) tanlu_lane_anderson_step(a, s, step);
  assert_true(step[0] == 0.0 && step[1] == 0.0);
  tanlu_lane_anderson_free(&a);
  assert_int_equal(tanlu_lane_anderson_create(&a, 2, 0, 1, NULL), TANLU_OK);
  step[0] = 0.5;
  for (int k = 0; k < 3; k++) tanlu_lane_anderson_step(a, s, step);
  assert_true(step[0] == 0.5 && step[1] == 0.0);
  tanlu_lane_anderson_free(&a);
}

static void bad_sizes_are_errors(void **unused) {
  (void)unused;
  tanlu_lane_anderson *a = NULL;
  assert_int_equal(tanlu_lane_anderson_create(&a, 2, 9, 1, NULL), TANLU_ERR_INTERNAL);
  assert_null(a);
  assert_int_equal(tanlu_lane_anderson_create(&a, 2, 1, TANLU_LANES_MAX + 1, NULL), TANLU_ERR_INTERNAL);
  tanlu_lane_anderson_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ends_on_linear_problems),
      cmocka_unit_test(lanes_do_not_touch),
      cmocka_unit_test(still_states_and_no_depth),
      cmocka_unit_test(bad_sizes_are_errors),
  };
  return cmocka_run_group_tests_name("lane_anderson", tests, NULL, NULL);
}
