#include "outputs/accounts_write.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

static const char employment[] = "employment";

tanlu_status tanlu_extensions_write(tanlu_dataset_writer *writer, const tanlu_dataset *d, const tanlu_concordance *g,
                                    tanlu_context *context) {
  const tanlu_extension_statistics *e = &d->extension;
  const size_t n = d->accounts.n, own = e->label.count;
  const bool persons = d->employment != NULL && tanlu_labels_find(&e->label, employment) == TANLU_NONE;
  const size_t count = own + (persons ? 1 : 0);
  if (count == 0) return TANLU_OK;
  tanlu_labels label = {0};
  const char **unit = tanlu_allocate(context, count, sizeof *unit);
  double *value = tanlu_allocate_doubles(context, n, count),
         *other = g != NULL ? tanlu_allocate_doubles(context, g->to, count) : NULL;
  tanlu_status status = unit != NULL && value != NULL && (g == NULL || other != NULL) ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < own; k++) {
    unit[k] = e->unit[k];
    status = tanlu_labels_add(&label, e->label.code[k], e->label.name[k], e->label.name_zh[k], context);
  }
  if (status == TANLU_OK && own > 0) memcpy(value, e->value, n * own * sizeof *value);
  if (status == TANLU_OK && persons) {
    unit[own] = "persons";
    memcpy(&value[own * n], d->employment, n * sizeof *value);
    status = tanlu_labels_add(&label, employment, "Persons employed", "就业人员", context);
  }
  if (status == TANLU_OK) {
    if (g != NULL) tanlu_aggregate_columns(g, count, value, other);
    const tanlu_table_extensions extensions = {count, &label, unit, g != NULL ? other : value};
    status = tanlu_dataset_writer_extensions(writer, &extensions, context);
  }
  tanlu_labels_clear(&label);
  free(unit);
  free(value);
  free(other);
  return status;
}

tanlu_status tanlu_accounts_write(const tanlu_dataset *d, const char *name, const char *path, bool force,
                                  const char *sources, tanlu_context *context) {
  char *own = NULL;
  tanlu_status status = tanlu_dataset_name_for(&own, name, path, context);
  tanlu_table_heads heads = tanlu_table_heads_of(d);
  heads.name = own;
  heads.sources = sources;
  tanlu_dataset_writer *writer = NULL;
  if (status == TANLU_OK) status = tanlu_dataset_writer_create(&writer, path, force, &heads, context);
  if (status == TANLU_OK) status = tanlu_dataset_write_accounts(writer, &d->accounts, context);
  if (status == TANLU_OK) status = tanlu_extensions_write(writer, d, NULL, context);
  if (status == TANLU_OK) status = tanlu_dataset_writer_finish(&writer, context);
  tanlu_dataset_writer_discard(&writer);
  free(own);
  return status;
}
