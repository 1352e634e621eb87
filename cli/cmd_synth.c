/* tanlu synth: a made-up multi-regional dataset.
 *
 * Every region has the same sectors: the first mines coal, the last supplies power and heat, the others make goods. Money
 * comes from model/synthetic.h. Energy is a fixed pattern of nine carriers, in proportion to value added, that balances by
 * itself; it is given to sectors as any other dataset's. There are no imports; a level `region` groups by region. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "model/synthetic.h"
#include "outputs/dataset_write.h"
#include "solvers/memory.h"

static const cli_usage usage = {
    .command = "synth",
    .synopsis = "-o DIR",
    .purpose =
        "Write a made-up multi-regional dataset into a new directory: tables in which regions trade the less the\n"
        "farther apart they are, with a simple energy balance. The same options and seed give the same files.",
    .examples = "  tanlu synth --regions 31 --sectors 42 -o synthetic-31x42\n"
                "  tanlu check ./synthetic-31x42\n",
    .least = 0,
    .most = 0,
};

enum { CODE = 48, COLUMNS = 9, SECTORS_LEAST = 3 };

typedef struct {
  const char *directory;
  const tanlu_synthetic *table;
  size_t regions, sectors;
  double scale; /* TJ for every unit of the energy pattern */
  double value_added;
  tanlu_context *context;
} writer;

/* ---- sectors --------------------------------------------------------------------------------------------------------- */

typedef enum { KIND_COAL, KIND_GOODS, KIND_POWER } kind;

static kind kind_of(const writer *w, size_t sector) {
  const size_t place = sector % w->sectors;
  return place == 0 ? KIND_COAL : place == w->sectors - 1 ? KIND_POWER : KIND_GOODS;
}

static const char *code_of(const writer *w, size_t sector, char code[CODE]) {
  (void)snprintf(code, CODE, "r%02zus%02zu", sector / w->sectors + 1, sector % w->sectors + 1);
  return code;
}

/* The first sector of the kind with output, n when there is none. */
static size_t first_of(const writer *w, kind wanted) {
  size_t i = 0;
  while (i < w->table->n && (kind_of(w, i) != wanted || w->table->output[i] <= 0)) i++;
  return i;
}

/* Codes of all sectors of the kind with output; of the goods only the first of each region when `one`. */
static void put_sectors(FILE *file, const writer *w, kind wanted, bool one) {
  char code[CODE];
  const char *gap = "";
  for (size_t i = 0; i < w->table->n; i++) {
    if (kind_of(w, i) != wanted || w->table->output[i] <= 0 || (one && i % w->sectors != 1)) continue;
    (void)fprintf(file, "%s%s", gap, code_of(w, i, code));
    gap = " ";
  }
}

/* ---- the energy pattern ------------------------------------------------------------------------------------------------ */

static const char carriers[] = "raw_coal,coke,natural_gas,gasoline,bf_gas,other_energy,electricity,heat,hydrogen";

typedef struct {
  const char *name;
  double value[COLUMNS];
} energy_row;

/* Per carrier: production and trade, less the statistical difference and losses, plus conversion, is final use. */
static const energy_row branch_energy[] = {{"mining", {20, 0, 0, 2, 0, 0, 15, 2, 0}},
                                           {"manufacturing", {200, 100, 60, 50, 0, 10, 250, 60, 0}},
                                           {"power_supply", {0, 0, 0, 1, 0, 0, 10, 2, 0}},
                                           {"urban", {10, 0, 30, 40, 0, 0, 60, 30, 0}},
                                           {"rural", {30, 0, 0, 10, 0, 20, 30, 6, 0}}};
static const energy_row conversion[] = {{"thermal_power", {-900, 0, -50, 0, -20, 0, 340, 0, 0}},
                                        {"heat_supply", {-130, 0, 0, 0, 0, 0, 0, 105, 0}},
                                        {"coking", {-140, 110, 0, 0, 0, 0, 0, 0, 0}},
                                        {"recovery", {0, 0, 0, 0, 20, 0, 0, 0, 0}}};
