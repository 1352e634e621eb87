#include "model/regional_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

static const double rounding = 1e-12; /* of all that is used of a product */

void tanlu_regional_table_free(tanlu_regional_table **table) {
  tanlu_regional_table *t = *table;
  if (t == NULL) return;
  double *const array[] = {t->local, t->local_final, t->origin, t->trade, t->own, t->scaled, t->moved};
  for (size_t k = 0; k < sizeof array / sizeof *array; k++) free(array[k]);
  free(t);
  *table = NULL;
}

static tanlu_status allocate(tanlu_regional_table *t, tanlu_context *context) {
  const size_t n = t->of.n, regions = t->regions;
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {{&t->local, n, regions * n},
                {&t->local_final, n, regions},
                {&t->origin, n, regions * regions},
                {&t->trade, n, regions * regions},
                {&t->own, n, regions},
                {&t->scaled, n, regions},
                {&t->moved, n, 1}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    *wanted[k].array = tanlu_allocate_doubles(context, wanted[k].rows, wanted[k].columns);
    if (*wanted[k].array == NULL) return TANLU_ERR_MEMORY;
  }
  return TANLU_OK;
}

/* Does this category stay where the product is made? */
static bool stays(const tanlu_regional_problem *p, size_t k) {
  return p->role[k] == TANLU_ROLE_EXPORTS || p->role[k] == TANLU_ROLE_INVENTORIES;
}

static double used(const tanlu_regional_table *t, size_t q, size_t i, size_t j) {
  return t->of.output_share[j * t->regions + q] * t->of.domestic[j * t->of.n + i];
}

static double finally_used(const tanlu_regional_table *t, size_t q, size_t i) {
  double sum = 0.0;
  for (size_t k = 0; k < t->of.categories; k++) {
    if (!stays(&t->of, k)) sum += t->of.demand_share[k * t->regions + q] * t->of.final_domestic[k * t->of.n + i];
  }
  return sum;
}

static const tanlu_known_flows *known_of(const tanlu_regional_problem *p, size_t i) {
  for (size_t k = 0; k < p->known_flows; k++) {
    if (p->known[k].product == i) return &p->known[k];
  }
  return NULL;
}

/* Quotients of every region, before it is known whether a region makes that much. */
static tanlu_status local_shares(tanlu_regional_table *t, tanlu_context *context) {
  const size_t n = t->of.n;
  double *x = tanlu_allocate_doubles(context, n, 1);
  if (x == NULL) return TANLU_ERR_MEMORY;
  for (size_t q = 0; q < t->regions; q++) {
    for (size_t j = 0; j < n; j++) x[j] = t->of.output_share[j * t->regions + q] * t->of.output[j];
    const tanlu_quotient_region region = {.n = n, .regional = x, .national = t->of.output};
    tanlu_local_shares(&region, t->of.quotient, t->of.delta, t->local + q * n * n, t->local_final + q * n);
  }
  free(x);
  return TANLU_OK;
}

/* What a product is made for at home and abroad: supply to domestic users. */
static tanlu_status domestic_supply(const tanlu_regional_table *t, size_t i, double *supply, tanlu_context *context) {
  const size_t n = t->of.n;
  double sum = 0.0;
  for (size_t j = 0; j < n; j++) sum += t->of.domestic[j * n + i];
  for (size_t k = 0; k < t->of.categories; k++) {
    if (!stays(&t->of, k)) sum += t->of.final_domestic[k * n + i];
  }
  if (sum < 0.0) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "domestic users of product %s take %g in all; expected 0 or more",
                      t->of.sector->code[i], sum);
  }
  for (size_t p = 0; p < t->regions; p++) supply[p] = t->of.output_share[i * t->regions + p] * sum;
  return TANLU_OK;
}

/* Both are differences of the same sums: equal but for rounding, in proportion to `all`, which must not stand as trade. */
static void settle(size_t regions, double all, double *offered, double *wanted) {
  double a = 0.0, b = 0.0;
  for (size_t p = 0; p < regions; p++) {
    a += offered[p];
    b += wanted[p];
  }
  const bool nothing = a <= rounding * all || b <= rounding * all;
  for (size_t p = 0; p < regions; p++) {
    offered[p] = nothing ? 0.0 : offered[p] * (b / a);
    if (nothing) wanted[p] = 0.0;
  }
}

