#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/economy_private.h"
#include "solvers/memory.h"

/* ---- creation ----------------------------------------------------------------------------------------------------- */

static tanlu_economy_class class_of_sector(const tanlu_economy *y, const tanlu_levers *levers, size_t i) {
  const tanlu_dataset *d = y->dataset;
  tanlu_economy_class c = {.group = d->level[d->policy_level].of_sector[i],
                           .target = TANLU_NONE,
                           .product = y->set_of[i],
                           .energy = y->technology->row_of[i] != TANLU_NONE};
  for (size_t target = 0; target < y->targets; target++) {
    if (d->level[levers->target_level[target]].of_sector[i] == levers->target_group[target]) c.target = target;
  }
  return c;
}

static void find_classes(tanlu_economy *y, const tanlu_levers *levers) {
  for (size_t i = 0; i < y->n; i++) {
    for (size_t p = 0; p < y->products; p++) {
      const tanlu_product_statistics *s = &y->dataset->products;
      if (s->kind[p] == TANLU_PRODUCT_CONTROLLED && s->in_set[p * y->n + i]) y->set_of[i] = p;
    }
    const tanlu_economy_class c = class_of_sector(y, levers, i);
    size_t k = 0;
    while (k < y->classes && !(y->kind[k].group == c.group && y->kind[k].target == c.target &&
                               y->kind[k].product == c.product && y->kind[k].energy == c.energy)) {
      k++;
    }
    if (k == y->classes) y->kind[y->classes++] = c;
    y->class_of[i] = k;
  }
}

/* Sums of the base year by class. */
static void add_up_base(tanlu_economy *y) {
  const tanlu_technology *g = y->technology;
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t n = y->n;
  for (size_t j = 0; j < n; j++) {
    const tanlu_economy_class *own = &y->kind[y->class_of[j]];
    for (size_t i = 0; i < n; i++) {
      if (g->row_of[i] == TANLU_NONE) y->class_inputs[j * y->classes + y->class_of[i]] += g->a[j * n + i];
    }
    if (!own->energy) y->mean_weight[own->target == TANLU_NONE ? y->targets : own->target] += g->final_total[j];
    for (size_t k = 0; k < a->component.count; k++) y->base_gdp += a->value_added[j * a->component.count + k];
    if (own->product != TANLU_NONE) y->base_product[own->product] += a->output[j];
    y->lowest_domestic[j] = 1.0;
    for (size_t i = 0; i < n; i++) y->lowest_domestic[j] = fmin(y->lowest_domestic[j], g->domestic[i * n + j]);
  }
  for (size_t k = 0; k < y->categories; k++) {
    if (tanlu_role_apart(a->role[k])) continue;
    for (size_t i = 0; i < n; i++) {
      const double use = a->final_use[k * n + i], domestic = g->final_domestic[k * n + i];
      y->base_use += use;
      if (!tanlu_is_fixed(a->role[k])) y->lowest_domestic[i] = fmin(y->lowest_domestic[i], domestic);
      if (tanlu_is_household(a->role[k]) && g->row_of[i] != TANLU_NONE) continue;
      y->class_demand[y->class_of[i] * y->categories + k] += use;
      y->demand[i * y->categories + k] = domestic * use;
      if (tanlu_is_fixed(a->role[k])) continue;
      y->foreign[i * y->categories + k] = (1.0 - domestic) * use;
    }
  }
}

void tanlu_economy_free(tanlu_economy **economy) {
  tanlu_economy *y = *economy;
  if (y == NULL) return;
  double *const array[] = {y->shaped,
                           y->final_use,
                           y->class_inputs,
                           y->class_demand,
                           y->mean_weight,
                           y->lowest_domestic,
                           y->domestic,
                           y->demand,
                           y->foreign,
                           y->base_product,
                           y->gdp_index,
                           y->goal,
                           y->held,
                           y->fixed_demand,
                           y->final_demand,
                           y->energy_money,
                           y->phi,
                           y->pull,
                           y->q,
                           y->factor,
                           y->demand_factor,
                           y->own_sum,
                           y->s,
                           y->other_inputs,
                           y->scaled,
                           y->product,
                           y->product_all,
                           y->v,
                           y->sum};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(y->class_of);
  free(y->kind);
  free(y->set_of);
  free(y->binds);
  free(y);
  *economy = NULL;
}

