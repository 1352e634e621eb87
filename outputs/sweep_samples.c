#include "outputs/sweep_samples.h"

#include <stdlib.h>

static size_t number_of(tanlu_result *result, const char *attribute) {
  const char *text = tanlu_result_attribute(result, attribute);
  return text != NULL ? (size_t)strtoull(text, NULL, 10) : 0;
}

tanlu_status tanlu_sweep_samples_count(tanlu_sweep_samples *s, tanlu_result *result, tanlu_context *context) {
  *s = (tanlu_sweep_samples){.begin = number_of(result, "first_sample"), .of = number_of(result, "samples")};
  const tanlu_status status = tanlu_result_variable_read(result, "status", &s->state, context);
  if (status != TANLU_OK) return status;
  s->samples = s->state->extent[0];
  for (size_t i = s->samples; i-- > 0;) {
    const double value = s->state->value[i];
    const size_t kind = value >= 0.0 && value < TANLU_SAMPLE_STATES ? (size_t)value : TANLU_SAMPLE_OPEN;
    s->count[kind]++;
    s->first[kind] = i;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_reason_read(const tanlu_sweep_samples *s, tanlu_result *result, size_t *sample,
                                     char text[TANLU_SWEEP_REASON + 1], tanlu_context *context) {
  const bool by_block = tanlu_result_variable_find(result, "reason") == NULL;
  const tanlu_result_variable *reason = tanlu_result_variable_find(result, by_block ? "block_reason" : "reason");
  double letter[TANLU_SWEEP_REASON];
  text[0] = '\0';
  if (reason == NULL || reason->rank != 2 || reason->extent[1] > TANLU_SWEEP_REASON) return TANLU_OK;
  const size_t block = *sample / TANLU_SWEEP_BLOCK, row = by_block ? block : *sample;
  for (size_t i = *sample; by_block && i > block * TANLU_SWEEP_BLOCK; i--) {
    const int state = (int)s->state->value[i - 1];
    if (state == TANLU_SAMPLE_REFUSED || state == TANLU_SAMPLE_UNSOLVED) *sample = i - 1;
  }
  const tanlu_status status = tanlu_result_rows_read(result, reason, row, 1, letter, context);
  for (size_t c = 0; status == TANLU_OK && c < reason->extent[1]; c++) text[c] = (char)(unsigned char)letter[c];
  text[reason->extent[1]] = '\0';
  return status;
}
