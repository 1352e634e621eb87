/* The batched method: a whole block advances by products with one inverse, L = (Dc - A)^-1.
 *
 * The sweeps run in float, on the correction of the present solution, 48 systems side by side (batched_kernel_private.h says
 * how). A cycle is: residual in double with the original matrices, scaled by a power of two to the size of a number near 1
 * (so that right-hand sides of 1e-36 do not underflow); sweeps until the correction is good to a part of the reduction that
 * is still wanted; addition in double. Two cycles reach 1e-10 as a rule.
 *
 * Stopping: a sweep changes z by about the residual it started from, so change x (its ratio to the last change) predicts the
 * residual after the sweep; the true residual between cycles calibrates that prediction. A system whose residual does not
 * fall fivefold in a cycle is given up; the dispatcher's true residual finds it and solves it by LU. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/batched_kernel_private.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

enum {
  LANES = TANLU_BATCHED_LANES,
  TILE = TANLU_BATCHED_TILE,
  PANELS = 4, /* a block by default */
  CYCLES_MAX = 6,
  SWEEPS_MAX = 20, /* in a cycle */
  POWER_STEPS = 16 /* towards the Perron vectors: they need not be exact */
};

static const double default_tolerance = 1e-10;
static const double cycle_reduction = 4e-6; /* what one cycle in float can be asked for */
static const double safety = 0.4;           /* share of the tolerance that a prediction may use up */

typedef struct {
  size_t n, rows;
  double tolerance;
  const double *a;                                                          /* n x n */
  double *centre;                                                           /* n */
  double *a_row;                                                            /* n x rows: the dense rows of A */
  size_t *row;                                                              /* rows */
  float *inverse, *inverse_transposed, *diagonal, *left, *right, *coupling; /* see tanlu_batched_shared */
  tanlu_batched_shared shared[2];                                           /* plain, transposed */
  const tanlu_batched_kernel *kernel;
} batched;

static size_t tiles_of(size_t n) {
  return (n + TILE - 1) / TILE;
}

static size_t panels_of(size_t width) {
  return (width + LANES - 1) / LANES;
}

/* --- setup ------------------------------------------------------------------------------------------------------------- */

static size_t batched_width(const tanlu_block_options *options) {
  (void)options;
  return (size_t)PANELS * LANES;
}

static size_t batched_shared_bytes(const tanlu_block_options *options) {
  const size_t n = options->n, rows = options->rows;
  return sizeof(batched) + (2 * tiles_of(n) * TILE * n + 3 * n + n * rows) * sizeof(float) +
         (n + n * rows) * sizeof(double) + rows * sizeof(size_t);
}

static void batched_free(void **content) {
  batched *self = *content;
  if (!self) return;
  free(self->centre);
  free(self->a_row);
  free(self->row);
  free(self->inverse);
  free(self->inverse_transposed);
  free(self->diagonal);
  free(self->left);
  free(self->right);
  free(self->coupling);
  free(self);
  *content = NULL;
}

