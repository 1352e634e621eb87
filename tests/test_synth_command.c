/* tanlu synth from outside: what it writes is a dataset that `check` accepts and `run` projects, the same for the same seed.
 * The oracle is the reader of datasets, which tests every balance on its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  return 0;
}

static void makes_a_dataset(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "synth", "--regions", "3", "--sectors", "6", "--density", "0.6", "--zero", "2", "-o",
        "made");
  expect_status(&f->run, 0);
  expect_out(&f->run, "3 regions of 6 sectors");
  tanlu(&f->run, f->directory, "check", "./made");
  expect_status(&f->run, 0);
  expect_out(&f->run, "18 sectors");
  assert_int_equal(tanlu_test_write_file(f->directory, "grow.yaml",
                                         "name: grow\ndataset: ./made\nyears: {from: 2020, to: 2025}\n"
                                         "gdp: {growth: {2025: 4}}\n"),
                   0);
  tanlu(&f->run, f->directory, "run", "-o", "grow.h5", "./grow.yaml");
  expect_status(&f->run, 0);
  assert_true(tanlu_test_exists(f->directory, "grow.h5"));
}

static void the_seed_decides(void **state) {
  static const char *const seeds[] = {"1", "1", "2"}, *const names[] = {"a", "b", "c"};
  fixture *f = *state;
  char *flows[3];
  for (int k = 0; k < 3; k++) {
    tanlu(&f->run, f->directory, "synth", "-r", "2", "-s", "4", "--seed", seeds[k], "-o", names[k]);
    expect_status(&f->run, 0);
    char directory[TANLU_TEST_PATH + 8];
    (void)snprintf(directory, sizeof directory, "%s/%s", f->directory, names[k]);
    flows[k] = tanlu_test_read_file(directory, "flows.csv");
    assert_non_null(flows[k]);
  }
  assert_string_equal(flows[0], flows[1]);
  assert_string_not_equal(flows[0], flows[2]);
  for (int k = 0; k < 3; k++) free(flows[k]);
}

static void wrong_usage_leaves_nothing(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "synth", "--regions", "2");
  expect_status(&f->run, 2);
  expect_err(&f->run, "-o DIR");
  tanlu(&f->run, f->directory, "synth", "--sectors", "2", "-o", "made");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "synth", "--density", "0", "-o", "made");
  expect_status(&f->run, 2);
  expect_err(&f->run, "density");
  tanlu(&f->run, f->directory, "synth", "--regions", "1", "--sectors", "3", "--zero", "2", "-o", "made");
  expect_status(&f->run, 2);
  expect_err(&f->run, "without output");
  assert_false(tanlu_test_exists(f->directory, "made"));
  tanlu(&f->run, f->directory, "synth", "-r", "1", "-s", "3", "-o", "made");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "synth", "-r", "1", "-s", "3", "-o", "made");
  expect_status(&f->run, 2);
  expect_err(&f->run, "exists");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(makes_a_dataset, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(the_seed_decides, set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_usage_leaves_nothing, set_up, tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests_name("synth", tests, tanlu_test_program_setup, NULL);
}
