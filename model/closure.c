#include "model/closure.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/closure_private.h"
#include "solvers/memory.h"

/* phi and q are sought within these bounds: a factor of a thousand is no structure that the table can speak for. */
static const double lowest_factor = 1e-3, highest_factor = 1e3;
/* Longest step of a logarithm: keeps Newton inside the region where the model is smooth. */
static const double longest_step = 0.7;
/* A Jacobian that does not bring the gap down by this factor is built anew: far from the solution it has to be fresh; near
 * it one that halves the gap will do, since building one costs as much as a step. */
static const double far_gap = 1e-3, far_contraction = 0.2, near_contraction = 0.5;

/* Output is solved to this part of the last gap, at most to some ten roundings: more would be lost on the next step. */
static const double accuracy_of_gap = 1e-4, finest_accuracy = 2e-15;

enum { RETREATS = 12, RANGE_STEPS = 60, GOAL_TEXT = 160 };

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
  double **const vector[] = {&c->phi, &c->q, &c->r, &c->s, &c->v, &c->x, &c->yd, &c->factor, &c->inputs};
  bool allocated = true;
  for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
    *vector[i] = tanlu_allocate_doubles(context, n, 1);
    allocated = allocated && *vector[i] != NULL;
  }
  c->domestic = tanlu_allocate_doubles(context, n, n);
  c->final_domestic = tanlu_allocate_doubles(context, n, c->categories);
  c->base_domestic = tanlu_allocate_doubles(context, n, n);
  c->ad = tanlu_allocate_doubles(context, n, n);
  c->y = tanlu_allocate_doubles(context, n, c->categories);
  c->rhs = tanlu_allocate_doubles(context, n, most);
  c->shift = tanlu_allocate_doubles(context, n > most ? n : most, most);
  c->weight = tanlu_allocate_doubles(context, n, most);
  c->gap = tanlu_allocate_doubles(context, most, 1);
  c->work = tanlu_allocate_doubles(context, most, 1);
  c->log_factor = tanlu_allocate_doubles(context, most, 1);
  c->good = tanlu_allocate_doubles(context, most, 1);
  c->start = tanlu_allocate_doubles(context, most, 1);
  c->jacobian = tanlu_allocate_doubles(context, most, most);
  c->pivot = tanlu_allocate(context, most, sizeof *c->pivot);
  c->equation = tanlu_allocate(context, most, sizeof *c->equation);
  c->in_target = tanlu_allocate(context, c->targets * n, sizeof *c->in_target);
  c->set_of = tanlu_allocate(context, n, sizeof *c->set_of);
  c->list = tanlu_allocate(context, n, sizeof *c->list);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (allocated && c->domestic != NULL && c->final_domestic != NULL && c->base_domestic != NULL && c->ad != NULL &&
      c->y != NULL && c->rhs != NULL && c->shift != NULL && c->weight != NULL && c->gap != NULL && c->work != NULL &&
      c->log_factor != NULL && c->good != NULL && c->start != NULL && c->jacobian != NULL && c->pivot != NULL &&
      c->equation != NULL && c->in_target != NULL && c->set_of != NULL && c->list != NULL) {
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
  double *const array[] = {c->weight, c->factor, c->inputs, c->shift, c->phi,        c->q,        c->r,
                           c->s,      c->v,      c->x,      c->yd,    c->work,       c->domestic, c->base_domestic,
                           c->ad,     c->y,      c->rhs,    c->gap,   c->log_factor, c->jacobian, c->final_domestic,
                           c->good,   c->start};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(c->pivot);
  free(c->equation);
  free(c->in_target);
  free(c->set_of);
  free(c->list);
  tanlu_leontief_free(&c->solver);
  free(c);
  *closure = NULL;
}

