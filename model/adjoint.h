/* Adjoint: the gradient of indicators with respect to everything that a projection is made of.
 *
 * With z_t the state of year t (model/equilibrium.h), p_t what the year is given and R_t(z_t, z_t-1, p_t) = 0 its equations, an
 * output is a weighted sum of yearly indicators, J = sum_t w_t' I(z_t, p_t). From the last year back to the first
 *
 *     M_t' lambda_t = dJ/dz_t - (dR_t+1/dz_t)' lambda_t+1,      M_t = dR_t/dz_t
 *     dJ/dp_t       = J_p,t - lambda_t' R_p,t
 *
 * one transposed solve a year for each output, whatever the number of parameters. Years are coupled by factors that are held where
 * no goal binds, dR_t+1/dz_t = -1 for these, and by GDP, the product of the growth of all years. M, dJ/dz, J_p and R_p are
 * differences by lanes at the solved state, 1e-7 of a number; nothing is solved anew.
 *
 * Emission factors e_gc (t CO2 per TJ of carrier c burned in user group g) are followed by hand to the CO2 of every user, of plants
 * and of conversion; that CO2 decides the electricity of its capture, which is a difference by lanes again. The base-year CO2 that
 * the change of intensity is counted from follows its factors.
 *
 * Coefficients a_ij of the base-year table: with Q_ij = r_i q_i (q left out inside its own set), S_j = sum_i a_ij over rows outside
 * energy and f_j the fabrication index,
 *     a_ij,t = Q_ij a_ij s_j,  s_j = f_j S_j / sum_i Q_ij a_ij,  v_j = 1 - f_j S_j - energy inputs
 *     d a_lj,t / d a_ij = [l = i] Q_ij s_j + Q_lj a_lj s_j (1 / S_j - Q_ij / sum_i Q_ij a_ij),   d v_j / d a_ij = -f_j
 * and for energy rows d a_kj,t / d a_kj = a_kj,t / a_kj, or 1 beyond base-year use at the price p_k (model/technology.h). Value
 * added takes the difference; final demand, prices and physical use stay as calibrated.
 *
 * Source: Giles and Pierce, An introduction to the adjoint approach to design, Flow, Turbulence and Combustion 65 (2000). */
#ifndef TANLU_MODEL_ADJOINT_H
#define TANLU_MODEL_ADJOINT_H

#include <stdbool.h>

#include "model/indicators.h"
#include "model/projection.h"

/* A solved projection, ready for gradients. Model and drivers outlive it. One thread at a time. */
typedef struct tanlu_adjoint tanlu_adjoint;
/* Projects; errors are those of tanlu_project. */
tanlu_status tanlu_adjoint_create(tanlu_adjoint **adjoint, const tanlu_model *model, const tanlu_drivers *drivers,
                                  const char *name, tanlu_context *context);
void tanlu_adjoint_free(tanlu_adjoint **adjoint);
/* Indicators alone. */
const tanlu_projection *tanlu_adjoint_projection(const tanlu_adjoint *adjoint);

/* A way in which drivers of one year move together: member m of driver id by so much per unit. */
typedef struct {
  tanlu_driver_id id;
  size_t member; /* place in a year's row: a * inner + b */
  double weight;
} tanlu_direction_part;
typedef struct {
  size_t t; /* year, from 0 */
  size_t parts;
  const tanlu_direction_part *part;
} tanlu_direction;

typedef struct {
  size_t outputs;
  const double *weight; /* outputs x years x TANLU_INDICATOR_COUNT: J = sum weight x indicator */
  size_t directions;
  const tanlu_direction *direction; /* in order of years */
  bool emission_factors, coefficients;
} tanlu_adjoint_request;

typedef struct {
  double *value;     /* outputs: J */
  double *direction; /* outputs x directions: dJ per unit, at a bound or limit towards the inside; NaN where no side is
                              open or a driver has no value, but 0 in years that reach no output */
  double *emission_factor; /* outputs x user groups x carriers: per t CO2 / TJ; NULL unless asked for */
  double *coefficient; /* outputs x n x n, each column-major: dJ per unit of a_ij; NULL unless asked for. 0 for a zero
                              coefficient of an energy row */
} tanlu_gradients;

/* Errors: TANLU_ERR_MODEL where the equations of a year are singular. */
tanlu_status tanlu_adjoint_gradients(tanlu_adjoint *adjoint, const tanlu_adjoint_request *request,
                                     tanlu_gradients *gradients, tanlu_context *context);
void tanlu_gradients_clear(tanlu_gradients *gradients);

#endif
