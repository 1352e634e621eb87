#include "model/region_projection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/projection_private.h"
#include "model/region_closure.h"
#include "model/region_projection_private.h"
#include "solvers/memory.h"

enum { ROUNDS = 200 };
static const double settled = 1e-10; /* what moves less between rounds stands still: of output, of the nation's use */
static const double smallest = 1e-6; /* output below this part of a region's mean is measured against it */

/* ---- one scenario -------------------------------------------------------------------------------------------------------- */

/* A region in a year: what reaches it, what it answers. */
typedef struct {
  const tanlu_model *model;
  tanlu_projector *projector;
  tanlu_centre centre;
  tanlu_outside outside;
  double *demand, *main_use, *place; /* n, processes, processes: x lanes, all lanes alike */
  double coke[TANLU_LANES_LEAST];    /* lanes */
  double *held;                      /* unknowns */
  size_t *factor;                    /* unknowns: the nation's unknown whose factor it takes, TANLU_NONE */
  double covered, abroad;            /* of its electricity by links; of the nation's net imports */
  double received, sent;             /* TJ */
  /* the answer */
  double *imports;    /* n x lanes; those of lane 0 count */
  double *own_use;    /* processes: its use of their main carriers, TJ */
  double coke_use;    /* TJ */
  double electricity; /* what is used, without losses, TJ */
  tanlu_context *context;
  tanlu_status status;
} member;

typedef struct tanlu_regional_projector {
  const tanlu_regional_model *m;
  tanlu_regional_scenario *s; /* the one at hand */
  tanlu_context *context;     /* its messages */
  int threads;
  size_t regions, n, processes, unknowns, lanes, years;
  tanlu_projector *nation;
  double *factor;      /* years x unknowns of the nation: logarithms */
  member *member;      /* regions */
  double *sum, *place; /* processes: over regions */
  double *weight;      /* regions x regions, [q regions + p]: part of p in the electricity that q receives */
  double *scratch;     /* 2 x regions */
} work;

static const tanlu_energy_statistics *statistics(const work *w) {
  return &w->m->nation->dataset->energy;
}

static tanlu_status keep_factors(void *user, const tanlu_solved_year *year, size_t t, tanlu_context *context) {
  (void)context;
  work *w = user;
  const tanlu_equilibrium *q = year->equilibrium;
  for (size_t e = 0; e < w->unknowns; e++) w->factor[t * w->unknowns + e] = q->state[(q->n + e) * q->width];
  return TANLU_OK;
}

