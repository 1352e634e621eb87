/* Parts of tanlu_scenario_explain. */
#ifndef TANLU_INPUTS_SCENARIO_EXPLAIN_H
#define TANLU_INPUTS_SCENARIO_EXPLAIN_H

#include <stdio.h>

#include "model/dataset.h"
#include "model/drivers.h"

/* Tiers, routes and capacities that the resolved drivers give: levels, shares by year, calibration, utilisation. Nothing where
 * none are given. */
void tanlu_explain_indirect(const tanlu_dataset *dataset, const tanlu_drivers *drivers, FILE *stream);

#endif
