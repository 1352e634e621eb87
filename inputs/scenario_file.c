#include "inputs/scenario_file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/market_file.h"
#include "inputs/scenario_tree.h"
#include "solvers/memory.h"

enum { ANCESTORS_MAX = 32 }; /* files of one scenario */

void tanlu_scenario_free(tanlu_scenario **scenario) {
  tanlu_scenario *s = *scenario;
  if (!s) return;
  for (size_t i = 0; i < s->files; i++) {
    free(s->file[i]);
    free(s->sha256[i]);
  }
  free(s->file);
  free(s->sha256);
  free(s->name);
  free(s->title);
  free(s->path);
  free(s->dataset_path);
  free(s->against);
  free(s->text);
  tanlu_scenario_regions_free(&s->regions);
  tanlu_drivers_free(&s->drivers);
  if (s->tree) {
    tanlu_yaml_free(&s->tree->root);
    tanlu_yaml_free(&s->tree->history);
    free(s->tree);
  }
  free(s);
  *scenario = NULL;
}

static tanlu_scenario *create(tanlu_context *context) {
  tanlu_scenario *s = tanlu_allocate(context, 1, sizeof *s);
  if (s) s->tree = tanlu_allocate(context, 1, sizeof *s->tree);
  if (s && s->tree) return s;
  tanlu_scenario_free(&s);
  return NULL;
}

/* ---- files and parents ----------------------------------------------------------------------------------------------- */

/* Files read so far: each one once, parents before children. */
typedef struct {
  tanlu_scenario *scenario;
  tanlu_context *context;
  struct {
    char *path; /* resolved, to recognise a file by */
    tanlu_yaml *root;
    bool open; /* its parents are being read */
  } file[ANCESTORS_MAX];
  size_t count;
  size_t order[ANCESTORS_MAX]; /* in which they are merged */
  size_t ordered;
} family;

/* The directory of a file; the caller frees. */
static char *directory_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return strdup(".");
  return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* What tanlu_input_find found wrong, with a place. */
static tanlu_status not_found(const tanlu_yaml *node, const char *what, tanlu_context *inner, tanlu_context *context) {
  const char *message = tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "error: not found";
  const char *text = strstr(message, "error: ");
  return tanlu_yaml_fail(node, context, "%s: %s", what, text ? text + 7 : message);
}

tanlu_status tanlu_scenario_find_named(char **path, const char *kind, const tanlu_yaml *node, const char *what,
                                       tanlu_context *context) {
  char *beside = strncmp(node->file, "--set ", 6) == 0 ? NULL : directory_of(node->file);
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = tanlu_input_find(path, kind, node->text, beside, inner);
  if (status != TANLU_OK) status = not_found(node, what, inner, context);
  tanlu_context_free(&inner);
  free(beside);
  return status;
}

static tanlu_status record_file(tanlu_scenario *s, const char *path, const char *digest, tanlu_context *context) {
  char **files = realloc(s->file, (s->files + 1) * sizeof *files);
  if (files) s->file = files;
  char **digests = realloc(s->sha256, (s->files + 1) * sizeof *digests);
  if (digests) s->sha256 = digests;
  char *name = strdup(path), *text = strdup(digest);
  if (!files || !digests || !name || !text) {
    free(name);
    free(text);
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for file names");
  }
  s->file[s->files] = name;
  s->sha256[s->files++] = text;
  return TANLU_OK;
}

static tanlu_status read_family(family *f, const char *path, const tanlu_yaml *named_by);

static tanlu_status read_parent(family *f, const tanlu_yaml *node) {
  if (node->kind != TANLU_YAML_SCALAR) {
    return tanlu_yaml_fail(node, f->context, "expected the name of a scenario, or a list of names, as 'parent'");
  }
  char *path = NULL;
  tanlu_status status = tanlu_scenario_find_named(&path, "scenarios", node, "parent", f->context);
  if (status == TANLU_OK) status = read_family(f, path, node);
  free(path);
  return status;
}

