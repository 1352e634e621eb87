/* tanlu pilots: the low-carbon pilot provinces and cities. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/tables.h"
#include "inputs/dataset_file.h"
#include "inputs/pilots_file.h"
#include "inputs/provinces_file.h"
#include "outputs/output_file.h"
#include "outputs/pilot_view.h"

static const cli_usage usage = {
    .command = "pilots",
    .synopsis = "[--pilot NAME] [--provinces DATASET]",
    .purpose =
        "The 42 low-carbon pilot provinces and cities of China: their types (income against CO2 per head in 2010), "
        "what\n"
        "their goals on CO2 per GDP for 2015 and 2020 allowed with GDP as it came, its Kaya split, and how far GDP\n"
        "and structure came. Inventories of CO2 stand side by side, never averaged. With --provinces accounts of CO2\n"
        "by downscaling the province of each city, with the spread between three ways to do so.",
    .examples = "  tanlu pilots\n"
                "  tanlu pilots --pilot Baoding\n"
                "  tanlu regionalise china-2020-42 -o provinces-2020\n"
                "  tanlu pilots --provinces ./provinces-2020 --csv pilots.csv\n"
                "  tanlu pilots --figure pilots.svg\n",
    .least = 0,
    .most = 0,
    .operands = "no operands",
};

typedef struct {
  const char *provinces, *regions, *pilot, *pilots, *panel, *csv, *figure;
  bool force;
} options;

enum { FILES = 2 };

typedef struct {
  const options *options;
  tanlu_context *context;
  cli_tables tables;
  tanlu_pilots pilots;
  tanlu_goals goals[FILES]; /* for 2015, and the shipped ones */
  tanlu_provinces provinces;
  tanlu_city_accounts accounts;
  char *picture; /* SVG */
  size_t picture_length;
} job;

