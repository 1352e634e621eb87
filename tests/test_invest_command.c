/* tanlu invest from outside. Oracles: the scenario written is run by itself, and its fixed capital formation moves by the indices in
 * the file (nothing else moves it where there are no structure targets); dearer plants shift it towards what they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static const char own[] = "name: own\ndataset: china-2020-42\nyears: {from: 2020, to: 2030}\n"
                          "gdp: {growth: {2025: 5, 2030: 4}}\npower: {mix: {pv: {2030: 0.25}, balance: coal}}\n"
                          "investment: {power: {pv: {2025: 4000, 2026: 16000}}}\n";

/* The number behind two words of a text, the second after the first. */
static double number_behind(const char *text, const char *first, const char *second) {
  const char *found = strstr(text, first);
  if (found != NULL) found = strstr(found, second);
  if (found == NULL) fail_msg("no '%s' behind '%s'", second, first);
  return strtod(found + strlen(second), NULL);
}

/* Fixed capital formation of 2030 from a sector, "01" agriculture, "16" general machinery. */
static double formation(fixture *f, const char *result, const char *sector) {
  char record[60];
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2030", result, "final_demand");
  expect_status(&f->run, 0);
  (void)snprintf(record, sizeof record, ",fixed_capital,%s,1e8 CNY_2020,", sector);
  return number_behind(f->run.out, "2030", record);
}

static void child_runs_and_shifts(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "own.yaml", own), 0);
  tanlu(&f->run, f->directory, "invest", "-o", "child.yaml", "./own.yaml");
  expect_status(&f->run, 0);
  expect_out(&f->run, "% of fixed capital formation");
  expect_out(&f->run, "written to child.yaml after 2 passes");
  char *text = tanlu_test_read_file(f->directory, "child.yaml");
  assert_non_null(text);
  assert_non_null(strstr(text, "parent: own.yaml"));
  assert_null(strstr(text, "power:")); /* the parent says it */
  const double equipment = number_behind(text, "equipment:", "2030: "),
               farming = number_behind(text, "agriculture:", "2030: ");
  free(text);
  assert_true(equipment > 1.02 && farming < 0.98);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "child.h5", "./child.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "own.h5", "./own.yaml");
  expect_status(&f->run, 0);
  const double machines = formation(f, "child.h5", "16") / formation(f, "own.h5", "16");
  const double crops = formation(f, "child.h5", "01") / formation(f, "own.h5", "01");
  assert_true(machines > 1.02 && crops < 0.98);
  assert_true(fabs(machines / crops / (equipment / farming) - 1.0) < 1e-6); /* six digits in the file */
}

/* Dearer from a setting, which the child keeps; the same words twice give the same file. */
static void settings_and_passes(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "own.yaml", own), 0);
  for (int again = 0; again < 2; again++) {
    tanlu(&f->run, f->directory, "invest", "-q", "-f", "--passes", "1", "--set", "investment.power.nuclear=50000", "-o",
          again ? "b/same.yaml" : "same.yaml", "./own.yaml");
    expect_status(&f->run, 0);
    assert_string_equal(f->run.out, "");
  }
  char *text = tanlu_test_read_file(f->directory, "same.yaml");
  assert_non_null(text);
  assert_non_null(strstr(text, "nuclear: 50000"));
  char *again = tanlu_test_read_file(f->directory, "b/same.yaml");
  assert_non_null(again);
  assert_string_equal(strstr(text, "final_demand"), strstr(again, "final_demand"));
  free(text);
  free(again);
}

/* A child of the name of its parent, elsewhere, does not name itself. */
static void a_child_of_the_same_name(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "invest", "-q", "-o", "reference-42.yaml", "reference-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "check", "./reference-42.yaml");
  expect_status(&f->run, 0);
}

static void refused(fixture *f, int status, const char *scenario, const char *message) {
  tanlu(&f->run, f->directory, "invest", "-o", "never.yaml", scenario);
  expect_status(&f->run, status);
  expect_err(&f->run, message);
  assert_false(tanlu_test_exists(f->directory, "never.yaml"));
}

static void wrong_use(void **state) {
  fixture *f = *state;
  refused(f, 2, "./probe.yaml", "dataset 'tiny-2020' has no costs of power plants");
  tanlu(&f->run, f->directory, "run", "-q", "-o", "probe.h5", "./probe.yaml");
  expect_status(&f->run, 0);
  refused(f, 2, "probe.h5", "probe.h5: error: is a result file; expected the name or file of a scenario");
  tanlu(&f->run, f->directory, "invest", "-o", "probe.yaml", "reference-42");
  expect_status(&f->run, 2);
  expect_err(&f->run, "probe.yaml");
  tanlu(&f->run, f->directory, "invest", "--passes", "3", "reference-42");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--passes goes with -o");
  char text[600];
  (void)snprintf(text, sizeof text, "%sfinal_demand: {composition: {fixed_capital: {equipment: {2030: 1.1}}}}\n", own);
  assert_int_equal(tanlu_test_write_file(f->directory, "given.yaml", text), 0);
  refused(f, 2, "./given.yaml", "given.yaml:7:30: error: 'final_demand.composition.fixed_capital' is given already");
  assert_int_equal(tanlu_test_write_file(f->directory, "own.yaml", own), 0);
  tanlu(&f->run, f->directory, "invest", "-q", "-f", "-o", "own.yaml", "./own.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "own.yaml: error: is the scenario itself; its child needs a file of its own");
  assert_int_equal(tanlu_test_write_file(f->directory, "early.yaml",
                                         "name: early\ndataset: china-2020-42\nyears: {from: 2020, to: 2024}\n"),
                   0);
  refused(f, 2, "./early.yaml", "ends in 2024; expected a year after the record (2024)");
}

/* Fixed capital formation of the tiny dataset is all goods. */
static void what_plants_cannot_buy(void **state) {
  fixture *f = *state;
  static const char costs[] =
      "technology,cost,lifetime,source\ncoal,4,30,x\ngas,4,30,x\nbiomass,4,30,x\nrecovered,4,30,x\n"
      "coal_ccs,4,30,x\nhydro,4,60,x\nnuclear,4,50,x\nwind,4,25,x\npv,4,25,x\n";
  assert_int_equal(tanlu_test_write_file(f->directory, "tiny/plants.csv", costs), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "tiny/dataset.yaml", "sources:",
                                   "policy: {investment: plants.csv, investment_bridge: bridge.csv}\nsources:"),
                   0);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "tiny/bridge.csv", "technology,group,share,source\ncoal,goods,1,x\n"), 0);
  refused(f, 3, "./probe.yaml", "what it is made of is not known (policy: investment_bridge)");
  char bridge[800] = "technology,group,share,source\n";
  static const char *const plants[] = {"coal",  "gas",     "biomass", "recovered", "coal_ccs",
                                       "hydro", "nuclear", "wind",    "pv"};
  for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
    const size_t length = strlen(bridge);
    (void)snprintf(bridge + length, sizeof bridge - length, "%s,goods,0.5,x\n%s,coal_mining,0.5,x\n", plants[i],
                   plants[i]);
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "tiny/bridge.csv", bridge), 0);
  refused(f, 3, "./probe.yaml", "power plants buy more of 'coal_mining' than fixed capital formation");
  tanlu(&f->run, f->directory, "invest", "./probe.yaml"); /* the table needs none of it */
  expect_status(&f->run, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(child_runs_and_shifts, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(settings_and_passes, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(a_child_of_the_same_name, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_use, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(what_plants_cannot_buy, tanlu_test_place_set_up, tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests_name("invest", tests, tanlu_test_program_setup, NULL);
}
