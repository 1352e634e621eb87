/* The accounts of every solved year of a scenario, one year at a time: what analyses are made from.
 *
 * A year is projected again and shown as plain arrays; the matrices of one year are in memory at a time. With r = 1 .. n rows
 * (products), j columns (sectors) and k categories
 *
 *     x = A_d x + sum_k y_d,k + err          domestic products            (the balance that was solved)
 *     x + m = A x + sum_k y_k + err          domestic and imported together
 *     m = (A - A_d) x + sum_k (y_k - y_d,k)
 *     v_j = 1 - sum_i A_ij,  w_j = v_j x_j,  sum_j w_j = GDP
 *     co2_j = combustion_j + process_j - captured_j;  sum_j co2_j + households = co2_total of the indicators
 *
 * all to 1e-9 relative or better; err is the discrepancy of the base-year table, growing with GDP. */
#ifndef TANLU_MODEL_SOLVED_ACCOUNTS_H
#define TANLU_MODEL_SOLVED_ACCOUNTS_H

#include "model/indicators.h"
#include "model/projection.h"

enum { TANLU_URBAN, TANLU_RURAL, TANLU_HOUSEHOLDS };

/* One year. Matrices are column-major; money 10^4 CNY at base-year prices, energy TJ, CO2 t, persons. */
typedef struct {
  const tanlu_dataset *dataset; /* labels, roles of the categories, groups */
  int year;
  size_t t; /* years since the first */
  size_t n, categories, carriers;
  size_t power_sector, heat_sector; /* who generates electricity and heat, often the same; TANLU_NONE: nobody */
  const double *inputs;             /* n x n: A, domestic and imported inputs */
  const double *domestic_inputs;    /* n x n: A_d */
  const double *output;             /* n: x */
  const double *value_share;        /* n: v, value added per unit of output; 1 for a sector without output */
  const double *value_added;        /* n: w */
  const double *final_use;          /* n x categories: y, domestic and imported products */
  const double *final_domestic;     /* n x categories: y_d */
  const double *imports;            /* n: m */
  const double *discrepancy;        /* n: err */
  const double *co2; /* n: emitted, after capture; power plants with the power sector, heat supply with its own */
  const double *co2_combustion, *co2_process, *co2_captured; /* n */
  double household_co2[TANLU_HOUSEHOLDS];                    /* direct */
  const double *final_energy;                                /* n x carriers, non-energy use included */
  const double *non_energy;                                  /* n x carriers */
  const double *household_energy;                            /* carriers x TANLU_HOUSEHOLDS: urban first, then rural */
  const double *employment;                                  /* n: persons; NULL where the dataset records none */
  const double *indicator;                /* TANLU_INDICATOR_COUNT: in the units of model/indicators.h */
  double gdp;                             /* sum of w */
  double population, urban_population;    /* persons */
  const struct tanlu_solved_year *solved; /* for analyses in model/: the year itself, lane 0; NULL in a copy */
} tanlu_solved_accounts;

/* Called with a year; the arrays are gone afterwards. Another status than TANLU_OK ends the visit with it. */
typedef tanlu_status (*tanlu_accounts_seen)(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context);

/* Project a scenario and show the years t with wanted[t] (drivers->years of them; NULL: all) in order. Errors: those of
 * tanlu_project, memory, and what `seen` returns. The same numbers as tanlu_project, bit for bit. */
tanlu_status tanlu_solved_accounts_visit(const tanlu_model *model, const tanlu_drivers *drivers, const char *name,
                                         const bool *wanted, tanlu_accounts_seen seen, void *user,
                                         tanlu_context *context);

/* A year to keep (2 n^2 doubles and more), for who compares years; freed with tanlu_solved_accounts_free. */
tanlu_status tanlu_solved_accounts_copy(tanlu_solved_accounts **copy, const tanlu_solved_accounts *accounts,
                                        tanlu_context *context);
void tanlu_solved_accounts_free(tanlu_solved_accounts **copy); /* accepts NULL */

#endif
