/* Writes a table as a dataset of accounts alone (inputs/FORMAT.md): dataset.yaml, groups.csv, sectors.csv, categories.csv,
 * final_demand.csv, value_added.csv, flows.csv, where known flows_domestic.csv and final_demand_domestic.csv, extensions.csv and
 * SOURCES.md. Flows are handed on row by row, so that a table of any size needs vectors of length n and one row.
 *
 * Everything is written into a directory beside the one asked for and renamed when it is whole; after an error nothing is left. */
#ifndef TANLU_OUTPUTS_DATASET_WRITE_H
#define TANLU_OUTPUTS_DATASET_WRITE_H

#include <stdbool.h>

#include "model/dataset.h"
#include "solvers/context.h"

typedef struct {
  const char *name, *title, *region; /* region: the place, NULL: not told */
  int base_year;
  const char *money; /* unit of all money as in dataset.yaml: "1e4 CNY", "1e6 EUR", ... */
  tanlu_import_treatment import_treatment;
  double balance_tolerance; /* relative to output */
  size_t n;                 /* sectors */
  const tanlu_labels *sector, *category, *component;
  const tanlu_category_role *role;
  size_t levels; /* groupings; at least one */
  const tanlu_level *level;
  const char *sources; /* text of SOURCES.md */
} tanlu_table_heads;

/* Numbers by sector that are no money: emissions, energy, employment, ... ; extensions.csv is what `tanlu solve --emissions` reads. */
typedef struct {
  size_t count;
  const tanlu_labels *label; /* codes are the columns */
  const char *const *unit;   /* count; named in SOURCES.md */
  const double *value;       /* n x count, column-major: column k holds extension k */
} tanlu_table_extensions;

typedef struct tanlu_dataset_writer tanlu_dataset_writer;

/* Make the directory beside `path`. TANLU_ERR_INPUT when `path` exists and !force, TANLU_ERR_IO when it cannot be made. */
tanlu_status tanlu_dataset_writer_create(tanlu_dataset_writer **writer, const char *path, bool force,
                                         const tanlu_table_heads *heads, tanlu_context *context);
/* The next row of flows (n numbers, in the order of the sectors); `domestic` NULL unless the import treatment is split. Zeros are
 * empty cells. */
tanlu_status tanlu_dataset_writer_flows(tanlu_dataset_writer *writer, const double *row, const double *domestic,
                                        tanlu_context *context);
/* The margins; matrices as in tanlu_accounts (column-major), discrepancy and final_domestic NULL where there is none. After it or
 * before the rows. */
tanlu_status tanlu_dataset_writer_margins(tanlu_dataset_writer *writer, const double *final_use,
                                          const double *final_domestic, const double *imports,
                                          const double *discrepancy, const double *value_added, const double *output,
                                          tanlu_context *context);
tanlu_status tanlu_dataset_writer_extensions(tanlu_dataset_writer *writer, const tanlu_table_extensions *extensions,
                                             tanlu_context *context);
/* Flush, rename; an error where rows are missing. Frees the writer. Without it tanlu_dataset_writer_discard removes all. */
tanlu_status tanlu_dataset_writer_finish(tanlu_dataset_writer **writer, tanlu_context *context);
void tanlu_dataset_writer_discard(tanlu_dataset_writer **writer);

#endif
