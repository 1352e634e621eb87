#include "model/economy.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* ---- creation ---------------------------------------------------------------------------------------------------------- */

static bool is_household(tanlu_category_role role) {
  return role == TANLU_ROLE_URBAN || role == TANLU_ROLE_RURAL;
}

/* Categories whose domestic share is as published, whatever imports do. */
static bool is_fixed(tanlu_category_role role) {
  return role == TANLU_ROLE_EXPORTS || role == TANLU_ROLE_INVENTORIES;
}

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
    if (a->role[k] == TANLU_ROLE_INVENTORIES) continue;
    for (size_t i = 0; i < n; i++) {
      const double use = a->final_use[k * n + i], domestic = g->final_domestic[k * n + i];
      y->base_use += use;
      if (!is_fixed(a->role[k])) y->lowest_domestic[i] = fmin(y->lowest_domestic[i], domestic);
      if (is_household(a->role[k]) && g->row_of[i] != TANLU_NONE) continue;
      y->class_demand[y->class_of[i] * y->categories + k] += use;
      y->demand[i * y->categories + k] = domestic * use;
      if (is_fixed(a->role[k])) continue;
      y->foreign[i * y->categories + k] = (1.0 - domestic) * use;
    }
  }
}

void tanlu_economy_free(tanlu_economy **economy) {
  tanlu_economy *y = *economy;
  if (y == NULL) return;
  double *const array[] = {y->class_inputs,
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
                           y->final_use,
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

/* ---- the year ---------------------------------------------------------------------------------------------------------- */

static const double *import_index(const tanlu_economy *y, const tanlu_levers *levers, size_t i) {
  return tanlu_lever(levers, TANLU_DRIVER_IMPORT_SHARE, y->kind[y->class_of[i]].group, 0);
}

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
    const double *index = import_index(y, levers, i);
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

/* Domestic demand that no factor moves: inventories, discrepancy, households' energy. */
TANLU_EACH_ISA
static void fix_demand(tanlu_economy *y, const tanlu_levers *levers, const tanlu_energy_rows *rows) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const tanlu_technology *g = y->technology;
  const size_t width = y->width, n = y->n;
  const double *stocks = tanlu_lever(levers, TANLU_DRIVER_INVENTORIES, 0, 0);
  memset(y->energy_money, 0, y->categories * width * sizeof *y->energy_money);
  for (size_t i = 0; i < n; i++) {
    const double *index = import_index(y, levers, i);
    const size_t row = g->row_of[i];
    double *to = y->fixed_demand + i * width;
    for (size_t l = 0; l < width; l++) to[l] = a->discrepancy[i] * y->gdp_index[l];
    for (size_t k = 0; k < y->categories; k++) {
      const double domestic = g->final_domestic[k * n + i];
      if (a->role[k] == TANLU_ROLE_INVENTORIES) {
        const double base = domestic * a->final_use[k * n + i];
        for (size_t l = 0; l < width; l++) to[l] += base * stocks[l] * y->gdp_index[l];
      } else if (is_household(a->role[k]) && row != TANLU_NONE) {
        const double *money = rows->money + (2 * row + (a->role[k] == TANLU_ROLE_URBAN ? 0 : 1)) * width;
        for (size_t l = 0; l < width; l++) {
          y->energy_money[k * width + l] += money[l];
          to[l] += (1.0 - index[l] * (1.0 - domestic)) * money[l];
        }
      }
    }
  }
}

void tanlu_economy_year(tanlu_economy *economy, const tanlu_levers *levers, const double *gdp_index, const double *held,
                        const tanlu_energy_rows *rows, tanlu_lane_report *report) {
  tanlu_economy *y = economy;
  memcpy(y->gdp_index, gdp_index, y->width * sizeof *gdp_index);
  memcpy(y->held, held, y->unknowns * y->width * sizeof *held);
  set_goals(y, levers);
  change_imports(y, levers, report);
  fix_demand(y, levers, rows);
}

/* ---- factors ----------------------------------------------------------------------------------------------------------- */

/* exp, which most unknowns do not need: what no goal has moved is 0. */
static double factor_of(double logarithm) {
  return logarithm == 0.0 ? 1.0 : exp(logarithm);
}

/* F, phi, q and (phi / mean phi)^theta. */
static void spread_unknowns(tanlu_economy *y, const tanlu_levers *levers, const double *unknown) {
  const size_t width = y->width, rest = y->targets;
  const double *theta = tanlu_lever(levers, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 0, 0);
  double weight = 0.0;
  for (size_t k = 0; k <= rest; k++) weight += y->mean_weight[k];
  for (size_t l = 0; l < width; l++) {
    double mean = y->mean_weight[rest];
    y->phi[rest * width + l] = 1.0;
    for (size_t k = 0; k < rest; k++) {
      y->phi[k * width + l] = factor_of(unknown[(1 + k) * width + l]);
      mean += y->mean_weight[k] * y->phi[k * width + l];
    }
    const double log_mean = weight > 0.0 ? log(mean / weight) : 0.0;
    for (size_t k = 0; k <= rest; k++) {
      const double log_phi = k < rest ? unknown[(1 + k) * width + l] : 0.0;
      const bool still = theta[l] == 0.0 || log_phi == log_mean;
      y->pull[k * width + l] = still ? 1.0 : exp(theta[l] * (log_phi - log_mean));
    }
    for (size_t p = 0; p < y->products; p++) y->q[p * width + l] = factor_of(unknown[(1 + rest + p) * width + l]);
    y->final_use[l] = y->base_use * exp(unknown[l]);
  }
}

/* Factors of the classes: r q of inputs; composition phi q of final demand by category, still to be scaled. */
TANLU_EACH_ISA
static void class_factors(tanlu_economy *y, const tanlu_levers *levers) {
  const size_t width = y->width;
  for (size_t c = 0; c < y->classes; c++) {
    const tanlu_economy_class *kind = &y->kind[c];
    const size_t slot = kind->target == TANLU_NONE ? y->targets : kind->target;
    const double *phi = y->phi + slot * width, *pull = y->pull + slot * width;
    const double *q = kind->product == TANLU_NONE ? NULL : y->q + kind->product * width;
    const double *r = tanlu_lever(levers, TANLU_DRIVER_SUBSTITUTION, kind->group, 0);
    for (size_t l = 0; l < width; l++) {
      y->factor[c * width + l] = kind->energy ? 0.0 : pull[l] * r[l] * (q == NULL ? 1.0 : q[l]);
    }
    for (size_t k = 0; k < y->categories; k++) {
      const double *composition = tanlu_lever(levers, TANLU_DRIVER_COMPOSITION, k, kind->group);
      double *to = y->demand_factor + (c * y->categories + k) * width;
      for (size_t l = 0; l < width; l++) to[l] = composition[l] * phi[l] * (q == NULL ? 1.0 : q[l]);
    }
  }
}

/* Scale final demand to the categories' shares of final use. */
TANLU_EACH_ISA
static void scale_demand(tanlu_economy *y, const tanlu_levers *levers) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width;
  for (size_t k = 0; k < y->categories; k++) {
    double sum[TANLU_LANES_MAX] = {0.0}, scale[TANLU_LANES_MAX];
    const double *share = tanlu_lever(levers, TANLU_DRIVER_CATEGORY_SHARE, k, 0);
    for (size_t c = 0; c < y->classes; c++) {
      const double base = y->class_demand[c * y->categories + k];
      const double *factor = y->demand_factor + (c * y->categories + k) * width;
      for (size_t l = 0; base != 0.0 && l < width; l++) sum[l] += base * factor[l];
    }
    for (size_t l = 0; l < width; l++) {
      const double left = y->final_use[l] * share[l] - y->energy_money[k * width + l];
      scale[l] = a->role[k] == TANLU_ROLE_INVENTORIES || sum[l] == 0.0 ? 0.0 : left / sum[l];
    }
    for (size_t c = 0; c < y->classes; c++) {
      double *factor = y->demand_factor + (c * y->categories + k) * width;
      for (size_t l = 0; l < width; l++) factor[l] *= scale[l];
    }
  }
}

