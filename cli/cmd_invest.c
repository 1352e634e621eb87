/* tanlu invest: investment in power plants, and a scenario whose fixed capital formation is made of what it buys. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "inputs/dataset_file.h"
#include "inputs/scenario_child.h"
#include "inputs/scenario_tree.h"
#include "model/indicators.h"
#include "model/investment.h"
#include "model/projection.h"
#include "outputs/output_file.h"
#include "outputs/result_file.h"
#include "outputs/table.h"
#include "solvers/memory.h"

enum { KNOT_YEARS = 5, AROUND = 2 }; /* knots every five years stand for the mean of two years before to two after */

typedef struct {
  const char *name, *output; /* the scenario as given; -o */
  cli_list set;
  int passes;
  bool force, quiet;
  tanlu_context *context;
  tanlu_scenario *scenario, *child;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_projection *projection;   /* of the scenario, then of its child */
  size_t category, groups, first; /* fixed capital formation; policy groups; first year after the record */
  size_t knots, *knot;            /* years, counted from the base year */
  double *base, *purchases_0;     /* groups */
  double *purchases, *index;      /* knots x groups */
  double pi_0, *pi;               /* knots */
  double change;                  /* of pi in the last pass */
} work;

/* ---- reading ---------------------------------------------------------------------------------------------------------- */

static tanlu_status read_scenario(work *w, tanlu_scenario **scenario, const char *const *set, size_t count) {
  tanlu_scenario_free(scenario);
  tanlu_status status = tanlu_scenario_read(scenario, w->name, set, count, w->context);
  if (status == TANLU_OK && w->dataset == NULL) {
    status = tanlu_dataset_read(&w->dataset, (*scenario)->dataset_path, w->context);
  }
  return status == TANLU_OK ? tanlu_scenario_resolve(*scenario, w->dataset, w->context) : status;
}

static tanlu_status check_dataset(work *w) {
  const tanlu_dataset *d = w->dataset;
  w->category = tanlu_investment_category(d);
  if (d->investment.cost == NULL || (w->output != NULL && d->investment.bridge == NULL)) {
    return tanlu_fail(w->context, TANLU_ERR_INPUT,
                      "dataset '%s' has no %s; its dataset.yaml names none under policy: %s", d->name,
                      d->investment.cost == NULL ? "costs of power plants" : "shares of what power plants buy",
                      d->investment.cost == NULL ? "investment" : "investment_bridge");
  }
  if (w->category != TANLU_NONE) return TANLU_OK;
  return tanlu_fail(w->context, TANLU_ERR_INPUT, "dataset '%s' has no category of the role fixed_capital", d->name);
}

/* A composition that the scenario gives already is not ours to replace. */
static tanlu_status check_composition(const work *w) {
  const char *category = w->dataset->accounts.category.code[w->category];
  const tanlu_yaml *node = tanlu_yaml_find(w->scenario->tree->root, "final_demand");
  if (node != NULL) node = tanlu_yaml_find(node, "composition");
  if (node != NULL) node = tanlu_yaml_find(node, category);
  if (node == NULL) return TANLU_OK;
  return tanlu_yaml_fail_key(node, w->context,
                             "'final_demand.composition.%s' is given already, and invest would replace it; name a "
                             "scenario without it",
                             category);
}

