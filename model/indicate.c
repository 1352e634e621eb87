/* The indicators of a solved year, by lane. */
#include <math.h>
#include <string.h>

#include "model/record.h"
#include "model/units.h"

/* Lanes of an indicator. */
static double *lanes_of(const tanlu_solved_year *year, tanlu_indicator_id id) {
  return year->indicator + (size_t)id * year->equilibrium->width;
}

static void copy(const tanlu_solved_year *year, tanlu_indicator_id id, double factor, const double *from) {
  double *to = lanes_of(year, id);
  for (size_t l = 0; l < year->equilibrium->width; l++) to[l] = factor * from[l];
}

TANLU_EACH_ISA
static void add_up(size_t count, size_t width, const double *from, double *sum) {
  memset(sum, 0, width * sizeof *sum);
  for (size_t i = 0; i < count; i++) tanlu_lane_add_scaled(width, 1.0, from + i * width, sum);
}

/* Share of a group of the level "industry3" in value added; NaN when the dataset has no such group. */
TANLU_EACH_ISA
static void industry_share(const tanlu_solved_year *year, const char *code, tanlu_indicator_id id) {
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_dataset *d = year->system->dataset;
  const size_t width = q->width;
  double *to = lanes_of(year, id);
  size_t level, group;
  const bool known = tanlu_dataset_find_group(d, code, &level, &group) == TANLU_OK;
  for (size_t l = 0; l < width; l++) to[l] = known ? 0.0 : (double)NAN;
  for (size_t j = 0; known && j < q->n; j++) {
    if (d->level[level].of_sector[j] != group) continue;
    tanlu_lane_add_product(width, q->economy->v + j * width, q->output + j * width, to);
  }
  for (size_t l = 0; l < width; l++) to[l] /= q->economy->sum[l];
}

/* Value added of sector j in the base year, 10^4 CNY. */
static double base_value_added(const tanlu_accounts *a, size_t j) {
  double base = 0.0;
  for (size_t k = 0; k < a->component.count; k++) base += a->value_added[j * a->component.count + k];
  return base;
}

/* employment_j0 (value added_jt / value added_j0) / productivity_gt, persons by lane. */
TANLU_EACH_ISA
static void employed(const tanlu_solved_year *year, size_t j, double *persons) {
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_dataset *d = year->system->dataset;
  const double base = base_value_added(&d->accounts, j);
  const double *productivity =
      tanlu_lever(q->levers, TANLU_DRIVER_LABOUR_PRODUCTIVITY, d->level[d->policy_level].of_sector[j], 0);
  for (size_t l = 0; l < q->width; l++) {
    const double value_added = q->economy->v[j * q->width + l] * q->output[j * q->width + l];
    persons[l] = base > 0.0 ? d->employment[j] * (value_added / base) / productivity[l] : 0.0;
  }
}

bool tanlu_solved_year_employment(const tanlu_solved_year *year, size_t lane, double *persons) {
  double own[TANLU_LANES_MAX];
  if (year->system->dataset->employment == NULL) return false;
  for (size_t j = 0; j < year->equilibrium->n; j++) {
    employed(year, j, own);
    persons[j] = own[lane];
  }
  return true;
}

static void employment(const tanlu_solved_year *year) {
  const size_t width = year->equilibrium->width;
  const bool recorded = year->system->dataset->employment != NULL;
  const tanlu_level *level = &year->system->dataset->level[year->system->dataset->policy_level];
  double *to = lanes_of(year, TANLU_INDICATOR_EMPLOYMENT), own[TANLU_LANES_MAX];
  double *by_group = year->by_group[TANLU_BY_GROUP_EMPLOYMENT];
  for (size_t l = 0; l < width; l++) to[l] = recorded ? 0.0 : (double)NAN;
  for (size_t i = 0; i < level->group.count * width; i++) by_group[i] = recorded ? 0.0 : (double)NAN;
  for (size_t j = 0; recorded && j < year->equilibrium->n; j++) {
    employed(year, j, own);
    tanlu_lane_add_scaled(width, 1e-6, own, to);
    tanlu_lane_add_scaled(width, 1.0, own, by_group + level->of_sector[j] * width);
  }
}

