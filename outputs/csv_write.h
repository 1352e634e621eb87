/* CSV after RFC 4180, of single fields and of whole variables of a result file. */
#ifndef TANLU_OUTPUTS_CSV_WRITE_H
#define TANLU_OUTPUTS_CSV_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "outputs/result_file.h"

/* One field, quoted where it must be; `first` leaves out the comma. */
void tanlu_csv_put_text(FILE *stream, bool first, const char *text);
/* Shortest decimal that reads back to the same double; NaN is an empty field. */
void tanlu_csv_put_number(FILE *stream, bool first, double value);
void tanlu_csv_put_end(FILE *stream); /* end of a record: CR LF */

/* Which cells of a variable are written. The values are read as they are needed, some megabytes at a time. Errors: reading,
 * memory; failures of the stream are its own (ferror). */
typedef struct {
  int from, to;         /* years */
  const char *scenario; /* NULL: all */
  size_t member;        /* along the last axis; TANLU_NONE: all */
  const bool *region;   /* regions shown, by place in the file; NULL: all */
} tanlu_csv_choice;

/* A variable in long form: one record a cell with the codes of its dimensions, then unit and value. */
tanlu_status tanlu_csv_write_long(FILE *stream, tanlu_result *result, const tanlu_result_variable *variable,
                                  const tanlu_csv_choice *choice, tanlu_context *context);
/* In wide form: one record for each combination of the other dimensions, one column a year. */
tanlu_status tanlu_csv_write_wide(FILE *stream, tanlu_result *result, const tanlu_result_variable *variable,
                                  const tanlu_csv_choice *choice, tanlu_context *context);
/* In long form with columns that suit every variable, so that several can follow each other: variable, scenario, year,
 * member, member_2, unit, value; after scenario `region` where the file has regions. The header is written by
 * tanlu_csv_put_header. */
tanlu_status tanlu_csv_write_any(FILE *stream, tanlu_result *result, const tanlu_result_variable *variable,
                                 const tanlu_csv_choice *choice, tanlu_context *context);
void tanlu_csv_put_header(FILE *stream, tanlu_result *result);

#endif
