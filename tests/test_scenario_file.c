/* Scenarios: merging, settings, and the values of the drivers by hand arithmetic on the tiny dataset of tests/support.h
 * (base year 2020, history to 2022). Lines and columns of errors are counted in the texts below. */
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
#include "tests/support.h"

typedef struct {
  char dir[TANLU_TEST_PATH];
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_scenario *scenario;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  char data[TANLU_TEST_PATH + 16];
  f->context = tanlu_context_create();
  *state = f;
  if (tanlu_test_temp_dir(f->dir)) return 1;
  snprintf(data, sizeof data, "%s/tiny", f->dir);
  if (tanlu_test_write_dataset(data)) return 1;
  const tanlu_status status = tanlu_dataset_read(&f->dataset, data, f->context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  return status != TANLU_OK;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_scenario_free(&f->scenario);
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->dir);
  free(f);
  return 0;
}

/* Three lines that every scenario begins with, so that the text of a test begins in line 4. */
#define HEAD "name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2040}\n"

static tanlu_status read_file(fixture *f, const char *name, const char *const *settings, size_t count) {
  char path[2 * TANLU_TEST_PATH];
  tanlu_scenario_free(&f->scenario);
  tanlu_context_clear(f->context);
  snprintf(path, sizeof path, "%s/%s", f->dir, name);
  tanlu_status status = tanlu_scenario_read(&f->scenario, path, settings, count, f->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(f->scenario, f->dataset, f->context);
  return status;
}

static tanlu_status read_text(fixture *f, const char *text) {
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", text), 0);
  return read_file(f, "s.yaml", NULL, 0);
}

static void good(fixture *f, const char *text) {
  const tanlu_status status = read_text(f, text);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  assert_non_null(f->scenario->drivers);
}

static double value(const fixture *f, tanlu_driver_id id, int year, size_t a, size_t b) {
  return tanlu_driver(f->scenario->drivers, id, (size_t)(year - 2020), a, b);
}

/* A few roundings of numbers near one. */
#define assert_near(actual, expected)                                                                                  \
  do {                                                                                                                 \
    const double actual_ = (actual), expected_ = (expected);                                                           \
    if (!(fabs(actual_ - expected_) <= 1e-13 * fmax(1.0, fabs(expected_)))) {                                          \
      fail_msg("%s is %.17g, expected %.17g", #actual, actual_, expected_);                                            \
    }                                                                                                                  \
  } while (0)

static size_t find(const fixture *f, tanlu_axis axis, const char *code) {
  const size_t i = tanlu_axis_find(f->dataset, axis, code);
  assert_true(i != TANLU_NONE);
  return i;
}

/* ---- values ------------------------------------------------------------------------------------------------------------- */

/* The record alone: growth 8 and 3 %, then 3 % for ever; indices 1; wind 0.045 and 0.055, PV a third of its way from
 * 0.0125 in 2020 to 0.02 in 2022: coal takes what is left. Generation of 2020 is 400 TJ, of it 312.8 from coal. */
static void the_record_alone(void **state) {
  fixture *f = *state;
  good(f, HEAD);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2021, 0, 0), 8.0);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2022, 0, 0), 3.0);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2040, 0, 0), 3.0);
  assert_near(value(f, TANLU_DRIVER_POPULATION, 2020, 0, 0), 10.0);
  assert_near(value(f, TANLU_DRIVER_POPULATION, 2040, 0, 0), 10.15);
  assert_near(value(f, TANLU_DRIVER_URBANISATION, 2021, 0, 0), 0.61);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2040, 1, 0), 1.0);
  const size_t coal = find(f, TANLU_AXIS_TECHNOLOGY, "coal"), pv = find(f, TANLU_AXIS_TECHNOLOGY, "pv");
  const size_t hydro = find(f, TANLU_AXIS_TECHNOLOGY, "hydro"), wind = find(f, TANLU_AXIS_TECHNOLOGY, "wind");
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2020, coal, 0), 312.8 / 400.0);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2021, wind, 0), 0.045);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2021, pv, 0), 0.01625);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2021, hydro, 0), 0.075);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2021, coal, 0), 0.77075);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2022, coal, 0), 0.757);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2040, coal, 0), 0.757);
  assert_near(value(f, TANLU_DRIVER_CATEGORY_SHARE, 2040, 0, 0), 124.0 / 810.0); /* rural */
  assert_near(value(f, TANLU_DRIVER_CATEGORY_SHARE, 2040, 4, 0), 0.0);           /* inventories */
  /* a recorded path binds in its years and not after them */
  assert_near(value(f, TANLU_DRIVER_PRODUCT_PATH, 2020, 0, 0), 10.0);
  assert_near(value(f, TANLU_DRIVER_PRODUCT_PATH, 2022, 0, 0), 10.4);
  assert_true(isnan(value(f, TANLU_DRIVER_PRODUCT_PATH, 2023, 0, 0)));
  assert_true(isnan(value(f, TANLU_DRIVER_PRODUCT_PATH, 2021, 1, 0)));
  assert_true(isnan(value(f, TANLU_DRIVER_MIX_SHARE, 2030, 0, 0)));
  assert_int_equal(f->scenario->drivers->targets, 0);
}

