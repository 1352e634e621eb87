/* Sections of a report on the file of a sweep: what was swept and what became of it, outputs over the years, how scalars are spread,
 * and which parameters they depend on. All numbers are those of `tanlu show` and `tanlu sensitivity`
 * (outputs/sweep_spread.h, outputs/sweep_importance.h). */
#ifndef TANLU_OUTPUTS_REPORT_SWEEP_H
#define TANLU_OUTPUTS_REPORT_SWEEP_H

#include "outputs/report.h"

/* Unfinished sweeps, shards and files without samples are reported as far as they go; the page says what is missing and why.
 * Errors: memory, reading, TANLU_ERR_INPUT for a file that is no complete one of a sweep. */
tanlu_status tanlu_report_sweep(tanlu_report *report, tanlu_result *result, tanlu_context *context);

#endif
