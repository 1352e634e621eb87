/* What `tanlu aggregate` and `tanlu disaggregate` share: a dataset on other sectors on its way into a new directory. */
#ifndef TANLU_CLI_RESHAPE_H
#define TANLU_CLI_RESHAPE_H

#include "cli/command.h"
#include "inputs/concordance_file.h"
#include "model/aggregation_energy.h"
#include "outputs/dataset_write.h"

typedef struct {
  const char *dataset, *by, *output; /* as given; by: the file or level */
  const char *command_line;
  bool force, accounts_only; /* accounts_only: leave out energy, power and products */
  tanlu_mixed mixed;
  tanlu_dataset *old;
  char *path; /* of the dataset */
  char *name; /* of the new one: the last part of `output` */
  tanlu_concordance_file file;
  tanlu_accounts accounts;
  tanlu_level *level;
  size_t levels;
  tanlu_aggregated_energy energy;
  tanlu_nation before, after; /* of a whole dataset */
  tanlu_context *context;
} cli_reshape;

/* Find and read the dataset; whole unless it is of accounts alone, or only these are asked for. */
tanlu_status cli_reshape_open(cli_reshape *job);
/* Write accounts, levels and extensions, and of a whole dataset all other files; read it again where it is whole, so that what is
 * written passes `tanlu check`, and compare energy and CO2 of the nation. */
tanlu_status cli_reshape_write(cli_reshape *job);
/* Totals before and after, in the unit of results. */
tanlu_status cli_reshape_print_totals(const cli_reshape *job);
void cli_reshape_clear(cli_reshape *job);

/* A file of the dataset as it is, where it is there. */
tanlu_status cli_reshape_copy(const cli_reshape *job, tanlu_dataset_writer *writer, const char *name);
/* The files of a whole dataset beside its accounts, on the new sectors. */
tanlu_status cli_reshape_files(cli_reshape *job, tanlu_dataset_writer *writer);

#endif
