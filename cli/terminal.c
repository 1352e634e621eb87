#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "inputs/number.h"

enum { USUAL_COLUMNS = 80, CHART_LEAST = 60 };

/* Columns of the terminal, as it says itself, as COLUMNS says, or as most have. */
static size_t columns_of(bool terminal) {
  struct winsize size = {0};
  const char *text = getenv("COLUMNS");
  int columns = 0;
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return text != NULL && tanlu_integer_parse(text, &columns) && columns > 0 ? (size_t)columns : USUAL_COLUMNS;
}

static bool wants_color(const char *how, bool terminal) {
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
  if (how != NULL && strcmp(how, "always") == 0) return true;
  if (how != NULL && strcmp(how, "never") == 0) return false;
  return terminal && (no_color == NULL || *no_color == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

int cli_terminal_style(const cli_display *display, const char *command, tanlu_text_style *style) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const char *how = display->color;
  if (how != NULL && strcmp(how, "auto") != 0 && strcmp(how, "always") != 0 && strcmp(how, "never") != 0) {
    return cli_wrong_usage(command, "--color '%s': expected auto, always or never", how);
  }
  if (display->chart && display->no_chart) return cli_wrong_usage(command, "--chart and --no-chart exclude each other");
  const size_t columns = columns_of(terminal);
  *style = (tanlu_text_style){.columns = terminal ? columns : 0, .color = wants_color(how, terminal)};
  if (display->chart || (terminal && !display->no_chart && columns >= CHART_LEAST)) style->chart = columns;
  return CLI_GO_ON;
}
