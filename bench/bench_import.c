/* Time and memory of `tanlu import exiobase`: a made-up folder in the layout of EXIOBASE 3, `--regions` times `--sectors` sectors
 * (default 10 x 100; EXIOBASE has 49 x 200), 40 % of A zero, other numbers with all their digits; with pandas.read_csv and numpy.loadtxt
 * of A.txt alone where the python3 of the system, or PYTHON, has them (bench_import_pandas.py). The dataset is written too, which is
 * most of the work. One run; the sum of flows is checked against that of pandas. Run from the root of the tree. Prints a table and a
 * JSON line.
 *
 * Goal: the whole import no slower than pandas reads A, in the memory of a few rows. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/measure.h"
#include "solvers/memory.h"
#include "solvers/random.h"

static const double zeros = 0.4; /* share of A */

typedef struct {
  size_t regions, sectors, n;
  double *x;
  char directory[BENCH_PATH], source[2 * BENCH_PATH], dataset[2 * BENCH_PATH];
} work;

/* The flow from i to j; x is twice what row i sells to sectors, so that columns have value added. */
static double flow(size_t i, size_t j) {
  const double u = tanlu_random_uniform(5, TANLU_STREAM_CALLER, (uint32_t)i, (uint32_t)j);
  return u < zeros ? 0.0 : u - zeros;
}

static FILE *create(const work *w, const char *name, const char *second, bool columns) {
  char path[3 * BENCH_PATH];
  snprintf(path, sizeof path, "%s/%s", w->source, name);
  FILE *file = fopen(path, "w");
  for (size_t h = 0; file != NULL && columns && h < 2; h++) {
    fprintf(file, "%s\t", h == 0 ? "region" : second);
    for (size_t j = 0; j < w->n; j++) {
      fprintf(file, h == 0 ? "\tR%02zu" : "\tProduct number %zu", h == 0 ? j / w->sectors : j % w->sectors);
    }
    fputc('\n', file);
  }
  return file;
}

static void put_label(const work *w, FILE *file, size_t i) {
  fprintf(file, "R%02zu\tProduct number %zu", i / w->sectors, i % w->sectors);
}

static bool write_margins(const work *w) {
  FILE *x = create(w, "x.txt", NULL, false), *y = create(w, "Y.txt", NULL, false),
       *unit = create(w, "unit.txt", NULL, false);
  if (x == NULL || y == NULL || unit == NULL) return false;
  fputs("region\tsector\tindout\n", x);
  fputs("region\t\tR00\ncategory\t\tHouseholds\nregion\tsector\t\n", y);
  fputs("region\tsector\tunit\n", unit);
  for (size_t i = 0; i < w->n; i++) {
    put_label(w, x, i);
    put_label(w, y, i);
    put_label(w, unit, i);
    fprintf(x, "\t%.17g\n", w->x[i]);
    fprintf(y, "\t%.17g\n", 0.5 * w->x[i]);
    fputs("\tM.EUR\n", unit);
  }
  FILE *const files[] = {x, y, unit};
  bool written = true;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) written = fclose(files[i]) == 0 && written;
  return written;
}

static bool write_coefficients(const work *w) {
  FILE *file = create(w, "A.txt", "sector", true);
  if (file == NULL) return false;
  fputs("region\tsector", file);
  for (size_t j = 0; j < w->n; j++) fputc('\t', file);
  fputc('\n', file);
  for (size_t i = 0; i < w->n; i++) {
    put_label(w, file, i);
    for (size_t j = 0; j < w->n; j++) {
      const double z = flow(i, j);
      if (z == 0.0) fputs("\t0.0", file);
      if (z != 0.0) fprintf(file, "\t%.17g", z / w->x[j]);
    }
    fputc('\n', file);
  }
  return fclose(file) == 0;
}

