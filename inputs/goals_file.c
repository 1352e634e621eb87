#include "inputs/goals_file.h"

#include <math.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "model/indicators.h"
#include "solvers/memory.h"

enum { CODE, NAME, NAME_ZH, INDICATOR, YEAR, OPERATOR, VALUE, UNIT, SOURCE, COLUMNS };
static const char *const columns[COLUMNS] = {"code",     "name",  "name_zh", "indicator", "year",
                                             "operator", "value", "unit",    "source"};
static const char *const operators[] = {
#define X(id, word) word,
    TANLU_GOAL_OPERATOR_LIST(X)
#undef X
};

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

/* The indicator a goal is about, and the year it needs or must not have. */
static tanlu_status read_indicator(const reader *r, size_t row, tanlu_goal *goal) {
  const char *code = text(r, row, INDICATOR), *year = text(r, row, YEAR);
  goal->indicator = tanlu_indicator_find(code);
  goal->summary = goal->indicator == TANLU_NONE ? find_summary(code) : TANLU_NONE;
  if (goal->indicator == TANLU_NONE && goal->summary == TANLU_NONE) {
    const char *nearest = tanlu_labels_nearest(tanlu_indicator_labels(), code);
    return tanlu_csv_fail(r->csv, row, r->column[INDICATOR], r->context, "unknown indicator '%s'%s%s%s", code,
                          nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                          nearest != NULL ? "'?" : "");
  }
  if (goal->summary != TANLU_NONE && year[0] != '\0') {
    return tanlu_csv_fail(r->csv, row, r->column[YEAR], r->context,
                          "'%s' belongs to the whole scenario; expected no year", code);
  }
  double number = 0.0;
  if (goal->indicator != TANLU_NONE) {
    const tanlu_status status =
        tanlu_csv_number_within(r->csv, row, r->column[YEAR], (double)NAN, 1900.0, 2200.0, &number, r->context);
    if (status != TANLU_OK) return status;
    if (number != floor(number)) {
      return tanlu_csv_fail(r->csv, row, r->column[YEAR], r->context, "'%s' is not a year", year);
    }
  }
  goal->year = (int)number;
  const char *unit =
      (goal->indicator != TANLU_NONE ? tanlu_indicator(goal->indicator) : tanlu_summary(goal->summary))->unit;
  if (strcmp(unit, text(r, row, UNIT)) != 0) {
    return tanlu_csv_fail(r->csv, row, r->column[UNIT], r->context, "unit '%s' of a goal on '%s'; expected '%s'",
                          text(r, row, UNIT), code, unit);
  }
  return TANLU_OK;
}

static tanlu_status worse(tanlu_status a, tanlu_status b) {
  return a != TANLU_OK ? a : b;
}

static tanlu_status read_goal(const reader *r, size_t row, tanlu_goals *goals) {
  tanlu_goal *goal = &goals->goal[row];
  size_t relation = 0;
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
  status = worse(status, read_indicator(r, row, goal));
  status = worse(status, tanlu_csv_word(r->csv, row, r->column[OPERATOR], "operator", operators,
                                        TANLU_GOAL_OPERATOR_COUNT, &relation, r->context));
  status = worse(status, tanlu_csv_number(r->csv, row, r->column[VALUE], (double)NAN, &goal->value, r->context));
  goal->relation = (tanlu_goal_operator)relation;
  goal->unit = tanlu_string_copy(r->context, text(r, row, UNIT));
  goal->source = tanlu_string_copy(r->context, text(r, row, SOURCE));
  if (goal->unit == NULL || goal->source == NULL) status = TANLU_ERR_MEMORY;
  /* added even when wrong, so that goal and label stay as long as each other */
  return worse(tanlu_labels_add(&goals->label, code, text(r, row, NAME), text(r, row, NAME_ZH), r->context), status);
}

tanlu_status tanlu_goals_read(tanlu_goals *goals, const char *path, tanlu_context *context) {
  *goals = (tanlu_goals){0};
  tanlu_csv *csv = NULL;
  tanlu_status status = tanlu_csv_read(&csv, path, NULL, context);
  if (status != TANLU_OK) return status;
  reader r = {.csv = csv, .context = context};
  status = tanlu_csv_columns(csv, columns, COLUMNS, COLUMNS, r.column, context);
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
