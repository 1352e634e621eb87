/* Efficiency tiers and routes in a scenario: what may not stand beside them, and their effect on other drivers. */
#include <stdio.h>

#include "inputs/scenario_resolver.h"
#include "model/efficiency_tiers.h"
#include "model/indirect_drivers.h"

static size_t first_of(const bool *set) {
  size_t i = 0;
  while (!set[i]) i++;
  return i;
}

/* Does the binding say what routes of a process in `group` say too? A mix of useful energy for that group alone or, as a path, for
 * any that holds it; capture where a route of the list captures. */
static bool contradicts(const tanlu_binding *other, size_t group, bool captures) {
  const tanlu_driver_id id = other->id;
  if (other->balance || !other->bound || other->failed) return false;
  const bool mix = id == TANLU_DRIVER_MIX_SHARE ||
                   ((id == TANLU_DRIVER_RETAIN || id == TANLU_DRIVER_GAIN) && other->members[0] == 1);
  return (mix || (captures && id == TANLU_DRIVER_CAPTURE)) && other->member[0][group];
}

/* One error for the list of shares of a process and each list or key that contradicts it. */
static void check_list(tanlu_resolver *r, const tanlu_binding *routes, bool captures) {
  const size_t process = first_of(routes->member[0]), group = r->dataset->routes.group[process];
  const tanlu_yaml *reported = NULL;
  for (size_t i = 0; i < r->scenario.count; i++) {
    const tanlu_binding *other = &r->scenario.binding[i];
    if (!contradicts(other, group, captures) || other->list == reported) continue;
    const bool capture = other->id == TANLU_DRIVER_CAPTURE;
    const tanlu_yaml *place = capture ? other->node : other->list;
    if (!capture) reported = other->list;
    char line[24] = ""; /* a setting has none */
    if (place->key_line > 0) snprintf(line, sizeof line, ":%zu", place->key_line);
    tanlu_resolver_ok(r, tanlu_yaml_fail_key(
                             routes->list, r->context,
                             "the routes of '%s' set the %s of group '%s', and so does %s (%s%s); expected one of them",
                             r->dataset->routes.process.code[process], capture ? "capture" : "energy mix",
                             tanlu_dataset_policy_groups(r->dataset)->code[group], tanlu_driver_table[other->id].path,
                             place->file, line));
  }
}

static bool captures(const tanlu_resolver *r, const tanlu_binding *routes) {
  const tanlu_route_statistics *s = &r->dataset->routes;
  const size_t process = first_of(routes->member[0]), route = first_of(routes->member[1]);
  return s->capture[process * s->route.count + route] > 0.0;
}

static void check_routes(tanlu_resolver *r) {
  const tanlu_yaml *done = NULL;
  for (size_t i = 0; i < r->scenario.count; i++) {
    const tanlu_binding *b = &r->scenario.binding[i];
    if (b->id != TANLU_DRIVER_ROUTE_SHARE || !b->bound || b->list == done) continue;
    bool any = false;
    for (size_t k = i; k < r->scenario.count; k++) {
      const tanlu_binding *other = &r->scenario.binding[k];
      if (other->id == b->id && other->list == b->list && other->bound) any = any || captures(r, other);
    }
    done = b->list;
    check_list(r, b, any);
  }
}

/* More than everything cannot leave a tier. */
static void check_tiers(tanlu_resolver *r) {
  for (size_t p = 0; p < r->dataset->tiers.process.count; p++) {
    const size_t t = tanlu_tiers_excess(r->drivers, p);
    if (t == TANLU_NONE) continue;
    const bool past = t < tanlu_resolver_first(r);
    tanlu_bindings *from = past ? &r->history : &r->scenario;
    tanlu_binding *binding = tanlu_resolver_binding(r, from, TANLU_DRIVER_TIER_RATE, p, TANLU_BELOW_TO_ABOVE);
    if (!binding) binding = tanlu_resolver_binding(r, from, TANLU_DRIVER_TIER_RATE, p, TANLU_BELOW_TO_BETWEEN);
    if (!binding || binding->failed) continue;
    binding->failed = true;
    tanlu_resolver_ok(r, tanlu_yaml_fail_key(
                             binding->node, r->context,
                             "more than all capacity of '%s' leaves the tier below in %d; expected rates of at most 1",
                             r->dataset->tiers.process.code[p], r->drivers->from + (int)t));
  }
}

void tanlu_resolve_check_indirect(tanlu_resolver *r) {
  if (r->dataset->routes.process.count > 0) check_routes(r);
  check_tiers(r);
}

void tanlu_resolve_indirect(tanlu_resolver *r) {
  tanlu_resolve_capacity(r);
  tanlu_resolver_ok(r, tanlu_indirect_apply(r->dataset, r->drivers, r->context));
}
