/* Distributions of a sweep file: of one number, and of numbers with a fixed sum. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/sweep_private.h"
#include "solvers/memory.h"

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
  if (status != TANLU_OK) status = tanlu_sweep_refuse(node, "", inner, context);
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

tanlu_status tanlu_sweep_read_distribution(const tanlu_yaml *node, tanlu_distribution **distribution, char **described,
                                           tanlu_context *context) {
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
    if (status == TANLU_OK && given)
      status = tanlu_sweep_read_numbers(given, list->count, list->count, &weight, &weights, context);
  }
  const bool right = list && list->kind == TANLU_YAML_SEQUENCE && list->count >= distribution_form[kind].least &&
                     list->count <= distribution_form[kind].most;
  if (status == TANLU_OK && !right) {
    status = tanlu_yaml_fail(list, context, "expected %s: %s", words[kind], distribution_form[kind].form);
  }
  if (status == TANLU_OK) status = tanlu_sweep_read_numbers(list, 1, list->count, &value, &count, context);
  if (status == TANLU_OK) {
    tanlu_distribution_options options = options_of((tanlu_distribution_kind)kind, value, count);
    options.weights = weight;
    status = create_distribution(distribution, &options, own, context);
  }
  if (status == TANLU_OK && !(*described = describe(words[kind], value, count))) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  }
  free(value);
  free(weight);
  return status;
}

/* ---- shares of a simplex ------------------------------------------------------------------------------------------------ */

/* [[lowest, highest], ...] of the members themselves, as shares of the total; the caller frees both. */
static tanlu_status read_bounds(const tanlu_yaml *node, const tanlu_sweep_simplex *x, double **lower, double **upper,
                                tanlu_context *context) {
  *lower = tanlu_allocate_doubles(context, x->count, 1);
  *upper = tanlu_allocate_doubles(context, x->count, 1);
  if (!*lower || !*upper) return TANLU_ERR_MEMORY;
  if (node->kind != TANLU_YAML_SEQUENCE || node->count != x->count) {
    return tanlu_yaml_fail(node, context, "expected a list of %zu ranges [lowest, highest], one a member", x->count);
  }
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < x->count; i++) {
    double *range = NULL;
    size_t count = 0;
    tanlu_status own = tanlu_sweep_read_numbers(node->child[i], 2, 2, &range, &count, context);
    if (own == TANLU_OK && !(0.0 <= range[0] && range[0] <= range[1] && range[1] <= x->total)) {
      own = tanlu_yaml_fail(node->child[i], context, "from %g to %g; expected 0 <= lowest <= highest <= %g", range[0],
                            range[1], x->total);
    }
    if (own == TANLU_OK) {
      (*lower)[i] = range[0] / x->total;
      (*upper)[i] = range[1] / x->total;
    }
    free(range);
    if (status == TANLU_OK) status = own;
  }
  return status;
}

tanlu_status tanlu_sweep_read_shares(const tanlu_yaml *node, tanlu_sweep_simplex *x, char **described,
                                     tanlu_context *context) {
  const tanlu_yaml *dirichlet = tanlu_yaml_find(node, "dirichlet"), *uniform = tanlu_yaml_find(node, "uniform");
  double *alpha = NULL, *lower = NULL, *upper = NULL;
  size_t count = 0;
  if (!dirichlet == !uniform) {
    return tanlu_yaml_fail(node, context,
                           "expected either dirichlet: [ALPHA, ...] or uniform: [[LOWEST, HIGHEST], ...]");
  }
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = inner ? TANLU_OK : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  if (status == TANLU_OK && dirichlet) {
    status = tanlu_sweep_read_numbers(dirichlet, x->count, x->count, &alpha, &count, context);
    if (status == TANLU_OK && tanlu_simplex_dirichlet(&x->shares, count, alpha, "dirichlet", inner) != TANLU_OK) {
      status = tanlu_sweep_refuse(dirichlet, "", inner, context);
    }
    if (status == TANLU_OK) *described = describe("dirichlet", alpha, count);
  } else if (status == TANLU_OK) {
    status = read_bounds(uniform, x, &lower, &upper, context);
    if (status == TANLU_OK && tanlu_simplex_bounded(&x->shares, x->count, lower, upper, "uniform", inner) != TANLU_OK) {
      status = tanlu_sweep_refuse(uniform, x->total != 1.0 ? "as shares of the total: " : "", inner, context);
    }
    if (status == TANLU_OK) *described = tanlu_string_copy(context, "uniform on a simplex");
  }
  if (status == TANLU_OK && !*described) status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  tanlu_context_free(&inner);
  free(alpha);
  free(lower);
  free(upper);
  return status;
}
