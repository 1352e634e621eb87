#include "model/region_projection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/region_closure.h"
#include "model/region_projection_private.h"
#include "solvers/memory.h"

typedef tanlu_regional_projector work;

/* Regions are solved to this part of how far the exchange is from standing still; before its first round that is this much. */
static const double part_of_exchange = 0.01;
#define TANLU_EXCHANGE_BEGINS 0.05
/* A derivative that leaves more than so many rounds to a year is made anew in the next. */
enum { ROUNDS = 100, ROUNDS_FRESH = 14, DEPTH = 8 };
static const double smallest = 1e-6; /* output below this part of a region's mean is measured against it */

/* ---- one scenario -------------------------------------------------------------------------------------------------------- */

static tanlu_status keep_factors(void *user, const tanlu_solved_year *year, size_t t, tanlu_context *context) {
  (void)context;
  work *w = user;
  const tanlu_equilibrium *q = year->equilibrium;
  for (size_t e = 0; e < w->unknowns; e++) w->factor[t * w->unknowns + e] = q->state[(q->n + e) * q->width];
  for (size_t j = 0; j < w->n; j++) w->output[t * w->n + j] = q->output[j * q->width];
  return TANLU_OK;
}

static tanlu_status make_nation(work *w, const tanlu_drivers *drivers, tanlu_context *context) {
  const tanlu_status status = tanlu_projector_create(&w->nation, w->m->nation, drivers, TANLU_LANES_LEAST, context);
  if (status != TANLU_OK) return status;
  w->unknowns = w->nation->equilibrium->unknowns;
  w->years = drivers->years;
  w->factor = tanlu_allocate_doubles(context, w->years, w->unknowns);
  w->output = tanlu_allocate_doubles(context, w->years, w->n);
  w->mean_weight = tanlu_allocate_doubles(context, drivers->targets + 1, 1);
  w->ruled = tanlu_allocate(context, drivers->size[TANLU_DRIVER_PRODUCT_PATH] + 1, sizeof *w->ruled);
  if (w->factor == NULL || w->output == NULL || w->mean_weight == NULL || w->ruled == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k <= drivers->targets; k++) w->mean_weight[k] = w->nation->equilibrium->economy->mean_weight[k];
  return TANLU_OK;
}

/* ---- a year --------------------------------------------------------------------------------------------------------------- */

/* What the region uses of every product that other regions make: of each use the part that is made at home in the nation, but not in
 * the region. */
static void want_products(const work *w, tanlu_region_member *r) {
  const tanlu_equilibrium *e = r->projector->equilibrium;
  const tanlu_technology *nation = w->m->nation->technology, *own = r->model->technology;
  const size_t n = w->n;
  tanlu_economy_matrix(e->economy, e->levers, e->rows, 0, r->domestic, r->inputs);
  tanlu_economy_final_use(e->economy, e->levers, e->rows, 0, r->use, NULL);
  memset(r->wanted, 0, n * sizeof *r->wanted);
  for (size_t j = 0; j < n; j++) {
    const double x = e->output[j * w->lanes];
    for (size_t i = 0; i < n; i++) {
      r->wanted[i] += (nation->domestic[j * n + i] - own->domestic[j * n + i]) * r->inputs[j * n + i] * x;
    }
  }
  for (size_t k = 0; k < nation->categories; k++) { /* the last category, other regions, is not the nation's */
    for (size_t i = 0; i < n; i++) {
      r->wanted[i] += (nation->final_domestic[k * n + i] - own->final_domestic[k * n + i]) * r->use[k * n + i];
    }
  }
}

/* Final use per GDP moves as the nation's: F is given, and GDP comes of what others want. Of two regions each has but one other to turn
 * to: there, and where there is but one, F is solved for GDP. */
static void spend(const work *w, size_t q, size_t t) {
  if (w->regions <= 2) return;
  tanlu_equilibrium *e = w->member[q].projector->equilibrium;
  const double ahead = w->member[q].projector->gdp_index[0] / w->nation_growth;
  const double factor = w->factor[t * w->unknowns] + log(ahead) + tanlu_exchange_pull(w, w->z)[w->regions];
  for (size_t l = 0; l < w->lanes; l++) {
    e->economy->binds[l] = false;
    e->economy->held[l] = e->state[w->n * w->lanes + l] = factor;
  }
}

