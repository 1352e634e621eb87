#include "solvers/estimators.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "solvers/memory.h"
#include "solvers/random.h"

/* --- groups and bootstrap ------------------------------------------------------------------------------------------------- */

/* Base samples or trajectories whose rows are all solved. */
typedef struct {
  size_t count;
  uint64_t *group; /* count */
} groups;

static tanlu_status usable(const tanlu_design *design, const double *y, size_t stride, groups *g,
                           tanlu_context *context) {
  const uint64_t size = tanlu_design_group(design), all = tanlu_design_samples(design) / size;
  g->count = 0;
  g->group = tanlu_allocate(context, (size_t)all, sizeof *g->group);
  if (!g->group) return TANLU_ERR_MEMORY;
  for (uint64_t i = 0; i < all; i++) {
    bool solved = true;
    for (uint64_t row = 0; row < size && solved; row++) solved = isfinite(y[(i * size + row) * stride]);
    if (solved) g->group[g->count++] = i;
  }
  return TANLU_OK;
}

/* Turns the means of `terms` columns into `count` figures. */
typedef void (*figures_function)(const double *means, size_t dimensions, double *figures);

static void column_means(size_t rows, size_t terms, const double *table, double *means) {
  for (size_t j = 0; j < terms; j++) means[j] = 0.0;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < terms; j++) means[j] += table[i * terms + j];
  for (size_t j = 0; j < terms; j++) means[j] /= (double)rows;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The p-quantile of sorted numbers, linear between them. */
static double sorted_quantile(const double *sorted, size_t count, double p) {
  const double place = p * (double)(count - 1);
  const size_t below = (size_t)place < count - 1 ? (size_t)place : count - 1;
  const size_t above = below + 1 < count ? below + 1 : below;
  return sorted[below] + (sorted[above] - sorted[below]) * (place - (double)below);
}

/* estimates[i].low, high from resampled rows of table. */
static tanlu_status intervals(const tanlu_bootstrap *bootstrap, size_t rows, size_t terms, const double *table,
                              size_t dimensions, figures_function figures, size_t count, tanlu_estimate *estimates,
                              tanlu_context *context) {
  const size_t resamples = bootstrap ? bootstrap->resamples : 0;
  for (size_t i = 0; i < count; i++) estimates[i].low = estimates[i].high = (double)NAN;
  if (resamples == 0) return TANLU_OK;
  if (!(bootstrap->level > 0.0 && bootstrap->level < 1.0))
    return tanlu_fail(context, TANLU_ERR_INPUT, "intervals at level %g; expected more than 0 and less than 1",
                      bootstrap->level);
  tanlu_status status = TANLU_ERR_MEMORY;
  double *means = tanlu_allocate_doubles(context, terms, 1);
  double *found = tanlu_allocate_doubles(context, resamples, count);
  double *sorted = tanlu_allocate_doubles(context, resamples, 1);
  if (!means || !found || !sorted) goto cleanup;
  for (size_t r = 0; r < resamples; r++) {
    for (size_t j = 0; j < terms; j++) means[j] = 0.0;
    for (size_t i = 0; i < rows; i++) {
      const uint64_t drawn = tanlu_random_index(bootstrap->seed, TANLU_STREAM_BOOTSTRAP, i, (uint32_t)r, rows);
      const double *row = table + drawn * terms;
      for (size_t j = 0; j < terms; j++) means[j] += row[j];
    }
    for (size_t j = 0; j < terms; j++) means[j] /= (double)rows;
    figures(means, dimensions, found + r * count);
  }
  for (size_t i = 0; i < count; i++) {
    size_t defined = 0;
    for (size_t r = 0; r < resamples; r++)
      if (!isnan(found[r * count + i])) sorted[defined++] = found[r * count + i];
    if (defined == 0) continue;
    qsort(sorted, defined, sizeof *sorted, compare);
    estimates[i].low = sorted_quantile(sorted, defined, 0.5 - 0.5 * bootstrap->level);
    estimates[i].high = sorted_quantile(sorted, defined, 0.5 + 0.5 * bootstrap->level);
  }
  status = TANLU_OK;
cleanup:
  free(means);
  free(found);
  free(sorted);
  return status;
}

