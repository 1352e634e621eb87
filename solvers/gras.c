#include "solvers/gras.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/gras_private.h"
#include "solvers/memory.h"

enum { ROWS = TANLU_GRAS_ROWS, COLUMNS = TANLU_GRAS_COLUMNS, WIDTH = 4 };
typedef double quad __attribute__((vector_size(32), may_alias, aligned(8)));
typedef long long bits __attribute__((vector_size(32), may_alias, aligned(8)));
static const char *const side_word[] = {"row", "column"};
static const double rounding = 1e-14; /* what is left of a sum when known entries make it up */

const char *tanlu_gras_name(const tanlu_gras_problem *problem, int side, size_t i, char text[TANLU_GRAS_NAME]) {
  const char *const *name = side == ROWS ? problem->row_name : problem->column_name;
  if (name != NULL) {
    (void)snprintf(text, TANLU_GRAS_NAME, "%s %s", side_word[side], name[i]);
  } else {
    (void)snprintf(text, TANLU_GRAS_NAME, "%s %zu", side_word[side], i);
  }
  return text;
}

/* ---- what is asked for ------------------------------------------------------------------------------------------------- */

/* matrix: NULL where its numbers are known to be finite. */
static tanlu_status check_numbers(const tanlu_gras_problem *p, const double *matrix, tanlu_context *context) {
  const double *const wanted[] = {p->row_sum, p->column_sum};
  const size_t count[] = {p->rows, p->columns};
  char text[TANLU_GRAS_NAME], other[TANLU_GRAS_NAME];
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; (matrix != NULL || p->weight != NULL) && k < p->rows * p->columns; k++) {
    const bool right = p->weight == NULL || (p->weight[k] > 0.0 && isfinite(p->weight[k]));
    const bool finite = matrix == NULL || isfinite(matrix[k]);
    if (right && finite) continue;
    const size_t i = k % p->rows, j = k / p->rows;
    if (!finite) {
      status = tanlu_fail(context, TANLU_ERR_INPUT, "balancing: %s, %s is %g; expected a finite number",
                          tanlu_gras_name(p, ROWS, i, text), tanlu_gras_name(p, COLUMNS, j, other), matrix[k]);
    }
    if (!right) {
      status = tanlu_fail(context, TANLU_ERR_INPUT, "balancing: the weight of %s, %s is %g; expected one above zero",
                          tanlu_gras_name(p, ROWS, i, text), tanlu_gras_name(p, COLUMNS, j, other), p->weight[k]);
    }
  }
  for (int side = ROWS; side <= COLUMNS; side++) {
    for (size_t i = 0; i < count[side]; i++) {
      if (isfinite(wanted[side][i])) continue;
      status = tanlu_fail(context, TANLU_ERR_INPUT, "balancing: %s is to add up to %g; expected a finite number",
                          tanlu_gras_name(p, side, i, text), wanted[side][i]);
    }
  }
  return status;
}

static tanlu_status check_totals(const tanlu_gras_problem *p, double tolerance, tanlu_context *context) {
  double rows = 0.0, columns = 0.0, size_rows = 0.0, size_columns = 0.0;
  for (size_t i = 0; i < p->rows; i++) {
    rows += p->row_sum[i];
    size_rows += fabs(p->row_sum[i]);
  }
  for (size_t j = 0; j < p->columns; j++) {
    columns += p->column_sum[j];
    size_columns += fabs(p->column_sum[j]);
  }
  const double off = fabs(rows - columns), size = fmax(size_rows, size_columns);
  if (off <= tolerance * size) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT,
                    "balancing: rows are to add up to %.10g and columns to %.10g in all: %.2g of it apart, more than "
                    "the tolerance %g",
                    rows, columns, off / size, tolerance);
}

/* Sums of a matrix, of its absolute values, and whether it has entries below zero. */
typedef struct {
  double *sum[2], *size[2];
  bool below;
} sums;

