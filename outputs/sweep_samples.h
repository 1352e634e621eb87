/* What became of the samples of a sweep's file. */
#ifndef TANLU_OUTPUTS_SWEEP_SAMPLES_H
#define TANLU_OUTPUTS_SWEEP_SAMPLES_H

#include "model/sweep.h"
#include "outputs/result_file.h"

typedef struct {
  size_t samples;                     /* in this file */
  size_t begin;                       /* number of the first of them in the whole sweep */
  size_t of;                          /* samples of the whole sweep */
  size_t count[TANLU_SAMPLE_STATES];  /* by tanlu_sample_status */
  size_t first[TANLU_SAMPLE_STATES];  /* the first of each, counted in this file */
  const tanlu_result_variable *state; /* the variable "status", read */
} tanlu_sweep_samples;

tanlu_status tanlu_sweep_samples_count(tanlu_sweep_samples *samples, tanlu_result *result, tanlu_context *context);

/* Why a sample of this file that failed did. Where reasons are kept by block it is that of the first of its block that failed, and
 * *sample becomes that. text: "" where the file holds none. */
tanlu_status tanlu_sweep_reason_read(const tanlu_sweep_samples *samples, tanlu_result *result, size_t *sample,
                                     char text[TANLU_SWEEP_REASON + 1], tanlu_context *context);

#endif
