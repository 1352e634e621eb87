/* Figures as files of a directory: NAME.svg, NAME.csv, NAME.pdf, NAME.png of each figure.
 *
 * PDF and PNG are made by the program rsvg-convert (package librsvg2-bin), found in PATH and started without a shell; the PNG
 * has two pixels a unit, 1440 across, on white. As many run at a time as there are processors, 16 at most. The same figure gives the same bytes with the same rsvg-convert and fonts. */
#ifndef TANLU_OUTPUTS_FIGURE_FILES_H
#define TANLU_OUTPUTS_FIGURE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "outputs/figure.h"
#include "solvers/context.h"

enum { TANLU_FORMAT_SVG = 1, TANLU_FORMAT_CSV = 2, TANLU_FORMAT_PDF = 4, TANLU_FORMAT_PNG = 8, TANLU_FORMATS_ALL = 15 };
/* Formats of a list such as "svg,pdf"; TANLU_ERR_INPUT names a word that is none, or that the list is empty. */
tanlu_status tanlu_figure_formats_read(const char *list, unsigned *formats, tanlu_context *context);

typedef struct {
  const char *directory; /* made when it is missing, its parent must be there */
  unsigned formats;      /* TANLU_FORMAT_* */
  bool
      asked; /* were PDF and PNG asked for? Without rsvg-convert that is an error, otherwise a note and they are left out */
  bool force; /* existing files may be replaced */
  /* Called after each file that is complete, and asked then whether to go on; NULL: nobody. */
  void (*done)(void *user);
  bool (*stopped)(void *user);
  void *user;
} tanlu_figure_files;
/* How many files each figure has. */
size_t tanlu_figure_formats_count(unsigned formats);

/* Can they be written? Names, directory, rsvg-convert; *formats: those that would be. The errors of _write, before the work for the
 * figures is done; figures may be none. */
tanlu_status tanlu_figure_files_check(const tanlu_figure_files *files, const tanlu_figure *const *figure, size_t count,
                                      unsigned *formats, tanlu_context *context);
/* All files of all figures, or none: they are put in place when the last is complete. Errors: TANLU_ERR_INPUT for existing files, a
 * directory that is none or two figures of one name; TANLU_ERR_IO when rsvg-convert is missing or fails or the disk is full; those
 * of tanlu_figure_svg; TANLU_INTERRUPTED when stopped. */
tanlu_status tanlu_figure_files_write(const tanlu_figure_files *files, const tanlu_figure *const *figure, size_t count,
                                      tanlu_context *context);

#endif
