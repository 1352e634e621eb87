/* Input files: their text, as a whole or by lines, and their SHA-256, by which results name what they were made from. */
#ifndef TANLU_INPUTS_FILE_HASH_H
#define TANLU_INPUTS_FILE_HASH_H

#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_SHA256_TEXT = 65 };      /* 64 hexadecimal digits and the end */
enum { TANLU_LINE_BYTES = 64 << 20 }; /* the longest line that is read */

/* SHA-256 of `length` bytes, in lower-case hexadecimal. */
void tanlu_sha256(const void *bytes, size_t length, char digest[TANLU_SHA256_TEXT]);

/* SHA-256 of a file. Errors: TANLU_ERR_INPUT when it is missing, TANLU_ERR_IO when it cannot be read. */
tanlu_status tanlu_file_sha256(const char *path, char digest[TANLU_SHA256_TEXT], tanlu_context *context);

/* The whole of a text file, at most `limit` bytes, closed by a NUL that does not count; the caller frees *text. A byte
 * order mark is dropped, NUL bytes and text that is not UTF-8 are errors with their line. digest (may be NULL) is of the
 * file as it lies on disk. Errors as above. */
tanlu_status tanlu_file_text(const char *path, size_t limit, char **text, size_t *length,
                             char digest[TANLU_SHA256_TEXT], tanlu_context *context);

/* A text file of any length line by line, with the checks and errors of tanlu_file_text; a line longer than TANLU_LINE_BYTES
 * is TANLU_ERR_INPUT before it is held in memory. */
typedef struct tanlu_text_lines tanlu_text_lines;
tanlu_status tanlu_text_lines_open(tanlu_text_lines **lines, const char *path, tanlu_context *context);
/* The next line with its line end, valid until the next call; *line is NULL after the last one. */
tanlu_status tanlu_text_lines_next(tanlu_text_lines *lines, const char **line, size_t *length, tanlu_context *context);
/* SHA-256 of what was read. */
void tanlu_text_lines_digest(tanlu_text_lines *lines, char digest[TANLU_SHA256_TEXT]);
void tanlu_text_lines_close(tanlu_text_lines **lines); /* accepts NULL */

#endif