/* ---- a year ---------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_closure_begin(tanlu_closure *closure, const tanlu_closure_year *year, tanlu_context *context) {
  tanlu_closure *c = closure;
  const size_t before = c->unknowns;
  size_t count = 1;
  bool same = c->jacobian_known; /* do the equations of the last year bind again? */
  c->equation[0] = (tanlu_closure_equation){TANLU_EQUATION_GDP, 0, 0};
  for (size_t k = 1; k < tanlu_closure_unknowns(c); k++) {
    const bool share = k <= c->targets;
    const size_t member = share ? k - 1 : k - 1 - c->targets;
    const tanlu_driver_id id = share ? TANLU_DRIVER_STRUCTURE_SHARE : TANLU_DRIVER_PRODUCT_PATH;
    if (isnan(tanlu_driver(year->drivers, id, year->t, member, 0))) {
      if (c->solvable) c->log_factor[k] = c->good[k]; /* what does not bind keeps its last factor */
      continue;
    }
    same = same && count < before && c->equation[count].slot == k;
    c->equation[count++] = (tanlu_closure_equation){share ? TANLU_EQUATION_SHARE : TANLU_EQUATION_PRODUCT, member, k};
  }
  c->log_factor[0] += log(year->gdp_index / c->gdp_index);
  c->gdp_index = year->gdp_index;
  c->unknowns = count;
  c->jacobian_known = same && count == before;
  c->last_gap = (double)INFINITY;
  c->factored = false;
  c->solvable = false;
  return tanlu_closure_change_imports(c, year, context);
}

/* Sum over the sectors of an equation: v_j x_j for GDP and shares, x_j for products. */
double tanlu_closure_sum(const tanlu_closure *c, size_t e, const double *x) {
  return cblas_ddot((int)c->n, c->weight + e * c->n, 1, x, 1);
}

/* The weights of every equation's sum: v_j in GDP and shares, 1 in products, 0 outside. */
static void weigh(tanlu_closure *c) {
  for (size_t e = 0; e < c->unknowns; e++) {
    const tanlu_closure_equation *q = &c->equation[e];
    double *weight = c->weight + e * c->n;
    for (size_t j = 0; j < c->n; j++) {
      const bool counts =
          q->kind == TANLU_EQUATION_GDP ||
          (q->kind == TANLU_EQUATION_SHARE ? c->in_target[q->member * c->n + j] : c->set_of[j] == q->member);
      weight[j] = !counts ? 0.0 : q->kind == TANLU_EQUATION_PRODUCT ? 1.0 : c->v[j];
    }
  }
}

/* What the sum of an equation should be, given the GDP reached. */
static double equation_goal(const tanlu_closure *c, const tanlu_closure_year *year, size_t number, double gdp) {
  const tanlu_closure_equation *e = &c->equation[number];
  if (e->kind == TANLU_EQUATION_GDP) return c->base_gdp * year->gdp_index;
  if (e->kind == TANLU_EQUATION_SHARE) {
    return gdp * tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SHARE, year->t, e->member, 0);
  }
  const tanlu_product_statistics *p = &c->dataset->products;
  return tanlu_closure_sum(c, number, c->dataset->accounts.output) / p->base[e->member] *
         tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, e->member, 0) *
         tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_VALUE, year->t, e->member, 0);
}

/* A goal as it stands in a scenario: "structure.share.services = 0.6", "products.cement = 800 Mt". */
static void describe_goal(const tanlu_closure *c, const tanlu_closure_year *year, size_t number, char text[GOAL_TEXT]) {
  const tanlu_closure_equation *e = &c->equation[number];
  const size_t m = e->member;
  if (e->kind == TANLU_EQUATION_SHARE) {
    const tanlu_labels *group = &c->dataset->level[year->drivers->target_level[m]].group;
    snprintf(text, GOAL_TEXT, "structure.share.%s = %.4g", group->code[year->drivers->target_group[m]],
             tanlu_driver(year->drivers, TANLU_DRIVER_STRUCTURE_SHARE, year->t, m, 0));
  } else if (e->kind == TANLU_EQUATION_PRODUCT) {
    snprintf(text, GOAL_TEXT, "products.%s = %.6g %s", c->dataset->products.product.code[m],
             tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, m, 0), c->dataset->products.unit[m]);
  } else {
    snprintf(text, GOAL_TEXT, "GDP at %.4g of the base year", year->gdp_index);
  }
}

