/* tanlu prices and tanlu shock from outside. Oracles: sums of the CSV (costs against revenue, losses against the line under the
 * table), prices by year that pass through their knots, wrong usage. */
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

/* What all pay is the revenue: categories have the money unit and none of the rows of other kinds. */
static void costs_are_revenue(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "prices", "--price", "2020=50,2030=150", "--year", "2020,2025,2030", "--households",
        "--border", "--pass-through", "0.8", "--csv", "prices.csv", "reference-42");
  expect_status(&f->run, 0);
  expect_out(&f->run, "A price of CO2 in scenario 'reference-42', quantities unchanged");
  expect_out(&f->run, "of which at the border");
  char *csv = tanlu_test_read_file(f->directory, "prices.csv");
  assert_non_null(csv);
  assert_true(fabs(tanlu_test_csv_sum(csv, ",2025,price,", "CNY_2020/t") - 100.0) < 1e-12);
  for (int year = 2020; year <= 2030; year += 5) {
    char own[64], text[64];
    static const char *const payer[] = {"rural_households", "urban_households", "government",      "fixed_capital",
                                        "inventories",      "exports",          "other_final_use", "absorbed"};
    double paid = 0.0;
    snprintf(own, sizeof own, "prices,reference-42,%d,", year);
    for (size_t k = 0; k < sizeof payer / sizeof *payer; k++) {
      snprintf(text, sizeof text, ",%d,%s,", year, payer[k]);
      paid += tanlu_test_csv_sum(csv, own, text);
    }
    snprintf(text, sizeof text, ",%d,revenue,", year);
    const double revenue = tanlu_test_csv_sum(csv, own, text);
    assert_true(revenue > 1000.0);
    assert_true(fabs(paid - revenue) < 1e-9 * revenue); /* the 42-sector table has no discrepancy */
  }
  free(csv);
}

static void products_by_group(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "prices", "--price", "100", "--cover", "power_heat", "--products", "--level",
        "policy_group", "--year", "2030", "--top", "3", "dual-carbon");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Prices of domestic products, 2030, change by the price of CO2");
  expect_out(&f->run, "Power and heat");
  expect_out(&f->run, "24 more; --top lists them");
  expect_not_out(&f->run, "imports, %");
  expect_not_out(&f->run, "absorbed");
}

static void losses_add_up(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "shock", "--supply", "power_heat=5", "--year", "2030", "--csv", "supply.csv",
        "dual-carbon");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Supply lost, power_heat=5 %, 2030: losses at home");
  char *csv = tanlu_test_read_file(f->directory, "supply.csv");
  assert_non_null(csv);
  const double all = tanlu_test_csv_sum(csv, ",all,all,", "gross_output_lost"),
               both = tanlu_test_csv_sum(csv, "supply,", "gross_output_lost,");
  assert_true(all > 0.0 && fabs(both - 2.0 * all) < 1e-9 * all);
  free(csv);
  tanlu(&f->run, f->directory, "shock", "--extract", "iron_steel", "--part", "sales", "--year", "2060", "dual-carbon");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Without sales of iron_steel, 2060: losses at home");
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  const struct {
    const char *argument[6], *message;
  } wrong[] = {
      {{"prices", "probe"}, "--price is missing"},
      {{"prices", "--price", "ten", "probe"}, "--price: 'ten' is neither a number nor YEAR=NUMBER"},
      {{"prices", "--price", "-1", "probe"}, "--price: -1 is below 0"},
      {{"prices", "--price", "2030=100,2025=60", "probe"}, "'2025=60': the knots are not in the order of their years"},
      {{"prices", "--price", "2030=100,", "probe"}, "--price: '' is neither a number nor YEAR=NUMBER"},
      {{"prices", "--price", "1", "--cover=pwer", "probe"}, "has no sector or group 'pwer'"},
      {{"prices", "--price", "1", "--pass-through=1.5", "probe"}, "--pass-through: 1.5 is outside 0 to 1"},
      {{"prices", "--price", "1", "--level=policy_group", "probe"}, "--level goes with --products"},
      {{"shock", "probe"}, "expected either --supply or --extract"},
      {{"shock", "--supply", "all=1", "--extract=all", "probe"}, "expected either --supply or --extract"},
      {{"shock", "--supply", "5", "probe"}, "--supply: '5' is not CODE=PERCENT"},
      {{"shock", "--supply", "all=101", "probe"}, "--supply: 101 is outside -1000 to 100"},
      {{"shock", "--extract", "all", "--part=some", "probe"}, "--part: unknown part 'some'"},
      {{"shock", "--supply", "all=1", "--part=both", "probe"}, "--part goes with --extract"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), wrong[k].argument);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_string_equal(f->run.out, "");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(costs_are_revenue),
      cmocka_unit_test(products_by_group),
      cmocka_unit_test(losses_add_up),
      cmocka_unit_test(wrong_usage),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
