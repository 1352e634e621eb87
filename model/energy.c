#include "model/energy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/allocation.h"
#include "solvers/memory.h"

enum { CLASSES = TANLU_CLASS_COUNT };

/* ---- creation ------------------------------------------------------------------------------------------------------ */

/* Sectors: final energy and non-energy use from the branches. */
static tanlu_status allocate_sectors(tanlu_energy *energy, double *share, double *non_energy, tanlu_context *context) {
  const tanlu_dataset *d = energy->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t n = energy->n, carriers = energy->carriers;
  for (size_t c = 0; c < carriers; c++) {
    tanlu_allocate_non_energy(d, c, non_energy);
    for (size_t b = 0; b < e->branch.count; b++) {
      const double use = e->final[b * carriers + c];
      if (use <= 0.0 || e->branch_kind[b] == TANLU_BRANCH_URBAN || e->branch_kind[b] == TANLU_BRANCH_RURAL) continue;
      const tanlu_status status = tanlu_allocate_branch(d, b, c, share, context);
      if (status != TANLU_OK) return status;
      const double feedstock = e->carrier.burned[c] ? non_energy[b] : use;
      double sum = 0.0;
      for (size_t j = 0; j < n; j++) {
        energy->final[j * carriers + c] += share[j] * (use - feedstock);
        energy->non_energy[j * carriers + c] += share[j] * feedstock;
        sum += share[j] * (use - feedstock) + share[j] * feedstock;
        if (share[j] * use > 0.0 && d->accounts.output[j] <= 0.0) {
          return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: sector %s has no output but uses %.6g TJ of %s",
                            d->name, d->accounts.sector.code[j], share[j] * use, e->carrier.label.code[c]);
        }
      }
      energy->worst_allocation = fmax(energy->worst_allocation, fabs(sum / use - 1.0));
    }
  }
  return TANLU_OK;
}

/* Households: vehicle fuels drive vehicles, the rest serves buildings. */
static void allocate_households(tanlu_energy *energy) {
  const tanlu_energy_statistics *e = &energy->dataset->energy;
  const size_t carriers = energy->carriers;
  for (size_t b = 0; b < e->branch.count; b++) {
    const bool urban = e->branch_kind[b] == TANLU_BRANCH_URBAN;
    if (!urban && e->branch_kind[b] != TANLU_BRANCH_RURAL) continue;
    const size_t buildings = tanlu_user_household(energy, urban ? TANLU_URBAN_BUILDINGS : TANLU_RURAL_BUILDINGS);
    const size_t vehicles = tanlu_user_household(energy, urban ? TANLU_URBAN_VEHICLES : TANLU_RURAL_VEHICLES);
    energy->use[buildings] = e->branch_use[b];
    energy->use[vehicles] = e->branch_vehicle_use[b];
    energy->user_group[buildings] = energy->user_group[vehicles] = e->branch_user_group[b];
    for (size_t c = 0; c < carriers; c++) {
      const size_t user = e->carrier.vehicle_fuel[c] ? vehicles : buildings;
      double *target = e->carrier.burned[c] ? energy->final : energy->non_energy;
      target[user * carriers + c] += e->final[b * carriers + c];
    }
  }
}

/* Heat supply burns the inputs of the heat row of the balance. */
static void allocate_heat_supply(tanlu_energy *energy, double *heat_output) {
  const tanlu_energy_statistics *e = &energy->dataset->energy;
  const size_t carriers = energy->carriers, heat = tanlu_user_heat(energy);
  *heat_output = 0.0;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_HEAT_SUPPLY) continue;
    energy->user_group[heat] = e->branch_user_group[e->sector_branch[e->process_sector[p]]];
    for (size_t c = 0; c < carriers; c++) {
      const double flow = e->conversion[p * carriers + c];
      if (flow < 0.0) energy->final[heat * carriers + c] -= flow;
      if (flow > 0.0) *heat_output += flow;
    }
  }
}

