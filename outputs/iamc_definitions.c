/* The table of the export: names and units after IAMconsortium/common-definitions (definitions/variable), and what each is of
 * the variables of a result file. */
#include <string.h>

#include "outputs/iamc_private.h"

/* PJ to EJ 0.001; TWh to EJ 0.0036; 1e8 CNY to billion USD 0.1 / 6.8974, the mean exchange rate of 2020 (NBS, statistical
 * communique of 2020; entered without the source at hand). */
#define FINAL(sector, carrier)                                                                                         \
  "0.001 final_energy(sector=" sector ", carrier=" carrier ") - 0.001 non_energy_use(sector=" sector                   \
  ", carrier=" carrier ")"
#define FINAL_OF(sector) "0.001 final_energy(sector=" sector ") - 0.001 non_energy_use(sector=" sector ")"
#define HOMES(carrier)                                                                                                 \
  "0.001 household_energy(carrier=" carrier ") - 0.001 household_vehicle_energy(carrier=" carrier ")"
#define CARRIER(carrier) "0.001 final_energy(carrier=" carrier ") + 0.001 household_energy(carrier=" carrier ")"
#define CO2_OF(sector)                                                                                                 \
  "co2_combustion(sector=" sector ") - co2_captured(sector=" sector ") + co2_captured_process(sector=" sector ")"
#define CO2_HOMES "household_co2 - household_vehicle_co2"

/* A sector by carrier: unit, and the carriers there are. */
#define BY_CARRIER(name, of, comment)                                                                                  \
  {name "|Electricity", "EJ/yr", of("electricity"), comment}, {name "|Gases", "EJ/yr", of("gas"), comment},            \
      {name "|Heat", "EJ/yr", of("heat"), comment}, {name "|Hydrogen", "EJ/yr", of("hydrogen"), comment},              \
      {name "|Liquids", "EJ/yr", of("liquid"), comment}, {name "|Solids", "EJ/yr", of("solid"), comment}, {            \
    name "|Other", "EJ/yr", of("other"), "biomass and other energy of the national balance; " comment                  \
  }
#define AGRICULTURE(carrier) FINAL("agriculture", carrier)
#define COMMERCIAL(carrier) FINAL("commercial", carrier)
#define INDUSTRY(carrier) FINAL("industry", carrier)
#define BUILDINGS(carrier) HOMES(carrier) " + " FINAL("commercial", carrier)
#define TRANSPORT(carrier) FINAL("transport", carrier) " + 0.001 household_vehicle_energy(carrier=" carrier ")"

#define OWN_VEHICLES "vehicles of firms outside transport services count with their sector, as in the national balance"
#define TRANSPORT_COMMENT                                                                                              \
  "transport services with storage, post and pipelines, and vehicles of households; " OWN_VEHICLES                     \
  "; fuel of trips abroad is not kept apart"
#define GROSS "gross generation; own use of plants is in Final Energy|Other Sector"

