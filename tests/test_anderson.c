/* Anderson acceleration against fixed points with known solutions. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "solvers/anderson.h"

/* s = M s + b with M = [0.9 0.2 0; 0.1 0.5 0.3; 0 0.3 0.6], b = (1, 2, 3). By hand, (I - M) s = b:
 *   0.1 s1 - 0.2 s2           = 1
 *  -0.1 s1 + 0.5 s2 - 0.3 s3  = 2
 *          - 0.3 s2 + 0.4 s3  = 3
 * The first two add to 0.3 s2 - 0.3 s3 = 3; with the third 0.1 s3 = 6, so s3 = 60, s2 = 70, s1 = 150. */
static void linear(const double *s, double *image) {
  image[0] = 0.9 * s[0] + 0.2 * s[1] + 1.0;
  image[1] = 0.1 * s[0] + 0.5 * s[1] + 0.3 * s[2] + 2.0;
  image[2] = 0.3 * s[1] + 0.6 * s[2] + 3.0;
}

/* On a linear problem full-depth Anderson spans the Krylov space of GMRES: with exact arithmetic it ends after as many
 * steps as there are unknowns, plus the one that starts the history and the one that applies the last. Plain iteration
 * with this matrix (spectral radius above 0.98) would need more than a thousand. */
static void ends_on_a_linear_problem(void **unused) {
  (void)unused;
  tanlu_anderson *a = NULL;
  assert_int_equal(tanlu_anderson_create(&a, 3, 3, NULL), TANLU_OK);
  double s[3] = {0.0, 0.0, 0.0}, image[3];
  for (int k = 0; k < 5; k++) {
    linear(s, image);
    tanlu_anderson_step(a, s, image);
  }
  /* condition of I - M is about 1e2: rounding leaves some 1e-13 relative */
  assert_true(fabs(s[0] - 150.0) < 1e-10 * 150.0);
  assert_true(fabs(s[1] - 70.0) < 1e-10 * 70.0);
  assert_true(fabs(s[2] - 60.0) < 1e-10 * 60.0);
  tanlu_anderson_free(&a);
  assert_null(a);
}

/* s = cos s: 0.739085133215160641655 (Dottie's number). Plain iteration gains a factor 0.67 a step: 80 steps to 1e-14. */
static void a_nonlinear_problem(void **unused) {
  (void)unused;
  tanlu_anderson *a = NULL;
  assert_int_equal(tanlu_anderson_create(&a, 1, 2, NULL), TANLU_OK);
  double s = 1.0;
  for (int k = 0; k < 10; k++) {
    const double image = cos(s);
    tanlu_anderson_step(a, &s, &image);
  }
  assert_true(fabs(s - 0.739085133215160641655) < 4.0 * DBL_EPSILON);
  tanlu_anderson_free(&a);
}

/* A state that does not move leaves nothing to divide by. */
static void a_fixed_state_stays(void **unused) {
  (void)unused;
  tanlu_anderson *a = NULL;
  assert_int_equal(tanlu_anderson_create(&a, 2, 4, NULL), TANLU_OK);
  double s[2] = {3.0, 0.0};
  const double image[2] = {3.0, 0.0};
  for (int k = 0; k < 6; k++) tanlu_anderson_step(a, s, image);
  assert_true(s[0] == 3.0 && s[1] == 0.0);
  tanlu_anderson_reset(a);
  tanlu_anderson_step(a, s, image);
  assert_true(s[0] == 3.0);
  tanlu_anderson_free(&a);
}

static void a_bad_depth_is_an_error(void **unused) {
  (void)unused;
  tanlu_anderson *a = NULL;
  assert_int_equal(tanlu_anderson_create(&a, 2, 0, NULL), TANLU_ERR_INTERNAL);
  assert_null(a);
  assert_int_equal(tanlu_anderson_create(&a, 2, 17, NULL), TANLU_ERR_INTERNAL);
  tanlu_anderson_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ends_on_a_linear_problem),
      cmocka_unit_test(a_nonlinear_problem),
      cmocka_unit_test(a_fixed_state_stays),
      cmocka_unit_test(a_bad_depth_is_an_error),
  };
  return cmocka_run_group_tests_name("anderson", tests, NULL, NULL);
}
