/* Investment that the power system needs: additions of capacity by technology, and what they cost.
 *
 * With C_t the capacity of a technology at the end of year t, L its lifetime and a_t what is added in year t
 *
 *     S_t = C_0 max(0, 1 - t / L) + sum of a_u over u = max(1, t - L + 1) .. t - 1     still standing of what was built before
 *     a_t = max(0, C_t - S_t),  a_0 unknown
 *     investment_t = a_t c_t
 *
 * Capacity of the base year retires evenly over one lifetime, later additions after one. Where capacity falls faster than by age the
 * rest stands by and is used again before anything is built. c_t is the cost per capacity at base-year prices: `investment.power` of
 * the scenario, else that of the dataset (inputs/policy/investment.csv). Interest during construction, grids and storage beyond
 * pumped storage are not in it.
 *
 * Final demand does not react to it by itself. What it would ask of gross fixed capital formation K, whose total the scenario says:
 * with pi the share of power plants in K, p_g = pi b_g that of the products of group g they buy (b: dataset.investment.bridge, weighted
 * by investment), s_g0 the base-year share of the group in K,
 *
 *     rest_g  = (s_g0 - p_g0) / (1 - pi_0)               what all other investment is made of: it stays
 *     s_gt    = (1 - pi_t) rest_g + p_gt                 sums to 1 as s_g0 does
 *     index_g = s_gt / s_g0                              `final_demand.composition` of the group
 *
 * As nothing is known of what was built in the base year, pi_0 and p_g0 are those of the recorded years after it. */
#ifndef TANLU_MODEL_INVESTMENT_H
#define TANLU_MODEL_INVESTMENT_H

#include "model/fields.h"
#include "model/levers.h"

/* What it needs and fills, beside the indicators. */
#define TANLU_INVESTMENT_FIELDS                                                                                        \
  (1UL << TANLU_FIELD_CAPACITY | 1UL << TANLU_FIELD_CAPACITY_ADDED | 1UL << TANLU_FIELD_INVESTMENT)
/* Does the indicator depend on earlier years too? Derivatives within a year do not see it. */
bool tanlu_indicator_spans_years(size_t indicator);

/* Additions of year t from the capacities of years 0 .. t (stride numbers a year) and the additions of years 1 .. t - 1; NaN for
 * t = 0. lifetime: years, at least 1. */
double tanlu_capacity_added(const double *capacity, const double *added, size_t stride, size_t t, double lifetime);

/* Fill CAPACITY_ADDED, INVESTMENT and the indicators of year t, to which the levers belong, from CAPACITY and GDP of the years up to it;
 * nothing where a field is not kept. Missing in the base year, and where a cost or lifetime is not known. */
void tanlu_investment_record(const tanlu_dataset *dataset, const tanlu_levers *levers, size_t lane, size_t t,
                             tanlu_projection *projection);

/* Category of final demand that is gross fixed capital formation; TANLU_NONE where the dataset has none. */
size_t tanlu_investment_category(const tanlu_dataset *dataset);
/* Purchases p (policy groups) and their sum pi over years from .. to (counted from the base year, from at least 1) together, shares of
 * fixed capital formation, and base (policy groups) the base-year shares s_g0. The projection has INVESTMENT and FINAL_DEMAND.
 * TANLU_ERR_MODEL naming a technology that is built without cost or lifetime known or without a row of the bridge; pi not below 1. */
tanlu_status tanlu_investment_purchases(const tanlu_dataset *dataset, const tanlu_projection *projection, size_t from,
                                        size_t to, double *purchases, double *pi, tanlu_context *context);
void tanlu_investment_base(const tanlu_dataset *dataset, const tanlu_projection *projection, double *base);
/* index_g of all groups by the equations above; 1 for a group that nobody buys. pi_0, pi_t below 1. Returns the first group that cannot
 * be: the base year has less of it than power plants buy (rest_g < 0), or none that an index could scale; else TANLU_NONE. */
size_t tanlu_investment_index(size_t groups, const double *base, const double *purchases_0, double pi_0,
                              const double *purchases_t, double pi_t, double *index);

#endif
