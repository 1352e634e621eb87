#include "inputs/sweep_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/sweep_outputs_private.h"
#include "inputs/yaml_tree.h"
#include "solvers/memory.h"

const char *const tanlu_sweep_mode_word[TANLU_MODES] = {"scale", "add", "replace"};

static const double samples_most = 1e9;

void tanlu_sweep_free(tanlu_sweep **sweep) {
  tanlu_sweep *s = *sweep;
  if (!s) return;
  for (size_t p = 0; s->parameter && p < s->parameters; p++) {
    free(s->parameter[p].label);
    free(s->parameter[p].path);
    free(s->parameter[p].described);
    free(s->parameter[p].number);
    tanlu_distribution_free(&s->parameter[p].distribution);
  }
  free(s->parameter);
  free(s->name);
  free(s->title);
  free(s->path);
  free(s->shape.indicator);
  free(s->shape.year);
  free(s->shape.range);
  free(s->levels);
  free(s->points);
  free(s->tails);
  free(s->base);
  free(s->place);
  free(s->mover);
  tanlu_design_free(&s->design);
  tanlu_scenario_free(&s->scenario);
  tanlu_yaml_free(&s->root);
  free(s);
  *sweep = NULL;
}

/* ---- plain values ------------------------------------------------------------------------------------------------------ */

/* One of `count` words; - and _ are the same. */
static tanlu_status read_word(const tanlu_yaml *node, const char *what, const char *const *words, size_t count,
                              size_t *index, tanlu_context *context) {
  char list[200] = "";
  if (node->kind == TANLU_YAML_SCALAR) {
    for (size_t k = 0; k < count; k++) {
      size_t i = 0;
      const char *a = node->text, *b = words[k];
      while (a[i] && (a[i] == b[i] || (a[i] == '-' && b[i] == '_'))) i++;
      if (a[i] || b[i]) continue;
      *index = k;
      return TANLU_OK;
    }
  }
  for (size_t k = 0; k < count; k++) {
    const size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", k == 0 ? "" : k + 1 == count ? " or " : ", ", words[k]);
  }
  for (char *c = list; *c; c++) *c = *c == '_' ? '-' : *c;
  return tanlu_yaml_fail(node, context, "unknown %s '%s'; expected %s", what,
                         node->kind == TANLU_YAML_SCALAR ? node->text : "", list);
}

static tanlu_status read_count(const tanlu_yaml *node, double least, double most, double *value,
                               tanlu_context *context) {
  const tanlu_status status = tanlu_yaml_number(node, value, context);
  if (status != TANLU_OK || (*value >= least && *value <= most && *value == floor(*value))) return status;
  return tanlu_yaml_fail(node, context, "'%s': expected a whole number from %.0f to %.0f", node->text, least, most);
}

static tanlu_status read_bool(const tanlu_yaml *node, bool *value, tanlu_context *context) {
  const bool is_scalar = node->kind == TANLU_YAML_SCALAR;
  if (is_scalar && strcmp(node->text, "true") == 0) {
    *value = true;
  } else if (is_scalar && strcmp(node->text, "false") == 0) {
    *value = false;
  } else {
    return tanlu_yaml_fail(node, context, "expected true or false for '%s'", node->key);
  }
  return TANLU_OK;
}

/* A list of numbers; the caller frees. */
static tanlu_status read_numbers(const tanlu_yaml *node, size_t least, size_t most, double **value, size_t *count,
                                 tanlu_context *context) {
  *value = NULL;
  *count = node->count;
  if (node->kind != TANLU_YAML_SEQUENCE || node->count < least || node->count > most) {
    if (least == most) return tanlu_yaml_fail(node, context, "expected a list of %zu numbers", least);
    return tanlu_yaml_fail(node, context, "expected a list of %zu numbers or more", least);
  }
  *value = tanlu_allocate_doubles(context, node->count, 1);
  if (!*value) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < node->count; i++) {
    const tanlu_status own = tanlu_yaml_number(node->child[i], *value + i, context);
    if (status == TANLU_OK) status = own;
  }
  return status;
}

/* ---- distributions ----------------------------------------------------------------------------------------------------- */

