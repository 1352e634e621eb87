/* tanlu goals on a result file by region, without and with regional accounts, as the built program.
 *
 * Oracle: paths of three regions made here by hand, 2020 to 2023, in a file of the tiny dataset:
 *
 *     coal_consumption    East 10 12 11 9    West 20 21 22 23    North 5 5 5 5    the nation 100 101 102 103
 *     share_tertiary, nonfossil_share    East 0.1 0.12 0.14 0.16    West 0.05    North 0.3 0.25 0.2 0.15    the nation 0.2
 *     co2_per_gdp_change_2005 of East -0.5; peak_year of East 2021, of the others missing
 *
 * Accounts: their sectors are one a region; East and West are the coast, by a level of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/goals_file.h"
#include "inputs/region_set.h"
#include "model/indicators.h"
#include "outputs/result_file.h"
#include "tests/model_support.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

enum { REGIONS = 3, YEARS = 4, FROM = 2020 };
static const char *const region[REGIONS][3] = {
    {"east", "East", "东"}, {"west", "West", "西"}, {"north", "North", "北"}};
static const double coal[REGIONS + 1][YEARS] = {{10, 12, 11, 9}, {20, 21, 22, 23}, {5, 5, 5, 5}, {100, 101, 102, 103}};
static const double services[REGIONS + 1][YEARS] = {
    {0.1, 0.12, 0.14, 0.16}, {0.05, 0.05, 0.05, 0.05}, {0.3, 0.25, 0.2, 0.15}, {0.2, 0.2, 0.2, 0.2}};

#define HEAD "code,name,name_zh,scope,indicator,measure,base_year,year,operator,value,unit,grade,presets,source\n"
static const char goals[] =
    HEAD "east_share,Services,,East,share_tertiary,,,2023,>=,0.15,1,,own,S\n"
         "west_share,Services,,West,share_tertiary,,,2023,>=,0.15,1,,own,S\n"
         "east_coal,Coal peak,,East,coal_consumption,peak_year,,,<=,2021,year,,own,S\n"
         "west_coal,Coal peak,,West,coal_consumption,peak_year,,,<=,2022,year,,own,S\n"
         "west_change,Coal on 2020,,West,coal_consumption,change,2020,2023,<=,0.1,1,,own,S\n"
         "east_peak,CO2 peak,,East,peak_year,,,,<=,2022,year,,own,S\n"
         "north_peak,CO2 peak,,North,peak_year,,,,<=,2022,year,,own,S\n"
         "east_past,CO2 per GDP on 2005,,East,co2_per_gdp_change_2005,level,2005,2023,<=,-0.4,1,,own,S\n"
         "east_fossil,Non-fossil,,East,nonfossil_share,,,2023,>=,0.15,1,,own,S\n"
         "coast_coal,Coal on 2020,,Coast,coal_consumption,change,2020,2023,<=,0.05,1,,group,S\n"
         "coast_peak,Coal peak,,Coast,coal_consumption,peak_year,,,<=,2022,year,,group,S\n"
         "coast_gdp,CO2 per GDP,,Coast,co2_per_gdp_change_2020,level,2020,2023,<=,0,1,,group,S\n"
         "far_coal,Coal on 2020,,Far,coal_consumption,change,2020,2023,<=,0.05,1,,group,S\n"
         "city_share,Services,,Baoding,share_tertiary,,,2023,>=,0.1,1,,city,S\n"
         "nation,Services,,China,share_tertiary,,,2023,>=,0.2,1,,nation,S\n";

/* ---- the files ------------------------------------------------------------------------------------------------------ */

static double *indicator(tanlu_projection *p, size_t t, size_t id) {
  return &p->value[TANLU_FIELD_INDICATOR][t * TANLU_INDICATOR_COUNT + id];
}

