/* Designs: layout by hand, evenness, and that a point depends on nothing but its number. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "solvers/design.h"
#include "tests/support.h"

static tanlu_design *make(tanlu_design_options options) {
  tanlu_design *d = NULL;
  assert_int_equal(tanlu_design_create(&d, &options, NULL), TANLU_OK);
  return d;
}

/* 2 x 3 levels, the last dimension fastest: middles 1/4, 3/4 and 1/6, 1/2, 5/6; from end to end with a tail of 0.1 in the second
 * dimension 0, 1 and 0.1, 0.5, 0.9. */
static void grid_by_hand(void **unused) {
  (void)unused;
  const size_t levels[2] = {2, 3};
  const double tails[2] = {0.0, 0.1};
  const double ends[3] = {0.1, 0.5, 0.9};
  tanlu_design *middle = make((tanlu_design_options){.kind = TANLU_DESIGN_GRID, .dimensions = 2, .levels = levels});
  tanlu_design *outer = make((tanlu_design_options){
      .kind = TANLU_DESIGN_GRID, .dimensions = 2, .levels = levels, .ends = true, .tails = tails});
  assert_true(tanlu_design_samples(middle) == 6);
  for (uint64_t i = 0; i < 6; i++) {
    const uint64_t row = i / 3, column = i % 3;
    double u[2];
    tanlu_design_point(middle, i, u);
    assert_true(u[0] == ((double)row + 0.5) / 2.0 && u[1] == ((double)column + 0.5) / 3.0);
    tanlu_design_point(outer, i, u);
    assert_true(u[0] == (double)row);
    assert_true(fabs(u[1] - ends[column]) < 1e-15);
    assert_int_equal(tanlu_design_level(middle, i, 0), row);
    assert_int_equal(tanlu_design_level(middle, i, 1), column);
  }
  tanlu_design_free(&middle);
  tanlu_design_free(&outer);
  assert_null(outer);
}

static void list_is_handed_back(void **unused) {
  (void)unused;
  double points[6] = {1.5, -2.0, 3.0, 4.0, 5.0, 1e9};
  tanlu_design *d =
      make((tanlu_design_options){.kind = TANLU_DESIGN_LIST, .dimensions = 2, .samples = 3, .points = points});
  points[4] = 0.0; /* it has its own copy */
  double u[2];
  tanlu_design_point(d, 2, u);
  assert_true(u[0] == 5.0 && u[1] == 1e9);
  assert_true(tanlu_design_samples(d) == 3 && tanlu_design_group(d) == 1);
  tanlu_design_free(&d);
}

/* Every interval of every dimension holds one sample; two dimensions are not correlated: of 1,000 samples 5 / sqrt(1000). Places
 * within intervals are uniform: mean 1/2 within 5 / sqrt(12 x 3000). */
static void lhs_is_stratified(void **unused) {
  (void)unused;
  enum { N = 1000, K = 3 };
  static unsigned char seen[K][N];
  memset(seen, 0, sizeof seen);
  tanlu_design *d = make((tanlu_design_options){.kind = TANLU_DESIGN_LHS, .dimensions = K, .samples = N, .seed = 4});
  double product[K] = {0.0}, place = 0.0;
  for (uint64_t i = 0; i < N; i++) {
    double u[K];
    tanlu_design_point(d, i, u);
    for (int j = 0; j < K; j++) {
      assert_true(u[j] > 0.0 && u[j] < 1.0);
      const size_t interval = (size_t)(u[j] * N);
      assert_int_equal(seen[j][interval]++, 0);
      place += (u[j] * N - (double)interval) / (N * K);
      product[j] += 12.0 * (u[j] - 0.5) * (u[(j + 1) % K] - 0.5) / N;
    }
  }
  for (int j = 0; j < K; j++) assert_true(fabs(product[j]) < 5.0 / sqrt(N));
  assert_true(fabs(place - 0.5) < 5.0 / sqrt(12.0 * N * K));
  tanlu_design_free(&d);
}

