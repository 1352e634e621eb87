/* tanlu control: dual control of energy or CO2 over the windows of plans, and carbon budgets. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "inputs/number.h"
#include "model/indicators.h"
#include "outputs/control_view.h"

enum { SHARES_MAX = 64 };

typedef struct {
  cli_analysis frame;
  const char *file, *scenario, *shares, *budget_of;
  cli_list window, exempt;
  int carbon_from, budget_base; /* 0: not given */
  double intensity, incentive, total, planned, keep, deduction;
  bool no_waiver, strict, csv;
  double share[SHARES_MAX];
  int (*windows_of)[2];
  tanlu_control_request request;
  tanlu_goals goals;
  tanlu_result *result;
} controlling;

/* ---- what is asked for -------------------------------------------------------------------------------------------------- */

/* "2020-2025": the base year and the last year. */
static bool parse_window(const char *text, int window[2]) {
  char first[16] = "";
  const char *dash = strchr(text, '-');
  const size_t length = dash != NULL ? (size_t)(dash - text) : 0;
  if (length == 0 || length >= sizeof first) return false;
  memcpy(first, text, length);
  return tanlu_integer_parse(first, &window[0]) && tanlu_integer_parse(dash + 1, &window[1]) && window[0] < window[1];
}

static int read_windows(controlling *c) {
  c->windows_of = calloc(c->window.count + 1, sizeof *c->windows_of);
  if (c->windows_of == NULL) return tanlu_status_exit(TANLU_ERR_MEMORY);
  for (size_t k = 0; k < c->window.count; k++) {
    if (parse_window(c->window.item[k], c->windows_of[k])) continue;
    return cli_wrong_usage("control", "--window '%s': expected BASE-LAST, e.g. 2020-2025", c->window.item[k]);
  }
  c->request.windows = c->window.count;
  return CLI_GO_ON;
}

/* "95,90": percent of base-year emissions, window by window. */
static int read_shares(controlling *c) {
  const char *text = c->shares;
  while (text != NULL && *text != '\0') {
    char part[32] = "";
    const size_t length = strcspn(text, ",");
    double value = 0.0;
    if (length < sizeof part) memcpy(part, text, length);
    if (c->request.shares == SHARES_MAX || !tanlu_number_parse(part, &value) || value < 0.0) {
      return cli_wrong_usage("control", "--budget '%s': expected percents of base-year emissions, e.g. 95,90,80",
                             c->shares);
    }
    c->share[c->request.shares++] = value / 100.0;
    text += length;
    if (*text == ',') text++;
  }
  if (c->shares != NULL && c->request.shares == 0) return cli_wrong_usage("control", "--budget: expected percents");
  c->request.share = c->share;
  return CLI_GO_ON;
}

static int read_exemptions(controlling *c) {
  tanlu_control_rules *r = &c->request.rules;
  for (size_t k = 0; k < c->exempt.count; k++) {
    const char *word = c->exempt.item[k];
    if (strcmp(word, "feedstock") == 0) {
      r->feedstock_exempt = true;
    } else if (strcmp(word, "renewables-above-plan") == 0) {
      r->renewables = TANLU_RENEWABLES_ABOVE_PLAN;
    } else if (strcmp(word, "renewables-added") == 0) {
      r->renewables = TANLU_RENEWABLES_ADDED;
    } else {
      return cli_wrong_usage("control", "--exempt '%s': expected renewables-above-plan, renewables-added or feedstock",
                             word);
    }
  }
  const bool above_plan = r->renewables == TANLU_RENEWABLES_ABOVE_PLAN;
  if (above_plan == isnan(c->planned)) {
    return cli_wrong_usage("control", "--exempt renewables-above-plan and --planned go together");
  }
  r->planned_renewables = above_plan ? c->planned : 0.0;
  return CLI_GO_ON;
}

static int read_rules(controlling *c) {
  tanlu_control_request *q = &c->request;
  q->rules.basic = -c->intensity / 100.0;
  q->rules.incentive = -c->incentive / 100.0;
  q->rules.total = c->total;
  q->rules.incentive_waives_total = !c->no_waiver;
  q->carbon_from = c->carbon_from;
  q->csv = c->csv;
  q->budget = (tanlu_budget_rules){.keep = c->keep / 100.0, .deduction = c->deduction};
  q->budget_of = tanlu_indicator_find(c->budget_of);
  if (c->intensity > 100.0) return cli_wrong_usage("control", "--intensity: expected a fall of at most 100 percent");
  if (c->incentive < c->intensity) {
    return cli_wrong_usage("control", "--incentive %g: expected a fall of at least --intensity %g", c->incentive,
                           c->intensity);
  }
  if (c->keep > 100.0) return cli_wrong_usage("control", "--keep: expected a percentage from 0 to 100");
  if (c->deduction < 1.0) return cli_wrong_usage("control", "--deduction: expected a factor of at least 1");
  if (q->budget_of == TANLU_NONE || strcmp(tanlu_indicator(q->budget_of)->unit, "Mt") != 0) {
    return cli_wrong_usage("control", "--budget-of '%s': expected an indicator in Mt, e.g. co2_total", c->budget_of);
  }
  if (c->shares == NULL && (c->budget_base != 0 || c->keep < 100.0 || c->deduction > 1.0)) {
    return cli_wrong_usage("control", "--budget-base, --keep and --deduction go with --budget");
  }
  int status = read_windows(c);
  if (status == CLI_GO_ON) status = read_shares(c);
  if (status == CLI_GO_ON) status = read_exemptions(c);
  return status;
}