/* l = (Dc - A)^-1. */
static tanlu_status invert_centre(const batched *self, double *l, tanlu_context *context) {
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

/* Positive factors of the dominant part of L without its diagonal: B ~ left right', by power iteration from both sides. */
static tanlu_status find_perron(batched *self, const double *l, tanlu_context *context) {
  const size_t n = self->n;
  const int order = (int)n;
  double *vectors = tanlu_allocate_doubles(context, n, 4);
  if (!vectors) return TANLU_ERR_MEMORY;
  double *p = vectors, *q = p + n, *next_p = q + n, *next_q = next_p + n, product = 0, across = 0;
  for (size_t i = 0; i < n; i++) p[i] = q[i] = 1 / (double)n;
  for (int step = 0; step < POWER_STEPS; step++) {
    cblas_dgemv(CblasColMajor, CblasNoTrans, order, order, 1.0, l, order, p, 1, 0.0, next_p, 1);
    cblas_dgemv(CblasColMajor, CblasTrans, order, order, 1.0, l, order, q, 1, 0.0, next_q, 1);
    double size_p = 0, size_q = 0;
    product = across = 0;
    for (size_t i = 0; i < n; i++) {
      next_p[i] -= l[i * n + i] * p[i];
      next_q[i] -= l[i * n + i] * q[i];
      product += q[i] * p[i];
      across += q[i] * next_p[i]; /* q' B p */
      size_p += fabs(next_p[i]);
      size_q += fabs(next_q[i]);
    }
    if (!(size_p > 0 && size_q > 0 && product > 0 && across > 0)) { /* a diagonal or nilpotent remainder */
      across = 0;
      break;
    }
    for (size_t i = 0; i < n; i++) {
      p[i] = next_p[i] / size_p;
      q[i] = next_q[i] / size_q;
    }
  }
  product = 0;
  for (size_t i = 0; i < n; i++) product += q[i] * p[i];
  double growth = 0; /* the eigenvalue, q' B p / q' p */
  if (across > 0 && product > 1e-12) {
    cblas_dgemv(CblasColMajor, CblasNoTrans, order, order, 1.0, l, order, p, 1, 0.0, next_p, 1);
    for (size_t i = 0; i < n; i++) growth += q[i] * (next_p[i] - l[i * n + i] * p[i]) / product;
  }
  const double factor = growth > 0 && product > 0 ? growth / product : 0;
  for (size_t i = 0; i < n; i++) {
    self->left[i] = (float)(p[i] * factor);
    self->right[i] = (float)(factor > 0 ? q[i] : 0);
  }
  free(vectors);
  return TANLU_OK;
}

static void pack(batched *self, const double *l) {
  const size_t n = self->n, rows = self->rows;
  for (size_t t = 0; t < tiles_of(n); t++)
    for (size_t j = 0; j < n; j++)
      for (size_t r = 0; r < TILE; r++) {
        const size_t i = t * TILE + r, at = (t * n + j) * TILE + r;
        self->inverse[at] = i < n ? (float)l[j * n + i] : 0;
        self->inverse_transposed[at] = i < n ? (float)l[i * n + j] : 0;
      }
  for (size_t i = 0; i < n; i++) {
    self->diagonal[i] = (float)l[i * n + i];
    for (size_t k = 0; k < rows; k++)
      self->coupling[i * rows + k] =
          (float)(l[self->row[k] * n + i] - (double)self->left[i] * (double)self->right[self->row[k]]);
  }
}

static tanlu_status batched_create(void **content, const tanlu_block_options *options, size_t width,
                                   tanlu_context *context) {
  (void)width;
  const size_t n = options->n, rows = options->rows;
  batched *self = tanlu_allocate(context, 1, sizeof *self);
  *content = self;
  if (!self) return TANLU_ERR_MEMORY;
  self->n = n;
  self->rows = rows;
  self->a = options->a;
  self->tolerance = options->tolerance > 0 ? options->tolerance : default_tolerance;
  self->kernel = tanlu_batched_kernel_choose(0);
  double *l = NULL;
  tanlu_status status = TANLU_ERR_MEMORY;
  if (!(self->centre = tanlu_allocate_doubles(context, n, 1))) goto cleanup;
  if (!(self->a_row = tanlu_allocate_doubles(context, n, rows))) goto cleanup;
  if (!(self->row = tanlu_allocate(context, rows, sizeof *self->row))) goto cleanup;
  if (!(self->inverse = tanlu_allocate(context, tiles_of(n) * TILE * n, sizeof(float)))) goto cleanup;
  if (!(self->inverse_transposed = tanlu_allocate(context, tiles_of(n) * TILE * n, sizeof(float)))) goto cleanup;
  if (!(self->diagonal = tanlu_allocate(context, n, sizeof(float)))) goto cleanup;
  if (!(self->left = tanlu_allocate(context, n, sizeof(float)))) goto cleanup;
  if (!(self->right = tanlu_allocate(context, n, sizeof(float)))) goto cleanup;
  if (!(self->coupling = tanlu_allocate(context, n * rows, sizeof(float)))) goto cleanup;
  if (!(l = tanlu_allocate_doubles(context, n, n))) goto cleanup;

  memcpy(self->centre, options->centre, n * sizeof(double));
  for (size_t k = 0; k < rows; k++) {
    self->row[k] = options->row[k];
    for (size_t j = 0; j < n; j++) self->a_row[k * n + j] = options->a[j * n + options->row[k]];
  }
  status = invert_centre(self, l, context);
  if (status == TANLU_OK) status = find_perron(self, l, context);
  if (status != TANLU_OK) goto cleanup;
  pack(self, l);
  self->shared[0] = (tanlu_batched_shared){n,          rows,        false,          self->inverse, self->diagonal,
                                           self->left, self->right, self->coupling, self->row};
  self->shared[1] = (tanlu_batched_shared){
      n, rows, true, self->inverse_transposed, self->diagonal, self->right, self->left, self->coupling, self->row};

cleanup:
  free(l);
  return status;
}

void tanlu_batched_use(void *content, const tanlu_batched_kernel *kernel) {
  ((batched *)content)->kernel = kernel;
}

static const char *batched_kernel_name(const void *content) {
  return ((const batched *)content)->kernel->name;
}

/* --- work of a block --------------------------------------------------------------------------------------------------- */

/* One system on its way. Sizes are absolute. */
typedef struct {
  double tolerance; /* largest residual allowed */
  double residual;  /* present one: true at the start of a cycle, predicted at its end */
  double predicted; /* change x ratio at the end of the last cycle: the residual that was predicted */
  double ratio;     /* of the last two changes */
  double calibration;
  bool given_up;
} progress;

typedef struct {
  tanlu_batched_panel data;
  progress lane[LANES];
  size_t first, lanes; /* systems */
  bool open;
} panel;

static size_t panel_floats(const tanlu_block_options *options) {
  const size_t n = options->n, rows = options->rows, order = rows + 1;
  return LANES * ((4 + rows) * n + tiles_of(n) + order * order + 2 * rows + 3 + 2 * order);
}

static size_t batched_work_bytes(const tanlu_block_options *options, size_t width) {
  return panels_of(width) * (sizeof(panel) + 64 + panel_floats(options) * sizeof(float)) +
         options->n * width * sizeof(double) + 64;
}

static void *take(unsigned char **memory, size_t bytes) {
  void *taken = *memory;
  *memory += (bytes + 63) / 64 * 64;
  return taken;
}

static float *take_floats(unsigned char **memory, size_t rows) {
  return take(memory, rows * LANES * sizeof(float));
}

static void lay_out(const batched *self, panel *p, unsigned char **memory) {
  const size_t n = self->n, rows = self->rows, order = rows + 1;
  p->data = (tanlu_batched_panel){
      .e = take_floats(memory, n),
      .g = take_floats(memory, n),
      .w = take_floats(memory, rows * n),
      .coarse = take_floats(memory, order * order),
      .drift = take_floats(memory, rows),
      .u = take_floats(memory, n),
      .z = take_floats(memory, n),
      .seen = take_floats(memory, tiles_of(n)),
      .gamma = take_floats(memory, 1),
      .weight = take_floats(memory, 1),
      .y = take_floats(memory, rows),
      .change = take_floats(memory, 1),
      .unknown = take_floats(memory, 2 * order),
  };
}

/* Columns of the panel's systems in x; lanes beyond the last system repeat it. */
static void columns(const panel *p, const double *x, size_t stride, const double *column[LANES]) {
  for (size_t s = 0; s < LANES; s++) column[s] = x + (p->first + (s < p->lanes ? s : p->lanes - 1)) * stride;
}

static void load(const batched *self, const tanlu_block_systems *systems, panel *p) {
  const double *column[LANES];
  double ones[LANES];
  for (size_t s = 0; s < LANES; s++) ones[s] = 1;
  columns(p, systems->diagonal, self->n, column);
  self->kernel->gather(self->n, column, ones, self->centre, p->data.e);
  for (size_t k = 0; k < self->rows; k++) {
    if (systems->row_values) {
      columns(p, systems->row_values + k * self->n, self->n * self->rows, column);
      self->kernel->gather(self->n, column, ones, self->a_row + k * self->n, p->data.w + k * self->n * LANES);
    } else {
      memset(p->data.w + k * self->n * LANES, 0, self->n * LANES * sizeof(float));
    }
  }
  self->kernel->prepare(&self->shared[systems->transposed], &p->data);
}

/* max|x|; NaN where an entry is NaN. */
static double largest(size_t n, const double *x) {
  double even = 0, odd = 0, sum = 0;
  size_t i = 0;
  for (; i + 1 < n; i += 2) {
    const double a = fabs(x[i]), b = fabs(x[i + 1]);
    even = a > even ? a : even;
    odd = b > odd ? b : odd;
    sum += a + b;
  }
  if (i < n) even = fabs(x[i]) > even ? fabs(x[i]) : even, sum += fabs(x[i]);
  return isnan(sum) ? sum : fmax(even, odd);
}

/* r = b - (D - A_s) u for the systems of open panels that lie side by side. */
static void residuals(const batched *self, const tanlu_block_systems *systems, size_t first, size_t count, double *r) {
  const size_t n = self->n, rows = self->rows;
  for (size_t k = first * n; k < (first + count) * n; k++) r[k] = systems->b[k] - systems->diagonal[k] * systems->u[k];
  cblas_dgemm(CblasColMajor, systems->transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, (int)n, (int)count, (int)n,
              1.0, self->a, (int)n, systems->u + first * n, (int)n, 1.0, r + first * n, (int)n);
  if (!systems->row_values) return;
  for (size_t s = first; s < first + count; s++)
    for (size_t k = 0; k < rows; k++) {
      const size_t row = self->row[k];
      const double *values = systems->row_values + (s * rows + k) * n, *base = self->a_row + k * n;
      const double *u = systems->u + s * n;
      double *to = r + s * n;
      if (systems->transposed) {
        for (size_t j = 0; j < n; j++) to[j] += (values[j] - base[j]) * u[row];
      } else {
        to[row] =
            systems->b[s * n + row] - systems->diagonal[s * n + row] * u[row] + cblas_ddot((int)n, values, 1, u, 1);
      }
    }
}

/* --- cycles ------------------------------------------------------------------------------------------------------------ */

/* The reduction of the residual that this cycle is asked for: all that is wanted, or half of it on a logarithmic scale. */
static double wanted_reduction(const progress *lane) {
  const double all = safety * lane->tolerance / lane->residual;
  if (all >= cycle_reduction) return all;
  return fmax(sqrt(all), cycle_reduction);
}

/* One cycle of a panel: u += about (D - A_s)^-1 r. Returns the number of sweeps. */
static size_t run_cycle(const batched *self, const tanlu_block_systems *systems, panel *p, const double *r,
                        bool clear) {
  const tanlu_batched_shared *shared = &self->shared[systems->transposed];
  const double *column[LANES];
  double *out[LANES], down[LANES], up[LANES], last[LANES], target[LANES];
  bool moving[LANES];
  columns(p, r, self->n, column);
  for (size_t s = 0; s < LANES; s++) {
    const progress *lane = &p->lane[s];
    int exponent = 0;
    if (lane->residual > 0 && isfinite(lane->residual)) frexp(lane->residual, &exponent);
    down[s] = ldexp(1, -exponent < 1023 ? -exponent : 1023);
    up[s] = 1 / down[s];
    last[s] = lane->residual;
    moving[s] = !lane->given_up && lane->residual > 0;
    target[s] = moving[s] ? lane->residual * wanted_reduction(lane) : 0;
  }
  self->kernel->gather(self->n, column, down, NULL, p->data.z);
  self->kernel->start(shared, &p->data);
  size_t sweep = 0;
  for (bool more = true; more && sweep < SWEEPS_MAX; sweep++) {
    self->kernel->sweep(shared, &p->data);
    more = false;
    for (size_t s = 0; s < p->lanes; s++) {
      progress *lane = &p->lane[s];
      if (!moving[s]) continue;
      const double change = (double)p->data.change[s] * up[s];
      double ratio = change / last[s];
      if (sweep == 0 && !clear) ratio = fmin(fmax(ratio, lane->ratio), 1);
      last[s] = change;
      lane->ratio = fmin(ratio, 1);
      lane->predicted = change * lane->ratio;
      if (!isfinite(p->data.gamma[s]) || !isfinite(change)) {
        lane->given_up = true;
        moving[s] = false;
        continue;
      }
      if (lane->calibration * lane->predicted <= target[s]) moving[s] = false;
      if (sweep >= 3 && ratio > 0.7)
        moving[s] = false; /* rounding of floats, or no convergence: the residual will tell */
      more = more || moving[s];
    }
  }
  for (size_t s = 0; s < p->lanes; s++) out[s] = systems->u + (p->first + s) * self->n;
  self->kernel->scatter(self->n, p->data.u, up, p->lanes, clear, out);
  return sweep;
}

/* The sizes of residuals at the start of a cycle; closes systems that are done or hopeless. */
static void weigh(const batched *self, panel *p, const double *r, bool first) {
  p->open = false;
  for (size_t s = 0; s < p->lanes; s++) {
    progress *lane = &p->lane[s];
    const double size = largest(self->n, r + (p->first + s) * self->n);
    if (first) {
      *lane = (progress){.tolerance = self->tolerance * size, .calibration = 1, .ratio = 1};
    } else {
      if (!(size <= 0.2 * lane->residual) && size > lane->tolerance) lane->given_up = true;
      if (lane->predicted > 0) lane->calibration = fmin(fmax(size / lane->predicted, 0.1), 10);
    }
    lane->residual = size;
    if (!isfinite(size)) lane->given_up = true;
    if (!lane->given_up && size > (first ? 0 : lane->tolerance)) p->open = true;
  }
  for (size_t s = p->lanes; s < LANES; s++) p->lane[s] = (progress){.given_up = true};
}

/* Is every system of the panel predicted to be done? */
static bool settled(const panel *p) {
  for (size_t s = 0; s < p->lanes; s++) {
    const progress *lane = &p->lane[s];
    if (!lane->given_up && lane->residual > lane->tolerance &&
        !(lane->calibration * lane->predicted <= safety * lane->tolerance))
      return false;
  }
  return true;
}

static void batched_solve(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations) {
  const batched *self = content;
  const size_t n = self->n, count = panels_of(systems->width);
  *iterations = 0;
  if (self->rows > TANLU_BATCHED_ROWS_MAX) { /* left to the fall-back */
    for (size_t k = 0; k < n * systems->width; k++) systems->u[k] = (double)NAN;
    return;
  }
  unsigned char *memory = work;
  panel *panels = take(&memory, count * sizeof *panels);
  double *r = take(&memory, n * systems->width * sizeof *r);
  bool any = false;
  for (size_t p = 0; p < count; p++) {
    panel *one = &panels[p];
    lay_out(self, one, &memory);
    one->first = p * LANES;
    one->lanes = systems->width - one->first < LANES ? systems->width - one->first : LANES;
    load(self, systems, one);
    weigh(self, one, systems->b, true);
    if (!one->open) memset(systems->u + one->first * n, 0, one->lanes * n * sizeof(double));
    any = any || one->open;
  }
  for (int cycle = 0; any && cycle < CYCLES_MAX; cycle++) {
    any = false;
    for (size_t p = 0; p < count; p++) {
      panel *one = &panels[p];
      if (!one->open) continue;
      *iterations += run_cycle(self, systems, one, cycle == 0 ? systems->b : r, cycle == 0);
      one->open = !settled(one);
      any = any || one->open;
    }
    for (size_t p = 0; p < count && any; p++) {
      if (!panels[p].open) continue;
      size_t end = p;
      while (end < count && panels[end].open) end++;
      const size_t first = panels[p].first, last = panels[end - 1].first + panels[end - 1].lanes;
      residuals(self, systems, first, last - first, r);
      for (; p < end; p++) weigh(self, &panels[p], r, false);
    }
  }
}

const tanlu_block_operations tanlu_block_batched = {
    .name = "batched",
    .width = batched_width,
    .shared_bytes = batched_shared_bytes,
    .work_bytes = batched_work_bytes,
    .create = batched_create,
    .free = batched_free,
    .solve = batched_solve,
    .kernel = batched_kernel_name,
};
