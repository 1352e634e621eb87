/* tanlu ets: a carbon market over the emissions of a scenario. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "inputs/market_file.h"
#include "inputs/regions_file.h"
#include "inputs/scenario_tree.h"
#include "outputs/market_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_analysis frame; /* wanted: years of the market */
  const char *market, *share_out, *weights;
  cli_list rule;
  bool groups;
  tanlu_yaml *root; /* {ets: rules} */
  tanlu_market_rules *rules;
  tanlu_market_accounts *accounts;
  tanlu_market *solution;
  tanlu_labels group;
  tanlu_regions regions;
  double weight[TANLU_SHARES];
} analysis;

/* ---- the rules ----------------------------------------------------------------------------------------------------------------- */

/* The block of the scenario, or a market file instead, with the rules of the command line laid over it. */
static tanlu_status find_rules(analysis *a) {
  const tanlu_yaml *own = tanlu_yaml_find(a->frame.solved.scenario->tree->root, "ets");
  tanlu_yaml *block = NULL;
  tanlu_status status = TANLU_OK;
  if (a->market != NULL) {
    status = tanlu_market_find(&block, a->market, a->frame.context);
  } else if (own != NULL) {
    block = tanlu_yaml_copy(own, a->frame.context);
  } else {
    return tanlu_fail(a->frame.context, TANLU_ERR_INPUT,
                      "scenario '%s' has no carbon market (key 'ets'); expected --market NAME|FILE",
                      a->frame.solved.scenario->name);
  }
  a->root = tanlu_yaml_create(TANLU_YAML_MAPPING, a->frame.solved.source, NULL, NULL, a->frame.context);
  if (status == TANLU_OK && (block == NULL || a->root == NULL)) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && block->key == NULL && (block->key = tanlu_string_copy(a->frame.context, "ets")) == NULL) {
    status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) {
    status = tanlu_yaml_insert(a->root, 0, block, a->frame.context);
  } else {
    tanlu_yaml_free(&block);
  }
  for (size_t k = 0; k < a->rule.count && status == TANLU_OK; k++) {
    char *setting = NULL;
    if (asprintf(&setting, "ets.%s", a->rule.item[k]) < 0) return TANLU_ERR_MEMORY;
    status = tanlu_scenario_set(a->root, setting, a->frame.context);
    free(setting);
  }
  return status;
}

static tanlu_status read_rules(analysis *a) {
  const tanlu_scenario *s = a->frame.solved.scenario;
  tanlu_status status = find_rules(a);
  if (status == TANLU_OK) {
    status = tanlu_market_read(&a->rules, tanlu_yaml_find(a->root, "ets"), a->frame.solved.dataset, s->from, s->to,
                               true, a->frame.context);
  }
  for (size_t g = 0; status == TANLU_OK && g < a->rules->groups; g++) {
    status = tanlu_labels_add(&a->group, a->rules->group[g].code, a->rules->group[g].name, "", a->frame.context);
  }
  return status;
}

/* ---- years --------------------------------------------------------------------------------------------------------------------- */

/* Years of the market to show: those asked for, or the first, the last and every tenth. */
static tanlu_status choose_years(analysis *a) {
  enum { STEP = 10 };
  const int base = a->frame.solved.scenario->drivers->from;
  const size_t all = a->frame.solved.scenario->drivers->years;
  bool *asked = tanlu_allocate(a->frame.context, all, sizeof *asked);
  a->frame.wanted = tanlu_allocate(a->frame.context, all, sizeof *a->frame.wanted);
  tanlu_status status = asked != NULL && a->frame.wanted != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && a->frame.years != NULL) {
    status = cli_solved_years(&a->frame.solved, a->frame.years, "--year", asked, a->frame.context);
  }
  for (size_t t = 0; status == TANLU_OK && t < all; t++) {
    const int year = base + (int)t;
    const bool inside = year >= a->rules->from && year <= a->rules->to;
    if (a->frame.years == NULL) {
      asked[t] = inside && (year == a->rules->from || year == a->rules->to || year % STEP == 0);
    }
    if (asked[t] && !inside) {
      status = tanlu_fail(a->frame.context, TANLU_ERR_INPUT, "--year: %d is outside the years of the market, %d to %d",
                          year, a->rules->from, a->rules->to);
    } else if (asked[t]) {
      a->frame.wanted[year - a->rules->from] = true;
    }
  }
  free(asked);
  return status;
}

