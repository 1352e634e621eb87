/* regions.csv of a dataset that `tanlu regionalise` made (inputs/FORMAT.md), and growth rates by region. */
#ifndef TANLU_INPUTS_REGIONAL_LEVELS_FILE_H
#define TANLU_INPUTS_REGIONAL_LEVELS_FILE_H

#include "model/regional_levels.h"

/* regions.csv of the dataset (inputs/region_rows_file.h) against the groups of its level, whose order the numbers have. All of its
 * columns must be there but the population, which may be unknown. Errors: those of tanlu_region_rows_read; cleared on failure. */
tanlu_status tanlu_regional_levels_read(tanlu_regional_levels *levels, tanlu_dataset *dataset, size_t level,
                                        tanlu_context *context);
/* CSV: region, growth (percent a year, above -100); every region once. growth: regions, as a factor less one (0.05). */
tanlu_status tanlu_regional_growth_read(const tanlu_labels *region, const char *path, double *growth,
                                        tanlu_context *context);

#endif
