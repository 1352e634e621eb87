/* Statistics of a sweep's outputs, cell by cell: indicators by year, scalars, sums by year and group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

struct tanlu_sweep_statistics {
  tanlu_moments *moments;
  size_t first[TANLU_OUTPUTS + 1]; /* first cell of each output */
  size_t cells;
  int64_t *words, *histogram; /* the state as it stands in the file */
  double *extremes;
};

void tanlu_sweep_statistics_free(tanlu_sweep_statistics **statistics) {
  tanlu_sweep_statistics *s = *statistics;
  if (s == NULL) return;
  tanlu_moments_free(&s->moments);
  free(s->words);
  free(s->histogram);
  free(s->extremes);
  free(s);
  *statistics = NULL;
}

static size_t words_bytes(const tanlu_sweep_statistics *s) {
  return s->cells * TANLU_MOMENTS_WORDS * sizeof *s->words;
}

static size_t extremes_bytes(const tanlu_sweep_statistics *s) {
  return s->cells * 2 * sizeof *s->extremes;
}

static size_t histogram_bytes(const tanlu_sweep_statistics *s) {
  return tanlu_moments_ranges(s->moments) * (TANLU_SWEEP_BINS + 2) * sizeof *s->histogram;
}

/* Bounds of every cell, NaN where none are declared. */
static void spread_ranges(const tanlu_sweep_statistics *s, const tanlu_sweep_shape *shape, double *lower,
                          double *upper) {
  for (size_t c = 0; c < s->cells; c++) lower[c] = upper[c] = (double)NAN;
  for (size_t i = 0; i < shape->ranges; i++) {
    const tanlu_sweep_range *range = &shape->range[i];
    const size_t first = s->first[range->output], count = s->first[range->output + 1] - first;
    const size_t step = range->output == TANLU_OUTPUT_SUMMARY     ? count
                        : range->output == TANLU_OUTPUT_INDICATOR ? shape->indicators
                                                                  : 1;
    for (size_t c = range->index; c < count; c += step) {
      lower[first + c] = range->lower;
      upper[first + c] = range->upper;
    }
  }
}

tanlu_status tanlu_sweep_statistics_create(tanlu_sweep_statistics **statistics, const tanlu_sweep_shape *shape,
                                           tanlu_context *context) {
  tanlu_sweep_statistics *s = tanlu_allocate(context, 1, sizeof *s);
  *statistics = s;
  if (s == NULL) return TANLU_ERR_MEMORY;
  const size_t size[TANLU_OUTPUTS] = {shape->years * shape->indicators, tanlu_summary_count()};
  for (size_t k = 0; k < TANLU_OUTPUTS; k++) {
    s->first[k + 1] = s->first[k] + (k < TANLU_OUTPUT_GROUPED ? size[k] : shape->years * shape->groups);
  }
  s->cells = s->first[TANLU_OUTPUTS];
  double *lower = tanlu_allocate_doubles(context, s->cells, 1), *upper = tanlu_allocate_doubles(context, s->cells, 1);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (lower == NULL || upper == NULL) goto done;
  spread_ranges(s, shape, lower, upper);
  status = tanlu_moments_create(&s->moments, s->cells, TANLU_SWEEP_BINS, lower, upper, context);
  if (status != TANLU_OK) goto done;
  s->words = tanlu_allocate(context, s->cells, TANLU_MOMENTS_WORDS * sizeof *s->words);
  s->extremes = tanlu_allocate_doubles(context, s->cells, 2);
  s->histogram =
      tanlu_allocate(context, tanlu_moments_ranges(s->moments), (TANLU_SWEEP_BINS + 2) * sizeof *s->histogram);
  if (s->words == NULL || s->extremes == NULL || s->histogram == NULL) status = TANLU_ERR_MEMORY;
done:
  free(lower);
  free(upper);
  if (status != TANLU_OK) tanlu_sweep_statistics_free(statistics);
  return status;
}

void tanlu_sweep_statistics_add(tanlu_sweep_statistics *s, const tanlu_sweep_block *b) {
  const double *value[TANLU_OUTPUTS] = {b->indicator, b->summary};
  for (size_t g = 0; g < TANLU_GROUPED; g++) value[TANLU_OUTPUT_GROUPED + g] = b->grouped[g];
  for (size_t row = 0; row < b->count; row++) {
    if (b->status[row] != TANLU_SAMPLE_SOLVED) continue;
    for (size_t k = 0; k < TANLU_OUTPUTS; k++) {
      const size_t first = s->first[k], count = s->first[k + 1] - first;
      for (size_t c = 0; c < count; c++) tanlu_moments_add(s->moments, first + c, value[k][row * count + c]);
    }
  }
}

tanlu_status tanlu_sweep_statistics_merge(tanlu_sweep_statistics *s, const tanlu_sweep_statistics *other,
                                          tanlu_context *context) {
  return tanlu_moments_merge(s->moments, other->moments, context);
}

void tanlu_sweep_statistics_clear(tanlu_sweep_statistics *s) {
  memset(s->words, 0, words_bytes(s));
  memset(s->histogram, 0, histogram_bytes(s));
  for (size_t c = 0; c < s->cells; c++) {
    s->extremes[2 * c] = (double)INFINITY;
    s->extremes[2 * c + 1] = -(double)INFINITY;
  }
  (void)tanlu_moments_import(s->moments, s->words, s->extremes, s->histogram, NULL); /* of nothing: always whole */
}

