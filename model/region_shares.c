#include "model/region_shares.h"

#include <math.h>
#include <stdlib.h>

void tanlu_regions_clear(tanlu_regions *regions) {
  tanlu_labels_clear(&regions->label);
  free(regions->population);
  free(regions->gdp);
  free(regions->co2);
  free(regions->consumption);
  *regions = (tanlu_regions){0};
}

/* What a region's share is in proportion to; the national intensity is a factor of all and falls out. */
static double measure(const tanlu_regions *r, size_t i, size_t kind) {
  switch (kind) {
  case TANLU_SHARE_HISTORIC:
    return r->co2[i];
  case TANLU_SHARE_PER_HEAD:
    return r->population[i];
  case TANLU_SHARE_GDP:
    return r->gdp[i];
  case TANLU_SHARE_CONSUMPTION:
    return r->consumption != NULL ? r->consumption[i] : (double)NAN;
  default:
    return r->gdp[i] * r->gdp[i] / r->co2[i];
  }
}

void tanlu_region_shares(const tanlu_regions *regions, const double weight[TANLU_SHARES], double *share,
                         double *of_each) {
  const size_t count = regions->label.count;
  for (size_t i = 0; i < count; i++) share[i] = 0.0;
  for (size_t kind = 0; kind < TANLU_SHARES; kind++) {
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) sum += measure(regions, i, kind);
    for (size_t i = 0; i < count; i++) {
      const double own = measure(regions, i, kind) / sum;
      if (weight[kind] > 0.0) share[i] += weight[kind] * own;
      if (of_each != NULL) of_each[i * TANLU_SHARES + kind] = own;
    }
  }
}
