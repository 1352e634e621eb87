/* Time and memory of `tanlu report` and of the tables by region: whole processes, best and median of --repeats (5). The page of the
 * five shipped scenarios, that of a sweep, a national table taken apart into 31 provinces, their embodied CO2, and a scenario shared
 * out to them. Run from the root of the tree. Prints a table and a JSON line for each.
 *
 * Goal: a page in less than 2 s. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"

enum { REPEATS_MOST = 99, ARGUMENTS = 16 };

typedef struct {
  const char *name;
  const char *argument[ARGUMENTS]; /* after the program; in the directory of the benchmark */
} job;

static const job prepare[] = {
    {"run", {"run", "-q", "-o", "five.h5", "reference", "structure", "energy-mix", "dual-carbon", "accelerated", NULL}},
    {"sweep", {"sweep", "-q", "-o", "sweep.h5", "peak-drivers", NULL}},
    {"regionalise", {"regionalise", "-o", "provinces", "china-2020-42", NULL}},
};
static const job measured[] = {
    {"report of five scenarios", {"report", "--force", "-o", "five.html", "five.h5", NULL}},
    {"report of a sweep, 896 runs", {"report", "--force", "-o", "sweep.html", "sweep.h5", NULL}},
    {"regionalise, 31 x 42", {"regionalise", "--force", "-o", "provinces", "china-2020-42", NULL}},
    {"embodied, 1302 sectors", {"embodied", "./provinces", NULL}},
    {"downscale, 41 years", {"downscale", "--force", "-o", "provinces.nc", "dual-carbon-42", NULL}},
};
enum { PREPARED = sizeof prepare / sizeof *prepare, MEASURED = sizeof measured / sizeof *measured };

static const char in_directory[] = "cd \"$1\" && shift && exec \"$@\"";

static bool run(const char *directory, const char *program, const job *j, bench_process *process) {
  const char *argument[ARGUMENTS + 8] = {"sh", "-c", in_directory, "sh", directory, program};
  size_t count = 6;
  for (size_t k = 0; j->argument[k] != NULL; k++) argument[count++] = j->argument[k];
  return bench_execute(argument, true, process);
}

static bool measure(const char *directory, const char *program, const job *j, size_t repeats, const char *machine) {
  double seconds[REPEATS_MOST], megabytes = 0.0;
  for (size_t k = 0; k < repeats; k++) {
    bench_process process;
    if (!run(directory, program, j, &process)) return false;
    seconds[k] = process.seconds;
    if (process.megabytes > megabytes) megabytes = process.megabytes;
  }
  const bench_times times = bench_sum_up(seconds, repeats);
  printf("%-30s %8.2f %8.2f %10.0f\n", j->name, times.best, times.median, megabytes);
  printf("{\"benchmark\": \"%s\", \"best_seconds\": %.3f, \"median_seconds\": %.3f, \"megabytes\": %.0f, \"repeats\": "
         "%zu, "
         "\"load\": %.2f, \"compiler\": \"%s\", \"machine\": \"%s\"}\n",
         j->name, times.best, times.median, megabytes, repeats, bench_load(), BENCH_COMPILER, machine);
  return true;
}

int main(int argc, char **argv) {
  char directory[BENCH_PATH] = "", machine[256];
  const double wanted = bench_number(argc, argv, "repeats", 5);
  const size_t repeats = wanted < 1 ? 1 : wanted > REPEATS_MOST ? REPEATS_MOST : (size_t)wanted;
  bench_process process;
  char *program = realpath(bench_environment("TANLU_PROGRAM", "build/tanlu"), NULL);
  if (program == NULL || !bench_directory(directory)) {
    fprintf(stderr, "no program, or no directory to work in\n");
    free(program);
    return 1;
  }
  bench_machine_name(machine, sizeof machine);
  bool done = true;
  for (size_t k = 0; k < PREPARED && done; k++) done = run(directory, program, &prepare[k], &process);
  printf("%-30s %8s %8s %10s\n", "", "best, s", "median", "peak, MB");
  for (size_t k = 0; k < MEASURED && done; k++) {
    done = measure(directory, program, &measured[k], repeats, machine);
    if (!done) fprintf(stderr, "%s failed\n", measured[k].name);
  }
  const char *const remove_all[] = {"rm", "-r", directory, NULL};
  if (!bench_execute(remove_all, true, &process)) fprintf(stderr, "left: %s\n", directory);
  free(program);
  return done ? 0 : 1;
}
