/* The indicators of a solved year. */
#include <math.h>

#include "model/emissions.h"
#include "model/indicators.h"
#include "model/record.h"
#include "model/units.h"

static const double *field(const tanlu_projection *projection, tanlu_field_id id, size_t t) {
  return projection->value[id] + t * projection->size[id];
}

static double sum_of(const double *value, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += value[i];
  return sum;
}

/* Share of a group of the level "industry3" in value added; NaN when the dataset has no such group. */
static double industry_share(const tanlu_solved_year *year, const char *code, const double *value_added, double gdp) {
  size_t level, group;
  if (tanlu_dataset_find_group(year->system->dataset, code, &level, &group) != TANLU_OK) return (double)NAN;
  double sum = 0.0;
  for (size_t j = 0; j < year->system->energy->n; j++) {
    if (year->system->dataset->level[level].of_sector[j] == group) sum += value_added[j];
  }
  return sum / gdp;
}

/* sum_j employment_j0 (value added_jt / value added_j0) / productivity_gt, million. */
static double employment(const tanlu_solved_year *year, size_t t, const double *value_added) {
  const tanlu_dataset *d = year->system->dataset;
  const tanlu_accounts *a = &d->accounts;
  if (d->employment == NULL) return (double)NAN;
  double persons = 0.0;
  for (size_t j = 0; j < a->n; j++) {
    const double base = sum_of(a->value_added + j * a->component.count, a->component.count);
    const size_t group = d->level[d->policy_level].of_sector[j];
    const double productivity = tanlu_driver(year->drivers, TANLU_DRIVER_LABOUR_PRODUCTIVITY, t, group, 0);
    if (base > 0.0) persons += d->employment[j] * (value_added[j] / base) / productivity;
  }
  return persons * 1e-6;
}

static void indicate_economy(const tanlu_solved_year *year, size_t t, const tanlu_projection *projection,
                             double *value) {
  const tanlu_accounts *a = &year->system->dataset->accounts;
  const double *value_added = field(projection, TANLU_FIELD_VALUE_ADDED, t);
  const double *final_use = field(projection, TANLU_FIELD_FINAL_DEMAND, t);
  const double gdp = sum_of(value_added, a->n), imports = sum_of(field(projection, TANLU_FIELD_IMPORTS, t), a->n);
  const double population = tanlu_driver(year->drivers, TANLU_DRIVER_POPULATION, t, 0, 0);
  double capital = 0.0, exports = 0.0, least = 1.0;
  for (size_t k = 0; k < a->category.count; k++) {
    const double use = sum_of(final_use + k * a->n, a->n);
    if (a->role[k] == TANLU_ROLE_FIXED_CAPITAL) capital += use;
    if (a->role[k] == TANLU_ROLE_EXPORTS) exports += use;
  }
  for (size_t j = 0; j < a->n; j++) {
    if (a->output[j] > 0.0) least = fmin(least, year->equilibrium->economy->v[j * year->equilibrium->width + year->lane]);
  }
  value[TANLU_INDICATOR_GDP] = gdp * 1e-4;
  value[TANLU_INDICATOR_GDP_INDEX] = year->gdp_index;
  value[TANLU_INDICATOR_POPULATION] = population;
  value[TANLU_INDICATOR_URBANISATION] = tanlu_driver(year->drivers, TANLU_DRIVER_URBANISATION, t, 0, 0);
  value[TANLU_INDICATOR_GDP_PER_HEAD] = gdp * 1e4 / (population * 1e6);
  value[TANLU_INDICATOR_SHARE_PRIMARY] = industry_share(year, "primary", value_added, gdp);
  value[TANLU_INDICATOR_SHARE_SECONDARY] = industry_share(year, "secondary", value_added, gdp);
  value[TANLU_INDICATOR_SHARE_TERTIARY] = industry_share(year, "tertiary", value_added, gdp);
  value[TANLU_INDICATOR_CAPITAL_SHARE] = capital / gdp;
  value[TANLU_INDICATOR_NET_EXPORTS_SHARE] = (exports - imports) / gdp;
  value[TANLU_INDICATOR_SPECTRAL] = 1.0 - least;
  value[TANLU_INDICATOR_EMPLOYMENT] = employment(year, t, value_added);
}

