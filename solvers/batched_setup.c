/* Setup of the batched method: the inverse of the centre, its Perron part, the order of the sweeps. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/batched_private.h"
#include "solvers/memory.h"

enum {
  TILE = TANLU_BATCHED_TILE,
  POWER_STEPS = 8 /* towards the dominant part, which need not be exact */
};

static const double default_tolerance = 1e-10;

static size_t shared_floats(size_t n, size_t rows) {
  return tanlu_batched_tiles(n) * TILE * n + 3 * n + n * rows;
}

size_t tanlu_batched_shared_bytes(const tanlu_block_options *options) {
  const size_t n = options->n, rows = options->rows;
  return sizeof(tanlu_batched) + 2 * (shared_floats(n, rows) * sizeof(float) + (n + rows) * sizeof(size_t)) +
         (n + n * rows) * sizeof(double) + rows * sizeof(size_t);
}

void tanlu_batched_free(void **content) {
  tanlu_batched *self = *content;
  if (!self) return;
  free(self->centre);
  free(self->a_row);
  free(self->row);
  for (int side = 0; side < 2; side++) {
    free(self->numbers[side]);
    free(self->indices[side]);
  }
  free(self);
  *content = NULL;
}

/* l = (Dc - A)^-1. */
static tanlu_status invert_centre(const tanlu_batched *self, double *l, tanlu_context *context) {
  const size_t n = self->n;
  const lapack_int order = (lapack_int)n, work_size = 64 * order;
  lapack_int *pivots = tanlu_allocate(context, n, sizeof *pivots), info = 0;
  double *work = tanlu_allocate_doubles(context, n, 64);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (!pivots || !work) goto cleanup;
  for (size_t k = 0; k < n * n; k++) l[k] = -self->a[k];
  for (size_t i = 0; i < n; i++) l[i * n + i] += self->centre[i];
  LAPACK_dgetrf(&order, &order, l, &order, pivots, &info);
  if (info == 0) LAPACK_dgetri(&order, l, &order, pivots, work, &work_size, &info);
  status = TANLU_OK;
  if (info != 0) {
    status = tanlu_fail(context, TANLU_ERR_MODEL,
                        "the centre of related systems is singular: the pivot of column %d is 0", (int)info);
    goto cleanup;
  }
  for (size_t j = 0; j < n && status == TANLU_OK; j++)
    for (size_t i = 0; i < n && status == TANLU_OK; i++)
      if (!(fabs(l[j * n + i]) < 1e30) || (i == j && !(l[j * n + i] > 0)))
        status =
            tanlu_fail(context, TANLU_ERR_MODEL,
                       "the centre of related systems is singular or not productive: entry (%zu, %zu) of its inverse "
                       "is %g",
                       i + 1, j + 1, l[j * n + i]);

cleanup:
  free(pivots);
  free(work);
  return status;
}

/* The dominant part of B = L without its diagonal, of rank one: B q q' for the leading right singular vector q, by power
 * iteration with B'B. It is as positive as B; beside the Perron vectors it exists for reducible tables too. work: n. */
static void find_dominant(size_t n, const double *l, double *left, double *right, double *work) {
  const int order = (int)n;
  for (size_t i = 0; i < n; i++) right[i] = 1 / sqrt((double)n);
  for (int step = 0;; step++) {
    cblas_dgemv(CblasColMajor, CblasNoTrans, order, order, 1.0, l, order, right, 1, 0.0, left, 1);
    for (size_t i = 0; i < n; i++) left[i] -= l[i * n + i] * right[i];
    if (step == POWER_STEPS) return;
    cblas_dgemv(CblasColMajor, CblasTrans, order, order, 1.0, l, order, left, 1, 0.0, work, 1);
    for (size_t i = 0; i < n; i++) work[i] -= l[i * n + i] * left[i];
    const double size = cblas_dnrm2(order, work, 1);
    if (!(size > 0)) return; /* L is diagonal, and left zero */
    for (size_t i = 0; i < n; i++) right[i] = work[i] / size;
  }
}

/* The order of a sweep. What row i takes from later rows j is out of date in its tile: the weight above the diagonal of
 * R = L - diagonal - left right', squared, is kept small by putting next the row that takes least from the rows not yet
 * placed and gives them most. work: 2 n. */
