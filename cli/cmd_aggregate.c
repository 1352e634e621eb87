/* tanlu aggregate: a dataset on other, mostly fewer sectors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/reshape.h"
#include "cli/signals.h"
#include "outputs/table.h"
#include "solvers/memory.h"

/* Multipliers shown, and sectors up to which they are computed (24 n^2 bytes). */
enum { SHOWN = 5, MULTIPLIERS_MOST = 5000 };

/* Two controlled products cannot rule one sector. */
static tanlu_status check_products(const cli_reshape *j) {
  const tanlu_product_statistics *s = &j->old->products;
  const size_t n = j->old->accounts.n;
  size_t *of = tanlu_allocate(j->context, j->accounts.n, sizeof *of);
  tanlu_status status = of != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; of != NULL && i < j->accounts.n; i++) of[i] = TANLU_NONE;
  for (size_t p = 0; of != NULL && p < s->product.count; p++) {
    for (size_t i = 0; s->kind[p] == TANLU_PRODUCT_CONTROLLED && i < n; i++) {
      if (!s->in_set[p * n + i]) continue;
      size_t *have = &of[tanlu_concordance_of(j->file.g, i)];
      if (*have != TANLU_NONE && *have != p) {
        status = tanlu_fail(j->context, TANLU_ERR_INPUT,
                            "new sector '%s' makes two controlled products, '%s' and '%s'; expected them in different "
                            "sectors, or --accounts",
                            j->accounts.sector.code[tanlu_concordance_of(j->file.g, i)], s->product.code[*have],
                            s->product.code[p]);
        break;
      }
      *have = p;
    }
  }
  free(of);
  return status;
}

/* A controlled product whose sectors have taken in others: its tonnes rule these too. */
static void note_products(const cli_reshape *j) {
  const tanlu_product_statistics *s = &j->old->products;
  const size_t n = j->old->accounts.n;
  for (size_t p = 0; p < s->product.count; p++) {
    double own = 0.0, all = 0.0;
    for (size_t i = 0; s->kind[p] == TANLU_PRODUCT_CONTROLLED && i < n; i++) {
      bool member = false;
      for (size_t k = 0; k < n; k++) {
        member = member ||
                 (s->in_set[p * n + k] && tanlu_concordance_of(j->file.g, k) == tanlu_concordance_of(j->file.g, i));
      }
      if (member) all += j->old->accounts.output[i];
      if (s->in_set[p * n + i]) own += j->old->accounts.output[i];
    }
    if (all > own) {
      tanlu_note(j->context, "the path of product '%s' now rules sectors of which its own were %.0f %% by output",
                 s->product.code[p], 100.0 * own / all);
    }
  }
}

static tanlu_status aggregate_whole(cli_reshape *j) {
  tanlu_status status = TANLU_OK;
  if (!tanlu_concordance_is_whole(j->file.g)) {
    for (size_t i = 0; i < j->file.g->from; i++) {
      if (j->file.g->start[i + 1] - j->file.g->start[i] == 1) continue;
      status = tanlu_fail(j->context, TANLU_ERR_INPUT,
                          "sector '%s' goes into several new ones; energy, power and products cannot follow it: "
                          "--accounts leaves them out",
                          j->old->accounts.sector.code[i]);
    }
    return status;
  }
  status = check_products(j);
  const tanlu_status energy =
      tanlu_aggregate_energy(&j->energy, j->old, &j->accounts, j->file.g, j->mixed == TANLU_MIXED_LARGEST, j->context);
  if (status == TANLU_OK) status = energy;
  if (status == TANLU_OK) note_products(j);
  return status;
}

