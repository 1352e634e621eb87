/* A carbon market over the emissions of a solved scenario: allowances, prices, compliance and what it costs whom.
 *
 * For group g and year t with covered emissions E = kappa max(0, CO2) (model/market_accounts.h), activity q, base years b, control
 * coefficient c and m_b(.) the mean over base years,
 *
 *     claim   = kappa c (w_h m_b(CO2) + w_i m_b(CO2 / q) q + w_b benchmark q)
 *     benchmark: given; or of firms whose intensity is log-normal with mean m = m_b(CO2 / q) and coefficient of variation v: the
 *                median m / sqrt(1 + v^2), a percentile, the mean of the best (solvers/lognormal.h); or CO2 / q of the year with
 *                the capacity of all tiers at the benchmark level: (1 - tier saving) CO2 / q
 *     cap     = a path, or (1 - reduction) (sum_g kappa CO2_0 / GDP_0) GDP, or what the claims add up to
 *     scale   = min(1, (cap - reserve) / sum claims), or without the min where the rules say `fill`
 *     free    = (1 - auction) scale claim,   auctioned = auction scale claim
 *
 * At the price p a group abates a(p) E. What it has to surrender, `due`, is E - a(p) E and `surrender` x what it left open the year
 * before; it surrenders `compliance` x due, of which offsets at most limit x surrendered (and, of what is made up, what need not be
 * allowances) where p is not below their price. `deduct` x what was left open is taken from the next year's allowances. The price
 * clears the market (model/market_clearing.h), or is given; then the state sells what is short at that price, and of a surplus that is
 * not banked so much less is sold, by groups and by auction alike.
 *
 *     free + auctioned - deducted + reserve sold + added - bought back + offsets + bank before = surrendered + bank + expired
 *     purchases of groups = sales of groups + auction revenue - what the bank pays for what it takes up
 *
 * are checked to 1e-9. What comes after the last year (deduct, surrender) is not part of it.
 *
 *     cost     = trade + offsets + abatement (area under the curve) + penalties (price_multiple p per t, fine per firm)
 *     leakage  = (p due + abatement) / value added x (exports + imports) / (output + imports) x (1 - the most that can be abated):
 *                the whole carbon cost, as if nothing were free, so that the index does not depend on how allowances are given.
 *
 * Quantities stay as projected apart from the abatement: nobody produces less because of the price. */
#ifndef TANLU_MODEL_CARBON_MARKET_H
#define TANLU_MODEL_CARBON_MARKET_H

#include "model/market_accounts.h"
#include "model/market_clearing.h"

/* id, code, name, unit, what one of that unit is in units of the model, digits. By group and year. */
#define TANLU_MARKET_GROUP_LIST(X)                                                                                     \
  X(EMISSIONS, "covered_co2", "CO2 covered", "Mt", 1e6, 1)                                                             \
  X(COVERED, "covered_share", "share of its CO2 covered", "1", 1.0, 3)                                                 \
  X(CLAIM, "claim", "allowances by its rule", "Mt", 1e6, 1)                                                            \
  X(FREE, "free_allowances", "free allowances", "Mt", 1e6, 1)                                                          \
  X(AUCTIONED, "auctioned_allowances", "auctioned of its allowances", "Mt", 1e6, 1)                                    \
  X(DEDUCTED, "deducted_allowances", "deducted for last year", "Mt", 1e6, 1)                                           \
  X(ABATED, "abated", "abated", "Mt", 1e6, 1)                                                                          \
  X(DUE, "due", "to be surrendered", "Mt", 1e6, 1)                                                                     \
  X(OPEN, "not_surrendered", "not surrendered", "Mt", 1e6, 2)                                                          \
  X(OFFSETS, "offsets", "offsets", "Mt", 1e6, 1)                                                                       \
  X(BALANCE, "balance", "balance", "Mt", 1e6, 1)                                                                       \
  X(TRADE_COST, "trade_cost", "allowances bought less sold", "1e8 CNY_2020", 1e4, 1)                                   \
  X(OFFSET_COST, "offset_cost", "offsets bought", "1e8 CNY_2020", 1e4, 1)                                              \
  X(ABATEMENT_COST, "abatement_cost", "abatement", "1e8 CNY_2020", 1e4, 1)                                             \
  X(PENALTY, "penalty", "penalties", "1e8 CNY_2020", 1e4, 2)                                                           \
  X(COST, "cost", "cost", "1e8 CNY_2020", 1e4, 1)                                                                      \
  X(COST_SHARE, "cost_share", "cost in value added", "1", 1.0, 4)                                                      \
  X(CARBON_COST, "carbon_cost_share", "whole carbon cost in value added", "1", 1.0, 4)                                 \
  X(TRADE_INTENSITY, "trade_intensity", "trade intensity", "1", 1.0, 3)                                                \
  X(POTENTIAL, "abatement_potential", "the most that can be abated", "1", 1.0, 3)                                      \
  X(LEAKAGE, "leakage_index", "leakage index", "1", 1.0, 4)

