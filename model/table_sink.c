#include "model/table_sink.h"

#include <stdlib.h>

#include "solvers/memory.h"

tanlu_table_heads tanlu_table_heads_of(const tanlu_dataset *d) {
  const tanlu_accounts *a = &d->accounts;
  return (tanlu_table_heads){.name = d->name,
                             .title = d->title,
                             .region = d->region,
                             .base_year = d->base_year,
                             .money = tanlu_dataset_money(d),
                             .import_treatment = a->import_treatment,
                             .balance_tolerance = a->balance_tolerance,
                             .n = a->n,
                             .sector = &a->sector,
                             .category = &a->category,
                             .component = &a->component,
                             .role = a->role,
                             .levels = d->levels,
                             .level = d->level};
}

tanlu_status tanlu_table_put_accounts(const tanlu_table_sink *sink, const tanlu_accounts *a, tanlu_context *context) {
  double *row = tanlu_allocate_doubles(context, a->n, 2);
  tanlu_status status = row != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  double *domestic = a->flows_domestic != NULL && row != NULL ? row + a->n : NULL;
  bool differs = false;
  for (size_t i = 0; status == TANLU_OK && i < a->n; i++) {
    for (size_t j = 0; j < a->n; j++) {
      row[j] = a->flows[j * a->n + i];
      if (domestic != NULL) domestic[j] = a->flows_domestic[j * a->n + i];
    }
    differs = differs || a->discrepancy[i] != 0.0;
    status = sink->flows(sink->user, row, domestic, context);
  }
  free(row);
  const tanlu_table_margins margins = {.final_use = a->final_use,
                                       .final_domestic = a->final_domestic,
                                       .imports = a->imports,
                                       .discrepancy = differs ? a->discrepancy : NULL,
                                       .value_added = a->value_added,
                                       .output = a->output};
  return status == TANLU_OK ? sink->margins(sink->user, &margins, context) : status;
}
