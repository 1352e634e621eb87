/* tanlu decompose from outside, on the tiny dataset and a shipped scenario. Oracles: the CSV file against itself (effects of a part add
 * up to its change, years to the whole) and against the indicators that `tanlu show` gives. */
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

/* Probe, two scenarios that change one thing each, and one with both. */
static int set_up(void **state) {
  if (tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  static const char *const name[] = {"wind", "thrift", "both"};
  static const char *const text[] = {"power: {mix: {wind: {2030: 0.3}, balance: coal}}\n",
                                     "energy: {intensity: {goods: {trend: -5}}}\n",
                                     ("power: {mix: {wind: {2030: 0.3}, balance: coal}}\n"
                                      "energy: {intensity: {goods: {trend: -5}}}\n")};
  for (size_t i = 0; i < 3; i++) {
    char path[32], all[256];
    (void)snprintf(path, sizeof path, "%s.yaml", name[i]);
    (void)snprintf(all, sizeof all, "name: %s\ntitle: %s\nparent: ./probe.yaml\n%s", name[i], name[i], text[i]);
    if (tanlu_test_write_file(f->directory, path, all) != 0) return 1;
  }
  tanlu(&f->run, f->directory, "run", "-q", "-o", "all.h5", "./probe.yaml", "./wind.yaml", "./thrift.yaml",
        "./both.yaml");
  expect_status(&f->run, 0);
  return 0;
}

/* An indicator of a scenario in a year. */
static double shown(fixture *f, const char *scenario, const char *year, const char *indicator) {
  tanlu(&f->run, f->directory, "show", "--csv", "--scenario", scenario, "--year", year, "all.h5", indicator);
  expect_status(&f->run, 0);
  const char *comma = strrchr(f->run.out, ',');
  assert_non_null(comma);
  return strtod(comma + 1, NULL);
}

/* Records of a CSV file: sums of effects and of changes over steps of `span` years; every part of every step closes. */
typedef struct {
  double effects, change, factors;
  size_t records;
} sums;

static sums add_up(const fixture *f, const char *file, int span) {
  sums s = {.factors = 1.0};
  char *text = tanlu_test_read_file(f->directory, file);
  assert_non_null(text);
  double part = 0.0;
  for (char *line = strtok(text, "\r\n"); line != NULL; line = strtok(NULL, "\r\n")) {
    char method[16], what[32], unit[32], from[32], to[32], name[64], effect[32];
    int first, last;
    double value;
    if (sscanf(line, "%15[^,],%31[^,],%31[^,],%31[^,],%d,%31[^,],%d,%63[^,],%31[^,],%lf", method, what, unit, from,
               &first, to, &last, name, effect, &value) != 10 ||
        last - first != span) {
      continue;
    }
    s.records++;
    if (strcmp(effect, "change") == 0) {
      if (strcmp(unit, "1") != 0) assert_true(fabs(part - value) <= 1e-9);
      s.change += value;
      part = 0.0;
    } else {
      part += value;
      s.effects += value;
      s.factors *= value;
    }
  }
  free(text);
  return s;
}

static void every_method_closes(void **state) {
  fixture *f = *state;
  static const char *const method[][6] = {{"lmdi", "co2_total", "group"},
                                          {"lmdi", "co2_energy", "sector"},
                                          {"lmdi", "co2_total", "carrier"},
                                          {"sda", "co2_total", "group"},
                                          {"sda", "co2_total", "sector"}};
  for (size_t i = 0; i < sizeof method / sizeof *method; i++) {
    tanlu(&f->run, f->directory, "decompose", "--method", method[i][0], "--of", method[i][1], "--by", method[i][2],
          "--scenario", "both", "--chain", "--csv", "effects.csv", "--force", "all.h5");
    expect_status(&f->run, 0);
    expect_out(&f->run, "residual");
    expect_out(&f->run, "year by year");
    const double change = shown(f, "both", "2030", method[i][1]) - shown(f, "both", "2020", method[i][1]);
    const sums yearly = add_up(f, "effects.csv", 1), whole = add_up(f, "effects.csv", 10);
    assert_true(fabs(change) > 1e-3); /* of a tenth of a million tonnes */
    assert_true(fabs(yearly.effects - change) < 1e-9 && fabs(yearly.change - change) < 1e-9);
    assert_true(fabs(whole.effects - change) < 1e-9 && fabs(whole.change - change) < 1e-9);
    assert_int_equal(yearly.records, 10 * whole.records);
  }
}

static void factors_multiply(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "decompose", "--method", "kaya", "--multiplicative", "--from", "2022", "--to", "2027",
        "--csv", "effects.csv", "--force", "--scenario", "probe", "all.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_energy of probe, 2022 to 2027");
  const double ratio = shown(f, "probe", "2027", "co2_energy") / shown(f, "probe", "2022", "co2_energy");
  const sums whole = add_up(f, "effects.csv", 5);
  assert_int_equal(whole.records, 5);
  assert_true(fabs(whole.factors - ratio) < 1e-12 && fabs(whole.change - ratio) < 1e-12);
  tanlu(&f->run, f->directory, "decompose", "--method", "kaya", "--chain", "--from", "2022", "--to", "2023", "--csv",
        "effects.csv", "--force", "--scenario", "probe", "all.h5");
  expect_status(&f->run, 0);
  assert_int_equal(add_up(f, "effects.csv", 1).records, 5); /* the only link is the whole */
}