static const energy_row supply[] = {{"primary_production", {1430, -10, 142, 103, 0, 30, 45, 0, 0}}};
static const energy_row losses[] = {{"natural_gas", {2}}, {"electricity", {20}}, {"heat", {5}}};
static const energy_row primary[] = {{"hydro", {20}}, {"nuclear", {10}}, {"wind", {10}}, {"solar", {5}}};
static const energy_row non_energy[] = {{"natural_gas", {10}}};

static void put_energy(FILE *file, const writer *w, const char *header, const char *columns, const energy_row *row,
                       size_t rows, size_t count) {
  (void)fprintf(file, "%s,%s\n", header, columns);
  for (size_t k = 0; k < rows; k++) {
    (void)fputs(row[k].name, file);
    for (size_t c = 0; c < count; c++) (void)fprintf(file, ",%.17g", row[k].value[c] * w->scale);
    (void)fputc('\n', file);
  }
}
#define PUT_ENERGY(file, w, header, columns, rows, count)                                                              \
  put_energy(file, w, header, columns, rows, sizeof rows / sizeof *rows, count)

/* ---- files ------------------------------------------------------------------------------------------------------------ */

static void put_settings(FILE *file, const writer *w) {
  (void)fprintf(file,
                "name: synthetic-%zux%zu\n"
                "title: %zu regions of %zu sectors, made up\n"
                "base_year: 2020\n"
                "import_treatment: none\n"
                "balance_tolerance: 1e-9\n"
                "units: {money: 1e4 CNY, energy: TJ}\n"
                "levels: [industry3, policy_group, region]\n"
                "driver_level: policy_group\n"
                "history_to: 2021\n"
                "population: %.6g\n"
                "urbanisation: 0.6\n"
                "electricity_coal_equivalent: 2.4\n"
                "carriers: {electricity: electricity, heat: heat, coke: coke, hydrogen: hydrogen, biomass: "
                "other_energy}\n"
                "power: {coal_rate: 305.5, variable_threshold: 0.35, curtailment_slope: 0.2, storage_slope: 0.5,\n"
                "        storage_cycle_share: 0.3, storage_efficiency: 0.8, load_factor: 0.65, reserve_margin: 0.12,\n"
                "        biomass_bound: %.6g, biogenic_factor: 100}\n"
                "hydrogen: {electrolysis_efficiency: 0.7, coal_efficiency: 0.55, gas_efficiency: 0.7,\n"
                "           coal_carrier: raw_coal, gas_carrier: natural_gas}\n"
                "co2_gdp_change_from_2005: -0.484\n"
                "sources: made up\n",
                w->regions, w->sectors, w->regions, w->sectors, w->value_added / 7.2e6, /* million, 72,000 CNY a head */
                w->scale * 0.2);
}

static void put_sector_list(FILE *file, const writer *w) {
  static const char *const names[] = {"Coal mining", "Goods and services", "Power and heat"},
                           *const names_zh[] = {"煤炭", "货物和服务", "电力热力"},
                           *const level[] = {"secondary,coal_mining", "tertiary,goods", "secondary,power_heat"},
                           *const branch[] = {"mining", "manufacturing", "power_supply"};
  char code[CODE];
  (void)fputs("code,name,name_zh,industry3,policy_group,region,branch\n", file);
  for (size_t i = 0; i < w->table->n; i++) {
    const kind k = kind_of(w, i);
    const size_t region = i / w->sectors + 1, place = i % w->sectors + 1;
    (void)fprintf(file, "%s,%s %zu of region %zu,%s%zu-%zu,%s,region_%02zu,%s\n", code_of(w, i, code), names[k], place,
                  region, names_zh[k], region, place, level[k], region, branch[k]);
  }
}

