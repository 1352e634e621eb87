/* Policy goals: judging values, the shipped file, and every wrong cell of a file found at its place.
 *
 * Oracles: the relations as they read; the figures of the policy documents named in the file, repeated here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/goals_file.h"
#include "model/indicators.h"
#include "tests/support.h"

static void goals_are_judged(void **state) {
  (void)state;
  tanlu_goal goal = {.indicator = 0, .summary = TANLU_NONE, .relation = TANLU_GOAL_AT_LEAST, .value = 0.2};
  assert_int_equal(tanlu_goal_judge(&goal, 0.2), TANLU_GOAL_MET);
  assert_int_equal(tanlu_goal_judge(&goal, 0.1999), TANLU_GOAL_MISSED);
  assert_int_equal(tanlu_goal_judge(&goal, (double)NAN), TANLU_GOAL_UNKNOWN);
  goal.relation = TANLU_GOAL_ABOVE;
  assert_int_equal(tanlu_goal_judge(&goal, 0.2), TANLU_GOAL_MISSED);
  goal.relation = TANLU_GOAL_AT_MOST;
  assert_int_equal(tanlu_goal_judge(&goal, 0.2), TANLU_GOAL_MET);
  assert_int_equal(tanlu_goal_judge(&goal, 0.3), TANLU_GOAL_MISSED);
  goal = (tanlu_goal){.indicator = TANLU_NONE, .summary = 0, .relation = TANLU_GOAL_BELOW, .value = 2030.0};
  assert_int_equal(tanlu_goal_judge(&goal, 2029.0), TANLU_GOAL_MET);
  assert_int_equal(tanlu_goal_judge(&goal, 2030.0), TANLU_GOAL_MISSED);      /* before 2030 */
  assert_int_equal(tanlu_goal_judge(&goal, (double)NAN), TANLU_GOAL_MISSED); /* no peak at all */
}

/* ---- goals on a series -------------------------------------------------------------------------------------------------- */

enum { YEARS = 6 }; /* 2020 to 2025 */
static const int years[YEARS] = {2020, 2021, 2022, 2023, 2024, 2025};
static const double series[YEARS] = {10.0, 11.0, 12.0, 9.0, 8.0, 8.5};

static tanlu_goal_verdict verdict(const tanlu_goal *goal) {
  const tanlu_goal_evidence evidence = {.years = YEARS, .year = years, .series = series, .scalar = (double)NAN};
  return tanlu_goal_evaluate(goal, &evidence);
}

/* 10, 11, 12, 9, 8, 8.5: in 2025 8.5, 15 % and 1.5 below 2020; 4/12 below 2022 in 2024; largest in 2022. The first year with at most
 * 9 is 2023, with at most -18 % on 2020 it is 2024. */
static void measures_by_hand(void **state) {
  (void)state;
  char one[] = "1", year[] = "year";
  tanlu_goal goal = {.summary = TANLU_NONE, .year = 2025, .relation = TANLU_GOAL_AT_MOST, .value = 9.0, .unit = one};
  tanlu_goal_verdict v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MET && v.value == 8.5 && isnan(v.short_by) && v.first_year == 2023);
  goal.value = 8.25;
  v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MISSED && v.short_by == 0.25 && v.first_year == 2024);
  goal =
      (tanlu_goal){.summary = TANLU_NONE, .year = 2025, .measure = TANLU_GOAL_CHANGE, .base_year = 2020, .unit = one};
  goal.relation = TANLU_GOAL_AT_MOST;
  goal.value = -0.18;
  v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MISSED && fabs(v.value + 0.15) < 1e-15 && fabs(v.short_by - 0.03) < 1e-15);
  assert_int_equal(v.first_year, 2024);
  goal.base_year = 2022;
  goal.year = 2024;
  v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MET && fabs(v.value + 1.0 / 3) < 1e-15 && v.first_year == 2023);
  goal.measure = TANLU_GOAL_DIFFERENCE;
  goal.relation = TANLU_GOAL_BELOW;
  goal.value = -4.0;
  v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MISSED && v.value == -4.0 && v.short_by == 0.0 && v.first_year == 0);
  goal = (tanlu_goal){.summary = TANLU_NONE, .measure = TANLU_GOAL_PEAK, .unit = year, .value = 2022.0};
  goal.relation = TANLU_GOAL_AT_MOST;
  v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MET && v.value == 2022.0 && v.first_year == 0);
  goal.relation = TANLU_GOAL_BELOW; /* before 2022 is by 2021: a year late */
  v = verdict(&goal);
  assert_true(v.outcome == TANLU_GOAL_MISSED && v.short_by == 1.0);
}

