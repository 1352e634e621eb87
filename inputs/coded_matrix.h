/* A matrix in a CSV file of its own: the first column, `code`, holds the codes of the rows and the header those of the columns, as in
 * flows.csv of a dataset; and numbers for its rows, columns and cells in further files, matched by code. */
#ifndef TANLU_INPUTS_CODED_MATRIX_H
#define TANLU_INPUTS_CODED_MATRIX_H

#include <stdbool.h>

#include "model/labels.h"

typedef struct {
  tanlu_labels row, column;
  double *value; /* rows x columns, column-major */
} tanlu_coded_matrix;

/* Errors, as in all of these TANLU_ERR_INPUT with FILE:LINE:FIELD: no rows or columns, empty or repeated codes, cells that are no
 * numbers. Empty cells are 0, as in flows.csv. */
tanlu_status tanlu_coded_matrix_read(tanlu_coded_matrix *matrix, const char *path, tanlu_context *context);
/* The same for a matrix that must have exactly these rows and columns, in any order; `value` as of `like`, allocated. */
tanlu_status tanlu_coded_matrix_read_like(double **value, const char *path, const tanlu_coded_matrix *like,
                                          tanlu_context *context);
void tanlu_coded_matrix_clear(tanlu_coded_matrix *matrix);

/* Columns code, value: a number for each of the labels, once, in any order. `noun` names them in messages ("row"). */
tanlu_status tanlu_coded_vector_read(double **value, const char *path, const char *noun, const tanlu_labels *labels,
                                     tanlu_context *context);

/* Columns row, column and `name`: numbers of single cells, each at most once, at least `lowest`; others keep what `value` (rows x
 * columns) has. An empty number keeps it too. named[k] is set for the cells of the file; may be NULL. */
tanlu_status tanlu_coded_cells_read(const char *path, const char *name, double lowest, const tanlu_coded_matrix *matrix,
                                    double *value, bool *named, tanlu_context *context);

#endif
