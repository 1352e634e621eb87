#include "cli/region_changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/region_difference.h"
#include "cli/solved.h"
#include "outputs/region_decomposition_view.h"
#include "outputs/region_years.h"
#include "solvers/memory.h"

/* The group whose CO2 comes from what it converts. */
static const char conversion_group[] = "power_heat";

typedef struct {
  const cli_region_changes *wanted;
  tanlu_context *context;
  tanlu_region_state state[2];
  double *energy[2];                  /* of the states, without that group */
  double *store[2];                   /* of states per head */
  tanlu_labels effects, parts, shown; /* parts: groups and households; shown: regions of the view */
  double *from, *to, *effect, *own;
} work;

static tanlu_status prepare(work *w) {
  const cli_region_changes *o = w->wanted;
  const size_t groups = o->to.groups, cells = groups * o->to.regions;
  const size_t left_out = tanlu_labels_find(o->groups, conversion_group);
  tanlu_status status = TANLU_OK;
  w->state[0] = o->against != NULL ? o->to : o->from;
  w->state[1] = o->to;
  for (size_t side = 0; side < 2; side++) {
    w->energy[side] = tanlu_allocate_doubles(w->context, cells, 1);
    w->store[side] = tanlu_allocate_doubles(w->context, 3 * groups + 2, 1);
    if (w->energy[side] == NULL || w->store[side] == NULL) return TANLU_ERR_MEMORY;
    for (size_t k = 0; k < cells; k++) {
      w->energy[side][k] = k / o->to.regions == left_out ? (double)NAN : w->state[side].energy[k];
    }
    w->state[side].energy = w->energy[side];
  }
  for (size_t g = 0; g < groups && status == TANLU_OK; g++) {
    status = tanlu_labels_add(&w->parts, o->groups->code[g], o->groups->name[g], NULL, w->context);
  }
  if (status == TANLU_OK) status = tanlu_labels_add(&w->parts, "households", "Households", NULL, w->context);
  return status == TANLU_OK ? tanlu_region_effect_labels(&w->effects, o->against != NULL, w->context) : status;
}

static tanlu_status add_shown(work *w, size_t r) {
  return tanlu_labels_add(&w->shown, w->wanted->regions->code[r], w->wanted->regions->name[r], NULL, w->context);
}

static tanlu_status decompose_change(work *w) {
  tanlu_status status =
      tanlu_region_lmdi(&w->state[0], &w->state[1], w->wanted->regions, &w->parts, w->effect, w->context);
  for (size_t r = 0; r < w->state[0].regions && status == TANLU_OK; r++) {
    w->from[r] = tanlu_region_co2(&w->state[0], r);
    w->to[r] = tanlu_region_co2(&w->state[1], r);
    status = add_shown(w, r);
  }
  return status;
}

/* Column `at` of the view: region r against the other, per head. */
static tanlu_status decompose_one(work *w, const tanlu_region_state *other, size_t r, size_t at, size_t columns) {
  const char *code[] = {w->wanted->regions->code[r]};
  const tanlu_labels name = {1, (char **)code, (char **)code, (char **)code};
  tanlu_region_state one;
  tanlu_status status = tanlu_region_per_head(&w->state[1], r, w->wanted->regions, w->store[1], &one, w->context);
  if (status == TANLU_OK) status = tanlu_region_lmdi(other, &one, &name, &w->parts, w->own, w->context);
  if (status != TANLU_OK) return status;
  w->from[at] = tanlu_region_co2(other, 0);
  w->to[at] = tanlu_region_co2(&one, 0);
  for (size_t k = 0; k < TANLU_REGION_EFFECTS * w->parts.count; k++) w->effect[k * columns + at] = w->own[k];
  return add_shown(w, r);
}

static tanlu_status decompose_places(work *w, size_t region, size_t against) {
  const tanlu_labels *regions = w->wanted->regions;
  tanlu_region_state other;
  size_t columns = 0, at = 0;
  for (size_t r = 0; r < regions->count; r++) columns += region != TANLU_NONE ? r == region : r != against;
  tanlu_status status = tanlu_region_per_head(&w->state[0], against, regions, w->store[0], &other, w->context);
  for (size_t r = 0; r < regions->count && status == TANLU_OK; r++) {
    if (region != TANLU_NONE ? r == region : r != against) status = decompose_one(w, &other, r, at++, columns);
  }
  return status;
}

