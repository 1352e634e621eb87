/* Many related systems: checks, blocks of fixed width over threads, measurement of every solution, fall-back to LU.
 *
 * A block belongs to one thread and holds the same systems at the same places however many threads there are, so bits do
 * not depend on them. A solution counts when its residual from the original system meets the tolerance; else the system is
 * factored. A system is productive when D - A has a non-negative inverse: shown by a known vector (block_check.c), by the
 * solution itself where b > 0 and u >= 0 (b - r is then (D - A) u > 0), or at last by (D - A)^-1 1 > 0 from LU. Systems
 * with negative entries of A are outside that theory: they only have to be regular. */
#include "solvers/block.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/block_check_private.h"
#include "solvers/block_fault_private.h"
#include "solvers/block_lu_private.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

static const tanlu_block_operations *const operations_of[TANLU_BLOCK_METHODS] = {
    [TANLU_BLOCK_DIRECT] = &tanlu_block_direct,   [TANLU_BLOCK_INTERLEAVED] = &tanlu_block_interleaved,
    [TANLU_BLOCK_BATCHED] = &tanlu_block_batched, [TANLU_BLOCK_LOWRANK] = &tanlu_block_lowrank,
    [TANLU_BLOCK_SERIES] = &tanlu_block_series,
};

typedef struct {
  const tanlu_block_operations *operations; /* NULL: not in use */
  void *content;
  size_t width; /* the largest */
} method;

struct tanlu_block {
  tanlu_block_options options; /* centre and row point to the copies below */
  double *centre;              /* n */
  size_t *row;                 /* rows */
  method method[TANLU_BLOCK_METHODS];
  tanlu_block_original original;
  size_t stride;       /* bytes of work of one thread */
  size_t method_bytes; /* of these, for the method; then residuals, then LU */
  size_t width;        /* the largest of the methods */
  unsigned char *work; /* threads x stride */
  double *padded;      /* n x width x (3 + rows): diagonal, b, u, rows of the last block */
};

const char *tanlu_block_method_word(tanlu_block_method code) {
  static const char *const words[] = {
#define X(name, word) word,
      TANLU_BLOCK_METHOD_LIST(X)
#undef X
  };
  return (size_t)code < TANLU_BLOCK_METHODS ? words[code] : "?";
}

/* ---- life cycle ---------------------------------------------------------------------------------------------------- */

static size_t rounded(size_t bytes) {
  return (bytes + 63) / 64 * 64;
}

/* Which methods a block needs: the one named, or all that the cost model may choose. */
static void list_methods(const tanlu_block_options *options, method *list) {
  for (size_t m = 0; m < TANLU_BLOCK_METHODS; m++) {
    list[m] = (method){0};
    const bool wanted = options->method == TANLU_BLOCK_AUTO ? tanlu_block_may_choose(options->n, (tanlu_block_method)m)
                                                            : options->method == (tanlu_block_method)m;
    if (!wanted || !operations_of[m]) continue;
    list[m].operations = operations_of[m];
    list[m].width = options->width ? options->width : operations_of[m]->width(options, SIZE_MAX);
  }
}

typedef struct {
  size_t width, method_bytes, stride, shared;
} sizes;

static sizes measure(const tanlu_block_options *options, const method *list) {
  sizes all = {0};
  for (size_t m = 0; m < TANLU_BLOCK_METHODS; m++) {
    if (!list[m].operations) continue;
    const size_t bytes = rounded(list[m].operations->work_bytes(options, list[m].width));
    all.shared += list[m].operations->shared_bytes(options);
    all.width = list[m].width > all.width ? list[m].width : all.width;
    all.method_bytes = bytes > all.method_bytes ? bytes : all.method_bytes;
  }
  /* residuals, relative and componentwise errors, signs of a block; residuals and one vector of the fall-back */
  const size_t doubles = tanlu_block_residual_doubles(options->n, all.width) + 2 * all.width +
                         tanlu_block_residual_doubles(options->n, 1) + options->n;
  all.stride = all.method_bytes + rounded(doubles * sizeof(double)) + rounded(all.width * sizeof(bool)) +
               tanlu_block_lu_bytes(options->n);
  return all;
}

