#include "outputs/result_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/result_view_private.h"
#include "solvers/memory.h"

enum { BAR_WIDTH = 24, BAR_LEAST = 8 };

/* ---- indicators ------------------------------------------------------------------------------------------------------ */

/* The values of an indicator by scenario shown. */
static tanlu_status read_values(tanlu_view_lines *lines, tanlu_result *result, size_t indicator, const tanlu_view *view,
                                tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const tanlu_result_variable *variable = NULL;
  tanlu_status status = tanlu_result_variable_read(result, "indicator_value", &variable, context);
  if (status == TANLU_OK) status = tanlu_view_lines_begin(lines, scenarios->count, variable->extent[1], context);
  if (status != TANLU_OK) return status;
  lines->heading = "scenario";
  lines->unit = tanlu_view_indicator_unit(result, indicator);
  for (size_t s = 0; s < scenarios->count; s++) {
    if (!tanlu_view_scenario_shown(view, scenarios->code[s])) continue;
    for (size_t t = 0; t < lines->years; t++) {
      lines->value[lines->count * lines->years + t] =
          variable->value[(s * lines->years + t) * variable->extent[2] + indicator];
    }
    lines->name[lines->count++] = scenarios->code[s];
  }
  return TANLU_OK;
}

const char *tanlu_view_indicator_unit(tanlu_result *result, size_t indicator) {
  const tanlu_result_texts *units = tanlu_result_texts_find(result, "indicator_unit");
  return units != NULL && indicator < units->count ? units->text[indicator] : "";
}

void tanlu_view_indicator_heading(tanlu_result *result, size_t indicator, FILE *stream) {
  const tanlu_labels *codes = tanlu_result_labels(result, "indicator");
  (void)fprintf(stream, "%s, %s: %s\n\n", codes->code[indicator], tanlu_view_indicator_unit(result, indicator),
                codes->name[indicator]);
}

tanlu_status tanlu_view_indicator(tanlu_result *result, size_t indicator, const tanlu_view *view, FILE *stream,
                                  tanlu_context *context) {
  tanlu_view_lines lines = {0};
  tanlu_status status = read_values(&lines, result, indicator, view, context);
  if (status == TANLU_OK) {
    tanlu_view_indicator_heading(result, indicator, stream);
    status = tanlu_view_lines_print(&lines, result, view, stream, context);
  }
  if (status == TANLU_OK && view->style != NULL && view->style->chart > 0) {
    (void)fputc('\n', stream);
    status = tanlu_view_lines_draw(&lines, result, view, stream, context);
  }
  tanlu_view_lines_clear(&lines);
  return status;
}

tanlu_status tanlu_view_chart(tanlu_result *result, size_t indicator, const tanlu_view *view, FILE *stream,
                              tanlu_context *context) {
  tanlu_view_lines lines = {0};
  if (view->style == NULL || view->style->chart == 0) return TANLU_OK;
  tanlu_status status = read_values(&lines, result, indicator, view, context);
  if (status == TANLU_OK) {
    tanlu_view_indicator_heading(result, indicator, stream);
    status = tanlu_view_lines_draw(&lines, result, view, stream, context);
  }
  tanlu_view_lines_clear(&lines);
  return status;
}

/* ---- variables ------------------------------------------------------------------------------------------------------- */

/* How the members of a variable's first own axis become the rows of a table. */
typedef struct {
  size_t rows;
  const char **name; /* rows: what they are called */
  size_t *row_of;    /* members: the row each is added to */
} grouping;

static void grouping_clear(grouping *g) {
  free(g->name);
  free(g->row_of);
}

/* Rows in the order in which they are first met; `group` (may be NULL) names the row of each member. */
static tanlu_status make_grouping(grouping *g, tanlu_result *result, const char *dimension, size_t members,
                                  char *const *group, tanlu_context *context) {
  const tanlu_labels *labels = tanlu_result_labels(result, dimension);
  g->name = tanlu_allocate(context, members, sizeof *g->name);
  g->row_of = tanlu_allocate(context, members, sizeof *g->row_of);
  if (g->name == NULL || g->row_of == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < members; i++) {
    const char *name = group != NULL ? group[i] : labels != NULL && i < labels->count ? labels->code[i] : "?";
    size_t row = group != NULL ? 0 : g->rows;
    while (row < g->rows && strcmp(g->name[row], name) != 0) row++;
    if (row == g->rows) g->name[g->rows++] = name;
    g->row_of[i] = row;
  }
  return TANLU_OK;
}

