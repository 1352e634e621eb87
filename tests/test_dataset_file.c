/* Datasets: the tiny one of tests/support.h read back number by number, and then with one thing wrong at a time. Oracles:
 * the tables in tests/support.h; conversions by hand; lines and fields counted in its texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputs/dataset_file.h"
#include "inputs/file_hash.h"
#include "tests/support.h"

typedef struct {
  char dir[TANLU_TEST_PATH];
  tanlu_context *context;
  tanlu_dataset *dataset;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->context = tanlu_context_create();
  *state = f;
  return tanlu_test_temp_dir(f->dir) || tanlu_test_write_dataset(f->dir);
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->dir);
  free(f);
  return 0;
}

static void read_good(fixture *f) {
  tanlu_dataset_free(&f->dataset);
  const tanlu_status status = tanlu_dataset_read(&f->dataset, f->dir, f->context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  assert_non_null(f->dataset);
}

static void near(double value, double expected) { /* conversions are a few roundings */
  if (fabs(value - expected) > 1e-13 * fabs(expected)) fail_msg("%.17g, expected %.17g", value, expected);
}

/* ---- what is read ------------------------------------------------------------------------------------------------------ */

static void the_table(void **state) {
  fixture *f = *state;
  read_good(f);
  const tanlu_dataset *d = f->dataset;
  const tanlu_accounts *a = &d->accounts;
  assert_string_equal(d->name, "tiny-2020");
  assert_int_equal(d->base_year, 2020);
  assert_int_equal(d->history_to, 2022);
  assert_int_equal(a->n, 3);
  assert_string_equal(a->sector.code[2], "power");
  assert_string_equal(a->sector.name_zh[0], "煤炭");
  assert_true(a->flows[2 * 3 + 0] == 50.0); /* coal used by power */
  assert_true(a->flows[0 * 3 + 1] == 30.0); /* goods used by coal */
  assert_null(a->flows_domestic);
  assert_int_equal(a->category.count, 6);
  assert_int_equal(a->role[4], TANLU_ROLE_INVENTORIES);
  assert_true(a->final_use[5 * 3 + 1] == 50.0); /* exports of goods */
  assert_true(a->imports[1] == 100.0);
  assert_true(a->output[1] == 1000.0);
  assert_int_equal(a->component.count, 3);
  assert_true(a->value_added[1 * 3 + 2] == 200.0); /* surplus of goods */
  assert_int_equal(a->import_treatment, TANLU_IMPORT_PROPORTIONAL);
  assert_int_equal(d->levels, 2);
  assert_int_equal(d->policy_level, 1);
  assert_int_equal(d->level[0].of_sector[2], 0); /* power is secondary */
  assert_int_equal(d->level[0].of_sector[1], 1);
  near(d->population, 10e6);
  near(d->urbanisation, 0.6);
}

static void the_energy(void **state) {
  fixture *f = *state;
  read_good(f);
  const tanlu_energy_statistics *e = &f->dataset->energy;
  enum { C = 9 };
  assert_int_equal(e->carrier.label.count, C);
  assert_int_equal(e->branch.count, 5);
  assert_true(e->final[1 * C + 6] == 250.0); /* electricity in manufacturing */
  assert_true(e->non_energy[2] == 10.0);
  assert_true(e->conversion[0 * C + 0] == -900.0);
  assert_true(e->process_main[2 * C + 1]);
  assert_false(e->process_main[2 * C + 0]);
  assert_int_equal(e->process_sector[0], 2);
  assert_int_equal(e->process_kind[3], TANLU_PROCESS_RECOVERY);
  assert_true(e->supply[0 * C + 0] == 1400.0);
  assert_true(e->losses[6] == 20.0);
  assert_true(e->statistical_difference[0] == 4.0);
  assert_true(e->primary_wind == 15.0);
  assert_int_equal(e->electricity, 6);
  assert_int_equal(e->biomass, 5);
  assert_int_equal(e->carrier.technology[0], 0);
  assert_int_equal(e->carrier.technology[4], 3); /* blast-furnace gas: recovered */
  assert_true(e->carrier.technology[1] == TANLU_NONE);
  assert_int_equal(e->carrier.suppliers_max, 1);
  assert_int_equal(e->carrier.suppliers[0], 0);
  assert_true(e->carrier.suppliers[4] == TANLU_NONE);
  assert_int_equal(e->allocations, 1);
  assert_true(e->allocation[0].share == 0.5);
  assert_int_equal(e->sector_branch[1], 1);
  assert_int_equal(e->branch_non_energy_rank[1], 1);
  assert_int_equal(e->branch_non_energy_rank[0], -1);
  /* 26 tC/TJ x 98 % x 44/12 for power, x 94 % for all others, x 80 % for households; hydrogen has none */
  const size_t power = e->branch_user_group[2], industry = e->branch_user_group[0], homes = e->branch_user_group[3];
  near(e->emission_factor[power * C + 0], 26.0 * 0.98 * 44.0 / 12.0);
  near(e->emission_factor[industry * C + 0], 26.0 * 0.94 * 44.0 / 12.0);
  near(e->emission_factor[homes * C + 0], 26.0 * 0.80 * 44.0 / 12.0);
  near(e->emission_factor[homes * C + 2], 15.0 * 0.99 * 44.0 / 12.0);
  assert_true(e->emission_factor[power * C + 8] == 0.0);
  near(e->efficiency[tanlu_labels_find(&e->use, "buildings") * TANLU_CLASS_COUNT + TANLU_CLASS_COAL], 0.4);
}

