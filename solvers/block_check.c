/* Residuals and productivity of many related systems.
 *
 * A matrix M with M_ij <= 0 off the diagonal has a non-negative inverse if and only if there is w > 0 with M w > 0
 * (A. Berman and R. J. Plemmons, Nonnegative Matrices in the Mathematical Sciences, chapter 6). Two such w of the centre
 * are kept and tried on every system, 2 n operations each: w = (Dc - A)^-1 1, and w near the Perron vector of Dc^-1 A, for
 * which (Dc - A) w is nearly (1 - radius) Dc w: it passes every system whose diagonals fall by less than that. */
#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/block_check_private.h"
#include "solvers/block_lu_private.h"
#include "solvers/block_scan_private.h"
#include "solvers/memory.h"

size_t tanlu_block_original_bytes(const tanlu_block_options *options) {
  const size_t n = options->n;
  return (n * n + (size_t)2 * TANLU_BLOCK_WEIGHTS * n) * sizeof(double);
}

void tanlu_block_original_free(tanlu_block_original *original) {
  free(original->magnitude);
  free(original->weight);
  free(original->product);
  *original = (tanlu_block_original){0};
}

static tanlu_status check_finite(const tanlu_block_options *options, bool *non_negative, tanlu_context *context) {
  const size_t n = options->n;
  *non_negative = true;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      const double value = options->a[j * n + i];
      if (!isfinite(value))
        return tanlu_fail(context, TANLU_ERR_MODEL, "A(%zu, %zu) is %g; expected a finite number", i + 1, j + 1, value);
      *non_negative = *non_negative && value >= 0;
    }
  for (size_t i = 0; i < n; i++)
    if (!(options->centre[i] > 0 && isfinite(options->centre[i])))
      return tanlu_fail(context, TANLU_ERR_MODEL, "diagonal %zu of the centre is %g; expected a positive number", i + 1,
                        options->centre[i]);
  return TANLU_OK;
}

/* weight <- (Dc - A)^-1 right with the factors in lu; false when it is not positive, *column then the worst. */
static bool positive_solution(size_t n, const void *lu, const double *right, double *weight, size_t *column) {
  memcpy(weight, right, n * sizeof *weight);
  tanlu_block_lu_solve(n, false, lu, 1, weight);
  *column = 0;
  bool positive = true;
  for (size_t i = 0; i < n; i++) {
    positive = positive && weight[i] > 0 && isfinite(weight[i]);
    if (!(weight[i] >= weight[*column])) *column = i;
  }
  return positive;
}

static tanlu_status find_weights(tanlu_block_original *original, void *lu, tanlu_context *context) {
  enum { STEPS = 6 };
  static const double share_of_ones = 0.05; /* keeps the weight positive where the Perron vector is zero */
  const size_t n = original->options->n;
  const double *centre = original->options->centre;
  double *ones = original->product, *first = original->weight, *second = first + n, norm = 0, largest = 0;
  size_t column = tanlu_block_lu_factor(original->options, centre, NULL, lu, &norm);
  if (column)
    return tanlu_fail(context, TANLU_ERR_MODEL, "the centre Dc - A is singular: column %zu has no pivot", column);
  for (size_t i = 0; i < n; i++) ones[i] = 1;
  const bool positive = positive_solution(n, lu, ones, first, &column);
  for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(first[i]));
  if (!(largest * norm < 1 / ((double)n * DBL_EPSILON)))
    return tanlu_fail(context, TANLU_ERR_MODEL, "the centre Dc - A is singular to working precision at column %zu",
                      column + 1);
  if (original->non_negative && !positive)
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "the centre Dc - A is not productive: column %zu needs an output of %.3g to deliver one unit of "
                      "everything",
                      column + 1, first[column]);
  memcpy(second, first, n * sizeof *second);
  for (int step = 0; positive && step < STEPS; step++) { /* inverse iteration */
    double top = 0;
    for (size_t i = 0; i < n; i++) top = fmax(top, second[i]);
    for (size_t i = 0; i < n; i++) ones[i] = centre[i] * (second[i] / top + share_of_ones);
    (void)positive_solution(n, lu, ones, second, &column);
  }
  return TANLU_OK;
}

tanlu_status tanlu_block_original_create(tanlu_block_original *original, const tanlu_block_options *options, void *lu,
                                         tanlu_context *context) {
  const size_t n = options->n;
  *original = (tanlu_block_original){.options = options};
  tanlu_status status = check_finite(options, &original->non_negative, context);
  if (status != TANLU_OK) return status;
  if (!(original->weight = tanlu_allocate_doubles(context, n, TANLU_BLOCK_WEIGHTS))) return TANLU_ERR_MEMORY;
  if (!(original->product = tanlu_allocate_doubles(context, n, TANLU_BLOCK_WEIGHTS))) return TANLU_ERR_MEMORY;
  if (!original->non_negative) {
    if (!(original->magnitude = tanlu_allocate_doubles(context, n, n))) return TANLU_ERR_MEMORY;
    for (size_t k = 0; k < n * n; k++) original->magnitude[k] = fabs(options->a[k]);
  }
  if ((status = find_weights(original, lu, context)) != TANLU_OK) return status;
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)n, TANLU_BLOCK_WEIGHTS, (int)n, 1, options->a, (int)n,
              original->weight, (int)n, 0, original->product, (int)n);
  return TANLU_OK;
}

