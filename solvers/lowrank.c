/* Sherman-Morrison-Woodbury around the centre M0 = Dc - A, L = M0^-1, for systems that differ from it in few rows.
 *
 * Where the diagonal differs by E_i or the row of A by dA_i, row i of M is row i of M0 plus v_i' = E_i e_i' - dA_i'. With P
 * the unit vectors of the k changed rows and V = (v_i), M = M0 + P V' and
 *     M^-1 b  = c - L P g,      c = L b,   (I + V' L P) g = V' c
 *     M^-T b  = L' (b - V h),              (I + V' L P)' h = P' L' b.
 * One product with L for a whole block, and k^2 + k n operations a system (k n^2 is never met: only the columns of L at
 * changed rows enter). Pays up to about n / 8 changed rows; more are left to the fall-back. Tested by the dispatcher's
 * residual: cancellation in V' L P cannot pass unseen. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/block_lu_private.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

typedef struct {
  const tanlu_block_options *options;
  double *inverse; /* n x n: L */
  double *base;    /* n x rows: the dense rows of the shared A */
} lowrank;

enum { WIDTH = 32, RANK_LEAST = 4 };

/* Changed rows that are taken on. */
static size_t rank_most(const tanlu_block_options *options) {
  const size_t n = options->n, most = n / 8 + options->rows + RANK_LEAST;
  return most < n ? most : n;
}

static size_t rounded(size_t bytes) {
  return (bytes + 63) / 64 * 64;
}

static size_t lowrank_width(const tanlu_block_options *options, size_t count) {
  (void)count;
  (void)options;
  return WIDTH;
}

static size_t lowrank_shared_bytes(const tanlu_block_options *options) {
  return sizeof(lowrank) + options->n * (options->n + options->rows) * sizeof(double);
}

/* c of the block, small matrix, g, interchanges, changed rows and what each is: see the struct below. */
static size_t lowrank_work_bytes(const tanlu_block_options *options, size_t width) {
  const size_t k = rank_most(options);
  return rounded(options->n * width * sizeof(double)) + rounded(k * k * sizeof(double)) + rounded(k * sizeof(double)) +
         rounded(k * sizeof(lapack_int)) + 2 * rounded(k * sizeof(size_t)) + rounded(options->n * sizeof(size_t));
}

typedef struct {
  double *block;      /* n x width */
  double *small;      /* k x k */
  double *g;          /* k */
  lapack_int *pivots; /* k */
  size_t *changed;    /* k: rows that differ */
  size_t *dense;      /* k: number of the dense row, or rows where only the diagonal differs */
  size_t *dense_of;   /* n: number of the dense row, or rows */
} workspace;

static void *take(unsigned char **at, size_t bytes) {
  void *start = *at;
  *at += rounded(bytes);
  return start;
}

static workspace cut(const tanlu_block_options *options, size_t width, void *work) {
  const size_t k = rank_most(options);
  unsigned char *at = work;
  workspace w;
  w.block = take(&at, options->n * width * sizeof(double));
  w.small = take(&at, k * k * sizeof(double));
  w.g = take(&at, k * sizeof(double));
  w.pivots = take(&at, k * sizeof(lapack_int));
  w.changed = take(&at, k * sizeof(size_t));
  w.dense = take(&at, k * sizeof(size_t));
  w.dense_of = take(&at, options->n * sizeof(size_t));
  return w;
}

static void lowrank_free(void **content) {
  lowrank *self = *content;
  if (!self) return;
  free(self->inverse);
  free(self->base);
  free(self);
  *content = NULL;
}

static tanlu_status lowrank_create(void **content, const tanlu_block_options *options, size_t width,
                                   tanlu_context *context) {
  (void)width;
  const size_t n = options->n;
  lowrank *self = tanlu_allocate(context, 1, sizeof *self);
  *content = self;
  if (!self) return TANLU_ERR_MEMORY;
  self->options = options;
  if (!(self->inverse = tanlu_allocate_doubles(context, n, n))) return TANLU_ERR_MEMORY;
  if (!(self->base = tanlu_allocate_doubles(context, n, options->rows))) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < options->rows; k++)
    for (size_t j = 0; j < n; j++) self->base[k * n + j] = options->a[j * n + options->row[k]];

  void *lu = NULL;
  const tanlu_status status = tanlu_block_lu_centre(options, &lu, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < n; i++) self->inverse[i * n + i] = 1;
  tanlu_block_lu_solve(n, false, lu, n, self->inverse);
  free(lu);
  return TANLU_OK;
}

/* Rows of system s that differ from the centre; rank_most + 1 when there are more than rank_most. */
static size_t find_changes(const tanlu_block_options *options, const double *diagonal, bool dense, workspace *w) {
  const size_t most = rank_most(options);
  size_t k = 0;
  for (size_t i = 0; i < options->n; i++) {
    const bool row = dense && w->dense_of[i] < options->rows;
    if (!row && diagonal[i] == options->centre[i]) continue;
    if (k == most) return most + 1;
    w->changed[k] = i;
    w->dense[k++] = row ? w->dense_of[i] : options->rows;
  }
  return k;
}

