/* tanlu show: results as tables or CSV. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/solved.h"
#include "cli/terminal.h"
#include "model/sweep.h"
#include "outputs/csv_write.h"
#include "outputs/overview.h"
#include "outputs/region_slice.h"
#include "outputs/region_view.h"
#include "outputs/result_slab.h"
#include "outputs/result_view.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_result *result;
  tanlu_context *context;
  const char *scenario, *years, *region;
  bool csv, wide, list;
  bool *chosen; /* regions; NULL: the nation */
  tanlu_view view;
  cli_display display;
  tanlu_text_style style;
} show;

/* ---- what is asked for ---------------------------------------------------------------------------------------------- */

static size_t find_indicator(tanlu_result *result, const char *name) {
  const tanlu_labels *indicators = tanlu_result_labels(result, "indicator");
  const bool there = indicators != NULL && tanlu_result_variable_find(result, "indicator_value") != NULL;
  return there ? tanlu_labels_find(indicators, name) : TANLU_NONE;
}

/* The variable of that name: with --region that of regions, or between them; NULL where there is none. */
static const tanlu_result_variable *find_variable(const show *s, const char *name) {
  const tanlu_result_variable *variable = tanlu_result_variable_find(s->result, name);
  if (s->chosen == NULL || (variable != NULL && tanlu_variable_has_regions(variable))) return variable;
  return tanlu_regional_variable_find(s->result, name);
}

/* A name that the file does not have, with the nearest of its variables and indicators. */
static tanlu_status unknown_name(const show *s, const char *name) {
  const tanlu_labels *indicators = tanlu_result_labels(s->result, "indicator");
  const size_t variables = tanlu_result_variable_count(s->result);
  const size_t most = variables + (indicators != NULL ? indicators->count : 0);
  const char **known = tanlu_allocate(s->context, most, sizeof *known);
  if (known == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < most; i++) {
    known[i] = i < variables ? tanlu_result_variable_at(s->result, i)->name : indicators->code[i - variables];
  }
  const char *nearest = tanlu_nearest(name, known, most);
  const tanlu_status status =
      nearest != NULL ? tanlu_fail_at(s->context, TANLU_ERR_INPUT, tanlu_result_path(s->result), 0, 0,
                                      "has no variable or indicator '%s'; did you mean '%s'?", name, nearest)
                      : tanlu_fail_at(s->context, TANLU_ERR_INPUT, tanlu_result_path(s->result), 0, 0,
                                      "has no variable or indicator '%s'; --list names them", name);
  free(known);
  return status;
}

static tanlu_status check_name(const show *s, const char *name) {
  if (find_variable(s, name) != NULL || find_indicator(s->result, name) != TANLU_NONE) return TANLU_OK;
  if (tanlu_result_variable_find(s->result, name) == NULL) return unknown_name(s, name);
  return tanlu_fail_at(s->context, TANLU_ERR_INPUT, tanlu_result_path(s->result), 0, 0,
                       "variable '%s' is of the nation alone; --region does not go with it", name);
}

static tanlu_status check_choice(const show *s) {
  const tanlu_labels *scenarios = tanlu_result_labels(s->result, "scenario");
  size_t count = 0;
  const int *year = tanlu_result_years(s->result, &count);
  size_t found = TANLU_NONE;
  const tanlu_status status =
      scenarios != NULL ? cli_scenario_named(s->result, s->scenario, &found, s->context) : TANLU_OK;
  if (status != TANLU_OK) return status;
  if (s->years != NULL && (s->view.to < year[0] || s->view.from > year[count - 1])) {
    return tanlu_fail_at(s->context, TANLU_ERR_INPUT, tanlu_result_path(s->result), 0, 0,
                         "has no year %s; it holds %d to %d", s->years, year[0], year[count - 1]);
  }
  return TANLU_OK;
}

/* ---- output ---------------------------------------------------------------------------------------------------------- */

static tanlu_csv_choice csv_choice(const show *s, size_t member) {
  const bool all = s->years == NULL;
  return (tanlu_csv_choice){.from = all ? INT_MIN : s->view.from,
                            .to = all ? INT_MAX : s->view.to,
                            .scenario = s->scenario,
                            .member = member,
                            .region = s->chosen};
}

