/* Shared by solvers/gras*.c alone. */
#ifndef TANLU_SOLVERS_GRAS_PRIVATE_H
#define TANLU_SOLVERS_GRAS_PRIVATE_H

#include "solvers/gras.h"

enum { TANLU_GRAS_ROWS, TANLU_GRAS_COLUMNS };

/* What is to be scaled: entries that are neither fixed nor bound to be zero. */
typedef struct {
  const tanlu_gras_problem *problem;
  size_t count[2]; /* rows, columns */
  double
      *above; /* rows x columns: entries above zero; with weights those below zero too. The matrix itself or `copy` */
  double *copy;
  size_t *first;     /* columns + 1: entries below zero of column j are first[j] .. first[j + 1) */
  size_t *place;     /* their rows */
  double *below;     /* their absolute values */
  double *wanted[2]; /* sums less fixed entries */
  double *known[2];  /* sums of absolute fixed entries */
  double *factor[2]; /* r, s; with weights their logarithms */
  double *inverse;   /* rows: 1 / r */
  double *part[2];   /* rows: sums of entries above zero and below zero, without r but where there are weights */
  double tolerance;
  tanlu_context *context;
} tanlu_gras_work;

/* "row coal", or "row 3" without names. */
enum { TANLU_GRAS_NAME = 96 };
const char *tanlu_gras_name(const tanlu_gras_problem *problem, int side, size_t i, char text[TANLU_GRAS_NAME]);

/* Does a solution exist? TANLU_ERR_MODEL naming the rows and columns in the way where none does. `limit`: also where one exists but
 * only with zeros where the matrix has entries, which scaling comes near but does not reach; `row` is where it is looked for first. */
tanlu_status tanlu_gras_explain(const tanlu_gras_work *work, bool limit, size_t row);

/* Largest gap of rows, columns being met, and where. */
double tanlu_gras_furthest_row(const tanlu_gras_work *work, size_t *place);

/* One round with weights: rows where `scale_rows`, then columns. The largest gap of rows, and where. */
double tanlu_gras_weighted_round(const tanlu_gras_work *work, bool scale_rows, size_t *place);
double tanlu_gras_weighted_entry(const tanlu_gras_work *work, size_t i, size_t j); /* scaled */

#endif
