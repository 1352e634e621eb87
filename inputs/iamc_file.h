/* CSV files of the IAMC: columns Model, Scenario, Region, Variable, Unit and either one for each year or Year and Value, headings
 * in any case. */
#ifndef TANLU_INPUTS_IAMC_FILE_H
#define TANLU_INPUTS_IAMC_FILE_H

#include <stddef.h>

#include "solvers/context.h"

typedef struct {
  const char *file;
  size_t line;
  const char *model, *scenario, *region, *variable, *unit;
  size_t points; /* empty values are left out */
  const int *year;
  const double *value;
} tanlu_iamc_row;

/* Called with every row; the texts are gone afterwards. A status that is not TANLU_OK is kept, and reading goes on. */
typedef tanlu_status (*tanlu_iamc_take)(void *user, const tanlu_iamc_row *row, tanlu_context *context);

/* Errors: TANLU_ERR_INPUT with FILE:LINE:FIELD for missing, unknown or duplicate columns, years that are none, texts where numbers
 * are expected; those of `take`. */
tanlu_status tanlu_iamc_read(const char *path, tanlu_iamc_take take, void *user, tanlu_context *context);

#endif
