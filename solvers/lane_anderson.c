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
  size_t steps;                 /* since the last reset of all lanes */
  size_t seen[TANLU_LANES_MAX]; /* steps of each lane since its reset */
  double *state, *step;         /* of the last step: size x lanes */
  double *df, *dg;              /* depth x size x lanes: differences of steps and of images, a ring */
  double *q;                    /* the same: orthonormal directions */
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
  a->q = tanlu_allocate_doubles(context, depth * size, width);
  if (a->state == NULL || a->step == NULL || a->df == NULL || a->dg == NULL || a->q == NULL) {
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
  free(a->q);
  free(a);
  *anderson = NULL;
}

void tanlu_lane_anderson_reset(tanlu_lane_anderson *anderson) {
  anderson->steps = 0;
  memset(anderson->seen, 0, sizeof anderson->seen);
}

void tanlu_lane_anderson_reset_lane(tanlu_lane_anderson *anderson, size_t lane) {
  anderson->seen[lane] = 0;
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

/* to = factor (lanes) x to */
TANLU_EACH_ISA
static void scale(size_t size, size_t width, const double *restrict factor, double *restrict to) {
  for (size_t i = 0; i < size; i++) {
    EACH_LANE(l) to[i * width + l] *= factor[l];
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

/* Gram-Schmidt, newest first: directions that add nothing are the old ones. */
static void extrapolate(tanlu_lane_anderson *a, size_t count, double *step) {
  const size_t size = a->size, width = a->width, stride = size * width;
  double r[DEPTH_MAX][DEPTH_MAX][TANLU_LANES_MAX], gamma[DEPTH_MAX][TANLU_LANES_MAX];
  size_t ring[DEPTH_MAX];
  for (size_t i = 0; i < count; i++) {
    double before[TANLU_LANES_MAX], length[TANLU_LANES_MAX], inverse[TANLU_LANES_MAX];
    double *q = a->q + i * stride;
    ring[i] = (a->steps - 1 - i) % a->depth;
    memcpy(q, a->df + ring[i] * stride, stride * sizeof *q);
    dot(size, width, q, q, before);
    for (size_t k = 0; k < i; k++) {
      dot(size, width, a->q + k * stride, q, r[k][i]);
      subtract(size, width, r[k][i], a->q + k * stride, q);
    }
    dot(size, width, q, q, length);
    for (size_t l = 0; l < width; l++) {
      const bool tells = i < a->seen[l] && length[l] > dependent * dependent * before[l];
      r[i][i][l] = tells ? sqrt(length[l]) : 1.0;
      inverse[l] = tells ? 1.0 / r[i][i][l] : 0.0;
    }
    scale(size, width, inverse, q);
    dot(size, width, q, step, gamma[i]);
  }
  for (size_t i = count; i-- > 0;) {
    for (size_t l = 0; l < width; l++) {
      for (size_t k = i + 1; k < count; k++) gamma[i][l] -= r[i][k][l] * gamma[k][l];
      gamma[i][l] /= r[i][i][l];
    }
  }
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
  for (size_t l = 0; l < a->width; l++) a->seen[l]++;
}
