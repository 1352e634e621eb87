/* file_parameters.json and metadata.json of a table saved by pymrio. JSON is read as YAML, of which it is a part: with duplicate
 * keys, aliases and deep nesting refused. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs/import_pymrio_private.h"
#include "inputs/number.h"
#include "inputs/yaml_tree.h"
#include "solvers/memory.h"

enum { MOST_LABELS = 8 }; /* header rows or index columns */

char *tanlu_pymrio_path(const char *directory, const char *name, tanlu_context *context) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", directory, name) >= 0) return path;
  tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  return NULL;
}

void tanlu_pymrio_files_clear(tanlu_pymrio_files *files) {
  for (size_t k = 0; k < files->count; k++) {
    free(files->file[k].key);
    free(files->file[k].path);
  }
  free(files->file);
  *files = (tanlu_pymrio_files){0};
}

const tanlu_pymrio_file *tanlu_pymrio_files_find(const tanlu_pymrio_files *files, const char *key) {
  for (size_t k = 0; k < files->count; k++) {
    if (strcmp(files->file[k].key, key) == 0) return &files->file[k];
  }
  return NULL;
}

static tanlu_status add_file(tanlu_pymrio_files *files, const char *directory, const char *key, const char *name,
                             size_t headers, size_t indices, tanlu_context *context) {
  tanlu_pymrio_file *grown = realloc(files->file, (files->count + 1) * sizeof *grown);
  if (grown == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  files->file = grown;
  tanlu_pymrio_file *file = &grown[files->count];
  *file = (tanlu_pymrio_file){.headers = headers, .indices = indices};
  file->key = tanlu_string_copy(context, key);
  file->path = tanlu_pymrio_path(directory, name, context);
  if (file->key != NULL && file->path != NULL) {
    files->count++;
    return TANLU_OK;
  }
  free(file->key);
  free(file->path);
  return TANLU_ERR_MEMORY;
}

/* ---- file_parameters.json ------------------------------------------------------------------------------------------------ */

/* "2" or 2. */
static tanlu_status read_count(const tanlu_yaml *entry, const char *key, size_t *value, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(entry, key);
  int number = 0;
  if (node == NULL) return tanlu_yaml_fail(entry, context, "missing key '%s'", key);
  if (node->kind != TANLU_YAML_SCALAR || !tanlu_integer_parse(node->text, &number) || number < 1 ||
      number > MOST_LABELS) {
    return tanlu_yaml_fail(node, context, "expected '%s' from 1 to %d", key, MOST_LABELS);
  }
  *value = (size_t)number;
  return TANLU_OK;
}

/* A name without a directory, of a text file. */
static tanlu_status check_name(const tanlu_yaml *node, tanlu_context *context) {
  const size_t length = strlen(node->text);
  if (length == 0 || strchr(node->text, '/') != NULL || node->text[0] == '.') {
    return tanlu_yaml_fail(node, context, "'%s' is no name of a file beside this one", node->text);
  }
  if (length > 4 && (strcmp(node->text + length - 4, ".txt") == 0 || strcmp(node->text + length - 4, ".tsv") == 0)) {
    return TANLU_OK;
  }
  return tanlu_yaml_fail(node, context, "'%s' is not saved as text; save the table with table_format='txt'",
                         node->text);
}

static tanlu_status read_entry(tanlu_pymrio_files *files, const char *directory, const tanlu_yaml *entry,
                               tanlu_context *context) {
  if (entry->kind != TANLU_YAML_MAPPING) {
    return tanlu_yaml_fail(entry, context, "expected name, nr_index_col and nr_header of '%s'", entry->key);
  }
  const tanlu_yaml *name = tanlu_yaml_find(entry, "name");
  size_t headers = 0, indices = 0;
  if (name == NULL || name->kind != TANLU_YAML_SCALAR) return tanlu_yaml_fail(entry, context, "missing key 'name'");
  tanlu_status status = check_name(name, context);
  if (status == TANLU_OK) status = read_count(entry, "nr_header", &headers, context);
  if (status == TANLU_OK) status = read_count(entry, "nr_index_col", &indices, context);
  return status == TANLU_OK ? add_file(files, directory, entry->key, name->text, headers, indices, context) : status;
}

static tanlu_status read_parameters(tanlu_pymrio_files *files, const char *directory, const char *path, bool extension,
                                    tanlu_context *context) {
  tanlu_yaml *root = NULL;
  tanlu_status status = tanlu_yaml_read(&root, path, NULL, context);
  if (status != TANLU_OK) return status;
  const tanlu_yaml *list = root->kind == TANLU_YAML_MAPPING ? tanlu_yaml_find(root, "files") : NULL;
  const tanlu_yaml *type = root->kind == TANLU_YAML_MAPPING ? tanlu_yaml_find(root, "systemtype") : NULL;
  const char *expected = extension ? "Extension" : "IOSystem";
  if (list == NULL || list->kind != TANLU_YAML_MAPPING) {
    status = tanlu_yaml_fail(list != NULL ? list : root, context, "expected 'files', a mapping of what is saved");
  } else if (type != NULL && (type->kind != TANLU_YAML_SCALAR || strcmp(type->text, expected) != 0)) {
    status = tanlu_yaml_fail(type, context, "'systemtype' is '%s'; expected %s", type->text != NULL ? type->text : "",
                             expected);
  }
  for (size_t k = 0; list != NULL && list->kind == TANLU_YAML_MAPPING && k < list->count; k++) {
    const tanlu_status read = read_entry(files, directory, list->child[k], context);
    if (read != TANLU_OK) status = read;
  }
  tanlu_yaml_free(&root);
  return status;
}

/* ---- usual names ------------------------------------------------------------------------------------------------------------ */

static bool is_there(const char *path) {
  return access(path, F_OK) == 0;
}

bool tanlu_pymrio_is_saved(const char *directory, tanlu_context *context) {
  char *path = tanlu_pymrio_path(directory, "file_parameters.json", context);
  const bool there = path != NULL && is_there(path);
  free(path);
  return there;
}

static tanlu_status add_usual(tanlu_pymrio_files *files, const char *directory, bool extension,
                              tanlu_context *context) {
  static const struct {
    const char *key, *name;
    bool extension;
    size_t headers, indices;
  } usual[] = {{"Z", "Z.txt", false, 2, 2},     {"A", "A.txt", false, 2, 2},       {"Y", "Y.txt", false, 2, 2},
               {"x", "x.txt", false, 1, 2},     {"unit", "unit.txt", false, 1, 2}, {"F", "F.txt", true, 2, 1},
               {"F_Y", "F_Y.txt", true, 2, 1},  {"F_hh", "F_hh.txt", true, 2, 1},  {"S", "S.txt", true, 2, 1},
               {"unit", "unit.txt", true, 1, 1}};
  for (size_t k = 0; k < sizeof usual / sizeof *usual; k++) {
    if (usual[k].extension != extension) continue;
    char *path = tanlu_pymrio_path(directory, usual[k].name, context);
    if (path == NULL) return TANLU_ERR_MEMORY;
    const bool there = is_there(path);
    free(path);
    if (!there) continue;
    const tanlu_status status =
        add_file(files, directory, usual[k].key, usual[k].name, usual[k].headers, usual[k].indices, context);
    if (status != TANLU_OK) return status;
  }
  return TANLU_OK;
}

tanlu_status tanlu_pymrio_files_read(tanlu_pymrio_files *files, const char *directory, bool extension, bool usual,
                                     tanlu_context *context) {
  struct stat found;
  if (stat(directory, &found) != 0 || !S_ISDIR(found.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, directory, 0, 0,
                         "no such directory; expected that of a saved table");
  }
  char *path = tanlu_pymrio_path(directory, "file_parameters.json", context);
  if (path == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = usual && !is_there(path) ? add_usual(files, directory, extension, context)
                                                 : read_parameters(files, directory, path, extension, context);
  free(path);
  return status;
}

/* ---- metadata.json ------------------------------------------------------------------------------------------------------------ */

void tanlu_pymrio_metadata_clear(tanlu_pymrio_metadata *metadata) {
  free(metadata->name);
  free(metadata->description);
  free(metadata->version);
  *metadata = (tanlu_pymrio_metadata){0};
}

static char *text_of(const tanlu_yaml *root, const char *key, tanlu_context *context) {
  const tanlu_yaml *node = root != NULL && root->kind == TANLU_YAML_MAPPING ? tanlu_yaml_find(root, key) : NULL;
  const bool told =
      node != NULL && node->kind == TANLU_YAML_SCALAR && !(node->plain && strcmp(node->text, "null") == 0);
  return tanlu_string_copy(context, told ? node->text : "");
}

tanlu_status tanlu_pymrio_metadata_read(tanlu_pymrio_metadata *metadata, const char *directory,
                                        tanlu_context *context) {
  tanlu_yaml *root = NULL;
  char *path = tanlu_pymrio_path(directory, "metadata.json", context);
  if (path == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = is_there(path) ? tanlu_yaml_read(&root, path, NULL, context) : TANLU_OK;
  free(path);
  if (status == TANLU_OK) {
    metadata->name = text_of(root, "name", context);
    metadata->description = text_of(root, "description", context);
    metadata->version = text_of(root, "version", context);
    if (!metadata->name || !metadata->description || !metadata->version) status = TANLU_ERR_MEMORY;
  }
  tanlu_yaml_free(&root);
  return status;
}

/* ---- directories ---------------------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

tanlu_status tanlu_pymrio_directories(const char *directory, char ***names, size_t *count, tanlu_context *context) {
  *names = NULL;
  *count = 0;
  DIR *opened = opendir(directory);
  if (opened == NULL)
    return tanlu_fail_at(context, TANLU_ERR_IO, directory, 0, 0, "cannot be read: %s", strerror(errno));
  tanlu_status status = TANLU_OK;
  for (const struct dirent *entry; status == TANLU_OK && (entry = readdir(opened)) != NULL;) {
    struct stat found;
    if (entry->d_name[0] == '.') continue;
    if (fstatat(dirfd(opened), entry->d_name, &found, 0) != 0 || !S_ISDIR(found.st_mode)) continue;
    char **grown = realloc(*names, (*count + 1) * sizeof *grown);
    if (grown != NULL) *names = grown;
    char *name = grown != NULL ? tanlu_string_copy(context, entry->d_name) : NULL;
    if (name == NULL) status = TANLU_ERR_MEMORY;
    if (name != NULL) (*names)[(*count)++] = name;
  }
  closedir(opened);
  if (*count > 1) qsort(*names, *count, sizeof **names, by_name);
  return status;
}
