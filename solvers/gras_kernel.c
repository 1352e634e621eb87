/* What a round of GRAS spends its time on, for the vector registers of the processor. Products and sums are not contracted and all
 * orders are fixed, so that every kernel gives the same bits. */
#include "solvers/gras_private.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

enum { TILE = TANLU_GRAS_TILE, LANES = 8 };
_Static_assert(TANLU_GRAS_TILE == 8, "add_scaled names eight columns");
typedef double lanes __attribute__((vector_size(64), may_alias, aligned(8)));

#if defined(__x86_64__)
#define KERNEL(name) name##_avx512
#define TARGET __attribute__((target("avx512f")))
#define GROUP 8
#include "solvers/gras_kernel_body_private.h"
#undef KERNEL
#undef TARGET
#undef GROUP

#define KERNEL(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#define GROUP 4
#include "solvers/gras_kernel_body_private.h"
#undef KERNEL
#undef TARGET
#undef GROUP
#endif

#define KERNEL(name) name##_generic
#define TARGET
#define GROUP 2
#include "solvers/gras_kernel_body_private.h"

const tanlu_gras_kernel *tanlu_gras_kernel_choose(size_t rank) {
  const tanlu_gras_kernel *found[3];
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) found[count++] = &kernel_avx512;
  if (__builtin_cpu_supports("avx2")) found[count++] = &kernel_avx2;
#endif
  found[count++] = &kernel_generic;
  return rank < count ? found[rank] : NULL;
}
