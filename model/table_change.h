/* How far a table is from another one, in percent of the latter (t_ij against the reference a_ij):
 *
 *     WAPE  100 sum |t - a| / sum |a|    over cells with a != 0: mean of |t - a| / |a| weighted by |a|
 *     STPE  100 sum |t - a| / sum |a|    over all cells: standardised total percentage error, with what is new where a = 0
 *     MAPE  mean of 100 |t - a| / |a|    over cells with a != 0: small cells count as much as large ones
 *
 * (R. E. Miller and P. D. Blair, Input-Output Analysis, 2nd ed. (2009), section 7.4; U. Temurshoev, C. Webb and N. Yamano, Economic
 * Systems Research 23 (2011).) */
#ifndef TANLU_MODEL_TABLE_CHANGE_H
#define TANLU_MODEL_TABLE_CHANGE_H

#include "solvers/context.h"

typedef struct {
  double wape, stpe, mape; /* percent; NaN where the reference is zero throughout */
  size_t cells;            /* that differ at all */
} tanlu_table_change;

/* Both have `cells` numbers. */
tanlu_table_change tanlu_table_change_of(size_t cells, const double *table, const double *reference);
/* The `most` cells that differ most in absolute terms, the largest first, ties in their order; returns how many there are. */
size_t tanlu_table_change_largest(size_t cells, const double *table, const double *reference, size_t most,
                                  size_t *cell);

#endif
