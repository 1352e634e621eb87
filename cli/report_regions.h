/* What a report on a dataset of several regions is made of. */
#ifndef TANLU_CLI_REPORT_REGIONS_H
#define TANLU_CLI_REPORT_REGIONS_H

#include "outputs/report_regions.h"

typedef struct {
  tanlu_dataset *dataset;
  tanlu_embodied *embodied;
  tanlu_region_profile *profile;
  tanlu_region_facts facts;
  char *sources; /* NULL: none */
  double *
      reasons; /* NULL: none, where people are not known, sectors are no products of regions, or the table is too large */
  tanlu_report_regions_input input;
} cli_report_regions;

/* Is it a dataset, by path or by name (inputs/dataset_file.h), and no file? *path (NULL: no): where, freed by the caller. */
tanlu_status cli_report_is_dataset(const char *operand, char **path, tanlu_context *context);
/* Read it and compute what the page shows. extension: the emission. Errors: those of reading; TANLU_ERR_INPUT for a dataset without
 * the level `region` or without the extension; those of tanlu_embodied_create. */
tanlu_status cli_report_regions_read(cli_report_regions *regions, const char *path, const char *extension,
                                     tanlu_context *context);
void cli_report_regions_clear(cli_report_regions *regions);

#endif
