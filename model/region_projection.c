#include "model/region_projection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/projection_private.h"
#include "model/region_closure.h"
#include "model/region_projection_private.h"
#include "solvers/memory.h"

enum { ROUNDS = 100, DEPTH = 8 };
static const double settled = 1e-10; /* what moves less between rounds stands still: of output, of the nation's use */
static const double smallest = 1e-6; /* output below this part of a region's mean is measured against it */

/* ---- one scenario -------------------------------------------------------------------------------------------------------- */

/* A region in a year: what reaches it, what it answers. */
typedef struct {
  const tanlu_model *model;
  tanlu_projector *projector;
  tanlu_centre centre;
  tanlu_outside outside;
  double *demand, *main_use, *place, *passed; /* n, processes, processes, cells: x lanes, all lanes alike */
  double coke[TANLU_LANES_LEAST];             /* lanes */
  double links[TANLU_LANES_LEAST], clean[TANLU_LANES_LEAST], nuclear[TANLU_LANES_LEAST]; /* lanes */
  double *held;                                                                          /* unknowns */
  size_t *factor;                  /* unknowns: the nation's unknown whose factor it takes, TANLU_NONE */
  double *inputs, *domestic, *use; /* n x n, n x n, n x categories: A, A_d and final use of the year */
  double covered, abroad;          /* of its electricity by links; of the nation's net imports */
  double *size;                    /* n: what demand of others is measured in, 10^4 CNY */
  /* the answer */
  double *wanted;     /* n: of the products of other regions, 10^4 CNY */
  double *own_use;    /* processes: its use of their main carriers, TJ */
  double coke_use;    /* TJ */
  double electricity; /* what is used, without losses, TJ */
  tanlu_context *context;
  tanlu_status status;
} member;

typedef struct tanlu_regional_projector {
  const tanlu_regional_model *m;
  tanlu_regional_scenario *s; /* the one at hand */
  tanlu_context *context;     /* for its messages */
  int threads;
  size_t regions, n, processes, unknowns, lanes, years;
  tanlu_projector *nation;
  double *factor;       /* years x unknowns of the nation: logarithms */
  double *output;       /* years x n: of the nation, 10^4 CNY */
  double *mean_weight;  /* targets + 1: the nation's weights of mean phi */
  member *member;       /* regions */
  double *weight;       /* regions x regions, [q regions + p]: part of p in the electricity that q receives */
  double used;          /* electricity of the nation in the base year, TJ */
  double nation_growth; /* GDP of the nation against the base year */
  double *z, *step;     /* what moves between regions, and its change */
  double *by_sender;    /* regions */
  tanlu_lane_anderson *acceleration;
} work;

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
  if (w->factor == NULL || w->output == NULL || w->mean_weight == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k <= drivers->targets; k++) w->mean_weight[k] = w->nation->equilibrium->economy->mean_weight[k];
  return TANLU_OK;
}

/* Which factors of the nation hold in the region: those of the same target, of the same product. */
static void find_factors(const work *w, const tanlu_drivers *nation, const tanlu_drivers *drivers, member *r) {
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
  bool same = drivers->targets == nation->targets; /* then substitution is the nation's too: mean phi by its weights */
  for (size_t k = 0; same && k < nation->targets; k++) same = r->factor[1 + k] == 1 + k;
  for (size_t k = 0; same && k <= nation->targets; k++) q->economy->mean_weight[k] = w->mean_weight[k];
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
  } wanted[] = {{&r->demand, w->n, w->lanes},
                {&r->main_use, w->processes, w->lanes},
                {&r->place, w->processes, w->lanes},
                {&r->wanted, w->n, 1},
                {&r->inputs, w->n, w->n},
                {&r->domestic, w->n, w->n},
                {&r->use, w->n, r->model->dataset->accounts.category.count},
                {&r->own_use, w->processes, 1},
                {&r->held, unknowns, 1},
                {&r->size, w->n, 1},
                {&r->passed, w->m->nation->measures->passed, w->lanes}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    *wanted[k].array = tanlu_allocate_doubles(context, wanted[k].rows, wanted[k].columns);
    if (*wanted[k].array == NULL) return TANLU_ERR_MEMORY;
  }
  r->factor = tanlu_allocate(context, unknowns, sizeof *r->factor);
  if (r->factor == NULL) return TANLU_ERR_MEMORY;
  r->outside = (tanlu_outside){.demand = r->demand,
                               .main_use = r->main_use,
                               .place = r->place,
                               .passed = r->passed,
                               .links = r->links,
                               .clean = r->clean,
                               .nuclear = r->nuclear,
                               .coke_ratio = r->coke};
  r->projector->equilibrium->rows->outside = r->projector->equilibrium->economy->outside = &r->outside;
  find_factors(w, like->nation, drivers, r);
  find_links(w, q);
  return TANLU_OK;
}

