/* How the outputs of a sweep are spread over its solved samples: from the samples where they are kept, else from the statistics of
 * the file. Cells of an output are counted as in the file: scalars, years x indicators, years x groups. */
#ifndef TANLU_OUTPUTS_SWEEP_SPREAD_H
#define TANLU_OUTPUTS_SWEEP_SPREAD_H

#include "outputs/result_file.h"

enum { TANLU_SPREAD_5, TANLU_SPREAD_25, TANLU_SPREAD_MEDIAN, TANLU_SPREAD_75, TANLU_SPREAD_95, TANLU_SPREAD_QUANTILES };

typedef struct {
  double count; /* solved samples in which it is not missing */
  double mean,
      deviation; /* deviation: sqrt(sum (y - mean)^2 / (count - 1)), NaN below two; all are NaN where there is nothing */
  double least, most;
  double quantile[TANLU_SPREAD_QUANTILES]; /* 5, 25, 50, 75, 95 %; from statistics NaN where no range is declared */
} tanlu_sweep_spread;

/* Of `count` numbers, which are sorted in place; quantiles by linear interpolation of the order statistics, 0 the least and 1 the
 * most (definition 7 of R. J. Hyndman and Y. Fan, Am. Stat. 50 (1996)). */
void tanlu_sweep_spread_compute(tanlu_sweep_spread *spread, double *value, size_t count);

/* Are samples kept? */
bool tanlu_sweep_sampled(tanlu_result *result);
/* Numbers of a cell of a variable along samples ("summary_value", "indicator_value"), NaN for those that are not solved; value:
 * samples. state: what became of each, the variable "status". */
tanlu_status tanlu_sweep_column_read(tanlu_result *result, const char *variable, size_t cell, const double *state,
                                     double *value, tanlu_context *context);
/* spread: count, of so many cells of such a variable, as many at a time as memory may hold. */
tanlu_status tanlu_sweep_spread_samples(tanlu_result *result, const char *variable, const size_t *cell, size_t count,
                                        tanlu_sweep_spread *spread, tanlu_context *context);
/* Of an output ("summary", "indicator", "co2") from the statistics of the file; NaN until they are derived. */
tanlu_status tanlu_sweep_spread_statistics(tanlu_result *result, const char *output, const size_t *cell, size_t count,
                                           tanlu_sweep_spread *spread, tanlu_context *context);

#endif
