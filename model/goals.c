#include "model/goals.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

const char *tanlu_goal_operator_word(tanlu_goal_operator relation) {
  static const char *const word[] = {
#define X(id, text) text,
      TANLU_GOAL_OPERATOR_LIST(X)
#undef X
  };
  return word[relation];
}

void tanlu_goals_clear(tanlu_goals *goals) {
  for (size_t i = 0; goals->goal != NULL && i < goals->label.count; i++) {
    free(goals->goal[i].unit);
    free(goals->goal[i].source);
  }
  free(goals->goal);
  tanlu_labels_clear(&goals->label);
  *goals = (tanlu_goals){0};
}

tanlu_goal_outcome tanlu_goal_judge(const tanlu_goal *goal, double value) {
  if (isnan(value)) return goal->summary == TANLU_NONE ? TANLU_GOAL_UNKNOWN : TANLU_GOAL_MISSED;
  bool met = false;
  switch (goal->relation) {
  case TANLU_GOAL_AT_LEAST:
    met = value >= goal->value;
    break;
  case TANLU_GOAL_AT_MOST:
    met = value <= goal->value;
    break;
  case TANLU_GOAL_ABOVE:
    met = value > goal->value;
    break;
  case TANLU_GOAL_BELOW:
    met = value < goal->value;
    break;
  default:
    break;
  }
  return met ? TANLU_GOAL_MET : TANLU_GOAL_MISSED;
}
