/* Estimators against functions whose sensitivities are known in closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "solvers/design.h"
#include "solvers/estimators.h"
#include "solvers/random.h"
#include "tests/support.h"

static const double pi = 3.14159265358979323846;
typedef double (*function)(const double *u, size_t k);

static tanlu_design *saltelli(size_t dimensions, uint64_t samples, bool second_order) {
  const tanlu_design_options options = {.kind = TANLU_DESIGN_SALTELLI,
                                        .dimensions = dimensions,
                                        .samples = samples,
                                        .seed = 20,
                                        .second_order = second_order};
  tanlu_design *d = NULL;
  assert_int_equal(tanlu_design_create(&d, &options, NULL), TANLU_OK);
  return d;
}

/* The function at every sample; the caller frees. */
static double *evaluate(const tanlu_design *d, function f) {
  const size_t k = tanlu_design_dimensions(d), n = (size_t)tanlu_design_samples(d);
  double *y = malloc(n * sizeof *y), *u = malloc(k * sizeof *u);
  assert_non_null(y);
  assert_non_null(u);
  for (size_t i = 0; i < n; i++) {
    tanlu_design_point(d, i, u);
    y[i] = f(u, k);
  }
  free(u);
  return y;
}

/* Ishigami: sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on [-pi, pi]^3. */
static double ishigami(const double *u, size_t k) {
  (void)k;
  const double x1 = pi * (2.0 * u[0] - 1.0), x2 = pi * (2.0 * u[1] - 1.0), x3 = pi * (2.0 * u[2] - 1.0);
  return sin(x1) + 7.0 * sin(x2) * sin(x2) + 0.1 * pow(x3, 4.0) * sin(x1);
}

/* T. Ishigami and T. Homma (1990), a = 7, b = 0.1: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225, all others
 * 0. The plain Monte Carlo error of 8,192 base samples is about 1.5 / sqrt(8192) = 0.017; scrambled Sobol points do better, and
 * 0.02 is asked. The 99 % intervals hold the exact indices, and are no wider than 4 x 2.6 x 0.017. */
static void ishigami_indices(void **unused) {
  (void)unused;
  const double b = 0.1, v1 = 0.5 * pow(1.0 + b * pow(pi, 4.0) / 5.0, 2.0), v2 = 49.0 / 8.0;
  const double v13 = 8.0 * b * b * pow(pi, 8.0) / 225.0, v = v1 + v2 + v13;
  const double first[3] = {v1 / v, v2 / v, 0.0}, total[3] = {(v1 + v13) / v, v2 / v, v13 / v},
               second[3] = {0.0, v13 / v, 0.0};
  tanlu_design *d = saltelli(3, 8192, true);
  double *y = evaluate(d, ishigami);
  const tanlu_bootstrap bootstrap = {.resamples = 200, .level = 0.99, .seed = 1};
  tanlu_estimate s[3], st[3], s2[3];
  uint64_t used = 0;
  assert_int_equal(tanlu_sobol_indices(d, y, 1, &bootstrap, s, st, s2, &used, NULL), TANLU_OK);
  assert_true(used == 8192);
  for (int i = 0; i < 3; i++) {
    const tanlu_estimate *found[3] = {&s[i], &st[i], &s2[i]};
    const double exact[3] = {first[i], total[i], second[i]};
    for (int j = 0; j < 3; j++) {
      assert_true(fabs(found[j]->value - exact[j]) < 0.02);
      assert_true(found[j]->low <= exact[j] && exact[j] <= found[j]->high);
      assert_true(found[j]->low <= found[j]->value && found[j]->value <= found[j]->high);
      assert_true(found[j]->high - found[j]->low < 0.18);
    }
  }
  free(y);
  tanlu_design_free(&d);
}

/* y = 0.5 u_0 + c . x, x the Dirichlet(1, 1, 1) shares that dimensions 1 and 2 make up by breaking a stick (x_1 = 1 - sqrt(1 -
 * u_1), x_2 = u_2 (1 - x_1)). cov(x_i, x_j) = (3 [i = j] - 1) / 36, so that V(c . x) = (3 c.c - (sum c)^2) / 36, and V(u_0 / 2) =
 * 1 / 48. The function is additive in u_0 and x: first and total of both factors are their shares of the sum, whatever the order
 * in which the stick is broken. */