/* Carrier that stands for a class where a user has used none of it: the one most used in the nation. */
static void leading_carriers(const tanlu_energy_statistics *e, size_t leading[CLASSES]) {
  const size_t carriers = e->carrier.label.count;
  double most[CLASSES];
  for (size_t k = 0; k < CLASSES; k++) {
    leading[k] = TANLU_NONE;
    most[k] = -1.0;
  }
  for (size_t c = 0; c < carriers; c++) {
    if (!e->carrier.burned[c]) continue;
    double use = 0.0;
    for (size_t b = 0; b < e->branch.count; b++) use += e->final[b * carriers + c];
    const size_t k = (size_t)e->carrier.cls[c];
    if (use > most[k]) {
      most[k] = use;
      leading[k] = c;
    }
  }
}

/* Efficiency, useful energy and the carriers within each class of one user. */
static tanlu_status derive_user(tanlu_energy *energy, size_t user, double heat_output, const size_t leading[CLASSES],
                                tanlu_context *context) {
  const tanlu_dataset *d = energy->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t carriers = energy->carriers;
  const bool sector = user < energy->n, heat = user == tanlu_user_heat(energy);
  const size_t branch = sector ? e->sector_branch[user] : TANLU_NONE;
  double used[CLASSES] = {0.0}, useful[CLASSES] = {0.0}, total = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    const size_t k = (size_t)e->carrier.cls[c];
    const double use = energy->final[user * carriers + c];
    if (use <= 0.0) continue;
    const size_t end_use = sector && e->carrier.vehicle_fuel[c] ? e->branch_vehicle_use[branch] : energy->use[user];
    used[k] += use;
    useful[k] += use * e->efficiency[end_use * CLASSES + k];
    total += use;
  }
  for (size_t k = 0; k < CLASSES; k++) {
    double *efficiency = &energy->efficiency[user * CLASSES + k];
    *efficiency = e->efficiency[energy->use[user] * CLASSES + k];
    if (used[k] <= 0.0) {
      if (leading[k] != TANLU_NONE) energy->within_class[user * carriers + leading[k]] = 1.0;
      continue;
    }
    *efficiency = heat ? heat_output / total : useful[k] / used[k];
    if (!(*efficiency > 0.0)) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: no efficiency for %s in the use %s (%s uses it)",
                        d->name, tanlu_carrier_class_word((tanlu_carrier_class)k), e->use.code[energy->use[user]],
                        sector ? d->accounts.sector.code[user] : "a household or heat supply");
    }
    energy->useful[user * CLASSES + k] = used[k] * *efficiency;
    energy->useful_total[user] += energy->useful[user * CLASSES + k];
    for (size_t c = 0; c < carriers; c++) {
      if ((size_t)e->carrier.cls[c] == k) {
        energy->within_class[user * carriers + c] = energy->final[user * carriers + c] / used[k];
      }
    }
  }
  return TANLU_OK;
}

