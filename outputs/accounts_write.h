/* A dataset of accounts alone from accounts in memory. */
#ifndef TANLU_OUTPUTS_ACCOUNTS_WRITE_H
#define TANLU_OUTPUTS_ACCOUNTS_WRITE_H

#include <stdbool.h>

#include "model/aggregation.h"
#include "model/dataset.h"
#include "outputs/dataset_write.h"

/* Title, region, base year, money, levels, accounts and extensions (employment, where known, as one of them) of `dataset` into the
 * directory `path`, with `name`, or the last part of the path where NULL; `sources`: text of SOURCES.md. Errors as of outputs/dataset_write.h. */
tanlu_status tanlu_accounts_write(const tanlu_dataset *dataset, const char *name, const char *path, bool force,
                                  const char *sources, tanlu_context *context);

/* Extensions of a dataset and its employment, where known, as one list; on the new sectors of `g`, NULL: as they are. */
tanlu_status tanlu_extensions_write(tanlu_dataset_writer *writer, const tanlu_dataset *dataset,
                                    const tanlu_concordance *g, tanlu_context *context);

#endif
