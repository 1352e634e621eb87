#include "model/adjoint.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/adjoint_private.h"
#include "solvers/memory.h"

/* Size of the differences by drivers, and the number that a driver near zero counts as. */
static const double difference = 1e-7;
static const double smallest_driver = 1e-2;

/* ---- creation ---------------------------------------------------------------------------------------------------------- */

void tanlu_adjoint_free(tanlu_adjoint **adjoint) {
  tanlu_adjoint *a = *adjoint;
  if (a == NULL) return;
  tanlu_projection_free(&a->projection);
  tanlu_solved_year_free(&a->solved);
  tanlu_equilibrium_free(&a->equilibrium);
  free(a->states);
  free(a->gdp_index);
  free(a->held_next);
  free(a->indicator);
  free(a->residual);
  free(a);
  *adjoint = NULL;
}

static tanlu_status allocate(tanlu_adjoint *a, tanlu_context *context) {
  const tanlu_model *m = a->model;
  tanlu_status status =
      tanlu_equilibrium_create(&a->equilibrium, m->system, m->technology, m->measures, a->drivers, a->width, context);
  if (status == TANLU_OK) {
    status = tanlu_solved_year_create(&a->solved, m->system, m->technology, a->equilibrium, context);
  }
  if (status == TANLU_OK) {
    status = tanlu_projection_create_some(&a->projection, m->dataset, a->drivers->from, a->years,
                                          1UL << TANLU_FIELD_INDICATOR, context);
  }
  if (status != TANLU_OK) return status;
  a->n = a->equilibrium->n;
  a->size = a->equilibrium->size;
  a->unknowns = a->equilibrium->unknowns;
  a->states = tanlu_allocate_doubles(context, a->years, a->size);
  a->gdp_index = tanlu_allocate_doubles(context, a->years, 1);
  a->held_next = tanlu_allocate(context, a->unknowns, sizeof *a->held_next);
  a->indicator = tanlu_allocate_doubles(context, TANLU_INDICATOR_COUNT, 1);
  a->residual = tanlu_allocate_doubles(context, a->size, 1);
  return a->states != NULL && a->gdp_index != NULL && a->held_next != NULL && a->indicator != NULL &&
                 a->residual != NULL
             ? TANLU_OK
             : TANLU_ERR_MEMORY;
}

static tanlu_status keep_state(void *user, const tanlu_solved_year *year, size_t t, tanlu_context *context) {
  const tanlu_adjoint *a = user;
  const tanlu_equilibrium *q = year->equilibrium;
  (void)context;
  for (size_t k = 0; k < a->size; k++) a->states[t * a->size + k] = q->state[k * q->width];
  return TANLU_OK;
}

tanlu_status tanlu_adjoint_create(tanlu_adjoint **adjoint, const tanlu_model *model, const tanlu_drivers *drivers,
                                  const char *name, tanlu_context *context) {
  *adjoint = NULL;
  tanlu_projector *projector = NULL;
  tanlu_adjoint *a = tanlu_allocate(context, 1, sizeof *a);
  if (a == NULL) return TANLU_ERR_MEMORY;
  a->model = model;
  a->drivers = drivers;
  a->years = drivers->years;
  a->width = TANLU_LANES_MAX;
  tanlu_status status = allocate(a, context);
  if (status == TANLU_OK) status = tanlu_projector_create(&projector, model, drivers, TANLU_LANES_LEAST, context);
  if (status == TANLU_OK) {
    status = tanlu_projector_visit(projector, drivers, name, a->projection, keep_state, a, context);
  }
  tanlu_projector_free(&projector);
  for (size_t t = 0; status == TANLU_OK && t < a->years; t++) {
    const double growth = 1.0 + tanlu_driver(drivers, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0;
    a->gdp_index[t] = t > 0 ? a->gdp_index[t - 1] * growth : 1.0;
  }
  if (status != TANLU_OK) tanlu_adjoint_free(&a);
  *adjoint = a;
  return status;
}

const tanlu_projection *tanlu_adjoint_projection(const tanlu_adjoint *adjoint) {
  return adjoint->projection;
}

/* ---- a year in lanes ----------------------------------------------------------------------------------------------------- */

static const double *weights_of(const tanlu_adjoint *a, size_t output) {
  return a->request->weight + (output * a->years + a->t) * TANLU_INDICATOR_COUNT;
}

void tanlu_adjoint_change(const tanlu_adjoint *a, size_t lane, double *change) {
  for (size_t o = 0; o < a->request->outputs; o++) {
    const double *weight = weights_of(a, o);
    change[o] = 0.0;
    for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) {
      if (weight[i] != 0.0) change[o] += weight[i] * (a->solved->indicator[i * a->width + lane] - a->indicator[i]);
    }
  }
}

