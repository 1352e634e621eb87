/* tanlu stress: which sectors are at risk when one scenario happens instead of another. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "inputs/named_sectors.h"
#include "outputs/stress_view.h"
#include "solvers/memory.h"

static const char usual_baseline[] = "dual-carbon";
static const double per_yuan = 1e-4; /* 10^4 CNY */

enum { BASELINE, STRESSED, SIDES };

typedef struct {
  cli_analysis frame; /* of the stressed scenario; wanted: years with a table of their own */
  const char *against, *price_text, *horizon;
  cli_solved baseline;
  tanlu_stress_path *path[SIDES];
  size_t side;            /* that is being visited */
  tanlu_timeline price;   /* CNY/t; empty: that of the scenario */
  size_t from, to, years; /* the horizon, counted from the first year; years of the stressed scenario */
  tanlu_stress *stress;
  tanlu_year_table *table;
} analysis;

static const cli_solved *solved_of(const analysis *a, size_t side) {
  return side == STRESSED ? &a->frame.solved : &a->baseline;
}

static int first_year(const analysis *a) {
  return a->frame.solved.scenario->drivers->from;
}

/* ---- two scenarios ----------------------------------------------------------------------------------------------------------- */

/* Both must be of the same statistics, or sectors cannot be compared. */
static tanlu_status check_pair(const analysis *a) {
  const tanlu_dataset *one = a->baseline.dataset, *other = a->frame.solved.dataset;
  const char *baseline = a->baseline.scenario->name, *stressed = a->frame.solved.scenario->name;
  bool same = strcmp(one->name, other->name) == 0 && one->files == other->files;
  for (size_t i = 0; same && i < one->files; i++) same = strcmp(one->sha256[i], other->sha256[i]) == 0;
  if (!same) {
    return tanlu_fail(a->frame.context, TANLU_ERR_INPUT,
                      "scenario '%s' is of dataset %s, its baseline '%s' of %s; choose another with --against",
                      stressed, other->name, baseline, one->name);
  }
  if (a->baseline.scenario->drivers->years >= a->years) return TANLU_OK;
  return tanlu_fail(a->frame.context, TANLU_ERR_INPUT, "the baseline '%s' ends in %d, before scenario '%s' does (%d)",
                    baseline, a->baseline.scenario->to, stressed, a->frame.solved.scenario->to);
}

static tanlu_status open_pair(analysis *a) {
  tanlu_status status = cli_solved_open(&a->frame.solved, &a->frame.request, a->frame.context);
  if (status != TANLU_OK) return status;
  const char *stated = a->frame.solved.scenario->against;
  const cli_solved_request baseline = {.operand = a->against != NULL                  ? a->against
                                                  : stated != NULL && *stated != '\0' ? stated
                                                                                      : usual_baseline};
  a->years = a->frame.solved.scenario->drivers->years;
  status = cli_solved_open(&a->baseline, &baseline, a->frame.context);
  return status == TANLU_OK ? check_pair(a) : status;
}

/* 10^4 CNY/t; --price is that of the stressed scenario. */
static double price_of(const analysis *a, size_t side, size_t t) {
  if (side == STRESSED && a->price_text != NULL) {
    return per_yuan * tanlu_timeline_value(&a->price, first_year(a) + (int)t);
  }
  const double price = tanlu_driver(solved_of(a, side)->scenario->drivers, TANLU_DRIVER_STRESS_PRICE, t, 0, 0);
  return isnan(price) ? 0.0 : per_yuan * price;
}

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  analysis *a = user;
  if (accounts->t >= a->years) return TANLU_OK; /* the baseline may be longer */
  return tanlu_stress_path_add(a->path[a->side], accounts->t, accounts, price_of(a, a->side, accounts->t), context);
}

