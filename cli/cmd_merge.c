/* tanlu merge: the shards of a sweep become one file. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/options.h"
#include "outputs/sweep_store.h"
#include "outputs/sweep_view.h"
#include "solvers/blas.h"

static const cli_usage usage = {
    .command = "merge",
    .synopsis = "-o FILE SHARD.h5...",
    .purpose = "Join the shards of a sweep (tanlu sweep --shard), in any order, into one file with the data of an\n"
               "unsharded run. Missing, unfinished or overlapping shards are named.",
    .examples = "  tanlu merge -o results/peak-drivers.h5 results/peak-drivers-*of8.h5\n",
    .least = 1,
    .most = -1,
    .operands = "the files of all shards",
};

int cli_merge(cli_environment *environment, int argc, char **argv) {
  const char *output = NULL;
  bool quiet = false, force = false;
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "FILE", "file to write", &output},
      {"quiet", 'q', CLI_FLAG, NULL, "no summary", &quiet},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &force},
  };
  char **shard = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &shard, &count);
  if (parsed != CLI_GO_ON) return parsed;
  if (output == NULL) return cli_wrong_usage("merge", "expected --output FILE");
  const tanlu_provenance provenance = {.version = cli_version(),
                                       .commit = cli_commit(),
                                       .build_flags = cli_build_flags(),
                                       .blas_core = tanlu_blas_core(),
                                       .command_line = environment->command_line,
                                       .threads = 1};
  tanlu_context *context = tanlu_context_create();
  tanlu_status status = context != NULL ? tanlu_sweep_merge(output, force, (const char *const *)shard, (size_t)count,
                                                            &provenance, context)
                                        : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && !quiet) {
    status = tanlu_sweep_view(output, stdout, context);
    (void)printf("\nwritten to %s\n", output);
  }
  if (context != NULL) cli_print_messages(environment, context, !quiet);
  tanlu_context_free(&context);
  return tanlu_status_exit(status);
}
