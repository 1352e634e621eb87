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

double tanlu_power_base_generation(const tanlu_dataset *dataset) {
  double total = 0.0;
  for (size_t i = 0; i < dataset->power.technology.count; i++) total += base_generation(dataset, i);
  return total;
}

double tanlu_power_base_share(const tanlu_dataset *dataset, size_t technology) {
  const double total = tanlu_power_base_generation(dataset);
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

static tanlu_status calibrate(tanlu_power *power, const tanlu_power *nation, tanlu_context *context) {
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
  for (size_t i = 0; nation != NULL && i < power->technologies; i++) {
    if (power->generation[i] > 0.0) continue;
    memcpy(power->fuel_rate + i * carriers, nation->fuel_rate + i * carriers, carriers * sizeof *power->fuel_rate);
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

tanlu_status tanlu_power_create(tanlu_power **power, const tanlu_dataset *dataset, const tanlu_power *nation,
                                tanlu_context *context) {
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
  if (p->generation != NULL && p->fuel_rate != NULL && p->hours != NULL) status = calibrate(p, nation, context);
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

tanlu_status tanlu_power_year_create(tanlu_power_year *year, const tanlu_power *power, size_t width,
                                     tanlu_context *context) {
  *year = (tanlu_power_year){.width = width};
  const size_t technologies = power->technologies;
  const struct {
    double **array;
    size_t rows;
  } wanted[] = {
      {&year->generation, technologies},
      {&year->burned, technologies},
      {&year->added, technologies},
      {&year->capacity, technologies},
      {&year->total, 1},
      {&year->losses, 1},
      {&year->imports, 1},
      {&year->primary, 1},
      {&year->variable_share, 1},
      {&year->curtailed, 1},
      {&year->storage_capacity, 1},
      {&year->firm_capacity, 1},
      {&year->peak_load, 1},
      {&year->fuel, technologies * power->carriers},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].rows, width);
    if (*wanted[i].array == NULL) return TANLU_ERR_MEMORY;
  }
  return TANLU_OK;
}

void tanlu_power_year_clear(tanlu_power_year *year) {
  double *const array[] = {year->generation,    year->burned,         year->added,     year->capacity,
                           year->total,         year->losses,         year->imports,   year->primary,
                           year->fuel,          year->variable_share, year->curtailed, year->storage_capacity,
                           year->firm_capacity, year->peak_load};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
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

double tanlu_power_fuel_rate(const tanlu_power *power, size_t technology, size_t carrier) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t like = p->like[technology];
  if (like == TANLU_NONE) return power->fuel_rate[technology * power->carriers + carrier];
  double rate = 0.0; /* the fuels of its like, at its own efficiency */
  for (size_t c = 0; c < power->carriers; c++) rate += power->fuel_rate[like * power->carriers + c];
  return power->fuel_rate[like * power->carriers + carrier] / rate / p->efficiency[technology];
}

bool tanlu_power_burns(const tanlu_power *power, size_t technology, size_t carrier) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t from = p->like[technology] == TANLU_NONE ? technology : p->like[technology];
  return power->fuel_rate[from * power->carriers + carrier] != 0.0 || p->fuel[technology] == carrier;
}

/* Generation by technology for a given total. */
TANLU_EACH_ISA
static void share_out(const tanlu_power *power, const tanlu_levers *levers, const double *restrict recovered,
                      tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t width = year->width;
  const double *restrict total = year->total;
  double *restrict variable = year->variable_share;
  double rest[TANLU_LANES_MAX], base_recovered = 0.0;
  EACH_LANE(l) rest[l] = 1.0;
  for (size_t i = 0; i < power->technologies; i++) {
    if (!p->follows_coke[i]) continue;
    const double *restrict share = tanlu_lever(levers, TANLU_DRIVER_POWER_MIX, i, 0);
    EACH_LANE(l) rest[l] -= share[l];
    base_recovered += power->generation[i];
  }
  EACH_LANE(l) {
    rest[l] = (total[l] - recovered[l]) / rest[l];
    variable[l] = 0.0;
  }
  for (size_t i = 0; i < power->technologies; i++) {
    const double *restrict share = tanlu_lever(levers, TANLU_DRIVER_POWER_MIX, i, 0);
    double *restrict generation = year->generation + i * width;
    if (p->follows_coke[i]) {
      const double part = base_recovered > 0.0 ? power->generation[i] / base_recovered : 0.0;
      EACH_LANE(l) generation[l] = recovered[l] * part;
    } else {
      EACH_LANE(l) generation[l] = share[l] * rest[l];
    }
    if (p->variable[i]) EACH_LANE(l) variable[l] += generation[l] / total[l];
  }
}

/* What each technology burns: from the base-year fuels and beyond them. */
TANLU_EACH_ISA
static void burn(const tanlu_power *power, const tanlu_levers *levers, tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t width = year->width;
  const double *restrict rate = tanlu_lever(levers, TANLU_DRIVER_COAL_RATE, 0, 0);
  for (size_t i = 0; i < power->technologies; i++) {
    const double *restrict generation = year->generation + i * width;
    double *restrict burned = year->burned + i * width, *restrict added = year->added + i * width;
    const double base = power->generation[i], efficiency = p->efficiency[i], coal_rate = p->coal_rate;
    if (p->like[i] != TANLU_NONE) {
      EACH_LANE(l) burned[l] = generation[l];
    } else if (p->fuel[i] != TANLU_NONE && efficiency > 0.0) { /* what is added has its own efficiency */
      EACH_LANE(l) {
        const bool more = generation[l] > base;
        burned[l] = more ? base : generation[l];
        added[l] = more ? (generation[l] - base) / efficiency : 0.0;
      }
    } else if (p->follows_coke[i] || efficiency > 0.0) {
      EACH_LANE(l) burned[l] = generation[l];
    } else {
      EACH_LANE(l) burned[l] = generation[l] * (rate[l] / coal_rate);
    }
  }
}

TANLU_EACH_ISA
static void total_generation(const double *restrict demand, const double *restrict lost, tanlu_power_year *year) {
  const size_t width = year->width;
  const double *restrict imports = year->imports;
  double *restrict total = year->total;
  EACH_LANE(l) total[l] = (demand[l] - imports[l]) / (1.0 - lost[l]);
}

TANLU_EACH_ISA
void tanlu_power_solve(const tanlu_power *power, const tanlu_levers *levers, const double *demand,
                       const double *coke_ratio, tanlu_power_year *year, tanlu_lane_report *report) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t width = year->width;
  const double *grid = tanlu_lever(levers, TANLU_DRIVER_GRID_LOSSES, 0, 0);
  const double *imports = tanlu_lever(levers, TANLU_DRIVER_POWER_IMPORTS, 0, 0);
  double recovered[TANLU_LANES_MAX] = {0.0}, lost[TANLU_LANES_MAX] = {0.0}, last[TANLU_LANES_MAX], base = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    if (p->follows_coke[i]) base += power->generation[i];
  }
  for (size_t l = 0; l < width; l++) {
    recovered[l] = base * coke_ratio[l];
    lost[l] = power->loss_rate * grid[l];
    year->imports[l] = imports[l] * TANLU_TJ_PER_TWH;
  }
  /* The storage loss depends on the variable share, which depends (by way of recovered power alone) on the total. A lane
   * that has settled stays as it is. */
  enum { ROUNDS = 50 };
  bool moving = true;
  for (int round = 0; moving && round < ROUNDS; round++) {
    moving = false;
    memcpy(last, year->total, width * sizeof *last);
    total_generation(demand, lost, year);
    for (size_t l = 0; l < width; l++) {
      if (year->total[l] > 0.0) continue;
      tanlu_lane_fail(report, l, "year %d: net imports of %.6g TWh leave nothing to generate", levers->year,
                      imports[l]);
      year->total[l] = (double)NAN;
    }
    share_out(power, levers, recovered, year);
    for (size_t l = 0; l < width; l++) {
      if (round > 0 && !(fabs(year->total[l] - last[l]) > 1e-15 * year->total[l])) continue;
      moving = true;
      lost[l] = power->loss_rate * grid[l] +
                p->storage_cycle_share * tanlu_lane_larger(year->variable_share[l] - p->variable_threshold, 0.0) *
                    (1.0 - p->storage_efficiency);
    }
  }
  for (size_t l = 0; l < width; l++) {
    year->losses[l] = lost[l] * year->total[l];
    year->primary[l] = 0.0;
  }
  for (size_t i = 0; i < power->technologies; i++) {
    if (p->source[i] == TANLU_SOURCE_THERMAL) continue;
    for (size_t l = 0; l < width; l++) year->primary[l] += year->generation[i * width + l];
  }
  burn(power, levers, year);
}

