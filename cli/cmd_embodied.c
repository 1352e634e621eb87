/* tanlu embodied: emissions of regions by the regions whose final demand they are due to. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/dataset_parts.h"
#include "cli/options.h"
#include "cli/tables.h"
#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/named_sectors.h"
#include "inputs/region_facts_file.h"
#include "outputs/embodied_view.h"
#include "outputs/output_file.h"
#include "outputs/report_regions.h"
#include "solvers/memory.h"

static const cli_usage usage = {
    .command = "embodied",
    .synopsis = "DATASET",
    .purpose =
        "Emissions that regions of a table cause in each other: production against consumption, what moves between\n"
        "them inside goods, and to abroad. DATASET has a level of regions and extensions.csv, as those of\n"
        "`tanlu regionalise` and of multi-regional tables that `tanlu import` reads. --of shows the part of some\n"
        "sectors apart, such as that of power plants.",
    .examples = "  tanlu regionalise -o provinces-2020 china-2020-42\n"
                "  tanlu embodied --of power_heat --csv trade.csv ./provinces-2020\n"
                "  tanlu embodied --figure net.svg ./provinces-2020\n"
                "  tanlu embodied --level area --extension electricity ./provinces-2020\n",
    .least = 1,
    .most = 1,
    .operands = "a dataset with several regions",
};

typedef struct {
  const char *dataset, *extension, *level, *of, *csv, *figure;
  int top;
  bool force;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_embodied *embodied;
  size_t level, extension;
  bool *chosen;
  cli_tables tables;
  char *picture; /* of --figure */
  size_t picture_size;
} job;

/* Net trade as an SVG file in memory: a map where regions.csv of the dataset has places. */
static tanlu_status draw(job *b) {
  tanlu_region_facts facts = {0};
  FILE *stream = open_memstream(&b->picture, &b->picture_size);
  if (stream == NULL) return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the figure");
  tanlu_status status = TANLU_OK;
  if (strcmp(b->options->level, "region") == 0) {
    status = tanlu_region_facts_read(&facts, b->dataset, b->level, b->context);
  }
  if (status == TANLU_OK) {
    tanlu_figure *figure =
        tanlu_region_net_figure(b->dataset, b->level, b->extension, b->embodied, facts.tile, b->context);
    status = figure != NULL ? tanlu_figure_svg(figure, true, stream, b->context) : TANLU_ERR_MEMORY;
    tanlu_figure_free(&figure);
  }
  tanlu_region_facts_clear(&facts);
  if (fclose(stream) != 0 && status == TANLU_OK) {
    status = tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the figure");
  }
  return status;
}

static tanlu_status work(job *b) {
  const options *o = b->options;
  char *path = NULL;
  tanlu_status status = cli_tables_open(&b->tables, o->csv, o->force, b->context);
  if (status == TANLU_OK && o->figure != NULL) status = tanlu_output_file_check(o->figure, o->force, b->context);
  if (status == TANLU_OK) status = tanlu_input_find(&path, "data", o->dataset, NULL, b->context);
  if (status == TANLU_OK) status = tanlu_accounts_read(&b->dataset, path, b->context);
  free(path);
  if (status == TANLU_OK) status = tanlu_dataset_find_level(b->dataset, o->level, &b->level, b->context);
  if (status == TANLU_OK) status = cli_find_extension(b->dataset, o->extension, &b->extension, b->context);
  if (status == TANLU_OK && o->of != NULL) {
    b->chosen = tanlu_allocate(b->context, b->dataset->accounts.n, sizeof *b->chosen);
    status =
        b->chosen != NULL ? tanlu_sectors_named(b->dataset, o->of, "--of", b->chosen, b->context) : TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) return status;
  const tanlu_extension_statistics *e = &b->dataset->extension;
  status = tanlu_embodied_create(&b->embodied, b->dataset, b->level, e->value + b->extension * b->dataset->accounts.n,
                                 b->chosen, b->context);
  if (status != TANLU_OK) return status;
  const tanlu_embodied_view view = {.dataset = b->dataset,
                                    .level = b->level,
                                    .embodied = b->embodied,
                                    .quantity = e->label.code[b->extension],
                                    .unit = e->unit[b->extension],
                                    .of = o->of,
                                    .top = (size_t)o->top};
  if (b->tables.csv != NULL) tanlu_embodied_put(&view, b->tables.csv);
  if (o->figure != NULL) status = draw(b);
  if (status != TANLU_OK) return status;
  return tanlu_embodied_print(&view, b->tables.out, b->context);
}

int cli_embodied(cli_environment *environment, int argc, char **argv) {
  options o = {.extension = "co2", .level = "region", .top = 20};
  const cli_option option[] = {
      {"extension", 'e', CLI_TEXT, "NAME", "column of extensions.csv (default: co2)", &o.extension},
      {"level", 'l', CLI_TEXT, "LEVEL", "of the regions, begins the codes of final demand (default: region)", &o.level},
      {"of", 0, CLI_TEXT, "SECTOR", "a sector or group whose part is shown apart, as power_heat", &o.of},
      {"top", 't', CLI_COUNT, "N", "largest flows between two regions that are shown (default: 20)", &o.top},
      {"csv", 'c', CLI_TEXT, "FILE", "write all flows into a CSV file too", &o.csv},
      {"figure", 0, CLI_TEXT, "FILE",
       "draw what regions send, net, into an SVG file: a map of tiles where the dataset has one", &o.figure},
      {"force", 'f', CLI_FLAG, NULL, "replace existing files", &o.force},
  };
  char **operand = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (parsed != CLI_GO_ON) return parsed;
  job b = {.options = &o, .context = tanlu_context_create()};
  if (b.context == NULL) return tanlu_status_exit(TANLU_ERR_MEMORY);
  o.dataset = operand[0];
  tanlu_status status = work(&b);
  if (status == TANLU_OK && o.figure != NULL) {
    status = tanlu_output_file_put(o.figure, o.force, b.picture, b.picture_size, b.context);
  }
  status = cli_tables_close(&b.tables, status, b.context);
  cli_print_messages(environment, b.context, true);
  tanlu_embodied_free(&b.embodied);
  tanlu_dataset_free(&b.dataset);
  free(b.chosen);
  free(b.picture);
  tanlu_context_free(&b.context);
  return tanlu_status_exit(status);
}
