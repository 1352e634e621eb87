#include "model/regional_levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/embodied.h"
#include "model/indicators.h"
#include "solvers/memory.h"

void tanlu_regional_levels_clear(tanlu_regional_levels *levels) {
  double *const owned[] = {levels->co2_production, levels->co2_households, levels->final_energy,
                           levels->population,     levels->value_added,    levels->by_group};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  tanlu_labels_clear(&levels->region);
  tanlu_labels_clear(&levels->group);
  *levels = (tanlu_regional_levels){0};
}

/* ---- what is shared by ---------------------------------------------------------------------------------------------------- */

static tanlu_status check_positive(const tanlu_regions *r, const char *what, const double *value,
                                   tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < r->label.count; i++) {
    if (value[i] > 0.0) continue;
    status = tanlu_fail(context, TANLU_ERR_INPUT, "%s of region '%s' is %g; expected a number above 0", what,
                        r->label.code[i], value[i]);
  }
  return status;
}

static tanlu_status add_consumption(const tanlu_regional_levels *l, const tanlu_dataset *dataset, size_t level,
                                    const double *co2, tanlu_regions *r, tanlu_context *context) {
  tanlu_embodied *embodied = NULL;
  const tanlu_status status = tanlu_embodied_create(&embodied, dataset, level, co2, NULL, context);
  if (status != TANLU_OK) return status;
  r->consumption = tanlu_allocate_doubles(context, r->label.count, 1);
  for (size_t i = 0; r->consumption != NULL && i < r->label.count; i++) {
    r->consumption[i] = embodied->consumption[i] + l->co2_households[i];
  }
  tanlu_embodied_free(&embodied);
  if (r->consumption == NULL) return TANLU_ERR_MEMORY;
  return check_positive(r, "CO2 of consumption", r->consumption, context);
}

tanlu_status tanlu_regional_levels_regions(const tanlu_regional_levels *levels, const tanlu_dataset *dataset,
                                           size_t level, const double *co2, tanlu_regions *regions,
                                           tanlu_context *context) {
  const size_t count = levels->region.count;
  tanlu_regions *r = regions;
  *r = (tanlu_regions){0};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count && status == TANLU_OK; i++) {
    status = tanlu_labels_add(&r->label, levels->region.code[i], levels->region.name[i], "", context);
  }
  r->population = tanlu_allocate_doubles(context, count, 1);
  r->gdp = tanlu_allocate_doubles(context, count, 1);
  r->co2 = tanlu_allocate_doubles(context, count, 1);
  if (r->population == NULL || r->gdp == NULL || r->co2 == NULL) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; i < count && status == TANLU_OK; i++) {
    r->population[i] = levels->population != NULL ? levels->population[i] : (double)NAN;
    r->gdp[i] = levels->value_added[i];
    r->co2[i] = levels->co2_production[i] + levels->co2_households[i];
  }
  if (status == TANLU_OK) status = check_positive(r, "population", r->population, context);
  if (status == TANLU_OK) status = check_positive(r, "value added", r->gdp, context);
  if (status == TANLU_OK) status = check_positive(r, "CO2", r->co2, context);
  if (status == TANLU_OK && co2 != NULL) status = add_consumption(levels, dataset, level, co2, r, context);
  if (status != TANLU_OK) tanlu_regions_clear(r);
  return status;
}

/* ---- places --------------------------------------------------------------------------------------------------------------- */

bool tanlu_regional_place(const tanlu_regional_levels *levels, const tanlu_dataset *dataset, size_t level,
                          const char *name, bool *member) {
  const size_t *region_of = dataset->level[level].of_sector;
  for (size_t l = 0; l < dataset->levels; l++) {
    const tanlu_level *groups = &dataset->level[l];
    for (size_t g = 0; g < groups->group.count; g++) {
      if (strcmp(groups->group.name[g], name) != 0) continue;
      size_t count = levels->region.count; /* whose sectors are all in the group */
      for (size_t r = 0; r < levels->region.count; r++) member[r] = true;
      for (size_t i = 0; i < dataset->accounts.n; i++) {
        if (groups->of_sector[i] == g || !member[region_of[i]]) continue;
        member[region_of[i]] = false;
        count--;
      }
      if (count > 0) return true;
    }
  }
  return false;
}

/* ---- goals ---------------------------------------------------------------------------------------------------------------- */

static double sum_over(const tanlu_regional_levels *l, const bool *member, const double *value) {
  double sum = 0.0;
  for (size_t r = 0; r < l->region.count; r++) sum += member[r] ? value[r] : 0.0;
  return sum;
}

