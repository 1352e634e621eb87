/* tanlu stress from outside. Oracles: sums of the CSV over sectors and over years; a price on the baseline itself, which moves nothing
 * and costs price times emissions; wrong usage and wrong keys at their place. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

/* Sectors add up to the line under them, years to the horizon (no year: the span together). */
static void sums_of_the_tables(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "stress", "--year", "2030-2032", "--horizon", "2030-2032", "--level", "policy_group",
        "--csv", "risk.csv", "stress/price-shock");
  expect_status(&f->run, 0);
  expect_out(&f->run, "At risk in 'price-shock' against 'reference': positive is worse");
  expect_out(&f->run, "At risk in 'price-shock' against 'reference', 2030 to 2032 together");
  char *csv = tanlu_test_read_file(f->directory, "risk.csv");
  assert_non_null(csv);
  static const char *const quantity[] = {",value_added_at_risk,", ",gross_output_at_risk,", ",carbon_cost_at_risk,"};
  for (size_t k = 0; k < sizeof quantity / sizeof *quantity; k++) {
    double years = 0.0;
    for (int year = 2030; year <= 2032; year++) {
      char own[48];
      snprintf(own, sizeof own, "price-shock,%d,all,", year);
      const double all = tanlu_test_csv_sum(csv, own, quantity[k]);
      snprintf(own, sizeof own, "price-shock,%d,", year);
      assert_true(fabs(tanlu_test_csv_sum(csv, own, quantity[k]) - 2.0 * all) <
                  1e-9 * fmax(fabs(all), 1e3)); /* with "all" */
      years += all;
    }
    assert_true(fabs(tanlu_test_csv_sum(csv, "price-shock,,all,", quantity[k]) - years) <
                1e-9 * fmax(fabs(years), 1e3));
  }
  assert_true(fabs(tanlu_test_csv_sum(csv, "price-shock,2030,price,", "CNY_2020/t") - 300.0) < 1e-9);
  free(csv);
}

/* dual-carbon against itself: only the price is left, and its cost is price x emissions of sectors. */
static void a_price_alone(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "--quiet", "-o", "own.h5", "dual-carbon-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "stress", "--against", "dual-carbon-42", "--price", "2029=0,2030=100", "--horizon",
        "2030-2030", "--csv", "own.csv", "own.h5");
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "own.csv");
  assert_non_null(csv);
  const double cost = tanlu_test_csv_sum(csv, "dual-carbon-42,,all,", ",carbon_cost_at_risk,");
  assert_true(fabs(tanlu_test_csv_sum(csv, "dual-carbon-42,,all,", ",gross_output_at_risk,")) < 1e-6);
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2030", "own.h5", "co2");
  const double emitted = tanlu_test_csv_sum(f->run.out, "dual-carbon-42,2030,", ",Mt,"); /* 100 CNY/t: 1e8 CNY a Mt */
  assert_true(emitted > 1000.0 && fabs(cost - emitted) < 1e-8 * emitted);
  free(csv);
}

/* A result file knows the baseline that its scenario states. */
static void baseline_of_a_result_file(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "--quiet", "-o", "late.h5", "stress/no-capture");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "stress", "--horizon", "2050-2060", "--top", "3", "late.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "At risk in 'no-capture' against 'dual-carbon', 2050 to 2060 together");
  expect_not_out(&f->run, "cost of CO2"); /* without a price */
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  const struct {
    const char *argument[7], *message;
  } wrong[] = {
      {{"stress"}, "expected a scenario or a result file"},
      {{"stress", "stress/no-such"}, "no scenario 'stress/no-such'"},
      {{"stress", "probe"}, "scenario 'probe' is of dataset tiny-2020, its baseline 'dual-carbon' of china-2020"},
      {{"stress", "--against", "probe", "--price", "ten", "probe"},
       "--price: 'ten' is neither a number nor YEAR=NUMBER"},
      {{"stress", "--against=probe", "--year", "2031", "probe"}, "--year: 2031 is outside the years"},
      {{"stress", "--against=probe", "--horizon", "2025-2031", "probe"},
       "--horizon: '2025-2031' is no span of years within 2020 to 2030"},
      {{"stress", "--against=probe", "--level", "group", "probe"}, "has no level 'group'"},
      {{"stress", "--against=dual-carbn", "probe"}, "did you mean 'dual-carbon'?"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), wrong[k].argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_string_equal(f->run.out, "");
  }
}

static void wrong_keys(void **state) {
  fixture *f = *state;
  const struct {
    const char *text, *message;
  } wrong[] = {
      {"stress: {price: {2030: -1}}\n", "s.yaml:3:24: error: -1 is outside the bounds; expected 0 to 100000"},
      {"stress: {prices: 100}\n", "s.yaml:3:10: error: unknown key 'prices'; did you mean 'price'?"},
      {"stress: {against: [a]}\n", "s.yaml:3:19: error: expected a text for 'against'"},
      {"stress: 100\n", "s.yaml:3:9: error: expected a mapping of keys for 'stress'"},
      {"investment: {feedback: true}\n", "s.yaml:3:14: error: unknown key 'feedback': final demand reacts in a "
                                         "scenario of its own, which 'tanlu invest -o' "
                                         "writes"},
      {"investment: {power: {coall: 3000}}\n", "s.yaml:3:22: error: unknown technology 'coall'; did you mean 'coal'?"},
      {"investment: {power: {coal: -3000}}\n", "s.yaml:3:28: error: -3000 is outside the bounds; expected 0 to 1e+06"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    char text[160];
    snprintf(text, sizeof text, "name: s\nparent: probe\n%s", wrong[k].text);
    assert_int_equal(tanlu_test_write_file(f->directory, "s.yaml", text), 0);
    tanlu(&f->run, f->directory, "stress", "s.yaml");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_of_the_tables),
      cmocka_unit_test(a_price_alone),
      cmocka_unit_test(baseline_of_a_result_file),
      cmocka_unit_test(wrong_usage),
      cmocka_unit_test(wrong_keys),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