typedef enum {
#define X(id, code, name, unit, factor, digits) TANLU_GROUP_##id,
  TANLU_MARKET_GROUP_LIST(X)
#undef X
      TANLU_MARKET_GROUP_VALUES
} tanlu_market_group_value;

/* By year; those with the id of a value by group are its sum. */
#define TANLU_MARKET_YEAR_LIST(X)                                                                                      \
  X(EMISSIONS, "covered_co2", "CO2 covered", "Mt", 1e6, 1)                                                             \
  X(ABATED, "abated", "  abated", "Mt", 1e6, 1)                                                                        \
  X(CAP, "cap", "Cap", "Mt", 1e6, 1)                                                                                   \
  X(SCALE, "adjustment", "  adjustment of claims", "1", 1.0, 4)                                                        \
  X(FREE, "free_allowances", "  free", "Mt", 1e6, 1)                                                                   \
  X(AUCTIONED, "auctioned_allowances", "  auctioned", "Mt", 1e6, 1)                                                    \
  X(RESERVE, "reserve", "  reserve", "Mt", 1e6, 1)                                                                     \
  X(UNISSUED, "unissued", "  not issued", "Mt", 1e6, 1)                                                                \
  X(DEDUCTED, "deducted_allowances", "Deducted for last year", "Mt", 1e6, 2)                                           \
  X(RESERVE_SOLD, "reserve_sold", "Sold from the reserve", "Mt", 1e6, 1)                                               \
  X(ADDED, "added", "Sold beyond the cap", "Mt", 1e6, 1)                                                               \
  X(WITHDRAWN, "withdrawn", "Bought back", "Mt", 1e6, 1)                                                               \
  X(OFFSETS, "offsets", "Offsets", "Mt", 1e6, 1)                                                                       \
  X(DUE, "due", "To be surrendered", "Mt", 1e6, 1)                                                                     \
  X(OPEN, "not_surrendered", "  not surrendered", "Mt", 1e6, 2)                                                        \
  X(BANK, "bank", "Banked", "Mt", 1e6, 1)                                                                              \
  X(EXPIRED, "expired", "Expired", "Mt", 1e6, 1)                                                                       \
  X(PRICE, "price", "Price", "CNY_2020/t", 1e-4, 1)                                                                    \
  X(COST, "cost", "Cost of the groups", "1e8 CNY_2020", 1e4, 1)                                                        \
  X(TRADE_COST, "trade_cost", "  allowances bought less sold", "1e8 CNY_2020", 1e4, 1)                                 \
  X(OFFSET_COST, "offset_cost", "  offsets", "1e8 CNY_2020", 1e4, 1)                                                   \
  X(ABATEMENT_COST, "abatement_cost", "  abatement", "1e8 CNY_2020", 1e4, 1)                                           \
  X(PENALTY, "penalty", "  penalties", "1e8 CNY_2020", 1e4, 2)                                                         \
  X(SALES, "sales", "Sales of groups with more than they need", "1e8 CNY_2020", 1e4, 1)                                \
  X(REVENUE, "auction_revenue", "Revenue of the state from allowances", "1e8 CNY_2020", 1e4, 1)

typedef enum {
#define X(id, code, name, unit, factor, digits) TANLU_YEAR_##id,
  TANLU_MARKET_YEAR_LIST(X)
#undef X
      TANLU_MARKET_YEAR_VALUES
} tanlu_market_year_value;

typedef struct {
  const char *code, *name, *unit;
  double factor; /* one of the unit in units of the model */
  int decimals;
} tanlu_market_info;
const tanlu_market_info *tanlu_market_group_info(tanlu_market_group_value value);
const tanlu_market_info *tanlu_market_year_info(tanlu_market_year_value value);

typedef struct {
  int from;
  size_t years, groups;
  double *group[TANLU_MARKET_GROUP_VALUES]; /* years x groups */
  double *year[TANLU_MARKET_YEAR_VALUES];   /* years */
} tanlu_market;

/* Solve a market. Errors: TANLU_ERR_MODEL where no price clears a year (naming it and what is short), where claims add up to nothing
 * under a cap to be filled, or where next year's penalties grow without end; TANLU_ERR_INTERNAL where the balances above do not hold. */
tanlu_status tanlu_market_solve(tanlu_market **market, const tanlu_market_rules *rules,
                                const tanlu_market_accounts *accounts, tanlu_context *context);
void tanlu_market_free(tanlu_market **market); /* accepts NULL */

/* Parts of it, in this order around the price. Allowances: EMISSIONS, COVERED, CLAIM, FREE, AUCTIONED and CAP, SCALE, RESERVE, UNISSUED. */
tanlu_status tanlu_market_allocate(tanlu_market *market, const tanlu_market_rules *rules,
                                   const tanlu_market_accounts *accounts, tanlu_context *context);
/* Who pays whom, and the sums by year; checks the balances. */
tanlu_status tanlu_market_costs(tanlu_market *market, const tanlu_market_rules *rules,
                                const tanlu_market_accounts *accounts, tanlu_context *context);

#endif
