/* Pictures in other formats, by the program rsvg-convert, several at a time. */
#ifndef TANLU_OUTPUTS_FIGURE_CONVERT_PRIVATE_H
#define TANLU_OUTPUTS_FIGURE_CONVERT_PRIVATE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "solvers/context.h"

/* Its path, newly allocated; NULL where it is not in PATH (no message) or out of memory (a message). */
char *tanlu_converter_find(tanlu_context *context);

/* One that has been started. Zeroed: none. */
typedef struct {
  pid_t process;
  FILE *stream[3]; /* what it reads, writes and says */
} tanlu_conversion;
/* Begin to make "pdf" or "png" of an SVG, whose text is not needed any more then. What fails has left nothing behind. */
tanlu_status tanlu_conversion_start(tanlu_conversion *conversion, const char *converter, const char *format,
                                    const char *svg, size_t length, tanlu_context *context);
/* Wait for it: *bytes newly allocated, *size of them. TANLU_ERR_IO with what the program said when it fails. */
tanlu_status tanlu_conversion_finish(tanlu_conversion *conversion, char **bytes, size_t *size, tanlu_context *context);
/* End it. Accepts one that was not started or has been finished. */
void tanlu_conversion_abandon(tanlu_conversion *conversion);

#endif
