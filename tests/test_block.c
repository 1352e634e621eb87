/* Many related systems: every method against Gaussian elimination in long double, written here, and against identities.
 *
 * Matrices have columns that sum to a given radius, so that radius is their spectral radius (the vector of ones is the left
 * eigenvector). A residual of tol max|b| leaves an error of at most |M^-1| tol max|b|; the norm of the inverse of an
 * M-matrix is its product with ones. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "solvers/blas.h"
#include "solvers/block.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"
#include "tests/support.h"

static const tanlu_block_method methods[] = {TANLU_BLOCK_BATCHED,     TANLU_BLOCK_AUTO,    TANLU_BLOCK_DIRECT,
                                             TANLU_BLOCK_INTERLEAVED, TANLU_BLOCK_LOWRANK, TANLU_BLOCK_SERIES};
enum { METHODS = sizeof methods / sizeof *methods };

/* ---- problems ------------------------------------------------------------------------------------------------------ */

typedef struct {
  size_t n, count, rows, *row;
  double *a, *centre, *diagonal, *row_values, *b;
} problem;

typedef struct {
  size_t n, count, rows;
  double spread, radius;
  bool together;  /* all diagonals of a system shift by the same */
  size_t changed; /* only so many diagonals change; 0: all */
} shape;

/* Uniform in [0, 1), a multiplicative congruential generator. */
static double draw(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-53;
}

static double *doubles(size_t count) {
  double *x = calloc(count ? count : 1, sizeof *x);
  assert_non_null(x);
  return x;
}

static problem make(shape s) {
  uint64_t state = 12345 + s.n * 1000 + s.rows;
  problem p = {.n = s.n,
               .count = s.count,
               .rows = s.rows,
               .a = doubles(s.n * s.n),
               .centre = doubles(s.n),
               .diagonal = doubles(s.n * s.count),
               .row_values = doubles(s.n * s.count * s.rows),
               .b = doubles(s.n * s.count),
               .row = calloc(s.rows + 1, sizeof(size_t))};
  assert_non_null(p.row);
  for (size_t j = 0; j < s.n; j++) {
    double sum = 0;
    for (size_t i = 0; i < s.n; i++) sum += p.a[j * s.n + i] = pow(draw(&state), 4) + 1e-4;
    for (size_t i = 0; i < s.n; i++) p.a[j * s.n + i] *= s.radius / sum;
    p.centre[j] = 1;
  }
  for (size_t k = 0; k < s.rows; k++) p.row[k] = (k * s.n) / s.rows;
  for (size_t t = 0; t < s.count; t++) {
    const double shift = s.spread * (2 * draw(&state) - 1);
    for (size_t i = 0; i < s.n; i++) {
      const double own = s.spread * (2 * draw(&state) - 1);
      p.diagonal[t * s.n + i] = s.changed && i % (s.n / s.changed) ? 1 : 1 + (s.together ? shift : own);
      p.b[t * s.n + i] = 0.01 + draw(&state);
    }
    for (size_t k = 0; k < s.rows; k++)
      for (size_t j = 0; j < s.n; j++)
        p.row_values[(t * s.rows + k) * s.n + j] = p.a[j * s.n + p.row[k]] * (0.3 + 0.9 * draw(&state));
  }
  return p;
}

static void discard(problem *p) {
  free(p->a);
  free(p->centre);
  free(p->diagonal);
  free(p->row_values);
  free(p->b);
  free(p->row);
}

static tanlu_block_options options_of(const problem *p, tanlu_block_method method, int threads) {
  return (tanlu_block_options){
      .n = p->n, .a = p->a, .centre = p->centre, .rows = p->rows, .row = p->row, .method = method, .threads = threads};
}

/* ---- the oracle ---------------------------------------------------------------------------------------------------- */

