/* Indicators: named yearly scalars, and scalars of a whole scenario. One table holds code, unit and definition. */
#ifndef TANLU_MODEL_INDICATORS_H
#define TANLU_MODEL_INDICATORS_H

#include "model/fields.h"

typedef struct {
  const char *code, *unit, *definition;
} tanlu_indicator_info;

size_t tanlu_indicator_count(void);
const tanlu_indicator_info *tanlu_indicator(size_t i);
size_t tanlu_indicator_find(const char *code); /* TANLU_NONE when absent */

/* Scalars of a scenario, derived from its yearly indicators. NaN where it does not happen (no peak inside, no neutrality). */
size_t tanlu_summary_count(void);
const tanlu_indicator_info *tanlu_summary(size_t i);
/* value: years x tanlu_indicator_count(), first year `from`; result: tanlu_summary_count(). */
void tanlu_summary_compute(const double *value, int from, size_t years, double *result);

#endif
