#include "outputs/import_view.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/table.h"

/* "001, 002, ..." */
static void put_places(const tanlu_remark *remark, FILE *stream) {
  for (size_t p = 0; p < TANLU_REMARK_PLACES && remark->place[p] != NULL; p++) {
    (void)fprintf(stream, "%s%s", p > 0 ? ", " : "", remark->place[p]);
  }
  if (remark->count > TANLU_REMARK_PLACES) (void)fputs(", ...", stream);
}

static tanlu_status add_row(tanlu_table *table, tanlu_remark_kind kind, const tanlu_remark *remark,
                            tanlu_context *context) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (stream == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report of a table");
  put_places(remark, stream);
  if (fclose(stream) != 0) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report of a table");
  const double none = (double)NAN;
  tanlu_table_text(table, tanlu_remark_word(kind));
  tanlu_table_number(table, (double)remark->count, 0);
  tanlu_table_number(table, remark->sum != 0.0 ? remark->sum : none, tanlu_decimals(fabs(remark->sum)));
  tanlu_table_number(table, remark->largest != 0.0 ? remark->largest : none, tanlu_decimals(fabs(remark->largest)));
  tanlu_table_text(table, tanlu_remark_done(kind));
  tanlu_table_text(table, text);
  free(text);
  return TANLU_OK;
}

tanlu_status tanlu_import_print(const tanlu_table_report *report, const char *money, FILE *stream,
                                tanlu_context *context) {
  char heading[64];
  size_t rows = 0;
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = table != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    (void)snprintf(heading, sizeof heading, "sum, %s", report->unit != NULL ? report->unit : money);
    tanlu_table_column(table, "found", TANLU_LEFT);
    tanlu_table_column(table, "count", TANLU_RIGHT);
    tanlu_table_column(table, heading, TANLU_RIGHT);
    tanlu_table_column(table, "largest", TANLU_RIGHT);
    tanlu_table_column(table, "what was done", TANLU_LEFT);
    tanlu_table_column(table, "where", TANLU_LEFT);
  }
  for (size_t k = 0; status == TANLU_OK && k < TANLU_REMARKS; k++) {
    if (report->remark[k].count == 0) continue;
    rows++;
    status = add_row(table, (tanlu_remark_kind)k, &report->remark[k], context);
  }
  if (status == TANLU_OK && rows > 0) status = tanlu_table_print(table, stream, context);
  if (status == TANLU_OK && rows > 0 && report->facts > 0) (void)fputc('\n', stream);
  for (size_t k = 0; status == TANLU_OK && k < report->facts; k++) (void)fprintf(stream, "%s\n", report->fact[k]);
  tanlu_table_free(&table);
  return status;
}

tanlu_status tanlu_import_text(const tanlu_table_report *report, const char *heading, const char *money, char **text,
                               tanlu_context *context) {
  size_t length = 0, rows = 0;
  FILE *stream = open_memstream(text, &length);
  if (stream == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report of a table");
  (void)fprintf(stream, "# %s\n\n", heading);
  for (size_t k = 0; k < report->facts; k++) (void)fprintf(stream, "- %s\n", report->fact[k]);
  for (size_t k = 0; k < TANLU_REMARKS; k++) {
    const tanlu_remark *remark = &report->remark[k];
    if (remark->count == 0) continue;
    if (rows++ == 0) {
      (void)fprintf(stream,
                    "\n| found | count | sum, %s | largest | what was done | where |\n|---|---|---|---|---|---|\n",
                    report->unit != NULL ? report->unit : money);
    }
    (void)fprintf(stream, "| %s | %zu | %.10g | %.10g | %s | ", tanlu_remark_word((tanlu_remark_kind)k), remark->count,
                  remark->sum, remark->largest, tanlu_remark_done((tanlu_remark_kind)k));
    put_places(remark, stream);
    (void)fputs(" |\n", stream);
  }
  if (fclose(stream) == 0) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report of a table");
}
