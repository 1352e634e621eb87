#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "inputs/dataset_file.h"
#include "inputs/goals_file.h"

/* A message without a place begins with its severity. */
static bool has_place(const char *message) {
  return strncmp(message, "error: ", 7) != 0 && strncmp(message, "warning: ", 9) != 0 &&
         strncmp(message, "note: ", 6) != 0;
}

void cli_flush(cli_environment *environment) {
  if (fflush(stdout) != 0 && environment->output_error == 0) environment->output_error = errno;
}

void cli_print_messages(cli_environment *environment, tanlu_context *context, bool notes) {
  size_t errors = 0;
  cli_flush(environment);
  for (size_t i = 0; i < tanlu_context_count(context); i++) {
    const tanlu_severity severity = tanlu_context_severity(context, i);
    const char *message = tanlu_context_message(context, i);
    if (severity == TANLU_ERROR) errors++;
    if (severity == TANLU_NOTE && !notes) continue;
    (void)fprintf(stderr, "%s%s\n", has_place(message) ? "" : "tanlu: ", message);
  }
  const size_t all = tanlu_context_errors(context);
  if (all > errors) (void)fprintf(stderr, "tanlu: error: and %zu more errors\n", all - errors);
  tanlu_context_clear(context);
}

void cli_read_goals(tanlu_goals *goals, tanlu_context *context) {
  char *path = NULL;
  *goals = (tanlu_goals){0};
  if (tanlu_input_find(&path, "policy", "national-goals.csv", NULL, NULL) != TANLU_OK) {
    tanlu_warn(context, "no goals are shown: policy/national-goals.csv is not found");
    return;
  }
  (void)tanlu_goals_read(goals, path, context);
  free(path);
}