/* ---- packed ------------------------------------------------------------------------------------------------------------- */

size_t tanlu_sweep_statistics_bytes(const tanlu_sweep_statistics *s) {
  return words_bytes(s) + extremes_bytes(s) + histogram_bytes(s);
}

void tanlu_sweep_statistics_pack(tanlu_sweep_statistics *s, unsigned char *packed) {
  tanlu_moments_export(s->moments, s->words, s->extremes, s->histogram);
  memcpy(packed, s->words, words_bytes(s));
  memcpy(packed + words_bytes(s), s->extremes, extremes_bytes(s));
  memcpy(packed + words_bytes(s) + extremes_bytes(s), s->histogram, histogram_bytes(s));
}

tanlu_status tanlu_sweep_statistics_unpack(tanlu_sweep_statistics *s, const unsigned char *packed,
                                           tanlu_context *context) {
  memcpy(s->words, packed, words_bytes(s));
  memcpy(s->extremes, packed + words_bytes(s), extremes_bytes(s));
  memcpy(s->histogram, packed + words_bytes(s) + extremes_bytes(s), histogram_bytes(s));
  return tanlu_moments_import(s->moments, s->words, s->extremes, s->histogram, context);
}

/* ---- the file ----------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_sweep_statistics_load(tanlu_sweep_statistics *s, const tanlu_sweep_store *store, size_t place,
                                         size_t solved, tanlu_context *context) {
  tanlu_status status = tanlu_sweep_store_read(store, TANLU_STORE_WORDS, place, 1, s->words, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_read(store, TANLU_STORE_EXTREMES, place, 1, s->extremes, context);
  if (status == TANLU_OK) {
    status = tanlu_sweep_store_read(store, TANLU_STORE_HISTOGRAM, place, 1, s->histogram, context);
  }
  if (status != TANLU_OK) return status;
  bool whole = tanlu_moments_import(s->moments, s->words, s->extremes, s->histogram, NULL) == TANLU_OK;
  for (size_t c = 0; whole && c < s->cells; c++) {
    whole = tanlu_moments_count(s->moments, c) + tanlu_moments_missing(s->moments, c) == solved;
  }
  if (whole) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_IO, store->path, 0, 0,
                       "is damaged: its statistics are not those of the %zu samples that are solved", solved);
}

tanlu_status tanlu_sweep_statistics_save(tanlu_sweep_statistics *s, const tanlu_sweep_store *store, size_t place,
                                         tanlu_context *context) {
  tanlu_moments_export(s->moments, s->words, s->extremes, s->histogram);
  tanlu_status status = tanlu_sweep_store_put(store, TANLU_STORE_WORDS, place, 1, s->words, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_put(store, TANLU_STORE_EXTREMES, place, 1, s->extremes, context);
  if (status != TANLU_OK) return status;
  return tanlu_sweep_store_put(store, TANLU_STORE_HISTOGRAM, place, 1, s->histogram, context);
}

static double statistic(const tanlu_moments *m, size_t cell, size_t kind) {
  const bool ranged = tanlu_moments_has_range(m, cell);
  switch (kind) {
  case TANLU_STATISTIC_COUNT:
    return (double)tanlu_moments_count(m, cell);
  case TANLU_STATISTIC_MEAN:
    return tanlu_moments_mean(m, cell);
  case TANLU_STATISTIC_DEVIATION:
    return sqrt(tanlu_moments_variance(m, cell));
  case TANLU_STATISTIC_MINIMUM:
    return tanlu_moments_minimum(m, cell);
  case TANLU_STATISTIC_MAXIMUM:
    return tanlu_moments_maximum(m, cell);
  case TANLU_STATISTIC_BELOW:
    return ranged ? (double)tanlu_moments_below(m, cell) : (double)NAN;
  case TANLU_STATISTIC_ABOVE:
    return ranged ? (double)tanlu_moments_above(m, cell) : (double)NAN;
  default:
    return (double)NAN;
  }
}

tanlu_status tanlu_sweep_statistics_derive(const tanlu_sweep_statistics *s, const tanlu_sweep_store *store,
                                           tanlu_context *context) {
  double *value = tanlu_allocate_doubles(context, s->cells, TANLU_SWEEP_PROBABILITIES);
  tanlu_status status = value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < TANLU_OUTPUTS * TANLU_STATISTICS; k++) {
    const size_t id = TANLU_STORE_STATISTIC + k, output = k / TANLU_STATISTICS, kind = k % TANLU_STATISTICS;
    const size_t first = s->first[output], count = s->first[output + 1] - first;
    const bool quantile = kind == TANLU_STATISTIC_QUANTILE;
    const size_t values = count * (quantile ? TANLU_SWEEP_PROBABILITIES : 1);
    if (store->variable[id].rank == 0) continue;
    for (size_t i = 0; i < values; i++) {
      const size_t cell = first + i % count;
      value[i] = quantile ? tanlu_moments_quantile(s->moments, cell, tanlu_sweep_probability[i / count])
                          : statistic(s->moments, cell, kind);
    }
    status = tanlu_sweep_store_put(store, id, 0, store->variable[id].extent[0], value, context);
  }
  free(value);
  return status;
}
