/* From the paths of a sweep to the numbers of its scenario, and from drawn values to drivers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "inputs/scenario_bind.h"
#include "inputs/scenario_moves.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"
#include "inputs/sweep_file.h"
#include "model/indicators.h"
#include "solvers/memory.h"

/* ---- numbers of a tree -------------------------------------------------------------------------------------------------- */

static size_t count_scalars(const tanlu_yaml *node) {
  size_t count = node->kind == TANLU_YAML_SCALAR;
  for (size_t i = 0; i < node->count; i++) count += count_scalars(node->child[i]);
  return count;
}

/* Every scalar below a node, in file order. */
static void list_scalars(tanlu_yaml *node, tanlu_yaml **list, size_t *count) {
  if (node->kind == TANLU_YAML_SCALAR) list[(*count)++] = node;
  for (size_t i = 0; i < node->count; i++) list_scalars(node->child[i], list, count);
}

/* The node a path leads to, NULL when there is none. */
static tanlu_yaml *follow(tanlu_yaml *root, const char *path) {
  char word[128];
  tanlu_yaml *node = root;
  while (node) {
    const size_t length = strcspn(path, ".");
    if (length == 0 || length >= sizeof word) return NULL;
    memcpy(word, path, length);
    word[length] = '\0';
    node = tanlu_yaml_find(node, word);
    if (path[length] == '\0') return node;
    path += length + 1;
  }
  return NULL;
}

/* ---- paths -------------------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_sweep *sweep;
  const tanlu_dataset *dataset;
  tanlu_context *context;
  tanlu_yaml **scalar; /* of the scenario's keys */
  size_t scalars;
} finder;

/* Give the scenario `path: value` through the machinery of settings, so that messages are the same; what is wrong is said at
 * `place`. With `commit` the scenario keeps it. */
static tanlu_status try_setting(const finder *f, const tanlu_yaml *place, const char *path, double value, bool commit) {
  tanlu_yaml *root = f->sweep->scenario->tree->root;
  tanlu_yaml *copy = commit ? root : tanlu_yaml_create(TANLU_YAML_MAPPING, "--set", NULL, NULL, f->context);
  tanlu_context *inner = tanlu_context_create();
  char *setting = NULL;
  tanlu_status status = TANLU_OK;
  if (!copy || !inner || asprintf(&setting, "%s=%.17g", path, value) < 0) {
    status = tanlu_fail(f->context, TANLU_ERR_MEMORY, "out of memory for a path");
    setting = NULL;
  } else {
    const tanlu_span span = tanlu_span_of(f->dataset, false);
    tanlu_bindings bindings = {0};
    status = tanlu_scenario_set(copy, setting, inner);
    if (status == TANLU_OK) {
      tanlu_bindings_read(&bindings, copy, f->dataset, &span, inner);
      status = bindings.status;
    }
    tanlu_bindings_clear(&bindings);
    if (status != TANLU_OK) {
      const char *message = tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "";
      const char *text = strstr(message, "error: ");
      text = text ? text + 7 : message;
      if (strncmp(text, "--set ", 6) == 0 && strstr(text, ": ")) text = strstr(text, ": ") + 2;
      tanlu_yaml_fail(place, f->context, "path '%s': %s", path, text);
    }
  }
  tanlu_context_free(&inner);
  if (!commit) tanlu_yaml_free(&copy);
  free(setting);
  return status;
}

static bool is_meta(const char *path) {
  static const char *const keys[] = {"name", "title", "dataset", "years", "parent"};
  const size_t length = strcspn(path, ".");
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
    if (strlen(keys[k]) == length && strncmp(path, keys[k], length) == 0) return true;
  }
  return false;
}

static const tanlu_yaml *path_node(const tanlu_sweep_parameter *p, size_t i, size_t *count) {
  const tanlu_yaml *node = tanlu_yaml_find(p->node, "path");
  *count = node->kind == TANLU_YAML_SEQUENCE ? node->count : 1;
  return node->kind == TANLU_YAML_SEQUENCE ? node->child[i] : node;
}

