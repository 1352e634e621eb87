/* regions.csv: a row a region beside a table with the level `region`, as `tanlu regionalise` writes it or written by hand
 * (inputs/FORMAT.md); and the columns tile_x and tile_y of any table of regions. */
#ifndef TANLU_INPUTS_REGION_ROWS_FILE_H
#define TANLU_INPUTS_REGION_ROWS_FILE_H

#include "inputs/csv_table.h"
#include "model/dataset.h"

typedef enum {
  TANLU_REGION_CO2_PRODUCTION, /* Mt */
  TANLU_REGION_CO2_HOUSEHOLDS, /* Mt */
  TANLU_REGION_FINAL_ENERGY,   /* PJ */
  TANLU_REGION_POPULATION,     /* above 0 */
  TANLU_REGION_VALUE_ADDED,
  TANLU_REGION_COLUMNS
} tanlu_region_column;

typedef struct {
  double *value[TANLU_REGION_COLUMNS]; /* each: regions; NaN: an empty cell; NULL: no such column, or nothing in it */
  tanlu_labels group;                  /* of the columns value_added_GROUP */
  double *by_group;                    /* regions x groups, column-major */
  double *tile;                        /* regions x 2, column-major: whole numbers; NULL without */
} tanlu_region_rows;

/* The rows in the order of the groups of `level`. needed: TANLU_REGION_COLUMNS, columns that must be there without an empty cell; NULL:
 * none, and the file may be absent. The file is added to those of the dataset. Errors, all of them reported: TANLU_ERR_INPUT with file,
 * line and field for unknown, repeated and missing regions and columns, numbers below zero, a population of 0, tiles as below;
 * cleared on failure. */
tanlu_status tanlu_region_rows_read(tanlu_region_rows *rows, tanlu_dataset *dataset, size_t level, const bool *needed,
                                    tanlu_context *context);
void tanlu_region_rows_clear(tanlu_region_rows *rows);
/* A column for whoever keeps it: rows no longer hold it. */
double *tanlu_region_rows_take(tanlu_region_rows *rows, tanlu_region_column column);

/* A table with the column `column` of codes of regions: the row of each. Errors as above. row_of: regions. */
tanlu_status tanlu_region_rows_find(const tanlu_csv *table, size_t column, const tanlu_labels *region, size_t *row_of,
                                    tanlu_context *context);

/* Columns tile_x and tile_y (index[0], index[1]) of a table of regions: both or neither. */
tanlu_status tanlu_region_has_tiles(const tanlu_csv *table, const size_t index[2], bool *there, tanlu_context *context);
/* Their cells of a row as the place of region `place`: whole numbers 0 .. 99, of no other region. tile: count x 2, NaN where not yet
 * told. */
tanlu_status tanlu_region_tile(const tanlu_csv *table, size_t row, const size_t index[2], double *tile, size_t count,
                               size_t place, tanlu_context *context);

#endif
