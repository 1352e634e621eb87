/* Command line options, GNU style: a command states its options in a table; parsing, --help and --version follow. */
#ifndef TANLU_CLI_OPTIONS_H
#define TANLU_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char **item; /* as given; owned */
  size_t count;
} cli_list;

typedef enum {
  CLI_FLAG,   /* bool */
  CLI_TEXT,   /* const char *: the last one given holds */
  CLI_LIST,   /* cli_list: may be given several times */
  CLI_COUNT,  /* int of at least 1 */
  CLI_NUMBER, /* double of at least 0 */
} cli_option_kind;

typedef struct {
  const char *name; /* long form without the dashes */
  char letter;      /* short form, 0 for none */
  cli_option_kind kind;
  const char *argument; /* its words in the help (cli/manual.h says what completions take from them), NULL for flags */
  const char *help;
  void *target; /* of the kind's type; holds the default before parsing */
} cli_option;

typedef struct {
  const char *command;  /* "run" */
  const char *synopsis; /* operands, as in the usage line */
  const char *purpose;  /* what it does: one or more lines */
  const char *examples; /* lines of the help, indented by two */
  int least, most;      /* number of operands; most < 0: any */
  const char *operands; /* what they are, for the message when they are missing */
} cli_usage;

enum { CLI_GO_ON = -1 };

/* What every command has besides its own options. */
#define CLI_HELP_HELP "print this help"
#define CLI_VERSION_HELP "print the version"

/* Parse argv (argv[0] is the command). *operand is the first of the operands, *count their number. Returns CLI_GO_ON, or
 * the exit status when there is nothing more to do: 0 after --help or --version, 2 after wrong usage, with a message. */
int cli_parse(const cli_usage *usage, const cli_option *option, size_t options, int argc, char **argv, char ***operand,
              int *count);

/* "tanlu COMMAND: error: MESSAGE. Try 'tanlu COMMAND --help'." on stderr; returns the exit status 2. */
int cli_wrong_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "2030" or "2030-2040", `length` bytes of it; false for anything else. */
bool cli_parse_years(const char *text, size_t length, int *from, int *to);

void cli_print_version(void);

#endif
