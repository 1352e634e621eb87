/* tanlu shock: what is lost with the supply of a sector (Ghosh), or with the whole sector (hypothetical extraction). */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/solved.h"
#include "cli/tables.h"
#include "inputs/named_sectors.h"
#include "outputs/price_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_solved_request request;
  const char *years, *level, *csv, *part;
  cli_list supply, extract;
  bool force;
  int top;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  cli_solved solved;
  cli_tables tables;
  tanlu_analysis_view view;
  bool *wanted;    /* years */
  bool *extracted; /* n */
  size_t count;    /* sectors whose supply is lost */
  size_t *sector;  /* n */
  double *loss;    /* n: of output */
  tanlu_extraction how;
  char *what; /* what the user asked for, for titles */
  tanlu_shock *shock;
} analysis;

/* ---- the shock ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status choose_part(analysis *a) {
  const char *part = a->options->part;
  for (int k = 0; k < TANLU_EXTRACT_COUNT; k++) {
    if (part == NULL || strcmp(part, tanlu_extraction_word[k]) == 0) {
      a->how = (tanlu_extraction)k;
      return TANLU_OK;
    }
  }
  return tanlu_fail(a->context, TANLU_ERR_INPUT, "--part: unknown part '%s'; expected both, purchases or sales", part);
}

static tanlu_status choose_sectors(analysis *a) {
  const options *o = a->options;
  const tanlu_dataset *d = a->solved.dataset;
  const size_t n = d->accounts.n;
  static const double untouched = -2000.0, most = 100.0, least = -1000.0; /* percent */
  double *percent = tanlu_allocate_doubles(a->context, n, 1);
  a->extracted = tanlu_allocate(a->context, n, sizeof *a->extracted);
  a->sector = tanlu_allocate(a->context, n, sizeof *a->sector);
  a->loss = tanlu_allocate_doubles(a->context, n, 1);
  tanlu_status status =
      percent != NULL && a->extracted != NULL && a->sector != NULL && a->loss != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < o->extract.count; k++) {
    status = tanlu_sectors_named(d, o->extract.item[k], "--extract", a->extracted, a->context);
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) percent[j] = untouched;
  for (size_t k = 0; status == TANLU_OK && k < o->supply.count; k++) {
    if (strchr(o->supply.item[k], '=') == NULL) {
      status = tanlu_fail(a->context, TANLU_ERR_INPUT,
                          "--supply: '%s' is not CODE=PERCENT, the part of its output that a sector or group loses",
                          o->supply.item[k]);
    } else {
      status = tanlu_sector_numbers(d, o->supply.item[k], "--supply", least, most, percent, a->context);
    }
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    if (percent[j] <= untouched || !(d->accounts.output[j] > 0.0)) continue; /* what does not produce loses nothing */
    a->sector[a->count] = j;
    a->loss[a->count++] = percent[j] / 100.0;
  }
  free(percent);
  return status;
}

static tanlu_status describe(analysis *a) {
  const cli_list *list = a->options->supply.count > 0 ? &a->options->supply : &a->options->extract;
  size_t length = 0;
  FILE *stream = open_memstream(&a->what, &length);
  if (stream == NULL) return tanlu_fail(a->context, TANLU_ERR_MEMORY, "out of memory for a title");
  for (size_t k = 0; k < list->count; k++) {
    (void)fprintf(stream, "%s%s%s", k > 0 ? ", " : "", list->item[k], list == &a->options->supply ? " %" : "");
  }
  return fclose(stream) == 0 ? TANLU_OK : tanlu_fail(a->context, TANLU_ERR_MEMORY, "out of memory for a title");
}

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  analysis *a = user;
  const bool supply = a->options->supply.count > 0;
  const tanlu_status status = supply ? tanlu_shock_supply(a->shock, accounts, a->count, a->sector, a->loss, context)
                                     : tanlu_shock_extract(a->shock, accounts, a->extracted, a->how, context);
  if (status != TANLU_OK) return status;
  char title[240];
  static const char *const without[TANLU_EXTRACT_COUNT] = {"Without", "Without purchases of", "Without sales of"};
  (void)snprintf(title, sizeof title, "%s %s, %d: losses at home", supply ? "Supply lost," : without[a->how], a->what,
                 accounts->year);
  cli_tables_next(&a->tables);
  a->view.year = accounts->year;
  a->view.analysis = supply ? "supply" : "extraction";
  return tanlu_shock_print(&a->view, title, a->shock, accounts, context);
}

/* ---- the analysis ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status prepare(analysis *a) {
  const options *o = a->options;
  tanlu_status status = choose_part(a);
  if (status == TANLU_OK) status = cli_solved_open(&a->solved, &o->request, a->context);
  if (status == TANLU_OK) status = cli_solved_shown_years(&a->solved, o->years, &a->wanted, a->context);
  if (status == TANLU_OK) status = cli_solved_members(&a->solved, o->level, &a->view, a->context);
  if (status == TANLU_OK) status = choose_sectors(a);
  if (status == TANLU_OK) status = describe(a);
  a->view.top = (size_t)o->top;
  if (status == TANLU_OK) status = tanlu_shock_create(&a->shock, a->solved.dataset->accounts.n, a->context);
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
  return cli_tables_close(&a->tables, status, a->context);
}

static void clear(analysis *a) {
  tanlu_shock_free(&a->shock);
  cli_solved_close(&a->solved);
  free(a->wanted);
  free(a->extracted);
  free(a->sector);
  free(a->loss);
  free(a->what);
  tanlu_context_free(&a->context);
}

/* ---- the command ----------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "shock",
    .synopsis = "--supply CODE=PERCENT|--extract CODE RESULT.h5|SCENARIO",
    .purpose =
        "Print what is lost at home by a shock to sectors. --supply: they deliver less, and every buyer produces less "
        "in\n"
        "proportion (Ghosh's model: fixed shares of sales, no substitution). --extract: the economy without them, "
        "their\n"
        "purchases or their sales (hypothetical extraction: fixed inputs, demand served from abroad). Neither is a\n"
        "forecast; both tell what hangs on a sector.",
    .examples = "  tanlu shock --supply power_heat=5 dual-carbon\n"
                "  tanlu shock --extract iron_steel --year 2030 --level policy_group dual-carbon\n"
                "  tanlu shock --extract construction --part purchases --csv loss.csv results/dual-carbon.h5\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

int cli_shock(cli_environment *environment, int argc, char **argv) {
  options o = {.top = 20};
  const cli_option option[] = {
      {"supply", 0, CLI_LIST, "CODE=PERCENT", "part of its output that a sector or group loses", &o.supply},
      {"extract", 'x', CLI_LIST, "CODE", "sector or group that is taken out", &o.extract},
      {"part", 0, CLI_TEXT, "PART", "of an extraction: both (default), purchases or sales", &o.part},
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
    if ((o.supply.count > 0) == (o.extract.count > 0)) {
      status = cli_wrong_usage("shock", "expected either --supply or --extract");
    } else if (o.part != NULL && o.extract.count == 0) {
      status = cli_wrong_usage("shock", "--part goes with --extract");
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
  free(o.supply.item);
  free(o.extract.item);
  return status;
}
