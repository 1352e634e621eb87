/* Gradients as tables and CSV: what an output depends on, the largest first. */
#ifndef TANLU_OUTPUTS_GRADIENT_VIEW_H
#define TANLU_OUTPUTS_GRADIENT_VIEW_H

#include <stdio.h>

#include "solvers/context.h"

/* One parameter: its name in one or two parts (row and column of the table, user group and carrier). */
typedef struct {
  const char *name[2]; /* the second may be NULL */
  const char *unit;
  double value, gradient; /* gradient: change of the output per unit; NaN where there is none */
} tanlu_gradient_line;

/* Parameters of one kind. */
typedef struct {
  const char *kind;       /* for CSV: "number", "coefficient", "emission factor" */
  const char *title;      /* over the table */
  const char *heading[2]; /* of the name's parts */
  size_t count;
  tanlu_gradient_line *line;
} tanlu_gradient_list;

typedef struct {
  const char *name, *unit;
  double value;
} tanlu_gradient_output;

/* The `top` lines with the largest elasticity (gradient x value / output). */
tanlu_status tanlu_gradient_print(const tanlu_gradient_output *output, const tanlu_gradient_list *list, size_t top,
                                  FILE *stream, tanlu_context *context);
/* All of them: output, kind, name, name_2, unit, value, gradient, elasticity. */
void tanlu_gradient_csv_header(FILE *stream);
void tanlu_gradient_csv(const tanlu_gradient_output *output, const tanlu_gradient_list *list, FILE *stream);

#endif
