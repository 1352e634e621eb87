#include "model/equilibrium.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Largest residuals of a solved year: of a balance against its output, of a goal as a logarithm. */
static const double tolerance = TANLU_EQUILIBRIUM_TOLERANCE;
/* Output below this part of the mean is not resolved further. */
static const double smallest_sector = 1e-6;
/* Longest step of a logarithm: keeps Newton inside the region where the model is smooth. */
static const double longest_step = 0.7;
/* A centre that does not bring the residual down by this factor is made anew. */
static const double contraction = 0.5;
/* Lanes that together are not solved after STEPS_TOGETHER are left to go on by themselves. */
enum { STEPS_TOGETHER = 24, STEPS_ALONE = 80, RETREATS = 12, DEPTH = 3 };

/* ---- creation ---------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_centre_create(tanlu_centre *centre, size_t size, tanlu_context *context) {
  centre->size = size;
  centre->state = tanlu_allocate_doubles(context, size, 1);
  centre->inverse = tanlu_allocate(context, size * size, sizeof *centre->inverse);
  if (centre->state != NULL && centre->inverse != NULL) return TANLU_OK;
  tanlu_centre_clear(centre);
  return TANLU_ERR_MEMORY;
}

void tanlu_centre_clear(tanlu_centre *centre) {
  free(centre->state);
  free(centre->inverse);
  *centre = (tanlu_centre){0};
}

void tanlu_equilibrium_free(tanlu_equilibrium **equilibrium) {
  tanlu_equilibrium *q = *equilibrium;
  if (q == NULL) return;
  tanlu_levers_free(&q->levers);
  tanlu_energy_rows_free(&q->rows);
  tanlu_economy_free(&q->economy);
  tanlu_lane_anderson_free(&q->acceleration);
  double *const array[] = {q->scale, q->state, q->output, q->balance, q->residual, q->step,
                           q->good,  q->start, q->base,   q->matrix,  q->work,     q->largest};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(q->rounded);
  free(q->product);
  free(q->pivot);
  free(q->solved);
  free(q->steps);
  free(q);
  *equilibrium = NULL;
}

tanlu_status tanlu_equilibrium_create(tanlu_equilibrium **equilibrium, const tanlu_system *system,
                                      const tanlu_technology *technology, const tanlu_measures *measures,
                                      const tanlu_drivers *drivers, size_t width, tanlu_context *context) {
  *equilibrium = NULL;
  tanlu_equilibrium *q = tanlu_allocate(context, 1, sizeof *q);
  if (q == NULL) return TANLU_ERR_MEMORY;
  q->width = q->report.width = width;
  q->enough = 1.0;
  q->n = technology->n;
  tanlu_status status = tanlu_levers_create(&q->levers, drivers, width, context);
  if (status == TANLU_OK) status = tanlu_energy_rows_create(&q->rows, system, technology, measures, width, context);
  if (status == TANLU_OK) status = tanlu_economy_create(&q->economy, technology, q->levers, width, context);
  if (status == TANLU_OK) {
    q->unknowns = q->economy->unknowns;
    q->size = q->n + q->unknowns;
    status = tanlu_lane_anderson_create(&q->acceleration, q->size, DEPTH, width, context);
  }
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {{&q->scale, q->n, 1},       {&q->state, q->size, width},    {&q->output, q->n, width},
                {&q->balance, q->n, width}, {&q->residual, q->size, width}, {&q->step, q->size, width},
                {&q->good, q->size, width}, {&q->start, q->size, width},    {&q->base, q->size, width},
                {&q->largest, 1, width}};
  for (size_t i = 0; status == TANLU_OK && i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].rows, wanted[i].columns);
    if (*wanted[i].array == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) {
    q->rounded = tanlu_allocate(context, q->size * width, sizeof *q->rounded);
    q->product = tanlu_allocate(context, q->size * width, sizeof *q->product);
    q->solved = tanlu_allocate(context, width, sizeof *q->solved);
    q->steps = tanlu_allocate(context, width, sizeof *q->steps);
    if (q->rounded == NULL || q->product == NULL || q->solved == NULL || q->steps == NULL) status = TANLU_ERR_MEMORY;
  }
  for (size_t j = 0; status == TANLU_OK && j < q->n; j++) {
    const double output = technology->dataset->accounts.output[j];
    q->scale[j] = output > 0.0 ? output : 1.0;
  }
  if (status != TANLU_OK) tanlu_equilibrium_free(&q);
  *equilibrium = q;
  return status;
}

/* ---- residuals --------------------------------------------------------------------------------------------------------- */