/* The rows of a base sample, by definition; A and B are themselves points of one scrambled Sobol sequence of 2k dimensions, and
 * a longer design begins with the shorter one. */
static void saltelli_layout(void **unused) {
  (void)unused;
  enum { K = 3, N = 8 };
  tanlu_design_options options = {
      .kind = TANLU_DESIGN_SALTELLI, .dimensions = K, .samples = N, .seed = 6, .second_order = true};
  tanlu_design *pairs = make(options);
  options.second_order = false;
  tanlu_design *plain_rows = make(options);
  options.samples = 2 * N;
  tanlu_design *longer = make(options);
  tanlu_design *sequence =
      make((tanlu_design_options){.kind = TANLU_DESIGN_SOBOL, .dimensions = 2 * K, .samples = N, .seed = 6});
  assert_true(tanlu_design_samples(pairs) == N * (2 * K + 2) && tanlu_design_samples(plain_rows) == N * (K + 2));
  assert_true(tanlu_design_second_order(pairs) && !tanlu_design_second_order(longer));
  for (uint64_t n = 0; n < N; n++) {
    double both[2 * K], u[K], v[K];
    tanlu_design_point(sequence, n, both);
    for (uint64_t row = 0; row < 2 * K + 2; row++) {
      tanlu_design_point(pairs, n * (2 * K + 2) + row, u);
      for (uint64_t i = 0; i < K; i++) {
        const double a = both[i], b = both[K + i];
        const double expected = row == 0       ? a
                                : row <= K     ? (i == row - 1 ? b : a)
                                : row == K + 1 ? b
                                               : (i == row - K - 2 ? a : b);
        assert_true(u[i] == expected);
      }
      if (row >= K + 2) continue;
      tanlu_design_point(plain_rows, n * (K + 2) + row, v);
      assert_memory_equal(u, v, sizeof u);
      tanlu_design_point(longer, n * (K + 2) + row, v);
      assert_memory_equal(u, v, sizeof u);
    }
  }
  tanlu_design_free(&pairs);
  tanlu_design_free(&plain_rows);
  tanlu_design_free(&longer);
  tanlu_design_free(&sequence);
}

/* Not scrambled, Sobol points are those of the sequence in the middle of their 2^-32: 0, 1/2, 3/4, 1/4 in dimension 1. */
static void plain_sobol(void **unused) {
  (void)unused;
  const double expected[4] = {0.0, 0.5, 0.75, 0.25};
  tanlu_design *d =
      make((tanlu_design_options){.kind = TANLU_DESIGN_SOBOL, .dimensions = 2, .samples = 4, .seed = 1, .plain = true});
  for (uint64_t i = 0; i < 4; i++) {
    double u[2];
    tanlu_design_point(d, i, u);
    assert_true(u[0] == expected[i] + 0x1p-33);
  }
  tanlu_design_free(&d);
}

/* p = 6 levels, delta = 6 / 10: each trajectory moves every dimension once, by +-delta, and stays on the levels; the design
 * tells which and by how much. Over 3,000 trajectories a dimension starts on each level 500 times and goes down half of the
 * time (chi-square with 5 degrees of freedom above 33: 4e-6), and is the first to move in a quarter of them (5 standard errors:
 * 5 sqrt(3000 x 3/16) = 119). */