/* One region at what the others want of it. */
static void solve_member(const work *w, size_t q, size_t t) {
  tanlu_region_member *r = &w->member[q];
  tanlu_equilibrium *e = r->projector->equilibrium;
  const double abroad = tanlu_driver(w->s->nation, TANLU_DRIVER_POWER_IMPORTS, t, 0, 0) * r->abroad;
  const double *links = tanlu_exchange_links(w, w->z, q), *demand = tanlu_exchange_demand(w, w->z, q);
  const double imports = abroad + (links[0] - links[1]) * w->used / TANLU_TJ_PER_TWH;
  for (size_t i = 0; i < w->n; i++) tanlu_region_lanes(w, r->demand, i, demand[i] * r->size[i]);
  const size_t passed = w->m->nation->measures->passed;
  for (size_t c = 0; c < passed; c++) tanlu_region_lanes(w, r->passed, c, tanlu_exchange_passed(w, w->z)[c]);
  for (size_t p = 0; p < w->processes; p++) {
    tanlu_region_lanes(w, r->main_use, p,
                       tanlu_exchange_use(w, w->z, q)[p] * w->m->nation->system->conversion->demand[p]);
    tanlu_region_lanes(w, r->place, p, tanlu_exchange_place(w, w->z, q)[p]);
  }
  for (size_t l = 0; l < w->lanes; l++) e->levers->value[TANLU_DRIVER_POWER_IMPORTS][l] = imports;
  tanlu_economy_outside(e->economy, e->levers, e->rows);
  spend(w, q, t);
  e->enough = w->enough;
  r->status = tanlu_equilibrium_alone(e, &r->centre, r->context);
  if (r->status != TANLU_OK) return;
  want_products(w, r);
  const tanlu_power_year *power = &e->rows->power;
  for (size_t p = 0; p < w->processes; p++) {
    r->own_use[p] = e->rows->main_use[p * w->lanes] - r->main_use[p * w->lanes];
  }
  r->coke_use = e->rows->total[TANLU_MEASURE_COKE * w->lanes];
  r->electricity = power->total[0] - power->losses[0] + power->imports[0];
  r->gap = log(e->economy->sum[0] / e->economy->goal[0]);
}

/* A year starts where the nation's path leads: output of the region moves as the nation's, but for the difference in growth; what
 * others want moves with the nation's output. */
