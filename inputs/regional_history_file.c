/* GDP of regions in recorded years: history.csv of regional statistics. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "inputs/csv_table.h"
#include "inputs/regional_file.h"
#include "solvers/memory.h"

static const double first_year = 1900.0, last_year = 2200.0;

/* The years of the file: all between the first and the last that it has. */
static tanlu_status read_years(const tanlu_csv *table, size_t column, int *from, size_t *years,
                               tanlu_context *context) {
  double lowest = HUGE_VAL, highest = -HUGE_VAL;
  for (size_t row = 0; row < table->rows; row++) {
    double year = 0.0;
    tanlu_status status =
        tanlu_csv_number_within(table, row, column, (double)NAN, first_year, last_year, &year, context);
    if (status != TANLU_OK) return status;
    if (year != floor(year)) return tanlu_csv_fail(table, row, column, context, "expected a year");
    lowest = fmin(lowest, year);
    highest = fmax(highest, year);
  }
  if (!(highest > lowest)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, 0, 0, "expected two years or more");
  }
  *from = (int)lowest;
  *years = (size_t)(highest - lowest) + 1;
  return TANLU_OK;
}

static tanlu_status read_gdp(tanlu_regional_data *d, const tanlu_csv *table, const size_t *index,
                             tanlu_context *context) {
  const size_t regions = d->region.count;
  for (size_t row = 0; row < table->rows; row++) {
    size_t r = 0;
    double year = 0.0;
    tanlu_status status = tanlu_csv_code(table, row, index[0], "region", &d->region, false, &r, context);
    if (status == TANLU_OK) status = tanlu_csv_number(table, row, index[1], (double)NAN, &year, context);
    if (status != TANLU_OK) return status;
    double *gdp = &d->gdp_share[((size_t)(int)year - (size_t)d->history_from) * regions + r];
    if (*gdp > 0.0) {
      return tanlu_csv_fail(table, row, index[1], context, "'%s' has this year already", d->region.code[r]);
    }
    status = tanlu_csv_number_within(table, row, index[2], (double)NAN, 0.0, HUGE_VAL, gdp, context);
    if (status == TANLU_OK && !(*gdp > 0.0)) {
      status = tanlu_csv_fail(table, row, index[2], context, "expected a GDP above 0");
    }
    if (status != TANLU_OK) return status;
  }
  return TANLU_OK;
}

static tanlu_status to_shares(tanlu_regional_data *d, const tanlu_csv *table, tanlu_context *context) {
  const size_t regions = d->region.count;
  for (size_t t = 0; t < d->history_years; t++) {
    double sum = 0.0, *gdp = d->gdp_share + t * regions;
    for (size_t r = 0; r < regions; r++) {
      if (!(gdp[r] > 0.0)) {
        return tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, 0, 0, "missing region '%s' in %d",
                             d->region.code[r], d->history_from + (int)t);
      }
      sum += gdp[r];
    }
    for (size_t r = 0; r < regions; r++) gdp[r] /= sum;
  }
  return TANLU_OK;
}

tanlu_status tanlu_regional_history_read(tanlu_regional_data *d, tanlu_context *context) {
  static const char *const names[] = {"region", "year", "gdp"};
  char path[1024];
  size_t index[3];
  tanlu_csv *table = NULL;
  (void)snprintf(path, sizeof path, "%s/history.csv", d->directory);
  if (access(path, F_OK) != 0) return TANLU_OK;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 3, 3, index, context);
  if (status == TANLU_OK) status = read_years(table, index[1], &d->history_from, &d->history_years, context);
  if (status == TANLU_OK) {
    d->gdp_share = tanlu_allocate_doubles(context, d->region.count, d->history_years);
    status = d->gdp_share != NULL ? read_gdp(d, table, index, context) : TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) status = to_shares(d, table, context);
  tanlu_csv_free(&table);
  return status;
}
