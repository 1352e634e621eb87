#include "outputs/region_slice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

const tanlu_labels *tanlu_result_regions_of(tanlu_result *result) {
  return tanlu_regional_variable_find(result, "indicator_value") != NULL ? tanlu_result_labels(result, "region") : NULL;
}

bool tanlu_variable_is_regional(const tanlu_result_variable *variable) {
  return variable->rank >= 3 && strcmp(variable->dimension[0], "scenario") == 0 &&
         strcmp(variable->dimension[1], "region") == 0;
}

const tanlu_result_variable *tanlu_regional_variable_find(tanlu_result *result, const char *name) {
  char full[128];
  const bool prefixed = strncmp(name, TANLU_REGIONAL_PREFIX, strlen(TANLU_REGIONAL_PREFIX)) == 0;
  (void)snprintf(full, sizeof full, "%s%s", prefixed ? "" : TANLU_REGIONAL_PREFIX, name);
  const tanlu_result_variable *v = tanlu_result_variable_find(result, full);
  return v != NULL && tanlu_variable_is_regional(v) ? v : NULL;
}

/* ---- choice --------------------------------------------------------------------------------------------------------- */

static tanlu_status unknown_region(tanlu_result *result, const tanlu_labels *regions, const char *code,
                                   tanlu_context *context) {
  const char *nearest = tanlu_labels_nearest(regions, code);
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0, "has no region '%s'%s%s%s", code,
                       nearest != NULL ? "; did you mean '" : "; expected codes separated by commas, or all",
                       nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

tanlu_status tanlu_regions_choose(bool **chosen, tanlu_result *result, const char *list, tanlu_context *context) {
  const tanlu_labels *regions = tanlu_result_regions_of(result);
  *chosen = NULL;
  if (regions == NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "has no regions: its scenarios have no block `regions`");
  }
  *chosen = tanlu_allocate(context, regions->count, sizeof **chosen);
  char *copy = tanlu_string_copy(context, list), *rest = copy;
  tanlu_status status = *chosen != NULL && copy != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  const bool all = strcmp(list, "all") == 0;
  for (size_t r = 0; status == TANLU_OK && all && r < regions->count; r++) (*chosen)[r] = true;
  while (status == TANLU_OK && !all && rest != NULL) {
    const char *code = strsep(&rest, ",");
    const size_t r = tanlu_labels_find(regions, code);
    if (r == TANLU_NONE) {
      status = unknown_region(result, regions, code, context);
    } else {
      (*chosen)[r] = true;
    }
  }
  free(copy);
  if (status != TANLU_OK) {
    free(*chosen);
    *chosen = NULL;
  }
  return status;
}

/* ---- slices --------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_result_slice_read(tanlu_result_variable *slice, tanlu_result *result,
                                     const tanlu_result_variable *variable, size_t axis, size_t i,
                                     tanlu_context *context) {
  size_t first[TANLU_RESULT_RANK] = {0}, count[TANLU_RESULT_RANK], cells = 1;
  *slice = (tanlu_result_variable){.name = variable->name, .unit = variable->unit, .long_name = variable->long_name};
  for (size_t k = 0; k < variable->rank; k++) {
    count[k] = k == axis ? 1 : variable->extent[k];
    cells *= count[k];
    if (k == axis) continue;
    slice->extent[slice->rank] = variable->extent[k];
    slice->dimension[slice->rank++] = variable->dimension[k];
  }
  first[axis] = i;
  slice->value = tanlu_allocate_doubles(context, cells, 1);
  if (slice->value == NULL) return TANLU_ERR_MEMORY;
  return tanlu_result_part_read(result, variable, first, count, slice->value, context);
}

void tanlu_result_slice_clear(tanlu_result_variable *slice) {
  free(slice->value);
  slice->value = NULL;
}
