/* tanlu downscale: a national scenario by region. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "cli/region_changes.h"
#include "cli/region_difference.h"
#include "inputs/named_sectors.h"
#include "inputs/regional_file.h"
#include "model/regional_output.h"
#include "outputs/output_file.h"
#include "outputs/regional_path_view.h"
#include "solvers/memory.h"

static const cli_usage usage = {
    .command = "downscale",
    .synopsis = "RESULT.h5|SCENARIO",
    .purpose =
        "Share a national scenario out to regions, year by year: GDP, CO2, energy. The nation leads, sums over "
        "regions\n"
        "are its own in every year. Regions begin with their own branches, energy per output and mix of the base year\n"
        "and change as the nation does in each branch; --grow lets some grow faster, at the cost of the others. This\n"
        "is accounting: regions do not compete, and power plants do not move.\n"
        "--regions names a directory of regional statistics (inputs/FORMAT.md). --decompose says by LMDI what the "
        "change\n"
        "of CO2 between two years comes from, by region, or in one year why regions differ from the nation per head.",
    .examples = "  tanlu downscale dual-carbon-42\n"
                "  tanlu downscale --grow guangdong=0.5 --grow shanxi=2030=-1,2060=0 -o provinces.nc dual-carbon-42\n"
                "  tanlu downscale --decompose 2020-2030 --effects effects.csv dual-carbon-42\n"
                "  tanlu downscale --decompose 2030 dual-carbon-42\n"
                "  tanlu downscale --level grid --year 2020,2030,2060 --csv grids.csv dual-carbon-42\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

typedef struct {
  cli_analysis frame;
  const char *regions, *level, *region, *output, *command_line, *decompose, *effects;
  cli_list grow, people;
  tanlu_regional_data *data;
  double *consumers, *growth, *population; /* regions; years x regions */
  tanlu_regional_path *path;
  char *records; /* of --effects */
  size_t records_size;
} analysis;

/* ---- regions ------------------------------------------------------------------------------------------------------------- */

/* Shares of regions in every sector's output. */
static tanlu_status share_output(analysis *a) {
  const tanlu_dataset *d = a->frame.solved.dataset;
  const tanlu_accounts *accounts = &d->accounts;
  const tanlu_level *level = &d->level[a->data->value_level];
  double *value_added = tanlu_allocate_doubles(a->frame.context, accounts->n, 1);
  if (value_added == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < accounts->n; j++) {
    for (size_t c = 0; c < accounts->component.count; c++) {
      value_added[j] += accounts->value_added[j * accounts->component.count + c];
    }
  }
  const tanlu_regional_output_problem problem = {.regions = a->data->region.count,
                                                 .n = accounts->n,
                                                 .groups = level->group.count,
                                                 .region = &a->data->region,
                                                 .sector = &accounts->sector,
                                                 .group = &level->group,
                                                 .of_sector = level->of_sector,
                                                 .value_added = value_added,
                                                 .regional = a->data->value_added};
  const tanlu_status status = tanlu_regional_output(&problem, a->data->share, NULL, a->frame.context);
  free(value_added);
  return status;
}

/* Households by their indicator, else by value added. */
static tanlu_status share_consumers(analysis *a) {
  const size_t regions = a->data->region.count;
  const double *of =
      a->data->households != TANLU_NONE ? a->data->indicator_value + a->data->households * regions : NULL;
  double sum = 0.0;
  a->consumers = tanlu_allocate_doubles(a->frame.context, regions, 1);
  if (a->consumers == NULL) return TANLU_ERR_MEMORY;
  for (size_t r = 0; r < regions; r++) {
    for (size_t g = 0; of == NULL && g < a->data->groups; g++) a->consumers[r] += a->data->value_added[g * regions + r];
    if (of != NULL) a->consumers[r] = of[r];
    sum += a->consumers[r];
  }
  for (size_t r = 0; r < regions; r++) a->consumers[r] /= sum;
  return TANLU_OK;
}

/* "guangdong=0.5" or "guangdong=2025=0.5,2060=0": per cent a year beyond the others', after the recorded history. */
static tanlu_status read_rate(const analysis *a, const char *text, const char *what, double *rates) {
  const tanlu_labels *region = &a->data->region;
  tanlu_context *context = a->frame.context;
  const tanlu_drivers *drivers = a->frame.solved.scenario->drivers;
  const char *equals = strchr(text, '=');
  char code[128];
  tanlu_timeline timeline = {0};
  if (equals == NULL || (size_t)(equals - text) >= sizeof code) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s '%s': expected REGION=RATE or REGION=YEAR=RATE,...", what, text);
  }
  memcpy(code, text, (size_t)(equals - text));
  code[equals - text] = '\0';
  const size_t r = tanlu_labels_find(region, code);
  if (r == TANLU_NONE) {
    const char *nearest = tanlu_labels_nearest(region, code);
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: no region '%s' in %s%s%s%s", what, code, a->data->name,
                      nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                      nearest != NULL ? "'?" : "");
  }
  const tanlu_status status = tanlu_year_numbers(equals + 1, what, -50.0, &timeline, context);
  for (size_t t = 0; status == TANLU_OK && t < drivers->years; t++) {
    const int year = drivers->from + (int)t;
    if (year > a->frame.solved.dataset->history_to)
      rates[t * region->count + r] = tanlu_timeline_value(&timeline, year);
  }
  tanlu_timeline_clear(&timeline);
  return status;
}

