#include "outputs/region_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/region_slice.h"
#include "outputs/result_view_private.h"
#include "solvers/memory.h"

enum { LINES_MAX = 10, REGION_AXIS = 1 };

/* ---- indicators ----------------------------------------------------------------------------------------------------- */

/* Fewer lines for a chart: those with the largest values. */
static void keep_largest(tanlu_view_lines *lines, const tanlu_view_lines *all) {
  for (size_t s = 0; s < all->count; s++) {
    size_t larger = 0;
    double largest[2] = {0.0, 0.0};
    for (size_t k = 0; k < all->count; k++) {
      largest[0] = largest[1] = 0.0;
      for (size_t t = 0; t < all->years; t++) {
        largest[0] = fmax(largest[0], fabs(all->value[s * all->years + t])); /* fmax passes over missing values */
        largest[1] = fmax(largest[1], fabs(all->value[k * all->years + t]));
      }
      larger += largest[1] > largest[0] || (largest[1] == largest[0] && k < s);
    }
    if (larger >= LINES_MAX) continue;
    memcpy(lines->value + lines->count * lines->years, all->value + s * all->years, all->years * sizeof *lines->value);
    lines->name[lines->count++] = all->name[s];
  }
}

static tanlu_status draw_largest(const tanlu_view_lines *all, tanlu_result *result, const tanlu_view *view,
                                 FILE *stream, tanlu_context *context) {
  tanlu_view_lines lines = {0};
  if (view->style == NULL || view->style->chart == 0) return TANLU_OK;
  tanlu_status status = tanlu_view_lines_begin(&lines, all->count, all->years, context);
  lines.unit = all->unit;
  if (status == TANLU_OK) {
    keep_largest(&lines, all);
    (void)fputs(lines.count < all->count ? "\nthe ten largest\n" : "\n", stream);
    status = tanlu_view_lines_draw(&lines, result, view, stream, context);
  }
  tanlu_view_lines_clear(&lines);
  return status;
}

/* For each scenario shown the rows of regions, value[(scenario regions + region) years + year], as a table. */
static tanlu_status print_regions(tanlu_result *result, const double *value, size_t years, const char *unit,
                                  const bool *chosen, const tanlu_view *view, FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario"), *regions = tanlu_result_regions_of(result);
  tanlu_status status = TANLU_OK;
  bool first = true;
  for (size_t s = 0; status == TANLU_OK && s < scenarios->count; s++) {
    if (!tanlu_view_scenario_shown(view, scenarios->code[s])) continue;
    tanlu_view_lines lines = {0};
    status = tanlu_view_lines_begin(&lines, regions->count, years, context);
    lines.heading = scenarios->code[s];
    lines.unit = unit;
    for (size_t r = 0; status == TANLU_OK && r < regions->count; r++) {
      if (chosen != NULL && !chosen[r]) continue;
      memcpy(lines.value + lines.count * years, value + (s * regions->count + r) * years, years * sizeof *value);
      lines.name[lines.count++] = regions->code[r];
    }
    if (!first) (void)fputc('\n', stream);
    first = false;
    if (status == TANLU_OK) status = tanlu_view_lines_print(&lines, result, view, stream, context);
    if (status == TANLU_OK) status = draw_largest(&lines, result, view, stream, context);
    tanlu_view_lines_clear(&lines);
  }
  return status;
}

tanlu_status tanlu_region_view_indicator(tanlu_result *result, size_t indicator, const bool *chosen,
                                         const tanlu_view *view, FILE *stream, tanlu_context *context) {
  const tanlu_result_variable *v = tanlu_regional_variable_find(result, "indicator_value");
  tanlu_result_variable slice;
  tanlu_status status = tanlu_result_slice_read(&slice, result, v, 3, indicator, context);
  if (status == TANLU_OK) {
    tanlu_view_indicator_heading(result, indicator, stream);
    status = print_regions(result, slice.value, slice.extent[2], tanlu_view_indicator_unit(result, indicator), chosen,
                           view, stream, context);
  }
  tanlu_result_slice_clear(&slice);
  return status;
}

/* ---- variables ------------------------------------------------------------------------------------------------------ */

/* (scenario, year, region_from, region_to) */
static bool between_regions(const tanlu_result_variable *v) {
  return v->rank == 4 && strcmp(v->dimension[2], "region_from") == 0 && strcmp(v->dimension[3], "region_to") == 0;
}

/* (scenario, region) */
static bool one_of_each(const tanlu_result_variable *v) {
  return v->rank == 2 && strcmp(v->dimension[0], "scenario") == 0 && strcmp(v->dimension[1], "region") == 0;
}

bool tanlu_variable_has_regions(const tanlu_result_variable *variable) {
  return tanlu_variable_is_regional(variable) || one_of_each(variable) || between_regions(variable);
}

