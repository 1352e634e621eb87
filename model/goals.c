#include "model/goals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *tanlu_goal_operator_word(tanlu_goal_operator relation) {
  static const char *const word[] = {
#define X(id, text) text,
      TANLU_GOAL_OPERATOR_LIST(X)
#undef X
  };
  return word[relation];
}

const char *tanlu_goal_measure_word(tanlu_goal_measure measure) {
  static const char *const word[] = {
#define X(id, text) text,
      TANLU_GOAL_MEASURE_LIST(X)
#undef X
  };
  return word[measure];
}

const char *tanlu_goal_obstacle_text(tanlu_goal_obstacle obstacle) {
  static const char *const text[] = {
#define X(id, words) words,
      TANLU_GOAL_OBSTACLE_LIST(X)
#undef X
  };
  return text[obstacle];
}

void tanlu_goals_clear(tanlu_goals *goals) {
  for (size_t i = 0; goals->goal != NULL && i < goals->label.count; i++) {
    tanlu_goal *goal = &goals->goal[i];
    char *const text[] = {goal->unit, goal->source, goal->scope, goal->presets, goal->document, goal->date, goal->note};
    for (size_t k = 0; k < sizeof text / sizeof *text; k++) free(text[k]);
  }
  free(goals->goal);
  tanlu_labels_clear(&goals->label);
  *goals = (tanlu_goals){0};
}

/* ---- selections --------------------------------------------------------------------------------------------------------- */

/* The next word of a text separated by blanks: its length, *text moved to it; 0 at the end. */
static size_t next_word(const char **text) {
  *text += strspn(*text, " ");
  return strcspn(*text, " ");
}

bool tanlu_goal_in_preset(const tanlu_goal *goal, const char *preset) {
  const char *text = goal->presets != NULL ? goal->presets : "";
  for (size_t length = next_word(&text); length > 0; length = next_word(&text)) {
    if (strlen(preset) == length && strncmp(text, preset, length) == 0) return true;
    text += length;
  }
  return false;
}

static tanlu_status add_once(tanlu_labels *labels, const char *text, size_t length, tanlu_context *context) {
  char *word = strndup(text, length);
  if (word == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the names of goals");
  tanlu_status status = TANLU_OK;
  if (tanlu_labels_find(labels, word) == TANLU_NONE) status = tanlu_labels_add(labels, word, NULL, NULL, context);
  free(word);
  return status;
}

tanlu_status tanlu_goals_presets(const tanlu_goals *goals, tanlu_labels *labels, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < goals->label.count && status == TANLU_OK; i++) {
    const char *text = goals->goal[i].presets != NULL ? goals->goal[i].presets : "";
    for (size_t length = next_word(&text); length > 0 && status == TANLU_OK; length = next_word(&text)) {
      status = add_once(labels, text, length, context);
      text += length;
    }
  }
  return status;
}

tanlu_status tanlu_goals_scopes(const tanlu_goals *goals, tanlu_labels *labels, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < goals->label.count && status == TANLU_OK; i++) {
    const char *scope = goals->goal[i].scope != NULL ? goals->goal[i].scope : "China";
    status = add_once(labels, scope, strlen(scope), context);
  }
  return status;
}

/* ---- judging ------------------------------------------------------------------------------------------------------------ */

static bool holds(const tanlu_goal *goal, double value) {
  switch (goal->relation) {
  case TANLU_GOAL_AT_LEAST:
    return value >= goal->value;
  case TANLU_GOAL_AT_MOST:
    return value <= goal->value;
  case TANLU_GOAL_ABOVE:
    return value > goal->value;
  case TANLU_GOAL_BELOW:
    return value < goal->value;
  default:
    return false;
  }
}

tanlu_goal_outcome tanlu_goal_judge(const tanlu_goal *goal, double value) {
  const bool may_not_happen = goal->summary != TANLU_NONE || goal->measure == TANLU_GOAL_PEAK;
  if (isnan(value)) return may_not_happen ? TANLU_GOAL_MISSED : TANLU_GOAL_UNKNOWN;
  return holds(goal, value) ? TANLU_GOAL_MET : TANLU_GOAL_MISSED;
}

static size_t find_year(const tanlu_goal_evidence *evidence, int year) {
  for (size_t t = 0; t < evidence->years; t++) {
    if (evidence->year[t] == year) return t;
  }
  return TANLU_NONE;
}

