/* Regression on the parameters of a sweep, some of which may be members of simplexes.
 *
 * Members of a simplex sum to a constant, so that their coefficients are not defined together: the last member that varies is left
 * out. The coefficient of another one is then what it does at the expense of that one, the rest of the mix as it is. */
#ifndef TANLU_OUTPUTS_SWEEP_REGRESSION_H
#define TANLU_OUTPUTS_SWEEP_REGRESSION_H

#include <stdbool.h>

#include "solvers/context.h"

typedef struct {
  size_t samples, parameters;
  const double *drawn;        /* samples x parameters */
  const double *y;            /* samples; NaN where there is none */
  const char *const *simplex; /* parameters: name of the simplex it is a member of, "" for none */
} tanlu_sweep_regression;

/* coefficient, rank (correlation): parameters numbers, NaN for those left out; left_out: parameters. Errors: those of
 * tanlu_regression_coefficients. */
tanlu_status tanlu_sweep_regress(const tanlu_sweep_regression *regression, bool *left_out, double *coefficient,
                                 double *rank, double *explained, tanlu_context *context);

#endif
