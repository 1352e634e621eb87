/* tanlu solve in one process. Oracles: Cramer's rule on the tiny dataset, the output of the table (what all categories of final demand
 * take together), emissions given (what they emit together), and `tanlu check`, which reads the whole table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

/* Sum of the records of a variable and sector in a CSV file, over demands or of one of them; *records: how many. */
static double sum_of(const fixture *f, const char *file, const char *variable, const char *demand, const char *sector,
                     size_t *records) {
  char *text = tanlu_test_read_file(f->directory, file), *rest = text;
  double sum = 0.0;
  *records = 0;
  assert_non_null(text);
  for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
    char *field[5] = {NULL};
    for (size_t k = 0; k < 5; k++) field[k] = strsep(&line, ",");
    if (field[4] == NULL || strcmp(field[0], variable) != 0 || strcmp(field[2], sector) != 0) continue;
    if (demand != NULL && strcmp(field[1], demand) != 0) continue;
    sum += strtod(field[4], NULL);
    ++*records;
  }
  free(text);
  return sum;
}

#define expect_sum(f, variable, demand, sector, wanted, tolerance)                                                     \
  do {                                                                                                                 \
    size_t records = 0;                                                                                                \
    const double found = sum_of(f, "r.csv", variable, demand, sector, &records);                                       \
    assert_true(records > 0);                                                                                          \
    if (!(fabs(found - (wanted)) <= (tolerance)*fabs(wanted)))                                                         \
      fail_msg("%s of %s: %.17g, expected %.17g", variable, sector, found, (double)(wanted));                          \
  } while (0)

/* Six categories: what they take together is the table's output, what they emit together is what was given. */
static void categories_add_up(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "e.csv", "co2,sector,ch4\n7,coal,1\n31,goods,\n5,power,-2\n"),
                   0);
  tanlu(&f->run, f->directory, "solve", "--emissions", "e.csv", "--csv", "r.csv", "./tiny");
  expect_status(&f->run, 0);
  expect_out(&f->run, "tiny-2020: 3 sectors; direct (LU)");
  expect_out(&f->run, "urban_households");
  expect_err(&f->run, "matrix and factor");
  expect_sum(f, "output", NULL, "coal", 120e-4, 1e-14);
  expect_sum(f, "output", NULL, "goods", 1000e-4, 1e-14);
  expect_sum(f, "output", NULL, "power", 200e-4, 1e-14);
  expect_sum(f, "co2", NULL, "coal", 7.0, 1e-14);
  expect_sum(f, "co2", NULL, "goods", 31.0, 1e-14);
  expect_sum(f, "ch4", NULL, "power", -2.0, 1e-14);
  tanlu(&f->run, f->directory, "solve", "-q", "-f", "--csv", "r.csv", "./tiny");
  expect_status(&f->run, 0);
  assert_string_equal(f->run.err, "");
}

/* Tiny with imports in proportion: mu = 5 / 115, 100 / 1050 and 0 of coal, goods and power. Final demand of 3 power and, in another
 * column, 1 goods; rows of any order, absent sectors 0. Cramer's rule. */
static void demand_of_a_file(void **state) {
  fixture *f = *state;
  static const double flow[3][3] = {{10, 40, 50}, {30, 300, 40}, {10, 110, 10}}, output[] = {120, 1000, 200};
  static const double mu[] = {5.0 / 115, 100.0 / 1050, 0.0};
  static const char *const code[] = {"coal", "goods", "power"};
  double m[3][3];
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++) m[i][j] = (i == j) - (1 - mu[i]) * flow[i][j] / output[j];
  const double determinant = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                             m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                             m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  const double power[] = {m[0][1] * m[1][2] - m[0][2] * m[1][1], m[0][2] * m[1][0] - m[0][0] * m[1][2],
                          m[0][0] * m[1][1] - m[0][1] * m[1][0]}; /* third column of the adjugate */
  const double goods[] = {m[0][2] * m[2][1] - m[0][1] * m[2][2], m[0][0] * m[2][2] - m[0][2] * m[2][0],
                          m[0][1] * m[2][0] - m[0][0] * m[2][1]};
  assert_int_equal(tanlu_test_write_file(f->directory, "d.csv", "grid,sector,shops\n3,power,0\n,goods,1\n"), 0);
  tanlu(&f->run, f->directory, "solve", "-d", "d.csv", "-c", "r.csv", "./tiny");
  expect_status(&f->run, 0);
  expect_not_out(&f->run, "total");
  for (size_t i = 0; i < 3; i++) {
    expect_sum(f, "output", "grid", code[i], 3e-4 * power[i] / determinant, 1e-13);
    expect_sum(f, "output", "shops", code[i], 1e-4 * goods[i] / determinant, 1e-13);
  }
}

