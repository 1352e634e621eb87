/* What `run` and `show` print of a result file (outputs/overview.c, outputs/result_view.c).
 *
 * Oracle: a file whose few numbers are set here so that sums, the two-by-two and the goals can be worked out by hand; the
 * lines expected are written out, with runs of spaces as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/overview.h"
#include "outputs/result_view.h"
#include "tests/support.h"

enum { SECTORS = 3, SCENARIOS = 4, YEARS = 11 }; /* 2020 to 2030 */

typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_result *result;
  tanlu_context *context;
  FILE *stream;
  char *text;
  size_t length;
} fixture;

/* Net CO2 of 2030 in the four runs: the case worked by hand in test_two_by_two.c, in thousands. */
static const double net_2030[SCENARIOS] = {10000.0, 8000.0, 5000.0, 4000.0};

static void fill(tanlu_projection *p, size_t scenario) {
  for (size_t t = 0; t < YEARS; t++) {
    double *indicator = p->value[TANLU_FIELD_INDICATOR] + t * TANLU_INDICATOR_COUNT;
    indicator[TANLU_INDICATOR_GDP] = 1e6;
    indicator[TANLU_INDICATOR_CO2_NET] = t + 1 == YEARS ? net_2030[scenario] : 1000.0;
    indicator[TANLU_INDICATOR_CO2_ENERGY] = t == 5 ? 9000.0 : 7000.0; /* a peak in 2025 */
    indicator[TANLU_INDICATOR_NONFOSSIL] = 0.2 + 0.02 * (double)scenario;
    double *co2 = p->value[TANLU_FIELD_CO2] + t * SECTORS;
    co2[0] = 1e6; /* t: 1, 20 and 300 Mt; the last two are one group */
    co2[1] = 20e6;
    co2[2] = 300e6 + 1e6 * (double)t;
    p->value[TANLU_FIELD_FINAL_FACTOR][t * SECTORS + 1] = 1.25;
    double *demand = p->value[TANLU_FIELD_FINAL_DEMAND] + t * 2 * SECTORS; /* 1e4 CNY, categories x sectors */
    for (size_t k = 0; k < 2 * SECTORS; k++) demand[k] = 1e4 * (double)(k + 1);
    p->value[TANLU_FIELD_PRODUCT_OUTPUT][t] = 2395.0;
  }
}

