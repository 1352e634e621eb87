#include "tests/adjoint_support.h"

#include <math.h>

#include "model/indirect_drivers.h"

/* Numbers between -1 and 1 that look random: a linear congruential generator. */
static double next_number(unsigned *state) {
  *state = *state * 1664525U + 1013904223U;
  return (double)(*state >> 8) / (double)(1U << 23) - 1.0;
}

static double *row_of(tanlu_drivers *d, tanlu_driver_id id, size_t t) {
  return d->value[id] + t * d->size[id];
}

static void normalise(double *share, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += share[i];
  for (size_t i = 0; i < count; i++) share[i] /= sum;
}

bool tanlu_test_driver_matters(tanlu_driver_id id) {
  return !tanlu_driver_is_indirect(id) && id != TANLU_DRIVER_STRESS_PRICE && id != TANLU_DRIVER_INVESTMENT_COST;
}

/* What the others lose goes to electricity, hydrogen and gas, which every use of the tiny dataset has an efficiency for. */
static void stir_gain(tanlu_drivers *d, size_t t, unsigned *state) {
  double *gain = row_of(d, TANLU_DRIVER_GAIN, t);
  for (size_t g = 0; g < d->size[TANLU_DRIVER_GAIN]; g += TANLU_CLASS_COUNT) {
    for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) gain[g + k] = 0.0;
    gain[g + TANLU_CLASS_GAS] = 0.2 + 0.05 * next_number(state);
    gain[g + TANLU_CLASS_HYDROGEN] = 0.1;
    gain[g + TANLU_CLASS_ELECTRICITY] = 0.9 - gain[g + TANLU_CLASS_GAS];
  }
}

void tanlu_test_stir(const tanlu_test_model *m, tanlu_drivers *d) {
  unsigned state = 1;
  (void)m;
  for (size_t t = 1; t < d->years; t++) {
    for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
      if (!tanlu_test_driver_matters((tanlu_driver_id)id)) continue;
      double *row = row_of(d, (tanlu_driver_id)id, t);
      for (size_t i = 0; i < d->size[id]; i++) row[i] *= 1.0 + 0.01 * (double)t + 0.02 * next_number(&state);
    }
    row_of(d, TANLU_DRIVER_GDP_GROWTH, t)[0] = 3.0 + next_number(&state);
    row_of(d, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, t)[0] = 0.5 + 0.1 * next_number(&state);
    row_of(d, TANLU_DRIVER_CAPTURE_ELECTRICITY, t)[0] = 0.3 + 0.05 * next_number(&state);
    row_of(d, TANLU_DRIVER_URBANISATION, t)[0] = m->dataset->urbanisation + 0.01 * (double)t;
    for (size_t i = 0; i < d->size[TANLU_DRIVER_CAPTURE]; i++) {
      row_of(d, TANLU_DRIVER_CAPTURE, t)[i] = 0.05 + 0.02 * next_number(&state);
    }
    for (size_t i = 0; i < d->size[TANLU_DRIVER_RETAIN]; i++) {
      row_of(d, TANLU_DRIVER_RETAIN, t)[i] = 0.9 + 0.05 * next_number(&state);
    }
    stir_gain(d, t, &state);
    normalise(row_of(d, TANLU_DRIVER_CATEGORY_SHARE, t), d->size[TANLU_DRIVER_CATEGORY_SHARE]);
    normalise(row_of(d, TANLU_DRIVER_POWER_MIX, t), d->size[TANLU_DRIVER_POWER_MIX]);
    row_of(d, TANLU_DRIVER_HYDROGEN_MIX, t)[TANLU_HYDROGEN_ELECTROLYSIS] = 0.3;
    row_of(d, TANLU_DRIVER_HYDROGEN_MIX, t)[TANLU_HYDROGEN_GAS] = 0.2;
    normalise(row_of(d, TANLU_DRIVER_HYDROGEN_MIX, t), d->size[TANLU_DRIVER_HYDROGEN_MIX]);
  }
}

double tanlu_test_output(const tanlu_projection *p, const double *weight) {
  double sum = 0.0;
  for (size_t i = 0; i < p->years * TANLU_INDICATOR_COUNT; i++) {
    if (weight[i] != 0.0) sum += weight[i] * p->value[TANLU_FIELD_INDICATOR][i];
  }
  return sum;
}
