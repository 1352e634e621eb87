/* Regression and partial rank correlation, both from one QR factorisation of the standardised columns [X y] = Q [R r; 0 e]:
 * b = R^-1 r, the residual is e, (X'X)^-1 = R^-1 R^-T. */
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "solvers/estimators.h"
#include "solvers/memory.h"

/* The samples that were solved, k + 1 columns of n numbers: the dimensions, then y. */
typedef struct {
  size_t rows, dimensions;
  double *columns;
} observations;

static void observations_free(observations *o) {
  free(o->columns);
}

static tanlu_status gather(observations *o, size_t samples, size_t dimensions, const double *x, const double *y,
                           size_t stride, tanlu_context *context) {
  size_t n = 0;
  for (size_t i = 0; i < samples; i++) n += isfinite(y[i * stride]) != 0;
  *o = (observations){.rows = n, .dimensions = dimensions};
  if (n < dimensions + 2) {
    tanlu_fail(context, TANLU_ERR_MODEL, "regression on %zu dimensions: %zu samples solved; expected %zu or more",
               dimensions, n, dimensions + 2);
    return TANLU_ERR_MODEL;
  }
  o->columns = tanlu_allocate_doubles(context, n, dimensions + 1);
  if (!o->columns) return TANLU_ERR_MEMORY;
  size_t row = 0;
  for (size_t i = 0; i < samples; i++) {
    if (!isfinite(y[i * stride])) continue;
    for (size_t j = 0; j < dimensions; j++) o->columns[j * n + row] = x[i * dimensions + j];
    o->columns[dimensions * n + row++] = y[i * stride];
  }
  return TANLU_OK;
}

/* Subtract the mean and divide by the root of the sum of squares; a column that does not vary becomes 0. Returns 0 for it. */
static int standardise(size_t n, double *column) {
  double mean = 0.0, greatest = 0.0, square = 0.0;
  for (size_t i = 0; i < n; i++) mean += column[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    greatest = fmax(greatest, fabs(column[i]));
    column[i] -= mean;
    square += column[i] * column[i];
  }
  /* what rounding of the mean leaves is no variation */
  const double norm = sqrt(square), least = 1e-14 * greatest * sqrt((double)n);
  for (size_t i = 0; i < n; i++) column[i] = norm > least ? column[i] / norm : 0.0;
  return norm > least;
}

/* coefficients: dimensions; *residual: e; spread: dimensions, the diagonal of (X'X)^-1. Dimensions that do not vary get 0. */
static tanlu_status fit(observations *o, double *coefficients, double *residual, double *spread,
                        tanlu_context *context) {
  const size_t n = o->rows, k = o->dimensions;
  size_t kept = 0;
  tanlu_status status = TANLU_ERR_MEMORY;
  size_t *which = tanlu_allocate(context, k + 1, sizeof *which);
  double *reflectors = tanlu_allocate_doubles(context, k + 1, 1);
  if (!which || !reflectors) goto cleanup;
  *residual = 0.0;
  for (size_t j = 0; j < k; j++) coefficients[j] = spread[j] = 0.0;
  for (size_t j = 0; j <= k; j++) {
    const int varies = standardise(n, o->columns + j * n);
    if (!varies && j == k) { /* y does not vary: nothing to explain */
      *residual = (double)NAN;
      for (size_t i = 0; i < k; i++) coefficients[i] = (double)NAN;
      status = TANLU_OK;
      goto cleanup;
    }
    if (!varies) continue;
    which[kept] = j;
    if (kept != j)
      for (size_t i = 0; i < n; i++) o->columns[kept * n + i] = o->columns[j * n + i];
    kept++;
  }
  if (LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (lapack_int)n, (lapack_int)kept, o->columns, (lapack_int)n, reflectors) != 0) {
    status = tanlu_fail(context, TANLU_ERR_INTERNAL, "regression: the QR factorisation failed");
    goto cleanup;
  }
  const size_t free_dimensions = kept - 1;
  const double *r = o->columns;
  for (size_t j = 0; j < free_dimensions; j++)
    if (fabs(r[j * n + j]) < 1e-10) { /* of a column of length 1: the part that the columns before it do not explain */
      status = tanlu_fail(context, TANLU_ERR_MODEL, "regression: dimension %zu depends linearly on those before it",
                          which[j] + 1);
      goto cleanup;
    }
  *residual = fabs(r[free_dimensions * n + free_dimensions]);
  for (size_t j = free_dimensions; j-- > 0;) {
    double sum = r[free_dimensions * n + j];
    for (size_t m = j + 1; m < free_dimensions; m++) sum -= r[m * n + j] * coefficients[which[m]];
    coefficients[which[j]] = sum / r[j * n + j];
  }
  /* (X'X)^-1_ii is the sum of the squares of row i of R^-1 */
  if (LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', (lapack_int)free_dimensions, o->columns, (lapack_int)n) != 0) {
    status = tanlu_fail(context, TANLU_ERR_INTERNAL, "regression: a triangular matrix has no inverse");
    goto cleanup;
  }
  for (size_t i = 0; i < free_dimensions; i++)
    for (size_t m = i; m < free_dimensions; m++) spread[which[i]] += r[m * n + i] * r[m * n + i];
  status = TANLU_OK;
