#include "model/power.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Flow of a carrier through the processes of one kind: outputs less inputs. */
static double thermal_flow(const tanlu_energy_statistics *e, size_t carrier) {
  double sum = 0.0;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_THERMAL_POWER) sum += e->conversion[p * e->carrier.label.count + carrier];
  }
  return sum;
}

static double base_generation(const tanlu_dataset *dataset, size_t technology) {
  const tanlu_energy_statistics *e = &dataset->energy;
  double source = 0.0;
  switch (dataset->power.source[technology]) {
  case TANLU_SOURCE_THERMAL:
    source = thermal_flow(e, e->electricity);
    break;
  case TANLU_SOURCE_HYDRO:
    source = e->primary_hydro;
    break;
  case TANLU_SOURCE_NUCLEAR:
    source = e->primary_nuclear;
    break;
  case TANLU_SOURCE_WIND:
    source = e->primary_wind;
    break;
  case TANLU_SOURCE_SOLAR:
    source = e->primary_solar;
    break;
  }
  return source * dataset->power.source_share[technology];
}

double tanlu_power_base_share(const tanlu_dataset *dataset, size_t technology) {
  double total = 0.0;
  for (size_t i = 0; i < dataset->power.technology.count; i++) total += base_generation(dataset, i);
  return total > 0.0 ? base_generation(dataset, technology) / total : 0.0;
}

double tanlu_power_base_imports(const tanlu_dataset *dataset) {
  const tanlu_energy_statistics *e = &dataset->energy;
  double available = 0.0;
  for (size_t i = 0; i < e->supply_item.count; i++) {
    available += e->supply[i * e->carrier.label.count + e->electricity];
  }
  return available - (e->primary_hydro + e->primary_nuclear + e->primary_wind + e->primary_solar);
}

static tanlu_status calibrate(tanlu_power *power, tanlu_context *context) {
  const tanlu_dataset *d = power->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const tanlu_power_statistics *p = &d->power;
  const size_t carriers = power->carriers;
  for (size_t i = 0; i < power->technologies; i++) {
    power->generation[i] = base_generation(d, i);
    power->total += power->generation[i];
  }
  for (size_t c = 0; c < carriers; c++) {
    const double burned = -thermal_flow(e, c);
    if (c == e->electricity || burned <= 0.0) continue;
    const size_t i = e->carrier.technology[c];
    if (i == TANLU_NONE || power->generation[i] <= 0.0) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: thermal power burns %.6g TJ of %s, but %s", d->name,
                        burned, e->carrier.label.code[c],
                        i == TANLU_NONE ? "carriers.csv names no power_technology for it"
                                        : "its power_technology generates nothing in the base year");
    }
    power->fuel_rate[i * carriers + c] = burned / power->generation[i];
  }
  for (size_t i = 0; i < power->technologies; i++) {
    const bool runs = power->generation[i] > 0.0 && p->capacity[i] > 0.0;
    power->hours[i] = runs ? power->generation[i] / TANLU_TJ_PER_MWH / p->capacity[i] : p->hours[i];
    if (!(power->hours[i] > 0.0)) {
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "dataset %s: technology %s has neither base-year generation and capacity nor hours", d->name,
                        p->technology.code[i]);
    }
  }
  for (size_t i = 0; i < power->technologies; i++) {
    if (p->like[i] == TANLU_NONE) continue;
    double rate = 0.0;
    for (size_t c = 0; c < carriers; c++) rate += power->fuel_rate[p->like[i] * carriers + c];
    if (!(p->efficiency[i] > 0.0) || !(rate > 0.0)) {
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "dataset %s: technology %s burns like %s and so needs an efficiency, and %s a fuel", d->name,
                        p->technology.code[i], p->technology.code[p->like[i]], p->technology.code[p->like[i]]);
    }
  }
  const double used = power->total + tanlu_power_base_imports(d);
  if (!(used > 0.0)) return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: no electricity is generated", d->name);
  power->loss_rate = e->losses[e->electricity] / power->total;
  return TANLU_OK;
}

