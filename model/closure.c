#include "model/closure.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* phi and q are sought within these bounds: a factor of a thousand is no structure that the table can speak for. */
static const double lowest_factor = 1e-3, highest_factor = 1e3;
/* Longest step of a logarithm: keeps Newton inside the region where the model is smooth. */
static const double longest_step = 0.7;
/* A Jacobian that no longer brings the gap down by this factor is built anew. */
static const double slow_contraction = 0.2;

typedef enum { EQUATION_GDP, EQUATION_SHARE, EQUATION_PRODUCT } equation_kind;
typedef struct {
  equation_kind kind;
  size_t member; /* target or product */
  size_t slot;   /* of its unknown in log_factor */
} equation;

struct tanlu_closure {
  const tanlu_technology *technology;
  const tanlu_dataset *dataset;
  size_t n, categories, targets, products;
  size_t unknowns;    /* of this year, GDP first */
  equation *equation; /* 1 + targets + products */
  double *log_factor; /* 1 + targets + products: log F, log phi, log q; held where nothing binds in a year */
  double gdp_index;   /* of the last year begun: F starts where growth puts it */
  bool *in_target;    /* targets x n */
  size_t *set_of;     /* n: product that may control the sector, TANLU_NONE */
  double base_use;    /* final use without inventories in the base year */
  double base_gdp;
  double *phi, *q, *r, *s; /* n each: phi of the product; q of its set; r without q */
  double *factor;          /* n: what row_factors has filled in for the set factors_of */
  size_t factors_of;
  double *domestic;       /* n x n: D of the year */
  double *final_domestic; /* n x categories of the year */
  bool imports_change;
  double *a, *ad;     /* n x n */
  double *v, *x, *yd; /* n */
  double *y;          /* n x categories */
  double *rhs;        /* n x unknowns */
  double *gap, *work; /* unknowns */
  double *jacobian;   /* unknowns x unknowns, factored */
  lapack_int *pivot;
  bool jacobian_known;
  double last_gap;
  tanlu_leontief *solver;
};

/* ---- creation ---------------------------------------------------------------------------------------------------------- */

static bool sector_in_target(const tanlu_dataset *d, const tanlu_drivers *drivers, size_t target, size_t sector) {
  return d->level[drivers->target_level[target]].of_sector[sector] == drivers->target_group[target];
}

static void describe(tanlu_closure *c, const tanlu_drivers *drivers) {
  const tanlu_dataset *d = c->dataset;
  const tanlu_accounts *a = &d->accounts;
  for (size_t target = 0; target < c->targets; target++) {
    for (size_t j = 0; j < c->n; j++) c->in_target[target * c->n + j] = sector_in_target(d, drivers, target, j);
  }
  for (size_t j = 0; j < c->n; j++) {
    c->set_of[j] = TANLU_NONE;
    for (size_t p = 0; p < c->products; p++) {
      if (d->products.kind[p] == TANLU_PRODUCT_CONTROLLED && d->products.in_set[p * c->n + j]) c->set_of[j] = p;
    }
    for (size_t k = 0; k < a->component.count; k++) c->base_gdp += a->value_added[j * a->component.count + k];
  }
  for (size_t k = 0; k < c->categories; k++) {
    if (a->role[k] == TANLU_ROLE_INVENTORIES) continue;
    for (size_t i = 0; i < c->n; i++) c->base_use += a->final_use[k * c->n + i];
  }
}

