/* What the CO2 of a solved year is made of, for decompositions: energy and CO2 by user and carrier, and the supply of electricity,
 * heat and hydrogen that stands behind them.
 *
 *     co2_total = sum over users of (direct + process - captured) + heat supply + plants - what both capture
 *     electricity demand = sum over users of E_electricity + E_heat heat_electricity / H + E_hydrogen hydrogen_electricity / H2
 *
 * which is checked to 1e-9 against the indicators of the year. Users are groups of sectors (or single sectors), then the four
 * household uses. Energy is without non-energy use; the carbon that non-energy use releases stands with process CO2. */
#ifndef TANLU_MODEL_CARBON_ACCOUNTS_H
#define TANLU_MODEL_CARBON_ACCOUNTS_H

#include "model/solved_accounts.h"

/* Energy TJ, CO2 t, money 10^4 CNY. */
typedef struct {
  int year;
  size_t users, households; /* users from `households` on are household uses, in the order of model/drivers.h */
  size_t carriers, technologies;
  size_t electricity, heat, hydrogen; /* carriers; TANLU_NONE where there is no hydrogen */
  double gdp, population;
  double *size;             /* users: value added; urban or rural population, persons */
  double *energy;           /* users x carriers: final energy, with the electricity that capture takes */
  double *direct;           /* users x carriers: CO2 of what the user burns; under hydrogen that of its making */
  double *process;          /* users: process CO2, and carbon released by non-energy use */
  double *released;         /* users: the part of it that non-energy use releases, which counts as CO2 of energy */
  double *captured;         /* users: from their own stacks, power plants and heat supply apart */
  double *captured_process; /* users: the part of it that is process CO2 */
  double heat_supply, heat_co2, heat_captured,
      heat_electricity; /* to users, TJ; electricity with that of its hydrogen */
  double hydrogen_supply, hydrogen_electricity;
  double demand, generation; /* of electricity: final, heat supply and hydrogen; generated, before losses and trade */
  double *plant_generation;  /* technologies */
  double *plant_co2;         /* technologies: of fuel, before capture */
  double plants_captured;
  double co2_total, co2_energy; /* of the indicators */
} tanlu_carbon_accounts;

/* From a year that is being visited. group_of: sectors to groups 0 .. groups - 1. Errors: memory; TANLU_ERR_INTERNAL where the
 * sums above do not close. */
tanlu_status tanlu_carbon_accounts_create(tanlu_carbon_accounts **carbon, const tanlu_solved_accounts *accounts,
                                          size_t groups, const size_t *group_of, tanlu_context *context);
void tanlu_carbon_accounts_free(tanlu_carbon_accounts **carbon); /* accepts NULL */

/* Electricity that stands behind a user's electricity, heat and hydrogen. */
double tanlu_carbon_electricity(const tanlu_carbon_accounts *carbon, size_t user);
/* What is captured of a user's CO2: at its own stacks, and its part of heat supply and plants. process: with process CO2? */
double tanlu_carbon_captured(const tanlu_carbon_accounts *carbon, size_t user, bool process);
/* Net CO2 of a user, with its part of heat supply and plants. */
double tanlu_carbon_of_user(const tanlu_carbon_accounts *carbon, size_t user, bool process);
/* Net CO2 by carrier (out: carriers + 2: process CO2 with what feedstock releases, and less what is captured). */
void tanlu_carbon_by_carrier(const tanlu_carbon_accounts *carbon, bool process, double *co2);

#endif
