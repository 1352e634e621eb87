/* A sweep to be measured: parameters and outputs of the shipped sweep peak-drivers under another head, read, bound to its dataset,
 * with a file to write to. */
#ifndef TANLU_BENCH_SWEEP_WORK_H
#define TANLU_BENCH_SWEEP_WORK_H

#include "inputs/dataset_file.h"
#include "inputs/sweep_file.h"
#include "model/sweep.h"
#include "outputs/sweep_store.h"

enum { BENCH_THREADS_MAX = 64 };

typedef struct {
  const char *scenario, *keep;
  size_t samples;
  bool one_year; /* one indicator in one year instead of the outputs of peak-drivers */
} bench_sweep;
bool bench_sweep_write(const bench_sweep *what, const char *path);

typedef struct {
  tanlu_context *context;
  tanlu_sweep *sweep;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_sweep_worker *worker[BENCH_THREADS_MAX];
  tanlu_sweep_store *store;
  int threads;
} bench_sweep_work;
/* work->threads is set by the caller. Errors: those of reading. */
tanlu_status bench_sweep_prepare(bench_sweep_work *work, const char *path);
/* Its file, with what a file must say and no more. */
tanlu_status bench_sweep_store(bench_sweep_work *work, const char *path);
/* All blocks into a sink, drawn by a source. */
tanlu_sweep_plan bench_sweep_plan(const bench_sweep_work *work, tanlu_sweep_source source, tanlu_sweep_sink sink);
/* Print its messages and free what it holds. */
void bench_sweep_release(bench_sweep_work *work);

#endif