void tanlu_adjoint_total_change(const tanlu_adjoint *a, size_t lane, double *change) {
  tanlu_adjoint_change(a, lane, change);
  for (size_t o = 0; o < a->request->outputs; o++) {
    const double *lambda = a->lambda + o * a->size;
    double sum = 0.0;
    for (size_t k = 0; k < a->size; k++) {
      sum += lambda[k] * (a->equilibrium->residual[k * a->width + lane] - a->residual[k]);
    }
    change[o] -= sum;
  }
}

/* The solved state with levers, GDP and carbon as they stand in the lanes, evaluated and accounted for. */
static void evaluate(tanlu_adjoint *a) {
  tanlu_equilibrium *q = a->equilibrium;
  const size_t width = a->width, t = a->t;
  double *held = q->step; /* of which nothing is needed now */
  for (size_t e = 0; e < a->unknowns; e++) {
    for (size_t l = 0; l < width; l++) {
      held[e * width + l] = t > 0 ? a->states[(t - 1) * a->size + a->n + e] : 0.0;
    }
  }
  for (size_t k = 0; k < a->size; k++) {
    for (size_t l = 0; l < width; l++) q->state[k * width + l] = a->states[t * a->size + k];
  }
  memset(q->report.failed, 0, sizeof q->report.failed);
  tanlu_energy_rows_year(q->rows, q->levers, &q->report);
  tanlu_economy_year(q->economy, q->levers, a->gdp_lane, held, q->rows, &q->report);
  tanlu_equilibrium_evaluate(q);
  tanlu_solved_year_account(a->solved, &q->report);
}

/* The solved state as lane 0 shows it. */
static void keep_base(tanlu_adjoint *a) {
  for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) a->indicator[i] = a->solved->indicator[i * a->width];
  for (size_t k = 0; k < a->size; k++) a->residual[k] = a->equilibrium->residual[k * a->width];
}

static void open_year(tanlu_adjoint *a, size_t t) {
  const tanlu_drivers *drivers[TANLU_LANES_MAX];
  for (size_t l = 0; l < a->width; l++) {
    drivers[l] = a->drivers;
    a->gdp_lane[l] = a->gdp_index[t];
  }
  tanlu_levers_gather(a->equilibrium->levers, drivers, t);
  evaluate(a);
  keep_base(a);
}

/* ---- lambda ---------------------------------------------------------------------------------------------------------------- */

/* dJ/dz of the columns that have been moved. */
static void keep_slopes(void *user, size_t first, size_t count, const double *moved) {
  tanlu_adjoint *a = user;
  tanlu_solved_year_account(a->solved, &a->equilibrium->report);
  for (size_t l = 0; l < count; l++) {
    tanlu_adjoint_change(a, l, a->difference);
    for (size_t o = 0; o < a->request->outputs; o++) a->slope[o * a->size + first + l] = a->difference[o] / moved[l];
  }
}

static tanlu_status solve_transposed(tanlu_adjoint *a, tanlu_context *context) {
  tanlu_equilibrium *q = a->equilibrium;
  tanlu_status status = tanlu_equilibrium_differentiate(q, keep_slopes, a, context);
  if (status != TANLU_OK) return status;
  for (size_t o = 0; o < a->request->outputs; o++) {
    double *slope = a->slope + o * a->size, *lambda = a->lambda + o * a->size;
    for (size_t e = 0; e < a->unknowns; e++) { /* what year t + 1 holds fast */
      if (a->held_next[e]) slope[a->n + e] += lambda[a->n + e];
    }
    memcpy(lambda, slope, a->size * sizeof *lambda);
  }
  const lapack_int order = (lapack_int)a->size, outputs = (lapack_int)a->request->outputs;
  lapack_int info = 0;
  LAPACK_dgetrf(&order, &order, q->matrix, &order, q->pivot, &info);
  if (info == 0) LAPACK_dgetrs("T", &order, &outputs, q->matrix, &order, q->pivot, a->lambda, &order, &info);
  if (info != 0) {
    return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: the equations have no unique solution near their own",
                      a->drivers->from + (int)a->t);
  }
  for (size_t e = 0; e < a->unknowns; e++) a->held_next[e] = !q->economy->binds[e * a->width];
  return TANLU_OK;
}

