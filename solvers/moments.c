#include "solvers/moments.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Places of a cell's whole numbers. */
enum { COUNT, MISSING, BEYOND, SUM, SUM_WORDS = 3, SQUARES = SUM + SUM_WORDS, SQUARES_WORDS = 5 };

struct tanlu_moments {
  size_t cells, bins, ranges;
  double *lower, *upper; /* cells; NaN without a range */
  size_t *place;         /* cells: row of the histogram; meaningless without a range */
  uint64_t *words;       /* cells x TANLU_MOMENTS_WORDS; sum q in two's complement */
  double *extremes;      /* cells x 2 */
  uint64_t *histogram;   /* ranges x (bins + 2) */
};

__extension__ typedef unsigned __int128 wide;
static const double beyond = 0x1p63;

static void clear(tanlu_moments *m) {
  memset(m->words, 0, m->cells * TANLU_MOMENTS_WORDS * sizeof *m->words);
  memset(m->histogram, 0, m->ranges * (m->bins + 2) * sizeof *m->histogram);
  for (size_t i = 0; i < m->cells; i++) {
    m->extremes[2 * i] = (double)INFINITY;
    m->extremes[2 * i + 1] = -(double)INFINITY;
  }
}

/* Copies the ranges and gives those cells that have one a row of the histogram. */
static tanlu_status place_ranges(tanlu_moments *m, const double *lower, const double *upper, tanlu_context *context) {
  for (size_t i = 0; i < m->cells; i++) {
    m->lower[i] = lower != NULL ? lower[i] : (double)NAN;
    m->upper[i] = upper != NULL ? upper[i] : (double)NAN;
    if (isnan(m->lower[i]) && isnan(m->upper[i])) continue;
    const double range = m->upper[i] - m->lower[i];
    if (!(range > 0.0) || !isfinite(range) || !isnormal(range / (double)m->bins)) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "range %zu from %g to %g; expected lower < upper", i + 1, m->lower[i],
                        m->upper[i]);
    }
    m->place[i] = m->ranges++;
  }
  return TANLU_OK;
}

tanlu_status tanlu_moments_create(tanlu_moments **moments, size_t cells, size_t bins, const double *lower,
                                  const double *upper, tanlu_context *context) {
  *moments = NULL;
  if (bins == 0 || bins > TANLU_MOMENTS_BINS_MAX)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%zu bins; expected 1 to %d", bins, (int)TANLU_MOMENTS_BINS_MAX);
  tanlu_moments *m = tanlu_allocate(context, 1, sizeof *m);
  if (!m) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_ERR_MEMORY;
  m->cells = cells;
  m->bins = bins;
  m->lower = tanlu_allocate_doubles(context, cells, 1);
  m->upper = tanlu_allocate_doubles(context, cells, 1);
  m->place = tanlu_allocate(context, cells, sizeof *m->place);
  m->words = tanlu_allocate(context, cells, TANLU_MOMENTS_WORDS * sizeof *m->words);
  m->extremes = tanlu_allocate_doubles(context, cells, 2);
  if (!m->lower || !m->upper || !m->place || !m->words || !m->extremes) goto cleanup;
  status = place_ranges(m, lower, upper, context);
  if (status) goto cleanup;
  m->histogram = tanlu_allocate(context, m->ranges, (bins + 2) * sizeof *m->histogram);
  if (!m->histogram) {
    status = TANLU_ERR_MEMORY;
    goto cleanup;
  }
  clear(m);
cleanup:
  if (status)
    tanlu_moments_free(&m);
  else
    *moments = m;
  return status;
}

void tanlu_moments_free(tanlu_moments **moments) {
  if (!moments || !*moments) return;
  tanlu_moments *m = *moments;
  free(m->lower);
  free(m->upper);
  free(m->place);
  free(m->words);
  free(m->extremes);
  free(m->histogram);
  free(m);
  *moments = NULL;
}

/* --- adding --------------------------------------------------------------------------------------------------------------- */

/* to += what, numbers of `length` words, least significant first; modulo 2^(64 length). */
static void add_words(uint64_t *to, const uint64_t *what, size_t length) {
  uint64_t carry = 0;
  for (size_t i = 0; i < length; i++) {
    uint64_t sum;
    const bool first = __builtin_add_overflow(to[i], what[i], &sum);
    const bool second = __builtin_add_overflow(sum, carry, &to[i]);
    carry = first || second;
  }
}

