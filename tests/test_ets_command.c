/* tanlu ets from outside: rules in a scenario and in market files, what is wrong with them, result files, regions. Oracles: places counted
 * by hand in the texts, sums over the CSV (the balance of allowances, costs), the same numbers by two ways of giving the rules. */
#include <dirent.h>
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

/* The probe, seven lines, with more below it. */
static void write_scenario(fixture *f, const char *name, const char *block) {
  char text[4096];
  snprintf(text, sizeof text, "%s%s", tanlu_test_probe, block);
  assert_int_equal(tanlu_test_write_file(f->directory, name, text), 0);
}

/* The value of a record of the CSV that holds this text; its last field. */
static double value_of(const char *csv, const char *record) {
  const char *at = strstr(csv, record);
  if (at == NULL) print_error("no record '%s' in\n%s", record, csv);
  assert_non_null(at);
  const char *end = strchr(at, '\n');
  while (end > at && end[-1] != ',') end--;
  return strtod(end, NULL);
}

static double sum_of(const char *csv, int year, const char *const *codes) {
  double sum = 0.0;
  for (; *codes != NULL; codes++) {
    char record[96];
    snprintf(record, sizeof record, ",%d,%s,", year, **codes == '-' ? *codes + 1 : *codes);
    sum += (**codes == '-' ? -1.0 : 1.0) * value_of(csv, record);
  }
  return sum;
}

#define MARKET                                                                                                         \
  "title: Both\n"                                                                                                      \
  "years: {from: 2024, to: 2030}\n"                                                                                    \
  "default: {allocation: {rule: historic}, abatement: {0: 0, 100: 0.3}}\n"                                             \
  "groups:\n"                                                                                                          \
  "  power_heat: {auction: 0.1}\n"                                                                                     \
  "  goods: {control: {2024: 1, 2030: 0.9}, allocation: {rule: {intensity: 0.5, historic: 0.5}, per: widgets}}\n"      \
  "cap: {intensity: {base: 2020, reduction: {2024: 0.1, 2030: 0.45}}}\n"                                               \
  "offsets: {limit: 0.05, price: 20}\n"                                                                                \
  "banking: {rate: 0.05}\n"                                                                                            \
  "compliance: 0.98\n"                                                                                                 \
  "penalty: {price_multiple: 3, deduct: 2}\n"

/* Rules in a file; the identities of model/carbon_market.h over what the CSV says. */
static void a_market_file(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "both.yaml", MARKET), 0);
  tanlu(&f->run, f->directory, "ets", "--market", "./both.yaml", "--year", "2024-2030", "--csv", "years.csv", "probe");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Carbon market of scenario 'probe': Both");
  char *csv = tanlu_test_read_file(f->directory, "years.csv");
  assert_non_null(csv);
  double bank = 0.0, before = 0.0, banked = 0.0;
  for (int year = 2024; year <= 2030; year++) {
    const double in =
        bank + sum_of(csv, year,
                      (const char *const[]){"free_allowances", "auctioned_allowances", "-deducted_allowances",
                                            "reserve_sold", "added", "-withdrawn", "offsets", NULL});
    bank = sum_of(csv, year, (const char *const[]){"bank", NULL});
    banked += bank;
    const double out = bank + sum_of(csv, year, (const char *const[]){"due", "-not_surrendered", "expired", NULL});
    const double emitted = sum_of(csv, year, (const char *const[]){"covered_co2", NULL});
    assert_true(emitted > 0.0 && fabs(in - out) < 1e-8 * emitted);
    const double open = sum_of(csv, year, (const char *const[]){"not_surrendered", NULL});
    assert_true(fabs(open - 0.02 * sum_of(csv, year, (const char *const[]){"due", NULL})) < 1e-8 * emitted);
    assert_true(fabs(sum_of(csv, year, (const char *const[]){"deducted_allowances", NULL}) - 2.0 * before) <
                1e-8 * emitted);
    before = open;
    assert_true(fabs(sum_of(csv, year,
                            (const char *const[]){"cost", "-trade_cost", "-offset_cost", "-abatement_cost", "-penalty",
                                                  NULL})) < 1e-9);
  }
  assert_true(banked > 0.0);
  free(csv);
  tanlu(&f->run, f->directory, "ets", "--market=./both.yaml", "--groups", "--year=2030", "--csv=groups.csv", "probe");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Groups of the carbon market, 2030, at ");
  csv = tanlu_test_read_file(f->directory, "groups.csv");
  assert_non_null(csv);
  assert_non_null(strstr(csv, "leakage_index"));
  free(csv);
}

