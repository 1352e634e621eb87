/* tanlu sweep: one scenario many times, with drawn values, into one file that grows block by block. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/ranks.h"
#include "cli/signals.h"
#include "cli/sweep_job.h"
#include "inputs/number.h"
#include "outputs/result_file.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

/* ---- running ------------------------------------------------------------------------------------------------------------- */

static int stop(void *user) {
  (void)user;
  return cli_signal_received();
}

/* Units of progress are scenario-years, which is what the rate is about. Samples stand beside them where lines may be long; a
 * bar has to fit the terminal. */
static void count_samples(cli_sweep_job *s, size_t samples, size_t factored) {
  char own[64] = "";
  s->done += samples;
  s->factored += factored;
  if (isatty(STDERR_FILENO) != 0) {
    if (s->factored > 0) (void)snprintf(own, sizeof own, ", %zu own LU", s->factored);
    (void)snprintf(s->unit, sizeof s->unit, "years%s", own);
  } else {
    if (s->factored > 0) (void)snprintf(own, sizeof own, ", %zu with a factorisation of their own", s->factored);
    (void)snprintf(s->unit, sizeof s->unit, "scenario-years (%zu of %zu samples%s)", s->done, s->own, own);
  }
}

static void advance(void *user, const tanlu_sweep_block *block, size_t failures) {
  cli_sweep_job *s = user;
  count_samples(s, block->count, block->own);
  cli_progress_failed(s->progress, failures);
  cli_progress_add(s->progress, block->count * s->sweep->scenario->drivers->years);
}

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Provisional indices after two seconds and then every minute. */
static tanlu_status announce(cli_sweep_job *s) {
  static const double first_seconds = 2.0, pause_seconds = 60.0;
  char text[512];
  const double time = now();
  if (s->progress == NULL || time - s->announced < (s->shown ? pause_seconds : first_seconds)) return TANLU_OK;
  s->announced = time;
  if (s->shared) { /* what other ranks computed is in the file alone */
    const tanlu_status status = tanlu_sweep_provisional_read(s->provisional, s->store, s->context);
    if (status != TANLU_OK) return status;
  }
  if (!tanlu_sweep_provisional_text(s->provisional, text, sizeof text)) return TANLU_OK;
  s->shown = true;
  (void)fprintf(stderr, "%stanlu: provisional: %s\n", isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "", text);
  return TANLU_OK;
}

static bool is_done(void *user, size_t block) {
  const cli_sweep_job *s = user;
  return s->sink.done(s->sink.user, block);
}

static tanlu_status take(void *user, const tanlu_sweep_block *block, tanlu_context *context) {
  cli_sweep_job *s = user;
  const tanlu_status status = s->sink.write(s->sink.user, block, context);
  if (status != TANLU_OK || s->provisional == NULL) return status;
  if (!s->shared) tanlu_sweep_provisional_add(s->provisional, block);
  return announce(s);
}

static tanlu_status open_store(cli_sweep_job *s, const tanlu_sweep_description *d) {
  struct stat found;
  if (d->first_block == d->last_block) {
    return tanlu_fail(s->context, TANLU_ERR_INPUT, "the sweep has only %zu blocks of %d samples; expected fewer shards",
                      tanlu_sweep_blocks(d->samples), TANLU_SWEEP_BLOCK);
  }
  /* --resume in a batch script: the first job has nothing to go on with */
  if (s->resume && stat(s->path, &found) == 0) return tanlu_sweep_store_resume(&s->store, s->path, d, s->context);
  s->made = true;
  return tanlu_sweep_store_create(&s->store, s->path, s->force, d, s->context);
}

/* The plan of the job, which stops at signals and tells how far it is. */
static tanlu_sweep_plan plan_of(cli_sweep_job *s) {
  tanlu_sweep_plan plan = cli_sweep_job_plan(s);
  plan.stop = stop;
  plan.progress = advance;
  plan.user = s;
  return plan;
}

/* All that shows how far it is. */
static tanlu_status start_progress(cli_sweep_job *s, const tanlu_sweep_description *d, size_t failures) {
  const size_t last = d->last_block * TANLU_SWEEP_BLOCK, years = s->sweep->scenario->drivers->years;
  s->own = (last < d->samples ? last : d->samples) - d->first_block * TANLU_SWEEP_BLOCK;
  const size_t before = tanlu_sweep_store_done(s->store);
  count_samples(s, before, s->sweep->statistics > 0 ? before : 0);
  s->announced = now();
  s->progress = cli_progress_start(s->unit, (s->own - s->done) * years, s->quiet);
  cli_progress_failed(s->progress, failures);
  if (s->quiet) return TANLU_OK;
  const tanlu_status status = tanlu_sweep_provisional_create(&s->provisional, d, s->context);
  return status == TANLU_OK ? tanlu_sweep_provisional_read(s->provisional, s->store, s->context) : status;
}

