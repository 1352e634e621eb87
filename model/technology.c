#include "model/technology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* ---- coefficients and imports --------------------------------------------------------------------------------------- */

static tanlu_status coefficients(tanlu_technology *technology, tanlu_context *context) {
  const tanlu_accounts *a = &technology->dataset->accounts;
  const size_t n = technology->n;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      const double flow = a->flows[j * n + i];
      if (a->output[j] > 0.0) {
        technology->a[j * n + i] = flow / a->output[j];
      } else if (flow != 0.0) {
        return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: sector %s has no output but buys from %s",
                          technology->dataset->name, a->sector.code[j], a->sector.code[i]);
      }
    }
  }
  return TANLU_OK;
}

tanlu_status tanlu_import_share(const tanlu_dataset *dataset, size_t i, double intermediate, double *mu,
                                tanlu_context *context) {
  const tanlu_accounts *a = &dataset->accounts;
  double use = intermediate;
  *mu = 0.0;
  if (a->import_treatment == TANLU_IMPORT_NONE) {
    if (a->imports[i] == 0.0) return TANLU_OK;
    return tanlu_fail(
        context, TANLU_ERR_INPUT,
        "dataset %s: import_treatment is none, but imports of %s are %.6g; expected 0, or another treatment",
        dataset->name, a->sector.code[i], a->imports[i]);
  }
  for (size_t k = 0; k < a->category.count; k++) {
    if (!tanlu_role_leaves(a->role[k])) use += a->final_use[k * a->n + i];
  }
  if (use > 0.0) *mu = a->imports[i] / use;
  if (a->import_treatment == TANLU_IMPORT_SPLIT) *mu = fmin(fmax(*mu, 0.0), 1.0);
  if (*mu >= 0.0 && *mu <= 1.0) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT,
                    "dataset %s: imports of %s are %.4g of its domestic use; expected a share from 0 to 1",
                    dataset->name, a->sector.code[i], *mu);
}

double tanlu_final_domestic_share(const tanlu_accounts *a, size_t i, size_t k, double mu) {
  const double use = a->final_use[k * a->n + i];
  if (a->import_treatment == TANLU_IMPORT_SPLIT && use != 0.0) return a->final_domestic[k * a->n + i] / use;
  return tanlu_role_leaves(a->role[k]) ? 1.0 : 1.0 - mu;
}

static tanlu_status imports(tanlu_technology *technology, tanlu_context *context) {
  const tanlu_accounts *a = &technology->dataset->accounts;
  const size_t n = technology->n;
  const bool split = a->import_treatment == TANLU_IMPORT_SPLIT;
  for (size_t i = 0; i < n; i++) {
    double mu = 0.0, intermediate = 0.0;
    for (size_t j = 0; j < n; j++) intermediate += a->flows[j * n + i];
    const tanlu_status status = tanlu_import_share(technology->dataset, i, intermediate, &mu, context);
    if (status != TANLU_OK) return status;
    for (size_t j = 0; j < n; j++) {
      const double flow = a->flows[j * n + i];
      technology->domestic[j * n + i] = split && flow > 0.0 ? a->flows_domestic[j * n + i] / flow : 1.0 - mu;
    }
    for (size_t k = 0; k < technology->categories; k++) {
      const double share = tanlu_final_domestic_share(a, i, k, mu);
      technology->final_domestic[k * n + i] = share;
      if (!tanlu_role_apart(a->role[k])) technology->final_total[i] += share * a->final_use[k * n + i];
    }
  }
  return TANLU_OK;
}

/* ---- energy rows ------------------------------------------------------------------------------------------------------ */

