/* Dual control and carbon budgets.
 *
 * Oracles: the plan of Ningxia for 2021 to 2023, whose yearly figures for intensity, total and coal belong together (goals.csv); small
 * cases worked by hand; the identity total = GDP x intensity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "inputs/goals_file.h"
#include "model/carbon_budget.h"
#include "model/dual_control.h"
#include "model/indicators.h"
#include "tests/support.h"

static const double none = (double)NAN;

/* ---- Ningxia ---------------------------------------------------------------------------------------------------------- */

enum { PLAN_YEARS = 3 }; /* 2021 to 2023 */

static double figure(const tanlu_goals *goals, const char *name, int year) {
  char code[64];
  (void)snprintf(code, sizeof code, "ningxia_%s_%d", name, year);
  const size_t g = tanlu_labels_find(&goals->label, code);
  assert_true(g != TANLU_NONE);
  assert_string_equal(goals->goal[g].scope, "Ningxia");
  assert_int_equal(goals->goal[g].year, year);
  return goals->goal[g].value;
}

static void read_goals(tanlu_goals *goals, tanlu_context *context) {
  const tanlu_status status = tanlu_goals_read(goals, "inputs/policy/goals.csv", context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
}

/* Energy per GDP on 2020: -3.3, -6.5, -9.6 %; total 81.93, 82.93, 83.93 Mtce; coal per GDP -3.2, -6.3, -9.3 %; as printed, to 0.1 %
 * points.
 *
 * 1. Coal per GDP is the path of constant rate to -15 % in 2025, which is the province's goal for energy per GDP: 1 - 0.85^(k/5).
 * 2. Energy per GDP falls by 3.3 % a year: 1 - 0.967^k.
 * 3. Total and intensity imply the same growth of GDP in 2022 and 2023, about 4.7 %; 0.05 % points of rounding in two intensities near
 *    0.9 leave 0.11 % points.
 * 4. Carried back, the total of 2020 was 81.93 / (1.047 x 0.967); a window from there, judged, gives the plan's change again. */
static void the_plan_of_ningxia(void **state) {
  (void)state;
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  read_goals(&goals, context);
  double intensity[PLAN_YEARS], total[PLAN_YEARS];
  for (int k = 0; k < PLAN_YEARS; k++) {
    intensity[k] = figure(&goals, "energy_per_gdp", 2021 + k);
    total[k] = figure(&goals, "energy", 2021 + k);
    const double coal = figure(&goals, "coal_per_gdp", 2021 + k);
    assert_true(fabs(tanlu_control_path(-0.15, 5.0, k + 1.0) - coal) < 0.0005);
    assert_true(fabs(tanlu_control_path(-0.033, 1.0, k + 1.0) - intensity[k]) < 0.0005);
  }
  assert_true(figure(&goals, "energy_per_gdp", 2025) == -0.15);
  for (int k = 1; k < PLAN_YEARS; k++) {
    const double change = (1.0 + intensity[k]) / (1.0 + intensity[k - 1]) - 1.0, more = total[k] / total[k - 1] - 1.0;
    const double growth = tanlu_control_implied_growth(more, change);
    assert_true(fabs(growth - 0.047) < 0.0011);
    assert_true(fabs(tanlu_control_room(growth, change) - more) < 1e-15); /* and back */
  }
  const double base_total = total[0] / (1.047 * 0.967);
  const tanlu_control_year base = {.gdp = 1.0, .quantity = base_total};
  const tanlu_control_year last = {.gdp = pow(1.047, 3), .quantity = total[2]};
  tanlu_control_rules rules = {.basic = none, .incentive = none, .total = none};
  double base_indicator[TANLU_INDICATOR_COUNT] = {0.0};
  tanlu_control_add_goals(&rules, &goals, "Ningxia", 2020, 2023, false, base_indicator);
  assert_true(fabs(rules.basic - intensity[2]) < 1e-15 && rules.total == total[2] && isnan(rules.incentive));
  tanlu_control_result r;
  assert_int_equal(tanlu_control_judge(&rules, &base, &last, 3, &r, context), TANLU_OK);
  assert_true(fabs(r.change - intensity[2]) < 0.001);
  assert_true(fabs(r.yearly + 0.033) < 0.0005);
  assert_true(fabs(r.growth - (pow(1.047, 3) - 1.0)) < 1e-15);
  assert_int_equal(r.total, TANLU_CONTROL_MET); /* at its limit */
  tanlu_goals_clear(&goals);
  tanlu_context_free(&context);
}

/* National goals: 2025 straight from the base year; 2030 on 2005, of which the base year 2025 has done some: with -52 % reached in
 * 2025, 1 - 0.65 = 0.35 of 0.48 is left. The 65 % of the first contribution is an incentive that is no further than today's goal. */
static void goals_make_rules(void **state) {
  (void)state;
  tanlu_goals goals;
  tanlu_context *context = tanlu_context_create();
  read_goals(&goals, context);
  double at_base[TANLU_INDICATOR_COUNT] = {0.0};
  tanlu_control_rules rules = {.basic = none, .incentive = none, .total = none};
  tanlu_control_add_goals(&rules, &goals, "China", 2020, 2025, false, at_base);
  assert_true(fabs(rules.basic + 0.135) < 1e-15 && isnan(rules.incentive) && isnan(rules.total));
  rules = (tanlu_control_rules){.basic = none, .incentive = none, .total = none};
  at_base[TANLU_INDICATOR_CO2_PER_GDP_2005] = -0.52;
  tanlu_control_add_goals(&rules, &goals, "China", 2025, 2030, true, at_base);
  assert_true(fabs(rules.basic - (0.35 / 0.48 - 1.0)) < 1e-15 && isnan(rules.incentive));
  rules = (tanlu_control_rules){.basic = -0.1, .incentive = none, .total = 70.0}; /* what is given stays */
  tanlu_control_add_goals(&rules, &goals, "Ningxia", 2020, 2023, false, at_base);
  assert_true(rules.basic == -0.1 && rules.total == 70.0);
  rules = (tanlu_control_rules){.basic = none, .incentive = none, .total = none};
  tanlu_control_add_goals(&rules, &goals, "China", 2030, 2035, true, at_base); /* no goal for 2035 */
  assert_true(isnan(rules.basic) && isnan(rules.total));
  tanlu_goals_clear(&goals);
  tanlu_context_free(&context);
}

/* ---- rules by hand ---------------------------------------------------------------------------------------------------- */

/* GDP 100 to 125; energy 1000 to 1100, feedstock 100 to 200, renewables 150 to 290.
 *   all counted:         10 to 8.8, -12 %; total 1100
 *   feedstock exempt:    9 to 7.2, -20 %; total 900
 *   renewables above 250 exempt: total 1100 - 40; added ones: total 1100 - 140; intensity as before */
static const tanlu_control_year base = {100.0, 1000.0, 150.0, 100.0}, last = {125.0, 1100.0, 290.0, 200.0};

static tanlu_control_result judged(const tanlu_control_rules *rules) {
  tanlu_control_result r;
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_control_judge(rules, &base, &last, 5, &r, context), TANLU_OK);
  tanlu_context_free(&context);
  return r;
}

