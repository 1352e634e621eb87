#include "outputs/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/sweep_indices.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_result *result;
  const tanlu_sensitivity_options *options;
  FILE *stream;
  tanlu_context *context;
  tanlu_sweep_importance *importance;
  const tanlu_labels *factor;
  tanlu_sweep_indices *indices; /* where they are stored; NULL where they are not */
  size_t output;                /* the output at hand, in the file */
  bool printed;
} analysis;

/* ---- tables ------------------------------------------------------------------------------------------------------------- */

static void add_interval(tanlu_table *table, const tanlu_estimate *e, int decimals) {
  char text[64];
  tanlu_table_number(table, e->value, decimals);
  (void)snprintf(text, sizeof text, "%.*f to %.*f", decimals, e->low, decimals, e->high);
  tanlu_table_text(table, isnan(e->low) ? "-" : text);
}

static void fill_sobol(tanlu_table *table, const tanlu_labels *factor, const tanlu_sweep_finding *f) {
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "first", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  tanlu_table_column(table, "total", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  for (size_t i = 0; i < f->factors; i++) {
    tanlu_table_text(table, factor->code[f->order[i]]);
    add_interval(table, &f->first[f->order[i]], 3);
    add_interval(table, &f->total[f->order[i]], 3);
  }
}

static void fill_morris(tanlu_table *table, const tanlu_labels *factor, const tanlu_sweep_finding *f) {
  double largest = 0.0;
  for (size_t i = 0; i < f->factors; i++) largest = fmax(largest, f->effect[i].mu_star.value);
  const int decimals = tanlu_decimals(largest);
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "mu*", TANLU_RIGHT);
  tanlu_table_column(table, "interval", TANLU_LEFT);
  tanlu_table_column(table, "mu", TANLU_RIGHT);
  tanlu_table_column(table, "sigma", TANLU_RIGHT);
  for (size_t i = 0; i < f->factors; i++) {
    const tanlu_effect *effect = &f->effect[f->order[i]];
    tanlu_table_text(table, factor->code[f->order[i]]);
    add_interval(table, &effect->mu_star, decimals);
    tanlu_table_number(table, effect->mu, decimals);
    tanlu_table_number(table, effect->sigma, decimals);
  }
}

static void fill_regression(tanlu_table *table, const tanlu_labels *factor, const tanlu_sweep_finding *f) {
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "standardised coefficient", TANLU_RIGHT);
  tanlu_table_column(table, "partial rank correlation", TANLU_RIGHT);
  for (size_t i = 0; i < f->factors; i++) {
    if (f->left_out[f->order[i]]) continue;
    tanlu_table_text(table, factor->code[f->order[i]]);
    tanlu_table_number(table, f->coefficient[f->order[i]], 3);
    tanlu_table_number(table, f->rank[f->order[i]], 3);
  }
}

tanlu_table *tanlu_sensitivity_table(const tanlu_sweep_importance *importance, const tanlu_sweep_finding *finding,
                                     tanlu_context *context) {
  static void (*const fill[])(tanlu_table *, const tanlu_labels *, const tanlu_sweep_finding *) = {
      [TANLU_BY_SOBOL] = fill_sobol, [TANLU_BY_MORRIS] = fill_morris, [TANLU_BY_REGRESSION] = fill_regression};
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return NULL;
  fill[tanlu_sweep_importance_method(importance)](table, tanlu_sweep_importance_factors(importance), finding);
  return table;
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

/* What intervals were made with. */
static tanlu_status store_bootstrap(const analysis *a) {
  const double resamples = (double)a->options->resamples, level = a->options->level;
  const tanlu_status status =
      tanlu_sweep_indices_put(a->indices, "sensitivity_resamples", a->output, &resamples, 1, a->context);
  if (status != TANLU_OK) return status;
  return tanlu_sweep_indices_put(a->indices, "sensitivity_level", a->output, &level, 1, a->context);
}

static tanlu_status store_sobol(const analysis *a, const tanlu_sweep_finding *f) {
  const size_t k = f->factors;
  tanlu_status status = store_estimates(a, "sobol_first", f->first, sizeof *f->first, k);
  if (status == TANLU_OK) status = store_estimates(a, "sobol_total", f->total, sizeof *f->total, k);
  if (status == TANLU_OK && f->second != NULL) {
    status = store_estimates(a, "sobol_second", f->second, sizeof *f->second, k * (k - 1) / 2);
  }
  return status == TANLU_OK ? store_bootstrap(a) : status;
}

static tanlu_status store_morris(const analysis *a, const tanlu_sweep_finding *f) {
  const size_t k = f->factors;
  double *mu = tanlu_allocate_doubles(a->context, k, 1), *sigma = tanlu_allocate_doubles(a->context, k, 1);
  tanlu_status status = mu != NULL && sigma != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < k; i++) {
    mu[i] = f->effect[i].mu;
    sigma[i] = f->effect[i].sigma;
  }
  if (status == TANLU_OK) status = store_estimates(a, "morris_mu_star", &f->effect->mu_star, sizeof *f->effect, k);
  if (status == TANLU_OK) status = tanlu_sweep_indices_put(a->indices, "morris_mu", a->output, mu, k, a->context);
  if (status == TANLU_OK) status = tanlu_sweep_indices_put(a->indices, "morris_sigma", a->output, sigma, k, a->context);
  free(mu);
  free(sigma);
  return status == TANLU_OK ? store_bootstrap(a) : status;
}