/* Solves system t, transposed or not, for b (n) in long double with row interchanges. */
static void eliminate(const problem *p, size_t t, bool transposed, const double *b, double *x) {
  const size_t n = p->n;
  long double *m = calloc(n * (n + 1), sizeof *m); /* row by row, right-hand side last */
  assert_non_null(m);
#define M(i, j) m[(i) * (n + 1) + (j)]
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double value = p->a[j * n + i];
      for (size_t k = 0; k < p->rows; k++)
        if (p->row[k] == i) value = p->row_values[(t * p->rows + k) * n + j];
      const long double entry = (i == j ? (long double)p->diagonal[t * n + i] : 0.0L) - (long double)value;
      if (transposed)
        M(j, i) = entry;
      else
        M(i, j) = entry;
    }
  for (size_t i = 0; i < n; i++) M(i, n) = (long double)b[i];
  for (size_t k = 0; k < n; k++) {
    size_t pivot = k;
    for (size_t i = k + 1; i < n; i++)
      if (fabsl(M(i, k)) > fabsl(M(pivot, k))) pivot = i;
    for (size_t j = 0; pivot != k && j <= n; j++) {
      const long double swap = M(k, j);
      M(k, j) = M(pivot, j);
      M(pivot, j) = swap;
    }
    for (size_t i = k + 1; i < n; i++) {
      const long double factor = M(i, k) / M(k, k);
      for (size_t j = k; j <= n; j++) M(i, j) -= factor * M(k, j);
    }
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t j = i + 1; j < n; j++) M(i, n) -= M(i, j) * M(j, n);
    M(i, n) /= M(i, i);
  }
  for (size_t i = 0; i < n; i++) x[i] = (double)M(i, n);
#undef M
  free(m);
}

static double largest(const double *x, size_t n) {
  double value = 0;
  for (size_t i = 0; i < n; i++) value = fmax(value, fabs(x[i]));
  return value;
}

/* x against the oracle's for every system; tolerance is that of the residuals. */
static void compare(const problem *p, const double *exact, const double *bound, const double *x, const double *residual,
                    double tolerance, const char *what) {
  for (size_t t = 0; t < p->count; t++) {
    const double limit = tolerance * largest(p->b + t * p->n, p->n);
    if (!(residual[t] <= tolerance)) fail_msg("%s: n %zu, system %zu: residual %g", what, p->n, t, residual[t]);
    for (size_t i = 0; i < p->n; i++) {
      const double error = fabs(x[t * p->n + i] - exact[t * p->n + i]);
      if (!(error <= limit * bound[t] + 1e-13 * bound[t]))
        fail_msg("%s: n %zu, system %zu, entry %zu: %.17g, not %.17g", what, p->n, t, i, x[t * p->n + i],
                 exact[t * p->n + i]);
    }
  }
}

/* All methods on one shape, both ways. Returns the systems refactored by `count_of`. */
static size_t check_shape(shape s, tanlu_block_method count_of) {
  problem p = make(s);
  const size_t size = s.n * s.count;
  double *exact = doubles(size), *bound = doubles(s.count), *x = doubles(size), *residual = doubles(s.count),
         *ones = doubles(s.n), *inverse = doubles(s.n);
  size_t refactored = 0;
  tanlu_context *context = tanlu_context_create();
  assert_non_null(context);
  for (size_t i = 0; i < s.n; i++) ones[i] = 1;
  for (int transposed = 0; transposed < 2; transposed++) {
    for (size_t t = 0; t < s.count; t++) {
      eliminate(&p, t, transposed, p.b + t * s.n, exact + t * s.n);
      eliminate(&p, t, transposed, ones, inverse);
      bound[t] = largest(inverse, s.n);
    }
    for (size_t m = 0; m < METHODS; m++) {
      const tanlu_block_options options = options_of(&p, methods[m], 2);
      tanlu_block *block = NULL;
      tanlu_block_report report;
      tanlu_status status = tanlu_block_create(&block, &options, context);
      if (status == TANLU_OK)
        status = (transposed ? tanlu_block_solve_transposed : tanlu_block_solve)(
            block, s.count, p.diagonal, p.row_values, p.b, x, residual, &report, context);
      if (status != TANLU_OK) {
        tanlu_test_print_messages(context);
        fail_msg("%s: n %zu, spread %g, rows %zu", tanlu_block_method_word(methods[m]), s.n, s.spread, s.rows);
      }
      compare(&p, exact, bound, x, residual, 1e-10, tanlu_block_method_word(methods[m]));
      double worst = 0;
      for (size_t t = 0; t < s.count; t++) worst = fmax(worst, residual[t]);
      assert_true(report.worst_residual == worst);
      assert_true(report.worst_component >= 0 &&
                  report.worst_component <= 1e-9 / 0.01); /* b is 1 % of max b at least */
      if (methods[m] == count_of) refactored += report.refactored;
      tanlu_block_free(&block);
      assert_null(block);
    }
  }
  tanlu_context_free(&context);
  free(exact);
  free(bound);
  free(x);
  free(residual);
  free(ones);
  free(inverse);
  discard(&p);
  return refactored;
}

