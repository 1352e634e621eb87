/* Between the files of the adjoint. */
#ifndef TANLU_MODEL_ADJOINT_PRIVATE_H
#define TANLU_MODEL_ADJOINT_PRIVATE_H

#include "model/adjoint.h"
#include "model/model_private.h"
#include "model/record.h"

struct tanlu_adjoint {
  const tanlu_model *model;
  const tanlu_drivers *drivers;
  tanlu_projection *projection;
  tanlu_equilibrium *equilibrium; /* lanes for differences */
  tanlu_solved_year *solved;
  size_t width, n, size, unknowns, years;
  double *states;    /* years x size */
  double *gdp_index; /* years */
  /* of a request */
  const tanlu_adjoint_request *request;
  tanlu_gradients *gradients;
  double *lambda;     /* outputs x size */
  double *slope;      /* outputs x size: dJ/dz */
  double *gdp;        /* outputs: dJ / d log GDP index, of this year and all later ones */
  double *base_co2;   /* outputs: dJ / d log base-year CO2 of combustion */
  double *difference; /* outputs: work */
  /* of a year */
  size_t t;
  bool *held_next;   /* unknowns: held in year t + 1 at what they are in t */
  double *indicator; /* indicators of the solved year */
  double *residual;  /* size: residuals of the solved state */
};

/* Change of all outputs by this year's indicators in a lane, against the solved year (outputs). */
void tanlu_adjoint_change(const tanlu_adjoint *adjoint, size_t lane, double *change);
/* The same less lambda' (R - R of the solved state). */
void tanlu_adjoint_total_change(const tanlu_adjoint *adjoint, size_t lane, double *change);
/* The solved state in all lanes with drivers as they stand in the levers, evaluated and accounted for. */
void tanlu_adjoint_evaluate(tanlu_adjoint *adjoint);

/* Gradients of this year by emission factors and coefficients (adjoint_carbon.c, adjoint_coefficients.c), added to those of the
 * request; the solved year stands in all lanes before and after. */
tanlu_status tanlu_adjoint_carbon(tanlu_adjoint *adjoint, tanlu_context *context);
tanlu_status tanlu_adjoint_coefficients(tanlu_adjoint *adjoint, tanlu_context *context);

#endif
