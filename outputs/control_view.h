/* Dual control and carbon budgets of a result file, window by window. */
#ifndef TANLU_OUTPUTS_CONTROL_VIEW_H
#define TANLU_OUTPUTS_CONTROL_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/carbon_budget.h"
#include "model/dual_control.h"
#include "outputs/result_file.h"

typedef struct {
  size_t windows;
  const int (*window)[2]; /* windows: base year and last year */
  int carbon_from; /* windows whose first year after the base is this or later are of CO2, the others of energy */
  tanlu_control_rules rules; /* of every window; NaN goals are taken from `goals` */
  const tanlu_goals *goals;
  size_t scenario; /* TANLU_NONE: all */
  /* budgets over the same windows, without their base years */
  size_t shares;             /* 0: no budgets */
  const double *share;       /* shares: of the windows in turn, the last for all that follow */
  size_t budget_of;          /* indicator, in Mt */
  int budget_base;           /* year of E_0 */
  tanlu_budget_rules budget; /* base is filled in */
  bool csv;
} tanlu_control_request;

/* Tables, or CSV, of all scenarios, a note for windows after the last year of one; *missed counts basic goals and limits missed and budgets that end short. Errors: TANLU_ERR_INPUT
 * where the file is of a sweep, has no such year, or lacks an indicator; reading; memory. */
tanlu_status tanlu_control_view(tanlu_result *result, const tanlu_control_request *request, FILE *stream,
                                size_t *missed, tanlu_context *context);

/* Five-year windows (base year and last year divisible by five) within the years of the file; newly allocated. */
tanlu_status tanlu_control_five_years(tanlu_result *result, int (**window)[2], size_t *windows, tanlu_context *context);

#endif
