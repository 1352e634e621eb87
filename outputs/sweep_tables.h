/* Tables of what the file of a sweep holds, for pages and terminals alike. Every table is made anew and freed by the caller; it is
 * NULL after an error. */
#ifndef TANLU_OUTPUTS_SWEEP_TABLES_H
#define TANLU_OUTPUTS_SWEEP_TABLES_H

#include "outputs/result_file.h"
#include "outputs/table.h"

/* Parameters: mode, distribution, path. */
tanlu_status tanlu_sweep_parameters_table(tanlu_table **table, tanlu_result *result, tanlu_context *context);

/* Which years of an output: some from first to last, each, or the last. */
typedef enum { TANLU_SPAN_SOME, TANLU_SPAN_ALL, TANLU_SPAN_LAST } tanlu_sweep_span;

/* How an output is spread (outputs/sweep_spread.h): "summary", "indicator", or a field by group such as "co2". Scalars and
 * indicators by their samples where these are kept. NULL, without an error, where the file has no such output. */
tanlu_status tanlu_sweep_spread_table(tanlu_table **table, tanlu_result *result, const char *output,
                                      tanlu_sweep_span span, tanlu_context *context);

#endif
