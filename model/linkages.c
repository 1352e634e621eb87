#include "model/linkages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

const tanlu_multiplier_info tanlu_multiplier_table[TANLU_MULTIPLIER_COUNT] = {
#define X(id, code, unit, factor, text) {code, unit, text, factor},
    TANLU_MULTIPLIER_LIST(X)
#undef X
};

tanlu_status tanlu_linkages_create(tanlu_linkages **linkages, size_t n, tanlu_context *context) {
  *linkages = NULL;
  tanlu_linkages *k = tanlu_allocate(context, 1, sizeof *k);
  if (k == NULL) return TANLU_ERR_MEMORY;
  k->n = n;
  const struct {
    double **array;
    size_t columns;
  } wanted[] = {{&k->direct, TANLU_MULTIPLIER_COUNT},
                {&k->multiplier, TANLU_MULTIPLIER_COUNT},
                {&k->backward, 1},
                {&k->forward, 1},
                {&k->power_dispersion, 1},
                {&k->sensitivity, 1},
                {&k->forward_relative, 1},
                {&k->sums, 2}};
  tanlu_status status = tanlu_leontief_create(&k->system, TANLU_SOLVER_DIRECT, n, context);
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, n, wanted[i].columns);
    if (*wanted[i].array == NULL) status = TANLU_ERR_MEMORY;
  }
  k->key = tanlu_allocate(context, n, sizeof *k->key);
  if (k->key == NULL) status = TANLU_ERR_MEMORY;
  if (status != TANLU_OK) tanlu_linkages_free(&k);
  *linkages = k;
  return status;
}

void tanlu_linkages_free(tanlu_linkages **linkages) {
  tanlu_linkages *k = *linkages;
  if (k == NULL) return;
  double *const array[] = {k->direct,           k->multiplier,  k->backward,         k->forward,
                           k->power_dispersion, k->sensitivity, k->forward_relative, k->sums};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(k->key);
  tanlu_leontief_free(&k->system);
  free(k);
  *linkages = NULL;
}

/* What a unit of output takes or gives by itself. */
static void direct(tanlu_linkages *k, const tanlu_solved_accounts *a) {
  const size_t n = k->n;
  k->employment = a->employment != NULL;
  for (size_t j = 0; j < n; j++) {
    const double x = a->output[j];
    const double of[TANLU_MULTIPLIER_COUNT] = {[TANLU_MULTIPLIER_OUTPUT] = x,
                                               [TANLU_MULTIPLIER_VALUE_ADDED] = a->value_added[j],
                                               [TANLU_MULTIPLIER_CO2] = a->co2[j],
                                               [TANLU_MULTIPLIER_EMPLOYMENT] = k->employment ? a->employment[j] : 0.0};
    for (size_t m = 0; m < TANLU_MULTIPLIER_COUNT; m++) k->direct[m * n + j] = x > 0.0 ? of[m] / x : 0.0;
  }
}

/* value_i over the mean of the sectors that produce. */
static void normalise(const tanlu_solved_accounts *a, const double *value, double *relative) {
  double sum = 0.0;
  size_t producing = 0;
  for (size_t i = 0; i < a->n; i++) {
    if (!(a->output[i] > 0.0)) continue;
    sum += value[i];
    producing++;
  }
  for (size_t i = 0; i < a->n; i++) {
    relative[i] = a->output[i] > 0.0 ? value[i] / (sum / (double)producing) : (double)NAN;
  }
}

tanlu_status tanlu_linkages_year(tanlu_linkages *linkages, const tanlu_solved_accounts *accounts,
                                 tanlu_context *context) {
  tanlu_linkages *k = linkages;
  const tanlu_solved_accounts *a = accounts;
  const size_t n = k->n;
  double *row_sum = k->sums, *supplied = k->sums + n; /* L 1 and L x, over sectors that produce */
  direct(k, a);
  memcpy(k->multiplier, k->direct, n * TANLU_MULTIPLIER_COUNT * sizeof *k->multiplier);
  for (size_t i = 0; i < n; i++) {
    row_sum[i] = a->output[i] > 0.0 ? 1.0 : 0.0;
    supplied[i] = a->output[i];
  }
  tanlu_status status = tanlu_leontief_update(k->system, a->domestic_inputs, n, NULL, context);
  if (status == TANLU_OK) {
    status = tanlu_leontief_solve_transposed(k->system, k->multiplier, n, TANLU_MULTIPLIER_COUNT, context);
  }
  if (status == TANLU_OK) status = tanlu_leontief_solve(k->system, k->sums, n, 2, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < n; i++) {
    const bool produces = a->output[i] > 0.0;
    k->backward[i] = produces ? k->multiplier[TANLU_MULTIPLIER_OUTPUT * n + i] : (double)NAN;
    k->forward[i] = produces ? supplied[i] / a->output[i] : (double)NAN;
    if (!k->employment) k->multiplier[TANLU_MULTIPLIER_EMPLOYMENT * n + i] = (double)NAN;
  }
  normalise(a, k->backward, k->power_dispersion);
  normalise(a, k->forward, k->forward_relative);
  normalise(a, row_sum, k->sensitivity);
  for (size_t i = 0; i < n; i++) k->key[i] = k->power_dispersion[i] > 1.0 && k->forward_relative[i] > 1.0;
  return TANLU_OK;
}