tanlu_status tanlu_energy_create(tanlu_energy **energy, const tanlu_dataset *dataset, const tanlu_dataset *nation,
                                 tanlu_context *context) {
  *energy = NULL;
  const tanlu_energy_statistics *e = &dataset->energy;
  tanlu_status status = TANLU_ERR_MEMORY;
  double *share = NULL, *non_energy = NULL;
  tanlu_energy *g = tanlu_allocate(context, 1, sizeof *g);
  if (g == NULL) return TANLU_ERR_MEMORY;
  g->dataset = dataset;
  g->n = dataset->accounts.n;
  g->carriers = e->carrier.label.count;
  g->users = g->n + TANLU_HOUSEHOLD_USES + 1;
  g->mix_group = tanlu_allocate(context, g->users, sizeof *g->mix_group);
  g->use = tanlu_allocate(context, g->users, sizeof *g->use);
  g->user_group = tanlu_allocate(context, g->users, sizeof *g->user_group);
  g->final = tanlu_allocate_doubles(context, g->users, g->carriers);
  g->non_energy = tanlu_allocate_doubles(context, g->users, g->carriers);
  g->efficiency = tanlu_allocate_doubles(context, g->users, CLASSES);
  g->useful = tanlu_allocate_doubles(context, g->users, CLASSES);
  g->useful_total = tanlu_allocate_doubles(context, g->users, 1);
  g->within_class = tanlu_allocate_doubles(context, g->users, g->carriers);
  share = tanlu_allocate_doubles(context, g->n, 1);
  non_energy = tanlu_allocate_doubles(context, e->branch.count, 1);
  if (g->mix_group == NULL || g->use == NULL || g->user_group == NULL || g->final == NULL || g->non_energy == NULL ||
      g->efficiency == NULL || g->useful == NULL || g->useful_total == NULL || g->within_class == NULL ||
      share == NULL || non_energy == NULL) {
    goto cleanup;
  }
  const size_t *policy_group = dataset->level[dataset->policy_level].of_sector;
  const size_t groups = tanlu_dataset_policy_groups(dataset)->count;
  for (size_t j = 0; j < g->n; j++) {
    g->mix_group[j] = policy_group[j];
    g->use[j] = e->branch_use[e->sector_branch[j]];
    g->user_group[j] = e->branch_user_group[e->sector_branch[j]];
  }
  g->mix_group[tanlu_user_household(g, TANLU_URBAN_BUILDINGS)] = groups + TANLU_MIX_BUILDINGS;
  g->mix_group[tanlu_user_household(g, TANLU_RURAL_BUILDINGS)] = groups + TANLU_MIX_BUILDINGS;
  g->mix_group[tanlu_user_household(g, TANLU_URBAN_VEHICLES)] = groups + TANLU_MIX_VEHICLES;
  g->mix_group[tanlu_user_household(g, TANLU_RURAL_VEHICLES)] = groups + TANLU_MIX_VEHICLES;
  g->mix_group[tanlu_user_heat(g)] = groups + TANLU_MIX_HEAT_SUPPLY;
  const size_t heat_use = tanlu_labels_find(&e->use, "heat_supply");
  g->use[tanlu_user_heat(g)] = heat_use == TANLU_NONE ? 0 : heat_use;
  g->recovery_group = TANLU_NONE;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_RECOVERY) g->recovery_group = policy_group[e->process_sector[p]];
  }
  double heat_output = 0.0;
  size_t leading[CLASSES];
  status = allocate_sectors(g, share, non_energy, context);
  if (status != TANLU_OK) goto cleanup;
  allocate_households(g);
  allocate_heat_supply(g, &heat_output);
  leading_carriers(nation != NULL ? &nation->energy : e, leading);
  for (size_t user = 0; user < g->users && status == TANLU_OK; user++) {
    status = derive_user(g, user, heat_output, leading, context);
  }
cleanup:
  free(share);
  free(non_energy);
  if (status != TANLU_OK) tanlu_energy_free(&g);
  *energy = g;
  return status;
}

void tanlu_energy_free(tanlu_energy **energy) {
  tanlu_energy *g = *energy;
  if (g == NULL) return;
  free(g->mix_group);
  free(g->use);
  free(g->user_group);
  free(g->final);
  free(g->non_energy);
  free(g->efficiency);
  free(g->useful);
  free(g->useful_total);
  free(g->within_class);
  free(g);
  *energy = NULL;
}

void tanlu_energy_useful_share(const tanlu_energy *energy, double *share) {
  const size_t groups = tanlu_axis_count(energy->dataset, TANLU_AXIS_MIX_GROUP);
  memset(share, 0, groups * CLASSES * sizeof *share);
  for (size_t user = 0; user < energy->users; user++) {
    for (size_t k = 0; k < CLASSES; k++) {
      share[energy->mix_group[user] * CLASSES + k] += energy->useful[user * CLASSES + k];
    }
  }
  for (size_t g = 0; g < groups; g++) {
    double total = 0.0;
    for (size_t k = 0; k < CLASSES; k++) total += share[g * CLASSES + k];
    for (size_t k = 0; total > 0.0 && k < CLASSES; k++) share[g * CLASSES + k] /= total;
  }
}

void tanlu_energy_of_groups(const tanlu_energy *energy, tanlu_group_energy *groups) {
  const size_t count = tanlu_dataset_policy_groups(energy->dataset)->count;
  for (size_t user = 0; user < energy->n; user++) {
    const size_t at = energy->mix_group[user] * CLASSES;
    for (size_t c = 0; c < energy->carriers; c++) {
      const size_t k = (size_t)energy->dataset->energy.carrier.cls[c];
      groups->final[at + k] += energy->final[user * energy->carriers + c];
      groups->non_energy[at + k] += energy->non_energy[user * energy->carriers + c];
    }
    for (size_t k = 0; k < CLASSES; k++) {
      groups->useful[at + k] += energy->useful[user * CLASSES + k];
      groups->efficiency[at + k] = energy->efficiency[user * CLASSES + k];
    }
  }
  for (size_t i = 0; i < count * CLASSES; i++) {
    if (groups->final[i] > 0.0) groups->efficiency[i] = groups->useful[i] / groups->final[i];
  }
}

