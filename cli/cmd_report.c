/* tanlu report: figures and tables of a result file, or of a dataset of regions, in one page. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/report_projection.h"
#include "cli/report_regions.h"
#include "cli/signals.h"
#include "inputs/iamc_file.h"
#include "outputs/figure_files.h"
#include "outputs/output_file.h"
#include "outputs/report_sweep.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

enum { MILESTONE = 2030 };

typedef struct {
  const char *output, *figures, *formats, *overlay, *region, *extension, *title;
  cli_list scenario;
  int year;
  bool force, quiet;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  tanlu_result *result;
  tanlu_report *report;
  /* of a run */
  tanlu_run_data data;
  tanlu_goals goals;
  bool *chosen; /* goals */
  tanlu_overlay *overlay;
  cli_report_projection projection;
  /* of a dataset */
  char *dataset;
  cli_report_regions regions;
  /* files */
  char *page;
  size_t page_size;
  tanlu_figure_files files;
} job;

/* ---- what a report of a run is made of --------------------------------------------------------------------------------------- */

/* The goals that summaries show; without them, with a warning, where they cannot be read. */
static tanlu_status read_goals(job *j) {
  tanlu_context *apart = tanlu_context_create();
  if (apart == NULL) return tanlu_fail(j->context, TANLU_ERR_MEMORY, "out of memory");
  tanlu_status status = cli_read_goals(&j->goals, NULL, apart);
  if (status == TANLU_OK) {
    j->chosen = tanlu_allocate(j->context, j->goals.label.count, sizeof *j->chosen);
    if (j->chosen == NULL) status = TANLU_ERR_MEMORY;
    for (size_t g = 0; j->chosen != NULL && g < j->goals.label.count; g++) {
      j->chosen[g] = tanlu_goal_in_preset(&j->goals.goal[g], CLI_USUAL_GOALS);
    }
  } else if (status != TANLU_ERR_MEMORY) {
    tanlu_warn(j->context, "goals are left out: %s",
               tanlu_context_count(apart) > 0 ? tanlu_context_message(apart, 0) : "");
    status = TANLU_OK;
  }
  tanlu_context_free(&apart);
  return status;
}

static tanlu_status take_row(void *user, const tanlu_iamc_row *row, tanlu_context *context) {
  job *j = user;
  const tanlu_overlay_row given = {.file = row->file,
                                   .line = row->line,
                                   .model = row->model,
                                   .scenario = row->scenario,
                                   .region = row->region,
                                   .variable = row->variable,
                                   .unit = row->unit,
                                   .points = row->points,
                                   .year = row->year,
                                   .value = row->value};
  return tanlu_overlay_add(j->overlay, &given, context);
}

static tanlu_status read_overlay(job *j) {
  const options *o = j->options;
  const char *own = tanlu_result_attribute(j->result, "region");
  const char *region = o->region != NULL ? o->region : own != NULL ? own : "China";
  if (o->overlay == NULL) return TANLU_OK;
  tanlu_status status = tanlu_overlay_create(&j->overlay, region, j->context);
  if (status == TANLU_OK) status = tanlu_iamc_read(o->overlay, take_row, j, j->context);
  if (status != TANLU_OK) return status;
  const tanlu_overlay_left *left = tanlu_overlay_left_out(j->overlay);
  if (left->rows > 0 && left->other_region == left->rows) {
    return tanlu_fail_at(j->context, TANLU_ERR_INPUT, o->overlay, 0, 0,
                         "has no row of the region '%s'; expected one, or --region with one such as '%s'", region,
                         left->first_region);
  }
  if (tanlu_overlay_curves(j->overlay) == 0) {
    return tanlu_fail_at(j->context, TANLU_ERR_INPUT, o->overlay, 0, 0,
                         "has no variable that results have%s%s%s; 'tanlu export --list' names them",
                         left->first_unknown != NULL ? " ('" : "",
                         left->first_unknown != NULL ? left->first_unknown : "",
                         left->first_unknown != NULL ? "', ...)" : "");
  }
  if (left->unknown > 0) {
    tanlu_note(j->context, "%s: %zu rows of variables that results do not have are not drawn (%s, ...)", o->overlay,
               left->unknown, left->first_unknown);
  }
  if (left->other_region > 0) {
    tanlu_note(j->context, "%s: %zu rows of other regions than %s are not drawn (%s, ...)", o->overlay,
               left->other_region, region, left->first_region);
  }
  return TANLU_OK;
}

