/* tanlu export --iamc. Oracles: aggregates against their parts and against indicators that the model adds up by itself, the
 * CSV against the table, netCDF read by the rules of pyam.read_netcdf against the CSV, wrong usage. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/iamc_private.h"
#include "tests/program_support.h"

typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_test_run run;
  tanlu_context *context;
  tanlu_result *result;
  tanlu_iamc *iamc; /* of dual-carbon-42 and reference-42, from 2020 on */
} fixture;

static const tanlu_iamc_choice everything = {.from = INT_MIN, .to = INT_MAX};

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  char path[TANLU_TEST_PATH + 32];
  snprintf(path, sizeof path, "%s/out.h5", f->directory);
  f->context = tanlu_context_create();
  tanlu(&f->run, f->directory, "run", "-q", "-o", "out.h5", "dual-carbon-42", "reference-42");
  if (f->run.status != 0 || tanlu_result_open(&f->result, path, f->context) != TANLU_OK ||
      tanlu_iamc_create(&f->iamc, f->result, &everything, f->context) != TANLU_OK) {
    tanlu_test_print_messages(f->context);
    return 1;
  }
  tanlu_test_write_probe(f->directory);
  if (tanlu_test_write_file(f->directory, "short.yaml", "name: short\nparent: probe\nyears: {to: 2025}\n")) return 1;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "tiny.h5", "probe", "short");
  return f->run.status;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_iamc_free(&f->iamc);
  tanlu_result_close(&f->result);
  tanlu_context_free(&f->context);
  tanlu_test_forget(&f->run);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

/* Values of a variable: scenarios x years. */
static const double *values(const tanlu_iamc *x, const char *name) {
  for (size_t v = 0; v < x->variables; v++) {
    if (strcmp(x->variable[v]->name, name) == 0) return x->value + v * x->scenarios * x->years;
  }
  fail_msg("%s is not exported", name);
  return NULL;
}

/* A variable is the sum of others; `parts`: names after its own, separated by ';'. Rounding of sums of some 10^4 terms. */
static void adds_up(const tanlu_iamc *x, const char *whole, const char *parts) {
  const double *sum = values(x, whole);
  for (size_t i = 0; i < x->scenarios * x->years; i++) {
    char list[512], *rest = NULL;
    double other = 0.0, size = fabs(sum[i]);
    snprintf(list, sizeof list, "%s", parts);
    for (char *part = strtok_r(list, ";", &rest); part != NULL; part = strtok_r(NULL, ";", &rest)) {
      char name[160];
      snprintf(name, sizeof name, "%s|%s", whole, part);
      const double value = values(x, name)[i];
      other += value;
      size = fmax(size, fabs(value));
    }
    if (!(fabs(sum[i] - other) <= 1e-12 * size)) fail_msg("%s: %.17g, its parts %.17g", whole, sum[i], other);
  }
}

static void aggregates_are_their_parts(void **state) {
  const fixture *f = *state;
  static const char *const carriers = "Electricity;Gases;Heat;Hydrogen;Liquids;Solids;Other";
  static const char *const sources = "Biomass;Fossil;Non-Biomass Renewables;Nuclear;Other";
  adds_up(f->iamc, "Final Energy", carriers);
  adds_up(f->iamc, "Final Energy",
          "Agriculture;Industry;Residential and Commercial;Transportation;Non-Energy Use;Other Sector");
  static const char *const sector[] = {"Agriculture",    "Industry",   "Residential and Commercial",
                                       "Transportation", "Commercial", "Residential"};
  for (size_t i = 0; i < sizeof sector / sizeof *sector; i++) {
    char name[64];
    snprintf(name, sizeof name, "Final Energy|%s", sector[i]);
    adds_up(f->iamc, name, carriers);
  }
  adds_up(f->iamc, "Final Energy|Gases", "Coal;Gas");
  adds_up(f->iamc, "Primary Energy",
          "Coal;Oil;Gas;Biomass;Nuclear;Non-Biomass Renewables;Secondary Energy Trade;Other");
  adds_up(f->iamc, "Emissions|CO2", "Energy;Industrial Processes;AFOLU");
  adds_up(f->iamc, "Emissions|CO2|Energy", "Supply;Demand");
  adds_up(f->iamc, "Emissions|CO2|Energy|Demand", "Industry;AFOFI;Residential and Commercial;Transportation");
  adds_up(f->iamc, "Carbon Capture", "Energy;Industrial Processes");
  static const char *const power[] = {"Secondary Energy|Electricity", "Capacity|Electricity"};
  for (size_t i = 0; i < 2; i++) {
    char name[96];
    adds_up(f->iamc, power[i], sources);
    snprintf(name, sizeof name, "%s|Fossil", power[i]);
    const double *fossil = values(f->iamc, name), *sum = values(f->iamc, power[i]);
    assert_true(fossil[0] > 0.4 * sum[0] && fossil[0] < 0.75 * sum[0]); /* of China in 2020 */
    static const char *const parts[][2] = {{"Non-Biomass Renewables", "Hydro;Solar;Wind"},
                                           {"Solar", "CSP;PV"},
                                           {"Wind", "Offshore;Onshore"},
                                           {"Coal", "w/ CCS;w/o CCS"},
                                           {"Gas", "w/ CCS;w/o CCS"},
                                           {"Biomass", "w/ CCS;w/o CCS"}};
    for (size_t k = 1; k < sizeof parts / sizeof *parts; k++) {
      snprintf(name, sizeof name, "%s|%s", power[i], parts[k][0]);
      adds_up(f->iamc, name, parts[k][1]);
    }
  }
}

