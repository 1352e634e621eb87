/* Random shares that sum to 1, from uniforms.
 *
 *   dirichlet   by breaking a stick: share_i = b_i (1 - sum_{j<i} share_j), b_i the beta(alpha_i, sum_{j>i} alpha_j) quantile of
 *               u_i; the last share is what is left
 *   bounded     uniform on { lower_i <= share_i <= upper_i, sum share = 1 }, by conditional sampling without rejection: share
 *               by share the conditional distribution given those before is inverted. With s = share - lower and c = upper -
 *               lower its distribution function follows from the volume of { 0 <= s <= c, sum s = r } over m members,
 *                 V_m(r) = sum over subsets S of (-1)^|S| max(0, r - c(S))^(m-1) / (m-1)!
 *               At most TANLU_SIMPLEX_BOUNDED_MAX members, since it costs 2^k where bounds bind.
 *
 * One uniform a degree of freedom: k - 1, and one less for every share whose bounds are equal. More of the first uniform is more
 * of the first share. */
#ifndef TANLU_SOLVERS_SIMPLEX_H
#define TANLU_SOLVERS_SIMPLEX_H

#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_SIMPLEX_BOUNDED_MAX = 16 };

typedef struct tanlu_simplex tanlu_simplex;

/* alpha: count numbers > 0 (count >= 2) with a sum of at most 1e5 (there shares deviate by 0.2 %). */
tanlu_status tanlu_simplex_dirichlet(tanlu_simplex **simplex, size_t count, const double *alpha, const char *name,
                                     tanlu_context *context);
/* lower, upper: count numbers, 0 <= lower <= upper <= 1, sum lower < 1 < sum upper; NULL stands for 0 and 1. */
tanlu_status tanlu_simplex_bounded(tanlu_simplex **simplex, size_t count, const double *lower, const double *upper,
                                   const char *name, tanlu_context *context);
void tanlu_simplex_free(tanlu_simplex **simplex);
size_t tanlu_simplex_count(const tanlu_simplex *simplex);
size_t tanlu_simplex_dimensions(const tanlu_simplex *simplex); /* degrees of freedom, below count */
/* The member that a dimension decides on, given those before it; what it leaves goes to those after it. */
size_t tanlu_simplex_member(const tanlu_simplex *simplex, size_t dimension);
/* u: dimensions numbers in [0, 1]; shares: count, may begin where u does. The sum is 1 within count units in the last place. Safe
 * from several threads. */
void tanlu_simplex_shares(const tanlu_simplex *simplex, const double *u, double *shares);

#endif
