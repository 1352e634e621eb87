#include "model/region_drivers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* What a region's drivers are made of. */
typedef struct {
  tanlu_drivers *drivers; /* of the region */
  const tanlu_drivers *nation;
  const tanlu_dataset *nation_dataset, *region;
  const double *power_mix; /* years x technologies; NULL */
  tanlu_context *context;
} inheritance;

/* Place of a member of the region's axis on the nation's; TANLU_NONE where the nation has no such member (other_regions). */
static size_t national_member(const inheritance *in, tanlu_axis axis, size_t member) {
  return tanlu_axis_find(in->nation_dataset, axis, tanlu_axis_code(in->region, axis, member));
}

/* Members as the nation has them; those that it has not stay as they are in the base year. */
static void take_members(const inheritance *in, tanlu_driver_id id) {
  const tanlu_driver_info *info = &tanlu_driver_table[id];
  tanlu_drivers *d = in->drivers;
  const size_t inner = d->inner[id], outer = inner > 0 ? d->size[id] / inner : 0;
  for (size_t a = 0; a < outer; a++) {
    const size_t from_a = national_member(in, info->axis[0], a);
    for (size_t b = 0; b < inner && from_a != TANLU_NONE; b++) {
      const size_t from_b = national_member(in, info->axis[1], b);
      for (size_t t = 0; t < d->years && from_b != TANLU_NONE; t++) {
        d->value[id][t * d->size[id] + a * inner + b] = tanlu_driver(in->nation, id, t, from_a, from_b);
      }
    }
  }
}

/* v_t = v_0 V_t / V_0; 0 where the nation's base is 0. */
static void follow_index(const inheritance *in, tanlu_driver_id id) {
  const double *nation = in->nation->value[id];
  double *value = in->drivers->value[id];
  const double base = tanlu_driver_base(in->region, id, 0, 0);
  for (size_t t = 0; t < in->drivers->years; t++) value[t] = nation[0] != 0.0 ? base * (nation[t] / nation[0]) : 0.0;
}

/* Who is rural leaves at the nation's pace; where the nation's urban share falls, who is urban does. */
static void urbanise(const inheritance *in) {
  const double *nation = in->nation->value[TANLU_DRIVER_URBANISATION];
  double *value = in->drivers->value[TANLU_DRIVER_URBANISATION];
  const double base = in->region->urbanisation;
  for (size_t t = 0; t < in->drivers->years; t++) {
    value[t] = nation[t] > nation[0]   ? 1.0 - (1.0 - base) * ((1.0 - nation[t]) / (1.0 - nation[0]))
               : nation[t] < nation[0] ? base * (nation[t] / nation[0])
                                       : base;
  }
}

/* A list along the first axis by retention and gain. `from`: place of each member on the nation's axis, or TANLU_NONE, which
 * moves nowhere. */
static void shift_list(const inheritance *in, tanlu_driver_id id, const size_t *from) {
  const tanlu_drivers *d = in->drivers;
  const size_t size = d->size[id], nation = in->nation->size[id];
  const double *first = in->nation->value[id];
  for (size_t t = 0; t < d->years; t++) {
    const double *now = first + t * nation;
    double *value = d->value[id] + t * size, gained = 0.0, lost = 0.0;
    for (size_t k = 0; k < size; k++) {
      const double base = value[k] = tanlu_driver_base(in->region, id, k, 0);
      if (from[k] == TANLU_NONE) continue;
      const double change = now[from[k]] - first[from[k]];
      if (change > 0.0) gained += change;
      if (change < 0.0) value[k] = base * (now[from[k]] / first[from[k]]);
      lost += base - value[k];
    }
    for (size_t k = 0; k < size && gained > 0.0; k++) {
      const double change = from[k] != TANLU_NONE ? now[from[k]] - first[from[k]] : 0.0;
      if (change > 0.0) value[k] += lost * (change / gained);
    }
  }
}

static tanlu_status take_list(const inheritance *in, tanlu_driver_id id) {
  size_t *from = tanlu_allocate(in->context, in->drivers->size[id], sizeof *from);
  if (from == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < in->drivers->size[id]; k++) from[k] = national_member(in, tanlu_driver_table[id].axis[0], k);
  shift_list(in, id, from);
  free(from);
  return TANLU_OK;
}

