/* Tables of one variable or indicator of a result file, small enough to read: large axes are summed by policy group. */
#ifndef TANLU_OUTPUTS_RESULT_VIEW_H
#define TANLU_OUTPUTS_RESULT_VIEW_H

#include <stdio.h>

#include "outputs/result_file.h"
#include "outputs/text_chart.h"

typedef struct {
  int from, to;         /* years shown; from > to: about nine, spread over all, or as many as a terminal has room for */
  const char *scenario; /* NULL: all */
  const tanlu_text_style *style; /* NULL: tables alone */
} tanlu_view;

/* A yearly indicator by scenario and year, with a line of its trend, under its definition; with a chart its lines. */
tanlu_status tanlu_view_indicator(tanlu_result *result, size_t indicator, const tanlu_view *view, FILE *stream,
                                  tanlu_context *context);
/* The chart of it alone, under its definition: nothing when the style has none. */
tanlu_status tanlu_view_chart(tanlu_result *result, size_t indicator, const tanlu_view *view, FILE *stream,
                              tanlu_context *context);
/* A variable: for each scenario a table of members by year. Sectors are summed to their policy groups, a second axis is
 * summed over; multipliers and other numbers of unit 1 are not summed but shown by member, as far as there is one axis.
 * With charts every row has a bar of its last year shown. */
tanlu_status tanlu_view_variable(tanlu_result *result, const tanlu_result_variable *variable, const tanlu_view *view,
                                 FILE *stream, tanlu_context *context);
/* All indicators and variables with units and definitions. */
tanlu_status tanlu_view_list(tanlu_result *result, FILE *stream, tanlu_context *context);

#endif
