/* Quantiles against closed forms and tables, moments, correlation by the copula. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "solvers/copula.h"
#include "solvers/distribution.h"
#include "solvers/random.h"
#include "tests/support.h"

static const double pi = 3.14159265358979323846;

static tanlu_distribution *make(tanlu_distribution_options options) {
  tanlu_distribution *d = NULL;
  assert_int_equal(tanlu_distribution_create(&d, &options, NULL, NULL), TANLU_OK);
  return d;
}

/* q(u) within 1e-12 of the size of the value or of the deviation. */
static void check(tanlu_distribution_options options, double u, double expected) {
  tanlu_distribution *d = make(options);
  const double size = fmax(fabs(expected), tanlu_distribution_deviation(d));
  assert_true(fabs(tanlu_distribution_quantile(d, u) - expected) <= 1e-12 * size);
  tanlu_distribution_free(&d);
  assert_null(d);
}

#define UNIFORM(l, u) ((tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_UNIFORM, .lower = (l), .upper = (u)})
#define NORMAL(m, s) ((tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_NORMAL, .mean = (m), .deviation = (s)})
#define LOGNORMAL(m, s)                                                                                                \
  ((tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_LOGNORMAL, .mean = (m), .deviation = (s)})
#define TRUNCATED(m, s, l, u)                                                                                          \
  ((tanlu_distribution_options){                                                                                       \
      .kind = TANLU_DISTRIBUTION_TRUNCATED_NORMAL, .mean = (m), .deviation = (s), .lower = (l), .upper = (u)})
#define TRIANGULAR(l, m, u)                                                                                            \
  ((tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_TRIANGULAR, .lower = (l), .mode = (m), .upper = (u)})
#define BETA(a, b, l, u)                                                                                               \
  ((tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_BETA, .alpha = (a), .beta = (b), .lower = (l), .upper = (u)})

/* Standard normal quantiles: M. Abramowitz and I. A. Stegun, table 26.5 with more digits: 1.959963984540054 at 97.5 %,
 * 0.6744897501960817 at 75 %, 1.281551565544601 at 90 %. */
static void normal_kinds(void **unused) {
  (void)unused;
  check(NORMAL(10.0, 2.0), 0.975, 10.0 + 2.0 * 1.959963984540054);
  check(NORMAL(10.0, 2.0), 0.025, 10.0 - 2.0 * 1.959963984540054);
  check(LOGNORMAL(1.0, 0.5), 0.9, exp(1.0 + 0.5 * 1.281551565544601));
  check(LOGNORMAL(1.0, 0.5), 0.5, exp(1.0));
  /* the upper half: q(u) is the quantile (1 + u) / 2 of the whole; the mirror image below */
  check(TRUNCATED(0.0, 1.0, 0.0, (double)INFINITY), 0.5, 0.6744897501960817);
  check(TRUNCATED(0.0, 1.0, -(double)INFINITY, 0.0), 0.5, -0.6744897501960817);
  check(TRUNCATED(5.0, 3.0, 2.0, 8.0), 0.5, 5.0);
}

/* Far out in a tail the median of x > 8 has half the tail's probability, Q(x) = erfc(x / sqrt 2) / 2. */
static void a_far_tail(void **unused) {
  (void)unused;
  tanlu_distribution *d = make(TRUNCATED(0.0, 1.0, 8.0, (double)INFINITY));
  const double x = tanlu_distribution_quantile(d, 0.5);
  assert_true(fabs(erfc(x / sqrt(2.0)) / erfc(8.0 / sqrt(2.0)) - 0.5) < 1e-12);
  assert_true(tanlu_distribution_quantile(d, 0.0) == 8.0);
  tanlu_distribution_free(&d);
}

