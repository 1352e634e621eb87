#include "model/structural_paths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

#define NONE ((size_t)-1)

/* A sector on a chain that has been opened: the flow q that reaches it. */
typedef struct {
  size_t sector, parent, depth;
  double flow;
} node;

/* What waits in the queue: a chain that ends at a node, or a supplier of the node that has not been opened; all suppliers after it
 * in the order of the list wait behind it. The root (NONE) has the products of final demand as its suppliers. */
typedef struct {
  double bound;
  size_t node, rank; /* rank: of the supplier in its list; NONE: the chain itself */
  size_t age;        /* equal bounds come out in the order they went in */
} entry;

/* Suppliers of a column with A_ij M_i > 0, the largest first. */
typedef struct {
  size_t count, *sector; /* sector: NULL until somebody asks */
} suppliers;

typedef struct {
  const tanlu_path_system *system;
  const tanlu_path_limits *limits;
  tanlu_context *context;
  double *most;  /* n: M */
  suppliers *of; /* n + 1: the last is final demand */
  node *nodes;   /* growing */
  entry *queue;  /* growing: a binary heap */
  size_t node_count, node_room, queue_count, queue_room, path_room, age;
  double threshold; /* |c| */
} search;

/* ---- growing lists -------------------------------------------------------------------------------------------------------- */

static void *grow(search *s, void *list, size_t count, size_t *room, size_t size) {
  if (count < *room) return list;
  const size_t wanted = *room > 0 ? 2 * *room : 256;
  void *grown = wanted <= (size_t)-1 / 2 / size ? realloc(list, wanted * size) : NULL;
  if (grown == NULL) {
    (void)tanlu_fail(s->context, TANLU_ERR_MEMORY, "out of memory for %zu supply chains", wanted);
    return NULL;
  }
  *room = wanted;
  return grown;
}

static bool before(const entry *a, const entry *b) {
  return a->bound != b->bound ? a->bound > b->bound : a->age < b->age;
}

static tanlu_status push(search *s, double bound, size_t at, size_t rank) {
  entry *queue = grow(s, s->queue, s->queue_count, &s->queue_room, sizeof *queue);
  if (queue == NULL) return TANLU_ERR_MEMORY;
  s->queue = queue;
  const entry added = {.bound = bound, .node = at, .rank = rank, .age = s->age++};
  size_t i = s->queue_count++;
  for (; i > 0 && before(&added, &queue[(i - 1) / 2]); i = (i - 1) / 2) queue[i] = queue[(i - 1) / 2];
  queue[i] = added;
  return TANLU_OK;
}

static entry pop(search *s) {
  entry *queue = s->queue;
  const entry first = queue[0], last = queue[--s->queue_count];
  size_t i = 0;
  while (2 * i + 1 < s->queue_count) {
    size_t child = 2 * i + 1;
    if (child + 1 < s->queue_count && before(&queue[child + 1], &queue[child])) child++;
    if (!before(&queue[child], &last)) break;
    queue[i] = queue[child];
    i = child;
  }
  queue[i] = last;
  return first;
}

/* ---- bounds --------------------------------------------------------------------------------------------------------------- */

/* M by settling the largest first: since all A_ij < 1, what is settled cannot grow through what is smaller. */
static tanlu_status largest_chains(search *s) {
  const size_t n = s->system->n;
  bool *settled = tanlu_allocate(s->context, n, sizeof *settled);
  if (settled == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < n; j++) s->most[j] = fabs(s->system->direct[j]);
  for (size_t step = 0; step < n; step++) {
    size_t best = NONE;
    for (size_t j = 0; j < n; j++) {
      if (!settled[j] && (best == NONE || s->most[j] > s->most[best])) best = j;
    }
    settled[best] = true;
    for (size_t j = 0; j < n; j++) s->most[j] = fmax(s->most[j], s->system->inputs[j * n + best] * s->most[best]);
  }
  free(settled);
  return TANLU_OK;
}

