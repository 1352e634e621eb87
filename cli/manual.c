/* tanlu-COMMAND.1, from the table of a command. */
#include "cli/manual.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static const cli_exit_status statuses[] = {
    {"0", "done"},
    {"1", "results differ or (--strict) miss goals"},
    {"2", "wrong usage or input"},
    {"3", "the model cannot be solved as asked"},
    {"4", "reading or writing failed"},
    {"75", "stopped by SIGUSR1"},
    {"130 or 143", "stopped by SIGINT or SIGTERM"},
};

const cli_exit_status *cli_exit_statuses(size_t *count) {
  *count = sizeof statuses / sizeof *statuses;
  return statuses;
}

/* ---- text as troff wants it ------------------------------------------------------------------------------------------ */

/* `length` bytes inside a line. */
static void put(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    switch (text[i]) {
    case '\\':
      (void)fputs("\\e", stdout);
      break;
    case '-':
      (void)fputs("\\-", stdout);
      break;
    case '\'':
      (void)fputs("\\(aq", stdout);
      break;
    case '`':
      (void)fputs("\\(ga", stdout);
      break;
    case '^':
      (void)fputs("\\(ha", stdout);
      break;
    case '~':
      (void)fputs("\\(ti", stdout);
      break;
    default:
      (void)putchar(text[i]);
    }
  }
}

static void put_text(const char *text) {
  put(text, strlen(text));
}

/* A line of text; a dot at its beginning is no request. */
static void put_line(const char *text, size_t length) {
  if (length > 0 && text[0] == '.') (void)fputs("\\&", stdout);
  put(text, length);
  (void)putchar('\n');
}

/* Lines run on, but for indented ones; an empty line parts paragraphs. */
static void put_paragraphs(const char *text) {
  bool as_is = false;
  while (*text != '\0') {
    const size_t length = strcspn(text, "\n");
    const bool indented = *text == ' ';
    if (indented && !as_is) (void)puts(".PP\n.nf");
    if (!indented && as_is) (void)puts(".fi");
    as_is = indented; /* an empty line ends it, too */
    if (length == 0) {
      if (text[1] != ' ' && text[1] != '\0') (void)puts(".PP");
    } else {
      put_line(text, length);
    }
    text += length + (text[length] == '\n');
  }
  if (as_is) (void)puts(".fi");
}

/* ---- sections -------------------------------------------------------------------------------------------------------- */

/* Words to type are bold, place holders in italics. */
static void put_synopsis(const char *text) {
  while (*text != '\0') {
    const size_t plain = strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-\n");
    put(text, plain);
    text += plain;
    const size_t length = strcspn(text, " |[]=:,\n");
    bool holder = text[0] != '-';
    for (size_t i = 0; holder && i < length && text[i] != '.'; i++) {
      holder = islower((unsigned char)text[i]) == 0;
    }
    if (length > 0) {
      const bool many = length > 3 && strncmp(text + length - 3, "...", 3) == 0;
      const size_t own = many ? length - 3 : length;
      (void)fputs(holder ? "\\fI" : "\\fB", stdout);
      put(text, own);
      (void)fputs(many ? "\\fR..." : "\\fR", stdout);
    }
    text += length;
    if (*text == '\n') { /* another form: its spaces and "tanlu" are those of the help */
      (void)fputs("\n.br\n", stdout);
      text += strspn(text, "\n ");
    }
  }
  (void)putchar('\n');
}

static void put_option(char letter, const char *name, const char *argument, const char *help) {
  (void)puts(".TP");
  if (letter != '\0') (void)printf("\\fB\\-%c\\fR, ", letter);
  (void)fputs("\\fB\\-\\-", stdout);
  put_text(name);
  (void)fputs("\\fR", stdout);
  if (argument != NULL) {
    (void)fputs("=\\fI", stdout);
    put_text(argument);
    (void)fputs("\\fR", stdout);
  }
  (void)putchar('\n');
  put_line(help, strlen(help));
}

static void put_head(const cli_usage *usage) {
  const char *purpose = cli_command_purpose(usage->command);
  (void)fputs(".TH TANLU\\-", stdout);
  for (const char *p = usage->command; *p != '\0'; p++) {
    const char upper = (char)toupper((unsigned char)*p);
    put(&upper, 1);
  }
  (void)printf(" 1 \"\" \"Tanlu %s\" \"User Commands\"\n.SH NAME\n", cli_version());
  (void)fputs("tanlu\\-", stdout);
  put_text(usage->command);
  (void)fputs(" \\- ", stdout);
  put_line(purpose, strlen(purpose));
  (void)puts(".SH SYNOPSIS");
  (void)fputs("\\fBtanlu ", stdout);
  put_text(usage->command);
  (void)fputs("\\fR [\\fIOPTION\\fR]... ", stdout);
  put_synopsis(usage->synopsis);
}

void cli_manual_print(const cli_usage *usage, const cli_option *option, size_t options) {
  size_t count = 0;
  const cli_exit_status *exits = cli_exit_statuses(&count);
  put_head(usage);
  (void)puts(".SH DESCRIPTION");
  put_paragraphs(usage->purpose);
  (void)puts(".SH OPTIONS");
  for (size_t i = 0; i < options; i++) {
    put_option(option[i].letter, option[i].name, option[i].argument, option[i].help);
  }
  put_option('h', "help", NULL, CLI_HELP_HELP);
  put_option('\0', "version", NULL, CLI_VERSION_HELP);
  (void)puts(".\\\" details\n.SH EXAMPLES\n.nf");
  for (const char *line = usage->examples; *line != '\0';) {
    const size_t length = strcspn(line, "\n"), indent = strspn(line, " ");
    put_line(line + indent, length - indent);
    line += length + (line[length] == '\n');
  }
  (void)puts(".fi\n.SH EXIT STATUS");
  for (size_t i = 0; i < count; i++) {
    (void)printf(".TP\n.B %s\n", exits[i].status);
    put_line(exits[i].meaning, strlen(exits[i].meaning));
  }
  (void)puts(".SH SEE ALSO\n.BR tanlu (1)");
}
