#include "solvers/sobol.h"

#include <stdlib.h>

#include "solvers/memory.h"
#include "solvers/random.h"
#include "solvers/sobol_private.h"

struct tanlu_sobol {
  size_t dimensions;
  uint32_t *directions; /* TANLU_SOBOL_BITS x dimensions, row j - 1 holds v_j */
};

/* v_1 ... v_32 of a dimension, from its polynomial and the first m. */
static void recurrence(uint32_t v[TANLU_SOBOL_BITS], unsigned polynomial, unsigned degree, const uint16_t *m) {
  for (unsigned j = 0; j < TANLU_SOBOL_BITS; j++) {
    if (j < degree) {
      v[j] = (uint32_t)m[j] << (TANLU_SOBOL_BITS - 1 - j);
      continue;
    }
    /* in terms of v the factors 2^i turn into one shift of the last term */
    v[j] = v[j - degree] ^ v[j - degree] >> degree;
    for (unsigned i = 1; i < degree; i++)
      if (polynomial >> (degree - i) & 1U) v[j] ^= v[j - i];
  }
}

tanlu_status tanlu_sobol_create(tanlu_sobol **sobol, size_t dimensions, tanlu_context *context) {
  *sobol = NULL;
  if (dimensions == 0 || dimensions > TANLU_SOBOL_DIMENSIONS)
    return tanlu_fail(context, TANLU_ERR_INPUT, "a Sobol sequence of %zu dimensions; expected 1 to %d", dimensions,
                      (int)TANLU_SOBOL_DIMENSIONS);
  tanlu_sobol *s = tanlu_allocate(context, 1, sizeof *s);
  if (!s) return TANLU_ERR_MEMORY;
  s->dimensions = dimensions;
  s->directions = tanlu_allocate(context, dimensions, TANLU_SOBOL_BITS * sizeof *s->directions);
  if (!s->directions) {
    tanlu_sobol_free(&s);
    return TANLU_ERR_MEMORY;
  }
  for (size_t j = 0; j < TANLU_SOBOL_BITS; j++)
    s->directions[j * dimensions] = UINT32_C(1) << (TANLU_SOBOL_BITS - 1 - j);
  const uint16_t *entry = tanlu_sobol_directions;
  for (size_t d = 1; d < dimensions; d++) {
    unsigned degree = 0;
    while (entry[0] >> (degree + 1)) degree++;
    uint32_t v[TANLU_SOBOL_BITS];
    recurrence(v, entry[0], degree, entry + 1);
    for (size_t j = 0; j < TANLU_SOBOL_BITS; j++) s->directions[j * dimensions + d] = v[j];
    entry += 1 + degree;
  }
  *sobol = s;
  return TANLU_OK;
}

void tanlu_sobol_free(tanlu_sobol **sobol) {
  if (!sobol || !*sobol) return;
  free((*sobol)->directions);
  free(*sobol);
  *sobol = NULL;
}

void tanlu_sobol_point(const tanlu_sobol *sobol, uint64_t index, uint32_t *x) {
  const size_t n = sobol->dimensions;
  const uint32_t gray = (uint32_t)(index ^ index >> 1);
  for (size_t d = 0; d < n; d++) x[d] = 0;
  for (size_t j = 0; j < TANLU_SOBOL_BITS; j++) {
    if (!(gray >> j & 1U)) continue;
    const uint32_t *v = sobol->directions + j * n;
    for (size_t d = 0; d < n; d++) x[d] ^= v[d];
  }
}

uint32_t tanlu_sobol_scramble(uint32_t x, uint64_t seed, uint32_t dimension) {
  const uint64_t key = tanlu_random_bits(seed, TANLU_STREAM_SCRAMBLE, 0, dimension);
  uint32_t flips = 0;
  for (unsigned j = 0; j < TANLU_SOBOL_BITS; j++) {
    /* the node of the binary tree: a leading one, then the j bits above bit j */
    const uint64_t node = UINT64_C(1) << j | (uint64_t)x >> (TANLU_SOBOL_BITS - j);
    flips |= (uint32_t)(tanlu_random_mix(key ^ node * UINT64_C(0x9e3779b97f4a7c15)) >> 63)
             << (TANLU_SOBOL_BITS - 1 - j);
  }
  return x ^ flips;
}
