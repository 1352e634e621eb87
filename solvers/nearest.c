#include "solvers/nearest.h"

#include <math.h>
#include <nlopt.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Steps that change u = (x - c) / s by less than this end the search. */
static const double smallest_step = 1e-7;

typedef struct {
  const tanlu_nearest_problem *problem;
  int evaluations;
  double *x, *g, *jacobian;           /* of the last point: n, constraints, constraints x n by u */
  double *u, *last_g, *last_jacobian; /* where there last was a value */
  double *at;                         /* u of the last point */
  bool any;
  /* best so far */
  bool satisfied;
  double *best, best_distance, best_violation;
} search;

static double distance(const tanlu_nearest_problem *p, const double *u) {
  double sum = 0.0;
  for (size_t i = 0; i < p->n; i++) sum += p->weight[i] * u[i] * u[i];
  return sum;
}

static double violation(const tanlu_nearest_problem *p, const double *g) {
  double sum = 0.0;
  for (size_t k = 0; k < p->constraints; k++) sum += g[k] > 0.0 ? g[k] * g[k] : 0.0;
  return sum;
}

static void keep_best(search *s, const double *u) {
  const tanlu_nearest_problem *p = s->problem;
  const double far = distance(p, u), wrong = violation(p, s->g);
  const bool good = wrong == 0.0;
  const bool better = s->satisfied ? good && far < s->best_distance : good || wrong < s->best_violation;
  if (!better) return;
  s->satisfied = good;
  s->best_distance = far;
  s->best_violation = wrong;
  memcpy(s->best, u, p->n * sizeof *u);
}

/* Beyond what has a value: the last point's tangent, worse the farther away, so that steps are taken back. */
static void extrapolate(search *s, const double *u) {
  const tanlu_nearest_problem *p = s->problem;
  for (size_t k = 0; k < p->constraints; k++) {
    const double *slope = s->last_jacobian + k * p->n;
    double value = s->last_g[k], away = 0.0;
    for (size_t i = 0; i < p->n; i++) {
      value += slope[i] * (u[i] - s->u[i]);
      away += fabs(u[i] - s->u[i]) * (1.0 + fabs(slope[i]));
    }
    s->g[k] = fmax(value, s->last_g[k]) + away;
  }
  memcpy(s->jacobian, s->last_jacobian, p->constraints * p->n * sizeof *s->jacobian);
}

/* g and its slopes by u, into s->g and s->jacobian; once a point. */
static void evaluate(search *s, const double *u) {
  const tanlu_nearest_problem *p = s->problem;
  if (s->evaluations > 0 && memcmp(u, s->at, p->n * sizeof *u) == 0) return;
  memcpy(s->at, u, p->n * sizeof *u);
  for (size_t i = 0; i < p->n; i++) {
    s->x[i] = fmin(fmax(p->centre[i] + p->scale[i] * u[i], p->low[i]), p->high[i]);
  }
  s->evaluations++;
  if (!p->evaluate(p->user, s->x, s->g, s->jacobian)) {
    if (s->any) extrapolate(s, u);
    return;
  }
  for (size_t k = 0; k < p->constraints; k++) {
    for (size_t i = 0; i < p->n; i++) s->jacobian[k * p->n + i] *= p->scale[i];
  }
  s->any = true;
  memcpy(s->u, u, p->n * sizeof *u);
  memcpy(s->last_g, s->g, p->constraints * sizeof *s->g);
  memcpy(s->last_jacobian, s->jacobian, p->constraints * p->n * sizeof *s->jacobian);
  keep_best(s, u);
}

/* ---- what NLopt calls -------------------------------------------------------------------------------------------------- */

static double objective(unsigned n, const double *u, double *gradient, void *data) {
  search *s = data;
  evaluate(s, u);
  for (unsigned i = 0; gradient != NULL && i < n; i++) gradient[i] = 2.0 * s->problem->weight[i] * u[i];
  return distance(s->problem, u);
}

static void constraint(unsigned m, double *result, unsigned n, const double *u, double *gradient, void *data) {
  search *s = data;
  evaluate(s, u);
  for (unsigned k = 0; k < m; k++) result[k] = s->g[k] + s->problem->tolerance;
  if (gradient != NULL) memcpy(gradient, s->jacobian, (size_t)m * n * sizeof *gradient);
}

