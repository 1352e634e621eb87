/* Tables saved as text by pymrio, and EXIOBASE 3 folders. Oracles: a table of the test's own (tests/import_support.h), written here by
 * a writer of a few lines in the layout of inputs/FORMAT.md and read again to the last bit; the output that solves (I - A) x = y; places
 * of wrong fields counted by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import_support.h"

static const char *const sectors[4][2] = {
    {"aa", "Paddy rice"}, {"aa", "Steel & iron"}, {"bb", "Paddy rice"}, {"bb", "Steel & iron"}};
static const char *const categories[4][2] = {{"aa", "Households"},
                                             {"aa", "Gross fixed capital formation"},
                                             {"bb", "Households"},
                                             {"bb", "Gross fixed capital formation"}};
static const char *const stressors[3][2] = {{"Compensation of employees"}, {"Taxes"}, {"CO2 - combustion"}};

static const char parameters[] =
    "{\n    \"files\": {\n"
    "        \"Z\": {\"name\": \"Z.txt\", \"nr_index_col\": \"2\", \"nr_header\": \"2\"},\n"
    "        \"Y\": {\"name\": \"Y.txt\", \"nr_index_col\": \"2\", \"nr_header\": \"2\"},\n"
    "        \"x\": {\"name\": \"x.txt\", \"nr_index_col\": \"2\", \"nr_header\": \"1\"},\n"
    "        \"unit\": {\"name\": \"unit.txt\", \"nr_index_col\": \"2\", \"nr_header\": \"1\"}\n"
    "    },\n    \"systemtype\": \"IOSystem\"\n}\n";
static const char of_extension[] = "{\"files\": {\"F\": {\"name\": \"F.txt\", \"nr_index_col\": 1, \"nr_header\": 2},\n"
                                   "\"unit\": {\"name\": \"unit.txt\", \"nr_index_col\": 1, \"nr_header\": 1}},\n"
                                   "\"systemtype\": \"Extension\", \"name\": \"Factors\"}\n";
static const char units[] =
    "region\tsector\tunit\naa\tPaddy rice\tM.EUR\naa\tSteel & iron\tM.EUR\nbb\tPaddy rice\tM.EUR\n"
    "bb\tSteel & iron\tM.EUR\n";
static const char of_stressors[] = "\tunit\nCompensation of employees\tM.EUR\nTaxes\tM.EUR\nCO2 - combustion\tkt\n";

/* ---- the writer ------------------------------------------------------------------------------------------------------------ */

typedef struct {
  tanlu_test_place *place;
  char table[2 * TANLU_TEST_PATH], satellite[2 * TANLU_TEST_PATH]; /* directories */
  double factor;                                                   /* of all money */
  bool coefficients;                                               /* A instead of Z */
  const size_t *order;                                             /* of rows and columns of Z, A, x and F */
} source;

static const size_t straight[4] = {0, 1, 2, 3};

static source begin(tanlu_test_place *place, const char *name) {
  source s = {.place = place, .factor = 1.0, .order = straight};
  snprintf(s.table, sizeof s.table, "%s/%s", place->directory, name);
  snprintf(s.satellite, sizeof s.satellite, "%s/%s/satellite", place->directory, name);
  assert_int_equal(tanlu_test_write_file(s.table, "file_parameters.json", parameters), 0);
  assert_int_equal(tanlu_test_write_file(s.table, "satellite/file_parameters.json", of_extension), 0);
  return s;
}

static void write_output(const source *s) {
  char text[512];
  size_t length = (size_t)snprintf(text, sizeof text, "region\tsector\tindout\n");
  for (size_t k = 0; k < 4; k++) {
    const size_t i = s->order[k];
    length += (size_t)snprintf(text + length, sizeof text - length, "%s\t%s\t%.17g\n", sectors[i][0], sectors[i][1],
                               s->factor * tanlu_test_outputs[i]);
  }
  assert_int_equal(tanlu_test_write_file(s->table, "x.txt", text), 0);
}

