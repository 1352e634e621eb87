/* Anderson acceleration of a fixed point s = G(s).
 *
 * With f_k = G(s_k) - s_k the next iterate is G(s_k) - sum_i gamma_i (G(s_{k-i+1}) - G(s_{k-i})), gamma the least-squares
 * solution of sum_i gamma_i (f_{k-i+1} - f_{k-i}) = f_k over the last `depth` differences. A residual that grows more than
 * tenfold drops the history. (D. G. Anderson, J. ACM 12 (1965); H. F. Walker and P. Ni, SIAM J. Numer. Anal. 49 (2011).) */
#ifndef TANLU_SOLVERS_ANDERSON_H
#define TANLU_SOLVERS_ANDERSON_H

#include <stddef.h>

#include "solvers/context.h"

typedef struct tanlu_anderson tanlu_anderson;

/* size: numbers in a state; depth: differences kept, 1 to 16. */
tanlu_status tanlu_anderson_create(tanlu_anderson **anderson, size_t size, size_t depth, tanlu_context *context);
void tanlu_anderson_free(tanlu_anderson **anderson);
/* Forget the history. */
void tanlu_anderson_reset(tanlu_anderson *anderson);
/* state (in: s_k, out: s_{k+1}) and image = G(s_k), both `size` long. */
void tanlu_anderson_step(tanlu_anderson *anderson, double *state, const double *image);

#endif
