/* The part of `tanlu sensitivity` that works on a scenario instead of a sweep. */
#ifndef TANLU_CLI_ADJOINT_H
#define TANLU_CLI_ADJOINT_H

#include <stdbool.h>

#include "cli/command.h"
#include "cli/options.h"

typedef struct {
  const char *scenario;
  cli_list set, indicator;
  int top;         /* lines of a table */
  const char *csv; /* file, or NULL */
  bool force;
} cli_adjoint_options;

/* Prints the gradients; returns the exit status. */
int cli_adjoint(cli_environment *environment, const cli_adjoint_options *options);

#endif
