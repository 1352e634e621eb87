/* What balancing did to a table, as text and CSV. */
#ifndef TANLU_OUTPUTS_BALANCE_VIEW_H
#define TANLU_OUTPUTS_BALANCE_VIEW_H

#include <stdio.h>

#include "model/labels.h"
#include "solvers/context.h"

typedef struct {
  const tanlu_labels *row, *column;
  const double *before, *after; /* rows x columns, column-major */
  const double *against;        /* the true table; NULL: none */
  const char *table, *truth;    /* names of their files */
  const char *method;           /* "RAS" */
  size_t fixed;                 /* cells */
  size_t rounds;
  double gap;
  size_t top; /* lines of largest changes */
} tanlu_balance_view;

/* Rounds, gap, errors and the largest changes. */
tanlu_status tanlu_balance_print(const tanlu_balance_view *view, FILE *out, tanlu_context *context);
/* The table as it was read: codes in the first row and column, numbers that read back to the same bits. */
void tanlu_balance_write(const tanlu_balance_view *view, FILE *csv);

#endif
