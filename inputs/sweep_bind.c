/* From the paths of a sweep to the numbers of its scenario; years and design. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "inputs/scenario_bind.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"
#include "inputs/sweep_outputs_private.h"
#include "inputs/sweep_private.h"
#include "solvers/memory.h"

/* ---- numbers of a tree -------------------------------------------------------------------------------------------------- */

static size_t count_scalars(const tanlu_yaml *node) {
  size_t count = node->kind == TANLU_YAML_SCALAR;
  for (size_t i = 0; i < node->count; i++) count += count_scalars(node->child[i]);
  return count;
}

static void list_scalars(tanlu_yaml *node, tanlu_yaml **list, size_t *count) {
  if (node->kind == TANLU_YAML_SCALAR) list[(*count)++] = node;
  for (size_t i = 0; i < node->count; i++) list_scalars(node->child[i], list, count);
}

tanlu_yaml **tanlu_sweep_scalars(tanlu_yaml *root, tanlu_context *context) {
  size_t count = 0;
  tanlu_yaml **list = tanlu_allocate(context, count_scalars(root), sizeof(tanlu_yaml *));
  if (list) list_scalars(root, list, &count);
  return list;
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
} finder;

static const char set_prefix[] = "regions.set.";

/* What a path says of a region, behind regions.set.CODE; NULL where it says nothing of one. */
static const char *said_of_region(const char *path, size_t *length) {
  const size_t prefix = sizeof set_prefix - 1;
  if (strncmp(path, set_prefix, prefix) != 0) return NULL;
  *length = strcspn(path + prefix, ".");
  return path[prefix + *length] == '.' ? path + prefix + *length + 1 : NULL;
}

/* Give the scenario `path: value` through the machinery of settings, so that messages are the same; what is wrong is said at
 * `place`. With `commit` the scenario keeps it. */
static tanlu_status try_setting(const finder *f, const tanlu_yaml *place, const char *path, double value, bool commit) {
  tanlu_yaml *root = f->sweep->scenario->tree->root;
  tanlu_yaml *copy = commit ? root : tanlu_yaml_create(TANLU_YAML_MAPPING, "--set", NULL, NULL, f->context);
  tanlu_context *inner = tanlu_context_create();
  char *setting = NULL;
  size_t code = 0;
  const char *said = said_of_region(path, &code);
  tanlu_status status = TANLU_OK;
  if (!copy || !inner || asprintf(&setting, "%s=%.17g", said && !commit ? said : path, value) < 0) {
    status = tanlu_fail(f->context, TANLU_ERR_MEMORY, "out of memory for a path");
    setting = NULL;
  } else {
    tanlu_span span = tanlu_span_of(f->dataset, false);
    span.region = said && !commit;
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
  static const char *const keys[] = {"name", "title", "dataset", "years", "parent", "ets", "regions"};
  size_t length = 0;
  if (said_of_region(path, &length)) return false;
  length = strcspn(path, ".");
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
    if (strlen(keys[k]) == length && strncmp(path, keys[k], length) == 0) return true;
  }
  return false;
}

static const tanlu_yaml *path_node(const tanlu_sweep_parameter *p, size_t i, size_t *count) {
  const tanlu_yaml *node = p->paths;
  *count = node->kind == TANLU_YAML_SEQUENCE ? node->count : 1;
  return node->kind == TANLU_YAML_SEQUENCE ? node->child[i] : node;
}

/* A path may not name the member that takes the rest of a list: it has no number of its own. */
static tanlu_status check_balance(const finder *f, const tanlu_sweep_parameter *p, const tanlu_yaml *place) {
  char list[256];
  const tanlu_yaml *root = f->sweep->scenario->tree->root;
  for (size_t end = strcspn(place->text, "."); end < sizeof list && place->text[end] != '\0';) {
    memcpy(list, place->text, end);
    list[end] = '\0';
    const char *next = place->text + end + 1;
    const size_t length = strcspn(next, ".");
    const tanlu_yaml *mapping = follow((tanlu_yaml *)root, list), *balance = tanlu_yaml_find(mapping, "balance");
    if (balance && balance->text && strlen(balance->text) == length && strncmp(balance->text, next, length) == 0) {
      return tanlu_yaml_fail(
          place, f->context, "'%s' is the balance of '%s': it takes the rest and has no number%s", balance->text, list,
          p->simplex == TANLU_NONE ? " of its own"
                                   : " of its own; leave it out, and let the total be what the rest leaves");
    }
    end += 1 + length;
  }
  return TANLU_OK;
}

