/* Time and memory of regional projections: five scenarios of 31 provinces x 42 sectors (1302) for 41 years, whole processes with reading
 * and writing, best and median of --repeats (3), with one and with all threads, and two of them for the seven grids. Region-years a
 * second come from the whole time. Run from the root of the tree. Prints a table and a JSON line for each.
 *
 * Goal: five scenarios x 41 years in less than 20 s on two cores and 1 GB. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"

enum { REPEATS_MOST = 99, SCENARIOS = 5, YEARS = 41, ARGUMENTS = 24 };

/* Two shipped scenarios, and three that change them as a study would. */
static const char *const text[SCENARIOS] = {
    "name: one\nparent: reference-provinces\n",
    "name: two\nparent: dual-carbon-provinces\n",
    "name: three\nparent: reference-provinces\ngdp: {growth: {2030: 4.0, 2060: 1.5}}\n",
    "name: four\nparent: dual-carbon-provinces\nenergy: {intensity: {all: {trend: -1.6}}}\n",
    "name: five\nparent: dual-carbon-provinces\nregions: {set: {hebei: {gdp: {growth: {2030: 3.5, 2060: 1.5}}}}}\n",
};

static const struct {
  const char *name, *threads, *level;
  double regions;
} measured[] = {{"31 provinces, 1 thread", "1", NULL, 31},
                {"31 provinces, all threads", NULL, NULL, 31},
                {"7 grids, all threads", NULL, "regions.level=grid", 7}};
enum { MEASURED = sizeof measured / sizeof *measured };

static bool write_scenarios(const char *directory) {
  for (int s = 0; s < SCENARIOS; s++) {
    char path[BENCH_PATH + 32];
    (void)snprintf(path, sizeof path, "%s/s%d.yaml", directory, s);
    FILE *file = fopen(path, "w");
    if (file == NULL) return false;
    const bool written = fputs(text[s], file) >= 0;
    if (fclose(file) != 0 || !written) return false;
  }
  return true;
}

static bool run(const char *directory, const char *program, size_t k, bench_process *process) {
  const char *argument[ARGUMENTS] = {
      "sh", "-c",     "cd \"$1\" && shift && exec \"$@\"", "sh", directory, program, "run", "--force", "-q",
      "-o", "five.h5"};
  size_t count = 11;
  if (measured[k].threads != NULL) {
    argument[count++] = "--threads";
    argument[count++] = measured[k].threads;
  }
  if (measured[k].level != NULL) { /* a level has regions of its own: what provinces say is left out */
    argument[count++] = "--set";
    argument[count++] = measured[k].level;
    argument[count++] = "./s0.yaml";
    argument[count++] = "./s2.yaml";
  }
  for (int s = 0; measured[k].level == NULL && s < SCENARIOS; s++) {
    static const char *const name[SCENARIOS] = {"./s0.yaml", "./s1.yaml", "./s2.yaml", "./s3.yaml", "./s4.yaml"};
    argument[count++] = name[s];
  }
  return bench_execute(argument, true, process);
}

int main(int argc, char **argv) {
  char directory[BENCH_PATH] = "", machine[256];
  const double wanted = bench_number(argc, argv, "repeats", 3);
  const size_t repeats = wanted < 1 ? 1 : wanted > REPEATS_MOST ? REPEATS_MOST : (size_t)wanted;
  char *program = realpath(bench_environment("TANLU_PROGRAM", "build/tanlu"), NULL);
  if (program == NULL || !bench_directory(directory) || !write_scenarios(directory)) {
    fprintf(stderr, "no program, or no directory to work in\n");
    free(program);
    return 1;
  }
  bench_machine_name(machine, sizeof machine);
  printf("%-28s %9s %8s %8s %10s %16s\n", "", "scenarios", "best, s", "median", "peak, MB", "region-years/s");
  bool done = true;
  for (size_t k = 0; k < MEASURED && done; k++) {
    double seconds[REPEATS_MOST], megabytes = 0.0;
    const int scenarios = measured[k].level != NULL ? 2 : SCENARIOS;
    for (size_t i = 0; i < repeats && done; i++) {
      bench_process process;
      done = run(directory, program, k, &process);
      seconds[i] = process.seconds;
      if (process.megabytes > megabytes) megabytes = process.megabytes;
    }
    if (!done) {
      fprintf(stderr, "%s failed\n", measured[k].name);
      break;
    }
    const bench_times times = bench_sum_up(seconds, repeats);
    const double speed = scenarios * YEARS * measured[k].regions / times.best;
    printf("%-28s %9d %8.2f %8.2f %10.0f %16.0f\n", measured[k].name, scenarios, times.best, times.median, megabytes,
           speed);
    printf(
        "{\"benchmark\": \"%s\", \"scenarios\": %d, \"years\": %d, \"best_seconds\": %.3f, \"median_seconds\": %.3f, "
        "\"megabytes\": %.0f, \"region_years_per_second\": %.0f, \"repeats\": %zu, \"load\": %.2f, \"compiler\": "
        "\"%s\", "
        "\"machine\": \"%s\"}\n",
        measured[k].name, scenarios, YEARS, times.best, times.median, megabytes, speed, repeats, bench_load(),
        BENCH_COMPILER, machine);
  }
  bench_process process;
  const char *const remove_all[] = {"rm", "-r", directory, NULL};
  if (!bench_execute(remove_all, true, &process)) fprintf(stderr, "left: %s\n", directory);
  free(program);
  return done ? 0 : 1;
}
