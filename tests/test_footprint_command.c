/* tanlu footprint from outside, and what every analysis has of a result file: its scenario, its dataset, its version. Oracles: the
 * same scenario given by name gives the same bytes; sums of the CSV; a dataset or a result that has been changed is refused. */
#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

/* A result file of two scenarios of the tiny dataset, and one of a shipped scenario with a number of its own. */
static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  if (tanlu_test_write_file(f->directory, "short.yaml", "name: short\nparent: probe\nyears: {to: 2025}\n")) return 1;
  tanlu(&f->run, f->directory, "run", "-o", "two.h5", "probe", "short");
  if (f->run.status != 0) return 1;
  tanlu(&f->run, f->directory, "run", "-o", "slow.h5", "--set", "gdp.growth.2030=4.0", "dual-carbon");
  return f->run.status;
}

/* ---- results and scenarios ------------------------------------------------------------------------------------------------------ */

static void a_result_is_its_scenario(void **state) {
  fixture *f = *state;
  static const char *const set = "gdp.growth.2030=4.0";
  tanlu(&f->run, f->directory, "footprint", "slow.h5", "--csv", "a.csv", "--products", "--scopes", "--multipliers",
        "--linkages", "--key", "--paths", "5");
  expect_status(&f->run, 0);
  tanlu(&f->other, f->directory, "footprint", "dual-carbon", "--set", set, "--csv", "b.csv", "--products", "--scopes",
        "--multipliers", "--linkages", "--key", "--paths", "5");
  expect_status(&f->other, 0);
  assert_string_equal(f->run.out, f->other.out);
  char *a = tanlu_test_read_file(f->directory, "a.csv"), *b = tanlu_test_read_file(f->directory, "b.csv");
  assert_non_null(a);
  assert_string_equal(a, b);
  free(a);
  free(b);
}

