/* tanlu convert and tanlu symmetric from outside. Oracles: what was converted and back again is what it was; the textbook's table of
 * tests/test_supply_use.c; places of wrong cells counted by hand; `tanlu check` of what was written. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static tanlu_dataset *read_dataset(const fixture *f, const char *name) {
  char path[TANLU_TEST_PATH];
  assert_true(snprintf(path, sizeof path, "%s/%s", f->directory, name) < (int)sizeof path);
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *d = NULL;
  if (tanlu_accounts_read(&d, path, context) != TANLU_OK) tanlu_test_print_messages(context);
  assert_non_null(d);
  tanlu_context_free(&context);
  return d;
}

static void near(const double *found, const double *wanted, size_t count) {
  for (size_t k = 0; k < count; k++) assert_true(fabs(found[k] - wanted[k]) <= 1e-14 * fabs(wanted[k]));
}

static void put(const fixture *f, const char *file, const char *text) {
  assert_int_equal(tanlu_test_write_file(f->directory, file, text), 0);
}

/* The shipped table with 153 sectors in dollars and back; employment comes along. */
static void money_there_and_back(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "convert", "china-2020", "--money", "1e6 USD", "--rate", "6.8974", "-o", "usd");
  expect_status(&f->run, 0);
  expect_out(&f->run, "usd: 153 sectors; money before in 1e4 CNY, now in 1e6 USD");
  expect_out(&f->run, "value added       10164220013  14736306"); /* 101.6 trillion CNY */
  tanlu(&f->run, f->directory, "convert", "./usd", "-m", "1e4 CNY", "-r", "0.14498216719343521", "-o", "cny", "-n",
        "again");
  expect_status(&f->run, 0);
  char *text = tanlu_test_read_file(f->directory, "usd/SOURCES.md");
  assert_non_null(text);
  assert_non_null(strstr(text, "- from 1e4 CNY to 1e6 USD, 6.8974 CNY a USD"));
  free(text);
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *given = NULL, *usd = read_dataset(f, "usd"), *back = read_dataset(f, "cny");
  assert_int_equal(tanlu_accounts_read(&given, "inputs/data/china-2020", context), TANLU_OK);
  assert_string_equal(usd->name, "usd");
  assert_string_equal(back->name, "again");
  assert_string_equal(usd->region, "China");
  const tanlu_accounts *a = &given->accounts, *b = &back->accounts;
  near(b->flows, a->flows, a->n * a->n);
  near(b->final_use, a->final_use, a->n * a->category.count);
  near(b->value_added, a->value_added, a->n * a->component.count);
  near(b->imports, a->imports, a->n);
  assert_int_equal(back->extension.label.count, 1);
  assert_string_equal(back->extension.label.code[0], "employment");
  assert_memory_equal(back->extension.value, given->employment, a->n * sizeof(double));
  tanlu_dataset_free(&given);
  tanlu_dataset_free(&usd);
  tanlu_dataset_free(&back);
  tanlu_context_free(&context);
}

