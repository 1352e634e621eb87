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
                  {"net_zero_2060", "co2_net", 2060, 0.0}};
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  const tanlu_status status = tanlu_goals_read(&goals, "inputs/policy/national-goals.csv", context);
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
  tanlu_goals_clear(&goals);
  tanlu_context_free(&context);
}

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

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(goals_are_judged), cmocka_unit_test(the_shipped_goals),
                                     cmocka_unit_test(wrong_cells_are_all_reported)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
