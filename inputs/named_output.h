/* Outputs of a scenario by their names, co2_net.2060 or cumulative_co2, and goals for them, co2_net.2060<=0. */
#ifndef TANLU_INPUTS_NAMED_OUTPUT_H
#define TANLU_INPUTS_NAMED_OUTPUT_H

#include "model/goals.h"
#include "model/indicators.h"

/* An indicator in a year (its last one without) or a scalar of the scenario whose value can move by degrees: fills indicator,
 * summary and year of the goal. `what` is said before messages. Errors: TANLU_ERR_INPUT for unknown names, with the nearest one,
 * years outside from..to and scalars that are years. */
tanlu_status tanlu_output_named(tanlu_goal *output, const char *text, int from, int to, const char *what,
                                tanlu_context *context);
/* The same with `<=` or `>=` and a number behind it. */
tanlu_status tanlu_goal_named(tanlu_goal *goal, const char *text, int from, int to, const char *what,
                              tanlu_context *context);

/* "co2_net.2060" or "cumulative_co2", and the unit. */
enum { TANLU_OUTPUT_NAME = 80 };
void tanlu_output_name(const tanlu_goal *output, char name[TANLU_OUTPUT_NAME]);
const char *tanlu_output_unit(const tanlu_goal *output);

/* The output as a weighted sum of indicators (model/adjoint.h): weight (out) years x indicators of the projection. Errors:
 * TANLU_ERR_MODEL where the projection has no such value (no peak within its years, no employment in the dataset). */
tanlu_status tanlu_output_weights(const tanlu_goal *output, const tanlu_projection *projection, double *weight,
                                  tanlu_context *context);

#endif
