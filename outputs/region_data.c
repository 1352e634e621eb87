#include "outputs/region_data.h"

#include <stdlib.h>
#include <string.h>

#include "outputs/region_slice.h"
#include "solvers/memory.h"

enum { INDICATOR, SUMMARY, GENERATION, SLICES };

/* A variable of regions as the nation's data have it: scenario, then `rank` - 1 axes as wanted. */
static const tanlu_result_variable *usable(tanlu_result *result, const char *name, const char *last, bool by_year) {
  const tanlu_result_variable *v = tanlu_regional_variable_find(result, name);
  const size_t rank = by_year ? 4 : 3;
  if (v == NULL || v->rank != rank || strcmp(v->dimension[rank - 1], last) != 0) return NULL;
  return by_year && strcmp(v->dimension[2], "year") != 0 ? NULL : v;
}

static tanlu_status read_region(tanlu_region_data *regions, const tanlu_run_data *data, size_t r,
                                tanlu_context *context) {
  tanlu_run_data *of = &regions->of[r];
  const tanlu_result_variable **shown[SLICES] = {&of->indicator, &of->summary, &of->generation};
  const tanlu_result_variable *from[SLICES] = {usable(data->result, "indicator_value", "indicator", true),
                                               usable(data->result, "summary", "summary", false),
                                               usable(data->result, "generation", "technology", true)};
  tanlu_status status = TANLU_OK;
  *of = (tanlu_run_data){.result = data->result,
                         .year = data->year,
                         .years = data->years,
                         .scenario = data->scenario,
                         .chosen = data->chosen,
                         .place = data->place,
                         .main = data->main};
  for (size_t k = 0; status == TANLU_OK && k < SLICES; k++) {
    if (from[k] == NULL) continue;
    tanlu_result_variable *slice = &regions->slice[regions->slices++];
    status = tanlu_result_slice_read(slice, data->result, from[k], 1, r, context);
    *shown[k] = slice;
  }
  return status;
}

/* Of region to region, or the gap; NULL where the file has it not. */
static tanlu_status read_whole(tanlu_result *result, const char *name, size_t rank,
                               const tanlu_result_variable **variable, tanlu_context *context) {
  const tanlu_result_variable *v = tanlu_result_variable_find(result, name);
  if (v == NULL || v->rank != rank) return TANLU_OK;
  return tanlu_result_variable_read(result, name, variable, context);
}

tanlu_status tanlu_region_data_read(tanlu_region_data *regions, const tanlu_run_data *data, tanlu_context *context) {
  *regions = (tanlu_region_data){.label = tanlu_result_regions_of(data->result)};
  if (regions->label == NULL || usable(data->result, "indicator_value", "indicator", true) == NULL) {
    regions->label = NULL;
    return TANLU_OK;
  }
  regions->count = regions->label->count;
  regions->tile = tanlu_result_tiles(data->result);
  regions->of = tanlu_allocate(context, regions->count, sizeof *regions->of);
  regions->slice = tanlu_allocate(context, SLICES * regions->count, sizeof *regions->slice);
  tanlu_status status = regions->of != NULL && regions->slice != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t r = 0; status == TANLU_OK && r < regions->count; r++) status = read_region(regions, data, r, context);
  if (status == TANLU_OK) {
    status = read_whole(data->result, TANLU_REGIONAL_PREFIX "electricity", 4, &regions->electricity, context);
  }
  if (status == TANLU_OK) {
    status = read_whole(data->result, TANLU_REGIONAL_PREFIX "trade", 4, &regions->trade, context);
  }
  if (status == TANLU_OK) status = read_whole(data->result, TANLU_REGIONAL_PREFIX "gap", 3, &regions->gap, context);
  return status;
}

void tanlu_region_data_clear(tanlu_region_data *regions) {
  for (size_t k = 0; k < regions->slices; k++) tanlu_result_slice_clear(&regions->slice[k]);
  free(regions->slice);
  free(regions->of);
  *regions = (tanlu_region_data){0};
}

void tanlu_region_data_flow(const tanlu_region_data *regions, const tanlu_result_variable *v, size_t place, size_t t,
                            double *flow, double *net) {
  const size_t n = regions->count;
  const double *from = v->value + (place * v->extent[1] + t) * n * n;
  for (size_t p = 0; net != NULL && p < n; p++) net[p] = 0.0;
  for (size_t p = 0; p < n; p++) {
    for (size_t q = 0; q < n; q++) {
      flow[q * n + p] = from[p * n + q];
      if (net == NULL || p == q) continue;
      net[p] += from[p * n + q];
      net[q] -= from[p * n + q];
    }
  }
}
