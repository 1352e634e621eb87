/* Statistics of many cells (years x outputs) kept while samples pass by, without keeping the samples, in whole numbers only.
 *
 * A value x is counted, compared with the least and the greatest so far, and rounded to a whole number q of units of 2^-64,
 * which changes nothing where |x| >= 2^-12 and less than 3e-20 below; sum q and sum q^2 are exact integers of 192 and 320 bits.
 * A cell that declares a range [lower, upper] also counts values in `bins` equal intervals of it, below it and above it. All
 * sums being whole numbers, values may come in any order and in any split: shards add up to the very same state, and mean and
 * variance, (n sum q^2 - (sum q)^2) / (n (n - 1)), lose nothing to cancellation. Not finite values are missing. Finite values
 * of 2^63 and more have no place in the sums: they are counted as beyond, and mean and variance are then NaN. */
#ifndef TANLU_SOLVERS_MOMENTS_H
#define TANLU_SOLVERS_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "solvers/context.h"

/* Whole numbers of a cell in an exported state: values counted (with those beyond), missing, beyond, sum q (3), sum q^2 (5),
 * least significant first. */
enum { TANLU_MOMENTS_WORDS = 11, TANLU_MOMENTS_BINS_MAX = 65536 };

typedef struct tanlu_moments tanlu_moments;

/* lower < upper, finite: cells numbers each, copied; both NaN where a cell has no range; both NULL where none has. bins: 1 to
 * TANLU_MOMENTS_BINS_MAX. Others are TANLU_ERR_INPUT. */
tanlu_status tanlu_moments_create(tanlu_moments **moments, size_t cells, size_t bins, const double *lower,
                                  const double *upper, tanlu_context *context);
void tanlu_moments_free(tanlu_moments **moments);

void tanlu_moments_add(tanlu_moments *moments, size_t cell, double x);
/* One value for every cell. */
void tanlu_moments_add_row(tanlu_moments *moments, const double *x);
/* moments += other; of other cells, bins or ranges: TANLU_ERR_INPUT and no change. */
tanlu_status tanlu_moments_merge(tanlu_moments *moments, const tanlu_moments *other, tanlu_context *context);

size_t tanlu_moments_cells(const tanlu_moments *moments);
size_t tanlu_moments_bins(const tanlu_moments *moments);
size_t tanlu_moments_ranges(const tanlu_moments *moments); /* cells that have a range */
bool tanlu_moments_has_range(const tanlu_moments *moments, size_t cell);
uint64_t tanlu_moments_count(const tanlu_moments *moments, size_t cell);   /* without missing values */
uint64_t tanlu_moments_missing(const tanlu_moments *moments, size_t cell); /* values that were not finite */
uint64_t tanlu_moments_beyond(const tanlu_moments *moments, size_t cell);  /* of those counted, 2^63 and more in size */
uint64_t tanlu_moments_below(const tanlu_moments *moments,
                             size_t cell); /* of those counted, below the range; 0 without */
uint64_t tanlu_moments_above(const tanlu_moments *moments, size_t cell);
/* NaN where nothing was counted; the variance divides by count - 1 and is NaN below two values. */
double tanlu_moments_mean(const tanlu_moments *moments, size_t cell);
double tanlu_moments_variance(const tanlu_moments *moments, size_t cell);
double tanlu_moments_minimum(const tanlu_moments *moments, size_t cell);
double tanlu_moments_maximum(const tanlu_moments *moments, size_t cell);
/* The value below which a share p of those counted lies, linear within a bin: within one bin of the exact quantile. Values
 * outside the range are taken to be spread evenly up to the least or greatest. NaN without a range. */
double tanlu_moments_quantile(const tanlu_moments *moments, size_t cell, double p);

/* The state, to be written to a file and read back: words cells x TANLU_MOMENTS_WORDS, extremes cells x 2 (least, greatest;
 * +inf, -inf when nothing was counted), histogram ranges x (bins + 2), cells with a range in their order, with below first
 * and above last; may be NULL where no cell has a range. */
void tanlu_moments_export(const tanlu_moments *moments, int64_t *words, double *extremes, int64_t *histogram);
/* Replaces the state. Numbers that no state can hold (a histogram that does not sum to the count) are TANLU_ERR_INPUT. */
tanlu_status tanlu_moments_import(tanlu_moments *moments, const int64_t *words, const double *extremes,
                                  const int64_t *histogram, tanlu_context *context);

#endif
