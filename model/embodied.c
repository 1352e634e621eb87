#include "model/embodied.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/embodied_private.h"
#include "solvers/memory.h"

static const double kept = 1e-9;

void tanlu_embodied_free(tanlu_embodied **embodied) {
  tanlu_embodied *e = *embodied;
  if (e == NULL) return;
  double *const owned[] = {e->total, e->chosen, e->production, e->consumption, e->final_demand};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(e);
  *embodied = NULL;
}

static void add_up(const tanlu_embodied_table *w, const double *emission, const bool *chosen, tanlu_embodied *e) {
  for (size_t q = 0; q < w->columns; q++) {
    for (size_t i = 0; i < w->n; i++) {
      const double x = w->dataset->accounts.output[i];
      if (!(x > 0.0)) continue;
      const size_t cell = q * w->groups + w->level->of_sector[i];
      const double due = emission[i] / x * w->demand[q * w->n + i];
      e->total[cell] += due;
      if (chosen != NULL && chosen[i]) e->chosen[cell] += due;
    }
  }
  for (size_t i = 0; i < w->n; i++) e->production[w->level->of_sector[i]] += emission[i];
  for (size_t q = 0; q < w->groups; q++) {
    for (size_t p = 0; p < w->groups; p++) e->consumption[q] += e->total[q * w->groups + p];
  }
}

static tanlu_status check(const tanlu_embodied_table *w, const tanlu_embodied *e, tanlu_context *context) {
  double size = 0.0;
  for (size_t p = 0; p < w->groups; p++) size = fmax(size, fabs(e->production[p]));
  for (size_t p = 0; p < w->groups; p++) {
    double sum = 0.0;
    for (size_t q = 0; q < w->columns; q++) sum += e->total[q * w->groups + p];
    /* the accounts close to their tolerance, so do these */
    if (fabs(sum - e->production[p]) <= (kept + 10.0 * w->dataset->accounts.balance_tolerance) * size) continue;
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "%s emits %.12g, of which final demand takes %.12g",
                      w->level->group.code[p], e->production[p], sum);
  }
  return TANLU_OK;
}

tanlu_status tanlu_embodied_create(tanlu_embodied **embodied, const tanlu_dataset *dataset, size_t level,
                                   const double *emission, const bool *chosen, tanlu_context *context) {
  const size_t groups = dataset->level[level].group.count;
  tanlu_embodied_table table = {0};
  *embodied = NULL;
  tanlu_embodied *e = tanlu_allocate(context, 1, sizeof *e);
  if (e == NULL) return TANLU_ERR_MEMORY;
  *e = (tanlu_embodied){.groups = groups,
                        .total = tanlu_allocate_doubles(context, groups, groups + 2),
                        .chosen = chosen != NULL ? tanlu_allocate_doubles(context, groups, groups + 2) : NULL,
                        .production = tanlu_allocate_doubles(context, groups, 1),
                        .consumption = tanlu_allocate_doubles(context, groups, 1),
                        .final_demand = tanlu_allocate_doubles(context, groups, 1)};
  const bool made = e->total != NULL && (chosen == NULL || e->chosen != NULL) && e->production != NULL &&
                    e->consumption != NULL && e->final_demand != NULL;
  tanlu_status status =
      made ? tanlu_embodied_table_create(&table, dataset, level, emission, context) : TANLU_ERR_MEMORY;
  for (size_t q = 0; status == TANLU_OK && q < groups; q++) {
    for (size_t i = 0; i < table.n; i++) e->final_demand[q] += table.demand[q * table.n + i];
  }
  if (status == TANLU_OK) {
    status = tanlu_leontief_solve(table.solver, table.demand, table.n, table.columns, context); /* output */
  }
  if (status == TANLU_OK) {
    add_up(&table, emission, chosen, e);
    status = check(&table, e, context);
  }
  tanlu_embodied_table_clear(&table);
  if (status != TANLU_OK) tanlu_embodied_free(&e);
  *embodied = e;
  return status;
}

/* ---- who for whom --------------------------------------------------------------------------------------------------------- */

tanlu_embodied_balance tanlu_embodied_balance_of(const tanlu_embodied *e, const double *matrix, size_t p) {
  const size_t groups = e->groups;
  tanlu_embodied_balance b = {.own = matrix[p * groups + p],
                              .abroad = matrix[groups * groups + p] + matrix[(groups + 1) * groups + p]};
  for (size_t q = 0; q < groups; q++) {
    b.sent += q != p ? matrix[q * groups + p] : 0.0;
    b.received += q != p ? matrix[p * groups + q] : 0.0;
  }
  const bool whole = matrix == e->total;
  b.production = whole ? e->production[p] : b.own + b.sent + b.abroad;
  b.consumption = whole ? e->consumption[p] : b.own + b.received;
  b.net = b.sent - b.received;
  return b;
}

static int larger_first(const void *a, const void *b) {
  const tanlu_embodied_flow *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? 1 : -1;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  return x->to < y->to ? -1 : x->to > y->to;
}

tanlu_status tanlu_embodied_flows(tanlu_embodied_flow **flow, size_t *count, const tanlu_embodied *e,
                                  tanlu_context *context) {
  return tanlu_group_flows(flow, count, e->total, e->groups, context);
}

tanlu_status tanlu_group_flows(tanlu_embodied_flow **flow, size_t *count, const double *matrix, size_t groups,
                               tanlu_context *context) {
  *count = 0;
  *flow = tanlu_allocate(context, groups * groups, sizeof **flow);
  if (*flow == NULL) return TANLU_ERR_MEMORY;
  for (size_t q = 0; q < groups; q++) {
    for (size_t p = 0; p < groups; p++) {
      if (p != q) (*flow)[(*count)++] = (tanlu_embodied_flow){.from = p, .to = q, .value = matrix[q * groups + p]};
    }
  }
  qsort(*flow, *count, sizeof **flow, larger_first);
  return TANLU_OK;
}
