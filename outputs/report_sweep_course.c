/* Of a report on a sweep: outputs over the years as fans of quantiles, scalars as histograms and tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_sweep_private.h"
#include "outputs/sweep_spread.h"
#include "outputs/sweep_tables.h"
#include "solvers/memory.h"

/* ---- fans --------------------------------------------------------------------------------------------------------------- */

/* Add the fan of one indicator, of which spread holds every year. */
static void draw_fan(const tanlu_sweep_page *p, tanlu_figure *figure, const tanlu_sweep_spread *spread,
                     const double *nominal) {
  size_t years = 0;
  const int *year = tanlu_result_years(p->result, &years);
  const bool quantiles =
      !isnan(spread[years - 1].quantile[TANLU_SPREAD_MEDIAN]) || !isnan(spread[0].quantile[TANLU_SPREAD_MEDIAN]);
  const size_t wide = tanlu_figure_series(figure, 0, quantiles ? "5 to 95 %" : "lowest to highest",
                                          TANLU_ROLE_SERIES + 6, TANLU_STYLE_SOLID);
  const size_t narrow =
      quantiles ? tanlu_figure_series(figure, 0, "25 to 75 %", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID) : 0;
  const size_t line =
      tanlu_figure_series(figure, 0, quantiles ? "median" : "mean", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t t = 0; t < years; t++) {
    const tanlu_sweep_spread *s = &spread[t];
    const double none = (double)NAN;
    tanlu_figure_interval(figure, wide, year[t], none, quantiles ? s->quantile[TANLU_SPREAD_5] : s->least,
                          quantiles ? s->quantile[TANLU_SPREAD_95] : s->most);
    if (quantiles) {
      tanlu_figure_interval(figure, narrow, year[t], none, s->quantile[TANLU_SPREAD_25], s->quantile[TANLU_SPREAD_75]);
    }
    tanlu_figure_point(figure, line, year[t], quantiles ? s->quantile[TANLU_SPREAD_MEDIAN] : s->mean);
  }
  if (nominal == NULL) return;
  const size_t own = tanlu_figure_series(figure, 0, "the scenario itself", TANLU_ROLE_TOTAL, TANLU_STYLE_DASHED);
  for (size_t t = 0; t < years; t++) tanlu_figure_point(figure, own, year[t], nominal[t]);
}

/* Spreads of an indicator in every year, and its values in the sample that is the scenario itself. */
static tanlu_status read_fan(const tanlu_sweep_page *p, size_t indicator, size_t years, tanlu_sweep_spread *spread,
                             double *nominal) {
  const size_t members = tanlu_result_labels(p->result, "indicator")->count;
  size_t *cell = tanlu_allocate(p->context, years, sizeof *cell);
  double *row = tanlu_allocate_doubles(p->context, years, members);
  tanlu_status status = cell != NULL && row != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t t = 0; status == TANLU_OK && t < years; t++) cell[t] = t * members + indicator;
  if (status == TANLU_OK) {
    status = p->sampled ? tanlu_sweep_spread_samples(p->result, "indicator_value", cell, years, spread, p->context)
                        : tanlu_sweep_spread_statistics(p->result, "indicator", cell, years, spread, p->context);
  }
  if (status == TANLU_OK && p->nominal != TANLU_NONE) {
    const tanlu_result_variable *values = tanlu_result_variable_find(p->result, "indicator_value");
    status = tanlu_result_rows_read(p->result, values, p->nominal, 1, row, p->context);
    for (size_t t = 0; t < years; t++) nominal[t] = row[cell[t]];
  }
  free(cell);
  free(row);
  return status;
}

static tanlu_status add_fan(const tanlu_sweep_page *p, size_t indicator, tanlu_sweep_spread *spread, double *nominal) {
  const char *code = tanlu_result_labels(p->result, "indicator")->code[indicator];
  char name[96], words[96], count[32];
  size_t years = 0;
  (void)tanlu_result_years(p->result, &years);
  tanlu_status status = read_fan(p, indicator, years, spread, nominal);
  if (status != TANLU_OK) return status;
  if (!(spread[years - 1].count > 0.0 || spread[0].count > 0.0)) return TANLU_OK;
  tanlu_report_words(words, sizeof words, code);
  tanlu_figure *figure = tanlu_figure_create(
      TANLU_CHART_LINES, tanlu_report_figure_name(name, sizeof name, "fan", code), words, p->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, words, tanlu_sweep_page_text(p, "indicator_unit", indicator));
    draw_fan(p, figure, spread, p->nominal != TANLU_NONE ? nominal : NULL);
    tanlu_sweep_page_caveat(p, figure);
  }
  double most = 0.0;
  for (size_t t = 0; t < years; t++) most = fmax(most, spread[t].count);
  const bool quantiles = !isnan(spread[years - 1].quantile[TANLU_SPREAD_MEDIAN]);
  tanlu_report_figure(
      p->report, &figure, "%s, %s. Drawn are %s of %s solved samples, with straight lines between the years kept.",
      code, tanlu_sweep_page_text(p, "indicator_definition", indicator),
      quantiles ? "the quantiles in each year" : "mean and extremes, as no range was declared for quantiles,",
      tanlu_report_number(count, sizeof count, most, 0));
  return TANLU_OK;
}

