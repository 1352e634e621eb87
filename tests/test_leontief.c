/* Leontief systems and the spectral radius. Oracles: Miller and Blair's two-sector example, inverses and eigenvalues worked
 * by hand, and the residual of the original system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>
#include <omp.h>

#include "solvers/blas.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

enum { RANDOM_MAX = 200 };

static tanlu_context *context;

static int group_setup(void **state) {
  (void)state;
  context = tanlu_context_create();
  return context ? 0 : -1;
}

static int group_teardown(void **state) {
  (void)state;
  tanlu_context_free(&context);
  return 0;
}

static int each_setup(void **state) {
  (void)state;
  tanlu_context_clear(context);
  return 0;
}

static tanlu_leontief *create(size_t n) {
  tanlu_leontief *solver = NULL;
  assert_int_equal(tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, context), TANLU_OK);
  assert_non_null(solver);
  return solver;
}

static void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g; expected %.17g within %.1e", value, expected, tolerance);
}

static void assert_message(const char *part) {
  assert_true(tanlu_context_errors(context) > 0);
  const char *message = tanlu_context_message(context, tanlu_context_count(context) - 1);
  if (!strstr(message, part)) fail_msg("\"%s\" does not say \"%s\"", message, part);
}

/* Uniform numbers in [0, 1): Knuth's MMIX linear congruential generator, upper 53 bits. */
static double uniform(uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (double)(*seed >> 11) * 0x1p-53;
}

/* A random non-negative n x n matrix whose column sums are exactly 0.2 to 0.9 (up to rounding): productive, since the
 * largest column sum bounds the spectral radius. */
static void random_productive(double *a, size_t n, uint64_t *seed) {
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[j * n + i] = uniform(seed) < 0.3 ? 0 : uniform(seed);
    a[j * n + j] += 0.01, sum += 0.01;
    const double wanted = 0.2 + 0.7 * uniform(seed);
    for (size_t i = 0; i < n; i++) a[j * n + i] *= wanted / sum;
  }
}

/* --- the direct solver ----------------------------------------------------------------------------------------------- */

/* Leontief, Input-Output Economics (1986), chapter 2: agriculture and manufacture of a simplified economy,
 *     Z = [25 20; 14 6] bushels and yards, final demand (55, 30), x = (100, 50)
 * so A = [0.25 0.40; 0.14 0.12] and (I - A)^-1 = [1.457 0.662; 0.232 1.242] as printed there; exactly 1/0.604 times
 * [0.88 0.40; 0.14 0.75]. */
