/* The table of Joe and Kuo, see sobol.h. */
#ifndef TANLU_SOLVERS_SOBOL_PRIVATE_H
#define TANLU_SOLVERS_SOBOL_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* For each dimension but the first, one after the other: the polynomial, its coefficients as bits (x^2 + x + 1 is 7), of degree
 * s; then m_1 ... m_s. */
extern const uint16_t tanlu_sobol_directions[];
extern const size_t tanlu_sobol_directions_length;

#endif
