/* Drivers of a region, inherited from those of the nation.
 *
 * What the nation's scenario says of a level, an index or a path holds in every region as it stands (intensity, retention and gain,
 * efficiency, capture, rates, ...), with these exceptions:
 *
 *     GDP_GROWTH              the nation's growth (a region differs by saying so)
 *     POPULATION              base of the region x the nation's index
 *     URBANISATION            1 - (1 - u_r0)(1 - U_t)/(1 - U_0): who is rural leaves at the nation's pace; u_r0 U_t / U_0 where the
 *                             nation's urban share falls below its base
 *     SINKS, POWER_IMPORTS    base of the region x the nation's index (0 where the nation's base is 0)
 *     CATEGORY_SHARE          from the region's own base-year list m_k0 by retention and gain: with the nation's M_k,t and M_k,0
 *                             rho_k = min(1, M_k,t / M_k,0), gamma_k = max(0, M_k,t - M_k,0) / sum of these,
 *                             m_k,t = m_k,0 rho_k + gamma_k sum_j m_j,0 (1 - rho_j): always a list of shares, and the nation's own where
 *                             the region has the nation's base
 *     POWER_MIX               the same where the region is alone; where all are at hand, tanlu_region_power_mixes
 *     HYDROGEN_MIX            the nation's
 *     STRUCTURE_SHARE,        none (NaN): factors are the nation's (model/region_projection.h); targets are the nation's, or those of
 *     PRODUCT_PATH,           `own` where the region says something of them
 *     capacity.*
 *
 * Members are matched by code; `other_regions`, which the nation has not, keeps its share of 0. The list of POWER_MIX holds what
 * follows coke like all else: model/power.h takes the ratios of the others alone from it.
 *
 * `own` are drivers of the region's dataset, resolved from what the scenario says of the region; a driver for which `says` is true at
 * (id, outer member) is taken from them as it stands. */
#ifndef TANLU_MODEL_REGION_DRIVERS_H
#define TANLU_MODEL_REGION_DRIVERS_H

#include "model/dataset.h"
#include "model/drivers.h"

/* Power mixes of all regions that make up the nation's, year by year: with m_rk0 the share of technology k in the generation g_r of
 * region r in the base year and M_kt the nation's mix,
 *
 *     S_rk = g_r m_rk0   scaled by RAS until   sum_k S_rk = g_r,   sum_r S_rk = M_kt sum_r g_r        m_rkt = S_rkt / g_r
 *
 * so a technology grows where it stands (nuclear plants and wind at sea where there are some) and the nation's mix is met at base-year
 * weights. A technology that the nation does not have yet begins where its like is burned, otherwise everywhere. So that sums can be met
 * where a region has little of what is left, a thousandth of onshore wind's and PV's share may stand anywhere: of every technology that
 * is variable and stands in two thirds of the regions.
 *
 * mix (out): regions x years x technologies, row-major. Errors: those of tanlu_ras, naming the year. */
tanlu_status tanlu_region_power_mixes(double *mix, const tanlu_drivers *nation, const tanlu_dataset *nation_dataset,
                                      tanlu_dataset *const *region, size_t regions, tanlu_context *context);

/* power_mix: years x technologies of the region; NULL: by retention and gain. says: for every driver one flag for each member (for
 * lists of shares of all members of a list alike), or NULL where the region says nothing of the driver; `own` may be NULL where it says nothing at all. Errors: memory; TANLU_ERR_MODEL where a value leaves the
 * bounds of tanlu_driver_table; TANLU_ERR_INTERNAL where years or members differ. */
tanlu_status tanlu_region_drivers_create(tanlu_drivers **drivers, const tanlu_drivers *nation,
                                         const tanlu_dataset *nation_dataset, const tanlu_dataset *region,
                                         const double *power_mix, const tanlu_drivers *own,
                                         const bool *const says[TANLU_DRIVER_COUNT], tanlu_context *context);

#endif
