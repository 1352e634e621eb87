#include "inputs/scenario_bind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/driver_path.h"
#include "model/indirect_drivers.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_bindings *bindings;
  const tanlu_dataset *dataset;
  const tanlu_span *span;
  tanlu_context *context;
  const tanlu_yaml *member[2]; /* keys that named members on the way down */
  size_t members;
} binder;

static void fail(binder *b, tanlu_status status) {
  if (b->bindings->status == TANLU_OK) b->bindings->status = status;
}

void tanlu_bindings_clear(tanlu_bindings *bindings) {
  for (size_t i = 0; i < bindings->count; i++) {
    free(bindings->binding[i].member[0]);
    free(bindings->binding[i].member[1]);
    tanlu_written_clear(&bindings->binding[i].written);
  }
  free(bindings->binding);
  *bindings = (tanlu_bindings){0};
}

/* ---- members ----------------------------------------------------------------------------------------------------------- */

static const char *axis_noun(tanlu_axis axis) {
  switch (axis) {
  case TANLU_AXIS_CATEGORY:
    return "category";
  case TANLU_AXIS_POLICY_GROUP:
  case TANLU_AXIS_MIX_GROUP:
  case TANLU_AXIS_TARGET:
    return "group";
  case TANLU_AXIS_CLASS:
    return "carrier class";
  case TANLU_AXIS_USE:
    return "end use";
  case TANLU_AXIS_TECHNOLOGY:
    return "technology";
  case TANLU_AXIS_PRODUCT:
    return "product";
  case TANLU_AXIS_EMISSION:
    return "process emission";
  case TANLU_AXIS_HYDROGEN:
    return "hydrogen route";
  case TANLU_AXIS_HOUSEHOLD:
    return "household use";
  case TANLU_AXIS_TIER_PROCESS:
    return "process with efficiency tiers";
  case TANLU_AXIS_TIER_MOVE:
    return "move between tiers";
  case TANLU_AXIS_ROUTE_PROCESS:
    return "process with routes";
  case TANLU_AXIS_ROUTE:
    return "route";
  case TANLU_AXIS_ONE:
    break;
  }
  return "member";
}

static bool takes_groups(tanlu_axis axis) {
  return axis == TANLU_AXIS_POLICY_GROUP || axis == TANLU_AXIS_MIX_GROUP || axis == TANLU_AXIS_TARGET;
}

/* The word nearest to `code` among the members of an axis and, where groups are named, all groups; NULL without one. */
static const char *nearest_member(const tanlu_dataset *dataset, tanlu_axis axis, const char *code) {
  const size_t own = tanlu_axis_count(dataset, axis);
  size_t count = own + 2;
  for (size_t l = 0; l < dataset->levels; l++) count += dataset->level[l].group.count;
  const char **words = malloc(count * sizeof *words);
  if (!words) return NULL;
  count = 0;
  for (size_t i = 0; i < own; i++) words[count++] = tanlu_axis_code(dataset, axis, i);
  if (takes_groups(axis)) {
    if (axis != TANLU_AXIS_TARGET) words[count++] = "all";
    for (size_t l = 0; l < dataset->levels; l++) {
      for (size_t g = 0; g < dataset->level[l].group.count; g++) words[count++] = dataset->level[l].group.code[g];
    }
  }
  const char *nearest = tanlu_nearest(code, words, count);
  free(words);
  return nearest;
}

static tanlu_status fail_place(const tanlu_yaml *place, bool as_value, tanlu_context *context, const char *text) {
  return as_value ? tanlu_yaml_fail(place, context, "%s", text) : tanlu_yaml_fail_key(place, context, "%s", text);
}

static tanlu_status unknown_member(const tanlu_dataset *dataset, tanlu_axis axis, const char *code,
                                   const tanlu_yaml *place, bool as_value, tanlu_context *context) {
  char text[256];
  const char *nearest = nearest_member(dataset, axis, code);
  snprintf(text, sizeof text, nearest ? "unknown %s '%.80s'; did you mean '%.80s'?" : "unknown %s '%.80s'%s",
           axis_noun(axis), code, nearest ? nearest : "");
  return fail_place(place, as_value, context, text);
}

