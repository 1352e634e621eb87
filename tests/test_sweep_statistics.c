/* Sweeps that vary statistics of the base year.
 *
 * Oracles: a sample done by hand, with the calls of model/perturb.h and tanlu_project; the scenario itself where nothing is
 * changed; the same sweep on other threads, in another order, stopped and gone on with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "model/indicators.h"
#include "model/perturb.h"
#include "tests/sweep_support.h"

enum { MOST = 80, SHOWN = 2, YEARS = 11, THREADS = 3 };

/* What came out of a run; rows are samples. */
typedef struct {
  bool there[3];
  size_t own;
  int status[MOST], stop_after, written;
  double parameter[MOST * 4], value[MOST * YEARS * SHOWN];
  char reason[MOST][TANLU_SWEEP_REASON];
} outcome;

/* Tiny without its product path, which the growth of these scenarios cannot follow. */
static int set_up(void **state) {
  if (sweep_set_up(state) != 0) return 1;
  const sweep_fixture *f = *state;
  return tanlu_test_edit(f->directory, "tiny/history.yaml", "products: {widgets: {2021: 10.5, 2022: 10.4}}\n", "");
}

static bool done(void *user, size_t block) {
  const outcome *o = user;
  return o->there[block];
}

static tanlu_status take(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  outcome *o = user;
  (void)context;
  o->there[b->index] = true;
  o->own += b->own;
  o->written++;
  memcpy(o->status + b->first, b->status, b->count * sizeof *b->status);
  memcpy(o->reason[b->first], b->reason, b->count * TANLU_SWEEP_REASON);
  memcpy(o->value + b->first * YEARS * SHOWN, b->indicator, b->count * YEARS * SHOWN * sizeof(double));
  return TANLU_OK;
}

static int stop(void *user) {
  const outcome *o = user;
  return o->stop_after > 0 && o->written >= o->stop_after;
}

static tanlu_status run(sweep_fixture *f, int threads, outcome *o) {
  tanlu_sweep_worker *worker[THREADS] = {NULL};
  tanlu_model *model = NULL;
  assert_int_equal(tanlu_model_create(&model, f->dataset, f->context), TANLU_OK);
  for (int t = 0; t < threads; t++) {
    assert_int_equal(tanlu_sweep_worker_create(&worker[t], f->sweep, f->dataset, f->context), TANLU_OK);
  }
  assert_int_equal(f->sweep->shape.indicators, SHOWN);
  assert_int_equal(f->sweep->shape.years, YEARS);
  tanlu_sweep_plan plan = {.model = model,
                           .dataset = f->dataset,
                           .name = "probe",
                           .scenario = f->sweep->scenario->drivers,
                           .shape = f->sweep->shape,
                           .source = {.user = worker, .draw = tanlu_sweep_source_draw},
                           .sink = {.user = o, .done = done, .write = take},
                           .samples = f->sweep->samples,
                           .last_block = tanlu_sweep_blocks(f->sweep->samples),
                           .threads = threads,
                           .failures_allowed = TANLU_NONE,
                           .stop = stop,
                           .user = o};
  const tanlu_status status = tanlu_sweep_run(&plan, f->context);
  for (int t = 0; t < threads; t++) tanlu_sweep_worker_free(&worker[t]);
  tanlu_model_free(&model);
  return status;
}