static tanlu_status read_rates(analysis *a) {
  const size_t cells = a->frame.solved.scenario->drivers->years * a->data->region.count;
  a->growth = tanlu_allocate_doubles(a->frame.context, cells, 1);
  a->population = tanlu_allocate_doubles(a->frame.context, cells, 1);
  if (a->growth == NULL || a->population == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < a->grow.count && status == TANLU_OK; k++) {
    status = read_rate(a, a->grow.item[k], "--grow", a->growth);
  }
  for (size_t k = 0; k < a->people.count && status == TANLU_OK; k++) {
    status = read_rate(a, a->people.item[k], "--people", a->population);
  }
  return status;
}

/* ---- what changes come from ----------------------------------------------------------------------------------------------- */

/* Years of --decompose; one year, or two. */
static tanlu_status decomposed_years(const analysis *a, int *from, int *to) {
  const tanlu_drivers *drivers = a->frame.solved.scenario->drivers;
  const int first = drivers->from, last = first + (int)drivers->years - 1;
  if (!cli_parse_years(a->decompose, strlen(a->decompose), from, to) || *from > *to) {
    return tanlu_fail(a->frame.context, TANLU_ERR_INPUT,
                      "--decompose '%s': expected two years such as 2020-2030, or one", a->decompose);
  }
  if (*from >= first && *to <= last) return TANLU_OK;
  return tanlu_fail(a->frame.context, TANLU_ERR_INPUT, "--decompose %s is outside the years of scenario '%s', %d to %d",
                    a->decompose, a->frame.solved.scenario->name, first, last);
}

/* Millions of persons and tonnes, so that CO2 per head is in t. */
static tanlu_region_state state_of(const tanlu_regional_path *p, int year, double *households, double *people,
                                   double *co2) {
  const size_t t = (size_t)(year - p->from), groups = p->groups - 1, cells = p->groups * p->regions;
  for (size_t r = 0; r < p->regions; r++) {
    people[r] = 1e-6 * p->value[((size_t)TANLU_REGIONAL_POPULATION * p->years + t) * p->regions + r];
    households[r] = 1e-6 * p->group_co2[t * cells + groups * p->regions + r];
  }
  for (size_t k = 0; k < groups * p->regions; k++) co2[k] = 1e-6 * p->group_co2[t * cells + k];
  return (tanlu_region_state){.regions = p->regions,
                              .groups = groups,
                              .population = people,
                              .value_added = p->group_value + t * cells,
                              .energy = p->group_energy + t * cells,
                              .co2 = co2,
                              .households = households};
}

static tanlu_status decompose(analysis *a) {
  const tanlu_regional_path *p = a->path;
  cli_region_changes changes = {.scenario = a->frame.solved.scenario->name,
                                .regions = &a->data->region,
                                .groups = tanlu_dataset_policy_groups(a->frame.solved.dataset),
                                .top = 40};
  tanlu_status status = decomposed_years(a, &changes.year_from, &changes.year_to);
  if (status != TANLU_OK) return status;
  const size_t side = (p->groups + 1) * p->regions;
  double *number = tanlu_allocate_doubles(a->frame.context, 2, side);
  FILE *csv = a->effects != NULL ? open_memstream(&a->records, &a->records_size) : NULL;
  if (number == NULL || (a->effects != NULL && csv == NULL)) {
    status = tanlu_fail(a->frame.context, TANLU_ERR_MEMORY, "out of memory for the decomposition");
  } else {
    double *second = number + side;
    changes.from = state_of(p, changes.year_from, number, number + p->regions, number + 2 * p->regions);
    changes.to = state_of(p, changes.year_to, second, second + p->regions, second + 2 * p->regions);
    if (changes.year_from == changes.year_to) changes.against = CLI_NATION;
    cli_tables_next(&a->frame.tables);
    status = cli_region_changes_show(&changes, a->frame.tables.out, csv, a->frame.context);
  }
  if (csv != NULL && fclose(csv) != 0 && status == TANLU_OK) {
    status = tanlu_fail(a->frame.context, TANLU_ERR_MEMORY, "out of memory for the decomposition");
  }
  free(number);
  return status;
}

