/* Prices for tanlu_table_deflate from a CSV file: columns sector, price; * user, imports.
 *
 * A row without a user is the price of the product in all uses, wanted for every sector; `imports` is that of the imported product
 * (where empty that of the domestic one). A row with a user, a sector or category of final demand, is for this cell alone. */
#ifndef TANLU_INPUTS_PRICE_FILE_H
#define TANLU_INPUTS_PRICE_FILE_H

#include "model/table_conversion.h"

/* Errors: TANLU_ERR_INPUT with FILE:LINE:FIELD for unknown, missing and repeated codes, and for prices outside 0.02 .. 50 (1: no change;
 * not percent). */
tanlu_status tanlu_table_prices_read(tanlu_table_prices *prices, const char *path, const tanlu_accounts *accounts,
                                     tanlu_context *context);

/* Imported parts of uses, rows sectors and columns sectors and categories of final demand as of tanlu_coded_matrix_read_like, for
 * tanlu_table_split_by_cell; n x (n + categories), allocated. */
tanlu_status tanlu_imported_uses_read(double **imported, const char *path, const tanlu_accounts *accounts,
                                      tanlu_context *context);

#endif
