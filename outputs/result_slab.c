#include "outputs/result_slab.h"

#include <stdlib.h>

#include "solvers/memory.h"

enum { SLAB_BYTES = 16 << 20 };

tanlu_status tanlu_result_slab_open(tanlu_result_slab *slab, tanlu_result *result,
                                    const tanlu_result_variable *variable, bool whole, tanlu_context *context) {
  *slab = (tanlu_result_slab){.result = result, .variable = variable, .cells = 1};
  for (size_t k = 1; k < variable->rank; k++) slab->cells *= variable->extent[k];
  const size_t rows = variable->extent[0], bytes = slab->cells * sizeof(double);
  slab->most = bytes < SLAB_BYTES && bytes > 0 ? SLAB_BYTES / bytes : 1;
  if (whole || slab->most > rows) slab->most = rows;
  slab->value = tanlu_allocate_doubles(context, slab->most, slab->cells);
  return slab->value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

const double *tanlu_result_slab_row(tanlu_result_slab *slab, size_t row, tanlu_context *context) {
  if (row < slab->first || row >= slab->first + slab->rows) {
    const size_t left = slab->variable->extent[0] - row, before = slab->variable->extent[0] - slab->most;
    slab->first = left < slab->most ? before : row;
    slab->rows = slab->most;
    if (tanlu_result_rows_read(slab->result, slab->variable, slab->first, slab->rows, slab->value, context) !=
        TANLU_OK) {
      slab->rows = 0;
      return NULL;
    }
  }
  return slab->value + (row - slab->first) * slab->cells;
}

void tanlu_result_slab_close(tanlu_result_slab *slab) {
  free(slab->value);
  slab->value = NULL;
}

tanlu_status tanlu_result_columns_read(tanlu_result *result, const tanlu_result_variable *variable,
                                       const size_t *column, size_t count, double *value, tanlu_context *context) {
  tanlu_result_slab slab;
  const size_t rows = variable->extent[0];
  tanlu_status status = tanlu_result_slab_open(&slab, result, variable, false, context);
  for (size_t i = 0; status == TANLU_OK && i < rows; i++) {
    const double *row = tanlu_result_slab_row(&slab, i, context);
    if (row == NULL) status = TANLU_ERR_IO;
    for (size_t c = 0; row != NULL && c < count; c++) value[c * rows + i] = row[column[c]];
  }
  tanlu_result_slab_close(&slab);
  return status;
}
