/* Conversion of energy beyond power: coking, refining, gas works, washing, heat supply, hydrogen, recovery; losses and
 * primary energy.
 *
 * A process scales with the demand for its main carriers at base-year ratios of all inputs and outputs; recovery scales
 * with coke. Per carrier c: primary = final + losses - conversion, conversion = outputs less inputs of every process. */
#ifndef TANLU_MODEL_CONVERSION_H
#define TANLU_MODEL_CONVERSION_H

#include "model/dataset.h"
#include "solvers/lanes.h"

typedef struct {
  const tanlu_dataset *dataset;
  size_t processes, carriers;
  double *demand;    /* processes: base-year demand for the main carriers, TJ */
  double *takes;     /* processes x processes: what the second takes of the first's main carriers at scale 1, TJ */
  double *loss_rate; /* carriers: losses per domestic use; electricity apart */
} tanlu_conversion;

/* base_use: carriers, base-year final use with the inputs of power and heat supply, TJ. A region's processes scale with the demand of
 * its nation (NULL: the dataset is one) and carriers are lost at its rates. Errors: TANLU_ERR_INPUT for a process whose main carriers
 * nobody uses. */
tanlu_status tanlu_conversion_create(tanlu_conversion **conversion, const tanlu_dataset *dataset,
                                     const double *base_use, const tanlu_conversion *nation, tanlu_context *context);
void tanlu_conversion_free(tanlu_conversion **conversion);

/* Scales of all processes, by lane. main_use: processes x lanes, use of each process's main carriers without what other
 * processes take of them, TJ; coke_ratio: lanes; scale (out): processes x lanes. */
void tanlu_conversion_scale(const tanlu_conversion *conversion, size_t width, const double *main_use,
                            const double *coke_ratio, double *scale);
/* Flows at these scales: inputs (out) of processes of kind CONVERSION, net (out) outputs less inputs of CONVERSION and
 * RECOVERY processes; carriers x lanes. */
void tanlu_conversion_flows(const tanlu_conversion *conversion, size_t width, const double *scale, double *inputs,
                            double *net);

#endif
