/* What the unknowns of the closure decide: factors of classes, final demand, column sums. */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "model/economy_private.h"

/* exp, which most unknowns do not need: what no goal has moved is 0. */
static double factor_of(double logarithm) {
  return logarithm == 0.0 ? 1.0 : exp(logarithm);
}

/* F, phi, q and (phi / mean phi)^theta. */
static void spread_unknowns(tanlu_economy *y, const tanlu_levers *levers, const double *unknown) {
  const size_t width = y->width, rest = y->targets;
  const double *theta = tanlu_lever(levers, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 0, 0);
  double weight = 0.0;
  for (size_t k = 0; k <= rest; k++) weight += y->mean_weight[k];
  for (size_t l = 0; l < width; l++) {
    double mean = y->mean_weight[rest];
    y->phi[rest * width + l] = 1.0;
    for (size_t k = 0; k < rest; k++) {
      y->phi[k * width + l] = factor_of(unknown[(1 + k) * width + l]);
      mean += y->mean_weight[k] * y->phi[k * width + l];
    }
    const double log_mean = weight > 0.0 ? log(mean / weight) : 0.0;
    for (size_t k = 0; k <= rest; k++) {
      const double log_phi = k < rest ? unknown[(1 + k) * width + l] : 0.0;
      const bool still = theta[l] == 0.0 || log_phi == log_mean;
      y->pull[k * width + l] = still ? 1.0 : exp(theta[l] * (log_phi - log_mean));
    }
    for (size_t p = 0; p < y->products; p++) y->q[p * width + l] = factor_of(unknown[(1 + rest + p) * width + l]);
    y->final_use[l] = y->base_use * exp(unknown[l]);
  }
}

/* Factors of the classes: r q of inputs; composition phi q of final demand by category, still to be scaled. */
TANLU_EACH_ISA
static void class_factors(tanlu_economy *y, const tanlu_levers *levers) {
  const size_t width = y->width;
  for (size_t c = 0; c < y->classes; c++) {
    const tanlu_economy_class *kind = &y->kind[c];
    const size_t slot = kind->target == TANLU_NONE ? y->targets : kind->target;
    const double *phi = y->phi + slot * width, *pull = y->pull + slot * width;
    const double *q = kind->product == TANLU_NONE ? NULL : y->q + kind->product * width;
    const double *r = tanlu_lever(levers, TANLU_DRIVER_SUBSTITUTION, kind->group, 0);
    for (size_t l = 0; l < width; l++) {
      y->factor[c * width + l] = kind->energy ? 0.0 : pull[l] * r[l] * (q == NULL ? 1.0 : q[l]);
    }
    for (size_t k = 0; k < y->categories; k++) {
      const double *composition = tanlu_lever(levers, TANLU_DRIVER_COMPOSITION, k, kind->group);
      double *to = y->demand_factor + (c * y->categories + k) * width;
      for (size_t l = 0; l < width; l++) to[l] = composition[l] * phi[l] * (q == NULL ? 1.0 : q[l]);
    }
  }
}

/* Scale final demand to the categories' shares of final use. */
TANLU_EACH_ISA
static void scale_demand(tanlu_economy *y, const tanlu_levers *levers) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width;
  for (size_t k = 0; k < y->categories; k++) {
    double sum[TANLU_LANES_MAX] = {0.0}, scale[TANLU_LANES_MAX];
    const double *share = tanlu_lever(levers, TANLU_DRIVER_CATEGORY_SHARE, k, 0);
    for (size_t c = 0; c < y->classes; c++) {
      const double base = y->class_demand[c * y->categories + k];
      const double *factor = y->demand_factor + (c * y->categories + k) * width;
      for (size_t l = 0; base != 0.0 && l < width; l++) sum[l] += base * factor[l];
    }
    for (size_t l = 0; l < width; l++) {
      const double left = y->final_use[l] * share[l] - y->energy_money[k * width + l];
      scale[l] = tanlu_role_apart(a->role[k]) || sum[l] == 0.0 ? 0.0 : left / sum[l];
    }
    for (size_t c = 0; c < y->classes; c++) {
      double *factor = y->demand_factor + (c * y->categories + k) * width;
      for (size_t l = 0; l < width; l++) factor[l] *= scale[l];
    }
  }
}

/* s restores the column sums outside energy. */
TANLU_EACH_ISA
static void restore_columns(tanlu_economy *y, const tanlu_levers *levers) {
  const size_t width = y->width, n = y->n;
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)width, (int)y->classes, 1.0, y->class_inputs,
              (int)y->classes, y->factor, (int)width, 0.0, y->own_sum, (int)width);
  for (size_t j = 0; j < n; j++) {
    double *sum = y->own_sum + j * width, *s = y->s + j * width;
    const size_t own = y->set_of[j];
    for (size_t c = 0; own != TANLU_NONE && c < y->classes; c++) { /* inside its own set q is left out */
      const double inputs = y->class_inputs[j * y->classes + c];
      if (y->kind[c].product != own || inputs == 0.0) continue;
      for (size_t l = 0; l < width; l++) {
        const double factor = y->factor[c * width + l];
        sum[l] += inputs * (factor / y->q[own * width + l] - factor);
      }
    }
    const double *fabrication = tanlu_lever(levers, TANLU_DRIVER_FABRICATION, y->kind[y->class_of[j]].group, 0);
    const double base = y->technology->non_energy_sum[j];
    for (size_t l = 0; l < width; l++) {
      s[l] = (sum[l] > 0.0 ? base / sum[l] : 1.0) * fabrication[l];
      y->other_inputs[j * width + l] = sum[l] * s[l];
    }
  }
}

/* Domestic final demand of product i. */
TANLU_EACH_ISA
static void final_demand(const tanlu_economy *y, const double *restrict index, size_t i) {
  const size_t width = y->width;
  const double *restrict factors = y->demand_factor + y->class_of[i] * y->categories * width;
  const double *restrict fixed = y->fixed_demand + i * width;
  double *restrict to = y->final_demand + i * width;
  EACH_LANE(l) to[l] = fixed[l];
  for (size_t k = 0; k < y->categories; k++) {
    const double base = y->demand[i * y->categories + k], foreign = y->foreign[i * y->categories + k];
    const double *restrict factor = factors + k * width;
    if (base != 0.0) EACH_LANE(l) to[l] += base * factor[l];
    if (y->imports_change && foreign != 0.0) EACH_LANE(l) to[l] += (1.0 - index[l]) * foreign * factor[l];
  }
}

void tanlu_economy_factors(tanlu_economy *economy, const tanlu_levers *levers, const double *unknown) {
  spread_unknowns(economy, levers, unknown);
  class_factors(economy, levers);
  scale_demand(economy, levers);
  /* F, the first unknown, moves demand alone */
  const size_t others = (economy->unknowns - 1) * economy->width * sizeof *unknown;
  if (memcmp(economy->shaped + economy->width, unknown + economy->width, others) != 0) {
    restore_columns(economy, levers);
    memcpy(economy->shaped + economy->width, unknown + economy->width, others);
  }
  for (size_t i = 0; i < economy->n; i++) final_demand(economy, tanlu_import_index(economy, levers, i), i);
}
