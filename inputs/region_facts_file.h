/* What a dataset of several regions tells of them beside its table: regions.csv and regional_energy.csv, as `tanlu regionalise` writes
 * them or written by hand beside any table with the level `region` (inputs/FORMAT.md). */
#ifndef TANLU_INPUTS_REGION_FACTS_FILE_H
#define TANLU_INPUTS_REGION_FACTS_FILE_H

#include "inputs/csv_table.h"
#include "model/region_profile.h"

/* Both files may be absent. Every region of the file's must have one row; population above 0, places of tiles as below. The files that are
 * read are added to those of the dataset. Errors: TANLU_ERR_INPUT naming file, line and field. */
tanlu_status tanlu_region_facts_read(tanlu_region_facts *facts, tanlu_dataset *dataset, size_t level,
                                     tanlu_context *context);

/* Columns tile_x and tile_y (index[0], index[1]) of a table of regions: both or neither. */
tanlu_status tanlu_region_has_tiles(const tanlu_csv *table, const size_t index[2], bool *there, tanlu_context *context);
/* Their cells of a row as the place of region `place`: whole numbers 0 .. 99, of no other region. tile: count x 2, NaN where not yet
 * told. */
tanlu_status tanlu_region_tile(const tanlu_csv *table, size_t row, const size_t index[2], double *tile, size_t count,
                               size_t place, tanlu_context *context);

#endif