static tanlu_status visit(analysis *a) {
  const tanlu_accounts *books = &a->frame.solved.dataset->accounts;
  tanlu_status status = TANLU_OK;
  for (a->side = 0; status == TANLU_OK && a->side < SIDES; a->side++) {
    status = tanlu_stress_path_create(&a->path[a->side], books->n, books->category.count, a->years, a->frame.context);
    if (status == TANLU_OK) status = cli_solved_visit(solved_of(a, a->side), NULL, see_year, a, a->frame.context);
  }
  return status;
}

/* ---- years ------------------------------------------------------------------------------------------------------------------- */

/* Without --horizon all years after the history; without --year every fifth of them and the last. */
static tanlu_status choose_years(analysis *a) {
  const tanlu_scenario *s = a->frame.solved.scenario;
  int from = a->frame.solved.dataset->history_to + 1, to = s->to;
  if (from > to) from = to;
  if (a->horizon != NULL &&
      (!cli_parse_years(a->horizon, strlen(a->horizon), &from, &to) || from < s->from || to > s->to)) {
    return tanlu_fail(a->frame.context, TANLU_ERR_INPUT, "--horizon: '%s' is no span of years within %d to %d",
                      a->horizon, s->from, s->to);
  }
  a->from = (size_t)(from - s->from);
  a->to = (size_t)(to - s->from);
  a->frame.wanted = tanlu_allocate(a->frame.context, a->years, sizeof *a->frame.wanted);
  if (a->frame.wanted == NULL) return TANLU_ERR_MEMORY;
  if (a->frame.years != NULL)
    return cli_solved_years(&a->frame.solved, a->frame.years, "--year", a->frame.wanted, a->frame.context);
  for (size_t t = a->from; t <= a->to; t++) a->frame.wanted[t] = (s->from + (int)t) % 5 == 0 || t == a->to;
  return TANLU_OK;
}

/* ---- tables ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status print_sectors(analysis *a, size_t from, size_t to, int year) {
  char title[240], when[48];
  const int first = first_year(a);
  (void)snprintf(when, sizeof when, year != 0 ? "%d" : "%d to %d together", first + (int)from, first + (int)to);
  (void)snprintf(title, sizeof title, "At risk in '%s' against '%s', %s", a->frame.view.scenario,
                 a->baseline.scenario->name, when);
  tanlu_stress_compare(a->stress, a->path[BASELINE], a->path[STRESSED], from, to);
  cli_tables_next(&a->frame.tables);
  a->frame.view.year = year;
  return tanlu_stress_print(&a->frame.view, title, a->stress, a->frame.context);
}

static tanlu_status print_all(analysis *a) {
  char title[240];
  tanlu_status status = TANLU_OK;
  for (size_t t = 0; status == TANLU_OK && t < a->years; t++) {
    if (!a->frame.wanted[t]) continue;
    tanlu_stress_compare(a->stress, a->path[BASELINE], a->path[STRESSED], t, t);
    double gdp = 0.0;
    for (size_t j = 0; j < a->stress->n; j++) gdp += a->stress->baseline[TANLU_STRESS_VALUE_ADDED][j];
    status = tanlu_stress_add(a->table, a->stress, first_year(a) + (int)t, a->path[STRESSED]->price[t], gdp,
                              a->frame.context);
  }
  (void)snprintf(title, sizeof title, "At risk in '%s' against '%s': positive is worse", a->frame.view.scenario,
                 a->baseline.scenario->name);
  if (status == TANLU_OK) status = tanlu_year_table_print(a->table, title, a->frame.context);
  for (size_t t = 0; status == TANLU_OK && a->frame.years != NULL && t < a->years; t++) {
    if (a->frame.wanted[t]) status = print_sectors(a, t, t, first_year(a) + (int)t);
  }
  return status == TANLU_OK ? print_sectors(a, a->from, a->to, 0) : status;
}

/* ---- the analysis ------------------------------------------------------------------------------------------------------------ */