/* The published split of 42 sectors dropped and given back as a file of imported uses. */
static void a_split_there_and_back(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "convert", "china-2020-42", "--merge", "-o", "merged");
  expect_status(&f->run, 0);
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *given = NULL;
  assert_int_equal(tanlu_accounts_read(&given, "inputs/data/china-2020-42", context), TANLU_OK);
  const tanlu_accounts *a = &given->accounts;
  char path[TANLU_TEST_PATH];
  assert_true(snprintf(path, sizeof path, "%s/imported.csv", f->directory) < (int)sizeof path);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fprintf(file, "code");
  for (size_t j = 0; j < a->n; j++) fprintf(file, ",%s", a->sector.code[j]);
  for (size_t k = 0; k < a->category.count; k++) fprintf(file, ",%s", a->category.code[k]);
  for (size_t i = a->n; i-- > 0;) {
    fprintf(file, "\n%s", a->sector.code[i]);
    for (size_t j = 0; j < a->n; j++) fprintf(file, ",%.17g", a->flows[j * a->n + i] - a->flows_domestic[j * a->n + i]);
    for (size_t k = 0; k < a->category.count; k++) {
      fprintf(file, ",%.17g", a->final_use[k * a->n + i] - a->final_domestic[k * a->n + i]);
    }
  }
  fprintf(file, "\n");
  assert_int_equal(fclose(file), 0);
  tanlu(&f->run, f->directory, "convert", "./merged", "--split", "imported.csv", "-o", "split");
  expect_status(&f->run, 0);
  tanlu_dataset *split = read_dataset(f, "split");
  for (size_t k = 0; k < a->n * a->n; k++) {
    assert_true(fabs(split->accounts.flows_domestic[k] - a->flows_domestic[k]) <= 1e-15 * a->flows[k]);
  }
  assert_memory_equal(split->accounts.flows, a->flows, a->n * a->n * sizeof(double));
  tanlu(&f->run, f->directory, "convert", "./split", "--split", "proportional", "-o", "none");
  expect_status(&f->run, 2);
  expect_err(&f->run, "apart already");
  tanlu(&f->run, f->directory, "convert", "./merged", "--merge", "-o", "none");
  expect_status(&f->run, 2);
  assert_false(tanlu_test_exists(f->directory, "none"));
  tanlu_dataset_free(&split);
  tanlu_dataset_free(&given);
  tanlu_context_free(&context);
}

/* tiny-2020 with goods twice as dear: what buys goods loses value added there; power with 40 of goods at 200 does not. Coal made of goods
 * that got cheaper gains: 120 - 10 - 15 - 10 = 85 against 70. */
static void constant_prices(void **state) {
  fixture *f = *state;
  put(f, "p.csv", "price,sector\n1,power\n2,goods\n1,coal\n");
  tanlu(&f->run, f->directory, "convert", "./tiny", "--deflate", "p.csv", "-o", "real");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Value added by double deflation, 1e4 CNY; largest changes");
  tanlu_dataset *d = read_dataset(f, "real");
  static const double added[] = {85, 500 - 40 - 150 - 110, 120}, output[] = {120, 500, 200};
  for (size_t j = 0; j < 3; j++) {
    assert_true(fabs(d->accounts.value_added[j] - added[j]) <= 1e-10 &&
                fabs(d->accounts.output[j] - output[j]) <= 1e-10);
  }
  tanlu_dataset_free(&d);
  put(f, "p.csv", "sector,price\npower,1\ngoods,20\ncoal,1\n");
  tanlu(&f->run, f->directory, "convert", "./tiny", "--deflate", "p.csv", "-o", "real", "--force");
  expect_status(&f->run, 0);
  expect_err(&f->run, "value added of sector 'goods' is -115 at constant prices (550 at current ones)");
  tanlu(&f->run, f->directory, "check", "./real");
  expect_status(&f->run, 0);
  /* exports of power alone, and imports of goods, at prices of their own */
  put(f, "p.csv", "sector,user,price,imports\npower,exports,2,\ngoods,,1,4\ncoal,,1,\npower,,1,\n");
  tanlu(&f->run, f->directory, "convert", "./tiny", "--split", "proportional", "--deflate", "p.csv", "-o", "own");
  expect_status(&f->run, 0);
  d = read_dataset(f, "own");
  assert_true(fabs(d->accounts.output[2] - 197.5) <= 1e-10 && fabs(d->accounts.imports[1] - 25.0) <= 1e-10);
  tanlu_dataset_free(&d);
}

