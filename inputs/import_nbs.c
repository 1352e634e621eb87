#include "inputs/import.h"

tanlu_status tanlu_import_nbs(const tanlu_import *import, tanlu_context *context) {
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: not yet", import->path);
}
