/* A lane of the solved accounts as plain arrays. */
#include "model/economy_private.h"

static double import_index(const tanlu_economy *y, const tanlu_levers *levers, size_t i, size_t lane) {
  return tanlu_lever(levers, TANLU_DRIVER_IMPORT_SHARE, y->kind[y->class_of[i]].group, 0)[lane];
}

/* A_t of an input: q is left out inside the product's own set, energy rows follow physics. */
static double input(const tanlu_economy *y, const tanlu_energy_rows *rows, size_t i, size_t j, size_t lane) {
  const tanlu_technology *g = y->technology;
  const size_t width = y->width, row = g->row_of[i], set = y->set_of[i];
  if (row != TANLU_NONE) return rows->coefficient[(j * g->rows + row) * width + lane];
  const double q = set != TANLU_NONE && set == y->set_of[j] ? y->q[set * width + lane] : 1.0;
  return g->a[j * y->n + i] * (y->factor[y->class_of[i] * width + lane] / q) * y->s[j * width + lane];
}

static double domestic_share(const tanlu_economy *y, const tanlu_levers *levers, size_t i, size_t j, size_t lane) {
  return 1.0 - import_index(y, levers, i, lane) * (1.0 - y->technology->domestic[j * y->n + i]);
}

void tanlu_economy_matrix(const tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                          size_t lane, double *domestic, double *all) {
  const tanlu_economy *y = economy;
  for (size_t j = 0; j < y->n; j++) {
    for (size_t i = 0; i < y->n; i++) {
      const double a = input(y, rows, i, j, lane);
      domestic[j * y->n + i] = a * domestic_share(y, levers, i, j, lane);
      if (all != NULL) all[j * y->n + i] = a;
    }
  }
}

void tanlu_economy_final_use(const tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                             size_t lane, double *all, double *domestic) {
  const tanlu_economy *y = economy;
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width, n = y->n;
  const double stocks = tanlu_lever(levers, TANLU_DRIVER_INVENTORIES, 0, 0)[lane] * y->gdp_index[lane];
  for (size_t k = 0; k < y->categories; k++) {
    const bool urban = a->role[k] == TANLU_ROLE_URBAN, household = urban || a->role[k] == TANLU_ROLE_RURAL;
    for (size_t i = 0; i < n; i++) {
      const size_t row = y->technology->row_of[i];
      double factor = y->demand_factor[(y->class_of[i] * y->categories + k) * width + lane];
      if (a->role[k] == TANLU_ROLE_INVENTORIES) factor = stocks;
      all[k * n + i] = household && row != TANLU_NONE ? rows->money[(2 * row + (urban ? 0 : 1)) * width + lane]
                                                      : a->final_use[k * n + i] * factor;
      if (a->role[k] == TANLU_ROLE_REGIONS) all[k * n + i] = tanlu_sent(y, k, i, lane);
      if (domestic == NULL) continue;
      const double index = tanlu_is_fixed(a->role[k]) ? 1.0 : import_index(y, levers, i, lane);
      domestic[k * n + i] = all[k * n + i] * (1.0 - index * (1.0 - y->technology->final_domestic[k * n + i]));
    }
  }
}

void tanlu_economy_multipliers(const tanlu_economy *economy, size_t lane, double *demand, double *input_factor) {
  const tanlu_economy *y = economy;
  const size_t width = y->width;

  for (size_t i = 0; i < y->n; i++) {
    const tanlu_economy_class *kind = &y->kind[y->class_of[i]];
    const size_t slot = kind->target == TANLU_NONE ? y->targets : kind->target;
    const double q = kind->product == TANLU_NONE ? 1.0 : y->q[kind->product * width + lane];
    demand[i] = y->phi[slot * width + lane] * q;
    input_factor[i] = kind->energy ? q : y->factor[y->class_of[i] * width + lane];
  }
}