/* One product: local use, then trade of the rest. offered and wanted: regions each. */
static tanlu_status trade_product(tanlu_regional_table *t, const tanlu_gravity *gravity, size_t i, double *offered,
                                  double *wanted, tanlu_context *context) {
  const size_t n = t->of.n, regions = t->regions;
  const tanlu_known_flows *known = known_of(&t->of, i);
  const char *name = t->of.sector->code[i];
  double *trade = t->trade + i * regions * regions;
  double all_regions = 0.0;
  tanlu_status status = domestic_supply(t, i, offered, context);
  if (status != TANLU_OK) return status;
  for (size_t q = 0; q < regions; q++) {
    double own = 0.0, all = 0.0;
    const double final = finally_used(t, q, i);
    for (size_t j = 0; j < n; j++) {
      const double use = used(t, q, i, j);
      own += t->local[(q * n + j) * n + i] * use;
      all += use;
    }
    own += t->local_final[q * n + i] * final;
    all += final;
    const double scale = known != NULL ? 0.0 : own > offered[q] ? offered[q] / own : 1.0;
    t->scaled[i * regions + q] = scale;
    for (size_t j = 0; j < n; j++) t->local[(q * n + j) * n + i] *= scale;
    t->local_final[q * n + i] *= scale;
    t->own[i * regions + q] = scale * own;
    offered[q] = fmax(0.0, offered[q] - scale * own);
    wanted[q] = fmax(0.0, all - scale * own);
    all_regions += all;
  }
  settle(regions, all_regions, offered, wanted);
  t->moved[i] = (double)NAN;
  status = known != NULL ? tanlu_known_trade(gravity, name, known->flow, TANLU_TRADE_BACKING, offered, wanted, trade,
                                             &t->moved[i], context)
                         : tanlu_gravity_trade(gravity, name, offered, wanted, trade, context);
  for (size_t q = 0; q < regions && status == TANLU_OK; q++) {
    double sum = 0.0;
    for (size_t p = 0; p < regions; p++) sum += trade[q * regions + p];
    for (size_t p = 0; p < regions; p++) {
      t->origin[(i * regions + q) * regions + p] = sum > 0.0 ? trade[q * regions + p] / sum : p == q ? 1.0 : 0.0;
    }
  }
  return status;
}

tanlu_status tanlu_regional_table_create(tanlu_regional_table **table, const tanlu_regional_problem *problem,
                                         tanlu_context *context) {
  *table = NULL;
  tanlu_regional_table *t = tanlu_allocate(context, 1, sizeof *t);
  if (t == NULL) return TANLU_ERR_MEMORY;
  t->of = *problem;
  t->regions = problem->region->count;
  const tanlu_gravity gravity = {
      .regions = t->regions, .region = problem->region, .distance = problem->distance, .beta = problem->beta};
  double *offered = tanlu_allocate_doubles(context, t->regions, 1),
         *wanted = tanlu_allocate_doubles(context, t->regions, 1);
  tanlu_status status = offered == NULL || wanted == NULL ? TANLU_ERR_MEMORY : allocate(t, context);
  if (status == TANLU_OK) status = local_shares(t, context);
  for (size_t i = 0; i < problem->n && status == TANLU_OK; i++) {
    status = trade_product(t, &gravity, i, offered, wanted, context);
  }
  free(offered);
  free(wanted);
  if (status != TANLU_OK) tanlu_regional_table_free(&t);
  *table = t;
  return status;
}

void tanlu_regional_table_flows(const tanlu_regional_table *t, size_t p, size_t i, double *flow) {
  const size_t n = t->of.n, regions = t->regions;
  for (size_t q = 0; q < regions; q++) {
    const double origin = t->origin[(i * regions + q) * regions + p];
    for (size_t j = 0; j < n; j++) {
      const double local = t->local[(q * n + j) * n + i];
      flow[q * n + j] = used(t, q, i, j) * ((p == q ? local : 0.0) + (1.0 - local) * origin);
    }
  }
}

void tanlu_regional_table_final(const tanlu_regional_table *t, size_t p, size_t i, double *use) {
  const size_t n = t->of.n, regions = t->regions, categories = t->of.categories;
  for (size_t q = 0; q < regions; q++) {
    const double local = t->local_final[q * n + i];
    const double mine = (p == q ? local : 0.0) + (1.0 - local) * t->origin[(i * regions + q) * regions + p];
    for (size_t k = 0; k < categories; k++) {
      const double y = t->of.final_domestic[k * n + i];
      if (stays(&t->of, k)) {
        use[q * categories + k] = p == q ? t->of.output_share[i * regions + p] * y : 0.0;
      } else {
        use[q * categories + k] = t->of.demand_share[k * regions + q] * y * mine;
      }
    }
  }
}