static void add_up(const tanlu_gras_problem *p, const double *matrix, sums *s) {
  const size_t m = p->rows;
  double *restrict row = s->sum[ROWS], *restrict size = s->size[ROWS];
  int below = 0;
  memset(row, 0, m * sizeof *row);
  memset(size, 0, m * sizeof *size);
  for (size_t j = 0; j < p->columns; j++) {
    const double *restrict a = &matrix[j * m];
    quad up = {0.0}, all = {0.0};
    size_t i = 0;
    for (; i + WIDTH <= m; i += WIDTH) {
      const quad x = *(const quad *)(a + i);
      const quad absolute = (quad)((bits)x & LLONG_MAX);
      up += x;
      all += absolute;
      *(quad *)(row + i) += x;
      *(quad *)(size + i) += absolute;
    }
    double sum = (up[0] + up[2]) + (up[1] + up[3]), gross = (all[0] + all[2]) + (all[1] + all[3]);
    for (; i < m; i++) {
      sum += a[i];
      gross += fabs(a[i]);
      row[i] += a[i];
      size[i] += fabs(a[i]);
    }
    for (i = 0; i < m; i++) below |= a[i] < 0.0;
    s->sum[COLUMNS][j] = sum;
    s->size[COLUMNS][j] = gross;
  }
  s->below = below != 0;
}

/* Largest gap. */
static double measure(const tanlu_gras_problem *p, const sums *s) {
  const double *const wanted[] = {p->row_sum, p->column_sum};
  const size_t count[] = {p->rows, p->columns};
  double worst = 0.0;
  for (int k = ROWS; k <= COLUMNS; k++) {
    for (size_t i = 0; i < count[k]; i++) {
      const double off = fabs(s->sum[k][i] - wanted[k][i]);
      if (off != 0.0) worst = fmax(worst, off / fmax(fabs(wanted[k][i]), s->size[k][i]));
    }
  }
  return worst;
}

/* Nothing has to be set apart: no weights, no fixed entries, and all entries and sums are above zero or together zero. */
static bool is_plain(const tanlu_gras_problem *p, const sums *s) {
  const double *const wanted[] = {p->row_sum, p->column_sum};
  const size_t count[] = {p->rows, p->columns};
  bool plain = p->fixed == NULL && p->weight == NULL && !s->below;
  for (int k = ROWS; k <= COLUMNS; k++) {
    for (size_t i = 0; i < count[k]; i++)
      plain = plain && wanted[k][i] >= 0.0 && (wanted[k][i] > 0.0) == (s->size[k][i] > 0.0);
  }
  return plain;
}

static bool all_finite(const tanlu_gras_problem *p, const sums *s) {
  double all = 0.0;
  for (size_t j = 0; j < p->columns; j++) all += s->size[COLUMNS][j];
  return isfinite(all);
}

/* ---- what is to be scaled ---------------------------------------------------------------------------------------------- */

static bool is_fixed(const tanlu_gras_work *w, size_t k) {
  return w->problem->fixed != NULL && w->problem->fixed[k];
}

/* Sums less fixed entries. */
static void take_off_fixed(const tanlu_gras_work *w, const double *matrix) {
  const tanlu_gras_problem *p = w->problem;
  const double *const sum[] = {p->row_sum, p->column_sum};
  for (int side = ROWS; side <= COLUMNS; side++) {
    for (size_t i = 0; i < w->count[side]; i++) {
      w->wanted[side][i] = sum[side][i];
    }
  }
  if (p->fixed == NULL) return;
  for (size_t k = 0; k < p->rows * p->columns; k++) {
    if (!p->fixed[k]) continue;
    const size_t at[] = {k % p->rows, k / p->rows};
    for (int side = ROWS; side <= COLUMNS; side++) {
      w->wanted[side][at[side]] -= matrix[k];
      w->known[side][at[side]] += fabs(matrix[k]);
    }
  }
  for (int side = ROWS; side <= COLUMNS; side++) {
    for (size_t i = 0; i < w->count[side]; i++) {
      const double size = fabs(sum[side][i]) + w->known[side][i];
      if (fabs(w->wanted[side][i]) <= rounding * size) w->wanted[side][i] = 0.0;
    }
  }
}

