/* The kinds of every stack, and which kind takes which member. */
#include <math.h>
#include <string.h>

#include "model/units.h"
#include "outputs/figure.h"
#include "outputs/iamc_private.h"
#include "outputs/run_data.h"

/* ---- kinds --------------------------------------------------------------------------------------------------------------- */

#define KINDS(array) sizeof(array) / sizeof *(array), array

static const tanlu_stack_kind power[] = {{"Coal", TANLU_ROLE_COAL},
                                         {"Coal with capture", TANLU_ROLE_CAPTURE},
                                         {"Gas", TANLU_ROLE_GAS},
                                         {"Gas with capture", TANLU_ROLE_CAPTURE},
                                         {"Oil, recovered gas and heat", TANLU_ROLE_OIL},
                                         {"Biomass", TANLU_ROLE_BIOMASS},
                                         {"Biomass with capture", TANLU_ROLE_CAPTURE},
                                         {"Nuclear", TANLU_ROLE_NUCLEAR},
                                         {"Hydro", TANLU_ROLE_HYDRO},
                                         {"Wind", TANLU_ROLE_WIND},
                                         {"Solar", TANLU_ROLE_SOLAR},
                                         {"Other", TANLU_ROLE_REST}};
/* Classes of technologies (outputs/iamc_definitions.c), in the order of `power`. */
static const char *const power_class[] = {"fossil.coal.plain", "fossil.coal.ccs", "fossil.gas.plain", "fossil.gas.ccs",
                                          "fossil.oil",        "biomass.plain",   "biomass.ccs",      "nuclear",
                                          "renewable.hydro",   "renewable.wind.", "renewable.solar"};
enum { POWER_RECOVERED = 4, POWER_OTHER = 11 };

static const tanlu_stack_kind carriers[] = {{"Coal and coke", TANLU_ROLE_COAL},
                                            {"Oil products", TANLU_ROLE_OIL},
                                            {"Gas", TANLU_ROLE_GAS},
                                            {"Biomass and other", TANLU_ROLE_BIOMASS},
                                            {"Heat", TANLU_ROLE_HEAT},
                                            {"Electricity", TANLU_ROLE_ELECTRICITY},
                                            {"Hydrogen", TANLU_ROLE_HYDROGEN},
                                            {"Other", TANLU_ROLE_REST}};
static const char *const carrier_class[] = {"solid", "liquid", "gas", "other", "heat", "electricity", "hydrogen"};
enum { CARRIER_OTHER = 7 };

enum {
  USE_POWER,
  USE_STEEL,
  USE_CHEMICALS,
  USE_MINERALS,
  USE_METALS,
  USE_INDUSTRY,
  USE_SUPPLY,
  USE_TRANSPORT,
  USE_SERVICES,
  USE_HOMES,
  USE_OTHER,
  USE_SINKS
};
static const tanlu_stack_kind uses[] = {[USE_POWER] = {"Power and heat, own use", TANLU_ROLE_COAL},
                                        [USE_STEEL] = {"Iron and steel", TANLU_ROLE_SERIES},
                                        [USE_CHEMICALS] = {"Chemicals", TANLU_ROLE_SERIES + 1},
                                        [USE_MINERALS] = {"Cement and building materials", TANLU_ROLE_SERIES + 2},
                                        [USE_METALS] = {"Non-ferrous metals", TANLU_ROLE_SERIES + 3},
                                        [USE_INDUSTRY] = {"Other industry", TANLU_ROLE_SERIES + 4},
                                        [USE_SUPPLY] = {"Other energy industries, water", TANLU_ROLE_OIL},
                                        [USE_TRANSPORT] = {"Transport, with private vehicles", TANLU_ROLE_SERIES + 5},
                                        [USE_SERVICES] = {"Services, agriculture", TANLU_ROLE_SERIES + 6},
                                        [USE_HOMES] = {"Homes", TANLU_ROLE_SERIES + 7},
                                        [USE_OTHER] = {"Other", TANLU_ROLE_REST}};

static const tanlu_stack_kind primary[] = {{"Coal", TANLU_ROLE_COAL},       {"Oil", TANLU_ROLE_OIL},
                                           {"Gas", TANLU_ROLE_GAS},         {"Nuclear", TANLU_ROLE_NUCLEAR},
                                           {"Renewables", TANLU_ROLE_WIND}, {"Other", TANLU_ROLE_REST}};

