#include "cli/analysis.h"

#include <stdlib.h>

int cli_analysis_run(cli_environment *environment, cli_analysis *analysis, const char *operand,
                     tanlu_status (*work)(void *user), void *user) {
  analysis->request.operand = operand;
  analysis->context = tanlu_context_create();
  if (analysis->context == NULL) return tanlu_status_exit(TANLU_ERR_MEMORY);
  tanlu_status status = cli_tables_open(&analysis->tables, analysis->csv, analysis->force, analysis->context);
  if (status == TANLU_OK) status = work(user);
  status = cli_tables_close(&analysis->tables, status, analysis->context);
  cli_print_messages(environment, analysis->context, true);
  return tanlu_status_exit(status == TANLU_OK && analysis->missed ? TANLU_DIFFERENT : status);
}

void cli_analysis_clear(cli_analysis *analysis) {
  cli_solved_close(&analysis->solved);
  free(analysis->wanted);
  free(analysis->request.set.item);
  tanlu_context_free(&analysis->context);
}

tanlu_status cli_analysis_open(cli_analysis *analysis, const char *name) {
  cli_analysis *a = analysis;
  tanlu_status status = cli_solved_open(&a->solved, &a->request, a->context);
  if (status == TANLU_OK) status = cli_solved_shown_years(&a->solved, a->years, &a->wanted, a->context);
  if (status == TANLU_OK) status = cli_solved_members(&a->solved, a->level, &a->view, a->context);
  a->view.analysis = name;
  a->view.top = (size_t)a->top;
  a->view.out = a->tables.out;
  a->view.csv = a->tables.csv;
  return status;
}

tanlu_status cli_analysis_visit(cli_analysis *analysis, const bool *wanted, tanlu_accounts_seen seen, void *user) {
  tanlu_analysis_csv_header(analysis->view.csv);
  return cli_solved_visit(&analysis->solved, wanted, seen, user, analysis->context);
}

tanlu_analysis_view *cli_analysis_table(cli_analysis *analysis, const char *name, int year) {
  cli_tables_next(&analysis->tables);
  analysis->view.analysis = name;
  analysis->view.year = year;
  return &analysis->view;
}
