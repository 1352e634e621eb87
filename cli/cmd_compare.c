/* tanlu compare: what differs between two result files. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/options.h"
#include "outputs/result_file.h"

static const cli_usage usage = {
    .command = "compare",
    .synopsis = "A.h5 B.h5",
    .purpose = "Print what differs between two result files: for every variable the number of values, the largest\n"
               "difference and its place. History, host and threads do not count. Exit status 1 when they differ.",
    .examples = "  tanlu compare results/before.h5 results/after.h5\n"
                "  tanlu compare --tolerance 1e-9 results/laptop.h5 results/cluster.h5\n",
    .least = 2,
    .most = 2,
    .operands = "two result files",
};

int cli_compare(cli_environment *environment, int argc, char **argv) {
  double tolerance = 0.0;
  bool quiet = false;
  const cli_option option[] = {
      {"tolerance", 't', CLI_NUMBER, "T",
       "pass over differences up to T times the largest magnitude of a variable (default 0: bitwise)", &tolerance},
      {"quiet", 'q', CLI_FLAG, NULL, "print nothing, only set the exit status", &quiet},
  };
  char **file = NULL, *report = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &file, &count);
  if (parsed != CLI_GO_ON) return parsed;
  tanlu_result *a = NULL, *b = NULL;
  tanlu_context *context = tanlu_context_create();
  tanlu_status status = context == NULL ? TANLU_ERR_MEMORY : tanlu_result_open(&a, file[0], context);
  if (status == TANLU_OK) status = tanlu_result_open(&b, file[1], context);
  if (status == TANLU_OK) status = tanlu_result_compare(a, b, tolerance, &report, context);
  if (report != NULL && !quiet) (void)fputs(report, stdout);
  if (status == TANLU_OK && !quiet)
    (void)printf(tolerance > 0.0 ? "no differences beyond the tolerance\n" : "no differences\n");
  cli_print_messages(environment, context, true);
  free(report);
  tanlu_result_close(&a);
  tanlu_result_close(&b);
  tanlu_context_free(&context);
  return tanlu_status_exit(status);
}
