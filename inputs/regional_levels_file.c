#include "inputs/regional_levels_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "inputs/region_rows_file.h"
#include "solvers/memory.h"

tanlu_status tanlu_regional_levels_read(tanlu_regional_levels *levels, tanlu_dataset *dataset, size_t level,
                                        tanlu_context *context) {
  static const bool needed[TANLU_REGION_COLUMNS] = {[TANLU_REGION_CO2_PRODUCTION] = true,
                                                    [TANLU_REGION_CO2_HOUSEHOLDS] = true,
                                                    [TANLU_REGION_FINAL_ENERGY] = true,
                                                    [TANLU_REGION_VALUE_ADDED] = true};
  const tanlu_labels *region = &dataset->level[level].group;
  tanlu_region_rows rows;
  *levels = (tanlu_regional_levels){.base_year = dataset->base_year};
  tanlu_status status = tanlu_region_rows_read(&rows, dataset, level, needed, context);
  for (size_t r = 0; r < region->count && status == TANLU_OK; r++) {
    status = tanlu_labels_add(&levels->region, region->code[r], region->name[r], NULL, context);
  }
  if (status != TANLU_OK) {
    tanlu_region_rows_clear(&rows);
    tanlu_regional_levels_clear(levels);
    return status;
  }
  levels->co2_production = tanlu_region_rows_take(&rows, TANLU_REGION_CO2_PRODUCTION);
  levels->co2_households = tanlu_region_rows_take(&rows, TANLU_REGION_CO2_HOUSEHOLDS);
  levels->final_energy = tanlu_region_rows_take(&rows, TANLU_REGION_FINAL_ENERGY);
  levels->population = tanlu_region_rows_take(&rows, TANLU_REGION_POPULATION);
  levels->value_added = tanlu_region_rows_take(&rows, TANLU_REGION_VALUE_ADDED);
  levels->group = rows.group;
  levels->by_group = rows.by_group;
  rows.group = (tanlu_labels){0};
  rows.by_group = NULL;
  tanlu_region_rows_clear(&rows);
  return TANLU_OK;
}

/* ---- growth --------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_regional_growth_read(const tanlu_labels *region, const char *path, double *growth,
                                        tanlu_context *context) {
  static const char *const names[] = {"region", "growth"};
  static const double lowest = -99.0, highest = 1000.0; /* percent a year */
  size_t column[2];
  tanlu_csv *csv = NULL;
  size_t *row_of = tanlu_allocate(context, region->count, sizeof *row_of);
  tanlu_status status = row_of != NULL ? tanlu_csv_read(&csv, path, NULL, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_csv_columns(csv, names, 2, 2, column, context);
  if (status == TANLU_OK) status = tanlu_region_rows_find(csv, column[0], region, row_of, context);
  const bool found = status == TANLU_OK;
  for (size_t r = 0; found && r < region->count; r++) {
    double percent = 0.0;
    const tanlu_status own =
        tanlu_csv_number_within(csv, row_of[r], column[1], (double)NAN, lowest, highest, &percent, context);
    growth[r] = percent / 100.0;
    if (status == TANLU_OK) status = own;
  }
  tanlu_csv_free(&csv);
  free(row_of);
  return status;
}
