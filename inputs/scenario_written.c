/* Timelines as they are written: a number, knots by year, or a trend. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "inputs/scenario_bind.h"
#include "solvers/memory.h"

void tanlu_written_clear(tanlu_written *written) {
  free(written->year);
  free(written->value);
  free(written->place);
  *written = (tanlu_written){0};
}

static tanlu_status make_room(tanlu_written *w, size_t count, tanlu_context *context) {
  w->year = tanlu_allocate(context, count, sizeof *w->year);
  w->value = tanlu_allocate(context, count, sizeof *w->value);
  w->place = tanlu_allocate(context, count, sizeof *w->place);
  return w->year && w->value && w->place ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status read_value(const tanlu_written *w, const tanlu_yaml *node, double *value, tanlu_context *context) {
  const tanlu_status status = tanlu_yaml_number(node, value, context);
  if (status != TANLU_OK || (*value >= w->lowest && *value <= w->highest)) return status;
  return tanlu_yaml_fail(node, context, "%s is outside the bounds; expected %g to %g", node->text, w->lowest,
                         w->highest);
}

/* The year of a knot, checked against the span and the knot before. */
static tanlu_status read_year(const tanlu_yaml *node, const tanlu_span *span, int before, int *year,
                              tanlu_context *context) {
  if (!tanlu_integer_parse(node->key, year)) {
    return tanlu_yaml_fail_key(node, context, "'%s' is not a year; expected {YEAR: VALUE, ...}%s", node->key,
                               span->history ? "" : ", interpolation or trend");
  }
  if (!span->history && *year <= span->history_to) {
    return tanlu_yaml_fail_key(node, context, "knot %d lies in the recorded history, which ends in %d", *year,
                               span->history_to);
  }
  if (*year < span->first || *year > span->last) {
    return tanlu_yaml_fail_key(node, context, "year %d is outside %d to %d", *year, span->first, span->last);
  }
  if (*year == before) return tanlu_yaml_fail_key(node, context, "two knots for %d", *year);
  if (*year < before) {
    return tanlu_yaml_fail_key(node, context, "knots out of order: %d after %d", *year, before);
  }
  return TANLU_OK;
}

static tanlu_status read_interpolation(const tanlu_yaml *node, tanlu_interpolation *interpolation,
                                       tanlu_context *context) {
  for (int k = 0; k < TANLU_INTERPOLATIONS && node->kind == TANLU_YAML_SCALAR; k++) {
    if (strcmp(node->text, tanlu_interpolation_word[k]) != 0) continue;
    *interpolation = (tanlu_interpolation)k;
    return TANLU_OK;
  }
  return tanlu_yaml_fail(node, context, "unknown interpolation%s%s%s; expected linear, step or geometric",
                         node->kind == TANLU_YAML_SCALAR ? " '" : "", node->kind == TANLU_YAML_SCALAR ? node->text : "",
                         node->kind == TANLU_YAML_SCALAR ? "'" : "");
}

/* Knots of a mapping, its word keys apart. */
static tanlu_status read_knots(tanlu_written *w, const tanlu_yaml *node, const tanlu_span *span,
                               tanlu_context *context) {
  tanlu_status status = make_room(w, node->count, context);
  if (status != TANLU_OK) return status;
  int before = 0;
  for (size_t i = 0; i < node->count; i++) {
    const tanlu_yaml *child = node->child[i];
    if (strcmp(child->key, "interpolation") == 0) continue;
    int year = 0;
    double value = 0.0;
    const tanlu_status year_status = read_year(child, span, before, &year, context);
    const tanlu_status value_status = read_value(w, child, &value, context);
    if (year_status != TANLU_OK || value_status != TANLU_OK) {
      status = TANLU_ERR_INPUT;
      continue;
    }
    before = year;
    w->year[w->count] = year;
    w->value[w->count] = value;
    w->place[w->count++] = child;
  }
  if (status == TANLU_OK && w->count == 0) status = tanlu_yaml_fail(node, context, "a timeline without knots");
  return status;
}

/* `trend: P` or `trend: {YEAR: P, ...}`, percent a year. */
static tanlu_status read_trend(tanlu_written *w, const tanlu_yaml *timeline, const tanlu_yaml *trend,
                               tanlu_driver_id id, const tanlu_span *span, tanlu_context *context) {
  w->kind = TANLU_WRITTEN_TREND;
  w->lowest = -99.0;
  w->highest = 100.0;
  if (span->history) return tanlu_yaml_fail_key(trend, context, "the history records values; expected knots by year");
  if (tanlu_driver_table[id].form != TANLU_FORM_INDEX) {
    return tanlu_yaml_fail_key(trend, context, "'%s' takes no trend; only an index (base year = 1) does",
                               tanlu_driver_table[id].path);
  }
  if (timeline->count != 1) {
    return tanlu_yaml_fail_key(trend, context, "a trend stands alone; expected {trend: PERCENT} without other keys");
  }
  if (trend->kind == TANLU_YAML_MAPPING) return read_knots(w, trend, span, context);
  const tanlu_status status = make_room(w, 1, context);
  if (status != TANLU_OK) return status;
  w->count = 1;
  w->place[0] = trend;
  return read_value(w, trend, &w->value[0], context);
}

tanlu_status tanlu_written_read(tanlu_written *w, const tanlu_yaml *node, tanlu_driver_id id, const tanlu_span *span,
                                tanlu_context *context) {
  const tanlu_driver_info *info = &tanlu_driver_table[id];
  *w = (tanlu_written){.interpolation = TANLU_LINEAR, .lowest = info->lowest, .highest = info->highest};
  if (node->kind == TANLU_YAML_SCALAR) {
    w->kind = TANLU_WRITTEN_SCALAR;
    if (span->history) {
      return tanlu_yaml_fail(node, context, "the history records values by year; expected {YEAR: VALUE, ...}");
    }
    const tanlu_status status = make_room(w, 1, context);
    if (status != TANLU_OK) return status;
    w->count = 1;
    w->place[0] = node;
    return read_value(w, node, &w->value[0], context);
  }
  if (node->kind == TANLU_YAML_SEQUENCE) {
    return tanlu_yaml_fail(node, context, "expected a number or {YEAR: VALUE, ...} for '%s', found a list", info->path);
  }
  const tanlu_yaml *trend = tanlu_yaml_find(node, "trend");
  if (trend) return read_trend(w, node, trend, id, span, context);
  const tanlu_yaml *interpolation = tanlu_yaml_find(node, "interpolation");
  tanlu_status status = interpolation ? read_interpolation(interpolation, &w->interpolation, context) : TANLU_OK;
  w->kind = TANLU_WRITTEN_KNOTS;
  const tanlu_status knots = read_knots(w, node, span, context);
  return status == TANLU_OK ? knots : status;
}
