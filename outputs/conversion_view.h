/* What changing a table (tanlu convert) or making a symmetric one (tanlu symmetric) came to, as text. */
#ifndef TANLU_OUTPUTS_CONVERSION_VIEW_H
#define TANLU_OUTPUTS_CONVERSION_VIEW_H

#include <stdio.h>

#include "model/table_conversion.h"

/* Sums of accounts over all sectors, in their unit of money. */
typedef struct {
  double output, intermediate, intermediate_domestic, final_use, final_domestic, imports, value_added;
  bool split;
} tanlu_table_totals;
tanlu_table_totals tanlu_table_totals_of(const tanlu_accounts *accounts);

typedef struct {
  const tanlu_dataset *dataset; /* as it is now */
  const char *money;            /* unit it had */
  tanlu_table_totals before;
  const tanlu_deflation *deflation; /* NULL: none; sums in `money` */
  size_t top;                       /* lines of value added */
} tanlu_conversion_view;
tanlu_status tanlu_conversion_print(const tanlu_conversion_view *view, FILE *out, tanlu_context *context);

/* Totals of a table, and the `top` largest of its flows below zero. */
tanlu_status tanlu_symmetric_print(const tanlu_dataset *dataset, FILE *out, tanlu_context *context);
tanlu_status tanlu_negative_print(const tanlu_accounts *accounts, size_t top, FILE *out, tanlu_context *context);

#endif
