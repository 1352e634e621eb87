/* Stress tests: what is at risk by sector when one scenario happens instead of another.
 *
 * For sector j and year t, with B the baseline, S the stressed scenario and P_s,t the price of CO2 in each of them
 *
 *     output at risk       x_B,jt - x_S,jt                     gross output lost
 *     value added at risk  w_B,jt - w_S,jt                     value added lost by quantities
 *     cost at risk         P_S,t co2_S,jt - P_B,t co2_B,jt     what CO2 emitted, after capture, costs more
 *     emissions at risk    co2_S,jt - co2_B,jt                 CO2 emitted beyond the baseline
 *     exposure             value added at risk + cost at risk  the loss of a sector that can pass no cost on
 *
 * each positive where the stress is worse, over one year or added up, undiscounted, over a span of years. Households stand beside
 * the sectors with their own emissions (their cost is not charged). The sums over sectors are the differences of national totals:
 *
 *     sum_j value added at risk = GDP_B - GDP_S
 *     sum_j emissions at risk + that of households = co2_total_S - co2_total_B
 *     sum_j cost at risk = revenue of production_S - that_B
 *
 * Both scenarios reach the GDP that they state; where that is the same, value added moves between sectors and its sum is zero. Cost is
 * first-round: who pays. `cost_rise` says beside it by how much unit costs rise with those of domestic inputs, pi of model/prices.h
 * (all costs passed on, imports at unchanged prices), as money pi_j x_j; these overlap along the supply chain and have no sum.
 *
 * Source: the four parts of a test (shock, horizon, method, result by sector) are those of the guide for environmental disclosure of
 * financial institutions, JR/T 0227-2021. */
#ifndef TANLU_MODEL_STRESS_H
#define TANLU_MODEL_STRESS_H

#include "model/prices.h"

typedef enum {
  TANLU_STRESS_OUTPUT,      /* 10^4 CNY */
  TANLU_STRESS_VALUE_ADDED, /* 10^4 CNY */
  TANLU_STRESS_COST,        /* 10^4 CNY */
  TANLU_STRESS_CO2,         /* t */
  TANLU_STRESS_COST_RISE,   /* 10^4 CNY; has no sum over sectors */
  TANLU_STRESS_COUNT
} tanlu_stress_quantity;

/* What a scenario adds to a test: sectors by year. */
typedef struct {
  size_t n, years;
  double *value[TANLU_STRESS_COUNT]; /* years x n */
  double *household_co2;             /* years: t */
  double *price;                     /* years: 10^4 CNY/t */
  tanlu_prices *prices;              /* for work */
} tanlu_stress_path;

tanlu_status tanlu_stress_path_create(tanlu_stress_path **path, size_t n, size_t categories, size_t years,
                                      tanlu_context *context);
void tanlu_stress_path_free(tanlu_stress_path **path); /* accepts NULL */
/* Year `t` of the path. price: 10^4 CNY/t, zero or more. Errors: those of tanlu_prices_year. */
tanlu_status tanlu_stress_path_add(tanlu_stress_path *path, size_t t, const tanlu_solved_accounts *accounts,
                                   double price, tanlu_context *context);

/* What is at risk in the years from .. to together. */
typedef struct {
  size_t n;
  double *risk[TANLU_STRESS_COUNT];     /* n: as defined above */
  double *baseline[TANLU_STRESS_COUNT]; /* n: of the baseline, in the same years */
  double *exposure;                     /* n: 10^4 CNY */
  double sum[TANLU_STRESS_COUNT];       /* of the sectors; cost_rise NaN */
  double household_co2;                 /* t: emissions at risk of households */
} tanlu_stress;

tanlu_status tanlu_stress_create(tanlu_stress **stress, size_t n, tanlu_context *context);
void tanlu_stress_free(tanlu_stress **stress); /* accepts NULL */
/* Years from .. to count from the first of both paths, which have the same n and hold these years. */
void tanlu_stress_compare(tanlu_stress *stress, const tanlu_stress_path *baseline, const tanlu_stress_path *stressed,
                          size_t from, size_t to);

#endif
