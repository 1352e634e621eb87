/* The commands of the program and what they share. */
#ifndef TANLU_CLI_COMMAND_H
#define TANLU_CLI_COMMAND_H

#include <stdbool.h>

#include "cli/cluster.h"
#include "model/goals.h"
#include "outputs/result_file.h"
#include "outputs/text_chart.h"
#include "solvers/context.h"

typedef struct {
  int threads;                /* OpenMP offered, before BLAS was pinned to one */
  const char *command_line;   /* as it was given, quoted where needed */
  int output_error;           /* errno of the first write to stdout that failed, 0 for none */
  const cli_cluster *cluster; /* other processes of this command; NULL: none */
  const cli_distributed *(*distributed)(
      int block); /* cli/cluster.h; block 0: the usual one; NULL: a program without MPI */
} cli_environment;

/* Each takes the arguments after the program's name, argv[0] being the command's, and returns the exit status. */
int cli_run(cli_environment *environment, int argc, char **argv);
int cli_sweep(cli_environment *environment, int argc, char **argv);
int cli_merge(cli_environment *environment, int argc, char **argv);
int cli_sensitivity(cli_environment *environment, int argc, char **argv);
int cli_invest(cli_environment *environment, int argc, char **argv);
int cli_solve_for(cli_environment *environment, int argc, char **argv);
int cli_decompose(cli_environment *environment, int argc, char **argv);
int cli_check(cli_environment *environment, int argc, char **argv);
int cli_show(cli_environment *environment, int argc, char **argv);
int cli_compare(cli_environment *environment, int argc, char **argv);
int cli_export(cli_environment *environment, int argc, char **argv);
int cli_footprint(cli_environment *environment, int argc, char **argv);
int cli_prices(cli_environment *environment, int argc, char **argv);
int cli_ets(cli_environment *environment, int argc, char **argv);
int cli_shock(cli_environment *environment, int argc, char **argv);
int cli_stress(cli_environment *environment, int argc, char **argv);
int cli_goals(cli_environment *environment, int argc, char **argv);
int cli_control(cli_environment *environment, int argc, char **argv);
int cli_solve(cli_environment *environment, int argc, char **argv);
int cli_regionalise(cli_environment *environment, int argc, char **argv);
int cli_pilots(cli_environment *environment, int argc, char **argv);
int cli_embodied(cli_environment *environment, int argc, char **argv);
int cli_share(cli_environment *environment, int argc, char **argv);
int cli_downscale(cli_environment *environment, int argc, char **argv);
int cli_balance(cli_environment *environment, int argc, char **argv);
int cli_convert(cli_environment *environment, int argc, char **argv);
int cli_symmetric(cli_environment *environment, int argc, char **argv);
int cli_report(cli_environment *environment, int argc, char **argv);
int cli_aggregate(cli_environment *environment, int argc, char **argv);
int cli_disaggregate(cli_environment *environment, int argc, char **argv);
int cli_import(cli_environment *environment, int argc, char **argv);
int cli_synth(cli_environment *environment, int argc, char **argv);

/* One line about a command, "" for none of that name. */
const char *cli_command_purpose(const char *command);
/* tanlu --list KIND [RESULT.h5], for completions: names, one a line. KIND is one of <scenarios>, <sweeps>, <datasets>, <regions> and <markets>,
 * shipped or found through TANLU_PATH, or, of a result file, <variables>, <indicators>, <outputs> (indicators and scalars) and
 * <file-scenarios>; the angle brackets may be left out. Returns the exit status. */
int cli_list_print(cli_environment *environment, int count, char *const *argument);

/* Print the messages of a context to stderr, one a line, after what stdout still holds, and clear it; notes only when
 * `notes`. Messages without a place in a file start with the program's name. */
void cli_print_messages(cli_environment *environment, tanlu_context *context, bool notes);
/* Write out what stdout holds; a failure is kept in the environment. */
void cli_flush(cli_environment *environment);

/* The preset of goals that summaries show, and `tanlu goals` where nothing is chosen. */
#define CLI_USUAL_GOALS "national"
/* Goals of a file, NULL for the shipped ones. */
tanlu_status cli_read_goals(tanlu_goals *goals, const char *file, tanlu_context *context);
/* The summary of a result file with the usual goals, on stdout; without goals, with a message, where they cannot be read. */
tanlu_status cli_overview(tanlu_result *result, const tanlu_text_style *style, tanlu_context *context);

/* Largest memory this process has held so far, in bytes (VmHWM of Linux); 0 where the system does not tell. */
double cli_peak_memory(void);

/* Version, commit and flags this program was built with. */
const char *cli_version(void);
const char *cli_commit(void);
const char *cli_build_flags(void);

#endif