/* A new sector without a name has that of its only member, else its code. */
static tanlu_status name_sectors(cli_reshape *j) {
  tanlu_labels *sector = &j->file.sector;
  const tanlu_labels *old = &j->old->accounts.sector;
  const tanlu_concordance *g = j->file.g;
  for (size_t k = 0; k < sector->count; k++) {
    size_t members = 0, only = 0;
    if (j->file.named[k]) continue;
    for (size_t i = 0; i < g->from; i++) {
      for (size_t e = g->start[i]; e < g->start[i + 1]; e++) {
        members += g->member[e] == k;
        if (g->member[e] == k) only = i;
      }
    }
    const bool alone = members == 1 && g->start[only + 1] - g->start[only] == 1;
    char *name = tanlu_string_copy(j->context, alone ? old->name[only] : sector->code[k]);
    char *name_zh = tanlu_string_copy(j->context, alone ? old->name_zh[only] : sector->name_zh[k]);
    if (name == NULL || name_zh == NULL) {
      free(name);
      free(name_zh);
      return TANLU_ERR_MEMORY;
    }
    free(sector->name[k]);
    free(sector->name_zh[k]);
    sector->name[k] = name;
    sector->name_zh[k] = name_zh;
  }
  return TANLU_OK;
}

/* ---- what the user sees ------------------------------------------------------------------------------------------------------ */

static tanlu_status print_multipliers(const cli_reshape *j, const tanlu_aggregation_bias *b) {
  tanlu_table *table = tanlu_table_create(j->context);
  bool *shown = tanlu_allocate(j->context, b->n, sizeof *shown);
  if (table == NULL || shown == NULL) {
    tanlu_table_free(&table);
    free(shown);
    return TANLU_ERR_MEMORY;
  }
  tanlu_table_column(table, "output multiplier of", TANLU_LEFT);
  tanlu_table_column(table, "before", TANLU_RIGHT);
  tanlu_table_column(table, "after", TANLU_RIGHT);
  tanlu_table_column(table, "change, %", TANLU_RIGHT);
  for (size_t k = 0; k < SHOWN; k++) {
    size_t at = TANLU_NONE;
    double most = 5e-5; /* less shows as zero */
    for (size_t i = 0; i < b->n; i++) {
      const double change = fabs(b->multiplier[i] / b->mean[i] - 1.0);
      if (shown[i] || !(change > most)) continue;
      most = change;
      at = i;
    }
    if (at == TANLU_NONE) break;
    shown[at] = true;
    tanlu_table_text(table, j->accounts.sector.code[at]);
    tanlu_table_number(table, b->mean[at], 4);
    tanlu_table_number(table, b->multiplier[at], 4);
    tanlu_table_number(table, 100.0 * (b->multiplier[at] / b->mean[at] - 1.0), 2);
    if (k == 0) (void)printf("\nMultipliers that change most (before: mean of the members by final use)\n\n");
  }
  bool any = false;
  for (size_t i = 0; i < b->n; i++) any = any || shown[i];
  const tanlu_status status = any ? tanlu_table_print(table, stdout, j->context) : TANLU_OK;
  tanlu_table_free(&table);
  free(shown);
  return status;
}

static tanlu_status print_report(const cli_reshape *j, const tanlu_aggregation_bias *bias) {
  tanlu_status status = cli_reshape_print_totals(j);
  if (bias->n == 0) {
    (void)printf("\nMore than %d sectors: the bias of multipliers is not computed.\n", MULTIPLIERS_MOST);
    return status;
  }
  (void)printf(
      "\nAggregation bias (Miller and Blair 2009, section 4.9): none for the final demand of the base year.\n");
  (void)printf("Of other demand, multipliers change by %.2f %% on average. First order: %.2f %% of intermediate use.\n",
               100.0 * bias->average, 100.0 * bias->first_order);
  return status == TANLU_OK ? print_multipliers(j, bias) : status;
}

