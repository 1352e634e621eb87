#include "outputs/analysis_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"
#include "solvers/memory.h"

void tanlu_analysis_csv_header(FILE *csv) {
  static const char *const column[] = {"analysis", "scenario", "year", "code", "name",
                                       "category", "quantity", "unit", "value"};
  if (csv == NULL) return;
  for (size_t i = 0; i < sizeof column / sizeof *column; i++) tanlu_csv_put_text(csv, i == 0, column[i]);
  tanlu_csv_put_end(csv);
}

void tanlu_analysis_csv(const tanlu_analysis_view *view, const char *code, const char *name, const char *category,
                        const char *quantity, const char *unit, double value) {
  if (view->csv == NULL) return;
  char year[16] = "";
  if (view->year != 0) (void)snprintf(year, sizeof year, "%d", view->year);
  const char *const text[] = {view->analysis, view->scenario, year, code, name, category, quantity, unit};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) tanlu_csv_put_text(view->csv, i == 0, text[i]);
  tanlu_csv_put_number(view->csv, false, value);
  tanlu_csv_put_end(view->csv);
}

void tanlu_analysis_sum(const tanlu_analysis_view *view, double factor, const double *by_sector, double *by_member) {
  memset(by_member, 0, view->member->count * sizeof *by_member);
  for (size_t j = 0; j < view->sectors; j++) {
    by_member[view->member_of != NULL ? view->member_of[j] : j] += factor * by_sector[j];
  }
}

typedef struct {
  double size;
  size_t member;
} ranked;

static int largest_first(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->size != y->size) return x->size < y->size ? 1 : -1;
  return (x->member > y->member) - (x->member < y->member);
}

/* Digits after the point for the members that are shown: more where all of them are small. */
static int decimals_of(const tanlu_analysis_column *column, const ranked *order, size_t shown) {
  double most = 0.0;
  for (size_t k = 0; k < shown; k++) {
    const double size = fabs(column->value[order[k].member]);
    if (size > most) most = size;
  }
  const int needed = most > 0.0 ? tanlu_decimals(most) : 0;
  return needed > column->decimals ? needed : column->decimals;
}

static tanlu_status print_table(const tanlu_analysis_view *view, const char *heading, const ranked *order, size_t shown,
                                const tanlu_analysis_column *column, size_t columns, tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, heading, TANLU_LEFT);
  for (size_t c = 0; c < columns; c++) {
    if (column[c].heading != NULL) {
      tanlu_table_column(table, column[c].heading, column[c].text != NULL ? TANLU_LEFT : TANLU_RIGHT);
    }
  }
  for (size_t k = 0; k < shown; k++) {
    const size_t i = order[k].member;
    tanlu_table_text(table, view->member->name[i]);
    for (size_t c = 0; c < columns; c++) {
      if (column[c].heading == NULL) continue;
      if (column[c].text != NULL) {
        tanlu_table_text(table, column[c].text[i]);
      } else {
        tanlu_table_number(table, column[c].value[i], decimals_of(&column[c], order, shown));
      }
    }
  }
  const tanlu_status status = tanlu_table_print(table, view->out, context);
  tanlu_table_free(&table);
  return status;
}

tanlu_status tanlu_analysis_print(const tanlu_analysis_view *view, const char *title, const char *heading,
                                  const double *key, const tanlu_analysis_column *column, size_t columns,
                                  tanlu_context *context) {
  const size_t members = view->member->count, shown = view->top < members ? view->top : members;
  ranked *order = tanlu_allocate(context, members, sizeof *order);
  if (order == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < members; i++) order[i] = (ranked){isnan(key[i]) ? -1.0 : fabs(key[i]), i};
  qsort(order, members, sizeof *order, largest_first);
  (void)fprintf(view->out, "%s\n", title);
  const tanlu_status status = print_table(view, heading, order, shown, column, columns, context);
  if (status == TANLU_OK && shown < members) {
    (void)fprintf(view->out, "%zu more; --top lists them, --csv writes all\n", members - shown);
  }
  for (size_t i = 0; i < members; i++) {
    for (size_t c = 0; c < columns; c++) {
      if (column[c].quantity == NULL) continue;
      tanlu_analysis_csv(view, view->member->code[i], view->member->name[i], column[c].category, column[c].quantity,
                         column[c].unit, column[c].value[i]);
    }
  }
  free(order);
  return status;
}