static tanlu_status find_knots(work *w) {
  const size_t years = w->scenario->drivers->years;
  w->first = (size_t)(w->dataset->history_to - w->dataset->base_year) + 1;
  w->groups = tanlu_dataset_policy_groups(w->dataset)->count;
  if (years < 2 || w->first >= years) {
    return tanlu_fail(w->context, TANLU_ERR_INPUT, "scenario '%s' ends in %d; expected a year after the record (%d)",
                      w->scenario->name, w->scenario->to, w->dataset->history_to);
  }
  w->knot = tanlu_allocate(w->context, years, sizeof *w->knot);
  for (size_t t = w->first; w->knot != NULL && t < years; t++) {
    if ((w->dataset->base_year + (int)t) % KNOT_YEARS == 0 || t + 1 == years) w->knot[w->knots++] = t;
  }
  w->base = tanlu_allocate_doubles(w->context, w->groups, 1);
  w->purchases_0 = tanlu_allocate_doubles(w->context, w->groups, 1);
  w->purchases = tanlu_allocate_doubles(w->context, w->knots, w->groups);
  w->index = tanlu_allocate_doubles(w->context, w->knots, w->groups);
  w->pi = tanlu_allocate_doubles(w->context, w->knots, 1);
  const bool enough = w->knot != NULL && w->base != NULL && w->purchases_0 != NULL && w->purchases != NULL &&
                      w->index != NULL && w->pi != NULL;
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status read_inputs(work *w) {
  tanlu_status status = w->output != NULL ? tanlu_output_file_check(w->output, w->force, w->context) : TANLU_OK;
  if (status == TANLU_OK && tanlu_result_recognise(w->name)) {
    return tanlu_fail_at(
        w->context, TANLU_ERR_INPUT, w->name, 0, 0,
        "is a result file; expected the name or file of a scenario, which a child can name as its parent");
  }
  if (status == TANLU_OK) status = read_scenario(w, &w->scenario, w->set.item, w->set.count);
  if (status == TANLU_OK) status = check_dataset(w);
  if (status == TANLU_OK && w->output != NULL) status = check_composition(w);
  if (status == TANLU_OK) status = find_knots(w);
  if (status == TANLU_OK) status = tanlu_model_create(&w->model, w->dataset, w->context);
  return status;
}

/* ---- passes ------------------------------------------------------------------------------------------------------------- */

static tanlu_status project(work *w, const tanlu_scenario *scenario) {
  const unsigned long wanted = TANLU_INVESTMENT_FIELDS | 1UL << TANLU_FIELD_FINAL_DEMAND | 1UL << TANLU_FIELD_INDICATOR;
  tanlu_projection_free(&w->projection);
  const tanlu_status status = tanlu_projection_create_some(&w->projection, w->dataset, scenario->from,
                                                           scenario->drivers->years, wanted, w->context);
  if (status != TANLU_OK) return status;
  return tanlu_project(w->model, scenario->drivers, scenario->name, w->projection, NULL, NULL, w->context);
}

/* Purchases of the record and around every knot; the largest change of pi. */
static tanlu_status find_purchases(work *w) {
  const size_t years = w->projection->years, recorded = w->first > 1 ? w->first - 1 : 1;
  w->change = 0.0;
  tanlu_investment_base(w->dataset, w->projection, w->base);
  tanlu_status status =
      tanlu_investment_purchases(w->dataset, w->projection, 1, recorded, w->purchases_0, &w->pi_0, w->context);
  for (size_t k = 0; k < w->knots && status == TANLU_OK; k++) {
    const size_t t = w->knot[k], from = t >= w->first + AROUND ? t - AROUND : w->first;
    const size_t to = t + AROUND < years ? t + AROUND : years - 1;
    const double before = w->pi[k];
    status = tanlu_investment_purchases(w->dataset, w->projection, from, to, w->purchases + k * w->groups, &w->pi[k],
                                        w->context);
    w->change = fmax(w->change, fabs(w->pi[k] - before));
  }
  return status;
}

static tanlu_status find_index(work *w) {
  for (size_t k = 0; k < w->knots; k++) {
    const size_t wrong = tanlu_investment_index(w->groups, w->base, w->purchases_0, w->pi_0,
                                                w->purchases + k * w->groups, w->pi[k], w->index + k * w->groups);
    if (wrong == TANLU_NONE) continue;
    return tanlu_fail(
        w->context, TANLU_ERR_MODEL,
        "power plants buy more of '%s' than fixed capital formation of the base year holds: %.3g of it in "
        "the recorded years, %.3g in the base year",
        tanlu_dataset_policy_groups(w->dataset)->code[wrong], w->purchases_0[wrong], w->base[wrong]);
  }
  return TANLU_OK;
}

/* `final_demand.composition.CATEGORY.GROUP={YEAR: INDEX, ...}`; the caller frees. */
static char *setting_of(const work *w, size_t group) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (stream == NULL) return NULL;
  (void)fprintf(stream, "final_demand.composition.%s.%s={", w->dataset->accounts.category.code[w->category],
                tanlu_dataset_policy_groups(w->dataset)->code[group]);
  for (size_t k = 0; k < w->knots; k++) {
    (void)fprintf(stream, "%s%d: %.6f", k > 0 ? ", " : "", w->dataset->base_year + (int)w->knot[k],
                  w->index[k * w->groups + group]);
  }
  (void)fputc('}', stream);
  return fclose(stream) == 0 ? text : NULL;
}