static double mix(const double *u, const double c[3], const size_t order[3]) {
  const double first = 1.0 - sqrt(1.0 - u[1]), second = u[2] * (1.0 - first);
  return 0.5 * u[0] + c[order[0]] * first + c[order[1]] * second + c[order[2]] * (1.0 - first - second);
}
static const double mix_weight[3] = {2.0, 0.5, -1.0};
static double mix_forward(const double *u, size_t k) {
  (void)k;
  return mix(u, mix_weight, (const size_t[]){0, 1, 2});
}
static double mix_backward(const double *u, size_t k) {
  (void)k;
  return mix(u, mix_weight, (const size_t[]){2, 0, 1});
}

static void indices_of_a_factor_of_several_dimensions(void **unused) {
  (void)unused;
  static const size_t factor[3] = {0, 1, 1}, wrong[3] = {0, 2, 2};
  const double *c = mix_weight, sum = c[0] + c[1] + c[2];
  const double own = (3.0 * (c[0] * c[0] + c[1] * c[1] + c[2] * c[2]) - sum * sum) / 36.0, other = 1.0 / 48.0;
  tanlu_design_options options = {.kind = TANLU_DESIGN_SALTELLI, .dimensions = 3, .samples = 8192, .factor = factor};
  options.second_order = true;
  tanlu_design *d = NULL;
  assert_int_equal(tanlu_design_create(&d, &options, NULL), TANLU_OK);
  assert_true(tanlu_design_factors(d) == 2 && tanlu_design_group(d) == 6);
  for (int i = 0; i < 2; i++) {
    double *y = evaluate(d, i == 0 ? mix_forward : mix_backward);
    tanlu_estimate s[2], st[2], pair;
    assert_int_equal(tanlu_sobol_indices(d, y, 1, NULL, s, st, &pair, NULL, NULL), TANLU_OK);
    assert_true(fabs(s[1].value - own / (own + other)) < 0.02 && fabs(st[1].value - own / (own + other)) < 0.02);
    assert_true(fabs(s[0].value - other / (own + other)) < 0.02 && fabs(st[0].value - other / (own + other)) < 0.02);
    assert_true(fabs(pair.value) < 0.02);
    free(y);
  }
  tanlu_design_free(&d);
  options.factor = wrong;
  assert_int_equal(tanlu_design_create(&d, &options, NULL), TANLU_ERR_INPUT);
}

/* Sobol's g-function, prod (|4u - 2| + a_i) / (1 + a_i): V_i = 1 / (3 (1 + a_i)^2), V = prod (1 + V_i) - 1, total_i = V_i
 * prod_{j != i} (1 + V_j) / V, second_ij = V_i V_j / V. */
enum { G = 8 };
static const double g_a[G] = {0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0};

static double g_function(const double *u, size_t k) {
  double product = 1.0;
  for (size_t i = 0; i < k; i++) product *= (fabs(4.0 * u[i] - 2.0) + g_a[i]) / (1.0 + g_a[i]);
  return product;
}

static void g_function_indices(void **unused) {
  (void)unused;
  double part[G], product = 1.0;
  for (int i = 0; i < G; i++) {
    part[i] = 1.0 / (3.0 * (1.0 + g_a[i]) * (1.0 + g_a[i]));
    product *= 1.0 + part[i];
  }
  tanlu_design *d = saltelli(G, 8192, true);
  double *y = evaluate(d, g_function);
  tanlu_estimate s[G], st[G], s2[G * (G - 1) / 2];
  assert_int_equal(tanlu_sobol_indices(d, y, 1, NULL, s, st, s2, NULL, NULL), TANLU_OK);
  const tanlu_estimate *pair = s2;
  for (int i = 0; i < G; i++) {
    assert_true(fabs(s[i].value - part[i] / (product - 1.0)) < 0.02);
    assert_true(fabs(st[i].value - part[i] * product / (1.0 + part[i]) / (product - 1.0)) < 0.02);
    assert_true(isnan(s[i].low) && isnan(s[i].high));
    for (int j = i + 1; j < G; j++, pair++) assert_true(fabs(pair->value - part[i] * part[j] / (product - 1.0)) < 0.02);
  }
  free(y);
  tanlu_design_free(&d);
}

/* y = 1e6 + sum c_i u_i: first and total are both c_i^2 / sum c^2; a large mean must not hurt. */
static const double slopes[4] = {1.0, -2.0, 3.0, 0.0};
static double linear(const double *u, size_t k) {
  double sum = 1e6;
  for (size_t i = 0; i < k; i++) sum += slopes[i] * u[i];
  return sum;
}
static double constant(const double *u, size_t k) {
  return k > 0 && u[0] > 2.0 ? 1.0 : 0.1;
}

