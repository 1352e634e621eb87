/* Speed of the model: scenario-years a second for full projections (closure, energy, power, emissions, indicators), with the
 * share of each stage, for the shipped tables, with and without structure targets and product paths, on one and on all
 * threads. Every variant differs from its neighbours in GDP growth; the results of all thread counts must have the same
 * bits before anything is printed. Best and median of the repeats. Prints a table and one JSON line a row, also into
 * results/bench-model.jsonl. --quick: fewer variants and repeats. */
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/projection.h"
#include "solvers/blas.h"

enum { VARIANTS_MAX = 32, REPEATS_MAX = 7 };

typedef struct {
  const char *scenario;
  bool targets; /* structure targets and product paths as the scenario has them, or none */
} model_case;
static const model_case cases[] = {
    {"dual-carbon", true}, {"dual-carbon", false}, {"dual-carbon-42", true}, {"dual-carbon-42", false}};

typedef struct {
  tanlu_context *context;
  tanlu_scenario *scenario[VARIANTS_MAX];
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_projection *projection[VARIANTS_MAX];
  int variants;
} work;

static void release(work *w) {
  for (int v = 0; v < w->variants; v++) {
    tanlu_scenario_free(&w->scenario[v]);
    tanlu_projection_free(&w->projection[v]);
  }
  tanlu_model_free(&w->model);
  tanlu_dataset_free(&w->dataset);
  tanlu_context_free(&w->context);
}

/* Take the targets and paths out of a scenario's drivers. */
static void free_structure(tanlu_drivers *d) {
  static const tanlu_driver_id free_of[] = {TANLU_DRIVER_STRUCTURE_SHARE, TANLU_DRIVER_PRODUCT_PATH};
  for (size_t k = 0; k < sizeof free_of / sizeof *free_of; k++) {
    for (size_t i = 0; i < d->years * d->size[free_of[k]]; i++) d->value[free_of[k]][i] = (double)NAN;
  }
}

static tanlu_status prepare(work *w, const model_case *c) {
  tanlu_status status = TANLU_OK;
  for (int v = 0; status == TANLU_OK && v < w->variants; v++) {
    char setting[64];
    snprintf(setting, sizeof setting, "gdp.growth.2030=%.3f", 4.2 + 0.4 * v / w->variants);
    const char *const settings[] = {setting};
    status = tanlu_scenario_read(&w->scenario[v], c->scenario, settings, 1, w->context);
    if (status == TANLU_OK && w->dataset == NULL) {
      status = tanlu_dataset_read(&w->dataset, w->scenario[v]->dataset_path, w->context);
      if (status == TANLU_OK) status = tanlu_model_create(&w->model, w->dataset, w->context);
    }
    if (status == TANLU_OK) status = tanlu_scenario_resolve(w->scenario[v], w->dataset, w->context);
    if (status == TANLU_OK && !c->targets) free_structure(w->scenario[v]->drivers);
  }
  return status;
}

/* Project all variants; seconds taken, negative on failure. */
static double project(work *w, int threads) {
  bool failed = false;
  for (int v = 0; v < w->variants; v++) {
    tanlu_projection_free(&w->projection[v]);
    const tanlu_drivers *d = w->scenario[v]->drivers;
    if (tanlu_projection_create(&w->projection[v], w->dataset, d->from, d->years, w->context) != TANLU_OK) return -1.0;
  }
  const double begin = omp_get_wtime();
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(|| : failed)
  for (int v = 0; v < w->variants; v++) {
    if (tanlu_project(w->model, w->scenario[v]->drivers, "bench", w->projection[v], NULL, NULL, NULL) != TANLU_OK) {
      failed = true;
    }
  }
  return failed ? -1.0 : omp_get_wtime() - begin;
}

