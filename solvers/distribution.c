#include "solvers/distribution.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "solvers/memory.h"

struct tanlu_distribution {
  tanlu_distribution_options options; /* its arrays belong to this object */
  double *values;                     /* discrete: count */
  double *cumulative;                 /* discrete: count, cumulative[i] = share of the weights up to and with i */
  /* truncated normal, standardised and reflected where needed so that the nearer tail is on the left */
  double sign;           /* -1: reflected */
  double mass_low, mass; /* P(low end), P(high end) - P(low end) */
  double mean, deviation;
};

static const char *const kind_names[] = {"uniform",    "normal", "truncated_normal", "lognormal",
                                         "triangular", "beta",   "discrete"};

const char *tanlu_distribution_kind_name(tanlu_distribution_kind kind) {
  return (unsigned)kind < TANLU_DISTRIBUTION_KINDS ? kind_names[kind] : "unknown";
}

/* The truncated normal: probabilities are taken in the left tail, where small ones keep their digits. With a, b the ends in
 * deviations from the mean, phi the density and Z = P(b) - P(a), the mean is mu + sigma (phi(a) - phi(b)) / Z and the variance
 * sigma^2 (1 + (a phi(a) - b phi(b)) / Z - ((phi(a) - phi(b)) / Z)^2). */
static tanlu_status prepare_truncated(tanlu_distribution *d, const char *name, tanlu_context *context) {
  const tanlu_distribution_options *o = &d->options;
  double a = (o->lower - o->mean) / o->deviation, b = (o->upper - o->mean) / o->deviation;
  d->sign = 1.0;
  if (a > 0.0) {
    const double t = a;
    a = -b;
    b = -t;
    d->sign = -1.0;
  }
  d->mass_low = gsl_cdf_ugaussian_P(a);
  d->mass = gsl_cdf_ugaussian_P(b) - d->mass_low;
  if (!(d->mass > 0.0))
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: the normal distribution has no probability between %g and %g",
                      name, o->lower, o->upper);
  const double at_a = isfinite(a) ? gsl_ran_ugaussian_pdf(a) / d->mass : 0.0;
  const double at_b = isfinite(b) ? gsl_ran_ugaussian_pdf(b) / d->mass : 0.0;
  const double shift = at_a - at_b;
  const double variance = 1.0 + (isfinite(a) ? a * at_a : 0.0) - (isfinite(b) ? b * at_b : 0.0) - shift * shift;
  d->mean = o->mean + d->sign * o->deviation * shift;
  d->deviation = o->deviation * sqrt(fmax(variance, 0.0));
  return TANLU_OK;
}

static tanlu_status prepare_discrete(tanlu_distribution *d, const char *name, tanlu_context *context) {
  tanlu_distribution_options *o = &d->options;
  const double *values = o->values, *weights = o->weights;
  o->values = o->weights = NULL;
  if (o->count == 0 || !values)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: a discrete distribution without values", name);
  d->values = tanlu_allocate_doubles(context, o->count, 1);
  d->cumulative = tanlu_allocate_doubles(context, o->count, 1);
  if (!d->values || !d->cumulative) return TANLU_ERR_MEMORY;
  double sum = 0.0;
  for (size_t i = 0; i < o->count; i++) {
    const double weight = weights ? weights[i] : 1.0;
    if (!isfinite(values[i])) return tanlu_fail(context, TANLU_ERR_INPUT, "%s: value %zu is not finite", name, i + 1);
    if (!(weight >= 0.0) || !isfinite(weight))
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: weight %zu is %g; expected 0 or more", name, i + 1, weight);
    sum += weight;
    d->values[i] = values[i];
    d->cumulative[i] = sum;
  }
  if (!(sum > 0.0) || !isfinite(sum))
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: the weights sum to %g; expected more than 0", name, sum);
  double before = 0.0;
  for (size_t i = 0; i < o->count; i++) {
    d->mean += d->values[i] * ((d->cumulative[i] - before) / sum);
    before = d->cumulative[i];
  }
  double variance = 0.0;
  before = 0.0;
  for (size_t i = 0; i < o->count; i++) {
    const double distance = d->values[i] - d->mean;
    variance += distance * distance * ((d->cumulative[i] - before) / sum);
    before = d->cumulative[i];
  }
  for (size_t i = 0; i < o->count; i++) d->cumulative[i] /= sum;
  d->deviation = sqrt(variance);
  return TANLU_OK;
}

