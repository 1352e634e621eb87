/* What the tables of options also are: a page of the manual, and the table that completions of shells read. */
#ifndef TANLU_CLI_MANUAL_H
#define TANLU_CLI_MANUAL_H

#include "cli/options.h"

typedef struct {
  const char *status, *meaning;
} cli_exit_status;

/* Exit statuses of the program, in the order of the help; *count of them. */
const cli_exit_status *cli_exit_statuses(size_t *count);

/* --help=man: tanlu-COMMAND.1, in the macros of man(7), on stdout. The line `.\" details` marks where the build puts the section of
 * the command in cli/tanlu.1. */
void cli_manual_print(const cli_usage *usage, const cli_option *option, size_t options);

/* --help=complete: lines of fields parted by tabs, none empty ("-" where there is nothing), on stdout:
 *   command  NAME  PURPOSE
 *   operand  COMMAND  PLACE  VALUES          PLACE: 1, 2, ... or "*", all after
 *   option   COMMAND  NAME  LETTER  REPEATS  ARGUMENT  VALUES  HELP    REPEATS: "*" when it may be given several times
 * VALUES are words parted by spaces: one in angle brackets stands for what only the shell or `tanlu --list` can tell (<file>,
 * <file.h5>, <directory>, <scenarios> and what else cli_list_print takes), any other for itself. They are read from the
 * argument of an option and from the synopsis: lower case is a word to type (ras|gras), upper case a place holder, where NAME is
 * that of what the option is called after. */
void cli_completion_print(const cli_usage *usage, const cli_option *option, size_t options);

#endif