/* who: a region, or REGIONS for the nation. */
static tanlu_projection *make_projection(const tanlu_dataset *dataset, size_t who, tanlu_context *context) {
  tanlu_projection *p = NULL;
  assert_int_equal(tanlu_projection_create(&p, dataset, FROM, YEARS, context), TANLU_OK);
  for (size_t t = 0; t < YEARS; t++) {
    *indicator(p, t, TANLU_INDICATOR_COAL_USE) = coal[who][t];
    *indicator(p, t, TANLU_INDICATOR_SHARE_TERTIARY) = services[who][t];
    *indicator(p, t, TANLU_INDICATOR_NONFOSSIL) = services[who][t];
    *indicator(p, t, TANLU_INDICATOR_CO2_PER_GDP_2005) = -0.5;
    /* peak_year is made of energy CO2 when it is written: rising but in the east */
    *indicator(p, t, TANLU_INDICATOR_CO2_ENERGY) = who == 0 ? coal[0][t] : 1.0 + (double)t;
    *indicator(p, t, TANLU_INDICATOR_CO2_PER_GDP_2020) = -0.01 * (double)t;
  }
  return p;
}

static void write_result(const fixture *f) {
  char path[TANLU_TEST_PATH + 16];
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *nation = NULL;
  tanlu_labels label = {0};
  tanlu_projection *of[REGIONS + 1];
  (void)snprintf(path, sizeof path, "%s/tiny", f->directory);
  assert_int_equal(tanlu_dataset_read(&nation, path, context), TANLU_OK);
  tanlu_dataset own = *nation;
  own.accounts.category = (tanlu_labels){0};
  for (size_t k = 0; k < nation->accounts.category.count; k++) {
    assert_int_equal(tanlu_labels_add(&own.accounts.category, nation->accounts.category.code[k], NULL, NULL, context),
                     TANLU_OK);
  }
  assert_int_equal(tanlu_labels_add(&own.accounts.category, TANLU_OTHER_REGIONS, NULL, NULL, context), TANLU_OK);
  for (size_t r = 0; r <= REGIONS; r++) of[r] = make_projection(r < REGIONS ? &own : nation, r, context);
  for (size_t r = 0; r < REGIONS; r++) {
    assert_int_equal(tanlu_labels_add(&label, region[r][0], region[r][1], region[r][2], context), TANLU_OK);
  }
  const tanlu_result_regions regions = {.region = &label,
                                        .dataset = &own,
                                        .projection = (const tanlu_projection *const *)of,
                                        .statistics = "by-hand",
                                        .lead = "nation"};
  const tanlu_result_scenario scenario = {
      .name = "hand", .title = "", .text = "name: hand\n", .projection = of[REGIONS], .regions = &regions};
  const tanlu_provenance provenance = {
      .version = "1", .commit = "", .build_flags = "", .blas_core = "", .command_line = "", .threads = 1};
  (void)snprintf(path, sizeof path, "%s/r.h5", f->directory);
  const tanlu_status status = tanlu_result_write(path, true, nation, &scenario, 1, &provenance, context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  for (size_t r = 0; r <= REGIONS; r++) tanlu_projection_free(&of[r]);
  tanlu_labels_clear(&own.accounts.category);
  tanlu_labels_clear(&label);
  tanlu_dataset_free(&nation);
  tanlu_context_free(&context);
}

/* A region more than the file has, far. */
static void write_accounts(const fixture *f) {
  static const char *const files[][2] = {
      {"acc/dataset.yaml",
       "name: acc\nregion: China\naccounts_only: true\nbase_year: 2020\nimport_treatment: proportional\n"
       "levels: [region, area]\nunits: {money: 1e6 EUR}\nsources: test\n"},
      {"acc/groups.csv", "level,code,name,name_zh\nregion,east,East,\nregion,west,West,\nregion,north,North,\n"
                         "region,far,Far,\narea,coast,Coast,\narea,inland,Inland,\n"},
      {"acc/sectors.csv",
       "code,name,name_zh,region,area\na,A,,east,coast\nb,B,,west,coast\nc,C,,north,inland\nd,D,,far,inland\n"},
      {"acc/categories.csv", "code,name,name_zh,role\nhouseholds,H,,urban\n"},
      {"acc/flows.csv", "code,a,b,c,d\na,,,,\nb,,,,\nc,,,,\nd,,,,\n"},
      {"acc/final_demand.csv", "code,households,imports,gross_output\na,1,0,1\nb,1,0,1\nc,1,0,1\nd,1,0,1\n"},
      {"acc/value_added.csv", "code,name,name_zh,a,b,c,d\nadded,V,,1,1,1,1\n"},
      {"acc/regions.csv", "region,co2_production_mt,co2_households_mt,final_energy_pj,population,value_added\n"
                          "east,1,1,1,1,1\nwest,1,1,1,1,1\nnorth,1,1,1,1,1\nfar,1,1,1,1,1\n"}};
  for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
    assert_int_equal(tanlu_test_write_file(f->directory, files[k][0], files[k][1]), 0);
  }
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  const fixture *f = *state;
  write_result(f);
  write_accounts(f);
  return tanlu_test_write_file(f->directory, "goals.csv", goals);
}

