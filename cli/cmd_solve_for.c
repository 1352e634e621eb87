/* tanlu solve-for: the smallest change of some numbers of a scenario with which goals are met. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "inputs/dataset_file.h"
#include "inputs/scenario_child.h"
#include "inputs/scenario_seek.h"
#include "outputs/output_file.h"
#include "outputs/table.h"
#include "solvers/memory.h"

typedef struct {
  const char *name;   /* the scenario as given */
  const char *output; /* -o */
  cli_list set, goal, vary;
  bool force, quiet;
  tanlu_context *context;
  tanlu_scenario *scenario;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_scenario_numbers numbers;
  tanlu_seek_lever *lever;
  size_t levers, goals;
  tanlu_seek_goal *goals_of;
  tanlu_seek_result result;
} work;

/* ---- reading ---------------------------------------------------------------------------------------------------------- */

static tanlu_status read_inputs(work *w) {
  tanlu_status status = tanlu_output_file_check(w->output, w->force, w->context);
  if (status == TANLU_OK) {
    status = tanlu_scenario_read(&w->scenario, w->name, w->set.item, w->set.count, w->context);
  }
  if (status == TANLU_OK) status = tanlu_dataset_read(&w->dataset, w->scenario->dataset_path, w->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(w->scenario, w->dataset, w->context);
  if (status == TANLU_OK) {
    status = tanlu_scenario_numbers_find(&w->numbers, w->scenario, w->dataset, w->context);
  }
  return status;
}

/* All goals and levers, so that the errors of all of them are seen. */
static tanlu_status read_problem(work *w) {
  tanlu_status status = TANLU_OK;
  w->goals_of = tanlu_allocate(w->context, w->goal.count, sizeof *w->goals_of);
  if (w->goals_of == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < w->goal.count; k++) {
    char what[200];
    (void)snprintf(what, sizeof what, "--goal '%s'", w->goal.item[k]);
    const tanlu_status own = tanlu_goal_named(&w->goals_of[w->goals++].goal, w->goal.item[k], w->scenario->from,
                                              w->scenario->to, what, w->context);
    if (status == TANLU_OK) status = own;
  }
  for (size_t i = 0; i < w->vary.count; i++) {
    const tanlu_status own = tanlu_seek_vary(&w->lever, &w->levers, &w->numbers, w->vary.item[i], w->context);
    if (status == TANLU_OK) status = own;
  }
  return status;
}

/* ---- what was found --------------------------------------------------------------------------------------------------- */

static void add_number(tanlu_table *table, double value) {
  char text[40];
  (void)snprintf(text, sizeof text, "%.6g", value);
  tanlu_table_text(table, text);
}

static tanlu_status print_levers(const work *w) {
  tanlu_table *table = tanlu_table_create(w->context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "number", TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  tanlu_table_column(table, "before", TANLU_RIGHT);
  tanlu_table_column(table, "after", TANLU_RIGHT);
  tanlu_table_column(table, "change, %", TANLU_RIGHT);
  tanlu_table_column(table, "bounds", TANLU_LEFT);
  for (size_t i = 0; i < w->levers; i++) {
    const tanlu_seek_lever *l = &w->lever[i];
    char bounds[80];
    (void)snprintf(bounds, sizeof bounds, "%g to %g%s", l->low, l->high,
                   l->found == l->low || l->found == l->high ? ", met" : "");
    tanlu_table_text(table, l->number.path);
    tanlu_table_text(table, l->number.unit);
    add_number(table, l->number.value);
    add_number(table, l->found);
    tanlu_table_number(table, 100.0 * (l->found - l->number.value) / l->scale, 2);
    tanlu_table_text(table, bounds);
  }
  const tanlu_status status = tanlu_table_print(table, stdout, w->context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status print_goals(const work *w) {
  tanlu_table *table = tanlu_table_create(w->context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "goal", TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  tanlu_table_column(table, "before", TANLU_RIGHT);
  tanlu_table_column(table, "after", TANLU_RIGHT);
  tanlu_table_column(table, "", TANLU_LEFT);
  for (size_t k = 0; k < w->goals; k++) {
    const tanlu_seek_goal *g = &w->goals_of[k];
    tanlu_table_text(table, w->goal.item[k]);
    tanlu_table_text(table, tanlu_output_unit(&g->goal));
    add_number(table, g->before);
    add_number(table, g->after);
    tanlu_table_text(table, tanlu_goal_judge(&g->goal, g->after) == TANLU_GOAL_MET ? "met" : "missed");
  }
  const tanlu_status status = tanlu_table_print(table, stdout, w->context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status print_tables(const work *w) {
  tanlu_status status = print_levers(w);
  (void)fputc('\n', stdout);
  if (status == TANLU_OK) status = print_goals(w);
  return status;
}

/* How close it came. */
static tanlu_status fail_goals(const work *w) {
  for (size_t k = 0; k < w->goals; k++) {
    const tanlu_seek_goal *g = &w->goals_of[k];
    char name[TANLU_OUTPUT_NAME];
    if (tanlu_goal_judge(&g->goal, g->after) == TANLU_GOAL_MET) continue;
    tanlu_output_name(&g->goal, name);
    (void)tanlu_fail(w->context, TANLU_ERR_MODEL,
                     "no such scenario was found: %s comes to %.6g %s at best, the goal is %s %g", name, g->after,
                     tanlu_output_unit(&g->goal), tanlu_goal_operator_word(g->goal.relation), g->goal.value);
  }
  return TANLU_ERR_MODEL;
}

/* ---- the scenario ------------------------------------------------------------------------------------------------------- */

static char *title_of(const work *w) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (stream == NULL) return NULL;
  (void)fprintf(stream, "%s with", w->scenario->name);
  for (size_t k = 0; k < w->goal.count; k++) (void)fprintf(stream, "%s %s", k > 0 ? "," : "", w->goal.item[k]);
  return fclose(stream) == 0 ? text : NULL;
}

static tanlu_status make_text(const work *w, char **text) {
  const tanlu_scenario_number **number = tanlu_allocate(w->context, w->levers, sizeof *number);
  double *value = tanlu_allocate_doubles(w->context, w->levers, 1);
  char *name = tanlu_scenario_file_name(w->output), *title = title_of(w), *parent = NULL;
  tanlu_status status = number != NULL && value != NULL && name != NULL && title != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_scenario_parent_name(&parent, w->scenario, w->name, w->output, w->context);
  }
  if (status == TANLU_OK) {
    tanlu_scenario_change change = {.name = name, .title = title, .parent = parent, .number = number, .value = value};
    for (size_t i = 0; i < w->levers; i++) {
      if (w->lever[i].found == w->lever[i].number.value) continue;
      number[change.count] = &w->lever[i].number;
      value[change.count++] = w->lever[i].found;
    }
    status = tanlu_scenario_child(text, w->scenario, &w->numbers, &change, w->context);
  }
  free(number);
  free(value);
  free(name);
  free(title);
  free(parent);
  return status;
}

static tanlu_status write_scenario(const work *w) {
  char *text = NULL;
  tanlu_status status = make_text(w, &text);
  if (status == TANLU_OK) status = tanlu_output_file_put(w->output, w->force, text, strlen(text), w->context);
  free(text);
  return status;
}

static tanlu_status solve(work *w) {
  tanlu_status status = read_inputs(w);
  if (status == TANLU_OK) status = read_problem(w);
  if (status == TANLU_OK) status = tanlu_model_create(&w->model, w->dataset, w->context);
  if (status == TANLU_OK) {
    status = tanlu_scenario_seek(w->scenario, w->dataset, w->model, w->lever, w->levers, w->goals_of, w->goals,
                                 &w->result, w->context);
  }
  if (status == TANLU_OK && !w->quiet) status = print_tables(w);
  if (status == TANLU_OK) status = w->result.satisfied ? write_scenario(w) : fail_goals(w);
  if (status == TANLU_OK && !w->quiet) {
    (void)printf("\nwritten to %s after %d projections\n", w->output, w->result.projections);
  }
  return status;
}

/* ---- the command --------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "solve-for",
    .synopsis = "--goal GOAL... --vary PATH... -o FOUND.yaml SCENARIO",
    .purpose =
        "Find the smallest change of some numbers of a scenario with which goals are met, and write it as a scenario\n"
        "of its own that names SCENARIO as its parent. GOAL is an output of the scenario with <= or >= and a number:\n"
        "an indicator in a year, cumulative_co2, residual_co2 or peak_co2. PATH is a number as --set takes it, or all\n"
        "numbers below a path; LOW and HIGH bound it, WEIGHT says how dear its relative change is. The sum of\n"
        "weight x (relative change)^2 becomes as small as it gets near SCENARIO. Where goals stay out of reach\n"
        "nothing is written and the exit status is 3.",
    .examples =
        "  tanlu solve-for --goal 'co2_net.2060<=0' --vary power.mix.pv.2060:0.2:0.5 --vary sinks.2060:600:1000:4 \\\n"
        "      -o found.yaml energy-mix\n"
        "  tanlu solve-for --goal 'cumulative_co2<=300' --goal 'nonfossil_share.2030>=0.345' --vary power.mix \\\n"
        "      -o tight.yaml dual-carbon\n",
    .least = 1,
    .most = 1,
    .operands = "a scenario",
};

int cli_solve_for(cli_environment *environment, int argc, char **argv) {
  work w = {.result = {0}};
  const cli_option option[] = {
      {"goal", 'g', CLI_LIST, "GOAL", "a goal, as co2_net.2060<=0; several are met together", &w.goal},
      {"vary", 'v', CLI_LIST, "PATH[:LOW:HIGH[:WEIGHT]]", "what may change, within bounds", &w.vary},
      {"output", 'o', CLI_TEXT, "FOUND.yaml", "the scenario found", &w.output},
      {"set", 's', CLI_LIST, "PATH=VALUE", "set a value of SCENARIO first, e.g. gdp.growth.2030=4.0", &w.set},
      {"quiet", 'q', CLI_FLAG, NULL, "no tables", &w.quiet},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &w.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status != CLI_GO_ON) {
    /* said */
  } else if (w.goal.count == 0 || w.vary.count == 0 || w.output == NULL) {
    status = cli_wrong_usage("solve-for", "expected at least one --goal, one --vary and -o FOUND.yaml");
  } else {
    w.name = operand[0];
    w.context = tanlu_context_create();
    status = tanlu_status_exit(w.context != NULL ? solve(&w) : TANLU_ERR_MEMORY);
    if (w.context != NULL) cli_print_messages(environment, w.context, !w.quiet);
  }
  tanlu_scenario_numbers_clear(&w.numbers);
  tanlu_model_free(&w.model);
  tanlu_scenario_free(&w.scenario);
  tanlu_dataset_free(&w.dataset);
  tanlu_context_free(&w.context);
  free(w.lever);
  free(w.goals_of);
  free(w.set.item);
  free(w.goal.item);
  free(w.vary.item);
  return status;
}
