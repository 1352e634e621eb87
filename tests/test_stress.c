/* Stress tests. Oracles: two sectors and two years by hand; on shipped scenarios the projections themselves (another way to the same
 * totals) and the promises that each scenario file makes about its horizon. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/stress.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* ---- two sectors by hand ------------------------------------------------------------------------------------------------------- */

/* A = A_d = [0.2 0.1; 0.3 0.25], v = (0.5, 0.65). x = (100, 200) or (90, 220), w = v x; final use y = x - A x. */
static const double inputs[] = {0.2, 0.3, 0.1, 0.25}, none[2] = {0.0};

static tanlu_solved_accounts year_of(const double *output, const double *value_added, const double *use,
                                     const double *co2, double household) {
  return (tanlu_solved_accounts){.year = 2030,
                                 .n = 2,
                                 .categories = 1,
                                 .inputs = inputs,
                                 .domestic_inputs = inputs,
                                 .output = output,
                                 .value_added = value_added,
                                 .final_use = use,
                                 .final_domestic = use,
                                 .imports = none,
                                 .discrepancy = none,
                                 .co2 = co2,
                                 .household_co2 = {household, 1.0}};
}

/* Baseline, both years: x = (100, 200), w = (50, 130), co2 = (100, 20), households 4 and no price. Stressed: the same in the first
 * year at a price of 0.01; in the second x = (90, 220), w = (45, 143), co2 = (110, 25), households 6, price 0.02.
 *   output       0 + 10 = 10,  0 - 20 = -20
 *   value added  0 + 5,  0 - 13
 *   cost         0.01 x (100, 20) + 0.02 x (110, 25) = (3.2, 0.7)
 *   co2          (10, 5), households 2
 *   exposure     (8.2, -12.3)
 * First year, unit costs: f P = (0.01, 0.001), (I - A)' pi = f P, determinant 0.8 x 0.75 - 0.03 = 0.57:
 *   pi = ((0.0075 + 0.0003) / 0.57, (0.001 + 0.0008) / 0.57) = (0.0078, 0.0018) / 0.57; times x. */
static void two_sectors_by_hand(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  static const double x[] = {100.0, 200.0}, w[] = {50.0, 130.0}, y[] = {60.0, 120.0}, co2[] = {100.0, 20.0};
  static const double x2[] = {90.0, 220.0}, w2[] = {45.0, 143.0}, y2[] = {50.0, 138.0}, co22[] = {110.0, 25.0};
  const tanlu_solved_accounts before = year_of(x, w, y, co2, 3.0), after = year_of(x2, w2, y2, co22, 5.0);
  tanlu_stress_path *baseline = NULL, *stressed = NULL;
  tanlu_stress *s = NULL;
  assert_int_equal(tanlu_stress_path_create(&baseline, 2, 1, 2, context), TANLU_OK);
  assert_int_equal(tanlu_stress_path_create(&stressed, 2, 1, 2, context), TANLU_OK);
  assert_int_equal(tanlu_stress_create(&s, 2, context), TANLU_OK);
  for (size_t t = 0; t < 2; t++) {
    assert_int_equal(tanlu_stress_path_add(baseline, t, &before, 0.0, context), TANLU_OK);
  }
  assert_int_equal(tanlu_stress_path_add(stressed, 0, &before, 0.01, context), TANLU_OK);
  assert_int_equal(tanlu_stress_path_add(stressed, 1, &after, 0.02, context), TANLU_OK);

  tanlu_stress_compare(s, baseline, stressed, 0, 1);
  assert_same(s->risk[TANLU_STRESS_OUTPUT], ((const double[]){10.0, -20.0}), 2, 1e-14);
  assert_same(s->risk[TANLU_STRESS_VALUE_ADDED], ((const double[]){5.0, -13.0}), 2, 1e-14);
  assert_same(s->risk[TANLU_STRESS_COST], ((const double[]){3.2, 0.7}), 2, 1e-14);
  assert_same(s->risk[TANLU_STRESS_CO2], ((const double[]){10.0, 5.0}), 2, 1e-14);
  assert_same(s->exposure, ((const double[]){8.2, -12.3}), 2, 1e-14);
  assert_same(s->baseline[TANLU_STRESS_OUTPUT], ((const double[]){200.0, 400.0}), 2, 1e-14);
  assert_near(s->sum[TANLU_STRESS_OUTPUT], -10.0, 1e-14);
  assert_near(s->sum[TANLU_STRESS_VALUE_ADDED], -8.0, 1e-14);
  assert_near(s->sum[TANLU_STRESS_COST], 3.9, 1e-14);
  assert_near(s->sum[TANLU_STRESS_CO2], 15.0, 1e-14);
  assert_true(isnan(s->sum[TANLU_STRESS_COST_RISE]));
  assert_near(s->household_co2, 2.0, 1e-14);

  tanlu_stress_compare(s, baseline, stressed, 0, 0);
  assert_same(s->risk[TANLU_STRESS_COST_RISE], ((const double[]){0.78 / 0.57, 0.36 / 0.57}), 2, 1e-13);
  assert_same(s->exposure, ((const double[]){1.0, 0.2}), 2, 1e-14);
  assert_near_of(s->sum[TANLU_STRESS_CO2], 0.0, 1e-15, 1.0);
  tanlu_stress_path_free(&baseline);
  tanlu_stress_path_free(&stressed);
  tanlu_stress_path_free(&stressed);
  tanlu_stress_free(&s);
  tanlu_stress_free(&s);
  tanlu_context_free(&context);
}

