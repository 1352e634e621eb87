/* tanlu footprint: whom the CO2 of a scenario is due to. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "outputs/footprint_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_list category;
  bool products, scopes, multipliers, linkages, key;
  int paths, depth, work;
  double share; /* percent */
} options;

typedef struct {
  cli_analysis frame;
  options options;
  bool *period;     /* years of the key sectors; those of the tables are frame.wanted */
  bool *categories; /* columns of the footprint that supply chains serve */
  char *demand;     /* their names */
  tanlu_footprint *footprint;
  tanlu_linkages *linkages;
  tanlu_year_table *years;
  double *demanded;   /* n: work of the supply chains */
  size_t periods;     /* years of the period so far */
  int *period_year;   /* drivers->years */
  double *period_co2; /* members x drivers->years */
} analysis;

/* ---- years -------------------------------------------------------------------------------------------------------------------- */

static bool any_table(const options *o) {
  return o->products || o->scopes || o->multipliers || o->linkages || o->paths > 0;
}

/* Key sectors are taken over all years of --year, or of the scenario. */
static tanlu_status choose_years(analysis *a) {
  cli_analysis *f = &a->frame;
  const size_t years = f->solved.scenario->drivers->years;
  a->period = tanlu_allocate(f->context, years, sizeof *a->period);
  if (a->period == NULL) return TANLU_ERR_MEMORY;
  if (!a->options.key) return TANLU_OK;
  if (!any_table(&a->options)) memset(f->wanted, 0, years * sizeof *f->wanted);
  return cli_solved_years(&f->solved, f->years, "--year", a->period, f->context);
}

/* ---- categories -------------------------------------------------------------------------------------------------- */

static tanlu_status choose_categories(analysis *a) {
  const cli_list *named = &a->options.category;
  const tanlu_labels *label = &a->frame.solved.dataset->accounts.category;
  size_t length = 0;
  a->categories = tanlu_allocate(a->frame.context, label->count + 1, sizeof *a->categories);
  if (a->categories == NULL) return TANLU_ERR_MEMORY;
  for (size_t c = 0; c <= label->count; c++) a->categories[c] = named->count == 0;
  for (size_t k = 0; k < named->count; k++) {
    const size_t c = tanlu_labels_find(label, named->item[k]);
    if (c == TANLU_NONE) {
      const char *nearest = tanlu_labels_nearest(label, named->item[k]);
      return tanlu_fail(a->frame.context, TANLU_ERR_INPUT,
                        "--category: unknown category of final demand '%s'; %s '%s'%s", named->item[k],
                        nearest != NULL ? "did you mean" : "expected a category such as",
                        nearest != NULL ? nearest : label->code[0], nearest != NULL ? "?" : "");
    }
    a->categories[c] = true;
  }
  FILE *stream = open_memstream(&a->demand, &length);
  if (stream == NULL) return tanlu_fail(a->frame.context, TANLU_ERR_MEMORY, "out of memory");
  if (named->count == 0) (void)fputs("final demand", stream);
  for (size_t c = 0, k = 0; named->count > 0 && c < label->count; c++) {
    if (a->categories[c]) (void)fprintf(stream, "%s%s", k++ > 0 ? ", " : "", label->code[c]);
  }
  return fclose(stream) == 0 ? TANLU_OK : tanlu_fail(a->frame.context, TANLU_ERR_MEMORY, "out of memory");
}

/* ---- a year -------------------------------------------------------------------------------------------------------------------- */

static tanlu_status show_paths(analysis *a, const tanlu_solved_accounts *accounts) {
  const options *o = &a->options;
  const size_t n = accounts->n;
  for (size_t i = 0; i < n; i++) {
    a->demanded[i] = a->categories[accounts->categories] ? accounts->discrepancy[i] : 0.0;
    for (size_t c = 0; c < accounts->categories; c++) {
      if (a->categories[c]) a->demanded[i] += accounts->final_domestic[c * n + i];
    }
  }
  const tanlu_path_system system = {.n = n,
                                    .inputs = accounts->domestic_inputs,
                                    .direct = a->footprint->direct,
                                    .total = a->footprint->total,
                                    .demand = a->demanded};
  const tanlu_path_limits limits = {.most = (size_t)o->paths,
                                    .depth = o->depth > 0 ? (size_t)o->depth : TANLU_NONE,
                                    .smallest = o->share / 100.0,
                                    .work = (size_t)o->work};
  tanlu_analysis_view view = a->frame.view;
  view.analysis = "paths";
  view.member = &accounts->dataset->accounts.sector;
  tanlu_paths paths;
  tanlu_status status = tanlu_paths_find(&paths, &system, &limits, a->frame.context);
  if (status == TANLU_OK) status = tanlu_paths_print(&view, a->demand, &paths, &limits, a->frame.context);
  tanlu_paths_clear(&paths);
  return status;
}

