#include "inputs/scenario_tree.h"

#include <stdlib.h>
#include <string.h>

#include "inputs/driver_path.h"
#include "inputs/number.h"
#include "solvers/memory.h"

/* ---- merging ----------------------------------------------------------------------------------------------------------- */

static size_t position_of(const tanlu_yaml *mapping, const char *key) {
  size_t i = 0;
  while (i < mapping->count && strcmp(mapping->child[i]->key, key) != 0) i++;
  return i;
}

/* Replace the member of the same key where it stands, or append. */
static tanlu_status put(tanlu_yaml *mapping, const tanlu_yaml *value, tanlu_context *context) {
  tanlu_yaml *copy = tanlu_yaml_copy(value, context);
  if (!copy) return TANLU_ERR_MEMORY;
  const size_t position = position_of(mapping, value->key);
  if (position == mapping->count) return tanlu_yaml_insert(mapping, position, copy, context);
  tanlu_yaml_free(&mapping->child[position]);
  mapping->child[position] = copy;
  return TANLU_OK;
}

/* The overlay's balance wins over a path that root gives to the same member. */
static void drop_balance_member(tanlu_yaml *root, const tanlu_yaml *overlay, tanlu_context *context) {
  const tanlu_yaml *balance = tanlu_yaml_find(overlay, "balance");
  if (!balance || balance->kind != TANLU_YAML_SCALAR || tanlu_yaml_find(overlay, balance->text)) return;
  const size_t position = position_of(root, balance->text);
  if (position == root->count) return;
  const tanlu_yaml *dropped = root->child[position];
  tanlu_warn(context, "%s:%zu: '%s' is the balance of '%s' here; its path in %s:%zu is dropped", balance->file,
             balance->line, balance->text, root->key ? root->key : "", dropped->file, dropped->key_line);
  tanlu_yaml_remove(root, position);
}

/* Where a key stands: the keys of drivers begin at the top, and anew below `regions.set.CODE`. */
typedef struct {
  tanlu_driver_path path; /* no driver alive within `regions` */
  enum { AMONG_DRIVERS, IN_REGIONS, IN_REGION_SET, IN_REGION_SETTINGS } block;
  bool region; /* below regions.set.CODE */
} tree_place;

static tree_place top(void) {
  return (tree_place){.path = tanlu_driver_path_start()};
}

/* One key further; false where no path of a driver goes on so. */
static bool step(const tree_place *place, const char *key, tree_place *next) {
  *next = *place;
  switch (place->block) {
  case IN_REGIONS:
    next->block = strcmp(key, "set") == 0 ? IN_REGION_SET : IN_REGION_SETTINGS;
    return true;
  case IN_REGION_SET:
    *next = top();
    return next->region = true;
  case IN_REGION_SETTINGS:
    return true;
  case AMONG_DRIVERS:
    break;
  }
  if (place->path.depth == 0 && !place->region && strcmp(key, "regions") == 0) {
    *next = (tree_place){.block = IN_REGIONS};
    return true;
  }
  return tanlu_driver_path_step(&place->path, key, &next->path);
}

/* Is a key below a path part of the rules of a carbon market? No driver is there. */
static bool in_market(const tree_place *place, const char *key) {
  tree_place next;
  return place->path.depth > 0 && !step(place, key, &next);
}

/* Within the rules of a carbon market: timelines and supply curves (a number is a key), and choices. */
static bool is_market_whole(const tanlu_yaml *value) {
  static const char *const choice[] = {"rule", "benchmark", "abatement"};
  bool whole = false;
  double number;
  for (size_t k = 0; k < sizeof choice / sizeof *choice; k++) whole = whole || strcmp(value->key, choice[k]) == 0;
  for (size_t i = 0; i < value->count; i++) whole = whole || tanlu_number_parse(value->child[i]->key, &number);
  return whole;
}

