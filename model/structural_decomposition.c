#include "model/structural_decomposition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/shapley.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

/* Mixtures of the mixes of categories and products: bit 0 categories, bit 1 products as in `to`. */
enum { MIXTURES = 4 };

struct tanlu_sda {
  size_t n, categories, parts, factors;
  bool intensity;
  size_t *part_of_row;
  tanlu_leontief *solver;
  const tanlu_sda_state *state[2]; /* from, to */
  double *matrix;                  /* n x n: rows of either technology */
  double level[2];                 /* Y */
  double *share;                   /* 2 x categories: s */
  double *product;                 /* 2 x n x categories: B */
  double *demand, *output;         /* n x MIXTURES: B s, and L of the present technology times it */
  double *value, *before;          /* n */
  bool *moved;                     /* factors: as in `to`? */
};

/* ---- memory ------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_sda_create(tanlu_sda **sda, size_t n, size_t categories, size_t parts, const size_t *part_of_row,
                              bool intensity, tanlu_context *context) {
  *sda = NULL;
  tanlu_sda *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->n = n;
  s->categories = categories;
  s->parts = parts;
  s->factors = parts + (intensity ? 4 : 3);
  s->intensity = intensity;
  s->part_of_row = tanlu_allocate(context, n, sizeof *s->part_of_row);
  s->matrix = tanlu_allocate_doubles(context, n, n);
  s->share = tanlu_allocate_doubles(context, 2, categories);
  s->product = tanlu_allocate_doubles(context, 2 * n, categories);
  s->demand = tanlu_allocate_doubles(context, n, MIXTURES);
  s->output = tanlu_allocate_doubles(context, n, MIXTURES);
  s->value = tanlu_allocate_doubles(context, n, 1);
  s->before = tanlu_allocate_doubles(context, n, 1);
  s->moved = tanlu_allocate(context, s->factors, sizeof *s->moved);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (s->part_of_row != NULL && s->matrix != NULL && s->share != NULL && s->product != NULL && s->demand != NULL &&
      s->output != NULL && s->value != NULL && s->before != NULL && s->moved != NULL) {
    status = tanlu_leontief_create(&s->solver, TANLU_SOLVER_DIRECT, n, context);
  }
  for (size_t i = 0; status == TANLU_OK && part_of_row != NULL && i < n; i++) {
    s->part_of_row[i] = part_of_row[i];
    if (part_of_row[i] < parts) continue;
    status = tanlu_fail(context, TANLU_ERR_INTERNAL, "row %zu of the technology is in part %zu of %zu", i,
                        part_of_row[i], parts);
  }
  if (status != TANLU_OK) tanlu_sda_free(&s);
  *sda = s;
  return status;
}

void tanlu_sda_free(tanlu_sda **sda) {
  tanlu_sda *s = *sda;
  if (s == NULL) return;
  tanlu_leontief_free(&s->solver);
  free(s->part_of_row);
  free(s->matrix);
  free(s->share);
  free(s->product);
  free(s->demand);
  free(s->output);
  free(s->value);
  free(s->before);
  free(s->moved);
  free(s);
  *sda = NULL;
}

size_t tanlu_sda_factors(const tanlu_sda *sda) {
  return sda->factors;
}

/* ---- factors of demand --------------------------------------------------------------------------------------------------- */

/* Y, s and B of both states. */
static tanlu_status split_demand(tanlu_sda *s, tanlu_context *context) {
  const size_t n = s->n;
  for (size_t side = 0; side < 2; side++) {
    const double *y = s->state[side]->demand;
    double level = 0.0;
    for (size_t i = 0; i < n * s->categories; i++) level += y[i];
    if (!(level != 0.0 && isfinite(level))) {
      return tanlu_fail(context, TANLU_ERR_MODEL,
                        "domestic final demand of the %s state is %g in all; its mix is not defined",
                        side == 0 ? "first" : "second", level);
    }
    s->level[side] = level;
    for (size_t k = 0; k < s->categories; k++) {
      double size = 0.0;
      for (size_t i = 0; i < n; i++) size += fabs(y[k * n + i]);
      s->share[side * s->categories + k] = size / level;
      double *product = s->product + (side * s->categories + k) * n;
      for (size_t i = 0; i < n; i++) product[i] = size > 0.0 ? y[k * n + i] / size : 0.0;
    }
  }
  for (size_t k = 0; k < s->categories; k++) { /* a category that is new or gone */
    for (size_t side = 0; side < 2; side++) {
      double *product = s->product + (side * s->categories + k) * n;
      const double *other = s->product + ((1 - side) * s->categories + k) * n;
      if (s->share[side * s->categories + k] == 0.0) memcpy(product, other, n * sizeof *product);
    }
  }
  memset(s->demand, 0, n * MIXTURES * sizeof *s->demand);
  for (size_t mixture = 0; mixture < MIXTURES; mixture++) {
    const double *share = s->share + (mixture & 1) * s->categories;
    const double *product = s->product + (mixture >> 1) * s->categories * n;
    for (size_t k = 0; k < s->categories; k++) {
      for (size_t i = 0; i < n; i++) s->demand[mixture * n + i] += product[k * n + i] * share[k];
    }
  }
  return TANLU_OK;
}

