/* Who causes what where: emissions (or energy, jobs, ...) of the regions of a table by the regions whose final demand they are due to.
 *
 * A table of several regions with its domestic coefficients A_d and final demand y_d; sectors belong to groups p (regions), categories of
 * final demand to groups q, exports apart. With intensities f_i = e_i / x_i,
 *
 *     E_pq = sum_{i in p} f_i ((I - A_d)^-1 y_q)_i     y_q: domestic final demand of q, all its categories but exports
 *     E_p,abroad                                        of exports, of whichever region
 *     E_p,rest                                          of the discrepancy of the table
 *
 *     sum_q E_pq + E_p,abroad + E_p,rest = sum_{i in p} e_i        production of p, checked to 1e-9
 *     sum_p E_pq                                                   consumption of q, as far as it is made within the table
 *
 * net trade of p within the table is sum_{q != p} (E_pq - E_qp). The same for the emissions of chosen sectors alone (power plants), which
 * shows the part that passes through electricity. Imports from outside the table carry nothing.
 *
 * Source: R. E. Miller and P. D. Blair, Input-Output Analysis (2nd ed., 2009), chapters 3 and 10; G. P. Peters, Ecological Economics 65
 * (2008) 13-23 (emissions embodied in consumption of a multi-regional table). */
#ifndef TANLU_MODEL_EMBODIED_H
#define TANLU_MODEL_EMBODIED_H

#include "model/dataset.h"

typedef struct {
  size_t groups;
  double *total;                    /* groups x (groups + 2), column-major: E_pq; then abroad; then the discrepancy */
  double *chosen;                   /* the same of the chosen sectors; NULL without */
  double *production, *consumption; /* groups: sum_{i in p} e_i, sum_p E_pq */
  double *final_demand;             /* groups: domestic final demand of q, unit of the accounts */
} tanlu_embodied;

/* level: of the dataset; a category belongs to the group whose code begins its own ("guangdong_urban_households"), the longest that does, or to
 * the group around one of another level (grids around provinces).
 * emission: n, of production; chosen: n (may be NULL). Errors: TANLU_ERR_INPUT for a category, exports apart, that belongs to no group, for an
 * emission of a sector without output; TANLU_ERR_MODEL where the table is not productive; TANLU_ERR_INTERNAL where sums are not
 * kept. Memory: 24 n^2 bytes. */
tanlu_status tanlu_embodied_create(tanlu_embodied **embodied, const tanlu_dataset *dataset, size_t level,
                                   const double *emission, const bool *chosen, tanlu_context *context);
/* Trade of one region with the others, with its own demand and with abroad. */
typedef struct {
  double production, own, sent, abroad, received, consumption,
      net; /* sent: for others; abroad with the discrepancy; net: sent - received */
} tanlu_embodied_balance;
/* matrix: embodied->total or ->chosen. */
tanlu_embodied_balance tanlu_embodied_balance_of(const tanlu_embodied *embodied, const double *matrix, size_t group);

/* Flows between two different regions, the largest first; equal ones by their numbers. */
typedef struct {
  size_t from, to;
  double value;
} tanlu_embodied_flow;
/* *flow: groups x (groups - 1) of them, which the caller frees. */
tanlu_status tanlu_embodied_flows(tanlu_embodied_flow **flow, size_t *count, const tanlu_embodied *embodied,
                                  tanlu_context *context);
/* The same of any matrix, groups x groups, [q groups + p] from p to q. */
tanlu_status tanlu_group_flows(tanlu_embodied_flow **flow, size_t *count, const double *matrix, size_t groups,
                               tanlu_context *context);
void tanlu_embodied_free(tanlu_embodied **embodied); /* accepts NULL and half-built objects */

#endif