static void wrong_conversions(void **state) {
  fixture *f = *state;
  const struct {
    const char *option, *text, *message; /* w.csv holds the text */
  } wrong[] = {
      {"-d", "sector,price\ncoal,1\ngoods,1\n", "w.csv: error: missing sector 'power'"},
      {"-d", "sector,price\ncoal,1\ngoods,1\npowr,1\n",
       "w.csv:4:1: error: unknown sector 'powr'; did you mean 'power'?"},
      {"-d", "sector,price\ncoal,1\ngoods,1\npower,100\n", "w.csv:4:2: error: 'price' is 100; expected"},
      {"-d", "sector,price\ncoal,1\ngoods,1\npower,0\n", "w.csv:4:2: error: 'price' is 0; expected"},
      {"-d", "sector,price\ncoal,1\ngoods,\npower,1\n", "w.csv:3:2: error: no price of 'goods'; expected a number"},
      {"-d", "sector,price\ncoal,1\ngoods,1\npower,1\ncoal,2\n",
       "w.csv:5:1: error: duplicate price of 'coal', first in line 2"},
      {"-d", "sector,price,user\ncoal,1,\ngoods,1,\npower,1,\ncoal,2,export\n",
       "w.csv:5:3: error: unknown user 'export'; did you mean 'exports'?"},
      {"-d", "sector,price,user\ncoal,1,\ngoods,1,\npower,1,\ncoal,2,exports\ncoal,3,exports\n",
       "w.csv:6:1: error: duplicate price of 'coal' for 'exports', first in line 5"},
      {"-d", "sector,price,user\ncoal,1,\ngoods,1,\npower,1,\ncoal,2,exports\n", "split it first"},
      {"-d", "sector,index\ncoal,1\n", "w.csv:1:2: error: unknown column 'index'"},
      {"-s", "code,coal,goods\ncoal,1,2\n", "w.csv:1: error: missing column 'power'"},
      {"-m", NULL, "--money: 'w.csv' is no unit; expected a power of ten and a currency, as in 1e6 USD"},
  };
  const size_t before = tanlu_test_entries(f->directory);
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    if (wrong[k].text != NULL) put(f, "w.csv", wrong[k].text);
    tanlu(&f->run, f->directory, "convert", wrong[k].option, "w.csv", "-o", "none", "./tiny");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_string_equal(f->run.out, "");
    assert_int_equal(tanlu_test_entries(f->directory), before + 1);
  }
  const struct {
    const char *argument[3], *message;
  } usage[] = {{{"-m", "1e4 USD", NULL}, "expected how many CNY one USD is"},
               {{"-m", "1e999 USD", "--rate=7"}, "--money: '1e999 USD' is no unit"},
               {{"-m", "1e6 CNY", "--rate=7"}, "expected none, the currency is the same"},
               {{"--rate=7", NULL, NULL}, "--rate without --money"},
               {{"--merge", "--split=proportional", NULL}, "--split and --merge together"}};
  for (size_t k = 0; k < sizeof usage / sizeof *usage; k++) {
    const char *const arguments[] = {
        "convert", "./tiny", "-o", "none", usage[k].argument[0], usage[k].argument[1], usage[k].argument[2], NULL};
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), arguments);
    expect_status(&f->run, 2);
    expect_err(&f->run, usage[k].message);
    assert_false(tanlu_test_exists(f->directory, "none"));
  }
  tanlu(&f->run, f->directory, "convert", "./tiny");
  expect_status(&f->run, 2);
  expect_err(&f->run, "expected the dataset to make: -o OUT");
  tanlu(&f->run, f->directory, "convert", "./tiny", "-o", "tiny");
  expect_status(&f->run, 2);
  expect_err(&f->run, "exists already");
}

/* ---- symmetric --------------------------------------------------------------------------------------------------------------- */

static const char supply[] = "code,I1,I2\nP1,90,10\nP2,0,100\n";
static const char use[] = "code,I2,E,I1\nva,95,,68\nP2,7,83,10\nP1,8,80,12\n";

#define SYMMETRIC(...)                                                                                                 \
  tanlu(&f->run, f->directory, "symmetric", "--supply", "s.csv", "--use", "u.csv", "--money", "1e6 USD", "--year",     \
        "2000", __VA_ARGS__)

static void the_example_of_a_textbook(void **state) {
  fixture *f = *state;
  static const char *const option[][2] = {{"--model=B", "--top=10"}, {"--technology=industry", "--by=product"}};
  static const double flows[] = {12 + 8.0 / 11, 10 + 7.0 / 11, 80.0 / 11, 70.0 / 11};
  put(f, "s.csv", supply);
  put(f, "u.csv", use);
  for (size_t k = 0; k < 2; k++) {
    SYMMETRIC(option[k][0], option[k][1], "-o", "b", "--force");
    expect_status(&f->run, 0);
    expect_out(&f->run, "b: 2 products, 2 industries to 2 sectors, model B: products by products, industry technology");
    tanlu_dataset *d = read_dataset(f, "b");
    near(d->accounts.flows, flows, 4);
    assert_string_equal(d->money, "1e6 USD");
    assert_string_equal(d->name, "b");
    assert_int_equal(d->base_year, 2000);
    tanlu_dataset_free(&d);
  }
  SYMMETRIC("--technology=commodity", "--by=industry", "-o", "c", "--region", "Somewhere");
  expect_status(&f->run, 0);
  expect_out(&f->run, "model C: industries by industries, fixed industry sales structure");
  tanlu(&f->run, f->directory, "check", "./c");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "solve", "./c");
  expect_status(&f->run, 0);
}