static void levels_and_interpolations(void **state) {
  fixture *f = *state;
  good(f, HEAD "gdp: {growth: {2025: 6, 2030: 1}}\n"
               "structure: {substitution: 0.8}\n"
               "population: {interpolation: geometric, 2032: 20.3}\n"
               "urbanisation: {interpolation: step, 2025: 0.7, 2030: 0.8}\n"
               "sinks: {2032: 100, 2050: 460}\n"
               "power: {coal_rate: {2027: 300.5}}\n");
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2022, 0, 0), 3.0);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2023, 0, 0), 4.0); /* from 3 in 2022 to 6 in 2025 */
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2025, 0, 0), 6.0);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2028, 0, 0), 3.0);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2040, 0, 0), 1.0);
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 2022, 0, 0), 0.5); /* a scalar holds after the record */
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 2023, 0, 0), 0.8);
  assert_near(value(f, TANLU_DRIVER_POPULATION, 2027, 0, 0), 10.15 * sqrt(2.0)); /* doubles from 2022 to 2032 */
  assert_near(value(f, TANLU_DRIVER_POPULATION, 2040, 0, 0), 20.3);
  assert_near(value(f, TANLU_DRIVER_URBANISATION, 2024, 0, 0), 0.62);
  assert_near(value(f, TANLU_DRIVER_URBANISATION, 2029, 0, 0), 0.7);
  assert_near(value(f, TANLU_DRIVER_URBANISATION, 2030, 0, 0), 0.8);
  assert_near(value(f, TANLU_DRIVER_SINKS, 2022, 0, 0), 0.0);
  assert_near(value(f, TANLU_DRIVER_SINKS, 2027, 0, 0), 50.0);
  assert_near(value(f, TANLU_DRIVER_SINKS, 2040, 0, 0), 260.0);     /* 100 + 8/18 of 360; the knot of 2050 counts */
  assert_near(value(f, TANLU_DRIVER_COAL_RATE, 2022, 0, 0), 305.5); /* no record: base value to 2022 */
  assert_near(value(f, TANLU_DRIVER_COAL_RATE, 2023, 0, 0), 304.5);
}

static void trends_and_groups(void **state) {
  fixture *f = *state;
  good(f, HEAD "energy:\n  intensity: {all: 0.5, goods: {trend: -10}, secondary: {trend: {2024: -10, 2026: 50}}}\n"
               "technology: {substitution: {all: {2032: 2}, power_heat: {2032: 3}}}\n");
  const size_t mining = find(f, TANLU_AXIS_POLICY_GROUP, "coal_mining"),
               goods = find(f, TANLU_AXIS_POLICY_GROUP, "goods");
  const size_t power = find(f, TANLU_AXIS_POLICY_GROUP, "power_heat");
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2022, goods, 0), 1.0);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2023, goods, 0), 0.9);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2025, goods, 0), 0.729);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2024, mining, 0), 0.81);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2025, power, 0), 1.215);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2026, mining, 0), 1.8225);
  assert_near(value(f, TANLU_DRIVER_INTENSITY, 2040, mining, 0), 1.8225);
  assert_near(value(f, TANLU_DRIVER_SUBSTITUTION, 2027, goods, 0), 1.5);
  assert_near(value(f, TANLU_DRIVER_SUBSTITUTION, 2027, power, 0), 2.0);
}

