/* regions.csv of a dataset that `tanlu regionalise` made (inputs/FORMAT.md), and growth rates by region. */
#ifndef TANLU_INPUTS_REGIONAL_LEVELS_FILE_H
#define TANLU_INPUTS_REGIONAL_LEVELS_FILE_H

#include "model/regional_levels.h"

/* The place of level `region` of a dataset; TANLU_ERR_INPUT where it has none. */
tanlu_status tanlu_regional_level_find(const tanlu_dataset *dataset, size_t *level, tanlu_context *context);
/* regions.csv of the dataset against the groups of its level, whose order the numbers have. Every error is reported, with file, line
 * and field: unknown, repeated and missing regions, numbers below zero, columns that are missing (an older dataset: make it again);
 * cleared on failure. */
tanlu_status tanlu_regional_levels_read(tanlu_regional_levels *levels, const tanlu_dataset *dataset, size_t level,
                                        tanlu_context *context);
/* CSV: region, growth (percent a year, above -100); every region once. growth: regions, as a factor less one (0.05). */
tanlu_status tanlu_regional_growth_read(const tanlu_labels *region, const char *path, double *growth,
                                        tanlu_context *context);

#endif
