/* Policy goals: an aim on an indicator in a year, on how it changes, on the year of its peak, or on a scalar of the whole
 * scenario.
 *
 * With I_t the indicator, b the base year and t the year of the goal, a goal measures
 *     level        I_t, or the scalar
 *     change       I_t / I_b - 1
 *     difference   I_t - I_b
 *     peak_year    the year of the largest I; missing where that is the last year
 * and compares it with its value. */
#ifndef TANLU_MODEL_GOALS_H
#define TANLU_MODEL_GOALS_H

#include <stdbool.h>
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

/* id, how files write it */
#define TANLU_GOAL_MEASURE_LIST(X)                                                                                     \
  X(LEVEL, "level")                                                                                                    \
  X(CHANGE, "change")                                                                                                  \
  X(DIFFERENCE, "difference")                                                                                          \
  X(PEAK, "peak_year")

typedef enum {
#define X(id, word) TANLU_GOAL_##id,
  TANLU_GOAL_MEASURE_LIST(X)
#undef X
      TANLU_GOAL_MEASURE_COUNT
} tanlu_goal_measure;

const char *tanlu_goal_measure_word(tanlu_goal_measure measure);

typedef struct {
  size_t indicator;             /* index of the yearly indicator, TANLU_NONE for a scalar of the scenario */
  size_t summary;               /* index of the scalar, TANLU_NONE for a yearly indicator */
  int year;                     /* of a yearly indicator; 0 for the year of a peak */
  tanlu_goal_measure measure;   /* what is compared */
  int base_year;                /* of change and difference, and of an indicator that is a change; 0 for none */
  tanlu_goal_operator relation; /* measure RELATION value */
  double value;                 /* in `unit`: that of the indicator, 1 for a change, year for a peak */
  bool incentive;               /* the further end of a range, or striven for: not reaching it is no failure */
  char *unit, *source;
  char *scope;   /* the place it is about: "China", "Ningxia" */
  char *presets; /* names of the selections it is in, separated by blanks */
  char *document, *date, *note;
} tanlu_goal;

typedef struct {
  tanlu_labels label; /* code, name and Chinese name of every goal */
  tanlu_goal *goal;   /* label.count */
} tanlu_goals;

void tanlu_goals_clear(tanlu_goals *goals);

/* Is the goal in the selection of this name? */
bool tanlu_goal_in_preset(const tanlu_goal *goal, const char *preset);
/* The names of all presets, or of all places, in the order of their first appearance, as codes of `labels` (cleared by the
 * caller). */
tanlu_status tanlu_goals_presets(const tanlu_goals *goals, tanlu_labels *labels, tanlu_context *context);
tanlu_status tanlu_goals_scopes(const tanlu_goals *goals, tanlu_labels *labels, tanlu_context *context);

typedef enum { TANLU_GOAL_MET, TANLU_GOAL_MISSED, TANLU_GOAL_UNKNOWN } tanlu_goal_outcome;

/* Is the goal met by this value of what it measures? A missing value (NaN) of a yearly indicator cannot be judged; a missing
 * scalar or peak (no peak inside the years, no neutrality) misses its goal. */
tanlu_goal_outcome tanlu_goal_judge(const tanlu_goal *goal, double value);

/* Why a goal cannot be judged. id, text */
#define TANLU_GOAL_OBSTACLE_LIST(X)                                                                                    \
  X(NONE, "")                                                                                                          \
  X(PLACE, "of another place than the results")                                                                        \
  X(INDICATOR, "the results do not hold its indicator")                                                                \
  X(YEAR, "its year is not among those of the results")                                                                \
  X(BASE, "its base year is not among those of the results")                                                           \
  X(BEYOND, "its year lies beyond the results")                                                                        \
  X(VALUE, "its indicator has no value in this scenario")                                                              \
  X(REGION, "of a place that the regional accounts do not have")                                                       \
  X(ACCOUNTS, "the regional accounts do not hold its indicator")                                                       \
  X(ACCOUNTS_YEAR, "the regional accounts hold its indicator in their base year alone")                                \
  X(ACCOUNTS_BASE, "its base year lies before the regional accounts")                                                  \
  X(ACCOUNTS_PROCESS, "the regional accounts count process CO2 too, and are above it")

typedef enum {
#define X(id, text) TANLU_GOAL_OBSTACLE_##id,
  TANLU_GOAL_OBSTACLE_LIST(X)
#undef X
      TANLU_GOAL_OBSTACLE_COUNT
} tanlu_goal_obstacle;

const char *tanlu_goal_obstacle_text(tanlu_goal_obstacle obstacle);

typedef struct {
  tanlu_goal_outcome outcome;
  tanlu_goal_obstacle obstacle; /* where the outcome is unknown */
  double value;                 /* what the goal measures */
  double short_by; /* how far a missed goal is missed, > 0 or 0 at a strict bound; NaN where met or no value */
  int first_year;  /* first year after the base year in which the measure meets the value, 0 for none or of
                                    peaks and scalars */
  bool as_nation;  /* of a region that is taken to move with the nation (model/regional_levels.h) */
} tanlu_goal_verdict;

/* What one scenario gives a goal to read. */
typedef struct {
  size_t years;
  const int *year;      /* years, rising */
  const double *series; /* years: the goal's indicator; NULL where there is none */
  double scalar;        /* the goal's scalar, NaN where it does not happen */
  bool has_scalar;
  const char *scope; /* the place of the results; NULL: China */
} tanlu_goal_evidence;

tanlu_goal_verdict tanlu_goal_evaluate(const tanlu_goal *goal, const tanlu_goal_evidence *evidence);

#endif
