/* CO2 footprints of a year: whom the CO2 of production is due to.
 *
 * f_j = co2_j / x_j (direct intensity). With the domestic system, which is what was solved, and with all inputs made at home,
 *
 *     e' = f' (I - A_d)^-1      CO2 at home per unit of a domestic product, t per 10^4 CNY
 *     a' = f' (I - A)^-1        the same, were imported inputs made at home with domestic technology
 *
 * columns k are the categories of final demand and, last, the discrepancy err of the table:
 *
 *     home_ik    = e_i y_d,ik                    by product bought      sum = f' x, the CO2 of production
 *     emitter_ik = f_i ((I - A_d)^-1 y_d,k)_i    by sector that emits   the same sums over k and over i
 *     abroad_ik  = a_i y_ik - e_i y_d,ik         avoided by imports     sum = a' m
 *
 * so that, with the direct CO2 H of households,
 *
 *     territorial  = f' x + H
 *     consumption  = territorial + a' m - a' y_exports = sum over k other than exports of (home + abroad) + H
 *
 * a' m is what imports would emit with domestic technology (the domestic-technology assumption): what they avoid at home, not what
 * they cause abroad. All of these sums are checked to 1e-9 in every year.
 *
 * Scopes of a sector, per unit of output: scope 1 = f_j; scope 2 = sum over the sectors p that generate electricity and heat of
 * f_p A_d,pj, the direct CO2 of what is bought from them, by value; scope 3 = sum_i A_d,ij e_i - scope 2, all other CO2 upstream
 * at home. Scope 1 + 2 + 3 = e_j. What power and heat sectors buy from each other is sold on or lost: it counts as their scope 3.
 * Scopes 2 and 3 count the same tonne in every sector that depends on it: they do not add up over sectors.
 *
 * Source: Miller and Blair, Input-Output Analysis (2nd ed., 2009), chapters 2, 6 and 10. */
#ifndef TANLU_MODEL_FOOTPRINT_H
#define TANLU_MODEL_FOOTPRINT_H

#include "model/solved_accounts.h"
#include "solvers/leontief.h"

typedef struct {
  int year;
  size_t n, columns;  /* columns: categories, then the discrepancy */
  bool *exported;     /* columns: is it exports? */
  size_t *household;  /* columns: TANLU_URBAN, TANLU_RURAL, or TANLU_NONE */
  double *direct;     /* n: f, t CO2 per 10^4 CNY */
  double *total;      /* n: e */
  double *total_all;  /* n: a */
  double *scope2;     /* n */
  double *scope3;     /* n */
  double *home;       /* n x columns, t CO2 */
  double *emitter;    /* n x columns */
  double *abroad;     /* n x columns */
  double *home_sum;   /* columns */
  double *abroad_sum; /* columns */
  double household_direct[TANLU_HOUSEHOLDS];
  double production, territorial; /* f' x; with households */
  double avoided;                 /* a' m */
  double exports;                 /* home + abroad of exports */
  double consumption;
  /* for work */
  tanlu_leontief *system;
  double *solution; /* n x columns */
} tanlu_footprint;

tanlu_status tanlu_footprint_create(tanlu_footprint **footprint, const tanlu_dataset *dataset, tanlu_context *context);
void tanlu_footprint_free(tanlu_footprint **footprint); /* accepts NULL */

/* All of a year. Errors: TANLU_ERR_INTERNAL where accounts do not add up to 1e-9 of the gross CO2 of production. */
tanlu_status tanlu_footprint_year(tanlu_footprint *footprint, const tanlu_solved_accounts *accounts,
                                  tanlu_context *context);

/* ---- key sectors -------------------------------------------------------------------------------------------------------- */

/* A sector is important where its share of the CO2 of all sectors is at least 1 % in the mean over a period, and key from 2 % on. */
#define TANLU_KEY_SHARE_LOW 0.01
#define TANLU_KEY_SHARE_HIGH 0.02

/* Mean over the years of each member's share in the year's sum. co2: members x years, column-major. TANLU_ERR_MODEL where a year's
 * sum is not positive. */
tanlu_status tanlu_mean_shares(size_t members, size_t years, const double *co2, double *mean, tanlu_context *context);

#endif