static void leontief_agriculture_and_manufacture(void **state) {
  (void)state;
  const double a[4] = {25.0 / 100, 14.0 / 100, 20.0 / 50, 6.0 / 50};
  tanlu_leontief *solver = create(2);
  assert_int_equal(tanlu_leontief_factor(solver, a, 2, NULL, context), TANLU_OK);
  double inverse[4] = {1, 0, 0, 1}, output[2] = {55, 30};
  assert_int_equal(tanlu_leontief_solve(solver, inverse, 2, 2, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_solve(solver, output, 2, 1, context), TANLU_OK);
  const double printed[4] = {1.457, 0.232, 0.662, 1.242};
  for (size_t k = 0; k < 4; k++) assert_close(inverse[k], printed[k], 0.5e-3); /* three printed decimals */
  assert_close(output[0], 100, 1e-12);
  assert_close(output[1], 50, 1e-12);
  tanlu_leontief_free(&solver);
}

/* Miller and Blair, Input-Output Analysis, chapter 2: Z = [150 500; 200 100], x = (1000, 2000), so
 * A = [0.15 0.25; 0.20 0.05] and |I - A| = 0.85 0.95 - 0.25 0.20 = 0.7575; the book prints
 * L = [1.2541 0.3300; 0.2640 1.1221]. New demand (600, 1500) needs x = (1247.5, 1841.6). */
static void miller_and_blair_two_sectors(void **state) {
  (void)state;
  const double z[4] = {150, 200, 500, 100}, x[2] = {1000, 2000}; /* column-major */
  double a[4];
  for (size_t j = 0; j < 2; j++)
    for (size_t i = 0; i < 2; i++) a[j * 2 + i] = z[j * 2 + i] / x[j];
  tanlu_leontief *solver = create(2);
  assert_int_equal(tanlu_leontief_factor(solver, a, 2, NULL, context), TANLU_OK);

  double inverse[4] = {1, 0, 0, 1};
  assert_int_equal(tanlu_leontief_solve(solver, inverse, 2, 2, context), TANLU_OK);
  const double printed[4] = {1.2541, 0.2640, 0.3300, 1.1221};
  const double exact[4] = {0.95 / 0.7575, 0.20 / 0.7575, 0.25 / 0.7575, 0.85 / 0.7575};
  for (size_t k = 0; k < 4; k++) {
    assert_close(inverse[k], printed[k], 0.5e-4); /* four printed decimals */
    assert_close(inverse[k], exact[k], 1e-15);    /* a few units in the last place */
  }
  double demand[2] = {600, 1500};
  assert_int_equal(tanlu_leontief_solve(solver, demand, 2, 1, context), TANLU_OK);
  assert_close(demand[0], 1247.52, 0.005);
  assert_close(demand[1], 1841.58, 0.005);
  tanlu_leontief_free(&solver);
}

/* (I - A)' p = v for A = [0.1 0.4; 0.3 0.2]: |I - A| = 0.9 0.8 - 0.4 0.3 = 0.6, L = [0.8 0.4; 0.3 0.9] / 0.6, so
 * p = L' v; v = (3, 6) gives p = (2.4 + 1.8, 1.2 + 5.4) / 0.6 = (7, 11). The leading dimensions leave unused rows. */
static void transposed_solve_is_the_transposed_inverse(void **state) {
  (void)state;
  const double a[6] = {0.1, 0.3, -99, 0.4, 0.2, -99};
  double b[8] = {3, 6, -7, -7, 1, 0, -7, -7};
  tanlu_leontief *solver = create(2);
  assert_int_equal(tanlu_leontief_factor(solver, a, 3, NULL, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_solve_transposed(solver, b, 4, 2, context), TANLU_OK);
  const double expected[8] = {7, 11, -7, -7, 0.8 / 0.6, 0.4 / 0.6, -7, -7};
  for (size_t k = 0; k < 8; k++) assert_close(b[k], expected[k], 4e-15);
  tanlu_leontief_free(&solver);
}

/* For every order: solutions of random productive systems satisfy the system (residual) and are not below the demand
 * (L = I + A + A^2 + ... >= I); p'y = v'x for p = L'v, x = L y. 1e-13: n eps = 4e-14 for the largest. */
static void random_systems_have_small_residuals(void **state) {
  (void)state;
  const size_t largest = RANDOM_MAX;
  double *a = tanlu_allocate_doubles(context, largest, largest);
  double *y = tanlu_allocate_doubles(context, largest, 4);
  assert_non_null(a);
  assert_non_null(y);
  double *x = y + largest, *v = x + largest, *p = v + largest;
  uint64_t seed = 20200101;
  for (size_t n = 1; n <= largest; n++) {
    random_productive(a, n, &seed);
    for (size_t i = 0; i < n; i++) {
      x[i] = y[i] = 100 * uniform(&seed);
      p[i] = v[i] = uniform(&seed);
    }
    tanlu_leontief *solver = create(n);
    assert_int_equal(tanlu_leontief_factor(solver, a, n, NULL, context), TANLU_OK);
    assert_int_equal(tanlu_leontief_solve(solver, x, n, 1, context), TANLU_OK);
    assert_int_equal(tanlu_leontief_solve_transposed(solver, p, n, 1, context), TANLU_OK);
    assert_true(tanlu_leontief_residual(a, n, x, y) < 1e-13);
    double from_prices = 0, from_output = 0;
    for (size_t i = 0; i < n; i++) {
      assert_true(x[i] >= y[i] * (1 - 1e-13));
      from_prices += p[i] * y[i];
      from_output += v[i] * x[i];
    }
    assert_close(from_prices, from_output, 1e-13 * from_output);
    tanlu_leontief_free(&solver);
  }
  free(a);
  free(y);
}

/* An update is a factorisation of the new matrix, also after a failure. A = 0.5 I gives x = 2 y. */
static void update_replaces_the_matrix(void **state) {
  (void)state;
  tanlu_leontief *solver = create(2);
  const double zero[4] = {0}, half[4] = {0.5, 0, 0, 0.5}, one[4] = {1, 0, 0, 1};
  double b[2] = {3, 4};
  assert_int_equal(tanlu_leontief_solve(solver, b, 2, 1, context), TANLU_ERR_INTERNAL); /* not factored */
  assert_int_equal(tanlu_leontief_factor(solver, zero, 2, NULL, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_solve(solver, b, 2, 1, context), TANLU_OK);
  assert_close(b[0], 3, 0);
  assert_int_equal(tanlu_leontief_update(solver, one, 2, NULL, context), TANLU_ERR_MODEL);
  assert_int_equal(tanlu_leontief_solve(solver, b, 2, 1, context), TANLU_ERR_INTERNAL); /* no stale factors */
  assert_int_equal(tanlu_leontief_update(solver, half, 2, NULL, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_solve(solver, b, 2, 1, context), TANLU_OK);
  assert_close(b[0], 6, 0);
  assert_close(b[1], 8, 0);
  const tanlu_leontief_diagnostics seen = tanlu_leontief_diagnose(solver);
  assert_int_equal(seen.factorisations, 3);
  assert_int_equal(seen.solves, 2);
  assert_true(seen.memory_bytes >= (4 + 8) * sizeof(double));
  tanlu_leontief_free(&solver);
}

/* All column sums 1: nothing is left for final demand, 1'(I - A) = 0. With thirds and sevenths the last pivot is not zero
 * but rounding noise; it must be seen all the same. */
static void column_sums_of_one_are_singular(void **state) {
  (void)state;
  const double exact[4] = {0.5, 0.5, 0.5, 0.5};
  const double rounded[9] = {1. / 3, 1. / 3, 1. / 3, 1. / 7, 2. / 7, 4. / 7, 0.1, 0.2, 0.7};
  size_t culprit = 99;
  tanlu_leontief *solver = create(2);
  assert_int_equal(tanlu_leontief_factor(solver, exact, 2, &culprit, context), TANLU_ERR_MODEL);
  assert_int_equal(culprit, 1);
  assert_message("singular");
  assert_message("column 2");
  tanlu_leontief_free(&solver);

  solver = create(3);
  assert_int_equal(tanlu_leontief_factor(solver, rounded, 3, &culprit, context), TANLU_ERR_MODEL);
  assert_int_equal(culprit, 2);
  tanlu_leontief_free(&solver);

  /* The same at n = 150: random columns scaled to sum to 1. */
  const size_t n = 150;
  double *a = tanlu_allocate_doubles(context, n, n);
  uint64_t seed = 7;
  random_productive(a, n, &seed);
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[j * n + i];
    for (size_t i = 0; i < n; i++) a[j * n + i] /= sum;
  }
  solver = create(n);
  assert_int_equal(tanlu_leontief_factor(solver, a, n, &culprit, context), TANLU_ERR_MODEL);
  tanlu_leontief_free(&solver);
  free(a);
}

static void entries_that_are_not_numbers_are_named(void **state) {
  (void)state;
  const double nan_value = strtod("nan", NULL);
  double a[9] = {0.1, 0, 0.2, 0, 0.1, 0, 0.3, 0, 0}, b[6] = {1, 2, 3, 4, 5, 6};
  size_t culprit = 99;
  tanlu_leontief *solver = create(3);
  a[1 * 3 + 2] = nan_value;
  assert_int_equal(tanlu_leontief_factor(solver, a, 3, &culprit, context), TANLU_ERR_MODEL);
  assert_int_equal(culprit, 1);
  assert_message("A(3, 2)");
  assert_message("nan");
  a[1 * 3 + 2] = -HUGE_VAL;
  assert_int_equal(tanlu_leontief_factor(solver, a, 3, &culprit, context), TANLU_ERR_MODEL);
  assert_message("-inf");
  a[1 * 3 + 2] = 0;
  assert_int_equal(tanlu_leontief_factor(solver, a, 3, &culprit, context), TANLU_OK);
  b[4] = nan_value;
  assert_int_equal(tanlu_leontief_solve(solver, b, 3, 2, context), TANLU_ERR_MODEL);
  assert_message("B(2, 2)");
  assert_close(b[0], 1, 0); /* untouched */
  assert_true(isnan(tanlu_leontief_residual(a, 3, b + 3, b)));
  tanlu_leontief_free(&solver);
}

/* I - A = [1 -0.9; 0 1]: 1-norm 1.9; inverse [1 0.9; 0 1]: 1-norm 1.9; so rcond = 1 / 3.61. Of a diagonal matrix with
 * 1 - a = 1 and 0.001 it is 0.001. */
static void condition_of_known_matrices(void **state) {
  (void)state;
  const double shear[4] = {0, 0, 0.9, 0}, diagonal[4] = {0, 0, 0, 0.999};
  tanlu_leontief *solver = create(2);
  assert_close(tanlu_leontief_diagnose(solver).rcond, 0, 0);
  assert_int_equal(tanlu_leontief_factor(solver, shear, 2, NULL, context), TANLU_OK);
  assert_close(tanlu_leontief_diagnose(solver).rcond, 1 / 3.61, 1e-15);
  assert_int_equal(tanlu_leontief_factor(solver, diagonal, 2, NULL, context), TANLU_OK);
  assert_close(tanlu_leontief_diagnose(solver).rcond, 0.001, 1e-15);
  assert_string_equal(tanlu_leontief_diagnose(solver).method, "direct (LU)");
  tanlu_leontief_free(&solver);
}

static void residual_of_wrong_solutions(void **state) {
  (void)state;
  const double a[4] = {0.5, 0, 0, 0.5}, b[2] = {4, -8}, good[2] = {8, -16}, off[2] = {8, -15}, none[2] = {0, 0};
  assert_close(tanlu_leontief_residual(a, 2, good, b), 0, 0);
  assert_close(tanlu_leontief_residual(a, 2, off, b), 0.5 / 8, 0); /* -8 + 15 - 7.5 = -0.5 against 8 */
  assert_close(tanlu_leontief_residual(a, 2, good, none), 8, 0);   /* absolute when b = 0 */
}

static void what_cannot_be_created_is_an_error(void **state) {
  (void)state;
  tanlu_leontief *solver = NULL;
  assert_int_equal(tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, 0, context), TANLU_ERR_INTERNAL);
  assert_int_equal(tanlu_leontief_create(&solver, (tanlu_solver_kind)99, 2, context), TANLU_ERR_INTERNAL);
  assert_int_equal(tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, SIZE_MAX, context), TANLU_ERR_INTERNAL);
  /* 2e9 x 2e9 doubles are 32 EB: more than the address space. */
  assert_int_equal(tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, 2000000000, context), TANLU_ERR_MEMORY);
  assert_null(solver);
  tanlu_leontief_free(&solver);
  tanlu_leontief_free(NULL);

  const double a[4] = {0};
  double b[2] = {1, 1};
  solver = create(2);
  assert_int_equal(tanlu_leontief_factor(solver, a, 1, NULL, context), TANLU_ERR_INTERNAL);
  assert_int_equal(tanlu_leontief_factor(solver, a, 2, NULL, context), TANLU_OK);
  assert_int_equal(tanlu_leontief_solve(solver, b, 1, 1, context), TANLU_ERR_INTERNAL);
  assert_int_equal(tanlu_leontief_solve(solver, b, 2, 0, context), TANLU_OK);
  tanlu_leontief_free(&solver);
}