/* ---- a year -------------------------------------------------------------------------------------------------------- */

/* Retention and gain of a mix group, classes x lanes each, from the drivers or from the group's path. */
TANLU_EACH_ISA
static void retention_and_gain(const tanlu_energy *energy, const tanlu_levers *levers, size_t group, double *rho,
                               double *gamma) {
  const size_t width = levers->width;
  const double *base = energy->dataset->useful_share + group * CLASSES;
  double gained[TANLU_LANES_MAX] = {0.0};
  for (size_t k = 0; k < CLASSES; k++) {
    const double *retain = tanlu_lever(levers, TANLU_DRIVER_RETAIN, group, k);
    const double *gain = tanlu_lever(levers, TANLU_DRIVER_GAIN, group, k);
    const double *path = tanlu_lever(levers, TANLU_DRIVER_MIX_SHARE, group, k);
    for (size_t l = 0; l < width; l++) {
      const bool by_path = !isnan(path[l]);
      rho[k * width + l] = !by_path ? retain[l] : path[l] < base[k] ? path[l] / base[k] : 1.0;
      gamma[k * width + l] = !by_path ? gain[l] : path[l] > base[k] ? path[l] - base[k] : 0.0;
      if (by_path) gained[l] += gamma[k * width + l];
    }
  }
  const double *path = tanlu_lever(levers, TANLU_DRIVER_MIX_SHARE, group, 0);
  for (size_t l = 0; l < width; l++) {
    if (isnan(path[l])) continue;
    for (size_t k = 0; k < CLASSES; k++) {
      double *g = &gamma[k * width + l];
      *g = gained[l] > 0.0 ? *g / gained[l] : (k == TANLU_CLASS_ELECTRICITY ? 1.0 : 0.0);
    }
  }
}

/* By-product gases keep up with coke in the group that recovers them, except where a path says otherwise. */
TANLU_EACH_ISA
static void follow_coke(const tanlu_energy *energy, const tanlu_levers *levers, double *rho) {
  if (energy->recovery_group == TANLU_NONE) return;
  const size_t width = levers->width, groups = tanlu_axis_count(energy->dataset, TANLU_AXIS_MIX_GROUP);
  const double *coke = rho + (energy->recovery_group * CLASSES + TANLU_CLASS_COKE) * width;
  for (size_t g = 0; g < groups; g++) {
    const double *path = tanlu_lever(levers, TANLU_DRIVER_MIX_SHARE, g, 0);
    double *gas = rho + (g * CLASSES + TANLU_CLASS_BYPRODUCT_GAS) * width;
    for (size_t l = 0; l < width; l++) {
      if (isnan(path[l])) gas[l] = coke[l];
    }
  }
}

static void missing_efficiency(const tanlu_energy *energy, int year, size_t user, size_t k, size_t lane,
                               tanlu_lane_report *report) {
  const tanlu_dataset *d = energy->dataset;
  tanlu_lane_fail(report, lane, "year %d: the mix of %s moves to %s, but efficiency.csv states none for the use %s",
                  year, tanlu_axis_code(d, TANLU_AXIS_MIX_GROUP, energy->mix_group[user]),
                  tanlu_carrier_class_word((tanlu_carrier_class)k), d->energy.use.code[energy->use[user]]);
}

tanlu_status tanlu_energy_mix_create(tanlu_energy_mix **mix, const tanlu_energy *energy, size_t width,
                                     tanlu_context *context) {
  *mix = NULL;
  const size_t groups = tanlu_axis_count(energy->dataset, TANLU_AXIS_MIX_GROUP),
               uses = energy->dataset->energy.use.count;
  tanlu_energy_mix *m = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  m->rho = tanlu_allocate_doubles(context, groups * CLASSES, width);
  m->gamma = tanlu_allocate_doubles(context, groups * CLASSES, width);
  m->inverse = tanlu_allocate_doubles(context, uses * CLASSES, width);
  m->final = tanlu_allocate_doubles(context, energy->users * CLASSES, width);
  m->useful = tanlu_allocate_doubles(context, energy->users * CLASSES, width);
  if (m->rho == NULL || m->gamma == NULL || m->inverse == NULL || m->final == NULL || m->useful == NULL) {
    tanlu_energy_mix_free(&m);
  }
  *mix = m;
  return m == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
}

