/* Random numbers without state: each is a pure function of (seed, stream, sample, dimension), by the counter-based generator
 * Philox4x32-10. (J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC11 (2011).)
 * No memory, no order: any number can be had alone, from any thread. */
#ifndef TANLU_SOLVERS_RANDOM_H
#define TANLU_SOLVERS_RANDOM_H

#include <stdint.h>

/* Uses of one seed that must not share numbers. */
typedef enum {
  TANLU_STREAM_POINT,     /* coordinates of Monte Carlo points, places within intervals of a Latin hypercube */
  TANLU_STREAM_ORDER,     /* permutations */
  TANLU_STREAM_SCRAMBLE,  /* scrambling of Sobol points */
  TANLU_STREAM_START,     /* starts and directions of Morris trajectories */
  TANLU_STREAM_BOOTSTRAP, /* resampling */
  TANLU_STREAM_CELL,      /* noise of the cells of a matrix */
  TANLU_STREAM_CALLER     /* for tests and callers: TANLU_STREAM_CALLER + 0, 1, ... */
} tanlu_random_stream;

/* 64 random bits. */
uint64_t tanlu_random_bits(uint64_t seed, uint32_t stream, uint64_t sample, uint32_t dimension);
/* Uniform in (0, 1), never 0 or 1: (m + 1/2) 2^-52 with m of 52 random bits. */
double tanlu_random_uniform(uint64_t seed, uint32_t stream, uint64_t sample, uint32_t dimension);
/* Uniform on 0 ... count - 1 (count >= 1); the bias is below count 2^-64. */
uint64_t tanlu_random_index(uint64_t seed, uint32_t stream, uint64_t sample, uint32_t dimension, uint64_t count);
/* A well mixed 64-bit number of x: a bijection. (G. L. Steele, D. Lea and C. H. Flood, OOPSLA (2014), with the constants of
 * D. Stafford's variant 13.) */
uint64_t tanlu_random_mix(uint64_t x);

/* Where `index` of 0 ... count - 1 goes under a random permutation picked by `key` (of tanlu_random_bits): a Feistel network
 * over the least power of two that holds count, walked along its cycle until the image is below count. */
uint64_t tanlu_random_permute(uint64_t key, uint64_t index, uint64_t count);

#endif
