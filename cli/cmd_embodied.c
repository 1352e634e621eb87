/* tanlu embodied: emissions of regions by the regions whose final demand they are due to. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/dataset_parts.h"
#include "cli/options.h"
#include "cli/region_difference.h"
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
        "sectors apart, such as that of power plants.\n"
        "--against says why consumption of a region (--region), or of each, causes more than that of another, or of\n"
        "the mean of the nation: people, final demand per head, its products, the output they need, who supplies it,\n"
        "and emissions per output of own and of other producers; effects add up to the difference.",
    .examples = "  tanlu regionalise -o provinces-2020 china-2020-42\n"
                "  tanlu embodied --of power_heat --csv trade.csv ./provinces-2020\n"
                "  tanlu embodied --figure net.svg ./provinces-2020\n"
                "  tanlu embodied --region guangdong --against hebei ./provinces-2020\n"
                "  tanlu embodied --against nation --csv reasons.csv ./provinces-2020\n"
                "  tanlu embodied --level area --extension electricity ./provinces-2020\n",
    .least = 1,
    .most = 1,
    .operands = "a dataset with several regions",
};

typedef struct {
  const char *dataset, *extension, *level, *of, *csv, *figure, *region, *against;
  int top;
  bool force, per_head;
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
  if (o->region != NULL || o->against != NULL) {
    const cli_region_difference difference = {.dataset = b->dataset,
                                              .level = b->level,
                                              .extension = b->extension,
                                              .region = o->region,
                                              .against = o->against != NULL ? o->against : CLI_NATION,
                                              .per_head = o->per_head,
                                              .top = (size_t)o->top};
    return cli_region_difference_show(&difference, &b->tables, b->context);
  }
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
  options o = {.extension = "co2", .level = "region"};
  const cli_option option[] = {
      {"extension", 'e', CLI_TEXT, "NAME", "column of extensions.csv (default: co2)", &o.extension},
      {"level", 'l', CLI_TEXT, "LEVEL", "of the regions, begins the codes of final demand (default: region)", &o.level},
      {"of", 0, CLI_TEXT, "SECTOR", "a sector or group whose part is shown apart, as power_heat", &o.of},
      {"region", 0, CLI_TEXT, "REGION", "with --against: this region alone, by product bought", &o.region},
      {"against", 0, CLI_TEXT, "REGION", "why regions differ from this one, or from the mean of the 'nation'",
       &o.against},
      {"per-head", 0, CLI_FLAG, NULL, "two regions per head; all, and those against the nation, always are",
       &o.per_head},
      {"top", 't', CLI_COUNT, "N", "lines of a table (default: 20 flows, 40 regions, 15 products)", &o.top},
      {"csv", 'c', CLI_TEXT, "FILE", "write all flows, or all effects, into a CSV file too", &o.csv},
      {"figure", 0, CLI_TEXT, "FILE",
       "draw what regions send, net, into an SVG file: a map of tiles where the dataset has one", &o.figure},
      {"force", 'f', CLI_FLAG, NULL, "replace existing files", &o.force},
  };
  char **operand = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (parsed != CLI_GO_ON) return parsed;
  const bool difference = o.region != NULL || o.against != NULL;
  if (difference && (o.of != NULL || o.figure != NULL)) {
    return cli_wrong_usage("embodied", "--of and --figure show trade; they do not go with --region and --against");
  }
  if (!difference && o.per_head) return cli_wrong_usage("embodied", "--per-head goes with --region or --against");
  if (o.top == 0) o.top = o.region != NULL ? 15 : difference ? 40 : 20;
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
