/* tanlu share, and tanlu goals --provinces, as the built program.
 *
 * Oracle: the key regions of the shipped statistics with round numbers in regions.csv. CO2 (production and households) 40, 30, 10, 20;
 * people 10, 20, 30, 40; GDP 40, 30, 20, 10; the path that `tanlu show` prints. */
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

#define HEAD "region,co2_production_mt,co2_households_mt,final_energy_pj,population,value_added,value_added_tertiary\n"
#define BTH "beijing_tianjin_hebei,35,5,1,10,40,20\n"
#define YRD "yangtze_delta,30,0,1,20,30,3\n"
#define REST "fenwei,10,0,1,30,20,1\nother,15,5,1,40,10,1\n"
static const char *const code[] = {"beijing_tianjin_hebei", "yangtze_delta", "fenwei", "other"};
enum { REGIONS = 4 };

static int write_levels(const fixture *f, const char *text) {
  return tanlu_test_write_file(f->directory, "key/regions.csv", text);
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "--level", "key_region", "-o", "key", "china-2020-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--set", "years.to=2024", "-o", "r.h5", "dual-carbon");
  expect_status(&f->run, 0);
  char *text = tanlu_test_read_file(f->directory, "key/regions.csv");
  assert_non_null(text); /* as regionalise writes it */
  assert_int_equal(
      strncmp(text, "region,co2_production_mt,co2_households_mt,final_energy_pj,population,value_added,", 80), 0);
  free(text);
  return write_levels(f, HEAD BTH YRD REST);
}

static void near(double found, double expected) {
  if (!(fabs(found - expected) <= 1e-9 * fmax(1.0, fabs(expected)))) fail_msg("%.15g, not %.15g", found, expected);
}

/* The value of the record "share,dual-carbon,YEAR,CODE,NAME,RULE,QUANTITY,UNIT,value". */
static double value_of(const char *csv, int year, const char *region, const char *rule, const char *quantity) {
  char start[80], middle[64];
  (void)snprintf(start, sizeof start, "share,dual-carbon,%d,%s,", year, region);
  (void)snprintf(middle, sizeof middle, ",%s,%s,", rule, quantity);
  for (const char *at = strstr(csv, start); at != NULL; at = strstr(at + 1, start)) {
    const char *found = strstr(at, middle), *end = strpbrk(at, "\r\n");
    if (found == NULL || end == NULL || found > end) continue;
    while (end[-1] != ',') end--;
    return strtod(end, NULL);
  }
  fail_msg("no record %s...%s", start, middle);
  return 0.0;
}

static char *shared(fixture *f, const char *option, const char *value) {
  tanlu(&f->run, f->directory, "share", "--provinces", "./key", "--csv", "s.csv", "--force", "--to=2024", "--period=2",
        option, value, "r.h5");
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "s.csv");
  assert_non_null(csv);
  return csv;
}

static double shown(fixture *f, int year) {
  char start[32];
  tanlu(&f->run, f->directory, "show", "--csv", "r.h5", "co2_energy");
  (void)snprintf(start, sizeof start, "dual-carbon,%d,", year);
  const char *at = strstr(f->run.out, start);
  assert_non_null(at);
  const char *end = strpbrk(at, "\r\n");
  while (end[-1] != ',') end--;
  return strtod(end, NULL);
}

