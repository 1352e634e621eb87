/* The Sobol sequence against points worked by hand and published ones, its evenness, and what scrambling keeps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "solvers/sobol.h"
#include "tests/support.h"

enum { POINTS = 1024, ALL = TANLU_SOBOL_DIMENSIONS };

/* By hand, direction numbers v_j = m_j / 2^j in eighths: dimension 1 (m = 1, 1, 1) 4 2 1; dimension 2 (x + 1, m_j = 2 m_{j-1}
 * ^ m_{j-1}: 1, 3, 5) 4 6 5; dimension 3 (x^2 + x + 1, m = 1, 3, then 2*3 ^ 4*1 ^ 1 = 3) 4 6 3. Point n is point n - 1 XOR v of
 * the lowest zero bit of n - 1, that is v 1 2 1 3 1 2 1. The page of Joe and Kuo lists the same points. */
static void points_by_hand(void **unused) {
  (void)unused;
  static const unsigned eighths[8][3] = {{0, 0, 0}, {4, 4, 4}, {6, 2, 2}, {2, 6, 6},
                                         {3, 3, 5}, {7, 7, 1}, {5, 1, 7}, {1, 5, 3}};
  tanlu_sobol *s = NULL;
  assert_int_equal(tanlu_sobol_create(&s, 3, NULL), TANLU_OK);
  for (uint64_t n = 0; n < 8; n++) {
    uint32_t x[3];
    tanlu_sobol_point(s, n, x);
    for (int d = 0; d < 3; d++) assert_true(x[d] == (uint32_t)eighths[n][d] << 29);
  }
  tanlu_sobol_free(&s);
  assert_null(s);
}

/* scipy.stats.qmc.Sobol(1024, scramble=False, bits=32) of SciPy 1.10, an independent program with the same direction numbers. */
static void points_of_another_program(void **unused) {
  (void)unused;
  static const struct {
    uint64_t point;
    size_t dimension;
    double value;
  } known[] = {{5, 9, 0.125},
               {100, 49, 0.6640625},
               {777, 199, 0.1435546875},
               {1000, 511, 0.3955078125},
               {1023, 1023, 0.9951171875},
               {513, 999, 0.8818359375}};
  tanlu_sobol *s = NULL;
  assert_int_equal(tanlu_sobol_create(&s, ALL, NULL), TANLU_OK);
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    uint32_t x[ALL];
    tanlu_sobol_point(s, known[i].point, x);
    assert_true(x[known[i].dimension] * 0x1p-32 == known[i].value);
  }
  tanlu_sobol_free(&s);
}

/* The first 2^10 points, and the next, have one coordinate in each of 2^10 intervals: in every dimension, scrambled or not. */
static void every_dimension_is_even(void **unused) {
  (void)unused;
  static unsigned char seen[2][ALL][POINTS];
  memset(seen, 0, sizeof seen);
  tanlu_sobol *s = NULL;
  assert_int_equal(tanlu_sobol_create(&s, ALL, NULL), TANLU_OK);
  for (uint64_t n = POINTS; n < 2 * POINTS; n++) {
    uint32_t x[ALL];
    tanlu_sobol_point(s, n, x);
    for (uint32_t d = 0; d < ALL; d++) {
      seen[0][d][x[d] >> 22]++;
      seen[1][d][tanlu_sobol_scramble(x[d], 42, d) >> 22]++;
    }
  }
  for (int scrambled = 0; scrambled < 2; scrambled++)
    for (int d = 0; d < ALL; d++)
      for (int i = 0; i < POINTS; i++) assert_int_equal(seen[scrambled][d][i], 1);
  tanlu_sobol_free(&s);
}

/* The first two dimensions form a (0, m, 2)-net: of 2^10 points each of the 2^a x 2^(10-a) boxes holds one. Scrambling keeps
 * that. (I. M. Sobol, 1967; A. B. Owen, 1995.) */