static void linear_indices(void **unused) {
  (void)unused;
  tanlu_design *d = saltelli(4, 4096, false);
  double *y = evaluate(d, linear);
  tanlu_estimate s[4], st[4];
  assert_int_equal(tanlu_sobol_indices(d, y, 1, NULL, s, st, NULL, NULL, NULL), TANLU_OK);
  for (int i = 0; i < 4; i++) {
    const double exact = slopes[i] * slopes[i] / 14.0;
    assert_true(fabs(s[i].value - exact) < 0.005 && fabs(st[i].value - exact) < 0.005);
  }
  assert_true(st[3].value == 0.0); /* the rows A and AB are equal */
  free(y);
  y = evaluate(d, constant);
  assert_int_equal(tanlu_sobol_indices(d, y, 1, NULL, s, st, NULL, NULL, NULL), TANLU_OK);
  assert_true(isnan(s[0].value) && isnan(st[0].value));
  free(y);
  tanlu_design_free(&d);
}

/* Unsolved samples: what remains equals the design without those base samples. y lies in the second of three columns. */
static void unsolved_samples_are_left_out(void **unused) {
  (void)unused;
  enum { N = 64, ROWS = 5 };
  tanlu_design *d = saltelli(3, N, false), *shorter = saltelli(3, N - 2, false);
  double *y = evaluate(d, ishigami), *columns = calloc((size_t)N * ROWS * 3, sizeof *columns);
  assert_non_null(columns);
  for (int i = 0; i < N * ROWS; i++) columns[3 * i + 1] = y[i];
  columns[3 * (ROWS * (N - 1) + 2) + 1] = (double)NAN;
  columns[3 * (ROWS * (N - 2)) + 1] = (double)NAN;
  const tanlu_bootstrap bootstrap = {.resamples = 20, .level = 0.9, .seed = 3};
  tanlu_estimate s[2][3], st[2][3];
  uint64_t used = 0;
  assert_int_equal(tanlu_sobol_indices(d, columns + 1, 3, &bootstrap, s[0], st[0], NULL, &used, NULL), TANLU_OK);
  assert_true(used == N - 2);
  assert_int_equal(tanlu_sobol_indices(shorter, y, 1, &bootstrap, s[1], st[1], NULL, &used, NULL), TANLU_OK);
  assert_memory_equal(s[0], s[1], sizeof s[0]);
  assert_memory_equal(st[0], st[1], sizeof st[0]);
  tanlu_context *context = tanlu_context_create();
  for (int i = 0; i < N - 1; i++) y[ROWS * i] = (double)NAN;
  assert_int_equal(tanlu_sobol_indices(d, y, 1, NULL, s[0], st[0], NULL, &used, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "1 base samples with all rows solved"));
  tanlu_estimate pairs[3];
  assert_int_equal(tanlu_sobol_indices(d, y, 1, NULL, s[0], st[0], pairs, &used, context), TANLU_ERR_INPUT);
  tanlu_effect effects[3];
  assert_int_equal(tanlu_morris_effects(d, y, 1, NULL, effects, &used, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "need a morris design, not saltelli"));
  const tanlu_bootstrap wrong = {.resamples = 20, .level = 95.0};
  assert_int_equal(tanlu_sobol_indices(shorter, columns + 1, 3, &wrong, s[0], st[0], NULL, NULL, context),
                   TANLU_ERR_INPUT);
  tanlu_context_free(&context);
  free(columns);
  free(y);
  tanlu_design_free(&d);
  tanlu_design_free(&shorter);
}

/* The 90 % interval of the index 1/14 of a linear model holds it in about 90 of 100 independent designs: binomial deviation 3,
 * so 75 or fewer, or all 100, would be wrong. Evenness of the points makes them err less than the bootstrap believes, so random
 * points stand in: the model reads the design's points only to seed its own uniforms. */
static double independent(const double *u, size_t k) {
  double sum = 0.0;
  for (size_t i = 0; i < k; i++) {
    uint64_t bits;
    memcpy(&bits, &u[i], sizeof bits);
    sum += slopes[i] * tanlu_random_uniform(bits, TANLU_STREAM_CALLER, i, 0);
  }
  return sum;
}

