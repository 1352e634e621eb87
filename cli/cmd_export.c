/* tanlu export: results for the tools of others. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/options.h"
#include "outputs/iamc.h"
#include "outputs/output_file.h"
#include "solvers/memory.h"

typedef struct {
  const char *output, *years, *region, *model;
  cli_list scenario;
  bool iamc, long_form, list, force, quiet;
} options;

static bool ends_with(const char *text, const char *end) {
  const size_t length = strlen(text), tail = strlen(end);
  return length > tail && strcmp(text + length - tail, end) == 0;
}

/* "TIME: command", as in every file. */
static tanlu_status write_netcdf(const tanlu_iamc *iamc, const options *o, const char *command,
                                 tanlu_context *context) {
  char stamp[32] = "";
  struct tm utc;
  const time_t now = time(NULL);
  if (gmtime_r(&now, &utc) != NULL) (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
  const size_t length = strlen(stamp) + strlen(command) + 3;
  char *history = tanlu_allocate(context, length, 1);
  if (history == NULL) return TANLU_ERR_MEMORY;
  (void)snprintf(history, length, "%s: %s", stamp, command);
  const tanlu_status status = tanlu_iamc_write_netcdf(iamc, o->output, o->force, history, context);
  free(history);
  return status;
}

static tanlu_status write_csv(const tanlu_iamc *iamc, const options *o, tanlu_context *context) {
  char *text = NULL;
  size_t length = 0;
  if (strcmp(o->output, "-") == 0) {
    tanlu_iamc_write_csv(iamc, o->long_form, stdout);
    return TANLU_OK;
  }
  FILE *stream = open_memstream(&text, &length);
  if (stream == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the CSV file");
  tanlu_iamc_write_csv(iamc, o->long_form, stream);
  tanlu_status status = TANLU_OK;
  if (fclose(stream) != 0) status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the CSV file");
  if (status == TANLU_OK) status = tanlu_output_file_put(o->output, o->force, text, length, context);
  free(text);
  return status;
}

static tanlu_status export_iamc(const options *o, const char *path, const char *command, tanlu_context *context) {
  tanlu_iamc_choice choice = {.model = o->model,
                              .region = o->region,
                              .scenario = o->scenario.count > 0 ? o->scenario.item : NULL,
                              .scenarios = o->scenario.count,
                              .from = INT_MIN,
                              .to = INT_MAX};
  if (o->years != NULL) (void)cli_parse_years(o->years, strlen(o->years), &choice.from, &choice.to);
  tanlu_result *result = NULL;
  tanlu_iamc *iamc = NULL;
  tanlu_status status = TANLU_OK;
  if (strcmp(o->output, "-") != 0) status = tanlu_output_file_check(o->output, o->force, context);
  if (status == TANLU_OK) status = tanlu_result_open(&result, path, context);
  if (status == TANLU_OK) status = tanlu_iamc_create(&iamc, result, &choice, context);
  if (status == TANLU_OK) {
    status = ends_with(o->output, ".nc") ? write_netcdf(iamc, o, command, context) : write_csv(iamc, o, context);
  }
  tanlu_iamc_free(&iamc);
  tanlu_result_close(&result);
  return status;
}

/* Exit status 0, or that of wrong usage after a message. */
static int check(const options *o, int operands) {
  int from = 0, to = 0;
  if (o->list) return operands > 0 ? cli_wrong_usage("export", "--list takes no file") : 0;
  if (!o->iamc) return cli_wrong_usage("export", "expected --iamc, the format to export, or --list");
  if (operands == 0) return cli_wrong_usage("export", "expected a result file");
  if (o->output == NULL) return cli_wrong_usage("export", "expected --output FILE, a name in .csv or .nc, or -");
  if (strcmp(o->output, "-") != 0 && !ends_with(o->output, ".csv") && !ends_with(o->output, ".nc")) {
    return cli_wrong_usage("export", "--output '%s': expected a name that ends in .csv or .nc, or -", o->output);
  }
  if (o->long_form && ends_with(o->output, ".nc")) return cli_wrong_usage("export", "--long is a choice of CSV");
  if (o->years != NULL && !cli_parse_years(o->years, strlen(o->years), &from, &to)) {
    return cli_wrong_usage("export", "--year '%s': expected a year or FIRST-LAST", o->years);
  }
  return 0;
}

static const cli_usage usage = {
    .command = "export",
    .synopsis = "--iamc RESULT.h5 -o OUT.csv|OUT.nc",
    .purpose =
        "Write results under the names and units of the common definitions of the IAMC, as CSV (columns Model,\n"
        "Scenario, Region, Variable, Unit and years) or as netCDF; pyam and scenario databases read both. --list\n"
        "says what each variable is of a result file, where it differs from the usual meaning, and what is left\n"
        "out because a result file cannot say it. Not of the file of a sweep. Of scenarios by region, every region\n"
        "beside the nation, as China|Guangdong.",
    .examples = "  tanlu export --iamc results/china-2020.h5 -o results/china-2020-iamc.csv\n"
                "  tanlu export --iamc results/china-2020.h5 -o results/china-2020-iamc.nc\n"
                "  tanlu export --iamc -s dual-carbon -y 2030 --long results/china-2020.h5 -o - | grep Capacity\n"
                "  tanlu export --list\n",
    .least = 0,
    .most = 1,
    .operands = "a result file",
};

int cli_export(cli_environment *environment, int argc, char **argv) {
  options o = {0};
  const cli_option option[] = {
      {"iamc", 'i', CLI_FLAG, NULL, "names and units of the IAMC common definitions", &o.iamc},
      {"output", 'o', CLI_TEXT, "FILE", "file to write, .csv or .nc; - for CSV on stdout", &o.output},
      {"list", 'l', CLI_FLAG, NULL, "print what each variable is of ours, and what is left out", &o.list},
      {"long", 0, CLI_FLAG, NULL, "CSV with the columns Year and Value, one record a value", &o.long_form},
      {"scenario", 's', CLI_LIST, "NAME", "only this scenario (may be repeated)", &o.scenario},
      {"year", 'y', CLI_TEXT, "Y|A-B", "only this year or these years", &o.years},
      {"region", 0, CLI_TEXT, "NAME", "the nation (default: that of the file, China)", &o.region},
      {"model", 0, CLI_TEXT, "NAME", "model (default: Tanlu and the version that made the file)", &o.model},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &o.force},
      {"quiet", 'q', CLI_FLAG, NULL, "no notes of what the file cannot say", &o.quiet},
  };
  char **operand = NULL;
  int count = 0;
  int status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) {
    status = check(&o, count);
    if (status == 0 && o.list) {
      tanlu_iamc_print_definitions(stdout);
    } else if (status == 0) {
      tanlu_context *context = tanlu_context_create();
      const tanlu_status done =
          context != NULL ? export_iamc(&o, operand[0], environment->command_line, context) : TANLU_ERR_MEMORY;
      if (context != NULL) cli_print_messages(environment, context, !o.quiet);
      tanlu_context_free(&context);
      status = tanlu_status_exit(done);
    }
  }
  free(o.scenario.item);
  return status;
}
