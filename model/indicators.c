#include "model/indicators.h"

#include <math.h>
#include <string.h>

static const tanlu_indicator_info indicator_table[TANLU_INDICATOR_COUNT] = {
#define X(id, code, unit, text) {code, unit, text},
    TANLU_INDICATOR_LIST(X)
#undef X
};
static const tanlu_indicator_info summary_table[TANLU_SUMMARY_COUNT] = {
#define X(id, code, unit, text) {code, unit, text},
    TANLU_SUMMARY_LIST(X)
#undef X
};
static char *indicator_codes[] = {
#define X(id, code, unit, text) code,
    TANLU_INDICATOR_LIST(X)
#undef X
};
static char *indicator_names[] = {
#define X(id, code, unit, text) text,
    TANLU_INDICATOR_LIST(X)
#undef X
};
static char *indicator_names_zh[] = {
#define X(id, code, unit, text) "",
    TANLU_INDICATOR_LIST(X)
#undef X
};
static const tanlu_labels indicator_labels = {TANLU_INDICATOR_COUNT, indicator_codes, indicator_names,
                                              indicator_names_zh};

/* The peak's plateau: years around it within this share of it. A path flat to 1 % has no meaningful peak year. */
static const double plateau_width = 0.01;
static const int cumulative_to = 2060;

size_t tanlu_indicator_count(void) {
  return TANLU_INDICATOR_COUNT;
}
const tanlu_indicator_info *tanlu_indicator(size_t i) {
  return &indicator_table[i];
}
const tanlu_labels *tanlu_indicator_labels(void) {
  return &indicator_labels;
}
size_t tanlu_indicator_find(const char *code) {
  return tanlu_labels_find(&indicator_labels, code);
}
size_t tanlu_summary_count(void) {
  return TANLU_SUMMARY_COUNT;
}
const tanlu_indicator_info *tanlu_summary(size_t i) {
  return &summary_table[i];
}

static size_t largest(const double *value, size_t years, tanlu_indicator_id id) {
  size_t peak = 0;
  for (size_t t = 1; t < years; t++) {
    if (value[t * TANLU_INDICATOR_COUNT + id] > value[peak * TANLU_INDICATOR_COUNT + id]) peak = t;
  }
  return peak;
}

void tanlu_summary_compute(const double *value, int from, size_t years, double *result) {
#define AT(t, id) value[(t)*TANLU_INDICATOR_COUNT + TANLU_INDICATOR_##id]
  for (size_t i = 0; i < TANLU_SUMMARY_COUNT; i++) result[i] = (double)NAN;
  if (years == 0) return;
  const size_t peak = largest(value, years, TANLU_INDICATOR_CO2_ENERGY);
  const size_t peak_total = largest(value, years, TANLU_INDICATOR_CO2_TOTAL);
  if (peak + 1 < years) {
    const double floor = (1.0 - plateau_width) * AT(peak, CO2_ENERGY);
    size_t first = peak, last = peak;
    while (first > 0 && AT(first - 1, CO2_ENERGY) >= floor) first--;
    while (last + 1 < years && AT(last + 1, CO2_ENERGY) >= floor) last++;
    result[TANLU_SUMMARY_PEAK_YEAR] = from + (double)peak;
    result[TANLU_SUMMARY_PEAK_CO2] = AT(peak, CO2_ENERGY);
    result[TANLU_SUMMARY_PLATEAU_FROM] = from + (double)first;
    result[TANLU_SUMMARY_PLATEAU_TO] = from + (double)last;
  }
  if (peak_total + 1 < years) result[TANLU_SUMMARY_PEAK_YEAR_TOTAL] = from + (double)peak_total;
  double cumulative = 0.0;
  for (size_t t = 1; t < years && from + (int)t <= cumulative_to; t++) cumulative += AT(t, CO2_TOTAL);
  result[TANLU_SUMMARY_CUMULATIVE] = cumulative * 1e-3;
  size_t neutral = years;
  while (neutral > 0 && AT(neutral - 1, CO2_NET) <= 0.0) neutral--;
  if (neutral < years) result[TANLU_SUMMARY_NEUTRALITY_YEAR] = from + (double)neutral;
  result[TANLU_SUMMARY_RESIDUAL] = AT(years - 1, CO2_NET);
#undef AT
}

bool tanlu_summary_weights(tanlu_summary_id id, const double *value, int from, size_t years, double *weight) {
  const size_t indicators = TANLU_INDICATOR_COUNT;
  for (size_t i = 0; i < years * indicators; i++) weight[i] = 0.0;
  if (years == 0) return false;
  if (id == TANLU_SUMMARY_RESIDUAL) {
    weight[(years - 1) * indicators + TANLU_INDICATOR_CO2_NET] = 1.0;
  } else if (id == TANLU_SUMMARY_CUMULATIVE) {
    for (size_t t = 1; t < years && from + (int)t <= cumulative_to; t++) {
      weight[t * indicators + TANLU_INDICATOR_CO2_TOTAL] = 1e-3; /* Mt to Gt */
    }
  } else if (id == TANLU_SUMMARY_PEAK_CO2) {
    const size_t peak = largest(value, years, TANLU_INDICATOR_CO2_ENERGY);
    if (peak + 1 == years) return false;
    weight[peak * indicators + TANLU_INDICATOR_CO2_ENERGY] = 1.0;
  } else {
    return false;
  }
  return true;
}