static void intervals_cover(void **unused) {
  (void)unused;
  const tanlu_bootstrap bootstrap = {.resamples = 200, .level = 0.9, .seed = 5};
  int covered[2] = {0, 0};
  for (uint64_t seed = 0; seed < 100; seed++) {
    const tanlu_design_options options = {
        .kind = TANLU_DESIGN_SALTELLI, .dimensions = 3, .samples = 250, .seed = 1000 + seed};
    tanlu_design *d = NULL;
    assert_int_equal(tanlu_design_create(&d, &options, NULL), TANLU_OK);
    double *y = evaluate(d, independent);
    tanlu_estimate s[3], st[3];
    assert_int_equal(tanlu_sobol_indices(d, y, 1, &bootstrap, s, st, NULL, NULL, NULL), TANLU_OK);
    covered[0] += s[2].low <= 9.0 / 14.0 && 9.0 / 14.0 <= s[2].high;
    covered[1] += st[2].low <= 9.0 / 14.0 && 9.0 / 14.0 <= st[2].high;
    free(y);
    tanlu_design_free(&d);
  }
  for (int i = 0; i < 2; i++) assert_true(covered[i] > 75 && covered[i] < 100);
}

static tanlu_design *morris(size_t dimensions, uint64_t trajectories) {
  const tanlu_design_options options = {
      .kind = TANLU_DESIGN_MORRIS, .dimensions = dimensions, .samples = trajectories, .seed = 2};
  tanlu_design *d = NULL;
  assert_int_equal(tanlu_design_create(&d, &options, NULL), TANLU_OK);
  return d;
}

/* y = 2 u1 - 3 u2 + 4 (u3 - 1/2)(u4 - 1/2): effects are 2, -3, 4 (u4 - 1/2), 4 (u3 - 1/2). On levels 0, 1/3, 2/3, 1 the last two
 * are +-2 and +-2/3 with equal frequency: mean 0, mean size 4/3, deviation sqrt(20/9); 4 standard errors of 2,000 trajectories. */
static double worked(const double *u, size_t k) {
  (void)k;
  return 2.0 * u[0] - 3.0 * u[1] + 4.0 * (u[2] - 0.5) * (u[3] - 0.5);
}

static void effects_by_hand(void **unused) {
  (void)unused;
  enum { N = 2000 };
  tanlu_design *d = morris(4, N);
  double *y = evaluate(d, worked);
  y[7] = (double)NAN;
  const tanlu_bootstrap bootstrap = {.resamples = 200, .level = 0.99, .seed = 1};
  tanlu_effect e[4];
  uint64_t used = 0;
  assert_int_equal(tanlu_morris_effects(d, y, 1, &bootstrap, e, &used, NULL), TANLU_OK);
  assert_true(used == N - 1);
  assert_true(fabs(e[0].mu - 2.0) < 1e-12 && fabs(e[0].mu_star.value - 2.0) < 1e-12 && e[0].sigma < 1e-12);
  assert_true(fabs(e[1].mu + 3.0) < 1e-12 && fabs(e[1].mu_star.value - 3.0) < 1e-12 && e[1].sigma < 1e-12);
  for (int i = 2; i < 4; i++) {
    assert_true(fabs(e[i].mu) < 4.0 * sqrt(20.0 / 9.0 / N));
    assert_true(fabs(e[i].mu_star.value - 4.0 / 3.0) < 4.0 * (2.0 / 3.0) / sqrt(N));
    assert_true(fabs(e[i].sigma / sqrt(20.0 / 9.0) - 1.0) < 0.05);
    assert_true(e[i].mu_star.low < 4.0 / 3.0 && 4.0 / 3.0 < e[i].mu_star.high);
  }
  free(y);
  tanlu_design_free(&d);
}

/* The function of M. D. Morris, Technometrics 33 (1991), 20 inputs, with the small coefficients (-1)^i and (-1)^(i+j) instead
 * of random ones. Published finding: inputs 1 to 10 matter, 8 to 10 of them with nearly constant effects (about 2 x 20), 1 to 7
 * with curvature or interactions, 11 to 20 hardly at all. */
