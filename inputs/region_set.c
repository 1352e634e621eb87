#include "inputs/region_set.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/file_hash.h"
#include "model/region_drivers.h"
#include "model/region_growth.h"
#include "solvers/memory.h"

const tanlu_region_request tanlu_region_request_default = {.quotient = TANLU_QUOTIENT_FLQ, .delta = 0.3, .beta = 1.0};

void tanlu_region_set_free(tanlu_region_set **set) {
  tanlu_region_set *s = *set;
  if (s == NULL) return;
  tanlu_regional_model_free(&s->model);
  tanlu_region_datasets_free(&s->datasets);
  tanlu_regional_data_free(&s->data);
  for (size_t i = 0; i < s->files; i++) {
    free(s->file[i]);
    free(s->sha256[i]);
  }
  free(s->file);
  free(s->sha256);
  free(s->known);
  free(s->consumers);
  free(s);
  *set = NULL;
}

/* Parts in the nation's consumers: by the indicator of households, else by value added. */
static tanlu_status share_consumers(tanlu_region_set *s, tanlu_context *context) {
  const tanlu_regional_data *d = s->data;
  const size_t regions = d->region.count;
  double sum = 0.0;
  s->consumers = tanlu_allocate_doubles(context, regions, 1);
  if (s->consumers == NULL) return TANLU_ERR_MEMORY;
  for (size_t r = 0; r < regions; r++) {
    for (size_t g = 0; s->choice.households == NULL && g < d->groups; g++) {
      s->consumers[r] += d->value_added[g * regions + r];
    }
    if (s->choice.households != NULL) s->consumers[r] = s->choice.households[r];
    sum += s->consumers[r];
  }
  for (size_t r = 0; r < regions; r++) s->consumers[r] /= sum;
  return TANLU_OK;
}

static tanlu_status choose(tanlu_region_set *s, const tanlu_region_request *request, tanlu_context *context) {
  const tanlu_regional_data *d = s->data;
  s->known = tanlu_allocate(context, d->known_flows, sizeof *s->known);
  if (s->known == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < d->known_flows; k++) {
    s->known[k] = (tanlu_known_flows){.product = d->known[k].product, .flow = d->known[k].flow};
  }
  s->choice = (tanlu_regional_choice){
      .name = d->name,
      .title = d->title,
      .sources = "",
      .region = &d->region,
      .levels = d->levels,
      .level = d->level,
      .distance = d->distance,
      .value_level = d->value_level,
      .value_added = d->value_added,
      .households = d->households != TANLU_NONE ? d->indicator_value + d->households * d->region.count : NULL,
      .share = d->share,
      .known_flows = d->known_flows,
      .known = s->known,
      .quotient = request->quotient,
      .delta = request->delta,
      .beta = request->beta};
  const tanlu_status status = share_consumers(s, context);
  s->statistics = (tanlu_region_statistics){.choice = &s->choice,
                                            .reports = {.region = &d->region,
                                                        .output_share = d->share,
                                                        .consumers = s->consumers,
                                                        .final = d->final,
                                                        .plant_fuel = d->plant_fuel},
                                            .generation = d->generation};
  return status;
}

/* ---- the files of the statistics ------------------------------------------------------------------------------------------ */

static int is_statistics(const struct dirent *entry) {
  const char *end = strrchr(entry->d_name, '.');
  return end != NULL && (strcmp(end, ".csv") == 0 || strcmp(end, ".yaml") == 0);
}

static tanlu_status add_file(tanlu_region_set *s, const char *name, tanlu_context *context) {
  char path[4096], full[1024], digest[TANLU_SHA256_TEXT];
  snprintf(path, sizeof path, "%s/%s", s->data->directory, name);
  snprintf(full, sizeof full, "regions/%s/%s", s->data->name, name);
  const tanlu_status status = tanlu_file_sha256(path, digest, context);
  if (status != TANLU_OK) return status;
  s->file[s->files] = tanlu_string_copy(context, full);
  s->sha256[s->files] = tanlu_string_copy(context, digest);
  s->files++;
  return s->file[s->files - 1] != NULL && s->sha256[s->files - 1] != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status list_files(tanlu_region_set *s, tanlu_context *context) {
  struct dirent **entry = NULL;
  const int found = scandir(s->data->directory, &entry, is_statistics, alphasort);
  const size_t count = found > 0 ? (size_t)found : 0;
  tanlu_status status = TANLU_OK;
  if (found < 0) {
    return tanlu_fail_at(context, TANLU_ERR_IO, s->data->directory, 0, 0, "cannot list the regional statistics");
  }
  s->file = tanlu_allocate(context, count, sizeof *s->file);
  s->sha256 = tanlu_allocate(context, count, sizeof *s->sha256);
  if (s->file == NULL || s->sha256 == NULL) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; i < count; i++) {
    if (status == TANLU_OK) status = add_file(s, entry[i]->d_name, context);
    free(entry[i]);
  }
  free(entry);
  return status;
}