static const tanlu_stack_kind co2[] = {[USE_POWER] = {"Power and heat", TANLU_ROLE_COAL},
                                       [USE_STEEL] = {"Iron and steel", TANLU_ROLE_SERIES},
                                       [USE_CHEMICALS] = {"Chemicals", TANLU_ROLE_SERIES + 1},
                                       [USE_MINERALS] = {"Cement and building materials", TANLU_ROLE_SERIES + 2},
                                       [USE_METALS] = {"Non-ferrous metals", TANLU_ROLE_SERIES + 3},
                                       [USE_INDUSTRY] = {"Other industry", TANLU_ROLE_SERIES + 4},
                                       [USE_SUPPLY] = {"Other energy industries, water", TANLU_ROLE_OIL},
                                       [USE_TRANSPORT] = {"Transport, with private vehicles", TANLU_ROLE_SERIES + 5},
                                       [USE_SERVICES] = {"Services, agriculture", TANLU_ROLE_SERIES + 6},
                                       [USE_HOMES] = {"Homes", TANLU_ROLE_SERIES + 7},
                                       [USE_OTHER] = {"Other", TANLU_ROLE_REST},
                                       [USE_SINKS] = {"Sinks", TANLU_ROLE_GAS}};

enum {
  PART_AGRICULTURE,
  PART_MATERIALS,
  PART_MACHINERY,
  PART_LIGHT,
  PART_BUILDING,
  PART_MOVING,
  PART_SERVICES,
  PART_OTHER
};
static const tanlu_stack_kind parts[] = {[PART_AGRICULTURE] = {"Agriculture", TANLU_ROLE_BIOMASS},
                                         [PART_MATERIALS] = {"Materials and energy", TANLU_ROLE_COAL},
                                         [PART_MACHINERY] = {"Machinery and electronics", TANLU_ROLE_SERIES},
                                         [PART_LIGHT] = {"Light industry", TANLU_ROLE_SERIES + 1},
                                         [PART_BUILDING] = {"Construction", TANLU_ROLE_SERIES + 3},
                                         [PART_MOVING] = {"Transport", TANLU_ROLE_SERIES + 5},
                                         [PART_SERVICES] = {"Services", TANLU_ROLE_SERIES + 6},
                                         [PART_OTHER] = {"Other", TANLU_ROLE_REST}};

/* Policy groups of both shipped datasets: kind of use and of value added. */
static const struct {
  const char *group;
  size_t use, part;
} groups[] = {{"agriculture", USE_SERVICES, PART_AGRICULTURE},
              {"coal", USE_SUPPLY, PART_MATERIALS},
              {"oil_gas", USE_SUPPLY, PART_MATERIALS},
              {"mining", USE_INDUSTRY, PART_MATERIALS},
              {"food", USE_INDUSTRY, PART_LIGHT},
              {"textiles", USE_INDUSTRY, PART_LIGHT},
              {"wood_paper", USE_INDUSTRY, PART_LIGHT},
              {"refining_coking", USE_SUPPLY, PART_MATERIALS},
              {"chemicals", USE_CHEMICALS, PART_MATERIALS},
              {"cement", USE_MINERALS, PART_MATERIALS},
              {"other_building_materials", USE_MINERALS, PART_MATERIALS},
              {"building_materials", USE_MINERALS, PART_MATERIALS},
              {"iron_steel", USE_STEEL, PART_MATERIALS},
              {"non_ferrous", USE_METALS, PART_MATERIALS},
              {"metals", USE_STEEL, PART_MATERIALS},
              {"metal_products", USE_INDUSTRY, PART_MACHINERY},
              {"equipment", USE_INDUSTRY, PART_MACHINERY},
              {"electronics", USE_INDUSTRY, PART_MACHINERY},
              {"other_manufacturing", USE_INDUSTRY, PART_MACHINERY},
              {"power_heat", USE_POWER, PART_MATERIALS},
              {"gas_water", USE_SUPPLY, PART_MATERIALS},
              {"construction", USE_INDUSTRY, PART_BUILDING},
              {"trade_catering", USE_SERVICES, PART_SERVICES},
              {"other_services", USE_SERVICES, PART_SERVICES},
              {"transport", USE_TRANSPORT, PART_MOVING},
              {"rail", USE_TRANSPORT, PART_MOVING},
              {"road", USE_TRANSPORT, PART_MOVING},
              {"water_transport", USE_TRANSPORT, PART_MOVING},
              {"air", USE_TRANSPORT, PART_MOVING},
              {"other_transport", USE_TRANSPORT, PART_MOVING}};

