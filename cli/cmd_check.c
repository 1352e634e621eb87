/* tanlu check: every problem of datasets and scenarios, and what a dataset adds up to. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/options.h"
#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/open_table.h"
#include "inputs/region_set.h"
#include "inputs/scenario_file.h"
#include "inputs/sweep_file.h"
#include "inputs/yaml_tree.h"
#include "model/accounts_facts.h"
#include "model/fields.h"
#include "model/identities.h"
#include "model/projection.h"
#include "model/units.h"
#include "outputs/table.h"
#include "solvers/memory.h"

/* ---- a dataset ------------------------------------------------------------------------------------------------------ */

/* One line: a number with `decimals` digits after the point, or in powers of ten where that is negative. */
static void fact(tanlu_table *table, const char *name, double value, int decimals, const char *unit) {
  char text[32];
  tanlu_table_text(table, name);
  if (decimals >= 0) {
    tanlu_table_number(table, value, decimals);
  } else {
    (void)snprintf(text, sizeof text, "%.1e", value);
    tanlu_table_text(table, text);
  }
  tanlu_table_text(table, unit);
}

/* Largest gap of the energy balance by carrier: available + conversion - losses - final - statistical difference, relative
 * to what is available or used, whichever is larger. *carrier is where. */
static double energy_gap(const tanlu_dataset *d, size_t *carrier) {
  const tanlu_energy_statistics *e = &d->energy;
  double worst = 0.0;
  *carrier = 0;
  for (size_t c = 0; c < e->carrier.label.count; c++) {
    const tanlu_carrier_balance balance = tanlu_balance_of_carrier(e, c);
    const double gap = balance.gap;
    double scale = balance.available < 0.0 ? -balance.available : balance.available;
    if (balance.final > scale) scale = balance.final;
    const double relative = scale > 0.0 ? (gap < 0.0 ? -gap : gap) / scale : 0.0;
    if (relative > worst) {
      worst = relative;
      *carrier = c;
    }
  }
  return worst;
}

static tanlu_status print_facts(const tanlu_dataset *d, const tanlu_model *model, tanlu_context *context) {
  const tanlu_model_facts f = tanlu_model_facts_of(model);
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  size_t carrier = 0;
  char gap_name[96];
  const double gap = energy_gap(d, &carrier);
  (void)snprintf(gap_name, sizeof gap_name, "energy balance, largest gap%s%s%s", gap > 0.0 ? " (" : "",
                 gap > 0.0 ? d->energy.carrier.label.code[carrier] : "", gap > 0.0 ? ")" : "");
  tanlu_table_column(table, "", TANLU_LEFT);
  tanlu_table_column(table, "", TANLU_RIGHT);
  tanlu_table_column(table, "", TANLU_LEFT);
  fact(table, "value added", f.gdp * 1e-8, 3, "1e12 CNY");
  fact(table, "row identity, largest gap", f.worst_row, -1, "relative to output");
  fact(table, "column identity, largest gap", f.worst_column, -1, "relative to output");
  fact(table, gap_name, gap, -1, "relative to supply or use");
  fact(table, "allocation to sectors, largest gap", f.worst_allocation, -1, "relative to the branch");
  fact(table, "spectral radius of A", f.spectral_radius, 4, "");
  fact(table, "condition of I - A, 1-norm", f.condition, 2, "");
  fact(table, "primary energy, coal-equivalent", f.primary_coal_equivalent / TANLU_TJ_PER_TCE * 1e-6, 1, "Mtce");
  fact(table, "primary energy, calorific", f.primary_calorific / TANLU_TJ_PER_TCE * 1e-6, 1, "Mtce");
  fact(table, "non-fossil share", 100.0 * f.nonfossil_share, 2, "%");
  fact(table, "coal share", 100.0 * f.coal_share, 2, "%");
  fact(table, "generation", f.generation / TANLU_TJ_PER_TWH, 0, "TWh");
  fact(table, "final electricity", f.final_electricity / TANLU_TJ_PER_TWH, 0, "TWh");
  fact(table, "CO2 of combustion", f.co2_combustion * 1e-6, 1, "Mt");
  fact(table, "CO2 of processes", f.co2_process * 1e-6, 1, "Mt");
  fact(table, "CO2 of combustion, were no carbon stored", f.co2_if_never_stored * 1e-6, 1, "Mt");
  const tanlu_status status = tanlu_table_print(table, stdout, context);
  tanlu_table_free(&table);
  return status;
}

