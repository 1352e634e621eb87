/* Correlation between the parameters of a sweep, pair by pair. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/sweep_private.h"
#include "solvers/copula.h"
#include "solvers/memory.h"

/* The dimension of the parameter that a label names; TANLU_NONE after an error. */
static size_t find_dimension(const tanlu_sweep *s, const tanlu_yaml *node, const char **labels,
                             tanlu_context *context) {
  const char *text = node->kind == TANLU_YAML_SCALAR ? node->text : "";
  for (size_t p = 0; p < s->parameters; p++) {
    if (strcmp(labels[p], text) != 0) continue;
    if (s->parameter[p].simplex == TANLU_NONE) return s->parameter[p].dimension;
    tanlu_yaml_fail(node, context, "'%s' is a member of a simplex, whose sum decides how it goes with others", text);
    return TANLU_NONE;
  }
  const char *nearest = tanlu_nearest(text, labels, s->parameters);
  tanlu_yaml_fail(node, context, "there is no parameter '%s'%s%s%s", text, nearest ? "; did you mean '" : "",
                  nearest ? nearest : "", nearest ? "'?" : "");
  return TANLU_NONE;
}

/* {between: [LABEL, LABEL], rank: R} or normal: R. A rank correlation r is one of 2 sin(pi r / 6) between normal scores. */
static tanlu_status read_pair(tanlu_sweep *s, const tanlu_yaml *node, const char **labels, tanlu_context *context) {
  static const char *const keys[] = {"between", "rank", "normal"};
  const size_t k = s->options.dimensions;
  tanlu_status status = tanlu_yaml_check_keys(node, "a correlation", keys, 3, context);
  if (status != TANLU_OK) return status;
  const tanlu_yaml *between = tanlu_yaml_find(node, "between"), *rank = tanlu_yaml_find(node, "rank");
  const tanlu_yaml *given = rank ? rank : tanlu_yaml_find(node, "normal");
  if (!between || between->kind != TANLU_YAML_SEQUENCE || between->count != 2) {
    return tanlu_yaml_fail(between ? between : node, context, "expected between: [LABEL, LABEL], two parameters");
  }
  if (node->count != 2 || !given) {
    return tanlu_yaml_fail(node, context, "expected either rank: R (of ranks) or normal: R (of normal scores)");
  }
  const size_t a = find_dimension(s, between->child[0], labels, context);
  const size_t b = find_dimension(s, between->child[1], labels, context);
  double r = 0.0;
  status = tanlu_yaml_number(given, &r, context);
  if (status == TANLU_OK && !(fabs(r) < 1.0)) {
    status =
        tanlu_yaml_fail(given, context, "%s is no correlation; expected more than -1 and less than 1", given->text);
  }
  if (a == TANLU_NONE || b == TANLU_NONE || status != TANLU_OK) return TANLU_ERR_INPUT;
  if (a == b) return tanlu_yaml_fail(between, context, "expected two different parameters");
  if (s->correlation[a * k + b] != 0.0) {
    return tanlu_yaml_fail(node, context, "the correlation of '%s' and '%s' is given twice", between->child[0]->text,
                           between->child[1]->text);
  }
  if (rank) r = 2.0 * sin(acos(-1.0) * r / 6.0);
  s->correlation[a * k + b] = s->correlation[b * k + a] = r;
  return TANLU_OK;
}

/* Can all of them hold together? The message names parameters, so a plain number of the design is not enough. */
static tanlu_status check_together(const tanlu_sweep *s, const tanlu_yaml *list, const char **labels,
                                   tanlu_context *context) {
  const char **name = tanlu_allocate(context, s->options.dimensions, sizeof *name);
  tanlu_context *inner = tanlu_context_create();
  tanlu_copula *copula = NULL;
  tanlu_status status = name && inner ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t p = 0; status == TANLU_OK && p < s->parameters; p++) {
    if (s->parameter[p].simplex == TANLU_NONE) name[s->parameter[p].dimension] = labels[p];
  }
  if (status == TANLU_OK) status = tanlu_copula_create(&copula, s->options.dimensions, s->correlation, name, inner);
  if (status == TANLU_ERR_INPUT) tanlu_sweep_refuse(list, "of normal scores, ", inner, context);
  tanlu_copula_free(&copula);
  tanlu_context_free(&inner);
  free(name);
  return status;
}

tanlu_status tanlu_sweep_read_correlation(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *list = tanlu_yaml_find(s->root, "correlation");
  const tanlu_design_kind kind = s->options.kind;
  const size_t k = s->options.dimensions;
  if (!list) return TANLU_OK;
  if (kind != TANLU_DESIGN_MONTE_CARLO && kind != TANLU_DESIGN_SOBOL && kind != TANLU_DESIGN_LHS) {
    return tanlu_yaml_fail_key(list, context,
                               "only the designs monte-carlo, lhs and sobol take a correlation; this is a %s",
                               tanlu_design_kind_name(kind));
  }
  if (list->kind != TANLU_YAML_SEQUENCE || list->count == 0) {
    return tanlu_yaml_fail(list, context, "expected a list of {between: [LABEL, LABEL], rank: R}");
  }
  const char **labels = tanlu_allocate(context, s->parameters, sizeof *labels);
  s->correlation = tanlu_allocate_doubles(context, k, k);
  tanlu_status status = labels && s->correlation ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t p = 0; status == TANLU_OK && p < s->parameters; p++) {
    labels[p] = s->parameter[p].label;
    if (!labels[p]) status = TANLU_ERR_INPUT; /* said where the parameter is */
  }
  const bool open = status == TANLU_OK;
  for (size_t i = 0; open && i < k; i++) s->correlation[i * k + i] = 1.0;
  for (size_t i = 0; open && i < list->count; i++) {
    const tanlu_status own = read_pair(s, list->child[i], labels, context);
    if (status == TANLU_OK) status = own;
  }
  if (status == TANLU_OK) status = check_together(s, list, labels, context);
  free(labels);
  return status;
}
