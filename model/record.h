/* Writes a solved year into the fields of a projection, computes its indicators and checks the accounts. */
#ifndef TANLU_MODEL_RECORD_H
#define TANLU_MODEL_RECORD_H

#include "model/energy_year.h"
#include "model/equilibrium.h"
#include "model/fields.h"

typedef struct {
  const tanlu_system *system;
  const tanlu_drivers *drivers;
  const tanlu_equilibrium *equilibrium;
  size_t lane;
  const double *output; /* n: of the lane */
  const tanlu_energy_year *energy;
  double gdp_index;
} tanlu_solved_year;

/* Gaps of the identities that must hold in every year, relative; the largest is kept in the projection:
 * sum v x = sum y - sum m + err; sectors + households + power = national CO2 summed by carrier and process; final energy by
 * sector + households = by carrier; primary + conversion = final + losses. Error: TANLU_ERR_INTERNAL above 1e-9. */
tanlu_status tanlu_record_year(const tanlu_solved_year *year, size_t t, tanlu_projection *projection,
                               tanlu_context *context);

/* Indicators of the year from its recorded fields (model/indicators.h). */
void tanlu_indicate(const tanlu_solved_year *year, size_t t, tanlu_projection *projection);

#endif
