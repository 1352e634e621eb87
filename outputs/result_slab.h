/* Variables of a file that may be larger than memory, read some megabytes at a time. */
#ifndef TANLU_OUTPUTS_RESULT_SLAB_H
#define TANLU_OUTPUTS_RESULT_SLAB_H

#include "outputs/result_file.h"

typedef struct {
  tanlu_result *result;
  const tanlu_result_variable *variable;
  size_t cells;             /* of one row, a member of the first axis */
  size_t most, first, rows; /* rows it has room for; those that it holds */
  double *value;
} tanlu_result_slab;

/* Room for some rows; `whole`: for all. Closed in any case. */
tanlu_status tanlu_result_slab_open(tanlu_result_slab *slab, tanlu_result *result,
                                    const tanlu_result_variable *variable, bool whole, tanlu_context *context);
/* The cells of a row, until the next call; NULL, with a message, when they cannot be read. Meant for rows in their order. */
const double *tanlu_result_slab_row(tanlu_result_slab *slab, size_t row, tanlu_context *context);
void tanlu_result_slab_close(tanlu_result_slab *slab);

/* Of every row the cells column[0 .. count - 1]: value is count x rows. One pass over the variable. */
tanlu_status tanlu_result_columns_read(tanlu_result *result, const tanlu_result_variable *variable,
                                       const size_t *column, size_t count, double *value, tanlu_context *context);

#endif
