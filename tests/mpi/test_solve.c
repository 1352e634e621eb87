/* One table over several ranks: `make test-mpi` starts this with TANLU_MPI_PROGRAM and TANLU_MPIRUN.
 *
 * Oracle: the serial program, which solves by LAPACK in one process and is tested on its own; every output and emission within
 * 1e-10 of the largest of its column, whatever the ranks and blocks. */
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

static const char *program, *mpirun;

static int set_up(void **state) {
  program = getenv("TANLU_MPI_PROGRAM");
  mpirun = getenv("TANLU_MPIRUN");
  if (program == NULL || mpirun == NULL || tanlu_test_program_setup(state) != 0) return 1;
  return tanlu_test_place_set_up(state);
}

#define mpi(f, n, ...)                                                                                                 \
  tanlu_test_execute(&(f)->run, (f)->directory, mpirun,                                                                \
                     (const char *const[]){"--oversubscribe", "--bind-to", "none", "-n", n, program, "solve",          \
                                           "--solver", "distributed", __VA_ARGS__, NULL})

/* ---- two results ------------------------------------------------------------------------------------------------------------ */

typedef struct {
  char *text, *rest; /* the file, and what of it is left */
  char *column;      /* variable and demand of the record in hand, as one text */
  char *sector;
  double value;
} records;

/* variable,demand,sector,unit,value */
static bool next_record(records *r) {
  char *line = strsep(&r->rest, "\n");
  if (line == NULL || *line == '\0') return false;
  char *value = strrchr(line, ',');
  assert_non_null(value);
  r->value = strtod(value + 1, NULL);
  *value = '\0';
  *strrchr(line, ',') = '\0'; /* the unit */
  r->sector = strrchr(line, ',');
  *r->sector++ = '\0';
  r->column = line;
  return true;
}

static records open_records(const fixture *f, const char *file) {
  records r = {.text = tanlu_test_read_file(f->directory, file)};
  assert_non_null(r.text);
  r.rest = r.text;
  assert_true(next_record(&r)); /* the header */
  return r;
}

static void expect_gap(const char *column, double gap, double size) {
  if (!(gap <= 1e-10 * size)) fail_msg("%s: %.3g of %.3g", column, gap, size);
}

/* The same records; the records of a column follow each other. */
static void same_results(const fixture *f, const char *one, const char *other, size_t expected) {
  records a = open_records(f, one), b = open_records(f, other);
  const char *column = "";
  double gap = 0.0, size = 0.0;
  size_t count = 0;
  for (; next_record(&a); count++) {
    assert_true(next_record(&b));
    assert_string_equal(a.column, b.column);
    assert_string_equal(a.sector, b.sector);
    if (strcmp(column, a.column) != 0) {
      expect_gap(column, gap, size);
      gap = size = 0.0;
      column = a.column;
    }
    const double difference = fabs(a.value - b.value);
    if (!(difference <= gap)) gap = difference; /* NaN too */
    size = fmax(size, fabs(a.value));
  }
  expect_gap(column, gap, size);
  assert_false(next_record(&b));
  assert_int_equal(count, expected);
  free(a.text);
  free(b.text);
}

/* ---- the same answer ---------------------------------------------------------------------------------------------------------- */

/* A made-up table with emissions of two kinds and a scenario of three columns of demand besides its own categories. */
static void make_table(fixture *f, const char *directory, const char *regions, const char *sectors) {
  char file[64];
  (void)snprintf(file, sizeof file, "%s/final_demand.csv", directory);
  tanlu(&f->run, f->directory, "synth", "-r", regions, "-s", sectors, "-z", "5", "-o", directory);
  expect_status(&f->run, 0);
  char *final = tanlu_test_read_file(f->directory, file), *rest = final, *line = strsep(&rest, "\n");
  char path[TANLU_TEST_PATH + 16];
  (void)snprintf(path, sizeof path, "%s/e.csv", f->directory);
  FILE *emissions = fopen(path, "w");
  (void)snprintf(path, sizeof path, "%s/d.csv", f->directory);
  FILE *demand = fopen(path, "w");
  assert_true(line != NULL && emissions != NULL && demand != NULL);
  (void)fputs("sector,co2,ch4\n", emissions);
  (void)fputs("sector,all,every_seventh,less\n", demand);
  for (size_t i = 0; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; i++) {
    if (strcmp(strrchr(line, ','), ",0") == 0) continue; /* no output */
    *strchr(line, ',') = '\0';
    (void)fprintf(emissions, "%s,%zu,%zu\n", line, 1 + i % 13, i % 5);
    (void)fprintf(demand, "%s,%zu,%d,%s\n", line, 1000 + i, i % 7 == 0, i % 2 == 0 ? "-3.5" : "7");
  }
  assert_int_equal(fclose(emissions) | fclose(demand), 0);
  free(final);
}

