#include "solvers/moments.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Places of a cell's whole numbers. */
enum { COUNT, MISSING, CLAMPED, SUM, SQUARES = SUM + 2 };

struct tanlu_moments {
  size_t cells, bins;
  double *lower, *upper; /* cells */
  double *middle, *unit; /* cells; unit: a power of two */
  uint64_t *words;       /* cells x TANLU_MOMENTS_WORDS; sum q in two's complement */
  double *extremes;      /* cells x 2 */
  uint64_t *histogram;   /* cells x (bins + 2) */
};

static const double clamp = 0x1p62;

static void clear(tanlu_moments *m) {
  memset(m->words, 0, m->cells * TANLU_MOMENTS_WORDS * sizeof *m->words);
  memset(m->histogram, 0, m->cells * (m->bins + 2) * sizeof *m->histogram);
  for (size_t i = 0; i < m->cells; i++) {
    m->extremes[2 * i] = (double)INFINITY;
    m->extremes[2 * i + 1] = -(double)INFINITY;
  }
}

tanlu_status tanlu_moments_create(tanlu_moments **moments, size_t cells, size_t bins, const double *lower,
                                  const double *upper, tanlu_context *context) {
  *moments = NULL;
  if (bins == 0 || bins > TANLU_MOMENTS_BINS_MAX)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%zu bins; expected 1 to %d", bins, (int)TANLU_MOMENTS_BINS_MAX);
  tanlu_moments *m = tanlu_allocate(context, 1, sizeof *m);
  if (!m) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  m->cells = cells;
  m->bins = bins;
  m->lower = tanlu_allocate_doubles(context, cells, 1);
  m->upper = tanlu_allocate_doubles(context, cells, 1);
  m->middle = tanlu_allocate_doubles(context, cells, 1);
  m->unit = tanlu_allocate_doubles(context, cells, 1);
  m->words = tanlu_allocate(context, cells, TANLU_MOMENTS_WORDS * sizeof *m->words);
  m->extremes = tanlu_allocate_doubles(context, cells, 2);
  m->histogram = tanlu_allocate(context, cells, (bins + 2) * sizeof *m->histogram);
  if (!m->lower || !m->upper || !m->middle || !m->unit || !m->words || !m->extremes || !m->histogram) {
    status = TANLU_ERR_MEMORY;
    goto cleanup;
  }
  for (size_t i = 0; i < cells; i++) {
    int exponent;
    const double range = upper[i] - lower[i];
    if (!(range > 0.0) || !isfinite(range) || !isnormal(range * 0x1p-60)) {
      status = tanlu_fail(context, TANLU_ERR_INPUT, "range %zu from %g to %g; expected lower < upper", i + 1, lower[i],
                          upper[i]);
      goto cleanup;
    }
    frexp(range, &exponent); /* range <= 2^exponent */
    m->lower[i] = lower[i];
    m->upper[i] = upper[i];
    m->middle[i] = lower[i] + 0.5 * range;
    m->unit[i] = ldexp(1.0, exponent - 52);
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
  free(m->middle);
  free(m->unit);
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

/* The square of a number below 2^63 as two words. */
static void square(uint64_t a, uint64_t out[3]) {
  const uint64_t low = (uint32_t)a, high = a >> 32, cross = low * high, ends = low * low;
  out[0] = ends + (cross << 33);
  out[1] = high * high + (cross >> 31) + (out[0] < ends);
  out[2] = 0;
}

static size_t bin_of(const tanlu_moments *m, size_t cell, double x) {
  if (x < m->lower[cell]) return 0;
  if (x > m->upper[cell]) return m->bins + 1;
  const double share = (x - m->lower[cell]) / (m->upper[cell] - m->lower[cell]);
  const size_t bin = (size_t)(share * (double)m->bins);
  return 1 + (bin < m->bins ? bin : m->bins - 1);
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
  moments->histogram[cell * (moments->bins + 2) + bin_of(moments, cell, x)]++;
  double scaled = nearbyint((x - moments->middle[cell]) / moments->unit[cell]);
  if (fabs(scaled) > clamp) {
    words[CLAMPED]++;
    scaled = copysign(clamp, scaled);
  }
  const int64_t q = (int64_t)scaled;
  const uint64_t wide[2] = {(uint64_t)q, q < 0 ? UINT64_MAX : 0};
  uint64_t squared[3];
  square(q < 0 ? 0 - (uint64_t)q : (uint64_t)q, squared);
  add_words(words + SUM, wide, 2);
  add_words(words + SQUARES, squared, 3);
}

void tanlu_moments_add_row(tanlu_moments *moments, const double *x) {
  for (size_t i = 0; i < moments->cells; i++) tanlu_moments_add(moments, i, x[i]);
}

tanlu_status tanlu_moments_merge(tanlu_moments *moments, const tanlu_moments *other, tanlu_context *context) {
  if (moments->cells != other->cells || moments->bins != other->bins)
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "statistics of %zu cells with %zu bins and of %zu with %zu cannot be added", moments->cells,
                      moments->bins, other->cells, other->bins);
  for (size_t i = 0; i < moments->cells; i++)
    if (moments->lower[i] != other->lower[i] || moments->upper[i] != other->upper[i])
      return tanlu_fail(context, TANLU_ERR_INPUT, "statistics over %g to %g and over %g to %g cannot be added",
                        moments->lower[i], moments->upper[i], other->lower[i], other->upper[i]);
  for (size_t i = 0; i < moments->cells; i++) {
    uint64_t *to = moments->words + i * TANLU_MOMENTS_WORDS;
    const uint64_t *from = other->words + i * TANLU_MOMENTS_WORDS;
    to[COUNT] += from[COUNT];
    to[MISSING] += from[MISSING];
    to[CLAMPED] += from[CLAMPED];
    add_words(to + SUM, from + SUM, 2);
    add_words(to + SQUARES, from + SQUARES, 3);
    if (other->extremes[2 * i] < moments->extremes[2 * i]) moments->extremes[2 * i] = other->extremes[2 * i];
    if (other->extremes[2 * i + 1] > moments->extremes[2 * i + 1])
      moments->extremes[2 * i + 1] = other->extremes[2 * i + 1];
  }
  for (size_t i = 0; i < moments->cells * (moments->bins + 2); i++) moments->histogram[i] += other->histogram[i];
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
uint64_t tanlu_moments_clamped(const tanlu_moments *moments, size_t cell) {
  return moments->words[cell * TANLU_MOMENTS_WORDS + CLAMPED];
}

/* Mean of q and its mean square, in units. */
static double mean_distance(const tanlu_moments *m, size_t cell) {
  const uint64_t *sum = m->words + cell * TANLU_MOMENTS_WORDS + SUM;
  uint64_t low = sum[0], high = sum[1];
  const bool negative = high >> 63;
  if (negative) {
    low = 0 - low;
    high = ~high + (low == 0);
  }
  const double size = ldexp((double)high, 64) + (double)low;
  return (negative ? -size : size) / (double)tanlu_moments_count(m, cell);
}

double tanlu_moments_mean(const tanlu_moments *moments, size_t cell) {
  if (tanlu_moments_count(moments, cell) == 0) return (double)NAN;
  return moments->middle[cell] + moments->unit[cell] * mean_distance(moments, cell);
}

double tanlu_moments_variance(const tanlu_moments *moments, size_t cell) {
  const uint64_t count = tanlu_moments_count(moments, cell);
  if (count < 2) return (double)NAN;
  const uint64_t *s = moments->words + cell * TANLU_MOMENTS_WORDS + SQUARES;
  const double n = (double)count, mean = mean_distance(moments, cell);
  const double squares = ldexp((double)s[2], 128) + ldexp((double)s[1], 64) + (double)s[0];
  const double unit = moments->unit[cell];
  return fmax(0.0, (squares / n - mean * mean) * unit * unit * (n / (n - 1.0)));
}

double tanlu_moments_minimum(const tanlu_moments *moments, size_t cell) {
  return tanlu_moments_count(moments, cell) ? moments->extremes[2 * cell] : (double)NAN;
}
double tanlu_moments_maximum(const tanlu_moments *moments, size_t cell) {
  return tanlu_moments_count(moments, cell) ? moments->extremes[2 * cell + 1] : (double)NAN;
}

double tanlu_moments_quantile(const tanlu_moments *moments, size_t cell, double p) {
  const uint64_t count = tanlu_moments_count(moments, cell);
  if (count == 0 || !(p >= 0.0 && p <= 1.0)) return (double)NAN;
  const size_t bins = moments->bins;
  const uint64_t *histogram = moments->histogram + cell * (bins + 2);
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
  memcpy(histogram, moments->histogram, moments->cells * (moments->bins + 2) * sizeof *histogram);
}

tanlu_status tanlu_moments_import(tanlu_moments *moments, const int64_t *words, const double *extremes,
                                  const int64_t *histogram, tanlu_context *context) {
  const size_t row = moments->bins + 2;
  for (size_t i = 0; i < moments->cells; i++) {
    const int64_t *cell = words + i * TANLU_MOMENTS_WORDS;
    uint64_t counted = 0;
    bool wrong = cell[COUNT] < 0 || cell[MISSING] < 0 || cell[CLAMPED] < 0 || cell[CLAMPED] > cell[COUNT];
    for (size_t j = 0; j < row; j++) {
      wrong = wrong || histogram[i * row + j] < 0;
      counted += (uint64_t)histogram[i * row + j];
    }
    wrong = wrong || counted != (uint64_t)cell[COUNT];
    wrong = wrong || (cell[COUNT] > 0 && !(extremes[2 * i] <= extremes[2 * i + 1]));
    if (wrong)
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "the statistics of cell %zu are damaged: %llu values in the histogram, %lld counted", i + 1,
                        (unsigned long long)counted, (long long)cell[COUNT]);
  }
  memcpy(moments->words, words, moments->cells * TANLU_MOMENTS_WORDS * sizeof *words);
  memcpy(moments->extremes, extremes, moments->cells * 2 * sizeof *extremes);
  memcpy(moments->histogram, histogram, moments->cells * row * sizeof *histogram);
  return TANLU_OK;
}