/* What goes from node to supplier per unit of the node's flow; for the root, final demand. */
static double passed_on(const search *s, size_t column, size_t supplier) {
  return column == s->system->n ? s->system->demand[supplier] : s->system->inputs[column * s->system->n + supplier];
}

typedef struct {
  double bound;
  size_t sector;
} candidate;

static int largest_first(const void *a, const void *b) {
  const candidate *x = a, *y = b;
  if (x->bound != y->bound) return x->bound < y->bound ? 1 : -1;
  return (x->sector > y->sector) - (x->sector < y->sector);
}

/* The list of a column, sorted when it is first needed. */
static const suppliers *suppliers_of(search *s, size_t column) {
  suppliers *of = &s->of[column];
  if (of->sector != NULL) return of;
  const size_t n = s->system->n;
  candidate *all = tanlu_allocate(s->context, n, sizeof *all);
  of->sector = tanlu_allocate(s->context, n, sizeof *of->sector);
  if (all != NULL && of->sector != NULL) {
    for (size_t i = 0; i < n; i++) {
      const double bound = fabs(passed_on(s, column, i)) * s->most[i];
      if (bound > 0.0) all[of->count++] = (candidate){bound, i};
    }
    qsort(all, of->count, sizeof *all, largest_first);
    for (size_t k = 0; k < of->count; k++) of->sector[k] = all[k].sector;
  }
  free(all);
  return all != NULL && of->sector != NULL ? of : NULL;
}

/* ---- walking -------------------------------------------------------------------------------------------------------------- */

static size_t column_of(const search *s, size_t at) {
  return at == NONE ? s->system->n : s->nodes[at].sector;
}

static double flow_of(const search *s, size_t at) {
  return at == NONE ? 1.0 : s->nodes[at].flow;
}

/* Let the supplier of this rank wait, if there is one. */
static tanlu_status await(search *s, size_t at, size_t rank) {
  const suppliers *of = suppliers_of(s, column_of(s, at));
  if (of == NULL) return TANLU_ERR_MEMORY;
  if (rank >= of->count) return TANLU_OK;
  const size_t i = of->sector[rank];
  return push(s, fabs(flow_of(s, at) * passed_on(s, column_of(s, at), i)) * s->most[i], at, rank);
}

/* Open a supplier: the chain that ends with it waits, its first supplier waits, and so does the next one of its parent. */
static tanlu_status open_supplier(search *s, const entry *e, double *deeper) {
  const tanlu_path_system *y = s->system;
  const size_t column = column_of(s, e->node), sector = s->of[column].sector[e->rank];
  const size_t depth = e->node == NONE ? 0 : s->nodes[e->node].depth + 1;
  node *nodes = grow(s, s->nodes, s->node_count, &s->node_room, sizeof *nodes);
  if (nodes == NULL) return TANLU_ERR_MEMORY;
  s->nodes = nodes;
  const size_t own = s->node_count++;
  const double flow = flow_of(s, e->node) * passed_on(s, column, sector);
  nodes[own] = (node){.sector = sector, .parent = e->node, .depth = depth, .flow = flow};
  tanlu_status status = push(s, fabs(flow * y->direct[sector]), own, NONE);
  if (status == TANLU_OK && depth < s->limits->depth) {
    status = await(s, own, 0);
  } else if (status == TANLU_OK) {
    *deeper += flow * (y->total[sector] - y->direct[sector]);
  }
  return status == TANLU_OK ? await(s, e->node, e->rank + 1) : status;
}

static tanlu_status list_chain(search *s, tanlu_paths *paths, size_t at) {
  tanlu_path *list = grow(s, paths->path, paths->count, &s->path_room, sizeof *list);
  if (list == NULL) return TANLU_ERR_MEMORY;
  paths->path = list;
  tanlu_path *path = &list[paths->count];
  path->length = s->nodes[at].depth + 1;
  path->value = s->nodes[at].flow * s->system->direct[s->nodes[at].sector];
  path->sector = tanlu_allocate(s->context, path->length, sizeof *path->sector);
  if (path->sector == NULL) return TANLU_ERR_MEMORY;
  paths->count++;
  paths->listed += path->value;
  for (size_t k = path->length, own = at; k-- > 0; own = s->nodes[own].parent) path->sector[k] = s->nodes[own].sector;
  return TANLU_OK;
}

