/* Shocks to the sectors of a year: supply that is missing downstream, and sectors that are gone.
 *
 * Supply (Ghosh): B = diag(x)^-1 A_d diag(x) are the shares of a product's output that go to each buyer. Output losses d with
 * primary inputs lost e (both 10^4 CNY)
 *
 *     d' = e' (I - B)^-1,   or with relative losses u = d / x:   (I - A_d)' u = e / x
 *
 * e is zero but for the sectors S in shock, where it is such that u_j is the loss that was asked for. It is what output
 * would be without substitution and with fixed shares of sales; the same u are cost-push price changes.
 *
 * Hypothetical extraction: the economy without the purchases of the sectors S at home (their columns of A_d), without their
 * sales to others and to final demand (their rows), or without both:
 *
 *     x* = (I - A_d*)^-1 y*,   loss = x - x*
 *
 * Extracted with both, S itself produces nothing; with purchases or sales alone the other side of it stays, and inputs that S
 * sells to itself count with both.
 *
 * Sources: Ghosh, Economica 25 (1958); Dietzenbacher, Journal of Regional Science 37 (1997); Miller and Blair, Input-Output
 * Analysis (2nd ed., 2009), sections 12.1 and 12.2.6. */
#ifndef TANLU_MODEL_SHOCK_H
#define TANLU_MODEL_SHOCK_H

#include "model/solved_accounts.h"
#include "solvers/leontief.h"

typedef enum { TANLU_EXTRACT_BOTH, TANLU_EXTRACT_PURCHASES, TANLU_EXTRACT_SALES, TANLU_EXTRACT_COUNT } tanlu_extraction;
extern const char *const tanlu_extraction_word[TANLU_EXTRACT_COUNT]; /* "both", "purchases", "sales" */

typedef struct {
  int year;
  size_t n;
  double *relative;    /* n: loss of output over output; 0 without output */
  double *output;      /* n: loss of output, 10^4 CNY; and what goes with it at unchanged intensities: */
  double *value_added; /* n: 10^4 CNY */
  double *co2;         /* n: t */
  double *employment;  /* n: persons; NaN where it is not recorded */
  /* for work */
  tanlu_leontief *system;
  double *matrix; /* n x n */
  double *solution;
} tanlu_shock;

tanlu_status tanlu_shock_create(tanlu_shock **shock, size_t n, tanlu_context *context);
void tanlu_shock_free(tanlu_shock **shock); /* accepts NULL */

/* Output of sector[k] falls by loss[k] of itself (0.1: ten percent; negative: it rises), k < count; every sector once. Errors:
 * TANLU_ERR_MODEL for a sector without output, memory. */
tanlu_status tanlu_shock_supply(tanlu_shock *shock, const tanlu_solved_accounts *accounts, size_t count,
                                const size_t *sector, const double *loss, tanlu_context *context);
/* Sectors with extracted[j] (n) are taken out. */
tanlu_status tanlu_shock_extract(tanlu_shock *shock, const tanlu_solved_accounts *accounts, const bool *extracted,
                                 tanlu_extraction how, tanlu_context *context);

#endif
