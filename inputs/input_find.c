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

/* The name nearest to `name` among all that could have been found; the caller frees. */
static char *nearest_input(const places *p, const char *name, bool directory) {
  char **names = NULL;
  size_t count = 0;
  for (size_t i = 0; i < p->count; i++) {
    DIR *dir = opendir(p->path[i]);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
      const size_t length = strlen(entry->d_name);
      const bool yaml = length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
      if (entry->d_name[0] == '.' || (!directory && !yaml)) continue;
      char *path = try_place(p->path[i], entry->d_name, directory);
      char **larger = path ? realloc(names, (count + 1) * sizeof *larger) : NULL;
      free(path);
      if (!larger) continue;
      names = larger;
      names[count] = strndup(entry->d_name, directory ? length : length - 5);
      if (names[count]) count++;
    }
    if (dir) closedir(dir);
  }
  const char *nearest = tanlu_nearest(name, (const char *const *)names, count);
  char *copy = nearest ? strdup(nearest) : NULL;
  for (size_t i = 0; i < count; i++) free(names[i]);
  free(names);
  return copy;
}

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
