/* Tables, CSV and text pictures.
 *
 * Oracles: layouts written out by hand; the widths of Chinese characters from Unicode Standard Annex 11; the quoting
 * rules of RFC 4180. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"
#include "tests/support.h"

/* A stream into memory, and what was written to it. */
typedef struct {
  FILE *stream;
  char *text;
  size_t length;
} capture;

static void start(capture *c) {
  *c = (capture){0};
  c->stream = open_memstream(&c->text, &c->length);
  assert_non_null(c->stream);
}

static void expect(capture *c, const char *text) {
  assert_int_equal(fclose(c->stream), 0);
  assert_string_equal(c->text, text);
  free(c->text);
}

static void widths_of_texts(void **state) {
  (void)state;
  assert_int_equal(tanlu_text_width(""), 0);
  assert_int_equal(tanlu_text_width("steel"), 5);
  assert_int_equal(tanlu_text_width("碳路"), 4);
  assert_int_equal(tanlu_text_width("CO₂"), 3);      /* a subscript is narrow */
  assert_int_equal(tanlu_text_width("（t）"), 5);    /* full-width brackets */
  assert_int_equal(tanlu_text_width("e\u0301"), 1);  /* a combining accent takes no room */
  assert_int_equal(tanlu_text_width("\xff\xfe"), 2); /* bytes that are no UTF-8 */
  assert_int_equal(tanlu_text_width("a\xe7"), 2);    /* cut off inside a character */
}

static void columns_are_aligned(void **state) {
  (void)state;
  tanlu_table *table = tanlu_table_create(NULL);
  tanlu_table_column(table, "sector", TANLU_LEFT);
  tanlu_table_column(table, "2020", TANLU_RIGHT);
  tanlu_table_column(table, "note", TANLU_LEFT);
  tanlu_table_text(table, "煤炭");
  tanlu_table_number(table, 12.34, 1);
  tanlu_table_text(table, "a");
  tanlu_table_text(table, "steel");
  tanlu_table_number(table, -1234.5, 1);
  tanlu_table_text(table, "");
  tanlu_table_text(table, "x");
  tanlu_table_number(table, (double)NAN, 1);
  capture c;
  start(&c);
  assert_int_equal(tanlu_table_print(table, c.stream, NULL), TANLU_OK);
  expect(&c, "sector     2020  note\n"
             "---------------------\n"
             "煤炭       12.3  a\n"
             "steel   -1234.5\n"
             "x             -\n");
  tanlu_table_free(&table);
  assert_null(table);
}

static void tables_without_headings_or_rows(void **state) {
  (void)state;
  tanlu_table *table = tanlu_table_create(NULL);
  capture c;
  start(&c);
  assert_int_equal(tanlu_table_print(table, c.stream, NULL), TANLU_OK);
  expect(&c, "");
  tanlu_table_column(table, "", TANLU_LEFT);
  tanlu_table_column(table, "", TANLU_RIGHT);
  tanlu_table_text(table, "GDP");
  tanlu_table_number(table, -0.0001, 2);
  start(&c);
  assert_int_equal(tanlu_table_print(table, c.stream, NULL), TANLU_OK);
  expect(&c, "GDP  0.00\n"); /* no minus before a zero */
  tanlu_table_free(&table);
}

static void digits_by_magnitude(void **state) {
  (void)state;
  assert_int_equal(tanlu_decimals(12345.6), 0);
  assert_int_equal(tanlu_decimals(-1000.0), 0);
  assert_int_equal(tanlu_decimals(123.0), 1);
  assert_int_equal(tanlu_decimals(-5.0), 2);
  assert_int_equal(tanlu_decimals(0.5), 3);
  assert_int_equal(tanlu_decimals(0.0), 0);
  assert_int_equal(tanlu_decimals(1e-9), 6);
  assert_int_equal(tanlu_decimals((double)NAN), 0);
}

static void csv_fields(void **state) {
  (void)state;
  capture c;
  start(&c);
  tanlu_csv_put_text(c.stream, true, "plain text");
  tanlu_csv_put_text(c.stream, false, "a,b");
  tanlu_csv_put_text(c.stream, false, "say \"no\"");
  tanlu_csv_put_text(c.stream, false, "two\nlines");
  tanlu_csv_put_text(c.stream, false, "");
  tanlu_csv_put_end(c.stream);
  tanlu_csv_put_number(c.stream, true, 0.1);
  tanlu_csv_put_number(c.stream, false, 1.0 / 3.0);
  tanlu_csv_put_number(c.stream, false, (double)NAN);
  tanlu_csv_put_number(c.stream, false, -2e300);
  tanlu_csv_put_end(c.stream);
  expect(&c, "plain text,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\r\n"
             "0.1,0.3333333333333333,,-2e+300\r\n");
}

static void csv_numbers_read_back(void **state) {
  (void)state;
  double value = 1.0 / 7.0;
  for (int i = 0; i < 200; i++) {
    capture c;
    start(&c);
    tanlu_csv_put_number(c.stream, true, value);
    assert_int_equal(fclose(c.stream), 0);
    const double back = strtod(c.text, NULL);
    assert_memory_equal(&back, &value, sizeof back);
    free(c.text);
    value *= i % 2 == 0 ? -3.7e3 : 1.0 / 1.1e5;
  }
}

