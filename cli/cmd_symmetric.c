/* tanlu symmetric: supply and use tables to a symmetric input-output table. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/tables.h"
#include "inputs/file_hash.h"
#include "inputs/supply_use_file.h"
#include "model/identities.h"
#include "outputs/accounts_write.h"
#include "outputs/conversion_view.h"
#include "outputs/dataset_write.h"
#include "solvers/memory.h"

enum { SHOWN = 10 };
static const double usual_tolerance = 1e-9; /* as of the identities of a dataset */
static const char proportional[] = "proportional", total[] = "total", economy[] = "economy";

typedef struct {
  const char *supply, *use, *technology, *by, *model, *valuation, *money, *name, *region, *output;
  double tolerance;
  int year, top;
  bool rebalance, force;
} options;

typedef struct {
  const options *options;
  tanlu_symmetric_model model;
  tanlu_supply_use tables;
  tanlu_dataset *dataset;
  double outside; /* taxes on products in final use */
  tanlu_negative_flows negative;
  double change;
  cli_tables text;
  char *sources;
  size_t sources_length;
  tanlu_context *context;
} job;

static const char *const assumption[] = {"A: products by products, product technology",
                                         "B: products by products, industry technology",
                                         "C: industries by industries, fixed industry sales structure",
                                         "D: industries by industries, fixed product sales structure"};

/* ---- the dataset --------------------------------------------------------------------------------------------------------- */

/* One group of all sectors: a dataset has at least one level. */
static tanlu_status make_level(const job *b) {
  tanlu_dataset *d = b->dataset;
  d->level = tanlu_allocate(b->context, 1, sizeof *d->level);
  if (d->level == NULL) return TANLU_ERR_MEMORY;
  d->levels = 1;
  d->level->name = tanlu_string_copy(b->context, total);
  d->level->of_sector = tanlu_allocate(b->context, d->accounts.n, sizeof *d->level->of_sector);
  if (d->level->name == NULL || d->level->of_sector == NULL) return TANLU_ERR_MEMORY;
  return tanlu_labels_add(&d->level->group, economy, "All sectors", "全部", b->context);
}