static void power_and_products(void **state) {
  fixture *f = *state;
  read_good(f);
  const tanlu_power_statistics *p = &f->dataset->power;
  const tanlu_product_statistics *s = &f->dataset->products;
  assert_int_equal(p->technology.count, 9);
  assert_int_equal(p->like[4], 0);
  assert_true(p->like[0] == TANLU_NONE);
  assert_int_equal(p->fuel[1], 2);
  assert_true(p->follows_coke[3]);
  assert_true(p->variable[8]);
  near(p->capture_rate[4], 0.9);
  near(p->biomass_bound, 2000.0); /* 2 PJ */
  near(p->coal_rate, 305.5);
  assert_int_equal(s->product.count, 3);
  assert_int_equal(s->kind[2], TANLU_PRODUCT_PRIMARY);
  assert_int_equal(s->cls[2], TANLU_CLASS_COAL);
  assert_true(s->in_set[0 * 3 + 1]);
  assert_false(s->in_set[0 * 3 + 0]);
  near(s->emission_base[0], 8000.0); /* 20000 t x 0.5 x 0.8 */
  assert_int_equal(f->dataset->observed.count, 1);
  near(f->dataset->observed_value[1], 0.16);
  assert_true(isnan(f->dataset->observed_value[2]));
}

/* Money x 1e4, energy x 1000 or x 293.076 (1e4 tce at 29.3076 GJ a tce). */
static void units_are_converted_once(void **state) {
  fixture *f = *state;
  assert_int_equal(
      tanlu_test_edit(f->dir, "dataset.yaml", "{money: 1e4 CNY, energy: TJ}", "{money: 1e8 CNY, energy: PJ}"), 0);
  read_good(f);
  near(f->dataset->accounts.flows[1], 30e4);
  near(f->dataset->accounts.output[1], 1000e4);
  near(f->dataset->accounts.value_added[0], 30e4);
  near(f->dataset->accounts.imports[1], 100e4);
  near(f->dataset->energy.final[0], 20e3);
  near(f->dataset->energy.primary_wind, 15e3);
  near(f->dataset->power.biomass_bound, 2000.0); /* always in PJ */
  assert_int_equal(tanlu_test_edit(f->dir, "dataset.yaml", "energy: PJ", "energy: 1e4 tce"), 0);
  read_good(f);
  near(f->dataset->energy.final[0], 20 * 293.076);
  near(f->dataset->energy.conversion[0], -900 * 293.076);
}

/* Row order, column order, byte order marks and CRLF do not matter. */
static void order_and_line_ends_do_not_matter(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->dir, "flows.csv",
                                         "\xEF\xBB\xBFpower,code,coal,goods\r\n10,power,10,110\r\n50,coal,10,40\r\n"
                                         "40,goods,30,300\r\n"),
                   0);
  read_good(f);
  static const double expected[9] = {10, 30, 10, 40, 300, 110, 50, 40, 10}; /* column-major */
  for (size_t k = 0; k < 9; k++) assert_true(f->dataset->accounts.flows[k] == expected[k]);
}

