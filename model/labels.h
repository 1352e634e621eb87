/* Codes and names along an axis: sectors, carriers, technologies, ... */
#ifndef TANLU_MODEL_LABELS_H
#define TANLU_MODEL_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

#define TANLU_NONE ((size_t)-1) /* "no such member" wherever an index is kept */

typedef struct {
  size_t count;
  char **code;    /* count: the word used in files, unique */
  char **name;    /* count: English name */
  char **name_zh; /* count: Chinese name, "" where there is none */
} tanlu_labels;

/* Append a member; NULL names give "". Errors: memory. */
tanlu_status tanlu_labels_add(tanlu_labels *labels, const char *code, const char *name, const char *name_zh,
                              tanlu_context *context);
size_t tanlu_labels_find(const tanlu_labels *labels, const char *code); /* TANLU_NONE when absent */
/* The code nearest to a misspelt one (edit distance at most 1/3 of its length + 1), NULL when none is near. */
const char *tanlu_labels_nearest(const tanlu_labels *labels, const char *code);
/* The same over any list of words. */
const char *tanlu_nearest(const char *word, const char *const *words, size_t count);
/* Letters, digits, _ and -: what a dataset can have as code. Codes end up in paths of settings (separated by points) and in lists
 * separated by blanks. */
bool tanlu_code_well_formed(const char *code);
void tanlu_labels_clear(tanlu_labels *labels);

#endif
