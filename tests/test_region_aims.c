/* What a scenario says of regions that is no driver, or that none of them can say: aims for the year of their peak, import shares. How
 * aims are judged and written is in test_result_regions.c and test_run_regions.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scenario_regions_support.h"

/* Aims are kept by code, one of a parent is replaced, and they move no driver. */
static void aims(void **state) {
  fixture *f = *state;
  good(f, HEAD NATION);
  assert_int_equal(f->scenario->regions->peak[0], 0);
  good(f, HEAD NATION "  set: {west: {peak: 2032}, east: {gdp: {growth: 3}}}\n");
  assert_int_equal(f->scenario->regions->peak[0], 0);
  assert_int_equal(f->scenario->regions->peak[1], 2032);
  assert_non_null(strstr(f->scenario->text, "peak: 2032"));
  tanlu_dataset *region = tanlu_test_region(&f->m);
  tanlu_drivers *with = resolve(f, "west", region);
  write(f, "child.yaml", "name: child\nparent: ./s.yaml\nregions: {set: {west: {peak: 2025}}}\n");
  static const char *const settings[] = {"regions.set.east.peak=2021"};
  assert_int_equal(read_file(f, "child.yaml", settings, 1), TANLU_OK);
  assert_int_equal(f->scenario->regions->peak[0], 2021);
  assert_int_equal(f->scenario->regions->peak[1], 2025);
  good(f, HEAD NATION "  set: {east: {gdp: {growth: 3}}}\n");
  tanlu_drivers *without = resolve(f, "west", region);
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    assert_memory_equal(with->value[id], without->value[id], with->years * with->size[id] * sizeof(double));
  }
  tanlu_drivers_free(&with);
  tanlu_drivers_free(&without);
  tanlu_dataset_free(&region);
}

static void wrong_aims(void **state) {
  fixture *f = *state;
  bad(f, HEAD SET "peak: 2020\n",
      "s.yaml:13:13: error: '2020' is outside 2021 to 2100; expected a year after the base year");
  bad(f, HEAD SET "peak: 2101\n", "s.yaml:13:13: error: '2101' is outside 2021 to 2100");
  good(f, HEAD SET "peak: 2033\n"); /* beyond the scenario: it may be cut short */
  assert_int_equal(f->scenario->regions->peak[0], 2033);
  bad(f, HEAD SET "peak: 2028.5\n", "s.yaml:13:13: error: expected a whole number, found '2028.5'");
  bad(f, HEAD SET "peak: {2028: 1}\n", "s.yaml:13:13: error: expected a whole number");
  bad(f, HEAD SET "peek: 2028\n", "s.yaml:13:7: error: unknown key 'peek'; did you mean 'peak'?");
  bad(f, HEAD "peak: 2028\n" NATION, "s.yaml:4:1: error: unknown key 'peak'");
  bad(f, HEAD NATION "  set:\n    eest: {peak: 2019}\n", "s.yaml:12:18: error: '2019' is outside");
  assert_true(tanlu_test_has_message(f->m.context, "s.yaml:12:5: error: unknown region 'eest'"));
}

/* Import shares of the nation stay where there are two regions or more. The error is at the key that rules the group, here the smaller
 * one: from 1 in 2022, where the history ends, to 0.8 in 2030, the first year that differs is 2023, with 1 - 0.2 / 8. */
static void imports_of_the_nation(void **state) {
  fixture *f = *state;
  bad(f, HEAD "imports:\n  all: 1\n  coal_mining: {2030: 0.8}\n" NATION,
      "s.yaml:6:3: error: `imports` of 'coal_mining' is 0.975 in 2023; expected 1: in a scenario with regions");
  bad(f, HEAD "imports: {all: 1.1}\n" NATION "  set: {east: {peak: 2019}}\n", "s.yaml:4:11: error: `imports` of ");
  assert_true(tanlu_test_has_message(f->m.context, "'2019' is outside")); /* all at once */
  good(f, HEAD "imports: {all: 1}\n" NATION);
  good(f, HEAD "imports: {all: 0.9}\n" NATION "  level: part\n"); /* one region */
  good(f, HEAD "imports: {all: 0.9}\n");
  static const char *const settings[] = {"imports.goods=0.5"};
  write(f, "s.yaml", HEAD NATION);
  assert_int_equal(read_file(f, "s.yaml", settings, 1), TANLU_ERR_INPUT);
  assert_true(
      tanlu_test_has_message(f->m.context, "--set imports.goods=0.5: error: `imports` of 'goods' is 0.5 in 2023"));
}

static void aims_in_words(void **state) {
  fixture *f = *state;
  good(f, HEAD SET "peak: 2028\n");
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  tanlu_scenario_explain_regions(f->scenario, f->m.dataset, NULL, out);
  assert_int_equal(fclose(out), 0);
  assert_non_null(
      strstr(text, "# peak: aim, energy CO2 (co2_energy) peaks in that year or before (year)\neast.peak\n"));
  const char *line = strstr(text, "  2028 ");
  assert_non_null(line);
  assert_non_null(strstr(line, "s.yaml:13\n"));
  free(text);
  good(f, HEAD SET "gdp: {growth: 3}\n");
  text = NULL;
  out = open_memstream(&text, &length);
  tanlu_scenario_explain_regions(f->scenario, f->m.dataset, NULL, out);
  assert_int_equal(fclose(out), 0);
  assert_null(strstr(text, "peak"));
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(aims, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_aims, set_up, tear_down),
      cmocka_unit_test_setup_teardown(imports_of_the_nation, set_up, tear_down),
      cmocka_unit_test_setup_teardown(aims_in_words, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