/* A result file with two products over two years, to be printed in both forms. */
static void csv_of_a_variable(void **state) {
  (void)state;
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 16], mt[] = "Mt", count[] = "1e4 pieces", name[] = "d";
  char *unit[] = {mt, count};
  tanlu_dataset dataset = {.name = name, .title = name, .products.unit = unit};
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  (void)snprintf(path, sizeof path, "%s/r.h5", directory);
  assert_int_equal(tanlu_labels_add(&dataset.products.product, "steel", NULL, NULL, NULL), TANLU_OK);
  assert_int_equal(tanlu_labels_add(&dataset.products.product, "cars, new", NULL, NULL, NULL), TANLU_OK);
  tanlu_level level = {0};
  dataset.level = &level;
  dataset.levels = 1;
  tanlu_projection *projection = NULL;
  tanlu_result *result = NULL;
  const tanlu_result_variable *variable = NULL;
  assert_int_equal(tanlu_projection_create(&projection, &dataset, 2020, 2, NULL), TANLU_OK);
  memcpy(projection->value[TANLU_FIELD_PRODUCT_OUTPUT], (const double[]){1000.5, 20.0, 990.25, 25.0},
         4 * sizeof(double));
  const tanlu_result_scenario scenario = {.name = "one", .projection = projection};
  const tanlu_provenance provenance = {.version = "1", .commit = "0"};
  assert_int_equal(tanlu_result_write(path, false, &dataset, &scenario, 1, &provenance, NULL), TANLU_OK);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  assert_int_equal(tanlu_result_variable_read(result, "product_output", &variable, NULL), TANLU_OK);
  const tanlu_csv_choice all = {.to = 9999, .member = TANLU_NONE},
                         none = {.to = 9999, .scenario = "two", .member = TANLU_NONE};
  const tanlu_csv_choice cars = {.from = 2021, .to = 2021, .scenario = "one", .member = 1};
  capture c;
  start(&c);
  assert_int_equal(tanlu_csv_write_long(c.stream, result, variable, &all, NULL), TANLU_OK);
  expect(&c, "scenario,year,product,unit,value\r\n"
             "one,2020,steel,Mt,1000.5\r\n"
             "one,2020,\"cars, new\",1e4 pieces,20\r\n"
             "one,2021,steel,Mt,990.25\r\n"
             "one,2021,\"cars, new\",1e4 pieces,25\r\n");
  start(&c);
  tanlu_csv_put_header(c.stream, result);
  assert_int_equal(tanlu_csv_write_any(c.stream, result, variable, &cars, NULL), TANLU_OK);
  expect(&c, "variable,scenario,year,member,member_2,unit,value\r\n"
             "product_output,one,2021,\"cars, new\",,1e4 pieces,25\r\n");
  start(&c);
  assert_int_equal(tanlu_csv_write_wide(c.stream, result, variable, &all, NULL), TANLU_OK);
  expect(&c, "scenario,product,unit,2020,2021\r\n"
             "one,steel,Mt,1000.5,990.25\r\n"
             "one,\"cars, new\",1e4 pieces,20,25\r\n");
  start(&c);
  assert_int_equal(tanlu_csv_write_wide(c.stream, result, variable, &none, NULL), TANLU_OK);
  expect(&c, "scenario,product,unit,2020,2021\r\n");
  tanlu_result_close(&result);
  tanlu_projection_free(&projection);
  tanlu_labels_clear(&dataset.products.product);
  tanlu_test_remove_dir(directory);
}

static void bars_and_sparklines(void **state) {
  (void)state;
  char buffer[64];
  assert_string_equal(tanlu_text_bar(buffer, sizeof buffer, 50.0, 100.0, 4), "██");
  assert_string_equal(tanlu_text_bar(buffer, sizeof buffer, 100.0 / 32.0, 100.0, 4), "▏"); /* one eighth of a column */
  assert_string_equal(tanlu_text_bar(buffer, sizeof buffer, 500.0, 100.0, 3), "███");
  assert_string_equal(tanlu_text_bar(buffer, sizeof buffer, -1.0, 100.0, 3), "");
  assert_string_equal(tanlu_text_bar(buffer, sizeof buffer, (double)NAN, 100.0, 3), "");
  assert_string_equal(tanlu_text_bar(buffer, 8, 1.0, 1.0, 10), "██"); /* as far as there is room */
  assert_string_equal(tanlu_text_sparkline(buffer, sizeof buffer, (const double[]){0.0, 4.0, 8.0}, 3), "▁▅█");
  assert_string_equal(tanlu_text_sparkline(buffer, sizeof buffer, (const double[]){1.0, (double)NAN}, 2), "█ ");
  assert_string_equal(tanlu_text_sparkline(buffer, sizeof buffer, (const double[]){0.0, 0.0}, 2), "▁▁");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(widths_of_texts),     cmocka_unit_test(columns_are_aligned),
      cmocka_unit_test(digits_by_magnitude), cmocka_unit_test(tables_without_headings_or_rows),
      cmocka_unit_test(csv_fields),          cmocka_unit_test(csv_numbers_read_back),
      cmocka_unit_test(csv_of_a_variable),   cmocka_unit_test(bars_and_sparklines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