/* ---- the command -------------------------------------------------------------------------------------------------------- */

static tanlu_status control_all(void *user) {
  controlling *c = user;
  size_t missed = 0;
  int(*five_years)[2] = NULL;
  tanlu_status status = cli_read_goals(&c->goals, c->file, c->frame.context);
  if (status == TANLU_OK) status = tanlu_result_open(&c->result, c->frame.request.operand, c->frame.context);
  if (status == TANLU_OK) status = cli_scenario_named(c->result, c->scenario, &c->request.scenario, c->frame.context);
  if (status == TANLU_OK && c->request.windows == 0) {
    status = tanlu_control_five_years(c->result, &five_years, &c->request.windows, c->frame.context);
  }
  c->request.window = five_years != NULL ? (const int(*)[2])five_years : (const int(*)[2])c->windows_of;
  c->request.goals = &c->goals;
  if (status == TANLU_OK && c->request.shares > c->request.windows) {
    status = tanlu_fail(c->frame.context, TANLU_ERR_INPUT, "--budget '%s': %zu percents for %zu windows", c->shares,
                        c->request.shares, c->request.windows);
  }
  if (status == TANLU_OK) {
    size_t years = 0;
    const int *year = tanlu_result_years(c->result, &years);
    c->request.budget_base = c->budget_base != 0 ? c->budget_base : years > 0 ? year[0] : 0;
    status = tanlu_control_view(c->result, &c->request, c->frame.tables.out, &missed, c->frame.context);
    c->frame.missed = c->strict && missed > 0;
  }
  free(five_years);
  return status;
}

static void clear(controlling *c) {
  free(c->windows_of);
  free(c->window.item);
  free(c->exempt.item);
  tanlu_goals_clear(&c->goals);
  tanlu_result_close(&c->result);
  cli_analysis_clear(&c->frame);
}

static const cli_usage usage = {
    .command = "control",
    .synopsis = "RESULT.h5",
    .purpose = "Dual control, window by window: how the intensity of energy use (later of CO2) changes, what is "
               "counted of the\n"
               "total, and whether goals are met. Goals that are not given are those of the goals file for the last "
               "year of a\n"
               "window. With --budget also carbon budgets, whose surplus or shortfall goes on to the next window.",
    .examples = "  tanlu control results/china-2020.h5\n"
                "  tanlu control --window 2020-2025 --intensity 13.5 --incentive 14.5 --total 6000 \\\n"
                "                --exempt renewables-added --exempt feedstock results/china-2020.h5\n"
                "  tanlu control --budget 120,110,90,60,40,20,5,0 --deduction 1.3 results/china-2020.h5\n",
    .least = 1,
    .most = 1,
    .operands = "a result file",
};

int cli_control(cli_environment *environment, int argc, char **argv) {
  controlling c = {.carbon_from = 2026,
                   .budget_of = "co2_total",
                   .intensity = (double)NAN,
                   .incentive = (double)NAN,
                   .total = (double)NAN,
                   .planned = (double)NAN,
                   .keep = 100.0,
                   .deduction = 1.0};
  const cli_option option[] = {
      {"scenario", 's', CLI_TEXT, "NAME", "only this scenario", &c.scenario},
      {"window", 'w', CLI_LIST, "BASE-LAST", "a window (default: all five-year windows); may be repeated", &c.window},
      {"carbon-from", 0, CLI_COUNT, "YEAR", "CO2 instead of energy in windows that begin then or later (default 2026)",
       &c.carbon_from},
      {"intensity", 0, CLI_NUMBER, "PERCENT", "basic goal: fall of intensity over a window", &c.intensity},
      {"incentive", 0, CLI_NUMBER, "PERCENT", "incentive goal: a further fall", &c.incentive},
      {"total", 0, CLI_NUMBER, "X", "limit of the total in the last year, Mtce (CO2: Mt)", &c.total},
      {"exempt", 'e', CLI_LIST, "renewables-above-plan|renewables-added|feedstock",
       "what is not counted; may be repeated", &c.exempt},
      {"planned", 0, CLI_NUMBER, "MTCE", "renewable energy that the plan asks for in the last year", &c.planned},
      {"no-waiver", 0, CLI_FLAG, NULL, "judge the total even where the incentive goal is reached", &c.no_waiver},
      {"budget", 'b', CLI_TEXT, "P,P,...", "budgets: percents of base-year emissions, window by window", &c.shares},
      {"budget-of", 0, CLI_TEXT, "INDICATOR", "emissions under the budget (default: co2_total)", &c.budget_of},
      {"budget-base", 0, CLI_COUNT, "YEAR", "base year of the budget (default: the first year)", &c.budget_base},
      {"deduction", 0, CLI_NUMBER, "FACTOR", "taken off the next window per tonne short (default 1)", &c.deduction},
      {"keep", 0, CLI_NUMBER, "PERCENT", "part of a surplus that goes on to the next window (default 100)", &c.keep},
      {"goals", 'g', CLI_TEXT, "FILE", "goals of this file (default: the shipped policy/goals.csv)", &c.file},
      {"strict", 0, CLI_FLAG, NULL, "exit status 1 when a basic goal, limit or budget is missed", &c.strict},
      {"csv", 'c', CLI_FLAG, NULL, "CSV, one record a window; of the budgets where --budget is given", &c.csv},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = read_rules(&c);
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &c.frame, operand[0], control_all, &c);
  clear(&c);
  return status;
}
