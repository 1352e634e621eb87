/* What writes the files of a whole dataset on new sectors. */
#ifndef TANLU_CLI_RESHAPE_PRIVATE_H
#define TANLU_CLI_RESHAPE_PRIVATE_H

#include <stdio.h>

#include "cli/reshape.h"
#include "inputs/csv_table.h"

typedef struct {
  cli_reshape *job;
  tanlu_dataset_writer *writer;
  const char **branch, **user_group; /* new branches: code, and that of their user group */
  char **owned;                      /* branches: codes made here */
  double energy_unit;                /* TJ in one unit of energy of the files */
} cli_reshape_target;

tanlu_status cli_reshape_no_memory(tanlu_context *context);

/* A table of the old dataset, NULL with its status where that fails; a column by its name, TANLU_NONE where there is none. */
tanlu_csv *cli_reshape_table(const cli_reshape_target *f, const char *name, tanlu_status *status);
size_t cli_reshape_column(const tanlu_csv *table, const char *name);
void cli_reshape_put_header(FILE *out, const tanlu_csv *table);
/* A row with some cells changed: text[c] in place of cell c where it is not NULL. */
void cli_reshape_put_row(FILE *out, const tanlu_csv *table, size_t row, const char *const *text);

/* Codes of the new branches and of their user groups; the rest of the target frees those in `owned`. */
tanlu_status cli_reshape_name_branches(cli_reshape_target *f);
tanlu_status cli_reshape_put_branches(cli_reshape_target *f, FILE *out);
tanlu_status cli_reshape_put_energy(cli_reshape_target *f, FILE *out);     /* branch_energy.csv, in its unit */
tanlu_status cli_reshape_put_non_energy(cli_reshape_target *f, FILE *out); /* branch_non_energy.csv */
/* Factors of user groups that are still there, and those of branches with a group of their own. */
tanlu_status cli_reshape_put_factors(cli_reshape_target *f, FILE *out);

#endif
