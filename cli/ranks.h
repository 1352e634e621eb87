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

#endif