/* sum_j (a_j - base_j) x_j */
static double difference_dot(const double *a, const double *base, const double *x, size_t n) {
  double even = 0, odd = 0;
  for (size_t j = 0; j + 1 < n; j += 2) even += (a[j] - base[j]) * x[j], odd += (a[j + 1] - base[j + 1]) * x[j + 1];
  return n % 2 ? even + odd + (a[n - 1] - base[n - 1]) * x[n - 1] : even + odd;
}

/* v_p' x for changed row number p. */
static double row_dot(const lowrank *self, const double *diagonal, const double *rows, const workspace *w, size_t p,
                      const double *x) {
  const tanlu_block_options *options = self->options;
  const size_t n = options->n, i = w->changed[p], k = w->dense[p];
  const double shift = (diagonal[i] - options->centre[i]) * x[i];
  return k < options->rows ? shift - difference_dot(rows + k * n, self->base + k * n, x, n) : shift;
}

/* Solves (I + V' L P) g = g, or with the transposed matrix; false when it is singular. */
static bool solve_small(const lowrank *self, const double *diagonal, const double *rows, workspace *w, size_t k,
                        bool transposed) {
  const size_t n = self->options->n;
  for (size_t q = 0; q < k; q++) {
    const double *column = self->inverse + w->changed[q] * n;
    for (size_t p = 0; p < k; p++) w->small[q * k + p] = row_dot(self, diagonal, rows, w, p, column) + (p == q ? 1 : 0);
  }
  const lapack_int order = (lapack_int)k, one = 1;
  const char operation = transposed ? 'T' : 'N';
  lapack_int info = 0;
  LAPACK_dgetrf(&order, &order, w->small, &order, w->pivots, &info);
  if (info != 0) return false;
  LAPACK_dgetrs(&operation, &order, &one, w->small, &order, w->pivots, w->g, &order, &info);
  return info == 0;
}

/* From c = L b in u to the solution. */
static bool correct(const lowrank *self, const double *diagonal, const double *rows, workspace *w, double *u) {
  const size_t n = self->options->n, k = find_changes(self->options, diagonal, rows != NULL, w);
  if (k > rank_most(self->options)) return false;
  if (k == 0) return true;
  for (size_t p = 0; p < k; p++) w->g[p] = row_dot(self, diagonal, rows, w, p, u);
  if (!solve_small(self, diagonal, rows, w, k, false)) return false;
  for (size_t p = 0; p < k; p++) {
    const double *column = self->inverse + w->changed[p] * n;
    for (size_t i = 0; i < n; i++) u[i] -= w->g[p] * column[i];
  }
  return true;
}

/* right = b - V h. */
static bool correct_transposed(const lowrank *self, const double *diagonal, const double *rows, const double *b,
                               workspace *w, double *right) {
  const tanlu_block_options *options = self->options;
  const size_t n = options->n, k = find_changes(options, diagonal, rows != NULL, w);
  memcpy(right, b, n * sizeof *right);
  if (k > rank_most(options)) return false;
  if (k == 0) return true;
  for (size_t p = 0; p < k; p++) w->g[p] = cblas_ddot((int)n, self->inverse + w->changed[p] * n, 1, b, 1);
  if (!solve_small(self, diagonal, rows, w, k, true)) return false;
  for (size_t p = 0; p < k; p++) {
    const size_t i = w->changed[p], d = w->dense[p];
    right[i] -= (diagonal[i] - options->centre[i]) * w->g[p];
    if (rows == NULL || d == options->rows) continue;
    for (size_t j = 0; j < n; j++) right[j] += (rows[d * n + j] - self->base[d * n + j]) * w->g[p];
  }
  return true;
}

static void lowrank_solve(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations) {
  const lowrank *self = content;
  const tanlu_block_options *options = self->options;
  const size_t n = options->n, width = systems->width;
  const int order = (int)n, columns = (int)width;
  workspace w = cut(options, width, work);
  for (size_t i = 0; i < n; i++) w.dense_of[i] = options->rows;
  for (size_t k = 0; k < options->rows; k++) w.dense_of[options->row[k]] = k;
  *iterations = 1;
  if (!systems->transposed)
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, order, columns, order, 1, self->inverse, order, systems->b,
                order, 0, systems->u, order);
  for (size_t s = 0; s < width; s++) {
    const double *diagonal = systems->diagonal + s * n;
    const double *rows = systems->row_values ? systems->row_values + s * options->rows * n : NULL;
    double *u = systems->u + s * n;
    const bool solved = systems->transposed
                            ? correct_transposed(self, diagonal, rows, systems->b + s * n, &w, w.block + s * n)
                            : correct(self, diagonal, rows, &w, u);
    if (solved) continue;
    if (systems->transposed)
      w.block[s * n] = (double)NAN;
    else
      u[0] = (double)NAN;
  }
  if (systems->transposed)
    cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, order, columns, order, 1, self->inverse, order, w.block, order,
                0, systems->u, order);
}

static const char *lowrank_kernel(const void *content) {
  (void)content;
  return "blas";
}

const tanlu_block_operations tanlu_block_lowrank = {.name = "lowrank",
                                                    .width = lowrank_width,
                                                    .shared_bytes = lowrank_shared_bytes,
                                                    .work_bytes = lowrank_work_bytes,
                                                    .create = lowrank_create,
                                                    .free = lowrank_free,
                                                    .solve = lowrank_solve,
                                                    .kernel = lowrank_kernel};
