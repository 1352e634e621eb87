/* What a report is made of, without a result file: escaping, numbers, tables, pages; units and rows of IAMC files; curves.
 *
 * Oracles: texts written out by hand, among them the ill-formed sequences of the Unicode Standard (table 3-8); factors of units from
 * their definitions (1 tce = 29.3076 GJ, 1 toe = 41.868 GJ, 1 TWh = 3.6 PJ). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/iamc_file.h"
#include "outputs/markup.h"
#include "outputs/overlay.h"
#include "outputs/report.h"
#include "tests/support.h"

typedef struct {
  tanlu_context *context;
  char directory[TANLU_TEST_PATH];
  FILE *stream;
  char *text;
  size_t length;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return -1;
  f->context = tanlu_context_create();
  f->stream = open_memstream(&f->text, &f->length);
  *state = f;
  return f->context == NULL || f->stream == NULL;
}

static int tear_down(void **state) {
  fixture *f = *state;
  (void)fclose(f->stream);
  free(f->text);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

/* What was written since the last time. */
static const char *written(fixture *f) {
  (void)fflush(f->stream);
  return f->text;
}

static void expect_markup(const char *given, const char *expected) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  tanlu_markup_put(stream, given);
  (void)fclose(stream);
  assert_string_equal(text, expected);
  free(text);
}

#define REPLACED "\xEF\xBF\xBD"

static void texts_are_escaped(void **state) {
  (void)state;
  expect_markup("a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;");
  expect_markup("碳路 €𝄞\t\n", "碳路 €𝄞\t\n");
  expect_markup("bell\x07, del\x7F", "bell" REPLACED ", del" REPLACED);
  expect_markup("\xC0\xAF", REPLACED REPLACED);                           /* overlong */
  expect_markup("\xE0\x80\xBF", REPLACED REPLACED REPLACED);              /* overlong */
  expect_markup("\xED\xA0\x80", REPLACED REPLACED REPLACED);              /* a surrogate */
  expect_markup("\xF4\x90\x80\x80", REPLACED REPLACED REPLACED REPLACED); /* beyond U+10FFFF */
  expect_markup("x\xE2\x82", "x" REPLACED REPLACED);                      /* cut off */
  expect_markup("\x80", REPLACED);
  expect_markup(NULL, "");
}

static void expect_number(double value, int decimals, const char *expected) {
  char text[64];
  assert_string_equal(tanlu_report_number(text, sizeof text, value, decimals), expected);
}

static void numbers_have_groups(void **state) {
  (void)state;
  expect_number(0.0, 0, "0");
  expect_number(999.0, 0, "999");
  expect_number(1000.0, 0, "1,000");
  expect_number(1234567.891, 2, "1,234,567.89");
  expect_number(-98765.4, 1, "−98,765.4");
  expect_number(-0.04, 1, "0.0");
  expect_number((double)NAN, 1, "–");
  char small[8];
  assert_true(strlen(tanlu_report_number(small, sizeof small, 123456789.0, 0)) < sizeof small);
}

static void formulas_are_set(void **state) {
  (void)state;
  static const char *const pair[][2] = {{"CO2", "CO₂"},
                                        {"Net CO2, CO2 per GDP", "Net CO₂, CO₂ per GDP"},
                                        {"Emissions|CO2|Energy", "Emissions|CO2|Energy"},
                                        {"CO2_total and XCO2 and CO20", "CO2_total and XCO2 and CO20"},
                                        {"", ""}};
  char text[64];
  for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) {
    assert_string_equal(tanlu_report_typeset(text, sizeof text, pair[k][0]), pair[k][1]);
  }
  assert_string_equal(tanlu_report_typeset(text, 5, "aCO2 CO2"), "aCO2"); /* cut */
  assert_string_equal(tanlu_report_words(text, sizeof text, "co2_energy.2030"), "Energy CO₂ 2030");
  assert_string_equal(tanlu_report_words(text, sizeof text, "unknown_code"), "unknown_code");
  assert_string_equal(tanlu_report_figure_name(text, sizeof text, "others", "Emissions|CO2"), "others-emissions-co2");
}

