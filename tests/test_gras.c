/* RAS and GRAS. Oracles: an example of a textbook by what makes its solution unique (sums and cross ratios) and by the scaling in
 * place of solvers/ras.c; the example of the paper that introduced GRAS with its figures; matrices made from known factors, which are the
 * only solution for their own sums; Hall's condition over all sets of rows for what can be solved at all; cuts found by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/gras_private.h"
#include "solvers/memory.h"
#include "solvers/random.h"
#include "tests/support.h"

static const tanlu_ras_options usual = {.tolerance = 1e-12, .most = 20000};

static int set_up(void **state) {
  *state = tanlu_context_create();
  return *state == NULL;
}

static int tear_down(void **state) {
  tanlu_context_free((tanlu_context **)state);
  return 0;
}

static double random_number(uint32_t stream, uint32_t k) {
  return tanlu_random_uniform(11, TANLU_STREAM_CALLER, stream, k);
}

/* R. E. Miller and P. D. Blair, Input-Output Analysis, 2nd ed. (2009), section 7.4.2: A(0), x(1), and Z(1), whose sums are u(1) =
 * (245, 136, 159) and v(1) = (251, 107, 182). Column-major. */
static void the_example_of_a_textbook(void **state) {
  static const double base[] = {.120, .210, .026, .100, .247, .249, .049, .265, .145}, output[] = {421, 284, 283};
  static const double u[] = {245, 136, 159}, v[] = {251, 107, 182};
  double x[9], other[9];
  for (size_t k = 0; k < 9; k++) x[k] = other[k] = base[k] * output[k / 3];
  const tanlu_gras_problem problem = {.rows = 3, .columns = 3, .row_sum = u, .column_sum = v};
  tanlu_gras_report report;
  assert_int_equal(tanlu_gras(&problem, x, &usual, &report, *state), TANLU_OK);
  assert_true(report.rounds > 1 && report.rounds < 40 && report.gap <= 1e-12);
  for (size_t i = 0; i < 3; i++) {
    assert_true(fabs(x[i] + x[3 + i] + x[6 + i] - u[i]) <= 1e-12 * u[i]);
    assert_true(fabs(x[3 * i] + x[3 * i + 1] + x[3 * i + 2] - v[i]) <= 1e-12 * v[i]);
  }
  for (size_t i = 1; i < 3; i++) {
    for (size_t j = 1; j < 3; j++) {
      const double is = x[0] * x[3 * j + i] / (x[i] * x[3 * j]);
      const double was = base[0] * base[3 * j + i] / (base[i] * base[3 * j]);
      assert_true(fabs(is - was) <= 1e-12 * was);
    }
  }
  assert_int_equal(tanlu_ras(3, 3, other, u, v, NULL, NULL, &usual, NULL, *state), TANLU_OK);
  for (size_t k = 0; k < 9; k++) assert_true(fabs(x[k] - other[k]) <= 1e-10 * other[k]);
}

/* T. Junius and J. Oosterhaven (2003): goods, services, net taxes by goods, services, consumption, net exports; the figures of the
 * solution hold for the objective as corrected in 2007, under which r and s are those of solvers/gras.h. */
static void the_example_of_the_paper(void **state) {
  static const double given[] = {7, 2, -2, 3, 9, 0, 5, 8, 2, -3, 0, 0}, u[] = {15, 26, -1}, v[] = {9, 16, 17, -2};
  static const double expected[] = {8.42434, 3.00100,  -2.42534, 3.37524, 12.62476, 0.0,
                                    5.20042, 10.37424, 1.42534,  -2.0,    0.0,      0.0};
  double x[12];
  memcpy(x, given, sizeof x);
  const tanlu_gras_problem problem = {.rows = 3, .columns = 4, .row_sum = u, .column_sum = v};
  assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
  for (size_t k = 0; k < 12; k++) assert_true(fabs(x[k] - expected[k]) < 1e-5); /* five decimals */
  /* z of goods and taxes by goods and consumption: z_gg / z_gc = (1 / z_tg) / z_tc, the entry taxes, goods being below zero */
  assert_true(fabs(x[0] / 7.0 / (x[6] / 5.0) - -2.0 / x[2] / (x[8] / 2.0)) < 1e-10);
}

/* ---- factors that are known --------------------------------------------------------------------------------------------- */

enum { M = 37, N = 23, ZERO_ROW = 5, BELOW_ROW = 8, BELOW_COLUMN = 4, FEW = 3 };

typedef struct {
  double given[M * N], scaled[M * N], weight[M * N], u[M], v[N];
  bool fixed[M * N];
} table;