static const tanlu_iamc_definition definitions[] = {
    /* economy */
    {"GDP|MER", "billion USD_2020/yr", "0.1/6.8974 indicator_value(indicator=gdp)",
     "at prices and the mean exchange rate of 2020, 6.8974 CNY a USD; convert the currency year for USD_2010"},
    {"Population", "million", "indicator_value(indicator=population)", "end of the year"},
    /* final energy */
    {"Final Energy", "EJ/yr", "0.001 final_energy + 0.001 household_energy",
     "by the national balance: own use of energy industries is part of it; traditional biomass is not"},
    {"Final Energy|Electricity", "EJ/yr", CARRIER("electricity"), ""},
    {"Final Energy|Gases", "EJ/yr", CARRIER("gas"),
     "with gas works gas, by-product gases of coking and steel, and feedstocks"},
    {"Final Energy|Gases|Coal", "EJ/yr", CARRIER("gas.coal"), "gas works gas, by-product gases of coking and steel"},
    {"Final Energy|Gases|Gas", "EJ/yr", CARRIER("gas.natural"), ""},
    {"Final Energy|Heat", "EJ/yr", CARRIER("heat"), ""},
    {"Final Energy|Hydrogen", "EJ/yr", CARRIER("hydrogen"), ""},
    {"Final Energy|Liquids", "EJ/yr", CARRIER("liquid"),
     "oil and its products, feedstocks, LPG and petroleum coke too"},
    {"Final Energy|Solids", "EJ/yr", CARRIER("solid"), "coal and coke with feedstocks; biomass stands under Other"},
    {"Final Energy|Solids|Coal", "EJ/yr", CARRIER("solid"), ""},
    {"Final Energy|Other", "EJ/yr", CARRIER("other"), "biomass and other energy of the national balance"},
    {"Final Energy|Non-Energy Use", "EJ/yr", "0.001 non_energy_use", ""},
    {"Final Energy|Agriculture", "EJ/yr", FINAL_OF("agriculture"), OWN_VEHICLES},
    BY_CARRIER("Final Energy|Agriculture", AGRICULTURE, OWN_VEHICLES),
    {"Final Energy|Industry", "EJ/yr", FINAL_OF("industry"), "manufacturing, mining of ores and construction"},
    BY_CARRIER("Final Energy|Industry", INDUSTRY, "manufacturing, mining of ores and construction"),
    {"Final Energy|Industry|Cement", "EJ/yr", FINAL_OF("industry.minerals.cement"), "with lime and gypsum"},
    {"Final Energy|Industry|Chemicals", "EJ/yr", FINAL_OF("industry.chemicals"), ""},
    {"Final Energy|Industry|Iron and Steel", "EJ/yr", FINAL_OF("industry.steel"), ""},
    {"Final Energy|Industry|Non-Ferrous Metals", "EJ/yr", FINAL_OF("industry.non_ferrous"), ""},
    {"Final Energy|Industry|Non-Metallic Minerals", "EJ/yr", FINAL_OF("industry.minerals"), ""},
    {"Final Energy|Residential and Commercial", "EJ/yr",
     "0.001 household_energy - 0.001 household_vehicle_energy + " FINAL_OF("commercial"), OWN_VEHICLES},
    BY_CARRIER("Final Energy|Residential and Commercial", BUILDINGS, OWN_VEHICLES),
    {"Final Energy|Commercial", "EJ/yr", FINAL_OF("commercial"), "services but transport; " OWN_VEHICLES},
    BY_CARRIER("Final Energy|Commercial", COMMERCIAL, OWN_VEHICLES),
    {"Final Energy|Residential", "EJ/yr", "0.001 household_energy - 0.001 household_vehicle_energy", ""},
    BY_CARRIER("Final Energy|Residential", HOMES, ""),
    {"Final Energy|Transportation", "EJ/yr", FINAL_OF("transport") " + 0.001 household_vehicle_energy",
     TRANSPORT_COMMENT},
    BY_CARRIER("Final Energy|Transportation", TRANSPORT, TRANSPORT_COMMENT),
    {"Final Energy|Other Sector", "EJ/yr", FINAL_OF("supply"),
     "own use of energy industries, which the national balance counts as final; with water supply"},
    /* secondary energy */
    {"Secondary Energy|Electricity", "EJ/yr", "0.0036 generation", GROSS},
    {"Secondary Energy|Electricity|Biomass", "EJ/yr", "0.0036 generation(technology=biomass)", GROSS},
    {"Secondary Energy|Electricity|Biomass|w/ CCS", "EJ/yr", "0.0036 generation(technology=biomass.ccs)", GROSS},
    {"Secondary Energy|Electricity|Biomass|w/o CCS", "EJ/yr", "0.0036 generation(technology=biomass.plain)", GROSS},
    {"Secondary Energy|Electricity|Fossil", "EJ/yr", "0.0036 generation(technology=fossil)", GROSS},
    {"Secondary Energy|Electricity|Coal", "EJ/yr", "0.0036 generation(technology=fossil.coal)", GROSS},
    {"Secondary Energy|Electricity|Coal|w/ CCS", "EJ/yr", "0.0036 generation(technology=fossil.coal.ccs)", GROSS},
    {"Secondary Energy|Electricity|Coal|w/o CCS", "EJ/yr", "0.0036 generation(technology=fossil.coal.plain)", GROSS},
    {"Secondary Energy|Electricity|Gas", "EJ/yr", "0.0036 generation(technology=fossil.gas)", GROSS},
    {"Secondary Energy|Electricity|Gas|w/ CCS", "EJ/yr", "0.0036 generation(technology=fossil.gas.ccs)", GROSS},
    {"Secondary Energy|Electricity|Gas|w/o CCS", "EJ/yr", "0.0036 generation(technology=fossil.gas.plain)", GROSS},
    {"Secondary Energy|Electricity|Oil", "EJ/yr", "0.0036 generation(technology=fossil.oil)", GROSS},
    {"Secondary Energy|Electricity|Non-Biomass Renewables", "EJ/yr", "0.0036 generation(technology=renewable)",
     "pumped storage included; " GROSS},
    {"Secondary Energy|Electricity|Hydro", "EJ/yr", "0.0036 generation(technology=renewable.hydro)",
     "pumped storage included; " GROSS},
    {"Secondary Energy|Electricity|Solar", "EJ/yr", "0.0036 generation(technology=renewable.solar)", GROSS},
    {"Secondary Energy|Electricity|Solar|CSP", "EJ/yr", "0.0036 generation(technology=renewable.solar.csp)", GROSS},
    {"Secondary Energy|Electricity|Solar|PV", "EJ/yr", "0.0036 generation(technology=renewable.solar.pv)", GROSS},
    {"Secondary Energy|Electricity|Wind", "EJ/yr", "0.0036 generation(technology=renewable.wind)", GROSS},
    {"Secondary Energy|Electricity|Wind|Offshore", "EJ/yr", "0.0036 generation(technology=renewable.wind.offshore)",
     GROSS},
    {"Secondary Energy|Electricity|Wind|Onshore", "EJ/yr", "0.0036 generation(technology=renewable.wind.onshore)",
     GROSS},
    {"Secondary Energy|Electricity|Nuclear", "EJ/yr", "0.0036 generation(technology=nuclear)", GROSS},
    {"Secondary Energy|Electricity|Other", "EJ/yr", "0.0036 generation(technology=recovered)",
     "recovered gases, waste heat and pressure; " GROSS},
    {"Secondary Energy|Hydrogen", "EJ/yr", "0.001 indicator_value(indicator=hydrogen)", ""},
    /* primary energy, direct equivalent */
    {"Primary Energy", "EJ/yr", "0.001 primary_energy", "non-energy use included; traditional biomass is not"},
    {"Primary Energy|Coal", "EJ/yr", "0.001 primary_energy(carrier=solid)", "net trade of coke included"},
    {"Primary Energy|Oil", "EJ/yr", "0.001 primary_energy(carrier=liquid)", "net trade of oil products included"},
    {"Primary Energy|Gas", "EJ/yr", "0.001 primary_energy(carrier=gas.natural)", ""},
    {"Primary Energy|Biomass", "EJ/yr", "0.001 primary_energy(carrier=other)",
     "biomass and other energy of the national balance; traditional biomass is not in it"},
    {"Primary Energy|Nuclear", "EJ/yr", "0.0036 generation(technology=nuclear)", ""},
    {"Primary Energy|Non-Biomass Renewables", "EJ/yr", "0.0036 generation(technology=renewable)",
     "pumped storage included"},
    {"Primary Energy|Hydro", "EJ/yr", "0.0036 generation(technology=renewable.hydro)", "pumped storage included"},
    {"Primary Energy|Solar", "EJ/yr", "0.0036 generation(technology=renewable.solar)", "electricity"},
    {"Primary Energy|Wind", "EJ/yr", "0.0036 generation(technology=renewable.wind)", ""},
    {"Primary Energy|Secondary Energy Trade", "EJ/yr",
     "0.001 primary_energy(carrier=electricity) - 0.0036 generation(technology=nuclear) - 0.0036 "
     "generation(technology=renewable)",
     "net imports of electricity"},
    {"Primary Energy|Other", "EJ/yr",
     "0.001 primary_energy(carrier=heat) + 0.001 primary_energy(carrier=hydrogen) + 0.001 "
     "primary_energy(carrier=gas.coal)",
     "what by-product gases, heat and hydrogen do not balance to"},
    /* emissions */
    {"Emissions|CO2", "Mt CO2/yr", "indicator_value(indicator=co2_net)",
     "the sum of Energy, Industrial Processes and AFOLU; without waste and carbon lost in conversion"},
    {"Emissions|CO2|Energy and Industrial Processes", "Mt CO2/yr", "indicator_value(indicator=co2_total)",
     "less capture; without carbon lost in coking, refining and gas works beyond power and heat"},
    {"Emissions|CO2|Energy", "Mt CO2/yr", "indicator_value(indicator=co2_energy)",
     "less capture; carbon released by non-energy use included"},
    {"Emissions|CO2|Energy|Supply", "Mt CO2/yr", CO2_OF("supply"),
     "power, heat, coal, oil and gas industries, refining and coking; with water supply; without fugitive CO2"},
    {"Emissions|CO2|Energy|Demand", "Mt CO2/yr",
     CO2_OF("industry") " + " CO2_OF("agriculture") " + " CO2_OF("commercial") " + " CO2_OF(
         "transport") " + household_co2",
     ""},
    {"Emissions|CO2|Energy|Demand|Industry", "Mt CO2/yr", CO2_OF("industry"),
     "manufacturing, mining of ores and construction; carbon released by non-energy use included"},
    {"Emissions|CO2|Energy|Demand|AFOFI", "Mt CO2/yr", CO2_OF("agriculture"), OWN_VEHICLES},
    {"Emissions|CO2|Energy|Demand|Residential and Commercial", "Mt CO2/yr", CO2_HOMES " + " CO2_OF("commercial"),
     OWN_VEHICLES},
    {"Emissions|CO2|Energy|Demand|Commercial", "Mt CO2/yr", CO2_OF("commercial"), OWN_VEHICLES},
    {"Emissions|CO2|Energy|Demand|Residential", "Mt CO2/yr", CO2_HOMES, ""},
    {"Emissions|CO2|Energy|Demand|Transportation", "Mt CO2/yr", CO2_OF("transport") " + household_vehicle_co2",
     TRANSPORT_COMMENT},
    {"Emissions|CO2|Industrial Processes", "Mt CO2/yr", "co2_process - co2_captured_process",
     "less capture; of the products of the dataset (cement, lime, steel, aluminium)"},
    {"Emissions|CO2|AFOLU", "Mt CO2/yr", "-1 indicator_value(indicator=co2_sinks)",
     "net removal by land as the scenario states it, an assumption; not modelled"},
    {"Carbon Capture", "Mt CO2/yr", "co2_captured", ""},
    {"Carbon Capture|Energy", "Mt CO2/yr", "co2_captured - co2_captured_process", ""},
    {"Carbon Capture|Energy|Supply", "Mt CO2/yr", "co2_captured(sector=supply) - co2_captured_process(sector=supply)",
     ""},
    {"Carbon Capture|Energy|Demand|Industry", "Mt CO2/yr",
     "co2_captured(sector=industry) - co2_captured_process(sector=industry)", ""},
    {"Carbon Capture|Industrial Processes", "Mt CO2/yr", "co2_captured_process", ""},
    {"Carbon Capture|Geological Storage", "Mt CO2/yr", "co2_captured", "all that is captured counts as stored"},
    {"Carbon Sequestration|CCS", "Mt CO2/yr", "co2_captured",
     "the older name of Carbon Capture|Geological Storage; all that is captured counts as stored"},
    /* capacity */
    {"Capacity|Electricity", "GW", "capacity", "pumped storage included, other storage is not"},
    {"Capacity|Electricity|Biomass", "GW", "capacity(technology=biomass)", ""},
    {"Capacity|Electricity|Biomass|w/ CCS", "GW", "capacity(technology=biomass.ccs)", ""},
    {"Capacity|Electricity|Biomass|w/o CCS", "GW", "capacity(technology=biomass.plain)", ""},
    {"Capacity|Electricity|Fossil", "GW", "capacity(technology=fossil)", ""},
    {"Capacity|Electricity|Coal", "GW", "capacity(technology=fossil.coal)", ""},
    {"Capacity|Electricity|Coal|w/ CCS", "GW", "capacity(technology=fossil.coal.ccs)", ""},
    {"Capacity|Electricity|Coal|w/o CCS", "GW", "capacity(technology=fossil.coal.plain)", ""},
    {"Capacity|Electricity|Gas", "GW", "capacity(technology=fossil.gas)", ""},
    {"Capacity|Electricity|Gas|w/ CCS", "GW", "capacity(technology=fossil.gas.ccs)", ""},
    {"Capacity|Electricity|Gas|w/o CCS", "GW", "capacity(technology=fossil.gas.plain)", ""},
    {"Capacity|Electricity|Oil", "GW", "capacity(technology=fossil.oil)", ""},
    {"Capacity|Electricity|Non-Biomass Renewables", "GW", "capacity(technology=renewable)", "pumped storage included"},
    {"Capacity|Electricity|Hydro", "GW", "capacity(technology=renewable.hydro)", "pumped storage included"},
    {"Capacity|Electricity|Solar", "GW", "capacity(technology=renewable.solar)", ""},
    {"Capacity|Electricity|Solar|CSP", "GW", "capacity(technology=renewable.solar.csp)", ""},
    {"Capacity|Electricity|Solar|PV", "GW", "capacity(technology=renewable.solar.pv)", ""},
    {"Capacity|Electricity|Wind", "GW", "capacity(technology=renewable.wind)", ""},
    {"Capacity|Electricity|Wind|Offshore", "GW", "capacity(technology=renewable.wind.offshore)", ""},
    {"Capacity|Electricity|Wind|Onshore", "GW", "capacity(technology=renewable.wind.onshore)", ""},
    {"Capacity|Electricity|Nuclear", "GW", "capacity(technology=nuclear)", ""},
    {"Capacity|Electricity|Other", "GW", "capacity(technology=recovered)", "recovered gases, waste heat and pressure"},
    /* products */
    {"Production|Iron and Steel|Steel [Volume]", "Mt/yr", "product_output(product=crude_steel)", "crude steel"},
    {"Production|Non-Metallic Minerals|Cement [Volume]", "Mt/yr", "product_output(product=cement)", ""},
};

