/* The direct method: I - A = P L U by LAPACK (dgetrf), solves by dgetrs, condition by dgecon.
 *
 * The Fortran entry points are called, not the LAPACKE drivers: those take memory and look for NaN on every call. All
 * memory is taken in create. A factorisation costs 2/3 n^3 operations, a right-hand side 2 n^2. */
#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/leontief_private.h"
#include "solvers/memory.h"

typedef struct {
  lapack_int n;
  double norm;              /* 1-norm of I - A */
  double *lu;               /* n x n */
  lapack_int *pivots;       /* n */
  double *work;             /* 4 n, for dgecon */
  lapack_int *integer_work; /* n, for dgecon */
} direct;

static void direct_free(void **content) {
  direct *self = *content;
  if (!self) return;
  free(self->lu);
  free(self->pivots);
  free(self->work);
  free(self->integer_work);
  free(self);
  *content = NULL;
}

static tanlu_status direct_create(void **content, size_t n, size_t *bytes, tanlu_context *context) {
  direct *self = tanlu_allocate(context, 1, sizeof *self);
  *content = self;
  if (!self) return TANLU_ERR_MEMORY;
  self->n = (lapack_int)n;
  if (!(self->lu = tanlu_allocate_doubles(context, n, n))) return TANLU_ERR_MEMORY;
  if (!(self->pivots = tanlu_allocate(context, n, sizeof *self->pivots))) return TANLU_ERR_MEMORY;
  if (!(self->work = tanlu_allocate_doubles(context, n, 4))) return TANLU_ERR_MEMORY;
  if (!(self->integer_work = tanlu_allocate(context, n, sizeof *self->integer_work))) return TANLU_ERR_MEMORY;
  *bytes += sizeof *self + (n + 4) * n * sizeof(double) + 2 * n * sizeof(lapack_int);
  return TANLU_OK;
}

/* lu = I - A; returns its 1-norm, the largest absolute column sum. */
static double identity_minus(const double *a, size_t lda, size_t n, double *lu) {
  double norm = 0;
  for (size_t j = 0; j < n; j++) {
    const double *from = a + j * lda;
    double *to = lu + j * n;
    for (size_t i = 0; i < n; i++) to[i] = -from[i];
    to[j] += 1;
    double even = 0, odd = 0; /* two chains of additions run side by side */
    for (size_t i = 0; i + 1 < n; i += 2) even += fabs(to[i]), odd += fabs(to[i + 1]);
    if (n % 2) even += fabs(to[n - 1]);
    norm = fmax(norm, even + odd);
  }
  return norm;
}

/* A matrix that is singular in exact arithmetic leaves a last pivot of rounding errors, up to about n eps times the norm;
 * its "solutions" are noise of size 1e16. Such a pivot counts as zero. */
static tanlu_status direct_factor(void *content, const double *a, size_t lda, size_t *culprit, tanlu_context *context) {
  direct *self = content;
  const size_t n = (size_t)self->n;
  self->norm = identity_minus(a, lda, n, self->lu);

  lapack_int info = 0;
  LAPACK_dgetrf(&self->n, &self->n, self->lu, &self->n, self->pivots, &info);
  if (info < 0) return tanlu_fail(context, TANLU_ERR_INTERNAL, "dgetrf refuses its argument %d", (int)-info);

  const double smallest = (double)n * DBL_EPSILON * self->norm;
  for (size_t j = 0; j < n; j++) {
    const double pivot = self->lu[j * n + j];
    if (fabs(pivot) > smallest) continue; /* NaN, from overflow, is caught too */
    if (culprit) *culprit = j;
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "I - A is singular: the pivot of column %zu is %.2g; the economy uses up all it produces", j + 1,
                      pivot);
  }
  return TANLU_OK;
}

/* P L U x = b or U' L' P' x = b in place. */
static void solve_one(const direct *self, bool transposed, double *b) {
  const int n = (int)self->n;
  if (!transposed) {
    for (int i = 0; i < n; i++) {
      const int other = (int)self->pivots[i] - 1;
      const double kept = b[i];
      b[i] = b[other];
      b[other] = kept;
    }
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasUnit, n, self->lu, n, b, 1);
    cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, self->lu, n, b, 1);
    return;
  }
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, self->lu, n, b, 1);
  cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasUnit, n, self->lu, n, b, 1);
  for (int i = n; i-- > 0;) {
    const int other = (int)self->pivots[i] - 1;
    const double kept = b[i];
    b[i] = b[other];
    b[other] = kept;
  }
}

static tanlu_status direct_solve(void *content, bool transposed, double *b, size_t ldb, size_t nrhs,
                                 tanlu_context *context) {
  direct *self = content;
  const char operation = transposed ? 'T' : 'N';
  const lapack_int columns = (lapack_int)nrhs, leading = (lapack_int)ldb;
  lapack_int info = 0;
  if (nrhs == 1) { /* LAPACK's own path copies the triangles for its blocks: twice as slow for a single column */
    solve_one(self, transposed, b);
    return TANLU_OK;
  }
  LAPACK_dgetrs(&operation, &self->n, &columns, self->lu, &self->n, self->pivots, b, &leading, &info);
  if (info != 0) return tanlu_fail(context, TANLU_ERR_INTERNAL, "dgetrs refuses its argument %d", (int)-info);
  return TANLU_OK;
}

static double direct_rcond(void *content) {
  direct *self = content;
  const char norm = '1';
  double rcond = 0;
  lapack_int info = 0;
  LAPACK_dgecon(&norm, &self->n, self->lu, &self->n, &self->norm, &rcond, self->work, self->integer_work, &info);
  return info == 0 ? rcond : 0;
}

const tanlu_leontief_operations tanlu_leontief_direct = {
    .name = "direct (LU)",
    .create = direct_create,
    .free = direct_free,
    .factor = direct_factor,
    .update = direct_factor, /* nothing of an old factorisation is of use */
    .solve = direct_solve,
    .rcond = direct_rcond,
};
