/* Shared by solvers/gras*.c alone. */
#ifndef TANLU_SOLVERS_GRAS_PRIVATE_H
#define TANLU_SOLVERS_GRAS_PRIVATE_H

#include "solvers/gras.h"

enum { TANLU_GRAS_ROWS, TANLU_GRAS_COLUMNS, TANLU_GRAS_TILE = 8 };

/* gras_kernel.c */
typedef struct {
  /* sum_c = sum_i a_c,i r_i */
  void (*dot)(size_t count, const double *const a[TANLU_GRAS_TILE], const double *r, double sum[TANLU_GRAS_TILE]);
  /* sum_i += sum_c a_c,i s_c */
  void (*add_scaled)(size_t count, const double *const a[TANLU_GRAS_TILE], const double s[TANLU_GRAS_TILE],
                     double *restrict sum);
} tanlu_gras_kernel;
/* The kernels this processor can run, best first; NULL beyond the last. The last is portable. */
const tanlu_gras_kernel *tanlu_gras_kernel_choose(size_t rank);

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
  size_t shares;     /* runs of columns whose sums are formed apart, whatever the number of threads */
  double *share[2];  /* rows x shares: parts of these sums */
  const tanlu_gras_kernel *kernel;
  int threads;
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

/* gras_columns.c, without weights. The number of shares of a table; all s_j for the r_i, and what rows add up to by them. */
size_t tanlu_gras_shares(size_t rows, size_t columns);
void tanlu_gras_scale_columns(const tanlu_gras_work *work);
/* f > 0 with f p - n / f = wanted; 1 where there is nothing to scale. */
double tanlu_gras_root(double wanted, double p, double n);

/* One round with weights: rows where `scale_rows`, then columns. The largest gap of rows, and where. */
double tanlu_gras_weighted_round(const tanlu_gras_work *work, bool scale_rows, size_t *place);
double tanlu_gras_weighted_entry(const tanlu_gras_work *work, size_t i, size_t j); /* scaled */

#endif
