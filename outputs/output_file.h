/* A file written beside its name and put in place when it is complete: readers see the old file or the new one, never a
 * part, and a failure leaves nothing behind. */
#ifndef TANLU_OUTPUTS_OUTPUT_FILE_H
#define TANLU_OUTPUTS_OUTPUT_FILE_H

#include <stdbool.h>

#include "solvers/context.h"

typedef struct {
  char *path;          /* the name asked for */
  char *temporary;     /* the name until commit, in the same directory */
  int descriptor;      /* of the temporary file, open for writing */
  char *directory;     /* of both */
  bool force;          /* an existing file may be replaced */
  bool made_directory; /* begin created the directory */
} tanlu_output_file;

/* Can `path` be written? TANLU_ERR_INPUT when it exists and !force, or is no regular file; TANLU_ERR_IO with the system's
 * reason when it cannot be written. The last directory of the path may be missing: begin creates it. */
tanlu_status tanlu_output_file_check(const char *path, bool force, tanlu_context *context);

/* Check, create the directory when it is missing, and create the temporary file. Ends with commit or abandon; what fails
 * has abandoned already. */
tanlu_status tanlu_output_file_begin(tanlu_output_file *file, const char *path, bool force, tanlu_context *context);
/* Append bytes. TANLU_ERR_IO with the system's reason (disk full, ...) when they cannot be written. */
tanlu_status tanlu_output_file_write(tanlu_output_file *file, const void *bytes, size_t size, tanlu_context *context);
/* fsync the temporary file, rename it and fsync the directory. */
tanlu_status tanlu_output_file_commit(tanlu_output_file *file, tanlu_context *context);
/* All of it for a file of these bytes. */
tanlu_status tanlu_output_file_put(const char *path, bool force, const void *bytes, size_t size,
                                   tanlu_context *context);
/* Remove what begin made. Accepts a zeroed or ended file. */
void tanlu_output_file_abandon(tanlu_output_file *file);

#endif
