/* Pictures in other formats, by the program rsvg-convert. */
#ifndef TANLU_OUTPUTS_FIGURE_CONVERT_PRIVATE_H
#define TANLU_OUTPUTS_FIGURE_CONVERT_PRIVATE_H

#include <stddef.h>

#include "solvers/context.h"

/* Its path, newly allocated; NULL where it is not in PATH (no message) or out of memory (a message). */
char *tanlu_converter_find(tanlu_context *context);
/* An SVG as "pdf" or "png": *bytes newly allocated, *size of them. TANLU_ERR_IO with what the program said when it fails. */
tanlu_status tanlu_converter_run(const char *converter, const char *format, const char *svg, size_t length,
                                 char **bytes, size_t *size, tanlu_context *context);

#endif
