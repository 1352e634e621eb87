#include "inputs/iamc_file.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inputs/csv_table.h"
#include "solvers/memory.h"

enum { MODEL, SCENARIO, REGION, VARIABLE, UNIT, KEYS, YEAR = KEYS, VALUE, COLUMNS };
static const char *const heading[COLUMNS] = {"Model", "Scenario", "Region", "Variable", "Unit", "Year", "Value"};
enum { FIRST_YEAR = 1900, LAST_YEAR = 2300 };

typedef struct {
  const tanlu_csv *table;
  size_t column[COLUMNS]; /* TANLU_NONE: absent */
  size_t years;           /* columns of years; 0: long form */
  size_t *year_column;
  int *year; /* of these columns; of the row in long form */
  double *value;
  tanlu_context *context;
} reading;

/* A year in four digits; 0 for anything else. */
static int parse_year(const char *text) {
  int year = 0;
  for (size_t k = 0; k < 4; k++) {
    if (!isdigit((unsigned char)text[k])) return 0;
    year = 10 * year + (text[k] - '0');
  }
  return text[4] == '\0' && year >= FIRST_YEAR && year <= LAST_YEAR ? year : 0;
}

static tanlu_status fail_heading(const reading *r, size_t c, const char *what) {
  return tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->table->header_line, c + 1,
                       "%s column '%s'; expected Model, Scenario, Region, Variable, Unit and years, or Year and Value",
                       what, tanlu_csv_header(r->table, c));
}

static tanlu_status read_heading(reading *r, size_t c) {
  const char *text = tanlu_csv_header(r->table, c);
  const int year = parse_year(text);
  for (size_t k = 0; k < COLUMNS; k++) {
    if (strcasecmp(text, heading[k]) != 0) continue;
    if (r->column[k] != TANLU_NONE) return fail_heading(r, c, "duplicate");
    r->column[k] = c;
    return TANLU_OK;
  }
  if (year == 0) return fail_heading(r, c, "unknown");
  for (size_t k = 0; k < r->years; k++) {
    if (r->year[k] == year) return fail_heading(r, c, "duplicate");
  }
  r->year_column[r->years] = c;
  r->year[r->years++] = year;
  return TANLU_OK;
}

static tanlu_status read_header(reading *r) {
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < COLUMNS; k++) r->column[k] = TANLU_NONE;
  for (size_t c = 0; c < r->table->columns; c++) {
    const tanlu_status read = read_heading(r, c);
    if (read != TANLU_OK) status = read;
  }
  const size_t needed = r->years > 0 ? KEYS : COLUMNS;
  for (size_t k = 0; k < COLUMNS; k++) {
    if ((r->column[k] != TANLU_NONE) == (k < needed)) continue;
    status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->table->header_line, 0,
                           k < needed ? "has no column '%s'" : "has a column '%s' beside columns of years", heading[k]);
  }
  return status;
}

/* The value of a cell at the end of the row's points; an empty one is left out. */
static tanlu_status read_value(reading *r, size_t row, size_t column, size_t *points) {
  double value;
  const tanlu_status status = tanlu_csv_number(r->table, row, column, HUGE_VAL, &value, r->context);
  if (status != TANLU_OK || value == HUGE_VAL) return status;
  r->value[(*points)++] = value;
  return TANLU_OK;
}

static tanlu_status read_row(reading *r, size_t row, int *year, tanlu_iamc_take take, void *user) {
  tanlu_status status = TANLU_OK;
  size_t points = 0;
  for (size_t k = 0; k < r->years; k++) {
    const size_t before = points;
    const tanlu_status read = read_value(r, row, r->year_column[k], &points);
    if (read != TANLU_OK) status = read;
    if (points > before) year[before] = r->year[k];
  }
  if (r->years == 0) {
    const char *text = tanlu_csv_text(r->table, row, r->column[YEAR]);
    year[0] = parse_year(text);
    if (year[0] == 0) {
      status =
          tanlu_csv_fail(r->table, row, r->column[YEAR], r->context, "'%s' is no year; expected four digits", text);
    }
    const tanlu_status read = read_value(r, row, r->column[VALUE], &points);
    if (read != TANLU_OK) status = read;
  }
  const char *key[KEYS];
  for (size_t k = 0; k < KEYS; k++) {
    key[k] = tanlu_csv_text(r->table, row, r->column[k]);
    if (key[k][0] == '\0' && k != UNIT) {
      status = tanlu_csv_fail(r->table, row, r->column[k], r->context, "the %s is empty; expected a name", heading[k]);
    }
  }
  if (status != TANLU_OK) return status;
  const tanlu_iamc_row given = {r->table->file, r->table->line[row], key[MODEL], key[SCENARIO], key[REGION],
                                key[VARIABLE],  key[UNIT],           points,     year,          r->value};
  return take(user, &given, r->context);
}

tanlu_status tanlu_iamc_read(const char *path, tanlu_iamc_take take, void *user, tanlu_context *context) {
  tanlu_csv *table = NULL;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status != TANLU_OK) return status;
  reading r = {.table = table, .context = context};
  int *year = tanlu_allocate(context, table->columns, sizeof *year);
  r.year = tanlu_allocate(context, table->columns, sizeof *r.year);
  r.year_column = tanlu_allocate(context, table->columns, sizeof *r.year_column);
  r.value = tanlu_allocate_doubles(context, table->columns, 1);
  if (year == NULL || r.year == NULL || r.year_column == NULL || r.value == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = read_header(&r);
  const size_t rows = status == TANLU_OK ? table->rows : 0;
  for (size_t row = 0; row < rows && status != TANLU_ERR_MEMORY; row++) {
    const tanlu_status read = read_row(&r, row, year, take, user);
    if (read != TANLU_OK) status = read;
  }
  free(year);
  free(r.year);
  free(r.year_column);
  free(r.value);
  tanlu_csv_free(&table);
  return status;
}