/* Each reason why a goal cannot be judged; a peak in the last year of the series is none. */
static void what_cannot_be_judged(void **state) {
  (void)state;
  char one[] = "1", year[] = "year", ningxia[] = "Ningxia";
  const tanlu_goal goal = {.summary = TANLU_NONE, .year = 2025, .value = 9.0, .unit = one};
  tanlu_goal other = goal;
  other.scope = ningxia;
  assert_int_equal(verdict(&other).obstacle, TANLU_GOAL_OBSTACLE_PLACE);
  other = goal;
  other.year = 2030;
  assert_int_equal(verdict(&other).obstacle, TANLU_GOAL_OBSTACLE_YEAR);
  other = goal;
  other.measure = TANLU_GOAL_CHANGE;
  other.base_year = 2005;
  assert_int_equal(verdict(&other).obstacle, TANLU_GOAL_OBSTACLE_BASE);
  const double gap[YEARS] = {1.0, 2.0, (double)NAN, 1.0, 1.0, (double)NAN},
               rising[YEARS] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
  static const int apart[YEARS] = {2020, 2021, 2022, 2023, 2024, 2030};
  tanlu_goal_evidence evidence = {.years = YEARS, .year = years, .scalar = (double)NAN, .scope = ningxia};
  assert_int_equal(tanlu_goal_evaluate(&goal, &evidence).obstacle, TANLU_GOAL_OBSTACLE_PLACE);
  evidence.scope = NULL;
  assert_int_equal(tanlu_goal_evaluate(&goal, &evidence).obstacle, TANLU_GOAL_OBSTACLE_INDICATOR);
  evidence.series = gap;
  assert_int_equal(tanlu_goal_evaluate(&goal, &evidence).obstacle, TANLU_GOAL_OBSTACLE_VALUE);
  tanlu_goal peak = {.summary = TANLU_NONE, .measure = TANLU_GOAL_PEAK, .unit = year, .value = 2022.0};
  peak.relation = TANLU_GOAL_AT_MOST;
  assert_int_equal(tanlu_goal_evaluate(&peak, &evidence).obstacle, TANLU_GOAL_OBSTACLE_VALUE);
  evidence.series = rising;
  assert_int_equal(tanlu_goal_evaluate(&peak, &evidence).outcome, TANLU_GOAL_MISSED);
  evidence.year = apart; /* the years between are not there */
  assert_int_equal(tanlu_goal_evaluate(&peak, &evidence).obstacle, TANLU_GOAL_OBSTACLE_VALUE);
  evidence.year = years;
  peak.value = 2030.0;
  assert_int_equal(tanlu_goal_evaluate(&peak, &evidence).obstacle, TANLU_GOAL_OBSTACLE_BEYOND);
  tanlu_goal scalar = {.indicator = TANLU_NONE, .summary = 0, .unit = year, .value = 2022.0};
  assert_int_equal(tanlu_goal_evaluate(&scalar, &evidence).obstacle, TANLU_GOAL_OBSTACLE_INDICATOR);
  evidence.has_scalar = true;
  assert_int_equal(tanlu_goal_evaluate(&scalar, &evidence).outcome, TANLU_GOAL_MISSED);
  for (int k = 1; k < TANLU_GOAL_OBSTACLE_COUNT; k++) {
    assert_true(strlen(tanlu_goal_obstacle_text((tanlu_goal_obstacle)k)) > 0);
  }
}

static void presets_are_whole_words(void **state) {
  (void)state;
  char presets[] = "national ndc-2021  peak-2030", none[] = "";
  tanlu_goal goal = {.presets = presets};
  assert_true(tanlu_goal_in_preset(&goal, "national") && tanlu_goal_in_preset(&goal, "peak-2030"));
  assert_false(tanlu_goal_in_preset(&goal, "peak") || tanlu_goal_in_preset(&goal, "ndc-2021 ") ||
               tanlu_goal_in_preset(&goal, ""));
  goal.presets = none;
  assert_false(tanlu_goal_in_preset(&goal, "national"));
}

/* ---- the shipped file --------------------------------------------------------------------------------------------------- */

