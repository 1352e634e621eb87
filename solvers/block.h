/* Many related Leontief systems at once: (D_s - A_s) u_s = b_s, s = 0 .. count - 1.
 *
 * All systems share A except for a few dense rows (the energy rows), and differ in the diagonal D_s and the right-hand side.
 * Every method solves to the same tolerance and reports the true residual of the original system; what misses the tolerance
 * is solved again by LU and counted. Same input, same bits: the result does not depend on the number of threads.
 *
 * Life cycle: create (takes all memory for blocks of `width` systems) -> solve or solve_transposed, any number of times and
 * any count -> free. */
#ifndef TANLU_SOLVERS_BLOCK_H
#define TANLU_SOLVERS_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_BLOCK_BATCHED_ROWS = 16 }; /* dense rows that the method `batched` takes */

#define TANLU_BLOCK_METHOD_LIST(X)                                                                                     \
  X(TANLU_BLOCK_AUTO, "auto")               /* chosen in every call by the cost model of solvers/auto.c */             \
  X(TANLU_BLOCK_DIRECT, "direct")           /* LAPACK LU per system: the reference and the fall-back */                \
  X(TANLU_BLOCK_INTERLEAVED, "interleaved") /* LU without pivoting, several systems to a vector register */            \
  X(TANLU_BLOCK_BATCHED, "batched")         /* fixed point around the inverse of the centre, by matrix products */     \
  X(TANLU_BLOCK_LOWRANK, "lowrank")         /* Sherman-Morrison-Woodbury around the centre */                          \
  X(TANLU_BLOCK_SERIES, "series")           /* power series with its error bound */

typedef enum {
#define X(code, word) code,
  TANLU_BLOCK_METHOD_LIST(X)
#undef X
      TANLU_BLOCK_METHODS
} tanlu_block_method;

typedef struct {
  size_t n;             /* order of the systems */
  const double *a;      /* n x n, column-major: the shared A; kept by reference */
  const double *centre; /* n: diagonal Dc around which the systems lie (all ones where D is 1 / (r s) near 1) */
  size_t rows;       /* dense rows that differ by system, 0 for none; with more than TANLU_BLOCK_BATCHED_ROWS `batched`
                           leaves every system to LU, and `auto` does not choose it */
  const size_t *row; /* rows: their indices */
  tanlu_block_method method;
  double tolerance; /* relative residual max|b - (D - A) u| / max|b|; 0: the default 1e-10 */
  size_t width;     /* systems solved together; 0: the method's own choice, by n and the number of systems of a call */
  int threads;      /* at least 1 */
} tanlu_block_options;

/* What a solve did; filled for all systems of one call. */
typedef struct {
  const char *method, *kernel; /* method used (auto names its choice) and the instruction set of its kernel */
  size_t refactored;           /* systems that missed the tolerance and were solved by LU */
  size_t iterations;           /* sweeps of the method, summed over blocks */
  size_t blocks, width;        /* blocks of a call, and the systems of each (the last may hold fewer) */
  double worst_residual;       /* largest relative residual */
  double worst_component; /* largest componentwise backward error |b - (D - A) u|_i / (|D| |u| + |A| |u| + |b|)_i */
} tanlu_block_report;

typedef struct tanlu_block tanlu_block;

/* Errors: TANLU_ERR_MODEL when Dc - A is singular or not productive, naming the column; NaN or infinity in the arguments. */
tanlu_status tanlu_block_create(tanlu_block **block, const tanlu_block_options *options, tanlu_context *context);
void tanlu_block_free(tanlu_block **block); /* accepts NULL and half-built objects */

/* Solve `count` systems.
 * diagonal: n x count, D_s; row_values: n x rows x count, row k of A_s for system s at ((s rows + k) n), NULL without rows
 * (the shared A then holds); b: n x count; u (out): n x count; residual (out, may be NULL): count, relative.
 * Errors: TANLU_ERR_MODEL naming the first system (s) that is singular or not productive; u is then undefined. */
tanlu_status tanlu_block_solve(tanlu_block *block, size_t count, const double *diagonal, const double *row_values,
                               const double *b, double *u, double *residual, tanlu_block_report *report,
                               tanlu_context *context);
/* (D_s - A_s)' u_s = b_s. */
tanlu_status tanlu_block_solve_transposed(tanlu_block *block, size_t count, const double *diagonal,
                                          const double *row_values, const double *b, double *u, double *residual,
                                          tanlu_block_report *report, tanlu_context *context);

/* Bytes that create takes for these options: O(threads (n^2 + n width)), n^2 a thread for the fall-back to LU. */
size_t tanlu_block_memory(const tanlu_block_options *options);
const char *tanlu_block_method_word(tanlu_block_method method);

#endif