/* Checks the parameters and sets mean, deviation and what quantiles need. */
static tanlu_status prepare(tanlu_distribution *d, const char *name, tanlu_context *context) {
  const tanlu_distribution_options *o = &d->options;
  const double l = o->lower, u = o->upper, m = o->mode, s = o->alpha + o->beta;
  const bool ranged = o->kind == TANLU_DISTRIBUTION_UNIFORM || o->kind == TANLU_DISTRIBUTION_TRIANGULAR ||
                      o->kind == TANLU_DISTRIBUTION_BETA;
  const bool normal = o->kind == TANLU_DISTRIBUTION_NORMAL || o->kind == TANLU_DISTRIBUTION_TRUNCATED_NORMAL ||
                      o->kind == TANLU_DISTRIBUTION_LOGNORMAL;
  if (ranged && !(l < u && isfinite(u - l)))
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: lower %g, upper %g; expected lower < upper", name, l, u);
  if (normal && !(o->deviation > 0.0 && isfinite(o->deviation) && isfinite(o->mean)))
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: mean %g, deviation %g; expected a deviation above 0", name,
                      o->mean, o->deviation);
  switch (o->kind) {
  case TANLU_DISTRIBUTION_UNIFORM:
    d->mean = l + 0.5 * (u - l);
    d->deviation = (u - l) / sqrt(12.0);
    return TANLU_OK;
  case TANLU_DISTRIBUTION_NORMAL:
    d->mean = o->mean;
    d->deviation = o->deviation;
    return TANLU_OK;
  case TANLU_DISTRIBUTION_TRUNCATED_NORMAL:
    if (!(l < u) || (isinf(l) && isinf(u)))
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: lower %g, upper %g; expected lower < upper, one of them finite",
                        name, l, u);
    return prepare_truncated(d, name, context);
  case TANLU_DISTRIBUTION_LOGNORMAL:
    d->mean = exp(o->mean + 0.5 * o->deviation * o->deviation);
    d->deviation = d->mean * sqrt(expm1(o->deviation * o->deviation));
    return TANLU_OK;
  case TANLU_DISTRIBUTION_TRIANGULAR:
    if (!(l <= m && m <= u))
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: mode %g; expected it between %g and %g", name, m, l, u);
    d->mean = (l + u + m) / 3.0;
    d->deviation = sqrt(((m - l) * (m - l) + (u - m) * (u - m) + (m - l) * (u - m)) / 18.0);
    return TANLU_OK;
  case TANLU_DISTRIBUTION_BETA:
    if (!(o->alpha > 0.0 && o->beta > 0.0 && isfinite(s)))
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: alpha %g, beta %g; expected both above 0", name, o->alpha,
                        o->beta);
    d->mean = l + (u - l) * (o->alpha / s);
    d->deviation = (u - l) * sqrt(o->alpha / s * (o->beta / s) / (s + 1.0));
    return TANLU_OK;
  case TANLU_DISTRIBUTION_DISCRETE:
    return prepare_discrete(d, name, context);
  case TANLU_DISTRIBUTION_KINDS:
    break;
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: no such kind of distribution", name);
}

tanlu_status tanlu_distribution_create(tanlu_distribution **distribution, const tanlu_distribution_options *options,
                                       const char *name, tanlu_context *context) {
  *distribution = NULL;
  gsl_set_error_handler_off();
  tanlu_distribution *d = tanlu_allocate(context, 1, sizeof *d);
  if (!d) return TANLU_ERR_MEMORY;
  d->options = *options;
  const tanlu_status status = prepare(d, name ? name : tanlu_distribution_kind_name(options->kind), context);
  if (status)
    tanlu_distribution_free(&d);
  else
    *distribution = d;
  return status;
}

