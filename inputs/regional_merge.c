/* Fewer regions than the statistics have. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/regional_file.h"
#include "solvers/memory.h"

tanlu_status tanlu_regional_groups(const tanlu_regional_data *d, const char *level, const char *region,
                                   tanlu_labels *merged, size_t *of_region, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  if (region != NULL) {
    const size_t one = tanlu_labels_find(&d->region, region);
    if (one == TANLU_NONE) {
      const char *nearest = tanlu_labels_nearest(&d->region, region);
      return tanlu_fail(context, TANLU_ERR_INPUT, "--region: %s has no region '%s'%s%s%s", d->name, region,
                        nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "'?" : "");
    }
    status = tanlu_labels_add(merged, region, d->region.name[one], d->region.name_zh[one], context);
    if (status == TANLU_OK && d->region.count > 1) {
      status = tanlu_labels_add(merged, "rest", "Rest of the nation", "其他地区", context);
    }
    for (size_t p = 0; p < d->region.count; p++) of_region[p] = p == one ? 0 : 1;
    return status;
  }
  for (size_t l = 0; l < d->levels; l++) {
    if (strcmp(d->level[l].name, level) != 0) continue;
    const tanlu_labels *group = &d->level[l].group;
    for (size_t g = 0; g < group->count && status == TANLU_OK; g++) {
      status = tanlu_labels_add(merged, group->code[g], group->name[g], group->name_zh[g], context);
    }
    memcpy(of_region, d->level[l].of_sector, d->region.count * sizeof *of_region);
    return status;
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "--level: %s has no level '%s' of its regions", d->name, level);
}

/* value (old x columns) into its sums (new x columns), allocated. */
static double *merged_sums(const double *value, size_t old, size_t columns, size_t new, const size_t *of_region,
                           tanlu_context *context) {
  double *sum = tanlu_allocate_doubles(context, new, columns);
  for (size_t k = 0; sum != NULL && k < columns; k++) {
    for (size_t p = 0; p < old; p++) sum[k * new + of_region[p]] += value[k * old + p];
  }
  return sum;
}

/* The same where NaN means not reported: a group reports what its members do. */
static double *merged_reports(const double *value, size_t old, size_t columns, size_t new, const size_t *of_region,
                              tanlu_context *context) {
  double *sum = tanlu_allocate_doubles(context, new, columns);
  for (size_t k = 0; sum != NULL && k < new *columns; k++) sum[k] = (double)NAN;
  for (size_t k = 0; sum != NULL && k < columns; k++) {
    for (size_t p = 0; p < old; p++) {
      double *to = &sum[k * new + of_region[p]];
      if (!isnan(value[k * old + p])) *to = isnan(*to) ? value[k * old + p] : *to + value[k * old + p];
    }
  }
  return sum;
}

/* Value added of a region in all. */
static double size_of(const tanlu_regional_data *d, size_t groups, size_t p) {
  double sum = 0.0;
  for (size_t g = 0; g < groups; g++) sum += d->value_added[g * d->region.count + p];
  return sum;
}

static double *merged_distances(const tanlu_regional_data *d, size_t groups, size_t new, const size_t *of_region,
                                tanlu_context *context) {
  const size_t old = d->region.count;
  double *sum = tanlu_allocate_doubles(context, new, new), *weight = tanlu_allocate_doubles(context, new, new);
  if (sum == NULL || weight == NULL) {
    free(sum);
    free(weight);
    return NULL;
  }
  for (size_t q = 0; q < old; q++) {
    for (size_t p = 0; p < old; p++) {
      const size_t cell = of_region[q] * new + of_region[p];
      const double w = size_of(d, groups, p) * size_of(d, groups, q);
      sum[cell] += w * d->distance[q * old + p];
      weight[cell] += w;
    }
  }
  for (size_t k = 0; k < new *new; k++) sum[k] = weight[k] > 0.0 ? sum[k] / weight[k] : 0.0;
  free(weight);
  return sum;
}

/* Flows between groups, from sums over origins and destinations. */
static double *merged_flows(const double *flow, size_t old, size_t new, const size_t *of_region,
                            tanlu_context *context) {
  double *sum = tanlu_allocate_doubles(context, new, new);
  for (size_t q = 0; sum != NULL && q < old; q++) {
    for (size_t p = 0; p < old; p++) sum[of_region[q] * new + of_region[p]] += flow[q * old + p];
  }
  return sum;
}