/* One name as CSV; `alone`: the columns are named after the dimensions of its variable. */
static tanlu_status csv_name(const show *s, const char *name, bool alone) {
  const size_t indicator = find_variable(s, name) == NULL ? find_indicator(s->result, name) : TANLU_NONE;
  const tanlu_csv_choice choice = csv_choice(s, indicator);
  const tanlu_result_variable *variable = find_variable(s, indicator != TANLU_NONE ? "indicator_value" : name);
  tanlu_status (*const write)(FILE *, tanlu_result *, const tanlu_result_variable *, const tanlu_csv_choice *,
                              tanlu_context *) = s->wide ? tanlu_csv_write_wide
                                                 : alone ? tanlu_csv_write_long
                                                         : tanlu_csv_write_any;
  return write(stdout, s->result, variable, &choice, s->context);
}

static tanlu_status csv_all(const show *s, char *const *name, size_t names) {
  tanlu_status status = TANLU_OK;
  if (names == 1) return csv_name(s, name[0], true);
  tanlu_csv_put_header(stdout, s->result);
  const size_t count = names > 0 ? names : tanlu_result_variable_count(s->result);
  for (size_t i = 0; status == TANLU_OK && i < count; i++) {
    const tanlu_result_variable *variable = names > 0 ? NULL : tanlu_result_variable_at(s->result, i);
    if (variable != NULL && s->chosen != NULL && !tanlu_variable_has_regions(variable)) continue;
    status = csv_name(s, variable != NULL ? variable->name : name[i], false);
  }
  return status;
}

static tanlu_status print_name(const show *s, const char *name) {
  const tanlu_result_variable *variable = find_variable(s, name);
  if (variable == NULL && s->chosen != NULL) {
    return tanlu_region_view_indicator(s->result, find_indicator(s->result, name), s->chosen, &s->view, stdout,
                                       s->context);
  }
  if (variable == NULL) {
    return tanlu_view_indicator(s->result, find_indicator(s->result, name), &s->view, stdout, s->context);
  }
  if (tanlu_variable_has_regions(variable)) {
    return tanlu_region_view_variable(s->result, variable, s->chosen, &s->view, stdout, s->context);
  }
  const tanlu_status status = tanlu_result_variable_read(s->result, name, &variable, s->context);
  if (status != TANLU_OK) return status;
  return tanlu_view_variable(s->result, variable, &s->view, stdout, s->context);
}

static tanlu_status print_overview(const show *s) {
  if (s->chosen != NULL) return tanlu_region_overview(s->result, s->chosen, &s->view, stdout, s->context);
  if (s->scenario != NULL) {
    const size_t index = tanlu_labels_find(tanlu_result_labels(s->result, "scenario"), s->scenario);
    return tanlu_overview_scenario(s->result, index, stdout, s->context);
  }
  return cli_overview(s->result, &s->style, s->context);
}

/* Of a sweep: its list, or one name as CSV. Samples that are not computed hold zeros. */
static tanlu_status check_sweep(const show *s, size_t names) {
  const tanlu_result_variable *state = tanlu_result_variable_find(s->result, "status");
  const char *path = tanlu_result_path(s->result);
  if (s->display.chart) {
    return tanlu_fail_at(s->context, TANLU_ERR_INPUT, path, 0, 0,
                         "is the file of a sweep: --chart draws results of run");
  }
  if (s->region != NULL) {
    return tanlu_fail_at(
        s->context, TANLU_ERR_INPUT, path, 0, 0,
        "is the file of a sweep, whose indicators of regions have names like guangdong.co2_energy (--list); "
        "--region does not go with it");
  }
  if (s->scenario != NULL || (!s->list && (names != 1 || (!s->csv && !s->wide)))) {
    return tanlu_fail_at(s->context, TANLU_ERR_INPUT, path, 0, 0,
                         "is the file of a sweep: expected no names, --list, or --csv or --wide and one name");
  }
  tanlu_result_slab slab = {.value = NULL};
  size_t open = 0;
  if (s->list || state == NULL) return TANLU_OK;
  tanlu_status status = tanlu_result_slab_open(&slab, s->result, state, false, s->context);
  for (size_t i = 0; status == TANLU_OK && i < state->extent[0]; i++) {
    const double *row = tanlu_result_slab_row(&slab, i, s->context);
    if (row == NULL) status = TANLU_ERR_IO;
    if (row != NULL && (int)*row == TANLU_SAMPLE_OPEN) open++;
  }
  tanlu_result_slab_close(&slab);
  if (status == TANLU_OK && open > 0) {
    tanlu_warn(s->context, "%s: %zu of %zu samples are not computed yet; their values mean nothing", path, open,
               state->extent[0]);
  }
  return status;
}