/* ---- directions -------------------------------------------------------------------------------------------------------------- */

static double value_of(const tanlu_adjoint *a, const tanlu_direction_part *p) {
  return a->drivers->value[p->id][a->t * a->drivers->size[p->id] + p->member];
}

/* Do all drivers stay within their bounds so far along a direction? */
static bool within_bounds(const tanlu_adjoint *a, const tanlu_direction *d, double step) {
  for (size_t i = 0; i < d->parts; i++) {
    const tanlu_driver_info *info = &tanlu_driver_table[d->part[i].id];
    const double value = value_of(a, &d->part[i]), moved = value + step * d->part[i].weight;
    if ((moved < info->lowest && moved < value) || (moved > info->highest && moved > value)) return false;
  }
  return true;
}

/* How far to go along a direction, forward or, where a bound is met, backward; NaN where a driver has no value or neither way is
 * open. */
static double step_of(const tanlu_adjoint *a, const tanlu_direction *d) {
  double step = (double)INFINITY;
  for (size_t i = 0; i < d->parts; i++) {
    const double value = value_of(a, &d->part[i]), weight = fabs(d->part[i].weight);
    if (isnan(value)) return (double)NAN;
    if (weight * step > difference * fmax(fabs(value), smallest_driver)) {
      step = difference * fmax(fabs(value), smallest_driver) / weight;
    }
  }
  if (!(step < (double)INFINITY)) return (double)NAN;
  if (within_bounds(a, d, step)) return step;
  return within_bounds(a, d, -step) ? -step : (double)NAN;
}

/* The levers of a lane, `step` along the direction. */
static void set_levers(tanlu_adjoint *a, const tanlu_direction *d, size_t lane, double step) {
  const tanlu_levers *levers = a->equilibrium->levers;
  for (size_t i = 0; i < d->parts; i++) {
    const tanlu_direction_part *p = &d->part[i];
    double *lever = &levers->value[p->id][p->member * a->width + lane];
    *lever = step != 0.0 ? *lever + p->weight * step : value_of(a, p);
  }
}

/* ---- differences by lanes ---------------------------------------------------------------------------------------------------- */

/* What is moved in a lane: along a direction, the GDP index (its logarithm), the CO2 of a user. */
typedef enum { BY_DIRECTION, BY_GDP, BY_CARBON } lane_kind;
typedef struct {
  size_t count;
  lane_kind kind[TANLU_LANES_MAX];
  size_t index[TANLU_LANES_MAX]; /* direction, user */
  double step[TANLU_LANES_MAX];
} lane_batch;

static void move(tanlu_adjoint *a, const lane_batch *batch, size_t i, double step) {
  const size_t lane = i + 1; /* lane 0 is the solved year */
  if (batch->kind[i] == BY_DIRECTION) {
    set_levers(a, &a->request->direction[batch->index[i]], lane, step);
  } else if (batch->kind[i] == BY_GDP) {
    a->gdp_lane[lane] = a->gdp_index[a->t] * (1.0 + step);
  } else {
    tanlu_adjoint_carbon_move(a, batch->index[i], lane, step);
  }
}

/* Put the difference of a lane where it belongs. */
static void credit(tanlu_adjoint *a, const lane_batch *batch, size_t i, bool good) {
  const tanlu_adjoint_request *r = a->request;
  const size_t users = a->model->system->energy->users;
  tanlu_adjoint_total_change(a, i + 1, a->difference);
  for (size_t o = 0; o < r->outputs; o++) {
    const double slope = good ? a->difference[o] / batch->step[i] : (double)NAN;
    if (batch->kind[i] == BY_DIRECTION) {
      a->gradients->direction[o * r->directions + batch->index[i]] = slope;
    } else if (batch->kind[i] == BY_GDP) {
      a->gdp[o] += slope;
    } else {
      const double activity = a->equilibrium->rows->activity[batch->index[i] * a->width];
      a->by_user[o * users + batch->index[i]] = slope * activity;
    }
  }
}

/* Measure a batch. Where the model fails on one side the other side is taken. */
static void measure(tanlu_adjoint *a, lane_batch *batch) {
  for (int side = 0; side < 2 && batch->count > 0; side++) {
    lane_batch failed = {.count = 0};
    for (size_t i = 0; i < batch->count; i++) move(a, batch, i, batch->step[i]);
    evaluate(a);
    keep_base(a);
    for (size_t i = 0; i < batch->count; i++) {
      const bool good = !a->equilibrium->report.failed[i + 1];
      const double back = -batch->step[i];
      const bool open =
          batch->kind[i] != BY_DIRECTION || within_bounds(a, &a->request->direction[batch->index[i]], back);
      move(a, batch, i, 0.0);
      if (!good && open) {
        failed.kind[failed.count] = batch->kind[i];
        failed.index[failed.count] = batch->index[i];
        failed.step[failed.count++] = back;
      }
      if (good || !open || side == 1) credit(a, batch, i, good);
    }
    *batch = failed;
  }
  batch->count = 0;
}