/* ---- parts of final energy ---------------------------------------------------------------------------------------------- */

/* Final energy of a user in one carrier class, without non-energy use and capture, TJ: added to sum. */
TANLU_EACH_ISA
static void add_class(const tanlu_solved_year *year, size_t user, tanlu_carrier_class cls, double factor, double *sum) {
  const tanlu_energy_rows *rows = year->equilibrium->rows;
  const size_t width = year->equilibrium->width;
  const double *final = rows->mix->final + (user * TANLU_CLASS_COUNT + cls) * width;
  const double *activity = rows->activity + user * width;
  for (size_t l = 0; l < width; l++) sum[l] += factor * final[l] * activity[l];
}

/* Final energy of the sectors of industry by value added, electricity counted like the fuel that plants burn for it. */
TANLU_EACH_ISA
static void indicate_industry(const tanlu_solved_year *year) {
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_energy_statistics *d = &year->system->dataset->energy;
  const size_t width = q->width;
  const double *rate = tanlu_lever(q->levers, TANLU_DRIVER_COAL_RATE, 0, 0);
  double energy[TANLU_LANES_MAX] = {0.0}, electricity[TANLU_LANES_MAX] = {0.0}, value_added[TANLU_LANES_MAX] = {0.0};
  for (size_t j = 0; j < q->n; j++) {
    if (d->branch_kind[d->sector_branch[j]] != TANLU_BRANCH_INDUSTRY) continue;
    tanlu_lane_add_scaled(width, 1.0, year->energy->user_final + j * width, energy);
    add_class(year, j, TANLU_CLASS_ELECTRICITY, 1.0, electricity);
    tanlu_lane_add_product(width, q->economy->v + j * width, q->output + j * width, value_added);
    if (!q->rows->captures) continue;
    tanlu_lane_add_scaled(width, 1.0, year->energy->capture_use + j * width, energy);
    tanlu_lane_add_scaled(width, 1.0, year->energy->capture_use + j * width, electricity);
  }
  double *to = lanes_of(year, TANLU_INDICATOR_INDUSTRY_ENERGY);
  for (size_t l = 0; l < width; l++) {
    const double equivalent = d->electricity_coal_equivalent * rate[l] / year->system->dataset->power.coal_rate;
    const double total = energy[l] + (equivalent - 1.0) * electricity[l];
    to[l] = value_added[l] > 0.0 ? total / TANLU_TJ_PER_TCE / value_added[l] : (double)NAN;
  }
}

/* Energy and CO2 of the sectors of crude steel, and its tonnes. */
TANLU_EACH_ISA
static void indicate_steel(const tanlu_solved_year *year) {
  const tanlu_product_statistics *p = &year->system->dataset->products;
  const tanlu_energy_year *e = year->energy;
  const size_t width = year->equilibrium->width, n = year->equilibrium->n;
  const size_t steel = tanlu_labels_find(&p->product, "crude_steel");
  double *intensity = lanes_of(year, TANLU_INDICATOR_STEEL_ENERGY), *co2 = lanes_of(year, TANLU_INDICATOR_STEEL_CO2);
  double energy[TANLU_LANES_MAX] = {0.0};
  for (size_t l = 0; l < width; l++) co2[l] = steel != TANLU_NONE ? 0.0 : (double)NAN;
  for (size_t j = 0; steel != TANLU_NONE && j < n; j++) {
    const size_t at = j * width;
    if (!p->in_set[steel * n + j]) continue;
    tanlu_lane_add_scaled(width, 1.0, e->user_final + at, energy);
    add_class(year, j, TANLU_CLASS_BYPRODUCT_GAS, -1.0, energy);
    if (year->equilibrium->rows->captures) tanlu_lane_add_scaled(width, 1.0, e->capture_use + at, energy);
    tanlu_lane_add_scaled(width, 1e-6, e->combustion + at, co2);
    tanlu_lane_add_scaled(width, 1e-6, e->process + at, co2);
    tanlu_lane_add_scaled(width, -1e-6, e->captured + at, co2);
  }
  for (size_t l = 0; l < width; l++) {
    const double tonnes =
        steel != TANLU_NONE ? 1e6 * p->base[steel] * year->equilibrium->rows->product_ratio[steel * width + l] : 0.0;
    intensity[l] = tonnes > 0.0 ? energy[l] / TANLU_TJ_PER_TCE * 1e3 / tonnes : (double)NAN;
  }
}

