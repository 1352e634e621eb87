/* What is derived once from a dataset: facts against tiny by hand and against published totals of China. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { N = 3 };

/* A_d of tiny by hand, columns coal, goods, power: flows / output x (1 - imports / domestic use). */
static void domestic_coefficients(double a[N][N]) {
  static const double flow[N][N] = {{10, 40, 50}, {30, 300, 40}, {10, 110, 10}}, output[N] = {120, 1000, 200};
  static const double domestic[N] = {1 - 5.0 / 115, 1 - 100.0 / 1050, 1};
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) a[i][j] = flow[i][j] / output[j] * domestic[i];
  }
}

static double determinant(double m[N][N]) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* det(lambda I - A_d): positive above the largest eigenvalue, negative just below it. */
static double characteristic(double lambda) {
  double a[N][N], m[N][N];
  domestic_coefficients(a);
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) m[i][j] = (i == j ? lambda : 0.0) - a[i][j];
  }
  return determinant(m);
}

/* Largest column sum of |m|. */
static double norm1(double m[N][N]) {
  double largest = 0.0;
  for (int j = 0; j < N; j++) largest = fmax(largest, fabs(m[0][j]) + fabs(m[1][j]) + fabs(m[2][j]));
  return largest;
}

/* Spectral radius: the largest root of the cubic, by bisection between 0.35 (above the largest diagonal entry) and 1.
 * Condition: the norm of I - A_d times that of its inverse by cofactors. The model asks for 1e-10 and estimates the
 * condition, exactly so for so small a matrix. */
static void radius_and_condition_by_hand(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  const tanlu_model_facts facts = tanlu_model_facts_of(m.model);
  double low = 0.35, high = 1.0;
  assert_true(characteristic(low) < 0.0 && characteristic(high) > 0.0);
  for (int i = 0; i < 100; i++) *(characteristic(0.5 * (low + high)) < 0.0 ? &low : &high) = 0.5 * (low + high);
  assert_near(facts.spectral_radius, low, 1e-9);
  double a[N][N], system[N][N], inverse[N][N];
  domestic_coefficients(a);
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) system[i][j] = (i == j ? 1.0 : 0.0) - a[i][j];
  }
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++) { /* cofactor of the transposed place, by cyclic indices */
      const int r = (j + 1) % N, s = (j + 2) % N, c = (i + 1) % N, e = (i + 2) % N;
      inverse[i][j] = (system[r][c] * system[s][e] - system[r][e] * system[s][c]) / determinant(system);
    }
  }
  assert_near(facts.condition, norm1(system) * norm1(inverse), 1e-9);
  tanlu_test_close(&m);
}

/* Value added 70 + 550 + 100. Primary energy from the statistics without the difference: coal 260 + 900 + 130 + 140, coke 100 -
 * 110, gas 90 + 50 + 2, oil 103, biomass 30, electricity 365 + 20 - 340, heat 100 + 5 - 105. */
static void energy_facts_by_hand(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  const tanlu_model_facts facts = tanlu_model_facts_of(m.model);
  assert_near(facts.gdp, 720, 1e-14);
  assert_near(facts.primary_calorific, 1430 - 10 + 142 + 103 + 30 + 45, 1e-14);
  assert_near(facts.primary_coal_equivalent, 1695 + 45 * 2.5, 1e-14);
  assert_near(facts.nonfossil_share, (112.5 + 30) / 1807.5, 1e-14);
  assert_near(facts.coal_share, 1420 / 1807.5, 1e-14);
  assert_near(facts.generation, 400, 1e-14);
  assert_near(facts.final_electricity, 365, 1e-14);
  assert_true(facts.worst_row <= 1e-15 && facts.worst_column <= 1e-15); /* whole numbers */
  assert_true(facts.worst_allocation <= 1e-15);
  tanlu_test_close(&m);
}