/* ---- shipped tests ------------------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_stress_path *path;
  const tanlu_drivers *drivers;
} visit;

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  visit *v = user;
  const double price = tanlu_driver(v->drivers, TANLU_DRIVER_STRESS_PRICE, accounts->t, 0, 0);
  return tanlu_stress_path_add(v->path, accounts->t, accounts, isnan(price) ? 0.0 : 1e-4 * price, context);
}

static tanlu_stress_path *path_of(const shipped_scenarios *all, size_t scenario) {
  const shipped_scenario *run = &all->run[scenario];
  const tanlu_accounts *books = &run->dataset->accounts;
  visit v = {.drivers = run->drivers};
  assert_int_equal(
      tanlu_stress_path_create(&v.path, books->n, books->category.count, run->drivers->years, all->context), TANLU_OK);
  assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, NULL, see_year, &v, all->context),
                   TANLU_OK);
  return v.path;
}

/* Differences of national totals, as the projections have them, summed over a span: 1e8 CNY and Mt. */
static double difference(const shipped_scenarios *all, size_t of, size_t from, tanlu_indicator_id id, int first,
                         int last) {
  double sum = 0.0;
  for (int year = first; year <= last; year++) {
    const place a = in_year(all, of, year), b = in_year(all, from, year);
    sum += indicator(&a, id) - indicator(&b, id);
  }
  return sum;
}

/* Sums against the projections (1e-8 of a whole year's total: differences of large numbers); before the shock begins nothing is at
 * risk; a price costs what all production emits. */
