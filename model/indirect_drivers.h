/* Drivers that act through others: efficiency tiers, technology routes and capacities. No equation of the model reads them
 * (indicators repeat shares of routes); when all drivers are resolved they are applied, once, to those that equations read:
 * INTENSITY, FEEDSTOCK, MIX_SHARE, PROCESS_FACTOR and CAPTURE by tiers and routes, PRODUCT_PATH by capacities. */
#ifndef TANLU_MODEL_INDIRECT_DRIVERS_H
#define TANLU_MODEL_INDIRECT_DRIVERS_H

#include "model/dataset.h"
#include "model/drivers.h"

bool tanlu_driver_is_indirect(tanlu_driver_id id);
/* Is it one of those that indirect drivers change? */
bool tanlu_driver_is_reached(tanlu_driver_id id);
/* Does what indirect drivers make of others depend on it? */
bool tanlu_driver_is_involved(tanlu_driver_id id);

/* Is any indirect driver given after the history? */
bool tanlu_indirect_given(const tanlu_dataset *dataset, const tanlu_drivers *drivers);
/* Apply tiers and routes to drivers that they have not been applied to. Errors: memory. */
tanlu_status tanlu_indirect_apply(const tanlu_dataset *dataset, tanlu_drivers *drivers, tanlu_context *context);

#endif
