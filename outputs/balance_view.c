#include "outputs/balance_view.h"

#include <math.h>
#include <stdlib.h>

#include "model/table_change.h"
#include "outputs/csv_write.h"
#include "outputs/table.h"
#include "solvers/memory.h"

static const double percent = 100.0;

static void put_change(tanlu_table *table, const char *what, tanlu_table_change change) {
  const double value[] = {change.wape, change.stpe, change.mape};
  tanlu_table_text(table, what);
  for (size_t k = 0; k < sizeof value / sizeof *value; k++) tanlu_table_number(table, value[k], 2);
  tanlu_table_number(table, (double)change.cells, 0);
}

static tanlu_status print_errors(const tanlu_balance_view *v, FILE *out, tanlu_context *context) {
  const size_t cells = v->row->count * v->column->count;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "difference", TANLU_LEFT);
  tanlu_table_column(table, "WAPE, %", TANLU_RIGHT);
  tanlu_table_column(table, "STPE, %", TANLU_RIGHT);
  tanlu_table_column(table, "MAPE, %", TANLU_RIGHT);
  tanlu_table_column(table, "cells", TANLU_RIGHT);
  put_change(table, "balanced from given", tanlu_table_change_of(cells, v->after, v->before));
  if (v->against != NULL) {
    put_change(table, "given from true", tanlu_table_change_of(cells, v->before, v->against));
    put_change(table, "balanced from true", tanlu_table_change_of(cells, v->after, v->against));
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

/* The cells that differ most from `reference`. */
static tanlu_status print_largest(const tanlu_balance_view *v, const double *reference, const char *heading, FILE *out,
                                  tanlu_context *context) {
  const size_t cells = v->row->count * v->column->count;
  size_t *cell = tanlu_allocate(context, v->top, sizeof *cell);
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = cell != NULL && table != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  const size_t count = status == TANLU_OK ? tanlu_table_change_largest(cells, v->after, reference, v->top, cell) : 0;
  if (count > 0) {
    const int decimals = tanlu_decimals(fabs(reference[cell[0]]));
    (void)fprintf(out, "\nBalanced table, largest differences from the %s one\n", heading);
    tanlu_table_column(table, "row", TANLU_LEFT);
    tanlu_table_column(table, "column", TANLU_LEFT);
    tanlu_table_column(table, heading, TANLU_RIGHT);
    tanlu_table_column(table, "balanced", TANLU_RIGHT);
    tanlu_table_column(table, "difference", TANLU_RIGHT);
    tanlu_table_column(table, "%", TANLU_RIGHT);
    for (size_t k = 0; k < count; k++) {
      const double was = reference[cell[k]], is = v->after[cell[k]];
      tanlu_table_text(table, v->row->code[cell[k] % v->row->count]);
      tanlu_table_text(table, v->column->code[cell[k] / v->row->count]);
      tanlu_table_number(table, was, decimals);
      tanlu_table_number(table, is, decimals);
      tanlu_table_number(table, is - was, decimals);
      tanlu_table_number(table, was != 0.0 ? percent * (is - was) / fabs(was) : (double)NAN, 1);
    }
    status = tanlu_table_print(table, out, context);
  }
  tanlu_table_free(&table);
  free(cell);
  return status;
}

tanlu_status tanlu_balance_print(const tanlu_balance_view *v, FILE *out, tanlu_context *context) {
  (void)fprintf(out, "%s: %zu rows, %zu columns, balanced by %s in %zu round%s, largest gap of a sum %.2g of it",
                v->table, v->row->count, v->column->count, v->method, v->rounds, v->rounds == 1 ? "" : "s", v->gap);
  if (v->fixed > 0) (void)fprintf(out, ", %zu cell%s fixed", v->fixed, v->fixed == 1 ? "" : "s");
  (void)fputs(v->against != NULL ? "\nTrue table: " : "\n", out);
  if (v->against != NULL) (void)fprintf(out, "%s\n", v->truth);
  (void)fputc('\n', out);
  tanlu_status status = print_errors(v, out, context);
  if (status == TANLU_OK) status = print_largest(v, v->before, "given", out, context);
  if (status == TANLU_OK && v->against != NULL) status = print_largest(v, v->against, "true", out, context);
  return status;
}

void tanlu_balance_write(const tanlu_balance_view *v, FILE *csv) {
  tanlu_csv_put_text(csv, true, "code");
  for (size_t j = 0; j < v->column->count; j++) tanlu_csv_put_text(csv, false, v->column->code[j]);
  tanlu_csv_put_end(csv);
  for (size_t i = 0; i < v->row->count; i++) {
    tanlu_csv_put_text(csv, true, v->row->code[i]);
    for (size_t j = 0; j < v->column->count; j++) tanlu_csv_put_number(csv, false, v->after[j * v->row->count + i]);
    tanlu_csv_put_end(csv);
  }
}
