#include "outputs/accounts_write.h"

#include <stdlib.h>
#include <string.h>

#include "outputs/dataset_write.h"
#include "solvers/memory.h"

static const char employment[] = "employment";

/* Extensions of the dataset and its employment, as one list. */
static tanlu_status write_extensions(tanlu_dataset_writer *writer, const tanlu_dataset *d, tanlu_context *context) {
  const tanlu_extension_statistics *e = &d->extension;
  const size_t n = d->accounts.n, own = e->label.count;
  const bool persons = d->employment != NULL && tanlu_labels_find(&e->label, employment) == TANLU_NONE;
  const size_t count = own + (persons ? 1 : 0);
  if (count == 0) return TANLU_OK;
  tanlu_labels label = {0};
  const char **unit = tanlu_allocate(context, count, sizeof *unit);
  double *value = tanlu_allocate_doubles(context, n, count);
  tanlu_status status = unit != NULL && value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < own; k++) {
    unit[k] = e->unit[k];
    status = tanlu_labels_add(&label, e->label.code[k], e->label.name[k], e->label.name_zh[k], context);
  }
  if (status == TANLU_OK && own > 0) memcpy(value, e->value, n * own * sizeof *value);
  if (status == TANLU_OK && persons) {
    unit[own] = "persons";
    memcpy(&value[own * n], d->employment, n * sizeof *value);
    status = tanlu_labels_add(&label, employment, "Persons employed", "从业人员", context);
  }
  if (status == TANLU_OK) {
    const tanlu_table_extensions extensions = {count, &label, unit, value};
    status = tanlu_dataset_writer_extensions(writer, &extensions, context);
  }
  tanlu_labels_clear(&label);
  free(unit);
  free(value);
  return status;
}

/* "b" of "a/b/"; the caller frees. */
static char *last_part(const char *path, tanlu_context *context) {
  size_t end = strlen(path);
  while (end > 1 && path[end - 1] == '/') end--;
  size_t begin = end;
  while (begin > 0 && path[begin - 1] != '/') begin--;
  char *part = tanlu_string_copy(context, path + begin);
  if (part != NULL) part[end - begin] = '\0';
  return part;
}

tanlu_status tanlu_accounts_write(const tanlu_dataset *d, const char *name, const char *path, bool force,
                                  const char *sources, tanlu_context *context) {
  const tanlu_accounts *a = &d->accounts;
  char *own = name == NULL ? last_part(path, context) : NULL;
  if (name == NULL && own == NULL) return TANLU_ERR_MEMORY;
  const tanlu_table_heads heads = {.name = name != NULL ? name : own,
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
                                   .level = d->level,
                                   .sources = sources};
  tanlu_dataset_writer *writer = NULL;
  tanlu_status status = tanlu_dataset_writer_create(&writer, path, force, &heads, context);
  if (status == TANLU_OK) status = tanlu_dataset_write_accounts(writer, a, context);
  if (status == TANLU_OK) status = write_extensions(writer, d, context);
  if (status == TANLU_OK) status = tanlu_dataset_writer_finish(&writer, context);
  tanlu_dataset_writer_discard(&writer);
  free(own);
  return status;
}
