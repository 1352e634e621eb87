/* The power series u = sum_k (D^-1 A)^k D^-1 b: what each round of suppliers adds, for comparison and explanation.
 *
 * u_{k+1} = D^-1 (b + A u_k); the residual of u_k is D (u_{k+1} - u_k), so it comes free with the next term. Bound: for any
 * w > 0 let q = max_i (A w)_i / (D_i w_i). In the norm max_i |x_i| / w_i the map contracts by q, so after k terms
 *     |u - u_k|_w <= q^k / (1 - q) |u_1 - u_0|_w     (transposed: the same with A').
 * w = (Dc - A)^-1 1 makes q < 1 for the centre. The bound says beforehand how many terms are needed at most; the sum stops
 * when all residuals of the block are below half the tolerance, or at the bound. Without a bound (q >= 1) it stops at
 * TERMS_MAX, and the fall-back decides. */
#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/block_lu_private.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

enum { WIDTH = 32, TERMS_MAX = 2000 };

typedef struct {
  const tanlu_block_options *options;
  double *weight;  /* n x 2: w of A and of A' */
  double *product; /* n x 2: A w, A' w */
} series;

static size_t series_width(const tanlu_block_options *options, size_t count) {
  (void)count;
  (void)options;
  return WIDTH;
}

static size_t series_shared_bytes(const tanlu_block_options *options) {
  return sizeof(series) + 4 * options->n * sizeof(double);
}

static size_t series_work_bytes(const tanlu_block_options *options, size_t width) {
  return 2 * options->n * width * sizeof(double);
}

static void series_free(void **content) {
  series *self = *content;
  if (!self) return;
  free(self->weight);
  free(self->product);
  free(self);
  *content = NULL;
}

static tanlu_status series_create(void **content, const tanlu_block_options *options, size_t width,
                                  tanlu_context *context) {
  (void)width;
  const size_t n = options->n;
  series *self = tanlu_allocate(context, 1, sizeof *self);
  *content = self;
  if (!self) return TANLU_ERR_MEMORY;
  self->options = options;
  if (!(self->weight = tanlu_allocate_doubles(context, n, 2))) return TANLU_ERR_MEMORY;
  if (!(self->product = tanlu_allocate_doubles(context, n, 2))) return TANLU_ERR_MEMORY;

  void *lu = NULL;
  const tanlu_status status = tanlu_block_lu_centre(options, &lu, context);
  if (status != TANLU_OK) return status;
  const int order = (int)n;
  for (int side = 0; side < 2; side++) {
    double *weight = self->weight + (side ? n : 0), *product = self->product + (side ? n : 0);
    for (size_t i = 0; i < n; i++) weight[i] = 1;
    tanlu_block_lu_solve(n, side, lu, 1, weight);
    cblas_dgemv(CblasColMajor, side ? CblasTrans : CblasNoTrans, order, order, 1, options->a, order, weight, 1, 0,
                product, 1);
  }
  free(lu);
  return TANLU_OK;
}

/* q of system s, from the weights of the centre. */
static double contraction(const series *self, const tanlu_block_systems *systems, size_t s, double *product) {
  const tanlu_block_options *options = self->options;
  const size_t n = options->n;
  const double *d = systems->diagonal + s * n, *w = self->weight + (systems->transposed ? n : 0);
  memcpy(product, self->product + (systems->transposed ? n : 0), n * sizeof *product);
  for (size_t k = 0; systems->row_values && k < options->rows; k++) {
    const size_t i = options->row[k];
    const double *row = systems->row_values + (s * options->rows + k) * n;
    if (systems->transposed) {
      for (size_t j = 0; j < n; j++) product[j] += (row[j] - options->a[j * n + i]) * w[i];
    } else {
      product[i] = cblas_ddot((int)n, row, 1, w, 1);
    }
  }
  double q = 0;
  for (size_t i = 0; i < n; i++) q = fmax(q, fabs(product[i] / (d[i] * w[i])));
  return q;
}

