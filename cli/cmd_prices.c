/* tanlu prices: what a price of CO2 does to prices, and who pays it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/analysis.h"
#include "inputs/named_sectors.h"
#include "outputs/price_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_analysis frame;
  const char *price_text;
  cli_list cover, pass_through;
  bool households, border, products;
  tanlu_timeline price;     /* CNY/t */
  double *covered, *shares; /* sectors: 1 for those that pay; what of their costs they pass on */
  tanlu_prices *prices;
  tanlu_year_table *years;
} analysis;

/* ---- what is charged --------------------------------------------------------------------------------------------------------- */

static tanlu_status choose_sectors(analysis *a) {
  const tanlu_dataset *d = a->frame.solved.dataset;
  tanlu_context *context = a->frame.context;
  const size_t n = d->accounts.n;
  bool *member = tanlu_allocate(context, n, sizeof *member);
  a->covered = tanlu_allocate_doubles(context, n, 1);
  a->shares = tanlu_allocate_doubles(context, n, 1);
  tanlu_status status = member != NULL && a->covered != NULL && a->shares != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < a->cover.count; k++) {
    status = tanlu_sectors_named(d, a->cover.item[k], "--cover", member, context);
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    a->covered[j] = member[j] || a->cover.count == 0 ? 1.0 : 0.0;
    a->shares[j] = 1.0;
  }
  for (size_t k = 0; status == TANLU_OK && k < a->pass_through.count; k++) {
    status = tanlu_sector_numbers(d, a->pass_through.item[k], "--pass-through", 0.0, 1.0, a->shares, context);
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
                                      .pass_through = a->shares,
                                      .households = a->households,
                                      .border = a->border};
  tanlu_status status = tanlu_prices_year(a->prices, accounts, &charge, context);
  if (status != TANLU_OK) return status;
  if (!a->products) return tanlu_prices_add(a->years, a->prices, accounts, price, context);
  return tanlu_prices_print(cli_analysis_table(&a->frame, "prices", accounts->year), a->prices, accounts, context);
}

/* ---- the analysis ------------------------------------------------------------------------------------------------------------ */

static tanlu_status work(void *user) {
  analysis *a = user;
  cli_analysis *f = &a->frame;
  tanlu_status status = tanlu_year_numbers(a->price_text, "--price", 0.0, &a->price, f->context);
  if (status == TANLU_OK) status = cli_analysis_open(f, "prices");
  if (status == TANLU_OK) status = choose_sectors(a);
  if (status != TANLU_OK) return status;
  const tanlu_accounts *accounts = &f->solved.dataset->accounts;
  status = tanlu_prices_create(&a->prices, accounts->n, accounts->category.count, f->context);
  if (status == TANLU_OK) status = tanlu_year_table_create(&a->years, &f->view, "paid by", f->context);
  if (status == TANLU_OK) status = cli_analysis_visit(f, f->wanted, see_year, a);
  if (status != TANLU_OK || a->products) return status;
  char title[200];
  (void)snprintf(title, sizeof title, "A price of CO2 in scenario '%s', quantities unchanged", f->view.scenario);
  return tanlu_year_table_print(a->years, title, f->context);
}

static void clear(analysis *a) {
  tanlu_year_table_free(&a->years);
  tanlu_prices_free(&a->prices);
  tanlu_timeline_clear(&a->price);
  free(a->covered);
  free(a->shares);
  free(a->cover.item);
  free(a->pass_through.item);
  cli_analysis_clear(&a->frame);
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
  analysis a = {.frame = {.top = 20}};
  const cli_option option[] = {
      {"price", 'P', CLI_TEXT, "P", "CNY per t CO2 at base-year prices: a number, or YEAR=P,YEAR=P (linear between)",
       &a.price_text},
      {"cover", 0, CLI_LIST, "CODE", "sectors or groups that pay (default: all); may be repeated", &a.cover},
      {"pass-through", 0, CLI_LIST, "[CODE=]SHARE", "share of higher costs passed on, 0 to 1 (default: 1)",
       &a.pass_through},
      {"households", 0, CLI_FLAG, NULL, "households pay for their own emissions too", &a.households},
      {"border", 0, CLI_FLAG, NULL, "imports are charged for what they would emit if made at home", &a.border},
      {"products", 'p', CLI_FLAG, NULL, "the change of every price", &a.products},
      CLI_ANALYSIS_MEMBERS(a.frame),
      CLI_ANALYSIS_TABLES(a.frame, "20"),
      CLI_SOLVED_OPTIONS(a.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON && a.price_text == NULL) status = cli_wrong_usage("prices", "--price is missing");
  if (status == CLI_GO_ON && a.frame.level != NULL && !a.products) {
    status = cli_wrong_usage("prices", "--level goes with --products");
  }
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &a.frame, operand[0], work, &a);
  clear(&a);
  return status;
}
