/* The input-output table of a dataset without its n x n flows in memory: who the sectors are, final demand and output, and the
 * rows of the domestic coefficients
 *
 *     A_d,ij = (1 - mu_i) Z_ij / x_j         imports in proportion to domestic use, or none
 *            = Z_d,ij / x_j                  split
 *
 * handed on one by one as flows.csv is read, to whoever solves (I - A_d) x = y_d. Identities are checked as in a full reading.
 * Energy, power and products of the dataset are not read.
 *
 * Memory: vectors of length n (about a kilobyte a sector with its names) and one line of the file; with a split 8 n^2
 * bytes while the domestic flows are read, as each is compared with the total. */
#ifndef TANLU_INPUTS_OPEN_TABLE_H
#define TANLU_INPUTS_OPEN_TABLE_H

#include "model/dataset.h"
#include "solvers/row_system.h"

typedef struct tanlu_open_table_reader tanlu_open_table_reader;

typedef struct {
  tanlu_dataset *dataset; /* name, levels, sectors and accounts but for the flows */
  double money;           /* factor from the unit of money of its files to that of the accounts (tanlu_dataset_money) */
  size_t columns;         /* demand: categories, then the discrepancy where there is one */
  double *demand;         /* n x columns: y_d; filled by tanlu_open_table_rows */
  tanlu_open_table_reader *reader;
} tanlu_open_table;

/* Everything but the flows. Errors as of tanlu_dataset_read. */
tanlu_status tanlu_open_table_read(tanlu_open_table **table, const char *directory, tanlu_context *context);
/* Read the flows: begins `system` and gives it all rows. */
tanlu_status tanlu_open_table_rows(tanlu_open_table *table, const tanlu_row_system *system, tanlu_context *context);
void tanlu_open_table_free(tanlu_open_table **table); /* accepts NULL and half-built objects */

/* Code of a column of the demand. */
const char *tanlu_open_table_column(const tanlu_open_table *table, size_t k);

/* Numbers by sector from a file beside the dataset's: column `sector`, then any others; sectors without a row have 0. */
typedef struct {
  size_t columns;
  char **name;   /* columns */
  double *value; /* n x columns */
} tanlu_sector_columns;
/* lowest: of the values. Errors: TANLU_ERR_INPUT for unknown or repeated sectors and columns, without a column or a row, for
 * cells that are no numbers, and for a value other than 0 of a sector without output. */
tanlu_status tanlu_sector_columns_read(tanlu_sector_columns *columns, const char *path, const tanlu_accounts *accounts,
                                       double lowest, tanlu_context *context);
void tanlu_sector_columns_clear(tanlu_sector_columns *columns);

#endif
