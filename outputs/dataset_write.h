/* Writes a table as a dataset of accounts alone (inputs/FORMAT.md): dataset.yaml, groups.csv, sectors.csv, categories.csv,
 * final_demand.csv, value_added.csv, flows.csv, where known flows_domestic.csv and final_demand_domestic.csv, extensions.csv with
 * extension_units.csv, and SOURCES.md. Flows are handed on row by row, so that a table of any size needs vectors of length n and
 * one row. Reading the dataset gives the same numbers to the last bit.
 *
 * Everything is written into a directory beside the one asked for (PATH.PID.tmp) and renamed when it is whole; after an error
 * nothing is left. Between two rows and ahead of the renaming tanlu_context_stopped is asked. */
#ifndef TANLU_OUTPUTS_DATASET_WRITE_H
#define TANLU_OUTPUTS_DATASET_WRITE_H

#include <stdbool.h>

#include "model/table_sink.h"

typedef struct tanlu_dataset_writer tanlu_dataset_writer;

/* Could a dataset be written there? TANLU_ERR_INPUT when `path` exists and !force, or is no dataset of accounts alone: `force`
 * replaces a directory only where it holds nothing but files that the writer makes; a whole dataset only where it has an
 * AGGREGATE.md. */
tanlu_status tanlu_dataset_writer_check(const char *path, bool force, tanlu_context *context);
/* The name of a dataset that is to be written to `path`: `given`, or where NULL the last part of the path ("b" of "a/b/"); newly
 * allocated. TANLU_ERR_INPUT where that is no code. */
tanlu_status tanlu_dataset_name_for(char **name, const char *given, const char *path, tanlu_context *context);
/* Make the directory beside `path`. Errors as of tanlu_dataset_writer_check, TANLU_ERR_IO when it cannot be made, TANLU_ERR_INPUT
 * for codes that a dataset cannot have. The heads must stay until rows, margins and extensions are there. */
tanlu_status tanlu_dataset_writer_create(tanlu_dataset_writer **writer, const char *path, bool force,
                                         const tanlu_table_heads *heads, tanlu_context *context);
/* The next row of flows (n numbers, in the order of the sectors); `domestic` NULL unless the import treatment is split. Zeros are
 * empty cells. TANLU_ERR_INPUT, naming the sectors, for what is no number and for flows below zero. */
tanlu_status tanlu_dataset_writer_flows(tanlu_dataset_writer *writer, const double *row, const double *domestic,
                                        tanlu_context *context);
/* The margins; after the rows or before them. Matrices as in tanlu_accounts (column-major), discrepancy and final_domestic NULL
 * where there is none. */
tanlu_status tanlu_dataset_writer_margins(tanlu_dataset_writer *writer, const double *final_use,
                                          const double *final_domestic, const double *imports,
                                          const double *discrepancy, const double *value_added, const double *output,
                                          tanlu_context *context);
tanlu_status tanlu_dataset_writer_extensions(tanlu_dataset_writer *writer, const tanlu_table_extensions *extensions,
                                             tanlu_context *context);
/* A text for a file of its own: IMPORT.md, AGGREGATE.md, regions.csv, the files of a whole dataset; those of the heads are written in place of what
 * they would be, ahead of the margins. */
tanlu_status tanlu_dataset_writer_text(tanlu_dataset_writer *writer, const char *file, const char *text,
                                       tanlu_context *context);
/* Flush all; an error where rows or margins are missing. *directory (may be NULL) is where all files now are, for a look before they are put in place. */
tanlu_status tanlu_dataset_writer_complete(tanlu_dataset_writer *writer, const char **directory,
                                           tanlu_context *context);
/* Flush, rename; an error where rows or margins are missing. Frees the writer. Without it tanlu_dataset_writer_discard removes
 * all. */
tanlu_status tanlu_dataset_writer_finish(tanlu_dataset_writer **writer, tanlu_context *context);
void tanlu_dataset_writer_discard(tanlu_dataset_writer **writer); /* accepts NULL and half-built objects */

/* All rows and the margins of accounts in memory. */
tanlu_status tanlu_dataset_write_accounts(tanlu_dataset_writer *writer, const tanlu_accounts *accounts,
                                          tanlu_context *context);

#endif