/* The same rules in the scenario, in a file the scenario names, through a result file and by --set give the same table; the block changes
 * nothing of the projection; what a scenario says beside `market` wins. */
static void rules_in_a_scenario(void **state) {
  fixture *f = *state;
  char block[2048] = "ets:\n", *table = NULL;
  for (const char *at = MARKET; *at != '\0'; at = strchr(at, '\n') + 1) {
    strcat(block, "  ");
    strncat(block, at, (size_t)(strchr(at, '\n') - at) + 1);
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "both.yaml", MARKET), 0);
  write_scenario(f, "own.yaml", block);
  write_scenario(f, "named.yaml", "ets: {market: ./both.yaml}\n");
  tanlu(&f->run, f->directory, "ets", "--market", "./both.yaml", "probe.yaml");
  expect_status(&f->run, 0);
  table = strdup(f->run.out);
  tanlu(&f->run, f->directory, "ets", "own.yaml");
  assert_string_equal(f->run.out, table);
  tanlu(&f->run, f->directory, "ets", "named.yaml");
  assert_string_equal(f->run.out, table);
  tanlu(&f->run, f->directory, "ets", "--set", "ets.market=./both.yaml", "probe.yaml");
  expect_status(&f->run, 0);
  assert_string_equal(f->run.out, table);
  tanlu(&f->run, f->directory, "check", "--explain", "named.yaml");
  expect_out(&f->run, "ets.offsets.limit\n                   0.05             ");
  expect_out(&f->run, "both.yaml:8\n");
  tanlu(&f->run, f->directory, "run", "-q", "-o", "with.h5", "named.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "without.h5", "probe.yaml");
  tanlu(&f->run, f->directory, "show", "--csv", "with.h5", "co2_net");
  char *projected = strdup(f->run.out);
  tanlu(&f->run, f->directory, "show", "--csv", "without.h5", "co2_net");
  assert_string_equal(f->run.out, projected);
  free(projected);
  assert_int_equal(remove(strcat(strcpy(block, f->directory), "/both.yaml")), 0); /* its rules are in the result file */
  tanlu(&f->run, f->directory, "ets", "with.h5");
  expect_status(&f->run, 0);
  assert_string_equal(f->run.out, table);
  tanlu(&f->run, f->directory, "ets", "without.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "scenario 'probe' has no carbon market (key 'ets'); expected --market NAME|FILE");
  /* one knot, one point and one choice set; the others stay */
  tanlu(&f->run, f->directory, "ets", "--rule", "cap.intensity.reduction.2030=0.1", "--rule",
        "cap.intensity.reduction.2024=0.1", "--rule", "groups.goods.allocation.rule=historic", "with.h5");
  expect_status(&f->run, 0);
  assert_string_not_equal(f->run.out, table);
  free(table);
}

/* A child scenario replaces timelines and choices whole and keeps the rest. */
static void parents_and_children(void **state) {
  fixture *f = *state;
  write_scenario(
      f, "parent.yaml",
      "ets: {groups: {goods: {allocation: {rule: {historic: 1}}, abatement: {10: 0, 20: 0.5}}}, price: {2025: "
      "10, 2030: 20}}\n");
  assert_int_equal(tanlu_test_write_file(
                       f->directory, "child.yaml",
                       "name: child\nparent: parent\nets: {groups: {goods: {allocation: {rule: {intensity: 1}, per: "
                       "output}}}, price: {2026: 40}}\n"),
                   0);
  tanlu(&f->run, f->directory, "ets", "--year=2025", "--csv=c.csv", "--force", "--force", "child.yaml");
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "c.csv");
  assert_true(fabs(value_of(csv, ",2025,price,") - 40.0) < 1e-12);
  assert_true(fabs(value_of(csv, ",2025,abated,") / value_of(csv, ",2025,covered_co2,") - 0.5) < 1e-12);
  free(csv);
}