tanlu_status tanlu_closure_create(tanlu_closure **closure, const tanlu_technology *technology,
                                  const tanlu_drivers *drivers, tanlu_context *context) {
  *closure = NULL;
  tanlu_closure *c = tanlu_allocate(context, 1, sizeof *c);
  if (c == NULL) return TANLU_ERR_MEMORY;
  const size_t n = c->n = technology->n;
  c->technology = technology;
  c->dataset = technology->dataset;
  c->categories = technology->categories;
  c->targets = drivers->targets;
  c->products = c->dataset->products.product.count;
  const size_t most = 1 + c->targets + c->products;
  double **const vector[] = {&c->phi, &c->q, &c->r, &c->s, &c->v, &c->x, &c->yd, &c->factor};
  bool allocated = true;
  for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
    *vector[i] = tanlu_allocate_doubles(context, n, 1);
    allocated = allocated && *vector[i] != NULL;
  }
  c->domestic = tanlu_allocate_doubles(context, n, n);
  c->final_domestic = tanlu_allocate_doubles(context, n, c->categories);
  c->a = tanlu_allocate_doubles(context, n, n);
  c->ad = tanlu_allocate_doubles(context, n, n);
  c->y = tanlu_allocate_doubles(context, n, c->categories);
  c->rhs = tanlu_allocate_doubles(context, n, most);
  c->gap = tanlu_allocate_doubles(context, most, 1);
  c->work = tanlu_allocate_doubles(context, most, 1);
  c->log_factor = tanlu_allocate_doubles(context, most, 1);
  c->jacobian = tanlu_allocate_doubles(context, most, most);
  c->pivot = tanlu_allocate(context, most, sizeof *c->pivot);
  c->equation = tanlu_allocate(context, most, sizeof *c->equation);
  c->in_target = tanlu_allocate(context, c->targets * n, sizeof *c->in_target);
  c->set_of = tanlu_allocate(context, n, sizeof *c->set_of);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (allocated && c->domestic != NULL && c->final_domestic != NULL && c->a != NULL && c->ad != NULL && c->y != NULL &&
      c->rhs != NULL && c->gap != NULL && c->work != NULL && c->log_factor != NULL && c->jacobian != NULL &&
      c->pivot != NULL && c->equation != NULL && c->in_target != NULL && c->set_of != NULL) {
    status = tanlu_leontief_create(&c->solver, TANLU_SOLVER_DIRECT, n, context);
  }
  if (status == TANLU_OK) {
    describe(c, drivers);
    c->gdp_index = 1.0;
    memcpy(c->x, c->dataset->accounts.output, n * sizeof *c->x);
  } else {
    tanlu_closure_free(&c);
  }
  *closure = c;
  return status;
}

void tanlu_closure_free(tanlu_closure **closure) {
  tanlu_closure *c = *closure;
  if (c == NULL) return;
  double *const array[] = {c->factor, c->phi, c->q,    c->r,          c->s,        c->v,
                           c->x,      c->yd,  c->work, c->domestic,   c->a,        c->ad,
                           c->y,      c->rhs, c->gap,  c->log_factor, c->jacobian, c->final_domestic};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(c->pivot);
  free(c->equation);
  free(c->in_target);
  free(c->set_of);
  tanlu_leontief_free(&c->solver);
  free(c);
  *closure = NULL;
}

/* ---- a year ---------------------------------------------------------------------------------------------------------- */

static size_t policy_group(const tanlu_closure *c, size_t sector) {
  return c->dataset->level[c->dataset->policy_level].of_sector[sector];
}

/* Domestic shares: the import share of every use of product i changes by the driver's index. */
static tanlu_status change_imports(tanlu_closure *c, const tanlu_closure_year *year, tanlu_context *context) {
  const tanlu_technology *g = c->technology;
  const tanlu_accounts *accounts = &c->dataset->accounts;
  for (size_t i = 0; i < c->n; i++) {
    const double index = tanlu_driver(year->drivers, TANLU_DRIVER_IMPORT_SHARE, year->t, policy_group(c, i), 0);
    double lowest = 1.0;
    for (size_t j = 0; j < c->n; j++) {
      const double share = index == 1.0 ? g->domestic[j * c->n + i] : 1.0 - index * (1.0 - g->domestic[j * c->n + i]);
      c->domestic[j * c->n + i] = share;
      lowest = fmin(lowest, share);
    }
    for (size_t k = 0; k < c->categories; k++) {
      const double base = g->final_domestic[k * c->n + i];
      const bool fixed =
          index == 1.0 || accounts->role[k] == TANLU_ROLE_EXPORTS || accounts->role[k] == TANLU_ROLE_INVENTORIES;
      c->final_domestic[k * c->n + i] = fixed ? base : 1.0 - index * (1.0 - base);
      if (!fixed) lowest = fmin(lowest, c->final_domestic[k * c->n + i]);
    }
    if (index != 1.0 && lowest < 0.0) {
      return tanlu_fail(
          context, TANLU_ERR_MODEL,
          "year %d: imports of %s reach %.4g of a use; expected a share of at most 1 (imports index %.4g)",
          year->drivers->from + (int)year->t, accounts->sector.code[i], 1.0 - lowest, index);
    }
  }
  return TANLU_OK;
}