/* ---- methods against the oracle ------------------------------------------------------------------------------------ */

static void every_method_finds_the_solution(void **unused) {
  (void)unused;
  static const size_t orders[] = {1, 2, 3, 7, 42, 153};
  static const double spreads[] = {0, 0.05, 0.1, 0.4, 0.6};
  for (size_t k = 0; k < sizeof orders / sizeof *orders; k++)
    for (size_t l = 0; l < sizeof spreads / sizeof *spreads; l++)
      for (size_t rows = 0; rows < 2; rows++) {
        const size_t n = orders[k], dense = rows * (n < 6 ? 1 : 6);
        /* radius 0.35: productive even with every diagonal at 0.4 */
        (void)check_shape(
            (shape){.n = n, .count = n > 100 ? 5 : 11, .rows = dense, .spread = spreads[l], .radius = 0.35},
            TANLU_BLOCK_DIRECT);
      }
}

static void a_larger_table(void **unused) {
  (void)unused;
  (void)check_shape((shape){.n = 400, .count = 2, .rows = 6, .spread = 0.1, .radius = 0.6}, TANLU_BLOCK_DIRECT);
}

/* All sectors shift together: the case in which simple sweeps stall. */
static void diagonals_that_move_together(void **unused) {
  (void)unused;
  (void)check_shape((shape){.n = 42, .count = 9, .spread = 0.4, .radius = 0.55, .together = true}, TANLU_BLOCK_DIRECT);
  (void)check_shape((shape){.n = 153, .count = 5, .rows = 6, .spread = 0.4, .radius = 0.55, .together = true},
                    TANLU_BLOCK_DIRECT);
}

/* Radius 0.999: the inverse is of size 1000. The diagonals rise or fall by 1e-4 of them, a tenth of what is left. */
static void nearly_singular(void **unused) {
  (void)unused;
  (void)check_shape((shape){.n = 42, .count = 9, .spread = 1e-4, .radius = 0.999}, TANLU_BLOCK_DIRECT);
  (void)check_shape((shape){.n = 7, .count = 9, .spread = 1e-4, .radius = 0.999, .together = true}, TANLU_BLOCK_DIRECT);
}

/* Few changed diagonals are low rank: Woodbury does not fall back. All of them are not: it must, and be right. */
static void low_rank_changes(void **unused) {
  (void)unused;
  const shape few = {.n = 153, .count = 5, .rows = 6, .spread = 0.4, .radius = 0.5, .changed = 12};
  assert_int_equal(check_shape(few, TANLU_BLOCK_LOWRANK), 0);
  const shape all = {.n = 153, .count = 5, .spread = 0.4, .radius = 0.5};
  assert_int_equal(check_shape(all, TANLU_BLOCK_LOWRANK), 2 * 5);
}

/* By hand: A = [0.2 0.3; 0.1 0.4], D = (1, 1): det = 0.8 0.6 - 0.3 0.1 = 0.45; b = (0.45, 0.9) gives
 * u = (0.6 0.45 + 0.3 0.9, 0.1 0.45 + 0.8 0.9) / 0.45 = (1.2, 1.7). */