static tanlu_status inherit(const inheritance *in, tanlu_driver_id id) {
  switch (id) {
  case TANLU_DRIVER_STRUCTURE_SHARE:
  case TANLU_DRIVER_PRODUCT_PATH:
  case TANLU_DRIVER_CAPACITY_START:
  case TANLU_DRIVER_CAPACITY_RETIREMENT:
  case TANLU_DRIVER_CAPACITY_REPLACEMENT:
  case TANLU_DRIVER_CAPACITY_CAP:
    return TANLU_OK; /* none, as they were created */
  case TANLU_DRIVER_POPULATION:
  case TANLU_DRIVER_SINKS:
  case TANLU_DRIVER_POWER_IMPORTS:
    follow_index(in, id);
    return TANLU_OK;
  case TANLU_DRIVER_URBANISATION:
    urbanise(in);
    return TANLU_OK;
  case TANLU_DRIVER_POWER_MIX:
    if (in->power_mix == NULL) return take_list(in, id);
    memcpy(in->drivers->value[id], in->power_mix, in->drivers->years * in->drivers->size[id] * sizeof(double));
    return TANLU_OK;
  case TANLU_DRIVER_CATEGORY_SHARE:
    return take_list(in, id);
  default:
    take_members(in, id);
    return TANLU_OK;
  }
}

/* What the region says itself, member by member. */
static tanlu_status take_own(const inheritance *in, const tanlu_drivers *own, tanlu_driver_id id, const bool *says) {
  tanlu_drivers *d = in->drivers;
  if (own->size[id] != d->size[id] || own->inner[id] != d->inner[id]) {
    return tanlu_fail(in->context, TANLU_ERR_INTERNAL, "drivers of region %s: %s has %zu members, expected %zu",
                      in->region->name, tanlu_driver_table[id].path, own->size[id], d->size[id]);
  }
  for (size_t k = 0; k < d->size[id]; k++) {
    for (size_t t = 0; says[k] && t < d->years; t++) {
      d->value[id][t * d->size[id] + k] = own->value[id][t * d->size[id] + k];
    }
  }
  return TANLU_OK;
}

/* A base year may lie outside what a scenario may say (a small population); what follows from it may not leave the bounds. */
static tanlu_status check_bounds(const inheritance *in, tanlu_driver_id id) {
  const tanlu_driver_info *info = &tanlu_driver_table[id];
  const tanlu_drivers *d = in->drivers;
  for (size_t i = 0; i < d->years * d->size[id]; i++) {
    const double value = d->value[id][i], base = d->value[id][i % d->size[id]];
    if (isnan(value) || (value >= fmin(info->lowest, base) - 1e-12 && value <= fmax(info->highest, base) + 1e-12))
      continue;
    const size_t k = i % d->size[id];
    return tanlu_fail(in->context, TANLU_ERR_MODEL, "region %s: %s%s%s would be %.6g %s in %d; expected %g to %g",
                      in->region->name, info->path, d->size[id] > 1 ? " of " : "",
                      d->size[id] > 1 ? tanlu_axis_code(in->region, info->axis[0], k / d->inner[id]) : "", value,
                      info->unit, d->from + (int)(i / d->size[id]), info->lowest, info->highest);
  }
  return TANLU_OK;
}

static tanlu_status check_years(const tanlu_drivers *nation, const tanlu_drivers *own, const tanlu_dataset *region,
                                tanlu_context *context) {
  if (nation->from != region->base_year) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "drivers of region %s: the nation's begin in %d, its dataset in %d",
                      region->name, nation->from, region->base_year);
  }
  if (own == NULL || (own->from == nation->from && own->to == nation->to)) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INTERNAL,
                    "drivers of region %s: its own run from %d to %d, the nation's %d to %d", region->name, own->from,
                    own->to, nation->from, nation->to);
}

tanlu_status tanlu_region_drivers_create(tanlu_drivers **drivers, const tanlu_drivers *nation,
                                         const tanlu_dataset *nation_dataset, const tanlu_dataset *region,
                                         const double *power_mix, const tanlu_drivers *own,
                                         const bool *const says[TANLU_DRIVER_COUNT], tanlu_context *context) {
  *drivers = NULL;
  const bool targets_own = own != NULL && says != NULL && says[TANLU_DRIVER_STRUCTURE_SHARE] != NULL;
  const tanlu_drivers *targets = targets_own ? own : nation;
  inheritance in = {
      .nation = nation, .nation_dataset = nation_dataset, .region = region, .power_mix = power_mix, .context = context};
  tanlu_status status = check_years(nation, own, region, context);
  if (status == TANLU_OK) {
    status = tanlu_drivers_create(&in.drivers, region, nation->from, nation->to, targets->targets, context);
  }
  if (status != TANLU_OK) return status;
  for (size_t k = 0; k < targets->targets; k++) {
    in.drivers->target_level[k] = targets->target_level[k];
    in.drivers->target_group[k] = targets->target_group[k];
  }
  for (int id = 0; id < TANLU_DRIVER_COUNT && status == TANLU_OK; id++) {
    status = inherit(&in, (tanlu_driver_id)id);
    if (status == TANLU_OK && own != NULL && says != NULL && says[id] != NULL) {
      status = take_own(&in, own, (tanlu_driver_id)id, says[id]);
    }
    if (status == TANLU_OK) status = check_bounds(&in, (tanlu_driver_id)id);
  }
  if (status != TANLU_OK) tanlu_drivers_free(&in.drivers);
  *drivers = in.drivers;
  return status;
}
