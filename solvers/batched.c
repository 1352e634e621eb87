/* The batched method: a whole block advances by products with one inverse, L = (Dc - A)^-1.
 *
 * The sweeps run in float, on the correction of the present solution, 48 systems side by side (batched_kernel_private.h says
 * how). A cycle is: residual in double with the original matrices, scaled by a power of two to the size of a number near 1
 * (so that right-hand sides of 1e-36 do not underflow); sweeps until the correction is good to a part of the reduction that
 * is still wanted; addition in double. Two cycles reach 1e-10 as a rule.
 *
 * Stopping: the next change of u, which is L times the residual and of its size, will be about change x (its ratio to the
 * last change); the true residual between cycles calibrates that. A system whose residual does not fall fivefold in a cycle is given up; the
 * dispatcher's true residual finds it and solves it by LU. */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "solvers/batched_private.h"

enum {
  LANES = TANLU_BATCHED_LANES,
  PANELS = 4, /* of a block of large systems */
  CYCLES_MAX = 6,
  SWEEPS_MAX = 20 /* in a cycle */
};

static const double cycle_reduction = 2e-6; /* what one cycle in float can be asked for */
static const double float_rounding = 2e-6;  /* what a cycle leaves of a residual at best */
static const double safety = 0.6;           /* share of the tolerance that a prediction may use up */

static double smaller(double a, double b) {
  return a < b ? a : b;
}

static double greater(double a, double b) {
  return a > b ? a : b;
}

static size_t panels_of(size_t width) {
  return (width + LANES - 1) / LANES;
}

/* --- sizes, kernel ------------------------------------------------------------------------------------------------------------- */

/* Small systems stay in the cache with one panel. For large ones the matrix product for residuals wants width (with one
 * panel a system takes a sixth more time at n = 1302), but a call of few systems leaves threads idle when its blocks are
 * wide: the width is the best for four threads, whatever their number, so that bits do not depend on it. */
static size_t batched_width(const tanlu_block_options *options, size_t count) {
  enum { SMALL = 192, TEAM = 4 };
  static const double narrow = 0.17; /* time that one panel takes beyond its share of a wide block */
  if (options->n <= SMALL) return LANES;
  size_t best = PANELS;
  double least = (double)INFINITY;
  for (size_t panels = PANELS; panels > 0; panels--) {
    const double width = (double)(panels * LANES), blocks = ceil((double)count / width);
    const double time = ceil(blocks / TEAM) * (double)panels * (1 + narrow / (double)(panels * panels));
    if (time < least) least = time, best = panels;
  }
  return best * LANES;
}

void tanlu_batched_use(void *content, const tanlu_batched_kernel *kernel) {
  ((tanlu_batched *)content)->kernel = kernel;
}

static const char *batched_kernel_name(const void *content) {
  return ((const tanlu_batched *)content)->kernel->name;
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
  return LANES * ((4 + rows) * n + 2 * tanlu_batched_tiles(n) + order * order + 2 * rows + 4 + 2 * order);
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

static void lay_out(const tanlu_batched *self, panel *p, unsigned char **memory) {
  const size_t n = self->n, rows = self->rows, order = rows + 1;
  p->data = (tanlu_batched_panel){
      .e = take_floats(memory, n),
      .g = take_floats(memory, n),
      .w = take_floats(memory, rows * n),
      .coarse = take_floats(memory, order * order),
      .drift = take_floats(memory, rows),
      .u = take_floats(memory, n),
      .z = take_floats(memory, n),
      .seen = take_floats(memory, tanlu_batched_tiles(n)),
      .gamma = take_floats(memory, 1),
      .share = take_floats(memory, tanlu_batched_tiles(n)),
      .weight = take_floats(memory, 1),
      .y = take_floats(memory, rows),
      .change = take_floats(memory, 1),
      .late = take_floats(memory, 1),
      .unknown = take_floats(memory, 2 * order),
  };
}

/* Columns of the panel's systems in x; lanes beyond the last system repeat it. */
static void columns(const panel *p, const double *x, size_t stride, const double *column[LANES]) {
  for (size_t s = 0; s < LANES; s++) column[s] = x + (p->first + (s < p->lanes ? s : p->lanes - 1)) * stride;
}

static void load(const tanlu_batched *self, const tanlu_block_systems *systems, panel *p) {
  const double *column[LANES];
  const size_t *place = self->shared[systems->transposed].place;
  double ones[LANES];
  for (size_t s = 0; s < LANES; s++) ones[s] = 1;
  columns(p, systems->diagonal, self->n, column);
  self->kernel->gather(self->n, place, column, ones, self->centre, p->data.e);
  for (size_t k = 0; k < self->rows; k++) {
    if (systems->row_values) {
      columns(p, systems->row_values + k * self->n, self->n * self->rows, column);
      self->kernel->gather(self->n, place, column, ones, self->a_row + k * self->n, p->data.w + k * self->n * LANES);
    } else {
      memset(p->data.w + k * self->n * LANES, 0, self->n * LANES * sizeof(float));
    }
  }
  self->kernel->prepare(&self->shared[systems->transposed], &p->data);
}

/* r = A_s u for the systems of open panels that lie side by side. */
static void multiply(const tanlu_batched *self, const tanlu_block_systems *systems, size_t first, size_t count,
                     double *r) {
  const size_t n = self->n, rows = self->rows;
  cblas_dgemm(CblasColMajor, systems->transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, (int)n, (int)count, (int)n,
              1.0, self->a, (int)n, systems->u + first * n, (int)n, 0.0, r + first * n, (int)n);
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
        to[row] = cblas_ddot((int)n, values, 1, u, 1);
      }
    }
}