/* A group of any level as a set of policy groups: it must hold each of them whole or not at all. */
static tanlu_status split_into_policy_groups(const tanlu_dataset *dataset, size_t level, size_t group, const char *code,
                                             const tanlu_yaml *place, bool as_value, bool *set, size_t *count,
                                             tanlu_context *context) {
  const tanlu_level *policy = &dataset->level[dataset->policy_level];
  for (size_t p = 0; p < policy->group.count; p++) {
    size_t inside = 0, all = 0;
    for (size_t j = 0; j < dataset->accounts.n; j++) {
      if (policy->of_sector[j] != p) continue;
      all++;
      inside += dataset->level[level].of_sector[j] == group;
    }
    if (inside > 0 && inside < all) {
      char text[256];
      snprintf(text, sizeof text, "group '%.60s' cuts through the %.30s '%.60s'; name groups that hold it whole", code,
               policy->name, policy->group.code[p]);
      return fail_place(place, as_value, context, text);
    }
    set[p] = inside > 0;
    *count += set[p];
  }
  return TANLU_OK;
}

tanlu_status tanlu_members_named(const tanlu_dataset *dataset, tanlu_axis axis, const char *code,
                                 const tanlu_yaml *place, bool as_value, bool **set, size_t *count, size_t *level,
                                 size_t *group, tanlu_context *context) {
  const size_t size = axis == TANLU_AXIS_TARGET ? dataset->accounts.n : tanlu_axis_count(dataset, axis);
  *count = 0;
  *set = tanlu_allocate(context, size, sizeof **set);
  if (!*set) return TANLU_ERR_MEMORY;
  const size_t member = axis == TANLU_AXIS_TARGET ? TANLU_NONE : tanlu_axis_find(dataset, axis, code);
  if (member != TANLU_NONE) {
    (*set)[member] = true;
    *count = 1;
    return TANLU_OK;
  }
  if (axis == TANLU_AXIS_TIER_PROCESS && strcmp(code, "all") == 0) {
    for (size_t p = 0; p < size; p++) *count += (*set)[p] = dataset->tiers.has_shares[p];
    if (*count > 0) return TANLU_OK;
    return fail_place(place, as_value, context, "the dataset names no process with efficiency tiers");
  }
  if (!takes_groups(axis)) return unknown_member(dataset, axis, code, place, as_value, context);
  if (axis != TANLU_AXIS_TARGET && strcmp(code, "all") == 0) {
    *count = tanlu_dataset_policy_groups(dataset)->count;
    for (size_t p = 0; p < *count; p++) (*set)[p] = true;
    return TANLU_OK;
  }
  if (tanlu_dataset_find_group(dataset, code, level, group) != TANLU_OK) {
    return unknown_member(dataset, axis, code, place, as_value, context);
  }
  if (axis != TANLU_AXIS_TARGET) {
    return split_into_policy_groups(dataset, *level, *group, code, place, as_value, *set, count, context);
  }
  for (size_t j = 0; j < size; j++) {
    (*set)[j] = dataset->level[*level].of_sector[j] == *group;
    *count += (*set)[j];
  }
  return TANLU_OK;
}

static bool is_capacity(tanlu_driver_id id) {
  return tanlu_driver_is_indirect(id) && tanlu_driver_table[id].axis[0] == TANLU_AXIS_PRODUCT;
}

static bool takes_controlled(tanlu_driver_id id) {
  return id == TANLU_DRIVER_PRODUCT_PATH || is_capacity(id);
}

/* Members that exist but that a file may not name. */
static tanlu_status check_nameable(const binder *b, tanlu_driver_id id, size_t axis, const bool *set, const char *code,
                                   const tanlu_yaml *place, bool as_value) {
  const tanlu_dataset *d = b->dataset;
  const char *text = NULL;
  for (size_t i = 0; id == TANLU_DRIVER_CATEGORY_SHARE && i < d->accounts.category.count; i++) {
    if (set[i] && d->accounts.role[i] == TANLU_ROLE_INVENTORIES) {
      text = "inventories have no share of final use; see final_demand.inventories";
    } else if (set[i] && tanlu_role_apart(d->accounts.role[i])) {
      text = "what other regions take is for them to say; it has no share of final use";
    }
  }
  for (size_t i = 0; id == TANLU_DRIVER_POWER_MIX && !b->span->history && i < d->power.technology.count; i++) {
    if (set[i] && d->power.follows_coke[i]) {
      text = "its generation follows the use of coke (recovered gases and waste heat); a scenario cannot set its share";
    }
  }
  for (size_t i = 0; id == TANLU_DRIVER_TIER_RATE && axis == 0 && i < d->tiers.process.count; i++) {
    if (set[i] && !d->tiers.has_shares[i]) text = "the shares of its capacity in the tiers are not known";
  }
  for (size_t i = 0; takes_controlled(id) && i < d->products.product.count; i++) {
    if (set[i] && d->products.kind[i] != TANLU_PRODUCT_CONTROLLED) {
      text = d->products.kind[i] == TANLU_PRODUCT_FOLLOWS
                 ? "it follows the output of its sectors; only a controlled product takes a path"
                 : "it is an outcome of the energy system; only a controlled product takes a path";
    }
  }
  if (!text) return TANLU_OK;
  char message[256];
  snprintf(message, sizeof message, "'%.60s': %s", code, text);
  return fail_place(place, as_value, b->context, message);
}

