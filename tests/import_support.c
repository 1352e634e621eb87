#include "tests/import_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"

const double tanlu_test_flows[4][4] = {{8, 16, 0, 4}, {4, 32, 2, 26}, {1, 0, 8, 7}, {3, 16, 5, 64}};
const double tanlu_test_final[4][4] = {{20, 0, 12, 4}, {30, 20, 6, 8}, {2, 0, 14, 0}, {10, 8, 100, 50}};
const double tanlu_test_added[2][4] = {{30, 40, 10, 100}, {18, 24, 7, 55}};
const double tanlu_test_co2[4] = {2, 9, 1, 20};
const double tanlu_test_outputs[4] = {64, 128, 32, 256};

tanlu_dataset *tanlu_test_import(tanlu_test_place *p, const char *format, const char *path, const char *name,
                                 const char *option) {
  char directory[2 * TANLU_TEST_PATH];
  tanlu_dataset *dataset = NULL;
  tanlu_context *context = tanlu_context_create();
  assert_non_null(context);
  tanlu(&p->run, p->directory, "import", format, path, "-o", name, "--year", "2020", option);
  expect_status(&p->run, 0);
  snprintf(directory, sizeof directory, "%s/%s", p->directory, name);
  if (tanlu_accounts_read(&dataset, directory, context) != TANLU_OK) tanlu_test_print_messages(context);
  assert_non_null(dataset);
  tanlu_context_free(&context);
  return dataset;
}

void tanlu_test_expect_table(const tanlu_dataset *dataset, double factor) {
  const tanlu_accounts *a = &dataset->accounts;
  assert_int_equal(a->n, TANLU_TEST_N);
  assert_int_equal(a->category.count, TANLU_TEST_CATEGORIES);
  assert_int_equal(a->import_treatment, TANLU_IMPORT_NONE);
  for (size_t i = 0; i < 4; i++) {
    assert_true(a->output[i] == factor * tanlu_test_outputs[i]);
    assert_true(a->imports[i] == 0.0 && a->discrepancy[i] == 0.0);
    for (size_t j = 0; j < 4; j++) {
      assert_true(a->flows[j * 4 + i] == factor * tanlu_test_flows[i][j]);
      assert_true(a->final_use[j * 4 + i] == factor * tanlu_test_final[i][j]);
    }
  }
}

void tanlu_test_expect_no_import(tanlu_test_place *p, const char *format, const char *path, const char *message) {
  const size_t before = tanlu_test_entries(p->directory);
  tanlu(&p->run, p->directory, "import", format, path, "-o", "none", "--year", "2020");
  expect_status(&p->run, 2);
  expect_err(&p->run, message);
  assert_int_equal(tanlu_test_entries(p->directory), before);
}

void tanlu_test_write_matrix(const char *directory, const char *name, const tanlu_test_matrix *m) {
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  for (size_t h = 0; h < 2; h++) {
    fputs(h == 0 ? "region" : "sector", file);
    for (size_t k = 1; k < m->indices; k++) fputc('\t', file);
    for (size_t c = 0; c < m->columns; c++) fprintf(file, "\t%s", m->column[c][h]);
    fputc('\n', file);
  }
  if (m->names) {
    fputs(m->indices == 2 ? "region\tsector" : "stressor", file);
    for (size_t c = 0; c < m->columns; c++) fputc('\t', file);
    fputc('\n', file);
  }
  for (size_t r = 0; r < m->rows; r++) {
    fputs(m->row[r][0], file);
    if (m->indices == 2) fprintf(file, "\t%s", m->row[r][1]);
    for (size_t c = 0; c < m->columns; c++) fprintf(file, "\t%.17g", m->value[r * m->columns + c]);
    fputc('\n', file);
  }
  assert_int_equal(fclose(file), 0);
}
