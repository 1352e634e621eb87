/* The physical side of a year: final energy of every user, hydrogen, heat, power, conversion, primary energy and CO2 that
 * go with a given output. */
#ifndef TANLU_MODEL_ENERGY_YEAR_H
#define TANLU_MODEL_ENERGY_YEAR_H

#include "model/conversion.h"
#include "model/energy.h"
#include "model/power.h"

/* Calibrated parts, shared by all scenarios. */
typedef struct {
  const tanlu_dataset *dataset;
  tanlu_energy *energy;
  tanlu_power *power;
  tanlu_conversion *conversion;
  size_t heat_sector;   /* sector that runs heat supply */
  double heat_demand;   /* base-year heat that plants have to supply, TJ */
  double coke_use;      /* base-year final use of coke, TJ */
  double *base_primary; /* classes: base-year primary energy, TJ */
  double base_energy;   /* base-year energy consumption, coal-equivalent, TJ */
  double base_co2;      /* base-year CO2 of combustion, t */
  size_t *set_of;       /* n: controlled product whose set holds the sector, TANLU_NONE */
} tanlu_system;

tanlu_status tanlu_system_create(tanlu_system **system, const tanlu_dataset *dataset, tanlu_context *context);
void tanlu_system_free(tanlu_system **system);
/* Inputs of conversion, power and heat supply in the base year by the sector that runs them: n x carriers, TJ. */
void tanlu_system_base_inputs(const tanlu_system *system, double *input);

typedef struct {
  tanlu_levers *levers; /* of the year, one lane */
  /* per unit of activity, fixed within the year */
  double *energetic, *feedstock; /* users x carriers, TJ */
  double *useful;                /* users x classes, TJ */
  /* with output */
  double *activity;     /* users */
  double *sector_use;   /* n x carriers: all energy a sector takes, conversion and hydrogen inputs included, TJ */
  double *household;    /* 2 x carriers (urban, rural): hydrogen as the carriers that made it, TJ */
  double *final;        /* carriers: final energy with non-energy use, TJ */
  double *use;          /* carriers: final and the inputs of hydrogen, heat supply and power, TJ */
  double *inputs, *net; /* carriers: of conversion processes */
  double *scale;        /* processes */
  double *losses, *transformation, *primary;              /* carriers, TJ */
  double hydrogen, hydrogen_input[TANLU_HYDROGEN_ROUTES]; /* TJ */
  double *capture_use; /* n: electricity used to capture CO2 outside power plants, part of final energy, TJ */
  double coke_ratio, heat_output;
  tanlu_power_year power;
  /* t CO2 */
  double *combustion;                  /* users: households and heat supply apart */
  double hydrogen_co2;                 /* part of it that hydrogen brings along */
  double *plant_combustion;            /* technologies */
  double *process;                     /* n */
  double *captured, *captured_process; /* n: all, and the part of it that is process CO2 */
  double *product_ratio;               /* products: output against the base year */
} tanlu_energy_year;

tanlu_status tanlu_energy_year_create(tanlu_energy_year **year, const tanlu_system *system, tanlu_context *context);
void tanlu_energy_year_free(tanlu_energy_year **year);

/* Fix the year: energy per unit of activity. */
tanlu_status tanlu_energy_year_begin(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                                     tanlu_energy_year *year, tanlu_context *context);
/* Everything that follows from output x (n, 10^4 CNY). */
tanlu_status tanlu_energy_year_solve(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                                     const double *output, tanlu_energy_year *year, tanlu_context *context);
/* Limits that a finished year has to keep: TANLU_ERR_MODEL when recovered heat exceeds demand, and those of power. */
tanlu_status tanlu_energy_year_check(const tanlu_system *system, int when, const tanlu_energy_year *year,
                                     tanlu_context *context);

#endif
