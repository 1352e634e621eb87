/* Oracles: all k! sequences written out with plain products (up to six factors); the two polar sequences likewise; a case by hand;
 * LMDI where it agrees with the mean of all sequences up to second order; the change of x itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/lmdi.h"
#include "model/shapley.h"
#include "model/structural_decomposition.h"

static void assert_close(double actual, double expected, double tolerance) {
  if (fabs(actual - expected) <= tolerance) return;
  print_error("%.17g, expected %.17g\n", actual, expected);
  fail();
}

static double draw(unsigned *seed) {
  *seed = *seed * 1664525U + 1013904223U;
  return (double)(*seed >> 8) / 16777216.0;
}

/* ---- the mean of all sequences of any function ------------------------------------------------------------------------ */

/* The next permutation in lexicographic order; 0 after the last. */
static int next_permutation(size_t *p, size_t count) {
  size_t i = count - 1;
  while (i > 0 && p[i - 1] > p[i]) i--;
  if (i == 0) return 0;
  size_t j = count - 1;
  while (p[j] < p[i - 1]) j--;
  size_t swap = p[i - 1];
  p[i - 1] = p[j];
  p[j] = swap;
  for (size_t k = count - 1; i < k; i++, k--) {
    swap = p[i];
    p[i] = p[k];
    p[k] = swap;
  }
  return 1;
}

static void mean_of_sequences(void **state) {
  (void)state;
  unsigned seed = 7;
  for (size_t factors = 1; factors <= 6; factors++) {
    double value[64], effect[6] = {0.0}, mean[6] = {0.0}, sequences = 0.0;
    size_t order[6] = {0, 1, 2, 3, 4, 5};
    for (unsigned set = 0; set < 1U << factors; set++) value[set] = draw(&seed);
    for (unsigned set = 0; set < 1U << factors; set++) tanlu_shapley_add(factors, set, 1, &value[set], effect);
    do {
      unsigned set = 0;
      for (size_t k = 0; k < factors; k++) {
        mean[order[k]] += value[set | 1U << order[k]] - value[set];
        set |= 1U << order[k];
      }
      sequences += 1.0;
    } while (next_permutation(order, factors));
    for (size_t k = 0; k < factors; k++) assert_close(effect[k], mean[k] / sequences, 1e-14);
  }
}

/* ---- structural decomposition by plain products ------------------------------------------------------------------------- */

enum { N = 4, CATEGORIES = 3, MOST = 9 };

typedef struct {
  double a[N * N], demand[N * CATEGORIES], intensity[N];
} economy;

static void random_economy(unsigned *seed, economy *e) {
  for (size_t k = 0; k < N * N; k++) e->a[k] = 0.2 * draw(seed);
  for (size_t k = 0; k < N * CATEGORIES; k++) e->demand[k] = 10.0 * draw(seed);
  for (size_t i = 0; i < N; i++) e->intensity[i] = 5.0 * draw(seed);
}

static tanlu_sda_state state_of(const economy *e, bool intensity) {
  return (tanlu_sda_state){e->a, e->demand, intensity ? e->intensity : NULL};
}

/* z by Gauss-Jordan and plain sums, factors from `side[moved]`. */
static void plain_value(const economy side[2], size_t parts, const size_t *part, const bool *moved, bool intensity,
                        double *z) {
  double m[N][N + 1], level[2] = {0.0, 0.0}, size[2][CATEGORIES] = {{0.0}};
  for (size_t s = 0; s < 2; s++) {
    for (size_t k = 0; k < CATEGORIES; k++) {
      for (size_t i = 0; i < N; i++) {
        level[s] += side[s].demand[k * N + i];
        size[s][k] += fabs(side[s].demand[k * N + i]);
      }
    }
  }
  const size_t y = moved[parts + TANLU_SDA_LEVEL], c = moved[parts + TANLU_SDA_CATEGORIES],
               p = moved[parts + TANLU_SDA_PRODUCTS];
  for (size_t i = 0; i < N; i++) {
    m[i][N] = 0.0;
    for (size_t k = 0; k < CATEGORIES; k++) {
      m[i][N] += level[y] * (size[c][k] / level[c]) * (side[p].demand[k * N + i] / size[p][k]);
    }
    for (size_t j = 0; j < N; j++) m[i][j] = (i == j ? 1.0 : 0.0) - side[moved[part[i]]].a[j * N + i];
  }
  for (size_t k = 0; k < N; k++) {
    for (size_t i = 0; i < N; i++) {
      const double factor = i == k ? 0.0 : m[i][k] / m[k][k];
      for (size_t j = k; j <= N; j++) m[i][j] -= factor * m[k][j];
    }
  }
  for (size_t i = 0; i < N; i++) {
    z[i] = m[i][N] / m[i][i] * (intensity ? side[moved[parts + TANLU_SDA_INTENSITY]].intensity[i] : 1.0);
  }
}

