/* The derivative at a centre, and what a goal out of reach could reach. */
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/equilibrium.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

/* Size of the differences, against states of the order of one: half the digits of a double. */
static const double difference = 1e-7;
/* Nothing is known of a derivative by a number smaller than this. */
static const double smallest_state = 1e-3;

enum { RANGE_STEPS = 60 };

/* ---- the derivative ---------------------------------------------------------------------------------------------------- */

static tanlu_status make_room(tanlu_equilibrium *q, tanlu_context *context) {
  if (q->matrix == NULL) q->matrix = tanlu_allocate_doubles(context, q->size, q->size);
  if (q->work == NULL) q->work = tanlu_allocate_doubles(context, q->size, q->size);
  if (q->pivot == NULL) q->pivot = tanlu_allocate(context, q->size, sizeof *q->pivot);
  return q->matrix == NULL || q->work == NULL || q->pivot == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
}

/* Move number first + l of lane l, from the state of the centre. */
static void move_lanes(tanlu_equilibrium *q, size_t first, size_t count, double *moved) {
  const size_t width = q->width;
  memcpy(q->state, q->base, q->size * width * sizeof *q->state);
  for (size_t l = 0; l < count; l++) {
    double *z = &q->state[(first + l) * width + l];
    const double before = *z;
    *z += difference * fmax(fabs(before), smallest_state);
    moved[l] = *z - before;
  }
}

static void keep_columns(tanlu_equilibrium *q, size_t first, size_t count, const double *residual,
                         const double *moved) {
  for (size_t l = 0; l < count; l++) {
    double *column = q->matrix + (first + l) * q->size;
    for (size_t i = 0; i < q->size; i++) column[i] = (q->residual[i * q->width + l] - residual[i]) / moved[l];
  }
}

/* By output, with the factors of the state as it was evaluated and products that differ in one column of A. kept: 3 n, work. */
static void differentiate_by_output(tanlu_equilibrium *q, const double *residual, double *kept, tanlu_columns_seen seen,
                                    void *user) {
  const size_t width = q->width, n = q->n;
  const bool split = q->economy->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  double *output = kept, *product = kept + n, *all = product + n, moved[TANLU_LANES_MAX];
  for (size_t i = 0; i < n; i++) {
    output[i] = q->output[i * width];
    product[i] = q->economy->product[i * width];
    if (split && q->economy->imports_change) all[i] = q->economy->product_all[i * width];
  }
  for (size_t first = 0; first < n; first += width) {
    const size_t count = n - first < width ? n - first : width;
    move_lanes(q, first, count, moved);
    for (size_t i = 0; i < n; i++) {
      for (size_t l = 0; l < width; l++) q->output[i * width + l] = output[i];
    }
    for (size_t l = 0; l < count; l++) {
      q->output[(first + l) * width + l] = q->state[(first + l) * width + l] * q->scale[first + l];
    }
    tanlu_economy_multiply_near(q->economy, q->output, product, all, output, first, count);
    tanlu_equilibrium_finish(q);
    keep_columns(q, first, count, residual, moved);
    if (seen != NULL) seen(user, first, count, moved);
  }
}

/* M, column by column: first by output, then by the unknowns with all that follows from them. */
tanlu_status tanlu_equilibrium_differentiate(tanlu_equilibrium *equilibrium, tanlu_columns_seen seen, void *user,
                                             tanlu_context *context) {
  tanlu_equilibrium *q = equilibrium;
  const size_t width = q->width, n = q->n, size = q->size;
  const tanlu_status status = make_room(q, context);
  if (status != TANLU_OK) return status;
  double *residual = tanlu_allocate_doubles(context, size + 3 * n, 1), moved[TANLU_LANES_MAX];
  if (residual == NULL) return TANLU_ERR_MEMORY;
  const tanlu_lane_report report = q->report;
  memcpy(q->base, q->state, size * width * sizeof *q->state);
  for (size_t i = 0; i < size; i++) residual[i] = q->residual[i * width];
  differentiate_by_output(q, residual, residual + size, seen, user);
  for (size_t first = n; first < size; first += width) {
    const size_t count = size - first < width ? size - first : width;
    move_lanes(q, first, count, moved);
    tanlu_equilibrium_evaluate(q);
    keep_columns(q, first, count, residual, moved);
    if (seen != NULL) seen(user, first, count, moved);
  }
  memcpy(q->state, q->base, size * width * sizeof *q->state);
  tanlu_equilibrium_evaluate(q);
  q->report = report;
  free(residual);
  return TANLU_OK;
}

