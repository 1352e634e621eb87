#include "inputs/number.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "solvers/decimal.h"

static const char *skip_digits(const char *text) {
  while (*text >= '0' && *text <= '9') text++;
  return text;
}

/* A decimal number taken apart: +-mantissa 10^exponent; `digits` of the mantissa from the first that is not 0. */
typedef struct {
  bool negative;
  uint64_t mantissa;
  int digits, exponent;
} decimal;

static const char *take_digits(const char *text, decimal *d, int scale) {
  for (; *text >= '0' && *text <= '9'; text++) {
    if (d->digits > 0 || *text != '0') d->digits++;
    if (d->digits <= 19) {
      d->mantissa = 10 * d->mantissa + (uint64_t)(*text - '0');
      d->exponent += scale;
    }
  }
  return text;
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent. */
static bool is_decimal(const char *text, decimal *d) {
  *d = (decimal){.negative = *text == '-'};
  if (*text == '+' || *text == '-') text++;
  const char *end = take_digits(text, d, 0);
  ptrdiff_t digits = end - text;
  if (*end == '.') {
    text = end + 1;
    end = take_digits(text, d, -1);
    digits += end - text;
  }
  if (digits == 0) return false;
  if (*end == 'e' || *end == 'E') {
    text = end + 1;
    const bool below = *text == '-';
    if (*text == '+' || *text == '-') text++;
    int power = 0;
    for (end = text; *end >= '0' && *end <= '9'; end++) {
      if (power < 10000) power = 10 * power + (*end - '0');
    }
    if (end == text) return false;
    d->exponent += below ? -power : power;
  }
  return *end == '\0';
}

bool tanlu_number_parse(const char *text, double *value) {
  decimal d;
  double size = 0.0;
  if (!is_decimal(text, &d)) return false;
  if (d.digits <= 19 && tanlu_decimal_double(d.mantissa, d.exponent, &size)) {
    *value = d.negative ? -size : size;
    return true;
  }
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!plain) return false;
  char *end = NULL;
  const double number = strtod_l(text, &end, plain);
  freelocale(plain);
  if (*end != '\0' || !isfinite(number)) return false;
  *value = number;
  return true;
}

bool tanlu_integer_parse(const char *text, int *value) {
  const char *digits = (*text == '+' || *text == '-') ? text + 1 : text;
  const char *end = skip_digits(digits);
  if (end == digits || *end != '\0') return false;
  errno = 0;
  const long number = strtol(text, NULL, 10);
  if (errno != 0 || number < INT_MIN || number > INT_MAX) return false;
  *value = (int)number;
  return true;
}