/* Base-year combustion CO2 in Mt: rows are policy groups and households, columns the carrier classes that emit. */
static tanlu_status print_base_co2(const tanlu_dataset *d, const tanlu_model *model, tanlu_context *context) {
  const tanlu_labels *groups = tanlu_dataset_policy_groups(d), *classes = tanlu_dim_labels(d, TANLU_DIM_CLASS);
  const size_t rows = groups->count + 1, columns = classes->count;
  double *co2 = tanlu_allocate_doubles(context, rows, columns), total = 0.0;
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = co2 == NULL || table == NULL ? TANLU_ERR_MEMORY : tanlu_model_base_co2(model, co2);
  if (status != TANLU_OK) goto done;
  char heading[64];
  (void)snprintf(heading, sizeof heading, "combustion CO2 %d, Mt", d->base_year);
  tanlu_table_column(table, heading, TANLU_LEFT);
  bool emits[TANLU_CLASS_COUNT] = {false};
  double sum[TANLU_CLASS_COUNT] = {0.0};
  for (size_t c = 0; c < columns; c++) {
    for (size_t g = 0; g < rows; g++) sum[c] += 1e-6 * co2[g * columns + c];
    emits[c] = sum[c] > 0.0;
    total += sum[c];
    if (emits[c]) tanlu_table_column(table, classes->code[c], TANLU_RIGHT);
  }
  tanlu_table_column(table, "total", TANLU_RIGHT);
  for (size_t g = 0; g < rows; g++) {
    double row = 0.0;
    tanlu_table_text(table, g < groups->count ? groups->code[g] : "households");
    for (size_t c = 0; c < columns; c++) {
      const double value = 1e-6 * co2[g * columns + c];
      if (emits[c]) tanlu_table_number(table, value, 1);
      row += value;
    }
    tanlu_table_number(table, row, 1);
  }
  tanlu_table_text(table, "total");
  for (size_t c = 0; c < columns; c++) {
    if (emits[c]) tanlu_table_number(table, sum[c], 1);
  }
  tanlu_table_number(table, total, 1);
  (void)fputc('\n', stdout);
  status = tanlu_table_print(table, stdout, context);
done:
  tanlu_table_free(&table);
  free(co2);
  return status;
}

/* ---- a dataset of accounts alone -------------------------------------------------------------------------------------- */

/* Sectors up to which radius and condition are computed (24 n^2 bytes). */
enum { CONDITION_MOST = 5000 };

static tanlu_status print_accounts(const tanlu_dataset *d, const tanlu_accounts_facts *f, bool whole,
                                   tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  double unit = 1.0;
  const char *money = tanlu_dataset_result_money(d, &unit);
  const struct {
    const char *name;
    double value;
  } sum[] = {{"value added", f->value_added},
             {"final demand", f->final_demand},
             {"imports", f->imports},
             {"output", f->output}};
  tanlu_table_column(table, "", TANLU_LEFT);
  tanlu_table_column(table, "", TANLU_RIGHT);
  tanlu_table_column(table, "", TANLU_LEFT);
  for (size_t k = 0; k < sizeof sum / sizeof *sum; k++) {
    fact(table, sum[k].name, unit * sum[k].value, tanlu_decimals(unit * sum[k].value), money);
  }
  if (f->no_output > 0) fact(table, "sectors without output", (double)f->no_output, 0, "");
  if (whole) {
    fact(table, "row identity, largest gap", f->worst_row, -1, "relative to output");
    fact(table, "column identity, largest gap", f->worst_column, -1, "relative to output");
    fact(table, "spectral radius of A, domestic", f->spectral_radius, 4, "");
    fact(table, "condition of I - A, 1-norm", f->condition, 2, "");
  }
  const tanlu_status status = tanlu_table_print(table, stdout, context);
  if (!whole) {
    (void)printf(
        "\nBoth identities hold to %.1e of output. More than %d sectors: radius and condition are not computed;\n"
        "'tanlu solve' tells whether the table is productive.\n",
        d->accounts.balance_tolerance, CONDITION_MOST);
  }
  tanlu_table_free(&table);
  return status;
}