/* The scenario with the composition as further settings. */
static tanlu_status make_child(work *w) {
  const size_t own = w->set.count;
  const char **set = tanlu_allocate(w->context, own + w->groups, sizeof *set);
  char **made = tanlu_allocate(w->context, w->groups, sizeof *made);
  tanlu_status status = set != NULL && made != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  size_t count = own;
  for (size_t i = 0; i < own && status == TANLU_OK; i++) set[i] = w->set.item[i];
  for (size_t g = 0; g < w->groups && status == TANLU_OK; g++) {
    if (w->base[g] == 0.0) continue; /* nobody buys it */
    made[g] = setting_of(w, g);
    if (made[g] == NULL) status = TANLU_ERR_MEMORY;
    set[count++] = made[g];
  }
  if (status == TANLU_OK) status = read_scenario(w, &w->child, set, count);
  for (size_t g = 0; g < w->groups && made != NULL; g++) free(made[g]);
  free(made);
  free(set);
  return status;
}

static tanlu_status pass(work *w) {
  tanlu_status status = find_index(w);
  if (status == TANLU_OK) status = make_child(w);
  if (status == TANLU_OK) status = project(w, w->child);
  return status == TANLU_OK ? find_purchases(w) : status;
}

/* ---- tables --------------------------------------------------------------------------------------------------------------- */

static tanlu_table *open_table(const work *w, const char *first) {
  tanlu_table *table = tanlu_table_create(w->context);
  if (table == NULL) return NULL;
  tanlu_table_column(table, first, TANLU_LEFT);
  for (size_t k = 0; k < w->knots; k++) {
    char year[16];
    (void)snprintf(year, sizeof year, "%d", w->dataset->base_year + (int)w->knot[k]);
    tanlu_table_column(table, year, TANLU_RIGHT);
  }
  return table;
}

static tanlu_status close_table(const work *w, tanlu_table *table) {
  const tanlu_status status = tanlu_table_print(table, stdout, w->context);
  tanlu_table_free(&table);
  return status;
}

/* Fixed capital formation of year t, 10^4 CNY. */
static double formation_in(const work *w, size_t t) {
  const tanlu_projection *p = w->projection;
  const size_t n = w->dataset->accounts.n;
  const double *value = p->value[TANLU_FIELD_FINAL_DEMAND] + t * p->size[TANLU_FIELD_FINAL_DEMAND] + w->category * n;
  double sum = 0.0;
  for (size_t j = 0; j < n; j++) sum += value[j];
  return sum;
}

static tanlu_status print_investment(const work *w) {
  const tanlu_projection *p = w->projection;
  const size_t size = p->size[TANLU_FIELD_INVESTMENT];
  const double *spent = p->value[TANLU_FIELD_INVESTMENT], *indicator = p->value[TANLU_FIELD_INDICATOR];
  (void)printf("Investment in power plants, 1e8 CNY of %d\n\n", w->dataset->base_year);
  tanlu_table *table = open_table(w, "technology");
  if (table == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < size; i++) {
    double most = 0.0;
    for (size_t k = 0; k < w->knots; k++)
      most = isnan(spent[w->knot[k] * size + i]) ? 1.0 : fmax(most, spent[w->knot[k] * size + i]);
    if (most == 0.0) continue;
    tanlu_table_text(table, w->dataset->power.technology.code[i]);
    for (size_t k = 0; k < w->knots; k++) {
      tanlu_table_number(table, spent[w->knot[k] * size + i] * tanlu_field_table[TANLU_FIELD_INVESTMENT].factor, 0);
    }
  }
  static const char *const row[] = {"all", "% of GDP", "% of fixed capital formation"};
  for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
    tanlu_table_text(table, row[r]);
    for (size_t k = 0; k < w->knots; k++) {
      const double *then = indicator + w->knot[k] * TANLU_INDICATOR_COUNT, all = then[TANLU_INDICATOR_INVESTMENT];
      const double formation = 1e-4 * formation_in(w, w->knot[k]);
      tanlu_table_number(table,
                         r == 0 ? all : 100.0 * (r == 1 ? then[TANLU_INDICATOR_INVESTMENT_SHARE] : all / formation),
                         r == 0 ? 0 : 2);
    }
  }
  return close_table(w, table);
}

static tanlu_status print_index(const work *w) {
  const tanlu_labels *groups = tanlu_dataset_policy_groups(w->dataset);
  (void)printf(
      "\nComposition of fixed capital formation, base year = 1; where all other investment stays as it is made\n\n");
  tanlu_table *table = open_table(w, "group");
  if (table == NULL) return TANLU_ERR_MEMORY;
  for (size_t g = 0; g < w->groups; g++) {
    if (w->base[g] == 0.0) continue;
    tanlu_table_text(table, groups->code[g]);
    for (size_t k = 0; k < w->knots; k++) tanlu_table_number(table, w->index[k * w->groups + g], 4);
  }
  return close_table(w, table);
}

/* ---- the scenario ------------------------------------------------------------------------------------------------------- */

