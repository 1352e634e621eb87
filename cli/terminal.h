/* What standard output can show: charts and colours, as the user and the terminal want them. */
#ifndef TANLU_CLI_TERMINAL_H
#define TANLU_CLI_TERMINAL_H

#include "cli/options.h"
#include "outputs/text_chart.h"

typedef struct {
  const char *color; /* NULL: auto */
  bool chart, no_chart;
} cli_display;

#define CLI_COLOR_OPTION(d)                                                                                            \
  { "color", 0, CLI_TEXT, "auto|always|never", "colours; auto: on a terminal, unless NO_COLOR is set", &(d).color }
#define CLI_CHART_OPTIONS(d)                                                                                           \
  {"chart", 0, CLI_FLAG, NULL, "charts too, as on a terminal of 60 columns or more", &(d).chart}, {                    \
    "no-chart", 0, CLI_FLAG, NULL, "tables alone", &(d).no_chart                                                       \
  }

/* The style of stdout. Colours: with auto on a terminal, unless NO_COLOR is set to anything or TERM is dumb. Charts: with --chart as
 * wide as the terminal, COLUMNS or 80; without, on a terminal alone. Returns CLI_GO_ON, or 2 after wrong usage, with a message. */
int cli_terminal_style(const cli_display *display, const char *command, tanlu_text_style *style);

#endif
