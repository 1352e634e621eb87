/* Allocation of allowances (or of a carbon budget) between provinces: a weighted mean of five shares, each of which sums to one,
 *
 *     historic     CO2_i / sum CO2
 *     per head     population_i / sum population
 *     gdp          GDP_i / sum GDP
 *     efficiency   GDP_i (I / I_i) / sum of the same, I_i = CO2_i / GDP_i, I that of all together: more for who makes more of a
 *                  tonne (CO2_i (I / I_i) would be the share in GDP again)
 *     consumption  C_i / sum C, C_i the CO2 that final demand of i causes in all provinces (model/embodied.h), direct CO2 of its
 *                  households included
 *
 * The measures in any unit. */
#ifndef TANLU_MODEL_REGION_SHARES_H
#define TANLU_MODEL_REGION_SHARES_H

#include "model/labels.h"

enum {
  TANLU_SHARE_HISTORIC,
  TANLU_SHARE_PER_HEAD,
  TANLU_SHARE_GDP,
  TANLU_SHARE_EFFICIENCY,
  TANLU_SHARE_CONSUMPTION,
  TANLU_SHARES
};

typedef struct {
  tanlu_labels label;
  double *population, *gdp, *co2; /* label.count, all positive */
  double *consumption;            /* label.count, positive; NULL: not known, its weight must be 0 */
} tanlu_regions;

void tanlu_regions_clear(tanlu_regions *regions);
/* share: count; of_each (may be NULL): count x TANLU_SHARES, the shares of a region together (NaN where nothing is known). weight sums
 * to one. */
void tanlu_region_shares(const tanlu_regions *regions, const double weight[TANLU_SHARES], double *share,
                         double *of_each);

#endif