static void put_carriers(FILE *file, const writer *w) {
  static const struct {
    const char *text;
    bool sold;
    kind seller;
  } carrier[] = {{"raw_coal,Raw coal,原煤,coal,yes,no,0,1,coal", true, KIND_COAL},
                 {"coke,Coke,焦炭,coke,yes,no,0,1,", true, KIND_GOODS},
                 {"natural_gas,Natural gas,天然气,gas,yes,no,0.5,1,gas", true, KIND_GOODS},
                 {"gasoline,Gasoline,汽油,oil,yes,yes,0,1,", true, KIND_GOODS},
                 {"bf_gas,Blast-furnace gas,高炉煤气,byproduct_gas,yes,no,0,1,recovered", false, KIND_GOODS},
                 {"other_energy,Biomass,生物质,biomass,yes,no,0,1,biomass", false, KIND_GOODS},
                 {"electricity,Electricity,电力,electricity,yes,no,0,1,", true, KIND_POWER},
                 {"heat,Heat,热力,heat,yes,no,0,0.3,", true, KIND_POWER},
                 {"hydrogen,Hydrogen,氢,hydrogen,yes,no,0,1,", false, KIND_GOODS}};
  (void)fputs("code,name,name_zh,class,burned,vehicle_fuel,stored_fraction,row_weight,power_technology,suppliers\n",
              file);
  for (size_t k = 0; k < sizeof carrier / sizeof *carrier; k++) {
    (void)fprintf(file, "%s,", carrier[k].text);
    if (carrier[k].sold) put_sectors(file, w, carrier[k].seller, carrier[k].seller == KIND_GOODS);
    (void)fputc('\n', file);
  }
}

static void put_processes(FILE *file, const writer *w) {
  char power[CODE], goods[CODE];
  (void)code_of(w, first_of(w, KIND_POWER), power);
  (void)code_of(w, first_of(w, KIND_GOODS), goods);
  (void)fprintf(file,
                "code,name,name_zh,kind,sector,main\n"
                "thermal_power,Thermal power,火力发电,thermal_power,%s,\n"
                "heat_supply,Heat supply,供热,heat_supply,%s,\n"
                "coking,Coking,炼焦,conversion,%s,coke\n"
                "recovery,Recovery,回收能,recovery,%s,\n",
                power, power, goods, goods);
}

static void put_power(FILE *file, const writer *w) {
  static const struct {
    const char *before;
    double megawatt; /* per unit of the energy pattern */
    const char *after;
  } technology[] = {
      {"coal,Coal power,煤电,thermal,0.92", 22, "4000,no,no,0.92,0,raw_coal,,,made up"},
      {"gas,Gas power,气电,thermal,0.06", 3, "2500,no,no,0.92,0,natural_gas,,,made up"},
      {"biomass,Biomass power,生物质发电,thermal,0", 0, "5000,no,no,0.8,0,other_energy,,0.3,made up"},
      {"recovered,Recovered gases,余能发电,thermal,0.02", 1, "4500,no,yes,0.6,0,bf_gas,,,made up"},
      {"coal_ccs,Coal power with capture,煤电碳捕集,thermal,0", 0, "4500,no,no,0.9,0.9,raw_coal,coal,0.32,made up"},
      {"hydro,Hydropower,水电,hydro,1", 1.6, "3600,no,no,0.6,0,,,,made up"},
      {"nuclear,Nuclear power,核电,nuclear,1", 0.4, "7000,no,no,0.95,0,,,,made up"},
      {"wind,Wind power,风电,wind,1", 1.3, "2100,yes,no,0.08,0,,,,made up"},
      {"pv,Photovoltaics,光伏发电,solar,1", 1.1, "1250,yes,no,0.05,0,,,,made up"}};
  (void)fputs("code,name,name_zh,source,source_share,capacity_mw,hours,variable,follows_coke,capacity_credit,"
              "capture_rate,fuel,like,efficiency,note\n",
              file);
  for (size_t k = 0; k < sizeof technology / sizeof *technology; k++)
    (void)fprintf(file, "%s,%.6g,%s\n", technology[k].before, technology[k].megawatt * w->scale, technology[k].after);
}

