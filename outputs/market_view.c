#include "outputs/market_view.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

static const char quantity[] = "carbon_market";

/* ---- years --------------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_market_add(tanlu_year_table *table, const tanlu_market *market, size_t t, tanlu_context *context) {
  tanlu_status status = tanlu_year_table_year(table, market->from + (int)t, context);
  for (int k = 0; k < TANLU_MARKET_YEAR_VALUES && status == TANLU_OK; k++) {
    const tanlu_market_info *info = tanlu_market_year_info((tanlu_market_year_value)k);
    const tanlu_year_row row = {.code = info->code,
                                .name = info->name,
                                .quantity = quantity,
                                .unit = info->unit,
                                .decimals = info->decimals,
                                .apart = k == TANLU_YEAR_CAP || k == TANLU_YEAR_DUE || k == TANLU_YEAR_PRICE};
    status = tanlu_year_table_put(table, &row, market->year[k][t] / info->factor, context);
  }
  return status;
}

/* ---- groups ---------------------------------------------------------------------------------------------------------------------- */

/* Headings of what the screen shows; what has none is in CSV alone. */
static const char *heading_of(tanlu_market_group_value value) {
  switch (value) {
  case TANLU_GROUP_EMISSIONS:
    return "CO2, Mt";
  case TANLU_GROUP_FREE:
    return "free, Mt";
  case TANLU_GROUP_ABATED:
    return "abated, Mt";
  case TANLU_GROUP_OFFSETS:
    return "offsets, Mt";
  case TANLU_GROUP_BALANCE:
    return "balance, Mt";
  case TANLU_GROUP_TRADE_COST:
    return "trade, 1e8 CNY";
  case TANLU_GROUP_COST:
    return "cost, 1e8 CNY";
  case TANLU_GROUP_COST_SHARE:
    return "of value added";
  case TANLU_GROUP_LEAKAGE:
    return "leakage index";
  default:
    return NULL;
  }
}

tanlu_status tanlu_market_print(const tanlu_analysis_view *view, const tanlu_market *market, size_t t,
                                tanlu_context *context) {
  const size_t groups = market->groups;
  tanlu_analysis_column column[TANLU_MARKET_GROUP_VALUES];
  double *value = tanlu_allocate_doubles(context, groups, TANLU_MARKET_GROUP_VALUES);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < TANLU_MARKET_GROUP_VALUES; k++) {
    const tanlu_market_info *info = tanlu_market_group_info((tanlu_market_group_value)k);
    for (size_t g = 0; g < groups; g++) value[k * groups + g] = market->group[k][t * groups + g] / info->factor;
    column[k] = (tanlu_analysis_column){.heading = heading_of((tanlu_market_group_value)k),
                                        .category = "",
                                        .quantity = info->code,
                                        .unit = info->unit,
                                        .decimals = info->decimals,
                                        .value = value + k * groups};
  }
  char title[200];
  (void)snprintf(title, sizeof title, "Groups of the carbon market, %d, at %.4g CNY/t", view->year,
                 market->year[TANLU_YEAR_PRICE][t] / tanlu_market_year_info(TANLU_YEAR_PRICE)->factor);
  const tanlu_status status = tanlu_analysis_print(view, title, "group", value + TANLU_GROUP_EMISSIONS * groups, column,
                                                   TANLU_MARKET_GROUP_VALUES, context);
  free(value);
  return status;
}

/* ---- regions --------------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_region_shares_print(const tanlu_analysis_view *view, const double *share, const tanlu_market *market,
                                       const bool *wanted, tanlu_context *context) {
  const size_t regions = view->member->count;
  size_t columns = 1;
  for (size_t t = 0; t < market->years; t++) columns += wanted[t];
  tanlu_analysis_column *column = tanlu_allocate(context, columns, sizeof *column);
  char(*heading)[24] = tanlu_allocate(context, columns, sizeof *heading);
  double *value = tanlu_allocate_doubles(context, regions, columns);
  tanlu_status status = column != NULL && heading != NULL && value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    const double mt = tanlu_market_year_info(TANLU_YEAR_CAP)->factor;
    size_t c = 0;
    column[c++] = (tanlu_analysis_column){
        .heading = "share", .category = "", .quantity = "share", .unit = "1", .decimals = 4, .value = share};
    for (size_t t = 0; t < market->years; t++) {
      if (!wanted[t]) continue;
      tanlu_analysis_view year = *view;
      year.year = market->from + (int)t;
      double *own = value + c * regions;
      for (size_t i = 0; i < regions; i++) {
        own[i] = share[i] * market->year[TANLU_YEAR_CAP][t] / mt;
        tanlu_analysis_csv(&year, view->member->code[i], view->member->name[i], "", "allowances", "Mt", own[i]);
      }
      (void)snprintf(heading[c], sizeof *heading, "%d, Mt", year.year);
      column[c] = (tanlu_analysis_column){.heading = heading[c], .category = "", .decimals = 1, .value = own};
      c++;
    }
    status =
        tanlu_analysis_print(view, "The cap shared out between regions", "region", share, column, columns, context);
  }
  free(column);
  free(heading);
  free(value);
  return status;
}