void tanlu_equilibrium_year(tanlu_equilibrium *equilibrium, const tanlu_drivers *const *drivers, size_t t,
                            const double *gdp_index, const double *held) {
  tanlu_equilibrium *q = equilibrium;
  memset(q->report.failed, 0, sizeof q->report.failed);
  memset(q->solved, 0, q->width * sizeof *q->solved);
  memset(q->steps, 0, q->width * sizeof *q->steps);
  tanlu_levers_gather(q->levers, drivers, t);
  tanlu_energy_rows_year(q->rows, q->levers, &q->report);
  tanlu_economy_year(q->economy, q->levers, gdp_index, held, q->rows, &q->report);
}

TANLU_EACH_ISA
static void scale_rows(size_t n, size_t width, const double *restrict scale, const double *restrict from,
                       double *restrict to) {
  for (size_t j = 0; j < n; j++) {
    const double factor = scale[j];
    EACH_LANE(l) to[j * width + l] = factor * from[j * width + l];
  }
}

/* Largest residual of each lane against the tolerance, and the balances against base-year output. */
TANLU_EACH_ISA
static void measure(tanlu_equilibrium *q) {
  const size_t width = q->width, n = q->n;
  const double *restrict balance = q->balance, *restrict x = q->output;
  double *restrict residual = q->residual, *restrict largest = q->largest;
  double least[TANLU_LANES_MAX], sum[TANLU_LANES_MAX]; /* comparisons pass over what is not a number, sums do not */
  EACH_LANE(l) {
    least[l] = 0.0;
    largest[l] = 0.0;
    sum[l] = 0.0;
  }
  for (size_t j = 0; j < n; j++) {
    EACH_LANE(l) least[l] += fabs(x[j * width + l]);
  }
  EACH_LANE(l) least[l] *= smallest_sector / (double)n;
  for (size_t j = 0; j < n; j++) {
    const double one_over = 1.0 / q->scale[j];
    EACH_LANE(l) {
      const double size = fabs(x[j * width + l]), against = size > least[l] ? size : least[l];
      const double part = fabs(balance[j * width + l]) / against;
      residual[j * width + l] = balance[j * width + l] * one_over;
      largest[l] = part > largest[l] ? part : largest[l];
      sum[l] += part;
    }
  }
  for (size_t k = n; k < q->size; k++) {
    EACH_LANE(l) {
      const double part = fabs(residual[k * width + l]);
      largest[l] = part > largest[l] ? part : largest[l];
      sum[l] += part;
    }
  }
  EACH_LANE(l) largest[l] = sum[l] < (double)INFINITY ? largest[l] / tolerance : (double)INFINITY;
}

void tanlu_equilibrium_finish(tanlu_equilibrium *equilibrium) {
  tanlu_equilibrium *q = equilibrium;
  const double *unknown = q->state + q->n * q->width;
  tanlu_energy_rows_step(q->rows, q->levers, q->output, &q->report);
  tanlu_economy_balance(q->economy, q->levers, q->rows, q->output, unknown, q->balance, q->residual + q->n * q->width,
                        &q->report);
  measure(q);
}