static void put_products(FILE *file, const writer *w) {
  (void)fputs("code,name,name_zh,unit,base,kind,sectors,class,source\n", file);
  (void)fprintf(file, "materials,Materials,材料,Mt,%.6g,controlled,", w->scale * 1e-3);
  put_sectors(file, w, KIND_GOODS, true);
  (void)fprintf(file, ",,made up\nraw_coal,Raw coal,原煤,Mt,%.6g,primary,", w->scale * 0.06);
  put_sectors(file, w, KIND_COAL, false);
  (void)fputs(",coal,made up\n", file);
}

static void put_emissions(FILE *file, const writer *w) {
  char goods[CODE];
  (void)fprintf(file,
                "code,name,name_zh,product,sector,activity,ratio,factor,source\n"
                "calcination,Calcination,煅烧,materials,%s,%.6g,0.6,0.5,made up\n",
                code_of(w, first_of(w, KIND_GOODS), goods), w->scale * 1e3);
}

static void put_balance(FILE *file, const writer *w) {
  PUT_ENERGY(file, w, "branch", carriers, branch_energy, COLUMNS);
}
static void put_conversion(FILE *file, const writer *w) {
  PUT_ENERGY(file, w, "process", carriers, conversion, COLUMNS);
}
static void put_supply(FILE *file, const writer *w) {
  PUT_ENERGY(file, w, "item", carriers, supply, COLUMNS);
}
static void put_losses(FILE *file, const writer *w) {
  PUT_ENERGY(file, w, "carrier", "value", losses, 1);
}
static void put_primary(FILE *file, const writer *w) {
  PUT_ENERGY(file, w, "source", "value", primary, 1);
}
static void put_non_energy(FILE *file, const writer *w) {
  PUT_ENERGY(file, w, "carrier", "value", non_energy, 1);
}

/* Files that are the same for every table, and those written by a function. */
static const struct {
  const char *name;
  void (*put)(FILE *file, const writer *w);
  const char *text;
} files[] = {
    {"dataset.yaml", put_settings, NULL},
    {"sectors.csv", put_sector_list, NULL},
    {"carriers.csv", put_carriers, NULL},
    {"processes.csv", put_processes, NULL},
    {"branch_energy.csv", put_balance, NULL},
    {"conversion.csv", put_conversion, NULL},
    {"supply.csv", put_supply, NULL},
    {"losses.csv", put_losses, NULL},
    {"primary_electricity.csv", put_primary, NULL},
    {"non_energy.csv", put_non_energy, NULL},
    {"power.csv", put_power, NULL},
    {"products.csv", put_products, NULL},
    {"emissions.csv", put_emissions, NULL},
    {"branches.csv", NULL,
     "code,name,name_zh,kind,user_group,use,vehicle_use,non_energy_rank\n"
     "mining,Mining,采矿,industry,industry,industry_heat,transport,-1\n"
     "manufacturing,Manufacturing,制造,industry,industry,industry_heat,transport,1\n"
     "power_supply,Power supply,电力供应,industry,power,industry_heat,transport,-1\n"
     "urban,Urban households,城镇,urban,households,buildings,transport,-1\n"
     "rural,Rural households,农村,rural,households,buildings,transport,-1\n"},
    {"statistical_difference.csv", NULL, "carrier,value\n"},
    {"allocation.csv", NULL, "branch,carrier,sector,share,source\n"},
    {"throughput.csv", NULL, "row,column\n"},
    {"efficiency.csv", NULL,
     "use,class,efficiency,source\nindustry_heat,coal,0.7,made up\nindustry_heat,coke,0.75,made up\n"
     "industry_heat,oil,0.78,made up\nindustry_heat,gas,0.85,made up\nindustry_heat,biomass,0.65,made up\n"
     "industry_heat,byproduct_gas,0.85,made up\nindustry_heat,electricity,0.9,made up\n"
     "industry_heat,heat,0.95,made up\nindustry_heat,hydrogen,0.8,made up\ntransport,oil,0.25,made up\n"
     "transport,gas,0.25,made up\ntransport,electricity,0.8,made up\ntransport,hydrogen,0.4,made up\n"
     "buildings,coal,0.4,made up\nbuildings,coke,0.5,made up\nbuildings,oil,0.6,made up\nbuildings,gas,0.7,made up\n"
     "buildings,biomass,0.3,made up\nbuildings,electricity,0.9,made up\nbuildings,heat,0.95,made up\n"
     "buildings,hydrogen,0.7,made up\n"},
    {"emission_factors.csv", NULL,
     "user_group,carrier,carbon_content,oxidation,source\nall,raw_coal,26,94,made up\nall,coke,29,97,made up\n"
     "all,natural_gas,15.3,99,made up\nall,gasoline,18.9,98,made up\nhouseholds,raw_coal,26,80,made up\n"
     "power,raw_coal,26,98,made up\n"},
    {"observed.csv", NULL, "quantity,unit,2020,2021\n"},
    {"history.yaml", NULL, "gdp: {growth: {2021: 5}}\n"},
};

