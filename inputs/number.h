/* Numbers in files: strict, and the same under every locale. */
#ifndef TANLU_INPUTS_NUMBER_H
#define TANLU_INPUTS_NUMBER_H

#include <stdbool.h>

/* The whole text is one decimal number (sign, digits, point, exponent) and finite: true and *value. Anything else,
 * "0.1x", "", " 1", "1,5", "0x10", "nan", "inf", "1e999" among it: false, *value untouched. */
bool tanlu_number_parse(const char *text, double *value);
/* The same for a whole number that fits an int: digits with an optional sign, no point, no exponent. */
bool tanlu_integer_parse(const char *text, int *value);

#endif