/* PV from 0.02 to 0.12 over ten years; coal gives what PV takes, all others stay. */
static void shares_close(void **state) {
  fixture *f = *state;
  good(f, HEAD "power: {mix: {pv: {2032: 0.12}, balance: coal}}\n"
               "final_demand: {share: {fixed_capital: {2032: 0.1}, balance: urban_households}}\n"
               "hydrogen: {mix: {electrolysis: {2032: 0.4}, balance: coal}}\n");
  const tanlu_drivers *d = f->scenario->drivers;
  const size_t coal = find(f, TANLU_AXIS_TECHNOLOGY, "coal"), pv = find(f, TANLU_AXIS_TECHNOLOGY, "pv");
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2027, pv, 0), 0.07);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2027, coal, 0), 0.707);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2040, coal, 0), 0.657);
  assert_near(value(f, TANLU_DRIVER_CATEGORY_SHARE, 2040, 3, 0), 0.1);
  assert_near(value(f, TANLU_DRIVER_CATEGORY_SHARE, 2040, 1, 0), 1.0 - 0.1 - (124.0 + 120.0 + 65.0) / 810.0);
  assert_near(value(f, TANLU_DRIVER_HYDROGEN_MIX, 2027, TANLU_HYDROGEN_ELECTROLYSIS, 0), 0.2);
  assert_near(value(f, TANLU_DRIVER_HYDROGEN_MIX, 2027, TANLU_HYDROGEN_COAL, 0), 0.8);
  static const tanlu_driver_id lists[] = {TANLU_DRIVER_POWER_MIX, TANLU_DRIVER_CATEGORY_SHARE,
                                          TANLU_DRIVER_HYDROGEN_MIX};
  for (size_t t = 0; t < d->years; t++) {
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
      double sum = 0.0;
      for (size_t i = 0; i < d->size[lists[k]]; i++) sum += d->value[lists[k]][t * d->size[lists[k]] + i];
      assert_near(sum, 1.0);
    }
  }
}

/* Lists along the second axis: one a group; `all` is the policy groups, the specific list rules as a whole. */
static void lists_by_group(void **state) {
  fixture *f = *state;
  good(f, HEAD "energy:\n  mix:\n"
               "    all: {retain: {coal: {2032: 0.5}}, gain: {hydrogen: {2032: 0.2}, balance: electricity}}\n"
               "    goods: {gain: {biomass: {2032: 0.4}, electricity: 0, balance: heat}}\n"
               "    buildings: {share: {coal: {2032: 0}, balance: electricity}}\n");
  const size_t mining = find(f, TANLU_AXIS_MIX_GROUP, "coal_mining"), goods = find(f, TANLU_AXIS_MIX_GROUP, "goods");
  const size_t homes = find(f, TANLU_AXIS_MIX_GROUP, "buildings"), cars = find(f, TANLU_AXIS_MIX_GROUP, "vehicles");
  assert_near(value(f, TANLU_DRIVER_RETAIN, 2027, goods, TANLU_CLASS_COAL), 0.75);
  assert_near(value(f, TANLU_DRIVER_RETAIN, 2027, homes, TANLU_CLASS_COAL), 1.0);
  assert_near(value(f, TANLU_DRIVER_GAIN, 2027, mining, TANLU_CLASS_HYDROGEN), 0.1);
  assert_near(value(f, TANLU_DRIVER_GAIN, 2027, mining, TANLU_CLASS_ELECTRICITY), 0.9);
  assert_near(value(f, TANLU_DRIVER_GAIN, 2032, goods, TANLU_CLASS_HYDROGEN), 0.0);
  assert_near(value(f, TANLU_DRIVER_GAIN, 2032, goods, TANLU_CLASS_BIOMASS), 0.4);
  assert_near(value(f, TANLU_DRIVER_GAIN, 2032, goods, TANLU_CLASS_HEAT), 0.6);
  assert_near(value(f, TANLU_DRIVER_MIX_SHARE, 2032, homes, TANLU_CLASS_COAL), 0.0);
  assert_true(isnan(value(f, TANLU_DRIVER_MIX_SHARE, 2032, goods, TANLU_CLASS_COAL)));
  assert_near(value(f, TANLU_DRIVER_GAIN, 2032, cars, TANLU_CLASS_ELECTRICITY), 1.0);
}

static void targets_of_structure(void **state) {
  fixture *f = *state;
  good(f, HEAD "structure: {share: {secondary: {2032: 0.2}, balance: tertiary}}\n");
  const tanlu_drivers *d = f->scenario->drivers;
  assert_int_equal(d->targets, 1);
  assert_int_equal(d->target_level[0], 0);
  assert_int_equal(d->target_group[0], 0);
  const double base = 170.0 / 720.0; /* value added of coal and power */
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2020, 0, 0), base);
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2022, 0, 0), base);
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2027, 0, 0), 0.5 * (base + 0.2));
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2040, 0, 0), 0.2);
}

/* A target that only the history names binds to its last year; the same sectors under another code are the same target. */
static void targets_of_the_history(void **state) {
  fixture *f = *state;
  char data[TANLU_TEST_PATH + 16];
  snprintf(data, sizeof data, "%s/tiny", f->dir);
  assert_int_equal(tanlu_test_edit(data, "history.yaml", "gdp:",
                                   "structure: {share: {coal_mining: {2022: 0.08}, tertiary: {2021: 0.75, 2022: 0.77}, "
                                   "balance: power_heat}}\ngdp:"),
                   0);
  good(f, HEAD "structure: {share: {goods: {2032: 0.87}, balance: power_heat}}\n");
  const tanlu_drivers *d = f->scenario->drivers;
  assert_int_equal(d->targets, 2);
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2021, 0, 0), 0.75); /* goods is tertiary */
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2027, 0, 0), 0.82);
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2022, 1, 0), 0.08);
  assert_true(isnan(value(f, TANLU_DRIVER_STRUCTURE_SHARE, 2023, 1, 0)));
}