/* Real tables, proportional and split, and a made-up one with sectors without output: the program's own check of the sum. The figures
 * of the table are rounded to 1e-4 of 1e4 CNY, which leaves 1e-11 of the largest sector. */
static void tables_of_every_kind(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "synth", "-r", "3", "-s", "7", "-z", "2", "-d", "0.5", "-o", "made");
  expect_status(&f->run, 0);
  static const char *const dataset[] = {"china-2020", "china-2020-42", "./made"};
  static const double allowed[] = {1e-10, 1e-10, 1e-14};
  for (size_t k = 0; k < 3; k++) {
    tanlu(&f->run, f->directory, "solve", dataset[k]);
    expect_status(&f->run, 0);
    static const char text[] = "differs from the output of the table by at most ";
    const char *gap = strstr(f->run.out, text);
    assert_non_null(gap);
    assert_true(strtod(gap + sizeof text - 1, NULL) <= allowed[k]);
  }
}

typedef struct {
  const char *file, *before, *after; /* change of the dataset; before NULL: the file is `after` */
  const char *argument[5];
  int status;
  const char *message;
} mistake;

static const mistake mistakes[] = {
    {NULL, NULL, NULL, {"--solver", "distributed"}, 2, "tanlu-mpi"},
    {NULL, NULL, NULL, {"--solver", "fast"}, 2, "unknown solver 'fast'; expected direct or distributed"},
    {NULL, NULL, NULL, {"--block", "-3"}, 2, "--block '-3': expected a whole number of at least 1"},
    {NULL, NULL, NULL, {"--block", "8"}, 2, "--block is of --solver distributed"},
    {NULL, NULL, NULL, {"--demand", "absent.csv"}, 2, "absent.csv: error: the file does not exist"},
    {"d.csv", NULL, "sector\ncoal\n", {"--demand", "d.csv"}, 2, "d.csv:1: error: no column beside 'sector'"},
    {"d.csv", NULL, "sector,a\n", {"--demand", "d.csv"}, 2, "d.csv:1: error: no rows"},
    {"d.csv", NULL, "code,a\ncoal,1\n", {"--demand", "d.csv"}, 2, "d.csv:1: error: missing column 'sector'"},
    {"d.csv", NULL, "sector,a,a\ncoal,1,2\n", {"--demand", "d.csv"}, 2, "d.csv:1:3: error: duplicate column 'a'"},
    {"d.csv", NULL, "sector,a,\ncoal,1,2\n", {"--demand", "d.csv"}, 2, "d.csv:1:3: error: a column without a name"},
    {"d.csv",
     NULL,
     "sector,a\ncaol,1\n",
     {"--demand", "d.csv"},
     2,
     "d.csv:2:1: error: unknown sector 'caol'; did you mean 'coal'?"},
    {"d.csv",
     NULL,
     "sector,a\ncoal,1\ncoal,2\n",
     {"--demand", "d.csv"},
     2,
     "d.csv:3:1: error: duplicate sector 'coal', first in line 2"},
    {"d.csv",
     NULL,
     "sector,a\ncoal,1x\n",
     {"--demand", "d.csv"},
     2,
     "d.csv:2:2: error: expected a number in column 'a'"},
    {"d.csv", NULL, "sector,a\ncoal,inf\n", {"--demand", "d.csv"}, 2, "d.csv:2:2: error: expected a number"},
    {"e.csv", NULL, "sector,output\ncoal,1\n", {"--emissions", "e.csv"}, 2, "e.csv:1: error: a column 'output'"},
    {"tiny/flows.csv", "goods,30,300,40", "goods,30,3OO,40", {NULL}, 2, "tiny/flows.csv:3:3: error: expected a number"},
    {"tiny/flows.csv", "goods,30,300,40", "goods,30,-1,40", {NULL}, 2, "tiny/flows.csv:3:3: error: 'goods' is -1"},
    {"tiny/flows.csv",
     "goods,30,300,40",
     "goods,30,301,40",
     {NULL},
     2,
     "tiny/flows.csv:3: error: row 'goods' does not"},
    {"tiny/flows.csv",
     "goods,30,300,40",
     "goods,30,301,40",
     {NULL},
     2,
     "tiny/flows.csv:1:3: error: column 'goods' does"},
    {"tiny/flows.csv", "power,10,110,10\n", "", {NULL}, 2, "tiny/flows.csv: error: no row for sector 'power'"},
    {"tiny/flows.csv", "power,10,110,10\n", "power,10,110\n", {NULL}, 2, "tiny/flows.csv:4:4: error: 3 fields"},
    {"tiny/final_demand.csv",
     "goods,100",
     "goods,1OO",
     {NULL},
     2,
     "tiny/final_demand.csv:3:2: error: expected a number"},
    {"r.csv", NULL, "mine\n", {NULL}, 2, "r.csv: error: "},
};