static void clear_members(work *w) {
  for (size_t q = 0; w->member != NULL && q < w->regions; q++) {
    member *r = &w->member[q];
    double *const owned[] = {r->demand,  r->main_use, r->place,  r->passed,   r->size, r->wanted,
                             r->own_use, r->held,     r->inputs, r->domestic, r->use};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
    free(r->factor);
    tanlu_centre_clear(&r->centre);
    tanlu_projector_free(&r->projector);
    tanlu_context_free(&r->context);
  }
  free(w->member);
}

/* ---- what moves between regions -------------------------------------------------------------------------------------------

 * All of it is a vector z that regions are solved at and that their answers give anew, z <- G(z): demand of others by product against
 * output of the base year, use of main carriers by others against the nation's, place of processes, electricity received and sent
 * against the nation's, what is passed on per output. More demand from outside lets a region of given GDP spend less, which others feel in turn: G turns the
 * common part of z round with a factor near -1, so that steps need acceleration. */

static void set_lanes(const work *w, double *to, size_t i, double value) {
  for (size_t l = 0; l < w->lanes; l++) to[i * w->lanes + l] = value;
}

static double growth_of(const work *w, size_t p) {
  return w->member[p].projector->gdp_index[0];
}

/* Parts of z. */
static double *demand_of(const work *w, double *z, size_t p) {
  return z + p * w->n;
}
static double *use_of(const work *w, double *z, size_t p) {
  return z + w->regions * w->n + p * w->processes;
}
static double *place_of(const work *w, double *z, size_t p) {
  return z + w->regions * (w->n + w->processes) + p * w->processes;
}
static double *links_of(const work *w, double *z, size_t p) { /* received, sent */
  return z + w->regions * (w->n + 2 * w->processes) + 2 * p;
}
static double *passed_of(const work *w, double *z) {
  return z + w->regions * (w->n + 2 * w->processes + 2);
}
static size_t size_of_exchange(const work *w) {
  return w->regions * (w->n + 2 * w->processes + 2) + w->m->nation->measures->passed;
}

/* What region q wants of product i from others, by who sends it. */
static void order(const work *w, size_t q, size_t i, double *by_sender) {
  const double *origin = w->m->datasets->origin + (i * w->regions + q) * w->regions;
  double all = 0.0;
  for (size_t p = 0; p < w->regions; p++) all += origin[p] * growth_of(w, p);
  for (size_t p = 0; p < w->regions; p++) {
    by_sender[p] = all > 0.0 ? w->member[q].wanted[i] * (origin[p] * growth_of(w, p) / all) : 0.0;
  }
}

static void exchange_products(const work *w, double *by_sender, double *z) {
  for (size_t p = 0; p < w->regions; p++) memset(demand_of(w, z, p), 0, w->n * sizeof *z);
  for (size_t i = 0; i < w->n; i++) {
    for (size_t q = 0; q < w->regions; q++) {
      order(w, q, i, by_sender);
      for (size_t p = 0; p < w->regions; p++) demand_of(w, z, p)[i] += by_sender[p] / w->member[p].size[i];
    }
  }
}

/* Links: receivers cover their part, senders share it by their parts of the base year and their growth. */
static void exchange_electricity(const work *w, double *z) {
  for (size_t q = 0; q < w->regions; q++) {
    double sum = 0.0, *weight = w->weight + q * w->regions;
    const double *link = w->m->datasets->link + q * w->regions;
    for (size_t p = 0; p < w->regions; p++) sum += link[p] * growth_of(w, p);
    for (size_t p = 0; p < w->regions; p++) weight[p] = sum > 0.0 ? link[p] * growth_of(w, p) / sum : 0.0;
    links_of(w, z, q)[0] = w->member[q].covered * w->member[q].electricity / w->used;
    links_of(w, z, q)[1] = 0.0;
  }
  for (size_t q = 0; q < w->regions; q++) {
    for (size_t p = 0; p < w->regions; p++) {
      links_of(w, z, p)[1] += w->weight[q * w->regions + p] * links_of(w, z, q)[0];
    }
  }
}

