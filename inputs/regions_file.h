/* Provinces to share allowances between: a CSV file with the columns region, population, gdp and co2 (any unit, positive), and, if
 * wanted, consumption, name and name_zh; and the weights of the criteria as they are written on the command line. */
#ifndef TANLU_INPUTS_REGIONS_FILE_H
#define TANLU_INPUTS_REGIONS_FILE_H

#include "model/region_shares.h"

/* Every error of the file is reported, with file, line and field; cleared on failure. */
tanlu_status tanlu_regions_read(tanlu_regions *regions, const char *path, tanlu_context *context);
/* "historic=0.4,per-head=0.3,gdp=0.2,efficiency=0.1": what is not named is 0; they sum to 1. `what` stands before messages. */
tanlu_status tanlu_share_weights(const char *text, const char *what, double weight[TANLU_SHARES],
                                 tanlu_context *context);

/* A weight of consumption asks for regions that know theirs: TANLU_ERR_INPUT otherwise, `what` before the message. */
tanlu_status tanlu_share_weights_check(const tanlu_regions *regions, const double weight[TANLU_SHARES],
                                       const char *what, tanlu_context *context);

/* "historic", "per-head", "gdp", "efficiency", "consumption". */
extern const char *const tanlu_share_word[TANLU_SHARES];

#endif
