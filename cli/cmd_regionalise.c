/* tanlu regionalise: a national table as one of several regions. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/regional_file.h"
#include "inputs/scenario_file.h"
#include "model/regional_accounts.h"
#include "outputs/dataset_write.h"
#include "outputs/regional_view.h"
#include "solvers/memory.h"

static const cli_usage usage = {
    .command = "regionalise",
    .synopsis = "DATASET -o OUT",
    .purpose =
        "Take the table of a nation apart into regions, as a dataset of accounts alone: output from regional\n"
        "indicators and value added, purchases at home by location quotients, the rest by a gravity model of trade\n"
        "or by known flows. Sums over regions are the nation's, cell by cell. What it had to assume is printed and\n"
        "kept in SOURCES.md of the dataset.\n"
        "--regions names a directory of regional statistics (inputs/FORMAT.md).",
    .examples = "  tanlu regionalise china-2020-42 -o provinces-2020\n"
                "  tanlu regionalise --level grid --delta 0.2 -o grids-2020 china-2020-42\n"
                "  tanlu regionalise --region guangdong -o guangdong-2020 china-2020-42\n"
                "  tanlu solve ./provinces-2020\n",
    .least = 1,
    .most = 1,
    .operands = "a dataset",
};

typedef struct {
  const char *nation, *output, *regions, *level, *region, *quotient, *name;
  double delta, beta;
  bool accounts, force;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  tanlu_dataset *nation;
  tanlu_regional_data *data;
  tanlu_known_flows *known;
  char *name, *sources;
  tanlu_dataset_writer *writer;
  tanlu_regional_accounts *accounts;
  tanlu_regional_energy *energy; /* NULL without */
  tanlu_quotient quotient;
  bool with_energy;
} job;

/* ---- the sink ------------------------------------------------------------------------------------------------------------- */

static tanlu_status begin(void *user, const tanlu_table_heads *heads, tanlu_context *context) {
  job *b = user;
  return tanlu_dataset_writer_create(&b->writer, b->options->output, b->options->force, heads, context);
}

static tanlu_status take_row(void *user, const double *row, const double *domestic, tanlu_context *context) {
  job *b = user;
  return tanlu_dataset_writer_flows(b->writer, row, domestic, context);
}

static tanlu_status take_margins(void *user, const tanlu_table_margins *m, tanlu_context *context) {
  job *b = user;
  return tanlu_dataset_writer_margins(b->writer, m->final_use, m->final_domestic, m->imports, m->discrepancy,
                                      m->value_added, m->output, context);
}

/* ---- what is assumed ------------------------------------------------------------------------------------------------------ */

static char *sources_text(const job *b, const char *command_line) {
  const tanlu_labels *sector = &b->nation->accounts.sector;
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) return NULL;
  (void)fprintf(
      out,
      "# Sources of %s\n\nThe table of dataset %s taken apart with the regional statistics %s by\n\n    %s\n\n"
      "Licences are those of both: see their SOURCES.md.\n\n## What is assumed\n\n"
      "- Technology and the share of imports in every use are the nation's in every region.\n"
      "- Households consume in proportion to %s, other final demand follows value added; exports and\n"
      "  inventories are where the product is made.\n"
      "- At home is bought by %s (delta %g where it has one), the rest by gravity, distance to the power -%g.\n"
      "- Regions share in a sector's output by the indicator below, then scaled to value added of the region\n"
      "  by `%s`.\n\n| sector | indicator |\n|---|---|\n",
      b->name, b->nation->name, b->data->name, command_line,
      b->data->households != TANLU_NONE ? b->data->indicator.code[b->data->households] : "value added",
      tanlu_quotient_word[b->quotient], b->options->delta, b->options->beta,
      b->nation->level[b->data->value_level].name);
  for (size_t j = 0; j < sector->count; j++) {
    (void)fprintf(out, "| %s %s | %s |\n", sector->code[j], sector->name[j], b->data->basis[j]);
  }
  if (b->data->known_flows > 0) (void)fprintf(out, "\nTrade follows known flows for");
  for (size_t k = 0; k < b->data->known_flows; k++) {
    (void)fprintf(out, "%s %s", k > 0 ? "," : "", sector->code[b->data->known[k].product]);
  }
  if (b->data->known_flows > 0) (void)fprintf(out, ", moved as little as sums allow.\n");
  if (fclose(out) != 0) {
    free(text);
    return NULL;
  }
  return text;
}

