/* The kernel for AVX2 with FMA: eight systems to a register, 4 x 3 registers of sums. */
#include "solvers/batched_kernel_private.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VECTOR_BYTES 32
#define ROWS_AT_ONCE 4
#define TARGET __attribute__((target("avx2,fma")))
#define MULTIPLY_ADD(a, b, c) ((vector)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define LARGER(a, b) ((vector)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define KERNEL_NAME "avx2"
#define KERNEL tanlu_batched_kernel_avx2
#include "solvers/batched_kernel_body_private.h"
#endif