/* Read a file and, before it in the order, its parents. A file that two parents share is taken once, where it was first
 * needed: what both of them change stays changed. */
static tanlu_status read_family(family *f, const char *path, const tanlu_yaml *named_by) {
  char digest[TANLU_SHA256_TEXT];
  char *known_as = realpath(path, NULL);
  if (!known_as) known_as = strdup(path);
  if (!known_as) return tanlu_fail(f->context, TANLU_ERR_MEMORY, "out of memory for a path");
  for (size_t i = 0; i < f->count; i++) {
    if (strcmp(f->file[i].path, known_as) != 0) continue;
    free(known_as);
    if (!f->file[i].open || !named_by) return TANLU_OK;
    return tanlu_yaml_fail(named_by, f->context, "circular parent: '%s' leads back to %s", named_by->text, path);
  }
  if (f->count == ANCESTORS_MAX && named_by) {
    free(known_as);
    return tanlu_yaml_fail(named_by, f->context, "more than %d files in one scenario", ANCESTORS_MAX);
  }
  const size_t own = f->count++;
  f->file[own].path = known_as;
  tanlu_status status = tanlu_yaml_read(&f->file[own].root, path, digest, f->context);
  const tanlu_yaml *root = f->file[own].root;
  if (status == TANLU_OK && root->kind != TANLU_YAML_MAPPING) {
    status = tanlu_yaml_fail(root, f->context, "expected the keys of a scenario");
  }
  if (status == TANLU_OK) status = record_file(f->scenario, path, digest, f->context);
  if (status != TANLU_OK) return status;
  f->file[own].open = true;
  const tanlu_yaml *parent = tanlu_yaml_find(root, "parent");
  if (parent && parent->kind == TANLU_YAML_SEQUENCE) {
    for (size_t i = 0; i < parent->count && status == TANLU_OK; i++) status = read_parent(f, parent->child[i]);
  } else if (parent) {
    status = read_parent(f, parent);
  }
  f->file[own].open = false;
  if (status == TANLU_OK) f->order[f->ordered++] = own;
  return status;
}

/* Remove a key from the top of the tree. */
static void forget(tanlu_yaml *root, const char *key) {
  for (size_t i = root->count; i-- > 0;) {
    if (strcmp(root->child[i]->key, key) == 0) tanlu_yaml_remove(root, i);
  }
}

/* Merge all files in order; name and title are the last file's own. */
static tanlu_status merge_family(family *f) {
  tanlu_yaml *merged = tanlu_yaml_create(TANLU_YAML_MAPPING, f->scenario->path, NULL, NULL, f->context);
  if (!merged) return TANLU_ERR_MEMORY;
  merged->line = merged->column = 1;
  f->scenario->tree->root = merged;
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < f->ordered && status == TANLU_OK; k++) {
    forget(merged, "name");
    forget(merged, "title");
    status = tanlu_scenario_merge(merged, f->file[f->order[k]].root, f->context);
  }
  forget(merged, "parent");
  return status;
}

/* `market: NAME` of the ets block: the rules of that file with the block's own laid over them, so that the text runs on its own. */
static tanlu_status lay_market(tanlu_scenario *s, tanlu_context *context) {
  tanlu_yaml *ets = tanlu_yaml_find(s->tree->root, "ets"), *block = NULL;
  const tanlu_yaml *name = ets && ets->kind == TANLU_YAML_MAPPING ? tanlu_yaml_find(ets, "market") : NULL;
  char *path = NULL, digest[TANLU_SHA256_TEXT];
  if (!name) return TANLU_OK;
  if (name->kind != TANLU_YAML_SCALAR) return tanlu_yaml_fail(name, context, "expected the name of a carbon market");
  tanlu_status status = tanlu_scenario_find_named(&path, TANLU_MARKET_KIND, name, "market", context);
  if (status == TANLU_OK) status = tanlu_yaml_read(&block, path, digest, context);
  if (status == TANLU_OK && block->kind != TANLU_YAML_MAPPING) {
    status = tanlu_yaml_fail(block, context, "expected the keys of a carbon market");
  }
  if (status == TANLU_OK) status = record_file(s, path, digest, context);
  free(path);
  forget(ets, "market");
  if (status == TANLU_OK) status = tanlu_scenario_merge_market(block, ets, context);
  if (status == TANLU_OK && !(block->key = tanlu_string_copy(context, "ets"))) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < s->tree->root->count; i++) {
    if (s->tree->root->child[i] != ets) continue;
    s->tree->root->child[i] = block;
    tanlu_yaml_free(&ets);
    return TANLU_OK;
  }
  tanlu_yaml_free(&block);
  return status;
}