/* A sum over the bits of all indicators: equal for equal results. */
static unsigned long long fingerprint(const work *w) {
  unsigned long long sum = 14695981039346656037ULL; /* FNV-1a */
  for (int v = 0; v < w->variants; v++) {
    const tanlu_projection *p = w->projection[v];
    const unsigned char *byte = (const unsigned char *)p->value[TANLU_FIELD_INDICATOR];
    for (size_t i = 0; i < p->years * p->size[TANLU_FIELD_INDICATOR] * sizeof(double); i++) {
      sum = (sum ^ byte[i]) * 1099511628211ULL;
    }
  }
  return sum;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static bool measure(const model_case *c, int variants, int repeats, int all_threads, FILE *lines) {
  work w = {.variants = variants};
  w.context = tanlu_context_create();
  bool good = w.context != NULL && prepare(&w, c) == TANLU_OK;
  unsigned long long expected = 0;
  for (int pass = 0; good && pass < (all_threads > 1 ? 2 : 1); pass++) {
    const int threads = pass == 0 ? 1 : all_threads;
    double seconds[REPEATS_MAX] = {0.0};
    for (int r = -1; good && r < repeats; r++) { /* the first fills the caches */
      const double taken = project(&w, threads);
      good = taken >= 0.0;
      if (r >= 0) seconds[r] = taken;
    }
    if (!good) break;
    if (pass == 0) expected = fingerprint(&w);
    good = fingerprint(&w) == expected;
    qsort(seconds, (size_t)repeats, sizeof *seconds, ascending);
    double stage[TANLU_STAGE_COUNT] = {0.0}, stages = 0.0, steps = 0.0, years = 0.0;
    for (int v = 0; v < variants; v++) {
      for (int k = 0; k < TANLU_STAGE_COUNT; k++) {
        stage[k] += w.projection[v]->seconds[k];
        stages += w.projection[v]->seconds[k];
      }
      steps += (double)w.projection[v]->iterations;
      years += (double)w.projection[v]->years;
    }
    const char *const status = good ? "ok" : "FAIL: bits differ between thread counts";
    printf("%4zu  %-8s %7d %12.0f %12.0f %10.1f %9.0f %% %8.0f %% %8.0f %%  %s\n", w.dataset->accounts.n,
           c->targets ? "targets" : "free", threads, years / seconds[0], years / seconds[repeats / 2], steps / years,
           100.0 * stage[TANLU_STAGE_SETUP] / stages, 100.0 * stage[TANLU_STAGE_EQUILIBRIUM] / stages,
           100.0 * stage[TANLU_STAGE_RECORD] / stages, status);
    if (lines != NULL) {
      fprintf(
          lines,
          "{\"bench\": \"model\", \"n\": %zu, \"targets\": %s, \"threads\": %d, \"scenario_years_per_second\": %.0f, "
          "\"median\": %.0f, \"steps_per_year\": %.2f, \"physics\": %.3f, \"closure\": %.3f, \"record\": %.3f, "
          "\"status\": \"%s\"}\n",
          w.dataset->accounts.n, c->targets ? "true" : "false", threads, years / seconds[0],
          years / seconds[repeats / 2], steps / years, stage[TANLU_STAGE_SETUP] / stages,
          stage[TANLU_STAGE_EQUILIBRIUM] / stages, stage[TANLU_STAGE_RECORD] / stages, status);
    }
  }
  if (w.context != NULL) {
    for (size_t i = 0; i < tanlu_context_count(w.context); i++) puts(tanlu_context_message(w.context, i));
  }
  release(&w);
  return good;
}

int main(int argc, char **argv) {
  const bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
  const int threads = tanlu_blas_serial();
  printf("full projections 2020-2060; BLAS core %s, %d threads offered; scenario-years a second, best and median\n\n",
         tanlu_blas_core(), threads);
  printf("%4s  %-8s %7s %12s %12s %10s %11s %10s %10s\n", "n", "closure", "threads", "best", "median", "steps/year",
         "physics", "closure", "record");
  (void)mkdir("results", 0777);
  FILE *lines = fopen("results/bench-model.jsonl", "w");
  bool good = true;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    good = measure(&cases[i], quick ? 4 : 16, quick ? 3 : 5, threads, lines) && good;
  }
  if (lines != NULL) fclose(lines);
  return good ? 0 : 1;
}