static void write_source(const source *s) {
  const char *labels[4][2];
  double z[16], y[16], f[12];
  for (size_t r = 0; r < 4; r++) {
    const size_t i = s->order[r];
    labels[r][0] = sectors[i][0];
    labels[r][1] = sectors[i][1];
    for (size_t c = 0; c < 4; c++) {
      const size_t j = s->order[c];
      z[r * 4 + c] =
          s->coefficients ? tanlu_test_flows[i][j] / tanlu_test_outputs[j] : s->factor * tanlu_test_flows[i][j];
      y[r * 4 + c] = s->factor * tanlu_test_final[r][c];
    }
    f[r] = s->factor * tanlu_test_added[0][i];
    f[4 + r] = s->factor * tanlu_test_added[1][i];
    f[8 + r] = tanlu_test_co2[i];
  }
  const char *const(*ordered)[2] = (const char *const(*)[2])labels;
  const tanlu_test_matrix flows = {4, 4, 2, ordered, ordered, z, true}, final = {4, 4, 2, sectors, categories, y, true};
  const tanlu_test_matrix factors = {3, 4, 1, stressors, ordered, f, false};
  tanlu_test_write_matrix(s->table, s->coefficients ? "A.txt" : "Z.txt", &flows);
  tanlu_test_write_matrix(s->table, "Y.txt", &final);
  tanlu_test_write_matrix(s->satellite, "F.txt", &factors);
  write_output(s);
  assert_int_equal(tanlu_test_write_file(s->table, "unit.txt", units), 0);
  assert_int_equal(tanlu_test_write_file(s->satellite, "unit.txt", of_stressors), 0);
}

static source written(tanlu_test_place *place, const char *name) {
  const source s = begin(place, name);
  write_source(&s);
  return s;
}

static void expect_added(const tanlu_dataset *d, double factor) {
  assert_int_equal(d->accounts.component.count, 2);
  for (size_t j = 0; j < 4; j++) {
    for (size_t c = 0; c < 2; c++) assert_true(d->accounts.value_added[j * 2 + c] == factor * tanlu_test_added[c][j]);
  }
}

static void expect_same_file(tanlu_test_place *p, const char *one, const char *other) {
  char *a = tanlu_test_read_file(p->directory, one), *b = tanlu_test_read_file(p->directory, other);
  assert_non_null(a);
  assert_non_null(b);
  assert_string_equal(a, b);
  free(a);
  free(b);
}

/* ---- tables ---------------------------------------------------------------------------------------------------------------- */

static void a_saved_table(void **state) {
  tanlu_test_place *p = *state;
  const source s = written(p, "saved");
  assert_int_equal(tanlu_test_write_file(s.table, "notes/readme.txt", "no extension\n"), 0);
  tanlu_dataset *d = tanlu_test_import(p, "pymrio", "saved", "out", NULL);
  tanlu_test_expect_table(d, 1.0);
  expect_added(d, 1.0);
  assert_string_equal(d->accounts.sector.code[1], "aa_steel_iron");
  assert_string_equal(d->accounts.sector.name[1], "aa: Steel & iron");
  assert_string_equal(d->accounts.category.code[3], "bb_gross_fixed_capital_formation");
  assert_int_equal(d->accounts.role[3], TANLU_ROLE_FIXED_CAPITAL);
  assert_int_equal(d->accounts.role[0], TANLU_ROLE_OTHER);
  assert_string_equal(d->money, "1e6 EUR");
  assert_int_equal(d->base_year, 2020);
  assert_int_equal(d->levels, 2);
  assert_string_equal(d->level[0].group.code[1], "bb");
  assert_string_equal(d->level[1].group.code[0], "paddy_rice");
  assert_int_equal(d->level[1].of_sector[3], 1);
  assert_int_equal(d->extension.label.count, 1);
  assert_string_equal(d->extension.unit[0], "kt");
  for (size_t j = 0; j < 4; j++) assert_true(d->extension.value[j] == tanlu_test_co2[j]);
  tanlu_dataset_free(&d);
  expect_out(&p->run, "extension 'satellite': 2 rows are components of value added, 1 are extensions");
  expect_out(&p->run, "directory 'notes' has no file_parameters.json and is left out");
  expect_out(&p->run, "file satellite/F.txt, SHA-256 ");
  /* the identities hold in what was written */
  tanlu(&p->run, p->directory, "check", "./out");
  expect_status(&p->run, 0);
  /* and solving for its final demand gives its output */
  tanlu(&p->run, p->directory, "solve", "./out");
  expect_status(&p->run, 0);
  expect_out(&p->run, "total                               284.0            480.0 ");
  expect_out(&p->run, "differs from the output of the table by at most");
}

/* Thirds have all their digits: what is written with 17 comes back to the bit. */
static void all_digits(void **state) {
  tanlu_test_place *p = *state;
  source s = begin(p, "thirds");
  s.factor = 1.0 / 3.0;
  write_source(&s);
  tanlu_dataset *d = tanlu_test_import(p, "pymrio", "thirds", "out-thirds", NULL);
  tanlu_test_expect_table(d, s.factor);
  expect_added(d, s.factor);
  tanlu_dataset_free(&d);
}

