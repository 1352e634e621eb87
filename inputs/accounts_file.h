/* The accounts of a dataset without its energy, power and products: of datasets of accounts alone (accounts_only: true in
 * dataset.yaml) and of full ones. inputs/open_table.h reads them without their flows in memory. */
#ifndef TANLU_INPUTS_ACCOUNTS_FILE_H
#define TANLU_INPUTS_ACCOUNTS_FILE_H

#include "model/dataset.h"

/* name, title, region, base_year, money, levels, accounts with all flows, and extensions of the directory; checked as in a full
 * reading. Money is as of tanlu_dataset_money. Errors as of tanlu_dataset_read. */
tanlu_status tanlu_accounts_read(tanlu_dataset **dataset, const char *directory, tanlu_context *context);

/* Only its extensions, of a dataset whose sectors and output are known (tanlu_open_table_read). */
tanlu_status tanlu_extensions_read(tanlu_dataset *dataset, tanlu_context *context);

/* Does its dataset.yaml say accounts_only: true? Without messages. */
bool tanlu_is_accounts_only(const char *directory);

#endif