/* Against what the model adds up on the way: value = factor x indicator. A tonne of coal equivalent is 29.3076 GJ. */
static void totals_are_the_indicators(void **state) {
  const fixture *f = *state;
  static const struct {
    const char *name, *indicator;
    double factor;
  } same[] = {{"Final Energy", "final_energy_total", 29.3076e-3},
              {"Final Energy|Electricity", "final_electricity", 3.6e-3},
              {"Final Energy|Non-Energy Use", "non_energy_use_total", 29.3076e-3},
              {"Primary Energy", "energy_consumption_calorific", 29.3076e-3},
              {"Primary Energy|Coal", "coal_consumption", 29.3076e-3},
              {"Primary Energy|Oil", "oil_consumption", 29.3076e-3},
              {"Secondary Energy|Electricity", "generation_total", 3.6e-3},
              {"Emissions|CO2|Energy and Industrial Processes", "co2_total", 1.0},
              {"Emissions|CO2|Industrial Processes", "co2_process_total", 1.0},
              {"Carbon Capture", "co2_captured_total", 1.0},
              {"Capacity|Electricity", "capacity_total", 1.0},
              {"Capacity|Electricity|Wind", "wind_capacity", 1.0},
              {"Capacity|Electricity|Solar", "solar_capacity", 1.0},
              {"Capacity|Electricity|Hydro", "hydro_capacity_total", 1.0},
              {"GDP|MER", "gdp", 0.1 / 6.8974},
              {"Population", "population", 1.0}};
  const tanlu_result_variable *indicators = NULL;
  assert_int_equal(tanlu_result_variable_read(f->result, "indicator_value", &indicators, f->context), TANLU_OK);
  const size_t count = f->iamc->scenarios * f->iamc->years;
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    const size_t id = tanlu_labels_find(tanlu_result_labels(f->result, "indicator"), same[i].indicator);
    assert_true(id != TANLU_NONE);
    const double *value = values(f->iamc, same[i].name);
    for (size_t k = 0; k < count; k++) {
      const double expected = same[i].factor * indicators->value[k * indicators->extent[2] + id];
      if (fabs(value[k] - expected) > 1e-9 * fabs(expected)) fail_msg("%s: %g", same[i].name, value[k]);
    }
  }
}

/* Vehicles of households: land_transport_oil is oil of rail, road and these vehicles, in Mtce. Neither of the two fields is
 * larger than what it is part of. */
