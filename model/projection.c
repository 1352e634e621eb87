#include "model/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/closure.h"
#include "model/energy_year.h"
#include "model/indicators.h"
#include "model/model_private.h"
#include "model/record.h"
#include "solvers/anderson.h"
#include "solvers/memory.h"

/* Gaps of GDP, shares and paths, and the movement of output between two steps, both relative: the default tolerance of the
 * solvers. A step brings both down about tenfold, so that what is stored is closer than what was measured. */
static const double closed = 1e-10;
/* Farther from the goals than this the steps are no straight line to extrapolate. */
static const double near = 0.1;
enum { STEPS_MAX = 80, ACCELERATION_DEPTH = 8 };

static double wall_time(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Work of one scenario. */
typedef struct {
  tanlu_closure *closure;
  tanlu_energy_year *energy;
  double *output; /* n: output that energy was computed for */
  double *use, *household_use, *rows, *household_money;
  size_t state_size;     /* n + unknowns of the closure */
  double *state, *image; /* output against the base year, then the unknowns: before and after a step */
  double *last, *before; /* the same at the end of the last two years */
  double last_growth;    /* GDP factor of the last year */
  tanlu_anderson *acceleration;
} projection_work;

static void work_clear(projection_work *work) {
  tanlu_closure_free(&work->closure);
  tanlu_energy_year_free(&work->energy);
  free(work->output);
  free(work->use);
  free(work->household_use);
  free(work->rows);
  free(work->household_money);
  free(work->state);
  free(work->image);
  free(work->last);
  free(work->before);
  tanlu_anderson_free(&work->acceleration);
}

static tanlu_status work_create(projection_work *work, const tanlu_model *model, const tanlu_drivers *drivers,
                                tanlu_context *context) {
  const size_t n = model->technology->n, rows = model->technology->rows;
  *work = (projection_work){0};
  work->output = tanlu_allocate_doubles(context, n, 1);
  work->use = tanlu_allocate_doubles(context, rows, n);
  work->household_use = tanlu_allocate_doubles(context, rows, 2);
  work->rows = tanlu_allocate_doubles(context, rows, n);
  work->household_money = tanlu_allocate_doubles(context, rows, 2);
  if (work->output == NULL || work->use == NULL || work->household_use == NULL || work->rows == NULL ||
      work->household_money == NULL) {
    return TANLU_ERR_MEMORY;
  }
  tanlu_status status = tanlu_closure_create(&work->closure, model->technology, drivers, context);
  if (status == TANLU_OK) status = tanlu_energy_year_create(&work->energy, model->system, context);
  if (status != TANLU_OK) return status;
  work->state_size = n + tanlu_closure_unknowns(work->closure);
  work->state = tanlu_allocate_doubles(context, work->state_size, 1);
  work->image = tanlu_allocate_doubles(context, work->state_size, 1);
  work->last = tanlu_allocate_doubles(context, work->state_size, 1);
  work->before = tanlu_allocate_doubles(context, work->state_size, 1);
  if (work->state == NULL || work->image == NULL || work->last == NULL || work->before == NULL) return TANLU_ERR_MEMORY;
  return tanlu_anderson_create(&work->acceleration, work->state_size, ACCELERATION_DEPTH, context);
}

/* Households pay for energy products in proportion to what they physically use; for what they did not use in the base year,
 * the average price. */
static void household_money(const tanlu_model *model, projection_work *work) {
  const tanlu_technology *g = model->technology;
  const tanlu_accounts *a = &model->dataset->accounts;
  for (size_t k = 0; k < g->rows; k++) {
    for (size_t h = 0; h < 2; h++) {
      const tanlu_category_role role = h == 0 ? TANLU_ROLE_URBAN : TANLU_ROLE_RURAL;
      const double base = g->household_use[2 * k + h];
      const double use = work->household_use[2 * k + h];
      double money = 0.0;
      for (size_t c = 0; c < g->categories; c++) {
        if (a->role[c] == role) money += a->final_use[c * g->n + g->row[k]];
      }
      work->household_money[2 * k + h] = base > 0.0 ? money * (use / base) : money + g->price[k] * use;
    }
  }
}

/* Energy that goes with work->output, and the rows and purchases that follow from it. */
static tanlu_status physics(const tanlu_model *model, const tanlu_drivers *drivers, size_t t, projection_work *work,
                            tanlu_context *context) {
  const tanlu_status status = tanlu_energy_year_solve(model->system, drivers, t, work->output, work->energy, context);
  if (status != TANLU_OK) return status;
  tanlu_technology_physical(model->technology, work->energy->sector_use, work->energy->household, work->use,
                            work->household_use);
  tanlu_technology_energy_rows(model->technology, work->use, work->output, work->rows);
  household_money(model, work);
  return TANLU_OK;
}

/* Largest relative movement of output, against the sector or a millionth of the economy's mean where it is tiny. */
static double movement(const double *before, const double *after, size_t n) {
  double mean = 0.0, largest = 0.0;
  for (size_t j = 0; j < n; j++) mean += fabs(after[j]) / (double)n;
  for (size_t j = 0; j < n; j++) {
    largest = fmax(largest, fabs(after[j] - before[j]) / fmax(fabs(after[j]), 1e-6 * mean));
  }
  return largest;
}

/* Output relative to the base year and the unknowns of the closure as one state. */
static void pack(const tanlu_model *model, const projection_work *work, const double *output, double *state) {
  const tanlu_accounts *a = &model->dataset->accounts;
  for (size_t j = 0; j < a->n; j++) state[j] = a->output[j] > 0.0 ? output[j] / a->output[j] : 0.0;
  tanlu_closure_get_unknowns(work->closure, state + a->n);
}

static void unpack(const tanlu_model *model, projection_work *work, const double *state) {
  const tanlu_accounts *a = &model->dataset->accounts;
  for (size_t j = 0; j < a->n; j++) work->output[j] = fmax(state[j], 0.0) * a->output[j];
  tanlu_closure_set_unknowns(work->closure, state + a->n);
}

/* Start a year where the last two lead: output grows as it did, corrected for the change in GDP growth; the logarithms of
 * the factors go on in a straight line (the closure itself adds GDP growth to log F). */
static void predict(const tanlu_model *model, projection_work *work, size_t t, double growth) {
  const size_t n = model->technology->n;
  if (t == 1) {
    for (size_t j = 0; j < n; j++) work->output[j] *= growth;
    return;
  }
  for (size_t j = 0; j < n; j++) {
    const double now = work->last[j], before = work->before[j];
    work->state[j] = before > 0.0 ? now * (now / before) * (growth / work->last_growth) : now * growth;
  }
  for (size_t k = n; k < work->state_size; k++) work->state[k] = 2.0 * work->last[k] - work->before[k];
  work->state[n] -= log(work->last_growth);
  unpack(model, work, work->state);
}

/* Remember the end of a year for the next. */
static void remember(const tanlu_model *model, projection_work *work, double growth) {
  double *oldest = work->before;
  work->before = work->last;
  work->last = oldest;
  pack(model, work, work->output, work->last);
  work->last_growth = growth;
}

/* One year: the physical side and the closure in turn, accelerated, until neither moves. */
static tanlu_status project_year(const tanlu_model *model, const tanlu_drivers *drivers, size_t t, double gdp_index,
                                 projection_work *work, tanlu_projection *projection, tanlu_context *context) {
  const size_t n = model->technology->n;
  const tanlu_closure_year year = {drivers, t, gdp_index, work->rows, work->household_money};
  tanlu_status status = tanlu_energy_year_begin(model->system, drivers, t, work->energy, context);
  if (status == TANLU_OK) status = tanlu_closure_begin(work->closure, &year, context);
  tanlu_anderson_reset(work->acceleration);
  for (size_t step = 0; status == TANLU_OK; step++) {
    double gap = 0.0;
    if (step == STEPS_MAX) return tanlu_closure_unreachable(work->closure, &year, context);
    pack(model, work, work->output, work->state);
    const double begin = wall_time();
    status = physics(model, drivers, t, work, context);
    const double between = wall_time();
    if (status == TANLU_OK) status = tanlu_closure_step(work->closure, &year, &gap, context);
    projection->seconds[TANLU_STAGE_PHYSICS] += between - begin;
    projection->seconds[TANLU_STAGE_CLOSURE] += wall_time() - between;
    if (status != TANLU_OK) break;
    const double *now = tanlu_closure_output(work->closure);
    const double moved = movement(work->output, now, n);
    projection->iterations++;
    if (gap <= closed && moved <= closed) {
      memcpy(work->output, now, n * sizeof *now);
      break;
    }
    pack(model, work, now, work->image);
    if (gap <= near) {
      tanlu_anderson_step(work->acceleration, work->state, work->image);
      unpack(model, work, work->state);
    } else {
      tanlu_anderson_reset(work->acceleration);
      unpack(model, work, work->image);
    }
  }
  if (status == TANLU_OK) {
    status = tanlu_energy_year_check(model->system, drivers->from + (int)t, work->energy, context);
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    if (work->output[j] < 0.0) {
      return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: sector %s (%s) would have to produce %.6g x 1e4 CNY",
                        drivers->from + (int)t, model->dataset->accounts.sector.code[j],
                        model->dataset->accounts.sector.name[j], work->output[j]);
    }
  }
  return status;
}

