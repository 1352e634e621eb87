#include "solvers/blas.h"

#include <omp.h>
#include <stddef.h>

/* Weak, so that the library also links with a BLAS that is not OpenBLAS; declared here because that one has no such header. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));

int tanlu_blas_serial(void) {
  const int offered = omp_get_max_threads();
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  return offered;
}

const char *tanlu_blas_core(void) {
  const char *name = openblas_get_corename ? openblas_get_corename() : NULL;
  return name ? name : "unknown";
}
