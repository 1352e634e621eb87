#include "outputs/overview.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "model/indicators.h"
#include "model/two_by_two.h"
#include "outputs/goal_view.h"
#include "outputs/region_slice.h"
#include "outputs/region_view.h"
#include "outputs/result_view.h"
#include "outputs/table.h"

/* Years an overview shows, as far as the file has them; its last year is always shown. */
static const int overview_years[] = {2020, 2025, 2030, 2035, 2040, 2050, 2060};
enum { OVERVIEW_YEARS = sizeof overview_years / sizeof *overview_years };

/* A line of the table: an indicator or product, the unit it is shown in and the factor to it. */
static const struct {
  const char *variable, *code, *name, *unit;
  double factor;
  int decimals;
} lines[] = {
    {"indicator_value", "gdp", "GDP", "1e12 CNY_2020", 1e-4, 1},
    {"indicator_value", "energy_consumption", "Energy consumption, coal-equivalent", "Mtce", 1.0, 0},
    {"indicator_value", "nonfossil_share", "Non-fossil share", "%", 100.0, 1},
    {"indicator_value", "coal_share", "Coal share", "%", 100.0, 1},
    {"indicator_value", "electricity_share", "Electricity in final energy", "%", 100.0, 1},
    {"indicator_value", "generation_total", "Generation", "TWh", 1.0, 0},
    {"indicator_value", "wind_solar_capacity", "Wind and solar capacity", "GW", 1.0, 0},
    {"indicator_value", "co2_energy", "Energy CO2, after capture", "Mt", 1.0, 0},
    {"indicator_value", "co2_process_total", "Process CO2, after capture", "Mt", 1.0, 0},
    {"indicator_value", "co2_captured_total", "Captured", "Mt", 1.0, 0},
    {"indicator_value", "co2_sinks", "Sinks", "Mt", 1.0, 0},
    {"indicator_value", "co2_net", "Net CO2", "Mt", 1.0, 0},
    {"indicator_value", "energy_per_gdp_change_2020", "Energy per GDP on 2020", "%", 100.0, 1},
    {"indicator_value", "co2_per_gdp_change_2005", "Energy CO2 per GDP on 2005", "%", 100.0, 1},
    {"product_output", "crude_steel", "Crude steel", "Mt", 1.0, 0},
    {"product_output", "cement", "Cement", "Mt", 1.0, 0},
};

/* A value of a variable (scenario, year, member); NaN where the file has no such place. */
static double value_at(const tanlu_result_variable *v, size_t scenario, size_t year, size_t member) {
  if (v == NULL || v->rank != 3 || scenario >= v->extent[0] || year >= v->extent[1] || member >= v->extent[2]) {
    return (double)NAN;
  }
  return v->value[(scenario * v->extent[1] + year) * v->extent[2] + member];
}

static size_t year_index(tanlu_result *result, int year) {
  size_t count = 0;
  const int *years = tanlu_result_years(result, &count);
  for (size_t t = 0; t < count; t++) {
    if (years[t] == year) return t;
  }
  return TANLU_NONE;
}

/* Indices of the years an overview shows. */
static size_t shown_years(tanlu_result *result, size_t shown[OVERVIEW_YEARS + 1]) {
  size_t count = 0, total = 0;
  (void)tanlu_result_years(result, &total);
  for (size_t k = 0; k < OVERVIEW_YEARS; k++) {
    const size_t t = year_index(result, overview_years[k]);
    if (t != TANLU_NONE) shown[count++] = t;
  }
  if (count == 0 || shown[count - 1] != total - 1) shown[count++] = total - 1;
  return count;
}

static size_t find_member(tanlu_result *result, const char *dimension, const char *code) {
  const tanlu_labels *labels = tanlu_result_labels(result, dimension);
  return labels == NULL ? TANLU_NONE : tanlu_labels_find(labels, code);
}

/* A variable that may be absent (a dataset without products has no product_output): NULL then. */
static tanlu_status read_optional(tanlu_result *result, const char *name, const tanlu_result_variable **variable,
                                  tanlu_context *context) {
  *variable = NULL;
  if (tanlu_result_variable_find(result, name) == NULL) return TANLU_OK;
  return tanlu_result_variable_read(result, name, variable, context);
}