/* Indicators of the scenario of the sweep with some dataset. */
static void project(sweep_fixture *f, const tanlu_dataset *dataset, double *value) {
  static const tanlu_indicator_id shown[SHOWN] = {TANLU_INDICATOR_CO2_ENERGY, TANLU_INDICATOR_GENERATION};
  tanlu_scenario *scenario = NULL;
  tanlu_model *model = NULL;
  tanlu_projection *p = NULL;
  char path[TANLU_TEST_PATH + 16];
  snprintf(path, sizeof path, "%s/probe.yaml", f->directory);
  assert_int_equal(tanlu_scenario_read(&scenario, path, NULL, 0, f->context), TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(scenario, dataset, f->context), TANLU_OK);
  assert_int_equal(tanlu_model_create(&model, dataset, f->context), TANLU_OK);
  assert_int_equal(tanlu_projection_create(&p, dataset, 2020, YEARS, f->context), TANLU_OK);
  assert_int_equal(tanlu_project(model, scenario->drivers, "probe", p, NULL, NULL, f->context), TANLU_OK);
  for (size_t t = 0; t < YEARS; t++) {
    for (size_t k = 0; k < SHOWN; k++) {
      value[t * SHOWN + k] = p->value[TANLU_FIELD_INDICATOR][t * p->size[TANLU_FIELD_INDICATOR] + shown[k]];
    }
  }
  tanlu_projection_free(&p);
  tanlu_model_free(&model);
  tanlu_scenario_free(&scenario);
}

#define OUTPUTS "outputs: {indicators: [co2_energy, generation_total]}\n"
#define FACTOR "  - {label: coal, statistic: emission_factors.raw_coal, mode: scale"
#define USE "  - {label: use, statistic: branch_energy.manufacturing.electricity, mode: scale"
#define SHARE "  - {label: share, statistic: branch_energy.rural.coal, keep_total: true, mode: scale"
#define CELLS "  - {label: cells, statistic: coefficients, mode: replace"

/* A mix path starts from the base-year mix: that of the sample. */
static const char path_scenario[] = "name: probe\ndataset: ./tiny\nyears: {from: 2020, to: 2030}\n"
                                    "gdp: {growth: {2023: 5, 2030: 4}}\n"
                                    "energy: {mix: {goods: {share: {coal: {2030: 0.2}, balance: electricity}}}}\n";

/* Sample 0 changes nothing and has the bits of the scenario projected by itself, sample 1 those of the same done by hand. */
static void samples_are_what_they_say(void **state) {
  sweep_fixture *f = *state;
  static outcome o;
  memset(&o, 0, sizeof o);
  assert_int_equal(tanlu_test_write_file(f->directory, "probe.yaml", path_scenario), 0);
  sweep_read_well(f, "name: s\nscenario: probe\ndesign: list\nseed: 4\nparameters:\n" FACTOR "}\n" USE "}\n" SHARE
                     "}\n" CELLS "}\n" OUTPUTS "points: [[1, 1, 1, 0], [1.1, 0.9, 1.2, 0.15]]\n");
  assert_int_equal(f->sweep->statistics, 4);
  assert_string_equal(f->sweep->parameter[1].path, "statistic branch_energy.manufacturing.electricity");
  assert_int_equal(run(f, 1, &o), TANLU_OK);
  assert_int_equal(o.own, 2);
  assert_true(o.status[0] == TANLU_SAMPLE_SOLVED && o.status[1] == TANLU_SAMPLE_SOLVED);

  double expected[YEARS * SHOWN];
  project(f, f->dataset, expected);
  assert_memory_equal(o.value, expected, sizeof expected);

  tanlu_dataset *own = NULL;
  const size_t carriers = f->dataset->energy.carrier.label.count, branches = f->dataset->energy.branch.count;
  const size_t coal = tanlu_labels_find(&f->dataset->energy.carrier.label, "raw_coal");
  const size_t power = tanlu_labels_find(&f->dataset->energy.carrier.label, "electricity");
  bool *factor = calloc(carriers, sizeof *factor), *use = calloc(branches * carriers, sizeof *use);
  bool *share = calloc(branches * carriers, sizeof *share);
  assert_true(factor && use && share);
  factor[coal] = true;
  use[tanlu_labels_find(&f->dataset->energy.branch, "manufacturing") * carriers + power] = true;
  share[tanlu_labels_find(&f->dataset->energy.branch, "rural") * carriers + coal] = true;
  assert_int_equal(tanlu_dataset_copy(&own, f->dataset, f->context), TANLU_OK);
  assert_int_equal(tanlu_perturb_emission_factors(own, factor, 1.1, f->context), TANLU_OK);
  assert_int_equal(tanlu_perturb_branch_energy(own, use, 0.9, false, f->context), TANLU_OK);
  assert_int_equal(tanlu_perturb_branch_energy(own, share, 1.2, true, f->context), TANLU_OK);
  assert_int_equal(tanlu_perturb_coefficients(own, 0.15, 4, 1, f->context), TANLU_OK);
  assert_int_equal(tanlu_perturb_finish(own, f->context), TANLU_OK);
  assert_true(memcmp(own->useful_share, f->dataset->useful_share, 9 * sizeof(double)) != 0);
  project(f, own, expected);
  assert_memory_equal(o.value + YEARS * SHOWN, expected, sizeof expected);
  assert_true(o.value[0] != o.value[YEARS * SHOWN]);
  tanlu_dataset_free(&own);
  free(factor);
  free(use);
  free(share);
}

