/* Carbon budgets over windows of years, in the form of the Kyoto Protocol (Article 3, paragraphs 7 and 13).
 *
 * Window k counts n_k years. With E_0 the emissions of the base year, q_k the permitted share of them a year and e_t emissions,
 *
 *     allotment   A_k = q_k E_0 n_k
 *     budget      B_k = A_k + carried_k-1
 *     balance     b_k = B_k - sum of e_t over the window
 *     carried_k = keep b_k                where b_k >= 0: a surplus may be used later
 *               = deduction b_k           where b_k <  0: a shortfall is taken off the next window
 *
 * Kyoto: keep 1 (3.13), deduction 1.3 (decision 27/CMP.1, entered without the source at hand); 1 carries the tonnes themselves. */
#ifndef TANLU_MODEL_CARBON_BUDGET_H
#define TANLU_MODEL_CARBON_BUDGET_H

#include <stddef.h>

#include "solvers/context.h"

typedef struct {
  double base;      /* E_0, Mt */
  double keep;      /* share of a surplus that may be carried over, 0 to 1 */
  double deduction; /* tonnes taken off the next window for each tonne of a shortfall, at least 1 */
  double carried;   /* into the first window, Mt; 0 as a rule */
} tanlu_budget_rules;

typedef struct {
  int from, to; /* years, both counted */
  double share; /* q */
  /* out */
  double allotment, carried_in, emissions, balance, carried_out; /* Mt */
} tanlu_budget_window;

/* Fill the windows, which must be in order and must not overlap. emission: `years` values from the year `first` on, Mt. Errors:
 * TANLU_ERR_INPUT where a window is empty, overlaps the one before or leaves the years, where an emission in it is not a number, or
 * a rule is out of its range. */
tanlu_status tanlu_budget_account(const tanlu_budget_rules *rules, const double *emission, int first, size_t years,
                                  tanlu_budget_window *window, size_t windows, tanlu_context *context);

#endif