static const tanlu_stack_info stacks[TANLU_STACK_COUNT] = {
    [TANLU_STACK_GENERATION] = {"TWh", "generation_total", 1.0, KINDS(power)},
    [TANLU_STACK_CAPACITY] = {"GW", "capacity_total", 1.0, KINDS(power)},
    [TANLU_STACK_FINAL_CARRIER] = {"EJ", "final_energy_total", TANLU_TJ_PER_TCE, KINDS(carriers)},
    [TANLU_STACK_FINAL_USE] = {"EJ", "final_energy_total", TANLU_TJ_PER_TCE, KINDS(uses)},
    [TANLU_STACK_PRIMARY] = {"Mtce", "energy_consumption", 1.0, KINDS(primary)},
    [TANLU_STACK_CO2] = {"Mt", "co2_net", 1.0, KINDS(co2)},
    [TANLU_STACK_VALUE_ADDED] = {"trillion CNY", "gdp", 1e-4, KINDS(parts)},
};

const tanlu_stack_info *tanlu_stack_about(tanlu_stack stack) {
  return &stacks[stack];
}

/* ---- which kind takes a member -------------------------------------------------------------------------------------------- */

static size_t power_kind(const char *technology) {
  const char *class = tanlu_iamc_class("technology", technology);
  if (class == NULL) return POWER_OTHER;
  if (strcmp(class, "recovered") == 0) return POWER_RECOVERED;
  for (size_t k = 0; k < sizeof power_class / sizeof *power_class; k++) {
    if (strncmp(class, power_class[k], strlen(power_class[k])) == 0) return k;
  }
  return POWER_OTHER;
}

static size_t carrier_kind(const char *carrier) {
  const char *class = tanlu_iamc_class("carrier", carrier);
  for (size_t k = 0; class != NULL && k < sizeof carrier_class / sizeof *carrier_class; k++) {
    if (strncmp(class, carrier_class[k], strlen(carrier_class[k])) == 0) return k;
  }
  return CARRIER_OTHER;
}

static size_t sector_kind(const tanlu_run_data *data, tanlu_stack stack, size_t sector) {
  const tanlu_result_texts *group = tanlu_result_texts_find(data->result, "sector_group");
  for (size_t k = 0; group != NULL && sector < group->count && k < sizeof groups / sizeof *groups; k++) {
    if (strcmp(groups[k].group, group->text[sector]) != 0) continue;
    return stack == TANLU_STACK_VALUE_ADDED ? groups[k].part : groups[k].use;
  }
  return stack == TANLU_STACK_VALUE_ADDED ? PART_OTHER : USE_OTHER;
}

/* ---- values -------------------------------------------------------------------------------------------------------------- */

static const double *cells(const tanlu_run_data *data, const tanlu_result_variable *v, size_t place, size_t t) {
  size_t count = 1;
  for (size_t k = 2; k < v->rank; k++) count *= v->extent[k];
  return v->value + (place * data->years + t) * count;
}

static void fill_power(const tanlu_run_data *data, const tanlu_result_variable *v, const double *cell, double *value) {
  const tanlu_labels *technology = tanlu_result_labels(data->result, "technology");
  for (size_t i = 0; i < v->extent[2]; i++) value[power_kind(technology->code[i])] += cell[i];
}

static void fill_final(const tanlu_run_data *data, tanlu_stack stack, size_t place, size_t t, double *value) {
  const tanlu_labels *carrier = tanlu_result_labels(data->result, "carrier");
  const size_t count = data->final_energy->extent[2], sectors = data->final_energy->extent[3];
  const size_t households = data->household_energy->extent[2];
  const double *final = cells(data, data->final_energy, place, t);
  const double *home = cells(data, data->household_energy, place, t);
  const double *vehicle = cells(data, data->vehicle_energy, place, t);
  const bool by_carrier = stack == TANLU_STACK_FINAL_CARRIER;
  const double exajoule = 1e-3; /* of the file's PJ */
  for (size_t c = 0; c < count; c++) {
    const size_t kind = carrier_kind(carrier->code[c]);
    for (size_t j = 0; j < sectors; j++) {
      value[by_carrier ? kind : sector_kind(data, stack, j)] += exajoule * final[c * sectors + j];
    }
    for (size_t h = 0; h < households; h++) {
      const double all = exajoule * home[h * count + c], moving = exajoule * vehicle[h * count + c];
      value[by_carrier ? kind : USE_HOMES] += all - (by_carrier ? 0.0 : moving);
      if (!by_carrier) value[USE_TRANSPORT] += moving;
    }
  }
}

