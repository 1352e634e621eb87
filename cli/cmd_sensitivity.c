/* tanlu sensitivity: which parameters of a sweep matter. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/options.h"
#include "outputs/sensitivity.h"

static const cli_usage usage = {
    .command = "sensitivity",
    .synopsis = "SWEEP.h5 [OUTPUT]...",
    .purpose =
        "Print how much each parameter of a sweep matters for its outputs: Sobol indices of a saltelli design,\n"
        "elementary effects of a morris design, regression and rank correlation of any other. OUTPUT is a\n"
        "scalar (cumulative_co2) or an indicator, in its last year or another one (co2_net.2035).\n"
        "Members of a simplex depend on each other: Sobol indices are those of the simplex as a whole, elementary\n"
        "effects those of its dimensions (each called after the member it decides on, given those before it),\n"
        "and regression leaves the last member out: the others go at its expense.",
    .examples = "  tanlu sensitivity results/peak-drivers.h5\n"
                "  tanlu sensitivity results/peak-drivers.h5 residual_co2 co2_energy.2030\n",
    .least = 1,
    .most = -1,
    .operands = "the file of a sweep",
};

int cli_sensitivity(cli_environment *environment, int argc, char **argv) {
  tanlu_sensitivity_options options = {.level = 0.95};
  int resamples = 500;
  const cli_option option[] = {
      {"all", 'a', CLI_FLAG, NULL, "every scalar, and every indicator in every year", &options.all},
      {"second", 's', CLI_FLAG, NULL, "second-order indices too, those whose interval lies above zero",
       &options.second},
      {"resamples", 'r', CLI_COUNT, "N", "resamples of the bootstrap intervals (default: 500)", &resamples},
      {"level", 'l', CLI_NUMBER, "P", "level of the intervals (default: 0.95)", &options.level},
  };
  char **operand = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (parsed != CLI_GO_ON) return parsed;
  if (!(options.level > 0.0 && options.level < 1.0)) {
    return cli_wrong_usage("sensitivity", "--level: expected a number between 0 and 1");
  }
  options.resamples = (size_t)resamples;
  tanlu_result *result = NULL;
  tanlu_context *context = tanlu_context_create();
  tanlu_status status = context != NULL ? tanlu_result_open(&result, operand[0], context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_sensitivity_print(result, (const char *const *)operand + 1, (size_t)(count - 1), &options, stdout,
                                     context);
  }
  if (context != NULL) cli_print_messages(environment, context, true);
  tanlu_result_close(&result);
  tanlu_context_free(&context);
  return tanlu_status_exit(status);
}
