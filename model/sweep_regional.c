/* Samples of a nation with its regions. */
#include <stdlib.h>

#include "model/model_private.h"
#include "model/sweep_private.h"
#include "solvers/memory.h"

void tanlu_sweep_drawn_clear(tanlu_sweep_drawn *drawn, size_t regions) {
  for (size_t r = 0; drawn->region != NULL && r < regions; r++) tanlu_drivers_free(&drawn->region[r]);
  free(drawn->region);
  drawn->region = NULL;
  tanlu_drivers_free(&drawn->drivers);
  tanlu_dataset_free(&drawn->dataset);
}

void tanlu_sweep_regional_free(tanlu_sweep_regional **regional) {
  tanlu_sweep_regional *g = *regional;
  if (g == NULL) return;
  tanlu_regional_projector_free(&g->projector);
  for (size_t r = 0; g->projection != NULL && r < g->regions; r++) tanlu_projection_free(&g->projection[r]);
  free(g->projection);
  free(g);
  *regional = NULL;
}

tanlu_status tanlu_sweep_regional_create(tanlu_sweep_regional **regional, const tanlu_sweep_plan *plan,
                                         unsigned long fields, tanlu_context *context) {
  const tanlu_sweep_regions *p = plan->regions;
  const tanlu_regional_scenario like = {.name = plan->name, .nation = plan->scenario, .region = p->scenario};
  *regional = NULL;
  tanlu_sweep_regional *g = tanlu_allocate(context, 1, sizeof *g);
  if (g == NULL) return TANLU_ERR_MEMORY;
  g->regions = tanlu_regional_model_regions(p->model);
  g->projection = tanlu_allocate(context, g->regions, sizeof *g->projection);
  tanlu_status status = g->projection != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t r = 0; status == TANLU_OK && r < g->regions; r++) {
    status = tanlu_projection_create_some(&g->projection[r], tanlu_regional_model_of(p->model, r)->dataset,
                                          plan->scenario->from, plan->scenario->years, fields, context);
  }
  if (status == TANLU_OK) status = tanlu_regional_projector_create(&g->projector, p->model, &like, 1, context);
  if (status != TANLU_OK) tanlu_sweep_regional_free(&g);
  *regional = g;
  return status;
}

tanlu_status tanlu_sweep_regional_project(tanlu_sweep_regional *regional, const tanlu_sweep_plan *plan,
                                          const tanlu_sweep_drawn *drawn, tanlu_projection *nation,
                                          tanlu_context *context) {
  if (drawn->dataset != NULL || drawn->region == NULL) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL,
                      "a sample of regions has %s; expected drivers of every region and no statistics of its own",
                      drawn->dataset != NULL ? "statistics of its own" : "no drivers of regions");
  }
  for (size_t r = 0; r < regional->regions; r++) tanlu_projection_reset(regional->projection[r]);
  tanlu_regional_scenario s = {.name = plan->name,
                               .nation = drawn->drivers,
                               .region = (const tanlu_drivers *const *)drawn->region,
                               .lead = plan->regions->lead,
                               .national = nation,
                               .projection = regional->projection};
  return tanlu_regional_projector_one(regional->projector, &s, context);
}
