/* Ranks with a given correlation, by reordering: the margins stay exactly as they are.
 *
 * Column d of M holds the scores Phi^-1((rank_nd + 1) / (N + 1)). With Q Q' the sample correlation of the columns and P P' the one
 * asked for, the columns of T = M (P Q^-1)' have exactly the correlation asked for; each column of ranks is replaced by that of
 * T. The ranks' own scores then have it up to what reordering rounds.
 * (R. L. Iman and W. J. Conover, Commun. Stat. Simul. Comput. 11 (1982).) */
#ifndef TANLU_SOLVERS_IMAN_CONOVER_H
#define TANLU_SOLVERS_IMAN_CONOVER_H

#include <stdint.h>

#include "solvers/context.h"

/* rank: dimensions x samples, each row a permutation of 0 .. samples - 1, replaced; the first row stays as it is. correlation:
 * dimensions x dimensions, as tanlu_copula_create takes it, and with its errors. TANLU_ERR_INPUT also when the rows given depend on
 * each other: too few samples. Needs a double a rank. */
tanlu_status tanlu_iman_conover(size_t samples, size_t dimensions, uint32_t *rank, const double *correlation,
                                tanlu_context *context);

#endif
