/* Time of RAS and GRAS: a made-up dense table of 153, 1302 and 2408 sectors brought to the sums of another one, with numpy on the same
 * table and rounds (bench_balance_numpy.py) where the python3 of the system, or PYTHON, has it. One thread, and THREADS (2) where
 * stated; median of several repeats; every result is checked. Run from the root of the tree. Prints a table and a JSON line a size.
 *
 * Goal: a third of the time of RAS in place in numpy. */
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/measure.h"
#include "solvers/gras.h"
#include "solvers/memory.h"
#include "solvers/random.h"

enum { REPEATS = 9, NUMPY_REPEATS = 5, THREADS = 2 };
static const double decay = 8.0;
static const double tolerance = 1e-9;

typedef struct {
  size_t n;
  double *given, *x, *u, *v;
  tanlu_context *context;
} work;

static double uniform(uint32_t stream, uint32_t k) {
  return tanlu_random_uniform(3, TANLU_STREAM_CALLER, stream, k);
}

/* Log-uniform cells over six orders of magnitude, smaller far from the diagonal, so that about as many rounds are needed as for the
 * tables of 2018 and 2020 (47); every `below`th below zero (0: none); sums of the table under random factors with
 * noise, so that the rounds are those of an update. */
static bool make(work *w, size_t n, uint32_t below) {
  *w = (work){.n = n, .context = tanlu_context_create()};
  w->given = tanlu_allocate_doubles(w->context, n, n);
  w->x = tanlu_allocate_doubles(w->context, n, n);
  w->u = tanlu_allocate_doubles(w->context, n, 1);
  w->v = tanlu_allocate_doubles(w->context, n, 1);
  if (w->given == NULL || w->x == NULL || w->u == NULL || w->v == NULL) return false;
  for (uint32_t k = 0; k < n * n; k++) {
    const double sign = below > 0 && k % below == 0 ? -1.0 : 1.0;
    const double apart = fabs((double)(k % n) - (double)(k / n)) / (double)n;
    w->given[k] = sign * exp(14.0 * uniform(0, k) - decay * apart);
    const double other = w->given[k] * (0.5 + uniform(1, k)) * (0.5 + uniform(2, (uint32_t)(k % n)));
    w->u[k % n] += other;
    w->v[k / n] += other;
  }
  return true;
}