static void every_file_has_its_digest(void **state) {
  fixture *f = *state;
  read_good(f);
  const tanlu_dataset *d = f->dataset;
  assert_int_equal(d->files, 26); /* dataset.yaml, history.yaml and 24 CSV files */
  bool history = false;
  for (size_t i = 0; i < d->files; i++) {
    char path[2 * TANLU_TEST_PATH], digest[TANLU_SHA256_TEXT];
    snprintf(path, sizeof path, "%s/%s", f->dir, d->file[i]);
    assert_int_equal(tanlu_file_sha256(path, digest, f->context), TANLU_OK);
    assert_string_equal(digest, d->sha256[i]);
    history = history || strcmp(d->file[i], "history.yaml") == 0;
  }
  assert_true(history);
}

/* A dataset without a history ends its record in the base year. */
static void history_may_be_absent(void **state) {
  fixture *f = *state;
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/history.yaml", f->dir);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "history.yaml: error: the file does not exist, but dataset.yaml says "
                                                 "history_to: 2022"));
  tanlu_context_clear(f->context);
  snprintf(path, sizeof path, "%s/observed.csv", f->dir);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(tanlu_test_edit(f->dir, "dataset.yaml", "history_to: 2022\n", ""), 0);
  read_good(f);
  assert_int_equal(f->dataset->history_to, 2020);
}

/* Split imports: domestic parts are read, and may not be above the total. */
static void split_imports(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->dir, "dataset.yaml", "proportional", "split"), 0);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "flows_domestic.csv: error: the file does not exist"));
  assert_true(tanlu_test_has_message(f->context, "final_demand_domestic.csv: error: the file does not exist"));
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_test_write_file(f->dir, "flows_domestic.csv",
                                         "code,coal,goods,power\ncoal,9,38,49\ngoods,25,260,30\npower,10,110,10\n"),
                   0);
  assert_int_equal(
      tanlu_test_write_file(f->dir, "final_demand_domestic.csv",
                            "code,rural_households,urban_households,government,fixed_capital,inventories,"
                            "exports\ncoal,4,5,0,0,5,10\ngoods,95,230,120,180,10,50\npower,20,45,0,0,0,5\n"),
      0);
  read_good(f);
  assert_true(f->dataset->accounts.flows_domestic[1 * 3 + 1] == 260.0);
  assert_true(f->dataset->accounts.final_domestic[1 * 3 + 0] == 5.0);
  tanlu_dataset_free(&f->dataset);
  assert_int_equal(tanlu_test_edit(f->dir, "flows_domestic.csv", "goods,25,260", "goods,25,301"), 0);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(
      f->context, "flows_domestic.csv: error: 'goods' used by 'goods': domestic part 301 is above the total 300"));
}

/* ---- one thing wrong at a time ------------------------------------------------------------------------------------------ */

