/* Supply and use tables from two CSV files (inputs/FORMAT.md), laid out as flows.csv of a dataset:
 *
 *   supply  a row a product; a column an industry, and * imports, margins, taxes
 *   use     a row a product of the supply table, and any others: components of value added;
 *           a column an industry of the supply table, and any others: categories of final use
 *
 * Categories have the role of their code (exports, inventories, government, fixed_capital, rural_households, urban_households), others none. */
#ifndef TANLU_INPUTS_SUPPLY_USE_FILE_H
#define TANLU_INPUTS_SUPPLY_USE_FILE_H

#include "model/supply_use.h"

/* For tanlu_supply_use_clear, also after an error. TANLU_ERR_INPUT as of tanlu_coded_matrix_read, for products and industries that the use
 * table lacks, entries below zero where there can be none, a use table without final use or value added, and value added in a column
 * of final use. */
tanlu_status tanlu_supply_use_read(tanlu_supply_use *tables, const char *supply, const char *use,
                                   tanlu_context *context);

#endif