/* Said with its place, as `tanlu check` does, and nothing is written. */
static void mistakes_are_said(void **state) {
  fixture *f = *state;
  for (size_t k = 0; k < sizeof mistakes / sizeof *mistakes; k++) {
    const mistake *m = &mistakes[k];
    char directory[TANLU_TEST_PATH];
    assert_int_equal(tanlu_test_temp_dir(directory), 0);
    tanlu_test_write_probe(directory);
    if (m->file != NULL && m->before != NULL)
      assert_int_equal(tanlu_test_edit(directory, m->file, m->before, m->after), 0);
    if (m->file != NULL && m->before == NULL) assert_int_equal(tanlu_test_write_file(directory, m->file, m->after), 0);
    const char *argument[10] = {"solve", "--csv", "r.csv", "./tiny"};
    for (size_t a = 0; m->argument[a] != NULL; a++) argument[4 + a] = m->argument[a];
    tanlu_test_execute(&f->run, directory, tanlu_test_program(), argument);
    expect_status(&f->run, m->status);
    expect_err(&f->run, m->message);
    assert_string_equal(f->run.out, "");
    char *written = tanlu_test_read_file(directory, "r.csv");
    assert_true(written == NULL || strcmp(written, "mine\n") == 0);
    free(written);
    tanlu_test_remove_dir(directory);
  }
  tanlu(&f->run, f->directory, "solve");
  expect_status(&f->run, 2);
  expect_err(&f->run, "expected one dataset");
}

static void not_productive_names_the_sector(void **state) {
  fixture *f = *state;
  for (int singular = 0; singular < 2; singular++) {
    tanlu_test_write_not_productive(f->directory, singular);
    tanlu(&f->run, f->directory, "solve", "--csv", "r.csv", "./tiny");
    expect_status(&f->run, 3);
    expect_err(&f->run, "dataset tiny-2020 is not productive");
    expect_err(&f->run, singular ? "is about 1," : "is about 1.3");
    expect_err(&f->run, "sector goods (");
    assert_false(tanlu_test_exists(f->directory, "r.csv"));
  }
}

/* Nothing is known about making the product of a sector without output. */
static void a_sector_without_output_takes_nothing(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "synth", "-r", "2", "-s", "4", "-z", "1", "-o", "made");
  expect_status(&f->run, 0);
  char *sectors = tanlu_test_read_file(f->directory, "made/final_demand.csv"), *line = strstr(sectors, ",0,0\n");
  assert_non_null(line);
  while (line > sectors && line[-1] != '\n') line--;
  char text[128];
  (void)snprintf(text, sizeof text, "sector,a\n%.6s,1\n", line);
  free(sectors);
  assert_int_equal(tanlu_test_write_file(f->directory, "d.csv", text), 0);
  tanlu(&f->run, f->directory, "solve", "-d", "d.csv", "./made");
  expect_status(&f->run, 2);
  expect_err(&f->run, "d.csv:2:2: error: ");
  expect_err(&f->run, "has no output in the base year; expected 0 in column 'a', found 1");
  tanlu(&f->run, f->directory, "solve", "-e", "d.csv", "./made");
  expect_status(&f->run, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(categories_add_up, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(demand_of_a_file, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(tables_of_every_kind, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(mistakes_are_said, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(not_productive_names_the_sector, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(a_sector_without_output_takes_nothing, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests_name("solve", tests, tanlu_test_program_setup, NULL);
}
