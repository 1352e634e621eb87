/* What setup (batched_setup.c) and solution (batched.c) of the batched method share. */
#ifndef TANLU_SOLVERS_BATCHED_PRIVATE_H
#define TANLU_SOLVERS_BATCHED_PRIVATE_H

#include "solvers/batched_kernel_private.h"
#include "solvers/block_private.h"

typedef struct {
  size_t n, rows;
  double tolerance;
  const double *a;                /* n x n */
  double *centre;                 /* n */
  double *a_row;                  /* n x rows: the dense rows of A */
  size_t *row;                    /* rows */
  float *numbers[2];              /* of shared */
  size_t *indices[2];             /* of shared */
  tanlu_batched_shared shared[2]; /* plain, transposed */
  const tanlu_batched_kernel *kernel;
} tanlu_batched;

static inline size_t tanlu_batched_tiles(size_t n) {
  return (n + TANLU_BATCHED_TILE - 1) / TANLU_BATCHED_TILE;
}

/* Entries of the table of operations. */
size_t tanlu_batched_shared_bytes(const tanlu_block_options *options);
tanlu_status tanlu_batched_create(void **content, const tanlu_block_options *options, size_t width,
                                  tanlu_context *context);
void tanlu_batched_free(void **content);

#endif