static tanlu_status check_options(const tanlu_block_options *options, tanlu_context *context) {
  enum { ORDER_MAX = 100000, WIDTH_MAX = 65536, THREADS_MAX = 65536 }; /* products of sizes stay below 2^63 */
  if (!options->a || !options->centre || (options->rows && !options->row) || options->n == 0 ||
      options->n > ORDER_MAX || options->rows > options->n || options->width > WIDTH_MAX || options->threads < 1 ||
      options->threads > THREADS_MAX || (size_t)options->method >= TANLU_BLOCK_METHODS)
    return tanlu_fail(context, TANLU_ERR_INTERNAL,
                      "related systems of order %zu with %zu dense rows, width %zu, %d threads, method %d", options->n,
                      options->rows, options->width, options->threads, (int)options->method);
  if (!(options->tolerance >= 0 && options->tolerance < 1))
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a tolerance of %g; expected 0 to 1", options->tolerance);
  for (size_t k = 0; k < options->rows; k++)
    for (size_t l = 0; l <= k; l++)
      if (options->row[k] >= options->n || (l < k && options->row[l] == options->row[k]))
        return tanlu_fail(context, TANLU_ERR_INTERNAL,
                          "dense row %zu of related systems is out of range or twice there", options->row[k]);
  return TANLU_OK;
}

static tanlu_status build(tanlu_block *block, tanlu_context *context) {
  tanlu_block_options *options = &block->options;
  const size_t n = options->n;
  if (!(block->centre = tanlu_allocate_doubles(context, n, 1))) return TANLU_ERR_MEMORY;
  if (!(block->row = tanlu_allocate(context, options->rows, sizeof *block->row))) return TANLU_ERR_MEMORY;
  memcpy(block->centre, options->centre, n * sizeof *block->centre);
  if (options->rows) memcpy(block->row, options->row, options->rows * sizeof *block->row);
  options->centre = block->centre;
  options->row = block->row;

  method list[TANLU_BLOCK_METHODS];
  list_methods(options, list);
  const sizes all = measure(options, list);
  if (all.width == 0)
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "the method '%s' is not built in",
                      tanlu_block_method_word(options->method));
  block->width = all.width;
  block->method_bytes = all.method_bytes;
  block->stride = all.stride;
  if (!(block->work = tanlu_allocate(context, (size_t)options->threads, all.stride))) return TANLU_ERR_MEMORY;
  if (!(block->padded = tanlu_allocate_doubles(context, n * all.width, 3 + options->rows))) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_block_original_create(&block->original, options, block->work, context);
  for (size_t m = 0; status == TANLU_OK && m < TANLU_BLOCK_METHODS; m++) {
    if (!list[m].operations) continue;
    block->method[m] = list[m];
    status = list[m].operations->create(&block->method[m].content, options, list[m].width, context);
  }
  return status;
}

tanlu_status tanlu_block_create(tanlu_block **block, const tanlu_block_options *options, tanlu_context *context) {
  *block = NULL;
  tanlu_status status = check_options(options, context);
  if (status != TANLU_OK) return status;
  tanlu_block *made = tanlu_allocate(context, 1, sizeof *made);
  if (!made) return TANLU_ERR_MEMORY;
  made->options = *options;
  if (made->options.tolerance == 0) made->options.tolerance = 1e-10;
  status = build(made, context);
  if (status != TANLU_OK) tanlu_block_free(&made);
  *block = made;
  return status;
}

void tanlu_block_free(tanlu_block **block) {
  if (!block || !*block) return;
  tanlu_block *self = *block;
  for (size_t m = 0; m < TANLU_BLOCK_METHODS; m++)
    if (self->method[m].operations && self->method[m].content)
      self->method[m].operations->free(&self->method[m].content);
  tanlu_block_original_free(&self->original);
  free(self->centre);
  free(self->row);
  free(self->work);
  free(self->padded);
  free(self);
  *block = NULL;
}

size_t tanlu_block_memory(const tanlu_block_options *options) {
  method list[TANLU_BLOCK_METHODS];
  list_methods(options, list);
  const sizes all = measure(options, list);
  return sizeof(tanlu_block) + options->n * sizeof(double) + options->rows * sizeof(size_t) + all.shared +
         tanlu_block_original_bytes(options) + (size_t)options->threads * all.stride +
         options->n * all.width * (3 + options->rows) * sizeof(double);
}

