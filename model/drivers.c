#include "model/drivers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/dataset.h"
#include "model/power.h"
#include "solvers/memory.h"

const tanlu_driver_info tanlu_driver_table[TANLU_DRIVER_COUNT] = {
#define X(id, path, a1, a2, form, unit, lo, hi, def, text)                                                             \
  {path, {TANLU_AXIS_##a1, TANLU_AXIS_##a2}, TANLU_FORM_##form, unit, lo, hi, def, text},
    TANLU_DRIVER_LIST(X)
#undef X
};

/* Mix groups beyond the policy groups. */
static const char *const extra_mix_group[TANLU_EXTRA_MIX_GROUPS] = {"buildings", "vehicles", "heat_supply"};
static const char *const hydrogen_route[] = {"electrolysis", "coal", "gas"};
static const char *const tier_move[TANLU_TIER_MOVES] = {"below_to_between", "below_to_above", "between_to_above"};
const char *const tanlu_household_use_code[TANLU_HOUSEHOLD_USES] = {"urban_buildings", "urban_vehicles",
                                                                    "rural_buildings", "rural_vehicles"};

/* Labels behind an axis, NULL where its members come from a table of this file. */
static const tanlu_labels *axis_labels(const tanlu_dataset *dataset, tanlu_axis axis) {
  switch (axis) {
  case TANLU_AXIS_CATEGORY:
    return &dataset->accounts.category;
  case TANLU_AXIS_POLICY_GROUP:
    return tanlu_dataset_policy_groups(dataset);
  case TANLU_AXIS_USE:
    return &dataset->energy.use;
  case TANLU_AXIS_TECHNOLOGY:
    return &dataset->power.technology;
  case TANLU_AXIS_PRODUCT:
    return &dataset->products.product;
  case TANLU_AXIS_EMISSION:
    return &dataset->products.emission;
  case TANLU_AXIS_TIER_PROCESS:
    return &dataset->tiers.process;
  case TANLU_AXIS_ROUTE_PROCESS:
    return &dataset->routes.process;
  case TANLU_AXIS_ROUTE:
    return &dataset->routes.route;
  default:
    return NULL;
  }
}

size_t tanlu_axis_count(const tanlu_dataset *dataset, tanlu_axis axis) {
  const tanlu_labels *labels = axis_labels(dataset, axis);
  if (labels != NULL) return labels->count;
  switch (axis) {
  case TANLU_AXIS_ONE:
    return 1;
  case TANLU_AXIS_MIX_GROUP:
    return tanlu_dataset_policy_groups(dataset)->count + TANLU_EXTRA_MIX_GROUPS;
  case TANLU_AXIS_CLASS:
    return TANLU_CLASS_COUNT;
  case TANLU_AXIS_HYDROGEN:
    return TANLU_HYDROGEN_ROUTES;
  case TANLU_AXIS_HOUSEHOLD:
    return TANLU_HOUSEHOLD_USES;
  case TANLU_AXIS_TIER_MOVE:
    return TANLU_TIER_MOVES;
  default:
    return 0;
  }
}

const char *tanlu_axis_code(const tanlu_dataset *dataset, tanlu_axis axis, size_t i) {
  const tanlu_labels *labels = axis_labels(dataset, axis);
  if (i >= tanlu_axis_count(dataset, axis)) return NULL;
  if (labels != NULL) return labels->code[i];
  switch (axis) {
  case TANLU_AXIS_MIX_GROUP: {
    const tanlu_labels *groups = tanlu_dataset_policy_groups(dataset);
    return i < groups->count ? groups->code[i] : extra_mix_group[i - groups->count];
  }
  case TANLU_AXIS_CLASS:
    return tanlu_carrier_class_word((tanlu_carrier_class)i);
  case TANLU_AXIS_HYDROGEN:
    return hydrogen_route[i];
  case TANLU_AXIS_HOUSEHOLD:
    return tanlu_household_use_code[i];
  case TANLU_AXIS_TIER_MOVE:
    return tier_move[i];
  default:
    return "";
  }
}

size_t tanlu_axis_find(const tanlu_dataset *dataset, tanlu_axis axis, const char *code) {
  const size_t count = tanlu_axis_count(dataset, axis);
  for (size_t i = 0; i < count; i++) {
    if (strcmp(tanlu_axis_code(dataset, axis, i), code) == 0) return i;
  }
  return TANLU_NONE;
}

/* Share of category k in final use, inventories apart. */
static double category_share(const tanlu_accounts *accounts, size_t k) {
  double total = 0.0, own = 0.0;
  for (size_t c = 0; c < accounts->category.count; c++) {
    if (tanlu_role_apart(accounts->role[c])) continue;
    for (size_t i = 0; i < accounts->n; i++) {
      const double use = accounts->final_use[c * accounts->n + i];
      total += use;
      if (c == k) own += use;
    }
  }
  return total > 0.0 ? own / total : 0.0;
}

double tanlu_driver_base(const tanlu_dataset *dataset, tanlu_driver_id id, size_t a, size_t b) {
  switch (id) {
  case TANLU_DRIVER_GDP_GROWTH:
    return 0.0;
  case TANLU_DRIVER_POPULATION:
    return dataset->population * 1e-6;
  case TANLU_DRIVER_URBANISATION:
    return dataset->urbanisation;
  case TANLU_DRIVER_CATEGORY_SHARE:
    return category_share(&dataset->accounts, a);
  case TANLU_DRIVER_GAIN:
    return b == TANLU_CLASS_ELECTRICITY ? 1.0 : 0.0;
  case TANLU_DRIVER_MIX_SHARE:
    return dataset->useful_share[a * TANLU_CLASS_COUNT + b];
  case TANLU_DRIVER_POWER_MIX:
    return tanlu_power_base_share(dataset, a);
  case TANLU_DRIVER_COAL_RATE:
    return dataset->power.coal_rate;
  case TANLU_DRIVER_POWER_IMPORTS:
    return tanlu_power_base_imports(dataset) / TANLU_TJ_PER_TWH;
  case TANLU_DRIVER_SINKS:
    return dataset->sinks;
  case TANLU_DRIVER_ROUTE_SHARE:
    return dataset->routes.share[a * dataset->routes.route.count + b];
  case TANLU_DRIVER_INVESTMENT_COST:
    return dataset->investment.cost != NULL ? dataset->investment.cost[a] : (double)NAN;
  case TANLU_DRIVER_HYDROGEN_MIX:
    return a == TANLU_HYDROGEN_COAL ? 1.0 : 0.0;
  default:
    return tanlu_driver_table[id].fallback;
  }
}

tanlu_status tanlu_drivers_create(tanlu_drivers **drivers, const tanlu_dataset *dataset, int from, int to,
                                  size_t targets, tanlu_context *context) {
  *drivers = NULL;
  if (to < from) return tanlu_fail(context, TANLU_ERR_INPUT, "years %d to %d are not in order", from, to);
  tanlu_drivers *d = tanlu_allocate(context, 1, sizeof *d);
  if (d == NULL) return TANLU_ERR_MEMORY;
  d->from = from;
  d->to = to;
  d->years = (size_t)(to - from) + 1;
  d->targets = targets;
  d->target_level = tanlu_allocate(context, targets, sizeof *d->target_level);
  d->target_group = tanlu_allocate(context, targets, sizeof *d->target_group);
  if (d->target_level == NULL || d->target_group == NULL) goto out_of_memory;
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const tanlu_driver_info *info = &tanlu_driver_table[id];
    const bool target = info->axis[0] == TANLU_AXIS_TARGET;
    const size_t outer = target ? targets : tanlu_axis_count(dataset, info->axis[0]);
    d->inner[id] = tanlu_axis_count(dataset, info->axis[1]);
    d->size[id] = outer * d->inner[id];
    d->value[id] = tanlu_allocate_doubles(context, d->years, d->size[id]);
    if (d->value[id] == NULL) goto out_of_memory;
    const bool unset = info->form == TANLU_FORM_PATH || info->form == TANLU_FORM_SHARE_PATH;
    for (size_t a = 0; a < outer; a++) {
      for (size_t b = 0; b < d->inner[id]; b++) {
        const double base = unset ? (double)NAN : tanlu_driver_base(dataset, (tanlu_driver_id)id, a, b);
        for (size_t t = 0; t < d->years; t++) d->value[id][t * d->size[id] + a * d->inner[id] + b] = base;
      }
    }
  }
  *drivers = d;
  return TANLU_OK;
out_of_memory:
  tanlu_drivers_free(&d);
  return TANLU_ERR_MEMORY;
}

tanlu_status tanlu_drivers_share(tanlu_drivers **drivers, const tanlu_drivers *base, const bool own[TANLU_DRIVER_COUNT],
                                 tanlu_context *context) {
  *drivers = NULL;
  tanlu_drivers *d = tanlu_allocate(context, 1, sizeof *d);
  if (d == NULL) return TANLU_ERR_MEMORY;
  *d = *base;
  d->target_level = tanlu_allocate(context, base->targets, sizeof *d->target_level);
  d->target_group = tanlu_allocate(context, base->targets, sizeof *d->target_group);
  bool enough = d->target_level != NULL && d->target_group != NULL;
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    d->borrowed[id] = !own[id];
    if (!own[id]) continue;
    const size_t bytes = base->years * base->size[id] * sizeof(double);
    d->value[id] = malloc(bytes > 0 ? bytes : 1);
    if (d->value[id] != NULL) memcpy(d->value[id], base->value[id], bytes);
    enough = enough && d->value[id] != NULL;
  }
  if (!enough) {
    tanlu_drivers_free(&d);
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the drivers of a sample");
  }
  memcpy(d->target_level, base->target_level, base->targets * sizeof *d->target_level);
  memcpy(d->target_group, base->target_group, base->targets * sizeof *d->target_group);
  *drivers = d;
  return TANLU_OK;
}

void tanlu_drivers_free(tanlu_drivers **drivers) {
  if (*drivers == NULL) return;
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    if (!(*drivers)->borrowed[id]) free((*drivers)->value[id]);
  }
  free((*drivers)->target_level);
  free((*drivers)->target_group);
  free(*drivers);
  *drivers = NULL;
}
