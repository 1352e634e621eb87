/* Whether sums can be met, by a flow: an entry above zero carries any amount from its row to its column, one below zero from its
 * column to its row. Rows supply their sums and columns demand theirs (the other way round where a sum is below zero). The largest
 * flow is found by shortest augmenting paths, phase by phase (Dinic). Where it leaves supply over, the nodes that can still be
 * reached from that supply are the rows and columns that block. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "solvers/gras_private.h"
#include "solvers/memory.h"

enum { ROWS = TANLU_GRAS_ROWS, COLUMNS = TANLU_GRAS_COLUMNS, NAMES = 8 };
static const size_t unreached = (size_t)-1;
static const double noise = 1e-13;         /* of the total: smaller amounts are rounding */
static const double worth_searching = 2e9; /* entries looked at in search of a limit */

typedef struct {
  const tanlu_gras_work *work;
  size_t m, n;
  signed char *sign;       /* m x n: of the entries */
  double *flow;            /* m x n: with their sign */
  double *supply, *demand; /* m + n: what is left of it; rows, then columns */
  size_t *level, *next, *queue;
  double smallest, total;
} network;

/* Cell between two nodes, one of which is a row. */
static size_t cell_of(const network *g, size_t from, size_t to) {
  return from < g->m ? (to - g->m) * g->m + from : (from - g->m) * g->m + to;
}

/* What can still go from one node to another. */
static double room(const network *g, size_t from, size_t to) {
  const size_t k = cell_of(g, from, to);
  const int along = from < g->m ? g->sign[k] : -g->sign[k];
  if (along == 0) return 0.0;
  return along > 0 ? DBL_MAX : fabs(g->flow[k]);
}

static size_t other_begin(const network *g, size_t node) {
  return node < g->m ? g->m : 0;
}

static size_t other_end(const network *g, size_t node) {
  return node < g->m ? g->m + g->n : g->m;
}

/* Levels of all nodes that those in the queue reach; true when demand is among them. */
static bool spread(network *g, size_t queued) {
  bool met = false;
  for (size_t k = 0; k < queued; k++) {
    const size_t node = g->queue[k];
    met = met || g->demand[node] > g->smallest;
    for (size_t to = other_begin(g, node); to < other_end(g, node); to++) {
      if (g->level[to] != unreached || !(room(g, node, to) > g->smallest)) continue;
      g->level[to] = g->level[node] + 1;
      g->queue[queued++] = to;
    }
  }
  return met;
}

static bool spread_from_supply(network *g) {
  size_t queued = 0;
  for (size_t k = 0; k < g->m + g->n; k++) {
    g->level[k] = unreached;
    g->next[k] = other_begin(g, k);
    if (!(g->supply[k] > g->smallest)) continue;
    g->level[k] = 0;
    g->queue[queued++] = k;
  }
  return spread(g, queued);
}

static void push(network *g, const size_t *path, size_t depth) {
  double amount = fmin(g->supply[path[0]], g->demand[path[depth]]);
  for (size_t k = 0; k < depth; k++) amount = fmin(amount, room(g, path[k], path[k + 1]));
  g->supply[path[0]] -= amount;
  g->demand[path[depth]] -= amount;
  for (size_t k = 0; k < depth; k++) g->flow[cell_of(g, path[k], path[k + 1])] += path[k] < g->m ? amount : -amount;
}

/* All paths of this phase from one node with supply. */
static void augment(network *g, size_t source, size_t *path) {
  size_t depth = 0;
  path[0] = source;
  while (g->supply[source] > g->smallest) {
    const size_t node = path[depth];
    if (g->demand[node] > g->smallest) {
      push(g, path, depth);
      depth = 0;
      continue;
    }
    size_t *to = &g->next[node];
    while (*to < other_end(g, node) &&
           !(g->level[*to] != unreached && g->level[*to] == g->level[node] + 1 && room(g, node, *to) > g->smallest)) {
      ++*to;
    }
    if (*to < other_end(g, node)) {
      path[++depth] = *to;
    } else if (depth == 0) {
      return;
    } else {
      g->next[path[--depth]]++;
    }
  }
}

