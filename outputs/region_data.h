/* What reports show of the regions of a result file: each as if it were a nation (outputs/run_data.h), and what moves between them. */
#ifndef TANLU_OUTPUTS_REGION_DATA_H
#define TANLU_OUTPUTS_REGION_DATA_H

#include "outputs/run_data.h"

typedef struct {
  const tanlu_labels *label; /* NULL: the file is of a nation alone */
  size_t count;
  const double *tile; /* count x 2: places in a map of tiles; NULL without */
  tanlu_run_data *
      of; /* count: with indicators, summary and generation of the region, NULL where the file has none; nothing else of it */
  const tanlu_result_variable *electricity, *trade; /* (scenario, year, region_from, region_to); NULL without */
  const tanlu_result_variable *gap;                 /* (scenario, year, field); NULL without */
  tanlu_result_variable *slice;                     /* its own: what `of` shows */
  size_t slices;
} tanlu_region_data;

/* Read it, for the scenarios that `data` shows, which must live. Errors: memory, reading. */
tanlu_status tanlu_region_data_read(tanlu_region_data *regions, const tanlu_run_data *data, tanlu_context *context);
void tanlu_region_data_clear(tanlu_region_data *regions);

/* What moves between regions at the end of a scenario's year `t`: flow (out) count x count, [to count + from], in the unit of the variable;
 * net (out, may be NULL): sent less received by region. */
void tanlu_region_data_flow(const tanlu_region_data *regions, const tanlu_result_variable *variable, size_t place,
                            size_t t, double *flow, double *net);

#endif
