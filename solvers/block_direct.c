/* LU by LAPACK (dgetrf, dgetrs), one system after the other: 2/3 n^3 operations each. Blocks are of one system: nothing is
 * shared but A. The Fortran entry points are called: the LAPACKE drivers take memory and look for NaN on every call. */
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/block_lu_private.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

static size_t rounded(size_t bytes) {
  return (bytes + 63) / 64 * 64;
}

size_t tanlu_block_lu_bytes(size_t n) {
  return rounded(n * n * sizeof(double)) + rounded(n * sizeof(lapack_int));
}

static lapack_int *interchanges(size_t n, const void *work) {
  return (lapack_int *)((unsigned char *)(size_t)work + rounded(n * n * sizeof(double)));
}

size_t tanlu_block_lu_factor(const tanlu_block_options *options, const double *diagonal, const double *row_values,
                             void *work, double *norm) {
  const size_t n = options->n;
  double *lu = work;
  for (size_t k = 0; k < n * n; k++) lu[k] = -options->a[k];
  if (row_values)
    for (size_t k = 0; k < options->rows; k++)
      for (size_t j = 0; j < n; j++) lu[j * n + options->row[k]] = -row_values[k * n + j];
  for (size_t j = 0; j < n; j++) lu[j * n + j] += diagonal[j];
  if (norm) {
    *norm = 0;
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t i = 0; i < n; i++) sum += fabs(lu[j * n + i]);
      *norm = fmax(*norm, sum);
    }
  }
  const lapack_int order = (lapack_int)n;
  lapack_int info = 0;
  LAPACK_dgetrf(&order, &order, lu, &order, interchanges(n, work), &info);
  return info > 0 ? (size_t)info : 0;
}

void tanlu_block_lu_solve(size_t n, bool transposed, const void *work, size_t count, double *x) {
  const char operation = transposed ? 'T' : 'N';
  const lapack_int order = (lapack_int)n, columns = (lapack_int)count;
  lapack_int info = 0;
  LAPACK_dgetrs(&operation, &order, &columns, work, &order, interchanges(n, work), x, &order, &info);
}

tanlu_status tanlu_block_lu_centre(const tanlu_block_options *options, void **work, tanlu_context *context) {
  if (!(*work = tanlu_allocate(context, tanlu_block_lu_bytes(options->n), 1))) return TANLU_ERR_MEMORY;
  const size_t column = tanlu_block_lu_factor(options, options->centre, NULL, *work, NULL);
  if (!column) return TANLU_OK;
  free(*work);
  *work = NULL;
  return tanlu_fail(context, TANLU_ERR_MODEL, "the centre Dc - A is singular: column %zu has no pivot", column);
}

/* ---- the method ---------------------------------------------------------------------------------------------------- */

static size_t direct_width(const tanlu_block_options *options, size_t count) {
  (void)count;
  (void)options;
  return 1;
}

static size_t direct_shared_bytes(const tanlu_block_options *options) {
  (void)options;
  return sizeof(tanlu_block_options);
}

static size_t direct_work_bytes(const tanlu_block_options *options, size_t width) {
  (void)width;
  return tanlu_block_lu_bytes(options->n);
}

static tanlu_status direct_create(void **content, const tanlu_block_options *options, size_t width,
                                  tanlu_context *context) {
  (void)width;
  tanlu_block_options *self = tanlu_allocate(context, 1, sizeof *self);
  if (!self) return TANLU_ERR_MEMORY;
  *self = *options;
  *content = self;
  return TANLU_OK;
}

static void direct_free(void **content) {
  free(*content);
  *content = NULL;
}

static void direct_solve(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations) {
  const tanlu_block_options *self = content;
  const size_t n = self->n;
  for (size_t s = 0; s < systems->width; s++) {
    double *u = systems->u + s * n;
    memcpy(u, systems->b + s * n, n * sizeof *u);
    const double *rows = systems->row_values ? systems->row_values + s * self->rows * n : NULL;
    if (tanlu_block_lu_factor(self, systems->diagonal + s * n, rows, work, NULL))
      u[0] = (double)NAN;
    else
      tanlu_block_lu_solve(n, systems->transposed, work, 1, u);
  }
  *iterations = systems->width;
}

static const char *direct_kernel(const void *content) {
  (void)content;
  return "lapack";
}

const tanlu_block_operations tanlu_block_direct = {.name = "direct",
                                                   .width = direct_width,
                                                   .shared_bytes = direct_shared_bytes,
                                                   .work_bytes = direct_work_bytes,
                                                   .create = direct_create,
                                                   .free = direct_free,
                                                   .solve = direct_solve,
                                                   .kernel = direct_kernel};
