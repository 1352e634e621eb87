#include "bench/sweep_work.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/file_hash.h"
#include "solvers/blas.h"

bool bench_sweep_write(const bench_sweep *what, const char *path) {
  char *text = NULL;
  size_t bytes = 0;
  if (tanlu_file_text("inputs/sweeps/peak-drivers.yaml", 1 << 20, &text, &bytes, NULL, NULL) != TANLU_OK) return false;
  char *parameters = strstr(text, "\nparameters:"), *outputs = parameters ? strstr(parameters, "\noutputs:") : NULL;
  char *failures = outputs ? strstr(outputs, "\nfailures:") : NULL;
  FILE *file = failures ? fopen(path, "w") : NULL;
  if (file != NULL) {
    *outputs = *failures = '\0';
    fprintf(file, "name: bench\nscenario: %s\ndesign: sobol\nsamples: %zu\nseed: 1\nfailures: skip\nkeep: %s\n%s\n",
            what->scenario, what->samples, what->keep, parameters);
    fprintf(file, what->one_year ? "outputs: {indicators: [co2_net], years: [2060]}\n" : "outputs:%s\n", outputs + 9);
  }
  free(text);
  return file != NULL && fclose(file) == 0;
}

tanlu_status bench_sweep_prepare(bench_sweep_work *w, const char *path) {
  w->context = tanlu_context_create();
  if (w->context == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_sweep_read(&w->sweep, path, w->context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&w->dataset, w->sweep->scenario->dataset_path, w->context);
  if (status == TANLU_OK) status = tanlu_sweep_bind(w->sweep, w->dataset, w->context);
  if (status == TANLU_OK) tanlu_sweep_outputs_bind(w->sweep, w->dataset);
  if (status == TANLU_OK) status = tanlu_model_create(&w->model, w->dataset, w->context);
  for (int t = 0; status == TANLU_OK && t < w->threads; t++) {
    status = tanlu_sweep_worker_create(&w->worker[t], w->sweep, w->dataset, w->context);
  }
  return status;
}

tanlu_sweep_plan bench_sweep_plan(const bench_sweep_work *w, tanlu_sweep_source source, tanlu_sweep_sink sink) {
  return (tanlu_sweep_plan){.model = w->model,
                            .dataset = w->dataset,
                            .name = "bench",
                            .scenario = w->sweep->scenario->drivers,
                            .shape = w->sweep->shape,
                            .source = source,
                            .sink = sink,
                            .samples = w->sweep->samples,
                            .last_block = tanlu_sweep_blocks(w->sweep->samples),
                            .threads = w->threads,
                            .failures_allowed = SIZE_MAX};
}

void bench_sweep_release(bench_sweep_work *w) {
  for (size_t i = 0; w->context != NULL && i < tanlu_context_count(w->context); i++) {
    fprintf(stderr, "%s\n", tanlu_context_message(w->context, i));
  }
  tanlu_sweep_store_close(&w->store);
  for (int t = 0; t < w->threads; t++) tanlu_sweep_worker_free(&w->worker[t]);
  tanlu_model_free(&w->model);
  tanlu_sweep_free(&w->sweep);
  tanlu_dataset_free(&w->dataset);
  tanlu_context_free(&w->context);
}

tanlu_status bench_sweep_store(bench_sweep_work *w, const char *path) {
  const tanlu_sweep *s = w->sweep;
  const char **none = calloc(s->parameters, sizeof *none), **label = calloc(s->parameters, sizeof *label);
  tanlu_status status = none != NULL && label != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t p = 0; status == TANLU_OK && p < s->parameters; p++) {
    none[p] = "";
    label[p] = s->parameter[p].label;
  }
  tanlu_sweep_description d = {.name = s->name,
                               .title = "",
                               .scenario = "",
                               .scenario_text = "",
                               .sweep_text = "",
                               .dataset = "",
                               .dataset_title = "",
                               .region = "China",
                               .design = "sobol",
                               .sweep_sha256 = "",
                               .scenario_sha256 = "",
                               .dataset_sha256 = "",
                               .design_samples = s->samples,
                               .label = label,
                               .path = none,
                               .mode = none,
                               .distribution = none,
                               .simplex = none,
                               .factors = s->factors,
                               .factor = (const char *const *)s->factor,
                               .factor_dimensions = s->factor_dimensions,
                               .shape = s->shape,
                               .from = s->scenario->drivers->from,
                               .samples = s->samples,
                               .last_block = tanlu_sweep_blocks(s->samples),
                               .provenance = {.version = "bench",
                                              .commit = "",
                                              .build_flags = "",
                                              .blas_core = tanlu_blas_core(),
                                              .command_line = "bench",
                                              .threads = w->threads}};
  for (int dim = TANLU_DIM_YEAR + 1; dim < TANLU_DIM_COUNT; dim++) {
    d.labels[dim] = tanlu_dim_labels(w->dataset, (tanlu_dim)dim);
  }
  if (status == TANLU_OK) status = tanlu_sweep_store_create(&w->store, path, true, &d, w->context);
  free(none);
  free(label);
  return status;
}
