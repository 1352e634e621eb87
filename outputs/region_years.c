#include "outputs/region_years.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

void tanlu_region_years_clear(tanlu_region_years *years) {
  double *const owned[] = {years->population, years->value_added, years->energy, years->co2, years->households};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  *years = (tanlu_region_years){0};
}

/* A variable of the file with the strides of its axes, whatever their order. */
typedef struct {
  const double *value;
  size_t members, year, region, member; /* members: length of the axis that is none of the others */
} slab;

static tanlu_status open_slab(slab *s, tanlu_result *result, const char *name, size_t scenario,
                              const tanlu_region_years *y, tanlu_context *context) {
  const tanlu_result_variable *v = NULL;
  const tanlu_status status = tanlu_result_variable_read(result, name, &v, context);
  if (status != TANLU_OK) return status;
  size_t stride = 1;
  *s = (slab){.value = v->value, .members = 1};
  for (size_t k = v->rank; k-- > 0; stride *= v->extent[k]) {
    const struct {
      const char *name;
      size_t *stride, extent;
    } axis[] = {{"year", &s->year, y->years}, {"region", &s->region, y->region->count}};
    bool known = false;
    for (size_t a = 0; a < sizeof axis / sizeof *axis; a++) {
      if (strcmp(v->dimension[k], axis[a].name) != 0 || v->extent[k] != axis[a].extent) continue;
      *axis[a].stride = stride;
      known = true;
    }
    if (strcmp(v->dimension[k], "scenario") == 0 && scenario < v->extent[k]) {
      s->value += scenario * stride;
      known = true;
    }
    if (known) continue;
    s->member = stride;
    s->members = v->extent[k];
  }
  if (v->rank == 4 && s->year != 0 && s->region != 0 && s->member != 0) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                       "%s is not by scenario, region, year and one more axis", name);
}

static double at(const slab *s, size_t t, size_t member, size_t r) {
  return s->value[t * s->year + member * s->member + r * s->region];
}

/* By group, as a state has it. */
static tanlu_status read_groups(double **value, const tanlu_region_years *y, tanlu_result *result, const char *name,
                                size_t scenario, tanlu_context *context) {
  const size_t groups = y->group->count, regions = y->region->count;
  slab s;
  tanlu_status status = open_slab(&s, result, name, scenario, y, context);
  if (status == TANLU_OK && s.members != groups) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0, "%s has %zu groups; expected %zu",
                           name, s.members, groups);
  }
  if (status != TANLU_OK) return status;
  *value = tanlu_allocate_doubles(context, y->years * groups, regions);
  if (*value == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < y->years; t++) {
    for (size_t g = 0; g < groups; g++) {
      for (size_t r = 0; r < regions; r++) (*value)[(t * groups + g) * regions + r] = at(&s, t, g, r);
    }
  }
  return TANLU_OK;
}

/* One member of an axis, or the sum over all for TANLU_NONE. */
static tanlu_status read_members(double **value, const tanlu_region_years *y, tanlu_result *result, const char *name,
                                 size_t member, size_t scenario, tanlu_context *context) {
  const size_t regions = y->region->count;
  slab s;
  const tanlu_status status = open_slab(&s, result, name, scenario, y, context);
  if (status != TANLU_OK) return status;
  *value = tanlu_allocate_doubles(context, y->years, regions);
  if (*value == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < y->years; t++) {
    for (size_t r = 0; r < regions; r++) {
      for (size_t m = 0; m < s.members; m++) {
        if (member == TANLU_NONE || m == member) (*value)[t * regions + r] += at(&s, t, m, r);
      }
    }
  }
  return TANLU_OK;
}

tanlu_status tanlu_region_years_read(tanlu_region_years *y, tanlu_result *result, size_t scenario,
                                     tanlu_context *context) {
  static const char population[] = "population";
  const tanlu_labels *indicator = tanlu_result_labels(result, "indicator");
  *y = (tanlu_region_years){.region = tanlu_result_labels(result, "region"),
                            .group = tanlu_result_labels(result, "group")};
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
  } by_group[] = {{&y->value_added, "regional_value_added_by_group"},
                  {&y->energy, "regional_final_energy_by_group"},
                  {&y->co2, "regional_co2_by_group"}};
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < sizeof by_group / sizeof *by_group && status == TANLU_OK; k++) {
    status = read_groups(by_group[k].value, y, result, by_group[k].name, scenario, context);
  }
  if (status == TANLU_OK) {
    status = read_members(&y->households, y, result, "regional_household_co2", TANLU_NONE, scenario, context);
  }
  if (status == TANLU_OK) {
    status = read_members(&y->population, y, result, "regional_indicator_value",
                          tanlu_labels_find(indicator, population), scenario, context);
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
