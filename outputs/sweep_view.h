/* What a reader wants to see first of a sweep's file. */
#ifndef TANLU_OUTPUTS_SWEEP_VIEW_H
#define TANLU_OUTPUTS_SWEEP_VIEW_H

#include <stdio.h>

#include "outputs/result_file.h"

/* Is this the file of a sweep? */
bool tanlu_result_is_sweep(tanlu_result *result);
/* Parameters; samples solved, failed and missing, with the first reason of each kind; the scalars and the indicators in some
 * years, where groups are kept the sums of the last year: mean, deviation, quantiles, from the samples or, where they are not
 * kept, from the statistics; how many values lie outside a declared range. Errors: memory, reading. */
tanlu_status tanlu_sweep_view(const char *path, FILE *stream, tanlu_context *context);
tanlu_status tanlu_sweep_view_result(tanlu_result *result, FILE *stream, tanlu_context *context);

#endif
