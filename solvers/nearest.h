/* The point nearest to a start that satisfies constraints.
 *
 *     min sum_i w_i ((x_i - c_i) / s_i)^2   subject to   g_k(x) <= 0,  low_i <= x_i <= high_i
 *
 * by sequential quadratic programming in (x - c) / s (SLSQP of NLopt; Kraft, A software package for sequential quadratic
 * programming, DFVLR-FB 88-28, 1988). Where no point satisfies all constraints, the one with the smallest sum of squares of what is
 * above zero is sought: a local minimum, as everything here. */
#ifndef TANLU_SOLVERS_NEAREST_H
#define TANLU_SOLVERS_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

/* g (out): constraints; jacobian (out): constraints x n, d g_k / d x_i. False where x has no value. */
typedef bool (*tanlu_constraints)(void *user, const double *x, double *g, double *jacobian);

typedef struct {
  size_t n, constraints;
  const double *centre, *scale, *weight, *low, *high; /* n; scale > 0, low <= centre <= high */
  tanlu_constraints evaluate;
  void *user;
  double tolerance; /* a constraint holds when g <= 0, and is sought at g <= -tolerance: 1e-6 of what g is scaled to */
  int evaluations;  /* at most */
} tanlu_nearest_problem;

typedef struct {
  bool satisfied;
  double distance; /* sum w ((x - c) / s)^2 */
  int evaluations;
} tanlu_nearest_result;

/* x (out): n, the nearest point found, or that with the smallest violation. Errors: TANLU_ERR_MODEL where the centre itself has
 * no value; memory. */
tanlu_status tanlu_nearest_find(const tanlu_nearest_problem *problem, double *x, tanlu_nearest_result *result,
                                tanlu_context *context);

#endif