static void add_to_batch(tanlu_adjoint *a, lane_batch *batch, lane_kind kind, size_t index, double step) {
  batch->kind[batch->count] = kind;
  batch->index[batch->count] = index;
  batch->step[batch->count++] = step;
  if (batch->count + 1 == a->width) measure(a, batch);
}

/* Users whose capture takes electricity. */
static void measure_carbon(tanlu_adjoint *a, lane_batch *batch) {
  const double tonnes = difference * tanlu_adjoint_carbon_total(a);
  for (size_t user = 0; a->request->emission_factors && user < a->model->system->energy->users; user++) {
    if (tanlu_adjoint_carbon_captured(a, user)) add_to_batch(a, batch, BY_CARBON, user, tonnes);
  }
}

/* What a direction does by growth: GDP of this year and all later ones. */
static void add_growth(tanlu_adjoint *a, size_t index) {
  const tanlu_adjoint_request *r = a->request;
  const tanlu_direction *d = &r->direction[index];
  const double growth = 1.0 + tanlu_driver(a->drivers, TANLU_DRIVER_GDP_GROWTH, a->t, 0, 0) / 100.0;
  for (size_t i = 0; a->t > 0 && i < d->parts; i++) {
    if (d->part[i].id != TANLU_DRIVER_GDP_GROWTH) continue;
    for (size_t o = 0; o < r->outputs; o++) {
      a->gradients->direction[o * r->directions + index] += d->part[i].weight * a->gdp[o] / (100.0 * growth);
    }
  }
}

static bool is_growth(const tanlu_direction *d) {
  for (size_t i = 0; i < d->parts; i++) {
    if (d->part[i].id != TANLU_DRIVER_GDP_GROWTH) return false;
  }
  return true;
}

/* Everything of this year that is measured; directions are those from the last before `end`. Returns the first of them. */
static size_t measure_year(tanlu_adjoint *a, size_t end) {
  const tanlu_adjoint_request *r = a->request;
  size_t first = end;
  lane_batch batch = {.count = 0};
  while (first > 0 && r->direction[first - 1].t == a->t) first--;
  add_to_batch(a, &batch, BY_GDP, 0, difference);
  measure_carbon(a, &batch);
  for (size_t d = first; d < end; d++) {
    const double step = is_growth(&r->direction[d]) ? 0.0 : step_of(a, &r->direction[d]);
    for (size_t o = 0; o < r->outputs; o++) a->gradients->direction[o * r->directions + d] = step == 0.0 ? 0.0 : step;
    if (step != 0.0 && !isnan(step)) add_to_batch(a, &batch, BY_DIRECTION, d, step);
  }
  measure(a, &batch);
  for (size_t d = first; d < end; d++) add_growth(a, d);
  return first;
}

/* ---- gradients ---------------------------------------------------------------------------------------------------------------- */

void tanlu_gradients_clear(tanlu_gradients *gradients) {
  free(gradients->value);
  free(gradients->direction);
  free(gradients->emission_factor);
  free(gradients->coefficient);
  *gradients = (tanlu_gradients){0};
}

