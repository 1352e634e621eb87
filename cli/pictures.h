/* Figures as files: SVG and CSV, and PDF and PNG by the program rsvg-convert (librsvg) where it is installed. */
#ifndef TANLU_CLI_PICTURES_H
#define TANLU_CLI_PICTURES_H

#include <stdbool.h>

#include "outputs/figure.h"

enum { CLI_PICTURE_SVG, CLI_PICTURE_CSV, CLI_PICTURE_PDF, CLI_PICTURE_PNG, CLI_PICTURE_KINDS };

typedef struct {
  char *path[CLI_PICTURE_KINDS]; /* NULL: of a kind that cannot be made here */
  char *bytes[CLI_PICTURE_KINDS];
  size_t size[CLI_PICTURE_KINDS];
} cli_picture;

/* Is rsvg-convert on the PATH? */
bool cli_pictures_converter(void);
/* The files of a figure in memory, DIRECTORY/NAME.svg and so on. stamp: seconds since 1970 that a PDF states as the time it was
 * made. Errors: memory, TANLU_ERR_IO when the converter fails. */
tanlu_status cli_picture_make(cli_picture *picture, const tanlu_figure *figure, const char *directory, bool convert,
                              long long stamp, tanlu_context *context);
void cli_picture_clear(cli_picture *picture);

#endif
