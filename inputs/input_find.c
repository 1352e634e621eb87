/* Where datasets, scenarios and the like are looked for. */
#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs/dataset_file.h"

#ifndef TANLU_DATADIR
#define TANLU_DATADIR "/usr/local/share/tanlu"
#endif

/* Directories that are searched, in order. */
typedef struct {
  char **path;
  size_t count;
  bool failed; /* out of memory */
} places;

static void places_add(places *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void places_add(places *p, const char *format, ...) {
  va_list list;
  va_start(list, format);
  char *text = NULL;
  const int length = vasprintf(&text, format, list);
  va_end(list);
  char **larger = length < 0 ? NULL : realloc(p->path, (p->count + 1) * sizeof *larger);
  if (!larger) {
    if (length >= 0) free(text);
    p->failed = true;
    return;
  }
  p->path = larger;
  p->path[p->count++] = text;
}

static void places_free(places *p) {
  for (size_t i = 0; i < p->count; i++) free(p->path[i]);
  free(p->path);
}

/* The project's own inputs/: seen from the working directory, and from build/tanlu. */
static void add_tree(places *p, const char *kind) {
  places_add(p, "inputs/%s", kind);
  char executable[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
  if (length <= 0) return;
  executable[length] = '\0';
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(executable, '/');
    if (!slash) return;
    *slash = '\0';
  }
  places_add(p, "%s/inputs/%s", executable, kind);
}

static void add_places(places *p, const char *kind, const char *beside) {
  places_add(p, "%s", beside ? beside : ".");
  const char *list = getenv("TANLU_PATH");
  while (list && *list) {
    const size_t length = strcspn(list, ":");
    if (length > 0 && length < PATH_MAX) {
      places_add(p, "%.*s", (int)length, list);
      places_add(p, "%.*s/%s", (int)length, list, kind);
    }
    list += length + (list[length] == ':');
  }
  add_tree(p, kind);
  places_add(p, "%s/%s", TANLU_DATADIR, kind);
}

/* Datasets and regional statistics are directories. */
static bool is_directory(const char *kind) {
  return strcmp(kind, "data") == 0 || strcmp(kind, "regions") == 0;
}

/* Is it what `kind` asks for: a directory, or a file? */
static bool is_input(const char *path, bool directory) {
  struct stat info;
  if (stat(path, &info) != 0) return false;
  return directory ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode);
}

/* PLACE/NAME, or with .yaml for files; NULL when neither is there. */
static char *try_place(const char *place, const char *name, bool directory) {
  const char *const suffix[] = {"", ".yaml"};
  for (int k = 0; k < (directory ? 1 : 2); k++) {
    char *path = NULL;
    const int length = place && strcmp(place, ".") != 0 && *name != '/'
                           ? asprintf(&path, "%s/%s%s", place, name, suffix[k])
                           : asprintf(&path, "%s%s", name, suffix[k]);
    if (length < 0) return NULL;
    if (is_input(path, directory)) return path;
    free(path);
  }
  return NULL;
}

typedef struct {
  char **name;
  size_t count;
  bool failed; /* out of memory */
} names;

static void names_add(names *n, const char *folder, const char *name, size_t length) {
  char *text = NULL;
  if (asprintf(&text, "%s%.*s", folder, (int)length, name) < 0) text = NULL;
  char **larger = text ? realloc(n->name, (n->count + 1) * sizeof *larger) : NULL;
  if (!larger) {
    free(text);
    n->failed = true;
    return;
  }
  n->name = larger;
  n->name[n->count++] = text;
}

static void names_free(names *n) {
  for (size_t i = 0; i < n->count; i++) free(n->name[i]);
  free(n->name);
}

/* Names of the inputs in a directory, each after `folder`. */
static void names_of(names *n, const char *place, const char *folder, bool directory) {
  DIR *dir = opendir(place);
  for (const struct dirent *entry; dir && (entry = readdir(dir));) {
    const size_t length = strlen(entry->d_name);
    const bool yaml = length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
    if (entry->d_name[0] == '.' || (!directory && !yaml)) continue;
    char *path = try_place(place, entry->d_name, directory);
    if (path) names_add(n, folder, entry->d_name, directory ? length : length - 5);
    free(path);
  }
  if (dir) closedir(dir);
}

/* The name nearest to `name` among all that could have been found; the caller frees. */
static char *nearest_input(const places *p, const char *name, bool directory) {
  names n = {0};
  for (size_t i = 0; i < p->count; i++) names_of(&n, p->path[i], "", directory);
  const char *nearest = tanlu_nearest(name, (const char *const *)n.name, n.count);
  char *copy = nearest ? strdup(nearest) : NULL;
  names_free(&n);
  return copy;
}

/* ---- all names --------------------------------------------------------------------------------------------------------- */

static bool has_dataset_file(const char *directory) {
  char *path = NULL;
  if (asprintf(&path, "%s/dataset.yaml", directory) < 0) return false;
  const bool there = is_input(path, false);
  free(path);
  return there;
}

/* Datasets among the directories in `directory`. */
static void names_of_datasets(names *n, const char *directory) {
  names all = {0};
  names_of(&all, directory, "", true);
  for (size_t i = 0; i < all.count; i++) {
    char *path = NULL;
    if (asprintf(&path, "%s/%s", directory, all.name[i]) < 0) path = NULL;
    if (path && has_dataset_file(path)) names_add(n, "", all.name[i], strlen(all.name[i]));
    if (!path) all.failed = true;
    free(path);
  }
  n->failed = n->failed || all.failed;
  names_free(&all);
}

