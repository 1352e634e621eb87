/* Growth of regions in recorded years, from their shares in the nation's GDP at current prices and the nation's growth:
 *
 *     1 + g_r,t = (1 + g_t) s_r,t / s_r,t-1        sum_r s_r,t-1 (1 + g_r,t) = 1 + g_t
 *
 * Assumption: the deflator is the nation's in every region, so that where prices rose more than elsewhere (coal, oil, metals) growth
 * is too high in that year, and too low where they fell. Weights of the identity are the shares themselves. */
#ifndef TANLU_MODEL_REGION_GROWTH_H
#define TANLU_MODEL_REGION_GROWTH_H

#include <stddef.h>

/* share: regions x (1 + years), column-major, all above 0, columns sum to 1; national: years, percent a year, of the second year of
 * share and those after it; growth (out): regions x years, column-major, percent a year. */
void tanlu_region_growth(const double *share, size_t regions, const double *national, size_t years, double *growth);

#endif
