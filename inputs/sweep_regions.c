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
  const tanlu_region_datasets *d = s->set->datasets;
  tanlu_scenario_tree tree = *s->scenario->tree;
  tanlu_scenario scenario = *s->scenario;
  tree.root = root;
  scenario.tree = &tree;
  scenario.drivers = nation;
  *region = tanlu_allocate(context, d->regions, sizeof **region);
  tanlu_status status = *region ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t r = 0; status == TANLU_OK && r < d->regions; r++) {
    status =
        tanlu_scenario_resolve_region(&scenario, d->region->code[r], dataset, d->dataset[r], &(*region)[r], context);
  }
  if (status == TANLU_OK) status = tanlu_region_set_grow(s->set, dataset, nation, *region, context);
  if (status != TANLU_OK) free_drivers(region, d->regions);
  return status;
}

tanlu_status tanlu_sweep_regions_make(tanlu_sweep *s, const tanlu_model *nation, const tanlu_dataset *dataset,
                                      tanlu_context *context) {
  const tanlu_scenario_regions *said = s->scenario->regions;
  if (!said) return TANLU_OK;
  const tanlu_region_request request = {
      .request = {.name = said->directory, .level = said->level, .region = said->region, .energy = true},
      .quotient = said->quotient,
      .delta = said->delta,
      .beta = said->beta};
  tanlu_drivers *base = s->base_drivers ? s->base_drivers : s->scenario->drivers;
  tanlu_status status = tanlu_region_set_create(&s->set, nation, dataset, &request, context);
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