static tanlu_status show_tables(analysis *a, const tanlu_solved_accounts *accounts) {
  const options *o = &a->options;
  const tanlu_footprint *f = a->footprint;
  const int year = accounts->year;
  tanlu_status status = TANLU_OK;
  if (o->products) {
    status =
        tanlu_footprint_products_print(cli_analysis_table(&a->frame, "products", year), f, accounts, a->frame.context);
  }
  if (status == TANLU_OK && o->scopes) {
    status = tanlu_scopes_print(cli_analysis_table(&a->frame, "scopes", year), f, accounts, a->frame.context);
  }
  if (status == TANLU_OK && (o->multipliers || o->linkages)) {
    status = tanlu_linkages_year(a->linkages, accounts, a->frame.context);
  }
  if (status == TANLU_OK && o->multipliers) {
    status = tanlu_multipliers_print(cli_analysis_table(&a->frame, "multipliers", year), a->linkages, a->frame.context);
  }
  if (status == TANLU_OK && o->linkages) {
    status = tanlu_linkages_print(cli_analysis_table(&a->frame, "linkages", year), a->linkages, a->frame.context);
  }
  if (status == TANLU_OK && o->paths > 0) {
    (void)cli_analysis_table(&a->frame, "paths", year);
    status = show_paths(a, accounts);
  }
  return status;
}

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  analysis *a = user;
  tanlu_status status = TANLU_OK;
  if (a->period[accounts->t]) {
    a->period_year[a->periods] = accounts->year;
    tanlu_analysis_sum(&a->frame.view, 1.0, accounts->co2, a->period_co2 + a->periods++ * a->frame.view.member->count);
  }
  if (!a->frame.wanted[accounts->t]) return TANLU_OK;
  status = tanlu_footprint_year(a->footprint, accounts, context);
  if (status != TANLU_OK) return status;
  return any_table(&a->options) ? show_tables(a, accounts)
                                : tanlu_footprint_add(a->years, a->footprint, accounts, context);
}

/* ---- the analysis -------------------------------------------------------------------------------------------------------------- */

static tanlu_status prepare(analysis *a) {
  cli_analysis *f = &a->frame;
  tanlu_status status = cli_analysis_open(f, "footprint");
  if (status == TANLU_OK) status = choose_years(a);
  if (status == TANLU_OK) status = choose_categories(a);
  if (status != TANLU_OK) return status;
  const size_t n = f->solved.dataset->accounts.n, years = f->solved.scenario->drivers->years;
  a->demanded = tanlu_allocate_doubles(f->context, n, 1);
  a->period_year = tanlu_allocate(f->context, years, sizeof *a->period_year);
  a->period_co2 = tanlu_allocate_doubles(f->context, f->view.member->count, years);
  if (a->demanded == NULL || a->period_year == NULL || a->period_co2 == NULL) return TANLU_ERR_MEMORY;
  status = tanlu_footprint_create(&a->footprint, f->solved.dataset, f->context);
  if (status == TANLU_OK) status = tanlu_linkages_create(&a->linkages, n, f->context);
  if (status == TANLU_OK) status = tanlu_year_table_create(&a->years, &f->view, "final demand for", f->context);
  return status;
}

static tanlu_status visit(analysis *a) {
  cli_analysis *f = &a->frame;
  const size_t years = f->solved.scenario->drivers->years;
  bool *seen = tanlu_allocate(f->context, years, sizeof *seen);
  if (seen == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < years; t++) seen[t] = f->wanted[t] || a->period[t];
  const tanlu_status status = cli_analysis_visit(f, seen, see_year, a);
  free(seen);
  return status;
}