static double measured(const tanlu_goal *goal, const double *series, size_t t, size_t base) {
  if (goal->measure == TANLU_GOAL_CHANGE) return series[t] / series[base] - 1.0;
  if (goal->measure == TANLU_GOAL_DIFFERENCE) return series[t] - series[base];
  return series[t];
}

/* Year of the largest value, NaN where that is the last; *known: is there every year, with a value? */
static double peak_of(const tanlu_goal_evidence *evidence, bool *known) {
  size_t peak = 0;
  *known = evidence->years > 0;
  for (size_t t = 0; t < evidence->years; t++) {
    if (isnan(evidence->series[t]) || evidence->year[t] != evidence->year[0] + (int)t) *known = false;
    if (evidence->series[t] > evidence->series[peak]) peak = t;
  }
  return *known && peak + 1 < evidence->years ? (double)evidence->year[peak] : (double)NAN;
}

static tanlu_goal_verdict unknown(tanlu_goal_obstacle obstacle) {
  return (tanlu_goal_verdict){
      .outcome = TANLU_GOAL_UNKNOWN, .obstacle = obstacle, .value = (double)NAN, .short_by = (double)NAN};
}

static bool is_year(const tanlu_goal *goal) {
  return goal->unit != NULL && strcmp(goal->unit, "year") == 0;
}

static tanlu_goal_verdict verdict_on(const tanlu_goal *goal, double value) {
  tanlu_goal_verdict v = {.outcome = tanlu_goal_judge(goal, value), .value = value, .short_by = (double)NAN};
  if (v.outcome == TANLU_GOAL_UNKNOWN) v.obstacle = TANLU_GOAL_OBSTACLE_VALUE;
  if (v.outcome == TANLU_GOAL_MISSED && !isnan(value)) v.short_by = fabs(value - goal->value);
  const bool strict = goal->relation == TANLU_GOAL_ABOVE || goal->relation == TANLU_GOAL_BELOW;
  if (strict && is_year(goal)) v.short_by += 1.0; /* before 2030 is by 2029 */
  return v;
}

/* A scalar or the year of a peak. A year that the results do not reach cannot be judged where it is missing. */
static tanlu_goal_verdict evaluate_whole(const tanlu_goal *goal, const tanlu_goal_evidence *evidence) {
  double value = evidence->scalar;
  if (goal->measure == TANLU_GOAL_PEAK) {
    bool known = false;
    if (evidence->series == NULL) return unknown(TANLU_GOAL_OBSTACLE_INDICATOR);
    value = peak_of(evidence, &known);
    if (!known) return unknown(TANLU_GOAL_OBSTACLE_VALUE);
  } else if (!evidence->has_scalar) {
    return unknown(TANLU_GOAL_OBSTACLE_INDICATOR);
  }
  if (is_year(goal) && evidence->years > 0 && goal->value > evidence->year[evidence->years - 1]) {
    return unknown(TANLU_GOAL_OBSTACLE_BEYOND);
  }
  return verdict_on(goal, value);
}

tanlu_goal_verdict tanlu_goal_evaluate(const tanlu_goal *goal, const tanlu_goal_evidence *evidence) {
  const char *place = evidence->scope != NULL ? evidence->scope : "China";
  if (strcmp(goal->scope != NULL ? goal->scope : "China", place) != 0) return unknown(TANLU_GOAL_OBSTACLE_PLACE);
  if (goal->summary != TANLU_NONE || goal->measure == TANLU_GOAL_PEAK) return evaluate_whole(goal, evidence);
  if (evidence->series == NULL) return unknown(TANLU_GOAL_OBSTACLE_INDICATOR);
  const bool from_base = goal->measure == TANLU_GOAL_CHANGE || goal->measure == TANLU_GOAL_DIFFERENCE;
  const size_t t = find_year(evidence, goal->year);
  const size_t base = from_base ? find_year(evidence, goal->base_year) : 0;
  if (t == TANLU_NONE) return unknown(TANLU_GOAL_OBSTACLE_YEAR);
  if (base == TANLU_NONE) return unknown(TANLU_GOAL_OBSTACLE_BASE);
  tanlu_goal_verdict v = verdict_on(goal, measured(goal, evidence->series, t, base));
  for (size_t k = from_base ? base + 1 : 0; k < evidence->years && v.first_year == 0; k++) {
    const double value = measured(goal, evidence->series, k, base);
    if (!isnan(value) && holds(goal, value)) v.first_year = evidence->year[k];
  }
  if (v.outcome == TANLU_GOAL_UNKNOWN) v.first_year = 0;
  return v;
}
