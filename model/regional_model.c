/* The models of all regions. */
#include <stdlib.h>

#include "model/region_projection_private.h"
#include "solvers/memory.h"

tanlu_status tanlu_regional_model_create(tanlu_regional_model **model, const tanlu_model *nation,
                                         const tanlu_region_datasets *datasets, tanlu_context *context) {
  *model = NULL;
  tanlu_regional_model *m = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  *m = (tanlu_regional_model){.nation = nation, .datasets = datasets, .regions = datasets->regions};
  m->model = tanlu_allocate(context, m->regions, sizeof(tanlu_model *));
  tanlu_status status = m->model != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t r = 0; status == TANLU_OK && r < m->regions; r++) {
    tanlu_context *own = tanlu_context_create();
    status = own != NULL ? tanlu_model_create_region(&m->model[r], datasets->dataset[r], nation, own)
                         : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
    if (own != NULL) tanlu_context_pass_on(context, own, "region", datasets->region->code[r], status);
    tanlu_context_free(&own);
  }
  if (status != TANLU_OK) tanlu_regional_model_free(&m);
  *model = m;
  return status;
}

void tanlu_regional_model_free(tanlu_regional_model **model) {
  tanlu_regional_model *m = *model;
  if (m == NULL) return;
  for (size_t r = 0; m->model != NULL && r < m->regions; r++) tanlu_model_free(&m->model[r]);
  free(m->model);
  free(m);
  *model = NULL;
}

const tanlu_model *tanlu_regional_model_of(const tanlu_regional_model *model, size_t region) {
  return model->model[region];
}

size_t tanlu_regional_model_regions(const tanlu_regional_model *model) {
  return model->regions;
}
