/* What a scenario says of a region, over what the region inherits. */
#include "inputs/scenario_region_drivers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/driver_path.h"
#include "inputs/scenario_resolver.h"
#include "model/region_drivers.h"
#include "solvers/memory.h"

/* A sum above one by less than this is rounding of the shares. */
static const double rounding = 1e-9;

typedef struct {
  tanlu_resolver r; /* of the region's keys; drivers are said->own */
  const tanlu_drivers *national;
  const tanlu_dataset *nation;
  const double *power_mix; /* that the region inherits: years x technologies, or NULL */
  tanlu_region_said *said;
  size_t *place; /* r.targets: of each target of the region among those of own */
  bool base_free;
} overlay;

bool tanlu_driver_by_region(tanlu_driver_id id) {
  return id == TANLU_DRIVER_POPULATION || id == TANLU_DRIVER_URBANISATION || id == TANLU_DRIVER_SINKS ||
         id == TANLU_DRIVER_POWER_IMPORTS || id == TANLU_DRIVER_CATEGORY_SHARE || id == TANLU_DRIVER_POWER_MIX ||
         id == TANLU_DRIVER_STRUCTURE_SHARE || id == TANLU_DRIVER_PRODUCT_PATH;
}

void tanlu_region_said_clear(tanlu_region_said *said) {
  tanlu_drivers_free(&said->inherited);
  tanlu_drivers_free(&said->own);
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) free(said->says[id]);
  *said = (tanlu_region_said){0};
}

static void say(overlay *o, tanlu_driver_id id, size_t member, size_t count) {
  bool **says = &o->said->says[id];
  if (!*says) *says = tanlu_allocate(o->r.context, o->said->own->size[id], sizeof **says);
  if (!*says) tanlu_resolver_ok(&o->r, TANLU_ERR_MEMORY);
  for (size_t k = 0; *says && k < count; k++) (*says)[member + k] = true;
}

/* Can values be told, from the years after the history on? */
static bool is_told(const overlay *o, tanlu_driver_id id) {
  return o->said->inherited && !(o->base_free && tanlu_driver_by_region(id)) &&
         tanlu_resolver_first(&o->r) < o->said->own->years;
}

/* The value of the last year, which goes by what is written alone. */
static double last_written(overlay *o, tanlu_binding *binding) {
  tanlu_timeline line = {0};
  double value = 0.0;
  if (tanlu_resolver_timeline(&o->r, binding, o->r.dataset->history_to, (double)NAN, &line)) {
    value = tanlu_timeline_value(&line, o->r.to);
  }
  tanlu_timeline_clear(&line);
  return value;
}

/* ---- structure targets ---------------------------------------------------------------------------------------------------- */

static bool in_target(const overlay *o, size_t target, size_t sector) {
  return o->nation->level[o->national->target_level[target]].of_sector[sector] == o->national->target_group[target];
}

/* Where a target of the region stands: with the nation's of the same sectors, or by itself where it shares none with any. */
static void place_target(overlay *o, size_t k, size_t *extra) {
  const tanlu_binding *b = o->r.target[k].scenario;
  const size_t targets = o->national ? o->national->targets : 0;
  for (size_t i = 0; i < targets; i++) {
    bool common = false, same = true;
    for (size_t j = 0; j < o->nation->accounts.n; j++) {
      common = common || (b->member[0][j] && in_target(o, i, j));
      same = same && b->member[0][j] == in_target(o, i, j);
    }
    if (!common) continue;
    o->place[k] = i;
    if (same) return;
    tanlu_resolver_ok(
        &o->r,
        tanlu_yaml_fail_key(b->node, o->r.context,
                            "group '%s' overlaps with '%s', a structure target of the nation; expected that "
                            "group or one without sectors of it",
                            b->node->key,
                            o->nation->level[o->national->target_level[i]].group.code[o->national->target_group[i]]));
    return;
  }
  o->place[k] = targets + (*extra)++;
}

