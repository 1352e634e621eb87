/* What a method of solving Leontief systems has to supply. The dispatcher (leontief.c) has checked every argument: shapes,
 * finite entries, that a factorisation exists. A method keeps its own data behind `content`. */
#ifndef TANLU_SOLVERS_LEONTIEF_PRIVATE_H
#define TANLU_SOLVERS_LEONTIEF_PRIVATE_H

#include <stdbool.h>

#include "solvers/leontief.h"

typedef struct {
  const char *name;
  /* Takes all memory for order n, adding its size to *bytes; *content may be half-built after a failure. */
  tanlu_status (*create)(void **content, size_t n, size_t *bytes, tanlu_context *context);
  void (*free)(void **content); /* accepts half-built content */
  tanlu_status (*factor)(void *content, const double *a, size_t lda, size_t *culprit, tanlu_context *context);
  tanlu_status (*update)(void *content, const double *a, size_t lda, size_t *culprit, tanlu_context *context);
  tanlu_status (*solve)(void *content, bool transposed, double *b, size_t ldb, size_t nrhs, tanlu_context *context);
  double (*rcond)(void *content); /* of the last factored matrix */
} tanlu_leontief_operations;

/* LU factorisation with row interchanges by LAPACK. */
extern const tanlu_leontief_operations tanlu_leontief_direct;

#endif