static const tanlu_iamc_omission omissions[] = {
    {"GDP|PPP", "no purchasing power parity among the inputs"},
    {"Consumption", "final demand is stored by product at 2020 prices; a deflator of its own is not modelled"},
    {"Price|Carbon", "a carbon price acts in `tanlu prices` alone, not in a projection"},
    {"Final Energy|Bunkers", "fuel of international trips is not kept apart in the national balance"},
    {"Final Energy|Industry|Other Sector", "the groups behind it differ between datasets"},
    {"Final Energy|Industry|Pulp and Paper", "the group holds wood and furniture too"},
    {"Final Energy|Transportation|Freight, |Passenger, |Rail, ...", "transport services are not split by purpose"},
    {"Final Energy|Solids|Biomass", "the balance does not part biomass from other energy"},
    {"Secondary Energy|Heat, |Liquids, |Gases, |Solids", "conversion is stored net of inputs by carrier"},
    {"Primary Energy|Coal|Electricity, ...", "fuel is not stored by technology"},
    {"Emissions|CO2|Energy|Supply|Electricity", "power and heat supply are one sector of the table"},
    {"Emissions|CO2|Energy|Supply|Fugitive", "not modelled"},
    {"Emissions|CO2|Waste, |Product Use", "not modelled"},
    {"Emissions|CH4, |N2O, |Kyoto Gases", "CO2 alone is modelled"},
    {"Gross Emissions|CO2, Carbon Removal", "biogenic CO2 that is captured is not stored apart"},
    {"Carbon Capture|Energy|Biomass, |Fossil", "capture is stored by sector, not by fuel"},
    {"Carbon Capture|Utilization", "captured CO2 counts as stored; its use is not modelled"},
    {"Capacity|Electricity|Storage Capacity", "storage is a need in GW, without its energy"},
};

