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
  /* what a tonne of CO2 of this year does to the outputs: burned, captured (outputs), of users (outputs x users, per t and unit of
   * activity); for gradients by emission factors alone */
  double *burned, *captured, *by_user;
  double *more_carbon;    /* users x lanes */
  double *factor_weights; /* carriers: work */
  /* of a year */
  size_t t;
  bool *held_next;                  /* unknowns: held in year t + 1 at what they are in t */
  double *indicator;                /* indicators of the solved year */
  double *residual;                 /* size: residuals of the solved state */
  double gdp_lane[TANLU_LANES_MAX]; /* GDP index in lanes */
};

/* Change of all outputs by this year's indicators in a lane, against the solved year (outputs). */
void tanlu_adjoint_change(const tanlu_adjoint *adjoint, size_t lane, double *change);
/* The same less lambda' (R - R of the solved state). */
void tanlu_adjoint_total_change(const tanlu_adjoint *adjoint, size_t lane, double *change);

/* Emission factors (adjoint_carbon.c). The solved year stands in all lanes: what a tonne does. Then: which users have capture that
 * takes electricity, so that what a tonne of theirs does has to be measured, and a difference by their CO2 in a lane (0: none).
 * Last, lane 0 the solved year: this year's part of the gradient. */
void tanlu_adjoint_carbon_begin(tanlu_adjoint *adjoint);
bool tanlu_adjoint_carbon_captured(const tanlu_adjoint *adjoint, size_t user);
void tanlu_adjoint_carbon_move(tanlu_adjoint *adjoint, size_t user, size_t lane, double tonnes);
void tanlu_adjoint_carbon_end(tanlu_adjoint *adjoint);
/* CO2 of combustion of the solved year, t; a size for differences. */
double tanlu_adjoint_carbon_total(const tanlu_adjoint *adjoint);

/* Coefficients (adjoint_coefficients.c): this year's part of the gradient; the solved year stands in all lanes before and after. */
tanlu_status tanlu_adjoint_coefficients(tanlu_adjoint *adjoint, tanlu_context *context);

#endif