static void product_paths(void **state) {
  fixture *f = *state;
  good(f, HEAD "products: {widgets: {2032: 5.4}}\nproduct_value: {widgets: {2032: 1.4}}\n");
  assert_near(value(f, TANLU_DRIVER_PRODUCT_PATH, 2021, 0, 0), 10.5);
  assert_near(value(f, TANLU_DRIVER_PRODUCT_PATH, 2022, 0, 0), 10.4);
  assert_near(value(f, TANLU_DRIVER_PRODUCT_PATH, 2027, 0, 0), 7.9);
  assert_near(value(f, TANLU_DRIVER_PRODUCT_VALUE, 2027, 0, 0), 1.2);
}

/* ---- parents and settings ------------------------------------------------------------------------------------------------ */

/* Mappings merge, timelines replace whole, the balance of the child wins, name and title are not inherited. */
static void parents_merge(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->dir, "base.yaml",
                                         "name: base\ntitle: Base\ndataset: ./tiny\nyears: {from: 2020, to: 2030}\n"
                                         "gdp: {growth: {2025: 5, 2040: 1}}\n"
                                         "power: {mix: {pv: {2032: 0.1}, wind: {2032: 0.2}, balance: coal}}\n"
                                         "sinks: 10\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->dir, "child.yaml",
                                         "name: child\nparent: base\nyears: {to: 2040}\n"
                                         "gdp: {growth: {2030: 2}}\n"
                                         "power: {mix: {hydro: {2032: 0.03}, balance: wind}}\n"),
                   0);
  assert_int_equal(read_file(f, "child.yaml", NULL, 0), TANLU_OK);
  assert_string_equal(f->scenario->name, "child");
  assert_string_equal(f->scenario->title, "");
  assert_int_equal(f->scenario->from, 2020);
  assert_int_equal(f->scenario->to, 2040);
  assert_int_equal(f->scenario->files, 2);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2026, 0, 0), 2.5); /* from 3 in 2022 to 2 in 2030, not by 5 in 2025 */
  assert_near(value(f, TANLU_DRIVER_SINKS, 2030, 0, 0), 10.0);
  const size_t wind = find(f, TANLU_AXIS_TECHNOLOGY, "wind"), coal = find(f, TANLU_AXIS_TECHNOLOGY, "coal");
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2032, coal, 0), 0.757); /* keeps its last share */
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2032, wind, 0), 1.0 - (0.757 + 0.051 + 0.017 + 0.025 + 0.03 + 0.1));
  assert_true(tanlu_test_has_message(f->context, "'wind' is the balance of 'mix' here; its path in"));
  assert_int_equal(read_file(f, "base.yaml", NULL, 0), TANLU_OK);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2030, wind, 0), 0.055 + 0.8 * 0.145);
}

/* Two parents with one grandparent: it comes first and once, so that what either parent changed stays changed. */
static void two_parents_share_a_grandparent(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->dir, "root.yaml",
                                         "name: root\ndataset: ./tiny\nyears: {from: 2020, to: 2040}\n"
                                         "sinks: 1\ncapture_electricity: 1\nstructure: {substitution: 1}\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->dir, "left.yaml",
                                         "name: left\nparent: root\nsinks: 2\n"
                                         "structure: {substitution: 0.2}\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->dir, "right.yaml",
                                         "name: right\nparent: root\ncapture_electricity: 3\n"
                                         "structure: {substitution: 0.3}\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->dir, "both.yaml", "name: both\nparent: [left, right]\n"), 0);
  assert_int_equal(read_file(f, "both.yaml", NULL, 0), TANLU_OK);
  assert_near(value(f, TANLU_DRIVER_SINKS, 2030, 0, 0), 2.0);
  assert_near(value(f, TANLU_DRIVER_CAPTURE_ELECTRICITY, 2030, 0, 0), 3.0);
  assert_near(value(f, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 2030, 0, 0), 0.3); /* the later parent wins */
  assert_int_equal(f->scenario->files, 4);
}