/* ---- the work ------------------------------------------------------------------------------------------------------------ */

static tanlu_status work(void *user) {
  analysis *a = user;
  tanlu_context *context = a->frame.context;
  const tanlu_regional_request request = {.name = a->regions, .level = a->level, .region = a->region, .energy = true};
  tanlu_status status = a->output != NULL ? tanlu_output_file_check(a->output, a->frame.force, context) : TANLU_OK;
  if (status == TANLU_OK && a->effects != NULL) {
    status = tanlu_output_file_check(a->effects, a->frame.force, context);
  }
  if (status == TANLU_OK) status = cli_analysis_open(&a->frame, "downscale");
  if (status == TANLU_OK) status = tanlu_regional_data_find(&a->data, &request, a->frame.solved.dataset, context);
  if (status == TANLU_OK) status = share_output(a);
  if (status == TANLU_OK) status = share_consumers(a);
  if (status == TANLU_OK) status = read_rates(a);
  if (status != TANLU_OK) return status;
  const tanlu_regional_drivers drivers = {.base = {.region = &a->data->region,
                                                   .output_share = a->data->share,
                                                   .consumers = a->consumers,
                                                   .final = a->data->final,
                                                   .plant_fuel = a->data->plant_fuel},
                                          .growth = a->growth,
                                          .population = a->population};
  const tanlu_scenario *scenario = a->frame.solved.scenario;
  status =
      tanlu_regional_path_create(&a->path, a->frame.solved.model, scenario->drivers, scenario->name, &drivers, context);
  if (status != TANLU_OK) return status;
  const tanlu_regional_path_view view = {.scenario = scenario->name,
                                         .regions = a->data->name,
                                         .dataset = a->frame.solved.dataset,
                                         .region = &a->data->region,
                                         .path = a->path,
                                         .wanted = a->frame.wanted};
  if (a->frame.tables.csv != NULL) tanlu_regional_path_put(&view, a->frame.tables.csv);
  status = tanlu_regional_path_print(&view, a->frame.tables.out, context);
  if (status == TANLU_OK && a->decompose != NULL) status = decompose(a);
  if (status == TANLU_OK && a->output != NULL) {
    status = tanlu_regional_path_write(&view, a->output, a->frame.force, a->command_line, context);
  }
  if (status == TANLU_OK && a->effects != NULL) {
    status = tanlu_output_file_put(a->effects, a->frame.force, a->records, a->records_size, context);
  }
  return status;
}

int cli_downscale(cli_environment *environment, int argc, char **argv) {
  analysis a = {.regions = "china-2020", .command_line = environment->command_line};
  const cli_option option[] = {
      CLI_SOLVED_OPTIONS(a.frame.request),
      {"regions", 'r', CLI_TEXT, "REGIONS", "regional statistics, a name or a path (default: china-2020)", &a.regions},
      {"level", 'l', CLI_TEXT, "LEVEL", "groups of regions instead of regions, e.g. grid, area", &a.level},
      {"region", 0, CLI_TEXT, "CODE", "one region against the rest", &a.region},
      {"grow", 'g', CLI_LIST, "REGION=RATE", "percent a year faster than the others, or YEAR=RATE,...", &a.grow},
      {"people", 'p', CLI_LIST, "REGION=RATE", "the same of the population", &a.people},
      {"year", 'y', CLI_TEXT, "YEARS", "years shown (default: first, 2030, last)", &a.frame.years},
      {"decompose", 'd', CLI_TEXT, "YEARS", "what CO2 changes by from 2020-2030, or why it differs per head in 2030",
       &a.decompose},
      {"effects", 0, CLI_TEXT, "FILE", "write its effects by region and group into a CSV file", &a.effects},
      {"output", 'o', CLI_TEXT, "FILE", "write a netCDF file with the dimension region", &a.output},
      {"csv", 'c', CLI_TEXT, "FILE", "write all years and quantities into a CSV file", &a.frame.csv},
      {"force", 'f', CLI_FLAG, NULL, "replace existing files", &a.frame.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON && a.level != NULL && a.region != NULL) {
    status = cli_wrong_usage("downscale", "--level and --region exclude each other");
  }
  if (status == CLI_GO_ON && a.effects != NULL && a.decompose == NULL) {
    status = cli_wrong_usage("downscale", "--effects goes with --decompose");
  }
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &a.frame, operand[0], work, &a);
  tanlu_regional_path_free(&a.path);
  tanlu_regional_data_free(&a.data);
  free(a.consumers);
  free(a.growth);
  free(a.population);
  free(a.grow.item);
  free(a.people.item);
  free(a.records);
  cli_analysis_clear(&a.frame);
  return status;
}