static void flows_below_zero(void **state) {
  fixture *f = *state;
  put(f, "s.csv", supply);
  put(f, "u.csv", "code,I1,I2,E\nP1,12,1,87\nP2,10,7,83\nva,68,102,0\n");
  SYMMETRIC("-m", "A", "-o", "a");
  expect_status(&f->run, 3);
  expect_err(&f->run, "1 flow is below zero under model A, -0.333333 in all");
  expect_err(&f->run, "P1   P2      -0.333");
  assert_string_equal(f->run.out, "");
  assert_false(tanlu_test_exists(f->directory, "a"));
  SYMMETRIC("-m", "A", "-o", "a", "--rebalance");
  expect_status(&f->run, 0);
  expect_out(&f->run, "1 flows below zero, -0.333333 in all, put to zero; flows changed by 1.33333 to keep all sums");
  char *text = tanlu_test_read_file(f->directory, "a/SOURCES.md");
  assert_non_null(text);
  assert_non_null(strstr(text, "flows below zero (-0.3333333333 1e6 USD in all) put to zero"));
  free(text);
  put(f, "s.csv", "code,I1,I2\nP1,90,11\nP2,180,22\n");
  put(f, "u.csv", "code,I1,I2,E\nP1,1,1,99\nP2,1,1,200\nva,268,31,0\n");
  SYMMETRIC("-m", "A", "-o", "none");
  expect_status(&f->run, 3);
  expect_err(&f->run, "the supply table is singular: the industries that make product 'P2'");
  assert_false(tanlu_test_exists(f->directory, "none"));
}

/* Goods P1 with a margin of 10 and a tax of 20 on 100 at basic prices, bought half by I1 and half finally; trade P2 provides the margin. */
static void purchasers_prices(void **state) {
  fixture *f = *state;
  put(f, "s.csv", "code,I1,I2,imports,margins,taxes\nP1,80,0,20,10,20\nP2,0,40,0,-10,0\n");
  put(f, "u.csv", "code,I1,I2,home\nP1,65,0,65\nP2,0,20,10\nva,15,20,0\n");
  SYMMETRIC("-m", "D", "-o", "d");
  expect_status(&f->run, 2);
  expect_err(&f->run, "the use table is at purchasers' prices");
  SYMMETRIC("-m", "D", "-o", "d", "--valuation", "proportional");
  expect_status(&f->run, 0);
  expect_out(&f->run, "taxes on products in final use, 10, are outside the table");
  tanlu_dataset *d = read_dataset(f, "d");
  static const double flows[] = {50, 5, 0, 20}, final[] = {50, 15}, imports[] = {20, 0}, added[] = {15, 10, 20, 0};
  for (size_t k = 0; k < 4; k++) assert_true(fabs(d->accounts.flows[k] - flows[k]) <= 1e-12);
  for (size_t k = 0; k < 4; k++) assert_true(fabs(d->accounts.value_added[k] - added[k]) <= 1e-12);
  near(d->accounts.final_use, final, 2);
  near(d->accounts.imports, imports, 2);
  assert_string_equal(d->accounts.component.code[1], "taxes_on_products");
  tanlu_dataset_free(&d);
}