/* ---- values ---------------------------------------------------------------------------------------------------------------- */

/* Output per unit of demand of all mixtures, with the technology's parts as `moved` has them. */
static tanlu_status solve(tanlu_sda *s, tanlu_context *context) {
  const size_t n = s->n;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      s->matrix[j * n + i] = s->state[s->moved[s->part_of_row[i]] ? 1 : 0]->a[j * n + i];
    }
  }
  tanlu_status status = tanlu_leontief_factor(s->solver, s->matrix, n, NULL, context);
  if (status != TANLU_OK) return status;
  memcpy(s->output, s->demand, n * MIXTURES * sizeof *s->output);
  return tanlu_leontief_solve(s->solver, s->output, n, MIXTURES, context);
}

/* z with all factors as `moved` has them; technology as solved last. */
static void evaluate(tanlu_sda *s) {
  const bool *rest = s->moved + s->parts;
  const size_t mixture = (rest[TANLU_SDA_CATEGORIES] ? 1U : 0U) + (rest[TANLU_SDA_PRODUCTS] ? 2U : 0U);
  const double level = s->level[rest[TANLU_SDA_LEVEL] ? 1 : 0], *output = s->output + mixture * s->n;
  const double *intensity = s->intensity ? s->state[rest[TANLU_SDA_INTENSITY] ? 1 : 0]->intensity : NULL;
  for (size_t i = 0; i < s->n; i++) s->value[i] = level * output[i] * (intensity != NULL ? intensity[i] : 1.0);
}

/* ---- sequences ------------------------------------------------------------------------------------------------------------- */

static tanlu_status mean_of_all(tanlu_sda *s, double *effect, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  const size_t others = s->factors - s->parts;
  for (unsigned technology = 0; technology < 1U << s->parts; technology++) {
    for (size_t p = 0; p < s->parts; p++) s->moved[p] = technology >> p & 1U;
    status = solve(s, context);
    if (status != TANLU_OK) return status;
    for (unsigned rest = 0; rest < 1U << others; rest++) {
      for (size_t k = 0; k < others; k++) s->moved[s->parts + k] = rest >> k & 1U;
      evaluate(s);
      tanlu_shapley_add(s->factors, technology | rest << s->parts, s->n, s->value, effect);
    }
  }
  return status;
}

/* One sequence from first to last factor, or back; half of every step is added. */
static tanlu_status polar(tanlu_sda *s, bool backwards, double *effect, tanlu_context *context) {
  for (size_t k = 0; k < s->factors; k++) s->moved[k] = false;
  tanlu_status status = solve(s, context);
  if (status != TANLU_OK) return status;
  evaluate(s);
  for (size_t step = 0; step < s->factors; step++) {
    const size_t k = backwards ? s->factors - 1 - step : step;
    memcpy(s->before, s->value, s->n * sizeof *s->before);
    s->moved[k] = true;
    if (k < s->parts) status = solve(s, context);
    if (status != TANLU_OK) return status;
    evaluate(s);
    for (size_t i = 0; i < s->n; i++) effect[k * s->n + i] += 0.5 * (s->value[i] - s->before[i]);
  }
  return status;
}

tanlu_status tanlu_sda_decompose(tanlu_sda *sda, const tanlu_sda_state *from, const tanlu_sda_state *to, double *effect,
                                 tanlu_context *context) {
  sda->state[0] = from;
  sda->state[1] = to;
  memset(effect, 0, sda->factors * sda->n * sizeof *effect);
  tanlu_status status = split_demand(sda, context);
  if (status == TANLU_OK && sda->factors <= TANLU_SDA_EXACT) return mean_of_all(sda, effect, context);
  if (status == TANLU_OK) status = polar(sda, false, effect, context);
  if (status == TANLU_OK) status = polar(sda, true, effect, context);
  return status;
}
