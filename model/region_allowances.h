/* A nation's CO2 path shared between provinces, and what a rule of sharing moves between them.
 *
 * With E_t the path of the nation, h_i the share of province i in the emissions of the base year t_0 ('historic') and r_i its share
 * by the rule (model/region_shares.h), both of which sum to one,
 *
 *     s_i(t) = h_i + (r_i - h_i) min(1, (t - t_0) / (c - t_0))     c: the year from which the rule holds in full; s = r without
 *     allowance   A_ip = sum_{t in p} s_i(t) E_t                   period p of one or more years
 *     baseline    B_ip = h_i sum_{t in p} E_t                      every province moves with the nation
 *     transfer    T_ip = A_ip - B_ip,  sum_i T_ip = 0              what the rule gives (above 0) or takes
 *
 * and price x T_ip what it is worth. s(t) is the contraction and convergence of A. Meyer, Contraction & Convergence (2000), here
 * from and to any rule; entered without the source at hand. */
#ifndef TANLU_MODEL_REGION_ALLOWANCES_H
#define TANLU_MODEL_REGION_ALLOWANCES_H

#include <stddef.h>

#include "solvers/context.h"

typedef struct {
  size_t regions;
  const double *historic, *rule; /* regions: h and r */
  int base_year;                 /* t_0 */
  int converge;                  /* c, after t_0; 0: the rule holds at once */
  int from, to;                  /* years that are shared, both counted, after t_0 */
  int period;                    /* years of a period, at least 1; the last may be shorter */
  const double *path;            /* to - t_0 + 1: E_t from the base year on, Mt, not below zero from `from` on */
} tanlu_allowance_request;

typedef struct {
  int from, to;
  double total; /* sum of E_t, Mt */
} tanlu_allowance_period;

typedef struct {
  size_t regions, periods;
  tanlu_allowance_period *period; /* periods */
  double *share;                  /* regions x periods, column-major as all here: s in the last year of a period */
  double *allowance, *baseline, *transfer; /* regions x periods: Mt */
} tanlu_region_allowances;

/* Errors: TANLU_ERR_INPUT for years, a period or a year of convergence out of range, and for a path that is below zero or not a number:
 * there is nothing to share then. */
tanlu_status tanlu_region_allowances_create(tanlu_region_allowances **allowances,
                                            const tanlu_allowance_request *request, tanlu_context *context);
void tanlu_region_allowances_free(tanlu_region_allowances **allowances); /* accepts NULL */

/* Level of GDP by province against the base year. With y_i GDP of the base year, G that of the nation against it, and own growth rates
 * n_i (a year, as a factor less one) over k years,
 *
 *     g_i = f (1 + n_i)^k,  f = G sum y / sum_i y_i (1 + n_i)^k        so that provinces add up to the nation
 *
 * own: NULL: all grow alike, g_i = G. Returns f. */
double tanlu_region_gdp_levels(size_t regions, const double *gdp, const double *own, int years, double nation,
                               double *level);
/* Change of CO2 per GDP that a province's allowance asks for, against the base year:
 *
 *     c_i = s_i E_t / (h_i E_0 g_i) - 1        = (s_i / h_i) (1 + c) - 1 where all grow alike, c that of the nation
 *
 * emissions: E_t / E_0; change: regions. */
void tanlu_region_intensity_changes(size_t regions, const double *historic, const double *share, double emissions,
                                    const double *level, double *change);

#endif
