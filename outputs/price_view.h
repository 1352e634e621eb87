/* Prices of CO2 and shocks to sectors as tables and CSV. */
#ifndef TANLU_OUTPUTS_PRICE_VIEW_H
#define TANLU_OUTPUTS_PRICE_VIEW_H

#include "model/prices.h"
#include "model/shock.h"
#include "outputs/year_table.h"

/* Revenue and who pays it, of one year more. */
tanlu_status tanlu_prices_add(tanlu_year_table *table, const tanlu_prices *prices,
                              const tanlu_solved_accounts *accounts, double price, tanlu_context *context);
/* Price changes of a year, the largest first. */
tanlu_status tanlu_prices_print(const tanlu_analysis_view *view, const tanlu_prices *prices,
                                const tanlu_solved_accounts *accounts, tanlu_context *context);
/* What is lost by a shock of a year, the largest losses of output first, and the sums under it. */
tanlu_status tanlu_shock_print(const tanlu_analysis_view *view, const char *title, const tanlu_shock *shock,
                               const tanlu_solved_accounts *accounts, tanlu_context *context);

#endif
