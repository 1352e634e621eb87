#include "outputs/sweep_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/sweep.h"
#include "outputs/table.h"
#include "solvers/memory.h"

enum { YEARS_SHOWN = 5 };

bool tanlu_result_is_sweep(tanlu_result *result) {
  return tanlu_result_attribute(result, "sweep") != NULL;
}

static const char *attribute(tanlu_result *result, const char *name) {
  const char *text = tanlu_result_attribute(result, name);
  return text != NULL ? text : "";
}

static const char *text_at(tanlu_result *result, const char *name, size_t i) {
  const tanlu_result_texts *texts = tanlu_result_texts_find(result, name);
  return texts != NULL && i < texts->count ? texts->text[i] : "";
}

/* ---- parameters --------------------------------------------------------------------------------------------------------- */

static tanlu_status view_parameters(tanlu_result *result, FILE *stream, tanlu_context *context) {
  const tanlu_labels *labels = tanlu_result_labels(result, "parameter");
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL || labels == NULL) {
    tanlu_table_free(&table);
    return labels == NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  }
  tanlu_table_column(table, "parameter", TANLU_LEFT);
  tanlu_table_column(table, "mode", TANLU_LEFT);
  tanlu_table_column(table, "distribution", TANLU_LEFT);
  tanlu_table_column(table, "path", TANLU_LEFT);
  for (size_t p = 0; p < labels->count; p++) {
    tanlu_table_text(table, labels->code[p]);
    tanlu_table_text(table, text_at(result, "parameter_mode", p));
    tanlu_table_text(table, text_at(result, "parameter_distribution", p));
    tanlu_table_text(table, text_at(result, "parameter_path", p));
  }
  const tanlu_status status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- samples ------------------------------------------------------------------------------------------------------------ */

/* How many samples are of each state, and why the first of the failed ones failed. */
static tanlu_status view_samples(tanlu_result *result, const double *state, size_t samples, FILE *stream,
                                 tanlu_context *context) {
  size_t count[TANLU_SAMPLE_STATES] = {0}, first[TANLU_SAMPLE_STATES] = {0};
  for (size_t i = samples; i-- > 0;) {
    const size_t kind = state[i] >= 0.0 && state[i] < TANLU_SAMPLE_STATES ? (size_t)state[i] : 0;
    count[kind]++;
    first[kind] = i;
  }
  const long begin = strtol(attribute(result, "first_sample"), NULL, 10);
  (void)fprintf(stream,
                "\n%zu samples: %zu solved, %zu with values that are not allowed, %zu not solvable, %zu not computed\n",
                samples, count[TANLU_SAMPLE_SOLVED], count[TANLU_SAMPLE_REFUSED], count[TANLU_SAMPLE_UNSOLVED],
                count[TANLU_SAMPLE_OPEN]);
  if (count[TANLU_SAMPLE_REFUSED] + count[TANLU_SAMPLE_UNSOLVED] == 0) return TANLU_OK;
  const tanlu_result_variable *reason = NULL;
  const tanlu_status status = tanlu_result_variable_read(result, "reason", &reason, context);
  for (int kind = TANLU_SAMPLE_REFUSED; status == TANLU_OK && kind <= TANLU_SAMPLE_UNSOLVED; kind++) {
    char text[TANLU_SWEEP_REASON + 1] = "";
    if (count[kind] == 0 || reason->rank != 2 || reason->extent[1] > TANLU_SWEEP_REASON) continue;
    for (size_t c = 0; c < reason->extent[1]; c++) {
      text[c] = (char)(unsigned char)reason->value[first[kind] * reason->extent[1] + c];
    }
    (void)fprintf(stream, "  sample %zu: %s\n", (size_t)begin + first[kind], text);
  }
  return status;
}

/* ---- outputs ------------------------------------------------------------------------------------------------------------ */

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t count, double q) {
  const double place = q * (double)(count - 1);
  const size_t low = (size_t)place;
  const double part = place - (double)low;
  return low + 1 < count ? sorted[low] * (1.0 - part) + sorted[low + 1] * part : sorted[low];
}

