/* Sensitivity indices in the file of a sweep. Their room is made with the file and NaN until it is filled, so that storing them
 * changes neither the samples nor anything about the file but those numbers; computing them again writes over them. */
#ifndef TANLU_OUTPUTS_SWEEP_INDICES_H
#define TANLU_OUTPUTS_SWEEP_INDICES_H

#include "outputs/result_file.h"

typedef struct tanlu_sweep_indices tanlu_sweep_indices;

/* Open the room in a finished file, locked. *indices is NULL, without an error, where the file has none, cannot be written or is
 * in use: a warning says so. TANLU_ERR_IO when the file is damaged. */
tanlu_status tanlu_sweep_indices_open(tanlu_sweep_indices **indices, tanlu_result *result, tanlu_context *context);
void tanlu_sweep_indices_close(tanlu_sweep_indices **indices);

/* Where an output ("peak_year", "co2_net.2060") stands; TANLU_NONE when the file has no room for it. */
size_t tanlu_sweep_indices_find(tanlu_result *result, const char *output);
/* Between begin and end the indices of an output do not count: `sensitivity_used` is missing. */
tanlu_status tanlu_sweep_indices_begin(tanlu_sweep_indices *indices, size_t output, tanlu_context *context);
/* `count` numbers of variable `name` for an output, one a parameter or a pair. NULL indices are accepted by all. */
tanlu_status tanlu_sweep_indices_put(tanlu_sweep_indices *indices, const char *name, size_t output, const double *value,
                                     size_t count, tanlu_context *context);
tanlu_status tanlu_sweep_indices_end(tanlu_sweep_indices *indices, size_t output, double used, tanlu_context *context);

#endif
