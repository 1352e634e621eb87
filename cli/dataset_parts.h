/* Parts of a dataset that options name. */
#ifndef TANLU_CLI_DATASET_PARTS_H
#define TANLU_CLI_DATASET_PARTS_H

#include "model/dataset.h"

/* Its extension of this name. Errors: TANLU_ERR_INPUT, with the nearest there is. */
tanlu_status cli_find_extension(const tanlu_dataset *dataset, const char *name, size_t *extension,
                                tanlu_context *context);

#endif
