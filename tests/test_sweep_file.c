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

#include "model/indicators.h"
#include "tests/sweep_support.h"

/* Scaled, added and replaced numbers arrive at the knots; everything else stays. */
static void modes_act_on_the_numbers_written(void **state) {
  sweep_fixture *f = *state;
  sweep_read_well(f, SWEEP_HEAD "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
                                "  - {path: power.mix.wind.2030, mode: add, distribution: {uniform: [0, 0.1]}}\n"
                                "  - {path: sinks.2030, mode: replace, distribution: {uniform: [0, 1]}}\n"
                                "  - {path: sinks.2025, mode: replace, distribution: {uniform: [0, 1]}}\n");
  assert_int_equal(f->sweep->samples, 20);
  assert_int_equal(f->sweep->parameter[0].numbers, 2);
  const double drawn[] = {1.2, 0.02, 0.5, 0.25};
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, NULL, &d, f->context), TANLU_OK);
  const size_t wind = tanlu_axis_find(f->dataset, TANLU_AXIS_TECHNOLOGY, "wind");
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 3, 0, 0) - 6.0) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 10, 0, 0) - 4.8) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_POWER_MIX, 10, wind, 0) - 0.10) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_SINKS, 10, 0, 0) - 0.5) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_SINKS, 5, 0, 0) - 0.25) < 1e-12);
  tanlu_drivers_free(&d);
  /* the worker keeps nothing of the sample before */
  const double still[] = {1.0, 0.0, 0.01, 0.005};
  assert_int_equal(tanlu_sweep_drivers(f->worker, still, NULL, &d, f->context), TANLU_OK);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 3, 0, 0) - 5.0) < 1e-12);
  tanlu_drivers_free(&d);
}

/* A trend's rate is a number too; parameters act on one number in their order: (-2 x 2) + 1 = -3 percent a year. */
static void parameters_on_one_number_act_in_order(void **state) {
  sweep_fixture *f = *state;
  sweep_read_well(f, SWEEP_HEAD
                  "  - {path: energy.intensity.goods, mode: scale, distribution: {uniform: [0, 3]}}\n"
                  "  - {path: [energy.intensity, gdp.growth.2030], mode: add, distribution: {uniform: [0, 1]}}\n");
  assert_int_equal(f->sweep->numbers, 2);
  const double drawn[] = {2.0, 1.0};
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, NULL, &d, f->context), TANLU_OK);
  const size_t goods = tanlu_axis_find(f->dataset, TANLU_AXIS_POLICY_GROUP, "goods");
  const double before = tanlu_driver(d, TANLU_DRIVER_INTENSITY, 4, goods, 0);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_INTENSITY, 5, goods, 0) / before - 0.97) < 1e-12);
  assert_true(fabs(tanlu_driver(d, TANLU_DRIVER_GDP_GROWTH, 10, 0, 0) - 5.0) < 1e-12);
  tanlu_drivers_free(&d);
}

/* Drawn values lie in their ranges, differ between samples and are the same when asked again. */
static void draws_are_functions_of_the_sample(void **state) {
  sweep_fixture *f = *state;
  sweep_read_well(f, SWEEP_HEAD "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
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
  sweep_fixture *f = *state;
  double drawn[2];
  sweep_read_well(f, "name: s\nscenario: probe\ndesign: grid\nlevels: 3\nparameters:\n"
                     "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
                     "  - {path: sinks, mode: scale, distribution: {discrete: [1, 2, 4, 8]}}\n");
  assert_int_equal(f->sweep->samples, 12);
  static const double growth[] = {0.5, 1.0, 1.5}, sinks[] = {1, 2, 4, 8};
  for (size_t i = 0; i < 12; i++) {
    tanlu_sweep_draw(f->sweep, i, drawn);
    assert_true(fabs(drawn[0] - growth[i / 4]) < 1e-12 && drawn[1] == sinks[i % 4]);
  }
  sweep_read_well(
      f, "name: s\nscenario: probe\ndesign: list\nparameters:\n"
         "  - {path: gdp.growth, mode: scale}\n  - {path: sinks, mode: replace}\npoints: [[1, 2], [0.5, 3]]\n");
  assert_int_equal(f->sweep->samples, 2);
  tanlu_sweep_draw(f->sweep, 1, drawn);
  assert_true(drawn[0] == 0.5 && drawn[1] == 3.0);
}

/* Ranges find their output: an indicator by its place in the list, a scalar, a sum by group. Sizes follow what is kept. */
static void outputs_are_what_is_asked_for(void **state) {
  sweep_fixture *f = *state;
  sweep_read_well(f, SWEEP_HEAD
                  "  - {path: sinks, mode: scale, distribution: {uniform: [0.5, 1]}}\n"
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
  sweep_fixture *f = *state;
  sweep_read_well(f, SWEEP_HEAD "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 9]}}\n");
  const double drawn[] = {8.0};
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, NULL, &d, f->context), TANLU_ERR_INPUT);
  assert_null(d);
  assert_true(tanlu_test_has_message(f->context, "sweep.yaml:6:5: error: 40 is outside the bounds"));
}