/* --- Sobol indices -------------------------------------------------------------------------------------------------------- */

/* Columns of the table: (fA + fB) / 2, (fA^2 + fB^2) / 2, k of first order, k of total, and the pairs of second order. */
enum { MEAN, SQUARE, FIRST };

static double variance_of(const double *means) {
  return means[SQUARE] - means[MEAN] * means[MEAN];
}

static void first_and_total(const double *means, size_t k, double *figures) {
  const double variance = variance_of(means);
  for (size_t i = 0; i < 2 * k; i++) figures[i] = variance > 0.0 ? means[FIRST + i] / variance : (double)NAN;
}

static void all_orders(const double *means, size_t k, double *figures) {
  const double variance = variance_of(means), *pair = means + FIRST + 2 * k;
  double *second = figures + 2 * k;
  first_and_total(means, k, figures);
  for (size_t i = 0; i < k; i++)
    for (size_t j = i + 1; j < k; j++)
      *second++ = (variance > 0.0 ? *pair / variance : (double)NAN) - figures[i] - figures[j], pair++;
}

/* One row of the table from the values of a base sample, less `shift`. */
static void sobol_row(const double *y, size_t stride, size_t k, double shift, bool pairs, double *row) {
  const double a = y[0] - shift, b = y[(k + 1) * stride] - shift;
  row[MEAN] = 0.5 * (a + b);
  row[SQUARE] = 0.5 * (a * a + b * b);
  for (size_t i = 0; i < k; i++) {
    const double ab = y[(1 + i) * stride] - shift;
    row[FIRST + i] = b * (ab - a);
    row[FIRST + k + i] = 0.5 * (a - ab) * (a - ab);
  }
  double *pair = row + FIRST + 2 * k;
  for (size_t i = 0; pairs && i < k; i++) {
    const double ba = y[(k + 2 + i) * stride] - shift;
    for (size_t j = i + 1; j < k; j++) *pair++ = ba * (y[(1 + j) * stride] - shift) - a * b;
  }
}

tanlu_status tanlu_sobol_indices(const tanlu_design *design, const double *y, size_t stride,
                                 const tanlu_bootstrap *bootstrap, tanlu_estimate *first, tanlu_estimate *total,
                                 tanlu_estimate *second, uint64_t *used, tanlu_context *context) {
  const size_t k = tanlu_design_factors(design), size = (size_t)tanlu_design_group(design);
  if (tanlu_design_get_kind(design) != TANLU_DESIGN_SALTELLI)
    return tanlu_fail(context, TANLU_ERR_INPUT, "Sobol indices need a saltelli design, not %s",
                      tanlu_design_kind_name(tanlu_design_get_kind(design)));
  if (second && !tanlu_design_second_order(design))
    return tanlu_fail(context, TANLU_ERR_INPUT, "second order indices need a saltelli design made for them");
  const size_t pairs = second ? k * (k - 1) / 2 : 0, figures = 2 * k + pairs, terms = FIRST + figures;
  groups g = {0, NULL};
  double *table = NULL, *means = NULL, *values = NULL;
  tanlu_estimate *estimates = NULL;
  tanlu_status status = usable(design, y, stride, &g, context);
  if (status) goto cleanup;
  if (used) *used = g.count;
  if (g.count < 2) {
    status = tanlu_fail(context, TANLU_ERR_MODEL,
                        "Sobol indices: %zu base samples with all rows solved; expected 2 or more", g.count);
    goto cleanup;
  }
  table = tanlu_allocate_doubles(context, g.count, terms);
  means = tanlu_allocate_doubles(context, terms, 1);
  values = tanlu_allocate_doubles(context, figures, 1);
  estimates = tanlu_allocate(context, figures, sizeof *estimates);
  if (!table || !means || !values || !estimates) {
    status = TANLU_ERR_MEMORY;
    goto cleanup;
  }
  const size_t distance = size * stride;
  const double origin = y[g.group[0] * distance];
  double shift = 0.0;
  for (size_t i = 0; i < g.count; i++) {
    const double *rows = y + g.group[i] * distance;
    shift += (rows[0] - origin) + (rows[(k + 1) * stride] - origin);
  }
  shift = origin + shift / (2.0 * (double)g.count);
  for (size_t i = 0; i < g.count; i++)
    sobol_row(y + g.group[i] * distance, stride, k, shift, second != NULL, table + i * terms);
  const figures_function function = second ? all_orders : first_and_total;
  column_means(g.count, terms, table, means);
  function(means, k, values);
  status = intervals(bootstrap, g.count, terms, table, k, function, figures, estimates, context);
  if (status) goto cleanup;
  for (size_t i = 0; i < figures; i++) estimates[i].value = values[i];
  for (size_t i = 0; i < k; i++) {
    first[i] = estimates[i];
    total[i] = estimates[k + i];
  }
  for (size_t i = 0; i < pairs; i++) second[i] = estimates[2 * k + i];
cleanup:
  free(g.group);
  free(table);
  free(means);
  free(values);
  free(estimates);
  return status;
}

