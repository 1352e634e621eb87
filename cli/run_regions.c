#include "cli/run_regions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- everything that is projected ------------------------------------------------------------------------------------ */

static tanlu_status name_grouping(cli_run_regions *r, tanlu_context *context) {
  const tanlu_scenario_regions *block = r->scenario[0]->regions;
  char text[256] = "";
  if (block->level != NULL) (void)snprintf(text, sizeof text, "%s", block->level);
  if (block->region != NULL) (void)snprintf(text, sizeof text, "%s/rest", block->region);
  r->grouping = tanlu_string_copy(context, text);
  return r->grouping != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* Room for `count` scenarios. */
static tanlu_status make(cli_run_regions **regions, tanlu_scenario *const *scenario, size_t count,
                         tanlu_context *context) {
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
  return name_grouping(r, context);
}

tanlu_status cli_run_regions_create(cli_run_regions **regions, tanlu_scenario *const *scenario, size_t count,
                                    const tanlu_model *nation, const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_status status = make(regions, scenario, count, context);
  cli_run_regions *r = *regions;
  if (status == TANLU_OK) status = tanlu_region_set_of(&r->set, scenario[0], nation, dataset, context);
  if (status == TANLU_OK) r->regions = r->set->datasets->regions;
  for (size_t s = 0; status == TANLU_OK && s < count; s++) {
    r->drivers[s] = tanlu_allocate(context, r->regions, sizeof(tanlu_drivers *));
    status = r->drivers[s] != NULL ? tanlu_region_set_drivers(r->set, scenario[s], dataset, r->drivers[s], context)
                                   : TANLU_ERR_MEMORY;
  }
  return status;
}

tanlu_status cli_run_regions_borrow(cli_run_regions **regions, tanlu_scenario *const *scenario, tanlu_region_set *set,
                                    tanlu_drivers **drivers, tanlu_context *context) {
  const tanlu_status status = make(regions, scenario, 1, context);
  if (status != TANLU_OK) return status;
  (*regions)->borrowed = true;
  (*regions)->set = set;
  (*regions)->regions = set->datasets->regions;
  (*regions)->drivers[0] = drivers;
  return TANLU_OK;
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
                                        .peak_aim = r->scenario[s]->regions->peak,
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
      if (!r->borrowed && r->drivers != NULL && r->drivers[s] != NULL) tanlu_drivers_free(&r->drivers[s][q]);
      if (r->projection != NULL && r->projection[s] != NULL) tanlu_projection_free(&r->projection[s][q]);
    }
    if (!r->borrowed && r->drivers != NULL) free(r->drivers[s]);
    if (r->projection != NULL) free(r->projection[s]);
    if (r->problem == NULL) continue;
    free(r->problem[s].flow.money);
    free(r->problem[s].flow.electricity);
    free(r->problem[s].gap);
  }
  free(r->drivers);
  free(r->projection);
  free(r->problem);
  free(r->result);
  free(r->grouping);
  if (!r->borrowed) tanlu_region_set_free(&r->set);
  free(r);
  *regions = NULL;
}
