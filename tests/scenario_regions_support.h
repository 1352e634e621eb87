/* Scenarios of the tiny dataset of tests/support.h (base year 2020, history to 2022) with a block `regions:` of two regions, east and
 * west. Lines and columns of errors are counted in the texts below. */
#ifndef TANLU_TESTS_SCENARIO_REGIONS_SUPPORT_H
#define TANLU_TESTS_SCENARIO_REGIONS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/scenario_file.h"
#include "tests/model_support.h"

typedef struct {
  tanlu_test_model m;
  tanlu_scenario *scenario;
} fixture;

/* Two regions, one group of both. */
static const struct {
  const char *name, *text;
} halves[] = {{"regions.yaml", "name: halves\nlevel: industry3\nlevels: [part]\nsources: made up\n"},
              {"groups.csv", "level,code,name,name_zh\npart,both,Both,全部\n"},
              {"regions.csv", "code,name,name_zh,part\neast,East,东,both\nwest,West,西,both\n"},
              {"distances.csv", "code,east,west\neast,100,500\nwest,500,100\n"},
              {"value_added.csv", "region,secondary,tertiary\neast,60,300\nwest,110,250\n"},
              {"indicators.csv", "region,people\neast,6\nwest,4\n"},
              {"assignment.csv", "sector,indicator,weight,source\n"}};

static inline int set_up(void **state) {
  static fixture f;
  char path[TANLU_TEST_PATH + 16];
  f = (fixture){0};
  tanlu_test_open_tiny_dataset(&f.m, NULL, 0);
  (void)snprintf(path, sizeof path, "%s/halves", f.m.directory);
  for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
    if (tanlu_test_write_file(path, halves[i].name, halves[i].text)) return 1;
  }
  *state = &f;
  return 0;
}

static inline int tear_down(void **state) {
  fixture *f = *state;
  tanlu_scenario_free(&f->scenario);
  tanlu_test_close(&f->m);
  return 0;
}

/* Three lines that every scenario begins with, so that the text of a test begins in line 4. */
#define HEAD "name: s\ndataset: ./\nyears: {from: 2020, to: 2032}\n"
/* Seven more: `set` begins in line 11, the regions below it in line 12. */
#define NATION                                                                                                         \
  "gdp: {growth: {2032: 2}}\n"                                                                                         \
  "products: {widgets: {2032: 12}}\n"                                                                                  \
  "energy: {intensity: {all: {trend: -1}, goods: {trend: -2}}}\n"                                                      \
  "structure: {share: {coal_mining: {2032: 0.08}, balance: goods}}\n"                                                  \
  "power: {mix: {wind: {2032: 0.155}, pv: {2032: 0.12}, balance: coal}}\n"                                             \
  "regions:\n"                                                                                                         \
  "  statistics: ./halves\n"

static inline tanlu_status read_file(fixture *f, const char *name, const char *const *settings, size_t count) {
  char path[2 * TANLU_TEST_PATH];
  tanlu_scenario_free(&f->scenario);
  tanlu_context_clear(f->m.context);
  (void)snprintf(path, sizeof path, "%s/%s", f->m.directory, name);
  tanlu_status status = tanlu_scenario_read(&f->scenario, path, settings, count, f->m.context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(f->scenario, f->m.dataset, f->m.context);
  return status;
}

static inline void write(const fixture *f, const char *name, const char *text) {
  assert_int_equal(tanlu_test_write_file(f->m.directory, name, text), 0);
}

static inline void good(fixture *f, const char *text) {
  write(f, "s.yaml", text);
  const tanlu_status status = read_file(f, "s.yaml", NULL, 0);
  if (status != TANLU_OK) tanlu_test_print_messages(f->m.context);
  assert_int_equal(status, TANLU_OK);
}

/* Refused, with a message that holds `part` ("s.yaml:LINE:COLUMN: error: ..."). */
static inline void bad(fixture *f, const char *text, const char *part) {
  write(f, "s.yaml", text);
  assert_int_equal(read_file(f, "s.yaml", NULL, 0), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, part));
}

static inline tanlu_drivers *resolve(fixture *f, const char *code, const tanlu_dataset *region) {
  tanlu_drivers *drivers = NULL;
  const tanlu_status status =
      tanlu_scenario_resolve_region(f->scenario, code, f->m.dataset, region, NULL, &drivers, f->m.context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->m.context);
  assert_int_equal(status, TANLU_OK);
  return drivers;
}

/* `set` stands in line 11 and the region in line 12, what it says in line 13. */
#define SET NATION "  set:\n    east:\n      "

#endif
