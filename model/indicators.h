/* Indicators: named yearly scalars, and scalars of a whole scenario. One table holds code, unit and definition. */
#ifndef TANLU_MODEL_INDICATORS_H
#define TANLU_MODEL_INDICATORS_H

#include <stdbool.h>

#include "model/fields.h"

/* id, code, unit, definition */
#define TANLU_INDICATOR_LIST(X)                                                                                        \
  X(GDP, "gdp", "1e8 CNY_2020", "GDP at base-year prices: value added of all sectors")                                 \
  X(GDP_INDEX, "gdp_index", "1", "GDP against the base year")                                                          \
  X(POPULATION, "population", "million", "population at the end of the year")                                          \
  X(URBANISATION, "urbanisation", "1", "urban share of the population")                                                \
  X(GDP_PER_HEAD, "gdp_per_head", "CNY_2020", "GDP per head")                                                          \
  X(SHARE_PRIMARY, "share_primary", "1",                                                                               \
    "primary industry in value added at base-year prices; statistics and goals state shares at current prices")        \
  X(SHARE_SECONDARY, "share_secondary", "1",                                                                           \
    "secondary industry in value added at base-year prices; statistics and goals state shares at current prices")      \
  X(SHARE_TERTIARY, "share_tertiary", "1",                                                                             \
    "tertiary industry in value added at base-year prices; statistics and goals state shares at current prices")       \
  X(CAPITAL_SHARE, "fixed_capital_share", "1", "gross fixed capital formation in GDP")                                 \
  X(NET_EXPORTS_SHARE, "net_exports_share", "1", "exports less imports in GDP")                                        \
  X(INVESTMENT, "investment_power", "1e8 CNY_2020",                                                                    \
    "cost of the power plants built within the year; missing in the base year and where costs are not known")          \
  X(INVESTMENT_SHARE, "investment_power_share", "1", "investment_power in GDP")                                        \
  X(EMPLOYMENT, "employment", "million",                                                                               \
    "persons employed: base-year employment x value added / labour productivity; missing where the dataset has none")  \
  X(ELECTRIC_ARC, "electric_arc_share", "1",                                                                           \
    "steel of electric arc furnaces in all steel; missing where the scenario gives no routes of steel")                \
  X(RECYCLED_ALUMINIUM, "recycled_aluminium_share", "1",                                                               \
    "recycled aluminium in all aluminium; missing where the scenario gives no routes of aluminium")                    \
  X(CO2_ENERGY, "co2_energy", "Mt", "CO2 of combustion less its capture")                                              \
  X(CO2_PROCESS, "co2_process_total", "Mt", "process CO2 less its capture")                                            \
  X(CO2_CAPTURED, "co2_captured_total", "Mt", "CO2 captured at power plants and factories")                            \
  X(CO2_TOTAL, "co2_total", "Mt", "co2_energy + co2_process_total")                                                    \
  X(CO2_SINKS, "co2_sinks", "Mt", "net CO2 removal by land, as the scenario states")                                   \
  X(CO2_NET, "co2_net", "Mt", "co2_total - co2_sinks: what net zero is about")                                         \
  X(CO2_CONVERSION, "co2_conversion", "Mt",                                                                            \
    "carbon lost in coking, refining and gas works beyond power and heat; outside all other lines")                    \
  X(CO2_PER_GDP, "co2_energy_per_gdp", "t/1e4 CNY_2020", "energy CO2 per GDP")                                         \
  X(CO2_PER_GDP_2020, "co2_per_gdp_change_2020", "1", "energy CO2 per GDP against the base year")                      \
  X(CO2_PER_GDP_2005, "co2_per_gdp_change_2005", "1", "energy CO2 per GDP against 2005")                               \
  X(CO2_PER_HEAD, "co2_per_head", "t", "co2_total per head")                                                           \
  X(STEEL_CO2, "steel_co2", "Mt",                                                                                      \
    "CO2 of the sectors of crude steel: combustion and process, less capture; missing without that product")           \
  X(ENERGY, "energy_consumption", "Mtce",                                                                              \
    "energy consumption, coal-equivalent: primary electricity at the fuel of thermal plants")                          \
  X(ENERGY_CALORIFIC, "energy_consumption_calorific", "Mtce",                                                          \
    "energy consumption, primary electricity at its heat value")                                                       \
  X(ENERGY_PER_GDP, "energy_per_gdp", "tce/1e4 CNY_2020", "energy_consumption per GDP")                                \
  X(ENERGY_PER_GDP_2020, "energy_per_gdp_change_2020", "1", "energy_consumption per GDP against the base year")        \
  X(ENERGY_PER_HEAD, "energy_per_head", "tce", "energy_consumption per head")                                          \
  X(INDUSTRY_ENERGY, "industry_energy_per_value_added", "tce/1e4 CNY_2020",                                            \
    "final energy of industry (mining, manufacturing, utilities) with non-energy use, electricity at the fuel of "     \
    "thermal plants, per value added of industry")                                                                     \
  X(STEEL_ENERGY, "steel_energy_per_tonne", "kgce/t",                                                                  \
    "final energy of the sectors of crude steel without by-product gases, calorific, per tonne; missing without that " \
    "product")                                                                                                         \
  X(FINAL, "final_energy_total", "Mtce", "final energy with non-energy use, calorific")                                \
  X(NON_ENERGY, "non_energy_use_total", "Mtce", "non-energy use, never-burned carriers included")                      \
  X(NONFOSSIL, "nonfossil_share", "1",                                                                                 \
    "primary electricity (coal-equivalent, net of trade) and biomass in energy_consumption")                           \
  X(COAL, "coal_share", "1", "coal and net coke trade in energy_consumption")                                          \
  X(OIL, "oil_share", "1", "oil in energy_consumption")                                                                \
  X(GAS, "gas_share", "1", "natural and manufactured gas in energy_consumption")                                       \
  X(RENEWABLE, "renewable_share", "1", "nonfossil_share without nuclear power")                                        \
  X(COAL_USE, "coal_consumption", "Mtce", "coal and net coke trade in energy_consumption")                             \
  X(OIL_USE, "oil_consumption", "Mtce", "oil in energy_consumption")                                                   \
  X(GAS_USE, "gas_consumption", "Mtce", "natural and manufactured gas in energy_consumption")                          \
  X(COAL_PER_GDP, "coal_per_gdp", "tce/1e4 CNY_2020", "coal_consumption per GDP")                                      \
  X(COAL_FOR_POWER, "coal_for_power_share", "1", "coal burned in power plants in coal_consumption")                    \
  X(LAND_OIL, "land_transport_oil", "Mtce",                                                                            \
    "oil of rail and road transport and of the vehicles of households; missing without the groups rail and road")      \
  X(ELECTRICITY_SHARE, "electricity_share", "1", "electricity in final energy without non-energy use")                 \
  X(FINAL_ELECTRICITY, "final_electricity", "TWh", "final use of electricity")                                         \
  X(GENERATION, "generation_total", "TWh", "generation of electricity")                                                \
  X(HYDROGEN, "hydrogen", "PJ", "hydrogen supplied")                                                                   \
  X(CAPACITY, "capacity_total", "GW", "capacity of all power technologies")                                            \
  X(WIND_SOLAR, "wind_solar_capacity", "GW", "capacity of wind, PV and CSP")                                           \
  X(WIND_CAPACITY, "wind_capacity", "GW", "capacity of wind power")                                                    \
  X(SOLAR_CAPACITY, "solar_capacity", "GW", "capacity of PV and CSP")                                                  \
  X(HYDRO_CAPACITY, "hydro_capacity", "GW", "capacity of conventional hydropower")                                     \
  X(PUMPED_CAPACITY, "pumped_storage_capacity", "GW", "capacity of pumped storage")                                    \
  X(HYDRO_TOTAL, "hydro_capacity_total", "GW",                                                                         \
    "hydro_capacity + pumped_storage_capacity: hydropower as national statistics count it")                            \
  X(NUCLEAR_CAPACITY, "nuclear_capacity", "GW", "capacity of nuclear power")                                           \
  X(VARIABLE, "variable_share", "1", "wind and PV in generation")                                                      \
  X(NONFOSSIL_POWER, "nonfossil_generation_share", "1", "hydro, nuclear, wind, solar and biomass in generation")       \
  X(RENEWABLE_POWER, "renewable_generation_share", "1", "hydro, wind, solar and biomass in generation")                \
  X(COAL_POWER, "coal_generation_share", "1", "coal in generation; a plant counts by the coal in its fuel")            \
  X(COAL_RATE, "coal_rate", "gce/kWh", "net coal rate of thermal power plants")                                        \
  X(STORAGE, "storage_capacity", "GW", "storage that the variable share calls for, beyond pumped storage")             \
  X(CURTAILED, "curtailed", "TWh", "wind and PV generation curtailed")                                                 \
  X(FIRM_MARGIN, "firm_capacity_margin", "1", "firm capacity over peak load, less 1")                                  \
  X(SPECTRAL, "largest_column_sum", "1",                                                                               \
    "largest sum of input coefficients of a sector: below 1 where value added is positive")