static void maximise(network *g, size_t *path) {
  while (spread_from_supply(g)) {
    for (size_t k = 0; k < g->m + g->n; k++) {
      if (g->level[k] == 0) augment(g, k, path);
    }
  }
}

/* ---- what it says ------------------------------------------------------------------------------------------------------ */

/* "row a" or "rows a, b and 3 more": those reached or not. */
static void list_names(const network *g, FILE *out, int side, bool reached, size_t count) {
  const tanlu_gras_problem *p = g->work->problem;
  const char *const *name = side == ROWS ? p->row_name : p->column_name;
  size_t listed = 0;
  (void)fprintf(out, "%s%s ", side == ROWS ? "row" : "column", count > 1 ? "s" : "");
  for (size_t i = 0; i < (side == ROWS ? g->m : g->n) && listed < NAMES; i++) {
    if ((g->level[side == ROWS ? i : g->m + i] != unreached) != reached) continue;
    if (listed++ > 0) (void)fputs(", ", out);
    if (name != NULL) {
      (void)fputs(name[i], out);
    } else {
      (void)fprintf(out, "%zu", i);
    }
  }
  if (count > listed) (void)fprintf(out, " and %zu more", count - listed);
}

typedef struct {
  size_t count[2];
  double sum[2]; /* of what they are to add up to */
} part;

static part count_part(const network *g, bool reached) {
  part q = {{0, 0}, {0.0, 0.0}};
  for (size_t k = 0; k < g->m + g->n; k++) {
    if ((g->level[k] != unreached) != reached) continue;
    const int side = k < g->m ? ROWS : COLUMNS;
    q.count[side]++;
    q.sum[side] += g->work->wanted[side][side == ROWS ? k : k - g->m];
  }
  return q;
}

/* The smaller of the two sides of the cut: rows that have nowhere else to go, or columns that have no other source. */
static void describe_cut(const network *g, FILE *out, bool below, bool limit) {
  const part in = count_part(g, true), rest = count_part(g, false);
  const bool beyond = rest.count[ROWS] > 0 && rest.count[COLUMNS] > 0 &&
                      rest.count[ROWS] + rest.count[COLUMNS] < in.count[ROWS] + in.count[COLUMNS];
  const part *q = beyond ? &rest : &in;
  const int first = beyond ? COLUMNS : ROWS, second = 1 - first;
  list_names(g, out, first, !beyond, q->count[first]);
  (void)fprintf(out, " %s to add up to %.10g%s and %s entries%s only in ", q->count[first] > 1 ? "are" : "is",
                q->sum[first], q->count[first] > 1 ? " in all" : "", q->count[first] > 1 ? "have" : "has",
                below ? " above zero" : "");
  list_names(g, out, second, !beyond, q->count[second]);
  (void)fprintf(out, ", which %s to add up to %.10g%s%s", q->count[second] > 1 ? "are" : "is", q->sum[second],
                q->count[second] > 1 ? " in all" : "",
                below ? " and whose entries below zero are in the former alone" : "");
  if (limit) (void)fputs(", so that other entries of the latter could only be zero", out);
  if (g->work->problem->fixed != NULL) (void)fputs(" (fixed entries taken off)", out);
}

static tanlu_status fail_cut(const network *g, bool limit) {
  char *text = NULL;
  size_t length = 0;
  bool below = false;
  for (size_t k = 0; k < g->m * g->n; k++) below = below || g->sign[k] < 0;
  FILE *out = open_memstream(&text, &length);
  if (out != NULL) describe_cut(g, out, below, limit);
  const bool written = out != NULL && fclose(out) == 0;
  const tanlu_status status =
      written ? tanlu_fail(g->work->context, TANLU_ERR_MODEL,
                           limit ? "balancing does not converge: %s" : "balancing: no such matrix exists: %s", text)
              : tanlu_fail(g->work->context, TANLU_ERR_MEMORY, "out of memory for a message");
  free(text);
  return status;
}

