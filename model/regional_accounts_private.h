/* The parts of a tanlu_regional_accounts, for who makes more of them than a table (model/region_datasets.h). */
#ifndef TANLU_MODEL_REGIONAL_ACCOUNTS_PRIVATE_H
#define TANLU_MODEL_REGIONAL_ACCOUNTS_PRIVATE_H

#include "model/regional_accounts.h"

struct tanlu_regional_accounts {
  const tanlu_dataset *nation;
  const tanlu_accounts *a;
  const tanlu_regional_choice *c;
  tanlu_regional_facts facts;
  tanlu_context *context;
  size_t regions, n, categories, all; /* all: regions x n */
  double *domestic, *final_domestic;  /* of the nation: n x n, n x categories */
  double *demand_share, *value_added; /* regions x categories: h; n */
  tanlu_regional_table *table;
  /* heads */
  tanlu_labels sector, category;
  tanlu_category_role *role;
  tanlu_level *level;
  size_t levels;
  /* what the sink gets */
  double *row, *domestic_row, *use; /* regions x n; regions x n; regions x categories */
  double *final_use, *final_home, *imports, *discrepancy, *components, *output;
  double *cell; /* n x n: sums of domestic flows over regions */
  tanlu_table_heads heads;
};
#endif
