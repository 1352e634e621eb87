/* Shared by model/embodied.c and model/region_sda.c: final demand of the regions of a table, and its factored inverse. */
#ifndef TANLU_MODEL_EMBODIED_PRIVATE_H
#define TANLU_MODEL_EMBODIED_PRIVATE_H

#include "model/dataset.h"
#include "solvers/leontief.h"

typedef struct {
  const tanlu_dataset *dataset;
  const tanlu_level *level;
  size_t n, groups, columns; /* columns: groups, abroad, discrepancy */
  double *demand;            /* n x columns: domestic final demand */
  tanlu_leontief *solver;    /* of I - A_d */
} tanlu_embodied_table;

/* Errors: those of tanlu_embodied_create. */
tanlu_status tanlu_embodied_table_create(tanlu_embodied_table *table, const tanlu_dataset *dataset, size_t level,
                                         const double *emission, tanlu_context *context);
void tanlu_embodied_table_clear(tanlu_embodied_table *table);

/* The group whose code, followed by '_', begins `code`, the longest that does; TANLU_NONE. */
size_t tanlu_embodied_prefix(const tanlu_labels *group, const char *code);

#endif
