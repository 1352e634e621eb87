#include "model/market_accounts.h"

#include <math.h>
#include <stdlib.h>

#include "model/efficiency_tiers.h"
#include "model/record.h"
#include "model/routes.h"
#include "model/units.h"
#include "solvers/lognormal.h"
#include "solvers/memory.h"

tanlu_status tanlu_market_accounts_create(tanlu_market_accounts **accounts, int from, size_t years, size_t groups,
                                          tanlu_context *context) {
  tanlu_market_accounts *a = *accounts = tanlu_allocate(context, 1, sizeof *a);
  if (a == NULL) return TANLU_ERR_MEMORY;
  a->from = from;
  a->years = years;
  a->groups = groups;
  a->gdp = tanlu_allocate_doubles(context, years, 1);
  bool enough = a->gdp != NULL;
  double **const by_group[] = {&a->co2,     &a->output,   &a->value_added, &a->imports,
                               &a->exports, &a->activity, &a->tier_saving, &a->route_saving};
  for (size_t k = 0; k < sizeof by_group / sizeof *by_group; k++) {
    *by_group[k] = tanlu_allocate_doubles(context, years, groups);
    enough = enough && *by_group[k] != NULL;
  }
  if (!enough) tanlu_market_accounts_free(accounts);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_market_accounts_free(tanlu_market_accounts **accounts) {
  tanlu_market_accounts *a = *accounts;
  if (a == NULL) return;
  free(a->gdp);
  free(a->co2);
  free(a->output);
  free(a->value_added);
  free(a->imports);
  free(a->exports);
  free(a->activity);
  free(a->tier_saving);
  free(a->route_saving);
  free(a);
  *accounts = NULL;
}

/* ---- activity -------------------------------------------------------------------------------------------------------------- */

static double generation(const tanlu_solved_accounts *y, bool thermal) {
  const tanlu_power_statistics *p = &y->dataset->power;
  const double *by_technology = y->solved->equilibrium->rows->power.generation;
  const size_t width = y->solved->energy->width;
  double sum = 0.0;
  for (size_t i = 0; i < p->technology.count; i++) {
    if (!thermal || p->source[i] == TANLU_SOURCE_THERMAL) sum += by_technology[i * width];
  }
  return 1e6 * sum / TANLU_TJ_PER_TWH; /* MWh */
}

/* Output of a product in its unit; one that follows primary production is not offered (inputs/market_file.h). */
static double product_output(const tanlu_solved_accounts *y, size_t product) {
  const size_t width = y->solved->energy->width;
  return y->dataset->products.base[product] * y->solved->equilibrium->rows->product_ratio[product * width];
}

static double activity_of(const tanlu_market_group *group, const tanlu_solved_accounts *y, double output,
                          double value_added) {
  switch (group->activity) {
  case TANLU_PER_OUTPUT:
    return output;
  case TANLU_PER_VALUE_ADDED:
    return value_added;
  case TANLU_PER_GENERATION:
    return generation(y, false);
  case TANLU_PER_THERMAL_GENERATION:
    return generation(y, true);
  default:
    return product_output(y, group->product);
  }
}

/* ---- efficiency tiers -------------------------------------------------------------------------------------------------------- */

static double mean_energy(const double energy[TANLU_TIERS], const double share[TANLU_TIERS]) {
  double sum = 0.0;
  for (int k = 0; k < TANLU_TIERS; k++) sum += energy[k] * share[k];
  return sum;
}

/* What the tiers of one policy group leave to save, and their change since the base year, as shares of its base-year energy. */
static tanlu_status tier_energy(const tanlu_dataset *d, const tanlu_drivers *drivers, size_t policy_group, size_t t,
                                double *saving, double *change, tanlu_context *context) {
  double *share = tanlu_allocate_doubles(context, drivers->years, TANLU_TIERS);
  if (share == NULL) return TANLU_ERR_MEMORY;
  const double scale = tanlu_tiers_scale(d, policy_group, NULL);
  for (size_t p = 0; p < d->tiers.process.count; p++) {
    if (d->tiers.group[p] != policy_group || !d->tiers.has_shares[p]) continue;
    double energy[TANLU_TIERS], all = 0.0;
    for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
      const size_t at = policy_group * TANLU_CLASS_COUNT + k;
      all += d->group_energy.final[at] + (d->tiers.feedstock[p] ? d->group_energy.non_energy[at] : 0.0);
    }
    if (!(all > 0.0)) continue;
    tanlu_tiers_energy(&d->tiers, p, energy);
    tanlu_tiers_shares(d, drivers, p, share);
    const double now = mean_energy(energy, share + t * TANLU_TIERS);
    *saving += scale * (now - energy[TANLU_TIER_ABOVE]) / all;
    *change += scale * (now - mean_energy(energy, share)) / all;
  }
  free(share);
  return TANLU_OK;
}

