/* libyaml's events into a tree. The event interface hands out one event at a time, so that a hostile file is refused at
 * the first event too many; its document interface would have built the tree before. */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "inputs/yaml_tree.h"

typedef struct {
  yaml_parser_t parser;
  const char *text, *origin;
  size_t length;
  tanlu_context *context;
  tanlu_status status; /* of the first problem */
  bool stop;           /* a problem after which the rest cannot be placed */
  tanlu_yaml *root;
  tanlu_yaml *open[TANLU_YAML_DEPTH]; /* collections not yet closed, root first */
  size_t depth;
  char *key; /* of the next value of the innermost mapping, NULL when the key is due */
  size_t key_line, key_column;
  size_t documents, values;
} builder;

static void problem(builder *b, yaml_mark_t mark, const char *text, bool stop) {
  b->status = tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->origin, mark.line + 1, mark.column + 1, "%s", text);
  b->stop = b->stop || stop;
}

/* The parser gave up: say where and why. */
static void parser_problem(builder *b) {
  const yaml_parser_t *parser = &b->parser;
  b->stop = true;
  if (parser->error == YAML_MEMORY_ERROR) {
    b->status = tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory reading %s", b->origin);
  } else if (parser->error == YAML_READER_ERROR) {
    size_t line = 1, start = 0, end = parser->problem_offset;
    if (end > b->length) end = b->length;
    for (size_t i = 0; i < end; i++) {
      if (b->text[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    b->status = tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->origin, line, end - start + 1, "%s", parser->problem);
  } else {
    const char *what = parser->problem ? parser->problem : "not YAML";
    b->status = parser->context ? tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->origin, parser->problem_mark.line + 1,
                                                parser->problem_mark.column + 1, "%s %s (begun in line %zu)", what,
                                                parser->context, parser->context_mark.line + 1)
                                : tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->origin, parser->problem_mark.line + 1,
                                                parser->problem_mark.column + 1, "%s", what);
  }
}

static bool key_is_due(const builder *b) {
  return b->depth > 0 && b->open[b->depth - 1]->kind == TANLU_YAML_MAPPING && !b->key;
}

/* Hang a value into the innermost collection, or make it the root. */
static void attach(builder *b, tanlu_yaml *node, yaml_mark_t mark) {
  if (!node) {
    b->status = TANLU_ERR_MEMORY;
    b->stop = true;
    return;
  }
  node->line = mark.line + 1;
  node->column = mark.column + 1;
  if (b->depth == 0) {
    b->root = node;
    return;
  }
  tanlu_yaml *parent = b->open[b->depth - 1];
  if (parent->kind == TANLU_YAML_MAPPING) {
    node->key = b->key;
    node->key_line = b->key_line;
    node->key_column = b->key_column;
    b->key = NULL;
  }
  if (tanlu_yaml_insert(parent, parent->count, node, b->context) != TANLU_OK) {
    b->status = TANLU_ERR_MEMORY;
    b->stop = true;
  }
}

static void take_key(builder *b, const yaml_event_t *event) {
  const char *text = (const char *)event->data.scalar.value;
  if (event->data.scalar.length == 0) problem(b, event->start_mark, "a key is empty", false);
  if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strcmp(text, "<<") == 0) {
    problem(b, event->start_mark, "merge keys are not accepted; use `parent`", false);
  }
  b->key = strdup(text);
  b->key_line = event->start_mark.line + 1;
  b->key_column = event->start_mark.column + 1;
  if (!b->key) {
    b->status = tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory reading %s", b->origin);
    b->stop = true;
  }
}

static void take_scalar(builder *b, const yaml_event_t *event) {
  if (event->data.scalar.anchor) problem(b, event->start_mark, "anchors are not accepted", false);
  if (event->data.scalar.tag) problem(b, event->start_mark, "tags are not accepted", false);
  if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length) {
    problem(b, event->start_mark, "a text holds a NUL character", false);
  }
  if (key_is_due(b)) {
    take_key(b, event);
    return;
  }
  tanlu_yaml *node =
      tanlu_yaml_create(TANLU_YAML_SCALAR, b->origin, NULL, (const char *)event->data.scalar.value, b->context);
  if (node) node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  attach(b, node, event->start_mark);
}

static void take_alias(builder *b, const yaml_event_t *event) {
  problem(b, event->start_mark, "aliases are not accepted", key_is_due(b));
  if (!b->stop) attach(b, tanlu_yaml_create(TANLU_YAML_SCALAR, b->origin, NULL, "", b->context), event->start_mark);
}

