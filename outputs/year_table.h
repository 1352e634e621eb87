/* Accounts of some years side by side: rows are added year by year, always in the same order. */
#ifndef TANLU_OUTPUTS_YEAR_TABLE_H
#define TANLU_OUTPUTS_YEAR_TABLE_H

#include <stdbool.h>

#include "outputs/analysis_view.h"

typedef struct tanlu_year_table tanlu_year_table;
/* view is borrowed; its year does not matter. `heading` stands over the rows' names. */
tanlu_status tanlu_year_table_create(tanlu_year_table **table, const tanlu_analysis_view *view, const char *heading,
                                     tanlu_context *context);
void tanlu_year_table_free(tanlu_year_table **table); /* accepts NULL */

typedef struct {
  const char *code, *name; /* copied; code and quantity are those of CSV */
  const char *quantity, *unit;
  int decimals;
  bool apart; /* an empty line before it */
} tanlu_year_row;
/* Begin a year; every row of it follows. */
tanlu_status tanlu_year_table_year(tanlu_year_table *table, int year, tanlu_context *context);
tanlu_status tanlu_year_table_put(tanlu_year_table *table, const tanlu_year_row *row, double value,
                                  tanlu_context *context);
/* Rows that are zero in all years stay out of the table, not out of CSV. */
tanlu_status tanlu_year_table_print(tanlu_year_table *table, const char *title, tanlu_context *context);

#endif