tanlu_status tanlu_closure_begin(tanlu_closure *closure, const tanlu_closure_year *year, tanlu_context *context) {
  tanlu_closure *c = closure;
  const size_t before = c->unknowns;
  size_t count = 0;
  c->equation[count++] = (equation){EQUATION_GDP, 0, 0};
  for (size_t target = 0; target < c->targets; target++) {
    if (isnan(tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SHARE, year->t, target, 0))) continue;
    c->equation[count++] = (equation){EQUATION_SHARE, target, 1 + target};
  }
  for (size_t p = 0; p < c->products; p++) {
    if (isnan(tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, p, 0))) continue;
    c->equation[count++] = (equation){EQUATION_PRODUCT, p, 1 + c->targets + p};
  }
  c->log_factor[0] += log(year->gdp_index / c->gdp_index);
  c->gdp_index = year->gdp_index;
  c->unknowns = count;
  c->jacobian_known = c->jacobian_known && count == before;
  c->last_gap = (double)INFINITY;
  return change_imports(c, year, context);
}

/* phi and q of every sector; a target or path that no longer binds keeps its last factor. */
static void spread_factors(tanlu_closure *c) {
  for (size_t i = 0; i < c->n; i++) {
    const size_t product = c->set_of[i];
    c->q[i] = product == TANLU_NONE ? 1.0 : exp(c->log_factor[1 + c->targets + product]);
    c->phi[i] = 1.0;
    for (size_t target = 0; target < c->targets; target++) {
      if (c->in_target[target * c->n + i]) c->phi[i] = exp(c->log_factor[1 + target]);
    }
  }
}

/* r q of every row as column j sees it: 0 in energy rows, q left out inside the product's own set. */
static const double *row_factors(tanlu_closure *c, size_t j) {
  const size_t set = c->set_of[j];
  if (set == c->factors_of) return c->factor;
  for (size_t i = 0; i < c->n; i++) {
    const bool own = set != TANLU_NONE && c->set_of[i] == set;
    c->factor[i] = c->technology->row_of[i] != TANLU_NONE ? 0.0 : c->r[i] * (own ? 1.0 : c->q[i]);
  }
  c->factors_of = set;
  return c->factor;
}

/* A_t, A_d,t and v. */
static tanlu_status build_technology(tanlu_closure *c, const tanlu_closure_year *year, tanlu_context *context) {
  const tanlu_technology *g = c->technology;
  const size_t n = c->n;
  const double theta = tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, year->t, 0, 0);
  double weight = 0.0, mean = 0.0;
  for (size_t i = 0; i < n; i++) {
    if (g->row_of[i] != TANLU_NONE) continue;
    weight += g->final_total[i];
    mean += g->final_total[i] * c->phi[i];
  }
  mean = weight > 0.0 ? mean / weight : 1.0;
  for (size_t i = 0; i < n; i++) {
    const double pull = theta == 0.0 || c->phi[i] == mean ? 1.0 : pow(c->phi[i] / mean, theta);
    c->r[i] = g->row_of[i] == TANLU_NONE
                  ? pull * tanlu_driver(year->drivers, TANLU_DRIVER_SUBSTITUTION, year->t, policy_group(c, i), 0)
                  : 1.0;
  }
  c->factors_of = c->products; /* of no set: filled at the first column */
  for (size_t j = 0; j < n; j++) {
    double *restrict a = c->a + j * n, *restrict ad = c->ad + j * n;
    const double *restrict base = g->a + j * n, *restrict domestic = c->domestic + j * n;
    const double *restrict factor = row_factors(c, j);
    const double fabrication = tanlu_driver(year->drivers, TANLU_DRIVER_FABRICATION, year->t, policy_group(c, j), 0);
    const double sum = cblas_ddot((int)n, base, 1, factor, 1);
    const double s = c->s[j] = (sum > 0.0 ? g->non_energy_sum[j] / sum : 1.0) * fabrication;
    double column = sum * s;
    for (size_t i = 0; i < n; i++) a[i] = base[i] * factor[i] * s;
    for (size_t k = 0; k < g->rows; k++) {
      a[g->row[k]] = year->energy_rows[k * n + j];
      column += a[g->row[k]];
    }
    for (size_t i = 0; i < n; i++) ad[i] = a[i] * domestic[i];
    c->v[j] = 1.0 - column;
    if (!(c->v[j] > 0.0) && c->dataset->accounts.output[j] > 0.0) {
      return tanlu_fail(context, TANLU_ERR_MODEL,
                        "year %d: sector %s (%s) pays %.4g for inputs per unit of output; expected less than 1",
                        year->drivers->from + (int)year->t, c->dataset->accounts.sector.code[j],
                        c->dataset->accounts.sector.name[j], column);
    }
  }
  return TANLU_OK;
}

