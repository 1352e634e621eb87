/* Accounts in other money, at other prices, with or without the domestic and imported parts of uses told apart. Sectors stay, and so do
 * extensions; flows, margins and identities change together.
 *
 * Currency: all money times (old factor) / (new factor x rate), rate in old currency for one of the new.
 *
 * Split by proportion: every domestic use of product i is imported for mu_i = m_i / (domestic uses of i), exports are made at home; mu_i
 * from 0 to 1 (model/technology.h).
 *
 * Constant prices, double deflation: with p_iu the price of the domestic part and p'_iu of the imported part of the use of product i
 * by u (1: prices wanted; u: sectors, then categories),
 *
 *     z_iu = z_d,iu / p_iu + z_m,iu / p'_iu,   m_i = sum_u z_m,iu / p'_iu,   x_i = sum_u z_d,iu / p_iu + err_i / p_i,
 *     w_j  = x_j - sum_i z_ij                                            value added: what output leaves over inputs
 *
 * Only the sum of value added has a volume, so that its components become one. It may be below zero where inputs became cheaper
 * than output. (System of National Accounts 2008, chapter 15; European System of Accounts 1995, 10.27-10.28.) */
#ifndef TANLU_MODEL_TABLE_CONVERSION_H
#define TANLU_MODEL_TABLE_CONVERSION_H

#include "model/dataset.h"

/* `money`: "1e6 USD"; rate 0: the currency stays. TANLU_ERR_INPUT for a unit that is none, a new currency without a rate or the
 * old one with a rate. */
tanlu_status tanlu_table_change_money(tanlu_dataset *dataset, const char *money, double rate, tanlu_context *context);

/* The three below fail with TANLU_ERR_INPUT where the table has a split already (split) or none (merge). */
tanlu_status tanlu_table_split_by_share(tanlu_dataset *dataset, tanlu_context *context);
/* imported: n x (n + categories), the part of every use. TANLU_ERR_INPUT naming the cells outside 0 .. use (inventories may have
 * any) and the products whose parts do not add up to imports, both beyond the balance tolerance; within it a part above its use is all
 * of the use. */
tanlu_status tanlu_table_split_by_cell(tanlu_dataset *dataset, const double *imported, tanlu_context *context);
/* Drop the split: treatment proportional, none without imports. TANLU_ERR_INPUT naming products whose imports are above their domestic
 * use (re-exports): no proportional table can hold them. */
tanlu_status tanlu_table_merge(tanlu_dataset *dataset, tanlu_context *context);

/* Prices of the dataset's year in those of the year wanted. */
typedef struct {
  double *product;  /* n: p_i */
  double *domestic; /* n x (n + categories): p_iu */
  double *imported; /* n x (n + categories): p'_iu */
  bool by_user;     /* does a product have several? */
} tanlu_table_prices;
void tanlu_table_prices_clear(tanlu_table_prices *prices);

typedef struct {
  double *value_added[2]; /* n: before and after */
  double *output[2];      /* n */
  size_t negative;        /* sectors with value added below zero after and not before */
} tanlu_deflation;
void tanlu_deflation_clear(tanlu_deflation *deflation);

/* TANLU_ERR_INPUT for prices by user without a split, import shares outside 0..1 and output below zero. */
tanlu_status tanlu_table_deflate(tanlu_dataset *dataset, const tanlu_table_prices *prices, tanlu_deflation *deflation,
                                 tanlu_context *context);

#endif
