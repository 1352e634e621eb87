/* Where a text stands in a list, for lists of thousands: rows and columns of foreign tables are matched by their labels. */
#ifndef TANLU_INPUTS_LABEL_INDEX_H
#define TANLU_INPUTS_LABEL_INDEX_H

#include <stddef.h>

#include "solvers/context.h"

typedef struct {
  char **text;   /* capacity; NULL: empty */
  size_t *value; /* capacity */
  size_t count, capacity;
} tanlu_label_index;

/* A text is looked for as the two parts that it was added as; `second` may be "". TANLU_NONE where it is not there. */
size_t tanlu_label_index_find(const tanlu_label_index *index, const char *first, const char *second);
/* Add a text that is not there yet. Errors: memory. */
tanlu_status tanlu_label_index_add(tanlu_label_index *index, const char *first, const char *second, size_t value,
                                   tanlu_context *context);
void tanlu_label_index_clear(tanlu_label_index *index);

#endif
