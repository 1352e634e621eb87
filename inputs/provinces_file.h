/* Reads what cities are downscaled from: a dataset of `tanlu regionalise` with its CO2, and the regional statistics that say how large
 * its regions are (inputs/FORMAT.md). */
#ifndef TANLU_INPUTS_PROVINCES_FILE_H
#define TANLU_INPUTS_PROVINCES_FILE_H

#include "model/city_accounts.h"

/* dataset: its levels `region` and `industry3`, the extension co2 of extensions.csv, and co2_households_mt of regions.csv; flows are
 * not read. regions: value_added.csv (primary, secondary, tertiary) and the column population of indicators.csv; regions without a row
 * there have an unknown size. Errors: TANLU_ERR_INPUT where a file, level, extension or column is missing, the dataset lacks
 * households of a region, a region comes twice, a number is wrong, or CO2 is not in Mt. provinces is cleared on failure. */
tanlu_status tanlu_provinces_read(tanlu_provinces *provinces, const char *dataset, const char *regions,
                                  tanlu_context *context);

#endif