static void a_rule_by_hand(void **state) {
  fixture *f = *state;
  const double first = shown(f, 2021) + shown(f, 2022), second = shown(f, 2023) + shown(f, 2024);
  static const double historic[] = {0.4, 0.3, 0.1, 0.2}, heads[] = {0.1, 0.2, 0.3, 0.4}, gdp[] = {0.4, 0.3, 0.2, 0.1};
  char *csv = shared(f, "--rule=per-head", "--price=50");
  for (size_t i = 0; i < REGIONS; i++) {
    near(value_of(csv, 2022, code[i], "per-head", "allowance"), heads[i] * first);
    near(value_of(csv, 2022, code[i], "per-head", "baseline"), historic[i] * first);
    near(value_of(csv, 2024, code[i], "per-head", "transfer"), (heads[i] - historic[i]) * second);
    near(value_of(csv, 2024, code[i], "per-head", "value"), 0.5 * (heads[i] - historic[i]) * second);
  }
  free(csv);
  expect_out(&f->run, "2021-2022, Mt  2023-2024, Mt");
  expect_out(&f->run, "baseline: every region moves with the nation");
  csv = shared(f, "--weights=historic=0.5,gdp=0.5", "--indicator=co2_energy");
  for (size_t i = 0; i < REGIONS; i++) {
    near(value_of(csv, 2022, code[i], "weights", "share"), 0.5 * (historic[i] + gdp[i]));
  }
  free(csv);
}

