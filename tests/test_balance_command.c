/* tanlu balance from outside. Oracles: a shipped table scaled by known factors, whose sums lead back to it; the example of the paper on
 * GRAS; sums of the file that is written; places of wrong cells counted by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/coded_matrix.h"
#include "tests/program_support.h"

typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_test_run run;
  tanlu_context *context;
} fixture;

static const char table[] = "code,goods,services,consumption,net_exports\n"
                            "goods,7,3,5,-3\n"
                            "services,2,9,8,0\n"
                            "taxes,-2,0,2,0\n";
static const char rows[] = "code,value\ntaxes,-1\ngoods,15\nservices,26\n";
static const char columns[] = "code,value\nnet_exports,-2\ngoods,9\nservices,16\nconsumption,17\n";

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  f->context = tanlu_context_create();
  *state = f;
  return f->context == NULL || tanlu_test_write_file(f->directory, "t.csv", table) != 0 ||
         tanlu_test_write_file(f->directory, "u.csv", rows) != 0 ||
         tanlu_test_write_file(f->directory, "v.csv", columns) != 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_test_forget(&f->run);
  tanlu_test_remove_dir(f->directory);
  tanlu_context_free(&f->context);
  free(f);
  return 0;
}

static void read_matrix(fixture *f, const char *name, tanlu_coded_matrix *matrix) {
  char path[TANLU_TEST_PATH + 32];
  snprintf(path, sizeof path, "%s/%s", f->directory, name);
  const tanlu_status status = tanlu_coded_matrix_read(matrix, path, f->context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
}

static FILE *create(fixture *f, const char *name, const char *header) {
  char path[TANLU_TEST_PATH + 32];
  snprintf(path, sizeof path, "%s/%s", f->directory, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fprintf(file, "%s", header);
  return file;
}

static void the_example_of_the_paper(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "balance", "--rows", "u.csv", "--columns", "v.csv", "-o", "out.csv", "--tolerance",
        "1e-12", "t.csv");
  expect_status(&f->run, 0);
  expect_out(&f->run, "t.csv: 3 rows, 4 columns, balanced by GRAS in ");
  expect_out(&f->run, "services  services      9.00     12.62        3.62   40.3");
  tanlu_coded_matrix out;
  read_matrix(f, "out.csv", &out);
  assert_string_equal(out.column.code[3], "net_exports");
  assert_true(fabs(out.value[0] - 8.42434) < 1e-5 && fabs(out.value[9] + 2.0) < 1e-11);
  tanlu_coded_matrix_clear(&out);
  tanlu(&f->run, f->directory, "balance", "-r", "u.csv", "-c", "v.csv", "-o", "out.csv", "t.csv");
  expect_status(&f->run, 2); /* exists */
  tanlu(&f->run, f->directory, "balance", "-r", "u.csv", "-c", "v.csv", "-m", "ras", "t.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "t.csv: error: row 'taxes', column 'goods' holds -2; --method gras takes numbers below zero");
}

/* The table of 153 sectors with row i by r_i and column j by s_j: its sums bring back what it came from, also with its columns in
 * another order. */