static const struct {
  const char *file, *before, *after, *message;
} mistakes[] = {
    /* dataset.yaml */
    {"dataset.yaml", "base_year", "base_yaer",
     "dataset.yaml:3:1: error: unknown key 'base_yaer' in dataset.yaml; did you "
     "mean 'base_year'?"},
    {"dataset.yaml", "base_year: 2020", "base_year: 2020x",
     "dataset.yaml:3:12: error: expected a whole number, found "
     "'2020x'"},
    {"dataset.yaml", "1e-9", "0.1x", "dataset.yaml:5:20: error: expected a number, found '0.1x'"},
    {"dataset.yaml", "proportional", "proportinal",
     "unknown value 'proportinal' of 'import_treatment'; did you mean "
     "'proportional'?"},
    {"dataset.yaml", "energy: TJ", "energy: toe", "unknown value 'toe' of 'energy'"},
    {"dataset.yaml", "co2_gdp_change_from_2005: -0.484\n", "", "missing key 'co2_gdp_change_from_2005'"},
    {"dataset.yaml", "coal_rate: 305.5, ", "", "missing key 'coal_rate' in power"},
    {"dataset.yaml", "heat: heat", "heat: haet",
     "dataset.yaml:13:44: error: unknown carrier 'haet'; did you mean 'heat'?"},
    {"dataset.yaml", "driver_level: policy_group", "driver_level: policy", "unknown value 'policy' of 'driver_level'"},
    {"dataset.yaml", "urbanisation: 0.6", "urbanisation: 60", "'urbanisation' is 60; expected 0 to 1"},
    {"dataset.yaml", "name: tiny-2020\n", "name: tiny-2020\nname: x\n",
     "dataset.yaml:2:1: error: duplicate key 'name'"},
    /* codes */
    {"sectors.csv", "code,name", "code,nmae", "sectors.csv:1:2: error: unknown column 'nmae'; did you mean 'name'?"},
    {"sectors.csv", ",industry3", ",industry", "sectors.csv:1: error: missing column 'industry3'"},
    {"sectors.csv", "\ngoods,", "\ncoal,", "sectors.csv:3:1: error: duplicate sector 'coal'"},
    {"sectors.csv", "tertiary", "tertairy",
     "sectors.csv:3:4: error: unknown group 'tertairy'; did you mean 'tertiary'?"},
    {"sectors.csv", ",mining\n", ",minning\n",
     "sectors.csv:2:6: error: unknown branch 'minning'; did you mean 'mining'?"},
    {"sectors.csv", ",mining\n", ",urban\n", "sectors.csv:2:6: error: branch 'urban' is of households"},
    {"sectors.csv", "\npower,", "\npow er,", "sectors.csv:4:1: error: 'pow er' is no code for a sector"},
    {"groups.csv", "policy_group,goods", "policy_group,all", "groups.csv:5:2: error: 'all' is a reserved word"},
    {"groups.csv", "policy_group,goods", "policy_grop,goods", "groups.csv:5:1: error: unknown level 'policy_grop'"},
    {"groups.csv", "policy_group,power_heat", "policy_group,nobody,,\npolicy_group,power_heat",
     "group 'nobody' of level 'policy_group' has no sector"},
    {"groups.csv", "policy_group,goods,", "policy_group,secondary,,\npolicy_group,goods,", "has no sector"},
    {"categories.csv", "inventories\n", "stock\n", "categories.csv:6:4: error: unknown role 'stock'"},
    {"carriers.csv", "coke,Coke,焦炭,coke", "coke,Coke,焦炭,cok",
     "carriers.csv:3:4: error: unknown class 'cok'; did you "
     "mean 'coke'?"},
    {"carriers.csv", "yes,no,0.5", "yes,no,1.5", "carriers.csv:4:7: error: 'stored_fraction' is 1.5; expected 0 to 1"},
    {"carriers.csv", "0.3,,power", "0.3,,pwer",
     "carriers.csv:9:10: error: unknown sector 'pwer'; did you mean 'power'?"},
    {"carriers.csv", "1,gas,goods", "1,gass,goods", "carriers.csv:4:9: error: unknown power technology 'gass'"},
    {"branches.csv", "urban,Urban households,城镇,urban", "urban,Urban households,城镇,rural",
     "branches.csv: error: no branch of kind 'urban'"},
    {"branches.csv", "households,buildings", "households,building",
     "branches.csv:5:6: error: unknown end use 'building'"},
    {"branches.csv", "transport,1\n", "transport,first\n", "branches.csv:3:8: error: expected a number"},
    /* the table */
    {"flows.csv", "30,300,40", "30,300x,40", "flows.csv:3:3: error: expected a number in column 'goods', found '300x'"},
    {"flows.csv", "30,300,40", "30,nan,40", "flows.csv:3:3: error: expected a number in column 'goods', found 'nan'"},
    {"flows.csv", "30,300,40", "30,inf,40", "flows.csv:3:3: error: expected a number"},
    {"flows.csv", "30,300,40", "30,\"300,0\",40",
     "flows.csv:3:3: error: expected a number in column 'goods', found "
     "'300,0'"},
    {"flows.csv", "30,300,40", "-30,300,40", "flows.csv:3:2: error: 'coal' is -30; expected at least 0"},
    {"flows.csv", "30,300,40", "30,300", "flows.csv:3:4: error: 3 fields; expected 4 as in the header"},
    {"flows.csv", "power,10,110,10\n", "", "flows.csv: error: no row for sector 'power'"},
    {"flows.csv", "power,10,110,10", "power,10,110,10\ncoal,1,1,1",
     "flows.csv:5:1: error: duplicate sector 'coal', first "
     "in line 2"},
    {"flows.csv", "code,coal,goods", "code,coal,coal",
     "flows.csv:1:3: error: duplicate column 'coal', first in field 2"},
    {"flows.csv", "\npower,10", "\n\"power,10", "flows.csv:4:1: error: the quoted field begun here is not closed"},
    {"flows.csv", "30,300,40", "30,300,41",
     "flows.csv:3: error: row 'goods' does not add up: uses - imports + "
     "discrepancy = 1001, gross output 1000, gap 1 "},
    {"flows.csv", "30,300,40", "30,300,41",
     "flows.csv:1:4: error: column 'power' does not add up: inputs + value added = "
     "201, gross output 200, gap 1 "},
    {"value_added.csv", "labour,Labour,劳动者报酬,30", "labour,Labour,劳动者报酬,30.5",
     "flows.csv:1:2: error: column 'coal' does not add up"},
    {"final_demand.csv", "coal,4,6", "coal,4,6.000001", "flows.csv:2: error: row 'coal' does not add up"},
    {"final_demand.csv", ",0,1000\n", ",0,-1000\n",
     "final_demand.csv:3:10: error: 'gross_output' is -1000; expected at "
     "least 0"},
    {"final_demand.csv", "5,0,120\n", "5,0,0\n",
     "flows.csv:1:2: error: sector 'coal' has no gross output but its column "
     "holds 120 "},
    {"final_demand.csv", "imports", "import",
     "final_demand.csv:1:8: error: unknown column 'import'; did you mean "
     "'imports'?"},
    /* energy */
    {"branch_energy.csv", "raw_coal", "raw_cool",
     "branch_energy.csv:1:2: error: unknown column 'raw_cool'; did you mean "
     "'raw_coal'?"},
    {"branch_energy.csv", "mining,20", "mining,-20",
     "branch_energy.csv:2:2: error: 'raw_coal' is -20; expected at least 0"},
    {"branch_energy.csv", "mining,20", "mining,21",
     "supply.csv: error: the balance of 'raw_coal' does not close: "
     "available 1434 + conversion -1170 - losses 0 - final 261 - "
     "statistical difference 4 = -1 TJ"},
    {"branch_energy.csv", "urban,10,0,30", "urban,9,1,30", "the balance of 'coke' does not close"},
    {"branch_energy.csv", "mining", "minng",
     "branch_energy.csv:2:1: error: unknown branch 'minng'; did you mean "
     "'mining'?"},
    {"non_energy.csv", "natural_gas,10", "natural_gas,91",
     "non_energy.csv: error: non-energy use of 'natural_gas' (91 TJ) "
     "is above its final use (90 TJ)"},
    {"non_energy.csv", "natural_gas,10", "natural_gas,10\nnatural_gas,1",
     "non_energy.csv:3:1: error: duplicate carrier "
     "'natural_gas'"},
    {"non_energy.csv", "natural_gas,10", "natural_gas,",
     "non_energy.csv:2:2: error: expected a number in column 'value'"},
    {"efficiency.csv", "buildings,coal,0.4,\n", "",
     "efficiency.csv: error: no efficiency of 'coal' in 'buildings', "
     "which branch 'urban' needs for 'raw_coal'"},
    {"efficiency.csv", "industry_heat,coke,0.6", "industry_heat,coal,0.6",
     "efficiency.csv:3:2: error: duplicate class "
     "'coal' of 'industry_heat'"},
    {"efficiency.csv", "industry_heat,coke,0.6", "industry_heat,coke,0",
     "efficiency.csv:3:3: error: 'efficiency' is 0"},
    {"processes.csv", "power,electricity", "pwr,electricity", "processes.csv:2:5: error: unknown sector 'pwr'"},
    {"processes.csv", "goods,coke", "goods,", "processes.csv:4:6: error: process 'coking' names no main product"},
    {"processes.csv", "goods,coke", "goods,coek",
     "processes.csv:4:6: error: unknown carrier 'coek'; did you mean 'coke'?"},
    {"processes.csv", "goods,coke", "goods,coke heat",
     "conversion.csv: error: process 'coking' has 'heat' as a main "
     "product but does not make any"},
    {"allocation.csv", "goods,0.5", "goods,1.5", "allocation.csv:2:4: error: 'share' is 1.5; expected 0 to 1"},
    {"allocation.csv", "goods,0.5", "coal,0.5",
     "allocation.csv:2:3: error: sector 'coal' belongs to branch 'mining', not "
     "to 'manufacturing'"},
    {"allocation.csv", "0.5,made up\n", "0.5,\nmanufacturing,raw_coal,goods,0.6,\n",
     "allocation.csv:3:4: error: the shares of 'raw_coal' in branch 'manufacturing' add up to 1.1"},
    {"allocation.csv", "0.5,made up\n", "0.5,\nmanufacturing,raw_coal,goods,0.2,\n",
     "allocation.csv:3:3: error: duplicate share of sector 'goods'"},
    {"throughput.csv", "row,column\n", "row,column\npower,pow\n", "throughput.csv:2:2: error: unknown sector 'pow'"},
    {"emission_factors.csv", "households,raw", "household,raw",
     "emission_factors.csv:6:1: error: unknown user group "
     "'household'; did you mean 'households'?"},
    {"emission_factors.csv", "26,98", "26,198",
     "emission_factors.csv:7:4: error: 'oxidation' is 198; expected 0 to 100"},
    {"emission_factors.csv", "all,coke", "all,raw_coal",
     "emission_factors.csv:3:2: error: duplicate factor of 'raw_coal' "
     "for 'all'"},
    /* power, products */
    {"power.csv", "thermal,0.92", "thermal,0.93",
     "power.csv: error: the shares of the technologies of 'thermal' add up to "
     "1.01; expected 1"},
    {"power.csv", "wind,1,2,2100", "wind,0.5,2,2100", "the shares of the technologies of 'wind' add up to 0.5"},
    {"power.csv", "raw_coal,coal,0.33", "raw_coal,cola,0.33", "power.csv:6:13: error: unknown technology 'cola'"},
    {"power.csv", "0,natural_gas,", "0,natural_gass,",
     "power.csv:3:12: error: unknown carrier 'natural_gass'; did you "
     "mean 'natural_gas'?"},
    {"power.csv", "2100,yes", "2100,si", "power.csv:9:8: error: expected yes or no in column 'variable', found 'si'"},
    {"power.csv", "\nhydro,", "\ncoal,", "power.csv:7:1: error: duplicate technology 'coal'"},
    {"primary_electricity.csv", "solar,5", "solr,5",
     "primary_electricity.csv:5:1: error: unknown source 'solr'; did you "
     "mean 'solar'?"},
    {"products.csv", "follows,goods", "controlled,goods",
     "products.csv:3:7: error: sector 'goods' already has the "
     "controlled product 'widgets'"},
    {"products.csv", "follows,goods", "follows,", "products.csv:3:7: error: product 'parts' names no sector"},
    {"products.csv", "follows,goods", "follows,good",
     "products.csv:3:7: error: unknown sector or range 'good'; did you "
     "mean 'goods'?"},
    {"products.csv", "primary,coal,coal", "primary,coal,", "products.csv:4:8: error: the class is empty"},
    {"products.csv", "Mt,10,", "Mt,0,", "products.csv:2:5: error: a controlled product needs an output"},
    {"emissions.csv", "widgets,goods", "widget,goods",
     "emissions.csv:2:4: error: unknown product 'widget'; did you mean "
     "'widgets'?"},
    {"emissions.csv", "20000,0.5", "20000,", "emissions.csv:2:7: error: expected a number in column 'ratio'"},
    {"observed.csv", "2021,2022", "2021,2023", "observed.csv:1:5: error: unknown column '2023'"},
    {"observed.csv", "0.15", "about 0.15", "observed.csv:2:3: error: expected a number in column '2020'"},
    /* history */
    {"history.yaml", "2022: 3.0", "2023: 3.0", "history.yaml:1:27: error: year 2023 is outside 2020 to 2022"},
    {"history.yaml", "growth", "growht", "history.yaml:1:7: error: unknown key 'growht'; did you mean 'growth'?"},
    {"history.yaml", "widgets", "widgts",
     "history.yaml:4:12: error: unknown product 'widgts'; did you mean 'widgets'?"},
    {"history.yaml", ", balance: coal", "", "history.yaml:5:9: error: the shares of 'mix' name no `balance`"},
    {"history.yaml", "{2021: 10.1, 2022: 10.15}", "10.1",
     "history.yaml:2:13: error: the history records values by year"},
    {"history.yaml", "{2021: 10.1,", "{2020: 11, 2021: 10.1,",
     "history.yaml:2:20: error: 11 in the base year 2020, but "
     "the dataset says 10"},
};