/* Oil of the groups rail and road, and of the vehicles of households. */
TANLU_EACH_ISA
static void indicate_land_transport(const tanlu_solved_year *year) {
  const tanlu_dataset *d = year->system->dataset;
  const tanlu_labels *groups = tanlu_dataset_policy_groups(d);
  const size_t width = year->equilibrium->width, n = year->equilibrium->n;
  const size_t rail = tanlu_labels_find(groups, "rail"), road = tanlu_labels_find(groups, "road");
  double *to = lanes_of(year, TANLU_INDICATOR_LAND_OIL);
  const bool known = rail != TANLU_NONE && road != TANLU_NONE;
  for (size_t l = 0; l < width; l++) to[l] = known ? 0.0 : (double)NAN;
  if (!known) return;
  const double mtce = 1e-6 / TANLU_TJ_PER_TCE;
  for (size_t j = 0; j < n; j++) {
    const size_t group = d->level[d->policy_level].of_sector[j];
    if (group == rail || group == road) add_class(year, j, TANLU_CLASS_OIL, mtce, to);
  }
  add_class(year, tanlu_user_household(year->system->energy, TANLU_URBAN_VEHICLES), TANLU_CLASS_OIL, mtce, to);
  add_class(year, tanlu_user_household(year->system->energy, TANLU_RURAL_VEHICLES), TANLU_CLASS_OIL, mtce, to);
}

/* ---- rooms of the account ----------------------------------------------------------------------------------------------- */

TANLU_EACH_ISA
static void indicate_economy(const tanlu_solved_year *year) {
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_accounts *a = &year->system->dataset->accounts;
  const size_t width = q->width;
  const double *gdp = q->economy->sum, *population = tanlu_lever(q->levers, TANLU_DRIVER_POPULATION, 0, 0);
  double imports[TANLU_LANES_MAX], capital[TANLU_LANES_MAX] = {0.0}, exports[TANLU_LANES_MAX] = {0.0},
                                   least[TANLU_LANES_MAX];
  add_up(a->n, width, year->imports, imports);
  for (size_t k = 0; k < a->category.count; k++) {
    const double *use = year->category_use + k * width;
    if (a->role[k] == TANLU_ROLE_FIXED_CAPITAL) tanlu_lane_add_scaled(width, 1.0, use, capital);
    if (tanlu_role_leaves(a->role[k])) tanlu_lane_add_scaled(width, 1.0, use, exports);
  }
  for (size_t l = 0; l < width; l++) least[l] = 1.0;
  for (size_t j = 0; j < a->n; j++) {
    for (size_t l = 0; a->output[j] > 0.0 && l < width; l++)
      least[l] = -tanlu_lane_larger(-least[l], -q->economy->v[j * width + l]);
  }
  copy(year, TANLU_INDICATOR_GDP, 1e-4, gdp);
  copy(year, TANLU_INDICATOR_GDP_INDEX, 1.0, q->economy->gdp_index);
  copy(year, TANLU_INDICATOR_POPULATION, 1.0, population);
  copy(year, TANLU_INDICATOR_URBANISATION, 1.0, tanlu_lever(q->levers, TANLU_DRIVER_URBANISATION, 0, 0));
  industry_share(year, "primary", TANLU_INDICATOR_SHARE_PRIMARY);
  industry_share(year, "secondary", TANLU_INDICATOR_SHARE_SECONDARY);
  industry_share(year, "tertiary", TANLU_INDICATOR_SHARE_TERTIARY);
  employment(year);
  for (size_t l = 0; l < width; l++) { /* of several years: model/investment.h */
    lanes_of(year, TANLU_INDICATOR_INVESTMENT)[l] = lanes_of(year, TANLU_INDICATOR_INVESTMENT_SHARE)[l] = (double)NAN;
  }
  for (size_t l = 0; l < width; l++) {
    lanes_of(year, TANLU_INDICATOR_GDP_PER_HEAD)[l] = gdp[l] * 1e4 / (population[l] * 1e6);
    lanes_of(year, TANLU_INDICATOR_CAPITAL_SHARE)[l] = capital[l] / gdp[l];
    lanes_of(year, TANLU_INDICATOR_NET_EXPORTS_SHARE)[l] = (exports[l] - imports[l]) / gdp[l];
    lanes_of(year, TANLU_INDICATOR_SPECTRAL)[l] = 1.0 - least[l];
  }
}

