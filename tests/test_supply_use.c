/* Supply and use tables to symmetric ones. Oracles: the small example of R. E. Miller and P. D. Blair, Input-Output Analysis, 2nd ed.
 * (2009), chapter 5, by hand; the equations that define each technology, which the tables must meet whoever computed them; sums that
 * no transformation changes; tables at basic prices that were marked up by known margins and taxes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/supply_use.h"
#include "solvers/memory.h"
#include "solvers/random.h"
#include "tests/support.h"

static const double tolerance = 1e-9;

static int set_up(void **state) {
  *state = tanlu_context_create();
  return *state == NULL;
}

static int tear_down(void **state) {
  tanlu_context_free((tanlu_context **)state);
  return 0;
}

static double random_number(uint32_t stream, uint32_t k) {
  return tanlu_random_uniform(5, TANLU_STREAM_CALLER, stream, k);
}

static void name(tanlu_labels *labels, const char *letter, size_t count) {
  for (size_t k = 0; k < count; k++) {
    char code[32];
    (void)snprintf(code, sizeof code, "%s%zu", letter, k + 1);
    assert_int_equal(tanlu_labels_add(labels, code, NULL, NULL, NULL), TANLU_OK);
  }
}

/* Empty tables with one category of final use, exports, and one component of value added. */
static tanlu_supply_use make(size_t products, size_t industries) {
  tanlu_supply_use t = {.role = tanlu_allocate(NULL, 1, sizeof *t.role),
                        .supply = tanlu_allocate_doubles(NULL, products, industries),
                        .use = tanlu_allocate_doubles(NULL, products, industries),
                        .final_use = tanlu_allocate_doubles(NULL, products, 1),
                        .value_added = tanlu_allocate_doubles(NULL, 1, industries),
                        .imports = tanlu_allocate_doubles(NULL, products, 1)};
  assert_true(t.role != NULL && t.supply != NULL && t.use != NULL && t.final_use != NULL && t.value_added != NULL &&
              t.imports != NULL);
  name(&t.product, "p", products);
  name(&t.industry, "i", industries);
  name(&t.category, "y", 1);
  name(&t.component, "w", 1);
  t.role[0] = TANLU_ROLE_OTHER;
  return t;
}

/* Final use and value added that make both identities hold. */
static void close_identities(tanlu_supply_use *t) {
  const size_t p = t->product.count, n = t->industry.count;
  for (size_t i = 0; i < p; i++) {
    t->final_use[i] = t->imports[i];
    for (size_t j = 0; j < n; j++) t->final_use[i] += t->supply[j * p + i] - t->use[j * p + i];
  }
  for (size_t j = 0; j < n; j++) {
    t->value_added[j] = 0.0;
    for (size_t i = 0; i < p; i++) t->value_added[j] += t->supply[j * p + i] - t->use[j * p + i];
  }
}

static tanlu_status symmetric(tanlu_dataset **d, const tanlu_supply_use *t, tanlu_symmetric_model model,
                              tanlu_context *context) {
  tanlu_dataset_free(d);
  *d = tanlu_allocate(NULL, 1, sizeof **d);
  assert_non_null(*d);
  return tanlu_supply_use_symmetric(t, model, tolerance, &(*d)->accounts, context);
}

static void near(const double *found, const double *wanted, size_t count) {
  for (size_t k = 0; k < count; k++) assert_true(fabs(found[k] - wanted[k]) <= 1e-12 * fmax(1.0, fabs(wanted[k])));
}

/* V = (90 0; 10 100), U = (12 8; 10 7), final use (80, 83), value added (68, 95); q = (100, 100), g = (90, 110). V' = (90 10; 0 100) has
 * the inverse (1/90 -1/900; 0 1/100), so that
 *   A: T = (V')^-1 diag(q) = (10/9 -1/9; 0 1):   U T = (120/9  8 - 12/9; 100/9  7 - 10/9),   W T = (680/9, 95 - 68/9)
 *   B: T = diag(g)^-1 V = (1 0; 1/11 10/11):     U T = (12 + 8/11  80/11; 10 + 7/11  70/11), W T = (68 + 95/11, 950/11)
 *   C: T = diag(g) (V')^-1 = (1 -1/10; 0 11/10): T U = (11 7.3; 11 7.7),                     T Y = (71.7, 91.3)
 *   D: T = V diag(q)^-1 = (0.9 0; 0.1 1):        T U = (10.8 7.2; 11.2 7.8),                 T Y = (72, 91)
 * The book prints the coefficients of B, .127 .073 / .106 .064, and of D, .120 .065 / .124 .071. */