static tanlu_status merge(tanlu_yaml *root, const tanlu_yaml *overlay, const tree_place *place,
                          tanlu_context *context) {
  if (tanlu_driver_path_list(&place->path) != (tanlu_driver_id)TANLU_NO_DRIVER) {
    drop_balance_member(root, overlay, context);
  }
  for (size_t i = 0; i < overlay->count; i++) {
    const tanlu_yaml *value = overlay->child[i];
    tanlu_yaml *found = tanlu_yaml_find(root, value->key);
    tree_place next;
    step(place, value->key, &next);
    const bool mappings = found && found->kind == TANLU_YAML_MAPPING && value->kind == TANLU_YAML_MAPPING;
    const bool whole = tanlu_driver_path_end(&next.path) != (tanlu_driver_id)TANLU_NO_DRIVER ||
                       (mappings && in_market(place, value->key) && is_market_whole(value));
    const tanlu_status status =
        found && mappings && !whole ? merge(found, value, &next, context) : put(root, value, context);
    if (status != TANLU_OK) return status;
  }
  return TANLU_OK;
}

tanlu_status tanlu_scenario_merge(tanlu_yaml *root, const tanlu_yaml *overlay, tanlu_context *context) {
  const tree_place place = top();
  return merge(root, overlay, &place, context);
}

tanlu_status tanlu_scenario_merge_market(tanlu_yaml *root, const tanlu_yaml *overlay, tanlu_context *context) {
  const tree_place start = top();
  tree_place place;
  step(&start, "ets", &place);
  return merge(root, overlay, &place, context);
}

/* ---- settings ------------------------------------------------------------------------------------------------------------ */

/* A setting has no line: all its values come from "--set PATH=VALUE". */
static void forget_places(tanlu_yaml *node) {
  node->line = node->column = node->key_line = node->key_column = 0;
  for (size_t i = 0; i < node->count; i++) forget_places(node->child[i]);
}

/* "--set PATH=VALUE", the place of a setting; the caller frees. */
static char *origin_of(const char *setting) {
  static const char option[] = "--set ";
  char *origin = malloc(sizeof option + strlen(setting));
  if (origin) stpcpy(stpcpy(origin, option), setting);
  return origin;
}

/* The text after "=" as a value; the error names the whole setting. */
static tanlu_yaml *read_value(const char *setting, const char *text, tanlu_context *context) {
  tanlu_yaml *value = NULL;
  char *origin = origin_of(setting);
  tanlu_context *inner = tanlu_context_create();
  if (*text == '\0') {
    tanlu_fail(context, TANLU_ERR_INPUT, "--set %s: the value is missing; expected PATH=VALUE", setting);
  } else if (inner && origin && tanlu_yaml_read_text(&value, text, strlen(text), origin, inner) != TANLU_OK) {
    tanlu_fail(context, TANLU_ERR_INPUT, "--set %s: the value is not a number, text or {YEAR: VALUE, ...}", setting);
  }
  tanlu_context_free(&inner);
  free(origin);
  if (value) forget_places(value);
  return value;
}

/* Insert into a timeline, knots in the order of their years. */
static tanlu_status put_knot(tanlu_yaml *timeline, tanlu_yaml *value, tanlu_context *context) {
  int year;
  size_t position = position_of(timeline, value->key);
  if (position < timeline->count) {
    tanlu_yaml_free(&timeline->child[position]);
    timeline->child[position] = value;
    return TANLU_OK;
  }
  if (tanlu_integer_parse(value->key, &year)) {
    for (position = 0; position < timeline->count; position++) {
      int other;
      if (tanlu_integer_parse(timeline->child[position]->key, &other) && other > year) break;
    }
  }
  return tanlu_yaml_insert(timeline, position, value, context);
}