static tanlu_status work(void *user) {
  analysis *a = user;
  cli_analysis *f = &a->frame;
  const options *o = &a->options;
  tanlu_status status = prepare(a);
  if (status == TANLU_OK) status = visit(a);
  if (status == TANLU_OK && o->key) {
    status =
        tanlu_key_sectors_print(cli_analysis_table(f, "key", 0), a->periods, a->period_year, a->period_co2, f->context);
  }
  if (status == TANLU_OK && !o->key && !any_table(o)) {
    char title[160];
    (void)snprintf(title, sizeof title, "CO2 of scenario '%s' by final demand", f->view.scenario);
    (void)cli_analysis_table(f, "footprint", 0);
    status = tanlu_year_table_print(a->years, title, f->context);
  }
  return status;
}

static void clear(analysis *a) {
  tanlu_year_table_free(&a->years);
  tanlu_linkages_free(&a->linkages);
  tanlu_footprint_free(&a->footprint);
  free(a->period);
  free(a->categories);
  free(a->demand);
  free(a->demanded);
  free(a->period_year);
  free(a->period_co2);
  free(a->options.category.item);
  cli_analysis_clear(&a->frame);
}

/* ---- the command --------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "footprint",
    .synopsis = "RESULT.h5|SCENARIO",
    .purpose =
        "Print whom the CO2 of a scenario is due to: by category of final demand, with the direct CO2 of households,\n"
        "what is embodied in exports and what imports avoid (made at home with the technology of home). The scenario\n"
        "of a result file, or one given by name, is projected again; the dataset must be the one the file was made\n"
        "with (SHA-256). Without another table the accounts of the first year, 2030 and the last are shown.",
    .examples = "  tanlu footprint dual-carbon\n"
                "  tanlu footprint --year 2030 --products --scopes results/dual-carbon.h5\n"
                "  tanlu footprint --year 2020-2060 --csv footprint.csv results/dual-carbon.h5\n"
                "  tanlu footprint --key --level policy_group dual-carbon\n"
                "  tanlu footprint --year 2030 --paths 20 --category fixed_capital dual-carbon\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

/* Options that do not go together. */
static int check_options(const options *o, const char *level) {
  const bool chains = o->depth > 0 || o->share > 0.0 || o->category.count > 0;
  if (chains && o->paths == 0) return cli_wrong_usage("footprint", "--depth, --share and --category go with --paths");
  if (o->share > 100.0) return cli_wrong_usage("footprint", "--share: expected a percentage from 0 to 100");
  if (level != NULL && !o->products && !o->key) {
    return cli_wrong_usage("footprint", "--level goes with --products and --key");
  }
  if (level != NULL && (o->scopes || o->multipliers || o->linkages)) {
    return cli_wrong_usage("footprint", "--scopes, --multipliers and --linkages are of sectors, not of a --level");
  }
  return CLI_GO_ON;
}

int cli_footprint(cli_environment *environment, int argc, char **argv) {
  analysis a = {.frame = {.top = 20}, .options = {.work = 1000000}};
  options *o = &a.options;
  const cli_option option[] = {
      {"products", 'p', CLI_FLAG, NULL, "by product bought, with intensities", &o->products},
      {"scopes", 0, CLI_FLAG, NULL, "scopes 1, 2 and 3 of every sector", &o->scopes},
      {"multipliers", 'm', CLI_FLAG, NULL, "output, value added, CO2 and jobs per unit of final demand",
       &o->multipliers},
      {"linkages", 'l', CLI_FLAG, NULL, "backward and forward linkages and their dispersion", &o->linkages},
      {"key", 'k', CLI_FLAG, NULL, "sectors with 1 and 2 % of CO2 in the mean over the years (default: all)", &o->key},
      {"paths", 0, CLI_COUNT, "N", "the N largest supply chains", &o->paths},
      {"category", 0, CLI_LIST, "CODE", "supply chains that serve this category, e.g. exports; may be repeated",
       &o->category},
      {"depth", 0, CLI_COUNT, "N", "purchases in a supply chain at most", &o->depth},
      {"share", 0, CLI_NUMBER, "P", "percent of the CO2 that a supply chain carries at least", &o->share},
      {"work", 0, CLI_COUNT, "N", "steps of the search for supply chains at most (default: 1000000)", &o->work},
      CLI_ANALYSIS_MEMBERS(a.frame),
      CLI_ANALYSIS_TABLES(a.frame, "20"),
      CLI_SOLVED_OPTIONS(a.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = check_options(o, a.frame.level);
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &a.frame, operand[0], work, &a);
  clear(&a);
  return status;
}