tanlu_status tanlu_equilibrium_centre(tanlu_equilibrium *equilibrium, tanlu_centre *centre, tanlu_context *context) {
  tanlu_equilibrium *q = equilibrium;
  const size_t size = q->size;
  const lapack_int order = (lapack_int)size, work_size = (lapack_int)(size * size);
  lapack_int info = 0;
  tanlu_status status = tanlu_equilibrium_differentiate(q, NULL, NULL, context);
  if (status == TANLU_OK && centre->state == NULL) status = tanlu_centre_create(centre, q->size, context);
  if (status != TANLU_OK) return status;
  LAPACK_dgetrf(&order, &order, q->matrix, &order, q->pivot, &info);
  if (info == 0) LAPACK_dgetri(&order, q->matrix, &order, q->pivot, q->work, &work_size, &info);
  for (size_t k = 0; info == 0 && k < size * size; k++) {
    if (!(fabs(q->matrix[k]) < 1e30)) info = 1;
  }
  if (info != 0) {
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "year %d: the structure targets and product paths contradict or repeat each other",
                      q->levers->year);
  }
  for (size_t i = 0; i < size; i++) {
    centre->state[i] = q->state[i * q->width];
    for (size_t j = 0; j < size; j++) centre->inverse[i * size + j] = (float)q->matrix[j * size + i];
  }
  return TANLU_OK;
}

/* ---- what cannot be reached -------------------------------------------------------------------------------------------- */

/* Share or physical output reached with one factor changed and the others, and the energy rows, as they are; NaN where the
 * accounts have no solution, and with `strict` where a sector would have to produce less than nothing. */
static double reached_at(tanlu_equilibrium *q, tanlu_leontief *solver, size_t unknown, double value, bool strict) {
  const size_t width = q->width, n = q->n;
  tanlu_economy *y = q->economy;
  tanlu_context *unheard = NULL;
  tanlu_lane_report report = {.width = width};
  double *matrix = q->matrix, *x = q->work;
  for (size_t l = 0; l < width; l++) q->state[(n + unknown) * width + l] = value;
  tanlu_economy_factors(y, q->levers, q->state + n * width);
  tanlu_economy_matrix(y, q->levers, q->rows, 0, matrix, NULL);
  for (size_t i = 0; i < n; i++) x[i] = y->final_demand[i * width];
  if (tanlu_leontief_update(solver, matrix, n, NULL, unheard) != TANLU_OK) return (double)NAN;
  if (tanlu_leontief_solve(solver, x, n, 1, unheard) != TANLU_OK) return (double)NAN;
  for (size_t j = 0; j < n; j++) {
    if (strict && x[j] < 0.0) return (double)NAN;
    for (size_t l = 0; l < width; l++) q->output[j * width + l] = x[j];
  }
  tanlu_economy_multiply(y, q->output);
  tanlu_economy_balance(y, q->levers, q->rows, q->output, q->state + n * width, q->balance, q->residual, &report);
  if (report.failed[0]) return (double)NAN;
  const double sum = y->sum[unknown * width];
  if (unknown <= y->targets) return sum / y->sum[0];
  const size_t p = unknown - 1 - y->targets;
  return sum / y->goal[unknown * width] * tanlu_lever(q->levers, TANLU_DRIVER_PRODUCT_PATH, p, 0)[0];
}

tanlu_status tanlu_equilibrium_unreachable(tanlu_equilibrium *equilibrium, tanlu_context *context) {
  tanlu_equilibrium *q = equilibrium;
  const size_t width = q->width, n = q->n;
  const int year = q->levers->year;
  tanlu_leontief *solver = NULL;
  size_t worst = 0;
  char text[TANLU_GOAL_TEXT];
  for (size_t e = 1; e < q->unknowns; e++) {
    const double gap = fabs(q->residual[(n + e) * width]);
    if (q->economy->binds[e * width] && (worst == 0 || gap > fabs(q->residual[(n + worst) * width]))) worst = e;
  }
  tanlu_economy_goal(q->economy, q->levers, worst, text);
  if (worst == 0) return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: %s cannot be reached", year, text);
  tanlu_status status = make_room(q, context);
  if (status == TANLU_OK) status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, context);
  if (status != TANLU_OK) return status;
  /* the others as the year began: where the search ended there may be no economy to compare with */
  memcpy(q->state, q->start, q->size * width * sizeof *q->state);
  tanlu_equilibrium_evaluate(q);
  double low = (double)NAN, high = (double)NAN;
  for (int strict = 1; strict >= 0 && isnan(low); strict--) {
    for (int k = 0; k <= RANGE_STEPS; k++) {
      const double reached =
          reached_at(q, solver, worst, TANLU_LOG_FACTOR_MOST * (2.0 * k / RANGE_STEPS - 1.0), strict == 1);
      low = fmin(low, reached); /* of two, the one that is a number */
      high = fmax(high, reached);
    }
  }
  tanlu_leontief_free(&solver);
  if (isnan(low)) return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: %s cannot be reached", year, text);
  return tanlu_fail(context, TANLU_ERR_MODEL,
                    "year %d: %s cannot be reached; with the other levers as they are it can be %.4g to %.4g", year,
                    text, low, high);
}
