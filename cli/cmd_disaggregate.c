/* tanlu disaggregate: sectors of a table split into several. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "cli/reshape.h"
#include "cli/signals.h"
#include "solvers/memory.h"

/* Every new sector has one old one, and its share. */
static tanlu_status split_accounts(cli_reshape *j, const char *known) {
  const tanlu_concordance *g = j->file.g;
  size_t *parent = tanlu_allocate(j->context, g->to, sizeof *parent), cells = 0;
  tanlu_known_cell *cell = NULL;
  tanlu_status status = parent != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; parent != NULL && i < g->from; i++) {
    for (size_t e = g->start[i]; e < g->start[i + 1]; e++) parent[g->member[e]] = i;
  }
  if (status == TANLU_OK && known != NULL) {
    status = tanlu_known_cells_read(&cell, &cells, known, &j->file.sector, j->context);
  }
  if (status == TANLU_OK) {
    const tanlu_split split = {.from = g->from,
                               .to = g->to,
                               .parent = parent,
                               .output = g->weight,
                               .sales = j->file.sales,
                               .sector = &j->file.sector,
                               .cells = cells,
                               .cell = cell};
    status = tanlu_disaggregate_accounts(&j->accounts, &j->old->accounts, &split, j->context);
  }
  free(cell);
  free(parent);
  return status;
}

/* A new sector without a name has that of its old one and its code. */
static tanlu_status name_sectors(cli_reshape *j) {
  tanlu_labels *sector = &j->file.sector;
  const tanlu_concordance *g = j->file.g;
  for (size_t i = 0; i < g->from; i++) {
    for (size_t e = g->start[i]; e < g->start[i + 1]; e++) {
      const size_t k = g->member[e];
      char *name = NULL;
      if (j->file.named[k]) continue;
      if (asprintf(&name, "%s: %s", j->old->accounts.sector.name[i], sector->code[k]) < 0) {
        return tanlu_fail(j->context, TANLU_ERR_MEMORY, "out of memory for a name");
      }
      free(sector->name[k]);
      sector->name[k] = name;
    }
  }
  return TANLU_OK;
}

static tanlu_status run_all(cli_reshape *j, const char *known) {
  tanlu_status status = cli_reshape_open(j);
  if (status == TANLU_OK && !j->accounts_only && !j->old->accounts_only) {
    return tanlu_fail(j->context, TANLU_ERR_INPUT,
                      "dataset %s has energy, power and products, which cannot be split with its sectors; --accounts "
                      "writes the accounts alone",
                      j->old->name);
  }
  if (status == TANLU_OK) status = tanlu_split_read(&j->file, j->by, j->old, j->context);
  if (status == TANLU_OK) status = name_sectors(j);
  if (status == TANLU_OK) status = split_accounts(j, known);
  if (status == TANLU_OK) {
    status = tanlu_aggregate_levels(&j->level, &j->levels, j->old, j->file.g, &j->file.sector, j->file.group,
                                    TANLU_MIXED_REFUSE, TANLU_NONE, j->context);
  }
  if (status == TANLU_OK) status = cli_reshape_write(j);
  if (status == TANLU_OK) status = cli_reshape_print_totals(j);
  return status;
}

static const cli_usage usage = {
    .command = "disaggregate",
    .synopsis = "--by CONCORDANCE.csv -o DIR DATASET",
    .purpose =
        "Write the accounts of a dataset with sectors split into several: columns from, to and weight (shares of\n"
        "output, purchases and extensions), and sales where shares of all uses of the product are others; imports\n"
        "then are the rest. Sectors not named stay. Known flows are put in their place and the rest is balanced by\n"
        "RAS, so that adding up gives the table back. DATASET is a name or a directory.",
    .examples = "  tanlu disaggregate china-2020 --by split.csv --accounts -o china-2020-154\n"
                "  tanlu disaggregate ./table --by split.csv --known flows-known.csv -o table-split\n",
    .least = 1,
    .most = 1,
    .operands = "a dataset",
};

int cli_disaggregate(cli_environment *environment, int argc, char **argv) {
  const char *known = NULL;
  cli_reshape j = {.command_line = environment->command_line};
  const cli_option option[] = {
      {"by", 'b', CLI_TEXT, "FILE", "what is split: columns from, to, weight, sales, to_name, to_name_zh, levels",
       &j.by},
      {"known", 'k', CLI_TEXT, "FILE",
       "flows that are known: columns row, column, value, in the unit of the new dataset", &known},
      {"output", 'o', CLI_TEXT, "DIR", "the directory to make", &j.output},
      {"accounts", 'a', CLI_FLAG, NULL, "accounts and employment alone of a dataset that has energy too",
       &j.accounts_only},
      {"force", 'f', CLI_FLAG, NULL, "replace a dataset that was made before", &j.force},
  };
  char **operand = NULL;
  int count = 0;
  const int status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status != CLI_GO_ON) return status;
  if (j.output == NULL) return cli_wrong_usage("disaggregate", "expected the directory to make: -o DIR");
  if (j.by == NULL) return cli_wrong_usage("disaggregate", "--by is missing");
  j.dataset = operand[0];
  j.context = tanlu_context_create();
  if (j.context != NULL) cli_signals_stop(j.context);
  const tanlu_status done = j.context != NULL ? run_all(&j, known) : TANLU_ERR_MEMORY;
  if (j.context != NULL) cli_print_messages(environment, j.context, true);
  cli_reshape_clear(&j);
  return cli_status_exit(done);
}
