/* Charts of characters, for terminals: lines of dots (Braille patterns, eight to a character) and bars of blocks. Colours help, but
 * nothing is said by colour alone: every line carries a letter. */
#ifndef TANLU_OUTPUTS_TEXT_CHART_H
#define TANLU_OUTPUTS_TEXT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "solvers/context.h"

/* What the place that a text goes to can show. All zero, or NULL where a pointer is taken: plain text of any width, no charts. */
typedef struct {
  size_t columns; /* of the terminal; 0: none, tables are as wide as they get */
  size_t chart;   /* columns a chart may take; 0: none is drawn */
  bool color;     /* escape sequences of ECMA-48 (SGR) may be written */
} tanlu_text_style;

typedef enum { TANLU_INK_GOOD, TANLU_INK_BAD, TANLU_INK_BAR, TANLU_INK_SERIES } tanlu_ink; /* SERIES + k: line k */

/* What switches to a colour and back, "" where there are none. tanlu_text_width and tables count no columns for them. */
const char *tanlu_ink_begin(const tanlu_text_style *style, size_t ink);
const char *tanlu_ink_end(const tanlu_text_style *style);

/* Lines over a common axis. */
typedef struct {
  const char *unit; /* over the axis of values */
  size_t series, points;
  const int *x;            /* points, rising: years */
  const char *const *name; /* series */
  const double *value;     /* series x points; NaN: a gap */
} tanlu_line_chart;

/* The chart with its axes, and under it the letters of the lines. The axis of values begins at zero unless all values lie within a
 * quarter of the largest. Nothing is printed with fewer than two points or without a finite value. Errors: memory. */
tanlu_status tanlu_line_chart_print(const tanlu_line_chart *lines, const tanlu_text_style *style, FILE *stream,
                                    tanlu_context *context);

/* A bar from zero to `value` on an axis from `low` to `high` of `width` columns: to the right in eighths of a block as
 * tanlu_text_bar; to the left, of an axis with low < 0, in halves. `size` bytes of `buffer` are used, three a column at most. */
const char *tanlu_text_bar_between(char *buffer, size_t size, double value, double low, double high, size_t width);

#endif