static void the_example_of_a_textbook(void **state) {
  static const double supply[] = {90, 0, 10, 100}, use[] = {12, 10, 8, 7};
  static const double flows[4][4] = {{120.0 / 9, 100.0 / 9, 8 - 12.0 / 9, 7 - 10.0 / 9},
                                     {12 + 8.0 / 11, 10 + 7.0 / 11, 80.0 / 11, 70.0 / 11},
                                     {11, 11, 7.3, 7.7},
                                     {10.8, 11.2, 7.2, 7.8}};
  static const double added[4][2] = {{680.0 / 9, 95 - 68.0 / 9}, {68 + 95.0 / 11, 950.0 / 11}, {68, 95}, {68, 95}};
  static const double final[4][2] = {{80, 83}, {80, 83}, {71.7, 91.3}, {72, 91}};
  static const double output[4][2] = {{100, 100}, {100, 100}, {90, 110}, {90, 110}};
  tanlu_supply_use t = make(2, 2);
  memcpy(t.supply, supply, sizeof supply);
  memcpy(t.use, use, sizeof use);
  close_identities(&t);
  assert_true(t.final_use[0] == 80 && t.final_use[1] == 83 && t.value_added[0] == 68 && t.value_added[1] == 95);
  assert_int_equal(tanlu_supply_use_check(&t, tolerance, *state), TANLU_OK);
  tanlu_dataset *d = NULL;
  for (tanlu_symmetric_model m = TANLU_MODEL_A; m <= TANLU_MODEL_D; m++) {
    assert_int_equal(symmetric(&d, &t, m, *state), TANLU_OK);
    near(d->accounts.flows, flows[m], 4);
    near(d->accounts.value_added, added[m], 2);
    near(d->accounts.final_use, final[m], 2);
    near(d->accounts.output, output[m], 2);
    assert_string_equal(d->accounts.sector.code[1], m < TANLU_MODEL_C ? "p2" : "i2");
    assert_int_equal(d->accounts.import_treatment, TANLU_IMPORT_NONE);
    assert_int_equal(tanlu_supply_use_negative(&d->accounts).cells, 0);
  }
  tanlu_dataset_free(&d);
  tanlu_supply_use_clear(&t);
}

static tanlu_supply_use make_random(size_t p, size_t n) {
  tanlu_supply_use t = make(p, n);
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < p; i++) {
      const uint32_t k = (uint32_t)(j * p + i);
      t.supply[k] = (i % n == j ? 100.0 : 6.0) * random_number(1, k) + (i % n == j ? 50.0 : 0.0);
      t.use[k] = 40.0 / (double)p * random_number(2, k);
    }
  }
  for (size_t i = 0; i < p; i++) t.imports[i] = 10.0 * random_number(3, (uint32_t)i);
  close_identities(&t);
  return t;
}

/* Rows and columns of the symmetric table add up, and totals are those of the use table. */
static void check_sums(const tanlu_supply_use *t, const tanlu_accounts *a) {
  double used = 0.0, added = 0.0, flows = 0.0, kept = 0.0;
  for (size_t k = 0; k < t->product.count * t->industry.count; k++) used += t->use[k];
  for (size_t j = 0; j < t->industry.count; j++) added += t->value_added[j];
  for (size_t i = 0; i < a->n; i++) {
    double row = a->final_use[i] - a->imports[i], column = a->value_added[i];
    for (size_t j = 0; j < a->n; j++) {
      row += a->flows[j * a->n + i];
      column += a->flows[i * a->n + j];
      flows += a->flows[j * a->n + i];
    }
    kept += a->value_added[i];
    assert_true(fabs(row - a->output[i]) <= 1e-11 * a->output[i]);
    assert_true(fabs(column - a->output[i]) <= 1e-11 * a->output[i]);
  }
  assert_true(fabs(flows - used) <= 1e-11 * used && fabs(kept - added) <= 1e-11 * added);
}

/* What defines the models, with C = V' diag(g)^-1 the product mix of industries, B = U diag(g)^-1 and S the coefficients found:
 *   A: S C = B, an industry's inputs are those of its products;     C: C Z = U, what an industry sells is in its mix;
 *   B and D: plain sums over who makes what. */
