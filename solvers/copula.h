/* Gaussian copula: uniforms that are independent become uniforms with the given correlation of their normal scores,
 *   u_i <- Phi( sum_j L_ij Phi^-1(u_j) ),   R = L L' by Cholesky.
 * The rank correlation reached by a pair is (6/pi) asin(rho/2). */
#ifndef TANLU_SOLVERS_COPULA_H
#define TANLU_SOLVERS_COPULA_H

#include <stddef.h>

#include "solvers/context.h"

typedef struct tanlu_copula tanlu_copula;

/* correlation: dimensions x dimensions, symmetric, row by row, diagonal 1. A matrix that is not symmetric, has an element
 * outside (-1, 1) or is not positive definite is TANLU_ERR_INPUT naming the pair at fault: for the last, the member whose
 * row breaks the factorisation and the earlier one it is most correlated with. names: dimensions texts, or NULL. */
tanlu_status tanlu_copula_create(tanlu_copula **copula, size_t dimensions, const double *correlation,
                                 const char *const *names, tanlu_context *context);
void tanlu_copula_free(tanlu_copula **copula);
const double *tanlu_copula_factor(const tanlu_copula *copula); /* L: dimensions x dimensions, row by row */
/* u: `dimensions` numbers in (0, 1), replaced; members without correlation keep their bits. Safe from several threads. */
void tanlu_copula_apply(const tanlu_copula *copula, double *u);

#endif