/* A third of the cells empty, every `FEW`th below zero, a row and a column without entries above zero; x = a (r s)^(sign / weight). */
static void make(table *t, bool weighted) {
  memset(t, 0, sizeof *t);
  for (uint32_t k = 0; k < M * N; k++) {
    const size_t i = k % M, j = k / M;
    const double q = random_number(0, k), r = exp(random_number(1, (uint32_t)i) - 0.5);
    const double s = exp(2.0 * random_number(2, (uint32_t)j) - 1.0);
    t->weight[k] = weighted ? exp(2.0 * random_number(3, k) - 1.0) : 1.0;
    if (q < 1.0 / 3.0 || i == ZERO_ROW) continue;
    const double sign = i == BELOW_ROW || j == BELOW_COLUMN || k % FEW == 0 ? -1.0 : 1.0;
    t->given[k] = sign * exp(5.0 * q);
    t->scaled[k] = t->given[k] * pow(r * s, sign / t->weight[k]);
    t->u[i] += t->scaled[k];
    t->v[j] += t->scaled[k];
  }
}

static void expect_scaled(const table *t, const double *x, double tolerance) {
  for (size_t k = 0; k < M * N; k++) {
    assert_true(fabs(x[k] - t->scaled[k]) <= tolerance * fabs(t->scaled[k]));
    assert_true((x[k] > 0.0) == (t->given[k] > 0.0) && (x[k] < 0.0) == (t->given[k] < 0.0));
  }
  for (size_t i = 0; i < M; i++) {
    double sum = 0.0, gross = 0.0;
    for (size_t j = 0; j < N; j++) {
      sum += x[j * M + i];
      gross += fabs(x[j * M + i]);
    }
    assert_true(fabs(sum - t->u[i]) <= 2e-12 * gross);
  }
  for (size_t j = 0; j < N; j++) {
    double sum = 0.0, gross = 0.0;
    for (size_t i = 0; i < M; i++) {
      sum += x[j * M + i];
      gross += fabs(x[j * M + i]);
    }
    assert_true(fabs(sum - t->v[j]) <= 2e-12 * gross);
  }
}

static void known_factors_are_found(void **state) {
  static table t;
  static double x[M * N];
  make(&t, false);
  memcpy(x, t.given, sizeof x);
  const tanlu_gras_problem problem = {.rows = M, .columns = N, .row_sum = t.u, .column_sum = t.v};
  assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
  expect_scaled(&t, x, 1e-9); /* gaps of 1e-12 times the condition of the scaling */
}

static void known_factors_with_weights(void **state) {
  static table t;
  static double x[M * N], alike[M * N];
  make(&t, true);
  memcpy(x, t.given, sizeof x);
  tanlu_gras_problem problem = {.rows = M, .columns = N, .row_sum = t.u, .column_sum = t.v, .weight = t.weight};
  assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
  expect_scaled(&t, x, 1e-9);
  for (size_t k = 0; k < M * N; k++) t.weight[k] *= 4.0; /* only ratios matter */
  memcpy(alike, t.given, sizeof alike);
  assert_int_equal(tanlu_gras(&problem, alike, &usual, NULL, *state), TANLU_OK);
  expect_scaled(&t, alike, 1e-9);
  make(&t, false); /* equal weights are none */
  memcpy(x, t.given, sizeof x);
  assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
  expect_scaled(&t, x, 1e-9);
}

/* Known cells may hold anything: the others are what is found for the sums without them. */
static void fixed_cells_keep_their_bits(void **state) {
  static table t;
  static double x[M * N];
  for (int weighted = 0; weighted < 2; weighted++) {
    make(&t, weighted == 1);
    for (uint32_t k = 0; k < M * N; k += 7) {
      const double known = 100.0 * random_number(4, k) - 50.0;
      t.u[k % M] += known - t.scaled[k];
      t.v[k / M] += known - t.scaled[k];
      t.given[k] = t.scaled[k] = known;
      t.fixed[k] = true;
    }
    memcpy(x, t.given, sizeof x);
    const tanlu_gras_problem problem = {.rows = M,
                                        .columns = N,
                                        .row_sum = t.u,
                                        .column_sum = t.v,
                                        .fixed = t.fixed,
                                        .weight = weighted == 1 ? t.weight : NULL};
    assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
    expect_scaled(&t, x, 1e-8);
    for (size_t k = 0; k < M * N; k += 7) assert_memory_equal(&x[k], &t.given[k], sizeof *x);
  }
}

