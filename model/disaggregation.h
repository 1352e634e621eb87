/* A sector of a table split into several, so that adding them up again gives the table back.
 *
 * Sector p becomes the sectors i with output shares w_i and sales shares s_i, each adding up to 1:
 *
 *     x_i = w_i x_p,   err_i = w_i err_p,   z_ji = w_i z_jp,   value added alike          (columns, by output)
 *     u_i = s_i u_p,   m_i = u_i - (x_i - err_i)                                          (all uses; imports are the rest)
 *     z_ij = s_i z_pj, y_ik = s_i y_pk;  z_ij = s_i w_j z_pp among themselves             (rows, by sales)
 *
 * and where the table is split by origin, z = w_i z_d + (m_i / m_p) (z - z_d) and z_d,i = w_i z_d for the rows. That balances by itself.
 * Known cells are then put in their place: those of the block of i among themselves first, what is left of z_pp going to the others
 * in proportion; then the rows of i (all other sectors and final use) and their columns (all other sectors and value
 * added) are brought to their sums again by solvers/gras.h, rows adding up to z_pj and y_pk by column, columns to z_jp by row.
 * So every sum over the new sectors is what the table had. (Splitting by shares and rebalancing: Miller and Blair, Input-Output
 * Analysis (2nd ed., 2009), sections 4.9 and 7.4; Wolsky, Review of Economics and Statistics 66 (1984).)
 *
 * Sectors are split one after the other, in the order of the table: a known cell between two split sectors counts when the
 * second of them is split, a cell of an undivided row and column is none. */
#ifndef TANLU_MODEL_DISAGGREGATION_H
#define TANLU_MODEL_DISAGGREGATION_H

#include "model/aggregation.h"

/* A cell of the new table: flow from new sector `row` to new sector `column` of so much money. */
typedef struct {
  size_t row, column;
  double value;
} tanlu_known_cell;

typedef struct {
  size_t from, to; /* sectors before and after */
  const size_t
      *parent; /* to: old sector of a new one; new sectors of one old sector lie together, in the order of the table */
  const double *output;       /* to: w */
  const double *sales;        /* to: s */
  const tanlu_labels *sector; /* to */
  size_t cells;
  const tanlu_known_cell *cell; /* may be NULL */
} tanlu_split;

/* `accounts` is zeroed by the caller and cleared by him, also after an error. Errors, all of TANLU_ERR_INPUT naming sectors: sales
 * that need imports below zero; known cells of a table that is split by origin, of two undivided sectors, below zero, larger than
 * what they are part of, or such that rows and columns cannot be balanced. */
tanlu_status tanlu_disaggregate_accounts(tanlu_accounts *accounts, const tanlu_accounts *old, const tanlu_split *split,
                                         tanlu_context *context);

#endif