static void what_defines_the_models(void **state) {
  const size_t n = 7;
  tanlu_supply_use t = make_random(n, n);
  tanlu_dataset *d = NULL;
  double q[7] = {0}, g[7] = {0};
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) q[i] += t.supply[j * n + i], g[j] += t.supply[j * n + i];
  for (tanlu_symmetric_model m = TANLU_MODEL_A; m <= TANLU_MODEL_D; m++) {
    assert_int_equal(symmetric(&d, &t, m, *state), TANLU_OK);
    const tanlu_accounts *a = &d->accounts;
    check_sums(&t, a);
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++) {
        double left = 0.0, right = t.use[j * n + i];
        for (size_t k = 0; k < n; k++) {
          if (m == TANLU_MODEL_A) left += a->flows[k * n + i] / q[k] * t.supply[j * n + k];
          if (m == TANLU_MODEL_C) left += t.supply[k * n + i] / g[k] * a->flows[j * n + k];
          if (m == TANLU_MODEL_B) left += t.use[k * n + i] * t.supply[k * n + j] / g[k];
          if (m == TANLU_MODEL_D) left += t.supply[i * n + k] / q[k] * t.use[j * n + k];
        }
        if (m == TANLU_MODEL_B || m == TANLU_MODEL_D) right = a->flows[j * n + i];
        assert_true(fabs(left - right) <= 1e-11 * 100.0);
      }
    }
  }
  tanlu_dataset_free(&d);
  tanlu_supply_use_clear(&t);
}

/* More products than industries; imports go with the market shares in D, so that their sum stays. */
static void tables_that_are_not_square(void **state) {
  tanlu_supply_use t = make_random(9, 4);
  tanlu_dataset *d = NULL;
  for (tanlu_symmetric_model m = TANLU_MODEL_B; m <= TANLU_MODEL_D; m += 2) {
    double before = 0.0, after = 0.0;
    assert_int_equal(symmetric(&d, &t, m, *state), TANLU_OK);
    assert_int_equal(d->accounts.n, m == TANLU_MODEL_B ? 9 : 4);
    assert_int_equal(d->accounts.import_treatment, TANLU_IMPORT_PROPORTIONAL);
    check_sums(&t, &d->accounts);
    for (size_t i = 0; i < 9; i++) before += t.imports[i];
    for (size_t i = 0; i < d->accounts.n; i++) after += d->accounts.imports[i];
    assert_true(fabs(before - after) <= 1e-12 * before);
    assert_int_equal(tanlu_supply_use_negative(&d->accounts).cells, 0);
  }
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_A, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "9 products and 4 industries"));
  tanlu_dataset_free(&d);
  tanlu_supply_use_clear(&t);
}

/* The textbook's table with u_12 = 1: A gives (40/3 -1/3; 100/9 53/9). Its sums are (13, 17) by rows and (220/9, 50/9) by columns, and with
 * a zero in place of -1/3 only (13 0; 103/9 50/9) has them: changed by 1/3 in every cell. */
static void flows_below_zero(void **state) {
  static const double supply[] = {90, 0, 10, 100}, use[] = {12, 10, 1, 7}, wanted[] = {13, 103.0 / 9, 0, 50.0 / 9};
  tanlu_supply_use t = make(2, 2);
  memcpy(t.supply, supply, sizeof supply);
  memcpy(t.use, use, sizeof use);
  close_identities(&t);
  tanlu_dataset *d = NULL;
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_A, *state), TANLU_OK);
  const tanlu_negative_flows found = tanlu_supply_use_negative(&d->accounts);
  assert_int_equal(found.cells, 1);
  assert_true(fabs(found.sum + 1.0 / 3) <= 1e-14);
  double change = 0.0;
  assert_int_equal(tanlu_supply_use_rebalance(&d->accounts, &change, *state), TANLU_OK);
  for (size_t k = 0; k < 4; k++) assert_true(fabs(d->accounts.flows[k] - wanted[k]) <= 1e-9);
  assert_true(fabs(change - 4.0 / 3) <= 1e-9);
  check_sums(&t, &d->accounts);
  tanlu_dataset_free(&d);
  tanlu_supply_use_clear(&t);
}

static void what_cannot_be_told_apart(void **state) {
  static const double use[] = {1, 2, 1, 2, 1, 1, 1, 1, 2}; /* p3 is made as the sum of p1 and p2: 4 = 3 + 1, ... */
  static const double supply[] = {30, 10, 40, 20, 20, 40, 5, 45, 50};
  tanlu_supply_use t = make(3, 3);
  memcpy(t.supply, supply, sizeof supply);
  memcpy(t.use, use, sizeof use);
  close_identities(&t);
  tanlu_dataset *d = NULL;
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_A, *state), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(*state, "the supply table is singular: the industries that make product 'p3'"));
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_C, *state), TANLU_ERR_MODEL);
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_B, *state), TANLU_OK);
  tanlu_context_clear(*state);
  for (size_t j = 0; j < 3; j++) t.supply[3 * j + 1] = 0.0;
  t.imports[1] = 100.0;
  close_identities(&t);
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_D, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "product 'p2' is made by no industry; expected output to tell whose row"));
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_B, *state), TANLU_OK); /* imported alone */
  for (size_t i = 0; i < 3; i++) t.supply[i] = 0.0;
  close_identities(&t);
  assert_int_equal(symmetric(&d, &t, TANLU_MODEL_B, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "industry 'i1' makes nothing"));
  tanlu_dataset_free(&d);
  tanlu_supply_use_clear(&t);
}

