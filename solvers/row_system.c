#include "solvers/row_system.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/leontief.h"
#include "solvers/memory.h"

/* ---- what all methods share --------------------------------------------------------------------------------------------- */

/* Power iteration x <- (A + s I) x from x = 1, which has a part in every eigenvector that is not negative; the shift s makes
 * periodic matrices converge. */
static tanlu_status find_culprit(const tanlu_row_system *system, size_t n, double *x, double *y,
                                 tanlu_row_system_facts *facts, tanlu_context *context) {
  enum { STEPS = 500 };
  const double settled = 1e-6;
  for (size_t i = 0; i < n; i++) x[i] = 1.0;
  double growth = 0.0;
  for (int step = 0; step < STEPS; step++) {
    const tanlu_status status = system->multiply(system->user, x, y, 1, context);
    if (status != TANLU_OK) return status;
    const double before = growth, shift = 0.25 * before;
    double top = 0.0;
    growth = 0.0;
    facts->culprit = 0;
    for (size_t i = 0; i < n; i++) {
      growth = fmax(growth, y[i]);
      x[i] = y[i] + shift * x[i];
      if (x[i] > top) facts->culprit = i;
      top = fmax(top, x[i]);
    }
    facts->radius = growth; /* x was scaled to a largest entry of 1 */
    if (!(top > 0.0) || fabs(growth - before) <= settled * growth) break;
    for (size_t i = 0; i < n; i++) x[i] /= top;
  }
  return TANLU_OK;
}

/* z > 0 and (I - A) z > 0, with room for rounding in between. */
static tanlu_status prove(const tanlu_row_system *system, size_t n, double *z, double *y, tanlu_row_system_facts *facts,
                          bool *proved, tanlu_context *context) {
  for (size_t i = 0; i < n; i++) z[i] = 1.0;
  tanlu_status status = system->solve(system->user, z, 1, context);
  if (status == TANLU_OK) status = system->multiply(system->user, z, y, 1, context);
  *proved = status == TANLU_OK;
  facts->row_sum = 0.0;
  for (size_t i = 0; *proved && i < n; i++) {
    *proved = isfinite(z[i]) && z[i] > 0.5 && z[i] - y[i] > 0.5;
    facts->row_sum = fmax(facts->row_sum, z[i]);
  }
  return status;
}

tanlu_status tanlu_row_system_factor(const tanlu_row_system *system, size_t n, tanlu_row_system_facts *facts,
                                     tanlu_context *context) {
  *facts = (tanlu_row_system_facts){0};
  bool proved = false;
  double *z = tanlu_allocate_doubles(context, n, 1), *y = tanlu_allocate_doubles(context, n, 1);
  tanlu_status status = z != NULL && y != NULL ? system->factor(system->user, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = prove(system, n, z, y, facts, &proved, context);
  if (status == TANLU_ERR_MODEL || (status == TANLU_OK && !proved)) {
    status = find_culprit(system, n, z, y, facts, context);
    if (status == TANLU_OK) status = TANLU_ERR_MODEL;
  }
  free(z);
  free(y);
  return status;
}

/* max |b - x + ax| of a column, relative to max |x| */
static double residual_of(size_t n, const double *b, const double *x, const double *ax) {
  double gap = 0.0, size = 0.0;
  for (size_t i = 0; i < n; i++) {
    const double r = fabs(b[i] - x[i] + ax[i]);
    if (!(r <= gap)) gap = r; /* NaN too */
    size = fmax(size, fabs(x[i]));
  }
  return gap == 0.0 ? 0.0 : gap / size;
}

tanlu_status tanlu_row_system_solve(const tanlu_row_system *system, size_t n, const tanlu_row_system_facts *facts,
                                    double tolerance, double *b, size_t columns, double *error,
                                    tanlu_context *context) {
  const size_t most = columns < TANLU_ROW_SYSTEM_COLUMNS ? columns : TANLU_ROW_SYSTEM_COLUMNS;
  double *kept = tanlu_allocate_doubles(context, n, most), *ax = tanlu_allocate_doubles(context, n, most);
  tanlu_status status = kept != NULL && ax != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t first = 0; status == TANLU_OK && first < columns; first += most) {
    const size_t count = columns - first < most ? columns - first : most;
    double *x = b + first * n;
    memcpy(kept, x, count * n * sizeof *x);
    status = system->solve(system->user, x, count, context);
    if (status == TANLU_OK) status = system->multiply(system->user, x, ax, count, context);
    for (size_t k = 0; status == TANLU_OK && k < count; k++) {
      error[first + k] = facts->row_sum * residual_of(n, kept + k * n, x + k * n, ax + k * n);
      if (error[first + k] <= tolerance) continue;
      status = tanlu_fail(context, TANLU_ERR_MODEL,
                          "the solution of column %zu is within %.1e of the exact one, relative to its largest entry; "
                          "expected %.1e: the system is ill-conditioned (the inverse has row sums of %.1e)",
                          first + k + 1, error[first + k], tolerance, facts->row_sum);
    }
  }
  free(kept);
  free(ax);
  return status;
}

/* ---- in this process ----------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t n;
  double *a; /* n x n, column-major */
  tanlu_leontief *solver;
} direct;

static void direct_end(void *user) {
  direct *d = user;
  free(d->a);
  d->a = NULL;
  tanlu_leontief_free(&d->solver);
}

static tanlu_status direct_begin(void *user, size_t n, tanlu_context *context) {
  direct *d = user;
  direct_end(d);
  d->n = n;
  d->a = tanlu_allocate_doubles(context, n, n);
  return d->a != NULL ? tanlu_leontief_create(&d->solver, TANLU_SOLVER_DIRECT, n, context) : TANLU_ERR_MEMORY;
}

static tanlu_status direct_row(void *user, size_t i, const double *a, tanlu_context *context) {
  (void)context;
  direct *d = user;
  for (size_t j = 0; j < d->n; j++) d->a[j * d->n + i] = a[j];
  return TANLU_OK;
}

static tanlu_status direct_factor(void *user, tanlu_context *context) {
  (void)context; /* the message of the solver knows no names */
  direct *d = user;
  return tanlu_leontief_factor(d->solver, d->a, d->n, NULL, NULL);
}

static tanlu_status direct_solve(void *user, double *b, size_t columns, tanlu_context *context) {
  direct *d = user;
  return tanlu_leontief_solve(d->solver, b, d->n, columns, context);
}

static tanlu_status direct_multiply(void *user, const double *x, double *y, size_t columns, tanlu_context *context) {
  (void)context;
  const direct *d = user;
  const int n = (int)d->n; /* the solver takes no more */
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, (int)columns, n, 1.0, d->a, n, x, n, 0.0, y, n);
  return TANLU_OK;
}

tanlu_status tanlu_row_system_direct(tanlu_row_system *system, tanlu_context *context) {
  *system = (tanlu_row_system){.name = "direct (LU)",
                               .user = tanlu_allocate(context, 1, sizeof(direct)),
                               .begin = direct_begin,
                               .row = direct_row,
                               .factor = direct_factor,
                               .solve = direct_solve,
                               .multiply = direct_multiply,
                               .end = direct_end};
  return system->user != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_row_system_direct_free(tanlu_row_system *system) {
  if (system->user != NULL) direct_end(system->user);
  free(system->user);
  system->user = NULL;
}