/* A scenario by its name alone, with settings, is what the result file holds. */
static void by_name(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "decompose", "--scenario", "both", "all.h5");
  expect_status(&f->run, 0);
  char *from_file = strdup(f->run.out);
  tanlu(&f->run, f->directory, "decompose", "./both.yaml");
  expect_status(&f->run, 0);
  assert_string_equal(f->run.out, from_file);
  tanlu(&f->run, f->directory, "decompose", "--set", "gdp.growth.2030=9", "./both.yaml");
  expect_status(&f->run, 0);
  assert_string_not_equal(f->run.out, from_file);
  free(from_file);
  /* what settings do: from the scenario as it is to the scenario with them */
  tanlu(&f->run, f->directory, "decompose", "--set", "gdp.growth.2030=9", "--against", "./both.yaml", "./both.yaml");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_total in 2030, both to both");
}

/* The number at the end of the first line that starts with a word. */
static double end_of_line(const char *text, const char *word, size_t column) {
  const char *line = strstr(text, word);
  assert_non_null(line);
  line += strlen(word);
  double value = (double)NAN;
  for (size_t k = 0; k <= column; k++) {
    char *end = NULL;
    value = strtod(line, &end);
    assert_true(end != line);
    line = end;
  }
  return value;
}

static void two_scenarios(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "decompose", "--scenario", "both", "--against", "probe", "--levers", "wind,thrift",
        "--csv", "effects.csv", "--force", "--method", "sda", "--technology", "whole", "all.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_total in 2030, probe to both");
  const char *levers = strstr(f->run.out, "wind");
  assert_non_null(levers);
  const double wind = end_of_line(levers, "sum: Shapley value of the lever", 0),
               thrift = end_of_line(levers, "sum: Shapley value of the lever", 1);
  double value[4];
  static const char *const name[] = {"probe", "wind", "thrift", "both"};
  for (size_t i = 0; i < 4; i++) value[i] = shown(f, name[i], "2030", "co2_total");
  /* one decimal is shown */
  assert_true(fabs(wind - 0.5 * (value[1] - value[0] + value[3] - value[2])) <= 0.0501);
  assert_true(fabs(thrift - 0.5 * (value[2] - value[0] + value[3] - value[1])) <= 0.0501);
  const sums whole = add_up(f, "effects.csv", 0);
  assert_true(fabs(whole.effects - (value[3] - value[0])) < 1e-9);
}