static tanlu_status make_room(tanlu_adjoint *a, tanlu_gradients *g, tanlu_context *context) {
  const tanlu_adjoint_request *r = a->request;
  const tanlu_energy_statistics *e = &a->model->dataset->energy;
  g->value = tanlu_allocate_doubles(context, r->outputs, 1);
  g->direction = tanlu_allocate_doubles(context, r->outputs, r->directions);
  bool complete = g->value != NULL && g->direction != NULL;
  if (r->emission_factors) {
    g->emission_factor = tanlu_allocate_doubles(context, r->outputs * e->user_group.count, e->carrier.label.count);
    complete = complete && g->emission_factor != NULL;
  }
  if (r->coefficients) {
    g->coefficient = tanlu_allocate_doubles(context, r->outputs * a->n, a->n);
    complete = complete && g->coefficient != NULL;
  }
  const size_t users = a->model->system->energy->users, outputs = r->outputs;
  const size_t by_factor = r->emission_factors ? 1 : 0;
  const struct {
    double **array;
    size_t rows, columns;
  } work[] = {{&a->lambda, outputs, a->size},
              {&a->slope, outputs, a->size},
              {&a->gdp, outputs, 1},
              {&a->base_co2, outputs, 1},
              {&a->difference, outputs, 1},
              {&a->burned, outputs, by_factor},
              {&a->captured, outputs, by_factor},
              {&a->by_user, outputs * by_factor, users},
              {&a->more_carbon, users * by_factor, a->width},
              {&a->factor_weights, e->carrier.label.count, by_factor}};
  for (size_t i = 0; i < sizeof work / sizeof *work; i++) {
    *work[i].array = tanlu_allocate_doubles(context, work[i].rows, work[i].columns);
    complete = complete && *work[i].array != NULL;
  }
  a->equilibrium->rows->more_carbon = r->emission_factors ? a->more_carbon : NULL;
  return complete ? TANLU_OK : TANLU_ERR_MEMORY;
}

static void release(tanlu_adjoint *a) {
  double **const array[] = {&a->lambda, &a->slope,    &a->gdp,     &a->base_co2,    &a->difference,
                            &a->burned, &a->captured, &a->by_user, &a->more_carbon, &a->factor_weights};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) {
    free(*array[i]);
    *array[i] = NULL;
  }
  a->equilibrium->rows->more_carbon = NULL;
}

/* J = sum of weight x indicator. */
static void add_values(tanlu_adjoint *a) {
  const double *indicator = a->projection->value[TANLU_FIELD_INDICATOR] + a->t * TANLU_INDICATOR_COUNT;
  for (size_t o = 0; o < a->request->outputs; o++) {
    const double *weight = weights_of(a, o);
    for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) {
      if (weight[i] != 0.0) a->gradients->value[o] += weight[i] * indicator[i];
    }
  }
}

/* Does anything of this year reach an output, by itself or by what the next year holds? */
static bool matters(const tanlu_adjoint *a) {
  for (size_t o = 0; o < a->request->outputs; o++) {
    const double *weight = weights_of(a, o), *lambda = a->lambda + o * a->size + a->n;
    for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) {
      if (weight[i] != 0.0) return true;
    }
    for (size_t e = 0; e < a->unknowns; e++) {
      if (a->held_next[e] && lambda[e] != 0.0) return true;
    }
  }
  return false;
}

/* A year that reaches no output but by the growth of GDP. */
static size_t pass_year(tanlu_adjoint *a, size_t end) {
  memset(a->lambda, 0, a->request->outputs * a->size * sizeof *a->lambda);
  size_t first = end;
  while (first > 0 && a->request->direction[first - 1].t == a->t) add_growth(a, --first);
  return first;
}

/* The gradients of year t; *directions: those before its own. */
static tanlu_status add_year(tanlu_adjoint *a, size_t t, size_t *directions, tanlu_context *context) {
  const tanlu_adjoint_request *r = a->request;
  a->t = t;
  add_values(a);
  if (!matters(a) && !(t == 0 && r->emission_factors)) { /* base-year CO2 is what changes are counted from */
    *directions = pass_year(a, *directions);
    return TANLU_OK;
  }
  open_year(a, t);
  tanlu_status status = solve_transposed(a, context);
  if (status != TANLU_OK) return status;
  if (r->emission_factors || r->coefficients) tanlu_solved_year_account(a->solved, &a->equilibrium->report);
  if (r->emission_factors) tanlu_adjoint_carbon_begin(a);
  if (r->coefficients) status = tanlu_adjoint_coefficients(a, context);
  *directions = measure_year(a, *directions);
  if (r->emission_factors) tanlu_adjoint_carbon_end(a);
  return status;
}

tanlu_status tanlu_adjoint_gradients(tanlu_adjoint *adjoint, const tanlu_adjoint_request *request,
                                     tanlu_gradients *gradients, tanlu_context *context) {
  tanlu_adjoint *a = adjoint;
  *gradients = (tanlu_gradients){0};
  a->request = request;
  a->gradients = gradients;
  a->equilibrium->report.context = NULL;
  memset(a->held_next, 0, a->unknowns * sizeof *a->held_next);
  tanlu_status status = make_room(a, gradients, context);
  size_t directions = request->directions;
  for (size_t t = a->years; status == TANLU_OK && t-- > 0;) status = add_year(a, t, &directions, context);
  release(a);
  if (status != TANLU_OK) tanlu_gradients_clear(gradients);
  return status;
}