static void each_mistake_is_named(void **state) {
  fixture *f = *state;
  size_t wrong = 0;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    assert_int_equal(tanlu_test_write_dataset(f->dir), 0);
    assert_int_equal(tanlu_test_edit(f->dir, mistakes[i].file, mistakes[i].before, mistakes[i].after), 0);
    tanlu_context_clear(f->context);
    const tanlu_status status = tanlu_dataset_read(&f->dataset, f->dir, f->context);
    if (status == TANLU_ERR_INPUT && !f->dataset && tanlu_test_has_message(f->context, mistakes[i].message)) continue;
    print_error("%s: '%s' instead of '%s': status %d\n", mistakes[i].file, mistakes[i].after, mistakes[i].before,
                (int)status);
    wrong++;
    tanlu_dataset_free(&f->dataset);
  }
  assert_int_equal(wrong, 0);
}

/* Each file in turn is missing: it is named, and nothing is returned. observed.csv and history.yaml may be absent. */
static void each_missing_file_is_named(void **state) {
  fixture *f = *state;
  static const char *const files[] = {"dataset.yaml",
                                      "sectors.csv",
                                      "groups.csv",
                                      "flows.csv",
                                      "final_demand.csv",
                                      "categories.csv",
                                      "value_added.csv",
                                      "carriers.csv",
                                      "branches.csv",
                                      "branch_energy.csv",
                                      "non_energy.csv",
                                      "processes.csv",
                                      "conversion.csv",
                                      "supply.csv",
                                      "losses.csv",
                                      "statistical_difference.csv",
                                      "primary_electricity.csv",
                                      "allocation.csv",
                                      "throughput.csv",
                                      "efficiency.csv",
                                      "emission_factors.csv",
                                      "power.csv",
                                      "products.csv",
                                      "emissions.csv"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char path[2 * TANLU_TEST_PATH], message[128];
    assert_int_equal(tanlu_test_write_dataset(f->dir), 0);
    snprintf(path, sizeof path, "%s/%s", f->dir, files[i]);
    assert_int_equal(unlink(path), 0);
    tanlu_context_clear(f->context);
    assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
    assert_null(f->dataset);
    snprintf(message, sizeof message, "%s: error: the file does not exist", files[i]);
    assert_true(tanlu_test_has_message(f->context, message));
  }
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_dataset_read(&f->dataset, "/nowhere", f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "/nowhere: error: no such directory"));
}

