/* Private to the tables of result files: outputs/result_view.c, region_view.c. */
#ifndef TANLU_OUTPUTS_RESULT_VIEW_PRIVATE_H
#define TANLU_OUTPUTS_RESULT_VIEW_PRIVATE_H

#include "outputs/result_view.h"
#include "outputs/table.h"

enum { TANLU_VIEW_YEARS_MAX = 512 };

/* Years that are shown: all of from..to, or the first, the last and those divisible by 5, thinned to about nine. */
typedef struct {
  int step; /* between years shown; 0: those of a range, all of them */
  size_t count, index[TANLU_VIEW_YEARS_MAX];
} tanlu_view_years;

void tanlu_view_choose(tanlu_result *result, const tanlu_view *view, tanlu_view_years *choice);
bool tanlu_view_too_wide(const tanlu_view *view, const tanlu_table *table, size_t beside);
/* Fewer years, for a table that is wider than the terminal; false when there are no fewer. */
bool tanlu_view_thin(tanlu_result *result, const tanlu_view *view, tanlu_view_years *choice);
void tanlu_view_year_columns(tanlu_table *table, tanlu_result *result, const tanlu_view_years *choice);
double tanlu_view_largest(const double *value, const tanlu_view_years *choice);
bool tanlu_view_scenario_shown(const tanlu_view *view, const char *code);

const char *tanlu_view_indicator_unit(tanlu_result *result, size_t indicator);
void tanlu_view_indicator_heading(tanlu_result *result, size_t indicator, FILE *stream);

/* Rows by year, each with a line of its trend. */
typedef struct {
  const char *heading; /* of the names */
  const char *unit;
  size_t count, years;
  const char **name; /* count */
  double *value;     /* count x years */
} tanlu_view_lines;

/* Room for `most` rows. Cleared in any case. */
tanlu_status tanlu_view_lines_begin(tanlu_view_lines *lines, size_t most, size_t years, tanlu_context *context);
void tanlu_view_lines_clear(tanlu_view_lines *lines);
/* A table of the years shown, as wide as the terminal lets it be. */
tanlu_status tanlu_view_lines_print(const tanlu_view_lines *lines, tanlu_result *result, const tanlu_view *view,
                                    FILE *stream, tanlu_context *context);
/* A chart of all years, or of those of the range. */
tanlu_status tanlu_view_lines_draw(const tanlu_view_lines *lines, tanlu_result *result, const tanlu_view *view,
                                   FILE *stream, tanlu_context *context);

#endif