#define GOODS "groups: {goods: {allocation: {rule: historic}}}\n"

/* A market file in error: what is said of it. */
static const struct {
  const char *text, *message;
} wrong[] = {
    {"title: x\n",
     "m.yaml:1:1: error: the market does not say 'groups'; expected {CODE: {...}} of the covered groups or sectors"},
    {"groups: 3\n", "m.yaml:1:9: error: expected {CODE: {...}}"},
    {"groups: {gods: {}}\n",
     "m.yaml:1:10: error: dataset tiny-2020 has no sector or group 'gods'; did you mean 'goods'"},
    {"groups: {goods: {}}\n", "m.yaml:1:17: error: the market does not say 'groups.goods.allocation.rule'"},
    {"groups: {goods: {alocation: {}}}\n",
     "m.yaml:1:18: error: unknown key 'alocation' in a covered group; did you mean 'allocation'"},
    {"groups: {goods: {allocation: {rule: historical}}}\n", "m.yaml:1:37: error: unknown rule 'historical'"},
    {"groups: {goods: {allocation: {rule: {historic: 0.6, benchmark: 0.3}}}}\n",
     "m.yaml:1:37: error: the weights of 'goods' sum to 0.9"},
    {"groups: {goods: {allocation: {rule: intensity}}}\n",
     "m.yaml:1:30: error: the market does not say 'groups.goods.allocation.per'"},
    {"groups: {goods: {allocation: {rule: intensity, per: widget}}}\n",
     "m.yaml:1:53: error: 'widget' is nothing that an intensity can"},
    {"groups: {goods: {allocation: {rule: benchmark, per: output}}}\n",
     "'groups.goods.allocation.benchmark'; expected median"},
    {"groups: {goods: {allocation: {rule: benchmark, per: output, benchmark: {percentile: 30}}}}\n",
     "m.yaml:1:85: error: 30 is outside the bounds; expected 0 to 1"},
    {"groups: {goods: {allocation: {rule: benchmark, per: output, benchmark: median}}}\n",
     "'groups.goods.allocation.variation'"},
    {"groups: {goods: {allocation: {rule: benchmark, per: output, benchmark: mean}}}\n",
     "m.yaml:1:72: error: expected a benchmark"},
    {"groups: {goods: {allocation: {rule: benchmark, per: output, benchmark: tiers}}}\n",
     "no process with known efficiency tiers"},
    {"groups: {goods: {allocation: {rule: historic, base_years: {from: 2015, to: 2020}}}}\n",
     "m.yaml:1:66: error: 2015 is outside the years of the scenario; expected 2020 to 2030"},
    {"groups: {goods: {abatement: {100: 0.1, 50: 0.2}, allocation: {rule: historic}}}\n",
     "m.yaml:1:40: error: prices must rise, and shares not fall"},
    {"groups: {goods: {abatement: {cheap: 0.1}, allocation: {rule: historic}}}\n",
     "m.yaml:1:30: error: 'cheap' is no price"},
    {"groups: {goods: {abatement: {tiers: {from: 30}}, allocation: {rule: historic}}}\n",
     "'groups.goods.abatement.tiers.to'; expected"},
    {"groups: {goods: {abatement: {routes: {process: x, route: y, share: 1, from: 0, to: 1}}, allocation: {rule: "
     "historic}}}\n",
     "m.yaml:1:48: error: 'x' is no process with routes that is part of 'goods'"},
    {"groups: {goods: {share: 1.2, allocation: {rule: historic}}}\n", "m.yaml:1:25: error: 1.2 is outside the bounds"},
    {"groups: {goods: {share: {later: 1}, allocation: {rule: historic}}}\n", "m.yaml:1:26: error: 'later' is no year"},
    {"groups: {goods: {allocation: {rule: historic}}, tertiary: {allocation: {rule: historic}}}\n",
     "m.yaml:1:49: error: sector 'goods' is in 'goods' already"},
    {GOODS "threshold: 26000\n", "m.yaml:1:17: error: the market does not say 'groups.goods.firms'"},
    {GOODS "cap: {path: 5, intensity: {}}\n", "m.yaml:2:16: error: a cap is a path or follows intensity"},
    {GOODS "cap: {intensity: {base: 2020}}\n", "m.yaml:2:18: error: the market does not say 'cap.intensity.reduction'"},
    {GOODS "cap: {path: {2030: -5}}\n", "m.yaml:2:20: error: -5 is outside the bounds; expected at least 0"},
    {GOODS "reserve: {share: 0.1}\n", "m.yaml:2:10: error: the market does not say 'cap'"},
    {GOODS "price: 50\nfloor: 20\n", "m.yaml:3:1: error: the price is given; expected no floor"},
    {GOODS "floor: 50\nceiling: 20\n", "m.yaml:2:1: error: the floor is above the ceiling in 2023"},
    {GOODS "offsets: {limit: 0.05}\n", "m.yaml:2:10: error: the market does not say 'offsets.price'"},
    {GOODS "banking: yes\n", "the market does not say 'banking.rate'"},
    {GOODS "banking: maybe\n", "m.yaml:2:10: error: expected yes or no for 'banking'"},
    {GOODS "penalty: {surrender: 3, allowances: 4}\n", "m.yaml:2:37: error: 4 allowances of 3 t to be surrendered"},
    {GOODS "penalty: {fine: 50000}\ncompliance: 0.9\n",
     "'groups.goods.firms'; expected the number of firms, each of which pays"},
    {GOODS "years: {from: 2030, to: 2024}\n", "m.yaml:2:8: error: the market ends in 2024"},
    {GOODS "source: {a: b}\n", "m.yaml:2:9: error: expected a text or a list of texts as 'source'"},
    {GOODS "benchmarks: 5\n", "m.yaml:2:1: error: unknown key 'benchmarks' in ets"},
    {GOODS "cap: {path: 0.00001}\n", "carbon market, 2023: "},
};

