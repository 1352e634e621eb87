/* Probability distributions of varied parameters, by their quantile functions x = q(u).
 *
 *   uniform            on [lower, upper]
 *   normal             mean, deviation
 *   truncated normal   the normal above given that lower <= x <= upper (either may be infinite, not both)
 *   lognormal          exp of a normal with mean `mean` and deviation `deviation`, both of ln x
 *   triangular         on [lower, upper] with its peak at mode, lower <= mode <= upper
 *   beta               lower + (upper - lower) B, B of density b^(alpha-1) (1-b)^(beta-1) / B(alpha, beta)
 *   discrete           one of `values`, in the order given, with probability proportional to its weight
 *
 * A quantile is within 1e-12 relative of the exact one (deviation of the distribution where that is larger). The first
 * distribution created turns off the error handler of GSL, which would abort the process. */
#ifndef TANLU_SOLVERS_DISTRIBUTION_H
#define TANLU_SOLVERS_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

typedef enum {
  TANLU_DISTRIBUTION_UNIFORM,
  TANLU_DISTRIBUTION_NORMAL,
  TANLU_DISTRIBUTION_TRUNCATED_NORMAL,
  TANLU_DISTRIBUTION_LOGNORMAL,
  TANLU_DISTRIBUTION_TRIANGULAR,
  TANLU_DISTRIBUTION_BETA,
  TANLU_DISTRIBUTION_DISCRETE,
  TANLU_DISTRIBUTION_KINDS
} tanlu_distribution_kind;

/* What a kind does not name above is ignored. */
typedef struct {
  tanlu_distribution_kind kind;
  double lower, upper;
  double mean, deviation; /* deviation > 0 */
  double mode;
  double alpha, beta;    /* > 0 */
  size_t count;          /* discrete: number of values, >= 1 */
  const double *values;  /* count; copied */
  const double *weights; /* count, >= 0, sum > 0; NULL: equal; copied */
} tanlu_distribution_options;

typedef struct tanlu_distribution tanlu_distribution;

/* Parameters that make no distribution are TANLU_ERR_INPUT, the message starting with `name` (NULL: the kind). */
tanlu_status tanlu_distribution_create(tanlu_distribution **distribution, const tanlu_distribution_options *options,
                                       const char *name, tanlu_context *context);
void tanlu_distribution_free(tanlu_distribution **distribution);

/* The quantile at u in [0, 1], non-decreasing in u; infinite at 0 or 1 where the distribution is unbounded. Safe from
 * several threads at once. */
double tanlu_distribution_quantile(const tanlu_distribution *distribution, double u);
/* Mean and standard deviation. */
double tanlu_distribution_mean(const tanlu_distribution *distribution);
double tanlu_distribution_deviation(const tanlu_distribution *distribution);
/* Are both q(0) and q(1) finite? */
bool tanlu_distribution_bounded(const tanlu_distribution *distribution);
tanlu_distribution_kind tanlu_distribution_get_kind(const tanlu_distribution *distribution);
/* Discrete: the number of values; 0 for every other kind. */
size_t tanlu_distribution_values(const tanlu_distribution *distribution);

/* "uniform", "normal", "truncated_normal", "lognormal", "triangular", "beta", "discrete". */
const char *tanlu_distribution_kind_name(tanlu_distribution_kind kind);

#endif
