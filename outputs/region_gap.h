/* How well the regions of a result file add up to the nation, and who leads. */
#ifndef TANLU_OUTPUTS_REGION_GAP_H
#define TANLU_OUTPUTS_REGION_GAP_H

#include <stdbool.h>

#include "outputs/result_file.h"

/* The largest gap of a scenario in a read `regional_gap` (scenario, year, field), of one field or (TANLU_NONE) of all but indicators:
 * those are each of a unit of its own. year, field (out): where it is. -1 where the file has none. */
double tanlu_region_gap_largest(const tanlu_result_variable *gap, size_t scenario, size_t only, size_t *year,
                                size_t *field);
/* Does the nation lead in the scenario, so that regions are scaled to it? */
bool tanlu_region_nation_leads(tanlu_result *result, size_t scenario);

#endif