/* Label of a member besides its code, "" where there is none. */
static const char *label_of(tanlu_result *result, const char *dimension, const char *code) {
  const tanlu_labels *labels = tanlu_result_labels(result, dimension);
  const size_t i = labels != NULL ? tanlu_labels_find(labels, code) : TANLU_NONE;
  return i != TANLU_NONE ? labels->name[i] : "";
}

/* What the table of one scenario needs. */
typedef struct {
  tanlu_result *result;
  const tanlu_result_variable *variable;
  const grouping *rows;
  const tanlu_view *view;
  tanlu_view_years *choice;
  const char *row_dimension; /* whose labels name the rows */
  bool total;                /* rows add up */
  bool bars;                 /* rows have the same unit */
  bool notes;                /* what stands beside the names; left out where a terminal has no room */
} variable_table;

/* What stands beside the name of a row: the unit of a product, else the label of the member or group. */
static const char *row_note(const variable_table *t, size_t row) {
  if (strcmp(t->row_dimension, "product") == 0) {
    const tanlu_result_texts *units = tanlu_result_texts_find(t->result, "product_unit");
    if (units != NULL && row < units->count) return units->text[row];
  }
  return label_of(t->result, t->row_dimension, t->rows->name[row]);
}

/* Rows of a scenario by year, the total last. */
static void sum_rows(const variable_table *t, size_t scenario, double *value) {
  const tanlu_result_variable *v = t->variable;
  const size_t years = v->extent[1], members = v->extent[2], inner = v->rank == 4 ? v->extent[3] : 1;
  double *total = value + t->rows->rows * years;
  for (size_t y = 0; y < years; y++) {
    for (size_t i = 0; i < members; i++) {
      const double *cell = v->value + ((scenario * years + y) * members + i) * inner;
      for (size_t k = 0; k < inner; k++) {
        value[t->rows->row_of[i] * years + y] += cell[k];
        total[y] += cell[k];
      }
    }
  }
}

/* The bar of a row in the last year shown, on the axis of all rows. */
static void put_bar(tanlu_table *table, const variable_table *t, const double *value, size_t row, size_t width) {
  const size_t years = t->variable->extent[1], last = t->choice->index[t->choice->count - 1];
  char bar[4 * BAR_WIDTH + 4], text[sizeof bar + 16];
  double low = 0.0, high = 0.0;
  for (size_t k = 0; k < t->rows->rows; k++) {
    const double v = value[k * years + last];
    if (!isfinite(v)) continue;
    low = fmin(low, v);
    high = fmax(high, v);
  }
  (void)tanlu_text_bar_between(bar, sizeof bar, value[row * years + last], low, high, width);
  (void)snprintf(text, sizeof text, "%s%s%s", tanlu_ink_begin(t->view->style, TANLU_INK_BAR), bar,
                 tanlu_ink_end(t->view->style));
  tanlu_table_text(table, bar[0] != '\0' ? text : "");
}

/* The table of a scenario; with bars of `bars` columns, 0: without. */
static tanlu_table *scenario_table(const variable_table *t, size_t scenario, const double *value, size_t bars,
                                   tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(t->result, "scenario");
  const size_t years = t->variable->extent[1];
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return NULL;
  tanlu_table_column(table, scenarios->code[scenario], TANLU_LEFT);
  if (t->notes) tanlu_table_column(table, "", TANLU_LEFT);
  tanlu_view_year_columns(table, t->result, t->choice);
  if (bars > 0) {
    size_t total_years = 0;
    char text[32];
    (void)snprintf(text, sizeof text, "in %d",
                   tanlu_result_years(t->result, &total_years)[t->choice->index[t->choice->count - 1]]);
    tanlu_table_column(table, text, TANLU_LEFT);
  }
  for (size_t row = 0; row < t->rows->rows + (t->total ? 1 : 0); row++) {
    const bool is_total = row == t->rows->rows;
    const int decimals = tanlu_decimals(tanlu_view_largest(value + row * years, t->choice));
    tanlu_table_text(table, is_total ? "total" : t->rows->name[row]);
    if (t->notes) tanlu_table_text(table, is_total ? "" : row_note(t, row));
    for (size_t k = 0; k < t->choice->count; k++) {
      tanlu_table_number(table, value[row * years + t->choice->index[k]], decimals);
    }
    if (bars > 0 && !is_total) put_bar(table, t, value, row, bars);
    if (bars > 0 && is_total) tanlu_table_text(table, "");
  }
  return table;
}

