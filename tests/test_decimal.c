/* Decimal numbers. Oracle: strtod and printf of the C library, which round correctly, on random bits and digits and on numbers at the
 * edges: powers of two and ten, neighbours of these, middles between doubles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "solvers/decimal.h"
#include "solvers/random.h"

enum { DRAWS = 100000 };

static uint64_t bits(uint32_t stream, uint32_t k) {
  const double high = tanlu_random_uniform(11, TANLU_STREAM_CALLER, stream, 2 * k);
  const double low = tanlu_random_uniform(11, TANLU_STREAM_CALLER, stream, 2 * k + 1);
  return (uint64_t)(high * 4294967296.0) << 32 | (uint64_t)(low * 4294967296.0);
}

static void expect_text(double value) {
  char text[TANLU_DECIMAL_TEXT], wanted[TANLU_DECIMAL_TEXT];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(wanted, sizeof wanted, "%.*g", digits, value);
    if (strtod(wanted, NULL) == value) break;
  }
  assert_int_equal(tanlu_decimal_text(value, text), strlen(wanted));
  assert_string_equal(text, wanted);
}

static void expect_number(const char *text) {
  double value = -1.0;
  assert_true(tanlu_number_parse(text, &value));
  assert_true(value == strtod(text, NULL));
}

static void random_doubles_as_text(void **state) {
  (void)state;
  for (uint32_t k = 0; k < DRAWS; k++) {
    uint64_t word = bits(1, k);
    double value;
    memcpy(&value, &word, sizeof value);
    if (isfinite(value)) expect_text(value);
    expect_text(
        ldexp(1.0 + (double)(word >> 12) / 4503599627370496.0, (int)(word % 100) - 50)); /* where statistics are */
    expect_text((double)(word % 1000000) / 100.0);
    expect_text((double)(int64_t)word / 1e3);
  }
}

static void edges_as_text(void **state) {
  static const double others[] = {0.0,
                                  -0.0,
                                  1.0,
                                  -1.0,
                                  0.1,
                                  1.0 / 3.0,
                                  5e-324,
                                  2.2250738585072014e-308,
                                  1.7976931348623157e308,
                                  9007199254740993.0,
                                  123456789012345680.0,
                                  99999999999999990.0,
                                  0.00012345,
                                  0.000012345};
  (void)state;
  for (size_t k = 0; k < sizeof others / sizeof *others; k++) expect_text(others[k]);
  for (int e = -320; e <= 308; e++) {
    char text[16];
    snprintf(text, sizeof text, "1e%d", e);
    const double ten = strtod(text, NULL), two = ldexp(1.0, e);
    expect_text(ten);
    expect_text(nextafter(ten, 0.0));
    expect_text(nextafter(ten, HUGE_VAL));
    expect_text(two);
    expect_text(nextafter(two, 0.0));
    expect_number(text);
  }
}

static void random_digits_as_numbers(void **state) {
  (void)state;
  for (uint32_t k = 0; k < DRAWS; k++) {
    const uint64_t word = bits(2, k);
    char text[64];
    snprintf(text, sizeof text, "%llu", (unsigned long long)(word >> word % 61));
    expect_number(text);
    snprintf(text, sizeof text, "%s%llue%d", word & 1 ? "-" : "", (unsigned long long)(word >> 4),
             (int)(word % 64) - 40);
    expect_number(text);
    snprintf(text, sizeof text, "0.%0*llu", (int)(word % 24) + 1, (unsigned long long)(word >> 8));
    expect_number(text);
    snprintf(text, sizeof text, "%llu.%llu", (unsigned long long)(word % 1000003), (unsigned long long)(word >> 2));
    expect_number(text);
  }
}

/* The middle between two doubles and its neighbours in the last digit: 2^53 + 1 and the like, with up to 19 digits. */
static void middles(void **state) {
  (void)state;
  for (uint32_t k = 0; k < DRAWS / 10; k++) {
    const uint64_t even = ((uint64_t)1 << 53 | bits(3, k) >> 11) & ~(uint64_t)1;
    for (int d = -1; d <= 1; d++) {
      char text[64];
      snprintf(text, sizeof text, "%llu", (unsigned long long)(2 * even + 1 + (uint64_t)(int64_t)d));
      expect_number(text);
      snprintf(text, sizeof text, "%llue-3", (unsigned long long)(2 * even + 1 + (uint64_t)(int64_t)d) * 125);
      expect_number(text);
    }
  }
  expect_number("9007199254740993");
  expect_number("9007199254740992.999999999999");
  expect_number("0.500000000000000166533453693773481063544750213623046875");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_doubles_as_text),
      cmocka_unit_test(edges_as_text),
      cmocka_unit_test(random_digits_as_numbers),
      cmocka_unit_test(middles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
