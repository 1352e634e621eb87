/* Parameters of a sweep file: what moves, how, and by what distribution. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/sweep_private.h"
#include "solvers/memory.h"

/* prefix: of the text that stands for it in results. */
static tanlu_status read_path(const tanlu_yaml *node, const char *prefix, tanlu_sweep_parameter *p,
                              tanlu_context *context) {
  char *text = NULL;
  size_t length = 0;
  const size_t count = node->kind == TANLU_YAML_SEQUENCE ? node->count : 1;
  if (node->kind == TANLU_YAML_MAPPING || count == 0) {
    return tanlu_yaml_fail(node, context, "expected a path, as gdp.growth.2030, or a list of paths");
  }
  FILE *stream = open_memstream(&text, &length);
  if (!stream) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  tanlu_status status = TANLU_OK;
  fputs(prefix, stream);
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
  p->paths = node;
  return status;
}

/* ---- one number or several that move together ---------------------------------------------------------------------------- */

/* Which keys stand there, as far as one depends on another. */
static tanlu_status check_plain(const tanlu_yaml *node, bool list, tanlu_context *context) {
  const tanlu_yaml *path = tanlu_yaml_find(node, "path"), *statistic = tanlu_yaml_find(node, "statistic");
  const tanlu_yaml *distribution = tanlu_yaml_find(node, "distribution"), *keep = tanlu_yaml_find(node, "keep_total");
  const char *missing = !path && !statistic              ? "path"
                        : !tanlu_yaml_find(node, "mode") ? "mode"
                        : !distribution && !list         ? "distribution"
                                                         : NULL;
  if (missing) return tanlu_yaml_fail(node, context, "missing key '%s' of a parameter", missing);
  if (path && statistic) {
    return tanlu_yaml_fail_key(statistic, context, "a parameter has either a path or a statistic; expected one");
  }
  if (distribution && list) {
    return tanlu_yaml_fail_key(distribution, context, "a list states its values; expected no distribution");
  }
  if (keep && !statistic)
    return tanlu_yaml_fail_key(keep, context, "only the statistic branch_energy has 'keep_total'");
  return TANLU_OK;
}