/* ---- the tests ------------------------------------------------------------------------------------------------------ */

/* The record of a goal in the CSV that was printed: ",hand,VALUE,OUTCOME,MISSED_BY,FIRST_YEAR,REASON". */
static void expect_verdict(fixture *f, const char *goal, double value, const char *outcome, const char *reason) {
  char start[32];
  (void)snprintf(start, sizeof start, "\n%s,", goal);
  const char *at = strstr(f->run.out, start), *end = at != NULL ? strpbrk(at + 1, "\r\n") : NULL;
  if (end == NULL) fail_msg("no goal %s in\n%s", goal, f->run.out);
  const char *verdict = strstr(at, ",hand,");
  assert_true(verdict != NULL && verdict < end);
  verdict += strlen(",hand,");
  const double found = *verdict == ',' ? (double)NAN : strtod(verdict, NULL);
  if (!(fabs(found - value) <= 1e-12) && !(isnan(found) && isnan(value))) fail_msg("%s: %.15g", goal, found);
  verdict = strchr(verdict, ',') + 1;
  if (strncmp(verdict, outcome, strlen(outcome)) != 0) fail_msg("%s: %.40s", goal, verdict);
  const size_t length = strlen(reason);
  const char *tail = end[-1] == '"' ? end - 1 : end;
  if ((size_t)(tail - at) < length || strncmp(tail - length, reason, length) != 0) fail_msg("%s: %.200s", goal, at);
}

static void paths_of_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "--all", "--csv", "r.h5");
  expect_status(&f->run, 0);
  expect_verdict(f, "east_share", 0.16, "met", ",");
  expect_verdict(f, "west_share", 0.05, "missed", ",");
  expect_verdict(f, "east_coal", 2021.0, "met", ",");
  expect_verdict(f, "west_coal", (double)NAN, "missed", ","); /* still rising */
  expect_verdict(f, "west_change", 23.0 / 20.0 - 1.0, "missed", ",");
  expect_verdict(f, "east_peak", 2021.0, "met", ",");
  expect_verdict(f, "north_peak", (double)NAN, "missed", ",");
  expect_verdict(f, "east_past", (double)NAN, "unknown", "its base year is not among those of the results");
  expect_verdict(f, "east_fossil", 0.16, "met", ",");
  expect_verdict(f, "coast_coal", (double)NAN, "unknown", "of another place than the results");
  expect_verdict(f, "city_share", (double)NAN, "unknown", "of another place than the results");
  expect_verdict(f, "nation", 0.2, "met", ",");
}

