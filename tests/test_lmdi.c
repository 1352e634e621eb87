/* Oracles: a case of two sectors worked by hand, the properties that Ang (2005) names for LMDI-I (no residual, reversal of time and of
 * factors, consistency in aggregation, additive and multiplicative forms tied together), and for zeros the limit itself, taken
 * with ever smaller numbers in the place of zero. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/lmdi.h"

static const size_t column[] = {0, 1, 2, 3, 4};

static void assert_close(double actual, double expected, double tolerance) {
  if (fabs(actual - expected) <= tolerance) return;
  print_error("%.17g, expected %.17g\n", actual, expected);
  fail();
}

/* Deterministic numbers between 0.2 and 5. */
static double draw(unsigned *seed) {
  *seed = *seed * 1664525U + 1013904223U;
  return pow(5.0, 2.0 * (double)(*seed >> 8) / 16777216.0 - 1.0);
}

static void the_mean(void **state) {
  (void)state;
  assert_close(tanlu_log_mean(exp(1.0), 1.0), exp(1.0) - 1.0, 1e-15);
  assert_close(tanlu_log_mean(1.0, exp(1.0)), exp(1.0) - 1.0, 1e-15);
  assert_true(tanlu_log_mean(3.0, 3.0) == 3.0);
  assert_true(tanlu_log_mean(0.0, 7.0) == 0.0 && tanlu_log_mean(7.0, 0.0) == 0.0 && tanlu_log_mean(0.0, 0.0) == 0.0);
  /* L(1 + d, 1) = 1 + d/2 - d^2/12 + ...; and it lies between the geometric and the arithmetic mean. */
  double d = 0.4;
  for (int step = 0; step < 33; step++, d *= 0.37) { /* down to 1e-15 */
    assert_close(tanlu_log_mean(1.0 + d, 1.0), 1.0 + d / 2.0 - d * d / 12.0, 4.0 * DBL_EPSILON + 0.1 * d * d * d);
    const double mean = tanlu_log_mean(1.0 + d, 1.0);
    assert_true(mean >= sqrt(1.0 + d) * (1.0 - 4.0 * DBL_EPSILON) &&
                mean <= (1.0 + 0.5 * d) * (1.0 + 4.0 * DBL_EPSILON));
  }
}

/* Two sectors, V = sum_i X S_i I_i. X from 10 to 16; shares 0.5, 0.5 to 0.25, 0.75; intensities 2, 1 to 4, 0.5.
 *
 *     sector 1   10 0.5 2 = 10   ->  16 0.25 4 = 16     L = 6 / log 1.6
 *     sector 2   10 0.5 1 = 5    ->  16 0.75 0.5 = 6    L = 1 / log 1.2
 *     activity   log 1.6 (L1 + L2)                   = 6 + log 1.6 / log 1.2
 *     structure  L1 log 0.5 + L2 log 1.5             = -6 log 2 / log 1.6 + log 1.5 / log 1.2
 *     intensity  L1 log 2 + L2 log 0.5               = 6 log 2 / log 1.6 - log 2 / log 1.2
 *
 * which add up to 6 + (log 1.6 + log 1.5 - log 2) / log 1.2 = 6 + 1. */
static void two_sectors_by_hand(void **state) {
  (void)state;
  const double from[2][3] = {{10.0, 0.5, 2.0}, {10.0, 0.5, 1.0}}, to[2][3] = {{16.0, 0.25, 4.0}, {16.0, 0.75, 0.5}};
  double effect[3] = {0.0, 0.0, 0.0};
  for (size_t i = 0; i < 2; i++) assert_true(tanlu_lmdi_add(3, from[i], to[i], column, 1.0, effect));
  assert_close(effect[0], 6.0 + log(1.6) / log(1.2), 1e-14);
  assert_close(effect[1], -6.0 * log(2.0) / log(1.6) + log(1.5) / log(1.2), 1e-14);
  assert_close(effect[2], 6.0 * log(2.0) / log(1.6) - log(2.0) / log(1.2), 1e-14);
  assert_close(effect[0] + effect[1] + effect[2], 7.0, 1e-14);
  /* Multiplicative: activity is the same for all terms, so that D_activity = 1.6^((L1 + L2) / L(22, 15)). */
  assert_true(tanlu_lmdi_multiplicative(3, 15.0, 22.0, effect));
  const double weights = (6.0 / log(1.6) + 1.0 / log(1.2)) / (7.0 / log(22.0 / 15.0));
  assert_close(effect[0], pow(1.6, weights), 1e-14);
  assert_close(effect[0] * effect[1] * effect[2], 22.0 / 15.0, 1e-14);
}