void tanlu_equilibrium_evaluate(tanlu_equilibrium *equilibrium) {
  tanlu_equilibrium *q = equilibrium;
  scale_rows(q->n, q->width, q->scale, q->state, q->output);
  tanlu_economy_factors(q->economy, q->levers, q->state + q->n * q->width);
  tanlu_economy_multiply(q->economy, q->output);
  tanlu_equilibrium_finish(q);
}

TANLU_EACH_ISA
void tanlu_equilibrium_residual(const tanlu_equilibrium *equilibrium, double *relative) {
  const tanlu_equilibrium *q = equilibrium;
  const size_t width = q->width;
  double largest[TANLU_LANES_MAX], demand[TANLU_LANES_MAX];
  EACH_LANE(l) largest[l] = demand[l] = 0.0;
  for (size_t i = 0; i < q->n; i++) {
    const double *restrict balance = q->balance + i * width, *restrict final = q->economy->final_demand + i * width;
    EACH_LANE(l) {
      largest[l] = tanlu_lane_larger(fabs(balance[l]), largest[l]);
      demand[l] = tanlu_lane_larger(fabs(final[l]), demand[l]);
    }
  }
  for (size_t l = 0; l < width; l++) relative[l] = demand[l] > 0.0 ? largest[l] / demand[l] : largest[l];
}

/* ---- steps ------------------------------------------------------------------------------------------------------------- */

TANLU_EACH_ISA
static void round_down(size_t size, size_t width, const double *restrict from, double *restrict scale,
                       float *restrict to) {
  EACH_LANE(l) scale[l] = 1e-300;
  for (size_t k = 0; k < size; k++) {
    EACH_LANE(l) {
      const double value = fabs(from[k * width + l]);
      scale[l] = value > scale[l] ? value : scale[l];
    }
  }
  double inverse[TANLU_LANES_MAX];
  EACH_LANE(l) inverse[l] = 1.0 / scale[l];
  for (size_t k = 0; k < size; k++) {
    EACH_LANE(l) to[k * width + l] = (float)(from[k * width + l] * inverse[l]);
  }
}

TANLU_EACH_ISA
static void round_up(size_t size, size_t width, const float *restrict from, const double *restrict scale,
                     double *restrict to) {
  for (size_t k = 0; k < size; k++) {
    EACH_LANE(l) to[k * width + l] = -scale[l] * (double)from[k * width + l];
  }
}

/* step = -M^-1 R. Scaled to the largest residual, which single precision could not hold near the solution. */
static void newton_step(tanlu_equilibrium *q, const tanlu_centre *centre) {
  const int size = (int)q->size, width = (int)q->width;
  double scale[TANLU_LANES_MAX];
  round_down(q->size, q->width, q->residual, scale, q->rounded);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, width, size, 1.0F, centre->inverse, size, q->rounded,
              width, 0.0F, q->product, width);
  round_up(q->size, q->width, q->product, scale, q->step);
}

/* Move the lanes that are neither solved nor failed, not too far and within bounds. */
TANLU_EACH_ISA
static void move(tanlu_equilibrium *q) {
  const size_t width = q->width, n = q->n;
  double damping[TANLU_LANES_MAX], longest[TANLU_LANES_MAX], centre[TANLU_LANES_MAX];
  EACH_LANE(l) longest[l] = 0.0;
  for (size_t k = n; k < q->size; k++) {
    const double *restrict step = q->step + k * width;
    EACH_LANE(l) longest[l] = tanlu_lane_larger(fabs(step[l]), longest[l]);
  }
  for (size_t l = 0; l < width; l++) {
    const bool still = q->solved[l] || q->report.failed[l];
    damping[l] = still ? 0.0 : longest[l] > longest_step ? longest_step / longest[l] : 1.0;
    centre[l] = log(q->economy->gdp_index[l]);
  }
  for (size_t k = 0; k < q->size; k++) {
    const double *restrict step = q->step + k * width;
    double *restrict z = q->state + k * width;
    EACH_LANE(l) z[l] += damping[l] > 0.0 ? damping[l] * step[l] : 0.0;
    if (k < n) continue;
    for (size_t l = 0; l < width; l++) {
      const double around = k == n ? centre[l] : 0.0, high = around + TANLU_LOG_FACTOR_MOST,
                   low = around - TANLU_LOG_FACTOR_MOST;
      z[l] = z[l] > high ? high : z[l] < low ? low : z[l];
    }
  }
}

