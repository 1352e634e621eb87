/* Texts inside HTML and XML. */
#ifndef TANLU_OUTPUTS_MARKUP_H
#define TANLU_OUTPUTS_MARKUP_H

#include <stdio.h>

/* A text as content or as the value of a quoted attribute: & < > " ' as references; control characters other than tab and
 * line ends, which no document may hold, and bytes that are no UTF-8 as U+FFFD. NULL is nothing. */
void tanlu_markup_put(FILE *stream, const char *text);

#endif
