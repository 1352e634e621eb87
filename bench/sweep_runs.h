/* Sweeps run by the built programs: one block, whose time is that of starting, and as many samples as take long enough. */
#ifndef TANLU_BENCH_SWEEP_RUNS_H
#define TANLU_BENCH_SWEEP_RUNS_H

#include "bench/measure.h"

typedef enum { SWEEP_SMALL, SWEEP_LARGE, SWEEP_HALF, SWEEP_LENGTHS } sweep_length;

typedef struct {
  bool mpi; /* tanlu-mpi by mpirun */
  int ranks, threads;
} sweep_case;

typedef struct {
  const char *program, *mpi_program, *mpirun;
  char directory[BENCH_PATH], output[BENCH_PATH + 16], file[SWEEP_LENGTHS][BENCH_PATH + 16];
  size_t samples[SWEEP_LENGTHS];
  int cores;
} sweep_runs;

/* Programs by TANLU_PROGRAM, TANLU_MPI_PROGRAM and TANLU_MPIRUN, else build/tanlu, build/tanlu-mpi and mpirun. */
bool sweep_runs_open(sweep_runs *runs);
/* As many samples (whole blocks, an even number of them) as one thread does in so many seconds. Indicators are kept. */
bool sweep_runs_prepare(sweep_runs *runs, const char *scenario, double seconds);
bool sweep_runs_run(const sweep_runs *runs, sweep_case what, sweep_length length, bench_process *process);
void sweep_runs_close(sweep_runs *runs);

#endif
