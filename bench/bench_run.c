/* Time and memory of `tanlu run` of the five shipped scenarios, 2020 to 2060 on 153 sectors: as a whole process, and split
 * through the library into reading, matrices, solving and writing. Best and median of several repeats. Run from the root of
 * the tree; TANLU_PROGRAM names another program than build/tanlu. Prints a table and one JSON line.
 *
 * The goal is 0.3 s and 100 MB on two cores. */
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/measure.h"
#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/projection.h"
#include "outputs/result_file.h"
#include "solvers/blas.h"

enum { REPEATS = 9, SCENARIOS = 5 };
static const double goal_seconds = 0.3, goal_megabytes = 100.0;
static const char *const scenario[SCENARIOS] = {"reference", "structure", "energy-mix", "dual-carbon", "accelerated"};

/* ---- the whole process ------------------------------------------------------------------------------------------------- */

/* Seconds of one run of the program; negative when it fails. *megabytes is the largest resident size. */
static double run_program(const char *program, int threads, const char *output, double *megabytes) {
  char count[16];
  snprintf(count, sizeof count, "%d", threads);
  const char *const argument[] = {program, "run",       "--quiet",   "--force",   "--threads", count,       "-o",
                                  output,  scenario[0], scenario[1], scenario[2], scenario[3], scenario[4], NULL};
  bench_process process;
  if (!bench_execute(argument, false, &process)) return -1.0;
  if (process.megabytes > *megabytes) *megabytes = process.megabytes;
  return process.seconds;
}

/* ---- its parts ----------------------------------------------------------------------------------------------------------- */

enum { READING, MATRICES, SOLVING, WRITING, PARTS };
static const char *const part_name[PARTS] = {"reading", "matrices", "solving", "writing"};

typedef struct {
  tanlu_context *context;
  tanlu_scenario *scenario[SCENARIOS];
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_projection *projection[SCENARIOS];
} work;

static tanlu_status read_inputs(work *w) {
  tanlu_status status = TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && s < SCENARIOS; s++) {
    status = tanlu_scenario_read(&w->scenario[s], scenario[s], NULL, 0, w->context);
  }
  if (status == TANLU_OK) status = tanlu_dataset_read(&w->dataset, w->scenario[0]->dataset_path, w->context);
  for (size_t s = 0; status == TANLU_OK && s < SCENARIOS; s++) {
    status = tanlu_scenario_resolve(w->scenario[s], w->dataset, w->context);
  }
  return status;
}

static tanlu_status solve(work *w, int threads) {
  tanlu_status status[SCENARIOS] = {TANLU_OK};
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
  for (size_t s = 0; s < SCENARIOS; s++) {
    const tanlu_drivers *drivers = w->scenario[s]->drivers;
    status[s] = tanlu_projection_create(&w->projection[s], w->dataset, drivers->from, drivers->years, NULL);
    if (status[s] == TANLU_OK)
      status[s] = tanlu_project(w->model, drivers, scenario[s], w->projection[s], NULL, NULL, NULL);
  }
  for (size_t s = 0; s < SCENARIOS; s++) {
    if (status[s] != TANLU_OK) return tanlu_fail(w->context, status[s], "%s cannot be projected", scenario[s]);
  }
  return TANLU_OK;
}

static tanlu_status write_results(work *w, int threads, const char *output) {
  tanlu_result_scenario result[SCENARIOS];
  for (size_t s = 0; s < SCENARIOS; s++) {
    result[s] = (tanlu_result_scenario){.name = w->scenario[s]->name,
                                        .title = w->scenario[s]->title,
                                        .text = w->scenario[s]->text,
                                        .projection = w->projection[s]};
  }
  const tanlu_provenance provenance = {.version = "bench",
                                       .commit = "",
                                       .build_flags = "",
                                       .blas_core = tanlu_blas_core(),
                                       .command_line = "bench_run",
                                       .threads = threads};
  return tanlu_result_write(output, true, w->dataset, result, SCENARIOS, &provenance, w->context);
}