enum { TERMS = 60, FACTORS = 5 };

static void random_terms(unsigned seed, double from[TERMS][FACTORS], double to[TERMS][FACTORS]) {
  for (size_t i = 0; i < TERMS; i++) {
    for (size_t k = 0; k < FACTORS; k++) {
      from[i][k] = draw(&seed);
      to[i][k] = draw(&seed);
    }
  }
}

static double total_of(double factor[TERMS][FACTORS]) {
  double sum = 0.0;
  for (size_t i = 0; i < TERMS; i++) {
    double product = 1.0;
    for (size_t k = 0; k < FACTORS; k++) product *= factor[i][k];
    sum += product;
  }
  return sum;
}

static void properties(void **state) {
  (void)state;
  double from[TERMS][FACTORS], to[TERMS][FACTORS];
  for (unsigned seed = 1; seed <= 20; seed++) {
    random_terms(seed, from, to);
    const double before = total_of(from), after = total_of(to), size = before + after;
    double there[FACTORS] = {0.0}, back[FACTORS] = {0.0}, part[2][FACTORS] = {{0.0}}, mixed[FACTORS] = {0.0};
    for (size_t i = 0; i < TERMS; i++) {
      assert_true(tanlu_lmdi_add(FACTORS, from[i], to[i], column, 1.0, there));
      assert_true(tanlu_lmdi_add(FACTORS, to[i], from[i], column, 1.0, back));
      assert_true(tanlu_lmdi_add(FACTORS, from[i], to[i], column, 1.0, part[i % 2]));
      /* the factors in another order */
      double other_from[FACTORS], other_to[FACTORS];
      for (size_t k = 0; k < FACTORS; k++) {
        other_from[k] = from[i][FACTORS - 1 - k];
        other_to[k] = to[i][FACTORS - 1 - k];
      }
      assert_true(tanlu_lmdi_add(FACTORS, other_from, other_to, column, 1.0, mixed));
    }
    double sum = 0.0, product = 1.0;
    for (size_t k = 0; k < FACTORS; k++) {
      sum += there[k];
      assert_close(back[k], -there[k], 1e-12 * size);
      assert_close(part[0][k] + part[1][k], there[k], 1e-12 * size);
      assert_close(mixed[FACTORS - 1 - k], there[k], 1e-12 * size);
    }
    assert_close(sum, after - before, 1e-12 * size);
    assert_true(tanlu_lmdi_multiplicative(FACTORS, before, after, there));
    assert_true(tanlu_lmdi_multiplicative(FACTORS, after, before, back));
    for (size_t k = 0; k < FACTORS; k++) {
      product *= there[k];
      assert_close(there[k] * back[k], 1.0, 1e-12);
    }
    assert_close(product, after / before, 1e-12 * after / before);
  }
}

/* A term with zeros against the same term with d in their place: for d to 0 the weight goes to v / log(1/d) and the logarithm of a
 * factor that appears to log(1/d), so that what all others take dies out as 1 / log(1/d). */
