#include "inputs/regions_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "inputs/number.h"
#include "solvers/memory.h"

enum { REGION, POPULATION, GDP, CO2, REQUIRED };
enum { NAME = REQUIRED, NAME_ZH, CONSUMPTION, COLUMNS };
enum { ITEM = 64 };
static const double weight_tolerance = 1e-9;

const char *const tanlu_share_word[TANLU_SHARES] = {"historic", "per-head", "gdp", "efficiency", "consumption"};

static tanlu_status read_row(const tanlu_csv *csv, const size_t *column, size_t row, tanlu_regions *regions,
                             tanlu_context *context) {
  const int of[] = {POPULATION, GDP, CO2, CONSUMPTION};
  double *const to[] = {regions->population, regions->gdp, regions->co2, regions->consumption};
  const char *code = tanlu_csv_text(csv, row, column[REGION]), *name = tanlu_csv_text(csv, row, column[NAME]);
  tanlu_status status = TANLU_OK;
  if (code[0] == '\0') {
    status = tanlu_csv_fail(csv, row, column[REGION], context, "a region needs a name");
  } else if (tanlu_labels_find(&regions->label, code) != TANLU_NONE) {
    status = tanlu_csv_fail(csv, row, column[REGION], context, "duplicate region '%s'", code);
  }
  for (int k = 0; k < 4 && to[k] != NULL; k++) {
    tanlu_status own = tanlu_csv_number(csv, row, column[of[k]], (double)NAN, &to[k][row], context);
    if (own == TANLU_OK && !(to[k][row] > 0.0)) {
      own = tanlu_csv_fail(csv, row, column[of[k]], context, "%s of '%s' is %g; expected a number above 0",
                           tanlu_csv_header(csv, column[of[k]]), code, to[k][row]);
    }
    if (status == TANLU_OK) status = own;
  }
  const tanlu_status added = tanlu_labels_add(&regions->label, code, name[0] != '\0' ? name : code,
                                              tanlu_csv_text(csv, row, column[NAME_ZH]), context);
  return status == TANLU_OK ? added : status;
}

tanlu_status tanlu_regions_read(tanlu_regions *regions, const char *path, tanlu_context *context) {
  static const char *const columns[COLUMNS] = {"region", "population", "gdp", "co2", "name", "name_zh", "consumption"};
  size_t column[COLUMNS];
  tanlu_csv *csv = NULL;
  *regions = (tanlu_regions){0};
  tanlu_status status = tanlu_csv_read(&csv, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(csv, columns, REQUIRED, COLUMNS, column, context);
  if (status == TANLU_OK && csv->rows == 0) {
    status =
        tanlu_fail_at(context, TANLU_ERR_INPUT, path, csv->header_line, 0, "no regions; expected one or more rows");
  }
  if (status == TANLU_OK) {
    regions->population = tanlu_allocate_doubles(context, csv->rows, 1);
    regions->gdp = tanlu_allocate_doubles(context, csv->rows, 1);
    regions->co2 = tanlu_allocate_doubles(context, csv->rows, 1);
    const bool known = column[CONSUMPTION] != TANLU_NONE;
    if (known) regions->consumption = tanlu_allocate_doubles(context, csv->rows, 1);
    if (regions->population == NULL || regions->gdp == NULL || regions->co2 == NULL ||
        (known && regions->consumption == NULL)) {
      status = TANLU_ERR_MEMORY;
    }
  }
  const bool room = status == TANLU_OK;
  for (size_t row = 0; room && row < csv->rows; row++) {
    const tanlu_status own = read_row(csv, column, row, regions, context);
    if (status == TANLU_OK) status = own;
  }
  tanlu_csv_free(&csv);
  if (status != TANLU_OK) tanlu_regions_clear(regions);
  return status;
}

tanlu_status tanlu_share_weights(const char *text, const char *what, double weight[TANLU_SHARES],
                                 tanlu_context *context) {
  double sum = 0.0;
  for (size_t k = 0; k < TANLU_SHARES; k++) weight[k] = 0.0;
  for (const char *at = text;;) {
    char item[ITEM];
    const size_t length = strcspn(at, ",");
    (void)snprintf(item, sizeof item, "%.*s", (int)(length < ITEM ? length : ITEM - 1), at);
    char *sign = strchr(item, '=');
    double value = 0.0;
    if (sign != NULL) *sign = '\0';
    size_t k = 0;
    while (k < TANLU_SHARES && strcmp(item, tanlu_share_word[k]) != 0) k++;
    if (sign == NULL || k == TANLU_SHARES || !tanlu_number_parse(sign + 1, &value) || value < 0.0) {
      return tanlu_fail(
          context, TANLU_ERR_INPUT,
          "%s: '%.*s' is not CRITERION=WEIGHT; expected weights of historic, per-head, gdp, efficiency and consumption",
          what, (int)length, at);
    }
    sum += value - weight[k];
    weight[k] = value;
    if (at[length] == '\0') break;
    at += length + 1;
  }
  if (fabs(sum - 1.0) <= weight_tolerance) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: the weights sum to %g; expected 1", what, sum);
}

tanlu_status tanlu_share_weights_check(const tanlu_regions *regions, const double weight[TANLU_SHARES],
                                       const char *what, tanlu_context *context) {
  if (regions->consumption != NULL || !(weight[TANLU_SHARE_CONSUMPTION] > 0.0)) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: consumption needs regions with a column consumption", what);
}
