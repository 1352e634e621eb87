/* Prices under a price of CO2. Oracles: two sectors by hand; the duality of prices and quantities; the fixed point
 * pi = theta (P f + A_d' pi + A_m' pi_m) iterated (another method than LU) on the shipped scenarios; a charge at the border that
 * makes imports as dear as domestic products; sums of costs against revenue, counted again here. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/prices.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* Two sectors: x = (100, 200), A = [0.2 0.1; 0.3 0.25], of which 0.05 of a_12 is imported. Final demand at home (65, 110), of
 * which sector 1's 5 of imports more. CO2 100 and 20 t: f = (1, 0.1). */
static const double inputs[] = {0.2, 0.3, 0.1, 0.25}, domestic[] = {0.2, 0.3, 0.05, 0.25}, output[] = {100.0, 200.0};
static const double emitted[] = {100.0, 20.0};
static const double home[] = {70.0, 120.0}, use[] = {75.0, 120.0}, imports[] = {15.0, 0.0}, none[2] = {0.0};

static tanlu_solved_accounts two_sectors(const tanlu_dataset *dataset) {
  return (tanlu_solved_accounts){.dataset = dataset,
                                 .year = 2030,
                                 .n = 2,
                                 .categories = 1,
                                 .inputs = inputs,
                                 .domestic_inputs = domestic,
                                 .output = output,
                                 .final_use = use,
                                 .final_domestic = home,
                                 .imports = imports,
                                 .discrepancy = none,
                                 .co2 = emitted,
                                 .household_co2 = {3.0, 4.0}};
}

/* P = 0.01 (100 CNY/t): costs (0.01, 0.001). (I - A_d)' pi = cost:
 *   0.8 pi_1 - 0.3 pi_2 = 0.01,  -0.05 pi_1 + 0.75 pi_2 = 0.001;   determinant 0.585
 *   pi_1 = (0.0075 + 0.0003) / 0.585 = 0.0078 / 0.585,  pi_2 = (0.0008 + 0.0005) / 0.585 = 0.0013 / 0.585
 * Revenue 0.01 x 120 = 1.2 = 70 pi_1 + 120 pi_2 = (0.546 + 0.156) / 0.585. */
static void two_sectors_by_hand(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const tanlu_solved_accounts a = two_sectors(NULL);
  tanlu_prices *p = NULL;
  assert_int_equal(tanlu_prices_create(&p, 2, 1, context), TANLU_OK);
  tanlu_carbon_charge charge = {.price = 0.01};
  assert_int_equal(tanlu_prices_year(p, &a, &charge, context), TANLU_OK);
  assert_same(p->change, ((const double[]){0.0078 / 0.585, 0.0013 / 0.585}), 2, 1e-14);
  assert_near(p->revenue, 1.2, 1e-14);
  assert_near(p->category[0], 1.2, 1e-14);
  assert_near(p->covered_co2, 120.0, 1e-15);
  assert_near_of(p->absorbed_sum, 0.0, 1e-15, 1.0);

  /* with the border: imports cost what they would here, (I - A)' pi = cost with determinant 0.57:
   * pi_1 = (0.0075 + 0.0003) / 0.57, pi_2 = (0.0008 + 0.001) / 0.57; domestic prices the same */
  charge.border = charge.households = true;
  assert_int_equal(tanlu_prices_year(p, &a, &charge, context), TANLU_OK);
  assert_same(p->import_change, ((const double[]){0.0078 / 0.57, 0.0018 / 0.57}), 2, 1e-14);
  assert_same(p->change, p->import_change, 2, 1e-14);
  assert_near(p->border_revenue, 15.0 * 0.0078 / 0.57, 1e-14);
  assert_near(p->category[0], (75.0 * 0.0078 + 120.0 * 0.0018) / 0.57, 1e-14);
  assert_near(p->household_revenue, 0.07, 1e-14);
  assert_near(p->household_direct[TANLU_RURAL], 0.04, 1e-14);
  assert_near(p->revenue, 1.2 + 0.07 + p->border_revenue, 1e-14);

  /* Sector 1 absorbs half, only sector 1 is charged: cost_1 = 0.01 + 0.2 pi_1 + 0.3 pi_2, pi_1 = cost_1 / 2,
   * pi_2 = 0.05 pi_1 + 0.25 pi_2 = pi_1 / 15;  2 pi_1 = 0.01 + 0.22 pi_1, pi_1 = 0.01 / 1.78; absorbed 100 pi_1 */
  charge = (tanlu_carbon_charge){
      .price = 0.01, .covered = (const double[]){1.0, 0.0}, .pass_through = (const double[]){0.5, 1.0}};
  assert_int_equal(tanlu_prices_year(p, &a, &charge, context), TANLU_OK);
  assert_same(p->change, ((const double[]){0.01 / 1.78, 0.01 / 1.78 / 15.0}), 2, 1e-14);
  assert_near(p->absorbed_sum, 1.0 / 1.78, 1e-14);
  assert_near(p->revenue, 1.0, 1e-14);
  assert_near(p->category[0] + p->absorbed_sum, 1.0, 1e-14);
  tanlu_prices_free(&p);
  tanlu_prices_free(&p);
  tanlu_context_free(&context);
}