/* Columns for bars beside a table: what the terminal has left. */
static size_t bar_width(const variable_table *t, const tanlu_table *table) {
  const tanlu_text_style *style = t->view->style;
  if (!t->bars || style == NULL || style->chart == 0 || t->choice->count == 0) return 0;
  const size_t beside = tanlu_table_width(table) + 2;
  if (style->columns == 0) return BAR_WIDTH;
  const size_t room = style->columns > beside ? style->columns - beside : 0;
  return room < BAR_LEAST ? 0 : room < BAR_WIDTH ? room : BAR_WIDTH;
}

/* As wide as the terminal lets it be, with room for bars: without notes (but the units of products), with fewer years. */
static tanlu_table *fitting_table(variable_table *t, size_t scenario, const double *value, tanlu_context *context) {
  const size_t beside = t->bars && t->view->style != NULL && t->view->style->chart > 0 ? BAR_LEAST + 2 : 0;
  for (;;) {
    tanlu_table *table = scenario_table(t, scenario, value, 0, context);
    if (table == NULL || !tanlu_view_too_wide(t->view, table, beside)) return table;
    if (t->notes && strcmp(t->row_dimension, "product") != 0) {
      t->notes = false;
    } else if (!tanlu_view_thin(t->result, t->view, t->choice)) {
      return table;
    }
    tanlu_table_free(&table);
  }
}

static tanlu_status print_scenario(variable_table *t, size_t scenario, FILE *stream, tanlu_context *context) {
  double *value = tanlu_allocate_doubles(context, t->rows->rows + 1, t->variable->extent[1]);
  if (value == NULL) return TANLU_ERR_MEMORY;
  sum_rows(t, scenario, value);
  tanlu_table *table = fitting_table(t, scenario, value, context);
  const size_t bars = table != NULL ? bar_width(t, table) : 0;
  if (bars > 0) {
    tanlu_table_free(&table);
    table = scenario_table(t, scenario, value, bars, context);
  }
  const tanlu_status status = table != NULL ? tanlu_table_print(table, stream, context) : TANLU_ERR_MEMORY;
  tanlu_table_free(&table);
  free(value);
  return status;
}