/* Before any number is found: put in place what `replace` names and the scenario does not give, and refuse what is not there. */
static tanlu_status prepare_paths(const finder *f, const tanlu_sweep_parameter *p, size_t index) {
  tanlu_status status = TANLU_OK;
  size_t count = 1;
  for (size_t i = 0; i < count; i++) {
    const tanlu_yaml *place = path_node(p, i, &count);
    const char *path = place->text;
    tanlu_status own = TANLU_OK;
    if (is_meta(path)) {
      own = tanlu_yaml_fail(place, f->context, "'%s' is no number that a scenario decides", path);
    } else if (!follow(f->sweep->scenario->tree->root, path)) {
      const double value =
          p->distribution ? tanlu_distribution_quantile(p->distribution, 0.5) : f->sweep->points[index];
      const bool replace = p->mode == TANLU_MODE_REPLACE;
      own = try_setting(f, place, path, value, false);
      if (own == TANLU_OK && replace) own = try_setting(f, place, path, value, true);
      if (own == TANLU_OK && !replace) {
        own = tanlu_yaml_fail(place, f->context,
                              "the scenario '%s' gives no number for '%s'; it can be replaced, not changed by %s",
                              f->sweep->scenario->name, path, p->mode == TANLU_MODE_SCALE ? "a factor" : "a summand");
      }
    }
    if (status == TANLU_OK) status = own;
  }
  return status;
}

/* Index of a number of the scenario among those that move; TANLU_NONE when out of memory. */
static size_t take_number(const finder *f, const tanlu_yaml *node, double value) {
  tanlu_sweep *s = f->sweep;
  size_t place = 0;
  while (f->scalar[place] != node) place++;
  for (size_t k = 0; k < s->numbers; k++) {
    if (s->place[k] == place) return k;
  }
  double *base = realloc(s->base, (s->numbers + 1) * sizeof *base);
  if (base) s->base = base;
  size_t *places = realloc(s->place, (s->numbers + 1) * sizeof *places);
  if (places) s->place = places;
  size_t *mover = realloc(s->mover, (s->numbers + 1) * sizeof *mover);
  if (mover) s->mover = mover;
  if (!base || !places || !mover) return TANLU_NONE;
  s->base[s->numbers] = value;
  s->place[s->numbers] = place;
  return s->numbers++;
}

/* The numbers at and below a node; words (interpolation, balance) are passed over. */
static tanlu_status take_numbers(const finder *f, tanlu_sweep_parameter *p, size_t index, const tanlu_yaml *node) {
  double value = 0.0;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < node->count && status == TANLU_OK; i++) {
    if (node->kind == TANLU_YAML_MAPPING) status = take_numbers(f, p, index, node->child[i]);
  }
  if (node->kind != TANLU_YAML_SCALAR || !tanlu_number_parse(node->text, &value)) return status;
  const size_t number = take_number(f, node, value);
  size_t *larger = realloc(p->number, (p->numbers + 1) * sizeof *larger);
  if (larger) p->number = larger;
  if (!larger || number == TANLU_NONE) return tanlu_fail(f->context, TANLU_ERR_MEMORY, "out of memory for paths");
  p->number[p->numbers++] = number;
  f->sweep->mover[number] = index;
  return TANLU_OK;
}

static tanlu_status find_numbers(const finder *f, tanlu_sweep_parameter *p, size_t index) {
  tanlu_status status = TANLU_OK;
  size_t count = 1;
  for (size_t i = 0; i < count; i++) {
    const tanlu_yaml *place = path_node(p, i, &count);
    const size_t before = p->numbers;
    tanlu_status own = take_numbers(f, p, index, follow(f->sweep->scenario->tree->root, place->text));
    if (own == TANLU_OK && p->numbers == before) {
      own = tanlu_yaml_fail(place, f->context, "there is no number at '%s' in scenario '%s'", place->text,
                            f->sweep->scenario->name);
    }
    if (status == TANLU_OK) status = own;
  }
  return status;
}

