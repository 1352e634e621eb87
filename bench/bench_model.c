/* Speed of the model: scenario-years a second for full projections (closure, energy, power, emissions, indicators), with the
 * share of each stage, on one and on all threads.
 *
 *   together  blocks of 32 scenarios in step around the path of one of them, as sweeps run; indicators recorded
 *   alone     every scenario by itself, as `tanlu run` does; all fields recorded
 *
 * for the shipped tables with and without structure targets and product paths, and for a synthetic table of 1302 sectors
 * (--synthetic DIR, written by `tanlu synth`) without. Scenarios differ in growth, power mix, efficiency of services and
 * substitution. Results of all thread counts must have the same bits, and those of both ways agree to 1e-9, before a row is
 * printed. Best and median of the repeats. Prints a table and one JSON line a row, also into results/bench-model.jsonl.
 * --quick: fewer scenarios and repeats. */
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/indicators.h"
#include "model/investment.h"
#include "model/projection.h"
#include "solvers/blas.h"
#include "solvers/lanes.h"

enum { LANES = 32, BLOCKS_MAX = 8, VARIANTS_MAX = LANES * BLOCKS_MAX, REPEATS_MAX = 7, THREADS_MAX = 256 };

typedef struct {
  const char *scenario; /* NULL: the synthetic one */
  bool targets;         /* structure targets and product paths as the scenario has them, or none */
  bool together;
} model_case;
static const model_case cases[] = {
    {"dual-carbon", true, true},
    {"dual-carbon", false, true},
    {"dual-carbon", true, false},
    {"dual-carbon-42", true, true},
    {"dual-carbon-42", false, true},
    {"dual-carbon-42", true, false},
    {NULL, false, true},
    {NULL, false, false},
};

typedef struct {
  const model_case *what;
  tanlu_context *context;
  tanlu_scenario *scenario[VARIANTS_MAX];
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_centres *centres;
  tanlu_projector *projector[THREADS_MAX];
  tanlu_projection *projection[VARIANTS_MAX];
  size_t variants;
} work;