static void indicate_energy(const tanlu_solved_year *year, size_t t, double *value) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_dataset *d = year->system->dataset;
  const tanlu_energy *energy = year->system->energy;
  const size_t carriers = energy->carriers, electricity = d->energy.electricity;
  double by_class[TANLU_CLASS_COUNT] = {0.0}, feedstock = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    by_class[d->energy.carrier.cls[c]] += e->primary[c];
    for (size_t user = 0; user < tanlu_user_heat(energy); user++) {
      feedstock += e->feedstock[user * carriers + c] * e->activity[user];
    }
  }
  const double final = sum_of(e->final, carriers), calorific = sum_of(e->primary, carriers);
  /* Primary electricity counts with the fuel that thermal plants would have burned for it. */
  const double equivalent = d->energy.electricity_coal_equivalent *
                            tanlu_driver(year->drivers, TANLU_DRIVER_COAL_RATE, t, 0, 0) / d->power.coal_rate;
  const double primary_electricity = equivalent * e->primary[electricity];
  const double total = calorific - e->primary[electricity] + primary_electricity;
  const double gdp = value[TANLU_INDICATOR_GDP] * 1e4, base_gdp = gdp / year->gdp_index;
  const double mtce = 1e-6 / TANLU_TJ_PER_TCE;
  value[TANLU_INDICATOR_ENERGY] = total * mtce;
  value[TANLU_INDICATOR_ENERGY_CALORIFIC] = calorific * mtce;
  value[TANLU_INDICATOR_ENERGY_PER_GDP] = total / TANLU_TJ_PER_TCE / gdp;
  value[TANLU_INDICATOR_ENERGY_PER_GDP_2020] = total / gdp / (year->system->base_energy / base_gdp) - 1.0;
  value[TANLU_INDICATOR_ENERGY_PER_HEAD] = total * mtce / value[TANLU_INDICATOR_POPULATION];
  value[TANLU_INDICATOR_FINAL] = final * mtce;
  value[TANLU_INDICATOR_NON_ENERGY] = feedstock * mtce;
  value[TANLU_INDICATOR_NONFOSSIL] = (primary_electricity + by_class[TANLU_CLASS_BIOMASS]) / total;
  value[TANLU_INDICATOR_COAL] = (by_class[TANLU_CLASS_COAL] + by_class[TANLU_CLASS_COKE]) / total;
  value[TANLU_INDICATOR_OIL] = by_class[TANLU_CLASS_OIL] / total;
  value[TANLU_INDICATOR_GAS] = by_class[TANLU_CLASS_GAS] / total;
  value[TANLU_INDICATOR_ELECTRICITY_SHARE] = e->final[electricity] / (final - feedstock);
  value[TANLU_INDICATOR_FINAL_ELECTRICITY] = e->final[electricity] / TANLU_TJ_PER_TWH;
  value[TANLU_INDICATOR_HYDROGEN] = e->hydrogen * 1e-3;
}