/* Labels place numbers, not positions; sectors stand as in Y. */
static void shuffled(void **state) {
  static const size_t order[4] = {2, 0, 3, 1};
  tanlu_test_place *p = *state;
  source s = begin(p, "shuffled");
  s.order = order;
  write_source(&s);
  tanlu_dataset *d = tanlu_test_import(p, "pymrio", "shuffled", "out-shuffled", NULL);
  tanlu_test_expect_table(d, 1.0);
  tanlu_dataset_free(&d);
  expect_same_file(p, "out/flows.csv", "out-shuffled/flows.csv");
  expect_same_file(p, "out/value_added.csv", "out-shuffled/value_added.csv");
  expect_same_file(p, "out/extensions.csv", "out-shuffled/extensions.csv");
}

/* Line ends of Windows and a byte order mark change nothing. */
static void other_line_ends(void **state) {
  static const char *const names[] = {"Z.txt", "Y.txt", "x.txt", "unit.txt", "satellite/F.txt", "satellite/unit.txt"};
  tanlu_test_place *p = *state;
  const source s = written(p, "windows");
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    char *text = tanlu_test_read_file(s.table, names[k]), *other = malloc(2 * strlen(text) + 4), *to = other;
    memcpy(to, "\xEF\xBB\xBF", 3);
    to += 3;
    for (const char *from = text; *from != '\0'; from++) {
      if (*from == '\n') *to++ = '\r';
      *to++ = *from;
    }
    *to = '\0';
    assert_int_equal(tanlu_test_write_file(s.table, names[k], other), 0);
    free(text);
    free(other);
  }
  tanlu_dataset *d = tanlu_test_import(p, "pymrio", "windows", "out-windows", NULL);
  tanlu_test_expect_table(d, 1.0);
  tanlu_dataset_free(&d);
  expect_same_file(p, "out/flows.csv", "out-windows/flows.csv");
}

/* EXIOBASE: no file_parameters.json, A for Z, final demand of the satellite under its old name. */
static void an_exiobase_folder(void **state) {
  tanlu_test_place *p = *state;
  source s = begin(p, "IOT_2020_pxp");
  char path[3 * TANLU_TEST_PATH];
  s.coefficients = true;
  write_source(&s);
  snprintf(path, sizeof path, "%s/file_parameters.json", s.table);
  assert_int_equal(remove(path), 0);
  snprintf(path, sizeof path, "%s/file_parameters.json", s.satellite);
  assert_int_equal(remove(path), 0);
  assert_int_equal(
      tanlu_test_write_file(s.satellite, "F_hh.txt", "region\taa\nsector\tHouseholds\nCO2 - combustion\t3\n"), 0);
  tanlu_dataset *d = tanlu_test_import(p, "exiobase", "IOT_2020_pxp", "out-exiobase", NULL);
  tanlu_test_expect_table(d, 1.0);
  expect_added(d, 1.0);
  tanlu_dataset_free(&d);
  expect_out(&p->run, "flows are A diag(x); the source has no Z");
  expect_out(&p->run, "F_Y");
  expect_same_file(p, "out/flows.csv", "out-exiobase/flows.csv");
}

/* Without x: (I - A) x = y; without the satellite value added is the rest, 48, 64, 17, 155. */
static void coefficients_alone(void **state) {
  static const double rest[4] = {48, 64, 17, 155};
  tanlu_test_place *p = *state;
  source s = begin(p, "IOT_2019_pxp");
  char path[3 * TANLU_TEST_PATH];
  s.coefficients = true;
  write_source(&s);
  snprintf(path, sizeof path, "%s/file_parameters.json", s.table);
  assert_int_equal(remove(path), 0);
  snprintf(path, sizeof path, "%s/x.txt", s.table);
  assert_int_equal(remove(path), 0);
  tanlu_test_remove_dir(s.satellite);
  tanlu_dataset *d = tanlu_test_import(p, "exiobase", "IOT_2019_pxp", "out-solved", NULL);
  assert_int_equal(d->accounts.component.count, 1);
  for (size_t i = 0; i < 4; i++) {
    assert_true(fabs(d->accounts.output[i] - tanlu_test_outputs[i]) < 1e-12 * 256);
    assert_true(fabs(d->accounts.value_added[i] - rest[i]) < 1e-12 * 256);
  }
  tanlu_dataset_free(&d);
  expect_out(&p->run, "output solves (I - A) x = Y");
  expect_out(&p->run, "value added is output less inputs");
}

