/* Decimal numbers to doubles and back, faster than the C library and with the same bits and characters: in a range that holds nearly
 * all statistics by a single operation in extended precision, where that decides; else by the C library. */
#ifndef TANLU_SOLVERS_DECIMAL_H
#define TANLU_SOLVERS_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The double nearest to mantissa 10^exponent (ties to even); false, and *value untouched, where it is not known without further
 * digits of arithmetic. mantissa and powers up to 10^27 are exact in 64 bits, so that their product or quotient is within half a
 * unit of these; it decides unless it falls on the middle between two doubles. */
bool tanlu_decimal_double(uint64_t mantissa, int exponent, double *value);

/* The shortest of %.15g, %.16g and %.17g that reads back to the same double, as in the C locale; NaN and infinities as %g. Returns
 * its length. */
enum { TANLU_DECIMAL_TEXT = 32 };
size_t tanlu_decimal_text(double value, char text[TANLU_DECIMAL_TEXT]);

#endif
