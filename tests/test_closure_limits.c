/* The closure at its limits, on the four-sector dataset (tests/model_support.h): farm has 70 of 720 of value added. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { COAL, FARM, GOODS, POWER, N };

static int open_four(void **state) {
  static tanlu_test_model m;
  tanlu_test_open_four(&m, NULL, 0);
  *state = &m;
  return 0;
}

static int close_model(void **state) {
  tanlu_test_close(*state);
  return 0;
}

/* ---- far away ------------------------------------------------------------------------------------------------------------ */

/* From 9.7 % to 2 %, 30 % or 45 % of value added in one year: with output of 120 and value added of 0.58 a unit that is farm
 * output of 0.45 x 720 / (70 / 120) = 555, where final demand can just take it. Value added coefficients of farm change with
 * its energy rows alone, so output follows to a percent. */
static void distant_shares_are_reached_in_one_year(void **state) {
  const tanlu_test_model *m = *state;
  static const double share[] = {0.02, 0.30, 0.45};
  for (size_t k = 0; k < 3; k++) {
    tanlu_drivers *d = tanlu_test_drivers(m, 2021, 1);
    tanlu_test_target(m, d, 0, "farming");
    tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, 0, 0, share[k]);
    tanlu_projection *p = tanlu_test_project(m, d);
    assert_near(tanlu_test_field(p, TANLU_FIELD_VALUE_ADDED, 1)[FARM], share[k] * 720, 1e-8);
    assert_near(tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[FARM], share[k] * 720 * 120 / 70, 0.01);
    for (size_t j = 0; j < N; j++) assert_true(tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[j] > 0.0);
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
  }
}

/* Widgets worth 1.2 times as much a tonne and 20 % more tonnes, at 30 % more GDP, crowd farming out almost entirely. */
static void distant_product_paths_are_reached_in_one_year(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, 30);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_PATH, 1, 0, 0, 12);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_VALUE, 1, 0, 0, 1.2);
  tanlu_projection *p = tanlu_test_project(m, d);
  assert_near(tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[GOODS], 880 * 1.2 * 1.2, 1e-8);
  assert_near(tanlu_test_sum(p, TANLU_FIELD_VALUE_ADDED, 1), 720 * 1.3, 1e-8);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
}

/* ---- what cannot be ------------------------------------------------------------------------------------------------------ */

/* Farming cannot make 90 % of value added. */
static void an_unreachable_share_names_its_range(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 1);
  tanlu_test_target(m, d, 0, "farming");
  tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, 0, 0, 0.9);
  assert_null(tanlu_test_project_status(m, d, TANLU_ERR_MODEL));
  assert_true(tanlu_test_has_message(m->context, "scenario test: year 2021: structure.share.farming = 0.9"));
  assert_true(tanlu_test_has_message(m->context, "it can be "));
  tanlu_drivers_free(&d);
}

static void an_unreachable_path_names_its_product(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_PATH, 1, 0, 0, 20); /* twice the goods without more GDP */
  assert_null(tanlu_test_project_status(m, d, TANLU_ERR_MODEL));
  assert_true(
      tanlu_test_has_message(m->context, "scenario test: year 2021: products.widgets = 20 Mt cannot be reached"));
  tanlu_drivers_free(&d);
}

static void a_path_of_nothing_is_named(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2022, 0);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_PATH, 2, 0, 0, 0);
  assert_null(tanlu_test_project_status(m, d, TANLU_ERR_MODEL));
  assert_true(tanlu_test_has_message(m->context, "year 2022: products.widgets = 0 Mt"));
  tanlu_drivers_free(&d);
}

/* Fabrication multiplies the inputs of goods outside the energy rows, 258 of 880: four times that is more than its output. */
static void negative_value_added_names_the_sector(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2022, 0);
  const size_t goods = tanlu_test_find(tanlu_dataset_policy_groups(m->dataset), "goods");
  tanlu_test_set(d, TANLU_DRIVER_FABRICATION, 2, goods, 0, 4);
  assert_null(tanlu_test_project_status(m, d, TANLU_ERR_MODEL));
  assert_true(tanlu_test_has_message(m->context, "year 2022: sector goods (Goods and services)"));
  tanlu_drivers_free(&d);
}

/* Secondary and tertiary industry together with primary are all there is: three targets leave nothing for GDP to close. */
static void targets_for_every_sector_contradict(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 3);
  static const char *const group[] = {"primary", "secondary", "tertiary"};
  const double share[] = {0.1, 0.3, 0.5};
  for (size_t k = 0; k < 3; k++) {
    tanlu_test_target(m, d, k, group[k]);
    tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, k, 0, share[k]);
  }
  assert_null(tanlu_test_project_status(m, d, TANLU_ERR_MODEL));
  assert_true(tanlu_test_has_message(m->context, "year 2021"));
  tanlu_drivers_free(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(distant_shares_are_reached_in_one_year),
      cmocka_unit_test(distant_product_paths_are_reached_in_one_year),
      cmocka_unit_test(an_unreachable_share_names_its_range),
      cmocka_unit_test(an_unreachable_path_names_its_product),
      cmocka_unit_test(a_path_of_nothing_is_named),
      cmocka_unit_test(negative_value_added_names_the_sector),
      cmocka_unit_test(targets_for_every_sector_contradict),
  };
  return cmocka_run_group_tests(tests, open_four, close_model);
}
