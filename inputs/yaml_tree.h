/* YAML files as a tree in which every value knows its file, line and column.
 *
 * The subset that a scenario needs: mappings with plain keys, sequences, scalars. Anchors, aliases, tags, merge keys,
 * second documents, duplicate keys and nesting deeper than TANLU_YAML_DEPTH are errors: they hide where a number comes
 * from, or let a small file grow without bound. Scalars keep their text; whoever wants a number parses it strictly. */
#ifndef TANLU_INPUTS_YAML_TREE_H
#define TANLU_INPUTS_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "inputs/file_hash.h"
#include "solvers/context.h"

enum { TANLU_YAML_DEPTH = 32, TANLU_YAML_VALUES = 200000, TANLU_YAML_BYTES = 16 << 20 };

typedef enum { TANLU_YAML_SCALAR, TANLU_YAML_SEQUENCE, TANLU_YAML_MAPPING } tanlu_yaml_kind;

typedef struct tanlu_yaml {
  tanlu_yaml_kind kind;
  char *file;                  /* where the value was written; "--set PATH=VALUE" for settings */
  size_t line, column;         /* of the value, from 1; 0 where there is none */
  char *key;                   /* in a mapping, else NULL */
  size_t key_line, key_column; /* of the key */
  char *text;                  /* scalar: its text */
  bool plain;                  /* scalar written without quotes */
  size_t count, capacity;      /* members of a mapping or sequence */
  struct tanlu_yaml **child;   /* count */
} tanlu_yaml;

/* Read a file of one document; digest (may be NULL) receives its SHA-256. Errors, all with FILE:LINE:COLUMN:
 * TANLU_ERR_INPUT for anything not in the subset above, an empty document included. */
tanlu_status tanlu_yaml_read(tanlu_yaml **root, const char *path, char digest[TANLU_SHA256_TEXT],
                             tanlu_context *context);
/* The same from `length` bytes of UTF-8; `origin` stands for the file. */
tanlu_status tanlu_yaml_read_text(tanlu_yaml **root, const char *text, size_t length, const char *origin,
                                  tanlu_context *context);
void tanlu_yaml_free(tanlu_yaml **root);

tanlu_yaml *tanlu_yaml_find(const tanlu_yaml *mapping, const char *key); /* member of a mapping, or NULL */
/* An empty mapping, or a scalar, that takes its place from nothing but `file`; NULL when out of memory. */
tanlu_yaml *tanlu_yaml_create(tanlu_yaml_kind kind, const char *file, const char *key, const char *text,
                              tanlu_context *context);
tanlu_yaml *tanlu_yaml_copy(const tanlu_yaml *node, tanlu_context *context); /* deep; NULL when out of memory */
/* Insert `child` (owned by the mapping afterwards, also on failure) before member `position`; count appends. */
tanlu_status tanlu_yaml_insert(tanlu_yaml *parent, size_t position, tanlu_yaml *child, tanlu_context *context);
void tanlu_yaml_remove(tanlu_yaml *parent, size_t position);

/* Write as YAML that reads back to the same keys and texts; the caller frees *text. */
tanlu_status tanlu_yaml_write(const tanlu_yaml *root, char **text, tanlu_context *context);

/* An error at the value, or at the key, of a node. Return TANLU_ERR_INPUT. */
tanlu_status tanlu_yaml_fail(const tanlu_yaml *node, tanlu_context *context, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
tanlu_status tanlu_yaml_fail_key(const tanlu_yaml *node, tanlu_context *context, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Scalars as numbers; an error at the value when the node is no such thing. */
tanlu_status tanlu_yaml_number(const tanlu_yaml *node, double *value, tanlu_context *context);
tanlu_status tanlu_yaml_integer(const tanlu_yaml *node, int *value, tanlu_context *context);
/* A copy of the text under a key of a mapping, "" where an optional key is absent; the caller frees. Errors: a required key
 * that is missing, and a value that is empty or no text. */
tanlu_status tanlu_yaml_text(const tanlu_yaml *root, const char *key, bool required, char **text,
                             tanlu_context *context);
/* Every member of the mapping must have one of the keys; the nearest one is suggested for any other. `where` names the
 * mapping in the message ("years", "dataset.yaml"). */
tanlu_status tanlu_yaml_check_keys(const tanlu_yaml *mapping, const char *where, const char *const *keys, size_t count,
                                   tanlu_context *context);

#endif