static void settings_overlay(void **state) {
  fixture *f = *state;
  static const char *const settings[] = {"gdp.growth.2030=4.0", "gdp.growth.2024=7",      "sinks={2032: 50}",
                                         "power.mix.pv=0.1",    "power.mix.balance=coal", "years.to=2035",
                                         "name=varied",         "urbanisation.2032=0.72"};
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", HEAD "gdp: {growth: {2030: 3, 2040: 1}}\nsinks: 3\n"), 0);
  const tanlu_status status = read_file(f, "s.yaml", settings, sizeof settings / sizeof *settings);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  assert_string_equal(f->scenario->name, "varied");
  assert_int_equal(f->scenario->to, 2035);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2024, 0, 0), 7.0);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2027, 0, 0), 5.5);
  assert_near(value(f, TANLU_DRIVER_GDP_GROWTH, 2035, 0, 0), 2.5);
  assert_near(value(f, TANLU_DRIVER_SINKS, 2027, 0, 0), 25.0);
  assert_near(value(f, TANLU_DRIVER_POWER_MIX, 2023, find(f, TANLU_AXIS_TECHNOLOGY, "pv"), 0), 0.1);
  assert_near(value(f, TANLU_DRIVER_URBANISATION, 2027, 0, 0), 0.67);
  assert_non_null(strstr(f->scenario->text, "2024: 7"));
}

static void wrong_settings(void **state) {
  fixture *f = *state;
  static const struct {
    const char *setting, *message;
  } wrong[] = {
      {"gdp.growht=4", "--set gdp.growht=4: error: unknown key 'growht'; did you mean 'growth'?"},
      {"gdp.growth", "error: --set gdp.growth: expected PATH=VALUE"},
      {"=4", "expected PATH=VALUE"},
      {"gdp.growth=", "the value is missing"},
      {"gdp..growth=4", "is not a path of keys joined by points"},
      {"gdp.growth.2030={", "the value is not a number"},
      {"gdp.growth.2030=4x", "--set gdp.growth.2030=4x: error: expected a number, found '4x'"},
      {"gdp.growth.2021=4",
       "--set gdp.growth.2021=4: error: knot 2021 lies in the recorded history, which ends in 2022"},
      {"sinks.2030=4", "the scenario gives one value there, not knots"},
      {"parent=other", "the parent cannot be set"},
      {"power.mix.pv.2030=0.5", "the shares of 'mix' name no `balance`"},
      {"dataset=./none", "--set dataset=./none: error: dataset: no dataset './none'"},
  };
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", HEAD "sinks: 3\n"), 0);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(read_file(f, "s.yaml", &wrong[i].setting, 1), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, wrong[i].message));
  }
}

/* The resolved text is a scenario of its own that gives the same drivers to the last bit. */
static void resolved_text_gives_the_same_bits(void **state) {
  fixture *f = *state;
  static const char *const settings[] = {"gdp.growth.2033=2.7"};
  assert_int_equal(tanlu_test_write_file(f->dir, "base.yaml",
                                         "name: base\ndataset: ./tiny\nyears: {from: 2020, to: 2040}\n"
                                         "gdp: {growth: {2025: 5.1, 2040: 1.3}}\n"
                                         "population: {interpolation: geometric, 2033: 9.7}\n"
                                         "structure: {share: {secondary: {2033: 0.21}, balance: tertiary}}\n"
                                         "energy:\n  intensity: {all: {trend: -1.7}, goods: {trend: {2030: -1.1, 2040: "
                                         "-0.3}}}\n  mix: {all: {retain: {coal: {2037: 0.31}}, gain: {hydrogen: {2040: "
                                         "0.17}, balance: electricity}}}\n"
                                         "power: {mix: {pv: {2033: 0.17}, wind: {2036: 0.21}, balance: coal}}\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->dir, "child.yaml",
                                         "name: \"child: 1\"\ntitle: 碳路\nparent: base\n"
                                         "products: {widgets: {2033: 7.3}}\n"),
                   0);
  assert_int_equal(read_file(f, "child.yaml", settings, 1), TANLU_OK);
  tanlu_scenario *again = NULL;
  assert_int_equal(tanlu_scenario_read_text(&again, f->scenario->text, "result", f->context), TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(again, f->dataset, f->context), TANLU_OK);
  assert_string_equal(again->text, f->scenario->text);
  assert_string_equal(again->name, "child: 1");
  assert_string_equal(again->title, "碳路");
  assert_non_null(again->dataset_path); /* a path in the text holds from anywhere */
  const tanlu_drivers *a = f->scenario->drivers, *b = again->drivers;
  assert_int_equal(a->years, b->years);
  assert_int_equal(a->targets, b->targets);
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    assert_int_equal(a->size[id], b->size[id]);
    assert_memory_equal(a->value[id], b->value[id], a->years * a->size[id] * sizeof(double));
  }
  tanlu_scenario_free(&again);
  assert_int_equal(tanlu_scenario_read_text(&again, "name: x\nparent: y\n", "result", f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "result:2:1: error: a resolved scenario has no parent"));
}