/* --- elementary effects --------------------------------------------------------------------------------------------------- */

/* The table holds the absolute effects; their means are the figures. */
static void same(const double *means, size_t k, double *figures) {
  for (size_t i = 0; i < k; i++) figures[i] = means[i];
}

tanlu_status tanlu_morris_effects(const tanlu_design *design, const double *y, size_t stride,
                                  const tanlu_bootstrap *bootstrap, tanlu_effect *effects, uint64_t *used,
                                  tanlu_context *context) {
  const size_t k = tanlu_design_dimensions(design);
  if (tanlu_design_get_kind(design) != TANLU_DESIGN_MORRIS)
    return tanlu_fail(context, TANLU_ERR_INPUT, "elementary effects need a morris design, not %s",
                      tanlu_design_kind_name(tanlu_design_get_kind(design)));
  groups g = {0, NULL};
  double *table = NULL, *means = NULL;
  tanlu_estimate *estimates = NULL;
  tanlu_status status = usable(design, y, stride, &g, context);
  if (status) goto cleanup;
  if (used) *used = g.count;
  if (g.count == 0) {
    status = tanlu_fail(context, TANLU_ERR_MODEL, "elementary effects: no trajectory with all its points solved");
    goto cleanup;
  }
  table = tanlu_allocate_doubles(context, g.count, k);
  means = tanlu_allocate_doubles(context, k, 1);
  estimates = tanlu_allocate(context, k, sizeof *estimates);
  if (!table || !means || !estimates) {
    status = TANLU_ERR_MEMORY;
    goto cleanup;
  }
  for (size_t i = 0; i < g.count; i++)
    for (size_t step = 0; step < k; step++) {
      const uint64_t sample = g.group[i] * (k + 1) + step;
      size_t dimension;
      double delta;
      tanlu_design_step(design, sample, &dimension, &delta);
      table[i * k + dimension] = (y[(sample + 1) * stride] - y[sample * stride]) / delta;
    }
  column_means(g.count, k, table, means);
  for (size_t i = 0; i < k; i++) {
    double sum = 0.0;
    for (size_t row = 0; row < g.count; row++) sum += (table[row * k + i] - means[i]) * (table[row * k + i] - means[i]);
    effects[i].mu = means[i];
    effects[i].sigma = g.count > 1 ? sqrt(sum / (double)(g.count - 1)) : (double)NAN;
  }
  for (size_t i = 0; i < g.count * k; i++) table[i] = fabs(table[i]);
  column_means(g.count, k, table, means);
  status = intervals(bootstrap, g.count, k, table, k, same, k, estimates, context);
  for (size_t i = 0; !status && i < k; i++) {
    effects[i].mu_star = estimates[i];
    effects[i].mu_star.value = means[i];
  }
cleanup:
  free(g.group);
  free(table);
  free(means);
  free(estimates);
  return status;
}