static void exemptions(void **state) {
  (void)state;
  tanlu_control_rules rules = {.basic = -0.135, .incentive = none, .total = 1000.0, .planned_renewables = 250.0};
  tanlu_control_result r = judged(&rules);
  assert_true(fabs(r.change + 0.12) < 1e-15 && r.counted_total == 1100.0 && r.exempt_renewables == 0.0);
  assert_int_equal(r.intensity, TANLU_CONTROL_MISSED);
  assert_true(fabs(r.intensity_gap - 0.015) < 1e-15 && r.total_gap == 100.0);
  assert_int_equal(r.total, TANLU_CONTROL_MISSED);
  assert_int_equal(r.incentive, TANLU_CONTROL_NO_GOAL);
  assert_true(fabs(r.growth - 0.25) < 1e-15 && fabs(pow(1.0 + r.yearly, 5) - 0.88) < 1e-15);
  rules.renewables = TANLU_RENEWABLES_ABOVE_PLAN;
  r = judged(&rules);
  assert_true(r.counted_total == 1060.0 && r.exempt_renewables == 40.0 && fabs(r.change + 0.12) < 1e-15);
  rules.planned_renewables = 300.0; /* below plan: nothing is exempt, nothing is added */
  assert_true(judged(&rules).counted_total == 1100.0);
  rules.renewables = TANLU_RENEWABLES_ADDED;
  assert_true(judged(&rules).counted_total == 960.0);
  rules.feedstock_exempt = true;
  r = judged(&rules);
  assert_true(r.counted_total == 760.0 && r.counted_last == 900.0 && fabs(r.change + 0.20) < 1e-15);
  assert_int_equal(r.intensity, TANLU_CONTROL_MET);
  assert_int_equal(r.total, TANLU_CONTROL_MET);
}

