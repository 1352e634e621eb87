#include "outputs/sweep_importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/sweep.h"
#include "outputs/sweep_design.h"
#include "outputs/sweep_regression.h"
#include "outputs/sweep_spread.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

struct tanlu_sweep_importance {
  tanlu_result *result;
  const tanlu_labels *parameter, *factor; /* factor: of a saltelli or morris design, else NULL */
  const char *const *simplex;             /* of each parameter, "" for none */
  tanlu_design *design;                   /* saltelli and morris, else NULL */
  size_t samples;
  bool finished;
  const double *state, *drawn; /* drawn: for regression */
  double *y;                   /* samples: of the output at hand, NaN where it has none */
  tanlu_bootstrap bootstrap;
};

static const char *attribute(tanlu_result *result, const char *name) {
  const char *text = tanlu_result_attribute(result, name);
  return text != NULL ? text : "";
}

static const char *text_at(tanlu_result *result, const char *name, size_t i) {
  const tanlu_result_texts *texts = tanlu_result_texts_find(result, name);
  return texts != NULL && i < texts->count ? texts->text[i] : "";
}

/* ---- outputs ------------------------------------------------------------------------------------------------------------ */

static tanlu_sweep_output scalar(tanlu_result *result, size_t i) {
  tanlu_sweep_output output = {.unit = text_at(result, "summary_unit", i), .variable = "summary_value", .cell = i};
  (void)snprintf(output.name, sizeof output.name, "%s", tanlu_result_labels(result, "summary")->code[i]);
  return output;
}

static tanlu_sweep_output indicator(tanlu_result *result, size_t i, size_t t) {
  const tanlu_labels *labels = tanlu_result_labels(result, "indicator");
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  tanlu_sweep_output output = {
      .unit = text_at(result, "indicator_unit", i), .variable = "indicator_value", .cell = t * labels->count + i};
  (void)snprintf(output.name, sizeof output.name, "%s.%d", labels->code[i], year[t]);
  return output;
}

static bool has_indicators(tanlu_result *result) {
  return tanlu_result_variable_find(result, "indicator_value") != NULL;
}

/* How much of "co2_net", "co2_net.2030", "guangdong.co2_net" and "guangdong.co2_net.2030" is the code of an indicator. */
static size_t code_length(const tanlu_labels *labels, const char *name) {
  const size_t length = strcspn(name, ".");
  for (size_t i = 0; i < labels->count; i++) {
    if (strncmp(labels->code[i], name, length) == 0 && labels->code[i][length] == '\0') return length;
  }
  const bool more = name[length] == '.' && !(name[length + 1] >= '0' && name[length + 1] <= '9');
  return more ? length + 1 + strcspn(name + length + 1, ".") : length;
}

tanlu_status tanlu_sweep_output_find(tanlu_sweep_output *output, tanlu_result *result, const char *name,
                                     tanlu_context *context) {
  const tanlu_labels *scalars = tanlu_result_labels(result, "summary");
  const tanlu_labels *labels = tanlu_result_labels(result, "indicator");
  const bool sampled = has_indicators(result);
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  const size_t found = tanlu_labels_find(scalars, name);
  if (found != TANLU_NONE) {
    *output = scalar(result, found);
    return TANLU_OK;
  }
  char code[TANLU_SWEEP_CODE];
  const size_t length = code_length(labels, name);
  (void)snprintf(code, sizeof code, "%.*s", (int)(length < sizeof code ? length : sizeof code - 1), name);
  const size_t i = sampled ? tanlu_labels_find(labels, code) : TANLU_NONE;
  if (i == TANLU_NONE) {
    const char *nearest = sampled ? tanlu_labels_nearest(labels, code) : NULL;
    if (nearest == NULL) nearest = tanlu_labels_nearest(scalars, code);
    return tanlu_fail_at(
        context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0, "the sweep keeps no '%s' of its samples%s%s%s", code,
        nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
  }
  for (size_t t = 0; t < years; t++) {
    char text[16];
    (void)snprintf(text, sizeof text, "%d", year[t]);
    if (name[length] == '\0' ? t + 1 < years : strcmp(text, name + length + 1) != 0) continue;
    *output = indicator(result, i, t);
    return TANLU_OK;
  }
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0, "the sweep keeps no year '%s'",
                       name + length + 1);
}

