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

tanlu_status tanlu_energy_create(tanlu_energy **energy, const tanlu_dataset *dataset, tanlu_context *context) {
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
  leading_carriers(e, leading);
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

/* ---- a year -------------------------------------------------------------------------------------------------------- */

/* Retention and gain of a mix group in year t, from the drivers or from the group's path. */
static void retention_and_gain(const tanlu_energy *energy, const tanlu_drivers *drivers, size_t t, size_t group,
                               double rho[CLASSES], double gamma[CLASSES]) {
  const bool path = !isnan(tanlu_driver(drivers, TANLU_DRIVER_MIX_SHARE, t, group, 0));
  if (path) {
    double gained = 0.0;
    for (size_t k = 0; k < CLASSES; k++) {
      const double base = energy->dataset->useful_share[group * CLASSES + k];
      const double now = tanlu_driver(drivers, TANLU_DRIVER_MIX_SHARE, t, group, k);
      rho[k] = now < base ? now / base : 1.0;
      gamma[k] = now > base ? now - base : 0.0;
      gained += gamma[k];
    }
    for (size_t k = 0; k < CLASSES; k++) {
      gamma[k] = gained > 0.0 ? gamma[k] / gained : (k == TANLU_CLASS_ELECTRICITY ? 1.0 : 0.0);
    }
    return;
  }
  for (size_t k = 0; k < CLASSES; k++) {
    rho[k] = tanlu_driver(drivers, TANLU_DRIVER_RETAIN, t, group, k);
    gamma[k] = tanlu_driver(drivers, TANLU_DRIVER_GAIN, t, group, k);
  }
  if (energy->recovery_group != TANLU_NONE) {
    double origin_rho[CLASSES], origin_gamma[CLASSES];
    if (group != energy->recovery_group) {
      retention_and_gain(energy, drivers, t, energy->recovery_group, origin_rho, origin_gamma);
      rho[TANLU_CLASS_BYPRODUCT_GAS] = origin_rho[TANLU_CLASS_COKE];
    } else {
      rho[TANLU_CLASS_BYPRODUCT_GAS] = rho[TANLU_CLASS_COKE];
    }
  }
}

tanlu_status tanlu_energy_per_activity(const tanlu_energy *energy, const tanlu_drivers *drivers, size_t t,
                                       double *energetic, double *feedstock, double *useful, tanlu_context *context) {
  const tanlu_dataset *d = energy->dataset;
  const tanlu_carriers *carrier = &d->energy.carrier;
  const size_t carriers = energy->carriers;
  for (size_t user = 0; user < energy->users; user++) {
    const bool sector = user < energy->n;
    const size_t group = energy->mix_group[user];
    double rho[CLASSES], gamma[CLASSES], released = 0.0, per_class[CLASSES] = {0.0};
    retention_and_gain(energy, drivers, t, group, rho, gamma);
    const double total = energy->useful_total[user];
    if (useful != NULL) memset(useful + user * CLASSES, 0, CLASSES * sizeof *useful);
    const double index = sector ? tanlu_driver(drivers, TANLU_DRIVER_INTENSITY, t, group, 0) : 1.0;
    const double feedstock_index = sector ? tanlu_driver(drivers, TANLU_DRIVER_FEEDSTOCK, t, group, 0) : 1.0;
    for (size_t k = 0; total > 0.0 && k < CLASSES; k++) {
      released += energy->useful[user * CLASSES + k] / total * (1.0 - rho[k]);
    }
    for (size_t k = 0; total > 0.0 && k < CLASSES; k++) {
      const double share = energy->useful[user * CLASSES + k] / total * rho[k] + gamma[k] * released;
      const double use = total * index * share;
      if (useful != NULL) useful[user * CLASSES + k] = use;
      if (use <= 0.0) continue;
      const double efficiency = energy->efficiency[user * CLASSES + k] *
                                tanlu_driver(drivers, TANLU_DRIVER_EFFICIENCY, t, energy->use[user], k);
      if (!(efficiency > 0.0)) {
        return tanlu_fail(context, TANLU_ERR_MODEL,
                          "year %d: the mix of %s moves to %s, but efficiency.csv states none for the use %s",
                          drivers->from + (int)t, tanlu_axis_code(d, TANLU_AXIS_MIX_GROUP, group),
                          tanlu_carrier_class_word((tanlu_carrier_class)k), d->energy.use.code[energy->use[user]]);
      }
      per_class[k] = use / efficiency;
    }
    for (size_t c = 0; c < carriers; c++) {
      energetic[user * carriers + c] = per_class[carrier->cls[c]] * energy->within_class[user * carriers + c];
      feedstock[user * carriers + c] = energy->non_energy[user * carriers + c] * feedstock_index;
    }
  }
  return TANLU_OK;
}
