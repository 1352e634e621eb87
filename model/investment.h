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
 * pumped storage are not in it. Investment is reported: final demand does not react to it. */
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

#endif
