/* Sweep files: what they mean, and what is wrong with them.
 *
 * Oracle: the numbers written in the scenario of this file, times, plus or instead of the drawn values; drivers read at the
 * knots, where no interpolation comes in between; places counted in the texts below. */
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
#include "inputs/sweep_file.h"
#include "model/indicators.h"
#include "tests/support.h"

static const char scenario_text[] = "name: probe\n"
                                    "dataset: ./tiny\n"
                                    "years: {from: 2020, to: 2030}\n"
                                    "gdp: {growth: {2023: 5, 2030: 4}}\n"
                                    "power: {mix: {wind: {2030: 0.08}, balance: coal}}\n"
                                    "energy: {intensity: {goods: {trend: -2}}}\n"
                                    "sinks: {2030: 0.01}\n";

typedef struct {
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 16];
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_sweep *sweep;
  tanlu_sweep_worker *worker;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  char tiny[TANLU_TEST_PATH + 8];
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  snprintf(tiny, sizeof tiny, "%s/tiny", f->directory);
  snprintf(f->path, sizeof f->path, "%s/sweep.yaml", f->directory);
  f->context = tanlu_context_create();
  if (tanlu_test_write_dataset(tiny) != 0 || tanlu_test_write_file(f->directory, "probe.yaml", scenario_text) != 0) {
    return 1;
  }
  return tanlu_dataset_read(&f->dataset, tiny, f->context) == TANLU_OK ? 0 : 1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_sweep_worker_free(&f->worker);
  tanlu_sweep_free(&f->sweep);
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static tanlu_status read_text(fixture *f, const char *text) {
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", text), 0);
  tanlu_sweep_worker_free(&f->worker);
  tanlu_sweep_free(&f->sweep);
  tanlu_context_clear(f->context);
  tanlu_status status = tanlu_sweep_read(&f->sweep, f->path, f->context);
  if (status == TANLU_OK) status = tanlu_sweep_bind(f->sweep, f->dataset, f->context);
  return status;
}

static void read_well(fixture *f, const char *text) {
  const tanlu_status status = read_text(f, text);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  assert_int_equal(tanlu_sweep_worker_create(&f->worker, f->sweep, f->dataset, f->context), TANLU_OK);
}

static void fails_with(fixture *f, const char *text, const char *part) {
  assert_int_not_equal(read_text(f, text), TANLU_OK);
  assert_true(tanlu_test_has_message(f->context, part));
}

#define HEAD "name: s\nscenario: probe\ndesign: monte-carlo\nsamples: 20\nparameters:\n"

/* Scaled, added and replaced numbers arrive at the knots; everything else stays. */
static void modes_act_on_the_numbers_written(void **state) {
  fixture *f = *state;
  read_well(f, HEAD "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
                    "  - {path: power.mix.wind.2030, mode: add, distribution: {uniform: [0, 0.1]}}\n"
                    "  - {path: sinks.2030, mode: replace, distribution: {uniform: [0, 1]}}\n"
                    "  - {path: sinks.2025, mode: replace, distribution: {uniform: [0, 1]}}\n");
  assert_int_equal(f->sweep->samples, 20);
  assert_int_equal(f->sweep->parameter[0].numbers, 2);
  const double drawn[] = {1.2, 0.02, 0.5, 0.25};
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, &d, f->context), TANLU_OK);
  const size_t wind = tanlu_axis_find(f->dataset, TANLU_AXIS_TECHNOLOGY, "wind");
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 3, 0, 0) - 6.0) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 10, 0, 0) - 4.8) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_POWER_MIX, 10, wind, 0) - 0.10) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_SINKS, 10, 0, 0) - 0.5) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_SINKS, 5, 0, 0) - 0.25) < 1e-12);
  tanlu_drivers_free(&d);
  /* the worker keeps nothing of the sample before */
  const double still[] = {1.0, 0.0, 0.01, 0.005};
  assert_int_equal(tanlu_sweep_drivers(f->worker, still, &d, f->context), TANLU_OK);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 3, 0, 0) - 5.0) < 1e-12);
  tanlu_drivers_free(&d);
}

