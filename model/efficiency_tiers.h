/* Efficiency tiers: capacity of a process below the baseline level of specific energy, between baseline and benchmark, and
 * above the benchmark, and the energy that moves between them save.
 *
 * Shares of capacity s (sum 1) go through a Markov chain with yearly rates r, from the end of the base year on,
 *
 *     s_below'   = s_below (1 - r_below_between - r_below_above)
 *     s_between' = s_between (1 - r_between_above) + s_below r_below_between
 *     s_above'   = s_above + s_between r_between_above + s_below r_below_above
 *
 * Mean specific energy within a tier is an assumption: benchmark above, midpoint between, and baseline + beyond (baseline -
 * benchmark) below, `beyond` by process (signs do not matter then: converters give energy back). With E_p(t) the energy of process p
 * at base-year output, the weighted mean over its products and tiers, h the last recorded year and E_g, N_g the base-year final
 * energy and non-energy use of its policy group g,
 *
 *     index of intensity = 1 + k (sum_p in energy (E_p(t) - E_p(h)) / E_g + sum_p with feedstock (E_p(t) - E_p(h)) / (E_g + N_g))
 *     index of feedstock = 1 + k  sum_p with feedstock (E_p(t) - E_p(h)) / (E_g + N_g)
 *
 * for t > h. Processes that claim more than the group uses (norms and energy balance do not agree) are scaled down together: k =
 * min(1, 1 / (sum_p E_p(0) / what their group uses)). The indices multiply energy.intensity and energy.feedstock, which stand for
 * all other change. */
#ifndef TANLU_MODEL_EFFICIENCY_TIERS_H
#define TANLU_MODEL_EFFICIENCY_TIERS_H

#include "model/dataset.h"
#include "model/drivers.h"

/* One year of the chain. Rates from 0 to 1, those out of a tier together at most 1. */
void tanlu_tiers_step(double share[TANLU_TIERS], const double rate[TANLU_TIER_MOVES]);
/* Mean specific energy within a tier, in the unit of the levels. */
double tanlu_tiers_level(double baseline, double benchmark, double beyond, tanlu_tier tier);
/* Energy of a process at base-year output with all capacity in one tier, TJ a year. */
void tanlu_tiers_energy(const tanlu_tier_statistics *tiers, size_t process, double energy[TANLU_TIERS]);
/* k of a policy group, and (may be NULL) its processes' claim on its energy at base-year shares. */
double tanlu_tiers_scale(const tanlu_dataset *dataset, size_t group, double *claim);
/* Shares at the end of every year of the drivers: years x TANLU_TIERS. */
void tanlu_tiers_shares(const tanlu_dataset *dataset, const tanlu_drivers *drivers, size_t process, double *share);
/* The first year, from 0, in which more than everything leaves a tier; TANLU_NONE when in none. */
size_t tanlu_tiers_excess(const tanlu_drivers *drivers, size_t process);

/* Multiply INTENSITY and FEEDSTOCK of the years after the history. Errors: memory. */
tanlu_status tanlu_tiers_apply(const tanlu_dataset *dataset, tanlu_drivers *drivers, tanlu_context *context);

#endif
