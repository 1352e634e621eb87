/* Streamed statistics against two passes, and that any split adds up to the same bytes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "solvers/moments.h"
#include "solvers/random.h"
#include "tests/support.h"

enum { CELLS = 3, BINS = 64, VALUES = 5000 };
static const double lower[CELLS] = {0.0, -1.0, 9.9e6}, upper[CELLS] = {5.0, 1.0, 1.01e7};

static tanlu_moments *make(void) {
  tanlu_moments *m = NULL;
  assert_int_equal(tanlu_moments_create(&m, CELLS, BINS, lower, upper, NULL), TANLU_OK);
  return m;
}

/* Row i: one value a cell; the second is sometimes missing or outside its range, the third has a large mean. */
static void row_of(uint64_t i, double x[CELLS]) {
  x[0] = 5.0 * tanlu_random_uniform(1, TANLU_STREAM_CALLER, i, 0);
  x[1] = i % 50 == 7 ? (double)NAN : 3.0 * tanlu_random_uniform(1, TANLU_STREAM_CALLER, i, 1) - 1.5;
  x[2] = 1e7 + tanlu_random_uniform(1, TANLU_STREAM_CALLER, i, 2);
}

/* 1, 2, 3, 4: mean 5/2, variance (2.25 + 0.25 + 0.25 + 2.25) / 3 = 5/3. */
static void by_hand(void **unused) {
  (void)unused;
  tanlu_moments *m = make();
  assert_true(isnan(tanlu_moments_mean(m, 0)) && isnan(tanlu_moments_minimum(m, 0)));
  for (int i = 4; i >= 1; i--) tanlu_moments_add(m, 0, i);
  assert_true(tanlu_moments_count(m, 0) == 4 && tanlu_moments_count(m, 1) == 0);
  assert_true(tanlu_moments_mean(m, 0) == 2.5);
  assert_true(fabs(tanlu_moments_variance(m, 0) - 5.0 / 3.0) < 1e-15);
  assert_true(tanlu_moments_minimum(m, 0) == 1.0 && tanlu_moments_maximum(m, 0) == 4.0);
  tanlu_moments_free(&m);
  assert_null(m);
}

/* Two passes in long double. The sums are exact, so only rounding at the end is left, also for the third cell, whose mean is
 * 3e7 of its deviations: two passes in long double lose 2^-64 x 3e7 there, less than 1e-11. */
static void agrees_with_two_passes(void **unused) {
  (void)unused;
  tanlu_moments *m = make();
  long double sum[CELLS] = {0.0L}, square[CELLS] = {0.0L};
  uint64_t count[CELLS] = {0};
  double x[CELLS];
  for (uint64_t i = 0; i < VALUES; i++) {
    row_of(i, x);
    tanlu_moments_add_row(m, x);
    for (int c = 0; c < CELLS; c++)
      if (isfinite(x[c])) sum[c] += (long double)x[c], count[c]++;
  }
  for (uint64_t i = 0; i < VALUES; i++) {
    row_of(i, x);
    for (int c = 0; c < CELLS; c++) {
      const long double gap = (long double)x[c] - sum[c] / (long double)count[c];
      if (isfinite(x[c])) square[c] += gap * gap;
    }
  }
  for (size_t c = 0; c < CELLS; c++) {
    const double mean = (double)(sum[c] / (long double)count[c]),
                 variance = (double)(square[c] / (long double)(count[c] - 1));
    assert_true(tanlu_moments_count(m, c) == count[c] && tanlu_moments_missing(m, c) == VALUES - count[c]);
    assert_true(fabs(tanlu_moments_mean(m, c) - mean) <= 1e-15 * fmax(fabs(mean), 0.1));
    assert_true(fabs(tanlu_moments_variance(m, c) / variance - 1.0) < (c == 2 ? 1e-11 : 1e-14));
  }
  assert_true(tanlu_moments_missing(m, 1) == 100);
  tanlu_moments_free(&m);
}

typedef struct {
  int64_t words[CELLS * TANLU_MOMENTS_WORDS], histogram[CELLS * (BINS + 2)];
  double extremes[CELLS * 2];
} state;

static void export_all(const tanlu_moments *m, state *s) {
  memset(s, 0, sizeof *s);
  tanlu_moments_export(m, s->words, s->extremes, s->histogram);
}

