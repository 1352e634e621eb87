/* The energy balance of every region. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/region_datasets_private.h"
#include "solvers/memory.h"

/* Part of the nation's heat that a region has where none is reported. */
static const double least_heat = 1e-6;

/* ---- users ---------------------------------------------------------------------------------------------------------------- */

static double share_of_user(const tanlu_region_work *w, size_t q, size_t u) {
  return u < w->n ? tanlu_region_output(w, q, u) : w->consumers[q];
}

/* Energy as model/regional_energy.h shares it out, in parts of the nation's statistics. */
static void share_out(tanlu_region_work *w, const tanlu_regional_energy *energy, size_t c, size_t u) {
  const tanlu_energy *nation = w->model->system->energy;
  const size_t from = (c * w->users + u) * w->regions;
  for (size_t q = 0; q < w->regions; q++) {
    const double share = tanlu_region_part(energy->energy + from, w->regions, q, share_of_user(w, q, u));
    w->final[from + q] = share * nation->final[u * w->carriers + c];
    w->non_energy[from + q] = share * nation->non_energy[u * w->carriers + c];
  }
}

/* Regions without heat get a millionth of what every user takes that they have, from the others. */
static tanlu_status start_heat(tanlu_region_work *w) {
  const size_t heat = w->nation->energy.heat, regions = w->regions;
  bool *without = tanlu_allocate(w->context, regions, sizeof *without);
  if (without == NULL) return TANLU_ERR_MEMORY;
  for (size_t q = 0; q < regions; q++) {
    double sum = 0.0;
    for (size_t u = 0; u < w->users; u++) sum += w->final[(heat * w->users + u) * regions + q];
    without[q] = !(sum > 0.0);
  }
  for (size_t u = 0; u < w->users; u++) {
    double *use = w->final + (heat * w->users + u) * regions, all = 0.0, added = 0.0;
    for (size_t q = 0; q < regions; q++) all += use[q];
    for (size_t q = 0; q < regions; q++) added += without[q] && share_of_user(w, q, u) > 0.0 ? least_heat * all : 0.0;
    for (size_t q = 0; q < regions && all > 0.0; q++) {
      if (!without[q]) {
        use[q] *= 1.0 - added / all;
      } else if (share_of_user(w, q, u) > 0.0) {
        use[q] = least_heat * all;
      }
    }
  }
  free(without);
  return TANLU_OK;
}

tanlu_status tanlu_region_find_users(tanlu_region_work *w, const tanlu_regional_energy *energy) {
  for (size_t c = 0; c < w->carriers; c++) {
    for (size_t u = 0; u < w->users; u++) share_out(w, energy, c, u);
  }
  return start_heat(w);
}

/* ---- conversion ----------------------------------------------------------------------------------------------------------- */

double tanlu_region_flow(const tanlu_region_work *w, size_t q, size_t p, size_t c) {
  const tanlu_energy_statistics *e = &w->nation->energy;
  const double flow = e->conversion[p * w->carriers + c], s = tanlu_region_output(w, q, e->process_sector[p]);
  switch (e->process_kind[p]) {
  case TANLU_PROCESS_THERMAL_POWER:
    return flow * (flow < 0.0 && c != e->electricity ? w->fuel[c * w->regions + q] : w->thermal[q]);
  case TANLU_PROCESS_HEAT_SUPPLY:
    return flow * w->heat_share[q];
  case TANLU_PROCESS_RECOVERY: /* where it is used */
    if (c == e->heat) return flow * w->heat_share[q];
    return flow * (flow > 0.0 ? tanlu_region_part(w->use + c * w->regions, w->regions, q, s) : s);
  default:
    return flow * s;
  }
}

/* Use at home: final, non-energy, plants, heat supply and processes. */
static void find_use(tanlu_region_work *w) {
  const tanlu_energy_statistics *e = &w->nation->energy;
  for (size_t c = 0; c < w->carriers; c++) {
    for (size_t q = 0; q < w->regions; q++) {
      double use = 0.0;
      for (size_t u = 0; u < w->users; u++) {
        use += w->final[(c * w->users + u) * w->regions + q] + w->non_energy[(c * w->users + u) * w->regions + q];
      }
      for (size_t p = 0; p < w->processes; p++) {
        const bool input = e->conversion[p * w->carriers + c] < 0.0 && e->process_kind[p] != TANLU_PROCESS_RECOVERY;
        if (input) use -= tanlu_region_flow(w, q, p, c);
      }
      w->use[c * w->regions + q] = use;
    }
  }
}

/* ---- one region ----------------------------------------------------------------------------------------------------------- */

/* Branches: one of every sector, then the nation's last of each kind of households. */
typedef struct {
  tanlu_labels label;
  size_t *like;        /* branch of the nation */
  size_t urban, rural; /* TANLU_NONE where the nation has none */
} branches;