/* Year of the energy flows: what was asked for, else 2030, else the last one of the scenario. */
static tanlu_status choose_year(const job *j, int *year) {
  const tanlu_run_data *d = &j->data;
  const size_t found = tanlu_run_last(d, d->main, "gdp"), last = found != TANLU_NONE ? found : d->years - 1;
  const size_t milestone = tanlu_run_year(d, MILESTONE);
  *year = d->year[milestone != TANLU_NONE && milestone <= last ? milestone : last];
  if (j->options->year == 0) return TANLU_OK;
  *year = j->options->year;
  const size_t t = tanlu_run_year(d, *year);
  if (t != TANLU_NONE && t <= last) return TANLU_OK;
  return tanlu_fail(j->context, TANLU_ERR_INPUT, "--year %d is outside the years of scenario '%s', %d to %d", *year,
                    d->scenario->code[d->main], d->year[0], d->year[last]);
}

static tanlu_status report_run(job *j) {
  const options *o = j->options;
  int year = 0;
  tanlu_status status = tanlu_run_data_read(&j->data, j->result, o->scenario.count > 0 ? o->scenario.item : NULL,
                                            o->scenario.count, j->context);
  if (status == TANLU_OK) status = choose_year(j, &year);
  if (status == TANLU_OK) status = read_overlay(j);
  if (status == TANLU_OK) status = read_goals(j);
  if (status == TANLU_OK) {
    const char *name = j->data.scenario->code[j->data.main];
    status = cli_report_project(&j->projection, tanlu_result_path(j->result), name, year, j->context);
  }
  if (status != TANLU_OK) return status;
  const char *slash = o->overlay != NULL ? strrchr(o->overlay, '/') : NULL;
  const tanlu_report_run_input input = {.data = &j->data,
                                        .goals = j->chosen != NULL ? &j->goals : NULL,
                                        .chosen = j->chosen,
                                        .overlay = j->overlay,
                                        .overlay_file = slash != NULL ? slash + 1 : o->overlay,
                                        .changes = j->projection.changes,
                                        .change = j->projection.change,
                                        .flows = j->projection.has_flows ? &j->projection.flows : NULL,
                                        .missing = j->projection.missing};
  return tanlu_report_run(j->report, &input, j->context);
}

static tanlu_status report_sweep(job *j) {
  const options *o = j->options;
  const char *option = o->scenario.count > 0 ? "--scenario"
                       : o->year != 0        ? "--year"
                       : o->overlay != NULL  ? "--overlay"
                                             : NULL;
  if (option == NULL) return tanlu_report_sweep(j->report, j->result, j->context);
  return tanlu_fail_at(j->context, TANLU_ERR_INPUT, tanlu_result_path(j->result), 0, 0,
                       "is the file of a sweep; %s goes with the file of a run", option);
}

/* ---- files ------------------------------------------------------------------------------------------------------------------- */

/* "Tanlu 0.1.0 (abc), 2026-11-21": what made the results, and when. */
static void put_subtitle(tanlu_result *result, char *text, size_t size) {
  enum { DATE = 10 };
  const char *source = tanlu_result_attribute(result, "source"), *history = tanlu_result_attribute(result, "history");
  (void)snprintf(text, size, "%s%s%.*s", source != NULL ? source : "", source != NULL && history != NULL ? ", " : "",
                 DATE, history != NULL ? history : "");
}

static tanlu_status make_page(job *j) {
  FILE *stream = open_memstream(&j->page, &j->page_size);
  if (stream == NULL) return tanlu_fail(j->context, TANLU_ERR_MEMORY, "out of memory for the report");
  tanlu_status status = tanlu_report_html(j->report, stream, j->context);
  if (fclose(stream) != 0 && status == TANLU_OK) {
    status = tanlu_fail(j->context, TANLU_ERR_MEMORY, "out of memory for the report");
  }
  return status;
}

/* Where figures go and in which formats; nothing without --figures. */
static tanlu_status choose_files(job *j) {
  const options *o = j->options;
  unsigned possible = 0;
  j->files = (tanlu_figure_files){
      .directory = o->figures, .formats = TANLU_FORMATS_ALL, .asked = o->formats != NULL, .force = o->force};
  tanlu_status status = TANLU_OK;
  if (o->formats != NULL) status = tanlu_figure_formats_read(o->formats, &j->files.formats, j->context);
  if (status != TANLU_OK || o->figures == NULL) return status;
  status = tanlu_figure_files_check(&j->files, NULL, 0, &possible, j->context);
  j->files.formats = possible;
  return status;
}

static void count_file(void *user) {
  cli_progress_add(user, 1);
}

static bool is_stopped(void *user) {
  (void)user;
  return cli_signal_received() != 0;
}

