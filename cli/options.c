#include "cli/options.h"

#include <getopt.h>
#include <hdf5.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/manual.h"
#include "inputs/number.h"
#include "model/labels.h"
#include "solvers/blas.h"

enum { OPTIONS_MAX = 24, LONG_ONLY = 256, WRONG_USAGE = 2 };

int cli_wrong_usage(const char *command, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  const bool question = length > 0 && (size_t)length < sizeof text && text[length - 1] == '?';
  const char *space = command[0] != '\0' ? " " : "";
  (void)fprintf(stderr, "tanlu%s%s: error: %s%s Try 'tanlu%s%s --help'.\n", space, command, text, question ? "" : ".",
                space, command);
  return WRONG_USAGE;
}

void cli_print_version(void) {
  unsigned major = 0, minor = 0, release = 0;
#ifdef H5_HAVE_PARALLEL
  static const char flavour[] = " parallel";
#else
  static const char flavour[] = "";
#endif
  (void)H5get_libversion(&major, &minor, &release);
  (void)printf("tanlu %s (%s)\nbuilt with %s\nOpenBLAS core %s, HDF5 %u.%u.%u%s\n", cli_version(), cli_commit(),
               cli_build_flags(), tanlu_blas_core(), major, minor, release, flavour);
}

/* ---- help ----------------------------------------------------------------------------------------------------------- */

enum { WIDTH = 26 }; /* of the options before their help; longer ones have a line of their own */

static void print_option(char letter, const char *name, const char *argument, const char *help) {
  char text[128];
  if (letter != '\0') {
    (void)snprintf(text, sizeof text, "-%c, --%s%s%s", letter, name, argument != NULL ? "=" : "",
                   argument != NULL ? argument : "");
  } else {
    (void)snprintf(text, sizeof text, "    --%s%s%s", name, argument != NULL ? "=" : "",
                   argument != NULL ? argument : "");
  }
  if (strlen(text) <= WIDTH) {
    (void)printf("  %-*s %s\n", WIDTH, text, help);
  } else {
    (void)printf("  %s\n  %*s %s\n", text, WIDTH, "", help);
  }
}

static void print_help(const cli_usage *usage, const cli_option *option, size_t options) {
  (void)printf("Usage: tanlu %s [OPTION]... %s\n\n%s\n\nOptions:\n", usage->command, usage->synopsis, usage->purpose);
  for (size_t i = 0; i < options; i++) {
    print_option(option[i].letter, option[i].name, option[i].argument, option[i].help);
  }
  print_option('h', "help", NULL, CLI_HELP_HELP);
  print_option('\0', "version", NULL, CLI_VERSION_HELP);
  (void)printf("\nExamples:\n%s", usage->examples);
}

/* --help, or one of its hidden forms: the same tables for other readers. */
static int print_as(const cli_usage *usage, const cli_option *option, size_t options, const char *form) {
  if (form == NULL) {
    print_help(usage, option, options);
  } else if (strcmp(form, "man") == 0) {
    cli_manual_print(usage, option, options);
  } else if (strcmp(form, "complete") == 0) {
    cli_completion_print(usage, option, options);
  } else {
    return cli_wrong_usage(usage->command, "option '--help' takes no value");
  }
  return 0;
}

/* ---- values --------------------------------------------------------------------------------------------------------- */

static int add_to_list(cli_list *list, const char *text) {
  const char **grown = realloc(list->item, (list->count + 1) * sizeof *grown);
  if (grown == NULL) {
    (void)fprintf(stderr, "tanlu: error: out of memory\n");
    return tanlu_status_exit(TANLU_ERR_MEMORY);
  }
  list->item = grown;
  grown[list->count++] = text;
  return CLI_GO_ON;
}

static int take_value(const cli_usage *usage, const cli_option *option, const char *text) {
  switch (option->kind) {
  case CLI_FLAG:
    *(bool *)option->target = true;
    break;
  case CLI_TEXT:
    *(const char **)option->target = text;
    break;
  case CLI_LIST:
    return add_to_list(option->target, text);
  case CLI_COUNT: {
    int value = 0;
    if (!tanlu_integer_parse(text, &value) || value < 1) {
      return cli_wrong_usage(usage->command, "--%s '%s': expected a whole number of at least 1", option->name, text);
    }
    *(int *)option->target = value;
    break;
  }
  case CLI_NUMBER: {
    double value = 0.0;
    if (!tanlu_number_parse(text, &value) || value < 0.0) {
      return cli_wrong_usage(usage->command, "--%s '%s': expected a number of at least 0", option->name, text);
    }
    *(double *)option->target = value;
    break;
  }
  default:
    break;
  }
  return CLI_GO_ON;
}