/* 70 samples in three blocks, scenario and statistics varied together. */
static void threads_and_interruptions_do_not_matter(void **state) {
  sweep_fixture *f = *state;
  static outcome one, many, parts;
  memset(&one, 0, sizeof one);
  memset(&many, 0, sizeof many);
  memset(&parts, 0, sizeof parts);
#define NORMAL ", distribution: {normal: [1, 0.05]}}\n"
  sweep_read_well(f,
                  "name: s\nscenario: probe\ndesign: monte-carlo\nsamples: 70\nparameters:\n" FACTOR NORMAL USE NORMAL
                  "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.8, 1.2]}}\n" CELLS
                  ", distribution: {uniform: [0.05, 0.1]}}\n" OUTPUTS);
  assert_int_equal(run(f, 1, &one), TANLU_OK);
  assert_int_equal(run(f, THREADS, &many), TANLU_OK);
  parts.stop_after = 1;
  assert_int_equal(run(f, 1, &parts), TANLU_INTERRUPTED);
  assert_int_equal(parts.written, 1);
  parts.stop_after = 0;
  assert_int_equal(run(f, 2, &parts), TANLU_OK);
  assert_int_equal(one.own, 70);
  for (size_t i = 0; i < 70; i++) assert_int_equal(one.status[i], TANLU_SAMPLE_SOLVED);
  assert_memory_equal(one.value, many.value, sizeof one.value);
  assert_memory_equal(one.value, parts.value, sizeof one.value);
  for (size_t i = 1; i < 70; i++) assert_true(one.value[i * YEARS * SHOWN] != one.value[0]);
}

/* A factor below zero is refused where the parameter stands; coke has no user but manufacturing. */
static void refused_samples_say_why(void **state) {
  sweep_fixture *f = *state;
  static outcome o;
  memset(&o, 0, sizeof o);
  sweep_read_well(f, "name: s\nscenario: probe\ndesign: list\nparameters:\n" FACTOR "}\n" SHARE "}\n" OUTPUTS
                     "points: [[-1, 1], [1, 9], [1, 1.1]]\n");
  assert_int_equal(run(f, 1, &o), TANLU_OK);
  assert_true(o.status[0] == TANLU_SAMPLE_REFUSED && o.status[1] == TANLU_SAMPLE_REFUSED);
  assert_int_equal(o.status[2], TANLU_SAMPLE_SOLVED);
  assert_non_null(strstr(o.reason[0], "sweep.yaml:5:5: error: dataset tiny-2020: -1 as a factor on emission factors"));
  assert_non_null(
      strstr(o.reason[1], "sweep.yaml:6:5: error: dataset tiny-2020: the total of 'raw_coal' cannot be kept"));
}