static tanlu_status make_dataset(job *b) {
  const options *o = b->options;
  b->dataset = tanlu_allocate(b->context, 1, sizeof *b->dataset);
  if (b->dataset == NULL) return TANLU_ERR_MEMORY;
  tanlu_dataset *d = b->dataset;
  d->accounts_only = true;
  d->base_year = o->year;
  d->name = tanlu_string_copy(b->context, o->name != NULL ? o->name : "symmetric table");
  d->title = tanlu_string_copy(b->context, "Symmetric table from supply and use");
  d->money = tanlu_string_copy(b->context, o->money);
  d->region = tanlu_string_copy(b->context, o->region);
  return d->name != NULL && d->title != NULL && d->money != NULL && d->region != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status to_basic(job *b) {
  const options *o = b->options;
  if (o->valuation != NULL) {
    const tanlu_status status = tanlu_supply_use_to_basic(&b->tables, o->tolerance, &b->outside, b->context);
    if (status != TANLU_OK) return status;
  }
  return tanlu_supply_use_check(&b->tables, o->tolerance, b->context);
}

/* Flows below zero: told of, and refused unless they are to be balanced away. */
static tanlu_status treat_negative(job *b) {
  tanlu_accounts *a = &b->dataset->accounts;
  b->negative = tanlu_supply_use_negative(a);
  if (b->negative.cells == 0) return TANLU_OK;
  char *text = NULL;
  size_t length = 0;
  FILE *list = open_memstream(&text, &length);
  tanlu_status status = list != NULL ? tanlu_negative_print(a, (size_t)b->options->top, list, b->context)
                                     : tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the tables");
  if (list != NULL && fclose(list) != 0)
    status = tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the tables");
  if (status == TANLU_OK && b->options->rebalance) {
    (void)fprintf(b->text.out, "Flows below zero, put to zero:\n%s\n", text);
    status = tanlu_supply_use_rebalance(a, &b->change, b->context);
  } else if (status == TANLU_OK) {
    status = tanlu_fail(
        b->context, TANLU_ERR_MODEL,
        "%zu flow%s below zero under model %c, %.6g in all; no dataset holds such. --rebalance puts them "
        "to zero and keeps all sums; models B and D have none:\n%s",
        b->negative.cells, b->negative.cells == 1 ? " is" : "s are", assumption[b->model][0], b->negative.sum, text);
  }
  free(text);
  return status;
}

static tanlu_status make_sources(job *b) {
  const options *o = b->options;
  const char *const file[] = {o->supply, o->use};
  char digest[TANLU_SHA256_TEXT];
  tanlu_status status = TANLU_OK;
  FILE *sources = open_memstream(&b->sources, &b->sources_length);
  if (sources == NULL) return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the sources");
  (void)fprintf(sources, "# Sources\n\nMade by `tanlu symmetric`, model %s, from\n\n", assumption[b->model]);
  for (size_t k = 0; status == TANLU_OK && k < 2; k++) {
    status = tanlu_file_sha256(file[k], digest, b->context);
    if (status == TANLU_OK) (void)fprintf(sources, "- %s, SHA-256 %s\n", file[k], digest);
  }
  if (o->valuation != NULL) {
    (void)fprintf(
        sources,
        "\nUse from purchasers' to basic prices: every use of a product bears the same share of its margins and "
        "taxes. Taxes on products in final use, %.10g %s, are outside the table.\n",
        b->outside, o->money);
  }
  if (b->negative.cells > 0) {
    (void)fprintf(sources,
                  "\n%zu flows below zero (%.10g %s in all) put to zero, all others scaled to the same sums.\n",
                  b->negative.cells, b->negative.sum, o->money);
  }
  if (fclose(sources) == 0) return status;
  return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the sources");
}

static tanlu_status show(job *b) {
  const options *o = b->options;
  const tanlu_supply_use *t = &b->tables;
  (void)fprintf(b->text.out, "%s: %zu products, %zu industries to %zu sectors, model %s\n", o->output, t->product.count,
                t->industry.count, b->dataset->accounts.n, assumption[b->model]);
  if (o->valuation != NULL) {
    (void)fprintf(b->text.out,
                  "Margins and taxes taken off all uses of a product alike; taxes on products in final use, "
                  "%.6g, are outside the table\n",
                  b->outside);
  }
  if (b->negative.cells > 0) {
    (void)fprintf(b->text.out,
                  "%zu flows below zero, %.6g in all, put to zero; flows changed by %.6g to keep all sums\n",
                  b->negative.cells, b->negative.sum, b->change);
  }
  (void)fputc('\n', b->text.out);
  return tanlu_symmetric_print(b->dataset, b->text.out, b->context);
}

static tanlu_status run_all(job *b) {
  const options *o = b->options;
  tanlu_status status = tanlu_dataset_writer_check(o->output, o->force, b->context);
  if (status == TANLU_OK) status = cli_tables_open(&b->text, NULL, false, b->context);
  if (status == TANLU_OK) status = tanlu_supply_use_read(&b->tables, o->supply, o->use, b->context);
  if (status == TANLU_OK) status = to_basic(b);
  if (status == TANLU_OK) status = make_dataset(b);
  if (status == TANLU_OK) {
    status = tanlu_supply_use_symmetric(&b->tables, b->model, o->tolerance, &b->dataset->accounts, b->context);
  }
  if (status == TANLU_OK) status = make_level(b);
  if (status == TANLU_OK) status = treat_negative(b);
  if (status == TANLU_OK) status = tanlu_identities_check(b->dataset, b->context);
  if (status == TANLU_OK) status = make_sources(b);
  if (status == TANLU_OK) status = show(b);
  if (status == TANLU_OK) {
    status = tanlu_accounts_write(b->dataset, o->name, o->output, o->force, b->sources, b->context);
  }
  return cli_tables_close(&b->text, status, b->context);
}

static void clear(job *b) {
  tanlu_supply_use_clear(&b->tables);
  tanlu_dataset_free(&b->dataset);
  free(b->sources);
  tanlu_context_free(&b->context);
}

/* ---- the command ----------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "symmetric",
    .synopsis = "--supply SUPPLY.csv --use USE.csv --money UNIT --year YEAR -o DATASET",
    .purpose =
        "Make a symmetric input-output table from supply and use tables and write it as a dataset of accounts alone.\n"
        "Both files have products as rows and industries as columns. SUPPLY.csv may have columns imports, margins and\n"
        "taxes; further rows of USE.csv are value added, further columns final use. Use is at basic prices, or at\n"
        "purchasers' prices with --valuation proportional. Models of the Eurostat manual: A and B are products by\n"
        "products, C and D industries by industries; A and C (commodity technology) may give flows below zero, which\n"
        "are an error unless --rebalance; B and D (industry technology) give none.",
    .examples =
        "  tanlu symmetric --supply supply.csv --use use.csv --model D --money \"1e6 EUR\" --year 2020 -o table\n"
        "  tanlu symmetric --supply s.csv --use u.csv --technology commodity --rebalance --money \"1e4 CNY\" \\\n"
        "                  --year 2018 -o products\n",
    .least = 0,
    .most = 0,
};

/* The model of --model, or of --technology and --by. */
static int choose_model(const options *o, tanlu_symmetric_model *model) {
  static const char letters[] = "ABCD";
  if (o->model != NULL) {
    const char *found = strlen(o->model) == 1 ? strchr(letters, o->model[0]) : NULL;
    if (found == NULL)
      return cli_wrong_usage("symmetric", "--model: unknown model '%s'; expected A, B, C or D", o->model);
    if (o->technology != NULL || o->by != NULL) {
      return cli_wrong_usage("symmetric", "--model beside --technology or --by; expected one way of telling");
    }
    *model = (tanlu_symmetric_model)(found - letters);
    return 0;
  }
  const bool industry = o->technology != NULL && strcmp(o->technology, "industry") == 0;
  if (o->technology == NULL || (!industry && strcmp(o->technology, "commodity") != 0)) {
    return cli_wrong_usage("symmetric", "expected --technology industry or commodity, or --model A, B, C or D");
  }
  const bool industries = o->by != NULL && strcmp(o->by, "industry") == 0;
  if (o->by != NULL && !industries && strcmp(o->by, "product") != 0) {
    return cli_wrong_usage("symmetric", "--by: unknown kind '%s'; expected product or industry", o->by);
  }
  *model = industry ? (industries ? TANLU_MODEL_D : TANLU_MODEL_B) : industries ? TANLU_MODEL_C : TANLU_MODEL_A;
  return 0;
}

static int check_usage(const options *o) {
  const struct {
    const char *value, *name;
  } wanted[] = {{o->supply, "--supply"}, {o->use, "--use"}, {o->money, "--money"}, {o->output, "--output"}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    if (wanted[k].value == NULL) return cli_wrong_usage("symmetric", "%s is missing", wanted[k].name);
  }
  if (!tanlu_money_well_formed(o->money)) {
    return cli_wrong_usage("symmetric",
                           "--money: '%s' is no unit; expected a power of ten and a currency, as in 1e6 EUR", o->money);
  }
  if (o->year < 1900)
    return cli_wrong_usage("symmetric", "--year is missing; expected the year of the tables, from 1900");
  if (o->valuation != NULL && strcmp(o->valuation, proportional) != 0) {
    return cli_wrong_usage("symmetric", "--valuation: unknown rule '%s'; expected proportional", o->valuation);
  }
  if (!(o->tolerance > 0.0 && o->tolerance <= 0.01)) {
    return cli_wrong_usage("symmetric", "--tolerance: %g is not above 0 and up to 0.01", o->tolerance);
  }
  return 0;
}

int cli_symmetric(cli_environment *environment, int argc, char **argv) {
  options o = {.tolerance = usual_tolerance, .top = SHOWN};
  const cli_option option[] = {
      {"supply", 's', CLI_TEXT, "FILE", "the supply table", &o.supply},
      {"use", 'u', CLI_TEXT, "FILE", "the use table", &o.use},
      {"technology", 't', CLI_TEXT, "WHAT", "industry or commodity", &o.technology},
      {"by", 'b', CLI_TEXT, "WHAT", "sectors of the result: product (default) or industry", &o.by},
      {"model", 'm', CLI_TEXT, "LETTER", "A, B, C or D, instead of --technology and --by", &o.model},
      {"valuation", 0, CLI_TEXT, "RULE",
       "use is at purchasers' prices: proportional takes margins and taxes off all uses of a product alike",
       &o.valuation},
      {"rebalance", 0, CLI_FLAG, NULL, "put flows below zero to zero and scale the others to the same sums (RAS)",
       &o.rebalance},
      {"money", 0, CLI_TEXT, "UNIT", "unit of money of the tables: \"1e6 EUR\"", &o.money},
      {"year", 'y', CLI_COUNT, "YEAR", "year of the tables", &o.year},
      {"region", 0, CLI_TEXT, "PLACE", "the place that they are of", &o.region},
      {"name", 'n', CLI_TEXT, "NAME", "name of the dataset (default: that of its directory)", &o.name},
      {"tolerance", 0, CLI_NUMBER, "T", "largest gap of a product or industry as part of it (default: 1e-9)",
       &o.tolerance},
      {"top", 0, CLI_COUNT, "N", "lines of flows below zero (default: 10)", &o.top},
      {"output", 'o', CLI_TEXT, "DATASET", "the dataset to make", &o.output},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing dataset of accounts", &o.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status != CLI_GO_ON) return status;
  job b = {.options = &o};
  status = check_usage(&o);
  if (status == 0) status = choose_model(&o, &b.model);
  if (status != 0) return status;
  b.context = tanlu_context_create();
  if (b.context != NULL) cli_signals_stop(b.context);
  const tanlu_status done = b.context != NULL ? run_all(&b) : TANLU_ERR_MEMORY;
  if (b.context != NULL) cli_print_messages(environment, b.context, true);
  clear(&b);
  return cli_status_exit(done);
}
