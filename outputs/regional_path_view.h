/* A national path by region, as tables, CSV and netCDF. */
#ifndef TANLU_OUTPUTS_REGIONAL_PATH_VIEW_H
#define TANLU_OUTPUTS_REGIONAL_PATH_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/regional_path.h"

typedef struct {
  const char *scenario, *regions; /* names */
  const tanlu_dataset *dataset;
  const tanlu_labels *region;
  const tanlu_regional_path *path;
  const bool *wanted; /* years shown in tables; NULL: all */
} tanlu_regional_path_view;

/* CO2 of energy, CO2 per GDP against the base year, CO2 per head and GDP by region in the years wanted, and peak years. */
tanlu_status tanlu_regional_path_print(const tanlu_regional_path_view *view, FILE *out, tanlu_context *context);
/* CSV, all years: scenario, region, year, group, quantity, unit, value; group empty but for value_added, final_energy and co2_total of
 * policy groups and households. */
void tanlu_regional_path_put(const tanlu_regional_path_view *view, FILE *csv);
/* netCDF-4: every quantity over (year, region), co2_by_group, value_added_by_group and final_energy_by_group over (year, group, region), with labels. Errors as
 * tanlu_result_write. */
tanlu_status tanlu_regional_path_write(const tanlu_regional_path_view *view, const char *path, bool force,
                                       const char *history, tanlu_context *context);

#endif