/* The tests run in the project's directory. */
static void the_shipped_goals(void **state) {
  (void)state;
  static const struct {
    const char *code, *indicator;
    int year;
    double value;
  } expected[] = {{"nonfossil_2025", "nonfossil_share", 2025, 0.20},
                  {"energy_per_gdp_2025", "energy_per_gdp_change_2020", 2025, -0.135},
                  {"co2_per_gdp_2025", "co2_per_gdp_change_2020", 2025, -0.18},
                  {"nonfossil_2030", "nonfossil_share", 2030, 0.25},
                  {"co2_per_gdp_2030", "co2_per_gdp_change_2005", 2030, -0.65},
                  {"wind_solar_2030", "wind_solar_capacity", 2030, 1200.0},
                  {"nonfossil_2060", "nonfossil_share", 2060, 0.80},
                  {"net_zero_2060", "co2_net", 2060, 0.0},
                  /* the first contribution */
                  {"co2_per_gdp_2030_ndc2017", "co2_per_gdp_change_2005", 2030, -0.60},
                  {"nonfossil_2030_ndc2017", "nonfossil_share", 2030, 0.20},
                  {"hydro_added_2030", "hydro_capacity", 2030, 40.0},
                  {"pumped_storage_2030", "pumped_storage_capacity", 2030, 120.0},
                  {"ningxia_energy_2021", "energy_consumption", 2021, 81.93},
                  {"zhejiang_wind_solar_2030", "wind_solar_capacity", 2030, 54.0},
                  {"hunan_energy_2020", "energy_consumption", 2020, 178.49}};
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  const tanlu_status status = tanlu_goals_read(&goals, "inputs/policy/goals.csv", context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const size_t g = tanlu_labels_find(&goals.label, expected[i].code);
    assert_true(g != TANLU_NONE);
    assert_string_equal(tanlu_indicator(goals.goal[g].indicator)->code, expected[i].indicator);
    assert_int_equal(goals.goal[g].year, expected[i].year);
    assert_true(goals.goal[g].value == expected[i].value);
  }
  const tanlu_goal *peak = &goals.goal[tanlu_labels_find(&goals.label, "peak_2030")];
  assert_true(peak->indicator == TANLU_NONE);
  assert_string_equal(tanlu_summary(peak->summary)->code, "peak_year");
  assert_int_equal(peak->relation, TANLU_GOAL_BELOW);
  size_t usual = 0;
  for (size_t g = 0; g < goals.label.count; g++) {
    if (tanlu_goal_in_preset(&goals.goal[g], "national")) usual++;
    assert_true(strlen(goals.goal[g].presets) > 0 && strlen(goals.goal[g].document) > 0);
  }
  assert_int_equal(usual, 9);
  tanlu_goals_clear(&goals);
  tanlu_context_free(&context);
}

/* The head of the file counts what it leaves out: goals and reasons make up all statements of the sources. */
static void every_statement_is_accounted_for(void **state) {
  (void)state;
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  char *text = tanlu_test_read_file("inputs/policy", "goals.csv");
  assert_non_null(text);
  assert_int_equal(tanlu_goals_read(&goals, "inputs/policy/goals.csv", context), TANLU_OK);
  unsigned long count = 0, merged = 0, all = 0, left_out = 0;
  assert_int_equal(
      sscanf(text,
             "# Goals of China's policy documents on what Tanlu computes: %lu goals, merged from %lu of the "
             "%lu",
             &count, &merged, &all),
      3);
  for (const char *line = text; line[0] == '#'; line = strchr(line, '\n') + 1) {
    unsigned long reason = 0;
    if (strncmp(line, "#   ", 4) == 0 && sscanf(line, "# %lu", &reason) == 1) left_out += reason;
  }
  assert_int_equal(count, goals.label.count);
  assert_int_equal(merged + left_out, all);
  assert_int_equal(all, 1462);
  free(text);
  tanlu_goals_clear(&goals);
  tanlu_context_free(&context);
}

/* ---- wrong cells -------------------------------------------------------------------------------------------------------- */

