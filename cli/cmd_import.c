/* tanlu import: a table of others as a dataset of accounts alone. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "inputs/dataset_file.h"
#include "inputs/import.h"
#include "outputs/dataset_write.h"
#include "outputs/import_view.h"
#include "solvers/memory.h"

static const double usual_tolerance = 1e-6;

typedef struct {
  const tanlu_import_format *format;
  const char *path, *output, *name, *title, *region, *money, *dataset, *concordance;
  int year;
  double tolerance;
  bool fold, force;
} options;

typedef struct {
  const options *options;
  tanlu_context *context;
  tanlu_dataset_writer *writer;
  const tanlu_table_heads *given; /* of the format */
  tanlu_table_heads heads;        /* the same with a text of SOURCES.md */
  char *money, *sources;
  tanlu_table_report report;
  const char *command_line;
} job;

/* ---- the sink ---------------------------------------------------------------------------------------------------------- */

static tanlu_status begin(void *user, const tanlu_table_heads *heads, tanlu_context *context) {
  job *b = user;
  b->given = heads;
  b->money = tanlu_string_copy(context, heads->money);
  if (b->money == NULL ||
      asprintf(
          &b->sources,
          "# Sources of %s\n\nMade by\n\n    %s\n\nThe files that were read, with their SHA-256, what was found in "
          "them and what was done\nabout it stand in IMPORT.md. The licence is that of the source: look at its "
          "terms before you pass\nthe table on.\n%s%s",
          heads->name, b->command_line, heads->sources != NULL && heads->sources[0] != '\0' ? "\n" : "",
          heads->sources != NULL ? heads->sources : "") < 0) {
    b->sources = NULL;
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the sources");
  }
  b->heads = *heads;
  b->heads.sources = b->sources;
  return tanlu_dataset_writer_create(&b->writer, b->options->output, b->options->force, &b->heads, context);
}

static tanlu_status take_row(void *user, const double *row, const double *domestic, tanlu_context *context) {
  job *b = user;
  return tanlu_dataset_writer_flows(b->writer, row, domestic, context);
}

static tanlu_status take_margins(void *user, const tanlu_table_margins *m, tanlu_context *context) {
  job *b = user;
  b->heads = *b->given;
  b->heads.sources = b->sources;
  return tanlu_dataset_writer_margins(b->writer, m->final_use, m->final_domestic, m->imports, m->discrepancy,
                                      m->value_added, m->output, context);
}

static tanlu_status take_extensions(void *user, const tanlu_table_extensions *extensions, tanlu_context *context) {
  job *b = user;
  return tanlu_dataset_writer_extensions(b->writer, extensions, context);
}

/* ---- the work ---------------------------------------------------------------------------------------------------------- */

static tanlu_status write_report(job *b, const char *name) {
  char *text = NULL, heading[256];
  (void)snprintf(heading, sizeof heading, "Import of %s by the format %s", name, b->options->format->name);
  tanlu_status status = tanlu_table_report_status(&b->report, b->context);
  if (status == TANLU_OK) status = tanlu_import_text(&b->report, heading, b->money, &text, b->context);
  if (status == TANLU_OK) status = tanlu_dataset_writer_text(b->writer, "IMPORT.md", text, b->context);
  free(text);
  return status;
}

static tanlu_status import_table(job *b) {
  const options *o = b->options;
  const tanlu_table_sink sink = {b, begin, take_row, take_margins, take_extensions};
  char *name = NULL, *dataset = NULL;
  tanlu_status status = tanlu_dataset_name_for(&name, o->name, o->output, b->context);
  tanlu_import import = {.path = o->path,
                         .name = name,
                         .title = o->title,
                         .region = o->region,
                         .money = o->money,
                         .year = o->year,
                         .tolerance = o->tolerance,
                         .fold = o->fold,
                         .concordance = o->concordance,
                         .sink = &sink,
                         .report = &b->report};
  if (status == TANLU_OK) status = tanlu_dataset_writer_check(o->output, o->force, b->context);
  if (status == TANLU_OK && o->dataset != NULL) {
    status = tanlu_input_find(&dataset, "data", o->dataset, NULL, b->context);
    import.dataset = dataset;
  }
  if (status == TANLU_OK) status = o->format->read(&import, b->context);
  if (status == TANLU_OK && b->writer == NULL) status = tanlu_fail(b->context, TANLU_ERR_INTERNAL, "no table was read");
  if (status == TANLU_OK) status = write_report(b, name);
  if (status == TANLU_OK) status = tanlu_dataset_writer_finish(&b->writer, b->context);
  if (status == TANLU_OK) {
    (void)printf("%s: accounts of %zu sectors in %s\n\n", o->output, b->heads.n, b->money);
    status = tanlu_import_print(&b->report, b->money, stdout, b->context);
  }
  tanlu_dataset_writer_discard(&b->writer);
  free(dataset);
  free(name);
  return status;
}