void tanlu_equilibrium_together(tanlu_equilibrium *equilibrium, const tanlu_centre *centre) {
  tanlu_equilibrium *q = equilibrium;
  tanlu_lane_anderson_reset(q->acceleration);
  for (size_t step = 0;; step++) {
    bool open = false;
    tanlu_equilibrium_evaluate(q);
    for (size_t l = 0; l < q->width; l++) {
      if (q->report.failed[l] || q->solved[l]) continue;
      if (!(q->largest[l] < (double)INFINITY)) q->report.failed[l] = true;
      q->solved[l] = q->largest[l] <= 1.0;
      q->steps[l] = step;
      open = open || !(q->solved[l] || q->report.failed[l]);
    }
    if (!open || step == STEPS_TOGETHER) return;
    newton_step(q, centre);
    tanlu_lane_anderson_step(q->acceleration, q->state, q->step);
    move(q);
  }
}

/* Evaluate; where there are no accounts (inputs above output, a negative sum) the state has moved too far: it goes halfway
 * back to the last one of the year that had them. */
static tanlu_status evaluate_or_retreat(tanlu_equilibrium *q, bool *any_good, tanlu_context *context) {
  const size_t count = q->size * q->width;
  for (int retreat = 0;; retreat++) {
    q->report.context = *any_good ? NULL : context;
    tanlu_equilibrium_evaluate(q);
    if (!q->report.failed[0] && !(q->largest[0] < (double)INFINITY)) q->report.failed[0] = true;
    q->report.context = NULL;
    if (!q->report.failed[0]) {
      if (!*any_good) memcpy(q->start, q->state, count * sizeof *q->state);
      memcpy(q->good, q->state, count * sizeof *q->state);
      *any_good = true;
      return TANLU_OK;
    }
    if (!*any_good) return TANLU_ERR_MODEL;
    if (retreat == RETREATS) return tanlu_equilibrium_unreachable(q, context);
    memset(q->report.failed, 0, sizeof q->report.failed);
    for (size_t k = 0; k < count; k++) q->state[k] = 0.5 * (q->state[k] + q->good[k]);
    tanlu_lane_anderson_reset(q->acceleration);
  }
}

tanlu_status tanlu_equilibrium_alone(tanlu_equilibrium *equilibrium, tanlu_centre *centre, tanlu_context *context) {
  tanlu_equilibrium *q = equilibrium;
  bool any_good = false, fresh = false;
  double last = (double)INFINITY;
  tanlu_lane_anderson_reset(q->acceleration);
  for (size_t step = 0;; step++) {
    tanlu_status status = evaluate_or_retreat(q, &any_good, context);
    if (status != TANLU_OK) return status;
    for (size_t l = 0; l < q->width; l++) {
      q->solved[l] = q->largest[0] <= q->enough;
      q->steps[l] = step;
    }
    if (q->solved[0]) return TANLU_OK;
    if (step == STEPS_ALONE) return tanlu_equilibrium_unreachable(q, context);
    if (centre->state == NULL || (q->largest[0] > contraction * last && !fresh)) {
      status = tanlu_equilibrium_centre(q, centre, context);
      if (status != TANLU_OK) return status;
      tanlu_lane_anderson_reset(q->acceleration);
      fresh = true;
    } else {
      fresh = false;
    }
    last = q->largest[0];
    newton_step(q, centre);
    tanlu_lane_anderson_step(q->acceleration, q->state, q->step);
    move(q);
  }
}
