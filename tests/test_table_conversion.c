/* Accounts in other money, at constant prices, with and without a split. Oracles: a table of two sectors by hand; prices that are all alike, which
 * divide everything; splits that lead to the same volumes; sums that stay.
 *
 *          s1  s2 | home exports | imports | output     mu
 *     s1   10  20 |   50      15 |      16 |     79    0.2 = 16 / 80
 *     s2   30  40 |   60       5 |      13 |    122    0.1 = 13 / 130
 *     w    30  50
 *     t     9  12                                                    */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "model/identities.h"
#include "model/table_conversion.h"
#include "solvers/memory.h"
#include "tests/support.h"

enum { N = 2, USERS = 4 };

typedef struct {
  tanlu_context *context;
  tanlu_dataset *dataset;
} fixture;

static double *numbers(const double *from, size_t count) {
  double *to = tanlu_allocate_doubles(NULL, count, 1);
  assert_non_null(to);
  memcpy(to, from, count * sizeof *to);
  return to;
}

static int set_up(void **state) {
  static const double flows[] = {10, 30, 20, 40}, final[] = {50, 60, 15, 5}, added[] = {30, 9, 50, 12};
  static const double imports[] = {16, 13}, output[] = {79, 122}, none[] = {0, 0};
  static const char *const codes[][2] = {{"s1", "s2"}, {"home", "exports"}, {"w", "t"}};
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL) return 1;
  f->context = tanlu_context_create();
  tanlu_dataset *d = f->dataset = tanlu_allocate(NULL, 1, sizeof *d);
  if (f->context == NULL || d == NULL) return 1;
  tanlu_accounts *a = &d->accounts;
  tanlu_labels *const labels[] = {&a->sector, &a->category, &a->component};
  for (size_t k = 0; k < 6; k++)
    assert_int_equal(tanlu_labels_add(labels[k / 2], codes[k / 2][k % 2], NULL, NULL, NULL), 0);
  d->name = tanlu_string_copy(NULL, "two");
  a->n = N;
  a->role = tanlu_allocate(NULL, 2, sizeof *a->role);
  a->role[0] = TANLU_ROLE_OTHER;
  a->role[1] = TANLU_ROLE_EXPORTS;
  a->flows = numbers(flows, 4);
  a->final_use = numbers(final, 4);
  a->value_added = numbers(added, 4);
  a->imports = numbers(imports, 2);
  a->output = numbers(output, 2);
  a->discrepancy = numbers(none, 2);
  a->import_treatment = TANLU_IMPORT_PROPORTIONAL;
  a->balance_tolerance = 1e-12;
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  free(f);
  return 0;
}

static void near(const double *found, const double *wanted, size_t count) {
  for (size_t k = 0; k < count; k++) assert_true(fabs(found[k] - wanted[k]) <= 1e-13 * fmax(1.0, fabs(wanted[k])));
}

