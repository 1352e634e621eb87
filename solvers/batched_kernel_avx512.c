/* The kernel for AVX-512: sixteen systems to a register, 8 x 3 registers of sums. */
#include "solvers/batched_kernel_private.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define VECTOR_BYTES 64
#define ROWS_AT_ONCE 8
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma")))
#define MULTIPLY_ADD(a, b, c) ((vector)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define LARGER(a, b) ((vector)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define KERNEL_NAME "avx512"
#define KERNEL tanlu_batched_kernel_avx512
#include "solvers/batched_kernel_body_private.h"
#endif