/* A page of a hostile title, a card, a table and a term: all of it escaped, elements closed in order. */
static void pages_are_well_formed(void **state) {
  fixture *f = *state;
  tanlu_report *report = tanlu_report_create("<script>alert(1)</script>", "5 > 4 & more", f->context);
  tanlu_report_section(report, "one", "First & last");
  tanlu_report_card(report, "Label \"x\"", "1 < 2", "Gt", "");
  tanlu_report_card(report, "Second", "3", "", "note");
  tanlu_report_term(report, "Term", "100 %% of <b>");
  tanlu_table *table = tanlu_table_create(f->context);
  tanlu_table_column(table, "name", TANLU_LEFT);
  tanlu_table_column(table, "value <1>", TANLU_RIGHT);
  tanlu_table_text(table, "a&b");
  tanlu_table_text(table, "✓ 3");
  tanlu_table_text(table, "short row");
  tanlu_report_table(report, &table, false, "Caption %d", 7);
  assert_null(table);
  tanlu_report_source(report, "Text", "key: <value>\n");
  assert_int_equal(tanlu_report_html(report, f->stream, f->context), TANLU_OK);
  const char *page = written(f);
  assert_null(strstr(page, "<script"));
  assert_non_null(strstr(page, "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>"));
  assert_non_null(strstr(page, "<title>&lt;script&gt;"));
  assert_non_null(strstr(page, "<li><a href=\"#one\">First &amp; last</a></li>"));
  assert_non_null(strstr(page, "<th scope=\"col\" class=\"n\">value &lt;1&gt;</th>"));
  assert_non_null(strstr(page, "<td class=\"n met\">✓ 3</td>"));
  assert_non_null(strstr(page, "<tr><th scope=\"row\">short row</th><td class=\"n\"></td></tr>"));
  assert_non_null(strstr(page, "<b>Table 1.</b> Caption 7"));
  assert_non_null(strstr(page, "<dt>Term</dt><dd>100 % of &lt;b&gt;</dd>"));
  assert_non_null(strstr(page, "key: &lt;value&gt;"));
  assert_non_null(strstr(page, "<html lang=\"en\">"));
  /* Cards in one row, closed before the list of terms. */
  const char *cards = strstr(page, "<div class=\"cards\">"), *terms = strstr(page, "<dl>");
  assert_true(cards != NULL && terms != NULL && cards < terms && strstr(cards + 1, "<div class=\"cards\">") == NULL);
  tanlu_report_free(&report);
}

/* ---- units ------------------------------------------------------------------------------------------------------------------ */

static void units_are_converted(void **state) {
  (void)state;
  static const struct {
    const char *from, *to;
    double factor; /* 0: none */
  } pair[] = {{"Mt CO2/yr", "Mt CO2/yr", 1.0},
              {"Gt CO2/yr", "Mt CO2/yr", 1e3},
              {"kt CO2", "Mt CO2/yr", 1e-3},
              {"PJ/yr", "EJ/yr", 1e-3},
              {"TWh/yr", "EJ/yr", 3.6e-3},
              {"GWh/a", "EJ/yr", 3.6e-6},
              {"Mtoe/yr", "EJ/yr", 41.868e-3},
              {"Mtce", "EJ/yr", 29.3076e-3},
              {"TW", "GW", 1e3},
              {"billion", "million", 1e3},
              {"trillion USD_2020/yr", "billion USD_2020/yr", 1e3},
              {"billion USD_2010/yr", "billion USD_2020/yr", 0.0},
              {"Mt/yr", "Mt CO2/yr", 0.0},
              {"GW", "EJ/yr", 0.0},
              {"EJ/month", "EJ/yr", 0.0},
              {"", "EJ/yr", 0.0},
              {"ej/yr", "EJ/yr", 0.0}};
  for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) {
    double factor = -1.0;
    const bool known = tanlu_unit_factor(pair[k].from, pair[k].to, &factor);
    if (known != (pair[k].factor > 0.0)) print_error("%s to %s\n", pair[k].from, pair[k].to);
    assert_true(known == (pair[k].factor > 0.0));
    if (known) assert_true(fabs(factor - pair[k].factor) <= 1e-15 * pair[k].factor);
  }
}

/* Every unit of our table is one that curves can be brought to. */
static void every_unit_of_ours_is_known(void **state) {
  (void)state;
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) {
    double factor;
    assert_true(tanlu_unit_factor(tanlu_iamc_definition_at(i)->unit, tanlu_iamc_definition_at(i)->unit, &factor));
    assert_true(factor == 1.0);
  }
}

/* ---- files of the IAMC -------------------------------------------------------------------------------------------------------- */

static tanlu_status take(void *user, const tanlu_iamc_row *row, tanlu_context *context) {
  const tanlu_overlay_row given = {row->file,     row->line, row->model,  row->scenario, row->region,
                                   row->variable, row->unit, row->points, row->year,     row->value};
  return tanlu_overlay_add(user, &given, context);
}

/* Read a text as a file; the overlay is freed by the caller. */
static tanlu_status read_text(fixture *f, const char *text, tanlu_overlay **overlay) {
  char path[TANLU_TEST_PATH + 16];
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_test_write_file(f->directory, "o.csv", text), 0);
  (void)snprintf(path, sizeof path, "%s/o.csv", f->directory);
  assert_int_equal(tanlu_overlay_create(overlay, "China", f->context), TANLU_OK);
  return tanlu_iamc_read(path, take, *overlay, f->context);
}

static void refuse(fixture *f, const char *text, const char *message) {
  tanlu_overlay *overlay = NULL;
  assert_int_equal(read_text(f, text, &overlay), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, message));
  tanlu_overlay_free(&overlay);
}

#define WIDE "Model,Scenario,Region,Variable,Unit,2020,2030,2060\n"
#define LONG "model,scenario,region,variable,unit,year,value\n"