static void morris_trajectories(void **unused) {
  (void)unused;
  enum { K = 4, N = 3000, P = 6 };
  tanlu_design *d = make((tanlu_design_options){
      .kind = TANLU_DESIGN_MORRIS, .dimensions = K, .samples = N, .seed = 8, .morris_levels = P});
  assert_true(tanlu_design_samples(d) == N * (K + 1) && tanlu_design_group(d) == K + 1);
  double starts[P] = {0.0}, first[K] = {0.0}, chi = 0.0;
  for (uint64_t n = 0; n < N; n++) {
    double before[K], u[K];
    unsigned moved = 0;
    tanlu_design_point(d, n * (K + 1), before);
    starts[(int)lround(before[2] * (P - 1))] += 1.0;
    for (uint64_t step = 0; step < K; step++) {
      size_t dimension;
      double delta;
      tanlu_design_step(d, n * (K + 1) + step, &dimension, &delta);
      tanlu_design_point(d, n * (K + 1) + step + 1, u);
      if (step == 0) first[dimension] += 1.0;
      moved |= 1U << dimension;
      assert_true(fabs(fabs(delta) - 0.6) < 1e-15);
      for (size_t i = 0; i < K; i++) {
        const double level = u[i] * (P - 1);
        assert_true(u[i] >= 0.0 && u[i] <= 1.0 && fabs(level - round(level)) < 1e-12);
        assert_true(fabs(u[i] - before[i] - (i == dimension ? delta : 0.0)) < 1e-15);
      }
      memcpy(before, u, sizeof u);
    }
    assert_int_equal(moved, (1U << K) - 1);
  }
  for (int i = 0; i < P; i++) chi += (starts[i] - N / 6.0) * (starts[i] - N / 6.0) / (N / 6.0);
  assert_true(chi < 33.0);
  for (int i = 0; i < K; i++) assert_true(fabs(first[i] - N / 4.0) < 119.0);
  tanlu_design_free(&d);
}

/* With tails the outermost levels stay inside: 4 levels, tail 0.01. */
static void morris_tails(void **unused) {
  (void)unused;
  const double tails[1] = {TANLU_DESIGN_TAIL};
  tanlu_design *d =
      make((tanlu_design_options){.kind = TANLU_DESIGN_MORRIS, .dimensions = 1, .samples = 50, .tails = tails});
  for (uint64_t i = 0; i < tanlu_design_samples(d); i++) {
    double u;
    tanlu_design_point(d, i, &u);
    const double level = 3.0 * (u - 0.01) / 0.98;
    assert_true(u > 0.0099 && u < 0.9901 && fabs(level - round(level)) < 1e-12);
  }
  tanlu_design_free(&d);
}

/* Backwards on four threads: the same bits as forwards on one. Another seed: other points. All inside the cube. */
static void order_and_threads_do_not_matter(void **unused) {
  (void)unused;
  enum { K = 5, N = 600 };
  static double forward[N * K], backward[N * K], u[K];
  const tanlu_design_kind kinds[] = {TANLU_DESIGN_MONTE_CARLO, TANLU_DESIGN_LHS, TANLU_DESIGN_SOBOL,
                                     TANLU_DESIGN_SALTELLI, TANLU_DESIGN_MORRIS};
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
    tanlu_design_options options = {.kind = kinds[k], .dimensions = K, .samples = N, .seed = 12};
    tanlu_design *d = make(options);
    options.seed++;
    tanlu_design *other = make(options);
    for (uint64_t i = 0; i < N; i++) tanlu_design_point(d, i, forward + i * K);
#pragma omp parallel for num_threads(4)
    for (int i = N - 1; i >= 0; i--) tanlu_design_point(d, (uint64_t)i, backward + i * K);
    assert_memory_equal(forward, backward, sizeof forward);
    size_t equal = 0;
    for (uint64_t i = 0; i < N; i++) {
      tanlu_design_point(other, i, u);
      for (int j = 0; j < K; j++) {
        equal += u[j] == forward[i * K + (uint64_t)j];
        if (kinds[k] != TANLU_DESIGN_MORRIS) assert_true(u[j] > 0.0 && u[j] < 1.0);
      }
    }
    if (kinds[k] != TANLU_DESIGN_MORRIS) assert_int_equal(equal, 0);
    assert_true(equal < N * K / 2);
    tanlu_design_free(&d);
    tanlu_design_free(&other);
  }
}

/* Normal scores of three correlated dimensions out of four have the correlation asked for: 5 standard errors (1 - r^2) / sqrt(N) for
 * independent points, a fifth of that where a Latin hypercube is reordered (there only rounding to ranks is left). Dimension 1,
 * which is alone, and the first of the others keep their bits. */
