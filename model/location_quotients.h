/* Location quotients: how much of what a region uses it is likely to make itself.
 *
 * x_rs output of sector s in region r, x_s of the nation, x_r of the region in all, x of the nation in all:
 *
 *     SLQ_ri  = (x_ri / x_i) / (x_r / x)                simple
 *     CILQ_rij = (x_ri / x_i) / (x_rj / x_j)            cross-industry; SLQ_ri where i = j
 *     FLQ_rij  = CILQ_rij lambda_r,  lambda_r = (log2(1 + x_r / x))^delta        Flegg: small regions buy more elsewhere
 *     AFLQ_rij = FLQ_rij log2(1 + SLQ_rj) where SLQ_rj > 1, else FLQ_rij         augmented: for regions that specialise
 *
 * The share of product i that sector j of region r buys at home is min(1, LQ_rij); that of final users min(1, SLQ_ri), times
 * lambda_r for the last two. With one region all quotients are 1; without output of j there nothing is bought and the share is 0.
 *
 * Source: A. T. Flegg, C. D. Webber and M. V. Elliott, Regional Studies 29 (1995) 547-561; A. T. Flegg and C. D. Webber, ibid. 31
 * (1997) 795-805 (lambda as above) and 34 (2000) 563-569 (AFLQ); R. E. Miller and P. D. Blair, Input-Output Analysis (2nd ed.,
 * 2009), chapter 8. */
#ifndef TANLU_MODEL_LOCATION_QUOTIENTS_H
#define TANLU_MODEL_LOCATION_QUOTIENTS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { TANLU_QUOTIENT_SLQ, TANLU_QUOTIENT_CILQ, TANLU_QUOTIENT_FLQ, TANLU_QUOTIENT_AFLQ } tanlu_quotient;
enum { TANLU_QUOTIENTS = TANLU_QUOTIENT_AFLQ + 1 };
extern const char *const tanlu_quotient_word[TANLU_QUOTIENTS]; /* "slq", "cilq", "flq", "aflq" */

typedef struct {
  size_t n;               /* sectors */
  const double *regional; /* n: x_rs */
  const double *national; /* n: x_s */
} tanlu_quotient_region;

/* lambda_r for 0 < share = x_r / x <= 1 and delta >= 0. */
double tanlu_flegg_lambda(double share, double delta);
/* local: n x n column-major, (i, j) the share of product i that sector j buys in its own region, 0 to 1; final: n, of final users. */
void tanlu_local_shares(const tanlu_quotient_region *region, tanlu_quotient quotient, double delta, double *local,
                        double *final);

#endif