/* A trend's rate is a number too; parameters act on one number in their order: (-2 x 2) + 1 = -3 percent a year. */
static void parameters_on_one_number_act_in_order(void **state) {
  fixture *f = *state;
  read_well(f, HEAD "  - {path: energy.intensity.goods, mode: scale, distribution: {uniform: [0, 3]}}\n"
                    "  - {path: [energy.intensity, gdp.growth.2030], mode: add, distribution: {uniform: [0, 1]}}\n");
  assert_int_equal(f->sweep->numbers, 2);
  const double drawn[] = {2.0, 1.0};
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, &d, f->context), TANLU_OK);
  const size_t goods = tanlu_axis_find(f->dataset, TANLU_AXIS_POLICY_GROUP, "goods");
  const double before = tanlu_driver(d, TANLU_DRIVER_INTENSITY, 4, goods, 0);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_INTENSITY, 5, goods, 0) / before - 0.97) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 10, 0, 0) - 5.0) < 1e-12);
  tanlu_drivers_free(&d);
}

/* Drawn values lie in their ranges, differ between samples and are the same when asked again. */
static void draws_are_functions_of_the_sample(void **state) {
  fixture *f = *state;
  read_well(f, HEAD "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
                    "  - {path: sinks, mode: scale, distribution: {discrete: [1, 2, 4]}}\n");
  double first[2], again[2], other[2];
  tanlu_sweep_draw(f->sweep, 3, first);
  tanlu_sweep_draw(f->sweep, 4, other);
  tanlu_sweep_draw(f->sweep, 3, again);
  assert_memory_equal(first, again, sizeof first);
  assert_true(first[0] != other[0]);
  for (size_t i = 0; i < f->sweep->samples; i++) {
    tanlu_sweep_draw(f->sweep, i, first);
    assert_true(first[0] > 0.5 && first[0] < 1.5);
    assert_true(first[1] == 1.0 || first[1] == 2.0 || first[1] == 4.0);
  }
}

/* A grid runs through all combinations, ends included, the last parameter fastest; a list gives its rows. */
static void grids_and_lists_are_what_they_say(void **state) {
  fixture *f = *state;
  double drawn[2];
  read_well(f, "name: s\nscenario: probe\ndesign: grid\nlevels: 3\nparameters:\n"
               "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
               "  - {path: sinks, mode: scale, distribution: {discrete: [1, 2, 4, 8]}}\n");
  assert_int_equal(f->sweep->samples, 12);
  static const double growth[] = {0.5, 1.0, 1.5}, sinks[] = {1, 2, 4, 8};
  for (size_t i = 0; i < 12; i++) {
    tanlu_sweep_draw(f->sweep, i, drawn);
    assert_true(fabs(drawn[0] - growth[i / 4]) < 1e-12 && drawn[1] == sinks[i % 4]);
  }
  read_well(f, "name: s\nscenario: probe\ndesign: list\nparameters:\n"
               "  - {path: gdp.growth, mode: scale}\n  - {path: sinks, mode: replace}\npoints: [[1, 2], [0.5, 3]]\n");
  assert_int_equal(f->sweep->samples, 2);
  tanlu_sweep_draw(f->sweep, 1, drawn);
  assert_true(drawn[0] == 0.5 && drawn[1] == 3.0);
}

/* Ranges find their output: an indicator by its place in the list, a scalar, a sum by group. Sizes follow what is kept. */
static void outputs_are_what_is_asked_for(void **state) {
  fixture *f = *state;
  read_well(f, HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [0.5, 1]}}\n"
                    "outputs: {indicators: [gdp, co2_net], quantiles: {co2_by_group: [0, 1], co2_net: [-1, 2], "
                    "residual_co2: [3, 4]}}\nkeep: full\n");
  tanlu_sweep_outputs_bind(f->sweep, f->dataset);
  const tanlu_sweep_shape *shape = &f->sweep->shape;
  assert_true(shape->keep == TANLU_KEEP_FULL && shape->ranges == 3 && shape->groups == 3);
  assert_true(shape->range[0].output == TANLU_OUTPUT_GROUPED + TANLU_GROUPED_CO2 && shape->range[0].upper == 1.0);
  assert_true(shape->range[1].output == TANLU_OUTPUT_INDICATOR && shape->range[1].index == 1);
  assert_true(shape->range[1].lower == -1.0 && shape->range[1].upper == 2.0);
  assert_true(shape->range[2].output == TANLU_OUTPUT_SUMMARY && shape->range[2].index == TANLU_SUMMARY_RESIDUAL);
  assert_int_equal(shape->field[TANLU_FIELD_OUTPUT], f->dataset->accounts.sector.count);
  assert_int_equal(shape->field[TANLU_FIELD_INDICATOR], 0);
}