/* Share of a group in value added, NaN without such a group. */
static double group_share(const tanlu_regional_levels *l, const bool *member, const char *group) {
  const size_t g = tanlu_labels_find(&l->group, group);
  if (g == TANLU_NONE) return (double)NAN;
  return sum_over(l, member, l->by_group + g * l->region.count) / sum_over(l, member, l->value_added);
}

/* What the accounts say of an indicator in their base year; NaN: nothing. */
static double level_of(const tanlu_regional_levels *l, const bool *member, size_t indicator) {
  switch (indicator) {
  case TANLU_INDICATOR_CO2_ENERGY:
  case TANLU_INDICATOR_CO2_TOTAL:
    return sum_over(l, member, l->co2_production) + sum_over(l, member, l->co2_households);
  case TANLU_INDICATOR_SHARE_PRIMARY:
    return group_share(l, member, "primary");
  case TANLU_INDICATOR_SHARE_SECONDARY:
    return group_share(l, member, "secondary");
  case TANLU_INDICATOR_SHARE_TERTIARY:
    return group_share(l, member, "tertiary");
  default:
    return (double)NAN;
  }
}

static tanlu_goal_verdict not_judged(tanlu_goal_obstacle obstacle) {
  return (tanlu_goal_verdict){
      .outcome = TANLU_GOAL_UNKNOWN, .obstacle = obstacle, .value = (double)NAN, .short_by = (double)NAN};
}

/* Is it about a ratio to the base year of the accounts, or the year of a peak, which is the nation's where all moves with it? */
static bool is_relative(const tanlu_regional_levels *l, const tanlu_goal *goal) {
  if (goal->summary != TANLU_NONE) return goal->summary == TANLU_SUMMARY_PEAK_YEAR;
  if (goal->measure == TANLU_GOAL_PEAK) return true;
  if (goal->measure == TANLU_GOAL_CHANGE) return goal->base_year == l->base_year;
  const bool change =
      goal->indicator == TANLU_INDICATOR_CO2_PER_GDP_2020 || goal->indicator == TANLU_INDICATOR_ENERGY_PER_GDP_2020;
  return change && goal->measure == TANLU_GOAL_LEVEL && goal->base_year == l->base_year;
}

tanlu_goal_verdict tanlu_regional_goal_evaluate(const tanlu_regional_levels *levels, const bool *member,
                                                const tanlu_goal *goal, const tanlu_goal_evidence *nation,
                                                double *series) {
  tanlu_goal_evidence evidence = *nation;
  evidence.scope = goal->scope;
  if (is_relative(levels, goal)) {
    const bool peak = goal->summary != TANLU_NONE || goal->measure == TANLU_GOAL_PEAK;
    if (peak && goal->value <= levels->base_year) return not_judged(TANLU_GOAL_OBSTACLE_ACCOUNTS_YEAR);
    tanlu_goal_verdict v = tanlu_goal_evaluate(goal, &evidence);
    if (v.outcome != TANLU_GOAL_UNKNOWN) v.as_nation = true;
    return v;
  }
  if (goal->base_year != 0 && goal->base_year < levels->base_year) {
    return not_judged(TANLU_GOAL_OBSTACLE_ACCOUNTS_BASE);
  }
  if (goal->indicator == TANLU_NONE || goal->measure != TANLU_GOAL_LEVEL) {
    return not_judged(TANLU_GOAL_OBSTACLE_ACCOUNTS);
  }
  const double level = level_of(levels, member, goal->indicator);
  if (isnan(level)) return not_judged(TANLU_GOAL_OBSTACLE_ACCOUNTS);
  if (goal->year != levels->base_year) return not_judged(TANLU_GOAL_OBSTACLE_ACCOUNTS_YEAR);
  for (size_t t = 0; t < nation->years; t++) series[t] = nation->year[t] == goal->year ? level : (double)NAN;
  evidence.series = series;
  tanlu_goal_verdict v = tanlu_goal_evaluate(goal, &evidence);
  const bool too_much = goal->indicator == TANLU_INDICATOR_CO2_ENERGY && v.outcome == TANLU_GOAL_MISSED;
  return too_much ? not_judged(TANLU_GOAL_OBSTACLE_ACCOUNTS_PROCESS) : v;
}

tanlu_goal_verdict tanlu_regional_path_evaluate(const tanlu_goal *goal, const tanlu_goal_evidence *own) {
  tanlu_goal_evidence evidence = *own;
  evidence.scope = goal->scope;
  if (goal->base_year != 0 && own->years > 0 && goal->base_year < own->year[0]) {
    return not_judged(TANLU_GOAL_OBSTACLE_BASE);
  }
  return tanlu_goal_evaluate(goal, &evidence);
}