/* The incentive goal waives the total, where the rule says so and it is reached; at the goal itself it is. */
static void the_incentive_goal(void **state) {
  (void)state;
  tanlu_control_rules rules = {.basic = -0.10, .incentive = -0.125, .total = 1000.0, .incentive_waives_total = true};
  assert_int_equal(judged(&rules).incentive, TANLU_CONTROL_MISSED);
  assert_int_equal(judged(&rules).total, TANLU_CONTROL_MISSED);
  rules.incentive = 8.8 / 10.0 - 1.0;
  assert_int_equal(judged(&rules).incentive, TANLU_CONTROL_MET);
  assert_int_equal(judged(&rules).total, TANLU_CONTROL_WAIVED);
  rules.incentive_waives_total = false;
  assert_int_equal(judged(&rules).total, TANLU_CONTROL_MISSED);
  rules.total = none;
  rules.incentive_waives_total = true;
  assert_int_equal(judged(&rules).total, TANLU_CONTROL_NO_GOAL);
}

static void windows_that_cannot_be_judged(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  tanlu_control_result r;
  tanlu_control_rules rules = {.basic = -0.1, .incentive = none, .total = none, .feedstock_exempt = true};
  const tanlu_control_year nothing = {.gdp = 100.0, .quantity = 100.0, .feedstock = 100.0}, gone = {.quantity = 1.0};
  assert_int_equal(tanlu_control_judge(&rules, &base, &last, 0, &r, context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_control_judge(&rules, &nothing, &last, 5, &r, context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_control_judge(&rules, &base, &gone, 5, &r, context), TANLU_ERR_INPUT);
  rules.incentive = -0.05;
  assert_int_equal(tanlu_control_judge(&rules, &base, &last, 5, &r, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "less far than the basic goal"));
  tanlu_context_free(&context);
}

/* ---- budgets ---------------------------------------------------------------------------------------------------------- */

/* Base-year emissions 4000. 2008-2012 at 92 %: 18400; emitted 5 x 3600 = 18000, 400 left. 2013-2020 at 80 %: 25600 + 400; emitted
 * 8 x 3300 = 26400, 400 short, which costs 520 at 1.3. 2021-2022 at 50 %: 4000 - 520; emitted 2 x 1500: 480 left, of which half is
 * kept. */
static void budgets_carry_over(void **state) {
  (void)state;
  double emission[15];
  for (int t = 0; t < 15; t++) emission[t] = t < 5 ? 3600.0 : t < 13 ? 3300.0 : 1500.0;
  tanlu_budget_window w[] = {{.from = 2008, .to = 2012, .share = 0.92},
                             {.from = 2013, .to = 2020, .share = 0.80},
                             {.from = 2021, .to = 2022, .share = 0.50}};
  tanlu_budget_rules rules = {.base = 4000.0, .keep = 1.0, .deduction = 1.3};
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_budget_account(&rules, emission, 2008, 15, w, 3, context), TANLU_OK);
  assert_true(w[0].allotment == 18400.0 && w[0].carried_in == 0.0 && w[0].emissions == 18000.0);
  assert_true(w[0].balance == 400.0 && w[0].carried_out == 400.0);
  assert_true(w[1].allotment == 25600.0 && w[1].carried_in == 400.0 && w[1].balance == -400.0);
  assert_true(w[1].carried_out == -520.0 && w[2].carried_in == -520.0);
  assert_true(w[2].balance == 480.0 && w[2].carried_out == 480.0);
  rules.keep = 0.5;
  assert_int_equal(tanlu_budget_account(&rules, emission, 2008, 15, w, 3, context), TANLU_OK);
  assert_true(w[0].carried_out == 200.0 && w[1].balance == -600.0 && w[1].carried_out == -780.0);
  /* with everything carried one to one, what is left in the end is all allotments less all emissions */
  rules = (tanlu_budget_rules){.base = 4000.0, .keep = 1.0, .deduction = 1.0, .carried = 100.0};
  assert_int_equal(tanlu_budget_account(&rules, emission, 2008, 15, w, 3, context), TANLU_OK);
  assert_true(w[2].balance == 100.0 + 18400.0 + 25600.0 + 4000.0 - (18000.0 + 26400.0 + 3000.0));
  tanlu_context_free(&context);
}

static void budgets_that_make_no_sense(void **state) {
  (void)state;
  const double emission[] = {1.0, 2.0, (double)NAN, 4.0};
  const tanlu_budget_rules good = {.base = 1.0, .keep = 1.0, .deduction = 1.0};
  const tanlu_budget_rules bad[] = {{.base = -1.0, .keep = 1.0, .deduction = 1.0},
                                    {.base = 1.0, .keep = 1.5, .deduction = 1.0},
                                    {.base = 1.0, .keep = 1.0, .deduction = 0.5},
                                    {.base = (double)NAN, .keep = 1.0, .deduction = 1.0},
                                    {.base = 1.0, .keep = 1.0, .deduction = 1.0, .carried = (double)NAN}};
  static const int wrong[][4] = {{2019, 2020, 0, 0}, {2021, 2020, 0, 0},       {2021, 2024, 0, 0},
                                 {2021, 2022, 0, 0}, {2020, 2021, 2021, 2023}, {2023, 2023, 2020, 2021}};
  tanlu_context *context = tanlu_context_create();
  tanlu_budget_window w[2] = {{.from = 2020, .to = 2021, .share = 1.0}, {.from = 2023, .to = 2023, .share = 1.0}};
  assert_int_equal(tanlu_budget_account(&good, emission, 2020, 4, w, 2, context), TANLU_OK);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(tanlu_budget_account(&bad[i], emission, 2020, 4, w, 2, context), TANLU_ERR_INPUT);
  }
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu_budget_window v[2] = {{.from = wrong[i][0], .to = wrong[i][1], .share = 1.0},
                                {.from = wrong[i][2], .to = wrong[i][3], .share = 1.0}};
    const size_t windows = wrong[i][2] != 0 ? 2 : 1;
    assert_int_equal(tanlu_budget_account(&good, emission, 2020, 4, v, windows, context), TANLU_ERR_INPUT);
  }
  w[0].share = -0.1;
  assert_int_equal(tanlu_budget_account(&good, emission, 2020, 4, w, 1, context), TANLU_ERR_INPUT);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plan_of_ningxia),
      cmocka_unit_test(goals_make_rules),
      cmocka_unit_test(exemptions),
      cmocka_unit_test(the_incentive_goal),
      cmocka_unit_test(windows_that_cannot_be_judged),
      cmocka_unit_test(budgets_carry_over),
      cmocka_unit_test(budgets_that_make_no_sense),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
