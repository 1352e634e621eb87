/* Sweeps over MPI ranks on this machine: build/tanlu-mpi against build/tanlu, on 153 and 42 sectors with the parameters of the
 * shipped sweep peak-drivers and indicators kept. `make bench-mpi` starts it; nothing else does. Columns:
 *
 *   start-up    seconds of the same command for one block of 32 samples: mpirun, reading, the centre, the file, the block
 *   seconds     of the rest of the samples: what the whole command takes longer than its start-up
 *   samples/s   of the rest
 *   strong      speed against `tanlu -t 1` on as many samples, divided by the threads that compute
 *   weak        speed of two threads that compute against 1 x 1 on a half of the samples, divided by two
 *   cores       seconds of cores a sample, against `tanlu -t 1`: what the same work costs more, whoever else uses the machine
 *
 * Best of the repeats, in which all rows take turns (median: beside it). Goals: one rank costs 2 % more than the serial program
 * at most, two ranks have an efficiency of 95 %. Rows with more threads than cores are marked `over`; with a load
 * above 1 before all of it there is no verdict: `disturbed`.
 * --seconds=S: of a row on one thread (4), --repeats=N (3).
 * Prints a table and one JSON line for each table of sectors, also into results/bench-mpi.jsonl. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/measure.h"
#include "bench/sweep_runs.h"

enum { REPEATS_MAX = 31, CASES = 8, BASE = 0, ONE_RANK = 2, TWO_RANKS = 4, HALF = 7, JSON_SIZE = 4096 };
static const double goal_overhead = 0.02, goal_efficiency = 0.95, quiet_load = 1.0;

typedef struct {
  const char *name;
  sweep_case what;
  sweep_length length;
} mpi_case;
static const mpi_case cases[CASES] = {
    {"tanlu", {false, 1, 1}, SWEEP_LARGE},    {"tanlu", {false, 1, 2}, SWEEP_LARGE},
    {"tanlu-mpi", {true, 1, 1}, SWEEP_LARGE}, {"tanlu-mpi", {true, 1, 2}, SWEEP_LARGE},
    {"tanlu-mpi", {true, 2, 1}, SWEEP_LARGE}, {"tanlu-mpi", {true, 2, 2}, SWEEP_LARGE},
    {"tanlu-mpi", {true, 4, 1}, SWEEP_LARGE}, {"tanlu-mpi half", {true, 1, 1}, SWEEP_HALF},
};

typedef struct {
  double start[REPEATS_MAX], whole[REPEATS_MAX]; /* seconds */
  double start_cores, whole_cores;               /* the least */
  bench_times startup, seconds;                  /* seconds: without start-up */
} case_times;

typedef struct {
  sweep_runs runs;
  size_t repeats;
  double target, load; /* load: before all of it */
} bench;

static bool measure(const bench *b, case_times *times) {
  for (size_t k = 0; k < CASES; k++) times[k].start_cores = times[k].whole_cores = (double)INFINITY;
  for (size_t repeat = 0; repeat < b->repeats; repeat++) {
    for (size_t k = 0; k < CASES; k++) {
      bench_process start, whole;
      if (!sweep_runs_run(&b->runs, cases[k].what, SWEEP_SMALL, &start)) return false;
      if (!sweep_runs_run(&b->runs, cases[k].what, cases[k].length, &whole)) return false;
      times[k].start[repeat] = start.seconds;
      times[k].whole[repeat] = whole.seconds;
      times[k].start_cores = fmin(times[k].start_cores, start.cores);
      times[k].whole_cores = fmin(times[k].whole_cores, whole.cores);
    }
  }
  for (size_t k = 0; k < CASES; k++) {
    times[k].startup = bench_sum_up(times[k].start, b->repeats);
    const bench_times whole = bench_sum_up(times[k].whole, b->repeats);
    times[k].seconds.best = whole.best - times[k].startup.best;
    times[k].seconds.median = whole.median - times[k].startup.median;
  }
  return true;
}

static size_t rest_of(const bench *b, size_t k) {
  return b->runs.samples[cases[k].length] - b->runs.samples[SWEEP_SMALL];
}

static double speed(const bench *b, const case_times *times, size_t k) {
  return (double)rest_of(b, k) / times[k].seconds.best;
}

static double core_seconds(const bench *b, const case_times *times, size_t k) {
  return (times[k].whole_cores - times[k].start_cores) / (double)rest_of(b, k);
}

