/* Result files by region (outputs/result_write_regions.c, region_slice.c, region_view.c) and the commands that read them.
 *
 * Oracle: every region's projection is made here from the nation's, in each field the nation's number times a weight of the region,
 * plus a hundredth of the region's place where no sum is asked for; so the value expected at every place is known without reading it,
 * and regions add up to the nation where weights do. The two scenarios are short ones of china-2020-42 that the model projected, so
 * that every command has real files and texts to work on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/indicators.h"
#include "model/projection.h"
#include "outputs/region_slice.h"
#include "outputs/result_file.h"
#include "tests/program_support.h"

enum { REGIONS = 12, SCENARIOS = 2 };
static const char *const code[REGIONS] = {"beijing", "hebei", "shanxi",   "inner_mongolia", "liaoning", "shanghai",
                                          "jiangsu", "henan", "shandong", "guangdong",      "guangxi",  "ningxia"};

typedef struct {
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 32];
  tanlu_test_run run, other;
  tanlu_context *context;
  tanlu_dataset *nation, region; /* region: the nation's with a category more */
  tanlu_labels label;
  tanlu_scenario *scenario[SCENARIOS];
  tanlu_projection *national[SCENARIOS], *regional[SCENARIOS][REGIONS];
  tanlu_result_regions regions[SCENARIOS];
  tanlu_result_scenario written[SCENARIOS];
  double *flow, *gap;
} fixture;