static void wrong_rules(void **state) {
  fixture *f = *state;
  size_t missed = 0;
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    assert_int_equal(tanlu_test_write_file(f->directory, "m.yaml", wrong[k].text), 0);
    tanlu(&f->run, f->directory, "ets", "--market", "./m.yaml", "--csv", "none.csv", "probe.yaml");
    const bool solved =
        strstr(wrong[k].message, "no process with known") != NULL || strstr(wrong[k].message, "carbon market,") != NULL;
    const bool said = strstr(f->run.err, wrong[k].message) != NULL;
    if (f->run.status == (solved ? 3 : 2) && said && f->run.out[0] == '\0' &&
        !tanlu_test_exists(f->directory, "none.csv"))
      continue;
    print_error("status %d for\n%sexpected: %s\nsaid: %s\n", f->run.status, wrong[k].text, wrong[k].message,
                f->run.err);
    missed++;
  }
  assert_int_equal(missed, 0);
}

/* A scenario's block is checked with the scenario: what is wrong is an error of `run`, what is missing is not. */
static void checked_with_the_scenario(void **state) {
  fixture *f = *state;
  write_scenario(f, "some.yaml", "ets: {groups: {power_heat: {}}, threshold: 26000}\n");
  tanlu(&f->run, f->directory, "check", "some.yaml");
  expect_status(&f->run, 0);
  write_scenario(f, "bad.yaml", "ets: {groups: {power_hat: {}}}\n");
  tanlu(&f->run, f->directory, "run", "-o", "bad.h5", "bad.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run,
             "bad.yaml:8:16: error: dataset tiny-2020 has no sector or group 'power_hat'; did you mean 'power_heat'");
  assert_false(tanlu_test_exists(f->directory, "bad.h5"));
  write_scenario(f, "bad.yaml", "ets: {market: natonal}\n");
  tanlu(&f->run, f->directory, "check", "bad.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "bad.yaml:8:15: error: market: no carbon market 'natonal'");
  expect_err(&f->run, "did you mean 'national'?");
}

/* Every shipped market is understood by a scenario, and says what it lacks when it is to be solved. */
static void shipped_markets(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 32], setting[320];
  size_t count = 0;
  snprintf(path, sizeof path, "%s/inputs/policy/markets", tanlu_test_root());
  DIR *markets = opendir(path);
  assert_non_null(markets);
  for (const struct dirent *entry; (entry = readdir(markets)) != NULL;) {
    const char *dot = strrchr(entry->d_name, '.');
    if (dot == NULL || strcmp(dot, ".yaml") != 0) continue;
    snprintf(setting, sizeof setting, "ets.market=%.*s", (int)(dot - entry->d_name), entry->d_name);
    tanlu(&f->run, f->directory, "check", "--set", setting, "dual-carbon-42");
    expect_status(&f->run, 0);
    tanlu(&f->run, f->directory, "ets", "--set", setting, "dual-carbon-42");
    expect_status(&f->run, 2);
    expect_err(&f->run, strncmp(entry->d_name, "hubei", 5) == 0 ? "the weights of 'power_heat' sum to 0.5"
                                                                : "the market does not say '");
    count++;
  }
  closedir(markets);
  assert_int_equal(count, 9);
  /* with what is missing it is solved */
  tanlu(&f->run, f->directory, "ets", "--market", "national", "--rule",
        "groups.power_heat={share: 0.95, allocation: {rule: historic}}", "--rule", "price=60", "--rule",
        "offsets.price=50", "dual-carbon-42");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Carbon market of scenario 'dual-carbon-42': National carbon market");
}