static void print_rows(const bench *b, int sectors, const case_times *times, char *json) {
  size_t used = strlen(json);
  for (size_t k = 0; k < CASES; k++) {
    const sweep_case *c = &cases[k].what;
    const case_times *t = &times[k];
    const int workers = c->ranks * c->threads;
    const double rate = speed(b, times, k), strong = rate / speed(b, times, BASE) / workers;
    const double weak = rate / speed(b, times, HALF) / workers;
    const double cores = core_seconds(b, times, k) / core_seconds(b, times, BASE);
    char weakly[16] = "";
    if (workers == 2 && c->mpi) snprintf(weakly, sizeof weakly, "%.1f %%", 100.0 * weak);
    printf("%4d  %-14s %d x %d %8zu %9.2f %8.2f %8.2f %9.0f %7.1f %% %9s %7.3f %s\n", sectors, cases[k].name, c->ranks,
           c->threads, b->runs.samples[cases[k].length], t->startup.best, t->seconds.best, t->seconds.median, rate,
           100.0 * strong, weakly, cores, workers > b->runs.cores ? "over" : "");
    used +=
        (size_t)snprintf(json + used, JSON_SIZE - used,
                         "%s{\"program\": \"%s\", \"ranks\": %d, \"threads\": %d, \"samples\": %zu, \"startup_s\": "
                         "%.3f, \"seconds\": %.3f, \"median_s\": %.3f, \"strong\": %.4f, \"cores\": %.4f, "
                         "\"oversubscribed\": %s}",
                         k > 0 ? ", " : "", cases[k].name, c->ranks, c->threads, rest_of(b, k), t->startup.best,
                         t->seconds.best, t->seconds.median, strong, cores, workers > b->runs.cores ? "true" : "false");
  }
}

/* Times mean little where other programs have run in the minute before. */
static const char *verdict(bool met, double load) {
  return load > quiet_load ? "disturbed" : met ? "met" : "MISSED";
}

static bool run_table(bench *b, const char *scenario, int sectors, const char *machine, char *json) {
  case_times times[CASES];
  const double load = b->load;
  if (!sweep_runs_prepare(&b->runs, scenario, b->target) || !measure(b, times)) return false;
  snprintf(json, JSON_SIZE,
           "{\"bench\": \"mpi\", \"machine\": \"%s\", \"cores\": %d, \"load\": %.2f, \"n\": %d, "
           "\"repeats\": %zu, \"rows\": [",
           machine, b->runs.cores, load, sectors, b->repeats);
  print_rows(b, sectors, times, json);
  const double overhead = speed(b, times, BASE) / speed(b, times, ONE_RANK) - 1.0;
  const double more = core_seconds(b, times, ONE_RANK) / core_seconds(b, times, BASE) - 1.0;
  const double efficiency = speed(b, times, TWO_RANKS) / speed(b, times, BASE) / 2.0;
  printf(
      "%4d  one rank costs %+.1f %% (%+.1f %% of cores; goal %.0f %%: %s), two ranks have %.1f %% (goal %.0f %%: %s); "
      "load before: %.1f\n",
      sectors, 100.0 * overhead, 100.0 * more, 100.0 * goal_overhead, verdict(overhead <= goal_overhead, load),
      100.0 * efficiency, 100.0 * goal_efficiency, verdict(efficiency >= goal_efficiency, load), load);
  const size_t used = strlen(json);
  snprintf(
      json + used, sizeof json - used,
      "], \"overhead_one_rank\": %.4f, \"overhead_cores\": %.4f, \"efficiency_two_ranks\": %.4f, \"goal_met\": %s}",
      overhead, more, efficiency, overhead <= goal_overhead && efficiency >= goal_efficiency ? "true" : "false");
  (void)fflush(stdout);
  return true;
}

int main(int argc, char **argv) {
  static bench b;
  char machine[128], json[2][JSON_SIZE] = {"", ""};
  b.repeats = (size_t)bench_number(argc, argv, "repeats", 3.0);
  b.load = bench_load();
  b.target = bench_number(argc, argv, "seconds", 4.0);
  if (b.repeats < 1 || b.repeats > REPEATS_MAX || !sweep_runs_open(&b.runs)) {
    fprintf(stderr, "bench_mpi: needs 1 to %d repeats and a temporary directory\n", REPEATS_MAX);
    return 1;
  }
  bench_machine_name(machine, sizeof machine);
  (void)mkdir("results", 0777);
  FILE *lines = fopen("results/bench-mpi.jsonl", "w");
  printf("%s, %d cores, %s; sweeps of the parameters of peak-drivers, 2020-2060, keep: indicators; best of %zu\n\n",
         machine, b.runs.cores, BENCH_COMPILER, b.repeats);
  printf("%4s  %-14s %5s %8s %9s %8s %8s %9s %9s %9s %7s\n", "n", "program", "r x t", "samples", "start-up", "seconds",
         "median", "samples/s", "strong", "weak", "cores");
  const bool good =
      run_table(&b, "reference", 153, machine, json[0]) && run_table(&b, "reference-42", 42, machine, json[1]);
  for (size_t k = 0; good && k < 2; k++) {
    printf("\n%s\n", json[k]);
    if (lines != NULL) fprintf(lines, "%s\n", json[k]);
  }
  sweep_runs_close(&b.runs);
  if (lines != NULL) fclose(lines);
  return good ? 0 : 1;
}
