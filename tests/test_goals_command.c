/* tanlu goals and tanlu control, as the built program.
 *
 * Oracle: the tiny dataset with sinks of 0.01 Mt in 2030, rising in a straight line from nothing in 2022, and GDP growth of 8 and 3 %
 * recorded for 2021 and 2022; identities between columns; the exit status the manual promises. */
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

#define HEAD "code,name,name_zh,scope,indicator,measure,base_year,year,operator,value,unit,grade,presets,source\n"

/* Sinks of 2028 are 0.0075 Mt, of 2029 0.00875. */
static const char goals[] = HEAD "enough,Sinks,,China,co2_sinks,,,2030,>=,0.0075,Mt,,a,S\n"
                                 "more,More sinks,,China,co2_sinks,,,2028,>=,0.0085,Mt,,b,S\n"
                                 "most,Most sinks,,China,co2_sinks,difference,2022,2030,>,0.01,Mt,incentive,a c,S\n"
                                 "later,Sinks of 2060,,China,co2_sinks,,,2060,>=,1,Mt,,a,S\n"
                                 "there,Sinks of Ningxia,,Ningxia,co2_sinks,,,2030,>=,0.02,Mt,,n,S\n";

static int set_up(void **state) {
  if (tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  assert_int_equal(
      tanlu_test_edit(f->directory, "probe.yaml", "sinks: {2030: 0.01}", "sinks: {2023: 0.00125, 2030: 0.01}"), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "goals.csv", goals), 0);
  tanlu(&f->run, f->directory, "run", "--quiet", "-o", "r.h5", "probe.yaml");
  expect_status(&f->run, 0);
  return 0;
}

/* Last field of the record that begins so. */
static double shown(fixture *f, const char *indicator, int year) {
  char start[32];
  tanlu(&f->run, f->directory, "show", "--csv", "r.h5", indicator);
  (void)snprintf(start, sizeof start, "probe,%d,", year);
  const char *at = strstr(f->run.out, start);
  assert_non_null(at);
  const char *end = strpbrk(at, "\r\n");
  while (end > at && end[-1] != ',') end--;
  return strtod(end, NULL);
}

/* ---- goals ------------------------------------------------------------------------------------------------------------ */

static void goals_met_and_missed(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-p", "a", "-p", "b", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Sinks                   >= 0.0075 Mt  0.0100 met 2028");
  expect_out(&f->run, "More sinks              >= 0.0085 Mt  0.00750 MISSED 0.00100 2029");
  expect_out(&f->run, "Most sinks (incentive)  > 0.01 Mt");
  expect_out(&f->run, "Sinks of 2060  >= 1 Mt  its year is not among those of the results");
  expect_not_out(&f->run, "Ningxia");
  tanlu(&f->run, f->directory, "goals", "--csv", "-g", "goals.csv", "-a", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run,
             "goal,scope,indicator,measure,base_year,year,operator,aim,unit,grade,document,date,scenario,value,"
             "outcome,missed_by,first_year,reason\r\n");
  expect_out(&f->run, "enough,China,co2_sinks,level,,2030,>=,0.0075,Mt,basic,,,probe,0.01,met,,2028,\r\n");
  expect_out(&f->run, "more,China,co2_sinks,level,,2028,>=,0.0085,Mt,basic,,,probe,0.00750000");
  expect_out(&f->run, "most,China,co2_sinks,difference,2022,2030,>,0.01,Mt,incentive,,,probe,0.01,missed,0,,\r\n");
  expect_out(&f->run,
             "later,China,co2_sinks,level,,2060,>=,1,Mt,basic,,,probe,,unknown,,,its year is not among those of "
             "the results\r\n");
  expect_out(&f->run,
             "there,Ningxia,co2_sinks,level,,2030,>=,0.02,Mt,basic,,,probe,,unknown,,,of another place than the "
             "results\r\n");
}

