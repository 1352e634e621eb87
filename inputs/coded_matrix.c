#include "inputs/coded_matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "solvers/memory.h"

static const char key[] = "code";

static tanlu_status check_key(const tanlu_csv *table, tanlu_context *context) {
  if (strcmp(tanlu_csv_header(table, 0), key) != 0) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, 1, "expected '%s', found '%s'", key,
                         tanlu_csv_header(table, 0));
  }
  if (table->columns > 1 && table->rows > 0) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, 0, 0, "holds no %s",
                       table->rows > 0 ? "columns" : "rows");
}

/* ---- a matrix of its own codes ----------------------------------------------------------------------------------------- */

static tanlu_status read_columns(tanlu_labels *column, const tanlu_csv *table, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t c = 1; c < table->columns; c++) {
    const char *code = tanlu_csv_header(table, c);
    const size_t before = tanlu_labels_find(column, code);
    if (*code == '\0' || before != TANLU_NONE) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, c + 1,
                             *code == '\0' ? "the code of the column is empty%s" : "duplicate column '%s'", code);
    }
    const tanlu_status added = tanlu_labels_add(column, code, NULL, NULL, context);
    if (added != TANLU_OK) return added;
  }
  return status;
}

static tanlu_status read_rows(tanlu_labels *row, const tanlu_csv *table, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t r = 0; r < table->rows; r++) {
    const char *code = tanlu_csv_text(table, r, 0);
    const size_t before = tanlu_labels_find(row, code);
    if (*code == '\0') status = tanlu_csv_fail(table, r, 0, context, "the code of the row is empty");
    if (*code != '\0' && before != TANLU_NONE) {
      status = tanlu_csv_fail(table, r, 0, context, "duplicate row '%s', first in line %zu", code, table->line[before]);
    }
    const tanlu_status added = tanlu_labels_add(row, code, NULL, NULL, context);
    if (added != TANLU_OK) return added;
  }
  return status;
}

static tanlu_status read_values(double *value, const tanlu_csv *table, const size_t *row, const size_t *column,
                                tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t r = 0; r < table->rows; r++) {
    for (size_t c = 1; c < table->columns; c++) {
      double *cell = &value[column[c - 1] * table->rows + row[r]];
      const tanlu_status read = tanlu_csv_number(table, r, c, 0.0, cell, context);
      if (read != TANLU_OK) status = read;
    }
  }
  return status;
}

tanlu_status tanlu_coded_matrix_read(tanlu_coded_matrix *matrix, const char *path, tanlu_context *context) {
  tanlu_csv *table = NULL;
  size_t *order = NULL;
  *matrix = (tanlu_coded_matrix){0};
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = check_key(table, context);
  if (status == TANLU_OK) {
    status = read_columns(&matrix->column, table, context);
    const tanlu_status rows = read_rows(&matrix->row, table, context);
    if (status == TANLU_OK) status = rows;
  }
  if (status == TANLU_OK) {
    const size_t most = table->rows > table->columns ? table->rows : table->columns;
    order = tanlu_allocate(context, most, sizeof *order);
    matrix->value = tanlu_allocate_doubles(context, table->rows, table->columns - 1);
    status = order != NULL && matrix->value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
    for (size_t k = 0; status == TANLU_OK && k < most; k++) order[k] = k;
  }
  if (status == TANLU_OK) status = read_values(matrix->value, table, order, order, context);
  free(order);
  tanlu_csv_free(&table);
  return status;
}

void tanlu_coded_matrix_clear(tanlu_coded_matrix *matrix) {
  tanlu_labels_clear(&matrix->row);
  tanlu_labels_clear(&matrix->column);
  free(matrix->value);
  *matrix = (tanlu_coded_matrix){0};
}

/* ---- by codes that are given ------------------------------------------------------------------------------------------- */

/* at[r]: the label of row r of the file; every label once. */
static tanlu_status match_rows(const tanlu_csv *table, size_t field, const char *noun, const tanlu_labels *labels,
                               size_t *at, tanlu_context *context) {
  size_t *first = tanlu_allocate(context, labels->count, sizeof *first); /* line, 0: none */
  tanlu_status status = first != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t r = 0; first != NULL && r < table->rows; r++) {
    const tanlu_status found = tanlu_csv_code(table, r, field, noun, labels, false, &at[r], context);
    if (found != TANLU_OK) {
      status = found;
    } else if (first[at[r]] != 0) {
      status = tanlu_csv_fail(table, r, field, context, "duplicate %s '%s', first in line %zu", noun,
                              labels->code[at[r]], first[at[r]]);
    } else {
      first[at[r]] = table->line[r];
    }
  }
  for (size_t k = 0; first != NULL && k < labels->count; k++) {
    if (first[k] != 0) continue;
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, 0, 0, "missing %s '%s'", noun, labels->code[k]);
  }
  free(first);
  return status;
}