/* value = -value in two's complement. */
static void negate(uint64_t *value, size_t length) {
  uint64_t carry = 1;
  for (size_t i = 0; i < length; i++) carry = __builtin_add_overflow(~value[i], carry, &value[i]);
}

/* out = a b; out has as many words as both together. */
static void multiply(const uint64_t *a, size_t length_a, const uint64_t *b, size_t length_b, uint64_t *out) {
  memset(out, 0, (length_a + length_b) * sizeof *out);
  for (size_t i = 0; i < length_a; i++) {
    uint64_t carry = 0;
    for (size_t j = 0; j < length_b; j++) {
      const wide sum = (wide)a[i] * b[j] + out[i + j] + carry;
      out[i + j] = (uint64_t)sum;
      carry = (uint64_t)(sum >> 64);
    }
    out[i + length_b] = carry;
  }
}

/* 0 <= size < 2^63 in units of 2^-64, to the nearest. Halves of the fraction are split off exactly. */
static void fixed_point(double size, uint64_t q[SUM_WORDS]) {
  const int64_t whole = (int64_t)size;
  const double fraction = (size - (double)whole) * 0x1p32;
  const int64_t high = (int64_t)fraction;
  const int64_t low = (int64_t)((fraction - (double)high) * 0x1p32 + 0.5);
  q[0] = ((uint64_t)high << 32) + (uint64_t)low; /* no carry out: a fraction next to 1 ends at 2^-53 */
  q[1] = (uint64_t)whole;
  q[2] = 0;
}

/* (high 2^64 + low)^2, high < 2^63. */
static void square(uint64_t low, uint64_t high, uint64_t out[SQUARES_WORDS]) {
  const wide first = (wide)low * low, middle = 2 * ((wide)low * high) + (uint64_t)(first >> 64);
  const wide last = (wide)high * high + (uint64_t)(middle >> 64);
  out[0] = (uint64_t)first;
  out[1] = (uint64_t)middle;
  out[2] = (uint64_t)last;
  out[3] = (uint64_t)(last >> 64);
  out[4] = 0;
}

static size_t bin_of(const tanlu_moments *m, size_t cell, double x) {
  if (x < m->lower[cell]) return 0;
  if (x > m->upper[cell]) return m->bins + 1;
  const double share = (x - m->lower[cell]) / (m->upper[cell] - m->lower[cell]);
  const size_t bin = (size_t)(share * (double)m->bins);
  return 1 + (bin < m->bins ? bin : m->bins - 1);
}

static uint64_t *histogram_of(const tanlu_moments *m, size_t cell) {
  return m->histogram + m->place[cell] * (m->bins + 2);
}

void tanlu_moments_add(tanlu_moments *moments, size_t cell, double x) {
  uint64_t *words = moments->words + cell * TANLU_MOMENTS_WORDS;
  if (!isfinite(x)) {
    words[MISSING]++;
    return;
  }
  double *extremes = moments->extremes + 2 * cell;
  words[COUNT]++;
  /* + 0.0: no minus zero, so that the least value does not depend on the order */
  if (x < extremes[0]) extremes[0] = x + 0.0;
  if (x > extremes[1]) extremes[1] = x + 0.0;
  if (tanlu_moments_has_range(moments, cell)) histogram_of(moments, cell)[bin_of(moments, cell, x)]++;
  const double size = fabs(x);
  if (size >= beyond) {
    words[BEYOND]++;
    return;
  }
  uint64_t q[SUM_WORDS], squared[SQUARES_WORDS];
  fixed_point(size, q);
  square(q[0], q[1], squared);
  if (x < 0.0) negate(q, SUM_WORDS);
  add_words(words + SUM, q, SUM_WORDS);
  add_words(words + SQUARES, squared, SQUARES_WORDS);
}

void tanlu_moments_add_row(tanlu_moments *moments, const double *x) {
  for (size_t i = 0; i < moments->cells; i++) tanlu_moments_add(moments, i, x[i]);
}

static bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