/* Terms after which every residual is below the tolerance by the bound: |r| <= max(D w) |u_{k+1} - u_k|_w and the steps
 * shrink by q. Systems without a bound ask for TERMS_MAX. */
static size_t terms_needed(const series *self, const tanlu_block_systems *systems, double tolerance, double *work) {
  const size_t n = self->options->n;
  const double *w = self->weight + (systems->transposed ? n : 0);
  double needed = 1;
  for (size_t s = 0; s < systems->width; s++) {
    const double q = contraction(self, systems, s, work);
    if (!(q < 1)) return TERMS_MAX;
    const double *d = systems->diagonal + s * n, *b = systems->b + s * n;
    double first = 0, scale = 0, size = 0; /* |u_1 - u_0|_w with u_0 = 0; max D w; max |b| */
    for (size_t i = 0; i < n; i++) {
      first = fmax(first, fabs(b[i] / (d[i] * w[i])));
      scale = fmax(scale, d[i] * w[i]);
      size = fmax(size, fabs(b[i]));
    }
    if (size == 0 || q == 0) continue;
    needed = fmax(needed, 1 + ceil(log(tolerance * (size / first) / scale) / log(q)));
  }
  return needed < TERMS_MAX ? (size_t)needed + 1 : TERMS_MAX;
}

/* product = A_s u or A_s' u for the whole block. */
static void multiply(const tanlu_block_options *options, const tanlu_block_systems *systems, const double *u,
                     double *masked, double *product) {
  const size_t n = options->n, width = systems->width, rows = systems->row_values ? options->rows : 0;
  const int order = (int)n, columns = (int)width;
  const double *from = u;
  if (systems->transposed && rows) {
    memcpy(masked, u, n * width * sizeof *masked);
    for (size_t s = 0; s < width; s++)
      for (size_t k = 0; k < rows; k++) masked[s * n + options->row[k]] = 0;
    from = masked;
  }
  cblas_dgemm(CblasColMajor, systems->transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, order, columns, order, 1,
              options->a, order, from, order, 0, product, order);
  for (size_t s = 0; s < width; s++)
    for (size_t k = 0; k < rows; k++) {
      const double *row = systems->row_values + (s * rows + k) * n;
      const size_t i = options->row[k];
      if (systems->transposed)
        cblas_daxpy(order, u[s * n + i], row, 1, product + s * n, 1);
      else
        product[s * n + i] = cblas_ddot(order, row, 1, u + s * n, 1);
    }
}

static void series_solve(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations) {
  const series *self = content;
  const tanlu_block_options *options = self->options;
  const size_t n = options->n, width = systems->width;
  double *product = work, *masked = product + n * width, *u = systems->u;
  const double tolerance = 0.5 * options->tolerance;
  const size_t terms = terms_needed(self, systems, tolerance, masked);
  memset(u, 0, n * width * sizeof *u);
  memset(product, 0, n * width * sizeof *product);
  for (size_t k = 1;; k++) {
    bool small = true, finite = true; /* every residual; every term */
    for (size_t s = 0; s < width; s++) {
      const double *d = systems->diagonal + s * n, *b = systems->b + s * n, *p = product + s * n;
      double *x = u + s * n, largest = 0, size = 0;
      for (size_t i = 0; i < n; i++) {
        const double next = (b[i] + p[i]) / d[i];
        largest = fmax(largest, fabs(d[i] * (next - x[i])));
        size = fmax(size, fabs(b[i]));
        x[i] = next;
      }
      small = small && largest <= tolerance * size;
      finite = finite && largest <= DBL_MAX;
    }
    *iterations = k;
    if (small || !finite || k >= terms) break;
    multiply(options, systems, u, masked, product);
  }
}

static const char *series_kernel(const void *content) {
  (void)content;
  return "blas";
}

const tanlu_block_operations tanlu_block_series = {.name = "series",
                                                   .width = series_width,
                                                   .shared_bytes = series_shared_bytes,
                                                   .work_bytes = series_work_bytes,
                                                   .create = series_create,
                                                   .free = series_free,
                                                   .solve = series_solve,
                                                   .kernel = series_kernel};
