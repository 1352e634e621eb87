#include "model/lmdi.h"

#include <math.h>

double tanlu_log_mean(double a, double b) {
  if (!(a > 0.0) || !(b > 0.0)) return 0.0;
  if (a == b) return a;
  /* (a - b) / log1p((a - b) / b): the difference of near numbers is exact, its logarithm too. */
  const double difference = a - b, relative = difference / b;
  if (fabs(relative) < 0.5) return difference / log1p(relative);
  return difference / (log(a) - log(b));
}

double tanlu_lmdi_ratio(double numerator, double denominator) {
  return numerator == 0.0 && denominator == 0.0 ? (double)NAN : numerator / denominator;
}

/* Product of a chain up to its end or first NaN, and its zeros; false where it is no chain. */
static bool product(size_t factors, const double *factor, double *value, size_t *zeros) {
  *value = 1.0;
  *zeros = 0;
  for (size_t k = 0; k < factors; k++) {
    if (isnan(factor[k])) {
      if (*zeros == 0) return false;
      continue;
    }
    if (!(factor[k] >= 0.0) || isinf(factor[k])) return false;
    if (factor[k] == 0.0) ++*zeros;
    *value *= factor[k];
  }
  return true;
}

/* `change` in equal parts to the factors that are zero in a state. */
static void share_out(size_t factors, const double *factor, size_t zeros, double change, const size_t *column,
                      double *effect) {
  for (size_t k = 0; k < factors; k++) {
    if (factor[k] == 0.0) effect[column[k]] += change / (double)zeros;
  }
}

bool tanlu_lmdi_add(size_t factors, const double *from, const double *to, const size_t *column, double sign,
                    double *effect) {
  double before = 0.0, after = 0.0;
  size_t zeros_before = 0, zeros_after = 0;
  if (factors > TANLU_LMDI_FACTORS || !product(factors, from, &before, &zeros_before) ||
      !product(factors, to, &after, &zeros_after)) {
    return false;
  }
  if (zeros_before > 0 && zeros_after > 0) return true;
  if (zeros_before > 0) {
    share_out(factors, from, zeros_before, sign * after, column, effect);
  } else if (zeros_after > 0) {
    share_out(factors, to, zeros_after, -sign * before, column, effect);
  } else {
    const double weight = sign * tanlu_log_mean(after, before);
    for (size_t k = 0; k < factors; k++) {
      if (to[k] != from[k]) effect[column[k]] += weight * log(to[k] / from[k]);
    }
  }
  return true;
}

bool tanlu_lmdi_multiplicative(size_t count, double from, double to, double *effect) {
  const double mean = tanlu_log_mean(to, from);
  if (!(mean > 0.0)) return false;
  for (size_t k = 0; k < count; k++) effect[k] = exp(effect[k] / mean);
  return true;
}
