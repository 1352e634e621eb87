/* The regions of a nation, ready to be projected: regional statistics read, every region's dataset and model made. */
#ifndef TANLU_INPUTS_REGION_SET_H
#define TANLU_INPUTS_REGION_SET_H

#include "inputs/regional_file.h"
#include "inputs/scenario_file.h"
#include "model/region_projection.h"

typedef struct {
  tanlu_regional_request request; /* statistics by name, all regions or fewer; energy is read in any case */
  tanlu_quotient quotient;
  double delta, beta;
} tanlu_region_request;
/* FLQ with delta 0.3, beta 1: as `tanlu regionalise` has them. */
extern const tanlu_region_request tanlu_region_request_default;

typedef struct {
  tanlu_regional_data *data;
  tanlu_regional_choice choice;
  tanlu_region_statistics statistics;
  tanlu_region_datasets *datasets;
  tanlu_regional_model *model;
  tanlu_known_flows *known; /* what the choice borrows */
  double *consumers;        /* regions: parts of the nation's */
  size_t files;             /* of the statistics */
  char **file, **sha256;    /* names begin "regions/" */
} tanlu_region_set;

/* nation and its dataset must live; names in the request are copied where they are needed. Errors: those of tanlu_regional_data_find,
 * tanlu_region_datasets_create and tanlu_regional_model_create. */
tanlu_status tanlu_region_set_create(tanlu_region_set **set, const tanlu_model *nation, const tanlu_dataset *dataset,
                                     const tanlu_region_request *request, tanlu_context *context);
/* Growth of the recorded years, where the statistics record GDP by region (model/region_growth.h): GDP_GROWTH of region[r] (all regions;
 * drivers of the nation's years) in the years after the base year that both record. Errors: memory. */
tanlu_status tanlu_region_set_grow(const tanlu_region_set *set, const tanlu_dataset *dataset,
                                   const tanlu_drivers *nation, tanlu_drivers *const *region, tanlu_context *context);
/* The regions of the block `regions` of a scenario. */
tanlu_status tanlu_region_set_of(tanlu_region_set **set, const tanlu_scenario *scenario, const tanlu_model *nation,
                                 const tanlu_dataset *dataset, tanlu_context *context);
/* Drivers of every region in a scenario that is resolved: what it inherits and what is said of it, with the growth of recorded years.
 * region (out): one a region, newly created; all NULL on failure. Errors: those of tanlu_scenario_resolve_region, of all regions. */
tanlu_status tanlu_region_set_drivers(const tanlu_region_set *set, const tanlu_scenario *scenario,
                                      const tanlu_dataset *dataset, tanlu_drivers **region, tanlu_context *context);
void tanlu_region_set_free(tanlu_region_set **set); /* accepts NULL and half-built objects */

#endif
