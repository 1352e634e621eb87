/* Tables of a carbon market (model/carbon_market.h): years side by side, the groups of a year, and what provinces get. */
#ifndef TANLU_OUTPUTS_MARKET_VIEW_H
#define TANLU_OUTPUTS_MARKET_VIEW_H

#include "model/carbon_market.h"
#include "model/region_shares.h"
#include "outputs/year_table.h"

/* All values of a year (index from the market's first) into a table of years. */
tanlu_status tanlu_market_add(tanlu_year_table *table, const tanlu_market *market, size_t t, tanlu_context *context);
/* The groups of that year: balance, cost, leakage on the screen, everything in CSV. view->member are the groups. */
tanlu_status tanlu_market_print(const tanlu_analysis_view *view, const tanlu_market *market, size_t t,
                                tanlu_context *context);
/* Shares of regions, and of the cap in the wanted years; view->member are the regions, share: their number. */
tanlu_status tanlu_region_shares_print(const tanlu_analysis_view *view, const double *share, const tanlu_market *market,
                                       const bool *wanted, tanlu_context *context);

#endif