/* A route must be one of its process. */
static tanlu_status check_route(const binder *b, const tanlu_binding *binding, const char *code,
                                const tanlu_yaml *place, bool as_value) {
  const tanlu_route_statistics *r = &b->dataset->routes;
  char own[160] = "", text[320];
  if (binding->id != TANLU_DRIVER_ROUTE_SHARE) return TANLU_OK;
  size_t p = 0, length = 0;
  while (!binding->member[0][p]) p++;
  for (size_t i = 0; i < r->route.count; i++) {
    if (!r->has[p * r->route.count + i]) continue;
    if (binding->member[1][i]) return TANLU_OK;
    length += (size_t)snprintf(own + length, length < sizeof own ? sizeof own - length : 0, "%s%s", length ? ", " : "",
                               r->route.code[i]);
    if (length >= sizeof own) length = sizeof own - 1;
  }
  snprintf(text, sizeof text, "'%.60s' is no route of '%.60s'; expected one of %s", code, r->process.code[p], own);
  return fail_place(place, as_value, b->context, text);
}

/* ---- keys -------------------------------------------------------------------------------------------------------------- */

static bool is_meta(const char *key) {
  static const char *const keys[] = {"name", "title", "dataset", "years", "parent", "ets", "regions"};
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
    if (strcmp(key, keys[k]) == 0) return true;
  }
  return false;
}

/* Drivers, by the first key of their path, that are the nation's alone. */
static bool is_national(const char *key) {
  static const char *const keys[] = {"sinks", "efficiency_tiers", "routes", "capacity", "stress"};
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
    if (strcmp(key, keys[k]) == 0) return true;
  }
  return false;
}

/* Why a region cannot say a key of a scenario that stands here; NULL: it can, or nobody can. */
static const char *region_cannot(const tanlu_driver_path *path, const char *key) {
  if (path->depth == 0 && (is_meta(key) || is_national(key))) return "is the nation's alone; a region cannot say it";
  if (path->depth == 0 && strcmp(key, "imports") == 0) {
    return "cannot be said of a region: regions keep the import shares of the base year";
  }
  if (path->depth == 1 && path->alive[TANLU_DRIVER_POWER_IMPORTS] && strcmp(key, "net_imports") == 0) {
    return "cannot be said of a region: from other regions it has an outcome, from abroad its part of the nation's";
  }
  return NULL;
}

/* The aim of a region, which moves no driver; inputs/scenario_regions.c reads it. */
static bool is_aim(const binder *b, const tanlu_driver_path *path, const char *key) {
  return b->span->region && path->depth == 0 && strcmp(key, "peak") == 0;
}

/* Keys that people expect and that do not exist, with what to do instead. */
static const char *why_not(const char *key) {
  if (strstr(key, "price") && strstr(key, "carbon")) return "carbon prices act only through the policy analyses";
  if (strcmp(key, "feedback") == 0) {
    return "final demand reacts in a scenario of its own, which 'tanlu invest -o' writes";
  }
  if (strcmp(key, "carbon_tax") == 0 || strcmp(key, "co2_price") == 0) {
    return "carbon prices act only through the policy analyses";
  }
  return NULL;
}