/* A file given, or the shipped one of policy/. */
static tanlu_status find_file(const job *b, const char *given, const char *shipped, char **path) {
  *path = NULL;
  if (given == NULL) return tanlu_input_find(path, "policy", shipped, "policy", b->context);
  *path = strdup(given);
  return *path != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status read_pilots(job *b) {
  char *path = NULL, *panel = NULL;
  tanlu_status status = find_file(b, b->options->pilots, "pilots.csv", &path);
  if (status == TANLU_OK) status = find_file(b, b->options->panel, "pilot-panel.csv", &panel);
  if (status == TANLU_OK) status = tanlu_pilots_read(&b->pilots, path, panel, b->context);
  free(path);
  free(panel);
  return status;
}

static tanlu_status read_goals(job *b) {
  char *path = NULL;
  tanlu_status status = find_file(b, NULL, "pilot-goals.csv", &path);
  if (status == TANLU_OK) status = cli_read_goals(&b->goals[0], path, b->context);
  if (status == TANLU_OK) status = cli_read_goals(&b->goals[1], NULL, b->context);
  free(path);
  return status;
}

static tanlu_status read_provinces(job *b) {
  char *dataset = NULL, *regions = NULL;
  tanlu_status status = tanlu_input_find(&dataset, "data", b->options->provinces, NULL, b->context);
  if (status == TANLU_OK) status = tanlu_input_find(&regions, "regions", b->options->regions, NULL, b->context);
  if (status == TANLU_OK) status = tanlu_provinces_read(&b->provinces, dataset, regions, b->context);
  if (status == TANLU_OK) status = tanlu_city_accounts_make(&b->accounts, &b->pilots, &b->provinces, b->context);
  free(dataset);
  free(regions);
  return status;
}

/* A pilot by code or name. */
static tanlu_status find_pilot(const job *b, size_t *found) {
  const tanlu_labels *label = &b->pilots.label;
  const char *given = b->options->pilot;
  *found = TANLU_NONE;
  if (given == NULL) return TANLU_OK;
  *found = tanlu_labels_find(label, given);
  for (size_t i = 0; i < label->count; i++) {
    if (strcmp(label->name[i], given) == 0 || strcmp(label->name_zh[i], given) == 0) *found = i;
  }
  if (*found != TANLU_NONE) return TANLU_OK;
  const char *nearest = tanlu_nearest(given, (const char *const *)label->name, label->count);
  if (nearest == NULL) nearest = tanlu_labels_nearest(label, given);
  return nearest != NULL
             ? tanlu_fail(b->context, TANLU_ERR_INPUT, "unknown pilot '%s'; did you mean '%s'?", given, nearest)
             : tanlu_fail(b->context, TANLU_ERR_INPUT, "unknown pilot '%s'; 'tanlu pilots' lists all", given);
}

/* The picture as text, before anything is written. */
static tanlu_status draw(job *b, const tanlu_pilot_view *view) {
  FILE *stream = open_memstream(&b->picture, &b->picture_length);
  tanlu_figure *figure = tanlu_pilot_figure(view, b->context);
  tanlu_status status = stream != NULL && figure != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_figure_svg(figure, true, stream, b->context);
  if (stream != NULL && fclose(stream) != 0 && status == TANLU_OK) status = TANLU_ERR_MEMORY;
  tanlu_figure_free(&figure);
  return status;
}

static tanlu_status read_all(job *b, tanlu_pilot_view *view) {
  const options *o = b->options;
  tanlu_status status = o->figure != NULL ? tanlu_output_file_check(o->figure, o->force, b->context) : TANLU_OK;
  if (status == TANLU_OK) status = read_pilots(b);
  if (status == TANLU_OK) status = read_goals(b);
  if (status == TANLU_OK) status = find_pilot(b, &view->only);
  if (status != TANLU_OK || o->provinces == NULL) return status;
  view->provinces = &b->provinces;
  view->accounts = &b->accounts;
  status = read_provinces(b);
  if (status != TANLU_OK || view->only == TANLU_NONE || view->only == b->pilots.nation) return status;
  if (b->accounts.region[view->only] != TANLU_NONE) return TANLU_OK;
  return tanlu_fail(b->context, TANLU_ERR_INPUT, "dataset '%s' has no region '%s', in which %s lies", b->provinces.name,
                    b->pilots.pilot[view->only].province, b->pilots.label.name[view->only]);
}

static tanlu_status run(job *b) {
  const options *o = b->options;
  const tanlu_goals *goals[FILES] = {&b->goals[0], &b->goals[1]};
  tanlu_pilot_view view = {.pilots = &b->pilots, .goals = goals, .files = FILES, .only = TANLU_NONE};
  tanlu_status status = cli_tables_open(&b->tables, o->csv, o->force, b->context);
  if (status == TANLU_OK) status = read_all(b, &view);
  if (status == TANLU_OK) status = tanlu_pilot_print(&view, b->tables.out, b->context);
  if (status == TANLU_OK && b->tables.csv != NULL) tanlu_pilot_write(&view, b->tables.csv);
  if (status == TANLU_OK && o->figure != NULL) status = draw(b, &view);
  status = cli_tables_close(&b->tables, status, b->context);
  if (status != TANLU_OK || o->figure == NULL) return status;
  return tanlu_output_file_put(o->figure, o->force, b->picture, b->picture_length, b->context);
}

static void clear(job *b) {
  free(b->picture);
  tanlu_city_accounts_clear(&b->accounts);
  tanlu_provinces_clear(&b->provinces);
  tanlu_pilots_clear(&b->pilots);
  for (size_t f = 0; f < FILES; f++) tanlu_goals_clear(&b->goals[f]);
  tanlu_context_free(&b->context);
}

int cli_pilots(cli_environment *environment, int argc, char **argv) {
  options o = {.regions = "china-2020"};
  const cli_option option[] = {
      {"pilot", 'p', CLI_TEXT, "NAME", "only this one, with all its goals: Baoding, or its code or Chinese name",
       &o.pilot},
      {"provinces", 0, CLI_TEXT, "DATASET", "accounts of CO2 from the regions of a dataset of 'tanlu regionalise'",
       &o.provinces},
      {"regions", 'r', CLI_TEXT, "NAME", "regional statistics that say how large the regions are (default: china-2020)",
       &o.regions},
      {"pilots", 0, CLI_TEXT, "FILE", "pilots of this file (default: the shipped policy/pilots.csv)", &o.pilots},
      {"panel", 0, CLI_TEXT, "FILE", "their panel (default: the shipped policy/pilot-panel.csv)", &o.panel},
      {"csv", 'c', CLI_TEXT, "FILE", "write the figures into a CSV file, one record each", &o.csv},
      {"figure", 0, CLI_TEXT, "FILE", "draw income against CO2 per head into an SVG file", &o.figure},
      {"force", 'f', CLI_FLAG, NULL, "replace existing files", &o.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status != CLI_GO_ON) return status;
  job b = {.options = &o, .context = tanlu_context_create()};
  const tanlu_status done = b.context != NULL ? run(&b) : TANLU_ERR_MEMORY;
  if (b.context != NULL) cli_print_messages(environment, b.context, true);
  clear(&b);
  return tanlu_status_exit(done);
}
