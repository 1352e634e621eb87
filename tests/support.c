#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int tanlu_test_temp_dir(char path[TANLU_TEST_PATH]) {
  const char *base = getenv("TMPDIR");
  int length = snprintf(path, TANLU_TEST_PATH, "%s/tanlu-test-XXXXXX", base && *base ? base : "/tmp");
  if (length < 0 || length >= TANLU_TEST_PATH) return 1;
  return mkdtemp(path) ? 0 : 1;
}

void tanlu_test_remove_dir(const char *path) {
  DIR *dir = opendir(path);
  if (!dir) return;
  for (const struct dirent *entry; (entry = readdir(dir));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char child[2 * TANLU_TEST_PATH];
    snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
    struct stat info;
    if (lstat(child, &info) == 0 && S_ISDIR(info.st_mode)) {
      tanlu_test_remove_dir(child);
    } else {
      unlink(child);
    }
  }
  closedir(dir);
  rmdir(path);
}

int tanlu_test_write_bytes(const char *dir, const char *name, const char *bytes, size_t length) {
  char path[2 * TANLU_TEST_PATH];
  if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) return 1;
  mkdir(dir, 0755);
  char *slash = strrchr(path, '/');
  *slash = '\0';
  mkdir(path, 0755);
  *slash = '/';
  FILE *file = fopen(path, "wb");
  if (!file) return 1;
  size_t written = fwrite(bytes, 1, length, file);
  return (fclose(file) != 0 || written != length) ? 1 : 0;
}

int tanlu_test_write_file(const char *dir, const char *name, const char *text) {
  return tanlu_test_write_bytes(dir, name, text, strlen(text));
}

char *tanlu_test_read_file(const char *dir, const char *name) {
  char path[2 * TANLU_TEST_PATH];
  if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) return NULL;
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  char *text = NULL;
  size_t length = 0, capacity = 0;
  for (;;) {
    if (capacity - length < 2) {
      capacity = capacity ? 2 * capacity : 4096;
      char *larger = realloc(text, capacity);
      if (!larger) break;
      text = larger;
    }
    size_t got = fread(text + length, 1, capacity - length - 1, file);
    if (got == 0) break;
    length += got;
  }
  fclose(file);
  if (text) text[length] = '\0';
  return text;
}

int tanlu_test_edit(const char *dir, const char *name, const char *before, const char *after) {
  char *text = tanlu_test_read_file(dir, name);
  if (!text) return 1;
  int failed = 1;
  char *place = strstr(text, before);
  size_t size = strlen(text) + strlen(after) + 1;
  char *edited = place ? malloc(size) : NULL;
  if (edited) {
    snprintf(edited, size, "%.*s%s%s", (int)(place - text), text, after, place + strlen(before));
    failed = tanlu_test_write_file(dir, name, edited);
  } else {
    fprintf(stderr, "%s does not hold '%s'\n", name, before);
  }
  free(edited);
  free(text);
  return failed;
}

void tanlu_test_print_messages(const tanlu_context *context) {
  for (size_t i = 0; i < tanlu_context_count(context); i++)
    fprintf(stderr, "  %s\n", tanlu_context_message(context, i));
}

bool tanlu_test_has_message(const tanlu_context *context, const char *part) {
  for (size_t i = 0; i < tanlu_context_count(context); i++) {
    if (strstr(tanlu_context_message(context, i), part)) return true;
  }
  fprintf(stderr, "no message holds '%s'; the messages are:\n", part);
  tanlu_test_print_messages(context);
  return false;
}

