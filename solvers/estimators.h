/* Sensitivity of an output y to k varied dimensions, from the samples of a design.
 *
 * Every function takes y as `samples` numbers `stride` apart, NaN where the model could not be solved. Where an index is not
 * defined (y constant) it is NaN. All are safe from several threads and give the same bits on each. Intervals are
 * percentile bootstrap intervals; resample r draws group number tanlu_random_index(seed, bootstrap, r, ...), so that they
 * depend on the seed alone. */
#ifndef TANLU_SOLVERS_ESTIMATORS_H
#define TANLU_SOLVERS_ESTIMATORS_H

#include <stddef.h>
#include <stdint.h>

#include "solvers/context.h"
#include "solvers/design.h"

typedef struct {
  double value;
  double low, high; /* bootstrap interval; NaN without resamples */
} tanlu_estimate;

typedef struct {
  size_t resamples; /* 0: no intervals */
  double level;     /* of the intervals, in (0, 1), such as 0.95 */
  uint64_t seed;
} tanlu_bootstrap;

/* Sobol indices of the k factors of a saltelli design. An index of a factor of several dimensions is that of all of them together,
 * closed: first_i = V(E(y | its dimensions)) / V, total_i = 1 - V(E(y | all others)) / V; neither depends on how the dimensions make
 * up what the model takes. With fA, fB, fAB_i, fBA_i the values on its rows, n base samples, all less the mean of
 * fA and fB, V the variance of fA and fB pooled:
 *   first_i   = mean( fB (fAB_i - fA) ) / V                          (A. Saltelli et al., Comput. Phys. Commun. 181 (2010))
 *   total_i   = mean( (fA - fAB_i)^2 ) / 2V                          (M. J. W. Jansen, Comput. Phys. Commun. 117 (1999))
 *   second_ij = mean( fBA_i fAB_j - fA fB ) / V - first_i - first_j  (A. Saltelli, Comput. Phys. Commun. 145 (2002))
 * A base sample with a NaN in any row is left out. first, total: k; second: k (k - 1) / 2 in the order (0, 1), (0, 2), ...,
 * (1, 2), ..., or NULL; used: base samples used, or NULL. Fewer than two usable ones are TANLU_ERR_MODEL; another design, or
 * second order from one without, is TANLU_ERR_INPUT. */
tanlu_status tanlu_sobol_indices(const tanlu_design *design, const double *y, size_t stride,
                                 const tanlu_bootstrap *bootstrap, tanlu_estimate *first, tanlu_estimate *total,
                                 tanlu_estimate *second, uint64_t *used, tanlu_context *context);

/* Elementary effects (y(x + delta e_i) - y(x)) / delta of a morris design over its trajectories: mean, mean of the absolute
 * values (F. Campolongo et al., Environ. Model. Softw. 22 (2007)) with interval, standard deviation (n - 1). */
typedef struct {
  double mu;
  tanlu_estimate mu_star;
  double sigma; /* NaN for a single trajectory */
} tanlu_effect;

/* effects: k. A trajectory with a NaN is left out; none usable is TANLU_ERR_MODEL. */
tanlu_status tanlu_morris_effects(const tanlu_design *design, const double *y, size_t stride,
                                  const tanlu_bootstrap *bootstrap, tanlu_effect *effects, uint64_t *used,
                                  tanlu_context *context);

/* Standardised regression coefficients b_i sd(x_i) / sd(y) of y = b_0 + sum b_i x_i by least squares (QR), and the share of
 * the variance explained. x: samples x k, row by row. Samples with NaN in y are left out. A dimension that does not vary
 * gets 0. Dimensions that depend on each other linearly, or fewer samples than k + 2, are TANLU_ERR_MODEL naming the dimension. */
tanlu_status tanlu_regression_coefficients(size_t samples, size_t dimensions, const double *x, const double *y,
                                           size_t stride, double *coefficients, double *explained,
                                           tanlu_context *context);

/* Partial rank correlation: the correlation of the ranks of x_i and y (equal values share their mean rank) when the linear
 * effect of the ranks of all other x is taken out of both. Errors as above. */
tanlu_status tanlu_rank_correlation(size_t samples, size_t dimensions, const double *x, const double *y, size_t stride,
                                    double *correlation, tanlu_context *context);

#endif
