#include "model/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/indicators.h"
#include "model/projection_private.h"
#include "model/record.h"
#include "solvers/memory.h"

static double wall_time(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- memory ------------------------------------------------------------------------------------------------------------ */

/* A path of centres: M^-1 and state of every year of one scenario. */
struct tanlu_centres {
  size_t years;
  tanlu_centre *centre;
};

tanlu_status tanlu_projector_create(tanlu_projector **projector, const tanlu_model *model, const tanlu_drivers *drivers,
                                    size_t width, tanlu_context *context) {
  *projector = NULL;
  if (width < 1 || width > TANLU_LANES_MAX) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a projector of %zu lanes; expected 1 to %d", width,
                      TANLU_LANES_MAX);
  }
  tanlu_projector *p = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->model = model;
  p->width = width;
  tanlu_status status = tanlu_equilibrium_create(&p->equilibrium, model->system, model->technology, model->measures,
                                                 drivers, width, context);
  if (status == TANLU_OK) {
    status = tanlu_solved_year_create(&p->solved, model->system, model->technology, p->equilibrium, context);
  }
  if (status == TANLU_OK) {
    const tanlu_equilibrium *q = p->equilibrium;
    p->last = tanlu_allocate_doubles(context, q->size, width);
    p->before = tanlu_allocate_doubles(context, q->size, width);
    p->held = tanlu_allocate_doubles(context, q->unknowns, width);
    if (p->last == NULL || p->before == NULL || p->held == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) tanlu_projector_free(&p);
  *projector = p;
  return status;
}

void tanlu_projector_free(tanlu_projector **projector) {
  tanlu_projector *p = *projector;
  if (p == NULL) return;
  tanlu_projector_free(&p->single);
  tanlu_solved_year_free(&p->solved);
  tanlu_equilibrium_free(&p->equilibrium);
  free(p->last);
  free(p->before);
  free(p->held);
  free(p);
  *projector = NULL;
}

void tanlu_centres_free(tanlu_centres **centres) {
  if (*centres == NULL) return;
  for (size_t t = 0; (*centres)->centre != NULL && t < (*centres)->years; t++) {
    tanlu_centre_clear(&(*centres)->centre[t]);
  }
  free((*centres)->centre);
  free(*centres);
  *centres = NULL;
}

/* ---- from year to year ------------------------------------------------------------------------------------------------- */