/* Free entries into a copy, still with their signs. */
static bool take_free(tanlu_gras_work *w) {
  const size_t m = w->count[ROWS], n = w->count[COLUMNS];
  const double *matrix = w->above;
  double *copy = tanlu_allocate_doubles(w->context, m, n);
  if (copy == NULL) return false;
  for (size_t k = 0; k < m * n; k++) copy[k] = is_fixed(w, k) ? 0.0 : matrix[k];
  w->above = w->copy = copy;
  return true;
}

/* Which signs a row or column has: 1 above zero, 2 below zero. */
static void find_signs(const tanlu_gras_work *w, unsigned char *const sign[2]) {
  memset(sign[ROWS], 0, w->count[ROWS]);
  memset(sign[COLUMNS], 0, w->count[COLUMNS]);
  for (size_t j = 0; j < w->count[COLUMNS]; j++) {
    unsigned char column = 0;
    for (size_t i = 0; i < w->count[ROWS]; i++) {
      const double a = w->above[j * w->count[ROWS] + i];
      const unsigned char own = (unsigned char)(a > 0.0 ? 1 : a < 0.0 ? 2 : 0);
      sign[ROWS][i] = (unsigned char)(sign[ROWS][i] | own);
      column = (unsigned char)(column | own);
    }
    sign[COLUMNS][j] = column;
  }
}

/* A row or column of one sign that is to add up to zero has none but zeros, which may leave others with one sign. */
static void drop_zeros(const tanlu_gras_work *w, unsigned char *const sign[2]) {
  const size_t m = w->count[ROWS];
  for (bool changed = true; changed;) {
    changed = false;
    find_signs(w, sign);
    for (int side = ROWS; side <= COLUMNS; side++) {
      for (size_t i = 0; i < w->count[side]; i++) {
        if (w->wanted[side][i] != 0.0 || (sign[side][i] != 1 && sign[side][i] != 2)) continue;
        for (size_t k = 0; k < w->count[1 - side]; k++) w->above[side == ROWS ? k * m + i : i * m + k] = 0.0;
        changed = true;
      }
    }
  }
}

static tanlu_status check_signs(const tanlu_gras_work *w, unsigned char *const sign[2]) {
  static const char *const what[] = {"no entries", "no entries below zero", "no entries above zero"};
  char text[TANLU_GRAS_NAME];
  tanlu_status status = TANLU_OK;
  for (int side = ROWS; side <= COLUMNS; side++) {
    for (size_t i = 0; i < w->count[side]; i++) {
      const double wanted = w->wanted[side][i];
      const unsigned char has = sign[side][i];
      if (has == 3 || wanted == 0.0 || (has == 1 && wanted > 0.0) || (has == 2 && wanted < 0.0)) continue;
      status = tanlu_fail(w->context, TANLU_ERR_INPUT, "balancing: %s has %s%s but is to add up to %.10g",
                          tanlu_gras_name(w->problem, side, i, text), what[has],
                          w->problem->fixed != NULL ? " beside fixed ones and those bound to be zero" : "", wanted);
    }
  }
  return status;
}

/* Entries below zero from `above` into a list by columns; with weights they stay where they are. */
static tanlu_status split_signs(tanlu_gras_work *w) {
  const size_t m = w->count[ROWS], n = w->count[COLUMNS];
  const bool listed = w->problem->weight == NULL;
  size_t entries = 0;
  for (size_t k = 0; listed && k < m * n; k++) entries += w->above[k] < 0.0;
  w->place = tanlu_allocate(w->context, entries, sizeof *w->place);
  w->below = tanlu_allocate_doubles(w->context, entries, 1);
  if (w->place == NULL || w->below == NULL) return TANLU_ERR_MEMORY;
  entries = 0;
  for (size_t j = 0; j < n; j++) {
    w->first[j] = entries;
    for (size_t i = 0; listed && i < m; i++) {
      double *a = &w->above[j * m + i];
      if (!(*a < 0.0)) continue;
      w->place[entries] = i;
      w->below[entries++] = -*a;
      *a = 0.0;
    }
  }
  w->first[n] = entries;
  return TANLU_OK;
}