TANLU_EACH_ISA
static void indicate_energy(const tanlu_solved_year *year) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_dataset *d = year->system->dataset;
  const tanlu_equilibrium *q = year->equilibrium;
  const size_t width = q->width, carriers = year->system->energy->carriers, electricity = d->energy.electricity;
  const double *rate = tanlu_lever(q->levers, TANLU_DRIVER_COAL_RATE, 0, 0), mtce = 1e-6 / TANLU_TJ_PER_TCE;
  double nuclear[TANLU_LANES_MAX] = {0.0};
  for (size_t i = 0; i < d->power.technology.count; i++) {
    if (d->power.source[i] != TANLU_SOURCE_NUCLEAR) continue;
    tanlu_lane_add_scaled(width, 1.0, q->rows->power.generation + i * width, nuclear);
  }
  for (size_t l = 0; l < width; l++) {
    double by_class[TANLU_CLASS_COUNT] = {0.0}, final = 0.0, calorific = 0.0;
    for (size_t c = 0; c < carriers; c++) {
      by_class[d->energy.carrier.cls[c]] += e->primary[c * width + l];
      final += e->final[c * width + l];
      calorific += e->primary[c * width + l];
    }
    /* Primary electricity counts with the fuel that thermal plants would have burned for it. */
    const double power = e->primary[electricity * width + l];
    const double weight = d->energy.electricity_coal_equivalent * rate[l] / d->power.coal_rate;
    const double equivalent = weight * power, coal = by_class[TANLU_CLASS_COAL] + by_class[TANLU_CLASS_COKE];
    const double total = calorific - power + equivalent, feedstock = e->feedstock[l];
    const double gdp = q->economy->sum[l], base_gdp = gdp / q->economy->gdp_index[l];
    lanes_of(year, TANLU_INDICATOR_ENERGY)[l] = total * mtce;
    lanes_of(year, TANLU_INDICATOR_ENERGY_CALORIFIC)[l] = calorific * mtce;
    lanes_of(year, TANLU_INDICATOR_ENERGY_PER_GDP)[l] = total / TANLU_TJ_PER_TCE / gdp;
    lanes_of(year, TANLU_INDICATOR_ENERGY_PER_GDP_2020)[l] = total / gdp / (year->system->base_energy / base_gdp) - 1.0;
    lanes_of(year, TANLU_INDICATOR_ENERGY_PER_HEAD)[l] = total * mtce / lanes_of(year, TANLU_INDICATOR_POPULATION)[l];
    lanes_of(year, TANLU_INDICATOR_FINAL)[l] = final * mtce;
    lanes_of(year, TANLU_INDICATOR_NON_ENERGY)[l] = feedstock * mtce;
    /* What comes from other regions counts by the plants there, as what is sent does here. */
    const tanlu_outside *outside = q->rows->outside;
    const double clean = power + (outside != NULL ? outside->clean[l] - outside->links[l] : 0.0);
    const double atoms = nuclear[l] + (outside != NULL ? outside->nuclear[l] : 0.0);
    lanes_of(year, TANLU_INDICATOR_NONFOSSIL)[l] = (weight * clean + by_class[TANLU_CLASS_BIOMASS]) / total;
    lanes_of(year, TANLU_INDICATOR_RENEWABLE)[l] = (weight * (clean - atoms) + by_class[TANLU_CLASS_BIOMASS]) / total;
    lanes_of(year, TANLU_INDICATOR_COAL)[l] = coal / total;
    lanes_of(year, TANLU_INDICATOR_OIL)[l] = by_class[TANLU_CLASS_OIL] / total;
    lanes_of(year, TANLU_INDICATOR_GAS)[l] = by_class[TANLU_CLASS_GAS] / total;
    lanes_of(year, TANLU_INDICATOR_COAL_USE)[l] = coal * mtce;
    lanes_of(year, TANLU_INDICATOR_OIL_USE)[l] = by_class[TANLU_CLASS_OIL] * mtce;
    lanes_of(year, TANLU_INDICATOR_GAS_USE)[l] = by_class[TANLU_CLASS_GAS] * mtce;
    lanes_of(year, TANLU_INDICATOR_COAL_PER_GDP)[l] = coal / TANLU_TJ_PER_TCE / gdp;
    lanes_of(year, TANLU_INDICATOR_ELECTRICITY_SHARE)[l] = e->final[electricity * width + l] / (final - feedstock);
    lanes_of(year, TANLU_INDICATOR_FINAL_ELECTRICITY)[l] = e->final[electricity * width + l] / TANLU_TJ_PER_TWH;
    lanes_of(year, TANLU_INDICATOR_HYDROGEN)[l] = e->hydrogen[l] * 1e-3;
  }
}