/* value under the keys word[0..count): {word[0]: {word[1]: ... value}}. Takes `value` over. */
static tanlu_yaml *nest(char *const *word, size_t count, tanlu_yaml *value, tanlu_context *context) {
  for (size_t i = count; i-- > 0 && value;) {
    free(value->key);
    value->key = strdup(word[i]);
    tanlu_yaml *outer = tanlu_yaml_create(TANLU_YAML_MAPPING, value->file, NULL, NULL, context);
    if (!value->key || !outer) {
      tanlu_yaml_free(&outer);
      tanlu_yaml_free(&value);
      return NULL;
    }
    if (tanlu_yaml_insert(outer, 0, value, context) != TANLU_OK) {
      tanlu_yaml_free(&outer);
      return NULL;
    }
    value = outer;
  }
  return value;
}

/* How many of the words lead to a complete driver path, or to a timeline or supply curve of a carbon market: the timeline; 0 when
 * none do. */
static size_t timeline_depth(char *const *word, size_t count) {
  tree_place place = top();
  double number;
  if (strcmp(word[0], "ets") == 0) return count > 2 && tanlu_number_parse(word[count - 1], &number) ? count - 1 : 0;
  for (size_t i = 0; i < count; i++) {
    tree_place next;
    if (!step(&place, word[i], &next)) return 0;
    place = next;
    if (tanlu_driver_path_end(&place.path) != (tanlu_driver_id)TANLU_NO_DRIVER) return i + 1;
  }
  return 0;
}

/* Apply a split setting; takes `value` over. */
static tanlu_status apply(tanlu_yaml *root, const char *setting, char *const *word, size_t count, tanlu_yaml *value,
                          tanlu_context *context) {
  const size_t depth = timeline_depth(word, count);
  tanlu_yaml *place = root;
  for (size_t i = 0; i < depth; i++) place = tanlu_yaml_find(place, word[i]); /* NULL once a key is missing */
  if (depth > 0 && depth < count && place) {                                  /* into a timeline that is there */
    if (place->kind != TANLU_YAML_MAPPING) {
      tanlu_yaml_free(&value);
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "--set %s: the scenario gives one value there, not knots; set the whole timeline", setting);
    }
    value = nest(word + depth, count - depth, value, context);
    if (!value) return TANLU_ERR_MEMORY;
    tanlu_yaml *inner = value->child[0];
    value->count = 0;
    tanlu_yaml_free(&value);
    return put_knot(place, inner, context);
  }
  value = nest(word, count, value, context);
  if (!value) return TANLU_ERR_MEMORY;
  const tanlu_status status = tanlu_scenario_merge(root, value, context);
  tanlu_yaml_free(&value);
  return status;
}

tanlu_status tanlu_scenario_set(tanlu_yaml *root, const char *setting, tanlu_context *context) {
  char *word[TANLU_YAML_DEPTH] = {NULL};
  size_t count = 0;
  const char *equals = strchr(setting, '=');
  if (!equals || equals == setting) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--set %s: expected PATH=VALUE, for example gdp.growth.2030=4.0",
                      setting);
  }
  char *path = strndup(setting, (size_t)(equals - setting)), *rest = path;
  tanlu_yaml *value = path ? read_value(setting, equals + 1, context) : NULL;
  tanlu_status status = value ? TANLU_OK : TANLU_ERR_INPUT;
  while (status == TANLU_OK && rest) {
    char *next = strsep(&rest, ".");
    if (*next == '\0' || count == TANLU_YAML_DEPTH - 1) {
      status =
          tanlu_fail(context, TANLU_ERR_INPUT, "--set %s: '%s' is not a path of keys joined by points", setting, path);
    }
    word[count++] = next;
  }
  if (status == TANLU_OK && strcmp(word[0], "parent") == 0) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "--set %s: the parent cannot be set; name another scenario", setting);
  }
  if (status == TANLU_OK) {
    status = apply(root, setting, word, count, value, context);
  } else {
    tanlu_yaml_free(&value);
  }
  free(path);
  return status;
}