static double sum_of_squares(unsigned n, const double *u, double *gradient, void *data) {
  search *s = data;
  double sum = 0.0;
  evaluate(s, u);
  for (unsigned i = 0; gradient != NULL && i < n; i++) gradient[i] = 0.0;
  for (size_t k = 0; k < s->problem->constraints; k++) {
    const double over = s->g[k] + s->problem->tolerance;
    if (over <= 0.0) continue;
    sum += over * over;
    for (unsigned i = 0; gradient != NULL && i < n; i++) gradient[i] += 2.0 * over * s->jacobian[k * n + i];
  }
  return sum;
}

/* ---- the search ------------------------------------------------------------------------------------------------------------ */

/* One run of SLSQP from u: towards the centre under the constraints, or towards the constraints alone. */
static tanlu_status run(search *s, bool constrained, double *u, tanlu_context *context) {
  const tanlu_nearest_problem *p = s->problem;
  double *low = tanlu_allocate_doubles(context, p->n, 1), *high = tanlu_allocate_doubles(context, p->n, 1), value;
  nlopt_opt slsqp = nlopt_create(NLOPT_LD_SLSQP, (unsigned)p->n);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (low != NULL && high != NULL && slsqp != NULL) {
    for (size_t i = 0; i < p->n; i++) {
      low[i] = (p->low[i] - p->centre[i]) / p->scale[i];
      high[i] = (p->high[i] - p->centre[i]) / p->scale[i];
    }
    bool good = nlopt_set_lower_bounds(slsqp, low) > 0 && nlopt_set_upper_bounds(slsqp, high) > 0 &&
                nlopt_set_xtol_abs1(slsqp, smallest_step) > 0 &&
                nlopt_set_maxeval(slsqp, p->evaluations - s->evaluations) > 0 &&
                nlopt_set_min_objective(slsqp, constrained ? objective : sum_of_squares, s) > 0;
    if (constrained) {
      good = good && nlopt_add_inequality_mconstraint(slsqp, (unsigned)p->constraints, constraint, s, NULL) > 0;
    }
    /* what comes of it is in s->best, also where it stops for rounding */
    status = good && nlopt_optimize(slsqp, u, &value) != NLOPT_OUT_OF_MEMORY ? TANLU_OK : TANLU_ERR_MEMORY;
  }
  nlopt_destroy(slsqp);
  free(low);
  free(high);
  return status == TANLU_OK ? status : tanlu_fail(context, status, "out of memory for the search of a nearest point");
}

static tanlu_status find(search *s, double *u, tanlu_context *context) {
  const tanlu_nearest_problem *p = s->problem;
  evaluate(s, u);
  if (!s->any) return tanlu_fail(context, TANLU_ERR_MODEL, "the start of the search has no value");
  tanlu_status status = s->satisfied ? TANLU_OK : run(s, true, u, context);
  if (status == TANLU_OK && !s->satisfied && s->evaluations < p->evaluations) {
    memcpy(u, s->best, p->n * sizeof *u);
    status = run(s, false, u, context);
    if (status == TANLU_OK && s->satisfied && s->evaluations < p->evaluations) {
      memcpy(u, s->best, p->n * sizeof *u);
      status = run(s, true, u, context);
    }
  }
  return status;
}

tanlu_status tanlu_nearest_find(const tanlu_nearest_problem *problem, double *x, tanlu_nearest_result *result,
                                tanlu_context *context) {
  const tanlu_nearest_problem *p = problem;
  const size_t n = p->n, m = p->constraints;
  double *work = tanlu_allocate_doubles(context, 5 * n + 2 * m + 2 * m * n, 1);
  if (work == NULL) return TANLU_ERR_MEMORY;
  search s = {.problem = p, .x = work, .u = work + n, .at = work + 2 * n, .best = work + 3 * n};
  double *u = work + 4 * n;
  s.g = work + 5 * n;
  s.last_g = s.g + m;
  s.jacobian = s.last_g + m;
  s.last_jacobian = s.jacobian + m * n;
  s.best_violation = (double)INFINITY;
  const tanlu_status status = find(&s, u, context);
  for (size_t i = 0; i < n; i++) x[i] = fmin(fmax(p->centre[i] + p->scale[i] * s.best[i], p->low[i]), p->high[i]);
  *result = (tanlu_nearest_result){s.satisfied, s.best_distance, s.evaluations};
  free(work);
  return status;
}