static void vehicles_are_land_transport(void **state) {
  fixture *f = *state;
  static const char *const oil[] = {"crude_oil",      "gasoline", "kerosene",     "diesel",         "fuel_oil",
                                    "naphtha",        "lpg",      "lubricants",   "paraffin_waxes", "white_spirit",
                                    "petroleum_coke", "bitumen",  "refinery_gas", "other_petroleum"};
  char path[TANLU_TEST_PATH + 32];
  tanlu_result *result = NULL;
  tanlu(&f->run, f->directory, "run", "-q", "-f", "-o", "full.h5", "dual-carbon");
  expect_status(&f->run, 0);
  snprintf(path, sizeof path, "%s/full.h5", f->directory);
  assert_int_equal(tanlu_result_open(&result, path, f->context), TANLU_OK);
  static const char *const name[] = {"final_energy", "non_energy_use", "household_vehicle_energy", "household_energy",
                                     "indicator_value"};
  const tanlu_result_variable *v[5];
  for (size_t k = 0; k < 5; k++) {
    assert_int_equal(tanlu_result_variable_read(result, name[k], &v[k], f->context), TANLU_OK);
  }
  const tanlu_result_texts *group = tanlu_result_texts_find(result, "sector_group");
  const tanlu_labels *carrier = tanlu_result_labels(result, "carrier");
  const size_t sectors = v[0]->extent[3], carriers = v[0]->extent[2];
  const size_t id = tanlu_labels_find(tanlu_result_labels(result, "indicator"), "land_transport_oil");
  for (size_t t = 0; t < v[0]->extent[1]; t++) {
    double sum = 0.0;
    for (size_t i = 0; i < sizeof oil / sizeof *oil; i++) {
      const size_t c = tanlu_labels_find(carrier, oil[i]);
      assert_true(c != TANLU_NONE);
      for (size_t j = 0; j < sectors; j++) {
        const size_t at = (t * carriers + c) * sectors + j;
        const bool land = strcmp(group->text[j], "rail") == 0 || strcmp(group->text[j], "road") == 0;
        if (land) sum += v[0]->value[at] - v[1]->value[at];
      }
      for (size_t h = 0; h < 2; h++) sum += v[2]->value[(t * 2 + h) * carriers + c];
    }
    const double expected = v[4]->value[t * v[4]->extent[2] + id] * 29.3076;
    assert_true(expected > 0.0 && fabs(sum - expected) < 1e-9 * expected);
    for (size_t k = 0; k < 2 * carriers; k++) {
      assert_true(v[2]->value[t * 2 * carriers + k] <= v[3]->value[t * 2 * carriers + k]);
    }
  }
  tanlu_result_close(&result);
}

/* Every definition can be read, has a name of its own and a unit of the list. */
static void definitions_are_sums_of_terms(void **state) {
  (void)state;
  static const char *const unit[] = {"EJ/yr", "Mt CO2/yr", "Mt/yr", "GW", "million", "billion USD_2020/yr"};
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) {
    const tanlu_iamc_definition *d = tanlu_iamc_definition_at(i);
    const char *rest = d->of;
    tanlu_iamc_term term;
    int more = 0, terms = 0;
    while ((more = tanlu_iamc_next_term(&rest, &term)) > 0) terms++;
    if (more != 0 || terms == 0) fail_msg("%s: %s", d->name, d->of);
    size_t known = 0;
    while (known < sizeof unit / sizeof *unit && strcmp(unit[known], d->unit) != 0) known++;
    assert_true(known < sizeof unit / sizeof *unit);
    for (size_t k = 0; k < i; k++) assert_string_not_equal(d->name, tanlu_iamc_definition_at(k)->name);
  }
  for (size_t i = 0; i < tanlu_iamc_omissions(); i++) {
    for (size_t k = 0; k < tanlu_iamc_definitions(); k++) {
      assert_string_not_equal(tanlu_iamc_omission_at(i)->name, tanlu_iamc_definition_at(k)->name);
    }
  }
}

static void terms_are_read(void **state) {
  (void)state;
  const char *text = "0.1/4 a_b - c(sector=x.y, carrier=z) + -2 d";
  tanlu_iamc_term term;
  assert_int_equal(tanlu_iamc_next_term(&text, &term), 1);
  assert_string_equal(term.variable, "a_b");
  assert_true(term.factor == 0.1 / 4 && term.selectors == 0);
  assert_int_equal(tanlu_iamc_next_term(&text, &term), 1);
  assert_true(term.factor == -1.0 && term.selectors == 2);
  assert_string_equal(term.selector[0].class, "x.y");
  assert_string_equal(term.selector[1].axis, "carrier");
  assert_int_equal(tanlu_iamc_next_term(&text, &term), 1);
  assert_true(term.factor == -2.0);
  assert_int_equal(tanlu_iamc_next_term(&text, &term), 0);
  static const char *const wrong[] = {"a(b)", "a(b=c", "a b", "1 +", "a(b=c,d=e,f=g)"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *rest = wrong[i];
    int more = 1;
    while (more > 0) more = tanlu_iamc_next_term(&rest, &term);
    if (more != -1) fail_msg("taken: %s", wrong[i]);
  }
}

