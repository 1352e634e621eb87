/* A path shared between three provinces.
 *
 * Oracle, by hand: shares in CO2 (0.5, 0.3, 0.2), by the rule (0.2, 0.3, 0.5); emissions of the nation 100, 90, 80, 70, 60 Mt in 2020 to
 * 2024. Two-year periods from 2021 to 2023 are 2021-2022 (170 Mt) and 2023 (70 Mt):
 *
 *     allowances  34, 51, 85 and 14, 21, 35;  baselines 85, 51, 34 and 35, 21, 14;  transfers -51, 0, 51 and -21, 0, 21
 *
 * Converging by 2024, shares are those of 2020 plus 1/4, 2/4, 3/4 of (-0.3, 0, 0.3) in 2021, 2022, 2023: the first province gets
 * 0.425 x 90 + 0.35 x 80 = 66.25 and 0.275 x 70 = 19.25 Mt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "model/indicators.h"
#include "model/region_allowances.h"
#include "model/regional_levels.h"
#include "tests/support.h"

static const double exact = 1e-12; /* rounding alone */
static const double historic[] = {0.5, 0.3, 0.2}, rule[] = {0.2, 0.3, 0.5};
static const double path[] = {100.0, 90.0, 80.0, 70.0, 60.0};

static tanlu_allowance_request usual(void) {
  return (tanlu_allowance_request){.regions = 3,
                                   .historic = historic,
                                   .rule = rule,
                                   .base_year = 2020,
                                   .from = 2021,
                                   .to = 2023,
                                   .period = 2,
                                   .path = path};
}

static void near(double found, double expected) {
  if (!(fabs(found - expected) <= exact * fmax(1.0, fabs(expected)))) fail_msg("%.15g, not %.15g", found, expected);
}

static void sum_to_zero(const tanlu_region_allowances *a) {
  for (size_t p = 0; p < a->periods; p++) {
    double moved = 0.0, given = 0.0;
    for (size_t i = 0; i < a->regions; i++) {
      moved += a->transfer[p * a->regions + i];
      given += a->allowance[p * a->regions + i];
    }
    near(moved / a->period[p].total, 0.0);
    near(given, a->period[p].total);
  }
}

static void three_provinces_by_hand(void **state) {
  tanlu_region_allowances *a = NULL;
  const tanlu_allowance_request request = usual();
  assert_int_equal(tanlu_region_allowances_create(&a, &request, *state), TANLU_OK);
  static const double allowance[] = {34, 51, 85, 14, 21, 35}, baseline[] = {85, 51, 34, 35, 21, 14};
  assert_int_equal(a->periods, 2);
  assert_int_equal(a->period[0].to, 2022);
  assert_int_equal(a->period[1].from, 2023);
  assert_int_equal(a->period[1].to, 2023); /* shorter: the years end */
  near(a->period[0].total, 170.0);
  for (size_t k = 0; k < 6; k++) {
    near(a->allowance[k], allowance[k]);
    near(a->baseline[k], baseline[k]);
    near(a->transfer[k], allowance[k] - baseline[k]);
    near(a->share[k], rule[k % 3]);
  }
  sum_to_zero(a);
  tanlu_region_allowances_free(&a);
  assert_null(a);
}

static void shares_converge(void **state) {
  tanlu_region_allowances *a = NULL;
  tanlu_allowance_request request = usual();
  request.converge = 2024;
  assert_int_equal(tanlu_region_allowances_create(&a, &request, *state), TANLU_OK);
  near(a->allowance[0], 66.25);
  near(a->allowance[3], 19.25);
  near(a->share[0], 0.35);
  sum_to_zero(a);
  tanlu_region_allowances_free(&a);
  request.converge = 2021; /* in full from the first year on: as without */
  assert_int_equal(tanlu_region_allowances_create(&a, &request, *state), TANLU_OK);
  near(a->allowance[0], 34.0);
  tanlu_region_allowances_free(&a);
  request = usual();
  request.rule = historic; /* the baseline itself */
  for (request.period = 1; request.period <= 3; request.period++) {
    assert_int_equal(tanlu_region_allowances_create(&a, &request, *state), TANLU_OK);
    assert_int_equal(a->periods, request.period == 1 ? 3 : request.period == 2 ? 2 : 1);
    for (size_t k = 0; k < 3 * a->periods; k++) near(a->transfer[k], 0.0);
    tanlu_region_allowances_free(&a);
  }
}