static tanlu_status set_apart(tanlu_gras_work *w) {
  unsigned char *sign[2] = {tanlu_allocate(w->context, w->count[ROWS], 1),
                            tanlu_allocate(w->context, w->count[COLUMNS], 1)};
  tanlu_status status = TANLU_ERR_MEMORY;
  if (sign[ROWS] != NULL && sign[COLUMNS] != NULL && take_free(w)) {
    drop_zeros(w, sign);
    status = check_signs(w, sign);
    if (status == TANLU_OK) status = split_signs(w);
  }
  free(sign[ROWS]);
  free(sign[COLUMNS]);
  return status;
}

/* ---- rounds ------------------------------------------------------------------------------------------------------------ */

double tanlu_gras_furthest_row(const tanlu_gras_work *w, size_t *place) {
  const bool weighted = w->problem->weight != NULL; /* their parts hold the factors already */
  double worst = -1.0;
  for (size_t i = 0; i < w->count[ROWS]; i++) {
    const double up = w->part[0][i] * (weighted ? 1.0 : w->factor[ROWS][i]);
    const double down = w->part[1][i] * (weighted ? 1.0 : w->inverse[i]);
    const double off = fabs(up - down - w->wanted[ROWS][i]);
    const double size = fmax(fabs(w->problem->row_sum[i]), w->known[ROWS][i] + up + down);
    const double gap = off == 0.0 ? 0.0 : off / size;
    if (gap <= worst) continue; /* not a number counts as the largest */
    worst = isnan(gap) ? HUGE_VAL : gap;
    *place = i;
  }
  return worst;
}

static double plain_round(const tanlu_gras_work *w, bool scale_rows, size_t *place) {
  if (scale_rows) {
    for (size_t i = 0; i < w->count[ROWS]; i++) {
      w->factor[ROWS][i] = tanlu_gras_root(w->wanted[ROWS][i], w->part[0][i], w->part[1][i]);
      w->inverse[i] = w->part[1][i] > 0.0 ? 1.0 / w->factor[ROWS][i] : 0.0;
    }
  }
  tanlu_gras_scale_columns(w);
  return tanlu_gras_furthest_row(w, place);
}

static tanlu_status iterate(const tanlu_gras_work *w, size_t most, size_t *rounds) {
  const bool weighted = w->problem->weight != NULL;
  size_t place = 0;
  char text[TANLU_GRAS_NAME];
  for (*rounds = 1;; ++*rounds) {
    const double gap =
        weighted ? tanlu_gras_weighted_round(w, *rounds > 1, &place) : plain_round(w, *rounds > 1, &place);
    if (gap <= w->tolerance) return TANLU_OK;
    const bool last = *rounds >= most || !isfinite(gap);
    if (last || *rounds == TANLU_GRAS_PATIENCE) {
      const tanlu_status status = tanlu_gras_explain(w, last, place);
      if (status != TANLU_OK) return status;
    }
    if (last) {
      return tanlu_fail(w->context, TANLU_ERR_MODEL,
                        "balancing does not converge: after %zu rounds %s is %.2g of it off", *rounds,
                        tanlu_gras_name(w->problem, ROWS, place, text), gap);
    }
  }
}

/* ---- the result -------------------------------------------------------------------------------------------------------- */

static void put_back(const tanlu_gras_work *w, double *matrix) {
  const size_t m = w->count[ROWS], n = w->count[COLUMNS];
  const bool weighted = w->problem->weight != NULL;
  const double *r = w->factor[ROWS];
  for (size_t j = 0; j < n; j++) {
    const double s = w->factor[COLUMNS][j];
    if (w->copy == NULL) {
      double *column = &matrix[j * m];
      for (size_t i = 0; i < m; i++) column[i] = column[i] * r[i] * s;
      continue;
    }
    for (size_t i = 0; i < m; i++) {
      const size_t k = j * m + i;
      if (!is_fixed(w, k)) matrix[k] = weighted ? tanlu_gras_weighted_entry(w, i, j) : w->above[k] * r[i] * s;
    }
    for (size_t e = w->first[j]; e < w->first[j + 1]; e++) {
      matrix[j * m + w->place[e]] = -w->below[e] / (r[w->place[e]] * s);
    }
  }
}

