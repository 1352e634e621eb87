/* Who takes part in a sweep: hosts, threads and cores of the ranks; are they the same program on the same inputs? */
#ifndef TANLU_CLI_RANKS_H
#define TANLU_CLI_RANKS_H

#include "cli/command.h"
#include "solvers/context.h"

typedef struct {
  int threads;
  bool report;          /* print where the threads of each rank run */
  const char *sweep;    /* digests */
  const char *scenario; /* may be NULL after an error, as the others */
  const char *dataset;
} cli_rank_facts;

/* Join what has become of the ranks so far: an error of one of them, another BLAS core, program, sweep, scenario or dataset than
 * rank 0's ends all, with a message on rank 0 naming it. Warns where there are more threads than cores. *workers: threads of
 * the other ranks. Without a cluster only the report. */
tanlu_status cli_ranks_join(cli_environment *environment, tanlu_status status, const cli_rank_facts *facts,
                            size_t *workers, tanlu_context *context);

/* Is this process one of several that a launcher has started, without knowing of the others: the program without MPI, or an MPI
 * that does not fit the launcher? Each would do all the work. CLI_GO_ON, or the status of wrong usage after a message. */
int cli_ranks_check_launch(const cli_environment *environment, const char *command);

#endif
