#include "bench/sweep_runs.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/sweep_work.h"

enum { TRIAL = 10 /* blocks */ };

bool sweep_runs_open(sweep_runs *r) {
  static const char *const name[SWEEP_LENGTHS] = {"small", "large", "half"};
  *r = (sweep_runs){.program = bench_environment("TANLU_PROGRAM", "build/tanlu"),
                    .mpi_program = bench_environment("TANLU_MPI_PROGRAM", "build/tanlu-mpi"),
                    .mpirun = bench_environment("TANLU_MPIRUN", "mpirun"),
                    .cores = (int)sysconf(_SC_NPROCESSORS_ONLN)};
  if (!bench_directory(r->directory)) return false;
  snprintf(r->output, sizeof r->output, "%s/out.h5", r->directory);
  for (size_t k = 0; k < SWEEP_LENGTHS; k++) {
    snprintf(r->file[k], sizeof r->file[k], "%s/%s.yaml", r->directory, name[k]);
  }
  return true;
}

void sweep_runs_close(sweep_runs *r) {
  for (size_t k = 0; k < SWEEP_LENGTHS; k++) (void)unlink(r->file[k]);
  (void)unlink(r->output);
  (void)rmdir(r->directory);
}

static bool write_length(sweep_runs *r, const char *scenario, sweep_length length, size_t blocks) {
  const bench_sweep what = {scenario, "indicators", blocks * TANLU_SWEEP_BLOCK, false};
  r->samples[length] = what.samples;
  return bench_sweep_write(&what, r->file[length]);
}

bool sweep_runs_prepare(sweep_runs *r, const char *scenario, double seconds) {
  const sweep_case serial = {false, 1, 1};
  bench_process small, trial;
  if (!write_length(r, scenario, SWEEP_SMALL, 1) || !write_length(r, scenario, SWEEP_LARGE, 1 + TRIAL) ||
      !sweep_runs_run(r, serial, SWEEP_SMALL, &small) || !sweep_runs_run(r, serial, SWEEP_LARGE, &trial)) {
    return false;
  }
  const double block = fmax(trial.seconds - small.seconds, 1e-3) / TRIAL;
  const size_t pairs = (size_t)fmax(2.0, ceil(seconds / block / 2.0));
  return write_length(r, scenario, SWEEP_LARGE, 2 * pairs) && write_length(r, scenario, SWEEP_HALF, pairs);
}

bool sweep_runs_run(const sweep_runs *r, sweep_case what, sweep_length length, bench_process *process) {
  char ranks[16], threads[16];
  const char *argument[20];
  size_t count = 0;
  snprintf(ranks, sizeof ranks, "%d", what.ranks);
  snprintf(threads, sizeof threads, "%d", what.threads);
  if (what.mpi) {
    const char *const start[] = {r->mpirun, "--oversubscribe", "--bind-to", "none", "-n", ranks};
    for (; count < 6; count++) argument[count] = start[count];
  }
  argument[count++] = what.mpi ? r->mpi_program : r->program;
  const char *const rest[] = {"sweep", "-q", "-f", "-t", threads, "-o", r->output, r->file[length], NULL};
  for (size_t k = 0; k < sizeof rest / sizeof *rest; k++) argument[count++] = rest[k];
  const bool over = what.ranks * what.threads > r->cores; /* which the program warns of */
  if (bench_execute(argument, over, process)) return true;
  fprintf(stderr, "%s of %s with %d x %d fails\n", what.mpi ? r->mpi_program : r->program, r->file[length], what.ranks,
          what.threads);
  return false;
}
