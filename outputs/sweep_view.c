#include "outputs/sweep_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/sweep.h"
#include "outputs/result_slab.h"
#include "outputs/table.h"
#include "solvers/memory.h"

enum { YEARS_SHOWN = 5, FIGURES = 7 };

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

/* Why the first sample of each kind of failure did; where reasons are kept by block, the first that failed in its block. */
static tanlu_status view_reasons(tanlu_result *result, const double *state, const size_t *count, const size_t *first,
                                 size_t begin, FILE *stream, tanlu_context *context) {
  const bool by_block = tanlu_result_variable_find(result, "reason") == NULL;
  const tanlu_result_variable *reason = tanlu_result_variable_find(result, by_block ? "block_reason" : "reason");
  tanlu_status status = TANLU_OK;
  if (reason == NULL) return TANLU_OK;
  for (int kind = TANLU_SAMPLE_REFUSED; status == TANLU_OK && kind <= TANLU_SAMPLE_UNSOLVED; kind++) {
    char text[TANLU_SWEEP_REASON + 1] = "";
    double letter[TANLU_SWEEP_REASON];
    if (count[kind] == 0 || reason->rank != 2 || reason->extent[1] > TANLU_SWEEP_REASON) continue;
    size_t sample = first[kind];
    const size_t block = sample / TANLU_SWEEP_BLOCK, row = by_block ? block : sample;
    for (size_t i = sample; by_block && i > block * TANLU_SWEEP_BLOCK; i--) {
      if ((int)state[i - 1] != TANLU_SAMPLE_SOLVED) sample = i - 1;
    }
    status = tanlu_result_rows_read(result, reason, row, 1, letter, context);
    for (size_t c = 0; status == TANLU_OK && c < reason->extent[1]; c++) text[c] = (char)(unsigned char)letter[c];
    if (status == TANLU_OK) (void)fprintf(stream, "  sample %zu: %s\n", begin + sample, text);
  }
  return status;
}

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
  return view_reasons(result, state, count, first, (size_t)begin, stream, context);
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
  static const char *const heading[FIGURES] = {"mean", "deviation", "lowest", "5 %", "median", "95 %", "highest"};
  tanlu_table_column(table, first, TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  for (size_t i = 0; i < FIGURES; i++) tanlu_table_column(table, heading[i], TANLU_RIGHT);
  tanlu_table_column(table, "of", TANLU_RIGHT);
}

/* One row of figures in the order of the headings. */
static void add_figures(tanlu_table *table, const char *name, const char *unit, const double figure[FIGURES],
                        double count) {
  const bool year = strcmp(unit, "year") == 0, any = !isnan(figure[2]);
  const int decimals = year ? 1 : tanlu_decimals(any ? fmax(fabs(figure[2]), fabs(figure[FIGURES - 1])) : 0.0);
  tanlu_table_text(table, name);
  tanlu_table_text(table, unit);
  for (size_t i = 0; i < FIGURES; i++) tanlu_table_number(table, figure[i], decimals);
  tanlu_table_number(table, count, 0);
}

/* One row from `count` numbers, which are sorted here. */
static void add_row(tanlu_table *table, const char *name, const char *unit, double *value, size_t count) {
  double sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < count; i++) sum += value[i];
  const double mean = sum / (double)count;
  for (size_t i = 0; i < count; i++) squares += (value[i] - mean) * (value[i] - mean);
  qsort(value, count, sizeof *value, ascending);
  const double figure[FIGURES] = {mean,
                                  count > 1 ? sqrt(squares / (double)(count - 1)) : (double)NAN,
                                  count > 0 ? value[0] : (double)NAN,
                                  count > 0 ? quantile(value, count, 0.05) : (double)NAN,
                                  count > 0 ? quantile(value, count, 0.5) : (double)NAN,
                                  count > 0 ? quantile(value, count, 0.95) : (double)NAN,
                                  count > 0 ? value[count - 1] : (double)NAN};
  add_figures(table, name, unit, figure, (double)count);
}

/* Solved samples of a column, in place. */
static size_t gather(double *column, const double *state, size_t samples) {
  size_t count = 0;
  for (size_t i = 0; i < samples; i++) {
    if ((int)state[i] == TANLU_SAMPLE_SOLVED && !isnan(column[i])) column[count++] = column[i];
  }
  return count;
}

/* Years of a table: all, or some from first to last. */
static size_t shown_years(size_t years) {
  return years < YEARS_SHOWN ? years : YEARS_SHOWN;
}

static size_t shown_year(size_t years, size_t i) {
  const size_t shown = shown_years(years);
  return shown > 1 ? i * (years - 1) / (shown - 1) : 0;
}

/* A row of a table: a column of a variable. */
typedef struct {
  size_t column;
  char name[96];
  const char *unit;
} shown_column;

