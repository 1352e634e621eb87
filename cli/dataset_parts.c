#include "cli/dataset_parts.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

tanlu_status cli_find_level(const tanlu_dataset *d, const char *name, size_t *level, tanlu_context *context) {
  const char **names = tanlu_allocate(context, d->levels, sizeof *names);
  if (names == NULL) return TANLU_ERR_MEMORY;
  *level = TANLU_NONE;
  for (size_t l = 0; l < d->levels; l++) {
    names[l] = d->level[l].name;
    if (strcmp(names[l], name) == 0) *level = l;
  }
  const char *nearest = *level == TANLU_NONE ? tanlu_nearest(name, names, d->levels) : NULL;
  free(names);
  if (*level != TANLU_NONE) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s has no level '%s'%s%s%s", d->name, name,
                    nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
}

tanlu_status cli_find_extension(const tanlu_dataset *d, const char *name, size_t *extension, tanlu_context *context) {
  const tanlu_labels *label = &d->extension.label;
  if (label->count == 0) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s has no extensions.csv: nothing is known to be emitted",
                      d->name);
  }
  *extension = tanlu_labels_find(label, name);
  if (*extension != TANLU_NONE) return TANLU_OK;
  const char *nearest = tanlu_labels_nearest(label, name);
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s has no extension '%s'; did you mean '%s'?", d->name, name,
                    nearest != NULL ? nearest : label->code[0]);
}
