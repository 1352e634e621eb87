/* What a method for many systems has to supply. The dispatcher (block.c) checks arguments, cuts the systems into blocks of
 * fixed width (the last padded with copies of its last system), runs them over threads, measures the true residual of every
 * system and sends what misses the tolerance to LU. A method keeps its own data behind `content`. */
#ifndef TANLU_SOLVERS_BLOCK_PRIVATE_H
#define TANLU_SOLVERS_BLOCK_PRIVATE_H

#include "solvers/block.h"

/* One block: width systems, laid out as in tanlu_block_solve (column per system). */
typedef struct {
  size_t width;
  const double *diagonal;   /* n x width */
  const double *row_values; /* n x rows x width, or NULL */
  const double *b;          /* n x width */
  double *u;                /* n x width */
  bool transposed;
  const bool *non_negative; /* width: no row value of the system is negative; for the dispatcher's checks only */
} tanlu_block_systems;

typedef struct {
  const char *name;
  /* Systems of a block, where options say 0, of a call of `count` systems; the largest at SIZE_MAX. It does not depend on
   * the number of threads. */
  size_t (*width)(const tanlu_block_options *options, size_t count);
  size_t (*shared_bytes)(const tanlu_block_options *options);             /* read-only data of the method */
  size_t (*work_bytes)(const tanlu_block_options *options, size_t width); /* work of one thread */
  tanlu_status (*create)(void **content, const tanlu_block_options *options, size_t width, tanlu_context *context);
  void (*free)(void **content);
  /* Solve one block with `work` (work_bytes, 64-byte aligned). The method stops by its own measure; the dispatcher checks
   * the true residual afterwards. A system that the method gives up on may hold anything finite or not. Sets *iterations. */
  void (*solve)(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations);
  const char *(*kernel)(const void *content);
} tanlu_block_operations;

extern const tanlu_block_operations tanlu_block_direct, tanlu_block_interleaved, tanlu_block_batched,
    tanlu_block_lowrank, tanlu_block_series;

/* auto.c: the method the cost model prefers for n, the number of systems, spread of the diagonals max|D_s / Dc - 1| and
 * dense rows. */
tanlu_block_method tanlu_block_choose(size_t n, size_t count, double spread, size_t rows);
/* May it choose the method for systems of order n? What it may choose is made ready in create. */
bool tanlu_block_may_choose(size_t n, tanlu_block_method method);

#endif
