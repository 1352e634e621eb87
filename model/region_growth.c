#include "model/region_growth.h"

void tanlu_region_growth(const double *share, size_t regions, const double *national, size_t years, double *growth) {
  for (size_t t = 0; t < years; t++) {
    for (size_t r = 0; r < regions; r++) {
      const double moved = share[(t + 1) * regions + r] / share[t * regions + r];
      growth[t * regions + r] = 100.0 * ((1.0 + national[t] / 100.0) * moved - 1.0);
    }
  }
}
