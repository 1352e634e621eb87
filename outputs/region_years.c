#include "outputs/region_years.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/region_slice.h"
#include "solvers/memory.h"

void tanlu_region_years_clear(tanlu_region_years *years) {
  double *const owned[] = {years->population, years->value_added, years->energy, years->co2, years->households};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  *years = (tanlu_region_years){0};
}

/* A variable of the scenario, (region, year, members of the last axis). */
static tanlu_status open_slice(tanlu_result_variable *slice, tanlu_result *result, const char *name, size_t scenario,
                               const tanlu_region_years *y, tanlu_context *context) {
  const tanlu_result_variable *v = tanlu_regional_variable_find(result, name);
  const bool known = v != NULL && v->rank == 4 && scenario < v->extent[0] && v->extent[1] == y->region->count &&
                     v->extent[2] == y->years;
  if (known) return tanlu_result_slice_read(slice, result, v, 0, scenario, context);
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                       "has no variable regional_%s by scenario, region, year and one more axis", name);
}

static double at(const tanlu_result_variable *slice, size_t t, size_t member, size_t r) {
  return slice->value[(r * slice->extent[1] + t) * slice->extent[2] + member];
}

/* By group, as a state has it. */
static tanlu_status read_groups(double **value, const tanlu_region_years *y, tanlu_result *result, const char *name,
                                size_t scenario, tanlu_context *context) {
  const size_t groups = y->group->count, regions = y->region->count;
  tanlu_result_variable slice = {0};
  tanlu_status status = open_slice(&slice, result, name, scenario, y, context);
  if (status == TANLU_OK && slice.extent[2] != groups) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                           "regional_%s has %zu groups; expected %zu", name, slice.extent[2], groups);
  }
  if (status == TANLU_OK) {
    *value = tanlu_allocate_doubles(context, y->years * groups, regions);
    if (*value == NULL) status = TANLU_ERR_MEMORY;
  }
  for (size_t t = 0; status == TANLU_OK && t < y->years; t++) {
    for (size_t g = 0; g < groups; g++) {
      for (size_t r = 0; r < regions; r++) (*value)[(t * groups + g) * regions + r] = at(&slice, t, g, r);
    }
  }
  tanlu_result_slice_clear(&slice);
  return status;
}

/* One member of an axis, or the sum over all for TANLU_NONE. */
static tanlu_status read_members(double **value, const tanlu_region_years *y, tanlu_result *result, const char *name,
                                 size_t member, size_t scenario, tanlu_context *context) {
  const size_t regions = y->region->count;
  tanlu_result_variable slice = {0};
  tanlu_status status = open_slice(&slice, result, name, scenario, y, context);
  if (status == TANLU_OK) {
    *value = tanlu_allocate_doubles(context, y->years, regions);
    if (*value == NULL) status = TANLU_ERR_MEMORY;
  }
  for (size_t t = 0; status == TANLU_OK && t < y->years; t++) {
    for (size_t r = 0; r < regions; r++) {
      for (size_t m = 0; m < slice.extent[2]; m++) {
        if (member == TANLU_NONE || m == member) (*value)[t * regions + r] += at(&slice, t, m, r);
      }
    }
  }
  tanlu_result_slice_clear(&slice);
  return status;
}

tanlu_status tanlu_region_years_read(tanlu_region_years *y, tanlu_result *result, size_t scenario,
                                     tanlu_context *context) {
  static const char population[] = "population";
  const tanlu_labels *indicator = tanlu_result_labels(result, "indicator");
  *y = (tanlu_region_years){.region = tanlu_result_regions_of(result), .group = tanlu_result_labels(result, "group")};
  y->year = tanlu_result_years(result, &y->years);
  if (y->region == NULL || y->group == NULL || indicator == NULL ||
      tanlu_labels_find(indicator, population) == TANLU_NONE) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "has no regions; expected the result of a scenario with a block 'regions' ('tanlu downscale "
                         "--decompose' does it for a national one)");
  }
  const struct {
    double **value;
    const char *name;
  } by_group[] = {
      {&y->value_added, "value_added_by_group"}, {&y->energy, "final_energy_by_group"}, {&y->co2, "co2_by_group"}};
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < sizeof by_group / sizeof *by_group && status == TANLU_OK; k++) {
    status = read_groups(by_group[k].value, y, result, by_group[k].name, scenario, context);
  }
  if (status == TANLU_OK) {
    status = read_members(&y->households, y, result, "household_co2", TANLU_NONE, scenario, context);
  }
  if (status == TANLU_OK) {
    status = read_members(&y->population, y, result, "indicator_value", tanlu_labels_find(indicator, population),
                          scenario, context);
  }
  if (status != TANLU_OK) tanlu_region_years_clear(y);
  return status;
}

tanlu_region_state tanlu_region_years_at(const tanlu_region_years *y, size_t t) {
  const size_t regions = y->region->count, cells = y->group->count * regions;
  return (tanlu_region_state){.regions = regions,
                              .groups = y->group->count,
                              .population = y->population + t * regions,
                              .value_added = y->value_added + t * cells,
                              .energy = y->energy + t * cells,
                              .co2 = y->co2 + t * cells,
                              .households = y->households + t * regions};
}

size_t tanlu_region_years_find(const tanlu_region_years *y, int year) {
  for (size_t t = 0; t < y->years; t++) {
    /* the file may hold years of longer scenarios too */
    if (y->year[t] == year && !isnan(y->population[t * y->region->count])) return t;
  }
  return TANLU_NONE;
}
