/* tanlu pilots: the shipped pilots as a user sees them, their accounts from regions of the shipped table, and what is refused.
 *
 * Oracles: figures of the documents; sectors of an account add up to it; a province that is a region is the region as `tanlu
 * regionalise` wrote it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

/* Sum of the values of records that begin with `head` (pilot,quantity, and the item where there is one). */
static double sum_of(const char *csv, const char *head) {
  double sum = 0.0;
  size_t found = 0;
  for (const char *line = csv; *line != '\0'; line += strcspn(line, "\n") + 1) {
    const char *value = line;
    if (strncmp(line, head, strlen(head)) != 0) continue;
    for (int comma = 0; comma < 5; comma++) value = strchr(value, ',') + 1; /* items here hold no comma */
    sum += strtod(value, NULL);
    found++;
  }
  if (found == 0) fail_msg("no record of %s", head);
  return sum;
}

static void near(double actual, double expected) {
  if (fabs(actual - expected) <= 1e-12 * fabs(expected)) return;
  print_error("%.17g, expected %.17g\n", actual, expected);
  fail();
}

static void tables_and_figures(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "pilots");
  expect_status(&f->run, 0);
  expect_out(&f->run, "29943 CNY and 5.5 t per head");
  expect_out(&f->run, "-34.2 (-48 on 2005)"); /* 0.52 / 0.79 - 1 */
  expect_out(&f->run, "✗ 43");
  expect_out(&f->run, "Hulunbuir *");
  expect_not_out(&f->run, "Accounts of CO2");
  tanlu(&f->run, f->directory, "pilots", "--pilot", "保定", "--csv", "one.csv", "--figure", "one.svg");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Goals of Baoding");
  expect_not_out(&f->run, "Shenzhen");
  char *csv = tanlu_test_read_file(f->directory, "one.csv"), *svg = tanlu_test_read_file(f->directory, "one.svg");
  assert_true(csv != NULL && svg != NULL);
  assert_non_null(strstr(csv, "baoding,co2,,2010,document,56.889,,,Mt\r\n"));
  assert_null(strstr(csv, "shenzhen"));
  assert_true(strstr(svg, "<svg") != NULL && strstr(svg, "Baoding") != NULL);
  free(csv);
  free(svg);
}

static void accounts_of_shipped_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "-o", "provinces", "china-2020-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./provinces", "--csv", "all.csv");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Accounts of CO2 in 2020, Mt, downscaled from regions of provinces");
  char *csv = tanlu_test_read_file(f->directory, "all.csv"),
       *regions = tanlu_test_read_file(f->directory, "provinces/regions.csv");
  assert_true(csv != NULL && regions != NULL);
  near(sum_of(csv, "baoding,co2_by_sector,") + sum_of(csv, "baoding,co2_by_industry,households"),
       sum_of(csv, "baoding,co2_account,by industry"));
  near(sum_of(csv, "baoding,co2_by_industry,"), sum_of(csv, "baoding,co2_account,by industry"));
  const char *hubei = strstr(regions, "\nhubei,");
  char *end = NULL;
  assert_non_null(hubei);
  const double production = strtod(hubei + strlen("\nhubei,"), &end), households = strtod(end + 1, NULL);
  near(sum_of(csv, "hubei,co2_account,by GDP"), production + households);
  /* Baoding's share of Hebei's population in 2020: 1154.4 of 7464 */
  const char *hebei = strstr(regions, "\nhebei,");
  assert_non_null(hebei);
  const double made = strtod(hebei + strlen("\nhebei,"), &end), used = strtod(end + 1, NULL);
  near(sum_of(csv, "baoding,co2_account,by population"), (made + used) * 1154.4 / 7464.0);
  free(csv);
  free(regions);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./provinces", "-p", "Baoding");
  expect_out(&f->run, "Largest sectors of the account of Baoding");
}