/* A path may name regions that the scenario has alone, and of what they say drivers alone; with regions import shares stay. */
static tanlu_status check_region(const finder *f, const tanlu_yaml *place) {
  size_t length = 0;
  char code[128];
  const tanlu_scenario *scenario = f->sweep->scenario;
  const char *said = said_of_region(place->text, &length);
  if (!said) {
    const bool imports = strcmp(place->text, "imports") == 0 || strncmp(place->text, "imports.", 8) == 0;
    if (!imports || !scenario->regions || scenario->regions->code.count < 2) return TANLU_OK;
    return tanlu_yaml_fail(place, f->context,
                           "'%s' cannot vary: in a scenario with regions all keep the import shares of the base year",
                           place->text);
  }
  if (strcmp(said, "peak") == 0) {
    return tanlu_yaml_fail(place, f->context, "'%s' is an aim, which moves nothing; expected the path of a driver",
                           place->text);
  }
  if (!scenario->regions) {
    return tanlu_yaml_fail(place, f->context, "the scenario '%s' has no block 'regions'", scenario->name);
  }
  snprintf(code, sizeof code, "%.*s", (int)length, place->text + sizeof set_prefix - 1);
  if (tanlu_labels_find(&scenario->regions->code, code) != TANLU_NONE) return TANLU_OK;
  const char *nearest = tanlu_labels_nearest(&scenario->regions->code, code);
  return tanlu_yaml_fail(place, f->context, "unknown region '%s'%s%s%s", code, nearest ? "; did you mean '" : "",
                         nearest ? nearest : "", nearest ? "'?" : "");
}

/* A value to stand where the scenario has none: the median, the first row of a list, the middle of a simplex. */
static tanlu_status usual_value(const tanlu_sweep *s, size_t index, double *value, tanlu_context *context) {
  const tanlu_sweep_parameter *p = &s->parameter[index];
  if (p->simplex == TANLU_NONE) {
    *value = p->distribution ? tanlu_distribution_quantile(p->distribution, 0.5) : s->points[index];
    return TANLU_OK;
  }
  const tanlu_sweep_simplex *x = &s->simplex[p->simplex];
  double *share = tanlu_allocate_doubles(context, x->count, 1);
  if (!share) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < x->count; i++) share[i] = 0.5;
  tanlu_simplex_shares(x->shares, share, share);
  *value = x->total * share[index - x->first];
  free(share);
  return TANLU_OK;
}

/* Refuse a path that is not there, or put in place what `replace` names and the scenario does not give. */
static tanlu_status prepare_path(const finder *f, size_t index, const tanlu_yaml *place) {
  const tanlu_sweep_parameter *p = &f->sweep->parameter[index];
  const char *path = place->text;
  double value = 0.0;
  if (is_meta(path)) return tanlu_yaml_fail(place, f->context, "'%s' is no number that a scenario decides", path);
  tanlu_status status = check_region(f, place);
  if (status == TANLU_OK) status = check_balance(f, p, place);
  if (status != TANLU_OK || follow(f->sweep->scenario->tree->root, path)) return status;
  status = usual_value(f->sweep, index, &value, f->context);
  if (status == TANLU_OK) status = try_setting(f, place, path, value, false);
  if (status != TANLU_OK) return status;
  if (p->mode == TANLU_MODE_REPLACE) return try_setting(f, place, path, value, true);
  return tanlu_yaml_fail(place, f->context,
                         "the scenario '%s' gives no number for '%s'; it can be replaced, not changed by %s",
                         f->sweep->scenario->name, path, p->mode == TANLU_MODE_SCALE ? "a factor" : "a summand");
}