static void wrong_tables(void **state) {
  fixture *f = *state;
  static const struct {
    const char *supply, *use, *message;
  } wrong[] = {
      {supply, "code,I1,I2,E\nP1,12,8,80\nP3,10,7,83\nva,68,95,0\n",
       "u.csv: error: missing product 'P2' of the supply table; is it 'P3'?"},
      {supply, "code,I1,E\nP1,12,80\nP2,10,83\nva,68,0\n", "u.csv: error: missing industry 'I2' of the supply table"},
      {supply, "code,I1,I2,E\nP1,12,8,80\nP2,10,7,83\n", "u.csv: error: holds no value added"},
      {supply, "code,I1,I2\nP1,12,8\nP2,10,7\nva,68,95\n", "u.csv: error: holds no final use"},
      {supply, "code,I1,I2,E\nP1,12,8,80\nP2,10,7,83\nva,68,95,1\n",
       "u.csv: error: row 'va' of value added holds 1 in column 'E' of final use; expected 0"},
      {supply, "code,I1,I2,E\nP1,12,-8,96\nP2,10,7,83\nva,68,111,0\n",
       "u.csv: error: row 'P1', column 'I2' is -8; expected at least 0"},
      {supply, "code,I1,I2,E\nP1,12,8,81\nP2,10,7,83\nva,68,95,0\n",
       "product 'P1' does not add up: uses 101, supply at basic prices 100"},
      {supply, "code,I1,I2,E\nP1,12,8,80\nP2,10,7,83\nva,68,90,0\n",
       "industry 'I2' does not add up: inputs 15 + value added 90, output 110"},
      {supply, "code,I1,I2,E\nP1,12,8,80\nP2,10,7,x\nva,68,95,0\n", "u.csv:3:4: error: expected a number"},
      {"code,I1,I2\nP1,90,10\nP2,-1,100\n", use, "s.csv: error: row 'P2', column 'I1' is -1; expected at least 0"},
      {"code,I1,I2\nP1,90,10\nP1,0,100\n", use, "s.csv:3:1: error: duplicate row 'P1', first in line 2"},
      {"code,imports\nP1,90\n", use, "s.csv: error: holds no industries"},
      {"code,I 1,I2\nP1,90,10\nP2,0,100\n", use, "'I 1' is no code for an industry"},
      {"code,I1,I2\nP1,90,10\nP2,0,60\nP3,0,40\n", "code,I1,I2,E\nP1,12,8,80\nP2,10,7,43\nP3,0,0,40\nva,68,95,0\n",
       "3 products and 2 industries"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    put(f, "s.csv", wrong[k].supply);
    put(f, "u.csv", wrong[k].use);
    SYMMETRIC("-m", "A", "-o", "none");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_string_equal(f->run.out, "");
    assert_false(tanlu_test_exists(f->directory, "none"));
  }
  static const struct {
    const char *argument, *other, *message;
  } usage[] = {{"--model=E", NULL, "--model: unknown model 'E'; expected A, B, C or D"},
               {"--technology=product", NULL, "expected --technology industry or commodity"},
               {"--technology=industry", "--by=sector", "--by: unknown kind 'sector'"},
               {"--model=A", "--by=industry", "--model beside --technology or --by"},
               {"--model=A", "--valuation=own", "--valuation: unknown rule 'own'"},
               {"--model=A", "--money=euro", "--money: 'euro' is no unit"},
               {"--model=A", "--tolerance=0.5", "--tolerance: 0.5"},
               {"--top=3", NULL, "expected --technology industry or commodity, or --model"}};
  for (size_t k = 0; k < sizeof usage / sizeof *usage; k++) {
    SYMMETRIC("-o", "none", usage[k].argument, usage[k].other);
    expect_status(&f->run, 2);
    expect_err(&f->run, usage[k].message);
    assert_false(tanlu_test_exists(f->directory, "none"));
  }
  tanlu(&f->run, f->directory, "symmetric", "--supply", "s.csv", "--use", "u.csv", "-o", "none", "--money", "1 EUR",
        "-mA");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--year is missing");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, tanlu_test_place_set_up, tanlu_test_place_tear_down)
int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(money_there_and_back),      TEST(a_split_there_and_back), TEST(constant_prices),   TEST(wrong_conversions),
      TEST(the_example_of_a_textbook), TEST(flows_below_zero),       TEST(purchasers_prices), TEST(wrong_tables),
  };
  return cmocka_run_group_tests_name("convert_command", tests, tanlu_test_program_setup, NULL);
}