/* One run; three shards added in the wrong order; one value at a time, backwards; through a file's numbers: the same bytes. */
static void any_split_adds_up(void **unused) {
  (void)unused;
  static state whole, split, backwards, again;
  tanlu_moments *all = make(), *back = make(), *sum = make(), *copy = make(), *part[3] = {make(), make(), make()};
  double x[CELLS];
  for (uint64_t i = 0; i < VALUES; i++) {
    row_of(i, x);
    tanlu_moments_add_row(all, x);
    tanlu_moments_add_row(part[i < 17 ? 0 : i < 3000 ? 1 : 2], x);
    row_of(VALUES - 1 - i, x);
    for (size_t c = CELLS; c-- > 0;) tanlu_moments_add(back, c, x[c]);
  }
  for (int i = 2; i >= 0; i--) assert_int_equal(tanlu_moments_merge(sum, part[i], NULL), TANLU_OK);
  export_all(all, &whole);
  export_all(sum, &split);
  export_all(back, &backwards);
  assert_memory_equal(&whole, &split, sizeof whole);
  assert_memory_equal(&whole, &backwards, sizeof whole);
  assert_int_equal(tanlu_moments_import(copy, whole.words, whole.extremes, whole.histogram, NULL), TANLU_OK);
  export_all(copy, &again);
  assert_memory_equal(&whole, &again, sizeof whole);
  assert_true(tanlu_moments_variance(copy, 2) == tanlu_moments_variance(all, 2));
  tanlu_moments_free(&all);
  tanlu_moments_free(&back);
  tanlu_moments_free(&sum);
  tanlu_moments_free(&copy);
  for (int i = 0; i < 3; i++) tanlu_moments_free(&part[i]);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Within one bin of the sorted values inside the range. Outside, values from -1.5 to -1 and from 1 to 1.5 are uniform, as
 * assumed: within 5 standard deviations of an order statistic, 5 x sqrt(1/4 / 4900) x 3 = 0.11. */
static void quantiles(void **unused) {
  (void)unused;
  static double sorted[CELLS][VALUES];
  size_t count[CELLS] = {0};
  tanlu_moments *m = make();
  double x[CELLS];
  for (uint64_t i = 0; i < VALUES; i++) {
    row_of(i, x);
    tanlu_moments_add_row(m, x);
    for (int c = 0; c < CELLS; c++)
      if (isfinite(x[c])) sorted[c][count[c]++] = x[c];
  }
  for (size_t c = 0; c < CELLS; c++) {
    qsort(sorted[c], count[c], sizeof sorted[c][0], compare);
    for (int percent = 0; percent <= 100; percent += 5) {
      const double p = percent / 100.0, found = tanlu_moments_quantile(m, c, p);
      const double exact = sorted[c][(size_t)(p * (double)(count[c] - 1))];
      const double tolerance = exact < lower[c] || exact > upper[c] ? 0.11 : 1.01 * (upper[c] - lower[c]) / BINS;
      assert_true(fabs(found - exact) <= tolerance);
    }
    assert_true(tanlu_moments_quantile(m, c, 0.0) == sorted[c][0]);
    assert_true(tanlu_moments_quantile(m, c, 1.0) == sorted[c][count[c] - 1]);
    assert_true(isnan(tanlu_moments_quantile(m, c, 1.5)));
  }
  tanlu_moments_free(&m);
}

/* Far outside the range is exact still. 2^63 and more is beyond: counted, among the extremes, no mean any more. */
static void far_outside(void **unused) {
  (void)unused;
  tanlu_moments *m = make();
  tanlu_moments_add(m, 1, 0x1p62);
  tanlu_moments_add(m, 1, -0x1p62);
  tanlu_moments_add(m, 1, 0x1p-60);
  assert_true(tanlu_moments_beyond(m, 1) == 0 && tanlu_moments_count(m, 1) == 3);
  assert_true(tanlu_moments_below(m, 1) == 1 && tanlu_moments_above(m, 1) == 1);
  assert_true(tanlu_moments_mean(m, 1) == 0x1p-60 / 3.0);
  assert_true(tanlu_moments_variance(m, 1) == 0x1p124); /* (2 x 2^124 + 2^-120 - 2^-120 / 3) / 2 */
  tanlu_moments_add(m, 1, 1e300);
  assert_true(tanlu_moments_beyond(m, 1) == 1 && tanlu_moments_count(m, 1) == 4);
  assert_true(isnan(tanlu_moments_mean(m, 1)) && isnan(tanlu_moments_variance(m, 1)));
  assert_true(tanlu_moments_maximum(m, 1) == 1e300);
  tanlu_moments_add(m, 1, (double)INFINITY);
  assert_true(tanlu_moments_missing(m, 1) == 1);
  tanlu_moments_free(&m);
}

/* A variance 1e-20 of the squared mean: 2^50 + (0, 1/4, 1/2), variance 1/16. */
static void no_cancellation(void **unused) {
  (void)unused;
  tanlu_moments *m = make();
  for (int i = 0; i < 3; i++) tanlu_moments_add(m, 0, 0x1p50 + 0.25 * i);
  assert_true(tanlu_moments_variance(m, 0) == 0.0625 && tanlu_moments_mean(m, 0) == 0x1p50 + 0.25);
  tanlu_moments_free(&m);
}

/* Without a range: the same moments, no histogram, no quantiles. */
static void ranges_are_optional(void **unused) {
  (void)unused;
  tanlu_moments *with = make(), *without = NULL, *mixed = NULL;
  const double from[CELLS] = {(double)NAN, -1.0, (double)NAN}, to[CELLS] = {(double)NAN, 1.0, (double)NAN};
  double x[CELLS];
  assert_int_equal(tanlu_moments_create(&without, CELLS, BINS, NULL, NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_moments_create(&mixed, CELLS, BINS, from, to, NULL), TANLU_OK);
  for (uint64_t i = 0; i < 500; i++) {
    row_of(i, x);
    tanlu_moments_add_row(with, x);
    tanlu_moments_add_row(without, x);
    tanlu_moments_add_row(mixed, x);
  }
  assert_true(tanlu_moments_ranges(with) == CELLS && tanlu_moments_ranges(without) == 0);
  assert_true(tanlu_moments_ranges(mixed) == 1 && tanlu_moments_has_range(mixed, 1));
  for (size_t c = 0; c < CELLS; c++) {
    assert_true(tanlu_moments_mean(with, c) == tanlu_moments_mean(without, c));
    assert_true(tanlu_moments_variance(with, c) == tanlu_moments_variance(mixed, c));
    assert_true(isnan(tanlu_moments_quantile(without, c, 0.5)) && tanlu_moments_below(without, c) == 0);
  }
  assert_true(tanlu_moments_quantile(mixed, 1, 0.3) == tanlu_moments_quantile(with, 1, 0.3));
  assert_true(tanlu_moments_above(mixed, 1) == tanlu_moments_above(with, 1) && tanlu_moments_above(mixed, 1) > 0);
  assert_int_equal(tanlu_moments_merge(without, with, NULL), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_moments_merge(without, without, NULL), TANLU_OK);
  tanlu_moments_free(&with);
  tanlu_moments_free(&without);
  tanlu_moments_free(&mixed);
}

static void wrong_uses(void **unused) {
  (void)unused;
  tanlu_context *context = tanlu_context_create();
  tanlu_moments *m = make(), *other = NULL;
  assert_int_equal(tanlu_moments_create(&other, 1, BINS, upper, lower, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "range 1 from 5 to 0; expected lower < upper"));
  assert_int_equal(tanlu_moments_create(&other, CELLS, 0, lower, upper, context), TANLU_ERR_INPUT);
  assert_null(other);
  assert_int_equal(tanlu_moments_create(&other, CELLS, BINS + 1, lower, upper, context), TANLU_OK);
  assert_int_equal(tanlu_moments_merge(m, other, context), TANLU_ERR_INPUT);
  tanlu_moments_free(&other);
  const double wider[CELLS] = {6.0, 1.0, 1.01e7};
  assert_int_equal(tanlu_moments_create(&other, CELLS, BINS, lower, wider, context), TANLU_OK);
  assert_int_equal(tanlu_moments_merge(m, other, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "over 0 to 5 and over 0 to 6"));
  static state s;
  tanlu_moments_add(m, 0, 1.0);
  export_all(m, &s);
  s.histogram[3] += 1;
  assert_int_equal(tanlu_moments_import(m, s.words, s.extremes, s.histogram, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "cell 1 are damaged"));
  assert_true(tanlu_moments_count(m, 0) == 1);
  tanlu_moments_free(&m);
  tanlu_moments_free(&other);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),           cmocka_unit_test(agrees_with_two_passes),
      cmocka_unit_test(any_split_adds_up), cmocka_unit_test(quantiles),
      cmocka_unit_test(far_outside),       cmocka_unit_test(wrong_uses),
      cmocka_unit_test(no_cancellation),   cmocka_unit_test(ranges_are_optional),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