/* ---- all ------------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_region_set_create(tanlu_region_set **set, const tanlu_model *nation, const tanlu_dataset *dataset,
                                     const tanlu_region_request *request, tanlu_context *context) {
  *set = NULL;
  tanlu_region_set *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  tanlu_regional_request wanted = request->request;
  wanted.energy = true;
  tanlu_status status = tanlu_regional_data_find(&s->data, &wanted, dataset, context);
  if (status == TANLU_OK) status = list_files(s, context);
  if (status == TANLU_OK) status = choose(s, request, context);
  if (status == TANLU_OK) status = tanlu_region_datasets_create(&s->datasets, nation, &s->statistics, context);
  if (status == TANLU_OK) status = tanlu_regional_model_create(&s->model, nation, s->datasets, context);
  if (status != TANLU_OK) tanlu_region_set_free(&s);
  *set = s;
  return status;
}

tanlu_status tanlu_region_set_grow(const tanlu_region_set *set, const tanlu_dataset *dataset,
                                   const tanlu_drivers *nation, tanlu_drivers *const *region, tanlu_context *context) {
  const tanlu_regional_data *d = set->data;
  const size_t regions = d->region.count;
  if (d->gdp_share == NULL || d->history_from > dataset->base_year) return TANLU_OK;
  const size_t before = (size_t)(dataset->base_year - d->history_from);
  size_t years = before < d->history_years ? d->history_years - before - 1 : 0;
  const size_t recorded = (size_t)(dataset->history_to - dataset->base_year);
  if (years > recorded) years = recorded;
  if (years > nation->years - 1) years = nation->years - 1;
  double *national = tanlu_allocate_doubles(context, years, 1);
  double *growth = tanlu_allocate_doubles(context, regions, years);
  if (national != NULL && growth != NULL) {
    for (size_t t = 0; t < years; t++) national[t] = tanlu_driver(nation, TANLU_DRIVER_GDP_GROWTH, t + 1, 0, 0);
    tanlu_region_growth(d->gdp_share + before * regions, regions, national, years, growth);
    for (size_t r = 0; r < regions; r++) {
      for (size_t t = 0; t < years; t++) region[r]->value[TANLU_DRIVER_GDP_GROWTH][t + 1] = growth[t * regions + r];
    }
  }
  const bool enough = national != NULL && growth != NULL;
  free(national);
  free(growth);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status tanlu_region_set_of(tanlu_region_set **set, const tanlu_scenario *scenario, const tanlu_model *nation,
                                 const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_scenario_regions *block = scenario->regions;
  const tanlu_region_request request = {.request = {.name = block->directory ? block->directory : block->statistics,
                                                    .level = block->level,
                                                    .region = block->region,
                                                    .energy = true},
                                        .quotient = block->quotient,
                                        .delta = block->delta,
                                        .beta = block->beta};
  return tanlu_region_set_create(set, nation, dataset, &request, context);
}

tanlu_status tanlu_region_set_drivers(const tanlu_region_set *set, const tanlu_scenario *scenario,
                                      const tanlu_dataset *dataset, tanlu_drivers **region, tanlu_context *context) {
  const tanlu_region_datasets *of = set->datasets;
  const size_t cells = scenario->drivers->years * dataset->power.technology.count;
  double *mix = tanlu_allocate_doubles(context, of->regions, cells);
  tanlu_status worst =
      mix != NULL ? tanlu_region_power_mixes(mix, scenario->drivers, dataset, of->dataset, of->regions, context)
                  : TANLU_ERR_MEMORY;
  const bool mixed = worst == TANLU_OK;
  for (size_t r = 0; mixed && r < of->regions; r++) {
    const tanlu_status status = tanlu_scenario_resolve_region(scenario, of->region->code[r], dataset, of->dataset[r],
                                                              mix + r * cells, &region[r], context);
    if (worst == TANLU_OK) worst = status;
  }
  free(mix);
  if (worst == TANLU_OK && scenario->regions->recorded_growth)
    worst = tanlu_region_set_grow(set, dataset, scenario->drivers, region, context);
  for (size_t r = 0; worst != TANLU_OK && r < of->regions; r++) tanlu_drivers_free(&region[r]);
  return worst;
}