static void start_table(tanlu_table *table, const char *first) {
  static const char *const heading[] = {"mean", "deviation", "lowest", "5 %", "median", "95 %", "highest"};
  tanlu_table_column(table, first, TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  for (size_t i = 0; i < sizeof heading / sizeof *heading; i++) tanlu_table_column(table, heading[i], TANLU_RIGHT);
  tanlu_table_column(table, "of", TANLU_RIGHT);
}

/* One row from `count` numbers, which are sorted here. */
static void add_row(tanlu_table *table, const char *name, const char *unit, double *value, size_t count) {
  double sum = 0.0, squares = 0.0;
  tanlu_table_text(table, name);
  tanlu_table_text(table, unit);
  for (size_t i = 0; i < count; i++) sum += value[i];
  const double mean = sum / (double)count;
  for (size_t i = 0; i < count; i++) squares += (value[i] - mean) * (value[i] - mean);
  qsort(value, count, sizeof *value, ascending);
  const double figure[] = {mean,
                           count > 1 ? sqrt(squares / (double)(count - 1)) : (double)NAN,
                           count > 0 ? value[0] : (double)NAN,
                           count > 0 ? quantile(value, count, 0.05) : (double)NAN,
                           count > 0 ? quantile(value, count, 0.5) : (double)NAN,
                           count > 0 ? quantile(value, count, 0.95) : (double)NAN,
                           count > 0 ? value[count - 1] : (double)NAN};
  const bool year = strcmp(unit, "year") == 0;
  const int decimals = year ? 1 : tanlu_decimals(count > 0 ? fmax(fabs(value[0]), fabs(value[count - 1])) : 0.0);
  for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) tanlu_table_number(table, figure[i], decimals);
  tanlu_table_number(table, (double)count, 0);
}

/* Solved samples of column `c` of rows that are `width` wide. */
static size_t gather(const double *value, const double *state, size_t samples, size_t width, size_t c, double *column) {
  size_t count = 0;
  for (size_t i = 0; i < samples; i++) {
    const double v = value[i * width + c];
    if ((int)state[i] == TANLU_SAMPLE_SOLVED && !isnan(v)) column[count++] = v;
  }
  return count;
}

static tanlu_status view_scalars(tanlu_result *result, const double *state, size_t samples, double *column,
                                 FILE *stream, tanlu_context *context) {
  const tanlu_result_variable *summary = NULL;
  const tanlu_labels *labels = tanlu_result_labels(result, "summary");
  tanlu_status status = tanlu_result_variable_read(result, "summary_value", &summary, context);
  tanlu_table *table = status == TANLU_OK ? tanlu_table_create(context) : NULL;
  if (table == NULL) return status == TANLU_OK ? TANLU_ERR_MEMORY : status;
  start_table(table, "scalar");
  for (size_t k = 0; labels != NULL && k < labels->count; k++) {
    const size_t count = gather(summary->value, state, samples, summary->extent[1], k, column);
    add_row(table, labels->code[k], text_at(result, "summary_unit", k), column, count);
  }
  (void)fputc('\n', stream);
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status view_indicators(tanlu_result *result, const double *state, size_t samples, double *column,
                                    FILE *stream, tanlu_context *context) {
  const tanlu_result_variable *value = NULL;
  const tanlu_labels *labels = tanlu_result_labels(result, "indicator");
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  if (tanlu_result_variable_find(result, "indicator_value") == NULL || labels == NULL) return TANLU_OK;
  tanlu_status status = tanlu_result_variable_read(result, "indicator_value", &value, context);
  tanlu_table *table = status == TANLU_OK ? tanlu_table_create(context) : NULL;
  if (table == NULL) return status == TANLU_OK ? TANLU_ERR_MEMORY : status;
  start_table(table, "indicator");
  const size_t shown = years < YEARS_SHOWN ? years : YEARS_SHOWN;
  for (size_t k = 0; k < labels->count; k++) {
    for (size_t i = 0; i < shown; i++) {
      const size_t t = shown > 1 ? i * (years - 1) / (shown - 1) : 0;
      const size_t count = gather(value->value, state, samples, years * labels->count, t * labels->count + k, column);
      char name[96];
      (void)snprintf(name, sizeof name, "%s %d", labels->code[k], year[t]);
      add_row(table, name, text_at(result, "indicator_unit", k), column, count);
    }
  }
  (void)fputc('\n', stream);
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_sweep_view_result(tanlu_result *result, FILE *stream, tanlu_context *context) {
  const tanlu_result_variable *state = NULL;
  tanlu_status status = tanlu_result_variable_read(result, "status", &state, context);
  if (status != TANLU_OK) return status;
  const size_t samples = state->extent[0];
  const double *states = state->value;
  (void)fprintf(stream, "%s: %s of scenario %s (%s), seed %s\n\n", attribute(result, "sweep"),
                attribute(result, "design"), attribute(result, "scenario_name"), attribute(result, "dataset"),
                attribute(result, "seed"));
  double *column = tanlu_allocate_doubles(context, samples, 1);
  status = column != NULL ? view_parameters(result, stream, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = view_samples(result, states, samples, stream, context);
  if (status == TANLU_OK) status = view_scalars(result, states, samples, column, stream, context);
  if (status == TANLU_OK) status = view_indicators(result, states, samples, column, stream, context);
  free(column);
  return status;
}

tanlu_status tanlu_sweep_view(const char *path, FILE *stream, tanlu_context *context) {
  tanlu_result *result = NULL;
  tanlu_status status = tanlu_result_open(&result, path, context);
  if (status == TANLU_OK) status = tanlu_sweep_view_result(result, stream, context);
  tanlu_result_close(&result);
  return status;
}