static void csv_holds_the_table(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "export", "--iamc", "-s", "reference-42", "-y", "2030-2031", "--region", "CHN, all",
        "--model", "M", "out.h5", "-o", "-");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Model,Scenario,Region,Variable,Unit,2030,2031\r\n");
  expect_err(
      &f->run,
      "note: left out, since the file has no sector of class 'industry.steel': Final Energy|Industry|Iron and Steel\n");
  expect_not_out(&f->run, "dual-carbon");
  const char *record = strstr(f->run.out, "M,reference-42,\"CHN, all\",Emissions|CO2|Energy|Supply,Mt CO2/yr,");
  assert_non_null(record);
  char *end = NULL;
  const double first = strtod(strstr(record, "/yr,") + 4, &end), second = strtod(end + 1, NULL);
  const double *expected = values(f->iamc, "Emissions|CO2|Energy|Supply") + f->iamc->years + 10;
  assert_true(first == expected[0] && second == expected[1]);
  tanlu(&f->run, f->directory, "export", "--iamc", "--quiet", "--long", "out.h5", "-o", "long.csv");
  expect_status(&f->run, 0);
  assert_string_equal(f->run.err, "");
  char *csv = tanlu_test_read_file(f->directory, "long.csv");
  assert_non_null(csv);
  assert_non_null(strstr(csv, "Model,Scenario,Region,Variable,Unit,Year,Value\r\nTanlu "));
  assert_non_null(strstr(csv, ",dual-carbon-42,China,Population,million,2020,1412.12\r\n"));
  size_t records = 0;
  for (const char *p = csv; *p != '\0'; p++) records += *p == '\n';
  assert_int_equal(records, 1 + f->iamc->variables * f->iamc->scenarios * f->iamc->years);
  free(csv);
}

/* What pyam.read_netcdf asks for: every data variable over exactly these axes, integer years, `unit` and `long_name`; the
 * values of the CSV. */
static void netcdf_is_what_pyam_reads(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("xarray") || !tanlu_test_python_has("netCDF4")) skip();
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "out.h5", "-o", "wide.csv");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "out.h5", "-o", "out.nc");
  expect_status(&f->run, 0);
  static const char script[] =
      "import csv, numpy, xarray\n"
      "ds = xarray.open_dataset('out.nc')\n"
      "assert all(isinstance(y, (int, numpy.integer)) for y in ds.coords['time'].values)\n"
      "rows = {(r['Model'], r['Scenario'], r['Region'], r['Variable'], r['Unit']): r\n"
      "        for r in csv.DictReader(open('wide.csv'))}\n"
      "cells = 0\n"
      "for name in ds.data_vars:\n"
      "    v = ds[name]\n"
      "    assert v.dims == ('time', 'model', 'scenario', 'region'), v.dims\n"
      "    for (t, m, s, r), value in numpy.ndenumerate(v.values):\n"
      "        row = rows[(ds.model.values[m], ds.scenario.values[s], ds.region.values[r], v.long_name, v.unit)]\n"
      "        assert float(row[str(ds.time.values[t])]) == value, (name, t, s)\n"
      "        cells += 1\n"
      "assert len(ds.data_vars) * 2 == len(rows) and set(ds.coords) == {'time', 'model', 'scenario', 'region'}\n"
      "print(cells, 'cells')\n";
  tanlu_test_python(&f->run, f->directory, script, (const char *const[]){NULL});
  expect_status(&f->run, 0);
  char cells[32];
  snprintf(cells, sizeof cells, "%zu cells", f->iamc->variables * f->iamc->scenarios * f->iamc->years);
  expect_out(&f->run, cells);
}

static void pyam_reads_both(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("pyam")) skip(); /* not in Debian */
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "-f", "out.h5", "-o", "p.csv");
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "-f", "out.h5", "-o", "p.nc");
  tanlu_test_python(&f->run, f->directory,
                    "import pyam\nassert pyam.IamDataFrame('p.csv').equals(pyam.read_netcdf('p.nc'))\n",
                    (const char *const[]){NULL});
  expect_status(&f->run, 0);
}