tanlu_status tanlu_sweep_page_course(const tanlu_sweep_page *p) {
  enum { FANS_MOST = 8 };
  const tanlu_labels *labels = tanlu_result_labels(p->result, "indicator");
  size_t years = 0;
  tanlu_table *table = NULL;
  tanlu_status status = TANLU_OK;
  const int *year = tanlu_result_years(p->result, &years);
  if (labels->count == 0 || years == 0) return TANLU_OK;
  tanlu_report_section(p->report, "course", "Over the years");
  if (years > 1) {
    tanlu_report_text(
        p->report,
        "Each band holds a share of the samples in each year by itself: no single path need run along its "
        "edge. Shares are of the design, which is a judgement about parameters, not of the world%s.",
        p->nominal != TANLU_NONE ? "; the dashed line is the sample at which no parameter is changed" : "");
  } else {
    tanlu_report_text(p->report, "The sweep keeps one year, %d: there is no course to draw.", year[0]);
  }
  tanlu_sweep_spread *spread = tanlu_allocate(p->context, years, sizeof *spread);
  double *nominal = tanlu_allocate_doubles(p->context, years, 1);
  if (spread == NULL || nominal == NULL) status = TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && years > 1 && k < labels->count && k < FANS_MOST; k++) {
    status = add_fan(p, k, spread, nominal);
  }
  if (years > 1 && labels->count > FANS_MOST) {
    tanlu_report_remark(p->report, "%zu further indicators are in the table below.", labels->count - FANS_MOST);
  }
  if (status == TANLU_OK) status = tanlu_sweep_spread_table(&table, p->result, "indicator", TANLU_SPAN_ALL, p->context);
  if (table != NULL) tanlu_report_table(p->report, &table, years > 1, "All indicators in all years kept");
  free(spread);
  free(nominal);
  return status;
}

/* ---- histograms --------------------------------------------------------------------------------------------------------- */

/* Classes of equal width: [low + i step, low + (i + 1) step). */
typedef struct {
  double low, step;
  size_t count;
  int decimals;
} classes;

enum { CLASSES_MOST = 24 };
static const double WHOLE_STEPS = 5.0; /* an axis that long has no ticks between whole samples */

/* Years: as many whole years a class as bring them below CLASSES_MOST; others: 1, 2 or 5 times a power of ten. */
static classes choose_classes(double least, double most, bool years) {
  static const double nice[] = {1.0, 2.0, 5.0};
  classes c = {.step = 1.0};
  const double span = most - least;
  int power = years ? 0 : (int)floor(log10(span > 0.0 ? span / CLASSES_MOST : fmax(fabs(most), 1.0) / 10.0));
  for (size_t k = 0;; k++) {
    const int decade = power + (int)(k / 3);
    c.step = nice[k % 3] * pow(10.0, (double)decade);
    c.low = floor(least / c.step + 1e-9) * c.step;
    c.count = (size_t)floor((most - c.low) / c.step + 1e-9) + 1;
    c.decimals = decade < 0 ? -decade : 0;
    if (c.count <= CLASSES_MOST) return c;
  }
}

static void draw_histogram(const tanlu_sweep_page *p, tanlu_figure *figure, const double *value, bool years,
                           const tanlu_sweep_spread *s) {
  const classes c = choose_classes(s->least, s->most, years);
  size_t number[CLASSES_MOST + 1] = {0}, missing = 0;
  for (size_t i = 0; i < p->samples.samples; i++) {
    if (!isnan(value[i])) {
      const double at = floor((value[i] - c.low) / c.step + 1e-9);
      number[at < 0.0 ? 0 : at < (double)c.count ? (size_t)at : c.count - 1]++;
    } else if ((int)p->samples.state->value[i] == TANLU_SAMPLE_SOLVED) {
      missing++;
    }
  }
  const size_t series =
      tanlu_figure_series(figure, 0, missing > 0 ? "with it" : "", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t k = 0; k < c.count; k++) {
    char label[64];
    (void)snprintf(label, sizeof label, "%.*f", c.decimals, c.low + (double)k * c.step);
    tanlu_figure_point(figure, series, (double)tanlu_figure_category(figure, label), (double)number[k]);
  }
  if (missing > 0) {
    const size_t none = tanlu_figure_series(figure, 0, "without it", TANLU_ROLE_REST, TANLU_STYLE_SOLID);
    tanlu_figure_point(figure, none, (double)tanlu_figure_category(figure, "none"), (double)missing);
  }
  if (c.step > 1.0 || !years) {
    tanlu_figure_note(figure, "Classes are %.*f wide and named by their lower ends.", c.decimals, c.step);
  }
}

