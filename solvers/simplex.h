/* Random shares that sum to 1, from uniforms.
 *
 *   dirichlet   share_i = g_i / sum g, g_i the gamma(alpha_i) quantile of u_i; uses k uniforms
 *   bounded     uniform on { lower_i <= share_i <= upper_i, sum share = 1 }, by conditional sampling without rejection: share
 *               by share the conditional distribution given those before is inverted. With s = share - lower and c = upper -
 *               lower its distribution function follows from the volume of { 0 <= s <= c, sum s = r } over m members,
 *                 V_m(r) = sum over subsets S of (-1)^|S| max(0, r - c(S))^(m-1) / (m-1)!
 *               The last u is not used. At most TANLU_SIMPLEX_BOUNDED_MAX members, since it costs 2^k where bounds
 *               bind. */
#ifndef TANLU_SOLVERS_SIMPLEX_H
#define TANLU_SOLVERS_SIMPLEX_H

#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_SIMPLEX_BOUNDED_MAX = 16 };

typedef struct tanlu_simplex tanlu_simplex;

/* alpha: count numbers > 0 (count >= 2). */
tanlu_status tanlu_simplex_dirichlet(tanlu_simplex **simplex, size_t count, const double *alpha, const char *name,
                                     tanlu_context *context);
/* lower, upper: count numbers, 0 <= lower <= upper <= 1, sum lower < 1 < sum upper; NULL stands for 0 and 1. */
tanlu_status tanlu_simplex_bounded(tanlu_simplex **simplex, size_t count, const double *lower, const double *upper,
                                   const char *name, tanlu_context *context);
void tanlu_simplex_free(tanlu_simplex **simplex);
size_t tanlu_simplex_count(const tanlu_simplex *simplex);
/* u: count numbers in (0, 1); shares: count, may be u. The sum is 1 within count units in the last place. Safe from several
 * threads. */
void tanlu_simplex_shares(const tanlu_simplex *simplex, const double *u, double *shares);

#endif
