/* Output by region and sector, from indicators of where branches are and from the value added of regions.
 *
 * s_rj, the share of region r in sector j, begins as that of an indicator (tonnes of steel, generation, value added, ...). Sectors
 * belong to groups g whose value added V_rg is known by region (the three industries). With v_j the nation's value added of j,
 *
 *     W_rj = s_rj v_j   scaled by RAS until   sum_r W_rj = v_j,   sum_{j in g} W_rj = V_rg (sum_{j in g} v_j / sum_r V_rg)
 *
 * so that the nation's table leads and regions share it out; then s_rj = W_rj / v_j and x_rj = s_rj x_j: value added per unit of output
 * is the nation's everywhere. Sectors without value added above zero keep the shares of their indicator. */
#ifndef TANLU_MODEL_REGIONAL_OUTPUT_H
#define TANLU_MODEL_REGIONAL_OUTPUT_H

#include "model/labels.h"

typedef struct {
  size_t regions, n, groups;
  const tanlu_labels *region, *sector, *group; /* for messages */
  const size_t *of_sector;                     /* n: group */
  const double *value_added;                   /* n: v_j */
  const double *regional;                      /* regions x groups, column-major: V_rg >= 0, any unit */
} tanlu_regional_output_problem;

typedef struct {
  double *scaled; /* groups: sum_j v_j / sum_r V_rg, in units of v over those of V */
  double *moved; /* n: how much of a sector RAS moved between regions, half the sum of absolute differences of shares */
} tanlu_regional_output_report;

/* share: regions x n, column-major, columns sum to 1; scaled in place. report may be NULL, its arrays are the caller's. Errors:
 * TANLU_ERR_INPUT for a column that does not sum to 1 within 1e-9 or has a number below zero, and for a group without regional value
 * added; TANLU_ERR_MODEL naming the region or sector that RAS cannot bring to its sum. */
tanlu_status tanlu_regional_output(const tanlu_regional_output_problem *problem, double *share,
                                   const tanlu_regional_output_report *report, tanlu_context *context);

#endif