/* Steps of one sequence, times `weight`. */
static void walk(const economy side[2], size_t parts, const size_t *part, bool intensity, size_t factors,
                 const size_t *order, double weight, double *effect) {
  bool moved[MOST] = {false};
  double before[N], after[N];
  plain_value(side, parts, part, moved, intensity, before);
  for (size_t step = 0; step < factors; step++) {
    moved[order[step]] = true;
    plain_value(side, parts, part, moved, intensity, after);
    for (size_t i = 0; i < N; i++) effect[order[step] * N + i] += weight * (after[i] - before[i]);
    memcpy(before, after, sizeof before);
  }
}

static void compare(const economy side[2], size_t parts, bool intensity) {
  static const size_t part_of_row[] = {0, 1, 2, 3};
  size_t part[N], order[MOST];
  for (size_t i = 0; i < N; i++) part[i] = part_of_row[i] % parts;
  tanlu_sda *sda = NULL;
  double effect[MOST * N], plain[MOST * N] = {0.0};
  const tanlu_sda_state from = state_of(&side[0], intensity), to = state_of(&side[1], intensity);
  assert_int_equal(tanlu_sda_create(&sda, N, CATEGORIES, parts, part, intensity, NULL), TANLU_OK);
  const size_t factors = tanlu_sda_factors(sda);
  assert_int_equal(factors, parts + (intensity ? 4 : 3));
  assert_int_equal(tanlu_sda_decompose(sda, &from, &to, effect, NULL), TANLU_OK);
  for (size_t k = 0; k < factors; k++) order[k] = k;
  if (factors <= TANLU_SDA_EXACT) {
    double sequences = 1.0;
    for (size_t k = 2; k <= factors; k++) sequences *= (double)k;
    do {
      walk(side, parts, part, intensity, factors, order, 1.0 / sequences, plain);
    } while (next_permutation(order, factors));
  } else {
    walk(side, parts, part, intensity, factors, order, 0.5, plain);
    for (size_t k = 0; k < factors; k++) order[k] = factors - 1 - k;
    walk(side, parts, part, intensity, factors, order, 0.5, plain);
  }
  bool none[MOST] = {false}, all[MOST];
  memset(all, true, sizeof all);
  double first[N], last[N];
  plain_value(side, parts, part, none, intensity, first);
  plain_value(side, parts, part, all, intensity, last);
  for (size_t i = 0; i < N; i++) {
    double sum = 0.0;
    for (size_t k = 0; k < factors; k++) {
      assert_close(effect[k * N + i], plain[k * N + i], 1e-11);
      sum += effect[k * N + i];
    }
    assert_close(sum, last[i] - first[i], 1e-11);
  }
  tanlu_sda_free(&sda);
}

/* 4, 5, 6 factors: every sequence. 7 and 8: the polar ones. */
static void against_every_sequence(void **state) {
  (void)state;
  for (unsigned seed = 1; seed <= 5; seed++) {
    economy side[2];
    unsigned s = seed;
    random_economy(&s, &side[0]);
    random_economy(&s, &side[1]);
    compare(side, 1, false);
    compare(side, 1, true);
    compare(side, 2, false);
    compare(side, 2, true);
    compare(side, 3, false);
    compare(side, 3, true);
    compare(side, 4, true);
  }
}

/* Inventories of both signs whose sum is nearly zero: shares stay bounded, and so do the effects. */
static void mixed_signs(void **state) {
  (void)state;
  economy side[2];
  unsigned seed = 3;
  random_economy(&seed, &side[0]);
  random_economy(&seed, &side[1]);
  const double stocks[] = {1.0, -1.0 + 1e-9, 0.5, -0.5}, later[] = {-1.0, 1.0, -0.2, 0.2 + 1e-9};
  memcpy(side[0].demand, stocks, sizeof stocks);
  memcpy(side[1].demand, later, sizeof later);
  compare(side, 2, true);
  tanlu_sda *sda = NULL;
  double effect[6 * N];
  const tanlu_sda_state from = state_of(&side[0], true), to = state_of(&side[1], true);
  assert_int_equal(tanlu_sda_create(&sda, N, CATEGORIES, 1, NULL, true, NULL), TANLU_OK);
  assert_int_equal(tanlu_sda_decompose(sda, &from, &to, effect, NULL), TANLU_OK);
  for (size_t k = 0; k < tanlu_sda_factors(sda) * N; k++) assert_true(fabs(effect[k]) < 1000.0);
  tanlu_sda_free(&sda);
}

/* A category that appears: nothing is said of its products before, so all of it is the mix of categories. No inputs, so x = y:
 * 4 + 0 -> 2 + 2, level unchanged, and s goes from (1, 0) to (1/2, 1/2). */
