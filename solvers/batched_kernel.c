/* Choice of the kernel at run time, and the portable one: vectors of 16 bytes, which every processor has or imitates. */
#include "solvers/batched_kernel_private.h"

#define VECTOR_BYTES 16
#define ROWS_AT_ONCE 4
#define TARGET
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define LARGER(a, b) ((vector)(((vector_bits)(a) & ((a) > (b))) | ((vector_bits)(b) & ~((a) > (b)))))
#define KERNEL_NAME "portable"
#define KERNEL tanlu_batched_kernel_portable
#include "solvers/batched_kernel_body_private.h"

const tanlu_batched_kernel *tanlu_batched_kernel_choose(size_t rank) {
  const tanlu_batched_kernel *found[3];
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    found[count++] = &tanlu_batched_kernel_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found[count++] = &tanlu_batched_kernel_avx2;
#endif
  found[count++] = &tanlu_batched_kernel_portable;
  return rank < count ? found[rank] : NULL;
}