static tanlu_status store_regression(const analysis *a, const tanlu_sweep_finding *f) {
  const size_t k = f->factors;
  tanlu_status status =
      tanlu_sweep_indices_put(a->indices, "regression_coefficient", a->output, f->coefficient, k, a->context);
  if (status == TANLU_OK) {
    status = tanlu_sweep_indices_put(a->indices, "rank_correlation", a->output, f->rank, k, a->context);
  }
  if (status == TANLU_OK) {
    status = tanlu_sweep_indices_put(a->indices, "regression_explained", a->output, &f->explained, 1, a->context);
  }
  return status;
}

/* The number of units counts as the end. */
static tanlu_status store(const analysis *a, const tanlu_sweep_finding *f) {
  static tanlu_status (*const store_numbers[])(const analysis *, const tanlu_sweep_finding *) = {
      [TANLU_BY_SOBOL] = store_sobol, [TANLU_BY_MORRIS] = store_morris, [TANLU_BY_REGRESSION] = store_regression};
  tanlu_status status = tanlu_sweep_indices_begin(a->indices, a->output, a->context);
  if (status == TANLU_OK) status = store_numbers[tanlu_sweep_importance_method(a->importance)](a, f);
  return status == TANLU_OK ? tanlu_sweep_indices_end(a->indices, a->output, (double)f->used, a->context) : status;
}

/* ---- one output --------------------------------------------------------------------------------------------------------- */

static tanlu_status print_numbers(const analysis *a, const tanlu_sweep_finding *f) {
  const tanlu_importance_method method = tanlu_sweep_importance_method(a->importance);
  const unsigned long long used = f->used;
  const double level = 100.0 * a->options->level;
  if (method == TANLU_BY_SOBOL) {
    (void)fprintf(a->stream, "Sobol indices from %llu base samples, intervals at %g %%\n", used, level);
  } else if (method == TANLU_BY_MORRIS) {
    (void)fprintf(a->stream, "elementary effects over the whole range, from %llu trajectories, intervals at %g %%\n",
                  used, level);
  } else {
    (void)fprintf(a->stream, "linear regression, which explains %.1f %% of the variance\n", 100.0 * f->explained);
  }
  tanlu_table *table = tanlu_sensitivity_table(a->importance, f, a->context);
  tanlu_status status = table != NULL ? tanlu_table_print(table, a->stream, a->context) : TANLU_ERR_MEMORY;
  tanlu_table_free(&table);
  if (status == TANLU_OK && f->second != NULL && a->options->second) status = print_second(a, f->second);
  for (size_t i = 0; status == TANLU_OK && f->left_out != NULL && i < f->factors; i++) {
    if (f->left_out[i]) {
      (void)fprintf(a->stream, "without %s, at whose expense the other members of its simplex go\n",
                    a->factor->code[i]);
    }
  }
  return status == TANLU_OK ? store(a, f) : status;
}

/* An output under its heading. What does not vary or is too often missing gets a line instead of a table. */
static tanlu_status analyse(analysis *a, const tanlu_sweep_output *output) {
  tanlu_sweep_finding f;
  tanlu_status status = tanlu_sweep_importance_find(&f, a->importance, output, a->context);
  if (status == TANLU_OK) {
    a->output = a->indices != NULL ? tanlu_sweep_indices_find(a->result, output->name) : TANLU_NONE;
    (void)fprintf(a->stream, "%s%s (%s)", a->printed ? "\n" : "", output->name, output->unit);
    a->printed = true;
  }
  if (status == TANLU_OK && f.kind == TANLU_FINDING_MISSING) {
    (void)fprintf(a->stream, ": missing in every sample\n");
  } else if (status == TANLU_OK && f.kind == TANLU_FINDING_CONSTANT) {
    (void)fprintf(a->stream, ": %.6g in every sample\n", f.least);
  } else if (status == TANLU_OK) {
    (void)fprintf(a->stream, ", %.6g to %.6g in %zu of %zu samples: ", f.least, f.most, f.count,
                  tanlu_sweep_importance_samples(a->importance));
    if (f.kind == TANLU_FINDING_TOO_FEW) {
      (void)fprintf(a->stream, "%s\n", f.reason); /* said in its place */
    } else {
      status = print_numbers(a, &f);
    }
  }
  tanlu_sweep_finding_clear(&f);
  return status;
}

static tanlu_status usual(analysis *a) {
  tanlu_sweep_output *output = NULL;
  size_t count = 0;
  tanlu_status status = tanlu_sweep_outputs_list(&output, &count, a->result, a->options->all, a->context);
  for (size_t i = 0; status == TANLU_OK && i < count; i++) status = analyse(a, &output[i]);
  free(output);
  return status;
}

static tanlu_status named(analysis *a, const char *name) {
  tanlu_sweep_output output;
  const tanlu_status status = tanlu_sweep_output_find(&output, a->result, name, a->context);
  return status == TANLU_OK ? analyse(a, &output) : status;
}

tanlu_status tanlu_sensitivity_print(tanlu_result *result, const char *const *name, size_t names,
                                     const tanlu_sensitivity_options *options, FILE *stream, tanlu_context *context) {
  analysis a = {.result = result, .options = options, .stream = stream, .context = context};
  tanlu_status status = tanlu_sweep_importance_open(&a.importance, result, options->resamples, options->level, context);
  if (status == TANLU_OK) {
    a.factor = tanlu_sweep_importance_factors(a.importance);
    if (tanlu_sweep_importance_finished(a.importance)) {
      status = tanlu_sweep_indices_open(&a.indices, result, context);
    } else { /* nothing to be stored yet */
      tanlu_warn(context, "%s: the sweep is not finished; what follows is of the samples that are done",
                 tanlu_result_path(result));
    }
  }
  if (status == TANLU_OK && names == 0) status = usual(&a);
  for (size_t i = 0; status == TANLU_OK && i < names; i++) status = named(&a, name[i]);
  tanlu_sweep_indices_close(&a.indices);
  tanlu_sweep_importance_free(&a.importance);
  return status;
}
