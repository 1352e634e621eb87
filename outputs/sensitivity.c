#include "outputs/sensitivity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "model/sweep.h"
#include "outputs/result_slab.h"
#include "outputs/sweep_design.h"
#include "outputs/sweep_indices.h"
#include "outputs/sweep_regression.h"
#include "outputs/sweep_view.h"
#include "outputs/table.h"
#include "solvers/estimators.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_result *result;
  const tanlu_sensitivity_options *options;
  FILE *stream;
  tanlu_context *context;
  const tanlu_labels *parameter, *factor; /* factor: of a saltelli or morris design, else NULL */
  const char *const *simplex;             /* of each parameter, "" for none */
  tanlu_design *design;                   /* saltelli and morris, else NULL */
  size_t samples, solved;
  const double *state, *drawn; /* drawn: for regression */
  double *y;                   /* samples: of the output at hand, NaN where it has none */
  uint64_t seed;
  tanlu_sweep_indices *indices; /* where they are stored; NULL where they are not */
  size_t output;                /* the output at hand, in the file */
  bool printed;
} analysis;

static const char *attribute(const analysis *a, const char *name) {
  const char *text = tanlu_result_attribute(a->result, name);
  return text != NULL ? text : "";
}

/* ---- tables ------------------------------------------------------------------------------------------------------------- */

/* Parameters from the largest key down; order is parameter->count long. */
static void sort_by(const double *key, size_t *order, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t k = i;
    for (; k > 0 && !(key[order[k - 1]] >= key[i] || isnan(key[i])); k--) order[k] = order[k - 1];
    order[k] = i;
  }
}

static void add_interval(tanlu_table *table, const tanlu_estimate *e, int decimals) {
  char text[64];
  tanlu_table_number(table, e->value, decimals);
  (void)snprintf(text, sizeof text, "%.*f to %.*f", decimals, e->low, decimals, e->high);
  tanlu_table_text(table, isnan(e->low) ? "-" : text);
}

static tanlu_status print_second(const analysis *a, const tanlu_estimate *second) {
  const size_t k = a->factor->count;
  tanlu_table *table = tanlu_table_create(a->context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "together", TANLU_LEFT);
  tanlu_table_column(table, "with", TANLU_LEFT);
  tanlu_table_column(table, "second", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  for (size_t i = 0, pair = 0; i < k; i++) {
    for (size_t j = i + 1; j < k; j++, pair++) {
      if (!(second[pair].low > 0.0)) continue; /* beyond doubt only */
      tanlu_table_text(table, a->factor->code[i]);
      tanlu_table_text(table, a->factor->code[j]);
      add_interval(table, &second[pair], 3);
    }
  }
  (void)fputc('\n', a->stream);
  const tanlu_status status = tanlu_table_print(table, a->stream, a->context);
  tanlu_table_free(&table);
  return status;
}

/* ---- storing ------------------------------------------------------------------------------------------------------------ */

/* Values and intervals of `count` estimates into the variables NAME, NAME_low, NAME_high; `stride` bytes apart. */
static tanlu_status store_estimates(const analysis *a, const char *name, const tanlu_estimate *first, size_t stride,
                                    size_t count) {
  static const char *const suffix[] = {"", "_low", "_high"};
  char own[64];
  double *value = tanlu_allocate_doubles(a->context, count, 1);
  tanlu_status status = value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (int part = 0; status == TANLU_OK && part < 3; part++) {
    for (size_t i = 0; i < count; i++) {
      const tanlu_estimate *e = (const void *)((const char *)first + i * stride);
      value[i] = part == 0 ? e->value : part == 1 ? e->low : e->high;
    }
    (void)snprintf(own, sizeof own, "%s%s", name, suffix[part]);
    status = tanlu_sweep_indices_put(a->indices, own, a->output, value, count, a->context);
  }
  free(value);
  return status;
}

/* What intervals were made with, and the number of units that counts as the end. */
static tanlu_status store_end(const analysis *a, uint64_t used) {
  const double resamples = (double)a->options->resamples;
  tanlu_status status =
      tanlu_sweep_indices_put(a->indices, "sensitivity_resamples", a->output, &resamples, 1, a->context);
  if (status == TANLU_OK) {
    status = tanlu_sweep_indices_put(a->indices, "sensitivity_level", a->output, &a->options->level, 1, a->context);
  }
  return status == TANLU_OK ? tanlu_sweep_indices_end(a->indices, a->output, (double)used, a->context) : status;
}

static tanlu_status store_sobol(const analysis *a, const tanlu_estimate *first, const tanlu_estimate *total,
                                const tanlu_estimate *second, uint64_t used) {
  const size_t k = a->factor->count;
  tanlu_status status = tanlu_sweep_indices_begin(a->indices, a->output, a->context);
  if (status == TANLU_OK) status = store_estimates(a, "sobol_first", first, sizeof *first, k);
  if (status == TANLU_OK) status = store_estimates(a, "sobol_total", total, sizeof *total, k);
  if (status == TANLU_OK && second != NULL) {
    status = store_estimates(a, "sobol_second", second, sizeof *second, k * (k - 1) / 2);
  }
  return status == TANLU_OK ? store_end(a, used) : status;
}

static tanlu_status store_morris(const analysis *a, const tanlu_effect *effect, uint64_t used) {
  const size_t k = a->factor->count;
  double *mu = tanlu_allocate_doubles(a->context, k, 1), *sigma = tanlu_allocate_doubles(a->context, k, 1);
  tanlu_status status = mu != NULL && sigma != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < k; i++) {
    mu[i] = effect[i].mu;
    sigma[i] = effect[i].sigma;
  }
  if (status == TANLU_OK) status = tanlu_sweep_indices_begin(a->indices, a->output, a->context);
  if (status == TANLU_OK) status = store_estimates(a, "morris_mu_star", &effect->mu_star, sizeof *effect, k);
  if (status == TANLU_OK) status = tanlu_sweep_indices_put(a->indices, "morris_mu", a->output, mu, k, a->context);
  if (status == TANLU_OK) status = tanlu_sweep_indices_put(a->indices, "morris_sigma", a->output, sigma, k, a->context);
  free(mu);
  free(sigma);
  return status == TANLU_OK ? store_end(a, used) : status;
}

