/* tanlu prices: what a price of CO2 does to prices, and who pays it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/solved.h"
#include "cli/tables.h"
#include "inputs/named_sectors.h"
#include "outputs/price_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_solved_request request;
  const char *price, *years, *level, *csv;
  cli_list cover, pass_through;
  bool households, border, products, force;
  int top;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  cli_solved solved;
  cli_tables tables;
  tanlu_analysis_view view;
  tanlu_timeline price; /* CNY/t */
  bool *wanted;         /* years */
  double *covered, *pass_through;
  tanlu_prices *prices;
  tanlu_year_table *years;
} analysis;

/* ---- what is charged --------------------------------------------------------------------------------------------------------- */

static tanlu_status choose_sectors(analysis *a) {
  const options *o = a->options;
  const tanlu_dataset *d = a->solved.dataset;
  const size_t n = d->accounts.n;
  bool *member = tanlu_allocate(a->context, n, sizeof *member);
  a->covered = tanlu_allocate_doubles(a->context, n, 1);
  a->pass_through = tanlu_allocate_doubles(a->context, n, 1);
  tanlu_status status = member != NULL && a->covered != NULL && a->pass_through != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < o->cover.count; k++) {
    status = tanlu_sectors_named(d, o->cover.item[k], "--cover", member, a->context);
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    a->covered[j] = member[j] || o->cover.count == 0 ? 1.0 : 0.0;
    a->pass_through[j] = 1.0;
  }
  for (size_t k = 0; status == TANLU_OK && k < o->pass_through.count; k++) {
    status = tanlu_sector_numbers(d, o->pass_through.item[k], "--pass-through", 0.0, 1.0, a->pass_through, a->context);
  }
  free(member);
  return status;
}

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  static const double per_yuan = 1e-4; /* 10^4 CNY */
  analysis *a = user;
  const double price = tanlu_timeline_value(&a->price, accounts->year);
  const tanlu_carbon_charge charge = {.price = per_yuan * price,
                                      .covered = a->covered,
                                      .pass_through = a->pass_through,
                                      .households = a->options->households,
                                      .border = a->options->border};
  tanlu_status status = tanlu_prices_year(a->prices, accounts, &charge, context);
  if (status != TANLU_OK) return status;
  if (!a->options->products) return tanlu_prices_add(a->years, a->prices, accounts, price, context);
  cli_tables_next(&a->tables);
  a->view.year = accounts->year;
  return tanlu_prices_print(&a->view, a->prices, accounts, context);
}

/* ---- the analysis ------------------------------------------------------------------------------------------------------------ */

static tanlu_status prepare(analysis *a) {
  const options *o = a->options;
  tanlu_status status = tanlu_year_numbers(o->price, "--price", 0.0, &a->price, a->context);
  if (status == TANLU_OK) status = cli_solved_open(&a->solved, &o->request, a->context);
  if (status != TANLU_OK) return status;
  const tanlu_accounts *accounts = &a->solved.dataset->accounts;
  status = cli_solved_shown_years(&a->solved, o->years, &a->wanted, a->context);
  if (status == TANLU_OK) status = cli_solved_members(&a->solved, o->level, &a->view, a->context);
  if (status == TANLU_OK) status = choose_sectors(a);
  if (status == TANLU_OK) {
    status = tanlu_prices_create(&a->prices, accounts->n, accounts->category.count, a->context);
  }
  a->view.analysis = "prices";
  a->view.top = (size_t)o->top;
  if (status == TANLU_OK) status = tanlu_year_table_create(&a->years, &a->view, "paid by", a->context);
  return status;
}

static tanlu_status run_all(analysis *a) {
  tanlu_status status = cli_tables_open(&a->tables, a->options->csv, a->options->force, a->context);
  if (status == TANLU_OK) status = prepare(a);
  a->view.out = a->tables.out;
  a->view.csv = a->tables.csv;
  if (status == TANLU_OK) {
    tanlu_analysis_csv_header(a->view.csv);
    status = cli_solved_visit(&a->solved, a->wanted, see_year, a, a->context);
  }
  if (status == TANLU_OK && !a->options->products) {
    char title[200];
    (void)snprintf(title, sizeof title, "A price of CO2 in scenario '%s', quantities unchanged", a->view.scenario);
    status = tanlu_year_table_print(a->years, title, a->context);
  }
  return cli_tables_close(&a->tables, status, a->context);
}

static void clear(analysis *a) {
  tanlu_year_table_free(&a->years);
  tanlu_prices_free(&a->prices);
  tanlu_timeline_clear(&a->price);
  cli_solved_close(&a->solved);
  free(a->wanted);
  free(a->covered);
  free(a->pass_through);
  tanlu_context_free(&a->context);
}

/* ---- the command ------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "prices",
    .synopsis = "--price P RESULT.h5|SCENARIO",
    .purpose =
        "Print what a price of CO2 does to prices when quantities stay as they are (cost-push model): revenue and who\n"
        "pays it by category of final demand, households per head, and with --products the change of every price.\n"
        "Sectors pay for their CO2 after capture and pass their costs on; imports keep their prices unless charged at\n"
        "the border. Nobody reacts: for that, change the scenario.",
    .examples =
        "  tanlu prices --price 100 dual-carbon\n"
        "  tanlu prices --price 2025=60,2030=120,2060=800 --cover power_heat --cover iron_steel --households "
        "dual-carbon\n"
        "  tanlu prices --price 200 --border --pass-through power_heat=0.5 --products --year 2030 results/my.h5\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

int cli_prices(cli_environment *environment, int argc, char **argv) {
  options o = {.top = 20};
  const cli_option option[] = {
      {"price", 'P', CLI_TEXT, "P", "CNY per t CO2 at base-year prices: a number, or YEAR=P,YEAR=P (linear between)",
       &o.price},
      {"cover", 0, CLI_LIST, "CODE", "sectors or groups that pay (default: all)", &o.cover},
      {"pass-through", 0, CLI_LIST, "[CODE=]SHARE", "share of higher costs passed on, 0 to 1 (default: 1)",
       &o.pass_through},
      {"households", 0, CLI_FLAG, NULL, "households pay for their own emissions too", &o.households},
      {"border", 0, CLI_FLAG, NULL, "imports are charged for what they would emit if made at home", &o.border},
      {"products", 'p', CLI_FLAG, NULL, "the change of every price", &o.products},
      {"year", 'y', CLI_TEXT, "YEARS", "years, e.g. 2020,2030,2050-2060 (default: first, 2030, last)", &o.years},
      {"level", 0, CLI_TEXT, "LEVEL", "groups of a level instead of sectors, e.g. policy_group", &o.level},
      {"top", 't', CLI_COUNT, "N", "lines of a table (default: 20)", &o.top},
      {"csv", 'c', CLI_TEXT, "FILE", "write all members into a CSV file too", &o.csv},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing CSV file", &o.force},
      CLI_SOLVED_OPTIONS(o.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) {
    status = 0;
    if (o.price == NULL) status = cli_wrong_usage("prices", "--price is missing");
    if (status == 0 && o.level != NULL && !o.products) {
      status = cli_wrong_usage("prices", "--level goes with --products");
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
  free(o.cover.item);
  free(o.pass_through.item);
  return status;
}
