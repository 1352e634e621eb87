#include "cli/tables.h"

#include <stdlib.h>

#include "outputs/output_file.h"

tanlu_status cli_tables_open(cli_tables *tables, const char *path, bool force, tanlu_context *context) {
  *tables = (cli_tables){.path = path, .force = force};
  const tanlu_status status = path != NULL ? tanlu_output_file_check(path, force, context) : TANLU_OK;
  if (status != TANLU_OK) return status;
  tables->out = open_memstream(&tables->text, &tables->text_length);
  if (path != NULL) tables->csv = open_memstream(&tables->csv_text, &tables->csv_length);
  if (tables->out != NULL && (path == NULL || tables->csv != NULL)) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the tables");
}

tanlu_status cli_tables_close(cli_tables *tables, tanlu_status status, tanlu_context *context) {
  FILE *const stream[] = {tables->out, tables->csv};
  for (size_t k = 0; k < sizeof stream / sizeof *stream; k++) {
    if (stream[k] == NULL || fclose(stream[k]) == 0 || status != TANLU_OK) continue;
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the tables");
  }
  if (status == TANLU_OK && tables->csv != NULL) {
    status = tanlu_output_file_put(tables->path, tables->force, tables->csv_text, tables->csv_length, context);
  }
  if (status == TANLU_OK && tables->out != NULL) (void)fwrite(tables->text, 1, tables->text_length, stdout);
  free(tables->text);
  free(tables->csv_text);
  *tables = (cli_tables){0};
  return status;
}

void cli_tables_next(cli_tables *tables) {
  if (ftell(tables->out) > 0) (void)fputc('\n', tables->out);
}
