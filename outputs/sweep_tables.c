#include "outputs/sweep_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/sweep_spread.h"
#include "solvers/memory.h"

static const char *text_at(tanlu_result *result, const char *name, size_t i) {
  const tanlu_result_texts *texts = tanlu_result_texts_find(result, name);
  return texts != NULL && i < texts->count ? texts->text[i] : "";
}

tanlu_status tanlu_sweep_parameters_table(tanlu_table **table, tanlu_result *result, tanlu_context *context) {
  const tanlu_labels *labels = tanlu_result_labels(result, "parameter");
  tanlu_table *t = *table = tanlu_table_create(context);
  if (t == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(t, "parameter", TANLU_LEFT);
  tanlu_table_column(t, "mode", TANLU_LEFT);
  tanlu_table_column(t, "distribution", TANLU_LEFT);
  tanlu_table_column(t, "path", TANLU_LEFT);
  for (size_t p = 0; labels != NULL && p < labels->count; p++) {
    tanlu_table_text(t, labels->code[p]);
    tanlu_table_text(t, text_at(result, "parameter_mode", p));
    tanlu_table_text(t, text_at(result, "parameter_distribution", p));
    tanlu_table_text(t, text_at(result, "parameter_path", p));
  }
  return TANLU_OK;
}

/* ---- spreads ------------------------------------------------------------------------------------------------------------ */

/* Rows of a table: members of an axis, each in so many years. */
typedef struct {
  const tanlu_labels *labels;
  const int *year;
  size_t years, some; /* in the file, in the table */
  tanlu_sweep_span span;
} rows;

static size_t year_of(const rows *r, size_t i) {
  if (r->span == TANLU_SPAN_LAST) return r->years - 1;
  if (r->span == TANLU_SPAN_ALL) return i;
  return r->some > 1 ? i * (r->years - 1) / (r->some - 1) : 0;
}

static void add_headings(tanlu_table *table, const char *first) {
  static const char *const heading[] = {"mean", "deviation", "lowest", "5 %", "median", "95 %", "highest"};
  tanlu_table_column(table, first, TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  for (size_t i = 0; i < sizeof heading / sizeof *heading; i++) tanlu_table_column(table, heading[i], TANLU_RIGHT);
  tanlu_table_column(table, "of", TANLU_RIGHT);
}

/* In the order of the headings. */
static void add_row(tanlu_table *table, const char *name, const char *unit, const tanlu_sweep_spread *s) {
  const double figure[] = {s->mean,
                           s->deviation,
                           s->least,
                           s->quantile[TANLU_SPREAD_5],
                           s->quantile[TANLU_SPREAD_MEDIAN],
                           s->quantile[TANLU_SPREAD_95],
                           s->most};
  const bool year = strcmp(unit, "year") == 0;
  const int decimals = year ? 1 : tanlu_decimals(!isnan(s->least) ? fmax(fabs(s->least), fabs(s->most)) : 0.0);
  tanlu_table_text(table, name);
  tanlu_table_text(table, unit);
  for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) tanlu_table_number(table, figure[i], decimals);
  tanlu_table_number(table, s->count, 0);
}

static void add_rows(tanlu_table *table, tanlu_result *result, const char *output, bool scalar, const rows *r,
                     const tanlu_sweep_spread *spread) {
  char name[128];
  (void)snprintf(name, sizeof name, "%s_mean", output);
  const tanlu_result_variable *mean = tanlu_result_variable_find(result, name);
  (void)snprintf(name, sizeof name, "%s_unit", output);
  const bool own = tanlu_result_texts_find(result, name) != NULL; /* a unit each */
  for (size_t k = 0; k < r->labels->count * r->some; k++) {
    const size_t member = k / r->some;
    char unit[64];
    (void)snprintf(name, sizeof name, "%s_unit", output);
    (void)snprintf(unit, sizeof unit, "%s", own ? text_at(result, name, member) : mean != NULL ? mean->unit : "");
    if (scalar) {
      (void)snprintf(name, sizeof name, "%s", r->labels->code[member]);
    } else {
      (void)snprintf(name, sizeof name, "%s %d", r->labels->code[member], r->year[year_of(r, k % r->some)]);
    }
    add_row(table, name, unit, &spread[k]);
  }
}

tanlu_status tanlu_sweep_spread_table(tanlu_table **table, tanlu_result *result, const char *output,
                                      tanlu_sweep_span span, tanlu_context *context) {
  enum { YEARS_SHOWN = 5 };
  const bool scalar = strcmp(output, "summary") == 0, grouped = !scalar && strcmp(output, "indicator") != 0;
  rows r = {.labels = tanlu_result_labels(result, grouped ? "group" : output), .span = span};
  char values[96], counts[96];
  (void)snprintf(values, sizeof values, "%s_value", output);
  (void)snprintf(counts, sizeof counts, "%s_count", output);
  const bool sampled = !grouped && tanlu_result_variable_find(result, values) != NULL;
  *table = NULL;
  if (r.labels == NULL || (!sampled && tanlu_result_variable_find(result, counts) == NULL)) return TANLU_OK;
  r.year = tanlu_result_years(result, &r.years);
  r.some = scalar || span == TANLU_SPAN_LAST                 ? 1
           : span == TANLU_SPAN_ALL || r.years < YEARS_SHOWN ? r.years
                                                             : YEARS_SHOWN;
  const size_t count = r.labels->count * r.some;
  size_t *cell = tanlu_allocate(context, count, sizeof *cell);
  tanlu_sweep_spread *spread = tanlu_allocate(context, count, sizeof *spread);
  tanlu_status status = cell != NULL && spread != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < count; k++) {
    cell[k] = (scalar ? 0 : year_of(&r, k % r.some)) * r.labels->count + k / r.some;
  }
  if (status == TANLU_OK) {
    status = sampled ? tanlu_sweep_spread_samples(result, values, cell, count, spread, context)
                     : tanlu_sweep_spread_statistics(result, output, cell, count, spread, context);
  }
  if (status == TANLU_OK && (*table = tanlu_table_create(context)) == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    add_headings(*table, scalar ? "scalar" : output);
    add_rows(*table, result, output, scalar, &r, spread);
  }
  free(cell);
  free(spread);
  return status;
}
