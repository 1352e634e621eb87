#include "model/prices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Balances are solved to 3e-11; the rest is rounding of long sums. */
static const double account_tolerance = 1e-9;

tanlu_status tanlu_prices_create(tanlu_prices **prices, size_t n, size_t categories, tanlu_context *context) {
  *prices = NULL;
  tanlu_prices *p = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->n = n;
  p->categories = categories;
  tanlu_status status = tanlu_leontief_create(&p->system, TANLU_SOLVER_DIRECT, n, context);
  p->direct = tanlu_allocate_doubles(context, n, 1);
  p->change = tanlu_allocate_doubles(context, n, 1);
  p->import_change = tanlu_allocate_doubles(context, n, 1);
  p->absorbed = tanlu_allocate_doubles(context, n, 1);
  p->category = tanlu_allocate_doubles(context, categories, 1);
  p->matrix = tanlu_allocate_doubles(context, n, n);
  if (p->direct == NULL || p->change == NULL || p->import_change == NULL || p->absorbed == NULL ||
      p->category == NULL || p->matrix == NULL) {
    status = TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) tanlu_prices_free(&p);
  *prices = p;
  return status;
}

void tanlu_prices_free(tanlu_prices **prices) {
  tanlu_prices *p = *prices;
  if (p == NULL) return;
  free(p->direct);
  free(p->change);
  free(p->import_change);
  free(p->absorbed);
  free(p->category);
  free(p->matrix);
  tanlu_leontief_free(&p->system);
  free(p);
  *prices = NULL;
}

static tanlu_status charge_sectors(tanlu_prices *p, const tanlu_solved_accounts *a, const tanlu_carbon_charge *charge,
                                   tanlu_context *context) {
  p->covered_co2 = 0.0;
  for (size_t j = 0; j < p->n; j++) {
    const double x = a->output[j], co2 = charge->covered != NULL ? charge->covered[j] * a->co2[j] : a->co2[j];
    if (!(x > 0.0) && co2 != 0.0) {
      return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: sector %s emits %.6g t CO2 but produces nothing", a->year,
                        a->dataset->accounts.sector.code[j], a->co2[j]);
    }
    p->direct[j] = x > 0.0 ? charge->price * co2 / x : 0.0;
    p->covered_co2 += co2;
  }
  p->production_revenue = charge->price * p->covered_co2;
  return TANLU_OK;
}

static double passed_on(const tanlu_carbon_charge *charge, size_t j) {
  return charge->pass_through != NULL ? charge->pass_through[j] : 1.0;
}

static tanlu_status solve(tanlu_prices *p, const tanlu_solved_accounts *a, const tanlu_carbon_charge *charge,
                          tanlu_context *context) {
  const size_t n = p->n;
  tanlu_status status = TANLU_OK;
  memset(p->import_change, 0, n * sizeof *p->import_change);
  if (charge->border) {
    memcpy(p->import_change, p->direct, n * sizeof *p->import_change);
    status = tanlu_leontief_update(p->system, a->inputs, n, NULL, context);
    if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(p->system, p->import_change, n, 1, context);
  }
  for (size_t j = 0; j < n; j++) {
    const double *all = a->inputs + j * n, *domestic = a->domestic_inputs + j * n;
    double cost = p->direct[j];
    for (size_t i = 0; i < n; i++) {
      cost += (all[i] - domestic[i]) * p->import_change[i];
      p->matrix[j * n + i] = passed_on(charge, i) * domestic[i];
    }
    p->change[j] = cost;
  }
  if (status == TANLU_OK) status = tanlu_leontief_update(p->system, p->matrix, n, NULL, context);
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(p->system, p->change, n, 1, context);
  p->absorbed_sum = 0.0;
  for (size_t j = 0; status == TANLU_OK && j < n; j++) { /* change holds the cost */
    const double theta = passed_on(charge, j);
    p->absorbed[j] = (1.0 - theta) * p->change[j] * a->output[j];
    p->absorbed_sum += p->absorbed[j];
    p->change[j] *= theta;
  }
  return status;
}

/* Costs by category of final demand against the revenue. */
static tanlu_status distribute(tanlu_prices *p, const tanlu_solved_accounts *a, const tanlu_carbon_charge *charge,
                               tanlu_context *context) {
  const size_t n = p->n;
  double paid = p->absorbed_sum, gross = fabs(p->absorbed_sum);
  for (size_t k = 0; k < p->categories; k++) {
    p->category[k] = 0.0;
    for (size_t i = 0; i < n; i++) {
      const double all = a->final_use[k * n + i], domestic = a->final_domestic[k * n + i];
      p->category[k] += p->change[i] * domestic + p->import_change[i] * (all - domestic);
      gross += fabs(p->change[i] * domestic);
    }
    paid += p->category[k];
  }
  p->border_revenue = 0.0;
  for (size_t i = 0; i < n; i++) {
    p->border_revenue += p->import_change[i] * a->imports[i];
    paid += p->change[i] * a->discrepancy[i];
  }
  p->household_revenue = 0.0;
  for (size_t h = 0; h < TANLU_HOUSEHOLDS; h++) {
    p->household_direct[h] = charge->households ? charge->price * a->household_co2[h] : 0.0;
    p->household_revenue += p->household_direct[h];
    if (charge->households) p->covered_co2 += a->household_co2[h];
  }
  p->revenue = p->production_revenue + p->border_revenue + p->household_revenue;
  const double gap = paid - p->production_revenue - p->border_revenue;
  if (fabs(gap) <= account_tolerance * fmax(gross, fabs(p->revenue))) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "year %d: costs and revenue of the CO2 price differ by %.3g of %.6g",
                    a->year, gap, p->revenue);
}

tanlu_status tanlu_prices_year(tanlu_prices *prices, const tanlu_solved_accounts *accounts,
                               const tanlu_carbon_charge *charge, tanlu_context *context) {
  prices->year = accounts->year;
  tanlu_status status = charge_sectors(prices, accounts, charge, context);
  if (status == TANLU_OK) status = solve(prices, accounts, charge, context);
  if (status == TANLU_OK) status = distribute(prices, accounts, charge, context);
  return status;
}