/* In a saltelli design sample 0 (A), 1 (A with column 0 of B) and 2 (A with column 1 of B) share all but one coordinate: the noise
 * of the coefficients is that of its own coordinate, so that an index of another parameter holds none of it. In a Monte Carlo
 * design it is the sample's. */
static void noise_belongs_to_its_parameter(void **state) {
  sweep_fixture *f = *state;
  static const char *const design[] = {"saltelli\nsamples: 4", "monte-carlo\nsamples: 24"};
  const size_t cells = 9;
  for (int d = 0; d < 2; d++) {
    char text[1024];
    snprintf(text, sizeof text, "name: s\nscenario: probe\ndesign: %s\nparameters:\n%s" NORMAL "%s%s", design[d],
             FACTOR, CELLS, ", distribution: {discrete: [0.1]}}\n");
    sweep_read_well(f, text);
    const size_t samples = f->sweep->samples;
    size_t kinds = 0, factors = 0;
    tanlu_dataset *own[24] = {NULL};
    double drawn[24][2];
    assert_in_range(samples, 4, 24);
    for (size_t i = 0; i < samples; i++) {
      tanlu_sweep_draw(f->sweep, i, drawn[i]);
      assert_int_equal(tanlu_sweep_perturb(f->sweep, i, drawn[i], f->dataset, &own[i], f->context), TANLU_OK);
      bool known = false, known_factor = false;
      for (size_t k = 0; k < i; k++) {
        known = known || memcmp(own[i]->accounts.flows, own[k]->accounts.flows, cells * sizeof(double)) == 0;
        known_factor = known_factor || drawn[i][0] == drawn[k][0];
      }
      kinds += !known;
      factors += !known_factor;
    }
    for (size_t i = 0; i < samples; i++) tanlu_dataset_free(&own[i]);
    assert_int_equal(kinds, d == 0 ? 8 : 24); /* 4 rows of A and of B */
    assert_int_equal(factors, d == 0 ? 8 : 24);
  }
}

static void names_stand_for_their_members(void **state) {
  sweep_fixture *f = *state;
#define NAME(what) SWEEP_HEAD "  - {statistic: " what ", mode: scale" NORMAL
  const tanlu_energy_statistics *e = &f->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  sweep_read_well(f, NAME("emission_factors.oil"));
  for (size_t c = 0; c < carriers; c++) {
    assert_int_equal(f->sweep->parameter[0].marked[c], e->carrier.cls[c] == TANLU_CLASS_OIL);
  }
  sweep_read_well(f, NAME("[emission_factors.coke, emission_factors.natural_gas]"));
  size_t count = 0;
  for (size_t c = 0; c < carriers; c++) count += f->sweep->parameter[0].marked[c];
  assert_int_equal(count, 2);
  sweep_read_well(f, NAME("branch_energy.all.gas"));
  count = 0;
  for (size_t k = 0; k < e->branch.count * carriers; k++) count += f->sweep->parameter[0].marked[k];
  assert_int_equal(count, e->branch.count);
  sweep_read_well(f, NAME("branch_energy.mining"));
  for (size_t k = 0; k < e->branch.count * carriers; k++) {
    assert_int_equal(f->sweep->parameter[0].marked[k], k < carriers);
  }
}