/* Uniform and triangular by hand: on [0, 4] with mode 1, F(1) = 1/4, F(1/2) = 1/16, 1 - F(x) = (4 - x)^2 / 12. */
static void by_hand(void **unused) {
  (void)unused;
  check(UNIFORM(-1.0, 3.0), 0.25, 0.0);
  check(UNIFORM(-1.0, 3.0), 0.0, -1.0);
  check(UNIFORM(0.1, 0.7), 1.0, 0.7);
  check(TRIANGULAR(0.0, 1.0, 4.0), 0.25, 1.0);
  check(TRIANGULAR(0.0, 1.0, 4.0), 0.0625, 0.5);
  check(TRIANGULAR(0.0, 1.0, 4.0), 0.75, 4.0 - sqrt(3.0));
  check(TRIANGULAR(0.0, 0.0, 4.0), 0.75, 2.0);
  check(TRIANGULAR(0.0, 4.0, 4.0), 0.25, 2.0);
}

/* Closed forms: B(a, 1) u^(1/a); B(1, b) 1 - (1 - u)^(1/b); B(1/2, 1/2) sin^2(pi u / 2); B(2, 2) has F(1/4) = 3/16 - 2/64. The 5 %
 * point of B(2, 5) solves 1 - (1-x)^6 - 6x(1-x)^5 = 0.05. */
static void beta_closed_forms(void **unused) {
  (void)unused;
  for (int i = 1; i < 20; i++) {
    const double u = i / 20.0, s = sin(0.5 * pi * u);
    check(BETA(0.05, 1.0, 0.0, 1.0), u, pow(u, 20.0));
    check(BETA(3.0, 1.0, 2.0, 4.0), u, 2.0 + 2.0 * cbrt(u));
    check(BETA(1.0, 7.5, 0.0, 1.0), u, -expm1(log1p(-u) / 7.5));
    check(BETA(0.5, 0.5, 0.0, 1.0), u, s * s);
    check(BETA(300.0, 300.0, 0.0, 1.0), 0.5, 0.5);
  }
  check(BETA(2.0, 2.0, 0.0, 1.0), 0.15625, 0.25);
  check(BETA(2.0, 2.0, 0.0, 1.0), 0.84375, 0.75);
  tanlu_distribution *d = make(BETA(2.0, 5.0, 0.0, 1.0));
  const double x = tanlu_distribution_quantile(d, 0.05);
  assert_true(fabs(1.0 - pow(1.0 - x, 6.0) - 6.0 * x * pow(1.0 - x, 5.0) - 0.05) < 1e-14);
  assert_true(tanlu_distribution_quantile(d, 0.0) == 0.0 && tanlu_distribution_quantile(d, 1.0) == 1.0);
  tanlu_distribution_free(&d);
}

/* Weights 1 0 3 over 10, 20, 5: u < 1/4 gives 10, the rest 5, never 20; mean 6.25, variance (3.75^2 + 3 x 1.25^2) / 4. */
static void discrete_values(void **unused) {
  (void)unused;
  const double values[] = {10.0, 20.0, 5.0}, weights[] = {1.0, 0.0, 3.0};
  tanlu_distribution *d = make((tanlu_distribution_options){
      .kind = TANLU_DISTRIBUTION_DISCRETE, .count = 3, .values = values, .weights = weights});
  assert_true(tanlu_distribution_quantile(d, 0.0) == 10.0);
  assert_true(tanlu_distribution_quantile(d, 0.2499) == 10.0);
  assert_true(tanlu_distribution_quantile(d, 0.25) == 5.0);
  assert_true(tanlu_distribution_quantile(d, 1.0) == 5.0);
  assert_true(fabs(tanlu_distribution_mean(d) - 6.25) < 1e-14);
  assert_true(fabs(tanlu_distribution_deviation(d) - sqrt(18.75 / 4.0)) < 1e-14);
  assert_int_equal(tanlu_distribution_values(d), 3);
  assert_true(tanlu_distribution_bounded(d));
  tanlu_distribution_free(&d);
  const double last[] = {1.0, 2.0}, none[] = {1.0, 0.0};
  d = make(
      (tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_DISCRETE, .count = 2, .values = last, .weights = none});
  assert_true(tanlu_distribution_quantile(d, 1.0) == 1.0);
  tanlu_distribution_free(&d);
}

