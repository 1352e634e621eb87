/* The points of a list, in the sweep or in a CSV file, and what a sweep was read from. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "inputs/sweep_private.h"
#include "solvers/memory.h"

char *tanlu_sweep_directory(const tanlu_sweep *s) {
  const char *slash = strrchr(s->path, '/');
  return slash ? strndup(s->path, slash == s->path ? 1 : (size_t)(slash - s->path)) : strdup(".");
}

tanlu_status tanlu_sweep_add_file(tanlu_sweep *s, char *path, const char sha256[TANLU_SHA256_TEXT],
                                  tanlu_context *context) {
  if (!path) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  s->file[s->files].path = path;
  memcpy(s->file[s->files++].sha256, sha256, TANLU_SHA256_TEXT);
  char *both = NULL;
  if (s->files == 1) {
    memcpy(s->sha256, sha256, TANLU_SHA256_TEXT);
    return TANLU_OK;
  }
  const int length = asprintf(&both, "%s\n%s\n", s->file[0].sha256, s->file[1].sha256);
  if (length < 0) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a digest");
  tanlu_sha256(both, (size_t)length, s->sha256);
  free(both);
  return TANLU_OK;
}

/* One column a parameter, by its label and in any order; one row a sample. */
static tanlu_status take_table(tanlu_sweep *s, const tanlu_csv *table, tanlu_context *context) {
  const size_t k = s->parameters;
  const char **label = tanlu_allocate(context, k, sizeof *label);
  size_t *column = tanlu_allocate(context, k, sizeof *column);
  tanlu_status status = label && column ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t p = 0; status == TANLU_OK && p < k; p++) {
    label[p] = s->parameter[p].label;
    if (!label[p]) status = TANLU_ERR_INPUT; /* said where the parameter is */
  }
  if (status == TANLU_OK) status = tanlu_csv_columns(table, label, k, k, column, context);
  if (status == TANLU_OK && table->rows == 0) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, 0,
                           "there is no row below the header; expected one a sample");
  }
  if (status == TANLU_OK) s->points = tanlu_allocate_doubles(context, table->rows, k);
  if (status == TANLU_OK && !s->points) status = TANLU_ERR_MEMORY;
  const bool open = status == TANLU_OK;
  for (size_t i = 0; open && i < table->rows; i++) {
    for (size_t p = 0; p < k; p++) {
      const tanlu_status own = tanlu_csv_number(table, i, column[p], (double)NAN, s->points + i * k + p, context);
      if (status == TANLU_OK) status = own;
    }
  }
  s->options.samples = table->rows;
  free(label);
  free(column);
  return status;
}

static tanlu_status read_file(tanlu_sweep *s, const tanlu_yaml *node, tanlu_context *context) {
  char sha256[TANLU_SHA256_TEXT] = "", *path = NULL, *directory = tanlu_sweep_directory(s);
  tanlu_csv *table = NULL;
  if (directory && node->text[0] == '/') {
    path = strdup(node->text);
  } else if (directory && asprintf(&path, "%s/%s", directory, node->text) < 0) {
    path = NULL;
  }
  free(directory);
  if (!path) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  tanlu_status status = tanlu_csv_read(&table, path, sha256, context);
  if (status != TANLU_OK) {
    free(path);
    return tanlu_yaml_fail(node, context, "the points are not to be had from '%s'", node->text);
  }
  status = tanlu_sweep_add_file(s, path, sha256, context);
  if (status == TANLU_OK) status = take_table(s, table, context);
  tanlu_csv_free(&table);
  return status;
}

tanlu_status tanlu_sweep_read_points(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "points");
  if (s->options.kind != TANLU_DESIGN_LIST) {
    return node ? tanlu_yaml_fail_key(node, context, "only the design 'list' takes points") : TANLU_OK;
  }
  if (node && node->kind == TANLU_YAML_SCALAR && node->text[0] != '\0') return read_file(s, node, context);
  if (!node || node->kind != TANLU_YAML_SEQUENCE || node->count == 0) {
    return tanlu_yaml_fail(node ? node : s->root, context,
                           "the design 'list' needs 'points', a list of lists of values or the name of a CSV file");
  }
  s->points = tanlu_allocate_doubles(context, node->count, s->parameters);
  if (!s->points) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < node->count; i++) {
    double *row = NULL;
    size_t count = 0;
    const tanlu_status own =
        tanlu_sweep_read_numbers(node->child[i], s->parameters, s->parameters, &row, &count, context);
    if (own == TANLU_OK && row != NULL) memcpy(s->points + i * s->parameters, row, count * sizeof *row);
    if (status == TANLU_OK) status = own;
    free(row);
  }
  s->options.samples = node->count;
  return status;
}
