/* Target seeking: the smallest change of some numbers of a scenario with which goals are met. */
#ifndef TANLU_INPUTS_SCENARIO_SEEK_H
#define TANLU_INPUTS_SCENARIO_SEEK_H

#include "inputs/named_output.h"
#include "inputs/scenario_numbers.h"

/* A number that may change. */
typedef struct {
  tanlu_scenario_number number; /* of the scenario's numbers, which live longer */
  double low, high;
  double weight;
  double scale; /* its change is measured against: its size, or high - low of a number that is zero */
  double found;
} tanlu_seek_lever;

/* The levers that "PATH[:LOW:HIGH[:WEIGHT]]" names: the number at the path, or all below it. Bounds are those of a scenario
 * where none are given, weight is 1. Appends to *lever; the caller frees. Errors: TANLU_ERR_INPUT for a path without numbers, with the
 * nearest one, a number named twice, bounds out of order, outside what a scenario may say or without the number between them. */
tanlu_status tanlu_seek_vary(tanlu_seek_lever **lever, size_t *count, const tanlu_scenario_numbers *numbers,
                             const char *text, tanlu_context *context);

typedef struct {
  tanlu_goal goal;
  double before, after; /* its output in the scenario as it stands, and as found */
} tanlu_seek_goal;

typedef struct {
  bool satisfied;  /* all goals are met by the scenario found */
  double distance; /* sum weight ((found - value) / scale)^2 */
  int projections;
} tanlu_seek_result;

/* Minimise the distance such that the goals are met (solvers/nearest.h), with gradients by the adjoint; found values have ten
 * digits, and `after` is a projection of these. Where no such values are found, the smallest sum of squares of the gaps, each
 * against the size of its goal. Errors: those of the projection of the scenario as it stands. */
tanlu_status tanlu_scenario_seek(const tanlu_scenario *scenario, const tanlu_dataset *dataset, const tanlu_model *model,
                                 tanlu_seek_lever *lever, size_t levers, tanlu_seek_goal *goal, size_t goals,
                                 tanlu_seek_result *result, tanlu_context *context);

#endif