/* Mean and deviation are those of the quantile function: the midpoint rule on 2e5 points. What is left out of the lognormal's
 * tail beyond 2.5e-6 is below 1e-3 of its variance. Quantiles never decrease. */
static void moments_agree(void **unused) {
  (void)unused;
  const tanlu_distribution_options all[] = {UNIFORM(2.0, 5.0),
                                            NORMAL(3.0, 0.5),
                                            LOGNORMAL(0.2, 0.4),
                                            TRIANGULAR(1.0, 2.0, 6.0),
                                            BETA(0.7, 2.5, -1.0, 2.0),
                                            TRUNCATED(1.0, 2.0, 0.0, 2.5),
                                            TRUNCATED(1.0, 2.0, 4.0, (double)INFINITY)};
  enum { STEPS = 200000 };
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    tanlu_distribution *d = make(all[i]);
    const double center = tanlu_distribution_mean(d);
    double sum = 0.0, square = 0.0, before = -(double)INFINITY;
    for (int j = 0; j < STEPS; j++) {
      const double x = tanlu_distribution_quantile(d, (j + 0.5) / STEPS);
      assert_true(x >= before);
      before = x;
      sum += (x - center) / STEPS;
      square += (x - center) * (x - center) / STEPS;
    }
    const double deviation = tanlu_distribution_deviation(d);
    assert_true(fabs(sum) < 1e-4 * deviation);
    assert_true(fabs(sqrt(square - sum * sum) / deviation - 1.0) < 1e-3);
    assert_int_equal(tanlu_distribution_bounded(d),
                     isfinite(tanlu_distribution_quantile(d, 0.0)) && isfinite(tanlu_distribution_quantile(d, 1.0)));
    tanlu_distribution_free(&d);
  }
}

static void wrong_parameters(void **unused) {
  (void)unused;
  const double minus[] = {-1.0, 2.0};
  const tanlu_distribution_options wrong[] = {
      UNIFORM(1.0, 1.0),
      UNIFORM(0.0, (double)NAN),
      NORMAL(0.0, 0.0),
      LOGNORMAL(0.0, -1.0),
      TRUNCATED(0.0, 1.0, 2.0, 1.0),
      TRUNCATED(0.0, 1.0, 60.0, 61.0),
      TRUNCATED(0.0, 1.0, -(double)INFINITY, (double)INFINITY),
      TRIANGULAR(0.0, 5.0, 4.0),
      BETA(0.0, 1.0, 0.0, 1.0),
      {.kind = TANLU_DISTRIBUTION_DISCRETE},
      {.kind = TANLU_DISTRIBUTION_DISCRETE, .count = 2, .values = minus, .weights = minus},
      {.kind = TANLU_DISTRIBUTION_KINDS},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    tanlu_context *context = tanlu_context_create();
    tanlu_distribution *d = NULL;
    assert_int_equal(tanlu_distribution_create(&d, &wrong[i], "gdp.growth.2030", context), TANLU_ERR_INPUT);
    assert_null(d);
    assert_true(tanlu_test_has_message(context, "gdp.growth.2030: "));
    tanlu_context_free(&context);
  }
}

/* By hand: with correlation 0.6, scores (1, 0) become (1, 0.6) and (0, 1) become (0, 0.8). Phi(x) = erfc(-x / sqrt 2) / 2. */
static double phi(double x) {
  return 0.5 * erfc(-x / sqrt(2.0));
}