tanlu_status tanlu_power_create(tanlu_power **power, const tanlu_dataset *dataset, tanlu_context *context) {
  *power = NULL;
  const tanlu_energy_statistics *e = &dataset->energy;
  tanlu_power *p = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->dataset = dataset;
  p->technologies = dataset->power.technology.count;
  p->carriers = e->carrier.label.count;
  p->generation = tanlu_allocate_doubles(context, p->technologies, 1);
  p->fuel_rate = tanlu_allocate_doubles(context, p->technologies, p->carriers);
  p->hours = tanlu_allocate_doubles(context, p->technologies, 1);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (p->generation != NULL && p->fuel_rate != NULL && p->hours != NULL) status = calibrate(p, context);
  for (size_t i = 0; i < e->process.count; i++) {
    if (e->process_kind[i] == TANLU_PROCESS_THERMAL_POWER) p->sector = e->process_sector[i];
  }
  p->user_group = e->branch_user_group[e->sector_branch[p->sector]];
  if (status != TANLU_OK) tanlu_power_free(&p);
  *power = p;
  return status;
}

void tanlu_power_free(tanlu_power **power) {
  if (*power == NULL) return;
  free((*power)->generation);
  free((*power)->fuel_rate);
  free((*power)->hours);
  free(*power);
  *power = NULL;
}

tanlu_status tanlu_power_year_create(tanlu_power_year *year, const tanlu_power *power, tanlu_context *context) {
  *year = (tanlu_power_year){0};
  year->generation = tanlu_allocate_doubles(context, power->technologies, 1);
  year->capacity = tanlu_allocate_doubles(context, power->technologies, 1);
  year->fuel = tanlu_allocate_doubles(context, power->technologies, power->carriers);
  const bool done = year->generation != NULL && year->capacity != NULL && year->fuel != NULL;
  return done ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_power_year_clear(tanlu_power_year *year) {
  free(year->generation);
  free(year->capacity);
  free(year->fuel);
  *year = (tanlu_power_year){0};
}

double tanlu_power_coke_fuel(const tanlu_power *power, double coke_ratio, size_t carrier) {
  double fuel = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    if (power->dataset->power.follows_coke[i]) {
      fuel += coke_ratio * power->generation[i] * power->fuel_rate[i * power->carriers + carrier];
    }
  }
  return fuel;
}

/* Generation by technology for a given total. */
static void share_out(const tanlu_power *power, const tanlu_drivers *drivers, size_t t, double recovered,
                      tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  double coke_share = 0.0, base_recovered = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    if (!p->follows_coke[i]) continue;
    coke_share += tanlu_driver(drivers, TANLU_DRIVER_POWER_MIX, t, i, 0);
    base_recovered += power->generation[i];
  }
  year->variable_share = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    const double share = tanlu_driver(drivers, TANLU_DRIVER_POWER_MIX, t, i, 0);
    year->generation[i] = p->follows_coke[i]
                              ? (base_recovered > 0.0 ? recovered * power->generation[i] / base_recovered : 0.0)
                              : share / (1.0 - coke_share) * (year->total - recovered);
    if (p->variable[i]) year->variable_share += year->generation[i] / year->total;
  }
}

/* Fuel burned by each technology. */
static void burn(const tanlu_power *power, double rate_index, tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t carriers = power->carriers;
  memset(year->fuel, 0, power->technologies * carriers * sizeof *year->fuel);
  for (size_t i = 0; i < power->technologies; i++) {
    const double generation = year->generation[i];
    double *fuel = year->fuel + i * carriers;
    if (p->like[i] != TANLU_NONE) { /* the fuels of its like, at its own efficiency */
      const double *like = power->fuel_rate + p->like[i] * carriers;
      double rate = 0.0;
      for (size_t c = 0; c < carriers; c++) rate += like[c];
      for (size_t c = 0; c < carriers; c++) fuel[c] = like[c] / rate * generation / p->efficiency[i];
      continue;
    }
    const bool added = p->fuel[i] != TANLU_NONE && p->efficiency[i] > 0.0 && generation > power->generation[i];
    const double calibrated = added ? power->generation[i] : generation;
    const double index = p->follows_coke[i] || p->efficiency[i] > 0.0 ? 1.0 : rate_index;
    for (size_t c = 0; c < carriers; c++) fuel[c] = calibrated * power->fuel_rate[i * carriers + c] * index;
    if (added) fuel[p->fuel[i]] += (generation - calibrated) / p->efficiency[i];
  }
}