/* Every rule, whose transfers are zero in sum; consumption by tanlu embodied and the households of regions.csv. */
static void all_rules(void **state) {
  fixture *f = *state;
  static const char *const rule[] = {"historic", "per-head", "gdp", "efficiency", "consumption"};
  char *csv = shared(f, "--from=2021", "--converge=2021");
  double consumption[REGIONS] = {5.0, 0.0, 0.0, 5.0}, all = 10.0;
  for (size_t k = 0; k < 5; k++) {
    double sum = 0.0;
    for (size_t i = 0; i < REGIONS; i++) sum += value_of(csv, 2024, code[i], rule[k], "transfer");
    assert_true(fabs(sum) < 1e-6); /* Mt, of 20000 */
  }
  tanlu(&f->run, f->directory, "embodied", "--csv", "e.csv", "--force", "./key");
  expect_status(&f->run, 0);
  char *flows = tanlu_test_read_file(f->directory, "e.csv");
  char *save = NULL;
  for (char *line = strtok_r(flows, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
    char from[40], to[40], rest[80];
    if (sscanf(line, "%39[^,],%39[^,],%79s", from, to, rest) != 3) continue;
    for (size_t q = 0; q < REGIONS; q++) {
      if (strcmp(to, code[q]) != 0) continue;
      const double flow = strtod(strstr(rest, ",Mt,") + 4, NULL);
      consumption[q] += flow;
      all += flow;
    }
  }
  for (size_t q = 0; q < REGIONS; q++) {
    near(value_of(csv, 2022, code[q], "consumption", "share"), consumption[q] / all);
  }
  free(flows);
  free(csv);
}

/* Growth of 5 % in two regions, none in the others: with one factor for all, GDP of regions adds up to the nation's, so that
 * intensities c_i weigh up: sum h_i E_0 (1 + c_i) g_i = E_t. */
static void intensities(void **state) {
  fixture *f = *state;
  char *csv = shared(f, "--rule=gdp", "--intensity");
  const double nation = value_of(csv, 2024, "yangtze_delta", "gdp", "intensity_change"); /* shares 0.3 and 0.3 */
  near(value_of(csv, 2024, "fenwei", "gdp", "intensity_change"), 2.0 * (1.0 + nation) - 1.0);
  near(value_of(csv, 2024, "other", "gdp", "intensity_change"), 0.5 * (1.0 + nation) - 1.0);
  free(csv);
  expect_out(&f->run, "GDP of all regions is taken to grow alike");
  assert_int_equal(tanlu_test_write_file(f->directory, "g.csv",
                                         "region,growth\nother,0\nfenwei,0\nyangtze_delta,5\n"
                                         "beijing_tianjin_hebei,5\n"),
                   0);
  tanlu(&f->run, f->directory, "share", "--provinces", "./key", "--csv", "g2.csv", "--to=2024", "--period=2",
        "--rule=historic", "--intensity", "--growth=g.csv", "r.h5");
  expect_status(&f->run, 0);
  csv = tanlu_test_read_file(f->directory, "g2.csv");
  /* GDP 70 grows by 1.05^4, 30 not at all: f = G 100 / (70 x 1.05^4 + 30) */
  const double grown = pow(1.05, 4.0), factor = 100.0 / (70.0 * grown + 30.0);
  near(value_of(csv, 2024, "other", "historic", "intensity_change"), (1.0 + nation) / factor - 1.0);
  near(value_of(csv, 2024, "yangtze_delta", "historic", "intensity_change"), (1.0 + nation) / (factor * grown) - 1.0);
  free(csv);
}

static void wrong_input(void **state) {
  fixture *f = *state;
  const struct {
    const char *argument[6], *message;
  } usage[] = {
      {{"share", "r.h5"}, "expected regional accounts: --provinces DATASET"},
      {{"share", "--provinces=./key", "--rule=heads", "r.h5"}, "--rule 'heads': expected historic, per-head"},
      {{"share", "--provinces=./key", "--rule=gdp", "--weights=gdp=1", "r.h5"}, "exclude each other"},
      {{"share", "--provinces=./key", "--weights=gdp=0.7", "r.h5"}, "the weights sum to 0.7; expected 1"},
      {{"share", "--provinces=./key", "--intensity", "r.h5"}, "--intensity needs --rule or --weights"},
      {{"share", "--provinces=./key", "--price=3", "r.h5"}, "--price goes with --rule or --weights"},
      {{"share", "--provinces=./key", "--indicator=gdp", "r.h5"}, "expected an indicator in Mt"},
      {{"share", "--provinces=./key", "--period=0", "r.h5"}, "--period '0': expected a whole number of at least 1"},
      {{"share", "--provinces=./key", "--to=2030", "r.h5"}, "expected years from 2021 to 2024 in order"},
      {{"share", "--provinces=./key", "--converge=2019", "r.h5"},
       "shares converge by 2019; expected a year after 2020"},
      {{"share", "--provinces=china-2020-42", "r.h5"}, "has no level 'region'"},
      {{"goals", "--provinces=china-2020-42", "r.h5"}, "has no level 'region'"},
  };
  for (size_t k = 0; k < sizeof usage / sizeof *usage; k++) {
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), usage[k].argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, usage[k].message);
    assert_string_equal(f->run.out, "");
  }
  tanlu(&f->run, f->directory, "goals", "--list", "--provinces=./key");
  expect_status(&f->run, 2);
  assert_int_equal(tanlu_test_edit(f->directory, "key/dataset.yaml", "base_year: 2020", "base_year: 2017"), 0);
  tanlu(&f->run, f->directory, "share", "--provinces=./key", "--to=2024", "r.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is of 2017, the first year of the scenario is 2020");
  assert_int_equal(tanlu_test_edit(f->directory, "key/dataset.yaml", "base_year: 2017", "base_year: 2020"), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "key/dataset.yaml", "region: \"China\"", "region: \"Mars\""), 0);
  tanlu(&f->run, f->directory, "goals", "--provinces=./key", "r.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is of regions of Mars, the results of China");
  assert_int_equal(tanlu_test_edit(f->directory, "key/dataset.yaml", "region: \"Mars\"", "region: \"China\""), 0);
  const struct {
    const char *text, *message;
  } bad[] = {
      {HEAD BTH REST, "key/regions.csv: error: missing region 'yangtze_delta'"},
      {HEAD BTH BTH YRD REST, "key/regions.csv:3:1: error: duplicate region 'beijing_tianjin_hebei'"},
      {HEAD BTH YRD "fenwei,10,0,1,-3,20,1\nother,15,5,1,40,10,1\n", "key/regions.csv:4:5: error: 'population' is -3"},
      {HEAD BTH YRD "fenwei,10,0,1,,20,1\nother,15,5,1,40,10,1\n", "population of region 'fenwei' is nan"},
      {"region,co2_production_mt,co2_households_mt,final_energy_pj,value_added\nbeijing_tianjin_hebei,10,1,1,1\n"
       "yangtze_delta,1,1,1,1\nfenwei,1,1,1,1\nother,1,1,1,1\n",
       "population of region 'beijing_tianjin_hebei' is nan"},
      {HEAD BTH YRD "fenwei,10,0,1,0,20,1\nother,15,5,1,40,10,1\n",
       "key/regions.csv:4:5: error: population is 0; expected persons, above 0"},
      {HEAD BTH YRD "fenwey,10,0,1,3,20,1\nother,15,5,1,40,10,1\n", "unknown region 'fenwey'"},
      {"region,co2_production_mt,co2_households_mt,final_energy_pj\n", "make the dataset again: tanlu regionalise"},
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    assert_int_equal(write_levels(f, bad[k].text), 0);
    tanlu(&f->run, f->directory, "share", "--provinces=./key", "--csv=bad.csv", "--to=2024", "r.h5");
    expect_status(&f->run, 2);
    expect_err(&f->run, bad[k].message);
    assert_false(tanlu_test_exists(f->directory, "bad.csv"));
  }
  assert_int_equal(write_levels(f, HEAD BTH YRD REST), 0);
  const struct {
    const char *text, *message;
  } growth[] = {
      {"region,growth\nother,0\n", "w.csv: error: missing region 'beijing_tianjin_hebei'"},
      {"region,growth\nother,0\nfenwei,-100\nyangtze_delta,5\nbeijing_tianjin_hebei,5\n", "w.csv:3:2: error: 'growth'"},
  };
  for (size_t k = 0; k < sizeof growth / sizeof *growth; k++) {
    assert_int_equal(tanlu_test_write_file(f->directory, "w.csv", growth[k].text), 0);
    tanlu(&f->run, f->directory, "share", "--provinces=./key", "--rule=gdp", "--intensity", "--growth=w.csv",
          "--to=2024", "r.h5");
    expect_status(&f->run, 2);
    expect_err(&f->run, growth[k].message);
  }
}

