/* Many computations of one kind at once: numbers of the same meaning stand side by side, a lane for each computation.
 *
 * An array "n x lanes" holds number i of lane l at i * width + l. Inner loops run over the lanes, all of which do the same;
 * what happens in a lane never depends on the others. Width is any number for plain use (1 for a single one) and a
 * multiple of eight where speed counts. */
#ifndef TANLU_SOLVERS_LANES_H
#define TANLU_SOLVERS_LANES_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_LANES_MAX = 64, TANLU_LANES_LEAST = 8 };

/* EACH_LANE: a loop over l = 0 .. width - 1 without dependences. TANLU_EACH_ISA: a function compiled for several
 * instruction sets, the best one chosen when the program starts; none contracts products and sums, so that all of them give
 * the same bits. */
#if defined(__GNUC__) && !defined(__clang__)
#define EACH_LANE(l) _Pragma("omp simd") for (size_t l = 0; l < width; l++)
#else
#define EACH_LANE(l) for (size_t l = 0; l < width; l++)
#endif
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define TANLU_EACH_ISA __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TANLU_EACH_ISA
#endif

/* to += factor x from, and to += a x b, by lane; inside a function compiled for several instruction sets they are too. */
static inline void tanlu_lane_add_scaled(size_t width, double factor, const double *restrict from,
                                         double *restrict to) {
  EACH_LANE(l) to[l] += factor * from[l];
}
static inline void tanlu_lane_add_product(size_t width, const double *restrict a, const double *restrict b,
                                          double *restrict to) {
  EACH_LANE(l) to[l] += a[l] * b[l];
}

/* The larger of two numbers, as one instruction; the second where either is not a number. */
static inline double tanlu_lane_larger(double a, double b) {
  return a > b ? a : b;
}

/* What goes wrong in single lanes. Messages are kept of lane 0 only, and only where there is a context for them. */
typedef struct {
  size_t width;
  bool failed[TANLU_LANES_MAX];
  tanlu_context *context; /* may be NULL */
} tanlu_lane_report;

/* Mark a lane as failed; of lane 0 the first failure is reported as TANLU_ERR_MODEL. */
void tanlu_lane_fail(tanlu_lane_report *report, size_t lane, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