/* ---- energy and CO2 ------------------------------------------------------------------------------------------------------- */

static tanlu_status see_base_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  job *b = user;
  const size_t regions = b->data->region.count;
  double *consumers = tanlu_allocate_doubles(context, regions, 1), sum = 0.0;
  if (consumers == NULL) return TANLU_ERR_MEMORY;
  const double *people = b->data->households != TANLU_NONE ? b->data->indicator_value + b->data->households * regions
                                                           : tanlu_regional_accounts_facts(b->accounts)->value_of;
  for (size_t r = 0; r < regions; r++) sum += people[r];
  for (size_t r = 0; r < regions; r++) consumers[r] = people[r] / sum;
  const tanlu_regional_reports reports = {.region = &b->data->region,
                                          .output_share = b->data->share,
                                          .consumers = consumers,
                                          .final = b->data->final,
                                          .plant_fuel = b->data->plant_fuel};
  const tanlu_status status = tanlu_regional_energy_create(&b->energy, &reports, accounts, context);
  free(consumers);
  return status;
}

/* The scenario of the base year alone, and a year after it that nobody looks at. NULL when out of memory; the caller frees. */
static char *base_year_text(const tanlu_dataset *nation) {
  char *text = NULL;
  size_t length = 0;
  const int year = nation->base_year;
  const bool recorded = nation->history_to > year; /* then the history says what happens in the year after */
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) return NULL;
  (void)fputs("name: base\ndataset: '", out);
  for (const char *p = nation->path; *p != '\0'; p++) {
    if (*p == '\'') (void)fputc('\'', out);
    (void)fputc(*p, out);
  }
  (void)fprintf(out, "'\nyears: {from: %d, to: %d}\n%s", year, year + 1, recorded ? "" : "gdp: {growth: 0}\n");
  if (fclose(out) == 0) return text;
  free(text);
  return NULL;
}

static tanlu_status add_energy(job *b) {
  tanlu_scenario *scenario = NULL;
  tanlu_model *model = NULL;
  char *text = base_year_text(b->nation);
  if (text == NULL) return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the base year");
  tanlu_status status = tanlu_scenario_read_text(&scenario, text, "the base year", b->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(scenario, b->nation, b->context);
  if (status == TANLU_OK) status = tanlu_model_create(&model, b->nation, b->context);
  if (status == TANLU_OK) {
    static const bool wanted[] = {true, false};
    status =
        tanlu_solved_accounts_visit(model, scenario->drivers, "of the base year", wanted, see_base_year, b, b->context);
  }
  tanlu_model_free(&model);
  tanlu_scenario_free(&scenario);
  free(text);
  return status;
}

/* Energy of class k of sector j in region r, PJ. */
static double class_energy(const job *b, size_t r, size_t j, size_t k) {
  const tanlu_regional_energy *e = b->energy;
  double sum = 0.0;
  for (size_t c = 0; c < e->carriers; c++) {
    if (b->nation->energy.carrier.cls[c] == k) sum += 1e-3 * e->energy[(c * e->users + j) * e->regions + r];
  }
  return sum;
}

/* CO2 and final energy by class as extensions of (region, sector). */
static tanlu_status write_extensions(job *b) {
  enum { COUNT = TANLU_CLASS_COUNT + 1 };
  const tanlu_regional_energy *e = b->energy;
  const size_t all = e->regions * e->n;
  tanlu_labels label = {0};
  const char *unit[COUNT];
  double *value = tanlu_allocate_doubles(b->context, all, COUNT);
  tanlu_status status =
      value != NULL ? tanlu_labels_add(&label, "co2", "CO2 of production", NULL, b->context) : TANLU_ERR_MEMORY;
  unit[0] = "Mt";
  for (size_t k = 0; k < TANLU_CLASS_COUNT && status == TANLU_OK; k++) {
    unit[k + 1] = "PJ";
    status =
        tanlu_labels_add(&label, tanlu_carrier_class_word((tanlu_carrier_class)k), "Final energy", NULL, b->context);
  }
  for (size_t r = 0; r < e->regions && status == TANLU_OK; r++) {
    for (size_t j = 0; j < e->n; j++) {
      const size_t row = r * e->n + j;
      value[row] = 1e-6 * e->co2[j * e->regions + r];
      for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) value[(k + 1) * all + row] = class_energy(b, r, j, k);
    }
  }
  const tanlu_table_extensions extensions = {.count = COUNT, .label = &label, .unit = unit, .value = value};
  if (status == TANLU_OK) status = tanlu_dataset_writer_extensions(b->writer, &extensions, b->context);
  tanlu_labels_clear(&label);
  free(value);
  return status;
}

