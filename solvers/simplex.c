#include "solvers/simplex.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/distribution.h"
#include "solvers/memory.h"

/* Beyond, the beta distribution function loses its digits. */
static const double alpha_most = 1e5;

enum { ROOT_STEPS_MAX = 200 };

struct tanlu_simplex {
  size_t count;
  bool bounded;
  tanlu_distribution **piece; /* dirichlet: count - 1, of the shares of what is left; else NULL */
  double *lower;              /* bounded: count */
  size_t free;                /* bounded: members whose bounds leave them a choice */
  size_t *place;              /* free: which members these are */
  double *width;              /* free: upper - lower */
  double *sums; /* for free member i, from offset 2^free - 2^(free - i), the sums of all 2^(free - 1 - i) subsets of the
                    widths after it */
};

static tanlu_status create(tanlu_simplex **simplex, size_t count, const char *name, tanlu_context *context) {
  if (count < 2) {
    tanlu_fail(context, TANLU_ERR_INPUT, "%s: %zu shares; expected 2 or more", name, count);
    return TANLU_ERR_INPUT;
  }
  tanlu_simplex *s = tanlu_allocate(context, 1, sizeof *s);
  if (!s) return TANLU_ERR_MEMORY;
  s->count = count;
  s->lower = tanlu_allocate_doubles(context, count, 1);
  s->width = tanlu_allocate_doubles(context, count, 1);
  s->place = tanlu_allocate(context, count, sizeof *s->place);
  *simplex = s;
  return s->lower && s->width && s->place ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_simplex_free(tanlu_simplex **simplex) {
  if (!simplex || !*simplex) return;
  for (size_t i = 0; (*simplex)->piece && i + 1 < (*simplex)->count; i++) {
    tanlu_distribution_free(&(*simplex)->piece[i]);
  }
  free((*simplex)->piece);
  free((*simplex)->lower);
  free((*simplex)->width);
  free((*simplex)->place);
  free((*simplex)->sums);
  free(*simplex);
  *simplex = NULL;
}

size_t tanlu_simplex_count(const tanlu_simplex *simplex) {
  return simplex->count;
}
size_t tanlu_simplex_dimensions(const tanlu_simplex *simplex) {
  return (simplex->bounded ? simplex->free : simplex->count) - 1;
}
size_t tanlu_simplex_member(const tanlu_simplex *simplex, size_t dimension) {
  return simplex->bounded ? simplex->place[dimension] : dimension;
}

/* --- Dirichlet ----------------------------------------------------------------------------------------------------------- */

static tanlu_status check_alpha(size_t count, const double *alpha, const char *name, tanlu_context *context) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) {
    if (!(alpha[i] > 0.0 && isfinite(alpha[i])))
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: alpha %zu is %g; expected more than 0", name, i + 1, alpha[i]);
    sum += alpha[i];
  }
  if (sum <= alpha_most) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: the alphas sum to %g; expected at most %g", name, sum, alpha_most);
}

tanlu_status tanlu_simplex_dirichlet(tanlu_simplex **simplex, size_t count, const double *alpha, const char *name,
                                     tanlu_context *context) {
  *simplex = NULL;
  if (!name) name = "shares";
  tanlu_simplex *s = NULL;
  tanlu_status status = create(&s, count, name, context);
  if (!status) status = check_alpha(count, alpha, name, context);
  if (!status && !(s->piece = tanlu_allocate(context, count - 1, sizeof(tanlu_distribution *)))) {
    status = TANLU_ERR_MEMORY;
  }
  double later = 0.0; /* sum of the alphas after i */
  for (size_t i = count - 1; !status && i-- > 0;) {
    later += alpha[i + 1];
    const tanlu_distribution_options beta = {
        .kind = TANLU_DISTRIBUTION_BETA, .alpha = alpha[i], .beta = later, .lower = 0.0, .upper = 1.0};
    status = tanlu_distribution_create(&s->piece[i], &beta, name, context);
  }
  if (status)
    tanlu_simplex_free(&s);
  else
    *simplex = s;
  return status;
}

static void dirichlet(const tanlu_simplex *s, const double *u, double *shares) {
  double rest = 1.0;
  for (size_t i = 0; i + 1 < s->count; i++) {
    shares[i] = rest * fmin(fmax(tanlu_distribution_quantile(s->piece[i], u[i]), 0.0), 1.0);
    rest -= shares[i];
  }
  shares[s->count - 1] = rest;
}

/* --- uniform within bounds ----------------------------------------------------------------------------------------------- */

/* The members after one: m of them, their widths' subset sums. */
typedef struct {
  unsigned members;
  const double *sums; /* 2^members; bit b of the place stands for the b-th of them */
  double total;       /* of all widths */
  double volume;      /* m! product of the widths = W(total) */
} others;

/* The plain sum W(z) = sum over subsets S of (-1)^|S| max(0, z - c(S))^m, its derivative by z, and the sum of the sizes of its
 * terms; exact where z <= total / 2 but for a moderate loss of digits. */
static double plain_volume(const others *o, double z, double *slope, double *size) {
  double sum = 0.0, derivative = 0.0;
  *size = 0.0;
  for (size_t subset = 0; subset < (size_t)1 << o->members; subset++) {
    const double rest = z - o->sums[subset];
    if (rest <= 0.0) continue;
    double power = 1.0;
    for (unsigned i = 1; i < o->members; i++) power *= rest;
    const double sign = __builtin_popcountll(subset) & 1 ? -1.0 : 1.0;
    derivative += sign * power;
    sum += sign * power * rest;
    *size += power * rest;
  }
  *slope = o->members * derivative;
  return sum;
}

