/* What a change of CO2 by region comes from, and why regions differ: additive LMDI-I (model/lmdi.h) over regions r and groups g.
 *
 *     groups       X (X_r/X) (x_rg/X_r) (E_rg/x_rg) (C_rg/E_rg)      X_r = sum_g x_rg, X = sum_r X_r: value added
 *     no energy    X (X_r/X) (x_rg/X_r) (C_rg/x_rg)                  E_rg not known, or 0 where there is CO2, in a state: power and
 *                                                                  heat, whose fuel is no final energy
 *     households   P (P_r/P) (C_r,h/P_r)                           P = sum_r P_r: population
 *     below zero   the change of min(C, 0), as it is               what a group takes out of the air; the rest of it, max(C, 0), above
 *
 * Process CO2 stands in C_rg, so it is part of the CO2 per energy of its group. Effects of all regions and groups add up to the change
 * without residual; zeros have the limits of model/lmdi.h.
 *
 * Between two places instead of two years the same terms hold of CO2 per head: a state is one region, its value added, energy and
 * CO2 divided by its people, P = 1, so that the activity is GDP per head and shares of regions vanish. The other state is a second
 * region, or all together: the mean of the nation, against which every region has its own difference. B. W. Ang, X. Y. Xu and B. Su,
 * Multi-country comparisons of energy performance: the index decomposition analysis approach, Energy Economics 47 (2015). */
#ifndef TANLU_MODEL_REGION_LMDI_H
#define TANLU_MODEL_REGION_LMDI_H

#include "model/labels.h"
#include "solvers/context.h"

/* id, code, name of it in a change, name in a difference per head */
#define TANLU_REGION_EFFECT_LIST(X)                                                                                    \
  X(ACTIVITY, "activity", "Activity: the nation's GDP", "GDP per head")                                                \
  X(REGIONS, "regions", "Regions' shares in GDP", "Regions' shares in GDP")                                            \
  X(SECTORS, "sectors", "Groups' shares in GDP of regions", "Groups' shares in GDP")                                   \
  X(ENERGY, "energy", "Final energy per value added", "Final energy per value added")                                  \
  X(CARBON, "carbon", "CO2 per final energy", "CO2 per final energy")                                                  \
  X(INTENSITY, "intensity", "CO2 per value added (groups without energy)",                                             \
    "CO2 per value added (groups without energy)")                                                                     \
  X(POPULATION, "population", "Population (households)", "Population (households)")                                    \
  X(PEOPLE, "people", "Regions' shares in population", "Regions' shares in population")                                \
  X(HOUSEHOLDS, "households", "CO2 of households per head", "CO2 of households per head")                              \
  X(REMOVAL, "removal", "CO2 taken out of the air", "CO2 taken out of the air")

typedef enum {
#define X(id, code, name, per_head) TANLU_REGION_EFFECT_##id,
  TANLU_REGION_EFFECT_LIST(X)
#undef X
      TANLU_REGION_EFFECTS
} tanlu_region_effect;

/* Their codes and names. */
tanlu_status tanlu_region_effect_labels(tanlu_labels *labels, bool per_head, tanlu_context *context);

/* A year of all regions, any units that are the same in both states; groups x regions, [g regions + r]. */
typedef struct {
  size_t regions, groups;
  const double *population;  /* regions */
  const double *value_added; /* groups x regions, >= 0 */
  const double *energy;      /* groups x regions, >= 0; NaN: not known; NULL: nowhere */
  const double *co2;         /* groups x regions */
  const double *households;  /* regions: their direct CO2 */
} tanlu_region_state;

/* effect (out): EFFECTS x (groups + 1) x regions, [(k (groups + 1) + g) regions + r], households last, in the unit of CO2. regions and
 * groups: for messages. TANLU_ERR_MODEL naming region and group for CO2 or energy without value added, people, or a number that is
 * negative or none. */
tanlu_status tanlu_region_lmdi(const tanlu_region_state *from, const tanlu_region_state *to,
                               const tanlu_labels *regions, const tanlu_labels *groups, double *effect,
                               tanlu_context *context);

/* Net CO2 of a region, households included. */
double tanlu_region_co2(const tanlu_region_state *state, size_t region);

/* One region per head, or all together for TANLU_NONE, as a state with one region. store: 3 groups + 2 numbers that the state
 * points to. TANLU_ERR_MODEL without people. */
tanlu_status tanlu_region_per_head(const tanlu_region_state *state, size_t region, const tanlu_labels *regions,
                                   double *store, tanlu_region_state *one, tanlu_context *context);

#endif
