/* Technology routes: the shares of the ways in which a product is made set energy, carriers, raw materials and process CO2 together.
 *
 * A process p (steel, cement, ...) makes output_p tonnes in the base year by routes r with shares s_pr and final energy e_prk per
 * tonne and carrier class k. With the efficiency of the policy group g that it belongs to, its useful energy at base-year output is
 *
 *     P_k(s) = c_k sum_p output_p sum_r s_pr e_prk efficiency_gk,     c_k = min(1, u_k0 / sum_p output_p sum_r s_pr0 e_prk efficiency_gk)
 *
 * u_k0 is the useful energy of the group in the base year: with base-year shares the routes and the rest, R_k = u_k0 - P_k(s_0) >= 0,
 * are exactly what the statistics say; c_k says how far data of routes and statistics disagree. With rho and gamma the retention
 * and gain of the group's energy.mix (model/energy.h) and h the last recorded year, after the history
 *
 *     u_k(t) = P_k(s_t) rho_kh + gamma_kh sum_l P_l(s_t) (1 - rho_lh) + R_k rho_kt + gamma_kt sum_l R_l (1 - rho_lt)
 *
 * so the carriers of routes change by routes alone, and energy.mix rules the rest. Then
 *
 *     share of class k in the mix   = u_k(t) / sum_l u_l(t)                     driver MIX_SHARE
 *     index of intensity            = sum_l u_l(t) / sum_l u_l(h)               multiplies INTENSITY
 *     index of feedstock            = 1 + sum_k c'_k (F_k(s_t) - F_k(s_h)) / N  multiplies FEEDSTOCK (all carriers of the group alike)
 *     index of a process emission   = sum_r s_prt f_pr / sum_r s_prh f_pr       multiplies PROCESS_FACTOR
 *     capture                       = sum_r s_prt capture_pr                    CAPTURE, where no other is stated
 *
 * F is non-energy use as P is energy, with N that of the group and c' its scale; f is process CO2 per tonne. The activity of the group
 * (tonnes of a product path, else output) stays what it was. */
#ifndef TANLU_MODEL_ROUTES_H
#define TANLU_MODEL_ROUTES_H

#include "model/dataset.h"
#include "model/drivers.h"

/* Useful energy (TJ) and non-energy use (TJ) of a process at base-year output by class, for shares of its routes (all routes of
 * the dataset), before scaling. */
void tanlu_routes_energy(const tanlu_dataset *dataset, size_t process, const double *share,
                         double useful[TANLU_CLASS_COUNT], double feedstock[TANLU_CLASS_COUNT]);
/* c and c' of a policy group, over all its processes. */
void tanlu_routes_scale(const tanlu_dataset *dataset, size_t group, double energy[TANLU_CLASS_COUNT],
                        double feedstock[TANLU_CLASS_COUNT]);
/* Do the drivers say anything about the routes of a process? */
bool tanlu_routes_given(const tanlu_drivers *drivers, size_t process);

/* Set the drivers named above for the years after the history, for all processes whose shares are given. */
void tanlu_routes_apply(const tanlu_dataset *dataset, tanlu_drivers *drivers);

#endif