static tanlu_status write_file(const writer *w, size_t k, tanlu_dataset_writer *to) {
  if (files[k].put == NULL) return tanlu_dataset_writer_text(to, files[k].name, files[k].text, w->context);
  char *text = NULL;
  size_t length = 0;
  FILE *file = open_memstream(&text, &length);
  if (file != NULL) files[k].put(file, w);
  tanlu_status status = TANLU_OK;
  if (file == NULL || fclose(file) != 0) status = tanlu_fail(w->context, TANLU_ERR_MEMORY, "out of memory for a file");
  if (status == TANLU_OK) status = tanlu_dataset_writer_text(to, files[k].name, text, w->context);
  free(text);
  return status;
}

/* ---- accounts -------------------------------------------------------------------------------------------------------- */

static const double final_share[] = {0.12, 0.33, 0.17, 0.36, 0}; /* exports take the rest */
static const double component_share[] = {0.5, 0.1, 0.4};
enum { CATEGORIES = 6, COMPONENTS = 3, LEVELS = 3 };

typedef struct {
  tanlu_accounts accounts; /* labels, margins; the flows are written row by row */
  tanlu_level level[LEVELS];
} parts;

static void parts_clear(parts *p) {
  tanlu_accounts_clear(&p->accounts);
  for (size_t l = 0; l < LEVELS; l++) {
    free(p->level[l].name);
    tanlu_labels_clear(&p->level[l].group);
    free(p->level[l].of_sector);
  }
}

static tanlu_status label_parts(parts *p, const writer *w) {
  static const struct {
    int list; /* 0 industry3, 1 policy_group, 3 category, 4 component */
    const char *code, *name, *name_zh;
  } label[] = {{0, "secondary", "Secondary industry", "第二产业"},
               {0, "tertiary", "Tertiary industry", "第三产业"},
               {1, "coal_mining", "Coal mining", "煤炭"},
               {1, "goods", "Goods and services", "货物和服务"},
               {1, "power_heat", "Power and heat", "电力热力"},
               {3, "rural_households", "Rural households", "农村居民"},
               {3, "urban_households", "Urban households", "城镇居民"},
               {3, "government", "Government", "政府"},
               {3, "fixed_capital", "Fixed capital", "固定资本"},
               {3, "inventories", "Inventories", "存货"},
               {3, "exports", "Exports", "出口"},
               {4, "labour", "Labour", "劳动者报酬"},
               {4, "taxes", "Net taxes", "生产税净额"},
               {4, "surplus", "Surplus", "营业盈余"}};
  tanlu_labels *list[] = {&p->level[0].group, &p->level[1].group, &p->level[2].group, &p->accounts.category,
                          &p->accounts.component};
  tanlu_status status = TANLU_OK;
  char code[CODE], name[CODE], name_zh[CODE];
  for (size_t k = 0; status == TANLU_OK && k < sizeof label / sizeof *label; k++) {
    status = tanlu_labels_add(list[label[k].list], label[k].code, label[k].name, label[k].name_zh, w->context);
  }
  for (size_t r = 1; status == TANLU_OK && r <= w->regions; r++) {
    (void)snprintf(code, sizeof code, "region_%02zu", r);
    (void)snprintf(name, sizeof name, "Region %zu", r);
    (void)snprintf(name_zh, sizeof name_zh, "地区%zu", r);
    status = tanlu_labels_add(list[2], code, name, name_zh, w->context);
  }
  for (size_t i = 0; status == TANLU_OK && i < w->table->n; i++) {
    status = tanlu_labels_add(&p->accounts.sector, code_of(w, i, code), NULL, NULL, w->context);
  }
  return status;
}

