#include "model/indirect_drivers.h"

#include <math.h>

#include "model/efficiency_tiers.h"
#include "model/routes.h"

bool tanlu_driver_is_indirect(tanlu_driver_id id) {
  return id == TANLU_DRIVER_TIER_RATE || id == TANLU_DRIVER_ROUTE_SHARE || id == TANLU_DRIVER_CAPACITY_START ||
         id == TANLU_DRIVER_CAPACITY_RETIREMENT || id == TANLU_DRIVER_CAPACITY_REPLACEMENT ||
         id == TANLU_DRIVER_CAPACITY_CAP;
}

bool tanlu_driver_is_reached(tanlu_driver_id id) {
  return id == TANLU_DRIVER_INTENSITY || id == TANLU_DRIVER_FEEDSTOCK || id == TANLU_DRIVER_MIX_SHARE ||
         id == TANLU_DRIVER_PROCESS_FACTOR || id == TANLU_DRIVER_CAPTURE || id == TANLU_DRIVER_PRODUCT_PATH;
}

bool tanlu_driver_is_involved(tanlu_driver_id id) {
  return tanlu_driver_is_indirect(id) || tanlu_driver_is_reached(id) || id == TANLU_DRIVER_RETAIN ||
         id == TANLU_DRIVER_GAIN;
}

bool tanlu_indirect_given(const tanlu_dataset *dataset, const tanlu_drivers *drivers) {
  const size_t first = (size_t)(dataset->history_to - dataset->base_year) + 1;
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    if (!tanlu_driver_is_indirect((tanlu_driver_id)id)) continue;
    const size_t size = drivers->size[id];
    for (size_t i = first * size; i < drivers->years * size; i++) {
      if (!isnan(drivers->value[id][i])) return true;
    }
  }
  return false;
}

tanlu_status tanlu_indirect_apply(const tanlu_dataset *dataset, tanlu_drivers *drivers, tanlu_context *context) {
  if (!tanlu_indirect_given(dataset, drivers)) return TANLU_OK;
  tanlu_routes_apply(dataset, drivers);
  return tanlu_tiers_apply(dataset, drivers, context);
}
