/* LU without row interchanges of several systems side by side, one to a lane of a vector register.
 *
 * D - A of a productive economy is an M-matrix: eliminated without interchanges its pivots are positive and its entries do
 * not grow. A pivot that is not positive gives the system up. For small n, where LAPACK spends its time on overhead, this is
 * several times faster; the matrices of a group must fit into the second-level cache. */
#include <math.h>
#include <stdlib.h>

#include "solvers/block_private.h"
#include "solvers/memory.h"

enum { GROUP = 8 }; /* systems of a block: one AVX-512 register, two of AVX2, four of SSE2 or NEON */

/* The sums of a tile stay in registers only when its loops are unrolled. */
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 4")
#endif

/* avx512: 4 x 4 sums of 8 lanes in 32 registers */
#if defined(__x86_64__)
#include <immintrin.h>
#define KERNEL(name) name##_avx512
#define TARGET __attribute__((target("avx512f,fma")))
#define LANES 8
#define COLUMNS 4
#define FNMADD(c, a, b) ((lanes_avx512)_mm512_fnmadd_pd((a), (b), (c)))
#include "solvers/interleaved_kernel_private.h"
#undef KERNEL
#undef TARGET
#undef LANES
#undef COLUMNS
#undef FNMADD

/* avx2: 4 x 2 sums of 4 lanes in 16 registers */
#define KERNEL(name) name##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 4
#define COLUMNS 2
#define FNMADD(c, a, b) ((lanes_avx2)_mm256_fnmadd_pd((a), (b), (c)))
#include "solvers/interleaved_kernel_private.h"
#undef KERNEL
#undef TARGET
#undef LANES
#undef COLUMNS
#undef FNMADD
#endif

/* any processor: the compiler's own vectors of two */
#define KERNEL(name) name##_generic
#define TARGET
#define LANES 2
#define COLUMNS 2
#define FNMADD(c, a, b) ((c) - (a) * (b))
#include "solvers/interleaved_kernel_private.h"

typedef void group_solver(const tanlu_block_options *options, const tanlu_block_systems *systems, size_t first,
                          void *work);

typedef struct {
  const tanlu_block_options *options;
  group_solver *solve;
  size_t lanes;
  const char *kernel;
} interleaved;

static size_t interleaved_width(const tanlu_block_options *options, size_t count) {
  (void)count;
  (void)options;
  return GROUP;
}

static size_t interleaved_shared_bytes(const tanlu_block_options *options) {
  (void)options;
  return sizeof(interleaved);
}

static size_t interleaved_work_bytes(const tanlu_block_options *options, size_t width) {
  (void)width;
  const size_t order = (options->n + 3) / 4 * 4;
  return order * (order + 1) * GROUP * sizeof(double);
}

static tanlu_status interleaved_create(void **content, const tanlu_block_options *options, size_t width,
                                       tanlu_context *context) {
  (void)width;
  interleaved *self = tanlu_allocate(context, 1, sizeof *self);
  if (!self) return TANLU_ERR_MEMORY;
  *self = (interleaved){.options = options, .solve = solve_generic, .lanes = 2, .kernel = "generic"};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) {
    self->solve = solve_avx512, self->lanes = 8, self->kernel = "avx512";
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    self->solve = solve_avx2, self->lanes = 4, self->kernel = "avx2";
  }
#endif
  *content = self;
  return TANLU_OK;
}

static void interleaved_free(void **content) {
  free(*content);
  *content = NULL;
}

static void interleaved_solve(const void *content, const tanlu_block_systems *systems, void *work, size_t *iterations) {
  const interleaved *self = content;
  for (size_t s = 0; s < systems->width; s += self->lanes) self->solve(self->options, systems, s, work);
  *iterations = systems->width;
}

static const char *interleaved_kernel(const void *content) {
  return ((const interleaved *)content)->kernel;
}

const tanlu_block_operations tanlu_block_interleaved = {.name = "interleaved",
                                                        .width = interleaved_width,
                                                        .shared_bytes = interleaved_shared_bytes,
                                                        .work_bytes = interleaved_work_bytes,
                                                        .create = interleaved_create,
                                                        .free = interleaved_free,
                                                        .solve = interleaved_solve,
                                                        .kernel = interleaved_kernel};