/* Rows of figures from the samples, as many columns at a time as memory may hold. */
static tanlu_status view_columns(tanlu_result *result, const char *variable, const char *heading,
                                 const shown_column *shown, size_t count, const double *state, FILE *stream,
                                 tanlu_context *context) {
  enum { BYTES_MOST = 128 << 20 };
  const tanlu_result_variable *v = tanlu_result_variable_find(result, variable);
  const size_t samples = v->extent[0], fit = BYTES_MOST / sizeof(double) / (samples > 0 ? samples : 1);
  const size_t most = fit < 1 ? 1 : fit < count ? fit : count;
  double *value = tanlu_allocate_doubles(context, most, samples);
  size_t *column = tanlu_allocate(context, most, sizeof *column);
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = value != NULL && column != NULL && table != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) start_table(table, heading);
  for (size_t first = 0; status == TANLU_OK && first < count; first += most) {
    const size_t own = count - first < most ? count - first : most;
    for (size_t k = 0; k < own; k++) column[k] = shown[first + k].column;
    status = tanlu_result_columns_read(result, v, column, own, value, context);
    for (size_t k = 0; status == TANLU_OK && k < own; k++) {
      double *values = value + k * samples;
      add_row(table, shown[first + k].name, shown[first + k].unit, values, gather(values, state, samples));
    }
  }
  if (status == TANLU_OK) {
    (void)fputc('\n', stream);
    status = tanlu_table_print(table, stream, context);
  }
  tanlu_table_free(&table);
  free(column);
  free(value);
  return status;
}

static tanlu_status view_scalars(tanlu_result *result, const double *state, FILE *stream, tanlu_context *context) {
  const tanlu_labels *labels = tanlu_result_labels(result, "summary");
  const size_t count = labels != NULL ? labels->count : 0;
  shown_column *shown = tanlu_allocate(context, count, sizeof *shown);
  if (shown == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < count; k++) {
    shown[k].column = k;
    shown[k].unit = text_at(result, "summary_unit", k);
    (void)snprintf(shown[k].name, sizeof shown[k].name, "%s", labels->code[k]);
  }
  const tanlu_status status = view_columns(result, "summary_value", "scalar", shown, count, state, stream, context);
  free(shown);
  return status;
}

static tanlu_status view_indicators(tanlu_result *result, const double *state, FILE *stream, tanlu_context *context) {
  const tanlu_labels *labels = tanlu_result_labels(result, "indicator");
  size_t years = 0, count = 0;
  const int *year = tanlu_result_years(result, &years);
  if (tanlu_result_variable_find(result, "indicator_value") == NULL || labels == NULL) return TANLU_OK;
  shown_column *shown = tanlu_allocate(context, labels->count * shown_years(years), sizeof *shown);
  if (shown == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < labels->count; k++) {
    for (size_t i = 0; i < shown_years(years); i++, count++) {
      const size_t t = shown_year(years, i);
      shown[count].column = t * labels->count + k;
      shown[count].unit = text_at(result, "indicator_unit", k);
      (void)snprintf(shown[count].name, sizeof shown[count].name, "%s %d", labels->code[k], year[t]);
    }
  }
  const tanlu_status status =
      view_columns(result, "indicator_value", "indicator", shown, count, state, stream, context);
  free(shown);
  return status;
}

/* ---- outputs by their statistics ---------------------------------------------------------------------------------------- */

/* Statistics of an output as stored; NULL where the file has none, as quantiles without a declared range. */
typedef struct {
  const tanlu_result_variable *count, *mean, *deviation, *minimum, *maximum, *quantile;
} statistics;

static tanlu_status read_statistics(tanlu_result *result, const char *output, statistics *all, tanlu_context *context) {
  static const char *const suffix[] = {"count", "mean", "deviation", "minimum", "maximum", "quantile"};
  const tanlu_result_variable **variable[] = {&all->count,   &all->mean,    &all->deviation,
                                              &all->minimum, &all->maximum, &all->quantile};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof suffix / sizeof *suffix; i++) {
    char name[96];
    (void)snprintf(name, sizeof name, "%s_%s", output, suffix[i]);
    *variable[i] = NULL;
    if (i > 0 && tanlu_result_variable_find(result, name) == NULL) continue;
    status = tanlu_result_variable_read(result, name, variable[i], context);
  }
  return status;
}

static double at(const tanlu_result_variable *variable, size_t i) {
  return variable != NULL ? variable->value[i] : (double)NAN;
}

static void add_statistics(tanlu_table *table, const char *name, const char *unit, const statistics *all, size_t cell) {
  enum { LOW = 0, MEDIAN = 2, HIGH = 4 }; /* places of 5, 50 and 95 % along the probabilities */
  size_t cells = 1;
  for (size_t k = 0; k < all->count->rank; k++) cells *= all->count->extent[k];
  const double figure[FIGURES] = {at(all->mean, cell),
                                  at(all->deviation, cell),
                                  at(all->minimum, cell),
                                  at(all->quantile, LOW * cells + cell),
                                  at(all->quantile, MEDIAN * cells + cell),
                                  at(all->quantile, HIGH * cells + cell),
                                  at(all->maximum, cell)};
  add_figures(table, name, unit, figure, at(all->count, cell));
}