/* Capacity by kind of plant, GW. */
TANLU_EACH_ISA
static void indicate_capacity(const tanlu_solved_year *year) {
  static const tanlu_indicator_id of_source[] = {[TANLU_SOURCE_HYDRO] = TANLU_INDICATOR_HYDRO_TOTAL,
                                                 [TANLU_SOURCE_NUCLEAR] = TANLU_INDICATOR_NUCLEAR_CAPACITY,
                                                 [TANLU_SOURCE_WIND] = TANLU_INDICATOR_WIND_CAPACITY,
                                                 [TANLU_SOURCE_SOLAR] = TANLU_INDICATOR_SOLAR_CAPACITY};
  static const tanlu_indicator_id all[] = {TANLU_INDICATOR_CAPACITY,        TANLU_INDICATOR_HYDRO_TOTAL,
                                           TANLU_INDICATOR_PUMPED_CAPACITY, TANLU_INDICATOR_NUCLEAR_CAPACITY,
                                           TANLU_INDICATOR_WIND_CAPACITY,   TANLU_INDICATOR_SOLAR_CAPACITY};
  const tanlu_power_year *p = &year->equilibrium->rows->power;
  const tanlu_power_statistics *s = &year->system->dataset->power;
  const size_t width = year->equilibrium->width, pumped = tanlu_labels_find(&s->technology, "pumped_storage");
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) memset(lanes_of(year, all[k]), 0, width * sizeof(double));
  for (size_t i = 0; i < s->technology.count; i++) {
    const double *capacity = p->capacity + i * width;
    tanlu_lane_add_scaled(width, 1e-3, capacity, lanes_of(year, TANLU_INDICATOR_CAPACITY));
    if (s->source[i] == TANLU_SOURCE_THERMAL) continue;
    tanlu_lane_add_scaled(width, 1e-3, capacity, lanes_of(year, of_source[s->source[i]]));
    if (i == pumped) tanlu_lane_add_scaled(width, 1e-3, capacity, lanes_of(year, TANLU_INDICATOR_PUMPED_CAPACITY));
  }
  for (size_t l = 0; l < width; l++) {
    lanes_of(year, TANLU_INDICATOR_HYDRO_CAPACITY)[l] =
        lanes_of(year, TANLU_INDICATOR_HYDRO_TOTAL)[l] - lanes_of(year, TANLU_INDICATOR_PUMPED_CAPACITY)[l];
    lanes_of(year, TANLU_INDICATOR_WIND_SOLAR)[l] =
        lanes_of(year, TANLU_INDICATOR_WIND_CAPACITY)[l] + lanes_of(year, TANLU_INDICATOR_SOLAR_CAPACITY)[l];
  }
}

