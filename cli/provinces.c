#include "cli/provinces.h"

#include <stdlib.h>

#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/regional_levels_file.h"

tanlu_status cli_provinces_read(cli_provinces *provinces, const char *name, tanlu_context *context) {
  char *path = NULL;
  *provinces = (cli_provinces){0};
  tanlu_status status = tanlu_input_find(&path, "data", name, NULL, context);
  if (status == TANLU_OK) status = tanlu_accounts_read(&provinces->dataset, path, context);
  free(path);
  if (status == TANLU_OK) status = tanlu_regional_level_find(provinces->dataset, &provinces->level, context);
  if (status == TANLU_OK) {
    status = tanlu_regional_levels_read(&provinces->levels, provinces->dataset, provinces->level, context);
  }
  return status;
}

void cli_provinces_clear(cli_provinces *provinces) {
  tanlu_dataset_free(&provinces->dataset);
  tanlu_regional_levels_clear(&provinces->levels);
}
