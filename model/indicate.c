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

/* sum_j employment_j0 (value added_jt / value added_j0) / productivity_gt, million. */
TANLU_EACH_ISA
static void employment(const tanlu_solved_year *year) {
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_dataset *d = year->system->dataset;
  const tanlu_accounts *a = &d->accounts;
  const size_t width = q->width;
  double *to = lanes_of(year, TANLU_INDICATOR_EMPLOYMENT);
  for (size_t l = 0; l < width; l++) to[l] = d->employment == NULL ? (double)NAN : 0.0;
  for (size_t j = 0; d->employment != NULL && j < a->n; j++) {
    double base = 0.0;
    for (size_t k = 0; k < a->component.count; k++) base += a->value_added[j * a->component.count + k];
    if (!(base > 0.0)) continue;
    const double *productivity =
        tanlu_lever(q->levers, TANLU_DRIVER_LABOUR_PRODUCTIVITY, d->level[d->policy_level].of_sector[j], 0);
    for (size_t l = 0; l < width; l++) {
      const double value_added = q->economy->v[j * width + l] * q->output[j * width + l];
      to[l] += 1e-6 * d->employment[j] * (value_added / base) / productivity[l];
    }
  }
}

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
    if (a->role[k] == TANLU_ROLE_EXPORTS) tanlu_lane_add_scaled(width, 1.0, use, exports);
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
  for (size_t l = 0; l < width; l++) {
    double by_class[TANLU_CLASS_COUNT] = {0.0}, final = 0.0, calorific = 0.0;
    for (size_t c = 0; c < carriers; c++) {
      by_class[d->energy.carrier.cls[c]] += e->primary[c * width + l];
      final += e->final[c * width + l];
      calorific += e->primary[c * width + l];
    }
    /* Primary electricity counts with the fuel that thermal plants would have burned for it. */
    const double power = e->primary[electricity * width + l];
    const double equivalent = d->energy.electricity_coal_equivalent * rate[l] / d->power.coal_rate * power;
    const double total = calorific - power + equivalent, feedstock = e->feedstock[l];
    const double gdp = q->economy->sum[l], base_gdp = gdp / q->economy->gdp_index[l];
    lanes_of(year, TANLU_INDICATOR_ENERGY)[l] = total * mtce;
    lanes_of(year, TANLU_INDICATOR_ENERGY_CALORIFIC)[l] = calorific * mtce;
    lanes_of(year, TANLU_INDICATOR_ENERGY_PER_GDP)[l] = total / TANLU_TJ_PER_TCE / gdp;
    lanes_of(year, TANLU_INDICATOR_ENERGY_PER_GDP_2020)[l] = total / gdp / (year->system->base_energy / base_gdp) - 1.0;
    lanes_of(year, TANLU_INDICATOR_ENERGY_PER_HEAD)[l] = total * mtce / lanes_of(year, TANLU_INDICATOR_POPULATION)[l];
    lanes_of(year, TANLU_INDICATOR_FINAL)[l] = final * mtce;
    lanes_of(year, TANLU_INDICATOR_NON_ENERGY)[l] = feedstock * mtce;
    lanes_of(year, TANLU_INDICATOR_NONFOSSIL)[l] = (equivalent + by_class[TANLU_CLASS_BIOMASS]) / total;
    lanes_of(year, TANLU_INDICATOR_COAL)[l] = (by_class[TANLU_CLASS_COAL] + by_class[TANLU_CLASS_COKE]) / total;
    lanes_of(year, TANLU_INDICATOR_OIL)[l] = by_class[TANLU_CLASS_OIL] / total;
    lanes_of(year, TANLU_INDICATOR_GAS)[l] = by_class[TANLU_CLASS_GAS] / total;
    lanes_of(year, TANLU_INDICATOR_ELECTRICITY_SHARE)[l] = e->final[electricity * width + l] / (final - feedstock);
    lanes_of(year, TANLU_INDICATOR_FINAL_ELECTRICITY)[l] = e->final[electricity * width + l] / TANLU_TJ_PER_TWH;
    lanes_of(year, TANLU_INDICATOR_HYDROGEN)[l] = e->hydrogen[l] * 1e-3;
  }
}

TANLU_EACH_ISA
static void indicate_power(const tanlu_solved_year *year) {
  const tanlu_power_year *p = &year->equilibrium->rows->power;
  const tanlu_power_statistics *s = &year->system->dataset->power;
  const size_t width = year->equilibrium->width, carriers = year->system->energy->carriers;
  double capacity[TANLU_LANES_MAX] = {0.0}, wind_solar[TANLU_LANES_MAX] = {0.0}, nonfossil[TANLU_LANES_MAX] = {0.0};
  for (size_t i = 0; i < s->technology.count; i++) {
    const bool thermal = s->source[i] == TANLU_SOURCE_THERMAL;
    tanlu_lane_add_scaled(width, 1.0, p->capacity + i * width, capacity);
    if (s->source[i] == TANLU_SOURCE_WIND || s->source[i] == TANLU_SOURCE_SOLAR) {
      tanlu_lane_add_scaled(width, 1.0, p->capacity + i * width, wind_solar);
    }
    if (!thermal) {
      tanlu_lane_add_scaled(width, 1.0, p->generation + i * width, nonfossil);
      continue;
    }
    if (!tanlu_power_burns(year->system->power, i, year->system->dataset->energy.biomass)) continue;
    double fuel[TANLU_LANES_MAX]; /* a thermal plant counts by the biomass in its fuel */
    add_up(carriers, width, p->fuel + i * carriers * width, fuel);
    for (size_t l = 0; l < width; l++) {
      const double biomass = p->fuel[(i * carriers + year->system->dataset->energy.biomass) * width + l];
      nonfossil[l] += p->generation[i * width + l] * (fuel[l] > 0.0 ? biomass / fuel[l] : 0.0);
    }
  }
  copy(year, TANLU_INDICATOR_GENERATION, 1.0 / TANLU_TJ_PER_TWH, p->total);
  copy(year, TANLU_INDICATOR_CAPACITY, 1e-3, capacity);
  copy(year, TANLU_INDICATOR_WIND_SOLAR, 1e-3, wind_solar);
  copy(year, TANLU_INDICATOR_VARIABLE, 1.0, p->variable_share);
  copy(year, TANLU_INDICATOR_STORAGE, 1e-3, p->storage_capacity);
  copy(year, TANLU_INDICATOR_CURTAILED, 1.0 / TANLU_TJ_PER_TWH, p->curtailed);
  for (size_t l = 0; l < width; l++) {
    lanes_of(year, TANLU_INDICATOR_NONFOSSIL_POWER)[l] = nonfossil[l] / p->total[l];
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
}