/* p1 and p2 are goods with margins of 10 and 20 % and taxes of 5 and 30 % of the basic price in all uses; p3 is trade, which provides the
 * margins and bears a tax of 2 % of what is bought of it. Taking that off gives back the table at basic prices. */
static void purchasers_prices(void **state) {
  enum { P = 3, N = 3 };
  static const double margin[] = {0.1, 0.2, 0.0}, tax[] = {0.05, 0.3, 0.02};
  tanlu_supply_use basic = make_random(P, N), t = make_random(P, N);
  t.margins = tanlu_allocate_doubles(NULL, P, 1);
  t.taxes = tanlu_allocate_doubles(NULL, P, 1);
  assert_true(t.margins != NULL && t.taxes != NULL);
  double paid[N] = {0}, outside = 0.0;
  for (size_t j = 0; j <= N; j++) { /* the last one is final use */
    double *marked = j < N ? &t.use[j * P] : t.final_use, *plain = j < N ? &basic.use[j * P] : basic.final_use;
    double margins = 0.0, taxes = 0.0;
    for (size_t i = 0; i < P; i++) {
      marked[i] = plain[i] * (1.0 + margin[i] + tax[i]);
      margins += plain[i] * margin[i];
      taxes += plain[i] * tax[i];
      t.margins[i] += plain[i] * margin[i];
      t.taxes[i] += plain[i] * tax[i];
    }
    plain[2] += margins; /* at basic prices the user buys them from trade */
    t.margins[2] -= margins;
    if (j < N) {
      paid[j] = taxes;
    } else {
      outside = taxes;
    }
  }
  double all = 0.0;
  for (size_t i = 0; i < P; i++) { /* trade makes what it provides */
    double uses = basic.final_use[i] - basic.imports[i];
    for (size_t j = 0; j < N; j++) uses += basic.use[j * P + i];
    double made = 0.0;
    for (size_t j = 0; j < N; j++) made += t.supply[j * P + i];
    t.supply[i * P + i] += uses - made;
    all += t.margins[i];
  }
  assert_true(fabs(all) <= 1e-12);
  for (size_t j = 0; j < N; j++) {
    t.value_added[j] = 0.0;
    for (size_t i = 0; i < P; i++) t.value_added[j] += t.supply[j * P + i] - t.use[j * P + i];
  }
  assert_int_equal(tanlu_supply_use_check(&t, tolerance, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "the use table is at purchasers' prices"));
  double found = 0.0;
  assert_int_equal(tanlu_supply_use_to_basic(&t, tolerance, &found, *state), TANLU_OK);
  assert_int_equal(tanlu_supply_use_check(&t, tolerance, *state), TANLU_OK);
  near(t.use, basic.use, P * N);
  near(t.final_use, basic.final_use, P);
  near(&found, &outside, 1);
  assert_string_equal(t.component.code[1], "taxes_on_products");
  for (size_t j = 0; j < N; j++) near(&t.value_added[2 * j + 1], &paid[j], 1);
  t.margins[0] += 1.0;
  assert_int_equal(tanlu_supply_use_to_basic(&t, tolerance, &found, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "over all products; expected 0"));
  assert_int_equal(tanlu_supply_use_to_basic(&basic, tolerance, &found, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "no columns 'margins' and 'taxes'"));
  tanlu_supply_use_clear(&t);
  tanlu_supply_use_clear(&basic);
}

static void gaps_are_named(void **state) {
  tanlu_supply_use t = make_random(4, 4);
  t.final_use[1] += 1.0;
  t.value_added[3] -= 1.0;
  assert_int_equal(tanlu_supply_use_check(&t, tolerance, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "product 'p2' does not add up"));
  assert_true(tanlu_test_has_message(*state, "industry 'i4' does not add up"));
  assert_int_equal(tanlu_context_errors(*state), 2);
  assert_int_equal(tanlu_supply_use_check(&t, 0.1, *state), TANLU_OK);
  tanlu_supply_use_clear(&t);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_example_of_a_textbook),
      TEST(what_defines_the_models),
      TEST(tables_that_are_not_square),
      TEST(flows_below_zero),
      TEST(what_cannot_be_told_apart),
      TEST(purchasers_prices),
      TEST(gaps_are_named),
  };
  return cmocka_run_group_tests_name("supply_use", tests, NULL, NULL);
}
