/* What aggregation does to multipliers. */
#include <math.h>
#include <stdlib.h>

#include "model/aggregation.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

/* A = Z diag(x)^-1, zero columns where there is no output. */
static double *coefficients(const tanlu_accounts *t, tanlu_context *context) {
  double *a = tanlu_allocate_doubles(context, t->n, t->n);
  for (size_t j = 0; a != NULL && j < t->n; j++) {
    for (size_t i = 0; i < t->n && t->output[j] > 0.0; i++) a[j * t->n + i] = t->flows[j * t->n + i] / t->output[j];
  }
  return a;
}

/* m' = 1'(I - A)^-1. */
static tanlu_status multipliers(const tanlu_accounts *t, const double *a, double *m, tanlu_context *context) {
  tanlu_leontief *system = NULL;
  size_t culprit = TANLU_NONE;
  tanlu_status status = tanlu_leontief_create(&system, TANLU_SOLVER_DIRECT, t->n, context);
  if (status == TANLU_OK) status = tanlu_leontief_factor(system, a, t->n, &culprit, context);
  for (size_t i = 0; i < t->n; i++) m[i] = 1.0;
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(system, m, t->n, 1, context);
  tanlu_leontief_free(&system);
  return status;
}

/* What the mean of multipliers is weighted by: final use, or output where a new sector has no final use above 0. */
static double *weights(const tanlu_accounts *old, const tanlu_concordance *g, tanlu_context *context) {
  double *use = tanlu_allocate_doubles(context, old->n, 1), *sum = tanlu_allocate_doubles(context, g->to, 1);
  for (size_t i = 0; use != NULL && i < old->n; i++) {
    for (size_t k = 0; k < old->category.count; k++) use[i] += old->final_use[k * old->n + i];
    use[i] = old->output[i] > 0.0 ? fmax(use[i], 0.0) : 0.0;
  }
  if (use != NULL && sum != NULL) {
    tanlu_aggregate_columns(g, 1, use, sum);
    for (size_t i = 0; i < old->n; i++) {
      if (sum[tanlu_concordance_of(g, i)] <= 0.0) use[i] = old->output[i];
    }
  }
  const bool failed = use == NULL || sum == NULL;
  free(sum);
  if (failed) {
    free(use);
    return NULL;
  }
  return use;
}

/* sum |(A'G' - G'A) f| / sum |G'A f|, f = x - Z 1. */
static tanlu_status first_order(double *share, const tanlu_accounts *old, const double *a, const tanlu_accounts *t,
                                const double *b, const tanlu_concordance *g, tanlu_context *context) {
  double *f = tanlu_allocate_doubles(context, old->n, 2), *s = tanlu_allocate_doubles(context, t->n, 2);
  if (f != NULL && s != NULL) {
    double *use = f + old->n, *met = s + t->n, off = 0.0, all = 0.0;
    for (size_t i = 0; i < old->n; i++) {
      f[i] = old->output[i];
      for (size_t j = 0; j < old->n; j++) f[i] -= old->flows[j * old->n + i];
    }
    for (size_t j = 0; j < old->n; j++) {
      for (size_t i = 0; i < old->n; i++) use[i] += a[j * old->n + i] * f[j];
    }
    tanlu_aggregate_columns(g, 1, f, s);
    tanlu_aggregate_columns(g, 1, use, met);
    for (size_t i = 0; i < t->n; i++) {
      double wanted = 0.0;
      for (size_t j = 0; j < t->n; j++) wanted += b[j * t->n + i] * s[j];
      off += fabs(wanted - met[i]);
      all += fabs(met[i]);
    }
    *share = all > 0.0 ? off / all : 0.0;
  }
  const bool failed = f == NULL || s == NULL;
  free(f);
  free(s);
  return failed ? TANLU_ERR_MEMORY : TANLU_OK;
}

void tanlu_aggregation_bias_clear(tanlu_aggregation_bias *bias) {
  free(bias->multiplier);
  free(bias->mean);
  *bias = (tanlu_aggregation_bias){0};
}

/* Means of the members' multipliers m by their weights u. */
static tanlu_status compare(tanlu_aggregation_bias *bias, const double *u, const double *m, const tanlu_accounts *t,
                            const tanlu_concordance *g, tanlu_context *context) {
  double *product = tanlu_allocate_doubles(context, g->from, 1), *sum = tanlu_allocate_doubles(context, g->to, 1);
  double off = 0.0, all = 0.0;
  if (product != NULL && sum != NULL) {
    for (size_t i = 0; i < g->from; i++) product[i] = u[i] * m[i];
    tanlu_aggregate_columns(g, 1, product, bias->mean);
    tanlu_aggregate_columns(g, 1, u, sum);
    for (size_t i = 0; i < g->to; i++) {
      if (!(t->output[i] > 0.0) || !(sum[i] > 0.0)) {
        bias->multiplier[i] = bias->mean[i] = (double)NAN;
        continue;
      }
      bias->mean[i] /= sum[i];
      off += sum[i] * fabs(bias->multiplier[i] - bias->mean[i]);
      all += sum[i] * bias->mean[i];
    }
    bias->average = all > 0.0 ? off / all : 0.0;
  }
  const bool failed = product == NULL || sum == NULL;
  free(product);
  free(sum);
  return failed ? TANLU_ERR_MEMORY : TANLU_OK;
}

tanlu_status tanlu_aggregation_bias_find(tanlu_aggregation_bias *bias, const tanlu_accounts *old,
                                         const tanlu_accounts *t, const tanlu_concordance *g, tanlu_context *context) {
  *bias = (tanlu_aggregation_bias){.n = t->n};
  bias->multiplier = tanlu_allocate_doubles(context, t->n, 1);
  bias->mean = tanlu_allocate_doubles(context, t->n, 1);
  double *m = tanlu_allocate_doubles(context, old->n, 1), *u = weights(old, g, context);
  double *a = coefficients(old, context), *b = coefficients(t, context);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (bias->multiplier == NULL || bias->mean == NULL || m == NULL || u == NULL || a == NULL || b == NULL) goto cleanup;
  status = multipliers(old, a, m, context);
  if (status == TANLU_OK) status = multipliers(t, b, bias->multiplier, context);
  if (status == TANLU_OK) status = compare(bias, u, m, t, g, context);
  if (status == TANLU_OK) status = first_order(&bias->first_order, old, a, t, b, g, context);
cleanup:
  free(m);
  free(u);
  free(a);
  free(b);
  if (status != TANLU_OK) tanlu_aggregation_bias_clear(bias);
  return status;
}
