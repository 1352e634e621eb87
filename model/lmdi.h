/* Logarithmic mean Divisia index, method I (LMDI-I), on plain arrays.
 *
 * A total V = sum_i v_i, each term a product of factors v_i = prod_k f_ik, changes from a state 0 to a state 1. With the
 * logarithmic mean L(a, b) = (a - b) / log(a / b), L(a, a) = a,
 *
 *     additive          V1 - V0 = sum_k e_k,    e_k = sum_i L(v_i1, v_i0) log(f_ik1 / f_ik0)
 *     multiplicative    V1 / V0 = prod_k d_k,   d_k = exp(e_k / L(V1, V0))
 *
 * without residual, equal backwards in time, and consistent in aggregation: e_k of parts of the sum add up. The second line is
 * the usual form with weights L(v_i1, v_i0) / L(V1, V0). Ang, The LMDI approach to decomposition analysis: a practical guide,
 * Energy Policy 33 (2005).
 *
 * Zeros take the analytic limits of Ang and Liu, Handling zero values in the logarithmic mean Divisia index decomposition
 * approach, Energy Policy 35 (2007), each zero standing for a quantity that vanishes:
 *     0 -> v1     the whole v1 goes to the factor that is zero at first; to several of them in equal parts, which is the limit
 *                 when they vanish at the same rate
 *     v0 -> 0     -v0 to the factor that is zero at last, likewise
 *     0 -> 0      nothing, whatever the factors do
 * A chain of ratios, as in x_j / X, E_j / x_j, E_jc / E_j, has no value beyond its first zero. Such a factor is given as NaN
 * and takes nothing: the change goes to the first ratio of the chain that appears or vanishes. */
#ifndef TANLU_MODEL_LMDI_H
#define TANLU_MODEL_LMDI_H

#include <stdbool.h>
#include <stddef.h>

/* L(a, b) for a, b >= 0; 0 where one of them is 0. Good to a few units in the last place also where a is near b. */
double tanlu_log_mean(double a, double b);

/* numerator / denominator as a factor of a chain: NaN for 0 / 0. */
double tanlu_lmdi_ratio(double numerator, double denominator);

/* Add the contributions of one term, times `sign`, to effect[column[k]], k < factors: several factors may share a column.
 * factors: at most TANLU_LMDI_FACTORS; from, to: the factors in the two states, >= 0, or NaN beyond a zero. False, and nothing
 * added, where a factor is negative or infinite, or NaN without a zero before it. */
enum { TANLU_LMDI_FACTORS = 16 };
bool tanlu_lmdi_add(size_t factors, const double *from, const double *to, const size_t *column, double sign,
                    double *effect);

/* Factors of the multiplicative form from additive effects (in place); false where V0 or V1 is not positive. */
bool tanlu_lmdi_multiplicative(size_t count, double from, double to, double *effect);

#endif
