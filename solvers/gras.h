/* GRAS: a matrix with entries of both signs scaled by rows and columns until it has given sums.
 *
 * A = P - N, P >= 0 and N >= 0 its entries above and below zero. Of all X with the signs of A, X 1 = u and 1'X = v', the one that
 * changes relatively least,
 *
 *     min sum_ij |a_ij| (z_ij ln z_ij - z_ij),   z_ij = x_ij / a_ij,
 *
 * is x_ij = r_i p_ij s_j - n_ij / (r_i s_j). In vector form: with p_i = sum_j p_ij s_j and n_i = sum_j n_ij / s_j
 *
 *     r_i = (u_i + sqrt(u_i^2 + 4 p_i n_i)) / (2 p_i),   r_i = -n_i / u_i where p_i = 0,
 *
 * and s_j by columns alike, in turn. Without entries below zero this is RAS: r_i = u_i / p_i. One round reads the matrix once: a
 * column finds its s_j and adds itself to the p_i and n_i. Zeros and signs stay; an entry becomes zero only where a row or column of
 * one sign is to add up to zero. (T. Junius and J. Oosterhaven, Economic Systems Research 15 (2003) 87-96; objective and rows without
 * positive entries: M. Lenzen, R. Wood and B. Gallego, ibid. 19 (2007) 461-465; U. Temurshoev, R. E. Miller and M. C. Bouwmeester,
 * ibid. 25 (2013) 361-367.)
 *
 * Known entries are taken off the sums and put back as they were.
 *
 * With reliabilities w_ij > 0 the cost of a cell is w_ij times the above, and x_ij = p_ij (r_i s_j)^(1/w_ij) - n_ij (r_i
 * s_j)^(-1/w_ij): a cell of weight 2 moves half as far in logarithms as one of weight 1 under the same factors. Each r_i and s_j then
 * is the root of an increasing function, found by Newton's method within brackets. Only ratios of weights matter.
 *
 * A solution exists when a network in which entries above zero carry from row to column and those below zero from column to row can
 * carry the sums; a smallest cut of it that is too narrow names the rows and columns that stand in the way. The cut is looked for when
 * `TANLU_GRAS_PATIENCE` rounds have not been enough, so that what converges does not pay for it. */
#ifndef TANLU_SOLVERS_GRAS_H
#define TANLU_SOLVERS_GRAS_H

#include <stdbool.h>

#include "solvers/ras.h"

enum { TANLU_GRAS_PATIENCE = 100 };

typedef struct {
  size_t rows, columns;
  const double *row_sum, *column_sum; /* rows, columns: of any sign */
  const bool *fixed;                  /* rows x columns, column-major: entries that stay; NULL: none */
  const double *weight;               /* rows x columns, column-major: reliabilities > 0; NULL: all alike */
  const char *const *row_name, *const *column_name; /* for messages, "row 3" where NULL */
} tanlu_gras_problem;

typedef struct {
  size_t rounds; /* rows and columns once each */
  double gap;    /* largest that is left, see tolerance */
} tanlu_gras_report;

/* matrix: rows x columns, column-major; one that has the sums already keeps its bits. The tolerance is of
 * |sum - wanted| / max(|wanted|, sum of absolute entries) in any row or column. The same input gives the same bits on every number of
 * threads and with every kernel (gras_kernel.c); another order of rows or columns gives other rounding. report may be NULL. Errors, all
 * that there are of the first kind:
 * TANLU_ERR_INPUT for numbers that are not finite, weights that are not above zero, totals of rows and columns that differ by more than
 * the tolerance, and rows or columns that are to have a sum which their entries cannot have (none, or all of the other sign);
 * TANLU_ERR_MODEL naming the rows and columns that block a solution, or the one furthest off after `most` rounds. The matrix is as
 * it was then. */
tanlu_status tanlu_gras(const tanlu_gras_problem *problem, double *matrix, const tanlu_ras_options *options,
                        tanlu_gras_report *report, tanlu_context *context);

#endif