/* regions.csv: what is not by sector. regional_energy.csv: what regions report, and what they have here. */
static tanlu_status write_regions(job *b, const tanlu_regional_view *view) {
  static const char *const file[] = {"regions.csv", "regional_energy.csv"};
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < 2 && status == TANLU_OK; k++) {
    char *text = NULL;
    size_t length = 0;
    FILE *csv = open_memstream(&text, &length);
    if (csv == NULL) return TANLU_ERR_MEMORY;
    (k == 0 ? tanlu_regional_put_regions : tanlu_regional_put_energy)(view, csv);
    const bool written = !ferror(csv);
    status = fclose(csv) == 0 && written ? tanlu_dataset_writer_text(b->writer, file[k], text, b->context)
                                         : TANLU_ERR_MEMORY;
    free(text);
  }
  return status;
}

/* ---- the work ------------------------------------------------------------------------------------------------------------- */

static tanlu_status read_inputs(job *b) {
  char *path = NULL;
  const options *o = b->options;
  tanlu_status status = tanlu_dataset_writer_check(o->output, o->force, b->context);
  if (status == TANLU_OK) status = tanlu_input_find(&path, "data", o->nation, NULL, b->context);
  const bool energy = status == TANLU_OK && !o->accounts && !tanlu_is_accounts_only(path);
  if (status == TANLU_OK) {
    status = (energy ? tanlu_dataset_read : tanlu_accounts_read)(&b->nation, path, b->context);
  }
  const tanlu_regional_request request = {.name = o->regions, .level = o->level, .region = o->region, .energy = energy};
  if (status == TANLU_OK) status = tanlu_regional_data_find(&b->data, &request, b->nation, b->context);
  b->with_energy = energy;
  free(path);
  return status;
}

static tanlu_status regionalise(job *b, const char *command_line) {
  const options *o = b->options;
  tanlu_status status = tanlu_dataset_name_for(&b->name, o->name, o->output, b->context);
  if (status == TANLU_OK) status = read_inputs(b);
  if (status != TANLU_OK) return status;
  b->sources = sources_text(b, command_line);
  b->known = tanlu_allocate(b->context, b->data->known_flows, sizeof *b->known);
  if (b->sources == NULL || b->known == NULL) return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory");
  for (size_t k = 0; k < b->data->known_flows; k++) {
    b->known[k] = (tanlu_known_flows){.product = b->data->known[k].product, .flow = b->data->known[k].flow};
  }
  char title[512];
  (void)snprintf(title, sizeof title, "%s by region", b->nation->title);
  const size_t regions = b->data->region.count;
  const double *people =
      b->data->households != TANLU_NONE ? b->data->indicator_value + b->data->households * regions : NULL;
  const tanlu_regional_choice choice = {.name = b->name,
                                        .title = title,
                                        .sources = b->sources,
                                        .region = &b->data->region,
                                        .levels = b->data->levels,
                                        .level = b->data->level,
                                        .distance = b->data->distance,
                                        .value_level = b->data->value_level,
                                        .value_added = b->data->value_added,
                                        .households = people,
                                        .share = b->data->share,
                                        .known_flows = b->data->known_flows,
                                        .known = b->known,
                                        .quotient = b->quotient,
                                        .delta = o->delta,
                                        .beta = o->beta};
  const tanlu_table_sink sink = {b, begin, take_row, take_margins, NULL};
  status = tanlu_regional_accounts_create(&b->accounts, b->nation, &choice, b->context);
  if (status == TANLU_OK) status = tanlu_regional_accounts_give(b->accounts, &sink, b->context);
  if (status != TANLU_OK) return status;
  if (status == TANLU_OK && b->with_energy) status = add_energy(b);
  if (status == TANLU_OK && b->with_energy) status = write_extensions(b);
  const tanlu_regional_view view = {.nation = b->nation,
                                    .region = &b->data->region,
                                    .facts = tanlu_regional_accounts_facts(b->accounts),
                                    .value_level = b->data->value_level,
                                    .value_added = b->data->value_added,
                                    .people = people,
                                    .basis = b->data->basis,
                                    .energy = b->energy,
                                    .reported = b->data->final,
                                    .own_column = b->data->own_column,
                                    .persons = b->data->persons,
                                    .tile = b->data->tile};
  if (status == TANLU_OK && b->with_energy) status = write_regions(b, &view);
  if (status == TANLU_OK) status = tanlu_dataset_writer_finish(&b->writer, b->context);
  if (status == TANLU_OK) {
    (void)printf("%s: %zu regions x %zu sectors of %s, trade by %s\n\n", o->output, regions, b->nation->accounts.n,
                 b->nation->name, tanlu_quotient_word[b->quotient]);
    status = tanlu_regional_print(&view, stdout, b->context);
  }
  return status;
}

