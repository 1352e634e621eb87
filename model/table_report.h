/* What was found in a table on its way in, and what was done about it: nothing is dropped or changed without a line here.
 *
 * A remark has a kind, a count, the sum and the largest of the amounts, and the first places. Facts are free lines. Failures of
 * memory are remembered: tanlu_table_report_status. */
#ifndef TANLU_MODEL_TABLE_REPORT_H
#define TANLU_MODEL_TABLE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

/* code, word, what was done */
#define TANLU_REMARK_LIST(X)                                                                                           \
  X(TANLU_REMARK_MISSING, "cells without a number", "taken as 0")                                                      \
  X(TANLU_REMARK_TOTAL, "sums of the source", "checked, not taken")                                                    \
  X(TANLU_REMARK_TOTAL_GAP, "sums of the source that differ", "within the tolerance; the parts hold")                  \
  X(TANLU_REMARK_NEGATIVE_FLOW, "flows below zero", "0 in the flows; in the discrepancy of the row and value added")   \
  X(TANLU_REMARK_NEGATIVE_FINAL, "final demand below zero", "kept")                                                    \
  X(TANLU_REMARK_NEGATIVE_ADDED, "value added below zero", "kept")                                                     \
  X(TANLU_REMARK_NO_OUTPUT, "sectors without output", "kept; their columns are empty")                                 \
  X(TANLU_REMARK_NO_USE, "products that no sector uses", "kept; their rows are empty")                                 \
  X(TANLU_REMARK_RE_EXPORT, "imports above domestic use", "re-exports: taken off imports and exports")                 \
  X(TANLU_REMARK_DISCREPANCY, "discrepancy of the source", "kept")                                                     \
  X(TANLU_REMARK_ROW_GAP, "rows that do not add up", "within the tolerance; the gap is discrepancy")                   \
  X(TANLU_REMARK_COLUMN_GAP, "columns that do not add up", "within the tolerance; the gap is value added")             \
  X(TANLU_REMARK_LEFT_OUT, "numbers left out", "they have no sector here")                                             \
  X(TANLU_REMARK_SHARED, "numbers shared out", "over several sectors")                                                 \
  X(TANLU_REMARK_CODE, "codes", "changed to letters, digits, _ and -")

typedef enum {
#define X(code, word, done) code,
  TANLU_REMARK_LIST(X)
#undef X
      TANLU_REMARKS
} tanlu_remark_kind;

enum { TANLU_REMARK_PLACES = 3 };

typedef struct {
  size_t count;
  double sum, largest; /* of the amounts; the largest by size */
  char *place[TANLU_REMARK_PLACES];
} tanlu_remark;

typedef struct {
  tanlu_remark remark[TANLU_REMARKS];
  size_t facts;
  char **fact;      /* facts */
  const char *unit; /* of the amounts; NULL: that of the table's money. Not owned */
  bool failed;      /* out of memory on the way */
} tanlu_table_report;

/* One more of a kind, at a place: "013 -> 044", "line 7: TIU of 001". */
void tanlu_table_report_add(tanlu_table_report *report, tanlu_remark_kind kind, double amount, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void tanlu_table_report_fact(tanlu_table_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
tanlu_status tanlu_table_report_status(const tanlu_table_report *report, tanlu_context *context);
void tanlu_table_report_clear(tanlu_table_report *report);

const char *tanlu_remark_word(tanlu_remark_kind kind);
const char *tanlu_remark_done(tanlu_remark_kind kind);

#endif