static void copula_by_hand(void **unused) {
  (void)unused;
  const double r[9] = {1.0, 0.6, 0.0, 0.6, 1.0, 0.0, 0.0, 0.0, 1.0};
  tanlu_copula *c = NULL;
  assert_int_equal(tanlu_copula_create(&c, 3, r, NULL, NULL), TANLU_OK);
  double u[3] = {phi(1.0), 0.5, 0.123};
  const double first = u[0];
  tanlu_copula_apply(c, u);
  assert_true(u[0] == first && u[2] == 0.123);
  assert_true(fabs(u[1] - phi(0.6)) < 1e-14);
  double v[3] = {0.5, phi(1.0), 0.9};
  tanlu_copula_apply(c, v);
  assert_true(fabs(v[1] - phi(0.8)) < 1e-14);
  double ends[3] = {1.0 - 0x1p-53, 1.0 - 0x1p-53, 0.5};
  tanlu_copula_apply(c, ends);
  assert_true(ends[1] > 0.0 && ends[1] < 1.0);
  tanlu_copula_free(&c);
  assert_null(c);
}

/* The rank correlation of a pair is (6 / pi) asin(rho / 2), and 12 mean((u - 1/2)(v - 1/2)) for uniforms; from 1e5 points its
 * standard error is below 1 / sqrt(1e5) = 0.0032, the bound 5 of them. Each u stays uniform: mean 1/2 within 5 x 0.00091. */
static void correlation_is_reached(void **unused) {
  (void)unused;
  const double r[9] = {1.0, 0.8, -0.5, 0.8, 1.0, -0.3, -0.5, -0.3, 1.0};
  tanlu_copula *c = NULL;
  assert_int_equal(tanlu_copula_create(&c, 3, r, NULL, NULL), TANLU_OK);
  double mean[3] = {0.0}, product[9] = {0.0};
  enum { DRAWS = 100000 };
  for (uint64_t i = 0; i < DRAWS; i++) {
    double u[3];
    for (uint32_t d = 0; d < 3; d++) u[d] = tanlu_random_uniform(1, TANLU_STREAM_CALLER, i, d);
    tanlu_copula_apply(c, u);
    for (int a = 0; a < 3; a++) {
      mean[a] += u[a] / DRAWS;
      for (int b = 0; b < 3; b++) product[3 * a + b] += 12.0 * (u[a] - 0.5) * (u[b] - 0.5) / DRAWS;
    }
  }
  for (int i = 0; i < 9; i++) assert_true(fabs(product[i] - 6.0 / pi * asin(0.5 * r[i])) < 0.016);
  for (int i = 0; i < 3; i++) assert_true(fabs(mean[i] - 0.5) < 0.0046);
  tanlu_copula_free(&c);
}

/* 0.9, 0.9 and -0.9 cannot hold together: the determinant is 1 + 2 (0.9)(0.9)(-0.9) - 3 x 0.81 = -2.888. */
static void impossible_correlations(void **unused) {
  (void)unused;
  const char *names[3] = {"coal", "gas", "wind"};
  const double impossible[9] = {1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0};
  const double lopsided[9] = {1.0, 0.9, 0.0, 0.8, 1.0, 0.0, 0.0, 0.0, 1.0};
  const double beyond[9] = {1.0, 0.0, 0.0, 0.0, 1.0, 1.5, 0.0, 1.5, 1.0};
  const double *wrong[3] = {impossible, lopsided, beyond};
  const char *parts[3] = {"coal and wind, -0.9", "coal and gas is 0.9, the other way round 0.8", "gas and wind is 1.5"};
  for (int i = 0; i < 3; i++) {
    tanlu_context *context = tanlu_context_create();
    tanlu_copula *c = NULL;
    assert_int_equal(tanlu_copula_create(&c, 3, wrong[i], names, context), TANLU_ERR_INPUT);
    assert_null(c);
    assert_true(tanlu_test_has_message(context, parts[i]));
    tanlu_context_free(&context);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normal_kinds),
      cmocka_unit_test(a_far_tail),
      cmocka_unit_test(by_hand),
      cmocka_unit_test(beta_closed_forms),
      cmocka_unit_test(discrete_values),
      cmocka_unit_test(moments_agree),
      cmocka_unit_test(wrong_parameters),
      cmocka_unit_test(copula_by_hand),
      cmocka_unit_test(correlation_is_reached),
      cmocka_unit_test(impossible_correlations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