/* W over the whole range: beyond the middle by reflection s -> c - s. */
static double volume_below(const others *o, double z, double *slope) {
  double size;
  if (z <= 0.5 * o->total) return plain_volume(o, z, slope, &size);
  return o->volume - plain_volume(o, o->total - z, slope, &size);
}

/* z in [low, high] with W(z) = (1 - share) W(low) + share W(high). */
static double invert(const others *o, double low, double high, double share) {
  double slope;
  const double at_low = volume_below(o, low, &slope), at_high = volume_below(o, high, &slope);
  const double target = at_low + share * (at_high - at_low), tolerance = 4.0 * DBL_EPSILON * high;
  double z = low + share * (high - low);
  for (int step = 0; step < ROOT_STEPS_MAX && high - low > tolerance; step++) {
    const double gap = volume_below(o, z, &slope) - target;
    if (gap == 0.0) return z;
    if (gap > 0.0)
      high = z;
    else
      low = z;
    double next = z - gap / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (fabs(next - z) <= tolerance) return next;
    z = next;
  }
  return z;
}

static others after(const tanlu_simplex *s, size_t i) {
  const size_t all = (size_t)1 << s->free, mine = (size_t)1 << (s->free - i);
  others o = {.sums = s->sums + (all - mine), .members = (unsigned)(s->free - 1 - i), .volume = 1.0};
  for (size_t j = i + 1; j < s->free; j++) {
    o.total += s->width[j];
    o.volume *= s->width[j] * (double)(j - i);
  }
  return o;
}

static void fill_sums(tanlu_simplex *s) {
  for (size_t i = 0; i < s->free; i++) {
    double *sums = s->sums + (((size_t)1 << s->free) - ((size_t)1 << (s->free - i)));
    sums[0] = 0.0;
    for (size_t j = i + 1, half = 1; j < s->free; j++, half *= 2)
      for (size_t subset = 0; subset < half; subset++) sums[half + subset] = sums[subset] + s->width[j];
  }
}

/* Widths of very different sizes make the terms of W cancel. */
static tanlu_status check_widths(const tanlu_simplex *s, const char *name, tanlu_context *context) {
  const others o = after(s, 0);
  double slope, size;
  plain_volume(&o, 0.5 * o.total, &slope, &size);
  if (DBL_EPSILON * size <= 1e-8 * 0.5 * o.volume) return TANLU_OK;
  return tanlu_fail(
      context, TANLU_ERR_INPUT,
      "%s: the ranges between the bounds differ too much in width to be sampled evenly; widen the narrow ones or fix "
      "them to one value",
      name);
}

tanlu_status tanlu_simplex_bounded(tanlu_simplex **simplex, size_t count, const double *lower, const double *upper,
                                   const char *name, tanlu_context *context) {
  *simplex = NULL;
  if (!name) name = "shares";
  if (count > TANLU_SIMPLEX_BOUNDED_MAX)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %zu shares within bounds; expected at most %d", name, count,
                      (int)TANLU_SIMPLEX_BOUNDED_MAX);
  tanlu_simplex *s = NULL;
  tanlu_status status = create(&s, count, name, context);
  if (status) goto cleanup;
  s->bounded = true;
  double least = 0.0, most = 0.0;
  for (size_t i = 0; i < count; i++) {
    const double l = lower ? lower[i] : 0.0, u = upper ? upper[i] : 1.0;
    if (!(0.0 <= l && l <= u && u <= 1.0)) {
      status = tanlu_fail(context, TANLU_ERR_INPUT, "%s: share %zu from %g to %g; expected 0 <= lower <= upper <= 1",
                          name, i + 1, l, u);
      goto cleanup;
    }
    s->lower[i] = l;
    if (l < u) {
      s->place[s->free] = i;
      s->width[s->free++] = u - l;
    }
    least += l;
    most += u;
  }
  if (!(least < 1.0 && most > 1.0)) {
    status =
        tanlu_fail(context, TANLU_ERR_INPUT,
                   "%s: the lower bounds sum to %g and the upper to %g; expected 1 between them", name, least, most);
    goto cleanup;
  }
  /* no width needs to exceed what is there to share out */
  for (size_t i = 0; i < s->free; i++) s->width[i] = fmin(s->width[i], 1.0 - least);
  s->sums = tanlu_allocate_doubles(context, (size_t)1 << s->free, 1);
  if (!s->sums) {
    status = TANLU_ERR_MEMORY;
    goto cleanup;
  }
  fill_sums(s);
  status = check_widths(s, name, context);
cleanup:
  if (status)
    tanlu_simplex_free(&s);
  else
    *simplex = s;
  return status;
}

static void bounded(const tanlu_simplex *s, const double *uniform, double *shares) {
  double rest = 1.0, u[TANLU_SIMPLEX_BOUNDED_MAX] = {0.0};
  memcpy(u, uniform, (s->free - 1) * sizeof *u); /* shares may begin where they do */
  for (size_t i = 0; i < s->count; i++) rest -= s->lower[i];
  size_t next = 0; /* free member */
  for (size_t i = 0; i < s->count; i++) {
    if (next == s->free || s->place[next] != i) {
      shares[i] = s->lower[i];
      continue;
    }
    const others o = after(s, next);
    /* what the free members after this one get, from least to most */
    const double low = fmax(0.0, rest - s->width[next]), high = fmin(rest, o.total);
    double left = high;
    if (o.members == 0)
      left = 0.0;
    else if (o.members == 1)
      left = high - u[next] * (high - low);
    else if (high > low)
      left = invert(&o, low, high, 1.0 - u[next]);
    shares[i] = s->lower[i] + (rest - left);
    rest = left;
    next++;
  }
}

void tanlu_simplex_shares(const tanlu_simplex *simplex, const double *u, double *shares) {
  if (simplex->bounded)
    bounded(simplex, u, shares);
  else
    dirichlet(simplex, u, shares);
}
