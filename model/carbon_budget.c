#include "model/carbon_budget.h"

#include <math.h>

static tanlu_status check_rules(const tanlu_budget_rules *rules, tanlu_context *context) {
  if (!(rules->base >= 0.0) || isinf(rules->base)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: emissions of the base year are %g; expected at least 0",
                      rules->base);
  }
  if (!(rules->keep >= 0.0 && rules->keep <= 1.0)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: %g of a surplus is kept; expected 0 to 1", rules->keep);
  }
  if (!(rules->deduction >= 1.0) || isinf(rules->deduction)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: the deduction is %g; expected at least 1",
                      rules->deduction);
  }
  if (!isfinite(rules->carried)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: what is carried in is not a number");
  }
  return TANLU_OK;
}

static tanlu_status check_window(const tanlu_budget_window *w, int earliest, int last, tanlu_context *context) {
  if (w->from < earliest || w->to < w->from || w->to > last) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: window %d-%d; expected years from %d to %d, in order",
                      w->from, w->to, earliest, last);
  }
  if (!(w->share >= 0.0) || isinf(w->share)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: share %g of window %d-%d; expected at least 0",
                      w->share, w->from, w->to);
  }
  return TANLU_OK;
}

tanlu_status tanlu_budget_account(const tanlu_budget_rules *rules, const double *emission, int first, size_t years,
                                  tanlu_budget_window *window, size_t windows, tanlu_context *context) {
  const int last = first + (int)years - 1;
  int earliest = first;
  double carried = rules->carried;
  tanlu_status status = check_rules(rules, context);
  for (size_t k = 0; k < windows && status == TANLU_OK; k++) {
    tanlu_budget_window *w = &window[k];
    status = check_window(w, earliest, last, context);
    if (status != TANLU_OK) return status;
    w->emissions = 0.0;
    for (int year = w->from; year <= w->to; year++) w->emissions += emission[year - first];
    if (isnan(w->emissions)) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "carbon budget: emissions of window %d-%d are missing", w->from,
                        w->to);
    }
    w->allotment = w->share * rules->base * (double)(w->to - w->from + 1);
    w->carried_in = carried;
    w->balance = w->allotment + carried - w->emissions;
    w->carried_out = carried = w->balance * (w->balance >= 0.0 ? rules->keep : rules->deduction);
    earliest = w->to + 1;
  }
  return status;
}