static void open_collection(builder *b, tanlu_yaml_kind kind, const yaml_event_t *event) {
  const bool mapping = kind == TANLU_YAML_MAPPING;
  if (mapping ? event->data.mapping_start.anchor != NULL : event->data.sequence_start.anchor != NULL) {
    problem(b, event->start_mark, "anchors are not accepted", false);
  }
  if (mapping ? event->data.mapping_start.tag != NULL : event->data.sequence_start.tag != NULL) {
    problem(b, event->start_mark, "tags are not accepted", false);
  }
  if (key_is_due(b)) {
    problem(b, event->start_mark, "a key must be a word; a mapping or list cannot be one", true);
  } else if (b->depth == TANLU_YAML_DEPTH) {
    problem(b, event->start_mark, "nested deeper than 32 levels", true);
  } else {
    tanlu_yaml *node = tanlu_yaml_create(kind, b->origin, NULL, NULL, b->context);
    attach(b, node, event->start_mark);
    if (!b->stop) b->open[b->depth++] = node;
  }
}

static int by_key_then_place(const void *left, const void *right) {
  const tanlu_yaml *a = *(tanlu_yaml *const *)left, *b = *(tanlu_yaml *const *)right;
  const int order = strcmp(a->key, b->key);
  if (order != 0) return order;
  if (a->key_line != b->key_line) return a->key_line < b->key_line ? -1 : 1;
  return a->key_column < b->key_column ? -1 : a->key_column > b->key_column;
}

/* Name every key that a closed mapping holds twice. */
static void check_duplicates(builder *b, const tanlu_yaml *mapping) {
  if (mapping->count < 2) return;
  tanlu_yaml **sorted = malloc(mapping->count * sizeof *sorted);
  if (!sorted) {
    b->status = tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory reading %s", b->origin);
    b->stop = true;
    return;
  }
  memcpy(sorted, mapping->child, mapping->count * sizeof *sorted);
  qsort(sorted, mapping->count, sizeof *sorted, by_key_then_place);
  for (size_t i = 1; i < mapping->count; i++) {
    if (strcmp(sorted[i - 1]->key, sorted[i]->key) != 0) continue;
    b->status = tanlu_yaml_fail_key(sorted[i], b->context, "duplicate key '%s', first given in line %zu",
                                    sorted[i]->key, sorted[i - 1]->key_line);
  }
  free(sorted);
}

static void take_event(builder *b, const yaml_event_t *event) {
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (++b->documents > 1) problem(b, event->start_mark, "a second document; expected one a file", true);
    break;
  case YAML_ALIAS_EVENT:
    take_alias(b, event);
    break;
  case YAML_SCALAR_EVENT:
    take_scalar(b, event);
    break;
  case YAML_SEQUENCE_START_EVENT:
    open_collection(b, TANLU_YAML_SEQUENCE, event);
    break;
  case YAML_MAPPING_START_EVENT:
    open_collection(b, TANLU_YAML_MAPPING, event);
    break;
  case YAML_MAPPING_END_EVENT:
    check_duplicates(b, b->open[--b->depth]);
    break;
  case YAML_SEQUENCE_END_EVENT:
    b->depth--;
    break;
  default:
    break;
  }
  if (++b->values > 2 * (size_t)TANLU_YAML_VALUES && !b->stop) {
    problem(b, event->start_mark, "more than 200000 values", true);
  }
}

tanlu_status tanlu_yaml_read_text(tanlu_yaml **root, const char *text, size_t length, const char *origin,
                                  tanlu_context *context) {
  *root = NULL;
  builder b = {.text = text, .length = length, .origin = origin, .context = context, .status = TANLU_OK};
  if (!yaml_parser_initialize(&b.parser)) {
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory reading %s", origin);
  }
  yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, length);
  for (bool ended = false; !ended && !b.stop;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&b.parser, &event)) {
      parser_problem(&b);
      break;
    }
    take_event(&b, &event);
    ended = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&b.parser);
  free(b.key);
  if (b.status == TANLU_OK && !b.root) {
    b.status = tanlu_fail_at(context, TANLU_ERR_INPUT, origin, 1, 1, "the document is empty");
  }
  if (b.status != TANLU_OK) tanlu_yaml_free(&b.root);
  *root = b.root;
  return b.status;
}

tanlu_status tanlu_yaml_read(tanlu_yaml **root, const char *path, char digest[TANLU_SHA256_TEXT],
                             tanlu_context *context) {
  *root = NULL;
  char *text = NULL;
  size_t length = 0;
  tanlu_status status = tanlu_file_text(path, TANLU_YAML_BYTES, &text, &length, digest, context);
  if (status == TANLU_OK) status = tanlu_yaml_read_text(root, text, length, path, context);
  free(text);
  return status;
}
