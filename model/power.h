/* Power supply: generation by technology, fuel, capacity.
 *
 *     G (1 - loss - storage loss) = demand - net imports
 *
 * demand: final electricity, hydrogen, heat supply, capture (the plants' own use is in the power branch). Technologies that
 * follow coke generate base x coke ratio; the others share the rest by the scenario's mix. Fuel per unit generated is
 * calibrated to the thermal row of the energy balance and follows the rate index coal_rate_t / coal_rate_0; biomass beyond
 * the base year and CCS plants have efficiencies of their own.
 *
 * Above the variable threshold V0, with V the variable share of generation (rule and its parameters are assumptions of the
 * dataset):
 *     curtailed            = curtailment_slope (V - V0) x variable generation, on top of what is generated
 *     storage capacity     = storage_slope (V - V0) x variable capacity
 *     storage loss         = storage_cycle_share (V - V0) (1 - storage_efficiency), as a share of generation */
#ifndef TANLU_MODEL_POWER_H
#define TANLU_MODEL_POWER_H

#include "model/dataset.h"
#include "model/levers.h"
#include "model/units.h"

typedef struct {
  const tanlu_dataset *dataset;
  size_t technologies, carriers;
  double *generation; /* technologies: base year, TJ */
  double total;       /* base-year generation, TJ */
  double *fuel_rate;  /* technologies x carriers: TJ burned per TJ generated, base-year fuels */
  double *hours;      /* technologies: base-year full-load hours */
  double loss_rate;   /* grid losses per generation */
  size_t sector;      /* sector that generates */
  size_t user_group;  /* its user group of the emission factors */
} tanlu_power;

/* A year, by lane: every array ends in lanes. */
typedef struct {
  size_t width;
  double *generation; /* technologies, TJ */
  double *burned,
      *added; /* technologies: TJ generated from the base-year fuels (rate index included), and TJ burned of the
                             technology's own fuel beyond them */
  double *total, *losses; /* TJ; losses: grid and storage */
  double *imports;        /* net, TJ */
  double *primary;        /* hydro, nuclear, wind, solar, TJ */
  double *variable_share;
  /* tanlu_power_equip */
  double *fuel;                                         /* technologies x carriers, TJ */
  double *capacity;                                     /* technologies, MW */
  double *curtailed;                                    /* TJ */
  double *storage_capacity, *firm_capacity, *peak_load; /* MW */
} tanlu_power_year;

/* Calibrate to the balance; technologies that a region does not have burn as in its nation (NULL: the dataset is one).
 * Errors: TANLU_ERR_INPUT where the thermal row burns a carrier for a technology that generates nothing, or a technology has
 * neither generation nor hours. */
tanlu_status tanlu_power_create(tanlu_power **power, const tanlu_dataset *dataset, const tanlu_power *nation,
                                tanlu_context *context);
void tanlu_power_free(tanlu_power **power);
tanlu_status tanlu_power_year_create(tanlu_power_year *year, const tanlu_power *power, size_t width,
                                     tanlu_context *context);
void tanlu_power_year_clear(tanlu_power_year *year);

/* Generation that technologies following coke would have in the base year times `coke_ratio`, and what it takes of a
 * carrier (TJ): heat recovered into power is a demand on heat supply. */
double tanlu_power_coke_fuel(const tanlu_power *power, double coke_ratio, size_t carrier);

/* Generation for a demand (lanes, TJ) and coke ratio (lanes). A lane fails when net imports leave nothing to generate. */
void tanlu_power_solve(const tanlu_power *power, const tanlu_levers *levers, const double *demand,
                       const double *coke_ratio, tanlu_power_year *year, tanlu_lane_report *report);
/* What the solved generation burns and stands on: fuel by carrier, capacity, curtailment, storage. */
void tanlu_power_equip(const tanlu_power *power, const tanlu_levers *levers, tanlu_power_year *year);
/* Fuel of a technology per TJ of `burned` (carrier by carrier), and the carrier of `added` (TANLU_NONE: nothing is). */
double tanlu_power_fuel_rate(const tanlu_power *power, size_t technology, size_t carrier);
/* May the technology burn the carrier at all? */
bool tanlu_power_burns(const tanlu_power *power, size_t technology, size_t carrier);

/* Limits that a finished year has to keep (on the way to it a step may go beyond): a lane fails when power that follows coke
 * exceeds what is needed, or biomass its bound. */
void tanlu_power_check(const tanlu_power *power, int when, const tanlu_power_year *year, tanlu_lane_report *report);

/* Base year of the dataset: share of a technology in generation (1), and net imports of electricity (TJ). */
double tanlu_power_base_generation(const tanlu_dataset *dataset); /* of all technologies, TJ */
double tanlu_power_base_share(const tanlu_dataset *dataset, size_t technology);
double tanlu_power_base_imports(const tanlu_dataset *dataset);

#endif
