/* Speed of the direct solver beside the matrix product that bounds it: DGEMM rate, LU factorisations with one solve a
 * second at the sizes of the shipped tables. BLAS runs on one thread; threads share out the systems. Best of three; a
 * solution is checked before it is timed. Prints a table and one JSON line. */
#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "solvers/blas.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

enum { REPEATS = 3, SIZES = 2, GEMM_ORDER = 1302 };
static const size_t sizes[SIZES] = {42, 153};
static const double seconds_a_repeat = 0.2;

typedef struct {
  size_t n;
  double per_second; /* factor + solve, all threads together */
  double gflops;
  double residual;
} rate;

/* Columns sum to 0.6: productive. */
static double *productive_matrix(size_t n) {
  double *a = tanlu_allocate_doubles(NULL, n, n);
  if (!a) return NULL;
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[j * n + i] = (double)((i * 7919 + j * 104729) % 1009) + 1;
    for (size_t i = 0; i < n; i++) a[j * n + i] *= 0.6 / sum;
  }
  return a;
}

/* C = A B at order n with one matrix set a thread: 2 n^3 operations each. */
static double gemm_gflops(size_t n, int threads) {
  double best = 0;
  const int order = (int)n;
#pragma omp parallel num_threads(threads)
  {
    double *a = productive_matrix(n), *b = productive_matrix(n), *c = tanlu_allocate_doubles(NULL, n, n);
    for (int repeat = 0; repeat <= REPEATS; repeat++) { /* the first warms up */
#pragma omp barrier
      const double begin = omp_get_wtime();
      if (a && b && c)
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, order, order, order, 1, a, order, b, order, 0, c, order);
#pragma omp barrier
#pragma omp master
      {
        const double speed = 2e-9 * (double)n * (double)n * (double)n * threads / (omp_get_wtime() - begin);
        if (repeat && speed > best) best = speed;
      }
    }
    free(a);
    free(b);
    free(c);
  }
  return best;
}

/* Each thread factors and solves its own systems for a while. */
static rate solver_rate(size_t n, int threads) {
  rate best = {.n = n};
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    double per_second = 0, residual = 0;
#pragma omp parallel num_threads(threads) reduction(+ : per_second) reduction(max : residual)
    {
      tanlu_leontief *solver = NULL;
      double *a = productive_matrix(n), *x = tanlu_allocate_doubles(NULL, n, 1),
             *b = tanlu_allocate_doubles(NULL, n, 1);
      if (a && x && b && tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, NULL) == TANLU_OK) {
        for (size_t i = 0; i < n; i++) x[i] = b[i] = 1 + (double)i;
        tanlu_leontief_factor(solver, a, n, NULL, NULL);
        tanlu_leontief_solve(solver, x, n, 1, NULL);
        residual = tanlu_leontief_residual(a, n, x, b);
        size_t count = 0;
        const double begin = omp_get_wtime();
        double elapsed = 0;
        while (elapsed < seconds_a_repeat) {
          for (int k = 0; k < 16; k++, count++) {
            for (size_t i = 0; i < n; i++) x[i] = b[i];
            tanlu_leontief_factor(solver, a, n, NULL, NULL);
            tanlu_leontief_solve(solver, x, n, 1, NULL);
          }
          elapsed = omp_get_wtime() - begin;
        }
        per_second = (double)count / elapsed;
      }
      tanlu_leontief_free(&solver);
      free(a);
      free(x);
      free(b);
    }
    if (per_second > best.per_second) best.per_second = per_second;
    if (residual > best.residual) best.residual = residual;
  }
  best.gflops = 1e-9 * best.per_second * ((double)n * (double)n * (2.0 / 3 * (double)n + 2));
  return best;
}

int main(void) {
  const int offered = tanlu_blas_serial();
  const int teams[2] = {1, offered};
  const int count = offered > 1 ? 2 : 1;

  printf("BLAS core %s, %d thread%s offered; best of %d\n\n", tanlu_blas_core(), offered, offered > 1 ? "s" : "",
         REPEATS);
  printf("%-14s %6s %8s %12s %10s %10s\n", "what", "n", "threads", "per second", "GFLOP/s", "residual");
  char json[1024];
  int used = snprintf(json, sizeof json, "{\"bench\": \"solvers\", \"core\": \"%s\", \"rows\": [", tanlu_blas_core());
  for (int t = 0; t < count; t++) {
    const double gflops = gemm_gflops(GEMM_ORDER, teams[t]);
    printf("%-14s %6d %8d %12.1f %10.1f %10s\n", "dgemm", GEMM_ORDER, teams[t],
           gflops / (2e-9 * GEMM_ORDER * GEMM_ORDER * GEMM_ORDER), gflops, "");
    used += snprintf(json + used, sizeof json - (size_t)used,
                     "%s{\"what\": \"dgemm\", \"n\": %d, \"threads\": %d, \"gflops\": %.1f}", t ? ", " : "", GEMM_ORDER,
                     teams[t], gflops);
    for (int k = 0; k < SIZES; k++) {
      const rate r = solver_rate(sizes[k], teams[t]);
      if (!(r.per_second > 0 && r.residual < 1e-13)) {
        fprintf(stderr, "bench_solvers: wrong or no solution at n = %zu, residual %g\n", r.n, r.residual);
        return 1;
      }
      printf("%-14s %6zu %8d %12.0f %10.1f %10.1e\n", "factor + solve", r.n, teams[t], r.per_second, r.gflops,
             r.residual);
      used += snprintf(json + used, sizeof json - (size_t)used,
                       ", {\"what\": \"factor_solve\", \"n\": %zu, \"threads\": %d, \"per_second\": %.0f, "
                       "\"gflops\": %.1f}",
                       r.n, teams[t], r.per_second, r.gflops);
    }
  }
  printf("\n%s]}\n", json);
  return 0;
}
