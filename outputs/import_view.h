/* The report of an import, as a table on a terminal and as the text of IMPORT.md. */
#ifndef TANLU_OUTPUTS_IMPORT_VIEW_H
#define TANLU_OUTPUTS_IMPORT_VIEW_H

#include <stdio.h>

#include "model/table_report.h"

/* Kinds that were met, with count, sum, largest and first places; then the facts. */
tanlu_status tanlu_import_print(const tanlu_table_report *report, const char *money, FILE *stream,
                                tanlu_context *context);
/* The same in Markdown; the caller frees *text. */
tanlu_status tanlu_import_text(const tanlu_table_report *report, const char *heading, const char *money, char **text,
                               tanlu_context *context);

#endif
