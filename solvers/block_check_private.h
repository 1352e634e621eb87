/* What is measured of every system whatever the method: the residual of the original system, and whether it is productive. */
#ifndef TANLU_SOLVERS_BLOCK_CHECK_PRIVATE_H
#define TANLU_SOLVERS_BLOCK_CHECK_PRIVATE_H

#include "solvers/block_private.h"

enum { TANLU_BLOCK_WEIGHTS = 2 };

/* The original systems, as far as they are shared. */
typedef struct {
  const tanlu_block_options *options;
  bool non_negative; /* A >= 0 */
  double *magnitude; /* n x n: |A|; NULL where A >= 0 */
  double *weight;    /* n x TANLU_BLOCK_WEIGHTS: positive vectors w for which (Dc - A) w > 0 */
  double *product;   /* n x TANLU_BLOCK_WEIGHTS: A w */
} tanlu_block_original;

size_t tanlu_block_original_bytes(const tanlu_block_options *options); /* with `magnitude` */
/* Checks A and Dc: finite, Dc - A regular and productive. lu: tanlu_block_lu_bytes of work.
 * Errors: TANLU_ERR_MODEL naming entry or column. */
tanlu_status tanlu_block_original_create(tanlu_block_original *original, const tanlu_block_options *options, void *lu,
                                         tanlu_context *context);
void tanlu_block_original_free(tanlu_block_original *original);

/* Doubles of `work` for tanlu_block_residuals; its first n x width hold the residuals b - (D - A) u afterwards. */
size_t tanlu_block_residual_doubles(size_t n, size_t width);
/* relative: width, max|r| / max|b| (absolute where b = 0); component: width, max_i |r|_i / (|D||u| + |A||u| + |b|)_i.
 * NaN or infinity where u is not finite. */
void tanlu_block_residuals(const tanlu_block_original *original, const tanlu_block_systems *systems, double *work,
                           double *relative, double *component);

/* Of one system: true when (D - A) w > 0 for one of the weights: D - A is then a regular M-matrix, its inverse is
 * non-negative. */
bool tanlu_block_certified(const tanlu_block_original *original, const tanlu_block_systems *system);

#endif