/* A carrier without a class (bf_gas), and a scenario that ends earlier. */
static void a_file_of_other_words(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "export", "--iamc", "tiny.h5", "-o", "-");
  expect_status(&f->run, 0);
  expect_err(&f->run,
             "note: left out, since carrier 'bf_gas' has no class: Final Energy|Electricity; Final Energy|Gases;");
  expect_err(&f->run, ": Production|Iron and Steel|Steel [Volume]");
  expect_out(&f->run, ",short,China,Final Energy,EJ/yr,");
  const char *record = strstr(f->run.out, ",short,China,Population,million,");
  assert_non_null(record);
  const char *end = strstr(record, "\r\n");
  assert_true(end != NULL && strncmp(end - 5, ",,,,,", 5) == 0 && end[-6] != ','); /* 2026 to 2030 */
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "--long", "tiny.h5", "-o", "-");
  expect_status(&f->run, 0);
  expect_out(&f->run, ",short,China,Population,million,2025,");
  expect_not_out(&f->run, ",short,China,Population,million,2026,");
}

static void wrong_usage_is_refused(void **state) {
  fixture *f = *state;
  static const struct {
    const char *argument[8], *message;
  } wrong[] = {
      {{"export", "out.h5", "-o", "w.csv"}, "expected --iamc"},
      {{"export", "--iamc", "out.h5"}, "expected --output"},
      {{"export", "--iamc", "-o", "w.csv"}, "expected a result file"},
      {{"export", "--iamc", "out.h5", "-o", "w.xlsx"}, "ends in .csv or .nc"},
      {{"export", "--iamc", "--long", "out.h5", "-o", "w.nc"}, "--long is a choice of CSV"},
      {{"export", "--iamc", "-y", "soon", "out.h5", "-o", "w.csv"}, "--year 'soon'"},
      {{"export", "--iamc", "-y", "2070", "out.h5", "-o", "w.csv"}, "it holds 2020 to 2060"},
      {{"export", "--iamc", "-s", "reference-4", "out.h5", "-o", "w.csv"}, "did you mean 'reference-42'?"},
      {{"export", "--iamc", "none.h5", "-o", "w.nc"}, "no such file"},
      {{"export", "--list", "out.h5"}, "--list takes no file"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), wrong[i].argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[i].message);
    assert_false(tanlu_test_exists(f->directory, "w.csv") || tanlu_test_exists(f->directory, "w.nc"));
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "there.csv", "mine"), 0);
  tanlu(&f->run, f->directory, "export", "--iamc", "out.h5", "-o", "there.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "exists already");
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "--force", "out.h5", "-o", "there.csv");
  expect_status(&f->run, 0);
}

static void a_sweep_is_refused(void **state) {
  fixture *f = *state;
  static const char sweep[] = "name: s\nscenario: probe\ndesign: lhs\nsamples: 4\nseed: 1\nparameters:\n"
                              "  - {path: sinks, mode: scale, distribution: {uniform: [0.7, 1.2]}}\n"
                              "outputs: {indicators: [co2_net]}\nkeep: indicators\n";
  assert_int_equal(tanlu_test_write_file(f->directory, "s.yaml", sweep), 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "s.h5", "./s.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "export", "--iamc", "s.h5", "-o", "s.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is the file of a sweep");
  assert_false(tanlu_test_exists(f->directory, "s.csv"));
}

static void the_list_names_all(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "export", "--list");
  expect_status(&f->run, 0);
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) expect_out(&f->run, tanlu_iamc_definition_at(i)->name);
  expect_out(&f->run, "Left out, since a result file cannot say it");
  expect_out(&f->run, "Price|Carbon: ");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(aggregates_are_their_parts),
      cmocka_unit_test(totals_are_the_indicators),
      cmocka_unit_test(vehicles_are_land_transport),
      cmocka_unit_test(definitions_are_sums_of_terms),
      cmocka_unit_test(terms_are_read),
      cmocka_unit_test(csv_holds_the_table),
      cmocka_unit_test(netcdf_is_what_pyam_reads),
      cmocka_unit_test(pyam_reads_both),
      cmocka_unit_test(a_file_of_other_words),
      cmocka_unit_test(wrong_usage_is_refused),
      cmocka_unit_test(a_sweep_is_refused),
      cmocka_unit_test(the_list_names_all),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