static void values_out_of_bounds_name_the_parameter(void **state) {
  fixture *f = *state;
  read_well(f, HEAD "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 9]}}\n");
  const double drawn[] = {8.0};
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, &d, f->context), TANLU_ERR_INPUT);
  assert_null(d);
  assert_true(tanlu_test_has_message(f->context, "sweep.yaml:6:5: error: 40 is outside the bounds"));
}

static void errors_have_their_place(void **state) {
  fixture *f = *state;
#define ONE(path) HEAD "  - {path: " path ", mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
  fails_with(f, ONE("gdp.grwth"),
             "sweep.yaml:6:12: error: path 'gdp.grwth': unknown key 'grwth'; did you mean 'growth'?");
  fails_with(f, ONE("power.mix.wnd"), "did you mean 'wind'?");
  fails_with(f, ONE("years.to"), "'years.to' is no number that a scenario decides");
  fails_with(f, ONE("gdp.growth.2027"), "gives no number for 'gdp.growth.2027'; it can be replaced");
  fails_with(f, ONE("gdp.growth.2022"), "recorded history");
  fails_with(f, ONE("power.mix.balance"), "there is no number at 'power.mix.balance'");
  fails_with(f, HEAD "  - {path: sinks, mode: times, distribution: {uniform: [0, 1]}}\n",
             "sweep.yaml:6:25: error: unknown mode 'times'; expected scale, add or replace");
  fails_with(f, HEAD "  - {path: sinks, mode: scale, distribution: {unifrm: [0, 1]}}\n", "did you mean 'uniform'?");
  fails_with(f, HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [0]}}\n",
             "sweep.yaml:6:56: error: expected uniform: [lowest, highest]");
  fails_with(f, HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [2, 1]}}\n", "sweep.yaml:6:56: error: ");
  fails_with(f, HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [0, 1]}, labl: x}\n",
             "did you mean 'label'?");
  fails_with(f, ONE("sinks") "outputs: {indicators: [co2_nt]}\n", "sweep.yaml:7:24: error: unknown indicator 'co2_nt'");
  fails_with(f, ONE("sinks") "outputs: {years: [2031]}\n", "sweep.yaml:7:19: error: 2031 is outside the years");
  fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_nt: [0, 1]}}\n", "did you mean 'co2_net'?");
  fails_with(f, ONE("sinks") "outputs: {indicators: [gdp], quantiles: {co2_net: [0, 1]}}\n", "unknown key 'co2_net'");
  fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_net: [2, 1]}}\n",
             "sweep.yaml:7:32: error: 2 to 1 is no range; expected the lower bound first");
  fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_net: [2, x]}}\n", "sweep.yaml:7:36: error: ");
  fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_net: 2}}\n",
             "sweep.yaml:7:32: error: expected a range as co2_net: [lowest, highest]");
  fails_with(f, ONE("sinks") "outputs: {quantiles: 2}\n", "sweep.yaml:7:22: error: expected ranges by output");
  fails_with(f, ONE("sinks") "keep: all\n",
             "sweep.yaml:7:7: error: unknown keep 'all'; expected indicators, statistics, groups or full");
  fails_with(f, ONE("sinks") "failures: {at_most: 5}\n", "sweep.yaml:7:21: error: 5 is not a share");
  fails_with(f, ONE("sinks") "second_order: true\n", "only the design saltelli");
  fails_with(f, ONE("sinks") ONE("sinks"), "sweep.yaml:7:1: error: ");
  fails_with(f, "name: s\nscenario: prob\ndesign: sobl\nsamples: 0\nparameters: []\n", "unknown design 'sobl'");
  assert_true(tanlu_test_has_message(f->context, "sweep.yaml:2:11: error: scenario: "));
  fails_with(f,
             "name: s\nscenario: probe\ndesign: sobol\nsamples: 1.5\nparameters:\n"
             "  - {path: sinks, mode: scale, distribution: {uniform: [0, 1]}}\n",
             "sweep.yaml:4:10: error: '1.5': expected a whole number");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(modes_act_on_the_numbers_written, set_up, tear_down),
      cmocka_unit_test_setup_teardown(parameters_on_one_number_act_in_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(draws_are_functions_of_the_sample, set_up, tear_down),
      cmocka_unit_test_setup_teardown(grids_and_lists_are_what_they_say, set_up, tear_down),
      cmocka_unit_test_setup_teardown(outputs_are_what_is_asked_for, set_up, tear_down),
      cmocka_unit_test_setup_teardown(values_out_of_bounds_name_the_parameter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(errors_have_their_place, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
