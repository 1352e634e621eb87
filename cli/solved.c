#include "cli/solved.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

/* Machines and BLAS builds may differ by rounding, 1e-10 in the solver's tolerance; another model differs by more. */
static const double recorded_tolerance = 1e-8;

/* ---- the scenario of a result file --------------------------------------------------------------------------------------- */

/* "a, b, c"; NULL when out of memory. The caller frees it. */
static char *list_scenarios(const tanlu_labels *scenarios) {
  char *list = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&list, &length);
  if (stream == NULL) return NULL;
  for (size_t i = 0; i < scenarios->count; i++) (void)fprintf(stream, "%s%s", i > 0 ? ", " : "", scenarios->code[i]);
  if (fclose(stream) == 0) return list;
  free(list);
  return NULL;
}

tanlu_status cli_scenario_named(tanlu_result *result, const char *name, size_t *scenario, tanlu_context *context) {
  const char *path = tanlu_result_path(result);
  const tanlu_labels *known = tanlu_result_is_sweep(result) ? NULL : tanlu_result_labels(result, "scenario");
  *scenario = name != NULL && known != NULL ? tanlu_labels_find(known, name) : TANLU_NONE;
  if (name == NULL || *scenario != TANLU_NONE) return TANLU_OK;
  if (known == NULL) return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "has no scenario '%s'", name);
  const char *nearest = tanlu_labels_nearest(known, name);
  if (nearest != NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "has no scenario '%s'; did you mean '%s'?", name,
                         nearest);
  }
  char *list = list_scenarios(known);
  if (list == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the scenarios of %s", path);
  (void)tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "has no scenario '%s'; it holds %s", name, list);
  free(list);
  return TANLU_ERR_INPUT;
}

tanlu_status cli_scenario_chosen(tanlu_result *result, const char *name, size_t *scenario, tanlu_context *context) {
  const char *path = tanlu_result_path(result);
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  if (scenarios == NULL || scenarios->count == 0 || tanlu_result_scenario_text(result, 0) == NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "%s; expected a result file of 'tanlu run' or the name of a scenario",
                         tanlu_result_is_sweep(result) ? "is the file of a sweep" : "holds no scenario");
  }
  *scenario = 0;
  if (name != NULL) return cli_scenario_named(result, name, scenario, context);
  if (scenarios->count == 1) return TANLU_OK;
  char *list = list_scenarios(scenarios);
  if (list == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the scenarios of %s", path);
  (void)tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "holds %zu scenarios; choose one with --scenario: %s",
                      scenarios->count, list);
  free(list);
  return TANLU_ERR_INPUT;
}

/* Line k of a list of lines: its start and length; NULL beyond the last. */
static const char *line_of(const char *lines, size_t k, size_t *length) {
  for (; lines != NULL && k > 0; k--) {
    lines = strchr(lines, '\n');
    if (lines != NULL) lines++;
  }
  *length = lines != NULL ? strcspn(lines, "\n") : 0;
  return lines != NULL && *length > 0 ? lines : NULL;
}

/* Every file of the dataset as the result file lists it, and no other. */
static tanlu_status compare_dataset(tanlu_result *result, const tanlu_dataset *d, tanlu_context *context) {
  const char *files = tanlu_result_attribute(result, "input_files");
  const char *digests = tanlu_result_attribute(result, "input_sha256"), *path = tanlu_result_path(result);
  tanlu_status status = TANLU_OK;
  size_t found = 0, length, digits;
  const size_t prefix = strlen(d->name);
  for (size_t k = 0; files != NULL && digests != NULL; k++) {
    const char *file = line_of(files, k, &length), *digest = line_of(digests, k, &digits);
    if (file == NULL || digest == NULL) break;
    if (length <= prefix + 1 || strncmp(file, d->name, prefix) != 0 || file[prefix] != '/') continue;
    const char *own = file + prefix + 1;
    const size_t own_length = length - prefix - 1;
    size_t i = 0;
    while (i < d->files && !(strlen(d->file[i]) == own_length && strncmp(d->file[i], own, own_length) == 0)) i++;
    if (i == d->files) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "was made with %.*s, which %s does not have",
                             (int)length, file, d->path);
      continue;
    }
    found++;
    if (strlen(d->sha256[i]) == digits && strncmp(d->sha256[i], digest, digits) == 0) continue;
    status =
        tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                      "was made with %.*s of SHA-256 %.12s..., but %s/%s has %.12s...; run the scenario again, or put "
                      "the dataset it was made with into TANLU_PATH",
                      (int)length, file, digest, d->path, d->file[i], d->sha256[i]);
  }
  if (status == TANLU_OK && found != d->files) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                           "records SHA-256 of %zu files of the dataset %s; expected all %zu files of %s", found,
                           d->name, d->files, d->path);
  }
  return status;
}