static void correlated_points(void **unused) {
  (void)unused;
  enum { N = 4000, K = 4 };
  static double score[K][N];
  const double r[K * K] = {1, 0, 0.7, -0.4, 0, 1, 0, 0, 0.7, 0, 1, 0.2, -0.4, 0, 0.2, 1};
  const tanlu_design_kind kinds[] = {TANLU_DESIGN_MONTE_CARLO, TANLU_DESIGN_SOBOL, TANLU_DESIGN_LHS};
  for (size_t kind = 0; kind < 3; kind++) {
    tanlu_design_options options = {.kind = kinds[kind], .dimensions = K, .samples = N, .seed = 3};
    tanlu_design *alone = make(options);
    options.correlation = r;
    tanlu_design *d = make(options);
    double square[K] = {0.0};
    for (uint64_t n = 0; n < N; n++) {
      double u[K], v[K];
      tanlu_design_point(d, n, u);
      tanlu_design_point(alone, n, v);
      assert_true(u[0] == v[0] && u[1] == v[1]);
      for (int i = 0; i < K; i++) {
        score[i][n] = gsl_cdf_ugaussian_Pinv(u[i]);
        square[i] += score[i][n] * score[i][n];
      }
    }
    for (int i = 0; i < K; i++) {
      assert_true(fabs(square[i] / N - 1.0) < 5.0 * sqrt(2.0 / N)); /* the margins are still normal */
      for (int j = 0; j < i; j++) {
        double sum = 0.0;
        for (int n = 0; n < N; n++) sum += score[i][n] * score[j][n];
        const double error = sum / sqrt(square[i] * square[j]) - r[i * K + j];
        const double bound = 5.0 * (1.0 - r[i * K + j] * r[i * K + j]) / sqrt(N);
        assert_true(fabs(error) < (kinds[kind] == TANLU_DESIGN_LHS && i != 1 && j != 1 ? 0.2 : 1.0) * bound);
      }
    }
    tanlu_design_free(&alone);
    tanlu_design_free(&d);
  }
}

/* Reordered or not, every interval of every dimension holds one sample. With a single pair the Spearman correlation of the ranks is
 * (6 / pi) asin(r / 2) within a fifth of 5 / sqrt(N). */
static void correlated_lhs_keeps_its_intervals(void **unused) {
  (void)unused;
  enum { N = 2000, K = 3 };
  static unsigned char seen[K][N];
  memset(seen, 0, sizeof seen);
  const double r[K * K] = {1, 0, 0.8, 0, 1, 0, 0.8, 0, 1};
  tanlu_design *d = make(
      (tanlu_design_options){.kind = TANLU_DESIGN_LHS, .dimensions = K, .samples = N, .seed = 9, .correlation = r});
  double product = 0.0;
  for (uint64_t n = 0; n < N; n++) {
    double u[K], centred[K];
    tanlu_design_point(d, n, u);
    for (int i = 0; i < K; i++) {
      const size_t interval = (size_t)(u[i] * N);
      assert_int_equal(seen[i][interval]++, 0);
      centred[i] = (double)interval - 0.5 * (N - 1);
    }
    product += centred[0] * centred[2];
  }
  const double spearman = product * 12.0 / (N * ((double)N * N - 1.0)), pi = acos(-1.0);
  assert_true(fabs(spearman - 6.0 / pi * asin(0.4)) < 1.0 / sqrt(N));
  tanlu_design_free(&d);
}

/* A Latin hypercube too large to reorder goes through the copula; nothing of its size is stored. Every 8,192nd of its samples: 5
 * standard errors. */
static void large_lhs_is_correlated(void **unused) {
  (void)unused;
  enum { N = TANLU_DESIGN_REORDER_MOST, STEP = 8192, M = N / STEP };
  const double r[4] = {1, 0.6, 0.6, 1};
  tanlu_design *d = make(
      (tanlu_design_options){.kind = TANLU_DESIGN_LHS, .dimensions = 2, .samples = N, .seed = 9, .correlation = r});
  double sum = 0.0, square[2] = {0.0, 0.0};
  for (uint64_t n = 0; n < N; n += STEP) {
    double u[2];
    tanlu_design_point(d, n, u);
    const double x = gsl_cdf_ugaussian_Pinv(u[0]), y = gsl_cdf_ugaussian_Pinv(u[1]);
    sum += x * y;
    square[0] += x * x;
    square[1] += y * y;
  }
  assert_true(fabs(sum / sqrt(square[0] * square[1]) - 0.6) < 5.0 * 0.64 / sqrt(M));
  tanlu_design_free(&d);
}