/* What tiers and routes leave to save. Routes: linear in the share that could be had beyond what is there, which is 0.104 in the dataset
 * (routes.csv) in a scenario that does not move it. Tiers: an allocation at the benchmark level is what is left after the saving. A scenario
 * that moves capacity and routes itself leaves less of both. */
static double potential(fixture *f, const char *scenario, const char *routes_share) {
  char rule[256];
  snprintf(rule, sizeof rule,
           "groups.iron_steel.abatement={routes: {process: steel, route: electric_arc, share: %s, from: 0, to: 100}}",
           routes_share);
  tanlu(&f->run, f->directory, "ets", "--market=./both.yaml", "--rule", rule, "--groups", "--year=2030", "--csv=p.csv",
        "--force", scenario);
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "p.csv");
  assert_non_null(csv);
  const double found = value_of(csv, "2030,iron_steel,Iron and steel,,abatement_potential");
  const double claim = value_of(csv, "2030,cement,\"Cement, lime and gypsum\",,claim");
  const double co2 = value_of(csv, "2030,cement,\"Cement, lime and gypsum\",,covered_co2");
  const double saving = value_of(csv, "2030,cement,\"Cement, lime and gypsum\",,abatement_potential");
  assert_true(saving > 0.0 && saving < 0.5);
  assert_true(fabs(claim / co2 - (1.0 - saving)) < 1e-9);
  free(csv);
  return found;
}

static void abatement_by_tiers_and_routes(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(
                       f->directory, "both.yaml",
                       "price: 0\ngroups:\n  iron_steel: {allocation: {rule: historic}}\n  cement: {allocation: {rule: "
                       "benchmark, per: cement, benchmark: tiers}, abatement: {tiers: {from: 30, to: 300}}}\n"),
                   0);
  const double some = potential(f, "dual-carbon", "0.4"), more = potential(f, "dual-carbon", "0.7");
  assert_true(some > 0.1 && more < 1.0);
  assert_true(fabs(some / more - (0.4 - 0.104) / (0.7 - 0.104)) < 1e-9);
  assert_true(potential(f, "dual-carbon", "0.1") == 0.0);
  const double moved = potential(f, "dual-carbon-routes", "0.4");
  assert_true(moved > 0.0 && moved < some);
}