/* ---- main figures --------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_overview_scenario(tanlu_result *result, size_t scenario, FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const tanlu_result_variable *indicator = NULL, *product = NULL;
  tanlu_status status = read_optional(result, "indicator_value", &indicator, context);
  if (status == TANLU_OK) status = read_optional(result, "product_output", &product, context);
  if (status != TANLU_OK) return status;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  size_t shown[OVERVIEW_YEARS + 1], count = 0;
  const int *year = tanlu_result_years(result, &count);
  count = shown_years(result, shown);
  char text[32];
  tanlu_table_column(table, scenarios->code[scenario], TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  for (size_t k = 0; k < count; k++) {
    (void)snprintf(text, sizeof text, "%d", year[shown[k]]);
    tanlu_table_column(table, text, TANLU_RIGHT);
  }
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    const bool is_product = strcmp(lines[i].variable, "product_output") == 0;
    const tanlu_result_variable *variable = is_product ? product : indicator;
    const size_t member = find_member(result, is_product ? "product" : "indicator", lines[i].code);
    if (variable == NULL || member == TANLU_NONE) continue;
    tanlu_table_text(table, lines[i].name);
    tanlu_table_text(table, lines[i].unit);
    for (size_t k = 0; k < count; k++) {
      tanlu_table_number(table, lines[i].factor * value_at(variable, scenario, shown[k], member), lines[i].decimals);
    }
  }
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- scalars -------------------------------------------------------------------------------------------------------- */

/* "peak_co2" as words. */
static void scalar_name(tanlu_table *table, const char *code) {
  char name[64];
  (void)snprintf(name, sizeof name, "%s", code);
  for (char *p = name; *p != '\0'; p++) {
    if (*p == '_') *p = ' ';
  }
  tanlu_table_text(table, name);
}

/* One scalar of all scenarios. */
static void scalar_row(tanlu_table *table, const tanlu_result_variable *v, size_t i, const char *code,
                       const char *unit) {
  const bool is_year = strcmp(unit, "year") == 0;
  double largest = 0.0;
  for (size_t s = 0; s < v->extent[0]; s++) largest = fmax(largest, fabs(v->value[s * v->extent[1] + i]));
  scalar_name(table, code);
  tanlu_table_text(table, is_year ? "" : unit);
  for (size_t s = 0; s < v->extent[0]; s++) {
    tanlu_table_number(table, v->value[s * v->extent[1] + i], is_year ? 0 : tanlu_decimals(largest));
  }
}

/* How well the equations closed: a power of ten. */
static void closing_row(tanlu_table *table, const tanlu_result_variable *v, const char *name) {
  if (v == NULL || v->rank != 1) return;
  tanlu_table_text(table, name);
  tanlu_table_text(table, "relative");
  for (size_t s = 0; s < v->extent[0]; s++) {
    char text[32];
    (void)snprintf(text, sizeof text, "%.1e", v->value[s]);
    tanlu_table_text(table, text);
  }
}