static tanlu_status run_all(cli_reshape *j, const char *to) {
  tanlu_status status = cli_reshape_open(j);
  if (status == TANLU_OK) {
    status = to != NULL ? tanlu_concordance_to_level(&j->file, to, j->old, j->context)
                        : tanlu_concordance_read(&j->file, j->by, j->old, j->context);
  }
  if (status == TANLU_OK) status = name_sectors(j);
  if (status == TANLU_OK) {
    status = tanlu_aggregate_accounts(&j->accounts, &j->old->accounts, j->file.g, &j->file.sector, j->context);
  }
  const bool whole = status == TANLU_OK && !j->accounts_only && !j->old->accounts_only;
  if (status == TANLU_OK) {
    status = tanlu_aggregate_levels(&j->level, &j->levels, j->old, j->file.g, &j->file.sector, j->file.group, j->mixed,
                                    whole ? j->old->policy_level : TANLU_NONE, j->context);
  }
  if (whole && (status == TANLU_OK || status == TANLU_ERR_INPUT)) {
    const tanlu_status rest = aggregate_whole(j);
    if (status == TANLU_OK) status = rest;
  }
  tanlu_aggregation_bias bias = {0};
  if (status == TANLU_OK && j->old->accounts.n <= MULTIPLIERS_MOST) {
    status = tanlu_aggregation_bias_find(&bias, &j->old->accounts, &j->accounts, j->file.g, j->context);
  }
  if (status == TANLU_OK) status = cli_reshape_write(j);
  if (status == TANLU_OK) status = print_report(j, &bias);
  tanlu_aggregation_bias_clear(&bias);
  return status;
}

/* ---- the command --------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "aggregate",
    .synopsis = "--by CONCORDANCE.csv|--to LEVEL -o DIR DATASET",
    .purpose =
        "Write a dataset on other sectors: those of a concordance (columns from, to, and weight where a sector goes\n"
        "into several), or the groups of a level. Accounts keep their totals; of a whole dataset, energy, power,\n"
        "products and history follow, every new sector keeps the energy of its members, and the nation its energy and\n"
        "CO2. DATASET is a name or a directory.",
    .examples = "  tanlu aggregate china-2020 --by to-60.csv -o china-2020-60\n"
                "  tanlu aggregate china-2020 --to policy_group --accounts --mixed drop -o groups-2020\n"
                "  tanlu run --set dataset=./china-2020-60 reference\n",
    .least = 1,
    .most = 1,
    .operands = "a dataset",
};

static bool find_mixed(const char *word, tanlu_mixed *mixed) {
  static const char *const words[] = {"refuse", "drop", "largest"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
    if (word != NULL && strcmp(word, words[k]) != 0) continue;
    *mixed = (tanlu_mixed)k;
    return true;
  }
  return false;
}

int cli_aggregate(cli_environment *environment, int argc, char **argv) {
  const char *by = NULL, *to = NULL, *mixed = NULL;
  cli_reshape j = {.command_line = environment->command_line};
  const cli_option option[] = {
      {"by", 'b', CLI_TEXT, "FILE", "concordance: columns from, to, weight, to_name, to_name_zh, levels", &by},
      {"to", 't', CLI_TEXT, "LEVEL", "the groups of a level of the dataset instead", &to},
      {"output", 'o', CLI_TEXT, "DIR", "the directory to make", &j.output},
      {"accounts", 'a', CLI_FLAG, NULL, "accounts and employment alone: no energy, power and products",
       &j.accounts_only},
      {"mixed", 'm', CLI_TEXT, "HOW",
       "members of several groups of a level: refuse (default), drop (the level) or largest", &mixed},
      {"force", 'f', CLI_FLAG, NULL, "replace a dataset that was made before", &j.force},
  };
  char **operand = NULL;
  int count = 0;
  const int status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status != CLI_GO_ON) return status;
  if (j.output == NULL) return cli_wrong_usage("aggregate", "expected the directory to make: -o DIR");
  if ((by == NULL) == (to == NULL)) return cli_wrong_usage("aggregate", "expected either --by FILE or --to LEVEL");
  if (!find_mixed(mixed, &j.mixed)) {
    return cli_wrong_usage("aggregate", "--mixed: unknown way '%s'; expected refuse, drop or largest", mixed);
  }
  j.dataset = operand[0];
  j.by = by != NULL ? by : to;
  j.context = tanlu_context_create();
  if (j.context != NULL) cli_signals_stop(j.context);
  const tanlu_status done = j.context != NULL ? run_all(&j, to) : TANLU_ERR_MEMORY;
  if (j.context != NULL) cli_print_messages(environment, j.context, true);
  cli_reshape_clear(&j);
  return cli_status_exit(done);
}
