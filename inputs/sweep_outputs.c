/* Which outputs of its samples a sweep keeps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/sweep_file.h"
#include "inputs/sweep_outputs_private.h"
#include "model/indicators.h"
#include "solvers/memory.h"
#include "solvers/moments.h"

/* ---- indicators -------------------------------------------------------------------------------------------------------- */

enum { ALL = -2, NATION = -1 }; /* whose an indicator is, beside the number of a region */

static const char *quoted(const char *nearest, char text[TANLU_SWEEP_CODE]) {
  text[0] = '\0';
  if (nearest) snprintf(text, TANLU_SWEEP_CODE, "; did you mean '%s'?", nearest);
  return text;
}

/* "co2_energy", "guangdong.co2_energy" or "all.co2_energy": whose, and which; TANLU_NONE after an error. */
static size_t read_code(const tanlu_yaml *node, const tanlu_labels *regions, int *whose, tanlu_context *context) {
  const char *text = node->kind == TANLU_YAML_SCALAR ? node->text : "", *point = strchr(text, '.');
  const char *code = point ? point + 1 : text;
  char region[TANLU_SWEEP_CODE], meant[TANLU_SWEEP_CODE];
  *whose = NATION;
  if (point && !regions) {
    (void)tanlu_yaml_fail(node, context, "'%s' names a region, but the scenario has no block 'regions'", text);
    return TANLU_NONE;
  }
  if (point) {
    snprintf(region, sizeof region, "%.*s", (int)(point - text), text);
    const size_t r = tanlu_labels_find(regions, region);
    *whose = strcmp(region, "all") == 0 ? ALL : (int)r;
    if (*whose != ALL && r == TANLU_NONE) {
      (void)tanlu_yaml_fail(node, context, "unknown region '%s'%s", region,
                            quoted(tanlu_labels_nearest(regions, region), meant));
      return TANLU_NONE;
    }
  }
  const size_t found = tanlu_indicator_find(code);
  if (found == TANLU_NONE) {
    (void)tanlu_yaml_fail(node, context, "unknown indicator '%s'%s", code,
                          quoted(tanlu_labels_nearest(tanlu_indicator_labels(), code), meant));
  }
  return found;
}

/* One more, which must be a new one. */
static tanlu_status add_indicator(tanlu_sweep_shape *shape, const tanlu_yaml *node, size_t indicator, size_t region,
                                  tanlu_context *context) {
  const size_t last = shape->indicators++;
  char code[TANLU_SWEEP_CODE];
  shape->indicator[last] = indicator;
  if (shape->region) shape->region[last] = region;
  for (size_t k = 0; k < last; k++) {
    if (shape->indicator[k] != indicator || tanlu_sweep_region(shape, k) != region) continue;
    return tanlu_yaml_fail(node, context, "indicator '%s' is named twice", tanlu_sweep_code(shape, last, code));
  }
  return TANLU_OK;
}

static tanlu_status read_indicators(tanlu_sweep_shape *shape, const tanlu_yaml *list, const tanlu_labels *regions,
                                    tanlu_context *context) {
  static const char *const usual[] = {"co2_energy",      "co2_total",  "co2_net",          "energy_consumption",
                                      "nonfossil_share", "coal_share", "generation_total", "gdp"};
  const size_t count = list ? list->count : sizeof usual / sizeof *usual, each = regions ? regions->count : 0;
  if (list && (list->kind != TANLU_YAML_SEQUENCE || count == 0)) {
    return tanlu_yaml_fail(list, context, "expected a list of indicators");
  }
  const size_t most = count * (each + 1);
  shape->regions = regions;
  shape->indicator = tanlu_allocate(context, most, sizeof *shape->indicator);
  shape->region = regions ? tanlu_allocate(context, most, sizeof *shape->region) : NULL;
  if (!shape->indicator || (regions && !shape->region)) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count; i++) {
    const tanlu_yaml *node = list ? list->child[i] : NULL;
    int whose = NATION;
    const size_t found = node ? read_code(node, regions, &whose, context) : tanlu_indicator_find(usual[i]);
    tanlu_status own = found != TANLU_NONE ? TANLU_OK : TANLU_ERR_INPUT;
    for (size_t r = 0; own == TANLU_OK && whose == ALL && r < each; r++) {
      own = add_indicator(shape, node, found, r, context);
    }
    if (own == TANLU_OK && whose != ALL) {
      own = add_indicator(shape, node, found, whose == NATION ? TANLU_NONE : (size_t)whose, context);
    }
    if (status == TANLU_OK) status = own;
  }
  return status;
}

/* ---- ranges of quantiles ----------------------------------------------------------------------------------------------- */

/* Names of all outputs: the indicators listed, the scalars, the sums by group; the caller frees the list. code: indicators, room
 * for the names. */
static const char **output_names(const tanlu_sweep_shape *shape, char (*code)[TANLU_SWEEP_CODE], size_t *count,
                                 tanlu_context *context) {
  const size_t scalars = tanlu_summary_count();
  *count = shape->indicators + scalars + TANLU_GROUPED;
  const char **name = tanlu_allocate(context, *count, sizeof *name), **next = name;
  if (!name) return NULL;
  for (size_t k = 0; k < shape->indicators; k++) *next++ = tanlu_sweep_code(shape, k, code[k]);
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
  char(*code)[TANLU_SWEEP_CODE] = tanlu_allocate(context, shape->indicators, sizeof *code);
  const char **name = code ? output_names(shape, code, &count, context) : NULL;
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
  free(code);
  return status;
}

/* ---- all --------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_sweep_outputs_read(tanlu_sweep_shape *shape, const tanlu_yaml *outputs, const tanlu_labels *regions,
                                      tanlu_context *context) {
  static const char *const keys[] = {"indicators", "years", "quantiles"};
  tanlu_status status = outputs ? tanlu_yaml_check_keys(outputs, "outputs", keys, 3, context) : TANLU_OK;
  const tanlu_yaml *ranges = outputs ? tanlu_yaml_find(outputs, "quantiles") : NULL;
  const tanlu_status list =
      read_indicators(shape, outputs ? tanlu_yaml_find(outputs, "indicators") : NULL, regions, context);
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