static void scenarios_of_a_file_are_chosen(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "footprint", "two.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "two.h5: error: holds 2 scenarios; choose one with --scenario: probe, short");
  tanlu(&f->run, f->directory, "footprint", "--scenario", "shart", "two.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "has no scenario 'shart'; did you mean 'short'?");
  tanlu(&f->run, f->directory, "footprint", "--scenario", "short", "two.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "CO2 of scenario 'short' by final demand");
  expect_out(&f->run, "2025"); /* its last year, although the file goes on */
  expect_not_out(&f->run, "2030");
  tanlu(&f->other, f->directory, "footprint", "short");
  expect_status(&f->other, 0);
  assert_string_equal(f->run.out, f->other.out);
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  const struct {
    const char *argument[4], *message;
  } wrong[] = {
      {{"missing.h5"}, "missing.h5: error: no such file; expected a result file"},
      {{"prob"}, "no scenario 'prob'"},
      {{"probe", "--scenario", "probe"}, "--scenario chooses among the scenarios of a result file"},
      {{"two.h5", "--set", "sinks.2030=1"}, "--set does not go with a result file"},
      {{"probe", "--year", "2031"}, "--year: 2031 is outside the years of scenario 'probe', 2020 to 2030"},
      {{"probe", "--year", "2020,x"}, "--year: 'x' is no year"},
      {{"probe", "--year", "2025-2022"}, "--year: '2025-2022' is no year"},
      {{"probe", "--depth", "2"}, "--depth, --share and --category go with --paths"},
      {{"probe", "--paths=2", "--share", "101"}, "--share: expected a percentage from 0 to 100"},
      {{"two.h5", "--scenario", "other"}, "two.h5: error: has no scenario 'other'; it holds probe, short"},
      {{"two.h5"}, "two.h5: error: holds 2 scenarios; choose one with --scenario: probe, short"},
      {{"probe", "--level", "policy_group"}, "--level goes with --products and --key"},
      {{"probe", "--key", "--level", "policy"}, "has no level 'policy'"},
      {{"probe", "--paths=2", "--category", "exprts"},
       "unknown category of final demand 'exprts'; did you mean 'exports'"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    const char *argument[8] = {"footprint", "--csv", "none.csv"};
    memcpy(argument + 3, wrong[k].argument, sizeof wrong[k].argument);
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_string_equal(f->run.out, "");
    assert_false(tanlu_test_exists(f->directory, "none.csv"));
  }
}

/* ---- what a result was made with ------------------------------------------------------------------------------------------------ */

static void another_dataset_is_refused(void **state) {
  fixture *f = *state;
  char tiny[TANLU_TEST_PATH + 8];
  snprintf(tiny, sizeof tiny, "%s/tiny", f->directory);
  char *sectors = tanlu_test_read_file(tiny, "sectors.csv");
  assert_int_equal(tanlu_test_edit(tiny, "sectors.csv", "Goods and services", "Services and goods"), 0);
  tanlu(&f->run, f->directory, "footprint", "--scenario", "probe", "two.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "two.h5: error: was made with tiny-2020/sectors.csv of SHA-256 ");
  assert_string_equal(f->run.out, "");
  assert_int_equal(tanlu_test_write_file(tiny, "sectors.csv", sectors), 0);
  free(sectors);
  tanlu(&f->run, f->directory, "footprint", "--scenario", "probe", "two.h5");
  expect_status(&f->run, 0);
  char moved[TANLU_TEST_PATH + 8];
  snprintf(moved, sizeof moved, "%s/away", f->directory);
  assert_int_equal(rename(tiny, moved), 0);
  tanlu(&f->run, f->directory, "footprint", "--scenario", "probe", "two.h5");
  assert_int_equal(rename(moved, tiny), 0);
  expect_status(&f->run, 2);
  expect_err(&f->run, "the dataset it was made with is needed");
}

/* One indicator of one year changed by a millionth: what another version of the program would have written. */
static void another_version_is_refused(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 16];
  snprintf(path, sizeof path, "%s/two.h5", f->directory);
  const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  const hid_t variable = H5Dopen2(file, "indicator_value", H5P_DEFAULT), space = H5Dget_space(variable);
  hsize_t extent[3];
  assert_int_equal(H5Sget_simple_extent_dims(space, extent, NULL), 3);
  const size_t cells = (size_t)(extent[0] * extent[1] * extent[2]);
  double *value = calloc(cells, sizeof *value);
  assert_true(H5Dread(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
  for (int pass = 0; pass < 2; pass++) {
    value[(size_t)extent[2] * 10] *= pass == 0 ? 1.0 + 1e-6 : 1.0 / (1.0 + 1e-6); /* first scenario, 2030 */
    assert_true(H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
    assert_true(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
    if (pass == 0) {
      tanlu_test_execute(&f->run, f->directory, "/bin/cp", (const char *const[]){"two.h5", "changed.h5", NULL});
      expect_status(&f->run, 0);
    }
  }
  free(value);
  H5Sclose(space);
  H5Dclose(variable);
  H5Fclose(file);
  tanlu(&f->run, f->directory, "footprint", "--scenario", "probe", "changed.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run,
             "was made by another version, or with statistics that a sweep had changed; run the scenario again");
  expect_err(&f->run, " in 2030");
  assert_string_equal(f->run.out, "");
  tanlu(&f->run, f->directory, "footprint", "--scenario", "probe", "-y", "2029", "changed.h5");
  expect_status(&f->run, 0); /* no other year is concerned */
  tanlu(&f->run, f->directory, "footprint", "--scenario", "probe", "two.h5");
  expect_status(&f->run, 0);
}

static void a_sweep_is_no_result(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml",
                                         "name: sweep\nscenario: probe\ndesign: monte-carlo\nsamples: 2\nseed: 1\n"
                                         "parameters: [{path: sinks.2030, mode: scale, distribution: "
                                         "{uniform: [0.9, 1.1]}}]\noutputs: {indicators: [co2_net]}\n"),
                   0);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "sweep.h5", "./sweep.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "footprint", "sweep.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "sweep.h5: error: is the file of a sweep; expected a result file of 'tanlu run'");
  /* one sample of it with all its fields is one, under its own name */
  tanlu(&f->run, f->directory, "sweep", "-q", "--only", "1", "-o", "only.h5", "./sweep.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "footprint", "only.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "CO2 of scenario 'sweep-1' by final demand");
}

/* ---- the tables -------------------------------------------------------------------------------------------------------------------- */

/* Sum of the last field of the records that hold all of the parts. */
static double sum_of_records(const char *csv, const char *const *part, size_t parts) {
  double sum = 0.0;
  for (const char *line = csv; line != NULL && *line != '\0';) {
    const size_t length = strcspn(line, "\n");
    char *record = strndup(line, length);
    bool all = true;
    for (size_t k = 0; k < parts; k++) all = all && strstr(record, part[k]) != NULL;
    if (all) sum += strtod(strrchr(record, ',') + 1, NULL);
    free(record);
    line += length + (line[length] == '\n');
  }
  return sum;
}

static double records(const char *csv, const char *one, const char *two, const char *three) {
  return sum_of_records(csv, (const char *const[]){one, two, three}, 3);
}

/* The CSV of a year adds up to what the accounts say; a level adds up to the same. */
static void csv_adds_up(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "footprint", "-y", "2040", "--csv", "accounts.csv", "dual-carbon");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Consumption-based CO2");
  char *accounts = tanlu_test_read_file(f->directory, "accounts.csv");
  assert_memory_equal(accounts, "analysis,scenario,year,code,name,category,quantity,unit,value\r\n", 63);
  const double exports = records(accounts, "footprint,dual-carbon,2040,exports,", "", "");
  const double territorial = records(accounts, ",2040,territorial,", "", "");
  const double direct = records(accounts, "households_direct,", "", "");
  const double avoided = records(accounts, ",avoided_by_imports,", "", "");
  assert_true(exports > 100.0 && territorial > 1000.0 && direct > 10.0);
  static const char *const level[] = {NULL, "policy_group", "industry3"};
  for (size_t k = 0; k < 3; k++) {
    const char *argument[] = {"footprint",  "-y",          "2040",
                              "--products", "--csv",       "products.csv",
                              "--force",    "dual-carbon", level[k] != NULL ? "--level" : NULL,
                              level[k],     NULL};
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), argument);
    expect_status(&f->run, 0);
    char *products = tanlu_test_read_file(f->directory, "products.csv");
    assert_true(fabs(records(products, ",exports,home_by_product,Mt,", "", "") - exports) < 1e-8 * exports);
    assert_true(fabs(records(products, ",exports,home_by_emitter,Mt,", "", "") - exports) < 1e-8 * exports);
    assert_true(fabs(records(products, ",home,Mt,", "", "") - (territorial - direct)) < 1e-8 * territorial);
    assert_true(fabs(records(products, ",avoided,Mt,", "", "") - avoided) < 1e-8 * avoided);
    free(products);
  }
  free(accounts);
}

static void tables_of_a_year(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "footprint", "-y", "2030", "--products", "--scopes", "--multipliers", "--linkages",
        "--top", "3", "--paths", "4", "--category", "fixed_capital", "--depth", "1", "dual-carbon");
  expect_status(&f->run, 0);
  expect_out(&f->run, "CO2 at home by product bought, 2030, Mt\n");
  expect_out(&f->run, "\n\nCO2 by scope, 2030;");
  expect_out(&f->run, "\n\nMultipliers of final demand, 2030:");
  expect_out(&f->run, "\n\nLinkages, 2030:");
  expect_out(&f->run, "The largest supply chains of the CO2 at home for fixed_capital, 2030:");
  expect_out(&f->run, "Manufacture of cement, lime and gypsum > Construction of residential houses\n");
  expect_out(&f->run, " % lie beyond 1 purchase; the rest,");
  expect_out(&f->run, "150 more; --top lists them, --csv writes all\n");
  tanlu(&f->run, f->directory, "footprint", "--key", "-y", "2020-2029", "dual-carbon");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Shares in the CO2 of all sectors, 2020 to 2029, 10 years");
  expect_out(&f->run, "with a mean share of at least 2 %:");
  tanlu(&f->run, f->directory, "footprint", "--csv", "products.csv", "dual-carbon");
  expect_status(&f->run, 2);
  expect_err(&f->run, "products.csv");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_result_is_its_scenario),
      cmocka_unit_test(scenarios_of_a_file_are_chosen),
      cmocka_unit_test(wrong_usage),
      cmocka_unit_test(another_dataset_is_refused),
      cmocka_unit_test(another_version_is_refused),
      cmocka_unit_test(a_sweep_is_no_result),
      cmocka_unit_test(csv_adds_up),
      cmocka_unit_test(tables_of_a_year),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
