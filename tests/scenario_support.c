#include "tests/scenario_support.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "inputs/dataset_file.h"
#include "solvers/blas.h"

enum { SHOWN = 12 };

static const char *const dataset_name[DATASETS] = {"china-2020", "china-2020-42"};
static const struct {
  const char *name;
  size_t dataset;
} shipped[SCENARIOS] = {{"reference", 0},          {"structure", 0},          {"energy-mix", 0},
                        {"dual-carbon", 0},        {"accelerated", 0},        {"reference-42", 1},
                        {"dual-carbon-42", 1},     {"dual-carbon-routes", 0}, {"stress/delayed-action", 0},
                        {"stress/price-shock", 0}, {"stress/no-capture", 0},  {"stress/no-new-nuclear", 0},
                        {"stress/no-storage", 0}};

static bool project(shipped_scenarios *all, size_t s) {
  shipped_scenario *run = &all->run[s];
  const size_t k = shipped[s].dataset;
  char path[64];
  snprintf(path, sizeof path, "inputs/scenarios/%s.yaml", shipped[s].name);
  run->name = shipped[s].name;
  run->dataset = all->dataset[k];
  run->model = all->model[k];
  if (tanlu_scenario_read(&run->scenario, path, NULL, 0, all->context) != TANLU_OK ||
      tanlu_scenario_resolve(run->scenario, run->dataset, all->context) != TANLU_OK) {
    return false;
  }
  run->drivers = run->scenario->drivers;
  return tanlu_projection_create(&run->projection, run->dataset, run->drivers->from, run->drivers->years,
                                 all->context) == TANLU_OK &&
         tanlu_project(run->model, run->drivers, run->name, run->projection, NULL, NULL, all->context) == TANLU_OK;
}

int shipped_set_up(void **state) {
  (void)tanlu_blas_serial();
  shipped_scenarios *all = calloc(1, sizeof *all);
  if (all == NULL) return 1;
  *state = all;
  all->context = tanlu_context_create();
  bool good = all->context != NULL;
  for (size_t k = 0; good && k < DATASETS; k++) {
    char path[64];
    snprintf(path, sizeof path, "inputs/data/%s", dataset_name[k]);
    good = tanlu_dataset_read(&all->dataset[k], path, all->context) == TANLU_OK &&
           tanlu_model_create(&all->model[k], all->dataset[k], all->context) == TANLU_OK;
  }
  for (size_t s = 0; good && s < SCENARIOS; s++) good = project(all, s);
  if (!good && all->context != NULL) tanlu_test_print_messages(all->context);
  return good ? 0 : 1;
}

int shipped_tear_down(void **state) {
  shipped_scenarios *all = *state;
  for (size_t s = 0; s < SCENARIOS; s++) {
    tanlu_projection_free(&all->run[s].projection);
    tanlu_scenario_free(&all->run[s].scenario);
  }
  for (size_t k = 0; k < DATASETS; k++) {
    tanlu_model_free(&all->model[k]);
    tanlu_dataset_free(&all->dataset[k]);
  }
  tanlu_context_free(&all->context);
  free(all);
  return 0;
}

void every_year(const shipped_scenarios *all, void (*look)(place *p)) {
  place p = {0};
  for (size_t s = 0; s < SCENARIOS; s++) {
    p.run = &all->run[s];
    for (p.t = 0; p.t < p.run->drivers->years; p.t++) {
      p.year = p.run->drivers->from + (int)p.t;
      look(&p);
    }
  }
  assert_int_equal(p.problems, 0);
}

place in_year(const shipped_scenarios *all, size_t scenario, int year) {
  const shipped_scenario *run = &all->run[scenario];
  return (place){.run = run, .t = (size_t)(year - run->drivers->from), .year = year};
}

const double *field(const place *p, tanlu_field_id id) {
  return p->run->projection->value[id] + p->t * p->run->projection->size[id];
}

double sum_of(const double *value, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += value[i];
  return sum;
}

double total(const place *p, tanlu_field_id id) {
  return sum_of(field(p, id), p->run->projection->size[id]);
}

double indicator(const place *p, tanlu_indicator_id id) {
  return field(p, TANLU_FIELD_INDICATOR)[id];
}

double driver(const place *p, tanlu_driver_id id, size_t a) {
  return tanlu_driver(p->run->drivers, id, p->t, a, 0);
}

void near(place *p, const char *what, double actual, double expected, double tolerance, double size) {
  if (fabs(actual - expected) <= tolerance * fabs(size)) return;
  if (p->problems++ < SHOWN) {
    fprintf(stderr, "%s %d: %s is %.10g, expected %.10g (gap %.2e)\n", p->run->name, p->year, what, actual, expected,
            actual - expected);
  }
}

void holds(place *p, const char *what, double value, bool condition) {
  if (condition) return;
  if (p->problems++ < SHOWN) fprintf(stderr, "%s %d: %s (%.10g)\n", p->run->name, p->year, what, value);
}