/* Statistics of what is there, also of a sweep that was stopped. */
static tanlu_status finish_file(cli_sweep_job *s, tanlu_status status) {
  cli_progress_finish(&s->progress);
  if (status == TANLU_OK || status == TANLU_INTERRUPTED || status == TANLU_ERR_MODEL) {
    const tanlu_status finished = tanlu_sweep_store_finish(s->store, s->context);
    if (finished != TANLU_OK) status = finished;
  }
  return status;
}

/* What is in the file; where to go on. */
static tanlu_status end_blocks(cli_sweep_job *s, tanlu_status status) {
  status = finish_file(s, status);
  const size_t done = tanlu_sweep_store_done(s->store);
  tanlu_sweep_store_close(&s->store);
  if (status == TANLU_INTERRUPTED) {
    (void)fprintf(stderr, "tanlu: stopped by a signal; %zu of %zu samples are in %s, go on with --resume\n", done,
                  s->own, s->path);
  } else if (status == TANLU_OK && !s->quiet) {
    status = tanlu_sweep_view(s->path, stdout, s->context);
    (void)printf("\nwritten to %s\n", s->path);
  }
  return status;
}

/* The file, on a rank that has it, and all that is shown; `plan` is made complete. */
static tanlu_status prepare(cli_sweep_job *s, tanlu_sweep_plan *plan, const tanlu_sweep_description *d) {
  tanlu_status status = open_store(s, d);
  if (status != TANLU_OK) return status;
  s->sink = tanlu_sweep_store_sink(s->store);
  plan->sink = (tanlu_sweep_sink){.user = s, .done = is_done, .write = take};
  plan->first_block = d->first_block;
  plan->last_block = d->last_block;
  plan->failures = tanlu_sweep_store_failures(s->store);
  status = start_progress(s, d, plan->failures);
  if (status == TANLU_OK && plan->failures > plan->failures_allowed) {
    status = tanlu_fail(s->context, TANLU_ERR_MODEL, "%zu samples failed already, %zu are allowed", plan->failures,
                        plan->failures_allowed);
  }
  return status;
}

/* A file that was made for nothing. */
static void forget_file(cli_sweep_job *s) {
  const bool made = s->store != NULL && s->made;
  cli_progress_finish(&s->progress);
  tanlu_sweep_store_close(&s->store);
  if (made) (void)remove(s->path);
}

/* Word of rank 0 to the others, which get it as the value. */
static int tell(const cli_sweep_job *s, int number) {
  const cli_cluster *cluster = s->environment->cluster;
  return cluster != NULL ? cluster->tell(number) : number;
}

/* By all ranks. */
static tanlu_status connect_ranks(cli_sweep_job *s, tanlu_sweep_plan *plan, const tanlu_sweep_description *d) {
  const cli_cluster *cluster = s->environment->cluster;
  const cli_shared_file file = {.path = s->path, .description = d, .store = s->store};
  s->shared = cluster->shares && !s->one_writer;
  const tanlu_status status = cluster->connect(&plan->shape, s->workers, s->shared ? &file : NULL, s->context);
  plan->transport = cluster->transport;
  if (s->shared) s->sink.write = cluster->sink->write;
  return status;
}

static tanlu_status run_blocks(cli_sweep_job *s) {
  const cli_cluster *cluster = s->environment->cluster;
  const tanlu_sweep_description d = cli_sweep_job_describe(s);
  tanlu_sweep_plan plan = plan_of(s);
  tanlu_status status = prepare(s, &plan, &d);
  if (tell(s, (int)status) != TANLU_OK) return s->store != NULL ? end_blocks(s, status) : status;
  if (cluster != NULL) status = connect_ranks(s, &plan, &d);
  if (status != TANLU_OK) {
    forget_file(s);
    return status;
  }
  status = tanlu_sweep_run(&plan, s->context);
  if (cluster != NULL) status = cluster->release(status, s->context);
  return end_blocks(s, status);
}