/* Is there a reason to stop, and which? */
static bool ended(const search *s, tanlu_paths *paths) {
  const struct {
    bool holds;
    tanlu_paths_end end;
  } reason[] = {{paths->count == s->limits->most, TANLU_PATHS_MOST},
                {s->queue_count == 0, TANLU_PATHS_ALL},
                {s->queue_count > 0 && s->queue[0].bound < s->threshold, TANLU_PATHS_SMALLEST},
                {paths->work == s->limits->work, TANLU_PATHS_WORK}};
  for (size_t k = 0; k < sizeof reason / sizeof *reason; k++) {
    paths->end = reason[k].end;
    if (reason[k].holds) return true;
  }
  return false;
}

static tanlu_status walk(search *s, tanlu_paths *paths) {
  tanlu_status status = await(s, NONE, 0);
  while (status == TANLU_OK && !ended(s, paths)) {
    const entry e = pop(s);
    paths->work++;
    if (e.rank != NONE) {
      status = open_supplier(s, &e, &paths->deeper);
    } else if (e.bound > 0.0) {
      status = list_chain(s, paths, e.node);
    }
  }
  return status;
}

/* What still waits: chains, and suppliers with all behind them in their list, from the bottom up. */
static double waiting(const search *s) {
  double sum = 0.0;
  for (size_t k = 0; k < s->queue_count; k++) {
    const entry *e = &s->queue[k];
    const size_t column = column_of(s, e->node);
    if (e->rank == NONE) {
      sum += s->nodes[e->node].flow * s->system->direct[column];
      continue;
    }
    const suppliers *of = &s->of[column];
    for (size_t rank = e->rank; rank < of->count; rank++) {
      const size_t i = of->sector[rank];
      sum += flow_of(s, e->node) * passed_on(s, column, i) * s->system->total[i];
    }
  }
  return sum;
}

/* ---- the search ------------------------------------------------------------------------------------------------------------ */

static tanlu_status check(const tanlu_path_system *y, tanlu_context *context) {
  for (size_t k = 0; k < y->n * y->n; k++) {
    if (y->inputs[k] >= 0.0 && y->inputs[k] < 1.0) continue;
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "input %zu of sector %zu is %g per unit of output; expected 0 to below 1", k % y->n + 1,
                      k / y->n + 1, y->inputs[k]);
  }
  return TANLU_OK;
}

static void clear_search(search *s) {
  for (size_t j = 0; s->of != NULL && j <= s->system->n; j++) free(s->of[j].sector);
  free(s->of);
  free(s->most);
  free(s->nodes);
  free(s->queue);
}

tanlu_status tanlu_paths_find(tanlu_paths *paths, const tanlu_path_system *system, const tanlu_path_limits *limits,
                              tanlu_context *context) {
  const size_t n = system->n;
  search s = {.system = system, .limits = limits, .context = context};
  *paths = (tanlu_paths){0};
  tanlu_status status = check(system, context);
  if (status != TANLU_OK) return status;
  s.most = tanlu_allocate_doubles(context, n, 1);
  s.of = tanlu_allocate(context, n + 1, sizeof *s.of);
  if (s.most == NULL || s.of == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = largest_chains(&s);
  for (size_t j = 0; j < n; j++) paths->total += system->total[j] * system->demand[j];
  s.threshold = limits->smallest * fabs(paths->total);
  if (status == TANLU_OK) status = walk(&s, paths);
  if (status == TANLU_OK) {
    paths->rest = waiting(&s);
    paths->next = s.queue_count > 0 ? s.queue[0].bound : 0.0;
  }
  clear_search(&s);
  if (status != TANLU_OK) tanlu_paths_clear(paths);
  return status;
}

void tanlu_paths_clear(tanlu_paths *paths) {
  for (size_t k = 0; k < paths->count; k++) free(paths->path[k].sector);
  free(paths->path);
  *paths = (tanlu_paths){0};
}