/* Final use by category and product. */
static void build_demand(tanlu_closure *c, const tanlu_closure_year *year) {
  const tanlu_technology *g = c->technology;
  const tanlu_accounts *a = &c->dataset->accounts;
  const size_t n = c->n;
  const double total = c->base_use * exp(c->log_factor[0]);
  memcpy(c->yd, a->discrepancy, n * sizeof *c->yd);
  for (size_t i = 0; i < n; i++) c->yd[i] *= year->gdp_index;
  for (size_t k = 0; k < c->categories; k++) {
    const double *base = a->final_use + k * n;
    double *y = c->y + k * n;
    if (a->role[k] == TANLU_ROLE_INVENTORIES) {
      const double index = tanlu_driver(year->drivers, TANLU_DRIVER_INVENTORIES, year->t, 0, 0) * year->gdp_index;
      for (size_t i = 0; i < n; i++) y[i] = base[i] * index;
    } else {
      const bool urban = a->role[k] == TANLU_ROLE_URBAN, household = urban || a->role[k] == TANLU_ROLE_RURAL;
      double left = total * tanlu_driver(year->drivers, TANLU_DRIVER_CATEGORY_SHARE, year->t, k, 0), sum = 0.0;
      for (size_t i = 0; i < n; i++) {
        const size_t row = g->row_of[i];
        if (household && row != TANLU_NONE) {
          y[i] = year->household_energy[2 * row + (urban ? 0 : 1)];
          left -= y[i];
          continue;
        }
        const double composition =
            tanlu_driver(year->drivers, TANLU_DRIVER_COMPOSITION, year->t, k, policy_group(c, i));
        y[i] = base[i] * composition * c->phi[i] * c->q[i];
        sum += y[i];
      }
      for (size_t i = 0; i < n; i++) {
        if (household && g->row_of[i] != TANLU_NONE) continue;
        y[i] = sum != 0.0 ? y[i] * (left / sum) : 0.0;
      }
    }
    for (size_t i = 0; i < n; i++) c->yd[i] += c->final_domestic[k * n + i] * y[i];
  }
}

static tanlu_status solve_output(tanlu_closure *c, const tanlu_closure_year *year, tanlu_context *context) {
  spread_factors(c);
  tanlu_status status = build_technology(c, year, context);
  if (status != TANLU_OK) return status;
  build_demand(c, year);
  size_t culprit = 0;
  status = tanlu_leontief_update(c->solver, c->ad, c->n, &culprit, context);
  if (status != TANLU_OK) {
    return tanlu_fail(context, status, "year %d: the inputs leave no output for final use (sector %s)",
                      year->drivers->from + (int)year->t, c->dataset->accounts.sector.code[culprit]);
  }
  memcpy(c->x, c->yd, c->n * sizeof *c->x);
  return tanlu_leontief_solve(c->solver, c->x, c->n, 1, context);
}