size_t tanlu_iamc_definitions(void) {
  return sizeof definitions / sizeof *definitions;
}
const tanlu_iamc_definition *tanlu_iamc_definition_at(size_t i) {
  return &definitions[i];
}
size_t tanlu_iamc_omissions(void) {
  return sizeof omissions / sizeof *omissions;
}
const tanlu_iamc_omission *tanlu_iamc_omission_at(size_t i) {
  return &omissions[i];
}

/* ---- classes ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *code, *class;
} member_class;

/* Carriers; class "solid" is coal and what is made of it. */
static const member_class carriers[] = {
    {"raw_coal", "solid"},
    {"cleaned_coal", "solid"},
    {"other_washed_coal", "solid"},
    {"briquettes", "solid"},
    {"gangue", "solid"},
    {"coke", "solid"},
    {"other_coking_products", "solid"},
    {"coke_oven_gas", "gas.coal"},
    {"blast_furnace_gas", "gas.coal"},
    {"converter_gas", "gas.coal"},
    {"other_gas", "gas.coal"},
    {"natural_gas", "gas.natural"},
    {"lng", "gas.natural"},
    {"crude_oil", "liquid"},
    {"gasoline", "liquid"},
    {"kerosene", "liquid"},
    {"diesel", "liquid"},
    {"fuel_oil", "liquid"},
    {"naphtha", "liquid"},
    {"lubricants", "liquid"},
    {"paraffin_waxes", "liquid"},
    {"white_spirit", "liquid"},
    {"bitumen", "liquid"},
    {"petroleum_coke", "liquid"},
    {"lpg", "liquid"},
    {"refinery_gas", "liquid"},
    {"other_petroleum", "liquid"},
    {"heat", "heat"},
    {"electricity", "electricity"},
    {"other_energy", "other"},
    {"hydrogen", "hydrogen"},
};