/* Another order of columns is the same up to rounding; the same order is the same bits. */
static void order_changes_rounding_alone(void **state) {
  static table t;
  static double x[M * N], again[M * N], turned[M * N], sums[N];
  make(&t, false);
  memcpy(x, t.given, sizeof x);
  memcpy(again, t.given, sizeof again);
  for (size_t j = 0; j < N; j++) {
    memcpy(&turned[j * M], &t.given[(N - 1 - j) * M], M * sizeof *turned);
    sums[j] = t.v[N - 1 - j];
  }
  tanlu_gras_problem problem = {.rows = M, .columns = N, .row_sum = t.u, .column_sum = t.v};
  assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
  assert_int_equal(tanlu_gras(&problem, again, &usual, NULL, *state), TANLU_OK);
  assert_memory_equal(x, again, sizeof x);
  problem.column_sum = sums;
  assert_int_equal(tanlu_gras(&problem, turned, &usual, NULL, *state), TANLU_OK);
  for (size_t k = 0; k < M * N; k++) {
    assert_true(fabs(turned[(N - 1 - k / M) * M + k % M] - x[k]) <= 1e-9 * fabs(x[k]));
  }
}

static void what_adds_up_keeps_its_bits(void **state) {
  static table t;
  static double x[M * N];
  make(&t, false);
  memcpy(x, t.scaled, sizeof x);
  const tanlu_gras_problem problem = {.rows = M, .columns = N, .row_sum = t.u, .column_sum = t.v};
  tanlu_gras_report report = {.rounds = 7};
  assert_int_equal(tanlu_gras(&problem, x, &usual, &report, *state), TANLU_OK);
  assert_int_equal(report.rounds, 0);
  assert_memory_equal(x, t.scaled, sizeof x);
}

/* Row 0, of one sign, is to add up to zero; then column 0 has only its entry below zero left. */
static void sums_of_zero(void **state) {
  double x[] = {1.0, -2.0, 3.0, 4.0};
  static const double u[] = {0.0, 4.0}, v[] = {-1.0, 5.0};
  const tanlu_gras_problem problem = {.rows = 2, .columns = 2, .row_sum = u, .column_sum = v};
  assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
  assert_true(x[0] == 0.0 && x[2] == 0.0);
  assert_true(fabs(x[1] + 1.0) < 1e-12 && fabs(x[3] - 5.0) < 1e-12);
}

/* ---- no solution ------------------------------------------------------------------------------------------------------------ */

static void blocks_are_named(void **state) {
  static const char *const row[] = {"coal", "oil", "steel"}, *const column[] = {"power", "rail", "homes"};
  const struct {
    double given[9], u[3], v[3]; /* column-major */
    const char *message;
  } wrong[] = {
      /* coal and oil sell to power alone and are to sell 7 there, which takes 6 */
      {{1, 2, 1, 0, 0, 2, 0, 0, 3},
       {3, 4, 5},
       {6, 3, 3},
       "no such matrix exists: rows coal, oil are to add up to 7 in all and have entries only in column power, which "
       "is to add up to 6"},
      /* homes buy from steel alone: the smaller side of the cut */
      {{1, 2, 1, 4, 5, 2, 0, 0, 3},
       {4, 4, 4},
       {3, 3, 6},
       "no such matrix exists: column homes is to add up to 6 and has entries only in row steel, which is to add up to "
       "4"},
      /* the entry of oil in power is below zero and gives coal room; that of steel is in another column */
      {{1, 0, 1, 0, 2, 2, 0, 1, -3},
       {4, 3, 2},
       {3, 3, 3},
       "no such matrix exists: row coal is to add up to 4 and has entries above zero only in column power, which is to "
       "add up to 3 and whose entries below zero are in the former alone"},
      /* coal fills power, so that nothing can be left of what others sell there */
      {{1, 2, 1, 0, 1, 1, 0, 1, 1},
       {3, 4, 5},
       {3, 5, 4},
       "balancing does not converge: row coal is to add up to 3 and has entries only in column power, which is to add "
       "up to 3, so that other entries of the latter could only be zero"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    double x[9];
    memcpy(x, wrong[k].given, sizeof x);
    tanlu_context_clear(*state);
    const tanlu_gras_problem problem = {.rows = 3,
                                        .columns = 3,
                                        .row_sum = wrong[k].u,
                                        .column_sum = wrong[k].v,
                                        .row_name = row,
                                        .column_name = column};
    assert_int_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_ERR_MODEL);
    assert_true(tanlu_test_has_message(*state, wrong[k].message));
    assert_memory_equal(x, wrong[k].given, sizeof x);
  }
}

