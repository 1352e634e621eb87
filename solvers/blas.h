/* BLAS and threads.
 *
 * Tanlu is parallel over scenarios and blocks, never inside one BLAS call: it is faster for matrices of this size, and the
 * bits of a result then do not depend on the number of threads. Left alone, a threaded BLAS uses several threads outside
 * parallel regions and in regions of one thread. So a program
 *   1. calls tanlu_blas_serial() once, at the start of main, and keeps the number of threads that it returns;
 *   2. gives every parallel region its size with a num_threads() clause, since with the OpenMP build of OpenBLAS
 *      omp_get_max_threads() is 1 from then on (the library routines of Tanlu take the number as an argument). */
#ifndef TANLU_SOLVERS_BLAS_H
#define TANLU_SOLVERS_BLAS_H

/* Pins OpenBLAS to one thread for the whole process and returns how many threads OpenMP offered before (OMP_NUM_THREADS,
 * else the cores this process may use). Another BLAS is left as it is: set its own variable (MKL_NUM_THREADS=1). */
int tanlu_blas_serial(void);

/* The kernel family OpenBLAS picked for this processor ("Haswell", "SkylakeX"): equal names are part of what makes equal
 * bits. "unknown" for another BLAS. */
const char *tanlu_blas_core(void);

#endif
