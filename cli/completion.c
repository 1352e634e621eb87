/* What a shell needs to complete a command line, from the table of a command. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/manual.h"

enum { PLACES = 8, WORD = 64, VALUES = 256 };

/* ---- from a word of the usage to values ------------------------------------------------------------------------------ */

static const struct {
  const char *word, *values;
} holders[] = {
    {"FILE", "<file>"},
    {"PATH", "<file>"},
    {"DIR", "<directory>"},
    {"DIRECTORY", "<directory>"},
    {"OUT", "<directory>"},
    {"SCENARIO", "<scenarios> <file.yaml>"},
    {"SWEEP", "<sweeps> <file.yaml>"},
    {"DATASET", "<datasets> <directory>"},
    {"MARKET", "<markets> <file.yaml>"},
    {"VARIABLE", "<variables>"},
    {"INDICATOR", "<indicators>"},
    {"OUTPUT", "<outputs>"},
    {"=NAME", "<scenarios> <sweeps> <datasets>"}, /* an operand */
    {"regions=NAME", "<regions> <directory>"},
    {"scenario=NAME", "<file-scenarios>"}, /* NAME of --scenario: one of those in a result file */
};

/* Add a word that is not there yet. */
static void append(char *values, const char *word, size_t length) {
  const size_t used = strlen(values);
  for (const char *p = values; *p != '\0';) {
    const size_t own = strcspn(p, " ");
    if (own == length && memcmp(p, word, length) == 0) return;
    p += own + (p[own] == ' ');
  }
  if (used + length + 2 > VALUES) return;
  (void)snprintf(values + used, VALUES - used, "%s%.*s", used > 0 ? " " : "", (int)length, word);
}

static void append_all(char *values, const char *words) {
  while (*words != '\0') {
    const size_t length = strcspn(words, " ");
    append(values, words, length);
    words += length + (words[length] == ' ');
  }
}

static bool has_upper(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (isupper((unsigned char)text[i]) != 0) return true;
  }
  return false;
}

/* One of the alternatives; `option` is what NAME is called after. */
static void append_word(char *values, const char *option, const char *text, size_t length) {
  char word[2 * WORD];
  const char *dot = memchr(text, '.', length);
  if (length == 0 || length >= WORD) return;
  if (!has_upper(text, length) && isalnum((unsigned char)text[0]) != 0) {
    append(values, text, length);
    return;
  }
  if (dot != NULL && dot > text && dot + 1 < text + length && islower((unsigned char)dot[1]) != 0) { /* RESULT.h5 */
    (void)snprintf(word, sizeof word, "<file%.*s>", (int)(text + length - dot), dot);
    append(values, word, strlen(word));
    return;
  }
  const bool is_name = length == 4 && memcmp(text, "NAME", 4) == 0;
  (void)snprintf(word, sizeof word, "%s%s%.*s", is_name ? option : "", is_name ? "=" : "", (int)length, text);
  for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
    if (strcmp(word, holders[i].word) == 0) append_all(values, holders[i].values);
  }
}

/* Alternatives parted by "|", in brackets or with dots after them. */
static void append_values(char *values, const char *option, const char *text, size_t length) {
  for (size_t begin = 0, end = 0; begin <= length; begin = end + 1) {
    end = begin;
    while (end < length && text[end] != '|') end++;
    size_t first = begin, last = end;
    while (first < last && text[first] == '[') first++;
    while (last > first && (text[last - 1] == '.' || text[last - 1] == ']')) last--;
    append_word(values, option, text + first, last - first);
  }
}

/* ---- operands -------------------------------------------------------------------------------------------------------- */

typedef struct {
  char values[PLACES + 1][VALUES]; /* by place; the last one: all after */
  size_t places;
} operands;

