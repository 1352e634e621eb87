/* Supply and use tables, and the symmetric table that they give under an assumption.
 *
 * For p products and n industries, at basic prices:
 *
 *     V'  p x n  supply: product i made by industry j         q = V'1   output by product     g' = 1'V'  output by industry
 *     U   p x n  use, domestic and imported together          Y  p x k  final use             W  c x n   value added
 *     m   p      imports
 *
 *     q + m = U 1 + Y 1   (products),      g' = 1'U + 1'W   (industries)
 *
 * With a transformation T (n x p) a table of products by products is Z = U T, W T, Y, m with output q, and one of industries by
 * industries Z = T U, W, T Y, T m with output g:
 *
 *     A  products by products,     product technology (each product is made in one way):            T = (V')^-1 diag(q)
 *     B  products by products,     industry technology (each industry makes all it makes in one):   T = diag(g)^-1 V
 *     C  industries by industries, fixed industry sales structure:                                  T = diag(g) (V')^-1
 *     D  industries by industries, fixed product sales structure (market shares):                   T = V diag(q)^-1
 *
 * g'T = q' in A and B, T q = g in C and D: rows and columns add up as before, and value added in all is unchanged. A and C
 * ("commodity technology") need as many products as industries and may give entries below zero; B and D ("industry technology")
 * never do. (Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 11; United Nations, Handbook on Supply and
 * Use Tables and Input-Output Tables with Extensions and Applications (2018), chapter 12; R. E. Miller and P. D. Blair,
 * Input-Output Analysis, 2nd ed. (2009), chapter 5.)
 *
 * Use at purchasers' prices holds trade and transport margins d and taxes less subsidies on products t: U 1 + Y 1 = q + m + d + t, where
 * d adds up to zero over products. tanlu_supply_use_to_basic takes them off by the only rule that needs no further table: every use
 * of a product bears the same share of them. Margins then become uses of the products that provide them, taxes of industries a
 * component of value added; those of final use leave the table. */
#ifndef TANLU_MODEL_SUPPLY_USE_H
#define TANLU_MODEL_SUPPLY_USE_H

#include "model/dataset.h"

/* Matrices column-major, all in one unit of money. */
typedef struct {
  tanlu_labels product, industry, category, component;
  tanlu_category_role *role; /* category.count */
  double *supply;            /* products x industries: V', >= 0 */
  double *use;               /* products x industries: U, >= 0 */
  double *final_use;         /* products x categories */
  double *value_added;       /* components x industries */
  double *imports;           /* products, >= 0 */
  double *margins, *taxes;   /* products; NULL where the supply table has no such column */
} tanlu_supply_use;

typedef enum { TANLU_MODEL_A, TANLU_MODEL_B, TANLU_MODEL_C, TANLU_MODEL_D } tanlu_symmetric_model;

void tanlu_supply_use_clear(tanlu_supply_use *tables);

/* Both identities at basic prices, to `tolerance` of output (of supply, for products). TANLU_ERR_INPUT naming every product and industry
 * that does not add up; one message where products do at purchasers' prices. */
tanlu_status tanlu_supply_use_check(const tanlu_supply_use *tables, double tolerance, tanlu_context *context);

/* From purchasers' to basic prices. outside (out): taxes on products in final use. TANLU_ERR_INPUT where there are no columns for margins
 * and taxes, products do not add up with them, margins do not add up to zero, or a use would fall below zero. */
tanlu_status tanlu_supply_use_to_basic(tanlu_supply_use *tables, double tolerance, double *outside,
                                       tanlu_context *context);

/* The symmetric table into the empty accounts of a dataset (which frees them, also after an error): import treatment proportional, or none without imports; balance
 * tolerance as given. Flows within 1e-13 of output of zero are zero. Errors: TANLU_ERR_INPUT where products and industries differ in number
 * (A, C), a product without output has uses (C, D), an industry without output has inputs (A, B); TANLU_ERR_MODEL naming the products
 * where the supply table is singular (A, C), and where imports of an industry come out below zero (C). */
tanlu_status tanlu_supply_use_symmetric(const tanlu_supply_use *tables, tanlu_symmetric_model model, double tolerance,
                                        tanlu_accounts *accounts, tanlu_context *context);

/* Flows below zero: how many there are and their sum. */
typedef struct {
  size_t cells;
  double sum;
} tanlu_negative_flows;
tanlu_negative_flows tanlu_supply_use_negative(const tanlu_accounts *accounts);
/* Put them to zero and scale the others by rows and columns (RAS) so that all sums are kept; change (out, may be NULL): sum of absolute
 * changes. Errors as of tanlu_ras. */
tanlu_status tanlu_supply_use_rebalance(tanlu_accounts *accounts, double *change, tanlu_context *context);

#endif
