/* Goals judged on a result file, as a table and as CSV: by scenario, or by the share of the samples of a sweep. */
#ifndef TANLU_OUTPUTS_GOAL_VIEW_H
#define TANLU_OUTPUTS_GOAL_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "outputs/goal_verdicts.h"
#include "outputs/text_chart.h"

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