/* s restores the column sums outside energy. */
TANLU_EACH_ISA
static void restore_columns(tanlu_economy *y, const tanlu_levers *levers) {
  const size_t width = y->width, n = y->n;
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)width, (int)y->classes, 1.0, y->class_inputs,
              (int)y->classes, y->factor, (int)width, 0.0, y->own_sum, (int)width);
  for (size_t j = 0; j < n; j++) {
    double *sum = y->own_sum + j * width, *s = y->s + j * width;
    const size_t own = y->set_of[j];
    for (size_t c = 0; own != TANLU_NONE && c < y->classes; c++) { /* inside its own set q is left out */
      const double inputs = y->class_inputs[j * y->classes + c];
      if (y->kind[c].product != own || inputs == 0.0) continue;
      for (size_t l = 0; l < width; l++) {
        const double factor = y->factor[c * width + l];
        sum[l] += inputs * (factor / y->q[own * width + l] - factor);
      }
    }
    const double *fabrication = tanlu_lever(levers, TANLU_DRIVER_FABRICATION, y->kind[y->class_of[j]].group, 0);
    const double base = y->technology->non_energy_sum[j];
    for (size_t l = 0; l < width; l++) {
      s[l] = (sum[l] > 0.0 ? base / sum[l] : 1.0) * fabrication[l];
      y->other_inputs[j * width + l] = sum[l] * s[l];
    }
  }
}