void tanlu_energy_mix_free(tanlu_energy_mix **mix) {
  if (*mix == NULL) return;
  free((*mix)->rho);
  free((*mix)->gamma);
  free((*mix)->inverse);
  free((*mix)->final);
  free((*mix)->useful);
  free(*mix);
  *mix = NULL;
}

/* Useful and final energy of one user by class. */
TANLU_EACH_ISA
static void mix_user(const tanlu_energy *energy, size_t user, size_t width, const double *restrict index,
                     const tanlu_energy_mix *mix) {
  const double total = energy->useful_total[user];
  const double *restrict rho = mix->rho + energy->mix_group[user] * CLASSES * width;
  const double *restrict gamma = mix->gamma + energy->mix_group[user] * CLASSES * width;
  const double *restrict inverse = mix->inverse + energy->use[user] * CLASSES * width;
  double *restrict final = mix->final + user * CLASSES * width, *restrict useful = mix->useful + user * CLASSES * width;
  double released[TANLU_LANES_MAX];
  EACH_LANE(l) released[l] = 0.0;
  for (size_t k = 0; k < CLASSES; k++) {
    const double share = energy->useful[user * CLASSES + k] / total;
    if (share == 0.0) continue;
    EACH_LANE(l) released[l] += share * (1.0 - rho[k * width + l]);
  }
  for (size_t k = 0; k < CLASSES; k++) {
    const double share = energy->useful[user * CLASSES + k] / total;
    const double efficiency = energy->efficiency[user * CLASSES + k],
                 one_over = efficiency > 0.0 ? 1.0 / efficiency : 0.0;
    EACH_LANE(l) {
      const double use = total * index[l] * (share * rho[k * width + l] + gamma[k * width + l] * released[l]);
      useful[k * width + l] = use;
      final[k * width + l] = use > 0.0 ? use * (one_over * inverse[k * width + l]) : 0.0;
    }
  }
}

TANLU_EACH_ISA
void tanlu_energy_mix_year(const tanlu_energy *energy, const tanlu_levers *levers, tanlu_energy_mix *mix,
                           tanlu_lane_report *report) {
  const size_t width = levers->width, groups = tanlu_axis_count(energy->dataset, TANLU_AXIS_MIX_GROUP);
  static const double one[TANLU_LANES_MAX] = {
#define ONES 1, 1, 1, 1, 1, 1, 1, 1
      ONES, ONES, ONES, ONES, ONES,
      ONES, ONES, ONES
#undef ONES
  };
  for (size_t g = 0; g < groups; g++) {
    retention_and_gain(energy, levers, g, mix->rho + g * CLASSES * width, mix->gamma + g * CLASSES * width);
  }
  follow_coke(energy, levers, mix->rho);
  for (size_t i = 0; i < energy->dataset->energy.use.count * CLASSES * width; i++) {
    mix->inverse[i] = 1.0 / levers->value[TANLU_DRIVER_EFFICIENCY][i];
  }
  for (size_t user = 0; user < energy->users; user++) {
    if (!(energy->useful_total[user] > 0.0)) continue; /* final and useful stay 0 */
    const bool sector = user < energy->n;
    const double *index = sector ? tanlu_lever(levers, TANLU_DRIVER_INTENSITY, energy->mix_group[user], 0) : one;
    mix_user(energy, user, width, index, mix);
    for (size_t k = 0; k < CLASSES; k++) {
      if (energy->efficiency[user * CLASSES + k] > 0.0) continue;
      for (size_t l = 0; l < width; l++) {
        if (mix->useful[(user * CLASSES + k) * width + l] > 0.0) {
          missing_efficiency(energy, levers->year, user, k, l, report);
        }
      }
    }
  }
}
