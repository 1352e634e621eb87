/* Sweeps of a nation with its regions: the regions, and their drivers sample by sample. */
#include <stdlib.h>

#include "inputs/scenario_tree.h"
#include "inputs/sweep_private.h"
#include "solvers/memory.h"

static void free_drivers(tanlu_drivers ***region, size_t count) {
  for (size_t r = 0; *region && r < count; r++) tanlu_drivers_free(&(*region)[r]);
  free(*region);
  *region = NULL;
}

void tanlu_sweep_regions_clear(tanlu_sweep *s) {
  if (!s->set) return;
  free_drivers(&s->region, s->set->datasets->regions);
  tanlu_region_set_free(&s->set);
}

tanlu_status tanlu_sweep_regions_resolve(const tanlu_sweep *s, tanlu_yaml *root, tanlu_drivers *nation,
                                         const tanlu_dataset *dataset, tanlu_drivers ***region,
                                         tanlu_context *context) {
  tanlu_scenario_tree tree = *s->scenario->tree;
  tanlu_scenario scenario = *s->scenario;
  tree.root = root;
  scenario.tree = &tree;
  scenario.drivers = nation;
  *region = tanlu_allocate(context, s->set->datasets->regions, sizeof **region);
  if (!*region) return TANLU_ERR_MEMORY;
  const tanlu_status status = tanlu_region_set_drivers(s->set, &scenario, dataset, *region, context);
  if (status != TANLU_OK) free_drivers(region, s->set->datasets->regions);
  return status;
}

tanlu_status tanlu_sweep_regions_make(tanlu_sweep *s, const tanlu_model *nation, const tanlu_dataset *dataset,
                                      tanlu_context *context) {
  const tanlu_scenario_regions *said = s->scenario->regions;
  if (!said) return TANLU_OK;
  tanlu_drivers *base = s->base_drivers ? s->base_drivers : s->scenario->drivers;
  tanlu_status status = tanlu_region_set_of(&s->set, s->scenario, nation, dataset, context);
  if (status == TANLU_OK) {
    status = tanlu_sweep_regions_resolve(s, s->scenario->tree->root, base, dataset, &s->region, context);
  }
  if (status != TANLU_OK) {
    tanlu_sweep_regions_clear(s);
    return status;
  }
  s->regions = (tanlu_sweep_regions){
      .model = s->set->model, .scenario = (const tanlu_drivers *const *)s->region, .lead = said->lead};
  return TANLU_OK;
}

const tanlu_sweep_regions *tanlu_sweep_regions_of(const tanlu_sweep *s) {
  return s->set ? &s->regions : NULL;
}
