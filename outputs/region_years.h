/* Regions of a result file as states for decompositions (model/region_lmdi.h): the variables regional_value_added_by_group,
 * regional_final_energy_by_group, regional_co2_by_group, regional_household_co2 and the population of regional_indicator_value. */
#ifndef TANLU_OUTPUTS_REGION_YEARS_H
#define TANLU_OUTPUTS_REGION_YEARS_H

#include "model/region_lmdi.h"
#include "outputs/result_file.h"

typedef struct {
  const tanlu_labels *region, *group; /* of the file */
  size_t years;
  const int *year;
  double *population, *value_added, *energy, *co2, *households; /* years x (groups x) regions, in units of the file */
} tanlu_region_years;

/* Errors: TANLU_ERR_INPUT naming what the file has not, as one without regions. */
tanlu_status tanlu_region_years_read(tanlu_region_years *years, tanlu_result *result, size_t scenario,
                                     tanlu_context *context);
tanlu_region_state tanlu_region_years_at(const tanlu_region_years *years, size_t t);
/* Place of a year that the scenario has; TANLU_NONE. */
size_t tanlu_region_years_find(const tanlu_region_years *years, int year);
void tanlu_region_years_clear(tanlu_region_years *years);

#endif
