/* What moves between regions that are projected together. */
#include <math.h>
#include <string.h>

#include "model/region_projection_private.h"

typedef tanlu_regional_projector work;

/* How far kappa answers a gap in GDP before there is a derivative: GDP of a province rises by 1 to 2 % with 1 % of kappa. It decides how
 * many rounds are needed, never where they end. */
static const double response = 0.7;

double *tanlu_exchange_demand(const work *w, double *z, size_t p) {
  return z + p * w->n;
}
double *tanlu_exchange_use(const work *w, double *z, size_t p) {
  return z + w->regions * w->n + p * w->processes;
}
double *tanlu_exchange_place(const work *w, double *z, size_t p) {
  return z + w->regions * (w->n + w->processes) + p * w->processes;
}
double *tanlu_exchange_links(const work *w, double *z, size_t p) {
  return z + w->regions * (w->n + 2 * w->processes) + 2 * p;
}
double *tanlu_exchange_passed(const work *w, double *z) {
  return z + w->regions * (w->n + 2 * w->processes + 2);
}
double *tanlu_exchange_pull(const work *w, double *z) {
  return tanlu_exchange_passed(w, z) + w->m->nation->measures->passed;
}
size_t tanlu_exchange_size(const work *w) {
  return w->regions * (w->n + 2 * w->processes + 2) + w->m->nation->measures->passed + w->regions + 1;
}

void tanlu_exchange_find_pulls(const work *w) {
  for (size_t p = 0; p < w->regions; p++) w->pull[p] = exp(tanlu_exchange_pull(w, w->z)[p]);
}

/* What region q wants of product i from others, by who sends it. */
static void order(const work *w, const double *pull, size_t q, size_t i, double *by_sender) {
  const double *origin = w->m->datasets->origin + (i * w->regions + q) * w->regions;
  double all = 0.0;
  for (size_t p = 0; p < w->regions; p++) all += origin[p] * pull[p];
  for (size_t p = 0; p < w->regions; p++) {
    by_sender[p] = all > 0.0 ? w->member[q].wanted[i] * (origin[p] * pull[p] / all) : 0.0;
  }
}

static void exchange_products(const work *w, const double *pull, double *by_sender, double *z) {
  for (size_t p = 0; p < w->regions; p++) memset(tanlu_exchange_demand(w, z, p), 0, w->n * sizeof *z);
  for (size_t i = 0; i < w->n; i++) {
    for (size_t q = 0; q < w->regions; q++) {
      order(w, pull, q, i, by_sender);
      for (size_t p = 0; p < w->regions; p++) tanlu_exchange_demand(w, z, p)[i] += by_sender[p] / w->member[p].size[i];
    }
  }
}

/* Links: receivers cover their part, senders share it by their parts of the base year and by how much others turn to them. */
static void exchange_electricity(const work *w, const double *pull, double *z) {
  for (size_t q = 0; q < w->regions; q++) {
    double sum = 0.0, *weight = w->weight + q * w->regions;
    const double *link = w->m->datasets->link + q * w->regions;
    for (size_t p = 0; p < w->regions; p++) sum += link[p] * pull[p];
    for (size_t p = 0; p < w->regions; p++) weight[p] = sum > 0.0 ? link[p] * pull[p] / sum : 0.0;
    tanlu_exchange_links(w, z, q)[0] = w->member[q].covered * w->member[q].electricity / w->used;
    tanlu_exchange_links(w, z, q)[1] = 0.0;
  }
  for (size_t q = 0; q < w->regions; q++) {
    for (size_t p = 0; p < w->regions; p++) {
      tanlu_exchange_links(w, z, p)[1] += w->weight[q * w->regions + p] * tanlu_exchange_links(w, z, q)[0];
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
      tanlu_exchange_use(w, z, q)[p] = follows && w->regions > 1 ? (sum - w->member[q].own_use[p]) / nation : 0.0;
      tanlu_exchange_place(w, z, q)[p] = follows ? grown(w, q, sector) / place : 1.0;
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
    tanlu_exchange_passed(w, z)[c] = base_total > 0.0 ? total / base_total / (output / base_output) : 1.0;
  }
}

/* GDP. Others turn to a region that is behind its own and away from one that is ahead; final use of all makes up the sum. Returns how
 * far the furthest is. */
static double exchange_growth(const work *w, double *z) {
  const double *now = tanlu_exchange_pull(w, w->z);
  double *next = tanlu_exchange_pull(w, z), mean = 0.0, reached = 0.0, wanted = 0.0, worst = 0.0;
  for (size_t q = 0; q < w->regions; q++) {
    const double goal = w->member[q].projector->equilibrium->economy->goal[0];
    mean += w->member[q].gap / (double)w->regions;
    reached += goal * exp(w->member[q].gap);
    wanted += goal;
    worst = fmax(worst, fabs(w->member[q].gap));
  }
  const bool solved = w->regions <= 2; /* in every region by itself */
  for (size_t q = 0; q < w->regions; q++) next[q] = now[q] - (solved ? 0.0 : response * (w->member[q].gap - mean));
  next[w->regions] = now[w->regions] - (solved ? 0.0 : log(reached / wanted));
  return worst;
}

double tanlu_exchange(const work *w) {
  const size_t size = tanlu_exchange_size(w), logarithms = size - w->regions - 1;
  double worst = 0.0;
  tanlu_exchange_find_pulls(w);
  exchange_products(w, w->pull, w->by_sender, w->step);
  exchange_electricity(w, w->pull, w->step);
  exchange_conversion(w, w->step);
  exchange_passed(w, w->step);
  worst = exchange_growth(w, w->step);
  for (size_t k = 0; k < size; k++) {
    w->step[k] -= w->z[k];
    if (k < logarithms) worst = fmax(worst, fabs(w->step[k]) / w->nation_growth);
    if (!isfinite(w->step[k])) return (double)NAN; /* fmax passes over it */
  }
  if (worst <= TANLU_EXCHANGE_SETTLED) return worst;
  if (w->prepared) tanlu_exchange_by_derivative(w);
  tanlu_lane_anderson_step(w->acceleration, w->z, w->step);
  for (size_t k = 0; k < size; k++) w->z[k] += w->step[k];
  return worst;
}

/* ---- what is told of it ------------------------------------------------------------------------------------------------------ */

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

/* By what the sender generates. */
void tanlu_exchange_trace(const work *w) {
  for (size_t q = 0; q < w->regions; q++) {
    tanlu_region_member *r = &w->member[q];
    const double *links = tanlu_exchange_links(w, w->z, q);
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

void tanlu_exchange_note(const work *w, size_t t) {
  const size_t regions = w->regions;
  double *money = w->s->flow.money, *electricity = w->s->flow.electricity;
  tanlu_exchange_find_pulls(w);
  for (size_t q = 0; q < regions; q++) {
    const size_t at = (t * regions + q) * regions;
    for (size_t p = 0; money != NULL && p < regions; p++) money[at + p] = 0.0;
    for (size_t i = 0; money != NULL && i < w->n; i++) {
      order(w, w->pull, q, i, w->by_sender);
      for (size_t p = 0; p < regions; p++) money[at + p] += w->by_sender[p];
    }
    for (size_t p = 0; electricity != NULL && p < regions; p++) {
      electricity[at + p] = w->weight[q * regions + p] * tanlu_exchange_links(w, w->z, q)[0] * w->used;
    }
  }
}