/* P. Hall: sums can be met when no set of rows is to add up to more than the columns in which it has entries; with all entries above
 * zero when, besides, a set that adds up to as much leaves these columns no other entries. */
static bool has_solution(const double *a, const double *u, const double *v, size_t n) {
  for (unsigned set = 1; set < 1U << n; set++) {
    double rows = 0.0, columns = 0.0;
    bool others = false;
    for (size_t i = 0; i < n; i++) rows += (set >> i & 1U) != 0 ? u[i] : 0.0;
    for (size_t j = 0; j < n; j++) {
      bool inside = false, outside = false;
      for (size_t i = 0; i < n; i++) {
        if (a[j * n + i] == 0.0) continue;
        inside = inside || (set >> i & 1U) != 0;
        outside = outside || (set >> i & 1U) == 0;
      }
      if (!inside) continue;
      columns += v[j];
      others = others || outside;
    }
    if (rows > columns || (rows == columns && others)) return false;
  }
  return true;
}

static void solved_just_when_possible(void **state) {
  enum { SIZE = 5, CASES = 400 };
  const tanlu_ras_options options = {.tolerance = 1e-9, .most = 5000};
  size_t possible = 0;
  for (uint32_t c = 0; c < CASES; c++) {
    double a[SIZE * SIZE], u[SIZE] = {0.0}, v[SIZE] = {0.0};
    for (uint32_t k = 0; k < SIZE * SIZE; k++) {
      const double q = random_number(5 + c, k);
      a[k] = q < 0.55 ? 0.0 : q;
    }
    for (uint32_t k = 0; k < 20; k++) { /* 20 units over rows and over columns */
      u[(size_t)(SIZE * random_number(5 + c, 100 + k))] += 1.0;
      v[(size_t)(SIZE * random_number(5 + c, 200 + k))] += 1.0;
    }
    bool positive = true;
    for (size_t i = 0; i < SIZE; i++) positive = positive && u[i] > 0.0 && v[i] > 0.0;
    if (!positive) continue;
    const bool expected = has_solution(a, u, v, SIZE);
    const tanlu_gras_problem problem = {.rows = SIZE, .columns = SIZE, .row_sum = u, .column_sum = v};
    tanlu_context_clear(*state);
    const tanlu_status status = tanlu_gras(&problem, a, &options, NULL, *state);
    assert_int_equal(status == TANLU_OK, expected);
    if (status == TANLU_ERR_MODEL) assert_true(tanlu_test_has_message(*state, " only in ")); /* a block is named */
    possible += expected;
  }
  assert_true(possible > 50 && possible < CASES - 50);
}

static void wrong_numbers_are_refused(void **state) {
  static const char *const name[] = {"coal", "power"};
  static const bool fixed[] = {true, false, true, false};
  static const double one[] = {1.0, 1.0}, more[] = {1.0, 1.5}, below[] = {3.0, -1.0}, weight[] = {1.0, 0.0, 1.0, 1.0};
  static const double not_finite[] = {1.0, HUGE_VAL};
  const struct {
    double given[4];
    const double *u, *v, *weight;
    const bool *fixed;
    const char *message;
  } wrong[] = {
      {{1, 1, 1, 1}, one, more, NULL, NULL, "rows are to add up to 2 and columns to 2.5 in all"},
      {{1, 0, 1, 0}, one, one, NULL, NULL, "row power has no entries but is to add up to 1"},
      {{1, -1, 1, -1}, one, one, NULL, NULL, "row power has no entries above zero but is to add up to 1"},
      {{1, 1, 1, 1}, below, one, NULL, NULL, "row power has no entries below zero but is to add up to -1"},
      {{2, 1, 2, 1}, one, one, NULL, fixed, "row coal has no entries beside fixed ones"},
      {{1, 1, 1, 1}, one, one, weight, NULL, "the weight of row power, column coal is 0"},
      {{1, 1, 1, HUGE_VAL}, one, one, NULL, NULL, "row power, column power is inf"},
      {{1, 1, 1, 1}, one, not_finite, NULL, NULL, "column power is to add up to inf"},
  };
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    double x[4];
    memcpy(x, wrong[k].given, sizeof x);
    tanlu_context_clear(*state);
    const tanlu_gras_problem problem = {.rows = 2,
                                        .columns = 2,
                                        .row_sum = wrong[k].u,
                                        .column_sum = wrong[k].v,
                                        .weight = wrong[k].weight,
                                        .fixed = wrong[k].fixed,
                                        .row_name = name,
                                        .column_name = name};
    assert_int_not_equal(tanlu_gras(&problem, x, &usual, NULL, *state), TANLU_OK);
    assert_true(tanlu_test_has_message(*state, wrong[k].message));
  }
}