tanlu_status tanlu_sweep_outputs_list(tanlu_sweep_output **output, size_t *count, tanlu_result *result, bool all,
                                      tanlu_context *context) {
  const tanlu_labels *scalars = tanlu_result_labels(result, "summary");
  const tanlu_labels *labels = tanlu_result_labels(result, "indicator");
  static const char *const main_ones[] = {"peak_year", "peak_co2", "cumulative_co2", "residual_co2"};
  size_t years = 0;
  (void)tanlu_result_years(result, &years);
  *count = 0;
  *output = tanlu_allocate(context, scalars->count + labels->count * years, sizeof **output);
  if (*output == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < scalars->count; i++) {
    bool shown = all;
    for (size_t k = 0; k < sizeof main_ones / sizeof *main_ones; k++) {
      shown = shown || strcmp(scalars->code[i], main_ones[k]) == 0;
    }
    if (shown) (*output)[(*count)++] = scalar(result, i);
  }
  if (!has_indicators(result)) return TANLU_OK;
  for (size_t i = 0; i < labels->count; i++) {
    for (size_t t = all ? 0 : years - 1; t < years; t++) (*output)[(*count)++] = indicator(result, i, t);
  }
  return TANLU_OK;
}

/* ---- one output --------------------------------------------------------------------------------------------------------- */

void tanlu_sweep_finding_clear(tanlu_sweep_finding *f) {
  free(f->order);
  free(f->first);
  free(f->total);
  free(f->second);
  free(f->effect);
  free(f->coefficient);
  free(f->rank);
  free(f->left_out);
  *f = (tanlu_sweep_finding){0};
}

/* From the largest key down, those without one last; order is count long. */
static void sort_by(const double *key, size_t *order, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t k = i;
    for (; k > 0 && !(key[order[k - 1]] >= key[i] || isnan(key[i])); k--) order[k] = order[k - 1];
    order[k] = i;
  }
}

static tanlu_status sobol(tanlu_sweep_finding *f, const tanlu_sweep_importance *m, double *key,
                          tanlu_context *context) {
  const size_t k = f->factors;
  const bool pairs = tanlu_sweep_importance_pairs(m);
  f->first = tanlu_allocate(context, k, sizeof *f->first);
  f->total = tanlu_allocate(context, k, sizeof *f->total);
  f->second = pairs ? tanlu_allocate(context, k * (k - 1) / 2, sizeof *f->second) : NULL;
  if (f->first == NULL || f->total == NULL || (pairs && f->second == NULL)) return TANLU_ERR_MEMORY;
  const tanlu_status status =
      tanlu_sobol_indices(m->design, m->y, 1, &m->bootstrap, f->first, f->total, f->second, &f->used, context);
  for (size_t i = 0; i < k; i++) key[i] = f->total[i].value;
  return status;
}

static tanlu_status morris(tanlu_sweep_finding *f, const tanlu_sweep_importance *m, double *key,
                           tanlu_context *context) {
  f->effect = tanlu_allocate(context, f->factors, sizeof *f->effect);
  if (f->effect == NULL) return TANLU_ERR_MEMORY;
  const tanlu_status status = tanlu_morris_effects(m->design, m->y, 1, &m->bootstrap, f->effect, &f->used, context);
  for (size_t i = 0; i < f->factors; i++) key[i] = f->effect[i].mu_star.value;
  return status;
}

static tanlu_status regression(tanlu_sweep_finding *f, const tanlu_sweep_importance *m, double *key,
                               tanlu_context *context) {
  const tanlu_sweep_regression data = {m->samples, f->factors, m->drawn, m->y, m->simplex};
  f->coefficient = tanlu_allocate_doubles(context, f->factors, 1);
  f->rank = tanlu_allocate_doubles(context, f->factors, 1);
  f->left_out = tanlu_allocate(context, f->factors, sizeof *f->left_out);
  if (f->coefficient == NULL || f->rank == NULL || f->left_out == NULL) return TANLU_ERR_MEMORY;
  const tanlu_status status = tanlu_sweep_regress(&data, f->left_out, f->coefficient, f->rank, &f->explained, context);
  f->used = f->count;
  for (size_t i = 0; i < f->factors; i++) key[i] = fabs(f->coefficient[i]);
  return status;
}

