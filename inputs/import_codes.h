/* Codes, roles, units and years out of the texts of foreign tables. */
#ifndef TANLU_INPUTS_IMPORT_CODES_H
#define TANLU_INPUTS_IMPORT_CODES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/dataset.h"

/* "Paddy rice (01)" -> "paddy_rice_01": lower-case letters and digits, all else one underscore; "x" where nothing is left. The
 * caller frees; NULL when out of memory. */
char *tanlu_code_of(const char *text, tanlu_context *context);

/* Give every label the code that its name asks for: the name itself where all names without a code can be codes, else
 * tanlu_code_of; a code that is there already is kept; what is taken already (or one of `taken`, NULL-ended, may be NULL) gets _2, _3, ... behind it. `changed` (may be
 * NULL): how many were numbered. */
tanlu_status tanlu_codes_assign(tanlu_labels *labels, const char *const *taken, size_t *changed,
                                tanlu_context *context);

/* What a category of final demand is, by its name or its code in one of the known tables; other where none is known.
 * Households are `other` too: tables of several regions do not part urban from rural. */
tanlu_category_role tanlu_role_of(const char *category);

/* "M.EUR", "Mill USD", "millions of US$", "1e4 CNY" -> "1e6 EUR", ...; false where the text is no unit of money. */
bool tanlu_money_of(const char *text, char money[32]);

/* The last year (1900 .. 2100, four digits with no digit beside them) in the last part of a path; 0 where there is none. */
int tanlu_year_of(const char *path);

#endif