/* Emissions fall to 0.8, GDP grows to 1.25: CO2 per GDP by -36 %. Who has 0.4 times its share may have 0.4 x 0.64 - 1. With growth of 10, 0
 * and 0 % over two years and GDP 100, 200 and 100, the sum would be 421 of 400; f = 1.25 x 400 / 421. */
static void intensity_of_provinces(void **state) {
  (void)state;
  static const double gdp[] = {100.0, 200.0, 100.0}, own[] = {0.1, 0.0, 0.0};
  double level[3], change[3], sum = 0.0;
  near(tanlu_region_gdp_levels(3, gdp, NULL, 2, 1.25, level), 1.25);
  tanlu_region_intensity_changes(3, historic, rule, 0.8, level, change);
  near(change[0], 0.4 * 0.64 - 1.0);
  near(change[1], -0.36);
  near(change[2], 2.5 * 0.64 - 1.0);
  const double f = tanlu_region_gdp_levels(3, gdp, own, 2, 1.25, level);
  near(f, 500.0 / 421.0);
  near(level[0], 1.21 * f);
  for (size_t i = 0; i < 3; i++) sum += gdp[i] * level[i];
  near(sum, 500.0);
  tanlu_region_intensity_changes(3, historic, historic, 0.8, level, change);
  near(change[1], 0.8 / f - 1.0);
}

static void consumption_is_a_share(void **state) {
  (void)state;
  char *code[] = {"a", "b"};
  double people[] = {1, 3}, gdp[] = {1, 1}, co2[] = {2, 2}, consumption[] = {9, 1}, share[2], each[2 * TANLU_SHARES];
  tanlu_regions r = {.label = {.count = 2, .code = code, .name = code}, .population = people, .gdp = gdp, .co2 = co2};
  tanlu_region_shares(&r, (const double[TANLU_SHARES]){0.5, 0.5, 0, 0, 0}, share, each);
  near(share[0], 0.375);
  assert_true(isnan(each[TANLU_SHARE_CONSUMPTION]));
  r.consumption = consumption;
  tanlu_region_shares(&r, (const double[TANLU_SHARES]){0.5, 0, 0, 0, 0.5}, share, each);
  near(share[0], 0.7);
  near(share[1], 0.3);
}

static void wrong_requests(void **state) {
  static const double negative[] = {100.0, 90.0, -1.0, 70.0, 60.0};
  static const double unknown[] = {100.0, 90.0, (double)NAN, 70.0, 60.0};
  const struct {
    tanlu_allowance_request request;
    const char *message;
  } bad[] = {
      {{.from = 2020, .to = 2023, .period = 1, .path = path}, "years 2020 to 2023: expected years after 2020"},
      {{.from = 2023, .to = 2022, .period = 1, .path = path}, "the first not after the last"},
      {{.from = 2021, .to = 2023, .period = 0, .path = path}, "a period of 0 years"},
      {{.from = 2021, .to = 2023, .period = 1, .converge = 2020, .path = path}, "shares converge by 2020"},
      {{.from = 2021, .to = 2023, .period = 1, .path = negative}, "emissions of 2022 are -1 Mt: nothing to share"},
      {{.from = 2021, .to = 2023, .period = 1, .path = unknown}, "emissions of 2022 are"},
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    tanlu_region_allowances *a = NULL;
    tanlu_allowance_request request = bad[k].request;
    request.regions = 3;
    request.historic = historic;
    request.rule = rule;
    request.base_year = 2020;
    assert_int_equal(tanlu_region_allowances_create(&a, &request, *state), TANLU_ERR_INPUT);
    assert_null(a);
    assert_true(tanlu_test_has_message(*state, bad[k].message));
  }
}