/* How many numbers each kind takes, and what they are. */
static const struct {
  size_t least, most;
  const char *form;
} distribution_form[TANLU_DISTRIBUTION_KINDS] = {
    [TANLU_DISTRIBUTION_UNIFORM] = {2, 2, "[lowest, highest]"},
    [TANLU_DISTRIBUTION_NORMAL] = {2, 2, "[mean, deviation]"},
    [TANLU_DISTRIBUTION_TRUNCATED_NORMAL] = {4, 4, "[mean, deviation, lowest, highest]"},
    [TANLU_DISTRIBUTION_LOGNORMAL] = {2, 2, "[mean of the logarithm, its deviation]"},
    [TANLU_DISTRIBUTION_TRIANGULAR] = {3, 3, "[lowest, mode, highest]"},
    [TANLU_DISTRIBUTION_BETA] = {4, 4, "[alpha, beta, lowest, highest]"},
    [TANLU_DISTRIBUTION_DISCRETE] = {1, 100000, "[value, ...]"},
};

static tanlu_distribution_options options_of(tanlu_distribution_kind kind, const double *v, size_t count) {
  tanlu_distribution_options o = {.kind = kind};
  switch (kind) {
  case TANLU_DISTRIBUTION_UNIFORM:
    o.lower = v[0], o.upper = v[1];
    break;
  case TANLU_DISTRIBUTION_NORMAL:
  case TANLU_DISTRIBUTION_LOGNORMAL:
    o.mean = v[0], o.deviation = v[1];
    break;
  case TANLU_DISTRIBUTION_TRUNCATED_NORMAL:
    o.mean = v[0], o.deviation = v[1], o.lower = v[2], o.upper = v[3];
    break;
  case TANLU_DISTRIBUTION_TRIANGULAR:
    o.lower = v[0], o.mode = v[1], o.upper = v[2];
    break;
  case TANLU_DISTRIBUTION_BETA:
    o.alpha = v[0], o.beta = v[1], o.lower = v[2], o.upper = v[3];
    break;
  case TANLU_DISTRIBUTION_DISCRETE:
  case TANLU_DISTRIBUTION_KINDS:
    o.values = v, o.count = count;
    break;
  }
  return o;
}

/* What the sampler found wrong, at the place of the distribution. */
static tanlu_status create_distribution(tanlu_distribution **d, const tanlu_distribution_options *options,
                                        const tanlu_yaml *node, tanlu_context *context) {
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = tanlu_distribution_create(d, options, node->key, inner);
  if (status != TANLU_OK) {
    const char *message = tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "error: not possible";
    const char *text = strstr(message, "error: ");
    status = tanlu_yaml_fail(node, context, "%s", text ? text + 7 : message);
  }
  tanlu_context_free(&inner);
  return status;
}

static char *describe(const char *word, const double *v, size_t count) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (!stream) return NULL;
  for (size_t i = 0; i < count; i++) fprintf(stream, "%s%.10g", i == 0 ? "" : ", ", v[i]);
  char *numbers = fclose(stream) == 0 ? text : NULL, *all = NULL;
  if (numbers && asprintf(&all, "%s [%s]", word, numbers) < 0) all = NULL;
  free(numbers);
  return all;
}

static tanlu_status read_distribution(const tanlu_yaml *node, tanlu_sweep_parameter *p, tanlu_context *context) {
  const char *words[TANLU_DISTRIBUTION_KINDS];
  for (size_t k = 0; k < TANLU_DISTRIBUTION_KINDS; k++) {
    words[k] = tanlu_distribution_kind_name((tanlu_distribution_kind)k);
  }
  tanlu_status status = tanlu_yaml_check_keys(node, "distribution", words, TANLU_DISTRIBUTION_KINDS, context);
  if (status != TANLU_OK) return status;
  if (node->count != 1) return tanlu_yaml_fail(node, context, "expected one distribution, as {uniform: [0.9, 1.1]}");
  const tanlu_yaml *own = node->child[0];
  size_t kind = 0, count = 0, weights = 0;
  while (strcmp(own->key, words[kind]) != 0) kind++;
  double *value = NULL, *weight = NULL;
  const tanlu_yaml *list = own;
  if (kind == TANLU_DISTRIBUTION_DISCRETE && own->kind == TANLU_YAML_MAPPING) {
    static const char *const keys[] = {"values", "weights"};
    status = tanlu_yaml_check_keys(own, "discrete", keys, 2, context);
    list = tanlu_yaml_find(own, "values");
    const tanlu_yaml *given = tanlu_yaml_find(own, "weights");
    if (status == TANLU_OK && !list) status = tanlu_yaml_fail(own, context, "missing key 'values'");
    if (status == TANLU_OK && given) status = read_numbers(given, list->count, list->count, &weight, &weights, context);
  }
  const bool right = list && list->kind == TANLU_YAML_SEQUENCE && list->count >= distribution_form[kind].least &&
                     list->count <= distribution_form[kind].most;
  if (status == TANLU_OK && !right) {
    status = tanlu_yaml_fail(list, context, "expected %s: %s", words[kind], distribution_form[kind].form);
  }
  if (status == TANLU_OK) status = read_numbers(list, 1, list->count, &value, &count, context);
  if (status == TANLU_OK) {
    tanlu_distribution_options options = options_of((tanlu_distribution_kind)kind, value, count);
    options.weights = weight;
    status = create_distribution(&p->distribution, &options, own, context);
  }
  if (status == TANLU_OK && !(p->described = describe(words[kind], value, count))) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  }
  free(value);
  free(weight);
  return status;
}

