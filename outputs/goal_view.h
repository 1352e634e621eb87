/* Goals judged on a result file: by scenario, or by the share of the samples of a sweep. */
#ifndef TANLU_OUTPUTS_GOAL_VIEW_H
#define TANLU_OUTPUTS_GOAL_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/regional_levels.h"
#include "outputs/result_file.h"
#include "outputs/text_chart.h"

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

/* The place of the results is the file's attribute `region`, China where there is none. regions (may be NULL) judge goals of other
 * places, as model/regional_levels.h says; not of a sweep. Errors: reading, memory. */
tanlu_status tanlu_goal_verdicts_make(tanlu_goal_verdicts *verdicts, const tanlu_goals *goals, tanlu_result *result,
                                      const tanlu_goal_regions *regions, tanlu_context *context);
void tanlu_goal_verdicts_clear(tanlu_goal_verdicts *verdicts);

/* What is shown. */
typedef struct {
  const bool *chosen;            /* goals; NULL: all */
  size_t scenario;               /* TANLU_NONE: all */
  bool brief;                    /* without gaps, first years and goals that cannot be judged */
  bool apart;                    /* the first line is empty, if there are others */
  const tanlu_text_style *style; /* NULL: without colours */
} tanlu_goal_choice;

/* Goals that can be judged somewhere by scenario, then the others with the reason. */
tanlu_status tanlu_goal_view(const tanlu_goal_verdicts *verdicts, const tanlu_goal_choice *choice, FILE *stream,
                             tanlu_context *context);
/* One record a goal and scenario; of a sweep one a goal. */
void tanlu_goal_csv(const tanlu_goal_verdicts *verdicts, const tanlu_goal_choice *choice, FILE *stream);
/* How many of the chosen goals are missed in some scenario shown, or in some judged sample; incentive goals do not count,
 * nor those of places that are only taken to move with the nation. */
size_t tanlu_goal_missed(const tanlu_goal_verdicts *verdicts, const tanlu_goal_choice *choice);

#endif