static void wrong_options(void **unused) {
  (void)unused;
  const size_t none[2] = {3, 0}, many[2] = {SIZE_MAX / 2, SIZE_MAX / 2};
  const double tails[2] = {0.0, 0.5}, pair[4] = {1.0, 0.5, 0.5, 1.0};
  const double impossible[9] = {1.0, 0.9, 0.9, 0.9, 1.0, -0.9, 0.9, -0.9, 1.0};
  const tanlu_design_options wrong[] = {
      {.kind = TANLU_DESIGN_LHS, .dimensions = 0, .samples = 5},
      {.kind = TANLU_DESIGN_MONTE_CARLO, .dimensions = 2},
      {.kind = TANLU_DESIGN_GRID, .dimensions = 2},
      {.kind = TANLU_DESIGN_GRID, .dimensions = 2, .levels = none},
      {.kind = TANLU_DESIGN_GRID, .dimensions = 2, .levels = many},
      {.kind = TANLU_DESIGN_LIST, .dimensions = 2, .samples = 1},
      {.kind = TANLU_DESIGN_SOBOL, .dimensions = 2000, .samples = 5},
      {.kind = TANLU_DESIGN_SOBOL, .dimensions = 2, .samples = UINT64_C(1) << 33},
      {.kind = TANLU_DESIGN_SALTELLI, .dimensions = 513, .samples = 5},
      {.kind = TANLU_DESIGN_MORRIS, .dimensions = 2, .samples = 5, .morris_levels = 5},
      {.kind = TANLU_DESIGN_MORRIS, .dimensions = 2, .samples = UINT64_MAX},
      {.kind = TANLU_DESIGN_MORRIS, .dimensions = 2, .samples = 5, .tails = tails},
      {.kind = TANLU_DESIGN_SALTELLI, .dimensions = 2, .samples = 5, .correlation = pair},
      {.kind = TANLU_DESIGN_SOBOL, .dimensions = 3, .samples = 5, .correlation = impossible},
      {.kind = TANLU_DESIGN_LHS, .dimensions = 2, .samples = 2, .correlation = pair},
      {.kind = TANLU_DESIGN_KINDS, .dimensions = 2, .samples = 5},
  };
  const char *const parts[] = {"0 dimensions",
                               "no samples",
                               "no numbers of levels",
                               "dimension 2 has no levels",
                               "too many",
                               "no points",
                               "at most 1024",
                               "2^32 points",
                               "513 dimensions; expected at most 512",
                               "an even number",
                               "too many",
                               "tail 0.5 of dimension 2",
                               "cannot be correlated; expected monte_carlo, lhs or sobol",
                               "not positive definite",
                               "2 samples are too few to correlate 2 dimensions",
                               "no such kind"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    tanlu_context *context = tanlu_context_create();
    tanlu_design *d = NULL;
    assert_int_equal(tanlu_design_create(&d, &wrong[i], context), TANLU_ERR_INPUT);
    assert_null(d);
    assert_true(tanlu_test_has_message(context, parts[i]));
    tanlu_context_free(&context);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(grid_by_hand),
      cmocka_unit_test(list_is_handed_back),
      cmocka_unit_test(lhs_is_stratified),
      cmocka_unit_test(saltelli_layout),
      cmocka_unit_test(plain_sobol),
      cmocka_unit_test(morris_trajectories),
      cmocka_unit_test(morris_tails),
      cmocka_unit_test(order_and_threads_do_not_matter),
      cmocka_unit_test(correlated_points),
      cmocka_unit_test(correlated_lhs_keeps_its_intervals),
      cmocka_unit_test(large_lhs_is_correlated),
      cmocka_unit_test(wrong_options),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