static void same_on_any_number_of_ranks(fixture *f, const char *directory, const char *regions, const char *sectors,
                                        size_t n) {
  static const char *const ranks[] = {"1", "2", "3", "4"}, *const grid[] = {"1 x 1", "1 x 2", "1 x 3", "2 x 2"};
  make_table(f, directory, regions, sectors);
  tanlu(&f->run, f->directory, "solve", "-e", "e.csv", "-c", "own.csv", "-f", directory);
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "solve", "-e", "e.csv", "-d", "d.csv", "-c", "given.csv", "-f", directory);
  expect_status(&f->run, 0);
  for (size_t r = 0; r < 4; r++) {
    mpi(f, ranks[r], "-e", "e.csv", "-c", "m.csv", "-f", directory);
    expect_status(&f->run, 0);
    expect_out(&f->run, "distributed (ScaLAPACK LU)");
    expect_err(&f->run, grid[r]);
    same_results(f, "own.csv", "m.csv", 3 * 6 * n);
  }
  mpi(f, "4", "-e", "e.csv", "-d", "d.csv", "-c", "m.csv", "-f", directory);
  expect_status(&f->run, 0);
  same_results(f, "given.csv", "m.csv", 3 * 3 * n);
}

static void order_1302(void **state) {
  same_on_any_number_of_ranks(*state, "./r31", "31", "42", 1302);
}

static void order_2408(void **state) {
  same_on_any_number_of_ranks(*state, "./r43", "43", "56", 2408);
}

/* Blocks that do not divide the order, are larger than it, or leave ranks without a row; imports in proportion and split. */
static void blocks_do_not_matter(void **state) {
  fixture *f = *state;
  static const struct {
    const char *dataset, *block, *ranks;
    size_t n;
  } c[] = {{"china-2020", "7", "4", 153},   {"china-2020", "200", "3", 153}, {"china-2020-42", "1", "2", 42},
           {"china-2020-42", "5", "4", 42}, {"./tiny", "64", "4", 3},        {"./tiny", "1", "4", 3}};
  for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
    tanlu(&f->run, f->directory, "solve", "-c", "s.csv", "-f", c[k].dataset);
    expect_status(&f->run, 0);
    mpi(f, c[k].ranks, "--block", c[k].block, "-c", "m.csv", "-f", c[k].dataset);
    expect_status(&f->run, 0);
    same_results(f, "s.csv", "m.csv", 6 * c[k].n);
  }
}

/* More columns of demand than one call solves: 130 multiples of one of them. */
static void many_columns(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 16];
  (void)snprintf(path, sizeof path, "%s/many.csv", f->directory);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  (void)fputs("sector", file);
  for (int k = 0; k < 130; k++) (void)fprintf(file, ",c%d", k);
  (void)fputs("\ngoods", file);
  for (int k = 0; k < 130; k++) (void)fprintf(file, ",%d", k);
  (void)fputs("\n", file);
  assert_int_equal(fclose(file), 0);
  tanlu(&f->run, f->directory, "solve", "-d", "many.csv", "-c", "s.csv", "-f", "./tiny");
  expect_status(&f->run, 0);
  mpi(f, "3", "-b", "1", "-d", "many.csv", "-c", "m.csv", "-f", "./tiny");
  expect_status(&f->run, 0);
  same_results(f, "s.csv", "m.csv", 130 * 3);
}

