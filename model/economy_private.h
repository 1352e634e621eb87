/* What the files of the economy share. */
#ifndef TANLU_MODEL_ECONOMY_PRIVATE_H
#define TANLU_MODEL_ECONOMY_PRIVATE_H

#include "model/economy.h"

static inline bool tanlu_is_household(tanlu_category_role role) {
  return role == TANLU_ROLE_URBAN || role == TANLU_ROLE_RURAL;
}

/* Categories whose domestic share is as published, whatever imports do. */
static inline bool tanlu_is_fixed(tanlu_category_role role) {
  return role == TANLU_ROLE_EXPORTS || tanlu_role_apart(role);
}

/* Product i sent to other regions as category k, lane l: as told, else it grows with GDP. */
static inline double tanlu_sent(const tanlu_economy *y, size_t k, size_t i, size_t l) {
  if (y->outside != NULL) return y->outside->demand[i * y->width + l];
  return y->dataset->accounts.final_use[k * y->n + i] * y->gdp_index[l];
}

/* Index of the import share of product i, by lane. */
static inline const double *tanlu_import_index(const tanlu_economy *y, const tanlu_levers *levers, size_t i) {
  return tanlu_lever(levers, TANLU_DRIVER_IMPORT_SHARE, y->kind[y->class_of[i]].group, 0);
}

#endif
