#include "inputs/wide_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

static const double rounding = 1e-9; /* of printed totals, relative to them */

typedef struct {
  const tanlu_wide_table *wide;
  tanlu_region_table *table;
  double **component;                 /* wide->component.count: n */
  double *flows, *domestic;           /* n */
  size_t *first, *next;               /* rows of each sector: n, csv->rows; TANLU_NONE ends */
  double *column_output, *row_output; /* n: as the output column and row say; NULL: there is none */
  double *total;                      /* n: as the row of inputs says; NULL: there is none */
} reading;

tanlu_status tanlu_wide_table_create(tanlu_wide_table *wide, const tanlu_csv *csv, tanlu_context *context) {
  *wide = (tanlu_wide_table){.csv = csv};
  wide->row = tanlu_allocate(context, csv->rows, sizeof *wide->row);
  wide->column = tanlu_allocate(context, csv->columns, sizeof *wide->column);
  return wide->row != NULL && wide->column != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_wide_table_clear(tanlu_wide_table *wide) {
  free(wide->row);
  free(wide->column);
  tanlu_labels_clear(&wide->component);
  *wide = (tanlu_wide_table){0};
}

size_t tanlu_wide_table_component(tanlu_wide_table *wide, const char *name, tanlu_context *context) {
  for (size_t c = 0; c < wide->component.count; c++) {
    if (strcmp(wide->component.name[c], name) == 0) return c;
  }
  return tanlu_labels_add(&wide->component, "", name, NULL, context) == TANLU_OK ? wide->component.count - 1
                                                                                 : TANLU_NONE;
}

static bool is_flow_row(tanlu_wide_kind kind) {
  return kind == TANLU_WIDE_SECTOR || kind == TANLU_WIDE_DOMESTIC || kind == TANLU_WIDE_IMPORTED;
}

static tanlu_status number(reading *r, size_t row, size_t column, double *value) {
  if (*tanlu_csv_text(r->wide->csv, row, column) == '\0') {
    tanlu_table_report_add(r->table->report, TANLU_REMARK_MISSING, 0.0, "line %zu, field %zu", r->wide->csv->line[row],
                           column + 1);
  }
  return tanlu_csv_number(r->wide->csv, row, column, 0.0, value, r->table->context);
}

/* ---- sectors ------------------------------------------------------------------------------------------------------------- */

static tanlu_status take_cell(reading *r, size_t row, size_t column, size_t i) {
  tanlu_region_table *t = r->table;
  const size_t n = t->sector.count;
  const tanlu_wide_place to = r->wide->column[column];
  const tanlu_wide_kind from = r->wide->row[row].kind;
  double value = 0.0;
  if (to.kind == TANLU_WIDE_LEFT_OUT) return TANLU_OK;
  const tanlu_status status = number(r, row, column, &value);
  if (status != TANLU_OK) return status;
  if (to.kind == TANLU_WIDE_SECTOR) {
    r->flows[to.index] += value;
    if (from == TANLU_WIDE_DOMESTIC) r->domestic[to.index] += value;
  } else if (to.kind == TANLU_WIDE_FINAL) {
    t->final_use[to.index * n + i] += value;
    if (from == TANLU_WIDE_DOMESTIC) t->final_domestic[to.index * n + i] += value;
  } else if (to.kind == TANLU_WIDE_IMPORTS) {
    if (from != TANLU_WIDE_IMPORTED) t->imports[i] -= value;
  } else if (to.kind == TANLU_WIDE_OUTPUT && r->column_output != NULL && from != TANLU_WIDE_IMPORTED) {
    r->column_output[i] += value;
  }
  if (from == TANLU_WIDE_IMPORTED && (to.kind == TANLU_WIDE_SECTOR || to.kind == TANLU_WIDE_FINAL)) {
    t->imports[i] += value;
  }
  return TANLU_OK;
}

static tanlu_status take_sector(reading *r, size_t i) {
  const size_t n = r->table->sector.count;
  tanlu_status status = TANLU_OK;
  memset(r->flows, 0, n * sizeof *r->flows);
  memset(r->domestic, 0, n * sizeof *r->domestic);
  for (size_t row = r->first[i]; row != TANLU_NONE; row = r->next[row]) {
    for (size_t column = 0; column < r->wide->csv->columns; column++) {
      const tanlu_status taken = take_cell(r, row, column, i);
      if (taken != TANLU_OK) status = taken;
    }
  }
  if (status != TANLU_OK) return status;
  const bool split = r->table->heads.import_treatment == TANLU_IMPORT_SPLIT;
  return tanlu_region_table_row(r->table, i, r->flows, split ? r->domestic : NULL);
}

/* Rows of each sector, in the order of the file; a sector without rows or columns is an error. */
static tanlu_status chain_rows(reading *r) {
  const tanlu_csv *csv = r->wide->csv;
  const tanlu_region_table *t = r->table;
  tanlu_status status = TANLU_OK;
  bool *bought = tanlu_allocate(t->context, t->sector.count, sizeof *bought);
  if (bought == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < t->sector.count; i++) r->first[i] = TANLU_NONE;
  for (size_t row = csv->rows; row-- > 0;) {
    if (!is_flow_row(r->wide->row[row].kind)) continue;
    const size_t i = r->wide->row[row].index;
    r->next[row] = r->first[i];
    r->first[i] = row;
    r->table->line[i] = csv->line[row];
  }
  r->table->has_lines = true;
  for (size_t c = 0; c < csv->columns; c++) {
    if (r->wide->column[c].kind == TANLU_WIDE_SECTOR) bought[r->wide->column[c].index] = true;
  }
  for (size_t i = 0; i < t->sector.count; i++) {
    if (r->first[i] != TANLU_NONE && bought[i]) continue;
    status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, csv->file, 0, 0, "sector '%s' has no %s", t->sector.code[i],
                           bought[i] ? "row" : "column");
  }
  free(bought);
  return status;
}