static void indicate_power(const tanlu_solved_year *year, double *value) {
  const tanlu_power_year *p = &year->energy->power;
  const tanlu_power_statistics *s = &year->system->dataset->power;
  const size_t carriers = year->system->energy->carriers;
  double capacity = 0.0, wind_solar = 0.0, nonfossil = 0.0;
  for (size_t i = 0; i < s->technology.count; i++) {
    capacity += p->capacity[i];
    if (s->source[i] == TANLU_SOURCE_WIND || s->source[i] == TANLU_SOURCE_SOLAR) wind_solar += p->capacity[i];
    /* A thermal plant counts by the biomass in its fuel. */
    const double fuel = sum_of(p->fuel + i * carriers, carriers);
    const double biomass = fuel > 0.0 ? p->fuel[i * carriers + year->system->dataset->energy.biomass] / fuel : 0.0;
    nonfossil += p->generation[i] * (s->source[i] == TANLU_SOURCE_THERMAL ? biomass : 1.0);
  }
  value[TANLU_INDICATOR_GENERATION] = p->total[0] / TANLU_TJ_PER_TWH;
  value[TANLU_INDICATOR_CAPACITY] = capacity * 1e-3;
  value[TANLU_INDICATOR_WIND_SOLAR] = wind_solar * 1e-3;
  value[TANLU_INDICATOR_VARIABLE] = p->variable_share[0];
  value[TANLU_INDICATOR_NONFOSSIL_POWER] = nonfossil / p->total[0];
  value[TANLU_INDICATOR_STORAGE] = p->storage_capacity[0] * 1e-3;
  value[TANLU_INDICATOR_CURTAILED] = p->curtailed[0] / TANLU_TJ_PER_TWH;
  value[TANLU_INDICATOR_FIRM_MARGIN] = p->firm_capacity[0] / p->peak_load[0] - 1.0;
}

static void indicate_co2(const tanlu_solved_year *year, size_t t, const tanlu_projection *projection, double *value) {
  const tanlu_system *system = year->system;
  const size_t n = system->energy->n;
  const double combustion = sum_of(field(projection, TANLU_FIELD_CO2_COMBUSTION, t), n) +
                            sum_of(field(projection, TANLU_FIELD_HOUSEHOLD_CO2, t), 2);
  const double process = sum_of(year->energy->process, n), captured = sum_of(year->energy->captured, n);
  const double captured_process = sum_of(year->energy->captured_process, n);
  const double energy = combustion - (captured - captured_process);
  const double gdp = value[TANLU_INDICATOR_GDP] * 1e4;
  const double base_intensity = system->base_co2 / (gdp / year->gdp_index);
  const double change = energy / gdp / base_intensity;
  value[TANLU_INDICATOR_CO2_ENERGY] = energy * 1e-6;
  value[TANLU_INDICATOR_CO2_PROCESS] = (process - captured_process) * 1e-6;
  value[TANLU_INDICATOR_CO2_CAPTURED] = captured * 1e-6;
  value[TANLU_INDICATOR_CO2_TOTAL] = value[TANLU_INDICATOR_CO2_ENERGY] + value[TANLU_INDICATOR_CO2_PROCESS];
  value[TANLU_INDICATOR_CO2_SINKS] = tanlu_driver(year->drivers, TANLU_DRIVER_SINKS, t, 0, 0);
  value[TANLU_INDICATOR_CO2_NET] = value[TANLU_INDICATOR_CO2_TOTAL] - value[TANLU_INDICATOR_CO2_SINKS];
  value[TANLU_INDICATOR_CO2_CONVERSION] = tanlu_emissions_of_conversion(system, year->energy) * 1e-6;
  value[TANLU_INDICATOR_CO2_PER_GDP] = energy / gdp;
  value[TANLU_INDICATOR_CO2_PER_GDP_2020] = change - 1.0;
  /* I_2005 = I_base / (1 + change from 2005 to the base year) */
  value[TANLU_INDICATOR_CO2_PER_GDP_2005] = change * (1.0 + system->dataset->co2_gdp_change_from_2005) - 1.0;
  value[TANLU_INDICATOR_CO2_PER_HEAD] = value[TANLU_INDICATOR_CO2_TOTAL] / value[TANLU_INDICATOR_POPULATION];
}

void tanlu_indicate(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  double *value = projection->value[TANLU_FIELD_INDICATOR] + t * projection->size[TANLU_FIELD_INDICATOR];
  indicate_economy(year, t, projection, value);
  indicate_energy(year, t, value);
  indicate_power(year, value);
  indicate_co2(year, t, projection, value);
}
