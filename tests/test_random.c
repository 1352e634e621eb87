/* Counter-based random numbers: the published generator, moments, streams, permutations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "solvers/random.h"

enum { DRAWS = 100000 };

/* The known-answer table that comes with Random123 gives for philox4x32, 10 rounds: counter 0, key 0 -> 6627e8d5 e169c58d
 * bc57ac4c 9b00dbd8. Our number is the first two words, the second above the first. */
static void is_philox(void **unused) {
  (void)unused;
  assert_true(tanlu_random_bits(0, 0, 0, 0) == UINT64_C(0xe169c58d6627e8d5));
}

/* n uniforms have a mean of 1/2 with standard error sqrt(1/12n), a variance of 1/12 with sqrt(1/180n), and a serial
 * correlation of 0 with 1/sqrt(n); 5 standard errors are passed by chance in all but 6e-7 of seeds, and the seed is fixed. */
static void is_uniform(void **unused) {
  (void)unused;
  double sum = 0.0, square = 0.0, serial = 0.0, before = 0.0;
  for (uint64_t i = 0; i < DRAWS; i++) {
    const double u = tanlu_random_uniform(7, TANLU_STREAM_CALLER, i, 3) - 0.5;
    assert_true(u > -0.5 && u < 0.5);
    sum += u;
    square += u * u;
    serial += u * before;
    before = u;
  }
  const double n = DRAWS;
  assert_true(fabs(sum / n) < 5.0 * sqrt(1.0 / 12.0 / n));
  assert_true(fabs(square / n - 1.0 / 12.0) < 5.0 * sqrt(1.0 / 180.0 / n));
  assert_true(fabs(12.0 * serial / n) < 5.0 / sqrt(n));
}

/* Every argument matters, and numbers of neighbouring arguments are not correlated (5 / sqrt n as above). */
static void arguments_matter(void **unused) {
  (void)unused;
  double products[4] = {0.0};
  for (uint64_t i = 0; i < DRAWS; i++) {
    const double u = tanlu_random_uniform(1, 1, i, 1) - 0.5;
    products[0] += u * (tanlu_random_uniform(2, 1, i, 1) - 0.5);
    products[1] += u * (tanlu_random_uniform(1, 2, i, 1) - 0.5);
    products[2] += u * (tanlu_random_uniform(1, 1, i + (UINT64_C(1) << 32), 1) - 0.5);
    products[3] += u * (tanlu_random_uniform(1, 1, i, 2) - 0.5);
  }
  for (int i = 0; i < 4; i++) assert_true(fabs(12.0 * products[i] / DRAWS) < 5.0 / sqrt((double)DRAWS));
}

/* 0 ... 6 each come n/7 times; chi-square with 6 degrees of freedom exceeds 35 in 4e-6 of seeds. */
static void indices_are_even(void **unused) {
  (void)unused;
  double hits[7] = {0.0}, chi = 0.0;
  for (uint64_t i = 0; i < DRAWS; i++) hits[tanlu_random_index(11, TANLU_STREAM_CALLER, i, 0, 7)] += 1.0;
  for (int i = 0; i < 7; i++) chi += (hits[i] - DRAWS / 7.0) * (hits[i] - DRAWS / 7.0) / (DRAWS / 7.0);
  assert_true(chi < 35.0);
  assert_true(tanlu_random_index(11, 0, 0, 0, 1) == 0);
}

/* Each count's images are all of 0 ... count - 1, once. */
static void permutations_are_permutations(void **unused) {
  (void)unused;
  for (uint64_t count = 1; count <= 300; count++) {
    unsigned char seen[300] = {0};
    for (uint64_t i = 0; i < count; i++) {
      const uint64_t image = tanlu_random_permute(count * 17, i, count);
      assert_true(image < count && !seen[image]);
      seen[image] = 1;
    }
  }
}

/* Over many keys each of the 24 orders of 4 things, and each image of each of 5 places, is as frequent as the others:
 * chi-square with 23 degrees of freedom exceeds 75 in 2e-7, with 16 exceeds 60 in 5e-7 of seeds. */
static void permutations_are_even(void **unused) {
  (void)unused;
  double orders[256] = {0.0}, places[5][5] = {{0.0}}, chi = 0.0;
  enum { KEYS = 24000 };
  for (uint64_t i = 0; i < KEYS; i++) {
    const uint64_t key = tanlu_random_bits(5, TANLU_STREAM_ORDER, i, 0);
    unsigned code = 0;
    for (uint64_t j = 0; j < 4; j++) code = code * 4 + (unsigned)tanlu_random_permute(key, j, 4);
    orders[code] += 1.0;
    for (uint64_t j = 0; j < 5; j++) places[j][tanlu_random_permute(key, j, 5)] += 1.0;
  }
  int met = 0;
  for (int i = 0; i < 256; i++) {
    if (orders[i] == 0.0) continue;
    met++;
    chi += (orders[i] - KEYS / 24.0) * (orders[i] - KEYS / 24.0) / (KEYS / 24.0);
  }
  assert_int_equal(met, 24);
  assert_true(chi < 75.0);
  chi = 0.0;
  for (int i = 0; i < 25; i++) {
    const double gap = places[i / 5][i % 5] - KEYS / 5.0;
    chi += gap * gap / (KEYS / 5.0);
  }
  assert_true(chi < 60.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_philox),
      cmocka_unit_test(is_uniform),
      cmocka_unit_test(arguments_matter),
      cmocka_unit_test(indices_are_even),
      cmocka_unit_test(permutations_are_permutations),
      cmocka_unit_test(permutations_are_even),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
