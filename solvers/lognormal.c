#include "solvers/lognormal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double tanlu_lognormal_deviation(double variation) {
  return sqrt(log1p(variation * variation));
}

double tanlu_lognormal_quantile(double mean, double deviation, double p) {
  if (!(deviation > 0.0)) return mean;
  return mean * exp(deviation * gsl_cdf_ugaussian_Pinv(p) - 0.5 * deviation * deviation);
}

double tanlu_lognormal_lower_mean(double mean, double deviation, double p) {
  if (!(deviation > 0.0)) return mean;
  return mean * gsl_cdf_ugaussian_P(gsl_cdf_ugaussian_Pinv(p) - deviation) / p;
}

/* Upper tail at a value, of a normal ln X shifted by `shift` deviations. */
static double above(double mean, double deviation, double value, double shift) {
  if (!(value > 0.0)) return 1.0;
  if (!(mean > 0.0)) return 0.0;
  if (!(deviation > 0.0)) return mean > value ? 1.0 : 0.0;
  const double centre = log(mean) - 0.5 * deviation * deviation;
  return gsl_cdf_ugaussian_Q((log(value) - centre) / deviation - shift);
}

double tanlu_lognormal_sum_above(double mean, double deviation, double value) {
  return above(mean, deviation, value, deviation);
}

double tanlu_lognormal_count_above(double mean, double deviation, double value) {
  return above(mean, deviation, value, 0.0);
}