/* Variables without a year: one row a scenario. */
static tanlu_status print_scalars(tanlu_result *result, const tanlu_result_variable *v, const tanlu_view *view,
                                  FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const size_t members = v->rank > 1 ? v->extent[1] : 1;
  char text[32], code[32];
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  const tanlu_labels *labels = v->rank > 1 ? tanlu_result_labels(result, v->dimension[1]) : NULL;
  tanlu_table_column(table, "scenario", TANLU_LEFT);
  for (size_t i = 0; i < members; i++) {
    (void)snprintf(code, sizeof code, "%zu", i);
    tanlu_table_column(table, labels != NULL ? labels->code[i] : v->rank > 1 ? code : v->name, TANLU_RIGHT);
  }
  for (size_t s = 0; s < scenarios->count && s < v->extent[0]; s++) {
    if (!tanlu_view_scenario_shown(view, scenarios->code[s])) continue;
    tanlu_table_text(table, scenarios->code[s]);
    for (size_t i = 0; i < members; i++) {
      (void)snprintf(text, sizeof text, "%.6g", v->value[s * members + i]);
      tanlu_table_text(table, isnan(v->value[s * members + i]) ? "-" : text);
    }
  }
  const tanlu_status status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

static void print_heading(const tanlu_result_variable *v, const char *summed, FILE *stream) {
  (void)fprintf(stream, "%s, %s: %s%s%s\n\n", v->name, v->unit, v->long_name, summed != NULL ? "; summed over " : "",
                summed != NULL ? summed : "");
}

tanlu_status tanlu_view_variable(tanlu_result *result, const tanlu_result_variable *variable, const tanlu_view *view,
                                 FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const bool yearly = variable->rank >= 3 && strcmp(variable->dimension[1], "year") == 0;
  if (strcmp(variable->dimension[0], "scenario") != 0 || (!yearly && variable->rank > 2)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "variable '%s' has dimensions that no table shows; --csv prints it", variable->name);
  }
  if (!yearly) {
    print_heading(variable, NULL, stream);
    return print_scalars(result, variable, view, stream, context);
  }
  const bool one_unit =
      strcmp(variable->dimension[2], "product") != 0 && strcmp(variable->dimension[2], "indicator") != 0;
  const bool sums = one_unit && strcmp(variable->unit, "1") != 0;
  const tanlu_result_texts *group =
      sums && strcmp(variable->dimension[2], "sector") == 0 ? tanlu_result_texts_find(result, "sector_group") : NULL;
  grouping rows = {0};
  tanlu_view_years choice;
  tanlu_view_choose(result, view, &choice);
  tanlu_status status =
      make_grouping(&rows, result, variable->dimension[2], variable->extent[2],
                    group != NULL && group->count == variable->extent[2] ? group->text : NULL, context);
  variable_table table = {.result = result,
                          .variable = variable,
                          .rows = &rows,
                          .view = view,
                          .choice = &choice,
                          .row_dimension = group != NULL ? "group" : variable->dimension[2],
                          .total = sums,
                          .bars = one_unit,
                          .notes = true};
  if (status == TANLU_OK) print_heading(variable, variable->rank == 4 ? variable->dimension[3] : NULL, stream);
  bool first = true;
  for (size_t s = 0; status == TANLU_OK && s < scenarios->count && s < variable->extent[0]; s++) {
    if (!tanlu_view_scenario_shown(view, scenarios->code[s])) continue;
    if (!first) (void)fputc('\n', stream);
    first = false;
    status = print_scenario(&table, s, stream, context);
  }
  grouping_clear(&rows);
  return status;
}

/* ---- the list --------------------------------------------------------------------------------------------------------- */

static tanlu_status list_codes(tanlu_result *result, const char *dimension, const char *title, FILE *stream,
                               tanlu_context *context) {
  const tanlu_labels *labels = tanlu_result_labels(result, dimension);
  char name[64];
  (void)snprintf(name, sizeof name, "%s_unit", dimension);
  const tanlu_result_texts *units = tanlu_result_texts_find(result, name);
  if (labels == NULL) return TANLU_OK;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, title, TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  tanlu_table_column(table, "definition", TANLU_LEFT);
  for (size_t i = 0; i < labels->count; i++) {
    tanlu_table_text(table, labels->code[i]);
    tanlu_table_text(table, units != NULL && i < units->count ? units->text[i] : "");
    tanlu_table_text(table, labels->name[i]);
  }
  const tanlu_status status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  (void)fputc('\n', stream);
  return status;
}

tanlu_status tanlu_view_list(tanlu_result *result, FILE *stream, tanlu_context *context) {
  tanlu_status status = list_codes(result, "indicator", "indicator", stream, context);
  if (status == TANLU_OK) status = list_codes(result, "summary", "scenario scalar", stream, context);
  tanlu_table *table = status == TANLU_OK ? tanlu_table_create(context) : NULL;
  if (table == NULL) return status == TANLU_OK ? TANLU_ERR_MEMORY : status;
  tanlu_table_column(table, "variable", TANLU_LEFT);
  tanlu_table_column(table, "dimensions", TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  tanlu_table_column(table, "description", TANLU_LEFT);
  for (size_t i = 0; i < tanlu_result_variable_count(result); i++) {
    const tanlu_result_variable *v = tanlu_result_variable_at(result, i);
    char dimensions[256] = "";
    for (size_t k = 0; k < v->rank; k++) {
      const size_t used = strlen(dimensions);
      (void)snprintf(dimensions + used, sizeof dimensions - used, "%s%s %zu", k > 0 ? ", " : "", v->dimension[k],
                     v->extent[k]);
    }
    tanlu_table_text(table, v->name);
    tanlu_table_text(table, dimensions);
    tanlu_table_text(table, v->unit);
    tanlu_table_text(table, v->long_name);
  }
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}