static void find_order(size_t n, const double *l, const double *left, const double *right, size_t *order,
                       double *work) {
  double *takes = work, *gives = work + n;
  memset(work, 0, 2 * n * sizeof *work);
#define REST(i, j) ((i) == (j) ? 0 : l[(j)*n + (i)] - left[i] * right[j])
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      const double weight = REST(i, j) * REST(i, j);
      takes[i] += weight;
      gives[j] += weight;
    }
  for (size_t i = 0; i < n; i++) order[i] = i;
  for (size_t k = 0; k < n; k++) {
    size_t best = k;
    for (size_t m = k + 1; m < n; m++)
      if (takes[order[m]] - gives[order[m]] < takes[order[best]] - gives[order[best]]) best = m;
    const size_t next = order[best];
    order[best] = order[k];
    order[k] = next;
    for (size_t i = 0; i < n; i++) {
      takes[i] -= REST(i, next) * REST(i, next);
      gives[i] -= REST(next, i) * REST(next, i);
    }
  }
#undef REST
}

/* Fills shared[side] in the order of its sweeps: L for side 0; for side 1 L' in the reverse order, since what lay below
 * the diagonal lies above it. */
static void pack(tanlu_batched *self, int side, const double *l, const double *left, const double *right,
                 const size_t *order) {
  const size_t n = self->n, rows = self->rows;
  float *inverse = self->numbers[side], *diagonal = inverse + tanlu_batched_tiles(n) * TILE * n, *lefts = diagonal + n,
        *rights = lefts + n, *coupling = rights + n;
  size_t *row = self->indices[side], *place = row + rows;
  for (size_t j = 0; j < n; j++) {
    const size_t sector = order[side ? n - 1 - j : j];
    place[sector] = j;
    diagonal[j] = (float)l[sector * n + sector];
    lefts[j] = (float)(side ? right : left)[sector];
    rights[j] = (float)(side ? left : right)[sector];
    for (size_t k = 0; k < rows; k++)
      coupling[j * rows + k] = (float)(l[self->row[k] * n + sector] - left[sector] * right[self->row[k]]);
    for (size_t i = 0; i < tanlu_batched_tiles(n) * TILE; i++) {
      const size_t at = (i / TILE * n + j) * TILE + i % TILE, other = i < n ? order[side ? n - 1 - i : i] : 0;
      inverse[at] = i < n ? (float)(side ? l[other * n + sector] : l[sector * n + other]) : 0;
    }
  }
  for (size_t k = 0; k < rows; k++) row[k] = place[self->row[k]];
  self->shared[side] =
      (tanlu_batched_shared){n, rows, side == 1, inverse, diagonal, lefts, rights, coupling, row, place};
}

static tanlu_status prepare_shared(tanlu_batched *self, tanlu_context *context) {
  const size_t n = self->n;
  double *l = tanlu_allocate_doubles(context, n, n), *vectors = tanlu_allocate_doubles(context, n, 4);
  size_t *order = tanlu_allocate(context, n, sizeof *order);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (!l || !vectors || !order) goto cleanup;
  status = invert_centre(self, l, context);
  if (status != TANLU_OK) goto cleanup;
  find_dominant(n, l, vectors, vectors + n, vectors + 2 * n);
  find_order(n, l, vectors, vectors + n, order, vectors + 2 * n);
  for (int side = 0; side < 2; side++) pack(self, side, l, vectors, vectors + n, order);

cleanup:
  free(l);
  free(vectors);
  free(order);
  return status;
}

tanlu_status tanlu_batched_create(void **content, const tanlu_block_options *options, size_t width,
                                  tanlu_context *context) {
  (void)width;
  const size_t n = options->n, rows = options->rows;
  tanlu_batched *self = tanlu_allocate(context, 1, sizeof *self);
  *content = self;
  if (!self) return TANLU_ERR_MEMORY;
  self->n = n;
  self->rows = rows;
  self->a = options->a;
  self->tolerance = options->tolerance > 0 ? options->tolerance : default_tolerance;
  self->kernel = tanlu_batched_kernel_choose(0);
  if (!(self->centre = tanlu_allocate_doubles(context, n, 1))) return TANLU_ERR_MEMORY;
  if (!(self->a_row = tanlu_allocate_doubles(context, n, rows))) return TANLU_ERR_MEMORY;
  if (!(self->row = tanlu_allocate(context, rows, sizeof *self->row))) return TANLU_ERR_MEMORY;
  for (int side = 0; side < 2; side++) {
    if (!(self->numbers[side] = tanlu_allocate(context, shared_floats(n, rows), sizeof(float))))
      return TANLU_ERR_MEMORY;
    if (!(self->indices[side] = tanlu_allocate(context, n + rows, sizeof(size_t)))) return TANLU_ERR_MEMORY;
  }
  memcpy(self->centre, options->centre, n * sizeof(double));
  for (size_t k = 0; k < rows; k++) {
    self->row[k] = options->row[k];
    for (size_t j = 0; j < n; j++) self->a_row[k * n + j] = options->a[j * n + options->row[k]];
  }
  return prepare_shared(self, context);
}
