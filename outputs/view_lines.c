/* Years of tables, and rows by year as a table and as a chart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/result_view_private.h"
#include "solvers/memory.h"

enum { SPREAD = 9 };

/* ---- years ---------------------------------------------------------------------------------------------------------- */

static void pick_years(tanlu_result *result, const tanlu_view *view, tanlu_view_years *choice) {
  size_t total = 0;
  const int *year = tanlu_result_years(result, &total);
  choice->count = 0;
  for (size_t t = 0; t < total && choice->count < TANLU_VIEW_YEARS_MAX; t++) {
    const bool wanted = choice->step == 0 ? year[t] >= view->from && year[t] <= view->to
                                          : year[t] % choice->step == 0 || t == 0 || t + 1 == total;
    if (wanted) choice->index[choice->count++] = t;
  }
}

void tanlu_view_choose(tanlu_result *result, const tanlu_view *view, tanlu_view_years *choice) {
  size_t total = 0;
  (void)tanlu_result_years(result, &total);
  choice->step = view->from > view->to ? 1 : 0;
  while (choice->step > 0 && (int)total / choice->step > SPREAD)
    choice->step = choice->step == 1 ? 5 : choice->step + 5;
  pick_years(result, view, choice);
}

bool tanlu_view_too_wide(const tanlu_view *view, const tanlu_table *table, size_t beside) {
  const size_t columns = view->style != NULL ? view->style->columns : 0;
  return columns > 0 && tanlu_table_width(table) + beside > columns;
}

bool tanlu_view_thin(tanlu_result *result, const tanlu_view *view, tanlu_view_years *choice) {
  if (choice->step == 0 || choice->count <= 3) return false;
  choice->step = choice->step == 1 ? 5 : choice->step + 5;
  pick_years(result, view, choice);
  return true;
}

void tanlu_view_year_columns(tanlu_table *table, tanlu_result *result, const tanlu_view_years *choice) {
  size_t total = 0;
  const int *year = tanlu_result_years(result, &total);
  char text[16];
  for (size_t k = 0; k < choice->count; k++) {
    (void)snprintf(text, sizeof text, "%d", year[choice->index[k]]);
    tanlu_table_column(table, text, TANLU_RIGHT);
  }
}

bool tanlu_view_scenario_shown(const tanlu_view *view, const char *code) {
  return view->scenario == NULL || strcmp(view->scenario, code) == 0;
}

double tanlu_view_largest(const double *value, const tanlu_view_years *choice) {
  double largest = 0.0;
  for (size_t k = 0; k < choice->count; k++) {
    const double v = fabs(value[choice->index[k]]);
    if (isfinite(v) && v > largest) largest = v;
  }
  return largest;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_view_lines_begin(tanlu_view_lines *lines, size_t most, size_t years, tanlu_context *context) {
  *lines = (tanlu_view_lines){.years = years};
  lines->name = tanlu_allocate(context, most, sizeof *lines->name);
  lines->value = tanlu_allocate_doubles(context, most, years);
  return lines->name != NULL && lines->value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_view_lines_clear(tanlu_view_lines *lines) {
  free(lines->name);
  free(lines->value);
}

static tanlu_table *lines_table(const tanlu_view_lines *lines, tanlu_result *result, const tanlu_view_years *choice,
                                char *trend, tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return NULL;
  tanlu_table_column(table, lines->heading, TANLU_LEFT);
  tanlu_view_year_columns(table, result, choice);
  tanlu_table_column(table, "trend", TANLU_LEFT);
  for (size_t s = 0; s < lines->count; s++) {
    const double *value = lines->value + s * lines->years;
    const int decimals = tanlu_decimals(tanlu_view_largest(value, choice));
    tanlu_table_text(table, lines->name[s]);
    for (size_t k = 0; k < choice->count; k++) tanlu_table_number(table, value[choice->index[k]], decimals);
    tanlu_table_text(table, tanlu_text_sparkline(trend, 3 * lines->years + 1, value, lines->years));
  }
  return table;
}

tanlu_status tanlu_view_lines_print(const tanlu_view_lines *lines, tanlu_result *result, const tanlu_view *view,
                                    FILE *stream, tanlu_context *context) {
  tanlu_view_years choice;
  tanlu_table *table = NULL;
  char *trend = tanlu_allocate(context, 3 * lines->years + 1, 1);
  if (trend == NULL) return TANLU_ERR_MEMORY;
  tanlu_view_choose(result, view, &choice);
  do {
    tanlu_table_free(&table);
    table = lines_table(lines, result, &choice, trend, context);
  } while (table != NULL && tanlu_view_too_wide(view, table, 0) && tanlu_view_thin(result, view, &choice));
  const tanlu_status status = table != NULL ? tanlu_table_print(table, stream, context) : TANLU_ERR_MEMORY;
  tanlu_table_free(&table);
  free(trend);
  return status;
}

tanlu_status tanlu_view_lines_draw(const tanlu_view_lines *lines, tanlu_result *result, const tanlu_view *view,
                                   FILE *stream, tanlu_context *context) {
  size_t total = 0, first = 0, points = 0;
  const int *year = tanlu_result_years(result, &total);
  const bool all = view->from > view->to;
  while (first < total && !all && year[first] < view->from) first++;
  while (first + points < total && (all || year[first + points] <= view->to)) points++;
  double *value = tanlu_allocate_doubles(context, lines->count, points > 0 ? points : 1);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t s = 0; s < lines->count; s++) {
    memcpy(value + s * points, lines->value + s * lines->years + first, points * sizeof *value);
  }
  const tanlu_line_chart chart = {.unit = lines->unit,
                                  .series = lines->count,
                                  .points = points,
                                  .x = year + first,
                                  .name = lines->name,
                                  .value = value};
  const tanlu_status status = tanlu_line_chart_print(&chart, view->style, stream, context);
  free(value);
  return status;
}