static void holds(fixture *f) {
  if (tanlu_identities_check(f->dataset, f->context) != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(tanlu_context_errors(f->context), 0);
}

/* ---- money ----------------------------------------------------------------------------------------------------------------- */

/* 10^4 CNY in 10^6 USD at 6.8974 CNY a USD: 0.01 / 6.8974. */
static void other_money(void **state) {
  fixture *f = *state;
  tanlu_accounts *a = &f->dataset->accounts;
  assert_int_equal(tanlu_table_split_by_share(f->dataset, f->context), TANLU_OK);
  assert_int_equal(tanlu_table_change_money(f->dataset, "1e6 USD", 6.8974, f->context), TANLU_OK);
  assert_string_equal(tanlu_dataset_money(f->dataset), "1e6 USD");
  const double one = 0.01 / 6.8974, flows[] = {10 * one, 30 * one, 20 * one, 40 * one},
               imports[] = {16 * one, 13 * one};
  const double output[] = {79 * one, 122 * one}, final[] = {50 * one, 60 * one, 15 * one, 5 * one};
  const double added[] = {30 * one, 9 * one, 50 * one, 12 * one}, home[] = {40 * one, 54 * one, 15 * one, 5 * one};
  near(a->flows, flows, 4);
  near(a->final_use, final, 4);
  near(a->final_domestic, home, 4);
  near(a->imports, imports, 2);
  near(a->output, output, 2);
  near(a->value_added, added, 4);
  holds(f);
  assert_int_equal(tanlu_table_change_money(f->dataset, "1000000 USD", 1.0, f->context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_table_change_money(f->dataset, "1e6 EUR", 0.0, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "expected how many USD one EUR is"));
  assert_int_equal(tanlu_table_change_money(f->dataset, "EUR", 1.0, f->context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_table_change_money(f->dataset, "1000 USD", 0.0, f->context), TANLU_OK);
  assert_true(fabs(a->output[0] - 79e3 * one) <= 1e-10 * 79e3 * one);
}

/* ---- splits --------------------------------------------------------------------------------------------------------------- */

static void split_and_merged(void **state) {
  fixture *f = *state;
  tanlu_accounts *a = &f->dataset->accounts;
  static const double home[] = {8, 27, 16, 36}, final[] = {40, 54, 15, 5};
  assert_int_equal(tanlu_table_merge(f->dataset, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "nothing to merge"));
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_table_split_by_share(f->dataset, f->context), TANLU_OK);
  assert_int_equal(a->import_treatment, TANLU_IMPORT_SPLIT);
  near(a->flows_domestic, home, 4);
  near(a->final_domestic, final, 4);
  holds(f);
  assert_int_equal(tanlu_table_split_by_share(f->dataset, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "apart already"));
  assert_int_equal(tanlu_table_merge(f->dataset, f->context), TANLU_OK);
  assert_int_equal(a->import_treatment, TANLU_IMPORT_PROPORTIONAL);
  assert_null(a->flows_domestic);
  assert_null(a->final_domestic);
}

static void more_imports_than_use(void **state) {
  fixture *f = *state;
  tanlu_accounts *a = &f->dataset->accounts;
  a->imports[0] = 81;
  a->output[0] = 14;
  assert_int_equal(tanlu_table_split_by_share(f->dataset, f->context), TANLU_ERR_INPUT);
  assert_true(
      tanlu_test_has_message(f->context, "imports of s1 are 1.012 of its domestic use; expected a share from 0 to 1"));
}

static void split_by_cells(void **state) {
  fixture *f = *state;
  tanlu_accounts *a = &f->dataset->accounts;
  static const double imported[] = {10, 1, 0, 2, 6, 6, 0, 4}, home[] = {0, 29, 20, 38}, final[] = {44, 54, 15, 1};
  assert_int_equal(tanlu_table_split_by_cell(f->dataset, imported, f->context), TANLU_OK);
  near(a->flows_domestic, home, 4);
  near(a->final_domestic, final, 4);
  holds(f);
}

static void wrong_cells(void **state) {
  fixture *f = *state;
  static const double imported[] = {10.5, 1, 0, 2, 5.5, -1, 0, 4};
  assert_int_equal(tanlu_table_split_by_cell(f->dataset, imported, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "imported part of 's1' used by 's1' is 10.5; expected 0 to 10"));
  assert_true(tanlu_test_has_message(f->context, "imported part of 's2' used by 'home' is -1; expected 0 to 60"));
  assert_true(tanlu_test_has_message(f->context, "imported parts of 's2' add up to 6, its imports are 13"));
  assert_int_equal(tanlu_context_errors(f->context), 3);
}

/* Exports of s1 of 105, of which 90 were imported: imports of 106 against domestic uses of 80. */
static void re_exports_cannot_be_merged(void **state) {
  fixture *f = *state;
  tanlu_accounts *a = &f->dataset->accounts;
  static const double imported[] = {2, 3, 4, 4, 10, 6, 90, 0};
  a->final_use[2] = 105;
  a->imports[0] = 106;
  assert_int_equal(tanlu_table_split_by_cell(f->dataset, imported, f->context), TANLU_OK);
  holds(f);
  assert_int_equal(tanlu_table_merge(f->dataset, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "imports of s1 are 1.325 of its domestic use"));
}

/* ---- constant prices -------------------------------------------------------------------------------------------------------- */

/* p_1, p'_1, p_2 and p'_2 for all users. */
static tanlu_table_prices prices_of(double own1, double imported1, double own2, double imported2) {
  tanlu_table_prices p = {.product = tanlu_allocate_doubles(NULL, N, 1),
                          .domestic = tanlu_allocate_doubles(NULL, N, USERS),
                          .imported = tanlu_allocate_doubles(NULL, N, USERS)};
  assert_true(p.product != NULL && p.domestic != NULL && p.imported != NULL);
  for (size_t k = 0; k < (size_t)(N * USERS); k++) {
    p.product[k % N] = p.domestic[k] = k % N == 0 ? own1 : own2;
    p.imported[k] = k % N == 0 ? imported1 : imported2;
  }
  return p;
}

static void deflate(fixture *f, tanlu_table_prices prices, tanlu_deflation *deflation) {
  if (tanlu_table_deflate(f->dataset, &prices, deflation, f->context) != TANLU_OK)
    tanlu_test_print_messages(f->context);
  assert_int_equal(tanlu_context_errors(f->context), 0);
  tanlu_table_prices_clear(&prices);
  holds(f);
}

static void all_prices_alike(void **state) {
  fixture *f = *state;
  tanlu_deflation found;
  static const double flows[] = {5, 15, 10, 20}, output[] = {39.5, 61}, added[] = {19.5, 31}, before[] = {39, 62};
  deflate(f, prices_of(2, 2, 2, 2), &found);
  near(f->dataset->accounts.flows, flows, 4);
  near(f->dataset->accounts.output, output, 2);
  near(f->dataset->accounts.value_added, added, 2);
  near(found.value_added[0], before, 2);
  near(found.value_added[1], added, 2);
  assert_int_equal(found.negative, 0);
  assert_int_equal(f->dataset->accounts.component.count, 1);
  tanlu_deflation_clear(&found);
}

/* s1 costs 2 at home and 4 from abroad, s2 did not change. Of a use z of s1 0.8 z / 2 + 0.2 z / 4 is left, of exports half, of imports a
 * quarter; value added of s1 39.5 - 4.5 - 30, of s2 122 - 9 - 40. With or without the split by shares. */
static void double_deflation(void **state) {
  fixture *f = *state;
  tanlu_accounts *a = &f->dataset->accounts;
  tanlu_deflation found;
  static const double flows[] = {4.5, 30, 9, 40}, final[] = {22.5, 60, 7.5, 5}, imports[] = {4, 13};
  static const double output[] = {39.5, 122}, added[] = {5, 73}, home[] = {4, 27, 8, 36};
  const bool split = a->flows_domestic != NULL;
  deflate(f, prices_of(2, 4, 1, 1), &found);
  near(a->flows, flows, 4);
  near(a->final_use, final, 4);
  near(a->imports, imports, 2);
  near(a->output, output, 2);
  near(a->value_added, added, 2);
  if (split) near(a->flows_domestic, home, 4);
  double produced = 0.0, spent = 0.0; /* GDP by production and by expenditure */
  for (size_t i = 0; i < N; i++) produced += a->value_added[i], spent -= a->imports[i];
  for (size_t k = 0; k < 4; k++) spent += a->final_use[k];
  assert_true(fabs(produced - spent) <= 1e-12);
  tanlu_deflation_clear(&found);
}

static void double_deflation_of_a_split(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_table_split_by_share(f->dataset, f->context), TANLU_OK);
  double_deflation(state);
}

/* s1 four times as dear: output 19.75, inputs 2.5 + 30. */
static void value_added_below_zero(void **state) {
  fixture *f = *state;
  tanlu_deflation found;
  static const double added[] = {-12.75, 77};
  deflate(f, prices_of(4, 4, 1, 1), &found);
  near(f->dataset->accounts.value_added, added, 2);
  assert_int_equal(found.negative, 1);
  tanlu_deflation_clear(&found);
}

/* Exports of s1 alone cost 3: 5 of them, output 64 / 2 + 5. */
static void prices_by_user(void **state) {
  fixture *f = *state;
  tanlu_deflation found;
  tanlu_table_prices prices = prices_of(2, 4, 1, 1);
  prices.domestic[3 * N] = 3;
  prices.by_user = true;
  assert_int_equal(tanlu_table_deflate(f->dataset, &prices, &found, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "split it first"));
  tanlu_deflation_clear(&found);
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_table_split_by_share(f->dataset, f->context), TANLU_OK);
  deflate(f, prices, &found);
  static const double output[] = {37, 122}, final[] = {22.5, 60, 5, 5}, added[] = {2.5, 73};
  near(f->dataset->accounts.output, output, 2);
  near(f->dataset->accounts.final_use, final, 4);
  near(f->dataset->accounts.value_added, added, 2);
  tanlu_deflation_clear(&found);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(other_money),
      TEST(split_and_merged),
      TEST(more_imports_than_use),
      TEST(split_by_cells),
      TEST(wrong_cells),
      TEST(re_exports_cannot_be_merged),
      TEST(all_prices_alike),
      TEST(double_deflation),
      TEST(double_deflation_of_a_split),
      TEST(value_added_below_zero),
      TEST(prices_by_user),
  };
  return cmocka_run_group_tests_name("table_conversion", tests, NULL, NULL);
}
