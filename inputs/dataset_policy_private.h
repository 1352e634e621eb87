/* Files of policy/ that dataset.yaml names: what their readers share. Errors go to the reader. */
#ifndef TANLU_INPUTS_DATASET_POLICY_PRIVATE_H
#define TANLU_INPUTS_DATASET_POLICY_PRIVATE_H

#include "inputs/dataset_reader.h"

/* Shares that add up to one but for this. */
#define TANLU_POLICY_ROUNDING 1e-6

/* The file that `policy: {KEY: FILE}` names, with its columns checked; NULL where there is none or it is wrong. */
tanlu_csv *tanlu_policy_open(tanlu_reader *r, const char *key, const char *const *columns, size_t count, size_t *index);

/* The first of the groups in a cell that the dataset has; TANLU_NONE where it has none of them. */
size_t tanlu_policy_group(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t column);

/* A cell as a number within bounds; NaN stays where the cell is empty. */
double tanlu_policy_number(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t column, bool required,
                           double lowest, double highest);

/* Does the row repeat the code of one before it? */
bool tanlu_policy_repeated(const tanlu_csv *table, size_t row, size_t column);

/* policy/efficiency-tiers.csv: specific energy of processes, and the shares of output below, between and above two levels. */
void tanlu_dataset_read_tiers(tanlu_reader *r);

/* policy/routes.csv: ways to make a product; after the processes' emissions are read. */
void tanlu_dataset_read_routes(tanlu_reader *r);

#endif
