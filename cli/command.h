/* The commands of the program and what they share. */
#ifndef TANLU_CLI_COMMAND_H
#define TANLU_CLI_COMMAND_H

#include <stdbool.h>

#include "model/goals.h"
#include "solvers/context.h"

typedef struct {
  int threads;              /* OpenMP offered, before BLAS was pinned to one */
  const char *command_line; /* as it was given, quoted where needed */
} cli_environment;

/* Each takes the arguments after the program's name, argv[0] being the command's, and returns the exit status. */
int cli_run(const cli_environment *environment, int argc, char **argv);
int cli_check(const cli_environment *environment, int argc, char **argv);
int cli_show(const cli_environment *environment, int argc, char **argv);
int cli_compare(const cli_environment *environment, int argc, char **argv);

/* Print the messages of a context to stderr, one a line, and clear it; notes only when `notes`. Messages without a place
 * in a file start with the program's name. */
void cli_print_messages(tanlu_context *context, bool notes);

/* The shipped national goals; a warning and no goals when the file is not found. */
void cli_read_goals(tanlu_goals *goals, tanlu_context *context);

/* Version, commit and flags this program was built with. */
const char *cli_version(void);
const char *cli_commit(void);
const char *cli_build_flags(void);

#endif