/* Does the path of a directory end with this kind, so that there is nothing else in it? */
static bool is_of_kind(const char *directory, const char *kind) {
  const size_t length = strlen(directory), own = strlen(kind);
  return length >= own && strcmp(directory + length - own, kind) == 0;
}

static void names_of_directories(names *n, const char *directory, const char *kind) {
  if (is_of_kind(directory, kind)) names_of(n, directory, "", true);
}

/* Files in `directory` and, when it is a place of this kind alone, in its folders. */
static void names_of_files(names *n, const char *directory, const char *kind) {
  names_of(n, directory, "", false);
  if (!is_of_kind(directory, kind)) return;
  names folders = {0};
  names_of(&folders, directory, "", true);
  for (size_t i = 0; i < folders.count; i++) {
    char *path = NULL, *folder = NULL;
    if (asprintf(&path, "%s/%s", directory, folders.name[i]) < 0) path = NULL;
    if (asprintf(&folder, "%s/", folders.name[i]) < 0) folder = NULL;
    if (path && folder) names_of(n, path, folder, false);
    if (!path || !folder) folders.failed = true;
    free(path);
    free(folder);
  }
  n->failed = n->failed || folders.failed;
  names_free(&folders);
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

tanlu_status tanlu_input_list(char ***name, size_t *count, const char *kind, tanlu_context *context) {
  places p = {0};
  names n = {0};
  *name = NULL;
  *count = 0;
  add_places(&p, kind, NULL);
  for (size_t i = 1; i < p.count; i++) { /* not the working directory: what lies there may be anything */
    if (strcmp(kind, "data") == 0) {
      names_of_datasets(&n, p.path[i]);
    } else if (is_directory(kind)) {
      names_of_directories(&n, p.path[i], kind);
    } else {
      names_of_files(&n, p.path[i], kind);
    }
  }
  const bool failed = p.failed || n.failed;
  places_free(&p);
  if (failed) {
    names_free(&n);
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a list of names");
  }
  if (n.count > 1) qsort(n.name, n.count, sizeof *n.name, compare_names);
  size_t kept = 0;
  for (size_t i = 0; i < n.count; i++) {
    if (kept > 0 && strcmp(n.name[kept - 1], n.name[i]) == 0) {
      free(n.name[i]);
    } else {
      n.name[kept++] = n.name[i];
    }
  }
  *name = n.name;
  *count = kept;
  return TANLU_OK;
}

/* ---- one name ---------------------------------------------------------------------------------------------------------- */

/* A name with its folder, "stress/no-capture", among the inputs of this kind. NULL when it is not there; then *nearest is the nearest
 * one of that folder, if any. The caller frees both. */
static char *find_below(const char *kind, const char *name, bool directory, char **nearest) {
  places p = {0}, folder = {0};
  char *path = NULL;
  const char *slash = strrchr(name, '/');
  add_places(&p, kind, NULL);
  for (size_t i = 0; i < p.count && !path; i++) {
    path = try_place(p.path[i], name, directory);
    places_add(&folder, "%s/%.*s", p.path[i], (int)(slash - name), name);
  }
  if (!path) *nearest = nearest_input(&folder, slash + 1, directory);
  places_free(&p);
  places_free(&folder);
  return path;
}

/* Is it a path that cannot be a name with its folder? */
static bool is_path_only(const char *name) {
  return *name == '/' || *name == '.';
}

static tanlu_status find_with_folder(char **path, const char *kind, const char *name, const char *beside,
                                     const char *noun, tanlu_context *context) {
  const bool directory = is_directory(kind), shown = beside && *name != '/';
  const char *slash = strrchr(name, '/');
  char *nearest = NULL;
  *path = try_place(beside, name, directory);
  if (!*path && !is_path_only(name)) *path = find_below(kind, name, directory, &nearest);
  if (*path) return TANLU_OK;
  const tanlu_status status = nearest ? tanlu_fail(context, TANLU_ERR_INPUT, "no %s '%s'; did you mean '%.*s/%s'?",
                                                   noun, name, (int)(slash - name), name, nearest)
                                      : tanlu_fail(context, TANLU_ERR_INPUT, "no %s '%s'%s%s", noun, name,
                                                   shown ? " beside " : "", shown ? beside : "");
  free(nearest);
  return status;
}

tanlu_status tanlu_input_find(char **path, const char *kind, const char *name, const char *beside,
                              tanlu_context *context) {
  const bool directory = is_directory(kind);
  const char *noun = strcmp(kind, "data") == 0             ? "dataset"
                     : directory                           ? "regional statistics"
                     : strcmp(kind, "scenarios") == 0      ? "scenario"
                     : strcmp(kind, "policy/markets") == 0 ? "carbon market"
                                                           : "file";
  *path = NULL;
  if (*name == '\0') return tanlu_fail(context, TANLU_ERR_INPUT, "the name of a %s is empty", noun);
  if (strchr(name, '/')) return find_with_folder(path, kind, name, beside, noun, context);
  places p = {0};
  add_places(&p, kind, beside);
  for (size_t i = 0; i < p.count && !*path; i++) *path = try_place(p.path[i], name, directory);
  tanlu_status status = TANLU_OK;
  if (!*path && p.failed) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory looking for %s", name);
  } else if (!*path) {
    char *nearest = nearest_input(&p, name, directory);
    status =
        tanlu_fail(context, TANLU_ERR_INPUT,
                   nearest ? "no %s '%s' here, in TANLU_PATH, in inputs/%s or in " TANLU_DATADIR "; did you mean '%s'?"
                           : "no %s '%s' here, in TANLU_PATH, in inputs/%s or in " TANLU_DATADIR "%s",
                   noun, name, kind, nearest ? nearest : "");
    free(nearest);
  }
  places_free(&p);
  return status;
}
