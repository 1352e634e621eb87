/* Curves of other projections, to be drawn behind ours: matched by the names of the IAMC (outputs/iamc.h) and brought to the unit
 * that our definition of the variable has. */
#ifndef TANLU_OUTPUTS_OVERLAY_H
#define TANLU_OUTPUTS_OVERLAY_H

#include "outputs/iamc.h"

typedef struct {
  char *model, *scenario;
  size_t definition; /* place in the table of outputs/iamc.h */
  size_t points;
  int *year;     /* points, rising */
  double *value; /* points, in the unit of the definition */
} tanlu_overlay_curve;

/* What of a file could not be drawn. */
typedef struct {
  size_t rows, other_region, unknown; /* rows in all, of other regions, of variables that our table does not have */
  char *first_unknown;                /* the name of the first of these; NULL for none */
  char *first_region;                 /* a region that was left out; NULL for none */
} tanlu_overlay_left;

typedef struct tanlu_overlay tanlu_overlay;

/* region: rows of other regions are left out. */
tanlu_status tanlu_overlay_create(tanlu_overlay **overlay, const char *region, tanlu_context *context);
void tanlu_overlay_free(tanlu_overlay **overlay);

/* One row of a file: values by year. Rows of one model, scenario and variable are one curve. TANLU_ERR_INPUT naming file and line
 * for a unit that is none of the variable's kind and for a year that the curve has already. */
typedef struct {
  const char *file;
  size_t line;
  const char *model, *scenario, *region, *variable, *unit;
  size_t points;
  const int *year;
  const double *value;
} tanlu_overlay_row;
tanlu_status tanlu_overlay_add(tanlu_overlay *overlay, const tanlu_overlay_row *row, tanlu_context *context);

size_t tanlu_overlay_curves(const tanlu_overlay *overlay);
const tanlu_overlay_curve *tanlu_overlay_curve_at(const tanlu_overlay *overlay, size_t i);
const tanlu_overlay_left *tanlu_overlay_left_out(const tanlu_overlay *overlay);

/* Factor from one unit to another of the same kind; false where there is none, or where a unit is not known and the names differ.
 * Known are masses of CO2 (kt, Mt, Gt), energy (PJ, EJ, GWh, TWh, ktoe, Mtoe, ktce, Mtce, with 29.3076 GJ a tce and 41.868 GJ a toe),
 * power (MW, GW, TW), mass (kt, Mt, Gt), persons (thousand, million, billion) and money (million, billion, trillion of one
 * currency); "/yr" may be left out. */
bool tanlu_unit_factor(const char *from, const char *to, double *factor);

#endif