static tanlu_status write_figures(job *j) {
  size_t count;
  const tanlu_figure *const *figure = tanlu_report_figures(j->report, &count);
  cli_progress *progress =
      cli_progress_start("files", count * tanlu_figure_formats_count(j->files.formats), j->options->quiet);
  j->files.done = count_file;
  j->files.stopped = is_stopped;
  j->files.user = progress;
  const tanlu_status status = tanlu_figure_files_write(&j->files, figure, count, j->context);
  cli_progress_finish(&progress);
  return status;
}

/* The page appears when the figures have been written. */
static tanlu_status write_files(job *j) {
  const options *o = j->options;
  tanlu_output_file page;
  tanlu_status status = TANLU_OK;
  if (cli_signal_received() != 0) return tanlu_fail(j->context, TANLU_INTERRUPTED, "stopped; nothing is written");
  if (o->output != NULL) {
    status = tanlu_output_file_begin(&page, o->output, o->force, j->context);
    if (status == TANLU_OK) status = tanlu_output_file_write(&page, j->page, j->page_size, j->context);
    if (status != TANLU_OK) return status;
  }
  if (o->figures != NULL) status = write_figures(j);
  if (o->output == NULL) return status;
  if (status == TANLU_OK) return tanlu_output_file_commit(&page, j->context);
  tanlu_output_file_abandon(&page);
  return status;
}

/* --force must not put the page over what it is made of. */
static tanlu_status check_not_read(const char *output, const char *input, tanlu_context *context) {
  struct stat a, b;
  if (stat(output, &a) != 0 || stat(input, &b) != 0 || a.st_dev != b.st_dev || a.st_ino != b.st_ino) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, output, 0, 0, "is read for this report; choose another name");
}

static tanlu_status report_dataset(job *j) {
  const options *o = j->options;
  const char *option = o->scenario.count > 0 ? "--scenario"
                       : o->year != 0        ? "--year"
                       : o->overlay != NULL  ? "--overlay"
                                             : NULL;
  if (option != NULL) {
    return tanlu_fail_at(j->context, TANLU_ERR_INPUT, j->dataset, 0, 0, "is a dataset; %s goes with the file of a run",
                         option);
  }
  char program[128];
  (void)snprintf(program, sizeof program, "Tanlu %s", cli_version());
  const char *extension = o->extension != NULL ? o->extension : "co2";
  tanlu_status status = cli_report_regions_read(&j->regions, j->dataset, extension, j->context);
  if (status != TANLU_OK) return status;
  j->report = tanlu_report_create(o->title != NULL ? o->title : j->regions.dataset->title, program, j->context);
  if (j->report == NULL) return TANLU_ERR_MEMORY;
  status = tanlu_report_regions(j->report, &j->regions.input, j->context);
  if (status == TANLU_OK) tanlu_report_provenance_dataset(j->report, j->regions.dataset, program);
  return status;
}

static tanlu_status report_result(job *j, const char *path) {
  const options *o = j->options;
  char subtitle[256];
  tanlu_status status = tanlu_result_open(&j->result, path, j->context);
  if (status == TANLU_OK && o->extension != NULL) {
    status = tanlu_fail_at(j->context, TANLU_ERR_INPUT, path, 0, 0,
                           "is a result file; --extension goes with a dataset of regions");
  }
  if (status != TANLU_OK) return status;
  const char *own = tanlu_result_attribute(j->result, "title");
  put_subtitle(j->result, subtitle, sizeof subtitle);
  j->report = tanlu_report_create(o->title != NULL ? o->title
                                  : own != NULL    ? own
                                                   : "Carbon pathways",
                                  subtitle, j->context);
  if (j->report == NULL) return TANLU_ERR_MEMORY;
  status = tanlu_result_is_sweep(j->result) ? report_sweep(j) : report_run(j);
  if (status != TANLU_OK) return status;
  tanlu_report_provenance(j->report, j->result);
  return TANLU_OK;
}

static tanlu_status run_all(job *j, const char *operand) {
  const options *o = j->options;
  tanlu_status status = TANLU_OK;
  if (o->output != NULL) status = tanlu_output_file_check(o->output, o->force, j->context);
  if (o->output != NULL && status == TANLU_OK) status = check_not_read(o->output, operand, j->context);
  if (o->output != NULL && o->overlay != NULL && status == TANLU_OK) {
    status = check_not_read(o->output, o->overlay, j->context);
  }
  if (status == TANLU_OK) status = choose_files(j);
  if (status == TANLU_OK) status = cli_report_is_dataset(operand, &j->dataset, j->context);
  if (status == TANLU_OK) status = j->dataset != NULL ? report_dataset(j) : report_result(j, operand);
  if (status == TANLU_OK) status = make_page(j);
  return status == TANLU_OK ? write_files(j) : status;
}