static tanlu_status show_all(show *s, const char *path, char *const *name, size_t names) {
  tanlu_status status = tanlu_result_open(&s->result, path, s->context);
  if (status == TANLU_OK && tanlu_result_is_sweep(s->result)) {
    const bool chosen = s->scenario != NULL || s->years != NULL || s->region != NULL;
    if (names == 0 && !s->list && !s->csv && !s->wide && !s->display.chart && !chosen) {
      return tanlu_sweep_view_result(s->result, stdout, s->context);
    }
    status = check_sweep(s, names);
  }
  if (status == TANLU_OK) status = check_choice(s);
  if (status == TANLU_OK && s->region != NULL) {
    status = tanlu_regions_choose(&s->chosen, s->result, s->region, s->context);
  }
  for (size_t i = 0; status == TANLU_OK && i < names; i++) status = check_name(s, name[i]);
  if (status != TANLU_OK) return status;
  if (s->list) return tanlu_view_list(s->result, stdout, s->context);
  if (s->csv || s->wide) return csv_all(s, name, names);
  if (names == 0) return print_overview(s);
  for (size_t i = 0; status == TANLU_OK && i < names; i++) {
    if (i > 0) (void)fputc('\n', stdout);
    status = print_name(s, name[i]);
  }
  return status;
}

/* ---- the command ------------------------------------------------------------------------------------------------------ */

static const cli_usage usage = {
    .command = "show",
    .synopsis = "RESULT.h5 [VARIABLE|INDICATOR]...",
    .purpose =
        "Print results. Without a name: the summary. An indicator: scenarios by year. A variable: its members by\n"
        "year, sectors summed to policy groups; --csv gives every cell. Of the file of a sweep: its summary, --list,\n"
        "or --csv or --wide of one variable or indicator, sample by sample, however large.\n"
        "Of scenarios by region names are those of the nation; with --region they are those of regions: an indicator\n"
        "by region and year, a variable region by region, without a name the peaks. A variable regional_NAME\n"
        "without --region: regions by year.",
    .examples = "  tanlu show results/china-2020.h5\n"
                "  tanlu show --list results/china-2020.h5\n"
                "  tanlu show results/china-2020.h5 co2_net nonfossil_share\n"
                "  tanlu show --scenario dual-carbon --year 2030-2035 results/china-2020.h5 generation\n"
                "  tanlu show --csv --year 2060 results/china-2020.h5 co2 > co2-2060.csv\n"
                "  tanlu show --csv results/peak-drivers.h5 co2_net > samples.csv\n"
                "  tanlu show --region guangdong,hebei results/dual-carbon-provinces.h5 co2_energy generation\n",
    .least = 1,
    .most = -1,
    .operands = "a result file",
};

int cli_show(cli_environment *environment, int argc, char **argv) {
  show s = {.view = {.from = 1, .to = 0}};
  const cli_option option[] = {
      {"list", 'l', CLI_FLAG, NULL, "list variables and indicators with units and definitions", &s.list},
      {"csv", 'c', CLI_FLAG, NULL, "CSV, one record a value; of everything when no name is given", &s.csv},
      {"wide", 'w', CLI_FLAG, NULL, "CSV of one variable or indicator, one column a year", &s.wide},
      {"scenario", 's', CLI_TEXT, "NAME", "only this scenario", &s.scenario},
      {"year", 'y', CLI_TEXT, "Y|A-B", "only this year or these years", &s.years},
      {"region", 'r', CLI_TEXT, "CODE,...|all", "of these regions, where scenarios are by region", &s.region},
      CLI_CHART_OPTIONS(s.display),
      CLI_COLOR_OPTION(s.display),
  };
  char **operand = NULL;
  int count = 0;
  int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (parsed == CLI_GO_ON) parsed = cli_terminal_style(&s.display, "show", &s.style);
  if (parsed != CLI_GO_ON) return parsed;
  if (s.years != NULL && !cli_parse_years(s.years, strlen(s.years), &s.view.from, &s.view.to)) {
    return cli_wrong_usage("show", "--year '%s': expected a year or FIRST-LAST", s.years);
  }
  if (s.wide && count != 2) return cli_wrong_usage("show", "--wide: expected one variable or indicator");
  if (s.display.chart && (s.csv || s.wide || s.list)) {
    return cli_wrong_usage("show", "--chart does not go with --%s", s.csv ? "csv" : s.wide ? "wide" : "list");
  }
  s.view.scenario = s.scenario;
  s.view.style = &s.style;
  s.context = tanlu_context_create();
  const tanlu_status status =
      s.context != NULL ? show_all(&s, operand[0], operand + 1, (size_t)(count - 1)) : TANLU_ERR_MEMORY;
  cli_print_messages(environment, s.context, true);
  free(s.chosen);
  tanlu_result_close(&s.result);
  tanlu_context_free(&s.context);
  return tanlu_status_exit(status);
}
