/* tanlu --list: names for completions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "inputs/dataset_file.h"
#include "inputs/market_file.h"

static const struct {
  const char *name, *input;
} kinds[] = {
    {"scenarios", "scenarios"}, {"sweeps", "sweeps"},           {"datasets", "data"},
    {"regions", "regions"},     {"markets", TANLU_MARKET_KIND},
};
static const char *const of_file[] = {"variables", "indicators", "outputs", "file-scenarios"};

static void print_labels(tanlu_result *result, const char *dimension) {
  const tanlu_labels *labels = tanlu_result_labels(result, dimension);
  for (size_t i = 0; labels != NULL && i < labels->count; i++) (void)puts(labels->code[i]);
}

static tanlu_status list_file(const char *kind, const char *path, tanlu_context *context) {
  tanlu_result *result = NULL;
  const tanlu_status status = tanlu_result_open(&result, path, context);
  if (status != TANLU_OK) return status;
  if (strcmp(kind, "variables") == 0) {
    for (size_t i = 0; i < tanlu_result_variable_count(result); i++) {
      (void)puts(tanlu_result_variable_at(result, i)->name);
    }
  } else if (strcmp(kind, "file-scenarios") == 0) {
    print_labels(result, "scenario");
  } else {
    print_labels(result, "indicator");
    if (strcmp(kind, "outputs") == 0) print_labels(result, "summary");
  }
  tanlu_result_close(&result);
  return TANLU_OK;
}

static tanlu_status list_inputs(const char *input, tanlu_context *context) {
  char **name = NULL;
  size_t count = 0;
  const tanlu_status status = tanlu_input_list(&name, &count, input, context);
  for (size_t i = 0; i < count; i++) {
    (void)puts(name[i]);
    free(name[i]);
  }
  free(name);
  return status;
}

/* The kind without its brackets, or NULL when there is none of that name. */
static const char *find_kind(const char *text, const char **input) {
  const size_t bracket = text[0] == '<', length = strcspn(text + bracket, ">");
  *input = NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strlen(kinds[i].name) != length || strncmp(text + bracket, kinds[i].name, length) != 0) continue;
    *input = kinds[i].input;
    return kinds[i].name;
  }
  for (size_t i = 0; i < sizeof of_file / sizeof *of_file; i++) {
    if (strlen(of_file[i]) == length && strncmp(text + bracket, of_file[i], length) == 0) return of_file[i];
  }
  return NULL;
}

int cli_list_print(cli_environment *environment, int count, char *const *argument) {
  const char *input = NULL, *kind = count > 0 ? find_kind(argument[0], &input) : NULL;
  if (kind == NULL) {
    return cli_wrong_usage("",
                           "--list: expected scenarios, sweeps, datasets, regions, markets, or variables, indicators, "
                           "outputs or file-scenarios and a result file");
  }
  if (count != (input != NULL ? 1 : 2)) {
    return cli_wrong_usage("", "--list %s: expected %s", kind, input != NULL ? "nothing more" : "a result file");
  }
  tanlu_context *context = tanlu_context_create();
  tanlu_status status = TANLU_ERR_MEMORY;
  if (context != NULL) status = input != NULL ? list_inputs(input, context) : list_file(kind, argument[1], context);
  if (context != NULL) cli_print_messages(environment, context, false);
  tanlu_context_free(&context);
  return tanlu_status_exit(status);
}