static size_t branch_of_kind(const tanlu_energy_statistics *e, tanlu_branch_kind kind) {
  size_t found = TANLU_NONE;
  for (size_t b = 0; b < e->branch.count; b++) {
    if (e->branch_kind[b] == kind) found = b;
  }
  return found;
}

static tanlu_status name_branches(const tanlu_region_work *w, branches *b) {
  const tanlu_energy_statistics *e = &w->nation->energy;
  const tanlu_labels *sector = &w->nation->accounts.sector;
  const size_t household[] = {branch_of_kind(e, TANLU_BRANCH_URBAN), branch_of_kind(e, TANLU_BRANCH_RURAL)};
  tanlu_status status = TANLU_OK;
  b->like = tanlu_allocate(w->context, w->n + 2, sizeof *b->like);
  if (b->like == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < w->n && status == TANLU_OK; j++) {
    b->like[j] = e->sector_branch[j];
    status = tanlu_labels_add(&b->label, sector->code[j], sector->name[j], sector->name_zh[j], w->context);
  }
  for (size_t h = 0; h < 2 && status == TANLU_OK; h++) {
    const size_t of = household[h];
    (h == 0 ? &b->urban : &b->rural)[0] = of == TANLU_NONE ? TANLU_NONE : b->label.count;
    if (of == TANLU_NONE) continue;
    b->like[b->label.count] = of;
    char code[256];
    const bool taken = tanlu_labels_find(&b->label, e->branch.code[of]) != TANLU_NONE;
    (void)snprintf(code, sizeof code, "%s%s", e->branch.code[of], taken ? "_households" : "");
    status = tanlu_labels_add(&b->label, code, e->branch.name[of], e->branch.name_zh[of], w->context);
  }
  return status;
}

static void clear_branches(tanlu_energy_statistics *e) {
  tanlu_labels_clear(&e->branch);
  free(e->branch_kind);
  free(e->branch_user_group);
  free(e->branch_use);
  free(e->branch_vehicle_use);
  free(e->branch_non_energy_rank);
  free(e->final);
  free(e->branch_non_energy);
  free(e->allocation);
  e->allocations = 0;
  e->allocation = NULL;
}

/* Takes the labels over. */
static tanlu_status make_branches(const tanlu_region_work *w, branches *b, tanlu_energy_statistics *e) {
  const tanlu_energy_statistics *nation = &w->nation->energy;
  const size_t count = b->label.count;
  clear_branches(e);
  e->branch = b->label;
  b->label = (tanlu_labels){0};
  e->branch_kind = tanlu_allocate(w->context, count, sizeof *e->branch_kind);
  e->branch_user_group = tanlu_allocate(w->context, count, sizeof *e->branch_user_group);
  e->branch_use = tanlu_allocate(w->context, count, sizeof *e->branch_use);
  e->branch_vehicle_use = tanlu_allocate(w->context, count, sizeof *e->branch_vehicle_use);
  e->branch_non_energy_rank = tanlu_allocate(w->context, count, sizeof *e->branch_non_energy_rank);
  e->final = tanlu_allocate_doubles(w->context, count, w->carriers);
  e->branch_non_energy = tanlu_allocate_doubles(w->context, count, w->carriers);
  if (e->branch_kind == NULL || e->branch_user_group == NULL || e->branch_use == NULL ||
      e->branch_vehicle_use == NULL || e->branch_non_energy_rank == NULL || e->final == NULL ||
      e->branch_non_energy == NULL) {
    return TANLU_ERR_MEMORY;
  }
  for (size_t k = 0; k < count; k++) {
    const size_t like = b->like[k];
    e->branch_kind[k] = nation->branch_kind[like];
    e->branch_user_group[k] = nation->branch_user_group[like];
    e->branch_use[k] = nation->branch_use[like];
    e->branch_vehicle_use[k] = nation->branch_vehicle_use[like];
    e->branch_non_energy_rank[k] = nation->branch_non_energy_rank[like];
  }
  for (size_t j = 0; j < w->n; j++) e->sector_branch[j] = j;
  return TANLU_OK;
}

/* Non-energy use of branches per use that serves as such: a carrier that is never burned serves nothing else, and the statistics may
 * count less of it. */
static double counted(const tanlu_region_work *w, size_t c) {
  const tanlu_energy *energy = w->model->system->energy;
  double all = 0.0;
  if (w->nation->energy.carrier.burned[c]) return 1.0;
  for (size_t u = 0; u < w->n; u++) all += energy->non_energy[u * w->carriers + c];
  return all > 0.0 ? w->nation->energy.non_energy[c] / all : 0.0;
}