static void wrong_cells_are_all_reported(void **state) {
  (void)state;
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 16];
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  (void)snprintf(path, sizeof path, "%s/g.csv", directory);
  assert_int_equal(tanlu_test_write_file(directory, "g.csv",
                                         "code,name,name_zh,indicator,year,operator,value,unit,source\n"
                                         "a,A,,nonfosil_share,2030,>=,0.2,1,S\n"
                                         "b,B,,nonfossil_share,,>=,0.2,1,S\n"
                                         "b,B,,nonfossil_share,2030,=>,x,percent,S\n"
                                         "c,C,,peak_year,2030,<,2030,year,\n"),
                   0);
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_goals_read(&goals, path, context), TANLU_ERR_INPUT);
  assert_null(goals.goal);
  assert_true(tanlu_test_has_message(context, "g.csv:2:4: error: unknown indicator 'nonfosil_share'; did you mean "
                                              "'nonfossil_share'?"));
  assert_true(tanlu_test_has_message(context, "g.csv:3:5: error: "));
  assert_true(tanlu_test_has_message(context, "g.csv:4:1: error: duplicate goal 'b'"));
  assert_true(tanlu_test_has_message(context, "g.csv:4:6: error: "));
  assert_true(tanlu_test_has_message(context, "g.csv:4:7: error: "));
  assert_true(tanlu_test_has_message(context, "g.csv:4:8: error: unit 'percent'"));
  assert_true(tanlu_test_has_message(context, "g.csv:5:5: error: "));
  assert_true(tanlu_test_has_message(context, "g.csv:5:9: error: a goal needs a source"));
  tanlu_context_free(&context);
  tanlu_test_remove_dir(directory);
}

/* Line and field of each cell counted by hand: code 1, name 2, name_zh 3, scope 4, indicator 5, measure 6, base_year 7, year 8, operator
 * 9, value 10, unit 11, grade 12, source 13. */
static void wrong_measures(void **state) {
  (void)state;
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 16];
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  (void)snprintf(path, sizeof path, "%s/g.csv", directory);
  assert_int_equal(
      tanlu_test_write_file(
          directory, "g.csv",
          "# goals\ncode,name,name_zh,scope,indicator,measure,base_year,year,operator,value,unit,grade,source\n"
          "a,A,,,coal_consumption,chnge,2020,2030,<,0,1,,S\n"
          "b,B,,,coal_consumption,change,,2030,<,0,1,,S\n"
          "c,C,,,coal_consumption,change,2030,2030,<,0,1,,S\n"
          "d,D,,,coal_consumption,change,2020,2030,<,0,Mtce,,S\n"
          "e,E,,,coal_consumption,peak_year,,2030,<,2030,year,,S\n"
          "f,F,,,coal_consumption,,2020,2030,<,3000,Mtce,,S\n"
          "g,G,,,co2_per_gdp_change_2005,,2020,2030,<=,-0.65,1,,S\n"
          "h,H,,,peak_year,change,,,<,2030,year,,S\n"
          "i,I,,,coal_consumption,,,2030,<,3000,Mtce,best,S\n"
          "j,J,,,coal_consumption,,,2030.5,<,3000,Mtce,incentive,S\n"
          "k,K,,,coal_consumption,difference,2020,2030,<,0,1,basic,S\n"
          "ok,O,,,co2_per_gdp_change_2005,level,2005,2030,<=,-0.65,1,basic,S\n"),
      0);
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_goals_read(&goals, path, context), TANLU_ERR_INPUT);
  static const char *const expected[] = {
      "g.csv:3:6: error: unknown measure 'chnge'; did you mean 'change'?",
      "g.csv:4:7: error: expected a base_year",
      "g.csv:5:7: error: base year 2030 is not before the year 2030",
      "g.csv:6:11: error: unit 'Mtce' of a goal on 'coal_consumption'; expected '1'",
      "g.csv:7:8: error: '2030' for the year of a peak, which the value states; expected no year",
      "g.csv:8:7: error: '2020' for a measure without a base; expected no base_year",
      "g.csv:9:7: error: base year 2020 of 'co2_per_gdp_change_2005'; expected 2005",
      "g.csv:10:6: error: 'peak_year' is a scalar of the whole scenario; expected the measure level",
      "g.csv:11:12: error: unknown grade 'best'",
      "g.csv:12:8: error: '2030.5' is not a year",
      "g.csv:13:11: error: unit '1' of a goal on 'coal_consumption'; expected 'Mtce'"};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    assert_true(tanlu_test_has_message(context, expected[i]));
  }
  assert_int_equal(tanlu_context_errors(context), sizeof expected / sizeof *expected);
  tanlu_context_free(&context);
  tanlu_test_remove_dir(directory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(goals_are_judged),
      cmocka_unit_test(measures_by_hand),
      cmocka_unit_test(what_cannot_be_judged),
      cmocka_unit_test(presets_are_whole_words),
      cmocka_unit_test(the_shipped_goals),
      cmocka_unit_test(every_statement_is_accounted_for),
      cmocka_unit_test(wrong_cells_are_all_reported),
      cmocka_unit_test(wrong_measures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