/* ---- value added and totals ----------------------------------------------------------------------------------------------- */

static tanlu_status take_other(reading *r, size_t row) {
  const tanlu_csv *csv = r->wide->csv;
  const tanlu_wide_place from = r->wide->row[row];
  tanlu_status status = TANLU_OK;
  if (from.kind == TANLU_WIDE_LEFT_OUT) return TANLU_OK;
  double *to = from.kind == TANLU_WIDE_COMPONENT ? r->component[from.index]
               : from.kind == TANLU_WIDE_INPUTS  ? r->total
                                                 : r->row_output;
  for (size_t c = 0; c < csv->columns; c++) {
    const tanlu_wide_place column = r->wide->column[c];
    double value = 0.0;
    if (column.kind != TANLU_WIDE_SECTOR && column.kind != TANLU_WIDE_FINAL) continue;
    const tanlu_status read = number(r, row, c, &value);
    if (read != TANLU_OK) {
      status = read;
    } else if (column.kind == TANLU_WIDE_SECTOR) {
      to[column.index] += value;
    } else if (from.kind == TANLU_WIDE_COMPONENT && value != 0.0) {
      /* taxes and the like that final demand pays */
      tanlu_table_report_add(r->table->report, TANLU_REMARK_LEFT_OUT, value, "%s of %s",
                             r->wide->component.name[from.index], r->table->category.code[column.index]);
    }
  }
  return status;
}

/* A total of the source against the sum of what it is of. */
static tanlu_status check_total(const reading *r, const char *what, const double *total, const double *sum) {
  const tanlu_region_table *t = r->table;
  tanlu_status status = TANLU_OK;
  if (total != NULL) tanlu_table_report_add(t->report, TANLU_REMARK_TOTAL, 0.0, "%s", what);
  for (size_t j = 0; total != NULL && j < t->sector.count; j++) {
    const double size = fmax(fabs(sum[j]), t->output[j]), gap = total[j] - sum[j];
    if (fabs(gap) > rounding * size && fabs(gap) <= t->heads.balance_tolerance * size) {
      tanlu_table_report_add(t->report, TANLU_REMARK_TOTAL_GAP, gap, "%s of %s", what, t->sector.code[j]);
    }
    if (fabs(gap) <= t->heads.balance_tolerance * size) continue;
    status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, r->wide->csv->file, 0, 0,
                           "the %s of '%s' is %.10g in the file, but %.10g by its parts; allowed %.1g of output", what,
                           t->sector.code[j], total[j], sum[j], t->heads.balance_tolerance);
  }
  return status;
}

