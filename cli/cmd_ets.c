/* tanlu ets: a carbon market over the emissions of a scenario. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/solved.h"
#include "cli/tables.h"
#include "inputs/market_file.h"
#include "inputs/regions_file.h"
#include "inputs/scenario_tree.h"
#include "outputs/market_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_solved_request request;
  const char *market, *years, *share_out, *weights, *csv;
  cli_list rule;
  bool groups, force;
  int top;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  cli_solved solved;
  cli_tables tables;
  tanlu_analysis_view view;
  tanlu_yaml *root; /* {ets: rules} */
  tanlu_market_rules *rules;
  tanlu_market_accounts *accounts;
  tanlu_market *market;
  tanlu_labels group;
  tanlu_regions regions;
  double weight[TANLU_SHARES];
  bool *wanted; /* years of the market */
} analysis;

/* ---- the rules ----------------------------------------------------------------------------------------------------------------- */

/* The block of the scenario, or a market file instead, with the rules of the command line laid over it. */
static tanlu_status find_rules(analysis *a) {
  const options *o = a->options;
  const tanlu_yaml *own = tanlu_yaml_find(a->solved.scenario->tree->root, "ets");
  tanlu_yaml *block = NULL;
  tanlu_status status = TANLU_OK;
  if (o->market != NULL) {
    status = tanlu_market_find(&block, o->market, a->context);
  } else if (own != NULL) {
    block = tanlu_yaml_copy(own, a->context);
  } else {
    return tanlu_fail(a->context, TANLU_ERR_INPUT,
                      "scenario '%s' has no carbon market (key 'ets'); expected --market NAME|FILE",
                      a->solved.scenario->name);
  }
  a->root = tanlu_yaml_create(TANLU_YAML_MAPPING, a->solved.source, NULL, NULL, a->context);
  if (status == TANLU_OK && (block == NULL || a->root == NULL)) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && block->key == NULL && (block->key = tanlu_string_copy(a->context, "ets")) == NULL) {
    status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) {
    status = tanlu_yaml_insert(a->root, 0, block, a->context);
  } else {
    tanlu_yaml_free(&block);
  }
  for (size_t k = 0; k < o->rule.count && status == TANLU_OK; k++) {
    char *setting = NULL;
    if (asprintf(&setting, "ets.%s", o->rule.item[k]) < 0) return TANLU_ERR_MEMORY;
    status = tanlu_scenario_set(a->root, setting, a->context);
    free(setting);
  }
  return status;
}

static tanlu_status read_rules(analysis *a) {
  const tanlu_scenario *s = a->solved.scenario;
  tanlu_status status = find_rules(a);
  if (status == TANLU_OK) {
    status = tanlu_market_read(&a->rules, tanlu_yaml_find(a->root, "ets"), a->solved.dataset, s->from, s->to, true,
                               a->context);
  }
  for (size_t g = 0; status == TANLU_OK && g < a->rules->groups; g++) {
    status = tanlu_labels_add(&a->group, a->rules->group[g].code, a->rules->group[g].name, "", a->context);
  }
  return status;
}

/* ---- years --------------------------------------------------------------------------------------------------------------------- */

/* Years of the market to show: those asked for, or the first, the last and every tenth. */
static tanlu_status choose_years(analysis *a) {
  enum { STEP = 10 };
  const int base = a->solved.scenario->drivers->from;
  const size_t all = a->solved.scenario->drivers->years;
  bool *asked = tanlu_allocate(a->context, all, sizeof *asked);
  a->wanted = tanlu_allocate(a->context, all, sizeof *a->wanted);
  tanlu_status status = asked != NULL && a->wanted != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && a->options->years != NULL) {
    status = cli_solved_years(&a->solved, a->options->years, "--year", asked, a->context);
  }
  for (size_t t = 0; status == TANLU_OK && t < all; t++) {
    const int year = base + (int)t;
    const bool inside = year >= a->rules->from && year <= a->rules->to;
    if (a->options->years == NULL) {
      asked[t] = inside && (year == a->rules->from || year == a->rules->to || year % STEP == 0);
    }
    if (asked[t] && !inside) {
      status = tanlu_fail(a->context, TANLU_ERR_INPUT, "--year: %d is outside the years of the market, %d to %d", year,
                          a->rules->from, a->rules->to);
    } else if (asked[t]) {
      a->wanted[year - a->rules->from] = true;
    }
  }
  free(asked);
  return status;
}