/* Generation of a thermal plant counts by the shares of coal and biomass in its fuel. */
TANLU_EACH_ISA
static void add_thermal(const tanlu_solved_year *year, size_t technology, double *coal_fuel, double *coal,
                        double *biomass) {
  const tanlu_power_year *p = &year->equilibrium->rows->power;
  const tanlu_energy_statistics *d = &year->system->dataset->energy;
  const size_t width = year->equilibrium->width, carriers = year->system->energy->carriers;
  double fuel[TANLU_LANES_MAX], of_coal[TANLU_LANES_MAX] = {0.0}; /* TJ */
  const double *plant = p->fuel + technology * carriers * width, *generation = p->generation + technology * width;
  add_up(carriers, width, plant, fuel);
  for (size_t c = 0; c < carriers; c++) {
    if (d->carrier.cls[c] == TANLU_CLASS_COAL || d->carrier.cls[c] == TANLU_CLASS_COKE) {
      tanlu_lane_add_scaled(width, 1.0, plant + c * width, of_coal);
    }
  }
  for (size_t l = 0; l < width; l++) {
    coal_fuel[l] += of_coal[l];
    coal[l] += generation[l] * (fuel[l] > 0.0 ? of_coal[l] / fuel[l] : 0.0);
    biomass[l] += generation[l] * (fuel[l] > 0.0 ? plant[d->biomass * width + l] / fuel[l] : 0.0);
  }
}

TANLU_EACH_ISA
static void indicate_power(const tanlu_solved_year *year) {
  const tanlu_power_year *p = &year->equilibrium->rows->power;
  const tanlu_power_statistics *s = &year->system->dataset->power;
  const size_t width = year->equilibrium->width;
  double nuclear[TANLU_LANES_MAX] = {0.0}, nonfossil[TANLU_LANES_MAX] = {0.0}, coal[TANLU_LANES_MAX] = {0.0},
         coal_fuel[TANLU_LANES_MAX] = {0.0};
  for (size_t i = 0; i < s->technology.count; i++) {
    if (s->source[i] == TANLU_SOURCE_THERMAL) {
      add_thermal(year, i, coal_fuel, coal, nonfossil);
      continue;
    }
    tanlu_lane_add_scaled(width, 1.0, p->generation + i * width, nonfossil);
    if (s->source[i] == TANLU_SOURCE_NUCLEAR) {
      tanlu_lane_add_scaled(width, 1.0, p->generation + i * width, nuclear);
    }
  }
  indicate_capacity(year);
  copy(year, TANLU_INDICATOR_GENERATION, 1.0 / TANLU_TJ_PER_TWH, p->total);
  copy(year, TANLU_INDICATOR_VARIABLE, 1.0, p->variable_share);
  copy(year, TANLU_INDICATOR_STORAGE, 1e-3, p->storage_capacity);
  copy(year, TANLU_INDICATOR_CURTAILED, 1.0 / TANLU_TJ_PER_TWH, p->curtailed);
  copy(year, TANLU_INDICATOR_COAL_RATE, 1.0, tanlu_lever(year->equilibrium->levers, TANLU_DRIVER_COAL_RATE, 0, 0));
  for (size_t l = 0; l < width; l++) {
    const double coal_use = lanes_of(year, TANLU_INDICATOR_COAL_USE)[l] * 1e6 * TANLU_TJ_PER_TCE; /* TJ */
    lanes_of(year, TANLU_INDICATOR_NONFOSSIL_POWER)[l] = nonfossil[l] / p->total[l];
    lanes_of(year, TANLU_INDICATOR_RENEWABLE_POWER)[l] = (nonfossil[l] - nuclear[l]) / p->total[l];
    lanes_of(year, TANLU_INDICATOR_COAL_POWER)[l] = coal[l] / p->total[l];
    lanes_of(year, TANLU_INDICATOR_COAL_FOR_POWER)[l] = coal_fuel[l] / coal_use;
    lanes_of(year, TANLU_INDICATOR_FIRM_MARGIN)[l] = p->firm_capacity[l] / p->peak_load[l] - 1.0;
  }
}

