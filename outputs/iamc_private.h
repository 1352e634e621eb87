/* Private to the export of outputs/iamc*.c. */
#ifndef TANLU_OUTPUTS_IAMC_PRIVATE_H
#define TANLU_OUTPUTS_IAMC_PRIVATE_H

#include "outputs/iamc.h"

/* Class of a member of an axis: carriers and technologies by code, sectors by the code of their policy group; of other axes
 * the code itself. NULL where the table has none. */
const char *tanlu_iamc_class(const char *axis, const char *code);

enum { TANLU_IAMC_AXES = 2, TANLU_IAMC_WORD = 48 };

/* One term of a definition. */
typedef struct {
  double factor;
  char variable[TANLU_IAMC_WORD];
  size_t selectors;
  struct {
    char axis[TANLU_IAMC_WORD], class[TANLU_IAMC_WORD];
  } selector[TANLU_IAMC_AXES];
} tanlu_iamc_term;

/* The next term of `*text`, which moves behind it: 1 a term, 0 the end, -1 not a sum of terms. */
int tanlu_iamc_next_term(const char **text, tanlu_iamc_term *term);

#endif
