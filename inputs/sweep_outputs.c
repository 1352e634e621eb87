/* Which outputs of its samples a sweep keeps. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/sweep_file.h"
#include "inputs/sweep_outputs_private.h"
#include "model/indicators.h"
#include "solvers/memory.h"
#include "solvers/moments.h"

/* ---- indicators -------------------------------------------------------------------------------------------------------- */

static tanlu_status read_indicators(tanlu_sweep_shape *shape, const tanlu_yaml *list, tanlu_context *context) {
  static const char *const usual[] = {"co2_energy",      "co2_total",  "co2_net",          "energy_consumption",
                                      "nonfossil_share", "coal_share", "generation_total", "gdp"};
  const size_t count = list ? list->count : sizeof usual / sizeof *usual;
  if (list && (list->kind != TANLU_YAML_SEQUENCE || count == 0)) {
    return tanlu_yaml_fail(list, context, "expected a list of indicators");
  }
  shape->indicator = tanlu_allocate(context, count, sizeof *shape->indicator);
  if (!shape->indicator) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count; i++) {
    const tanlu_yaml *node = list ? list->child[i] : NULL;
    const char *code = !node ? usual[i] : node->kind == TANLU_YAML_SCALAR ? node->text : "";
    const size_t found = tanlu_indicator_find(code);
    if (found == TANLU_NONE && node) {
      const char *nearest = tanlu_labels_nearest(tanlu_indicator_labels(), code);
      status = tanlu_yaml_fail(node, context, "unknown indicator '%s'%s%s%s", code, nearest ? "; did you mean '" : "",
                               nearest ? nearest : "", nearest ? "'?" : "");
      continue;
    }
    for (size_t k = 0; node && k < shape->indicators; k++) {
      if (shape->indicator[k] == found) status = tanlu_yaml_fail(node, context, "indicator '%s' is named twice", code);
    }
    shape->indicator[shape->indicators++] = found;
  }
  return status;
}

/* ---- ranges of quantiles ----------------------------------------------------------------------------------------------- */

/* Names of all outputs: the indicators listed, the scalars, the sums by group; the caller frees the list. */
static const char **output_names(const tanlu_sweep_shape *shape, size_t *count, tanlu_context *context) {
  const size_t scalars = tanlu_summary_count();
  *count = shape->indicators + scalars + TANLU_GROUPED;
  const char **name = tanlu_allocate(context, *count, sizeof *name), **next = name;
  if (!name) return NULL;
  for (size_t k = 0; k < shape->indicators; k++) *next++ = tanlu_indicator(shape->indicator[k])->code;
  for (size_t k = 0; k < scalars; k++) *next++ = tanlu_summary(k)->code;
  for (size_t k = 0; k < TANLU_GROUPED; k++) *next++ = tanlu_field_table[tanlu_grouped_field[k]].name;
  return name;
}

/* One range, of place `at` in the list of names. */
static tanlu_status read_range(const tanlu_sweep_shape *shape, const tanlu_yaml *node, size_t at,
                               tanlu_sweep_range *range, tanlu_context *context) {
  const size_t scalars = tanlu_summary_count();
  if (node->kind != TANLU_YAML_SEQUENCE || node->count != 2) {
    return tanlu_yaml_fail(node, context, "expected a range as %s: [lowest, highest]", node->key);
  }
  const tanlu_status low = tanlu_yaml_number(node->child[0], &range->lower, context);
  const tanlu_status high = tanlu_yaml_number(node->child[1], &range->upper, context);
  if (low != TANLU_OK || high != TANLU_OK) return low != TANLU_OK ? low : high;
  if (!(range->lower < range->upper) || !isnormal((range->upper - range->lower) / TANLU_MOMENTS_BINS_MAX)) {
    return tanlu_yaml_fail(node, context, "%s to %s is no range; expected the lower bound first", node->child[0]->text,
                           node->child[1]->text);
  }
  if (at < shape->indicators) {
    range->output = TANLU_OUTPUT_INDICATOR, range->index = at;
  } else if (at < shape->indicators + scalars) {
    range->output = TANLU_OUTPUT_SUMMARY, range->index = at - shape->indicators;
  } else {
    range->output = TANLU_OUTPUT_GROUPED + at - shape->indicators - scalars, range->index = 0;
  }
  return TANLU_OK;
}

static tanlu_status read_quantiles(tanlu_sweep_shape *shape, const tanlu_yaml *ranges, tanlu_context *context) {
  size_t count = 0;
  if (ranges->kind != TANLU_YAML_MAPPING || ranges->count == 0) {
    return tanlu_yaml_fail(ranges, context, "expected ranges by output, as quantiles: {co2_energy: [0, 16000]}");
  }
  const char **name = output_names(shape, &count, context);
  shape->range = tanlu_allocate(context, ranges->count, sizeof *shape->range);
  tanlu_status status =
      name && shape->range ? tanlu_yaml_check_keys(ranges, "quantiles", name, count, context) : TANLU_ERR_MEMORY;
  for (size_t i = 0; name && shape->range && i < ranges->count; i++) {
    size_t at = 0;
    while (at < count && strcmp(name[at], ranges->child[i]->key) != 0) at++;
    if (at == count) continue; /* said above */
    const tanlu_status own = read_range(shape, ranges->child[i], at, &shape->range[shape->ranges], context);
    if (own == TANLU_OK) shape->ranges++;
    if (status == TANLU_OK) status = own;
  }
  free(name);
  return status;
}

/* ---- all --------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_sweep_outputs_read(tanlu_sweep_shape *shape, const tanlu_yaml *outputs, tanlu_context *context) {
  static const char *const keys[] = {"indicators", "years", "quantiles"};
  tanlu_status status = outputs ? tanlu_yaml_check_keys(outputs, "outputs", keys, 3, context) : TANLU_OK;
  const tanlu_yaml *ranges = outputs ? tanlu_yaml_find(outputs, "quantiles") : NULL;
  const tanlu_status list = read_indicators(shape, outputs ? tanlu_yaml_find(outputs, "indicators") : NULL, context);
  if (status == TANLU_OK) status = list;
  const tanlu_status quantiles = ranges && list == TANLU_OK ? read_quantiles(shape, ranges, context) : TANLU_OK;
  return status == TANLU_OK ? quantiles : status;
}

void tanlu_sweep_outputs_bind(tanlu_sweep *sweep, const tanlu_dataset *dataset) {
  const tanlu_labels *groups = tanlu_dataset_policy_groups(dataset);
  sweep->shape.groups = groups ? groups->count : 0;
  if (sweep->shape.keep != TANLU_KEEP_FULL) return;
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) {
    const tanlu_field_info *info = &tanlu_field_table[f];
    if (f == TANLU_FIELD_INDICATOR) continue; /* those listed are kept */
    sweep->shape.field[f] = tanlu_dim_size(dataset, info->dim[0]) * tanlu_dim_size(dataset, info->dim[1]);
  }
}