/* The bits of a result depend neither on threads nor on the processor: every kernel that this one can run, and shares of columns taken
 * by 1, 2 and 3 threads, with entries below zero among them. Lengths with and without remainders of registers. */
static void the_same_bits_on_all_kernels(void **state) {
  enum { MOST = 45 };
  double a[TANLU_GRAS_TILE * MOST], r[MOST], s[TANLU_GRAS_TILE], sum[2][TANLU_GRAS_TILE], rows[2][MOST];
  const double *column[TANLU_GRAS_TILE];
  for (uint32_t k = 0; k < TANLU_GRAS_TILE * MOST; k++) a[k] = random_number(71, k) - 0.3;
  for (uint32_t k = 0; k < MOST; k++) r[k] = random_number(72, k);
  for (uint32_t k = 0; k < TANLU_GRAS_TILE; k++) s[k] = random_number(73, k);
  for (size_t c = 0; c < TANLU_GRAS_TILE; c++) column[c] = &a[c * MOST];
  for (size_t count = 1; count <= MOST; count++) {
    for (size_t rank = 0; tanlu_gras_kernel_choose(rank) != NULL; rank++) {
      const tanlu_gras_kernel *kernel = tanlu_gras_kernel_choose(rank);
      const size_t to = rank > 0;
      for (size_t i = 0; i < count; i++) rows[to][i] = r[i];
      kernel->dot(count, column, r, sum[to]);
      kernel->add_scaled(count, column, s, rows[to]);
      assert_memory_equal(sum[to], sum[0], sizeof sum[0]);
      assert_memory_equal(rows[to], rows[0], count * sizeof(double));
    }
    for (size_t c = 0; c < TANLU_GRAS_TILE; c++) { /* and they are sums */
      double plain = 0.0;
      for (size_t i = 0; i < count; i++) plain += a[c * MOST + i] * r[i];
      assert_true(fabs(plain - sum[0][c]) <= 1e-13);
    }
    for (size_t i = 0; i < count; i++) {
      double plain = r[i];
      for (size_t c = 0; c < TANLU_GRAS_TILE; c++) plain += a[c * MOST + i] * s[c];
      assert_true(fabs(plain - rows[0][i]) <= 1e-13);
    }
  }
  (void)state;
}

static void the_same_bits_on_all_threads(void **state) {
  const size_t m = 531, n = 611;
  assert_true(tanlu_gras_shares(m, n) > 1);
  double *given = tanlu_allocate_doubles(*state, m, n), *x[3], *u = tanlu_allocate_doubles(*state, m, 1),
         *v = tanlu_allocate_doubles(*state, n, 1);
  assert_true(given != NULL && u != NULL && v != NULL);
  for (uint32_t k = 0; k < m * n; k++) {
    given[k] = (k % 17 == 0 ? -1.0 : 1.0) * exp(4.0 * random_number(74, k));
    const double other = given[k] * (0.5 + random_number(75, k));
    u[k % m] += other;
    v[k / m] += other;
  }
  const tanlu_gras_problem problem = {.rows = m, .columns = n, .row_sum = u, .column_sum = v};
  for (int t = 0; t < 3; t++) {
    tanlu_ras_options how = usual;
    how.threads = t + 1;
    x[t] = tanlu_allocate_doubles(*state, m, n);
    assert_non_null(x[t]);
    memcpy(x[t], given, m * n * sizeof(double));
    assert_int_equal(tanlu_gras(&problem, x[t], &how, NULL, *state), TANLU_OK);
    assert_memory_equal(x[t], x[0], m * n * sizeof(double));
  }
  assert_true(memcmp(x[0], given, m * n * sizeof(double)) != 0);
  for (int t = 0; t < 3; t++) free(x[t]);
  free(given);
  free(u);
  free(v);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_same_bits_on_all_kernels, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_same_bits_on_all_threads, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_example_of_a_textbook, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_example_of_the_paper, set_up, tear_down),
      cmocka_unit_test_setup_teardown(known_factors_are_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(known_factors_with_weights, set_up, tear_down),
      cmocka_unit_test_setup_teardown(fixed_cells_keep_their_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(order_changes_rounding_alone, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_adds_up_keeps_its_bits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(sums_of_zero, set_up, tear_down),
      cmocka_unit_test_setup_teardown(blocks_are_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(solved_just_when_possible, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_numbers_are_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
