#include "model/footprint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* The balance of a product is solved to 3e-11; sums of ten thousand terms leave the rest for rounding. */
static const double account_tolerance = 1e-9;

/* ---- memory ------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_footprint_create(tanlu_footprint **footprint, const tanlu_dataset *dataset, tanlu_context *context) {
  *footprint = NULL;
  tanlu_footprint *f = tanlu_allocate(context, 1, sizeof *f);
  if (f == NULL) return TANLU_ERR_MEMORY;
  const tanlu_accounts *a = &dataset->accounts;
  const size_t n = f->n = a->n, columns = f->columns = a->category.count + 1;
  const struct {
    double **array;
    size_t columns;
  } wanted[] = {{&f->direct, 1},        {&f->total, 1},        {&f->total_all, 1},
                {&f->scope2, 1},        {&f->scope3, 1},       {&f->home, columns},
                {&f->emitter, columns}, {&f->abroad, columns}, {&f->solution, columns}};
  tanlu_status status = tanlu_leontief_create(&f->system, TANLU_SOLVER_DIRECT, n, context);
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, n, wanted[i].columns);
    if (*wanted[i].array == NULL) status = TANLU_ERR_MEMORY;
  }
  f->home_sum = tanlu_allocate_doubles(context, columns, 1);
  f->abroad_sum = tanlu_allocate_doubles(context, columns, 1);
  f->exported = tanlu_allocate(context, columns, sizeof *f->exported);
  f->household = tanlu_allocate(context, columns, sizeof *f->household);
  if (f->home_sum == NULL || f->abroad_sum == NULL || f->exported == NULL || f->household == NULL) {
    status = TANLU_ERR_MEMORY;
  }
  for (size_t k = 0; status == TANLU_OK && k < columns; k++) {
    const tanlu_category_role role = k < a->category.count ? a->role[k] : TANLU_ROLE_OTHER;
    f->exported[k] = tanlu_role_leaves(role);
    f->household[k] = role == TANLU_ROLE_URBAN ? TANLU_URBAN : role == TANLU_ROLE_RURAL ? TANLU_RURAL : TANLU_NONE;
  }
  if (status != TANLU_OK) tanlu_footprint_free(&f);
  *footprint = f;
  return status;
}

void tanlu_footprint_free(tanlu_footprint **footprint) {
  tanlu_footprint *f = *footprint;
  if (f == NULL) return;
  double *const array[] = {f->direct,  f->total,  f->total_all, f->scope2,   f->scope3,    f->home,
                           f->emitter, f->abroad, f->solution,  f->home_sum, f->abroad_sum};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(f->exported);
  free(f->household);
  tanlu_leontief_free(&f->system);
  free(f);
  *footprint = NULL;
}

/* ---- a year -------------------------------------------------------------------------------------------------------------- */

static tanlu_status direct_intensity(tanlu_footprint *f, const tanlu_solved_accounts *a, tanlu_context *context) {
  for (size_t j = 0; j < f->n; j++) {
    const double x = a->output[j];
    f->direct[j] = x > 0.0 ? a->co2[j] / x : 0.0;
    if (x > 0.0 || a->co2[j] == 0.0) continue;
    return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: sector %s emits %.6g t CO2 but produces nothing", a->year,
                      a->dataset->accounts.sector.code[j], a->co2[j]);
  }
  return TANLU_OK;
}

/* Intensities and what the final demand of every column takes to be made. */
static tanlu_status solve(tanlu_footprint *f, const tanlu_solved_accounts *a, tanlu_context *context) {
  const size_t n = f->n, demanded = n * (f->columns - 1);
  tanlu_status status = tanlu_leontief_update(f->system, a->inputs, n, NULL, context);
  memcpy(f->total_all, f->direct, n * sizeof *f->direct);
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(f->system, f->total_all, n, 1, context);
  if (status == TANLU_OK) status = tanlu_leontief_update(f->system, a->domestic_inputs, n, NULL, context);
  memcpy(f->total, f->direct, n * sizeof *f->direct);
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(f->system, f->total, n, 1, context);
  memcpy(f->solution, a->final_domestic, demanded * sizeof *f->solution);
  memcpy(f->solution + demanded, a->discrepancy, n * sizeof *f->solution);
  if (status == TANLU_OK) status = tanlu_leontief_solve(f->system, f->solution, n, f->columns, context);
  return status;
}

static void attribute(tanlu_footprint *f, const tanlu_solved_accounts *a) {
  const size_t n = f->n;
  for (size_t k = 0; k < f->columns; k++) {
    const bool demand = k + 1 < f->columns;
    const double *all = demand ? a->final_use + k * n : a->discrepancy;
    const double *domestic = demand ? a->final_domestic + k * n : a->discrepancy;
    f->home_sum[k] = f->abroad_sum[k] = 0.0;
    for (size_t i = 0; i < n; i++) {
      const size_t at = k * n + i;
      f->home[at] = f->total[i] * domestic[i];
      f->abroad[at] = f->total_all[i] * all[i] - f->home[at];
      f->emitter[at] = f->direct[i] * f->solution[at];
      f->home_sum[k] += f->home[at];
      f->abroad_sum[k] += f->abroad[at];
    }
  }
}

