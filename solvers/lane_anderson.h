/* Anderson acceleration of many fixed points at once, one a lane (solvers/anderson.h has the method and its sources).
 *
 * State and step are size x lanes. The numbers of a lane never depend on the other lanes. */
#ifndef TANLU_SOLVERS_LANE_ANDERSON_H
#define TANLU_SOLVERS_LANE_ANDERSON_H

#include "solvers/lanes.h"

typedef struct tanlu_lane_anderson tanlu_lane_anderson;

/* size: numbers in a state; depth: differences kept, 0 (no acceleration) to 8. */
tanlu_status tanlu_lane_anderson_create(tanlu_lane_anderson **anderson, size_t size, size_t depth, size_t width,
                                        tanlu_context *context);
void tanlu_lane_anderson_free(tanlu_lane_anderson **anderson);
/* Forget the history. */
void tanlu_lane_anderson_reset(tanlu_lane_anderson *anderson);
/* step (in: G(s_k) - s_k, out: s_{k+1} - s_k). */
void tanlu_lane_anderson_step(tanlu_lane_anderson *anderson, const double *state, double *step);

#endif
