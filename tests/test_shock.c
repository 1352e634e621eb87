/* Shocks of supply and extraction. Oracles: the two-sector example of Miller and Blair by hand; x' = w' (I - B)^-1 with all
 * primary inputs; the accounts of the economy that is left; additivity of what is linear. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/shock.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* Miller and Blair (2nd ed., section 2.3.1): Z = [150 500; 200 100], f = (350, 1700), x = (1000, 2000). */
static const double book_inputs[] = {0.15, 0.20, 0.25, 0.05}, book_output[] = {1000.0, 2000.0};
static const double book_demand[] = {350.0, 1700.0}, book_value[] = {650.0, 1400.0}, book_co2[] = {500.0, 200.0};
static const double nothing[2] = {0.0};

static tanlu_solved_accounts book(const tanlu_dataset *dataset) {
  return (tanlu_solved_accounts){.dataset = dataset,
                                 .year = 2020,
                                 .n = 2,
                                 .categories = 1,
                                 .domestic_inputs = book_inputs,
                                 .output = book_output,
                                 .value_added = book_value,
                                 .final_domestic = book_demand,
                                 .discrepancy = nothing,
                                 .co2 = book_co2};
}

/* Sales of sector 1: 150 to itself, 500 to sector 2, of 1000: B_12 = 0.5; B_22 = 100 / 2000. A tenth of sector 1 lost takes
 * u_2 (1 - 0.05) = a_12 u_1: of sector 2's inputs a quarter is sector 1's. u_2 = 0.25 x 0.1 / 0.95. */
static void supply_by_hand(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const tanlu_solved_accounts a = book(NULL);
  tanlu_shock *s = NULL;
  assert_int_equal(tanlu_shock_create(&s, 2, context), TANLU_OK);
  assert_int_equal(tanlu_shock_supply(s, &a, 1, (const size_t[]){0}, (const double[]){0.1}, context), TANLU_OK);
  assert_same(s->relative, ((const double[]){0.1, 0.025 / 0.95}), 2, 1e-14);
  assert_same(s->output, ((const double[]){100.0, 50.0 / 0.95}), 2, 1e-14);
  assert_same(s->value_added, ((const double[]){65.0, 1400.0 * 0.025 / 0.95}), 2, 1e-14);
  assert_same(s->co2, ((const double[]){50.0, 5.0 / 0.95}), 2, 1e-14);
  assert_true(isnan(s->employment[0]));
  /* both at once: exactly what was asked for, whatever they do to each other */
  assert_int_equal(tanlu_shock_supply(s, &a, 2, (const size_t[]){1, 0}, (const double[]){0.3, -0.2}, context),
                   TANLU_OK);
  assert_same(s->relative, ((const double[]){-0.2, 0.3}), 2, 1e-14);
  assert_int_equal(tanlu_shock_supply(s, &a, 0, NULL, NULL, context), TANLU_OK);
  assert_same(s->output, nothing, 2, 1e-15);
  tanlu_shock_free(&s);
  tanlu_shock_free(&s);
  tanlu_context_free(&context);
}

/* Without sector 1: x_2 = 1700 / 0.95. Without its purchases from home: x_2 the same, x_1 = 350 + 0.25 x_2. Without its sales:
 * x_1 = 0 (final demand is a sale), x_2 = 1700 / 0.95. */
static void extraction_by_hand(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const tanlu_solved_accounts a = book(NULL);
  const bool first[] = {true, false};
  const double left = 1700.0 / 0.95;
  tanlu_shock *s = NULL;
  assert_int_equal(tanlu_shock_create(&s, 2, context), TANLU_OK);
  assert_int_equal(tanlu_shock_extract(s, &a, first, TANLU_EXTRACT_BOTH, context), TANLU_OK);
  assert_same(s->output, ((const double[]){1000.0, 2000.0 - left}), 2, 1e-14);
  assert_near(s->value_added[1], 0.7 * (2000.0 - left), 1e-13);
  assert_int_equal(tanlu_shock_extract(s, &a, first, TANLU_EXTRACT_PURCHASES, context), TANLU_OK);
  assert_same(s->output, ((const double[]){650.0 - 0.25 * left, 2000.0 - left}), 2, 1e-14);
  assert_int_equal(tanlu_shock_extract(s, &a, first, TANLU_EXTRACT_SALES, context), TANLU_OK);
  assert_same(s->output, ((const double[]){1000.0, 2000.0 - left}), 2, 1e-14);
  assert_int_equal(tanlu_shock_extract(s, &a, (const bool[]){false, false}, TANLU_EXTRACT_BOTH, context), TANLU_OK);
  assert_near_of(fabs(s->output[0]) + fabs(s->output[1]), 0.0, 1e-12, 1000.0);
  tanlu_shock_free(&s);
  tanlu_context_free(&context);
}