/* Policy groups of both shipped datasets. */
static const member_class groups[] = {
    {"agriculture", "agriculture"},
    {"coal", "supply"},
    {"oil_gas", "supply"},
    {"refining_coking", "supply"},
    {"power_heat", "supply"},
    {"gas_water", "supply"},
    {"mining", "industry"},
    {"food", "industry"},
    {"textiles", "industry"},
    {"wood_paper", "industry"},
    {"chemicals", "industry.chemicals"},
    {"cement", "industry.minerals.cement"},
    {"other_building_materials", "industry.minerals"},
    {"building_materials", "industry.minerals"},
    {"iron_steel", "industry.steel"},
    {"non_ferrous", "industry.non_ferrous"},
    {"metals", "industry"},
    {"metal_products", "industry"},
    {"equipment", "industry"},
    {"electronics", "industry"},
    {"other_manufacturing", "industry"},
    {"construction", "industry"},
    {"trade_catering", "commercial"},
    {"other_services", "commercial"},
    {"transport", "transport"},
    {"rail", "transport"},
    {"road", "transport"},
    {"water_transport", "transport"},
    {"air", "transport"},
    {"other_transport", "transport"},
};

static const member_class technologies[] = {
    {"coal", "fossil.coal.plain"},
    {"coal_ccs", "fossil.coal.ccs"},
    {"gas", "fossil.gas.plain"},
    {"gas_ccs", "fossil.gas.ccs"},
    {"oil", "fossil.oil"},
    {"biomass", "biomass.plain"},
    {"biomass_ccs", "biomass.ccs"},
    {"recovered", "recovered"},
    {"hydro", "renewable.hydro"},
    {"pumped_storage", "renewable.hydro"},
    {"onshore_wind", "renewable.wind.onshore"},
    {"offshore_wind", "renewable.wind.offshore"},
    {"pv", "renewable.solar.pv"},
    {"csp", "renewable.solar.csp"},
    {"nuclear", "nuclear"},
};

const char *tanlu_iamc_class(const char *axis, const char *code) {
  static const struct {
    const char *axis;
    const member_class *member;
    size_t members;
  } table[] = {{"carrier", carriers, sizeof carriers / sizeof *carriers},
               {"sector", groups, sizeof groups / sizeof *groups},
               {"technology", technologies, sizeof technologies / sizeof *technologies}};
  for (size_t a = 0; a < sizeof table / sizeof *table; a++) {
    if (strcmp(table[a].axis, axis) != 0) continue;
    for (size_t i = 0; i < table[a].members; i++) {
      if (strcmp(table[a].member[i].code, code) == 0) return table[a].member[i].class;
    }
    return NULL;
  }
  return code; /* indicators and products stand for themselves */
}
