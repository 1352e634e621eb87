/* Measures: weighted sums of carriers that a step of the projection needs, as linear functions of what users do.
 *
 * A measure m weighs carriers with omega_mc. The energy that user u takes per unit of activity then measures
 *
 *     sum_k e_uk by_class_muk + feedstock index feedstock_mu + e_u,hydrogen sum_r mix_r route_mr
 *
 * with e_uk final energy by class (hydrogen counts as the carriers that made it), technology i burned_i fuel_mi + added_i
 * added_mi, and process p scale_p input_mp. So a step never looks at single carriers. */
#ifndef TANLU_MODEL_MEASURES_H
#define TANLU_MODEL_MEASURES_H

#include "model/system.h"
#include "model/technology.h"

/* Measures over the nation come first, then one for every energy row. */
enum { TANLU_MEASURE_ELECTRICITY, TANLU_MEASURE_HEAT, TANLU_MEASURE_COKE, TANLU_MEASURE_FIXED };

typedef struct {
  size_t national, rows; /* national: electricity, heat, coke, main carriers of processes, purchases that pass on */
  size_t count;          /* national + rows */
  size_t users, carriers, technologies, processes;
  size_t *main;      /* processes: their measure; TANLU_NONE where the process does not follow demand */
  size_t passed;     /* cells of purchases that pass on */
  size_t (*cell)[3]; /* passed: energy row, sector, measure */
  double *weight;    /* count x carriers: omega */
  double *by_class;  /* count x users x classes; hydrogen apart */
  double *feedstock; /* count x users, TJ */
  bool *uses;        /* count x (classes + 1): is any by_class (feedstock) not 0? */
  double (*route)[TANLU_HYDROGEN_ROUTES];        /* count */
  double *fuel, *added;                          /* count x technologies */
  double *input;                                 /* count x processes, TJ; of processes that follow demand */
  double *carbon;                                /* users x classes: t CO2 per TJ; what hydrogen brings along apart */
  double *feedstock_carbon;                      /* users: t CO2 */
  double (*route_carbon)[TANLU_HYDROGEN_ROUTES]; /* users: t CO2 per TJ of hydrogen made that way */
} tanlu_measures;

tanlu_status tanlu_measures_create(tanlu_measures **measures, const tanlu_system *system,
                                   const tanlu_technology *technology, tanlu_context *context);
void tanlu_measures_free(tanlu_measures **measures);

#endif