static void explanation_names_origins(void **state) {
  fixture *f = *state;
  static const char *const settings[] = {"sinks.2032=50"};
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", HEAD "gdp:\n  growth:\n    2030: 4.5\n"), 0);
  assert_int_equal(read_file(f, "s.yaml", settings, 1), TANLU_OK);
  char *text = NULL, expected[2 * TANLU_TEST_PATH];
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  tanlu_scenario_explain(f->scenario, f->dataset, stream);
  fclose(stream);
  snprintf(expected, sizeof expected, "  2030             4.5              %s/s.yaml:6\n", f->dir);
  assert_non_null(strstr(text, expected));
  snprintf(expected, sizeof expected, "  2021             8.0              history %s/tiny/history.yaml:1\n", f->dir);
  assert_non_null(strstr(text, expected));
  snprintf(expected, sizeof expected, "  2032             50               --set sinks.2032=50\n");
  assert_non_null(strstr(text, expected));
  assert_non_null(strstr(text, "power.mix.balance\n                   coal             history "));
  assert_non_null(strstr(text, "history.yaml:1\n"));
  assert_non_null(strstr(text, "# technology.fabrication.*"));
  assert_non_null(strstr(text, "default\n"));
  free(text);
}

/* ---- mistakes ------------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *text, *message;
} mistakes[] = {
    {HEAD "gdp: {growht: 5}\n", "s.yaml:4:7: error: unknown key 'growht'; did you mean 'growth'?"},
    {HEAD "gpd: {growth: 5}\n", "s.yaml:4:1: error: unknown key 'gpd'; did you mean 'gdp'?"},
    {HEAD "titel: x\n", "s.yaml:4:1: error: unknown key 'titel'; did you mean 'title'?"},
    {HEAD "carbon_price: {2030: 100}\n",
     "s.yaml:4:1: error: unknown key 'carbon_price': carbon prices act only through "
     "the policy analyses"},
    {HEAD "gdp: 5\n", "s.yaml:4:6: error: expected a mapping of keys for 'gdp'"},
    {HEAD "gdp: {growth: [5]}\n",
     "s.yaml:4:15: error: expected a number or {YEAR: VALUE, ...} for 'gdp.growth', found a "
     "list"},
    {HEAD "gdp: {growth: 5x}\n", "s.yaml:4:15: error: expected a number, found '5x'"},
    {HEAD "gdp: {growth: {2030: 25}}\n", "s.yaml:4:22: error: 25 is outside the bounds; expected -20 to 20"},
    {HEAD "gdp: {growth: {2030: 5, 2028: 4}}\n", "s.yaml:4:25: error: knots out of order: 2028 after 2030"},
    {HEAD "gdp: {growth: {2030: 5, 02030: 4}}\n", "s.yaml:4:25: error: two knots for 2030"},
    {HEAD "gdp: {growth: {2021: 5, 2030: 4}}\n",
     "s.yaml:4:16: error: knot 2021 lies in the recorded history, which ends "
     "in 2022"},
    {HEAD "gdp: {growth: {2020: 5}}\n", "knot 2020 lies in the recorded history"},
    {HEAD "gdp: {growth: {2101: 5}}\n", "s.yaml:4:16: error: year 2101 is outside 2023 to 2100"},
    {HEAD "gdp: {growth: {soon: 5}}\n", "s.yaml:4:16: error: 'soon' is not a year"},
    {HEAD "gdp: {growth: {}}\n", "s.yaml:4:15: error: a timeline without knots"},
    {HEAD "gdp: {growth: {interpolation: cubic, 2030: 5}}\n",
     "s.yaml:4:31: error: unknown interpolation 'cubic'; expected "
     "linear, step or geometric"},
    {HEAD "gdp: {growth: {trend: -1}}\n", "s.yaml:4:16: error: 'gdp.growth' takes no trend"},
    {HEAD "energy: {intensity: {goods: {trend: -1, 2030: 1}}}\n", "s.yaml:4:30: error: a trend stands alone"},
    {HEAD "energy: {intensity: {goods: {trend: 90}}}\n", "s.yaml:4:37: error: the trend leads to "},
    {HEAD "sinks: {interpolation: geometric, 2030: 5}\n", "s.yaml:4:41: error: geometric interpolation needs positive "
                                                          "values at both ends (0 in 2022, 5 in 2030)"},
    {HEAD "sinks: -1\n", "s.yaml:4:8: error: -1 is outside the bounds; expected 0 to 100000"},
    /* members */
    {HEAD "capture: {good: 0.1}\n", "s.yaml:4:11: error: unknown group 'good'; did you mean 'goods'?"},
    {HEAD "energy: {mix: {gods: {retain: {coal: 0.5, oil: 0.5}}}}\n",
     "s.yaml:4:16: error: unknown group 'gods'; did you "
     "mean 'goods'?"},
    {HEAD "energy: {mix: {goods: {retain: {cole: 0.5}}}}\n", "s.yaml:4:33: error: unknown carrier class 'cole'"},
    {HEAD "energy: {mix: {goods: {retian: {coal: 0.5}}}}\n", "s.yaml:4:24: error: unknown key 'retian'; did you mean "
                                                             "'retain'?"},
    {HEAD "capture: {buildings: 0.1}\n", "unknown group 'buildings'"},
    {HEAD "households: {urban_building: 1.1}\n", "unknown household use 'urban_building'; did you mean "
                                                 "'urban_buildings'?"},
    {HEAD "products: {parts: {2030: 1}}\n", "s.yaml:4:12: error: 'parts': it follows the output of its sectors; only a "
                                            "controlled product takes a path"},
    {HEAD "products: {coal_output: {2030: 1}}\n", "'coal_output': it is an outcome of the energy system"},
    {HEAD "technology: {fabrication: {power_heat: 0.9, secondary: 0.8, tertiary: 0.7, goods: 0.6}}\n",
     "s.yaml:4:76: error: 'goods' and 'tertiary' (line 4) both set the same member"},
    /* shares */
    {HEAD "power: {mix: {pv: {2030: 0.2}}}\n",
     "s.yaml:4:9: error: the shares of 'mix' name no `balance`, the member that "
     "takes the rest"},
    {HEAD "power: {mix: {coal: {2030: 0.2}, balance: coal}}\n",
     "s.yaml:4:15: error: 'coal' is the balance of 'mix' (line "
     "4); it takes the rest"},
    {HEAD "power: {mix: {pv: {2030: 1.2}, balance: coal}}\n", "s.yaml:4:26: error: 1.2 is outside the bounds"},
    {HEAD "power: {mix: {pv: {2032: 0.92}, balance: coal}}\n",
     "s.yaml:4:42: error: the shares of 'power.mix.*' add up to 1.053 in 2031 (0.223 of it members not named, which "
     "keep "
     "their last share); nothing is left for the balance 'coal'"},
    {HEAD "power: {mix: {pv: {2030: 0.2}, balance: cole}}\n",
     "s.yaml:4:41: error: unknown technology 'cole'; did you mean "
     "'coal'?"},
    {HEAD "power: {mix: {recovered: {2030: 0.1}, balance: coal}}\n", "s.yaml:4:15: error: 'recovered': its generation "
                                                                     "follows the use of coke"},
    {HEAD "power: {mix: {pv: {2030: 0.1}, balance: recovered}}\n", "s.yaml:4:41: error: 'recovered': its generation "
                                                                   "follows the use of coke"},
    {HEAD "final_demand: {share: {inventories: {2030: 0.1}, balance: exports}}\n",
     "s.yaml:4:24: error: 'inventories': inventories have no share of final use"},
    {HEAD "energy: {mix: {goods: {gain: {hydrogen: 0.2}}}}\n", "s.yaml:4:24: error: the shares of 'gain' name no "
                                                               "`balance`"},
    {HEAD "energy: {mix: {goods: {gain: {biomass: {2032: 0.4}, balance: heat}}}}\n",
     "s.yaml:4:62: error: the shares of 'energy.mix.*.gain.*' add up to 1.04 in 2023 (1 of it members not named"},
    /* structure */
    {HEAD "structure: {share: {secondary: {2030: 0.2}}}\n",
     "s.yaml:4:13: error: the shares of 'share' name no `balance`"},
    {HEAD "structure: {share: {secondary: {2030: 0.2}, power_heat: {2030: 0.1}, balance: tertiary}}\n",
     "s.yaml:4:45: error: group 'power_heat' overlaps with 'secondary'"},
    {HEAD "structure: {share: {secondary: {2030: 0.2}, balance: power_heat}}\n",
     "s.yaml:4:21: error: group 'secondary' overlaps with the balance 'power_heat'"},
    {HEAD "structure: {share: {coal_mining: {2030: 0.6}, power_heat: {2030: 0.6}, balance: goods}}\n",
     "s.yaml:4:13: error: the structure targets add up to "},
    {HEAD "structure: {share: {services: {2030: 0.2}, balance: goods}}\n",
     "s.yaml:4:21: error: unknown group 'services'"},
    /* years, dataset, parents */
    {"name: s\ndataset: ./tiny\nyears: {from: 2019, to: 2040}\n",
     "s.yaml:3:15: error: the years begin in 2019; expected "
     "the base year 2020 of dataset 'tiny-2020'"},
    {"name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2020}\n",
     "s.yaml:3:25: error: years end in 2020; expected a year "
     "after 2020"},
    {"name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2101}\n",
     "s.yaml:3:25: error: years end in 2101; expected 2100"},
    {"name: s\ndataset: ./tiny\nyears: {from: 2020}\n", "s.yaml:3:8: error: missing key 'to' in years"},
    {"name: s\ndataset: ./tiny\nyears: {form: 2020, to: 2040}\n",
     "s.yaml:3:9: error: unknown key 'form' in years; did you "
     "mean 'from'?"},
    {"name: s\ndataset: ./tiny\n", "s.yaml:1:1: error: missing key 'years'"},
    {"dataset: ./tiny\nyears: {from: 2020, to: 2040}\n", "s.yaml:1:1: error: missing key 'name'"},
    {"name: s\nyears: {from: 2020, to: 2040}\n", "s.yaml:1:1: error: expected the name of a dataset"},
    {"name: s\ndataset: ./tiyn\nyears: {from: 2020, to: 2040}\n", "s.yaml:2:10: error: dataset: no dataset './tiyn'"},
    {"name: s\nparent: ./nobody\n", "s.yaml:2:9: error: parent: no scenario './nobody'"},
    {"name: s\nparent: {a: b}\n", "s.yaml:2:9: error: expected the name of a scenario"},
    {"name: s\nparent: s\n", "s.yaml:2:9: error: circular parent: 's' leads back to "},
    {"- a\n- b\n", "s.yaml:1:1: error: expected the keys of a scenario"},
    {"name: s\nname: t\n", "s.yaml:2:1: error: duplicate key 'name'"},
};