static tanlu_status bind_paths(tanlu_sweep *s, const tanlu_dataset *dataset, tanlu_context *context) {
  finder f = {.sweep = s, .dataset = dataset, .context = context};
  tanlu_status status = TANLU_OK;
  for (size_t p = 0; p < s->parameters; p++) {
    const tanlu_status own = prepare_paths(&f, &s->parameter[p], p);
    if (status == TANLU_OK) status = own;
  }
  if (status != TANLU_OK) return status;
  tanlu_yaml *root = s->scenario->tree->root;
  f.scalar = tanlu_allocate(context, count_scalars(root), sizeof *f.scalar);
  if (!f.scalar) return TANLU_ERR_MEMORY;
  list_scalars(root, f.scalar, &f.scalars);
  for (size_t p = 0; p < s->parameters; p++) {
    const tanlu_status own = find_numbers(&f, &s->parameter[p], p);
    if (status == TANLU_OK) status = own;
  }
  free(f.scalar);
  return status;
}

/* ---- years and design --------------------------------------------------------------------------------------------------- */

static tanlu_status bind_years(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *outputs = tanlu_yaml_find(s->root, "outputs");
  const tanlu_yaml *list = outputs ? tanlu_yaml_find(outputs, "years") : NULL;
  const size_t all = s->scenario->drivers->years;
  const int from = s->scenario->drivers->from, to = from + (int)all - 1;
  if (list && (list->kind != TANLU_YAML_SEQUENCE || list->count == 0)) {
    return tanlu_yaml_fail(list, context, "expected a list of years; without the key all are kept");
  }
  const size_t count = list ? list->count : all;
  s->shape.year = tanlu_allocate(context, count, sizeof *s->shape.year);
  if (!s->shape.year) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count; i++) {
    int year = from + (int)i;
    if (list) {
      const tanlu_status own = tanlu_yaml_integer(list->child[i], &year, context);
      if (own != TANLU_OK) {
        status = own;
      } else if (year < from || year > to) {
        status = tanlu_yaml_fail(list->child[i], context, "%d is outside the years of the scenario, %d to %d", year,
                                 from, to);
      } else if (i > 0 && status == TANLU_OK && year <= from + (int)s->shape.year[i - 1]) {
        status = tanlu_yaml_fail(list->child[i], context, "years out of order: %d after %d", year,
                                 from + (int)s->shape.year[i - 1]);
      }
    }
    s->shape.year[i] = (size_t)(year - from);
  }
  s->shape.years = count;
  return status;
}

static tanlu_status bind_design(tanlu_sweep *s, tanlu_context *context) {
  tanlu_design_options *o = &s->options;
  s->levels = tanlu_allocate(context, s->parameters, sizeof *s->levels);
  s->tails = tanlu_allocate_doubles(context, s->parameters, 1);
  if (!s->levels || !s->tails) return TANLU_ERR_MEMORY;
  for (size_t p = 0; p < s->parameters; p++) {
    const tanlu_distribution *d = s->parameter[p].distribution;
    s->levels[p] = d && tanlu_distribution_values(d) > 0 ? tanlu_distribution_values(d) : o->morris_levels;
    s->tails[p] = d && !tanlu_distribution_bounded(d) ? TANLU_DESIGN_TAIL : 0.0;
  }
  o->dimensions = s->parameters;
  o->levels = s->levels;
  o->tails = s->tails;
  o->points = s->points;
  o->ends = true;
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = tanlu_design_create(&s->design, o, inner);
  if (status != TANLU_OK) {
    const char *message = inner && tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "out of memory";
    const char *text = strstr(message, "error: ");
    tanlu_yaml_fail(tanlu_yaml_find(s->root, "design"), context, "%s", text ? text + 7 : message);
  }
  tanlu_context_free(&inner);
  if (status != TANLU_OK) return status;
  if (tanlu_design_samples(s->design) > 1000000000U) {
    return tanlu_yaml_fail(tanlu_yaml_find(s->root, "design"), context,
                           "the design has %llu samples; expected at most 1e9",
                           (unsigned long long)tanlu_design_samples(s->design));
  }
  s->samples = (size_t)tanlu_design_samples(s->design);
  s->failures_allowed =
      isnan(s->failure_share) ? TANLU_NONE : (size_t)floor(s->failure_share * (double)s->samples * (1.0 + 1e-12));
  return TANLU_OK;
}