/* Logarithmic gaps of all equations at the present output. */
static tanlu_status measure(tanlu_closure *c, const tanlu_closure_year *year, double *largest, tanlu_context *context) {
  weigh(c);
  const double gdp = tanlu_closure_sum(c, 0, c->x);
  *largest = 0.0;
  for (size_t e = 0; e < c->unknowns; e++) {
    const double reached = tanlu_closure_sum(c, e, c->x);
    const double goal = equation_goal(c, year, e, gdp);
    if (!(reached > 0.0) || !(goal > 0.0)) {
      char text[GOAL_TEXT];
      describe_goal(c, year, e, text);
      return tanlu_fail(context, TANLU_ERR_MODEL,
                        "year %d: %s cannot be met: the accounts give %.4g x 1e4 CNY for %.4g",
                        year->drivers->from + (int)year->t, text, reached, goal);
    }
    c->work[e] = log(reached / goal);
    *largest = fmax(*largest, fabs(c->work[e]));
  }
  memcpy(c->gap, c->work, c->unknowns * sizeof *c->gap);
  return TANLU_OK;
}

/* Output and gaps at the present unknowns. Where there is no solution (inputs above output, a negative sum) the unknowns
 * have moved too far: they go halfway back to the last ones of the year that had one. */
static tanlu_status evaluate(tanlu_closure *c, const tanlu_closure_year *year, double *gap, tanlu_context *context) {
  const double accuracy = fmax(finest_accuracy, accuracy_of_gap * fmin(c->last_gap, 1.0));
  const size_t size = tanlu_closure_unknowns(c);
  for (int retreat = 0;; retreat++) {
    const bool last = !c->solvable || retreat == RETREATS;
    tanlu_context *const told = last && !c->solvable ? context : NULL;
    tanlu_status status = tanlu_closure_solve_output(c, year, accuracy, told);
    if (status == TANLU_OK) status = measure(c, year, gap, told);
    if (status == TANLU_OK) {
      memcpy(c->good, c->log_factor, size * sizeof *c->good);
      if (!c->solvable) memcpy(c->start, c->log_factor, size * sizeof *c->start);
      c->solvable = true;
      return TANLU_OK;
    }
    if (status != TANLU_ERR_MODEL) return tanlu_fail(context, status, "the accounts cannot be solved");
    if (last) return c->solvable ? tanlu_closure_unreachable(c, year, context) : status;
    for (size_t k = 0; k < size; k++) c->log_factor[k] = 0.5 * (c->log_factor[k] + c->good[k]);
  }
}

tanlu_status tanlu_closure_step(tanlu_closure *closure, const tanlu_closure_year *year, double *gap,
                                tanlu_context *context) {
  tanlu_closure *c = closure;
  tanlu_status status = evaluate(c, year, gap, context);
  if (status != TANLU_OK) return status;
  const double contraction = *gap > far_gap ? far_contraction : near_contraction;
  if (!c->jacobian_known || *gap > contraction * c->last_gap) status = tanlu_closure_build_jacobian(c, year, context);
  if (status != TANLU_OK) return status;
  c->last_gap = *gap;
  memcpy(c->work, c->gap, c->unknowns * sizeof *c->work);
  (void)LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'N', (int)c->unknowns, 1, c->jacobian, (int)c->unknowns, c->pivot,
                            c->work, (int)c->unknowns);
  double longest = 0.0;
  for (size_t e = 0; e < c->unknowns; e++) longest = fmax(longest, fabs(c->work[e]));
  const double damping = longest > longest_step ? longest_step / longest : 1.0;
  for (size_t e = 0; e < c->unknowns; e++) {
    double *factor = &c->log_factor[c->equation[e].slot];
    *factor -= damping * c->work[e];
    if (c->equation[e].kind != TANLU_EQUATION_GDP)
      *factor = fmin(fmax(*factor, log(lowest_factor)), log(highest_factor));
  }
  return TANLU_OK;
}

/* ---- what cannot be reached --------------------------------------------------------------------------------------------- */

/* Share or physical output reached with one factor changed and the others as they are; NaN where nothing solves, and with
 * `strict` where a sector would have to produce less than nothing. */
