/* Part of the body of a kernel (batched_kernel_body_private.h), compiled with it once for each instruction set: columns of
 * doubles to and from rows of floats, eight by eight, and passes over columns. */
#define PAIRS(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define PAIRS_HIGH(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define FOURS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define FOURS_HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH_HALVES(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)

TARGET static inline __attribute__((always_inline)) void transpose8(block8 *m) {
  const block8 a0 = PAIRS(m[0], m[1]), a1 = PAIRS_HIGH(m[0], m[1]), a2 = PAIRS(m[2], m[3]), a3 = PAIRS_HIGH(m[2], m[3]),
               a4 = PAIRS(m[4], m[5]), a5 = PAIRS_HIGH(m[4], m[5]), a6 = PAIRS(m[6], m[7]), a7 = PAIRS_HIGH(m[6], m[7]);
  const block8 b0 = FOURS(a0, a2), b1 = FOURS_HIGH(a0, a2), b2 = FOURS(a1, a3), b3 = FOURS_HIGH(a1, a3),
               b4 = FOURS(a4, a6), b5 = FOURS_HIGH(a4, a6), b6 = FOURS(a5, a7), b7 = FOURS_HIGH(a5, a7);
  m[0] = LOW_HALVES(b0, b4), m[1] = LOW_HALVES(b1, b5), m[2] = LOW_HALVES(b2, b6), m[3] = LOW_HALVES(b3, b7);
  m[4] = HIGH_HALVES(b0, b4), m[5] = HIGH_HALVES(b1, b5), m[6] = HIGH_HALVES(b2, b6), m[7] = HIGH_HALVES(b3, b7);
}

/* Blocks of eight rows begin at 0, 8, ... and, where eight does not divide n, the last at n - 8: its first rows are done
 * twice. */
static inline size_t next_block(size_t i, size_t n) {
  return i + 16 <= n || i + 8 == n ? i + 8 : n - 8;
}

TARGET static void gather(size_t n, const size_t *place, const double *const *column, const double *scale,
                          const double *shift, float *out) {
  for (size_t lane = 0; n >= 8 && lane < LANES; lane += 8) /* eight streams at a time */
    for (size_t i = 0; i < n; i = next_block(i, n)) {
      const block8_double moved = shift ? *(const block8_double *)(shift + i) : (block8_double){0};
      block8 m[8];
      for (size_t s = 0; s < 8; s++) {
        const block8_double scaled = (*(const block8_double *)(column[lane + s] + i) - moved) * scale[lane + s];
        m[s] = __builtin_convertvector(scaled, block8);
      }
      transpose8(m);
      for (size_t r = 0; r < 8; r++) *(block8 *)(out + place[i + r] * LANES + lane) = m[r];
    }
  for (size_t i = 0; n < 8 && i < n; i++)
    for (size_t lane = 0; lane < LANES; lane++)
      out[place[i] * LANES + lane] = (float)(scale[lane] * (column[lane][i] - (shift ? shift[i] : 0)));
}

TARGET static void scatter(size_t n, const size_t *place, const float *in, const double *scale, size_t lanes,
                           bool clear, double *const *column) {
  for (size_t lane = 0; n >= 8 && lane < lanes; lane += 8)
    for (size_t i = 0, done = 0; i < n; done = i + 8, i = next_block(i, n)) {
      const block8_bits entry = {0, 1, 2, 3, 4, 5, 6, 7}, fresh = entry >= (long long)(done - i);
      block8 m[8];
      for (size_t r = 0; r < 8; r++) m[r] = *(const block8 *)(in + place[i + r] * LANES + lane);
      transpose8(m);
      const size_t used = lanes - lane < 8 ? lanes - lane : 8;
      for (size_t s = 0; s < used; s++) {
        block8_double *to = (block8_double *)(column[lane + s] + i);
        const block8_double value = __builtin_convertvector(m[s], block8_double) * scale[lane + s];
        if (clear)
          *to = value;
        else
          *to += (block8_double)((block8_bits)value & fresh);
      }
    }
  for (size_t i = 0; n < 8 && i < n; i++)
    for (size_t lane = 0; lane < lanes; lane++) {
      const double value = scale[lane] * (double)in[place[i] * LANES + lane];
      column[lane][i] = clear ? value : column[lane][i] + value;
    }
}

/* Sizes of numbers on the way through a column, eight side by side. x - x is 0 for finite x only. */
typedef struct {
  block8_double most, odd; /* largest size; sum of x - x */
} sizes8;

TARGET static inline __attribute__((always_inline)) void add_sizes(const double *x, sizes8 *sizes) {
  const block8_double value = *(const block8_double *)x;
  const block8_double size = (block8_double)((block8_bits)value & 0x7fffffffffffffff);
  const block8_bits above = (block8_bits)(size > sizes->most);
  sizes->most = (block8_double)(((block8_bits)size & above) | ((block8_bits)sizes->most & ~above));
  sizes->odd += value - value;
}

/* With those of the last numbers, which do not fill a vector; NaN where a number is not finite. */
TARGET static inline __attribute__((always_inline)) double largest_of(const sizes8 *sizes, const double *x,
                                                                      size_t count) {
  double all = 0, odd = 0;
  for (size_t k = 0; k < 8; k++) {
    all = sizes->most[k] > all ? sizes->most[k] : all;
    odd += sizes->odd[k];
  }
  for (size_t i = 0; i < count; i++) {
    all = fabs(x[i]) > all ? fabs(x[i]) : all;
    odd += x[i] - x[i];
  }
  return all + odd;
}

TARGET static double largest(size_t n, const double *x) {
  sizes8 sizes = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) add_sizes(x + i, &sizes);
  return largest_of(&sizes, x + i, n - i);
}

TARGET static double residual(size_t n, const double *b, const double *d, const double *u, double *r) {
  sizes8 sizes = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    *(block8_double *)(r + i) +=
        *(const block8_double *)(b + i) - *(const block8_double *)(d + i) * *(const block8_double *)(u + i);
    add_sizes(r + i, &sizes);
  }
  for (size_t k = i; k < n; k++) r[k] += b[k] - d[k] * u[k];
  return largest_of(&sizes, r + i, n - i);
}