/* ---- goals of regions ---------------------------------------------------------------------------------------------------------------- */

/* Three regions of two sectors; the first two make up a group. CO2 60 + 5, 30 + 5 and 100 Mt, services 20 of 40, 10 of 60, 1 of 2. */
static char *region_code[] = {"a", "b", "c"}, *region_name[] = {"A", "B", "C"}, *area_name[] = {"Both", "Rest"};
static size_t region_of[] = {0, 0, 1, 1, 2, 2}, area_of[] = {0, 0, 0, 0, 1, 1}, kind_of[] = {0, 1, 0, 1, 0, 1};
static char *kind_name[] = {"Mining", "Other"}, *group_code[] = {"secondary", "tertiary"};
static double production[] = {60, 30, 100}, households[] = {5, 5, 0}, added[] = {40, 60, 2};
static double by_group[] = {20, 50, 1, 20, 10, 1};

static tanlu_goal_verdict judge(const char *place, tanlu_goal goal) {
  tanlu_level level[] = {
      {.name = (char[]){"kind"}, .group = {.count = 2, .code = kind_name, .name = kind_name}, .of_sector = kind_of},
      {.name = (char[]){"region"},
       .group = {.count = 3, .code = region_code, .name = region_name},
       .of_sector = region_of},
      {.name = (char[]){"area"}, .group = {.count = 2, .code = area_name, .name = area_name}, .of_sector = area_of}};
  const tanlu_dataset dataset = {.accounts = {.n = 6}, .levels = 3, .level = level};
  const tanlu_regional_levels levels = {.base_year = 2020,
                                        .region = {.count = 3, .code = region_code, .name = region_name},
                                        .co2_production = production,
                                        .co2_households = households,
                                        .value_added = added,
                                        .group = {.count = 2, .code = group_code, .name = group_code},
                                        .by_group = by_group};
  static const int year[] = {2020, 2021, 2022};
  static const double coal[] = {100.0, 104.0, 95.0};
  const tanlu_goal_evidence nation = {
      .years = 3, .year = year, .series = coal, .scalar = 2021.0, .has_scalar = true, .scope = "China"};
  bool member[3];
  double series[3];
  if (!tanlu_regional_place(&levels, &dataset, 1, place, member)) {
    return (tanlu_goal_verdict){.obstacle = TANLU_GOAL_OBSTACLE_REGION};
  }
  goal.scope = (char *)(uintptr_t)place;
  return tanlu_regional_goal_evaluate(&levels, member, &goal, &nation, series);
}

static tanlu_goal level_goal(size_t indicator, int year, tanlu_goal_operator relation, double value) {
  return (tanlu_goal){
      .indicator = indicator, .summary = TANLU_NONE, .year = year, .relation = relation, .value = value};
}

static void goals_by_accounts(void **state) {
  (void)state;
  tanlu_goal_verdict v = judge("Both", level_goal(TANLU_INDICATOR_SHARE_TERTIARY, 2020, TANLU_GOAL_AT_LEAST, 0.25));
  assert_int_equal(v.outcome, TANLU_GOAL_MET);
  near(v.value, 0.3); /* (20 + 10) / (40 + 60) */
  assert_false(v.as_nation);
  v = judge("B", level_goal(TANLU_INDICATOR_SHARE_TERTIARY, 2020, TANLU_GOAL_AT_LEAST, 0.25));
  assert_int_equal(v.outcome, TANLU_GOAL_MISSED);
  near(v.short_by, 0.25 - 10.0 / 60.0);
  v = judge("Both", level_goal(TANLU_INDICATOR_CO2_TOTAL, 2020, TANLU_GOAL_AT_MOST, 99.0));
  assert_int_equal(v.outcome, TANLU_GOAL_MISSED);
  near(v.value, 100.0);
  /* processes are counted: what is met is met, what is missed may not be */
  v = judge("Both", level_goal(TANLU_INDICATOR_CO2_ENERGY, 2020, TANLU_GOAL_AT_MOST, 100.0));
  assert_int_equal(v.outcome, TANLU_GOAL_MET);
  v = judge("Both", level_goal(TANLU_INDICATOR_CO2_ENERGY, 2020, TANLU_GOAL_AT_MOST, 99.0));
  assert_int_equal(v.obstacle, TANLU_GOAL_OBSTACLE_ACCOUNTS_PROCESS);
}