static void clear(job *j) {
  free(j->page);
  tanlu_report_free(&j->report);
  tanlu_overlay_free(&j->overlay);
  cli_report_projection_clear(&j->projection);
  tanlu_goals_clear(&j->goals);
  free(j->chosen);
  tanlu_run_data_clear(&j->data);
  tanlu_result_close(&j->result);
  cli_report_regions_clear(&j->regions);
  free(j->dataset);
  tanlu_context_free(&j->context);
}

/* ---- the command --------------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "report",
    .synopsis = "RESULT.h5|DATASET -o REPORT.html",
    .purpose =
        "Put figures and tables of a result file, or of a dataset of several regions, into one HTML page that needs\n"
        "nothing else: no network, no script.\n"
        "Of a run: CO2, power, energy, industrial structure, goals met and missed, what changes come from, energy\n"
        "from source to use, products, assumptions and provenance; of scenarios by region also the CO2 path, peak,\n"
        "generation and trade of each. Of a sweep: how outputs are spread and which parameters matter. Of a dataset\n"
        "with a level `region` and extensions.csv, as `tanlu regionalise` and `tanlu import` make them: who emits and\n"
        "for whose final demand, what trade moves, what regions are made of. Regions are on maps of tiles where the\n"
        "file has places for them.\n"
        "--figures writes the same figures as SVG, PDF and PNG with their numbers as CSV. Energy flows and\n"
        "decompositions project a scenario again, for which its dataset must be found unchanged.",
    .examples = "  tanlu report results/china-2020.h5 -o results/china-2020.html\n"
                "  tanlu report -s dual-carbon -s reference -y 2060 -o pair.html results/china-2020.h5\n"
                "  tanlu report --figures figures results/china-2020.h5\n"
                "  tanlu report --overlay others.csv --region CHN -o against.html results/china-2020.h5\n"
                "  tanlu report -o provinces.html ./provinces-2020\n"
                "  tanlu report -o paths.html results/provinces.h5\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a dataset of regions",
};

int cli_report(cli_environment *environment, int argc, char **argv) {
  options o = {0};
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "FILE", "the page to write", &o.output},
      {"figures", 0, CLI_TEXT, "DIR", "write every figure as SVG, PDF, PNG and CSV into this directory", &o.figures},
      {"formats", 0, CLI_TEXT, "LIST", "of these files: svg, csv, pdf, png (default: all that can be made)",
       &o.formats},
      {"scenario", 's', CLI_LIST, "NAME", "only this scenario (may be repeated); the first is shown where there is one",
       &o.scenario},
      {"year", 'y', CLI_COUNT, "YEAR", "year of the energy flows (default: 2030, or the last)", &o.year},
      {"overlay", 0, CLI_TEXT, "FILE", "CSV of the IAMC: curves of other projections behind ours", &o.overlay},
      {"region", 0, CLI_TEXT, "NAME", "region of these curves (default: that of the results, China)", &o.region},
      {"extension", 'e', CLI_TEXT, "NAME", "of a dataset: column of extensions.csv that is reported (default: co2)",
       &o.extension},
      {"title", 0, CLI_TEXT, "TEXT", "title of the page (default: that of the results)", &o.title},
      {"quiet", 'q', CLI_FLAG, NULL, "no progress or notes", &o.quiet},
      {"force", 'f', CLI_FLAG, NULL, "replace existing files", &o.force},
  };
  char **operand = NULL;
  int count = 0;
  int status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON && o.output == NULL && o.figures == NULL) {
    status = cli_wrong_usage("report", "expected --output FILE, --figures DIR or both");
  }
  if (status == CLI_GO_ON && o.formats != NULL && o.figures == NULL) {
    status = cli_wrong_usage("report", "--formats goes with --figures");
  }
  if (status == CLI_GO_ON && o.region != NULL && o.overlay == NULL) {
    status = cli_wrong_usage("report", "--region goes with --overlay");
  }
  if (status == CLI_GO_ON) {
    cli_signals_catch();
    job j = {.options = &o, .context = tanlu_context_create()};
    const tanlu_status done = j.context != NULL ? run_all(&j, operand[0]) : TANLU_ERR_MEMORY;
    if (j.context != NULL) cli_print_messages(environment, j.context, !o.quiet);
    clear(&j);
    status = done == TANLU_INTERRUPTED ? 128 + cli_signal_received() : tanlu_status_exit(done);
  }
  free(o.scenario.item);
  return status;
}
