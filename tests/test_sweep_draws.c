/* Drivers of samples, found by resolving only what the drawn numbers touch.
 *
 * Oracle: the same sample written out as a scenario of its own, read back and resolved with nothing shared; all arrays are equal
 * to the last bit, and what is refused is refused in the same words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/sweep_file.h"
#include "tests/support.h"

/* On the shipped reference: the forms and drivers that it does not use itself. */
static const char probe_text[] =
    "name: probe\nparent: reference\n"
    "final_demand:\n"
    "  composition: {urban_households: {food: {2060: 0.8}, all: {trend: -0.1}}}\n"
    "imports: {oil_gas: {2040: 0.8, 2060: 0.5, interpolation: geometric}, all: {trend: {2040: -0.5, 2060: 0.2}}}\n"
    "technology: {substitution: {chemicals: {2060: 0.9}}, fabrication: {equipment: {2060: 0.95}}}\n"
    "energy:\n"
    "  mix:\n"
    "    rail: {share: {oil: {2030: 0.2, 2060: 0.05, interpolation: step}, gas: 0.01, balance: electricity}}\n"
    "    road: {share: {oil: {2060: 0.3}, balance: electricity}}\n"
    "power: {losses: {trend: -0.3}, net_imports: {2060: 10}}\n"
    "capture: {cement: {2060: 0.5}}\n"
    "capacity: {crude_steel: {start: 1150, retire: 0.04, replace: 1.25, cap: {2030: 1100}, policy: bind}}\n"
    "efficiency_tiers: {blast_furnace: {below_to_between: 0.3, between_to_above: {2030: 0.1}}}\n"
    "routes: {aluminium: {share: {recycled: {2060: 0.5}, balance: primary}}}\n"
    "capture_electricity: 0.2\n"
    "stress: {price: {2029: 0, 2030: 100}}\ninvestment: {power: {pv: {2060: 2000}}}\n";

/* Every kind of driver, every form of timeline; ranges wide enough that some samples are refused. */
static const char wide_text[] =
    "name: wide\nscenario: probe\ndesign: monte-carlo\nsamples: 400\nseed: 11\nparameters:\n"
#define MOVE(path, mode, distribution) "  - {path: " path ", mode: " mode ", distribution: {" distribution "}}\n"
    MOVE("[capacity.crude_steel, efficiency_tiers]", "scale", "uniform: [1, 1.2]") MOVE(
        "routes", "scale", "uniform: [0, 1.5]") MOVE("gdp.growth", "scale", "uniform: [0.5, 1.5]")
        MOVE("population.2045", "add", "normal: [0, 20]") MOVE("population", "scale", "uniform: [0.9, 1.1]") MOVE(
            "urbanisation", "scale", "uniform: [0.9, 1.26]") MOVE("final_demand.share", "scale", "uniform: [0.8, 1.3]")
            MOVE("final_demand.inventories.2035", "replace", "uniform: [0, 1]") MOVE("final_demand.composition",
                                                                                     "scale", "uniform: [0.5, 1.5]")
                MOVE("imports", "add", "uniform: [-0.55, 0.5]") MOVE("technology", "add", "uniform: [-0.1, 0.1]") MOVE(
                    "labour_productivity.all", "scale", "uniform: [0.8, 1.2]") MOVE("structure.substitution", "replace",
                                                                                    "uniform: [0.1, 1]")
                    MOVE("structure.share", "scale", "uniform: [0.5, 4]") MOVE("products.cement", "scale",
                                                                               "uniform: [0.5, 1.5]")
                        MOVE("products.crude_steel.2050", "replace",
                             "uniform: [500, 900]") MOVE("product_value", "scale", "uniform: [0.5, 1.5]")
                            MOVE("energy.intensity", "scale", "uniform: [0, 2]") MOVE(
                                "energy.feedstock.all.trend", "add",
                                "uniform: [-1, 1]") MOVE("energy.efficiency", "scale", "uniform: [0.8, 1.2]")
                                MOVE("energy.mix.all.retain.coal", "scale", "uniform: [0.5, 1.3]") MOVE(
                                    "energy.mix.buildings.retain.biomass.2060", "replace",
                                    "uniform: [0, 1]") MOVE("energy.mix.all.gain.hydrogen", "scale", "uniform: [0, 5]")
                                    MOVE("energy.mix.heat_supply.gain.biomass", "scale", "uniform: [0, 2]")
                                        MOVE("[energy.mix.rail.share.oil, energy.mix.road.share]", "scale",
                                             "uniform: [0, 2]") MOVE("households", "scale", "uniform: [0.8, 1.2]")
                                            MOVE("power.mix.pv", "scale", "uniform: [0.5, 2.2]")
                                                MOVE("power.mix.csp.2050", "replace", "uniform: [0, 0.05]")
                                                    MOVE("power.hours", "scale", "uniform: [0.8, 1.2]")
                                                        MOVE("power.coal_rate", "add", "uniform: [-10, 10]")
                                                            MOVE("power.losses", "scale", "uniform: [0, 2]") MOVE(
                                                                "power.net_imports", "scale", "uniform: [-2, 2]")
                                                                MOVE("hydrogen.mix", "scale", "uniform: [0.5, 1.5]")
                                                                    MOVE("process.lime.2060", "replace",
                                                                         "uniform: [0.5, 1]")
                                                                        MOVE("capture", "scale", "uniform: [0, 2.1]")
                                                                            MOVE("capture_electricity", "scale",
                                                                                 "uniform: [0, 2]")
                                                                                MOVE("[sinks, stress, investment]",
                                                                                     "scale", "uniform: [0.5, 2]");

