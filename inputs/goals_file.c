#include "inputs/goals_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "model/indicators.h"
#include "solvers/memory.h"

enum { CODE, NAME, NAME_ZH, INDICATOR, OPERATOR, VALUE, UNIT, SOURCE, REQUIRED };
enum { SCOPE = REQUIRED, MEASURE, BASE_YEAR, YEAR, GRADE, PRESETS, DOCUMENT, DATE, NOTE, COLUMNS };
static const char *const columns[COLUMNS] = {"code",  "name",    "name_zh",  "indicator", "operator",  "value",
                                             "unit",  "source",  "scope",    "measure",   "base_year", "year",
                                             "grade", "presets", "document", "date",      "note"};
static const char *const operators[] = {
#define X(id, word) word,
    TANLU_GOAL_OPERATOR_LIST(X)
#undef X
};
static const char *const measures[] = {
#define X(id, word) word,
    TANLU_GOAL_MEASURE_LIST(X)
#undef X
};
static const char *const grades[] = {"basic", "incentive"};

typedef struct {
  const tanlu_csv *csv;
  size_t column[COLUMNS];
  tanlu_context *context;
} reader;

static const char *text(const reader *r, size_t row, int column) {
  return tanlu_csv_text(r->csv, row, r->column[column]);
}

static size_t find_summary(const char *code) {
  for (size_t i = 0; i < tanlu_summary_count(); i++) {
    if (strcmp(tanlu_summary(i)->code, code) == 0) return i;
  }
  return TANLU_NONE;
}

static tanlu_status worse(tanlu_status a, tanlu_status b) {
  return a != TANLU_OK ? a : b;
}

static tanlu_status unknown_indicator(const reader *r, size_t row) {
  const char *code = text(r, row, INDICATOR), *nearest = tanlu_labels_nearest(tanlu_indicator_labels(), code);
  return tanlu_csv_fail(r->csv, row, r->column[INDICATOR], r->context, "unknown indicator '%s'%s%s%s", code,
                        nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "'?" : "");
}

/* A year that is needed, or must not be there; `why` says of what. */
static tanlu_status read_year(const reader *r, size_t row, int column, bool needed, const char *why, int *year) {
  const char *given = text(r, row, column);
  double number = 0.0;
  *year = 0;
  if (!needed && given[0] == '\0') return TANLU_OK;
  if (!needed) {
    return tanlu_csv_fail(r->csv, row, r->column[column], r->context, "'%s' %s; expected no %s", given, why,
                          columns[column]);
  }
  if (given[0] == '\0') {
    return tanlu_csv_fail(r->csv, row, r->column[column], r->context, "expected a %s: %s", columns[column], why);
  }
  const tanlu_status status =
      tanlu_csv_number_within(r->csv, row, r->column[column], (double)NAN, 1900.0, 2200.0, &number, r->context);
  if (status != TANLU_OK) return status;
  if (number != floor(number)) {
    return tanlu_csv_fail(r->csv, row, r->column[column], r->context, "'%s' is not a year", given);
  }
  *year = (int)number;
  return TANLU_OK;
}

/* The base year that an indicator has in its name ("..._change_2005"), 0 for none. */
static int own_base_year(const char *code) {
  const char *tail = strstr(code, "_change_");
  return tail != NULL ? atoi(tail + strlen("_change_")) : 0;
}

/* The years that the measure needs. */
static tanlu_status read_years(const reader *r, size_t row, tanlu_goal *goal) {
  const bool scalar = goal->summary != TANLU_NONE, peak = goal->measure == TANLU_GOAL_PEAK;
  const bool from_base = goal->measure == TANLU_GOAL_CHANGE || goal->measure == TANLU_GOAL_DIFFERENCE;
  const int own = goal->indicator != TANLU_NONE ? own_base_year(tanlu_indicator(goal->indicator)->code) : 0;
  tanlu_status status = read_year(r, row, YEAR, !scalar && !peak,
                                  scalar ? "for a scalar, which belongs to the whole scenario"
                                  : peak ? "for the year of a peak, which the value states"
                                         : "a yearly indicator is judged in a year",
                                  &goal->year);
  if (own != 0 && !from_base && !peak) { /* may repeat what the indicator says */
    int repeated = own;
    if (text(r, row, BASE_YEAR)[0] != '\0') status = worse(status, read_year(r, row, BASE_YEAR, true, "", &repeated));
    goal->base_year = own;
    if (repeated == own) return status;
    return tanlu_csv_fail(r->csv, row, r->column[BASE_YEAR], r->context, "base year %d of '%s'; expected %d", repeated,
                          tanlu_indicator(goal->indicator)->code, own);
  }
  status = worse(status, read_year(r, row, BASE_YEAR, from_base,
                                   from_base ? "a change is counted from a year" : "for a measure without a base",
                                   &goal->base_year));
  if (status == TANLU_OK && from_base && goal->base_year >= goal->year) {
    return tanlu_csv_fail(r->csv, row, r->column[BASE_YEAR], r->context, "base year %d is not before the year %d",
                          goal->base_year, goal->year);
  }
  return status;
}