static void regions(void **state) {
  fixture *f = *state;
  write_scenario(f, "own.yaml", "ets: {groups: {goods: {allocation: {rule: historic}}}, cap: {path: 10}, price: 10}\n");
  assert_int_equal(tanlu_test_write_file(f->directory, "r.csv", "region,population,gdp,co2\na,5,1,3\nb,5,3,1\n"), 0);
  tanlu(&f->run, f->directory, "ets", "--share-out=r.csv", "--weights=historic=0.5,gdp=0.5", "--year=2030",
        "--csv=s.csv", "own.yaml");
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "s.csv");
  assert_true(fabs(value_of(csv, ",2030,b,") - 5.0) < 1e-12);
  free(csv);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "r.csv", "region,population,gdp,co2,consumption\na,5,1,3,2\nb,5,3,1,8\n"), 0);
  tanlu(&f->run, f->directory, "ets", "--share-out=r.csv", "--weights=consumption=1", "--year=2030", "--csv=c.csv",
        "--force", "own.yaml");
  expect_status(&f->run, 0);
  csv = tanlu_test_read_file(f->directory, "c.csv");
  assert_true(fabs(value_of(csv, ",2030,b,") - 8.0) < 1e-12);
  free(csv);
  const struct {
    const char *csv, *weights, *message;
  } bad[] = {
      {"region,population,gdp\na,1,1\n", "gdp=1", "r.csv:1: error: "},
      {"region,population,gdp,co2\na,1,1,0\n", "gdp=1", "r.csv:2:4: error: co2 of 'a' is 0; expected a number above 0"},
      {"region,population,gdp,co2\na,1,1,1\na,1,1,1\n", "gdp=1", "r.csv:3:1: error: duplicate region 'a'"},
      {"region,population,gdp,co2\n", "gdp=1", "r.csv:1: error: no regions"},
      {"region,population,gdp,co2\na,1,1,1\n", "gdp=0.9", "--weights: the weights sum to 0.9; expected 1"},
      {"region,population,gdp,co2\na,1,1,1\n", "gdp=0.5,consumption=0.5",
       "--weights: consumption needs regions with a column consumption"},
      {"region,population,gdp,co2,consumption\na,1,1,1,0\n", "gdp=1", "r.csv:2:5: error: consumption of 'a' is 0"},
      {"region,population,gdp,co2\na,1,1,1\n", "heads=1", "--weights: 'heads=1' is not CRITERION=WEIGHT"},
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    assert_int_equal(tanlu_test_write_file(f->directory, "r.csv", bad[k].csv), 0);
    tanlu(&f->run, f->directory, "ets", "--share-out", "r.csv", "--weights", bad[k].weights, "own.yaml");
    expect_status(&f->run, 2);
    expect_err(&f->run, bad[k].message);
  }
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  const struct {
    const char *argument[6], *message;
  } usage[] = {
      {{"ets", "probe.yaml"}, "has no carbon market (key 'ets')"},
      {{"ets", "--market=nowhere", "probe.yaml"}, "no carbon market 'nowhere'"},
      {{"ets", "--market=shenzhen", "--rule=price", "probe.yaml"}, "expected PATH=VALUE"},
      {{"ets", "--share-out=r.csv", "probe.yaml"}, "--share-out and --weights go together"},
      {{"ets", "--share-out=r.csv", "--weights=gdp=1", "--groups", "probe.yaml"},
       "expected either --share-out or --groups"},
  };
  for (size_t k = 0; k < sizeof usage / sizeof *usage; k++) {
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), usage[k].argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, usage[k].message);
    assert_string_equal(f->run.out, "");
  }
  write_scenario(f, "own.yaml", "ets: {groups: {goods: {allocation: {rule: historic}}}, price: 10}\n");
  tanlu(&f->run, f->directory, "ets", "--year=2021", "own.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--year: 2021 is outside the years of the market, 2023 to 2030");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_market_file),
      cmocka_unit_test(rules_in_a_scenario),
      cmocka_unit_test(parents_and_children),
      cmocka_unit_test(wrong_rules),
      cmocka_unit_test(checked_with_the_scenario),
      cmocka_unit_test(shipped_markets),
      cmocka_unit_test(abatement_by_tiers_and_routes),
      cmocka_unit_test(regions),
      cmocka_unit_test(wrong_usage),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