/* Shares of industries bring a note about prices, other goals do not. */
static void structure_goals(void **state) {
  fixture *f = *state;
  static const char structure[] = HEAD "services,Services,,China,share_tertiary,,,2030,>=,0.5,1,,s,S\n"
                                       "enough,Sinks,,China,co2_sinks,,,2030,>=,0.0075,Mt,,o,S\n";
  assert_int_equal(tanlu_test_write_file(f->directory, "structure.csv", structure), 0);
  tanlu(&f->run, f->directory, "goals", "-g", "structure.csv", "-p", "s", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Shares of the three industries are at base-year prices here; goals mean current prices");
  tanlu(&f->run, f->directory, "goals", "-g", "structure.csv", "-p", "o", "r.h5");
  expect_status(&f->run, 0);
  expect_not_out(&f->run, "base-year prices");
}

/* A missed basic goal ends with 1 where --strict is given; a missed incentive goal or one that cannot be judged does not. */
static void strict_goals(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "--strict", "-g", "goals.csv", "-p", "a", "r.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "goals", "--strict", "-g", "goals.csv", "-p", "b", "r.h5");
  expect_status(&f->run, 1);
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-p", "b", "r.h5");
  expect_status(&f->run, 0);
}

static void shipped_goals(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "CO2 per GDP 2030 on 2005      <= -65 %");
  expect_out(&f->run, "Net zero 2060          <= 0 Mt");
  tanlu(&f->run, f->directory, "goals", "--list");
  expect_status(&f->run, 0);
  expect_out(&f->run, "\nndc-2017 ");
  expect_out(&f->run, "\nndc-2021 ");
  expect_out(&f->run, "\nNingxia ");
  tanlu(&f->run, f->directory, "goals", "--scope", "Ningxia", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "of another place than the results");
  tanlu(&f->run, f->directory, "goals", "--preset", "fyp-14", "--preset", "peak-2030", "r.h5");
  expect_status(&f->run, 0); /* no routes of steel */
  expect_out(&f->run, "Electric-arc steel 2025");
  expect_out(&f->run, "Electric-arc steel 2030");
  expect_out(&f->run, "its indicator has no value in this scenario");
  tanlu(&f->run, f->directory, "show", "r.h5"); /* the summary shows the usual ones */
  expect_out(&f->run, "Non-fossil share 2030");
  expect_not_out(&f->run, "Net zero 2060");
}

/* The dataset says which place it is of. */
static void the_place_of_a_dataset(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->directory, "tiny/dataset.yaml", "base_year:", "region: Ningxia\nbase_year:"), 0);
  tanlu(&f->run, f->directory, "run", "--quiet", "-f", "-o", "n.h5", "probe.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "goals", "-a", "-g", "goals.csv", "n.h5");
  expect_out(&f->run, "Ningxia: Sinks of Ningxia  >= 0.02 Mt  0.0100 MISSED 0.0100");
  expect_out(&f->run, "Sinks of 2060           >= 1 Mt       of another place than the results");
}

/* Three samples with sinks of 0.005, 0.01 and 0.02 Mt in 2030: two of three reach 0.0075, and 2028 is not kept. */
static void shares_of_samples(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "s.yaml",
                                         "name: s\nscenario: probe\ndesign: list\nparameters:\n"
                                         "  - {label: sinks, path: sinks.2030, mode: replace}\npoints: s.csv\n"
                                         "outputs: {indicators: [co2_sinks], years: [2030]}\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->directory, "s.csv", "sinks\n0.005\n0.01\n0.02\n"), 0);
  tanlu(&f->run, f->directory, "sweep", "--quiet", "-o", "s.h5", "s.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "goals", "--csv", "-g", "goals.csv", "-p", "a", "-p", "b", "--strict", "s.h5");
  expect_status(&f->run, 1);
  expect_out(&f->run,
             ",judged,met,share_met,reason\r\nenough,China,co2_sinks,level,,2030,>=,0.0075,Mt,basic,,,3,2,0.66666");
  expect_out(&f->run,
             "more,China,co2_sinks,level,,2028,>=,0.0085,Mt,basic,,,0,0,,its year is not among those of the results");
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-p", "a", "s.h5");
  expect_out(&f->run, "share met, %");
  expect_out(&f->run, "66.7");
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-s", "probe", "s.h5");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "control", "s.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "s.h5: error: expected a file of 'tanlu run'");
}

/* ---- control ---------------------------------------------------------------------------------------------------------- */

/* Field of the first record whose first fields are `start`, by the number of commas before it. */
static double csv_field(const char *text, const char *start, int field) {
  const char *at = strstr(text, start);
  if (at == NULL) (void)fprintf(stderr, "no '%s' in:\n%s\n", start, text);
  assert_non_null(at);
  for (; field > 0; field--) at = strchr(at, ',') + 1;
  return strtod(at, NULL);
}