static const struct {
  const char *name, *text;
} tiny_dataset[] = {
    {"dataset.yaml", "name: tiny-2020\n"
                     "title: Three sectors for tests\n"
                     "base_year: 2020\n"
                     "import_treatment: proportional\n"
                     "balance_tolerance: 1e-9\n"
                     "units: {money: 1e4 CNY, energy: TJ}\n"
                     "levels: [industry3, policy_group]\n"
                     "driver_level: policy_group\n"
                     "history_to: 2022\n"
                     "population: 10\n"
                     "urbanisation: 0.6\n"
                     "electricity_coal_equivalent: 2.5\n"
                     "carriers: {electricity: electricity, heat: heat, coke: coke, hydrogen: hydrogen, biomass: "
                     "other_energy}\n"
                     "power: {coal_rate: 305.5, variable_threshold: 0.35, curtailment_slope: 0.2, storage_slope: 0.5,\n"
                     "        storage_cycle_share: 0.3, storage_efficiency: 0.8, load_factor: 0.65, reserve_margin: "
                     "0.12,\n"
                     "        biomass_bound: 2, biogenic_factor: 100}\n"
                     "hydrogen: {electrolysis_efficiency: 0.7, coal_efficiency: 0.55, gas_efficiency: 0.7,\n"
                     "           coal_carrier: raw_coal, gas_carrier: natural_gas}\n"
                     "co2_gdp_change_from_2005: -0.484\n"
                     "sources: made up\n"},
    {"sectors.csv", "code,name,name_zh,industry3,policy_group,branch\n"
                    "coal,Coal mining,煤炭,secondary,coal_mining,mining\n"
                    "goods,Goods and services,货物和服务,tertiary,goods,manufacturing\n"
                    "power,Power and heat,电力,secondary,power_heat,power_supply\n"},
    {"groups.csv", "level,code,name,name_zh\n"
                   "industry3,secondary,Secondary industry,第二产业\n"
                   "industry3,tertiary,Tertiary industry,第三产业\n"
                   "policy_group,coal_mining,Coal mining,煤炭\n"
                   "policy_group,goods,Goods and services,货物\n"
                   "policy_group,power_heat,Power and heat,电力热力\n"},
    {"flows.csv", "code,coal,goods,power\n"
                  "coal,10,40,50\n"
                  "goods,30,300,40\n"
                  "power,10,110,10\n"},
    {"final_demand.csv", "code,rural_households,urban_households,government,fixed_capital,inventories,exports,imports,"
                         "discrepancy,gross_output\n"
                         "coal,4,6,0,0,5,10,5,0,120\n"
                         "goods,100,250,120,200,10,50,100,0,1000\n"
                         "power,20,45,0,0,0,5,0,0,200\n"},
    {"categories.csv", "code,name,name_zh,role\n"
                       "rural_households,Rural households,农村居民,rural\n"
                       "urban_households,Urban households,城镇居民,urban\n"
                       "government,Government,政府,government\n"
                       "fixed_capital,Fixed capital,固定资本,fixed_capital\n"
                       "inventories,Inventories,存货,inventories\n"
                       "exports,Exports,出口,exports\n"},
    {"value_added.csv", "code,name,name_zh,coal,goods,power\n"
                        "labour,Labour,劳动者报酬,30,300,40\n"
                        "taxes,Net taxes,生产税净额,10,50,10\n"
                        "surplus,Surplus,营业盈余,30,200,50\n"},
    {"carriers.csv",
     "code,name,name_zh,class,burned,vehicle_fuel,stored_fraction,row_weight,power_technology,suppliers\n"
     "raw_coal,Raw coal,原煤,coal,yes,no,0,1,coal,coal\n"
     "coke,Coke,焦炭,coke,yes,no,0,1,,goods\n"
     "natural_gas,Natural gas,天然气,gas,yes,no,0.5,1,gas,goods\n"
     "gasoline,Gasoline,汽油,oil,yes,yes,0,1,,goods\n"
     "bf_gas,Blast-furnace gas,高炉煤气,byproduct_gas,yes,no,0,1,recovered,\n"
     "other_energy,Biomass,生物质,biomass,yes,no,0,1,biomass,\n"
     "electricity,Electricity,电力,electricity,yes,no,0,1,,power\n"
     "heat,Heat,热力,heat,yes,no,0,0.3,,power\n"
     "hydrogen,Hydrogen,氢,hydrogen,yes,no,0,1,,\n"},
    {"branches.csv", "code,name,name_zh,kind,user_group,use,vehicle_use,non_energy_rank\n"
                     "mining,Mining,采矿,industry,industry,industry_heat,transport,-1\n"
                     "manufacturing,Manufacturing,制造,industry,industry,industry_heat,transport,1\n"
                     "power_supply,Power supply,电力供应,industry,power,industry_heat,transport,-1\n"
                     "urban,Urban households,城镇,urban,households,buildings,transport,-1\n"
                     "rural,Rural households,农村,rural,households,buildings,transport,-1\n"},
    {"branch_energy.csv", "branch,raw_coal,coke,natural_gas,gasoline,bf_gas,other_energy,electricity,heat,hydrogen\n"
                          "mining,20,0,0,2,0,0,15,2,0\n"
                          "manufacturing,200,100,60,50,0,10,250,60,0\n"
                          "power_supply,0,0,0,1,0,0,10,2,0\n"
                          "urban,10,0,30,40,0,0,60,30,0\n"
                          "rural,30,0,0,10,0,20,30,6,0\n"},
    {"non_energy.csv", "carrier,value\nnatural_gas,10\n"},
    {"processes.csv", "code,name,name_zh,kind,sector,main\n"
                      "thermal_power,Thermal power,火力发电,thermal_power,power,electricity\n"
                      "heat_supply,Heat supply,供热,heat_supply,power,heat\n"
                      "coking,Coking,炼焦,conversion,goods,coke\n"
                      "recovery,Recovery,回收能,recovery,goods,bf_gas\n"},
    {"conversion.csv", "process,raw_coal,coke,natural_gas,gasoline,bf_gas,other_energy,electricity,heat,hydrogen\n"
                       "thermal_power,-900,,-50,,-20,,340,,\n"
                       "heat_supply,-130,,,,,,,105,\n"
                       "coking,-140,110,,,,,,,\n"
                       "recovery,,,,,20,,,,\n"},
    {"supply.csv", "item,raw_coal,coke,natural_gas,gasoline,bf_gas,other_energy,electricity,heat,hydrogen\n"
                   "primary_production,1400,,100,,,30,60,,\n"
                   "imports,50,,43,103,,,,,\n"
                   "exports,-10,-10,,,,,-10,,\n"
                   "stocks,-6,,,,,,,,\n"},
    {"losses.csv", "carrier,value\nnatural_gas,2\nelectricity,20\nheat,5\n"},
    {"statistical_difference.csv", "carrier,value\nraw_coal,4\nnatural_gas,1\nelectricity,5\n"},
    {"primary_electricity.csv", "source,value\nhydro,30\nnuclear,10\nwind,15\nsolar,5\n"},
    {"allocation.csv", "branch,carrier,sector,share,source\nmanufacturing,raw_coal,goods,0.5,made up\n"},
    {"throughput.csv", "row,column\n"},
    {"efficiency.csv", "use,class,efficiency,source\n"
                       "industry_heat,coal,0.6,made up\nindustry_heat,coke,0.6,\nindustry_heat,oil,0.7,\n"
                       "industry_heat,gas,0.8,\nindustry_heat,biomass,0.5,\nindustry_heat,byproduct_gas,0.7,\n"
                       "industry_heat,electricity,0.9,\nindustry_heat,heat,0.95,\nindustry_heat,hydrogen,0.8,\n"
                       "transport,oil,0.25,\ntransport,gas,0.25,\ntransport,electricity,0.8,\ntransport,hydrogen,0.4,\n"
                       "buildings,coal,0.4,\nbuildings,oil,0.6,\nbuildings,gas,0.7,\nbuildings,biomass,0.2,\n"
                       "buildings,electricity,0.9,\nbuildings,heat,0.95,\nbuildings,hydrogen,0.7,\n"
                       "buildings,coke,0.5,\n"},
    {"emission_factors.csv", "user_group,carrier,carbon_content,oxidation,source\n"
                             "all,raw_coal,26,94,made up\n"
                             "all,coke,29,97,\n"
                             "all,natural_gas,15,99,\n"
                             "all,gasoline,19,98,\n"
                             "households,raw_coal,26,80,\n"
                             "power,raw_coal,26,98,\n"},
    {"power.csv",
     "code,name,name_zh,source,source_share,capacity_mw,hours,variable,follows_coke,capacity_credit,capture_rate,fuel,"
     "like,efficiency,note\n"
     "coal,Coal,煤电,thermal,0.92,22,4000,no,no,0.95,0,raw_coal,,,\n"
     "gas,Gas,气电,thermal,0.06,3,2500,no,no,0.95,0,natural_gas,,,\n"
     "biomass,Biomass,生物质,thermal,0,0,5000,no,no,0.9,0,other_energy,,0.3,\n"
     "recovered,Recovered gases,余能,thermal,0.02,1,4500,no,yes,0.9,0,bf_gas,,,\n"
     "coal_ccs,Coal with capture,煤电捕集,thermal,0,0,4500,no,no,0.95,0.9,raw_coal,coal,0.33,\n"
     "hydro,Hydropower,水电,hydro,1,2.3,3600,no,no,0.5,0,,,,\n"
     "nuclear,Nuclear power,核电,nuclear,1,0.4,7000,no,no,0.95,0,,,,\n"
     "wind,Wind power,风电,wind,1,2,2100,yes,no,0.1,0,,,,\n"
     "pv,Photovoltaic,光伏,solar,1,1.1,1250,yes,no,0.05,0,,,,\n"},
    {"products.csv", "code,name,name_zh,unit,base,kind,sectors,class,source\n"
                     "widgets,Widgets,部件,Mt,10,controlled,goods,,made up\n"
                     "parts,Parts,零件,Mt,2,follows,goods,,\n"
                     "coal_output,Coal,原煤产量,Mt,60,primary,coal,coal,\n"},
    {"emissions.csv", "code,name,name_zh,product,sector,activity,ratio,factor,source\n"
                      "calcination,Calcination,煅烧,widgets,goods,20000,0.5,0.8,made up\n"},
    {"observed.csv", "quantity,unit,2020,2021,2022\n"
                     "co2_energy,Mt,0.15,0.16,\n"},
    {"history.yaml", "gdp: {growth: {2021: 8.0, 2022: 3.0}}\n"
                     "population: {2021: 10.1, 2022: 10.15}\n"
                     "urbanisation: {2022: 0.62}\n"
                     "products: {widgets: {2021: 10.5, 2022: 10.4}}\n"
                     "power: {mix: {wind: {2021: 0.045, 2022: 0.055}, pv: {2022: 0.02}, balance: coal}}\n"},
};

int tanlu_test_write_dataset(const char *dir) {
  for (size_t i = 0; i < sizeof tiny_dataset / sizeof tiny_dataset[0]; i++) {
    if (tanlu_test_write_file(dir, tiny_dataset[i].name, tiny_dataset[i].text)) return 1;
  }
  return 0;
}