static void shipped_tests_add_up(void **state) {
  const shipped_scenarios *all = *state;
  static const struct {
    size_t scenario, baseline;
    int begins;    /* first year with a difference */
    bool more_co2; /* than the baseline, in all */
    bool has_a_price;
  } test[] = {{DELAYED_ACTION, DUAL_CARBON, 2025, true, true},
              {PRICE_SHOCK, REFERENCE, 2030, false, true},
              {NO_CAPTURE, DUAL_CARBON, 2031, true, false},
              {NO_NEW_NUCLEAR, DUAL_CARBON, 2025, true, false},
              {NO_STORAGE, DUAL_CARBON, 2025, true, false}};
  for (size_t k = 0; k < sizeof test / sizeof *test; k++) {
    const size_t of = test[k].scenario, from = test[k].baseline;
    const int base = all->run[of].drivers->from;
    tanlu_stress_path *stressed = path_of(all, of), *baseline = path_of(all, from);
    tanlu_stress *s = NULL;
    assert_string_equal(all->run[of].scenario->against, all->run[from].name);
    assert_int_equal(tanlu_stress_create(&s, stressed->n, all->context), TANLU_OK);
    static const int span[][2] = {{2020, 2020}, {2040, 2040}, {2025, 2060}};
    for (size_t i = 0; i < sizeof span / sizeof *span; i++) {
      const int first = span[i][0], last = span[i][1];
      tanlu_stress_compare(s, baseline, stressed, (size_t)(first - base), (size_t)(last - base));
      const place now = in_year(all, from, last);
      assert_near_of(1e-4 * s->sum[TANLU_STRESS_VALUE_ADDED],
                     -difference(all, of, from, TANLU_INDICATOR_GDP, first, last), 1e-8,
                     indicator(&now, TANLU_INDICATOR_GDP));
      assert_near_of(1e-6 * (s->sum[TANLU_STRESS_CO2] + s->household_co2),
                     difference(all, of, from, TANLU_INDICATOR_CO2_TOTAL, first, last), 1e-8, 1e4);
      if (i == 2) assert_true((s->sum[TANLU_STRESS_CO2] > 0.0) == test[k].more_co2);
    }
    double emitted = 0.0;
    for (size_t t = 0; t < stressed->years; t++) {
      const int year = base + (int)t;
      tanlu_stress_compare(s, baseline, stressed, t, t);
      for (size_t j = 0; year < test[k].begins && j < s->n; j++) {
        assert_near_of(s->risk[TANLU_STRESS_OUTPUT][j], 0.0, 1e-8, s->baseline[TANLU_STRESS_OUTPUT][j] + 1e4);
      }
      const place now = in_year(all, of, year);
      emitted = indicator(&now, TANLU_INDICATOR_CO2_TOTAL) - total(&now, TANLU_FIELD_HOUSEHOLD_CO2) * 1e-6;
      assert_near_of(s->sum[TANLU_STRESS_COST], stressed->price[t] * emitted * 1e6, 1e-9, 1.0);
    }
    assert_true((stressed->price[stressed->years - 1] > 0.0) == test[k].has_a_price);
    tanlu_stress_free(&s);
    tanlu_stress_path_free(&stressed);
    tanlu_stress_path_free(&baseline);
  }
}

/* What the files say of themselves: delayed action is on the reference's way in 2035 and on dual-carbon's in 2050 (0.1 %: knots are
 * rounded to three digits), no capture captures nothing, no new nuclear power means 450 TWh (10 %), no storage asks for hardly any. */
static void files_keep_their_word(void **state) {
  const shipped_scenarios *all = *state;
  const place late = in_year(all, DELAYED_ACTION, 2035), reference = in_year(all, REFERENCE, 2035);
  const place caught = in_year(all, DELAYED_ACTION, 2050), goal = in_year(all, DUAL_CARBON, 2050);
  assert_near(indicator(&late, TANLU_INDICATOR_CO2_NET), indicator(&reference, TANLU_INDICATOR_CO2_NET), 1e-3);
  assert_near(indicator(&caught, TANLU_INDICATOR_CO2_NET), indicator(&goal, TANLU_INDICATOR_CO2_NET), 1e-3);
  for (int year = 2025; year <= 2060; year += 5) {
    const place bare = in_year(all, NO_CAPTURE, year), flat = in_year(all, NO_NEW_NUCLEAR, year);
    const place still = in_year(all, NO_STORAGE, year);
    assert_near_of(total(&bare, TANLU_FIELD_CO2_CAPTURED), 0.0, 1e-12, 1.0);
    const size_t nuclear = tanlu_test_find(&flat.run->dataset->power.technology, "nuclear");
    if (year >= 2030) assert_near(field(&flat, TANLU_FIELD_GENERATION)[nuclear] / 3600.0, 450.0, 0.1);
    assert_true(indicator(&still, TANLU_INDICATOR_STORAGE) < 15.0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_sectors_by_hand),
      cmocka_unit_test(shipped_tests_add_up),
      cmocka_unit_test(files_keep_their_word),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