/* A table of an output: all scalars, or all members of its other axis in some years; `last`: in the last year. */
static tanlu_status view_statistics(tanlu_result *result, const char *output, const char *axis, bool last, FILE *stream,
                                    tanlu_context *context) {
  statistics all;
  const tanlu_labels *labels = tanlu_result_labels(result, axis);
  size_t years = 0;
  char unit[64], name[128];
  const int *year = tanlu_result_years(result, &years);
  (void)snprintf(name, sizeof name, "%s_count", output);
  if (labels == NULL || tanlu_result_variable_find(result, name) == NULL) return TANLU_OK;
  tanlu_status status = read_statistics(result, output, &all, context);
  tanlu_table *table = status == TANLU_OK ? tanlu_table_create(context) : NULL;
  if (table == NULL) return status == TANLU_OK ? TANLU_ERR_MEMORY : status;
  const bool scalar = all.count->rank == 1;
  (void)snprintf(unit, sizeof unit, "%s_unit", axis);
  start_table(table, strcmp(axis, "group") == 0 ? output : scalar ? "scalar" : "indicator");
  for (size_t k = 0; k < labels->count; k++) {
    const char *own = strcmp(axis, "group") == 0 && all.mean != NULL ? all.mean->unit : text_at(result, unit, k);
    for (size_t i = 0; i < (scalar || last ? 1 : shown_years(years)); i++) {
      const size_t t = scalar ? 0 : last ? years - 1 : shown_year(years, i);
      (void)snprintf(name, sizeof name, scalar ? "%s" : "%s %d", labels->code[k], year[t]);
      add_statistics(table, name, own, &all, t * labels->count + k);
    }
  }
  (void)fputc('\n', stream);
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* How many values lie outside the range over which an output's quantiles are counted, if any do. */
static tanlu_status view_outside(tanlu_result *result, const char *output, FILE *stream, tanlu_context *context) {
  static const char *const side[] = {"below", "above"};
  for (int i = 0; i < 2; i++) {
    const tanlu_result_variable *outside = NULL;
    char name[96];
    (void)snprintf(name, sizeof name, "%s_%s", output, side[i]);
    if (tanlu_result_variable_find(result, name) == NULL) continue;
    const tanlu_status status = tanlu_result_variable_read(result, name, &outside, context);
    if (status != TANLU_OK) return status;
    size_t cells = 1;
    double number = 0.0;
    for (size_t k = 0; k < outside->rank; k++) cells *= outside->extent[k];
    for (size_t c = 0; c < cells; c++) number += isnan(outside->value[c]) ? 0.0 : outside->value[c];
    if (number > 0.0) {
      (void)fprintf(stream, "%.0f values of %s lie %s the range of its quantiles (variable %s)\n", number, output,
                    side[i], name);
    }
  }
  return TANLU_OK;
}

/* Sums by group and, where no samples are kept, everything else. */
static tanlu_status view_all_statistics(tanlu_result *result, bool samples, FILE *stream, tanlu_context *context) {
  const tanlu_result_variable *count = NULL;
  tanlu_status status = tanlu_result_variable_read(result, "indicator_count", &count, context);
  if (status == TANLU_OK && isnan(count->value[0])) {
    (void)fprintf(stream, "\nstatistics are written when the sweep ends or is stopped by a signal\n");
    return TANLU_OK;
  }
  if (status == TANLU_OK && !samples) status = view_statistics(result, "summary", "summary", false, stream, context);
  if (status == TANLU_OK && !samples)
    status = view_statistics(result, "indicator", "indicator", false, stream, context);
  const bool sums = strcmp(attribute(result, "keep"), "groups") == 0 || !samples;
  for (size_t g = 0; status == TANLU_OK && sums && g < TANLU_GROUPED; g++) {
    status = view_statistics(result, tanlu_field_table[tanlu_grouped_field[g]].name, "group", true, stream, context);
  }
  if (status == TANLU_OK && tanlu_result_attribute(result, "quantile_ranges") != NULL) {
    status = view_outside(result, "indicator", stream, context);
    if (status == TANLU_OK) status = view_outside(result, "summary", stream, context);
    for (size_t g = 0; status == TANLU_OK && g < TANLU_GROUPED; g++) {
      status = view_outside(result, tanlu_field_table[tanlu_grouped_field[g]].name, stream, context);
    }
  }
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
  status = view_parameters(result, stream, context);
  if (status == TANLU_OK) status = view_samples(result, states, samples, stream, context);
  const bool kept = tanlu_result_variable_find(result, "summary_value") != NULL;
  if (status == TANLU_OK && kept) status = view_scalars(result, states, stream, context);
  if (status == TANLU_OK && kept) status = view_indicators(result, states, stream, context);
  if (status == TANLU_OK) status = view_all_statistics(result, kept, stream, context);
  return status;
}

tanlu_status tanlu_sweep_view(const char *path, FILE *stream, tanlu_context *context) {
  tanlu_result *result = NULL;
  tanlu_status status = tanlu_result_open(&result, path, context);
  if (status == TANLU_OK) status = tanlu_sweep_view_result(result, stream, context);
  tanlu_result_close(&result);
  return status;
}
