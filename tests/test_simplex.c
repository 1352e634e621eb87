/* Shares that sum to 1: closed forms, moments, bounds. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "solvers/random.h"
#include "solvers/simplex.h"
#include "tests/support.h"

static double draw(uint64_t i, uint32_t d) {
  return tanlu_random_uniform(3, TANLU_STREAM_CALLER, i, d);
}

/* n units in the last place of 1. */
static void sums_to_one(size_t n, const double *shares) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++) {
    assert_true(shares[i] >= 0.0 && shares[i] <= 1.0);
    sum += shares[i];
  }
  assert_true(fabs(sum - 1.0) <= (double)n * DBL_EPSILON);
}

/* Dirichlet: mean a_i / a, variance m (1 - m) / (a + 1) with a = sum a_i; bounds are 5 standard errors of 4e4 draws, for the
 * variance with a kurtosis of at most 9. */
static void dirichlet_moments(void **unused) {
  (void)unused;
  const double alpha[4] = {0.3, 1.0, 2.0, 5.0}, total = 8.3;
  enum { DRAWS = 40000 };
  tanlu_simplex *s = NULL;
  assert_int_equal(tanlu_simplex_dirichlet(&s, 4, alpha, NULL, NULL), TANLU_OK);
  double sum[4] = {0.0}, square[4] = {0.0};
  for (uint64_t i = 0; i < DRAWS; i++) {
    double u[4];
    for (uint32_t d = 0; d < 4; d++) u[d] = draw(i, d);
    tanlu_simplex_shares(s, u, u);
    sums_to_one(4, u);
    for (int d = 0; d < 4; d++) {
      sum[d] += u[d] / DRAWS;
      square[d] += (u[d] - alpha[d] / total) * (u[d] - alpha[d] / total) / DRAWS;
    }
  }
  for (int d = 0; d < 4; d++) {
    const double mean = alpha[d] / total, variance = mean * (1.0 - mean) / (total + 1.0);
    assert_true(fabs(sum[d] - mean) < 5.0 * sqrt(variance / DRAWS));
    assert_true(fabs(square[d] - variance) < 5.0 * variance * sqrt(8.0 / DRAWS));
  }
  tanlu_simplex_free(&s);
  assert_null(s);
}

/* All alpha 1 is uniform on the simplex: the first of three shares exceeds x with probability (1 - x)^2, and the second is then
 * uniform on what is left. Two shares of alpha 2 and 1: the first is below x with probability x^2. */
