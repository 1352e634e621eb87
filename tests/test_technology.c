/* Sectoral matrices on the tiny dataset, whose three sectors are all energy rows: coal sells raw coal, goods sells coke,
 * natural gas and gasoline, power sells electricity and heat.
 *
 * Physical use by hand, TJ (final energy with non-energy use, inputs of coking in goods, of power and heat in power; heat
 * counts 0.3):
 *   row     coal                goods                  power                    urban          rural       all
 *   coal    20                  200 + 140 = 340        900 + 130 = 1030         10             30          1430
 *   goods   2                   100 + 60 + 50 = 210    50 + 1 = 51              30 + 40 = 70   10          343
 *   power   15 + 0.6 = 15.6     250 + 18 = 268         10 + 0.6 = 10.6          60 + 9 = 69    30 + 1.8    395
 * Money of the row (industries and households): coal 100 + 10, goods 370 + 350, power 130 + 65. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { COAL, GOODS, POWER, N };
enum { RURAL, URBAN, GOVERNMENT, CAPITAL, INVENTORIES, EXPORTS, CATEGORIES };
static const double price[] = {110.0 / 1430, 720.0 / 343, 195.0 / 395};
/* sums of a few products of two-digit numbers: a few units of the last place */
static const double rounding = 1e-14;

static void coefficients_are_flows_per_output(void **state) {
  const tanlu_technology *g = ((const tanlu_test_model *)*state)->model->technology;
  const double a[] = {10.0 / 120,   30.0 / 120, 10.0 / 120, 40.0 / 1000, 300.0 / 1000,
                      110.0 / 1000, 50.0 / 200, 40.0 / 200, 10.0 / 200};
  assert_same(g->a, a, 9, rounding);
  assert_int_equal(g->rows, 3);
  for (size_t i = 0; i < N; i++) assert_int_equal(g->row[i], i);
  assert_same(g->non_energy_sum, ((double[]){0, 0, 0}), 3, 0); /* every row is an energy row */
}

/* mu = imports / domestic use: coal 5 / (100 + 15), goods 100 / (370 + 680), power 0; exports are domestic. The weights of
 * mean phi are domestic final demand without inventories. */
static void imports_are_proportional(void **state) {
  const tanlu_technology *g = ((const tanlu_test_model *)*state)->model->technology;
  const double domestic[] = {1 - 5.0 / 115, 1 - 100.0 / 1050, 1};
  for (size_t i = 0; i < N; i++) {
    for (size_t j = 0; j < N; j++) assert_near(g->domestic[j * N + i], domestic[i], rounding);
    for (size_t k = 0; k < CATEGORIES; k++) {
      assert_near(g->final_domestic[k * N + i], k == EXPORTS ? 1 : domestic[i], rounding);
    }
  }
  assert_near(g->final_total[COAL], 10 * domestic[COAL] + 10, rounding);
  assert_near(g->final_total[GOODS], 670 * domestic[GOODS] + 50, rounding);
  assert_near(g->final_total[POWER], 65 + 5, rounding);
}

/* The published domestic part, cell by cell; where nothing is used, the average share of the row. */
static void imports_are_split(void **state) {
  (void)state;
  tanlu_test_model m;
  static const char flows[] = "code,coal,goods,power\ncoal,10,38,49\ngoods,25,240,37\npower,10,110,10\n";
  static const char final[] = "code,rural_households,urban_households,government,fixed_capital,inventories,exports\n"
                              "coal,4,4,0,0,5,10\ngoods,95,225,120,198,10,50\npower,20,45,0,0,0,5\n";
  static const tanlu_test_change change[] = {{"dataset.yaml", "proportional", "split"},
                                             {"flows_domestic.csv", NULL, flows},
                                             {"final_demand_domestic.csv", NULL, final}};
  tanlu_test_open_tiny(&m, change, 3);
  const tanlu_technology *g = m.model->technology;
  assert_near(g->domestic[GOODS * N + COAL], 38.0 / 40, rounding);
  assert_near(g->domestic[POWER * N + GOODS], 37.0 / 40, rounding);
  assert_near(g->domestic[COAL * N + COAL], 1, rounding);
  assert_near(g->final_domestic[URBAN * N + COAL], 4.0 / 6, rounding);
  assert_near(g->final_domestic[CAPITAL * N + GOODS], 198.0 / 200, rounding);
  assert_near(g->final_domestic[CAPITAL * N + COAL], 1 - 5.0 / 115, rounding); /* none used: average */
  assert_near(g->final_total[GOODS], 95 + 225 + 120 + 198 + 50, rounding);
  tanlu_test_close(&m);
}

