#include "model/kaya.h"

#include <string.h>

#include "model/indicators.h"
#include "model/lmdi.h"

bool tanlu_kaya_decompose(const double *from, const double *to, double effect[TANLU_KAYA_EFFECTS]) {
  static const size_t column[] = {TANLU_KAYA_POPULATION, TANLU_KAYA_GDP, TANLU_KAYA_ENERGY, TANLU_KAYA_CARBON};
  static const size_t quantity[] = {TANLU_INDICATOR_POPULATION, TANLU_INDICATOR_GDP, TANLU_INDICATOR_ENERGY,
                                    TANLU_INDICATOR_CO2_ENERGY};
  const double *side[2] = {from, to};
  double factor[2][TANLU_KAYA_EFFECTS];
  for (size_t s = 0; s < 2; s++) {
    for (size_t k = 0; k < TANLU_KAYA_EFFECTS; k++) {
      if (!(side[s][quantity[k]] > 0.0)) return false;
      factor[s][k] = side[s][quantity[k]] / (k > 0 ? side[s][quantity[k - 1]] : 1.0);
    }
  }
  memset(effect, 0, TANLU_KAYA_EFFECTS * sizeof *effect);
  return tanlu_lmdi_add(TANLU_KAYA_EFFECTS, factor[0], factor[1], column, 1.0, effect);
}
