#include "inputs/named_output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inputs/number.h"
#include "model/investment.h"

/* ---- names --------------------------------------------------------------------------------------------------------------- */

static size_t find_summary(const char *code) {
  for (size_t i = 0; i < tanlu_summary_count(); i++) {
    if (strcmp(tanlu_summary(i)->code, code) == 0) return i;
  }
  return TANLU_NONE;
}

static tanlu_status fail_unknown(const char *code, const char *what, tanlu_context *context) {
  const char *name[TANLU_INDICATOR_COUNT + TANLU_SUMMARY_COUNT];
  for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) name[i] = tanlu_indicator(i)->code;
  for (size_t i = 0; i < TANLU_SUMMARY_COUNT; i++) name[TANLU_INDICATOR_COUNT + i] = tanlu_summary(i)->code;
  const char *nearest = tanlu_nearest(code, name, sizeof name / sizeof *name);
  if (nearest != NULL) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: unknown indicator '%s'; did you mean '%s'?", what, code, nearest);
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: unknown indicator '%s'; 'tanlu show --list' names all", what, code);
}

/* "guangdong.co2_net.2060": is there an indicator behind the first point? */
static bool names_region(const char *point) {
  char code[TANLU_OUTPUT_NAME];
  if (point == NULL) return false;
  (void)snprintf(code, sizeof code, "%.*s", (int)strcspn(point + 1, "."), point + 1);
  return tanlu_indicator_find(code) != TANLU_NONE;
}

static tanlu_status fail_regional(const char *text, const char *what, tanlu_context *context) {
  return tanlu_fail(context, TANLU_ERR_INPUT,
                    "%s: '%s' is an output of a region, which has no gradient: gradients are those of the nation; "
                    "'tanlu sensitivity' of a sweep says what outputs of regions depend on",
                    what, text);
}

static bool has_gradient(size_t summary) {
  return summary == TANLU_SUMMARY_CUMULATIVE || summary == TANLU_SUMMARY_RESIDUAL || summary == TANLU_SUMMARY_PEAK_CO2;
}

tanlu_status tanlu_output_named(tanlu_goal *output, const char *text, int from, int to, const char *what,
                                tanlu_context *context) {
  const char *point = strchr(text, '.');
  const size_t length = point != NULL ? (size_t)(point - text) : strlen(text);
  char code[TANLU_OUTPUT_NAME];
  int year = to;
  (void)snprintf(code, sizeof code, "%.*s", (int)length, text);
  *output = (tanlu_goal){.indicator = tanlu_indicator_find(code), .summary = find_summary(code)};
  if (output->indicator == TANLU_NONE && output->summary == TANLU_NONE) {
    return names_region(point) ? fail_regional(text, what, context) : fail_unknown(code, what, context);
  }
  if (output->summary != TANLU_NONE) {
    if (point != NULL) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s' is a scalar of the whole scenario; leave the year out",
                        what, code);
    }
    if (has_gradient(output->summary)) return TANLU_OK;
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "%s: '%s' is a year, which has no gradient; expected an indicator, cumulative_co2, residual_co2 "
                      "or peak_co2",
                      what, code);
  }
  if (point != NULL && !tanlu_integer_parse(point + 1, &year)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s' is not a year; expected CODE.YEAR, as co2_net.2060", what,
                      point + 1);
  }
  if (year < from || year > to) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %d is outside the years of the scenario, %d to %d", what, year,
                      from, to);
  }
  if (tanlu_indicator_spans_years(output->indicator)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "%s: '%s' depends on the years before it too, so it has no gradient here; expected another "
                      "indicator",
                      what, code);
  }
  output->year = year;
  return TANLU_OK;
}

tanlu_status tanlu_goal_named(tanlu_goal *goal, const char *text, int from, int to, const char *what,
                              tanlu_context *context) {
  const char *sign = strpbrk(text, "<>=");
  char name[TANLU_OUTPUT_NAME];
  double value = 0.0;
  if (sign == NULL || sign == text || sign[0] == '=' || sign[1] != '=' || !tanlu_number_parse(sign + 2, &value)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: expected an indicator, <= or >=, and a number, as co2_net.2060<=0",
                      what);
  }
  (void)snprintf(name, sizeof name, "%.*s", (int)(sign - text), text);
  const tanlu_status status = tanlu_output_named(goal, name, from, to, what, context);
  goal->relation = *sign == '<' ? TANLU_GOAL_AT_MOST : TANLU_GOAL_AT_LEAST;
  goal->value = value;
  return status;
}

void tanlu_output_name(const tanlu_goal *output, char name[TANLU_OUTPUT_NAME]) {
  if (output->summary != TANLU_NONE) {
    (void)snprintf(name, TANLU_OUTPUT_NAME, "%s", tanlu_summary(output->summary)->code);
  } else {
    (void)snprintf(name, TANLU_OUTPUT_NAME, "%s.%d", tanlu_indicator(output->indicator)->code, output->year);
  }
}

const char *tanlu_output_unit(const tanlu_goal *output) {
  return output->summary != TANLU_NONE ? tanlu_summary(output->summary)->unit
                                       : tanlu_indicator(output->indicator)->unit;
}

/* ---- weights -------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_output_weights(const tanlu_goal *output, const tanlu_projection *projection, double *weight,
                                  tanlu_context *context) {
  const double *value = projection->value[TANLU_FIELD_INDICATOR];
  char name[TANLU_OUTPUT_NAME];
  bool good;
  if (output->summary != TANLU_NONE) {
    good = tanlu_summary_weights((tanlu_summary_id)output->summary, value, projection->from, projection->years, weight);
  } else {
    const size_t at = (size_t)(output->year - projection->from) * TANLU_INDICATOR_COUNT + output->indicator;
    memset(weight, 0, projection->years * TANLU_INDICATOR_COUNT * sizeof *weight);
    weight[at] = 1.0;
    good = !isnan(value[at]);
  }
  if (good) return TANLU_OK;
  tanlu_output_name(output, name);
  return tanlu_fail(context, TANLU_ERR_MODEL, "the projection has no value of %s", name);
}