/* Rows and columns that a row reaches and that do not reach back: their sums leave nothing for the entries that lead to them. */
static bool find_limit(network *g, size_t row) {
  const size_t nodes = g->m + g->n;
  double looked = 0.0;
  for (size_t k = 0; k < nodes && looked < worth_searching; k++) {
    const size_t start = k == 0 ? row : k <= row ? k - 1 : k;
    for (size_t q = 0; q < nodes; q++) g->level[q] = unreached;
    g->level[start] = 0;
    g->queue[0] = start;
    (void)spread(g, 1);
    looked += (double)g->m * (double)g->n;
    for (size_t c = 0; c < g->m * g->n; c++) {
      const bool row_in = g->level[c % g->m] != unreached, column_in = g->level[g->m + c / g->m] != unreached;
      if ((g->sign[c] > 0 && !row_in && column_in) || (g->sign[c] < 0 && row_in && !column_in)) return true;
    }
  }
  return false;
}

/* ---- the network ------------------------------------------------------------------------------------------------------- */

static bool allocate(network *g, size_t **path) {
  const size_t nodes = g->m + g->n;
  tanlu_context *context = g->work->context;
  g->sign = tanlu_allocate(context, g->m * g->n, 1); /* the matrix is larger and exists */
  g->flow = tanlu_allocate_doubles(context, g->m, g->n);
  g->supply = tanlu_allocate_doubles(context, nodes, 1);
  g->demand = tanlu_allocate_doubles(context, nodes, 1);
  g->level = tanlu_allocate(context, nodes, sizeof *g->level);
  g->next = tanlu_allocate(context, nodes, sizeof *g->next);
  g->queue = tanlu_allocate(context, nodes, sizeof *g->queue);
  *path = tanlu_allocate(context, nodes, sizeof **path);
  return g->sign != NULL && g->flow != NULL && g->supply != NULL && g->demand != NULL && g->level != NULL &&
         g->next != NULL && g->queue != NULL && *path != NULL;
}

static void fill(network *g) {
  const tanlu_gras_work *w = g->work;
  for (size_t k = 0; k < g->m * g->n; k++) g->sign[k] = (signed char)((w->above[k] > 0.0) - (w->above[k] < 0.0));
  for (size_t j = 0; j < g->n; j++) {
    for (size_t e = w->first[j]; e < w->first[j + 1]; e++) g->sign[j * g->m + w->place[e]] = -1;
  }
  for (size_t k = 0; k < g->m + g->n; k++) {
    const double sum = k < g->m ? w->wanted[ROWS][k] : -w->wanted[COLUMNS][k - g->m];
    g->supply[k] = fmax(sum, 0.0);
    g->demand[k] = fmax(-sum, 0.0);
    g->total += g->supply[k];
  }
  g->smallest = noise * g->total;
}

tanlu_status tanlu_gras_explain(const tanlu_gras_work *work, bool limit, size_t row) {
  network g = {.work = work, .m = work->count[ROWS], .n = work->count[COLUMNS]};
  size_t *path = NULL;
  tanlu_status status = TANLU_ERR_MEMORY;
  if (allocate(&g, &path)) {
    double left = 0.0, missing = 0.0;
    status = TANLU_OK;
    fill(&g);
    maximise(&g, path);
    for (size_t k = 0; k < g.m + g.n; k++) {
      left += g.supply[k];
      missing += g.demand[k];
    }
    const double rounding = (double)(g.m + g.n) * g.smallest;
    if (fmin(left, missing) > fmax(rounding, fabs(left - missing))) {
      status = fail_cut(&g, false);
    } else if (limit && find_limit(&g, row)) {
      status = fail_cut(&g, true);
    }
  }
  free(g.sign);
  free(g.flow);
  free(g.supply);
  free(g.demand);
  free(g.level);
  free(g.next);
  free(g.queue);
  free(path);
  return status;
}
