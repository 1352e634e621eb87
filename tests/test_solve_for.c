/* tanlu solve-for and tanlu sensitivity --adjoint from outside, on the tiny dataset.
 *
 * Oracle: sinks enter co2_net alone, one for one, so the sink that brings it to a goal is known from the indicators of the scenario as
 * it stands; and the scenario found is run by itself. */
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

/* An indicator of the last year of a result, from the last field of the last record of a CSV table. */
static double last_of(fixture *f, const char *result, const char *indicator) {
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2030", result, indicator);
  expect_status(&f->run, 0);
  const char *comma = strrchr(f->run.out, ',');
  assert_non_null(comma);
  return strtod(comma + 1, NULL);
}

/* The number behind a word of a file. */
static double number_after(const fixture *f, const char *file, const char *word) {
  char *text = tanlu_test_read_file(f->directory, file);
  assert_non_null(text);
  const char *found = strstr(text, word);
  assert_non_null(found);
  const double value = strtod(found + strlen(word), NULL);
  free(text);
  return value;
}

static void a_known_answer(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "before.h5", "./probe.yaml");
  expect_status(&f->run, 0);
  const double total = last_of(f, "before.h5", "co2_total");
  tanlu(&f->run, f->directory, "solve-for", "--goal", "co2_net.2030<=0.1", "--vary", "sinks.2030:0:1000", "-o",
        "found.yaml", "./probe.yaml");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_net.2030<=0.1");
  expect_out(&f->run, "met");
  const double sinks = number_after(f, "found.yaml", "2030:");
  assert_true(total > 0.11);
  /* sought a millionth of the goal's size inside it */
  assert_true(sinks >= total - 0.1 && sinks <= total - 0.1 + 2e-6 * total);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "found.h5", "./found.yaml");
  expect_status(&f->run, 0);
  assert_true(last_of(f, "found.h5", "co2_net") <= 0.1);
  assert_true(fabs(last_of(f, "found.h5", "co2_total") - total) < 1e-9 * total);
}

/* Settings stay with the scenario found; a goal that holds anyway changes nothing else. */
static void settings_are_kept(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "solve-for", "--set", "gdp.growth.2030=3", "--goal", "co2_net.2030<=1e6", "--vary",
        "power.mix.wind", "-o", "same.yaml", "./probe.yaml");
  expect_status(&f->run, 0);
  char *text = tanlu_test_read_file(f->directory, "same.yaml");
  assert_non_null(text);
  assert_non_null(strstr(text, "parent: probe.yaml"));
  assert_non_null(strstr(text, "growth: {2023: 5, 2030: 3}"));
  assert_null(strstr(text, "power"));
  free(text);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "same.h5", "./same.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--set", "gdp.growth.2030=3", "-o", "set.h5", "./probe.yaml");
  expect_status(&f->run, 0);
  assert_true(last_of(f, "same.h5", "co2_energy") == last_of(f, "set.h5", "co2_energy"));
}

static void two_levers_meet_two_goals(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "before.h5", "./probe.yaml");
  expect_status(&f->run, 0);
  const double total = last_of(f, "before.h5", "co2_total"), gdp = last_of(f, "before.h5", "gdp");
  char less_co2[60], less_gdp[60];
  (void)snprintf(less_co2, sizeof less_co2, "co2_total.2030<=%.8g", 0.95 * total);
  (void)snprintf(less_gdp, sizeof less_gdp, "gdp.2030>=%.8g", gdp);
  tanlu(&f->run, f->directory, "solve-for", "--goal", less_co2, "--goal", less_gdp, "--vary", "power.mix.wind.2030",
        "--vary", "gdp.growth.2030", "-o", "both.yaml", "./probe.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "both.h5", "./both.yaml");
  expect_status(&f->run, 0);
  assert_true(last_of(f, "both.h5", "co2_total") <= 0.95 * total * (1.0 + 1e-8));
  assert_true(last_of(f, "both.h5", "co2_total") >= 0.95 * total * (1.0 - 1e-4)); /* no more than was asked for */
  assert_true(last_of(f, "both.h5", "gdp") >= gdp * (1.0 - 1e-8));
}

static void out_of_reach(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "solve-for", "--goal", "co2_net.2030<=0", "--vary", "sinks.2030:0:0.02", "-o",
        "never.yaml", "./probe.yaml");
  expect_status(&f->run, 3);
  expect_err(&f->run, "co2_net.2030 comes to");
  expect_err(&f->run, "the goal is <= 0");
  expect_out(&f->run, "missed");
  expect_out(&f->run, "0 to 0.02, met"); /* as far as the bound lets it */
  assert_false(tanlu_test_exists(f->directory, "never.yaml"));
}

/* Wind alone cannot do it: it goes as far as coal, the balance of the mix, has something left, and no further. */
static void a_list_of_shares_runs_out(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "solve-for", "--goal", "co2_energy.2030<=0", "--vary", "power.mix.wind.2030", "-o",
        "never.yaml", "./probe.yaml");
  expect_status(&f->run, 3);
  const char *row = strstr(f->run.out, "power.mix.wind.2030  1");
  assert_non_null(row);
  char *end;
  const double before = strtod(row + strlen("power.mix.wind.2030  1"), &end), most = strtod(end, NULL);
  assert_true(before == 0.08 && most > 0.3);
  for (int more = 0; more < 2; more++) {
    char setting[60];
    (void)snprintf(setting, sizeof setting, "power.mix.wind.2030=%.6f", most + (more ? 1e-4 : -1e-4));
    tanlu(&f->run, f->directory, "run", "-q", "-f", "-o", "edge.h5", "--set", setting, "./probe.yaml");
    expect_status(&f->run, more ? 2 : 0);
  }
}

