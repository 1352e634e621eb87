/* Trade of one product between regions, from what each offers to others and wants from others.
 *
 *     T_pq ~ a_p b_q / d_pq^beta  (p other than q),   sum_q T_pq = a_p,   sum_p T_pq = b_q
 *
 * a offers, b wants, of equal totals; d distances. A region cannot trade with itself beyond what it must: where a_p + b_p exceeds
 * the total, others can neither take nor give all of it, and the rest, e = a_p + b_p - total, is T_pp. Then all trade of the others is
 * with p, T_pq = b_q and T_qp = a_q. Elsewhere the form is balanced by RAS (solvers/ras.h); its solution does not depend on scale.
 *
 * Source: the doubly constrained gravity model, A. G. Wilson, Entropy in Urban and Regional Modelling (1970); W. Leontief and A.
 * Strout, in T. Barna (ed.), Structural Interdependence and Economic Development (1963). */
#ifndef TANLU_MODEL_GRAVITY_TRADE_H
#define TANLU_MODEL_GRAVITY_TRADE_H

#include "model/labels.h"

typedef struct {
  size_t regions;
  const tanlu_labels *region; /* for messages */
  const double *distance;     /* regions x regions, column-major: from p to q, above 0 off the diagonal */
  double beta;                /* decay with distance, >= 0 */
} tanlu_gravity;

/* trade: regions x regions, column-major, (p, q) from p to q. offered and wanted at least 0; totals equal within 1e-9 of the larger:
 * sums of the result are those wanted, and those offered times their ratio. `product` is its name in messages. Errors: TANLU_ERR_INPUT
 * for totals that differ, TANLU_ERR_MODEL where RAS does not converge. */
tanlu_status tanlu_gravity_trade(const tanlu_gravity *gravity, const char *product, const double *offered,
                                 const double *wanted, double *trade, tanlu_context *context);

/* Part of known flows that is spread by gravity so that sums can be met. */
#define TANLU_TRADE_BACKING 0.01

/* The same from a matrix that is known, such as flows of electricity in physical units: the matrix that has the sums a and b, own
 * use included, and is nearest to `known` (regions x regions, >= 0) with `backing` of its total spread over all pairs by gravity (own
 * distance: half that to the nearest region), so that sums can be met where known flows alone could not. moved (may be NULL): share of the total by which the
 * result differs from the known matrix scaled to it (half the sum of absolute differences). */
tanlu_status tanlu_known_trade(const tanlu_gravity *gravity, const char *product, const double *known, double backing,
                               const double *supply, const double *demand, double *trade, double *moved,
                               tanlu_context *context);

#endif