static void clear(job *b) {
  tanlu_dataset_writer_discard(&b->writer);
  tanlu_regional_accounts_free(&b->accounts);
  tanlu_regional_energy_free(&b->energy);
  tanlu_regional_data_free(&b->data);
  tanlu_dataset_free(&b->nation);
  free(b->known);
  free(b->name);
  free(b->sources);
}

/* ---- the command ---------------------------------------------------------------------------------------------------------- */

static int check_usage(const options *o, tanlu_quotient *quotient) {
  if (o->output == NULL) return cli_wrong_usage("regionalise", "expected the dataset to make: -o OUT");
  if (o->level != NULL && o->region != NULL) {
    return cli_wrong_usage("regionalise", "--level and --region exclude each other");
  }
  for (int q = 0; q < TANLU_QUOTIENTS; q++) {
    if (strcmp(o->quotient, tanlu_quotient_word[q]) != 0) continue;
    *quotient = (tanlu_quotient)q;
    return CLI_GO_ON;
  }
  return cli_wrong_usage("regionalise", "--quotient '%s': expected slq, cilq, flq or aflq", o->quotient);
}

int cli_regionalise(cli_environment *environment, int argc, char **argv) {
  options o = {.regions = "china-2020", .quotient = "flq", .delta = 0.3, .beta = 1.0};
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "OUT", "the directory to make", &o.output},
      {"regions", 'r', CLI_TEXT, "NAME", "regional statistics, a name or a path (default: china-2020)", &o.regions},
      {"level", 'l', CLI_TEXT, "LEVEL", "groups of regions instead of regions, e.g. grid, area", &o.level},
      {"region", 0, CLI_TEXT, "CODE", "one region against the rest", &o.region},
      {"quotient", 'q', CLI_TEXT, "slq|cilq|flq|aflq", "location quotient (default: flq)", &o.quotient},
      {"delta", 'd', CLI_NUMBER, "D", "exponent of Flegg's lambda (default: 0.3)", &o.delta},
      {"beta", 'b', CLI_NUMBER, "B", "decay of trade with distance (default: 1)", &o.beta},
      {"accounts", 'a', CLI_FLAG, NULL, "no energy and CO2", &o.accounts},
      {"name", 'n', CLI_TEXT, "NAME", "of the dataset (default: the last part of OUT)", &o.name},
      {"force", 'f', CLI_FLAG, NULL, "replace a dataset of accounts alone", &o.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  job b = {.options = &o};
  if (status == CLI_GO_ON) status = check_usage(&o, &b.quotient);
  if (status != CLI_GO_ON) return status;
  o.nation = operand[0];
  b.context = tanlu_context_create();
  if (b.context == NULL) return tanlu_status_exit(TANLU_ERR_MEMORY);
  cli_signals_stop(b.context);
  const tanlu_status done = regionalise(&b, environment->command_line);
  cli_print_messages(environment, b.context, true);
  clear(&b);
  tanlu_context_free(&b.context);
  return cli_status_exit(done);
}
