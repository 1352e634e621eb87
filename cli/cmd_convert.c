/* tanlu convert: the accounts of a dataset in other money, at other prices, with or without a domestic and imported part of uses. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/tables.h"
#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/price_file.h"
#include "model/identities.h"
#include "outputs/accounts_write.h"
#include "outputs/conversion_view.h"
#include "outputs/dataset_write.h"
#include "solvers/memory.h"

enum { SHOWN = 10 };
static const char proportional[] = "proportional";

typedef struct {
  const char *dataset, *output, *name, *money, *deflate, *split;
  double rate;
  int top;
  bool merge, force;
} options;

typedef struct {
  const options *options;
  tanlu_dataset *dataset;
  char *path, *money; /* where it was read from; its unit of money */
  tanlu_table_totals before;
  tanlu_deflation deflation;
  cli_tables tables;
  char *sources;
  size_t sources_length;
  tanlu_context *context;
} job;

/* ---- the steps, in their order --------------------------------------------------------------------------------------------- */

static tanlu_status change_split(job *b, FILE *sources) {
  const options *o = b->options;
  if (o->merge) {
    (void)fputs("- domestic and imported uses no longer told apart\n", sources);
    return tanlu_table_merge(b->dataset, b->context);
  }
  if (o->split == NULL) return TANLU_OK;
  if (strcmp(o->split, proportional) == 0) {
    (void)fputs(
        "- domestic and imported uses told apart: every domestic use of a product is imported for the same share, "
        "exports are made at home\n",
        sources);
    return tanlu_table_split_by_share(b->dataset, b->context);
  }
  double *imported = NULL;
  (void)fprintf(sources, "- imported uses from %s\n", o->split);
  tanlu_status status = tanlu_imported_uses_read(&imported, o->split, &b->dataset->accounts, b->context);
  if (status == TANLU_OK) status = tanlu_table_split_by_cell(b->dataset, imported, b->context);
  free(imported);
  return status;
}

static void warn_negative(const job *b) {
  const tanlu_deflation *d = &b->deflation;
  for (size_t j = 0; d->negative > 0 && j < b->dataset->accounts.n; j++) {
    if (!(d->value_added[1][j] < 0.0) || d->value_added[0][j] < 0.0) continue;
    tanlu_warn(b->context,
               "value added of sector '%s' is %.6g at constant prices (%.6g at current ones): its inputs are "
               "dearer than its output there",
               b->dataset->accounts.sector.code[j], d->value_added[1][j], d->value_added[0][j]);
  }
}

static tanlu_status deflate(job *b, FILE *sources) {
  if (b->options->deflate == NULL) return TANLU_OK;
  tanlu_table_prices prices = {0};
  (void)fprintf(sources,
                "- at constant prices of %s: uses, imports and output by price of the product, value added is output "
                "less inputs (double deflation)\n",
                b->options->deflate);
  tanlu_status status = tanlu_table_prices_read(&prices, b->options->deflate, &b->dataset->accounts, b->context);
  if (status == TANLU_OK) status = tanlu_table_deflate(b->dataset, &prices, &b->deflation, b->context);
  if (status == TANLU_OK) warn_negative(b);
  tanlu_table_prices_clear(&prices);
  return status;
}

static tanlu_status change_money(const job *b, FILE *sources) {
  const options *o = b->options;
  if (o->money == NULL) return TANLU_OK;
  (void)fprintf(sources, "- from %s to %s", b->money, o->money);
  if (o->rate > 0.0)
    (void)fprintf(sources, ", %.10g %s a %s", o->rate, strchr(b->money, ' ') + 1, strchr(o->money, ' ') + 1);
  (void)fputc('\n', sources);
  return tanlu_table_change_money(b->dataset, o->money, o->rate, b->context);
}

