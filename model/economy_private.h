/* What the files of the economy share. */
#ifndef TANLU_MODEL_ECONOMY_PRIVATE_H
#define TANLU_MODEL_ECONOMY_PRIVATE_H

#include "model/economy.h"

static inline bool tanlu_is_household(tanlu_category_role role) {
  return role == TANLU_ROLE_URBAN || role == TANLU_ROLE_RURAL;
}

/* Categories whose domestic share is as published, whatever imports do. */
static inline bool tanlu_is_fixed(tanlu_category_role role) {
  return role == TANLU_ROLE_EXPORTS || role == TANLU_ROLE_INVENTORIES;
}

/* Index of the import share of product i, by lane. */
static inline const double *tanlu_import_index(const tanlu_economy *y, const tanlu_levers *levers, size_t i) {
  return tanlu_lever(levers, TANLU_DRIVER_IMPORT_SHARE, y->kind[y->class_of[i]].group, 0);
}

#endif
