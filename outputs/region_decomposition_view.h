/* Decompositions of many regions side by side, as a table and CSV: each between two years, or each against one other region. */
#ifndef TANLU_OUTPUTS_REGION_DECOMPOSITION_VIEW_H
#define TANLU_OUTPUTS_REGION_DECOMPOSITION_VIEW_H

#include <stdio.h>

#include "model/labels.h"

typedef struct {
  const char *method, *what, *unit; /* "lmdi", "co2", "Mt" */
  const char *name;                 /* of the scenario or dataset */
  const char *against; /* the region that all are compared with, "nation"; NULL: each with itself in year_from */
  int year_from, year_to;
  const tanlu_labels *effects, *parts, *region;
  const double *from, *to; /* regions: totals */
  const double *effect;    /* effects x parts x regions, [(k parts + p) regions + r] */
  int decimals;
} tanlu_region_decomposition;

/* Effects of all regions together, for changes, or of one region by part where it is alone against another. Then, of several
 * regions, each by effect: the largest change first, of differences the highest first; at most `top`, and the rest as one line where
 * changes add up. Effects that no region has are left out and named below. */
tanlu_status tanlu_region_decomposition_print(const tanlu_region_decomposition *view, size_t top, FILE *out,
                                              tanlu_context *context);
/* CSV: method, quantity, unit, name, region_from, year_from, region_to, year_to, part, effect, value; the change of the whole region as
 * part `all`, effect `change`. */
void tanlu_region_decomposition_put(const tanlu_region_decomposition *view, FILE *csv);

#endif