typedef enum {
#define X(id, code, unit, text) TANLU_INDICATOR_##id,
  TANLU_INDICATOR_LIST(X)
#undef X
      TANLU_INDICATOR_COUNT
} tanlu_indicator_id;

/* id, code, unit, definition; of the whole scenario */
#define TANLU_SUMMARY_LIST(X)                                                                                          \
  X(PEAK_YEAR, "peak_year", "year", "year of the largest energy CO2; missing where that is the last year")             \
  X(PEAK_CO2, "peak_co2", "Mt", "energy CO2 in the peak year")                                                         \
  X(PLATEAU_FROM, "plateau_from", "year", "first of the years around the peak within 1 % of it")                       \
  X(PLATEAU_TO, "plateau_to", "year", "last of the years around the peak within 1 % of it")                            \
  X(PEAK_YEAR_TOTAL, "peak_year_total", "year", "year of the largest CO2 with process CO2")                            \
  X(CUMULATIVE, "cumulative_co2", "Gt", "co2_total after the base year, up to 2060 or the last year")                  \
  X(NEUTRALITY_YEAR, "neutrality_year", "year", "first year from which co2_net stays at or below zero")                \
  X(RESIDUAL, "residual_co2", "Mt", "co2_net in the last year")

typedef enum {
#define X(id, code, unit, text) TANLU_SUMMARY_##id,
  TANLU_SUMMARY_LIST(X)
#undef X
      TANLU_SUMMARY_COUNT
} tanlu_summary_id;

typedef struct {
  const char *code, *unit, *definition;
} tanlu_indicator_info;

size_t tanlu_indicator_count(void);
const tanlu_indicator_info *tanlu_indicator(size_t i);
size_t tanlu_indicator_find(const char *code);    /* TANLU_NONE when absent */
const tanlu_labels *tanlu_indicator_labels(void); /* codes and definitions as an axis */

/* Scalars of a scenario, derived from its yearly indicators. NaN where it does not happen (no peak inside, no neutrality). */
size_t tanlu_summary_count(void);
const tanlu_indicator_info *tanlu_summary(size_t i);
/* value: years x tanlu_indicator_count(), first year `from`; result: tanlu_summary_count(). */
void tanlu_summary_compute(const double *value, int from, size_t years, double *result);
/* How a scalar moves with the indicators: weight (out), years x tanlu_indicator_count(), d result / d value with the peak in
 * its year. False for a scalar that is a year, or that does not happen. */
bool tanlu_summary_weights(tanlu_summary_id id, const double *value, int from, size_t years, double *weight);

#endif