/* Domestic final demand of product i. */
TANLU_EACH_ISA
static void final_demand(const tanlu_economy *y, const double *restrict index, size_t i) {
  const size_t width = y->width;
  const double *restrict factors = y->demand_factor + y->class_of[i] * y->categories * width;
  const double *restrict fixed = y->fixed_demand + i * width;
  double *restrict to = y->final_demand + i * width;
  EACH_LANE(l) to[l] = fixed[l];
  for (size_t k = 0; k < y->categories; k++) {
    const double base = y->demand[i * y->categories + k], foreign = y->foreign[i * y->categories + k];
    const double *restrict factor = factors + k * width;
    if (base != 0.0) EACH_LANE(l) to[l] += base * factor[l];
    if (y->imports_change && foreign != 0.0) EACH_LANE(l) to[l] += (1.0 - index[l]) * foreign * factor[l];
  }
}

void tanlu_economy_factors(tanlu_economy *economy, const tanlu_levers *levers, const double *unknown) {
  spread_unknowns(economy, levers, unknown);
  class_factors(economy, levers);
  scale_demand(economy, levers);
  restore_columns(economy, levers);
  for (size_t i = 0; i < economy->n; i++) final_demand(economy, import_index(economy, levers, i), i);
}

/* ---- balance ----------------------------------------------------------------------------------------------------------- */

TANLU_EACH_ISA
void tanlu_economy_multiply(tanlu_economy *economy, const double *output) {
  tanlu_economy *y = economy;
  const int n = (int)y->n, width = (int)y->width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  for (size_t i = 0; i < y->n * y->width; i++) y->scaled[i] = y->s[i] * output[i];
  /* row-major: the columns of A are the rows of its transpose */
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, width, n, 1.0, split ? y->domestic : y->technology->a, n,
              y->scaled, width, 0.0, y->product, width);
  if (split && y->imports_change) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, width, n, 1.0, y->technology->a, n, y->scaled, width, 0.0,
                y->product_all, width);
  }
}

void tanlu_economy_multiply_near(tanlu_economy *economy, const double *output, const double *base,
                                 const double *base_all, const double *base_output, size_t first, size_t count) {
  tanlu_economy *y = economy;
  const size_t n = y->n, width = y->width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  const double *matrix = split ? y->domestic : y->technology->a;
  for (size_t i = 0; i < n * width; i++) y->scaled[i] = y->s[i] * output[i];
  for (size_t l = 0; l < width; l++) {
    const size_t j = first + (l < count ? l : 0);
    const double more = l < count ? y->s[j * width + l] * (output[j * width + l] - base_output[j]) : 0.0;
    for (size_t i = 0; i < n; i++) {
      y->product[i * width + l] = base[i] + matrix[j * n + i] * more;
      if (split && y->imports_change) {
        y->product_all[i * width + l] = base_all[i] + y->technology->a[j * n + i] * more;
      }
    }
  }
}