/* ---- the analysis ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  analysis *a = user;
  return tanlu_market_accounts_add(a->accounts, a->rules, a->solved.scenario->drivers, accounts, context);
}

static tanlu_status solve(analysis *a) {
  const tanlu_drivers *d = a->solved.scenario->drivers;
  bool *needed = tanlu_allocate(a->context, d->years, sizeof *needed);
  tanlu_status status = needed != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t t = 0; needed != NULL && t < d->years; t++) {
    needed[t] = d->from + (int)t <= a->rules->to;
    for (size_t g = 0; g < a->rules->groups; g++) needed[t] = needed[t] || d->from + (int)t <= a->rules->group[g].to;
    needed[t] = needed[t] || d->from + (int)t <= a->rules->cap_base;
  }
  if (status == TANLU_OK) {
    status = tanlu_market_accounts_create(&a->accounts, d->from, d->years, a->rules->groups, a->context);
  }
  if (status == TANLU_OK) status = cli_solved_visit(&a->solved, needed, see_year, a, a->context);
  if (status == TANLU_OK) status = tanlu_market_solve(&a->market, a->rules, a->accounts, a->context);
  free(needed);
  return status;
}

static tanlu_status print_years(analysis *a) {
  tanlu_year_table *table = NULL;
  char title[256];
  const char *name = a->rules->title[0] != '\0' ? a->rules->title : "its own";
  tanlu_status status = tanlu_year_table_create(&table, &a->view, "carbon market", a->context);
  for (size_t t = 0; t < a->market->years && status == TANLU_OK; t++) {
    if (a->wanted[t]) status = tanlu_market_add(table, a->market, t, a->context);
  }
  (void)snprintf(title, sizeof title, "Carbon market of scenario '%s': %s", a->view.scenario, name);
  if (status == TANLU_OK) status = tanlu_year_table_print(table, title, a->context);
  tanlu_year_table_free(&table);
  return status;
}

static tanlu_status print_regions(analysis *a) {
  double *share = tanlu_allocate_doubles(a->context, a->regions.label.count, 1);
  if (share == NULL) return TANLU_ERR_MEMORY;
  tanlu_region_shares(&a->regions, a->weight, share, NULL);
  tanlu_analysis_view view = a->view;
  view.member = &a->regions.label;
  const tanlu_status status = tanlu_region_shares_print(&view, share, a->market, a->wanted, a->context);
  free(share);
  return status;
}

static tanlu_status print_all(analysis *a) {
  tanlu_status status = TANLU_OK;
  tanlu_analysis_csv_header(a->view.csv);
  if (a->options->share_out != NULL) return print_regions(a);
  if (!a->options->groups) status = print_years(a);
  for (size_t t = 0; t < a->market->years && status == TANLU_OK; t++) {
    if (!a->wanted[t] || !a->options->groups) continue;
    cli_tables_next(&a->tables);
    a->view.year = a->market->from + (int)t;
    status = tanlu_market_print(&a->view, a->market, t, a->context);
  }
  return status;
}

static tanlu_status run_all(analysis *a) {
  const options *o = a->options;
  tanlu_status status = cli_tables_open(&a->tables, o->csv, o->force, a->context);
  if (status == TANLU_OK && o->weights != NULL)
    status = tanlu_share_weights(o->weights, "--weights", a->weight, a->context);
  if (status == TANLU_OK && o->share_out != NULL) status = tanlu_regions_read(&a->regions, o->share_out, a->context);
  if (status == TANLU_OK && o->share_out != NULL) {
    status = tanlu_share_weights_check(&a->regions, a->weight, "--weights", a->context);
  }
  if (status == TANLU_OK) status = cli_solved_open(&a->solved, &o->request, a->context);
  if (status == TANLU_OK) status = read_rules(a);
  if (status == TANLU_OK) status = choose_years(a);
  if (status == TANLU_OK) status = solve(a);
  if (status == TANLU_OK) {
    a->view = (tanlu_analysis_view){.analysis = "ets",
                                    .scenario = a->solved.scenario->name,
                                    .member = &a->group,
                                    .sectors = a->group.count,
                                    .top = (size_t)o->top,
                                    .out = a->tables.out,
                                    .csv = a->tables.csv};
    status = print_all(a);
  }
  return cli_tables_close(&a->tables, status, a->context);
}

static void clear(analysis *a) {
  tanlu_market_free(&a->market);
  tanlu_market_accounts_free(&a->accounts);
  tanlu_market_rules_free(&a->rules);
  tanlu_yaml_free(&a->root);
  tanlu_labels_clear(&a->group);
  tanlu_regions_clear(&a->regions);
  cli_solved_close(&a->solved);
  free(a->wanted);
  tanlu_context_free(&a->context);
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
  options o = {.top = 30};
  const cli_option option[] = {
      {"market", 'm', CLI_TEXT, "MARKET|FILE", "rules of a market file instead of the scenario's own", &o.market},
      {"rule", 'r', CLI_LIST, "PATH=VALUE", "set one of the rules, e.g. offsets.price=40 or cap.path.2030=4000",
       &o.rule},
      {"groups", 'g', CLI_FLAG, NULL, "the covered groups of every shown year", &o.groups},
      {"share-out", 0, CLI_TEXT, "FILE.csv",
       "share the cap out between regions (region, population, gdp, co2, consumption)", &o.share_out},
      {"weights", 0, CLI_TEXT, "LIST", "of its criteria: historic=W,per-head=W,gdp=W,efficiency=W,consumption=W",
       &o.weights},
      {"year", 'y', CLI_TEXT, "YEARS", "years, e.g. 2025,2030,2050-2060 (default: first, last, every tenth)", &o.years},
      {"top", 't', CLI_COUNT, "N", "lines of a table (default: 30)", &o.top},
      {"csv", 'c', CLI_TEXT, "FILE", "write the values of the tables into a CSV file too", &o.csv},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing CSV file", &o.force},
      CLI_SOLVED_OPTIONS(o.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) {
    status = 0;
    if ((o.share_out != NULL) != (o.weights != NULL)) {
      status = cli_wrong_usage("ets", "--share-out and --weights go together");
    } else if (o.share_out != NULL && o.groups) {
      status = cli_wrong_usage("ets", "expected either --share-out or --groups");
    }
  }
  if (status == 0 && operand != NULL && count == 1) {
    o.request.operand = operand[0];
    analysis a = {.options = &o, .context = tanlu_context_create()};
    const tanlu_status done = a.context != NULL ? run_all(&a) : TANLU_ERR_MEMORY;
    if (a.context != NULL) cli_print_messages(environment, a.context, true);
    clear(&a);
    status = tanlu_status_exit(done);
  }
  free(o.request.set.item);
  free(o.rule.item);
  return status;
}
