/* What `tanlu decompose --regions` and `tanlu downscale --decompose` show: what a change of CO2 by region comes from, and why regions differ
 * per head. */
#ifndef TANLU_CLI_REGION_CHANGES_H
#define TANLU_CLI_REGION_CHANGES_H

#include <stdio.h>

#include "model/region_lmdi.h"

typedef struct {
  const char *scenario;
  const tanlu_labels *regions, *groups; /* groups: of sectors, the first `from.groups` members */
  int year_from, year_to;
  tanlu_region_state from,
      to;              /* value added 10^8 CNY, CO2 Mt, population millions; `from` is not read with `against` */
  const char *against; /* a region or CLI_NATION, with which regions are compared per head in year_to; NULL: a change */
  const char *region;  /* of a comparison: this one alone; NULL: all */
  size_t top;
} cli_region_changes;

/* CO2 of the group power_heat goes with its value added alone: its fuel is no final energy. csv: NULL where nobody wants it. Errors: those
 * of model/region_lmdi.h; TANLU_ERR_INPUT for an unknown region. */
tanlu_status cli_region_changes_show(const cli_region_changes *changes, FILE *out, FILE *csv, tanlu_context *context);

/* A scenario of a result file with regions (NULL: the only one) by the same tables: from `changes` come year_from and year_to (0: the first and
 * last year of the scenario), against, region and top. Errors: those of outputs/region_years.h too, and years the scenario has not. */
tanlu_status cli_region_changes_of_result(const char *path, const char *scenario, const cli_region_changes *changes,
                                          FILE *out, FILE *csv, tanlu_context *context);

#endif