/* Sum over the columns of its own set of what row i sells there, the domestic or the foreign part of it. */
TANLU_EACH_ISA
static void own_set(const tanlu_economy *y, size_t i, const double *index, bool foreign, double *sum) {
  const size_t width = y->width, n = y->n;
  const tanlu_technology *g = y->technology;
  memset(sum, 0, width * sizeof *sum);
  for (size_t j = 0; j < n; j++) {
    if (y->set_of[j] != y->set_of[i] || g->a[j * n + i] == 0.0) continue;
    for (size_t l = 0; l < width; l++) {
      const double share = index[l] * (1.0 - g->domestic[j * n + i]);
      sum[l] += g->a[j * n + i] * (foreign ? share : 1.0 - share) * y->scaled[j * width + l];
    }
  }
}

/* Rows outside energy: output less domestic inputs and demand. */
TANLU_EACH_ISA
static void balance_row(const tanlu_economy *y, const double *restrict index, size_t i, const double *restrict x,
                        double *restrict to) {
  const size_t width = y->width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  const double *restrict product = y->product + i * width, *restrict fixed = y->final_demand + i * width;
  const double *restrict factor = y->factor + y->class_of[i] * width;
  if (!split) {
    const double foreign = 1.0 - y->technology->domestic[i];
    EACH_LANE(l) to[l] = x[l] - fixed[l] - factor[l] * product[l] * (1.0 - index[l] * foreign);
  } else if (!y->imports_change) {
    EACH_LANE(l) to[l] = x[l] - fixed[l] - factor[l] * product[l];
  } else {
    const double *restrict all = y->product_all + i * width;
    EACH_LANE(l) {
      to[l] = x[l] - fixed[l] - factor[l] * (index[l] * product[l] + (1.0 - index[l]) * all[l]);
    }
  }
}

/* Energy rows: sum_j a_kj d_kj x_j. */
TANLU_EACH_ISA
static void subtract_energy(const tanlu_economy *y, const tanlu_energy_rows *rows, const double *restrict index,
                            size_t k, const double *restrict output, double *restrict to) {
  const size_t width = y->width, n = y->n, count = y->technology->rows;
  const double *restrict domestic = y->technology->domestic + y->technology->row[k];
  const double *restrict coefficient = rows->coefficient + k * width;
  double home[TANLU_LANES_MAX], all[TANLU_LANES_MAX];
  EACH_LANE(l) home[l] = all[l] = 0.0;
  for (size_t j = 0; j < n; j++) {
    const double *restrict a = coefficient + j * count * width, *restrict x = output + j * width;
    const double share = domestic[j * n];
    EACH_LANE(l) {
      const double money = a[l] * x[l];
      all[l] += money;
      home[l] += share * money;
    }
  }
  EACH_LANE(l) to[l] -= index[l] * home[l] + (1.0 - index[l]) * all[l];
}

/* v, and what the equations add up. */
TANLU_EACH_ISA
static void add_up(tanlu_economy *y, const tanlu_energy_rows *rows, const double *output) {
  const size_t width = y->width;
  memset(y->sum, 0, y->unknowns * width * sizeof *y->sum);
  for (size_t j = 0; j < y->n; j++) {
    const tanlu_economy_class *kind = &y->kind[y->class_of[j]];
    const double *restrict x = output + j * width, *restrict energy = rows->inputs + j * width;
    const double *restrict other = y->other_inputs + j * width;
    double *restrict v = y->v + j * width, *restrict gdp = y->sum;
    EACH_LANE(l) {
      v[l] = 1.0 - other[l] - energy[l];
      gdp[l] += v[l] * x[l];
    }
    if (kind->target != TANLU_NONE) {
      double *restrict sum = y->sum + (1 + kind->target) * width;
      EACH_LANE(l) sum[l] += v[l] * x[l];
    }
    if (kind->product != TANLU_NONE) {
      double *restrict sum = y->sum + (1 + y->targets + kind->product) * width;
      EACH_LANE(l) sum[l] += x[l];
    }
  }
}

