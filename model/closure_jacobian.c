/* How GDP, shares and physical outputs respond to the factors of the closure. */
#include <cblas.h>
#include <lapacke.h>

#include "model/closure_private.h"

/* Does the factor of an equation act on product i? */
static bool acts_on(const tanlu_closure *c, const tanlu_closure_equation *e, size_t i) {
  if (e->kind == TANLU_EQUATION_SHARE) return c->in_target[e->member * c->n + i];
  return e->kind == TANLU_EQUATION_PRODUCT && c->set_of[i] == e->member;
}

/* The rows outside energy that an equation acts on, into c->list; their number. */
static size_t list_inputs(const tanlu_closure *c, const tanlu_closure_equation *e) {
  size_t count = 0;
  for (size_t i = 0; i < c->n; i++) {
    if (acts_on(c, e, i) && c->technology->row_of[i] == TANLU_NONE) c->list[count++] = i;
  }
  return count;
}

/* Inputs react to unknown e by dlog A_ij = k (1 - t_j) for the rows i that it acts on and -k t_j for the other rows outside
 * energy, with k = theta for phi and 1 for q (whose own columns do not react), and t_j the share of the rows it acts on in
 * column j: s restores the sum, and the change of mean phi cancels. Fills k t_j x_j. */
static void input_shift(const tanlu_closure *c, const tanlu_closure_equation *e, double k, double *shift) {
  const size_t count = list_inputs(c, e);
  for (size_t j = 0; j < c->n; j++) {
    shift[j] = 0.0;
    const bool own = e->kind == TANLU_EQUATION_PRODUCT && c->set_of[j] == e->member;
    if (own || e->kind == TANLU_EQUATION_GDP || c->inputs[j] <= 0.0) continue;
    double moved = 0.0;
    if (c->set_of[j] == TANLU_NONE) {
      const double *column = c->technology->a + j * c->n;
      for (size_t l = 0; l < count; l++) moved += column[c->list[l]] * c->r[c->list[l]] * c->q[c->list[l]];
      moved *= c->s[j];
    } else { /* inside a product's own set q is left out */
      for (size_t l = 0; l < count; l++) moved += tanlu_closure_input(c, c->list[l], j);
    }
    shift[j] = k * moved / c->inputs[j] * c->x[j];
  }
}

/* rhs += what the rows that e acts on gain: k sum_j A_d,ij x_j, own columns of a product left out. */
static void add_direct_inputs(const tanlu_closure *c, const tanlu_closure_equation *e, double k, double *rhs) {
  const size_t count = list_inputs(c, e);
  for (size_t j = 0; j < c->n; j++) {
    if (e->kind == TANLU_EQUATION_PRODUCT && c->set_of[j] == e->member) continue;
    for (size_t l = 0; l < count; l++) rhs[c->list[l]] += k * c->ad[j * c->n + c->list[l]] * c->x[j];
  }
}

/* rhs += dy_d for unknown e. */
static void add_demand(const tanlu_closure *c, const tanlu_closure_equation *e, double *rhs) {
  const tanlu_technology *g = c->technology;
  const tanlu_accounts *a = &c->dataset->accounts;
  for (size_t k = 0; k < c->categories; k++) {
    if (a->role[k] == TANLU_ROLE_INVENTORIES) continue;
    const bool household = a->role[k] == TANLU_ROLE_URBAN || a->role[k] == TANLU_ROLE_RURAL;
    const double *y = c->y + k * c->n, *domestic = c->final_domestic + k * c->n;
    double total = 0.0, free_total = 0.0, moved = 0.0;
    for (size_t i = 0; i < c->n; i++) {
      total += y[i];
      if (household && g->row_of[i] != TANLU_NONE) continue;
      free_total += y[i];
      if (acts_on(c, e, i)) moved += y[i];
    }
    if (free_total == 0.0) continue;
    for (size_t i = 0; i < c->n; i++) {
      if (household && g->row_of[i] != TANLU_NONE) continue;
      const double change =
          e->kind == TANLU_EQUATION_GDP ? total / free_total : (acts_on(c, e, i) ? 1.0 : 0.0) - moved / free_total;
      rhs[i] += domestic[i] * y[i] * change;
    }
  }
}

/* rhs = dA_d x + dy_d, one column for every unknown: then dx = (I - A_d)^-1 rhs. */
static void responses(tanlu_closure *c, const tanlu_closure_year *year) {
  const int n = (int)c->n, m = (int)c->unknowns;
  const double theta = tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, year->t, 0, 0);
  for (size_t e = 0; e < c->unknowns; e++) {
    input_shift(c, &c->equation[e], c->equation[e].kind == TANLU_EQUATION_SHARE ? theta : 1.0, c->shift + e * c->n);
  }
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, m, n, -1.0, c->ad, n, c->shift, n, 0.0, c->rhs, n);
  for (size_t e = 0; e < c->unknowns; e++) {
    double *rhs = c->rhs + e * c->n;
    for (size_t k = 0; k < c->technology->rows; k++) rhs[c->technology->row[k]] = 0.0;
    add_direct_inputs(c, &c->equation[e], c->equation[e].kind == TANLU_EQUATION_SHARE ? theta : 1.0, rhs);
    add_demand(c, &c->equation[e], rhs);
  }
}

tanlu_status tanlu_closure_build_jacobian(tanlu_closure *closure, const tanlu_closure_year *year,
                                          tanlu_context *context) {
  tanlu_closure *c = closure;
  const size_t m = c->unknowns;
  responses(c, year);
  const tanlu_status status = tanlu_leontief_solve(c->solver, c->rhs, c->n, m, context);
  if (status != TANLU_OK) return status;
  /* sums of the responses, weight' dx, in place of the shifts */
  double *sums = c->shift;
  cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, (int)m, (int)m, (int)c->n, 1.0, c->weight, (int)c->n, c->rhs,
              (int)c->n, 0.0, sums, (int)m);
  const double gdp = tanlu_closure_sum(c, 0, c->x);
  for (size_t f = 0; f < m; f++) {
    const double reached = tanlu_closure_sum(c, f, c->x);
    for (size_t e = 0; e < m; e++) {
      const double change = sums[e * m + f] / reached;
      const bool share = c->equation[f].kind == TANLU_EQUATION_SHARE;
      c->jacobian[e * m + f] = share ? change - sums[e * m] / gdp : change;
    }
  }
  const int info = LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, (int)m, (int)m, c->jacobian, (int)m, c->pivot);
  if (info != 0) {
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "year %d: the structure targets and product paths contradict or repeat each other",
                      year->drivers->from + (int)year->t);
  }
  c->jacobian_known = true;
  return TANLU_OK;
}
