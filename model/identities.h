/* What must hold among the statistics of the base year, whoever filled or changed them. inputs/ says where in a file one is
 * broken; tanlu_identities_check names the sector or carrier. */
#ifndef TANLU_MODEL_IDENTITIES_H
#define TANLU_MODEL_IDENTITIES_H

#include "model/dataset.h"

/* A sum against what it should be; gap = sum - wanted, allowed: the largest |gap|. */
typedef struct {
  double sum, wanted, allowed;
} tanlu_identity;
double tanlu_identity_gap(const tanlu_identity *identity);
bool tanlu_identity_holds(const tanlu_identity *identity);

/* Z1 + sum y_k - m + err = x of product i; allowed is relative to x, to m where x is 0. */
tanlu_identity tanlu_identity_row(const tanlu_accounts *accounts, size_t i);
/* 1'Z + 1'w = x' of sector j. */
tanlu_identity tanlu_identity_column(const tanlu_accounts *accounts, size_t j);
/* The same for sums of flows taken elsewhere: uses of product i, inputs of sector j, domestic uses of product i. */
tanlu_identity tanlu_identity_row_of(const tanlu_accounts *accounts, size_t i, double uses);
tanlu_identity tanlu_identity_column_of(const tanlu_accounts *accounts, size_t j, double inputs);
tanlu_identity tanlu_identity_domestic_of(const tanlu_accounts *accounts, size_t i, double uses);
/* Of a split table: domestic uses of product i + err = x. */
tanlu_identity tanlu_identity_domestic(const tanlu_accounts *accounts, size_t i);
/* The balance of a carrier, TJ: available + conversion - losses - final = statistical difference, to 1e-6 of its flows; and
 * non-energy use is a part of final use. */
typedef struct {
  double available, conversion, losses, final, difference, non_energy;
  double gap; /* left side less right */
  bool closes, holds_non_energy;
} tanlu_carrier_balance;
tanlu_carrier_balance tanlu_balance_of_carrier(const tanlu_energy_statistics *energy, size_t carrier);

/* All of them. TANLU_ERR_INPUT naming dataset and sector or carrier. */
tanlu_status tanlu_identities_check(const tanlu_dataset *dataset, tanlu_context *context);

#endif
