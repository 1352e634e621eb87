/* The Kaya identity of energy CO2, by LMDI-I (model/lmdi.h):
 *
 *     CO2 = population x GDP / population x energy / GDP x CO2 / energy
 *
 * with co2_energy, energy_consumption (coal-equivalent), gdp and population of the indicators. Kaya, Impact of carbon dioxide
 * emission control on GNP growth, IPCC Energy and Industry Subgroup (1990). */
#ifndef TANLU_MODEL_KAYA_H
#define TANLU_MODEL_KAYA_H

#include <stdbool.h>

/* id, code, name */
#define TANLU_KAYA_LIST(X)                                                                                             \
  X(POPULATION, "population", "Population")                                                                            \
  X(GDP, "gdp_per_head", "GDP per head")                                                                               \
  X(ENERGY, "energy_per_gdp", "Energy per GDP")                                                                        \
  X(CARBON, "co2_per_energy", "CO2 per energy, capture included")

typedef enum {
#define X(id, code, name) TANLU_KAYA_##id,
  TANLU_KAYA_LIST(X)
#undef X
      TANLU_KAYA_EFFECTS
} tanlu_kaya_effect;

/* from, to: indicators of the two states; effect (out): Mt. False where energy CO2 or another of the four is not positive. */
bool tanlu_kaya_decompose(const double *from, const double *to, double effect[TANLU_KAYA_EFFECTS]);

#endif
