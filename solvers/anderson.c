#include "solvers/anderson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

enum { DEPTH_MAX = 16 };
/* Directions shorter than this part of their length before orthogonalisation carry no information: the map is evaluated to
 * some four digits of its residual, and what is left of a direction below that is noise. */
static const double dependent = 1e-6;
static const double setback = 10.0;

struct tanlu_anderson {
  size_t size, depth;
  size_t seen;              /* steps since the last reset */
  double *residual, *image; /* of the last step */
  double *df, *dg;          /* depth x size: differences of residuals and images, a ring */
  double *q;                /* depth x size: work */
  double last_norm;
};

static double dot(const double *a, const double *b, size_t n) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

tanlu_status tanlu_anderson_create(tanlu_anderson **anderson, size_t size, size_t depth, tanlu_context *context) {
  *anderson = NULL;
  if (depth < 1 || depth > DEPTH_MAX) return tanlu_fail(context, TANLU_ERR_INTERNAL, "Anderson depth %zu", depth);
  tanlu_anderson *a = tanlu_allocate(context, 1, sizeof *a);
  if (a == NULL) return TANLU_ERR_MEMORY;
  a->size = size;
  a->depth = depth;
  a->residual = tanlu_allocate_doubles(context, size, 1);
  a->image = tanlu_allocate_doubles(context, size, 1);
  a->df = tanlu_allocate_doubles(context, depth, size);
  a->dg = tanlu_allocate_doubles(context, depth, size);
  a->q = tanlu_allocate_doubles(context, depth, size);
  if (a->residual == NULL || a->image == NULL || a->df == NULL || a->dg == NULL || a->q == NULL) {
    tanlu_anderson_free(&a);
    return TANLU_ERR_MEMORY;
  }
  *anderson = a;
  return TANLU_OK;
}

void tanlu_anderson_free(tanlu_anderson **anderson) {
  tanlu_anderson *a = *anderson;
  if (a == NULL) return;
  free(a->residual);
  free(a->image);
  free(a->df);
  free(a->dg);
  free(a->q);
  free(a);
  *anderson = NULL;
}

void tanlu_anderson_reset(tanlu_anderson *anderson) {
  anderson->seen = 0;
}

/* Subtract from the image the combination of differences that best explains the residual: Gram-Schmidt, newest first, so
 * that directions that add nothing are the old ones. */
static void extrapolate(tanlu_anderson *a, size_t count, double *state) {
  const size_t n = a->size;
  double r[DEPTH_MAX][DEPTH_MAX], projection[DEPTH_MAX], gamma[DEPTH_MAX];
  size_t used = 0, slot[DEPTH_MAX];
  for (size_t i = 0; i < count; i++) {
    const size_t ring = (a->seen - 1 - i) % a->depth; /* the newest stands at seen - 1 */
    double *q = a->q + used * n;
    memcpy(q, a->df + ring * n, n * sizeof *q);
    const double before = sqrt(dot(q, q, n));
    for (size_t k = 0; k < used; k++) {
      r[k][used] = dot(a->q + k * n, q, n);
      for (size_t j = 0; j < n; j++) q[j] -= r[k][used] * a->q[k * n + j];
    }
    const double length = sqrt(dot(q, q, n));
    if (!(length > dependent * before)) continue;
    r[used][used] = length;
    for (size_t j = 0; j < n; j++) q[j] /= length;
    slot[used++] = ring;
  }
  for (size_t k = 0; k < used; k++) projection[k] = dot(a->q + k * n, a->residual, n);
  for (size_t k = used; k-- > 0;) {
    gamma[k] = projection[k];
    for (size_t l = k + 1; l < used; l++) gamma[k] -= r[k][l] * gamma[l];
    gamma[k] /= r[k][k];
  }
  for (size_t k = 0; k < used; k++) {
    for (size_t j = 0; j < n; j++) state[j] -= gamma[k] * a->dg[slot[k] * n + j];
  }
}

void tanlu_anderson_step(tanlu_anderson *anderson, double *state, const double *image) {
  tanlu_anderson *a = anderson;
  const size_t n = a->size;
  double norm = 0.0;
  for (size_t j = 0; j < n; j++) norm += (image[j] - state[j]) * (image[j] - state[j]);
  if (a->seen > 0 && norm > setback * setback * a->last_norm) a->seen = 0;
  if (a->seen > 0) {
    double *df = a->df + ((a->seen - 1) % a->depth) * n, *dg = a->dg + ((a->seen - 1) % a->depth) * n;
    for (size_t j = 0; j < n; j++) {
      df[j] = image[j] - state[j] - a->residual[j];
      dg[j] = image[j] - a->image[j];
    }
  }
  for (size_t j = 0; j < n; j++) a->residual[j] = image[j] - state[j];
  memcpy(a->image, image, n * sizeof *image);
  memcpy(state, image, n * sizeof *image);
  a->last_norm = norm;
  const size_t count = a->seen < a->depth ? a->seen : a->depth;
  if (count > 0 && norm > 0.0) extrapolate(a, count, state);
  a->seen++;
}