static tanlu_status nothing_to_begin(void *user, size_t n, tanlu_context *context) {
  (void)user, (void)n, (void)context;
  return TANLU_OK;
}

static tanlu_status nothing_to_take(void *user, size_t i, const double *a, tanlu_context *context) {
  (void)user, (void)i, (void)a, (void)context;
  return TANLU_OK;
}

static void print_title(const tanlu_dataset *d) {
  (void)printf(
      "%s: %s\naccounts alone, no energy: %zu sectors, %zu categories of final demand, %zu components of value "
      "added, %zu extensions\n\n",
      d->name, d->title, d->accounts.n, d->accounts.category.count, d->accounts.component.count,
      d->extension.label.count);
}

static tanlu_status check_accounts(const char *path, tanlu_context *context) {
  tanlu_open_table *open = NULL;
  tanlu_dataset *dataset = NULL;
  tanlu_accounts_facts facts = {0};
  tanlu_status status = tanlu_open_table_read(&open, path, context);
  const bool whole = status == TANLU_OK && open->dataset->accounts.n <= CONDITION_MOST;
  if (whole) {
    tanlu_open_table_free(&open);
    status = tanlu_accounts_read(&dataset, path, context);
    if (status == TANLU_OK) status = tanlu_accounts_facts_of(&facts, dataset, context);
    if (status == TANLU_OK) print_title(dataset);
    if (status == TANLU_OK) status = print_accounts(dataset, &facts, true, context);
  } else if (status == TANLU_OK) {
    const tanlu_row_system nobody = {.begin = nothing_to_begin, .row = nothing_to_take};
    status = tanlu_open_table_rows(open, &nobody, context);
    if (status == TANLU_OK) status = tanlu_extensions_read(open->dataset, context);
    facts = tanlu_accounts_sums(&open->dataset->accounts);
    if (status == TANLU_OK) print_title(open->dataset);
    if (status == TANLU_OK) status = print_accounts(open->dataset, &facts, false, context);
  }
  if (status == TANLU_OK) (void)printf("\n%s: ok\n", path);
  tanlu_open_table_free(&open);
  tanlu_dataset_free(&dataset);
  return status;
}

static tanlu_status check_dataset(const char *path, tanlu_context *context) {
  tanlu_dataset *dataset = NULL;
  tanlu_model *model = NULL;
  tanlu_status status = tanlu_dataset_read(&dataset, path, context);
  if (status == TANLU_OK) status = tanlu_model_create(&model, dataset, context);
  if (status == TANLU_OK) {
    (void)printf("%s: %s\n%zu sectors, %zu carriers, %zu technologies, %zu files\n\n", dataset->name, dataset->title,
                 dataset->accounts.n, dataset->energy.carrier.label.count, dataset->power.technology.count,
                 dataset->files);
    status = print_facts(dataset, model, context);
  }
  if (status == TANLU_OK) status = print_base_co2(dataset, model, context);
  if (status == TANLU_OK) (void)printf("\n%s: ok\n", path);
  tanlu_model_free(&model);
  tanlu_dataset_free(&dataset);
  return status;
}

/* ---- a scenario ----------------------------------------------------------------------------------------------------- */

