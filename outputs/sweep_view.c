#include "outputs/sweep_view.h"

#include <math.h>
#include <string.h>

#include "outputs/sweep_samples.h"
#include "outputs/sweep_spread.h"
#include "outputs/sweep_tables.h"
#include "outputs/table.h"

bool tanlu_result_is_sweep(tanlu_result *result) {
  return tanlu_result_attribute(result, "sweep") != NULL;
}

static const char *attribute(tanlu_result *result, const char *name) {
  const char *text = tanlu_result_attribute(result, name);
  return text != NULL ? text : "";
}

/* ---- samples ------------------------------------------------------------------------------------------------------------ */

/* How many samples are of each state, and why the first of the failed ones failed; where reasons are kept by block, the first that
 * failed in its block. */
static tanlu_status view_samples(tanlu_result *result, FILE *stream, tanlu_context *context) {
  tanlu_sweep_samples samples;
  tanlu_status status = tanlu_sweep_samples_count(&samples, result, context);
  if (status != TANLU_OK) return status;
  (void)fprintf(stream,
                "\n%zu samples: %zu solved, %zu with values that are not allowed, %zu not solvable, %zu not computed\n",
                samples.samples, samples.count[TANLU_SAMPLE_SOLVED], samples.count[TANLU_SAMPLE_REFUSED],
                samples.count[TANLU_SAMPLE_UNSOLVED], samples.count[TANLU_SAMPLE_OPEN]);
  for (int kind = TANLU_SAMPLE_REFUSED; status == TANLU_OK && kind <= TANLU_SAMPLE_UNSOLVED; kind++) {
    char text[TANLU_SWEEP_REASON + 1];
    size_t sample = samples.first[kind];
    if (samples.count[kind] == 0) continue;
    status = tanlu_sweep_reason_read(&samples, result, &sample, text, context);
    if (status == TANLU_OK) (void)fprintf(stream, "  sample %zu: %s\n", samples.begin + sample, text);
  }
  return status;
}

/* ---- outputs ------------------------------------------------------------------------------------------------------------ */

/* A table of an output, if the file has it. */
static tanlu_status view_spread(tanlu_result *result, const char *output, tanlu_sweep_span span, FILE *stream,
                                tanlu_context *context) {
  tanlu_table *table = NULL;
  tanlu_status status = tanlu_sweep_spread_table(&table, result, output, span, context);
  if (table == NULL) return status;
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
  if (status == TANLU_OK && !samples) status = view_spread(result, "summary", TANLU_SPAN_SOME, stream, context);
  if (status == TANLU_OK && !samples) status = view_spread(result, "indicator", TANLU_SPAN_SOME, stream, context);
  const bool sums = strcmp(attribute(result, "keep"), "groups") == 0 || !samples;
  for (size_t g = 0; status == TANLU_OK && sums && g < TANLU_GROUPED; g++) {
    status = view_spread(result, tanlu_field_table[tanlu_grouped_field[g]].name, TANLU_SPAN_LAST, stream, context);
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
  tanlu_table *table = NULL;
  (void)fprintf(stream, "%s: %s of scenario %s (%s), seed %s\n\n", attribute(result, "sweep"),
                attribute(result, "design"), attribute(result, "scenario_name"), attribute(result, "dataset"),
                attribute(result, "seed"));
  tanlu_status status = tanlu_sweep_parameters_table(&table, result, context);
  if (status == TANLU_OK) status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  if (status == TANLU_OK) status = view_samples(result, stream, context);
  const bool kept = tanlu_sweep_sampled(result);
  if (status == TANLU_OK && kept) status = view_spread(result, "summary", TANLU_SPAN_SOME, stream, context);
  if (status == TANLU_OK && kept) status = view_spread(result, "indicator", TANLU_SPAN_SOME, stream, context);
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
