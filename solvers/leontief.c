/* Dispatch to the methods, and what is common to them: checks of the arguments and counts. */
#include "solvers/leontief.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "solvers/leontief_private.h"
#include "solvers/memory.h"

struct tanlu_leontief {
  const tanlu_leontief_operations *operations;
  void *content; /* of the method */
  size_t n;
  bool factored;
  bool rcond_known; /* rcond belongs to the present factorisation */
  tanlu_leontief_diagnostics diagnostics;
};

static const tanlu_leontief_operations *operations_of(tanlu_solver_kind kind) {
  switch (kind) {
  case TANLU_SOLVER_DIRECT:
    return &tanlu_leontief_direct;
  }
  return NULL;
}

tanlu_status tanlu_leontief_create(tanlu_leontief **solver, tanlu_solver_kind kind, size_t n, tanlu_context *context) {
  *solver = NULL;
  const tanlu_leontief_operations *operations = operations_of(kind);
  if (!operations) return tanlu_fail(context, TANLU_ERR_INTERNAL, "no Leontief solver has the number %d", (int)kind);
  if (n == 0 || n > INT_MAX)
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a Leontief system of order %zu; expected 1 to %d", n, INT_MAX);

  tanlu_leontief *made = tanlu_allocate(context, 1, sizeof *made);
  if (!made) return TANLU_ERR_MEMORY;
  *made = (tanlu_leontief){.operations = operations, .n = n};
  made->diagnostics = (tanlu_leontief_diagnostics){.method = operations->name, .memory_bytes = sizeof *made};
  const tanlu_status status = operations->create(&made->content, n, &made->diagnostics.memory_bytes, context);
  if (status != TANLU_OK) {
    tanlu_leontief_free(&made);
    return status;
  }
  *solver = made;
  return TANLU_OK;
}

void tanlu_leontief_free(tanlu_leontief **solver) {
  if (!solver || !*solver) return;
  (*solver)->operations->free(&(*solver)->content);
  free(*solver);
  *solver = NULL;
}

/* Names the first entry of m (rows x columns) that is not finite; column by column. */
static tanlu_status check_finite(const char *name, const double *m, size_t ld, size_t rows, size_t columns,
                                 size_t *culprit, tanlu_context *context) {
  for (size_t j = 0; j < columns; j++) {
    /* x - x is 0 for finite x only: sums decide the column without a branch for each entry. */
    const double *column = m + j * ld;
    double even = 0, odd = 0; /* two chains of additions run side by side */
    for (size_t i = 0; i + 1 < rows; i += 2) even += column[i] - column[i], odd += column[i + 1] - column[i + 1];
    if (rows % 2) even += column[rows - 1] - column[rows - 1];
    if (even + odd == 0) continue;
    for (size_t i = 0; i < rows; i++) {
      if (isfinite(column[i])) continue;
      if (culprit) *culprit = j;
      return tanlu_fail(context, TANLU_ERR_MODEL, "%s(%zu, %zu) of the Leontief system is %g; expected a finite number",
                        name, i + 1, j + 1, column[i]);
    }
  }
  return TANLU_OK;
}

typedef tanlu_status factor_function(void *content, const double *a, size_t lda, size_t *culprit,
                                     tanlu_context *context);

static tanlu_status refactor(tanlu_leontief *solver, factor_function *factor, const double *a, size_t lda,
                             size_t *culprit, tanlu_context *context) {
  if (lda < solver->n || lda > INT_MAX)
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "leading dimension %zu of A; expected at least %zu", lda, solver->n);
  solver->factored = false;
  solver->rcond_known = false;
  tanlu_status status = check_finite("A", a, lda, solver->n, solver->n, culprit, context);
  if (status != TANLU_OK) return status;
  status = factor(solver->content, a, lda, culprit, context);
  solver->diagnostics.factorisations++;
  solver->factored = status == TANLU_OK;
  return status;
}

tanlu_status tanlu_leontief_factor(tanlu_leontief *solver, const double *a, size_t lda, size_t *culprit,
                                   tanlu_context *context) {
  return refactor(solver, solver->operations->factor, a, lda, culprit, context);
}

tanlu_status tanlu_leontief_update(tanlu_leontief *solver, const double *a, size_t lda, size_t *culprit,
                                   tanlu_context *context) {
  return refactor(solver, solver->operations->update, a, lda, culprit, context);
}

static tanlu_status solve(tanlu_leontief *solver, bool transposed, double *b, size_t ldb, size_t nrhs,
                          tanlu_context *context) {
  if (!solver->factored)
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a Leontief system is solved before it is factored");
  if (ldb < solver->n || ldb > INT_MAX || nrhs > INT_MAX)
    return tanlu_fail(context, TANLU_ERR_INTERNAL,
                      "leading dimension %zu, %zu right-hand sides; expected at least %zu, at most %d", ldb, nrhs,
                      solver->n, INT_MAX);
  if (nrhs == 0) return TANLU_OK;
  const tanlu_status status = check_finite("B", b, ldb, solver->n, nrhs, NULL, context);
  if (status != TANLU_OK) return status;
  solver->diagnostics.solves += nrhs;
  return solver->operations->solve(solver->content, transposed, b, ldb, nrhs, context);
}

tanlu_status tanlu_leontief_solve(tanlu_leontief *solver, double *b, size_t ldb, size_t nrhs, tanlu_context *context) {
  return solve(solver, false, b, ldb, nrhs, context);
}

tanlu_status tanlu_leontief_solve_transposed(tanlu_leontief *solver, double *b, size_t ldb, size_t nrhs,
                                             tanlu_context *context) {
  return solve(solver, true, b, ldb, nrhs, context);
}

tanlu_leontief_diagnostics tanlu_leontief_diagnose(tanlu_leontief *solver) {
  if (!solver->rcond_known) {
    solver->diagnostics.rcond = solver->factored ? solver->operations->rcond(solver->content) : 0;
    solver->rcond_known = true;
  }
  return solver->diagnostics;
}

double tanlu_leontief_residual(const double *a, size_t n, const double *x, const double *b) {
  enum { ROWS = 64 }; /* rows at a time, so that A is read along its columns without a work vector */
  double largest_residual = 0, largest_b = 0;
  for (size_t first = 0; first < n; first += ROWS) {
    const size_t rows = n - first < ROWS ? n - first : ROWS;
    double r[ROWS];
    for (size_t i = 0; i < rows; i++) r[i] = b[first + i] - x[first + i];
    for (size_t j = 0; j < n; j++) {
      const double *column = a + j * n + first;
      for (size_t i = 0; i < rows; i++) r[i] += column[i] * x[j];
    }
    for (size_t i = 0; i < rows; i++) {
      if (isnan(r[i])) return r[i];
      largest_residual = fmax(largest_residual, fabs(r[i]));
      largest_b = fmax(largest_b, fabs(b[first + i]));
    }
  }
  return largest_b > 0 ? largest_residual / largest_b : largest_residual;
}
