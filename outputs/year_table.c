#include "outputs/year_table.h"

#include <stdlib.h>

#include "outputs/table.h"
#include "solvers/memory.h"

typedef struct {
  char code[64], name[96];
  tanlu_year_row kind; /* without its texts */
  double *value;       /* years */
  bool shown;
} year_row;

struct tanlu_year_table {
  const tanlu_analysis_view *view;
  const char *heading;
  size_t years, rows, next; /* next: row of the year that is being added */
  int *year;
  year_row *row;
};

tanlu_status tanlu_year_table_create(tanlu_year_table **table, const tanlu_analysis_view *view, const char *heading,
                                     tanlu_context *context) {
  *table = tanlu_allocate(context, 1, sizeof **table);
  if (*table == NULL) return TANLU_ERR_MEMORY;
  (*table)->view = view;
  (*table)->heading = heading;
  return TANLU_OK;
}

void tanlu_year_table_free(tanlu_year_table **table) {
  tanlu_year_table *t = *table;
  if (t == NULL) return;
  for (size_t i = 0; i < t->rows; i++) free(t->row[i].value);
  free(t->row);
  free(t->year);
  free(t);
  *table = NULL;
}

tanlu_status tanlu_year_table_year(tanlu_year_table *table, int year, tanlu_context *context) {
  int *grown = realloc(table->year, (table->years + 1) * sizeof *grown);
  if (grown == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a table");
  table->year = grown;
  table->year[table->years++] = year;
  table->next = 0;
  return TANLU_OK;
}

tanlu_status tanlu_year_table_put(tanlu_year_table *table, const tanlu_year_row *row, double value,
                                  tanlu_context *context) {
  if (table->next == table->rows) {
    year_row *grown = realloc(table->row, (table->rows + 1) * sizeof *grown);
    if (grown == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a table");
    table->row = grown;
    year_row *added = &grown[table->rows++];
    *added = (year_row){.kind = *row};
    (void)snprintf(added->code, sizeof added->code, "%s", row->code);
    (void)snprintf(added->name, sizeof added->name, "%s", row->name);
  }
  year_row *r = &table->row[table->next++];
  double *values = realloc(r->value, table->years * sizeof *values);
  if (values == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a table");
  r->value = values;
  values[table->years - 1] = value;
  r->shown = r->shown || value != 0.0;
  r->kind.apart = row->apart;
  return TANLU_OK;
}

tanlu_status tanlu_year_table_print(tanlu_year_table *table, const char *title, tanlu_context *context) {
  const tanlu_year_table *y = table;
  tanlu_analysis_view view = *y->view;
  tanlu_table *text = tanlu_table_create(context);
  if (text == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(text, y->heading, TANLU_LEFT);
  tanlu_table_column(text, "unit", TANLU_LEFT);
  for (size_t t = 0; t < y->years; t++) {
    char heading[16];
    (void)snprintf(heading, sizeof heading, "%d", y->year[t]);
    tanlu_table_column(text, heading, TANLU_RIGHT);
  }
  for (size_t i = 0; i < y->rows; i++) {
    const year_row *r = &y->row[i];
    for (size_t t = 0; t < y->years; t++) {
      view.year = y->year[t];
      tanlu_analysis_csv(&view, r->code, r->name, "", r->kind.quantity, r->kind.unit, r->value[t]);
    }
    if (!r->shown) continue;
    for (size_t c = 0; r->kind.apart && c < y->years + 2; c++) tanlu_table_text(text, "");
    tanlu_table_text(text, r->name);
    tanlu_table_text(text, r->kind.unit);
    for (size_t t = 0; t < y->years; t++) tanlu_table_number(text, r->value[t], r->kind.decimals);
  }
  (void)fprintf(view.out, "%s\n", title);
  const tanlu_status status = tanlu_table_print(text, view.out, context);
  tanlu_table_free(&text);
  return status;
}
