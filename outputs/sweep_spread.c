#include "outputs/sweep_spread.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/sweep.h"
#include "outputs/result_slab.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

_Static_assert((int)TANLU_SPREAD_QUANTILES == (int)TANLU_SWEEP_PROBABILITIES, "quantiles are those of the file");

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Never beyond its neighbours, so that quantiles do not cross, not even by rounding. */
static double quantile(const double *sorted, size_t count, double q) {
  const double place = q * (double)(count - 1);
  const size_t low = (size_t)place;
  const double part = place - (double)low;
  return low + 1 < count ? fmin(sorted[low] + part * (sorted[low + 1] - sorted[low]), sorted[low + 1]) : sorted[low];
}

void tanlu_sweep_spread_compute(tanlu_sweep_spread *spread, double *value, size_t count) {
  double sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < count; i++) sum += value[i];
  const double mean = sum / (double)count;
  for (size_t i = 0; i < count; i++) squares += (value[i] - mean) * (value[i] - mean);
  qsort(value, count, sizeof *value, ascending);
  *spread = (tanlu_sweep_spread){.count = (double)count,
                                 .mean = mean,
                                 .deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : (double)NAN,
                                 .least = count > 0 ? value[0] : (double)NAN,
                                 .most = count > 0 ? value[count - 1] : (double)NAN};
  for (size_t q = 0; q < TANLU_SPREAD_QUANTILES; q++) {
    spread->quantile[q] = count > 0 ? quantile(value, count, tanlu_sweep_probability[q]) : (double)NAN;
  }
}

/* ---- samples ------------------------------------------------------------------------------------------------------------ */

bool tanlu_sweep_sampled(tanlu_result *result) {
  return tanlu_result_variable_find(result, "summary_value") != NULL;
}

tanlu_status tanlu_sweep_column_read(tanlu_result *result, const char *variable, size_t cell, const double *state,
                                     double *value, tanlu_context *context) {
  const tanlu_result_variable *v = tanlu_result_variable_find(result, variable);
  const tanlu_status status = tanlu_result_columns_read(result, v, &cell, 1, value, context);
  for (size_t i = 0; status == TANLU_OK && i < v->extent[0]; i++) {
    if ((int)state[i] != TANLU_SAMPLE_SOLVED) value[i] = (double)NAN;
  }
  return status;
}

/* Solved samples of a column, in place. */
static size_t gather(double *column, const double *state, size_t samples) {
  size_t count = 0;
  for (size_t i = 0; i < samples; i++) {
    if ((int)state[i] == TANLU_SAMPLE_SOLVED && !isnan(column[i])) column[count++] = column[i];
  }
  return count;
}

tanlu_status tanlu_sweep_spread_samples(tanlu_result *result, const char *variable, const size_t *cell, size_t count,
                                        tanlu_sweep_spread *spread, tanlu_context *context) {
  enum { BYTES_MOST = 128 << 20 };
  const tanlu_result_variable *v = tanlu_result_variable_find(result, variable), *state = NULL;
  const size_t samples = v->extent[0], fit = BYTES_MOST / sizeof(double) / (samples > 0 ? samples : 1);
  const size_t most = fit < 1 ? 1 : fit < count ? fit : count;
  double *value = tanlu_allocate_doubles(context, most, samples);
  tanlu_status status = value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_result_variable_read(result, "status", &state, context);
  for (size_t first = 0; status == TANLU_OK && first < count; first += most) {
    const size_t own = count - first < most ? count - first : most;
    status = tanlu_result_columns_read(result, v, cell + first, own, value, context);
    for (size_t k = 0; status == TANLU_OK && k < own; k++) {
      double *values = value + k * samples;
      tanlu_sweep_spread_compute(&spread[first + k], values, gather(values, state->value, samples));
    }
  }
  free(value);
  return status;
}

/* ---- statistics --------------------------------------------------------------------------------------------------------- */

static double at(const tanlu_result_variable *variable, size_t i) {
  return variable != NULL ? variable->value[i] : (double)NAN;
}

tanlu_status tanlu_sweep_spread_statistics(tanlu_result *result, const char *output, const size_t *cell, size_t count,
                                           tanlu_sweep_spread *spread, tanlu_context *context) {
  static const char *const suffix[] = {"count", "mean", "deviation", "minimum", "maximum", "quantile"};
  enum { COUNT, MEAN, DEVIATION, LEAST, MOST, QUANTILE, STATISTICS };
  const tanlu_result_variable *variable[STATISTICS] = {NULL};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < STATISTICS; i++) {
    char name[96];
    (void)snprintf(name, sizeof name, "%s_%s", output, suffix[i]);
    if (i > 0 && tanlu_result_variable_find(result, name) == NULL) continue; /* quantiles without a declared range */
    status = tanlu_result_variable_read(result, name, &variable[i], context);
  }
  if (status != TANLU_OK) return status;
  size_t cells = 1;
  for (size_t k = 0; k < variable[COUNT]->rank; k++) cells *= variable[COUNT]->extent[k];
  for (size_t k = 0; k < count; k++) {
    spread[k] = (tanlu_sweep_spread){.count = at(variable[COUNT], cell[k]),
                                     .mean = at(variable[MEAN], cell[k]),
                                     .deviation = at(variable[DEVIATION], cell[k]),
                                     .least = at(variable[LEAST], cell[k]),
                                     .most = at(variable[MOST], cell[k])};
    for (size_t q = 0; q < TANLU_SPREAD_QUANTILES; q++) {
      spread[k].quantile[q] = at(variable[QUANTILE], q * cells + cell[k]);
    }
  }
  return TANLU_OK;
}
