/* What a dataset of several regions tells of them beside its table: regions.csv and regional_energy.csv, as `tanlu regionalise` writes
 * them or written by hand beside any table with the level `region` (inputs/FORMAT.md). */
#ifndef TANLU_INPUTS_REGION_FACTS_FILE_H
#define TANLU_INPUTS_REGION_FACTS_FILE_H

#include "model/region_profile.h"

/* Both files may be absent. Population and CO2 of households are told of every region or of none. The files that are read are added to
 * those of the dataset. Errors: as of tanlu_region_rows_read (inputs/region_rows_file.h). */
tanlu_status tanlu_region_facts_read(tanlu_region_facts *facts, tanlu_dataset *dataset, size_t level,
                                     tanlu_context *context);

#endif
