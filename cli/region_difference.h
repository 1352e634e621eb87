/* What `tanlu embodied --against` shows: why regions of a table cause more or less than another. */
#ifndef TANLU_CLI_REGION_DIFFERENCE_H
#define TANLU_CLI_REGION_DIFFERENCE_H

#include "cli/tables.h"
#include "model/dataset.h"

#define CLI_NATION "nation" /* all regions together */

typedef struct {
  tanlu_dataset *dataset; /* its regions.csv is read too */
  size_t level, extension;
  const char *region;  /* NULL: every region */
  const char *against; /* a region, or CLI_NATION */
  bool per_head;
  size_t top;
} cli_region_difference;

/* Tables and CSV. Errors: those of model/region_sda.h; TANLU_ERR_INPUT for an unknown region, with the nearest. */
tanlu_status cli_region_difference_show(const cli_region_difference *difference, cli_tables *tables,
                                        tanlu_context *context);

/* Two regions by --region (NULL: every one, TANLU_NONE) and --against (TANLU_NONE: all together). TANLU_ERR_INPUT for an unknown one,
 * with the nearest, and for twice the same. */
tanlu_status cli_find_pair(const tanlu_labels *regions, const char *region, const char *against, size_t *first,
                           size_t *second, tanlu_context *context);

#endif
