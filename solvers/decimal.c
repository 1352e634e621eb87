#include "solvers/decimal.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POWER = 27 }; /* 5^27 < 2^63 */

/* ---- extended precision ------------------------------------------------------------------------------------------------- */

#if LDBL_MANT_DIG == 64 && FLT_EVAL_METHOD == 0
static const long double ten[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
                                  1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
                                  1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};

/* Is it the middle between two doubles? Its mantissa has 64 bits, the last 11 of them beyond a double. */
static bool is_middle(long double number) {
  uint64_t mantissa;
  memcpy(&mantissa, &number, sizeof mantissa);
  return (mantissa & 0x7FF) == 0x400;
}

/* Whether the machine computes so, which an emulation as in valgrind does not. */
static bool is_extended(void) {
  volatile long double one = 1.0L;
  return one + 0x1p-63L != one;
}

static bool nearest(uint64_t mantissa, int exponent, double *value) {
  if (exponent < -MOST_POWER || exponent > MOST_POWER) return false;
  const long double whole = (long double)mantissa;
  const long double number = exponent < 0 ? whole / ten[-exponent] : whole * ten[exponent];
  if (is_middle(number)) return false;
  *value = (double)number;
  return true;
}

/* value > 0 as m 10^(e + 1 - digits) with 10^(digits-1) <= m < 10^digits, rounded; false where the rounding is not certain. *e is a
 * guess on entry. */
static bool scale(double value, int digits, uint64_t *m, int *e) {
  static const long double margin = 1.0L / 64.0L; /* above 10^17 2^-64, the error of the product */
  for (int round = 0; round < 2; round++) {
    const int power = digits - 1 - *e;
    if (power < -MOST_POWER || power > MOST_POWER) return false;
    const long double scaled = power < 0 ? (long double)value / ten[-power] : (long double)value * ten[power];
    if (scaled < ten[digits - 1] || scaled >= ten[digits]) { /* the logarithm was rounded */
      *e += scaled < ten[digits] ? -1 : 1;
      continue;
    }
    const uint64_t whole = (uint64_t)scaled;
    const long double rest = scaled - (long double)whole;
    if (rest > 0.5L - margin && rest < 0.5L + margin) return false;
    *m = whole + (rest > 0.5L);
    if (*m < (uint64_t)ten[digits]) return true;
    *m /= 10;
    (*e)++;
    return true;
  }
  return false;
}
#else
static bool is_extended(void) {
  return false;
}

static bool nearest(uint64_t mantissa, int exponent, double *value) {
  (void)mantissa, (void)exponent, (void)value;
  return false;
}

static bool scale(double value, int digits, uint64_t *m, int *e) {
  (void)value, (void)digits, (void)m, (void)e;
  return false;
}
#endif

bool tanlu_decimal_double(uint64_t mantissa, int exponent, double *value) {
  return is_extended() && nearest(mantissa, exponent, value);
}

/* ---- text --------------------------------------------------------------------------------------------------------------- */

/* m 10^(e + 1 - digits) as %.{digits}g writes it. */
static size_t put(char *text, bool negative, uint64_t m, int e, int digits) {
  const bool plain = e >= -4 && e < digits;
  char digit[24], *to = text;
  while (m % 10 == 0 && digits > 1) {
    m /= 10;
    digits--;
  }
  for (int k = digits; k-- > 0; m /= 10) digit[k] = (char)('0' + m % 10);
  if (negative) *to++ = '-';
  int point = plain ? e + 1 : 1; /* digits ahead of the point */
  if (point <= 0) {
    *to++ = '0';
    *to++ = '.';
    for (; point < 0; point++) *to++ = '0';
    point = -1;
  }
  for (int k = 0; k < digits; k++) {
    if (k == point) *to++ = '.';
    *to++ = digit[k];
  }
  for (int k = digits; k < point; k++) *to++ = '0';
  if (!plain) to += sprintf(to, "e%c%02d", e < 0 ? '-' : '+', abs(e));
  *to = '\0';
  return (size_t)(to - text);
}

/* By the C library, whatever the locale of the program. */
static size_t put_slowly(double value, char *text) {
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  const locale_t before = plain != (locale_t)0 ? uselocale(plain) : (locale_t)0;
  for (int digits = 15; digits <= 17; digits++) {
    (void)snprintf(text, TANLU_DECIMAL_TEXT, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  if (before != (locale_t)0) (void)uselocale(before);
  if (plain != (locale_t)0) freelocale(plain);
  return strlen(text);
}

size_t tanlu_decimal_text(double value, char text[TANLU_DECIMAL_TEXT]) {
  const double size = fabs(value);
  const bool negative = signbit(value) != 0;
  uint64_t whole = 0, m = 0;
  double back = 0.0;
  if (size == 0.0) return put(text, negative, 0, 0, 1);
  if (!isfinite(value) || !is_extended()) return put_slowly(value, text);
  int e = (int)floor(log10(size)), place = 0;
  if (!scale(size, 17, &whole, &e)) return put_slowly(value, text);
  /* Half the distance to the next double is below 12 in the 17th digit: what has 15 digits is near a multiple of 100. */
  const uint64_t rest = whole % 100;
  for (int digits = rest > 12 && rest < 88 ? 16 : 15; digits < 17; digits++) {
    place = e;
    if (!scale(size, digits, &m, &place) || !nearest(m, place + 1 - digits, &back)) {
      return put_slowly(value, text);
    }
    if (back == size) return put(text, negative, m, place, digits);
  }
  return put(text, negative, whole, e, 17);
}