static tanlu_status prepare(analysis *a) {
  tanlu_status status =
      a->price_text != NULL ? tanlu_year_numbers(a->price_text, "--price", 0.0, &a->price, a->frame.context) : TANLU_OK;
  if (status == TANLU_OK) status = open_pair(a);
  if (status == TANLU_OK) status = choose_years(a);
  if (status == TANLU_OK)
    status = cli_solved_members(&a->frame.solved, a->frame.level, &a->frame.view, a->frame.context);
  a->frame.view.analysis = "stress";
  a->frame.view.top = (size_t)a->frame.top;
  if (status == TANLU_OK) {
    status = tanlu_stress_create(&a->stress, a->frame.solved.dataset->accounts.n, a->frame.context);
  }
  if (status == TANLU_OK) status = tanlu_year_table_create(&a->table, &a->frame.view, "at risk", a->frame.context);
  return status;
}

static tanlu_status work(void *user) {
  analysis *a = user;
  tanlu_status status = prepare(a);
  a->frame.view.out = a->frame.tables.out;
  a->frame.view.csv = a->frame.tables.csv;
  if (status == TANLU_OK) status = visit(a);
  if (status != TANLU_OK) return status;
  tanlu_analysis_csv_header(a->frame.view.csv);
  return print_all(a);
}

static void clear(analysis *a) {
  tanlu_year_table_free(&a->table);
  tanlu_stress_free(&a->stress);
  tanlu_timeline_clear(&a->price);
  for (size_t side = 0; side < SIDES; side++) tanlu_stress_path_free(&a->path[side]);
  cli_solved_close(&a->baseline);
  cli_analysis_clear(&a->frame);
}

/* ---- the command ------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "stress",
    .synopsis = "SCENARIO|RESULT.h5",
    .purpose =
        "Print which sectors are at risk when a scenario happens instead of its baseline: output, value added and CO2 "
        "by\n"
        "what both project, the cost of CO2 by a price and the emissions of the scenario (quantities do not react to "
        "it).\n"
        "Exposure is value added lost plus that cost, the loss of a sector that can pass nothing on. Positive is "
        "worse.\n"
        "Tests are scenarios: stress/delayed-action, stress/price-shock, stress/no-capture, stress/no-new-nuclear and\n"
        "stress/no-storage are shipped; each says its shock, horizon and method in its file.",
    .examples = "  tanlu stress stress/delayed-action\n"
                "  tanlu stress --level policy_group --year 2035,2050 stress/no-capture\n"
                "  tanlu stress --price 2029=0,2030=800 --horizon 2030-2040 --csv risk.csv stress/price-shock\n"
                "  tanlu stress --against reference --price 200 dual-carbon\n",
    .least = 1,
    .most = 1,
    .operands = "a scenario or a result file",
};

int cli_stress(cli_environment *environment, int argc, char **argv) {
  analysis a = {.frame = {.top = 20}};
  const cli_option option[] = {
      {"against", 'a', CLI_TEXT, "SCENARIO|RESULT.h5",
       "the baseline, a scenario or a result file of one (default: stress.against of the scenario, else dual-carbon)",
       &a.against},
      {"price", 'P', CLI_TEXT, "P",
       "CNY per t CO2 in the scenario: a number, or YEAR=P,YEAR=P (default: its stress.price, else none)",
       &a.price_text},
      {"year", 'y', CLI_TEXT, "YEARS", "years with a table of sectors each, e.g. 2030,2050-2052", &a.frame.years},
      {"horizon", 0, CLI_TEXT, "A-B", "years that are added up (default: all after the history)", &a.horizon},
      {"level", 0, CLI_TEXT, "LEVEL", "groups of a level instead of sectors, e.g. policy_group", &a.frame.level},
      {"top", 't', CLI_COUNT, "N", "lines of a table (default: 20)", &a.frame.top},
      {"csv", 'c', CLI_TEXT, "FILE", "write all members into a CSV file too", &a.frame.csv},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing CSV file", &a.frame.force},
      CLI_SOLVED_OPTIONS(a.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &a.frame, operand[0], work, &a);
  clear(&a);
  return status;
}