/* Same input, same bits: each system solved alone, and by teams of 1, 2 and 3 threads, with BLAS pinned to one thread. */
static void bits_do_not_depend_on_threads(void **state) {
  (void)state;
  enum { SYSTEMS = 12, N = 153 };
  double *a = tanlu_allocate_doubles(context, N * N, SYSTEMS);
  double *alone = tanlu_allocate_doubles(context, N, SYSTEMS), *x = tanlu_allocate_doubles(context, N, SYSTEMS);
  assert_true(a && alone && x);
  uint64_t seed = 42;
  for (size_t s = 0; s < SYSTEMS; s++) random_productive(a + s * N * N, N, &seed);
  for (int threads = 0; threads <= 3; threads++) {
    double *out = threads == 0 ? alone : x;
    int failures = 0;
#pragma omp parallel for num_threads(threads ? threads : 1) if (threads) schedule(dynamic) reduction(+ : failures)
    for (size_t s = 0; s < SYSTEMS; s++) {
      tanlu_leontief *solver = NULL;
      for (size_t i = 0; i < N; i++) out[s * N + i] = 1 + (double)i;
      failures += tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, N, NULL) != TANLU_OK ||
                  tanlu_leontief_factor(solver, a + s * N * N, N, NULL, NULL) != TANLU_OK ||
                  tanlu_leontief_solve(solver, out + s * N, N, 1, NULL) != TANLU_OK;
      tanlu_leontief_free(&solver);
    }
    assert_int_equal(failures, 0);
    if (threads) assert_memory_equal(x, alone, sizeof(double) * N * SYSTEMS);
  }
  free(a);
  free(alone);
  free(x);
}