/* Arrays whose size is known before the classes are. */
static bool allocate(tanlu_economy *y, tanlu_context *context) {
  const size_t n = y->n, width = y->width, unknowns = y->unknowns;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {
      {&y->mean_weight, y->targets + 1, 1},
      {&y->lowest_domestic, n, 1},
      {&y->domestic, split ? n : 0, n},
      {&y->demand, n, y->categories},
      {&y->foreign, n, y->categories},
      {&y->base_product, y->products, 1},
      {&y->gdp_index, 1, width},
      {&y->goal, unknowns, width},
      {&y->held, unknowns, width},
      {&y->fixed_demand, n, width},
      {&y->final_demand, n, width},
      {&y->energy_money, y->categories, width},
      {&y->final_use, 1, width},
      {&y->shaped, unknowns, width},
      {&y->phi, y->targets + 1, width},
      {&y->pull, y->targets + 1, width},
      {&y->q, y->products, width},
      {&y->own_sum, n, width},
      {&y->s, n, width},
      {&y->other_inputs, n, width},
      {&y->scaled, n, width},
      {&y->product, n, width},
      {&y->product_all, split ? n : 0, width},
      {&y->v, n, width},
      {&y->sum, unknowns, width},
  };
  bool complete = true;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].rows, wanted[i].columns);
    complete = complete && *wanted[i].array != NULL;
  }
  y->class_of = tanlu_allocate(context, n, sizeof *y->class_of);
  y->kind = tanlu_allocate(context, n, sizeof *y->kind);
  y->set_of = tanlu_allocate(context, n, sizeof *y->set_of);
  y->binds = tanlu_allocate(context, unknowns * width, sizeof *y->binds);
  return complete && y->class_of != NULL && y->kind != NULL && y->set_of != NULL && y->binds != NULL;
}

tanlu_status tanlu_economy_create(tanlu_economy **economy, const tanlu_technology *technology,
                                  const tanlu_levers *levers, size_t width, tanlu_context *context) {
  *economy = NULL;
  tanlu_economy *y = tanlu_allocate(context, 1, sizeof *y);
  if (y == NULL) return TANLU_ERR_MEMORY;
  y->technology = technology;
  y->dataset = technology->dataset;
  y->width = width;
  y->n = technology->n;
  y->categories = technology->categories;
  y->targets = levers->targets;
  y->products = y->dataset->products.product.count;
  y->unknowns = 1 + y->targets + y->products;
  bool complete = allocate(y, context);
  if (complete) {
    for (size_t i = 0; i < y->n; i++) y->set_of[i] = TANLU_NONE;
    find_classes(y, levers);
    y->class_inputs = tanlu_allocate_doubles(context, y->n, y->classes);
    y->class_demand = tanlu_allocate_doubles(context, y->classes, y->categories);
    y->factor = tanlu_allocate_doubles(context, y->classes, width);
    y->demand_factor = tanlu_allocate_doubles(context, y->classes * y->categories, width);
    complete = y->class_inputs != NULL && y->class_demand != NULL && y->factor != NULL && y->demand_factor != NULL;
  }
  if (!complete) {
    tanlu_economy_free(&y);
    return TANLU_ERR_MEMORY;
  }
  add_up_base(y);
  for (size_t k = 0; y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT && k < y->n * y->n; k++) {
    y->domestic[k] = technology->a[k] * technology->domestic[k];
  }
  *economy = y;
  return TANLU_OK;
}

/* ---- the year ----------------------------------------------------------------------------------------------------- */