static void a_system_by_hand(void **unused) {
  (void)unused;
  const double a[] = {0.2, 0.1, 0.3, 0.4}, one[] = {1, 1}, b[] = {0.45, 0.9};
  for (size_t m = 0; m < METHODS; m++) {
    const tanlu_block_options options = {.n = 2, .a = a, .centre = one, .method = methods[m], .threads = 1};
    tanlu_block *block = NULL;
    double u[2];
    assert_int_equal(tanlu_block_create(&block, &options, NULL), TANLU_OK);
    assert_int_equal(tanlu_block_solve(block, 1, one, NULL, b, u, NULL, NULL, NULL), TANLU_OK);
    assert_true(fabs(u[0] - 1.2) < 1e-9 && fabs(u[1] - 1.7) < 1e-9);
    assert_int_equal(tanlu_block_solve(block, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL), TANLU_OK);
    tanlu_block_free(&block);
  }
}

/* Sectors without inputs, without sales, and without both; right-hand sides of zero, tiny and huge: answers scale. */
static void zero_rows_and_scales(void **unused) {
  (void)unused;
  problem p = make((shape){.n = 42, .count = 10, .rows = 2, .spread = 0.1, .radius = 0.6});
  const size_t n = p.n;
  for (size_t k = 0; k < n; k++) p.a[3 * n + k] = p.a[5 * n + k] = p.a[k * n + 5] = p.a[k * n + 7] = 0;
  for (size_t r = 0; r < p.count * p.rows; r++) p.row_values[r * n + 3] = p.row_values[r * n + 5] = 0;
  double *x = doubles(n * p.count), *scaled = doubles(n * p.count);
  static const double scale[] = {1, 0, 1e-36, 1e-290, 1e200};
  for (size_t m = 0; m < METHODS; m++) {
    const tanlu_block_options options = options_of(&p, methods[m], 1);
    tanlu_block *block = NULL;
    assert_int_equal(tanlu_block_create(&block, &options, NULL), TANLU_OK);
    assert_int_equal(tanlu_block_solve(block, p.count, p.diagonal, p.row_values, p.b, x, NULL, NULL, NULL), TANLU_OK);
    double *b = doubles(n * p.count), residual[10];
    for (size_t t = 0; t < p.count; t++)
      for (size_t i = 0; i < n; i++) b[t * n + i] = p.b[t * n + i] * scale[t % 5];
    assert_int_equal(tanlu_block_solve(block, p.count, p.diagonal, p.row_values, b, scaled, residual, NULL, NULL),
                     TANLU_OK);
    for (size_t t = 0; t < p.count; t++) {
      assert_true(residual[t] <= 1e-10);
      for (size_t i = 0; i < n; i++) {
        const double expected = x[t * n + i] * scale[t % 5];
        assert_true(fabs(scaled[t * n + i] - expected) <= 1e-8 * fabs(expected) + 1e-9 * scale[t % 5]);
        if (scale[t % 5] == 0) assert_true(scaled[t * n + i] == 0);
      }
    }
    free(b);
    tanlu_block_free(&block);
  }
  free(x);
  free(scaled);
  discard(&p);
}

/* <y, M^-1 b> = <M^-T y, b>. Both sides carry an error of tol |M^-1| each. */
static void transposed_solves_are_adjoint(void **unused) {
  (void)unused;
  problem p = make((shape){.n = 153, .count = 6, .rows = 6, .spread = 0.2, .radius = 0.6});
  const size_t n = p.n, size = n * p.count;
  double *x = doubles(size), *z = doubles(size), *y = doubles(size);
  uint64_t state = 99;
  for (size_t k = 0; k < size; k++) y[k] = draw(&state) - 0.5; /* mixed signs */
  for (size_t m = 0; m < METHODS; m++) {
    const tanlu_block_options options = options_of(&p, methods[m], 2);
    tanlu_block *block = NULL;
    assert_int_equal(tanlu_block_create(&block, &options, NULL), TANLU_OK);
    assert_int_equal(tanlu_block_solve(block, p.count, p.diagonal, p.row_values, p.b, x, NULL, NULL, NULL), TANLU_OK);
    assert_int_equal(tanlu_block_solve_transposed(block, p.count, p.diagonal, p.row_values, y, z, NULL, NULL, NULL),
                     TANLU_OK);
    for (size_t t = 0; t < p.count; t++) {
      double left = 0, right = 0, size_of = 0;
      for (size_t i = t * n; i < (t + 1) * n; i++) {
        left += y[i] * x[i];
        right += z[i] * p.b[i];
        size_of += fabs(y[i] * x[i]);
      }
      assert_true(fabs(left - right) <= 1e-8 * size_of);
    }
    tanlu_block_free(&block);
  }
  free(x);
  free(y);
  free(z);
  discard(&p);
}