/* --- cycles ------------------------------------------------------------------------------------------------------------ */

/* The reduction of the residual that this cycle is asked for: all that is wanted, or half of it on a logarithmic scale. */
static double wanted_reduction(const progress *lane) {
  const double all = safety * lane->tolerance / lane->residual;
  if (all >= cycle_reduction) return all;
  return greater(sqrt(all), cycle_reduction);
}

/* One cycle of a panel: u += about (D - A_s)^-1 r. Returns the number of sweeps. */
static size_t run_cycle(const tanlu_batched *self, const tanlu_block_systems *systems, panel *p, const double *r,
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
  self->kernel->gather(self->n, shared->place, column, down, NULL, p->data.z);
  self->kernel->start(shared, &p->data);
  size_t sweep = 0;
  for (bool more = true; more && sweep < SWEEPS_MAX; sweep++) {
    self->kernel->sweep(shared, &p->data);
    more = false;
    for (size_t s = 0; s < p->lanes; s++) {
      progress *lane = &p->lane[s];
      if (lane->given_up) continue;
      const double change = (double)p->data.change[s] * up[s], ratio = change / last[s];
      last[s] = change;
      /* the first of a cycle compares a change with a residual, and is left out where an older one is there; one at
       * rounding level says nothing of the next cycle */
      double kept = lane->ratio;
      if (clear && sweep < 2)
        kept = smaller(ratio, 1);
      else if (sweep > 0)
        kept = smaller(greater(ratio, 0.7 * kept), 1);
      lane->ratio = moving[s] ? kept : lane->ratio;
      lane->predicted = greater(change * lane->ratio, (double)p->data.late[s] * up[s]);
      lane->given_up = !isfinite(p->data.gamma[s]) || !isfinite(change);
      /* no lower by another sweep: rounding of floats, or no convergence; the residual will tell */
      const bool stalled = sweep >= 3 && ratio > 0.7;
      moving[s] = moving[s] & !lane->given_up & !stalled & !(lane->calibration * lane->predicted <= target[s]);
      more = more | moving[s];
    }
  }
  for (size_t s = 0; s < p->lanes; s++) out[s] = systems->u + (p->first + s) * self->n;
  self->kernel->scatter(self->n, shared->place, p->data.u, up, p->lanes, clear, out);
  return sweep;
}

/* The sizes of right-hand sides, before the first cycle. */
static void weigh(const tanlu_batched *self, panel *p, const double *b) {
  p->open = false;
  for (size_t s = 0; s < p->lanes; s++) {
    const double size = self->kernel->largest(self->n, b + (p->first + s) * self->n);
    p->lane[s] = (progress){.tolerance = self->tolerance * size,
                            .residual = size,
                            .calibration = 1,
                            .ratio = 1,
                            .given_up = !isfinite(size)};
    if (!p->lane[s].given_up && size > 0) p->open = true;
  }
  for (size_t s = p->lanes; s < LANES; s++) p->lane[s] = (progress){.given_up = true};
}

/* r (in: A_s u) = b - (D - A_s) u and its sizes, before another cycle; closes systems that are done or hopeless. */
static void weigh_again(const tanlu_batched *self, const tanlu_block_systems *systems, panel *p, double *r) {
  p->open = false;
  for (size_t s = 0; s < p->lanes; s++) {
    progress *lane = &p->lane[s];
    const size_t at = (p->first + s) * self->n;
    const double size =
        self->kernel->residual(self->n, systems->b + at, systems->diagonal + at, systems->u + at, r + at);
    if (!(size <= 0.2 * lane->residual) && size > lane->tolerance) lane->given_up = true;
    const double rounding = float_rounding * lane->residual, expected = greater(lane->predicted, rounding);
    /* below the level of rounding a prediction has not been put to the test */
    if (expected > 0) lane->calibration = smaller(greater(size / expected, lane->predicted > rounding ? 0.5 : 1), 10);
    lane->residual = size;
    if (!isfinite(size)) lane->given_up = true;
    if (!lane->given_up && size > lane->tolerance) p->open = true;
  }
}

/* Is every system of the panel predicted to be done? */
static bool settled(const panel *p) {
  for (size_t s = 0; s < p->lanes; s++) {
    const progress *lane = &p->lane[s];
    if (!lane->given_up && lane->residual > lane->tolerance &&
        !(greater(lane->calibration * lane->predicted, float_rounding * lane->residual) <= safety * lane->tolerance))
      return false;
  }
  return true;
}

static void batched_solve(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations) {
  const tanlu_batched *self = content;
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
    weigh(self, one, systems->b);
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
      multiply(self, systems, first, last - first, r);
      for (; p < end; p++) weigh_again(self, systems, &panels[p], r);
    }
  }
}

const tanlu_block_operations tanlu_block_batched = {
    .name = "batched",
    .width = batched_width,
    .shared_bytes = tanlu_batched_shared_bytes,
    .work_bytes = batched_work_bytes,
    .create = tanlu_batched_create,
    .free = tanlu_batched_free,
    .solve = batched_solve,
    .kernel = batched_kernel_name,
};