static void what_is_refused(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "pilots", "-p", "Baodin", "--csv", "no.csv", "--figure", "no.svg");
  expect_status(&f->run, 2);
  expect_err(&f->run, "unknown pilot 'Baodin'; did you mean 'Baoding'?");
  assert_true(!tanlu_test_exists(f->directory, "no.csv") && !tanlu_test_exists(f->directory, "no.svg"));
  tanlu(&f->run, f->directory, "pilots", "--provinces", "china-2020-42", "--csv", "no.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "has no level 'region'");
  assert_false(tanlu_test_exists(f->directory, "no.csv"));
  assert_int_equal(tanlu_test_write_file(f->directory, "here.csv", "mine\n"), 0);
  tanlu(&f->run, f->directory, "pilots", "--csv", "here.csv");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "pilots", "--figure", "here.csv");
  expect_status(&f->run, 2);
  char *kept = tanlu_test_read_file(f->directory, "here.csv");
  assert_string_equal(kept, "mine\n");
  free(kept);
  tanlu(&f->run, f->directory, "pilots", "--panel", "nowhere.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "nowhere.csv: error: ");
  tanlu(&f->run, f->directory, "pilots", "Baoding");
  expect_status(&f->run, 2);
}

/* Regions without energy, statistics of other regions, and a city that its province cannot hold. */
static void regions_that_do_not_fit(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "--accounts", "-o", "bare", "china-2020-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./bare");
  expect_status(&f->run, 2);
  expect_err(&f->run, "no extension 'co2'");
  /* Hebei and the rest: three pilots of Hebei have accounts, others none */
  tanlu(&f->run, f->directory, "regionalise", "--region", "hebei", "-o", "hebei", "china-2020-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./hebei", "--csv", "hebei.csv");
  expect_status(&f->run, 0);
  char *csv = tanlu_test_read_file(f->directory, "hebei.csv");
  assert_non_null(csv);
  assert_true(strstr(csv, "shijiazhuang,co2_account") != NULL && strstr(csv, "shenzhen,co2_account") == NULL);
  free(csv);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./hebei", "--pilot", "Shenzhen");
  expect_status(&f->run, 2);
  expect_err(&f->run, "dataset 'hebei' has no region 'guangdong', in which Shenzhen lies");
  tanlu(&f->run, f->directory, "regionalise", "--level", "grid", "-o", "grids", "china-2020-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./grids");
  expect_status(&f->run, 2);
  expect_err(&f->run, "no pilot lies in a region of dataset 'grids'");
  static const char sizes[] = "region,primary,secondary,tertiary\nhebei,4000,20,30000\n";
  assert_int_equal(tanlu_test_write_file(f->directory, "sizes/value_added.csv", sizes), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "sizes/indicators.csv", "region,population\nhebei,7464\n"), 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./hebei", "--regions", "./sizes");
  expect_status(&f->run, 2);
  expect_err(&f->run, "Baoding has value added of secondary industry of 1321.82, its province 'hebei' only 20");
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./provinces", "--regions", "./sizes");
  expect_err(&f->run,
             "province 'guangdong', in which Shenzhen lies: its population and value added are not known or 0");
  assert_int_equal(tanlu_test_edit(f->directory, "sizes/indicators.csv", "population", "people"), 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./hebei", "--regions", "./sizes");
  expect_err(&f->run, "sizes/indicators.csv:1: error: missing column 'population'");
  assert_int_equal(tanlu_test_edit(f->directory, "sizes/value_added.csv", ",20,", ",-20,"), 0);
  tanlu(&f->run, f->directory, "pilots", "--provinces", "./hebei", "--regions", "./sizes");
  expect_err(&f->run, "sizes/value_added.csv:2:3: error: ");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables_and_figures),
      cmocka_unit_test(accounts_of_shipped_regions),
      cmocka_unit_test(what_is_refused),
      cmocka_unit_test(regions_that_do_not_fit),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