/* Before any number is found. */
static tanlu_status prepare_paths(const finder *f, size_t index) {
  tanlu_status status = TANLU_OK;
  size_t count = 1;
  for (size_t i = 0; i < count; i++) {
    const tanlu_yaml *place = path_node(&f->sweep->parameter[index], i, &count);
    const tanlu_status own = prepare_path(f, index, place);
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

/* The members of a simplex are one number each, which nothing moves after it: else they would not sum to its total. */
static tanlu_status check_members(const tanlu_sweep *s, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t p = 0; p < s->parameters; p++) {
    const tanlu_sweep_parameter *member = &s->parameter[p];
    if (member->simplex == TANLU_NONE) continue;
    if (member->numbers != 1) {
      status = tanlu_yaml_fail(member->node, context,
                               "'%s' holds %zu numbers; expected the path of one, as power.mix.pv.2060", member->path,
                               member->numbers);
      continue;
    }
    const size_t mover = s->mover[member->number[0]];
    if (mover == p) continue;
    status = tanlu_yaml_fail(s->parameter[mover].node, context,
                             "this moves '%s' again, a member of the simplex in line %zu, which has a fixed sum",
                             member->path, member->node->line);
  }
  return status;
}

static bool names_statistic(const tanlu_sweep_parameter *p) {
  return p->simplex == TANLU_NONE && tanlu_yaml_find(p->node, "statistic") != NULL;
}

static tanlu_status bind_statistics(tanlu_sweep *s, const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  bool perturbed = false;
  s->statistics = 0;
  for (size_t i = 0; i < s->parameters; i++) {
    tanlu_sweep_parameter *p = &s->parameter[i];
    if (!names_statistic(p)) continue;
    s->statistics++;
    tanlu_status own =
        s->scenario->regions
            ? tanlu_yaml_fail(p->paths, context,
                              "the scenario '%s' has regions; statistics vary in sweeps of the nation alone",
                              s->scenario->name)
            : tanlu_sweep_bind_statistic(p, dataset, context);
    if (own == TANLU_OK && p->statistic == TANLU_STATISTIC_COEFFICIENTS) {
      if (perturbed) own = tanlu_yaml_fail(p->paths, context, "coefficients are perturbed by an earlier parameter");
      perturbed = true;
    }
    if (status == TANLU_OK) status = own;
  }
  return status;
}

static tanlu_status bind_paths(tanlu_sweep *s, const tanlu_dataset *dataset, tanlu_context *context) {
  finder f = {.sweep = s, .dataset = dataset, .context = context};
  tanlu_status status = TANLU_OK;
  for (size_t p = 0; p < s->parameters; p++) {
    if (names_statistic(&s->parameter[p])) continue;
    const tanlu_status own = prepare_paths(&f, p);
    if (status == TANLU_OK) status = own;
  }
  if (status != TANLU_OK) return status;
  tanlu_yaml *root = s->scenario->tree->root;
  f.scalar = tanlu_sweep_scalars(root, context);
  if (!f.scalar) return TANLU_ERR_MEMORY;
  for (size_t p = 0; p < s->parameters; p++) {
    if (names_statistic(&s->parameter[p])) continue;
    const tanlu_status own = find_numbers(&f, &s->parameter[p], p);
    if (status == TANLU_OK) status = own;
  }
  free(f.scalar);
  return status == TANLU_OK ? check_members(s, context) : status;
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

/* Levels and tails of every dimension of the design. The ends of a simplex are corners, where many points would be one: it is kept
 * off them as an unbounded distribution is. */
static tanlu_status bind_dimensions(tanlu_sweep *s, tanlu_context *context) {
  const size_t k = s->options.dimensions;
  s->levels = tanlu_allocate(context, k, sizeof *s->levels);
  s->tails = tanlu_allocate_doubles(context, k, 1);
  if (!s->levels || !s->tails) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < k; i++) {
    s->levels[i] = s->options.morris_levels;
    s->tails[i] = TANLU_DESIGN_TAIL;
  }
  for (size_t p = 0; p < s->parameters; p++) {
    const tanlu_distribution *d = s->parameter[p].distribution;
    const size_t i = s->parameter[p].dimension;
    if (s->parameter[p].simplex != TANLU_NONE) continue;
    if (d && tanlu_distribution_values(d) > 0) s->levels[i] = tanlu_distribution_values(d);
    s->tails[i] = d && !tanlu_distribution_bounded(d) ? TANLU_DESIGN_TAIL : 0.0;
  }
  return TANLU_OK;
}

static tanlu_status bind_design(tanlu_sweep *s, tanlu_context *context) {
  tanlu_design_options *o = &s->options;
  if (bind_dimensions(s, context) != TANLU_OK) return TANLU_ERR_MEMORY;
  o->levels = s->levels;
  o->factor = o->kind == TANLU_DESIGN_SALTELLI ? s->dimension_factor : NULL;
  o->tails = s->tails;
  o->points = s->points;
  o->correlation = s->correlation;
  o->ends = true;
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = tanlu_design_create(&s->design, o, inner);
  if (status != TANLU_OK) tanlu_sweep_refuse(tanlu_yaml_find(s->root, "design"), "", inner, context);
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
  const tanlu_status statistics = bind_statistics(s, dataset, context);
  if (status == TANLU_OK) status = statistics;
  const tanlu_status outputs = s->scenario->regions
                                   ? tanlu_sweep_outputs_read(&s->shape, tanlu_yaml_find(s->root, "outputs"),
                                                              &s->scenario->regions->code, context)
                                   : TANLU_OK;
  if (status == TANLU_OK) status = outputs;
  if (status == TANLU_OK)
    status = tanlu_scenario_regions_check(s->scenario, dataset, context); /* with what `replace` adds */
  if (status == TANLU_OK) status = bind_base(s, dataset, context);
  const tanlu_status years = bind_years(s, context);
  const tanlu_status design = bind_design(s, context);
  if (status == TANLU_OK) status = years;
  return status == TANLU_OK ? design : status;
}
