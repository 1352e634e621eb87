#include "cli/dataset_parts.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

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