static void follow_nation(const work *w, size_t q, size_t t) {
  tanlu_region_member *r = &w->member[q];
  tanlu_projector *p = r->projector;
  tanlu_equilibrium *e = p->equilibrium;
  const double *now = w->output + t * w->n, *last = now - w->n;
  const double ahead = p->growth[0] / (1.0 + tanlu_driver(w->s->nation, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0);
  double *demand = tanlu_exchange_demand(w, w->z, q);
  for (size_t j = 0; j < w->n; j++) {
    const double ratio = last[j] > 0.0 ? now[j] / last[j] : 1.0;
    tanlu_region_lanes(w, e->state, j, p->last[j * w->lanes] * ratio * ahead);
    demand[j] *= ratio;
  }
  if (w->regions > 2) {
    tanlu_exchange_pull(w, w->z)[q] += log(ahead);
  } else {
    const double *factor = w->factor + t * w->unknowns;
    tanlu_region_lanes(w, e->state, w->n,
                       p->last[w->n * w->lanes] + factor[0] - factor[-(ptrdiff_t)w->unknowns] + log(ahead));
  }
}

static void open_member(const work *w, size_t q, size_t t) {
  tanlu_region_member *r = &w->member[q];
  const tanlu_equilibrium *e = r->projector->equilibrium;
  for (size_t k = 0; k < e->unknowns; k++) {
    r->held[k] = r->factor[k] != TANLU_NONE ? w->factor[t * w->unknowns + r->factor[k]] : (double)NAN;
  }
  r->status = tanlu_projector_open(r->projector, t, r->held, r->context);
  if (t > 0) follow_nation(w, q, t);
}

/* Before the base year: what others want in it. Nothing is left of a scenario before this one. */
static void begin_member(const work *w, size_t q) {
  tanlu_region_member *r = &w->member[q];
  const tanlu_accounts *a = &r->model->dataset->accounts;
  tanlu_centre_clear(&r->centre);
  tanlu_context_clear(r->context);
  r->status = TANLU_OK;
  memset(r->demand, 0, w->n * w->lanes * sizeof *r->demand);
  memset(r->main_use, 0, w->processes * w->lanes * sizeof *r->main_use);
  memset(r->place, 0, w->processes * w->lanes * sizeof *r->place);
  memset(r->passed, 0, w->m->nation->measures->passed * w->lanes * sizeof *r->passed);
  double *demand = tanlu_exchange_demand(w, w->z, q), mean = 0.0;
  for (size_t i = 0; i < w->n; i++) mean += a->output[i] / (double)w->n;
  for (size_t i = 0; i < w->n; i++) r->size[i] = fmax(a->output[i], smallest * mean);
  for (size_t k = 0; k < a->category.count; k++) {
    for (size_t i = 0; a->role[k] == TANLU_ROLE_REGIONS && i < w->n; i++) {
      demand[i] = a->final_use[k * w->n + i] / r->size[i];
    }
  }
  for (size_t p = 0; p < w->processes; p++) {
    const tanlu_conversion *v = w->m->nation->system->conversion;
    double own = v->demand[p];
    for (size_t k = 0; k < w->processes; k++) own -= v->takes[p * w->processes + k];
    tanlu_exchange_use(w, w->z, q)[p] =
        w->regions > 1 && v->demand[p] > 0.0 ? (1.0 - 1.0 / (double)w->regions) * own / v->demand[p] : 0.0;
    tanlu_exchange_place(w, w->z, q)[p] = 1.0;
  }
  for (size_t l = 0; l < w->lanes; l++) r->coke[l] = 1.0;
  for (size_t p = 0; p < w->regions; p++) {
    tanlu_exchange_links(w, w->z, q)[0] += w->m->datasets->link[q * w->regions + p] / w->used;
    tanlu_exchange_links(w, w->z, q)[1] += w->m->datasets->link[p * w->regions + q] / w->used;
  }
  tanlu_projector_start(r->projector, w->s->region[q]);
}

typedef void (*member_task)(const work *w, size_t q, size_t t);

/* The task for every region; the first that fails is named. */
static tanlu_status each_member(const work *w, member_task task, size_t t) {
#pragma omp parallel for num_threads(w->threads) schedule(dynamic, 1)
  for (size_t q = 0; q < w->regions; q++) task(w, q, t);
  for (size_t q = 0; q < w->regions; q++) {
    const tanlu_region_member *r = &w->member[q];
    if (r->status == TANLU_OK) continue;
    tanlu_context_pass_on(w->context, r->context, "region", w->m->datasets->region->code[q], r->status);
    return r->status;
  }
  return TANLU_OK;
}

static void close_member(const work *w, size_t q, size_t t) {
  tanlu_region_member *r = &w->member[q];
  r->status = tanlu_projector_close(r->projector, t, w->s->projection[q], r->context);
}

/* The nation's bound on biomass for power holds for all regions together. */
static tanlu_status check_biomass(const work *w) {
  const tanlu_dataset *d = w->m->nation->dataset;
  double burned = 0.0;
  for (size_t q = 0; q < w->regions; q++) {
    const tanlu_power_year *power = &w->member[q].projector->equilibrium->rows->power;
    const size_t carriers = d->energy.carrier.label.count;
    for (size_t k = 0; k < d->power.technology.count; k++) {
      burned += power->fuel[(k * carriers + d->energy.biomass) * w->lanes];
    }
  }
  if (!(d->power.biomass_bound > 0.0) || burned <= d->power.biomass_bound) return TANLU_OK;
  return tanlu_fail(w->context, TANLU_ERR_MODEL,
                    "year %d: power of all regions burns %.4g EJ of biomass, above the dataset's bound of %.4g EJ",
                    w->member[0].projector->equilibrium->levers->year, burned * 1e-6, d->power.biomass_bound * 1e-6);
}

static tanlu_status unsettled(const work *w, size_t t, double worst) {
  size_t far = 0;
  for (size_t q = 1; q < w->regions; q++) {
    if (fabs(w->member[q].gap) > fabs(w->member[far].gap)) far = q;
  }
  return tanlu_fail(
      w->context, TANLU_ERR_MODEL,
      "year %d: trade between regions does not settle in %d rounds (it still moves by %.2g); GDP of region %s is "
      "%.4g of what its growth asks for: others may not be able to buy as much from it",
      w->s->nation->from + (int)t, ROUNDS, worst, w->m->datasets->region->code[far], exp(w->member[far].gap));
}

static tanlu_status project_year(work *w, size_t t) {
  double worst = (double)INFINITY;
  size_t rounds = 0;
  w->enough = 1.0;
  if (t > 0) w->nation_growth *= 1.0 + tanlu_driver(w->s->nation, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0;
  for (size_t p = 0; p < w->s->nation->size[TANLU_DRIVER_PRODUCT_PATH]; p++) {
    w->ruled[p] = !isnan(tanlu_driver(w->s->nation, TANLU_DRIVER_PRODUCT_PATH, t, p, 0));
  }
  tanlu_lane_anderson_reset(w->acceleration);
  tanlu_status status = each_member(w, open_member, t);
  for (size_t round = 0; status == TANLU_OK && (worst > TANLU_EXCHANGE_SETTLED || w->enough > 1.0); round++) {
    if (round == ROUNDS) {
      return unsettled(w, t, worst);
    }
    w->enough = fmax(1.0, part_of_exchange * fmin(worst, TANLU_EXCHANGE_BEGINS) / TANLU_EQUILIBRIUM_TOLERANCE);
    status = each_member(w, solve_member, t);
    if (status != TANLU_OK) break;
    if (round == 0 && w->stale && tanlu_exchange_may_prepare(w)) {
      status = tanlu_exchange_prepare(w, w->context);
      w->stale = false;
      if (status != TANLU_OK) break;
    }
    worst = tanlu_exchange(w);
    w->s->rounds++;
    rounds++;
    if (isnan(worst)) return unsettled(w, t, worst);
  }
  w->stale = w->stale || rounds > ROUNDS_FRESH;
  if (status == TANLU_OK) tanlu_exchange_trace(w);
  if (status == TANLU_OK) status = each_member(w, close_member, t);
  if (status == TANLU_OK) status = check_biomass(w);
  if (status == TANLU_OK) tanlu_exchange_note(w, t);
  return status;
}

/* ---- all of it -------------------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_progress progress;
  void *user;
  size_t done; /* scenario-years of all scenarios */
  bool stopped;
} report;

/* A scenario-year more, by whatever thread. False: stop. */
static bool tell(report *told) {
  bool go_on = true;
#pragma omp critical(tanlu_regional_progress)
  {
    told->done++;
    if (!told->stopped && told->progress != NULL && told->progress(told->user, told->done) != 0) told->stopped = true;
    go_on = !told->stopped;
  }
  return go_on;
}

/* A change of imports would have to be told apart from what other regions send. */
static tanlu_status check_imports(const work *w) {
  for (size_t q = 0; w->regions > 1 && q < w->regions; q++) {
    const tanlu_drivers *d = w->s->region[q];
    const size_t size = d->size[TANLU_DRIVER_IMPORT_SHARE];
    for (size_t k = 0; k < d->years * size; k++) {
      if (d->value[TANLU_DRIVER_IMPORT_SHARE][k] == 1.0) continue;
      return tanlu_fail(
          w->context, TANLU_ERR_MODEL,
          "region %s: year %d: `imports` is %.6g; expected 1: regions keep the import shares of the base year",
          w->m->datasets->region->code[q], d->from + (int)(k / size), d->value[TANLU_DRIVER_IMPORT_SHARE][k]);
    }
  }
  return TANLU_OK;
}

void tanlu_regional_projector_free(tanlu_regional_projector **projector) {
  work *w = *projector;
  if (w == NULL) return;
  tanlu_region_members_clear(w);
  tanlu_lane_anderson_free(&w->acceleration);
  tanlu_projector_free(&w->nation);
  double *const owned[] = {w->weight, w->z,     w->step,   w->by_sender, w->pull,
                           w->matrix, w->right, w->factor, w->output,    w->mean_weight};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(w->ruled);
  free(w->pivot);
  free(w);
  *projector = NULL;
}

tanlu_status tanlu_regional_projector_create(tanlu_regional_projector **projector, const tanlu_regional_model *model,
                                             const tanlu_regional_scenario *like, int threads, tanlu_context *context) {
  *projector = NULL;
  work *w = tanlu_allocate(context, 1, sizeof *w);
  if (w == NULL) return TANLU_ERR_MEMORY;
  const tanlu_power *power = model->nation->system->power;
  *w = (work){.m = model,
              .threads = threads > 0 ? threads : 1,
              .regions = model->regions,
              .n = model->datasets->n,
              .processes = model->nation->dataset->energy.process.count,
              .used = power->total * (1.0 - power->loss_rate) + tanlu_power_base_imports(model->nation->dataset)};
  w->member = tanlu_allocate(context, w->regions, sizeof *w->member);
  w->weight = tanlu_allocate_doubles(context, w->regions, w->regions);
  w->z = tanlu_allocate_doubles(context, tanlu_exchange_size(w), 1);
  w->step = tanlu_allocate_doubles(context, tanlu_exchange_size(w), 1);
  w->by_sender = tanlu_allocate_doubles(context, w->regions, 1);
  w->pull = tanlu_allocate_doubles(context, w->regions, 1);
  const bool enough = w->member != NULL && w->weight != NULL && w->z != NULL && w->step != NULL &&
                      w->by_sender != NULL && w->pull != NULL;
  tanlu_status status = enough ? make_nation(w, like->nation, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_lane_anderson_create(&w->acceleration, tanlu_exchange_size(w), DEPTH, 1, context);
  }
  for (size_t q = 0; status == TANLU_OK && q < w->regions; q++) status = tanlu_region_member_make(w, q, like, context);
  if (status != TANLU_OK) tanlu_regional_projector_free(&w);
  *projector = w;
  return status;
}

/* The regions, the nation's path being known. */
static tanlu_status project_regions(work *w, report *told) {
  tanlu_status status = TANLU_OK;
  w->nation_growth = 1.0;
  w->stale = true;
  w->prepared = false;
  memset(w->z, 0, tanlu_exchange_size(w) * sizeof *w->z);
  for (size_t c = 0; c < w->m->nation->measures->passed; c++) tanlu_exchange_passed(w, w->z)[c] = 1.0;
  for (size_t q = 0; q < w->regions; q++) begin_member(w, q);
  for (size_t t = 0; status == TANLU_OK && t < w->years; t++) {
    status = project_year(w, t);
    if (status == TANLU_OK && !tell(told)) status = TANLU_INTERRUPTED;
  }
  if (status != TANLU_OK) return status;
  return tanlu_region_close(w->s->national, w->s->projection, w->regions, w->s->lead == TANLU_LEAD_NATION, w->s->gap,
                            w->context);
}

static tanlu_status project_one(work *w, tanlu_regional_scenario *scenario, report *told, tanlu_context *context) {
  if (scenario->nation->years != w->years) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a scenario of %zu years; expected %zu", scenario->nation->years,
                      w->years);
  }
  tanlu_context *own = tanlu_context_create();
  if (own == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  w->s = scenario;
  w->context = own;
  scenario->rounds = 0;
  tanlu_status status = check_imports(w);
  if (status == TANLU_OK) {
    status = tanlu_projector_visit(w->nation, scenario->nation, scenario->name, scenario->national, keep_factors, w,
                                   context);
  }
  if (status == TANLU_OK) status = project_regions(w, told);
  tanlu_context_pass_on(context, own, "scenario", scenario->name, status);
  tanlu_context_free(&own);
  w->context = NULL;
  w->s = NULL;
  return status;
}