/* China 2020 as published: GDP of the input-output table 101.642 trillion CNY; consumption 4.98 Gtce with a non-fossil share
 * of 15.9 % and 56.8 % coal (communique of 2020); generation 7,783 TWh (balance). An independent program gave a spectral radius of
 * 0.562 for 153 sectors. */
static void china_as_published(void **state) {
  (void)state;
  static const char *const names[] = {"china-2020", "china-2020-42"};
  for (size_t i = 0; i < 2; i++) {
    tanlu_test_model m;
    tanlu_test_open(&m, names[i]);
    const tanlu_model_facts facts = tanlu_model_facts_of(m.model);
    assert_near(facts.gdp * 1e-8, 101.642, 1e-5); /* trillion CNY, given to 0.001 */
    assert_near(facts.primary_coal_equivalent / 29307.6e3, 4.98, 0.002);
    assert_near(facts.nonfossil_share, 0.159, 0.003);
    assert_near(facts.coal_share, 0.568, 0.002);
    assert_near(facts.generation / 3600, 7783, 1e-4);
    if (i == 0) assert_near(facts.spectral_radius, 0.562, 1e-3);
    assert_true(facts.worst_row <= 1e-9 && facts.worst_column <= 1e-9);
    assert_true(facts.worst_allocation <= 1e-9);
    assert_true(facts.co2_if_never_stored > facts.co2_combustion);
    tanlu_test_close(&m);
  }
}

/* goods needs 1.3 of itself per unit; stocks run down to pay for it, so that the table closes. */
static void an_unproductive_table_names_its_sector(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {
      {"flows.csv", "goods,30,300,40", "goods,30,1300,40"},
      {"final_demand.csv", "goods,100,250,120,200,10,50", "goods,100,250,120,200,-990,50"},
      {"value_added.csv", "surplus,Surplus,营业盈余,30,200,50", "surplus,Surplus,营业盈余,30,-800,50"}};
  tanlu_test_model m;
  tanlu_test_open_tiny_dataset(&m, change, 3);
  assert_int_equal(tanlu_model_create(&m.model, m.dataset, m.context), TANLU_ERR_MODEL);
  assert_null(m.model);
  assert_true(tanlu_test_has_message(m.context, "not productive"));
  assert_true(tanlu_test_has_message(m.context, "sector goods"));
  tanlu_test_close(&m);
}

/* A code on two levels must mean the same sectors; tiny has "goods" and "tertiary" for the same one, "secondary" for two. */
static void groups_are_found_on_any_level(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  size_t level = 0, group = 0;
  assert_int_equal(tanlu_dataset_find_group(m.dataset, "tertiary", &level, &group), TANLU_OK);
  assert_int_equal(m.dataset->level[level].of_sector[1], group);
  assert_int_equal(tanlu_dataset_find_group(m.dataset, "power_heat", &level, &group), TANLU_OK);
  assert_int_equal(level, m.dataset->policy_level);
  assert_int_equal(tanlu_dataset_find_group(m.dataset, "nobody", &level, &group), TANLU_ERR_INPUT);
  tanlu_test_close(&m);
}

static void freeing_is_forgiving(void **state) {
  (void)state;
  tanlu_model *model = NULL;
  tanlu_dataset *dataset = NULL;
  tanlu_energy *energy = NULL;
  tanlu_power *power = NULL;
  tanlu_conversion *conversion = NULL;
  tanlu_technology *technology = NULL;
  tanlu_energy_year *year = NULL;
  tanlu_model_free(&model);
  tanlu_dataset_free(&dataset);
  tanlu_energy_free(&energy);
  tanlu_power_free(&power);
  tanlu_conversion_free(&conversion);
  tanlu_technology_free(&technology);
  tanlu_energy_year_free(&year);
  assert_null(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(radius_and_condition_by_hand),
      cmocka_unit_test(energy_facts_by_hand),
      cmocka_unit_test(china_as_published),
      cmocka_unit_test(an_unproductive_table_names_its_sector),
      cmocka_unit_test(groups_are_found_on_any_level),
      cmocka_unit_test(freeing_is_forgiving),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
