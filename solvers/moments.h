/* Statistics of many cells (years x outputs) kept while samples pass by, without keeping the samples.
 *
 * Every cell declares a range [lower, upper]. A value x is counted, compared with the least and the greatest so far, put into
 * one of `bins` equal intervals of the range (or below, or above), and its distance from the middle of the range, rounded to
 * a whole number q of units (2^-52 of the range, rounded up to a power of two), is added: sum q and sum q^2 are exact integers
 * of 128 and 192 bits. All sums being integers, values may come in any order and in any split: shards add up to the very same
 * state. Beyond 512 ranges from the middle q is clamped, and such values are counted. Not finite values are missing. */
#ifndef TANLU_SOLVERS_MOMENTS_H
#define TANLU_SOLVERS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "solvers/context.h"

/* Whole numbers of a cell in an exported state: values counted, missing, clamped, sum q (2), sum q^2 (3), least significant
 * first. */
enum { TANLU_MOMENTS_WORDS = 8, TANLU_MOMENTS_BINS_MAX = 65536 };

typedef struct tanlu_moments tanlu_moments;

/* lower < upper, finite: cells numbers each, copied; bins 1 to TANLU_MOMENTS_BINS_MAX. */
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
uint64_t tanlu_moments_count(const tanlu_moments *moments, size_t cell);   /* without missing values */
uint64_t tanlu_moments_missing(const tanlu_moments *moments, size_t cell); /* values that were not finite */
uint64_t tanlu_moments_clamped(const tanlu_moments *moments, size_t cell); /* their mean and variance are too small */
/* NaN where nothing was counted; the variance divides by count - 1 and is NaN below two values. */
double tanlu_moments_mean(const tanlu_moments *moments, size_t cell);
double tanlu_moments_variance(const tanlu_moments *moments, size_t cell);
double tanlu_moments_minimum(const tanlu_moments *moments, size_t cell);
double tanlu_moments_maximum(const tanlu_moments *moments, size_t cell);
/* The value below which a share p of those counted lies, linear within a bin: within one bin of the exact quantile. Values
 * outside the range are taken to be spread evenly up to the least or greatest. */
double tanlu_moments_quantile(const tanlu_moments *moments, size_t cell, double p);

/* The state, to be written to a file and read back: words cells x TANLU_MOMENTS_WORDS, extremes cells x 2 (least, greatest;
 * +inf, -inf when nothing was counted), histogram cells x (bins + 2) with below first and above last. */
void tanlu_moments_export(const tanlu_moments *moments, int64_t *words, double *extremes, int64_t *histogram);
/* Replaces the state. Numbers that no state can hold (a histogram that does not sum to the count) are TANLU_ERR_INPUT. */
tanlu_status tanlu_moments_import(tanlu_moments *moments, const int64_t *words, const double *extremes,
                                  const int64_t *histogram, tanlu_context *context);

#endif