static double morris_function(const double *u, size_t k) {
  double w[20] = {0.0}, sum = 0.0;
  for (size_t i = 0; i < k; i++) {
    const bool curved = i == 2 || i == 4 || i == 6;
    w[i] = curved ? 2.0 * (1.1 * u[i] / (u[i] + 0.1) - 0.5) : 2.0 * (u[i] - 0.5);
  }
  for (size_t i = 0; i < k; i++) {
    sum += (i < 10 ? 20.0 : (i % 2 ? 1.0 : -1.0)) * w[i];
    for (size_t j = i + 1; j < k; j++) {
      sum += (j < 6 ? -15.0 : ((i + j) % 2 ? -1.0 : 1.0)) * w[i] * w[j];
      for (size_t l = j + 1; l < 5; l++) sum += -10.0 * w[i] * w[j] * w[l];
    }
  }
  return sum + 5.0 * w[0] * w[1] * w[2] * w[3];
}

static void morris_test_function(void **unused) {
  (void)unused;
  tanlu_design *d = morris(20, 50);
  double *y = evaluate(d, morris_function);
  tanlu_effect e[20];
  assert_int_equal(tanlu_morris_effects(d, y, 1, NULL, e, NULL, NULL), TANLU_OK);
  for (int i = 0; i < 10; i++)
    for (int j = 10; j < 20; j++) assert_true(e[i].mu_star.value > 2.0 * e[j].mu_star.value);
  for (int i = 7; i < 10; i++) {
    /* the interactions of size 1 with 19 others of |w| <= 1 have deviation 2 sqrt(19 x 5/9) = 6.5 */
    assert_true(fabs(e[i].mu - 40.0) < 4.0 * 6.5 / sqrt(50.0));
    for (int j = 0; j < 7; j++) assert_true(e[i].sigma < 0.5 * e[j].sigma);
  }
  free(y);
  tanlu_design_free(&d);
}

/* --- regression ----------------------------------------------------------------------------------------------------------- */

enum { N = 400, K = 4 };

static void draw(double x[N * K], double y[N]) {
  for (uint64_t i = 0; i < N; i++) {
    for (uint32_t j = 0; j < K; j++)
      x[i * K + j] = 100.0 * (j + 1.0) + tanlu_random_uniform(9, TANLU_STREAM_CALLER, i, j);
    y[i] = 1e3 + 2.0 * x[i * K] - 5.0 * x[i * K + 1] + 0.5 * x[i * K + 2];
  }
}

static double deviation(const double *x, size_t stride) {
  long double sum = 0.0L, square = 0.0L;
  for (size_t i = 0; i < N; i++) sum += (long double)x[i * stride];
  for (size_t i = 0; i < N; i++) {
    const long double gap = (long double)x[i * stride] - sum / N;
    square += gap * gap;
  }
  return sqrt((double)square);
}

/* An exact linear model: b_i sd(x_i) / sd(y), all of the variance explained. Means of 400 cost log10(400 / 0.3) digits: 1e-11. A
 * dimension that does not vary gets 0. */
static void regression_of_a_linear_model(void **unused) {
  (void)unused;
  static double x[N * K], y[N];
  const double slope[K] = {2.0, -5.0, 0.5, 0.0};
  double found[K], explained;
  draw(x, y);
  assert_int_equal(tanlu_regression_coefficients(N, K, x, y, 1, found, &explained, NULL), TANLU_OK);
  for (size_t j = 0; j < K; j++) assert_true(fabs(found[j] - slope[j] * deviation(x + j, K) / deviation(y, 1)) < 1e-11);
  assert_true(fabs(explained - 1.0) < 1e-12);
  for (int i = 0; i < N; i++) x[i * K + 3] = 0.1;
  for (int i = 0; i < N; i++) x[i * K] = 7.3;
  for (int i = 0; i < N; i++) y[i] = -5.0 * x[i * K + 1] + 0.5 * x[i * K + 2];
  assert_int_equal(tanlu_regression_coefficients(N, K, x, y, 1, found, &explained, NULL), TANLU_OK);
  assert_true(found[0] == 0.0 && found[3] == 0.0);
  assert_true(fabs(found[1] + 5.0 * deviation(x + 1, K) / deviation(y, 1)) < 1e-11);
}

/* One dimension: the coefficient is the correlation, its square the share explained. By hand x = 1 2 3 4, y = 1 3 2 4 (plus an
 * unsolved sample): sums of products 4, of squares 5 and 5: 0.8. The ranks are the numbers themselves. Squaring y changes no
 * rank. Ties: y = 1 2 2 4 has ranks 0 1.5 1.5 3: products 4.5, squares 5 and 4.5: sqrt 0.9. */
