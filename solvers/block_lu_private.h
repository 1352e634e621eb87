/* LU with row interchanges of one system of a block: the method `direct`, and the fall-back of every other. */
#ifndef TANLU_SOLVERS_BLOCK_LU_PRIVATE_H
#define TANLU_SOLVERS_BLOCK_LU_PRIVATE_H

#include "solvers/block.h"

/* Bytes of `work` below: n x n factors and n interchanges, a multiple of 64. */
size_t tanlu_block_lu_bytes(size_t n);
/* Factor D - A with the given diagonal (n) and rows (n x rows, or NULL). Returns 0, or the number (from 1) of the column
 * without a pivot; *norm (may be NULL): largest absolute column sum of D - A. */
size_t tanlu_block_lu_factor(const tanlu_block_options *options, const double *diagonal, const double *row_values,
                             void *work, double *norm);
/* x (n): right-hand side in, solution out. */
void tanlu_block_lu_solve(size_t n, bool transposed, const void *work, double *x);

#endif
