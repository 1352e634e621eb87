/* A projector from the inside: one scenario stepped year by year by who ties several of them together. */
#ifndef TANLU_MODEL_PROJECTION_PRIVATE_H
#define TANLU_MODEL_PROJECTION_PRIVATE_H

#include "model/equilibrium.h"
#include "model/model_private.h"

struct tanlu_projector {
  const tanlu_model *model;
  size_t width;
  tanlu_equilibrium *equilibrium;
  tanlu_solved_year *solved;
  tanlu_projector *single; /* for scenarios on their own; made with the first of them */
  double *last, *before;   /* size x lanes: states at the end of the last two years */
  double *held;            /* unknowns x lanes */
  tanlu_year_seen seen;    /* of who wants the solved years; else NULL */
  void *seen_user;
  double gdp_index[TANLU_LANES_MAX], growth[TANLU_LANES_MAX], last_growth[TANLU_LANES_MAX];
  const tanlu_drivers *drivers[TANLU_LANES_MAX];
};

/* One scenario in all lanes, before its first year. */
void tanlu_projector_start(tanlu_projector *projector, const tanlu_drivers *drivers);
/* Year t: where it starts, what it asks for. held: logarithms of the factors that do not bind (unknowns; NaN: its last one); NULL: all
 * keep their last. */
tanlu_status tanlu_projector_open(tanlu_projector *projector, size_t t, const double *held, tanlu_context *context);
/* The state of the year is solved and kept; its accounts go into the projection (NULL: nowhere). */
tanlu_status tanlu_projector_close(tanlu_projector *projector, size_t t, tanlu_projection *projection,
                                   tanlu_context *context);

#endif
