/* RAS: a matrix scaled by rows and columns until it has given sums.
 *
 *     B = diag(r) A diag(s),   B 1 = u,   1'B = v'
 *
 * A >= 0 is given, B has its zeros. Where such an r and s exist, scaling columns and rows in turn leads to B, the matrix with
 * these sums that is nearest to A in relative entropy. (W. E. Deming and F. F. Stephan, Annals of Mathematical Statistics 11
 * (1940); R. Stone and A. Brown, A Computable Model of Economic Growth (1962); convergence: M. Bacharach, Biproportional Matrices
 * and Input-Output Change (1970).) */
#ifndef TANLU_SOLVERS_RAS_H
#define TANLU_SOLVERS_RAS_H

#include "solvers/context.h"

typedef struct {
  double tolerance; /* largest |sum - wanted| / wanted that is left in any row or column */
  size_t most;      /* rounds (rows and columns once each) */
  int threads;      /* of GRAS; 0: one. Bits do not depend on it */
} tanlu_ras_options;

/* matrix: rows x columns, column-major, scaled in place; one that has the sums already keeps its bits. row_sum: rows,
 * column_sum: columns, all >= 0. row_name, column_name: for messages, "row 3" where NULL. rounds (may be NULL): how many it took.
 * Errors: TANLU_ERR_INPUT for numbers below zero or not finite, for margins whose totals differ by more than the tolerance, and
 * for a row or column without entries that is to have a sum; TANLU_ERR_MODEL naming the row or column that is furthest off when
 * `most` rounds do not do. The matrix holds no result then. */
tanlu_status tanlu_ras(size_t rows, size_t columns, double *matrix, const double *row_sum, const double *column_sum,
                       const char *const *row_name, const char *const *column_name, const tanlu_ras_options *options,
                       size_t *rounds, tanlu_context *context);

#endif