static void release(work *w) {
  for (size_t v = 0; v < VARIANTS_MAX; v++) {
    tanlu_scenario_free(&w->scenario[v]);
    tanlu_projection_free(&w->projection[v]);
  }
  for (size_t k = 0; k < THREADS_MAX; k++) tanlu_projector_free(&w->projector[k]);
  tanlu_centres_free(&w->centres);
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

/* A growth scenario on a synthetic dataset. */
static bool write_synthetic(const char *dataset, char *path, size_t size) {
  snprintf(path, size, "results/bench-synthetic.yaml");
  FILE *file = fopen(path, "w");
  if (file == NULL) return false;
  fprintf(file,
          "name: synthetic\ndataset: %s%s\nyears: {from: 2020, to: 2060}\ngdp: {growth: {2030: 4.4, 2060: 2.0}}\n"
          "power: {mix: {pv: {2060: 0.30}, balance: coal}}\nenergy: {intensity: {goods: {trend: -1.5}}}\n",
          dataset[0] == '/' ? "" : "../", dataset);
  return fclose(file) == 0;
}

static tanlu_status prepare(work *w, const char *synthetic) {
  tanlu_status status = TANLU_OK;
  char path[64] = "";
  if (w->what->scenario == NULL && !write_synthetic(synthetic, path, sizeof path)) return TANLU_ERR_IO;
  for (size_t v = 0; status == TANLU_OK && v < w->variants; v++) {
    const double share = (double)v / (double)w->variants; /* four numbers that go through their ranges apart */
    char setting[4][80];
    snprintf(setting[0], sizeof *setting, "gdp.growth.2030=%.4f", 4.2 + 0.4 * share);
    snprintf(setting[1], sizeof *setting, "power.mix.pv.2060=%.4f", 0.30 + 0.05 * fmod(7.0 * share, 1.0));
    snprintf(setting[2], sizeof *setting, "energy.intensity.%s.trend=%.4f", path[0] ? "goods" : "services",
             -1.5 - 0.8 * fmod(5.0 * share, 1.0));
    snprintf(setting[3], sizeof *setting, "structure.substitution=%.4f", 0.4 + 0.2 * fmod(11.0 * share, 1.0));
    const char *const settings[] = {setting[0], setting[1], setting[2], setting[3]};
    const char *name = path[0] ? path : w->what->scenario;
    status = tanlu_scenario_read(&w->scenario[v], name, settings, path[0] ? 3 : 4, w->context);
    if (status == TANLU_OK && w->dataset == NULL) {
      status = tanlu_dataset_read(&w->dataset, w->scenario[v]->dataset_path, w->context);
      if (status == TANLU_OK) status = tanlu_model_create(&w->model, w->dataset, w->context);
    }
    if (status == TANLU_OK) status = tanlu_scenario_resolve(w->scenario[v], w->dataset, w->context);
    if (status == TANLU_OK && !w->what->targets) free_structure(w->scenario[v]->drivers);
    const unsigned long fields = w->what->together ? 1UL << TANLU_FIELD_INDICATOR : (1UL << TANLU_FIELD_COUNT) - 1;
    if (status == TANLU_OK) {
      const tanlu_drivers *d = w->scenario[v]->drivers;
      status = tanlu_projection_create_some(&w->projection[v], w->dataset, d->from, d->years, fields, w->context);
    }
  }
  return status;
}

static tanlu_status prepare_threads(work *w, int threads) {
  const tanlu_drivers *centre = w->scenario[w->variants / 2]->drivers;
  tanlu_status status = TANLU_OK;
  if (w->what->together) status = tanlu_centres_create(&w->centres, w->model, centre, "bench", w->context);
  for (int k = 0; status == TANLU_OK && k < threads; k++) {
    status = tanlu_projector_create(&w->projector[k], w->model, centre, w->what->together ? LANES : TANLU_LANES_LEAST,
                                    w->context);
  }
  return status;
}

/* One block, or one scenario. */
static bool project_piece(work *w, size_t piece, tanlu_projector *projector) {
  if (!w->what->together) {
    return tanlu_projector_one(projector, w->scenario[piece]->drivers, "bench", w->projection[piece], NULL, NULL,
                               NULL) == TANLU_OK;
  }
  const tanlu_drivers *drivers[LANES];
  tanlu_status status[LANES];
  tanlu_context *context[LANES] = {NULL};
  bool good = true;
  for (size_t l = 0; l < LANES; l++) drivers[l] = w->scenario[piece * LANES + l]->drivers;
  tanlu_projector_many(projector, w->centres, LANES, drivers, "bench", w->projection + piece * LANES, status, context);
  for (size_t l = 0; l < LANES; l++) good = good && status[l] == TANLU_OK;
  return good;
}

/* Project all scenarios; seconds taken, negative on failure. */
static double project(work *w, int threads) {
  const size_t pieces = w->what->together ? w->variants / LANES : w->variants;
  bool failed = false;
  for (size_t v = 0; v < w->variants; v++) tanlu_projection_reset(w->projection[v]);
  const double begin = omp_get_wtime();
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(|| : failed)
  for (size_t k = 0; k < pieces; k++) {
    if (!project_piece(w, k, w->projector[omp_get_thread_num()])) failed = true;
  }
  return failed ? -1.0 : omp_get_wtime() - begin;
}

/* A sum over the bits of all indicators: equal for equal results. */
static unsigned long long fingerprint(const work *w) {
  unsigned long long sum = 14695981039346656037ULL; /* FNV-1a */
  for (size_t v = 0; v < w->variants; v++) {
    const tanlu_projection *p = w->projection[v];
    const unsigned char *byte = (const unsigned char *)p->value[TANLU_FIELD_INDICATOR];
    for (size_t i = 0; i < p->years * p->size[TANLU_FIELD_INDICATOR] * sizeof(double); i++) {
      sum = (sum ^ byte[i]) * 1099511628211ULL;
    }
  }
  return sum;
}

/* Does the first scenario come out as it does by itself? */
static bool agrees(work *w) {
  const tanlu_projection *p = w->projection[0];
  tanlu_projection *alone = NULL;
  bool good = tanlu_projection_create(&alone, w->dataset, p->from, p->years, w->context) == TANLU_OK &&
              tanlu_project(w->model, w->scenario[0]->drivers, "bench", alone, NULL, NULL, w->context) == TANLU_OK;
  for (size_t i = 0; good && i < p->years * p->size[TANLU_FIELD_INDICATOR]; i++) {
    if (tanlu_indicator_spans_years(i % TANLU_INDICATOR_COUNT)) continue; /* needs fields that are not kept here */
    const double a = p->value[TANLU_FIELD_INDICATOR][i], b = alone->value[TANLU_FIELD_INDICATOR][i];
    good = (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fmax(fabs(b), 1.0);
  }
  tanlu_projection_free(&alone);
  return good;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void report(const work *w, int threads, double seconds[], int repeats, const char *status, FILE *lines) {
  double stage[TANLU_STAGE_COUNT] = {0.0}, stages = 0.0, steps = 0.0, years = 0.0;
  for (size_t v = 0; v < w->variants; v++) {
    for (int k = 0; k < TANLU_STAGE_COUNT; k++) {
      stage[k] += w->projection[v]->seconds[k];
      stages += w->projection[v]->seconds[k];
    }
    steps += (double)w->projection[v]->iterations;
    years += (double)w->projection[v]->years;
  }
  qsort(seconds, (size_t)repeats, sizeof *seconds, ascending);
  const char *const way = w->what->together ? "together" : "alone";
  printf("%4zu  %-8s %-8s %7d %12.0f %12.0f %10.1f %9.0f %% %9.0f %% %8.0f %%  %s\n", w->dataset->accounts.n,
         w->what->targets ? "targets" : "free", way, threads, years / seconds[0], years / seconds[repeats / 2],
         steps / years, 100.0 * stage[TANLU_STAGE_SETUP] / stages, 100.0 * stage[TANLU_STAGE_EQUILIBRIUM] / stages,
         100.0 * stage[TANLU_STAGE_RECORD] / stages, status);
  if (lines == NULL) return;
  fprintf(lines,
          "{\"bench\": \"model\", \"n\": %zu, \"targets\": %s, \"way\": \"%s\", \"threads\": %d, "
          "\"scenario_years_per_second\": %.0f, \"median\": %.0f, \"steps_per_year\": %.2f, \"setup\": %.3f, "
          "\"equilibrium\": %.3f, \"record\": %.3f, \"status\": \"%s\"}\n",
          w->dataset->accounts.n, w->what->targets ? "true" : "false", way, threads, years / seconds[0],
          years / seconds[repeats / 2], steps / years, stage[TANLU_STAGE_SETUP] / stages,
          stage[TANLU_STAGE_EQUILIBRIUM] / stages, stage[TANLU_STAGE_RECORD] / stages, status);
}

static bool measure(const model_case *c, const char *synthetic, bool quick, int all_threads, FILE *lines) {
  work *w = calloc(1, sizeof *w);
  if (w == NULL) return false;
  const int repeats = quick || c->scenario == NULL ? 3 : 7;
  w->what = c;
  w->variants = c->together ? LANES * (quick || c->scenario == NULL ? 2 : BLOCKS_MAX) : c->scenario == NULL ? 2 : 16;
  w->context = tanlu_context_create();
  bool good = w->context != NULL && prepare(w, synthetic) == TANLU_OK && prepare_threads(w, all_threads) == TANLU_OK;
  unsigned long long expected = 0;
  for (int pass = 0; good && pass < (all_threads > 1 ? 2 : 1); pass++) {
    const int threads = pass == 0 ? 1 : all_threads;
    double seconds[REPEATS_MAX] = {0.0};
    const char *status = "ok";
    for (int r = -1; good && r < repeats; r++) { /* the first fills the caches */
      const double taken = project(w, threads);
      good = taken >= 0.0;
      if (r >= 0) seconds[r] = taken;
    }
    if (!good) break;
    if (pass == 0) expected = fingerprint(w);
    if (fingerprint(w) != expected) status = "FAIL: bits differ between thread counts";
    if (pass == 0 && !agrees(w)) status = "FAIL: differs from a projection by itself";
    good = strcmp(status, "ok") == 0;
    report(w, threads, seconds, repeats, status, lines);
  }
  if (w->context != NULL) {
    for (size_t i = 0; i < tanlu_context_count(w->context); i++) puts(tanlu_context_message(w->context, i));
  }
  release(w);
  free(w);
  return good;
}

int main(int argc, char **argv) {
  bool quick = false, good = true;
  const char *synthetic = NULL;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--quick") == 0) quick = true;
    if (strcmp(argv[i], "--synthetic") == 0 && i + 1 < argc) synthetic = argv[++i];
  }
  int threads = tanlu_blas_serial();
  if (threads > THREADS_MAX) threads = THREADS_MAX;
  printf("full projections 2020-2060; BLAS core %s, %d threads offered; scenario-years a second, best and median\n\n",
         tanlu_blas_core(), threads);
  printf("%4s  %-8s %-8s %7s %12s %12s %10s %11s %11s %10s\n", "n", "closure", "way", "threads", "best", "median",
         "steps/year", "setup", "equilibrium", "record");
  (void)mkdir("results", 0777);
  FILE *lines = fopen("results/bench-model.jsonl", "w");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (cases[i].scenario == NULL && (quick || synthetic == NULL)) continue;
    good = measure(&cases[i], synthetic, quick, threads, lines) && good;
  }
  if (lines != NULL) fclose(lines);
  return good ? 0 : 1;
}