/* ---- goals --------------------------------------------------------------------------------------------------------------------------- */

#define GOALS                                                                                                          \
  "code,name,name_zh,scope,indicator,measure,base_year,year,operator,value,unit,grade,presets,source\n"                \
  "services,Services,,Yangtze River Delta,share_tertiary,,,2020,>=,0.2,1,,a,S\n"                                       \
  "total,CO2,,Beijing-Tianjin-Hebei and surroundings,co2_total,,,2020,<=,41,Mt,,a,S\n"

static void goals_of_regions(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "goals.csv",
                                         GOALS
                                         "coal,Coal,,Fenwei Plain,coal_consumption,change,2020,2024,<,-0.9,1,,b,S\n"
                                         "city,Coal,,Xingtai,coal_share,,,2030,<=,0.5,1,,b,S\n"),
                   0);
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-a", "--provinces=./key", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Yangtze River Delta: Services");
  expect_out(&f->run, "10.0 MISSED 10.0"); /* 3 of 30 */
  expect_out(&f->run, "40.0 met 2020");
  expect_out(&f->run, "Fenwei Plain: Coal *");
  expect_out(&f->run, "* taken to move with the nation since the base year");
  expect_out(&f->run, "of a place that the regional accounts do not have");
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-a", "--csv", "--provinces=./key", "r.h5");
  expect_out(&f->run, ",taken to move with the nation\r\n");
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-p", "b", "--strict", "--provinces=./key", "r.h5");
  expect_status(&f->run, 0); /* missed only as the nation */
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "-p", "a", "--strict", "--provinces=./key", "r.h5");
  expect_status(&f->run, 1);
}

/* The coal caps of key regions are goals of places that the shipped statistics have. */
static void shipped_key_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "-p", "regions-14", "--csv", "--provinces=./key", "r.h5");
  expect_status(&f->run, 0);
  expect_not_out(&f->run, "of a place that the regional accounts do not have");
  expect_out(&f->run, "bth_coal_2025");
  expect_out(&f->run, "fenwei_coal_2025");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_rule_by_hand), cmocka_unit_test(all_rules),        cmocka_unit_test(intensities),
      cmocka_unit_test(wrong_input),    cmocka_unit_test(goals_of_regions), cmocka_unit_test(shipped_key_regions),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
