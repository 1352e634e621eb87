/* Tables and CSV of an analysis: nothing is shown or written before everything has worked. */
#ifndef TANLU_CLI_TABLES_H
#define TANLU_CLI_TABLES_H

#include <stdbool.h>
#include <stdio.h>

#include "solvers/context.h"

typedef struct {
  const char *path; /* of the CSV file; NULL: none */
  bool force;
  FILE *out, *csv; /* csv: NULL without a file */
  char *text, *csv_text;
  size_t text_length, csv_length;
} cli_tables;

/* Errors: the file is there and not to be replaced, or cannot be written. */
tanlu_status cli_tables_open(cli_tables *tables, const char *path, bool force, tanlu_context *context);
/* Write the file and print the tables when `status` is TANLU_OK; returns what became of it. */
tanlu_status cli_tables_close(cli_tables *tables, tanlu_status status, tanlu_context *context);
/* An empty line between two tables. */
void cli_tables_next(cli_tables *tables);

#endif