static tanlu_status add_histogram(const tanlu_sweep_page *p, const char *code, double *value, double *sorted) {
  const size_t cell = tanlu_labels_find(tanlu_result_labels(p->result, "summary"), code);
  char name[96], words[96], heading[128], count[32];
  tanlu_sweep_spread spread;
  if (cell == TANLU_NONE) return TANLU_OK;
  const tanlu_status status =
      tanlu_sweep_column_read(p->result, "summary_value", cell, p->samples.state->value, value, p->context);
  if (status != TANLU_OK) return status;
  size_t known = 0;
  for (size_t i = 0; i < p->samples.samples; i++) {
    if (!isnan(value[i])) sorted[known++] = value[i];
  }
  if (known == 0) {
    tanlu_report_text(p->report, "%s is missing in every sample: %s.", code,
                      tanlu_sweep_page_text(p, "summary_definition", cell));
    return TANLU_OK;
  }
  tanlu_sweep_spread_compute(&spread, sorted, known);
  const char *unit = tanlu_sweep_page_text(p, "summary_unit", cell);
  const bool years = strcmp(unit, "year") == 0;
  tanlu_report_words(words, sizeof words, code);
  (void)snprintf(heading, sizeof heading, "%s: how many samples", words);
  tanlu_figure *figure = tanlu_figure_create(
      TANLU_CHART_STACKED, tanlu_report_figure_name(name, sizeof name, "histogram", code), heading, p->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, words, tanlu_sweep_page_unit(unit));
    tanlu_figure_y(figure, "Samples", NULL);
    tanlu_figure_y_range(figure, 0.0, WHOLE_STEPS, false);
    draw_histogram(p, figure, value, years, &spread);
  }
  const int decimals = years ? 0 : tanlu_decimals(fmax(fabs(spread.least), fabs(spread.most)));
  tanlu_sweep_page_caveat(p, figure);
  tanlu_report_figure(p->report, &figure,
                      "%s, %s. %s solved samples have one; its median is %.*f, 5 and 95 %% are %.*f and "
                      "%.*f%s%s.",
                      code, tanlu_sweep_page_text(p, "summary_definition", cell),
                      tanlu_report_number(count, sizeof count, spread.count, 0), decimals,
                      spread.quantile[TANLU_SPREAD_MEDIAN], decimals, spread.quantile[TANLU_SPREAD_5], decimals,
                      spread.quantile[TANLU_SPREAD_95], years ? "" : " ", tanlu_sweep_page_unit(unit));
  return TANLU_OK;
}

tanlu_status tanlu_sweep_page_spread(const tanlu_sweep_page *p) {
  static const char *const drawn[] = {"peak_year", "cumulative_co2"};
  tanlu_table *table = NULL;
  tanlu_status status = TANLU_OK;
  tanlu_report_section(p->report, "spread", "Peak and totals");
  if (p->sampled) {
    double *value = tanlu_allocate_doubles(p->context, p->samples.samples, 1);
    double *sorted = tanlu_allocate_doubles(p->context, p->samples.samples, 1);
    if (value == NULL || sorted == NULL) status = TANLU_ERR_MEMORY;
    for (size_t i = 0; status == TANLU_OK && i < sizeof drawn / sizeof *drawn; i++) {
      status = add_histogram(p, drawn[i], value, sorted);
    }
    free(value);
    free(sorted);
  }
  if (status == TANLU_OK) status = tanlu_sweep_spread_table(&table, p->result, "summary", TANLU_SPAN_SOME, p->context);
  if (table != NULL) tanlu_report_table(p->report, &table, false, "Scalars over the solved samples");
  for (size_t g = 0; status == TANLU_OK && p->derived && g < TANLU_GROUPED; g++) {
    const tanlu_field_info *field = &tanlu_field_table[tanlu_grouped_field[g]];
    status = tanlu_sweep_spread_table(&table, p->result, field->name, TANLU_SPAN_LAST, p->context);
    if (table != NULL) tanlu_report_table(p->report, &table, true, "%s, in the last year", field->long_name);
  }
  return status;
}
