/* Structural path analysis: the single supply chains that carry a footprint, the largest first.
 *
 * A chain s_0 <- s_1 <- ... <- s_d starts with final demand for product s_0; each sector buys from the next, and the last emits:
 *
 *     c = f_(s_d) A_(s_d s_(d-1)) ... A_(s_1 s_0) y_(s_0)
 *
 * All chains together are the footprint f' (I - A)^-1 y. What a node with the flow q = A ... A y and all that grows from it emits is
 * e_s q, with e' = f' (I - A)^-1, since e_j = f_j + sum_i e_i A_ij: so what has not been walked is known exactly, without walking it.
 * The largest single chain that grows from a node is at most M_s |q|,
 *
 *     M_j = max(|f_j|, max_i A_ij M_i),
 *
 * which is reached where depth has no bound: with a priority queue ordered by it, chains come out in the order of their size and
 * nothing is opened that cannot hold the next one. Suppliers of a node wait in the order of A_ij M_i, one in the queue at a time.
 *
 * Source: Defourny and Thorbecke, Structural path analysis and multiplier decomposition within a social accounting matrix
 * framework, Economic Journal 94 (1984); the bound is the best-first search of Hart, Nilsson and Raphael (1968). */
#ifndef TANLU_MODEL_STRUCTURAL_PATHS_H
#define TANLU_MODEL_STRUCTURAL_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

typedef struct {
  size_t n;
  const double *inputs; /* n x n, column-major: A, non-negative with column sums below 1 */
  const double *direct; /* n: f */
  const double *total;  /* n: e */
  const double *demand; /* n: y; may hold negative entries (inventories) */
} tanlu_path_system;

typedef struct {
  size_t most;     /* chains listed at most */
  size_t depth;    /* links at most: 0 is what the producer of the final product emits itself */
  double smallest; /* |c| of a chain that is listed, at least; as a share of the |footprint| */
  size_t work;     /* entries taken from the queue at most */
} tanlu_path_limits;

typedef struct {
  double value;
  size_t length;  /* sectors: links + 1 */
  size_t *sector; /* length: from the final product to the one that emits */
} tanlu_path;

typedef enum { TANLU_PATHS_MOST, TANLU_PATHS_SMALLEST, TANLU_PATHS_WORK, TANLU_PATHS_ALL } tanlu_paths_end;

typedef struct {
  size_t count;
  tanlu_path *path;    /* count: by |value|, the largest first */
  double total;        /* f' (I - A)^-1 y = e' y */
  double listed;       /* sum of the paths */
  double deeper;       /* what lies beyond `depth` on the chains that were opened */
  double rest;         /* all other chains; listed + deeper + rest = total */
  double next;         /* |c| of each of those is at most this */
  size_t work;         /* entries taken */
  tanlu_paths_end end; /* why the list ends */
} tanlu_paths;

/* Errors: TANLU_ERR_MODEL for an entry of A that is negative, 1 or more, or not a number. */
tanlu_status tanlu_paths_find(tanlu_paths *paths, const tanlu_path_system *system, const tanlu_path_limits *limits,
                              tanlu_context *context);
void tanlu_paths_clear(tanlu_paths *paths);

#endif
