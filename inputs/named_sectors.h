/* Sectors, numbers for sectors and numbers for years as they are written on the command line. */
#ifndef TANLU_INPUTS_NAMED_SECTORS_H
#define TANLU_INPUTS_NAMED_SECTORS_H

#include <stdbool.h>

#include "inputs/csv_table.h"
#include "model/dataset.h"
#include "model/timeline.h"

/* Set member[j] (n) for the sector with this code, the sectors of the group with this code (any level), or `all`; others keep
 * what they had. `what` stands before messages ("--cover"). TANLU_ERR_INPUT with the nearest name for an unknown one. */
tanlu_status tanlu_sectors_named(const tanlu_dataset *dataset, const char *name, const char *what, bool *member,
                                 tanlu_context *context);

/* The same for a cell of a table: errors at its file, line and field. */
tanlu_status tanlu_sectors_in_cell(const tanlu_csv *table, size_t row, size_t column, const tanlu_dataset *dataset,
                                   bool *member, tanlu_context *context);

/* "NAME=NUMBER" for the sectors of NAME, "NUMBER" alone for all: value[j] (n) is set for them. Errors: as above; what is no
 * number or outside lowest .. highest. */
tanlu_status tanlu_sector_numbers(const tanlu_dataset *dataset, const char *text, const char *what, double lowest,
                                  double highest, double *value, tanlu_context *context);

/* "100" for every year, or "2025=60,2030=120": linear between, constant before and after. Appended to an empty timeline; the
 * caller clears it. TANLU_ERR_INPUT for what is no number, below `lowest`, or not in the order of years. */
tanlu_status tanlu_year_numbers(const char *text, const char *what, double lowest, tanlu_timeline *timeline,
                                tanlu_context *context);

#endif
