/* The shipped scenarios of the 31 provinces: what they make of the nation's paths, with what no province may have.
 *
 * Oracles: every list of shares sums to 1; the nation's own projection, which the provinces' own paths have to add up to within 3 % of its
 * CO2 in every year; the map: no plant by the sea inland. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/region_set.h"
#include "inputs/scenario_file.h"
#include "tests/region_support.h"

enum { PROVINCES = 31, YEARS = 41, COASTAL = 11 };

typedef struct {
  tanlu_test_model m;
  tanlu_region_set *set;
  tanlu_scenario *scenario;
  tanlu_drivers *region[PROVINCES];
} fixture;

static int set_up(void **state) {
  static fixture f;
  f = (fixture){0};
  tanlu_test_open(&f.m, "china-2020-42");
  tanlu_region_request request = tanlu_region_request_default;
  request.request.name = "china-2020";
  *state = &f;
  return tanlu_region_set_create(&f.set, f.m.model, f.m.dataset, &request, f.m.context) != TANLU_OK ||
         f.set->datasets->regions != PROVINCES;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_region_set_free(&f->set);
  tanlu_test_close(&f->m);
  return 0;
}

static void read_scenario(fixture *f, const char *name) {
  tanlu_test_require(tanlu_scenario_read(&f->scenario, name, NULL, 0, f->m.context), f->m.context);
  tanlu_test_require(tanlu_scenario_resolve(f->scenario, f->m.dataset, f->m.context), f->m.context);
  assert_int_equal(f->scenario->regions->code.count, PROVINCES);
  assert_int_equal(f->scenario->drivers->years, YEARS);
  tanlu_test_require(tanlu_region_set_drivers(f->set, f->scenario, f->m.dataset, f->region, f->m.context),
                     f->m.context);
}

static void free_scenario(fixture *f) {
  for (size_t r = 0; r < PROVINCES; r++) tanlu_drivers_free(&f->region[r]);
  tanlu_scenario_free(&f->scenario);
}

static double share(const fixture *f, size_t r, size_t t, const char *technology) {
  return tanlu_driver(f->region[r], TANLU_DRIVER_POWER_MIX, t,
                      tanlu_test_find(&f->m.dataset->power.technology, technology), 0);
}

static size_t province(const fixture *f, const char *code) {
  return tanlu_test_find(f->set->datasets->region, code);
}

static void lists_sum_to_one(const fixture *f) {
  static const tanlu_driver_id list[] = {TANLU_DRIVER_CATEGORY_SHARE, TANLU_DRIVER_POWER_MIX,
                                         TANLU_DRIVER_HYDROGEN_MIX};
  for (size_t r = 0; r < PROVINCES; r++) {
    assert_string_equal(f->scenario->regions->code.code[r], f->set->datasets->region->code[r]);
    for (int k = 0; k < 3; k++) {
      for (size_t t = 0; t < YEARS; t++) {
        double sum = 0.0;
        for (size_t i = 0; i < f->region[r]->size[list[k]]; i++) sum += tanlu_driver(f->region[r], list[k], t, i, 0);
        assert_near(sum, 1.0, 1e-12);
      }
    }
  }
}

/* Nuclear plants and wind at sea in coastal provinces alone, thermal solar power in the northwest (its five provinces). */
static void plants_stand_where_they_can(const fixture *f) {
  static const char *const coast[COASTAL] = {"liaoning", "hebei",  "tianjin",   "shandong", "jiangsu", "shanghai",
                                             "zhejiang", "fujian", "guangdong", "guangxi",  "hainan"};
  static const char *const northwest[] = {"shaanxi", "gansu", "qinghai", "ningxia", "xinjiang"};
  bool by_the_sea[PROVINCES] = {false}, sunny[PROVINCES] = {false};
  for (size_t k = 0; k < COASTAL; k++) by_the_sea[province(f, coast[k])] = true;
  for (size_t k = 0; k < 5; k++) sunny[province(f, northwest[k])] = true;
  for (size_t r = 0; r < PROVINCES; r++) {
    const char *code = f->set->datasets->region->code[r];
    for (size_t t = 0; t < YEARS; t++) {
      const double nuclear = share(f, r, t, "nuclear"), sea = share(f, r, t, "offshore_wind"),
                   csp = share(f, r, t, "csp");
      if (!by_the_sea[r] && !(nuclear == 0.0 && sea == 0.0)) fail_msg("%s: %g, %g by the sea", code, nuclear, sea);
      if (by_the_sea[r] && t == YEARS - 1) assert_true(sea > 0.02 && sea < 0.35 && nuclear < 0.65);
      assert_true((csp > 0.0) == sunny[r] || (csp == 0.0 && t == 0));
    }
  }
}

static void the_reference(void **state) {
  fixture *f = *state;
  read_scenario(f, "reference-provinces");
  lists_sum_to_one(f);
  plants_stand_where_they_can(f);
  for (size_t r = 0; r < PROVINCES; r++) {
    assert_true(tanlu_driver(f->region[r], TANLU_DRIVER_GDP_GROWTH, 20, 0, 0) ==
                tanlu_driver(f->scenario->drivers, TANLU_DRIVER_GDP_GROWTH, 20, 0, 0));
  }
  free_scenario(f);
}

/* What is said holds: Guangdong's nuclear power, 0.45 in 2060. */
static void ways_of_their_own(void **state) {
  fixture *f = *state;
  read_scenario(f, "dual-carbon-provinces");
  lists_sum_to_one(f);
  plants_stand_where_they_can(f);
  assert_near(share(f, province(f, "guangdong"), YEARS - 1, "nuclear"), 0.45, 1e-14);
  free_scenario(f);
}

static void the_sum_stays_near_the_nation(void **state) {
  fixture *f = *state;
  read_scenario(f, "dual-carbon-provinces");
  const tanlu_drivers *nation = f->scenario->drivers;
  tanlu_projection *national = NULL, *projection[PROVINCES] = {NULL};
  double *gap = calloc(YEARS * TANLU_FIELD_COUNT, sizeof *gap);
  assert_non_null(gap);
  tanlu_test_require(tanlu_projection_create(&national, f->m.dataset, nation->from, YEARS, f->m.context), f->m.context);
  for (size_t r = 0; r < PROVINCES; r++) {
    tanlu_test_require(
        tanlu_projection_create(&projection[r], f->set->datasets->dataset[r], nation->from, YEARS, f->m.context),
        f->m.context);
  }
  tanlu_regional_scenario scenario = {.name = "dual-carbon-provinces",
                                      .nation = nation,
                                      .region = (const tanlu_drivers *const *)f->region,
                                      .lead = f->scenario->regions->lead,
                                      .national = national,
                                      .projection = projection,
                                      .gap = gap};
  tanlu_test_require(tanlu_regional_project(f->set->model, &scenario, 1, 2, NULL, NULL, f->m.context), f->m.context);
  for (size_t t = 0; t < YEARS; t++) {
    const double co2 = gap[t * TANLU_FIELD_COUNT + TANLU_FIELD_CO2];
    if (!(co2 <= 0.03)) fail_msg("%zu: the sum of provinces is off by %g", 2020 + t, co2);
  }
  for (size_t r = 0; r < PROVINCES; r++) tanlu_projection_free(&projection[r]);
  tanlu_projection_free(&national);
  free(gap);
  free_scenario(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_reference),
      cmocka_unit_test(ways_of_their_own),
      cmocka_unit_test(the_sum_stays_near_the_nation),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