static void errors_have_their_place(void **state) {
  sweep_fixture *f = *state;
#define ONE(path) SWEEP_HEAD "  - {path: " path ", mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"
  sweep_fails_with(f, ONE("gdp.grwth"),
                   "sweep.yaml:6:12: error: path 'gdp.grwth': unknown key 'grwth'; did you mean 'growth'?");
  sweep_fails_with(f, ONE("power.mix.wnd"), "did you mean 'wind'?");
  sweep_fails_with(f, ONE("years.to"), "'years.to' is no number that a scenario decides");
  sweep_fails_with(f, ONE("gdp.growth.2027"), "gives no number for 'gdp.growth.2027'; it can be replaced");
  sweep_fails_with(f, ONE("gdp.growth.2022"), "recorded history");
  sweep_fails_with(f, ONE("power.mix.balance"), "there is no number at 'power.mix.balance'");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, mode: times, distribution: {uniform: [0, 1]}}\n",
                   "sweep.yaml:6:25: error: unknown mode 'times'; expected scale, add or replace");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, mode: scale, distribution: {unifrm: [0, 1]}}\n",
                   "did you mean 'uniform'?");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [0]}}\n",
                   "sweep.yaml:6:56: error: expected uniform: [lowest, highest]");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [2, 1]}}\n",
                   "sweep.yaml:6:56: error: ");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: sinks, mode: scale, distribution: {uniform: [0, 1]}, labl: x}\n",
                   "did you mean 'label'?");
  sweep_fails_with(f, ONE("sinks") "outputs: {indicators: [co2_nt]}\n",
                   "sweep.yaml:7:24: error: unknown indicator 'co2_nt'");
  sweep_fails_with(f, ONE("sinks") "outputs: {years: [2031]}\n", "sweep.yaml:7:19: error: 2031 is outside the years");
  sweep_fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_nt: [0, 1]}}\n", "did you mean 'co2_net'?");
  sweep_fails_with(f, ONE("sinks") "outputs: {indicators: [gdp], quantiles: {co2_net: [0, 1]}}\n",
                   "unknown key 'co2_net'");
  sweep_fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_net: [2, 1]}}\n",
                   "sweep.yaml:7:32: error: 2 to 1 is no range; expected the lower bound first");
  sweep_fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_net: [2, x]}}\n", "sweep.yaml:7:36: error: ");
  sweep_fails_with(f, ONE("sinks") "outputs: {quantiles: {co2_net: 2}}\n",
                   "sweep.yaml:7:32: error: expected a range as co2_net: [lowest, highest]");
  sweep_fails_with(f, ONE("sinks") "outputs: {quantiles: 2}\n", "sweep.yaml:7:22: error: expected ranges by output");
  sweep_fails_with(f, ONE("sinks") "keep: all\n",
                   "sweep.yaml:7:7: error: unknown keep 'all'; expected indicators, statistics, groups or full");
  sweep_fails_with(f, ONE("sinks") "failures: {at_most: 5}\n", "sweep.yaml:7:21: error: 5 is not a share");
  sweep_fails_with(f, ONE("sinks") "second_order: true\n", "only the design saltelli");
  sweep_fails_with(f, ONE("sinks") ONE("sinks"), "sweep.yaml:7:1: error: ");
  sweep_fails_with(f, "name: s\nscenario: prob\ndesign: sobl\nsamples: 0\nparameters: []\n", "unknown design 'sobl'");
  assert_true(tanlu_test_has_message(f->context, "sweep.yaml:2:11: error: scenario: "));
  sweep_fails_with(f,
                   "name: s\nscenario: probe\ndesign: sobol\nsamples: 1.5\nparameters:\n"
                   "  - {path: sinks, mode: scale, distribution: {uniform: [0, 1]}}\n",
                   "sweep.yaml:4:10: error: '1.5': expected a whole number");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(modes_act_on_the_numbers_written, sweep_set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(parameters_on_one_number_act_in_order, sweep_set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(draws_are_functions_of_the_sample, sweep_set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(grids_and_lists_are_what_they_say, sweep_set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(outputs_are_what_is_asked_for, sweep_set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(values_out_of_bounds_name_the_parameter, sweep_set_up, sweep_tear_down),
      cmocka_unit_test_setup_teardown(errors_have_their_place, sweep_set_up, sweep_tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