static tanlu_status find_rows(tanlu_technology *technology, tanlu_context *context) {
  const tanlu_energy_statistics *e = &technology->dataset->energy;
  const size_t n = technology->n, carriers = e->carrier.label.count, most = e->carrier.suppliers_max;
  for (size_t i = 0; i < n; i++) technology->row_of[i] = TANLU_NONE;
  for (size_t i = 0; i < n; i++) { /* in the order of the table */
    for (size_t s = 0; s < carriers * most; s++) {
      if (e->carrier.suppliers[s] != i || technology->row_of[i] != TANLU_NONE) continue;
      technology->row_of[i] = technology->rows;
      technology->row[technology->rows++] = i;
    }
  }
  technology->weight = tanlu_allocate_doubles(context, technology->rows, carriers);
  technology->throughput = tanlu_allocate(context, technology->rows * n, sizeof *technology->throughput);
  technology->use = tanlu_allocate_doubles(context, technology->rows, n);
  technology->use_per_output = tanlu_allocate_doubles(context, technology->rows, n);
  technology->household_use = tanlu_allocate_doubles(context, technology->rows, 2);
  technology->price = tanlu_allocate_doubles(context, technology->rows, 1);
  if (technology->weight == NULL || technology->throughput == NULL || technology->use == NULL ||
      technology->use_per_output == NULL || technology->household_use == NULL || technology->price == NULL) {
    return TANLU_ERR_MEMORY;
  }
  for (size_t c = 0; c < carriers; c++) {
    for (size_t s = 0; s < most; s++) {
      const size_t sector = e->carrier.suppliers[c * most + s];
      if (sector == TANLU_NONE) continue;
      technology->weight[technology->row_of[sector] * carriers + c] = e->carrier.row_weight[c];
    }
  }
  for (size_t i = 0; i < e->throughputs; i++) {
    const size_t k = technology->row_of[e->throughput[i][0]];
    if (k != TANLU_NONE) technology->throughput[k * n + e->throughput[i][1]] = true;
  }
  return TANLU_OK;
}

/* p_k: what users at home pay for the row, without purchases that only pass it on, per physical unit. */
static void prices(tanlu_technology *technology) {
  const tanlu_accounts *a = &technology->dataset->accounts;
  const size_t n = technology->n;
  for (size_t k = 0; k < technology->rows; k++) {
    double money = 0.0, physical = technology->household_use[2 * k] + technology->household_use[2 * k + 1];
    for (size_t j = 0; j < n; j++) {
      if (technology->throughput[k * n + j]) continue;
      money += a->flows[j * n + technology->row[k]];
      physical += technology->use[k * n + j];
    }
    for (size_t c = 0; c < technology->categories; c++) {
      if (a->role[c] == TANLU_ROLE_URBAN || a->role[c] == TANLU_ROLE_RURAL) {
        money += a->final_use[c * n + technology->row[k]];
      }
    }
    technology->price[k] = physical > 0.0 ? money / physical : 0.0;
  }
}

tanlu_status tanlu_technology_create(tanlu_technology **technology, const tanlu_dataset *dataset,
                                     const tanlu_energy *energy, const double *conversion_input,
                                     const tanlu_technology *nation, tanlu_context *context) {
  *technology = NULL;
  tanlu_status status = TANLU_ERR_MEMORY;
  double *sector_use = NULL, *household = NULL;
  tanlu_technology *g = tanlu_allocate(context, 1, sizeof *g);
  if (g == NULL) return TANLU_ERR_MEMORY;
  const size_t n = g->n = dataset->accounts.n, carriers = energy->carriers;
  g->dataset = dataset;
  g->categories = dataset->accounts.category.count;
  g->a = tanlu_allocate_doubles(context, n, n);
  g->domestic = tanlu_allocate_doubles(context, n, n);
  g->final_domestic = tanlu_allocate_doubles(context, n, g->categories);
  g->final_total = tanlu_allocate_doubles(context, n, 1);
  g->non_energy_sum = tanlu_allocate_doubles(context, n, 1);
  g->row = tanlu_allocate(context, n, sizeof *g->row);
  g->row_of = tanlu_allocate(context, n, sizeof *g->row_of);
  g->final_per_output = tanlu_allocate_doubles(context, n, 1);
  g->discount = tanlu_allocate_doubles(context, n, 1);
  sector_use = tanlu_allocate_doubles(context, n, carriers);
  household = tanlu_allocate_doubles(context, 2, carriers);
  if (g->a == NULL || g->domestic == NULL || g->final_domestic == NULL || g->final_total == NULL ||
      g->non_energy_sum == NULL || g->row == NULL || g->row_of == NULL || g->final_per_output == NULL ||
      g->discount == NULL || sector_use == NULL || household == NULL) {
    goto cleanup;
  }
  status = coefficients(g, context);
  if (status == TANLU_OK) status = imports(g, context);
  if (status == TANLU_OK) status = find_rows(g, context);
  if (status != TANLU_OK) goto cleanup;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      if (g->row_of[i] == TANLU_NONE) g->non_energy_sum[j] += g->a[j * n + i];
    }
    const double x = dataset->accounts.output[j];
    g->discount[j] = 1.0;
    for (size_t c = 0; x > 0.0 && c < carriers; c++) {
      g->final_per_output[j] += (energy->final[j * carriers + c] + energy->non_energy[j * carriers + c]) / x;
    }
    for (size_t c = 0; c < carriers; c++) {
      sector_use[j * carriers + c] =
          energy->final[j * carriers + c] + energy->non_energy[j * carriers + c] + conversion_input[j * carriers + c];
    }
  }
  for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) {
    const size_t user = tanlu_user_household(energy, u), rural = u >= TANLU_RURAL_BUILDINGS;
    for (size_t c = 0; c < carriers; c++) {
      household[rural * carriers + c] += energy->final[user * carriers + c] + energy->non_energy[user * carriers + c];
    }
  }
  tanlu_technology_physical(g, sector_use, household, g->use, g->household_use);
  for (size_t k = 0; k < g->rows; k++) {
    for (size_t j = 0; j < n; j++) {
      const double x = dataset->accounts.output[j];
      g->use_per_output[k * n + j] = x > 0.0 ? g->use[k * n + j] / x : 0.0;
    }
  }
  prices(g);
  if (nation != NULL) memcpy(g->price, nation->price, g->rows * sizeof *g->price);
  for (size_t j = 0; nation != NULL && j < n; j++) {
    const double own = g->final_per_output[j], theirs = nation->final_per_output[j];
    if (own > theirs) g->discount[j] = theirs / own;
  }