/* Quantities that do not balance show in the sums; CO2 without output is an error. */
static void accounts_that_do_not_balance(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  char *code[] = {"first", "second"};
  const tanlu_dataset dataset = {.accounts = {.n = 2, .sector = {.count = 2, .code = code}}};
  tanlu_solved_accounts a = two_sectors(&dataset);
  tanlu_prices *p = NULL;
  const tanlu_carbon_charge charge = {.price = 0.01};
  assert_int_equal(tanlu_prices_create(&p, 2, 1, context), TANLU_OK);
  a.final_domestic = (const double[]){70.0, 120.0001};
  assert_int_equal(tanlu_prices_year(p, &a, &charge, context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(context, "year 2030: costs and revenue of the CO2 price differ by"));
  a = two_sectors(&dataset);
  a.output = (const double[]){100.0, 0.0};
  assert_int_equal(tanlu_prices_year(p, &a, &charge, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "sector second emits 20 t CO2 but produces nothing"));
  tanlu_prices_free(&p);
  tanlu_context_free(&context);
}

typedef struct {
  tanlu_prices *prices;
  size_t seen;
} visit;

/* The fixed point by repetition: 200 steps leave 0.6^200. */
static void repeat(const tanlu_solved_accounts *a, const tanlu_carbon_charge *charge, const double *direct,
                   const double *import_change, double *change) {
  double *next = calloc(a->n, sizeof *next);
  memset(change, 0, a->n * sizeof *change);
  for (int step = 0; step < 200; step++) {
    for (size_t j = 0; j < a->n; j++) {
      const double *all = a->inputs + j * a->n, *at_home = a->domestic_inputs + j * a->n;
      next[j] = direct[j];
      for (size_t i = 0; i < a->n; i++) {
        next[j] += at_home[i] * change[i] + (all[i] - at_home[i]) * import_change[i];
      }
      next[j] *= charge->pass_through[j];
    }
    memcpy(change, next, a->n * sizeof *change);
  }
  free(next);
}

static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  visit *v = user;
  const size_t n = a->n;
  double *part = calloc(3 * n, sizeof *part), *theta = part + n, *by_hand = part + 2 * n;
  for (size_t j = 0; j < n; j++) {
    part[j] = (double)(j % 3) / 2.0;
    theta[j] = j % 4 == 0 ? 0.3 : 1.0;
  }
  const tanlu_carbon_charge charge = {
      .price = 0.02, .covered = part, .pass_through = theta, .households = true, .border = a->t % 2 == 0};
  assert_int_equal(tanlu_prices_year(v->prices, a, &charge, context), TANLU_OK);
  const tanlu_prices *p = v->prices;
  repeat(a, &charge, p->direct, p->import_change, by_hand);
  assert_same(p->change, by_hand, n, 1e-12);
  double co2 = 0.0;
  for (size_t j = 0; j < n; j++) co2 += part[j] * a->co2[j];
  assert_near(p->production_revenue, 0.02 * co2, 1e-12);
  assert_true(p->border_revenue > 0.0 ? charge.border : !charge.border);

  /* everything charged, everything passed on: v' L y = p' y of the CO2 alone is P times the CO2 of all sectors */
  const tanlu_carbon_charge plain = {.price = 0.02};
  assert_int_equal(tanlu_prices_year(v->prices, a, &plain, context), TANLU_OK);
  double paid = 0.0, all_co2 = 0.0;
  for (size_t i = 0; i < n; i++) {
    all_co2 += a->co2[i];
    paid += p->change[i] * a->discrepancy[i];
    for (size_t k = 0; k < a->categories; k++) paid += p->change[i] * a->final_domestic[k * n + i];
  }
  assert_near(paid, 0.02 * all_co2, 1e-9);
  free(part);
  v->seen++;
  return TANLU_OK;
}

static void shipped_scenarios_add_up(void **state) {
  const shipped_scenarios *all = *state;
  for (size_t k = 0; k < SCENARIOS; k++) {
    const shipped_scenario *run = &all->run[k];
    visit v = {0};
    bool *wanted = calloc(run->drivers->years, sizeof *wanted);
    wanted[0] = wanted[11] = wanted[run->drivers->years - 1] = true;
    const tanlu_accounts *accounts = &run->dataset->accounts;
    assert_int_equal(tanlu_prices_create(&v.prices, accounts->n, accounts->category.count, all->context), TANLU_OK);
    const tanlu_status status =
        tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, look, &v, all->context);
    if (status != TANLU_OK) tanlu_test_print_messages(all->context);
    assert_int_equal(status, TANLU_OK);
    assert_int_equal(v.seen, 3);
    tanlu_prices_free(&v.prices);
    free(wanted);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_sectors_by_hand),
      cmocka_unit_test(accounts_that_do_not_balance),
      cmocka_unit_test(shipped_scenarios_add_up),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
