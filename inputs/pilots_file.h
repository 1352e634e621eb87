/* Reads the pilot provinces and cities (inputs/FORMAT.md): a file of pilots with their accounts of 2010, and a panel of them. */
#ifndef TANLU_INPUTS_PILOTS_FILE_H
#define TANLU_INPUTS_PILOTS_FILE_H

#include "model/pilots.h"

/* Every error of both files is reported, with file, line and field: columns, codes and places that come twice or that nobody knows
 * (the nearest one is named), numbers below 0, GDP and population of 0, a pilot without a row of each year, no country or two of
 * them, a country without what pilots are measured by. pilots is cleared on failure. */
tanlu_status tanlu_pilots_read(tanlu_pilots *pilots, const char *path, const char *panel, tanlu_context *context);

#endif
