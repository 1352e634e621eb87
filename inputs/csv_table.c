#include "inputs/csv_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "solvers/memory.h"

void tanlu_csv_free(tanlu_csv **table) {
  if (!*table) return;
  free((*table)->file);
  free((*table)->line);
  free((*table)->cell);
  free((*table)->text);
  free(*table);
  *table = NULL;
}

const char *tanlu_csv_header(const tanlu_csv *table, size_t column) {
  return table->text + table->cell[column];
}

const char *tanlu_csv_text(const tanlu_csv *table, size_t row, size_t column) {
  return column == TANLU_NONE ? "" : table->text + table->cell[(row + 1) * table->columns + column];
}

tanlu_status tanlu_csv_fail(const tanlu_csv *table, size_t row, size_t column, tanlu_context *context,
                            const char *format, ...) {
  char *text = NULL;
  va_list list;
  va_start(list, format);
  const int length = vasprintf(&text, format, list);
  va_end(list);
  if (length < 0) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a message");
  tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->line[row], column == TANLU_NONE ? 0 : column + 1, "%s",
                text);
  free(text);
  return TANLU_ERR_INPUT;
}

tanlu_status tanlu_csv_columns(const tanlu_csv *table, const char *const *names, size_t required, size_t count,
                               size_t *index, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < count; k++) index[k] = TANLU_NONE;
  for (size_t c = 0; c < table->columns; c++) {
    const char *header = tanlu_csv_header(table, c);
    size_t k = 0;
    while (k < count && strcmp(names[k], header) != 0) k++;
    if (k == count) {
      const char *nearest = tanlu_nearest(header, names, count);
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, c + 1,
                             nearest ? "unknown column '%s'; did you mean '%s'?" : "unknown column '%s'%s", header,
                             nearest ? nearest : "");
    } else if (index[k] != TANLU_NONE) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, c + 1,
                             "duplicate column '%s', first in field %zu", header, index[k] + 1);
    } else {
      index[k] = c;
    }
  }
  for (size_t k = 0; k < required; k++) {
    if (index[k] != TANLU_NONE) continue;
    status =
        tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, 0, "missing column '%s'", names[k]);
  }
  return status;
}

tanlu_status tanlu_csv_number(const tanlu_csv *table, size_t row, size_t column, double empty, double *value,
                              tanlu_context *context) {
  const char *text = tanlu_csv_text(table, row, column);
  if (*text == '\0' && !isnan(empty)) {
    *value = empty;
    return TANLU_OK;
  }
  if (tanlu_number_parse(text, value)) return TANLU_OK;
  return tanlu_csv_fail(table, row, column, context, "expected a number in column '%s', found '%s'",
                        tanlu_csv_header(table, column), text);
}

tanlu_status tanlu_csv_number_within(const tanlu_csv *table, size_t row, size_t column, double empty, double lowest,
                                     double highest, double *value, tanlu_context *context) {
  const tanlu_status status = tanlu_csv_number(table, row, column, empty, value, context);
  if (status != TANLU_OK || (*value >= lowest && *value <= highest)) return status;
  if (isinf(highest)) {
    return tanlu_csv_fail(table, row, column, context, "'%s' is %g; expected at least %g",
                          tanlu_csv_header(table, column), *value, lowest);
  }
  return tanlu_csv_fail(table, row, column, context, "'%s' is %g; expected %g to %g", tanlu_csv_header(table, column),
                        *value, lowest, highest);
}

tanlu_status tanlu_csv_yes_no(const tanlu_csv *table, size_t row, size_t column, bool *value, tanlu_context *context) {
  const char *text = tanlu_csv_text(table, row, column);
  *value = strcmp(text, "yes") == 0;
  if (*value || strcmp(text, "no") == 0) return TANLU_OK;
  return tanlu_csv_fail(table, row, column, context, "expected yes or no in column '%s', found '%s'",
                        tanlu_csv_header(table, column), text);
}

/* "unknown NOUN 'TEXT'", with the nearest of the valid words. */
static tanlu_status unknown_word(const tanlu_csv *table, size_t row, size_t column, const char *noun,
                                 const char *const *words, size_t count, tanlu_context *context) {
  const char *text = tanlu_csv_text(table, row, column);
  if (*text == '\0') return tanlu_csv_fail(table, row, column, context, "the %s is empty", noun);
  const char *nearest = tanlu_nearest(text, words, count);
  if (!nearest) return tanlu_csv_fail(table, row, column, context, "unknown %s '%s'", noun, text);
  return tanlu_csv_fail(table, row, column, context, "unknown %s '%s'; did you mean '%s'?", noun, text, nearest);
}

tanlu_status tanlu_csv_word(const tanlu_csv *table, size_t row, size_t column, const char *noun,
                            const char *const *words, size_t count, size_t *value, tanlu_context *context) {
  const char *text = tanlu_csv_text(table, row, column);
  for (size_t k = 0; k < count; k++) {
    if (strcmp(text, words[k]) != 0) continue;
    *value = k;
    return TANLU_OK;
  }
  return unknown_word(table, row, column, noun, words, count, context);
}

tanlu_status tanlu_csv_code(const tanlu_csv *table, size_t row, size_t column, const char *noun,
                            const tanlu_labels *labels, bool optional, size_t *value, tanlu_context *context) {
  const char *text = tanlu_csv_text(table, row, column);
  *value = TANLU_NONE;
  if (optional && *text == '\0') return TANLU_OK;
  *value = tanlu_labels_find(labels, text);
  if (*value != TANLU_NONE) return TANLU_OK;
  return unknown_word(table, row, column, noun, (const char *const *)labels->code, labels->count, context);
}
