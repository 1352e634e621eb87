/* tanlu run: scenarios in, one result file and a summary out. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/run_regions.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/projection.h"
#include "outputs/result_file.h"
#include "solvers/blas.h"
#include "solvers/memory.h"

typedef struct {
  cli_environment *environment;
  tanlu_context *context;
  const char *output; /* -o, or NULL */
  char *path;         /* of the result file */
  cli_list set;
  int threads;
  bool quiet, force;
  cli_display display;
  tanlu_text_style style;
  size_t count;
  char **name;                   /* count: as given */
  tanlu_scenario **scenario;     /* count */
  tanlu_projection **projection; /* count */
  tanlu_dataset *dataset;
  tanlu_model *model;
  bool regional; /* do the scenarios have a block `regions`? */
  cli_run_regions *regions;
} run;

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static bool same_directory(const char *a, const char *b) {
  char *real_a = realpath(a, NULL), *real_b = realpath(b, NULL);
  const bool same = strcmp(real_a != NULL ? real_a : a, real_b != NULL ? real_b : b) == 0;
  free(real_a);
  free(real_b);
  return same;
}

/* All scenarios, so that the errors of all of them are seen; they must be of one dataset and differ in name. */
static tanlu_status read_scenarios(run *r) {
  tanlu_status worst = TANLU_OK;
  for (size_t s = 0; s < r->count; s++) {
    const tanlu_status status = tanlu_scenario_read(&r->scenario[s], r->name[s], r->set.item, r->set.count, r->context);
    if (status != TANLU_OK && worst == TANLU_OK) worst = status;
  }
  if (worst != TANLU_OK) return worst;
  for (size_t s = 1; s < r->count; s++) {
    const tanlu_scenario *first = r->scenario[0], *own = r->scenario[s];
    if (!same_directory(first->dataset_path, own->dataset_path)) {
      worst = tanlu_fail_at(r->context, TANLU_ERR_INPUT, own->path, 0, 0,
                            "scenario '%s' is of dataset %s but '%s' is of %s; expected one dataset in a run",
                            own->name, own->dataset_path, first->name, first->dataset_path);
    }
    for (size_t k = 0; k < s; k++) {
      if (strcmp(own->name, r->scenario[k]->name) == 0) {
        worst = tanlu_fail_at(r->context, TANLU_ERR_INPUT, own->path, 0, 0, "scenario '%s' is given twice", own->name);
      }
    }
  }
  return worst == TANLU_OK ? cli_run_regions_check(r->scenario, r->count, &r->regional, r->context) : worst;
}

static tanlu_status resolve_scenarios(run *r) {
  tanlu_status worst = TANLU_OK;
  for (size_t s = 0; s < r->count; s++) {
    const tanlu_status status = tanlu_scenario_resolve(r->scenario[s], r->dataset, r->context);
    if (status != TANLU_OK && worst == TANLU_OK) worst = status;
  }
  return worst;
}

/* -o, else results/NAME.h5 after the only scenario or the dataset. */
static tanlu_status choose_output(run *r) {
  if (r->output != NULL) {
    r->path = tanlu_string_copy(r->context, r->output);
    return r->path != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  }
  const char *name = r->count == 1 ? r->scenario[0]->name : r->dataset->name;
  const size_t size = strlen(name) + sizeof "results/.h5";
  r->path = tanlu_allocate(r->context, size, 1);
  if (r->path == NULL) return TANLU_ERR_MEMORY;
  (void)snprintf(r->path, size, "results/%s.h5", name);
  return tanlu_result_writable(r->path, r->force, r->context);
}

static tanlu_status read_all(run *r) {
  tanlu_status status = read_scenarios(r);
  if (status == TANLU_OK) status = tanlu_dataset_read(&r->dataset, r->scenario[0]->dataset_path, r->context);
  if (status == TANLU_OK) status = choose_output(r);
  if (status == TANLU_OK) status = resolve_scenarios(r);
  return status;
}

/* ---- projecting ----------------------------------------------------------------------------------------------------- */

typedef struct {
  cli_progress *progress;
  size_t reported;
} ticker;

static int tick(void *user, size_t years_done) {
  ticker *t = user;
  cli_progress_add(t->progress, years_done - t->reported);
  t->reported = years_done;
  return cli_signal_received();
}

/* With their regions, threads sharing these. */
static tanlu_status project_regions(run *r) {
  size_t years = 0;
  for (size_t s = 0; s < r->count; s++) years += r->scenario[s]->drivers->years;
  tanlu_status status = cli_run_regions_create(&r->regions, r->scenario, r->count, r->model, r->dataset, r->context);
  if (status != TANLU_OK || cli_signal_received() != 0) return status;
  ticker t = {.progress = cli_progress_start("years", years, r->quiet)};
  status = cli_run_regions_project(r->regions, r->dataset, r->projection, r->threads, tick, &t, r->context);
  cli_progress_finish(&t.progress);
  return status;
}

