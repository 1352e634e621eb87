#include "model/efficiency_tiers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* A sum of rates above one by less than this is rounding. */
static const double rounding = 1e-12;

void tanlu_tiers_step(double share[TANLU_TIERS], const double rate[TANLU_TIER_MOVES]) {
  const double below = share[TANLU_TIER_BELOW], between = share[TANLU_TIER_BETWEEN];
  share[TANLU_TIER_BELOW] = below * (1.0 - rate[TANLU_BELOW_TO_BETWEEN] - rate[TANLU_BELOW_TO_ABOVE]);
  share[TANLU_TIER_BETWEEN] = between * (1.0 - rate[TANLU_BETWEEN_TO_ABOVE]) + below * rate[TANLU_BELOW_TO_BETWEEN];
  share[TANLU_TIER_ABOVE] += between * rate[TANLU_BETWEEN_TO_ABOVE] + below * rate[TANLU_BELOW_TO_ABOVE];
}

double tanlu_tiers_level(double baseline, double benchmark, double beyond, tanlu_tier tier) {
  switch (tier) {
  case TANLU_TIER_BELOW:
    return baseline + beyond * (baseline - benchmark);
  case TANLU_TIER_BETWEEN:
    return 0.5 * (baseline + benchmark);
  default:
    return benchmark;
  }
}

void tanlu_tiers_energy(const tanlu_tier_statistics *s, size_t process, double energy[TANLU_TIERS]) {
  memset(energy, 0, TANLU_TIERS * sizeof *energy);
  for (size_t i = 0; i < s->product.count; i++) {
    if (s->of_process[i] != process) continue;
    const double tj = 1e3 * s->output[process] * s->weight[i] * s->energy[i]; /* 10^6 units x GJ per unit = 10^3 TJ */
    for (int k = 0; k < TANLU_TIERS; k++) {
      energy[k] += tj * tanlu_tiers_level(s->baseline[i], s->benchmark[i], s->beyond[process], (tanlu_tier)k);
    }
  }
}

static double mean(const double energy[TANLU_TIERS], const double share[TANLU_TIERS]) {
  double sum = 0.0;
  for (int k = 0; k < TANLU_TIERS; k++) sum += energy[k] * share[k];
  return sum;
}

/* What the energy of a process is a part of: energy use of its group, with or without non-energy use, TJ. */
static double pool(const tanlu_dataset *d, size_t process) {
  const size_t at = d->tiers.group[process] * TANLU_CLASS_COUNT;
  double sum = 0.0;
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
    sum += d->group_energy.final[at + k] + (d->tiers.feedstock[process] ? d->group_energy.non_energy[at + k] : 0.0);
  }
  return sum;
}

double tanlu_tiers_scale(const tanlu_dataset *d, size_t group, double *claim) {
  const tanlu_tier_statistics *s = &d->tiers;
  double sum = 0.0;
  for (size_t p = 0; p < s->process.count; p++) {
    double energy[TANLU_TIERS];
    const double all = pool(d, p);
    if (s->group[p] != group || !s->has_shares[p] || !(all > 0.0)) continue;
    tanlu_tiers_energy(s, p, energy);
    sum += mean(energy, s->share + p * TANLU_TIERS) / all;
  }
  if (claim != NULL) *claim = sum;
  return sum > 1.0 ? 1.0 / sum : 1.0;
}

/* Rates of a process into year t, 0 where none are given. */
static void rates(const tanlu_drivers *drivers, size_t process, size_t t, double rate[TANLU_TIER_MOVES]) {
  for (size_t k = 0; k < TANLU_TIER_MOVES; k++) {
    rate[k] = tanlu_driver(drivers, TANLU_DRIVER_TIER_RATE, t, process, k);
    if (isnan(rate[k])) rate[k] = 0.0;
  }
}

void tanlu_tiers_shares(const tanlu_dataset *d, const tanlu_drivers *drivers, size_t process, double *share) {
  memcpy(share, d->tiers.share + process * TANLU_TIERS, TANLU_TIERS * sizeof *share);
  for (size_t t = 1; t < drivers->years; t++) {
    double rate[TANLU_TIER_MOVES], *now = share + t * TANLU_TIERS;
    rates(drivers, process, t, rate);
    memcpy(now, now - TANLU_TIERS, TANLU_TIERS * sizeof *now);
    tanlu_tiers_step(now, rate);
  }
}

size_t tanlu_tiers_excess(const tanlu_drivers *drivers, size_t process) {
  for (size_t t = 1; t < drivers->years; t++) {
    double rate[TANLU_TIER_MOVES];
    rates(drivers, process, t, rate);
    if (rate[TANLU_BELOW_TO_BETWEEN] + rate[TANLU_BELOW_TO_ABOVE] > 1.0 + rounding) return t;
  }
  return TANLU_NONE;
}

/* What process p adds to the indices of its group: one number a year after the history (0 .. first - 1 unused). */
static void add_process(const tanlu_dataset *d, const tanlu_drivers *drivers, size_t process, size_t first,
                        double *share, double *change) {
  const double all = pool(d, process);
  double energy[TANLU_TIERS];
  tanlu_tiers_energy(&d->tiers, process, energy);
  tanlu_tiers_shares(d, drivers, process, share);
  const double last = mean(energy, share + (first - 1) * TANLU_TIERS);
  for (size_t t = first; t < drivers->years && all > 0.0; t++) {
    change[t] += (mean(energy, share + t * TANLU_TIERS) - last) / all;
  }
}

tanlu_status tanlu_tiers_apply(const tanlu_dataset *d, tanlu_drivers *drivers, tanlu_context *context) {
  const size_t years = drivers->years, first = (size_t)(d->history_to - d->base_year) + 1;
  const size_t groups = tanlu_dataset_policy_groups(d)->count;
  double *share = tanlu_allocate_doubles(context, years, TANLU_TIERS);
  double *change = tanlu_allocate_doubles(context, 2, years); /* of processes without and with feedstock */
  const bool enough = share != NULL && change != NULL;
  for (size_t g = 0; g < groups && enough && first < years; g++) {
    memset(change, 0, 2 * years * sizeof *change);
    bool any = false;
    for (size_t p = 0; p < d->tiers.process.count; p++) {
      if (d->tiers.group[p] != g || !d->tiers.has_shares[p]) continue;
      add_process(d, drivers, p, first, share, change + (d->tiers.feedstock[p] ? years : 0));
      any = true;
    }
    const double scale = any ? tanlu_tiers_scale(d, g, NULL) : 0.0;
    for (size_t t = first; t < years && any; t++) {
      drivers->value[TANLU_DRIVER_INTENSITY][t * groups + g] *= 1.0 + scale * (change[t] + change[years + t]);
      drivers->value[TANLU_DRIVER_FEEDSTOCK][t * groups + g] *= 1.0 + scale * change[years + t];
    }
  }
  free(share);
  free(change);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}