/* ---- same bits ------------------------------------------------------------------------------------------------------ */

static void check_threads(shape given) {
  static const int teams[] = {1, 2, 3, 8};
  problem p = make(given);
  const size_t size = p.n * p.count;
  double *x[2] = {doubles(size), doubles(size)}, *residual[2] = {doubles(p.count), doubles(p.count)};
  for (int transposed = 0; transposed < 2; transposed++)
    for (size_t m = 0; m < METHODS; m++)
      for (size_t k = 0; k < sizeof teams / sizeof *teams; k++) {
        const tanlu_block_options options = options_of(&p, methods[m], teams[k]);
        tanlu_block *block = NULL;
        tanlu_block_report report[2];
        const int to = k > 0;
        assert_int_equal(tanlu_block_create(&block, &options, NULL), TANLU_OK);
        assert_int_equal((transposed ? tanlu_block_solve_transposed : tanlu_block_solve)(
                             block, p.count, p.diagonal, p.row_values, p.b, x[to], residual[to], report + to, NULL),
                         TANLU_OK);
        tanlu_block_free(&block);
        if (!to) continue;
        assert_memory_equal(x[0], x[1], size * sizeof(double));
        assert_memory_equal(residual[0], residual[1], p.count * sizeof(double));
        assert_int_equal(report[0].refactored, report[1].refactored);
        assert_int_equal(report[0].iterations, report[1].iterations);
        assert_int_equal(report[0].width, report[1].width);
        assert_true(report[0].worst_residual == report[1].worst_residual);
        assert_true(report[0].worst_component == report[1].worst_component);
      }
  for (int k = 0; k < 2; k++) free(x[k]), free(residual[k]);
  discard(&p);
}

/* Orders with blocks of fixed width and with a width that follows from the number of systems. */
static void threads_do_not_matter(void **unused) {
  (void)unused;
  check_threads((shape){.n = 42, .count = 403, .rows = 4, .spread = 0.5, .radius = 0.45});
  check_threads((shape){.n = 200, .count = 301, .rows = 2, .spread = 0.2, .radius = 0.5});
}

/* A block computed on its own, as `--only SAMPLE` does, has the bits of the whole run; the same block object twice too. */
static void a_block_on_its_own(void **unused) {
  (void)unused;
  enum { WIDTH = 16 };
  problem p = make((shape){.n = 42, .count = 5 * WIDTH, .spread = 0.3, .radius = 0.5});
  const size_t n = p.n, start = 3 * WIDTH;
  double *whole = doubles(n * p.count), *part = doubles(n * WIDTH);
  for (size_t m = 0; m < METHODS; m++) {
    if (methods[m] == TANLU_BLOCK_AUTO) continue; /* chooses by the number of systems */
    tanlu_block_options options = options_of(&p, methods[m], 2);
    options.width = WIDTH;
    tanlu_block *block = NULL;
    assert_int_equal(tanlu_block_create(&block, &options, NULL), TANLU_OK);
    assert_int_equal(tanlu_block_solve(block, p.count, p.diagonal, NULL, p.b, whole, NULL, NULL, NULL), TANLU_OK);
    assert_int_equal(
        tanlu_block_solve(block, WIDTH, p.diagonal + start * n, NULL, p.b + start * n, part, NULL, NULL, NULL),
        TANLU_OK);
    assert_memory_equal(part, whole + start * n, n * WIDTH * sizeof(double));
    tanlu_block_free(&block);
  }
  free(whole);
  free(part);
  discard(&p);
}

/* ---- what cannot be solved ------------------------------------------------------------------------------------------ */

