/* Which parameters of a sweep an output depends on, as its design allows:
 *   saltelli  Sobol indices: first order (a parameter alone) and total (with all it interacts with), shares of the variance
 *   morris    elementary effects over the whole range: mu* (mean size), mu (mean), sigma (deviation)
 *   others    standardised regression coefficients and partial rank correlations
 *
 * Parameters that are members of a simplex depend on each other. Sobol indices are those of the simplex as a whole; elementary
 * effects those of its dimensions, each called after the member that it decides on, given those before it; regression leaves out
 * one member and says so (outputs/sweep_regression.h). The numbers come from outputs/sweep_importance.h. */
#ifndef TANLU_OUTPUTS_SENSITIVITY_H
#define TANLU_OUTPUTS_SENSITIVITY_H

#include <stdio.h>

#include "outputs/sweep_importance.h"
#include "outputs/table.h"

typedef struct {
  size_t resamples; /* of the bootstrap */
  double level;     /* of its intervals, such as 0.95 */
  bool second;      /* second-order indices too, where the design has them */
  bool all;         /* every output; otherwise, without names, scalars and indicators of the last year */
} tanlu_sensitivity_options;

/* A table for every output named, its numbers stored in a finished file too (outputs/sweep_indices.h): a scalar (peak_year), an indicator in a year (co2_net.2060), or an indicator in the last
 * year (co2_net). TANLU_ERR_INPUT for an unknown one, for a shard, for a file without samples or that is no sweep's. */
tanlu_status tanlu_sensitivity_print(tanlu_result *result, const char *const *name, size_t names,
                                     const tanlu_sensitivity_options *options, FILE *stream, tanlu_context *context);

/* The table of a finding that has numbers, the largest first; NULL when out of memory. */
tanlu_table *tanlu_sensitivity_table(const tanlu_sweep_importance *importance, const tanlu_sweep_finding *finding,
                                     tanlu_context *context);

#endif
