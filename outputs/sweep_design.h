/* The design of a sweep as its file says it. */
#ifndef TANLU_OUTPUTS_SWEEP_DESIGN_H
#define TANLU_OUTPUTS_SWEEP_DESIGN_H

#include "outputs/sweep_store.h"
#include "solvers/design.h"

/* Options of a saltelli or morris design, as far as its points are related to each other: not the tails. The caller clears
 * them. */
tanlu_status tanlu_sweep_design_options(tanlu_design_options *options, const tanlu_sweep_description *description,
                                        tanlu_context *context);
void tanlu_sweep_design_clear(tanlu_design_options *options);

/* Number of factors of a sweep's file, and dimensions (newly allocated) of each. TANLU_ERR_INPUT for a file without them, as
 * those of earlier versions. */
tanlu_status tanlu_sweep_design_factors(tanlu_result *result, size_t *factors, size_t **dimensions,
                                        tanlu_context *context);

#endif