/* ---- parameters -------------------------------------------------------------------------------------------------------- */

static tanlu_status read_path(const tanlu_yaml *node, tanlu_sweep_parameter *p, tanlu_context *context) {
  char *text = NULL;
  size_t length = 0;
  const size_t count = node->kind == TANLU_YAML_SEQUENCE ? node->count : 1;
  if (node->kind == TANLU_YAML_MAPPING || count == 0) {
    return tanlu_yaml_fail(node, context, "expected a path, as gdp.growth.2030, or a list of paths");
  }
  FILE *stream = open_memstream(&text, &length);
  if (!stream) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count; i++) {
    const tanlu_yaml *one = node->kind == TANLU_YAML_SEQUENCE ? node->child[i] : node;
    if (one->kind != TANLU_YAML_SCALAR || one->text[0] == '\0') {
      status = tanlu_yaml_fail(one, context, "expected a path, as gdp.growth.2030");
    } else {
      fprintf(stream, "%s%s", i == 0 ? "" : ", ", one->text);
    }
  }
  if (fclose(stream) != 0 || !text) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  p->path = text;
  return status;
}

static tanlu_status read_parameter(tanlu_sweep *s, const tanlu_yaml *node, tanlu_sweep_parameter *p,
                                   tanlu_context *context) {
  static const char *const keys[] = {"path", "mode", "distribution", "label"};
  const bool list = s->options.kind == TANLU_DESIGN_LIST;
  p->node = node;
  tanlu_status status = tanlu_yaml_check_keys(node, "a parameter", keys, 4, context);
  if (status != TANLU_OK) return status;
  const tanlu_yaml *path = tanlu_yaml_find(node, "path"), *mode = tanlu_yaml_find(node, "mode");
  const tanlu_yaml *distribution = tanlu_yaml_find(node, "distribution");
  if (!path || !mode || (!distribution && !list)) {
    return tanlu_yaml_fail(node, context, "missing key '%s' of a parameter",
                           !path   ? "path"
                           : !mode ? "mode"
                                   : "distribution");
  }
  if (distribution && list) {
    return tanlu_yaml_fail_key(distribution, context, "a list states its values; expected no distribution");
  }
  size_t word = 0;
  status = read_path(path, p, context);
  const tanlu_status second = read_word(mode, "mode", tanlu_sweep_mode_word, TANLU_MODES, &word, context);
  p->mode = (tanlu_sweep_mode)word;
  const tanlu_status third = distribution ? read_distribution(distribution, p, context) : TANLU_OK;
  if (status != TANLU_OK || second != TANLU_OK) return TANLU_ERR_INPUT;
  if (third != TANLU_OK) return third;
  if (!p->described && !(p->described = tanlu_string_copy(context, ""))) return TANLU_ERR_MEMORY;
  status = tanlu_yaml_text(node, "label", false, &p->label, context);
  if (status == TANLU_OK && p->label[0] == '\0') {
    free(p->label);
    p->label = tanlu_string_copy(context, p->path);
    if (!p->label) return TANLU_ERR_MEMORY;
  }
  return status;
}