static double reached_at(tanlu_closure *c, const tanlu_closure_year *year, size_t e, double log_factor, bool strict) {
  double *const unknown = &c->log_factor[c->equation[e].slot], kept = *unknown;
  *unknown = log_factor;
  double reached = (double)NAN;
  if (tanlu_closure_solve_output(c, year, finest_accuracy, NULL) == TANLU_OK) {
    weigh(c);
    const double gdp = tanlu_closure_sum(c, 0, c->x);
    const double sum = tanlu_closure_sum(c, e, c->x);
    if (c->equation[e].kind == TANLU_EQUATION_SHARE) {
      reached = sum / gdp;
    } else {
      reached = sum / equation_goal(c, year, e, gdp) *
                tanlu_driver(year->drivers, TANLU_DRIVER_PRODUCT_PATH, year->t, c->equation[e].member, 0);
    }
    for (size_t j = 0; strict && j < c->n; j++) {
      if (c->x[j] < 0.0) reached = (double)NAN;
    }
  }
  *unknown = kept;
  return reached;
}

tanlu_status tanlu_closure_unreachable(tanlu_closure *closure, const tanlu_closure_year *year, tanlu_context *context) {
  tanlu_closure *c = closure;
  const int when = year->drivers->from + (int)year->t;
  size_t worst = 0;
  for (size_t e = 1; e < c->unknowns; e++) {
    if (worst == 0 || fabs(c->gap[e]) > fabs(c->gap[worst])) worst = e;
  }
  char text[GOAL_TEXT];
  describe_goal(c, year, worst, text);
  if (worst == 0) return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: %s cannot be reached", when, text);
  /* the others as the year began: where the search ended there may be no economy to compare with */
  if (c->solvable) memcpy(c->log_factor, c->start, tanlu_closure_unknowns(c) * sizeof *c->log_factor);
  double low = (double)NAN, high = (double)NAN;
  const double from = log(lowest_factor), width = log(highest_factor) - from;
  for (int strict = 1; strict >= 0 && isnan(low); strict--) {
    for (int k = 0; k <= RANGE_STEPS; k++) {
      const double reached = reached_at(c, year, worst, from + width * k / RANGE_STEPS, strict == 1);
      low = fmin(low, reached); /* of two, the one that is a number */
      high = fmax(high, reached);
    }
  }
  if (isnan(low)) return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: %s cannot be reached", when, text);
  return tanlu_fail(context, TANLU_ERR_MODEL,
                    "year %d: %s cannot be reached; with the other levers as they are it can be %.4g to %.4g", when,
                    text, low, high);
}

/* ---- results ------------------------------------------------------------------------------------------------------------- */

size_t tanlu_closure_unknowns(const tanlu_closure *closure) {
  return 1 + closure->targets + closure->products;
}

void tanlu_closure_get_unknowns(const tanlu_closure *closure, double *unknown) {
  memcpy(unknown, closure->log_factor, tanlu_closure_unknowns(closure) * sizeof *unknown);
}

void tanlu_closure_set_unknowns(tanlu_closure *closure, const double *unknown) {
  for (size_t k = 0; k < tanlu_closure_unknowns(closure); k++) {
    const double centre = k == 0 ? log(closure->gdp_index) : 0.0;
    closure->log_factor[k] = fmin(fmax(unknown[k], centre + log(lowest_factor)), centre + log(highest_factor));
  }
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
    const double *domestic = c->domestic + j * c->n, *base = c->technology->a + j * c->n;
    const bool set = c->set_of[j] != TANLU_NONE;
    for (size_t i = 0; i < c->n; i++) {
      const double input = set ? tanlu_closure_input(c, i, j) : base[i] * c->r[i] * c->q[i] * c->s[j];
      imports[i] += input * (1.0 - domestic[i]) * c->x[j];
    }
  }
  for (size_t k = 0; k < c->technology->rows; k++) { /* the rows that follow physics instead */
    const size_t row = c->technology->row[k];
    imports[row] = 0.0;
    for (size_t j = 0; j < c->n; j++) {
      imports[row] += c->energy_rows[k * c->n + j] * (1.0 - c->domestic[j * c->n + row]) * c->x[j];
    }
  }
  for (size_t k = 0; k < c->categories; k++) {
    for (size_t i = 0; i < c->n; i++) imports[i] += (1.0 - c->final_domestic[k * c->n + i]) * c->y[k * c->n + i];
  }
}

double tanlu_closure_residual(const tanlu_closure *closure) {
  return tanlu_leontief_residual(closure->ad, closure->n, closure->x, closure->yd);
}