/* ---- what every scenario has ------------------------------------------------------------------------------------------ */

static tanlu_status take_years(tanlu_scenario *s, tanlu_context *context) {
  static const char *const keys[] = {"from", "to"};
  int *const value[] = {&s->from, &s->to};
  const tanlu_yaml *years = tanlu_yaml_find(s->tree->root, "years");
  if (!years) {
    return tanlu_yaml_fail(s->tree->root, context, "missing key 'years'; expected years: {from: YEAR, to: YEAR}");
  }
  tanlu_status status = tanlu_yaml_check_keys(years, "years", keys, 2, context);
  for (int k = 0; k < 2 && status == TANLU_OK; k++) {
    const tanlu_yaml *node = tanlu_yaml_find(years, keys[k]);
    status = node ? tanlu_yaml_integer(node, value[k], context)
                  : tanlu_yaml_fail(years, context, "missing key '%s' in years", keys[k]);
  }
  if (status != TANLU_OK) return status;
  const tanlu_yaml *to = tanlu_yaml_find(years, "to");
  if (s->to <= s->from) {
    return tanlu_yaml_fail(to, context, "years end in %d; expected a year after %d", s->to, s->from);
  }
  if (s->to > 2100) return tanlu_yaml_fail(to, context, "years end in %d; expected 2100 at the latest", s->to);
  return TANLU_OK;
}

/* The dataset's directory. A text from a result file may name one that is not there any more: then a warning. */
static tanlu_status take_dataset(tanlu_scenario *s, bool lenient, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(s->tree->root, "dataset");
  if (!node || node->kind != TANLU_YAML_SCALAR) {
    return tanlu_yaml_fail(node ? node : s->tree->root, context, "expected the name of a dataset as 'dataset'");
  }
  if (!lenient) return tanlu_scenario_find_named(&s->dataset_path, "data", node, "dataset", context);
  tanlu_context *inner = tanlu_context_create();
  if (tanlu_input_find(&s->dataset_path, "data", node->text, NULL, inner) != TANLU_OK) {
    tanlu_warn(context, "%s: the dataset '%s' is not found", node->file, node->text);
  }
  tanlu_context_free(&inner);
  return TANLU_OK;
}

/* Keys in a fixed order first, so that the resolved text begins as a scenario file does. */
static void order_keys(tanlu_yaml *root) {
  static const char *const first[] = {"name", "title", "dataset", "years"};
  size_t place = 0;
  for (size_t k = 0; k < sizeof first / sizeof *first; k++) {
    for (size_t i = place; i < root->count; i++) {
      if (strcmp(root->child[i]->key, first[k]) != 0) continue;
      tanlu_yaml *node = root->child[i];
      memmove(root->child + place + 1, root->child + place, (i - place) * sizeof *root->child);
      root->child[place++] = node;
      break;
    }
  }
}

/* A name written as a path: as a path that holds from anywhere. */
static void make_absolute(tanlu_yaml *name, const char *found) {
  char *real = name && found && strchr(name->text, '/') ? realpath(found, NULL) : NULL;
  if (!real) return;
  free(name->text);
  name->text = real;
}