/* -4 moves from the flows into the discrepancy of its row and value added of its column: both sums stay. */
static void a_flow_below_zero(void **state) {
  tanlu_test_place *p = *state;
  const source s = written(p, "negative");
  assert_int_equal(tanlu_test_edit(s.table, "Z.txt", "aa\tPaddy rice\t8\t16\t0\t4\n", "aa\tPaddy rice\t8\t16\t\t-4\n"),
                   0);
  assert_int_equal(tanlu_test_edit(s.table, "Y.txt", "aa\tPaddy rice\t20\t", "aa\tPaddy rice\t28\t"), 0);
  assert_int_equal(tanlu_test_edit(s.satellite, "F.txt", "\t10\t100\n", "\t10\t108\n"), 0);
  tanlu_dataset *d = tanlu_test_import(p, "pymrio", "negative", "out-negative", NULL);
  const tanlu_accounts *a = &d->accounts;
  assert_true(a->flows[3 * 4 + 0] == 0.0 && a->discrepancy[0] == -4.0 && a->discrepancy[1] == 0.0);
  assert_int_equal(a->component.count, 3);
  assert_string_equal(a->component.code[2], "negative_flows");
  assert_true(a->value_added[3 * 3 + 2] == -4.0 && a->value_added[0 * 3 + 2] == 0.0);
  tanlu_dataset_free(&d);
  expect_out(&p->run, "flows below zero");
  expect_out(&p->run, "Z.txt: 1 empty cells are read as 0");
}

/* ---- wrong inputs ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *file, *before, *after; /* after NULL: the file is removed */
  const char *message;
} wrong;

static void wrong_inputs(void **state) {
  static const wrong cases[] = {
      {"file_parameters.json", NULL, NULL, "wrong/file_parameters.json: error: the file does not exist"},
      {"Z.txt", NULL, NULL, "wrong/Z.txt: error: the file does not exist"},
      {"unit.txt", NULL, NULL, "wrong/unit.txt: error: the file does not exist"},
      {"Z.txt", "aa\tPaddy rice\t8\t16", "aa\tPaddy rice\t8,0\t16", "wrong/Z.txt:4:3: error: expected a number"},
      {"Z.txt", "aa\tPaddy rice\t8\t16", "aa\tPaddy rice\tn.a.\t16", "wrong/Z.txt:4:3: error: expected a number"},
      {"Z.txt", "aa\tPaddy rice\t8\t16", "aa\tPaddy rice\tnan\t16", "wrong/Z.txt:4:3: error: expected a number"},
      {"Z.txt", "aa\tPaddy rice\t8\t16", "aa\tPaddy rice\t16", "wrong/Z.txt:4:6: error: 5 fields; expected 6"},
      {"Z.txt", "bb\tSteel & iron\t3\t16\t5\t64\n", "", "row"},
      {"Z.txt", "bb\tSteel & iron\t3", "aa\tSteel & iron\t3",
       "wrong/Z.txt:7:2: error: duplicate row 'aa', 'Steel & iron', first in line 5"},
      {"Z.txt", "bb\tSteel & iron\t3", "bb\tSteel\t3", "wrong/Z.txt:7:2: error: unknown sector 'bb', 'Steel'"},
      {"Z.txt", "sector\t\tPaddy rice\tSteel & iron", "sector\t\tPaddy rice\tPaddy rice",
       "wrong/Z.txt:2:4: error: duplicate sector 'aa', 'Paddy rice', first in field 3"},
      {"Z.txt", "region\t\taa\taa\tbb\tbb\n", "region\t\taa\taa\tbb\n", "error"},
      {"Y.txt", "bb\tPaddy rice\t2", "aa\tPaddy rice\t2",
       "wrong/Y.txt:6:2: error: duplicate row 'aa', 'Paddy rice', first in line 4"},
      {"Y.txt", "Households\tGross", "Gross fixed capital formation\tGross",
       "wrong/Y.txt:2:4: error: duplicate category"},
      {"x.txt", "bb\tPaddy rice\t32\n", "", "wrong/x.txt: error: missing row 'bb: Paddy rice'"},
      {"x.txt", "bb\tPaddy rice\t32\n", "bb\tPaddy rice\t33\n", "bb_paddy_rice"},
      {"unit.txt", "bb\tPaddy rice\tM.EUR", "bb\tPaddy rice\tkt",
       "wrong/unit.txt:4:3: error: 'kt' is no unit of money"},
      {"satellite/unit.txt", "Taxes\tM.EUR\n", "",
       "wrong/satellite/F.txt:4:1: error: stressor 'Taxes' has no unit in "},
      {"satellite/unit.txt", "Taxes\tM.EUR", "Taxes\tM.EUR\nJobs\t1000",
       "wrong/satellite/F.txt: error: has no row 'Jobs', of which "},
      {"unit.txt", "bb\tPaddy rice\tM.EUR", "bb\tPaddy rice\tM.USD",
       "wrong/unit.txt:4:3: error: 'M.USD' after sectors in 1e6 EUR"},
      {"satellite/F.txt", "Taxes", "Compensation of employees", "wrong/satellite/F.txt:4:1: error: duplicate stressor"},
      {"satellite/F.txt", "30\t40", "30\tx", "wrong/satellite/F.txt:3:3: error: expected a number"},
      {"satellite/file_parameters.json", "Extension", "IOSystem", "expected Extension"},
      {"file_parameters.json", "\"Z.txt\"", "\"../Z.txt\"", "is no name of a file beside this one"},
      {"file_parameters.json", "\"Z.txt\"", "\"Z.parquet\"", "is not saved as text"},
      {"file_parameters.json", "\"Y\": {", "\"Z\": {", "wrong/file_parameters.json:4:9: error: duplicate key 'Z'"},
      {"file_parameters.json", "\"Z\": {", "\"Z\": *anchor, \"B\": {", "aliases are not accepted"},
      {"file_parameters.json", "\"nr_header\": \"2\"", "\"nr_header\": \"-2\"", "expected 'nr_header' from 1 to 8"},
      {"file_parameters.json", "\"2\"", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"2\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
       "nested deeper than 32 levels"},
  };
  tanlu_test_place *p = *state;
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    const source s = written(p, "wrong");
    if (cases[k].before == NULL) {
      char path[3 * TANLU_TEST_PATH];
      snprintf(path, sizeof path, "%s/%s", s.table, cases[k].file);
      assert_int_equal(remove(path), 0);
    } else {
      assert_int_equal(tanlu_test_edit(s.table, cases[k].file, cases[k].before, cases[k].after), 0);
    }
    tanlu_test_expect_no_import(p, "pymrio", "wrong", cases[k].message);
    tanlu_test_remove_dir(s.table);
  }
  tanlu_test_expect_no_import(p, "pymrio", "nowhere", "no such directory");
}

