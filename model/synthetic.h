/* Multi-regional tables made up from a seed, for benchmarks and tests of size: regions trade with each other, the less the
 * farther apart; every number is a function of the seed and of its place, on every machine.
 *
 * Product i of region p is row p sectors + i. Money in 10^4 CNY; matrices column-major. */
#ifndef TANLU_MODEL_SYNTHETIC_H
#define TANLU_MODEL_SYNTHETIC_H

#include <stddef.h>
#include <stdint.h>

#include "solvers/context.h"

typedef struct {
  size_t regions, sectors;
  double density; /* share of the flows that are not zero, above 0 to 1; flows inside a sector of a region always are */
  double radius;  /* spectral radius of A, 0.1 to 0.75; 0: drawn between 0.55 and 0.7 */
  size_t zero;    /* sectors without output, fewer than regions x sectors */
  uint64_t seed;
} tanlu_synthetic_options;

typedef struct {
  size_t n;             /* regions x sectors */
  double radius;        /* spectral radius of a */
  double *a;            /* n x n: coefficients, columns sum to less than 1 */
  double *final_demand; /* n: positive where there is output */
  double *output;       /* n: (I - A)^-1 final demand; 0 for sectors without output */
  double *value_added;  /* n: output less inputs, positive where there is output */
  double *position[2];  /* regions: place of a region on the unit square */
} tanlu_synthetic;

/* Errors: TANLU_ERR_INPUT for options out of range. */
tanlu_status tanlu_synthetic_create(tanlu_synthetic **table, const tanlu_synthetic_options *options,
                                    tanlu_context *context);
void tanlu_synthetic_free(tanlu_synthetic **table); /* accepts NULL and half-built objects */

/* Uniform in [0, 1): a function of seed, stream and index only. */
double tanlu_synthetic_uniform(uint64_t seed, uint64_t stream, uint64_t index);

#endif
