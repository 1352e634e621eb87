/* Capacities: the path by hand on the tiny dataset of tests/support.h, bounds that hold a product path down, and input that is
 * wrong. Widgets are recorded to 2022 (10.4 Mt); knots begin in 2023. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/capacity.h"
#include "tests/support.h"

typedef struct {
  char dir[TANLU_TEST_PATH];
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_scenario *scenario;
} fixture;

/* Four lines that every scenario begins with. */
#define HEAD                                                                                                           \
  "name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2030}\n"                                                          \
  "products: {widgets: {2023: 10, 2026: 9, 2030: 9.6}}\n"

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  char tiny[TANLU_TEST_PATH + 16];
  *state = f;
  f->context = tanlu_context_create();
  if (tanlu_test_temp_dir(f->dir)) return 1;
  snprintf(tiny, sizeof tiny, "%s/tiny", f->dir);
  return tanlu_test_write_dataset(tiny) || tanlu_dataset_read(&f->dataset, tiny, f->context) != TANLU_OK;
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

static tanlu_status read_text(fixture *f, const char *text) {
  char path[TANLU_TEST_PATH + 16];
  tanlu_scenario_free(&f->scenario);
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", text), 0);
  snprintf(path, sizeof path, "%s/s.yaml", f->dir);
  const tanlu_status status = tanlu_scenario_read(&f->scenario, path, NULL, 0, f->context);
  return status == TANLU_OK ? tanlu_scenario_resolve(f->scenario, f->dataset, f->context) : status;
}

static void good(fixture *f, const char *text) {
  const tanlu_status status = read_text(f, text);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
}

static double path(const fixture *f, int year) {
  return tanlu_driver(f->scenario->drivers, TANLU_DRIVER_PRODUCT_PATH, (size_t)(year - 2020), 0, 0);
}

static void near(double actual, double expected) {
  if (!(fabs(actual - expected) <= 1e-13 * fmax(1.0, fabs(expected)))) {
    fail_msg("%.17g, expected %.17g", actual, expected);
  }
}

/* 20 % of 12 Mt are retired in a year, and three quarters of that (a ratio of 4/3) built again: C falls by 5 % a year. Without a
 * ratio all of it is, and without retirement nothing happens. */
static void retired_and_replaced(void **state) {
  fixture *f = *state;
  double capacity[11];
  good(f,
       HEAD "capacity: {widgets: {start: 12, retire: 0.2, replace: {2023: 1.3333333333333333, 2025: 1.3333333333333333,"
            " 2026: 1}}}\n");
  tanlu_capacity_of(f->scenario->drivers, 0, 2, capacity);
  assert_true(isnan(capacity[1]));
  near(capacity[2], 12.0);
  near(capacity[3], 12.0 * 0.95);
  near(capacity[5], 12.0 * 0.95 * 0.95 * 0.95);
  near(capacity[6], capacity[5]);
  near(capacity[10], capacity[5]);
  near(path(f, 2024), 10.0 - 1.0 / 3.0); /* below it, the path stays */
  good(f, HEAD "capacity: {widgets: {start: 12, retire: 0.2}}\n");
  tanlu_capacity_of(f->scenario->drivers, 0, 2, capacity);
  near(capacity[10], 12.0);
}

/* The path, 10 - (t - 2023) / 3 to 2026 and from there up by 0.15 a year, under a cap of 9.8 and a capacity that falls by a tenth of
 * 11 Mt a year to 9 in 2024: each binds where it is the lower one. */
static void bounds_hold_the_path_down(void **state) {
  fixture *f = *state;
  good(f, HEAD "capacity: {widgets: {cap: 9.8, policy: bind}}\n");
  near(path(f, 2022), 10.4); /* recorded */
  near(path(f, 2023), 9.8);
  near(path(f, 2024), 10.0 - 1.0 / 3.0);
  near(path(f, 2030), 9.6);
  good(f, HEAD "capacity: {widgets: {cap: 9.8, start: 11, retire: 0.2, replace: 2, policy: bind}}\n");
  near(path(f, 2023), 9.8);
  near(path(f, 2024), 11.0 * 0.81);
  near(path(f, 2026), 11.0 * 0.6561);
}

static void explained(void **state) {
  fixture *f = *state;
  char *text = NULL;
  size_t size = 0;
  good(f, HEAD "capacity: {widgets: {start: 12, retire: 0.2}}\n");
  FILE *stream = open_memstream(&text, &size);
  tanlu_scenario_explain(f->scenario, f->dataset, stream);
  fclose(stream);
  assert_non_null(strstr(text, "    utilisation, %               ")); /* none in 2020 */
  assert_non_null(strstr(text, " 86.7 "));                            /* 2022: 10.4 of 12 */
  assert_non_null(strstr(text, " 80.0\n"));                           /* 2030: 9.6 of 12 */
  free(text);
}

static void wrong_keys(void **state) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"capacity: {widgets: {cap: 9.8}}\n", "s.yaml:5:22: error: the path of 'widgets' is 10 Mt in 2023, above its cap "
                                            "of 9.8; lower it, or say policy: bind"},
      {"capacity: {widgets: {start: 11, retire: 0.2, replace: 2, policy: error}}\n",
       "s.yaml:5:22: error: the path of 'widgets' is 10 Mt in 2023, above the capacity of 9.9; lower it"},
      {"capacity: {widgets: {cap: 9.8, policy: bnd}}\n",
       "s.yaml:5:40: error: unknown policy 'bnd'; expected error or bind"},
      {"capacity: {widgets: {retire: 0.2}}\n",
       "s.yaml:5:22: error: capacity is retired, but 'start' says not of how much"},
      {"capacity: {widgets: {start: 12, replace: 2}}\n",
       "s.yaml:5:33: error: capacity is replaced, but 'retire' says not when"},
      {"capacity: {widgets: {start: {2023: 12}}}\n",
       "s.yaml:5:29: error: the capacity to start from is that of 2022; expected one number"},
      {"capacity: {widgets: {start: 12, retire: 0.2, replace: 0.5}}\n",
       "s.yaml:5:55: error: 0.5 is outside the bounds; expected 1 to 100"},
      {"capacity: {parts: {cap: 12}}\n", "s.yaml:5:12: error: 'parts': it follows the output of its sectors"},
      {"capacity: {widget: {cap: 12}}\n", "s.yaml:5:12: error: unknown product 'widget'; did you mean 'widgets'?"},
      {"capacity: {widgets: {caps: 12}}\n", "s.yaml:5:22: error: unknown key 'caps'; did you mean 'cap'?"},
  };
  fixture *f = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[512];
    snprintf(text, sizeof text, HEAD "%s", cases[i].text);
    assert_int_equal(read_text(f, text), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, cases[i].message));
    assert_null(f->scenario ? f->scenario->drivers : NULL);
  }
  assert_int_equal(
      read_text(f, "name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2030}\ncapacity: {widgets: {cap: 12}}\n"),
      TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(
      f->context, "s.yaml:4:22: error: 'widgets' has a capacity but no path; expected one under 'products'"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(retired_and_replaced),
      cmocka_unit_test(bounds_hold_the_path_down),
      cmocka_unit_test(explained),
      cmocka_unit_test(wrong_keys),
  };
  return cmocka_run_group_tests_name("capacity", tests, set_up, tear_down);
}