void tanlu_distribution_free(tanlu_distribution **distribution) {
  if (!distribution || !*distribution) return;
  free((*distribution)->values);
  free((*distribution)->cumulative);
  free(*distribution);
  *distribution = NULL;
}

/* P(x) = u for the beta distribution: Newton's method kept inside a bracket, which is halved where a step would leave it. */
static double beta_quantile(double u, double alpha, double beta) {
  enum { STEPS_MAX = 200 };
  if (u > 0.5) return 1.0 - beta_quantile(1.0 - u, beta, alpha);
  if (u <= 0.0) return 0.0;
  double low = 0.0, high = 1.0, x = alpha / (alpha + beta);
  for (int step = 0; step < STEPS_MAX; step++) {
    const double gap = gsl_cdf_beta_P(x, alpha, beta) - u;
    if (gap == 0.0) return x;
    if (gap > 0.0)
      high = x;
    else
      low = x;
    double next = x - gap / gsl_ran_beta_pdf(x, alpha, beta);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (fabs(next - x) <= 1e-15 * x || next == low || next == high) return next;
    x = next;
  }
  return x;
}

static double truncated_quantile(const tanlu_distribution *d, double u) {
  const tanlu_distribution_options *o = &d->options;
  if (u <= 0.0) return o->lower;
  if (u >= 1.0) return o->upper;
  const double share = d->sign > 0.0 ? u : 1.0 - u;
  const double x = o->mean + d->sign * o->deviation * gsl_cdf_ugaussian_Pinv(d->mass_low + share * d->mass);
  return fmin(fmax(x, o->lower), o->upper);
}

double tanlu_distribution_quantile(const tanlu_distribution *distribution, double u) {
  const tanlu_distribution_options *o = &distribution->options;
  const double l = o->lower, width = o->upper - o->lower;
  switch (o->kind) {
  case TANLU_DISTRIBUTION_UNIFORM:
    return u < 0.5 ? l + width * u : o->upper - width * (1.0 - u);
  case TANLU_DISTRIBUTION_NORMAL:
    return o->mean + o->deviation * gsl_cdf_ugaussian_Pinv(u);
  case TANLU_DISTRIBUTION_TRUNCATED_NORMAL:
    return truncated_quantile(distribution, u);
  case TANLU_DISTRIBUTION_LOGNORMAL:
    return exp(o->mean + o->deviation * gsl_cdf_ugaussian_Pinv(u));
  case TANLU_DISTRIBUTION_TRIANGULAR:
    if (u * width <= o->mode - l) return l + sqrt(u * width * (o->mode - l));
    return o->upper - sqrt((1.0 - u) * width * (o->upper - o->mode));
  case TANLU_DISTRIBUTION_BETA:
    return l + width * beta_quantile(u, o->alpha, o->beta);
  case TANLU_DISTRIBUTION_DISCRETE: {
    /* the first value whose cumulative share exceeds u; values of weight 0 are never met */
    size_t low = 0, high = o->count - 1;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (distribution->cumulative[middle] > u)
        high = middle;
      else
        low = middle + 1;
    }
    while (low > 0 && distribution->cumulative[low] <= distribution->cumulative[low - 1]) low--;
    return distribution->values[low];
  }
  case TANLU_DISTRIBUTION_KINDS:
    break;
  }
  return (double)NAN;
}

double tanlu_distribution_mean(const tanlu_distribution *distribution) {
  return distribution->mean;
}
double tanlu_distribution_deviation(const tanlu_distribution *distribution) {
  return distribution->deviation;
}
tanlu_distribution_kind tanlu_distribution_get_kind(const tanlu_distribution *distribution) {
  return distribution->options.kind;
}

bool tanlu_distribution_bounded(const tanlu_distribution *distribution) {
  return isfinite(tanlu_distribution_quantile(distribution, 0.0)) &&
         isfinite(tanlu_distribution_quantile(distribution, 1.0));
}

size_t tanlu_distribution_values(const tanlu_distribution *distribution) {
  return distribution->options.kind == TANLU_DISTRIBUTION_DISCRETE ? distribution->options.count : 0;
}