static tanlu_status decompose(work *w) {
  const cli_region_changes *o = w->wanted;
  const size_t regions = o->regions->count, cells = TANLU_REGION_EFFECTS * w->parts.count;
  size_t region = TANLU_NONE, against = TANLU_NONE;
  w->from = tanlu_allocate_doubles(w->context, regions, 1);
  w->to = tanlu_allocate_doubles(w->context, regions, 1);
  w->effect = tanlu_allocate_doubles(w->context, cells, regions);
  w->own = tanlu_allocate_doubles(w->context, cells, 1);
  if (w->from == NULL || w->to == NULL || w->effect == NULL || w->own == NULL) return TANLU_ERR_MEMORY;
  if (o->against == NULL) return decompose_change(w);
  tanlu_status status = cli_find_pair(o->regions, o->region, o->against, &region, &against, w->context);
  return status == TANLU_OK ? decompose_places(w, region, against) : status;
}

static tanlu_status show(const work *w, FILE *out, FILE *csv) {
  const cli_region_changes *o = w->wanted;
  const tanlu_region_decomposition view = {.method = "lmdi",
                                           .what = "co2_total",
                                           .unit = o->against != NULL ? "t per head" : "Mt",
                                           .name = o->scenario,
                                           .against = o->against,
                                           .year_from = o->against != NULL ? o->year_to : o->year_from,
                                           .year_to = o->year_to,
                                           .effects = &w->effects,
                                           .parts = &w->parts,
                                           .region = &w->shown,
                                           .from = w->from,
                                           .to = w->to,
                                           .effect = w->effect,
                                           .decimals = o->against != NULL ? 2 : 1};
  if (csv != NULL) tanlu_region_decomposition_put(&view, csv);
  return tanlu_region_decomposition_print(&view, o->top, out, w->context);
}

tanlu_status cli_region_changes_show(const cli_region_changes *changes, FILE *out, FILE *csv, tanlu_context *context) {
  work w = {.wanted = changes, .context = context};
  tanlu_status status = prepare(&w);
  if (status == TANLU_OK) status = decompose(&w);
  if (status == TANLU_OK) status = show(&w, out, csv);
  tanlu_labels_clear(&w.effects);
  tanlu_labels_clear(&w.parts);
  tanlu_labels_clear(&w.shown);
  double *const owned[] = {w.energy[0], w.energy[1], w.store[0], w.store[1], w.from, w.to, w.effect, w.own};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  return status;
}

/* ---- of a result file ---------------------------------------------------------------------------------------------------- */

static tanlu_status choose_years(cli_region_changes *c, const tanlu_region_years *y, tanlu_context *context) {
  size_t first = 0, last = y->years - 1;
  while (first < last && tanlu_region_years_find(y, y->year[first]) == TANLU_NONE) first++;
  while (last > first && tanlu_region_years_find(y, y->year[last]) == TANLU_NONE) last--;
  if (c->year_to == 0) c->year_to = y->year[last];
  if (c->year_from == 0) c->year_from = c->against != NULL ? c->year_to : y->year[first];
  const size_t from = tanlu_region_years_find(y, c->year_from), to = tanlu_region_years_find(y, c->year_to);
  if (from == TANLU_NONE || to == TANLU_NONE) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s %d is outside the years of scenario '%s', %d to %d",
                      to == TANLU_NONE ? "--to" : "--from", to == TANLU_NONE ? c->year_to : c->year_from, c->scenario,
                      y->year[first], y->year[last]);
  }
  if (c->against == NULL && c->year_from >= c->year_to) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--from %d: expected a year before --to %d", c->year_from, c->year_to);
  }
  c->from = tanlu_region_years_at(y, from);
  c->to = tanlu_region_years_at(y, to);
  return TANLU_OK;
}

tanlu_status cli_region_changes_of_result(const char *path, const char *scenario, const cli_region_changes *changes,
                                          FILE *out, FILE *csv, tanlu_context *context) {
  cli_region_changes c = *changes;
  tanlu_result *result = NULL;
  tanlu_region_years years = {0};
  size_t chosen = 0;
  if (!tanlu_result_recognise(path)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "--regions: '%s' is no result file; expected that of a scenario with a block 'regions' ('tanlu "
                      "downscale --decompose' does it for a national one)",
                      path);
  }
  tanlu_status status = tanlu_result_open(&result, path, context);
  if (status == TANLU_OK) status = cli_scenario_chosen(result, scenario, &chosen, context);
  if (status == TANLU_OK) status = tanlu_region_years_read(&years, result, chosen, context);
  if (status == TANLU_OK) {
    c.scenario = tanlu_result_labels(result, "scenario")->code[chosen];
    c.regions = years.region;
    c.groups = years.group;
    status = choose_years(&c, &years, context);
  }
  if (status == TANLU_OK) status = cli_region_changes_show(&c, out, csv, context);
  tanlu_region_years_clear(&years);
  tanlu_result_close(&result);
  return status;
}
