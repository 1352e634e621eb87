#include "cli/run_regions.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/file_hash.h"
#include "solvers/memory.h"

/* ---- which regions -------------------------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What makes other regions, NULL where they are the same. */
static const char *other_regions(const tanlu_scenario_regions *a, const tanlu_scenario_regions *b) {
  if (!same_text(a->directory, b->directory)) return "statistics";
  if (!same_text(a->level, b->level)) return "level";
  if (!same_text(a->region, b->region)) return "region";
  if (a->quotient != b->quotient || a->delta != b->delta || a->beta != b->beta) return "quotient, delta or beta";
  return NULL;
}

tanlu_status cli_run_regions_check(tanlu_scenario *const *scenario, size_t count, bool *regional,
                                   tanlu_context *context) {
  const tanlu_scenario *first = scenario[0];
  tanlu_status worst = TANLU_OK;
  *regional = first->regions != NULL;
  for (size_t s = 1; s < count; s++) {
    const tanlu_scenario *own = scenario[s];
    if ((own->regions != NULL) != *regional) {
      worst =
          tanlu_fail_at(context, TANLU_ERR_INPUT, own->path, 0, 0,
                        "scenario '%s' has %s block 'regions' but '%s' has %s; expected it in all scenarios of a run "
                        "or in none",
                        own->name, *regional ? "no" : "a", first->name, *regional ? "one" : "none");
      continue;
    }
    const char *what = *regional ? other_regions(first->regions, own->regions) : NULL;
    if (what == NULL) continue;
    worst = tanlu_fail_at(context, TANLU_ERR_INPUT, own->path, 0, 0,
                          "scenario '%s' has other regions than '%s', by regions: %s; expected the same in all "
                          "scenarios of a run",
                          own->name, first->name, what);
  }
  return worst;
}

/* ---- the files of the statistics ------------------------------------------------------------------------------------- */

static int is_statistics(const struct dirent *entry) {
  const char *end = strrchr(entry->d_name, '.');
  return end != NULL && (strcmp(end, ".csv") == 0 || strcmp(end, ".yaml") == 0);
}

static tanlu_status add_file(cli_run_regions *r, const char *name, tanlu_context *context) {
  char path[4096], full[1024], digest[TANLU_SHA256_TEXT];
  (void)snprintf(path, sizeof path, "%s/%s", r->set->data->directory, name);
  (void)snprintf(full, sizeof full, "regions/%s/%s", r->set->data->name, name);
  const tanlu_status status = tanlu_file_sha256(path, digest, context);
  if (status != TANLU_OK) return status;
  r->file[r->files] = tanlu_string_copy(context, full);
  r->sha256[r->files] = tanlu_string_copy(context, digest);
  r->files++;
  return r->file[r->files - 1] != NULL && r->sha256[r->files - 1] != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status list_files(cli_run_regions *r, tanlu_context *context) {
  struct dirent **entry = NULL;
  const int found = scandir(r->set->data->directory, &entry, is_statistics, alphasort);
  const size_t count = found > 0 ? (size_t)found : 0;
  tanlu_status status = TANLU_OK;
  if (found < 0) {
    return tanlu_fail_at(context, TANLU_ERR_IO, r->set->data->directory, 0, 0, "cannot list the regional statistics");
  }
  r->file = tanlu_allocate(context, count, sizeof *r->file);
  r->sha256 = tanlu_allocate(context, count, sizeof *r->sha256);
  if (r->file == NULL || r->sha256 == NULL) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; i < count; i++) {
    if (status == TANLU_OK) status = add_file(r, entry[i]->d_name, context);
    free(entry[i]);
  }
  free(entry);
  return status;
}

/* ---- everything that is projected ------------------------------------------------------------------------------------ */

static tanlu_status make_drivers(cli_run_regions *r, size_t s, const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_region_datasets *of = r->set->datasets;
  tanlu_status worst = TANLU_OK;
  r->drivers[s] = tanlu_allocate(context, r->regions, sizeof(tanlu_drivers *));
  if (r->drivers[s] == NULL) return TANLU_ERR_MEMORY;
  for (size_t q = 0; q < r->regions; q++) {
    const tanlu_status status = tanlu_scenario_resolve_region(r->scenario[s], of->region->code[q], dataset,
                                                              of->dataset[q], &r->drivers[s][q], context);
    if (status != TANLU_OK && worst == TANLU_OK) worst = status;
  }
  if (worst != TANLU_OK) return worst;
  return tanlu_region_set_grow(r->set, dataset, r->scenario[s]->drivers, r->drivers[s], context);
}