/* Sum over the sectors of an equation: v_j x_j for GDP and shares, x_j for products. */
static double equation_sum(const tanlu_closure *c, const equation *e, const double *x) {
  double sum = 0.0;
  for (size_t j = 0; j < c->n; j++) {
    if (e->kind == EQUATION_GDP || (e->kind == EQUATION_SHARE && c->in_target[e->member * c->n + j])) {
      sum += c->v[j] * x[j];
    } else if (e->kind == EQUATION_PRODUCT && c->set_of[j] == e->member) {
      sum += x[j];
    }
  }
  return sum;
}

/* What equation_sum should be, given the GDP reached. */
static double equation_goal(const tanlu_closure *c, const tanlu_closure_year *year, const equation *e, double gdp) {
  if (e->kind == EQUATION_GDP) return c->base_gdp * year->gdp_index;
  if (e->kind == EQUATION_SHARE) {
    return gdp * tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SHARE, year->t, e->member, 0);
  }
  const tanlu_product_statistics *p = &c->dataset->products;
  return equation_sum(c, e, c->dataset->accounts.output) / p->base[e->member] *
         tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, e->member, 0) *
         tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_VALUE, year->t, e->member, 0);
}

static tanlu_status measure(tanlu_closure *c, const tanlu_closure_year *year, double *largest, tanlu_context *context) {
  const double gdp = equation_sum(c, &c->equation[0], c->x);
  *largest = 0.0;
  for (size_t e = 0; e < c->unknowns; e++) {
    const double reached = equation_sum(c, &c->equation[e], c->x);
    const double goal = equation_goal(c, year, &c->equation[e], gdp);
    if (!(reached > 0.0) || !(goal > 0.0)) {
      return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: a closure target cannot be met (reached %.4g, wanted %.4g)",
                        year->drivers->from + (int)year->t, reached, goal);
    }
    c->gap[e] = log(reached / goal);
    *largest = fmax(*largest, fabs(c->gap[e]));
  }
  return TANLU_OK;
}

/* ---- the Jacobian ------------------------------------------------------------------------------------------------------ */

/* Change of log(r q)_ij with unknown e, for an input i outside the energy rows. */
static double input_response(const tanlu_closure *c, const equation *e, double theta, size_t i, size_t j) {
  if (e->kind == EQUATION_SHARE) return c->in_target[e->member * c->n + i] ? theta : 0.0;
  if (e->kind == EQUATION_PRODUCT) return c->set_of[i] == e->member && c->set_of[j] != e->member ? 1.0 : 0.0;
  return 0.0;
}

/* rhs = dA_d x + dy_d for unknown e: then dx = (I - A_d)^-1 rhs. The change of mean phi cancels in s. */
static void response(tanlu_closure *c, const tanlu_closure_year *year, const equation *e, double *rhs) {
  const tanlu_technology *g = c->technology;
  const tanlu_accounts *a = &c->dataset->accounts;
  const size_t n = c->n;
  const double theta = tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, year->t, 0, 0);
  memset(rhs, 0, n * sizeof *rhs);
  for (size_t j = 0; e->kind != EQUATION_GDP && j < n; j++) {
    const double *column = c->a + j * n, *domestic = c->ad + j * n;
    double sum = 0.0, moved = 0.0;
    for (size_t i = 0; i < n; i++) {
      if (g->row_of[i] != TANLU_NONE) continue;
      sum += column[i];
      moved += column[i] * input_response(c, e, theta, i, j);
    }
    if (sum <= 0.0) continue;
    for (size_t i = 0; i < n; i++) {
      if (g->row_of[i] != TANLU_NONE) continue;
      rhs[i] += domestic[i] * c->x[j] * (input_response(c, e, theta, i, j) - moved / sum);
    }
  }
  for (size_t k = 0; k < c->categories; k++) {
    if (a->role[k] == TANLU_ROLE_INVENTORIES) continue;
    const bool household = a->role[k] == TANLU_ROLE_URBAN || a->role[k] == TANLU_ROLE_RURAL;
    const double *y = c->y + k * n;
    double total = 0.0, free_total = 0.0, moved = 0.0;
    for (size_t i = 0; i < n; i++) {
      total += y[i];
      if (household && g->row_of[i] != TANLU_NONE) continue;
      free_total += y[i];
      const bool member = e->kind == EQUATION_SHARE     ? c->in_target[e->member * n + i]
                          : e->kind == EQUATION_PRODUCT ? c->set_of[i] == e->member
                                                        : false;
      if (member) moved += y[i];
    }
    if (free_total == 0.0) continue;
    for (size_t i = 0; i < n; i++) {
      if (household && g->row_of[i] != TANLU_NONE) continue;
      const bool member = e->kind == EQUATION_SHARE     ? c->in_target[e->member * n + i]
                          : e->kind == EQUATION_PRODUCT ? c->set_of[i] == e->member
                                                        : false;
      const double change = e->kind == EQUATION_GDP ? total / free_total : (member ? 1.0 : 0.0) - moved / free_total;
      rhs[i] += c->final_domestic[k * n + i] * y[i] * change;
    }
  }
}

