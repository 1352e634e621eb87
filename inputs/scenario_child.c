#include "inputs/scenario_child.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_tree.h"
#include "solvers/memory.h"

/* ---- the parent ---------------------------------------------------------------------------------------------------------- */

char *tanlu_scenario_file_name(const char *path) {
  const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
  const size_t length = strlen(file), suffix = sizeof ".yaml" - 1;
  const bool yaml = length > suffix && strcmp(file + length - suffix, ".yaml") == 0;
  return strndup(file, yaml ? length - suffix : length);
}

/* The directory of a path that need not exist yet, resolved; the caller frees. */
static char *directory_of(const char *path) {
  const char *slash = strrchr(path, '/');
  char *part = slash == NULL ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
  char *real = part != NULL ? realpath(part, NULL) : NULL;
  if (real != NULL) {
    free(part);
    return real;
  }
  return part;
}

static bool same_file(const char *a, const char *b) {
  char *real_a = realpath(a, NULL), *real_b = realpath(b, NULL);
  const bool same = real_a != NULL && real_b != NULL && strcmp(real_a, real_b) == 0;
  free(real_a);
  free(real_b);
  return same;
}

/* Does the name lead to the scenario, for the file `path` in `directory`, whatever the working directory? A file of the same name
 * would lead to itself. */
static bool leads_there(const tanlu_scenario *scenario, const char *given, const char *path, const char *directory) {
  char *name = tanlu_scenario_file_name(path), *own = tanlu_scenario_file_name(given);
  const bool itself = name == NULL || own == NULL || strcmp(name, own) == 0;
  free(name);
  free(own);
  if (itself) return false;
  char *found = NULL;
  tanlu_context *unheard = tanlu_context_create();
  const bool beside = strchr(given, '/') == NULL && unheard != NULL &&
                      tanlu_input_find(&found, "scenarios", given, directory, unheard) == TANLU_OK &&
                      same_file(found, scenario->path);
  tanlu_context_free(&unheard);
  free(found);
  return beside;
}

tanlu_status tanlu_scenario_parent_name(char **parent, const tanlu_scenario *scenario, const char *given,
                                        const char *path, tanlu_context *context) {
  char *directory = directory_of(path), *whole = realpath(scenario->path, NULL);
  char *own = whole != NULL ? directory_of(whole) : NULL;
  *parent = NULL;
  if (same_file(path, scenario->path)) {
    free(directory);
    free(whole);
    free(own);
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "is the scenario itself; its child needs a file of its own");
  }
  if (directory != NULL && own != NULL) {
    const char *file = strrchr(whole, '/') + 1;
    const bool by_name = leads_there(scenario, given, path, directory);
    *parent = strdup(by_name ? given : strcmp(directory, own) == 0 ? file : whole);
  }
  free(directory);
  free(whole);
  free(own);
  return *parent != NULL ? TANLU_OK : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the parent's name");
}

/* ---- the text ------------------------------------------------------------------------------------------------------------- */

typedef struct {
  const tanlu_scenario_numbers *numbers;
  const tanlu_scenario_change *change;
  tanlu_context *context;
  tanlu_status status;
} writer;

static bool is_timeline(const writer *w, const tanlu_yaml *node) {
  for (size_t k = 0; k < w->numbers->count; k++) {
    if (w->numbers->number[k].line == node) return true;
  }
  return false;
}

static bool from_setting(const tanlu_yaml *node) {
  return strncmp(node->file, "--set ", 6) == 0;
}

/* Does the timeline hold a number that changes, or one that a setting has changed? */
static bool changes(const writer *w, const tanlu_yaml *node) {
  for (size_t i = 0; i < w->change->count; i++) {
    if (w->change->number[i]->node == node) return true;
  }
  bool any = node->kind == TANLU_YAML_SCALAR && from_setting(node);
  for (size_t i = 0; i < node->count; i++) any = any || changes(w, node->child[i]);
  return any;
}

static void put_numbers(writer *w, const tanlu_yaml *from, tanlu_yaml *to) {
  for (size_t i = 0; i < w->change->count; i++) {
    char text[40];
    if (w->change->number[i]->node != from) continue;
    (void)snprintf(text, sizeof text, "%.10g", w->change->value[i]);
    free(to->text);
    to->text = tanlu_string_copy(w->context, text);
    if (to->text == NULL) w->status = TANLU_ERR_MEMORY;
  }
  for (size_t i = 0; i < from->count; i++) put_numbers(w, from->child[i], to->child[i]);
}

/* What has to be said of a node; NULL where the parent says it all. */
static tanlu_yaml *copy_changed(writer *w, const tanlu_yaml *node) {
  tanlu_yaml *copy = NULL;
  if (node->kind != TANLU_YAML_MAPPING || is_timeline(w, node)) {
    if (!changes(w, node)) return NULL;
    copy = tanlu_yaml_copy(node, w->context);
    if (copy != NULL) put_numbers(w, node, copy);
    if (copy == NULL) w->status = TANLU_ERR_MEMORY;
    return copy;
  }
  for (size_t i = 0; i < node->count; i++) {
    tanlu_yaml *child = copy_changed(w, node->child[i]);
    if (child == NULL) continue;
    if (copy == NULL) copy = tanlu_yaml_create(TANLU_YAML_MAPPING, "", node->key, NULL, w->context);
    if (copy == NULL || tanlu_yaml_insert(copy, copy->count, child, w->context) != TANLU_OK) {
      if (copy == NULL) tanlu_yaml_free(&child);
      w->status = TANLU_ERR_MEMORY;
    }
  }
  return copy;
}

static void put_text(writer *w, tanlu_yaml *root, size_t place, const char *key, const char *text) {
  tanlu_yaml *node = tanlu_yaml_create(TANLU_YAML_SCALAR, "", key, text, w->context);
  if (node == NULL || tanlu_yaml_insert(root, place, node, w->context) != TANLU_OK) w->status = TANLU_ERR_MEMORY;
}

tanlu_status tanlu_scenario_child(char **text, const tanlu_scenario *scenario, const tanlu_scenario_numbers *numbers,
                                  const tanlu_scenario_change *change, tanlu_context *context) {
  writer w = {.numbers = numbers, .change = change, .context = context, .status = TANLU_OK};
  *text = NULL;
  tanlu_yaml *root = copy_changed(&w, scenario->tree->root);
  if (root == NULL) root = tanlu_yaml_create(TANLU_YAML_MAPPING, "", NULL, NULL, context);
  if (root == NULL) return TANLU_ERR_MEMORY;
  static const char *const own[] = {"name", "title"};
  for (size_t k = 0; k < sizeof own / sizeof *own; k++) { /* set by a setting: it has new ones */
    for (size_t i = root->count; i-- > 0;) {
      if (strcmp(root->child[i]->key, own[k]) == 0) tanlu_yaml_remove(root, i);
    }
  }
  put_text(&w, root, 0, "name", change->name);
  put_text(&w, root, 1, "title", change->title);
  put_text(&w, root, 2, "parent", change->parent);
  if (w.status == TANLU_OK) w.status = tanlu_yaml_write(root, text, context);
  tanlu_yaml_free(&root);
  return w.status;
}