static tanlu_status store_regression(const analysis *a, const double *coefficient, const double *rank,
                                     const double *explained) {
  const size_t k = a->parameter->count;
  size_t used = 0;
  for (size_t i = 0; i < a->samples; i++) used += isnan(a->y[i]) ? 0 : 1;
  tanlu_status status = tanlu_sweep_indices_begin(a->indices, a->output, a->context);
  if (status == TANLU_OK) {
    status = tanlu_sweep_indices_put(a->indices, "regression_coefficient", a->output, coefficient, k, a->context);
  }
  if (status == TANLU_OK) {
    status = tanlu_sweep_indices_put(a->indices, "rank_correlation", a->output, rank, k, a->context);
  }
  if (status == TANLU_OK) {
    status = tanlu_sweep_indices_put(a->indices, "regression_explained", a->output, explained, 1, a->context);
  }
  return status == TANLU_OK ? tanlu_sweep_indices_end(a->indices, a->output, (double)used, a->context) : status;
}

/* ---- one output --------------------------------------------------------------------------------------------------------- */

static tanlu_status sobol(const analysis *a) {
  const size_t k = a->factor->count;
  const tanlu_bootstrap bootstrap = {a->options->resamples, a->options->level, a->seed};
  const bool pairs = tanlu_design_second_order(a->design) && k > 1;
  uint64_t used = 0;
  tanlu_estimate *first = tanlu_allocate(a->context, k, sizeof *first);
  tanlu_estimate *total = tanlu_allocate(a->context, k, sizeof *total);
  tanlu_estimate *second = pairs ? tanlu_allocate(a->context, k * (k - 1) / 2, sizeof *second) : NULL;
  size_t *order = tanlu_allocate(a->context, k, sizeof *order);
  double *key = tanlu_allocate_doubles(a->context, k, 1);
  tanlu_table *table = tanlu_table_create(a->context);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (first == NULL || total == NULL || (pairs && second == NULL) || order == NULL || key == NULL || table == NULL) {
    goto done;
  }
  status = tanlu_sobol_indices(a->design, a->y, 1, &bootstrap, first, total, second, &used, a->context);
  if (status != TANLU_OK) goto done;
  for (size_t i = 0; i < k; i++) key[i] = total[i].value;
  sort_by(key, order, k);
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "first", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  tanlu_table_column(table, "total", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  for (size_t i = 0; i < k; i++) {
    tanlu_table_text(table, a->factor->code[order[i]]);
    add_interval(table, &first[order[i]], 3);
    add_interval(table, &total[order[i]], 3);
  }
  (void)fprintf(a->stream, "Sobol indices from %llu base samples, intervals at %g %%\n", (unsigned long long)used,
                100.0 * a->options->level);
  status = tanlu_table_print(table, a->stream, a->context);
  if (status == TANLU_OK && pairs && a->options->second) status = print_second(a, second);
  if (status == TANLU_OK) status = store_sobol(a, first, total, second, used);
done:
  tanlu_table_free(&table);
  free(first);
  free(total);
  free(second);
  free(order);
  free(key);
  return status;
}

static tanlu_status morris(const analysis *a) {
  const size_t k = a->factor->count;
  const tanlu_bootstrap bootstrap = {a->options->resamples, a->options->level, a->seed};
  uint64_t used = 0;
  tanlu_effect *effect = tanlu_allocate(a->context, k, sizeof *effect);
  size_t *order = tanlu_allocate(a->context, k, sizeof *order);
  double *key = tanlu_allocate_doubles(a->context, k, 1), largest = 0.0;
  tanlu_table *table = tanlu_table_create(a->context);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (effect == NULL || order == NULL || key == NULL || table == NULL) goto done;
  status = tanlu_morris_effects(a->design, a->y, 1, &bootstrap, effect, &used, a->context);
  if (status != TANLU_OK) goto done;
  for (size_t i = 0; i < k; i++) {
    key[i] = effect[i].mu_star.value;
    largest = fmax(largest, key[i]);
  }
  sort_by(key, order, k);
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "mu*", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  tanlu_table_column(table, "mu", TANLU_RIGHT);
  tanlu_table_column(table, "sigma", TANLU_RIGHT);
  const int decimals = tanlu_decimals(largest);
  for (size_t i = 0; i < k; i++) {
    tanlu_table_text(table, a->factor->code[order[i]]);
    add_interval(table, &effect[order[i]].mu_star, decimals);
    tanlu_table_number(table, effect[order[i]].mu, decimals);
    tanlu_table_number(table, effect[order[i]].sigma, decimals);
  }
  (void)fprintf(a->stream, "elementary effects over the whole range, from %llu trajectories, intervals at %g %%\n",
                (unsigned long long)used, 100.0 * a->options->level);
  status = tanlu_table_print(table, a->stream, a->context);
  if (status == TANLU_OK) status = store_morris(a, effect, used);
done:
  tanlu_table_free(&table);
  free(effect);
  free(order);
  free(key);
  return status;
}

static tanlu_status regression(const analysis *a) {
  const size_t k = a->parameter->count;
  double explained = 0.0;
  double *coefficient = tanlu_allocate_doubles(a->context, k, 1), *rank = tanlu_allocate_doubles(a->context, k, 1);
  double *key = tanlu_allocate_doubles(a->context, k, 1);
  size_t *order = tanlu_allocate(a->context, k, sizeof *order);
  tanlu_table *table = tanlu_table_create(a->context);
  bool *left_out = tanlu_allocate(a->context, k, sizeof *left_out);
  const tanlu_sweep_regression data = {a->samples, k, a->drawn, a->y, a->simplex};
  tanlu_status status = TANLU_ERR_MEMORY;
  if (coefficient == NULL || rank == NULL || key == NULL || order == NULL || table == NULL || left_out == NULL)
    goto done;
  status = tanlu_sweep_regress(&data, left_out, coefficient, rank, &explained, a->context);
  if (status != TANLU_OK) goto done;
  for (size_t i = 0; i < k; i++) key[i] = fabs(coefficient[i]);
  sort_by(key, order, k);
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "standardised coefficient", TANLU_RIGHT);
  tanlu_table_column(table, "partial rank correlation", TANLU_RIGHT);
  for (size_t i = 0; i < k; i++) {
    if (left_out[order[i]]) continue;
    tanlu_table_text(table, a->parameter->code[order[i]]);
    tanlu_table_number(table, coefficient[order[i]], 3);
    tanlu_table_number(table, rank[order[i]], 3);
  }
  (void)fprintf(a->stream, "linear regression, which explains %.1f %% of the variance\n", 100.0 * explained);
  status = tanlu_table_print(table, a->stream, a->context);
  for (size_t i = 0; status == TANLU_OK && i < k; i++) {
    if (left_out[i]) {
      (void)fprintf(a->stream, "without %s, at whose expense the other members of its simplex go\n",
                    a->parameter->code[i]);
    }
  }
  if (status == TANLU_OK) status = store_regression(a, coefficient, rank, &explained);
done:
  tanlu_table_free(&table);
  free(coefficient);
  free(rank);
  free(key);
  free(order);
  free(left_out);
  return status;
}