static bool make(work *w) {
  w->n = w->regions * w->sectors;
  w->x = tanlu_allocate_doubles(NULL, w->n, 1);
  if (w->x == NULL || !bench_directory(w->directory)) return false;
  snprintf(w->source, sizeof w->source, "%s/IOT_2020_pxp", w->directory);
  snprintf(w->dataset, sizeof w->dataset, "%s/dataset", w->directory);
  for (size_t i = 0; i < w->n; i++) {
    for (size_t j = 0; j < w->n; j++) w->x[i] += 2.0 * flow(i, j);
  }
  return mkdir(w->source, 0777) == 0 && write_margins(w) && write_coefficients(w);
}

static double megabytes(const work *w, const char *directory, const char *name) {
  char path[3 * BENCH_PATH];
  struct stat found;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  (void)w;
  return stat(path, &found) == 0 ? (double)found.st_size / 1e6 : 0.0;
}

/* Seconds of pandas and of numpy, and the sum of the flows; zeros where there are none. */
static void measure_python(const work *w, double result[3]) {
  char command[3 * BENCH_PATH];
  result[0] = result[1] = result[2] = 0.0;
  snprintf(command, sizeof command, "%s bench/bench_import_pandas.py %s",
           bench_environment("PYTHON", "/usr/bin/python3"), w->source);
  FILE *pipe = popen(command, "r");
  if (pipe == NULL) return;
  if (fscanf(pipe, "%lf %lf %lf", &result[0], &result[1], &result[2]) != 3) result[0] = result[1] = result[2] = 0.0;
  (void)pclose(pipe);
}

static void report(const work *w, const bench_process *p, const double *python) {
  const double size = megabytes(w, w->source, "A.txt"), out = megabytes(w, w->dataset, "flows.csv");
  char machine[256];
  bench_machine_name(machine, sizeof machine);
  printf("%zu sectors, A.txt %.0f MB, flows.csv %.0f MB\n\n", w->n, size, out);
  printf("%-28s %10s %10s %12s\n", "", "s", "MB/s", "peak, MB");
  printf("%-28s %10.2f %10.1f %12.0f\n", "tanlu import, all", p->seconds, size / p->seconds, p->megabytes);
  if (python[0] > 0.0) printf("%-28s %10.2f %10.1f\n", "pandas.read_csv, A alone", python[0], size / python[0]);
  if (python[1] > 0.0) printf("%-28s %10.2f %10.1f\n", "numpy.loadtxt, A alone", python[1], size / python[1]);
  printf(
      "\n{\"benchmark\": \"import\", \"n\": %zu, \"megabytes\": %.1f, \"seconds\": %.3f, \"peak_megabytes\": %.1f, "
      "\"pandas_seconds\": %.3f, \"numpy_seconds\": %.3f, \"load\": %.2f, \"compiler\": \"%s\", \"machine\": \"%s\"}\n",
      w->n, size, p->seconds, p->megabytes, python[0], python[1], bench_load(), BENCH_COMPILER, machine);
}

static void clear(work *w) {
  const char *const remove_all[] = {"rm", "-r", w->directory, NULL};
  bench_process process;
  if (w->directory[0] != '\0' && !bench_execute(remove_all, true, &process))
    fprintf(stderr, "left: %s\n", w->directory);
  free(w->x);
}

int main(int argc, char **argv) {
  work w = {.regions = (size_t)bench_number(argc, argv, "regions", 10),
            .sectors = (size_t)bench_number(argc, argv, "sectors", 100)};
  bench_process process;
  double python[3], sum = 0.0;
  bool done = make(&w);
  const char *const import[] = {
      bench_environment("TANLU_PROGRAM", "build/tanlu"), "import", "exiobase", w.source, "-o", w.dataset, NULL};
  if (done) done = bench_execute(import, false, &process);
  if (done) measure_python(&w, python);
  for (size_t i = 0; i < w.n; i++) sum += 0.5 * w.x[i];
  if (done && python[2] != 0.0 && !(fabs(python[2] - sum) <= 1e-9 * sum)) {
    fprintf(stderr, "flows add up to %.17g, by pandas to %.17g\n", sum, python[2]);
    done = false;
  }
  if (done) report(&w, &process, python);
  clear(&w);
  return done ? 0 : 1;
}
