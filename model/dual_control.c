#include "model/dual_control.h"

#include <math.h>
#include <string.h>

#include "model/indicators.h"

double tanlu_control_path(double change, double years, double after) {
  return pow(1.0 + change, after / years) - 1.0;
}

double tanlu_control_implied_growth(double total_growth, double intensity_change) {
  return (1.0 + total_growth) / (1.0 + intensity_change) - 1.0;
}

double tanlu_control_room(double gdp_growth, double intensity_change) {
  return (1.0 + gdp_growth) * (1.0 + intensity_change) - 1.0;
}

static double counted(const tanlu_control_rules *rules, const tanlu_control_year *year) {
  return year->quantity - (rules->feedstock_exempt ? year->feedstock : 0.0);
}

static double exempt_renewables(const tanlu_control_rules *rules, const tanlu_control_year *base,
                                const tanlu_control_year *last) {
  if (rules->renewables == TANLU_RENEWABLES_COUNT) return 0.0;
  const double plan = rules->renewables == TANLU_RENEWABLES_ADDED ? base->renewables : rules->planned_renewables;
  return last->renewables > plan ? last->renewables - plan : 0.0;
}

static tanlu_control_outcome against(double value, double goal) {
  if (isnan(goal)) return TANLU_CONTROL_NO_GOAL;
  return value <= goal ? TANLU_CONTROL_MET : TANLU_CONTROL_MISSED;
}

tanlu_status tanlu_control_judge(const tanlu_control_rules *rules, const tanlu_control_year *base,
                                 const tanlu_control_year *last, size_t years, tanlu_control_result *result,
                                 tanlu_context *context) {
  *result = (tanlu_control_result){.counted_base = counted(rules, base), .counted_last = counted(rules, last)};
  if (years == 0)
    return tanlu_fail(context, TANLU_ERR_INPUT, "a window of dual control needs a year after its base year");
  if (!(base->gdp > 0.0) || !(last->gdp > 0.0) || !(result->counted_base > 0.0)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "dual control: GDP %g and %g, %g counted in the base year; expected positive numbers", base->gdp,
                      last->gdp, result->counted_base);
  }
  if (rules->incentive > rules->basic) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "dual control: the incentive goal %g %% is less far than the basic goal %g %%",
                      100.0 * rules->incentive, 100.0 * rules->basic);
  }
  result->intensity_base = result->counted_base / base->gdp;
  result->intensity_last = result->counted_last / last->gdp;
  result->change = result->intensity_last / result->intensity_base - 1.0;
  result->yearly = tanlu_control_path(result->change, (double)years, 1.0);
  result->growth = last->gdp / base->gdp - 1.0;
  result->exempt_renewables = exempt_renewables(rules, base, last);
  result->counted_total = result->counted_last - result->exempt_renewables;
  result->intensity = against(result->change, rules->basic);
  result->incentive = against(result->change, rules->incentive);
  result->total = against(result->counted_total, rules->total);
  if (rules->incentive_waives_total && result->incentive == TANLU_CONTROL_MET &&
      result->total != TANLU_CONTROL_NO_GOAL) {
    result->total = TANLU_CONTROL_WAIVED;
  }
  result->intensity_gap = result->change - rules->basic;
  result->total_gap = result->counted_total - rules->total;
  return TANLU_OK;
}

/* ---- goals of policy documents ------------------------------------------------------------------------------------------ */

/* The change over the window that a goal asks for, NaN where it is not about the window's intensity. */
static double asked_change(const tanlu_goal *goal, int base, bool carbon, const double *base_indicator) {
  static const size_t direct[2] = {TANLU_INDICATOR_ENERGY_PER_GDP, TANLU_INDICATOR_CO2_PER_GDP};
  static const size_t counted_from[2][2] = {{TANLU_INDICATOR_ENERGY_PER_GDP_2020, TANLU_NONE},
                                            {TANLU_INDICATOR_CO2_PER_GDP_2020, TANLU_INDICATOR_CO2_PER_GDP_2005}};
  const bool falls = goal->relation == TANLU_GOAL_AT_MOST || goal->relation == TANLU_GOAL_BELOW;
  if (!falls || goal->indicator == TANLU_NONE) return (double)NAN;
  if (goal->measure == TANLU_GOAL_CHANGE && goal->indicator == direct[carbon] && goal->base_year == base) {
    return goal->value;
  }
  if (goal->measure != TANLU_GOAL_LEVEL) return (double)NAN;
  for (size_t k = 0; k < 2; k++) {
    if (goal->indicator != counted_from[carbon][k]) continue;
    return (1.0 + goal->value) / (1.0 + base_indicator[goal->indicator]) - 1.0;
  }
  return (double)NAN;
}

static bool limits_total(const tanlu_goal *goal, bool carbon) {
  const size_t total = carbon ? TANLU_INDICATOR_CO2_ENERGY : TANLU_INDICATOR_ENERGY;
  const bool falls = goal->relation == TANLU_GOAL_AT_MOST || goal->relation == TANLU_GOAL_BELOW;
  return falls && goal->indicator == total && goal->measure == TANLU_GOAL_LEVEL && !goal->incentive;
}

/* The smaller of two numbers, where only the first may be missing. */
static double stricter(double sofar, double value) {
  return isnan(sofar) || value < sofar ? value : sofar;
}

void tanlu_control_add_goals(tanlu_control_rules *rules, const tanlu_goals *goals, const char *scope, int base,
                             int last, bool carbon, const double *base_indicator) {
  double basic = (double)NAN, incentive = (double)NAN, total = (double)NAN;
  for (size_t g = 0; g < goals->label.count; g++) {
    const tanlu_goal *goal = &goals->goal[g];
    if (goal->year != last || strcmp(goal->scope != NULL ? goal->scope : "China", scope) != 0) continue;
    if (limits_total(goal, carbon)) total = stricter(total, goal->value);
    const double change = asked_change(goal, base, carbon, base_indicator);
    if (isnan(change)) continue;
    if (goal->incentive) {
      incentive = stricter(incentive, change);
    } else {
      basic = stricter(basic, change);
    }
  }
  if (isnan(rules->basic)) rules->basic = basic;
  if (isnan(rules->incentive) && (isnan(rules->basic) || incentive < rules->basic)) rules->incentive = incentive;
  if (isnan(rules->total)) rules->total = total;
}
