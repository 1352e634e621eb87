#include "outputs/result_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/table.h"
#include "solvers/memory.h"

enum { SPREAD = 9, YEARS_MAX = 512, RANK_MAX = 4 };

/* ---- years ---------------------------------------------------------------------------------------------------------- */

/* Years that are shown: all of from..to, or the first, the last and those divisible by 5, thinned to about nine. */
typedef struct {
  size_t count, index[YEARS_MAX];
} year_choice;

static void choose_years(tanlu_result *result, const tanlu_view *view, year_choice *choice) {
  size_t total = 0;
  const int *year = tanlu_result_years(result, &total);
  choice->count = 0;
  int step = 1;
  if (view->from > view->to) {
    while ((int)total / step > SPREAD) step = step == 1 ? 5 : step + 5;
  }
  for (size_t t = 0; t < total && choice->count < YEARS_MAX; t++) {
    const bool wanted = view->from <= view->to ? year[t] >= view->from && year[t] <= view->to
                                               : year[t] % step == 0 || t == 0 || t + 1 == total;
    if (wanted) choice->index[choice->count++] = t;
  }
}

static void year_columns(tanlu_table *table, tanlu_result *result, const year_choice *choice) {
  size_t total = 0;
  const int *year = tanlu_result_years(result, &total);
  char text[16];
  for (size_t k = 0; k < choice->count; k++) {
    (void)snprintf(text, sizeof text, "%d", year[choice->index[k]]);
    tanlu_table_column(table, text, TANLU_RIGHT);
  }
}

static bool scenario_shown(const tanlu_view *view, const char *code) {
  return view->scenario == NULL || strcmp(view->scenario, code) == 0;
}

static double largest_of(const double *value, const year_choice *choice) {
  double largest = 0.0;
  for (size_t k = 0; k < choice->count; k++) {
    const double v = fabs(value[choice->index[k]]);
    if (isfinite(v) && v > largest) largest = v;
  }
  return largest;
}

/* ---- indicators ------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_view_indicator(tanlu_result *result, size_t indicator, const tanlu_view *view, FILE *stream,
                                  tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const tanlu_labels *codes = tanlu_result_labels(result, "indicator");
  const tanlu_result_texts *units = tanlu_result_texts_find(result, "indicator_unit");
  const tanlu_result_variable *v = NULL;
  tanlu_status status = tanlu_result_variable_read(result, "indicator_value", &v, context);
  if (status != TANLU_OK) return status;
  const size_t years = v->extent[1];
  year_choice choice;
  choose_years(result, view, &choice);
  double *value = tanlu_allocate_doubles(context, years, 1);
  char *trend = tanlu_allocate(context, 3 * years + 1, 1);
  tanlu_table *table = tanlu_table_create(context);
  if (value == NULL || trend == NULL || table == NULL) {
    status = TANLU_ERR_MEMORY;
    goto done;
  }
  (void)fprintf(stream, "%s, %s: %s\n\n", codes->code[indicator], units != NULL ? units->text[indicator] : "",
                codes->name[indicator]);
  tanlu_table_column(table, "scenario", TANLU_LEFT);
  year_columns(table, result, &choice);
  tanlu_table_column(table, "trend", TANLU_LEFT);
  for (size_t s = 0; s < scenarios->count; s++) {
    if (!scenario_shown(view, scenarios->code[s])) continue;
    for (size_t t = 0; t < years; t++) value[t] = v->value[(s * years + t) * v->extent[2] + indicator];
    const int decimals = tanlu_decimals(largest_of(value, &choice));
    tanlu_table_text(table, scenarios->code[s]);
    for (size_t k = 0; k < choice.count; k++) tanlu_table_number(table, value[choice.index[k]], decimals);
    tanlu_table_text(table, tanlu_text_sparkline(trend, 3 * years + 1, value, years));
  }
  status = tanlu_table_print(table, stream, context);
done:
  tanlu_table_free(&table);
  free(trend);
  free(value);
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
  const year_choice *choice;
  const char *row_dimension; /* whose labels name the rows */
  bool total;                /* rows add up */
} variable_table;

/* What stands beside the name of a row: the unit of a product, else the label of the member or group. */
static const char *row_note(const variable_table *t, size_t row) {
  if (strcmp(t->row_dimension, "product") == 0) {
    const tanlu_result_texts *units = tanlu_result_texts_find(t->result, "product_unit");
    if (units != NULL && row < units->count) return units->text[row];
  }
  return label_of(t->result, t->row_dimension, t->rows->name[row]);
}

static tanlu_status print_scenario(const variable_table *t, size_t scenario, FILE *stream, tanlu_context *context) {
  const tanlu_result_variable *v = t->variable;
  const tanlu_labels *scenarios = tanlu_result_labels(t->result, "scenario");
  const size_t years = v->extent[1], members = v->extent[2], inner = v->rank == 4 ? v->extent[3] : 1;
  double *value = tanlu_allocate_doubles(context, t->rows->rows + 1, years); /* rows x years, the total last */
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (value == NULL || table == NULL) goto done;
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
  tanlu_table_column(table, scenarios->code[scenario], TANLU_LEFT);
  tanlu_table_column(table, "", TANLU_LEFT);
  year_columns(table, t->result, t->choice);
  for (size_t row = 0; row < t->rows->rows + (t->total ? 1 : 0); row++) {
    const bool is_total = row == t->rows->rows;
    const int decimals = tanlu_decimals(largest_of(value + row * years, t->choice));
    tanlu_table_text(table, is_total ? "total" : t->rows->name[row]);
    tanlu_table_text(table, is_total ? "" : row_note(t, row));
    for (size_t k = 0; k < t->choice->count; k++) {
      tanlu_table_number(table, value[row * years + t->choice->index[k]], decimals);
    }
  }
  status = tanlu_table_print(table, stream, context);
done:
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
    if (!scenario_shown(view, scenarios->code[s])) continue;
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
  const bool sums = strcmp(variable->unit, "1") != 0 && strcmp(variable->dimension[2], "product") != 0 &&
                    strcmp(variable->dimension[2], "indicator") != 0;
  const tanlu_result_texts *group =
      sums && strcmp(variable->dimension[2], "sector") == 0 ? tanlu_result_texts_find(result, "sector_group") : NULL;
  grouping rows = {0};
  year_choice choice;
  choose_years(result, view, &choice);
  tanlu_status status =
      make_grouping(&rows, result, variable->dimension[2], variable->extent[2],
                    group != NULL && group->count == variable->extent[2] ? group->text : NULL, context);
  const variable_table table = {.result = result,
                                .variable = variable,
                                .rows = &rows,
                                .choice = &choice,
                                .row_dimension = group != NULL ? "group" : variable->dimension[2],
                                .total = sums};
  if (status == TANLU_OK) print_heading(variable, variable->rank == 4 ? variable->dimension[3] : NULL, stream);
  bool first = true;
  for (size_t s = 0; status == TANLU_OK && s < scenarios->count && s < variable->extent[0]; s++) {
    if (!scenario_shown(view, scenarios->code[s])) continue;
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