void tanlu_economy_goal(const tanlu_economy *economy, const tanlu_levers *levers, size_t unknown,
                        char text[TANLU_GOAL_TEXT]) {
  const tanlu_economy *y = economy;
  if (unknown == 0) {
    snprintf(text, TANLU_GOAL_TEXT, "GDP at %.4g of the base year", y->gdp_index[0]);
  } else if (unknown <= y->targets) {
    const size_t target = unknown - 1;
    const tanlu_labels *group = &y->dataset->level[levers->target_level[target]].group;
    snprintf(text, TANLU_GOAL_TEXT, "structure.share.%s = %.4g", group->code[levers->target_group[target]],
             tanlu_lever(levers, TANLU_DRIVER_STRUCTURE_SHARE, target, 0)[0]);
  } else {
    const size_t p = unknown - 1 - y->targets;
    snprintf(text, TANLU_GOAL_TEXT, "products.%s = %.6g %s", y->dataset->products.product.code[p],
             tanlu_lever(levers, TANLU_DRIVER_PRODUCT_PATH, p, 0)[0], y->dataset->products.unit[p]);
  }
}

/* Logarithms of reached over wanted; unknowns without a goal stay where they are held. */
TANLU_EACH_ISA
static void measure_gaps(const tanlu_economy *y, const tanlu_levers *levers, const double *unknown, double *gap,
                         tanlu_lane_report *report) {
  const size_t width = y->width;
  for (size_t e = 0; e < y->unknowns; e++) {
    for (size_t l = 0; l < width; l++) {
      const size_t at = e * width + l;
      if (!y->binds[at]) {
        gap[at] = unknown[at] - y->held[at];
        continue;
      }
      const double reached = y->sum[at], wanted = y->goal[at] * (e > 0 && e <= y->targets ? y->sum[l] : 1.0);
      gap[at] = log(reached / wanted);
      if (reached > 0.0 && wanted > 0.0) continue;
      char text[TANLU_GOAL_TEXT];
      tanlu_economy_goal(y, levers, e, text);
      tanlu_lane_fail(report, l, "year %d: %s cannot be met: the accounts give %.4g x 1e4 CNY for %.4g", levers->year,
                      text, reached, wanted);
      gap[at] = 0.0;
    }
  }
}

TANLU_EACH_ISA
static void check_value_added(const tanlu_economy *y, int year, tanlu_lane_report *report) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width;
  double wrong[TANLU_LANES_MAX];
  bool bad = false;
  EACH_LANE(l) wrong[l] = 0.0;
  for (size_t j = 0; j < y->n; j++) {
    const double *restrict v = y->v + j * width;
    if (a->output[j] > 0.0) EACH_LANE(l) wrong[l] += v[l] > 0.0 ? 0.0 : 1.0;
  }
  for (size_t l = 0; l < width; l++) bad = bad || wrong[l] > 0.0;
  for (size_t j = 0; bad && j < y->n; j++) {
    if (!(a->output[j] > 0.0)) continue;
    for (size_t l = 0; l < width; l++) {
      if (y->v[j * width + l] > 0.0) continue;
      tanlu_lane_fail(report, l,
                      "year %d: sector %s (%s) pays %.4g for inputs per unit of output; expected less than 1", year,
                      a->sector.code[j], a->sector.name[j], 1.0 - y->v[j * width + l]);
    }
  }
}

TANLU_EACH_ISA
void tanlu_economy_balance(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                           const double *output, const double *unknown, double *balance, double *gap,
                           tanlu_lane_report *report) {
  tanlu_economy *y = economy;
  const size_t width = y->width;
  add_up(y, rows, output);
  check_value_added(y, levers->year, report);
  for (size_t i = 0; i < y->n; i++) {
    const size_t row = y->technology->row_of[i];
    const double *index = import_index(y, levers, i), *x = output + i * width;
    double *to = balance + i * width;
    if (row == TANLU_NONE) {
      balance_row(y, index, i, x, to);
    } else {
      for (size_t l = 0; l < width; l++) to[l] = x[l] - y->final_demand[i * width + l];
      subtract_energy(y, rows, index, row, output, to);
    }
    if (row == TANLU_NONE && y->set_of[i] != TANLU_NONE) { /* inside its own set q is left out */
      const double *factor = y->factor + y->class_of[i] * width, *q = y->q + y->set_of[i] * width;
      double own[TANLU_LANES_MAX];
      own_set(y, i, index, false, own);
      for (size_t l = 0; l < width; l++) to[l] += (factor[l] - factor[l] / q[l]) * own[l];
    }
  }
  measure_gaps(y, levers, unknown, gap, report);
}

