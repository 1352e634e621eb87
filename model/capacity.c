#include "model/capacity.h"

#include <math.h>

void tanlu_capacity_of(const tanlu_drivers *drivers, size_t product, size_t last, double *capacity) {
  for (size_t t = 0; t < drivers->years; t++) capacity[t] = (double)NAN;
  if (last + 1 >= drivers->years) return;
  capacity[last] = tanlu_driver(drivers, TANLU_DRIVER_CAPACITY_START, last + 1, product, 0);
  for (size_t t = last + 1; t < drivers->years; t++) {
    const double retired = tanlu_driver(drivers, TANLU_DRIVER_CAPACITY_RETIREMENT, t, product, 0);
    const double ratio = tanlu_driver(drivers, TANLU_DRIVER_CAPACITY_REPLACEMENT, t, product, 0);
    const double part = isnan(retired) ? 0.0 : retired;
    capacity[t] = capacity[t - 1] * (1.0 - part) + capacity[t - 1] * part / (isnan(ratio) ? 1.0 : ratio);
  }
}

double tanlu_capacity_bound(const tanlu_drivers *drivers, size_t product, size_t t, double capacity) {
  return fmin(tanlu_driver(drivers, TANLU_DRIVER_CAPACITY_CAP, t, product, 0), capacity); /* a NaN gives way */
}
