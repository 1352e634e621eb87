/* What a carbon market is made from, by year and group: taken from the solved accounts of a scenario.
 *
 * Combustion and process CO2 of the sectors of a group after capture; households are not covered. What the efficiency tiers leave to
 * save, as a share of the group's CO2: with E_p(t) the energy of process p with its capacity as it is in year t, E_p,above with all of
 * it at the benchmark level, k and U_g as in model/efficiency_tiers.h (k its scale, U_g what its energy is part of),
 *
 *     potential_gt = sum_p k (E_p(t) - E_p,above) / U_g  /  (1 + sum_p k (E_p(t) - E_p(0)) / U_g)   x  combustion_gt / CO2_gt
 *
 * the saving falling on all fuels alike. It is zero for groups without tiers. What routes leave to save: with m_r the direct CO2 per
 * tonne of route r (its fuels x the base-year CO2 per TJ of their class in the policy group, and process CO2, less capture), s_r its share in
 * the year, S the share that route o could have, and w the share of the process in the group's CO2 of the base year (at most 1),
 *
 *     potential_gt = w max(0, S - s_ot) (sum_(r not o) s_rt m_r / (1 - s_ot) - m_o) / sum_r s_r0 m_r     0 where o emits more
 *
 * w stays as it was: how the process grows within its group is not known. */
#ifndef TANLU_MODEL_MARKET_ACCOUNTS_H
#define TANLU_MODEL_MARKET_ACCOUNTS_H

#include "model/market_rules.h"
#include "model/solved_accounts.h"

typedef struct {
  int from; /* first year */
  size_t years, groups;
  double *gdp; /* years */
  /* years x groups, groups fastest */
  double *co2;                                      /* t */
  double *output, *value_added, *imports, *exports; /* 10^4 CNY */
  double *activity;                                 /* in the unit of the rules */
  double *tier_saving, *route_saving;               /* share of co2 */
} tanlu_market_accounts;

tanlu_status tanlu_market_accounts_create(tanlu_market_accounts **accounts, int from, size_t years, size_t groups,
                                          tanlu_context *context);
void tanlu_market_accounts_free(tanlu_market_accounts **accounts); /* accepts NULL */

/* Take a year. drivers: of the scenario, for its tiers. Errors: TANLU_ERR_MODEL for a benchmark or abatement by tiers of a group that
 * has none in the dataset; memory. */
tanlu_status tanlu_market_accounts_add(tanlu_market_accounts *accounts, const tanlu_market_rules *rules,
                                       const tanlu_drivers *drivers, const tanlu_solved_accounts *year,
                                       tanlu_context *context);

/* Share of a group's CO2 that the market covers in a year: as given, or with N firms whose emissions are log-normal with mean E / N
 * and deviation sigma, that of firms above the threshold T: 1 - Phi((ln T - mu - sigma^2) / sigma), mu = ln(E / N) - sigma^2 / 2. */
double tanlu_market_covered(const tanlu_market_rules *rules, const tanlu_market_group *group, double co2, int year);
/* Number of firms above the threshold; NaN where their number is not known. */
double tanlu_market_firms(const tanlu_market_rules *rules, const tanlu_market_group *group, double co2);

#endif
