#include "outputs/goal_verdicts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "model/region_closure.h"
#include "model/sweep.h"
#include "outputs/result_slab.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

/* Where the goals find their numbers in one row of the file: a scenario or a sample. */
typedef struct {
  const tanlu_result_variable *indicator, *summary; /* NULL where the file has none */
  const tanlu_labels *indicators, *summaries;
  const int *year;
  size_t years;
  const char *scope;
  double *series, *own; /* years */
  const tanlu_goal_regions *accounts;
  bool *member;                                    /* regions of the accounts */
  const tanlu_result_variable *regional, *scalars; /* of scenarios by region; NULL where the file has none */
  const tanlu_labels *region;                      /* of the file */
} reading;

static const tanlu_result_variable *of_rank(tanlu_result *result, const char *name, size_t rank) {
  const tanlu_result_variable *v = tanlu_result_variable_find(result, name);
  return v != NULL && v->rank == rank ? v : NULL;
}

static tanlu_status start_reading(reading *r, tanlu_result *result, const tanlu_goal_regions *accounts,
                                  tanlu_context *context) {
  *r = (reading){.indicator = of_rank(result, "indicator_value", 3),
                 .summary = of_rank(result, "summary_value", 2),
                 .regional = of_rank(result, "regional_indicator_value", 4),
                 .scalars = of_rank(result, "regional_summary", 3),
                 .accounts = accounts};
  r->year = tanlu_result_years(result, &r->years);
  r->indicators = tanlu_result_labels(result, "indicator");
  r->summaries = tanlu_result_labels(result, "summary");
  r->region = tanlu_result_labels(result, "region");
  r->scope = tanlu_result_attribute(result, "region");
  if (r->indicators == NULL || (r->indicator != NULL && r->indicator->extent[1] != r->years)) r->indicator = NULL;
  if (r->summaries == NULL) r->summary = NULL;
  if (r->region == NULL || r->indicators == NULL || tanlu_result_is_sweep(result)) r->regional = NULL;
  if (r->regional == NULL || r->summaries == NULL) r->scalars = NULL;
  r->series = tanlu_allocate_doubles(context, r->years, 1);
  r->own = tanlu_allocate_doubles(context, r->years, 1);
  r->member = tanlu_allocate(context, accounts != NULL ? accounts->levels->region.count : 1, sizeof *r->member);
  return r->series != NULL && r->own != NULL && r->member != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* ---- other places --------------------------------------------------------------------------------------------------------- */

/* Adds what region `place` of the file has of an indicator to r->own; false where the file does not hold it. */
static bool add_path(const reading *r, size_t scenario, size_t place, size_t indicator) {
  const tanlu_result_variable *v = r->regional;
  const size_t member = tanlu_labels_find(r->indicators, tanlu_indicator(indicator)->code), members = v->extent[3];
  if (member >= members) return false;
  const double *path = v->value + (scenario * v->extent[1] + place) * r->years * members;
  for (size_t t = 0; t < r->years; t++) r->own[t] += path[t * members + member];
  return true;
}

/* A goal of a region of the file, by its own path. */
static tanlu_goal_verdict judge_path(const reading *r, const tanlu_goal *goal, size_t scenario, size_t place) {
  tanlu_goal_evidence evidence = {.years = r->years, .year = r->year, .scalar = (double)NAN};
  for (size_t t = 0; t < r->years; t++) r->own[t] = 0.0;
  if (goal->indicator != TANLU_NONE && add_path(r, scenario, place, goal->indicator)) evidence.series = r->own;
  if (goal->summary != TANLU_NONE && r->scalars != NULL) {
    const size_t member = tanlu_labels_find(r->summaries, tanlu_summary(goal->summary)->code);
    evidence.has_scalar = member < r->scalars->extent[2];
    if (evidence.has_scalar) {
      evidence.scalar = r->scalars->value[(scenario * r->scalars->extent[1] + place) * r->scalars->extent[2] + member];
    }
  }
  return tanlu_regional_path_evaluate(goal, &evidence);
}

/* The sum of the paths of r->member in r->own; false where the indicator is no sum, or the file lacks one of them. */
static bool sum_paths(const reading *r, const tanlu_goal *goal, size_t scenario) {
  const tanlu_labels *known = &r->accounts->levels->region;
  if (r->regional == NULL || goal->indicator == TANLU_NONE ||
      !tanlu_indicator_adds_up((tanlu_indicator_id)goal->indicator))
    return false;
  for (size_t t = 0; t < r->years; t++) r->own[t] = 0.0;
  for (size_t p = 0; p < known->count; p++) {
    if (!r->member[p]) continue;
    const size_t place = tanlu_labels_find(r->region, known->code[p]);
    if (place == TANLU_NONE || !add_path(r, scenario, place, goal->indicator)) return false;
  }
  return true;
}

/* A region of the file by its name, which goals have. */
static size_t region_named(const reading *r, const char *name) {
  for (size_t p = 0; r->regional != NULL && p < r->region->count; p++) {
    if (strcmp(r->region->name[p], name) == 0) return p;
  }
  return TANLU_NONE;
}

/* A goal of another place than the results. */
static tanlu_goal_verdict judge_elsewhere(const reading *r, const tanlu_goal *goal, size_t scenario,
                                          const tanlu_goal_evidence *nation) {
  const tanlu_goal_regions *accounts = r->accounts;
  const size_t place = region_named(r, goal->scope);
  if (place != TANLU_NONE) return judge_path(r, goal, scenario, place);
  if (accounts == NULL) return tanlu_goal_evaluate(goal, nation);
  if (!tanlu_regional_place(accounts->levels, accounts->dataset, accounts->level, goal->scope, r->member)) {
    return (tanlu_goal_verdict){.outcome = TANLU_GOAL_UNKNOWN,
                                .obstacle = TANLU_GOAL_OBSTACLE_REGION,
                                .value = (double)NAN,
                                .short_by = (double)NAN};
  }
  if (sum_paths(r, goal, scenario)) {
    const tanlu_goal_evidence evidence = {.years = r->years, .year = r->year, .series = r->own, .scalar = (double)NAN};
    return tanlu_regional_path_evaluate(goal, &evidence);
  }
  return tanlu_regional_goal_evaluate(accounts->levels, r->member, goal, nation, r->own);
}

/* ---- judging -------------------------------------------------------------------------------------------------------------- */

/* indicator: years x members, summary: members; of one scenario or sample. scenario: TANLU_NONE for a sample. */
static tanlu_goal_verdict judge(const reading *r, const tanlu_goal *goal, size_t scenario, const double *indicator,
                                const double *summary) {
  tanlu_goal_evidence evidence = {.years = r->years, .year = r->year, .scope = r->scope, .scalar = (double)NAN};
  if (goal->indicator != TANLU_NONE && indicator != NULL) {
    const size_t member = tanlu_labels_find(r->indicators, tanlu_indicator(goal->indicator)->code);
    const size_t members = r->indicator->extent[2];
    for (size_t t = 0; member < members && t < r->years; t++) r->series[t] = indicator[t * members + member];
    if (member < members) evidence.series = r->series;
  }
  if (goal->summary != TANLU_NONE && summary != NULL) {
    const size_t member = tanlu_labels_find(r->summaries, tanlu_summary(goal->summary)->code);
    evidence.has_scalar = member < r->summary->extent[1];
    if (evidence.has_scalar) evidence.scalar = summary[member];
  }
  const tanlu_goal_verdict verdict = tanlu_goal_evaluate(goal, &evidence);
  const bool elsewhere = verdict.outcome == TANLU_GOAL_UNKNOWN && verdict.obstacle == TANLU_GOAL_OBSTACLE_PLACE;
  return elsewhere && scenario != TANLU_NONE ? judge_elsewhere(r, goal, scenario, &evidence) : verdict;
}

static tanlu_status judge_scenarios(tanlu_goal_verdicts *v, const reading *r, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(v->result, "scenario");
  const size_t goals = v->goals->label.count;
  const tanlu_result_variable *indicator = NULL, *summary = NULL;
  tanlu_status status = TANLU_OK;
  v->scenarios = scenarios != NULL ? scenarios->count : 0;
  v->verdict = tanlu_allocate(context, goals * v->scenarios, sizeof *v->verdict);
  if (v->verdict == NULL) return TANLU_ERR_MEMORY;
  if (r->indicator != NULL) status = tanlu_result_variable_read(v->result, "indicator_value", &indicator, context);
  if (status == TANLU_OK && r->summary != NULL) {
    status = tanlu_result_variable_read(v->result, "summary_value", &summary, context);
  }
  const tanlu_result_variable *const own[] = {r->regional, r->scalars};
  for (size_t k = 0; k < 2; k++) {
    const tanlu_result_variable *read = NULL; /* numbers of own[k] */
    if (status == TANLU_OK && own[k] != NULL)
      status = tanlu_result_variable_read(v->result, own[k]->name, &read, context);
  }
  for (size_t g = 0; status == TANLU_OK && g < goals; g++) {
    for (size_t s = 0; s < v->scenarios; s++) {
      const double *row = indicator != NULL ? indicator->value + s * indicator->extent[1] * indicator->extent[2] : NULL;
      v->verdict[g * v->scenarios + s] =
          judge(r, &v->goals->goal[g], s, row, summary != NULL ? summary->value + s * summary->extent[1] : NULL);
    }
  }
  return status;
}

/* All goals of one sample. */
static void judge_sample(tanlu_goal_verdicts *v, const reading *r, const double *indicator, const double *summary) {
  for (size_t g = 0; g < v->goals->label.count; g++) {
    v->verdict[g] = judge(r, &v->goals->goal[g], TANLU_NONE, indicator, summary);
    if (v->verdict[g].outcome == TANLU_GOAL_UNKNOWN) continue;
    v->judged[g]++;
    if (v->verdict[g].outcome == TANLU_GOAL_MET) v->met[g]++;
  }
}

static tanlu_status judge_samples(tanlu_goal_verdicts *v, const reading *r, tanlu_context *context) {
  const tanlu_result_variable *state = of_rank(v->result, "status", 1);
  const tanlu_result_variable *variable[3] = {state, r->indicator, r->summary};
  const size_t goals = v->goals->label.count;
  tanlu_result_slab slab[3] = {{.value = NULL}, {.value = NULL}, {.value = NULL}};
  tanlu_status status = TANLU_OK;
  v->verdict = tanlu_allocate(context, goals, sizeof *v->verdict);
  v->judged = tanlu_allocate(context, goals, sizeof *v->judged);
  v->met = tanlu_allocate(context, goals, sizeof *v->met);
  if (v->verdict == NULL || v->judged == NULL || v->met == NULL) return TANLU_ERR_MEMORY;
  if (state == NULL || (r->indicator == NULL && r->summary == NULL)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(v->result), 0, 0,
                         "holds no indicators of its samples; goals need a sweep with 'keep: indicators' or more");
  }
  for (size_t k = 0; status == TANLU_OK && k < 3; k++) {
    if (variable[k] != NULL) status = tanlu_result_slab_open(&slab[k], v->result, variable[k], false, context);
  }
  for (size_t i = 0; status == TANLU_OK && i < state->extent[0]; i++) {
    const double *row[3] = {NULL, NULL, NULL};
    for (size_t k = 0; status == TANLU_OK && k < 3; k++) {
      if (variable[k] == NULL) continue;
      row[k] = tanlu_result_slab_row(&slab[k], i, context);
      if (row[k] == NULL) status = TANLU_ERR_IO;
    }
    if (status == TANLU_OK && (int)*row[0] == TANLU_SAMPLE_SOLVED) judge_sample(v, r, row[1], row[2]);
  }
  for (size_t k = 0; k < 3; k++) tanlu_result_slab_close(&slab[k]);
  return status;
}

tanlu_status tanlu_goal_verdicts_make(tanlu_goal_verdicts *verdicts, const tanlu_goals *goals, tanlu_result *result,
                                      const tanlu_goal_regions *accounts, tanlu_context *context) {
  *verdicts = (tanlu_goal_verdicts){.goals = goals, .result = result};
  reading r;
  tanlu_status status = start_reading(&r, result, accounts, context);
  if (status == TANLU_OK) {
    status =
        tanlu_result_is_sweep(result) ? judge_samples(verdicts, &r, context) : judge_scenarios(verdicts, &r, context);
  }
  free(r.series);
  free(r.own);
  free(r.member);
  if (status != TANLU_OK) tanlu_goal_verdicts_clear(verdicts);
  return status;
}

void tanlu_goal_verdicts_clear(tanlu_goal_verdicts *verdicts) {
  free(verdicts->verdict);
  free(verdicts->judged);
  free(verdicts->met);
  *verdicts = (tanlu_goal_verdicts){0};
}
