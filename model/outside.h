/* What reaches the accounts of a region from beyond its own equations (model/region_projection.h), for all lanes. A nation has none. */
#ifndef TANLU_MODEL_OUTSIDE_H
#define TANLU_MODEL_OUTSIDE_H

#include <stdbool.h>

typedef struct {
  const double *demand;   /* n x lanes: home products sent to other regions, 10^4 CNY */
  const double *main_use; /* processes x lanes: use of the main carriers of conversion in the other regions, TJ */
  const double *place;    /* processes x lanes: scale of a process here against the nation's */
  /* cells of purchases that pass on (model/measures.h) x lanes: what all regions pass on per output, against the base year */
  const double *passed;
  const double *links;           /* lanes: electricity received from other regions less what is sent, TJ */
  const double *clean, *nuclear; /* lanes: of it from hydro, nuclear, wind and solar plants; from nuclear plants, TJ */
  const double *coke_ratio;      /* lanes: the nation's, for regions that used no coke in the base year */
  const bool *ruled;             /* products: the nation gives a path in tonnes; NULL: none */
} tanlu_outside;

#endif