/* ---- imports ----------------------------------------------------------------------------------------------------------- */

/* Foreign products for final use. */
TANLU_EACH_ISA
static void import_demand(const tanlu_economy *y, const tanlu_levers *levers, const tanlu_energy_rows *rows, size_t i,
                          const double *index, double *to) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width, row = y->technology->row_of[i];
  const double *stocks = tanlu_lever(levers, TANLU_DRIVER_INVENTORIES, 0, 0);
  for (size_t k = 0; k < y->categories; k++) {
    const double share = 1.0 - y->technology->final_domestic[k * y->n + i], base = share * a->final_use[k * y->n + i];
    const double *factor = y->demand_factor + (y->class_of[i] * y->categories + k) * width;
    const bool household = is_household(a->role[k]) && row != TANLU_NONE;
    const double *money = household ? rows->money + (2 * row + (a->role[k] == TANLU_ROLE_URBAN ? 0 : 1)) * width : NULL;
    if (share == 0.0) continue;
    for (size_t l = 0; l < width; l++) {
      if (money != NULL) {
        to[l] += index[l] * share * money[l];
      } else if (a->role[k] == TANLU_ROLE_INVENTORIES) {
        to[l] += base * stocks[l] * y->gdp_index[l];
      } else {
        to[l] += (a->role[k] == TANLU_ROLE_EXPORTS ? 1.0 : index[l]) * base * factor[l];
      }
    }
  }
}

/* Foreign products for the inputs of energy row `row`. */
TANLU_EACH_ISA
static void import_energy(const tanlu_economy *y, const tanlu_energy_rows *rows, const double *restrict index,
                          size_t row, const double *restrict output, double *restrict to) {
  const size_t width = y->width, n = y->n, count = y->technology->rows;
  const double *restrict domestic = y->technology->domestic + y->technology->row[row];
  for (size_t j = 0; j < n; j++) {
    const double *restrict a = rows->coefficient + (j * count + row) * width, *restrict x = output + j * width;
    const double foreign = 1.0 - domestic[j * n];
    EACH_LANE(l) to[l] += index[l] * foreign * (a[l] * x[l]);
  }
}

TANLU_EACH_ISA
void tanlu_economy_imports(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                           const double *output, double *imports) {
  tanlu_economy *y = economy;
  const size_t width = y->width, n = y->n;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  if (split && !y->imports_change) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)width, (int)n, 1.0, y->technology->a, (int)n,
                y->scaled, (int)width, 0.0, y->product_all, (int)width);
  }
  memset(imports, 0, n * width * sizeof *imports);
  for (size_t i = 0; i < n; i++) {
    const size_t row = y->technology->row_of[i];
    const double *index = import_index(y, levers, i), *product = y->product + i * width;
    const double *factor = y->factor + y->class_of[i] * width;
    double *to = imports + i * width;
    import_demand(y, levers, rows, i, index, to);
    if (row != TANLU_NONE) {
      import_energy(y, rows, index, row, output, to);
      continue;
    }
    const double share = 1.0 - y->technology->domestic[i]; /* of a whole row, without a split */
    for (size_t l = 0; l < width; l++) {
      to[l] += factor[l] * index[l] * (split ? y->product_all[i * width + l] - product[l] : product[l] * share);
    }
    if (y->set_of[i] == TANLU_NONE) continue;
    const double *q = y->q + y->set_of[i] * width;
    double own[TANLU_LANES_MAX];
    own_set(y, i, index, true, own);
    for (size_t l = 0; l < width; l++) to[l] -= (factor[l] - factor[l] / q[l]) * own[l];
  }
}