/* Sum over the policy groups that share sectors with the market's group, by their part in its combustion CO2. */
static tanlu_status tier_saving(const tanlu_market_group *group, const tanlu_drivers *drivers,
                                const tanlu_solved_accounts *y, double *share, tanlu_context *context) {
  const tanlu_level *policy = &y->dataset->level[y->dataset->policy_level];
  tanlu_status status = TANLU_OK;
  double saved = 0.0, all = 0.0;
  for (size_t p = 0; p < policy->group.count && status == TANLU_OK; p++) {
    double combustion = 0.0, saving = 0.0, change = 0.0;
    for (size_t j = 0; j < y->n; j++) {
      if (!group->member[j] || policy->of_sector[j] != p) continue;
      combustion += y->co2_combustion[j];
      all += y->co2[j];
    }
    if (!(combustion > 0.0)) continue;
    status = tier_energy(y->dataset, drivers, p, y->t, &saving, &change, context);
    saved += combustion * saving / (1.0 + change);
  }
  *share = all > 0.0 ? fmin(1.0, saved / all) : 0.0;
  return status;
}

/* ---- routes -------------------------------------------------------------------------------------------------------------------- */

/* CO2 per TJ of a carrier class burned in a policy group, t. */
static double class_factor(const tanlu_solved_accounts *y, size_t policy_group, size_t cls) {
  const tanlu_energy_statistics *e = &y->dataset->energy;
  const size_t *group_of = y->dataset->level[y->dataset->policy_level].of_sector;
  double co2 = 0.0, energy = 0.0;
  for (size_t c = 0; c < y->carriers; c++) {
    if (e->carrier.cls[c] != (tanlu_carrier_class)cls || !e->carrier.burned[c]) continue;
    for (size_t j = 0; j < y->n; j++) {
      if (group_of[j] != policy_group) continue;
      const double burned = y->final_energy[c * y->n + j] - y->non_energy[c * y->n + j];
      co2 += burned * e->emission_factor[e->branch_user_group[e->sector_branch[j]] * y->carriers + c];
      energy += burned;
    }
  }
  return energy > 0.0 ? co2 / energy : 0.0;
}

/* m_r of a route, t per tonne. */
static double route_co2(const tanlu_route_statistics *r, size_t process, size_t route,
                        const double factor[TANLU_CLASS_COUNT], size_t emissions) {
  const size_t at = process * r->route.count + route;
  double co2 = 0.0;
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) co2 += 1e-3 * r->final[at * TANLU_CLASS_COUNT + k] * factor[k];
  for (size_t i = 0; i < emissions; i++) co2 += r->emission[at * emissions + i];
  return co2 * (1.0 - r->capture[at]);
}

/* Share of a route in year t: the scenario's, or that of the base year. */
static double route_share(const tanlu_route_statistics *r, const tanlu_drivers *drivers, size_t process, size_t route,
                          size_t t) {
  const double given = tanlu_routes_given(drivers, process)
                           ? tanlu_driver(drivers, TANLU_DRIVER_ROUTE_SHARE, t, process, route)
                           : (double)NAN;
  return isnan(given) ? r->share[process * r->route.count + route] : given;
}

