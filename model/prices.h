/* Cost-push prices of a year: what a price on CO2 does to the prices of products when all quantities stay as they are.
 *
 * With P the price of CO2 (10^4 CNY/t), kappa_j the share of a sector's CO2 that is covered, f_j = kappa_j co2_j / x_j and
 * theta_j the share of higher costs that a sector passes on, the price changes pi (0.01: one percent) are
 *
 *     cost = P f + A_d' pi + (A - A_d)' pi_m          per unit of output: CO2, domestic inputs, imported inputs
 *     pi   = theta cost        so (I - A_d theta)' (pi / theta) = P f + (A - A_d)' pi_m
 *     pi_m = 0                 imports at unchanged border prices, or
 *          = P (I - A')^-1 f   with a charge at the border for what domestic technology would emit, imported inputs included
 *
 * With theta = 1 and the charge pi = pi_m. What is paid, by whom:
 *
 *     revenue   = P sum_j kappa_j co2_j + sum_i pi_m,i m_i + P H of covered households
 *     category  = sum_i pi_i y_d,ik + pi_m,i (y_ik - y_d,ik), and P H of the households' own emissions
 *     absorbed  = sum_j (1 - theta_j) cost_j x_j         out of the surplus of the sectors
 *     revenue   = sum over categories + sum_i pi_i err_i + absorbed
 *
 * The last line is checked to 1e-9: the price model is the dual of the quantity model, v' L y = p' y.
 *
 * Source: Miller and Blair, Input-Output Analysis (2nd ed., 2009), section 2.6 (the price model based on monetary data). */
#ifndef TANLU_MODEL_PRICES_H
#define TANLU_MODEL_PRICES_H

#include "model/solved_accounts.h"
#include "solvers/leontief.h"

/* What is charged, of a year. */
typedef struct {
  double price;               /* 10^4 CNY per t CO2 */
  const double *covered;      /* n: kappa, 0 .. 1; NULL: all of it */
  const double *pass_through; /* n: theta, 0 .. 1; NULL: 1 */
  bool households;            /* are the households' own emissions charged? */
  bool border;                /* are imports charged? */
} tanlu_carbon_charge;

typedef struct {
  int year;
  size_t n, categories;
  double *direct;                            /* n: P f, cost of a sector's own CO2 per unit of output */
  double *change;                            /* n: pi, of domestic products */
  double *import_change;                     /* n: pi_m */
  double *absorbed;                          /* n: (1 - theta) cost x, 10^4 CNY */
  double *category;                          /* categories: cost by way of products, 10^4 CNY */
  double household_direct[TANLU_HOUSEHOLDS]; /* cost of their own emissions, 10^4 CNY */
  double production_revenue, border_revenue, household_revenue, revenue; /* 10^4 CNY; revenue: all three */
  double absorbed_sum;                                                   /* 10^4 CNY */
  double covered_co2;                                                    /* t, households with it where charged */
  /* for work */
  tanlu_leontief *system;
  double *matrix; /* n x n */
} tanlu_prices;

tanlu_status tanlu_prices_create(tanlu_prices **prices, size_t n, size_t categories, tanlu_context *context);
void tanlu_prices_free(tanlu_prices **prices); /* accepts NULL */

/* All of a year. Errors: TANLU_ERR_MODEL where a sector emits and produces nothing, or the system is singular;
 * TANLU_ERR_INTERNAL where costs do not add up. */
tanlu_status tanlu_prices_year(tanlu_prices *prices, const tanlu_solved_accounts *accounts,
                               const tanlu_carbon_charge *charge, tanlu_context *context);

#endif