/* Column `c` of a variable whose rows are `width` wide, under its heading. What does not vary or is too often missing gets a line
 * instead of a table. */
static tanlu_status analyse(analysis *a, const char *heading, const char *unit, const char *variable, size_t c) {
  const tanlu_result_variable *value = tanlu_result_variable_find(a->result, variable);
  double lowest = (double)INFINITY, highest = -(double)INFINITY;
  size_t count = 0;
  tanlu_status status = tanlu_result_columns_read(a->result, value, &c, 1, a->y, a->context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < a->samples; i++) {
    const double v = (int)a->state[i] == TANLU_SAMPLE_SOLVED ? a->y[i] : (double)NAN;
    a->y[i] = v;
    if (isnan(v)) continue;
    count++;
    lowest = fmin(lowest, v);
    highest = fmax(highest, v);
  }
  a->output = a->indices != NULL ? tanlu_sweep_indices_find(a->result, heading) : TANLU_NONE;
  (void)fprintf(a->stream, "%s%s (%s)", a->printed ? "\n" : "", heading, unit);
  a->printed = true;
  if (count == 0) {
    (void)fprintf(a->stream, ": missing in every sample\n");
    return TANLU_OK;
  }
  if (!(highest > lowest)) {
    (void)fprintf(a->stream, ": %.6g in every sample\n", lowest);
    return TANLU_OK;
  }
  (void)fprintf(a->stream, ", %.6g to %.6g in %zu of %zu samples: ", lowest, highest, count, a->samples);
  tanlu_context *own = tanlu_context_create();
  if (own == NULL) return TANLU_ERR_MEMORY;
  tanlu_context *outer = a->context;
  a->context = own;
  const tanlu_design_kind kind = a->design != NULL ? tanlu_design_get_kind(a->design) : TANLU_DESIGN_KINDS;
  status = kind == TANLU_DESIGN_SALTELLI ? sobol(a) : kind == TANLU_DESIGN_MORRIS ? morris(a) : regression(a);
  a->context = outer;
  if (status == TANLU_ERR_MODEL) { /* too few samples for this output: said in its place */
    (void)fprintf(a->stream, "%s\n", tanlu_context_count(own) > 0 ? tanlu_context_message(own, 0) : "not possible");
    status = TANLU_OK;
  } else {
    tanlu_context_append(a->context, own);
  }
  tanlu_context_free(&own);
  return status;
}

