/* Sections of a report on a table of several regions: who makes emissions, whose final demand they are due to, what trade moves, why
 * consumption differs, the structure of the regions, how energy statistics were adjusted, what is assumed. Numbers are those of model/embodied.h and
 * model/region_profile.h. */
#ifndef TANLU_OUTPUTS_REPORT_REGIONS_H
#define TANLU_OUTPUTS_REPORT_REGIONS_H

#include "model/embodied.h"
#include "model/region_profile.h"
#include "model/region_sda.h"
#include "outputs/report.h"

typedef struct {
  const tanlu_dataset *dataset;
  size_t level, extension; /* of the regions; which extension of the dataset is the emission */
  const tanlu_embodied *embodied;
  const tanlu_region_profile *profile;
  const tanlu_region_facts *facts;
  const char *sources;   /* text of SOURCES.md; NULL: none */
  const double *reasons; /* effects of tanlu_region_sda_from_mean, then what is due, of emissions; NULL: left out */
} tanlu_report_regions_input;

/* All sections but the provenance. With places of tiles maps, without them bars from the largest. Errors: memory. */
tanlu_status tanlu_report_regions(tanlu_report *report, const tanlu_report_regions_input *input,
                                  tanlu_context *context);

/* Net trade of the regions as a map of tiles, or as bars where there are no places: for the report and for a file of its own.
 * tile: regions x 2, NULL without; NULL when out of memory. */
tanlu_figure *tanlu_region_net_figure(const tanlu_dataset *dataset, size_t level, size_t extension,
                                      const tanlu_embodied *embodied, const double *tile, tanlu_context *context);

#endif
