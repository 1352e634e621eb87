/* Which sectors of a dataset go into which new ones: CSV files with the columns from, to and, where wanted, weight, sales, to_name,
 * to_name_zh and those of the levels (inputs/FORMAT.md). */
#ifndef TANLU_INPUTS_CONCORDANCE_FILE_H
#define TANLU_INPUTS_CONCORDANCE_FILE_H

#include "model/disaggregation.h"

typedef struct {
  tanlu_labels sector;  /* new sectors, in the order of the file; of a split in the order of the table */
  bool *named;          /* new sectors: does the file give a name? */
  size_t *group;        /* levels x new sectors: group that the file gives, else TANLU_NONE */
  tanlu_concordance *g; /* weights; of a split the shares of output */
  double *sales;        /* of a split: new sectors */
} tanlu_concordance_file;

/* For aggregation: every sector of the dataset must be there. All errors of the file: TANLU_ERR_INPUT with FILE:LINE:FIELD. */
tanlu_status tanlu_concordance_read(tanlu_concordance_file *file, const char *path, const tanlu_dataset *dataset,
                                    tanlu_context *context);
/* For splitting: sectors that are missing stay as they are, and a new sector has one old one. */
tanlu_status tanlu_split_read(tanlu_concordance_file *file, const char *path, const tanlu_dataset *dataset,
                              tanlu_context *context);
/* To the groups of a level. TANLU_ERR_INPUT with the nearest name for an unknown one. */
tanlu_status tanlu_concordance_to_level(tanlu_concordance_file *file, const char *level, const tanlu_dataset *dataset,
                                        tanlu_context *context);
void tanlu_concordance_file_clear(tanlu_concordance_file *file);

/* Columns row, column, value: known cells of a split, each at most once. The caller frees. */
tanlu_status tanlu_known_cells_read(tanlu_known_cell **cell, size_t *count, const char *path,
                                    const tanlu_labels *sector, tanlu_context *context);

#endif