/* ---- which outputs ------------------------------------------------------------------------------------------------------ */

static const char *text_at(const analysis *a, const char *name, size_t i) {
  const tanlu_result_texts *texts = tanlu_result_texts_find(a->result, name);
  return texts != NULL && i < texts->count ? texts->text[i] : "";
}

static tanlu_status scalar(analysis *a, size_t i) {
  return analyse(a, tanlu_result_labels(a->result, "summary")->code[i], text_at(a, "summary_unit", i), "summary_value",
                 i);
}

static tanlu_status indicator(analysis *a, size_t i, size_t t) {
  const tanlu_labels *labels = tanlu_result_labels(a->result, "indicator");
  size_t years = 0;
  char heading[96];
  const int *year = tanlu_result_years(a->result, &years);
  (void)snprintf(heading, sizeof heading, "%s.%d", labels->code[i], year[t]);
  return analyse(a, heading, text_at(a, "indicator_unit", i), "indicator_value", t * labels->count + i);
}

/* NAME or NAME.YEAR. */
static tanlu_status named(analysis *a, const char *name) {
  const tanlu_labels *scalars = tanlu_result_labels(a->result, "summary");
  const tanlu_labels *labels = tanlu_result_labels(a->result, "indicator");
  const bool sampled = tanlu_result_variable_find(a->result, "indicator_value") != NULL;
  size_t years = 0;
  const int *year = tanlu_result_years(a->result, &years);
  const size_t found = tanlu_labels_find(scalars, name);
  if (found != TANLU_NONE) return scalar(a, found);
  char code[64];
  const size_t length = strcspn(name, ".");
  (void)snprintf(code, sizeof code, "%.*s", (int)(length < sizeof code ? length : sizeof code - 1), name);
  const size_t i = sampled ? tanlu_labels_find(labels, code) : TANLU_NONE;
  if (i == TANLU_NONE) {
    const char *nearest = sampled ? tanlu_labels_nearest(labels, code) : NULL;
    if (nearest == NULL) nearest = tanlu_labels_nearest(scalars, code);
    return tanlu_fail_at(
        a->context, TANLU_ERR_INPUT, tanlu_result_path(a->result), 0, 0, "the sweep keeps no '%s' of its samples%s%s%s",
        code, nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
  }
  if (name[length] == '\0') return indicator(a, i, years - 1);
  for (size_t t = 0; t < years; t++) {
    char text[16];
    (void)snprintf(text, sizeof text, "%d", year[t]);
    if (strcmp(text, name + length + 1) == 0) return indicator(a, i, t);
  }
  return tanlu_fail_at(a->context, TANLU_ERR_INPUT, tanlu_result_path(a->result), 0, 0, "the sweep keeps no year '%s'",
                       name + length + 1);
}

static tanlu_status usual(analysis *a) {
  const tanlu_labels *scalars = tanlu_result_labels(a->result, "summary");
  const tanlu_labels *labels = tanlu_result_labels(a->result, "indicator");
  static const char *const main_ones[] = {"peak_year", "peak_co2", "cumulative_co2", "residual_co2"};
  size_t years = 0;
  tanlu_status status = TANLU_OK;
  (void)tanlu_result_years(a->result, &years);
  for (size_t i = 0; status == TANLU_OK && i < scalars->count; i++) {
    bool shown = a->options->all;
    for (size_t k = 0; k < sizeof main_ones / sizeof *main_ones; k++) {
      shown = shown || strcmp(scalars->code[i], main_ones[k]) == 0;
    }
    if (shown) status = scalar(a, i);
  }
  if (tanlu_result_variable_find(a->result, "indicator_value") == NULL) return status;
  for (size_t i = 0; status == TANLU_OK && i < labels->count; i++) {
    for (size_t t = a->options->all ? 0 : years - 1; status == TANLU_OK && t < years; t++) status = indicator(a, i, t);
  }
  return status;
}

/* ---- the file ----------------------------------------------------------------------------------------------------------- */

/* The design that the samples came from; only those whose samples belong together are needed. */
static tanlu_status rebuild_design(analysis *a) {
  const char *path = tanlu_result_path(a->result);
  const tanlu_result_texts *simplex = tanlu_result_texts_find(a->result, "parameter_simplex");
  tanlu_sweep_description d = {.design = attribute(a, "design"),
                               .design_samples = (size_t)strtoull(attribute(a, "design_samples"), NULL, 10),
                               .seed = a->seed,
                               .second_order = strcmp(attribute(a, "second_order"), "true") == 0,
                               .levels = (size_t)strtoull(attribute(a, "levels"), NULL, 10)};
  size_t *dimensions = NULL;
  tanlu_design_options options = {.factor = NULL};
  tanlu_status status = tanlu_sweep_design_factors(a->result, &d.factors, &dimensions, a->context);
  if (status != TANLU_OK) return status;
  d.factor_dimensions = dimensions;
  a->simplex = (const char *const *)simplex->text;
  const bool grouped = strcmp(d.design, "saltelli") == 0 || strcmp(d.design, "morris") == 0;
  if (grouped && strtoull(attribute(a, "samples"), NULL, 10) != a->samples) {
    status = tanlu_fail_at(a->context, TANLU_ERR_INPUT, path, 0, 0,
                           "holds a part of the samples; join the shards with 'tanlu merge' first");
  } else if (grouped) {
    a->factor = tanlu_result_labels(a->result, "factor");
    status = tanlu_sweep_design_options(&options, &d, a->context);
    if (status == TANLU_OK) status = tanlu_design_create(&a->design, &options, a->context);
  }
  if (status == TANLU_OK &&
      (simplex->count != a->parameter->count || (grouped && (a->factor == NULL || a->factor->count != d.factors ||
                                                             tanlu_design_samples(a->design) != a->samples)))) {
    status = tanlu_fail_at(a->context, TANLU_ERR_INPUT, path, 0, 0, "is not a complete file of a sweep");
  }
  tanlu_sweep_design_clear(&options);
  free(dimensions);
  return status;
}

static tanlu_status open_samples(analysis *a) {
  const tanlu_result_variable *state = NULL, *drawn = NULL;
  const char *path = tanlu_result_path(a->result);
  if (!tanlu_result_is_sweep(a->result)) {
    return tanlu_fail_at(a->context, TANLU_ERR_INPUT, path, 0, 0, "is not the file of a sweep");
  }
  if (tanlu_result_variable_find(a->result, "parameter_value") == NULL) {
    return tanlu_fail_at(a->context, TANLU_ERR_INPUT, path, 0, 0,
                         "keeps statistics alone; indices need the samples: expected a sweep with another 'keep'");
  }
  a->parameter = tanlu_result_labels(a->result, "parameter");
  tanlu_status status = tanlu_result_variable_read(a->result, "status", &state, a->context);
  if (status != TANLU_OK) return status;
  drawn = tanlu_result_variable_find(a->result, "parameter_value");
  if (a->parameter == NULL || tanlu_result_variable_find(a->result, "summary_value") == NULL ||
      tanlu_result_labels(a->result, "indicator") == NULL || tanlu_result_labels(a->result, "summary") == NULL ||
      drawn->rank != 2 || drawn->extent[1] != a->parameter->count) {
    return tanlu_fail_at(a->context, TANLU_ERR_INPUT, path, 0, 0, "is not a complete file of a sweep");
  }
  a->samples = state->extent[0];
  a->state = state->value;
  a->seed = strtoull(attribute(a, "seed"), NULL, 10);
  a->y = tanlu_allocate_doubles(a->context, a->samples, 1);
  if (a->y == NULL) return TANLU_ERR_MEMORY;
  status = rebuild_design(a);
  if (status == TANLU_OK && a->design == NULL) { /* for regression */
    status = tanlu_result_variable_read(a->result, "parameter_value", &drawn, a->context);
    if (status == TANLU_OK) a->drawn = drawn->value;
  }
  for (size_t i = 0; status == TANLU_OK && i < a->samples; i++) {
    if ((int)a->state[i] != TANLU_SAMPLE_OPEN) continue;
    tanlu_warn(a->context, "%s: the sweep is not finished; what follows is of the samples that are done", path);
    return TANLU_OK; /* nothing to be stored yet */
  }
  return status == TANLU_OK ? tanlu_sweep_indices_open(&a->indices, a->result, a->context) : status;
}

tanlu_status tanlu_sensitivity_print(tanlu_result *result, const char *const *name, size_t names,
                                     const tanlu_sensitivity_options *options, FILE *stream, tanlu_context *context) {
  analysis a = {.result = result, .options = options, .stream = stream, .context = context};
  tanlu_status status = open_samples(&a);
  if (status == TANLU_OK && names == 0) status = usual(&a);
  for (size_t i = 0; status == TANLU_OK && i < names; i++) status = named(&a, name[i]);
  tanlu_sweep_indices_close(&a.indices);
  tanlu_design_free(&a.design);
  free(a.y);
  return status;
}
