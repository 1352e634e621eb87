/* Variables read some megabytes at a time (result_slab.c), and what is built on that: compare and CSV of files larger than a slab.
 *
 * Oracle: a file of 24 MB made here by a formula, so that the value of every cell is known without reading it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/csv_write.h"
#include "outputs/result_slab.h"
#include "tests/support.h"

enum { ROWS = 600000, COLUMNS = 5, SLAB_ROWS = (16 << 20) / (COLUMNS * 8) };

typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_result *a, *b;
} fixture;

static double cell(size_t row, size_t column) {
  return (double)row * 8.25 + (double)column / 7.0;
}

/* A file with ROWS x COLUMNS of the formula, less `rows` rows at the end; the cell at `place` (row-major) differs by 0.5. */
static void write_file(const char *path, size_t less, size_t place) {
  const hsize_t size[2] = {ROWS - less, COLUMNS}, one = 1;
  const int year = 2030;
  double *value = malloc((size_t)ROWS * COLUMNS * sizeof *value);
  for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++) value[i] = cell(i / COLUMNS, i % COLUMNS);
  if (place < (size_t)ROWS * COLUMNS) value[place] += 0.5;
  const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(file >= 0 && H5LTmake_dataset_double(file, "v", 2, size, value) >= 0);
  assert_true(H5LTmake_dataset_int(file, "year", 1, &one, &year) >= 0);
  assert_true(H5LTset_attribute_string(file, "/", "sweep", "made up") >= 0);
  assert_true(H5Fclose(file) >= 0);
  free(value);
}

static tanlu_result *make(const fixture *f, const char *name, size_t less, size_t place) {
  char path[TANLU_TEST_PATH + 32];
  tanlu_result *result = NULL;
  snprintf(path, sizeof path, "%s/%s", f->directory, name);
  write_file(path, less, place);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  return result;
}

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  f->a = make(f, "a.h5", 0, SIZE_MAX);
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_result_close(&f->a);
  tanlu_result_close(&f->b);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

/* In order, at the borders between slabs, and back again. */
static void rows_are_those_of_the_file(void **state) {
  const fixture *f = *state;
  static const size_t jump[] = {ROWS - 1, 0, SLAB_ROWS - 1, SLAB_ROWS, ROWS - 2, SLAB_ROWS + 1, 0};
  const tanlu_result_variable *v = tanlu_result_variable_find(f->a, "v");
  tanlu_result_slab slab;
  assert_int_equal(tanlu_result_slab_open(&slab, f->a, v, false, NULL), TANLU_OK);
  assert_true(slab.cells == COLUMNS && slab.most == SLAB_ROWS && slab.most < ROWS);
  for (size_t i = 0; i < ROWS + sizeof jump / sizeof *jump; i++) {
    const size_t at = i < ROWS ? i : jump[i - ROWS];
    const double *row = tanlu_result_slab_row(&slab, at, NULL);
    assert_non_null(row);
    for (size_t c = 0; c < COLUMNS; c++) assert_true(row[c] == cell(at, c));
  }
  tanlu_result_slab_close(&slab);
  assert_int_equal(tanlu_result_slab_open(&slab, f->a, v, true, NULL), TANLU_OK);
  assert_true(slab.most == ROWS);
  tanlu_result_slab_close(&slab);
}

static void columns_are_those_of_the_file(void **state) {
  const fixture *f = *state;
  static const size_t column[] = {4, 1};
  double *value = malloc(2 * (size_t)ROWS * sizeof *value);
  assert_int_equal(tanlu_result_columns_read(f->a, tanlu_result_variable_find(f->a, "v"), column, 2, value, NULL),
                   TANLU_OK);
  for (size_t i = 0; i < ROWS; i++) assert_true(value[i] == cell(i, 4) && value[ROWS + i] == cell(i, 1));
  free(value);
}

/* The one cell that differs, in whichever slab it is; the largest magnitude is that of the whole variable. */
static void differences_are_found_in_every_slab(void **state) {
  fixture *f = *state;
  static const size_t row[] = {0, SLAB_ROWS - 1, SLAB_ROWS, ROWS - 1};
  for (size_t i = 0; i < 4; i++) {
    char *report = NULL, expected[160];
    const double largest = cell(ROWS - 1, 4);
    tanlu_result_close(&f->b);
    f->b = make(f, "b.h5", 0, row[i] * COLUMNS + 2);
    assert_int_equal(tanlu_result_compare(f->a, f->b, 0.0, &report, NULL), TANLU_DIFFERENT);
    snprintf(expected, sizeof expected,
             "v: 1 of 3000000 values differ, by at most 0.5 (%.3g of the largest magnitude), at #%zu, #2\n",
             0.5 / largest, row[i]);
    assert_string_equal(report, expected);
    free(report);
    assert_int_equal(tanlu_result_compare(f->a, f->b, 1.01 * 0.5 / largest, &report, NULL), TANLU_OK);
    free(report);
  }
}

/* What is longer is said, and the rest compared; equal files are equal. */
static void lengths_are_compared(void **state) {
  fixture *f = *state;
  char *report = NULL;
  f->b = make(f, "b.h5", 10, SIZE_MAX);
  assert_int_equal(tanlu_result_compare(f->a, f->b, 0.0, &report, NULL), TANLU_DIFFERENT);
  assert_string_equal(report, "v: 600000 against 599990 along an axis\n");
  free(report);
  tanlu_result_close(&f->b);
  f->b = make(f, "b.h5", 0, SIZE_MAX);
  assert_int_equal(tanlu_result_compare(f->a, f->b, 0.0, &report, NULL), TANLU_OK);
  assert_string_equal(report, "");
  free(report);
}

static void csv_has_every_row(void **state) {
  const fixture *f = *state;
  const tanlu_csv_choice all = {.from = INT_MIN, .to = INT_MAX, .member = (size_t)-1};
  FILE *stream = tmpfile();
  char line[128];
  size_t lines = 0;
  assert_non_null(stream);
  assert_int_equal(tanlu_csv_write_long(stream, f->a, tanlu_result_variable_find(f->a, "v"), &all, NULL), TANLU_OK);
  rewind(stream);
  assert_non_null(fgets(line, sizeof line, stream)); /* the header */
  for (; fgets(line, sizeof line, stream) != NULL; lines++) {
    size_t row = 0, column = 0;
    double value = 0.0;
    assert_int_equal(sscanf(line, "%zu,%zu,,%lf", &row, &column, &value), 3);
    assert_true(row == lines / COLUMNS && column == lines % COLUMNS && value == cell(row, column));
  }
  assert_true(lines == (size_t)ROWS * COLUMNS);
  assert_int_equal(fclose(stream), 0);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE(rows_are_those_of_the_file),
      CASE(columns_are_those_of_the_file),
      CASE(differences_are_found_in_every_slab),
      CASE(lengths_are_compared),
      CASE(csv_has_every_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
