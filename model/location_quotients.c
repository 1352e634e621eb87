#include "model/location_quotients.h"

#include <math.h>

const char *const tanlu_quotient_word[TANLU_QUOTIENTS] = {"slq", "cilq", "flq", "aflq"};

double tanlu_flegg_lambda(double share, double delta) {
  return pow(log2(1.0 + share), delta);
}

static double total(const double *value, size_t n) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++) sum += value[i];
  return sum;
}

void tanlu_local_shares(const tanlu_quotient_region *region, tanlu_quotient quotient, double delta, double *local,
                        double *final) {
  const size_t n = region->n;
  const double *x = region->regional, *nation = region->national;
  const double share = total(x, n) / total(nation, n);
  const bool flegg = quotient == TANLU_QUOTIENT_FLQ || quotient == TANLU_QUOTIENT_AFLQ;
  const double lambda = flegg ? tanlu_flegg_lambda(share, delta) : 1.0;
  for (size_t i = 0; i < n; i++) final[i] = nation[i] > 0.0 ? fmin(1.0, x[i] / nation[i] / share * lambda) : 0.0;
  for (size_t j = 0; j < n; j++) {
    const double part_j = nation[j] > 0.0 ? x[j] / nation[j] : 0.0, slq_j = part_j / share;
    const double augmented = quotient == TANLU_QUOTIENT_AFLQ && slq_j > 1.0 ? log2(1.0 + slq_j) : 1.0;
    for (size_t i = 0; i < n; i++) {
      const double part_i = nation[i] > 0.0 ? x[i] / nation[i] : 0.0;
      const bool simple = quotient == TANLU_QUOTIENT_SLQ || i == j;
      const double lq = simple ? part_i / share : part_i / part_j;
      local[j * n + i] = part_j > 0.0 ? fmin(1.0, lq * lambda * augmented) : 0.0;
    }
  }
}