bool tanlu_block_certified(const tanlu_block_original *original, const tanlu_block_systems *system) {
  const tanlu_block_options *options = original->options;
  const double *diagonal = system->diagonal, *row_values = system->row_values;
  const size_t n = options->n;
  if (!original->non_negative || !*system->non_negative) return false;
  const double less = 1 - 4 * (double)n * DBL_EPSILON; /* room for rounding */
  for (size_t v = 0; v < TANLU_BLOCK_WEIGHTS; v++) {
    const double *w = original->weight + v * n, *product = original->product + v * n;
    /* dense rows are counted here with those of A and settled below */
    double failed = tanlu_block_scan()->exceeded(n, diagonal, w, product, less);
    for (size_t k = 0; row_values && k < options->rows; k++) {
      const size_t i = options->row[k];
      if (!(diagonal[i] * w[i] * less > product[i])) failed--;
      if (!(diagonal[i] * w[i] * less > cblas_ddot((int)n, row_values + k * n, 1, w, 1))) failed++;
    }
    if (failed == 0) return true;
  }
  return false;
}

size_t tanlu_block_residual_doubles(size_t n, size_t width) {
  return 4 * n * width;
}

/* product = |A_s|' u or A_s' u: dense rows enter with their own values only, so u is taken without them first. */
static void multiply_transposed(const tanlu_block_options *options, const double *a, const double *row_values,
                                bool absolute, size_t width, const double *u, double *masked, double *product) {
  const size_t n = options->n;
  const int order = (int)n, columns = (int)width;
  const double *from = u;
  if (row_values) {
    memcpy(masked, u, n * width * sizeof *masked);
    for (size_t s = 0; s < width; s++)
      for (size_t k = 0; k < options->rows; k++) masked[s * n + options->row[k]] = 0;
    from = masked;
  }
  cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, order, columns, order, 1, a, order, from, order, 0, product,
              order);
  if (!row_values) return;
  for (size_t s = 0; s < width; s++)
    for (size_t k = 0; k < options->rows; k++) {
      const double *row = row_values + (s * options->rows + k) * n, factor = u[s * n + options->row[k]];
      double *to = product + s * n;
      for (size_t j = 0; j < n; j++) to[j] += (absolute ? fabs(row[j]) : row[j]) * factor;
    }
}

static void multiply(const tanlu_block_options *options, const double *a, const double *row_values, bool absolute,
                     size_t width, const double *u, double *product) {
  const size_t n = options->n;
  const int order = (int)n, columns = (int)width;
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, order, columns, order, 1, a, order, u, order, 0, product,
              order);
  if (!row_values) return;
  for (size_t s = 0; s < width; s++)
    for (size_t k = 0; k < options->rows; k++) {
      const double *row = row_values + (s * options->rows + k) * n, *x = u + s * n;
      double sum = 0;
      if (absolute)
        for (size_t j = 0; j < n; j++) sum += fabs(row[j]) * x[j];
      else
        sum = cblas_ddot(order, row, 1, x, 1);
      product[s * n + options->row[k]] = sum;
    }
}

void tanlu_block_residuals(const tanlu_block_original *original, const tanlu_block_systems *systems, double *work,
                           double *relative, double *component) {
  const tanlu_block_options *options = original->options;
  const size_t n = options->n, width = systems->width, size = n * width;
  const double *u = systems->u, *rows = systems->row_values;
  double *residual = work, *extra = work + size, *magnitude = work + 2 * size;
  if (systems->transposed)
    multiply_transposed(options, options->a, rows, false, width, u, extra, residual);
  else
    multiply(options, options->a, rows, false, width, u, residual);
  const double *sum = residual; /* |A| |u| */
  bool same = original->non_negative && tanlu_block_scan()->non_negative(u, size);
  for (size_t s = 0; s < width; s++) same = same && systems->non_negative[s];
  if (!same) {
    const double *a = original->non_negative ? options->a : original->magnitude;
    double *absolute = magnitude;
    for (size_t k = 0; k < size; k++) absolute[k] = fabs(u[k]);
    if (systems->transposed)
      multiply_transposed(options, a, rows, true, width, absolute, work + 3 * size, extra);
    else
      multiply(options, a, rows, true, width, absolute, extra);
    sum = extra;
  }
  for (size_t s = 0; s < width; s++) {
    const double *d = systems->diagonal + s * n, *b = systems->b + s * n, *x = u + s * n, *scale = sum + s * n;
    tanlu_block_scan()->errors(n, d, b, x, scale, residual + s * n, relative + s, component + s);
  }
}
