/* What an analysis is made from: a scenario that the user named, ready to be projected again. */
#ifndef TANLU_CLI_SOLVED_H
#define TANLU_CLI_SOLVED_H

#include "cli/options.h"
#include "inputs/scenario_file.h"
#include "model/solved_accounts.h"
#include "outputs/analysis_view.h"
#include "outputs/result_file.h"

/* Options that all analyses have in common. */
#define CLI_SOLVED_OPTIONS(request)                                                                                    \
  {"scenario", 0, CLI_TEXT, "NAME", "scenario of the result file, where it holds several", &(request).scenario}, {     \
    "set", 's', CLI_LIST, "PATH=VALUE", "set a value of a scenario that is given by name", &(request).set              \
  }

typedef struct {
  const char *operand;  /* RESULT.h5, or a scenario by name or path */
  const char *scenario; /* of the result file; NULL: the only one */
  cli_list set;         /* of a scenario by name alone; the caller frees set.item */
} cli_solved_request;

typedef struct {
  tanlu_scenario *scenario; /* resolved: scenario->drivers, name, from, to */
  tanlu_dataset *dataset;
  tanlu_model *model;
  char *source; /* "RESULT.h5" or path of the scenario, for messages */
  double *
      recorded; /* years x TANLU_INDICATOR_COUNT as the result file has them, NaN where it has none; NULL without one */
} cli_solved;

/* Open what the user named. A result file gives the resolved text of the scenario; its dataset is looked for by name, and every
 * file of it must have the SHA-256 that the result file records. Errors: TANLU_ERR_INPUT naming what is missing, what differs, or
 * the scenarios to choose from. */
tanlu_status cli_solved_open(cli_solved *solved, const cli_solved_request *request, tanlu_context *context);
void cli_solved_close(cli_solved *solved);

/* Number of a scenario of a result file, TANLU_NONE for a NULL name. TANLU_ERR_INPUT naming the nearest, or all there are. */
tanlu_status cli_scenario_named(tanlu_result *result, const char *name, size_t *scenario, tanlu_context *context);

/* The same of a result of `tanlu run`, the only one for a NULL name. TANLU_ERR_INPUT too where there are several. */
tanlu_status cli_scenario_chosen(tanlu_result *result, const char *name, size_t *scenario, tanlu_context *context);

/* tanlu_solved_accounts_visit of it. Indicators that differ from those of the result file by more than 1e-8 are
 * TANLU_ERR_INPUT: another version of the program made it. */
tanlu_status cli_solved_visit(const cli_solved *solved, const bool *wanted, tanlu_accounts_seen seen, void *user,
                              tanlu_context *context);

/* Years of a list ("2020,2030,2050-2060"; NULL: all) into wanted (drivers->years). TANLU_ERR_INPUT for what is no year of the
 * scenario; `option` is its name in messages. */
tanlu_status cli_solved_years(const cli_solved *solved, const char *list, const char *option, bool *wanted,
                              tanlu_context *context);
/* The same, allocated; without a list the first year, 2030 and the last. The caller frees *wanted. */
tanlu_status cli_solved_shown_years(const cli_solved *solved, const char *list, bool **wanted, tanlu_context *context);
/* Scenario and members of a view: the groups of a level by name, sectors for NULL. */
tanlu_status cli_solved_members(const cli_solved *solved, const char *level, tanlu_analysis_view *view,
                                tanlu_context *context);

#endif