/* Growth is the recorded one; intensity is what is counted over GDP; the total without exemptions is that of `show`. */
static void control_of_energy_and_carbon(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "control", "--csv", "-w", "2020-2022", "-w", "2025-2030", "r.h5");
  expect_status(&f->run, 0);
  const char *first = "probe,energy,2020,2022,", *second = "probe,CO2,2025,2030,";
  assert_true(fabs(csv_field(f->run.out, first, 4) - (1.08 * 1.03 - 1.0)) < 1e-9);
  const double before = csv_field(f->run.out, first, 5), after = csv_field(f->run.out, first, 6);
  assert_true(fabs(csv_field(f->run.out, first, 7) - (after / before - 1.0)) < 1e-12);
  const double total = csv_field(f->run.out, first, 11), carbon = csv_field(f->run.out, second, 11);
  assert_true(fabs(total / after - 720e-4 * 1.08 * 1.03) < 1e-9); /* GDP in 1e8 CNY */
  assert_true(fabs(shown(f, "energy_consumption", 2022) - total) < 1e-12);
  assert_true(fabs(shown(f, "co2_energy", 2030) - carbon) < 1e-12);
  /* feedstock and added renewables come off */
  tanlu(&f->run, f->directory, "control", "--csv", "-w", "2020-2030", "-e", "feedstock", "-e", "renewables-added",
        "--carbon-from", "2040", "r.h5");
  expect_status(&f->run, 0);
  const char *whole = "probe,energy,2020,2030,";
  const double counted = csv_field(f->run.out, whole, 11), exempt = csv_field(f->run.out, whole, 13);
  const double energy = shown(f, "energy_consumption", 2030), feedstock = shown(f, "non_energy_use_total", 2030);
  const double renewables = shown(f, "renewable_share", 2030) * energy;
  const double before_them = shown(f, "renewable_share", 2020) * shown(f, "energy_consumption", 2020);
  assert_true(fabs(exempt - (renewables - before_them)) < 1e-12 && exempt > 0.0);
  assert_true(fabs(counted - (energy - feedstock - exempt)) < 1e-12);
}

static void strict_control(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "control", "-w", "2020-2022", "--intensity", "90", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "MISSED");
  tanlu(&f->run, f->directory, "control", "--strict", "-w", "2020-2022", "--intensity", "90", "r.h5");
  expect_status(&f->run, 1);
  tanlu(&f->run, f->directory, "control", "--strict", "-w", "2020-2022", "--total", "1e9", "r.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "control", "--strict", "-w", "2020-2022", "--budget", "1", "r.h5");
  expect_status(&f->run, 1);
}

/* At 100 % of 2020 for both windows, with everything carried: the last balance is ten years of base emissions less ten years of CO2. */
static void budgets_of_a_scenario(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "control", "--csv", "--budget", "100", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "scenario,from,to,share,allotment,carried_in,emissions,balance,carried_out\r\n");
  expect_not_out(&f->run, "gdp_growth");
  const double first = csv_field(f->run.out, "probe,2021,2025,1,", 7);
  const double balance = csv_field(f->run.out, "probe,2026,2030,1,", 7);
  assert_true(csv_field(f->run.out, "probe,2026,2030,1,", 5) == first);
  double left = 10.0 * shown(f, "co2_total", 2020);
  for (int year = 2021; year <= 2030; year++) left -= shown(f, "co2_total", year);
  assert_true(fabs(balance - left) < 1e-12);
}

/* A scenario that ends before others of its file has the windows of its own years, and a note says so. */
static void windows_of_a_shorter_scenario(void **state) {
  fixture *f = *state;
  assert_int_equal(
      tanlu_test_write_file(f->directory, "short.yaml", "name: short\nparent: ./probe.yaml\nyears: {to: 2026}\n"), 0);
  tanlu(&f->run, f->directory, "run", "--quiet", "-o", "two.h5", "probe.yaml", "short.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-p", "a", "two.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Sinks                   >= 0.0075 Mt  its indicator has no value in this scenario  short");
  expect_out(&f->run, "Sinks of 2060           >= 1 Mt       its year is not among those of the results\n");
  tanlu(&f->run, f->directory, "control", "--csv", "two.h5");
  expect_status(&f->run, 0);
  expect_err(&f->run, "note: scenario 'short' ends before 2030: without 1 window of the file");
  expect_out(&f->run, "probe,CO2,2025,2030,");
  expect_out(&f->run, "short,energy,2020,2025,");
  expect_not_out(&f->run, "short,CO2,");
  assert_true(csv_field(f->run.out, "short,energy,2020,2025,", 7) ==
              csv_field(f->run.out, "probe,energy,2020,2025,", 7));
  tanlu(&f->run, f->directory, "control", "--csv", "--budget", "100", "two.h5");
  expect_status(&f->run, 0);
  expect_err(&f->run, "without 1 window");
  expect_out(&f->run, "short,2021,2025,1,");
  expect_not_out(&f->run, "short,2026,");
}

/* ---- wrong input ------------------------------------------------------------------------------------------------------ */

