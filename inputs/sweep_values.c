#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inputs/sweep_private.h"
#include "solvers/memory.h"

tanlu_status tanlu_sweep_read_word(const tanlu_yaml *node, const char *what, const char *const *words, size_t count,
                                   size_t *index, tanlu_context *context) {
  char list[200] = "";
  if (node->kind == TANLU_YAML_SCALAR) {
    for (size_t k = 0; k < count; k++) {
      size_t i = 0;
      const char *a = node->text, *b = words[k];
      while (a[i] && (a[i] == b[i] || (a[i] == '-' && b[i] == '_'))) i++;
      if (a[i] || b[i]) continue;
      *index = k;
      return TANLU_OK;
    }
  }
  for (size_t k = 0; k < count; k++) {
    const size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", k == 0 ? "" : k + 1 == count ? " or " : ", ", words[k]);
  }
  for (char *c = list; *c; c++) *c = *c == '_' ? '-' : *c;
  return tanlu_yaml_fail(node, context, "unknown %s '%s'; expected %s", what,
                         node->kind == TANLU_YAML_SCALAR ? node->text : "", list);
}

tanlu_status tanlu_sweep_read_count(const tanlu_yaml *node, double least, double most, double *value,
                                    tanlu_context *context) {
  const tanlu_status status = tanlu_yaml_number(node, value, context);
  if (status != TANLU_OK || (*value >= least && *value <= most && *value == floor(*value))) return status;
  return tanlu_yaml_fail(node, context, "'%s': expected a whole number from %.0f to %.0f", node->text, least, most);
}

tanlu_status tanlu_sweep_read_bool(const tanlu_yaml *node, bool *value, tanlu_context *context) {
  const bool is_scalar = node->kind == TANLU_YAML_SCALAR;
  if (is_scalar && strcmp(node->text, "true") == 0) {
    *value = true;
  } else if (is_scalar && strcmp(node->text, "false") == 0) {
    *value = false;
  } else {
    return tanlu_yaml_fail(node, context, "expected true or false for '%s'", node->key);
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_read_numbers(const tanlu_yaml *node, size_t least, size_t most, double **value, size_t *count,
                                      tanlu_context *context) {
  *value = NULL;
  *count = node->count;
  if (node->kind != TANLU_YAML_SEQUENCE || node->count < least || node->count > most) {
    if (least == most) return tanlu_yaml_fail(node, context, "expected a list of %zu numbers", least);
    return tanlu_yaml_fail(node, context, "expected a list of %zu numbers or more", least);
  }
  *value = tanlu_allocate_doubles(context, node->count, 1);
  if (!*value) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < node->count; i++) {
    const tanlu_status own = tanlu_yaml_number(node->child[i], *value + i, context);
    if (status == TANLU_OK) status = own;
  }
  return status;
}

tanlu_status tanlu_sweep_refuse(const tanlu_yaml *node, const char *prefix, const tanlu_context *inner,
                                tanlu_context *context) {
  const char *message = inner && tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "out of memory";
  const char *text = strstr(message, "error: ");
  return tanlu_yaml_fail(node, context, "%s%s", prefix, text ? text + 7 : message);
}