static tanlu_status read_plain(const tanlu_sweep *s, const tanlu_yaml *node, tanlu_sweep_parameter *p,
                               tanlu_context *context) {
  static const char *const keys[] = {"path", "statistic", "keep_total", "mode", "distribution", "label"};
  p->node = node;
  p->simplex = TANLU_NONE;
  p->statistic = TANLU_STATISTIC_NONE;
  tanlu_status status = tanlu_yaml_check_keys(node, "a parameter", keys, sizeof keys / sizeof *keys, context);
  if (status == TANLU_OK) status = check_plain(node, s->options.kind == TANLU_DESIGN_LIST, context);
  if (status != TANLU_OK) return status;
  const tanlu_yaml *statistic = tanlu_yaml_find(node, "statistic"), *keep = tanlu_yaml_find(node, "keep_total");
  const tanlu_yaml *distribution = tanlu_yaml_find(node, "distribution");
  size_t word = 0;
  status = statistic ? read_path(statistic, "statistic ", p, context)
                     : read_path(tanlu_yaml_find(node, "path"), "", p, context);
  if (status == TANLU_OK && keep) status = tanlu_sweep_read_bool(keep, &p->keep_total, context);
  const tanlu_status second =
      tanlu_sweep_read_word(tanlu_yaml_find(node, "mode"), "mode", tanlu_sweep_mode_word, TANLU_MODES, &word, context);
  p->mode = (tanlu_sweep_mode)word;
  const tanlu_status third =
      distribution ? tanlu_sweep_read_distribution(distribution, &p->distribution, &p->described, context) : TANLU_OK;
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

/* ---- numbers with a fixed sum -------------------------------------------------------------------------------------------- */

/* The list of members of an entry that is a simplex, whatever else is wrong with it; NULL for any other entry. */
static const tanlu_yaml *members_of(const tanlu_yaml *node) {
  const tanlu_yaml *members = tanlu_yaml_find(tanlu_yaml_find(node, "simplex"), "members");
  return members && members->kind == TANLU_YAML_SEQUENCE && members->count > 0 ? members : NULL;
}

/* Member i is called LABEL: PATH, and PATH where the simplex has no label. */
static tanlu_status read_member(const tanlu_yaml *node, const char *label, const char *described,
                                tanlu_sweep_parameter *p, tanlu_context *context) {
  if (node->kind != TANLU_YAML_SCALAR || node->text[0] == '\0') {
    return tanlu_yaml_fail(node, context, "expected the path of one number, as power.mix.pv.2060");
  }
  const tanlu_status status = read_path(node, "", p, context);
  if (status != TANLU_OK) return status;
  if (asprintf(&p->label, "%s%s%s", label, *label ? ": " : "", p->path) < 0) p->label = NULL;
  p->described = tanlu_string_copy(context, described);
  return p->label && p->described ? TANLU_OK : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a label");
}

static tanlu_status name_simplex(const tanlu_sweep *s, tanlu_sweep_simplex *x, const char *label,
                                 tanlu_context *context) {
  size_t length = 0;
  FILE *stream = open_memstream(&x->name, &length);
  if (!stream) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a label");
  (void)fputs(label, stream);
  for (size_t i = 0; label[0] == '\0' && i < x->count; i++) {
    (void)fprintf(stream, "%s%s", i > 0 ? ", " : "", s->parameter[x->first + i].path);
  }
  if (fclose(stream) == 0) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a label");
}

static tanlu_status read_simplex(tanlu_sweep *s, const tanlu_yaml *node, tanlu_sweep_simplex *x,
                                 tanlu_context *context) {
  static const char *const keys[] = {"simplex", "label"};
  static const char *const own_keys[] = {"members", "total", "dirichlet", "uniform"};
  const tanlu_yaml *own = tanlu_yaml_find(node, "simplex"), *members = members_of(node);
  const tanlu_yaml *total = tanlu_yaml_find(own, "total");
  char *label = NULL, *described = NULL, *full = NULL;
  if (s->options.kind == TANLU_DESIGN_LIST) {
    return tanlu_yaml_fail_key(own, context, "a list states its values; expected paths, no simplex");
  }
  tanlu_status status = tanlu_yaml_check_keys(node, "a parameter", keys, 2, context);
  const tanlu_status second = tanlu_yaml_check_keys(own, "simplex", own_keys, 4, context);
  if (status != TANLU_OK || second != TANLU_OK) return TANLU_ERR_INPUT;
  if (!members || members->count < 2) {
    return tanlu_yaml_fail(members ? members : own, context, "expected 'members', a list of two paths or more");
  }
  x->total = 1.0;
  if (total) status = tanlu_yaml_number(total, &x->total, context);
  if (status == TANLU_OK && total && !(x->total > 0.0)) {
    status = tanlu_yaml_fail(total, context, "'%s' as a total; expected more than 0", total->text);
  }
  if (status == TANLU_OK) status = tanlu_yaml_text(node, "label", false, &label, context);
  if (status == TANLU_OK) status = tanlu_sweep_read_shares(own, x, &described, context);
  if (status == TANLU_OK && asprintf(&full, "%s, sum %.10g", described, x->total) < 0) {
    full = NULL;
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  }
  for (size_t i = 0; status == TANLU_OK && i < x->count; i++) {
    status = read_member(members->child[i], label, full, &s->parameter[x->first + i], context);
  }
  if (status == TANLU_OK) status = name_simplex(s, x, label, context);
  free(label);
  free(described);
  free(full);
  return status;
}

/* Places of a simplex's members are known before it is read. */
static void place_members(tanlu_sweep *s, const tanlu_yaml *node, size_t first, size_t index) {
  const tanlu_yaml *members = members_of(node);
  const size_t count = members ? members->count : 1;
  s->simplex[index].first = first;
  s->simplex[index].count = count;
  for (size_t i = 0; i < count; i++) {
    tanlu_sweep_parameter *p = &s->parameter[first + i];
    p->node = members ? members->child[i] : node;
    p->mode = TANLU_MODE_REPLACE;
    p->statistic = TANLU_STATISTIC_NONE;
    p->simplex = index;
  }
}

/* ---- all of them --------------------------------------------------------------------------------------------------------- */

static tanlu_status make_room(tanlu_sweep *s, const tanlu_yaml *list, tanlu_context *context) {
  size_t simplexes = 0, parameters = 0;
  for (size_t i = 0; i < list->count; i++) {
    const tanlu_yaml *members = members_of(list->child[i]);
    parameters += members ? members->count : 1;
    simplexes += tanlu_yaml_find(list->child[i], "simplex") != NULL;
  }
  s->parameter = tanlu_allocate(context, parameters, sizeof *s->parameter);
  s->simplex = tanlu_allocate(context, simplexes, sizeof *s->simplex);
  if (!s->parameter || !s->simplex) return TANLU_ERR_MEMORY;
  s->parameters = s->shape.parameters = parameters;
  s->simplexes = simplexes;
  return TANLU_OK;
}

static tanlu_status check_labels(const tanlu_sweep *s, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < s->parameters; i++) {
    for (size_t k = 0; k < i; k++) {
      const char *label = s->parameter[i].label, *other = s->parameter[k].label;
      if (!label || !other || strcmp(label, other) != 0) continue;
      status = tanlu_yaml_fail(s->parameter[i].node, context, "two parameters are called '%s'", label);
    }
  }
  for (size_t x = 0; x < s->simplexes; x++) {
    const char *name = s->simplex[x].name;
    bool twice = false;
    for (size_t i = 0; name && i < s->parameters; i++) {
      twice = twice || (s->parameter[i].label && strcmp(s->parameter[i].label, name) == 0);
    }
    for (size_t k = 0; name && k < x; k++) twice = twice || (s->simplex[k].name && !strcmp(s->simplex[k].name, name));
    if (twice) status = tanlu_yaml_fail(s->parameter[s->simplex[x].first].node, context, "two are called '%s'", name);
  }
  return status;
}

tanlu_status tanlu_sweep_read_parameters(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *list = tanlu_yaml_find(s->root, "parameters");
  if (!list || list->kind != TANLU_YAML_SEQUENCE || list->count == 0) {
    return tanlu_yaml_fail(list ? list : s->root, context, "expected a list of parameters as 'parameters'");
  }
  tanlu_status status = make_room(s, list, context);
  if (status != TANLU_OK) return status;
  size_t next = 0, simplex = 0, dimension = 0;
  for (size_t i = 0; i < list->count; i++) {
    const tanlu_yaml *node = list->child[i];
    tanlu_status own;
    if (tanlu_yaml_find(node, "simplex")) {
      tanlu_sweep_simplex *x = &s->simplex[simplex];
      place_members(s, node, next, simplex++);
      own = read_simplex(s, node, x, context);
      x->dimension = dimension;
      next += x->count;
      dimension += x->shares ? tanlu_simplex_dimensions(x->shares) : 0;
    } else {
      s->parameter[next].dimension = dimension++;
      own = read_plain(s, node, &s->parameter[next++], context);
    }
    if (status == TANLU_OK) status = own;
  }
  s->options.dimensions = dimension;
  const tanlu_status labels = check_labels(s, context);
  if (status == TANLU_OK) status = labels;
  return status == TANLU_OK ? tanlu_sweep_list_factors(s, context) : status;
}
