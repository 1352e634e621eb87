/* The numbers written in a scenario, by the paths that settings take, and how the drivers move with each of them. */
#ifndef TANLU_INPUTS_SCENARIO_NUMBERS_H
#define TANLU_INPUTS_SCENARIO_NUMBERS_H

#include "inputs/scenario_file.h"
#include "inputs/scenario_moves.h"
#include "model/adjoint.h"

/* One number. */
typedef struct {
  char *path;             /* as --set takes it: gdp.growth.2030, energy.intensity.services.trend */
  const char *unit;       /* "percent a year" for trends */
  double value;           /* as it is written */
  double lowest, highest; /* that a scenario may give */
  bool linear; /* drivers are linear in it: no trend, no geometric interpolation, no part in what routes or tiers do */
  const tanlu_yaml *node; /* where it stands */
  const tanlu_yaml *line; /* the timeline it is part of */
} tanlu_scenario_number;

typedef struct {
  size_t count;
  tanlu_scenario_number *number;
} tanlu_scenario_numbers;

/* All numbers of a resolved scenario, in file order. */
tanlu_status tanlu_scenario_numbers_find(tanlu_scenario_numbers *numbers, const tanlu_scenario *scenario,
                                         const tanlu_dataset *dataset, tanlu_context *context);
void tanlu_scenario_numbers_clear(tanlu_scenario_numbers *numbers);

/* Directions (model/adjoint.h) in which numbers move the drivers: those that move the same drivers in the same proportions in
 * a year share one. */
typedef struct {
  size_t directions;
  tanlu_direction *direction; /* in order of years */
  size_t numbers;
  struct tanlu_number_moves *moves; /* numbers: private */
} tanlu_number_directions;

/* d drivers / d number at `value` (numbers.count) by differences; `drivers` are those of the values, moves those of the
 * numbers in their order. With `processes`, after them, for every process emission a number that scales its factor in all years. */
tanlu_status tanlu_number_directions_find(tanlu_number_directions *directions, const tanlu_scenario_numbers *numbers,
                                          const double *value, tanlu_moves *moves, const tanlu_drivers *drivers,
                                          bool processes, tanlu_context *context);
void tanlu_number_directions_clear(tanlu_number_directions *directions);
/* dJ / d number from dJ by direction (directions); NaN where the number cannot move or J has no gradient along its way. */
double tanlu_number_gradient(const tanlu_number_directions *directions, size_t number, const double *by_direction);
/* d driver / d number of one member in year t. */
double tanlu_number_move(const tanlu_number_directions *directions, size_t number, size_t t, tanlu_driver_id id,
                         size_t member);

#endif
