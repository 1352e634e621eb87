/* Goals judged on a result file: by scenario, or by the share of the samples of a sweep. */
#ifndef TANLU_OUTPUTS_GOAL_VERDICTS_H
#define TANLU_OUTPUTS_GOAL_VERDICTS_H

#include <stdbool.h>

#include "model/regional_levels.h"
#include "outputs/result_file.h"

/* Verdicts on all goals, and of a sweep how many of its solved samples a goal could be judged in and was met in. */
typedef struct {
  const tanlu_goals *goals;
  tanlu_result *result;
  size_t scenarios;            /* 0: a sweep */
  tanlu_goal_verdict *verdict; /* goals x scenarios; of a sweep goals: those of its last solved sample */
  size_t *judged, *met;        /* goals: samples; NULL unless a sweep */
} tanlu_goal_verdicts;

/* Regional accounts, for goals of other places than the results'. */
typedef struct {
  const tanlu_regional_levels *levels;
  const tanlu_dataset *dataset;
  size_t level; /* of the dataset: its regions */
} tanlu_goal_regions;

/* The place of the results is the file's attribute `region`, China where there is none. Goals of other places: where the scenarios are
 * by region (outputs/result_file.h), those of a region by its name are judged on its own path, and those of several, which `regions` know
 * as a place, on the sum of their paths for indicators that add up; all else as model/regional_levels.h says, by `regions` (may be
 * NULL: not judged). Not of a sweep. Errors: reading, memory. */
tanlu_status tanlu_goal_verdicts_make(tanlu_goal_verdicts *verdicts, const tanlu_goals *goals, tanlu_result *result,
                                      const tanlu_goal_regions *regions, tanlu_context *context);
void tanlu_goal_verdicts_clear(tanlu_goal_verdicts *verdicts);

#endif
