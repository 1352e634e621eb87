/* Allocation of allowances (or of a carbon budget) between provinces: a weighted mean of four shares, each of which sums to one,
 *
 *     historic     CO2_i / sum CO2
 *     per head     population_i / sum population
 *     gdp          GDP_i / sum GDP
 *     efficiency   GDP_i (I / I_i) / sum of the same, I_i = CO2_i / GDP_i, I that of all together: more for who makes more of a
 *                  tonne (CO2_i (I / I_i) would be the share in GDP again)
 *
 * The measures in any unit. */
#ifndef TANLU_MODEL_REGION_SHARES_H
#define TANLU_MODEL_REGION_SHARES_H

#include "model/labels.h"

enum { TANLU_SHARE_HISTORIC, TANLU_SHARE_PER_HEAD, TANLU_SHARE_GDP, TANLU_SHARE_EFFICIENCY, TANLU_SHARES };

typedef struct {
  tanlu_labels label;
  double *population, *gdp, *co2; /* label.count, all positive */
} tanlu_regions;

void tanlu_regions_clear(tanlu_regions *regions);
/* share: count; of_each (may be NULL): count x TANLU_SHARES, the four shares of a region together. weight sums to one. */
void tanlu_region_shares(const tanlu_regions *regions, const double weight[TANLU_SHARES], double *share,
                         double *of_each);

#endif
