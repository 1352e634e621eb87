#include "inputs/driver_path.h"

#include <string.h>

bool tanlu_driver_path_component(tanlu_driver_id id, size_t depth, const char **text, size_t *length) {
  const char *start = tanlu_driver_table[id].path;
  for (; depth > 0; depth--) {
    start = strchr(start, '.');
    if (!start) return false;
    start++;
  }
  *text = start;
  *length = strcspn(start, ".");
  return true;
}

tanlu_driver_path tanlu_driver_path_start(void) {
  tanlu_driver_path path = {0};
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) path.alive[id] = true;
  return path;
}

bool tanlu_driver_path_step(const tanlu_driver_path *path, const char *key, tanlu_driver_path *next) {
  const size_t key_length = strlen(key);
  bool any = false, literal = false;
  *next = (tanlu_driver_path){.depth = path->depth + 1};
  for (int pass = 0; pass < 2 && !literal; pass++) { /* literals first: they win over a member of the same name */
    for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
      const char *text;
      size_t length;
      if (!path->alive[id] || !tanlu_driver_path_component((tanlu_driver_id)id, path->depth, &text, &length)) continue;
      const bool star = length == 1 && *text == '*';
      const bool match = pass == 0 ? !star && length == key_length && memcmp(text, key, length) == 0 : star;
      next->alive[id] = match;
      any = any || match;
    }
    literal = any;
  }
  return any;
}

tanlu_driver_id tanlu_driver_path_end(const tanlu_driver_path *path) {
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const char *text;
    size_t length;
    if (path->alive[id] && !tanlu_driver_path_component((tanlu_driver_id)id, path->depth, &text, &length)) {
      return (tanlu_driver_id)id;
    }
  }
  return (tanlu_driver_id)TANLU_NO_DRIVER;
}

bool tanlu_driver_is_list(tanlu_driver_id id) {
  const tanlu_driver_form form = tanlu_driver_table[id].form;
  return form == TANLU_FORM_SHARE || form == TANLU_FORM_SHARE_PATH || id == TANLU_DRIVER_STRUCTURE_SHARE;
}

tanlu_driver_id tanlu_driver_path_list(const tanlu_driver_path *path) {
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const char *text;
    size_t length;
    if (!path->alive[id] || !tanlu_driver_is_list((tanlu_driver_id)id)) continue;
    if (tanlu_driver_path_component((tanlu_driver_id)id, path->depth, &text, &length) && *text == '*' &&
        text[length] == '\0') {
      return (tanlu_driver_id)id;
    }
  }
  return (tanlu_driver_id)TANLU_NO_DRIVER;
}

bool tanlu_driver_path_member(const tanlu_driver_path *path, tanlu_axis *axis) {
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const char *text;
    size_t length;
    if (!path->alive[id] || !tanlu_driver_path_component((tanlu_driver_id)id, path->depth, &text, &length) ||
        *text != '*') {
      continue;
    }
    size_t stars = 0; /* members named before this one */
    for (const char *c = tanlu_driver_table[id].path; c < text; c++) stars += *c == '*';
    if (axis) *axis = tanlu_driver_table[id].axis[stars];
    return true;
  }
  return false;
}