static tanlu_status check_totals(reading *r) {
  tanlu_region_table *t = r->table;
  const size_t n = t->sector.count;
  const double *given = r->column_output != NULL ? r->column_output : r->row_output;
  if (given != NULL) memcpy(t->output, given, n * sizeof *given);
  t->has_output = given != NULL;
  tanlu_status status = r->column_output != NULL ? check_total(r, "row of outputs", r->row_output, given) : TANLU_OK;
  for (size_t j = 0; r->total != NULL && j < n; j++) {
    r->flows[j] = t->inputs[j] + t->negative[j];
    for (size_t c = 0; c < r->wide->before; c++) r->flows[j] += r->component[c][j];
  }
  const tanlu_status inputs = check_total(r, "row of inputs", r->total, r->flows);
  return status == TANLU_OK ? inputs : status;
}

/* ---- all ------------------------------------------------------------------------------------------------------------------- */

static bool has(const tanlu_wide_place *place, size_t count, tanlu_wide_kind kind) {
  for (size_t k = 0; k < count; k++) {
    if (place[k].kind == kind) return true;
  }
  return false;
}

static tanlu_status allocate(reading *r) {
  const tanlu_wide_table *w = r->wide;
  tanlu_region_table *t = r->table;
  const size_t n = t->sector.count;
  r->component = tanlu_allocate(t->context, w->component.count, sizeof *r->component);
  for (size_t c = 0; r->component != NULL && c < w->component.count; c++) {
    r->component[c] = tanlu_region_table_component(t, w->component.name[c]);
    if (r->component[c] == NULL) return TANLU_ERR_MEMORY;
  }
  r->flows = tanlu_allocate_doubles(t->context, n, 1);
  r->domestic = tanlu_allocate_doubles(t->context, n, 1);
  r->first = tanlu_allocate(t->context, n, sizeof *r->first);
  r->next = tanlu_allocate(t->context, w->csv->rows, sizeof *r->next);
  if (!r->component || !r->flows || !r->domestic || !r->first || !r->next) return TANLU_ERR_MEMORY;
  const bool column = has(w->column, w->csv->columns, TANLU_WIDE_OUTPUT),
             row = has(w->row, w->csv->rows, TANLU_WIDE_OUTPUT);
  const bool total = has(w->row, w->csv->rows, TANLU_WIDE_INPUTS);
  if (column) r->column_output = tanlu_allocate_doubles(t->context, n, 1);
  if (row) r->row_output = tanlu_allocate_doubles(t->context, n, 1);
  if (total) r->total = tanlu_allocate_doubles(t->context, n, 1);
  return (column && !r->column_output) || (row && !r->row_output) || (total && !r->total) ? TANLU_ERR_MEMORY : TANLU_OK;
}

static tanlu_status read_all(reading *r) {
  tanlu_region_table *t = r->table;
  tanlu_status status = allocate(r);
  if (status == TANLU_OK) status = chain_rows(r);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < t->sector.count; i++) {
    const tanlu_status taken = take_sector(r, i);
    if (taken == TANLU_OK) continue;
    status = taken;
    if (taken != TANLU_ERR_INPUT) return status;
  }
  for (size_t row = 0; row < r->wide->csv->rows; row++) {
    if (is_flow_row(r->wide->row[row].kind)) continue;
    const tanlu_status taken = take_other(r, row);
    if (taken != TANLU_OK) status = taken;
  }
  if (status == TANLU_OK) status = check_totals(r);
  return status == TANLU_OK ? tanlu_region_table_end(t) : status;
}

tanlu_status tanlu_wide_table_read(const tanlu_wide_table *wide, tanlu_region_table *table) {
  reading r = {.wide = wide, .table = table};
  const tanlu_status status = read_all(&r);
  free(r.component);
  free(r.flows);
  free(r.domestic);
  free(r.first);
  free(r.next);
  free(r.column_output);
  free(r.row_output);
  free(r.total);
  return status;
}