static tanlu_status try_systems(const problem *p, tanlu_block_method method, bool transposed, tanlu_context *context) {
  const tanlu_block_options options = options_of(p, method, 2);
  tanlu_block *block = NULL;
  double *x = doubles(p->n * p->count);
  tanlu_context_clear(context);
  tanlu_status status = tanlu_block_create(&block, &options, context);
  if (status == TANLU_OK)
    status = (transposed ? tanlu_block_solve_transposed : tanlu_block_solve)(
        block, p->count, p->diagonal, p->row_values, p->b, x, NULL, NULL, context);
  tanlu_block_free(&block);
  free(x);
  return status;
}

/* Radius 0.6 and every diagonal at 0.5: the inverse exists, with negative entries. Right-hand sides of mixed signs too. */
static void not_productive_is_an_error(void **unused) {
  (void)unused;
  tanlu_context *context = tanlu_context_create();
  problem p = make((shape){.n = 42, .count = 30, .spread = 0.1, .radius = 0.6});
  for (size_t t = 20; t < 27; t += 6)
    for (size_t i = 0; i < p.n; i++) p.diagonal[t * p.n + i] = 0.5;
  for (int sign = 0; sign < 2; sign++) {
    for (size_t m = 0; m < METHODS; m++)
      for (int transposed = 0; transposed < 2; transposed++) {
        assert_int_equal(try_systems(&p, methods[m], transposed, context), TANLU_ERR_MODEL);
        assert_true(tanlu_test_has_message(context, "system 21 of 30 is not productive"));
      }
    for (size_t k = 0; k < p.n * p.count; k += 3) p.b[k] = -p.b[k];
  }
  discard(&p);
  tanlu_context_free(&context);
}

/* D - A of one sector with a_11 = 0.5 and D = 0.5 is 0; in the other, columns of A sum to 1 = D: both are singular. */
static void singular_is_an_error(void **unused) {
  (void)unused;
  tanlu_context *context = tanlu_context_create();
  problem p = make((shape){.n = 1, .count = 3, .radius = 0.5});
  p.diagonal[1] = 0.5;
  for (size_t m = 0; m < METHODS; m++) {
    assert_int_equal(try_systems(&p, methods[m], false, context), TANLU_ERR_MODEL);
    assert_true(tanlu_test_has_message(context, "system 2 of 3"));
  }
  discard(&p);

  /* columns are multiples of 1/64 and sum to 1 exactly */
  problem q = make((shape){.n = 4, .count = 1, .radius = 0.5});
  for (size_t j = 0; j < 4; j++)
    for (size_t i = 0; i < 4; i++) q.a[j * 4 + i] = (double)(10 + i) / 64 + (i == 3 ? 3.0 : 0.0) / 64 + 3.75 / 64;
  for (size_t m = 0; m < METHODS; m++) {
    assert_int_equal(try_systems(&q, methods[m], false, context), TANLU_ERR_MODEL);
    assert_true(tanlu_test_has_message(context, "centre"));
  }
  for (size_t k = 0; k < 16; k++) q.a[k] *= 1.25; /* radius 1.25 */
  assert_int_equal(try_systems(&q, TANLU_BLOCK_DIRECT, false, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "not productive"));
  discard(&q);
  tanlu_context_free(&context);
}