static void limit_of(const double *from, const double *to, const double *expected) {
  double effect[3] = {0.0, 0.0, 0.0}, last[3] = {0.0, 0.0, 0.0};
  assert_true(tanlu_lmdi_add(3, from, to, column, 1.0, effect));
  for (size_t k = 0; k < 3; k++) assert_close(effect[k], expected[k], 1e-13);
  const double small[] = {1e-20, 1e-100};
  double gap[2] = {0.0, 0.0};
  for (size_t s = 0; s < 2; s++) {
    double near_from[3], near_to[3];
    memset(last, 0, sizeof last);
    for (size_t k = 0; k < 3; k++) {
      near_from[k] = from[k] == 0.0 ? small[s] : isnan(from[k]) ? 1.0 : from[k];
      near_to[k] = to[k] == 0.0 ? small[s] : isnan(to[k]) ? 1.0 : to[k];
    }
    assert_true(tanlu_lmdi_add(3, near_from, near_to, column, 1.0, last));
    for (size_t k = 0; k < 3; k++) gap[s] = fmax(gap[s], fabs(last[k] - expected[k]));
  }
  assert_true(gap[0] < 0.5);
  assert_true(gap[1] <= 0.21 * gap[0] + 1e-12); /* log(1/d) is five times as large */
}

static void zeros(void **state) {
  (void)state;
  const double none[3] = {0.0, 0.0, 0.0};
  limit_of((const double[]){2.0, 0.0, 3.0}, (const double[]){4.0, 0.5, 5.0}, (const double[]){0.0, 10.0, 0.0});
  limit_of((const double[]){2.0, 0.5, 3.0}, (const double[]){4.0, 0.0, 5.0}, (const double[]){0.0, -3.0, 0.0});
  limit_of((const double[]){0.0, 0.0, 3.0}, (const double[]){4.0, 0.5, 5.0}, (const double[]){5.0, 5.0, 0.0});
  limit_of((const double[]){2.0, 0.0, 3.0}, (const double[]){4.0, 0.0, 5.0}, none);
  limit_of((const double[]){0.0, 2.0, 3.0}, (const double[]){4.0, 0.0, 5.0}, none);
}

/* A carrier that a sector takes up, as ratios: the sector's energy 5 stays, of which 2 are new gas with 3 t a unit. Before, the
 * share is 0 and CO2 per energy is 0 / 0. And a sector that appears: its share is 0, all that follows is 0 / 0. */
static void chains(void **state) {
  (void)state;
  double effect[3] = {0.0, 0.0, 0.0};
  const double before[] = {5.0, tanlu_lmdi_ratio(0.0, 5.0), tanlu_lmdi_ratio(0.0, 0.0)}, after[] = {5.0, 0.4, 3.0};
  assert_true(isnan(before[2]));
  assert_true(tanlu_lmdi_add(3, before, after, column, 1.0, effect));
  assert_true(effect[0] == 0.0 && effect[2] == 0.0);
  assert_close(effect[1], 6.0, 1e-15);
  memset(effect, 0, sizeof effect);
  const double absent[] = {0.0, (double)NAN, (double)NAN};
  assert_true(tanlu_lmdi_add(3, after, absent, column, -1.0, effect)); /* counts against the total: captured CO2 */
  assert_close(effect[0], 6.0, 1e-15);
  assert_true(effect[1] == 0.0 && effect[2] == 0.0);
}

static void what_is_no_chain(void **state) {
  (void)state;
  double effect[2] = {7.0, 7.0};
  const double good[] = {1.0, 2.0}, negative[] = {1.0, -2.0}, unknown[] = {1.0, (double)NAN},
               infinite[] = {tanlu_lmdi_ratio(1.0, 0.0), 2.0};
  assert_false(tanlu_lmdi_add(2, good, negative, column, 1.0, effect));
  assert_false(tanlu_lmdi_add(2, unknown, good, column, 1.0, effect));
  assert_false(tanlu_lmdi_add(2, good, infinite, column, 1.0, effect));
  assert_true(effect[0] == 7.0 && effect[1] == 7.0);
  assert_false(tanlu_lmdi_multiplicative(2, 1.0, -1.0, effect));
  assert_false(tanlu_lmdi_multiplicative(2, 0.0, 1.0, effect));
  assert_true(effect[0] == 7.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_mean),   cmocka_unit_test(two_sectors_by_hand),
                                     cmocka_unit_test(properties), cmocka_unit_test(zeros),
                                     cmocka_unit_test(chains),     cmocka_unit_test(what_is_no_chain)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
