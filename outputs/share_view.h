/* A nation's CO2 path shared between provinces, as tables and CSV.
 *
 * CSV: the columns of outputs/analysis_view.h; category is the rule ("historic", ..., "weights"), year the last of a period, and the
 * quantities are share (1), allowance, baseline, transfer (Mt, of the whole period), value (1e8 CNY) and intensity_change (1). */
#ifndef TANLU_OUTPUTS_SHARE_VIEW_H
#define TANLU_OUTPUTS_SHARE_VIEW_H

#include "model/region_allowances.h"
#include "model/region_shares.h"
#include "outputs/analysis_view.h"

typedef struct {
  const tanlu_analysis_view *view;
  const tanlu_regions *regions;
  const char *rule;       /* its name */
  const double *historic; /* regions: shares in the base year */
  const tanlu_region_allowances *allowances;
  double price;            /* CNY/t; NaN: none */
  const double *intensity; /* regions x periods: change against the base year; NULL: not asked for */
  const double *nation;    /* periods: that of the nation */
} tanlu_share_view;

/* Allowances by period and what is moved over all of them; with intensity the changes of CO2 per GDP by period instead. */
tanlu_status tanlu_share_print(const tanlu_share_view *share, tanlu_context *context);
/* What `count` rules move over all years, a year, side by side. */
tanlu_status tanlu_share_compare(const tanlu_share_view *share, size_t count, tanlu_context *context);

#endif
