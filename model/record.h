/* Accounts, indicators and fields of a solved year. */
#ifndef TANLU_MODEL_RECORD_H
#define TANLU_MODEL_RECORD_H

#include "model/energy_year.h"
#include "model/equilibrium.h"
#include "model/fields.h"
#include "model/indicators.h"

/* Sums by policy group. */
enum {
  TANLU_BY_GROUP_VALUE_ADDED,
  TANLU_BY_GROUP_FINAL_ENERGY,
  TANLU_BY_GROUP_CO2,
  TANLU_BY_GROUP_EMPLOYMENT, /* NaN where the dataset records none */
  TANLU_BY_GROUP_COUNT
};

/* What is computed of all lanes of a year after it has been solved. */
typedef struct tanlu_solved_year {
  const tanlu_system *system;
  const tanlu_technology *technology;
  tanlu_equilibrium *equilibrium;
  tanlu_energy_year *energy;
  double *imports;                        /* n x lanes, 10^4 CNY */
  double *by_group[TANLU_BY_GROUP_COUNT]; /* policy groups x lanes; internal units */
  double *category_use;                   /* categories x lanes: final use, 10^4 CNY */
  double *residual;                       /* lanes: relative, of the balances */
  double *balance;                        /* lanes: largest relative gap of the identities */
  double *indicator;                      /* indicators x lanes */
  double (*gap)[TANLU_LANES_MAX];         /* by identity */
} tanlu_solved_year;

tanlu_status tanlu_solved_year_create(tanlu_solved_year **year, const tanlu_system *system,
                                      const tanlu_technology *technology, tanlu_equilibrium *equilibrium,
                                      tanlu_context *context);
void tanlu_solved_year_free(tanlu_solved_year **year);

/* Account for the present equilibrium: energy, CO2, imports, indicators and the gaps of the identities that must hold in every
 * year, relative: sum v x = sum y - sum m + err; sectors + households + power = CO2 summed by carrier and process; final
 * energy by user = by carrier, and the measures of the last step = the same by carrier; primary + transformation = final +
 * losses. A lane fails where a sector would have to produce less than nothing or a limit of heat or power is passed. */
void tanlu_solved_year_account(tanlu_solved_year *year, tanlu_lane_report *report);
/* Indicators of the accounts, for all lanes (indicate.c). */
void tanlu_solved_year_indicate(tanlu_solved_year *year);
/* Persons employed by sector (n) in a lane: base-year employment x value added / labour productivity, both against the base year
 * (indicate.c). False where the dataset records none. */
bool tanlu_solved_year_employment(const tanlu_solved_year *year, size_t lane, double *persons);

/* Energy of one user in a lane by carrier, TJ: without non-energy use, and non-energy use alone (carriers each). What capture
 * takes is in neither. */
void tanlu_solved_year_user_energy(const tanlu_solved_year *year, size_t lane, size_t user, double *energetic,
                                   double *feedstock);

/* Write a lane into the fields of a projection that it has room for. Error: TANLU_ERR_INTERNAL when an identity is violated by
 * more than 1e-9. */
tanlu_status tanlu_record_year(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection,
                               tanlu_context *context);

#endif