/* Indicators of the scenario, by year. */
static tanlu_status keep_indicators(cli_solved *solved, tanlu_result *result, size_t scenario, tanlu_context *context) {
  const tanlu_labels *label = tanlu_result_labels(result, "indicator");
  const tanlu_result_variable *v = NULL;
  const size_t years = solved->scenario->drivers->years;
  if (label == NULL || tanlu_result_variable_find(result, "indicator_value") == NULL) return TANLU_OK;
  tanlu_status status = tanlu_result_variable_read(result, "indicator_value", &v, context);
  if (status != TANLU_OK) return status;
  size_t stored = 0;
  const int *year = tanlu_result_years(result, &stored);
  if (v->rank != 3 || v->extent[1] != stored || v->extent[2] != label->count) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "indicator_value is not by scenario, year and indicator");
  }
  solved->recorded = tanlu_allocate_doubles(context, years, TANLU_INDICATOR_COUNT);
  if (solved->recorded == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < years; t++) {
    size_t k = 0; /* the file may hold years of longer scenarios too */
    while (k < stored && year[k] != solved->scenario->drivers->from + (int)t) k++;
    for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) {
      const size_t at = tanlu_labels_find(label, tanlu_indicator(i)->code);
      solved->recorded[t * TANLU_INDICATOR_COUNT + i] =
          at == TANLU_NONE || k == stored ? (double)NAN : v->value[(scenario * stored + k) * label->count + at];
    }
  }
  return TANLU_OK;
}

/* The scenario by the name the file has for it: a sample of a sweep is called after the sweep, its text after the scenario. */
static tanlu_status take_label(cli_solved *solved, const char *label, tanlu_context *context) {
  char *name = tanlu_string_copy(context, label);
  if (name == NULL) return TANLU_ERR_MEMORY;
  free(solved->scenario->name);
  solved->scenario->name = name;
  return TANLU_OK;
}

static tanlu_status open_result(cli_solved *solved, const cli_solved_request *request, tanlu_context *context) {
  if (request->set.count > 0) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "--set does not go with a result file, whose scenarios are as they were run; name the scenario "
                      "instead of %s",
                      request->operand);
  }
  size_t scenario = 0;
  tanlu_result *result = NULL;
  tanlu_status status = tanlu_result_open(&result, request->operand, context);
  if (status == TANLU_OK) status = cli_scenario_chosen(result, request->scenario, &scenario, context);
  if (status == TANLU_OK) {
    status = tanlu_scenario_read_text(&solved->scenario, tanlu_result_scenario_text(result, scenario), request->operand,
                                      context);
  }
  if (status == TANLU_OK) status = take_label(solved, tanlu_result_labels(result, "scenario")->code[scenario], context);
  if (status == TANLU_OK && solved->scenario->dataset_path == NULL) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, request->operand, 0, 0,
                           "the dataset it was made with is needed; put the directory that holds it into TANLU_PATH");
  }
  if (status == TANLU_OK) status = tanlu_dataset_read(&solved->dataset, solved->scenario->dataset_path, context);
  if (status == TANLU_OK) status = compare_dataset(result, solved->dataset, context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(solved->scenario, solved->dataset, context);
  if (status == TANLU_OK) status = keep_indicators(solved, result, scenario, context);
  tanlu_result_close(&result);
  return status;
}

/* ---- a scenario by name ----------------------------------------------------------------------------------------------------- */

static tanlu_status open_scenario(cli_solved *solved, const cli_solved_request *request, tanlu_context *context) {
  if (request->scenario != NULL) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--scenario chooses among the scenarios of a result file; %s is none",
                      request->operand);
  }
  tanlu_status status =
      tanlu_scenario_read(&solved->scenario, request->operand, request->set.item, request->set.count, context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&solved->dataset, solved->scenario->dataset_path, context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(solved->scenario, solved->dataset, context);
  return status;
}

