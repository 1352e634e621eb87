/* The equilibrium of a year for all lanes: output and closure factors such that products balance, energy rows follow from
 * what everybody takes, and GDP, shares and product paths hold.
 *
 * State z of a lane: output against the base year (n), then log F, log phi, log q (unknowns of model/economy.h). Residual
 * R(z): balance of every product against base-year output, then logarithms of reached over wanted. All lanes take Newton
 * steps with the inverse of one derivative, M = dR/dz at a centre near all of them:
 *
 *     z <- z - M^-1 R(z)
 *
 * accelerated lane by lane. One product of M^-1 with the residuals of all lanes is one matrix product, in single precision
 * because R itself is not. M comes from differences of R, many columns at once; it changes the number of steps, never the
 * result. Steps end when the balance of every product is within 3e-11 of its output (of a millionth of the mean where that is
 * more) and every goal within 3e-11. */
#ifndef TANLU_MODEL_EQUILIBRIUM_H
#define TANLU_MODEL_EQUILIBRIUM_H

#include "model/economy.h"
#include "solvers/lane_anderson.h"

/* phi and q are sought from a thousandth to a thousand: beyond it there is no structure that the table can speak for. */
#define TANLU_LOG_FACTOR_MOST 6.907755278982137 /* log 1000 */

/* Where lanes take their steps from. */
typedef struct {
  size_t size;    /* n + unknowns */
  double *state;  /* size */
  float *inverse; /* size x size, row-major: M^-1 */
} tanlu_centre;

tanlu_status tanlu_centre_create(tanlu_centre *centre, size_t size, tanlu_context *context);
void tanlu_centre_clear(tanlu_centre *centre);

#define TANLU_EQUILIBRIUM_TOLERANCE 3e-11

typedef struct {
  size_t width, n, unknowns, size;
  tanlu_levers *levers;
  tanlu_energy_rows *rows;
  tanlu_economy *economy;
  double *scale;            /* n: base-year output, 1 where there is none */
  double *state;            /* size x lanes */
  double *output;           /* n x lanes, 10^4 CNY */
  double *balance;          /* n x lanes, 10^4 CNY */
  double *residual, *step;  /* size x lanes */
  float *rounded, *product; /* size x lanes: work of the step */
  double *good, *start;     /* size x lanes: last state of the year that had accounts, and the first one */
  double *base;             /* size x lanes: work of the centre */
  double *matrix, *work;    /* size x size each: M and its inverse; made with the first centre */
  int *pivot;               /* size: the same */
  double *largest;          /* lanes: largest residual in units of the tolerance */
  double
      enough; /* a state alone (tanlu_equilibrium_alone) is solved when largest is no more: 1 but for who comes back to it */
  bool *solved;  /* lanes */
  size_t *steps; /* lanes: of the year */
  tanlu_lane_anderson *acceleration;
  tanlu_lane_report report;
} tanlu_equilibrium;

/* Room for `width` scenarios with drivers like `drivers` (the same structure targets). */
tanlu_status tanlu_equilibrium_create(tanlu_equilibrium **equilibrium, const tanlu_system *system,
                                      const tanlu_technology *technology, const tanlu_measures *measures,
                                      const tanlu_drivers *drivers, size_t width, tanlu_context *context);
void tanlu_equilibrium_free(tanlu_equilibrium **equilibrium);

/* Fix year t of `width` scenarios; held: unknowns x lanes, for targets and paths that do not bind in it. */
void tanlu_equilibrium_year(tanlu_equilibrium *equilibrium, const tanlu_drivers *const *drivers, size_t t,
                            const double *gdp_index, const double *held);
/* Residuals at the present state; lanes without accounts fail. */
void tanlu_equilibrium_evaluate(tanlu_equilibrium *equilibrium);
/* The last part of it, for output and products of inputs that are at hand: energy, balance, residuals. */
void tanlu_equilibrium_finish(tanlu_equilibrium *equilibrium);

/* Lanes near a common centre: step until all are solved. Lanes that fail or do not get there are left unsolved. */
void tanlu_equilibrium_together(tanlu_equilibrium *equilibrium, const tanlu_centre *centre);
/* One scenario, the same in all lanes, with a centre of its own, which is made anew when steps no longer contract.
 * Errors: TANLU_ERR_MODEL naming the year and the sector or target. */
tanlu_status tanlu_equilibrium_alone(tanlu_equilibrium *equilibrium, tanlu_centre *centre, tanlu_context *context);
/* M^-1 at the present state, the same in all lanes, which has been evaluated. Error: TANLU_ERR_MODEL where goals contradict or
 * repeat each other. */
tanlu_status tanlu_equilibrium_centre(tanlu_equilibrium *equilibrium, tanlu_centre *centre, tanlu_context *context);
/* Called with lanes l < count evaluated where number first + l of the state has been moved by moved[l]. */
typedef void (*tanlu_columns_seen)(void *user, size_t first, size_t count, const double *moved);
/* M at the present state, the same in all lanes, which has been evaluated, into equilibrium->matrix (column-major); `seen` may
 * be NULL. The state and what was evaluated of it are as before. */
tanlu_status tanlu_equilibrium_differentiate(tanlu_equilibrium *equilibrium, tanlu_columns_seen seen, void *user,
                                             tanlu_context *context);
/* max |balance| / max |y_d| of all lanes: the residual that a stored solution carries. */
void tanlu_equilibrium_residual(const tanlu_equilibrium *equilibrium, double *relative);
/* After steps did not get there: the goal with the largest gap and the range that it can reach, as an error. */
tanlu_status tanlu_equilibrium_unreachable(tanlu_equilibrium *equilibrium, tanlu_context *context);

#endif