/* Each scenario on one thread, with arrays and messages of its own: the results do not depend on the number of threads. */
static tanlu_status project_all(run *r) {
  size_t years = 0;
  for (size_t s = 0; s < r->count; s++) years += r->scenario[s]->drivers->years;
  tanlu_status *status = tanlu_allocate(r->context, r->count, sizeof *status), worst = TANLU_OK;
  tanlu_context **context = tanlu_allocate(r->context, r->count, sizeof *context);
  if (status == NULL || context == NULL) {
    free(status);
    free(context);
    return TANLU_ERR_MEMORY;
  }
  cli_progress *progress = cli_progress_start("years", years, r->quiet);
#pragma omp parallel for num_threads(r->threads) schedule(dynamic, 1)
  for (size_t s = 0; s < r->count; s++) {
    const tanlu_drivers *drivers = r->scenario[s]->drivers;
    ticker t = {.progress = progress};
    context[s] = tanlu_context_create();
    status[s] = cli_signal_received() != 0 ? TANLU_INTERRUPTED : TANLU_OK;
    if (status[s] == TANLU_OK) {
      status[s] = tanlu_projection_create(&r->projection[s], r->dataset, drivers->from, drivers->years, context[s]);
    }
    if (status[s] == TANLU_OK) {
      status[s] = tanlu_project(r->model, drivers, r->scenario[s]->name, r->projection[s], tick, &t, context[s]);
    }
  }
  cli_progress_finish(&progress);
  for (size_t s = 0; s < r->count; s++) {
    tanlu_context_append(r->context, context[s]);
    tanlu_context_free(&context[s]);
    if (worst == TANLU_OK || status[s] == TANLU_INTERRUPTED) worst = status[s] != TANLU_OK ? status[s] : worst;
  }
  free(context);
  free(status);
  return worst;
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

/* Names and digests of all files read; those of the dataset carry its name. A file two scenarios share is listed once. */
typedef struct {
  char **name;
  const char **sha256;
  size_t count;
} input_list;

static tanlu_status list_inputs(const run *r, input_list *list) {
  const size_t regional = r->regions != NULL ? r->regions->set->files : 0;
  size_t most = r->dataset->files + regional;
  for (size_t s = 0; s < r->count; s++) most += r->scenario[s]->files;
  list->name = tanlu_allocate(r->context, most, sizeof *list->name);
  list->sha256 = tanlu_allocate(r->context, most, sizeof *list->sha256);
  if (list->name == NULL || list->sha256 == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < r->dataset->files; i++) {
    const size_t size = strlen(r->dataset->name) + strlen(r->dataset->file[i]) + 2;
    char *name = tanlu_allocate(r->context, size, 1);
    if (name == NULL) return TANLU_ERR_MEMORY;
    (void)snprintf(name, size, "%s/%s", r->dataset->name, r->dataset->file[i]);
    list->sha256[list->count] = r->dataset->sha256[i];
    list->name[list->count++] = name;
  }
  for (size_t i = 0; i < regional; i++) {
    list->sha256[list->count] = r->regions->set->sha256[i];
    list->name[list->count] = tanlu_string_copy(r->context, r->regions->set->file[i]);
    if (list->name[list->count++] == NULL) return TANLU_ERR_MEMORY;
  }
  for (size_t s = 0; s < r->count; s++) {
    for (size_t i = 0; i < r->scenario[s]->files; i++) {
      const char *file = r->scenario[s]->file[i];
      bool known = false;
      for (size_t k = 0; k < list->count; k++) known = known || strcmp(list->name[k], file) == 0;
      if (known) continue;
      list->name[list->count] = tanlu_string_copy(r->context, file);
      if (list->name[list->count] == NULL) return TANLU_ERR_MEMORY;
      list->sha256[list->count++] = r->scenario[s]->sha256[i];
    }
  }
  return TANLU_OK;
}

static tanlu_status write_all(const run *r) {
  input_list inputs = {0};
  tanlu_status status = list_inputs(r, &inputs);
  tanlu_result_scenario *scenario = tanlu_allocate(r->context, r->count, sizeof *scenario);
  if (scenario == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    for (size_t s = 0; s < r->count; s++) {
      scenario[s] = (tanlu_result_scenario){.name = r->scenario[s]->name,
                                            .title = r->scenario[s]->title,
                                            .text = r->scenario[s]->text,
                                            .projection = r->projection[s]};
      if (r->regions != NULL) scenario[s].regions = cli_run_regions_result(r->regions, s);
    }
    const tanlu_provenance provenance = {
        .version = cli_version(),
        .commit = cli_commit(),
        .build_flags = cli_build_flags(),
        .blas_core = tanlu_blas_core(),
        .command_line = r->environment->command_line,
        .threads = r->threads,
        .inputs = inputs.count,
        .input = (const char *const *)inputs.name,
        .sha256 = inputs.sha256,
    };
    status = tanlu_result_write(r->path, r->force, r->dataset, scenario, r->count, &provenance, r->context);
  }
  free(scenario);
  for (size_t i = 0; i < inputs.count; i++) free(inputs.name[i]);
  free(inputs.name);
  free(inputs.sha256);
  return status;
}

/* The summary is made from the file, so what is shown is what was stored. */
static tanlu_status print_summary(const run *r) {
  tanlu_result *result = NULL;
  tanlu_status status = tanlu_result_open(&result, r->path, r->context);
  if (status != TANLU_OK) return status;
  status = cli_overview(result, &r->style, r->context);
  (void)printf("\nwritten to %s\n", r->path);
  tanlu_result_close(&result);
  return status;
}

/* ---- the command ---------------------------------------------------------------------------------------------------- */

static tanlu_status interrupted(tanlu_status status) {
  return cli_signal_received() != 0 ? TANLU_INTERRUPTED : status;
}

static tanlu_status run_all(run *r) {
  tanlu_status status = TANLU_OK;
  if (r->output != NULL) status = tanlu_result_writable(r->output, r->force, r->context);
  if (status == TANLU_OK) status = interrupted(read_all(r));
  if (status == TANLU_OK) status = interrupted(tanlu_model_create(&r->model, r->dataset, r->context));
  if (status == TANLU_OK) status = interrupted(r->regional ? project_regions(r) : project_all(r));
  if (status == TANLU_OK) status = write_all(r); /* a signal from here on comes too late */
  if (status == TANLU_OK && !r->quiet) status = print_summary(r);
  return status;
}

static const cli_usage usage = {
    .command = "run",
    .synopsis = "SCENARIO...",
    .purpose =
        "Project scenarios for every year, write all results into one HDF5 file (also valid netCDF-4) and print a\n"
        "summary. SCENARIO is a file or the name of a scenario; all must be of one dataset. Scenarios with a block\n"
        "`regions` are projected by region too (all scenarios of a run then, with the same regions): the file holds\n"
        "the nation as ever and, along a dimension region, every region; the summary judges aims for the years of\n"
        "their peaks.",
    .examples = "  tanlu run reference\n"
                "  tanlu run -o results/pair.h5 reference dual-carbon\n"
                "  tanlu run -o results/slow.h5 --set gdp.growth.2030=4.0 --set sinks.2060=900 dual-carbon\n"
                "  tanlu run dual-carbon-provinces\n",
    .least = 1,
    .most = -1,
    .operands = "at least one scenario",
};

int cli_run(cli_environment *environment, int argc, char **argv) {
  run r = {.environment = environment, .threads = environment->threads};
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "FILE", "result file (default: results/NAME.h5)", &r.output},
      {"set", 's', CLI_LIST, "PATH=VALUE", "set a value of every scenario, e.g. gdp.growth.2030=4.0", &r.set},
      {"threads", 't', CLI_COUNT, "N", "threads (default: all cores); results do not depend on it", &r.threads},
      {"quiet", 'q', CLI_FLAG, NULL, "no progress, notes or summary", &r.quiet},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing result file", &r.force},
      CLI_CHART_OPTIONS(r.display),
      CLI_COLOR_OPTION(r.display),
  };
  int count = 0;
  int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &r.name, &count);
  if (parsed == CLI_GO_ON) parsed = cli_terminal_style(&r.display, "run", &r.style);
  if (parsed == CLI_GO_ON) parsed = cli_ranks_check_launch(environment, "run");
  if (parsed != CLI_GO_ON) {
    free(r.set.item);
    return parsed;
  }
  cli_signals_catch();
  r.count = (size_t)count;
  r.context = tanlu_context_create();
  r.scenario = tanlu_allocate(r.context, r.count, sizeof *r.scenario);
  r.projection = tanlu_allocate(r.context, r.count, sizeof *r.projection);
  const bool enough = r.context != NULL && r.scenario != NULL && r.projection != NULL;
  const tanlu_status status = enough ? run_all(&r) : TANLU_ERR_MEMORY;
  cli_print_messages(environment, r.context, !r.quiet);
  if (status == TANLU_INTERRUPTED) (void)fprintf(stderr, "tanlu: stopped by a signal; nothing was written\n");
  for (size_t s = 0; enough && s < r.count; s++) {
    tanlu_projection_free(&r.projection[s]);
    tanlu_scenario_free(&r.scenario[s]);
  }
  cli_run_regions_free(&r.regions);
  free(r.projection);
  free(r.scenario);
  tanlu_model_free(&r.model);
  tanlu_dataset_free(&r.dataset);
  tanlu_context_free(&r.context);
  free(r.path);
  free(r.set.item);
  return cli_status_exit(status);
}
