/* What the files of region_datasets share. Matrices by region have regions innermost, [(...) regions + q]. */
#ifndef TANLU_MODEL_REGION_DATASETS_PRIVATE_H
#define TANLU_MODEL_REGION_DATASETS_PRIVATE_H

#include "model/model_private.h"
#include "model/region_datasets.h"

typedef struct {
  tanlu_region_datasets *d;
  const tanlu_model *model; /* of the nation */
  const tanlu_dataset *nation;
  const tanlu_region_statistics *statistics;
  tanlu_context *context;
  size_t regions, n, carriers, users, technologies, processes; /* users: sectors and the uses of households */
  size_t power, heat;                                          /* sectors that run thermal power and heat supply */
  tanlu_regional_reports reports;                              /* with the shares of the choice */
  double *consumers;                                           /* regions: share in households */
  double *trade;      /* regions x regions: electricity from p to q, own use at [q regions + q], any unit */
  double *final;      /* regions x users x carriers, [(c users + u) regions + q]: without non-energy use, TJ */
  double *non_energy; /* the same */
  double *use;        /* regions x carriers: final and non-energy use, plants, heat supply, processes, TJ */
  double *demand;     /* regions: electricity that is wanted, losses apart, TJ */
  double *generation; /* regions x technologies, TJ */
  double *fuel;       /* regions x carriers: share in the fuel of thermal power */
  double *thermal;    /* regions: share in thermal generation */
  double *heat_share; /* regions: share in the use of heat */
  double *abroad;     /* regions: net imports of electricity from other countries, TJ */
} tanlu_region_work;

/* Share of region q in the output of sector j. */
static inline double tanlu_region_output(const tanlu_region_work *w, size_t q, size_t j) {
  return w->d->output[j * w->regions + q];
}
/* Of numbers by region: the part of q; `otherwise` where all of them are zero. */
double tanlu_region_part(const double *number, size_t regions, size_t q, double otherwise);

/* region_datasets_accounts.c: accounts of all datasets, origin, output; trade and consumers of the work. */
tanlu_status tanlu_region_fill_accounts(tanlu_region_work *w);
/* region_datasets_energy.c: what users take; then, with generation, branches, conversion, losses and supply of the datasets. */
tanlu_status tanlu_region_find_users(tanlu_region_work *w, const tanlu_regional_energy *energy);
tanlu_status tanlu_region_fill_energy(tanlu_region_work *w);
/* Flow of carrier c in process p in region q. */
double tanlu_region_flow(const tanlu_region_work *w, size_t q, size_t p, size_t c);
/* region_datasets_power.c: generation, fuel, use of heat and links; then the power statistics of the datasets. */
tanlu_status tanlu_region_find_power(tanlu_region_work *w);
void tanlu_region_fill_power(tanlu_region_work *w);
/* region_datasets_check.c: sums over regions against the nation. */
tanlu_status tanlu_region_check_sums(const tanlu_region_work *w);

#endif
