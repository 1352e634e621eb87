#include "model/shock.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

const char *const tanlu_extraction_word[TANLU_EXTRACT_COUNT] = {
    [TANLU_EXTRACT_BOTH] = "both", [TANLU_EXTRACT_PURCHASES] = "purchases", [TANLU_EXTRACT_SALES] = "sales"};

tanlu_status tanlu_shock_create(tanlu_shock **shock, size_t n, tanlu_context *context) {
  *shock = NULL;
  tanlu_shock *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->n = n;
  double **const array[] = {&s->relative, &s->output, &s->value_added, &s->co2, &s->employment, &s->solution};
  tanlu_status status = tanlu_leontief_create(&s->system, TANLU_SOLVER_DIRECT, n, context);
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) {
    *array[i] = tanlu_allocate_doubles(context, n, 1);
    if (*array[i] == NULL) status = TANLU_ERR_MEMORY;
  }
  s->matrix = tanlu_allocate_doubles(context, n, n);
  if (s->matrix == NULL) status = TANLU_ERR_MEMORY;
  if (status != TANLU_OK) tanlu_shock_free(&s);
  *shock = s;
  return status;
}

void tanlu_shock_free(tanlu_shock **shock) {
  tanlu_shock *s = *shock;
  if (s == NULL) return;
  double *const array[] = {s->relative, s->output, s->value_added, s->co2, s->employment, s->matrix, s->solution};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  tanlu_leontief_free(&s->system);
  free(s);
  *shock = NULL;
}

/* What goes with the relative losses. */
static void account(tanlu_shock *s, const tanlu_solved_accounts *a) {
  s->year = a->year;
  for (size_t j = 0; j < s->n; j++) {
    s->output[j] = s->relative[j] * a->output[j];
    s->value_added[j] = s->relative[j] * a->value_added[j];
    s->co2[j] = s->relative[j] * a->co2[j];
    s->employment[j] = a->employment != NULL ? s->relative[j] * a->employment[j] : (double)NAN;
  }
}

/* Losses of primary inputs over output that give the losses asked for: M e = loss, M_ab = ((I - A_d)'^-1)_ab of the sectors in
 * shock. */
static tanlu_status find_inputs(tanlu_shock *s, size_t count, const size_t *sector, double *inputs,
                                tanlu_context *context) {
  double *response = tanlu_allocate_doubles(context, count, count);
  lapack_int *pivot = tanlu_allocate(context, count, sizeof *pivot);
  tanlu_status status = response != NULL && pivot != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t b = 0; status == TANLU_OK && b < count; b++) {
    memset(s->solution, 0, s->n * sizeof *s->solution);
    s->solution[sector[b]] = 1.0;
    status = tanlu_leontief_solve_transposed(s->system, s->solution, s->n, 1, context);
    for (size_t a = 0; status == TANLU_OK && a < count; a++) response[b * count + a] = s->solution[sector[a]];
  }
  const lapack_int order = (lapack_int)count;
  if (status == TANLU_OK &&
      LAPACKE_dgesv_work(LAPACK_COL_MAJOR, order, 1, response, order, pivot, inputs, order) != 0) {
    status = tanlu_fail(context, TANLU_ERR_MODEL, "the losses of supply contradict each other");
  }
  free(response);
  free(pivot);
  return status;
}

tanlu_status tanlu_shock_supply(tanlu_shock *shock, const tanlu_solved_accounts *accounts, size_t count,
                                const size_t *sector, const double *loss, tanlu_context *context) {
  tanlu_shock *s = shock;
  for (size_t k = 0; k < count; k++) {
    if (accounts->output[sector[k]] > 0.0) continue;
    return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: sector %s produces nothing that could be lost",
                      accounts->year, accounts->dataset->accounts.sector.code[sector[k]]);
  }
  double *inputs = tanlu_allocate_doubles(context, count, 1);
  if (inputs == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < count; k++) inputs[k] = loss[k];
  tanlu_status status = tanlu_leontief_update(s->system, accounts->domestic_inputs, s->n, NULL, context);
  if (status == TANLU_OK && count > 0) status = find_inputs(s, count, sector, inputs, context);
  memset(s->relative, 0, s->n * sizeof *s->relative);
  for (size_t k = 0; k < count; k++) s->relative[sector[k]] = inputs[k];
  free(inputs);
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(s->system, s->relative, s->n, 1, context);
  if (status == TANLU_OK) account(s, accounts);
  return status;
}

tanlu_status tanlu_shock_extract(tanlu_shock *shock, const tanlu_solved_accounts *accounts, const bool *extracted,
                                 tanlu_extraction how, tanlu_context *context) {
  tanlu_shock *s = shock;
  const tanlu_solved_accounts *a = accounts;
  const size_t n = s->n;
  const bool purchases = how != TANLU_EXTRACT_SALES, sales = how != TANLU_EXTRACT_PURCHASES;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      const bool gone = (extracted[j] && purchases) || (extracted[i] && sales);
      s->matrix[j * n + i] = gone ? 0.0 : a->domestic_inputs[j * n + i];
    }
  }
  for (size_t i = 0; i < n; i++) {
    s->solution[i] = a->discrepancy[i];
    for (size_t k = 0; k < a->categories; k++) s->solution[i] += a->final_domestic[k * n + i];
    if (extracted[i] && sales) s->solution[i] = 0.0;
  }
  tanlu_status status = tanlu_leontief_update(s->system, s->matrix, n, NULL, context);
  if (status == TANLU_OK) status = tanlu_leontief_solve(s->system, s->solution, n, 1, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < n; i++) {
    s->relative[i] = a->output[i] > 0.0 ? (a->output[i] - s->solution[i]) / a->output[i] : 0.0;
  }
  account(s, accounts);
  return TANLU_OK;
}
