/* Systems fed by rows. Oracles: Leontief's two-sector example, spectral radii of matrices that can be read off, and systems whose
 * exact solution is known in whole numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "solvers/memory.h"
#include "solvers/row_system.h"
#include "tests/support.h"

typedef struct {
  tanlu_context *context;
  tanlu_row_system system;
  tanlu_row_system_facts facts;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL) return 1;
  f->context = tanlu_context_create();
  *state = f;
  return tanlu_row_system_direct(&f->system, f->context) == TANLU_OK ? 0 : 1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_row_system_direct_free(&f->system);
  tanlu_context_free(&f->context);
  free(f);
  return 0;
}

/* a: n x n, row by row */
static tanlu_status factor(fixture *f, size_t n, const double *a) {
  assert_int_equal(f->system.begin(f->system.user, n, f->context), TANLU_OK);
  for (size_t i = n; i-- > 0;) { /* in any order */
    assert_int_equal(f->system.row(f->system.user, i, a + i * n, f->context), TANLU_OK);
  }
  return tanlu_row_system_factor(&f->system, n, &f->facts, f->context);
}

/* Leontief, Input-Output Economics (1986), chapter 2: the inverse is [0.88 0.40; 0.14 0.75] / 0.604, its row sums 1.28 and
 * 0.89 over 0.604; final demand (55, 30) takes (100, 50). Multiples of it in more columns than one call takes. */
static void leontief_example(void **state) {
  fixture *f = *state;
  enum { COLUMNS = 2 * TANLU_ROW_SYSTEM_COLUMNS + 3 };
  static const double a[] = {0.25, 0.40, 0.14, 0.12};
  double b[2 * COLUMNS], error[COLUMNS];
  assert_int_equal(factor(f, 2, a), TANLU_OK);
  assert_true(fabs(f->facts.row_sum - 1.28 / 0.604) < 1e-14);
  for (size_t k = 0; k < COLUMNS; k++) {
    b[2 * k] = 55.0 * (double)k;
    b[2 * k + 1] = 30.0 * (double)k;
  }
  assert_int_equal(tanlu_row_system_solve(&f->system, 2, &f->facts, 1e-14, b, COLUMNS, error, f->context), TANLU_OK);
  assert_true(error[0] == 0.0); /* no demand, no output */
  for (size_t k = 0; k < COLUMNS; k++) {
    assert_true(fabs(b[2 * k] - 100.0 * (double)k) <= 1e-13 * 100.0 * (double)k);
    assert_true(fabs(b[2 * k + 1] - 50.0 * (double)k) <= 1e-13 * 100.0 * (double)k);
  }
}

/* Not productive in every way: above 1 and regular, exactly 1 and singular, periodic, and hidden in one of several blocks, where
 * the solution for ones is positive elsewhere. */
static void not_productive(void **state) {
  fixture *f = *state;
  static const struct {
    size_t n;
    double a[9], radius;
    size_t culprit;
  } c[] = {
      {1, {1.0}, 1.0, 0},
      {1, {1.5}, 1.5, 0},
      {2, {0.5, 0.0, 0.0, 1.2}, 1.2, 1},
      {2, {1.2, 0.0, 0.0, 0.5}, 1.2, 0},
      {2, {0.0, 2.0, 1.0, 0.0}, 1.4142135623731, 0},              /* eigenvector (root 2, 1) */
      {2, {0.0, 4.0, 0.25, 0.0}, 1.0, 0},                         /* singular: eigenvector (4, 1) */
      {3, {0.1, 0.0, 0.2, 0.0, 1.1, 0.0, 0.3, 0.0, 0.1}, 1.1, 1}, /* the second sector alone */
  };
  for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
    assert_int_equal(factor(f, c[k].n, c[k].a), TANLU_ERR_MODEL);
    assert_int_equal(f->facts.culprit, c[k].culprit);
    assert_true(fabs(f->facts.radius - c[k].radius) <= 1e-3 * c[k].radius);
    assert_int_equal(tanlu_context_errors(f->context), 0); /* words are the caller's */
  }
}

/* Coefficients in 1024ths and outputs in whole numbers: b is exact, and so is the solution. The bound leaves out the rounding of
 * the residual itself, at most 2 n eps (|b| + |x| + |A x|) <= 8 n eps max |x| here. */
static void the_bound_holds(void **state) {
  fixture *f = *state;
  enum { N = 60 };
  double *a = calloc(N * N, sizeof *a), x[N], b[N], error = 0.0, top = 0.0;
  unsigned seed = 12345;
  assert_non_null(a);
  for (size_t j = 0; j < N; j++) {
    double left = 1000.0; /* of 1024 */
    for (size_t i = 0; i < N; i++) {
      seed = seed * 1103515245u + 12345u;
      const double part = fmin(left, (double)((seed >> 16) % 33));
      a[i * N + j] = part / 1024.0;
      left -= part;
    }
    x[j] = (double)((seed >> 16) % 1000) + 1.0;
    top = fmax(top, x[j]);
  }
  for (size_t i = 0; i < N; i++) {
    b[i] = x[i];
    for (size_t j = 0; j < N; j++) b[i] -= a[i * N + j] * x[j];
  }
  assert_int_equal(factor(f, N, a), TANLU_OK);
  assert_int_equal(tanlu_row_system_solve(&f->system, N, &f->facts, 1e-10, b, 1, &error, f->context), TANLU_OK);
  const double rounding = 8.0 * N * DBL_EPSILON * f->facts.row_sum;
  for (size_t i = 0; i < N; i++) assert_true(fabs(b[i] - x[i]) <= (error + rounding) * top);
  free(a);
}

/* A bound above the tolerance names the column: an inverse of 2^40 from a residual of one rounding. */
static void what_misses_the_tolerance_is_said(void **state) {
  fixture *f = *state;
  static const double a[] = {0.5, 0.5, 0.5, 0.5 - 0x1p-40};
  double b[] = {0.0, 0.0, 0.1, 0.3}, error[2];
  assert_int_equal(factor(f, 2, a), TANLU_OK);
  assert_true(f->facts.row_sum > 0x1p40);
  assert_int_equal(tanlu_row_system_solve(&f->system, 2, &f->facts, 1e-16, b, 2, error, f->context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(f->context, "column 2"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(leontief_example, set_up, tear_down),
      cmocka_unit_test_setup_teardown(not_productive, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_bound_holds, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_misses_the_tolerance_is_said, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("row_system", tests, NULL, NULL);
}