/* On a rank that does not keep the file: blocks that rank 0 gives. Its signals and its limit of failures hold. */
static tanlu_status run_told(cli_sweep_job *s) {
  const cli_cluster *cluster = s->environment->cluster;
  const tanlu_sweep_description d = cli_sweep_job_describe(s);
  tanlu_sweep_plan plan = plan_of(s);
  if (tell(s, 0) != TANLU_OK) return TANLU_OK;
  tanlu_status status = connect_ranks(s, &plan, &d);
  if (status != TANLU_OK) return status;
  plan.sink = *cluster->sink;
  plan.failures_allowed = TANLU_NONE;
  plan.stop = NULL;
  plan.progress = NULL;
  status = tanlu_sweep_run(&plan, s->context);
  return cluster->release(status, s->context);
}

/* What rank 0 says of the files of all ranks. */
static void show_files(const cli_sweep_job *s, tanlu_status status, const size_t *done) {
  const int ranks = s->environment->cluster->ranks;
  size_t all = 0;
  for (int r = 0; r < ranks; r++) all += done[r];
  const char *base = strrchr(s->path, '-'); /* before 1ofR.h5 */
  const int length = (int)(base - s->path);
  if (status == TANLU_INTERRUPTED) {
    (void)fprintf(stderr, "tanlu: stopped by a signal; %zu of %zu samples are in %.*s-*of%d.h5, go on with --resume\n",
                  all, s->sweep->samples, length, s->path, ranks);
  } else if (status == TANLU_OK && !s->quiet) {
    (void)printf("written to %.*s-1of%d.h5 and so on; to join them:\n  tanlu merge -o %.*s.h5 %.*s-*of%d.h5\n", length,
                 s->path, ranks, length, s->path, length, s->path, ranks);
  }
}

/* Every rank has a file of its own, a shard, and needs no word of the others in between. */
static tanlu_status run_shard(cli_sweep_job *s) {
  const cli_cluster *cluster = s->environment->cluster;
  const tanlu_sweep_description d = cli_sweep_job_describe(s);
  tanlu_sweep_plan plan = plan_of(s);
  const tanlu_status own = prepare(s, &plan, &d);
  tanlu_status status = cluster->agree(own, s->context);
  if (status != TANLU_OK) {
    forget_file(s);
    return status;
  }
  status = finish_file(s, tanlu_sweep_run(&plan, s->context));
  const size_t done = tanlu_sweep_store_done(s->store);
  tanlu_sweep_store_close(&s->store);
  size_t *all = cluster->rank == 0 ? tanlu_allocate(s->context, (size_t)cluster->ranks, sizeof *all) : NULL;
  if (cluster->rank == 0 && all == NULL) abort(); /* a few bytes a rank: the others would wait for ever */
  cluster->gather(&done, sizeof done, all);
  status = cluster->agree(status, s->context);
  if (all != NULL) show_files(s, status, all);
  free(all);
  return status;
}

/* ---- the command --------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "sweep",
    .synopsis = "SWEEP",
    .purpose =
        "Run a scenario many times with varied parameters, as a sweep file says, into one HDF5 file (also valid\n"
        "netCDF-4). A sweep that was stopped or killed goes on with --resume and ends with the same data. Where the\n"
        "scenario has regions every sample is projected with them, and indicators of regions are outputs too.",
    .examples =
        "  tanlu sweep peak-drivers\n"
        "  tanlu sweep statistics-uncertainty                       emission factors, energy by branch, coefficients\n"
        "  tanlu sweep --resume -o results/peak.h5 peak-drivers     start, or go on where it stopped\n"
        "  tanlu sweep --shard 2/8 -o results/part-2.h5 peak-drivers\n"
        "  tanlu sweep --only 17 peak-drivers                       one sample as a full run\n"
        "  tanlu sweep provinces                                    31 provinces in every sample\n",
    .least = 1,
    .most = 1,
    .operands = "one sweep file",
};

/* "I/N" with 1 <= I <= N. */
static bool parse_shard(const char *text, int *shard, int *shards) {
  char first[16];
  const char *slash = strchr(text, '/');
  if (slash == NULL || (size_t)(slash - text) >= sizeof first) return false;
  memcpy(first, text, (size_t)(slash - text));
  first[slash - text] = '\0';
  return tanlu_integer_parse(first, shard) && tanlu_integer_parse(slash + 1, shards) && *shard >= 1 &&
         *shard <= *shards;
}