/* ---- one call ------------------------------------------------------------------------------------------------------- */

typedef struct {
  const tanlu_block *block;
  const method *method;
  size_t count, width; /* systems, and those of a block */
  const double *diagonal, *row_values, *b;
  double *u, *residual;
  bool transposed;
} call;

typedef struct {
  size_t refactored, iterations;
  double worst_residual, worst_component;
} tally;

/* System s of a block on its own. */
static tanlu_block_systems system_of(const tanlu_block_options *options, const tanlu_block_systems *systems, size_t s) {
  const size_t n = options->n;
  return (tanlu_block_systems){.width = 1,
                               .diagonal = systems->diagonal + s * n,
                               .row_values = systems->row_values ? systems->row_values + s * options->rows * n : NULL,
                               .b = systems->b + s * n,
                               .u = systems->u + s * n,
                               .transposed = systems->transposed,
                               .non_negative = systems->non_negative + s};
}

/* LU of one system: that it is regular and productive; with `solve` its solution, refined while that helps. */
static tanlu_block_fault factor_system(const tanlu_block *block, const tanlu_block_systems *system, bool solve,
                                       double *work, void *lu, double *relative, double *component) {
  enum { STEPS = 3 };
  static const double rounding_level = 1e-12; /* componentwise: nothing better is to be had in double precision */
  const tanlu_block_options *options = &block->options;
  const size_t n = options->n;
  double norm = 0, largest = 0, *ones = work + tanlu_block_residual_doubles(n, 1);
  const size_t column = tanlu_block_lu_factor(options, system->diagonal, system->row_values, lu, &norm);
  if (column) return (tanlu_block_fault){.kind = TANLU_FAULT_SINGULAR, .index = column - 1};
  size_t lowest = 0;
  for (size_t i = 0; i < n; i++) ones[i] = 1;
  tanlu_block_lu_solve(n, false, lu, 1, ones);
  for (size_t i = 0; i < n; i++) {
    largest = fmax(largest, fabs(ones[i]));
    if (!(ones[i] >= ones[lowest])) lowest = i;
  }
  if (!(largest * norm < 1 / ((double)n * DBL_EPSILON)))
    return (tanlu_block_fault){.kind = TANLU_FAULT_SINGULAR, .index = lowest};
  if (block->original.non_negative && *system->non_negative && !(ones[lowest] > 0))
    return (tanlu_block_fault){.kind = TANLU_FAULT_UNPRODUCTIVE, .index = lowest, .value = ones[lowest]};
  if (!solve) return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};

  memcpy(system->u, system->b, n * sizeof *system->u);
  tanlu_block_lu_solve(n, system->transposed, lu, 1, system->u);
  double last = (double)INFINITY;
  for (int step = 0;; step++) {
    tanlu_block_residuals(&block->original, system, work, relative, component);
    if (*relative <= options->tolerance || step == STEPS || !(*relative <= 0.5 * last)) break;
    last = *relative;
    tanlu_block_lu_solve(n, system->transposed, lu, 1, work);
    for (size_t i = 0; i < n; i++) system->u[i] += work[i];
  }
  if (*relative <= options->tolerance || *component <= rounding_level)
    return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};
  return (tanlu_block_fault){.kind = TANLU_FAULT_SINGULAR, .index = lowest};
}

static bool all_positive(const double *x, size_t n) {
  size_t others = 0;
  for (size_t i = 0; i < n; i++) others += !(x[i] > 0);
  return others == 0;
}

/* Is system s shown to be productive by what is known before or after its solution? */
static bool shown_productive(const tanlu_block *block, const tanlu_block_systems *system, const double *r) {
  const size_t n = block->options.n;
  if (tanlu_block_certified(&block->original, system)) return true;
  if (!block->original.non_negative || !*system->non_negative || !all_positive(system->b, n)) return false;
  for (size_t i = 0; i < n; i++)
    if (!(system->u[i] >= 0 && system->b[i] > 2 * fabs(r[i]) && system->diagonal[i] > 0)) return false;
  return true;
}

/* Work of one thread, cut into its parts. */
typedef struct {
  void *method, *lu;
  double *residuals, *relative, *component, *single;
  bool *non_negative;
} parts;