/* Does the option that a word of the synopsis begins with, "--name" or "-n", take a value? */
static bool takes_value(const char *text, size_t length, const cli_option *option, size_t options) {
  for (size_t i = 0; i < options; i++) {
    const bool by_name = length > 2 && strncmp(text, "--", 2) == 0 && strlen(option[i].name) == length - 2 &&
                         memcmp(option[i].name, text + 2, length - 2) == 0;
    if (by_name || (length == 2 && text[1] == option[i].letter)) return option[i].kind != CLI_FLAG;
  }
  return false;
}

/* One line of a synopsis: all that is neither an option, nor the value of one. */
static void read_line(operands *o, const char *text, size_t length, const cli_option *option, size_t options) {
  bool is_value = false;
  size_t place = 0;
  const char *end = text + length;
  while (text < end) {
    while (text < end && *text == ' ') text++;
    const char *word = text;
    while (text < end && *text != ' ') text++;
    size_t size = (size_t)(text - word);
    const char *other = is_value ? memchr(word, '|', size) : NULL;
    if (other != NULL && other + 1 < text && other[1] == '-') { /* VALUE|--other */
      size -= (size_t)(other + 1 - word);
      word = other + 1;
      is_value = false;
    }
    while (size > 0 && *word == '[') {
      word++;
      size--;
    }
    if (is_value || size == 0) {
      is_value = false;
    } else if (*word == '-') {
      while (size > 0 && word[size - 1] == ']') size--;
      is_value = takes_value(word, size, option, options);
    } else if (strncmp(word, "OPTION", 6) != 0 && place < PLACES) {
      const bool many = size > 3 && strncmp(word + size - 3, "...", 3) == 0;
      append_values(o->values[many ? PLACES : place], "", word, size);
      if (!many) place++;
      if (place > o->places) o->places = place;
    }
  }
}

static void read_synopsis(operands *o, const cli_usage *usage, const cli_option *option, size_t options) {
  for (const char *line = usage->synopsis; *line != '\0';) {
    const size_t length = strcspn(line, "\n");
    size_t skip = 0;
    if (line != usage->synopsis) { /* "tanlu COMMAND" comes before another form */
      skip = strspn(line, " ");
      for (int word = 0; word < 2; word++) {
        skip += strcspn(line + skip, " \n");
        skip += strspn(line + skip, " ");
      }
    }
    read_line(o, line + skip, length > skip ? length - skip : 0, option, options);
    line += length + (line[length] == '\n');
  }
}

/* ---- the table ------------------------------------------------------------------------------------------------------- */

static const char *or_dash(const char *text) {
  return text[0] != '\0' ? text : "-";
}

static void put_option(const char *command, char letter, const cli_option *option) {
  char values[VALUES] = "", short_form[2] = {letter, '\0'};
  if (option->argument != NULL) append_values(values, option->name, option->argument, strlen(option->argument));
  (void)printf("option\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", command, option->name, or_dash(short_form),
               option->kind == CLI_LIST ? "*" : "-", option->argument != NULL ? option->argument : "-", or_dash(values),
               option->help);
}

void cli_completion_print(const cli_usage *usage, const cli_option *option, size_t options) {
  const char *command = usage->command;
  operands o = {.places = 0};
  read_synopsis(&o, usage, option, options);
  (void)printf("command\t%s\t%s\n", command, cli_command_purpose(command));
  for (size_t k = 0; k < o.places; k++) {
    (void)printf("operand\t%s\t%zu\t%s\n", command, k + 1, or_dash(o.values[k]));
  }
  if (o.values[PLACES][0] != '\0') (void)printf("operand\t%s\t*\t%s\n", command, or_dash(o.values[PLACES]));
  for (size_t i = 0; i < options; i++) put_option(command, option[i].letter, &option[i]);
  put_option(command, 'h', &(cli_option){.name = "help", .kind = CLI_FLAG, .help = CLI_HELP_HELP});
  put_option(command, '\0', &(cli_option){.name = "version", .kind = CLI_FLAG, .help = CLI_VERSION_HELP});
}