static void not_finite_is_an_error(void **unused) {
  (void)unused;
  static const double wrong[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
  tanlu_context *context = tanlu_context_create();
  problem p = make((shape){.n = 7, .count = 30, .rows = 2, .spread = 0.1, .radius = 0.6});
  const struct {
    double *at;
    const char *message;
  } places[] = {{p.a + 3 * 7 + 1, "A(2, 4)"},
                {p.centre + 6, "diagonal 7 of the centre"},
                {p.diagonal + 11 * 7 + 4, "system 12 of 30: diagonal 5"},
                {p.b + 12 * 7, "system 13 of 30: b(1)"},
                {p.row_values + (29 * 2 + 1) * 7 + 6, "system 30 of 30: A(4, 7)"}};
  for (size_t w = 0; w < 3; w++)
    for (size_t k = 0; k < sizeof places / sizeof *places; k++)
      for (size_t m = 0; m < METHODS; m++) {
        const double kept = *places[k].at;
        *places[k].at = wrong[w];
        assert_int_equal(try_systems(&p, methods[m], false, context), TANLU_ERR_MODEL);
        assert_true(tanlu_test_has_message(context, places[k].message));
        *places[k].at = kept;
      }
  discard(&p);
  tanlu_context_free(&context);
}

static void wrong_arguments(void **unused) {
  (void)unused;
  const double a[] = {0.5}, one[] = {1};
  const size_t row[] = {1};
  tanlu_block *block = NULL;
  const tanlu_block_options good = {.n = 1, .a = a, .centre = one, .method = TANLU_BLOCK_DIRECT, .threads = 1};
  tanlu_block_options bad[6] = {good, good, good, good, good, good};
  bad[0].n = 0;
  bad[1].threads = 0;
  bad[2].tolerance = (double)NAN;
  bad[3].method = TANLU_BLOCK_METHODS;
  bad[4].rows = 1, bad[4].row = row;
  bad[5].a = NULL;
  for (size_t k = 0; k < 6; k++) {
    assert_int_equal(tanlu_block_create(&block, bad + k, NULL), TANLU_ERR_INTERNAL);
    assert_null(block);
  }
  tanlu_block_free(NULL);
  tanlu_block_free(&block);
}

/* ---- memory --------------------------------------------------------------------------------------------------------- */

/* The stated memory is O(n^2 + threads (n^2 + n width)), and no less than the factors of one system a thread. */
static void memory_is_stated(void **unused) {
  (void)unused;
  for (size_t m = 0; m < METHODS; m++) {
    tanlu_block_options options = {.n = 500, .method = methods[m], .threads = 2};
    const double two = (double)tanlu_block_memory(&options);
    options.threads = 4;
    const double four = (double)tanlu_block_memory(&options);
    options.n = 1000;
    const double large = (double)tanlu_block_memory(&options);
    assert_true(two >= 2.0 * 500 * 500 * 8 && four > two && four <= 2 * two);
    assert_true(large > 1.5 * four && large < 4.5 * four);
  }
}

/* One middling system is factored; thousands near the centre go together, and a single one where products with the inverse,
 * once made, are cheaper for a whole panel than one LU (n = 1302: 15 ms against 38); far from the centre LU is left. */
static void auto_chooses_by_cost(void **unused) {
  (void)unused;
  assert_int_equal(tanlu_block_choose(200, 1, 0.1, 0), TANLU_BLOCK_DIRECT);
  assert_int_equal(tanlu_block_choose(1302, 1, 0.1, 0), TANLU_BLOCK_BATCHED);
  assert_int_equal(tanlu_block_choose(42, 8, 0.9, 0), TANLU_BLOCK_INTERLEAVED);
  assert_int_equal(tanlu_block_choose(2000, 5000, 0.9, 0), TANLU_BLOCK_DIRECT);
  assert_int_equal(tanlu_block_choose(2000, 5000, 0.1, TANLU_BLOCK_BATCHED_ROWS + 1), TANLU_BLOCK_DIRECT);
  static const size_t orders[] = {42, 153, 1302};
  for (size_t k = 0; k < 3; k++)
    for (size_t rows = 0; rows < 7; rows += 6)
      assert_int_equal(tanlu_block_choose(orders[k], 10000, 0.4, rows), TANLU_BLOCK_BATCHED);
}

int main(void) {
  (void)tanlu_blas_serial();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_system_by_hand),
      cmocka_unit_test(every_method_finds_the_solution),
      cmocka_unit_test(a_larger_table),
      cmocka_unit_test(diagonals_that_move_together),
      cmocka_unit_test(nearly_singular),
      cmocka_unit_test(low_rank_changes),
      cmocka_unit_test(zero_rows_and_scales),
      cmocka_unit_test(transposed_solves_are_adjoint),
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(a_block_on_its_own),
      cmocka_unit_test(not_productive_is_an_error),
      cmocka_unit_test(singular_is_an_error),
      cmocka_unit_test(not_finite_is_an_error),
      cmocka_unit_test(wrong_arguments),
      cmocka_unit_test(memory_is_stated),
      cmocka_unit_test(auto_chooses_by_cost),
  };
  return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
