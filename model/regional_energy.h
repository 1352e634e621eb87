/* Energy and CO2 of a nation's base year by region, from what regions report by carrier.
 *
 * e_uc: final energy of user u (sectors, then the households' uses) by carrier, d_uc its CO2, of the nation (model/carbon_accounts.h);
 * s_ru: share of region r in user u (output; who consumes). Where regions report final energy F_rc of a carrier,
 *
 *     E_r,uc = s_ru e_uc   scaled by RAS until   sum_r E_r,uc = e_uc,   sum_u E_r,uc = F_rc (e_c - p_c) / sum_r F_rc,
 *
 * p_c being s-shares of regions that report nothing: the national balance leads, carrier by carrier. Carriers nobody reports go by
 * s. CO2 follows energy, d_uc E_r,uc / e_uc. CO2 of power plants goes by the fuel burned in them, class by class, and by s of
 * the power sector where none is reported; that of heat supply by the heat that is used; process CO2 by s. So sums over regions are the
 * nation's CO2, and with one region that is all there is. */
#ifndef TANLU_MODEL_REGIONAL_ENERGY_H
#define TANLU_MODEL_REGIONAL_ENERGY_H

#include "model/carbon_accounts.h"

typedef struct {
  const tanlu_labels *region;
  const double *output_share; /* regions x n, column-major as all here: s of sectors */
  const double *consumers;    /* regions: s of households, sums to 1 */
  const double *
      final; /* regions x carriers: F, any unit; a column of NaN: not reported; a region of NaN: reports nothing; NULL: nobody */
  const double *
      plant_fuel; /* regions x TANLU_CLASS_COUNT: burned in power plants, any unit; a column of NaN: not reported; NULL */
} tanlu_regional_reports;

typedef struct {
  size_t regions, users, carriers, n;
  double *energy;     /* regions x users x carriers, [(c users + u) regions + r]: TJ */
  double *co2;        /* regions x n: t, plants and heat supply with the sectors that run them */
  double *households; /* regions: direct CO2, t */
  double *factor;     /* carriers: (e_c - p_c) / sum_r F_rc, TJ per unit reported; NaN where nobody reports */
  double *total;      /* regions x carriers: sum_u E_r,uc, TJ */
} tanlu_regional_energy;

/* From the base year that is being visited. Errors: TANLU_ERR_INPUT for a region that reports a carrier which none of its users can
 * take (no output), TANLU_ERR_MODEL where RAS does not converge, naming carrier and region or user; TANLU_ERR_INTERNAL where sums are
 * not the nation's to 1e-9. */
tanlu_status tanlu_regional_energy_create(tanlu_regional_energy **energy, const tanlu_regional_reports *reports,
                                          const tanlu_solved_accounts *accounts, tanlu_context *context);
/* Share of a region in the CO2 of a power technology's plants: by the fuel of its class, by output of `sector` (that of power) where
 * none is reported or the technology burns none; TANLU_NONE as the technology: by output. */
double tanlu_regional_plant_share(const tanlu_regional_reports *reports, const tanlu_dataset *dataset, size_t region,
                                  size_t technology, size_t sector);
/* Do regions report what the plants of the technology burn? */
bool tanlu_regional_plant_reported(const tanlu_regional_reports *reports, const tanlu_dataset *dataset,
                                   size_t technology);
void tanlu_regional_energy_free(tanlu_regional_energy **energy); /* accepts NULL and half-built objects */

#endif