/* ---- the analysis ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  analysis *a = user;
  return tanlu_market_accounts_add(a->accounts, a->rules, a->frame.solved.scenario->drivers, accounts, context);
}

static tanlu_status solve(analysis *a) {
  const tanlu_drivers *d = a->frame.solved.scenario->drivers;
  bool *needed = tanlu_allocate(a->frame.context, d->years, sizeof *needed);
  tanlu_status status = needed != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t t = 0; needed != NULL && t < d->years; t++) {
    needed[t] = d->from + (int)t <= a->rules->to;
    for (size_t g = 0; g < a->rules->groups; g++) needed[t] = needed[t] || d->from + (int)t <= a->rules->group[g].to;
    needed[t] = needed[t] || d->from + (int)t <= a->rules->cap_base;
  }
  if (status == TANLU_OK) {
    status = tanlu_market_accounts_create(&a->accounts, d->from, d->years, a->rules->groups, a->frame.context);
  }
  if (status == TANLU_OK) status = cli_solved_visit(&a->frame.solved, needed, see_year, a, a->frame.context);
  if (status == TANLU_OK) status = tanlu_market_solve(&a->solution, a->rules, a->accounts, a->frame.context);
  free(needed);
  return status;
}

static tanlu_status print_years(analysis *a) {
  tanlu_year_table *table = NULL;
  char title[256];
  const char *name = a->rules->title[0] != '\0' ? a->rules->title : "its own";
  tanlu_status status = tanlu_year_table_create(&table, &a->frame.view, "carbon market", a->frame.context);
  for (size_t t = 0; t < a->solution->years && status == TANLU_OK; t++) {
    if (a->frame.wanted[t]) status = tanlu_market_add(table, a->solution, t, a->frame.context);
  }
  (void)snprintf(title, sizeof title, "Carbon market of scenario '%s': %s", a->frame.view.scenario, name);
  if (status == TANLU_OK) status = tanlu_year_table_print(table, title, a->frame.context);
  tanlu_year_table_free(&table);
  return status;
}

static tanlu_status print_regions(analysis *a) {
  double *share = tanlu_allocate_doubles(a->frame.context, a->regions.label.count, 1);
  if (share == NULL) return TANLU_ERR_MEMORY;
  tanlu_region_shares(&a->regions, a->weight, share, NULL);
  tanlu_analysis_view view = a->frame.view;
  view.member = &a->regions.label;
  const tanlu_status status = tanlu_region_shares_print(&view, share, a->solution, a->frame.wanted, a->frame.context);
  free(share);
  return status;
}

static tanlu_status print_all(analysis *a) {
  tanlu_status status = TANLU_OK;
  tanlu_analysis_csv_header(a->frame.view.csv);
  if (a->share_out != NULL) return print_regions(a);
  if (!a->groups) status = print_years(a);
  for (size_t t = 0; t < a->solution->years && status == TANLU_OK; t++) {
    if (!a->frame.wanted[t] || !a->groups) continue;
    cli_tables_next(&a->frame.tables);
    a->frame.view.year = a->solution->from + (int)t;
    status = tanlu_market_print(&a->frame.view, a->solution, t, a->frame.context);
  }
  return status;
}

static tanlu_status work(void *user) {
  analysis *a = user;
  tanlu_context *context = a->frame.context;
  tanlu_status status =
      a->weights != NULL ? tanlu_share_weights(a->weights, "--weights", a->weight, context) : TANLU_OK;
  if (status == TANLU_OK && a->share_out != NULL) status = tanlu_regions_read(&a->regions, a->share_out, context);
  if (status == TANLU_OK && a->share_out != NULL) {
    status = tanlu_share_weights_check(&a->regions, a->weight, "--weights", context);
  }
  if (status == TANLU_OK) status = cli_solved_open(&a->frame.solved, &a->frame.request, context);
  if (status == TANLU_OK) status = read_rules(a);
  if (status == TANLU_OK) status = choose_years(a);
  if (status == TANLU_OK) status = solve(a);
  if (status != TANLU_OK) return status;
  a->frame.view = (tanlu_analysis_view){.analysis = "ets",
                                        .scenario = a->frame.solved.scenario->name,
                                        .member = &a->group,
                                        .sectors = a->group.count,
                                        .top = (size_t)a->frame.top,
                                        .out = a->frame.tables.out,
                                        .csv = a->frame.tables.csv};
  return print_all(a);
}

static void clear(analysis *a) {
  tanlu_market_free(&a->solution);
  tanlu_market_accounts_free(&a->accounts);
  tanlu_market_rules_free(&a->rules);
  tanlu_yaml_free(&a->root);
  tanlu_labels_clear(&a->group);
  tanlu_regions_clear(&a->regions);
  free(a->rule.item);
  cli_analysis_clear(&a->frame);
}

/* ---- the command ----------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "ets",
    .synopsis = "[--market MARKET|FILE] RESULT.h5|SCENARIO",
    .purpose =
        "Print a carbon market over the emissions of a scenario: cap and allowances, abatement, offsets, bank, price,\n"
        "penalties and costs by year, and with --groups balance, cost and leakage index by group. The rules are the\n"
        "scenario's block 'ets' or a market file: national, beijing, chongqing, guangdong, hubei, shanghai, shenzhen,\n"
        "tianjin and california have what the documents print; what they do not print is for you to give (--rule).\n"
        "Output stays as projected: only abatement answers to the price.",
    .examples = "  tanlu ets --market my-market.yaml dual-carbon\n"
                "  tanlu ets --market my-market.yaml --groups --year 2030 --rule price=100 dual-carbon\n"
                "  tanlu ets --market shenzhen --rule 'groups={power_heat: {allocation: {rule: historic}}}' \\\n"
                "            --rule 'price={2026: 60, 2060: 400}' dual-carbon\n"
                "  tanlu ets --share-out provinces.csv --weights historic=0.4,per-head=0.3,gdp=0.2,efficiency=0.1 "
                "my-scenario\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

int cli_ets(cli_environment *environment, int argc, char **argv) {
  analysis a = {.frame = {.top = 30}};
  const cli_option option[] = {
      {"market", 'm', CLI_TEXT, "MARKET|FILE", "rules of a market file instead of the scenario's own", &a.market},
      {"rule", 'r', CLI_LIST, "PATH=VALUE", "set one of the rules, e.g. offsets.price=40 or cap.path.2030=4000",
       &a.rule},
      {"groups", 'g', CLI_FLAG, NULL, "the covered groups of every shown year", &a.groups},
      {"share-out", 0, CLI_TEXT, "FILE.csv",
       "share the cap out between regions (region, population, gdp, co2, consumption)", &a.share_out},
      {"weights", 0, CLI_TEXT, "LIST", "of its criteria: historic=W,per-head=W,gdp=W,efficiency=W,consumption=W",
       &a.weights},
      {"year", 'y', CLI_TEXT, "YEARS", "years, e.g. 2025,2030,2050-2060 (default: first, last, every tenth)",
       &a.frame.years},
      {"top", 't', CLI_COUNT, "N", "lines of a table (default: 30)", &a.frame.top},
      {"csv", 'c', CLI_TEXT, "FILE", "write the values of the tables into a CSV file too", &a.frame.csv},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing CSV file", &a.frame.force},
      CLI_SOLVED_OPTIONS(a.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON && (a.share_out != NULL) != (a.weights != NULL)) {
    status = cli_wrong_usage("ets", "--share-out and --weights go together");
  }
  if (status == CLI_GO_ON && a.share_out != NULL && a.groups) {
    status = cli_wrong_usage("ets", "expected either --share-out or --groups");
  }
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &a.frame, operand[0], work, &a);
  clear(&a);
  return status;
}