static void imports_above_use_are_refused(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {
      {"final_demand.csv", "coal,4,6,0,0,5,10,5,0,120", "coal,4,6,0,0,5,130,125,0,120"}}; /* 125 of a use of 115 */
  tanlu_test_model m;
  tanlu_test_open_tiny_dataset(&m, change, 1);
  assert_int_equal(tanlu_model_create(&m.model, m.dataset, m.context), TANLU_ERR_INPUT);
  assert_null(m.model);
  assert_true(tanlu_test_has_message(m.context, "imports of coal"));
  tanlu_test_close(&m);
}

/* Without an import treatment nothing can produce what is imported: the table would not close. */
static void imports_without_treatment_are_refused(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {{"dataset.yaml", "proportional", "none"}};
  tanlu_test_model m;
  tanlu_test_open_tiny_dataset(&m, change, 1);
  assert_int_equal(tanlu_model_create(&m.model, m.dataset, m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(m.context, "import"));
  tanlu_test_close(&m);
}

static void a_sector_without_output_buys_nothing(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny_dataset(&m, NULL, 0);
  m.dataset->accounts.output[COAL] = 0.0;
  for (size_t c = 0; c < m.dataset->energy.carrier.label.count; c++) m.dataset->energy.final[c] = 0.0; /* mining */
  assert_int_equal(tanlu_model_create(&m.model, m.dataset, m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(m.context, "sector coal has no output"));
  tanlu_test_close(&m);
}

/* ---- energy rows ------------------------------------------------------------------------------------------------------- */

static void physical_use_and_prices(void **state) {
  const tanlu_technology *g = ((const tanlu_test_model *)*state)->model->technology;
  const double use[] = {20, 340, 1030, 2, 210, 51, 15.6, 268, 10.6};
  const double household[] = {10, 30, 70, 10, 69, 31.8}; /* urban, rural of each row */
  const double output[] = {120, 1000, 200};
  assert_same(g->use, use, 9, rounding);
  assert_same(g->household_use, household, 6, rounding);
  for (size_t k = 0; k < 3; k++) {
    assert_near(g->price[k], price[k], rounding);
    for (size_t j = 0; j < N; j++) assert_near(g->use_per_output[k * N + j], use[k * N + j] / output[j], rounding);
  }
}

static void energy_rows(const tanlu_technology *g, const double *use, const double *output, double *rows) {
  for (size_t k = 0; k < 3; k++) {
    for (size_t j = 0; j < N; j++) rows[k * N + j] = tanlu_test_coefficient(g, k, j, use[k * N + j], output[j]);
  }
}

/* The base year's use gives the base year's coefficients. */
static void base_use_gives_base_coefficients(void **state) {
  const tanlu_test_model *m = *state;
  const tanlu_technology *g = m->model->technology;
  double rows[9];
  energy_rows(g, g->use, m->dataset->accounts.output, rows);
  for (size_t k = 0; k < 3; k++) {
    for (size_t j = 0; j < N; j++) assert_near(rows[k * N + j], g->a[j * N + k], rounding);
  }
}

/* 0 < i <= i0: in proportion. i > i0: the smaller of the sector's own price a0/i0 and the average p, on what is added.
 *   coal in goods: a0/i0 = 40/340 = 0.1176 > p = 0.0769: the average counts
 *   coal in power: a0/i0 = 50/1030 = 0.0485 < p: the own price counts, so the coefficient stays in proportion. */
static void rows_follow_physical_use(void **state) {
  const tanlu_technology *g = ((const tanlu_test_model *)*state)->model->technology;
  double use[9], rows[9];
  const double output[] = {240, 500, 300}; /* other outputs than the base year's: i is per unit of the new output */
  for (size_t k = 0; k < 3; k++) {
    for (size_t j = 0; j < N; j++) use[k * N + j] = 0.4 * g->use_per_output[k * N + j] * output[j];
  }
  use[COAL * N + GOODS] = 0.50 * output[GOODS]; /* i0 = 0.34 */
  use[COAL * N + POWER] = 6.00 * output[POWER]; /* i0 = 5.15 */
  use[POWER * N + COAL] = 0.0;
  energy_rows(g, use, output, rows);
  assert_near(rows[COAL * N + COAL], 0.4 * 10 / 120, rounding);
  assert_near(rows[GOODS * N + POWER], 0.4 * 40 / 200, rounding);
  assert_near(rows[COAL * N + GOODS], 0.04 + 110.0 / 1430 * 0.16, rounding);
  assert_near(rows[COAL * N + POWER], 0.25 * 6.00 / 5.15, rounding);
  assert_near_of(rows[POWER * N + COAL], 0, 0, 0);
}

/* i0 = 0: mining burns no gasoline in the base year (manufacturing takes it), yet buys from goods for 30. What it buys stays
 * and use at the average price 720/343 is added. */
static void rows_that_start_from_nothing(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {{"branch_energy.csv", "mining,20,0,0,2", "mining,20,0,0,0"},
                                             {"branch_energy.csv", "200,100,60,50", "200,100,60,52"}};
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 2);
  const tanlu_technology *g = m.model->technology;
  double use[9], rows[9];
  for (size_t i = 0; i < 9; i++) use[i] = g->use[i];
  assert_near_of(use[GOODS * N + COAL], 0, 0, 0);
  use[GOODS * N + COAL] = 12;
  energy_rows(g, use, m.dataset->accounts.output, rows);
  assert_near(rows[GOODS * N + COAL], 30.0 / 120 + 720.0 / 343 * 12 / 120, rounding);
  tanlu_test_close(&m);
}

/* Coal sells natural gas too, which goods passes on: coal's sale to goods follows all gas that is used, 60 + 50 + 30 = 140,
 * and leaves the average price, (110 - 40) / (20 + 1030 + 50 + 40 + 30). The coal that goods burns itself does not count:
 * goods does not sell coal. */
static void purchases_that_pass_on(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {
      {"carriers.csv", "0.5,1,gas,goods", "0.5,1,gas,goods coal"},
      {"throughput.csv", "row,column\n", "row,column\ncoal,goods\npower,power\n"}};
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 2);
  const tanlu_technology *g = m.model->technology;
  assert_near(g->use[COAL * N + GOODS], 140, rounding);
  assert_near(g->use[COAL * N + POWER], 1080, rounding);
  assert_near(g->price[COAL], 70.0 / 1170, rounding);
  /* the grid passes on everything that the row sells: 365 TJ of electricity and 0.3 x 100 of heat */
  assert_near(g->use[POWER * N + POWER], 395, rounding);
  assert_near(g->price[POWER], (195.0 - 10) / (395 - 10.6), rounding);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(coefficients_are_flows_per_output),
      cmocka_unit_test(imports_are_proportional),
      cmocka_unit_test(imports_are_split),
      cmocka_unit_test(imports_above_use_are_refused),
      cmocka_unit_test(imports_without_treatment_are_refused),
      cmocka_unit_test(a_sector_without_output_buys_nothing),
      cmocka_unit_test(physical_use_and_prices),
      cmocka_unit_test(base_use_gives_base_coefficients),
      cmocka_unit_test(rows_follow_physical_use),
      cmocka_unit_test(rows_that_start_from_nothing),
      cmocka_unit_test(purchases_that_pass_on),
  };
  return cmocka_run_group_tests(tests, tanlu_test_tiny_set_up, tanlu_test_model_tear_down);
}
