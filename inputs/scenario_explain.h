/* Parts of tanlu_scenario_explain. */
#ifndef TANLU_INPUTS_SCENARIO_EXPLAIN_H
#define TANLU_INPUTS_SCENARIO_EXPLAIN_H

#include <stdio.h>

#include "inputs/yaml_tree.h"
#include "model/dataset.h"
#include "model/drivers.h"

/* What a mapping of scenario keys says of a driver: members depth first, in the order of the file, every value with its origin, keys
 * after `prefix`. Returns how many were printed. */
size_t tanlu_explain_keys(FILE *stream, const tanlu_yaml *mapping, tanlu_driver_id id, const char *prefix,
                          bool history);

/* One scalar with its origin, its key after `prefix`. */
void tanlu_explain_value(FILE *stream, const tanlu_yaml *node, const char *prefix);

/* Tiers, routes and capacities that the resolved drivers give: levels, shares by year, calibration, utilisation. Nothing where
 * none are given. */
void tanlu_explain_indirect(const tanlu_dataset *dataset, const tanlu_drivers *drivers, FILE *stream);

#endif