/* What a goal measures. */
static tanlu_status read_measure(const reader *r, size_t row, tanlu_goal *goal) {
  const char *code = text(r, row, INDICATOR);
  size_t measure = TANLU_GOAL_LEVEL;
  goal->indicator = tanlu_indicator_find(code);
  goal->summary = goal->indicator == TANLU_NONE ? find_summary(code) : TANLU_NONE;
  if (goal->indicator == TANLU_NONE && goal->summary == TANLU_NONE) return unknown_indicator(r, row);
  if (text(r, row, MEASURE)[0] != '\0') {
    const tanlu_status status = tanlu_csv_word(r->csv, row, r->column[MEASURE], "measure", measures,
                                               TANLU_GOAL_MEASURE_COUNT, &measure, r->context);
    if (status != TANLU_OK) return status;
  }
  goal->measure = (tanlu_goal_measure)measure;
  if (goal->summary != TANLU_NONE && goal->measure != TANLU_GOAL_LEVEL) {
    return tanlu_csv_fail(r->csv, row, r->column[MEASURE], r->context,
                          "'%s' is a scalar of the whole scenario; expected the measure level", code);
  }
  tanlu_status status = read_years(r, row, goal);
  const tanlu_indicator_info *info =
      goal->indicator != TANLU_NONE ? tanlu_indicator(goal->indicator) : tanlu_summary(goal->summary);
  const char *unit = goal->measure == TANLU_GOAL_PEAK ? "year" : goal->measure == TANLU_GOAL_CHANGE ? "1" : info->unit;
  if (strcmp(unit, text(r, row, UNIT)) != 0) {
    status =
        worse(status, tanlu_csv_fail(r->csv, row, r->column[UNIT], r->context,
                                     "unit '%s' of a goal on '%s'; expected '%s'", text(r, row, UNIT), code, unit));
  }
  return status;
}

static tanlu_status read_texts(const reader *r, size_t row, tanlu_goal *goal) {
  const struct {
    char **to;
    int column;
    const char *empty;
  } copied[] = {{&goal->unit, UNIT, ""},        {&goal->source, SOURCE, ""}, {&goal->scope, SCOPE, "China"},
                {&goal->presets, PRESETS, ""},  {&goal->date, DATE, ""},     {&goal->note, NOTE, ""},
                {&goal->document, DOCUMENT, ""}};
  for (size_t k = 0; k < sizeof copied / sizeof *copied; k++) {
    const char *given = text(r, row, copied[k].column);
    *copied[k].to = tanlu_string_copy(r->context, given[0] != '\0' ? given : copied[k].empty);
    if (*copied[k].to == NULL) return TANLU_ERR_MEMORY;
  }
  return TANLU_OK;
}

static tanlu_status read_goal(const reader *r, size_t row, tanlu_goals *goals) {
  tanlu_goal *goal = &goals->goal[row];
  size_t relation = 0, grade = 0;
  tanlu_status status = TANLU_OK;
  const char *code = text(r, row, CODE);
  if (code[0] == '\0') {
    status = tanlu_csv_fail(r->csv, row, r->column[CODE], r->context, "a goal needs a code");
  } else if (tanlu_labels_find(&goals->label, code) != TANLU_NONE) {
    status = tanlu_csv_fail(r->csv, row, r->column[CODE], r->context, "duplicate goal '%s'", code);
  }
  if (text(r, row, SOURCE)[0] == '\0') {
    status = worse(status, tanlu_csv_fail(r->csv, row, r->column[SOURCE], r->context, "a goal needs a source"));
  }
  status = worse(status, read_measure(r, row, goal));
  status = worse(status, tanlu_csv_word(r->csv, row, r->column[OPERATOR], "operator", operators,
                                        TANLU_GOAL_OPERATOR_COUNT, &relation, r->context));
  status = worse(status, tanlu_csv_number(r->csv, row, r->column[VALUE], (double)NAN, &goal->value, r->context));
  if (text(r, row, GRADE)[0] != '\0') {
    status = worse(status, tanlu_csv_word(r->csv, row, r->column[GRADE], "grade", grades, 2, &grade, r->context));
  }
  goal->relation = (tanlu_goal_operator)relation;
  goal->incentive = grade == 1;
  if (read_texts(r, row, goal) != TANLU_OK) status = TANLU_ERR_MEMORY;
  /* added even when wrong, so that goal and label stay as long as each other */
  return worse(tanlu_labels_add(&goals->label, code, text(r, row, NAME), text(r, row, NAME_ZH), r->context), status);
}

tanlu_status tanlu_goals_read(tanlu_goals *goals, const char *path, tanlu_context *context) {
  *goals = (tanlu_goals){0};
  tanlu_csv *csv = NULL;
  tanlu_status status = tanlu_csv_read(&csv, path, NULL, context);
  if (status != TANLU_OK) return status;
  reader r = {.csv = csv, .context = context};
  status = tanlu_csv_columns(csv, columns, REQUIRED, COLUMNS, r.column, context);
  if (status == TANLU_OK) {
    goals->goal = tanlu_allocate(context, csv->rows, sizeof *goals->goal);
    if (goals->goal == NULL) status = TANLU_ERR_MEMORY;
  }
  for (size_t row = 0; goals->goal != NULL && row < csv->rows && status != TANLU_ERR_MEMORY; row++) {
    status = worse(status, read_goal(&r, row, goals));
  }
  tanlu_csv_free(&csv);
  if (status != TANLU_OK) tanlu_goals_clear(goals);
  return status;
}
