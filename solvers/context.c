/* Messages are stored ready to print. Errors and other messages have separate room, so that many warnings cannot push an
 * error out. */
#include "solvers/context.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  tanlu_severity severity;
  char *text; /* owned; NULL when there was no memory for it */
} message;

struct tanlu_context {
  message messages[2 * TANLU_MESSAGES_MAX]; /* in the order of arrival */
  size_t count;                             /* messages kept */
  size_t errors;                            /* errors seen */
  size_t others;                            /* warnings and notes seen */
  int (*stopped)(void);                     /* NULL: never */
};

static const struct {
  int exit_status;
  const char *text;
} statuses[] = {
#define X(code, exit_status, text) {exit_status, text},
    TANLU_STATUS_LIST(X)
#undef X
};

static bool status_is_known(tanlu_status status) {
  return (size_t)status < sizeof statuses / sizeof statuses[0];
}

int tanlu_status_exit(tanlu_status status) {
  return statuses[status_is_known(status) ? status : TANLU_ERR_INTERNAL].exit_status;
}

const char *tanlu_status_text(tanlu_status status) {
  return status_is_known(status) ? statuses[status].text : "unknown status";
}

tanlu_context *tanlu_context_create(void) {
  return calloc(1, sizeof(tanlu_context));
}

void tanlu_context_clear(tanlu_context *context) {
  if (!context) return;
  for (size_t i = 0; i < context->count; i++) free(context->messages[i].text);
  *context = (tanlu_context){.stopped = context->stopped};
}

void tanlu_context_stop_when(tanlu_context *context, int (*stopped)(void)) {
  context->stopped = stopped;
}

tanlu_status tanlu_context_stopped(tanlu_context *context) {
  if (context == NULL || context->stopped == NULL || context->stopped() == 0) return TANLU_OK;
  return tanlu_fail(context, TANLU_INTERRUPTED, "stopped by a signal; nothing is written");
}

void tanlu_context_free(tanlu_context **context) {
  if (!context) return;
  tanlu_context_clear(*context);
  free(*context);
  *context = NULL;
}

/* Counts a message and returns the place to keep it, or NULL when its kind is full. */
static message *take_slot(tanlu_context *context, tanlu_severity severity) {
  size_t *seen = severity == TANLU_ERROR ? &context->errors : &context->others;
  (*seen)++;
  if (*seen > TANLU_MESSAGES_MAX) return NULL;
  message *slot = &context->messages[context->count++];
  *slot = (message){.severity = severity};
  return slot;
}

/* "FILE:LINE:COLUMN: severity: text" with the parts that are given; a column needs a line. */
static void add(tanlu_context *context, tanlu_severity severity, const char *file, size_t line, size_t column,
                const char *format, va_list arguments) __attribute__((format(printf, 6, 0)));
static void add(tanlu_context *context, tanlu_severity severity, const char *file, size_t line, size_t column,
                const char *format, va_list arguments) {
  if (!context) return;
  message *slot = take_slot(context, severity);
  if (!slot) return;

  char place[48] = "";
  if (line && column)
    snprintf(place, sizeof place, ":%zu:%zu", line, column);
  else if (line)
    snprintf(place, sizeof place, ":%zu", line);
  const char *word = severity == TANLU_ERROR ? "error" : severity == TANLU_WARNING ? "warning" : "note";

  char *text = NULL;
  if (vasprintf(&text, format, arguments) < 0) return;
  if (asprintf(&slot->text, "%s%s%s%s: %s", file ? file : "", file ? place : "", file ? ": " : "", word, text) < 0)
    slot->text = NULL;
  free(text);
}

tanlu_status tanlu_fail(tanlu_context *context, tanlu_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add(context, TANLU_ERROR, NULL, 0, 0, format, arguments);
  va_end(arguments);
  return status;
}

tanlu_status tanlu_fail_at(tanlu_context *context, tanlu_status status, const char *file, size_t line, size_t column,
                           const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add(context, TANLU_ERROR, file, line, column, format, arguments);
  va_end(arguments);
  return status;
}

void tanlu_warn(tanlu_context *context, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add(context, TANLU_WARNING, NULL, 0, 0, format, arguments);
  va_end(arguments);
}

void tanlu_note(tanlu_context *context, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  add(context, TANLU_NOTE, NULL, 0, 0, format, arguments);
  va_end(arguments);
}

size_t tanlu_context_count(const tanlu_context *context) {
  return context ? context->count : 0;
}

size_t tanlu_context_errors(const tanlu_context *context) {
  return context ? context->errors : 0;
}

tanlu_severity tanlu_context_severity(const tanlu_context *context, size_t i) {
  return context && i < context->count ? context->messages[i].severity : TANLU_NOTE;
}

const char *tanlu_context_message(const tanlu_context *context, size_t i) {
  if (!context || i >= context->count) return "";
  const message *kept = &context->messages[i];
  return kept->text ? kept->text : "error: out of memory for a message";
}

void tanlu_context_append(tanlu_context *context, const tanlu_context *other) {
  if (!context || !other || context == other) return;
  size_t kept_errors = 0, kept_others = 0;
  for (size_t i = 0; i < other->count; i++) {
    const message *kept = &other->messages[i];
    if (kept->severity == TANLU_ERROR)
      kept_errors++;
    else
      kept_others++;
    message *slot = take_slot(context, kept->severity);
    if (slot && kept->text) slot->text = strdup(kept->text);
  }
  context->errors += other->errors - kept_errors;
  context->others += other->others - kept_others;
}

void tanlu_context_pass_on(tanlu_context *context, const tanlu_context *other, const char *kind, const char *name,
                           tanlu_status status) {
  static const char prefix[] = "error: ";
  for (size_t i = 0; i < tanlu_context_count(other); i++) {
    const char *text = tanlu_context_message(other, i);
    if (tanlu_context_severity(other, i) != TANLU_ERROR) continue;
    if (strncmp(text, prefix, sizeof prefix - 1) == 0) text += sizeof prefix - 1;
    if (kind != NULL) {
      (void)tanlu_fail(context, status, "%s %s: %s", kind, name, text);
    } else {
      (void)tanlu_fail(context, status, "%s", text);
    }
  }
}
