/* Regional accounts that commands take: --provinces DATASET. */
#ifndef TANLU_CLI_PROVINCES_H
#define TANLU_CLI_PROVINCES_H

#include "model/regional_levels.h"

typedef struct {
  tanlu_dataset *dataset;
  size_t level; /* of its regions */
  tanlu_regional_levels levels;
} cli_provinces;

/* A dataset that `tanlu regionalise` made, by name or path. */
tanlu_status cli_provinces_read(cli_provinces *provinces, const char *name, tanlu_context *context);
/* Are they of the base year and place (NULL: China) of `what`, "the results"? TANLU_ERR_INPUT otherwise. */
tanlu_status cli_provinces_check(const cli_provinces *provinces, int base_year, const char *place, const char *what,
                                 tanlu_context *context);
void cli_provinces_clear(cli_provinces *provinces);

#endif