/* Numbers of an output that varies. Too few samples for them are a finding, not an error. */
static tanlu_status find_numbers(tanlu_sweep_finding *f, const tanlu_sweep_importance *m, tanlu_context *context) {
  tanlu_context *own = tanlu_context_create();
  double *key = tanlu_allocate_doubles(context, f->factors, 1);
  f->order = tanlu_allocate(context, f->factors, sizeof *f->order);
  tanlu_status status = own != NULL && key != NULL && f->order != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    const tanlu_importance_method method = tanlu_sweep_importance_method(m);
    status = method == TANLU_BY_SOBOL    ? sobol(f, m, key, own)
             : method == TANLU_BY_MORRIS ? morris(f, m, key, own)
                                         : regression(f, m, key, own);
  }
  if (status == TANLU_OK) sort_by(key, f->order, f->factors);
  if (status == TANLU_ERR_MODEL) {
    f->kind = TANLU_FINDING_TOO_FEW;
    (void)snprintf(f->reason, sizeof f->reason, "%s",
                   tanlu_context_count(own) > 0 ? tanlu_context_message(own, 0) : "not possible");
    status = TANLU_OK;
  } else if (own != NULL) {
    tanlu_context_append(context, own);
  }
  tanlu_context_free(&own);
  free(key);
  return status;
}

tanlu_status tanlu_sweep_importance_find(tanlu_sweep_finding *f, tanlu_sweep_importance *m,
                                         const tanlu_sweep_output *output, tanlu_context *context) {
  *f = (tanlu_sweep_finding){.least = (double)INFINITY, .most = -(double)INFINITY};
  f->factors = tanlu_sweep_importance_factors(m)->count;
  const tanlu_status status =
      tanlu_sweep_column_read(m->result, output->variable, output->cell, m->state, m->y, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < m->samples; i++) {
    if (isnan(m->y[i])) continue;
    f->count++;
    f->least = fmin(f->least, m->y[i]);
    f->most = fmax(f->most, m->y[i]);
  }
  f->kind = f->count == 0           ? TANLU_FINDING_MISSING
            : !(f->most > f->least) ? TANLU_FINDING_CONSTANT
                                    : TANLU_FINDING_NUMBERS;
  return f->kind == TANLU_FINDING_NUMBERS ? find_numbers(f, m, context) : TANLU_OK;
}

/* ---- the file ----------------------------------------------------------------------------------------------------------- */

void tanlu_sweep_importance_free(tanlu_sweep_importance **importance) {
  tanlu_sweep_importance *m = *importance;
  if (m == NULL) return;
  tanlu_design_free(&m->design);
  free(m->y);
  free(m);
  *importance = NULL;
}

tanlu_importance_method tanlu_sweep_importance_method(const tanlu_sweep_importance *m) {
  if (m->design == NULL) return TANLU_BY_REGRESSION;
  return tanlu_design_get_kind(m->design) == TANLU_DESIGN_SALTELLI ? TANLU_BY_SOBOL : TANLU_BY_MORRIS;
}

bool tanlu_sweep_importance_pairs(const tanlu_sweep_importance *m) {
  return tanlu_sweep_importance_method(m) == TANLU_BY_SOBOL && tanlu_design_second_order(m->design) &&
         m->factor->count > 1;
}

bool tanlu_sweep_importance_finished(const tanlu_sweep_importance *m) {
  return m->finished;
}

size_t tanlu_sweep_importance_samples(const tanlu_sweep_importance *m) {
  return m->samples;
}

const tanlu_labels *tanlu_sweep_importance_factors(const tanlu_sweep_importance *m) {
  return m->factor != NULL ? m->factor : m->parameter;
}

const double *tanlu_sweep_importance_values(const tanlu_sweep_importance *m) {
  return m->y;
}

