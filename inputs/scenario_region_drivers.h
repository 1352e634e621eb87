/* What a scenario says of one region, laid over the drivers that it inherits. Shared by the files of the block `regions:`. */
#ifndef TANLU_INPUTS_SCENARIO_REGION_DRIVERS_H
#define TANLU_INPUTS_SCENARIO_REGION_DRIVERS_H

#include "inputs/scenario_file.h"
#include "inputs/yaml_tree.h"

/* The mapping below regions.set.CODE; NULL: none. */
const tanlu_yaml *tanlu_scenario_region_keys(const tanlu_scenario *scenario, const char *code);

/* tanlu_scenario_regions_check for one region. */
tanlu_status tanlu_region_keys_check(const tanlu_scenario *scenario, const tanlu_yaml *said,
                                     const tanlu_dataset *nation, tanlu_context *context);

typedef struct {
  tanlu_drivers *inherited;       /* what the region has where the scenario says nothing of it */
  tanlu_drivers *own;             /* the same with what it says; of the targets of the nation and its own */
  bool *says[TANLU_DRIVER_COUNT]; /* as tanlu_region_drivers_create takes it; NULL: nothing */
} tanlu_region_said;

/* Free with tanlu_region_said_clear, also after an error. `base_free`: `region` is the nation's own dataset, and lists and levels that
 * go by the base of a region are left as inherited. power_mix: as tanlu_region_drivers_create takes it. */
tanlu_status tanlu_region_said_find(tanlu_region_said *said, const tanlu_scenario *scenario, const tanlu_yaml *keys,
                                    const tanlu_dataset *nation, const tanlu_dataset *region, const double *power_mix,
                                    bool base_free, tanlu_context *context);
void tanlu_region_said_clear(tanlu_region_said *said);
/* Does the value of a driver in a region go by statistics of the region? */
bool tanlu_driver_by_region(tanlu_driver_id id);

#endif
