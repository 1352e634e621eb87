/* Multipliers and linkages of a year: what a unit of final demand sets in motion, and how sectors hang together.
 *
 *     multiplier' = d' (I - A_d)^-1        of a quantity with d_j per unit of output (type I, domestic)
 *     backward_j  = sum_i L_ij             L = (I - A_d)^-1: output of all sectors per unit of final demand for j
 *     forward_i   = sum_j G_ij = (L x)_i / x_i,  G = (I - B)^-1, B = diag(x)^-1 A_d diag(x)   (Ghosh): output of all sectors that
 *                   a unit of value added in i goes into
 *     power of dispersion_j       = backward_j / mean of backward
 *     sensitivity of dispersion_i = row sum_i of L / mean of row sums
 *     forward, normalised         = forward_i / mean of forward
 *
 * Means are over the sectors that produce; those without output have NaN. A sector with power of dispersion and normalised
 * forward linkage both above 1 is called key by its linkages.
 *
 * Sources: Miller and Blair, Input-Output Analysis (2nd ed., 2009), chapters 6 and 12; Rasmussen, Studies in Inter-Sectoral
 * Relations (1956); Ghosh, Economica 25 (1958). */
#ifndef TANLU_MODEL_LINKAGES_H
#define TANLU_MODEL_LINKAGES_H

#include "model/solved_accounts.h"
#include "solvers/leontief.h"

/* id, code, unit of d, factor from internal units, text */
#define TANLU_MULTIPLIER_LIST(X)                                                                                       \
  X(OUTPUT, "output", "1", 1.0, "output of all sectors per unit of final demand")                                      \
  X(VALUE_ADDED, "value_added", "1", 1.0, "value added of all sectors per unit of final demand")                       \
  X(CO2, "co2", "t/1e4 CNY_2020", 1.0, "CO2 of all sectors per unit of final demand")                                  \
  X(EMPLOYMENT, "employment", "persons/1e6 CNY_2020", 100.0, "persons employed by all sectors per unit of final demand")

typedef enum {
#define X(id, code, unit, factor, text) TANLU_MULTIPLIER_##id,
  TANLU_MULTIPLIER_LIST(X)
#undef X
      TANLU_MULTIPLIER_COUNT
} tanlu_multiplier_id;

typedef struct {
  const char *code, *unit, *text;
  double factor;
} tanlu_multiplier_info;
extern const tanlu_multiplier_info tanlu_multiplier_table[TANLU_MULTIPLIER_COUNT];

typedef struct {
  size_t n;
  bool employment;          /* is it recorded? */
  double *direct;           /* n x TANLU_MULTIPLIER_COUNT: d per 10^4 CNY of output; 0 without output */
  double *multiplier;       /* n x TANLU_MULTIPLIER_COUNT; employment NaN where it is not recorded */
  double *backward;         /* n: the output multiplier, NaN without output; and so on */
  double *forward;          /* n */
  double *power_dispersion; /* n */
  double *sensitivity;      /* n */
  double *forward_relative; /* n */
  bool *key;                /* n */
  /* for work */
  tanlu_leontief *system;
  double *sums; /* n x 2 */
} tanlu_linkages;

tanlu_status tanlu_linkages_create(tanlu_linkages **linkages, size_t n, tanlu_context *context);
void tanlu_linkages_free(tanlu_linkages **linkages); /* accepts NULL */
/* All of a year. Errors: TANLU_ERR_MODEL where I - A_d is singular. */
tanlu_status tanlu_linkages_year(tanlu_linkages *linkages, const tanlu_solved_accounts *accounts,
                                 tanlu_context *context);

#endif