static tanlu_status read_parameters(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *list = tanlu_yaml_find(s->root, "parameters");
  if (!list || list->kind != TANLU_YAML_SEQUENCE || list->count == 0) {
    return tanlu_yaml_fail(list ? list : s->root, context, "expected a list of parameters as 'parameters'");
  }
  s->parameter = tanlu_allocate(context, list->count, sizeof *s->parameter);
  if (!s->parameter) return TANLU_ERR_MEMORY;
  s->parameters = s->shape.parameters = list->count;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < list->count; i++) {
    const tanlu_status own = read_parameter(s, list->child[i], &s->parameter[i], context);
    for (size_t k = 0; own == TANLU_OK && k < i; k++) {
      if (!s->parameter[k].label || strcmp(s->parameter[k].label, s->parameter[i].label) != 0) continue;
      status = tanlu_yaml_fail(list->child[i], context, "two parameters are called '%s'", s->parameter[i].label);
    }
    if (status == TANLU_OK) status = own;
  }
  return status;
}

/* ---- design, outputs, failures ------------------------------------------------------------------------------------------ */

static tanlu_status read_points(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "points");
  if (s->options.kind != TANLU_DESIGN_LIST) {
    return node ? tanlu_yaml_fail_key(node, context, "only the design 'list' takes points") : TANLU_OK;
  }
  if (!node || node->kind != TANLU_YAML_SEQUENCE || node->count == 0) {
    return tanlu_yaml_fail(node ? node : s->root, context,
                           "the design 'list' needs 'points', a list of lists of values");
  }
  s->points = tanlu_allocate_doubles(context, node->count, s->parameters);
  if (!s->points) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < node->count; i++) {
    double *row = NULL;
    size_t count = 0;
    const tanlu_status own = read_numbers(node->child[i], s->parameters, s->parameters, &row, &count, context);
    if (own == TANLU_OK && row != NULL) memcpy(s->points + i * s->parameters, row, count * sizeof *row);
    if (status == TANLU_OK) status = own;
    free(row);
  }
  s->options.samples = node->count;
  return status;
}

/* Kind and counts; read before the parameters, since a list has no distributions. */
static tanlu_status read_design(tanlu_sweep *s, tanlu_context *context) {
  const char *words[TANLU_DESIGN_KINDS];
  for (size_t k = 0; k < TANLU_DESIGN_KINDS; k++) words[k] = tanlu_design_kind_name((tanlu_design_kind)k);
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "design"), *samples = tanlu_yaml_find(s->root, "samples");
  const tanlu_yaml *seed = tanlu_yaml_find(s->root, "seed"), *levels = tanlu_yaml_find(s->root, "levels");
  const tanlu_yaml *second = tanlu_yaml_find(s->root, "second_order");
  size_t kind = 0;
  double count = 0.0, number = 1.0, level = 4.0;
  if (!node) return tanlu_yaml_fail(s->root, context, "missing key 'design'");
  tanlu_status status = read_word(node, "design", words, TANLU_DESIGN_KINDS, &kind, context);
  if (status != TANLU_OK) return status;
  s->options.kind = (tanlu_design_kind)kind;
  const bool counted = kind != TANLU_DESIGN_GRID && kind != TANLU_DESIGN_LIST;
  if (counted && !samples) status = tanlu_yaml_fail(s->root, context, "missing key 'samples'");
  if (!counted && samples) status = tanlu_yaml_fail_key(samples, context, "a %s has no 'samples'", words[kind]);
  if (counted && samples) status = read_count(samples, 1.0, samples_most, &count, context);
  if (status == TANLU_OK && seed) status = read_count(seed, 0.0, 9007199254740992.0, &number, context);
  if (status == TANLU_OK && levels) {
    status = kind == TANLU_DESIGN_GRID || kind == TANLU_DESIGN_MORRIS
                 ? read_count(levels, 2.0, 1000.0, &level, context)
                 : tanlu_yaml_fail_key(levels, context, "only the designs grid and morris have levels");
  }
  if (status == TANLU_OK && second) {
    status = kind == TANLU_DESIGN_SALTELLI
                 ? read_bool(second, &s->options.second_order, context)
                 : tanlu_yaml_fail_key(second, context, "only the design saltelli gives second-order indices");
  }
  s->options.samples = (uint64_t)count;
  s->options.seed = (uint64_t)number;
  s->options.morris_levels = (size_t)level;
  return status;
}

static tanlu_status read_keep(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *keep = tanlu_yaml_find(s->root, "keep");
  size_t word = 0;
  const tanlu_status status =
      keep ? read_word(keep, "keep", tanlu_sweep_keep_word, TANLU_KEEPS, &word, context) : TANLU_OK;
  s->shape.keep = (tanlu_sweep_keep)word;
  return status;
}

