/* Closure: final demand, substitution and product multipliers such that GDP, value-added shares and product paths hold.
 *
 *     A_ij   = q_S(i) r_i A0_ij s_j   (i not an energy row; q only for j outside the product's own sectors S)
 *     r_i    = (phi_i / mean phi)^theta r_scenario,   s_j restores the column sum over non-energy rows, times s_scenario
 *     y_ki   = F sigma_k w_ki / sum_i w_ki,   w_ki = y0_ki composition phi_i q_S(i)
 *     x      = (I - A_d)^-1 y_d,   v_j = 1 - sum_i A_ij
 *
 * sigma: category shares of final use; inventories y0 x GDP index x index stand outside phi; households' energy products are
 * given in money by the physical change and stand inside their category's share. Unknowns: log F, log phi of every target
 * group, log q of every product path; equations: GDP, shares of value added, sum of output of S. Newton with the analytic
 * Jacobian, kept while it contracts. */
#ifndef TANLU_MODEL_CLOSURE_H
#define TANLU_MODEL_CLOSURE_H

#include "model/technology.h"
#include "solvers/leontief.h"

typedef struct tanlu_closure tanlu_closure;

/* Goals and levers of one year. */
typedef struct {
  const tanlu_drivers *drivers;
  size_t t;
  double gdp_index;               /* GDP against the base year */
  const double *energy_rows;      /* rows x n: coefficients of the energy rows */
  const double *household_energy; /* rows x 2 (urban, rural): final demand for the energy products, 10^4 CNY */
} tanlu_closure_year;

tanlu_status tanlu_closure_create(tanlu_closure **closure, const tanlu_technology *technology,
                                  const tanlu_drivers *drivers, tanlu_context *context);
void tanlu_closure_free(tanlu_closure **closure);

/* Which targets and paths bind in the year; the unknowns of those that bound before are kept as a warm start.
 * Errors: TANLU_ERR_MODEL when import shares leave 0..1. */
tanlu_status tanlu_closure_begin(tanlu_closure *closure, const tanlu_closure_year *year, tanlu_context *context);
/* One step: build A and y at the present unknowns, solve for output, measure the gaps and move the unknowns.
 * *gap: largest relative gap of the equations before the move. Errors: TANLU_ERR_MODEL naming sector or target and year. */
tanlu_status tanlu_closure_step(tanlu_closure *closure, const tanlu_closure_year *year, double *gap,
                                tanlu_context *context);
/* After the last step did not close: the target with the largest gap and the range that it can reach, as an error. */
tanlu_status tanlu_closure_unreachable(tanlu_closure *closure, const tanlu_closure_year *year, tanlu_context *context);

/* State of the fixed point between closure and physics: the unknowns (log F, log phi, log q), for acceleration. */
size_t tanlu_closure_unknowns(const tanlu_closure *closure); /* all, binding or not */
void tanlu_closure_get_unknowns(const tanlu_closure *closure, double *unknown);
void tanlu_closure_set_unknowns(tanlu_closure *closure, const double *unknown);

const double *tanlu_closure_output(const tanlu_closure *closure);      /* n */
const double *tanlu_closure_value_added(const tanlu_closure *closure); /* n: v, per unit of output */
const double *tanlu_closure_final_use(const tanlu_closure *closure);   /* n x categories, column-major */
/* phi q / F-free multiplier of final demand and r q of inputs, per sector: n each. */
void tanlu_closure_factors(const tanlu_closure *closure, double *phi, double *r);
/* Imports by product at the present solution (n), and the relative residual of the last solved system. */
void tanlu_closure_imports(const tanlu_closure *closure, double *imports);
double tanlu_closure_residual(const tanlu_closure *closure);

#endif
