/* CSV files with one header row: a table of texts in which every cell knows its line and field. */
#ifndef TANLU_INPUTS_CSV_TABLE_H
#define TANLU_INPUTS_CSV_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "inputs/file_hash.h"
#include "model/labels.h"
#include "solvers/context.h"

typedef struct {
  char *file;           /* name in messages */
  size_t columns, rows; /* the header apart */
  size_t header_line;
  size_t *line; /* rows: line on which the row begins */
  size_t *cell; /* (1 + rows) x columns: offsets into text, the header first */
  char *text;   /* all cells, each closed by NUL */
} tanlu_csv;

/* Read a file; digest (may be NULL) receives its SHA-256. Quoted fields may hold commas, quotes (doubled) and line breaks;
 * line ends may be LF or CRLF, a byte order mark is dropped, blanks around unquoted fields too. Lines that begin with # ahead of
 * the header are comments. Every row must have as many fields as the header. Errors: TANLU_ERR_INPUT with FILE:LINE:FIELD. */
tanlu_status tanlu_csv_read(tanlu_csv **table, const char *path, char digest[TANLU_SHA256_TEXT],
                            tanlu_context *context);
void tanlu_csv_free(tanlu_csv **table);

/* The same row by row, for files of any size: `take` is called after the header, with a table without rows, and after each
 * row, with a table that holds the header and that row. Where it fails reading ends with its status. */
typedef tanlu_status (*tanlu_csv_take)(void *user, const tanlu_csv *table);
tanlu_status tanlu_csv_stream(const char *path, tanlu_csv_take take, void *user, char digest[TANLU_SHA256_TEXT],
                              tanlu_context *context);

/* Both for the files of others: with a delimiter of their own (',', ';', '\t'), and without comments. The first row counts as the
 * header here too; where a file has several, the rest of them are rows. A row may hold TANLU_LINE_BYTES. */
tanlu_status tanlu_csv_read_delimited(tanlu_csv **table, const char *path, char delimiter,
                                      char digest[TANLU_SHA256_TEXT], tanlu_context *context);
tanlu_status tanlu_csv_stream_delimited(const char *path, char delimiter, tanlu_csv_take take, void *user,
                                        tanlu_context *context);

const char *tanlu_csv_header(const tanlu_csv *table, size_t column);
const char *tanlu_csv_text(const tanlu_csv *table, size_t row, size_t column); /* "" where column is TANLU_NONE */

/* The columns a file must have: names[0 .. required), and may have: names[required .. count). index[k] is the column of
 * names[k], TANLU_NONE where it is absent. Missing, unknown (the nearest valid name is suggested) and duplicate columns
 * are errors, all of them reported. */
tanlu_status tanlu_csv_columns(const tanlu_csv *table, const char *const *names, size_t required, size_t count,
                               size_t *index, tanlu_context *context);

/* A cell as a number; an empty one gives `empty` (a NaN there means that a number is required). */
tanlu_status tanlu_csv_number(const tanlu_csv *table, size_t row, size_t column, double empty, double *value,
                              tanlu_context *context);
/* The same, with bounds: lowest <= value <= highest. */
tanlu_status tanlu_csv_number_within(const tanlu_csv *table, size_t row, size_t column, double empty, double lowest,
                                     double highest, double *value, tanlu_context *context);
/* yes or no; anything else is an error. */
tanlu_status tanlu_csv_yes_no(const tanlu_csv *table, size_t row, size_t column, bool *value, tanlu_context *context);
/* One of `count` words; `noun` names them in the message ("kind"). */
tanlu_status tanlu_csv_word(const tanlu_csv *table, size_t row, size_t column, const char *noun,
                            const char *const *words, size_t count, size_t *value, tanlu_context *context);
/* The index of a code among labels; `noun` names them in the message ("sector"). An empty cell is an error unless
 * `optional`, which gives TANLU_NONE. */
tanlu_status tanlu_csv_code(const tanlu_csv *table, size_t row, size_t column, const char *noun,
                            const tanlu_labels *labels, bool optional, size_t *value, tanlu_context *context);

/* An error at a cell. Returns TANLU_ERR_INPUT. */
tanlu_status tanlu_csv_fail(const tanlu_csv *table, size_t row, size_t column, tanlu_context *context,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
