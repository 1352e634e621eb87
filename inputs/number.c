#include "inputs/number.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static const char *skip_digits(const char *text) {
  while (*text >= '0' && *text <= '9') text++;
  return text;
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent. */
static bool is_decimal(const char *text) {
  if (*text == '+' || *text == '-') text++;
  const char *end = skip_digits(text);
  ptrdiff_t digits = end - text;
  if (*end == '.') {
    text = end + 1;
    end = skip_digits(text);
    digits += end - text;
  }
  if (digits == 0) return false;
  if (*end == 'e' || *end == 'E') {
    text = end + 1;
    if (*text == '+' || *text == '-') text++;
    end = skip_digits(text);
    if (end == text) return false;
  }
  return *end == '\0';
}

bool tanlu_number_parse(const char *text, double *value) {
  if (!is_decimal(text)) return false;
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