/* GDP of year t in every lane. */
static void grow(tanlu_projector *p, size_t t) {
  for (size_t l = 0; l < p->width; l++) {
    p->last_growth[l] = p->growth[l];
    p->growth[l] = t > 0 ? 1.0 + tanlu_driver(p->drivers[l], TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0 : 1.0;
    p->gdp_index[l] = t > 0 ? p->gdp_index[l] * p->growth[l] : 1.0;
  }
}

/* Before the first year: the base year. */
static void begin(tanlu_projector *p) {
  const tanlu_equilibrium *q = p->equilibrium;
  const double *output = p->model->dataset->accounts.output;
  for (size_t k = 0; k < q->size; k++) {
    const double value = k < q->n && output[k] > 0.0 ? 1.0 : 0.0;
    for (size_t l = 0; l < p->width; l++) {
      p->last[k * p->width + l] = p->before[k * p->width + l] = q->state[k * p->width + l] = value;
    }
  }
}

/* Start a year where the last two lead: output grows as it did, corrected for the change in GDP growth; the logarithms of
 * the factors go on in a straight line, and log F with GDP growth. */
TANLU_EACH_ISA
static void extrapolate(tanlu_projector *p, size_t t) {
  const tanlu_equilibrium *q = p->equilibrium;
  const size_t width = p->width;
  for (size_t k = 0; t > 0 && k < q->size; k++) {
    for (size_t l = 0; l < width; l++) {
      const double now = p->last[k * width + l], earlier = p->before[k * width + l];
      double *z = &q->state[k * width + l];
      if (k < q->n) {
        const double trend = t > 1 && earlier > 0.0 ? now / earlier / p->last_growth[l] : 1.0;
        *z = now * trend * p->growth[l];
      } else if (k == q->n) {
        *z = now + log(p->growth[l]) + (t > 1 ? now - earlier - log(p->last_growth[l]) : 0.0);
      } else {
        *z = now + (t > 1 ? now - earlier : 0.0);
      }
    }
  }
}

/* Start a year where the centre is, as far from it as in the last two years. */
TANLU_EACH_ISA
static void follow(tanlu_projector *p, const tanlu_centres *centres, size_t t) {
  const tanlu_equilibrium *q = p->equilibrium;
  const size_t width = p->width;
  for (size_t k = 0; t > 0 && k < q->size; k++) {
    const double centre = centres->centre[t].state[k], last = centres->centre[t - 1].state[k];
    const double before = centres->centre[t > 1 ? t - 2 : 0].state[k];
    for (size_t l = 0; l < width; l++) {
      const double now = p->last[k * width + l], earlier = p->before[k * width + l];
      double *z = &q->state[k * width + l];
      if (k >= q->n) {
        *z = centre + (now - last) + (t > 1 ? (now - last) - (earlier - before) : 0.0);
      } else if (last > 0.0) {
        const double ratio = now / last,
                     trend = t > 1 && before > 0.0 && earlier > 0.0 ? ratio / (earlier / before) : 1.0;
        *z = centre * ratio * trend;
      } else {
        *z = now;
      }
    }
  }
}

static void remember(tanlu_projector *p) {
  const tanlu_equilibrium *q = p->equilibrium;
  double *oldest = p->before;
  p->before = p->last;
  p->last = oldest;
  memcpy(p->last, q->state, q->size * p->width * sizeof *q->state);
}

/* What does not bind keeps its last factor, or the one that is told. */
static void open_year(tanlu_projector *p, size_t t, const double *held) {
  tanlu_equilibrium *q = p->equilibrium;
  memcpy(p->held, p->last + q->n * p->width, q->unknowns * p->width * sizeof *p->held);
  for (size_t e = 1; held != NULL && e < q->unknowns; e++) {
    for (size_t l = 0; !isnan(held[e]) && l < p->width; l++) p->held[e * p->width + l] = held[e];
  }
  tanlu_equilibrium_year(q, p->drivers, t, p->gdp_index, p->held);
  for (size_t e = 1; e < q->unknowns; e++) {
    for (size_t l = 0; l < p->width; l++) {
      const size_t at = e * p->width + l;
      if (!q->economy->binds[at]) q->state[q->n * p->width + at] = p->held[at];
    }
  }
}

/* ---- results ----------------------------------------------------------------------------------------------------------- */

/* ---- projections ------------------------------------------------------------------------------------------------------- */

void tanlu_projector_start(tanlu_projector *projector, const tanlu_drivers *drivers) {
  for (size_t l = 0; l < projector->width; l++) projector->drivers[l] = drivers;
  begin(projector);
}

tanlu_status tanlu_projector_open(tanlu_projector *projector, size_t t, const double *held, tanlu_context *context) {
  tanlu_equilibrium *q = projector->equilibrium;
  grow(projector, t);
  extrapolate(projector, t);
  q->report.context = context;
  open_year(projector, t, held);
  return q->report.failed[0] ? TANLU_ERR_MODEL : TANLU_OK;
}

tanlu_status tanlu_projector_close(tanlu_projector *projector, size_t t, tanlu_projection *projection,
                                   tanlu_context *context) {
  tanlu_projector *p = projector;
  tanlu_equilibrium *q = p->equilibrium;
  remember(p);
  if (projection == NULL) return TANLU_OK;
  q->report.context = context;
  tanlu_solved_year_account(p->solved, &q->report);
  q->report.context = NULL;
  const tanlu_status status =
      q->report.failed[0] ? TANLU_ERR_MODEL : tanlu_record_year(p->solved, 0, t, projection, context);
  return status == TANLU_OK && p->seen != NULL ? p->seen(p->seen_user, p->solved, t, context) : status;
}

/* One scenario in all lanes. centres (may be NULL): filled year by year. */
static tanlu_status project_alone(tanlu_projector *p, const tanlu_drivers *drivers, tanlu_projection *projection,
                                  tanlu_centres *centres, tanlu_progress progress, void *user, tanlu_context *context) {
  tanlu_equilibrium *q = p->equilibrium;
  tanlu_centre own = {0};
  tanlu_status status = TANLU_OK;
  tanlu_projector_start(p, drivers);
  for (size_t t = 0; status == TANLU_OK && t < drivers->years; t++) {
    const double start = wall_time();
    status = tanlu_projector_open(p, t, NULL, context);
    const double between = wall_time();
    if (status == TANLU_OK) status = tanlu_equilibrium_alone(q, &own, context);
    if (status == TANLU_OK && centres != NULL) status = tanlu_equilibrium_centre(q, &centres->centre[t], context);
    const double after = wall_time();
    if (status == TANLU_OK) status = tanlu_projector_close(p, t, projection, context);
    if (projection == NULL || status != TANLU_OK) continue;
    projection->seconds[TANLU_STAGE_SETUP] += between - start;
    projection->seconds[TANLU_STAGE_EQUILIBRIUM] += after - between;
    projection->seconds[TANLU_STAGE_RECORD] += wall_time() - after;
    if (progress != NULL && progress(user, t + 1) != 0) status = TANLU_INTERRUPTED;
  }
  tanlu_centre_clear(&own);
  return status;
}

tanlu_status tanlu_projector_one(tanlu_projector *projector, const tanlu_drivers *drivers, const char *name,
                                 tanlu_projection *projection, tanlu_progress progress, void *user,
                                 tanlu_context *context) {
  tanlu_context *own = tanlu_context_create();
  if (own == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status = project_alone(projector, drivers, projection, NULL, progress, user, own);
  tanlu_context_pass_on(context, own, "scenario", name, status);
  tanlu_context_free(&own);
  return status;
}

tanlu_status tanlu_projector_visit(tanlu_projector *projector, const tanlu_drivers *drivers, const char *name,
                                   tanlu_projection *projection, tanlu_year_seen seen, void *user,
                                   tanlu_context *context) {
  projector->seen = seen;
  projector->seen_user = user;
  const tanlu_status status = tanlu_projector_one(projector, drivers, name, projection, NULL, NULL, context);
  projector->seen = NULL;
  return status;
}

tanlu_status tanlu_project(const tanlu_model *model, const tanlu_drivers *drivers, const char *name,
                           tanlu_projection *projection, tanlu_progress progress, void *user, tanlu_context *context) {
  tanlu_projector *projector = NULL;
  tanlu_status status = tanlu_projector_create(&projector, model, drivers, TANLU_LANES_LEAST, context);
  if (status == TANLU_OK) {
    status = tanlu_projector_one(projector, drivers, name, projection, progress, user, context);
  }
  tanlu_projector_free(&projector);
  return status;
}

tanlu_status tanlu_centres_create(tanlu_centres **centres, const tanlu_model *model, const tanlu_drivers *drivers,
                                  const char *name, tanlu_context *context) {
  *centres = NULL;
  tanlu_projector *projector = NULL;
  tanlu_context *own = NULL;
  tanlu_status status = TANLU_ERR_MEMORY;
  tanlu_centres *c = tanlu_allocate(context, 1, sizeof *c);
  if (c == NULL) return TANLU_ERR_MEMORY;
  c->years = drivers->years;
  c->centre = tanlu_allocate(context, c->years, sizeof *c->centre);
  own = tanlu_context_create();
  if (c->centre != NULL && own != NULL) {
    status = tanlu_projector_create(&projector, model, drivers, TANLU_LANES_LEAST, own);
  }
  if (status == TANLU_OK) status = project_alone(projector, drivers, NULL, c, NULL, NULL, own);
  if (own != NULL) {
    tanlu_context_pass_on(context, own, "scenario", name, status);
  } else {
    (void)tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  }
  tanlu_context_free(&own);
  tanlu_projector_free(&projector);
  if (status != TANLU_OK) tanlu_centres_free(&c);
  *centres = c;
  return status;
}

/* Lanes around a centre, in step. open: lanes that are still with it. */
static void project_together(tanlu_projector *p, const tanlu_centres *centres, size_t count, bool *open,
                             tanlu_projection *const *projection, tanlu_status *status, tanlu_context *const *context) {
  tanlu_equilibrium *q = p->equilibrium;
  q->report.context = NULL;
  begin(p);
  for (size_t t = 0; t < p->drivers[0]->years; t++) {
    const double start = wall_time();
    bool any = false;
    grow(p, t);
    follow(p, centres, t);
    open_year(p, t, NULL);
    for (size_t l = 0; l < p->width; l++) q->report.failed[l] = q->report.failed[l] || !(l < count && open[l]);
    const double between = wall_time();
    tanlu_equilibrium_together(q, &centres->centre[t]);
    const double after = wall_time();
    remember(p);
    tanlu_solved_year_account(p->solved, &q->report);
    for (size_t l = 0; l < count; l++) {
      open[l] = open[l] && q->solved[l] && !q->report.failed[l];
      if (!open[l]) continue;
      status[l] = tanlu_record_year(p->solved, l, t, projection[l], context[l]);
      open[l] = status[l] == TANLU_OK;
      any = any || open[l];
    }
    const double stage[] = {between - start, after - between, wall_time() - after};
    for (size_t l = 0; l < count; l++) {
      for (int k = 0; k < TANLU_STAGE_COUNT; k++) projection[l]->seconds[k] += stage[k] / (double)count;
    }
    if (!any) return;
  }
}

void tanlu_projector_many(tanlu_projector *projector, const tanlu_centres *centres, size_t count,
                          const tanlu_drivers *const *drivers, const char *name, tanlu_projection *const *projection,
                          tanlu_status *status, tanlu_context *const *context) {
  tanlu_projector *p = projector;
  bool open[TANLU_LANES_MAX];
  tanlu_context *own[TANLU_LANES_MAX] = {NULL};
  for (size_t l = 0; l < p->width; l++) p->drivers[l] = drivers[l < count ? l : count - 1];
  for (size_t l = 0; l < count; l++) {
    own[l] = tanlu_context_create();
    open[l] = own[l] != NULL;
    status[l] = open[l] ? TANLU_OK : tanlu_fail(context[l], TANLU_ERR_MEMORY, "out of memory");
  }
  if (centres != NULL) {
    project_together(p, centres, count, open, projection, status, own);
  } else {
    memset(open, 0, sizeof open);
  }
  for (size_t l = 0; l < count; l++) {
    if (!open[l] && status[l] == TANLU_OK) { /* not near the centre: on its own, from the start */
      tanlu_projection_reset(projection[l]);
      if (p->single == NULL)
        status[l] = tanlu_projector_create(&p->single, p->model, drivers[l], TANLU_LANES_LEAST, own[l]);
      if (status[l] == TANLU_OK)
        status[l] = project_alone(p->single, drivers[l], projection[l], NULL, NULL, NULL, own[l]);
      projection[l]->alone = true;
    }
    if (own[l] != NULL) tanlu_context_pass_on(context[l], own[l], "scenario", name, status[l]);
    tanlu_context_free(&own[l]);
  }
}
