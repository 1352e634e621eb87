/* Stress tests as tables and CSV. */
#ifndef TANLU_OUTPUTS_STRESS_VIEW_H
#define TANLU_OUTPUTS_STRESS_VIEW_H

#include "model/stress.h"
#include "outputs/year_table.h"

/* National figures of a year more: price, what is at risk, and how much of it in sectors that lose. price: 10^4 CNY/t; gdp: of the
 * baseline, 10^4 CNY. */
tanlu_status tanlu_stress_add(tanlu_year_table *table, const tanlu_stress *stress, int year, double price, double gdp,
                              tanlu_context *context);
/* Sectors or groups, the most exposed first, and the sums under them; view->year 0: several years together. */
tanlu_status tanlu_stress_print(const tanlu_analysis_view *view, const char *title, const tanlu_stress *stress,
                                tanlu_context *context);

#endif
