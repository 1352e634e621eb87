/* The kernels of the batched method (batched.c): float sweeps of one panel of systems that lie along the vector lanes.
 *
 * Solved is (D - A) u = b by means of L = (Dc - A)^-1, with E = D - Dc, in the form u = L z, z = b - E u + energy terms. In
 * panel layout row i holds entry i of TANLU_BATCHED_LANES systems side by side. One sweep, tile by tile of eight rows:
 *   a = L(tile, :) z,  u += g (a - u),  g = 1 / (1 + L_ii e_i),  z -= e du            (in place: block Gauss-Seidel)
 * and then, once a sweep, an exact solve of the parts of low rank that the tiles have seen out of date:
 *   - the Perron direction of L, L ~ left right': tile t used gamma_t = right' z as it then was, in place of the final one;
 *   - the dense rows k that differ by system, A_s = A + sum_k e_row(k) w_k': the sweep used y_k in place of w_k' u.
 * Unknowns are the final gamma and the change of every y_k: a system of order rows + 1 for each lane, whose inverse is formed
 * once (tanlu_batched_kernel.prepare). The transposed system is the same with L' and dense columns w_k u_row(k). */
#ifndef TANLU_SOLVERS_BATCHED_KERNEL_PRIVATE_H
#define TANLU_SOLVERS_BATCHED_KERNEL_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/block.h"

enum {
  TANLU_BATCHED_LANES = 48, /* systems a panel: three AVX-512 registers */
  TANLU_BATCHED_TILE = 8,   /* rows updated together */
  TANLU_BATCHED_ROWS_MAX = TANLU_BLOCK_BATCHED_ROWS
};

/* What all systems share, for one direction (plain or transposed). Rows and columns are in the order in which the sweep
 * takes them: sector j is entry place[j] of a panel. */
typedef struct {
  size_t n, rows;
  bool transposed;
  const float *inverse;  /* tiles x n x 8: L (or L') in tiles of eight rows, the last padded with zeros */
  const float *diagonal; /* n: L_ii */
  const float *left;     /* n: the Perron part of L is left right' */
  const float *right;    /* n */
  const float *coupling; /* n x rows, row-major: L(:, row_k) without its Perron part */
  const size_t *row;     /* rows: places of the dense rows in the order */
  const size_t *place;   /* n: sector j is entry place[j] */
} tanlu_batched_shared;

/* One panel; x lanes stands for rows of TANLU_BATCHED_LANES floats, all 64-byte aligned. */
typedef struct {
  float *e;       /* n x lanes: D - Dc */
  float *g;       /* n x lanes: 1 / (1 + L_ii e_i) */
  float *w;       /* rows x n x lanes: row of A_s minus row of A */
  float *coarse;  /* (rows + 1)^2 x lanes: inverse of the system of low rank */
  float *drift;   /* rows x lanes: what a change of y_k adds to gamma beyond the system of low rank (transposed) */
  float *u, *z;   /* n x lanes */
  float *seen;    /* tiles x lanes: gamma_t */
  float *gamma;   /* lanes: right' z */
  float *share;   /* tiles x lanes: sum of right e g left over the rows of a tile */
  float *weight;  /* lanes: work of a sweep, sum_t share_t gamma_t */
  float *y;       /* rows x lanes: energy terms that z holds */
  float *change;  /* lanes (out): largest change of u (and of y) in the sweep */
  float *late;    /* lanes (out): largest change of z in the sweep that u has not yet felt: dense columns */
  float *unknown; /* 2 (rows + 1) x lanes: work */
} tanlu_batched_panel;

typedef struct {
  const char *name;
  /* out(i, lane) = scale[lane] (column[lane][order[i]] - shift[order[i]]) with order the inverse of `place`; shift may be
   * NULL. */
  void (*gather)(size_t n, const size_t *place, const double *const *column, const double *scale, const double *shift,
                 float *out);
  /* column[lane][order[i]] += scale[lane] in(i, lane) for the first `lanes` lanes; `clear` overwrites instead. */
  void (*scatter)(size_t n, const size_t *place, const float *in, const double *scale, size_t lanes, bool clear,
                  double *const *column);
  /* max|x|; NaN or infinity where an entry is not finite. */
  double (*largest)(size_t n, const double *x);
  /* r (in: A u) = b - d u + A u; returns max|r| as `largest` does. */
  double (*residual)(size_t n, const double *b, const double *d, const double *u, double *r);
  /* From e and w: g, share, coarse, drift. */
  void (*prepare)(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel);
  /* From z = b: a first guess of u, with z, y and gamma to match. */
  void (*start)(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel);
  /* One sweep with its corrections; fills change. */
  void (*sweep)(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel);
} tanlu_batched_kernel;

/* The kernels this processor can run, best first; NULL beyond the last. The last is portable. */
const tanlu_batched_kernel *tanlu_batched_kernel_choose(size_t rank);

/* Another kernel for a batched method that has been created. */
void tanlu_batched_use(void *content, const tanlu_batched_kernel *kernel);

extern const tanlu_batched_kernel tanlu_batched_kernel_portable;
#if defined(__x86_64__)
extern const tanlu_batched_kernel tanlu_batched_kernel_avx2, tanlu_batched_kernel_avx512;
#endif

#endif
