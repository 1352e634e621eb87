#include "outputs/sweep_regression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/estimators.h"
#include "solvers/memory.h"

/* Does a parameter vary beyond rounding over the samples that have a y? */
static bool varies(const tanlu_sweep_regression *r, size_t p) {
  static const double rounding = 1e-12;
  double least = (double)INFINITY, most = -(double)INFINITY;
  for (size_t i = 0; i < r->samples; i++) {
    const double value = r->drawn[i * r->parameters + p];
    if (isnan(r->y[i])) continue;
    least = fmin(least, value);
    most = fmax(most, value);
  }
  return most - least > rounding * fmax(fabs(least), fabs(most));
}

/* Members of a simplex follow each other. */
static void choose_left_out(const tanlu_sweep_regression *r, bool *left_out) {
  for (size_t p = 0; p < r->parameters; p++) left_out[p] = false;
  for (size_t first = 0, end; first < r->parameters; first = end) {
    for (end = first + 1; end < r->parameters && strcmp(r->simplex[end], r->simplex[first]) == 0;) end++;
    if (r->simplex[first][0] == '\0') continue;
    size_t p = end;
    while (p > first && !varies(r, p - 1)) p--;
    if (p > first) left_out[p - 1] = true;
  }
}

/* Numbers of the parameters kept, front to back, to their places. */
static void spread(const bool *left_out, size_t parameters, size_t kept, double *value) {
  for (size_t p = parameters; p-- > 0;) value[p] = left_out[p] ? (double)NAN : value[--kept];
}

tanlu_status tanlu_sweep_regress(const tanlu_sweep_regression *r, bool *left_out, double *coefficient, double *rank,
                                 double *explained, tanlu_context *context) {
  size_t kept = 0;
  double *own = NULL;
  choose_left_out(r, left_out);
  for (size_t p = 0; p < r->parameters; p++) kept += left_out[p] ? 0 : 1;
  if (kept < r->parameters) {
    own = tanlu_allocate_doubles(context, r->samples, kept);
    if (own == NULL) return TANLU_ERR_MEMORY;
    double *next = own;
    for (size_t i = 0; i < r->samples; i++) {
      for (size_t p = 0; p < r->parameters; p++) {
        if (!left_out[p]) *next++ = r->drawn[i * r->parameters + p];
      }
    }
  }
  const double *x = own != NULL ? own : r->drawn;
  tanlu_status status = tanlu_regression_coefficients(r->samples, kept, x, r->y, 1, coefficient, explained, context);
  if (status == TANLU_OK) status = tanlu_rank_correlation(r->samples, kept, x, r->y, 1, rank, context);
  if (status == TANLU_OK) {
    spread(left_out, r->parameters, kept, coefficient);
    spread(left_out, r->parameters, kept, rank);
  }
  free(own);
  return status;
}
