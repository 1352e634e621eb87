#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "inputs/dataset_file.h"
#include "inputs/goals_file.h"
#include "outputs/overview.h"
#include "solvers/memory.h"

/* A message without a place begins with its severity. */
static bool has_place(const char *message) {
  return strncmp(message, "error: ", 7) != 0 && strncmp(message, "warning: ", 9) != 0 &&
         strncmp(message, "note: ", 6) != 0;
}

void cli_flush(cli_environment *environment) {
  /* a long text may have failed to be written before, and left nothing to flush */
  const bool failed = ferror(stdout) != 0;
  const int before = errno;
  int error = fflush(stdout) != 0 ? errno : 0;
  if (error == 0 && failed) error = before != 0 ? before : EIO;
  if (environment->output_error == 0) environment->output_error = error;
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

/* ---- goals -------------------------------------------------------------------------------------------------------------- */

tanlu_status cli_read_goals(tanlu_goals *goals, const char *file, tanlu_context *context) {
  char *path = NULL; /* a goals.csv that happens to lie here is not meant, one in policy/ is */
  *goals = (tanlu_goals){0};
  if (file != NULL) return tanlu_goals_read(goals, file, context);
  if (tanlu_input_find(&path, "policy", "goals.csv", "policy", NULL) != TANLU_OK) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "policy/goals.csv is not found; expected it in a directory of TANLU_PATH");
  }
  const tanlu_status status = tanlu_goals_read(goals, path, context);
  free(path);
  return status;
}

tanlu_status cli_overview(tanlu_result *result, const tanlu_text_style *style, tanlu_context *context) {
  tanlu_goals goals;
  /* without goals the results can be shown all the same */
  if (cli_read_goals(&goals, NULL, context) == TANLU_ERR_MEMORY) return TANLU_ERR_MEMORY;
  bool *chosen = tanlu_allocate(context, goals.label.count, sizeof *chosen);
  tanlu_status status = chosen != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t g = 0; status == TANLU_OK && g < goals.label.count; g++) {
    chosen[g] = tanlu_goal_in_preset(&goals.goal[g], CLI_USUAL_GOALS);
  }
  if (status == TANLU_OK) status = tanlu_overview_print(result, &goals, chosen, style, stdout, context);
  free(chosen);
  tanlu_goals_clear(&goals);
  return status;
}