static tanlu_status name_grouping(cli_run_regions *r, tanlu_context *context) {
  const tanlu_scenario_regions *block = r->scenario[0]->regions;
  char text[256] = "";
  if (block->level != NULL) (void)snprintf(text, sizeof text, "%s", block->level);
  if (block->region != NULL) (void)snprintf(text, sizeof text, "%s/rest", block->region);
  r->grouping = tanlu_string_copy(context, text);
  return r->grouping != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status cli_run_regions_create(cli_run_regions **regions, tanlu_scenario *const *scenario, size_t count,
                                    const tanlu_model *nation, const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_scenario_regions *block = scenario[0]->regions;
  cli_run_regions *r = tanlu_allocate(context, 1, sizeof *r);
  *regions = r;
  if (r == NULL) return TANLU_ERR_MEMORY;
  r->count = count;
  r->scenario = scenario;
  r->drivers = tanlu_allocate(context, count, sizeof *r->drivers);
  r->projection = tanlu_allocate(context, count, sizeof *r->projection);
  r->problem = tanlu_allocate(context, count, sizeof *r->problem);
  r->result = tanlu_allocate(context, count, sizeof *r->result);
  if (r->drivers == NULL || r->projection == NULL || r->problem == NULL || r->result == NULL) return TANLU_ERR_MEMORY;
  const tanlu_region_request request = {
      .request = {.name = block->directory != NULL ? block->directory : block->statistics,
                  .level = block->level,
                  .region = block->region,
                  .energy = true},
      .quotient = block->quotient,
      .delta = block->delta,
      .beta = block->beta};
  tanlu_status status = tanlu_region_set_create(&r->set, nation, dataset, &request, context);
  if (status == TANLU_OK) r->regions = r->set->datasets->regions;
  if (status == TANLU_OK) status = name_grouping(r, context);
  if (status == TANLU_OK) status = list_files(r, context);
  for (size_t s = 0; status == TANLU_OK && s < count; s++) status = make_drivers(r, s, dataset, context);
  return status;
}

/* ---- projecting ------------------------------------------------------------------------------------------------------ */

static tanlu_status make_problem(cli_run_regions *r, size_t s, const tanlu_dataset *dataset,
                                 tanlu_projection **national, tanlu_context *context) {
  const tanlu_region_datasets *of = r->set->datasets;
  const tanlu_drivers *drivers = r->scenario[s]->drivers;
  const size_t years = drivers->years, pairs = r->regions * r->regions;
  tanlu_regional_scenario *p = &r->problem[s];
  *p = (tanlu_regional_scenario){.name = r->scenario[s]->name,
                                 .nation = drivers,
                                 .region = (const tanlu_drivers *const *)r->drivers[s],
                                 .lead = r->scenario[s]->regions->lead};
  r->projection[s] = tanlu_allocate(context, r->regions, sizeof(tanlu_projection *));
  p->flow.money = tanlu_allocate_doubles(context, years, pairs);
  p->flow.electricity = tanlu_allocate_doubles(context, years, pairs);
  p->gap = tanlu_allocate_doubles(context, years, TANLU_FIELD_COUNT);
  if (r->projection[s] == NULL || p->flow.money == NULL || p->flow.electricity == NULL || p->gap == NULL) {
    return TANLU_ERR_MEMORY;
  }
  tanlu_status status = tanlu_projection_create(national, dataset, drivers->from, years, context);
  for (size_t q = 0; status == TANLU_OK && q < r->regions; q++) {
    status = tanlu_projection_create(&r->projection[s][q], of->dataset[q], drivers->from, years, context);
  }
  p->national = *national;
  p->projection = r->projection[s];
  r->result[s] = (tanlu_result_regions){.region = of->region,
                                        .dataset = of->dataset[0],
                                        .projection = (const tanlu_projection *const *)r->projection[s],
                                        .flow = p->flow,
                                        .gap = p->gap,
                                        .tile = r->set->data->tile,
                                        .statistics = r->set->data->name,
                                        .grouping = r->grouping,
                                        .lead = tanlu_regional_lead_word[p->lead]};
  return status;
}

tanlu_status cli_run_regions_project(cli_run_regions *r, const tanlu_dataset *dataset, tanlu_projection **national,
                                     int threads, tanlu_progress progress, void *user, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && s < r->count; s++) {
    status = make_problem(r, s, dataset, &national[s], context);
  }
  if (status != TANLU_OK) return status;
  return tanlu_regional_project(r->set->model, r->problem, r->count, threads, progress, user, context);
}

const tanlu_result_regions *cli_run_regions_result(const cli_run_regions *regions, size_t s) {
  return &regions->result[s];
}

void cli_run_regions_free(cli_run_regions **regions) {
  cli_run_regions *r = *regions;
  if (r == NULL) return;
  for (size_t s = 0; s < r->count; s++) {
    for (size_t q = 0; q < r->regions; q++) {
      if (r->drivers != NULL && r->drivers[s] != NULL) tanlu_drivers_free(&r->drivers[s][q]);
      if (r->projection != NULL && r->projection[s] != NULL) tanlu_projection_free(&r->projection[s][q]);
    }
    if (r->drivers != NULL) free(r->drivers[s]);
    if (r->projection != NULL) free(r->projection[s]);
    if (r->problem == NULL) continue;
    free(r->problem[s].flow.money);
    free(r->problem[s].flow.electricity);
    free(r->problem[s].gap);
  }
  for (size_t i = 0; i < r->files; i++) {
    free(r->file[i]);
    free(r->sha256[i]);
  }
  free(r->file);
  free(r->sha256);
  free(r->drivers);
  free(r->projection);
  free(r->problem);
  free(r->result);
  free(r->grouping);
  tanlu_region_set_free(&r->set);
  free(r);
  *regions = NULL;
}
