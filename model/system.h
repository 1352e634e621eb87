/* The calibrated physical side of a dataset: energy of users, power, conversion. */
#ifndef TANLU_MODEL_SYSTEM_H
#define TANLU_MODEL_SYSTEM_H

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

/* nation: of which the dataset is a region; NULL: it is one. */
tanlu_status tanlu_system_create(tanlu_system **system, const tanlu_dataset *dataset, const tanlu_system *nation,
                                 tanlu_context *context);
void tanlu_system_free(tanlu_system **system);
/* Inputs of conversion, power and heat supply in the base year by the sector that runs them: n x carriers, TJ. */
void tanlu_system_base_inputs(const tanlu_system *system, double *input);

#endif
