/* The Sobol sequence: points that fill the unit cube evenly.
 *
 * Coordinate d of point n is the XOR of the direction numbers v_{d,j} over the set bits j of the Gray code n ^ (n >> 1), with
 * point 0 = 0 included. v_{d,j} = m_j 2^(32-j); m_j follows from a primitive polynomial of degree s over GF(2), x^s + a_1
 * x^(s-1) + ... + 1, and the first m_1 ... m_s:
 *   m_j = 2 a_1 m_{j-1} ^ 4 a_2 m_{j-2} ^ ... ^ 2^s m_{j-s} ^ m_{j-s}.
 * Polynomials and first m: S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008), set new-joe-kuo-6.
 *
 * Scrambling (A. B. Owen, 1995): bit j of a coordinate is flipped by a random bit that depends on the seed, the dimension and
 * the bits above it; the random bit is a hash, so that nothing is stored. Evenness is kept, each point becomes uniform, and
 * 0 loses its special part. */
#ifndef TANLU_SOLVERS_SOBOL_H
#define TANLU_SOLVERS_SOBOL_H

#include <stddef.h>
#include <stdint.h>

#include "solvers/context.h"

enum { TANLU_SOBOL_DIMENSIONS = 1024, TANLU_SOBOL_BITS = 32 };

typedef struct tanlu_sobol tanlu_sobol;

/* More than TANLU_SOBOL_DIMENSIONS dimensions are TANLU_ERR_INPUT. */
tanlu_status tanlu_sobol_create(tanlu_sobol **sobol, size_t dimensions, tanlu_context *context);
void tanlu_sobol_free(tanlu_sobol **sobol);
/* Point `index` < 2^32 as integers: coordinate d is x[d] 2^-32. Safe from several threads. */
void tanlu_sobol_point(const tanlu_sobol *sobol, uint64_t index, uint32_t *x);
/* One coordinate of dimension `dimension`, scrambled by the seed. */
uint32_t tanlu_sobol_scramble(uint32_t x, uint64_t seed, uint32_t dimension);

#endif