/* Output of a sector against the base year; 1 where there was none. */
static double grown(const work *w, size_t q, size_t sector) {
  const double base = w->member[q].model->dataset->accounts.output[sector];
  return base > 0.0 ? w->member[q].projector->equilibrium->output[sector * w->lanes] / base : 1.0;
}

/* Conversion: the use of main carriers in all regions, and where processes are run. */
static void exchange_conversion(const work *w, double *z) {
  const tanlu_energy_statistics *e = &w->m->nation->dataset->energy;
  double coke = 0.0, base_coke = 0.0;
  for (size_t p = 0; p < w->processes; p++) {
    const size_t sector = e->process_sector[p];
    const double nation = w->m->nation->system->conversion->demand[p];
    double sum = 0.0, place = 0.0;
    for (size_t q = 0; q < w->regions; q++) {
      sum += w->member[q].own_use[p];
      place += w->m->datasets->output[sector * w->regions + q] * grown(w, q, sector);
    }
    for (size_t q = 0; q < w->regions; q++) {
      const bool follows = e->process_kind[p] == TANLU_PROCESS_CONVERSION;
      use_of(w, z, q)[p] = follows && w->regions > 1 ? (sum - w->member[q].own_use[p]) / nation : 0.0;
      place_of(w, z, q)[p] = follows ? grown(w, q, sector) / place : 1.0;
    }
  }
  for (size_t q = 0; q < w->regions; q++) {
    coke += w->member[q].coke_use;
    base_coke += w->member[q].model->system->coke_use;
  }
  for (size_t q = 0; q < w->regions; q++) {
    for (size_t l = 0; l < w->lanes; l++) w->member[q].coke[l] = base_coke > 0.0 ? coke / base_coke : 0.0;
  }
}

/* Purchases that pass energy on (grid, gas network), per output of who passes it on. */
static void exchange_passed(const work *w, double *z) {
  const tanlu_measures *m = w->m->nation->measures;
  for (size_t c = 0; c < m->passed; c++) {
    const size_t at = m->cell[c][0] * w->n + m->cell[c][1], sector = m->cell[c][1];
    double total = 0.0, base_total = 0.0, output = 0.0, base_output = 0.0;
    for (size_t q = 0; q < w->regions; q++) {
      const tanlu_equilibrium *e = w->member[q].projector->equilibrium;
      total += e->rows->total[m->cell[c][2] * w->lanes];
      base_total += w->member[q].model->technology->use[at];
      output += e->output[sector * w->lanes];
      base_output += w->member[q].model->dataset->accounts.output[sector];
    }
    passed_of(w, z)[c] = base_total > 0.0 ? total / base_total / (output / base_output) : 1.0;
  }
}

/* The next z, accelerated; how far this one was from standing still. */
static double exchange(const work *w) {
  const size_t size = size_of_exchange(w);
  const double grown_to = w->nation_growth;
  double worst = 0.0;
  exchange_products(w, w->by_sender, w->step);
  exchange_electricity(w, w->step);
  exchange_conversion(w, w->step);
  exchange_passed(w, w->step);
  for (size_t k = 0; k < size; k++) {
    w->step[k] -= w->z[k];
    worst = fmax(worst, fabs(w->step[k]) / grown_to);
  }
  tanlu_lane_anderson_step(w->acceleration, w->z, w->step);
  for (size_t k = 0; worst > settled && k < size; k++) w->z[k] += w->step[k];
  return worst;
}

/* ---- a year --------------------------------------------------------------------------------------------------------------- */

/* What the region uses of every product that other regions make: of each use the part that is made at home in the nation, but not in
 * the region. */