static tanlu_status write_child(const work *w) {
  tanlu_scenario_numbers numbers = {0};
  char *name = tanlu_scenario_file_name(w->output), *parent = NULL, *title = NULL, *text = NULL;
  if (asprintf(&title, "%s with fixed capital formation of what its power plants buy", w->scenario->name) < 0) {
    title = NULL;
  }
  tanlu_status status = name != NULL && title != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_scenario_parent_name(&parent, w->scenario, w->name, w->output, w->context);
  }
  if (status == TANLU_OK) status = tanlu_scenario_numbers_find(&numbers, w->child, w->dataset, w->context);
  if (status == TANLU_OK) {
    const tanlu_scenario_change change = {.name = name, .title = title, .parent = parent}; /* settings are kept */
    status = tanlu_scenario_child(&text, w->child, &numbers, &change, w->context);
  }
  if (status == TANLU_OK) status = tanlu_output_file_put(w->output, w->force, text, strlen(text), w->context);
  tanlu_scenario_numbers_clear(&numbers);
  free(name);
  free(title);
  free(parent);
  free(text);
  return status;
}

static tanlu_status invest(work *w) {
  tanlu_status status = read_inputs(w);
  if (status == TANLU_OK) status = project(w, w->scenario);
  if (status == TANLU_OK && !w->quiet) status = print_investment(w);
  if (status != TANLU_OK || w->output == NULL) return status;
  status = find_purchases(w);
  for (int done = 0; done < w->passes && status == TANLU_OK; done++) status = pass(w);
  if (status == TANLU_OK && !w->quiet) status = print_index(w);
  if (status == TANLU_OK) status = write_child(w);
  if (status == TANLU_OK && !w->quiet) {
    (void)printf(
        "\nwritten to %s after %d pass%s; the last one changed the share of power plants in fixed capital formation\n"
        "by %.2g percentage points at most\n",
        w->output, w->passes, w->passes == 1 ? "" : "es", 100.0 * w->change);
  }
  return status;
}

/* ---- the command --------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "invest",
    .synopsis = "[-o CHILD.yaml] [--passes N] SCENARIO",
    .purpose =
        "Print what power plants cost by technology, every five years after the record, and their share of GDP and of\n"
        "gross fixed capital formation. With -o write a scenario that names SCENARIO as its parent and in which fixed\n"
        "capital formation is made of what its power plants buy: their share pi in it, mean of two years before to "
        "two\n"
        "after a year, buys equipment, construction and so on by technology (investment_bridge of the dataset, an\n"
        "assumption); the rest keeps the composition that the base year leaves once what plants buy in the recorded\n"
        "years is taken out. The total of fixed capital formation stays that of SCENARIO. Each pass projects the\n"
        "scenario written so far and takes its investment. Where SCENARIO has structure targets they still rule the\n"
        "shares of value added: what is left of the shift lies within groups and among groups without a target.",
    .examples = "  tanlu invest dual-carbon\n"
                "  tanlu invest -o fed-back.yaml dual-carbon\n"
                "  tanlu run dual-carbon ./fed-back.yaml\n",
    .least = 1,
    .most = 1,
    .operands = "a scenario",
};

int cli_invest(cli_environment *environment, int argc, char **argv) {
  work w = {.passes = 0};
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "CHILD.yaml", "write the scenario in which final demand reacts", &w.output},
      {"passes", 'p', CLI_COUNT, "N", "how often investment and composition are found anew (2)", &w.passes},
      {"set", 's', CLI_LIST, "PATH=VALUE", "set a value of SCENARIO first, e.g. investment.power.pv=3000", &w.set},
      {"quiet", 'q', CLI_FLAG, NULL, "no tables", &w.quiet},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &w.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status != CLI_GO_ON) {
    /* said */
  } else if (w.passes > 0 && w.output == NULL) {
    status = cli_wrong_usage("invest", "--passes goes with -o CHILD.yaml");
  } else {
    if (w.passes == 0) w.passes = 2;
    w.name = operand[0];
    w.context = tanlu_context_create();
    status = tanlu_status_exit(w.context != NULL ? invest(&w) : TANLU_ERR_MEMORY);
    if (w.context != NULL) cli_print_messages(environment, w.context, !w.quiet);
  }
  tanlu_projection_free(&w.projection);
  tanlu_model_free(&w.model);
  tanlu_scenario_free(&w.scenario);
  tanlu_scenario_free(&w.child);
  tanlu_dataset_free(&w.dataset);
  tanlu_context_free(&w.context);
  free(w.knot);
  free(w.base);
  free(w.purchases_0);
  free(w.purchases);
  free(w.index);
  free(w.pi);
  free(w.set.item);
  return status;
}
