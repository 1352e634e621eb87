/* Emissions embodied in trade between regions, as tables and CSV. */
#ifndef TANLU_OUTPUTS_EMBODIED_VIEW_H
#define TANLU_OUTPUTS_EMBODIED_VIEW_H

#include <stdio.h>

#include "model/embodied.h"

typedef struct {
  const tanlu_dataset *dataset;
  size_t level;
  const tanlu_embodied *embodied;
  const char *quantity, *unit; /* "co2", "Mt" */
  const char *of;              /* the sectors shown apart; NULL: none */
  size_t top;                  /* flows between two regions that are listed */
} tanlu_embodied_view;

/* By region: production, to others, from others, abroad, consumption; then the largest flows. */
tanlu_status tanlu_embodied_print(const tanlu_embodied_view *view, FILE *out, tanlu_context *context);
/* CSV: from, to, quantity, unit, value, and `of`: every pair, abroad and discrepancy too. */
void tanlu_embodied_put(const tanlu_embodied_view *view, FILE *csv);

#endif
