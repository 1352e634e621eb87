/* Matrices scaled to given sums.
 *
 * Oracles: a two by two case in closed form; the invariants of biproportional scaling (zeros stay, products of ratios stay);
 * sums taken here again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "solvers/random.h"
#include "solvers/ras.h"
#include "tests/support.h"

static const tanlu_ras_options usual = {.tolerance = 1e-12, .most = 1000};

static int set_up(void **state) {
  *state = tanlu_context_create();
  return *state == NULL;
}

static int tear_down(void **state) {
  tanlu_context *context = *state;
  tanlu_context_free(&context);
  return 0;
}

/* A = (2 1; 1 2), rows to (3, 1), columns to (2, 2). With x = b11: b12 = 3 - x, b21 = 2 - x, b22 = x - 1, and
 * b11 b22 / (b12 b21) = a11 a22 / (a12 a21) = 4 gives 3 x^2 - 19 x + 24 = 0, x = (19 - sqrt(73)) / 6 (the other root is above
 * both sums). */
static void a_case_in_closed_form(void **state) {
  double matrix[] = {2.0, 1.0, 1.0, 2.0};
  const double rows[] = {3.0, 1.0}, columns[] = {2.0, 2.0}, x = (19.0 - sqrt(73.0)) / 6.0;
  size_t rounds = 0;
  assert_int_equal(tanlu_ras(2, 2, matrix, rows, columns, NULL, NULL, &usual, &rounds, *state), TANLU_OK);
  assert_in_range(rounds, 2, 100);
  const double expected[] = {x, 2.0 - x, 3.0 - x, x - 1.0};
  for (size_t k = 0; k < 4; k++) assert_true(fabs(matrix[k] - expected[k]) < 1e-11);
}

/* 40 x 30 with a third of the cells empty, a zero row and a zero column; the sums are those of another matrix on the same cells,
 * so that a solution exists. */
static void margins_are_reached(void **state) {
  enum { M = 40, N = 30, EMPTY_ROW = 7, EMPTY_COLUMN = 11 };
  static double matrix[M * N], before[M * N], rows[M], columns[N];
  memset(rows, 0, sizeof rows);
  memset(columns, 0, sizeof columns);
  for (uint32_t k = 0; k < M * N; k++) {
    const size_t i = k % M, j = k / M;
    const double u = tanlu_random_uniform(5, TANLU_STREAM_CALLER, 0, k);
    if (u < 1.0 / 3.0 || i == EMPTY_ROW || j == EMPTY_COLUMN) continue;
    before[k] = matrix[k] = exp(6.0 * u);
    const double other = matrix[k] * exp(2.0 * tanlu_random_uniform(5, TANLU_STREAM_CALLER, 1, k));
    rows[i] += other;
    columns[j] += other;
  }
  assert_int_equal(tanlu_ras(M, N, matrix, rows, columns, NULL, NULL, &usual, NULL, *state), TANLU_OK);
  for (size_t i = 0; i < M; i++) {
    double sum = 0.0;
    for (size_t j = 0; j < N; j++) sum += matrix[j * M + i];
    assert_true(fabs(sum - rows[i]) <= 2e-12 * rows[i]);
  }
  for (size_t j = 0; j < N; j++) {
    double sum = 0.0;
    for (size_t i = 0; i < M; i++) sum += matrix[j * M + i];
    assert_true(fabs(sum - columns[j]) <= 2e-12 * columns[j]);
  }
  size_t compared = 0;
  for (size_t k = 0; k < M * N; k++) assert_true((matrix[k] == 0.0) == (before[k] == 0.0));
  for (size_t i = 1; i < M; i++) { /* b_ij b_00 / (b_i0 b_0j) is that of A */
    for (size_t j = 1; j < N; j++) {
      const size_t a = j * M + i, b = 0, c = i, d = j * M;
      if (before[a] * before[b] * before[c] * before[d] == 0.0) continue;
      const double was = before[a] * before[b] / (before[c] * before[d]);
      assert_true(fabs(matrix[a] * matrix[b] / (matrix[c] * matrix[d]) - was) <= 1e-10 * was);
      compared++;
    }
  }
  assert_true(compared > 100);
}

static void what_adds_up_keeps_its_bits(void **state) {
  double matrix[] = {0.1, 0.7, 0.3, 0.0}, copy[4];
  const double rows[] = {0.1 + 0.3, 0.7}, columns[] = {0.1 + 0.7, 0.3};
  size_t rounds = 9;
  memcpy(copy, matrix, sizeof copy);
  assert_int_equal(tanlu_ras(2, 2, matrix, rows, columns, NULL, NULL, &usual, &rounds, *state), TANLU_OK);
  assert_int_equal(rounds, 0);
  assert_memory_equal(matrix, copy, sizeof copy);
}

/* Row 0 has only its first cell, so that column 0 would have to hold 2 and is to hold 1. Row sums are furthest off. */
static void no_solution_names_the_place(void **state) {
  double matrix[] = {1.0, 1.0, 0.0, 1.0};
  const double rows[] = {2.0, 1.0}, columns[] = {1.0, 2.0};
  static const char *const name[] = {"coal", "power"}, *const column_name[] = {"steel", "rail"};
  assert_int_equal(tanlu_ras(2, 2, matrix, rows, columns, name, column_name, &usual, NULL, *state), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(*state, "RAS does not converge: after 1000 rounds column"));
  assert_true(tanlu_test_has_message(*state, "instead of"));
}

static void wrong_numbers_are_refused(void **state) {
  static const char *const name[] = {"coal", "power"};
  const double rows[] = {1.0, 1.0}, columns[] = {1.0, 1.0}, more[] = {1.0, 1.5}, below[] = {3.0, -1.0};
  double negative[] = {1.0, -1.0, 1.0, 1.0}, hollow[] = {1.0, 0.0, 1.0, 0.0}, good[] = {1.0, 1.0, 1.0, 1.0};
  assert_int_equal(tanlu_ras(2, 2, negative, rows, columns, name, NULL, &usual, NULL, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "row power holds -1"));
  assert_int_equal(tanlu_ras(2, 2, hollow, rows, columns, name, NULL, &usual, NULL, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "row power has no entries but is to add up to 1"));
  assert_int_equal(tanlu_ras(2, 2, good, rows, more, name, NULL, &usual, NULL, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "rows are to add up to 2 and columns to 2.5"));
  assert_int_equal(tanlu_ras(2, 2, good, rows, below, name, NULL, &usual, NULL, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "column 1 is to add up to -1"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_case_in_closed_form, set_up, tear_down),
      cmocka_unit_test_setup_teardown(margins_are_reached, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_adds_up_keeps_its_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(no_solution_names_the_place, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_numbers_are_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