static void errors_have_their_place(void **state) {
  sweep_fixture *f = *state;
  sweep_fails_with(f, NAME("emision_factors.coke"),
                   "sweep.yaml:6:17: error: unknown statistic 'emision_factors'; did you mean 'emission_factors'?");
  sweep_fails_with(f, NAME("emission_factors.raw_cool"),
                   "sweep.yaml:6:17: error: unknown carrier 'raw_cool'; did you mean 'raw_coal'?");
  sweep_fails_with(f, NAME("[emission_factors.coke, emission_factors.ol]"),
                   "sweep.yaml:6:41: error: unknown carrier 'ol'; did you mean 'oil'?");
  sweep_fails_with(f, NAME("branch_energy.minng.coke"), "unknown branch 'minng'; did you mean 'mining'?");
  sweep_fails_with(f, NAME("branch_energy.mining.cke"), "unknown carrier 'cke'; did you mean 'coke'?");
  sweep_fails_with(f, NAME("branch_energy.mining.coke"), "sweep.yaml:6:17: error: 'mining' uses no 'coke'");
  sweep_fails_with(f, NAME("emission_factors.heat"), "sweep.yaml:6:17: error: 'heat' has no emission factor to vary");
  sweep_fails_with(f, NAME("emission_factors"), "'emission_factors': expected emission_factors.CARRIER");
  sweep_fails_with(f, NAME("coefficients.coal"), "'coefficients.coal': expected coefficients");
  sweep_fails_with(f, NAME("a.b.c.d"), "'a.b.c.d' names no statistic; expected emission_factors.CARRIER");
  sweep_fails_with(f, NAME("[emission_factors.coke, branch_energy.mining]"), "expected statistics of one kind");
  sweep_fails_with(f, NAME("coefficients"), "sweep.yaml:6:37: error: the deviation of coefficients is drawn; expected");
  sweep_fails_with(f, SWEEP_HEAD "  - {statistic: emission_factors.coke, mode: add" NORMAL,
                   "sweep.yaml:6:46: error: emission_factors vary by a factor; expected the mode scale");
  sweep_fails_with(f,
                   SWEEP_HEAD "  - {statistic: branch_energy.manufacturing.coke, keep_total: true, mode: scale" NORMAL,
                   "sweep.yaml:6:17: error: keep_total: no other branch uses 'coke'");
  sweep_fails_with(f, SWEEP_HEAD "  - {statistic: branch_energy.rural, keep_total: yes, mode: scale" NORMAL,
                   "expected true or false for 'keep_total'");
  sweep_fails_with(f, SWEEP_HEAD "  - {statistic: emission_factors.coke, keep_total: true, mode: scale" NORMAL,
                   "sweep.yaml:6:40: error: only the statistic branch_energy has 'keep_total'");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, keep_total: true, mode: scale" NORMAL, "only the statistic");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, statistic: coefficients, mode: scale" NORMAL,
                   "sweep.yaml:6:19: error: a parameter has either a path or a statistic");
  sweep_fails_with(f, SWEEP_HEAD CELLS NORMAL "  - {label: b, statistic: coefficients, mode: replace" NORMAL,
                   "sweep.yaml:7:27: error: coefficients are perturbed by an earlier parameter");
}

/* The shipped sweep: names that the dataset knows, and samples that balance. */
static void the_shipped_sweep_balances(void **state) {
  sweep_fixture *f = *state;
  tanlu_sweep *sweep = NULL;
  tanlu_dataset *dataset = NULL, *own = NULL;
  double drawn[32];
  assert_int_equal(tanlu_sweep_read(&sweep, "inputs/sweeps/statistics-uncertainty.yaml", f->context), TANLU_OK);
  assert_int_equal(tanlu_dataset_read(&dataset, sweep->scenario->dataset_path, f->context), TANLU_OK);
  assert_int_equal(tanlu_sweep_bind(sweep, dataset, f->context), TANLU_OK);
  assert_true(sweep->statistics == sweep->parameters && sweep->parameters <= 32);
  for (size_t i = 0; i < 10; i++) {
    tanlu_sweep_draw(sweep, i, drawn);
    assert_int_equal(tanlu_sweep_perturb(sweep, i, drawn, dataset, &own, f->context), TANLU_OK);
    tanlu_dataset_free(&own);
  }
  tanlu_sweep_free(&sweep);
  tanlu_dataset_free(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(samples_are_what_they_say, set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(threads_and_interruptions_do_not_matter, set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(refused_samples_say_why, set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(noise_belongs_to_its_parameter, set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(names_stand_for_their_members, set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(errors_have_their_place, set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(the_shipped_sweep_balances, set_up, sweep_tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