static void fill_sectors(const tanlu_run_data *data, tanlu_stack stack, const tanlu_result_variable *v,
                         const double *cell, double *value) {
  const double unit = stack == TANLU_STACK_VALUE_ADDED ? 1e-4 : 1.0; /* of 1e8 CNY */
  for (size_t j = 0; j < v->extent[2]; j++) value[sector_kind(data, stack, j)] += unit * cell[j];
}

static void fill_co2(const tanlu_run_data *data, size_t place, size_t t, double *value) {
  fill_sectors(data, TANLU_STACK_CO2, data->co2, cells(data, data->co2, place, t), value);
  const double *home = cells(data, data->household_co2, place, t);
  const double *vehicle = cells(data, data->vehicle_co2, place, t);
  for (size_t h = 0; h < data->household_co2->extent[2]; h++) {
    value[USE_HOMES] += home[h] - vehicle[h];
    value[USE_TRANSPORT] += vehicle[h];
  }
  value[USE_SINKS] -= tanlu_run_indicator(data, place, t, "co2_sinks");
}

/* What is neither fossil nor counted as non-fossil (recovered heat, trade of other energy) is "Other". */
static void fill_primary(const tanlu_run_data *data, size_t place, size_t t, double *value) {
  static const char *const fossil[] = {"coal_consumption", "oil_consumption", "gas_consumption"};
  const double all = tanlu_run_indicator(data, place, t, "energy_consumption");
  const double clean = all * tanlu_run_indicator(data, place, t, "nonfossil_share");
  double rest = all - clean;
  for (size_t k = 0; k < 3; k++) {
    value[k] = tanlu_run_indicator(data, place, t, fossil[k]);
    rest -= value[k];
  }
  value[4] = all * tanlu_run_indicator(data, place, t, "renewable_share");
  value[3] = clean - value[4];
  value[5] = rest;
}

bool tanlu_stack_known(const tanlu_run_data *data, tanlu_stack stack) {
  switch (stack) {
  case TANLU_STACK_GENERATION:
    return data->generation != NULL;
  case TANLU_STACK_CAPACITY:
    return data->capacity != NULL;
  case TANLU_STACK_FINAL_CARRIER:
  case TANLU_STACK_FINAL_USE:
    return data->final_energy != NULL && data->household_energy != NULL && data->vehicle_energy != NULL;
  case TANLU_STACK_CO2:
    return data->co2 != NULL && data->household_co2 != NULL && data->vehicle_co2 != NULL;
  case TANLU_STACK_VALUE_ADDED:
    return data->value_added != NULL;
  default:
    return !isnan(tanlu_run_indicator(data, data->main, 0, "renewable_share"));
  }
}

void tanlu_stack_fill(const tanlu_run_data *data, tanlu_stack stack, size_t place, size_t t, double *value) {
  const size_t kinds = stacks[stack].kinds;
  const bool reached = !isnan(tanlu_run_indicator(data, place, t, stacks[stack].total));
  for (size_t k = 0; k < kinds; k++) value[k] = reached ? 0.0 : (double)NAN;
  if (!reached) return;
  switch (stack) {
  case TANLU_STACK_GENERATION:
    fill_power(data, data->generation, cells(data, data->generation, place, t), value);
    break;
  case TANLU_STACK_CAPACITY:
    fill_power(data, data->capacity, cells(data, data->capacity, place, t), value);
    break;
  case TANLU_STACK_FINAL_CARRIER:
  case TANLU_STACK_FINAL_USE:
    fill_final(data, stack, place, t, value);
    break;
  case TANLU_STACK_CO2:
    fill_co2(data, place, t, value);
    break;
  case TANLU_STACK_VALUE_ADDED:
    fill_sectors(data, stack, data->value_added, cells(data, data->value_added, place, t), value);
    break;
  default:
    fill_primary(data, place, t, value);
    break;
  }
}
