#include "model/table_report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char *text_of(tanlu_table_report *report, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

static char *text_of(tanlu_table_report *report, const char *format, va_list list) {
  char *text = NULL;
  if (vasprintf(&text, format, list) >= 0) return text;
  report->failed = true;
  return NULL;
}

void tanlu_table_report_add(tanlu_table_report *report, tanlu_remark_kind kind, double amount, const char *format,
                            ...) {
  tanlu_remark *remark = &report->remark[kind];
  if (remark->count < TANLU_REMARK_PLACES) {
    va_list list;
    va_start(list, format);
    remark->place[remark->count] = text_of(report, format, list);
    va_end(list);
  }
  remark->count++;
  remark->sum += amount;
  if (fabs(amount) > fabs(remark->largest)) remark->largest = amount;
}

void tanlu_table_report_fact(tanlu_table_report *report, const char *format, ...) {
  va_list list;
  va_start(list, format);
  char *text = text_of(report, format, list);
  va_end(list);
  char **grown = text != NULL ? realloc(report->fact, (report->facts + 1) * sizeof *grown) : NULL;
  if (grown == NULL) {
    report->failed = true;
    free(text);
    return;
  }
  report->fact = grown;
  report->fact[report->facts++] = text;
}

tanlu_status tanlu_table_report_status(const tanlu_table_report *report, tanlu_context *context) {
  return report->failed ? tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report of a table") : TANLU_OK;
}

void tanlu_table_report_clear(tanlu_table_report *report) {
  for (size_t k = 0; k < TANLU_REMARKS; k++) {
    for (size_t p = 0; p < TANLU_REMARK_PLACES; p++) free(report->remark[k].place[p]);
  }
  for (size_t k = 0; k < report->facts; k++) free(report->fact[k]);
  free(report->fact);
  *report = (tanlu_table_report){0};
}

const char *tanlu_remark_word(tanlu_remark_kind kind) {
  static const char *const word[TANLU_REMARKS] = {
#define X(code, text, done) text,
      TANLU_REMARK_LIST(X)
#undef X
  };
  return word[kind];
}

const char *tanlu_remark_done(tanlu_remark_kind kind) {
  static const char *const done[TANLU_REMARKS] = {
#define X(code, text, action) action,
      TANLU_REMARK_LIST(X)
#undef X
  };
  return done[kind];
}