/* The drivers that samples share. Where the numbers put in place by `replace` do not resolve there are none. */
static tanlu_status bind_base(tanlu_sweep *s, const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_context *inner = tanlu_context_create();
  if (!inner) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_scenario *scenario = s->scenario;
  (void)tanlu_resolve(&s->base_drivers, scenario->tree->root, scenario->tree->history, dataset, scenario->to, inner);
  tanlu_context_free(&inner);
  return TANLU_OK;
}

tanlu_status tanlu_sweep_bind(tanlu_sweep *s, const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_status status = tanlu_scenario_resolve(s->scenario, dataset, context);
  if (status != TANLU_OK) return status;
  status = bind_paths(s, dataset, context);
  if (status == TANLU_OK) status = bind_base(s, dataset, context);
  const tanlu_status years = bind_years(s, context);
  const tanlu_status design = bind_design(s, context);
  if (status == TANLU_OK) status = years;
  return status == TANLU_OK ? design : status;
}

/* ---- samples ------------------------------------------------------------------------------------------------------------ */

void tanlu_sweep_draw(const tanlu_sweep *s, size_t sample, double *parameter) {
  tanlu_design_point(s->design, sample, parameter);
  if (s->options.kind == TANLU_DESIGN_LIST) return;
  for (size_t p = 0; p < s->parameters; p++) {
    const tanlu_distribution *d = s->parameter[p].distribution;
    double u = parameter[p];
    if (s->options.kind == TANLU_DESIGN_GRID && tanlu_distribution_values(d) > 0) {
      u = ((double)tanlu_design_level(s->design, sample, p) + 0.5) / (double)s->levels[p];
    }
    parameter[p] = tanlu_distribution_quantile(d, u);
  }
}

struct tanlu_sweep_worker {
  const tanlu_sweep *sweep;
  const tanlu_dataset *dataset;
  tanlu_yaml *root;    /* a copy of the scenario's keys */
  tanlu_yaml **scalar; /* all scalars of it */
  double *value;       /* numbers */
  tanlu_moves *moves;  /* NULL: every sample is resolved in full */
};

void tanlu_sweep_worker_free(tanlu_sweep_worker **worker) {
  tanlu_sweep_worker *w = *worker;
  if (!w) return;
  tanlu_moves_free(&w->moves);
  tanlu_yaml_free(&w->root);
  free(w->scalar);
  free(w->value);
  free(w);
  *worker = NULL;
}

/* The numbers that move say where: at the parameter that moves them last. */
static tanlu_status place_number(const tanlu_sweep *s, size_t k, tanlu_yaml *node, tanlu_context *context) {
  const tanlu_yaml *place = s->parameter[s->mover[k]].node;
  char *file = tanlu_string_copy(context, place->file);
  if (!file) return TANLU_ERR_MEMORY;
  free(node->file);
  node->file = file;
  node->line = place->line;
  node->column = place->column;
  return TANLU_OK;
}

static tanlu_status create_moves(tanlu_sweep_worker *w, tanlu_context *context) {
  const tanlu_sweep *s = w->sweep;
  const tanlu_yaml **node = tanlu_allocate(context, s->numbers, sizeof *node);
  if (!node) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < s->numbers; k++) node[k] = w->scalar[s->place[k]];
  const tanlu_status status = tanlu_moves_create(&w->moves, w->root, s->scenario->tree->history, w->dataset, s->numbers,
                                                 node, s->base_drivers, context);
  free(node);
  return status;
}