static parts cut(const tanlu_block *block, int thread) {
  unsigned char *start = block->work + (size_t)thread * block->stride;
  parts p = {.method = start, .residuals = (double *)(void *)(start + block->method_bytes)};
  p.relative = p.residuals + tanlu_block_residual_doubles(block->options.n, block->width);
  p.component = p.relative + block->width;
  p.single = p.component + block->width;
  p.lu = start + block->stride - tanlu_block_lu_bytes(block->options.n);
  p.non_negative = (bool *)p.lu - rounded(block->width * sizeof(bool));
  return p;
}

/* The block that starts at system `first`; its `used` first systems count, others are padding. */
static tanlu_block_fault run_block(const call *c, tanlu_block_systems *systems, size_t first, size_t used, parts p,
                                   tally *sum) {
  const tanlu_block *block = c->block;
  const tanlu_block_options *options = &block->options;
  const size_t n = options->n;
  tanlu_block_fault wrong = tanlu_block_check_inputs(options, systems, used, p.non_negative);
  wrong.system += first;
  if (wrong.kind != TANLU_FAULT_NONE) return wrong;
  for (size_t s = used; s < systems->width; s++) p.non_negative[s] = p.non_negative[used - 1];
  systems->non_negative = p.non_negative;
  size_t iterations = 0;
  c->method->operations->solve(c->method->content, systems, p.method, &iterations);
  sum->iterations += iterations;
  for (size_t s = 0; s < used; s++) { /* nothing is asked of a system: the answer is exact */
    const double *b = systems->b + s * n;
    size_t i = 0;
    while (i < n && b[i] == 0) i++;
    if (i == n) memset(systems->u + s * n, 0, n * sizeof *b);
  }
  tanlu_block_residuals(&block->original, systems, p.residuals, p.relative, p.component);
  for (size_t s = 0; s < used; s++) {
    const tanlu_block_systems system = system_of(options, systems, s);
    const bool missed = !(p.relative[s] <= options->tolerance);
    if (missed || !shown_productive(block, &system, p.residuals + s * n)) {
      tanlu_block_fault found = factor_system(block, &system, missed, p.single, p.lu, p.relative + s, p.component + s);
      found.system = first + s;
      if (found.kind != TANLU_FAULT_NONE) return found;
      sum->refactored += missed;
    }
    sum->worst_residual = fmax(sum->worst_residual, p.relative[s]);
    sum->worst_component = fmax(sum->worst_component, p.component[s]);
    if (c->residual) c->residual[first + s] = p.relative[s];
  }
  return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};
}

/* The last block, when it is not full: copies with the last system repeated. */
static tanlu_block_systems pad(const call *c, size_t first, size_t used) {
  const tanlu_block *block = c->block;
  const size_t n = block->options.n, rows = block->options.rows, width = c->width;
  double *diagonal = block->padded, *b = diagonal + n * width, *u = b + n * width, *row_values = u + n * width;
  for (size_t s = 0; s < width; s++) {
    const size_t from = first + (s < used ? s : used - 1);
    memcpy(diagonal + s * n, c->diagonal + from * n, n * sizeof *b);
    memcpy(b + s * n, c->b + from * n, n * sizeof *b);
    if (c->row_values) memcpy(row_values + s * n * rows, c->row_values + from * n * rows, n * rows * sizeof *b);
  }
  return (tanlu_block_systems){.width = width,
                               .diagonal = diagonal,
                               .row_values = c->row_values ? row_values : NULL,
                               .b = b,
                               .u = u,
                               .transposed = c->transposed};
}