tanlu_status tanlu_moments_merge(tanlu_moments *moments, const tanlu_moments *other, tanlu_context *context) {
  if (moments->cells != other->cells || moments->bins != other->bins)
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "statistics of %zu cells with %zu bins and of %zu with %zu cannot be added", moments->cells,
                      moments->bins, other->cells, other->bins);
  for (size_t i = 0; i < moments->cells; i++)
    if (!same(moments->lower[i], other->lower[i]) || !same(moments->upper[i], other->upper[i]))
      return tanlu_fail(context, TANLU_ERR_INPUT, "statistics over %g to %g and over %g to %g cannot be added",
                        moments->lower[i], moments->upper[i], other->lower[i], other->upper[i]);
  for (size_t i = 0; i < moments->cells; i++) {
    uint64_t *to = moments->words + i * TANLU_MOMENTS_WORDS;
    const uint64_t *from = other->words + i * TANLU_MOMENTS_WORDS;
    to[COUNT] += from[COUNT];
    to[MISSING] += from[MISSING];
    to[BEYOND] += from[BEYOND];
    add_words(to + SUM, from + SUM, SUM_WORDS);
    add_words(to + SQUARES, from + SQUARES, SQUARES_WORDS);
    if (other->extremes[2 * i] < moments->extremes[2 * i]) moments->extremes[2 * i] = other->extremes[2 * i];
    if (other->extremes[2 * i + 1] > moments->extremes[2 * i + 1])
      moments->extremes[2 * i + 1] = other->extremes[2 * i + 1];
  }
  for (size_t i = 0; i < moments->ranges * (moments->bins + 2); i++) moments->histogram[i] += other->histogram[i];
  return TANLU_OK;
}

/* --- reading -------------------------------------------------------------------------------------------------------------- */

size_t tanlu_moments_cells(const tanlu_moments *moments) {
  return moments->cells;
}
size_t tanlu_moments_bins(const tanlu_moments *moments) {
  return moments->bins;
}
uint64_t tanlu_moments_count(const tanlu_moments *moments, size_t cell) {
  return moments->words[cell * TANLU_MOMENTS_WORDS + COUNT];
}
uint64_t tanlu_moments_missing(const tanlu_moments *moments, size_t cell) {
  return moments->words[cell * TANLU_MOMENTS_WORDS + MISSING];
}
uint64_t tanlu_moments_beyond(const tanlu_moments *moments, size_t cell) {
  return moments->words[cell * TANLU_MOMENTS_WORDS + BEYOND];
}
size_t tanlu_moments_ranges(const tanlu_moments *moments) {
  return moments->ranges;
}
bool tanlu_moments_has_range(const tanlu_moments *moments, size_t cell) {
  return !isnan(moments->lower[cell]);
}
uint64_t tanlu_moments_below(const tanlu_moments *moments, size_t cell) {
  return tanlu_moments_has_range(moments, cell) ? histogram_of(moments, cell)[0] : 0;
}
uint64_t tanlu_moments_above(const tanlu_moments *moments, size_t cell) {
  return tanlu_moments_has_range(moments, cell) ? histogram_of(moments, cell)[moments->bins + 1] : 0;
}

static double as_double(const uint64_t *value, size_t length) {
  double sum = 0.0;
  for (size_t i = 0; i < length; i++) sum += ldexp((double)value[i], 64 * (int)i);
  return sum;
}

/* Size of sum q; true when it is negative. */
static bool take_sum(const tanlu_moments *m, size_t cell, uint64_t size[SUM_WORDS]) {
  memcpy(size, m->words + cell * TANLU_MOMENTS_WORDS + SUM, SUM_WORDS * sizeof *size);
  const bool negative = size[SUM_WORDS - 1] >> 63;
  if (negative) negate(size, SUM_WORDS);
  return negative;
}

double tanlu_moments_mean(const tanlu_moments *moments, size_t cell) {
  const uint64_t count = tanlu_moments_count(moments, cell);
  uint64_t sum[SUM_WORDS];
  if (count == 0 || tanlu_moments_beyond(moments, cell) > 0) return (double)NAN;
  const bool negative = take_sum(moments, cell, sum);
  const double size = as_double(sum, SUM_WORDS) / (double)count * 0x1p-64;
  return negative ? -size : size;
}

