#include "outputs/sweep_design.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

tanlu_status tanlu_sweep_design_options(tanlu_design_options *options, const tanlu_sweep_description *d,
                                        tanlu_context *context) {
  const bool saltelli = strcmp(d->design, "saltelli") == 0;
  *options = (tanlu_design_options){.kind = saltelli ? TANLU_DESIGN_SALTELLI : TANLU_DESIGN_MORRIS,
                                    .samples = d->design_samples,
                                    .seed = d->seed,
                                    .second_order = d->second_order,
                                    .morris_levels = d->levels};
  for (size_t f = 0; f < d->factors; f++) options->dimensions += d->factor_dimensions[f];
  size_t *factor = tanlu_allocate(context, options->dimensions, sizeof *factor), next = 0;
  if (factor == NULL) return TANLU_ERR_MEMORY;
  for (size_t f = 0; f < d->factors; f++) {
    for (size_t i = 0; i < d->factor_dimensions[f]; i++) factor[next++] = f;
  }
  options->factor = factor;
  return TANLU_OK;
}

void tanlu_sweep_design_clear(tanlu_design_options *options) {
  free((void *)options->factor);
  options->factor = NULL;
}

tanlu_status tanlu_sweep_design_factors(tanlu_result *result, size_t *factors, size_t **dimensions,
                                        tanlu_context *context) {
  enum { DIMENSIONS_MOST = 1 << 20 };
  const char *text = tanlu_result_attribute(result, "factor_dimensions");
  *factors = 0;
  *dimensions = NULL;
  if (text == NULL || tanlu_result_texts_find(result, "parameter_simplex") == NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                         "does not say the dimensions of its design (factor_dimensions): an earlier version wrote it; "
                         "expected a file of this version, from running the sweep again");
  }
  size_t lines = 1;
  for (const char *c = text; *c != '\0'; c++) lines += *c == '\n';
  *dimensions = tanlu_allocate(context, lines, sizeof **dimensions);
  if (*dimensions == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < lines; i++) {
    char *end = NULL;
    const unsigned long long number = strtoull(text, &end, 10);
    if (end == text || number == 0 || number > DIMENSIONS_MOST || *end != (i + 1 < lines ? '\n' : '\0')) {
      free(*dimensions);
      *dimensions = NULL;
      return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                           "has a number of dimensions that is none: '%.20s'", text);
    }
    (*dimensions)[i] = (size_t)number;
    text = end + 1;
  }
  *factors = lines;
  return TANLU_OK;
}
