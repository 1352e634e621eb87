/* The key `outputs` of a sweep file. */
#ifndef TANLU_INPUTS_SWEEP_OUTPUTS_PRIVATE_H
#define TANLU_INPUTS_SWEEP_OUTPUTS_PRIVATE_H

#include "inputs/yaml_tree.h"
#include "model/sweep.h"

/* Indicators and ranges of quantiles into the shape; years are bound with the scenario. outputs may be NULL. regions: of the scenario,
 * which the shape borrows; NULL: it has none. */
tanlu_status tanlu_sweep_outputs_read(tanlu_sweep_shape *shape, const tanlu_yaml *outputs, const tanlu_labels *regions,
                                      tanlu_context *context);

#endif