static void replace(double **array, double *by) {
  free(*array);
  *array = by;
}

tanlu_status tanlu_regional_data_merge(tanlu_regional_data *d, const tanlu_labels *merged, const size_t *of_region,
                                       tanlu_context *context) {
  const size_t old = d->region.count, new = merged->count, groups = d->groups;
  tanlu_labels region = {0};
  tanlu_status status = TANLU_OK;
  for (size_t p = 0; p < new &&status == TANLU_OK; p++) {
    status = tanlu_labels_add(&region, merged->code[p], merged->name[p], merged->name_zh[p], context);
  }
  double *distance = merged_distances(d, groups, new, of_region, context);
  double *value_added = merged_sums(d->value_added, old, groups, new, of_region, context);
  double *indicator = merged_sums(d->indicator_value, old, d->indicator.count, new, of_region, context);
  double *share = merged_sums(d->share, old, d->sectors, new, of_region, context);
  if (distance == NULL || value_added == NULL || indicator == NULL || share == NULL) status = TANLU_ERR_MEMORY;
  for (size_t k = 0; k < d->known_flows && status == TANLU_OK; k++) {
    double *flow = merged_flows(d->known[k].flow, old, new, of_region, context);
    if (flow == NULL) status = TANLU_ERR_MEMORY;
    if (flow != NULL) replace(&d->known[k].flow, flow);
  }
  const struct {
    double **value;
    size_t columns;
  } reports[] = {{&d->final, d->carriers},
                 {&d->plant_fuel, TANLU_CLASS_COUNT},
                 {&d->generation, d->technologies},
                 {&d->gdp_share, d->history_years}};
  for (size_t k = 0; k < sizeof reports / sizeof *reports && status == TANLU_OK; k++) {
    if (*reports[k].value == NULL) continue;
    double *sum = merged_reports(*reports[k].value, old, reports[k].columns, new, of_region, context);
    if (sum == NULL) status = TANLU_ERR_MEMORY;
    if (sum != NULL) replace(reports[k].value, sum);
  }
  if (status != TANLU_OK) {
    tanlu_labels_clear(&region);
    double *const owned[] = {distance, value_added, indicator, share};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
    return status;
  }
  replace(&d->distance, distance);
  replace(&d->value_added, value_added);
  replace(&d->indicator_value, indicator);
  replace(&d->share, share);
  tanlu_labels_clear(&d->region);
  d->region = region;
  for (size_t l = 0; l < d->levels; l++) {
    free(d->level[l].name);
    tanlu_labels_clear(&d->level[l].group);
    free(d->level[l].of_sector);
  }
  d->levels = 0;
  replace(&d->tile, NULL);
  return TANLU_OK;
}

tanlu_status tanlu_regional_data_find(tanlu_regional_data **data, const tanlu_regional_request *request,
                                      const tanlu_dataset *dataset, tanlu_context *context) {
  char *path = NULL;
  tanlu_labels merged = {0};
  size_t *of_region = NULL;
  *data = NULL;
  tanlu_status status = tanlu_input_find(&path, "regions", request->name, NULL, context);
  if (status == TANLU_OK) status = tanlu_regional_data_read(data, path, dataset, context);
  free(path);
  if (status == TANLU_OK) status = tanlu_regional_history_read(*data, context);
  if (status == TANLU_OK && request->energy) status = tanlu_regional_energy_read(*data, dataset, context);
  if (status == TANLU_OK && (request->level != NULL || request->region != NULL)) {
    of_region = tanlu_allocate(context, (*data)->region.count, sizeof *of_region);
    status = of_region == NULL
                 ? TANLU_ERR_MEMORY
                 : tanlu_regional_groups(*data, request->level, request->region, &merged, of_region, context);
    if (status == TANLU_OK) status = tanlu_regional_data_merge(*data, &merged, of_region, context);
  }
  tanlu_labels_clear(&merged);
  free(of_region);
  if (status != TANLU_OK) tanlu_regional_data_free(data);
  return status;
}