/* What the equations ask for. */
TANLU_EACH_ISA
static void set_goals(tanlu_economy *y, const tanlu_levers *levers) {
  const size_t width = y->width;
  for (size_t e = 0; e < y->unknowns; e++) {
    for (size_t l = 0; l < width; l++) {
      double *goal = &y->goal[e * width + l];
      if (e == 0) {
        *goal = y->base_gdp * y->gdp_index[l];
      } else if (e <= y->targets) {
        *goal = tanlu_lever(levers, TANLU_DRIVER_STRUCTURE_SHARE, e - 1, 0)[l];
      } else {
        const size_t p = e - 1 - y->targets;
        *goal = y->base_product[p] / y->dataset->products.base[p] *
                tanlu_lever(levers, TANLU_DRIVER_PRODUCT_PATH, p, 0)[l] *
                tanlu_lever(levers, TANLU_DRIVER_PRODUCT_VALUE, p, 0)[l];
      }
      y->binds[e * width + l] = !isnan(*goal);
    }
  }
}

/* Imports: every use of product i changes by the driver's index. */
static void change_imports(tanlu_economy *y, const tanlu_levers *levers, tanlu_lane_report *report) {
  const size_t width = y->width;
  y->imports_change = false;
  for (size_t i = 0; i < y->n; i++) {
    const double *index = tanlu_import_index(y, levers, i);
    for (size_t l = 0; l < width; l++) {
      if (index[l] == 1.0) continue;
      y->imports_change = true;
      const double most = index[l] * (1.0 - y->lowest_domestic[i]);
      if (most <= 1.0) continue;
      tanlu_lane_fail(report, l,
                      "year %d: imports of %s reach %.4g of a use; expected a share of at most 1 (imports index %.4g)",
                      levers->year, y->dataset->accounts.sector.code[i], most, index[l]);
    }
  }
}

/* Domestic demand that no factor moves: inventories, discrepancy, households' energy, what other regions take. */
TANLU_EACH_ISA
static void fix_demand(tanlu_economy *y, const tanlu_levers *levers, const tanlu_energy_rows *rows) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const tanlu_technology *g = y->technology;
  const size_t width = y->width, n = y->n;
  const double *stocks = tanlu_lever(levers, TANLU_DRIVER_INVENTORIES, 0, 0);
  memset(y->energy_money, 0, y->categories * width * sizeof *y->energy_money);
  for (size_t i = 0; i < n; i++) {
    const double *index = tanlu_import_index(y, levers, i);
    const size_t row = g->row_of[i];
    double *to = y->fixed_demand + i * width;
    for (size_t l = 0; l < width; l++) to[l] = a->discrepancy[i] * y->gdp_index[l];
    for (size_t k = 0; k < y->categories; k++) {
      const double domestic = g->final_domestic[k * n + i];
      if (a->role[k] == TANLU_ROLE_INVENTORIES) {
        const double base = domestic * a->final_use[k * n + i];
        for (size_t l = 0; l < width; l++) to[l] += base * stocks[l] * y->gdp_index[l];
      } else if (a->role[k] == TANLU_ROLE_REGIONS) {
        for (size_t l = 0; l < width; l++) to[l] += tanlu_sent(y, k, i, l);
      } else if (tanlu_is_household(a->role[k]) && row != TANLU_NONE) {
        const double *money = rows->money + (2 * row + (a->role[k] == TANLU_ROLE_URBAN ? 0 : 1)) * width;
        for (size_t l = 0; l < width; l++) {
          y->energy_money[k * width + l] += money[l];
          to[l] += (1.0 - index[l] * (1.0 - domestic)) * money[l];
        }
      }
    }
  }
}

void tanlu_economy_outside(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows) {
  fix_demand(economy, levers, rows);
}

void tanlu_economy_year(tanlu_economy *economy, const tanlu_levers *levers, const double *gdp_index, const double *held,
                        const tanlu_energy_rows *rows, tanlu_lane_report *report) {
  tanlu_economy *y = economy;
  memcpy(y->gdp_index, gdp_index, y->width * sizeof *gdp_index);
  memcpy(y->held, held, y->unknowns * y->width * sizeof *held);
  for (size_t k = 0; k < y->unknowns * y->width; k++) y->shaped[k] = (double)NAN;
  set_goals(y, levers);
  change_imports(y, levers, report);
  fix_demand(y, levers, rows);
}