static tanlu_block_fault run_all(const call *c, tally *total) {
  const size_t n = c->block->options.n, rows = c->block->options.rows, width = c->width;
  const ptrdiff_t blocks = (ptrdiff_t)((c->count + width - 1) / width);
  tanlu_block_fault first_fault = {.kind = TANLU_FAULT_NONE, .system = SIZE_MAX};
  int next_part = 0;
#pragma omp parallel num_threads(c->block->options.threads)
  {
    int part = 0;
    tally mine = {0};
#pragma omp atomic capture
    part = next_part++;
    const parts p = cut(c->block, part);
#pragma omp for schedule(dynamic, 1) nowait
    for (ptrdiff_t k = 0; k < blocks; k++) {
      const size_t first = (size_t)k * width, used = c->count - first < width ? c->count - first : width;
      size_t failed = 0;
#pragma omp atomic read
      failed = first_fault.system;
      if (failed < first) continue; /* the first fault is reported: later systems do not matter */
      tanlu_block_systems systems = {.width = width,
                                     .diagonal = c->diagonal + first * n,
                                     .row_values = c->row_values ? c->row_values + first * n * rows : NULL,
                                     .b = c->b + first * n,
                                     .u = c->u + first * n,
                                     .transposed = c->transposed};
      if (used < width) systems = pad(c, first, used);
      const tanlu_block_fault found = run_block(c, &systems, first, used, p, &mine);
      if (used < width) memcpy(c->u + first * n, systems.u, used * n * sizeof *systems.u);
      if (found.kind == TANLU_FAULT_NONE) continue;
#pragma omp critical(tanlu_block_fault)
      if (found.system < first_fault.system) {
        first_fault.kind = found.kind, first_fault.index = found.index;
        first_fault.row = found.row, first_fault.value = found.value;
#pragma omp atomic write
        first_fault.system = found.system;
      }
    }
#pragma omp critical(tanlu_block_tally)
    {
      total->refactored += mine.refactored;
      total->iterations += mine.iterations;
      total->worst_residual = fmax(total->worst_residual, mine.worst_residual);
      total->worst_component = fmax(total->worst_component, mine.worst_component);
    }
  }
  return first_fault;
}

/* The largest relative distance of a diagonal from the centre. */
static double spread_of(const tanlu_block *block, size_t count, const double *diagonal) {
  const size_t n = block->options.n;
  double largest = 0;
  for (size_t s = 0; s < count; s++)
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs(diagonal[s * n + i] / block->centre[i] - 1));
  return largest;
}

static tanlu_status solve(tanlu_block *block, const call *given, tanlu_block_report *report, tanlu_context *context) {
  call c = *given;
  tanlu_block_report unused;
  if (!report) report = &unused;
  const size_t rows = c.row_values ? block->options.rows : 0;
  tanlu_block_method chosen = block->options.method;
  if (chosen == TANLU_BLOCK_AUTO)
    chosen = tanlu_block_choose(block->options.n, c.count, spread_of(block, c.count, c.diagonal), rows);
  c.method = &block->method[chosen];
  if (!c.method->operations) /* a choice that is not built in */
    c.method = &block->method[chosen = TANLU_BLOCK_DIRECT];
  c.width = block->options.width ? block->options.width : c.method->operations->width(&block->options, c.count);
  *report = (tanlu_block_report){.method = tanlu_block_method_word(chosen),
                                 .kernel = c.method->operations->kernel(c.method->content),
                                 .width = c.width,
                                 .blocks = (c.count + c.width - 1) / c.width};
  if (c.count == 0) return TANLU_OK;
  if (!c.diagonal || !c.b || !c.u)
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "related systems without diagonals, right-hand sides or solutions");
  tally total = {0};
  const tanlu_block_fault found = run_all(&c, &total);
  report->refactored = total.refactored;
  report->iterations = total.iterations;
  report->worst_residual = total.worst_residual;
  report->worst_component = total.worst_component;
  return tanlu_block_report_fault(&found, c.count, context);
}

tanlu_status tanlu_block_solve(tanlu_block *block, size_t count, const double *diagonal, const double *row_values,
                               const double *b, double *u, double *residual, tanlu_block_report *report,
                               tanlu_context *context) {
  const call c = {.block = block,
                  .count = count,
                  .diagonal = diagonal,
                  .b = b,
                  .u = u,
                  .residual = residual,
                  .row_values = block->options.rows ? row_values : NULL};
  return solve(block, &c, report, context);
}

tanlu_status tanlu_block_solve_transposed(tanlu_block *block, size_t count, const double *diagonal,
                                          const double *row_values, const double *b, double *u, double *residual,
                                          tanlu_block_report *report, tanlu_context *context) {
  const call c = {.block = block,
                  .count = count,
                  .diagonal = diagonal,
                  .b = b,
                  .u = u,
                  .residual = residual,
                  .row_values = block->options.rows ? row_values : NULL,
                  .transposed = true};
  return solve(block, &c, report, context);
}