static int parse(cli_sweep_job *s, int argc, char **argv) {
  const cli_option option[] = {
      {"output", 'o', CLI_TEXT, "FILE", "file of the sweep (default: results/NAME.h5)", &s->output},
      {"resume", 'r', CLI_FLAG, NULL, "go on with an existing file; start where there is none", &s->resume},
      {"shard", '\0', CLI_TEXT, "I/N", "only part I of N, to be joined by 'tanlu merge'", &s->shard_text},
      {"only", '\0', CLI_TEXT, "SAMPLE", "only this sample, as a full run with a result file", &s->only_text},
      {"per-rank", '\0', CLI_FLAG, NULL, "every MPI rank writes a file of its own, to be joined by 'tanlu merge'",
       &s->per_rank},
      {"one-writer", '\0', CLI_FLAG, NULL, "of all MPI ranks only the first writes, as on NFS it has to be",
       &s->one_writer},
      {"threads", 't', CLI_COUNT, "N", "threads (default: all cores); results do not depend on it", &s->threads},
      {"report-binding", '\0', CLI_FLAG, NULL, "print the cores that the threads may use, of every MPI rank",
       &s->report},
      {"quiet", 'q', CLI_FLAG, NULL, "no progress, notes or summary", &s->quiet},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &s->force},
  };
  char **name = NULL;
  int count = 0;
  const int parsed = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &name, &count);
  if (parsed != CLI_GO_ON) return parsed;
  if (s->shard_text != NULL && !parse_shard(s->shard_text, &s->shard, &s->shards)) {
    return cli_wrong_usage("sweep", "--shard '%s': expected I/N, as 2/8", s->shard_text);
  }
  if (s->only_text != NULL && (!tanlu_integer_parse(s->only_text, &s->only) || s->only < 0)) {
    return cli_wrong_usage("sweep", "--only '%s': expected the number of a sample, from 0", s->only_text);
  }
  if (s->resume && (s->force || s->only_text != NULL)) {
    return cli_wrong_usage("sweep", "--resume goes on with a file; it does not go with --%s",
                           s->force ? "force" : "only");
  }
  if (s->per_rank && (s->shard_text != NULL || s->only_text != NULL || s->one_writer)) {
    return cli_wrong_usage("sweep", "--per-rank makes a shard of every rank; it does not go with --%s",
                           s->shard_text != NULL  ? "shard"
                           : s->only_text != NULL ? "only"
                                                  : "one-writer");
  }
  if (s->per_rank && s->environment->cluster != NULL) {
    s->shard = s->environment->cluster->rank + 1;
    s->shards = s->environment->cluster->ranks;
  }
  s->name = name[0];
  return s->shard_text != NULL || s->only_text != NULL ? CLI_GO_ON : cli_ranks_check_launch(s->environment, "sweep");
}

/* All ranks have read the same; from here on rank 0 speaks for all. */
static tanlu_status join_ranks(cli_sweep_job *s, tanlu_status status) {
  const bool whole = s->sweep != NULL && status == TANLU_OK;
  const cli_rank_facts facts = {.threads = s->threads,
                                .report = s->report,
                                .sweep = whole ? s->sweep->sha256 : NULL,
                                .scenario = s->scenario_sha256,
                                .dataset = s->dataset_sha256};
  status = cli_ranks_join(s->environment, status, &facts, &s->workers, s->context);
  if (status == TANLU_OK) cli_print_messages(s->environment, s->context, !s->quiet);
  return status;
}

int cli_sweep(cli_environment *environment, int argc, char **argv) {
  enum { GO_ON, NOTHING_TO_DO };
  cli_sweep_job s = {.environment = environment, .threads = environment->threads, .shard = 1, .shards = 1, .only = -1};
  const bool leads = environment->cluster == NULL || environment->cluster->rank == 0;
  if (!leads && tell(&s, 0) != GO_ON) return 0; /* rank 0 has parsed: help and wrong usage are said once */
  const int parsed = parse(&s, argc, argv);
  if (leads) (void)tell(&s, parsed == CLI_GO_ON && s.only < 0 ? GO_ON : NOTHING_TO_DO);
  if (parsed != CLI_GO_ON) return parsed;
  cli_signals_catch();
  cli_signals_catch_batch();
  s.context = tanlu_context_create();
  tanlu_status status = s.context != NULL ? cli_sweep_job_read(&s) : TANLU_ERR_MEMORY;
  if (s.only < 0) status = join_ranks(&s, status);
  if (!leads) s.quiet = true;
  if (status == TANLU_OK && s.only >= 0) {
    status = cli_sweep_only(&s);
  } else if (status == TANLU_OK) {
    const bool shards = s.per_rank && environment->cluster != NULL;
    status = shards ? run_shard(&s) : leads ? run_blocks(&s) : run_told(&s);
  }
  if (leads && s.context != NULL) cli_print_messages(environment, s.context, !s.quiet);
  cli_sweep_job_clear(&s);
  return cli_status_exit(status);
}