/* seconds[PARTS] of one pass through the library. */
static tanlu_status run_parts(int threads, const char *output, double *seconds, size_t *years, size_t *steps) {
  work w = {.context = tanlu_context_create()};
  double mark[PARTS + 1] = {omp_get_wtime()};
  tanlu_status status = w.context != NULL ? read_inputs(&w) : TANLU_ERR_MEMORY;
  mark[1] = omp_get_wtime();
  if (status == TANLU_OK) status = tanlu_model_create(&w.model, w.dataset, w.context);
  mark[2] = omp_get_wtime();
  if (status == TANLU_OK) status = solve(&w, threads);
  mark[3] = omp_get_wtime();
  if (status == TANLU_OK) status = write_results(&w, threads, output);
  mark[4] = omp_get_wtime();
  for (size_t k = 0; k < PARTS; k++) seconds[k] = mark[k + 1] - mark[k];
  *years = *steps = 0;
  for (size_t i = 0; w.context != NULL && i < tanlu_context_count(w.context); i++) {
    fprintf(stderr, "%s\n", tanlu_context_message(w.context, i));
  }
  for (size_t s = 0; s < SCENARIOS; s++) {
    if (w.projection[s] != NULL) {
      *years += w.projection[s]->years;
      *steps += w.projection[s]->iterations;
    }
    tanlu_projection_free(&w.projection[s]);
    tanlu_scenario_free(&w.scenario[s]);
  }
  tanlu_model_free(&w.model);
  tanlu_dataset_free(&w.dataset);
  tanlu_context_free(&w.context);
  return status;
}

int main(void) {
  const int offered = tanlu_blas_serial();
  const int teams[2] = {1, offered}, count = offered > 1 ? 2 : 1;
  const char *program = bench_environment("TANLU_PROGRAM", "build/tanlu");
  char directory[BENCH_PATH], output[BENCH_PATH + 16], machine[128];
  if (!bench_directory(directory)) {
    fprintf(stderr, "bench_run: no temporary directory\n");
    return 1;
  }
  snprintf(output, sizeof output, "%s/out.h5", directory);
  bench_machine_name(machine, sizeof machine);
  printf("%s, BLAS core %s, %d thread%s offered, %s; %d scenarios, %d repeats\n\n", machine, tanlu_blas_core(), offered,
         offered > 1 ? "s" : "", BENCH_COMPILER, SCENARIOS, REPEATS);
  printf("%-14s %8s %10s %10s %10s\n", "what", "threads", "best ms", "median ms", "peak MB");

  char json[2048];
  int used = snprintf(json, sizeof json, "{\"bench\": \"run\", \"machine\": \"%s\", \"core\": \"%s\", \"rows\": [",
                      machine, tanlu_blas_core());
  bool good = true, met = true;
  for (int t = 0; good && t < count; t++) {
    double whole[REPEATS], part[PARTS][REPEATS], megabytes = 0.0;
    size_t years = 0, steps = 0;
    for (int repeat = -1; good && repeat < REPEATS; repeat++) { /* the first fills the caches */
      double parts[PARTS] = {0.0};
      const double seconds = run_program(program, teams[t], output, &megabytes);
      good = seconds >= 0.0 && run_parts(teams[t], output, parts, &years, &steps) == TANLU_OK;
      if (repeat < 0) continue;
      whole[repeat] = seconds;
      for (size_t k = 0; k < PARTS; k++) part[k][repeat] = parts[k];
    }
    if (!good) break;
    const bench_times all = bench_sum_up(whole, REPEATS);
    printf("%-14s %8d %10.1f %10.1f %10.1f\n", "whole process", teams[t], 1e3 * all.best, 1e3 * all.median, megabytes);
    used += snprintf(json + used, sizeof json - (size_t)used,
                     "%s{\"threads\": %d, \"whole_ms\": %.2f, \"whole_median_ms\": %.2f, \"peak_mb\": %.1f",
                     t ? ", " : "", teams[t], 1e3 * all.best, 1e3 * all.median, megabytes);
    for (size_t k = 0; k < PARTS; k++) {
      const bench_times own = bench_sum_up(part[k], REPEATS);
      printf("  %-12s %8d %10.1f %10.1f\n", part_name[k], teams[t], 1e3 * own.best, 1e3 * own.median);
      used += snprintf(json + used, sizeof json - (size_t)used, ", \"%s_ms\": %.2f", part_name[k], 1e3 * own.best);
      if (k == SOLVING) {
        printf("  %-12s %8s %10.3f %10.3f\n", "  a year", "", 1e3 * own.best / (double)years,
               1e3 * own.median / (double)years);
        used += snprintf(json + used, sizeof json - (size_t)used, ", \"years\": %zu, \"steps\": %zu", years, steps);
      }
    }
    used += snprintf(json + used, sizeof json - (size_t)used, "}");
    met = all.best <= goal_seconds && megabytes <= goal_megabytes; /* of the last row: all threads */
  }
  (void)unlink(output);
  (void)rmdir(directory);
  if (!good) {
    fprintf(stderr, "bench_run: %s run fails\n", program);
    return 1;
  }
  printf("\ngoal %.1f s and %.0f MB with all threads: %s\n", goal_seconds, goal_megabytes, met ? "met" : "MISSED");
  printf("%s], \"goal_met\": %s}\n", json, met ? "true" : "false");
  return 0;
}