static void wrong_choices(void **state) {
  fixture *f = *state;
  static const struct {
    const char *argument[12], *message;
  } wrong[] = {
      {{"goals", "-g", "goals.csv", "-p", "aa", "r.h5"}, "error: unknown preset 'aa'"},
      {{"goals", "-p", "peak-2031", "r.h5"}, "error: unknown preset 'peak-2031'; did you mean 'peak-2030'?"},
      {{"goals", "--scope", "Ninxia", "r.h5"}, "error: unknown scope 'Ninxia'; did you mean 'Ningxia'?"},
      {{"goals", "--scope", "Hunan", "-p", "ndc-2021", "r.h5"}, "error: no goal is chosen"},
      {{"goals", "-s", "prob", "r.h5"}, "r.h5: error: has no scenario 'prob'; did you mean 'probe'?"},
      {{"goals", "-a", "-p", "national", "r.h5"}, "--all goes with neither"},
      {{"goals"}, "expected a result file"},
      {{"goals", "missing.h5"}, "missing.h5: error: "},
      {{"goals", "probe.yaml"}, "probe.yaml: error: "},
      {{"goals", "-g", "missing.csv", "r.h5"}, "missing.csv"},
      {{"goals", "-g", "bad.csv", "r.h5"}, "bad.csv:2:11: error: unit 'kt' of a goal on 'co2_sinks'; expected 'Mt'"},
      {{"goals", "-g", "bad.csv", "r.h5"}, "bad.csv:3:9: error: unknown operator '=='"},
      {{"goals", "-g", "bad.csv", "r.h5"}, "bad.csv:4:6: error: 5 fields; expected 14"},
      {{"control", "-w", "2025-2020", "r.h5"}, "--window '2025-2020': expected BASE-LAST"},
      {{"control", "-w", "2025", "r.h5"}, "--window '2025': expected BASE-LAST"},
      {{"control", "-w", "2025-2035", "r.h5"}, "r.h5: error: has no year 2035; it holds 2020 to 2030"},
      {{"control", "-e", "renewable", "r.h5"}, "--exempt 'renewable': expected renewables-above-plan"},
      {{"control", "-e", "renewables-above-plan", "r.h5"}, "go together"},
      {{"control", "--planned", "3", "r.h5"}, "go together"},
      {{"control", "--intensity", "10", "--incentive", "9", "r.h5"}, "--incentive 9: expected a fall of at least"},
      {{"control", "--budget", "90,x", "r.h5"}, "--budget '90,x': expected percents"},
      {{"control", "--budget", "90", "--deduction", "0.5", "r.h5"}, "--deduction: expected a factor of at least 1"},
      {{"control", "--budget", "90", "--budget-of", "gdp", "r.h5"}, "--budget-of 'gdp': expected an indicator in Mt"},
      {{"control", "--budget", "90", "--budget-base", "1990", "r.h5"}, "r.h5: error: has no year 1990"},
      {{"control", "--budget-base", "2020", "r.h5"}, "--budget-base, --keep and --deduction go with --budget"},
      {{"control", "--keep", "50", "r.h5"}, "--budget-base, --keep and --deduction go with --budget"},
      {{"control", "--deduction", "1.3", "r.h5"}, "--budget-base, --keep and --deduction go with --budget"},
      {{"control", "--budget", "90,80,70", "r.h5"}, "--budget '90,80,70': 3 percents for 2 windows"},
      {{"control", "-s", "nosuch", "r.h5"}, "r.h5: error: has no scenario 'nosuch'; it holds probe"},
      {{"control", "-w", "2020-2025", "--intensity", "10", "--incentive", "9", "r.h5"}, "--incentive 9"},
      {{"control", "-w", "2020-2025", "-w", "2024-2030", "--budget", "90", "r.h5"},
       "window 2025-2030; expected years from 2026"},
  };
  assert_int_equal(tanlu_test_write_file(f->directory, "bad.csv",
                                         HEAD "a,A,,China,co2_sinks,,,2030,>=,1,kt,,a,S\n"
                                              "b,B,,China,co2_sinks,,,2030,==,1,Mt,,a,S\n"),
                   0);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    if (strstr(wrong[i].message, "5 fields") != NULL) {
      assert_int_equal(tanlu_test_write_file(f->directory, "bad.csv",
                                             "# a comment\n" HEAD "ok,A,,China,co2_sinks,,,2030,>=,1,Mt,,a,S\n"
                                             "c,C,,China,co2_sinks\n"),
                       0);
    }
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), wrong[i].argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[i].message);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(goals_met_and_missed, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(structure_goals, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(strict_goals, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(shipped_goals, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(the_place_of_a_dataset, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(shares_of_samples, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(control_of_energy_and_carbon, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(strict_control, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(budgets_of_a_scenario, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(windows_of_a_shorter_scenario, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_choices, set_up, tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_setup, NULL);
}