TANLU_EACH_ISA
static void indicate_co2(const tanlu_solved_year *year) {
  const tanlu_system *s = year->system;
  const tanlu_energy_year *e = year->energy;
  const tanlu_equilibrium *q = year->equilibrium;
  const size_t width = q->width, n = q->n;
  const double *sinks = tanlu_lever(q->levers, TANLU_DRIVER_SINKS, 0, 0);
  double users[TANLU_LANES_MAX], plants[TANLU_LANES_MAX], process[TANLU_LANES_MAX], captured[TANLU_LANES_MAX],
      captured_process[TANLU_LANES_MAX], conversion[TANLU_LANES_MAX];
  add_up(s->energy->users, width, e->combustion, users);
  add_up(s->power->technologies, width, e->plant_combustion, plants);
  add_up(n, width, e->process, process);
  add_up(n, width, e->captured, captured);
  add_up(n, width, e->captured_process, captured_process);
  tanlu_emissions_of_conversion(q->rows, conversion);
  for (size_t l = 0; l < width; l++) {
    const double energy = users[l] + plants[l] - (captured[l] - captured_process[l]);
    const double factories = process[l] - captured_process[l], total = (energy + factories) * 1e-6;
    const double gdp = q->economy->sum[l], base_intensity = s->base_co2 / (gdp / q->economy->gdp_index[l]);
    const double change = energy / gdp / base_intensity;
    lanes_of(year, TANLU_INDICATOR_CO2_ENERGY)[l] = energy * 1e-6;
    lanes_of(year, TANLU_INDICATOR_CO2_PROCESS)[l] = factories * 1e-6;
    lanes_of(year, TANLU_INDICATOR_CO2_CAPTURED)[l] = captured[l] * 1e-6;
    lanes_of(year, TANLU_INDICATOR_CO2_TOTAL)[l] = total;
    lanes_of(year, TANLU_INDICATOR_CO2_SINKS)[l] = sinks[l];
    lanes_of(year, TANLU_INDICATOR_CO2_NET)[l] = total - sinks[l];
    lanes_of(year, TANLU_INDICATOR_CO2_CONVERSION)[l] = conversion[l] * 1e-6;
    lanes_of(year, TANLU_INDICATOR_CO2_PER_GDP)[l] = energy / gdp;
    lanes_of(year, TANLU_INDICATOR_CO2_PER_GDP_2020)[l] = change - 1.0;
    /* I_2005 = I_base / (1 + change from 2005 to the base year) */
    lanes_of(year, TANLU_INDICATOR_CO2_PER_GDP_2005)[l] = change * (1.0 + s->dataset->co2_gdp_change_from_2005) - 1.0;
    lanes_of(year, TANLU_INDICATOR_CO2_PER_HEAD)[l] = total / lanes_of(year, TANLU_INDICATOR_POPULATION)[l];
  }
}

/* Share of a route; NaN where the dataset has no such route or the scenario gives none of its process. */
static void route_share(const tanlu_solved_year *year, const char *process, const char *route, tanlu_indicator_id id) {
  const tanlu_route_statistics *r = &year->system->dataset->routes;
  const tanlu_levers *levers = year->equilibrium->levers;
  const size_t p = tanlu_labels_find(&r->process, process), k = tanlu_labels_find(&r->route, route);
  const bool known = p != TANLU_NONE && k != TANLU_NONE && r->has[p * r->route.count + k];
  for (size_t l = 0; l < year->equilibrium->width; l++) {
    lanes_of(year, id)[l] = known ? tanlu_lever(levers, TANLU_DRIVER_ROUTE_SHARE, p, k)[l] : (double)NAN;
  }
}

static void indicate_routes(const tanlu_solved_year *year) {
  route_share(year, "steel", "electric_arc", TANLU_INDICATOR_ELECTRIC_ARC);
  route_share(year, "aluminium", "recycled", TANLU_INDICATOR_RECYCLED_ALUMINIUM);
}

void tanlu_solved_year_indicate(tanlu_solved_year *year) {
  indicate_economy(year);
  indicate_energy(year);
  indicate_power(year);
  indicate_routes(year);
  indicate_co2(year);
  indicate_industry(year);
  indicate_steel(year);
  indicate_land_transport(year);
}