static void blas_is_named_and_pinned(void **state) {
  (void)state;
  assert_true(strlen(tanlu_blas_core()) > 0);
  assert_int_equal(omp_get_max_threads(), 1); /* what the header warns of; main has pinned it */
}

/* --- the spectral radius --------------------------------------------------------------------------------------------- */

static void assert_radius(const double *a, size_t n, double expected, size_t expected_dominant) {
  double radius = -1;
  size_t dominant = 99;
  assert_int_equal(tanlu_spectral_radius(a, n, 1e-12, &radius, &dominant, context), TANLU_OK);
  assert_close(radius, expected, 1e-12 * fmax(1, expected));
  assert_int_equal(dominant, expected_dominant);
}

/* Column-major. [0.1 0.4; 0.3 0.2]: trace 0.3, determinant -0.1, eigenvalues (0.3 +- sqrt(0.09 + 0.4)) / 2 = 0.5, -0.2;
 * eigenvector of 0.5: 0.1 + 0.4 t = 0.5, so (1, 1): a tie, the first is named. [0.2 0.9; 0.1 0.2]: 0.2 +- 0.3, eigenvector
 * (3, 1). */
static void radius_of_two_by_two(void **state) {
  (void)state;
  const double mixed[4] = {0.1, 0.3, 0.4, 0.2}, unequal[4] = {0.2, 0.1, 0.9, 0.2};
  double radius;
  assert_int_equal(tanlu_spectral_radius(mixed, 2, 1e-12, &radius, NULL, context), TANLU_OK);
  assert_close(radius, 0.5, 1e-12);
  assert_radius(unequal, 2, 0.5, 0);
  const double single[1] = {0.7};
  assert_radius(single, 1, 0.7, 0);
}