static void two_dimensions_are_a_net(void **unused) {
  (void)unused;
  tanlu_sobol *s = NULL;
  assert_int_equal(tanlu_sobol_create(&s, 2, NULL), TANLU_OK);
  for (unsigned scrambled = 0; scrambled < 2; scrambled++)
    for (unsigned a = 1; a < 10; a++) {
      unsigned char seen[POINTS] = {0};
      for (uint64_t n = 0; n < POINTS; n++) {
        uint32_t x[2];
        tanlu_sobol_point(s, n, x);
        for (uint32_t d = 0; scrambled && d < 2; d++) x[d] = tanlu_sobol_scramble(x[d], 9, d);
        const uint32_t box = (x[0] >> (32 - a)) << (10 - a) | x[1] >> (22 + a);
        assert_int_equal(seen[box]++, 0);
      }
    }
  tanlu_sobol_free(&s);
}

/* Two numbers that agree in exactly j leading bits still do; each output bit is set for half the seeds (4,000 seeds: standard
 * error 0.0079, bound 5 of them). */
static void scrambling_is_nested_and_even(void **unused) {
  (void)unused;
  const uint32_t x = 0x9b1f6d35U;
  for (unsigned j = 0; j < 32; j++) {
    const uint32_t other = x ^ UINT32_C(1) << (31 - j) ^ (j < 31 ? 0x5a5a5a5aU >> (j + 1) : 0);
    const uint32_t apart = tanlu_sobol_scramble(x, 3, 8) ^ tanlu_sobol_scramble(other, 3, 8);
    assert_true(apart >> (31 - j) == 1);
  }
  double set[32] = {0.0}, both = 0.0;
  for (uint64_t seed = 0; seed < 4000; seed++) {
    const uint32_t image = tanlu_sobol_scramble(x, seed, 1);
    for (int j = 0; j < 32; j++) set[j] += image >> j & 1U;
    both += (image >> 31) == (tanlu_sobol_scramble(x, seed, 2) >> 31);
  }
  for (int j = 0; j < 32; j++) assert_true(fabs(set[j] / 4000.0 - 0.5) < 0.04);
  assert_true(fabs(both / 4000.0 - 0.5) < 0.04);
}

/* The integral of prod_d (1 + (u_d - 1/2) / 2) over 8 dimensions is 1. Its standard deviation is sqrt((1 + 1/48)^8 - 1) =
 * 0.42, so 4096 random points err by 6.6e-3; for a smooth function scrambled points do about n^-1 better: a tenth is asked. */
static void integrates_better_than_chance(void **unused) {
  (void)unused;
  tanlu_sobol *s = NULL;
  assert_int_equal(tanlu_sobol_create(&s, 8, NULL), TANLU_OK);
  double square = 0.0;
  for (uint64_t seed = 1; seed <= 8; seed++) {
    double sum = 0.0;
    for (uint64_t n = 0; n < 4096; n++) {
      uint32_t x[8];
      tanlu_sobol_point(s, n, x);
      double product = 1.0;
      for (uint32_t d = 0; d < 8; d++)
        product *= 1.0 + 0.5 * ((tanlu_sobol_scramble(x[d], seed, d) + 0.5) * 0x1p-32 - 0.5);
      sum += product;
    }
    square += (sum / 4096.0 - 1.0) * (sum / 4096.0 - 1.0) / 8.0;
  }
  assert_true(sqrt(square) < 6.6e-4);
  tanlu_sobol_free(&s);
}

static void too_many_dimensions(void **unused) {
  (void)unused;
  tanlu_context *context = tanlu_context_create();
  tanlu_sobol *s = NULL;
  assert_int_equal(tanlu_sobol_create(&s, ALL + 1, context), TANLU_ERR_INPUT);
  assert_null(s);
  assert_true(tanlu_test_has_message(context, "1025 dimensions; expected 1 to 1024"));
  assert_int_equal(tanlu_sobol_create(&s, 0, context), TANLU_ERR_INPUT);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(points_by_hand),
      cmocka_unit_test(points_of_another_program),
      cmocka_unit_test(every_dimension_is_even),
      cmocka_unit_test(two_dimensions_are_a_net),
      cmocka_unit_test(scrambling_is_nested_and_even),
      cmocka_unit_test(integrates_better_than_chance),
      cmocka_unit_test(too_many_dimensions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