static int set_up(void **state) {
  static const char *const names[SCENARIOS] = {"reference", "structure", "energy-mix", "dual-carbon"};
  static char name[] = "tiny", mt[] = "Mt";
  char path[TANLU_TEST_PATH + 16], *unit[] = {mt};
  size_t of_sector[SECTORS] = {0, 1, 1};
  tanlu_level level = {.of_sector = of_sector};
  tanlu_dataset d = {.name = name, .title = name, .base_year = 2020, .levels = 1, .level = &level};
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return -1;
  (void)snprintf(path, sizeof path, "%s/r.h5", f->directory);
  f->context = tanlu_context_create();
  d.products.unit = unit;
  (void)tanlu_labels_add(&d.accounts.sector, "001", "Coal", NULL, NULL);
  (void)tanlu_labels_add(&d.accounts.sector, "002", "Steel", NULL, NULL);
  (void)tanlu_labels_add(&d.accounts.sector, "003", "Power", NULL, NULL);
  (void)tanlu_labels_add(&d.accounts.category, "homes", "Households", NULL, NULL);
  (void)tanlu_labels_add(&d.accounts.category, "exports", "Exports", NULL, NULL);
  (void)tanlu_labels_add(&d.products.product, "cement", "Cement", NULL, NULL);
  (void)tanlu_labels_add(&level.group, "mines", "Mines", NULL, NULL);
  (void)tanlu_labels_add(&level.group, "plants", "Plants", "工厂", NULL);
  tanlu_projection *projection[SCENARIOS] = {NULL};
  tanlu_result_scenario scenario[SCENARIOS];
  for (size_t s = 0; s < SCENARIOS; s++) {
    if (tanlu_projection_create(&projection[s], &d, 2020, YEARS, f->context) != TANLU_OK) return -1;
    fill(projection[s], s);
    scenario[s] = (tanlu_result_scenario){.name = names[s], .projection = projection[s]};
  }
  const tanlu_provenance provenance = {.version = "1", .commit = "0"};
  tanlu_status status = tanlu_result_write(path, false, &d, scenario, SCENARIOS, &provenance, f->context);
  if (status == TANLU_OK) status = tanlu_result_open(&f->result, path, f->context);
  for (size_t s = 0; s < SCENARIOS; s++) tanlu_projection_free(&projection[s]);
  tanlu_labels_clear(&d.accounts.sector);
  tanlu_labels_clear(&d.accounts.category);
  tanlu_labels_clear(&d.products.product);
  tanlu_labels_clear(&level.group);
  f->stream = open_memstream(&f->text, &f->length);
  *state = f;
  return status == TANLU_OK && f->stream != NULL ? 0 : -1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  free(f->text);
  tanlu_result_close(&f->result);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

/* Runs of spaces become one. */
static void finish(fixture *f) {
  assert_int_equal(fclose(f->stream), 0);
  char *to = f->text;
  for (const char *from = f->text; *from != '\0'; from++) {
    if (*from == ' ' && to > f->text && to[-1] == ' ') continue;
    *to++ = *from;
  }
  *to = '\0';
}

static void expect(const fixture *f, const char *part) {
  if (strstr(f->text, part) == NULL) (void)fprintf(stderr, "expected: %s\nfound:\n%s\n", part, f->text);
  assert_non_null(strstr(f->text, part));
}

static void the_overview(void **state) {
  fixture *f = *state;
  char source[] = "a paper", one[] = "1", year[] = "year";
  tanlu_goal goal[] = {
      {.indicator = TANLU_INDICATOR_NONFOSSIL, .summary = TANLU_NONE, .year = 2030, .value = 0.25, .unit = one},
      {.indicator = TANLU_INDICATOR_NONFOSSIL, .summary = TANLU_NONE, .year = 2060, .value = 0.8, .unit = one},
      {.indicator = TANLU_NONE,
       .summary = TANLU_SUMMARY_PEAK_YEAR,
       .relation = TANLU_GOAL_BELOW,
       .value = 2030.0,
       .unit = year}};
  tanlu_goals goals = {.goal = goal};
  goal[0].source = goal[1].source = goal[2].source = source;
  assert_int_equal(tanlu_labels_add(&goals.label, "a", "Non-fossil 2030", NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_labels_add(&goals.label, "b", "Non-fossil 2060", NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_labels_add(&goals.label, "c", "Peak", NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_overview_print(f->result, &goals, NULL, NULL, f->stream, f->context), TANLU_OK);
  tanlu_labels_clear(&goals.label);
  finish(f);
  expect(f, "reference unit 2020 2025 2030\n");
  expect(f, "\nGDP 1e12 CNY_2020 100.0 100.0 100.0\n");
  expect(f, "\nNet CO2 Mt 1000 1000 10000\n");
  expect(f, "\nNon-fossil share % 20.0 20.0 20.0\n");
  expect(f, "\nCement Mt 2395 2395 2395\n");
  expect(f, "\npeak year 2025 2025 2025 2025\n");
  expect(f, "\nNon-fossil 2030 >= 25 % 20.0 MISSED 22.0 MISSED 24.0 MISSED 26.0 met\n");
  expect(f, "\nPeak < 2030 2025 met 2025 met 2025 met 2025 met\n");
  assert_null(strstr(f->text, "Non-fossil 2060")); /* outside the years of the file */
  expect(f, "\nNet CO2 2030 Mt 10000 4000 -1500 -4500 -6000 1000\n");
  expect(f, "\nNet CO2 2021-2030 Gt 19.0 13.0 -1.5 -4.5 -6.0 1.0\n"); /* nine years of 1 Gt, and 2030 */
}

static void an_indicator(void **state) {
  fixture *f = *state;
  const tanlu_view all = {.from = 1, .to = 0}, one = {.from = 2029, .to = 2030, .scenario = "structure"};
  assert_int_equal(tanlu_view_indicator(f->result, TANLU_INDICATOR_CO2_NET, &all, f->stream, f->context), TANLU_OK);
  assert_int_equal(tanlu_view_indicator(f->result, TANLU_INDICATOR_CO2_NET, &one, f->stream, f->context), TANLU_OK);
  finish(f);
  expect(f, "co2_net, Mt: co2_total - co2_sinks: what net zero is about\n\nscenario 2020 2025 2030 trend\n");
  expect(f, "\nenergy-mix 1000 1000 5000 ▂▂▂▂▂▂▂▂▂▂█\n");
  expect(f, "\nscenario 2029 2030 trend\n");
  expect(f, "\nstructure 1000 8000 ▂▂▂▂▂▂▂▂▂▂█\n");
}

static void variables_are_summed_where_that_means_something(void **state) {
  fixture *f = *state;
  const tanlu_view view = {.from = 2030, .to = 2030, .scenario = "reference"};
  static const char *const names[] = {"co2", "closure_factor", "final_demand", "product_output", "residual"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const tanlu_result_variable *v = NULL;
    assert_int_equal(tanlu_result_variable_read(f->result, names[i], &v, f->context), TANLU_OK);
    assert_int_equal(tanlu_view_variable(f->result, v, &view, f->stream, f->context), TANLU_OK);
  }
  finish(f);
  expect(f, "\nmines Mines 1.00\nplants Plants 330.0\ntotal 331.0\n"); /* 20 + 300 + 10 */
  expect(f, "\n001 Coal 0\n002 Steel 1.25\n003 Power 0\n");            /* multipliers by sector */
  expect(f, "; summed over sector\n");
  expect(f,
         "\nhomes Households 6.00\nexports Exports 15.0\ntotal 21.0\n"); /* 1 + 2 + 3, 4 + 5 + 6; 1e8 CNY = 1e4 x 1e4 */
  expect(f, "\ncement Mt 2395\n");
  expect(f, "\nreference 0\n");
}

static void the_list(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_view_list(f->result, f->stream, f->context), TANLU_OK);
  finish(f);
  expect(f, "\nco2_net Mt co2_total - co2_sinks: what net zero is about\n");
  expect(f, "\nco2 scenario 4, year 11, sector 3 Mt CO2 by sector");
  expect(f, "\npeak_year year year of the largest energy CO2");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_overview, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_indicator, set_up, tear_down),
      cmocka_unit_test_setup_teardown(variables_are_summed_where_that_means_something, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_list, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
