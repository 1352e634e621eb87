/* Spectral radius of non-negative matrices (Perron-Frobenius). A graph search finds the strongly connected blocks, power
 * iteration with Collatz-Wielandt bounds the radius of each. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "solvers/leontief.h"
#include "solvers/memory.h"

enum { ITERATIONS_MAX = 200000 };

/* The shift of the diagonal as a part of the radius: enough to turn a period of 2 into a rate of 0.6, little enough to
 * slow real spectra only slightly. */
static const double shift_share = 0.25;

typedef struct {
  size_t n;
  const double *a;         /* n x n */
  double *x;               /* n, iterate; over the members of a block */
  double *y;               /* n, A x */
  size_t *order;           /* n, when the search first met a vertex, from 1; 0: not yet */
  size_t *low;             /* n, earliest vertex of its block that a vertex reaches */
  size_t *next;            /* n, where the search of a vertex goes on */
  size_t *path;            /* n, vertices being searched */
  size_t *stack;           /* n, vertices that belong to no block yet; a finished block lies at its top */
  unsigned char *on_stack; /* n */
} workspace;

static void workspace_free(workspace *w) {
  free(w->x);
  free(w->y);
  free(w->order);
  free(w->low);
  free(w->next);
  free(w->path);
  free(w->stack);
  free(w->on_stack);
}

static tanlu_status workspace_create(workspace *w, const double *a, size_t n, tanlu_context *context) {
  *w = (workspace){.n = n, .a = a};
  size_t **const indices[] = {&w->order, &w->low, &w->next, &w->path, &w->stack};
  for (size_t k = 0; k < sizeof indices / sizeof indices[0]; k++)
    if (!(*indices[k] = tanlu_allocate(context, n, sizeof(size_t)))) return TANLU_ERR_MEMORY;
  if (!(w->x = tanlu_allocate_doubles(context, n, 1))) return TANLU_ERR_MEMORY;
  if (!(w->y = tanlu_allocate_doubles(context, n, 1))) return TANLU_ERR_MEMORY;
  if (!(w->on_stack = tanlu_allocate(context, n, 1))) return TANLU_ERR_MEMORY;
  return TANLU_OK;
}

static tanlu_status check_entries(const double *a, size_t n, tanlu_context *context) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++)
      if (!(a[j * n + i] >= 0 && a[j * n + i] <= DBL_MAX))
        return tanlu_fail(context, TANLU_ERR_MODEL, "A(%zu, %zu) is %g; a spectral radius is of non-negative numbers",
                          i + 1, j + 1, a[j * n + i]);
  return TANLU_OK;
}

/* Radius of the irreducible block of the given members (at least two), to relative `tolerance`; *dominant is the member
 * with the largest entry of the eigenvector. The step x <- A x + s x has the eigenvectors of A for every s. */
static tanlu_status block_radius(workspace *w, const size_t *members, size_t count, double tolerance, double *radius,
                                 size_t *dominant, tanlu_context *context) {
  double *x = w->x, *y = w->y;
  for (size_t k = 0; k < count; k++) x[k] = 1;
  for (size_t iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    for (size_t k = 0; k < count; k++) y[k] = 0;
    for (size_t l = 0; l < count; l++) {
      const double *column = w->a + members[l] * w->n;
      if (count == w->n)
        for (size_t k = 0; k < count; k++) y[k] += column[k] * x[l];
      else
        for (size_t k = 0; k < count; k++) y[k] += column[members[k]] * x[l];
    }
    double lowest = HUGE_VAL, highest = 0;
    for (size_t k = 0; k < count; k++) {
      lowest = fmin(lowest, y[k] / x[k]);
      highest = fmax(highest, y[k] / x[k]);
    }
    if (highest - lowest <= tolerance * highest) {
      *radius = lowest + 0.5 * (highest - lowest);
      size_t largest = 0;
      for (size_t k = 1; k < count; k++)
        if (x[k] > x[largest]) largest = k;
      *dominant = members[largest];
      return TANLU_OK;
    }
    const double shift = shift_share * highest;
    double top = 0;
    for (size_t k = 0; k < count; k++) top = fmax(top, x[k] = y[k] + shift * x[k]);
    for (size_t k = 0; k < count; k++) x[k] /= top;
  }
  return tanlu_fail(context, TANLU_ERR_MODEL,
                    "the bounds of the spectral radius of a block of %zu sectors did not close to %.1e in %d steps",
                    count, tolerance, ITERATIONS_MAX);
}

/* A block is on top of the stack from `start` to `end`: its radius counts if it is the largest so far. */
static tanlu_status take_block(workspace *w, size_t start, size_t end, double tolerance, double *radius,
                               size_t *dominant, tanlu_context *context) {
  size_t *members = w->stack + start;
  const size_t count = end - start;
  for (size_t k = 0; k < count; k++) w->on_stack[members[k]] = 0;
  size_t top = members[0];
  double found = w->a[top * w->n + top];
  if (count > 1) {
    if (count == w->n) /* rows and columns in their own order: the product then runs along the columns */
      for (size_t k = 0; k < count; k++) members[k] = k;
    const tanlu_status status = block_radius(w, members, count, tolerance, &found, &top, context);
    if (status != TANLU_OK) return status;
  }
  if (found > *radius) {
    *radius = found;
    *dominant = top;
  }
  return TANLU_OK;
}

/* Tarjan's search for strongly connected components, without recursion; an edge j -> i is an entry a_ij > 0. Each block is
 * handed on when it is complete. */
static tanlu_status search_blocks(workspace *w, double tolerance, double *radius, size_t *dominant,
                                  tanlu_context *context) {
  size_t met = 0, stacked = 0;
  for (size_t root = 0; root < w->n; root++) {
    if (w->order[root]) continue;
    size_t depth = 0;
    w->path[depth++] = root;
    while (depth) {
      const size_t v = w->path[depth - 1];
      if (!w->order[v]) {
        w->order[v] = w->low[v] = ++met;
        w->stack[stacked++] = v;
        w->on_stack[v] = 1;
      }
      size_t child = w->n; /* the next vertex to descend to */
      while (w->next[v] < w->n && child == w->n) {
        const size_t i = w->next[v]++;
        if (w->a[v * w->n + i] <= 0) continue;
        if (!w->order[i])
          child = i;
        else if (w->on_stack[i] && w->order[i] < w->low[v])
          w->low[v] = w->order[i];
      }
      if (child < w->n) {
        w->path[depth++] = child;
        continue;
      }
      depth--;
      if (depth && w->low[v] < w->low[w->path[depth - 1]]) w->low[w->path[depth - 1]] = w->low[v];
      if (w->low[v] != w->order[v]) continue;
      size_t start = stacked;
      do start--;
      while (w->stack[start] != v);
      const tanlu_status status = take_block(w, start, stacked, tolerance, radius, dominant, context);
      if (status != TANLU_OK) return status;
      stacked = start;
    }
  }
  return TANLU_OK;
}

tanlu_status tanlu_spectral_radius(const double *a, size_t n, double tolerance, double *radius, size_t *dominant,
                                   tanlu_context *context) {
  *radius = 0;
  size_t sector = 0;
  workspace w;
  tanlu_status status = workspace_create(&w, a, n, context);
  if (status != TANLU_OK) goto cleanup;
  if ((status = check_entries(a, n, context)) != TANLU_OK) goto cleanup;
  status = search_blocks(&w, fmax(tolerance, (double)n * DBL_EPSILON), radius, &sector, context);
  if (dominant) *dominant = sector;
cleanup:
  workspace_free(&w);
  return status;
}
