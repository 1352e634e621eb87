/* Prices that clear a market year by year, with allowances that may be kept for later years but not borrowed.
 *
 * D_t(p) is what is short in year t at the price p (demand less supply), non-increasing in p; it may jump. Without banking the price
 * of a year is the lowest with D_t(p) <= 0. With banking at the rate r and B_t = B_(t-1) - D_t the stock at the end of a year,
 *
 *     B_t >= 0,   p_(t+1) <= (1 + r) p_t,   and p_(t+1) = (1 + r) p_t where B_t > 0        (no arbitrage)
 *
 * Found by pooling adjacent violators: years begin on their own; where the next pool's price is higher than this one's grown at r,
 * banking would pay, and both become one with p_t = p_0 (1 + r)^k and a sum of D of zero. The sum is non-increasing in p_0, so it is
 * found by bisection down to neighbouring numbers. A pooled price lies between the prices it replaces: in the earlier part the
 * price rises and the stock with it, and what the later part needs beyond its own supply comes out of that, so that B_t >= 0.
 * A surplus at a price of zero stays unused in the last pool. Source for the method: Barlow, Bartholomew, Bremner and Brunk,
 * Statistical Inference under Order Restrictions (1972); for the conditions: Rubin, J. Environ. Econ. Manage. 31 (1996). */
#ifndef TANLU_MODEL_MARKET_CLEARING_H
#define TANLU_MODEL_MARKET_CLEARING_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

/* D_t(p); t counts years from 0. */
typedef double (*tanlu_market_excess)(void *user, size_t t, double price);

/* Quantities of a year: weight q(low) + (1 - weight) q(high). low and high are neighbouring numbers, or the same; where D jumps
 * the weight says how much of the jump is used. */
typedef struct {
  double low, high, weight;
  size_t pool; /* years of a pool bank among each other */
} tanlu_cleared;

/* highest: a price beyond which D no longer falls. stock: allowances held before the first year (0 without banking).
 * TANLU_OK with price INFINITY in cleared[t].high for all years of a pool that no price clears: the caller says what is short. */
tanlu_status tanlu_market_clear(tanlu_market_excess excess, void *user, size_t years, bool banking, double rate,
                                double stock, double highest, tanlu_cleared *cleared, tanlu_context *context);

#endif