double tanlu_moments_variance(const tanlu_moments *moments, size_t cell) {
  const uint64_t count = tanlu_moments_count(moments, cell);
  uint64_t sum[SUM_WORDS], squared[2 * SUM_WORDS], all[SQUARES_WORDS + 1];
  if (count < 2 || tanlu_moments_beyond(moments, cell) > 0) return (double)NAN;
  (void)take_sum(moments, cell, sum);
  multiply(sum, SUM_WORDS, sum, SUM_WORDS, squared);
  multiply(moments->words + cell * TANLU_MOMENTS_WORDS + SQUARES, SQUARES_WORDS, &count, 1, all);
  negate(squared, 2 * SUM_WORDS);
  add_words(all, squared, 2 * SUM_WORDS); /* n sum q^2 >= (sum q)^2 */
  return as_double(all, 2 * SUM_WORDS) / (double)count / ((double)count - 1.0) * 0x1p-128;
}

double tanlu_moments_minimum(const tanlu_moments *moments, size_t cell) {
  return tanlu_moments_count(moments, cell) ? moments->extremes[2 * cell] : (double)NAN;
}
double tanlu_moments_maximum(const tanlu_moments *moments, size_t cell) {
  return tanlu_moments_count(moments, cell) ? moments->extremes[2 * cell + 1] : (double)NAN;
}

double tanlu_moments_quantile(const tanlu_moments *moments, size_t cell, double p) {
  const uint64_t count = tanlu_moments_count(moments, cell);
  if (count == 0 || !(p >= 0.0 && p <= 1.0) || !tanlu_moments_has_range(moments, cell)) return (double)NAN;
  const size_t bins = moments->bins;
  const uint64_t *histogram = histogram_of(moments, cell);
  const double lower = moments->lower[cell], width = (moments->upper[cell] - lower) / (double)bins;
  const double least = moments->extremes[2 * cell], greatest = moments->extremes[2 * cell + 1];
  const double wanted = p * (double)count;
  double before = 0.0, value = greatest;
  for (size_t i = 0; i < bins + 2; i++) {
    const double here = (double)histogram[i];
    if (here > 0.0 && before + here >= wanted) {
      const double from = i == 0 ? least : lower + width * (double)(i - 1);
      const double to = i == 0 ? lower : i == bins + 1 ? greatest : lower + width * (double)i;
      value = from + (to - from) * ((wanted - before) / here);
      break;
    }
    before += here;
  }
  return fmin(fmax(value, least), greatest);
}

/* --- files ---------------------------------------------------------------------------------------------------------------- */

void tanlu_moments_export(const tanlu_moments *moments, int64_t *words, double *extremes, int64_t *histogram) {
  memcpy(words, moments->words, moments->cells * TANLU_MOMENTS_WORDS * sizeof *words);
  memcpy(extremes, moments->extremes, moments->cells * 2 * sizeof *extremes);
  if (moments->ranges > 0)
    memcpy(histogram, moments->histogram, moments->ranges * (moments->bins + 2) * sizeof *histogram);
}

tanlu_status tanlu_moments_import(tanlu_moments *moments, const int64_t *words, const double *extremes,
                                  const int64_t *histogram, tanlu_context *context) {
  const size_t row = moments->bins + 2;
  for (size_t i = 0; i < moments->cells; i++) {
    const int64_t *cell = words + i * TANLU_MOMENTS_WORDS;
    uint64_t counted = (uint64_t)cell[COUNT];
    bool wrong = cell[COUNT] < 0 || cell[MISSING] < 0 || cell[BEYOND] < 0 || cell[BEYOND] > cell[COUNT];
    wrong = wrong || (cell[COUNT] > 0 && !(extremes[2 * i] <= extremes[2 * i + 1]));
    if (tanlu_moments_has_range(moments, i)) {
      const int64_t *own = histogram + moments->place[i] * row;
      counted = 0;
      for (size_t j = 0; j < row; j++) {
        wrong = wrong || own[j] < 0;
        counted += (uint64_t)own[j];
      }
    }
    if (wrong || counted != (uint64_t)cell[COUNT])
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "the statistics of cell %zu are damaged: %llu values in the histogram, %lld counted", i + 1,
                        (unsigned long long)counted, (long long)cell[COUNT]);
  }
  memcpy(moments->words, words, moments->cells * TANLU_MOMENTS_WORDS * sizeof *words);
  memcpy(moments->extremes, extremes, moments->cells * 2 * sizeof *extremes);
  if (moments->ranges > 0) memcpy(moments->histogram, histogram, moments->ranges * row * sizeof *histogram);
  return TANLU_OK;
}