/* Commas where tabs are expected. */
static void another_delimiter(void **state) {
  tanlu_test_place *p = *state;
  const source s = written(p, "commas");
  char *text = tanlu_test_read_file(s.table, "Y.txt");
  for (char *c = text; *c != '\0'; c++) *c = *c == '\t' ? ',' : *c;
  assert_int_equal(tanlu_test_write_file(s.table, "Y.txt", text), 0);
  free(text);
  tanlu_test_expect_no_import(p, "pymrio", "commas",
                              "commas/Y.txt:1:1: error: 1 fields; expected 2 of the index and then columns of numbers, "
                              "separated by tabs, not by commas");
}

/* A line without end is refused before it is held; so is a quote that is left open over many lines. */
static void endless(void **state) {
  enum { MEGABYTE = 1 << 20, LINES = 66 };
  tanlu_test_place *p = *state;
  for (int open = 0; open < 2; open++) {
    const source s = written(p, "endless");
    char path[3 * TANLU_TEST_PATH], *block = malloc(MEGABYTE);
    snprintf(path, sizeof path, "%s/Z.txt", s.table);
    FILE *file = fopen(path, "a");
    assert_true(file != NULL && block != NULL);
    memset(block, '7', MEGABYTE);
    if (open == 1) block[MEGABYTE - 1] = '\n';
    if (open == 1) fputs("aa\t\"", file);
    for (int k = 0; k < LINES; k++) assert_int_equal(fwrite(block, 1, MEGABYTE, file), MEGABYTE);
    assert_int_equal(fclose(file), 0);
    free(block);
    tanlu_test_expect_no_import(p, "pymrio", "endless",
                                open == 1 ? "endless/Z.txt:8:2: error: the row begun here goes on beyond 64 MiB"
                                          : "endless/Z.txt:8: error: the line is longer than 64 MiB");
    tanlu_test_remove_dir(s.table);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_saved_table),     cmocka_unit_test(all_digits),         cmocka_unit_test(shuffled),
      cmocka_unit_test(other_line_ends),   cmocka_unit_test(an_exiobase_folder), cmocka_unit_test(coefficients_alone),
      cmocka_unit_test(a_flow_below_zero), cmocka_unit_test(wrong_inputs),       cmocka_unit_test(another_delimiter),
      cmocka_unit_test(endless),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