static void a_shipped_table_is_found_again(void **state) {
  fixture *f = *state;
  tanlu_coded_matrix given;
  char path[TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/inputs/data/china-2020/flows.csv", tanlu_test_root());
  assert_int_equal(tanlu_coded_matrix_read(&given, path, f->context), TANLU_OK);
  const size_t n = given.row.count;
  assert_int_equal(n, 153);
  FILE *perturbed = create(f, "old.csv", "code"), *u = create(f, "rows.csv", "code,value\n");
  FILE *v = create(f, "columns.csv", "code,value\n");
  for (size_t j = n; j-- > 0;) fprintf(perturbed, ",%s", given.column.code[j]);
  for (size_t i = 0; i < n; i++) {
    double row = 0.0, column = 0.0;
    fprintf(perturbed, "\n%s", given.row.code[i]);
    for (size_t j = n; j-- > 0;) {
      const double factor = (0.5 + (double)i / (double)n) * (2.0 - (double)j / (double)n);
      fprintf(perturbed, ",%.17g", given.value[j * n + i] * factor);
      row += given.value[j * n + i];
      column += given.value[i * n + j];
    }
    fprintf(u, "%s,%.17g\n", given.row.code[i], row);
    fprintf(v, "%s,%.17g\n", given.column.code[i], column);
  }
  fprintf(perturbed, "\n");
  assert_true(fclose(perturbed) == 0 && fclose(u) == 0 && fclose(v) == 0);
  tanlu(&f->run, f->directory, "balance", "--rows", "rows.csv", "--columns", "columns.csv", "--against", path,
        "--tolerance", "1e-12", "-o", "new.csv", "old.csv");
  expect_status(&f->run, 0);
  expect_out(&f->run, "balanced by RAS in ");
  expect_out(&f->run, "balanced from true      0.00     0.00     0.00");
  expect_out(&f->run, "given from true ");
  tanlu_coded_matrix found;
  read_matrix(f, "new.csv", &found);
  for (size_t j = 0; j < n; j++) {
    assert_string_equal(found.column.code[j], given.column.code[n - 1 - j]);
    for (size_t i = 0; i < n; i++) {
      const double x = found.value[j * n + i], expected = given.value[(n - 1 - j) * n + i];
      assert_true(fabs(x - expected) <= 1e-9 * expected);
    }
  }
  tanlu_coded_matrix_clear(&found);
  tanlu_coded_matrix_clear(&given);
}

static void fixed_cells_and_weights(void **state) {
  fixture *f = *state;
  assert_int_equal(
      tanlu_test_write_file(f->directory, "known.csv", "row,column,value\nservices,goods,2.5\ngoods,services,\n"), 0);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "sure.csv", "row,column,weight\nservices,services,1000\ntaxes,goods,2\n"), 0);
  tanlu(&f->run, f->directory, "balance", "-r", "u.csv", "-c", "v.csv", "--fixed", "known.csv", "-o", "fixed.csv",
        "t.csv");
  expect_status(&f->run, 0);
  expect_out(&f->run, ", 2 cells fixed");
  tanlu_coded_matrix out;
  read_matrix(f, "fixed.csv", &out);
  assert_true(out.value[1] == 2.5 && out.value[3] == 3.0);
  tanlu_coded_matrix_clear(&out);
  /* the sum of the column services, 16, is of two cells: what the reliable one keeps the other takes */
  tanlu(&f->run, f->directory, "balance", "-r", "u.csv", "-c", "v.csv", "-w", "sure.csv", "-o", "sure-out.csv",
        "t.csv");
  expect_status(&f->run, 0);
  expect_out(&f->run, "balanced by weighted GRAS in ");
  read_matrix(f, "sure-out.csv", &out);
  assert_true(fabs(out.value[4] - 9.0) < 0.2 && fabs(out.value[3] + out.value[4] - 16.0) < 1e-7);
  tanlu_coded_matrix_clear(&out);
}

static void what_blocks_is_named(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "b.csv", "code,x,y,z\na,1,0,0\nb,2,0,0\nc,1,2,3\n"), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "bu.csv", "code,value\na,3\nb,4\nc,5\n"), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "bv.csv", "code,value\nx,6\ny,3\nz,3\n"), 0);
  tanlu(&f->run, f->directory, "balance", "-r", "bu.csv", "-c", "bv.csv", "-o", "none.csv", "b.csv");
  expect_status(&f->run, 3);
  expect_err(&f->run, "no such matrix exists: rows a, b are to add up to 7 in all and have entries only in column x, "
                      "which is to add up to 6");
  assert_string_equal(f->run.out, "");
  assert_false(tanlu_test_exists(f->directory, "none.csv"));
}