static tanlu_status change(job *b) {
  FILE *sources = open_memstream(&b->sources, &b->sources_length);
  if (sources == NULL) return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the sources");
  (void)fprintf(sources, "# Sources\n\nMade by `tanlu convert` from the accounts of dataset %s:\n\n", b->dataset->name);
  tanlu_status status = change_split(b, sources);
  if (status == TANLU_OK) status = deflate(b, sources);
  if (status == TANLU_OK) status = change_money(b, sources);
  (void)fputs("\nFiles of that dataset, with their SHA-256:\n\n", sources);
  for (size_t k = 0; k < b->dataset->files; k++) {
    (void)fprintf(sources, "- %s %s\n", b->dataset->file[k], b->dataset->sha256[k]);
  }
  if (fclose(sources) != 0 && status == TANLU_OK) {
    status = tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the sources");
  }
  return status == TANLU_OK ? tanlu_identities_check(b->dataset, b->context) : status;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------- */

static tanlu_status read_dataset(job *b) {
  tanlu_status status = tanlu_input_find(&b->path, "data", b->options->dataset, NULL, b->context);
  if (status == TANLU_OK) status = tanlu_accounts_read(&b->dataset, b->path, b->context);
  if (status != TANLU_OK) return status;
  b->money = tanlu_string_copy(b->context, tanlu_dataset_money(b->dataset));
  b->before = tanlu_table_totals_of(&b->dataset->accounts);
  return b->money != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status show(job *b) {
  const tanlu_conversion_view view = {.dataset = b->dataset,
                                      .money = b->money,
                                      .before = b->before,
                                      .deflation = b->options->deflate != NULL ? &b->deflation : NULL,
                                      .top = (size_t)b->options->top};
  (void)fprintf(b->tables.out, "%s: %zu sectors; money before in %s, now in %s\n\n", b->options->output,
                b->dataset->accounts.n, b->money, tanlu_dataset_money(b->dataset));
  return tanlu_conversion_print(&view, b->tables.out, b->context);
}

static tanlu_status run_all(job *b) {
  const options *o = b->options;
  tanlu_status status = tanlu_dataset_writer_check(o->output, o->force, b->context);
  if (status == TANLU_OK) status = cli_tables_open(&b->tables, NULL, false, b->context);
  if (status == TANLU_OK) status = read_dataset(b);
  if (status == TANLU_OK) status = change(b);
  if (status == TANLU_OK) status = show(b);
  if (status == TANLU_OK)
    status = tanlu_accounts_write(b->dataset, o->name, o->output, o->force, b->sources, b->context);
  return cli_tables_close(&b->tables, status, b->context);
}

static void clear(job *b) {
  tanlu_dataset_free(&b->dataset);
  tanlu_deflation_clear(&b->deflation);
  free(b->path);
  free(b->money);
  free(b->sources);
  tanlu_context_free(&b->context);
}

/* ---- the command ------------------------------------------------------------------------------------------------------------ */

static const cli_usage usage = {
    .command = "convert",
    .synopsis = "DATASET -o OUT",
    .purpose =
        "Write the accounts of a dataset as a dataset of accounts alone: in other money, at constant prices, with\n"
        "domestic and imported uses told apart or together. Steps are taken in this order: --merge or --split,\n"
        "--deflate, --money; without any the accounts are as they were. Extensions stay; energy, power and products do "
        "not come along. Identities are checked.\n"
        "PRICES.csv has columns sector, price (of the dataset's year; 1: that of the year wanted), and may have\n"
        "imports (price of imports) and user (a sector or category: the price of this use alone, needs a split).",
    .examples = "  tanlu convert china-2020 --money \"1e6 USD\" --rate 6.8974 -o china-2020-usd\n"
                "  tanlu convert china-2020 --split proportional --deflate prices.csv -o china-2020-at-2018\n"
                "  tanlu convert china-2020-42 --merge -o china-2020-42-merged\n",
    .least = 1,
    .most = 1,
    .operands = "a dataset",
};

static int check_usage(const options *o) {
  if (o->output == NULL) return cli_wrong_usage("convert", "expected the dataset to make: -o OUT");
  if (o->merge && o->split != NULL) return cli_wrong_usage("convert", "--split and --merge together");
  if (o->money != NULL && !tanlu_money_well_formed(o->money)) {
    return cli_wrong_usage("convert", "--money: '%s' is no unit; expected a power of ten and a currency, as in 1e6 USD",
                           o->money);
  }
  if (o->rate > 0.0 && o->money == NULL) return cli_wrong_usage("convert", "--rate without --money");
  return 0;
}

int cli_convert(cli_environment *environment, int argc, char **argv) {
  options o = {.top = SHOWN};
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "OUT", "the dataset to make", &o.output},
      {"money", 'm', CLI_TEXT, "UNIT", "unit of money, a power of ten and a currency: \"1e6 USD\"", &o.money},
      {"rate", 'r', CLI_NUMBER, "R", "how much of the old currency one of the new is", &o.rate},
      {"deflate", 'd', CLI_TEXT, "PRICES.csv", "constant prices by double deflation", &o.deflate},
      {"split", 's', CLI_TEXT, "HOW",
       "tell domestic and imported uses apart: proportional, or a CSV file of imported uses", &o.split},
      {"merge", 0, CLI_FLAG, NULL, "no longer tell them apart", &o.merge},
      {"name", 'n', CLI_TEXT, "NAME", "name of the new dataset (default: that of its directory)", &o.name},
      {"top", 't', CLI_COUNT, "N", "lines of the largest changes of value added (default: 10)", &o.top},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing dataset of accounts", &o.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = check_usage(&o);
  if (status != 0 || operand == NULL || count != 1) return status;
  o.dataset = operand[0];
  job b = {.options = &o, .context = tanlu_context_create()};
  if (b.context != NULL) cli_signals_stop(b.context);
  const tanlu_status done = b.context != NULL ? run_all(&b) : TANLU_ERR_MEMORY;
  if (b.context != NULL) cli_print_messages(environment, b.context, true);
  clear(&b);
  return cli_status_exit(done);
}