tanlu_status cli_solved_open(cli_solved *solved, const cli_solved_request *request, tanlu_context *context) {
  *solved = (cli_solved){.source = tanlu_string_copy(context, request->operand)};
  if (solved->source == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_result_recognise(request->operand) ? open_result(solved, request, context)
                                                                 : open_scenario(solved, request, context);
  if (status == TANLU_OK && solved->scenario->regions != NULL) {
    tanlu_note(context, "scenario '%s' has regions; this is about the nation", solved->scenario->name);
  }
  if (status == TANLU_OK) status = tanlu_model_create(&solved->model, solved->dataset, context);
  if (status != TANLU_OK) cli_solved_close(solved);
  return status;
}

void cli_solved_close(cli_solved *solved) {
  tanlu_model_free(&solved->model);
  tanlu_scenario_free(&solved->scenario);
  tanlu_dataset_free(&solved->dataset);
  free(solved->source);
  free(solved->recorded);
  *solved = (cli_solved){0};
}

/* ---- years -------------------------------------------------------------------------------------------------------------------- */

typedef struct {
  const cli_solved *solved;
  tanlu_accounts_seen seen;
  void *user;
} checked_visit;

static tanlu_status check_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  const checked_visit *v = user;
  const double *recorded = v->solved->recorded;
  for (size_t i = 0; recorded != NULL && i < TANLU_INDICATOR_COUNT; i++) {
    const double then = recorded[accounts->t * TANLU_INDICATOR_COUNT + i], now = accounts->indicator[i];
    if (isnan(then) || fabs(now - then) <= recorded_tolerance * fmax(fabs(then), 1.0)) continue;
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "%s has %s = %.10g in %d, this program projects %.10g: it was made by another version, or with "
                      "statistics that a sweep had changed; run the scenario again",
                      v->solved->source, tanlu_indicator(i)->code, then, accounts->year, now);
  }
  return v->seen(v->user, accounts, context);
}

tanlu_status cli_solved_visit(const cli_solved *solved, const bool *wanted, tanlu_accounts_seen seen, void *user,
                              tanlu_context *context) {
  checked_visit v = {.solved = solved, .seen = seen, .user = user};
  return tanlu_solved_accounts_visit(solved->model, solved->scenario->drivers, solved->scenario->name, wanted,
                                     check_year, &v, context);
}

tanlu_status cli_solved_years(const cli_solved *solved, const char *list, const char *option, bool *wanted,
                              tanlu_context *context) {
  const int first = solved->scenario->drivers->from;
  const size_t years = solved->scenario->drivers->years;
  const int last = first + (int)years - 1;
  for (size_t t = 0; t < years; t++) wanted[t] = list == NULL;
  while (list != NULL) {
    const size_t length = strcspn(list, ",");
    int from, to;
    if (!cli_parse_years(list, length, &from, &to)) {
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "%s: '%.*s' is no year; expected years or spans such as 2030,2050-2060", option, (int)length,
                        list);
    }
    if (from < first || to > last) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %.*s is outside the years of scenario '%s', %d to %d", option,
                        (int)length, list, solved->scenario->name, first, last);
    }
    for (int year = from; year <= to; year++) wanted[year - first] = true;
    list = list[length] == ',' ? list + length + 1 : NULL;
  }
  return TANLU_OK;
}

tanlu_status cli_solved_shown_years(const cli_solved *solved, const char *list, bool **wanted, tanlu_context *context) {
  enum { MILESTONE = 2030 };
  const tanlu_drivers *d = solved->scenario->drivers;
  *wanted = tanlu_allocate(context, d->years, sizeof **wanted);
  if (*wanted == NULL) return TANLU_ERR_MEMORY;
  if (list != NULL) return cli_solved_years(solved, list, "--year", *wanted, context);
  for (size_t t = 0; t < d->years; t++) {
    (*wanted)[t] = t == 0 || d->from + (int)t == MILESTONE || t + 1 == d->years;
  }
  return TANLU_OK;
}

/* ---- members ------------------------------------------------------------------------------------------------------------------ */

tanlu_status cli_solved_members(const cli_solved *solved, const char *level, tanlu_analysis_view *view,
                                tanlu_context *context) {
  const tanlu_dataset *d = solved->dataset;
  const size_t index = level != NULL ? tanlu_dataset_level(d, level) : TANLU_NONE;
  const tanlu_level *found = index != TANLU_NONE ? &d->level[index] : NULL;
  if (level != NULL && found == NULL) {
    const char *first = d->levels > 0 ? d->level[0].name : "none";
    const char **names = tanlu_allocate(context, d->levels, sizeof *names);
    if (names == NULL) return TANLU_ERR_MEMORY;
    for (size_t k = 0; k < d->levels; k++) names[k] = d->level[k].name;
    const char *nearest = tanlu_nearest(level, names, d->levels);
    free(names);
    return tanlu_fail(context, TANLU_ERR_INPUT, "--level: dataset %s has no level '%s'; %s '%s'%s", d->name, level,
                      nearest != NULL ? "did you mean" : "expected a level such as", nearest != NULL ? nearest : first,
                      nearest != NULL ? "?" : "");
  }
  view->scenario = solved->scenario->name;
  view->member = found != NULL ? &found->group : &d->accounts.sector;
  view->member_of = found != NULL ? found->of_sector : NULL;
  view->sectors = d->accounts.n;
  return TANLU_OK;
}