static void nothing_to_lose(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  char *code[] = {"first", "second"};
  const tanlu_dataset dataset = {.accounts = {.n = 2, .sector = {.count = 2, .code = code}}};
  tanlu_solved_accounts a = book(&dataset);
  a.output = (const double[]){1000.0, 0.0};
  tanlu_shock *s = NULL;
  assert_int_equal(tanlu_shock_create(&s, 2, context), TANLU_OK);
  assert_int_equal(tanlu_shock_supply(s, &a, 1, (const size_t[]){1}, (const double[]){0.1}, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "year 2020: sector second produces nothing that could be lost"));
  tanlu_shock_free(&s);
  tanlu_context_free(&context);
}

/* What an extraction leaves balances without the sectors; a loss of supply leaves sales shares as they were; both are linear. */
static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  tanlu_shock *s = user;
  const size_t n = a->n;
  double *sum = calloc(n, sizeof *sum);
  bool *extracted = calloc(n, sizeof *extracted);
  size_t busy = 0;
  for (size_t i = 0; i < n; i++) busy = a->output[i] > a->output[busy] ? i : busy;
  extracted[busy] = extracted[a->power_sector] = true;
  assert_int_equal(tanlu_shock_extract(s, a, extracted, TANLU_EXTRACT_BOTH, context), TANLU_OK);
  for (size_t i = 0; i < n; i++) {
    double left = a->discrepancy[i];
    for (size_t k = 0; k < a->categories; k++) left += a->final_domestic[k * n + i];
    for (size_t j = 0; j < n; j++) {
      left += extracted[j] ? 0.0 : a->domestic_inputs[j * n + i] * (a->output[j] - s->output[j]);
    }
    assert_near_of(a->output[i] - s->output[i], extracted[i] ? 0.0 : left, 1e-10, a->output[busy]);
  }
  const size_t pair[] = {busy, a->power_sector};
  const double loss[] = {0.02, 0.05};
  assert_int_equal(tanlu_shock_supply(s, a, 2, pair, loss, context), TANLU_OK);
  assert_near(s->relative[busy], 0.02, 1e-12);
  assert_near(s->relative[a->power_sector], 0.05, 1e-12);
  for (size_t j = 0; j < n; j++) { /* d_j = sum_i d_i B_ij: who is not in shock loses what is no longer delivered */
    if (extracted[j] || !(a->output[j] > 0.0)) continue;
    double lost = 0.0;
    for (size_t i = 0; i < n; i++) lost += s->relative[i] * a->domestic_inputs[j * n + i] * a->output[j];
    assert_near_of(s->output[j], lost, 1e-12, a->output[j]);
  }
  /* all sectors by the same part: nothing else is lost */
  size_t *every = calloc(n, sizeof *every), count = 0;
  for (size_t j = 0; j < n; j++) {
    if (a->output[j] > 0.0) every[count++] = j;
    sum[j] = 0.1;
  }
  assert_int_equal(tanlu_shock_supply(s, a, count, every, sum, context), TANLU_OK);
  for (size_t k = 0; k < count; k++) assert_near(s->relative[every[k]], 0.1, 1e-11);
  free(every);
  free(extracted);
  free(sum);
  return TANLU_OK;
}

static void shipped_accounts(void **state) {
  const shipped_scenarios *all = *state;
  for (size_t k = 0; k < SCENARIOS; k++) {
    const shipped_scenario *run = &all->run[k];
    tanlu_shock *s = NULL;
    bool *wanted = calloc(run->drivers->years, sizeof *wanted);
    wanted[0] = wanted[run->drivers->years - 1] = true;
    assert_int_equal(tanlu_shock_create(&s, run->dataset->accounts.n, all->context), TANLU_OK);
    const tanlu_status status =
        tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, look, s, all->context);
    if (status != TANLU_OK) tanlu_test_print_messages(all->context);
    assert_int_equal(status, TANLU_OK);
    tanlu_shock_free(&s);
    free(wanted);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(supply_by_hand),
      cmocka_unit_test(extraction_by_hand),
      cmocka_unit_test(nothing_to_lose),
      cmocka_unit_test(shipped_accounts),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