/* Drivers for what the region says: those it inherits, with room for targets of its own. */
static void make_own(overlay *o) {
  const tanlu_dataset *region = o->r.dataset;
  const size_t targets = o->national ? o->national->targets : 0;
  size_t extra = 0;
  o->place = tanlu_allocate(o->r.context, o->r.targets, sizeof *o->place);
  if (!tanlu_resolver_ok(&o->r, o->place ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  for (size_t k = 0; k < o->r.targets; k++) place_target(o, k, &extra);
  tanlu_region_said *said = o->said;
  if (!tanlu_resolver_ok(
          &o->r, tanlu_drivers_create(&said->own, region, region->base_year, o->r.to, targets + extra, o->r.context))) {
    return;
  }
  o->r.drivers = said->own;
  for (size_t i = 0; i < targets; i++) {
    said->own->target_level[i] = o->national->target_level[i];
    said->own->target_group[i] = o->national->target_group[i];
  }
  for (size_t k = 0; k < o->r.targets; k++) {
    if (o->place[k] < targets) continue;
    said->own->target_level[o->place[k]] = o->r.target[k].level;
    said->own->target_group[o->place[k]] = o->r.target[k].group;
  }
  if (!o->national) return;
  if (!tanlu_resolver_ok(&o->r, tanlu_region_drivers_create(&said->inherited, o->national, o->nation, region,
                                                            o->power_mix, NULL, NULL, o->r.context))) {
    return;
  }
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    if (id == TANLU_DRIVER_STRUCTURE_SHARE) continue; /* none is inherited */
    memcpy(said->own->value[id], said->inherited->value[id], said->own->years * said->own->size[id] * sizeof(double));
  }
}

/* What the nation's history records of a path, as an index of the base year; 1 where it has none. */
static double recorded_index(const overlay *o, tanlu_driver_id id, size_t member) {
  if (member >= o->national->size[id]) return 1.0;
  const double *value = o->national->value[id] + member;
  const double last = value[(tanlu_resolver_first(&o->r) - 1) * o->national->size[id]];
  return isnan(last) || !(value[0] > 0.0) ? 1.0 : last / value[0];
}

/* A path from the region's base; nothing has no path. */
static void fill_path(overlay *o, tanlu_binding *binding, tanlu_driver_id id, size_t member, double base) {
  const tanlu_drivers *own = o->said->own;
  if (base > 0.0) {
    tanlu_resolve_future(&o->r, binding, base * recorded_index(o, id, member), true, own->value[id] + member,
                         own->size[id]);
    return;
  }
  tanlu_resolver_ok(&o->r, tanlu_yaml_fail_key(binding->node, o->r.context,
                                               "'%s' is zero in %s in the base year; a path cannot start there",
                                               binding->node->key, o->r.dataset->name));
}

/* Something must be left for the balance of the targets. */
static void check_targets(overlay *o) {
  const tanlu_drivers *own = o->said->own;
  const bool told = is_told(o, TANLU_DRIVER_STRUCTURE_SHARE);
  for (size_t t = told ? tanlu_resolver_first(&o->r) : own->years - 1; t < own->years && o->r.targets > 0; t++) {
    double sum = 0.0;
    for (size_t k = 0; k < o->r.targets; k++) {
      sum += told ? tanlu_driver(own, TANLU_DRIVER_STRUCTURE_SHARE, t, o->place[k], 0)
                  : last_written(o, o->r.target[k].scenario);
    }
    if (!(sum >= 1.0)) continue;
    tanlu_resolver_ok(&o->r, tanlu_yaml_fail_key(o->r.target[0].scenario->list, o->r.context,
                                                 "the structure targets add up to %.6g in %d; nothing is left for the "
                                                 "balance",
                                                 sum, own->from + (int)t));
    return;
  }
}

static void fill_targets(overlay *o) {
  for (size_t k = 0; k < o->r.targets; k++) {
    const struct tanlu_target *t = &o->r.target[k];
    say(o, TANLU_DRIVER_STRUCTURE_SHARE, o->place[k], 1);
    if (!is_told(o, TANLU_DRIVER_STRUCTURE_SHARE)) continue;
    fill_path(o, t->scenario, TANLU_DRIVER_STRUCTURE_SHARE, o->place[k],
              tanlu_structure_base_share(o->r.dataset, t->level, t->group));
  }
  if (o->r.status == TANLU_OK) check_targets(o);
}

/* ---- members and lists ---------------------------------------------------------------------------------------------------- */

static void fill_members(overlay *o, tanlu_driver_id id) {
  tanlu_drivers *own = o->said->own;
  const size_t inner = own->inner[id], size = own->size[id], first = tanlu_resolver_first(&o->r);
  for (size_t k = 0; k < size; k++) {
    tanlu_binding *binding = tanlu_resolver_binding(&o->r, &o->r.scenario, id, k / inner, k % inner);
    if (!binding) continue;
    say(o, id, k, 1);
    if (!is_told(o, id)) continue;
    if (id == TANLU_DRIVER_PRODUCT_PATH) {
      fill_path(o, binding, id, k, o->r.dataset->products.base[k]);
      continue;
    }
    double last = own->value[id][(first - 1) * size + k];
    if (isnan(last)) last = tanlu_driver_base(o->r.dataset, id, k / inner, k % inner);
    tanlu_resolve_future(&o->r, binding, last, false, own->value[id] + k, size);
  }
}

/* What is named must leave something, whatever the region starts from. */
static void check_named(overlay *o, const tanlu_shares *shares) {
  const tanlu_share_list *list = &shares->future;
  double sum = 0.0;
  for (size_t k = 0; k < shares->inner; k++) sum += list->member[k] ? last_written(o, list->member[k]) : 0.0;
  if (sum <= 1.0 + rounding) return;
  tanlu_resolver_ok(&o->r,
                    tanlu_yaml_fail(list->balance->node, o->r.context,
                                    "the shares of '%s' that are named add up to %.6g in %d; nothing is left for "
                                    "the balance '%s'",
                                    tanlu_driver_table[shares->id].path, sum, o->r.to, list->balance->node->text));
}

/* A list that is inherited by retention and gain begins as in the base year. */
static void begin_list(overlay *o, const tanlu_shares *shares) {
  const tanlu_drivers *own = o->said->own;
  const size_t size = own->size[shares->id];
  double *value = own->value[shares->id] + shares->outer * shares->inner;
  for (size_t t = 0; t < own->years && isnan(value[t * size]); t++) {
    memcpy(value + t * size, shares->base, shares->inner * sizeof *value);
  }
}

static void fill_lists(overlay *o, tanlu_driver_id id) {
  const size_t inner = tanlu_shares_inner(o->said->own, id), outers = inner ? o->said->own->size[id] / inner : 0;
  for (size_t outer = 0; outer < outers; outer++) {
    tanlu_shares shares;
    if (tanlu_shares_find(&o->r, id, outer, &shares) && shares.future.list) {
      say(o, id, outer * inner, inner);
      shares.keeps_paths = true;
      if (is_told(o, id)) {
        begin_list(o, &shares);
        tanlu_shares_fill_future(&o->r, &shares);
      } else {
        check_named(o, &shares);
      }
    }
    tanlu_shares_clear(&shares);
  }
}

/* Retention and gain of one group, whose mix the nation gives as shares: they would count for nothing. */
static void check_mixes(overlay *o) {
  const tanlu_yaml *reported = NULL;
  const tanlu_drivers *inherited = o->said->inherited;
  for (size_t i = 0; inherited && i < o->r.scenario.count; i++) {
    const tanlu_binding *b = &o->r.scenario.binding[i];
    if ((b->id != TANLU_DRIVER_RETAIN && b->id != TANLU_DRIVER_GAIN) || !b->bound || b->members[0] != 1) continue;
    size_t group = 0;
    while (!b->member[0][group]) group++;
    const size_t member = group * inherited->inner[TANLU_DRIVER_MIX_SHARE];
    const bool *says = o->said->says[TANLU_DRIVER_MIX_SHARE];
    if ((says && says[member]) || b->list == reported) continue;
    if (isnan(tanlu_driver(inherited, TANLU_DRIVER_MIX_SHARE, inherited->years - 1, group, 0))) continue;
    reported = b->list;
    tanlu_resolver_ok(&o->r, tanlu_yaml_fail_key(b->list, o->r.context,
                                                 "the nation gives the mix of '%s' as shares (energy.mix.*.share or "
                                                 "routes); expected shares here too",
                                                 tanlu_axis_code(o->nation, TANLU_AXIS_MIX_GROUP, group)));
  }
}

/* ---- all ------------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_region_said_find(tanlu_region_said *said, const tanlu_scenario *scenario, const tanlu_yaml *keys,
                                    const tanlu_dataset *nation, const tanlu_dataset *region, const double *power_mix,
                                    bool base_free, tanlu_context *context) {
  tanlu_span span = tanlu_span_of(nation, false);
  span.region = true;
  *said = (tanlu_region_said){0};
  overlay o = {.r = {.dataset = region,
                     .context = context,
                     .status = TANLU_OK,
                     .to = scenario->to > nation->base_year ? scenario->to : nation->base_year},
               .national = scenario->drivers,
               .nation = nation,
               .power_mix = power_mix,
               .said = said,
               .base_free = base_free};
  tanlu_bindings_read(&o.r.scenario, keys, region, &span, context);
  tanlu_resolver_ok(&o.r, o.r.scenario.status);
  tanlu_resolve_find_targets(&o.r);
  if (o.r.target) make_own(&o);
  for (int id = 0; o.r.drivers && id < TANLU_DRIVER_COUNT; id++) {
    if (id == TANLU_DRIVER_STRUCTURE_SHARE) {
      fill_targets(&o);
    } else if (tanlu_driver_is_list((tanlu_driver_id)id)) {
      fill_lists(&o, (tanlu_driver_id)id);
    } else {
      fill_members(&o, (tanlu_driver_id)id);
    }
  }
  if (o.r.drivers) check_mixes(&o);
  free(o.place);
  tanlu_resolver_clear(&o.r);
  return o.r.status;
}

tanlu_status tanlu_region_keys_check(const tanlu_scenario *scenario, const tanlu_yaml *keys,
                                     const tanlu_dataset *nation, tanlu_context *context) {
  tanlu_region_said said;
  const tanlu_status status = tanlu_region_said_find(&said, scenario, keys, nation, nation, NULL, true, context);
  tanlu_region_said_clear(&said);
  return status;
}

tanlu_status tanlu_scenario_resolve_region(const tanlu_scenario *scenario, const char *code,
                                           const tanlu_dataset *nation, const tanlu_dataset *region,
                                           const double *power_mix, tanlu_drivers **drivers, tanlu_context *context) {
  *drivers = NULL;
  if (!scenario->drivers || region->history_to != nation->history_to) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "region %s: %s", code,
                      scenario->drivers ? "its history ends in another year than the nation's"
                                        : "the scenario is not resolved");
  }
  if (!tanlu_scenario_says_of_region(scenario, code)) {
    return tanlu_region_drivers_create(drivers, scenario->drivers, nation, region, power_mix, NULL, NULL, context);
  }
  tanlu_region_said said;
  tanlu_status status = tanlu_region_said_find(&said, scenario, tanlu_scenario_region_keys(scenario, code), nation,
                                               region, power_mix, false, context);
  if (status == TANLU_OK) {
    status = tanlu_region_drivers_create(drivers, scenario->drivers, nation, region, power_mix, said.own,
                                         (const bool *const *)said.says, context);
  }
  tanlu_region_said_clear(&said);
  return status;
}