static tanlu_status make_nation(work *w, const tanlu_drivers *drivers, tanlu_context *context) {
  const tanlu_status status = tanlu_projector_create(&w->nation, w->m->nation, drivers, TANLU_LANES_LEAST, context);
  if (status != TANLU_OK) return status;
  w->unknowns = w->nation->equilibrium->unknowns;
  w->years = drivers->years;
  w->factor = tanlu_allocate_doubles(context, w->years, w->unknowns);
  return w->factor != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* Which factors of the nation hold in the region: those of the same target, of the same product. */
static void find_factors(const tanlu_drivers *nation, const tanlu_drivers *drivers, member *r) {
  const tanlu_equilibrium *q = r->projector->equilibrium;
  for (size_t e = 0; e < q->unknowns; e++) {
    r->factor[e] = TANLU_NONE;
    for (size_t k = 0; e > 0 && e <= drivers->targets && k < nation->targets; k++) {
      const bool same = nation->target_level[k] == drivers->target_level[e - 1] &&
                        nation->target_group[k] == drivers->target_group[e - 1];
      if (same) r->factor[e] = 1 + k;
    }
    if (e > drivers->targets) r->factor[e] = e - drivers->targets + nation->targets;
  }
}

/* How much of its electricity a region covers by links, and its part of the nation's net imports, in the base year. */
static void find_links(const work *w, size_t q) {
  member *r = &w->member[q];
  const tanlu_power *power = r->model->system->power;
  const double base = tanlu_power_base_imports(r->model->dataset);
  const double nation = tanlu_power_base_imports(w->m->nation->dataset);
  const double used = power->total * (1.0 - power->loss_rate) + base;
  const tanlu_power *all = w->m->nation->system->power;
  double received = 0.0, sent = 0.0;
  for (size_t p = 0; p < w->regions; p++) {
    received += w->m->datasets->link[q * w->regions + p];
    sent += w->m->datasets->link[p * w->regions + q];
  }
  r->covered = received / used;
  r->abroad = nation != 0.0 ? (base - received + sent) / nation : used / (all->total * (1.0 - all->loss_rate) + nation);
}

static tanlu_status make_member(work *w, size_t q, const tanlu_regional_scenario *like, tanlu_context *context) {
  member *r = &w->member[q];
  const tanlu_drivers *drivers = like->region[q];
  r->model = w->m->model[q];
  r->context = tanlu_context_create();
  if (r->context == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status = tanlu_projector_create(&r->projector, r->model, drivers, TANLU_LANES_LEAST, context);
  if (status != TANLU_OK) return status;
  const size_t unknowns = r->projector->equilibrium->unknowns;
  w->lanes = r->projector->width;
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {{&r->demand, w->n, w->lanes},        {&r->main_use, w->processes, w->lanes},
                {&r->place, w->processes, w->lanes}, {&r->imports, w->n, w->lanes},
                {&r->own_use, w->processes, 1},      {&r->held, unknowns, 1}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    *wanted[k].array = tanlu_allocate_doubles(context, wanted[k].rows, wanted[k].columns);
    if (*wanted[k].array == NULL) return TANLU_ERR_MEMORY;
  }
  r->factor = tanlu_allocate(context, unknowns, sizeof *r->factor);
  if (r->factor == NULL) return TANLU_ERR_MEMORY;
  r->outside = (tanlu_outside){.demand = r->demand, .main_use = r->main_use, .place = r->place, .coke_ratio = r->coke};
  r->projector->equilibrium->rows->outside = r->projector->equilibrium->economy->outside = &r->outside;
  find_factors(like->nation, drivers, r);
  find_links(w, q);
  return TANLU_OK;
}

static void clear_members(work *w) {
  for (size_t q = 0; w->member != NULL && q < w->regions; q++) {
    member *r = &w->member[q];
    double *const owned[] = {r->demand, r->main_use, r->place, r->imports, r->own_use, r->held};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
    free(r->factor);
    tanlu_centre_clear(&r->centre);
    tanlu_projector_free(&r->projector);
    tanlu_context_free(&r->context);
  }
  free(w->member);
}

/* ---- what moves between regions ------------------------------------------------------------------------------------------- */

static void set_lanes(const work *w, double *to, size_t i, double value) {
  for (size_t l = 0; l < w->lanes; l++) to[i * w->lanes + l] = value;
}

/* How far a number moves, against a size; the new one is put in all lanes. */
static double put(const work *w, double *to, size_t i, double value, double against) {
  const double moved = fabs(value - to[i * w->lanes]);
  set_lanes(w, to, i, value);
  return moved == 0.0 ? 0.0 : moved / against;
}

static double growth_of(const work *w, size_t p) {
  return w->member[p].projector->gdp_index[0];
}

/* What region q gets of product i from others, to those who send it; trade (may be NULL): by sender. */
static void order(const work *w, size_t q, size_t i, double *by_sender) {
  const tanlu_region_datasets *d = w->m->datasets;
  const double *origin = d->origin + (i * w->regions + q) * w->regions;
  const double wanted = (1.0 - d->abroad[q * w->n + i]) * w->member[q].imports[i * w->lanes];
  double all = 0.0;
  for (size_t p = 0; p < w->regions; p++) all += origin[p] * growth_of(w, p);
  for (size_t p = 0; p < w->regions; p++) {
    by_sender[p] = all > 0.0 ? wanted * (origin[p] * growth_of(w, p) / all) : 0.0;
  }
}

static double exchange_products(work *w, double *by_sender, double *demand) {
  double worst = 0.0;
  for (size_t i = 0; i < w->n; i++) {
    memset(demand, 0, w->regions * sizeof *demand);
    for (size_t q = 0; q < w->regions; q++) {
      order(w, q, i, by_sender);
      for (size_t p = 0; p < w->regions; p++) demand[p] += by_sender[p];
    }
    for (size_t p = 0; p < w->regions; p++) {
      const member *r = &w->member[p];
      const double *x = r->projector->equilibrium->output;
      double mean = 0.0;
      for (size_t j = 0; j < w->n; j++) mean += x[j * w->lanes] / (double)w->n;
      worst = fmax(worst, put(w, r->demand, i, demand[p], fmax(x[i * w->lanes], smallest * mean)));
    }
  }
  return worst;
}

/* Links: receivers cover their part, senders share it by their parts of the base year and their growth. */
static double exchange_electricity(work *w) {
  double worst = 0.0, all = 0.0;
  for (size_t q = 0; q < w->regions; q++) all += w->member[q].electricity;
  for (size_t q = 0; q < w->regions; q++) {
    double sum = 0.0, *weight = w->weight + q * w->regions;
    const double *link = w->m->datasets->link + q * w->regions;
    for (size_t p = 0; p < w->regions; p++) sum += link[p] * growth_of(w, p);
    for (size_t p = 0; p < w->regions; p++) weight[p] = sum > 0.0 ? link[p] * growth_of(w, p) / sum : 0.0;
    const double received = w->member[q].covered * w->member[q].electricity;
    worst = fmax(worst, fabs(received - w->member[q].received) / all);
    w->member[q].received = received;
  }
  for (size_t p = 0; p < w->regions; p++) {
    double sent = 0.0;
    for (size_t q = 0; q < w->regions; q++) sent += w->weight[q * w->regions + p] * w->member[q].received;
    worst = fmax(worst, fabs(sent - w->member[p].sent) / all);
    w->member[p].sent = sent;
  }
  return worst;
}

/* Output of a sector against the base year; 1 where there was none. */
static double grown(const work *w, size_t q, size_t sector) {
  const double base = w->member[q].model->dataset->accounts.output[sector];
  return base > 0.0 ? w->member[q].projector->equilibrium->output[sector * w->lanes] / base : 1.0;
}

/* Conversion: the use of main carriers in all regions, and where processes are run. */
static double exchange_conversion(work *w) {
  const tanlu_energy_statistics *e = statistics(w);
  double worst = 0.0, coke = 0.0, base_coke = 0.0;
  for (size_t p = 0; p < w->processes; p++) {
    const size_t sector = e->process_sector[p];
    w->sum[p] = w->place[p] = 0.0;
    for (size_t q = 0; q < w->regions; q++) {
      w->sum[p] += w->member[q].own_use[p];
      w->place[p] += w->m->datasets->output[sector * w->regions + q] * grown(w, q, sector);
    }
  }
  for (size_t q = 0; q < w->regions; q++) {
    coke += w->member[q].coke_use;
    base_coke += w->member[q].model->system->coke_use;
  }
  for (size_t q = 0; q < w->regions; q++) {
    member *r = &w->member[q];
    for (size_t p = 0; p < w->processes; p++) {
      const bool follows = e->process_kind[p] == TANLU_PROCESS_CONVERSION;
      const double others = w->sum[p] - r->own_use[p];
      if (!follows) continue;
      worst = fmax(worst, put(w, r->main_use, p, w->regions > 1 ? others : 0.0, fmax(w->sum[p], 1.0)));
      worst = fmax(worst, put(w, r->place, p, grown(w, q, e->process_sector[p]) / w->place[p], 1.0));
    }
    const double ratio = base_coke > 0.0 ? coke / base_coke : 0.0;
    for (size_t l = 0; l < w->lanes; l++) r->coke[l] = ratio;
  }
  return worst;
}

/* ---- a year --------------------------------------------------------------------------------------------------------------- */

/* One region at what the others want of it. */
static void solve_member(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  tanlu_equilibrium *e = r->projector->equilibrium;
  const double abroad = tanlu_driver(w->s->nation, TANLU_DRIVER_POWER_IMPORTS, t, 0, 0) * r->abroad;
  const double imports = abroad + (r->received - r->sent) / TANLU_TJ_PER_TWH;
  for (size_t l = 0; l < w->lanes; l++) e->levers->value[TANLU_DRIVER_POWER_IMPORTS][l] = imports;
  tanlu_economy_outside(e->economy, e->levers, e->rows);
  r->status = tanlu_equilibrium_alone(e, &r->centre, r->context);
  if (r->status != TANLU_OK) return;
  tanlu_economy_imports(e->economy, e->levers, e->rows, e->output, r->imports);
  const tanlu_power_year *power = &e->rows->power;
  for (size_t p = 0; p < w->processes; p++) {
    r->own_use[p] = e->rows->main_use[p * w->lanes] - r->main_use[p * w->lanes];
  }
  r->coke_use = e->rows->total[TANLU_MEASURE_COKE * w->lanes];
  r->electricity = power->total[0] - power->losses[0] + power->imports[0];
}

static void open_member(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  const tanlu_equilibrium *e = r->projector->equilibrium;
  for (size_t k = 0; k < e->unknowns; k++) {
    r->held[k] = r->factor[k] != TANLU_NONE ? w->factor[t * w->unknowns + r->factor[k]] : (double)NAN;
  }
  r->status = tanlu_projector_open(r->projector, t, r->held, r->context);
  for (size_t i = 0; t > 0 && i < w->n; i++) { /* to begin with, others want as much more as the region grows */
    set_lanes(w, r->demand, i, r->demand[i * w->lanes] * r->projector->growth[0]);
  }
}

/* What others want in the base year; nothing is left of a scenario before this one. */
static void begin_member(const work *w, size_t q) {
  member *r = &w->member[q];
  tanlu_centre_clear(&r->centre);
  tanlu_context_clear(r->context);
  r->status = TANLU_OK;
  r->received = r->sent = 0.0;
  const tanlu_accounts *a = &r->model->dataset->accounts;
  for (size_t k = 0; k < a->category.count; k++) {
    for (size_t i = 0; a->role[k] == TANLU_ROLE_REGIONS && i < w->n; i++) {
      set_lanes(w, r->demand, i, a->final_use[k * w->n + i]);
    }
  }
  for (size_t p = 0; p < w->processes; p++) {
    const double nation = w->m->nation->system->conversion->demand[p];
    double own = nation;
    for (size_t k = 0; k < w->processes; k++) own -= w->m->nation->system->conversion->takes[p * w->processes + k];
    set_lanes(w, r->main_use, p, w->regions > 1 ? own * (1.0 - 1.0 / (double)w->regions) : 0.0);
    set_lanes(w, r->place, p, 1.0);
  }
  for (size_t l = 0; l < w->lanes; l++) r->coke[l] = 1.0;
  for (size_t p = 0; p < w->regions; p++) {
    r->received += w->m->datasets->link[q * w->regions + p];
    r->sent += w->m->datasets->link[p * w->regions + q];
  }
  tanlu_projector_start(r->projector, w->s->region[q]);
}

typedef void (*member_task)(const work *w, size_t q, size_t t);

/* The task for every region; the first that fails is named. */
static tanlu_status each_member(const work *w, member_task task, size_t t) {
#pragma omp parallel for num_threads(w->threads) schedule(dynamic, 1)
  for (size_t q = 0; q < w->regions; q++) task(w, q, t);
  for (size_t q = 0; q < w->regions; q++) {
    const member *r = &w->member[q];
    if (r->status == TANLU_OK) continue;
    tanlu_region_name_messages(w->context, r->context, w->m->datasets->region->code[q], r->status);
    return r->status;
  }
  return TANLU_OK;
}

static void close_member(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  r->status = tanlu_projector_close(r->projector, t, w->s->projection[q], r->context);
}

static void note_flows(const work *w, size_t t, double *by_sender) {
  const size_t regions = w->regions;
  double *money = w->s->flow.money, *electricity = w->s->flow.electricity;
  for (size_t q = 0; q < regions; q++) {
    const size_t at = (t * regions + q) * regions;
    for (size_t p = 0; money != NULL && p < regions; p++) money[at + p] = 0.0;
    for (size_t i = 0; money != NULL && i < w->n; i++) {
      order(w, q, i, by_sender);
      for (size_t p = 0; p < regions; p++) money[at + p] += by_sender[p];
    }
    for (size_t p = 0; electricity != NULL && p < regions; p++) {
      electricity[at + p] = w->weight[q * regions + p] * w->member[q].received;
    }
  }
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

static tanlu_status project_year(work *w, size_t t, double *scratch) {
  double worst = (double)INFINITY;
  tanlu_status status = each_member(w, open_member, t);
  for (size_t round = 0; status == TANLU_OK && worst > settled; round++) {
    if (round == ROUNDS) {
      return tanlu_fail(
          w->context, TANLU_ERR_MODEL,
          "year %d: trade between regions does not settle in %d rounds (it still moves by %.2g of output)",
          w->s->nation->from + (int)t, ROUNDS, worst);
    }
    status = each_member(w, solve_member, t);
    if (status != TANLU_OK) break;
    const double products = exchange_products(w, scratch, scratch + w->regions);
    const double electricity = exchange_electricity(w), conversion = exchange_conversion(w);
    worst = fmax(products, fmax(electricity, conversion));
    w->s->rounds++;
  }
  if (status == TANLU_OK) status = each_member(w, close_member, t);
  if (status == TANLU_OK) status = check_biomass(w);
  if (status == TANLU_OK) note_flows(w, t, scratch);
  return status;
}

/* ---- all of it -------------------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_progress progress;
  void *user;
  size_t before; /* scenario-years of the scenarios that are done */
} report;

void tanlu_regional_projector_free(tanlu_regional_projector **projector) {
  work *w = *projector;
  if (w == NULL) return;
  clear_members(w);
  tanlu_projector_free(&w->nation);
  free(w->factor);
  free(w->sum);
  free(w->place);
  free(w->weight);
  free(w->scratch);
  free(w);
  *projector = NULL;
}

tanlu_status tanlu_regional_projector_create(tanlu_regional_projector **projector, const tanlu_regional_model *model,
                                             const tanlu_regional_scenario *like, int threads, tanlu_context *context) {
  *projector = NULL;
  work *w = tanlu_allocate(context, 1, sizeof *w);
  if (w == NULL) return TANLU_ERR_MEMORY;
  *w = (work){.m = model,
              .threads = threads > 0 ? threads : 1,
              .regions = model->regions,
              .n = model->datasets->n,
              .processes = model->nation->dataset->energy.process.count};
  w->member = tanlu_allocate(context, w->regions, sizeof *w->member);
  w->sum = tanlu_allocate_doubles(context, w->processes, 1);
  w->place = tanlu_allocate_doubles(context, w->processes, 1);
  w->weight = tanlu_allocate_doubles(context, w->regions, w->regions);
  w->scratch = tanlu_allocate_doubles(context, 2, w->regions);
  const bool enough =
      w->member != NULL && w->sum != NULL && w->place != NULL && w->weight != NULL && w->scratch != NULL;
  tanlu_status status = enough ? make_nation(w, like->nation, context) : TANLU_ERR_MEMORY;
  for (size_t q = 0; status == TANLU_OK && q < w->regions; q++) status = make_member(w, q, like, context);
  if (status != TANLU_OK) tanlu_regional_projector_free(&w);
  *projector = w;
  return status;
}

/* The regions, the nation's path being known. */
static tanlu_status project_regions(work *w, const report *told) {
  tanlu_status status = TANLU_OK;
  for (size_t q = 0; q < w->regions; q++) begin_member(w, q);
  for (size_t t = 0; status == TANLU_OK && t < w->years; t++) {
    status = project_year(w, t, w->scratch);
    if (status == TANLU_OK && told->progress != NULL && told->progress(told->user, told->before + t + 1) != 0) {
      status = TANLU_INTERRUPTED;
    }
  }
  if (status != TANLU_OK) return status;
  return tanlu_region_close(w->s->national, w->s->projection, w->regions, w->s->lead == TANLU_LEAD_NATION, w->s->gap,
                            w->context);
}

static tanlu_status project_one(work *w, tanlu_regional_scenario *scenario, const report *told,
                                tanlu_context *context) {
  if (scenario->nation->years != w->years) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a scenario of %zu years; expected %zu", scenario->nation->years,
                      w->years);
  }
  tanlu_context *own = tanlu_context_create();
  if (own == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  w->s = scenario;
  w->context = own;
  scenario->rounds = 0;
  tanlu_status status =
      tanlu_projector_visit(w->nation, scenario->nation, scenario->name, scenario->national, keep_factors, w, context);
  if (status == TANLU_OK) status = project_regions(w, told);
  tanlu_projector_name_messages(context, own, scenario->name, status);
  tanlu_context_free(&own);
  w->context = NULL;
  w->s = NULL;
  return status;
}

tanlu_status tanlu_regional_projector_one(tanlu_regional_projector *projector, tanlu_regional_scenario *scenario,
                                          tanlu_context *context) {
  const report told = {0};
  return project_one(projector, scenario, &told, context);
}

tanlu_status tanlu_regional_project(const tanlu_regional_model *model, tanlu_regional_scenario *scenario, size_t count,
                                    int threads, tanlu_progress progress, void *user, tanlu_context *context) {
  report told = {.progress = progress, .user = user};
  tanlu_status status = TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && s < count; s++) {
    tanlu_regional_projector *projector = NULL;
    status = tanlu_regional_projector_create(&projector, model, &scenario[s], threads, context);
    if (status == TANLU_OK) status = project_one(projector, &scenario[s], &told, context);
    tanlu_regional_projector_free(&projector);
    told.before += scenario[s].nation->years;
  }
  return status;
}
