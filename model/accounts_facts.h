/* What a table adds up to and how well conditioned it is. */
#ifndef TANLU_MODEL_ACCOUNTS_FACTS_H
#define TANLU_MODEL_ACCOUNTS_FACTS_H

#include "model/dataset.h"

typedef struct {
  double value_added, final_demand, imports, output; /* sums, unit of the accounts */
  double worst_row, worst_column;                    /* largest gaps of the identities, relative to output */
  size_t no_output;                                  /* sectors without output */
  double spectral_radius, condition;                 /* of the domestic coefficients A_d, of I - A_d (1-norm) */
} tanlu_accounts_facts;

/* Sums, and gaps where the flows are in memory: all but radius and condition. */
tanlu_accounts_facts tanlu_accounts_sums(const tanlu_accounts *accounts);
/* Radius and condition of domestic coefficients (n x n, column-major). TANLU_ERR_MODEL naming the sector that weighs most where
 * they are not productive. */
tanlu_status tanlu_domestic_condition(const tanlu_dataset *dataset, const double *domestic, double *spectral_radius,
                                      double *condition, tanlu_context *context);
/* A_d (n x n, column-major): (1 - mu_i) Z_ij / x_j, or Z_d,ij / x_j of a split; 0 for sectors without output. Errors: those of
 * tanlu_import_share. */
tanlu_status tanlu_domestic_coefficients(const tanlu_dataset *dataset, double *domestic, tanlu_context *context);
/* All of it, from the flows, with A_d as of inputs/open_table.h; takes 24 n^2 bytes. */
tanlu_status tanlu_accounts_facts_of(tanlu_accounts_facts *facts, const tanlu_dataset *dataset, tanlu_context *context);

#endif
