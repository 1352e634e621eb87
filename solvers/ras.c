#include "solvers/ras.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

typedef struct {
  size_t rows, columns;
  double *matrix;
  const double *wanted[2]; /* sums of rows, of columns */
  const char *const *name[2];
  double *sum[2]; /* as they are */
  tanlu_context *context;
} ras;

enum { ROWS, COLUMNS };
static const char *const side_word[] = {"row", "column"};

static size_t count_of(const ras *s, int side) {
  return side == ROWS ? s->rows : s->columns;
}

/* "row coal", or "row 3" without names. */
static const char *name_of(const ras *s, int side, size_t i, char text[96]) {
  if (s->name[side] != NULL) {
    (void)snprintf(text, 96, "%s %s", side_word[side], s->name[side][i]);
  } else {
    (void)snprintf(text, 96, "%s %zu", side_word[side], i);
  }
  return text;
}

static void add_up(const ras *s) {
  memset(s->sum[ROWS], 0, s->rows * sizeof(double));
  for (size_t j = 0; j < s->columns; j++) {
    double sum = 0.0;
    for (size_t i = 0; i < s->rows; i++) {
      sum += s->matrix[j * s->rows + i];
      s->sum[ROWS][i] += s->matrix[j * s->rows + i];
    }
    s->sum[COLUMNS][j] = sum;
  }
}

static tanlu_status check_numbers(const ras *s) {
  char text[96];
  for (size_t k = 0; k < s->rows * s->columns; k++) {
    if (s->matrix[k] >= 0.0 && isfinite(s->matrix[k])) continue;
    return tanlu_fail(s->context, TANLU_ERR_INPUT, "RAS: %s holds %g; expected finite numbers, none below zero",
                      name_of(s, ROWS, k % s->rows, text), s->matrix[k]);
  }
  for (int side = ROWS; side <= COLUMNS; side++) {
    for (size_t i = 0; i < count_of(s, side); i++) {
      const double wanted = s->wanted[side][i];
      if (!(wanted >= 0.0) || !isfinite(wanted)) {
        return tanlu_fail(s->context, TANLU_ERR_INPUT, "RAS: %s is to add up to %g; expected zero or more",
                          name_of(s, side, i, text), wanted);
      }
      if (wanted > 0.0 && s->sum[side][i] == 0.0) {
        return tanlu_fail(s->context, TANLU_ERR_INPUT, "RAS: %s has no entries but is to add up to %g",
                          name_of(s, side, i, text), wanted);
      }
    }
  }
  return TANLU_OK;
}

static tanlu_status check_totals(const ras *s, double tolerance) {
  double total[2] = {0.0, 0.0};
  for (int side = ROWS; side <= COLUMNS; side++) {
    for (size_t i = 0; i < count_of(s, side); i++) total[side] += s->wanted[side][i];
  }
  if (fabs(total[ROWS] - total[COLUMNS]) <= tolerance * fmax(total[ROWS], total[COLUMNS])) return TANLU_OK;
  return tanlu_fail(s->context, TANLU_ERR_INPUT, "RAS: rows are to add up to %.10g and columns to %.10g in all",
                    total[ROWS], total[COLUMNS]);
}

/* Largest relative distance from what is wanted, and where. */
static double furthest(const ras *s, int *side, size_t *place) {
  double worst = 0.0;
  for (int k = ROWS; k <= COLUMNS; k++) {
    for (size_t i = 0; i < count_of(s, k); i++) {
      const double wanted = s->wanted[k][i], gap = fabs(s->sum[k][i] - wanted);
      const double off = gap == 0.0 ? 0.0 : wanted > 0.0 ? gap / wanted : HUGE_VAL;
      if (off <= worst) continue;
      worst = off;
      *side = k;
      *place = i;
    }
  }
  return worst;
}

/* Columns to their sums. */
static void scale_columns(const ras *s) {
  for (size_t j = 0; j < s->columns; j++) {
    const double sum = s->sum[COLUMNS][j], factor = sum > 0.0 ? s->wanted[COLUMNS][j] / sum : 0.0;
    for (size_t i = 0; i < s->rows; i++) s->matrix[j * s->rows + i] *= factor;
  }
}

/* Rows to theirs. */
static void scale_rows(const ras *s) {
  for (size_t i = 0; i < s->rows; i++) {
    const double sum = s->sum[ROWS][i];
    s->sum[ROWS][i] = sum > 0.0 ? s->wanted[ROWS][i] / sum : 0.0;
  }
  for (size_t j = 0; j < s->columns; j++) {
    for (size_t i = 0; i < s->rows; i++) s->matrix[j * s->rows + i] *= s->sum[ROWS][i];
  }
}

static tanlu_status balance(const ras *s, const tanlu_ras_options *options, size_t *rounds) {
  int side = ROWS;
  size_t place = 0;
  char text[96];
  add_up(s);
  tanlu_status status = check_numbers(s);
  if (status == TANLU_OK) status = check_totals(s, options->tolerance);
  if (status != TANLU_OK) return status;
  for (*rounds = 0;; ++*rounds) {
    const double worst = furthest(s, &side, &place);
    if (worst <= options->tolerance) return TANLU_OK;
    if (*rounds == options->most || !isfinite(s->sum[side][place])) {
      return tanlu_fail(s->context, TANLU_ERR_MODEL,
                        "RAS does not converge: after %zu rounds %s adds up to %.10g instead of %.10g", *rounds,
                        name_of(s, side, place, text), s->sum[side][place], s->wanted[side][place]);
    }
    scale_columns(s);
    add_up(s);
    scale_rows(s);
    add_up(s);
  }
}

tanlu_status tanlu_ras(size_t rows, size_t columns, double *matrix, const double *row_sum, const double *column_sum,
                       const char *const *row_name, const char *const *column_name, const tanlu_ras_options *options,
                       size_t *rounds, tanlu_context *context) {
  size_t taken = 0;
  ras s = {.rows = rows,
           .columns = columns,
           .matrix = matrix,
           .wanted = {row_sum, column_sum},
           .name = {row_name, column_name},
           .context = context};
  s.sum[ROWS] = tanlu_allocate_doubles(context, rows, 1);
  s.sum[COLUMNS] = tanlu_allocate_doubles(context, columns, 1);
  const bool enough = s.sum[ROWS] != NULL && s.sum[COLUMNS] != NULL;
  const tanlu_status status = enough ? balance(&s, options, rounds != NULL ? rounds : &taken) : TANLU_ERR_MEMORY;
  free(s.sum[ROWS]);
  free(s.sum[COLUMNS]);
  return status;
}