tanlu_status tanlu_sweep_worker_create(tanlu_sweep_worker **worker, const tanlu_sweep *sweep,
                                       const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_sweep_worker *w = tanlu_allocate(context, 1, sizeof *w);
  *worker = w;
  if (!w) return TANLU_ERR_MEMORY;
  size_t count = 0;
  w->sweep = sweep;
  w->dataset = dataset;
  w->root = tanlu_yaml_copy(sweep->scenario->tree->root, context);
  w->scalar = tanlu_allocate(context, count_scalars(sweep->scenario->tree->root), sizeof *w->scalar);
  w->value = tanlu_allocate_doubles(context, sweep->numbers, 1);
  tanlu_status status = w->root && w->scalar && w->value ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) list_scalars(w->root, w->scalar, &count);
  for (size_t k = 0; k < sweep->numbers && status == TANLU_OK; k++) {
    status = place_number(sweep, k, w->scalar[sweep->place[k]], context);
  }
  if (status == TANLU_OK && sweep->base_drivers) status = create_moves(w, context);
  if (status != TANLU_OK) tanlu_sweep_worker_free(worker);
  return status;
}

/* The numbers of drawn values. */
static void move_numbers(tanlu_sweep_worker *w, const double *parameter) {
  const tanlu_sweep *s = w->sweep;
  memcpy(w->value, s->base, s->numbers * sizeof *w->value);
  for (size_t p = 0; p < s->parameters; p++) {
    for (size_t i = 0; i < s->parameter[p].numbers; i++) {
      double *value = &w->value[s->parameter[p].number[i]];
      switch (s->parameter[p].mode) {
      case TANLU_MODE_SCALE:
        *value *= parameter[p];
        break;
      case TANLU_MODE_ADD:
        *value += parameter[p];
        break;
      case TANLU_MODE_REPLACE:
      case TANLU_MODES:
        *value = parameter[p];
        break;
      }
    }
  }
}

/* Put them into the keys. */
static tanlu_status write_numbers(tanlu_sweep_worker *w, tanlu_context *context) {
  const tanlu_sweep *s = w->sweep;
  for (size_t k = 0; k < s->numbers; k++) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", w->value[k]); /* reads back to the same number */
    char *copy = tanlu_string_copy(context, text);
    if (!copy) return TANLU_ERR_MEMORY;
    free(w->scalar[s->place[k]]->text);
    w->scalar[s->place[k]]->text = copy;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_drivers(tanlu_sweep_worker *w, const double *parameter, tanlu_drivers **drivers,
                                 tanlu_context *context) {
  const tanlu_scenario *scenario = w->sweep->scenario;
  move_numbers(w, parameter);
  *drivers = w->moves ? tanlu_moves_drivers(w->moves, w->value) : NULL;
  if (*drivers) return TANLU_OK;
  const tanlu_status status = write_numbers(w, context);
  if (status != TANLU_OK) return status;
  return tanlu_resolve(drivers, w->root, scenario->tree->history, w->dataset, scenario->to, context);
}

tanlu_status tanlu_sweep_worker_text(tanlu_sweep_worker *w, const double *parameter, char **text,
                                     tanlu_context *context) {
  *text = NULL;
  move_numbers(w, parameter);
  const tanlu_status status = write_numbers(w, context);
  return status == TANLU_OK ? tanlu_yaml_write(w->root, text, context) : status;
}

tanlu_status tanlu_sweep_source_draw(void *user, int thread, size_t sample, double *parameter, tanlu_drivers **drivers,
                                     tanlu_context *context) {
  tanlu_sweep_worker *const *workers = user;
  tanlu_sweep_worker *w = workers[thread];
  tanlu_sweep_draw(w->sweep, sample, parameter);
  return tanlu_sweep_drivers(w, parameter, drivers, context);
}