cleanup:
  free(sector_use);
  free(household);
  if (status != TANLU_OK) tanlu_technology_free(&g);
  *technology = g;
  return status;
}

void tanlu_technology_free(tanlu_technology **technology) {
  tanlu_technology *g = *technology;
  if (g == NULL) return;
  free(g->a);
  free(g->domestic);
  free(g->final_domestic);
  free(g->final_total);
  free(g->non_energy_sum);
  free(g->row);
  free(g->row_of);
  free(g->weight);
  free(g->throughput);
  free(g->use);
  free(g->use_per_output);
  free(g->household_use);
  free(g->price);
  free(g->final_per_output);
  free(g->discount);
  free(g);
  *technology = NULL;
}

/* Supply of row k that sector j passes on: the carriers that both sell, whoever uses them in the end. */
static double passed_on(const tanlu_technology *technology, const double *sector_use, const double *household, size_t k,
                        size_t j) {
  const size_t n = technology->n, carriers = technology->dataset->energy.carrier.label.count;
  const size_t own = technology->row_of[j];
  double total = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    const double weight = technology->weight[k * carriers + c];
    if (weight == 0.0 || (own != TANLU_NONE && technology->weight[own * carriers + c] == 0.0)) continue;
    double use = household[c] + household[carriers + c];
    for (size_t i = 0; i < n; i++) use += sector_use[i * carriers + c];
    total += weight * use;
  }
  return total;
}

void tanlu_technology_physical(const tanlu_technology *technology, const double *sector_use, const double *household,
                               double *use, double *household_use) {
  const size_t n = technology->n, carriers = technology->dataset->energy.carrier.label.count;
  for (size_t k = 0; k < technology->rows; k++) {
    const double *weight = technology->weight + k * carriers;
    double *row = use + k * n;
    memset(row, 0, n * sizeof *row);
    household_use[2 * k] = household_use[2 * k + 1] = 0.0;
    for (size_t c = 0; c < carriers; c++) {
      if (weight[c] == 0.0) continue; /* a row sells a few carriers of many */
      for (size_t h = 0; h < 2; h++) household_use[2 * k + h] += weight[c] * household[h * carriers + c];
      for (size_t j = 0; j < n; j++) row[j] += weight[c] * sector_use[j * carriers + c];
    }
    for (size_t j = 0; j < n; j++) {
      if (technology->throughput[k * n + j]) row[j] = passed_on(technology, sector_use, household, k, j);
    }
  }
}

TANLU_EACH_ISA
void tanlu_technology_coefficient(const tanlu_technology *technology, size_t width, size_t k, size_t j,
                                  const double *per_output, double *coefficient) {
  const tanlu_technology *g = technology;
  const double base = g->a[j * g->n + g->row[k]], i0 = g->use_per_output[k * g->n + j], discount = g->discount[j],
               price = g->price[k];
  const double *restrict it = per_output;
  double *restrict now = coefficient;
  if (i0 <= 0.0) {
    EACH_LANE(l) now[l] = base + discount * price * it[l];
    return;
  }
  const double average = base / i0, above = discount * (average < price ? average : price);
  EACH_LANE(l) now[l] = it[l] <= i0 ? average * it[l] : base + above * (it[l] - i0);
}
