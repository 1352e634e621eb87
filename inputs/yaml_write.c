#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "inputs/yaml_tree.h"

typedef struct {
  char *text;
  size_t length, capacity;
} growing_text;

static int append(void *data, unsigned char *bytes, size_t size) {
  growing_text *out = data;
  if (out->capacity - out->length <= size) {
    const size_t capacity = 2 * out->capacity + size + 1024;
    char *larger = realloc(out->text, capacity);
    if (!larger) return 0;
    out->text = larger;
    out->capacity = capacity;
  }
  memcpy(out->text + out->length, bytes, size);
  out->length += size;
  out->text[out->length] = '\0';
  return 1;
}

/* Collections of scalars go on one line, as people write timelines; all others one member a line. */
static bool on_one_line(const tanlu_yaml *node) {
  for (size_t i = 0; i < node->count; i++) {
    if (node->child[i]->kind != TANLU_YAML_SCALAR) return false;
  }
  return true;
}

static bool emit(yaml_emitter_t *emitter, yaml_event_t *event, int made) {
  return made && yaml_emitter_emit(emitter, event);
}

static bool emit_scalar(yaml_emitter_t *emitter, const char *text, bool plain) {
  yaml_event_t event;
  const yaml_scalar_style_t style = plain ? YAML_ANY_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  return emit(
      emitter, &event,
      yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1, style));
}

static bool emit_node(yaml_emitter_t *emitter, const tanlu_yaml *node, bool root) {
  yaml_event_t event;
  if (node->kind == TANLU_YAML_SCALAR) return emit_scalar(emitter, node->text, node->plain);
  const bool flow = !root && on_one_line(node);
  if (node->kind == TANLU_YAML_SEQUENCE) {
    const yaml_sequence_style_t style = flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
    if (!emit(emitter, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style))) return false;
    for (size_t i = 0; i < node->count; i++) {
      if (!emit_node(emitter, node->child[i], false)) return false;
    }
    return emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
  }
  const yaml_mapping_style_t style = flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
  if (!emit(emitter, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style))) return false;
  for (size_t i = 0; i < node->count; i++) {
    if (!emit_scalar(emitter, node->child[i]->key, true)) return false;
    if (!emit_node(emitter, node->child[i], false)) return false;
  }
  return emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

tanlu_status tanlu_yaml_write(const tanlu_yaml *root, char **text, tanlu_context *context) {
  *text = NULL;
  growing_text out = {0};
  yaml_emitter_t emitter;
  yaml_event_t event;
  if (!yaml_emitter_initialize(&emitter)) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory writing YAML");
  yaml_emitter_set_output(&emitter, append, &out);
  yaml_emitter_set_unicode(&emitter, 1);
  yaml_emitter_set_width(&emitter, -1);
  const bool done = emit(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
                    emit(&emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) &&
                    emit_node(&emitter, root, true) &&
                    emit(&emitter, &event, yaml_document_end_event_initialize(&event, 1)) &&
                    emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
  yaml_emitter_delete(&emitter);
  if (!done || !out.text) {
    free(out.text);
    return tanlu_fail(context, TANLU_ERR_MEMORY, "the resolved text cannot be written as YAML");
  }
  *text = out.text;
  return TANLU_OK;
}