static void equip(const tanlu_power *power, const tanlu_drivers *drivers, size_t t, tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const double excess = fmax(year->variable_share - p->variable_threshold, 0.0);
  double variable_capacity = 0.0;
  year->curtailed = year->firm_capacity = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    const double curtailed = p->variable[i] ? p->curtailment_slope * excess * year->generation[i] : 0.0;
    const double hours = power->hours[i] * tanlu_driver(drivers, TANLU_DRIVER_POWER_HOURS, t, i, 0);
    year->capacity[i] = (year->generation[i] + curtailed) / TANLU_TJ_PER_MWH / hours;
    year->curtailed += curtailed;
    year->firm_capacity += p->capacity_credit[i] * year->capacity[i];
    if (p->variable[i]) variable_capacity += year->capacity[i];
  }
  year->storage_capacity = p->storage_slope * excess * variable_capacity;
  year->firm_capacity += year->storage_capacity;
  year->peak_load = year->total / TANLU_TJ_PER_MWH / TANLU_HOURS_PER_YEAR / p->load_factor;
}

tanlu_status tanlu_power_solve(const tanlu_power *power, const tanlu_drivers *drivers, size_t t, double demand,
                               double coke_ratio, tanlu_power_year *year, tanlu_context *context) {
  const tanlu_dataset *d = power->dataset;
  const tanlu_power_statistics *p = &d->power;
  const double loss = power->loss_rate * tanlu_driver(drivers, TANLU_DRIVER_GRID_LOSSES, t, 0, 0);
  double recovered = 0.0, storage_loss = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    if (p->follows_coke[i]) recovered += power->generation[i] * coke_ratio;
  }
  year->imports = tanlu_driver(drivers, TANLU_DRIVER_POWER_IMPORTS, t, 0, 0) * TANLU_TJ_PER_TWH;
  /* The storage loss depends on the variable share, which depends (by way of recovered power alone) on the total. */
  enum { ROUNDS = 50 };
  for (int round = 0; round < ROUNDS; round++) {
    const double last = year->total;
    year->total = (demand - year->imports) / (1.0 - loss - storage_loss);
    if (!(year->total > 0.0)) {
      return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: net imports of %.6g TWh leave nothing to generate",
                        drivers->from + (int)t, year->imports / TANLU_TJ_PER_TWH);
    }
    share_out(power, drivers, t, recovered, year);
    storage_loss = p->storage_cycle_share * fmax(year->variable_share - p->variable_threshold, 0.0) *
                   (1.0 - p->storage_efficiency);
    if (round > 0 && fabs(year->total - last) <= 1e-15 * year->total) break;
  }
  year->losses = (loss + storage_loss) * year->total;
  year->primary = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    if (p->source[i] != TANLU_SOURCE_THERMAL) year->primary += year->generation[i];
  }
  burn(power, tanlu_driver(drivers, TANLU_DRIVER_COAL_RATE, t, 0, 0) / p->coal_rate, year);
  equip(power, drivers, t, year);
  return TANLU_OK;
}

tanlu_status tanlu_power_check(const tanlu_power *power, int when, const tanlu_power_year *year,
                               tanlu_context *context) {
  const tanlu_dataset *d = power->dataset;
  double biomass = 0.0, recovered = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    biomass += year->fuel[i * power->carriers + d->energy.biomass];
    if (d->power.follows_coke[i]) recovered += year->generation[i];
  }
  if (recovered > year->total) {
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "year %d: recovered gases and heat generate %.6g TWh, more than the %.6g TWh that are needed",
                      when, recovered / TANLU_TJ_PER_TWH, year->total / TANLU_TJ_PER_TWH);
  }
  if (d->power.biomass_bound > 0.0 && biomass > d->power.biomass_bound) {
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "year %d: power burns %.4g EJ of biomass, above the dataset's bound of %.4g EJ", when,
                      biomass * 1e-6, d->power.biomass_bound * 1e-6);
  }
  return TANLU_OK;
}
