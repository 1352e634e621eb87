/* What the tables of all analyses have in common: members (sectors, or groups of a level) with columns of numbers, the largest
 * first on the screen, all of them in CSV.
 *
 * CSV: analysis, scenario, year, code, name, category, quantity, unit, value. */
#ifndef TANLU_OUTPUTS_ANALYSIS_VIEW_H
#define TANLU_OUTPUTS_ANALYSIS_VIEW_H

#include <stdio.h>

#include "model/dataset.h"

typedef struct {
  const char *analysis; /* "scopes": for CSV */
  const char *scenario;
  int year;                   /* 0: of no single year */
  const tanlu_labels *member; /* sectors, or groups of a level */
  const size_t *member_of;    /* sectors: their group; NULL: members are sectors */
  size_t sectors, top;        /* top: lines of a table */
  FILE *out, *csv;            /* csv: NULL where nobody wants it */
} tanlu_analysis_view;

/* One column: numbers by member in the unit they are shown in. */
typedef struct {
  const char *heading;         /* NULL: in CSV alone */
  const char *category;        /* of final demand, "" for none */
  const char *quantity, *unit; /* of CSV; quantity NULL: on the screen alone */
  int decimals;                /* after the point, at least */
  const double *value;         /* members */
  const char *const *text;     /* members, instead of value; quantity NULL */
} tanlu_analysis_column;

void tanlu_analysis_csv_header(FILE *csv);
/* One record; nothing where nobody wants CSV. */
void tanlu_analysis_csv(const tanlu_analysis_view *view, const char *code, const char *name, const char *category,
                        const char *quantity, const char *unit, double value);
/* factor x sums over the sectors of every member. */
void tanlu_analysis_sum(const tanlu_analysis_view *view, double factor, const double *by_sector, double *by_member);
/* A table of the `top` members by |key| under a title, and all columns into CSV. `heading` stands over the members' names. */
tanlu_status tanlu_analysis_print(const tanlu_analysis_view *view, const char *title, const char *heading,
                                  const double *key, const tanlu_analysis_column *column, size_t columns,
                                  tanlu_context *context);

#endif