/* The same curve wide, with a byte order mark and CRLF, and long, out of order: Gt to Mt, a gap left out. */
static void wide_and_long_files_are_the_same(void **state) {
  fixture *f = *state;
  static const char *const text[] = {
      WIDE "M,S,China,Emissions|CO2,Gt CO2/yr,10,,0.5\n",
      "\xEF\xBB\xBFModel,Scenario,Region,Variable,Unit,2020,2030,2060\r\n"
      "M,S,China,Emissions|CO2,Gt CO2/yr,10,,0.5\r\n",
      LONG "M,S,China,Emissions|CO2,Gt CO2/yr,2060,0.5\nM,S,China,Emissions|CO2,Mt CO2/yr,2020,10000\n"};
  for (size_t k = 0; k < sizeof text / sizeof *text; k++) {
    tanlu_overlay *overlay = NULL;
    if (read_text(f, text[k], &overlay) != TANLU_OK) tanlu_test_print_messages(f->context);
    assert_int_equal(tanlu_overlay_curves(overlay), 1);
    const tanlu_overlay_curve *c = tanlu_overlay_curve_at(overlay, 0);
    assert_string_equal(tanlu_iamc_definition_at(c->definition)->name, "Emissions|CO2");
    assert_int_equal(c->points, 2);
    assert_int_equal(c->year[0], 2020);
    assert_int_equal(c->year[1], 2060);
    assert_true(fabs(c->value[0] - 10000.0) < 1e-9 && fabs(c->value[1] - 500.0) < 1e-9);
    tanlu_overlay_free(&overlay);
  }
}

static void other_regions_and_variables_are_counted(void **state) {
  fixture *f = *state;
  tanlu_overlay *overlay = NULL;
  assert_int_equal(read_text(f,
                             WIDE "M,S,World,Emissions|CO2,Mt CO2/yr,1,2,3\n"
                                  "M,S,China,Temperature|Global Mean,°C,1,2,3\n"
                                  "M,S,China,Capacity|Electricity,TW,1,2,3\n",
                             &overlay),
                   TANLU_OK);
  const tanlu_overlay_left *left = tanlu_overlay_left_out(overlay);
  assert_int_equal(left->rows, 3);
  assert_int_equal(left->other_region, 1);
  assert_int_equal(left->unknown, 1);
  assert_string_equal(left->first_region, "World");
  assert_string_equal(left->first_unknown, "Temperature|Global Mean");
  assert_int_equal(tanlu_overlay_curves(overlay), 1);
  tanlu_overlay_free(&overlay);
}

static void wrong_files_are_refused(void **state) {
  fixture *f = *state;
  refuse(f, WIDE "M,S,China,Emissions|CO2,Mt CO2/yr,1,abc,3\n", "o.csv:2:7: error: ");
  refuse(f, WIDE "M,S,China,Emissions|CO2,EJ/yr,1,2,3\n",
         "o.csv:2: error: unit 'EJ/yr' of Emissions|CO2 cannot be brought to Mt CO2/yr");
  refuse(f, WIDE "M,S,China,Emissions|CO2,Mt CO2/yr,1,2,3\nM,S,China,Emissions|CO2,Mt CO2/yr,1,2,3\n",
         "o.csv:3: error: duplicate value of Emissions|CO2 of M, S in 2020");
  refuse(f, LONG "M,S,China,Emissions|CO2,Mt CO2/yr,2020,1\nM,S,China,Emissions|CO2,Mt CO2/yr,2020,2\n",
         "o.csv:3: error: duplicate value");
  refuse(f, LONG "M,S,China,Emissions|CO2,Mt CO2/yr,20x0,1\n", "o.csv:2:6: error: '20x0' is no year");
  refuse(f, WIDE ",S,China,Emissions|CO2,Mt CO2/yr,1,2,3\n", "o.csv:2:1: error: the Model is empty");
  refuse(f, WIDE "M,S,China,Emissions|CO2,Mt CO2/yr,1,2\n", "o.csv:2");
  refuse(f, "Model,Scenario,Region,Variable,Unit,2020,2020\n", "o.csv:1:7: error: duplicate column '2020'");
  refuse(f, "Model,Scenario,Region,Variable,Unit,Remark\n", "o.csv:1:6: error: unknown column 'Remark'");
  refuse(f, "Model,Scenario,Variable,Unit,2020\n", "o.csv:1: error: has no column 'Region'");
  refuse(f, "Model,Scenario,Region,Variable,Unit,Year,2020\n", "o.csv:1: error: has a column 'Year' beside");
  refuse(f, "Model,Scenario,Region,Variable,Unit\n", "o.csv:1: error: has no column 'Year'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_are_escaped),
      cmocka_unit_test(numbers_have_groups),
      cmocka_unit_test(formulas_are_set),
      cmocka_unit_test_setup_teardown(pages_are_well_formed, set_up, tear_down),
      cmocka_unit_test(units_are_converted),
      cmocka_unit_test(every_unit_of_ours_is_known),
      cmocka_unit_test_setup_teardown(wide_and_long_files_are_the_same, set_up, tear_down),
      cmocka_unit_test_setup_teardown(other_regions_and_variables_are_counted, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_files_are_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