/* Savings of all years from the energy of the first one; base: the group's CO2 then. */
static void route_saving(tanlu_market_accounts *a, size_t g, const tanlu_abatement *curve, const tanlu_drivers *drivers,
                         const tanlu_solved_accounts *y, double base) {
  const tanlu_route_statistics *r = &y->dataset->routes;
  const size_t p = curve->process, routes = r->route.count, emissions = y->dataset->products.emission.count;
  double factor[TANLU_CLASS_COUNT], mean = 0.0;
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) factor[k] = class_factor(y, r->group[p], k);
  const double own = route_co2(r, p, curve->route, factor, emissions);
  for (size_t i = 0; i < routes; i++) {
    if (r->has[p * routes + i]) mean += r->share[p * routes + i] * route_co2(r, p, i, factor, emissions);
  }
  if (!(mean > 0.0) || !(base > 0.0)) return;
  const double weight = fmin(1.0, 1e6 * r->output[p] * mean / base); /* Mt */
  for (size_t t = 0; t < a->years && t < drivers->years; t++) {
    const double share = route_share(r, drivers, p, curve->route, t);
    double others = 0.0, left = 0.0;
    for (size_t i = 0; i < routes; i++) {
      if (!r->has[p * routes + i] || i == curve->route) continue;
      const double now = route_share(r, drivers, p, i, t);
      others += now * route_co2(r, p, i, factor, emissions);
      left += now;
    }
    const double gain = left > 0.0 ? others / left - own : 0.0;
    a->route_saving[t * a->groups + g] = weight * fmax(0.0, curve->route_share - share) * fmax(0.0, gain) / mean;
  }
}

/* ---- a year ------------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_market_accounts_add(tanlu_market_accounts *accounts, const tanlu_market_rules *rules,
                                       const tanlu_drivers *drivers, const tanlu_solved_accounts *y,
                                       tanlu_context *context) {
  tanlu_market_accounts *a = accounts;
  const size_t t = (size_t)(y->year - a->from);
  a->gdp[t] = y->gdp;
  for (size_t g = 0; g < a->groups; g++) {
    const tanlu_market_group *group = &rules->group[g];
    const size_t at = t * a->groups + g;
    for (size_t j = 0; j < y->n; j++) {
      if (!group->member[j]) continue;
      a->co2[at] += y->co2[j];
      a->output[at] += y->output[j];
      a->value_added[at] += y->value_added[j];
      a->imports[at] += y->imports[j];
      for (size_t k = 0; k < y->categories; k++) {
        if (y->dataset->accounts.role[k] == TANLU_ROLE_EXPORTS) a->exports[at] += y->final_use[k * y->n + j];
      }
    }
    a->activity[at] = activity_of(group, y, a->output[at], a->value_added[at]);
    if (t == 0 && group->abatement.kind == TANLU_ABATE_ROUTES) {
      route_saving(a, g, &group->abatement, drivers, y, a->co2[at]);
    }
    if (group->benchmark != TANLU_BENCHMARK_TIERS && group->abatement.kind != TANLU_ABATE_TIERS) continue;
    const tanlu_status status = tier_saving(group, drivers, y, &a->tier_saving[at], context);
    if (status != TANLU_OK) return status;
    if (a->tier_saving[at] > 0.0 || t > 0) continue;
    return tanlu_fail(context, TANLU_ERR_MODEL, "carbon market, group '%s': no process with known efficiency tiers",
                      group->code);
  }
  return TANLU_OK;
}

double tanlu_market_covered(const tanlu_market_rules *rules, const tanlu_market_group *group, double co2, int year) {
  if (group->share.count > 0) return tanlu_timeline_value(&group->share, year);
  if (!(rules->threshold > 0.0)) return 1.0;
  return tanlu_lognormal_sum_above(co2 / group->firms, group->sigma, rules->threshold);
}

double tanlu_market_firms(const tanlu_market_rules *rules, const tanlu_market_group *group, double co2) {
  if (!(rules->threshold > 0.0) || isnan(group->sigma)) return group->firms;
  return group->firms * tanlu_lognormal_count_above(co2 / group->firms, group->sigma, rules->threshold);
}