/* 0.5 [0 1; 1 0] has the eigenvalues 0.5 and -0.5 of equal modulus: plain power iteration never settles for (1, 2). The
 * cycle of five with one weight 32, the rest 1, has all eigenvalues on the circle of radius 32^(1/5) = 2. */
static void radius_of_periodic_matrices(void **state) {
  (void)state;
  const double swap[4] = {0, 0.5, 0.5, 0}, unequal[4] = {0, 0.25, 1, 0}; /* the second: sqrt(0.25), vector (2, 1) */
  assert_radius(swap, 2, 0.5, 0);
  assert_radius(unequal, 2, 0.5, 0);
  double cycle[25] = {0};
  for (size_t j = 0; j < 5; j++) cycle[j * 5 + (j + 1) % 5] = j == 4 ? 32 : 1;
  assert_radius(cycle, 5, 2, 0); /* x_{j+1} = x_j / 2: the first is largest */
}

/* Block triangular: the radius is the larger of the blocks' radii, whatever stands beside them. Blocks: {0, 2} =
 * [0.2 0.9; 0.1 0.2] (0.5), {1} = 0.6, {3} = 0; 1 sells to 0, 2 and 3. With 0.4 in place of 0.6 the first block rules. A
 * strictly triangular matrix has radius 0, as has the zero matrix: a shift of all entries would report 0.001 and more. */