tanlu_status tanlu_overview_scalars(tanlu_result *result, FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const tanlu_labels *scalars = tanlu_result_labels(result, "summary");
  const tanlu_result_texts *units = tanlu_result_texts_find(result, "summary_unit");
  const tanlu_result_variable *value = NULL, *residual = NULL, *balance = NULL;
  tanlu_status status = read_optional(result, "summary_value", &value, context);
  if (status == TANLU_OK) status = read_optional(result, "residual", &residual, context);
  if (status == TANLU_OK) status = read_optional(result, "balance_gap", &balance, context);
  if (status != TANLU_OK || value == NULL || value->rank != 2 || scalars == NULL) return status;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "whole scenario", TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  for (size_t s = 0; s < scenarios->count; s++) tanlu_table_column(table, scenarios->code[s], TANLU_RIGHT);
  for (size_t i = 0; i < scalars->count && i < value->extent[1]; i++) {
    scalar_row(table, value, i, scalars->code[i], units != NULL && i < units->count ? units->text[i] : "");
  }
  closing_row(table, residual, "residual of the systems");
  closing_row(table, balance, "gap of the balances");
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- goals ---------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_overview_goals(tanlu_result *result, const tanlu_goals *goals, const bool *chosen,
                                  const tanlu_text_style *style, FILE *stream, tanlu_context *context) {
  tanlu_goal_verdicts verdicts;
  tanlu_status status = tanlu_goal_verdicts_make(&verdicts, goals, result, NULL, context);
  if (status != TANLU_OK) return status;
  const tanlu_goal_choice choice = {
      .chosen = chosen, .scenario = TANLU_NONE, .brief = true, .apart = true, .style = style};
  status = tanlu_goal_view(&verdicts, &choice, stream, context);
  tanlu_goal_verdicts_clear(&verdicts);
  return status;
}

/* ---- the two-by-two ------------------------------------------------------------------------------------------------- */

/* Value of an indicator in year index t, or its sum over all years after the first (t = TANLU_NONE) in thousands. */
static double split_value(const tanlu_result_variable *v, size_t scenario, size_t t, size_t member) {
  if (t != TANLU_NONE) return value_at(v, scenario, t, member);
  double sum = 0.0;
  for (size_t k = 1; k < v->extent[1]; k++) sum += value_at(v, scenario, k, member);
  return 1e-3 * sum;
}

tanlu_status tanlu_overview_split(tanlu_result *result, FILE *stream, tanlu_context *context) {
  static const char *const run[4] = {"reference", "structure", "energy-mix", "dual-carbon"};
  static const char *const code[2] = {"co2_net", "co2_energy"}, *const name[2] = {"Net CO2", "Energy CO2"};
  static const int year[2] = {2030, 2060};
  size_t scenario[4], years = 0;
  for (size_t k = 0; k < 4; k++) {
    scenario[k] = find_member(result, "scenario", run[k]);
    if (scenario[k] == TANLU_NONE) return TANLU_OK;
  }
  const tanlu_result_variable *v = NULL;
  tanlu_status status = read_optional(result, "indicator_value", &v, context);
  if (status != TANLU_OK || v == NULL || v->rank != 3) return status;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  const int *all = tanlu_result_years(result, &years);
  const char *const heading[] = {"structure", "energy mix", "together", "interaction, half in each"};
  tanlu_table_column(table, "reference to dual-carbon", TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  tanlu_table_column(table, "reference", TANLU_RIGHT);
  tanlu_table_column(table, "dual-carbon", TANLU_RIGHT);
  for (size_t k = 0; k < 4; k++) tanlu_table_column(table, heading[k], TANLU_RIGHT);
  for (size_t i = 0; i < 2; i++) {
    const size_t member = find_member(result, "indicator", code[i]);
    for (size_t k = 0; k < 3 && member != TANLU_NONE; k++) {
      const size_t t = k < 2 ? year_index(result, year[k]) : TANLU_NONE;
      if (k < 2 && t == TANLU_NONE) continue;
      double x[4];
      char text[64];
      for (size_t r = 0; r < 4; r++) x[r] = split_value(v, scenario[r], t, member);
      const tanlu_two_by_two split = tanlu_two_by_two_split(x[0], x[1], x[2], x[3]);
      if (k < 2) {
        (void)snprintf(text, sizeof text, "%s %d", name[i], year[k]);
      } else {
        (void)snprintf(text, sizeof text, "%s %d-%d", name[i], all[0] + 1, all[years - 1]);
      }
      const int decimals = k < 2 ? 0 : 1;
      tanlu_table_text(table, text);
      tanlu_table_text(table, k < 2 ? "Mt" : "Gt");
      tanlu_table_number(table, x[0], decimals);
      tanlu_table_number(table, x[3], decimals);
      tanlu_table_number(table, split.first, decimals);
      tanlu_table_number(table, split.second, decimals);
      tanlu_table_number(table, split.first + split.second, decimals);
      tanlu_table_number(table, split.interaction, decimals);
    }
  }
  (void)fputc('\n', stream);
  status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_overview_print(tanlu_result *result, const tanlu_goals *goals, const bool *chosen,
                                  const tanlu_text_style *style, FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  tanlu_status status = TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && s < scenarios->count; s++) {
    status = tanlu_overview_scenario(result, s, stream, context);
    (void)fputc('\n', stream);
  }
  if (status == TANLU_OK) status = tanlu_overview_scalars(result, stream, context);
  if (status == TANLU_OK) status = tanlu_overview_goals(result, goals, chosen, style, stream, context);
  if (status == TANLU_OK) status = tanlu_overview_split(result, stream, context);
  const tanlu_view all = {.from = 1, .to = 0, .style = style};
  if (status == TANLU_OK && tanlu_result_regions_of(result) != NULL) {
    (void)fputc('\n', stream);
    status = tanlu_region_overview(result, NULL, &all, stream, context);
  }
  const size_t net = find_member(result, "indicator", "co2_net");
  if (status == TANLU_OK && style != NULL && style->chart > 0 && net != TANLU_NONE) {
    (void)fputc('\n', stream);
    status = tanlu_view_chart(result, net, &all, stream, context);
  }
  return status;
}
