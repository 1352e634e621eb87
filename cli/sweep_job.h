/* A sweep as the command knows it: its options, what it has read, how far it is. */
#ifndef TANLU_CLI_SWEEP_JOB_H
#define TANLU_CLI_SWEEP_JOB_H

#include <stdbool.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "inputs/dataset_file.h"
#include "inputs/sweep_file.h"
#include "outputs/sweep_provisional.h"
#include "outputs/sweep_store.h"

enum { CLI_SWEEP_COLUMNS = 5 };

typedef struct {
  cli_environment *environment;
  tanlu_context *context;
  const char *name, *output, *shard_text, *only_text;
  int threads, shard, shards, only;
  bool quiet, force, resume, report, per_rank, one_writer;
  bool shared;    /* all ranks write the file */
  bool made;      /* the file is new */
  size_t workers; /* threads of other ranks */
  char *path;
  tanlu_sweep *sweep;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_sweep_worker **worker; /* threads */
  tanlu_sweep_store *store;
  tanlu_sweep_sink sink; /* of the store */
  tanlu_sweep_provisional *provisional;
  double announced; /* seconds: when they were last shown, or the start */
  bool shown;
  cli_progress *progress;
  size_t done, own; /* samples of this run: done, in all */
  size_t factored;  /* of those that are done: with statistics, and so with a factorisation, of their own */
  char unit[160];   /* "scenario-years (32 of 896 samples)" */
  const char **column[CLI_SWEEP_COLUMNS]; /* labels, paths, modes, distributions, simplexes of the parameters */
  const char **sector_group;              /* policy group of every sector; NULL where no sectors are kept */
  char **input;                           /* files read */
  const char **sha256;
  size_t inputs;
  char scenario_sha256[TANLU_SHA256_TEXT], dataset_sha256[TANLU_SHA256_TEXT];
  char *sweep_text;
} cli_sweep_job;

/* Sweep, scenario and dataset, the model and the workers, and where results go. */
tanlu_status cli_sweep_job_read(cli_sweep_job *job);
/* What the file says of the sweep; borrows from the job. */
tanlu_sweep_description cli_sweep_job_describe(const cli_sweep_job *job);
tanlu_provenance cli_sweep_job_provenance(const cli_sweep_job *job);
/* What all ways to run samples have in common. */
tanlu_sweep_plan cli_sweep_job_plan(const cli_sweep_job *job);
/* One sample (job->only) as a run of its own, in a result file. */
tanlu_status cli_sweep_only(cli_sweep_job *job);
void cli_sweep_job_clear(cli_sweep_job *job); /* also one that is not read */

#endif