/* An unknown key: the nearest of the words that could stand here. */
static void fail_unknown(binder *b, const tanlu_yaml *node, const tanlu_driver_path *path) {
  char word[TANLU_DRIVER_COUNT][40];
  const char *words[TANLU_DRIVER_COUNT + 7];
  size_t count = 0;
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const char *text;
    size_t length;
    if (!path->alive[id] || !tanlu_driver_path_component((tanlu_driver_id)id, path->depth, &text, &length)) continue;
    snprintf(word[count], sizeof word[count], "%.*s", (int)length, text);
    if (b->span->region && region_cannot(path, word[count])) continue;
    words[count] = word[count];
    count++;
  }
  if (path->depth == 0 && b->span->region) words[count++] = "peak";
  if (path->depth == 0 && !b->span->history && !b->span->region) {
    words[count++] = "title";
    words[count++] = "parent";
    words[count++] = "years";
    words[count++] = "dataset";
    words[count++] = "ets";
    words[count++] = "regions";
  }
  const char *reason = why_not(node->key), *nearest = tanlu_nearest(node->key, words, count);
  if (reason) {
    fail(b, tanlu_yaml_fail_key(node, b->context, "unknown key '%s': %s", node->key, reason));
  } else if (nearest) {
    fail(b, tanlu_yaml_fail_key(node, b->context, "unknown key '%s'; did you mean '%s'?", node->key, nearest));
  } else {
    fail(b, tanlu_yaml_fail_key(node, b->context, "unknown key '%s'", node->key));
  }
}

