#include "solvers/block_scan_private.h"

#include <float.h>
#include <math.h>

/* clang leaves the loop of four reductions scalar and says so; the result is right all the same. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"
#endif

/* The bodies, inlined into one set of functions for each instruction set. */
#define BODY static inline __attribute__((always_inline))

/* x - x is 0 for finite x only, NaN for others, and NaN stays in every sum. */
BODY bool finite_body(const double *x, size_t count, bool *non_negative) {
  double check = 0, others = 0;
#pragma omp simd reduction(+ : check, others)
  for (size_t i = 0; i < count; i++) {
    check += x[i] - x[i];
    others += x[i] >= 0 ? 0.0 : 1.0;
  }
  *non_negative = others == 0;
  return check == 0;
}

BODY bool non_negative_body(const double *x, size_t count) {
  double others = 0;
#pragma omp simd reduction(+ : others)
  for (size_t i = 0; i < count; i++) others += x[i] >= 0 ? 0.0 : 1.0;
  return others == 0;
}

BODY double exceeded_body(size_t n, const double *d, const double *w, const double *product, double less) {
  double count = 0;
#pragma omp simd reduction(+ : count)
  for (size_t i = 0; i < n; i++) count += d[i] * w[i] * less > product[i] ? 0.0 : 1.0;
  return count;
}

BODY void errors_body(size_t n, const double *d, const double *b, const double *u, const double *scale, double *r,
                      double *relative, double *component) {
  double largest = 0, largest_b = 0, worst = 0, check = 0;
#pragma omp simd reduction(max : largest, largest_b, worst) reduction(+ : check)
  for (size_t i = 0; i < n; i++) {
    const double part = d[i] * u[i], value = b[i] - part + r[i], size = fabs(value), size_b = fabs(b[i]);
    const double ratio = size / (fabs(part) + scale[i] + size_b + DBL_MIN); /* 0 / 0 does not occur */
    r[i] = value;
    largest = size > largest ? size : largest;
    largest_b = size_b > largest_b ? size_b : largest_b;
    worst = ratio > worst ? ratio : worst;
    check += value - value;
  }
  const bool finite = check == 0;
  *relative = finite ? (largest_b > 0 ? largest / largest_b : largest) : (double)NAN;
  *component = finite ? worst : (double)NAN;
}

#define SCANS(suffix, TARGET)                                                                                          \
  TARGET static bool finite_##suffix(const double *x, size_t count, bool *non_negative) {                              \
    return finite_body(x, count, non_negative);                                                                        \
  }                                                                                                                    \
  TARGET static bool non_negative_##suffix(const double *x, size_t count) {                                            \
    return non_negative_body(x, count);                                                                                \
  }                                                                                                                    \
  TARGET static double exceeded_##suffix(size_t n, const double *d, const double *w, const double *product,            \
                                         double less) {                                                                \
    return exceeded_body(n, d, w, product, less);                                                                      \
  }                                                                                                                    \
  TARGET static void errors_##suffix(size_t n, const double *d, const double *b, const double *u, const double *scale, \
                                     double *r, double *relative, double *component) {                                 \
    errors_body(n, d, b, u, scale, r, relative, component);                                                            \
  }                                                                                                                    \
  static const tanlu_block_scans scans_##suffix = {finite_##suffix, non_negative_##suffix, exceeded_##suffix,          \
                                                   errors_##suffix};

SCANS(generic, )
#if defined(__x86_64__)
SCANS(avx2, __attribute__((target("avx2"))))
SCANS(avx512, __attribute__((target("avx512f,avx512dq"))))
#endif

const tanlu_block_scans *tanlu_block_scan(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return &scans_avx512;
  if (__builtin_cpu_supports("avx2")) return &scans_avx2;
#endif
  return &scans_generic;
}