/* Weights 1 .. 12 over 78: the last one is the largest. */
static double weight(size_t r) {
  return (double)(r + 1) / 78.0;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static tanlu_status make_region(fixture *f, size_t s, size_t r) {
  const tanlu_projection *n = f->national[s];
  tanlu_status status = tanlu_projection_create(&f->regional[s][r], &f->region, n->from, n->years, f->context);
  for (size_t id = 0; status == TANLU_OK && id < TANLU_FIELD_COUNT; id++) {
    tanlu_projection *p = f->regional[s][r];
    for (size_t t = 0; t < n->years; t++) {
      for (size_t i = 0; i < p->size[id]; i++) {
        /* other_regions, the last category, has nothing of the nation's */
        const double of = i < n->size[id] ? n->value[id][t * n->size[id] + i] : 1e4;
        p->value[id][t * p->size[id] + i] = weight(r) * of;
      }
    }
  }
  return status;
}

static tanlu_status make_scenario(fixture *f, size_t s, const tanlu_model *model) {
  static const char *const text[SCENARIOS] = {"name: first\nparent: reference-42\nyears: {to: 2030}\n",
                                              "name: second\ntitle: 第二\nparent: dual-carbon-42\nyears: {to: 2028}\n"};
  char name[32], path[TANLU_TEST_PATH + 32];
  (void)snprintf(name, sizeof name, "scenario%zu.yaml", s);
  (void)snprintf(path, sizeof path, "%s/%s", f->directory, name);
  if (tanlu_test_write_file(f->directory, name, text[s]) != 0) return TANLU_ERR_IO;
  tanlu_status status = tanlu_scenario_read(&f->scenario[s], path, NULL, 0, f->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(f->scenario[s], f->nation, f->context);
  if (status != TANLU_OK) return status;
  const tanlu_drivers *drivers = f->scenario[s]->drivers;
  status = tanlu_projection_create(&f->national[s], f->nation, drivers->from, drivers->years, f->context);
  if (status == TANLU_OK) status = tanlu_project(model, drivers, "x", f->national[s], NULL, NULL, f->context);
  for (size_t r = 0; status == TANLU_OK && r < REGIONS; r++) status = make_region(f, s, r);
  f->regions[s] = (tanlu_result_regions){.region = &f->label,
                                         .dataset = &f->region,
                                         .projection = (const tanlu_projection *const *)f->regional[s],
                                         .flow = {.money = f->flow, .electricity = f->flow},
                                         .gap = f->gap,
                                         .statistics = "made-up",
                                         .lead = "nation"};
  f->written[s] = (tanlu_result_scenario){.name = f->scenario[s]->name,
                                          .title = f->scenario[s]->title,
                                          .text = f->scenario[s]->text,
                                          .projection = f->national[s],
                                          .regions = &f->regions[s]};
  return status;
}

/* The dataset's files with their digests, so that analyses find what they project again. */
static tanlu_status write_to(fixture *f, const char *path, const tanlu_result_scenario *scenario, size_t count) {
  const tanlu_dataset *d = f->nation;
  char(*name)[128] = calloc(d->files, sizeof *name);
  const char **names = calloc(d->files, sizeof *names);
  if (name == NULL || names == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < d->files; i++) {
    (void)snprintf(name[i], sizeof name[i], "%s/%s", d->name, d->file[i]);
    names[i] = name[i];
  }
  const tanlu_provenance provenance = {.version = "9.8.7",
                                       .commit = "abc",
                                       .build_flags = "-O2",
                                       .blas_core = "Haswell",
                                       .command_line = "tanlu run first second",
                                       .threads = 1,
                                       .inputs = d->files,
                                       .input = names,
                                       .sha256 = (const char *const *)d->sha256};
  const tanlu_status status = tanlu_result_write(path, true, d, scenario, count, &provenance, f->context);
  free(names);
  free(name);
  return status;
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  (void)snprintf(f->path, sizeof f->path, "%s/out.h5", f->directory);
  f->context = tanlu_context_create();
  for (size_t r = 0; r < REGIONS; r++) {
    char name[32];
    (void)snprintf(name, sizeof name, "%c%s", code[r][0] - 32, code[r] + 1);
    if (tanlu_labels_add(&f->label, code[r], name, r == 0 ? "北京" : NULL, f->context) != TANLU_OK) return 1;
  }
  char path[TANLU_TEST_PATH];
  (void)snprintf(path, sizeof path, "%s/inputs/data/china-2020-42", tanlu_test_root());
  tanlu_status status = tanlu_dataset_read(&f->nation, path, f->context);
  if (status == TANLU_OK) {
    f->region = *f->nation;
    f->region.accounts.category = (tanlu_labels){0};
    const tanlu_labels *category = &f->nation->accounts.category;
    for (size_t k = 0; k < category->count; k++) {
      (void)tanlu_labels_add(&f->region.accounts.category, category->code[k], category->name[k], NULL, f->context);
    }
    status = tanlu_labels_add(&f->region.accounts.category, TANLU_OTHER_REGIONS, "Other regions", NULL, f->context);
  }
  f->flow = calloc(REGIONS * REGIONS * 20, sizeof *f->flow);
  f->gap = calloc((size_t)TANLU_FIELD_COUNT * 20, sizeof *f->gap);
  for (size_t i = 0; i < REGIONS * REGIONS * 20; i++) f->flow[i] = 3600.0 * (double)i;
  for (size_t i = 0; i < (size_t)TANLU_FIELD_COUNT * 20; i++) f->gap[i] = 1e-6 * (double)i;
  for (size_t t = 0; t < 20; t++) f->gap[t * TANLU_FIELD_COUNT + TANLU_FIELD_INDICATOR] = (double)NAN;
  tanlu_model *model = NULL;
  if (status == TANLU_OK) status = tanlu_model_create(&model, f->nation, f->context);
  for (size_t s = 0; status == TANLU_OK && s < SCENARIOS; s++) status = make_scenario(f, s, model);
  tanlu_model_free(&model);
  if (status == TANLU_OK) status = write_to(f, f->path, f->written, SCENARIOS);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  const char *copy = getenv("TANLU_TEST_COPY");
  if (copy != NULL) (void)write_to(f, copy, f->written, SCENARIOS);
  return status == TANLU_OK ? 0 : 1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  for (size_t s = 0; s < SCENARIOS; s++) {
    tanlu_scenario_free(&f->scenario[s]);
    tanlu_projection_free(&f->national[s]);
    for (size_t r = 0; r < REGIONS; r++) tanlu_projection_free(&f->regional[s][r]);
  }
  tanlu_labels_clear(&f->region.accounts.category);
  tanlu_labels_clear(&f->label);
  tanlu_dataset_free(&f->nation);
  tanlu_context_free(&f->context);
  tanlu_test_forget(&f->run);
  tanlu_test_forget(&f->other);
  tanlu_test_remove_dir(f->directory);
  free(f->flow);
  free(f->gap);
  free(f);
  return 0;
}

static void placeholder(void **state) {
  (void)state;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(placeholder),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