static tanlu_status read_failures(tanlu_sweep *s, tanlu_context *context) {
  static const char *const policies[] = {"skip", "stop"}, *const keys[] = {"at_most"};
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "failures");
  size_t policy = 0;
  s->failure_share = (double)NAN;
  if (!node) return TANLU_OK;
  if (node->kind == TANLU_YAML_SCALAR) {
    const tanlu_status status = read_word(node, "policy", policies, 2, &policy, context);
    if (policy == 1) s->failure_share = 0.0;
    return status == TANLU_OK ? status
                              : tanlu_yaml_fail(node, context, "a share of failures is written {at_most: 0.05}");
  }
  const tanlu_status status = tanlu_yaml_check_keys(node, "failures", keys, 1, context);
  if (status != TANLU_OK) return status;
  if (node->count != 1) return tanlu_yaml_fail(node, context, "expected skip, stop or {at_most: SHARE}");
  const tanlu_yaml *share = node->child[0];
  if (tanlu_yaml_number(share, &s->failure_share, context) != TANLU_OK) return TANLU_ERR_INPUT;
  if (s->failure_share >= 0.0 && s->failure_share < 1.0) return TANLU_OK;
  return tanlu_yaml_fail(share, context, "%s is not a share; expected 0 to 1", share->text);
}

/* The scenario, found beside the sweep or by name. */
static tanlu_status read_scenario(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "scenario");
  if (!node || node->kind != TANLU_YAML_SCALAR) {
    return tanlu_yaml_fail(node ? node : s->root, context, "expected the name of a scenario as 'scenario'");
  }
  const char *slash = strrchr(s->path, '/');
  char *beside = slash ? strndup(s->path, slash == s->path ? 1 : (size_t)(slash - s->path)) : strdup("."), *path = NULL;
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = beside && inner ? tanlu_input_find(&path, "scenarios", node->text, beside, inner)
                                        : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  if (status != TANLU_OK && inner) {
    const char *message = tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "error: not found";
    const char *text = strstr(message, "error: ");
    status = tanlu_yaml_fail(node, context, "scenario: %s", text ? text + 7 : message);
  }
  if (status == TANLU_OK) status = tanlu_scenario_read(&s->scenario, path, NULL, 0, context);
  tanlu_context_free(&inner);
  free(beside);
  free(path);
  return status;
}

/* All problems of the file are reported, as far as the design is known. */
static tanlu_status read_all(tanlu_sweep *s, tanlu_context *context) {
  static const char *const keys[] = {"name",    "title",        "scenario", "design",     "samples",
                                     "seed",    "second_order", "levels",   "parameters", "points",
                                     "outputs", "keep",         "failures"};
  tanlu_status status = tanlu_yaml_check_keys(s->root, "the sweep", keys, sizeof keys / sizeof *keys, context);
  if (s->root->kind != TANLU_YAML_MAPPING) return status;
  const tanlu_status design = read_design(s, context);
  const tanlu_status each[] = {
      design,
      tanlu_yaml_text(s->root, "name", true, &s->name, context),
      tanlu_yaml_text(s->root, "title", false, &s->title, context),
      design == TANLU_OK ? read_parameters(s, context) : design,
      s->parameters > 0 ? read_points(s, context) : TANLU_OK,
      tanlu_sweep_outputs_read(&s->shape, tanlu_yaml_find(s->root, "outputs"), context),
      read_keep(s, context),
      read_failures(s, context),
      read_scenario(s, context),
  };
  for (size_t k = 0; k < sizeof each / sizeof *each && status == TANLU_OK; k++) status = each[k];
  return status;
}

tanlu_status tanlu_sweep_read(tanlu_sweep **sweep, const char *name, tanlu_context *context) {
  tanlu_sweep *s = tanlu_allocate(context, 1, sizeof *s);
  *sweep = NULL;
  if (!s) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_input_find(&s->path, "sweeps", name, NULL, context);
  if (status == TANLU_OK) status = tanlu_yaml_read(&s->root, s->path, s->sha256, context);
  if (status == TANLU_OK) status = read_all(s, context);
  if (status != TANLU_OK) tanlu_sweep_free(&s);
  *sweep = s;
  return status;
}
