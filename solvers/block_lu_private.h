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
/* x (n x count): right-hand sides in, solutions out. */
void tanlu_block_lu_solve(size_t n, bool transposed, const void *work, size_t count, double *x);
/* The factors of the centre Dc - A for tanlu_block_lu_solve, freed with free(). TANLU_ERR_MODEL when it is singular, *work
 * then NULL. */
tanlu_status tanlu_block_lu_centre(const tanlu_block_options *options, void **work, tanlu_context *context);

#endif