/* East and West together 30 33 33 32; what does not add up, and who is not in the file, is taken to move with the nation. */
static void sums_of_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "--all", "--csv", "--provinces", "./acc", "r.h5");
  expect_status(&f->run, 0);
  expect_verdict(f, "coast_coal", 32.0 / 30.0 - 1.0, "missed", ",");
  expect_verdict(f, "coast_peak", 2021.0, "met", ",");
  expect_verdict(f, "coast_gdp", -0.03, "met", "taken to move with the nation");
  expect_verdict(f, "far_coal", 0.03, "met", "taken to move with the nation");
  expect_verdict(f, "east_coal", 2021.0, "met", ",");
  expect_verdict(f, "west_change", 23.0 / 20.0 - 1.0, "missed", ",");
  expect_verdict(f, "city_share", (double)NAN, "unknown", "of a place that the regional accounts do not have");
}

/* What is missed on a region's own path counts, as what is taken from the nation does not. */
static void strictly(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "--scope", "East", "--strict", "r.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "East: Services");
  expect_not_out(&f->run, "*");
  tanlu(&f->run, f->directory, "goals", "-g", "goals.csv", "--scope", "West", "--strict", "r.h5");
  expect_status(&f->run, 1);
}

/* ---- the shipped provinces ------------------------------------------------------------------------------------------ */

static const tanlu_goal *goal_of(const tanlu_goals *all, const char *code) {
  const size_t g = tanlu_labels_find(&all->label, code);
  assert_true(g != TANLU_NONE);
  return &all->goal[g];
}

/* Ningxia's plan gives energy and energy per GDP for 2021 and 2022, E_t and 1 + c_t = (E_t / E_0) / (Y_t / Y_0), so with GDP that
 * grows alike in both years, Y_1 / Y_0 = Y_2 / Y_1:
 *
 *     E_0 = E_1^2 (1 + c_2) / (E_2 (1 + c_1)^2) = 81.93^2 0.935 / (82.93 0.967^2) = 80.93 Mtce of 2020
 *
 * and the same from 2022 and 2023, to the rounding of c ("about"). The regional accounts find the province's energy of 2020 in its
 * final energy, fuel and links, scaled to the nation's balance: within 5 %. */
static void energy_of_ningxia(void **state) {
  (void)state;
  tanlu_test_model nation;
  tanlu_goals all = {0};
  tanlu_region_set *set = NULL;
  tanlu_test_open(&nation, "china-2020-42");
  assert_int_equal(tanlu_goals_read(&all, "inputs/policy/goals.csv", nation.context), TANLU_OK);
  double energy[3], change[3];
  for (size_t t = 0; t < 3; t++) {
    char code[48];
    (void)snprintf(code, sizeof code, "ningxia_energy_%zu", 2021 + t);
    energy[t] = goal_of(&all, code)->value;
    (void)snprintf(code, sizeof code, "ningxia_energy_per_gdp_%zu", 2021 + t);
    change[t] = 1.0 + goal_of(&all, code)->value;
  }
  const double base = energy[0] * energy[0] * change[1] / (energy[1] * change[0] * change[0]);
  assert_near(base, 80.93, 1e-4);
  const double growth = energy[2] / energy[1] * change[1] / change[2];
  assert_near(energy[0] / change[0] / growth, base, 1e-3);
  tanlu_region_request request = tanlu_region_request_default;
  request.request.name = "inputs/regions/china-2020";
  assert_int_equal(tanlu_region_set_create(&set, nation.model, nation.dataset, &request, nation.context), TANLU_OK);
  const size_t r = tanlu_labels_find(&set->data->region, "ningxia");
  assert_true(r != TANLU_NONE);
  const tanlu_model_facts facts = tanlu_model_facts_of(tanlu_regional_model_of(set->model, r));
  assert_near(facts.primary_coal_equivalent / 29307.6, base, 0.05); /* TJ in a Mtce */
  tanlu_region_set_free(&set);
  tanlu_goals_clear(&all);
  tanlu_test_close(&nation);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_of_regions),
      cmocka_unit_test(sums_of_regions),
      cmocka_unit_test(strictly),
      cmocka_unit_test(energy_of_ningxia),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