static void fill_branches(const tanlu_region_work *w, const branches *b, size_t q, tanlu_energy_statistics *e) {
  for (size_t c = 0; c < w->carriers; c++) {
    const double part = counted(w, c);
    e->non_energy[c] = 0.0;
    for (size_t u = 0; u < w->users; u++) {
      const size_t at = (c * w->users + u) * w->regions + q;
      const size_t branch = u < w->n ? u : u - w->n < TANLU_RURAL_BUILDINGS ? b->urban : b->rural;
      if (branch == TANLU_NONE) continue;
      e->final[branch * w->carriers + c] += w->final[at] + w->non_energy[at];
      if (u >= w->n) continue;
      e->branch_non_energy[branch * w->carriers + c] = part * w->non_energy[at];
      e->non_energy[c] += part * w->non_energy[at];
    }
  }
}

/* Losses and statistical difference by use (losses of electricity by generation), and what has to be available: its sum over items. */
static double close_carrier(const tanlu_region_work *w, size_t q, size_t c, double share, tanlu_energy_statistics *e) {
  const tanlu_energy_statistics *nation = &w->nation->energy;
  double available, generation = 0.0;
  for (size_t k = 0; k < w->technologies; k++) generation += w->generation[k * w->regions + q];
  e->losses[c] = nation->losses[c] * share;
  if (c == nation->electricity) e->losses[c] = w->model->system->power->loss_rate * generation;
  e->statistical_difference[c] = nation->statistical_difference[c] * share;
  available = e->losses[c] + e->statistical_difference[c];
  for (size_t b = 0; b < e->branch.count; b++) available += e->final[b * w->carriers + c];
  for (size_t p = 0; p < w->processes; p++) available -= e->conversion[p * w->carriers + c];
  return available;
}

/* Items of supply: the share of the region in the nation's, and what it gets beyond that by their size. Sums over regions stay the
 * nation's, since `beyond` sums to 0. */
static void fill_items(const tanlu_region_work *w, size_t c, double share, double beyond, tanlu_energy_statistics *e) {
  double size = 0.0;
  for (size_t i = 0; i < e->supply_item.count; i++) size += fabs(w->nation->energy.supply[i * w->carriers + c]);
  for (size_t i = 0; i < e->supply_item.count; i++) {
    const double item = w->nation->energy.supply[i * w->carriers + c];
    const double weight = size > 0.0 ? fabs(item) / size : i == 0 ? 1.0 : 0.0;
    e->supply[i * w->carriers + c] = item * share + beyond * weight;
  }
}

/* Net imports of electricity: from abroad and from the other regions. */
static double net_imports(const tanlu_region_work *w, size_t q) {
  double sum = w->abroad[q];
  for (size_t p = 0; p < w->regions; p++) sum += w->d->link[q * w->regions + p] - w->d->link[p * w->regions + q];
  return sum;
}

static void close_carriers(const tanlu_region_work *w, double *available) {
  for (size_t c = 0; c < w->carriers; c++) {
    const double *use = w->use + c * w->regions;
    double all = 0.0;
    for (size_t q = 0; q < w->regions; q++) {
      tanlu_energy_statistics *e = &w->d->dataset[q]->energy;
      available[q] = close_carrier(w, q, c, tanlu_region_part(use, w->regions, q, w->consumers[q]), e);
      if (c == e->electricity) {
        available[q] = net_imports(w, q) + e->primary_hydro + e->primary_nuclear + e->primary_wind + e->primary_solar;
      }
      all += available[q];
    }
    for (size_t q = 0; q < w->regions; q++) {
      const double share = tanlu_region_part(use, w->regions, q, w->consumers[q]);
      fill_items(w, c, share, available[q] - all * share, &w->d->dataset[q]->energy);
    }
  }
}

/* Electricity has primary sources by region first (tanlu_region_fill_power). */
tanlu_status tanlu_region_fill_energy(tanlu_region_work *w) {
  double *available = tanlu_allocate_doubles(w->context, w->regions, 1);
  tanlu_status status = available != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  find_use(w);
  for (size_t q = 0; q < w->regions && status == TANLU_OK; q++) {
    tanlu_energy_statistics *e = &w->d->dataset[q]->energy;
    branches b = {0};
    status = name_branches(w, &b);
    if (status == TANLU_OK) status = make_branches(w, &b, e);
    if (status == TANLU_OK) fill_branches(w, &b, q, e);
    for (size_t k = 0; k < w->processes * w->carriers; k++) {
      e->conversion[k] = tanlu_region_flow(w, q, k / w->carriers, k % w->carriers);
    }
    tanlu_labels_clear(&b.label);
    free(b.like);
  }
  if (status == TANLU_OK) close_carriers(w, available);
  free(available);
  return status;
}
