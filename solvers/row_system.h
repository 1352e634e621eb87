/* Leontief systems (I - A) x = b whose matrix comes row by row and may lie anywhere: in this process, or in pieces in many.
 *
 * Life cycle: begin -> row (every row once) -> factor -> solve, multiply (repeatable) -> end. Dense vectors are whole, n x
 * columns, column-major, in this process.
 *
 * A is not negative. With z = (I - A)^-1 1: some z > 0 with (I - A) z > 0 exists exactly when A is productive (spectral radius
 * below 1), and then (I - A)^-1 is not negative and its largest row sum is max z. So z proves that A is productive and
 * bounds the error of every solution from its residual in the original system, r = b - x + A x:
 *
 *     max |x - exact| <= max z  max |r|
 *
 * (up to the rounding of r itself). Source: A. Berman, R. Plemmons, Nonnegative Matrices in the Mathematical Sciences, chapter 6. */
#ifndef TANLU_SOLVERS_ROW_SYSTEM_H
#define TANLU_SOLVERS_ROW_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

typedef struct {
  const char *name; /* of the method */
  void *user;
  tanlu_status (*begin)(void *user, size_t n,
                        tanlu_context *context); /* takes the memory of the matrix and its factor */
  tanlu_status (*row)(void *user, size_t i, const double *a, /* n */ tanlu_context *context);
  /* TANLU_ERR_MODEL without a message where I - A is singular to working precision. */
  tanlu_status (*factor)(void *user, tanlu_context *context);
  tanlu_status (*solve)(void *user, double *b, /* n x columns: b on entry, x on return */ size_t columns,
                        tanlu_context *context);
  /* y = A x; before factor too, once all rows are in. */
  tanlu_status (*multiply)(void *user, const double *x, double *y, /* n x columns */ size_t columns,
                           tanlu_context *context);
  void (*end)(void *user); /* gives the memory back; at any time after begin, which may have failed */
} tanlu_row_system;

enum { TANLU_ROW_SYSTEM_COLUMNS = 64 }; /* right-hand sides in one call at most */

typedef struct {
  double row_sum; /* largest row sum of the inverse: max z */
  double radius;  /* where it is not productive: the spectral radius, by power iteration, to about three digits */
  size_t culprit; /* and the sector that weighs most in its eigenvector */
} tanlu_row_system_facts;

/* Factor I - A and prove that A is productive. TANLU_ERR_MODEL without a message where it is not, with radius and culprit:
 * the caller knows what the sector is called. */
tanlu_status tanlu_row_system_factor(const tanlu_row_system *system, size_t n, tanlu_row_system_facts *facts,
                                     tanlu_context *context);

/* Solve for any number of columns. error (columns): the bound above relative to the largest entry of the column's solution; 0 for
 * columns of zeros. TANLU_ERR_MODEL naming the first column whose bound is above `tolerance`. */
tanlu_status tanlu_row_system_solve(const tanlu_row_system *system, size_t n, const tanlu_row_system_facts *facts,
                                    double tolerance, double *b, /* n x columns */ size_t columns, double *error,
                                    tanlu_context *context);

/* In this process, by LU (solvers/leontief.h): 16 n^2 bytes. Free user with tanlu_row_system_direct_free. */
tanlu_status tanlu_row_system_direct(tanlu_row_system *system, tanlu_context *context);
void tanlu_row_system_direct_free(tanlu_row_system *system); /* accepts a zeroed one */

#endif
