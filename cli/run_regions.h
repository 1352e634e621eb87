/* Scenarios with a block `regions`, projected by region beside the nation. */
#ifndef TANLU_CLI_RUN_REGIONS_H
#define TANLU_CLI_RUN_REGIONS_H

#include <stdbool.h>

#include "inputs/region_set.h"
#include "inputs/scenario_file.h"
#include "outputs/result_file.h"

typedef struct {
  size_t count, regions;
  tanlu_scenario *const *scenario; /* count: borrowed */
  bool borrowed;                   /* set and drivers are somebody else's */
  char *grouping;                  /* "" for all regions, the level, or "one/rest" */
  tanlu_region_set *set;
  tanlu_drivers ***drivers;         /* count x regions */
  tanlu_projection ***projection;   /* count x regions */
  tanlu_regional_scenario *problem; /* count */
  tanlu_result_regions *result;     /* count: for the result file */
} cli_run_regions;

/* *regional: do they have the block? TANLU_ERR_INPUT at a scenario that has it where others have not, or of other regions. */
tanlu_status cli_run_regions_check(tanlu_scenario *const *scenario, size_t count, bool *regional,
                                   tanlu_context *context);
/* Statistics, datasets and models of the regions and the drivers of each in every (resolved) scenario. Everything borrowed must live. */
tanlu_status cli_run_regions_create(cli_run_regions **regions, tanlu_scenario *const *scenario, size_t count,
                                    const tanlu_model *nation, const tanlu_dataset *dataset, tanlu_context *context);
/* The same for one scenario, of a set and drivers that are there: borrowed too. */
tanlu_status cli_run_regions_borrow(cli_run_regions **regions, tanlu_scenario *const *scenario, tanlu_region_set *set,
                                    tanlu_drivers **drivers, tanlu_context *context);
/* Project all; national[s] are made here and are the caller's. */
tanlu_status cli_run_regions_project(cli_run_regions *regions, const tanlu_dataset *dataset,
                                     tanlu_projection **national, int threads, tanlu_progress progress, void *user,
                                     tanlu_context *context);
/* What the result file takes of scenario s. */
const tanlu_result_regions *cli_run_regions_result(const cli_run_regions *regions, size_t s);
void cli_run_regions_free(cli_run_regions **regions); /* accepts NULL and half-built objects */

#endif
