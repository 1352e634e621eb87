#include "cli/provinces.h"

#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/regional_levels_file.h"

tanlu_status cli_provinces_read(cli_provinces *provinces, const char *name, tanlu_context *context) {
  char *path = NULL;
  *provinces = (cli_provinces){0};
  tanlu_status status = tanlu_input_find(&path, "data", name, NULL, context);
  if (status == TANLU_OK) status = tanlu_accounts_read(&provinces->dataset, path, context);
  free(path);
  if (status == TANLU_OK) {
    status = tanlu_dataset_find_level(provinces->dataset, "region", &provinces->level, context);
    if (status == TANLU_ERR_INPUT)
      (void)tanlu_fail(context, TANLU_ERR_INPUT, "expected regional accounts, as 'tanlu regionalise' makes");
  }
  if (status == TANLU_OK) {
    status = tanlu_regional_levels_read(&provinces->levels, provinces->dataset, provinces->level, context);
  }
  return status;
}

tanlu_status cli_provinces_check(const cli_provinces *provinces, int base_year, const char *place, const char *what,
                                 tanlu_context *context) {
  const tanlu_dataset *d = provinces->dataset;
  const char *own = d->region != NULL ? d->region : "China", *expected = place != NULL ? place : "China";
  if (strcmp(own, expected) != 0) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s is of regions of %s, %s of %s", d->name, own, what,
                      expected);
  }
  if (provinces->levels.base_year == base_year) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s is of %d, the first year of %s is %d", d->name,
                    provinces->levels.base_year, what, base_year);
}

void cli_provinces_clear(cli_provinces *provinces) {
  tanlu_dataset_free(&provinces->dataset);
  tanlu_regional_levels_clear(&provinces->levels);
}
