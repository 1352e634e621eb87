/* Checked allocation: products of sizes are tested for overflow, failures leave a message. */
#ifndef TANLU_SOLVERS_MEMORY_H
#define TANLU_SOLVERS_MEMORY_H

#include "solvers/context.h"

/* count x size bytes, zeroed, 64-byte aligned; NULL with a TANLU_ERR_MEMORY message on overflow or exhaustion. A count of
 * zero gives a valid pointer. Freed with free(). */
void *tanlu_allocate(tanlu_context *context, size_t count, size_t size);
double *tanlu_allocate_doubles(tanlu_context *context, size_t rows, size_t columns); /* rows x columns zeros */
char *tanlu_string_copy(tanlu_context *context, const char *text);                   /* NULL text gives "" */

#endif
