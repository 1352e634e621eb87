#include "solvers/block_fault_private.h"

#include <math.h>

#include "solvers/block_scan_private.h"

/* Index of the first entry that is not finite, count where all are. */
static size_t first_not_finite(const double *x, size_t count, bool *non_negative) {
  if (tanlu_block_scan()->finite(x, count, non_negative)) return count;
  size_t i = 0;
  while (isfinite(x[i])) i++;
  return i;
}

static tanlu_block_fault check_system(const tanlu_block_options *options, const tanlu_block_systems *systems, size_t s,
                                      bool *non_negative) {
  const size_t n = options->n, numbers = systems->row_values ? options->rows * n : 0;
  const double *diagonal = systems->diagonal + s * n, *b = systems->b + s * n;
  bool any_sign = false;
  size_t i = first_not_finite(diagonal, n, &any_sign);
  if (i < n) return (tanlu_block_fault){.kind = TANLU_FAULT_DIAGONAL, .system = s, .index = i, .value = diagonal[i]};
  i = first_not_finite(b, n, &any_sign);
  if (i < n) return (tanlu_block_fault){.kind = TANLU_FAULT_B, .system = s, .index = i, .value = b[i]};
  *non_negative = true;
  if (!numbers) return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};
  const double *values = systems->row_values + s * numbers;
  i = first_not_finite(values, numbers, non_negative);
  if (i == numbers) return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};
  return (tanlu_block_fault){
      .kind = TANLU_FAULT_ROW, .system = s, .index = i % n, .row = options->row[i / n], .value = values[i]};
}

tanlu_block_fault tanlu_block_check_inputs(const tanlu_block_options *options, const tanlu_block_systems *systems,
                                           size_t used, bool *non_negative) {
  const tanlu_block_scans *scan = tanlu_block_scan();
  const size_t numbers = options->n * used;
  bool any_sign = false, rows_non_negative = true;
  const double *rows = systems->row_values;
  if (scan->finite(systems->diagonal, numbers, &any_sign) && scan->finite(systems->b, numbers, &any_sign) &&
      (!rows || scan->finite(rows, numbers * options->rows, &rows_non_negative)) && rows_non_negative) {
    for (size_t s = 0; s < used; s++) non_negative[s] = true;
    return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};
  }
  for (size_t s = 0; s < used; s++) {
    const tanlu_block_fault found = check_system(options, systems, s, non_negative + s);
    if (found.kind != TANLU_FAULT_NONE) return found;
  }
  return (tanlu_block_fault){.kind = TANLU_FAULT_NONE};
}

tanlu_status tanlu_block_report_fault(const tanlu_block_fault *f, size_t count, tanlu_context *context) {
  switch (f->kind) {
  case TANLU_FAULT_NONE:
    return TANLU_OK;
  case TANLU_FAULT_DIAGONAL:
    return tanlu_fail(context, TANLU_ERR_MODEL, "system %zu of %zu: diagonal %zu is %g; expected a finite number",
                      f->system + 1, count, f->index + 1, f->value);
  case TANLU_FAULT_B:
    return tanlu_fail(context, TANLU_ERR_MODEL, "system %zu of %zu: b(%zu) is %g; expected a finite number",
                      f->system + 1, count, f->index + 1, f->value);
  case TANLU_FAULT_ROW:
    return tanlu_fail(context, TANLU_ERR_MODEL, "system %zu of %zu: A(%zu, %zu) is %g; expected a finite number",
                      f->system + 1, count, f->row + 1, f->index + 1, f->value);
  case TANLU_FAULT_SINGULAR:
    return tanlu_fail(context, TANLU_ERR_MODEL, "system %zu of %zu is singular at column %zu", f->system + 1, count,
                      f->index + 1);
  case TANLU_FAULT_UNPRODUCTIVE:
    return tanlu_fail(context, TANLU_ERR_MODEL,
                      "system %zu of %zu is not productive: column %zu needs an output of %.3g to deliver one unit of "
                      "everything",
                      f->system + 1, count, f->index + 1, f->value);
  }
  return TANLU_ERR_INTERNAL;
}