cleanup:
  free(which);
  free(reflectors);
  return status;
}

tanlu_status tanlu_regression_coefficients(size_t samples, size_t dimensions, const double *x, const double *y,
                                           size_t stride, double *coefficients, double *explained,
                                           tanlu_context *context) {
  observations o = {0};
  double residual;
  double *spread = NULL;
  tanlu_status status = gather(&o, samples, dimensions, x, y, stride, context);
  if (status) goto cleanup;
  spread = tanlu_allocate_doubles(context, dimensions, 1);
  status = spread ? fit(&o, coefficients, &residual, spread, context) : TANLU_ERR_MEMORY;
  if (!status) *explained = 1.0 - residual * residual;
cleanup:
  observations_free(&o);
  free(spread);
  return status;
}

/* --- ranks ---------------------------------------------------------------------------------------------------------------- */

typedef struct {
  double value;
  size_t row;
} ranked;

static int compare(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->value != y->value) return x->value > y->value ? 1 : -1;
  return (x->row > y->row) - (x->row < y->row);
}

/* Equal values get the mean of their ranks. */
static void to_ranks(size_t n, double *column, ranked *work) {
  for (size_t i = 0; i < n; i++) work[i] = (ranked){column[i], i};
  qsort(work, n, sizeof *work, compare);
  for (size_t from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && work[to].value == work[from].value;) to++;
    for (size_t i = from; i < to; i++) column[work[i].row] = 0.5 * (double)(from + to - 1);
  }
}

tanlu_status tanlu_rank_correlation(size_t samples, size_t dimensions, const double *x, const double *y, size_t stride,
                                    double *correlation, tanlu_context *context) {
  observations o = {0};
  double residual;
  double *spread = NULL;
  ranked *work = NULL;
  tanlu_status status = gather(&o, samples, dimensions, x, y, stride, context);
  if (status) goto cleanup;
  spread = tanlu_allocate_doubles(context, dimensions, 1);
  work = tanlu_allocate(context, o.rows, sizeof *work);
  if (!spread || !work) {
    status = TANLU_ERR_MEMORY;
    goto cleanup;
  }
  for (size_t j = 0; j <= dimensions; j++) to_ranks(o.rows, o.columns + j * o.rows, work);
  status = fit(&o, correlation, &residual, spread, context);
  if (status) goto cleanup;
  /* partial correlation b / sqrt(b^2 + e^2 (X'X)^-1_ii): the t statistic without its degrees of freedom */
  for (size_t i = 0; i < dimensions; i++) {
    const double b = correlation[i], norm = sqrt(b * b + residual * residual * spread[i]);
    correlation[i] = norm > 0.0 ? b / norm : b;
  }
cleanup:
  observations_free(&o);
  free(spread);
  free(work);
  return status;
}
