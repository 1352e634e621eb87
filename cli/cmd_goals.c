/* tanlu goals: policy goals judged on results. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "cli/provinces.h"
#include "cli/terminal.h"
#include "model/labels.h"
#include "outputs/goal_view.h"
#include "outputs/sweep_view.h"
#include "outputs/table.h"
#include "solvers/memory.h"

typedef struct {
  cli_analysis frame;
  const char *file, *scenario, *provinces_name;
  cli_list preset, scope;
  bool all, brief, strict, csv, list;
  tanlu_goals goals;
  tanlu_result *result;
  bool *chosen; /* goals */
  cli_provinces provinces;
  cli_display display;
  tanlu_text_style style;
} judging;

/* ---- what is asked for -------------------------------------------------------------------------------------------------- */

/* Every name that was given must be one of the file. */
static tanlu_status check_names(const judging *j, const char *what, const cli_list *given, const tanlu_labels *known) {
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < given->count; k++) {
    if (tanlu_labels_find(known, given->item[k]) != TANLU_NONE) continue;
    const char *nearest = tanlu_labels_nearest(known, given->item[k]);
    status = nearest != NULL ? tanlu_fail(j->frame.context, TANLU_ERR_INPUT, "unknown %s '%s'; did you mean '%s'?",
                                          what, given->item[k], nearest)
                             : tanlu_fail(j->frame.context, TANLU_ERR_INPUT,
                                          "unknown %s '%s'; 'tanlu goals --list' names all", what, given->item[k]);
  }
  return status;
}

static bool is_wanted(const judging *j, const tanlu_goal *goal) {
  bool in_preset = j->preset.count == 0, in_scope = j->scope.count == 0;
  if (j->all) return true;
  if (j->preset.count == 0 && j->scope.count == 0) return tanlu_goal_in_preset(goal, CLI_USUAL_GOALS);
  for (size_t k = 0; k < j->preset.count; k++) {
    in_preset = in_preset || tanlu_goal_in_preset(goal, j->preset.item[k]);
  }
  for (size_t k = 0; k < j->scope.count; k++) in_scope = in_scope || strcmp(goal->scope, j->scope.item[k]) == 0;
  return in_preset && in_scope;
}

static tanlu_status choose_goals(judging *j) {
  tanlu_labels presets = {0}, scopes = {0};
  tanlu_status status = tanlu_goals_presets(&j->goals, &presets, j->frame.context);
  if (status == TANLU_OK) status = tanlu_goals_scopes(&j->goals, &scopes, j->frame.context);
  if (status == TANLU_OK) status = check_names(j, "preset", &j->preset, &presets);
  if (status == TANLU_OK) status = check_names(j, "scope", &j->scope, &scopes);
  tanlu_labels_clear(&presets);
  tanlu_labels_clear(&scopes);
  if (status != TANLU_OK) return status;
  j->chosen = tanlu_allocate(j->frame.context, j->goals.label.count, sizeof *j->chosen);
  if (j->chosen == NULL) return TANLU_ERR_MEMORY;
  size_t count = 0;
  for (size_t g = 0; g < j->goals.label.count; g++) {
    j->chosen[g] = is_wanted(j, &j->goals.goal[g]);
    if (j->chosen[g]) count++;
  }
  if (count > 0) return TANLU_OK;
  return tanlu_fail(j->frame.context, TANLU_ERR_INPUT,
                    "no goal is chosen; 'tanlu goals --list' names presets and scopes");
}

/* ---- the list ----------------------------------------------------------------------------------------------------------- */