/* (scenario, region, summary) or (scenario, region): for each scenario a row a region. */
static tanlu_status print_summaries(tanlu_result *result, const tanlu_result_variable *v, const bool *chosen,
                                    const tanlu_view *view, FILE *stream, tanlu_context *context) {
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario"), *regions = tanlu_result_regions_of(result);
  const tanlu_labels *scalars = v->rank > 2 ? tanlu_result_labels(result, v->dimension[2]) : NULL;
  const size_t columns = v->rank > 2 ? v->extent[2] : 1;
  tanlu_status status = tanlu_result_variable_read(result, v->name, &v, context);
  char text[32];
  bool first = true;
  if (status == TANLU_OK) (void)fprintf(stream, "%s, %s: %s\n\n", v->name, v->unit, v->long_name);
  for (size_t s = 0; status == TANLU_OK && s < v->extent[0]; s++) {
    if (!tanlu_view_scenario_shown(view, scenarios->code[s])) continue;
    tanlu_table *table = tanlu_table_create(context);
    if (table == NULL) return TANLU_ERR_MEMORY;
    tanlu_table_column(table, scenarios->code[s], TANLU_LEFT);
    for (size_t i = 0; i < columns; i++) {
      (void)snprintf(text, sizeof text, "#%zu", i);
      tanlu_table_column(table, scalars != NULL ? scalars->code[i] : v->rank > 2 ? text : v->unit, TANLU_RIGHT);
    }
    for (size_t r = 0; r < v->extent[1]; r++) {
      if (chosen != NULL && !chosen[r]) continue;
      tanlu_table_text(table, regions->code[r]);
      for (size_t i = 0; i < columns; i++) {
        const double value = v->value[(s * v->extent[1] + r) * columns + i];
        (void)snprintf(text, sizeof text, "%.6g", value);
        tanlu_table_text(table, isnan(value) ? "-" : text);
      }
    }
    if (!first) (void)fputc('\n', stream);
    first = false;
    status = tanlu_table_print(table, stream, context);
    tanlu_table_free(&table);
  }
  return status;
}

/* Regions by year, summed over what is left. */
static tanlu_status print_sums(tanlu_result *result, const tanlu_result_variable *v, const tanlu_view *view,
                               FILE *stream, tanlu_context *context) {
  const bool products = v->rank > 3 && strcmp(v->dimension[3], "product") == 0;
  if (v->rank > 3 && (products || strcmp(v->dimension[3], "indicator") == 0 || strcmp(v->unit, "1") == 0)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "variable '%s' does not add up along %s; expected --region CODE, or --csv", v->name,
                         v->dimension[3]);
  }
  const size_t rows = v->extent[0] * v->extent[1] * v->extent[2];
  size_t cells = 1;
  for (size_t k = 3; k < v->rank; k++) cells *= v->extent[k];
  tanlu_status status = tanlu_result_variable_read(result, v->name, &v, context);
  double *sum = tanlu_allocate_doubles(context, rows, 1);
  if (sum == NULL && status == TANLU_OK) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < rows; i++) {
    for (size_t k = 0; k < cells; k++) sum[i] += v->value[i * cells + k];
  }
  if (status == TANLU_OK) {
    (void)fprintf(stream, "%s, %s: %s", v->name, v->unit, v->long_name);
    for (size_t k = 3; k < v->rank; k++) {
      (void)fprintf(stream, "%s%s", k == 3 ? "; summed over " : " and ", v->dimension[k]);
    }
    (void)fputs("\n\n", stream);
    status = print_regions(result, sum, v->extent[2], v->unit, NULL, view, stream, context);
  }
  free(sum);
  return status;
}

/* The tables of one member of an axis, under a heading that names it. */
static tanlu_status print_slice(tanlu_result *result, const tanlu_result_variable *v, size_t axis, size_t i,
                                const char *word, const tanlu_view *view, FILE *stream, tanlu_context *context) {
  const tanlu_labels *regions = tanlu_result_regions_of(result);
  char name[160];
  tanlu_result_variable slice;
  tanlu_status status = tanlu_result_slice_read(&slice, result, v, axis, i, context);
  (void)snprintf(name, sizeof name, "%s %s %s", v->name, word, regions->code[i]);
  slice.name = name;
  if (status == TANLU_OK) status = tanlu_view_variable(result, &slice, view, stream, context);
  tanlu_result_slice_clear(&slice);
  return status;
}

tanlu_status tanlu_region_view_variable(tanlu_result *result, const tanlu_result_variable *v, const bool *chosen,
                                        const tanlu_view *view, FILE *stream, tanlu_context *context) {
  const bool flows = between_regions(v);
  tanlu_status status = TANLU_OK;
  bool first = true;
  if (one_of_each(v) || (!flows && strcmp(v->dimension[2], "year") != 0)) {
    return print_summaries(result, v, chosen, view, stream, context);
  }
  if (chosen == NULL && flows) {
    status = tanlu_result_variable_read(result, v->name, &v, context);
    return status == TANLU_OK ? tanlu_view_variable(result, v, view, stream, context) : status;
  }
  if (chosen == NULL) return print_sums(result, v, view, stream, context);
  for (size_t r = 0; status == TANLU_OK && r < tanlu_result_regions_of(result)->count; r++) {
    if (!chosen[r]) continue;
    if (!first) (void)fputc('\n', stream);
    first = false;
    status = print_slice(result, v, flows ? 2 : REGION_AXIS, r, flows ? "from" : "of", view, stream, context);
    if (status != TANLU_OK || !flows) continue;
    (void)fputc('\n', stream);
    status = print_slice(result, v, 3, r, "to", view, stream, context);
  }
  return status;
}
