/* tanlu sensitivity: which parameters of a sweep, or which numbers of a scenario, matter. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/adjoint.h"
#include "cli/command.h"
#include "cli/options.h"
#include "outputs/sensitivity.h"

static const cli_usage usage = {
    .command = "sensitivity",
    .synopsis = "SWEEP.h5 [OUTPUT]...\n       tanlu sensitivity --adjoint [OPTION]... SCENARIO [OUTPUT]...",
    .purpose =
        "Print how much each parameter of a sweep matters for its outputs: Sobol indices of a saltelli design,\n"
        "elementary effects of a morris design, regression and rank correlation of any other. OUTPUT is a\n"
        "scalar (cumulative_co2) or an indicator, in its last year or another one (co2_net.2035).\n"
        "Members of a simplex depend on each other: Sobol indices are those of the simplex as a whole, elementary\n"
        "effects those of its dimensions (each called after the member it decides on, given those before it),\n"
        "and regression leaves the last member out: the others go at its expense.\n\n"
        "With --adjoint: the gradient of every OUTPUT of a scenario by each of its numbers, by every emission\n"
        "factor and by every coefficient of the table, from one transposed solve a year. A gradient is the\n"
        "change of the output per unit, an elasticity its change in percent for one percent.",
    .examples = "  tanlu sensitivity results/peak-drivers.h5\n"
                "  tanlu sensitivity results/peak-drivers.h5 residual_co2 co2_energy.2030\n"
                "  tanlu sensitivity --adjoint --set gdp.growth.2030=4.0 dual-carbon co2_net.2060 peak_co2\n",
    .least = 1,
    .most = -1,
    .operands = "the file of a sweep, or a scenario after --adjoint",
};

/* Indicators by option and as operands are one list. */
static int add_operands(cli_list *list, char **operand, int count) {
  if (count == 0) return 0;
  const char **item = realloc(list->item, (list->count + (size_t)count) * sizeof *item);
  if (item == NULL) return tanlu_status_exit(TANLU_ERR_MEMORY);
  list->item = item;
  for (int i = 0; i < count; i++) item[list->count++] = operand[i];
  return 0;
}

static int of_sweep(cli_environment *environment, char **operand, int count, const tanlu_sensitivity_options *options) {
  tanlu_result *result = NULL;
  tanlu_context *context = tanlu_context_create();
  tanlu_status status = context != NULL ? tanlu_result_open(&result, operand[0], context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_sensitivity_print(result, (const char *const *)operand + 1, (size_t)(count - 1), options, stdout,
                                     context);
  }
  if (context != NULL) cli_print_messages(environment, context, true);
  tanlu_result_close(&result);
  tanlu_context_free(&context);
  return tanlu_status_exit(status);
}

int cli_sensitivity(cli_environment *environment, int argc, char **argv) {
  tanlu_sensitivity_options options = {.level = 0.95};
  cli_adjoint_options gradients = {.top = 20};
  int resamples = 500;
  bool adjoint = false;
  const cli_option option[] = {
      {"all", 'a', CLI_FLAG, NULL, "every scalar, and every indicator in every year", &options.all},
      {"second", 's', CLI_FLAG, NULL, "second-order indices too, those whose interval lies above zero",
       &options.second},
      {"resamples", 'r', CLI_COUNT, "N", "resamples of the bootstrap intervals (default: 500)", &resamples},
      {"level", 'l', CLI_NUMBER, "P", "level of the intervals (default: 0.95)", &options.level},
      {"adjoint", 0, CLI_FLAG, NULL, "gradients of a scenario; the options below go with it", &adjoint},
      {"set", 0, CLI_LIST, "PATH=VALUE", "set a value of the scenario, e.g. gdp.growth.2030=4.0", &gradients.set},
      {"indicator", 0, CLI_LIST, "OUTPUT", "an output (default: cumulative_co2 and residual_co2)",
       &gradients.indicator},
      {"top", 0, CLI_COUNT, "N", "lines of a table (default: 20)", &gradients.top},
      {"csv", 0, CLI_TEXT, "FILE", "write all gradients into a CSV file too", &gradients.csv},
      {"force", 0, CLI_FLAG, NULL, "replace an existing CSV file", &gradients.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  const bool with_adjoint = gradients.set.count > 0 || gradients.indicator.count > 0 || gradients.csv != NULL;
  if (status != CLI_GO_ON) {
    /* said */
  } else if (!(options.level > 0.0 && options.level < 1.0)) {
    status = cli_wrong_usage("sensitivity", "--level: expected a number between 0 and 1");
  } else if (!adjoint && with_adjoint) {
    status = cli_wrong_usage("sensitivity", "--set, --indicator and --csv go with --adjoint");
  } else if (adjoint && (options.all || options.second)) {
    status = cli_wrong_usage("sensitivity", "--all and --second are for sweeps, not for --adjoint");
  } else if (adjoint) {
    gradients.scenario = operand[0];
    status = add_operands(&gradients.indicator, operand + 1, count - 1);
    if (status == 0) status = cli_adjoint(environment, &gradients);
  } else {
    options.resamples = (size_t)resamples;
    status = of_sweep(environment, operand, count, &options);
  }
  free(gradients.set.item);
  free(gradients.indicator.item);
  return status;
}