/* The text runs on its own, wherever it is read. */
static tanlu_status write_text(tanlu_scenario *s, tanlu_context *context) {
  tanlu_yaml *copy = tanlu_yaml_copy(s->tree->root, context);
  if (!copy) return TANLU_ERR_MEMORY;
  make_absolute(tanlu_yaml_find(copy, "dataset"), s->dataset_path);
  if (s->regions) make_absolute(tanlu_yaml_find(tanlu_yaml_find(copy, "regions"), "statistics"), s->regions->directory);
  const tanlu_status status = tanlu_yaml_write(copy, &s->text, context);
  tanlu_yaml_free(&copy);
  return status;
}

/* `stress.against`; its price is a driver like others. */
static tanlu_status take_against(tanlu_scenario *s, tanlu_context *context) {
  const tanlu_yaml *stress = tanlu_yaml_find(s->tree->root, "stress");
  if (!stress || stress->kind != TANLU_YAML_MAPPING) return TANLU_OK; /* refused when keys are bound */
  return tanlu_yaml_text(stress, "against", false, &s->against, context);
}

/* All problems of the common keys are reported, not only the first. */
static tanlu_status finish(tanlu_scenario *s, bool lenient, tanlu_context *context) {
  const tanlu_status each[] = {tanlu_yaml_text(s->tree->root, "name", true, &s->name, context),
                               tanlu_yaml_text(s->tree->root, "title", false, &s->title, context),
                               take_dataset(s, lenient, context),
                               take_years(s, context),
                               take_against(s, context),
                               tanlu_scenario_regions_read(s, lenient, context)};
  for (size_t k = 0; k < sizeof each / sizeof *each; k++) {
    if (each[k] != TANLU_OK) return each[k];
  }
  order_keys(s->tree->root);
  return write_text(s, context);
}

tanlu_status tanlu_scenario_read(tanlu_scenario **scenario, const char *name, const char *const *settings,
                                 size_t setting_count, tanlu_context *context) {
  *scenario = NULL;
  family f = {.context = context, .scenario = create(context)};
  tanlu_scenario *s = f.scenario;
  if (!s) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_input_find(&s->path, "scenarios", name, NULL, context);
  if (status == TANLU_OK) status = read_family(&f, s->path, NULL);
  if (status == TANLU_OK) status = merge_family(&f);
  for (size_t i = 0; i < f.count; i++) {
    free(f.file[i].path);
    tanlu_yaml_free(&f.file[i].root);
  }
  for (size_t k = 0; k < setting_count && status == TANLU_OK; k++) {
    status = tanlu_scenario_set(s->tree->root, settings[k], context);
  }
  if (status == TANLU_OK) status = lay_market(s, context);
  if (status == TANLU_OK) status = finish(s, false, context);
  if (status != TANLU_OK) tanlu_scenario_free(&s);
  *scenario = s;
  return status;
}

tanlu_status tanlu_scenario_read_text(tanlu_scenario **scenario, const char *text, const char *origin,
                                      tanlu_context *context) {
  *scenario = NULL;
  tanlu_scenario *s = create(context);
  if (!s) return TANLU_ERR_MEMORY;
  s->path = tanlu_string_copy(context, origin);
  tanlu_status status = s->path ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_yaml_read_text(&s->tree->root, text, strlen(text), origin, context);
  if (status == TANLU_OK && s->tree->root->kind != TANLU_YAML_MAPPING) {
    status = tanlu_yaml_fail(s->tree->root, context, "expected the keys of a scenario");
  }
  const tanlu_yaml *parent = status == TANLU_OK ? tanlu_yaml_find(s->tree->root, "parent") : NULL;
  if (parent) status = tanlu_yaml_fail_key(parent, context, "a resolved scenario has no parent");
  if (status == TANLU_OK) status = finish(s, true, context);
  if (status != TANLU_OK) tanlu_scenario_free(&s);
  *scenario = s;
  return status;
}