static void wrong_input(void **state) {
  fixture *f = *state;
  static const struct {
    const char *goal, *vary, *message;
  } wrong[] = {
      {"co2_nett.2030<=0", "sinks", "did you mean 'co2_net'"},
      {"co2_net.2031<=0", "sinks", "2031 is outside the years of the scenario, 2020 to 2030"},
      {"co2_net.soon<=0", "sinks", "'soon' is not a year"},
      {"co2_net.2030=0", "sinks", "expected an indicator, <= or >=, and a number"},
      {"co2_net.2030<=0x1", "sinks", "expected an indicator, <= or >=, and a number"},
      {"peak_year<=2025", "sinks", "is a year, which has no gradient"},
      {"cumulative_co2.2030<=1", "sinks", "leave the year out"},
      {"co2_net.2030<=0", "sink", "the scenario writes no number there"},
      {"co2_net.2030<=0", "power.mix.balance", "the scenario writes no number there"},
      {"co2_net.2030<=0", "sinks.2030:1", "expected PATH[:LOW:HIGH[:WEIGHT]]"},
      {"co2_net.2030<=0", "sinks.2030:1:2:3:4", "expected PATH[:LOW:HIGH[:WEIGHT]]"},
      {"co2_net.2030<=0", "sinks.2030:2:1", "2 to 1 is no range"},
      {"co2_net.2030<=0", "sinks.2030:1:2", "0.01 is not within 1 to 2"},
      {"co2_net.2030<=0", "sinks.2030:0:1:0", "the weight is 0"},
      {"co2_net.2030<=0", "power.mix.wind:0:1.5", "goes beyond what a scenario may say"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu(&f->run, f->directory, "solve-for", "--goal", wrong[i].goal, "--vary", wrong[i].vary, "-o", "wrong.yaml",
          "./probe.yaml");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[i].message);
    assert_false(tanlu_test_exists(f->directory, "wrong.yaml"));
  }
  tanlu(&f->run, f->directory, "solve-for", "--goal", "co2_net<=0", "--vary", "sinks", "--vary", "sinks.2030", "-o",
        "wrong.yaml", "./probe.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "'sinks.2030' is named twice");
  tanlu(&f->run, f->directory, "solve-for", "--vary", "sinks", "-o", "wrong.yaml", "./probe.yaml");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "solve-for", "--goal", "co2_net<=0", "--vary", "sinks", "-o", "probe.yaml",
        "./probe.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "probe.yaml");
}

/* ---- gradients --------------------------------------------------------------------------------------------------------------- */

/* A value of a CSV record that begins so, field `field` from its end. */
static double csv_value(const fixture *f, const char *file, const char *begin, int field) {
  char *text = tanlu_test_read_file(f->directory, file);
  assert_non_null(text);
  char *line = strstr(text, begin);
  if (line == NULL) fail_msg("no record '%s'", begin);
  line[strcspn(line, "\r\n")] = '\0';
  while (field-- > 0) *strrchr(line, ',') = '\0';
  const double value = strtod(strrchr(line, ',') + 1, NULL);
  free(text);
  return value;
}

static void gradients_are_printed(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sensitivity", "--adjoint", "--csv", "all.csv", "--top", "5", "./probe.yaml",
        "co2_net.2030", "gdp.2030");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_net.2030 of 'probe'");
  expect_out(&f->run, "gdp.growth.2030");
  expect_out(&f->run, "Emission factors");
  expect_out(&f->run, "Coefficients of the base-year table");
  /* one for one; and growth of 2030 by one point lets the last knots, 2024 to 2030, grow by 1/7 to 7/7 of it: GDP by their sum */
  assert_true(fabs(csv_value(f, "all.csv", "co2_net.2030,number,sinks.2030,", 1) + 1.0) < 1e-6);
  const double gdp = number_after(f, "all.csv", "gdp.2030,number,gdp.growth.2030,,percent a year,4,");
  tanlu(&f->run, f->directory, "run", "-q", "-o", "before.h5", "./probe.yaml");
  double expected = 0.0;
  for (int year = 2024; year <= 2030; year++) {
    const double part = (year - 2023) / 7.0;
    expected += part / (100.0 + 5.0 - part);
  }
  assert_true(fabs(gdp / (expected * last_of(f, "before.h5", "gdp")) - 1.0) < 1e-6);
  tanlu(&f->run, f->directory, "sensitivity", "--adjoint", "--csv", "all.csv", "./probe.yaml");
  expect_status(&f->run, 2); /* it is there */
}

static void gradients_of_nothing(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sensitivity", "--adjoint", "./probe.yaml", "co2_nett");
  expect_status(&f->run, 2);
  expect_err(&f->run, "did you mean 'co2_net'");
  tanlu(&f->run, f->directory, "sensitivity", "--adjoint", "--indicator", "employment", "./probe.yaml");
  expect_status(&f->run, 3);
  expect_err(&f->run, "no value of employment.2030");
  tanlu(&f->run, f->directory, "sensitivity", "--adjoint", "--all", "./probe.yaml");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "sensitivity", "--set", "sinks=1", "sweep.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "go with --adjoint");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_known_answer, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(settings_are_kept, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(two_levers_meet_two_goals, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(out_of_reach, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(a_list_of_shares_runs_out, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_input, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(gradients_are_printed, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(gradients_of_nothing, tanlu_test_place_set_up, tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests_name("solve_for", tests, tanlu_test_program_setup, NULL);
}