/* ---- parsing -------------------------------------------------------------------------------------------------------- */

/* The name of the option as it was given, without its value. */
static void given_name(const char *argument, char *name, size_t size) {
  const size_t length = strcspn(argument, "=");
  (void)snprintf(name, size, "%.*s", (int)(length < size ? length : size - 1), argument);
}

static int report_unknown(const cli_usage *usage, const struct option *known, const char *argument) {
  const char *names[OPTIONS_MAX + 2];
  size_t count = 0;
  char given[64];
  given_name(argument, given, sizeof given);
  if (optopt > 0 && optopt < LONG_ONLY && strncmp(argument, "--", 2) != 0) {
    return cli_wrong_usage(usage->command, "unknown option '-%c'", optopt);
  }
  for (; known[count].name != NULL; count++) names[count] = known[count].name;
  for (size_t i = 0; i < count; i++) { /* known, then: it was given a value that it does not take */
    if (strncmp(given, "--", 2) == 0 && strcmp(given + 2, names[i]) == 0) {
      return cli_wrong_usage(usage->command, "option '%s' takes no value", given);
    }
  }
  const char *nearest = strncmp(given, "--", 2) == 0 ? tanlu_nearest(given + 2, names, count) : NULL;
  if (nearest != NULL) {
    return cli_wrong_usage(usage->command, "unknown option '%s'; did you mean '--%s'?", given, nearest);
  }
  return cli_wrong_usage(usage->command, "unknown or ambiguous option '%s'", given);
}

/* The tables getopt wants; the value of an option is LONG_ONLY + its index. */
static void make_tables(const cli_option *option, size_t options, struct option *known, char *letters) {
  size_t used = 0;
  letters[used++] = ':';
  for (size_t i = 0; i < options; i++) {
    const bool has_value = option[i].kind != CLI_FLAG;
    known[i] = (struct option){option[i].name, has_value ? required_argument : no_argument, NULL, LONG_ONLY + (int)i};
    if (option[i].letter == '\0') continue;
    letters[used++] = option[i].letter;
    if (has_value) letters[used++] = ':';
  }
  letters[used++] = 'h';
  letters[used] = '\0';
  known[options] = (struct option){"help", optional_argument, NULL, 'h'};
  known[options + 1] = (struct option){"version", no_argument, NULL, LONG_ONLY - 1};
  known[options + 2] = (struct option){0};
}

int cli_parse(const cli_usage *usage, const cli_option *option, size_t options, int argc, char **argv, char ***operand,
              int *count) {
  struct option known[OPTIONS_MAX + 3];
  char letters[2 * OPTIONS_MAX + 3];
  make_tables(option, options, known, letters);
  opterr = 0;
  optind = 0; /* start anew */
  for (;;) {
    const char *argument = argv[optind > 0 ? optind : 1];
    const int found = getopt_long(argc, argv, letters, known, NULL);
    if (found == -1) break;
    if (found == 'h') return print_as(usage, option, options, optarg);
    if (found == LONG_ONLY - 1) {
      cli_print_version();
      return 0;
    }
    if (found == '?')
      return report_unknown(usage, known, optopt != 0 && optopt < LONG_ONLY ? argument : argv[optind - 1]);
    if (found == ':') return cli_wrong_usage(usage->command, "option '%s' needs a value", argv[optind - 1]);
    size_t which = found >= LONG_ONLY ? (size_t)(found - LONG_ONLY) : 0;
    while (found < LONG_ONLY && option[which].letter != found) which++;
    const int status = take_value(usage, &option[which], optarg);
    if (status != CLI_GO_ON) return status;
  }
  *operand = argv + optind;
  *count = argc - optind;
  if (*count < usage->least) return cli_wrong_usage(usage->command, "expected %s", usage->operands);
  if (usage->most >= 0 && *count > usage->most) {
    return cli_wrong_usage(usage->command, "unexpected '%s'; expected %s", (*operand)[usage->most], usage->operands);
  }
  return CLI_GO_ON;
}

bool cli_parse_years(const char *text, size_t length, int *from, int *to) {
  char own[32];
  if (length == 0 || length >= sizeof own) return false;
  memcpy(own, text, length);
  own[length] = '\0';
  char *dash = strchr(own, '-');
  if (dash != NULL) *dash = '\0';
  return tanlu_integer_parse(own, from) && tanlu_integer_parse(dash != NULL ? dash + 1 : own, to) && *from <= *to;
}