/* Problems of several files are reported together. */
static void all_files_are_reported(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->dir, "flows.csv", "30,300,40", "30,x,40"), 0);
  assert_int_equal(tanlu_test_edit(f->dir, "losses.csv", "heat,5", "heat,y"), 0);
  assert_int_equal(tanlu_test_edit(f->dir, "emissions.csv", "0.8", "z"), 0);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_context_errors(f->context), 3);
}

/* A sector with zero output may keep zero row and column, but no energy and no emissions. */
static void zero_output(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->dir, "sectors.csv", "power,Power", "idle,Idle,,tertiary,goods,idle\npower,Power"),
                   0);
  assert_int_equal(tanlu_test_edit(f->dir, "branches.csv", "urban,Urban",
                                   "idle,Idle,,industry,industry,industry_heat,transport,-1\nurban,Urban"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->dir, "flows.csv",
                                         "code,coal,goods,idle,power\ncoal,10,40,0,50\ngoods,30,300,0,40\nidle,,,,\n"
                                         "power,10,110,0,10\n"),
                   0);
  assert_int_equal(tanlu_test_edit(f->dir, "final_demand.csv", "power,20", "idle,,,,,,,,,\npower,20"), 0);
  assert_int_equal(
      tanlu_test_write_file(f->dir, "value_added.csv",
                            "code,name,name_zh,coal,goods,idle,power\nlabour,,,30,300,,40\ntaxes,,,10,50,,10\n"
                            "surplus,,,30,200,,50\n"),
      0);
  assert_int_equal(tanlu_test_edit(f->dir, "branch_energy.csv", "urban,10", "idle,,,,,,,,,\nurban,10"), 0);
  read_good(f);
  assert_true(f->dataset->accounts.output[2] == 0.0);
  tanlu_dataset_free(&f->dataset);

  assert_int_equal(tanlu_test_edit(f->dir, "branch_energy.csv", "idle,,", "idle,1,"), 0);
  assert_int_equal(tanlu_test_edit(f->dir, "branch_energy.csv", "mining,20", "mining,19"), 0);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(
      f->context, "branch_energy.csv:5: error: branch 'idle' uses 1 TJ but its sector 'idle' has no gross output"));
  assert_int_equal(tanlu_test_edit(f->dir, "emissions.csv", "widgets,goods", "widgets,idle"), 0);
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_dataset_read(&f->dataset, f->dir, f->context), TANLU_ERR_INPUT);
  assert_true(
      tanlu_test_has_message(f->context, "emissions.csv:2:5: error: sector 'idle' emits but has no gross output"));
}

