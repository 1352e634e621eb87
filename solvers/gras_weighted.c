/* Rounds of GRAS with reliabilities: each factor is the root of an increasing function. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "solvers/gras_private.h"

enum { ROWS = TANLU_GRAS_ROWS, COLUMNS = TANLU_GRAS_COLUMNS, NEWTON = 200 };
static const double furthest_step = 4.0; /* in logarithms of the entries that move least */

double tanlu_gras_weighted_entry(const tanlu_gras_work *w, size_t i, size_t j) {
  const size_t k = j * w->count[ROWS] + i;
  const double a = w->above[k];
  if (a == 0.0) return 0.0;
  const double move = (w->factor[ROWS][i] + w->factor[COLUMNS][j]) / w->problem->weight[k];
  return a * exp(a > 0.0 ? move : -move);
}

typedef struct {
  double sum, gross, slope, weight; /* of a row or column; the largest weight in it */
} line;

static line add_up(const tanlu_gras_work *w, int side, size_t at) {
  line l = {0};
  for (size_t k = 0; k < w->count[1 - side]; k++) {
    const size_t i = side == ROWS ? at : k, j = side == ROWS ? k : at;
    const double x = tanlu_gras_weighted_entry(w, i, j), weight = w->problem->weight[j * w->count[ROWS] + i];
    if (w->above[j * w->count[ROWS] + i] == 0.0) continue;
    l.sum += x;
    l.gross += fabs(x);
    l.slope += fabs(x) / weight;
    l.weight = fmax(l.weight, weight);
  }
  return l;
}

/* The logarithm of a factor, so that its row or column adds up. */
static void solve(const tanlu_gras_work *w, int side, size_t at) {
  double *t = &w->factor[side][at], low = -HUGE_VAL, high = HUGE_VAL;
  for (int step = 0; step < NEWTON; step++) {
    const line l = add_up(w, side, at);
    const double off = w->wanted[side][at] - l.sum;
    if (!(fabs(off) > 2.0 * DBL_EPSILON * fmax(l.gross, fabs(w->wanted[side][at]))) || !(l.weight > 0.0)) return;
    if (off > 0.0) {
      low = *t;
    } else {
      high = *t;
    }
    const double most = furthest_step * l.weight;
    double next = *t + fmin(fmax(off / l.slope, -most), most);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (!(next > low && next < high)) return; /* neighbours */
    *t = next;
  }
}

double tanlu_gras_weighted_round(const tanlu_gras_work *w, bool scale_rows, size_t *place) {
  for (size_t i = 0; scale_rows && i < w->count[ROWS]; i++) solve(w, ROWS, i);
  for (size_t j = 0; j < w->count[COLUMNS]; j++) solve(w, COLUMNS, j);
  memset(w->part[0], 0, w->count[ROWS] * sizeof(double));
  memset(w->part[1], 0, w->count[ROWS] * sizeof(double));
  for (size_t j = 0; j < w->count[COLUMNS]; j++) {
    for (size_t i = 0; i < w->count[ROWS]; i++) {
      const double x = tanlu_gras_weighted_entry(w, i, j);
      w->part[x > 0.0 ? 0 : 1][i] += fabs(x);
    }
  }
  return tanlu_gras_furthest_row(w, place);
}
