#include "solvers/random.h"

#include <Random123/philox.h>

enum { FEISTEL_ROUNDS = 10 };

uint64_t tanlu_random_bits(uint64_t seed, uint32_t stream, uint64_t sample, uint32_t dimension) {
  const philox4x32_ctr_t counter = {{(uint32_t)sample, (uint32_t)(sample >> 32), dimension, stream}};
  const philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  const philox4x32_ctr_t block = philox4x32(counter, key);
  return (uint64_t)block.v[1] << 32 | block.v[0];
}

double tanlu_random_uniform(uint64_t seed, uint32_t stream, uint64_t sample, uint32_t dimension) {
  return ((double)(tanlu_random_bits(seed, stream, sample, dimension) >> 12) + 0.5) * 0x1p-52;
}

/* The upper 64 bits of a 128-bit product, by halves. */
static uint64_t multiply_high(uint64_t a, uint64_t b) {
  const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  const uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)cross;
  return a1 * b1 + (cross >> 32) + (other >> 32);
}

uint64_t tanlu_random_index(uint64_t seed, uint32_t stream, uint64_t sample, uint32_t dimension, uint64_t count) {
  return multiply_high(tanlu_random_bits(seed, stream, sample, dimension), count);
}

uint64_t tanlu_random_mix(uint64_t x) {
  x ^= x >> 30;
  x *= UINT64_C(0xbf58476d1ce4e5b9);
  x ^= x >> 27;
  x *= UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

uint64_t tanlu_random_permute(uint64_t key, uint64_t index, uint64_t count) {
  unsigned bits = 0;
  while (bits < 63 && (UINT64_C(1) << bits) < count) bits++;
  const unsigned left_bits = bits / 2, right_bits = bits - left_bits;
  const uint64_t left_mask = (UINT64_C(1) << left_bits) - 1, right_mask = (UINT64_C(1) << right_bits) - 1;
  if (bits == 0) return index;
  do {
    uint64_t left = index >> right_bits, right = index & right_mask;
    for (uint64_t round = 0; round < FEISTEL_ROUNDS; round += 2) {
      /* the upper bits of the mixed number are the better ones */
      left ^= tanlu_random_mix(key + tanlu_random_mix(right + 1) + round) >> 32 & left_mask;
      right ^= tanlu_random_mix(key + tanlu_random_mix(left + 1) + round + 1) >> 32 & right_mask;
    }
    index = left << right_bits | right;
  } while (index >= count);
  return index;
}