typedef struct {
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 16];
  tanlu_context *context;
  tanlu_sweep *sweep;
  tanlu_dataset *dataset;
  tanlu_sweep_worker *worker;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  f->context = tanlu_context_create();
  return f->context != NULL ? 0 : 1;
}

static void close_sweep(fixture *f) {
  tanlu_sweep_worker_free(&f->worker);
  tanlu_sweep_free(&f->sweep);
  tanlu_dataset_free(&f->dataset);
}

static int tear_down(void **state) {
  fixture *f = *state;
  close_sweep(f);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static void open_sweep(fixture *f, const char *name) {
  tanlu_status status = tanlu_sweep_read(&f->sweep, name, f->context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&f->dataset, f->sweep->scenario->dataset_path, f->context);
  if (status == TANLU_OK) status = tanlu_sweep_bind(f->sweep, f->dataset, f->context);
  if (status == TANLU_OK) status = tanlu_sweep_worker_create(&f->worker, f->sweep, f->dataset, f->context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
}

/* The text of an error without file and line, which differ. */
static const char *words_of(const tanlu_context *context) {
  assert_true(tanlu_context_count(context) > 0);
  const char *text = strstr(tanlu_context_message(context, 0), "error: ");
  assert_non_null(text);
  return text;
}

static void assert_equal_drivers(const tanlu_drivers *a, const tanlu_drivers *b) {
  assert_int_equal(a->years, b->years);
  assert_int_equal(a->targets, b->targets);
  assert_memory_equal(a->target_level, b->target_level, a->targets * sizeof *a->target_level);
  assert_memory_equal(a->target_group, b->target_group, a->targets * sizeof *a->target_group);
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    assert_int_equal(a->size[id], b->size[id]);
    if (memcmp(a->value[id], b->value[id], a->years * a->size[id] * sizeof(double)) != 0) {
      fail_msg("'%s' differs", tanlu_driver_table[id].path);
    }
  }
}

/* Draw and compare; true when the sample is allowed. */
static bool compare(fixture *f, const double *drawn) {
  tanlu_drivers *fast = NULL;
  tanlu_scenario *alone = NULL;
  char *text = NULL;
  tanlu_context *reading = tanlu_context_create();
  tanlu_context_clear(f->context);
  const tanlu_status status = tanlu_sweep_drivers(f->worker, drawn, NULL, &fast, f->context);
  assert_int_equal(tanlu_sweep_worker_text(f->worker, drawn, &text, f->context), TANLU_OK);
  assert_int_equal(tanlu_scenario_read_text(&alone, text, "sample", reading), TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(alone, f->dataset, reading), status);
  if (status == TANLU_OK) {
    assert_equal_drivers(fast, alone->drivers);
  } else {
    assert_int_equal(status, TANLU_ERR_INPUT);
    assert_null(fast);
    assert_string_equal(words_of(f->context), words_of(reading));
  }
  tanlu_drivers_free(&fast);
  tanlu_scenario_free(&alone);
  tanlu_context_free(&reading);
  free(text);
  return status == TANLU_OK;
}

static size_t compare_all(fixture *f, size_t most) {
  size_t allowed = 0;
  double drawn[64];
  assert_true(f->sweep->parameters <= 64);
  for (size_t i = 0; i < f->sweep->samples && i < most; i++) {
    tanlu_sweep_draw(f->sweep, i, drawn);
    allowed += compare(f, drawn);
  }
  return allowed;
}

static void shipped_sweeps_are_resolved_in_full(void **state) {
  fixture *f = *state;
  static const struct {
    const char *name;
    size_t samples;
  } each[] = {{"peak-drivers", 60}, {"structure-energy-grid", 100}, {"growth-storylines", 4}};
  for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
    char path[64];
    snprintf(path, sizeof path, "inputs/sweeps/%s.yaml", each[i].name);
    open_sweep(f, path);
    assert_int_equal(compare_all(f, each[i].samples), each[i].samples);
    close_sweep(f);
  }
}