static void each_mistake_is_named(void **state) {
  fixture *f = *state;
  size_t wrong = 0;
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    const tanlu_status status = read_text(f, mistakes[i].text);
    const bool named = tanlu_test_has_message(f->context, mistakes[i].message);
    if (status == TANLU_ERR_INPUT && named && (!f->scenario || !f->scenario->drivers)) continue;
    print_error("status %d for\n%s\n", (int)status, mistakes[i].text);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

/* All mistakes of a file at once, each with its own place. */
static void all_mistakes_are_reported(void **state) {
  fixture *f = *state;
  assert_int_equal(read_text(f, HEAD "gdp: {growth: 5x}\nsinks: -1\ncapture: {goods: 2, nobody: 0.1}\nfoo: 1\n"),
                   TANLU_ERR_INPUT);
  assert_int_equal(tanlu_context_errors(f->context), 5);
  assert_true(tanlu_test_has_message(f->context, "s.yaml:4:15"));
  assert_true(tanlu_test_has_message(f->context, "s.yaml:5:8"));
  assert_true(tanlu_test_has_message(f->context, "s.yaml:6:18"));
  assert_true(tanlu_test_has_message(f->context, "s.yaml:6:21"));
  assert_true(tanlu_test_has_message(f->context, "s.yaml:7:1"));
}

static void circles_of_parents(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->dir, "a.yaml", "name: a\nparent: b\n"), 0);
  assert_int_equal(tanlu_test_write_file(f->dir, "b.yaml", "name: b\nparent: [c]\n"), 0);
  assert_int_equal(tanlu_test_write_file(f->dir, "c.yaml", "name: c\nparent: a\n"), 0);
  assert_int_equal(read_file(f, "a.yaml", NULL, 0), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "c.yaml:2:9: error: circular parent: 'a' leads back to"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_record_alone, set_up, tear_down),
      cmocka_unit_test_setup_teardown(levels_and_interpolations, set_up, tear_down),
      cmocka_unit_test_setup_teardown(trends_and_groups, set_up, tear_down),
      cmocka_unit_test_setup_teardown(shares_close, set_up, tear_down),
      cmocka_unit_test_setup_teardown(lists_by_group, set_up, tear_down),
      cmocka_unit_test_setup_teardown(targets_of_structure, set_up, tear_down),
      cmocka_unit_test_setup_teardown(targets_of_the_history, set_up, tear_down),
      cmocka_unit_test_setup_teardown(product_paths, set_up, tear_down),
      cmocka_unit_test_setup_teardown(parents_merge, set_up, tear_down),
      cmocka_unit_test_setup_teardown(two_parents_share_a_grandparent, set_up, tear_down),
      cmocka_unit_test_setup_teardown(settings_overlay, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_settings, set_up, tear_down),
      cmocka_unit_test_setup_teardown(resolved_text_gives_the_same_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(explanation_names_origins, set_up, tear_down),
      cmocka_unit_test_setup_teardown(each_mistake_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(all_mistakes_are_reported, set_up, tear_down),
      cmocka_unit_test_setup_teardown(circles_of_parents, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
