/* Leontief systems (I - A) x = b behind one interface; every method fills in the same table of operations.
 *
 * Life cycle: create -> factor -> solve (repeatable) -> factor or update -> ... -> free. All memory is taken in create.
 * Matrices are dense, column-major. */
#ifndef TANLU_SOLVERS_LEONTIEF_H
#define TANLU_SOLVERS_LEONTIEF_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

typedef enum { TANLU_SOLVER_DIRECT } tanlu_solver_kind;
typedef struct tanlu_leontief tanlu_leontief;

typedef struct {
  const char *method;    /* name of the method */
  size_t factorisations; /* since create */
  size_t solves;         /* right-hand sides since create */
  double rcond;          /* reciprocal condition (1-norm) of the last factored I - A, computed on request */
  size_t memory_bytes;   /* taken in create */
} tanlu_leontief_diagnostics;

/* n: order of the system. */
tanlu_status tanlu_leontief_create(tanlu_leontief **solver, tanlu_solver_kind kind, size_t n, tanlu_context *context);
void tanlu_leontief_free(tanlu_leontief **solver); /* accepts NULL and half-built objects */

/* Factor I - A. TANLU_ERR_MODEL when it is singular, with *culprit (may be NULL) the index of the failing pivot column;
 * NaN or infinity in A is an error that names the entry. */
tanlu_status tanlu_leontief_factor(tanlu_leontief *solver, const double *a, /* n x n, lda >= n */ size_t lda,
                                   size_t *culprit, tanlu_context *context);
/* As factor, for a changed A: a method may reuse its work. */
tanlu_status tanlu_leontief_update(tanlu_leontief *solver, const double *a, /* n x n, lda >= n */ size_t lda,
                                   size_t *culprit, tanlu_context *context);
/* (I - A) X = B in place: b is n x nrhs, ldb >= n, right-hand sides on entry, solutions on return. */
tanlu_status tanlu_leontief_solve(tanlu_leontief *solver, double *b, size_t ldb, size_t nrhs, tanlu_context *context);
/* (I - A)' X = B in place. */
tanlu_status tanlu_leontief_solve_transposed(tanlu_leontief *solver, double *b, size_t ldb, size_t nrhs,
                                             tanlu_context *context);
tanlu_leontief_diagnostics tanlu_leontief_diagnose(tanlu_leontief *solver);

/* Spectral radius of a non-negative n x n matrix by power iteration with Collatz-Wielandt bounds,
 *   min_i (A x)_i / x_i <= radius <= max_i (A x)_i / x_i   for irreducible A and any x > 0,
 * to relative `tolerance` (at least n eps). A reducible matrix is split into its strongly connected blocks, whose largest
 * radius it has; a shift of the diagonal makes periodic blocks converge. *dominant (may be NULL) is the index of the
 * largest entry of the eigenvector of that block: the sector that drives the radius. A is productive when radius < 1.
 * A negative, infinite or NaN entry is TANLU_ERR_MODEL naming it; so is a block whose bounds do not close. */
tanlu_status tanlu_spectral_radius(const double *a, /* n x n, column-major */ size_t n, double tolerance,
                                   double *radius, size_t *dominant, tanlu_context *context);

/* max_i |b - (I - A) x|_i / max_i |b|_i: the residual every stored solution carries. */
double tanlu_leontief_residual(const double *a, /* n x n */ size_t n, const double *x, const double *b);

#endif
