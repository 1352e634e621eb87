/* Energy rows of a year for all lanes: the coefficients that follow from output, by way of what everybody takes.
 *
 * For most sectors energy is proportional to output, so that their coefficients are fixed within a year. A step computes
 * anew those of the sectors that convert energy (whose inputs follow everybody's demand), of the sets of products (whose
 * energy may follow tonnes) and of sectors with process CO2 (whose capture takes electricity). National demand is
 * accumulated as measures (model/measures.h), from which follow coke, heat, generation and every process in turn. */
#ifndef TANLU_MODEL_ENERGY_ROWS_H
#define TANLU_MODEL_ENERGY_ROWS_H

#include "model/measures.h"
#include "model/outside.h"
#include "model/system.h"

typedef struct {
  const tanlu_system *system;
  const tanlu_technology *technology;
  const tanlu_measures *measures;
  size_t width;
  size_t specials, *special; /* sectors computed anew in every step */
  bool *is_special;          /* n */
  double *one_over_output;   /* n: 1 / base-year output, 0 where there is none */
  double *one_over_set;      /* products: 1 / base-year output of its set, 0 where there is none */
  /* of the year */
  tanlu_energy_mix *mix;
  double *per_activity;  /* measures x users x lanes: measured energy per unit of activity */
  double *carbon;        /* users x lanes: t CO2 per unit of activity; for steps only where capture takes electricity */
  double *fixed;         /* national measures x lanes: of users whose activity is fixed */
  double *slope, *level; /* products x lanes: activity of its set = slope output / base output + level; output of the
                            whole set where the nation rules it (model/outside.h), as tonnes are one for all of its sectors */
  double *money;         /* rows x 2 x lanes: households' demand for energy products, 10^4 CNY */
  double *electricity_per_co2; /* lanes: TJ per t captured */
  bool captures;               /* is there a lane in which capture takes electricity? */
  /* users x lanes, added to carbon; NULL for nothing */
  const double *more_carbon;
  const tanlu_outside *outside; /* NULL: nothing; its owner sets it */
  /* of the step */
  double *activity;                 /* users x lanes; of households fixed within the year */
  double *total;                    /* national measures x lanes */
  double *coke_ratio, *heat_output; /* lanes */
  double *product_ratio;            /* products x lanes */
  double *process_captured;         /* n x lanes: t process CO2 captured; only where captures */
  double *main_use, *scale;         /* processes x lanes */
  double *use;                      /* rows x lanes: of one sector */
  tanlu_power_year power;
  double *coefficient; /* n x rows x lanes: a_kj of energy row k, sector j */
  double *inputs;      /* n x lanes: their sum over k */
} tanlu_energy_rows;

tanlu_status tanlu_energy_rows_create(tanlu_energy_rows **rows, const tanlu_system *system,
                                      const tanlu_technology *technology, const tanlu_measures *measures, size_t width,
                                      tanlu_context *context);
void tanlu_energy_rows_free(tanlu_energy_rows **rows);

/* Fix the year: energy per unit of activity, coefficients of ordinary sectors, households' money. */
void tanlu_energy_rows_year(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_lane_report *report);
/* Coefficients of the special sectors at output x (n x lanes, 10^4 CNY). */
void tanlu_energy_rows_step(tanlu_energy_rows *rows, const tanlu_levers *levers, const double *output,
                            tanlu_lane_report *report);

/* CO2 of every user per unit of activity, into rows->carbon. */
void tanlu_energy_rows_carbon(tanlu_energy_rows *rows, const tanlu_levers *levers);

#endif