static void wrong_input(void **state) {
  fixture *f = *state;
  const struct {
    const char *option, *text, *message; /* the file given to that option ("t": the table) */
  } wrong[] = {
      {"-r", "code,value\ntaxes,-1\ngoods,15\n", "w.csv: error: missing row 'services'"},
      {"-r", "code,value\ntaxes,-1\ngoods,15\nservices,26\ngoods,1\n",
       "w.csv:5:1: error: duplicate row 'goods', first in line 3"},
      {"-r", "code,value\ntaxes,-1\ngoods,15\nservice,26\n",
       "w.csv:4:1: error: unknown row 'service'; did you mean 'services'?"},
      {"-r", "code,value\ntaxes,-1\ngoods,15\nservices,many\n", "w.csv:4:2: error: expected a number"},
      {"-r", "code,total\ntaxes,-1\n", "w.csv:1:2: error: unknown column 'total'"},
      {"-r", "code,value\ntaxes,-1\ngoods,15\nservices,27\n", "rows are to add up to 41 and columns to 40 in all"},
      {"-c", "code,value\ngoods,9\nservices,16\nconsumption,17\n", "w.csv: error: missing column 'net_exports'"},
      {"t", "code,a,a\nx,1,2\n", "w.csv:1:3: error: duplicate column 'a'"},
      {"t", "code,a,\nx,1,2\n", "w.csv:1:3: error: the code of the column is empty"},
      {"t", "code,a,b\nx,1,2\nx,3,4\n", "w.csv:3:1: error: duplicate row 'x', first in line 2"},
      {"t", "code,a,b\nx,1,2\ny,3O,4\n", "w.csv:3:2: error: expected a number in column 'a', found '3O'"},
      {"t", "sector,a\nx,1\n", "w.csv:1:1: error: expected 'code', found 'sector'"},
      {"t", "code,a\n", "w.csv: error: holds no rows"},
      {"--against", "code,goods,services,consumption\ngoods,1,1,1\n", "w.csv:1: error: missing column 'net_exports'"},
      {"--fixed", "row,column,value\ngoods,goods,1\ngoods,goods,2\n",
       "w.csv:3:1: error: duplicate cell 'goods', 'goods', first in line 2"},
      {"--fixed", "row,column,value\ngoods,wares,1\n", "w.csv:2:2: error: unknown column 'wares'"},
      {"-w", "row,column,weight\ngoods,goods,0\n", "w.csv:2:3: error: 'weight' is 0; expected at least 0.001"},
      {"--method", NULL, "--method: unknown method 'w.csv'; expected auto, ras or gras"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    const bool own = strcmp(wrong[k].option, "t") == 0;
    if (wrong[k].text != NULL) assert_int_equal(tanlu_test_write_file(f->directory, "w.csv", wrong[k].text), 0);
    tanlu(&f->run, f->directory, "balance", "-r", "u.csv", "-c", "v.csv", "-o", "none.csv",
          own ? "-f" : wrong[k].option, "w.csv", own ? "--" : "t.csv");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_string_equal(f->run.out, "");
    assert_false(tanlu_test_exists(f->directory, "none.csv"));
  }
  tanlu(&f->run, f->directory, "balance", "-c", "v.csv", "t.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--rows is missing");
  tanlu(&f->run, f->directory, "balance", "-r", "u.csv", "-c", "v.csv", "--tolerance", "0", "t.csv");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--tolerance: 0 is not between 0 and 1");
}

/* A dataset of accounts alone with two sectors: these flows (by rows), final use and value added that make both identities hold. */
static void write_dataset(fixture *f, const char *name, const char *money, const char *const code[2],
                          const double flow[2][2]) {
  static const double output = 500.0;
  char file[64], text[512];
  const struct {
    const char *file, *text;
  } fixed[] = {{"groups.csv", "level,code,name,name_zh\ntotal,economy,,\n"},
               {"categories.csv", "code,name,name_zh,role\nhome,,,other\n"}};
  for (size_t k = 0; k < 2; k++) {
    (void)snprintf(file, sizeof file, "%s/%s", name, fixed[k].file);
    assert_int_equal(tanlu_test_write_file(f->directory, file, fixed[k].text), 0);
  }
#define PUT(ending, ...)                                                                                               \
  (void)snprintf(file, sizeof file, "%s/" ending, name);                                                               \
  (void)snprintf(text, sizeof text, __VA_ARGS__);                                                                      \
  assert_int_equal(tanlu_test_write_file(f->directory, file, text), 0)
  PUT("dataset.yaml",
      "name: %s\naccounts_only: true\nbase_year: 2017\nimport_treatment: none\nunits: {money: %s}\nlevels: [total]\n"
      "title: t\nsources: s\n",
      name, money);
  PUT("sectors.csv", "code,name,name_zh,total\n%s,,,economy\n%s,,,economy\n", code[0], code[1]);
  PUT("flows.csv", "code,%s,%s\n%s,%g,%g\n%s,%g,%g\n", code[0], code[1], code[0], flow[0][0], flow[0][1], code[1],
      flow[1][0], flow[1][1]);
  PUT("final_demand.csv", "code,home,imports,gross_output\n%s,%g,0,%g\n%s,%g,0,%g\n", code[0],
      output - flow[0][0] - flow[0][1], output, code[1], output - flow[1][0] - flow[1][1], output);
  PUT("value_added.csv", "code,name,name_zh,%s,%s\nw,,,%g,%g\n", code[0], code[1], output - flow[0][0] - flow[1][0],
      output - flow[0][1] - flow[1][1]);
#undef PUT
}

/* diag(1, 2) A diag(2, 1) is the only table with its sums and the cross ratio of A, so that the flows of the first year lead to those of the
 * second, whose sectors stand the other way round; WAPE before: (10 + 0 + 90 + 40) / 240 = 58.33 %. A third year has another cross ratio. */
static void a_dataset_to_the_sums_of_another(void **state) {
  fixture *f = *state;
  static const char *const code[] = {"a", "b"}, *const other[] = {"b", "a"}, *const third[] = {"a", "c"};
  static const double first[2][2] = {{10, 20}, {30, 40}}, second[2][2] = {{80, 120}, {20, 20}};
  static const double far[2][2] = {{15, 25}, {125, 75}};
  write_dataset(f, "y1", "1e6 EUR", code, first);
  write_dataset(f, "y2", "1e6 EUR", other, second);
  write_dataset(f, "far", "1e6 EUR", code, far);
  write_dataset(f, "yen", "1e6 JPY", code, first);
  write_dataset(f, "c", "1e6 EUR", third, first);
  tanlu(&f->run, f->directory, "balance", "--margins", "./y2", "-o", "flows.csv", "./y1");
  expect_status(&f->run, 0);
  expect_out(&f->run, "True table: ./y2");
  expect_out(&f->run, "given from true        58.33");
  expect_out(&f->run, "balanced from true      0.00");
  tanlu_coded_matrix found;
  read_matrix(f, "flows.csv", &found);
  static const double wanted[] = {20, 120, 20, 80};
  for (size_t k = 0; k < 4; k++) assert_true(fabs(found.value[k] - wanted[k]) <= 1e-6);
  assert_string_equal(found.row.code[0], "a");
  tanlu_coded_matrix_clear(&found);
  /* same sums as before but for x: (20 - e, 20 + e; 120 + e, 80 - e) with e = 5: 4 x 5 of 240 */
  tanlu(&f->run, f->directory, "balance", "--margins", "./far", "./y1");
  expect_status(&f->run, 0);
  expect_out(&f->run, "balanced from true      8.33     8.33");
  const struct {
    const char *margins, *message;
  } wrong[] = {{"./yen", "dataset y1 is in 1e6 EUR, yen in 1e6 JPY; expected one unit of money"},
               {"./c", "dataset c: missing sector 'b' of y1"},
               {"./c", "dataset c: sector 'c' is none of y1"},
               {"./none", "./none"}};
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    tanlu(&f->run, f->directory, "balance", "--margins", wrong[k].margins, "-o", "none.csv", "./y1");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_false(tanlu_test_exists(f->directory, "none.csv"));
  }
  tanlu(&f->run, f->directory, "balance", "--margins", "./y2", "--rows", "u.csv", "./y1");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--margins beside --rows");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_example_of_the_paper),
      cmocka_unit_test(a_shipped_table_is_found_again),
      cmocka_unit_test(fixed_cells_and_weights),
      cmocka_unit_test(what_blocks_is_named),
      cmocka_unit_test(wrong_input),
      cmocka_unit_test(a_dataset_to_the_sums_of_another),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
