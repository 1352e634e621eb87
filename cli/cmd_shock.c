/* tanlu shock: what is lost with the supply of a sector (Ghosh), or with the whole sector (hypothetical extraction). */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "inputs/named_sectors.h"
#include "outputs/price_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_analysis frame;
  const char *part;
  cli_list supply, extract;
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
  const char *part = a->part;
  for (int k = 0; k < TANLU_EXTRACT_COUNT; k++) {
    if (part == NULL || strcmp(part, tanlu_extraction_word[k]) == 0) {
      a->how = (tanlu_extraction)k;
      return TANLU_OK;
    }
  }
  return tanlu_fail(a->frame.context, TANLU_ERR_INPUT, "--part: unknown part '%s'; expected both, purchases or sales",
                    part);
}

static tanlu_status choose_sectors(analysis *a) {
  const tanlu_dataset *d = a->frame.solved.dataset;
  const size_t n = d->accounts.n;
  static const double untouched = -2000.0, most = 100.0, least = -1000.0; /* percent */
  double *percent = tanlu_allocate_doubles(a->frame.context, n, 1);
  a->extracted = tanlu_allocate(a->frame.context, n, sizeof *a->extracted);
  a->sector = tanlu_allocate(a->frame.context, n, sizeof *a->sector);
  a->loss = tanlu_allocate_doubles(a->frame.context, n, 1);
  tanlu_status status =
      percent != NULL && a->extracted != NULL && a->sector != NULL && a->loss != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < a->extract.count; k++) {
    status = tanlu_sectors_named(d, a->extract.item[k], "--extract", a->extracted, a->frame.context);
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) percent[j] = untouched;
  for (size_t k = 0; status == TANLU_OK && k < a->supply.count; k++) {
    if (strchr(a->supply.item[k], '=') == NULL) {
      status = tanlu_fail(a->frame.context, TANLU_ERR_INPUT,
                          "--supply: '%s' is not CODE=PERCENT, the part of its output that a sector or group loses",
                          a->supply.item[k]);
    } else {
      status = tanlu_sector_numbers(d, a->supply.item[k], "--supply", least, most, percent, a->frame.context);
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
  const cli_list *list = a->supply.count > 0 ? &a->supply : &a->extract;
  size_t length = 0;
  FILE *stream = open_memstream(&a->what, &length);
  if (stream == NULL) return tanlu_fail(a->frame.context, TANLU_ERR_MEMORY, "out of memory for a title");
  for (size_t k = 0; k < list->count; k++) {
    (void)fprintf(stream, "%s%s%s", k > 0 ? ", " : "", list->item[k], list == &a->supply ? " %" : "");
  }
  return fclose(stream) == 0 ? TANLU_OK : tanlu_fail(a->frame.context, TANLU_ERR_MEMORY, "out of memory for a title");
}

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  analysis *a = user;
  const bool supply = a->supply.count > 0;
  const tanlu_status status = supply ? tanlu_shock_supply(a->shock, accounts, a->count, a->sector, a->loss, context)
                                     : tanlu_shock_extract(a->shock, accounts, a->extracted, a->how, context);
  if (status != TANLU_OK) return status;
  char title[240];
  static const char *const without[TANLU_EXTRACT_COUNT] = {"Without", "Without purchases of", "Without sales of"};
  (void)snprintf(title, sizeof title, "%s %s, %d: losses at home", supply ? "Supply lost," : without[a->how], a->what,
                 accounts->year);
  return tanlu_shock_print(cli_analysis_table(&a->frame, supply ? "supply" : "extraction", accounts->year), title,
                           a->shock, accounts, context);
}

/* ---- the analysis ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status work(void *user) {
  analysis *a = user;
  cli_analysis *f = &a->frame;
  tanlu_status status = choose_part(a);
  if (status == TANLU_OK) status = cli_analysis_open(f, "shock");
  if (status == TANLU_OK) status = choose_sectors(a);
  if (status == TANLU_OK) status = describe(a);
  if (status == TANLU_OK) status = tanlu_shock_create(&a->shock, f->solved.dataset->accounts.n, f->context);
  return status == TANLU_OK ? cli_analysis_visit(f, f->wanted, see_year, a) : status;
}

static void clear(analysis *a) {
  tanlu_shock_free(&a->shock);
  free(a->extracted);
  free(a->sector);
  free(a->loss);
  free(a->what);
  free(a->supply.item);
  free(a->extract.item);
  cli_analysis_clear(&a->frame);
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
  analysis a = {.frame = {.top = 20}};
  const cli_option option[] = {
      {"supply", 0, CLI_LIST, "CODE=PERCENT", "part of its output that a sector or group loses; may be repeated",
       &a.supply},
      {"extract", 'x', CLI_LIST, "CODE", "sector or group that is taken out; may be repeated", &a.extract},
      {"part", 0, CLI_TEXT, "both|purchases|sales", "what an extraction takes out (default: both)", &a.part},
      CLI_ANALYSIS_MEMBERS(a.frame),
      CLI_ANALYSIS_TABLES(a.frame, "20"),
      CLI_SOLVED_OPTIONS(a.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON && (a.supply.count > 0) == (a.extract.count > 0)) {
    status = cli_wrong_usage("shock", "expected either --supply or --extract");
  }
  if (status == CLI_GO_ON && a.part != NULL && a.extract.count == 0) {
    status = cli_wrong_usage("shock", "--part goes with --extract");
  }
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &a.frame, operand[0], work, &a);
  clear(&a);
  return status;
}