static tanlu_status fill_parts(parts *p, const writer *w) {
  static const char *const names[LEVELS] = {"industry3", "policy_group", "region"};
  static const tanlu_category_role role[CATEGORIES] = {TANLU_ROLE_RURAL,       TANLU_ROLE_URBAN,
                                                       TANLU_ROLE_GOVERNMENT,  TANLU_ROLE_FIXED_CAPITAL,
                                                       TANLU_ROLE_INVENTORIES, TANLU_ROLE_EXPORTS};
  const size_t n = w->table->n;
  tanlu_accounts *a = &p->accounts;
  a->n = n;
  a->role = tanlu_allocate(w->context, CATEGORIES, sizeof *a->role);
  a->final_use = tanlu_allocate_doubles(w->context, n, CATEGORIES);
  a->imports = tanlu_allocate_doubles(w->context, n, 1);
  a->value_added = tanlu_allocate_doubles(w->context, COMPONENTS, n);
  bool failed = a->role == NULL || a->final_use == NULL || a->imports == NULL || a->value_added == NULL;
  for (size_t l = 0; l < LEVELS; l++) {
    p->level[l].name = tanlu_string_copy(w->context, names[l]);
    p->level[l].of_sector = tanlu_allocate(w->context, n, sizeof(size_t));
    failed = failed || p->level[l].name == NULL || p->level[l].of_sector == NULL;
  }
  if (failed) return TANLU_ERR_MEMORY;
  memcpy(a->role, role, sizeof role);
  for (size_t i = 0; i < n; i++) {
    const kind k = kind_of(w, i);
    double rest = w->table->final_demand[i];
    p->level[0].of_sector[i] = k == KIND_GOODS ? 1 : 0;
    p->level[1].of_sector[i] = (size_t)k;
    p->level[2].of_sector[i] = i / w->sectors;
    for (size_t c = 0; c + 1 < CATEGORIES; c++) {
      a->final_use[c * n + i] = final_share[c] * w->table->final_demand[i];
      rest -= a->final_use[c * n + i];
    }
    a->final_use[(CATEGORIES - 1) * n + i] = rest;
    for (size_t c = 0; c < COMPONENTS; c++) {
      a->value_added[i * COMPONENTS + c] = component_share[c] * w->table->value_added[i];
    }
  }
  return label_parts(p, w);
}

static tanlu_status write_flows(const writer *w, tanlu_dataset_writer *to) {
  const size_t n = w->table->n;
  double *row = tanlu_allocate_doubles(w->context, n, 1);
  tanlu_status status = row != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < n; i++) {
    for (size_t j = 0; j < n; j++) row[j] = w->table->a[j * n + i] * w->table->output[j];
    status = tanlu_dataset_writer_flows(to, row, NULL, w->context);
  }
  free(row);
  return status;
}

static tanlu_status write_parts(const writer *w, const parts *p) {
  static const char sources[] =
      "# Sources\n\nNone: every number is made up by `tanlu synth` from a seed. For tests of speed and size only.\n";
  const tanlu_accounts *a = &p->accounts;
  const tanlu_table_heads heads = {.name = "synthetic", /* dataset.yaml is a text of its own */
                                   .base_year = 2020,
                                   .money = "1e4 CNY",
                                   .import_treatment = TANLU_IMPORT_NONE,
                                   .balance_tolerance = 1e-9,
                                   .n = a->n,
                                   .sector = &a->sector,
                                   .category = &a->category,
                                   .component = &a->component,
                                   .role = a->role,
                                   .levels = LEVELS,
                                   .level = p->level,
                                   .sources = sources};
  tanlu_dataset_writer *to = NULL;
  tanlu_status status = tanlu_dataset_writer_create(&to, w->directory, false, &heads, w->context);
  for (size_t k = 0; status == TANLU_OK && k < sizeof files / sizeof *files; k++) status = write_file(w, k, to);
  if (status == TANLU_OK) status = write_flows(w, to);
  if (status == TANLU_OK) {
    status = tanlu_dataset_writer_margins(to, a->final_use, NULL, a->imports, NULL, a->value_added, w->table->output,
                                          w->context);
  }
  if (status == TANLU_OK) status = tanlu_dataset_writer_finish(&to, w->context);
  tanlu_dataset_writer_discard(&to);
  return status;
}