/* Scope 3 from what is bought, so that the sum of scopes against e is a check. */
static void scopes(tanlu_footprint *f, const tanlu_solved_accounts *a) {
  const size_t n = f->n, energy[2] = {a->power_sector, a->heat_sector};
  const size_t sectors = energy[0] == energy[1] ? 1 : 2;
  for (size_t j = 0; j < n; j++) {
    const double *inputs = a->domestic_inputs + j * n;
    const bool own = j == energy[0] || j == energy[1];
    double upstream = 0.0;
    for (size_t i = 0; i < n; i++) upstream += inputs[i] * f->total[i];
    f->scope2[j] = 0.0;
    for (size_t p = 0; p < sectors && !own; p++) {
      if (energy[p] != TANLU_NONE) f->scope2[j] += inputs[energy[p]] * f->direct[energy[p]];
    }
    f->scope3[j] = upstream - f->scope2[j];
  }
}

static void add_up(tanlu_footprint *f, const tanlu_solved_accounts *a) {
  f->production = f->avoided = f->exports = 0.0;
  for (size_t j = 0; j < f->n; j++) {
    f->production += a->co2[j];
    f->avoided += f->total_all[j] * a->imports[j];
  }
  f->territorial = f->production;
  for (size_t h = 0; h < TANLU_HOUSEHOLDS; h++) {
    f->household_direct[h] = a->household_co2[h];
    f->territorial += a->household_co2[h];
  }
  for (size_t k = 0; k < f->columns; k++) {
    if (f->exported[k]) f->exports += f->home_sum[k] + f->abroad_sum[k];
  }
  f->consumption = f->territorial + f->avoided - f->exports;
}

static tanlu_status gap(const tanlu_footprint *f, const char *what, double sum, double wanted, double size,
                        tanlu_context *context) {
  if (fabs(sum - wanted) <= account_tolerance * size) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "year %d: %s add up to %.10g t CO2; expected %.10g", f->year, what,
                    sum, wanted);
}

/* Every account adds up to what it splits. */
static tanlu_status check(const tanlu_footprint *f, const tanlu_solved_accounts *a, tanlu_context *context) {
  double home = 0.0, abroad = 0.0, gross = 0.0;
  for (size_t j = 0; j < f->n; j++) gross += fabs(a->co2[j]);
  for (size_t k = 0; k < f->columns; k++) {
    home += f->home_sum[k];
    abroad += f->abroad_sum[k];
  }
  tanlu_status status = gap(f, "footprints by category", home, f->production, gross, context);
  if (status == TANLU_OK) {
    status = gap(f, "footprints of imports by category", abroad, f->avoided, fmax(gross, fabs(f->avoided)), context);
  }
  for (size_t i = 0; i < f->n && status == TANLU_OK; i++) {
    double emitted = 0.0;
    for (size_t k = 0; k < f->columns; k++) emitted += f->emitter[k * f->n + i];
    status = gap(f, "footprints by emitting sector", emitted, a->co2[i], gross, context);
  }
  for (size_t j = 0; j < f->n && status == TANLU_OK; j++) {
    const double sum = f->direct[j] + f->scope2[j] + f->scope3[j];
    status = gap(f, "scopes per 1e4 CNY", sum, f->total[j], fmax(fabs(sum), fabs(f->direct[j])), context);
  }
  return status;
}

tanlu_status tanlu_footprint_year(tanlu_footprint *footprint, const tanlu_solved_accounts *accounts,
                                  tanlu_context *context) {
  tanlu_footprint *f = footprint;
  f->year = accounts->year;
  tanlu_status status = direct_intensity(f, accounts, context);
  if (status == TANLU_OK) status = solve(f, accounts, context);
  if (status != TANLU_OK) return status;
  attribute(f, accounts);
  scopes(f, accounts);
  add_up(f, accounts);
  return check(f, accounts, context);
}

/* ---- key sectors -------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_mean_shares(size_t members, size_t years, const double *co2, double *mean, tanlu_context *context) {
  memset(mean, 0, members * sizeof *mean);
  for (size_t t = 0; t < years; t++) {
    const double *of_year = co2 + t * members;
    double sum = 0.0;
    for (size_t i = 0; i < members; i++) sum += of_year[i];
    if (!(sum > 0.0)) {
      return tanlu_fail(context, TANLU_ERR_MODEL,
                        "shares of CO2 need a positive sum; year %zu of the period has %.6g t", t + 1, sum);
    }
    for (size_t i = 0; i < members; i++) mean[i] += of_year[i] / sum / (double)years;
  }
  return TANLU_OK;
}
