#include "model/stress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* ---- one scenario ------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_stress_path_create(tanlu_stress_path **path, size_t n, size_t categories, size_t years,
                                      tanlu_context *context) {
  *path = NULL;
  tanlu_stress_path *p = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->n = n;
  p->years = years;
  p->household_co2 = tanlu_allocate_doubles(context, years, 1);
  p->price = tanlu_allocate_doubles(context, years, 1);
  tanlu_status status = p->household_co2 != NULL && p->price != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < TANLU_STRESS_COUNT; k++) {
    p->value[k] = tanlu_allocate_doubles(context, years, n);
    if (p->value[k] == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) status = tanlu_prices_create(&p->prices, n, categories, context);
  if (status != TANLU_OK) tanlu_stress_path_free(&p);
  *path = p;
  return status;
}

void tanlu_stress_path_free(tanlu_stress_path **path) {
  tanlu_stress_path *p = *path;
  if (p == NULL) return;
  for (size_t k = 0; k < TANLU_STRESS_COUNT; k++) free(p->value[k]);
  free(p->household_co2);
  free(p->price);
  tanlu_prices_free(&p->prices);
  free(p);
  *path = NULL;
}

tanlu_status tanlu_stress_path_add(tanlu_stress_path *path, size_t t, const tanlu_solved_accounts *accounts,
                                   double price, tanlu_context *context) {
  tanlu_stress_path *p = path;
  const tanlu_solved_accounts *a = accounts;
  const size_t n = p->n;
  const tanlu_carbon_charge charge = {.price = price};
  const tanlu_status status = price > 0.0 ? tanlu_prices_year(p->prices, a, &charge, context) : TANLU_OK;
  if (status != TANLU_OK) return status;
  p->price[t] = price;
  p->household_co2[t] = a->household_co2[TANLU_URBAN] + a->household_co2[TANLU_RURAL];
  memcpy(p->value[TANLU_STRESS_OUTPUT] + t * n, a->output, n * sizeof *a->output);
  memcpy(p->value[TANLU_STRESS_VALUE_ADDED] + t * n, a->value_added, n * sizeof *a->value_added);
  memcpy(p->value[TANLU_STRESS_CO2] + t * n, a->co2, n * sizeof *a->co2);
  for (size_t j = 0; j < n; j++) {
    p->value[TANLU_STRESS_COST][t * n + j] = price * a->co2[j];
    p->value[TANLU_STRESS_COST_RISE][t * n + j] = price > 0.0 ? p->prices->change[j] * a->output[j] : 0.0;
  }
  return TANLU_OK;
}

/* ---- two scenarios ----------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_stress_create(tanlu_stress **stress, size_t n, tanlu_context *context) {
  *stress = NULL;
  tanlu_stress *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->n = n;
  s->exposure = tanlu_allocate_doubles(context, n, 1);
  tanlu_status status = s->exposure != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < TANLU_STRESS_COUNT; k++) {
    s->risk[k] = tanlu_allocate_doubles(context, n, 1);
    s->baseline[k] = tanlu_allocate_doubles(context, n, 1);
    if (s->risk[k] == NULL || s->baseline[k] == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) tanlu_stress_free(&s);
  *stress = s;
  return status;
}

void tanlu_stress_free(tanlu_stress **stress) {
  tanlu_stress *s = *stress;
  if (s == NULL) return;
  for (size_t k = 0; k < TANLU_STRESS_COUNT; k++) {
    free(s->risk[k]);
    free(s->baseline[k]);
  }
  free(s->exposure);
  free(s);
  *stress = NULL;
}

void tanlu_stress_compare(tanlu_stress *stress, const tanlu_stress_path *baseline, const tanlu_stress_path *stressed,
                          size_t from, size_t to) {
  /* lost where less is worse, added where more is */
  static const double worse[TANLU_STRESS_COUNT] = {[TANLU_STRESS_OUTPUT] = -1.0,
                                                   [TANLU_STRESS_VALUE_ADDED] = -1.0,
                                                   [TANLU_STRESS_COST] = 1.0,
                                                   [TANLU_STRESS_CO2] = 1.0,
                                                   [TANLU_STRESS_COST_RISE] = 1.0};
  tanlu_stress *s = stress;
  const size_t n = s->n;
  for (size_t k = 0; k < TANLU_STRESS_COUNT; k++) {
    s->sum[k] = 0.0;
    for (size_t j = 0; j < n; j++) {
      double before = 0.0, after = 0.0;
      for (size_t t = from; t <= to; t++) {
        before += baseline->value[k][t * n + j];
        after += stressed->value[k][t * n + j];
      }
      s->baseline[k][j] = before;
      s->risk[k][j] = worse[k] * (after - before);
      s->sum[k] += s->risk[k][j];
    }
  }
  s->sum[TANLU_STRESS_COST_RISE] = (double)NAN;
  for (size_t j = 0; j < n; j++) s->exposure[j] = s->risk[TANLU_STRESS_VALUE_ADDED][j] + s->risk[TANLU_STRESS_COST][j];
  s->household_co2 = 0.0;
  for (size_t t = from; t <= to; t++) s->household_co2 += stressed->household_co2[t] - baseline->household_co2[t];
}