/* The design that the samples came from; only those whose samples belong together are needed. */
static tanlu_status rebuild_design(tanlu_sweep_importance *m, tanlu_context *context) {
  const char *path = tanlu_result_path(m->result);
  const tanlu_result_texts *simplex = tanlu_result_texts_find(m->result, "parameter_simplex");
  tanlu_sweep_description d = {.design = attribute(m->result, "design"),
                               .design_samples = (size_t)strtoull(attribute(m->result, "design_samples"), NULL, 10),
                               .seed = m->bootstrap.seed,
                               .second_order = strcmp(attribute(m->result, "second_order"), "true") == 0,
                               .levels = (size_t)strtoull(attribute(m->result, "levels"), NULL, 10)};
  size_t *dimensions = NULL;
  tanlu_design_options options = {.factor = NULL};
  tanlu_status status = tanlu_sweep_design_factors(m->result, &d.factors, &dimensions, context);
  if (status != TANLU_OK) return status;
  d.factor_dimensions = dimensions;
  m->simplex = (const char *const *)simplex->text;
  const bool grouped = strcmp(d.design, "saltelli") == 0 || strcmp(d.design, "morris") == 0;
  if (grouped && strtoull(attribute(m->result, "samples"), NULL, 10) != m->samples) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                           "holds a part of the samples; join the shards with 'tanlu merge' first");
  } else if (grouped) {
    m->factor = tanlu_result_labels(m->result, "factor");
    status = tanlu_sweep_design_options(&options, &d, context);
    if (status == TANLU_OK) status = tanlu_design_create(&m->design, &options, context);
  }
  if (status == TANLU_OK &&
      (simplex->count != m->parameter->count || (grouped && (m->factor == NULL || m->factor->count != d.factors ||
                                                             tanlu_design_samples(m->design) != m->samples)))) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not a complete file of a sweep");
  }
  tanlu_sweep_design_clear(&options);
  free(dimensions);
  return status;
}

static tanlu_status open_samples(tanlu_sweep_importance *m, tanlu_context *context) {
  const tanlu_result_variable *state = NULL, *drawn = NULL;
  const char *path = tanlu_result_path(m->result);
  if (!tanlu_result_is_sweep(m->result)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not the file of a sweep");
  }
  if (tanlu_result_variable_find(m->result, "parameter_value") == NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "keeps statistics alone; indices need the samples: expected a sweep with another 'keep'");
  }
  m->parameter = tanlu_result_labels(m->result, "parameter");
  tanlu_status status = tanlu_result_variable_read(m->result, "status", &state, context);
  if (status != TANLU_OK) return status;
  drawn = tanlu_result_variable_find(m->result, "parameter_value");
  if (m->parameter == NULL || !tanlu_sweep_sampled(m->result) || tanlu_result_labels(m->result, "indicator") == NULL ||
      tanlu_result_labels(m->result, "summary") == NULL || drawn->rank != 2 ||
      drawn->extent[1] != m->parameter->count) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not a complete file of a sweep");
  }
  m->samples = state->extent[0];
  m->state = state->value;
  m->bootstrap.seed = strtoull(attribute(m->result, "seed"), NULL, 10);
  m->y = tanlu_allocate_doubles(context, m->samples, 1);
  if (m->y == NULL) return TANLU_ERR_MEMORY;
  status = rebuild_design(m, context);
  if (status == TANLU_OK && m->design == NULL) { /* for regression */
    status = tanlu_result_variable_read(m->result, "parameter_value", &drawn, context);
    if (status == TANLU_OK) m->drawn = drawn->value;
  }
  m->finished = true;
  for (size_t i = 0; i < m->samples; i++) m->finished = m->finished && (int)m->state[i] != TANLU_SAMPLE_OPEN;
  return status;
}

tanlu_status tanlu_sweep_importance_open(tanlu_sweep_importance **importance, tanlu_result *result, size_t resamples,
                                         double level, tanlu_context *context) {
  tanlu_sweep_importance *m = *importance = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  m->result = result;
  m->bootstrap = (tanlu_bootstrap){.resamples = resamples, .level = level};
  const tanlu_status status = open_samples(m, context);
  if (status != TANLU_OK) tanlu_sweep_importance_free(importance);
  return status;
}