tanlu_status tanlu_regional_projector_one(tanlu_regional_projector *projector, tanlu_regional_scenario *scenario,
                                          tanlu_context *context) {
  report told = {0};
  return project_one(projector, scenario, &told, context);
}

static tanlu_status project_alone(const tanlu_regional_model *model, tanlu_regional_scenario *scenario, int threads,
                                  report *told, tanlu_context *context) {
  tanlu_regional_projector *projector = NULL;
  tanlu_status status = tanlu_regional_projector_create(&projector, model, scenario, threads, context);
  if (status == TANLU_OK) status = project_one(projector, scenario, told, context);
  tanlu_regional_projector_free(&projector);
  return status;
}

/* Threads share scenarios where there are several, otherwise the regions of one, who wait for each other in every round. */
tanlu_status tanlu_regional_project(const tanlu_regional_model *model, tanlu_regional_scenario *scenario, size_t count,
                                    int threads, tanlu_progress progress, void *user, tanlu_context *context) {
  report told = {.progress = progress, .user = user};
  tanlu_status worst = TANLU_OK;
  if (count == 1) return project_alone(model, scenario, threads, &told, context);
  tanlu_status *status = tanlu_allocate(context, count, sizeof *status);
  tanlu_context **own = tanlu_allocate(context, count, sizeof(tanlu_context *));
  bool enough = status != NULL && own != NULL;
  for (size_t s = 0; enough && s < count; s++) enough = (own[s] = tanlu_context_create()) != NULL;
  const int team = threads < 1 ? 1 : (size_t)threads < count ? threads : (int)count;
  if (enough) {
#pragma omp parallel for num_threads(team) schedule(dynamic, 1)
    for (size_t s = 0; s < count; s++) status[s] = project_alone(model, &scenario[s], 1, &told, own[s]);
  }
  for (size_t s = 0; own != NULL && s < count; s++) {
    if (enough) tanlu_context_pass_on(context, own[s], NULL, NULL, status[s]);
    if (enough && worst == TANLU_OK) worst = status[s];
    tanlu_context_free(&own[s]);
  }
  free(own);
  free(status);
  return enough ? worst : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for %zu scenarios", count);
}