typedef struct {
  const char *argument[8], *part;
} mistake;

static void mistakes(void **state) {
  fixture *f = *state;
  static const mistake wrong[] = {
      {{"--method", "lmdy", "--scenario", "both"}, "--method 'lmdy': expected one of lmdi, kaya, sda"},
      {{"--by", "country", "--scenario", "both"}, "expected one of group, sector, carrier"},
      {{"--of", "energy", "--scenario", "both"}, "expected one of co2_total, co2_energy, gross_output"},
      {{"--method", "kaya", "--by", "sector", "--scenario", "both"}, "--by does not go with it"},
      {{"--method", "kaya", "--of", "co2_total", "--scenario", "both"}, "--method kaya decomposes co2_energy"},
      {{"--method", "sda", "--by", "carrier", "--scenario", "both"}, "by group or sector"},
      {{"--method", "sda", "--multiplicative", "--scenario", "both"}, "--multiplicative does not go with it"},
      {{"--of", "gross_output", "--scenario", "both"}, "--method lmdi decomposes"},
      {{"--technology", "whole", "--scenario", "both"}, "a choice of --method sda"},
      {{"--additive", "--multiplicative", "--scenario", "both"}, "expected one of them"},
      {{"--against", "probe", "--chain", "--scenario", "both"}, "--chain do not go with it"},
      {{"--levers", "wind,thrift", "--scenario", "both"}, "from --against to the scenario"},
      {{"--against", "probe", "--levers", "wind", "--scenario", "both"}, "expected two scenarios"},
      {{"--against", "prob", "--scenario", "both"}, "has no scenario 'prob'"},
      {{"--from", "2030", "--to", "2025", "--scenario", "both"}, "expected a year before --to 2025"},
      {{"--to", "2031", "--scenario", "both"}, "--to 2031 is outside the years of scenario 'both', 2020 to 2030"},
      {{"--from", "2019", "--scenario", "both"}, "--from 2019 is outside"},
      {{"--chain"}, "choose one with --scenario: probe, wind, thrift, both"},
  };
  assert_int_equal(tanlu_test_write_file(f->directory, "kept.csv", "kept"), 0);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *argument[14] = {"decompose"};
    size_t count = 1;
    for (size_t k = 0; k < 8 && wrong[i].argument[k] != NULL; k++) argument[count++] = wrong[i].argument[k];
    argument[count++] = "--csv";
    argument[count++] = "wrong.csv";
    argument[count++] = "all.h5";
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[i].part);
    assert_string_equal(f->run.out, "");
    assert_false(tanlu_test_exists(f->directory, "wrong.csv"));
  }
  tanlu(&f->run, f->directory, "decompose", "--scenario", "both", "--csv", "kept.csv", "all.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "kept.csv");
}

/* A scenario that takes more CO2 from energy than it emits has no Kaya identity; LMDI, with capture apart, goes on. */
static void below_zero(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "decompose", "--method", "kaya", "--csv", "wrong.csv", "accelerated");
  expect_status(&f->run, 3);
  expect_err(&f->run, "lmdi takes capture apart");
  assert_false(tanlu_test_exists(f->directory, "wrong.csv"));
  tanlu(&f->run, f->directory, "decompose", "--of", "co2_energy", "--multiplicative", "--csv", "wrong.csv",
        "accelerated");
  expect_status(&f->run, 3);
  expect_err(&f->run, "there is no ratio of it");
  assert_false(tanlu_test_exists(f->directory, "wrong.csv"));
  tanlu(&f->run, f->directory, "decompose", "--of", "co2_energy", "accelerated");
  expect_status(&f->run, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_method_closes), cmocka_unit_test(factors_multiply), cmocka_unit_test(by_name),
      cmocka_unit_test(two_scenarios),       cmocka_unit_test(mistakes),         cmocka_unit_test(below_zero)};
  void *state = NULL;
  if (tanlu_test_program_setup(&state) != 0) return 1;
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
