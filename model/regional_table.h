/* A national table taken apart into regions: a multi-regional table whose sums over regions are the nation's, cell by cell.
 *
 * s_rj: share of region r in the output of sector j (model/regional_output.h); h_rk: its share in category k of final demand;
 * s_rj for exports, inventories and the discrepancy of product j, which stay where the product is made. With the nation's
 * domestic flows Z_ij, final demand y_ik and imported flows M_ij
 *
 *     U_q,ij = s_qj Z_ij        V_q,ik = h_qk y_ik         what region q uses of product i, wherever it was made
 *     M_q,ij = s_qj M_ij                                   imports, booked where they are used
 *
 * are technology of the nation in every region. Of this l_q,ij = min(1, LQ_q,ij) is made in q (model/location_quotients.h), all of
 * it scaled down where the region does not make as much. What is left to want, b_qi = sum_j (1 - l_q,ij) U_q,ij + final users, and
 * to offer, a_pi = supply_pi - what is used at home, is traded by gravity (model/gravity_trade.h), or by flows that are known;
 * every user in q takes the same mix of origins, T_pq,i / sum_p T_pq,i:
 *
 *     Z_pq,ij = [p = q] l_q,ij U_q,ij + (1 - l_q,ij) U_q,ij T_pq,i / sum_p' T_p'q,i
 *
 * so sum_p Z_pq,ij = U_q,ij and sum_pq Z_pq,ij = Z_ij exactly, and rows add up to output, x_pi = s_pi x_i. One region gives the nation.
 * A product with known flows (electricity) has l = 0 and T over all pairs, own use included.
 *
 * Memory: regions x n^2 for l, regions^2 x n for T. Rows of the table are made one by one. */
#ifndef TANLU_MODEL_REGIONAL_TABLE_H
#define TANLU_MODEL_REGIONAL_TABLE_H

#include "model/dataset.h"
#include "model/gravity_trade.h"
#include "model/location_quotients.h"

typedef struct {
  size_t product;
  const double *flow; /* regions x regions, column-major, from p to q, own use on the diagonal */
} tanlu_known_flows;

typedef struct {
  const tanlu_labels *region;
  /* the nation */
  size_t n, categories;
  const tanlu_labels *sector;
  const tanlu_category_role *role; /* categories */
  const double *domestic;          /* n x n: Z */
  const double *final_domestic;    /* n x categories: y */
  const double *discrepancy;       /* n; NULL: none */
  const double *output;            /* n: x = Z 1 + sum_k y_k + err */
  /* the regions; column-major */
  const double *output_share; /* regions x n: s */
  const double *demand_share; /* regions x categories: h; exports and inventories are not read */
  const double *distance;     /* regions x regions */
  tanlu_quotient quotient;
  double delta, beta;
  size_t known_flows;
  const tanlu_known_flows *known; /* products in any order, each once */
} tanlu_regional_problem;

typedef struct {
  tanlu_regional_problem of; /* as it was given; its arrays must live */
  size_t regions;
  double *local;       /* regions x n x n, [(q n + j) n + i]: l after scaling; 0 for products with known flows */
  double *local_final; /* regions x n, [q n + i]: of final users */
  double *origin;      /* n x regions x regions, [(i regions + q) regions + p]: T_pq,i / sum_p T_pq,i */
  double *trade;       /* the same layout: T_pq,i */
  double *own;         /* n x regions, [i regions + q]: used where it is made, besides T_qq */
  double *scaled;      /* n x regions: what local shares were multiplied by, 1 for most */
  double *moved;       /* n: of known flows, see tanlu_known_trade; NaN for others */
} tanlu_regional_table;

/* Errors: TANLU_ERR_INPUT for a product whose domestic uses are negative in sum, TANLU_ERR_MODEL naming the product whose trade cannot
 * be balanced; all of gravity_trade.h. */
tanlu_status tanlu_regional_table_create(tanlu_regional_table **table, const tanlu_regional_problem *problem,
                                         tanlu_context *context);
void tanlu_regional_table_free(tanlu_regional_table **table); /* accepts NULL and half-built objects */

/* Row of product i made in region p: flow: regions x n, [q n + j] = Z_pq,ij. */
void tanlu_regional_table_flows(const tanlu_regional_table *table, size_t p, size_t i, double *flow);
/* Its deliveries to final users: use: regions x categories, [q categories + k]; exports and inventories to p alone. */
void tanlu_regional_table_final(const tanlu_regional_table *table, size_t p, size_t i, double *use);

#endif