TANLU_EACH_ISA
static void fuel_by_carrier(const tanlu_power *power, tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t width = year->width, carriers = power->carriers;
  for (size_t i = 0; i < power->technologies; i++) {
    for (size_t c = 0; c < carriers; c++) {
      if (!tanlu_power_burns(power, i, c)) continue; /* stays 0 */
      const double rate = tanlu_power_fuel_rate(power, i, c);
      const bool own = p->fuel[i] == c;
      double *fuel = year->fuel + (i * carriers + c) * width;
      for (size_t l = 0; l < width; l++) {
        fuel[l] = rate * year->burned[i * width + l] + (own ? year->added[i * width + l] : 0.0);
      }
    }
  }
}

TANLU_EACH_ISA
void tanlu_power_equip(const tanlu_power *power, const tanlu_levers *levers, tanlu_power_year *year) {
  const tanlu_power_statistics *p = &power->dataset->power;
  const size_t width = year->width;
  double variable_capacity[TANLU_LANES_MAX] = {0.0};
  fuel_by_carrier(power, year);
  for (size_t l = 0; l < width; l++) year->curtailed[l] = year->firm_capacity[l] = 0.0;
  for (size_t i = 0; i < power->technologies; i++) {
    const double *index = tanlu_lever(levers, TANLU_DRIVER_POWER_HOURS, i, 0);
    for (size_t l = 0; l < width; l++) {
      const double excess = tanlu_lane_larger(year->variable_share[l] - p->variable_threshold, 0.0);
      const double generation = year->generation[i * width + l];
      const double curtailed = p->variable[i] ? p->curtailment_slope * excess * generation : 0.0;
      const double capacity = (generation + curtailed) / TANLU_TJ_PER_MWH / (power->hours[i] * index[l]);
      year->capacity[i * width + l] = capacity;
      year->curtailed[l] += curtailed;
      year->firm_capacity[l] += p->capacity_credit[i] * capacity;
      if (p->variable[i]) variable_capacity[l] += capacity;
    }
  }
  for (size_t l = 0; l < width; l++) {
    const double excess = tanlu_lane_larger(year->variable_share[l] - p->variable_threshold, 0.0);
    year->storage_capacity[l] = p->storage_slope * excess * variable_capacity[l];
    year->firm_capacity[l] += year->storage_capacity[l];
    year->peak_load[l] = year->total[l] / TANLU_TJ_PER_MWH / TANLU_HOURS_PER_YEAR / p->load_factor;
  }
}

void tanlu_power_check(const tanlu_power *power, int when, const tanlu_power_year *year, tanlu_lane_report *report) {
  const tanlu_dataset *d = power->dataset;
  const size_t width = year->width;
  for (size_t l = 0; l < width; l++) {
    double biomass = 0.0, recovered = 0.0;
    for (size_t i = 0; i < power->technologies; i++) {
      biomass += year->fuel[(i * power->carriers + d->energy.biomass) * width + l];
      if (d->power.follows_coke[i]) recovered += year->generation[i * width + l];
    }
    if (recovered > year->total[l]) {
      tanlu_lane_fail(report, l,
                      "year %d: recovered gases and heat generate %.6g TWh, more than the %.6g TWh that are needed",
                      when, recovered / TANLU_TJ_PER_TWH, year->total[l] / TANLU_TJ_PER_TWH);
    }
    if (d->power.biomass_bound > 0.0 && biomass > d->power.biomass_bound) {
      tanlu_lane_fail(report, l, "year %d: power burns %.4g EJ of biomass, above the dataset's bound of %.4g EJ", when,
                      biomass * 1e-6, d->power.biomass_bound * 1e-6);
    }
  }
}
