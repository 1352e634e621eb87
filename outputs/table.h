/* Plain text tables and small text pictures, written to a stream. Texts are UTF-8; a wide character
 * (Chinese) takes two columns. */
#ifndef TANLU_OUTPUTS_TABLE_H
#define TANLU_OUTPUTS_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "solvers/context.h"

/* Columns a text takes on a terminal: 2 for wide characters, 0 for combining and control characters and for the escape sequences of
 * colours (outputs/text_chart.h). */
size_t tanlu_text_width(const char *text);

/* ---- aligned tables ------------------------------------------------------------------------------------------------- */

/* A table is filled cell by cell, row by row. Memory failures are remembered and reported by tanlu_table_print. */
typedef struct tanlu_table tanlu_table;
typedef enum { TANLU_LEFT, TANLU_RIGHT } tanlu_align;

tanlu_table *tanlu_table_create(tanlu_context *context); /* NULL with a message when out of memory */
void tanlu_table_free(tanlu_table **table);
/* Add a column; all columns before the first cell. */
void tanlu_table_column(tanlu_table *table, const char *heading, tanlu_align align);
/* Add a cell: a text, or a number with `decimals` digits after the point; NaN is shown as "-". */
void tanlu_table_text(tanlu_table *table, const char *text);
void tanlu_table_number(tanlu_table *table, double value, int decimals);
/* Columns of the table as it stands. */
size_t tanlu_table_width(const tanlu_table *table);
/* Headings, a rule, the rows; columns two spaces apart, nothing at the end of a line. An unfinished last row is padded. */
tanlu_status tanlu_table_print(const tanlu_table *table, FILE *stream, tanlu_context *context);
/* The same as the head and body of an HTML table: the first column holds the headings of the rows, right-aligned columns are of class
 * "n", cells that start with "✓" or "✗" of class "met" or "missed". */
tanlu_status tanlu_table_html(const tanlu_table *table, FILE *stream, tanlu_context *context);

/* Digits after the point that show values of this magnitude well: 0 from 1000 on and for zero, then 1, 2 (below 10), 3 (below 1), more
 * for smaller ones up to 6. */
int tanlu_decimals(double magnitude);

/* ---- pictures ------------------------------------------------------------------------------------------------------- */

/* A bar of value / full of `width` columns in eighths of a block; empty for NaN or values at or below 0. `size` bytes of
 * `buffer` are used, three a column at most. */
const char *tanlu_text_bar(char *buffer, size_t size, double value, double full, size_t width);
/* One of eight levels a value, from the smallest to the largest of the list (or zero, when that is smaller). */
const char *tanlu_text_sparkline(char *buffer, size_t size, const double *value, size_t count);

#endif
