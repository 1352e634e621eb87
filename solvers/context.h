/* Status codes and the message context shared by every layer.
 *
 * Nothing in the library prints, exits or aborts: a function that fails puts one or more messages into the context and
 * returns a status. The program prints the messages and turns the status into its exit status. */
#ifndef TANLU_SOLVERS_CONTEXT_H
#define TANLU_SOLVERS_CONTEXT_H

#include <stddef.h>

/* code, exit status, text */
#define TANLU_STATUS_LIST(X)                                                                                           \
  X(TANLU_OK, 0, "done")                                                                                               \
  X(TANLU_DIFFERENT, 1, "the results differ")                                                                          \
  X(TANLU_ERR_INPUT, 2, "wrong usage or input")                                                                        \
  X(TANLU_ERR_MODEL, 3, "the model cannot be solved as asked")                                                         \
  X(TANLU_ERR_IO, 4, "reading or writing failed")                                                                      \
  X(TANLU_ERR_MEMORY, 4, "out of memory")                                                                              \
  X(TANLU_ERR_INTERNAL, 4, "internal inconsistency")                                                                   \
  X(TANLU_INTERRUPTED, 130, "interrupted")

typedef enum {
#define X(code, exit_status, text) code,
  TANLU_STATUS_LIST(X)
#undef X
} tanlu_status;

/* Exit status of the program for a status code (0, 1, 2, 3, 4, 130). */
int tanlu_status_exit(tanlu_status status);
const char *tanlu_status_text(tanlu_status status);

/* A list of messages. Errors beyond TANLU_MESSAGES_MAX are counted, not kept. Not thread-safe: one per thread, joined
 * with tanlu_context_append in a fixed order. */
enum { TANLU_MESSAGES_MAX = 20 };
typedef enum { TANLU_NOTE, TANLU_WARNING, TANLU_ERROR } tanlu_severity;
typedef struct tanlu_context tanlu_context;

tanlu_context *tanlu_context_create(void); /* NULL when out of memory */
void tanlu_context_free(tanlu_context **context);
void tanlu_context_clear(tanlu_context *context);

/* Add an error and return `status`, so that `return tanlu_fail(...)` reads well. Accepts context == NULL. The text holds
 * no "error:" prefix; with a place it starts "FILE:LINE:COLUMN: ", see tanlu_fail_at. */
tanlu_status tanlu_fail(tanlu_context *context, tanlu_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with a place: printed as "FILE:LINE:COLUMN: error: text"; line or column 0 is left out. */
tanlu_status tanlu_fail_at(tanlu_context *context, tanlu_status status, const char *file, size_t line, size_t column,
                           const char *format, ...) __attribute__((format(printf, 6, 7)));
void tanlu_warn(tanlu_context *context, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tanlu_note(tanlu_context *context, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Long work that can end between two steps asks there: TANLU_INTERRUPTED with a message once `stopped` returns non-zero. `stopped`
 * outlives tanlu_context_clear; NULL: never. */
void tanlu_context_stop_when(tanlu_context *context, int (*stopped)(void));
tanlu_status tanlu_context_stopped(tanlu_context *context); /* accepts NULL */

size_t tanlu_context_count(const tanlu_context *context);  /* messages kept, of any severity */
size_t tanlu_context_errors(const tanlu_context *context); /* errors seen, kept or not */
tanlu_severity tanlu_context_severity(const tanlu_context *context, size_t i);
const char *tanlu_context_message(const tanlu_context *context,
                                  size_t i); /* "FILE:LINE:COL: error: ..." ready to print */
void tanlu_context_append(tanlu_context *context, const tanlu_context *other);
/* The errors alone, as errors of `status`, with "KIND NAME: " before each; kind NULL: as they are. */
void tanlu_context_pass_on(tanlu_context *context, const tanlu_context *other, const char *kind, const char *name,
                           tanlu_status status);

#endif