/* tanlu_input_find: beside the file, in TANLU_PATH, by path; a wrong name brings the nearest one. */
static void inputs_are_found(void **state) {
  fixture *f = *state;
  char *path = NULL, root[2 * TANLU_TEST_PATH], expected[4 * TANLU_TEST_PATH];
  snprintf(root, sizeof root, "%s/places", f->dir);
  assert_int_equal(tanlu_test_write_file(root, "china-2020/dataset.yaml", "name: x\n"), 0);
  assert_int_equal(tanlu_test_write_file(root, "my-plan.yaml", "name: x\n"), 0);

  assert_int_equal(tanlu_input_find(&path, "scenarios", "my-plan", root, f->context), TANLU_OK);
  snprintf(expected, sizeof expected, "%s/my-plan.yaml", root);
  assert_string_equal(path, expected);
  free(path);
  assert_int_equal(tanlu_input_find(&path, "data", "./china-2020", root, f->context), TANLU_OK);
  snprintf(expected, sizeof expected, "%s/./china-2020", root);
  assert_string_equal(path, expected);
  free(path);
  assert_int_equal(tanlu_input_find(&path, "data", "no/such", root, f->context), TANLU_ERR_INPUT);
  assert_null(path);
  assert_true(tanlu_test_has_message(f->context, "error: no dataset 'no/such' beside "));

  setenv("TANLU_PATH", root, 1);
  assert_int_equal(tanlu_input_find(&path, "scenarios", "my-plan", "/nowhere", f->context), TANLU_OK);
  free(path);
  assert_int_equal(tanlu_input_find(&path, "scenarios", "my-plam", "/nowhere", f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "did you mean 'my-plan'?"));
  /* a name with its folder: a path first, then below the places */
  assert_int_equal(tanlu_test_write_file(root, "hard/times.yaml", "name: x\n"), 0);
  assert_int_equal(tanlu_input_find(&path, "scenarios", "hard/times", "/nowhere", f->context), TANLU_OK);
  snprintf(expected, sizeof expected, "%s/hard/times.yaml", root);
  assert_string_equal(path, expected);
  free(path);
  assert_int_equal(tanlu_input_find(&path, "scenarios", "hard/time", "/nowhere", f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "no scenario 'hard/time'; did you mean 'hard/times'?"));
  assert_int_equal(tanlu_input_find(&path, "scenarios", "./hard/times", "/nowhere", f->context), TANLU_ERR_INPUT);
  unsetenv("TANLU_PATH");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_table, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_energy, set_up, tear_down),
      cmocka_unit_test_setup_teardown(power_and_products, set_up, tear_down),
      cmocka_unit_test_setup_teardown(units_are_converted_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(order_and_line_ends_do_not_matter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(every_file_has_its_digest, set_up, tear_down),
      cmocka_unit_test_setup_teardown(history_may_be_absent, set_up, tear_down),
      cmocka_unit_test_setup_teardown(split_imports, set_up, tear_down),
      cmocka_unit_test_setup_teardown(each_mistake_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(each_missing_file_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(all_files_are_reported, set_up, tear_down),
      cmocka_unit_test_setup_teardown(zero_output, set_up, tear_down),
      cmocka_unit_test_setup_teardown(inputs_are_found, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
