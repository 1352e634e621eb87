#include "solvers/lane_anderson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

enum { DEPTH_MAX = 8 };
/* Directions shorter than this part of their length before orthogonalisation carry no information: steps come from single
 * precision. */
static const double dependent = 1e-4;

struct tanlu_lane_anderson {
  size_t size, depth, width;
  size_t steps;         /* since the last reset */
  double *state, *step; /* of the last step: size x lanes */
  double *df, *dg;      /* depth x size x lanes: differences of steps and of images, a ring */
  double gram[DEPTH_MAX][DEPTH_MAX][TANLU_LANES_MAX]; /* df'df by places in the ring */
};

tanlu_status tanlu_lane_anderson_create(tanlu_lane_anderson **anderson, size_t size, size_t depth, size_t width,
                                        tanlu_context *context) {
  *anderson = NULL;
  if (depth > DEPTH_MAX || width > TANLU_LANES_MAX) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "Anderson depth %zu in %zu lanes", depth, width);
  }
  tanlu_lane_anderson *a = tanlu_allocate(context, 1, sizeof *a);
  if (a == NULL) return TANLU_ERR_MEMORY;
  a->size = size;
  a->depth = depth;
  a->width = width;
  a->state = tanlu_allocate_doubles(context, size, width);
  a->step = tanlu_allocate_doubles(context, size, width);
  a->df = tanlu_allocate_doubles(context, depth * size, width);
  a->dg = tanlu_allocate_doubles(context, depth * size, width);
  if (a->state == NULL || a->step == NULL || a->df == NULL || a->dg == NULL) {
    tanlu_lane_anderson_free(&a);
    return TANLU_ERR_MEMORY;
  }
  *anderson = a;
  return TANLU_OK;
}

void tanlu_lane_anderson_free(tanlu_lane_anderson **anderson) {
  tanlu_lane_anderson *a = *anderson;
  if (a == NULL) return;
  free(a->state);
  free(a->step);
  free(a->df);
  free(a->dg);
  free(a);
  *anderson = NULL;
}

void tanlu_lane_anderson_reset(tanlu_lane_anderson *anderson) {
  anderson->steps = 0;
}

TANLU_EACH_ISA
static void dot(size_t size, size_t width, const double *restrict a, const double *restrict b, double *restrict sum) {
  EACH_LANE(l) sum[l] = 0.0;
  for (size_t i = 0; i < size; i++) {
    EACH_LANE(l) sum[l] += a[i * width + l] * b[i * width + l];
  }
}

/* to -= factor (lanes) x from */
TANLU_EACH_ISA
static void subtract(size_t size, size_t width, const double *restrict factor, const double *restrict from,
                     double *restrict to) {
  for (size_t i = 0; i < size; i++) {
    EACH_LANE(l) to[i * width + l] -= factor[l] * from[i * width + l];
  }
}

/* The newest differences, and what the next ones will be taken against. */
TANLU_EACH_ISA
static void remember(size_t count, const double *restrict state, const double *restrict step,
                     double *restrict last_state, double *restrict last_step, double *restrict df,
                     double *restrict dg) {
  for (size_t i = 0; i < count; i++) {
    df[i] = step[i] - last_step[i];
    dg[i] = (state[i] - last_state[i]) + df[i];
  }
  memcpy(last_state, state, count * sizeof *state);
  memcpy(last_step, step, count * sizeof *step);
}

/* gamma: least squares of df gamma = step over the differences, newest first, by their normal equations. A difference that
 * lies in the span of newer ones but for `dependent` of its length adds nothing and is left out. */
static void least_squares(const tanlu_lane_anderson *a, size_t count, const size_t *ring,
                          double gamma[][TANLU_LANES_MAX]) {
  for (size_t l = 0; l < a->width; l++) {
    double g[DEPTH_MAX][DEPTH_MAX];
    bool tells[DEPTH_MAX] = {false};
    for (size_t i = 0; i < count; i++) { /* elimination: rows of an upper triangle */
      for (size_t k = i; k < count; k++) g[i][k] = a->gram[ring[i]][ring[k]][l];
      const double whole = g[i][i];
      for (size_t r = 0; r < i; r++) {
        const double factor = tells[r] ? g[r][i] / g[r][r] : 0.0;
        for (size_t k = i; k < count; k++) g[i][k] -= factor * g[r][k];
        gamma[i][l] -= factor * gamma[r][l];
      }
      tells[i] = g[i][i] > dependent * dependent * whole;
      if (tells[i]) continue;
      gamma[i][l] = 0.0;
      for (size_t k = i; k < count; k++) g[i][k] = 0.0;
    }
    for (size_t i = count; i-- > 0;) {
      if (!tells[i]) continue;
      for (size_t k = i + 1; k < count; k++) gamma[i][l] -= g[i][k] * gamma[k][l];
      gamma[i][l] /= g[i][i];
    }
  }
}

static void extrapolate(tanlu_lane_anderson *a, size_t count, double *step) {
  const size_t size = a->size, width = a->width, stride = size * width;
  double gamma[DEPTH_MAX][TANLU_LANES_MAX];
  size_t ring[DEPTH_MAX];
  for (size_t i = 0; i < count; i++) {
    ring[i] = (a->steps - 1 - i) % a->depth;
    double *product = a->gram[ring[0]][ring[i]];
    dot(size, width, a->df + ring[0] * stride, a->df + ring[i] * stride, product);
    memcpy(a->gram[ring[i]][ring[0]], product, width * sizeof *product);
    dot(size, width, a->df + ring[i] * stride, step, gamma[i]);
  }
  least_squares(a, count, ring, gamma);
  for (size_t i = 0; i < count; i++) subtract(size, width, gamma[i], a->dg + ring[i] * stride, step);
}

void tanlu_lane_anderson_step(tanlu_lane_anderson *anderson, const double *state, double *step) {
  tanlu_lane_anderson *a = anderson;
  const size_t stride = a->size * a->width;
  if (a->depth == 0) return;
  if (a->steps == 0) {
    memcpy(a->state, state, stride * sizeof *state);
    memcpy(a->step, step, stride * sizeof *step);
  } else {
    const size_t slot = (a->steps - 1) % a->depth;
    remember(stride, state, step, a->state, a->step, a->df + slot * stride, a->dg + slot * stride);
    extrapolate(a, a->steps < a->depth ? a->steps : a->depth, step);
  }
  a->steps++;
}