static tanlu_binding *new_binding(binder *b) {
  tanlu_bindings *all = b->bindings;
  tanlu_binding *larger = realloc(all->binding, (all->count + 1) * sizeof *larger);
  if (!larger) {
    fail(b, tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for the scenario's keys"));
    return NULL;
  }
  all->binding = larger;
  larger[all->count] = (tanlu_binding){.members = {1, 1}, .level = TANLU_NONE, .group = TANLU_NONE};
  return &larger[all->count++];
}

/* The sets named on the way down, `named` of them. False after an error. */
static bool bind_members(binder *b, tanlu_binding *binding, size_t named) {
  const tanlu_driver_info *info = &tanlu_driver_table[binding->id];
  for (size_t k = 0; k < named; k++) {
    const tanlu_yaml *key = b->member[k];
    tanlu_status status = tanlu_members_named(b->dataset, info->axis[k], key->key, key, false, &binding->member[k],
                                              &binding->members[k], &binding->level, &binding->group, b->context);
    if (status == TANLU_OK) status = check_nameable(b, binding->id, k, binding->member[k], key->key, key, false);
    if (status == TANLU_OK && k == 1) status = check_route(b, binding, key->key, key, false);
    if (status != TANLU_OK) {
      fail(b, status);
      return false;
    }
  }
  binding->bound = true;
  return true;
}

static void bind_timeline(binder *b, const tanlu_yaml *list, const tanlu_yaml *node, tanlu_driver_id id) {
  tanlu_binding *binding = new_binding(b);
  if (!binding) return;
  if (b->span->history && (id == TANLU_DRIVER_ROUTE_SHARE || id == TANLU_DRIVER_STRESS_PRICE || is_capacity(id))) {
    fail(b, tanlu_yaml_fail_key(node, b->context, "a history records output and energy; expected '%s' in a scenario",
                                tanlu_driver_table[id].path));
  }
  binding->id = id;
  binding->node = node;
  binding->list = list;
  if (!bind_members(b, binding, b->members)) {
    binding->failed = true;
    return;
  }
  const tanlu_status status = tanlu_written_read(&binding->written, node, id, b->span, b->context);
  if (status == TANLU_OK) return;
  binding->failed = true;
  fail(b, status);
}

/* `balance: MEMBER`, the last member of the path. */
static void bind_balance(binder *b, const tanlu_yaml *list, const tanlu_yaml *node, tanlu_driver_id id) {
  const size_t last = b->members;
  const tanlu_axis axis = tanlu_driver_table[id].axis[last];
  if (node->kind != TANLU_YAML_SCALAR) {
    fail(b, tanlu_yaml_fail(node, b->context, "expected the name of the %s that takes the rest", axis_noun(axis)));
    return;
  }
  tanlu_binding *binding = new_binding(b);
  if (!binding) return;
  binding->id = id;
  binding->node = node;
  binding->list = list;
  binding->balance = true;
  binding->failed = true;
  if (!bind_members(b, binding, last)) return;
  binding->bound = false;
  tanlu_status status = tanlu_members_named(b->dataset, axis, node->text, node, true, &binding->member[last],
                                            &binding->members[last], &binding->level, &binding->group, b->context);
  if (status == TANLU_OK) status = check_nameable(b, id, last, binding->member[last], node->text, node, true);
  if (status == TANLU_OK) status = check_route(b, binding, node->text, node, true);
  if (status != TANLU_OK) {
    fail(b, status);
    return;
  }
  binding->failed = false;
  binding->bound = true;
}

/* Is the member known? Asked once for a key with further keys below it, so that they do not repeat the error. */
static bool is_member(binder *b, tanlu_axis axis, const tanlu_yaml *node) {
  bool *set = NULL;
  size_t count, level, group;
  const tanlu_status status =
      tanlu_members_named(b->dataset, axis, node->key, node, false, &set, &count, &level, &group, b->context);
  free(set);
  if (status != TANLU_OK) fail(b, status);
  return status == TANLU_OK;
}

/* `capacity.PRODUCT.policy`: a word that stands beside the timelines. */
static bool is_capacity_policy(const tanlu_driver_path *path, const tanlu_yaml *node) {
  return path->depth == 2 && path->alive[TANLU_DRIVER_CAPACITY_CAP] && strcmp(node->key, "policy") == 0;
}

static void check_capacity_policy(binder *b, const tanlu_yaml *node) {
  if (node->kind == TANLU_YAML_SCALAR && (strcmp(node->text, "bind") == 0 || strcmp(node->text, "error") == 0)) return;
  fail(b,
       tanlu_yaml_fail(node, b->context, "unknown policy '%s'; expected error or bind", node->text ? node->text : ""));
}

/* `stress.against`: the name of a scenario, read with the common keys. */
static bool is_stress_baseline(const tanlu_driver_path *path, const tanlu_yaml *node) {
  return path->depth == 1 && path->alive[TANLU_DRIVER_STRESS_PRICE] && strcmp(node->key, "against") == 0;
}

static void walk(binder *b, const tanlu_yaml *mapping, const tanlu_driver_path *path) {
  tanlu_axis axis = TANLU_AXIS_ONE;
  const bool names_members = tanlu_driver_path_member(path, &axis);
  const tanlu_driver_id list = tanlu_driver_path_list(path);
  for (size_t i = 0; i < mapping->count; i++) {
    const tanlu_yaml *node = mapping->child[i];
    tanlu_driver_path next;
    const char *cannot = b->span->region ? region_cannot(path, node->key) : NULL;
    if (cannot) {
      fail(b, tanlu_yaml_fail_key(node, b->context, "'%s' %s", node->key, cannot));
      continue;
    }
    if (is_aim(b, path, node->key)) continue;
    if (path->depth == 0 && !b->span->history && is_meta(node->key)) continue;
    if (list != (tanlu_driver_id)TANLU_NO_DRIVER && strcmp(node->key, "balance") == 0) {
      bind_balance(b, mapping, node, list);
      continue;
    }
    if (is_stress_baseline(path, node)) continue;
    if (is_capacity_policy(path, node)) {
      check_capacity_policy(b, node);
      continue;
    }
    if (!tanlu_driver_path_step(path, node->key, &next)) {
      fail_unknown(b, node, path);
      continue;
    }
    const tanlu_driver_id id = tanlu_driver_path_end(&next);
    if (names_members && id == (tanlu_driver_id)TANLU_NO_DRIVER && !is_member(b, axis, node)) continue;
    if (names_members) b->member[b->members++] = node;
    if (id != (tanlu_driver_id)TANLU_NO_DRIVER) {
      bind_timeline(b, mapping, node, id);
    } else if (node->kind == TANLU_YAML_MAPPING) {
      walk(b, node, &next);
    } else {
      fail(b, tanlu_yaml_fail(node, b->context, "expected a mapping of keys for '%s'", node->key));
    }
    if (names_members) b->members--;
  }
}

void tanlu_bindings_read(tanlu_bindings *bindings, const tanlu_yaml *root, const tanlu_dataset *dataset,
                         const tanlu_span *span, tanlu_context *context) {
  *bindings = (tanlu_bindings){.status = TANLU_OK};
  if (!root) return;
  const tanlu_driver_path path = tanlu_driver_path_start();
  binder b = {.bindings = bindings, .dataset = dataset, .span = span, .context = context};
  walk(&b, root, &path);
}