static tanlu_status build_jacobian(tanlu_closure *c, const tanlu_closure_year *year, tanlu_context *context) {
  const size_t m = c->unknowns;
  for (size_t e = 0; e < m; e++) response(c, year, &c->equation[e], c->rhs + e * c->n);
  const tanlu_status status = tanlu_leontief_solve(c->solver, c->rhs, c->n, m, context);
  if (status != TANLU_OK) return status;
  const double gdp = equation_sum(c, &c->equation[0], c->x);
  for (size_t e = 0; e < m; e++) {
    const double *dx = c->rhs + e * c->n;
    const double gdp_change = equation_sum(c, &c->equation[0], dx) / gdp;
    for (size_t f = 0; f < m; f++) {
      const equation *row = &c->equation[f];
      const double change = equation_sum(c, row, dx) / equation_sum(c, row, c->x);
      c->jacobian[e * m + f] = row->kind == EQUATION_SHARE ? change - gdp_change : change;
    }
  }
  const lapack_int info =
      LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, (lapack_int)m, (lapack_int)m, c->jacobian, (lapack_int)m, c->pivot);
  if (info != 0) {
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "year %d: the structure targets and product paths contradict or repeat each other",
                      year->drivers->from + (int)year->t);
  }
  c->jacobian_known = true;
  return TANLU_OK;
}

tanlu_status tanlu_closure_step(tanlu_closure *closure, const tanlu_closure_year *year, double *gap,
                                tanlu_context *context) {
  tanlu_closure *c = closure;
  tanlu_status status = solve_output(c, year, context);
  if (status == TANLU_OK) status = measure(c, year, gap, context);
  if (status != TANLU_OK) return status;
  if (!c->jacobian_known || *gap > slow_contraction * c->last_gap) status = build_jacobian(c, year, context);
  if (status != TANLU_OK) return status;
  c->last_gap = *gap;
  memcpy(c->work, c->gap, c->unknowns * sizeof *c->work);
  (void)LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'N', (lapack_int)c->unknowns, 1, c->jacobian, (lapack_int)c->unknowns,
                            c->pivot, c->work, (lapack_int)c->unknowns);
  double longest = 0.0;
  for (size_t e = 0; e < c->unknowns; e++) longest = fmax(longest, fabs(c->work[e]));
  const double damping = longest > longest_step ? longest_step / longest : 1.0;
  for (size_t e = 0; e < c->unknowns; e++) {
    double *factor = &c->log_factor[c->equation[e].slot];
    *factor -= damping * c->work[e];
    if (c->equation[e].kind != EQUATION_GDP) *factor = fmin(fmax(*factor, log(lowest_factor)), log(highest_factor));
  }
  return TANLU_OK;
}

