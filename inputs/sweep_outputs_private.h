/* The key `outputs` of a sweep file. */
#ifndef TANLU_INPUTS_SWEEP_OUTPUTS_PRIVATE_H
#define TANLU_INPUTS_SWEEP_OUTPUTS_PRIVATE_H

#include "inputs/yaml_tree.h"
#include "model/sweep.h"

/* Indicators and ranges of quantiles into the shape; years are bound with the scenario. outputs may be NULL. */
tanlu_status tanlu_sweep_outputs_read(tanlu_sweep_shape *shape, const tanlu_yaml *outputs, tanlu_context *context);

#endif