static tanlu_status write_dataset(writer *w) {
  for (kind k = KIND_COAL; k <= KIND_POWER; k++)
    if (first_of(w, k) == w->table->n)
      return tanlu_fail(w->context, TANLU_ERR_INPUT,
                        "no sector for %s is left with output; ask for fewer sectors without output",
                        k == KIND_COAL    ? "coal"
                        : k == KIND_GOODS ? "goods"
                                          : "power");
  if (access(w->directory, F_OK) == 0) {
    return tanlu_fail_at(w->context, TANLU_ERR_INPUT, w->directory, 0, 0, "exists already; choose another name");
  }
  for (size_t i = 0; i < w->table->n; i++) w->value_added += w->table->value_added[i];
  w->scale = 1e-5 * w->value_added; /* 1.7 TJ of primary energy for a million CNY; China in 2020: 1.4 */
  parts p = {0};
  tanlu_status status = fill_parts(&p, w);
  if (status == TANLU_OK) status = write_parts(w, &p);
  parts_clear(&p);
  return status;
}

int cli_synth(cli_environment *environment, int argc, char **argv) {
  int regions = 31, sectors = 42, seed = 1;
  double density = 1.0, zero = 0.0, radius = 0.0;
  const char *directory = NULL;
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "DIR", "the directory to make", &directory},
      {"regions", 'r', CLI_COUNT, "N", "number of regions (default 31)", &regions},
      {"sectors", 's', CLI_COUNT, "N", "sectors a region, at least 3 (default 42)", &sectors},
      {"density", 'd', CLI_NUMBER, "SHARE", "share of the flows that are not zero (default 1)", &density},
      {"zero", 'z', CLI_NUMBER, "N", "number of sectors without output (default 0)", &zero},
      {"radius", 0, CLI_NUMBER, "R", "spectral radius of the coefficients (default: drawn from 0.55 to 0.7)", &radius},
      {"seed", 0, CLI_COUNT, "N", "what the numbers are drawn from (default 1)", &seed},
  };
  char **operand = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (parsed != CLI_GO_ON) return parsed;
  if (directory == NULL) return cli_wrong_usage("synth", "expected the directory to make: -o DIR");
  if (sectors < SECTORS_LEAST) return cli_wrong_usage("synth", "%d sectors; expected at least 3", sectors);
  if (zero > 1e6 || zero != (double)(size_t)zero)
    return cli_wrong_usage("synth", "--zero %g is not a number of sectors", zero);
  const tanlu_synthetic_options options = {.regions = (size_t)regions,
                                           .sectors = (size_t)sectors,
                                           .density = density,
                                           .zero = (size_t)zero,
                                           .radius = radius,
                                           .seed = (uint64_t)seed};
  tanlu_synthetic *table = NULL;
  tanlu_context *context = tanlu_context_create();
  if (context != NULL) cli_signals_stop(context);
  tanlu_status status = context == NULL ? TANLU_ERR_MEMORY : tanlu_synthetic_create(&table, &options, context);
  if (status == TANLU_OK) {
    writer w = {.directory = directory,
                .table = table,
                .regions = options.regions,
                .sectors = options.sectors,
                .context = context};
    status = write_dataset(&w);
  }
  if (status == TANLU_OK)
    (void)printf("%s: %d regions of %d sectors, spectral radius %.4f\n", directory, regions, sectors, table->radius);
  cli_print_messages(environment, context, true);
  tanlu_synthetic_free(&table);
  tanlu_context_free(&context);
  return cli_status_exit(status);
}