/* Share or physical output reached with one factor at a bound and the others as they are; NaN where nothing solves. */
static double reached_at(tanlu_closure *c, const tanlu_closure_year *year, size_t e, double factor) {
  double *const log_factor = &c->log_factor[c->equation[e].slot], kept = *log_factor;
  *log_factor = log(factor);
  double reached = (double)NAN;
  if (solve_output(c, year, NULL) == TANLU_OK) {
    const double gdp = equation_sum(c, &c->equation[0], c->x);
    const double sum = equation_sum(c, &c->equation[e], c->x);
    if (c->equation[e].kind == EQUATION_SHARE) {
      reached = sum / gdp;
    } else {
      reached = sum / equation_goal(c, year, &c->equation[e], gdp) *
                tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, c->equation[e].member, 0);
    }
  }
  *log_factor = kept;
  return reached;
}

tanlu_status tanlu_closure_unreachable(tanlu_closure *closure, const tanlu_closure_year *year, tanlu_context *context) {
  tanlu_closure *c = closure;
  const int when = year->drivers->from + (int)year->t;
  size_t worst = 0;
  for (size_t e = 1; e < c->unknowns; e++) {
    if (worst == 0 || fabs(c->gap[e]) > fabs(c->gap[worst])) worst = e;
  }
  if (worst == 0) return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: GDP cannot be reached", when);
  const equation *e = &c->equation[worst];
  const double low = reached_at(c, year, worst, lowest_factor), high = reached_at(c, year, worst, highest_factor);
  if (e->kind == EQUATION_SHARE) {
    return tanlu_fail(
        context, TANLU_ERR_MODEL,
        "year %d: structure.share.%s = %.4g cannot be reached; with the other levers as they are it can be "
        "%.4g to %.4g",
        when,
        c->dataset->level[year->drivers->target_level[e->member]].group.code[year->drivers->target_group[e->member]],
        tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SHARE, year->t, e->member, 0), fmin(low, high),
        fmax(low, high));
  }
  return tanlu_fail(
      context, TANLU_ERR_MODEL,
      "year %d: products.%s = %.6g %s cannot be reached; with the other levers as they are it can be %.4g "
      "to %.4g",
      when, c->dataset->products.product.code[e->member],
      tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, e->member, 0),
      c->dataset->products.unit[e->member], fmin(low, high), fmax(low, high));
}

/* ---- results ------------------------------------------------------------------------------------------------------------- */

size_t tanlu_closure_unknowns(const tanlu_closure *closure) {
  return 1 + closure->targets + closure->products;
}

void tanlu_closure_get_unknowns(const tanlu_closure *closure, double *unknown) {
  memcpy(unknown, closure->log_factor, tanlu_closure_unknowns(closure) * sizeof *unknown);
}

void tanlu_closure_set_unknowns(tanlu_closure *closure, const double *unknown) {
  memcpy(closure->log_factor, unknown, tanlu_closure_unknowns(closure) * sizeof *unknown);
}

const double *tanlu_closure_output(const tanlu_closure *closure) {
  return closure->x;
}
const double *tanlu_closure_value_added(const tanlu_closure *closure) {
  return closure->v;
}
const double *tanlu_closure_final_use(const tanlu_closure *closure) {
  return closure->y;
}
const double *tanlu_closure_coefficients(const tanlu_closure *closure) {
  return closure->a;
}

void tanlu_closure_factors(const tanlu_closure *closure, double *phi, double *r) {
  for (size_t i = 0; i < closure->n; i++) {
    phi[i] = closure->phi[i] * closure->q[i];
    r[i] = closure->r[i] * closure->q[i];
  }
}

void tanlu_closure_imports(const tanlu_closure *closure, double *imports) {
  const tanlu_closure *c = closure;
  memset(imports, 0, c->n * sizeof *imports);
  for (size_t j = 0; j < c->n; j++) {
    for (size_t i = 0; i < c->n; i++) imports[i] += (c->a[j * c->n + i] - c->ad[j * c->n + i]) * c->x[j];
  }
  for (size_t k = 0; k < c->categories; k++) {
    for (size_t i = 0; i < c->n; i++) imports[i] += (1.0 - c->final_domestic[k * c->n + i]) * c->y[k * c->n + i];
  }
}

double tanlu_closure_residual(const tanlu_closure *closure) {
  return tanlu_leontief_residual(closure->ad, closure->n, closure->x, closure->yd);
}
