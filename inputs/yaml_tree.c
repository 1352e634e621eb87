#include "inputs/yaml_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "model/labels.h"
#include "solvers/memory.h"

void tanlu_yaml_free(tanlu_yaml **root) {
  tanlu_yaml *node = *root;
  if (!node) return;
  for (size_t i = 0; i < node->count; i++) tanlu_yaml_free(&node->child[i]);
  free(node->child);
  free(node->file);
  free(node->key);
  free(node->text);
  free(node);
  *root = NULL;
}

tanlu_yaml *tanlu_yaml_create(tanlu_yaml_kind kind, const char *file, const char *key, const char *text,
                              tanlu_context *context) {
  tanlu_yaml *node = calloc(1, sizeof *node);
  if (!node) goto failed;
  node->kind = kind;
  node->plain = true;
  node->file = strdup(file);
  node->key = key ? strdup(key) : NULL;
  node->text = text ? strdup(text) : NULL;
  if (!node->file || (key && !node->key) || (text && !node->text)) goto failed;
  return node;
failed:
  tanlu_yaml_free(&node);
  tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a YAML value");
  return NULL;
}

tanlu_yaml *tanlu_yaml_copy(const tanlu_yaml *node, tanlu_context *context) {
  tanlu_yaml *copy = tanlu_yaml_create(node->kind, node->file, node->key, node->text, context);
  if (!copy) return NULL;
  copy->line = node->line;
  copy->column = node->column;
  copy->key_line = node->key_line;
  copy->key_column = node->key_column;
  copy->plain = node->plain;
  for (size_t i = 0; i < node->count; i++) {
    tanlu_yaml *child = tanlu_yaml_copy(node->child[i], context);
    if (!child || tanlu_yaml_insert(copy, copy->count, child, context) != TANLU_OK) {
      tanlu_yaml_free(&copy);
      return NULL;
    }
  }
  return copy;
}

tanlu_status tanlu_yaml_insert(tanlu_yaml *parent, size_t position, tanlu_yaml *child, tanlu_context *context) {
  if (parent->count == parent->capacity) {
    const size_t capacity = parent->capacity ? 2 * parent->capacity : 8;
    tanlu_yaml **larger = realloc(parent->child, capacity * sizeof *larger);
    if (!larger) {
      tanlu_yaml_free(&child);
      return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for %zu YAML values", capacity);
    }
    parent->child = larger;
    parent->capacity = capacity;
  }
  memmove(parent->child + position + 1, parent->child + position, (parent->count - position) * sizeof *parent->child);
  parent->child[position] = child;
  parent->count++;
  return TANLU_OK;
}

void tanlu_yaml_remove(tanlu_yaml *parent, size_t position) {
  tanlu_yaml_free(&parent->child[position]);
  parent->count--;
  memmove(parent->child + position, parent->child + position + 1, (parent->count - position) * sizeof *parent->child);
}

tanlu_yaml *tanlu_yaml_find(const tanlu_yaml *mapping, const char *key) {
  if (!mapping || mapping->kind != TANLU_YAML_MAPPING) return NULL;
  for (size_t i = 0; i < mapping->count; i++) {
    if (strcmp(mapping->child[i]->key, key) == 0) return mapping->child[i];
  }
  return NULL;
}

static tanlu_status fail_at(const char *file, size_t line, size_t column, tanlu_context *context, const char *format,
                            va_list list) __attribute__((format(printf, 5, 0)));
static tanlu_status fail_at(const char *file, size_t line, size_t column, tanlu_context *context, const char *format,
                            va_list list) {
  char *text = NULL;
  if (vasprintf(&text, format, list) < 0) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a message");
  tanlu_fail_at(context, TANLU_ERR_INPUT, file, line, column, "%s", text);
  free(text);
  return TANLU_ERR_INPUT;
}

tanlu_status tanlu_yaml_fail(const tanlu_yaml *node, tanlu_context *context, const char *format, ...) {
  va_list list;
  va_start(list, format);
  const tanlu_status status = fail_at(node->file, node->line, node->column, context, format, list);
  va_end(list);
  return status;
}

tanlu_status tanlu_yaml_fail_key(const tanlu_yaml *node, tanlu_context *context, const char *format, ...) {
  va_list list;
  va_start(list, format);
  const tanlu_status status = fail_at(node->file, node->key_line, node->key_column, context, format, list);
  va_end(list);
  return status;
}

/* What stands there, for messages: the text of a scalar or the kind of a collection. */
static const char *described(const tanlu_yaml *node) {
  if (node->kind == TANLU_YAML_MAPPING) return "a mapping";
  if (node->kind == TANLU_YAML_SEQUENCE) return "a list";
  return node->text[0] ? node->text : "nothing";
}

tanlu_status tanlu_yaml_number(const tanlu_yaml *node, double *value, tanlu_context *context) {
  if (node->kind == TANLU_YAML_SCALAR && tanlu_number_parse(node->text, value)) return TANLU_OK;
  return tanlu_yaml_fail(node, context, "expected a number, found '%s'", described(node));
}

tanlu_status tanlu_yaml_integer(const tanlu_yaml *node, int *value, tanlu_context *context) {
  if (node->kind == TANLU_YAML_SCALAR && tanlu_integer_parse(node->text, value)) return TANLU_OK;
  return tanlu_yaml_fail(node, context, "expected a whole number, found '%s'", described(node));
}

tanlu_status tanlu_yaml_text(const tanlu_yaml *root, const char *key, bool required, char **text,
                             tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(root, key);
  if (!node && required) return tanlu_yaml_fail(root, context, "missing key '%s'", key);
  if (node && (node->kind != TANLU_YAML_SCALAR || node->text[0] == '\0')) {
    return tanlu_yaml_fail(node, context, "expected a text for '%s'", key);
  }
  *text = tanlu_string_copy(context, node ? node->text : "");
  return *text ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status tanlu_yaml_check_keys(const tanlu_yaml *mapping, const char *where, const char *const *keys, size_t count,
                                   tanlu_context *context) {
  if (mapping->kind != TANLU_YAML_MAPPING) {
    return tanlu_yaml_fail(mapping, context, "expected a mapping for '%s', found '%s'", where, described(mapping));
  }
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < mapping->count; i++) {
    const tanlu_yaml *child = mapping->child[i];
    bool known = false;
    for (size_t k = 0; k < count && !known; k++) known = strcmp(child->key, keys[k]) == 0;
    if (known) continue;
    const char *nearest = tanlu_nearest(child->key, keys, count);
    status = nearest ? tanlu_yaml_fail_key(child, context, "unknown key '%s' in %s; did you mean '%s'?", child->key,
                                           where, nearest)
                     : tanlu_yaml_fail_key(child, context, "unknown key '%s' in %s", child->key, where);
  }
  return status;
}
