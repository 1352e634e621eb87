/* The energy and CO2 accounts of a solved year for all lanes: carrier by carrier what the measures of the last step added up.
 *
 *     primary = final + losses - transformation        for every carrier
 *     combustion = sum over users and carriers of energy x emission factor; recovered gases carry none */
#ifndef TANLU_MODEL_ENERGY_YEAR_H
#define TANLU_MODEL_ENERGY_YEAR_H

#include "model/energy_rows.h"

typedef struct {
  size_t width;
  /* carriers x lanes, TJ */
  double *final;        /* final energy with non-energy use */
  double *heat_fuel;    /* inputs of heat supply */
  double *use;          /* final and the inputs of hydrogen, heat supply and power */
  double *inputs, *net; /* of conversion processes */
  double *losses, *transformation, *primary;
  double *burned; /* user groups x carriers x lanes: what carries carbon, without plants and hydrogen */
  /* lanes, TJ */
  double *feedstock;      /* non-energy use */
  double *user_final;     /* users x lanes: final energy summed by class */
  double *by_user;        /* the same of all users */
  double *hydrogen;       /* supply, for final users and heat supply */
  double *hydrogen_input; /* routes x lanes */
  /* t CO2, by lane */
  double *combustion;                  /* users: households and heat supply apart */
  double *hydrogen_co2;                /* part of it that hydrogen brings along */
  double *plant_combustion;            /* technologies */
  double *process;                     /* n */
  double *captured, *captured_process; /* n: all, and the part of it that is process CO2 */
  double *capture_use; /* n: electricity used to capture CO2 outside power plants, in final energy, TJ */
} tanlu_energy_year;

tanlu_status tanlu_energy_year_create(tanlu_energy_year **year, const tanlu_system *system, size_t width,
                                      tanlu_context *context);
void tanlu_energy_year_free(tanlu_energy_year **year);

/* Accounts of the last step of `rows`, which equips its power. A lane fails when recovered heat exceeds demand, or beyond the
 * limits of power. */
void tanlu_energy_year_account(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year,
                               tanlu_lane_report *report);

/* CO2 of users, processes and plants, and what is captured of it (emissions.c). */
void tanlu_emissions_of_year(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year);
/* Carbon lost in conversion beyond power and heat, t CO2 (lanes): inputs less outputs of CONVERSION and RECOVERY processes. */
void tanlu_emissions_of_conversion(const tanlu_energy_rows *rows, double *co2);

#endif
