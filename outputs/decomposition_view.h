/* Decompositions as tables and CSV. */
#ifndef TANLU_OUTPUTS_DECOMPOSITION_VIEW_H
#define TANLU_OUTPUTS_DECOMPOSITION_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/labels.h"
#include "solvers/context.h"

/* A state: a scenario in a year, its total and those of its parts. */
typedef struct {
  const char *scenario;
  int year;
  double total;
  const double *part; /* parts */
} tanlu_decomposed_state;

/* A change and its effects, which are additive; `multiplicative` shows their factors (model/lmdi.h). */
typedef struct {
  const char *method, *what, *unit; /* "lmdi", "co2_total", "Mt" */
  bool multiplicative;
  const tanlu_labels *effects, *parts;
  tanlu_decomposed_state from, to;
  const double *effect; /* effects x parts */
  int decimals;         /* shown of additive effects; 0: 1 */
} tanlu_decomposition;

/* Effects of the whole, with their sum, the change and the residual. chained (effects; NULL: none): what the years between add up
 * to, shown beside; in the multiplicative form the product of their factors. TANLU_ERR_MODEL where a ratio is asked for and a
 * total is not positive. */
tanlu_status tanlu_decomposition_print(const tanlu_decomposition *decomposition, const double *chained, FILE *stream,
                                       tanlu_context *context);
/* Parts by effect, additive: of more than `top` parts those with the largest effects, and the rest as one line. Parts without any
 * effect that the table's decimals could show are left out; so are effects that no part has, which are named below. */
tanlu_status tanlu_decomposition_print_parts(const tanlu_decomposition *decomposition, size_t top, FILE *stream,
                                             tanlu_context *context);

/* Two levers between two scenarios: effects of either (Shapley: the mean of its place before and behind the other), which add up to
 * the change. lever: 2 x effects. alone: change by each lever alone. */
typedef struct {
  const char *name[2];
  const double *lever;
  double alone[2];
} tanlu_lever_split;
tanlu_status tanlu_decomposition_print_levers(const tanlu_decomposition *decomposition, const tanlu_lever_split *split,
                                              FILE *stream, tanlu_context *context);

/* All numbers: method, quantity, unit, scenario_from, year_from, scenario_to, year_to, part, effect, value; the parts' change as
 * effect `change`. In the multiplicative form the unit is 1 and the change a ratio, of the whole alone (part `all`). */
void tanlu_decomposition_csv_header(FILE *stream);
tanlu_status tanlu_decomposition_csv(const tanlu_decomposition *decomposition, FILE *stream, tanlu_context *context);

#endif