static void goals_as_the_nation(void **state) {
  (void)state;
  tanlu_goal goal = level_goal(TANLU_INDICATOR_COAL_USE, 2022, TANLU_GOAL_AT_MOST, -0.1);
  goal.measure = TANLU_GOAL_CHANGE;
  goal.base_year = 2020;
  tanlu_goal_verdict v = judge("C", goal);
  assert_int_equal(v.outcome, TANLU_GOAL_MISSED);
  assert_true(v.as_nation);
  near(v.value, -0.05);
  goal.base_year = 2019;
  assert_int_equal(judge("C", goal).obstacle, TANLU_GOAL_OBSTACLE_ACCOUNTS_BASE);
  goal = (tanlu_goal){
      .indicator = TANLU_NONE, .summary = TANLU_SUMMARY_PEAK_YEAR, .relation = TANLU_GOAL_AT_MOST, .value = 2022.0};
  v = judge("A", goal);
  assert_int_equal(v.outcome, TANLU_GOAL_MET);
  assert_true(v.as_nation);
  goal.value = 2020.0; /* a peak before the accounts begin */
  assert_int_equal(judge("A", goal).obstacle, TANLU_GOAL_OBSTACLE_ACCOUNTS_YEAR);
}

static void goals_that_cannot_be_judged(void **state) {
  (void)state;
  const tanlu_goal services = level_goal(TANLU_INDICATOR_SHARE_TERTIARY, 2022, TANLU_GOAL_AT_LEAST, 0.25);
  assert_int_equal(judge("A", services).obstacle, TANLU_GOAL_OBSTACLE_ACCOUNTS_YEAR);
  assert_int_equal(judge("D", services).obstacle, TANLU_GOAL_OBSTACLE_REGION);
  assert_int_equal(judge("Mining", services).obstacle, TANLU_GOAL_OBSTACLE_REGION); /* a sector is no place */
  const tanlu_goal nonfossil = level_goal(TANLU_INDICATOR_NONFOSSIL, 2020, TANLU_GOAL_AT_LEAST, 0.2);
  const tanlu_goal primary = level_goal(TANLU_INDICATOR_SHARE_PRIMARY, 2020, TANLU_GOAL_AT_LEAST, 0.2);
  assert_int_equal(judge("A", nonfossil).obstacle, TANLU_GOAL_OBSTACLE_ACCOUNTS);
  assert_int_equal(judge("A", primary).obstacle, TANLU_GOAL_OBSTACLE_ACCOUNTS); /* no such group */
}

static int set_up(void **state) {
  *state = tanlu_context_create();
  return *state == NULL;
}

static int tear_down(void **state) {
  tanlu_context *context = *state;
  tanlu_context_free(&context);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(three_provinces_by_hand, set_up, tear_down),
      cmocka_unit_test_setup_teardown(shares_converge, set_up, tear_down),
      cmocka_unit_test(intensity_of_provinces),
      cmocka_unit_test(consumption_is_a_share),
      cmocka_unit_test_setup_teardown(wrong_requests, set_up, tear_down),
      cmocka_unit_test(goals_by_accounts),
      cmocka_unit_test(goals_as_the_nation),
      cmocka_unit_test(goals_that_cannot_be_judged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