tanlu_status tanlu_coded_matrix_read_like(double **value, const char *path, const tanlu_coded_matrix *like,
                                          tanlu_context *context) {
  tanlu_csv *table = NULL;
  size_t *row = NULL, *column = NULL;
  const char **names = tanlu_allocate(context, like->column.count + 1, sizeof *names);
  size_t *index = tanlu_allocate(context, like->column.count + 1, sizeof *index);
  tanlu_status status = names != NULL && index != NULL ? tanlu_csv_read(&table, path, NULL, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = check_key(table, context);
  if (status == TANLU_OK) {
    names[0] = key;
    memcpy(names + 1, like->column.code, like->column.count * sizeof *names);
    status = tanlu_csv_columns(table, names, like->column.count + 1, like->column.count + 1, index, context);
    row = tanlu_allocate(context, table->rows, sizeof *row);
    column = tanlu_allocate(context, table->columns, sizeof *column);
    if (row == NULL || column == NULL) status = TANLU_ERR_MEMORY;
    if (row != NULL) {
      const tanlu_status rows = match_rows(table, 0, "row", &like->row, row, context);
      if (status == TANLU_OK) status = rows;
    }
  }
  if (status == TANLU_OK) {
    for (size_t j = 0; j < like->column.count; j++) column[index[j + 1] - 1] = j;
    *value = tanlu_allocate_doubles(context, like->row.count, like->column.count);
    status = *value != NULL ? read_values(*value, table, row, column, context) : TANLU_ERR_MEMORY;
  }
  free(row);
  free(column);
  free(index);
  free(names);
  tanlu_csv_free(&table);
  return status;
}

tanlu_status tanlu_coded_vector_read(double **value, const char *path, const char *noun, const tanlu_labels *labels,
                                     tanlu_context *context) {
  static const char *const names[] = {"code", "value"};
  tanlu_csv *table = NULL;
  size_t index[2], *at = NULL;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 2, 2, index, context);
  if (status == TANLU_OK) {
    at = tanlu_allocate(context, table->rows, sizeof *at);
    *value = tanlu_allocate_doubles(context, labels->count, 1);
    status = at != NULL && *value != NULL ? match_rows(table, index[0], noun, labels, at, context) : TANLU_ERR_MEMORY;
  }
  for (size_t r = 0; at != NULL && *value != NULL && r < table->rows; r++) {
    double number = 0.0;
    const tanlu_status read = tanlu_csv_number(table, r, index[1], (double)NAN, &number, context);
    if (read != TANLU_OK) status = read;
    if (at[r] != TANLU_NONE) (*value)[at[r]] = number;
  }
  free(at);
  tanlu_csv_free(&table);
  return status;
}

/* ---- single cells ------------------------------------------------------------------------------------------------------ */

static tanlu_status read_cell(const tanlu_csv *table, size_t r, const size_t *index, double lowest,
                              const tanlu_coded_matrix *matrix, double *value, size_t *line, tanlu_context *context) {
  size_t i = TANLU_NONE, j = TANLU_NONE;
  tanlu_status status = tanlu_csv_code(table, r, index[0], "row", &matrix->row, false, &i, context);
  const tanlu_status column = tanlu_csv_code(table, r, index[1], "column", &matrix->column, false, &j, context);
  if (status == TANLU_OK) status = column;
  if (status != TANLU_OK) return status;
  const size_t k = j * matrix->row.count + i;
  if (line[k] != 0) {
    return tanlu_csv_fail(table, r, index[0], context, "duplicate cell '%s', '%s', first in line %zu",
                          matrix->row.code[i], matrix->column.code[j], line[k]);
  }
  line[k] = table->line[r];
  return tanlu_csv_number_within(table, r, index[2], value[k], lowest, HUGE_VAL, &value[k], context);
}

tanlu_status tanlu_coded_cells_read(const char *path, const char *name, double lowest, const tanlu_coded_matrix *matrix,
                                    double *value, bool *named, tanlu_context *context) {
  const char *const names[] = {"row", "column", name};
  const size_t cells = matrix->row.count * matrix->column.count;
  tanlu_csv *table = NULL;
  size_t index[3];
  size_t *line = tanlu_allocate(context, cells, sizeof *line); /* of a cell in the file, 0: none */
  tanlu_status status = line != NULL ? tanlu_csv_read(&table, path, NULL, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 3, 3, index, context);
  if (status == TANLU_OK) {
    for (size_t r = 0; r < table->rows; r++) {
      const tanlu_status read = read_cell(table, r, index, lowest, matrix, value, line, context);
      if (read != TANLU_OK) status = read;
    }
  }
  for (size_t k = 0; status == TANLU_OK && named != NULL && k < cells; k++) named[k] = named[k] || line[k] != 0;
  free(line);
  tanlu_csv_free(&table);
  return status;
}