static void radius_of_reducible_matrices(void **state) {
  (void)state;
  double a[16] = {0};
  a[0 * 4 + 0] = 0.2, a[0 * 4 + 2] = 0.1, a[2 * 4 + 0] = 0.9, a[2 * 4 + 2] = 0.2;
  a[1 * 4 + 1] = 0.6;
  a[0 * 4 + 1] = 5, a[2 * 4 + 1] = 7, a[3 * 4 + 1] = 0.1;
  assert_radius(a, 4, 0.6, 1);
  a[1 * 4 + 1] = 0.4;
  assert_radius(a, 4, 0.5, 0);

  const double identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  assert_radius(identity, 3, 1, 0);
  double triangular[100] = {0};
  for (size_t j = 0; j < 10; j++)
    for (size_t i = 0; i < j; i++) triangular[j * 10 + i] = 3;
  assert_radius(triangular, 10, 0, 0);
  const double zero[9] = {0};
  assert_radius(zero, 3, 0, 0);
}

/* u v' has the one non-zero eigenvalue v'u and the eigenvector u; here n = 120, u_i = 1 + i (largest: the last),
 * v_i = 0.5 / (n u_i), so v'u = 0.5. Scaling of rows and columns, D A D^-1, does not change it. */
static void radius_of_rank_one(void **state) {
  (void)state;
  const size_t n = 120;
  double *a = tanlu_allocate_doubles(context, n, n);
  assert_non_null(a);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) a[j * n + i] = (1 + (double)i) * 0.5 / ((double)n * (1 + (double)j));
  assert_radius(a, n, 0.5, n - 1);
  free(a);
}

/* Column sums all 0.7, so 1'A = 0.7 1': the radius is 0.7. */
static void radius_of_equal_column_sums(void **state) {
  (void)state;
  const size_t n = 153;
  double *a = tanlu_allocate_doubles(context, n, n);
  assert_non_null(a);
  uint64_t seed = 3;
  random_productive(a, n, &seed);
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[j * n + i];
    for (size_t i = 0; i < n; i++) a[j * n + i] *= 0.7 / sum;
  }
  double radius;
  assert_int_equal(tanlu_spectral_radius(a, n, 1e-12, &radius, NULL, context), TANLU_OK);
  assert_close(radius, 0.7, 1e-12);
  free(a);
}

/* Two halves almost apart, [0.5 1e-9; 1e-9 0.5]: eigenvalues 0.5 +- 1e-9. */
static void radius_of_a_nearly_reducible_matrix(void **state) {
  (void)state;
  const double a[4] = {0.5, 1e-9, 1e-9, 0.5};
  assert_radius(a, 2, 0.5 + 1e-9, 0);
}

static void radius_refuses_what_is_not_non_negative(void **state) {
  (void)state;
  double a[4] = {0.1, 0.2, -0.3, 0.4}, radius;
  assert_int_equal(tanlu_spectral_radius(a, 2, 1e-12, &radius, NULL, context), TANLU_ERR_MODEL);
  assert_message("A(1, 2) is -0.3");
  a[2] = strtod("nan", NULL);
  assert_int_equal(tanlu_spectral_radius(a, 2, 1e-12, &radius, NULL, context), TANLU_ERR_MODEL);
  a[2] = HUGE_VAL;
  assert_int_equal(tanlu_spectral_radius(a, 2, 1e-12, &radius, NULL, context), TANLU_ERR_MODEL);
}

int main(void) {
  tanlu_blas_serial();
#define TEST(function) cmocka_unit_test_setup(function, each_setup)
  const struct CMUnitTest tests[] = {
      TEST(miller_and_blair_two_sectors),
      TEST(leontief_agriculture_and_manufacture),
      TEST(transposed_solve_is_the_transposed_inverse),
      TEST(random_systems_have_small_residuals),
      TEST(update_replaces_the_matrix),
      TEST(column_sums_of_one_are_singular),
      TEST(entries_that_are_not_numbers_are_named),
      TEST(condition_of_known_matrices),
      TEST(residual_of_wrong_solutions),
      TEST(what_cannot_be_created_is_an_error),
      TEST(bits_do_not_depend_on_threads),
      TEST(blas_is_named_and_pinned),
      TEST(radius_of_two_by_two),
      TEST(radius_of_periodic_matrices),
      TEST(radius_of_reducible_matrices),
      TEST(radius_of_rank_one),
      TEST(radius_of_equal_column_sums),
      TEST(radius_of_a_nearly_reducible_matrix),
      TEST(radius_refuses_what_is_not_non_negative),
  };
#undef TEST
  return cmocka_run_group_tests_name("leontief", tests, group_setup, group_teardown);
}