static void one_dimension(void **unused) {
  (void)unused;
  const double x[5] = {1.0, 2.0, 3.0, 5.0, 4.0}, y[5] = {1.0, 3.0, 2.0, (double)NAN, 4.0};
  const double squared[5] = {1.0, 9.0, 4.0, (double)NAN, 16.0}, ties[5] = {1.0, 2.0, 2.0, (double)NAN, 4.0};
  double found, explained;
  assert_int_equal(tanlu_regression_coefficients(5, 1, x, y, 1, &found, &explained, NULL), TANLU_OK);
  assert_true(fabs(found - 0.8) < 1e-14 && fabs(explained - 0.64) < 1e-14);
  assert_int_equal(tanlu_rank_correlation(5, 1, x, squared, 1, &found, NULL), TANLU_OK);
  assert_true(fabs(found - 0.8) < 1e-14);
  assert_int_equal(tanlu_rank_correlation(5, 1, x, ties, 1, &found, NULL), TANLU_OK);
  assert_true(fabs(found - sqrt(0.9)) < 1e-14);
}

/* Two dimensions: with the plain correlations a, b of y with the ranks of both and c between them the partial one is (a - b c) /
 * sqrt((1 - b^2)(1 - c^2)). By hand: ranks x1 = 0 1 2 3 4, x2 = 1 0 2 4 3, y = 0 2 1 3 4, each with squares 10; products less n mean
 * mean = 20: x1 y 29 - 20, x2 y 26 - 20 and x1 x2 28 - 20. */
static void partial_rank_correlation_by_hand(void **unused) {
  (void)unused;
  const double x[10] = {0.1, 20.0, 0.2, 10.0, 0.5, 30.0, 0.7, 50.0, 9.0, 40.0}, y[5] = {-3.0, 5.0, 1.0, 8.0, 1e6};
  const double a = 0.9, b = 0.6, c = 0.8;
  double found[2];
  assert_int_equal(tanlu_rank_correlation(5, 2, x, y, 1, found, NULL), TANLU_OK);
  assert_true(fabs(found[0] - (a - b * c) / sqrt((1.0 - b * b) * (1.0 - c * c))) < 1e-13);
  assert_true(fabs(found[1] - (b - a * c) / sqrt((1.0 - a * a) * (1.0 - c * c))) < 1e-13);
}

/* y falls monotonically with x1 and depends on nothing else: partial rank correlation -1, whatever the curve. The others are of
 * size 0/0 there; with y = x1 exactly their coefficient is rounding over rounding, so only the first is asked. */
static void monotone_models(void **unused) {
  (void)unused;
  static double x[N * K], y[N];
  double found[K];
  draw(x, y);
  for (int i = 0; i < N; i++) y[i] = exp(-20.0 * (x[i * K] - 100.0));
  assert_int_equal(tanlu_rank_correlation(N, K, x, y, 1, found, NULL), TANLU_OK);
  assert_true(fabs(found[0] + 1.0) < 1e-10);
  for (int i = 0; i < N; i++) y[i] = 3.0;
  assert_int_equal(tanlu_rank_correlation(N, K, x, y, 1, found, NULL), TANLU_OK);
  assert_true(isnan(found[0]) && isnan(found[3]));
}

static void dependent_dimensions(void **unused) {
  (void)unused;
  static double x[N * K], y[N];
  double found[K], explained;
  draw(x, y);
  for (int i = 0; i < N; i++) x[i * K + 2] = 3.0 * x[i * K] - x[i * K + 1];
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_regression_coefficients(N, K, x, y, 1, found, &explained, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "dimension 3 depends linearly"));
  assert_int_equal(tanlu_regression_coefficients(5, K, x, y, 1, found, &explained, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "5 samples solved; expected 6 or more"));
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ishigami_indices),
      cmocka_unit_test(indices_of_a_factor_of_several_dimensions),
      cmocka_unit_test(g_function_indices),
      cmocka_unit_test(linear_indices),
      cmocka_unit_test(unsolved_samples_are_left_out),
      cmocka_unit_test(intervals_cover),
      cmocka_unit_test(effects_by_hand),
      cmocka_unit_test(morris_test_function),
      cmocka_unit_test(regression_of_a_linear_model),
      cmocka_unit_test(one_dimension),
      cmocka_unit_test(partial_rank_correlation_by_hand),
      cmocka_unit_test(monotone_models),
      cmocka_unit_test(dependent_dimensions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
