/* Policy goals: an aim on an indicator in a year, or on a scalar of the whole scenario. */
#ifndef TANLU_MODEL_GOALS_H
#define TANLU_MODEL_GOALS_H

#include <stddef.h>

#include "model/labels.h"
#include "solvers/context.h"

/* id, how files write it */
#define TANLU_GOAL_OPERATOR_LIST(X)                                                                                    \
  X(AT_LEAST, ">=")                                                                                                    \
  X(AT_MOST, "<=")                                                                                                     \
  X(ABOVE, ">")                                                                                                        \
  X(BELOW, "<")

typedef enum {
#define X(id, word) TANLU_GOAL_##id,
  TANLU_GOAL_OPERATOR_LIST(X)
#undef X
      TANLU_GOAL_OPERATOR_COUNT
} tanlu_goal_operator;

const char *tanlu_goal_operator_word(tanlu_goal_operator relation);

typedef struct {
  size_t indicator;             /* index of the yearly indicator, TANLU_NONE for a scalar of the scenario */
  size_t summary;               /* index of the scalar, TANLU_NONE for a yearly indicator */
  int year;                     /* of a yearly indicator */
  tanlu_goal_operator relation; /* indicator RELATION value */
  double value;                 /* in the unit of the indicator */
  char *unit, *source;
} tanlu_goal;

typedef struct {
  tanlu_labels label; /* code, name and Chinese name of every goal */
  tanlu_goal *goal;   /* label.count */
} tanlu_goals;

void tanlu_goals_clear(tanlu_goals *goals);

typedef enum { TANLU_GOAL_MET, TANLU_GOAL_MISSED, TANLU_GOAL_UNKNOWN } tanlu_goal_outcome;

/* Is the goal met by this value of its indicator? A missing value (NaN) of a yearly indicator cannot be judged; a missing
 * scalar (no peak inside the years, no neutrality) misses its goal. */
tanlu_goal_outcome tanlu_goal_judge(const tanlu_goal *goal, double value);

#endif