/* What regions say, against their own statistics; the set, and the nation it is of, are the caller's. */
static tanlu_status check_regions(const tanlu_scenario *scenario, const tanlu_dataset *dataset, tanlu_model **nation,
                                  tanlu_region_set **set, tanlu_context *context) {
  tanlu_status status = tanlu_model_create(nation, dataset, context);
  if (status == TANLU_OK) status = tanlu_region_set_of(set, scenario, *nation, dataset, context);
  if (status != TANLU_OK) return status;
  const size_t regions = (*set)->datasets->regions;
  tanlu_drivers **drivers = tanlu_allocate(context, regions, sizeof(tanlu_drivers *));
  status = drivers != NULL ? tanlu_region_set_drivers(*set, scenario, dataset, drivers, context) : TANLU_ERR_MEMORY;
  for (size_t r = 0; drivers != NULL && r < regions; r++) tanlu_drivers_free(&drivers[r]);
  free(drivers);
  return status;
}

static tanlu_status check_scenario(const char *name, const cli_list *set, bool explain, tanlu_context *context) {
  tanlu_scenario *scenario = NULL;
  tanlu_dataset *dataset = NULL;
  tanlu_model *nation = NULL;
  tanlu_region_set *regions = NULL;
  tanlu_status status = tanlu_scenario_read(&scenario, name, set->item, set->count, context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&dataset, scenario->dataset_path, context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(scenario, dataset, context);
  if (status == TANLU_OK && scenario->regions != NULL) {
    status = check_regions(scenario, dataset, &nation, &regions, context);
  }
  if (status == TANLU_OK && explain) tanlu_scenario_explain(scenario, dataset, stdout);
  if (status == TANLU_OK && explain && regions != NULL) {
    tanlu_scenario_explain_regions(scenario, dataset, regions->datasets->dataset, stdout);
  }
  if (status == TANLU_OK && !explain) {
    (void)printf("%s: ok (%s, %s, %d-%d", name, scenario->name, dataset->name, scenario->from, scenario->to);
    if (regions != NULL) (void)printf(", %zu regions of %s", regions->datasets->regions, scenario->regions->statistics);
    (void)printf(")\n");
  }
  tanlu_region_set_free(&regions);
  tanlu_model_free(&nation);
  tanlu_dataset_free(&dataset);
  tanlu_scenario_free(&scenario);
  return status;
}

/* ---- a sweep -------------------------------------------------------------------------------------------------------- */

/* Does the argument name a file of a sweep? By its keys where it is a path. */
static bool is_sweep(const char *argument) {
  char *path = NULL;
  tanlu_yaml *root = NULL;
  tanlu_context *inner = tanlu_context_create();
  bool found = inner != NULL && tanlu_input_find(&path, "sweeps", argument, NULL, inner) == TANLU_OK &&
               tanlu_yaml_read(&root, path, NULL, inner) == TANLU_OK;
  found = found && (tanlu_yaml_find(root, "parameters") != NULL || tanlu_yaml_find(root, "design") != NULL);
  tanlu_yaml_free(&root);
  tanlu_context_free(&inner);
  free(path);
  return found;
}

static tanlu_status check_sweep(const char *name, tanlu_context *context) {
  tanlu_sweep *sweep = NULL;
  tanlu_dataset *dataset = NULL;
  tanlu_status status = tanlu_sweep_read(&sweep, name, context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&dataset, sweep->scenario->dataset_path, context);
  if (status == TANLU_OK) status = tanlu_sweep_bind(sweep, dataset, context);
  if (status == TANLU_OK) {
    char statistics[64] = "";
    if (sweep->statistics > 0)
      (void)snprintf(statistics, sizeof statistics, ", %zu change statistics", sweep->statistics);
    (void)printf("%s: ok (%s of %s, %zu parameters that move %zu numbers%s, %zu samples)\n", name,
                 tanlu_design_kind_name(sweep->options.kind), sweep->scenario->name, sweep->parameters, sweep->numbers,
                 statistics, sweep->samples);
  }
  tanlu_sweep_free(&sweep);
  tanlu_dataset_free(&dataset);
  return status;
}

/* ---- the command ---------------------------------------------------------------------------------------------------- */

/* Directory of a dataset that `argument` names, newly allocated; NULL when it names something else. */
static char *dataset_directory(const char *argument) {
  struct stat found;
  char *path = NULL;
  if (stat(argument, &found) == 0) {
    if (S_ISDIR(found.st_mode)) return tanlu_string_copy(NULL, argument);
    const char *slash = strrchr(argument, '/');
    if (strcmp(slash != NULL ? slash + 1 : argument, "dataset.yaml") != 0) return NULL;
    path = tanlu_string_copy(NULL, slash != NULL ? argument : ".");
    if (path != NULL && slash != NULL) path[slash == argument ? 1 : slash - argument] = '\0';
    return path;
  }
  if (strchr(argument, '/') != NULL) return NULL;
  if (tanlu_input_find(&path, "scenarios", argument, NULL, NULL) == TANLU_OK) {
    free(path);
    return NULL;
  }
  return tanlu_input_find(&path, "data", argument, NULL, NULL) == TANLU_OK ? path : NULL;
}

/* A name that is neither: both searches tell where they looked and what is near. */
static bool is_nothing(const char *argument, tanlu_context *context) {
  struct stat found;
  char *path = NULL;
  if (stat(argument, &found) == 0 || tanlu_input_find(&path, "scenarios", argument, NULL, NULL) == TANLU_OK) {
    free(path);
    return false;
  }
  (void)tanlu_input_find(&path, "scenarios", argument, NULL, context);
  (void)tanlu_input_find(&path, "data", argument, NULL, context);
  free(path);
  return true;
}

static const cli_usage usage = {
    .command = "check",
    .synopsis = "FILE|DIRECTORY|NAME...",
    .purpose =
        "Report every problem of datasets (directories), scenarios and sweeps (files), by path or name. A dataset\n"
        "without errors is summed up: identities of the table, closure of the energy balance, spectral radius,\n"
        "base-year energy and CO2; of accounts alone what the table tells. A scenario with a block `regions` is "
        "checked\n"
        "against the statistics of each of them.",
    .examples = "  tanlu check china-2020\n"
                "  tanlu check my-scenario.yaml\n"
                "  tanlu check --explain dual-carbon       every value of a scenario with its origin\n",
    .least = 1,
    .most = -1,
    .operands = "at least one dataset or scenario",
};

int cli_check(cli_environment *environment, int argc, char **argv) {
  bool explain = false;
  cli_list set = {0};
  const cli_option option[] = {
      {"explain", 'e', CLI_FLAG, NULL, "print the resolved scenario with the origin of every value", &explain},
      {"set", 's', CLI_LIST, "PATH=VALUE", "set a value of the scenarios, as in 'tanlu run'", &set},
  };
  char **name = NULL;
  int count = 0, worst = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &name, &count);
  tanlu_context *context = parsed == CLI_GO_ON ? tanlu_context_create() : NULL;
  for (int i = 0; context != NULL && i < count; i++) {
    tanlu_status status = TANLU_ERR_INPUT;
    char *directory = dataset_directory(name[i]);
    if (directory != NULL && tanlu_is_accounts_only(directory)) {
      status = check_accounts(directory, context);
    } else if (directory != NULL) {
      status = check_dataset(directory, context);
    } else if (is_sweep(name[i])) {
      status = check_sweep(name[i], context);
    } else if (!is_nothing(name[i], context)) {
      status = check_scenario(name[i], &set, explain, context);
    }
    free(directory);
    cli_print_messages(environment, context, true);
    if (worst == 0) worst = tanlu_status_exit(status);
    if (i + 1 < count && !explain) (void)fputc('\n', stdout);
  }
  if (parsed == CLI_GO_ON && context == NULL) worst = tanlu_status_exit(TANLU_ERR_MEMORY);
  tanlu_context_free(&context);
  free(set.item);
  return parsed == CLI_GO_ON ? worst : parsed;
}
