/* Delimited text of a matrix whose rows and columns have labels of several parts, as pandas writes it: a number of header rows
 * (the parts of the column labels, each behind as many fields as there are index columns), where the index columns have names of
 * their own a row with nothing but these, and rows of index fields and numbers. Read row by row. */
#ifndef TANLU_INPUTS_LABELLED_TEXT_H
#define TANLU_INPUTS_LABELLED_TEXT_H

#include "inputs/csv_table.h"

typedef struct {
  const char *path;
  char delimiter;
  size_t headers, indices; /* header rows, index columns: 1 or more */
  size_t columns;          /* of numbers; known from take_head on */
  char **head;             /* headers x columns, row by row */
  size_t empty;            /* cells without a number so far */
} tanlu_labelled_text;

typedef struct {
  void *user;
  /* The header is complete. */
  tanlu_status (*take_head)(void *user, const tanlu_labelled_text *text, tanlu_context *context);
  /* A row, in row 0 of `table`: index fields, then the numbers as texts. */
  tanlu_status (*take_row)(void *user, tanlu_labelled_text *text, const tanlu_csv *table, tanlu_context *context);
} tanlu_labelled_take;

/* `text` holds path, delimiter, headers and indices. Errors as of tanlu_csv_stream_delimited; too few columns or header rows. */
tanlu_status tanlu_labelled_text_read(tanlu_labelled_text *text, const tanlu_labelled_take *take,
                                      tanlu_context *context);
void tanlu_labelled_text_clear(tanlu_labelled_text *text);

/* The numbers of the row: value[at[c]] for every column c whose place at[c] is not TANLU_NONE; an empty cell is 0 and counted. */
tanlu_status tanlu_labelled_text_numbers(tanlu_labelled_text *text, const tanlu_csv *table, const size_t *at,
                                         double *value, tanlu_context *context);
/* Part h of the label of column c. */
const char *tanlu_labelled_text_head(const tanlu_labelled_text *text, size_t h, size_t c);

#endif
