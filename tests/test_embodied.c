/* Emissions embodied in trade between regions.
 *
 * Oracle: two regions, worked by hand. East makes e, west makes w; west buys 20 of e, east nothing of w:
 *
 *              e    w | east's households  west's  exports | output
 *         e    0   20 |        30             0      50    |  100
 *         w    0    0 |        10            60       0    |   70       (east's households buy 10 of w)
 *
 *     I - A = [1 -2/7; 0 1],  L = [1 2/7; 0 1]; intensities 2 and 1 (emissions 200 and 70)
 *     due to east's demand (30, 10):  x = (30 + 20/7, 10): e emits 2 x 32 6/7 = 65.714..., w 10
 *     due to west's demand (0, 60):   x = (120/7, 60):     e emits 34.285..., w 60
 *     exports (50, 0):                                     e emits 100
 *     sums: 200 and 70. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "model/embodied.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static int write_two(const char *directory) {
  return tanlu_test_write_file(
             directory, "two/dataset.yaml",
             "name: two\ntitle: Two\naccounts_only: true\nbase_year: 2020\nimport_treatment: none\n"
             "balance_tolerance: 1e-9\nunits: {money: 1e6 EUR}\nlevels: [region, world]\nsources: test\n") ||
         tanlu_test_write_file(directory, "two/groups.csv",
                               "level,code,name,name_zh\nregion,east,East,\nregion,west,West,\nworld,whole,All,\n") ||
         tanlu_test_write_file(directory, "two/sectors.csv",
                               "code,name,name_zh,region,world\neast_e,E,,east,whole\nwest_w,W,,west,whole\n") ||
         tanlu_test_write_file(directory, "two/categories.csv",
                               "code,name,name_zh,role\neast_households,H,,urban\nwest_households,H,,urban\n"
                               "exports,X,,exports\n") ||
         tanlu_test_write_file(directory, "two/flows.csv", "code,east_e,west_w\neast_e,0,20\nwest_w,0,0\n") ||
         tanlu_test_write_file(directory, "two/final_demand.csv",
                               "code,east_households,west_households,exports,imports,gross_output\n"
                               "east_e,30,0,50,0,100\nwest_w,10,60,0,0,70\n") ||
         tanlu_test_write_file(directory, "two/value_added.csv",
                               "code,name,name_zh,east_e,west_w\nadded,V,,100,50\n") ||
         tanlu_test_write_file(directory, "two/extensions.csv", "sector,co2\neast_e,200\nwest_w,70\n") ||
         tanlu_test_write_file(directory, "two/extension_units.csv", "code,name,name_zh,unit\nco2,CO2,,Mt\n") ||
         tanlu_test_write_file(directory, "two/SOURCES.md", "test\n");
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  return write_two(((fixture *)*state)->directory);
}

static void near(double found, double expected) {
  if (!(fabs(found - expected) <= 1e-10 * fmax(1.0, fabs(expected))))
    fail_msg("%.15g instead of %.15g", found, expected);
}

static void two_regions_by_hand(void **state) {
  const fixture *f = *state;
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *d = NULL;
  tanlu_embodied *e = NULL;
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/two", f->directory);
  const tanlu_status status = tanlu_accounts_read(&d, path, context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  const bool chosen[] = {true, false};
  assert_int_equal(tanlu_embodied_create(&e, d, 0, d->extension.value, chosen, context), TANLU_OK);
  const double total[] = {2 * (30 + 20.0 / 7), 10, 240.0 / 7, 60, 100, 0, 0, 0};
  for (size_t k = 0; k < 8; k++) near(e->total[k], total[k]);
  for (size_t k = 0; k < 8; k++) near(e->chosen[k], k % 2 == 0 ? total[k] : 0.0);
  near(e->production[0], 200);
  near(e->production[1], 70);
  near(e->consumption[0], 2 * (30 + 20.0 / 7) + 10);
  near(e->consumption[1], 240.0 / 7 + 60);
  near(e->final_demand[0], 40);
  tanlu_embodied_free(&e);
  /* both regions within one group of another level: everything but exports stays within it */
  assert_int_equal(tanlu_embodied_create(&e, d, 1, d->extension.value, NULL, context), TANLU_OK);
  near(e->total[0], 170);
  near(e->total[1], 100);
  tanlu_embodied_free(&e);
  tanlu_dataset_free(&d);
  tanlu_context_free(&context);
}

static void the_command(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "embodied", "--csv", "flows.csv", "--of", "east_e", "./two");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2 of two");
  char *csv = tanlu_test_read_file(f->directory, "flows.csv");
  assert_non_null(csv);
  assert_non_null(strstr(csv, "from,to,quantity,unit,value,of\r\n"));
  assert_non_null(strstr(csv, "west,west,co2,Mt,60,0\r\n"));
  assert_non_null(strstr(csv, "east,abroad,co2,Mt,100,100\r\n"));
  free(csv);
  tanlu(&f->run, f->directory, "embodied", "--csv", "flows.csv", "./two");
  expect_status(&f->run, 2); /* the file is there */
}

static void wrong(fixture *f, const char *file, const char *before, const char *after, const char *message) {
  assert_int_equal(tanlu_test_edit(f->directory, file, before, after), 0);
  tanlu(&f->run, f->directory, "embodied", "--csv", "bad.csv", "./two");
  expect_status(&f->run, 2);
  expect_err(&f->run, message);
  assert_false(tanlu_test_exists(f->directory, "bad.csv"));
  assert_int_equal(write_two(f->directory), 0);
}

static void wrong_input(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "embodied", "--level", "regoin", "./two");
  expect_status(&f->run, 2);
  expect_err(&f->run, "did you mean 'region'?");
  tanlu(&f->run, f->directory, "embodied", "--extension", "co", "./two");
  expect_status(&f->run, 2);
  expect_err(&f->run, "did you mean 'co2'?");
  tanlu(&f->run, f->directory, "embodied", "--of", "north", "./two");
  expect_status(&f->run, 2);
  assert_int_equal(tanlu_test_edit(f->directory, "two/categories.csv", "west_households", "south_households"), 0);
  wrong(f, "two/final_demand.csv", "west_households", "south_households",
        "category 'south_households' of final demand belongs to no group of level region");
  tanlu(&f->run, f->directory, "embodied", "china-2020-42");
  expect_status(&f->run, 2); /* no level region */
}

/* Production adds up to the extension, consumption and exports to the same. */
static void shipped_regions_add_up(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "--level", "grid", "-o", "grids", "china-2020-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "embodied", "--csv", "grids.csv", "./grids");
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "grids.csv"),
       *regions = tanlu_test_read_file(f->directory, "grids/regions.csv");
  assert_true(csv != NULL && regions != NULL);
  double sum = 0.0, production = 0.0;
  char *save = NULL;
  for (char *line = strtok_r(csv, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
    sum += strtod(strrchr(line, ',') + 1, NULL); /* the header gives 0 */
  }
  for (char *line = strtok_r(regions, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
    production += strtod(strchr(line, ',') + 1, NULL);
  }
  assert_true(production > 9000.0);
  near(sum / production, 1.0);
  free(csv);
  free(regions);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_regions_by_hand),
      cmocka_unit_test(the_command),
      cmocka_unit_test(wrong_input),
      cmocka_unit_test(shipped_regions_add_up),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
