/* The sectoral matrices, final demand and output of a year at given factors. */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "model/closure_private.h"

/* Domestic shares: the import share of every use of product i changes by the driver's index. */
tanlu_status tanlu_closure_change_imports(tanlu_closure *closure, const tanlu_closure_year *year,
                                          tanlu_context *context) {
  tanlu_closure *c = closure;
  const tanlu_technology *g = c->technology;
  const tanlu_accounts *accounts = &c->dataset->accounts;
  bool base = true;
  for (size_t i = 0; i < c->n; i++) {
    const size_t group = tanlu_closure_policy_group(c, i);
    base = base && tanlu_driver(year->drivers, TANLU_DRIVER_IMPORT_SHARE, year->t, group, 0) == 1.0;
  }
  if (base && c->base_imports) return TANLU_OK;
  c->base_imports = base;
  for (size_t i = 0; i < c->n; i++) {
    const double index =
        tanlu_driver(year->drivers, TANLU_DRIVER_IMPORT_SHARE, year->t, tanlu_closure_policy_group(c, i), 0);
    double lowest = 1.0;
    for (size_t j = 0; j < c->n; j++) {
      const double share = index == 1.0 ? g->domestic[j * c->n + i] : 1.0 - index * (1.0 - g->domestic[j * c->n + i]);
      c->domestic[j * c->n + i] = share;
      lowest = fmin(lowest, share);
    }
    for (size_t k = 0; k < c->categories; k++) {
      const double published = g->final_domestic[k * c->n + i];
      const bool fixed =
          index == 1.0 || accounts->role[k] == TANLU_ROLE_EXPORTS || accounts->role[k] == TANLU_ROLE_INVENTORIES;
      c->final_domestic[k * c->n + i] = fixed ? published : 1.0 - index * (1.0 - published);
      if (!fixed) lowest = fmin(lowest, c->final_domestic[k * c->n + i]);
    }
    if (index != 1.0 && lowest < 0.0) {
      return tanlu_fail(
          context, TANLU_ERR_MODEL,
          "year %d: imports of %s reach %.4g of a use; expected a share of at most 1 (imports index %.4g)",
          year->drivers->from + (int)year->t, accounts->sector.code[i], 1.0 - lowest, index);
    }
  }
  for (size_t k = 0; k < c->n * c->n; k++) c->base_domestic[k] = g->a[k] * c->domestic[k];
  return TANLU_OK;
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

/* A_d,t, the column sums of A_t outside energy, and v. */
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
    c->r[i] = g->row_of[i] == TANLU_NONE ? pull * tanlu_driver(year->drivers, TANLU_DRIVER_SUBSTITUTION, year->t,
                                                               tanlu_closure_policy_group(c, i), 0)
                                         : 1.0;
  }
  c->energy_rows = year->energy_rows;
  c->factors_of = c->products; /* of no set: filled at the first column */
  for (size_t j = 0; j < n; j++) {
    double *restrict ad = c->ad + j * n;
    const double *restrict base_domestic = c->base_domestic + j * n;
    const double *restrict factor = row_factors(c, j);
    const double fabrication =
        tanlu_driver(year->drivers, TANLU_DRIVER_FABRICATION, year->t, tanlu_closure_policy_group(c, j), 0);
    const double sum = cblas_ddot((int)n, g->a + j * n, 1, factor, 1);
    const double s = c->s[j] = (sum > 0.0 ? g->non_energy_sum[j] / sum : 1.0) * fabrication;
    double column = c->inputs[j] = sum * s;
    for (size_t i = 0; i < n; i++) ad[i] = base_domestic[i] * factor[i] * s;
    for (size_t k = 0; k < g->rows; k++) {
      const double input = year->energy_rows[k * n + j];
      ad[g->row[k]] = input * c->domestic[j * n + g->row[k]];
      column += input;
    }
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
            tanlu_driver(year->drivers, TANLU_DRIVER_COMPOSITION, year->t, k, tanlu_closure_policy_group(c, i));
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

/* x = (I - A_d)^-1 y_d to `accuracy`: from the factors of an earlier step of the year while they are near. */
tanlu_status tanlu_closure_solve_output(tanlu_closure *closure, const tanlu_closure_year *year, double accuracy,
                                        tanlu_context *context) {
  tanlu_closure *c = closure;
  spread_factors(c);
  tanlu_status status = build_technology(c, year, context);
  if (status != TANLU_OK) return status;
  build_demand(c, year);
  bool solved = false;
  if (c->factored) {
    status = tanlu_leontief_refine(c->solver, c->ad, c->n, c->yd, c->x, c->factor, accuracy, &solved, context);
    c->factors_of = c->products; /* its memory served as work */
  }
  if (status != TANLU_OK || solved) return status;
  size_t culprit = 0;
  status = tanlu_leontief_update(c->solver, c->ad, c->n, &culprit, context);
  c->factored = status == TANLU_OK;
  if (status != TANLU_OK) {
    return tanlu_fail(context, status, "year %d: the inputs leave no output for final use (sector %s)",
                      year->drivers->from + (int)year->t, c->dataset->accounts.sector.code[culprit]);
  }
  memcpy(c->x, c->yd, c->n * sizeof *c->x);
  return tanlu_leontief_solve(c->solver, c->x, c->n, 1, context);
}