/* Refused samples stand between allowed ones, so that nothing of one reaches the next. */
static void every_driver_is_resolved_in_full(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "probe.yaml", probe_text), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "wide.yaml", wide_text), 0);
  snprintf(f->path, sizeof f->path, "%s/wide.yaml", f->directory);
  open_sweep(f, f->path);
  const size_t allowed = compare_all(f, 400);
  assert_in_range(allowed, 40, 360);
  double drawn[64];
  tanlu_drivers *d = NULL;
  for (size_t i = 0; d == NULL; i++) {
    tanlu_sweep_draw(f->sweep, i, drawn);
    (void)tanlu_sweep_drivers(f->worker, drawn, NULL, &d, f->context);
  }
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    if (d->borrowed[id]) fail_msg("no parameter moves '%s'", tanlu_driver_table[id].path);
  }
  tanlu_drivers_free(&d);
}

/* What no parameter touches is one array for all samples and workers; the rest is the sample's own. */
static void untouched_arrays_are_shared(void **state) {
  fixture *f = *state;
  open_sweep(f, "inputs/sweeps/peak-drivers.yaml");
  tanlu_sweep_worker *other = NULL;
  tanlu_drivers *a = NULL, *b = NULL;
  double drawn[64];
  assert_int_equal(tanlu_sweep_worker_create(&other, f->sweep, f->dataset, f->context), TANLU_OK);
  tanlu_sweep_draw(f->sweep, 3, drawn);
  assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, NULL, &a, f->context), TANLU_OK);
  assert_int_equal(tanlu_sweep_drivers(other, drawn, NULL, &b, f->context), TANLU_OK);
  assert_equal_drivers(a, b);
  size_t shared = 0;
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    assert_true((a->value[id] == b->value[id]) == a->borrowed[id]);
    shared += a->borrowed[id];
  }
  /* moved are growth, population, category shares, substitution, products, intensity, retention, households and power mix */
  assert_int_equal(shared, TANLU_DRIVER_COUNT - 9);
  assert_false(a->borrowed[TANLU_DRIVER_RETAIN] || a->borrowed[TANLU_DRIVER_POWER_MIX]);
  tanlu_drivers_free(&a);
  tanlu_drivers_free(&b);
  tanlu_sweep_worker_free(&other);
}

/* The number put in place by `replace` is its median; two medians that leave nothing for the balance share nothing, and samples
 * are resolved in full. */
static void a_base_that_does_not_resolve(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "high.yaml",
                                         "name: high\nscenario: reference\ndesign: monte-carlo\nsamples: 40\n"
                                         "parameters:\n"
                                         "  - {path: power.mix.pv.2050, mode: replace, "
                                         "distribution: {uniform: [0.1, 0.7]}}\n"
                                         "  - {path: power.mix.nuclear.2050, mode: replace, "
                                         "distribution: {uniform: [0.1, 0.7]}}\n"),
                   0);
  snprintf(f->path, sizeof f->path, "%s/high.yaml", f->directory);
  open_sweep(f, f->path);
  assert_in_range(compare_all(f, 40), 1, 39);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(shipped_sweeps_are_resolved_in_full, set_up, tear_down),
      cmocka_unit_test_setup_teardown(every_driver_is_resolved_in_full, set_up, tear_down),
      cmocka_unit_test_setup_teardown(untouched_arrays_are_shared, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_base_that_does_not_resolve, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