/* ---- what goes wrong ------------------------------------------------------------------------------------------------------------ */

static void expect_once(const fixture *f, const char *text) {
  const char *first = strstr(f->run.err, text);
  expect_err(&f->run, text);
  assert_null(strstr(first + 1, text));
}

/* Said once, with the status of the serial program; no rank waits for ever, nothing is written. */
static void mistakes_end_all_ranks(void **state) {
  fixture *f = *state;
  static const struct {
    const char *file, *before, *after;
    int status;
    const char *message;
  } c[] = {
      {"tiny/flows.csv", "power,10,110,10", "power,10,1x0,10", 2, "tiny/flows.csv:4:3: error: expected a number"},
      {"tiny/flows.csv", "goods,30,300,40", "goods,30,301,40", 2,
       "tiny/flows.csv:3: error: row 'goods' does not add up"},
      {"tiny/flows.csv", "goods,30,300,40", "goods,30,300", 2, "tiny/flows.csv:3:4: error: 3 fields"},
      {"tiny/final_demand.csv", "goods,100", "goods,1OO", 2, "tiny/final_demand.csv:3:2: error: expected a number"},
  };
  for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
    tanlu_test_write_probe(f->directory);
    assert_int_equal(tanlu_test_edit(f->directory, c[k].file, c[k].before, c[k].after), 0);
    mpi(f, "3", "-c", "not.csv", "./tiny");
    expect_status(&f->run, c[k].status);
    expect_once(f, c[k].message);
    assert_false(tanlu_test_exists(f->directory, "not.csv"));
  }
  tanlu_test_write_probe(f->directory);
  mpi(f, "2", "--block", "-1", "./tiny");
  expect_status(&f->run, 2);
  expect_once(f, "expected a whole number of at least 1");
  mpi(f, "2", "--block", "5000", "./tiny");
  expect_status(&f->run, 2);
  expect_once(f, "--block 5000; expected at most 1024");
  mpi(f, "2", "./nowhere");
  expect_status(&f->run, 2);
  mpi(f, "2", "--help");
  expect_status(&f->run, 0);
}

static void not_productive_names_the_sector(void **state) {
  fixture *f = *state;
  for (int singular = 0; singular < 2; singular++) {
    tanlu_test_write_not_productive(f->directory, singular);
    mpi(f, "2", "--block", "1", "-c", "not.csv", "./tiny");
    expect_status(&f->run, 3);
    expect_once(f, "dataset tiny-2020 is not productive");
    expect_err(&f->run, "sector goods (");
    assert_false(tanlu_test_exists(f->directory, "not.csv"));
  }
  tanlu_test_write_probe(f->directory);
}

/* ScaLAPACK brings LAPACK and BLAS along by their general names: all must come from the library that the program pins to one
 * thread. Where that is not Debian's OpenBLAS there is nothing to compare. */
static void one_blas(void **state) {
  fixture *f = *state;
  tanlu_test_execute(&f->run, f->directory, "/usr/bin/ldd", (const char *const[]){program, NULL});
  if (f->run.status != 0 || strstr(f->run.out, "/openblas-openmp/libopenblas.so") == NULL) skip();
  char *rest = f->run.out;
  size_t openblas = 0;
  for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
    const char *slash = strrchr(line, '/');
    if (slash == NULL) continue;
    if (strncmp(slash, "/libopenblas", 12) == 0) openblas++;
    const bool general = strncmp(slash, "/libblas.so", 11) == 0 || strncmp(slash, "/liblapack.so", 13) == 0;
    if (general && strstr(line, "/openblas-openmp/") == NULL) fail_msg("another BLAS: %s", line);
  }
  assert_int_equal(openblas, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(order_1302),
      cmocka_unit_test(order_2408),
      cmocka_unit_test(blocks_do_not_matter),
      cmocka_unit_test(many_columns),
      cmocka_unit_test(mistakes_end_all_ranks),
      cmocka_unit_test(not_productive_names_the_sector),
      cmocka_unit_test(one_blas),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