static void want_products(const work *w, member *r) {
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

/* One region at what the others want of it. */
static void solve_member(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  tanlu_equilibrium *e = r->projector->equilibrium;
  const double abroad = tanlu_driver(w->s->nation, TANLU_DRIVER_POWER_IMPORTS, t, 0, 0) * r->abroad;
  const double *links = links_of(w, w->z, q), *demand = demand_of(w, w->z, q);
  const double imports = abroad + (links[0] - links[1]) * w->used / TANLU_TJ_PER_TWH;
  for (size_t i = 0; i < w->n; i++) set_lanes(w, r->demand, i, demand[i] * r->size[i]);
  const size_t passed = w->m->nation->measures->passed;
  for (size_t c = 0; c < passed; c++) set_lanes(w, r->passed, c, passed_of(w, w->z)[c]);
  for (size_t p = 0; p < w->processes; p++) {
    set_lanes(w, r->main_use, p, use_of(w, w->z, q)[p] * w->m->nation->system->conversion->demand[p]);
    set_lanes(w, r->place, p, place_of(w, w->z, q)[p]);
  }
  for (size_t l = 0; l < w->lanes; l++) e->levers->value[TANLU_DRIVER_POWER_IMPORTS][l] = imports;
  tanlu_economy_outside(e->economy, e->levers, e->rows);
  r->status = tanlu_equilibrium_alone(e, &r->centre, r->context);
  if (r->status != TANLU_OK) return;
  want_products(w, r);
  const tanlu_power_year *power = &e->rows->power;
  for (size_t p = 0; p < w->processes; p++) {
    r->own_use[p] = e->rows->main_use[p * w->lanes] - r->main_use[p * w->lanes];
  }
  r->coke_use = e->rows->total[TANLU_MEASURE_COKE * w->lanes];
  r->electricity = power->total[0] - power->losses[0] + power->imports[0];
}

/* A year starts where the nation's path leads: output and F of the region move as the nation's, but for the difference in growth; what
 * others want moves with the nation's output. */
static void follow_nation(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  tanlu_projector *p = r->projector;
  tanlu_equilibrium *e = p->equilibrium;
  const double *now = w->output + t * w->n, *last = now - w->n;
  const double *factor = w->factor + t * w->unknowns;
  const double ahead = p->growth[0] / (1.0 + tanlu_driver(w->s->nation, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0);
  double *demand = demand_of(w, w->z, q);
  for (size_t j = 0; j < w->n; j++) {
    const double ratio = last[j] > 0.0 ? now[j] / last[j] : 1.0;
    set_lanes(w, e->state, j, p->last[j * w->lanes] * ratio * ahead);
    demand[j] *= ratio;
  }
  set_lanes(w, e->state, w->n, p->last[w->n * w->lanes] + factor[0] - factor[0 - (ptrdiff_t)w->unknowns] + log(ahead));
}

static void open_member(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  const tanlu_equilibrium *e = r->projector->equilibrium;
  for (size_t k = 0; k < e->unknowns; k++) {
    r->held[k] = r->factor[k] != TANLU_NONE ? w->factor[t * w->unknowns + r->factor[k]] : (double)NAN;
  }
  r->status = tanlu_projector_open(r->projector, t, r->held, r->context);
  if (t > 0) follow_nation(w, q, t);
}

/* Before the base year: what others want in it. Nothing is left of a scenario before this one. */
static void begin_member(const work *w, size_t q) {
  member *r = &w->member[q];
  const tanlu_accounts *a = &r->model->dataset->accounts;
  tanlu_centre_clear(&r->centre);
  tanlu_context_clear(r->context);
  r->status = TANLU_OK;
  memset(r->demand, 0, w->n * w->lanes * sizeof *r->demand);
  memset(r->main_use, 0, w->processes * w->lanes * sizeof *r->main_use);
  memset(r->place, 0, w->processes * w->lanes * sizeof *r->place);
  memset(r->passed, 0, w->m->nation->measures->passed * w->lanes * sizeof *r->passed);
  double *demand = demand_of(w, w->z, q), mean = 0.0;
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
    use_of(w, w->z, q)[p] =
        w->regions > 1 && v->demand[p] > 0.0 ? (1.0 - 1.0 / (double)w->regions) * own / v->demand[p] : 0.0;
    place_of(w, w->z, q)[p] = 1.0;
  }
  for (size_t l = 0; l < w->lanes; l++) r->coke[l] = 1.0;
  for (size_t p = 0; p < w->regions; p++) {
    links_of(w, w->z, q)[0] += w->m->datasets->link[q * w->regions + p] / w->used;
    links_of(w, w->z, q)[1] += w->m->datasets->link[p * w->regions + q] / w->used;
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

/* Part of hydro, nuclear, wind and solar plants, or of nuclear plants alone, in what a region generates. */
static double clean_share(const work *w, size_t q, bool nuclear) {
  const tanlu_power_statistics *s = &w->m->nation->dataset->power;
  const tanlu_power_year *power = &w->member[q].projector->equilibrium->rows->power;
  double sum = 0.0;
  for (size_t k = 0; k < s->technology.count; k++) {
    if (s->source[k] != TANLU_SOURCE_THERMAL && (!nuclear || s->source[k] == TANLU_SOURCE_NUCLEAR)) {
      sum += power->generation[k * w->lanes];
    }
  }
  return sum / power->total[0];
}

/* What electricity that is received and sent was made from: by what the sender generates. */
static void trace_links(const work *w) {
  for (size_t q = 0; q < w->regions; q++) {
    member *r = &w->member[q];
    const double *links = links_of(w, w->z, q);
    double clean = -clean_share(w, q, false) * links[1], nuclear = -clean_share(w, q, true) * links[1];
    for (size_t p = 0; p < w->regions; p++) {
      const double received = w->weight[q * w->regions + p] * links[0];
      if (received == 0.0) continue;
      clean += received * clean_share(w, p, false);
      nuclear += received * clean_share(w, p, true);
    }
    for (size_t l = 0; l < w->lanes; l++) {
      r->links[l] = (links[0] - links[1]) * w->used;
      r->clean[l] = clean * w->used;
      r->nuclear[l] = nuclear * w->used;
    }
  }
}

static void close_member(const work *w, size_t q, size_t t) {
  member *r = &w->member[q];
  r->status = tanlu_projector_close(r->projector, t, w->s->projection[q], r->context);
}

static void note_flows(const work *w, size_t t) {
  const size_t regions = w->regions;
  double *money = w->s->flow.money, *electricity = w->s->flow.electricity;
  for (size_t q = 0; q < regions; q++) {
    const size_t at = (t * regions + q) * regions;
    for (size_t p = 0; money != NULL && p < regions; p++) money[at + p] = 0.0;
    for (size_t i = 0; money != NULL && i < w->n; i++) {
      order(w, q, i, w->by_sender);
      for (size_t p = 0; p < regions; p++) money[at + p] += w->by_sender[p];
    }
    for (size_t p = 0; electricity != NULL && p < regions; p++) {
      electricity[at + p] = w->weight[q * regions + p] * links_of(w, w->z, q)[0] * w->used;
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

static tanlu_status project_year(work *w, size_t t) {
  double worst = (double)INFINITY;
  if (t > 0) w->nation_growth *= 1.0 + tanlu_driver(w->s->nation, TANLU_DRIVER_GDP_GROWTH, t, 0, 0) / 100.0;
  tanlu_lane_anderson_reset(w->acceleration);
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
    worst = exchange(w);
    w->s->rounds++;
  }
  if (status == TANLU_OK) trace_links(w);
  if (status == TANLU_OK) status = each_member(w, close_member, t);
  if (status == TANLU_OK) status = check_biomass(w);
  if (status == TANLU_OK) note_flows(w, t);
  return status;
}

/* ---- all of it -------------------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_progress progress;
  void *user;
  size_t before; /* scenario-years of the scenarios that are done */
} report;

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
  clear_members(w);
  tanlu_lane_anderson_free(&w->acceleration);
  tanlu_projector_free(&w->nation);
  double *const owned[] = {w->weight, w->z, w->step, w->by_sender, w->factor, w->output, w->mean_weight};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
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
  w->z = tanlu_allocate_doubles(context, size_of_exchange(w), 1);
  w->step = tanlu_allocate_doubles(context, size_of_exchange(w), 1);
  w->by_sender = tanlu_allocate_doubles(context, w->regions, 1);
  const bool enough = w->member != NULL && w->weight != NULL && w->z != NULL && w->step != NULL && w->by_sender != NULL;
  tanlu_status status = enough ? make_nation(w, like->nation, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_lane_anderson_create(&w->acceleration, size_of_exchange(w), DEPTH, 1, context);
  }
  for (size_t q = 0; status == TANLU_OK && q < w->regions; q++) status = make_member(w, q, like, context);
  if (status != TANLU_OK) tanlu_regional_projector_free(&w);
  *projector = w;
  return status;
}

/* The regions, the nation's path being known. */
static tanlu_status project_regions(work *w, const report *told) {
  tanlu_status status = TANLU_OK;
  w->nation_growth = 1.0;
  memset(w->z, 0, size_of_exchange(w) * sizeof *w->z);
  for (size_t c = 0; c < w->m->nation->measures->passed; c++) passed_of(w, w->z)[c] = 1.0;
  for (size_t q = 0; q < w->regions; q++) begin_member(w, q);
  for (size_t t = 0; status == TANLU_OK && t < w->years; t++) {
    status = project_year(w, t);
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
  tanlu_status status = check_imports(w);
  if (status == TANLU_OK) {
    status = tanlu_projector_visit(w->nation, scenario->nation, scenario->name, scenario->national, keep_factors, w,
                                   context);
  }
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
