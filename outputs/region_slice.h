/* Regions of a result file: which there are, and what it holds of one of them as if that were a nation. */
#ifndef TANLU_OUTPUTS_REGION_SLICE_H
#define TANLU_OUTPUTS_REGION_SLICE_H

#include <stdbool.h>

#include "outputs/result_file.h"

/* Labels of the regions; NULL for a file of a nation alone. */
const tanlu_labels *tanlu_result_regions_of(tanlu_result *result);
/* Is the variable one of regions: (scenario, region, ...)? */
bool tanlu_variable_is_regional(const tanlu_result_variable *variable);
/* The variable of regions of that name, "regional_co2", or of the nation's, "co2"; NULL where there is none. */
const tanlu_result_variable *tanlu_regional_variable_find(tanlu_result *result, const char *name);

/* Codes separated by commas, or "all", as flags: *chosen is newly allocated, of as many as there are regions. TANLU_ERR_INPUT for a
 * file without regions and for an unknown code, with the nearest one. */
tanlu_status tanlu_regions_choose(bool **chosen, tanlu_result *result, const char *list, tanlu_context *context);

/* Member `i` of axis `axis` of a variable, without that axis: the values are the slice's own, names are those of the variable. Only
 * what it takes is read. */
tanlu_status tanlu_result_slice_read(tanlu_result_variable *slice, tanlu_result *result,
                                     const tanlu_result_variable *variable, size_t axis, size_t i,
                                     tanlu_context *context);
void tanlu_result_slice_clear(tanlu_result_variable *slice);

#endif