/* ---- the command ------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "import",
    .synopsis = "FORMAT PATH -o DATASET",
    .purpose =
        "Read a table in the format of others and write it as a dataset of accounts alone, which check and solve\n"
        "take. Sums of the source are checked, not taken; what was found and done is printed and kept in\n"
        "IMPORT.md of the dataset. After an error there is no dataset.\n"
        "Formats:\n"
        "  nbs          national table of the National Bureau of Statistics of China as CSV, competitive or split\n"
        "  ceads        sectoral CO2 inventory of the CEADs as CSV, as extensions of --dataset\n"
        "  pymrio       directory of a table that pymrio saved as text\n"
        "  exiobase     directory of EXIOBASE 3: IOT_2020_pxp\n"
        "  wiod         world table of WIOD, release 2013 or 2016, as CSV\n"
        "  oecd-icio    inter-country or national table of the OECD as CSV",
    .examples =
        "  tanlu import nbs nbs-2017-149.csv --year 2017 -o china-2017\n"
        "  tanlu import ceads inventory-2017.csv --dataset ./china-2017 --concordance map.csv -o china-2017-co2\n"
        "  tanlu import exiobase IOT_2020_pxp -o exiobase-2020\n"
        "  tanlu import oecd-icio --fold ICIO2018_2010.CSV -o icio-2010\n"
        "  tanlu solve --emissions china-2017-co2/extensions.csv ./china-2017-co2\n",
    .least = 2,
    .most = 2,
    .operands = "a format and a file or directory",
};

static int check_usage(const options *o) {
  if (o->output == NULL) return cli_wrong_usage("import", "expected the dataset to make: -o DATASET");
  if (!(o->tolerance < 0.01)) return cli_wrong_usage("import", "--tolerance: %g is not below 0.01", o->tolerance);
  if (o->year != 0 && (o->year < 1900 || o->year > 2100)) {
    return cli_wrong_usage("import", "--year: %d is not a year from 1900 to 2100", o->year);
  }
  return CLI_GO_ON;
}

/* Options that a format needs or does not know. */
static int check_format(const options *o) {
  const char *name = o->format->name;
  if (o->format->on_dataset && o->dataset == NULL) {
    return cli_wrong_usage("import", "%s adds to a dataset; give it with --dataset", name);
  }
  if (!o->format->on_dataset && (o->dataset != NULL || o->concordance != NULL)) {
    return cli_wrong_usage("import", "--%s is not of the format %s", o->dataset != NULL ? "dataset" : "concordance",
                           name);
  }
  if (o->fold && strcmp(name, "oecd-icio") != 0) {
    return cli_wrong_usage("import", "--fold is not of the format %s", name);
  }
  return CLI_GO_ON;
}

int cli_import(cli_environment *environment, int argc, char **argv) {
  options o = {.tolerance = usual_tolerance};
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "DATASET", "the directory to make", &o.output},
      {"year", 'y', CLI_COUNT, "YEAR", "base year, where the files do not tell", &o.year},
      {"name", 'n', CLI_TEXT, "NAME", "of the dataset (default: the last part of DATASET)", &o.name},
      {"title", 't', CLI_TEXT, "TEXT", "of the dataset", &o.title},
      {"region", 'r', CLI_TEXT, "TEXT", "the place it is of", &o.region},
      {"money", 'm', CLI_TEXT, "UNIT", "unit of money, where the files do not tell, as '1e6 EUR'", &o.money},
      {"tolerance", 0, CLI_NUMBER, "T", "largest gap of a sum, relative to output (default: 1e-6)", &o.tolerance},
      {"dataset", 'd', CLI_TEXT, "DATASET", "ceads: the dataset that gets the extensions", &o.dataset},
      {"concordance", 'c', CLI_TEXT, "FILE", "ceads: columns source, sector, share of their sectors and its own",
       &o.concordance},
      {"fold", 0, CLI_FLAG, NULL, "oecd-icio: add CN1, CN2 up to CHN and MX1, MX2 to MEX", &o.fold},
      {"force", 'f', CLI_FLAG, NULL, "replace a dataset of accounts alone", &o.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = check_usage(&o);
  if (status != CLI_GO_ON) return status;
  job b = {.options = &o, .context = tanlu_context_create(), .command_line = environment->command_line};
  if (b.context == NULL) return tanlu_status_exit(TANLU_ERR_MEMORY);
  cli_signals_stop(b.context);
  o.path = operand[1];
  tanlu_status done = tanlu_import_format_find(&o.format, operand[0], b.context);
  if (done == TANLU_OK) status = check_format(&o);
  if (done == TANLU_OK && status == CLI_GO_ON) done = import_table(&b);
  cli_print_messages(environment, b.context, true);
  tanlu_table_report_clear(&b.report);
  tanlu_context_free(&b.context);
  free(b.money);
  free(b.sources);
  return status != CLI_GO_ON ? status : cli_status_exit(done);
}