static void new_category(void **state) {
  (void)state;
  const double a[4] = {0.0}, before[] = {4.0, 0.0, 0.0, 0.0}, after[] = {2.0, 0.0, 0.0, 2.0};
  const tanlu_sda_state from = {a, before, NULL}, to = {a, after, NULL};
  tanlu_sda *sda = NULL;
  double effect[4 * 2];
  assert_int_equal(tanlu_sda_create(&sda, 2, 2, 1, NULL, false, NULL), TANLU_OK);
  assert_int_equal(tanlu_sda_decompose(sda, &from, &to, effect, NULL), TANLU_OK);
  const double expected[] = {0.0, 0.0, 0.0, 0.0, -2.0, 2.0, 0.0, 0.0};
  for (size_t k = 0; k < 8; k++) assert_close(effect[k], expected[k], 1e-15);
  tanlu_sda_free(&sda);
}

/* One sector, one category: z = e Y / (1 - a), a single product. By hand, with a from 0 to 1/2 (L 1 to 2), Y 10 to 20, e 3 to 3:
 * technology (20 - 10 + 40 - 20) / 2 times 3 = 45, level the same, no others: 90 in all. LMDI gives equal parts where the
 * logarithms are equal, so the same 45. */
static void single_term(void **state) {
  (void)state;
  const double a0 = 0.0, a1 = 0.5, y0 = 10.0, y1 = 20.0, e0 = 3.0, e1 = 3.3;
  tanlu_sda *sda = NULL;
  double effect[5], lmdi[3] = {0.0};
  const tanlu_sda_state from = {&a0, &y0, &e0}, same = {&a1, &y1, &e0};
  assert_int_equal(tanlu_sda_create(&sda, 1, 1, 1, NULL, true, NULL), TANLU_OK);
  assert_int_equal(tanlu_sda_decompose(sda, &from, &same, effect, NULL), TANLU_OK);
  const double by_hand[] = {45.0, 45.0, 0.0, 0.0, 0.0};
  for (size_t k = 0; k < 5; k++) assert_close(effect[k], by_hand[k], 1e-12);
  const size_t column[] = {0, 1, 2};
  assert_true(tanlu_lmdi_add(3, (const double[]){1.0, 10.0, 3.0}, (const double[]){2.0, 20.0, 3.0}, column, 1.0, lmdi));
  for (size_t k = 0; k < 2; k++) assert_close(lmdi[k], by_hand[k], 1e-12);
  /* Small changes d: both are v (d_k + (d_k sum d - d_k^2) / 2 + ...), LMDI to terms of the third order in d. */
  double d = 0.1;
  for (int step = 0; step < 7; step++, d *= 0.5) {
    const double a = 0.2, later = 1.0 - 0.8 / (1.0 + d), y = 10.0 * (1.0 - 2.0 * d), e = e1 * (1.0 + 0.5 * d);
    const tanlu_sda_state before = {&a, &y0, &e1}, after = {&later, &y, &e};
    assert_int_equal(tanlu_sda_decompose(sda, &before, &after, effect, NULL), TANLU_OK);
    memset(lmdi, 0, sizeof lmdi);
    const double f0[] = {1.0 / 0.8, 10.0, e1}, f1[] = {(1.0 + d) / 0.8, y, e};
    assert_true(tanlu_lmdi_add(3, f0, f1, column, 1.0, lmdi));
    assert_close(effect[0], lmdi[0], 100.0 * d * d * d);
    assert_close(effect[1], lmdi[1], 100.0 * d * d * d);
    assert_close(effect[4], lmdi[2], 100.0 * d * d * d);
    assert_true(fabs(effect[1]) > 50.0 * d);
  }
  tanlu_sda_free(&sda);
}

static void what_cannot_be_split(void **state) {
  (void)state;
  const double a = 0.5, one = 1.0, y = 2.0, zero = 0.0;
  tanlu_sda *sda = NULL;
  double effect[4];
  tanlu_context *context = tanlu_context_create();
  const tanlu_sda_state good = {&a, &y, NULL}, singular = {&one, &y, NULL}, empty = {&a, &zero, NULL};
  assert_int_equal(tanlu_sda_create(&sda, 1, 1, 1, NULL, false, context), TANLU_OK);
  assert_int_equal(tanlu_sda_decompose(sda, &good, &singular, effect, context), TANLU_ERR_MODEL);
  assert_int_equal(tanlu_sda_decompose(sda, &empty, &good, effect, context), TANLU_ERR_MODEL);
  assert_non_null(strstr(tanlu_context_message(context, tanlu_context_count(context) - 1), "first state"));
  tanlu_sda_free(&sda);
  assert_int_equal(tanlu_sda_create(&sda, 1, 1, 1, (const size_t[]){1}, false, context), TANLU_ERR_INTERNAL);
  assert_null(sda);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(mean_of_sequences), cmocka_unit_test(against_every_sequence),
                                     cmocka_unit_test(mixed_signs),       cmocka_unit_test(new_category),
                                     cmocka_unit_test(single_term),       cmocka_unit_test(what_cannot_be_split)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
