#include "outputs/run_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/sweep_view.h"
#include "solvers/memory.h"

static const char usual_main[] = "dual-carbon";

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

/* A variable over scenario, year and the given axes (NULL: none); left out where the file has another. */
static tanlu_status read_variable(tanlu_run_data *data, const char *name, const char *first, const char *second,
                                  const tanlu_result_variable **variable, tanlu_context *context) {
  const char *const axis[] = {"scenario", "year", first, second};
  const size_t rank = second != NULL ? 4 : first != NULL ? 3 : 2;
  const tanlu_result_variable *v = tanlu_result_variable_find(data->result, name);
  *variable = NULL;
  if (v == NULL || v->rank != rank) return TANLU_OK;
  for (size_t k = 0; k < rank; k++) {
    const tanlu_labels *labels = k == 1 ? NULL : tanlu_result_labels(data->result, axis[k]);
    const size_t extent = k == 1 ? data->years : labels != NULL ? labels->count : 0;
    if (strcmp(v->dimension[k], axis[k]) != 0 || v->extent[k] != extent) return TANLU_OK;
  }
  return tanlu_result_variable_read(data->result, name, variable, context);
}

static tanlu_status read_variables(tanlu_run_data *d, tanlu_context *context) {
  const struct {
    const char *name, *first, *second;
    const tanlu_result_variable **variable;
  } wanted[] = {{"indicator_value", "indicator", NULL, &d->indicator},
                {"generation", "technology", NULL, &d->generation},
                {"capacity", "technology", NULL, &d->capacity},
                {"final_energy", "carrier", "sector", &d->final_energy},
                {"household_energy", "household", "carrier", &d->household_energy},
                {"household_vehicle_energy", "household", "carrier", &d->vehicle_energy},
                {"co2", "sector", NULL, &d->co2},
                {"household_co2", "household", NULL, &d->household_co2},
                {"household_vehicle_co2", "household", NULL, &d->vehicle_co2},
                {"value_added", "sector", NULL, &d->value_added},
                {"product_output", "product", NULL, &d->product}};
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; status == TANLU_OK && k < sizeof wanted / sizeof *wanted; k++) {
    status = read_variable(d, wanted[k].name, wanted[k].first, wanted[k].second, wanted[k].variable, context);
  }
  const tanlu_labels *scalars = tanlu_result_labels(d->result, "summary");
  const tanlu_result_variable *v = tanlu_result_variable_find(d->result, "summary_value");
  if (status != TANLU_OK || v == NULL || scalars == NULL || v->rank != 2 || v->extent[0] != d->scenario->count ||
      v->extent[1] != scalars->count) {
    return status;
  }
  return tanlu_result_variable_read(d->result, "summary_value", &d->summary, context);
}

/* ---- choice ------------------------------------------------------------------------------------------------------------ */

static tanlu_status no_scenario(const tanlu_run_data *d, const char *name, tanlu_context *context) {
  const char *nearest = tanlu_labels_nearest(d->scenario, name), *path = tanlu_result_path(d->result);
  return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "has no scenario '%s'; %s '%s'%s", name,
                       nearest != NULL ? "did you mean" : "it holds scenarios such as",
                       nearest != NULL ? nearest : d->scenario->code[0], nearest != NULL ? "?" : "");
}

static tanlu_status choose(tanlu_run_data *d, const char *const *names, size_t count, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  d->chosen = count > 0 ? count : d->scenario->count;
  d->place = tanlu_allocate(context, d->chosen, sizeof *d->place);
  if (d->place == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < d->chosen; k++) {
    d->place[k] = count > 0 ? tanlu_labels_find(d->scenario, names[k]) : k;
    if (d->place[k] == TANLU_NONE) status = no_scenario(d, names[k], context);
    for (size_t i = 0; i < k && d->place[k] != TANLU_NONE; i++) {
      if (d->place[i] == d->place[k]) {
        status = tanlu_fail(context, TANLU_ERR_INPUT, "scenario '%s' is given twice", names[k]);
      }
    }
  }
  const size_t usual = tanlu_labels_find(d->scenario, usual_main);
  d->main = count > 0 ? d->place[0] : usual != TANLU_NONE ? usual : d->scenario->count - 1;
  return status;
}

tanlu_status tanlu_run_data_read(tanlu_run_data *data, tanlu_result *result, const char *const *names, size_t count,
                                 tanlu_context *context) {
  *data = (tanlu_run_data){.result = result};
  data->year = tanlu_result_years(result, &data->years);
  data->scenario = tanlu_result_labels(result, "scenario");
  if (tanlu_result_is_sweep(result) || data->scenario == NULL || data->scenario->count == 0 || data->years == 0) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "holds no scenarios by year; expected a result file of 'tanlu run'");
  }
  tanlu_status status = choose(data, names, count, context);
  if (status == TANLU_OK) status = read_variables(data, context);
  if (status == TANLU_OK && data->indicator == NULL) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                           "holds no indicator_value by scenario and year; expected a result file of 'tanlu run'");
  }
  if (status != TANLU_OK) tanlu_run_data_clear(data);
  return status;
}

void tanlu_run_data_clear(tanlu_run_data *data) {
  free(data->place);
  *data = (tanlu_run_data){0};
}

/* ---- single numbers ---------------------------------------------------------------------------------------------------- */

size_t tanlu_run_year(const tanlu_run_data *data, int year) {
  for (size_t t = 0; t < data->years; t++) {
    if (data->year[t] == year) return t;
  }
  return TANLU_NONE;
}

/* The cells behind a scenario and year. */
static const double *row_of(const tanlu_run_data *data, const tanlu_result_variable *v, size_t place, size_t t) {
  size_t cells = 1;
  for (size_t k = 2; k < v->rank; k++) cells *= v->extent[k];
  return v->value + (place * data->years + t) * cells;
}

double tanlu_run_indicator(const tanlu_run_data *data, size_t place, size_t t, const char *code) {
  const size_t member = tanlu_labels_find(tanlu_result_labels(data->result, "indicator"), code);
  if (member == TANLU_NONE || t >= data->years) return (double)NAN;
  return row_of(data, data->indicator, place, t)[member];
}

double tanlu_run_summary(const tanlu_run_data *data, size_t place, const char *code) {
  const tanlu_labels *scalars = tanlu_result_labels(data->result, "summary");
  const size_t member = data->summary != NULL ? tanlu_labels_find(scalars, code) : TANLU_NONE;
  return member == TANLU_NONE ? (double)NAN : data->summary->value[place * scalars->count + member];
}

double tanlu_run_product(const tanlu_run_data *data, size_t place, size_t t, size_t product) {
  if (data->product == NULL || t >= data->years || product >= data->product->extent[2]) return (double)NAN;
  return row_of(data, data->product, place, t)[product];
}

size_t tanlu_run_last(const tanlu_run_data *data, size_t place, const char *code) {
  for (size_t t = data->years; t > 0; t--) {
    if (!isnan(tanlu_run_indicator(data, place, t - 1, code))) return t - 1;
  }
  return TANLU_NONE;
}