static void clear(work *w) {
  free(w->given);
  free(w->x);
  free(w->u);
  free(w->v);
  tanlu_context_free(&w->context);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Median of the seconds; below zero when it fails. threads 0: the scaling in place of solvers/ras.c. */
static double run(work *w, int threads, tanlu_gras_report *report) {
  const tanlu_gras_problem problem = {.rows = w->n, .columns = w->n, .row_sum = w->u, .column_sum = w->v};
  const tanlu_ras_options how = {.tolerance = tolerance, .most = 1000, .threads = threads};
  double seconds[REPEATS];
  for (int k = 0; k < REPEATS; k++) {
    memcpy(w->x, w->given, w->n * w->n * sizeof *w->x);
    const double begin = omp_get_wtime();
    const tanlu_status status =
        threads == 0 ? tanlu_ras(w->n, w->n, w->x, w->u, w->v, NULL, NULL, &how, &report->rounds, w->context)
                     : tanlu_gras(&problem, w->x, &how, report, w->context);
    seconds[k] = omp_get_wtime() - begin;
    if (status != TANLU_OK || report->gap > tolerance) return -1.0;
  }
  qsort(seconds, REPEATS, sizeof *seconds, compare);
  return seconds[REPEATS / 2];
}

static bool write_work(const work *w, const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return false;
  const double n = (double)w->n;
  bool good = fwrite(&n, sizeof n, 1, file) == 1;
  good = good && fwrite(w->given, sizeof n, w->n * w->n, file) == w->n * w->n;
  good = good && fwrite(w->u, sizeof n, w->n, file) == w->n && fwrite(w->v, sizeof n, w->n, file) == w->n;
  return fclose(file) == 0 && good;
}

/* Seconds of numpy, in place and in vector form; false without it. */
static bool run_numpy(const work *w, const char *directory, size_t rounds, double seconds[2], char version[32]) {
  char path[BENCH_PATH + 16], command[3 * BENCH_PATH];
  double gap = HUGE_VAL;
  int found = 0;
  (void)snprintf(path, sizeof path, "%s/table", directory);
  if (write_work(w, path)) {
    (void)snprintf(command, sizeof command,
                   "OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 '%s' bench/bench_balance_numpy.py '%s' %zu %d 2>/dev/null",
                   bench_environment("PYTHON", "/usr/bin/python3"), path, rounds, (int)NUMPY_REPEATS);
    FILE *pipe_end = popen(command, "r");
    if (pipe_end != NULL) found = fscanf(pipe_end, "%lf %lf %lf %31s", &seconds[0], &seconds[1], &gap, version);
    if (pipe_end != NULL) (void)pclose(pipe_end);
  }
  (void)unlink(path);
  return found == 4;
}

static bool run_size(size_t n, const char *directory) {
  work plain, mixed;
  tanlu_gras_report ras = {0}, gras = {0}, in_place = {0};
  double numpy[2] = {0.0, 0.0};
  char version[32] = "none";
  bool good = make(&plain, n, 0) && make(&mixed, n, 50);
  const double vector = good ? run(&plain, 1, &ras) : -1.0, place = good ? run(&plain, 0, &in_place) : -1.0;
  const double several = good ? run(&plain, THREADS, &ras) : -1.0, both = good ? run(&mixed, 1, &gras) : -1.0;
  good = vector > 0.0 && several > 0.0 && place > 0.0 && both > 0.0;
  const bool has = good && run_numpy(&plain, directory, ras.rounds, numpy, version);
  if (good) {
    printf("%5zu %6zu %12.2f %12.2f %12.2f %12.2f", n, ras.rounds, 1e3 * vector, 1e3 * several, 1e3 * both,
           1e3 * place);
    if (has) printf(" %12.2f %12.2f %8.1f", 1e3 * numpy[0], 1e3 * numpy[1], numpy[0] / vector);
    printf("\n{\"bench\": \"balance\", \"n\": %zu, \"rounds\": %zu, \"ras_ms\": %.3f, \"ras_%d_threads_ms\": %.3f, "
           "\"gras_rounds\": %zu, \"gras_ms\": %.3f, \"in_place_ms\": %.3f, \"numpy_ms\": %.3f, "
           "\"numpy_vector_ms\": %.3f, \"numpy\": \"%s\", \"load\": %.1f}\n",
           n, ras.rounds, 1e3 * vector, (int)THREADS, 1e3 * several, gras.rounds, 1e3 * both, 1e3 * place,
           1e3 * numpy[0], 1e3 * numpy[1], version, bench_load());
  } else {
    printf("%5zu  failed\n", n);
  }
  clear(&plain);
  clear(&mixed);
  return good;
}

int main(void) {
  static const size_t size[] = {153, 1302, 2408};
  char directory[BENCH_PATH], machine[256];
  if (!bench_directory(directory)) return 1;
  bench_machine_name(machine, sizeof machine);
  printf("RAS and GRAS to 1e-9, ms, %s, %s\n\n", machine, BENCH_COMPILER);
  printf("%5s %6s %12s %12s %12s %12s %12s %12s %8s\n", "n", "rounds", "RAS", "2 threads", "GRAS, 2 %", "ras.c",
         "numpy", "its vectors", "numpy/RAS");
  bool good = true;
  for (size_t k = 0; k < sizeof size / sizeof *size; k++) good = run_size(size[k], directory) && good;
  (void)rmdir(directory);
  return good ? 0 : 1;
}