/* Names with the number of goals that carry them, and of presets the first document of these. */
static tanlu_status list_names(const judging *j, const char *heading, const tanlu_labels *names, bool presets) {
  tanlu_table *table = tanlu_table_create(j->frame.context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, heading, TANLU_LEFT);
  tanlu_table_column(table, "goals", TANLU_RIGHT);
  if (presets) tanlu_table_column(table, "date", TANLU_LEFT);
  if (presets) tanlu_table_column(table, "first document", TANLU_LEFT);
  for (size_t k = 0; k < names->count; k++) {
    size_t count = 0, first = TANLU_NONE;
    for (size_t g = 0; g < j->goals.label.count; g++) {
      const tanlu_goal *goal = &j->goals.goal[g];
      const bool member =
          presets ? tanlu_goal_in_preset(goal, names->code[k]) : strcmp(goal->scope, names->code[k]) == 0;
      if (!member) continue;
      if (first == TANLU_NONE) first = g;
      count++;
    }
    tanlu_table_text(table, names->code[k]);
    tanlu_table_number(table, (double)count, 0);
    if (presets) tanlu_table_text(table, first != TANLU_NONE ? j->goals.goal[first].date : "");
    if (presets) tanlu_table_text(table, first != TANLU_NONE ? j->goals.goal[first].document : "");
  }
  const tanlu_status status = tanlu_table_print(table, j->frame.tables.out, j->frame.context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status list_all(judging *j) {
  tanlu_labels presets = {0}, scopes = {0};
  tanlu_status status = tanlu_goals_presets(&j->goals, &presets, j->frame.context);
  if (status == TANLU_OK) status = tanlu_goals_scopes(&j->goals, &scopes, j->frame.context);
  if (status == TANLU_OK) status = list_names(j, "preset", &presets, true);
  if (status == TANLU_OK) cli_tables_next(&j->frame.tables);
  if (status == TANLU_OK) status = list_names(j, "scope", &scopes, false);
  tanlu_labels_clear(&presets);
  tanlu_labels_clear(&scopes);
  return status;
}

/* ---- the command -------------------------------------------------------------------------------------------------------- */

static tanlu_status read_provinces(judging *j) {
  size_t years = 0;
  const int *year = tanlu_result_years(j->result, &years);
  const tanlu_status status = cli_provinces_read(&j->provinces, j->provinces_name, j->frame.context);
  if (status != TANLU_OK) return status;
  if (tanlu_result_is_sweep(j->result)) {
    return tanlu_fail(j->frame.context, TANLU_ERR_INPUT, "--provinces: expected results of scenarios, not of a sweep");
  }
  return cli_provinces_check(&j->provinces, years > 0 ? year[0] : 0, tanlu_result_attribute(j->result, "region"),
                             "the results", j->frame.context);
}

static tanlu_status judge_all(void *user) {
  judging *j = user;
  FILE *out = j->frame.tables.out;
  tanlu_context *context = j->frame.context;
  tanlu_goal_verdicts verdicts = {0};
  tanlu_goal_choice choice = {.scenario = TANLU_NONE, .brief = j->brief, .style = &j->style};
  tanlu_status status = cli_read_goals(&j->goals, j->file, context);
  if (status == TANLU_OK && j->list) return list_all(j);
  if (status == TANLU_OK) status = choose_goals(j);
  if (status == TANLU_OK) status = tanlu_result_open(&j->result, j->frame.request.operand, context);
  if (status == TANLU_OK) status = cli_scenario_named(j->result, j->scenario, &choice.scenario, context);
  if (status == TANLU_OK && j->provinces_name != NULL) status = read_provinces(j);
  const tanlu_goal_regions regions = {&j->provinces.levels, j->provinces.dataset, j->provinces.level};
  if (status == TANLU_OK) {
    status =
        tanlu_goal_verdicts_make(&verdicts, &j->goals, j->result, j->provinces_name != NULL ? &regions : NULL, context);
  }
  choice.chosen = j->chosen;
  if (status == TANLU_OK && j->csv) tanlu_goal_csv(&verdicts, &choice, out);
  if (status == TANLU_OK && !j->csv) status = tanlu_goal_view(&verdicts, &choice, out, context);
  if (status == TANLU_OK) j->frame.missed = j->strict && tanlu_goal_missed(&verdicts, &choice) > 0;
  tanlu_goal_verdicts_clear(&verdicts);
  return status;
}

static void clear(judging *j) {
  free(j->chosen);
  free(j->preset.item);
  free(j->scope.item);
  cli_provinces_clear(&j->provinces);
  tanlu_goals_clear(&j->goals);
  tanlu_result_close(&j->result);
  cli_analysis_clear(&j->frame);
}

static const cli_usage usage = {
    .command = "goals",
    .synopsis = "RESULT.h5",
    .purpose =
        "Judge results by the goals of policy documents: met, or missed by how much, and the first year that "
        "meets them;\n"
        "goals that cannot be judged are listed with the reason. Of the file of a sweep: the share of samples "
        "that meet\n"
        "each goal. Without a choice the goals of the preset national are judged.\n"
        "Of scenarios by region, goals of a region are judged on its own path. With --provinces also goals of "
        "provinces and\n"
        "groups of them: on the sum of the paths of a group's regions, where the file has them and the indicator adds "
        "up;\n"
        "else by the levels of regional accounts in their one year, or, for changes since then, as if the place moved "
        "with\n"
        "the nation, marked *.",
    .examples = "  tanlu goals results/china-2020.h5\n"
                "  tanlu goals --preset peak-2030 --preset neutrality-2060 results/china-2020.h5\n"
                "  tanlu goals --scope China --scenario dual-carbon --strict results/china-2020.h5\n"
                "  tanlu goals --all --csv results/china-2020.h5 > judged.csv\n"
                "  tanlu goals --preset regions-14 --provinces ./provinces-2020 results/china-2020.h5\n"
                "  tanlu goals --list\n",
    .least = 0,
    .most = 1,
    .operands = "a result file",
};

int cli_goals(cli_environment *environment, int argc, char **argv) {
  judging j = {0};
  const cli_option option[] = {
      {"preset", 'p', CLI_LIST, "NAME", "the goals of this selection, e.g. ndc-2021; may be repeated", &j.preset},
      {"scope", 0, CLI_LIST, "SCOPE", "the goals of this place, e.g. China or Ningxia; may be repeated", &j.scope},
      {"all", 'a', CLI_FLAG, NULL, "all goals of the file", &j.all},
      {"scenario", 's', CLI_TEXT, "NAME", "only this scenario", &j.scenario},
      {"provinces", 0, CLI_TEXT, "DATASET", "regional accounts, made by tanlu regionalise, for goals of their places",
       &j.provinces_name},
      {"brief", 'b', CLI_FLAG, NULL, "values and outcomes alone, of goals that can be judged", &j.brief},
      {"strict", 0, CLI_FLAG, NULL, "exit status 1 when a goal is missed (not for incentive goals, nor those with *)",
       &j.strict},
      {"csv", 'c', CLI_FLAG, NULL, "CSV, one record a goal and scenario", &j.csv},
      {"goals", 'g', CLI_TEXT, "FILE", "goals of this file (default: the shipped policy/goals.csv)", &j.file},
      {"list", 'l', CLI_FLAG, NULL, "list presets and scopes of the goals; needs no result file", &j.list},
      CLI_COLOR_OPTION(j.display),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON && count == 0 && !j.list) status = cli_wrong_usage("goals", "expected a result file");
  if (status == CLI_GO_ON) status = cli_terminal_style(&j.display, "goals", &j.style);
  if (status == CLI_GO_ON && j.list && j.provinces_name != NULL) {
    status = cli_wrong_usage("goals", "--list and --provinces exclude each other");
  }
  if (status == CLI_GO_ON && j.all && (j.preset.count > 0 || j.scope.count > 0)) {
    status = cli_wrong_usage("goals", "--all goes with neither --preset nor --scope");
  }
  if (status == CLI_GO_ON) {
    status = cli_analysis_run(environment, &j.frame, count > 0 ? operand[0] : NULL, judge_all, &j);
  }
  clear(&j);
  return status;
}