/* Prefix messages of a scenario with its name. */
static tanlu_status name_messages(tanlu_context *context, const tanlu_context *own, const char *name,
                                  tanlu_status status) {
  for (size_t i = 0; i < tanlu_context_count(own); i++) {
    const char *text = tanlu_context_message(own, i);
    static const char prefix[] = "error: ";
    if (strncmp(text, prefix, sizeof prefix - 1) == 0) text += sizeof prefix - 1;
    if (tanlu_context_severity(own, i) == TANLU_ERROR) (void)tanlu_fail(context, status, "scenario %s: %s", name, text);
  }
  return status;
}

tanlu_status tanlu_project(const tanlu_model *model, const tanlu_drivers *drivers, const char *name,
                           tanlu_projection *projection, tanlu_progress progress, void *user, tanlu_context *context) {
  projection_work work;
  tanlu_context *own = tanlu_context_create();
  if (own == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  tanlu_status status = work_create(&work, model, drivers, own);
  if (status == TANLU_OK) {
    memcpy(work.output, model->dataset->accounts.output, model->technology->n * sizeof *work.output);
  }
  double gdp_index = 1.0;
  for (size_t t = 0; status == TANLU_OK && t < drivers->years; t++) {
    const double growth = t > 0 ? 1.0 + tanlu_driver(drivers, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0 : 1.0;
    gdp_index *= growth;
    if (t > 0) predict(model, &work, t, growth);
    status = project_year(model, drivers, t, gdp_index, &work, projection, own);
    if (status != TANLU_OK) break;
    remember(model, &work, growth);
    const tanlu_solved_year solved = {model->system, drivers, work.closure, work.energy, gdp_index};
    projection->worst_residual = fmax(projection->worst_residual, tanlu_closure_residual(work.closure));
    const double begin = wall_time();
    status = tanlu_record_year(&solved, t, projection, own);
    projection->seconds[TANLU_STAGE_RECORD] += wall_time() - begin;
    if (status == TANLU_OK && progress != NULL && progress(user, t + 1) != 0) status = TANLU_INTERRUPTED;
  }
  work_clear(&work);
  status = name_messages(context, own, name, status);
  tanlu_context_free(&own);
  return status;
}
