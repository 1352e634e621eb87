/* The frame of an analysis: from parsed options over context, tables and messages to the exit status. */
#ifndef TANLU_CLI_ANALYSIS_H
#define TANLU_CLI_ANALYSIS_H

#include "cli/command.h"
#include "cli/options.h"
#include "cli/solved.h"
#include "cli/tables.h"
#include "outputs/analysis_view.h"

typedef struct {
  /* options */
  cli_solved_request request;
  const char *years, *level, *csv; /* NULL: not given */
  int top;                         /* lines of a table */
  bool force;
  /* cli_analysis_run */
  tanlu_context *context;
  cli_tables tables;
  bool missed; /* exit status 1 although all worked, as --strict asks */
  /* cli_analysis_open */
  cli_solved solved;
  tanlu_analysis_view view;
  bool *wanted; /* drivers->years: those to be shown */
} cli_analysis;

/* Options with one meaning in all analyses; `lines` is the default of --top as text. */
#define CLI_ANALYSIS_MEMBERS(a)                                                                                        \
  {"year", 'y', CLI_TEXT, "YEARS", "years, e.g. 2020,2030,2050-2060 (default: first, 2030, last)", &(a).years}, {      \
    "level", 0, CLI_TEXT, "LEVEL", "groups of a level instead of sectors, e.g. policy_group", &(a).level               \
  }
#define CLI_ANALYSIS_TABLES(a, lines)                                                                                  \
  {"top", 't', CLI_COUNT, "N", "lines of a table (default: " lines ")", &(a).top},                                     \
      {"csv", 'c', CLI_TEXT, "FILE", "write everything into a CSV file too", &(a).csv}, {                              \
    "force", 'f', CLI_FLAG, NULL, "replace an existing CSV file", &(a).force                                           \
  }

/* Everything between the options and the exit status: `work` computes and writes to tables.out and tables.csv, which are printed
 * and written when it returns TANLU_OK; messages come after them. `operand` is what the user named. */
int cli_analysis_run(cli_environment *environment, cli_analysis *analysis, const char *operand,
                     tanlu_status (*work)(void *user), void *user);
void cli_analysis_clear(cli_analysis *analysis);

/* The scenario that was named, its years by --year (default: first, 2030, last) and its members by --level; `name` is the
 * analysis in CSV. */
tanlu_status cli_analysis_open(cli_analysis *analysis, const char *name);
/* cli_solved_visit of the years `wanted` after the header of the CSV file. */
tanlu_status cli_analysis_visit(cli_analysis *analysis, const bool *wanted, tanlu_accounts_seen seen, void *user);
/* The view with another name and year, an empty line after the table before. */
tanlu_analysis_view *cli_analysis_table(cli_analysis *analysis, const char *name, int year);

#endif