static void dirichlet_closed_forms(void **unused) {
  (void)unused;
  const double one[3] = {1.0, 1.0, 1.0}, two[2] = {2.0, 1.0};
  tanlu_simplex *s = NULL, *pair = NULL;
  assert_int_equal(tanlu_simplex_dirichlet(&s, 3, one, NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_simplex_dirichlet(&pair, 2, two, NULL, NULL), TANLU_OK);
  assert_true(tanlu_simplex_count(s) == 3 && tanlu_simplex_dimensions(s) == 2 && tanlu_simplex_dimensions(pair) == 1);
  for (uint64_t i = 0; i < 200; i++) {
    const double u[2] = {draw(i, 0), draw(i, 1)};
    double shares[3];
    tanlu_simplex_shares(s, u, shares);
    sums_to_one(3, shares);
    assert_true(fabs(shares[0] - (1.0 - sqrt(1.0 - u[0]))) < 1e-12);
    assert_true(fabs(shares[1] - u[1] * (1.0 - shares[0])) < 1e-12);
    tanlu_simplex_shares(pair, u, shares);
    assert_true(fabs(shares[0] - sqrt(u[0])) < 1e-12);
  }
  tanlu_simplex_free(&s);
  tanlu_simplex_free(&pair);
}

/* Very small alpha: nearly everything goes to one share, the second here: u is below 2/3, where the first share is 0 of all, and
 * above 1/2, where the second is all of the rest. Very large ones stay near their means, here within 0.01 = 6 deviations. The ends
 * of u are corners. */
static void dirichlet_extremes(void **unused) {
  (void)unused;
  const double small[3] = {1e-4, 1e-4, 1e-4}, large[3] = {2.5e4, 5e4, 2.5e4};
  const double u[2] = {0.3, 0.6}, low[2] = {0.0, 0.0}, high[2] = {1.0, 0.3};
  double shares[3];
  tanlu_simplex *s = NULL;
  assert_int_equal(tanlu_simplex_dirichlet(&s, 3, small, NULL, NULL), TANLU_OK);
  tanlu_simplex_shares(s, u, shares);
  sums_to_one(3, shares);
  assert_true(shares[1] > 0.999);
  tanlu_simplex_free(&s);
  assert_int_equal(tanlu_simplex_dirichlet(&s, 3, large, NULL, NULL), TANLU_OK);
  tanlu_simplex_shares(s, u, shares);
  sums_to_one(3, shares);
  assert_true(fabs(shares[1] - 0.5) < 0.01);
  tanlu_simplex_shares(s, low, shares);
  assert_true(shares[0] == 0.0 && shares[1] == 0.0 && shares[2] == 1.0);
  tanlu_simplex_shares(s, high, shares);
  assert_true(shares[0] == 1.0 && shares[1] == 0.0 && shares[2] == 0.0);
  tanlu_simplex_free(&s);
}

/* Without bounds the first of k shares exceeds x with probability (1 - x)^(k-1): q(u) = 1 - (1 - u)^(1/(k-1)). Within [0, 1/2]^3
 * the shares fill the triangle between (1/2, 1/2, 0) and its permutations, where the first is below x with probability (2x)^2,
 * and the second is then uniform on [1/2 - x, 1/2]. */
static void bounded_closed_forms(void **unused) {
  (void)unused;
  const double half[3] = {0.5, 0.5, 0.5};
  tanlu_simplex *free_shares = NULL, *triangle = NULL;
  assert_int_equal(tanlu_simplex_bounded(&free_shares, 5, NULL, NULL, NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_simplex_bounded(&triangle, 3, NULL, half, NULL, NULL), TANLU_OK);
  for (uint64_t i = 0; i < 1000; i++) {
    double u[5], shares[5];
    for (uint32_t d = 0; d < 5; d++) u[d] = draw(i, d);
    tanlu_simplex_shares(free_shares, u, shares);
    sums_to_one(5, shares);
    assert_true(fabs(shares[0] + expm1(log1p(-u[0]) / 4.0)) < 1e-12);
    tanlu_simplex_shares(triangle, u, shares);
    sums_to_one(3, shares);
    assert_true(fabs(shares[0] - 0.5 * sqrt(u[0])) < 1e-12);
    assert_true(fabs(shares[1] - (0.5 - shares[0] + u[1] * shares[0])) < 1e-12);
  }
  tanlu_simplex_free(&free_shares);
  tanlu_simplex_free(&triangle);
}

/* Against rejection: exponentials over their sum are uniform on the simplex, those within the bounds uniform there. Means and
 * mean squares agree within 5 standard errors of both samples together. */
static void bounded_agrees_with_rejection(void **unused) {
  (void)unused;
  const double lower[5] = {0.05, 0.0, 0.2, 0.1, 0.0}, upper[5] = {0.3, 0.15, 0.5, 0.4, 0.6};
  enum { DRAWS = 20000 };
  tanlu_simplex *s = NULL;
  assert_int_equal(tanlu_simplex_bounded(&s, 5, lower, upper, NULL, NULL), TANLU_OK);
  double mean[2][5] = {{0.0}}, square[2][5] = {{0.0}};
  uint64_t tried = 0;
  for (int i = 0; i < DRAWS; i++) {
    double u[5];
    for (uint32_t d = 0; d < 5; d++) u[d] = draw((uint64_t)i, d);
    tanlu_simplex_shares(s, u, u);
    sums_to_one(5, u);
    for (int d = 0; d < 5; d++) {
      assert_true(u[d] >= lower[d] - 1e-15 && u[d] <= upper[d] + 1e-15);
      mean[0][d] += u[d] / DRAWS;
      square[0][d] += u[d] * u[d] / DRAWS;
    }
    for (bool inside = false; !inside; tried++) {
      double sum = 0.0;
      for (uint32_t d = 0; d < 5; d++) sum += u[d] = -log(draw(tried, 100 + d));
      inside = true;
      for (int d = 0; d < 5; d++) {
        u[d] /= sum;
        inside = inside && u[d] >= lower[d] && u[d] <= upper[d];
      }
    }
    for (int d = 0; d < 5; d++) {
      mean[1][d] += u[d] / DRAWS;
      square[1][d] += u[d] * u[d] / DRAWS;
    }
  }
  for (int d = 0; d < 5; d++) {
    const double deviation = sqrt(square[1][d] - mean[1][d] * mean[1][d]);
    assert_true(fabs(mean[0][d] - mean[1][d]) < 5.0 * deviation * sqrt(2.0 / DRAWS));
    /* the deviation of x^2 is at most 2 max(x) that of x */
    assert_true(fabs(square[0][d] - square[1][d]) < 5.0 * 2.0 * upper[d] * deviation * sqrt(2.0 / DRAWS));
  }
  tanlu_simplex_free(&s);
}

/* Many members with bounds that bind, a fixed one among them; the ends of u; more u, more of the first share. */
static void bounded_extremes(void **unused) {
  (void)unused;
  double lower[12], upper[12], u[12], shares[12];
  for (int d = 0; d < 12; d++) {
    lower[d] = 0.04;
    upper[d] = 0.12 + 0.005 * d;
  }
  lower[3] = upper[3] = 0.07;
  tanlu_simplex *s = NULL;
  assert_int_equal(tanlu_simplex_bounded(&s, 12, lower, upper, NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_simplex_dimensions(s), 10); /* one less for the sum, one for the fixed share */
  double before = 0.0;
  for (uint64_t i = 0; i < 40; i++) {
    for (uint32_t d = 0; d < 12; d++) u[d] = i == 0 ? 0x1p-53 : i == 39 ? 1.0 - 0x1p-53 : draw(i, d);
    u[0] = i == 0 ? u[0] : ((double)i + 0.5) / 40.0;
    tanlu_simplex_shares(s, u, shares);
    sums_to_one(12, shares);
    assert_true(shares[3] == 0.07);
    assert_true(shares[0] > before);
    before = shares[0];
    for (int d = 0; d < 12; d++) assert_true(shares[d] >= lower[d] - 1e-15 && shares[d] <= upper[d] + 1e-15);
  }
  tanlu_simplex_free(&s);
}

static void wrong_shares(void **unused) {
  (void)unused;
  tanlu_context *context = tanlu_context_create();
  tanlu_simplex *s = NULL;
  const double alpha[2] = {1.0, 0.0}, vast[2] = {1e6, 1e5}, lower[2] = {0.6, 0.6}, upper[2] = {0.5, 0.4},
               narrow[6] = {0.3, 0.3, 0.1, 0.1, 0.1, 0.0};
  const double narrow_upper[6] = {0.3 + 1e-5, 0.3 + 1e-5, 0.1 + 1e-5, 0.1 + 1e-5, 1.0, 1.0};
  assert_int_equal(tanlu_simplex_dirichlet(&s, 2, alpha, "mix", context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "mix: alpha 2 is 0"));
  assert_int_equal(tanlu_simplex_dirichlet(&s, 2, vast, "mix", context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "mix: the alphas sum to 1.1e+06; expected at most 100000"));
  assert_int_equal(tanlu_simplex_dirichlet(&s, 1, alpha, "mix", context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_simplex_bounded(&s, 2, lower, NULL, "mix", context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "mix: the lower bounds sum to 1.2"));
  assert_int_equal(tanlu_simplex_bounded(&s, 2, NULL, upper, "mix", context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_simplex_bounded(&s, 2, lower, upper, "mix", context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_simplex_bounded(&s, 17, NULL, NULL, "mix", context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_simplex_bounded(&s, 6, narrow, narrow_upper, "mix", context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "differ too much in width"));
  assert_null(s);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dirichlet_moments),
      cmocka_unit_test(dirichlet_closed_forms),
      cmocka_unit_test(dirichlet_extremes),
      cmocka_unit_test(bounded_closed_forms),
      cmocka_unit_test(bounded_agrees_with_rejection),
      cmocka_unit_test(bounded_extremes),
      cmocka_unit_test(wrong_shares),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