static bool allocate(tanlu_gras_work *w, const tanlu_gras_problem *p) {
  const size_t m = p->rows, n = p->columns;
  w->count[ROWS] = m;
  w->count[COLUMNS] = n;
  w->first = tanlu_allocate(w->context, n + 1, sizeof *w->first);
  w->inverse = tanlu_allocate_doubles(w->context, m, 1);
  bool enough = w->first != NULL && w->inverse != NULL;
  for (int side = ROWS; side <= COLUMNS; side++) {
    w->wanted[side] = tanlu_allocate_doubles(w->context, w->count[side], 1);
    w->known[side] = tanlu_allocate_doubles(w->context, w->count[side], 1);
    w->factor[side] = tanlu_allocate_doubles(w->context, w->count[side], 1);
    w->part[side] = tanlu_allocate_doubles(w->context, m, 1);
    enough =
        enough && w->wanted[side] != NULL && w->known[side] != NULL && w->factor[side] != NULL && w->part[side] != NULL;
  }
  w->shares = tanlu_gras_shares(m, n);
  w->share[0] = tanlu_allocate_doubles(w->context, m, w->shares);
  w->share[1] = tanlu_allocate_doubles(w->context, m, w->shares);
  enough = enough && w->share[0] != NULL && w->share[1] != NULL;
  const double one = p->weight != NULL ? 0.0 : 1.0; /* logarithms with weights */
  for (size_t i = 0; enough && i < m; i++) {
    w->factor[ROWS][i] = one;
    w->inverse[i] = 1.0;
  }
  return enough;
}

static void clear(tanlu_gras_work *w) {
  free(w->copy);
  free(w->first);
  free(w->place);
  free(w->below);
  free(w->inverse);
  for (int side = ROWS; side <= COLUMNS; side++) {
    free(w->wanted[side]);
    free(w->known[side]);
    free(w->factor[side]);
    free(w->part[side]);
    free(w->share[side]);
  }
}

static tanlu_status balance(tanlu_gras_work *w, double *matrix, const tanlu_ras_options *options, bool plain,
                            tanlu_gras_report *report) {
  if (!allocate(w, w->problem)) return TANLU_ERR_MEMORY;
  w->above = matrix;
  take_off_fixed(w, matrix);
  tanlu_status status = plain ? TANLU_OK : set_apart(w);
  if (status == TANLU_OK) status = iterate(w, options->most, &report->rounds);
  if (status == TANLU_OK) put_back(w, matrix);
  return status;
}

tanlu_status tanlu_gras(const tanlu_gras_problem *problem, double *matrix, const tanlu_ras_options *options,
                        tanlu_gras_report *report, tanlu_context *context) {
  tanlu_gras_work w = {.problem = problem,
                       .tolerance = options->tolerance,
                       .kernel = tanlu_gras_kernel_choose(0),
                       .threads = options->threads > 0 ? options->threads : 1,
                       .context = context};
  tanlu_gras_report own = {0};
  const size_t m = problem->rows, n = problem->columns;
  double *space = tanlu_allocate_doubles(context, m + n, 2);
  if (space == NULL) return TANLU_ERR_MEMORY;
  sums s = {.sum = {space, space + m}, .size = {space + m + n, space + 2 * m + n}};
  add_up(problem, matrix, &s);
  tanlu_status status = check_numbers(problem, all_finite(problem, &s) ? NULL : matrix, context);
  if (status == TANLU_OK) status = check_totals(problem, options->tolerance, context);
  if (status == TANLU_OK) {
    own.gap = measure(problem, &s);
    if (!(own.gap <= options->tolerance)) {
      status = balance(&w, matrix, options, is_plain(problem, &s), &own);
      if (status == TANLU_OK) add_up(problem, matrix, &s);
      own.gap = measure(problem, &s);
    }
  }
  if (report != NULL) *report = own;
  free(space);
  clear(&w);
  return status;
}
